"""One output as a function of the inputs that it depends on, to be asked at any of their values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import (
    EquationModel,
    check_single,
    dependencies,
    function_model,
    graph_input,
    scenario_graph,
)
from uncertainty.expressions import compile_tape
from uncertainty.expressions.parting import parted
from uncertainty.sampling.case_model import VERSIONS, CaseFunction, CaseModel, versions_of
from uncertainty.sampling.case_stages import NetStage
from uncertainty.sampling.estimate import error_without
from uncertainty.sampling.other_nets import OTHER_NETS, parts_of
from uncertainty.sensitivity.pilot import run_pilot
from uncertainty.study.together import as_shares, places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.study.scenario import OverCases, Scenario
    from uncertainty.study.together import Places


MOST_ASKED = 50
"""Inputs that are asked about one by one: each costs thousands of model rows, and nobody reads more."""

PILOT_SEED = 1


def moved(model: Model, inputs: FloatArray, moving: Sequence[int]) -> Callable[[], FloatArray]:
    """Return what gives a model's first output at inputs of which some rows are written to between calls.

    Of equations only what those rows reach is computed at each call.

    Parameters
    ----------
    inputs
        Shape (inputs, rows).
    moving
        The rows that are written to.
    """
    if isinstance(model, EquationModel):
        meter, count = model.meter, inputs.shape[1]
        run = _partly(model.tape, list(inputs), moving)

        def found() -> FloatArray:
            if meter is not None:
                meter.take(count)
            of_first: FloatArray = run({})[0]
            return of_first

        return found
    if isinstance(model, CaseModel) and (stage := model.only_stage) is not None:
        return _moved_averages(model, stage, inputs, moving)
    return lambda: evaluate(model, inputs)


def _moved_averages(
    model: CaseModel, stage: NetStage, inputs: FloatArray, moving: Sequence[int]
) -> Callable[[], FloatArray]:
    """Return the same of averages over cases, of which some may move."""
    rows, cases = inputs.shape[1] * model.cases.size, model.cases
    averages = [versions_of(each, 1)[0] for each in stage.scrambles(inputs, [], None)]
    places = stage.moved(moving)
    columns = [len(inputs) + place for place in places]
    part = NetStage(stage.stage.only(places), cases)
    shared = _partly(part.stage.shared, list(inputs), moving)
    run = _partly(model.averages.last, [*inputs, *averages], (*moving, *columns))

    def found() -> FloatArray:
        if model.meter is not None:
            model.meter.take(rows)
        scrambles = part.scrambles_of(shared({}), cases.givers(inputs)) if places else []
        each = zip(columns, scrambles, strict=True)
        of_first: FloatArray = run({column: versions_of(own, 1)[0] for column, own in each})[0]
        return of_first

    return found


def _partly(
    tape: Tape, columns: Sequence[FloatArray], moving: Sequence[int]
) -> Callable[[Mapping[int, FloatArray]], FloatArray]:
    """Return what runs a program on columns of which some move: are written to, or given anew."""
    first, second = parted(tape, moving)
    count = max(map(len, columns))
    known = np.empty((first.outputs, count))
    first.spread(columns, known, np.empty((first.slots, count)))
    memory = np.empty((second.slots, count))

    def run(given: Mapping[int, FloatArray]) -> FloatArray:
        found = np.empty((second.outputs, count))
        rows = [given.get(place, column) for place, column in enumerate(columns)]
        second.spread([*rows, *known], found, memory)
        return found

    return run


def compile_reaching(plan: Scenario, output: str, *, fixed: bool) -> tuple[tuple[str, ...], Model]:
    """Compile one output as a function of the inputs that reach it.

    Parameters
    ----------
    fixed
        Whether inputs that do not vary are asked for too, or keep their values.

    Returns
    -------
    inputs, model
        The inputs that have a column each, in the study's order, and the model over those columns.
    """
    if plan.nested is None:
        check_single(plan, [output])
    else:
        return _over_cases(plan, plan.nested, output, fixed=fixed)
    if plan.study.function is not None:
        inputs = tuple(plan.study.inputs) if fixed else plan.varying
        return inputs, function_model(plan, [output], inputs, _constants(plan, inputs))
    graph = scenario_graph(plan, [output])
    reaching = graph.inputs_of(output)
    asked = plan.study.inputs if fixed else plan.varying
    own = [name for name in asked if graph_input(plan, name) in reaching]
    inputs = with_wholes(plan, own) if fixed else tuple(own)
    columns = [graph_input(plan, name) for name in inputs]
    constants = {graph_input(plan, name): value for name, value in _constants(plan, inputs).items()}
    return inputs, EquationModel(
        (output,), compile_tape(graph, [output], columns, constants), plan.study.meter
    )


def _over_cases(
    plan: Scenario, nested: OverCases, output: str, *, fixed: bool
) -> tuple[tuple[str, ...], Model]:
    if not fixed:
        # compiled already, over all that is unknown
        return plan.varying, nested.model([output], plan.varying)
    # a link needs its unknowns, whether the output is computed from them or not
    reaching = with_wholes(plan, dependencies(plan, [output])[output])
    inputs = tuple(n for n in reaching if n not in nested.different)
    return inputs, nested.model([output], inputs)


def _constants(plan: Scenario, inputs: tuple[str, ...]) -> dict[str, float]:
    # what varies without reaching the output has no value that matters, and its mean may be costly
    return {
        name: d.mean if d.is_constant else plan.points[name]
        for name, d in plan.distributions.items()
        if name not in inputs
    }


def evaluate(model: Model, values: FloatArray) -> FloatArray:
    """Return a model's first output, shape (rows,), at input values of shape (inputs, rows)."""
    result = np.empty((len(model.outputs), values.shape[1]))
    model.run(np.ascontiguousarray(values), result, None)
    found: FloatArray = result[0]
    return found


