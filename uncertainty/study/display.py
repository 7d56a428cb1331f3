"""A study for a notebook: what it calculates, from what, and what is known about that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.study.sources import plain_text
from uncertainty.tables.html import html_heading, html_table

if TYPE_CHECKING:
    from uncertainty.study.model import Figure, Input, Study

NOTHING = "–"


def study_html(study: Study) -> str:
    """Return a study's outputs, inputs, choices and readings as HTML tables, everything escaped."""
    parts = [
        html_heading(study.title, plain_text(study.source, study.sources)),
        _outputs(study),
        _inputs(study),
    ]
    if study.choices:
        rows = [
            (choice.question or name, "; ".join(option.title for option in choice.options.values()))
            for name, choice in study.choices.items()
        ]
        parts.append(html_table(("Choice", "Options, the publication's own first"), rows))
    if len(study.readings) > 1:
        rows = [
            (reading.title, plain_text(reading.source, study.sources) or NOTHING)
            for reading in study.readings.values()
        ]
        parts.append(html_table(("Reading", "Source"), rows))
    return "".join(parts)


def _outputs(study: Study) -> str:
    rows = []
    for name, output in study.outputs.items():
        published = NOTHING if output.published is None else _figures(output.published)
        rows.append((name, output.label, output.unit.text, str(output.expression or name), published))
    return html_table(("Output", "Meaning", "Unit", "Value", "Published"), rows, numeric=(4,))


def _figures(figure: Figure) -> str:
    named = ((each.statistic, f"{each.value:.15g}") for each in figure.every)
    return ", ".join(text if name == "value" else f"{name} {text}" for name, text in named)


def _inputs(study: Study) -> str:
    head = ("Input", "Meaning", "Unit", "Point", "Distribution", "Basis", "Source")
    rows = [
        (
            name,
            item.label,
            item.unit.text,
            _point(item),
            NOTHING if item.distribution is None else str(item.distribution),
            item.basis or "",
            plain_text(item.source, study.sources),
        )
        for name, item in study.inputs.items()
    ]
    return html_table(head, rows, numeric=(3,))


def _point(item: Input) -> str:
    return f"{item.point:.15g}" if isinstance(item.point, float | int) else str(item.point)
