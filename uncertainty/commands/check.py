"""`uncertainty check`: whether a file is sound and its points reproduce the published figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty import numbers
from uncertainty.commands.console import page, write
from uncertainty.commands.options import DEFAULT_STUDY, Json, Only, Quiet, StudyName, wanted_outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from uncertainty.reproduction import Reproduction, Reproductions
    from uncertainty.study.model import Study

NOT_REPRODUCED = 1

EXAMPLES = """Examples:

\b
  uncertainty check
  uncertainty check my-study.toml --strict
"""

RESTING = {
    "none": "Distributions without any source",
    "one_source": "Distributions that rest on one source alone",
    "second_hand": "Distributions whose sources are all known through another source alone",
}

STYLES = {"reproduced": "green", "rounding": "yellow", "differs": "bold red", "undecided": "yellow"}


def check(
    study: StudyName = DEFAULT_STUDY,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a published or expected figure differs.")
    ] = False,
    only: Only = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a file and whether it reproduces the published figures.

    A figure is "reproduced" if the point rounds to it at its printed digits, and explained by "rounding" if
    it does so only with one published intermediate result used as printed. Otherwise it "differs". A mean, a
    percentile or another statistic that was published is compared with that of the draws, within the Monte
    Carlo error.
    """
    from uncertainty.documents import check_document, dump
    from uncertainty.reproduction import reproduce
    from uncertainty.study.reader import load_study

    loaded = load_study(study)
    _check_correlations(loaded)
    found = _restricted(reproduce(loaded), wanted_outputs(loaded, only))
    if as_json:
        write(dump(check_document(found)))
    else:
        with page() as out:
            _show(out, found, quiet=quiet)
    if strict and not found.sound:
        raise typer.Exit(NOT_REPRODUCED)


def _check_correlations(study: Study) -> None:
    """Refuse rank correlations that values which occur more than once put out of reach, in any reading."""
    from uncertainty.sampling.copula import make_copula
    from uncertainty.study.scenario import scenario

    for reading in study.readings if study.correlations else ():
        plan = scenario(study, reading)
        marginals = [plan.distributions[name] for name in plan.varying]
        make_copula(study.correlations, plan.varying, marginals, study.file)


def _restricted(found: Reproductions, wanted: Iterable[str]) -> Reproductions:
    """Keep the figures of some outputs, in the order given."""
    names = tuple(wanted)
    readings = {
        reading: {name: rows[name] for name in names if name in rows}
        for reading, rows in found.readings.items()
    }
    return replace(
        found,
        figures={name: found.figures[name] for name in names},
        readings={reading: rows for reading, rows in readings.items() if rows},
    )


def _show(out: Console, found: Reproductions, *, quiet: bool) -> None:
    from uncertainty.commands.tables import heading, paragraph, provenance
    from uncertainty.wording import listed

    heading(out, found.study)
    published = {name: row for name, row in found.figures.items() if row.published is not None}
    if published:
        out.print(_tally("Published figures", _every(published)), style="bold")
        out.print(_figures_table(found.study, published))
        for sentence in _explanations(found.study, published):
            paragraph(out, sentence)
        out.print()
    unpublished = [name for name in found.figures if name not in published]
    if unpublished and not quiet:
        paragraph(out, f"Nothing was published for {listed(unpublished)}.")
        out.print()
    if found.readings:
        rows = [row for expected in found.readings.values() for row in _every(expected)]
        out.print(_tally("Figures that readings expect", rows), style="bold")
        out.print(_expectations_table(found))
        for sentence in _at_medians(found):
            paragraph(out, sentence)
        out.print()
    if quiet:
        return
    if found.distant_points:
        places = [f"{name} ({numbers.percentile(place)})" for name, place in found.distant_points.items()]
        paragraph(
            out,
            "Points outside the central 98 % of their own distribution, as they are where the publication "
            f"left a quantity out: {listed(places)}.",
        )
        out.print()
    if found.unsupported:
        lacking = [f"{name} (no {' and no '.join(keys)})" for name, keys in found.unsupported.items()]
        paragraph(out, f"Distributions without support: {listed(lacking)}.")
        out.print()
    for kind, said in RESTING.items():
        told = {name for name, keys in found.unsupported.items() if kind == "none" and "source" in keys}
        if names := [name for name in found.evidence[kind] if name not in told]:
            paragraph(out, f"{said}: {listed(names)}.")
            out.print()
    limited = [
        item.name
        for item in found.study.inputs.values()
        if item.distribution is None and item.low is not None and item.high is not None
    ]
    if limited:
        fixed = listed(limited)
        paragraph(out, f"Limits alone vary nothing; these have no distribution and stay fixed: {fixed}.")
        out.print()
    paragraph(out, f"The file is sound: {_contents(found.study)}.")
    if found.settings is not None:
        out.print()
        paragraph(out, provenance(found.study, found.settings, asked=None))


