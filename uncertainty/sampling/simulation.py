"""A scenario's model on a design: blocks of uniforms become blocks of inputs and outputs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from uncertainty.compiled import (
    Conditions,
    InputValues,
    Model,
    compile_model,
    input_values,
    parameter_conditions,
)
from uncertainty.late import dataclass
from uncertainty.records import brief
from uncertainty.sampling.copula import Copula, make_copula
from uncertainty.sampling.designs import Design, few_uniforms, make_design
from uncertainty.sampling.fast.compiler import compiled_loops
from uncertainty.sampling.transforms import MANY, Scratch, make_transforms, transform_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.transforms import Transform
    from uncertainty.study.scenario import Scenario


class Workbench(Protocol):
    """Makes blocks of a simulation; its memory is used again for the next block."""

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        ...

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        ...


class NumpyWorkbench:
    """Blocks made by numpy, one function at a time over a whole row."""

    def __init__(self, simulation: Simulation) -> None:
        size = simulation.design.block_rows
        self._copula, self._model = simulation.copula, simulation.model
        self._source = simulation.design.source()
        self._transforms, self._scratch = simulation.transforms(), Scratch(size)
        self._workspace = simulation.model.workspace(size)
        self._outputs = np.empty((len(simulation.model.outputs), size))

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        rows = self._source.block(block)
        if self._copula is not None:
            self._copula.apply(rows)
        return transform_rows(rows, self._transforms, self._scratch)

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        found = self._outputs[:, : stop - start]
        self._model.run(inputs[:, start:stop], found, self._workspace)
        return found


Bench = TypeVar("Bench")


class Workbenches(Generic[Bench]):
    """The workbenches that nobody works at; how many there are follows from how many threads there have been.

    Making one anew for each span costs as much as a third of the draws, nearly all of it in the system's
    kernel, where threads wait for each other.
    """

    def __init__(self) -> None:
        self._idle: list[Bench] = []

    @contextmanager
    def borrow(self, make: Callable[[], Bench]) -> Iterator[Bench]:
        """Give a bench to whoever calls, until the `with` block ends.

        After an exception it is not given to anybody again: its streams may have moved on in part, or a
        generator that nobody reads to its end may have left its arrays in somebody's hands.
        """
        try:
            bench = self._idle.pop()
        except IndexError:
            bench = make()
        yield bench
        self._idle.append(bench)

    def __reduce__(self) -> tuple[type[Workbenches[Bench]], tuple[()]]:
        """Let other processes begin with none."""
        return Workbenches, ()


def make_workbench(simulation: Simulation) -> Workbench:
    """Return a new workbench, with compiled loops if the simulation asks for them and there is a compiler."""
    loops = compiled_loops() if simulation.compiled else None
    if loops is None:
        return NumpyWorkbench(simulation)
    from uncertainty.sampling.fast.workbench import CompiledWorkbench

    return CompiledWorkbench(
        loops, simulation.model, simulation.design, simulation.transforms(), simulation.copula
    )


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything that a block's numbers depend on.

    Parameters
    ----------
    inputs
        Names of the varying inputs, one for each row of a block; the scenario's order.
    compiled
        Whether blocks are made by compiled loops, where there is a compiler; changes no number.
    conditions
        What parameters of inputs must be for there to be a value.
    values
        Turns the inputs of a block into their values, where some have parameters.
    tabled_together
        Whether distributions of one family share a table, as those of many inputs do; by default that follows
        from the number of inputs, and in a part of a simulation from that of the whole.
    """

    inputs: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    copula: Copula | None
    model: Model
    design: Design
    compiled: bool = False
    conditions: Conditions | None = field(default=None, repr=False)
    values: InputValues | None = field(default=None, repr=False)
    tabled_together: bool | None = None
    workbenches: Workbenches[Workbench] = field(
        default_factory=Workbenches, init=False, repr=False, compare=False
    )

    __repr__ = brief

    def blocks(self, first: int, last: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield inputs (inputs, rows) and outputs (outputs, rows) of each block; the arrays are reused."""
        size = self.design.block_rows
        for _, inputs, outputs in self.rows(first * size, min(last * size, self.design.samples)):
            yield inputs, outputs

    def rows(self, start: int, stop: int) -> Iterator[tuple[int, FloatArray, FloatArray]]:
        """Yield the parts of rows `start` to `stop` - 1 that lie in one block each.

        Yields
        ------
        tuple
            The number of the first row, the inputs (inputs, rows) and the outputs (outputs, rows); the
            arrays are reused.
        """
        size = self.design.block_rows
        with self.workbenches.borrow(partial(make_workbench, self)) as bench:
            for block in range(start // size, -(-stop // size)):
                # all inputs of the block, so that its numbers do not depend on which rows are wanted
                inputs = bench.inputs(block)
                begin, end = max(start - block * size, 0), min(stop - block * size, inputs.shape[1])
                yield block * size + begin, inputs[:, begin:end], bench.outputs(inputs, begin, end)

    def input_blocks(self, first: int, last: int) -> Iterator[FloatArray]:
        """Yield the inputs alone of blocks `first` to `last` - 1, shape (inputs, rows); memory is reused."""
        with self.workbenches.borrow(partial(make_workbench, self)) as bench:
            for block in range(first, last):
                yield bench.inputs(block)

    def shown(self, inputs: FloatArray) -> FloatArray:
        """Return the values of a block's inputs, which where they have parameters are not what is drawn."""
        return inputs if self.values is None else self.values.of(inputs)

    def transform(self, uniforms: FloatArray, transforms: tuple[Transform, ...] | None = None) -> FloatArray:
        """Turn uniforms (inputs, rows) into input values, in place; each row must be contiguous.

        Parameters
        ----------
        transforms
            Those of `transforms`, where they are at hand.
        """
        if self.copula is not None:
            self.copula.apply(uniforms)
        return transform_rows(uniforms, transforms or self.transforms(), Scratch(uniforms.shape[1]))

    def transforms(self) -> tuple[Transform, ...]:
        """Return the inputs' quantile functions, made once in a process."""
        return make_transforms(self.distributions, together=self.together)

    @property
    def together(self) -> bool:
        """Whether distributions of one family share a table."""
        return len(self.inputs) > MANY if self.tabled_together is None else self.tabled_together


def few_inputs(simulation: Simulation, rows: int, seed: int) -> FloatArray:
    """Return a few random draws of the inputs, shape (inputs, rows), that depend on no design."""
    bound = simulation.distributions, simulation.copula
    return _few(simulation.inputs, *bound, rows, seed, together=simulation.together)


def few_unknown(scenario: Scenario, rows: int, seed: int) -> FloatArray:
    """Return as few draws of the inputs that vary and that nobody knows."""
    names = _unknown(scenario)
    return _few(names, *_bound(scenario, names), rows, seed, together=len(names) > MANY)


def _few(
    names: tuple[str, ...],
    distributions: tuple[Distribution, ...],
    copula: Copula | None,
    rows: int,
    seed: int,
    *,
    together: bool,
) -> FloatArray:
    found = few_uniforms([_pilot(name) for name in names], rows, seed)
    if copula is not None:
        copula.apply(found)
    correlated = () if copula is None else copula.rows
    for row, (name, distribution) in enumerate(zip(names, distributions, strict=True)):
        if row in correlated:
            _transformed(found[row], distribution, together=together)
        else:
            found[row] = _few_values(name, distribution, together, rows, seed)
    return found


def _pilot(name: str) -> str:
    return f"{name} pilot"


@lru_cache(maxsize=4096)
def _few_values(
    name: str,
    distribution: Distribution,
    together: bool,  # noqa: FBT001 - the key of what is kept
    rows: int,
    seed: int,
) -> FloatArray:
    """Return a few draws of one input, which most scenarios of a study have in common."""
    found: FloatArray = few_uniforms([_pilot(name)], rows, seed)[0]
    return _transformed(found, distribution, together=together)


def _transformed(uniforms: FloatArray, distribution: Distribution, *, together: bool) -> FloatArray:
    (transform,) = make_transforms((distribution,), together=together)
    transform.apply(uniforms, Scratch(uniforms.size))
    return uniforms


def simulate(
    scenario: Scenario,
    outputs: Sequence[str],
    samples: int,
    seed: int,
    design: str,
    *,
    single: bool = False,
    weighed: bool = False,
) -> Simulation:
    """Prepare the simulation of some outputs of a scenario.

    Every input of the study has its place in the design whether or not it varies or an output depends on
    it, so that asking for other outputs never changes a draw, and readings share what they have in common.

    Parameters
    ----------
    single
        Whether outputs that speak of an average over cases, or the median case, are read as of one case.
    weighed
        Whether the caller weighs the draws by what was observed.

    Raises
    ------
    SettingError
        If the design's settings are out of range.
    StudyError
        If a correlation cannot be reached.
    """
    model = compile_model(scenario, outputs, single=single, weighed=weighed)
    found = unknown_simulation(scenario, model, samples, seed, design, scenario.varying)
    return replace(found, conditions=parameter_conditions(scenario, outputs))


def unknown_simulation(
    scenario: Scenario,
    model: Model,
    samples: int,
    seed: int,
    design: str,
    varying: tuple[str, ...] | None = None,
) -> Simulation:
    """Prepare the simulation of a model whose columns are some of the inputs that vary.

    Parameters
    ----------
    varying
        Which; by default those that nobody knows.
    """
    if varying is None:
        varying = _unknown(scenario)
    places = {name: place for place, name in enumerate(scenario.study.inputs)}
    distributions, copula = _bound(scenario, varying)
    return Simulation(
        inputs=varying,
        distributions=distributions,
        copula=copula,
        model=model,
        design=make_design(design, varying, samples, seed, tuple(places[name] for name in varying)),
        values=input_values(scenario, varying),
    )


def _unknown(scenario: Scenario) -> tuple[str, ...]:
    """Return the inputs that vary and that nobody knows."""
    return tuple(name for name in scenario.varying if scenario.kinds[name] != "variability")


def _bound(scenario: Scenario, varying: tuple[str, ...]) -> tuple[tuple[Distribution, ...], Copula | None]:
    """Return the distributions of some inputs, and what binds them."""
    distributions = tuple(scenario.distributions[name] for name in varying)
    made = partial(make_copula, scenario.study.correlations, varying, distributions, scenario.study.file)
    return distributions, scenario.once.of(("copula", varying), made)
