"""`uncertainty fit`: a distribution from data or from an expert's quantiles."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.characters import legible
from uncertainty.commands.console import say, write
from uncertainty.commands.options import (
    AnswersFile,
    CutOff,
    DataFile,
    Font,
    Json,
    PlotFile,
    Quiet,
    Seed,
    SeedsFile,
    TableFile,
    finite_number,
)
from uncertainty.commands.plot import format_of, write_figure
from uncertainty.commands.targets import check_table, refuse_among, saving
from uncertainty.errors import Fault, SettingError, StudyError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure


EXAMPLES = """Examples:

\b
  uncertainty fit data.csv hours                            which families fit a column, and how well
  uncertainty fit data.csv hours --family lognormal --plot hours.svg
  uncertainty fit --quantiles "p5=1, p50=3, p95=12"         what an expert said
  uncertainty fit --experts answers.csv --seeds seeds.csv   how much each expert counts
  uncertainty fit --quantiles "p50=3" --low 0 --high 20     the greatest entropy where much is open
"""

_QUANTILE = regex(r"\s*p(\d+(?:\.\d+)?)\s*=\s*([^,]+?)\s*")


def fit(
    data: DataFile = None,
    column: Annotated[
        str | None, typer.Argument(metavar="COLUMN", help="The column to fit.", show_default=False)
    ] = None,
    family: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Fit this family only; may be repeated.")
    ] = None,
    quantiles: Annotated[
        str | None, typer.Option(metavar="P=VALUE,…", help='Quantiles instead of data: "p5=1, p95=9".')
    ] = None,
    low: Annotated[
        float | None, typer.Option(metavar="VALUE", parser=finite_number, help="The least that is possible.")
    ] = None,
    high: Annotated[
        float | None, typer.Option(metavar="VALUE", parser=finite_number, help="The most that is possible.")
    ] = None,
    mean: Annotated[
        float | None,
        typer.Option(metavar="VALUE", parser=finite_number, help="The mean, if all that is known."),
    ] = None,
    sd: Annotated[
        float | None, typer.Option(metavar="VALUE", parser=finite_number, help="Its standard deviation.")
    ] = None,
    experts: AnswersFile = None,
    seeds: SeedsFile = None,
    cut_off: CutOff = 0.0,
    plot: PlotFile = None,
    font: Font = None,
    table: TableFile = None,
    seed: Seed = 1,
    force: Annotated[bool, typer.Option("--force", hidden=True)] = False,  # noqa: ARG001 - of version 1.0
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find a distribution for data or for an expert's quantiles.

    Gives the line to paste into a study. Families are ranked by AICc, which weighs likelihood against
    parameters. A² p and KS p are p-values of Anderson and Darling's and of Kolmogorov and Smirnov's statistic
    that allow for the fit: where they are small, the family does not describe the data, however it ranks.
    """
    if table is not None:
        check_table("--table", table)
        given_files = [each for each in (data, experts, seeds) if each]
        refuse_among(given_files, {"--table": table}, "holds the data")
    if experts is not None or seeds is not None:
        others = {"DATA": data, "--quantiles": quantiles, "--low": low, "--high": high, "--mean": mean}
        _refuse({**others, "--sd": sd, "--plot": plot, "--family": family}, "has no meaning beside --experts")
        _from_experts(experts, seeds, cut_off, table, as_json=as_json, quiet=quiet)
        return
    if data is None:
        _from_words(
            quantiles,
            (low, high, mean, sd),
            table,
            as_json=as_json,
            quiet=quiet,
            refused={"--plot": plot, "--family": family},
        )
        return
    given = {"--quantiles": quantiles, "--low": low, "--high": high, "--mean": mean, "--sd": sd}
    _refuse(given, "belongs to fits without DATA")
    _from_data(data, column, family, seed, plot, font, table, as_json=as_json, quiet=quiet)


def _refuse(given: Mapping[str, object], why: str) -> None:
    named = [option for option, value in given.items() if value is not None and value is not False]
    if named:
        raise SettingError(f"{', '.join(named)}: {why}")


def _from_experts(
    experts: Path | None, seeds: Path | None, cut_off: float, table: str | None, *, as_json: bool, quiet: bool
) -> None:
    from uncertainty.answers import ExpertSettings, document
    from uncertainty.fitting.columns import (
        answers_read,
        check_units_of_questions,
        read_answers,
        read_seeds,
        refuse_codes_of_questions,
        seeds_read,
    )
    from uncertainty.fitting.seeds import weigh_experts
    from uncertainty.pages.sections.fitting import weighed_experts
    from uncertainty.results import dump
    from uncertainty.tables import save_table

    if experts is None or seeds is None:
        raise SettingError("--experts and --seeds go together: what was answered, and what is known")
    known = read_seeds(seeds)
    answers = read_answers(experts)
    on_units = check_units_of_questions(experts, seeds)
    refuse_codes_of_questions(experts, seeds)
    with _naming({"answers": experts, "seeds": seeds, "logarithmic": seeds}):
        found = weigh_experts(answers, known.values, logarithmic=known.logarithmic, cut_off=cut_off)
    said = {experts: answers_read(experts, answers), seeds: seeds_read(seeds, known)}
    read = " ".join(
        ["Read from", *(f"{legible(path.name)}: {each}." for path, each in said.items()), on_units]
    ).rstrip()
    with saving((save_table, lambda: found.table, table), as_json=as_json):
        if as_json:
            asked = ExpertSettings(legible(experts.name), legible(seeds.name), cut_off, read)
            write(dump(document("fit", None, found, asked)))
            return
        say(*weighed_experts(found, read, explained=not quiet))


