"""Distributions from an expert's quantiles, and those of greatest entropy where these leave much open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import (
    Beta,
    Exponential,
    Metalog,
    Mixture,
    Normal,
    Truncated,
    Uniform,
    parse_distribution,
)
from uncertainty.distributions.metalog import Quantiles, checked_quantiles, percentage_text, quantiles_text
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue, SettingError
from uncertainty.fitting.wording import short_text
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.distributions import Distribution, FloatArray

TWO_PARAMETERS = ("normal", "lognormal", "gamma", "weibull", "gumbel", "uniform", "loguniform")
EXACT = 1e-6
"""Misplaced probability up to which quantiles count as met."""


@dataclass(frozen=True, slots=True)
class Elicited:
    """A distribution made from quantiles.

    Parameters
    ----------
    how
        Its family, or how else it was made.
    text
        In the study language, to be pasted.
    misplaced
        Largest difference between a probability that was given and the distribution's own at that value.
    median, interval
        Its median and the central 90 %.
    """

    how: str
    distribution: Distribution
    text: str
    misplaced: float
    median: float
    interval: tuple[float, float]


def fit_quantiles(
    quantiles: Mapping[float, float], *, low: float | None = None, high: float | None = None
) -> tuple[Elicited, ...]:
    """Make distributions that have given quantiles, exactly or as nearly as a family can.

    Parameters
    ----------
    quantiles
        Values by probability, two or more of them; or one, with both limits.
    low, high
        Limits, where there are any.

    Returns
    -------
    tuple of Elicited
        What meets the quantiles first, then the nearest families. With both limits there is also the
        distribution of greatest entropy; a metalog passes through all quantiles where it is possible.

    Raises
    ------
    SettingError
        If the quantiles do not increase or lie beyond the limits, or are too few.

    References
    ----------
    O'Hagan et al. (2006), Uncertain judgements, doi:10.1002/0470033312: families by least squares of the
    probabilities. Keelin (2016), doi:10.1287/deca.2016.0338: metalog.
    """
    try:
        given = checked_quantiles(tuple(quantiles.items()), "quantiles")
        _check_limits(given, low, high)
    except InvalidValue as error:
        raise SettingError(str(error)) from None
    makers: list[tuple[str, Callable[[], Distribution]]] = []
    if len(given) >= 2:
        makers += [(name, _of_family(name, given)) for name in TWO_PARAMETERS]
        if low is not None and high is not None:
            makers.append(("beta", lambda: _beta(given, low, high)))
        makers.append(("metalog", lambda: Metalog(given, low=low, high=high)))
    if low is not None and high is not None:
        makers.append(("maximum entropy", lambda: max_entropy(quantiles, low=low, high=high)))
    if not makers:
        raise SettingError("one quantile leaves too much open: give another, or both low and high")
    found = [each for name, make in makers if (each := _elicited(name, make, given, low, high)) is not None]
    order = [name for name, _ in makers]
    return tuple(sorted(found, key=lambda each: (max(each.misplaced, EXACT), order.index(each.how))))


def _check_limits(given: Quantiles, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and not low < high:
        raise InvalidValue(f"low must be less than high, not {number_text(low)} and {number_text(high)}")
    if low is not None and not low < given[0][1]:
        raise InvalidValue(f"{quantiles_text(given[:1])} must lie above low={number_text(low)}")
    if high is not None and not given[-1][1] < high:
        raise InvalidValue(f"{quantiles_text(given[-1:])} must lie below high={number_text(high)}")


def _elicited(
    name: str, make: Callable[[], Distribution], given: Quantiles, low: float | None, high: float | None
) -> Elicited | None:
    """Make one distribution, within the limits; None if there is no such one."""
    probabilities, values = (np.array(column) for column in zip(*given, strict=True))
    try:
        with np.errstate(all="ignore"):
            made = make()
            start, end = made.support
            beyond = (low is not None and start < low) or (high is not None and end > high)
            limited = Truncated(made, low, high) if beyond else made
            misplaced = float(np.abs(limited.cdf(values) - probabilities).max())
            ends = limited.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    except (InvalidValue, ArithmeticError, ValueError):
        return None
    if not all(map(math.isfinite, (misplaced, *ends))):
        return None
    text = short_text(made, 1e-3 * float(np.ptp(ends)))
    return Elicited(name, limited, text, misplaced, ends[1], (ends[0], ends[2]))


def _of_family(name: str, given: Quantiles) -> Callable[[], Distribution]:
    def make() -> Distribution:
        outer = (given[0], given[-1])
        start = parse_distribution(f"{name}({quantiles_text(outer)})")
        return start if len(given) == 2 else _nearest(name, given)

    return make


def _nearest(name: str, given: Quantiles) -> Distribution:
    """Find the member of a family whose probabilities at the values given come nearest.

    It is searched among those that are fixed by two quantiles: the values that it has at the outer
    probabilities, from where they were given on.
    """
    from scipy.optimize import minimize

    (p, x), *_, (q, y) = given
    probabilities, values = (np.array(column) for column in zip(*given, strict=True))
    positive = x > 0

    def member(shift: FloatArray) -> Distribution:
        first, last = (
            (x * math.exp(shift[0]), y * math.exp(shift[1]))
            if positive
            else (x + (y - x) * shift[0], y + (y - x) * shift[1])
        )
        return parse_distribution(
            f"{name}({percentage_text(p)}={number_text(first)}, {percentage_text(q)}={number_text(last)})"
        )

    def misfit(shift: FloatArray) -> float:
        try:
            return float(((member(shift).cdf(values) - probabilities) ** 2).sum())
        except (InvalidValue, ArithmeticError):
            return math.inf

    found = minimize(misfit, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-14})
    return member(found.x)


def _beta(given: Quantiles, low: float, high: float) -> Distribution:
    inside = tuple((p, (x - low) / (high - low)) for p, x in given)
    made = _of_family("beta", inside)()
    if not isinstance(made, Beta):
        raise InvalidValue("beta: cannot be fitted")
    return Beta(made.a, made.b, low, high)


def max_entropy(
    quantiles: Mapping[float, float] | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    mean: float | None = None,
    sd: float | None = None,
) -> Distribution:
    """Return the distribution of greatest entropy under what is known: it assumes the least beyond that.

    * both limits, and any quantiles: uniform between one and the next;
    * a mean, and a limit of 0 below: exponential, truncated if there is a limit above;
    * a mean and a standard deviation: normal.

    Raises
    ------
    SettingError
        If what is known leaves the entropy without a greatest value, or the study language has no name
        for the distribution.

    References
    ----------
    JCGM 101:2008, 6.3; Jaynes (1957), doi:10.1103/PhysRev.106.620.
    """
    known = tuple(sorted((quantiles or {}).items()))
    try:
        if mean is None and sd is None and low is not None and high is not None:
            return _between(known, low, high)
        if mean is not None and not known:
            return _by_moments(low, high, mean, sd)
    except InvalidValue as error:
        raise SettingError(str(error)) from None
    raise SettingError(
        "entropy has no greatest value, or none that has a name: give both limits (and quantiles), a mean "
        "with low=0, or a mean with an sd"
    )


def _between(known: Quantiles, low: float, high: float) -> Distribution:
    if not known:
        return Uniform(low, high)
    _check_limits(checked_quantiles(known, "quantiles"), low, high)
    probabilities = [0.0, *(p for p, _ in known), 1.0]
    edges = [low, *(x for _, x in known), high]
    pieces = tuple(Uniform(a, b) for a, b in pairwise(edges))
    return Mixture(pieces, tuple(np.diff(probabilities).tolist()))


def _by_moments(low: float | None, high: float | None, mean: float, sd: float | None) -> Distribution:
    if sd is not None:
        if low is not None or high is not None:
            raise InvalidValue(
                "with a mean and an sd, limits are not supported: the result would have neither"
            )
        return Normal(mean, sd)
    if low != 0.0:
        raise InvalidValue("with a mean alone, low=0 is needed")
    if high is None:
        return Exponential(mean)
    if math.isclose(mean, high / 2):
        return Uniform(0.0, high)
    if not 0 < mean < high / 2:
        raise InvalidValue(
            f"a mean between 0 and {number_text(high / 2)} is needed; beyond it the distribution rises, and "
            "the study language has no name for it"
        )
    from scipy.optimize import brentq

    def excess(log_scale: float) -> float:
        return Truncated(Exponential(math.exp(log_scale)), None, high).mean - mean

    scale = math.exp(brentq(excess, math.log(mean) - 0.1, math.log(high) + 12, xtol=1e-12))
    return Truncated(Exponential(scale), None, high)


def elicited_table(found: Sequence[Elicited]) -> Table:
    """Return one row for each distribution."""
    return Table.of_rows(
        "quantiles",
        [
            {
                "how": each.how,
                "distribution": each.text,
                "misplaced": each.misplaced,
                "median": each.median,
                "p5": each.interval[0],
                "p95": each.interval[1],
            }
            for each in found
        ],
    )


def of_moments(
    *, low: float | None = None, high: float | None = None, mean: float | None = None, sd: float | None = None
) -> Elicited:
    """Return the distribution of greatest entropy under limits, a mean or a standard deviation."""
    made = max_entropy(low=low, high=high, mean=mean, sd=sd)
    start, median, end = made.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return Elicited(
        "maximum entropy", made, short_text(made, 1e-3 * (end - start)), 0.0, median, (start, end)
    )
