"""The sentences by which a result may be quoted: the answer, how much it is, and what it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import BILLIONTH, beyond_text, farthest, is_endless, is_multiple, roughly, unit_text
from uncertainty.characters import clean, on_one_line
from uncertainty.deciding import way_named
from uncertainty.late import dataclass
from uncertainty.results import record
from uncertainty.sides import compared
from uncertainty.study.citation import CALCULATED, address, cited_as, heading, publication
from uncertainty.study.model import AMOUNT, AS_CHOSEN, AS_PUBLISHED
from uncertainty.study.sources import is_derived
from uncertainty.wording import (
    ALIKE,
    HASH_DIGITS,
    beyond,
    capitalised,
    claim_text,
    condition,
    interval_text,
    median_text,
    middle_text,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.deciding import Compared
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.plain_answers import Judgement
    from uncertainty.study.model import Output, Study


@record("reading", "sentence", "citation")
@dataclass(frozen=True, slots=True)
class Quotation:
    """What may be quoted of an output under one reading.

    Parameters
    ----------
    reading
        Its name.
    sentence
        Sentences that stand alone: the study's answer and how sure it is, what the output is then, with its
        interval, what comes out by other ways, what was published by whom, and of which study that is.
    citation
        The study, as one cites it.
    """

    reading: str
    sentence: str
    citation: str


class _Subject(NamedTuple):
    """An output under the readings that are told of, and what a study answers.

    Parameters
    ----------
    names
        The leading readings, the preferred one first.
    far
        From where on a round end of an interval is the calculation's own.
    """

    readings: Compared
    judged: Judgement
    names: tuple[str, ...]
    far: float

    @property
    def of_cases(self) -> bool:
        """Whether the output speaks of single cases, which differ."""
        return self.readings.output.over == "case" and bool(self.readings.over)


def quotations(readings: Compared, judged: Judgement) -> tuple[Quotation, ...]:
    """Return what may be quoted of an output: a quotation a leading reading, the preferred one first."""
    names, far = leading_ways(readings)
    subject, cited = _Subject(readings, judged, names, far), cited_as(readings.study)
    return tuple(Quotation(name, _whole(subject, name), cited) for name in names)


def leading_ways(readings: Compared) -> tuple[tuple[str, ...], float]:
    """Return the readings that are told of, the preferred one first, and from where on no end is told."""
    names = [name for name in readings.leading if name != AS_CHOSEN]
    names.sort(key=lambda name: not readings.study.readings[name].preferred)
    return tuple(names), farthest(readings.output, [readings.asked[name].median for name in names])


def _whole(subject: _Subject, name: str) -> str:
    study, output = subject.readings.study, subject.readings.output
    told = f"{_way(subject, name)}{_told(subject, name)}."
    rest = (_others(subject, name), _claim(study, output), _origin(study))
    return " ".join(filter(None, (*_answers(subject, name), capitalised(told), *rest)))


def _answers(subject: _Subject, name: str) -> list[str]:
    """Return the study's questions with their answers, without a number that is told elsewhere."""
    readings = subject.readings
    number = f" ({roughly(readings.asked[name])})"
    told = [
        each.told for each in subject.judged.answers if each.short != roughly(readings.asked[AS_PUBLISHED])
    ]
    return [each.replace(number, "") for each in told] if readings.study.readings[name].preferred else told


def _named(subject: _Subject, name: str) -> str:
    study = subject.readings.study
    if study.readings[name].preferred:
        return "counted as the study finds fairest"
    if name != AS_PUBLISHED:
        return way_named(study, name)
    whose = (
        "the publication's own ranges"
        if name in subject.readings.printed_ranges
        else "the ranges of the study"
    )
    return f"{way_named(study, name)}, with {whose}"


def _way(subject: _Subject, name: str) -> str:
    """Name a way of counting with what it grants; nothing where there is no other."""
    study, reading = subject.readings.study, subject.readings.study.readings[name]
    if len(subject.names) == 1:
        return ""
    title = f"“{reading.title}”: " if reading.preferred else ""
    granted = clean(condition(study, reading, subject.readings.output))
    granted = granted.removeprefix("If ").removesuffix(",")
    if name == AS_PUBLISHED and not reading.condition:
        granted = ""
    if reading.preferred and (own := on_one_line(subject.readings.output.words.get("fairest", ""))):
        granted = own
    return f"{_named(subject, name)}{f' ({title}{granted})' if granted else ''}, "


def _told(subject: _Subject, name: str) -> str:
    """Say what an output is under a reading, and how well that is known."""
    own = subject.readings.asked[name]
    level, ends = numbers.level(own.level), interval_in(own, subject.far)
    if subject.of_cases and ends:
        half = f"in half of the cases drawn {statement(own, 'at most about ')}"
        return f"{half}, in {level} of all it is {ends}{_reached(own)}"
    alike = f" ({ALIKE})" if own.draws.unmet else "" if own.varies else " (one value: nothing varies)"
    certain = f" ({level} interval {ends})" if ends else alike
    return f"{subject.readings.over.replace(', ', ' ')}{statement(own)}{certain}"


