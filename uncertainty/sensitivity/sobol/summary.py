"""From estimates of all sets and measures to what is reported of each output."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.records import Frozen
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.constancy import vary_far_out
from uncertainty.sampling.estimate import too_few_draws
from uncertainty.sensitivity.events import ASKED
from uncertainty.sensitivity.sobol.estimators import bound, concentration, dropped, events, unmet, unvarying
from uncertainty.sensitivity.sobol.results import Index, OutputIndices, PairIndex, Share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.sobol.estimators import Estimated, Known, Sums
    from uncertainty.sensitivity.sobol.problem import Problem


ALL = Share(1.0, (1.0, 1.0))
"""What a group explains that holds every input of an output, whatever an estimate comes to."""


class LeastKnown(NamedTuple):
    """The index with the widest interval."""

    half_width: float
    output: str = ""
    key: str = ""


class Answer(NamedTuple):
    """Everything that a problem's sums say, of all sets and measures at once."""

    problem: Problem
    sums: Sums
    first: Known
    total: Known
    S2: Known | None
    estimated: Estimated
    unmet: FloatArray
    """What rows that few draws meet may add to a first-order index, shape (sets, measures)."""
    level: float
    nothing: tuple[str, ...]
    """By measure, why nothing can be said of its indices; empty where something can."""


def answer(problem: Problem, sums: Sums, level: float) -> Answer:
    """Estimate every index with its interval."""
    estimates = problem.estimate(sums)
    points = sums.replicates * problem.matrix.replicate_rows
    found = events(sums, 2 * points)
    wider = found.wider(sums.replicates)
    unsettled = found.unsettled(*estimates.total.known(ASKED, found.unseen, wider))
    too_few = [few or said for few, said in zip(found.too_few(points), unsettled, strict=True)]
    most, most_of_pairs = unmet(estimates, sums, points, level)
    first = np.maximum(most, 2 * found.unseen)
    pairs = np.maximum(most_of_pairs, 2 * found.unseen)
    return Answer(
        problem,
        sums,
        estimates.first.known(level, first, wider),
        estimates.total.known(level, found.unseen, wider),
        None if estimates.S2 is None else estimates.S2.known(level, pairs, wider),
        estimates.first,
        most,
        level,
        _nothing_because(problem, sums, too_few),
    )


BOUND = (
    "inputs decide together which draws have a value, so that those that are left bind them, and Sobol' "
    'indices are of free ones; draws alone tell what each explains (method "draws")'
)
"""Why there are no indices where some draws are dropped."""


def _nothing_because(problem: Problem, sums: Sums, too_few: Sequence[str]) -> tuple[str, ...]:
    """Say of each measure that nothing varies, inputs are bound, or too few events make up its variance."""
    constant = unvarying(sums, problem.measures).tolist()
    rare = vary_far_out(problem.matrix.simulation) if any(constant) else []
    told = [BOUND if binds else few for binds, few in zip(bound(sums).tolist(), too_few, strict=True)]
    return tuple(
        said if not same else too_few_draws(math.inf) if rare[output] else UNVARYING
        for output, same, said in zip(problem.measures.outputs, constant, told, strict=True)
    )


def widest(found: Answer) -> LeastKnown:
    """Find the widest interval among all indices that were asked for."""
    problem = found.problem
    keys = list(problem.exchanges.keys)
    candidates = [(index.half, keys) for index in (found.first, found.total)]
    if found.S2 is not None:
        inputs = list(problem.exchanges.inputs)
        for second in range(1, len(inputs)):
            pairs = [f"{first} with {inputs[second]}" for first in inputs[:second]]
            candidates.append((found.S2.half[:second, second], pairs))
    worst = LeastKnown(0.0)
    for half, names in candidates:
        unknown = [0.0 if reason in (UNVARYING, BOUND) else np.inf for reason in found.nothing]
        asked = np.where([bool(reason) for reason in found.nothing], unknown, half)[:, : problem.asked]
        if asked.size == 0:  # what varies reaches none of the outputs
            continue
        if names is keys:
            asked = np.where(_whole(problem), 0.0, asked)
        position, measure = np.unravel_index(np.argmax(asked), asked.shape)
        if asked[position, measure] > worst.half_width:
            output = problem.matrix.simulation.model.outputs[measure]
            worst = LeastKnown(float(asked[position, measure]), output, names[position])
    return worst


