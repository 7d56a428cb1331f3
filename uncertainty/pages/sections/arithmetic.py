"""Whether the published arithmetic reproduces, before anything is sampled."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Section, Table, Text, joined, strong
from uncertainty.pages.sections.sources import cited
from uncertainty.study.bibliography import note_of
from uncertainty.study.cells import gathered_titles
from uncertainty.wording import (
    after_unit,
    calculated_text,
    drawn_text,
    figure_text,
    listed,
    some_of,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uncertainty.pages.content import ReportContent
    from uncertainty.reproduction import Reproduction, Reproductions
    from uncertainty.study.model import Study

ORDER = ("differs", "undecided", "rounding", "reproduced")


def section(content: ReportContent) -> Section:
    """Show each published figure beside what the publication's own inputs give."""
    return arithmetic(content.check)


def arithmetic(check: Reproductions) -> Section:
    """Show the same of figures that were checked."""
    figures = [row for first in check.figures.values() for row in first.every if row.status != "unpublished"]
    if figures:
        caption = f"Published figures, and the same from {_from(figures)}, unrounded"
        blocks: list[Block] = [
            Paragraph(_verdict(check.study, figures), lead=True),
            *_derived(check),
            _table(check.study, sorted(figures, key=lambda row: ORDER.index(row.status)), caption),
            *_notes(check.study, figures),
        ]
    else:
        text = "The study gives no published figure of any output: there is nothing to reproduce."
        blocks = [Paragraph(text)]
    blocks.append(_expected(check) if check.readings else Paragraph(NOTHING_EXPECTED))
    return Section("arithmetic", "Does the arithmetic reproduce?", tuple(blocks))


NOTHING_EXPECTED = "No reading names a figure that it must reproduce."


def _expected(check: Reproductions) -> Details:
    """Show what the study says that readings must give beside what their points give."""
    study = check.study
    named = [
        (study.readings[reading].title, row)
        for reading, rows in check.readings.items()
        for first in rows.values()
        for row in first.every
    ]
    rows = [row for _, row in named]
    met = sum(row.status != "differs" for row in rows)
    table = _table(
        study,
        rows,
        f"Figures that a reading must give, and what its points{' or draws' if _is_drawn(rows) else ''} give",
        "The study gives",
        [title for title, _ in named],
    )
    summary = f"What readings must give by the study: {met} of {count(len(rows), 'figure')} met"
    return Details(summary, (table, *map(Paragraph, _at_medians(check))), brief=True)


def _at_medians(check: Reproductions) -> list[str]:
    """Say where a reading's figures are judged at medians, because it gives distributions without points."""
    study, sentences = check.study, []
    for reading, medians in check.at_medians.items():
        if reading in check.readings:
            inputs = [(study.inputs[name], value) for name, value in medians.items()]
            told = [f"{item.name} ({value_text(item, value)})" for item, value in inputs]
            sentences.append(
                f"{study.readings[reading].title} is judged at the median of what has a distribution and no "
                f"point there: {listed(told)}."
            )
    return sentences


def _verdict(study: Study, figures: list[Reproduction]) -> str:
    counts = Counter(row.status for row in figures)
    whole = count(len(figures), "published figure")
    follow = "follows" if counts["reproduced"] == 1 else "follow"
    parts = [f"{counts['reproduced']} of {whole} {follow} from {_from(figures)}"]
    if counts["rounding"]:
        parts.append(f"{counts['rounding']} only when another figure is used as it was printed, rounded")
    if counts["differs"]:
        # nothing is said of a calculation that is not repeated
        own = study.own_model
        missed = f"come{'s' * (counts['differs'] == 1)} out otherwise, in {own}"
        parts.append(f"{counts['differs']} {missed if own else 'cannot be reproduced'}")
    if counts["undecided"]:
        parts.append(f"of {counts['undecided']} the draws cannot tell")
    return f"{listed(parts)}."


def _derived(check: Reproductions) -> list[Paragraph]:
    """Say which of the inputs the study calls derived, so that what they were made from is no check."""
    titles = [f"“{title}”" for title in gathered_titles(check.derived, check.study)]
    if not titles or not any(row.status == "reproduced" for row in check.figures.values()):
        return []
    said, it = "One of these inputs is", "it"
    if len(titles) > 1:
        said, it = f"{len(titles)} of these inputs are", "one of them"
    named = f"{said} derived, as the study says: {some_of(titles)}."
    return [Paragraph(f"{named} A published figure that was used to calculate {it} follows in any case.")]


def _notes(study: Study, figures: Iterable[Reproduction]) -> list[Paragraph]:
    """Return what the study has to say of each output whose figure differs."""
    differing = dict.fromkeys(row.output for row in figures if row.status == "differs")
    noted = [(study.outputs[name].title, note_of(study.outputs[name])) for name in differing]
    return [Paragraph(joined(f"{title}: ", cited(study, note))) for title, note in noted if note]


def _from(rows: Iterable[Reproduction]) -> str:
    """Say what figures are compared with: the points, or draws as well."""
    return "the published inputs or draws of them" if _is_drawn(rows) else "the published inputs"


def _is_drawn(rows: Iterable[Reproduction]) -> bool:
    return any(row.estimate is not None for row in rows)


def _table(
    study: Study,
    rows: Sequence[Reproduction],
    caption: str,
    said: str = "Published",
    readings: Sequence[str] = (),
) -> Table:
    first = [Column("Reading")] if readings else []
    columns = (
        *first,
        Column("Figure"),
        Column(said, numeric=True),
        Column("Digits", numeric=True),
        Column("Computed", numeric=True),
        Column("Finding"),
    )
    # what the study itself says of a reading is in no publication
    agrees = "met" if readings else "reproduced"
    cells: list[tuple[Text, ...]] = [_cells(study, row, agrees) for row in rows]
    if readings:
        before = ("", *readings)
        named = ("" if own == last else own for last, own in zip(before, readings, strict=False))
        cells = [(title, *row) for title, row in zip(named, cells, strict=True)]
    return Table(columns, tuple(cells), caption)


def _cells(study: Study, row: Reproduction, agrees: str) -> tuple[Text, ...]:
    title = after_unit(study.outputs[row.output].title, row.unit)
    if row.figure is not None and row.estimate is not None:
        title += f": {drawn_text(row)}"
    digits = row.digits or numbers.MOST_DIGITS
    printed = numbers.MISSING if row.published is None else numbers.printed(row.published, digits)
    point = calculated_text(row) if row.estimate else numbers.number(row.point, max(digits + 2, 4))
    return title, printed, f"{row.digits or 0}", point, _status(study, row, agrees)


def _status(study: Study, row: Reproduction, agrees: str) -> Text:
    if row.status == "undecided" and row.estimate is not None:
        return joined(strong("undecided"), f": {row.estimate.reason.rstrip('.')}")
    if row.status == "differs":
        return strong("differs")
    if row.status == "rounding":
        printed = [
            f"“{study.outputs[name].title}” is taken as the printed {figure_text(figure)}"
            for name in row.explained_by
            if (figure := study.outputs[name].figure_at_points) is not None
        ]
        return f"{agrees} only when {listed(printed, 'or')}"
    return agrees
