"""The interval of each figure beside the published one, and where the values lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.compiled import dependencies
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Section, Subheading, Table, Text
from uncertainty.pages.figures import figure
from uncertainty.pages.figures.cells import ordered_index
from uncertainty.wording import (
    after_unit,
    beyond,
    capitalised,
    compact,
    dropped_sentence,
    figure_text,
    interval_sentence,
    interval_text,
    listed,
    median_text,
    middle_heading,
    named_figure,
    no_case_sentence,
    point_text,
    published_text,
    rare_sentences,
    scenario_text,
    the_other,
    whose_variation,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.propagation import Propagation
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sampling.joint import OutputCorrelation
    from uncertainty.study.model import Figure

MOST_PAIRS = 28
"""Pairs of outputs that are listed; of more, those with the headline are."""


def section(content: ReportContent) -> Section:
    """Compare each published figure in the headline's unit with its intervals."""
    picture = figure("intervals", content)
    blocks: list[Block] = [
        Paragraph(picture.alt, lead=True),
        picture,
        _table(content),
    ]
    blocks += table_figures(content)
    others = [found for name, found in content.run.outputs.items() if name not in content.comparisons]
    if others:
        summary = f"{capitalised(the_other(len(others), 'output'))}, as published"
        blocks.append(Details(summary, tuple(output_tables(others, content.run))))
    if rows := _together(content):
        blocks.append(Details("How the published figures go together", (_correlations(rows, content),)))
    return Section("intervals", "Each figure beside its interval", tuple(blocks))


MOST_ERROR = 0.05
"""Error of a correlation from which on it is written with it."""

MOST_TABLES = 6
"""Outputs with indices that are drawn."""


def table_figures(content: ReportContent) -> list[Block]:
    """Draw each output with indices: a fan over an ordered index, its members side by side over another."""
    blocks: list[Block] = []
    for table in list(content.study.tables.values())[:MOST_TABLES]:
        kind = "members" if ordered_index(content.study, table) is None else "fan"
        picture = figure(kind, content, table.name)
        blocks += [Subheading(table.title), Paragraph(picture.alt), picture]
    return blocks


def _together(content: ReportContent) -> list[OutputCorrelation]:
    """Return the correlations of published figures that share inputs; of many, those with the headline."""
    outputs = content.study.outputs
    found = [
        each for each in content.run.correlations if all(outputs[name].published for name in each.outputs)
    ]
    return found if len(found) <= MOST_PAIRS else [c for c in found if content.study.headline in c.outputs]


def _correlations(rows: list[OutputCorrelation], content: ReportContent) -> Table:
    columns = (
        Column("Outputs"),
        Column("Of their values (Pearson)", numeric=True),
        Column("Of their ranks (Spearman)", numeric=True),
    )
    table = tuple(
        (
            " and ".join(content.study.outputs[name].title for name in each.outputs),
            _correlation(each.pearson),
            _correlation(each.spearman),
        )
        for each in rows
    )
    nested, headline = content.run.nested, content.study.headline
    # draws of single cases and averages over cases have no rows in common
    single = "of any one case " if nested and any(name not in nested for name in content.run.outputs) else ""
    every = f"Correlations of published outputs {single}that share inputs, as published"
    cut = sum(headline in each.outputs for each in rows) == len(rows) > 1
    return Table(columns, table, f"{every}: those with the headline" if cut else every)


def _correlation(found: Estimate) -> str:
    # a rounded 0 would say that they have nothing to do with each other
    if found.error is not None and found.error > MOST_ERROR:
        return f"{numbers.number(found.value, 1)} ± {numbers.number(found.error, 1)}"
    return numbers.estimate(found, 2)


def _table(content: ReportContent) -> Table:
    rows: list[tuple[Text, ...]] = []
    shown = [[each.distribution(name) for name in each.leading] for each in content.comparisons.values()]
    for readings in content.comparisons.values():
        for name in readings.leading:
            found = readings.distribution(name)
            rows.append(
                (
                    readings.output.title,
                    content.study.readings[name].title,
                    published_text(readings.output),
                    median_text(found),
                    interval_text(found),
                    _beyond(found, found.output.published_value, figure_of(found)),
                    _beyond(found, found.output.reference, reference_of(found)),
                )
            )
    columns = (
        Column("Figure"),
        Column("Reading"),
        Column("Published", numeric=True),
        Column(middle_heading(shown), numeric=True),
        Column(f"{numbers.level(content.settings.level)} interval", numeric=True),
        Column("Draws at or beyond the published figure", numeric=True),
        Column("Draws at or beyond the reference", numeric=True),
    )
    return Table(
        columns,
        tuple(rows),
        "The leading readings of each figure, the publication's own first",
    )


def outputs(found: Propagation, *, explained: bool) -> Section:
    """Show every output that was asked for, under the scenario that was."""
    rows, plan = tuple(found.outputs.values()), found.scenario
    blocks: list[Block] = [*output_tables(rows, found)]
    if explained:
        varying = _variation(found)
        place = "The percentile is the published figure's place among the draws."
        blocks.append(Paragraph(f"{interval_sentence(found.settings)} {varying} {place}"))
    without = no_case_sentence(
        (f"of “{row.output.title}”", row.without_case, row.beside_average) for row in rows
    )
    blocks += map(Paragraph, filter(None, (dropped_sentence(row.left_out for row in rows), without)))
    blocks += map(Paragraph, rare_sentences((row.output.title, row.summary) for row in rows))
    if found.reached is not None:
        blocks.append(Paragraph(f"The draws have {found.reached}."))
    return Section("outputs", f"Outputs under the reading “{scenario_text(plan)}”", tuple(blocks))


