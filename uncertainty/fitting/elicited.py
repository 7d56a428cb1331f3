"""What was made from an expert's quantiles: distributions, the best first, as lines to paste."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, overload

import numpy as np

from uncertainty import numbers
from uncertainty.distributions import parse_distribution
from uncertainty.distributions.elicited import tail_text
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass, regex
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.metalog import Quantiles


EXACT = 1e-8
"""Misplaced probability up to which quantiles count as met."""

STRAY = 1e-3
"""Probability below 0 that matters where all that was given is positive."""

METALOG, POSITIVE_METALOG = "metalog", "metalog above 0"
PIECEWISE, ENTROPY = "piecewise", "maximum entropy"
MADE_TO_MEASURE = (METALOG, POSITIVE_METALOG, PIECEWISE, ENTROPY)
"""How distributions are made that have as many parameters as there are quantiles; all others are families."""


@record("how", "distribution=text", "misplaced", "median", "interval")
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

    @property
    def is_exact(self) -> bool:
        """Whether it meets what was given."""
        return self.misplaced <= EXACT

    @property
    def is_finite(self) -> bool:
        """Whether it has a finite standard deviation."""
        return math.isfinite(self.distribution.sd)

    @property
    def below_zero(self) -> float:
        """The probability that it gives to negative values."""
        return float(self.distribution.cdf(np.array([np.nextafter(0.0, -1.0)]))[0])


@dataclass(frozen=True, slots=True, eq=False)
class Elicitation(Sequence[Elicited]):
    """Distributions for what an expert said, the one to take first.

    Parameters
    ----------
    given
        The quantiles, by probability.
    low, high
        The limits, where there are any.
    found
        What meets all quantiles first, then the nearest families.
    refused
        What could not be made, and why.
    """

    given: Quantiles
    low: float | None
    high: float | None
    found: tuple[Elicited, ...]
    refused: Mapping[str, str] = field(default_factory=Frozen)

    __repr__ = brief

    @overload
    def __getitem__(self, index: int) -> Elicited: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Elicited, ...]: ...
    def __getitem__(self, index: int | slice) -> Elicited | tuple[Elicited, ...]:
        return self.found[index]

    def __len__(self) -> int:
        return len(self.found)

    @property
    def best(self) -> Elicited:
        """The one to take."""
        return self.found[0]

    @property
    def positive(self) -> bool:
        """Whether nothing that was said leaves room below 0, as in ``2 to 8``, which is lognormal."""
        return bool(self.given) and self.given[0][1] > 0 and (self.low is None or self.low >= 0)

    def strays(self, each: Elicited) -> bool:
        """Whether it reaches below 0 where all that was given is positive."""
        return self.positive and each.below_zero > STRAY

    def is_open(self, each: Elicited) -> bool:
        """Whether it ends at the limits that were given, or at 0 for what is positive, and nowhere else."""
        start, end = each.distribution.support
        from_low = start == -math.inf if self.low is None else math.isclose(start, self.low, abs_tol=1e-12)
        to_high = end == math.inf if self.high is None else math.isclose(end, self.high, abs_tol=1e-12)
        return (from_low or (self.positive and start == 0.0)) and to_high

    def is_sound(self, each: Elicited) -> bool:
        """Whether it meets all that was said, and has what a calculation with it needs."""
        return each.is_exact and each.is_finite and not self.strays(each) and self.is_open(each)

    def rank(self, each: Elicited) -> tuple[float, bool, bool, bool]:
        """Return what sorts it among the others."""
        misplaced = max(each.misplaced, EXACT)
        return misplaced, not each.is_finite, self.strays(each), not self.is_open(each)

    @property
    def verdict(self) -> str:
        """What is to be known before all else: that what is made to measure alone, or nothing, meets them."""
        families = [each for each in self.found if each.how not in MADE_TO_MEASURE]
        if not self.given or not families or any(each.is_exact for each in families):
            return ""
        nearest = min(families, key=lambda each: each.misplaced)
        exact = [each.how for each in self.found if each.is_exact]
        meets = f"Only {_listed(exact)} meet{'s' * (len(exact) == 1)}" if exact else "None of these meets"
        among = " of the others" if exact else ""
        return (
            f"{meets} what was said: {nearest.how}, the nearest{among}, misplaces {misplaced_text(nearest)} "
            "of the probability."
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to make of it."""
        every = (self._about_the_best(), self._about_zero(), self._about_ends(), self._about_misplaced())
        return tuple(sentence for sentence in every if sentence)

    def _about_the_best(self) -> str:
        best = self.best
        if best.text == range_text(self.given):
            return f'In a study "{best.text}" means this {best.how}.'
        if best.how == PIECEWISE:
            limited = "" if self.low is self.high is None else ", or is uniform up to a limit"
            return (
                "piecewise is uniform between one value given and the next, and beyond them falls off as "
                f"{tail_text(self.given)} does{limited}."
            )
        if best.how == ENTROPY and self.given:
            return "maximum entropy is uniform between one value given and the next."
        return ""

    def _about_zero(self) -> str:
        strays = [f"{numbers.share(each.below_zero)} of {each.how}" for each in self if self.strays(each)]
        if not strays:
            return ""
        return (
            "All that was given is positive, and of those that misplace nothing what stays positive comes "
            f"first. Below 0 lie {_listed(strays)}."
        )

    def _about_ends(self) -> str:
        said = []
        infinite = [each.how for each in self if not each.is_finite]
        if infinite:
            said.append(
                f"So heavy is the tail of {_listed(infinite)} that the standard deviation is infinite."
            )
        short = [each.how for each in self if each.is_exact and not self.is_open(each)]
        if short:
            verb = "rules" if len(short) == 1 else "rule"
            said.append(f"{_listed(short)} {verb} out values that nobody ruled out.")
        return " ".join(said)

    def _about_misplaced(self) -> str:
        if not self.given:
            return ""
        said = "Misplaced is the most probability that lies on the wrong side of a value that was given."
        if sum(each.is_exact for each in self) > 1:
            said += (
                " Between those that misplace nothing, nothing that was said decides; how far their tails "
                "reach does."
            )
        return said

    @property
    def table(self) -> Table:
        """One row a distribution."""
        rows = [
            {
                "how": each.how,
                "distribution": each.text,
                "misplaced": each.misplaced,
                "median": each.median,
                "p5": each.interval[0],
                "p95": each.interval[1],
            }
            for each in self
        ]
        return Table.of_rows("quantiles", rows)

    _repr_html_ = view


