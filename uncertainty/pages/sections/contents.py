"""What a study holds: its outputs, inputs, choices and readings, as they stand in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Column, Section, Table
from uncertainty.study.sources import plain_text

if TYPE_CHECKING:
    from uncertainty.study.model import Figure, Input, Study


def contents(study: Study) -> tuple[Section, ...]:
    """Show a study by its tables."""
    tables = [_outputs(study), _inputs(study)]
    if study.choices:
        rows = tuple(
            (choice.question or name, "; ".join(option.title for option in choice.options.values()))
            for name, choice in study.choices.items()
        )
        tables.append(Table((Column("Choice"), Column("Options, the publication's own first")), rows))
    if len(study.readings) > 1:
        rows = tuple(
            (reading.title, plain_text(reading.source, study.sources) or numbers.MISSING)
            for reading in study.readings.values()
        )
        tables.append(Table((Column("Reading"), Column("Source")), rows))
    return (Section("contents", "", tuple(tables)),)


def _outputs(study: Study) -> Table:
    rows = tuple(
        (
            name,
            output.label,
            output.unit.text,
            str(output.expression or name),
            numbers.MISSING if output.published is None else _figures(output.published),
        )
        for name, output in study.outputs.items()
    )
    words = ("Output", "Meaning", "Unit", "Value")
    return Table((*map(Column, words), Column("Published", numeric=True)), rows)


def _figures(figure: Figure) -> str:
    named = ((each.statistic, f"{each.value:.15g}") for each in figure.every)
    return ", ".join(text if name == "value" else f"{name} {text}" for name, text in named)


def _inputs(study: Study) -> Table:
    columns = (
        Column("Input"),
        Column("Meaning"),
        Column("Unit"),
        Column("Point", numeric=True),
        Column("Distribution"),
        Column("Basis"),
        Column("Source"),
    )
    rows = tuple(
        (
            name,
            item.label,
            item.unit.text,
            _point(item),
            numbers.MISSING if item.distribution is None else str(item.distribution),
            item.basis or "",
            plain_text(item.source, study.sources),
        )
        for name, item in study.inputs.items()
    )
    return Table(columns, rows)


def _point(item: Input) -> str:
    return f"{item.point:.15g}" if isinstance(item.point, float | int) else str(item.point)
