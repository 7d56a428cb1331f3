"""To a jump of an output, where no slope leads, and along it to where it is nearest to the medians."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from uncertainty.challenges.normalspace import Box, NormalSpace
    from uncertainty.distributions.protocol import FloatArray


SAME_DISTANCE = 1e-9
"""Distance, in normal scores, by which no point is nearer than another."""

ON_THE_THRESHOLD = 1e-6
"""Farthest before the threshold, in steps of a normal score, of a point that is said to reach it."""

JUMP = 1e-3
"""What an output changes by, in its own size, within so short a way to the threshold where it jumps there."""

FIRST_SLIDE, LAST_SLIDE, SHORTER = 0.2, 1e-3, 4.0
"""How far beside a point on a jump, in normal scores, the jump is looked at, and by what factor less next."""

LAST_EDGE = 1e-9
"""The same where the output ends to have a value: a square root of so little is still seen there."""

MOST_TURNS = 400
"""How often they are looked at there, at most."""

HALVINGS = 40
"""How often the way to a draw beyond the threshold is halved, where the output jumps and has no slope."""

DRAWN_IN = 8
"""Scores of such a point that are drawn in one by one as far as it stays beyond the threshold."""


class Crossing(Protocol):
    """A threshold and the space in which an output crosses it."""

    @property
    def space(self) -> NormalSpace:
        """The inputs as normal scores."""
        ...

    @property
    def metric(self) -> FloatArray:
        """The matrix of squared distances."""
        ...

    def distance(self, scores: FloatArray) -> float:
        """Return how far scores lie from the medians."""
        ...

    def nearest(self, box: Box) -> FloatArray:
        """Return the scores in a box that are nearest to the medians."""
        ...

    def excess(self, scores: FloatArray, fixed: Mapping[int, float]) -> FloatArray:
        """Return how far beyond the threshold the output lies at scores (inputs, rows)."""
        ...

    def lies_beyond(self, outputs: FloatArray) -> NDArray[np.bool_]:
        """Tell which outputs lie beyond the threshold."""
        ...

    def past(self, scores: FloatArray, fixed: Mapping[int, float]) -> bool:
        """Tell whether the output at scores is beyond the threshold, not at it."""
        ...


def on_the_way(
    search: Crossing, start: FloatArray, nearest: FloatArray, fixed: Mapping[int, float]
) -> FloatArray | None:
    """Return the first point beyond the threshold on the way to a start that lies there, if it does."""
    if not search.past(start, fixed):
        return None
    before, beyond = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (before + beyond) / 2
        if search.past(nearest + middle * (start - nearest), fixed):
            beyond = middle
        else:
            before = middle
    found: FloatArray = nearest + beyond * (start - nearest)
    return found


def drawn_in(
    search: Crossing, point: FloatArray, nearest: FloatArray, fixed: Mapping[int, float]
) -> FloatArray:
    """Return a point beyond the threshold with one score after another drawn in as far as it stays there.

    First all that need not lie where they are, the smallest first; of the others the largest, on the way.
    """
    far = []
    away = np.abs(point - nearest)
    for place in sorted(range(point.size), key=away.__getitem__):
        tried = point.copy()
        tried[place] = nearest[place]
        if not search.past(tried, fixed):
            far.append(place)
        elif search.distance(tried) < search.distance(point):
            point = tried
    for place in far[-DRAWN_IN:]:
        tried = point.copy()
        tried[place] = nearest[place]
        found = on_the_way(search, point, tried, fixed)
        if found is not None and search.distance(found) < search.distance(point):
            point = found
    return point


def slid(search: Crossing, point: FloatArray, box: Box) -> FloatArray:
    """Return a point on a jump, where no slope leads on, moved along the jump while that brings it nearer.

    Where the jump is met on the way to places beside the point tells the plane that it lies in, of which the
    point nearest to the medians is the next one to try. Any other point stays.
    """
    free = np.array([place for place in range(point.size) if place not in box.fixed], dtype=np.intp)
    if free.size < 2:
        return point
    nearest, size = search.nearest(box), FIRST_SLIDE
    before = point + ON_THE_THRESHOLD * (nearest - point)
    if np.ptp(search.excess(np.column_stack([before, point]), box.fixed)) < JUMP:
        return point
    toward = np.linalg.pinv(search.metric[np.ix_(free, free)])
    while size >= LAST_SLIDE:
        beside = np.repeat(point[:, None], 1 + free.size, axis=1)
        beside[free, 1 + np.arange(free.size)] += size * np.where(point[free] < nearest[free], -1.0, 1.0)
        met = (_met(search, nearest, beside, box)[0] - nearest[:, None])[free]
        plane = np.linalg.lstsq(met.T, np.ones(met.shape[1]))[0]
        tried = nearest.copy()
        tried[free] += toward @ plane / max(float(plane @ toward @ plane), SAME_DISTANCE)
        tried, is_beyond = _met(search, nearest, tried[:, None], box)
        if is_beyond[0] and search.distance(tried[:, 0]) < search.distance(point) - SAME_DISTANCE:
            point = tried[:, 0]
        else:
            size /= SHORTER
    return point


def along_edge(search: Crossing, point: FloatArray, box: Box) -> FloatArray:
    """Return a point on the threshold of an output that has no value in places, moved nearer.

    Where it ends to have one, its slope may be without end, as that of a square root is at 0, and leads
    nowhere: the threshold is met on the ways to places beside the point, ever nearer to it. These lie on
    axes that turn at random, for an edge may lie across them (Audet & Dennis 2006, doi:10.1137/040603371).
    """
    free = np.array([place for place in range(point.size) if place not in box.fixed], dtype=np.intp)
    nearest, size = search.nearest(box), FIRST_SLIDE
    rng, axes = np.random.default_rng(1), np.eye(free.size)
    for _ in range(MOST_TURNS):
        beside = np.repeat(point[:, None], 2 * free.size, axis=1)
        beside[free] += size * np.concatenate([axes, -axes], axis=1)
        met, is_beyond = _met(search, nearest, beside, box, ends=True)
        distances = np.where(is_beyond, [search.distance(each) for each in met.T], np.inf)
        best = int(np.argmin(distances))
        if distances[best] < search.distance(point) - SAME_DISTANCE:
            point, size = met[:, best], 2 * size
        elif size < LAST_EDGE:
            break
        else:
            size /= 2
            axes = np.linalg.qr(rng.normal(size=axes.shape))[0]
    return point


def _met(
    search: Crossing, nearest: FloatArray, scores: FloatArray, box: Box, *, ends: bool = False
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the first points beyond the threshold on the way to scores, or to as far again behind them.

    Parameters
    ----------
    scores
        Shape (varying inputs, ways).
    ends
        Whether a way ends where the output has no value.

    Returns
    -------
    tuple
        The points, and whether they are beyond it: where nothing is, they are the ends of their ways.
    """
    ways = scores - nearest[:, None]

    def at(places: FloatArray) -> FloatArray:
        return box.clip((nearest[:, None] + places * ways).T).T

    def outputs(places: FloatArray) -> FloatArray:
        return search.space.response(search.space.values(at(places), box.fixed))

    low, high = np.zeros(scores.shape[1]), np.full(scores.shape[1], 2.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = outputs(middle)
        past = search.lies_beyond(found) | (ends & ~np.isfinite(found))
        low, high = np.where(past, low, middle), np.where(past, middle, high)
    return at(high), search.lies_beyond(outputs(high))
