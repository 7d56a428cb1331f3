"""What each kind of result says where it stands alone: the sections that a notebook shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from uncertainty import numbers
from uncertainty.alternatives import Alternatives
from uncertainty.case_statistics import OutputCases
from uncertainty.challenges.analysis import Challenge
from uncertainty.fitting.data import Fits
from uncertainty.fitting.elicited import Elicitation
from uncertainty.fitting.evidence import Suggestion
from uncertainty.fitting.seeds import ExpertWeights
from uncertainty.grounds import Grounds
from uncertainty.pages.blocks import Block, Column, Paragraph, Section, Table, Text
from uncertainty.pages.sections import attribution, challenged
from uncertainty.pages.sections.alternatives import alternatives
from uncertainty.pages.sections.arithmetic import arithmetic
from uncertainty.pages.sections.cases import picture
from uncertainty.pages.sections.contents import contents, differing
from uncertainty.pages.sections.drivers import drivers
from uncertainty.pages.sections.fitting import elicitation, fits, suggestion, weighed_experts
from uncertainty.pages.sections.grounds import evidence_test
from uncertainty.pages.sections.intervals import outputs
from uncertainty.pages.sections.observations import observed
from uncertainty.pages.sections.readings import every_reading
from uncertainty.propagation import Propagation
from uncertainty.readings import Readings
from uncertainty.records import by_name
from uncertainty.reproduction import Reproductions
from uncertainty.sensitivity.local import LocalView
from uncertainty.sensitivity.methods import method_of
from uncertainty.sensitivity.short_version import ShortVersion
from uncertainty.sensitivity.sobol.results import SobolIndices
from uncertainty.study.differences import Differences
from uncertainty.study.model import Study
from uncertainty.study.sources import plain_text
from uncertainty.tables import Table as Listed
from uncertainty.wording import capitalised, emulator_text, provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ROWS = 20
"""Rows of a table of results or draws that are shown."""


def is_mapping(found: Any) -> bool:
    """Tell whether something is shown entry by entry."""
    return isinstance(found, Mapping)


def page(found: Any) -> tuple[str, Text, Iterable[Section]]:
    """Return a result's title, the line below it, and what it says.

    Raises
    ------
    TypeError
        If nothing is known of how to show it.
    """
    match found:
        case Study():
            return found.title, rests_on(found) or plain_text(found.source, found.sources), contents(found)
        case Reproductions():
            return found.study.title, rests_on(found.study), (arithmetic(found),)
        case Grounds():
            return found.study.title, "", (evidence_test(found),)
        case Propagation():
            return (
                found.study.title,
                provenance(found.study, found.settings),
                (
                    outputs(found, explained=False),
                    *([] if found.weights is None else [observed(found)]),
                ),
            )
        case Alternatives():
            return found.study.title, provenance(found.study, found.settings), (alternatives(found),)
        case OutputCases():
            return found.output.title, "", (Section("cases", "", tuple(picture(found))),)
        case Readings():
            return found.study.title, rests_on(found.study), (every_reading(found),)
        case Challenge():
            return found.study.title, provenance(found.study, found.settings), challenged(found)
        case Differences():
            return (
                "",
                "",
                (Section("differing", "", tuple(differing(found)) or (Paragraph("They say the same."),)),),
            )
        case Listed():
            return "", "", (Section("table", "", (listed_table(found),)),)
    return _fitted(found) or _attributed(found)


def _fitted(found: Any) -> tuple[str, Text, Iterable[Section]] | None:
    match found:
        case Fits():
            blocks: Iterable[Block] = fits(found, f"Fits to {len(found.values):,} values")
        case Elicitation():
            blocks = elicitation(found)
        case ExpertWeights():
            blocks = weighed_experts(found)
        case Suggestion():
            blocks = suggestion(found, found.name)
        case _:
            return None
    return "", "", (Section("fitting", "", tuple(blocks)),)


def _attributed(found: Any) -> tuple[str, Text, Iterable[Section]]:
    match found:
        case SobolIndices():
            each = (drivers(found, row, None, explained=False) for row in found.outputs.values())
            return found.study.title, provenance(found.study, found.settings, what="base points"), each
        case LocalView():
            return "", "", (_local(found),)
        case ShortVersion():
            return "", "", (_short(found),)
    if method := method_of(found):
        section = by_name(attribution.__name__, method.section)
        study = getattr(found, "study", None)
        of = study or (found.about.plan.study if hasattr(found, "about") else None)
        below = "" if of is None else rests_on(of)
        return "" if study is None else study.title, below, (section(found, explained=False),)
    raise TypeError(f"nothing is known of how to show {type(found).__name__}")


def rests_on(study: Study) -> str:
    """Say what a study's numbers rest on where its function is an emulator; else nothing."""
    return "" if study.emulator is None else f"{capitalised(emulator_text(study, study.emulator))}."


def listed_table(found: Listed) -> Table:
    """Return the first rows of a table of results."""
    columns = tuple(
        Column(f"{name} ({found.units[name]})" if name in found.units else name, numeric=found.numeric[name])
        for name in found.columns
    )
    shown = [
        [f"{value:.6g}" if isinstance(value, float) else str(value) for value in column[:MOST_ROWS]]
        for column in found.columns.values()
    ]
    more = f": {found.rows:,} rows, {MOST_ROWS} of them shown" if found.rows > MOST_ROWS else ""
    return Table(columns, tuple(zip(*shown, strict=True)), f"{found.name}{more}")


def _local(found: LocalView) -> Section:
    columns = (
        Column("Input"),
        *(Column(f"{found.output} at its {p:.0%}", numeric=True) for p in found.probabilities),
    )
    rows = tuple((name, *map(numbers.number, path.outputs)) for name, path in found.paths.items())
    base = numbers.number(found.base)
    lead = Paragraph(f"Each input moves alone, the others stay at their {found.start}: {base}")
    return Section("local", found.output, (lead, Table(columns, rows)))


def _short(found: ShortVersion) -> Section:
    columns = (
        Column("Share of the variance", numeric=True),
        Column("Inputs that explain it"),
        Column("Median", numeric=True),
        Column("Interval", numeric=True),
    )
    rows = tuple(
        (
            numbers.level(share),
            ", ".join(each.inputs) or each.reason,
            *numbers.median_and_interval(each.middle, *each.ends),
        )
        for share, each in found.shortened.items()
    )
    whole = " ".join(numbers.median_and_interval(found.middle, *found.ends))
    lead = Paragraph(found.reason or f"With everything uncertain: {whole}")
    return Section("short", f"Short version of {found.output}", (lead, Table(columns, rows)))
