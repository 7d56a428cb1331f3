"""`uncertainty challenge`: how a figure stands, what would have to be true, and which choices decide it.

`uncertainty.documents.challenge` says what each key of the JSON document means.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty import numbers
from uncertainty.commands.console import page, progress, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Json,
    Only,
    Quiet,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    sharing,
    wanted_outputs,
)
from uncertainty.commands.targets import check_apart, check_distinct, check_table

if TYPE_CHECKING:
    from rich.console import Console

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.study.model import Study


def finite_number(text: str | float) -> float:
    """Read a number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise typer.BadParameter(f'expected a number, found "{text}"')
    return value


UniversesFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Write every combination of choices as a table, in the formats of --table."
    ),
]

EXAMPLES = """Examples:

\b
  uncertainty challenge
  uncertainty challenge --threshold 100
  uncertainty challenge --reading like_for_like --only us_writer_vs_chatgpt
  uncertainty challenge my-study.toml --choose person=nobody --json
  uncertainty challenge --table verdicts.csv --universes universes.xlsx
"""


@sharing()
def challenge(
    study: StudyName = DEFAULT_STUDY,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="VALUE",
            parser=finite_number,
            help="Value to cross; by default a tenth of the published one, and the reference.",
        ),
    ] = None,
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    threads: Threads = None,
    table: TableFile = None,
    universes: UniversesFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how a figure stands and which choices decide it.

    Challenges the headline unless --only names other outputs. The verdicts come first, one a reading;
    then which choices decide, and what would have to be true for the figure to fail or to hold: by default
    under the publication's own reading, or under that of --reading. Choices made with --choose stay fixed
    when all others are varied.
    """
    from uncertainty.challenges.analysis import challenge as analyse
    from uncertainty.documents import dump
    from uncertainty.documents.challenge import challenge_document
    from uncertainty.study.reader import load_study
    from uncertainty.tables.formats import save_table

    _check_files(table, universes)
    settings = asked.settings()
    loaded = load_study(study)
    check_apart(loaded, {"--table": table, "--universes": universes})
    wanted = wanted_outputs(loaded, only) if only else (loaded.headline,)
    with progress("Challenging", quiet=quiet) as report:
        found = analyse(
            loaded, output=wanted, threshold=threshold, threads=threads, progress=report, settings=settings
        )
    if table is not None:
        save_table(found.table, table)
    if universes is not None:
        save_table(found.universes, universes)
    if as_json:
        write(dump(challenge_document(found)))
        return
    with page() as out:
        _show(out, found, asked=asked.samples, quiet=quiet)


def _check_files(table: str | None, universes: str | None) -> None:
    """Refuse files that cannot be written, or that would be one, before anything is run."""
    files = {"--table": table, "--universes": universes}
    for option, file in files.items():
        if file is not None:
            check_table(option, file)
    check_distinct(files)


def _show(out: Console, found: Challenge, *, asked: int | None, quiet: bool) -> None:
    """Show a challenge output by output, in the order of its questions."""
    from uncertainty.commands.tables import heading, paragraph, provenance

    heading(out, found.study)
    for each in found.outputs.values():
        _show_verdicts(out, found, each)
        _show_choices(out, found.study, each)
        _show_break_even(out, found, each)
        _show_combinations(out, found.study, each)
        _show_robustness(out, found.study, each)
    if found.differences:
        _show_differences(out, found)
    if not quiet:
        paragraph(out, provenance(found.study, found.settings, asked=asked))


def _show_verdicts(out: Console, found: Challenge, each: OutputChallenge) -> None:
    """Say how the figure stands under each leading reading."""
    from uncertainty.challenges.sentences import dropped_sentence
    from uncertainty.commands.challenge_tables import verdicts_table
    from uncertainty.commands.tables import paragraph
    from uncertainty.numbers import count
    from uncertainty.wording import claim_text, rare_sentences

    verdict = each.verdict
    paragraph(out, verdict.sentence)
    out.print()
    published = "" if each.output.published is None else f" (published: {claim_text(each.output)})"
    out.print(f"{each.output.title}{published}", style="bold")
    names = list(verdict.leading)
    if found.scenario.reading not in names:
        names.append(found.scenario.reading)
    for name in names:
        paragraph(out, f"{found.study.readings[name].title}: {verdict.readings[name].sentence}")
    out.print(verdicts_table(found, each, names))
    if dropped := dropped_sentence(found.study, [verdict.readings[name] for name in names]):
        paragraph(out, dropped)
    titles = {name: found.study.readings[name].title for name in names}
    for line in rare_sentences((titles[name], verdict.readings[name].estimates) for name in names):
        paragraph(out, line)
    paragraph(out, verdict.arithmetic)
    others = len(verdict.readings) - len(names)
    if others:
        paragraph(out, f"The study has {count(others, 'more reading')}; --json has a sentence for each.")
    out.print()


def _show_choices(out: Console, study: Study, each: OutputChallenge) -> None:
    """Say which choices decide the result."""
    from uncertainty.challenges.sentences import (
        construction_sentences,
        decider_sentence,
        universes_sentence,
    )
    from uncertainty.commands.challenge_tables import choices_table
    from uncertainty.commands.tables import paragraph
    from uncertainty.wording import listed

    out.print("Which choices decide it", style="bold")
    multiverse = each.multiverse
    if isinstance(multiverse, str):
        paragraph(out, f"Does not apply: {multiverse}.")
        out.print()
        return
    paragraph(out, universes_sentence(multiverse))
    paragraph(out, decider_sentence(multiverse, each.choices))
    for sentence in construction_sentences(multiverse, each.choices):
        paragraph(out, sentence)
    out.print(choices_table(multiverse, each.choices))
    if multiverse.combinations.unreached:
        left = [f"“{study.choices[name].question or name}”" for name in multiverse.combinations.unreached]
        paragraph(out, f"Without effect on this output, and left out: {listed(left)}.")
    out.print()


def _show_break_even(out: Console, found: Challenge, each: OutputChallenge) -> None:
    """Say where one input alone would have to lie."""
    from uncertainty.challenges.sentences import asked_sentence, crossing_inputs, threshold_text
    from uncertainty.commands.challenge_tables import break_even_table
    from uncertainty.commands.tables import paragraph, scenario_text
    from uncertainty.wording import listed

    out.print(f"What would have to be true, under “{scenario_text(found.scenario)}”", style="bold")
    if isinstance(each.break_even, str):
        paragraph(out, f"Does not apply: {each.break_even}.")
        out.print()
        return
    if limited := asked_sentence(each):
        paragraph(out, limited)
    able, unable = crossing_inputs(each)
    for limit in each.thresholds:
        table = break_even_table(found, each.break_even, limit.kind)
        if not table.row_count:
            paragraph(out, f"No input alone crosses {threshold_text(each.output, limit)}.")
            continue
        paragraph(out, f"One input alone, to cross {threshold_text(each.output, limit)}:")
        out.print(table)
    if able and unable:
        titles = [found.study.inputs[name].title for name in unable]
        these = "This never crosses" if len(titles) == 1 else "These never cross"
        paragraph(out, f"{these} alone: {listed(titles)}.")
    out.print()


def _show_combinations(out: Console, study: Study, each: OutputChallenge) -> None:
    """Say what several inputs together would have to be, and what sets failing draws apart."""
    from uncertainty.challenges.sentences import design_point_sentence, stress_sentence
    from uncertainty.challenges.thresholds import published_threshold
    from uncertainty.commands.tables import paragraph

    if isinstance(each.design_points, str) or isinstance(each.stress, str):
        return
    out.print("Several inputs together", style="bold")
    for limit in each.thresholds:
        paragraph(out, design_point_sentence(study, each.output, each.design_points[limit.kind], limit))
    out.print()
    out.print("What draws on the far side have in common", style="bold")
    figure = published_threshold(each.output)
    limits = each.thresholds if figure is None else (*each.thresholds, figure)
    for limit in limits:
        if limit.kind in each.stress:
            paragraph(out, stress_sentence(study, each.output, each.stress[limit.kind], limit))
    out.print()


def _show_robustness(out: Console, study: Study, each: OutputChallenge) -> None:
    """Say what other distributions would change."""
    from uncertainty.challenges.robustness_sentences import robustness_sentences
    from uncertainty.commands.tables import paragraph

    out.print("With other distributions than ours", style="bold")
    if isinstance(each.robustness, str):
        paragraph(out, f"Does not apply: {each.robustness}.")
    else:
        for sentence in robustness_sentences(study, each.output, each.robustness):
            paragraph(out, sentence)
    out.print()


def _show_differences(out: Console, found: Challenge) -> None:
    """Show the differences and totals that a ratio does not tell."""
    from uncertainty.commands.tables import columns, compact, titled
    from uncertainty.wording import beyond, interval_text, median_text, point_text

    out.print("More than a ratio", style="bold")
    table = columns(
        "Output and reading",
        "Median",
        f"{numbers.level(found.settings.level)}\ninterval",
        "Draws",
        numeric=(1, 2, 3),
    )
    names = list(next(iter(found.differences.values())).outputs)
    for name in names:
        table.add_row(titled(found.study.outputs[name]), "", "", "")
        for reading, run in found.differences.items():
            each = run.outputs[name]
            reference = each.output.reference or 0.0
            sign = "≥" if each.output.claims_above else "≤"
            share = compact(beyond(each, reference).text)
            table.add_row(
                f"  {found.study.readings[reading].title}",
                median_text(each),
                interval_text(each),
                f"{share} {sign} {point_text(reference)}",
            )
    out.print(table)
    out.print()
