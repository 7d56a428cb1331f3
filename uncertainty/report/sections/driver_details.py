"""What else is worth knowing of a reading's drivers: what to measure next, and the short version."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Block, Column, Paragraph, Table
from uncertainty.report.plots.drivers import set_title
from uncertainty.report.sections.driver_views import view_blocks
from uncertainty.wording import capitalised, listed, with_unit

if TYPE_CHECKING:
    from uncertainty.report.content import ReportContent
    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.results import OutputIndices, SobolIndices
    from uncertainty.sensitivity.short_version import Shortened, ShortVersion

KINDS = MappingProxyType(
    {"uncertainty": "what nobody knows", "variability": "what differs from case to case"}
)


def detail_blocks(
    content: ReportContent, found: SobolIndices, indices: OutputIndices, reading: str
) -> list[Block]:
    """Return what follows a reading's indices."""
    details = content.details.get(found.scenario.reading)

    def named(key: str) -> str:
        return f"“{set_title(content.study, key)}”"

    lines = [*_remarks(indices), indices.disagreement_of(named)]
    lines += [found.stopped_because_of(named), found.grouping_of(named)]
    blocks: list[Block] = [Paragraph(" ".join(filter(None, lines)))]
    if details is not None:
        yes_or_no = details.effects.yes_or_no
        blocks += [
            *([] if yes_or_no else [_worth_measuring(content, details, reading)]),
            Paragraph(_short_version(content, details.short, yes_or_no=yes_or_no)),
            *view_blocks(content, details, found.scenario.reading),
        ]
    return blocks


def _remarks(indices: OutputIndices) -> list[str]:
    """Say what is knowledge and what is variety, what interactions explain, and whether the scale matters."""
    lines = []
    if indices.kinds:
        known = {kind: numbers.share(_within(index.S1)) for kind, index in indices.kinds.items()}
        lines.append(
            f"What nobody knows explains {known['uncertainty']} of the spread, and what differs from case to "
            f"case {known['variability']}: research can shrink the first alone."
        )
    if indices.interactions is not None:
        explained = numbers.share(_within(indices.interactions.value))
        lines.append(f"Interactions between inputs explain {explained}.")
    if indices.dropped:
        left_out = capitalised(numbers.share(indices.dropped))
        lines.append(f"{left_out} of the base points had no value and were left out.")
    return [*lines, indices.unsettled]


def _worth_measuring(content: ReportContent, details: DriverDetails, reading: str) -> Table:
    effects = details.effects
    rows = tuple(
        (
            content.study.inputs[name].title,
            KINDS[content.study.inputs[name].kind],
            numbers.interval(*left.interval),
            numbers.share(left.narrowing),
        )
        for name, left in effects.remaining.items()
    )
    columns = (
        Column("If this were known"),
        Column("which is"),
        Column("the interval would be about", numeric=True),
        Column("narrower by", numeric=True),
    )
    now = with_unit(numbers.interval(*effects.interval), content.headline.output.unit.text)
    widths = "its ends' ratio, as a logarithm" if effects.scale == "log10" else "its ends' difference"
    caption = (
        f"What is worth measuring next, under “{reading}”: from the draws of this table, the "
        f"{numbers.level(effects.level)} interval is now {now}; its width is {widths}"
    )
    return Table(columns, rows, caption)


def _short_version(content: ReportContent, short: ShortVersion, *, yes_or_no: bool) -> str:
    """Say which few inputs the calculation can be cut down to; sets that serve several shares come once."""
    enough: dict[tuple[str, ...], list[float]] = {}
    for share, found in short.shortened.items():
        enough.setdefault(found.inputs, []).append(share)
    sentences = [
        _shortened(
            content,
            short.shortened[shares[0]],
            listed(numbers.share(share) for share in shares),
            yes_or_no=yes_or_no,
        )
        for shares in enough.values()
    ]
    if yes_or_no:
        return " ".join(["The short version:", *sentences])
    whole = with_unit(numbers.interval(*short.interval), content.headline.output.unit.text)
    last = f"With every input's spread, from as many draws, it is {whole}."
    return " ".join(["The short version:", *sentences, last])


def _shortened(content: ReportContent, found: Shortened, shares: str, *, yes_or_no: bool) -> str:
    if not found.inputs:
        return f"To explain {shares} of the spread, {found.reason}."
    titles = listed(f"“{content.study.inputs[name].title}”" for name in found.inputs)
    verb = "explains" if len(found.inputs) == 1 else "together explain"
    interval = with_unit(numbers.interval(*found.interval), content.headline.output.unit.text)
    then = f"; with everything else at its median the interval is {interval}"
    if found.reason:
        then = f"; with everything else at its median the headline {found.reason}"
    elif yes_or_no:
        then = ""
    explained = numbers.share(_within(found.closed.value))
    return f"{titles} {verb} {explained} of the spread, where {shares} was asked for{then}."


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
