"""The sentence by which a result may be quoted: what it is, what it holds under, how well it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import is_multiple, unit_text
from uncertainty.characters import clean, on_one_line
from uncertainty.results import record
from uncertainty.sides import compared
from uncertainty.study.citation import CALCULATED, address, cited_as, heading, is_derived, publication
from uncertainty.study.model import AMOUNT, AS_CHOSEN
from uncertainty.wording import (
    HASH_DIGITS,
    claim_text,
    condition,
    interval_text,
    median_text,
    middle_text,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Output, Study


@record("reading", "sentence", "citation")
class Quotation(NamedTuple):
    """What may be quoted of an output under one reading.

    Parameters
    ----------
    reading
        Its name.
    sentence
        A sentence that stands alone: what is granted, what the output is then, and its interval; then what
        comes out under other conditions, what was published by whom, and of which study and program that is.
    citation
        The study, as one cites it.
    """

    reading: str
    sentence: str
    citation: str


def quotations(
    study: Study, found: Mapping[str, OutputDistribution], leading: Sequence[str], over: str
) -> tuple[Quotation, ...]:
    """Return what may be quoted of an output: a sentence a leading reading, the preferred one first.

    Parameters
    ----------
    found
        The output's distribution by reading.
    over
        What the output speaks of where cases differ, such as "on average, ".
    """
    names = [name for name in leading if name != AS_CHOSEN]
    names.sort(key=lambda name: not study.readings[name].preferred)
    shown, cited = {name: found[name] for name in names}, cited_as(study)
    return tuple(Quotation(name, _sentence(study, name, shown, over), cited) for name in names)


def _sentence(study: Study, name: str, shown: Mapping[str, OutputDistribution], over: str) -> str:
    own, others = shown[name], {key: each for key, each in shown.items() if key != name}
    granted = clean(condition(study, study.readings[name], own.output))
    told = f"{granted} {over.replace(', ', ' ')}{statement(own)}{_certainty(own)}."
    return " ".join(filter(None, (told, _others(study, others), _claim(study, own.output), _origin(study))))


def statement(found: OutputDistribution) -> str:
    """Say what an output is, in the study's words or by its label."""
    output, amount = found.output, _amount(found)
    if own := output.words.get("statement"):
        return on_one_line(own).rstrip(".").replace(AMOUNT, amount)
    sides = compared(output)
    if sides is not None and output.reference == 1 and found.probability is None:
        return f"“{sides[0]}” is {amount} as “{sides[1]}”{sides[2]}"
    return f"“{output.title}” is {amount}"


def _amount(found: OutputDistribution, multiple: str = "times as much") -> str:
    """Write how much an output is, in numbers alone."""
    if found.probability is not None:
        return f"so in {middle_text(found)} of draws"
    text = with_unit(median_text(found), multiple if is_multiple(found.output) else _unit(found.output))
    return f"about {text}" if found.varies else text


def _unit(output: Output) -> str:
    """Return the unit of an output's numbers, in words."""
    return "times" if is_multiple(output) else unit_text(output.unit.text)


def _certainty(own: OutputDistribution) -> str:
    """Say in brackets how well an amount is known; nothing of what has no interval."""
    if ends := _interval(own):
        return f" ({numbers.level(own.level)} uncertainty interval {ends})"
    return "" if own.varies else " (one value, since nothing varies)"


def _interval(found: OutputDistribution) -> str:
    """Write an interval with its unit; nothing where there is none."""
    interval = interval_text(found)
    return "" if interval == numbers.MISSING else with_unit(interval, _unit(found.output))


def _others(study: Study, found: Mapping[str, OutputDistribution]) -> str:
    """Give what comes out where it is counted otherwise, so that no number stands alone."""
    each = [f"{_given(own)} {_under(study, name, own)}" for name, own in found.items()]
    return f"Counted otherwise, it is {'; or '.join(each)}." if each else ""


def _given(own: OutputDistribution) -> str:
    amount, ends = _amount(own, "times"), _interval(own)
    return f"{amount} ({ends})" if ends else amount


def _under(study: Study, name: str, own: OutputDistribution) -> str:
    """Return the condition of a reading as it stands behind what comes out under it."""
    granted = clean(condition(study, study.readings[name], own.output)).removesuffix(",")
    return f"{granted[:1].lower()}{granted[1:]}"


def _claim(study: Study, output: Output) -> str:
    """Say what was published, by whom, and where it is found."""
    if output.published is None:
        return ""
    named = unit_text(claim_text(output))
    claimed = f"{named} times" if is_multiple(output) and named[-1:].isdigit() else named
    who, where = publication(study, output)
    by = f"Published by {who}" if who else "Published"
    if is_derived(output.source):
        by = f"Derived from {who}" if who else "Derived from what was published"
    return f"{by}: {claimed}{f' ({where})' if where else ''}."


def _origin(study: Study) -> str:
    """Say in which study and with which program a result was calculated."""
    facts = [
        clean(", ".join(study.authors)),
        study.date.isoformat() if study.date else "",
        f"version {clean(study.version)}" if study.version else "",
        address(study) or (f"sha256 {study.sha256[:HASH_DIGITS]}" if study.sha256 else ""),
    ]
    told = "; ".join(filter(None, facts))
    return f"From the study “{heading(study)}”{f' ({told})' if told else ''}, {CALCULATED}."
