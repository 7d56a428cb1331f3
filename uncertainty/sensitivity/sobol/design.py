"""The cross-matrix design: A, B, and A with what is exchanged together from B, batch by batch."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from uncertainty.compiled import EquationModel, graph_input, scenario_graph
from uncertainty.errors import SettingError, suggestion
from uncertainty.expressions import compile_tape
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.designs import (
    BLOCK,
    FEWEST_REPLICATES,
    MOST_NUMBERS,
    Design,
    LatinHypercubeDesign,
    RandomDesign,
    SobolDesign,
    make_design,
    rows_of_blocks,
)
from uncertainty.study.correlation import among
from uncertainty.study.one_score import one_scores
from uncertainty.study.together import entries, taken_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Source
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Span
    from uncertainty.study.scenario import Nets, Scenario


By = Literal["set", "input", "name"]

Sets = dict[str, tuple[str, ...]]
"""By key, the inputs that are exchanged together, in the scenario's order."""


@dataclass(frozen=True)
class Exchanges:
    """Everything that is exchanged in one analysis.

    Parameters
    ----------
    inputs
        Single inputs, and each connected set of correlated ones keyed ``a+b``, or by the input's name where
        all are members of one; every varying input is in one. The key names those that reach an output.
    groups
        By output, the study's groups that reach it, and the members of each indexed input that do.
    kinds
        All inputs of kind uncertainty and all of kind variability, where both vary.
    by_name
        By key, those of a set that reach an output, where members of one input are not all correlated and
        count as one since that was asked for.
    """

    inputs: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    kinds: Mapping[str, tuple[str, ...]]
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    one_score: tuple[str, ...] = ()

    @cached_property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """The different sets of inputs, those of `inputs` first."""
        of_groups = [names for sets in self.groups.values() for names in sets.values()]
        return tuple(dict.fromkeys([*self.inputs.values(), *of_groups, *self.kinds.values()]))

    @cached_property
    def places(self) -> Mapping[tuple[str, ...], int]:
        """The place of each set of inputs among `members`."""
        return {names: place for place, names in enumerate(self.members)}

    @property
    def keys(self) -> tuple[str, ...]:
        """What each of `members` is called: its input or set of inputs, or its group, or all of its kind."""
        called = {names: f"all inputs of kind {kind}" for kind, names in self.kinds.items()}
        called |= {names: key for each in (*self.groups.values(), self.inputs) for key, names in each.items()}
        return tuple(called[names] for names in self.members)

    @property
    def correlated(self) -> tuple[str, ...]:
        """Keys of the sets of correlated inputs."""
        return tuple(
            key
            for key, members in self.inputs.items()
            if len(members) > 1 and key not in {*members, *self.by_name, *self.one_score}
        )


def plan_exchanges(plan: Scenario, reached: Mapping[str, frozenset[str]], by: str = "set") -> Exchanges:
    """Decide what is exchanged together.

    Parameters
    ----------
    reached
        For each output that is asked for, the inputs that reach it; what reaches none is left out.
    by
        ``"set"`` takes correlated inputs as one, ``"input"`` insists on single inputs, and ``"name"`` takes
        all members of an indexed input as one, too.

    Raises
    ------
    SettingError
        If single inputs are asked for where inputs are correlated.
    """
    if by not in get_args(By):
        raise SettingError(f'by: unknown kind "{by}"{suggestion(by, get_args(By))}')
    varying, reaching = plan.varying, frozenset[str]().union(*reached.values())
    partners = correlated_with(plan, by_name=by == "name")
    together = {partners[name] for name in reaching & partners.keys()} - _of_one_score(plan)
    if by == "input" and together:
        raise SettingError(_refusal(together, plan.bound))
    inputs = entries(plan, reaching, partners)

    def closed(names: Iterable[str]) -> tuple[str, ...]:
        """Add every input that is correlated with a named one: correlated inputs cannot be told apart."""
        taken = {member for name in names for member in partners.get(name, (name,))}
        return tuple(name for name in varying if name in taken)

    kinds = {}
    for kind in ("uncertainty", "variability"):
        kinds[kind] = closed(n for n in varying if plan.kinds[n] == kind)
    bound = set(correlated_with(plan).values()) if by == "name" else set(partners.values())
    one_score = _of_one_score(plan)
    by_name = {key: names for key, names in inputs.items() if len(names) > 1 and names not in bound}
    apart = not set(kinds["uncertainty"]) & set(kinds["variability"])
    return Exchanges(
        Frozen(inputs),
        _groups(plan, inputs, partners, reached),
        Frozen(kinds if apart and all(reaching & set(n) for n in kinds.values()) else {}),
        Frozen({key: tuple(n for n in names if n in reaching) for key, names in by_name.items()}),
        tuple(key for key, names in inputs.items() if names in one_score),
    )


