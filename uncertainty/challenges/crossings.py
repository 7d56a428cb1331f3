"""Where a curve over one input's values crosses a threshold, nearest to where the input lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import special
from uncertainty.challenges.alternatives import physical_limits
from uncertainty.challenges.normalspace import is_discrete
from uncertainty.challenges.poles import HALVINGS, are_broken, halved
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.challenges.effort import Search
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Input

    Curve = Callable[[FloatArray], FloatArray]
    """The output, shape (n,), at n values of one input."""

    Ends = tuple[float, float]
    Broken = Callable[[Ends, Threshold, Ends], bool]
    """Whether a curve changes its side between two values through infinity; not to be asked beyond two."""

    Noise = Callable[[FloatArray], bool]
    """Whether a curve lies on the other side at some values by noise alone."""


SECTIONS = 9
"""Values at which a bracket is looked at in each round of narrowing it down."""

PRECISION = 1e-10
"""Width, in relation to its ends, at which a bracket is narrow enough."""

NOTHING = 1e-9
"""Share of a bracket's first width up to which a value is 0."""

NARROWED = 1e-4
"""Share of its first width to which a bracket is narrowed at least: what is finer beside a large value."""

ROUNDS = 16

OUTWARD, INWARD = 181, 91
"""Values beyond each end of a distribution, and from there towards 0."""

TOGETHER, LIKELY = 64, 16
"""Draws that lie side by side along an input, and at how many places, where most lie beyond, it is looked."""

WITHIN = 7.0
"""Normal score up to which an input's own distribution is searched evenly."""

MOST = 30
"""Changes of side, the nearest first, of which it is told whether they are crossings."""

FEW = 8
"""Changes of side in all up to which it is told of each, and not by what is known of the curve beside it."""

CLOSE = 0.5
"""Part of a curve's distance from a threshold to which what it bends away from must take it."""

REACH = 1e6
"""How far beyond a distribution is searched, in multiples of its size."""


@dataclass(frozen=True, eq=False, slots=True)
class Crossing:
    """Where the curve crosses.

    Parameters
    ----------
    value
        First value past the nearest crossing; None where the curve changes its side through infinity, over
        values at which it is undefined, or by noise, wherever it was looked.
    crossings
        How often the curve crosses in all: more than once, it is not monotone.
    barely
        Whether there is no value since all that lies on the other side is noise.
    """

    value: float | None
    crossings: int
    barely: bool = False


@dataclass(frozen=True, eq=False)
class Domain:
    """The values of an input that are searched, in increasing order.

    Parameters
    ----------
    places
        A measure of distance between them, shape (n,).
    discrete
        Whether these are all the values that the input is drawn with.
    """

    values: FloatArray
    places: FloatArray
    discrete: bool


def nearest_crossing(
    curve: Curve,
    domain: Domain,
    start: float,
    threshold: Threshold,
    search: Search,
    *,
    most: int = MOST,
    broken: Broken | None = None,
    noise: Noise | None = None,
) -> Crossing | None:
    """Return the crossing nearest to `start`, which the domain must hold, or None where none was met.

    Values at which the curve is undefined are passed over, and so are changes of side through infinity: a
    crossing is a value at which the curve meets the threshold, or jumps over it. What lies between two values
    is not seen; `beside_poles` and `within_dips` tell of some that hide it.

    Parameters
    ----------
    search
        How closely a bracket is looked at.
    most
        Changes of side that are looked at; with one, what grows beside it on the grid is taken for a pole.
    broken, noise
        What tell it of a curve that is no more than an average of others, and of one that is so of draws.
    """
    found = curve(domain.values)
    known = np.isfinite(found) if domain.discrete else ~np.isnan(found)
    values, places, side = domain.values[known], domain.places[known], threshold.holds(found[known])
    if not values.size:
        return None
    begin = int(np.argmin(np.abs(values - start)))
    changes = np.flatnonzero(side[1:] != side[:-1])
    if not changes.size or values[begin] != start:
        return None
    size = np.abs(found[known] - threshold.value)
    seeming = {int(i) for i in changes if not domain.discrete and _is_pole(size, side, int(i))}
    bracket = _Brackets(curve, threshold, search, (float(values[0]), float(values[-1])), broken)
    cells = [(int(i), int(i) + 1) if i >= begin else (int(i) + 1, int(i)) for i in changes]
    cells.sort(key=lambda cell: abs(places[cell[1]] - places[begin]))
    if most == 1:
        cells.sort(key=lambda cell: min(cell) in seeming)
    is_broken = barely = False
    for near, far in cells[:most]:
        if barely and side[far] == side[begin]:
            continue  # the way back from what noise alone brings to the other side
        value = values[far] if domain.discrete else bracket.crossed(values[near], values[far])
        if value is None:
            is_broken = True
            continue
        if noise is None or not noise(_beyond(values, changes, near, far)):
            break
        barely = True
    else:
        return Crossing(None, 0, barely=barely and not is_broken)
    left = cells[cells.index((near, far)) + 1 :]
    if domain.discrete or most == 1 or len(cells) > FEW:
        others = sum(min(cell) not in seeming for cell in left)
    else:
        others = sum(not bracket.broken_between(values[i], values[j]) for i, j in left)
    return Crossing(float(value), 1 + others)


