"""`uncertainty check`: whether a file is sound and its points reproduce the published figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import write
from uncertainty.commands.options import DEFAULT_STUDY, Json, Only, Quiet, StudyName, wanted_outputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.challenges.dependence import Unargued
    from uncertainty.grounds import Grounds
    from uncertainty.reproduction import Reproductions
    from uncertainty.study.model import Study

NOT_REPRODUCED = 1

EXAMPLES = """Examples:

\b
  uncertainty check
  uncertainty check my-study.toml --strict
  uncertainty check my-study.toml --evidence
"""


def check(
    study: StudyName = DEFAULT_STUDY,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit with 1 if a published or expected figure differs, or a finding is unanswered.",
        ),
    ] = False,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Also compare each distribution with its own evidence."),
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

    With --evidence each distribution is compared with its own evidence: which pieces lie outside its central
    90 % range, whether their middle lies far from its median, and whether the basis claims more than the
    sources say. What the input's note does not answer is listed.
    """
    from uncertainty.challenges.dependence import unargued
    from uncertainty.reproduction import reproduce
    from uncertainty.study.reader import load_study

    loaded = load_study(study)
    _check_correlations(loaded)
    found = _restricted(reproduce(loaded), wanted_outputs(loaded, only))
    pairs = None if quiet and not as_json else unargued(loaded)
    grounds = _grounds(loaded) if evidence else None
    if as_json:
        from uncertainty.answers import check_document
        from uncertainty.results import dump

        write(dump(check_document(found, pairs, grounds)))
    else:
        _show(found, pairs, grounds)
    if strict and (not found.sound or (grounds is not None and grounds.unanswered)):
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


def _show(found: Reproductions, pairs: Unargued | None, grounds: Grounds | None) -> None:
    from uncertainty.commands.console import tell
    from uncertainty.pages.sections.arithmetic import arithmetic
    from uncertainty.pages.sections.contents import support
    from uncertainty.pages.wording import unargued_sentences
    from uncertainty.wording import provenance

    sections = [arithmetic(found)] if pairs is None else [arithmetic(found), support(found)]
    if grounds is not None:
        from uncertainty.pages.sections.grounds import evidence_test

        sections.append(evidence_test(grounds))
    drawn = "" if pairs is None or found.settings is None else provenance(found.study, found.settings)
    remarks = (*_remarks(found.study), *found.study.noticed, *found.study.files_read)
    said = () if pairs is None else (*unargued_sentences(found.study, pairs), *remarks)
    tell(found.study, sections, *said, drawn)


def _grounds(study: Study) -> Grounds:
    from uncertainty.grounds import weigh_evidence

    return weigh_evidence(study)


def _remarks(study: Study) -> tuple[str, ...]:
    if all(output.over != "average" for output in study.outputs.values()):
        # what finds statistics over cases takes a while to import
        return ()
    from uncertainty.over_cases import remarks

    return remarks(study)
