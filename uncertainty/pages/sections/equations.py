"""The calculation as it is written, and how the headline is made of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions import Name, names
from uncertainty.indices.index import written
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
    joined,
)
from uncertainty.pages.figures import figure
from uncertainty.pages.sections.inputs import shortened
from uncertainty.pages.sections.sources import cited
from uncertainty.study.bibliography import note_of
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.wording import after_unit, capitalised, point_text, the_other

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Index
    from uncertainty.pages.blocks import Text
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study

MOST_POINTS = 8
"""Points of a curve that are listed."""


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
        Equations((*_output(study, study.headline), *_quantities(study, own))),
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
    for summary, inputs in (
        ("Inputs that other choices set", _inputs_of_options(study)),
        ("Inputs that readings set", _inputs_of_readings(study)),
    ):
        if inputs is not None:
            blocks.append(Details(summary, (inputs,)))
    return Section("equations", title, (*blocks, *_indices(study), *_curves(study)))


def _indices(study: Study) -> list[Block]:
    """List what quantities have one value for each member of."""
    rows = tuple(
        (
            index.title,
            code(name),
            _members(study, index),
        )
        for name, index in study.indices.items()
    )
    columns = (Column("Index"), Column("Name"), Column("Members"))
    return [Table(columns, rows, "Indices and their members")] if rows else []


def _members(study: Study, index: Index) -> Text:
    """List the members of an index by their labels, and what else it says."""
    labels = "; ".join(label or member for member, label in index.members.items())
    note = note_of(index)
    return joined(f"{labels}; ", cited(study, note)) if note else labels


def _curves(study: Study) -> list[Block]:
    """List the curves that equations look up."""
    rows = tuple(
        (
            curve.label or name.replace("_", " "),
            code(name),
            "; ".join(f"({point_text(x)}, {point_text(y)})" for x, y in curve.points[:MOST_POINTS]),
            joined(cited(study, curve.source), " ", cited(study, note_of(curve))),
        )
        for name, curve in study.curves.items()
    )
    columns = (Column("Curve"), Column("Name"), Column("Points"), Column("Source and note"))
    return [Table(columns, rows, "Curves")] if rows else []


def _reached(content: ReportContent, output: str) -> list[str]:
    """Return the intermediate quantities that an output is made of as published, from the result down."""
    study = content.study
    plan = content.run_under(AS_PUBLISHED).scenario
    equations = plan.equations
    expression = study.outputs[output].expression
    waiting = [*sorted(names(expression))] if expression is not None else [output]
    found: dict[str, None] = {}
    inputs: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in equations and name not in found:
            found[name] = None
            waiting += sorted(names(equations[name]))
        elif name in plan.dependent and name not in inputs:
            inputs.add(name)
            waiting += sorted(names(plan.dependent[name].value))
    return _written(study, (name for name in found if name != output or expression is not None))


def _written(study: Study, equations: Iterable[str]) -> list[str]:
    """Return the quantities that a study writes equations for: one for all cells, and none for parts."""
    own = (study.equations[name] for name in equations)
    return list(dict.fromkeys(each.quantity or each.name for each in own if not each.part))


def _rest(study: Study, own: list[str]) -> list[Block]:
    """Return the equations that the headline does not need."""
    headline = study.outputs[study.headline]
    shown = {headline.quantity or headline.name}
    outputs = {each.quantity or name: name for name, each in study.outputs.items()}
    outputs = {quantity: name for quantity, name in outputs.items() if quantity not in shown}
    shown |= {quantity for quantity, name in outputs.items() if _shows_its_namesake(study, name)}
    quantities = [name for name in _written(study, study.equations) if name not in own and name not in shown]
    blocks: list[Block] = []
    if outputs:
        equations = Equations(tuple(each for name in outputs.values() for each in _output(study, name)))
        blocks.append(Details(capitalised(the_other(len(outputs), "output")), (equations,)))
    if quantities:
        equations = Equations(tuple(_quantities(study, quantities)))
        noun = "intermediate quantity"
        summary = capitalised(the_other(len(quantities), noun, "intermediate quantities"))
        blocks.append(Details(summary, (equations,)))
    elif not study.equations:
        blocks.append(Paragraph("There are no intermediate quantities."))
    return blocks


def _shows_its_namesake(study: Study, name: str) -> bool:
    output = study.outputs[name]
    table = study.tables.get(output.quantity)
    if table is None:
        return output.expression is None
    return [*table.formulas.values()] == [Name(table.name)]


def _output(study: Study, name: str) -> Iterator[Equation]:
    """Yield an output's equation, or those of the quantity which it shows by name."""
    output = study.outputs[name]
    table = study.tables.get(output.quantity)
    title = output.title if table is None else table.title
    note = cited(study, note_of(output))
    own: Expression = output.expression or Name(name)
    if table is not None:
        name, own = table.name, next(iter(table.formulas.values()))
    if own == Name(name) and name in study.quantities:
        yield from _quantities(study, [name])
        return
    if own == Name(name) and name in study.equations:
        own = study.equations[name].expression
    yield Equation(after_unit(title, output.unit.text), name, own, note)


def _quantities(study: Study, quantities: Iterable[str]) -> Iterator[Equation]:
    """Yield the equations of intermediate quantities, one for each formula that a study writes."""
    for name in quantities:
        table = study.quantities.get(name)
        cell = study.equations[name if table is None else next(iter(table.cells.values()))]
        label = cell.label if table is None else table.label
        title = label or name.replace("_", " ")
        unit = "1" if cell.unit is None else cell.unit.text
        formulas = {(): cell.expression} if table is None else table.formulas
        for members, expression in formulas.items():
            note = cited(study, note_of(cell))
            yield Equation(after_unit(title, unit), written(name, members), expression, note)


def _replaced_equations(study: Study) -> Iterable[Equation]:
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                title = f"{choice.question or choice.name} {option.title}"
                yield Equation(title, name, expression, "")


def _inputs_of_options(study: Study) -> Table | None:
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


def _inputs_of_readings(study: Study) -> Table | None:
    rows = tuple(
        (reading.title, study.inputs[name].title, code(shortened(str(override))))
        for reading in study.readings.values()
        for name, override in reading.inputs.items()
    )
    columns = (Column("Reading"), Column("Input"), Column("Instead"))
    return Table(columns, rows, "Inputs that a reading sets") if rows else None
