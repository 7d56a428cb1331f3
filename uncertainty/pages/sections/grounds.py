"""What its own evidence says of each distribution, and what of that no note answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.distributions.conditional import Conditional
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Paragraph, Section, Table, code
from uncertainty.wording import median_beside

if TYPE_CHECKING:
    from uncertainty.grounds import Ground, Grounds
    from uncertainty.pages.blocks import Text
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study

TITLE = "Do the distributions agree with their own evidence?"


def section(content: ReportContent) -> Section | None:
    """Say what there is to be found; nothing of a study in which no input has evidence."""
    weighed = content.grounds
    if not any(each.pieces for each in weighed.inputs.values()) and not weighed.findings:
        return None
    return evidence_test(weighed)


def evidence_test(found: Grounds) -> Section:
    """Compare each distribution with its evidence, and list what needs an argument in its note."""
    with_evidence = [each for each in found.inputs.values() if each.pieces]
    blocks: list[Block] = [Paragraph(_summary(found, with_evidence))]
    if found.findings:
        blocks.append(_findings(found))
    if with_evidence:
        blocks.append(_shares(found.study, with_evidence))
    return Section("grounds", TITLE, tuple(blocks))


def _summary(found: Grounds, with_evidence: list[Ground]) -> str:
    pieces = sum(each.pieces for each in with_evidence)
    inside = sum(each.inside for each in with_evidence)
    if not pieces:
        said = "No input that varies has evidence."
    else:
        tables = {found.study.inputs[each.name].quantity or each.name for each in with_evidence}
        cells = f" ({len(with_evidence):,} cells)" if len(tables) < len(with_evidence) else ""
        told = f"{inside} of {count(pieces, 'piece')} of evidence for {count(len(tables), 'input')}{cells}"
        told = f"{told} lie in the central 90 % ranges, or reach into them."
        said = f"{told}{_at_ends(with_evidence)}{_single(with_evidence, 'cells' if cells else 'inputs')}"
    return f"{said}{_needed(found, with_evidence)}{_without(found, with_evidence)}{_set(found.study)}"


def _needed(found: Grounds, with_evidence: list[Ground]) -> str:
    """Say what needs an argument; nothing where no input has two pieces that could part."""
    unanswered = len(found.unanswered)
    if unanswered:
        needs = f"{count(unanswered, 'finding')} need{'s' * (unanswered == 1)}"
        return f" {needs} an argument in the input's note, or another distribution."
    if found.findings:
        return " The notes answer for all that is listed here."
    tests = not with_evidence or any(each.pieces > 1 for each in with_evidence)
    return " Nothing needs an argument." if tests else " So nothing was put to a test here."


def _single(with_evidence: list[Ground], of: str) -> str:
    """Say of how many inputs or cells one piece is all that there is, mostly what it was made from.

    One that is outside is told among the findings, or as one at an end of its distribution.
    """
    number = sum(each.pieces == 1 == each.inside for each in with_evidence)
    if not number:
        return ""
    whose = f"{number:,} of these {of} {'has' if number == 1 else 'have'}"
    if number == len(with_evidence):
        whose = "This input has" if number == 1 else f"Each of these {of} has"
    within = ", and it lies inside" if number < sum(each.pieces == 1 for each in with_evidence) else ""
    said = f" {whose} one piece alone{within}"
    return f"{said}: no test of a distribution that was made from it."


def _without(found: Grounds, with_evidence: list[Ground]) -> str:
    """Count the other inputs that vary, for which a study lists no evidence, each table once."""
    whole = {each.name: found.study.inputs[each.name].quantity or each.name for each in found.inputs.values()}
    others = {*whole.values(), *found.categories} - {whole[each.name] for each in with_evidence}
    if not others or not with_evidence:
        return ""
    vary = "that varies has" if len(others) == 1 else "that vary have"
    return f" {count(len(others), 'other input')} {vary} no evidence listed."


def _set(study: Study) -> str:
    """Say of how many inputs options and readings set distributions, which no evidence is held against."""
    options = (option.inputs for choice in study.choices.values() for option in choice.options.values())
    names = {
        study.inputs[name].quantity or name
        for inputs in (*options, *(reading.inputs for reading in study.readings.values()))
        for name, override in inputs.items()
        # what moves the point alone leaves the distribution that was compared
        if not override.distribution.is_constant and override.distribution != study.inputs[name].distribution
    }
    if not names:
        return ""
    inputs = count(len(names), "input")
    return f" Distributions that options or readings set, of {inputs}, are not compared here."


def _at_ends(with_evidence: list[Ground]) -> str:
    """Count the pieces at or close to ends of their distributions, of which no finding is made."""
    number = sum(each.at_ends for each in with_evidence)
    if not number:
        return ""
    if number == 1:
        return " 1 more lies at or close to an end of its distribution, which needs no argument."
    return f" {number:,} more lie at or close to an end of their distributions, which needs no argument."


def _findings(found: Grounds) -> Table:
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (each.title, code(each.name), finding.text, "the note" if finding.answered else "nothing yet")
        for each, finding in found.findings
    )
    columns = (Column("Input"), Column("Name", spare=True), Column("What was found"), Column("Answered by"))
    return Table(columns, rows, "Where a distribution and its own evidence part")


def _shares(study: Study, with_evidence: list[Ground]) -> Table:
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            each.title,
            f"{each.inside} of {each.pieces}",
            numbers.MISSING if each.middle is None else numbers.number(each.middle),
            median_beside(each.interval[0], each.median, each.interval[1]),
            numbers.exact_range(*each.interval),
            numbers.MISSING if each.percentile is None else numbers.percentile(each.percentile),
        )
        for each in with_evidence
    )
    columns = (
        Column("Input"),
        Column("Pieces in or reaching in", numeric=True),
        Column("Middle of the evidence", numeric=True),
        Column("Median", numeric=True),
        Column("Central 90 %", numeric=True),
        Column("Percentile of the middle", numeric=True),
    )
    caption = "Pieces in the central 90 % range or reaching into it, and where their middle lies"
    if any(isinstance(study.inputs[each.name].distribution, Conditional) for each in with_evidence):
        caption += "; where a distribution's parameters are other quantities, over all that these may be"
    return Table(columns, rows, caption)
