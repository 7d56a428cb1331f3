"""Shapley effects, as a document, a table and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.sensitivity_methods.answers import Answer, method_document, open_page, output_line
from uncertainty.commands.sensitivity_tables import index_cells, title, titles_of
from uncertainty.commands.tables import columns, paragraph, provenance
from uncertainty.documents.sensitivity import shapley_results
from uncertainty.results.about import about
from uncertainty.sensitivity.listing import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.commands.sensitivity_methods.answers import Asked
    from uncertainty.sensitivity.shapley import ShapleyEffects


def answer(asked: Asked) -> Answer:
    """Estimate Shapley effects."""
    from uncertainty.sensitivity.shapley import SAMPLES, shapley

    settings = asked.settings_of(SAMPLES)
    found = {
        name: shapley(asked.study, output=name, progress=asked.progress, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))

    def show(out: Console, *, quiet: bool) -> None:
        open_page(out, asked.study, first.scenario)
        for name, each in found.items():
            output_line(out, asked.study, name, each.scale, each.reason)
            if not each.reason:
                out.print(_effects_table(each, titles_of(asked.study), settings.level))
            out.print()
        if not quiet:
            paragraph(
                out,
                "A Shapley effect is what an input adds to the explained variance, averaged over all orders "
                "in which inputs can become known: the effects sum to 1, correlated inputs included. ≈ 0: "
                "not distinguishable from 0.",
            )
            out.print()
        paragraph(out, provenance(asked.study, first.settings, asked=asked.samples, what="base points"))

    return Answer(
        method_document(asked, first.scenario, first.settings, "shapley", shapley_results(found)),
        show,
        listing(*found.values(), about=about(first.scenario, first.settings)),
    )


def _effects_table(found: ShapleyEffects, titles: Mapping[str, str], level: float) -> Table:
    table = columns("Input", "Shapley effect", numbers.level(level), numeric=(1, 2))
    for key, share in found.effects.items():
        low, high = share.interval
        table.add_row(title(key, titles), *index_cells(share.value, (low, high), known=low > 0))
    return table
