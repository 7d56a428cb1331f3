"""What is known about one output, beside the point that was published: its distribution in numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from uncertainty import numbers
from uncertainty.expressions.stages import BESIDE_AVERAGE
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief
from uncertainty.results import record
from uncertainty.sampling.estimate import Ends, Least, Unplaced, Unvarying
from uncertainty.sampling.finiteness import MOST_DROPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.case_statistics import OutputCases, Spread
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.statistics import Draws, Estimate, IntervalKind
    from uncertainty.study.model import Observation, Output, Study


ATOM = 0.01
"""Share of draws with one value from which on a percentile does not say where that value lies."""

Place = Literal["published_percentile", "probability_at_least_published"]
"""Where the published figure lies among the draws."""

AT_REFERENCE: Final = "probability_at_least_reference"

Statistic = Literal["mean", "sd", "median", "geometric_sd", Place, "probability_at_least_reference"]

STATISTICS: Mapping[Statistic, str] = Frozen(
    {
        "mean": "the mean",
        "sd": "the standard deviation",
        "median": "the median",
        "geometric_sd": "the geometric standard deviation",
        "published_percentile": "the percentile of the published figure",
        "probability_at_least_published": "the share at the published figure or above",
        AT_REFERENCE: "the share at the reference or above",
    }
)
"""What is told of the draws of an output, each with its Monte Carlo error, beside the interval."""


@record(
    "label=output.title",
    "unit=output.unit.text",
    "point",
    "published=output.published.value",
    "published_statistic=output.published.statistic",
    "published_level?=output.published.level",
    "**statistics",
    "**ends",
    "dropped?",
    "probability_equal_published?=equal.value",
    "probability?",
    "over=output.over",
    "cases?",
    "reasons.cases?=cases_because",
    "prior?",
)
@dataclass(frozen=True, eq=False)
class OutputDistribution:
    """What is known about one output, in the output's unit.

    Parameters
    ----------
    point
        The calculation at the scenario's points.
    draws
        Its draws, shape (samples,); all of them one value where rounding alone would set them apart.
    level, kind
        The coverage interval that `interval` gives unless told otherwise.
    dropped
        Share of the draws that had no finite value and were left out, as the study wishes.
    cases
        The distribution over the cases, where it was asked for and something differs between them.
    any_case
        Where the output speaks of an average over the cases or the median case, and the same was asked for:
        its distribution over single cases and what nobody knows together.
    without_case
        Of a formula of averages: the share of draws in which any one case has no value, where these are too
        many to be left out, so that nothing is told of any one case.
    beside_average
        Whether its formula sets single cases beside an average over them, so that nothing is told of these.
    prior
        Where observations weigh the draws: what was known without them.
    """

    output: Output
    point: float
    draws: Draws
    level: float
    kind: IntervalKind
    dropped: float = 0.0
    cases: OutputCases | None = None
    any_case: OutputDistribution | None = None
    without_case: float = 0.0
    beside_average: bool = False
    prior: Spread | None = None

    __repr__ = brief

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,)."""
        return self.draws.values

    @cached_property
    def mean(self) -> float:
        """Mean of the draws."""
        return self.draws.mean.value

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the draws."""
        return self.draws.sd.value

    @cached_property
    def median(self) -> float:
        """Median of the draws."""
        return self.draws.quantile(0.5).value

    @property
    def varies(self) -> bool:
        """Whether the draws differ; what is computed anew in each of them is one value but for rounding."""
        return self.draws.lowest < self.draws.highest

    @cached_property
    def probability(self) -> Estimate | None:
        """The share of draws that say yes, where each says yes (1) or no (0); None for others."""
        if self.output.counts or (self.draws.lowest, self.draws.highest) != (0.0, 1.0):
            return None
        yes, no = self.draws.share_at_least(1.0), self.draws.share_at_most(0.0)
        return yes if math.isclose(yes.value + no.value, 1.0, rel_tol=1e-12) else None

    @property
    def written(self) -> tuple[str, str]:
        """The median and the interval for people to read; of a yes or no, how probable yes is."""
        median, (low, high) = self.middle, self.ends
        if self.probability is not None:
            return f"yes: {numbers.probability(self.probability)}", numbers.MISSING
        return numbers.median_and_interval(median, low, high, varies=self.varies)

    @property
    def point_written(self) -> str:
        """The point for people to read, beside the published figure and the interval."""
        digits = 0 if self.output.published is None else self.output.published.digits
        return numbers.beside(self.point, *self.ends, max(numbers.MOST_DIGITS, digits))

    @property
    def moments_written(self) -> tuple[str, str]:
        """The mean and the standard deviation for people to read, each where it is known and varies."""
        if not self.varies or self.probability is not None:
            return numbers.MISSING, numbers.MISSING
        mean, sd = self.draws.mean, self.draws.sd
        beside = numbers.together(mean, *self.ends)[0]
        return (
            numbers.MISSING if mean.error is None else beside,
            numbers.MISSING if sd.error is None else numbers.estimate(sd, 2),
        )

    @cached_property
    def equal(self) -> Estimate | None:
        """The share of draws that are exactly the published figure, where its percentile would not tell."""
        figure = self.output.published_value
        if figure is None or not self.varies:
            return None
        found = self.draws.share_within(figure, figure)
        return found if found.value >= ATOM else None

    @property
    def place_written(self) -> str:
        """Where the published figure lies among the draws: "71st", or the share of draws that are it."""
        if self.equal is not None:
            return f"{numbers.share(self.equal)} equal"
        place = self.percentile
        return numbers.MISSING if place is None else numbers.percentile(place)

    @property
    def left_out(self) -> tuple[str, float]:
        """Of what draws had no value and were dropped, and their share."""
        one = self.one_case
        return f"of “{self.output.title}”{' in any one case' if one is not self else ''}", one.dropped

    @property
    def cases_because(self) -> str:
        """Why there is no distribution over the cases of an average whose single cases are not told."""
        if self.beside_average:
            return f'"{self.output.name}" {BESIDE_AVERAGE}'
        dropped = self.without_case or (0.0 if self.any_case is None else self.any_case.dropped)
        if self.cases is not None or not dropped:
            return ""
        share = numbers.share(dropped)
        return f"in {share} of draws a single case has no value, so that the cases have no distribution"

    @property
    def told_alone(self) -> bool:
        """Whether an average is told, and nothing of any one case."""
        return self.beside_average or bool(self.without_case)

    def beside(self, one: OutputDistribution) -> OutputDistribution:
        """Return this distribution with that over single cases, unless too many of these have no value."""
        if one.dropped > MOST_DROPPED:
            return replace(self, without_case=one.dropped)
        return replace(self, any_case=one)

    @property
    def one_case(self) -> OutputDistribution:
        """The distribution over single cases, as far as it is known: else this one."""
        return self.any_case or self

    def quantile(self, probability: float) -> float:
        """Return the quantile at a probability from 0 to 1; SettingError outside them."""
        return self.draws.quantile(probability).value

    def interval(self, level: float | None = None, kind: IntervalKind | None = None) -> tuple[float, float]:
        """Return the low and high end of the coverage interval; SettingError if the level is no share."""
        low, high = self.draws.interval(
            self.level if level is None else level, self.kind if kind is None else kind
        )
        return low.value, high.value

    def probability_at_least(self, threshold: float) -> float:
        """Return the share of draws at or above `threshold`."""
        return self.draws.share_at_least(threshold).value

    @property
    def middle(self) -> Estimate:
        """The median, with its Monte Carlo error."""
        return self.draws.quantile(0.5)

    @property
    def either_median(self) -> tuple[float, float] | None:
        """Two neighbouring values of which draws, which share them, do not tell which one is the median."""
        found = self.draws.quantile_interval(0.5) if self.probability is None else None
        if found is None or not found[0] < found[1]:
            return None
        beside = self.draws.share_at_most(found[0]).value + self.draws.share_at_least(found[1]).value
        return found if math.isclose(beside, 1.0, rel_tol=1e-12) else None

    @cached_property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(*self.draws.interval(self.level, self.kind))

    @cached_property
    def percentile(self) -> Estimate | None:
        """The percentile of the published figure among the draws; None where it has no place there."""
        published = self.output.published_value
        if published is None or not self.varies:
            return None
        return self.draws.share_below(published).times(100)

    @property
    def share_at_least_reference(self) -> Estimate | None:
        """The share of draws at or above the output's reference; None where it has none, or none varies."""
        reference = self.output.reference
        return self.draws.share_at_least(reference) if reference is not None and self.varies else None

    @property
    def statistics(self) -> Mapping[Statistic, Estimate | Unvarying | Unplaced | None]:
        """What is told of the draws; None of what was not asked, and else a reason why there is no number.

        Notes
        -----
        mean, sd, median
            Of the draws.
        geometric_sd
            The geometric standard deviation, for outputs on a log10 scale.
        published_percentile
            Place of the published figure among the draws, from 0 to 100.
        probability_at_least_published, probability_at_least_reference
            Share of draws at or above the published figure, and the output's reference.
        """
        found: dict[Statistic, Estimate | Unvarying | Unplaced | None]
        found = {name: self.summary.get(name) for name in STATISTICS}
        figure = self.output.published
        if not self.varies:
            unknown = Unvarying(self.draws.same_because)
            found |= dict.fromkeys(PLACES if figure else (), unknown)
            found[AT_REFERENCE] = None if self.output.reference is None else unknown
        if unplaced := self.output.unplaced_because:
            missing = Unplaced if self.varies else Unvarying
            found |= dict.fromkeys(PLACES, missing(unplaced))
        return Frozen(found)

    def ask(self) -> None:
        """Ask the draws all that pages and tables show of them."""
        _ = self.summary, self.probability, self.equal

    @cached_property
    def summary(self) -> Mapping[str, Estimate]:
        """Every reported number with its Monte Carlo error, by the name it has in the JSON document.

        What does not vary has no percentile and no probability.
        """
        found = {
            "mean": self.draws.mean,
            "sd": self.draws.sd,
            "median": self.middle,
            "low": self.ends.low,
            "high": self.ends.high,
        }
        geometric_sd = self.draws.geometric_sd if self.output.scale == "log10" else None
        if geometric_sd is not None:
            found["geometric_sd"] = geometric_sd
        published = self.output.published_value
        if published is not None and self.percentile is not None:
            found["published_percentile"] = self.percentile
            found["probability_at_least_published"] = self.draws.share_at_least(published)
        if self.share_at_least_reference is not None:
            found[AT_REFERENCE] = self.share_at_least_reference
        return Frozen(found)


