"""`uncertainty sensitivity`: which inputs drive an output.

`uncertainty schema --results` says what each key of the JSON document means.
"""

from __future__ import annotations

from dataclasses import replace
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
    sharing,
    wanted_outputs,
    whole_number,
)
from uncertainty.commands.targets import check_apart, check_table
from uncertainty.errors import SettingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.pages.blocks import Section
    from uncertainty.results import Document
    from uncertainty.results.about import About
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario
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


def tolerance_number(text: str | float) -> float:
    """Read a tolerance: at least 0 and below 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise typer.BadParameter(f'expected a number from 0 to below 1, found "{text}"')
    return value


Tolerance = Annotated[
    float | None,
    typer.Option(
        metavar="HALF-WIDTH",
        parser=tolerance_number,
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
Method = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="How to attribute: sobol, shapley, draws alone, morris, or the GUM's budget."
    ),
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
    method: Method = "sobol",
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
        asked_for = Asked(
            loaded,
            wanted,
            settings,
            samples,
            workers,
            report,
            given,
            described,
            explained=not quiet,
            second_opinion=second_opinion,
        )
        answer = METHODS[method](asked_for)
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
    if method not in METHODS:
        raise SettingError(f'--method: unknown method "{method}"{suggestion(method, METHODS)}')
    if method != "sobol" and given:
        options = {"choices_as_inputs": "--as-input"}
        named = ", ".join(options.get(name, f"--{name.replace('_', '-')}") for name in given)
        raise SettingError(f"{named}: belongs to the method sobol, not to {method}")
    if method == "morris" and (workers["engine"] != "threads" or workers["scheduler"] is not None):
        raise SettingError("--engine: morris always runs in this process")


class Asked(NamedTuple):
    """What a user asked for.

    Parameters
    ----------
    samples
        As they were asked for; the method's own number by default.
    workers
        Who works: threads, engine and scheduler.
    options
        Further options of `sobol`.
    described
        The outputs of which more is to be said than what a method gives for all of them.
    explained
        Whether the words of the method are explained.
    second_opinion
        Whether SALib is asked, too.
    """

    study: Study
    outputs: tuple[str, ...]
    settings: Settings
    samples: int | None
    workers: Mapping[str, Any]
    progress: Progress | None
    options: Mapping[str, Any]
    described: tuple[str, ...]
    explained: bool
    second_opinion: bool

    @property
    def plan(self) -> Scenario:
        """The scenario that all outputs are looked at under."""
        return self.settings.scenario(self.study)

    @property
    def under(self) -> str:
        """What that scenario is called."""
        from uncertainty.wording import scenario_text

        return scenario_text(self.plan)

    def title(self, output: str) -> str:
        """Return what a section on an output is called."""
        from uncertainty.pages.sections.drivers import driven

        return driven(self.study, output, self.under)

    def named(self, key: str) -> str:
        """Return what an input is called."""
        from uncertainty.pages.figures.drivers import driver_title

        return driver_title(self.study, key)

    def settings_of(self, samples: int, parts: int = 1) -> Settings:
        """Return the settings with a method's own number of samples, unless another was asked for.

        Parameters
        ----------
        parts
            Runs that share the budget.
        """
        from uncertainty.budgets import apart

        chosen = replace(self.settings, samples=samples if self.samples is None else self.samples)
        return apart(chosen, parts)


class Answer(NamedTuple):
    """A method's document and table, what makes its sections for people, and what the numbers rest on."""

    document: Document
    table: Table
    sections: Iterable[Section]
    origin: str


def _answer(about: About, results: object, table: Table, sections: Iterable[Section], origin: str) -> Answer:
    """Return the answer of a method other than Sobol' indices."""
    from uncertainty.answers import document

    return Answer(document("sensitivity", about.plan.study, results, about), table, sections, origin)


