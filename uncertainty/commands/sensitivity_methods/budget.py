"""The linear uncertainty budget of the GUM, as a document, a table and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.sensitivity_methods.answers import Answer, method_document, open_page
from uncertainty.commands.sensitivity_tables import title, titles_of
from uncertainty.commands.tables import columns, paragraph, provenance
from uncertainty.documents.sensitivity import budget_results

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.commands.sensitivity_methods.answers import Asked
    from uncertainty.sensitivity.budget_result import Budget


def answer(asked: Asked) -> Answer:
    """Make the linear uncertainty budget of the GUM, with Monte Carlo's verdict on it."""
    from uncertainty.sensitivity.budget import linear_budget
    from uncertainty.settings import Settings
    from uncertainty.tables.table import stacked

    settings = asked.settings_of(Settings().samples)
    found = {
        name: linear_budget(asked.study, output=name, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))

    def show(out: Console, *, quiet: bool) -> None:
        open_page(out, asked.study, first.scenario)
        for name, each in found.items():
            out.print(f"“{asked.study.outputs[name].title}”")
            out.print(_budget_table(each, titles_of(asked.study)))
            out.print()
            paragraph(out, _budget_sentence(each))
            if each.derivatives:
                paragraph(out, each.derivatives)
            paragraph(out, each.sentence)
            out.print()
        if not quiet:
            paragraph(
                out,
                "u(x) is a standard uncertainty, ν its degrees of freedom, c the output's derivative by the "
                "input, u(y) = |c| u(x) what the input contributes to the output's standard uncertainty, and "
                "the share that of its square in the output's variance. Two correlated inputs add twice the "
                "product of r and both c u(x); with the signs of these all shares add up to 100 % "
                "(JCGM 100:2008, equation 16 and table H.1).",
            )
            out.print()
        paragraph(out, provenance(asked.study, first.settings, asked=asked.samples))

    return Answer(
        method_document(asked, first.scenario, first.settings, "budget", budget_results(found)),
        show,
        stacked("budget", "result", {name: each.table for name, each in found.items()}),
    )


def _budget_table(found: Budget, titles: Mapping[str, str]) -> Table:
    from uncertainty.sensitivity.budget_result import BUDGET_HEADINGS, budget_cells

    table = columns(*BUDGET_HEADINGS, numeric=range(2, 8))
    for row in found.rows(lambda name: title(name, titles)):
        table.add_row(*row)
    table.add_section()
    table.add_row(found.study.outputs[found.output].title, *budget_cells(found.result), style="bold")
    return table


def _budget_sentence(found: Budget) -> str:
    unit = found.result.unit
    from uncertainty.sensitivity.budget_result import estimate_text

    expanded = numbers.number(found.expanded, 2)
    value = f"{estimate_text(found.estimate, found.expanded)} ± {expanded}"
    factor = numbers.number(found.coverage_factor, 3)
    return (
        f"{value if unit == '1' else f'{value} {unit}'}: the expanded uncertainty is {factor} times the "
        f"combined standard uncertainty, for a coverage of {numbers.level(found.level)}."
    )
