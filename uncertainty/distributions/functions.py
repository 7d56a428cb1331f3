"""Special functions, inversion and integration that the families share."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from uncertainty.distributions.protocol import LARGEST, FloatArray

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import Distribution


Unary: TypeAlias = Callable[[FloatArray], FloatArray]
Many: TypeAlias = float | FloatArray
ShapeAndArray: TypeAlias = Callable[[Many, Many], FloatArray]
ShapesAndArray: TypeAlias = Callable[[Many, Many, Many], FloatArray]


class _Special:
    """A function of scipy.special, imported when it is first called."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *arguments: Any) -> Any:
        """Return what scipy's function gives."""
        from uncertainty import special

        return getattr(special, self._name)(*arguments)


normal_cdf: Unary = _Special("ndtr")
normal_quantile: Unary = _Special("ndtri")
logistic_cdf: Unary = _Special("expit")
logistic_quantile: Unary = _Special("logit")
student_cdf: ShapeAndArray = _Special("stdtr")
gamma_cdf: ShapeAndArray = _Special("gammainc")
gamma_quantile: ShapeAndArray = _Special("gammaincinv")
gamma_survival: ShapeAndArray = _Special("gammaincc")
gamma_upper_quantile: ShapeAndArray = _Special("gammainccinv")
beta_cdf: ShapesAndArray = _Special("betainc")
beta_survival: ShapesAndArray = _Special("betaincc")
beta_upper_quantile: ShapesAndArray = _Special("betainccinv")


def exp(x: FloatArray) -> FloatArray:
    """Exponential that overflows to infinity without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(x)


def log(x: FloatArray) -> FloatArray:
    """Logarithm that is minus infinity at and below 0, without a warning."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(x, 0.0))


def exponential_quantile(u: FloatArray) -> FloatArray:
    """Quantiles of the exponential with mean 1."""
    with np.errstate(divide="ignore"):
        return -np.log1p(-u)


def standardised(x: FloatArray, location: float, scale: float) -> FloatArray:
    """Return ``(x - location) / scale``; what overflows becomes infinite without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return (x - location) / scale


def scaled(scale: float, x: FloatArray) -> FloatArray:
    """Multiply by a scale; what overflows becomes infinite without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return scale * x


def exp_number(x: float) -> float:
    """Exponential of one number, infinite where it overflows."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def pinned(u: FloatArray, values: FloatArray, low: float, high: float) -> FloatArray:
    """Quantiles at `u` that rounding may not carry past the bounds, and that reach them at 0 and 1."""
    return np.where(u <= 0.0, low, np.where(u >= 1.0, high, np.clip(values, low, high)))


def unit_position(x: FloatArray, low: float, high: float) -> FloatArray:
    """Where `x` lies between `low` (0) and `high` (1); values outside count as at the nearer end."""
    return (np.clip(x, low, high) - low) / (high - low)


def interpolate(low: float, high: float, share: FloatArray) -> FloatArray:
    """Return the value at `share` of the way from `low` to `high`, exact at both ends and never beyond."""
    return np.clip(low * (1.0 - share) + high * share, low, high)


Ranks: TypeAlias = NDArray[np.int64]


def first_reaching(function: Unary, target: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Find the smallest float in [low, high] at which `function` reaches `target`.

    Bisection runs over the floats themselves in their order, not over their values: it takes at most 64
    evaluations, however far apart the bounds (infinite ones included), and lands exactly on a jump.

    Parameters
    ----------
    function
        Non-decreasing and vectorised.
    target
        Values to reach.
    low, high
        Bounds of the search, of the shape of `target`.

    Returns
    -------
    FloatArray
        Of the shape of `target`; `high` where nothing in reach is large enough.
    """
    below, above = _rank(low), _rank(high)
    while np.any(below < above):
        middle = (below >> 1) + (above >> 1) + (below & above & 1)
        reached = function(_value(middle)) >= target
        above = np.where(reached, middle, above)
        below = np.where(reached, below, np.minimum(middle + 1, above))
    return _value(above) + 0.0


