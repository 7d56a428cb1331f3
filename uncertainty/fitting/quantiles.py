"""Distributions from an expert's quantiles, within the physical limits of an input."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from uncertainty.calls import checked
from uncertainty.distributions import Beta, Metalog, Truncated, parse_distribution
from uncertainty.distributions.elicited import piecewise_text, refuse_end_at_zero
from uncertainty.distributions.metalog import Quantiles, checked_quantiles, percentage_text, quantiles_text
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue, SettingError
from uncertainty.fitting.elicited import (
    ENTROPY,
    MADE_TO_MEASURE,
    METALOG,
    PIECEWISE,
    POSITIVE_METALOG,
    Elicitation,
    Elicited,
    range_text,
    short_text,
)
from uncertainty.fitting.entropy import check_limits, max_entropy
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions import Distribution, FloatArray
    from uncertainty.study.model import Input

    Maker = Callable[[], Distribution]


POSITIVE = ("lognormal", "gamma", "weibull", "loguniform")
REAL = ("normal", "gumbel", "uniform")


class _Said(NamedTuple):
    """What was given."""

    given: Quantiles
    low: float | None
    high: float | None


@checked()
def fit_quantiles(
    quantiles: Mapping[float, float], *, low: float | None = None, high: float | None = None
) -> Elicitation:
    """Make distributions that have given quantiles, exactly or as nearly as a family can.

    Parameters
    ----------
    quantiles
        Values by probability, two or more of them; or one, with both limits.
    low, high
        Limits, where there are any.

    Returns
    -------
    Elicitation
        A sequence of `Elicited`. What meets the quantiles comes first, and of that what has a finite standard
        deviation, stays positive where all that was said is positive (as ``2 to 8`` is lognormal in the study
        language) and ends at the limits alone; then the nearest families. A metalog passes through all
        quantiles where it is possible; with both limits there is also the distribution of greatest entropy;
        and where neither these nor a family serve, there is one in pieces, uniform between the quantiles.

    Raises
    ------
    SettingError
        If the quantiles do not increase or lie beyond the limits, or are too few; or if one of two is 0 and
        may be a bound.

    References
    ----------
    O'Hagan et al. (2006), Uncertain judgements, doi:10.1002/0470033312: families by least squares of the
    probabilities. Keelin (2016), doi:10.1287/deca.2016.0338: metalog.
    """
    try:
        said = _Said(checked_quantiles(tuple(quantiles.items()), "quantiles"), low, high)
        check_limits(*said)
        if len(said.given) == 2:
            refuse_end_at_zero(*said)
    except InvalidValue as error:
        raise SettingError(str(error)) from None
    makers = _makers(said)
    if not makers:
        raise SettingError("one quantile leaves too much open: give another, or both low and high")
    found = _made(said, makers)
    for name, make in _last_resorts(said):
        if any(found.is_sound(each) for each in found):
            break
        found = _made(said, makers := {**makers, name: make})
    return found


def _makers(said: _Said) -> dict[str, Maker]:
    given, low, high = said
    makers: dict[str, Maker] = {}
    if len(given) >= 2:
        names = (*POSITIVE, *REAL) if _is_positive(said) else (*REAL, *POSITIVE)
        makers |= {name: _of_family(name, given) for name in names}
        if low is not None and high is not None:
            makers["beta"] = lambda: _beta(given, low, high)
        makers[METALOG] = lambda: Metalog(given, low=low, high=high)
    if low is not None and high is not None:
        makers[ENTROPY] = lambda: max_entropy(dict(given), low=low, high=high)
    return makers


def _last_resorts(said: _Said) -> list[tuple[str, Maker]]:
    """Return what is made only where nothing simpler serves."""
    given, low, high = said
    resorts: list[tuple[str, Maker]] = []
    if low is None and _is_positive(said):
        resorts.append((POSITIVE_METALOG, lambda: Metalog(given, low=0.0, high=high)))
    if low is None or high is None:
        resorts.append((PIECEWISE, lambda: parse_distribution(piecewise_text(*said))))
    return resorts


def _is_positive(said: _Said) -> bool:
    return Elicitation(*said, ()).positive


def _made(said: _Said, makers: Mapping[str, Maker]) -> Elicitation:
    found, refused = [], {}
    for name, make in makers.items():
        try:
            found.append(_elicited(name, make, said))
        except InvalidValue as error:
            # what the language would advise instead is tried here too
            refused[name] = str(error).removeprefix(f"{name}: ").removeprefix("metalog: ").partition("; ")[0]
        except (ArithmeticError, ValueError):
            refused[name] = "cannot be computed for these numbers"
    ranked = sorted(found, key=Elicitation(*said, ()).rank)
    if not ranked:
        raise SettingError("; ".join(f"{name}: {reason}" for name, reason in refused.items()))
    return Elicitation(*said, tuple(ranked), Frozen(refused))


def _elicited(name: str, make: Maker, said: _Said) -> Elicited:
    """Make one distribution, within the limits."""
    given, low, high = said
    probabilities, values = (np.array(column) for column in zip(*given, strict=True))
    with np.errstate(all="ignore"):
        made = make()
        start, end = made.support
        beyond = (low is not None and start < low) or (high is not None and end > high)
        limited = Truncated(made, low, high) if beyond else made
        misplaced = float(np.abs(limited.cdf(values) - probabilities).max())
        ends = limited.quantile(np.array([0.05, 0.5, 0.95]))
        ends = np.where(np.abs(ends) < 1e-12 * np.ptp(ends), 0.0, ends).tolist()
        spread = limited.sd
    if not all(map(math.isfinite, (misplaced, *ends))) or spread == 0.0:
        raise ArithmeticError
    text = _text(name, made, said, 1e-3 * float(np.ptp(ends)))
    return Elicited(name, limited, text, misplaced, ends[1], (ends[0], ends[2]))


def _text(name: str, made: Distribution, said: _Said, tolerance: float) -> str:
    """Write a distribution; what was said itself keeps all its digits."""
    if name in MADE_TO_MEASURE:
        return piecewise_text(*said) if name == PIECEWISE else str(made)
    short = range_text(said.given)
    if short and made == parse_distribution(short):
        return short
    return short_text(made, tolerance)


def _of_family(name: str, given: Quantiles) -> Maker:
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
    from scipy.optimize import fmin

    (p, x), *_, (q, y) = given
    probabilities, values = (np.array(column) for column in zip(*given, strict=True))
    step = y - x

    def member(shift: FloatArray) -> Distribution:
        # a family of the real line may come nearest with a value below 0 where all that were given lie above
        first, last = (
            (x + step * shift[0], y + step * shift[1])
            if name in REAL
            else (x * math.exp(shift[0]), y * math.exp(shift[1]))
        )
        return parse_distribution(
            f"{name}({percentage_text(p)}={number_text(first)}, {percentage_text(q)}={number_text(last)})"
        )

    def misfit(shift: FloatArray) -> float:
        try:
            return float(((member(shift).cdf(values) - probabilities) ** 2).sum())
        except (InvalidValue, ArithmeticError):
            return math.inf

    return member(fmin(misfit, [0.0, 0.0], xtol=1e-7, ftol=1e-14, disp=False))


def _beta(given: Quantiles, low: float, high: float) -> Distribution:
    inside = tuple((p, (x - low) / (high - low)) for p, x in given)
    made = cast("Beta", _of_family("beta", inside)())
    return Beta(made.a, made.b, low, high)


NOTICED = 0.01
"""Probability beyond an input's limits from which a distribution says something else once it is cut off."""

