"""What would have to be true for the claim to fail, or to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.challenges.sentences import (
    asked_sentence,
    break_even_text,
    crossing_inputs,
    design_point_sentence,
    stress_sentence,
    threshold_text,
)
from uncertainty.challenges.thresholds import published_threshold
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Paragraph,
    Section,
    Subheading,
    Table,
    does_not_apply,
)
from uncertainty.wording import after_unit, listed, point_text, scenario_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.breakeven import BreakEven
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study


def section(content: ReportContent) -> Section:
    """Say which value of each input, and which combination of several, crosses a threshold."""
    return breakeven(content.challenge, content.challenge.outputs[content.study.headline])


def breakeven(challenge: Challenge, found: OutputChallenge) -> Section:
    """Say the same of one output."""
    study, title = challenge.study, "What would have to be true"
    if isinstance(found.break_even, str):
        return Section("breakeven", title, (does_not_apply(found.break_even),))
    blocks: list[Block] = [
        Paragraph(
            f"Under “{scenario_text(challenge.scenario)}”, how far would one input alone have to move, with "
            "the others at their points or distributed? A value is given with its place in the input's own "
            "distribution."
        )
    ]
    if limited := asked_sentence(found):
        blocks.append(Paragraph(limited))
    blocks += [_table(challenge, found, found.break_even, limit) for limit in found.thresholds]
    able, unable = crossing_inputs(found)
    if able and unable:
        names = listed([study.inputs[name].title for name in unable])
        these = "This never crosses" if len(unable) == 1 else "These never cross"
        blocks.append(Paragraph(f"{these} alone, whatever the value: {names}."))
    blocks += _together(study, found)
    return Section("breakeven", title, tuple(blocks))


def _table(
    challenge: Challenge,
    found: OutputChallenge,
    crossings: Mapping[str, tuple[BreakEven, ...]],
    limit: Threshold,
) -> Table | Paragraph:
    study, points = challenge.study, challenge.scenario.points
    rows = []
    for name, asked in crossings.items():
        own = {row.others: row for row in asked if row.threshold.kind == limit.kind}
        if any(row.value is not None for row in own.values()):
            texts = [break_even_text(own[others], points[name]) for others in ("points", "distributed")]
            item = study.inputs[name]
            rows.append((after_unit(item.title, item.unit.text), point_text(points[name]), *texts))
    target = threshold_text(found.output, limit)
    if not rows:
        return Paragraph(f"No input alone crosses {target}.")
    columns = (
        Column("Input"),
        Column("Point", numeric=True),
        Column("Others at their points"),
        Column("Others distributed"),
    )
    return Table(columns, tuple(rows), f"Value of one input alone at which the result crosses {target}")


def _together(study: Study, found: OutputChallenge) -> list[Block]:
    if isinstance(found.design_points, str) or isinstance(found.stress, str):
        return []
    output = found.output
    points = [design_point_sentence(study, output, found.design_points[t.kind], t) for t in found.thresholds]
    figure = published_threshold(output)
    limits = found.thresholds if figure is None else (*found.thresholds, figure)
    stress = [
        stress_sentence(study, output, found.stress[t.kind], t) for t in limits if t.kind in found.stress
    ]
    return [
        Subheading("Several inputs together: the nearest combination to the medians"),
        Bullets(tuple(points)),
        Subheading("What the draws on the far side have in common"),
        Bullets(tuple(stress)),
    ]
