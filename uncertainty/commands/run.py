"""`uncertainty run`: the interval of every output, and where in it the published figure lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.console import page, progress, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    EngineOption,
    Json,
    MaxSamples,
    Only,
    Quiet,
    Save,
    Scheduler,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    Until,
    sharing,
    wanted_outputs,
)
from uncertainty.commands.targets import check_apart, check_distinct, check_table
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from uncertainty.propagation import OutputDistribution, Propagation
    from uncertainty.readings import Readings
    from uncertainty.sampling.running import Execution
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty run
  uncertainty run --reading like_for_like --only us_illustrator_vs_midjourney
  uncertainty run --save draws.nc --table results.xlsx
  uncertainty run --choose footprint=co2e_with_land_use --set "us_footprint_printed=14 to 20"
"""


@sharing()
def run(
    study: StudyName = DEFAULT_STUDY,
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    until: Until = None,
    max_samples: MaxSamples = None,
    save: Save = None,
    table: TableFile = None,
    engine: EngineOption = "threads",
    scheduler: Scheduler = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show each output's interval and where published figures lie.

    The headline comes first, under the study's leading readings: as published, the like-for-like one that
    the study prefers, and the least favourable one.
    """
    from uncertainty.answers import run_document
    from uncertainty.propagation import propagate
    from uncertainty.readings import summary_table
    from uncertainty.results import dump
    from uncertainty.sampling.running import Execution
    from uncertainty.study.reader import load_study
    from uncertainty.tables.formats import save_once, save_table

    settings = asked.settings(until=until, max_samples=max_samples)
    as_drawn, afterwards = _files(save, table)
    execution = Execution(threads=threads, engine=engine, scheduler=scheduler, save=as_drawn)
    loaded = load_study(study)
    check_apart(loaded, {"--save": save, "--table": table})
    wanted = wanted_outputs(loaded, only)
    if afterwards is not None and _has_draws(afterwards, loaded, wanted, settings):
        afterwards = None
    with progress("Drawing", quiet=quiet) as report:
        found = propagate(loaded, outputs=wanted, progress=report, settings=settings, execution=execution)
    readings = _readings(found, wanted[0], settings, execution, quiet=quiet)
    if afterwards is not None:
        save_once(found.draws, afterwards)
    if table is not None:
        save_table(summary_table(found, readings), table)
    if as_json:
        write(dump(run_document(found, readings)))
        return
    with page() as out:
        _show(out, found, readings, asked=asked.samples, quiet=quiet)


def _files(save: str | None, table: str | None) -> tuple[str | None, str | None]:
    """Return the file that is written while draws are made, and the one that is written afterwards.

    What cannot be written is said before anything is drawn. Parquet is written meanwhile, so that a killed
    run goes on with it.
    """
    from uncertainty.files import check_target
    from uncertainty.tables.formats import format_of

    if save is not None:
        check_target(Path(save), "--save")
    as_drawn = save if save is not None and save.lower().endswith(".parquet") else None
    if as_drawn is not None:
        format_of(as_drawn)
    if table is not None:
        check_table("--table", table)
    check_distinct({"--table": table, "--save": save})
    return as_drawn, save if as_drawn is None else None


def _has_draws(file: str, study: Study, outputs: Sequence[str], settings: Settings) -> bool:
    """Tell whether a file holds the draws of a run that is to come, and refuse one that cannot hold them."""
    from uncertainty.propagation import planned_draws
    from uncertainty.tables.formats import holds_already

    planned = planned_draws(study, outputs, settings)
    if settings.until is None:
        return holds_already(planned, file)
    # how many draws there will be shows at the end, whose table is compared again
    holds_already(planned, file, but=("samples",))
    return False


def _readings(
    found: Propagation, output: str, settings: Settings, execution: Execution, *, quiet: bool
) -> Readings | None:
    """Run one output under every reading, if the study has several and the user has the patience.

    Options chosen on the command line are left out: a reading is its own set of options.
    """
    from uncertainty.readings import compare_readings

    study = found.study
    if len(study.readings) < 2 or (found.reached is not None and found.reached.interrupted):
        return None
    own = replace(settings, choices=Frozen())
    try:
        with progress("Comparing readings", quiet=quiet) as report:
            return compare_readings(study, output=output, progress=report, settings=own, execution=execution)
    except KeyboardInterrupt:
        if found.reached is None:
            raise
        # what a long run with --until has found is not thrown away for the sake of the comparison
        return None


def _show(
    out: Console, found: Propagation, readings: Readings | None, *, asked: int | None, quiet: bool
) -> None:
    """Show a run: one output under the leading readings, then every output under the run's own."""
    from uncertainty.commands.tables import heading, paragraph, provenance, scenario_text
    from uncertainty.compiled import dependencies
    from uncertainty.wording import dropped_sentences, rare_sentences, whose_variation

    study, settings = found.study, found.settings
    heading(out, study)
    if readings is not None:
        _show_readings(out, found, readings)
    out.print(f"Outputs under the reading “{scenario_text(found.scenario)}”", style="bold")
    out.print(_outputs_table(found))
    out.print()
    if any(row.varies for row in found.outputs.values()):
        out.print(_moments_table(found))
        out.print()
    if not quiet:
        reaching = frozenset().union(*dependencies(found.scenario, list(found.outputs)).values())
        kind = {"central": "with equal shares beyond both ends", "shortest": "the shortest that does"}
        paragraph(
            out,
            f"An interval is a {numbers.level(settings.level)} uncertainty interval (many call it a "
            f"confidence interval): it holds that share of the draws, {kind[settings.interval]}. "
            + whose_variation(study, [name for name in found.scenario.varying if name in reaching])
            + " The percentile is the published figure's place among the draws of the reading named.",
        )
        out.print()
    for line in dropped_sentences((row.output.title, row.dropped) for row in found.outputs.values()):
        paragraph(out, line)
    for line in rare_sentences((row.output.title, row.summary) for row in found.outputs.values()):
        paragraph(out, line)
    if found.reached is not None:
        paragraph(out, f"The draws have {found.reached}.")
        if readings is None and len(study.readings) > 1:
            paragraph(out, "The readings were not compared, since the run was interrupted.")
    # what a run with --until was asked for is where it began
    paragraph(out, provenance(study, settings, asked=None if settings.until else asked))


def _show_readings(out: Console, found: Propagation, readings: Readings) -> None:
    """Lead with one output under several readings, side by side and with equal weight."""
    from uncertainty.commands.tables import paragraph
    from uncertainty.numbers import count
    from uncertainty.wording import claim_text, convention_sentence

    output = readings.output
    if readings.convention_decides:
        paragraph(out, convention_sentence(readings))
        out.print()
    published = "" if output.published is None else f" (published: {claim_text(output)})"
    out.print(f"{output.title}{published}", style="bold")
    if found.scenario.overrides:
        given = ", ".join(f"{name} = {value}" for name, value in found.scenario.overrides.items())
        paragraph(out, f"Under every reading with {given}.")
    out.print(_readings_table(found, readings))
    others = len(readings.runs) - len(readings.leading)
    if others:
        paragraph(out, f"The study has {count(others, 'more reading')}; --reading NAME shows one.")
    out.print()


def _readings_table(found: Propagation, readings: Readings) -> Table:
    """Set the leading readings side by side, and the run's own where it is none of them."""
    from rich.text import Text

    from uncertainty.commands.tables import columns, compact, scenario_condition, scenario_text
    from uncertainty.wording import beyond, condition, figure_text, point_text

    study, output = readings.study, readings.output
    sign = "≥" if output.claims_above else "≤"
    thresholds, named = [], []
    figure = "" if output.published is None else figure_text(output.published)
    if output.published_value is not None:
        thresholds.append(output.published_value)
        named.append(figure)
    if output.reference is not None:
        thresholds.append(output.reference)
        named.append(point_text(output.reference))
    titles = ["Reading", "Median", f"{numbers.level(readings.settings.level)}\ninterval"]
    titles += [f"Draws\n{sign} {name}" for name in named]
    titles += [f"Percentile\nof {figure}"] if output.published_value is not None else []
    table = columns(*titles, numeric=range(1, len(titles)))
    rows = [
        (study.readings[name].title, condition(study, study.readings[name]), readings.distribution(name))
        for name in readings.leading
    ]
    plan = found.scenario
    if plan.reading not in readings.leading or plan.choices != readings.runs[plan.reading].scenario.choices:
        rows.append((scenario_text(plan), scenario_condition(plan), found.outputs[output.name]))
    for title, clause, row in rows:
        cells = [*row.written, *(compact(beyond(row, each).text) for each in thresholds)]
        if output.published_value is not None:
            cells.append(compact(row.place_written))
        table.add_row(Text(f"{title}: {clause[:1].lower()}{clause[1:].rstrip(',')}"), *cells)
    return table


def _outputs_table(found: Propagation) -> Table:
    """List every output with its interval and the published figure's place."""
    from uncertainty.commands.tables import columns, compact, published_cell, titled

    interval = f"{numbers.level(found.settings.level)}\ninterval"
    titles = ("Output", "Published", "Point", "Median", interval, "Percentile\nof published")
    table = columns(*titles, numeric=range(1, 6))
    for row in found.outputs.values():
        table.add_row(
            titled(row.output),
            published_cell(row.output.published),
            row.point_written,
            *row.written,
            compact(row.place_written),
        )
    return table


def _moments_table(found: Propagation) -> Table:
    """Show each output's mean and spread, and the draws at its published figure and reference or beyond."""
    from uncertainty.commands.tables import columns, titled

    titles = ("Output", "Mean", "SD", "Draws at published\nor beyond", "at reference\nor beyond")
    table = columns(*titles, numeric=range(1, 5))
    for row in found.outputs.values():
        if row.varies:
            table.add_row(titled(row.output), *row.moments_written, *_beyond(row))
    return table


def _beyond(found: OutputDistribution) -> tuple[str, str]:
    from uncertainty.commands.tables import figure
    from uncertainty.wording import point_text

    published, reference = found.output.published_value, found.output.reference
    return (
        numbers.MISSING if published is None else _share(found, published, figure(found.output.published)),
        numbers.MISSING if reference is None else _share(found, reference, point_text(reference)),
    )


def _share(found: OutputDistribution, threshold: float, name: str) -> str:
    from uncertainty.commands.tables import compact
    from uncertainty.wording import beyond

    sign = "≥" if found.output.claims_above else "≤"
    return f"{compact(beyond(found, threshold).text)} {sign} {name}"
