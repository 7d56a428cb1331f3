"""The sentence by which a result may be quoted: what it is, what it holds under, how well it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.amounts import is_multiple, unit_text
from uncertainty.characters import clean, on_one_line
from uncertainty.results import record
from uncertainty.sides import compared
from uncertainty.study.citation import address, cited_as
from uncertainty.study.model import AMOUNT, AS_CHOSEN
from uncertainty.wording import (
    HASH_DIGITS,
    claim_text,
    condition,
    interval_text,
    listed,
    median_text,
    middle_text,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Study


@record("reading", "sentence", "citation")
class Quotation(NamedTuple):
    """What may be quoted of an output under one reading.

    Parameters
    ----------
    reading
        Its name.
    sentence
        A sentence that stands alone: what is granted, what the output is then, its interval, the reading,
        what others give, what was published, and of which study and program that is.
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
    own, others = shown[name], [each for key, each in shown.items() if key != name]
    granted = clean(condition(study, study.readings[name], own.output))
    details = "; ".join(_details(study, name, own, others))
    return f"{granted} {over.replace(', ', ' ')}{statement(own)} ({details})."


def statement(found: OutputDistribution) -> str:
    """Say what an output is, in the study's words or by its label."""
    output, amount = found.output, _amount(found)
    if own := output.words.get("statement"):
        return on_one_line(own).rstrip(".").replace(AMOUNT, amount)
    sides = compared(output)
    if sides is not None and output.reference == 1 and found.probability is None:
        return f"“{sides[0]}” is {amount} as “{sides[1]}”{sides[2]}"
    return f"“{output.title}” is {amount}"


def _amount(found: OutputDistribution) -> str:
    """Write how much an output is, in numbers alone."""
    if found.probability is not None:
        return f"so in {middle_text(found)} of draws"
    unit = unit_text(found.output.unit.text)
    text = (
        f"{median_text(found)} times as much"
        if is_multiple(found.output)
        else with_unit(median_text(found), unit)
    )
    return f"about {text}" if found.varies else text


def _details(
    study: Study, name: str, own: OutputDistribution, others: Sequence[OutputDistribution]
) -> Iterator[str]:
    """Yield what stands in brackets behind a statement."""
    output, interval = own.output, interval_text(own)
    if interval != numbers.MISSING:
        ends = with_unit(interval, "times" if is_multiple(output) else unit_text(output.unit.text))
        yield f"{numbers.level(own.level)} uncertainty interval {ends}"
    elif not own.varies:
        yield "one value, since nothing varies"
    yield f"reading “{clean(study.readings[name].title)}”"
    if others:
        yield _others(others)
    if output.published is not None:
        yield f"published: {unit_text(claim_text(output))}"
    yield ", ".join(_origin(study))


def _others(found: Sequence[OutputDistribution]) -> str:
    """Give the middle values of other readings, so that no number stands alone."""
    who = "other leading readings give" if len(found) > 1 else "another leading reading gives"
    if any(each.probability is not None for each in found):
        return f"{who} {listed(map(middle_text, found))}"
    return f"{who} {with_unit(listed(map(median_text, found)), unit_text(found[0].output.unit.text))}"


def _origin(study: Study) -> Iterator[str]:
    """Yield of which study and program a result is."""
    yield f"study of {study.date.isoformat()}" if study.date else f"study “{clean(study.name)}”"
    if study.version:
        yield f"version {clean(study.version)}"
    if where := address(study):
        yield where
    elif study.sha256:
        yield f"sha256 {study.sha256[:HASH_DIGITS]}"
    yield f"uncertainty {__version__}"