def _whole(problem: Problem) -> np.ndarray:
    """Tell which sets explain all of each measure that was asked for, shape (sets, measures)."""
    names = problem.matrix.simulation.model.outputs
    outputs = [names[output] for output in problem.measures.outputs[: problem.asked]]
    places = range(len(problem.exchanges.members))
    return np.array([[problem.explains_all(place, output) for output in outputs] for place in places])


def output_indices(found: Answer, position: int) -> OutputIndices:
    """Return what is reported of the output at a position, on its own scale and on the one beside it."""
    own, *beside = (
        _on_scale(_View(found, measure))
        for measure, output in enumerate(found.problem.measures.outputs)
        if output == position
    )
    return replace(own, other=beside[0]) if beside else own


class _View(NamedTuple):
    """An answer, seen from one measure of one output."""

    found: Answer
    measure: int

    @property
    def output(self) -> str:
        problem = self.found.problem
        return problem.matrix.simulation.model.outputs[problem.measures.outputs[self.measure]]

    def share(self, known: Known, *position: int) -> Share:
        """Return one of the known values with its interval."""
        place = (*position, self.measure)
        value, half = float(known.value[place]), float(known.half[place])
        return Share(value, (value - half, value + half))

    def reached(self, sets: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        """Return the positions of the sets that reach the output."""
        problem = self.found.problem
        reaching = problem.reaching[self.output]
        places = problem.exchanges.places
        return {k: places[s] for k, s in sets.items() if reaching & set(s)}

    def indices(self, sets: Mapping[str, tuple[str, ...]]) -> Mapping[str, Index]:
        """Return the indices of the sets that reach the output, the largest total index first."""
        all_of_it = Index(*ALL, *ALL)
        found = {
            key: all_of_it
            if self.found.problem.explains_all(i, self.output)
            else Index(*self.share(self.found.first, i), *self.share(self.found.total, i))
            for key, i in self.reached(sets).items()
        }
        return Frozen(dict(sorted(found.items(), key=lambda item: -item[1].total.value)))


def _on_scale(view: _View) -> OutputIndices:
    problem = view.found.problem
    exchanges, scale = problem.exchanges, problem.measures.scales[view.measure]
    reason = view.found.nothing[view.measure]
    if reason:
        return OutputIndices(view.output, scale, Frozen(), Frozen(), reason=reason)
    indices = view.indices(exchanges.inputs)
    alone = _alone(view)
    return OutputIndices(
        view.output,
        scale,
        indices,
        view.indices(exchanges.groups.get(view.output, Frozen())),
        kinds=view.indices(exchanges.kinds),
        pairs=_pairs(view),
        alone=alone,
        interactions=Share(1 - alone.value, (1 - alone.interval[1], 1 - alone.interval[0])),
        rank_stability=_rank_stability(view, list(indices)),
        dropped=float(dropped(view.found.sums)[view.measure]),
        concentration=float(concentration(view.found.sums)[view.measure]),
    )


def _alone(view: _View) -> Share:
    """Return the sum of the first-order indices, added in the order of the inputs' names."""
    reached = view.reached(view.found.problem.exchanges.inputs)
    places = [reached[key] for key in sorted(reached)]
    known = view.found.estimated.summed(places, view.measure)
    # at worst they all err to one side
    most = view.found.unmet[places, view.measure].sum()
    value, half = float(known.value), max(float(known.half_width(view.found.level)), float(most))
    return Share(value, (value - half, value + half))


def _pairs(view: _View) -> tuple[PairIndex, ...]:
    if view.found.S2 is None:
        return ()
    rows = list(view.reached(view.found.problem.exchanges.inputs).items())
    found = [
        PairIndex((one, other), *view.share(view.found.S2, i, j))
        for place, (one, i) in enumerate(rows)
        for other, j in rows[place + 1 :]
    ]
    return tuple(sorted(found, key=lambda pair: -pair.S2))


def _rank_stability(view: _View, ranked: list[str]) -> Mapping[str, float]:
    """Return the share of replicates in which each input has the rank that it has over all of them."""
    rows = view.reached(view.found.problem.exchanges.inputs)
    totals = view.found.sums.total[:, [rows[key] for key in ranked], view.measure]
    order = np.argsort(-totals, axis=1, kind="stable")
    agreeing = (order == np.arange(len(ranked))).mean(axis=0)
    return Frozen(dict(zip(ranked, agreeing.tolist(), strict=True)))
