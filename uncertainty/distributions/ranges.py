"""What numbers without a family's name mean: ``10 to 20 @ 95 %``, ``15 ± 3 (k=2)``, ``15.0(2)``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.functions import normal_quantile
from uncertainty.distributions.metalog import percentage_text
from uncertainty.distributions.parameters import number_text
from uncertainty.distributions.positive import Lognormal
from uncertainty.distributions.quantile_fit import fitted
from uncertainty.distributions.unbounded import Normal
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Name, Number
from uncertainty.late import regex

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import Distribution
    from uncertainty.expressions import Expression

USUAL_LEVEL = Decimal(90)
"""Per cent of the probability between the ends of a range that names no level."""

_RELATIVE = regex(
    r"(?P<centre>[-+]?[0-9._]+(?:e[-+]?[0-9]+)?|point)\s*(?P<sign>±|\+/-)\s*(?P<share>[0-9._]+(?:e[-+]?[0-9]+)?)"
    r"\s*%\s*\((?P<said>[^()]*)\)",
    re.IGNORECASE | re.ASCII,
)


def tail_of(level: Decimal) -> Decimal:
    """Return the probability beyond each end of the middle `level` per cent.

    Raises
    ------
    InvalidValue
        If it is not between 0 and 100 per cent.
    """
    if not 0 < level < 100:
        raise InvalidValue(f"a level must lie between 0 % and 100 %, not at {level} %")
    return (1 - level / 100) / 2


def between(low: float, high: float, level: Decimal = USUAL_LEVEL) -> Distribution:
    """Return the distribution of ``low to high``, the ends of its middle `level` per cent."""
    tail = tail_of(level)
    quantiles = ((float(tail), low), (float(1 - tail), high))
    at = "" if level == USUAL_LEVEL else f" @ {level} %"
    written = f"{number_text(low)} to {number_text(high)}{at}"
    if low == high:
        raise InvalidValue(f"{written}: the range is empty; for a constant write fixed({number_text(low)})")
    if low > high:
        raise InvalidValue(f"{written}: must increase; write {number_text(high)} to {number_text(low)}{at}")
    if low > 0.0:
        return fitted(Lognormal.from_quantiles, quantiles, "lognormal")
    if low < 0.0 < high:
        return fitted(Normal.from_quantiles, quantiles, "normal")
    first, last = (percentage_text(probability) for probability, _ in quantiles)
    by_quantiles = f"normal({first}={number_text(low)}, {last}={number_text(high)})"
    if high < 0.0:
        raise InvalidValue(
            f"{written}: of a negative range the shape must be said; write {by_quantiles} "
            f"or uniform({number_text(low)}, {number_text(high)})"
        )
    bound = "low" if low == 0.0 else "high"
    raise InvalidValue(
        f"{written}: these are {first[1:]} % and {last[1:]} % quantiles, and 0 may be a bound instead; "
        f"write uniform({number_text(low)}, {number_text(high)}) or truncate({by_quantiles}, {bound}=0)"
    )


def sds_within(level: Decimal) -> float:
    """Return how many standard deviations of a normal distribution lie on each side in `level` per cent."""
    return -float(normal_quantile(np.array([float(tail_of(level))]))[0])


def plus_minus(centre: float, spread: float, sds: float, *, relative: bool) -> Distribution:
    """Return the normal distribution of ``centre ± spread``.

    Parameters
    ----------
    spread
        As many standard deviations as `sds`; where it is `relative`, in per cent of the centre's size.

    Raises
    ------
    InvalidValue
        If nothing is left of the spread.
    """
    written = f"{number_text(centre)} ± {number_text(spread)}{' %' if relative else ''}"
    if not spread > 0.0:
        raise InvalidValue(
            f"{written}: the spread must be greater than 0; for a constant write fixed({number_text(centre)})"
        )
    if relative and centre == 0.0:
        raise InvalidValue(f"{written}: a percentage of 0 is 0; give the spread itself, as in 0 ± 3 (95 %)")
    return Normal(centre, (abs(centre) * spread / 100 if relative else spread) / sds)


def around_point(spread: float, sds: float, *, relative: bool) -> tuple[Expression, Expression | float]:
    """Return mean and sd of ``point ± spread``, a spread as `plus_minus` takes it."""
    point = Name("point")
    if not spread > 0.0:
        raise InvalidValue(f"point ± {number_text(spread)}: the spread must be greater than 0")
    if not relative:
        return point, spread / sds
    return point, Call("multiply", (Call("abs", (point,)), Number(spread / 100 / sds)))


def concise(text: str) -> Distribution:
    """Return the normal distribution of ``15.0(2)``, its standard uncertainty in units of the last digit.

    References
    ----------
    JCGM 100:2008, 7.2.2.
    """
    mantissa, _, rest = text.replace("_", "").partition("(")
    digits, _, exponent = rest.partition(")")
    scale = Decimal(f"1{exponent.strip()}")
    centre = Decimal(mantissa.strip())
    decimals = -int(centre.as_tuple().exponent)
    return Normal(float(centre * scale), float(Decimal(digits).scaleb(-decimals) * scale))


def two_readings(text: str) -> str:
    """Say what may be meant by a spread in per cent of an input that is itself in per cent.

    Returns
    -------
    str
        Nothing where a text has no such spread.
    """
    match = _RELATIVE.search(text)
    if match is None:
        return ""
    centre, sign, share, said = match["centre"], match["sign"], match["share"], match["said"]
    plain = f"{centre} {sign} {share} ({said})"
    if centre.lower() == "point":
        sds = float(said.partition("=")[2]) if "=" in said else 1.0
        sds = sds_within(Decimal(said.strip(" %"))) if "%" in said else sds
        other = f"normal(point, {float(share) / 100 / sds:.4g} * point)"
    else:
        size = number_text(float(f"{abs(float(centre)) * float(share) / 100:.12g}"))
        other = f"{centre} {sign} {size} ({said})"
    points, of_centre = (f'"{text.replace(match[0], each)}"' for each in (plain, other))
    return (
        f"{match[0]}: the unit is itself %; write {points} for {share} percentage points, "
        f"or {of_centre} for {share} % of {centre}"
    )
