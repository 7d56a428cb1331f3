"""`uncertainty sensitivity`: which inputs drive an output.

`uncertainty.documents.sensitivity` says what each key of the JSON document means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import page, progress, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    EngineOption,
    Json,
    Only,
    Quiet,
    Scheduler,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    sharing,
    wanted_outputs,
    whole_number,
)
from uncertainty.commands.targets import check_apart, check_table
from uncertainty.errors import SettingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.commands.sensitivity_methods.answers import Answer

EXAMPLES = """Examples:

\b
  uncertainty sensitivity
  uncertainty sensitivity --reading like_for_like --second-order
  uncertainty sensitivity --only us_writer_vs_chatgpt --tolerance 0.002
  uncertainty sensitivity --as-input attribution
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
        metavar="KIND", help="Correlated inputs: set takes them as one, input insists on each alone."
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
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    engine: EngineOption = "threads",
    scheduler: Scheduler = None,
    threads: Threads = None,
    table: TableFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which inputs drive an output, by their Sobol' indices.

    Shows the headline unless --only names other outputs; --json gives all of them. Here --samples counts base
    points, 65,536 at most by default, each of which runs the model once for every input and twice more;
    replicates of them are added until every index is known well enough.
    """
    from uncertainty.commands.sensitivity_methods import ANSWERS, Asked
    from uncertainty.study.reader import load_study

    if table is not None:
        check_table("--table", table)
    given = _options_of_sobol(tolerance, second_order=second_order, by=by, scale=scale, as_input=as_input)
    workers = {"threads": threads, "engine": engine, "scheduler": scheduler}
    _check_method(method, given, workers)
    settings = replace(asked, samples=samples).settings()
    loaded = load_study(study)
    check_apart(loaded, {"--table": table})
    shown = wanted_outputs(loaded, only) if only else (loaded.headline,)
    wanted = wanted_outputs(loaded, only) if as_json else shown
    described = shown if as_json or not quiet else ()
    with progress("Attributing variance", quiet=quiet) as report:
        answer = ANSWERS[method](Asked(loaded, wanted, settings, samples, workers, report, given, described))
    others = 0 if only else len(loaded.outputs) - len(shown)
    _deliver(answer, table, others, as_json=as_json, quiet=quiet)


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
    from uncertainty.commands.sensitivity_methods import ANSWERS

    if method not in ANSWERS:
        raise SettingError(f'--method: unknown method "{method}"{suggestion(method, ANSWERS)}')
    if method != "sobol" and given:
        options = {"choices_as_inputs": "--as-input"}
        named = ", ".join(options.get(name, f"--{name.replace('_', '-')}") for name in given)
        raise SettingError(f"{named}: belongs to the method sobol, not to {method}")
    if method == "morris" and (workers["engine"] != "threads" or workers["scheduler"] is not None):
        raise SettingError("--engine: morris always runs in this process")


def _deliver(answer: Answer, table: str | None, others: int, *, as_json: bool, quiet: bool) -> None:
    """Save an answer's table, and write its document or show it.

    Parameters
    ----------
    others
        Outputs that the study has beyond those that are shown.
    """
    from uncertainty.documents import dump
    from uncertainty.numbers import count
    from uncertainty.tables.formats import save_table

    if table is not None:
        save_table(answer.table, table)
    if as_json:
        write(dump(answer.document))
        return
    with page() as out:
        answer.show(out, quiet=quiet)
        if others and not quiet:
            out.print(f"The study has {count(others, 'more output')}; --only OUTPUT shows one.")
