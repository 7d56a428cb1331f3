"""How precise an interval must become before sampling stops, and how many draws that still takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.errors import SettingError
from uncertainty.late import dataclass, regex
from uncertainty.results.keys import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.sampling.statistics import Draws, IntervalKind

LEAST_GROWTH, MOST_GROWTH = 1.25, 4.0
"""Factors by which the number of draws grows at least and at most, so that one bad estimate does little."""

INTERRUPTED = "interrupted"
"""Why a run stopped that its user had enough of."""

_DIGITS = regex(r"([1-9]) (?:significant )?digits?")


@dataclass(frozen=True, slots=True)
class Precision:
    """A tolerance for the Monte Carlo error of results.

    Parameters
    ----------
    relative
        For twice the standard error of each end of the interval, in relation to the end; in relation to the
        interval's width where an end is 0 or the interval reaches over it.
    digits
        Instead, the significant digits of the standard uncertainty that must be settled: twice the standard
        error of the mean, the standard deviation and both ends is then below half a unit of the last one
        (JCGM 101:2008, 7.9.2 and 7.9.4).
    """

    relative: float | None = None
    digits: int | None = None

    @classmethod
    def parse(cls, asked: float | str) -> Precision:
        """Read a tolerance: a number such as 0.01, or a text such as ``2 digits``.

        Raises
        ------
        SettingError
            If it is neither.
        """
        match = _DIGITS.fullmatch(asked.strip()) if isinstance(asked, str) else None
        if match:
            return cls(digits=int(match[1]))
        try:
            relative = float(asked)
        except ValueError:
            relative = math.nan
        if not 0 < relative < 1:
            raise SettingError(
                f'until: expected a relative error such as 0.01, or digits such as "2 digits", found {asked}'
            )
        return cls(relative=relative)

    def __str__(self) -> str:
        if self.digits is not None:
            return f"{self.digits} significant digit{'s' if self.digits > 1 else ''}"
        return f"{100 * (self.relative or 0):g} % of the interval's ends"

    def shortfall(self, draws: Draws, level: float, kind: IntervalKind) -> float:
        """Return how many times too large the errors of an output are: at most 1 once it is settled.

        Infinite where an end's error is not known, or where too few draws met an event: what they all but
        agree on is no narrow interval. A mean or standard deviation without an error for another reason, as
        of a heavy tail, settles at no number of draws and is left out.
        """
        low, high = draws.interval(level, kind)
        if draws.mean.rests_on_too_few or low.error is None or high.error is None:
            return math.inf
        if self.digits is not None:
            sd = draws.sd.value
            tolerance = 0.5 * _unit_of_digit(sd, self.digits) if sd > 0 else math.inf
            errors = [e.error for e in (low, high, draws.mean, draws.sd) if e.error is not None]
            return 2 * max(errors) / tolerance
        width = high.value - low.value
        if width == 0:
            return 0.0
        spans_zero = low.value <= 0 <= high.value
        sizes = [width if spans_zero else abs(end.value) for end in (low, high)]
        return max(2 * low.error / sizes[0], 2 * high.error / sizes[1]) / (self.relative or 1)


@record("met", "reason=told")
@dataclass(frozen=True, slots=True)
class Reached:
    """How far a run that was to stop by itself has come.

    Parameters
    ----------
    asked
        The tolerance.
    shortfall
        How many times too large the largest error is; at most 1 where the tolerance is met.
    reason
        Why it stopped before the tolerance was met; empty where it is.
    """

    asked: Precision
    shortfall: float
    reason: str = ""

    @property
    def interrupted(self) -> bool:
        """Whether it was the user who stopped it."""
        return self.reason == INTERRUPTED

    @property
    def met(self) -> bool:
        """Whether every error is within the tolerance."""
        return self.shortfall <= 1

    @property
    def told(self) -> str:
        """Why it stopped, and how precise its numbers are."""
        return str(self)

    def __str__(self) -> str:
        if self.met:
            return f"settled to {self.asked}"
        times = "unknown" if math.isinf(self.shortfall) else f"{self.shortfall:.2g} times that"
        return f"not settled to {self.asked}: {self.reason}; the largest error is {times}"


def next_samples(samples: int, shortfall: float) -> int:
    """Return the draws that should settle it, if errors fall with the square root of their number."""
    growth = min(max(1.1 * shortfall**2, LEAST_GROWTH), MOST_GROWTH)
    return math.ceil(samples * growth)


def foreseen_samples(samples: int, shortfall: float) -> float:
    """Return the draws that would settle it, however many; infinite where that is not known."""
    return samples * shortfall**2


def largest_shortfall(
    precision: Precision, outputs: Sequence[Draws], level: float, kind: IntervalKind
) -> float:
    """Return the largest shortfall of several outputs."""
    return max(precision.shortfall(draws, level, kind) for draws in outputs)


def _unit_of_digit(value: float, digits: int) -> float:
    """Return one unit of the last of `digits` significant digits of a value."""
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    return 10.0 ** (exponent - digits + 1)