def _parts(asked: Asked) -> int:
    """Return the parts of the budget of Sobol' indices: one more where top drivers can be described too."""
    from uncertainty.sensitivity.effects import can_describe

    budget, count = asked.settings.budget, len(asked.described)
    return 2 if count and (budget is None or can_describe(asked.study, budget // 2 // count)) else 1


def _by_sobol(asked: Asked) -> Answer:
    from uncertainty.answers import sensitivity_document
    from uncertainty.pages.sections.drivers import drivers
    from uncertainty.results.about import about
    from uncertainty.sensitivity.effects import can_describe, describe_drivers
    from uncertainty.sensitivity.second_opinion import second_opinion
    from uncertainty.sensitivity.sobol.analysis import SAMPLES, sobol
    from uncertainty.sensitivity.sobol.results import listing
    from uncertainty.wording import LEFT_OUT, provenance

    settings = asked.settings_of(SAMPLES, _parts(asked))
    found = sobol(
        asked.study,
        output=asked.outputs,
        progress=asked.progress,
        settings=settings,
        **asked.workers,
        **asked.options,
    )
    able = [found.outputs[name] for name in asked.described if not found.choices_as_inputs]
    budget = None if settings.budget is None else settings.budget * (_parts(asked) - 1) // max(len(able), 1)
    details = {
        each.output: describe_drivers(found, each.output, budget=budget, **asked.workers)
        for each in able
        if each.indices and not each.reason and can_describe(asked.study, budget)
    }
    opinions = {name: second_opinion(found, name) for name in asked.outputs if asked.second_opinion}
    sections = (
        drivers(
            found,
            each,
            details.get(each.output) if asked.explained else None,
            opinions.get(each.output),
            explained=asked.explained,
        )
        for each in found.outputs.values()
    )
    rounded_up = asked.samples is not None and found.settings.samples > asked.samples
    samples = asked.samples if rounded_up else None
    origin = provenance(found.study, found.settings, asked=samples, what="base points")
    runs = f"; {found.model_rows:,} model runs in {found.replicates} independent replicates."
    if able and not can_describe(asked.study, budget):
        runs += f" {LEFT_OUT.format('What the top drivers leave open, and the short version, were')}"
    return Answer(
        sensitivity_document(found, details, opinions),
        listing(found, *opinions.values(), about=about(found.about)),
        sections,
        origin.removesuffix(".") + runs,
    )


def _by_shapley(asked: Asked) -> Answer:
    from uncertainty.answers import ShapleyAnswer
    from uncertainty.pages.sections.attribution import shapley_effects
    from uncertainty.results.about import about
    from uncertainty.sensitivity.shapley import SAMPLES, shapley
    from uncertainty.sensitivity.sobol.results import listing
    from uncertainty.wording import provenance

    settings = asked.settings_of(SAMPLES, len(asked.outputs))
    found = {
        name: shapley(asked.study, output=name, progress=asked.progress, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))
    return _answer(
        first.about,
        ShapleyAnswer(found),
        listing(*found.values(), about=about(first.about)),
        (shapley_effects(each, asked.under, explained=asked.explained) for each in found.values()),
        provenance(asked.study, first.settings, asked=asked.samples, what="base points"),
    )


def _by_draws(asked: Asked) -> Answer:
    from uncertainty.answers import DrawsAnswer
    from uncertainty.pages.sections.attribution import from_draws
    from uncertainty.results.about import About, about
    from uncertainty.sensitivity.given_data import given_data
    from uncertainty.sensitivity.sample import ROWS, draw_sample
    from uncertainty.sensitivity.sobol.results import listing
    from uncertainty.wording import provenance

    settings = asked.settings_of(ROWS)
    sample = draw_sample(
        asked.study, output=asked.outputs, progress=asked.progress, settings=settings, **asked.workers
    )
    found = given_data(sample, level=settings.level, seed=settings.seed)
    drawn = replace(settings, samples=sample.rows)
    depends = About(drawn, asked.plan, "draws")
    return _answer(
        depends,
        DrawsAnswer(found),
        listing(*found.values(), about=about(depends)),
        (
            from_draws(each, asked.title(name), asked.named, explained=asked.explained)
            for name, each in found.items()
        ),
        provenance(asked.study, drawn, asked=asked.samples),
    )


def _by_morris(asked: Asked) -> Answer:
    from uncertainty.answers import MorrisAnswer
    from uncertainty.pages.sections.attribution import screening
    from uncertainty.results.about import about
    from uncertainty.sensitivity.morris import TRAJECTORIES, morris
    from uncertainty.sensitivity.sobol.results import listing
    from uncertainty.wording import version_and_study

    settings = asked.settings_of(TRAJECTORIES, len(asked.outputs))
    found = {
        name: morris(asked.study, output=name, trajectories=settings.samples, settings=settings)
        for name in asked.outputs
    }
    runs = sum(each.model_rows for each in found.values())
    first = next(iter(found.values()))
    return _answer(
        first.about,
        MorrisAnswer(found),
        listing(*found.values(), about=about(first.about)),
        (
            screening(each, asked.title(name), asked.named, explained=asked.explained)
            for name, each in found.items()
        ),
        f"{settings.samples:,} trajectories, {runs:,} model runs, seed {settings.seed}; "
        f"{version_and_study(asked.study)}.",
    )


def _by_budget(asked: Asked) -> Answer:
    from uncertainty.answers import BudgetAnswer
    from uncertainty.pages.sections.attribution import budget
    from uncertainty.sensitivity.budget import linear_budget
    from uncertainty.settings import SAMPLES
    from uncertainty.tables.table import stacked
    from uncertainty.wording import provenance

    settings = asked.settings_of(SAMPLES, len(asked.outputs))
    found = {
        name: linear_budget(asked.study, output=name, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))
    return _answer(
        first.about,
        BudgetAnswer(found),
        stacked("budget", "result", {name: each.table for name, each in found.items()}),
        (budget(each, asked.under, explained=asked.explained) for each in found.values()),
        provenance(asked.study, first.settings, asked=asked.samples),
    )


METHODS: Mapping[str, Callable[[Asked], Answer]] = {
    "sobol": _by_sobol,
    "shapley": _by_shapley,
    "draws": _by_draws,
    "morris": _by_morris,
    "budget": _by_budget,
}


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

    if table is not None:
        save_table(answer.table, table)
    if as_json:
        write(dump(answer.document))
        return
    more = f"The study has {count(others, 'more output')}; --only OUTPUT shows one." if others else ""
    tell(study, answer.sections, answer.origin, more)
