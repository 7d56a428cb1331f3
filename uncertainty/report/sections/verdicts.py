"""How the figure stands under each leading reading, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.sentences import dropped_sentence
from uncertainty.report.blocks import Block, Bullets, Column, Details, Paragraph, Section, Table, strong
from uncertainty.wording import the_other

if TYPE_CHECKING:
    from uncertainty.challenges.verdict import Verdict
    from uncertainty.report.content import ReportContent

SHARES = {
    "within_factor_2": "Within a factor of 2",
    "within_factor_10": "Within a factor of 10",
    "at_or_beyond_published": "At the figure or beyond",
    "beyond_reference": "On the claim's side of the reference",
}


def section(content: ReportContent) -> Section:
    """Say in one sentence a reading how the headline's figure stands."""
    verdict = content.challenge.outputs[content.study.headline].verdict
    titles = {name: content.study.readings[name].title for name in verdict.readings}
    leading = tuple(
        (strong(f"{titles[name]}. "), verdict.readings[name].sentence) for name in verdict.leading
    )
    blocks: list[Block] = [Bullets(leading), Paragraph(verdict.arithmetic)]
    rows = verdict.readings.values()
    shown = [
        key
        for key in SHARES
        if any(key in row.shares and (row.by_factors or "factor" not in key) for row in rows)
    ]
    if shown:
        blocks.append(_shares(content, verdict, verdict.leading, shown))
    if dropped := dropped_sentence(content.study, tuple(verdict.readings.values())):
        blocks.append(Paragraph(dropped))
    others = tuple(name for name in verdict.readings if name not in verdict.leading)
    if others:
        rest = tuple((strong(f"{titles[name]}. "), verdict.readings[name].sentence) for name in others)
        blocks.append(Details(f"The same for {the_other(len(others), 'reading')}", (Bullets(rest),)))
    return Section("verdicts", "How the figure stands", tuple(blocks))


def _shares(content: ReportContent, verdict: Verdict, names: tuple[str, ...], shown: list[str]) -> Table:
    columns = (
        Column("Reading"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(content.settings.level)} interval", numeric=True),
        *(Column(SHARES[key], numeric=True) for key in shown),
    )
    rows = []
    for name in names:
        row = verdict.readings[name]
        shares = [numbers.share(row.shares[key]) if key in row.shares else numbers.MISSING for key in shown]
        written = row.written
        rows.append((content.study.readings[name].title, *written, *shares))
    return Table(columns, tuple(rows), "Shares of the draws of each reading")
