"""What a study says of its inputs and outputs, written beside their cells in a copy of the workbook.

The copy is the workbook byte for byte, but for texts to the right of everything that its sheets hold: no
formula, no number and no format is touched.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect, bisect_left
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from uncertainty import numbers
from uncertainty.bounds import SHEET_COLUMNS
from uncertainty.characters import legible
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.files import opened, replacing
from uncertainty.late import dataclass, regex
from uncertainty.study.sources import plain_text
from uncertainty.tables.sheets import column_letter
from uncertainty.wording import interval_text, middle_name, middle_text, with_unit
from uncertainty.workbooks.cells import address, read_book
from uncertainty.workbooks.drawings import drawn_over
from uncertainty.workbooks.formulas import Area, column_number, reference
from uncertainty.workbooks.matching import cells_of_inputs, noted_cell, other_points, refuse_another

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.output_distribution import DrawnInput, OutputDistribution
    from uncertainty.propagation import Propagation
    from uncertainty.study.model import Input
    from uncertainty.workbooks.cells import Book, Sheet

HEADINGS = ("Cell", "Distribution", "Interval", "Source", "Place of the stored value")
GAP = 2
"""Columns between what a sheet holds and what is written beside it, less one."""
LONGEST = 2_000
_ROW = regex(rb"<((?:\w+:)?)row\b([^>]*?)(/?)>")
_NUMBER = regex(rb'\sr="(\d+)"')
_CELL = regex(rb'<((?:\w+:)?)c(?=\s)([^>]*?\sr="([A-Z]+)\d+"[^>]*?)(?:/>|>.*?</(?:\w+:)?c\s*>)', re.DOTALL)
_STYLE = regex(rb'\ss="\d+"')
_SPANS = regex(rb'\sspans="[^"]*"')
_DATA = regex(rb"<((?:\w+:)?)sheetData\s*>")
_DIMENSION = regex(rb'(<(?:\w+:)?dimension\s+ref=")([^"]*)(")')


@dataclass(frozen=True, slots=True)
class Remark:
    """What is written beside a cell, one text for each heading after the first."""

    at: Area
    texts: tuple[str, ...]


class Annotated(NamedTuple):
    """What was written into a copy of a workbook.

    Parameters
    ----------
    cells
        How many have something beside them.
    others
        Cells of inputs that hold other numbers than the points of the study, with both.
    """

    cells: int
    others: list[str]


def annotate(model: Path, target: Path, found: Propagation) -> Annotated:
    """Write a copy of a workbook with a study's distributions and intervals beside its cells.

    Parameters
    ----------
    model
        The workbook of whose formulas the study was made.
    target
        The copy.
    found
        What the study gives.

    Returns
    -------
    Annotated
        How many cells have something beside them, and which inputs have changed.

    Raises
    ------
    StudyError
        If the study names no cell of the workbook, the workbook has other formulas or results than it was
        made of, a sheet has no room to the right, or it cannot be read.
    """
    book = read_book(model)
    refuse_another(book, found.study)
    remarks = [*_of_inputs(book, found), *_of_outputs(book, found)]
    if not remarks:
        said = "the study says nothing of its cells: give inputs that were made from it a distribution"
        raise StudyError(Fault(said, file=str(model)))
    by_sheet: dict[str, list[Remark]] = {}
    for each in remarks:
        by_sheet.setdefault(each.at.sheet, []).append(each)
    with opened(model) as content, replacing(target) as new, zipfile.ZipFile(content) as source:
        parts = {
            sheet.part: (each, _first_column(sheet, drawn_over(source, sheet.part), each, str(model)))
            for sheet, each in ((book.sheets[title], own) for title, own in by_sheet.items())
        }
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in source.infolist():
                read = source.read(part)
                if part.filename in parts:
                    own, column = parts[part.filename]
                    read = _as_wide(_written(read, own, column), column + len(HEADINGS) - 1)
                copy.writestr(part, read)
        read_book(new)
    return Annotated(len(remarks), other_points(book, found.study))


def _first_column(sheet: Sheet, drawn: Sequence[Area], remarks: Sequence[Remark], file: str) -> int:
    """Return the column in which remarks begin: behind all cells and what lies over their rows."""
    rows = sorted({1, *(each.at.top for each in remarks)})
    wide = (*sheet.merged, *drawn)
    over = [area.right for area in wide if bisect_left(rows, area.top) < bisect(rows, area.bottom)]
    right = max([sheet.right, *over])
    if right + GAP + len(HEADINGS) - 1 > SHEET_COLUMNS:
        said = (
            f"reaches to column {column_letter(right - 1)}, with no room to the right for what is said of it"
        )
        raise StudyError(Fault(said, sheet.title, file))
    return right + GAP


def _of_inputs(book: Book, found: Propagation) -> Iterator[Remark]:
    drawn = found.inputs
    for name, at in cells_of_inputs(book, found.study):
        item = found.study.inputs[name]
        if name in drawn and item.distribution is not None:
            yield Remark(at, _input_texts(item, drawn[name], plain_text(item.source, found.study.sources)))


def _input_texts(item: Input, drawn: DrawnInput, source: str) -> tuple[str, ...]:
    interval = with_unit(numbers.interval(*drawn.interval_90), item.unit.text)
    return (drawn.distribution, f"{interval} (90 %)", "; ".join(filter(None, (item.basis, source))), "")


def _of_outputs(book: Book, found: Propagation) -> Iterator[Remark]:
    level = numbers.level(found.settings.level)
    for output in found.outputs.values():
        at = noted_cell(book, output.output.source)
        if at is not None:
            yield Remark(at, _output_texts(output, level))


def _output_texts(found: OutputDistribution, level: str) -> tuple[str, ...]:
    unit = found.output.unit.text
    interval = interval_text(found)
    shown = f"{with_unit(interval, unit)} ({level})" if found.varies and found.probability is None else ""
    place = "" if found.percentile is None else found.place_written
    # of draws that are the stored value a percentile tells nothing
    place += " percentile" if place and found.equal is None else ""
    return (f"{middle_name(found).removeprefix('the ')} {middle_text(found)}", shown, "", place)


def _written(sheet: bytes, remarks: Sequence[Remark], column: int) -> bytes:
    """Put cells at the end of rows of a sheet's XML; everything else stays as it is."""
    rows: dict[int, list[Remark]] = {}
    for each in remarks:
        rows.setdefault(each.at.top, []).append(each)
    texts = {row: _joined(each) for row, each in rows.items()}
    # the first row says what the columns are, unless one of its own cells has something beside it
    texts.setdefault(1, HEADINGS)
    done: set[int] = set()
    pieces, end = [], 0
    for found in _ROW.finditer(sheet):
        number = _NUMBER.search(found[2])
        row = int(number[1]) if number else 0
        if row not in texts or row in done:
            continue
        done.add(row)
        prefix = found[1]
        closing = b"</" + prefix + b"row>"
        cells = _cells(row, texts[row], column, prefix)
        opening = b"<" + prefix + b"row" + _SPANS.sub(b"", found[2]) + b">"
        stop = found.end() if found[3] else sheet.index(closing, found.end())
        pieces += [sheet[end : found.start()], opening, _among(sheet[found.end() : stop], cells)]
        pieces += [closing] if found[3] else []
        end = stop
    written = b"".join([*pieces, sheet[end:]])
    return written if 1 in done else _with_first_row(written, texts[1], column)


