"""Ranges that people give as parts of the point: ``point/2 to point*2 @ 95 %``, ``-50 % to +100 %``."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import NamedTuple

from uncertainty.distributions.ranges import USUAL_LEVEL, sds_within
from uncertainty.late import regex

_N = r"(?:\d+(?:\.\d+)?|\.\d+)"
_TIMES = r"\s*[*x×·]\s*"
_LEVEL = rf"(?:\s*(?:@|at|,|\()\s*(?P<level>{_N})\s?%[^%()]*\)?)?"
_LOW, _HIGH = (
    rf"(?:(?P<{end}_before>{_N}){_TIMES})?point(?:(?:{_TIMES}(?P<{end}_after>{_N}))|\s*/\s*(?P<{end}_over>{_N}))?"
    for end in ("low", "high")
)
_MULTIPLES = regex(rf"{_LOW}\s*(?:to|-|–|\.\.+)\s*{_HIGH}{_LEVEL}", re.IGNORECASE)
_DOWN, _UP = rf"-\s?(?P<down>{_N})\s?%", rf"\+\s?(?P<up>{_N})\s?%"
_BETWEEN = r"\s*(?:to\b|and\b|[/,;])?\s*"
_OFFSETS = tuple(
    regex(rf"(?:point\s*)?\(?{first}{_BETWEEN}{last}\)?{_LEVEL}", re.IGNORECASE)
    for first, last in ((_DOWN, _UP), (_UP, _DOWN))
)


class Parts(NamedTuple):
    """A range from `low` to `high` times the point, its middle `level` per cent.

    Parameters
    ----------
    given
        Whether the text names the level.
    percentages
        The range in per cent above and below the point as it is written here; empty where it was none.
    """

    low: float
    high: float
    level: Decimal
    given: bool
    percentages: str = ""

    @property
    def lognormal(self) -> str:
        """The lognormal distribution with this range; empty where it reaches 0."""
        if not 0 < self.low < self.high:
            return ""
        sigma = math.log(self.high / self.low) / (2 * sds_within(self.level))
        return f"lognormal({of_point(math.sqrt(self.low * self.high))}, sigma={sigma:.6g})"

    @property
    def uniform(self) -> str:
        """The uniform distribution between these limits."""
        return f"uniform({of_point(self.low)}, {of_point(self.high)})"


def of_point(share: float) -> str:
    """Write a multiple of the point."""
    factor = f"{share:.6g}"
    return {"1": "point", "0": "0"}.get(factor, f"{factor}*point")


def parts_of_point(text: str) -> Parts | None:
    """Read a range that is given as parts of the point; None for any other text, or no sound level."""
    plain = text.replace("−", "-")
    percentages = ""
    if match := _MULTIPLES.fullmatch(plain):
        low, high = (_multiple(match, end) for end in ("low", "high"))
    elif match := next(filter(None, (form.fullmatch(plain) for form in _OFFSETS)), None):
        down, up = float(match["down"]), float(match["up"])
        low, high, percentages = 1 - down / 100, 1 + up / 100, f"-{match['down']} % to +{match['up']} %"
        percentages += f" @ {match['level']} %" if match["level"] else ""
    else:
        return None
    level = Decimal(match["level"] or USUAL_LEVEL)
    if not (0 < level < 100 and low < high < math.inf):
        return None
    return Parts(low, high, level, match["level"] is not None, percentages)


def _multiple(match: re.Match[str], end: str) -> float:
    before, after, over = (float(match[f"{end}_{place}"] or 1) for place in ("before", "after", "over"))
    return before * after / over if over else math.inf
