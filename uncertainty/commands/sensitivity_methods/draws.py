"""Sensitivity from draws alone, as a document, a table and a page for people."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.sensitivity_methods.answers import Answer, method_document, open_page, output_line
from uncertainty.commands.sensitivity_tables import title, titles_of
from uncertainty.commands.tables import columns, paragraph, provenance
from uncertainty.documents.sensitivity import given_data_results
from uncertainty.results.about import about
from uncertainty.sensitivity.listing import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.commands.sensitivity_methods.answers import Asked
    from uncertainty.sensitivity.given_data import GivenData, Measured


def answer(asked: Asked) -> Answer:
    """Estimate sensitivity from draws alone."""
    from uncertainty.sensitivity.given_data import given_data
    from uncertainty.sensitivity.sample import ROWS, draw_sample
    from uncertainty.study.scenario import scenario

    settings = asked.settings_of(ROWS)
    sample = draw_sample(
        asked.study, output=asked.outputs, progress=asked.progress, settings=settings, **asked.workers
    )
    found = given_data(sample, level=settings.level, seed=settings.seed)
    plan = scenario(asked.study, settings.reading, settings.choices, settings.overrides)
    drawn = replace(settings, samples=sample.rows)

    def show(out: Console, *, quiet: bool) -> None:
        open_page(out, asked.study, plan)
        for name, each in found.items():
            output_line(out, asked.study, name, each.scale, each.reason)
            if not each.reason:
                titles = titles_of(asked.study)
                out.print(_draws_table(each, titles))
                out.print()
                if each.without_first_order:
                    paragraph(out, f"No S1: {each.without_first_order.rstrip('.')}.")
                    out.print()
                for line in each.disagreements_of(partial(title, titles=titles)):
                    paragraph(out, line)
                    out.print()
        if not quiet:
            any_output = next(iter(found.values()))
            paragraph(
                out,
                "S1 from means in bins and from neighbours in rank; Spearman's rank correlation; Borgonovo's "
                f"delta from {any_output.delta_rows:,} and PAWN from {any_output.pawn_rows:,} of the draws. "
                "≈ 0: not distinguishable from 0.",
            )
            out.print()
        paragraph(out, provenance(asked.study, drawn, asked=asked.samples))

    table = listing(*found.values(), about=about(plan, drawn))
    return Answer(method_document(asked, plan, drawn, "draws", given_data_results(found)), show, table)


def _draws_table(found: GivenData, titles: Mapping[str, str]) -> Table:
    table = columns("Input", "S1", "±", "by rank", "±", "Spearman", "delta", "PAWN", numeric=range(1, 8))
    for key, row in found.inputs.items():
        delta, pawn = row.delta, row.pawn
        table.add_row(
            title(key, titles),
            *_with_half_width(row.S1),
            *_with_half_width(row.neighbour_S1),
            f"{row.spearman.value:.2f}",
            numbers.MISSING if delta is None else f"{delta.value:.2f}",
            numbers.MISSING if pawn is None else f"{pawn:.2f}",
        )
    return table


def _with_half_width(found: Measured | None) -> tuple[str, str]:
    if found is None:
        return numbers.MISSING, numbers.MISSING
    half = (found.interval[1] - found.interval[0]) / 2
    value = "≈ 0" if found.interval[0] <= 0 else f"{found.value:.3f}"
    return value, f"{half:.3f}"