@dataclass(frozen=True, eq=False)
class Response:
    """An output of a scenario as a function of the inputs that it depends on.

    Parameters
    ----------
    over
        The scenario over shares of a whole themselves, in place of their draws.
    inputs
        Names of the inputs that reach the output, in the study's order, with all cells of a whole.
    points
        Their points, shape (inputs,).
    """

    plan: Scenario
    over: Scenario
    output: str
    inputs: tuple[str, ...]
    points: FloatArray
    model: Model

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the output, shape (rows,), at input values of shape (inputs, rows)."""
        return evaluate(self.model, values)

    def without_scrambles(self, values: FloatArray) -> FloatArray | None:
        """Return the output without each scramble of nets of cases, shape (scrambles, rows).

        A net has few scrambles, which tell too little of how far they spread: those of other nets of as many
        cases tell it with them, where rows are those of equations. What is found has the place of this net.

        Returns
        -------
        ndarray or None
            None of an output that speaks of single cases.
        """
        if not self._nets:
            return None
        inputs = np.ascontiguousarray(values)
        found = np.array([_versions(each, inputs) for each in self._nets])
        parts = np.concatenate([parts_of(each) for each in found])
        # leaving one of so many out changes less than it does in one net, of which the error is
        by = self._wider * math.sqrt(len(found)) / (len(parts) - 1)
        without: FloatArray = found[0, 0] - by * (parts - parts.mean(axis=0))
        return without

    @property
    def net_error(self) -> float:
        """What the net of cases gets wrong at the points; 0 where rows are counted or nothing is averaged."""
        if self.plan.study.meter is not None:
            return 0.0
        without = self.without_scrambles(self.at_points(1))
        return 0.0 if without is None else float(error_without(without)[0])

    @cached_property
    def _nets(self) -> tuple[CaseModel | CaseFunction, ...]:
        """The model on its net of cases, if it has one, and on others where its rows are cheap."""
        model, nested = self.model, self.plan.nested
        if nested is None or not isinstance(model, CaseModel | CaseFunction):
            return ()
        if isinstance(model, CaseFunction) or model.meter is not None:
            return (model,)
        numbers = range(1, 1 + OTHER_NETS)
        return (model, *(nested.on_net([model], number)[0] for number in numbers))

    @cached_property
    def _wider(self) -> float:
        """By what factor scrambles of the net differ more than these few of them tell."""
        nested = self.plan.nested
        return 1.0 if nested is None or len(self._nets) > 1 else nested.wider(self.output, nested.size)

    @property
    def varying(self) -> tuple[int, ...]:
        """Positions of the inputs that have a distribution."""
        return tuple(i for i, name in enumerate(self.inputs) if not self.distribution(i).is_constant)

    @cached_property
    def asked(self) -> tuple[int, ...]:
        """Positions of the inputs to ask about one by one: all, or of very many those that move it most.

        A pilot's bins rank the inputs; those that do not vary come last.
        """
        everything = tuple(range(len(self.inputs)))
        if len(everything) <= MOST_ASKED:
            return everything
        scale = self.plan.study.outputs[self.output].scale
        ranked = run_pilot(self.plan, PILOT_SEED).ranked({self.output: scale})
        places = {name: place for place, name in enumerate(ranked)}
        for whole in self.over.wholes:
            places |= dict.fromkeys(whole.names, min(places[name] for name in whole.drawn))
        first = sorted(everything, key=lambda i: places.get(self.inputs[i], len(places)))
        return tuple(sorted(first[:MOST_ASKED]))

    def distribution(self, position: int) -> Distribution:
        """Return what is known of the input at a position."""
        return self.over.distributions[self.inputs[position]]

    @cached_property
    def wholes(self) -> tuple[Places, ...]:
        """The wholes among the inputs."""
        return places_of(self.over, self.inputs)

    @cached_property
    def shares(self) -> frozenset[int]:
        """Positions of the shares of a whole: when one moves, the others have the rest."""
        return frozenset(position for places in self.wholes for position in places.shares)

    def title(self, position: int) -> str:
        """Name the input at a position for people."""
        return self.plan.study.inputs[self.inputs[position]].title

    def at_points(self, rows: int) -> FloatArray:
        """Return the points as a matrix of shape (inputs, rows) to be changed."""
        return np.repeat(self.points[:, None], rows, axis=1)


def _versions(model: CaseModel | CaseFunction, inputs: FloatArray) -> FloatArray:
    """Return the output with all scrambles of its net, and without each, shape (versions, rows)."""
    found = np.empty((VERSIONS, inputs.shape[1]))
    model.on(model.cases, VERSIONS).run(inputs, found)
    return found


def with_wholes(plan: Scenario, names: Collection[str]) -> tuple[str, ...]:
    """Return some inputs, and all cells of the wholes that they are in, in the study's order."""
    cells = [{*whole.names, *whole.others} for whole in plan.wholes]
    found = set(names).union(*(each for each in cells if not each.isdisjoint(names)))
    return tuple(name for name in plan.study.inputs if name in found)


def make_response(plan: Scenario, output: str) -> Response:
    """Return an output of a scenario as a function of the inputs that reach it, fixed ones too."""
    over = as_shares(plan)
    inputs, model = compile_reaching(over, output, fixed=True)
    return Response(
        plan, over, output, inputs, np.array([plan.points[name] for name in inputs], float), model
    )