def _explanations(study: Study, rows: Mapping[str, Reproduction]) -> list[str]:
    """Return what the study has to say of each figure that differs, and why others are undecided."""
    from uncertainty.study.sources import plain_text
    from uncertainty.wording import compared_sentence

    differing = [name for name, row in rows.items() if any(each.status == "differs" for each in row.every)]
    noted = {name: study.outputs[name].note for name in differing}
    told = {name: plain_text(note, study.sources) for name, note in noted.items()}
    found = [f"{study.outputs[name].title}: {note}" for name, note in told.items() if note]
    open_ones = [row for row in _every(rows) if row.status == "undecided"]
    return found + [f"{study.outputs[row.output].title}: {compared_sentence(row)}." for row in open_ones]


def _at_medians(found: Reproductions) -> list[str]:
    """Say where a reading's figures are judged at medians, because it gives distributions without points."""
    from uncertainty.wording import listed, point_text, with_unit

    study, sentences = found.study, []
    for reading, medians in found.at_medians.items():
        if reading in found.readings:
            inputs = [(study.inputs[name], value) for name, value in medians.items()]
            told = [f"{item.name} ({with_unit(point_text(value), item.unit.text)})" for item, value in inputs]
            sentences.append(
                f"{study.readings[reading].title} is judged at the median of what has a distribution and no "
                f"point there: {listed(told)}."
            )
    return sentences


def _tally(what: str, rows: Iterable[Reproduction]) -> str:
    """Say how many figures have which status."""
    counts = Counter(row.status for row in rows)
    parts = [f"{counts['reproduced']} of {counts.total()} reproduced"]
    if counts["rounding"]:
        parts.append(f"{counts['rounding']} by rounding")
    if counts["differs"]:
        parts.append(f"{counts['differs']} {'differs' if counts['differs'] == 1 else 'differ'}")
    if counts["undecided"]:
        parts.append(f"{counts['undecided']} undecided")
    return f"{what}: {', '.join(parts)}"


def _figures_table(study: Study, rows: Mapping[str, Reproduction]) -> Table:
    from uncertainty.commands.tables import columns
    from uncertainty.wording import calculated_text

    every = _every(rows)
    table = columns("Output", _calculated(every), "Published", "Status", numeric=(1, 2))
    for row in every:
        table.add_row(_titled(study, row), calculated_text(row), _figure(row), _status(row))
    return table


def _every(rows: Mapping[str, Reproduction]) -> list[Reproduction]:
    """Return the figures of some outputs, all that were printed of each."""
    return [each for row in rows.values() for each in row.every]


def _calculated(rows: Iterable[Reproduction]) -> str:
    """Head the column of what printed figures are compared with."""
    return "Point" if all(row.estimate is None for row in rows) else "Calculated"


def _titled(study: Study, row: Reproduction) -> str:
    """Name an output, and what of its draws is compared."""
    from uncertainty.commands.tables import titled
    from uncertainty.wording import drawn_text

    found = titled(study.outputs[row.output])
    if row.figure is not None and row.estimate is not None:
        found += f": {drawn_text(row)}"
    return found


def _expectations_table(found: Reproductions) -> Table:
    from uncertainty.commands.tables import columns
    from uncertainty.wording import calculated_text

    study = found.study
    every = [row for rows in found.readings.values() for row in _every(rows)]
    table = columns("Reading", "Output", _calculated(every), "Expected", "Status", numeric=(2, 3))
    for reading, rows in found.readings.items():
        title = study.readings[reading].title
        for row in _every(rows):
            table.add_row(title, _titled(study, row), calculated_text(row), _figure(row), _status(row))
            title = ""
    return table


def _figure(row: Reproduction) -> str:
    return numbers.MISSING if row.published is None else numbers.printed(row.published, row.digits or 1)


def _status(row: Reproduction) -> Text:
    from rich.text import Text

    if row.status != "rounding":
        return Text(row.status, style=STYLES[row.status])
    return Text(f"rounding: with {' or '.join(row.explained_by)} as printed", style=STYLES["rounding"])


def _contents(study: Study) -> str:
    from uncertainty.numbers import count
    from uncertainty.wording import listed

    varying = sum(item.distribution is not None for item in study.inputs.values())
    counts = (
        (len(study.inputs), "input"),
        (varying, "distribution"),
        (len(study.equations), "equation"),
        (len(study.outputs), "output"),
        (len(study.choices), "choice"),
        (len(study.readings), "reading"),
    )
    return listed([count(n, what) for n, what in counts if n])
