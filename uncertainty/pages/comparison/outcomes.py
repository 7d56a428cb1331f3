"""What came out of two runs, output by output and reading by reading."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Figure, Paragraph, Section, Table
from uncertainty.pages.figures.intervals import Group, Interval, draw_intervals
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.results.reading import RunDocument
from uncertainty.sampling.estimate import Estimate
from uncertainty.wording import after_unit, listed, point_text, with_unit

if TYPE_CHECKING:
    from uncertainty.results.reading import OutputPart


Sides: TypeAlias = tuple[RunDocument, RunDocument]

LETTERS = ("A", "B")


def outputs_section(sides: Sides, lead: str, shared: list[str]) -> Section:
    """Set every output that both runs have side by side."""
    blocks: list[Block] = [*_picture(sides, lead, shared)]
    rows = []
    for name in shared:
        one, other = (side.run.outputs[name] for side in sides)
        label = one.label or name
        rows.append((label if differ(one, other) else after_unit(label, one.unit), *_cells(one, other)))
    columns = (
        Column("Output"),
        *(
            Column(f"{what} in {letter}", numeric=True)
            for letter in LETTERS
            for what in ("Median", f"{numbers.level(sides[LETTERS.index(letter)].settings.level)} interval")
        ),
        Column("B ÷ A", numeric=True),
    )
    blocks.append(Table(columns, tuple(rows), "Every output that both runs have"))
    for number, side in enumerate(sides):
        alone = [found.label or name for name, found in side.run.outputs.items() if name not in shared]
        if alone:
            blocks.append(Paragraph(f"In {LETTERS[number]} alone: {listed(alone)}."))
    return Section("outputs", "Every output", tuple(blocks))


def _picture(sides: Sides, lead: str, shared: list[str]) -> list[Figure]:
    """Draw the outputs in the leading one's unit, each with both runs' intervals."""
    unit = sides[0].run.outputs[lead].unit
    names = [lead, *(name for name in shared if name != lead)]
    groups = []
    for name in names:
        pair = [side.run.outputs[name] for side in sides]
        found = [_drawn(output, number) for number, output in enumerate(pair)]
        if all(output.unit == unit for output in pair) and None not in found:
            marked = pair[0].published_statistic not in ("sd", "probability")
            published = pair[0].published if marked else None
            text = "" if published is None else f"published: {point_text(published)}"
            drawn = tuple(each for each in found if each is not None)
            groups.append(Group(pair[0].label or name, published, text, drawn))
    if not groups:
        return []
    values = [v for group in groups for i in group.intervals for v in (i.low, i.high)]
    values += [group.published for group in groups if group.published is not None]
    picture = draw_intervals(
        tuple(groups),
        label=after_unit("median and uncertainty interval", unit),
        reference=None,
        logarithmic=min(values) > 0 and max(values) > 10 * min(values),
    )
    finding = f"{count(len(groups), 'output')} of both runs, each with its median and interval in A and in B"
    caption = "Marks are medians, lines uncertainty intervals, upright bars the published figures; A above B."
    return [Figure("comparison", svg_text(picture, "comparison", finding), finding, caption)]


def _drawn(output: OutputPart, number: int) -> Interval | None:
    low, high = output.interval
    if output.median is None or low is None or high is None:
        return None
    return Interval(f"{LETTERS[number]}: {interval_text(output)}", low, output.median, high, number)


def readings_sections(sides: Sides) -> tuple[Section, ...]:
    """Compare the headline under each reading, where both documents have it."""
    one, other = (side.run.readings for side in sides)
    if one is None or other is None or sides[0].run.headline != sides[1].run.headline:
        return ()
    rows = tuple(
        (name.replace("_", " "), *_cells(one.outputs[name], other.outputs[name]))
        for name in one.outputs
        if name in other.outputs
    )
    headed = [f"{what} in {letter}" for letter in LETTERS for what in ("Median", "Interval")]
    columns = (
        Column("Reading"),
        *(Column(title, numeric=True) for title in headed),
        Column("B ÷ A", numeric=True),
    )
    table = Table(columns, rows, "The headline under every reading that both documents have")
    return (Section("readings", "Every reading", (table,)),) if rows else ()


def differ(one: OutputPart, other: OutputPart) -> bool:
    """Tell whether numbers of an output are in one unit in one run and in another in the other."""
    return one.unit != other.unit


def _cells(one: OutputPart, other: OutputPart) -> tuple[str, ...]:
    """Write both medians and intervals, each with its unit where these differ, and their ratio."""
    told = [(text, found.unit) for found in (one, other) for text in written(found)]
    if differ(one, other):
        return (*(with_unit(text, unit) for text, unit in told), numbers.MISSING)
    return (*(text for text, _ in told), ratio_text(one, other) or numbers.MISSING)


def median_text(output: OutputPart) -> str:
    """Write a median with the digits that it supports."""
    return written(output)[0]


def interval_text(output: OutputPart) -> str:
    """Write an interval with the digits that it supports."""
    return written(output)[1]


def written(output: OutputPart) -> tuple[str, str]:
    """Write a median and an interval with the digits that they support."""
    known = [Estimate(value, error) for value, error in (output.middle, *output.ends) if value is not None]
    if len(known) != 3:
        return numbers.MISSING, numbers.MISSING
    return numbers.median_and_interval(*known, varies=output.varies)


def ratio_text(one: OutputPart, other: OutputPart) -> str:
    """Write by which factor the second median is larger, as errors allow; empty where it means nothing.

    It means nothing, too, where an error does not tell a median from 0.
    """
    if differ(one, other) or not one.median or other.median is None or one.median * other.median <= 0:
        return ""
    if any(abs(each.median or 0.0) <= 2 * (each.median_error or 0.0) for each in (one, other)):
        return ""
    ratio = other.median / one.median
    if one.median_error is None or other.median_error is None:
        return numbers.number(ratio, 2)
    error = ratio * math.hypot(one.median_error / one.median, other.median_error / other.median)
    return numbers.estimate(Estimate(ratio, error), max(2, numbers.digits_apart(ratio, 1.0, 1)))


def agree(one: OutputPart, other: OutputPart) -> bool:
    """Tell whether the medians of two runs are no farther apart than their errors explain."""
    if None in (one.median, other.median, one.median_error, other.median_error):
        return False
    apart = abs((one.median or 0.0) - (other.median or 0.0))
    return apart <= 2 * math.hypot(one.median_error or 0.0, other.median_error or 0.0)