def _variation(found: Propagation) -> str:
    """Say whose variation the intervals show; averages over cases, and median cases, have unknowns alone."""
    plan = found.scenario
    single = [name for name in found.outputs if name not in found.nested]
    reaching = frozenset().union(*dependencies(plan, single).values())
    said = whose_variation((plan, [name for name in plan.varying if name in reaching])) if single else ""
    if not found.nested:
        return said
    titles = listed([found.outputs[name].output.title for name in found.nested])
    below = frozenset().union(*dependencies(plan, list(found.nested)).values())
    unknown = [n for n in plan.varying if n in below and plan.kinds[n] != "variability"]
    of_these = f"Of {titles}, which {'speaks' if len(found.nested) == 1 else 'speak'} of all cases together: "
    return f"{said} {of_these if single else ''}{whose_variation((plan, unknown))}".strip()


def output_tables(rows: Sequence[OutputDistribution], found: Propagation) -> list[Block]:
    """List outputs with their intervals and the published figures' places, and with their moments."""
    varying = [row for row in rows if row.varies]
    moments = [_moments(varying, found), *_without_moments(varying)] if varying else []
    return [_placed(rows, found), *moments]


def _without_moments(rows: Sequence[OutputDistribution]) -> list[Block]:
    """Say why outputs have no mean or standard deviation, and which median is not told from its neighbour.

    A yes or no needs none.
    """
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        lost: dict[str, list[str]] = {}
        for found, name in ((row.draws.mean, "mean"), (row.draws.sd, "standard deviation")):
            if row.probability is None and found.error is None and found.reason:
                lost.setdefault(found.reason, []).append(f"the {name}")
        for reason, moments in lost.items():
            by_reason.setdefault(reason, []).append(f"{listed(moments)} of “{row.output.title}”")
    said = [f"{listed(moments)} ({reason})" for reason, moments in by_reason.items()]
    for row in rows:
        if row.either_median is not None:
            low, high = row.either_median
            which = f"{numbers.exact(low, high)} or {numbers.exact(high, low)}"
            said.append(f"whether the median of “{row.output.title}” is {which}")
    return [Paragraph(f"Not told by the draws: {'; '.join(said)}.")] if said else []


def _placed(rows: Sequence[OutputDistribution], found: Propagation) -> Table:
    columns = (
        Column("Output"),
        Column("Published", numeric=True),
        Column("Point", numeric=True),
        Column(middle_heading([row] for row in rows), numeric=True),
        Column(f"{numbers.level(found.settings.level)} interval", numeric=True),
        Column("Percentile of the published figure", numeric=True, short="Percentile of published"),
    )
    cells = tuple(
        (
            _titled(row, found),
            _printed(row.output.published),
            row.point_written,
            *row.written,
            compact(row.place_written),
        )
        for row in rows
    )
    return Table(columns, cells, "Intervals, and the published figures' places in them")


def _moments(rows: Sequence[OutputDistribution], found: Propagation) -> Table:
    columns = (
        Column("Output"),
        Column("Mean", numeric=True),
        Column("Standard deviation", numeric=True, short="SD"),
        Column("Draws at or beyond the published figure", numeric=True, short="Draws at published or beyond"),
        Column("Draws at or beyond the reference", numeric=True, short="at reference or beyond"),
    )
    cells = tuple(
        (
            _titled(row, found),
            *row.moments_written,
            _beyond(row, row.output.published_value, figure_of(row)),
            _beyond(row, row.output.reference, reference_of(row)),
        )
        for row in rows
    )
    return Table(columns, cells, "Moments, and draws beyond the published figures and the references")


def _titled(row: OutputDistribution, found: Propagation) -> str:
    over = {"case": "", "average": ", average over the cases", "median": ", median case"}[row.output.over]
    # where no case differs from another, a value is that of each
    over = over if row.output.name in found.nested else ""
    return after_unit(f"{row.output.title}{over}", row.output.unit.text)


def _printed(figure: Figure | None) -> str:
    return numbers.MISSING if figure is None else named_figure(figure)


def figure_of(row: OutputDistribution) -> str:
    """Write the published figure as it was printed."""
    return "" if row.output.published is None else figure_text(row.output.published)


def reference_of(row: OutputDistribution) -> str:
    """Write the reference with all its digits."""
    return "" if row.output.reference is None else point_text(row.output.reference)


def _beyond(row: OutputDistribution, threshold: float | None, name: str) -> str:
    # of a yes or no the median says how often, and one number has no share
    if threshold is None or not row.varies or row.probability is not None:
        return numbers.MISSING
    return f"{compact(beyond(row, threshold).text)} {'≥' if row.output.claims_above else '≤'} {name}"


def shape_section(content: ReportContent) -> Section:
    """Show where the headline's values lie, the published figure among them."""
    picture = figure("distributions", content)
    return Section("shape", "Where the headline's values lie", (Paragraph(picture.alt, lead=True), picture))
