"""The claim in one screen: what was published, and how it stands under the leading readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Block, Card, Cards, Paragraph, Section, Text, emphasis, joined, strong
from uncertainty.report.citing import cited, what_was_read
from uncertainty.wording import (
    beyond_sentences,
    capitalised,
    claim_text,
    condition,
    convention_sentence,
    interval_text,
    listed,
    middle_name,
    middle_text,
    percentile_sentence,
    role,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.report.content import ReportContent


def section(content: ReportContent) -> Section:
    """Lead with the headline under its leading readings, none above another."""
    study, readings = content.study, content.headline
    output = readings.output
    blocks: list[Block] = [Paragraph(emphasis(study.question))] if study.question else []
    blocks.append(Paragraph(convention_sentence(readings), lead=True))
    changes = _changes(content)
    if changes:
        blocks.append(Paragraph((strong("This is not the study as it is written: "), f"{changes}.")))
    if output.published is None:
        blocks.append(
            Paragraph(f"Nothing was published for “{output.title}”, so nothing is challenged here.")
        )
    else:
        source = joined(" (", cited(study, output.source), ")") if output.source else ""
        equals = " = " if output.published.at_points else ", "
        figure = ("Published: ", output.title, equals, strong(claim_text(output)))
        blocks.append(Paragraph(joined(figure, source, ".")))
    blocks.append(Cards(tuple(_card(content, name, n) for n, name in enumerate(readings.leading))))
    if study.note:
        blocks.append(Paragraph(cited(study, study.note)))
    if read := what_was_read(study):
        blocks.append(Paragraph(read))
    return Section("claim", "The claim, and how sure it is", tuple(blocks))


def _card(content: ReportContent, name: str, number: int) -> Card:
    found = content.headline.distribution(name)
    reading = content.study.readings[name]
    lines: list[Text] = []
    if interval_text(found) != numbers.MISSING:
        level = numbers.level(found.level)
        lines.append((f"{level} uncertainty interval: ", strong(interval_text(found)), "."))
    moments = dict(zip(("mean", "standard deviation"), found.moments_written, strict=True))
    told = [
        f"{name} {with_unit(text, found.output.unit.text)}"
        for name, text in moments.items()
        if text != numbers.MISSING
    ]
    if told:
        lines.append(f"{capitalised(', '.join(told))}.")
    lines += beyond_sentences(found)
    percentile = percentile_sentence(found, reading.title)
    if percentile:
        lines.append(percentile)
    return Card(
        title=reading.title,
        label=role(content.headline, name),
        condition=condition(content.study, reading),
        value=middle_text(found),
        what=middle_name(found),
        lines=tuple(lines),
        role=number,
    )


def _changes(content: ReportContent) -> str:
    changes = [f"{name} = {value}" for name, value in content.settings.overrides.items()]
    return listed(changes) if changes else ""
