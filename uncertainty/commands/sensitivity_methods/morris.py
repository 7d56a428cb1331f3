"""Screening by elementary effects, as a document, a table and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.commands.sensitivity_methods.answers import Answer, method_document, open_page, output_line
from uncertainty.commands.sensitivity_tables import title, titles_of
from uncertainty.commands.tables import HASH_DIGITS, columns, paragraph
from uncertainty.documents.sensitivity import morris_results
from uncertainty.results.about import about
from uncertainty.sensitivity.listing import listing
from uncertainty.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.commands.sensitivity_methods.answers import Asked
    from uncertainty.sensitivity.morris import Screening


def answer(asked: Asked) -> Answer:
    """Screen the inputs by their elementary effects; the samples are trajectories."""
    from uncertainty.sensitivity.morris import TRAJECTORIES, morris
    from uncertainty.study.scenario import scenario

    settings = asked.settings_of(TRAJECTORIES)
    found = {
        name: morris(
            asked.study,
            output=name,
            trajectories=settings.samples,
            settings=settings,
        )
        for name in asked.outputs
    }
    plan = scenario(asked.study, settings.reading, settings.choices, settings.overrides)

    def show(out: Console, *, quiet: bool) -> None:
        open_page(out, asked.study, plan)
        for name, each in found.items():
            output_line(out, asked.study, name, each.scale, "")
            titles = titles_of(asked.study)
            out.print(_morris_table(each, titles))
            out.print()
            if each.unmoved:
                still = listed(title(key, titles) for key in each.unmoved)
                paragraph(
                    out,
                    f"No step of {still} changed the output. That does not say that nothing does: screening "
                    "does not see what only rare values change.",
                )
                out.print()
        if not quiet:
            paragraph(
                out,
                "µ* is the mean size of the output's change when an input crosses the middle 95 % of its "
                "distribution; σ is large where it interacts or acts nonlinearly. Screening ranks inputs, it "
                "does not share the variance out.",
            )
            out.print()
        runs = sum(each.model_rows for each in found.values())
        paragraph(
            out,
            f"{settings.samples:,} trajectories, {runs:,} model runs, seed {settings.seed}; uncertainty "
            f"{__version__}; study {asked.study.name}, sha256 {asked.study.sha256[:HASH_DIGITS]}.",
        )

    table = listing(*found.values(), about=about(plan, settings))
    return Answer(method_document(asked, plan, settings, "morris", morris_results(found)), show, table)


def _morris_table(found: Screening, titles: Mapping[str, str]) -> Table:
    table = columns("Input", "µ*", "±", "σ", numeric=(1, 2, 3))
    for key, row in found.inputs.items():
        cells = (row.mu_star, row.mu_star_half_width, row.sigma)
        table.add_row(title(key, titles), *(numbers.number(cell, 2) for cell in cells))
    return table
