"""How a published figure stands under each reading, in one plain sentence a reading.

The sentences come from the numbers alone, by these rules.

* The reading's condition comes first ("If nobody prompts, …,").
* Where the output has a reference, the share of draws on the claim's side of it follows: "the direction holds
  in 99.9 % of draws".
* Where a figure was published, its place among the draws follows: "2,900 lies at the 71st percentile". Of a
  published mean, percentile or other statistic, the same of the draws follows instead: like with like.
* The median comes last. "Half the draws say 1,200 or less" where the figure lies above the median, or
  where a claim of "at least" has no figure; "or more" otherwise: the half that speaks against the figure.
* An output that does not vary is said to be one number, and of a yes or no how probable yes is.
* Where many draws are exactly the figure, their share is said instead of its place.

The first sentences of a verdict come from `uncertainty.calibrated_sentences`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from uncertainty import numbers
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.challenges.thresholds import published_threshold, reference_threshold
from uncertainty.compiled import evaluate_at_points
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief
from uncertainty.reproduction import compare_estimate, derived_inputs, rounds_to, statistic_of
from uncertainty.results import record, row_of
from uncertainty.sampling.estimate import Ends, Unplaced
from uncertainty.sampling.thresholds import FACTORS, ShareName, within_factor
from uncertainty.study.cells import gathered_titles
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.study.scenario import scenario
from uncertainty.wording import (
    SENTENCES,
    capitalised,
    compared_sentence,
    condition,
    figure_text,
    listed,
    middle_text,
    point_text,
    statistic_clause,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.conclusion import Conclusion
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.plain_answers import Judgement
    from uncertainty.quotation import Quotation
    from uncertainty.readings import Readings
    from uncertainty.reproduction import Reproduction, Reproductions
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Figure, Output


@record(
    "sentence",
    "point",
    "median",
    "**ends",
    "published_percentile?=place",
    "**shares?",
    "reasons.shares?=without_shares",
    "dropped?",
    "expected?",
)
@dataclass(frozen=True, slots=True)
class ReadingVerdict:
    """How the figure stands under one reading.

    Parameters
    ----------
    point, median
        The output at the reading's points, and the median of its draws.
    percentile
        Place of the published figure among the draws, 0 to 100; None where nothing was published.
    shares
        Shares of draws, those that apply, by the names in `uncertainty.sampling.thresholds.SHARES`.
    expected
        What the reading itself is expected to give for this output at the points, if anything.
    sentence
        All that in plain words.
    written
        The median and the interval for people to read.
    varies
        Whether the draws differ; what does not vary has no shares and no percentile.
    same_because
        Why nothing is known of a spread, where they do not.
    by_factors
        Whether to say how many draws lie within a factor of the figure: not of what may be 0 or negative, nor
        of what lies close together.
    dropped
        Share of draws that were dropped for want of a value, of an average over cases that of single cases;
        all that is said holds for the others.
    unplaced_because
        Why the published figure has no place among the draws, where it can have none.
    without_case
        Share of draws in which any one case has no value, where that is too much to say anything of it.
    beside_average
        Whether single cases stand beside an average over them, so that nothing is said of any one.
    """

    reading: str
    point: float
    median: Estimate
    low: Estimate
    high: Estimate
    percentile: Estimate | None
    shares: Mapping[ShareName, Estimate]
    expected: Reproduction | None
    sentence: str
    written: tuple[str, str]
    varies: bool
    same_because: str
    by_factors: bool
    dropped: float
    unplaced_because: str = ""
    without_case: float = 0.0
    beside_average: bool = False

    @property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(self.low, self.high)

    @property
    def place(self) -> Estimate | Unplaced | None:
        """Place of the published figure among the draws, from 0 to 100."""
        return Unplaced(self.unplaced_because) if self.unplaced_because else self.percentile

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """Every number from draws, by its name; the interval's ends apart."""
        ends = (("median", self.median), ("low", self.low), ("high", self.high))
        place = () if self.percentile is None else (("published_percentile", self.percentile),)
        return Frozen(dict([*ends, *self.shares.items(), *place]))

    @property
    def without_shares(self) -> str:
        """Why there are no shares of draws."""
        return "" if self.varies else self.same_because


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a published figure stands.

    Parameters
    ----------
    sentence
        The direction and how sure it is, the size, whether convention or data decide, and a difference at
        its worst.
    arithmetic
        Whether the publication's own arithmetic gives the figure, and what else does.
    reproduced_by
        Where the points alone do not give the figure: the published outputs that do it when used as printed,
        or the readings under whose inputs the points do.
    readings
        By reading, the leading ones first.
    leading
        The readings to be led with.
    reaching
        The readings that change something that the output depends on; of others nothing is said.
    conclusion
        The numbers behind the sentence.
    judgement
        The same in plain words, as short answers.
    quotations
        The sentences by which the leading readings may be quoted, the preferred one first.
    """

    sentence: str
    arithmetic: str
    reproduced_by: tuple[str, ...]
    readings: Mapping[str, ReadingVerdict]
    leading: tuple[str, ...]
    reaching: tuple[str, ...]
    conclusion: Conclusion
    judgement: Judgement
    quotations: tuple[Quotation, ...]

    __repr__ = brief

    def rows(self, output: str) -> list[dict[str, Any]]:
        """Return a row of a table for each reading, the leading ones first."""
        return [
            {"output": output, "reading": name, "leading": name in self.leading, **row_of(each)}
            for name, each in self.readings.items()
        ]


def judge(readings: Readings, reproductions: Reproductions) -> Verdict:
    """Say how an output's published figure stands under every reading.

    Parameters
    ----------
    readings
        The output's draws under every reading.
    reproductions
        What the study's points give, as published and under the readings that expect a figure.
    """
    output = readings.output.name
    reproduction = reproductions.figures[output]
    order = tuple(dict.fromkeys((*readings.leading, *readings.runs)))
    explained = reproduction.explained_by
    if reproduction.status == "differs":
        explained = _reproducing_readings(readings)
    expected = reproductions.readings
    verdicts = {name: _judge_reading(readings, name, expected.get(name, {}).get(output)) for name in order}
    return Verdict(
        sentence=" ".join(first_sentences(readings)),
        arithmetic=arithmetic_sentence(readings, reproduction, explained),
        reproduced_by=explained,
        readings=Frozen(verdicts),
        leading=readings.leading,
        reaching=readings.reaching,
        conclusion=readings.conclusion,
        judgement=readings.judgement,
        quotations=readings.quotations,
    )


def _judge_reading(readings: Readings, name: str, expected: Reproduction | None) -> ReadingVerdict:
    found = readings.distribution(name)
    published = found.output.published_value
    return ReadingVerdict(
        reading=name,
        point=found.point,
        median=found.middle,
        low=found.ends.low,
        high=found.ends.high,
        percentile=found.percentile,
        shares=Frozen(shares(found)),
        expected=expected,
        sentence=_sentence(readings, name),
        written=found.written,
        varies=found.varies,
        same_because=found.draws.same_because,
        by_factors=published is not None and differs_by_factors(found, published),
        dropped=found.one_case.dropped,
        unplaced_because=found.output.unplaced_because,
        without_case=found.without_case,
        beside_average=found.beside_average,
    )


def _sentence(readings: Readings, name: str) -> str:
    """Say how the figure stands under a reading, or which other one makes it alike: none is told twice."""
    study, first = readings.study, readings.repeated.get(name, AS_PUBLISHED)
    if first != AS_PUBLISHED and name not in readings.leading:
        title = study.readings[first].title
        return f"For this figure the same as “{title}”: what else this reading changes does not reach it."
    clause = condition(study, study.readings[name], readings.output)
    return reading_sentence(readings.distribution(name), clause)


def shares(found: OutputDistribution) -> dict[ShareName, Estimate]:
    """Return the shares of draws that a verdict rests on, those that apply: none of what does not vary."""
    if not found.varies:
        return {}
    shares: dict[ShareName, Estimate] = {}
    published, reference = published_threshold(found.output), reference_threshold(found.output)
    if published is not None:
        shares["at_or_beyond_published"] = published.share(found.draws)
        for name, factor in FACTORS.items() if published.value else ():
            shares[name] = found.draws.share_within(*within_factor(published.value, factor))
    if reference is not None:
        shares["beyond_reference"] = reference.share(found.draws)
    return shares


def differs_by_factors(found: OutputDistribution, figure: float) -> bool:
    """Tell whether draws have the sign of a figure and are not all within a factor of 2 of each other."""
    if not figure:
        return False
    low, high = sorted((found.draws.lowest / figure, found.draws.highest / figure))
    return low > 0 and (found.output.scale == "log10" or high > numbers.WIDE * low)


def reading_sentence(found: OutputDistribution, clause: str) -> str:
    """Write one reading's verdict, by the rules that this module lists.

    Parameters
    ----------
    clause
        What the reading holds fixed, "If …,".
    """
    output = found.output
    median = middle_text(found)
    if found.draws.unmet:
        return f"{clause} all draws say {median}, though other values are possible."
    if not found.varies:
        return f"{clause} {SENTENCES['unvarying'].format(median=median)}."
    if found.probability is not None:
        beside = f", and {statistic}" if (statistic := statistic_clause(found)) else ""
        return f"{clause} the answer is yes in {median} of draws{beside}."
    parts = []
    if (reference := reference_threshold(output)) is not None:
        share = numbers.share(reference.share(found.draws))
        if output.published is not None:
            parts.append(SENTENCES["direction"].format(share=share))
        else:
            side = "at_least" if output.claims_above else "at_most"
            limit = with_unit(point_text(reference.value), output.unit.text)
            parts.append(SENTENCES[side].format(share=share, value=limit))
    if statistic := statistic_clause(found):
        parts.append(statistic)
    elif output.published is not None and found.percentile is not None:
        figure = with_unit(figure_text(output.published), output.unit.text)
        if found.equal is not None:
            parts.append(f"{numbers.share(found.equal)} of draws are exactly {figure}")
        else:
            place = numbers.at_percentile(found.percentile)
            parts.append(SENTENCES["place"].format(published=figure, place=place))
    parts.append(SENTENCES[_half(output, found.median)].format(median=median))
    separator = ", and" if len(parts) > 2 else " and"
    return f"{clause} {_joined(parts, separator)}."


def _half(output: Output, median: float) -> str:
    """Name the half of the draws that speaks against the figure, or against the claim where there is none."""
    if output.published_value is None:
        return "half_or_less" if output.claims_above else "half_or_more"
    return "half_or_less" if median <= output.published_value else "half_or_more"


def _joined(parts: list[str], separator: str) -> str:
    *first, last = parts
    return f"{', '.join(first)}{separator} {last}" if first else last


def arithmetic_sentence(readings: Readings, row: Reproduction, reproduced_by: tuple[str, ...]) -> str:
    """Say whether the publication's own arithmetic gives its figure, and if not, what does."""
    if row.estimate is not None:
        first = _statistic_sentence(readings, row, reproduced_by)
    else:
        first = _points_sentence(readings, row, reproduced_by)
    if not row.also:
        return first
    others = "; ".join(compared_sentence(each) for each in row.also)
    return f"{first} What else was published: {others}."


