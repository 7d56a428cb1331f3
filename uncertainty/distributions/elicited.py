"""One distribution through an expert's quantiles, whatever they are, and experts' distributions pooled."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from uncertainty.distributions.language import parse_distribution
from uncertainty.distributions.metalog import Metalog, checked_quantiles, percentage_text, quantiles_text
from uncertainty.distributions.mixture import Mixture
from uncertainty.distributions.parameters import number_text, tuple_text
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.metalog import Quantiles
    from uncertainty.distributions.protocol import Distribution


def through(quantiles: Quantiles, low: float | None = None, high: float | None = None) -> Distribution:
    """Return a distribution that has an expert's quantiles, two or more, exactly.

    Two quantiles mean what a range means: a lognormal distribution where they are positive, else a normal
    one. Through three or more goes a metalog, above 0 where they are positive (Keelin 2016,
    doi:10.1287/deca.2016.0338); where none does, the distribution is uniform between the quantiles.

    Parameters
    ----------
    quantiles
        Pairs of a probability and a value.
    low, high
        Physical limits of the quantity.

    Raises
    ------
    InvalidValue
        If there are fewer than two, the values do not increase with the probability, or lie beyond limits;
        or if 0 is the end of two, so that it may be a bound.
    """
    given = checked_quantiles(quantiles, "quantiles")
    if len(given) < 2:
        raise InvalidValue("expected two quantiles or more, such as p5 and p95")
    (p, lowest), *_, (q, highest) = given
    if low is not None and lowest <= low:
        raise InvalidValue(f"{percentage_text(p)}={number_text(lowest)} is not above the limit {low:g}")
    if high is not None and highest >= high:
        raise InvalidValue(f"{percentage_text(q)}={number_text(highest)} is not below the limit {high:g}")
    positive = lowest > 0
    refuse_end_at_zero(given, low, high)
    if len(given) == 2:
        family = "lognormal" if positive else "normal"
        return parse_distribution(f"{family}({quantiles_text(given)})")
    try:
        return Metalog(given, low=0.0 if low is None and positive else low, high=high)
    except InvalidValue:
        return parse_distribution(piecewise_text(given, low, high))


def refuse_end_at_zero(given: Quantiles, low: float | None, high: float | None) -> None:
    """Refuse two quantiles of which one is 0, and may be a bound, as a range that ends there is refused.

    Raises
    ------
    InvalidValue
        With both readings, unless a limit on that side says which.
    """
    (_, lowest), *_, (_, highest) = given
    from_zero, to_zero = lowest == 0 and low is None, highest == 0 and high is None
    if len(given) != 2 or not (from_zero or to_zero):
        return
    plain = f"normal({quantiles_text(given)})"
    bound = "low" if from_zero else "high"
    raise InvalidValue(
        f"{quantiles_text(given)}: 0 may be a bound instead; write "
        f"uniform({number_text(lowest)}, {number_text(highest)}) or truncate({plain}, {bound}=0), "
        f"or {plain} for values {'below' if from_zero else 'above'} 0 too"
    )


def tail_text(given: Quantiles) -> str:
    """Write what a range between the outer quantiles would mean: it lends its tails."""
    (p, low), *_, (q, high) = given
    family = "lognormal" if low > 0 else "normal"
    return f"{family}({percentage_text(p)}={number_text(low)}, {percentage_text(q)}={number_text(high)})"


def piecewise_text(given: Quantiles, low: float | None, high: float | None) -> str:
    """Write a mixture that is uniform between quantiles and up to limits, with tails where there is no limit.

    The tails are those of the range between the outer quantiles, so that ``p5=1, p95=9`` within more
    quantiles reaches as far beyond as ``1 to 9`` alone.
    """
    lowest, highest = given[0][1], given[-1][1]
    tail = tail_text(given)
    edges = [x for _, x in given]
    pieces = [f"uniform({tuple_text(pair)})" for pair in pairwise(edges)]
    below, above = (
        f"truncate({tail}, high={number_text(lowest)})",
        f"truncate({tail}, low={number_text(highest)})",
    )
    if low is not None:
        below = f"uniform({tuple_text((low, lowest))})"
    if high is not None:
        above = f"uniform({tuple_text((highest, high))})"
    cumulated = [0.0, *(p for p, _ in given), 1.0]
    # without the noise of their subtraction
    weights = tuple(round(upper - lower, 15) for lower, upper in pairwise(cumulated))
    return f"mixture({', '.join((below, *pieces, above))}, weights=({tuple_text(weights)}))"


def pool(distributions: Sequence[Distribution], weights: Sequence[float]) -> Distribution:
    """Return the linear pool of experts' distributions (Stone 1961, doi:10.1214/aoms/1177704873): a mixture.

    Parameters
    ----------
    weights
        None negative, not all 0; they need not add to 1.

    Raises
    ------
    InvalidValue
        If they are all 0.
    """
    if not any(weights):
        raise InvalidValue("expected a weight above 0 of some expert")
    if len(distributions) == 1:
        return distributions[0]
    equal = len(set(weights)) == 1
    return Mixture(tuple(distributions), None if equal else tuple(weights))
