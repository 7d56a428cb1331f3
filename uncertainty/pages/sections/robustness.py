"""How far the answer rests on our own distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.robustness_sentences import move_text, robustness_sentences
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Details,
    Paragraph,
    Section,
    Table,
    does_not_apply,
)
from uncertainty.wording import compact, scenario_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.robustness import Answer
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study

SHARES = {"reference": "On the claim's side of the reference", "published": "At the figure or beyond"}
SHORT = {"reference": "claim's side", "published": "figure or beyond"}


def section(content: ReportContent) -> Section:
    """Show what becomes of the headline with other distributions in place of ours."""
    return robustness(content.challenge, content.challenge.outputs[content.study.headline])


def robustness(challenge: Challenge, each: OutputChallenge) -> Section:
    """Show the same of one output."""
    title, found = "With other distributions than ours", each.robustness
    if isinstance(found, str):
        return Section("robustness", title, (does_not_apply(found),))
    blocks: list[Block] = [
        Paragraph(
            "Our distributions are assumptions too. Here the same question is asked with others, on the same "
            "random numbers and within the inputs' physical limits, under the reading "
            f"“{scenario_text(challenge.scenario)}”."
        ),
        Bullets(tuple(robustness_sentences(challenge.study, each.output, found))),
        _table(challenge, each, (found.own, *found.of_kind("shape", "spread")), "All inputs changed"),
    ]
    medians = found.of_kind("median")
    if medians:
        table = _table(challenge, each, medians, "One input's median moved")
        blocks.append(Details(f"All {len(medians)} changes of one median", (table,)))
    return Section("robustness", title, tuple(blocks))


def _table(challenge: Challenge, found: OutputChallenge, answers: Sequence[Answer], caption: str) -> Table:
    shown = [kind for kind in SHARES if kind in answers[0].shares]
    columns = (
        Column("Distributions"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(challenge.settings.level)} interval", numeric=True),
        *(Column(SHARES[kind], numeric=True, short=SHORT[kind]) for kind in shown),
        Column("Top driver"),
    )
    rows = tuple(
        (
            _change(challenge.study, each),
            *numbers.median_and_interval(each.median, each.low, each.high),
            *(compact(numbers.share(each.shares[kind])) for kind in shown),
            challenge.study.inputs[each.driver].title,
        )
        for each in answers
    )
    return Table(columns, rows, f"{caption}: {found.output.title}")


def _change(study: Study, answer: Answer) -> str:
    if answer.kind == "own":
        return "the study's own"
    if answer.kind == "shape":
        return f"all {answer.change}, same 90 % ranges"
    if answer.kind == "spread":
        return f"all with {answer.change:g} times the spread, before limits cut it"
    return f"{study.inputs[answer.input].title}: {move_text(answer)}"