def _reached(own: OutputDistribution) -> str:
    """Say how many of the cases drawn reach the published figure."""
    if own.output.published_value is None:
        return ""
    share = beyond(own, own.output.published_value)
    return f", and in {share.text} {share.direction} the published figure"


def statement(found: OutputDistribution, about: str = "about ") -> str:
    """Say what an output is, in the study's words or by its label."""
    return stated(found.output, amount_text(found, about), yes_or_no=found.probability is not None)


def stated(output: Output, amount: str, *, yes_or_no: bool = False) -> str:
    """Say that an output is an amount, in the study's words or by its label."""
    if own := output.words.get("statement"):
        return on_one_line(own).rstrip(".").replace(AMOUNT, amount)
    sides = compared(output)
    if sides is not None and output.reference == 1 and not yes_or_no:
        return f"“{sides[0]}” is {amount} as “{sides[1]}”{sides[2]}"
    return f"“{output.title}” is {amount}"


def published_amount(output: Output) -> str:
    """Write how much was published."""
    named = unit_text(claim_text(output))
    return f"{named} times as much" if is_multiple(output) else named


def amount_text(found: OutputDistribution, about: str = "about ", multiple: str = "times as much") -> str:
    """Write how much an output is, in numbers alone."""
    if found.probability is not None:
        return f"yes in {middle_text(found)} of draws"
    text = with_unit(median_text(found), multiple if is_multiple(found.output) else _unit(found.output))
    return f"{about}{text}" if found.varies else text


def _unit(output: Output) -> str:
    """Return the unit of an output's numbers, in words."""
    return "times" if is_multiple(output) else unit_text(output.unit.text)


def interval_in(found: OutputDistribution, far: float, unit: str = "") -> str:
    """Write an interval with its unit, or with another; nothing where there is none."""
    interval, unit = interval_text(found), unit or _unit(found.output)
    if interval == numbers.MISSING:
        return ""
    if found.output.unit.text == "1" and 0 < found.ends.values[0] < BILLIONTH:
        interval = f"less than a billionth to {interval.split(' to ')[-1]}"
    if is_endless(found, far):
        return f"{with_unit(interval.split(' to ')[0], unit)} to {beyond_text(found.output, far)}"
    return with_unit(interval, unit)


def _others(subject: _Subject, name: str) -> str:
    """Give what comes out where it is counted otherwise, so that no number stands alone."""
    verb = "half lie at or below" if subject.of_cases else "it is"
    each: list[str] = []
    for other in subject.names:
        if other != name:
            own, way = subject.readings.asked[other], _named(subject, other)
            ends = interval_in(own, subject.far, unit="1")
            amount = f"{amount_text(own, multiple='times')}{f' ({ends})' if ends else ''}"
            named = way if each and ", " not in way else f"{way},"
            each.append(f"{named} {amount}" if each else f"{named} {verb} {amount}")
    told = "; ".join(filter(None, (*each, _of_all(subject))))
    return f"{capitalised(told)}." if told else ""


def _of_all(subject: _Subject) -> str:
    """Say from where to where the middles of all readings lie, where those that are told do not say it."""
    asked = {name: each for name, each in subject.readings.asked.items() if name != AS_CHOSEN}
    ends = [pick(asked, key=lambda name: asked[name].median) for pick in (min, max)]
    if any(each.probability is not None for each in asked.values()):
        return ""
    low, high = (median_text(asked[name]) for name in ends)
    if not {low, high} - {median_text(asked[name]) for name in subject.names}:
        return ""
    unit = with_unit(high, _unit(subject.readings.output))
    return f"the middle values of all {len(asked):,} ways of counting run from {low} to {unit}"


def _claim(study: Study, output: Output) -> str:
    """Say what was published, by whom, and where it is found."""
    if output.published is None:
        return ""
    named = unit_text(claim_text(output))
    claimed = f"{named} times" if is_multiple(output) and named[-1:].isdigit() else named
    if own := on_one_line(output.words.get("published", "")):
        claimed = f"{claimed}, {own}"
    who, where = publication(study, output)
    by = f"Published by {who}" if who else "Published"
    if is_derived(output.source):
        by = f"Derived from {who}" if who else "Derived from what was published"
    return f"{by}: {claimed}{f' ({where})' if where else ''}."


def _origin(study: Study) -> str:
    """Say in which study and with which program a result was calculated, and where little was read for it."""
    day = study.date.isoformat() if study.date else ""
    facts = [
        clean(", ".join(study.authors)),
        day,
        f"version {clean(study.version)}" if study.version else "",
        address(study) or (f"sha256 {study.sha256[:HASH_DIGITS]}" if study.sha256 else ""),
    ]
    told = "; ".join(filter(None, facts))
    named = f"“{heading(study)}”{f' ({told})' if told else ''}"
    return f"From the study {named}{_read(study)}, {CALCULATED}."


def _read(study: Study) -> str:
    """Say that no source was read in full, where a study says of each what was."""
    sources = tuple(study.sources.values())
    if not sources or any(each.seen == "full text" or not (each.seen or each.through) for each in sources):
        return ""
    number = numbers.count(len(sources), "source")
    if all(each.seen == "excerpt" for each in sources):
        return f", which read excerpts alone of its {number}"
    return f", which read none of its {number} in full"
