"""`uncertainty sensitivity`: which inputs drive an output.

`uncertainty schema --results` says what each key of the JSON document means.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from uncertainty.commands.console import progress, tell, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Cache,
    EngineOption,
    Json,
    Only,
    Program,
    Quiet,
    Scheduler,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    loaded_study,
    share_or_none,
    sharing,
    wanted_outputs,
    whole_number,
)
from uncertainty.commands.targets import check_apart, check_table, saving
from uncertainty.errors import SettingError, suggestion
from uncertainty.records import by_name
from uncertainty.sensitivity.methods import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.pages.blocks import Section
    from uncertainty.results import Document
    from uncertainty.sensitivity.methods import Asked, Method
    from uncertainty.study.model import Study
    from uncertainty.tables import Table

EXAMPLES = """Examples:

\b
  uncertainty sensitivity
  uncertainty sensitivity --reading like_for_like --second-order
  uncertainty sensitivity --only us_writer_vs_chatgpt --tolerance 0.002
  uncertainty sensitivity --as-input attribution
  uncertainty sensitivity --second-opinion
  uncertainty sensitivity --method shapley
  uncertainty sensitivity gauge-block --method budget --table budget.xlsx
"""


SOBOL = "sobol"


Tolerance = Annotated[
    float | None,
    typer.Option(
        metavar="HALF-WIDTH",
        parser=share_or_none,
        help="Add replicates until every index is known this well, 0.01 by default; 0 uses all samples.",
    ),
]
BasePoints = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        parser=whole_number,
        help="Base points; trajectories of morris; draws of draws and budget. Rounded up as needed.",
    ),
]
SecondOrder = Annotated[bool, typer.Option("--second-order", help="Also estimate the index of every pair.")]
By = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="Correlated inputs: set takes them as one, input insists on each alone; name takes all members "
        "of an indexed input as one, too.",
    ),
]
MethodName = Annotated[
    str,
    typer.Option(metavar="NAME", help=f"How to attribute the spread: {SOBOL}, {', '.join(METHODS)}."),
]
OneScale = Annotated[
    str | None, typer.Option(metavar="NAME", help="Attribute on this scale only: linear or log10.")
]
AsInput = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CHOICE", help="Take a choice as an input, its options equally likely; may be repeated."
    ),
]


SecondOpinion = Annotated[
    bool, typer.Option("--second-opinion", help="Show SALib's own analysis of the same study beside it.")
]


@sharing(without=("samples", "interval"))
def sensitivity(
    study: StudyName = DEFAULT_STUDY,
    method: MethodName = SOBOL,
    samples: BasePoints = None,
    tolerance: Tolerance = None,
    second_order: SecondOrder = False,
    by: By = None,
    scale: OneScale = None,
    as_input: AsInput = None,
    second_opinion: SecondOpinion = False,
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    engine: EngineOption = "threads",
    scheduler: Scheduler = None,
    threads: Threads = None,
    table: TableFile = None,
    program: Program = None,
    cache: Cache = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which inputs drive an output, by their Sobol' indices.

    Shows the headline unless --only names other outputs; --json gives all of them. Here --samples counts base
    points, 65,536 at most by default, each of which runs the model once for every input and twice more;
    replicates of them are added until every index is known well enough.
    """
    from uncertainty.sensitivity.methods import Asked

    if table is not None:
        check_table("--table", table)
    given = _options_of_sobol(tolerance, second_order=second_order, by=by, scale=scale, as_input=as_input)
    workers = {"threads": threads, "engine": engine, "scheduler": scheduler}
    _check_method(method, given | ({"second_opinion": True} if second_opinion else {}), workers)
    settings = replace(asked, samples=samples).settings()
    loaded = loaded_study(study, program, cache)
    check_apart(loaded, {"--table": table})
    shown = wanted_outputs(loaded, only) if only else (loaded.headline,)
    wanted = wanted_outputs(loaded, only) if as_json else shown
    described = shown if as_json or not quiet else ()
    with progress("Attributing variance", quiet=quiet) as report:
        attributing = Asked(loaded, wanted, settings, samples, workers, report)
        told = Told(described, explained=not quiet, second_opinion=second_opinion)
        answer = (
            _by_sobol(attributing, told, given)
            if method == SOBOL
            else _by_method(attributing, told, METHODS[method])
        )
    others = 0 if only or quiet else len(loaded.outputs) - len(shown)
    _deliver(answer, loaded, table, others, as_json=as_json)