def _beyond(values: FloatArray, changes: NDArray[np.intp], near: int, far: int) -> FloatArray:
    """Return the values that lie on the other side from a change of side on, the nearest to it first."""
    if far > near:
        return values[far : int(changes[changes > near].min(initial=values.size - 1)) + 1]
    return values[int(changes[changes < far].max(initial=-1)) + 1 : far + 1][::-1]


@dataclass(frozen=True, eq=False, slots=True)
class _Brackets:
    """What is asked of a curve between two values at which it lies on two sides of a threshold.

    Parameters
    ----------
    ends
        The least and the largest value that is asked for.
    broken
        As in `nearest_crossing`.
    """

    curve: Curve
    threshold: Threshold
    search: Search
    ends: Ends
    broken: Broken | None

    def crossed(self, near: float, far: float) -> float | None:
        """Return the first value on the other side; None where it is reached through infinity."""
        size, search = abs(far - near), self.search
        if self.broken is not None and self.broken((near, far), self.threshold, self.ends):
            return None
        within, is_narrow = _narrow(self.curve, near, far, self.threshold, search.rounds)
        if self.broken is None and not self._apart(*within) < self._apart(near, far):
            # a curve that nears the threshold meets it; what does not may jump, or have a pole
            steps = HALVINGS if not search.secants else search.secants
            within = self._halved(*within, size, steps)
            if self._is_broken(*within):
                return None
        elif search.secants and not is_narrow:
            within = _along_secants(self.curve, *within, self.threshold, search.secants)
        near, far = within
        # 0 is never narrowed down to relative precision, and a threshold has some width of its own
        return 0.0 if min(near, far) < 0 <= max(near, far) or abs(far) < NOTHING * size else far

    def broken_between(self, near: float, far: float) -> bool:
        """Tell whether the curve changes its side through infinity between two values."""
        if self.broken is not None:
            return self.broken((near, far), self.threshold, self.ends)
        return self._is_broken(*self._halved(near, far, abs(far - near), HALVINGS))

    def _apart(self, *values: float) -> float:
        """Return how far from the threshold the curve is at most."""
        return float(np.abs(self.curve(np.array(values)) - self.threshold.value).max())

    def _halved(self, near: float, far: float, size: float, steps: int) -> Ends:
        first, last = np.array([near]), np.array([far])
        first, last = halved(self._single, first, last, self.threshold, size, steps)
        return float(first[0]), float(last[0])

    def _is_broken(self, near: float, far: float) -> bool:
        return bool(are_broken(self._single, np.array([near]), np.array([far]), self.threshold, self.ends)[0])

    def _single(self, values: FloatArray) -> FloatArray:
        return self.curve(values[:, 0])[:, None]


def _is_pole(size: FloatArray, side: NDArray[np.bool_], place: int) -> bool:
    """Tell whether a curve changes its side through infinity: from either side it grows towards the place.

    Parameters
    ----------
    size, side
        How far from the threshold the curve is, and on which side of it, at each value.
    place
        After which value it changes.
    """
    around = slice(place - 1, place + 3)
    if place < 1 or size[around].size < 4:
        return False
    before, low, high, after = size[around]
    return bool(before < low and high > after and side[place - 1] == side[place] != side[place + 2])


def closer(curve: Curve, domain: Domain, values: FloatArray, threshold: Threshold) -> Domain | None:
    """Return a domain with more values, or None where there the curve crosses no more often."""
    values = np.setdiff1d(values, domain.values)
    found = np.concatenate([curve(domain.values), curve(values)])
    every = np.concatenate([domain.values, values])
    order = np.argsort(every, kind="stable")
    known = order[~np.isnan(found[order])]
    sides = threshold.holds(found[known])
    before = threshold.holds(found[np.sort(known[known < domain.values.size])])
    if np.count_nonzero(np.diff(sides)) <= np.count_nonzero(np.diff(before)):
        return None
    places = np.interp(every[order], domain.values, domain.places)
    return Domain(every[order], places, discrete=False)


