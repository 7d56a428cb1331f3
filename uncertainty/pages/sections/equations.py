"""The calculation as it is written, and how the headline is made of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions import Name, names
from uncertainty.pages.blocks import (
    Block,
    Column,
    Details,
    Equation,
    Equations,
    Paragraph,
    Section,
    Subheading,
    Table,
    code,
)
from uncertainty.pages.citing import cited
from uncertainty.pages.figures import figure
from uncertainty.pages.sections.inputs import shortened
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.wording import after_unit, capitalised, the_other

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.expressions import Expression
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study


def section(content: ReportContent) -> Section:
    """Show the headline's tree and equations, those of the other outputs, and what options replace."""
    study = content.study
    title = "The calculation"
    if study.function is not None:
        text = "The model is a Python function, so there are no equations to show."
        return Section("equations", title, (Paragraph(text),))
    published, *others = content.headline.leading
    own = _reached(content, study.headline)
    blocks: list[Block] = [
        Paragraph(
            "These are the study's own equations, with its names for the quantities. Their units are checked "
            "when the study is read; a number may carry its unit."
        ),
        Subheading("How the headline is made"),
        figure("dependencies", content, published),
        Equations((_output(study, study.headline), *(_quantity(study, name) for name in own))),
    ]
    blocks += [
        Details(
            f"How it is made under “{study.readings[name].title}”", (figure("dependencies", content, name),)
        )
        for name in others
    ]
    blocks += _rest(study, own)
    replaced = tuple(_replaced_equations(study))
    if replaced:
        summary = "Equations that other choices put in their place"
        blocks.append(Details(summary, (Equations(replaced),)))
    inputs = _replaced_inputs(study)
    if inputs is not None:
        blocks.append(Details("Inputs that other choices set", (inputs,)))
    return Section("equations", title, tuple(blocks))


def _reached(content: ReportContent, output: str) -> list[str]:
    """Return the intermediate quantities that an output is made of as published, from the result down."""
    equations = content.run_under(AS_PUBLISHED).scenario.equations
    expression = content.study.outputs[output].expression
    waiting = [*sorted(names(expression))] if expression is not None else [output]
    found: list[str] = []
    while waiting:
        name = waiting.pop(0)
        if name in equations and name not in found:
            found.append(name)
            waiting += sorted(names(equations[name]))
    return [name for name in found if name != output or expression is not None]


def _rest(study: Study, own: list[str]) -> list[Block]:
    """Return the equations that the headline does not need."""
    outputs = [name for name in study.outputs if name != study.headline]
    shown = {name for name in outputs if study.outputs[name].expression is None} | {study.headline}
    quantities = [name for name in study.equations if name not in own and name not in shown]
    blocks: list[Block] = []
    if outputs:
        equations = Equations(tuple(_output(study, name) for name in outputs))
        blocks.append(Details(capitalised(the_other(len(outputs), "output")), (equations,)))
    if quantities:
        equations = Equations(tuple(_quantity(study, name) for name in quantities))
        noun = "intermediate quantity"
        summary = capitalised(the_other(len(quantities), noun, "intermediate quantities"))
        blocks.append(Details(summary, (equations,)))
    elif not study.equations:
        blocks.append(Paragraph("There are no intermediate quantities."))
    return blocks


def _output(study: Study, name: str) -> Equation:
    """Return an output's equation, or that of the quantity which it shows by name."""
    output = study.outputs[name]
    expression: Expression = output.expression or Name(name)
    if expression == Name(name) and name in study.equations:
        expression = study.equations[name].expression
    return Equation(after_unit(output.title, output.unit.text), name, expression, cited(study, output.note))


def _quantity(study: Study, name: str) -> Equation:
    equation = study.equations[name]
    title = equation.label or name.replace("_", " ")
    unit = "1" if equation.unit is None else equation.unit.text
    return Equation(after_unit(title, unit), name, equation.expression, cited(study, equation.note))


def _replaced_equations(study: Study) -> Iterable[Equation]:
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                title = f"{choice.question or choice.name} {option.title}"
                yield Equation(title, name, expression, "")


def _replaced_inputs(study: Study) -> Table | None:
    rows = tuple(
        (
            choice.question or choice.name,
            option.title,
            study.inputs[name].title,
            code(shortened(str(override))),
        )
        for choice in study.choices.values()
        for option in choice.options.values()
        for name, override in option.inputs.items()
    )
    columns = (Column("Choice"), Column("Option"), Column("Input"), Column("Instead"))
    return Table(columns, rows, "Inputs that an option sets") if rows else None