def _groups(
    plan: Scenario, inputs: Sets, partners: Sets, reached: Mapping[str, frozenset[str]]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return for each output the groups that reach it by a member of their own."""
    place = {name: row for row, name in enumerate(plan.varying)}
    of_group: dict[str, set[str]] = {}
    for name, item in plan.study.inputs.items():
        for label in (item.group, item.quantity if item.quantity not in inputs else ""):
            of_group.setdefault(label, set()).update({name} & place.keys())
    of_group.pop("", None)

    def sets(reaching: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        found = {
            label: sorted(_with_partners(names, partners, reaching) & place.keys(), key=place.__getitem__)
            for label, names in of_group.items()
            if names & reaching
        }
        return Frozen({label: tuple(names) for label, names in found.items()})

    return Frozen({output: sets(reaching) for output, reaching in reached.items()})


def _with_partners(names: set[str], partners: Sets, reaching: frozenset[str]) -> set[str]:
    """Add what cannot be told apart from a group's members, for an output that some inputs reach.

    Inputs of other groups that reach it do not count by a member that does not, however correlated.
    """
    together = {partners.get(name, (name,)) for name in names}
    return {
        name
        for each in together
        if reaching.isdisjoint(each) or not names.isdisjoint(reaching.intersection(each))
        for name in each
    }


def correlated_with(plan: Scenario, *, by_name: bool = False) -> dict[str, tuple[str, ...]]:
    """Return for each input that goes along with others the set of them, sorted by name.

    Parameters
    ----------
    by_name
        Whether members of one indexed input count as correlated.
    """
    pairs = [pair.inputs for pair in among(plan.study.correlations, plan.varying)]
    if by_name:
        owners: dict[str, list[str]] = {}
        for name in plan.varying:
            owners.setdefault(plan.study.inputs[name].quantity, []).append(name)
        owners.pop("", None)
        pairs += [(names[0], other) for names in owners.values() for other in names[1:]]
    return taken_together(plan, pairs)


def _of_one_score(plan: Scenario) -> set[tuple[str, ...]]:
    """Return the sets of inputs that are correlated in no other way than that they have one score."""
    return {tuple(sorted(each.members)) for each in one_scores(plan)}


def _refusal(sets: set[tuple[str, ...]], bound: tuple[tuple[str, ...], ...]) -> str:
    if whole := next((members for members in sorted(sets) if members in bound), None):
        return (
            f"by input: {' and '.join(whole)} are shares of a whole, which is one input; take it as one "
            '(by "set"), or look at single shares in draws (method "draws")'
        )
    listed = "; ".join(" and ".join(members) for members in sorted(sets))
    return (
        f"by input: {listed} are correlated, and Sobol' indices share variance out among independent inputs "
        'alone; take each correlated set as one (by "set"), or share it out by Shapley effects '
        '(method "shapley")'
    )


REPLICATE_ROWS = 2**10
"""Base points of a replicate, unless there are too few for 16 replicates or so many that sums pile up."""

MOST_REPLICATES = 2**7
"""Replicates above which larger ones are taken, as long as one fits in a block."""

PLACES = (2, 1, 0, 3)
"""Dimensions of A's and B's column of the first input, and of the second.

First-order indices rest on products of A's columns with B's, and few points lie evenly in some planes of the
Sobol' sequence sooner than in others. So placed, intervals from 2^12 base points, replicates of 2^8, are a
tenth narrower on average over models with known indices than with the columns one after the other, and half
as wide where those were widest; from 2^14 on it makes no difference.
"""

BATCH_ROWS = 2**12
"""Rows that are evaluated together."""


class Exchanged(NamedTuple):
    """One exchange: which input rows it takes, which output rows it can move, and their model."""

    rows: tuple[int, ...]
    outputs: tuple[int, ...]
    model: Model


@dataclass(frozen=True, slots=True)
class CrossMatrix:
    """A cross-matrix design in independent replicates.

    Parameters
    ----------
    simulation
        Model and distributions; its own design is not used.
    exchanges
        What is exchanged, each with the part of the model that it can move.
    design
        Uniforms for A's columns, named by their inputs, and B's; of more inputs than the simulation has,
        where these reach no output.
    replicate_rows
        Base points of one replicate.
    replicates
        Replicates that there are.
    batch
        Replicates that are evaluated together.
    nested
        Where outputs speak of all cases: each replicate has a net of cases of its own.
    """

    simulation: Simulation
    exchanges: Sequence[Exchanged]
    design: Design
    replicate_rows: int
    replicates: int
    batch: int
    nested: Nets | None = None

    def matrices(
        self, first: int, last: int, source: Source | None = None
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield A's and B's inputs, each (inputs, rows), for parts of the batches `first` to `last` - 1."""
        simulation, transforms = self.simulation, self.simulation.transforms()
        for a, b in self.uniforms(first, last, source):
            yield simulation.transform(a, transforms), simulation.transform(b, transforms)

    def uniforms(
        self, first: int, last: int, source: Source | None = None
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the uniforms behind A and B, each (inputs, rows), for parts of the batches.

        A part has whole replicates, and fewer than a batch where inputs are many.

        Parameters
        ----------
        source
            Where blocks of `paired` are made; by default a new one.
        """
        rows, inputs, design = self.replicate_rows, self.simulation.inputs, self.paired()
        source = source or design.source()
        per_block = max(1, design.block_rows // rows)
        together = min(self.batch, max(1, MOST_NUMBERS // (len(design.dimensions) * rows + 1)))
        start, stop = self.replicates_of(first, last)
        gathered: list[FloatArray] = []
        replicate = start - start % per_block
        for block in map(source.block, range(start // per_block, -(-stop // per_block))):
            for piece in range(0, block.shape[1], rows):
                if start <= replicate < stop:
                    part = block[:, piece : piece + rows]
                    # a block's memory is that of the next one
                    gathered.append(part if together == 1 else part.copy())
                replicate += 1
                if len(gathered) == together or (gathered and replicate == stop):
                    columns = gathered[0] if len(gathered) == 1 else np.concatenate(gathered, axis=1)
                    gathered.clear()
                    yield columns[: len(inputs)], columns[len(inputs) :]

    def paired(self) -> Design:
        """Return the design of A's columns and then B's, of the simulation's inputs alone."""
        place = {name: row for row, name in enumerate(self.design.dimensions)}
        inputs = self.simulation.inputs
        return self.design.only([place[name] for name in (*inputs, *map(_again, inputs))])

    def replicates_of(self, first: int, last: int) -> Span:
        """Return the first replicate of the batches `first` to `last` - 1, and one past their last."""
        return first * self.batch, min(last * self.batch, self.replicates)

    def models(self, batch: int, models: Sequence[Model]) -> list[Model]:
        """Return what models are in a batch: on its own net, where they are of all cases."""
        return list(models) if self.nested is None else self.nested.on_net(models, batch)

    def aligned(self, *sides: FloatArray) -> tuple[FloatArray, ...]:
        """Return outputs, shape (…, rows), less each replicate's mean, where replicates have their own nets.

        A net that gets all averages wrong by as much would else add to the variance and to no input's part.
        Even points give the mean of a replicate itself nearly without error; random ones do not.
        """
        if self.nested is None or self.design.replicate_rows == 1:
            return sides
        middle = sum(side.mean(axis=-1, keepdims=True) for side in sides) / len(sides)
        return tuple(side - middle for side in sides)

    @property
    def batches(self) -> int:
        """Number of batches."""
        return -(-self.replicates // self.batch)


def make_cross_matrix(
    simulation: Simulation,
    exchanges: Sequence[Exchanged],
    order: tuple[str, ...],
    samples: int,
    seed: int,
    design: str,
    *,
    one_by_one: bool = False,
    nested: Nets | None = None,
) -> CrossMatrix:
    """Return a cross-matrix design of at least `samples` base points in at least 16 replicates.

    A replicate depends on its number alone, so a longer design of equal replicates begins with a shorter one.

    Parameters
    ----------
    order
        The inputs, those first that are to have the most even points.
    one_by_one
        Whether replicates are evaluated alone instead of several together.
    nested
        Where outputs speak of all cases, what gives each replicate a net of its own.

    Raises
    ------
    SettingError
        If the design's settings are out of range.
    """
    dimensions = _dimensions(order)
    make_design(design, dimensions, samples, seed)
    # a replicate lies in one block
    rows = min(replicate_rows(samples), rows_of_blocks(len(dimensions)))
    replicates = max(FEWEST_REPLICATES, -(-samples // rows))
    made: Design
    if design == "sobol":
        made = SobolDesign(dimensions, rows, replicates, seed)
    elif design == "lhs":
        made = LatinHypercubeDesign(dimensions, rows, replicates, seed)
    else:
        made = RandomDesign(dimensions, rows * replicates, seed)
    batch = 1 if one_by_one or nested is not None else max(1, BATCH_ROWS // rows)
    return CrossMatrix(simulation, exchanges, made, rows, replicates, batch, nested)


def _dimensions(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of A's and B's columns in the order of the design's dimensions."""
    columns = [column for name in order for column in (name, _again(name))]
    if len(columns) < len(PLACES):
        return tuple(columns)
    first = sorted(range(len(PLACES)), key=PLACES.__getitem__)
    return (*(columns[i] for i in first), *columns[len(PLACES) :])


def _again(name: str) -> str:
    """Name B's column of an input: a stream of its own, which no input's can be."""
    return f"{name} again"


def replicate_rows(samples: int) -> int:
    """Return the base points of one replicate, a power of two that divides a block."""
    fewest = _power_of_two(samples // FEWEST_REPLICATES)
    return min(BLOCK, fewest, max(REPLICATE_ROWS, _power_of_two(samples // MOST_REPLICATES)))


def _power_of_two(number: int) -> int:
    """Return the largest power of two that is not above `number`, at least 1."""
    return 1 << max(0, number.bit_length() - 1)


def exchanged_parts(
    plan: Scenario,
    simulation: Simulation,
    members: Sequence[tuple[str, ...]],
    reaching: Mapping[str, frozenset[str]],
) -> list[Exchanged]:
    """Return each set of inputs with the outputs that it reaches and their model.

    Parameters
    ----------
    members
        The sets of inputs that are exchanged.
    reaching
        For each output of the simulation's model the inputs that it depends on.
    """
    names = simulation.model.outputs
    moved = [tuple(name for name in names if reaching[name] & set(inputs)) for inputs in members]
    models = _models(plan, simulation, set(moved))
    place = {name: row for row, name in enumerate(simulation.inputs)}
    return [
        Exchanged(
            # what the simulation does not draw reaches no output
            tuple(place[name] for name in inputs if name in place),
            tuple(map(names.index, outputs)),
            models[outputs],
        )
        for inputs, outputs in zip(members, moved, strict=True)
    ]


def _models(
    plan: Scenario, simulation: Simulation, parts: set[tuple[str, ...]]
) -> dict[tuple[str, ...], Model]:
    """Compile some outputs of a model at a time; a function computes every output whatever is asked for."""
    whole = simulation.model
    if plan.nested is not None:
        nested = plan.nested
        return {part: nested.model(part, plan.varying) if part else whole for part in parts}
    if not isinstance(whole, EquationModel):
        return dict.fromkeys(parts, whole)
    graph = scenario_graph(plan, whole.outputs)
    columns = [graph_input(plan, name) for name in simulation.inputs]
    constants = {graph_input(plan, n): d.mean for n, d in plan.distributions.items() if d.is_constant}
    return {
        part: EquationModel(part, compile_tape(graph, part, columns, constants), whole.meter)
        for part in parts
    }
