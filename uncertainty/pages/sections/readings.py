"""Every reading of a study, each with its source, and what critics say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Section, Table, Text, strong
from uncertainty.pages.roles import role
from uncertainty.pages.sections.sources import cited
from uncertainty.pages.sections.verdicts import sentences
from uncertainty.study.bibliography import note_of
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.wording import (
    after_unit,
    beyond,
    calculated_text,
    capitalised,
    condition,
    interval_text,
    listed,
    median_text,
    middle_heading,
    middle_text,
    named_figure,
    point_text,
    published_text,
    the_other,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.readings import Readings
    from uncertainty.study.model import Reading, Study


def section(content: ReportContent) -> Section:
    """List the headline under all readings, and the other figures' medians."""
    study, readings = content.study, content.headline
    if len(readings.runs) == 1:
        text = "The study names no reading but the publication's own, so there is nothing to compare."
        return Section("readings", "Every reading", (Paragraph(text),))
    same = [name for name in readings.runs if name not in (AS_PUBLISHED, *readings.reaching)]
    lead = f"{len(readings.runs)} readings, the highest median first."
    if same:
        titles = listed(f"“{study.readings[name].title}”" for name in same)
        lead += (
            f" {count(len(same), 'of them changes', 'of them change')} nothing that the headline depends on "
            f"and {'is' if len(same) == 1 else 'are'} left out below: {titles}."
        )
    verdict = content.challenge.outputs[study.headline].verdict
    told = tuple(name for name in verdict.reaching if name not in verdict.leading)
    told_first = Paragraph(" ".join(first_sentences(readings)))
    blocks: list[Block] = [told_first, Paragraph(lead), _each(readings, same)]
    if told:
        summary = f"{capitalised(the_other(len(told), 'reading'))} in a sentence each"
        blocks.append(Details(summary, (sentences(study, verdict, told),)))
    others = [found for found in content.comparisons.values() if found is not readings]
    if others:
        blocks.append(
            Details(
                f"{_middles(others)} of {the_other(len(others), 'figure')} under every reading",
                (_medians(content, others),),
            )
        )
    blocks.append(Details("What each reading holds fixed, and its source", (_sources(content),)))
    if study.choices:
        made_of: list[Block] = [_choices(study), *_excluded(study)]
        blocks.append(Details("The choices that readings are made of", tuple(made_of)))
    return Section("readings", "Every reading", tuple(blocks))


def every_reading(readings: Readings) -> Section:
    """List one output under all readings."""
    return Section("readings", readings.output.title, (_each(readings, []),))


def _each(readings: Readings, same: list[str]) -> Table:
    output = readings.output
    rows: list[tuple[Text, ...]] = []
    for name in sorted(
        (name for name in readings.runs if name not in same),
        key=lambda name: -readings.distribution(name).median,
    ):
        found = readings.distribution(name)
        leading = name in readings.leading
        title = readings.study.readings[name].title
        rows.append(
            (
                (strong(title), f" ({role(readings, name)})") if leading else title,
                median_text(found),
                interval_text(found),
                "–" if output.published_value is None else beyond(found, output.published_value).text,
            )
        )
    unit = "" if output.unit.text == "1" else f", {output.unit.text}"
    columns = (
        Column("Reading"),
        Column(middle_heading([_all_of(readings)]), numeric=True),
        Column(f"{numbers.level(readings.settings.level)} interval", numeric=True),
        Column("Draws at or beyond the published figure", numeric=True),
    )
    return Table(columns, tuple(rows), f"{output.title}{unit}; published: {published_text(output)}")


def _medians(content: ReportContent, others: list[Readings]) -> Table:
    columns = (Column("Reading"), *(Column(found.output.title, numeric=True) for found in others))
    published: tuple[Text, ...] = (strong("published"), *(published_text(found.output) for found in others))
    rows = [
        (content.study.readings[name].title, *(median_text(found.distribution(name)) for found in others))
        for name in content.headline.runs
    ]
    return Table(columns, (published, *rows), f"{_middles(others)} by reading")


def _middles(others: Iterable[Readings]) -> str:
    return middle_heading(map(_all_of, others), plural=True)


def _all_of(readings: Readings) -> list[OutputDistribution]:
    return [readings.distribution(name) for name in readings.runs]


def _sources(content: ReportContent) -> Table:
    study = content.study
    columns = (Column("Reading"), Column("What it holds fixed"), Column("Source"), Column("Note"))
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            reading.title,
            f"{condition(study, reading)} …",
            cited(study, reading.source) or "–",
            cited(study, note_of(reading)) or "–",
        )
        for reading in study.readings.values()
    )
    return Table(columns, rows, "Readings and their sources")


def _choices(study: Study) -> Table:
    rows: list[tuple[Text, ...]] = []
    for choice in study.choices.values():
        for option in choice.options.values():
            own = " (the publication's own)" if option.name == choice.published else ""
            said = (note_of(choice) if option.name == choice.published else "", note_of(option))
            note = cited(study, " ".join(filter(None, said))) or "–"
            source = cited(study, option.source) or "–"
            rows.append((choice.question or choice.name, f"{option.title}{own}", source, note))
    columns = (Column("Question"), Column("Answer"), Column("Source"), Column("Note"))
    return Table(columns, tuple(rows), "Modelling choices")


