"""What of a column of data was read otherwise than its reader may think, as sentences."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.csv_reading import GROUPED_BY_POINTS
from uncertainty.tables.missing_codes import codes_among
from uncertainty.tables.sheets import heading_name, is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from uncertainty.tables.csv_reading import Headings
    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

_HOW_OFTEN = regex(
    r"counts?|freq(?:uency|uencies|s)?(?:_\(%\))?|n|w|wt|wgt|(?:fnl|final_?|per|hh|[pdas]|sampl(?:e|ing)_|survey_"
    r"|design_|person_|population_)?(?:weights?|wgt|wt)|probabilit(?:y|ies)|gewicht(?:ung)?|poids|nennungen"
    r"|(?:(?:number|no\.?)_of_)?(?:cases|observations|respondents|responses|households|employees|participants)"
    r"|(?:number|no\.?)_of_(?:times|people|persons)|anzahl|häufigkeit(?:en)?|effectifs?"
)
"""Headings, as `heading_name` gives them, of columns that may say how often a value was met."""


def data_notes(
    headings: Headings,
    position: int,
    layout: Layout,
    file: str,
    cells: Callable[[], Iterable[Cell]],
    numbers: Sequence[float],
    separator: str = "",
) -> Iterator[str]:
    """Yield what is to be known of a column that was read.

    Parameters
    ----------
    layout
        What the columns of its table hold.
    file
        Its name.
    cells
        Gives what the column holds; a file may be long, and is read anew each time.
    separator
        What stands between the cells of a text; nothing in a workbook.
    """
    name = headings.names[position]
    if headings.numbered:
        yield f"The first line of {file} holds numbers and is data; its columns are called 1, 2, …"
    elif is_like_a_number(name):
        yield f'"{name}" is taken for a heading; if it is a measurement, write a heading above it.'
    # between commas no number has a comma
    if separator != ",":
        yield from grouped_note(name, cells())
    # one letter may stand for something else that is measured, such as nitrogen
    counts = (
        each
        for each in sorted(layout.numbers)
        if len(layout.headings[each]) > 1 or each not in layout.measured
    )
    others = (layout.headings[each] for each in counts)
    beside = [each for each in others if each != name.strip() and _HOW_OFTEN.fullmatch(heading_name(each))]
    if beside:
        said = f'Each row counts once, whatever "{beside[0]}" says'
        yield f"{said}; discrete(…, weights=(…)) takes values that count more than others."
    yield from codes_notes(name, cells(), numbers)


def codes_notes(
    name: str, cells: Iterable[Cell], numbers: Sequence[float], among: Sequence[float] | None = None
) -> Iterator[str]:
    """Say of each number that may say that a value is missing that it is read as one of the data.

    Parameters
    ----------
    among
        All numbers of what the column is a part of, where it is.
    """
    said = "is read as one of the data; leave out its row if it says that a value is missing"
    for each in codes_among(cells, numbers, among):
        yield f"{name}: {each:.15g} {said}."


def codes_notes_of(columns: Sequence[NumberColumn]) -> Iterator[str]:
    """Say the same of the numbers of several columns of one thing, unless other negative ones are plain."""
    among = [number for each in columns for number in each.numbers]
    codes = {*codes_among(repeat(None, len(among)), among)}
    for column in columns:
        cells = zip(column.cells(), column.numbers, strict=True)
        apart = [(cell, number) for (_, cell), number in cells if number < 0 or number in codes]
        told = [cell for cell, _ in apart], [number for _, number in apart]
        yield from codes_notes(column.name, *told, among)


def grouped_note(name: str, cells: Iterable[Cell]) -> Iterator[str]:
    """Say how numbers are read of which each point may group thousands, as where commas are decimal."""
    filled = [cell for cell in cells if cell is not None]
    with_points = [cell for cell in filled if isinstance(cell, str) and "." in cell]
    if with_points and all(map(GROUPED_BY_POINTS.fullmatch, with_points)):
        first = with_points[0]
        where = "" if all(isinstance(cell, str) for cell in filled) else " in a text"
        said = f"Each point{where} of {name} has three digits behind it: {first} is read as a decimal number"
        yield f"{said}, and not as {first.replace('.', '')}; leave the points out if they group thousands."
