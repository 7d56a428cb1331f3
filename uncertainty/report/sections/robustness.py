"""How far the answer rests on our own distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.robustness_sentences import move_text, robustness_sentences
from uncertainty.report.blocks import Block, Bullets, Column, Details, Paragraph, Section, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.robustness import Answer
    from uncertainty.report.content import ReportContent

SHARES = {"reference": "On the claim's side of the reference", "published": "At the figure or beyond"}


def section(content: ReportContent) -> Section:
    """Show what becomes of the headline with other distributions in place of ours."""
    found = content.challenge.outputs[content.study.headline]
    title = "With other distributions than ours"
    robustness = found.robustness
    if isinstance(robustness, str):
        return Section("robustness", title, (Paragraph(f"This does not apply: {robustness}."),))
    reading = content.study.readings[content.challenge.scenario.reading].title
    blocks: list[Block] = [
        Paragraph(
            "Our distributions are assumptions too. Here the same question is asked with others, on the same "
            f"random numbers and within the inputs' physical limits, under the reading “{reading}”."
        ),
        Bullets(tuple(robustness_sentences(content.study, found.output, robustness))),
        _table(
            content, found, (robustness.own, *robustness.of_kind("shape", "spread")), "All inputs changed"
        ),
    ]
    medians = robustness.of_kind("median")
    if medians:
        table = _table(content, found, medians, "One input's median moved")
        blocks.append(Details(f"All {len(medians)} changes of one median", (table,)))
    return Section("robustness", title, tuple(blocks))


def _table(content: ReportContent, found: OutputChallenge, answers: Sequence[Answer], caption: str) -> Table:
    shown = [kind for kind in SHARES if kind in answers[0].shares]
    columns = (
        Column("Distributions"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(content.settings.level)} interval", numeric=True),
        *(Column(SHARES[kind], numeric=True) for kind in shown),
        Column("Top driver"),
    )
    rows = tuple(
        (
            _change(content, each),
            *numbers.median_and_interval(each.median, each.low, each.high),
            *(numbers.share(each.shares[kind]) for kind in shown),
            content.study.inputs[each.driver].title,
        )
        for each in answers
    )
    return Table(columns, rows, f"{caption}: {found.output.title}")


def _change(content: ReportContent, answer: Answer) -> str:
    if answer.kind == "own":
        return "the study's own"
    if answer.kind == "shape":
        return f"all {answer.change}, same 90 % ranges"
    if answer.kind == "spread":
        return f"all with {answer.change:g} times the spread, before limits cut it"
    return f"{content.study.inputs[answer.input].title}: {move_text(answer)}"