def beside_poles(curve: Curve, domain: Domain, start: float, threshold: Threshold) -> FloatArray:
    """Return values on the other side of a threshold between two on one side, where a curve steps back.

    Past a pole a curve goes on as it went before, and comes back in between: over the cell that holds it the
    curve steps against both cells beside it, and by more than they make up for. A zero in the same cell hides
    the change of side. The nearest such cells are divided where the curve steps back most.
    """
    values = domain.values
    found = curve(values)
    with np.errstate(invalid="ignore"):
        steps = np.sign(np.diff(found))
        opposed = (steps[:-2] == -steps[1:-1]) & (steps[2:] == -steps[1:-1])
        outweighed = np.sign(found[3:] - found[:-3]) == steps[1:-1]
    side = threshold.holds(found)
    cells = 1 + np.flatnonzero(opposed & outweighed & (steps[1:-1] != 0) & (side[1:-2] == side[2:-1]))
    cells = _nearest(cells, domain, start)

    def steepest(inner: FloatArray, cells: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        with np.errstate(invalid="ignore"):
            back = np.nan_to_num(np.diff(inner, axis=0) * steps[cells], nan=-np.inf)
        most = np.argmax(back, axis=0)
        return most, most + 1

    return _divided(curve, threshold, cells, (values[cells], values[cells + 1]), side[cells], steepest)


def within_dips(curve: Curve, domain: Domain, start: float, threshold: Threshold) -> FloatArray:
    """Return values on the other side of a threshold about others on one side, where a curve comes near it.

    A curve that bends one way lies beyond the straight lines on which it comes from both sides: where these
    end before the threshold, or nearly, it may go over it and back between two values that are tried.
    """
    values = domain.values
    found = curve(values)
    side, size = threshold.holds(found), np.abs(found - threshold.value)
    with np.errstate(invalid="ignore"):
        slopes = np.diff(size) / np.diff(values)
        before = size[1:-3] + slopes[:-3] * (values[2:-2] - values[1:-3])
        after = size[3:-1] - slopes[3:] * (values[3:-1] - values[2:-2])
        dips = (size[2:-2] < size[1:-3]) & (size[2:-2] <= size[3:-1])
        near = np.minimum(before, after) <= CLOSE * size[2:-2]
    same = np.all([side[2:-2] == side[k : side.size - 4 + k] for k in range(5)], axis=0)
    cells = _nearest(2 + np.flatnonzero(dips & near & same), domain, start)

    def lowest(inner: FloatArray, _cells: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        apart = np.nan_to_num(np.abs(inner - threshold.value), nan=np.inf)
        place = np.clip(np.argmin(apart, axis=0), 1, SECTIONS - 2)
        return place - 1, place + 1

    return _divided(curve, threshold, cells, (values[cells - 1], values[cells + 1]), side[cells], lowest)


def _nearest(cells: NDArray[np.intp], domain: Domain, start: float) -> NDArray[np.intp]:
    """Return the few of some places among the values of a domain that lie nearest to a start."""
    begin = domain.places[int(np.argmin(np.abs(domain.values - start)))]
    return cells[np.argsort(np.abs(domain.places[cells] - begin), kind="stable")][:FEW]


def _divided(
    curve: Curve,
    threshold: Threshold,
    cells: NDArray[np.intp],
    ends: tuple[FloatArray, FloatArray],
    side: NDArray[np.bool_],
    part: Callable[[FloatArray, NDArray[np.intp]], tuple[NDArray[np.intp], NDArray[np.intp]]],
) -> FloatArray:
    """Return values on the other side of a threshold in cells whose ends lie on one side of it.

    Parameters
    ----------
    ends, side
        Of each cell, and on which side they lie.
    part
        Gives the place of the first and the last of the values between which a cell is divided further, for
        the curve at them, shape (values, cells).
    """
    (low, high), met = ends, []
    for _ in range(ROUNDS):
        wide = high - low > PRECISION * np.maximum(np.abs(low), np.abs(high))
        cells, low, high, side = cells[wide], low[wide], high[wide], side[wide]
        if not cells.size:
            break
        tried = np.linspace(low, high, SECTIONS)
        inner = curve(tried.ravel()).reshape(tried.shape)
        other = ~np.isnan(inner) & (threshold.holds(inner) != side)
        first, last = part(inner, cells)
        each = np.arange(cells.size)
        has = other.any(axis=0)
        met.append(tried[np.argmax(other, axis=0), each][has])
        low, high = tried[first, each][~has], tried[last, each][~has]
        cells, side = cells[~has], side[~has]
    return np.concatenate([np.empty(0), *met])


def where_likely(values: FloatArray, beyond: np.ndarray) -> FloatArray:
    """Return values of an input about which most draws lie on the other side of a threshold.

    Parameters
    ----------
    values, beyond
        Of the input in each draw, and whether the draw lies there, shape (draws,).
    """
    order = np.argsort(values, kind="stable")
    groups = np.array_split(order, max(values.size // TOGETHER, 1))
    counts = np.array([np.count_nonzero(beyond[group]) for group in groups])
    most = np.argsort(-counts, kind="stable")[:LIKELY]
    chosen = (groups[group][beyond[groups[group]]] for group in most if counts[group])
    return np.array([values[rows[rows.size // 2]] for rows in chosen])


def _narrow(curve: Curve, near: float, far: float, threshold: Threshold, rounds: int) -> tuple[Ends, bool]:
    """Narrow a bracket down, from the side of the start to the first value on the other, and tell how far."""
    size = abs(far - near)
    for _ in range(rounds):
        if abs(far - near) <= min(PRECISION * max(abs(near), abs(far)), NARROWED * size):
            return (near, far), True
        tried = np.linspace(near, far, SECTIONS)
        side = threshold.holds(curve(tried))
        first = int(np.argmax(side != side[0])) or SECTIONS - 1
        near, far = float(tried[first - 1]), float(tried[first])
    return (near, far), False


def _along_secants(curve: Curve, near: float, far: float, threshold: Threshold, steps: int) -> Ends:
    """Narrow a bracket down by values on the straight line between its ends, one at a time (Illinois)."""
    ends = curve(np.array([near, far])) - threshold.value
    side = bool(threshold.holds(ends[:1] + threshold.value)[0])
    low, high = ends.tolist()
    for _ in range(steps):
        if abs(far - near) <= PRECISION * max(abs(near), abs(far)) or not low * high < 0:
            break
        tried = float(far - high * (far - near) / (high - low))
        found = curve(np.array([tried]))
        if found[0] == threshold.value:
            return tried, tried
        if bool(threshold.holds(found)[0]) == side:
            near, low, high = tried, float(found[0]) - threshold.value, high / 2
        else:
            far, high, low = tried, float(found[0]) - threshold.value, low / 2
    return near, far


def make_domain(
    item: Input,
    distribution: Distribution,
    start: float,
    *,
    steps: int,
    outward: int = OUTWARD,
    inward: int = INWARD,
    ends: Ends | None = None,
) -> Domain:
    """Return the values of an input to be searched.

    Parameters
    ----------
    start
        Where the search begins.
    steps
        Values of equally spaced normal scores on either side of the median.
    outward, inward
        Values beyond the distribution on each side, as far as the input's physical limits allow, and towards
        0; with 0 of them it is not gone beyond.
    ends
        The least and the largest value that an input like this one may have, by default itself: where these
        have one sign, so has it.
    """
    if not distribution.is_constant and is_discrete(distribution):
        values = np.unique([*distribution.atoms, start])
        return Domain(values, np.arange(values.size, dtype=float), discrete=True)
    likely = _likely(distribution, steps)
    # an end where the output is undefined, such as 0, hides what lies between it and the last likely value
    low, high = (float(likely[0]), float(likely[-1])) if likely.size else (start, start)
    finite = [] if distribution.is_constant else [end for end in distribution.support if np.isfinite(end)]
    inside = np.unique(np.concatenate([likely, finite]))
    size = (high - low) or abs(start) or 1.0
    outside = [np.array([start])]
    if outward:
        # a distribution that reaches over 0 has no sign to keep, however seldom it does
        own = (low, high) if distribution.is_constant else distribution.support
        floor, ceiling = physical_limits(item, *(ends or own))
        outside += [
            _outward(end, limit, size, outward, inward) for end, limit in ((low, floor), (high, ceiling))
        ]
    values = np.unique(np.concatenate([inside, *outside]))
    return Domain(values, _places(values, inside, start), discrete=False)


def _likely(distribution: Distribution, steps: int) -> FloatArray:
    if distribution.is_constant:
        return np.empty(0)
    return np.unique(distribution.quantile(special.ndtr(np.linspace(-WITHIN, WITHIN, 2 * steps + 1))))


def _outward(end: float, limit: float, size: float, outward: int, inward: int) -> FloatArray:
    """Return values from an end outward to a limit, ever farther apart; towards 0, ever nearer to it."""
    sign = 1.0 if limit > end else -1.0
    steps = end + sign * size * np.geomspace(1e-3, REACH, outward)
    towards_zero = end * np.geomspace(1, 1e-9, inward) if end and sign * end < 0 else np.empty(0)
    ends = [limit] if np.isfinite(limit) else []
    values = np.concatenate([steps, towards_zero, ends])
    return values[(values - limit) * sign <= 0]


def _places(values: FloatArray, inside: FloatArray, start: float) -> FloatArray:
    """Measure values by their rank in the distribution; beyond it, farther than all else, from the start."""
    places = np.arange(values.size, dtype=float)
    if inside.size:
        begin = places[np.searchsorted(values, start)]
        beyond = (values < inside[0]) | (values > inside[-1])
        gaps = values - start
        farther = np.sign(gaps) * values.size + gaps / (np.abs(gaps).max() or 1.0)
        places[beyond] = begin + farther[beyond]
    return places