PLACES: tuple[Place, ...] = get_args(Place)


def as_emulated(study: Study, output: str, draws: Draws) -> Draws:
    """Return draws of an output whose errors have what an emulator, where the study has one, may miss.

    What it leaves is the same in all draws, so that no number of them averages it out.
    """
    told = None if study.emulator is None else study.emulator.outputs.get(output)
    if told is None:
        return draws
    missed = told.residual_sd
    if told.scale != "log10":
        return draws.beside(Least(errors=(missed,), of_mean=missed, of_sd=missed))
    part = math.expm1(math.log(10) * missed)
    ends, moments = (draws.lowest, draws.highest), (draws.mean.value, draws.sd.value)
    return draws.beside(Least(ends, [part * end for end in ends], *(part * moment for moment in moments)))


@record("quantity", "value", "unit", "error", "over", "prior", "posterior", "source?")
@dataclass(frozen=True, eq=False)
class ObservedQuantity:
    """What was observed, and what was known of it before and is known after.

    Parameters
    ----------
    observation
        As the study has it.
    prior, posterior
        Of the quantity, in the observation's unit: without the observations of the run, and with all of them.
    """

    observation: Observation
    prior: Spread
    posterior: Spread

    __repr__ = brief

    @property
    def quantity(self) -> str:
        """Name of the quantity that was observed."""
        return self.observation.quantity

    @property
    def value(self) -> float:
        """What was observed."""
        return self.observation.value

    @property
    def unit(self) -> str:
        """Unit of all numbers here."""
        return self.observation.unit.text

    @property
    def error(self) -> str:
        """How far the observation may be wrong."""
        return self.observation.error

    @property
    def over(self) -> str:
        """Whether one case was observed, or the average over the cases."""
        return self.observation.over

    @property
    def source(self) -> str:
        """Where it was published."""
        return self.observation.source


class DrawnInput(NamedTuple):
    """What an input was in a run.

    Parameters
    ----------
    unit
        The unit of its numbers.
    label
        What people read instead of the name.
    point, median, interval_90
        The point, and of the distribution the median and the central 90 %: where its parameters are other
        inputs, with these at their points.
    distribution
        In the study language.
    """

    label: str
    unit: str
    point: float
    distribution: str
    median: float
    interval_90: tuple[float, float]
