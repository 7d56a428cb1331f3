"""From estimates of all sets and measures to what is reported of each output."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sensitivity.estimators import unvarying
from uncertainty.sensitivity.results import Index, OutputIndices, PairIndex, Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.sensitivity.estimators import Estimated, Estimates, Sums
    from uncertainty.sensitivity.sobol import Problem

UNVARYING = "the output does not vary"


class LeastKnown(NamedTuple):
    """The index with the widest interval."""

    half_width: float
    output: str = ""
    key: str = ""


def widest(problem: Problem, sums: Sums, estimates: Estimates, level: float) -> LeastKnown:
    """Find the widest interval among all indices that were asked for."""
    keys = ["+".join(members) for members in problem.exchanges.members]
    candidates = [
        (index.take(slice(None), slice(problem.asked)), keys) for index in (estimates.S1, estimates.ST)
    ]
    if estimates.S2 is not None:
        place = list(problem.exchanges.inputs)
        for second in range(1, len(place)):
            pairs = estimates.S2.take(slice(second), second, slice(problem.asked))
            candidates.append((pairs, [f"{first} with {place[second]}" for first in place[:second]]))
    still = unvarying(sums, problem.measures)[: problem.asked]
    found = LeastKnown(0.0)
    for estimated, names in candidates:
        widths = np.where(still, 0.0, estimated.half_width(level))
        position, measure = np.unravel_index(np.argmax(widths), widths.shape)
        if widths[position, measure] > found.half_width:
            output = problem.matrix.simulation.model.outputs[measure]
            found = LeastKnown(float(widths[position, measure]), output, names[position])
    return found


def output_indices(
    problem: Problem, sums: Sums, estimates: Estimates, position: int, level: float
) -> OutputIndices:
    """Return what is reported of the output at a position, on its own scale and on the one beside it."""
    own, *beside = (
        _on_scale(_View(problem, sums, estimates, measure, level))
        for measure, output in enumerate(problem.measures.outputs)
        if output == position
    )
    return replace(own, other=beside[0]) if beside else own


class _View(NamedTuple):
    """All estimates, seen from one measure of one output."""

    problem: Problem
    sums: Sums
    estimates: Estimates
    measure: int
    level: float

    @property
    def output(self) -> str:
        return self.problem.matrix.simulation.model.outputs[self.problem.measures.outputs[self.measure]]

    def share(self, estimated: Estimated, *position: int) -> Share:
        """Return one of the estimates with its interval."""
        one = estimated.take(*position, self.measure)
        half, value = float(one.half_width(self.level)), float(one.value)
        return Share(value, (value - half, value + half))

    def reached(self, sets: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        """Return the positions of the sets that reach the output."""
        members, reaching = self.problem.exchanges.members, self.problem.reaching[self.output]
        return {key: members.index(names) for key, names in sets.items() if reaching & set(names)}

    def indices(self, sets: Mapping[str, tuple[str, ...]]) -> Mapping[str, Index]:
        """Return the indices of the sets that reach the output, the largest total index first."""
        found = {
            key: Index(*self.share(self.estimates.S1, i), *self.share(self.estimates.ST, i))
            for key, i in self.reached(sets).items()
        }
        return MappingProxyType(dict(sorted(found.items(), key=lambda item: -item[1].ST)))


def _on_scale(view: _View) -> OutputIndices:
    exchanges, scale = view.problem.exchanges, view.problem.measures.scales[view.measure]
    if unvarying(view.sums, view.problem.measures)[view.measure]:
        return OutputIndices(view.output, scale, MappingProxyType({}), MappingProxyType({}), reason=UNVARYING)
    indices = view.indices(exchanges.inputs)
    alone = _sum_of_first(view)
    return OutputIndices(
        view.output,
        scale,
        indices,
        view.indices(exchanges.groups),
        kinds=view.indices(exchanges.kinds),
        pairs=_pairs(view),
        alone=alone,
        interactions=Share(1 - alone.value, (1 - alone.interval[1], 1 - alone.interval[0])),
        rank_stability=_rank_stability(view, list(indices)),
    )


def _sum_of_first(view: _View) -> Share:
    rows = list(view.reached(view.problem.exchanges.inputs).values())
    return view.share(view.estimates.S1.take(rows).summed(np.ones(len(rows))))


def _pairs(view: _View) -> tuple[PairIndex, ...]:
    if view.estimates.S2 is None:
        return ()
    rows = list(view.reached(view.problem.exchanges.inputs).items())
    found = [
        PairIndex((one, other), *view.share(view.estimates.S2, i, j))
        for place, (one, i) in enumerate(rows)
        for other, j in rows[place + 1 :]
    ]
    return tuple(sorted(found, key=lambda pair: -pair.S2))


def _rank_stability(view: _View, ranked: list[str]) -> Mapping[str, float]:
    """Return the share of replicates in which each input has the rank that it has over all of them."""
    rows = view.reached(view.problem.exchanges.inputs)
    totals = view.sums.total[:, [rows[key] for key in ranked], view.measure]
    order = np.argsort(-totals, axis=1, kind="stable")
    agreeing = (order == np.arange(len(ranked))).mean(axis=0)
    return MappingProxyType(dict(zip(ranked, agreeing.tolist(), strict=True)))
