"""The cells of a workbook as they are stored: each with its value, its formula and its number format.

A file that anybody may have made is read part by part, within the bounds of `tables.workbook_reading`;
formulas stay texts, links to other workbooks are left alone, and macros are never looked at.
"""

from __future__ import annotations

import math
from dataclasses import field
from itertools import product
from typing import TYPE_CHECKING, Any

from uncertainty.bounds import MOST_CELLS, SHEET_COLUMNS, SHEET_ROWS
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.tables.sheets import column_letter, refuse_other_spreadsheets
from uncertainty.tables.workbook_reading import is_unseen, opened_book, spoken
from uncertainty.workbooks.formulas import (
    Area,
    Failure,
    Named,
    Structured,
    column_number,
    parse_formula,
    reference,
)
from uncertainty.workbooks.looks import Look, looks_of
from uncertainty.workbooks.structured import find_table, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from uncertainty.workbooks.formulas import Node
from uncertainty.workbooks.structured import Table

MOST_LISTED = 5_000
"""Merged cells, drop-down lists or array formulas of several cells of a sheet."""

Stored = float | str | bool | Failure | None
Place = tuple[int, int]
"""Row and column of a cell, both from 1."""


_PLACE = regex(r"([A-Z]{1,3})([0-9]{1,7})")
_IN_NAME = regex(r"(?<![\w.$])\$?[A-Z]{1,3}\$?[0-9]{1,7}(?![\w(.!])")
"""A place in the definition of a name."""
_QUOTED = regex(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds.

    Parameters
    ----------
    value
        The stored value: a constant, or what the formula gave when the workbook was saved last.
    formula
        The formula's text, its sign of equality first; None for a constant.
    shared
        Number of a formula that was copied here, of which `Sheet.shared` has the text.
    style
        Position of the cell's format in the workbook's list.
    """

    value: Stored
    formula: str | None = None
    shared: str | None = None
    style: int = 0

    @property
    def is_formula(self) -> bool:
        """Whether it is calculated."""
        return self.formula is not None or self.shared is not None


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet.

    Parameters
    ----------
    part
        The name of its file in the workbook.
    cells
        By row and column.
    shared
        Formulas that were copied, by number: the text and the cell that it stands in.
    arrays
        Array formulas that fill one cell.
    blocks
        Those that fill several: the cells, and the text.
    lists
        Cells with a drop-down list, and the formula of its options.
    merged
        Cells that are one.
    hidden_rows
        Rows that are not shown, as those that a filter leaves out.
    hidden_columns
        Columns that are not shown.
    """

    title: str
    part: str = ""
    hidden: bool = False
    cells: dict[Place, Cell] = field(default_factory=dict)
    shared: dict[str, tuple[str, str]] = field(default_factory=dict)
    arrays: dict[Place, str] = field(default_factory=dict)
    blocks: list[tuple[Area, str]] = field(default_factory=list)
    lists: list[tuple[Area, str]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    bottom: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook.

    Parameters
    ----------
    sheets
        By title, in the workbook's order.
    names
        What each defined name stands for, by the sheet that it belongs to ("" for all) and the name in small
        letters.
    looks
        By style, what its number format makes of a number.
    tables
        By name in small letters, the tables.
    since_1904
        Whether days are counted from 1904.
    """

    file: str
    sheets: Mapping[str, Sheet]
    names: Mapping[tuple[str, str], str]
    looks: Mapping[int, Look]
    tables: dict[str, Table]
    since_1904: bool = False

    def sheet(self, title: str) -> Sheet:
        """Return a sheet by its title, whatever its capitals."""
        if title in self.sheets:
            return self.sheets[title]
        found = next((s for t, s in self.sheets.items() if t.casefold() == title.casefold()), None)
        if found is None:
            raise InvalidValue(f'there is no sheet "{title[:40]}"{suggestion(title, self.sheets)}')
        return found

    def cell(self, at: Area) -> Cell:
        """Return the cell in an area's upper left corner, an empty one where nothing is."""
        return self.sheet(at.sheet).cells.get((at.top, at.left), Cell(None))

    def is_hidden(self, at: Area) -> bool:
        """Tell whether a cell stands in a row or column that is not shown."""
        sheet = self.sheet(at.sheet)
        return at.top in sheet.hidden_rows or any(at.left in each for each in sheet.hidden_columns)

    def look(self, at: Area) -> Look:
        """Return what the format of a cell makes of a number."""
        return self.looks.get(self.cell(at).style, Look())

    def clipped(self, area: Area) -> Area:
        """Return an area cut to the part of its sheet that is filled, one row and column at least."""
        sheet = self.sheet(area.sheet)
        bottom = max(area.top, min(area.bottom, sheet.bottom))
        right = max(area.left, min(area.right, sheet.right))
        return Area(sheet.title, area.top, area.left, bottom, right)

    def filled(self, area: Area) -> Iterator[Area]:
        """Yield the cells of an area that hold something, row by row."""
        area = self.clipped(area)
        sheet = self.sheets[area.sheet]
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if size > len(sheet.cells):
            found = sorted(place for place in sheet.cells if contains(area, *place))
        else:
            found = [
                (row, column)
                for row in range(area.top, area.bottom + 1)
                for column in range(area.left, area.right + 1)
                if (row, column) in sheet.cells
            ]
        for row, column in found:
            yield one_cell(sheet.title, row, column)

    def formula(self, at: Area) -> tuple[str, bool, Place] | None:
        """Return the text of a cell's formula, whether it is an array formula, and its place in the array."""
        sheet = self.sheets[at.sheet]
        if (at.top, at.left) in sheet.arrays:
            return sheet.arrays[at.top, at.left], True, (0, 0)
        for area, text in sheet.blocks:
            if contains(area, at.top, at.left):
                return text, True, (at.top - area.top, at.left - area.left)
        cell = self.cell(at)
        if cell.shared is not None:
            text, origin = sheet.shared.get(cell.shared, ("", ""))
            return (_moved(text, origin, at), False, (0, 0)) if text else None
        return None if cell.formula is None else (cell.formula, False, (0, 0))

    def formula_stands(self, at: Area) -> bool:
        """Tell whether a cell is calculated."""
        blocks = self.sheets[at.sheet].blocks
        return self.cell(at).is_formula or any(contains(area, at.top, at.left) for area, _ in blocks)

    def resolved(self, node: Node, at: Area) -> Node:
        """Return what a name or a reference to a table means in a cell's formula; anything else as it is.

        Raises
        ------
        InvalidValue
            If there is no such name or table.
        """
        for _ in range(8):
            if isinstance(node, Structured):
                return find_table(self.tables, node, at.top)
            if not isinstance(node, Named):
                return node
            node = self._named(node.name, node.sheet or at.sheet)
        raise InvalidValue("a defined name stands for itself")

    def _named(self, name: str, sheet: str) -> Node:
        low = name.casefold()
        text = self.names.get((sheet.casefold(), low), self.names.get(("", low)))
        if text is None and low in self.tables:
            return Structured(name, "")
        if text is None:
            known = sorted({known for _, known in self.names} | {each.name for each in self.tables.values()})
            raise InvalidValue(f'there is no defined name "{name[:40]}"{suggestion(name, known)}')
        places = [each[0] for each in _IN_NAME.finditer(_QUOTED.sub("", text))]
        # without both signs a place is relative to the cell that uses it
        if found := next((place for place in places if place.count("$") < 2), ""):
            raise InvalidValue(
                f'the defined name "{name[:40]}" means another cell in each formula, since it is written '
                f"{found}; write it with $ before the column and the row"
            )
        return parse_formula(f"={text}")

    def options(self, at: Area) -> list[str] | None:
        """Return the texts that a cell's drop-down list offers; None where it has no list of texts."""
        sheet = self.sheets[at.sheet]
        for area, text in sheet.lists:
            if contains(area, at.top, at.left):
                return self._offered(text, at)
        return None

    def _offered(self, text: str, at: Area) -> list[str] | None:
        if text.startswith('"'):
            found: list[Stored] = [each.strip() for each in text.strip('"').split(",")]
        else:
            try:
                node = self.resolved(parse_formula(f"={text.removeprefix('=')}"), at)
                if not isinstance(node, Area):
                    return None
                area = Area(node.sheet or at.sheet, node.top, node.left, node.bottom, node.right)
                found = [self.cell(each).value for each in self.filled(area)]
            except InvalidValue:
                return None
        texts = [each for each in found if isinstance(each, str) and each]
        return list(dict.fromkeys(texts)) if len(texts) == len(found) else None


def one_cell(sheet: str, row: int, column: int) -> Area:
    """Return one cell of a sheet."""
    return Area(sheet, row, column, row, column)


def contains(area: Area, row: int, column: int) -> bool:
    """Tell whether a cell of the same sheet lies in an area."""
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def address(at: Area) -> str:
    """Return how a cell or range is written, such as ``Calc!B5``."""
    first = f"{column_letter(at.left - 1)}{at.top}"
    rest = "" if at.is_cell else f":{column_letter(at.right - 1)}{at.bottom}"
    return f"{at.sheet}!{first}{rest}"


def blocks(cells: Iterable[Area]) -> list[Area]:
    """Return cells as few ranges: to the right as far as they go, and then down."""
    left = {(each.sheet, each.top, each.left) for each in cells}
    found = []
    for sheet, top, first in sorted(left):
        if (sheet, top, first) not in left:
            continue
        last, bottom = first, top
        while (sheet, top, last + 1) in left:
            last += 1
        while all((sheet, bottom + 1, column) in left for column in range(first, last + 1)):
            bottom += 1
        area = Area(sheet, top, first, bottom, last)
        left -= {(sheet, row, c) for row in range(top, bottom + 1) for c in range(first, last + 1)}
        found.append(area)
    return found


def is_copied(book: Book, at: Area, other: Area) -> bool:
    """Tell whether two cells have the same formula, moved from one to the other."""
    from openpyxl.formula.translate import TranslatorError

    one, two = book.formula(at), book.formula(other)
    if one is None or two is None or one[1] or two[1]:
        return False
    try:
        return _moved(two[0], f"{column_letter(other.left - 1)}{other.top}", at) == one[0]
    except TranslatorError:
        return False


def _moved(text: str, origin: str, at: Area) -> str:
    from openpyxl.formula.translate import Translator

    target = f"{column_letter(at.left - 1)}{at.top}"
    return str(Translator(text, origin).translate_formula(target))


def read_book(path: Path) -> Book:
    """Read all cells of a workbook.

    Raises
    ------
    StudyError
        If it is too large or no workbook, or a spreadsheet of a kind that has to be saved as one.
    """
    refuse_other_spreadsheets(path)
    if path.suffix.lower() == ".csv":
        said = "is CSV, in which a formula has no stored value; save the workbook itself (.xlsx)"
        raise StudyError(Fault(said, file=str(path)))
    with opened_book(path) as book:
        sheets = {sheet.title: _sheet(sheet) for sheet in book.worksheets}
        for title, sheet in sheets.items():
            if max(len(sheet.merged), len(sheet.lists), len(sheet.blocks)) > MOST_LISTED:
                said = f"has more than {MOST_LISTED:,} merged cells, drop-down lists or array formulas"
                raise StudyError(Fault(said, title, str(path)))
            _fill(sheet, str(path))
        names = {("", name.casefold()): each.attr_text for name, each in book.defined_names.items()}
        for each_sheet in book.worksheets:
            names |= {
                (each_sheet.title.casefold(), name.casefold()): each.attr_text
                for name, each in each_sheet.defined_names.items()
            }
        styles = {cell.style for sheet in sheets.values() for cell in sheet.cells.values()}
        looks = looks_of(book, styles)
        since_1904 = book.epoch.year == 1904
        tables = {each.name.casefold(): each for each in read_tables(book)}
    return Book(str(path), sheets, names, looks, tables, since_1904)


def _sheet(sheet: Any) -> Sheet:
    from openpyxl.xml.functions import iterparse

    found = Sheet(sheet.title, sheet._worksheet_path, sheet.sheet_state != "visible")
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        for _, element in iterparse(source):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                _take_row(found, element, sheet._shared_strings)
                element.clear()
            elif tag == "col" and is_unseen(element.attrib, "width"):
                first = int(element.get("min"))
                found.hidden_columns.append(range(first, int(element.get("max", first)) + 1))
            elif tag == "mergeCell":
                found.merged.append(_range(sheet.title, element.get("ref", "")))
            elif tag == "dataValidation" and element.get("type") == "list":
                _take_list(found, element)
    return found


def _fill(sheet: Sheet, file: str) -> None:
    """Give array formulas the cells that are not written down, as some programs leave them out."""
    for area, _ in sheet.blocks:
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        if len(sheet.cells) + len(rows) * len(columns) > MOST_CELLS:
            said = f"has an array formula of more than {MOST_CELLS:,} cells"
            raise StudyError(Fault(said, sheet.title, file))
        for place in product(rows, columns):
            sheet.cells.setdefault(place, Cell(None))
        sheet.bottom, sheet.right = max(sheet.bottom, area.bottom), max(sheet.right, area.right)


def _take_row(sheet: Sheet, row: Any, texts: Any) -> None:
    if is_unseen(row.attrib, "ht") and len(row):
        sheet.hidden_rows.add(_place(f"A{row.get('r', '')}")[0])
    for element in row:
        # most of the cells of a sheet that was formatted are empty
        if not len(element) or element.tag.rpartition("}")[2] != "c":
            continue
        row_number, column = _place(element.get("r", ""))
        cell = _cell(sheet, element, texts)
        if cell.value is None and not cell.is_formula:
            continue
        sheet.cells[row_number, column] = cell
        sheet.bottom, sheet.right = max(sheet.bottom, row_number), max(sheet.right, column)


def _cell(sheet: Sheet, element: Any, texts: Any) -> Cell:
    parts = {part.tag.rpartition("}")[2]: part for part in element}
    value = _value(element.get("t", "n"), parts, texts)
    style = int(element.get("s", 0))
    formula = parts.get("f")
    if formula is None:
        return Cell(value, style=style)
    kind, text = formula.get("t"), formula.text or ""
    written = f"={spoken(text)}"
    if kind == "shared":
        number = formula.get("si", "")
        if text:
            sheet.shared[number] = written, element.get("r")
        return Cell(value, shared=number, style=style)
    if kind == "array":
        area = _range(sheet.title, formula.get("ref", element.get("r")))
        if area.is_cell:
            sheet.arrays[area.top, area.left] = written
        else:
            sheet.blocks.append((area, written))
    if kind == "dataTable":
        written = "=TABLE()"
    return Cell(value, written, style=style)


def _value(kind: str, parts: Mapping[str, Any], texts: Any) -> Stored:
    if kind == "inlineStr":
        return str(spoken("".join(parts["is"].itertext()))) if "is" in parts else None
    text = parts["v"].text if "v" in parts else None
    if text is None:
        return "" if kind == "str" else None
    if kind == "s":
        return str(spoken(texts[int(text)])) or None
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return Failure(text)
    if kind != "n":
        return str(spoken(text))
    number = float(text)
    return number if math.isfinite(number) else Failure("#NUM!")


def _take_list(sheet: Sheet, element: Any) -> None:
    parts = {part.tag.rpartition("}")[2]: part for part in element}
    formula = "".join(parts["formula1"].itertext()).strip() if "formula1" in parts else ""
    where = element.get("sqref") or "".join(parts["sqref"].itertext() if "sqref" in parts else ())
    sheet.lists += [(_range(sheet.title, each), formula) for each in where.split()]


def _place(text: str) -> Place:
    """Read where a cell stands.

    Raises
    ------
    ValueError
        If it is no place of a sheet: the file is no workbook then.
    """
    found = _PLACE.fullmatch(text)
    row, column = (int(found[2]), column_number(found[1])) if found else (0, 0)
    if not 1 <= row <= SHEET_ROWS or column > SHEET_COLUMNS:
        raise ValueError(text)
    return row, column


def _range(title: str, text: str) -> Area:
    """Read where something stands.

    Raises
    ------
    ValueError
        If it is no place of a sheet: the file is no workbook then.
    """
    found = reference(text)
    if not isinstance(found, Area) or found.bottom > SHEET_ROWS or found.right > SHEET_COLUMNS:
        raise ValueError(text)
    return Area(title, found.top, found.left, found.bottom, found.right)
