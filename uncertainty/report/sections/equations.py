"""The calculation as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.report.blocks import Block, Column, Details, Paragraph, Section, Table, Text, code
from uncertainty.report.sections.inputs import distribution_text
from uncertainty.wording import unit_in_words

if TYPE_CHECKING:
    from uncertainty.report.content import ReportContent
    from uncertainty.study.model import Study


def section(content: ReportContent) -> Section:
    """List the outputs' equations, the intermediate ones, and what options put in their place."""
    study = content.study
    title = "The calculation"
    if study.function is not None:
        text = "The model is a Python function, so there are no equations to show."
        return Section("equations", title, (Paragraph(text),))
    blocks: list[Block] = [
        Paragraph(
            "These are the study's own equations. Their units are checked when the study is read; a number "
            "may carry its unit in brackets."
        ),
        _outputs(study),
    ]
    if study.equations:
        blocks.append(Details("Intermediate quantities", (_intermediate(study),)))
    else:
        blocks.append(Paragraph("There are no intermediate quantities."))
    replaced = _replacements(study)
    if replaced is not None:
        blocks.append(Details("What other choices put in their place", (replaced,)))
    return Section("equations", title, tuple(blocks))


def _outputs(study: Study) -> Table:
    rows = tuple(
        (output.title, code(f"{name} = {_expression(study, name)}"), unit_in_words(output.unit.text))
        for name, output in study.outputs.items()
    )
    return Table((Column("Output"), Column("Equation"), Column("Unit")), rows, "Outputs")


def _expression(study: Study, output: str) -> str:
    """Return an output's expression, or that of the quantity which it shows by name."""
    own = str(study.outputs[output].expression or output)
    return str(study.equations[own].expression) if own == output and own in study.equations else own


def _intermediate(study: Study) -> Table:
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            equation.label or equation.name.replace("_", " "),
            code(f"{equation.name} = {equation.expression}"),
            "as it follows" if equation.unit is None else unit_in_words(equation.unit.text),
            equation.note or "–",
        )
        for equation in study.equations.values()
    )
    columns = (Column("Quantity"), Column("Equation"), Column("Unit"), Column("Note"))
    return Table(columns, rows, "Intermediate quantities, as published")


def _replacements(study: Study) -> Table | None:
    rows: list[tuple[Text, ...]] = []
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                rows.append((choice.question or choice.name, option.title, code(f"{name} = {expression}")))
            for name, distribution in option.inputs.items():
                rows.append(
                    (
                        choice.question or choice.name,
                        option.title,
                        code(f"{name}: {distribution_text(distribution)}"),
                    )
                )
    columns = (Column("Choice"), Column("Option"), Column("Instead"))
    return Table(columns, tuple(rows), "Replacements by option") if rows else None