def _statistic_sentence(readings: Readings, row: Reproduction, reproduced_by: tuple[str, ...]) -> str:
    """Say whether the draws give a statistic that was published, and if not, which reading's do."""
    first = f"{capitalised(compared_sentence(row))}."
    if row.status != "differs":
        return first
    if reproduced_by:
        titles = listed([f"“{readings.study.readings[name].title}”" for name in reproduced_by], "or")
        return f"{first} The draws of {titles} give it."
    return f"{first} No reading of the study gives it."


def _points_sentence(readings: Readings, row: Reproduction, reproduced_by: tuple[str, ...]) -> str:
    study, output = readings.study, readings.output
    if output.published is None:
        return (
            f"The study has no published figure of “{output.title}”, so there is no arithmetic to reproduce."
        )
    figure = with_unit(figure_text(output.published), output.unit.text)
    # two digits more than were printed show how the point rounds
    digits = max(numbers.MOST_DIGITS, output.published.digits + 2)
    point = with_unit(_trimmed(numbers.number(row.point, digits)), output.unit.text)
    derived = len(gathered_titles(derived_inputs(study, [output.name]), study))
    model = study.own_model
    own = f"publication's own inputs{f', {derived} of them derived,' if derived else ''} give {point}"
    own += f" in {model}" if model else ""
    if row.status == "reproduced":
        return f"The arithmetic reproduces {figure}: the {own}."
    gives = f"The {own}"
    if row.status == "rounding":
        printed = listed([f"“{study.outputs[name].title}”" for name in reproduced_by], "or")
        return f"{gives}; it takes {printed} as printed, rounded, to give {figure}."
    if reproduced_by:
        titles = listed([f"“{study.readings[name].title}”" for name in reproduced_by], "or")
        return f"{gives}, not {figure}, which the inputs of {titles} give."
    if drawn := _statistic_like(readings, output.published):
        statistic, found = drawn
        return (
            f"{gives}, not {figure}, to which the {statistic} of the draws, "
            f"{numbers.estimate(found, digits)}, rounds; if that was published, write "
            f"published = {{ {statistic} = {output.published.value:.15g} }}."
        )
    return (
        f"{gives}, not {figure}; no other published figure as printed, and no reading at its points, "
        "gives it either."
    )


def _statistic_like(readings: Readings, figure: Figure) -> tuple[str, Estimate] | None:
    """Return what of the draws as published rounds to the figure that the points do not give, the nearest."""
    draws = readings.distribution(AS_PUBLISHED).draws
    candidates = [replace(figure, statistic=name) for name in ("mean", "median")]
    compared = [(each.statistic, statistic_of(draws, each, None)) for each in candidates]
    like = [each for each in compared if compare_estimate(each[1], figure) == "reproduced"]
    return min(like, key=lambda each: abs(each[1].value - figure.value), default=None)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _reproducing_readings(readings: Readings) -> tuple[str, ...]:
    """Find the readings whose points, or draws where it is of them, give the published figure."""
    figure = readings.output.published
    return () if figure is None else tuple(n for n in readings.study.readings if _gives(readings, n, figure))


def _gives(readings: Readings, name: str, figure: Figure) -> bool:
    output = readings.output
    if figure.at_points:
        points = evaluate_at_points(scenario(readings.study, name), [output.name])
        return rounds_to(points[output.name], figure)
    draws = readings.distribution(name).draws
    return compare_estimate(statistic_of(draws, figure, output.reference), figure) == "reproduced"