STEEPEST = 700.0
"""Logit beyond which a probability underflows."""


def cut_off(item: Input, made: Distribution) -> float:
    """Return the probability that lies beyond the limits of an input."""
    below = 0.0 if item.low is None else float(made.cdf(np.array([np.nextafter(item.low, -math.inf)]))[0])
    above = 0.0 if item.high is None else 1 - float(made.cdf(np.array([item.high]))[0])
    return below + above


def limits_text(item: Input) -> str:
    """Name the limits, "limit, low = 0" or "limits, low = 0 and high = 1"."""
    limits = (("low", item.low), ("high", item.high))
    named = [f"{name} = {number_text(limit)}" for name, limit in limits if limit is not None]
    return f"limit{'s' if len(named) > 1 else ''}, {' and '.join(named)}"


def respecting(item: Input, text: str, quantiles: Quantiles) -> str:
    """Return a distribution as it is, or one between both limits where these would move its quantiles."""
    if item.low is None or item.high is None or cut_off(item, parse_distribution(text)) < NOTICED:
        return text
    if not (item.low < quantiles[0][1] and quantiles[-1][1] < item.high):
        return text
    return str(Metalog(quantiles, item.low, item.high))


def between_limits(item: Input, values: list[float]) -> Distribution | None:
    """Predict a next value on the scale of logits between both limits; None where values reach one."""
    low, high = item.low, item.high
    if low is None or high is None or not (low < min(values) and max(values) < high):
        return None
    logits = predicted(np.array([_logit(x, low, high) for x in values]))
    start, end = (_at_logit(logit, low, high) for logit in logits)
    try:
        return Metalog(((0.05, start), (0.95, end)), low, high)
    except InvalidValue:  # so wide that its ends are the limits themselves
        return None


def _logit(x: float, low: float, high: float) -> float:
    return math.log(x - low) - math.log(high - x)


def _at_logit(logit: float, low: float, high: float) -> float:
    """Return the value at a logit, with as few digits as keep it there."""
    x = low + (high - low) / (1 + math.exp(-min(max(logit, -STEEPEST), STEEPEST)))
    shorter = (float(f"{x:.{digits}g}") for digits in range(3, 17))
    return next((y for y in shorter if low < y < high and abs(_logit(y, low, high) - logit) < 0.02), x)


def predicted(values: FloatArray) -> tuple[float, float]:
    """Return the central 90 % prediction interval of a next value from a normal population."""
    from uncertainty.special import stdtrit

    n = len(values)
    half = float(stdtrit(n - 1, 0.95) * values.std(ddof=1) * math.sqrt(1 + 1 / n))
    return float(values.mean()) - half, float(values.mean()) + half
