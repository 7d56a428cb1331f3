"""The tables of `uncertainty challenge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.tables import columns, compact
from uncertainty.wording import figure_text, point_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.breakeven import BreakEven
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.challenges.multiverse import Multiverse


def verdicts_table(found: Challenge, each: OutputChallenge, names: list[str]) -> Table:
    """Set some readings side by side: median, interval and the shares of draws."""
    output = each.output
    sign = "≥" if output.claims_above else "≤"
    titles = {}
    if output.published is not None and output.published_value is not None:
        figure = figure_text(output.published)
        readings = [each.verdict.readings[name] for name in names]
        within = {"within_factor_2": "within\n×2", "within_factor_10": "within\n×10"}
        titles = within if any(row.by_factors for row in readings) else {}
        titles["at_or_beyond_published"] = f"{sign}\n{figure}"
    if output.reference is not None:
        titles["beyond_reference"] = f"{sign}\n{point_text(output.reference)}"
    level = numbers.level(found.settings.level)
    table = columns("Reading", "Median", f"{level}\ninterval", *titles.values(), numeric=range(1, 9))
    for name in names:
        row = each.verdict.readings[name]
        shares = [
            compact(numbers.share(row.shares[key])) if key in row.shares else numbers.MISSING
            for key in titles
        ]
        table.add_row(
            found.study.readings[name].title,
            *row.written,
            *shares,
        )
    return table


def choices_table(multiverse: Multiverse, effects: tuple[ChoiceEffect, ...]) -> Table:
    """Show what each choice explains, and the median where it alone changes."""
    from uncertainty.challenges.sentences import choice_share

    table = columns(
        "Choice and its answers", "Share of\nvariance", "Median if it\nalone changes", numeric=(1, 2)
    )
    for effect in effects:
        choice = multiverse.study.choices[effect.choice]
        table.add_row(choice.question or choice.name, choice_share(multiverse, effect), "")
        for option, universe in effect.alone.items():
            median = "excluded" if universe is None else numbers.estimate(universe.found.median, 2)
            table.add_row(f"  {choice.options[option].title}", "", median)
    return table


def break_even_table(found: Challenge, crossings: Mapping[str, tuple[BreakEven, ...]], kind: str) -> Table:
    """Show where each input alone crosses a threshold; those that never do are left out."""
    from uncertainty.challenges.sentences import break_even_text

    table = columns("Input", "Point", "Others at their points", "Others distributed", numeric=(1,))
    for name, rows in crossings.items():
        own = {row.others: row for row in rows if row.threshold.kind == kind}
        if all(row.value is None for row in own.values()):
            continue
        item, point = found.study.inputs[name], found.scenario.points[name]
        unit = "" if item.unit.text == "1" else f" ({item.unit.text})"
        table.add_row(
            f"{item.title}{unit}",
            point_text(point),
            break_even_text(own["points"], point),
            break_even_text(own["distributed"], point),
        )
    return table