def first_reaching_in_few(
    function: Unary, target: FloatArray, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Find the same as `first_reaching` in fewer evaluations, where each costs much.

    Where both ends of a bracket are known it looks where a line between them says, moved towards the middle,
    as the ITP method does (doi:10.1145/3423597). It takes about 13 evaluations of a smooth function between
    bounds of one size, and at most four more than bisection.
    """
    below, above = _rank(low) - 1, _rank(high)
    missing, over = np.full((2, *above.shape), np.nan)
    left = np.log2(np.maximum(_width(below, above), 1.0)) + _SLACK
    while np.any(searched := _width(below, above) > 1.0):
        left -= 1.0
        middle = np.where(searched, _between(below, above, missing / (missing - over), left), above)
        values = function(_value(middle))
        reached = searched & (values >= target)
        missed = searched & ~reached
        apart = values - target
        above, over = np.where(reached, middle, above), np.where(reached, apart, over)
        below, missing = np.where(missed, middle, below), np.where(missed, apart, missing)
    return _value(above) + 0.0


_SLACK = 4.0
"""Evaluations that a search may take more than bisection."""

_BINADE = 2.0**52
"""Floats between a power of two and the next, over which most functions are nearly straight."""

_ROUNDING = 2.0**-10
"""Least share of a bracket by which a search goes beyond where a line says."""

_ALL = 2.0**64


def _width(below: Ranks, above: Ranks) -> FloatArray:
    found = above - below
    # between infinite bounds lie more floats than the integers count
    return np.where(found < 0, _ALL, found.astype(np.float64))


def _between(below: Ranks, above: Ranks, share: FloatArray, left: FloatArray) -> Ranks:
    """Return where to look next: at a share of the way, while bisection can end in what is left."""
    half = (below >> 1) + (above >> 1) + (below & above & 1)
    width, most = _width(below, above), 2.0**left
    # no less than rounding of the function may amount to
    moved = width * np.maximum(width / _BINADE, _ROUNDING)
    towards = np.minimum(width * share + moved, 0.5 * width)
    back = np.maximum(width * share - moved, 0.5 * width)
    steps = np.clip(np.where(share < 0.5, towards, back), width - most, most)
    straight = (width < _BINADE) & (width > 1 / _ROUNDING) & np.isfinite(steps)
    steps = np.where(straight, np.clip(np.rint(steps), 1.0, width - 1.0), 0.0)
    return np.where(straight, below + steps.astype(np.int64), half)


def _rank(values: FloatArray) -> Ranks:
    """Integers in the order of the floats: the bits of a float, with those of negative ones reversed."""
    return _mirror(np.asarray(values, dtype=np.float64, order="C").view(np.int64))


def _value(ranks: Ranks) -> FloatArray:
    return _mirror(ranks).view(np.float64)


def _mirror(bits: Ranks) -> Ranks:
    return bits ^ ((bits >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF))


MOST_STEPS = 100
CLOSEST = 4 * float(np.finfo(float).eps)


def crossing(
    function: Callable[[float], float], low: float, high: float, *, xtol: float, rtol: float = CLOSEST
) -> float:
    """Find where a continuous function of one number crosses 0, by Brent's method.

    A step goes where a secant, or an inverse parabola through three points, is 0, or halves what is left
    where that would go too far. The steps are those of ``scipy.optimize.brentq`` to the last bit; to import
    that takes longer than most studies.

    Parameters
    ----------
    low, high
        Between which it crosses.
    xtol, rtol
        How far the result may be from there: absolutely, and as a share of itself.

    Raises
    ------
    ValueError
        If the function has one sign at both ends, or is nan.
    RuntimeError
        If `MOST_STEPS` steps are too few.

    References
    ----------
    Brent (1971), "An algorithm with guaranteed convergence for finding a zero of a function",
    doi:10.1093/comjnl/14.4.422.
    """
    before, here = low, high
    f_before, f_here = _number(function, before), _number(function, here)
    if f_before == 0.0 or f_here == 0.0:
        return before if f_before == 0.0 else here
    if (f_before > 0.0) == (f_here > 0.0):
        raise ValueError(f"no crossing is enclosed by values of {f_before:g} and {f_here:g}")
    other, f_other, last, step = before, f_before, 0.0, 0.0
    for _ in range(MOST_STEPS):
        if f_here != 0.0 and (f_before > 0.0) != (f_here > 0.0):
            other, f_other, last, step = before, f_before, here - before, here - before
        if abs(f_other) < abs(f_here):
            before, here, other = here, other, here
            f_before, f_here, f_other = f_here, f_other, f_here
        least, half = (xtol + rtol * abs(here)) / 2, (other - here) / 2
        if f_here == 0.0 or abs(half) < least:
            return here
        wanted = math.inf
        if abs(last) > least and abs(f_here) < abs(f_before):
            wanted = _interpolated(before, here, other, f_before, f_here, f_other)
        short = 2 * abs(wanted) < min(abs(last), 3 * abs(half) - least)
        last, step = (step, wanted) if short else (half, half)
        before, f_before = here, f_here
        here += step if abs(step) > least else math.copysign(least, half)
        f_here = _number(function, here)
    raise RuntimeError(f"no crossing was found in {MOST_STEPS} steps")


def _number(function: Callable[[float], float], x: float) -> float:
    found = float(function(x))
    if math.isnan(found):
        raise ValueError(f"no crossing can be found: the function is nan at {x:g}")
    return found


def _interpolated(
    before: float, here: float, other: float, f_before: float, f_here: float, f_other: float
) -> float:
    """Return the step from `here` that a secant takes, or an inverse parabola through three points."""
    if before == other:
        return -f_here * (here - before) / (f_here - f_before)
    to_before, to_other = (f_before - f_here) / (before - here), (f_other - f_here) / (other - here)
    try:
        across = to_other * to_before * (f_other - f_before)
        return -f_here * (f_other * to_other - f_before * to_before) / across
    except ZeroDivisionError:
        return math.inf


TOLERANCE = 1e-12
DEEPEST = 400
MOST_PANELS = 5_000
CANCELLATION = 1e-13


@cache
def _rule(order: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes and weights on [-1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _on_panels(function: Unary, left: FloatArray, right: FloatArray, order: int) -> FloatArray:
    """Integral over each panel."""
    nodes, weights = _rule(order)
    half = 0.5 * (right - left)
    return (function(left[:, None] + half[:, None] * (1.0 + nodes)) @ weights) * half


def integrate(function: Unary, left: FloatArray, right: FloatArray) -> float:
    """Integrate over intervals inside which the function is smooth; at their ends it may be singular.

    A panel on which two Gauss rules disagree is halved, so that panels crowd where the function is steep.

    Parameters
    ----------
    function
        Vectorised, finite inside the intervals.
    left, right
        Ends of the intervals, shape (n,).
    """
    total = 0.0
    for _ in range(DEEPEST):
        coarse, fine = _on_panels(function, left, right, 10), _on_panels(function, left, right, 21)
        scale = abs(total) + float(np.abs(fine).sum())
        middle = left + 0.5 * (right - left)
        rough = (np.abs(fine - coarse) > TOLERANCE * scale) & (left < middle) & (middle < right)
        total += float(fine[~rough].sum())
        if not rough.any() or rough.sum() > MOST_PANELS:  # so many only disagree by rounding
            total += float(fine[rough].sum())
            break
        left, middle, right = left[rough], middle[rough], right[rough]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    else:
        total += float(fine[rough].sum())
    return total


@lru_cache(maxsize=1024)
def part_of_moment(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    """Integrate ``(quantile(u) - centre) ** order`` over `u` from `start` to `end`.

    Numbers just below 1 are sparse, so a heavy upper tail is the whole moment without the rest.

    Returns
    -------
    float
        nan or inf where the part has an infinite tail and the moment of `distribution` is.
    """
    low, high = distribution.support
    in_high_tail = end >= 1.0 and math.isinf(high)
    if not in_high_tail and not (start <= 0.0 and math.isinf(low)):
        return _integral(distribution, order, centre, start, end)
    whole = _moment(distribution, order, centre)
    if not math.isfinite(whole) or (start <= 0.0 and end >= 1.0):
        return whole
    if in_high_tail and abs(_beyond_floats(distribution, order, centre)) > CANCELLATION * abs(whole):
        return whole - _integral(distribution, order, centre, 0.0, start)
    return _integral(distribution, order, centre, start, end)


def _beyond_floats(distribution: Distribution, order: int, centre: float) -> float:
    """Estimate what an integral up to 1 cannot see."""
    last = float(distribution.quantile(np.array([LARGEST]))[0])
    return math.prod([last - centre] * order) * (1.0 - LARGEST)


def _moment(distribution: Distribution, order: int, centre: float) -> float:
    offset = distribution.mean - centre
    return offset if order == 1 else distribution.sd * distribution.sd + offset * offset


def _integral(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    """Integrate over atoms exactly and by quadrature between them."""
    values = np.array(distribution.atoms)
    enter = np.clip(distribution.cdf(np.nextafter(values, -np.inf)), start, end)
    leave = np.clip(distribution.cdf(values), start, end)
    on_atoms = math.fsum((values - centre) ** order * (leave - enter))
    left, right = np.append(start, leave), np.append(enter, end)
    gaps = left < right

    def power(u: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return (distribution.quantile(np.minimum(u, LARGEST)) - centre) ** order

    return on_atoms + integrate(power, left[gaps], right[gaps])
