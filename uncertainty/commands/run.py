"""`uncertainty run`: the interval of every output, and where in it the published figure lies."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.commands.console import progress, tell, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Cache,
    Cases,
    EngineOption,
    Json,
    MaxSamples,
    Only,
    Over,
    Program,
    Quiet,
    Save,
    Scheduler,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    Until,
    loaded_study,
    sharing,
    wanted_outputs,
)
from uncertainty.commands.targets import check_apart, check_distinct, check_table, saving
from uncertainty.errors import UncertaintyError
from uncertainty.numbers import count
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.alternatives import Alternatives
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.propagation import Propagation
    from uncertainty.readings import Readings
    from uncertainty.sampling.running import Execution
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty run
  uncertainty run --reading like_for_like --only us_illustrator_vs_midjourney
  uncertainty run --save draws.nc --table results.xlsx
  uncertainty run --set "energy_per_image[midjourney]=1 to 3"
"""


@sharing()
def run(
    study: StudyName = DEFAULT_STUDY,
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    over: Over = None,
    cases: Cases = False,
    until: Until = None,
    max_samples: MaxSamples = None,
    save: Save = None,
    table: TableFile = None,
    program: Program = None,
    cache: Cache = None,
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
    from uncertainty.propagation import propagate
    from uncertainty.readings import summary_table
    from uncertainty.sampling.running import Execution
    from uncertainty.tables.formats import save_once, save_table

    settings = asked.settings(until=until, max_samples=max_samples)
    as_drawn, afterwards = _files(save, table)
    execution = Execution(threads=threads, engine=engine, scheduler=scheduler, save=as_drawn)
    loaded = _speaking(loaded_study(study, program, cache), over)
    check_apart(loaded, {"--save": save, "--table": table})
    wanted = wanted_outputs(loaded, only)
    if afterwards is not None and _has_draws(afterwards, loaded, wanted, _own_part(settings, loaded)):
        afterwards = None
    draw = partial(
        propagate,
        loaded,
        outputs=wanted,
        cases=_pictured(loaded, wanted, settings, asked=cases),
        # what is neither shown nor written need not be found
        whole=cases or as_json or table is not None,
        settings=_own_part(settings, loaded),
        execution=execution,
    )
    found, readings = _both(draw, loaded, wanted[0], settings, execution, quiet=quiet)
    if cases and (because := found.outputs[wanted[0]].cases_because):
        from uncertainty.errors import Fault, NonFiniteError

        raise NonFiniteError(Fault(because, f"outputs.{wanted[0]}", loaded.file))
    compared = _alternatives(found, wanted, settings, execution, quiet=quiet)
    with saving(
        (save_once, lambda: found.draws, afterwards),
        (save_table, lambda: summary_table(found, readings), table),
        as_json=as_json,
    ):
        if as_json:
            from uncertainty.answers import run_document
            from uncertainty.results import dump

            write(dump(run_document(found, readings, compared)))
            return
        _show(found, readings, compared, asked=asked.samples, quiet=quiet, whole=cases)


def _speaking(study: Study, over: str | None) -> Study:
    """Return the study whose outputs speak of what is asked for."""
    from typing import cast, get_args

    from uncertainty.errors import SettingError, suggestion
    from uncertainty.over_cases import speaking_of
    from uncertainty.study.model import Over as Kind

    if over is None:
        return study
    if over not in get_args(Kind):
        hint = suggestion(over, get_args(Kind))
        raise SettingError(f'--over: expected {", ".join(get_args(Kind))}, found "{over}"{hint}')
    return speaking_of(study, cast("Kind", over))


def _pictured(study: Study, outputs: Sequence[str], settings: Settings, *, asked: bool) -> bool:
    """Tell whether to draw the distribution over cases: where it is asked for, or can be had."""
    from uncertainty.case_statistics import check_both_kinds, enough_rows

    if asked:
        check_both_kinds(settings.scenario(study), outputs[0])
    # where rows are counted, what nobody asked for is left out; and of few outer draws too few would agree
    # with what was observed
    able = settings.budget is None and enough_rows(settings)
    return asked or (able and not settings.scenario(study).observations)


def _own_part(settings: Settings, study: Study) -> Settings:
    """Return the settings of one run, where others under every reading follow and share the budget."""
    from uncertainty.budgets import apart

    readings = len(study.readings)
    return settings if readings < 2 else apart(settings, 1 + readings)


def _files(save: str | None, table: str | None) -> tuple[str | None, str | None]:
    """Return the file that is written while draws are made, and the one that is written afterwards.

    What cannot be written is said before anything is drawn. Parquet is written meanwhile, so that a killed
    run goes on with it.
    """
    from uncertainty.files import check_target, refuse_a_folder
    from uncertainty.tables.formats import format_of

    if save is not None:
        refuse_a_folder(save, "--save")
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


def _both(
    draw: Callable[..., Propagation],
    study: Study,
    output: str,
    settings: Settings,
    execution: Execution,
    *,
    quiet: bool,
) -> tuple[Propagation, Readings | None]:
    """Return the run itself, and that of one output under every reading, if the study has several.

    Where the two can be made beside each other, they are; what the run refuses is told first.
    """
    readings = partial(_readings, study, output, settings, execution, quiet=quiet)
    beside = study.function is None and settings.until is None and settings.budget is None
    if not beside or len(study.readings) < 2:
        with progress("Drawing", quiet=quiet) as report:
            found = draw(progress=report)
        return found, readings(found)
    made: list[Propagation] = []

    def once() -> None:
        if not made:
            made.append(draw())

    try:
        compared = readings(None, once)
    except UncertaintyError:
        once()
        raise
    return made[0], compared


def _readings(
    study: Study,
    output: str,
    settings: Settings,
    execution: Execution,
    found: Propagation | None,
    beside: Callable[[], None] | None = None,
    *,
    quiet: bool,
) -> Readings | None:
    """Run one output under every reading, if the study has several and the user has the patience.

    Options chosen on the command line are left out: a reading is its own set of options.
    """
    from uncertainty.readings import compare_readings

    reached = None if found is None else found.reached
    if len(study.readings) < 2 or (reached is not None and reached.interrupted):
        return None
    own = replace(settings, choices=Frozen())
    if settings.budget is not None:
        own = replace(own, budget=settings.budget * len(study.readings) // (1 + len(study.readings)))
    try:
        with progress("Comparing readings", quiet=quiet) as report:
            return compare_readings(
                study, output=output, progress=report, beside=beside, settings=own, execution=execution
            )
    except KeyboardInterrupt:
        if reached is None:
            raise
        # what a long run with --until has found is not thrown away for the sake of the comparison
        return None


def _alternatives(
    found: Propagation, outputs: Sequence[str], settings: Settings, execution: Execution, *, quiet: bool
) -> Alternatives | None:
    """Compare the study's alternatives, if all of them were asked for and there is no tolerance to meet."""
    study = found.study
    if not study.compare or not {*study.compare} <= {*outputs} or settings.until is not None:
        return None
    from uncertainty.alternatives import compare_alternatives

    with progress("Comparing alternatives", quiet=quiet) as report:
        return compare_alternatives(
            study, progress=report, settings=settings, execution=replace(execution, save=None)
        )


def _show(
    found: Propagation,
    readings: Readings | None,
    compared: Alternatives | None,
    *,
    asked: int | None,
    quiet: bool,
    whole: bool,
) -> None:
    """Show a run: one output under the leading readings, then every output under the run's own."""
    from uncertainty.pages.sections.cases import sections_of
    from uncertainty.pages.sections.claim import claim
    from uncertainty.pages.sections.intervals import outputs
    from uncertainty.pages.sections.observations import observed
    from uncertainty.wording import provenance

    study, settings = found.study, found.settings
    over = [row for row in found.outputs.values() if row.cases or _has_average(found, row)]
    sections = sections_of(over, found.scenario, whole=whole) if over else []
    sections.append(outputs(found, explained=not quiet))
    if found.weights is not None:
        sections.append(observed(found))
    if compared is not None:
        from uncertainty.pages.sections.alternatives import alternatives

        sections.append(alternatives(compared))
    readings = readings or _only_reading(found)
    last = []
    if readings is not None:
        sections.insert(0, claim(readings, found.outputs[readings.output.name], found.scenario))
        others = len(readings.runs) - len(readings.leading)
        last += (
            [f"The study has {count(others, 'more reading')}; --reading NAME shows one."] if others else []
        )
    elif len(study.readings) > 1:
        last.append("The readings were not compared, since the run was interrupted.")
    # what a run with --until was asked for is where it began
    tell(study, sections, *last, provenance(study, settings, asked=None if settings.until else asked))


def _has_average(found: Propagation, row: OutputDistribution) -> bool:
    """Tell whether an output is an average of cases that has one case beside it, and is not known."""
    from uncertainty.case_statistics import has_both_kinds

    return row.any_case is not None and has_both_kinds(found.scenario, row.output.name)


def _only_reading(found: Propagation) -> Readings | None:
    """Return the first output under the study's only reading, if that is what was run."""
    from uncertainty.readings import Readings

    study = found.study
    if len(study.readings) > 1 or found.settings.choices:
        return None
    runs = Frozen(dict.fromkeys(study.readings, found))
    output = study.outputs[next(iter(found.outputs))]
    return Readings(study, output, found.settings, runs)
