"""Distributions of greatest entropy under what is known."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.calls import checked
from uncertainty.distributions import Exponential, Mixture, Normal, Truncated, Uniform
from uncertainty.distributions.functions import crossing
from uncertainty.distributions.metalog import Quantiles, checked_quantiles, quantiles_text
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue, SettingError
from uncertainty.fitting.elicited import ENTROPY, Elicitation, Elicited, short_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions import Distribution


def check_limits(given: Quantiles, low: float | None, high: float | None) -> None:
    """Refuse limits that contradict each other or the quantiles.

    Raises
    ------
    InvalidValue
        With both numbers.
    """
    if low is not None and high is not None and not low < high:
        raise InvalidValue(f"low must be less than high, not {number_text(low)} and {number_text(high)}")
    if low is not None and not low < given[0][1]:
        raise InvalidValue(f"{quantiles_text(given[:1])} must lie above low={number_text(low)}")
    if high is not None and not given[-1][1] < high:
        raise InvalidValue(f"{quantiles_text(given[-1:])} must lie below high={number_text(high)}")


@checked()
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
    check_limits(checked_quantiles(known, "quantiles"), low, high)
    probabilities = [0.0, *(p for p, _ in known), 1.0]
    edges = [low, *(x for _, x in known), high]
    pieces = tuple(Uniform(a, b) for a, b in pairwise(edges))
    return Mixture(pieces, shares(probabilities))


def _by_moments(low: float | None, high: float | None, mean: float, sd: float | None) -> Distribution:
    _check_mean(low, high, mean)
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
    if mean > high / 2:
        raise InvalidValue(
            f"with a mean above the middle, {number_text(high / 2)}, the distribution of greatest entropy "
            "rises towards high, and the study language has no name for it; describe "
            f"{number_text(high)} minus the quantity instead, with mean={number_text(high - mean)}, low=0 "
            f"and high={number_text(high)}"
        )

    def excess(log_scale: float) -> float:
        return Truncated(Exponential(math.exp(log_scale)), None, high).mean - mean

    scale = math.exp(crossing(excess, math.log(mean) - 0.1, math.log(high) + 12, xtol=1e-12))
    return Truncated(Exponential(scale), None, high)


def _check_mean(low: float | None, high: float | None, mean: float) -> None:
    named = [f"{name}={number_text(x)}" for name, x in (("low", low), ("high", high)) if x is not None]
    if (low is not None and mean <= low) or (high is not None and mean >= high):
        raise InvalidValue(f"a mean of {number_text(mean)} is impossible with {' and '.join(named)}")


def shares(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return the probabilities between cumulated ones, without the noise of their subtraction."""
    return tuple(round(float(each), 15) for each in np.diff(probabilities))


def of_moments(
    *, low: float | None = None, high: float | None = None, mean: float | None = None, sd: float | None = None
) -> Elicitation:
    """Make the distribution of greatest entropy under limits, a mean or a standard deviation."""
    made = max_entropy(low=low, high=high, mean=mean, sd=sd)
    start, median, end = made.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    text = short_text(made, 1e-3 * (end - start))
    return Elicitation((), low, high, (Elicited(ENTROPY, made, text, 0.0, median, (start, end)),))