def _as_wide(sheet: bytes, right: int) -> bytes:
    """Let the cells that a sheet says to have reach from the first row to the columns of remarks."""

    def reaching(found: re.Match[bytes]) -> bytes:
        try:
            area = reference(found[2].decode())
        except (InvalidValue, UnicodeDecodeError):
            return found[0]
        if not isinstance(area, Area):
            return found[0]
        wide = Area("", 1, area.left, area.bottom, max(area.right, right))
        return found[1] + address(wide).removeprefix("!").encode() + found[3]

    return _DIMENSION.sub(reaching, sheet, count=1)


def _with_first_row(sheet: bytes, texts: Sequence[str], column: int) -> bytes:
    """Put a first row before the others, where the sheet has none."""

    def begun(found: re.Match[bytes]) -> bytes:
        prefix = found[1]
        cells = _among(b"", _cells(1, texts, column, prefix))
        return found[0] + b"<" + prefix + b'row r="1">' + cells + b"</" + prefix + b"row>"

    return _DATA.sub(begun, sheet, count=1)


def _joined(remarks: Sequence[Remark]) -> tuple[str, ...]:
    """Return the texts of a row, each with its cell where there are several."""
    places = [address(each.at).rpartition("!")[2] for each in remarks]
    if len(remarks) == 1:
        return (places[0], *remarks[0].texts)
    columns = zip(*(each.texts for each in remarks), strict=True)
    told = (
        "; ".join(f"{place}: {text}" for place, text in zip(places, column, strict=True) if text)
        for column in columns
    )
    return (", ".join(places), *told)


def _cells(row: int, texts: Sequence[str], column: int, prefix: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Return by column how a cell begins, and what follows its format."""
    tag = prefix.decode()
    found = {}
    for number, text in enumerate(texts, column):
        if text:
            begin = f'<{tag}c r="{column_letter(number - 1)}{row}"'
            shown = escape(legible(text)[:LONGEST])
            end = f' t="inlineStr"><{tag}is><{tag}t>{shown}</{tag}t></{tag}is></{tag}c>'
            found[number] = begin.encode(), end.encode()
    return found


def _among(row: bytes, cells: Mapping[int, tuple[bytes, bytes]]) -> bytes:
    """Put cells into a row in the order of its columns; one that was empty and formatted keeps its format."""
    found = [(column_number(each[3].decode()), each) for each in _CELL.finditer(row)]
    behind = {column: each for column, each in found if column >= min(cells)}
    written = {column: each[0] for column, each in behind.items()}
    for column, (begin, end) in cells.items():
        style = _STYLE.search(behind[column][2]) if column in behind else None
        written[column] = begin + (style[0] if style else b"") + end
    first, last = (min(behind), max(behind)) if behind else (0, 0)
    start, stop = (behind[first].start(), behind[last].end()) if behind else (len(row), len(row))
    return row[:start] + b"".join(written[column] for column in sorted(written)) + row[stop:]