def _excluded(study: Study) -> list[Block]:
    """Say which combinations make no sense, and why."""
    rows = []
    for rule in study.excluded:
        answers = [
            f"“{listed((study.choices[name].options[each].title for each in options), 'or')}”"
            for name, options in rule.when.items()
        ]
        because = " ".join(filter(None, (rule.because, note_of(rule))))
        rows.append((listed(answers, "with"), cited(study, because)))
    columns = (Column("Combination"), Column("Why it makes no sense"))
    return [Table(columns, tuple(rows), "Combinations that are left out")] if rows else []


CRITIQUES = "Readings with a source, figure by figure"

MOST_CRITICS = 6
"""Critiques that are told at once."""


def critics_section(content: ReportContent) -> Section | None:
    """Set what is printed beside what this study makes of it; nothing where no reading has anything."""
    study, readings = content.study, content.headline
    critics = [study.readings[name] for name in readings.reaching if study.readings[name].printed]
    if not critics:
        return None
    rows = tuple(
        (
            each.title,
            cited(study, each.printed),
            _of_what_they_print(content, each),
            cited(study, each.source) or "–",
        )
        for each in critics[:MOST_CRITICS]
    )
    columns = (
        Column("Counted so"),
        Column("Printed"),
        # words stand beside some of these numbers, which would not fit on one line
        Column("This study gives"),
        Column("Source"),
    )
    caption = (
        f"What is printed, and what this study gives for it: “{readings.output.title}” where none is named"
    )
    blocks: list[Block] = [Table(columns, rows, caption)]
    if len(critics) > MOST_CRITICS:
        blocks.append(Paragraph(f"All readings with a source, and every number, stand under “{CRITIQUES}”."))
    return Section("critics", "What others, or the authors since, have printed", tuple(blocks))


def _of_what_they_print(content: ReportContent, reading: Reading) -> str:
    """Write what the draws give for the headline, or for the figure that a reading is held to instead."""
    headline = content.study.headline
    spoken = [name for name in reading.expect if name in content.comparisons]
    name = headline if headline in spoken or not spoken else spoken[0]
    found = middle_and_interval(content.comparisons[name].distribution(reading.name))
    return found if name == headline else f"{found} for “{content.study.outputs[name].title}”"


def middle_and_interval(found: OutputDistribution) -> str:
    """Write how much an output is, with its interval where it has one."""
    middle, interval = middle_text(found), interval_text(found)
    return middle if interval == numbers.MISSING else f"{middle} ({interval})"


def critiques_section(content: ReportContent) -> Section:
    """List every reading that has a source with the figure that it gives."""
    sourced = [r for r in content.study.readings.values() if r.source and r.name != AS_PUBLISHED]
    if not sourced:
        return Section(
            "critiques", CRITIQUES, (Paragraph("No reading of the study has a source of its own."),)
        )
    rows = tuple(row for reading in sourced for row in _rows(content, reading))
    columns = (
        Column("Reading"),
        Column("Source"),
        Column("Figure"),
        Column("As published", numeric=True),
        Column("At its points", numeric=True),
        Column("Median", numeric=True),
        Column("Interval", numeric=True),
    )
    lead = (
        "“At its points” is what a reading's own numbers give, where the study says what they must "
        "give; the median and the interval are of draws that its source did not make."
    )
    return Section(
        "critiques",
        CRITIQUES,
        (Paragraph(lead), Table(columns, rows, "Readings with a source, and what each gives")),
    )


def _rows(content: ReportContent, reading: Reading) -> list[tuple[Text, ...]]:
    """Return a row for each figure that a reading expects, or one for the headline."""
    rows: list[tuple[Text, ...]] = []
    first: tuple[Text, Text] = (reading.title, cited(content.study, reading.source))
    for name in reading.expect or (content.study.headline,):
        output = content.study.outputs[name]
        published = numbers.MISSING if output.published is None else named_figure(output.published)
        title = after_unit(output.title, output.unit.text)
        rows.append(
            (*first, title, published, _point(content, reading, name), *_draws(content, reading, name))
        )
        first = ("", "")
    return rows


def _point(content: ReportContent, reading: Reading, name: str) -> str:
    """Write what a reading's points give beside what they should; nothing where nothing is expected."""
    if name not in reading.expect:
        return numbers.MISSING
    row = content.check.readings[reading.name][name]
    calculated = point_text(float(f"{row.point:.4g}")) if row.estimate is None else calculated_text(row)
    return f"{calculated} (expected {named_figure(reading.expect[name])})"


def _draws(content: ReportContent, reading: Reading, name: str) -> tuple[str, str]:
    if name not in content.comparisons:
        return numbers.MISSING, numbers.MISSING
    found = content.comparisons[name].distribution(reading.name)
    return median_text(found), interval_text(found)