def _options_of_sobol(
    tolerance: float | None,
    *,
    second_order: bool,
    by: str | None,
    scale: str | None,
    as_input: Sequence[str] | None,
) -> dict[str, object]:
    """Return the options that were given and that Sobol' indices alone have, by their names in Python."""
    asked = {
        "tolerance": tolerance,
        "second_order": second_order or None,
        "by": by,
        "scale": scale,
        "choices_as_inputs": tuple(as_input or ()) or None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _check_method(method: str, given: Mapping[str, object], workers: Mapping[str, object]) -> None:
    """Refuse a method that is unknown, or that does not have what it was given."""
    if method == SOBOL:
        return
    if method not in METHODS:
        raise SettingError(f'--method: unknown method "{method}"{suggestion(method, [SOBOL, *METHODS])}')
    if given:
        options = {"choices_as_inputs": "--as-input"}
        named = ", ".join(options.get(name, f"--{name.replace('_', '-')}") for name in given)
        raise SettingError(f"{named}: belongs to the method sobol, not to {method}")
    if not METHODS[method].engines and (workers["engine"] != "threads" or workers["scheduler"] is not None):
        raise SettingError(f"--engine: {method} always runs in this process")


class Told(NamedTuple):
    """What is to be said beside what a method finds.

    Parameters
    ----------
    described
        The outputs of which more is to be said than what a method gives for all of them.
    explained
        Whether the words of the method are explained.
    second_opinion
        Whether SALib is asked, too.
    """

    described: tuple[str, ...]
    explained: bool
    second_opinion: bool


class Answer(NamedTuple):
    """A method's document and table, what makes its sections for people, and what the numbers rest on."""

    document: Document
    table: Table
    sections: Iterable[Section]
    origin: str


def _parts(asked: Asked, told: Told) -> int:
    """Return the parts of the budget of Sobol' indices: one more where top drivers can be described too."""
    from uncertainty.sensitivity.effects import can_describe

    budget, count = asked.settings.budget, len(told.described)
    return 2 if count and (budget is None or can_describe(asked.study, budget // 2 // count)) else 1


def _by_sobol(asked: Asked, told: Told, options: Mapping[str, Any]) -> Answer:
    from uncertainty.answers import sensitivity_document
    from uncertainty.pages.sections.drivers import drivers
    from uncertainty.results.about import about
    from uncertainty.sensitivity.effects import can_describe, describe_drivers
    from uncertainty.sensitivity.second_opinion import second_opinion
    from uncertainty.sensitivity.sobol.analysis import SAMPLES, sobol
    from uncertainty.sensitivity.sobol.results import listing
    from uncertainty.wording import LEFT_OUT, provenance

    settings = asked.settings_of(SAMPLES, _parts(asked, told))
    found = sobol(
        asked.study,
        output=asked.outputs,
        progress=asked.progress,
        settings=settings,
        **asked.workers,
        **options,
    )
    able = [found.outputs[name] for name in told.described if not found.choices_as_inputs]
    budget = (
        None if settings.budget is None else settings.budget * (_parts(asked, told) - 1) // max(len(able), 1)
    )
    details = {
        each.output: describe_drivers(found, each.output, budget=budget, **asked.workers)
        for each in able
        if each.indices and not each.reason and can_describe(asked.study, budget)
    }
    opinions = {name: second_opinion(found, name) for name in asked.outputs if told.second_opinion}
    sections = (
        drivers(
            found,
            each,
            details.get(each.output) if told.explained else None,
            opinions.get(each.output),
            explained=told.explained,
        )
        for each in found.outputs.values()
    )
    origin = provenance(found.study, found.settings, asked=asked.samples, what="base points")
    runs = f"; {found.model_rows:,} model runs in {found.replicates} independent replicates."
    if able and not can_describe(asked.study, budget):
        runs += f" {LEFT_OUT.format('What the top drivers leave open, and the short version, were')}"
    return Answer(
        sensitivity_document(found, details, opinions),
        listing(found, *opinions.values(), about=about(found.about)),
        sections,
        origin.removesuffix(".") + runs,
    )


def _by_method(asked: Asked, told: Told, method: Method) -> Answer:
    from uncertainty.answers import document, method_answer
    from uncertainty.pages.figures.drivers import driver_title
    from uncertainty.pages.sections import attribution
    from uncertainty.pages.sections.drivers import driven
    from uncertainty.study.probing import NOISY
    from uncertainty.wording import dropped_sentence, provenance, scenario_text, version_and_study

    found = method.attribute(asked)
    study, plan = asked.study, found.about.plan
    section = by_name(attribution.__name__, method.section)
    dropped = max(found.about.dropped.values(), default=0.0)
    # of what is left nothing was rounded up
    samples = None if dropped else asked.samples
    origin = provenance(study, found.about.settings, asked=samples, what=method.counts)
    origin = " ".join(filter(None, (origin, dropped_sentence([("of all", dropped)]))))
    noise = f" {NOISY}" if study.is_noisy else ""
    return Answer(
        document("sensitivity", plan.study, method_answer(method.name)(found.results), found.about),
        found.table,
        (
            section(
                each,
                driven(study, name, scenario_text(plan)),
                partial(driver_title, study),
                explained=told.explained,
            )
            for name, each in found.results.items()
        ),
        (f"{found.runs}; {version_and_study(study)}." if found.runs else origin) + noise,
    )


def _deliver(answer: Answer, study: Study, table: str | None, others: int, *, as_json: bool) -> None:
    """Save an answer's table, and write its document or show it.

    Parameters
    ----------
    others
        Outputs that the study has beyond those that are shown, if these are to be spoken of.
    """
    from uncertainty.numbers import count
    from uncertainty.results import dump
    from uncertainty.tables.formats import save_table

    with saving((save_table, lambda: answer.table, table), as_json=as_json):
        if as_json:
            write(dump(answer.document))
            return
        more = f"The study has {count(others, 'more output')}; --only OUTPUT shows one." if others else ""
        tell(study, answer.sections, answer.origin, more)