def misplaced_text(each: Elicited) -> str:
    """Write what is misplaced as a percentage; a dash for nothing."""
    if each.is_exact:
        return "–"
    return "<0.1 %" if each.misplaced < 5e-4 else f"{100 * each.misplaced:.1f} %"


def range_text(given: Quantiles) -> str:
    """Write two quantiles as a range of the study language; empty where they are not its 5 % and 95 %."""
    if tuple(p for p, _ in given) != (0.05, 0.95):
        return ""
    (_, low), (_, high) = given
    return f"{number_text(low)} to {number_text(high)}" if low > 0 or low < 0 < high else ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_NUMBER = regex(r"(?<![\w.])[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.])")
PROBABILITIES = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
FEWEST_DIGITS, MOST_DIGITS = 3, 17


def short_text(
    distribution: Distribution, tolerance: float, inside: tuple[float, float] | None = None
) -> str:
    """Write a distribution in the study language with the fewest digits, 3 at least, that keep what it says.

    Every number has as many digits as it needs: a place far from 0 many, the spread around it few.

    Parameters
    ----------
    tolerance
        How far its quantiles may move.
    inside
        Values that must stay possible.
    """
    text = str(distribution)
    wanted = distribution.quantile(PROBABILITIES)
    count = len(_NUMBER.findall(text))

    def keeps(digits: Sequence[int]) -> bool:
        try:
            found = parse_distribution(_rounded(text, digits))
        except InvalidValue:
            return False
        low, high = found.support
        if inside is not None and not (low <= inside[0] and inside[1] <= high):
            return False
        return bool(np.all(np.abs(found.quantile(PROBABILITIES) - wanted) <= tolerance))

    enough = next((n for n in range(FEWEST_DIGITS, MOST_DIGITS) if keeps([n] * count)), None)
    if enough is None:
        return text
    digits = [enough] * count
    for place in reversed(range(count)):  # shapes and scales come last, and need the fewest
        fewer = range(FEWEST_DIGITS, enough)
        digits[place] = next(
            (n for n in fewer if keeps([*digits[:place], n, *digits[place + 1 :]])), digits[place]
        )
    return _rounded(text, digits)


def _rounded(text: str, digits: Sequence[int]) -> str:
    """Round every number in a text, each to its own digits."""
    places = iter(digits)
    return _NUMBER.sub(lambda match: _shortest(float(match[0]), next(places)), text)


def _shortest(number: float, digits: int) -> str:
    """Write a rounded number plainly, or with an exponent where that is shorter."""
    short = f"{number:.{digits}g}"
    return min(number_text(float(short)), short, key=len)
