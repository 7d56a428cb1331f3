"""One output as a function of the inputs that it depends on, to be asked at any of their values."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import (
    EquationModel,
    check_single,
    dependencies,
    function_model,
    graph_input,
    input_values,
    scenario_graph,
)
from uncertainty.distributions import Fixed
from uncertainty.expressions import compile_tape
from uncertainty.expressions.parting import parted
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.case_model import CaseModel, versions_of
from uncertainty.sampling.case_stages import NetStage
from uncertainty.sampling.estimate import NOTHING, Least, error_without
from uncertainty.sampling.net_error import Nets, few_of
from uncertainty.sensitivity.pilot import run_pilot
from uncertainty.study.one_score import QUANTILES, item_of, one_scores
from uncertainty.study.together import as_shares, make_room, making_room, places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from uncertainty.compiled import InputValues, Model
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.study.model import Input
    from uncertainty.study.one_score import OneScore
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
        The scenario over shares of a whole themselves, in place of their draws. Members of one score are
        fixed in it; the quantile at which they lie is an input, too.
    inputs
        Names of the inputs that reach the output, in the study's order, with all cells of a whole; then of
        the sets of members that have one score.
    points
        Their points, shape (inputs,).
    """

    plan: Scenario
    over: Scenario
    output: str
    inputs: tuple[str, ...]
    points: FloatArray
    model: Model
    scores: tuple[OneScore, ...] = ()

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the output, shape (rows,), at input values of shape (inputs, rows)."""
        return evaluate(self.model, self.of_model(values))

    def of_model(self, values: FloatArray) -> FloatArray:
        """Return of all values those that the model takes."""
        return values[: len(self.inputs) - len(self.scores)]

    @cached_property
    def members(self) -> Mapping[int, tuple[int, ...]]:
        """By the position of a quantile those of the members that lie at it."""
        places = {name: place for place, name in enumerate(self.inputs)}
        return Frozen({places[name]: tuple(map(places.__getitem__, rows)) for name, rows, *_ in self.scores})

    def moving(self, held: Collection[int]) -> tuple[int, ...]:
        """Return the rows of the model's inputs that move where some inputs do."""
        own = self._with_members(held)
        return (*own, *making_room(self.wholes, own))

    def _with_members(self, held: Collection[int]) -> tuple[int, ...]:
        """Return rows with those of members of one score in place of their quantile's."""
        return tuple(row for place in held for row in self.members.get(place, (place,)))

    def shown(self, values: FloatArray) -> FloatArray:
        """Return the values of inputs, shape (inputs, rows), which with parameters are not what is drawn."""
        if self._values is None:
            return values
        own = self.of_model(values)
        return np.concatenate([self._values.of(own), values[len(own) :]])

    @cached_property
    def _values(self) -> InputValues | None:
        return input_values(self.over, self.inputs[: len(self.inputs) - len(self.scores)])

    def follow(self, inputs: FloatArray, before: FloatArray, held: Collection[int]) -> None:
        """Move, in place, what goes along with inputs that have moved.

        Parameters
        ----------
        inputs, before
            After the move and before it, shape (inputs, rows) each.
        held
            Rows of the inputs that have moved.
        """
        self.at_quantiles(inputs, held)
        make_room(self.wholes, inputs, before, self._with_members(held))

    def at_quantiles(self, inputs: FloatArray, held: Collection[int]) -> None:
        """Give members of one score, in place, their values at quantiles that have moved."""
        for score, (place, rows) in zip(self.scores, self.members.items(), strict=True):
            if place in held:
                inputs[list(rows)] = score.values(inputs[place])

    def without_scrambles(self, values: FloatArray) -> FloatArray | None:
        """Return the output without each scramble of nets of cases, shape (scrambles, rows).

        A net has few scrambles, which tell too little of how far they spread: those of other nets of as many
        cases tell it with them, where rows are those of equations. What is found has the place of this net.

        Returns
        -------
        ndarray or None
            None of an output that speaks of single cases.
        """
        nets = self.nets
        return None if nets is None else nets.without_scrambles(np.ascontiguousarray(self.of_model(values)))

    @property
    def net_error(self) -> float:
        """What the net of cases gets wrong at the points; 0 where rows are counted or nothing is averaged."""
        if self.plan.study.meter is not None:
            return 0.0
        without = self.without_scrambles(self.at_points(1))
        return 0.0 if without is None else float(error_without(without)[0])

    @cached_property
    def nets(self) -> Nets | None:
        """The model on its net of cases, if it has one, and on others."""
        return Nets.of(self.plan, self.output, self.model)

    def least_error(self, values: FloatArray, found: FloatArray) -> Least:
        """Return what the net of cases gets wrong in draws, by the output's value; nothing without one.

        Parameters
        ----------
        values
            Of the inputs in these draws, shape (inputs, rows).
        found
            The output, shape (rows,).
        """
        if self.plan.study.meter is not None or self.nets is None:
            return NOTHING
        rows = few_of(found)
        return self.nets.least(self.of_model(values)[:, rows], found[rows])

    @property
    def varying(self) -> tuple[int, ...]:
        """Positions of the inputs that have a distribution."""
        return tuple(i for i, name in enumerate(self.inputs) if not self.distribution(i).is_constant)

    @cached_property
    def asked(self) -> tuple[int, ...]:
        """Positions of the inputs to ask about one by one: all, or of very many those that move it most.

        A pilot's bins rank the inputs; those that do not vary come last.
        """
        asked = (each for each in range(len(self.inputs)) if each not in self._inner)
        everything = tuple(sorted(asked, key=self._own_row))
        if len(everything) <= MOST_ASKED:
            return everything
        scale = self.plan.study.outputs[self.output].scale
        ranked = run_pilot(self.plan, PILOT_SEED).ranked({self.output: scale})
        places = {name: place for place, name in enumerate(ranked)}
        for whole in self.over.wholes:
            places |= dict.fromkeys(whole.names, min(places[name] for name in whole.drawn))
        places |= {each.name: min(places[name] for name in each.members) for each in self.scores}
        first = sorted(everything, key=lambda i: places.get(self.inputs[i], len(places)))
        return tuple(sorted(first[:MOST_ASKED], key=self._own_row))

    @property
    def reaching(self) -> int:
        """How many inputs reach the output; members of one score count as one."""
        return len(self.inputs) - len(self._inner)

    @cached_property
    def _inner(self) -> frozenset[int]:
        return frozenset(row for rows in self.members.values() for row in rows)

    def _own_row(self, position: int) -> int:
        """Return where an input stands in the study's order."""
        return self.members.get(position, (position,))[0]

    def item(self, position: int) -> Input:
        """Return what the study says of the input at a position."""
        return item_of(self.plan.study, self.inputs[position])

    def parts(self, position: int) -> tuple[tuple[int, Input, Distribution], ...]:
        """Return the inputs of a position, members of one score each, by row, with what is known of them."""
        rows = self.members.get(position)
        if rows is None:
            return ((position, self.item(position), self.distribution(position)),)
        known = next(each.distributions for each in self.scores if each.name == self.inputs[position])
        return tuple((row, self.item(row), each) for row, each in zip(rows, known, strict=True))

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
        return self.item(position).title

    def at_points(self, rows: int) -> FloatArray:
        """Return the points as a matrix of shape (inputs, rows) to be changed."""
        return np.repeat(self.points[:, None], rows, axis=1)


def with_wholes(plan: Scenario, names: Collection[str]) -> tuple[str, ...]:
    """Return some inputs, and all cells of the wholes that they are in, in the study's order."""
    cells = [{*whole.names, *whole.others} for whole in plan.wholes]
    found = set(names).union(*(each for each in cells if not each.isdisjoint(names)))
    return tuple(name for name in plan.study.inputs if name in found)


def make_response(plan: Scenario, output: str) -> Response:
    """Return an output of a scenario as a function of the inputs that reach it, fixed ones too."""
    over = as_shares(plan)
    inputs, model = compile_reaching(over, output, fixed=True)
    among = (each.among(inputs) for each in one_scores(over))
    scores = tuple(each for each in among if len(each.members) > 1)
    points = {**plan.points, **{each.name: each.point for each in scores}}
    distributions = dict(over.distributions)
    for each in scores:
        distributions |= {name: Fixed(plan.points[name]) for name in each.members}
        distributions[each.name] = QUANTILES
    over = replace(over, distributions=Frozen(distributions))
    names = (*inputs, *(each.name for each in scores))
    return Response(plan, over, output, names, np.array([points[n] for n in names], float), model, scores)