@contextmanager
def _naming(files: Mapping[str, Path]) -> Iterator[None]:
    """Name the file in what is wrong with an argument that was read from it."""
    try:
        yield
    except SettingError as error:
        argument, _, said = str(error).partition(": ")
        if argument not in files:
            raise
        raise SettingError(Fault(said, file=str(files[argument]))) from None


def _from_data(
    data: Path,
    column: str | None,
    families: Sequence[str] | None,
    seed: int,
    plot: Path | None,
    font: str | None,
    table: str | None,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from uncertainty.answers import FitAnswer, FitSettings, document
    from uncertainty.fitting.columns import read_values
    from uncertainty.fitting.data import UnsuitableDataError, fit_data
    from uncertainty.numbers import count
    from uncertainty.pages.figures.fits import draw_fits
    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.pages.sections.fitting import fits, study_lines
    from uncertainty.results import dump
    from uncertainty.tables import save_table

    sheet = Sheet.asked(None, None, font, "en", dashes="--")
    if plot is not None:
        format_of(plot, "--plot")
    read = read_values(data, column)
    name, missing = read.name, read.missing
    try:
        found = fit_data(read.values, families=families, seed=seed)
    except UnsuitableDataError as error:
        raise StudyError(Fault(str(error), name, str(data))) from None

    def draw(picture: Figure, file: Path) -> None:
        write_figure(picture, "fits", f"{name}: data and fitted families", file, sheet)

    with saving(
        (draw, lambda: draw_fits(found, name), plot),
        (save_table, lambda: found.table, table),
        as_json=as_json,
    ):
        if as_json:
            asked = FitSettings(legible(data.name), name, seed)
            write(dump(document("fit", None, FitAnswer(found, missing, read.read), asked)))
            return
        file = legible(data.name)
        left_out = f"; {count(missing, 'row')} without a value left out" if missing else ""
        title = f"{name}: {len(found.values):,} values of {file}{left_out}"
        lines = study_lines(found.advised.text, "measured", f"{len(found.values)} values of {name} in {file}")
        said = f"Read: {read.read.sentence}"
        say(*fits(found, title, *read.notes, read=said, explained=not quiet), lines)


def read_quantiles(text: str) -> dict[float, float]:
    """Read quantiles as they stand in a call, ``p5=1, p95=9``, by probability."""
    from uncertainty.distributions.arguments import fractions_among

    found: dict[float, float] = {}
    parts = [_read_quantile(part) for part in text.split(",")]
    if said := fractions_among(percentage for percentage, _ in parts):
        raise SettingError(f"--quantiles: {said}")
    for percentage, value in parts:
        probability = float(Decimal(percentage) / 100)  # 99.9 / 100 is not 0.999
        if probability in found:
            raise SettingError(f"--quantiles: p{percentage} is given twice")
        found[probability] = value
    return found


def _read_quantile(part: str) -> tuple[str, float]:
    """Read a percentage, as it is written, and its value."""
    match = _QUANTILE.fullmatch(part)
    if match is not None:
        with suppress(ValueError):
            return match[1], float(match[2])
    raise SettingError(f'--quantiles: expected such as "p5=1, p95=9", found "{part.strip()}"')


def _from_words(
    quantiles: str | None,
    known: tuple[float | None, float | None, float | None, float | None],
    table: str | None,
    *,
    as_json: bool,
    quiet: bool,
    refused: Mapping[str, object],
) -> None:
    from uncertainty.answers import QuantilesAnswer, QuantileSettings, document
    from uncertainty.fitting.entropy import of_moments
    from uncertainty.fitting.quantiles import fit_quantiles
    from uncertainty.pages.sections.fitting import elicitation, elicited_lines
    from uncertainty.results import dump
    from uncertainty.tables import save_table

    _refuse(refused, "belongs to fits of DATA")
    low, high, mean, sd = known
    if quantiles is None and all(value is None for value in known):
        raise SettingError("expected DATA and a COLUMN, or --quantiles; uncertainty fit --help shows both")
    given = {} if quantiles is None else read_quantiles(quantiles)
    if given:
        _refuse({"--mean": mean is not None, "--sd": sd is not None}, "cannot be combined with --quantiles")
        found = fit_quantiles(given, low=low, high=high)
    else:
        found = of_moments(low=low, high=high, mean=mean, sd=sd)
    with saving((save_table, lambda: found.table, table), as_json=as_json):
        if as_json:
            asked = QuantileSettings(tuple(given.items()), *known)
            write(dump(document("fit", None, QuantilesAnswer(found), asked)))
            return
        say(*elicitation(found, explained=not quiet), elicited_lines(found))
