"""Reading the cells of a workbook, and what their number formats show them as."""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.bounds import (
    LARGEST_SHEET,
    MOST_CELLS,
    MOST_OTHER_TAGS,
    MOST_SHEETS,
    MOST_TAGS,
    MOST_UNPACKED,
    SHEET_COLUMNS,
    SHEET_ROWS,
)
from uncertainty.errors import MOST_NAMES, Fault, StudyError
from uncertainty.files import opened, understood
from uncertainty.late import regex
from uncertainty.tables.sheets import (
    Failed,
    Labelled,
    Percentage,
    Sheet,
    bounded,
    column_letter,
    heading_name,
    make_sheet,
)
from uncertainty.tables.workbook_marks import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from uncertainty.tables.sheets import Cell


_NOT_SHOWN = regex(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
"""What a number format shows as it is, keeps as space, or says of colours and conditions."""
_AS_IT_IS = regex(r'"[^"]*"|\\.|[_*].', re.DOTALL)
_ELAPSED = regex(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
"""Hours, minutes or seconds that go on beyond a day, an hour or a minute."""
_CLOCK = regex(r"[hs]", re.IGNORECASE)
_DAY = regex(r"[yd]|mmm", re.IGNORECASE)
_SECTION = regex(r'(?:\A|(?<=;))(?:"[^"]*"|\\.|[_*].|\[[^\]]*\]|[^;])*', re.DOTALL)
"""A part of a number format, which semicolons separate."""
_CONDITION = regex(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d*)?)\]")
_PLACES = regex(r"[0#?@ymdhse]|general", re.IGNORECASE)
"""What shows a number, a day or a text."""
_SCALING = regex(r"[0#?],+(?![0#?,])")
"""Commas after a number's last digit: each divides it by a thousand."""
_LITERAL = regex(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|general|e[-+]|(?P<sign>[^0#?@.,%/\s():+\-ymdhs])",
    re.IGNORECASE | re.DOTALL,
)
"""What a number format shows as it is: texts in quotes, signs that need none, money."""
_WRITTEN = regex(r'"([^"]*)"|\\(.)', re.DOTALL)
"""What a number format shows as it is."""
_OTHER_NUMBER = regex(r"(?<![^\W\d_xX])[0-9]|[<>~≈±≤≥]")
"""What makes another number of the one that it stands beside; the 2 of CO2 does not."""
_WITHIN = regex(r'(?<=[0#?])(?:"[^"\w]*"|\\[^\w\s])(?=[0#?])')
"""Signs between digits, which are no word beside a number."""
_POINT_WITHIN, _OTHER_WITHIN = (
    regex(rf'(?<=[0#?])(?:"[{signs}]"|\\[{signs}])(?=[0#?])') for signs in (".,", "/:-")
)
"""What is taken for a decimal point or groups thousands, and what makes several numbers of one."""
_MINUS_BEFORE = regex(r"(?<!\w)[-\u2212\u2013]\s*\Z")


class Formats:
    """How a workbook shows its numbers."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[int, list[str]] = {}

    def _section(self, cell: Mapping[str, Any]) -> str:
        """Return the part of a format that a cell is shown by; nothing for what has no format of its own."""
        sections = self._sections(cell)
        value = cell["value"]
        if isinstance(value, str):
            return sections[3] if len(sections) > 3 else "@"
        return _section_of_number(sections[:3], value) if isinstance(value, float | int) else sections[0]

    def _sections(self, cell: Mapping[str, Any]) -> list[str]:
        """Return a format's parts, for numbers above, below and of 0 and for texts, as many as it has."""
        if not cell["style_id"] or cell["data_type"] not in ("n", "s"):
            return [""]
        style = cell["style_id"]
        if style not in self._known:
            from openpyxl.styles.numbers import BUILTIN_FORMATS

            number = self._book._cell_styles[style].numFmtId
            own = self._book._number_formats
            code = BUILTIN_FORMATS.get(number) if number < 164 else own[number - 164]
            self._known[style] = _SECTION.findall(code or "")
        return self._known[style] or [""]

    def label(self, cell: Mapping[str, Any]) -> str:
        """Return the word that a cell shows beside its number, if it does and divides by no thousands."""
        return "" if self.is_scaled(cell) else self.word(cell)

    def word(self, cell: Mapping[str, Any]) -> str:
        """Return the word that a cell shows before its number or behind it, such as a unit."""
        section = _WITHIN.sub("", self._section(cell))
        found = (each.groups(default="") for each in _LITERAL.finditer(section))
        return "".join(map("".join, found)).strip() if _PLACES.search(_plain(section)) else ""

    def is_word_before(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether the word that a cell shows stands before its number."""
        section = _WITHIN.sub("", self._section(cell))
        first = next((each.start() for each in _LITERAL.finditer(section) if any(each.groups())), 0)
        return not _PLACES.search(_plain(section[:first]))

    def is_percentage(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows its number times 100."""
        return "%" in _plain(self._section(cell))

    def is_time(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows its number, one of days, as hours, minutes and seconds."""
        section = _AS_IT_IS.sub("", self._section(cell))
        plain = _plain(section)
        return bool(_ELAPSED.search(section) or (_CLOCK.search(plain) and not _DAY.search(plain)))

    def is_scaled(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows its number divided by a thousand or more."""
        return _SCALING.search(_plain(self._section(cell))) is not None

    def is_amended(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows another number than it holds: digits or signs beside it, or no minus."""
        value, sections = cell["value"], self._sections(cell)
        section = self._section(cell)
        if not isinstance(value, float | int) or not _PLACES.search(_plain(section)):
            return False
        # what parts the digits of a whole number may be that of a key
        within = [_POINT_WITHIN, *([_OTHER_WITHIN] if value % 1 else [])]
        if any(each.search(section) for each in within):
            return True
        if (value > 0 or (value < 0 and len(sections) == 1)) and _MINUS_BEFORE.search(_before(section)):
            return True
        written = "".join(map("".join, _WRITTEN.findall(section)))
        is_unsigned = (
            value < 0 and len(sections) > 1 and section == sections[1] and not _CONDITION.search(section)
        )
        return bool(_OTHER_NUMBER.search(written)) or (is_unsigned and not re.search(r"[-−–(]", section))

    def is_shown(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows what it holds; a sign may stand for 0."""
        if self._sections(cell) == [""]:
            return True
        section = self._section(cell)
        return bool(_PLACES.search(_plain(section)) or (cell["value"] == 0 and section.strip()))

    def objections(self, cell: Mapping[str, Any], value: Cell) -> Iterator[str]:
        """Say what is wrong with how a cell shows its value."""
        held = value[:40] if isinstance(value, str) else f"{value:.15g}"
        if self.is_scaled(cell):
            yield "is shown divided by thousands; format it as a plain number"
        if self.is_amended(cell):
            yield f"holds {held}, which its format shows as another number; format it as a plain number"
        if not self.is_shown(cell):
            yield f"holds {held}, which its format does not show; change it, or clear the cell"


def _section_of_number(sections: list[str], number: float) -> str:
    """Return the first part whose condition holds, or that of positive or negative numbers or of 0."""
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        held = (s for s, c in zip(sections, conditions, strict=True) if not c or _holds(c, number))
        return next(held, sections[-1])
    wanted = 0 if number > 0 else 1 if number < 0 else 2
    return sections[wanted] if wanted < len(sections) else sections[0]


def _holds(condition: re.Match[str], number: float) -> bool:
    sign, other = condition[1], float(condition[2])
    return (
        (number < other and "<" in sign)
        or (number > other and ">" in sign)
        or (number == other and "=" in sign)
    )


def _before(section: str) -> str:
    """Return what a part of a format shows before the first digit."""
    tokens = re.finditer(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|([^0#?])', section)
    shown, end = "", 0
    for token in tokens:
        if token.start() != end:
            break
        shown, end = shown + "".join(token.groups(default="")), token.end()
    return shown


def _plain(section: str) -> str:
    """Return a part of a format without what it shows as it is."""
    return _NOT_SHOWN.sub("", section)


_BOOK_PART, _STRICT = "xl/workbook.xml", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
"""The names of the strict kind of workbook (ISO/IEC 29500-1), which libraries take for an empty one."""
NO_WORKBOOK = "is not an Excel workbook (.xlsx)"
OLD_OR_LOCKED = "is encrypted, or a workbook of Excel 97 to 2003; save it as .xlsx without a password"

_OLD = b"\xd0\xcf\x11\xe0"
"""How the files of Excel before 2007 begin, and those of later ones that have a password."""

ESCAPE = regex(r"_x([0-9A-Fa-f]{4})_")
"""How workbooks write a character by its number; of a text that has it by chance, the underscore is."""

_SHEET_PART = regex(r"worksheets/|sharedStrings", re.IGNORECASE)
_CELL_TAG = regex(rb"<(?:\w+:)?c[\s/>]")
_ROW_TAG = regex(rb"<(?:\w+:)?row[\s/>]")
_FORMULA_CELL = regex(rb"<(?:\w+:)?c((?![^>]*\st=\"(?:str|e|b)\")\s[^>]*)>\s*<(?:\w+:)?f[\s/>]")
_PLACE = regex(rb'\sr="([A-Z]{1,3}\d{1,7})"')
_FORMULA_TAG = regex(rb"<(?:\w+:)?f[\s/>]")


class _Part(NamedTuple):
    """What a sheet holds.

    Parameters
    ----------
    rows
        By number, the filled cells by column, both from 1.
    merged
        Ranges of cells that are one.
    hidden
        Rows and columns that have something in them and are not shown.
    unsure
        Faults of single cells, with their places.
    """

    rows: dict[int, dict[int, Cell]]
    merged: Sequence[str]
    hidden: Sequence[str]
    unsure: Sequence[Fault]


def read_sheets(
    path: Path,
    wanted: Callable[[list[str]], Container[str]],
    known: Callable[[str], Container[str]] = lambda _: (),
    *,
    unnamed: bool = False,
) -> tuple[list[Sheet], list[Fault]]:
    """Read some sheets of a workbook that anybody may have made.

    Parameters
    ----------
    wanted
        Says which of the names of sheets that have something in them are to be read.
    known
        Gives the headings that a sheet of some name may have.
    unnamed
        Whether columns may have no heading, as `make_sheet` has it.

    Returns
    -------
    sheets, faults
        Faults for a sheet, row or column that has something in it and is hidden, for cells that are merged,
        and for formulas without a stored value: nothing is read that its reader cannot see.

    Raises
    ------
    StudyError
        If it is too large or no workbook.
    """
    file = str(path)
    faults: list[Fault] = []
    sheets: list[Sheet] = []
    with opened_book(path) as book:
        filled = [sheet for sheet in book.worksheets if any(cells for _, cells in _rows(sheet))]
        read = wanted([sheet.title for sheet in filled])
        for sheet in filled:
            if sheet.title in read:
                found, wrong = _sheet(sheet, file, known, unnamed=unnamed)
                sheets += found
                faults += wrong
    return sheets, faults


def last_formula(path: Path) -> str:
    """Return a workbook's last cell with a formula of a number, such as ``Calc!B8``; nothing without one."""
    found = ""
    with opened_book(path) as book:
        for sheet in book.worksheets:
            content = sheet.parent._archive.read(sheet._worksheet_path)
            places = [cell for tag in _FORMULA_CELL.finditer(content) if (cell := _PLACE.search(tag[1]))]
            found = f"{sheet.title}!{places[-1][1].decode()}" if places else found
    return found


@contextmanager
def opened_book(path: Path, *, own: bool = False) -> Iterator[Any]:
    """Open a workbook whose parts are within bounds.

    Parameters
    ----------
    own
        Whether it holds a table that this program has written, which is as long as a run was.

    Yields
    ------
    openpyxl.Workbook
        In read-only mode, formulas by their stored values.

    Raises
    ------
    StudyError
        If it is too large or no workbook, also if that shows only while it is read.
    """
    import openpyxl

    file = str(path)
    with opened(path) as content, understood(StudyError(Fault(NO_WORKBOOK, file=file))):
        _check_archive(content, file, own=own)
        book = openpyxl.load_workbook(content, read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            found = len(book.worksheets)
            raise StudyError(Fault(f"expected at most {MOST_SHEETS:,} sheets, found {found:,}", file=file))
        yield book


def _check_archive(content: BinaryIO, file: str, *, own: bool) -> None:
    """Refuse a workbook that is locked, or would fill the memory or the day, before any of it is parsed."""
    if content.read(len(_OLD)) == _OLD:
        raise StudyError(Fault(OLD_OR_LOCKED, file=file))
    with zipfile.ZipFile(content) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise StudyError(Fault("is encrypted; save it without a password", file=file))
        if any(part.filename == _BOOK_PART and _STRICT in archive.read(part) for part in parts):
            raise StudyError(Fault("is a “Strict Open XML” workbook; save it as “Excel Workbook”", file=file))
        size = sum(part.file_size for part in parts)
        largest = max(LARGEST_SHEET, MOST_UNPACKED * content.seek(0, 2)) if own else LARGEST_SHEET
        if size > largest:
            most = largest >> 20
            raise StudyError(
                Fault(f"expected at most {most} MiB when unpacked, found {size >> 20}", file=file)
            )
        counted = (part for part in parts if not (own and _SHEET_PART.search(part.filename)))
        counts = [_counts(part.filename, archive.read(part)) for part in counted]
    cells, tags, others = (sum(each) for each in zip(*counts, strict=True))
    if cells > MOST_CELLS:
        raise StudyError(
            Fault(f"expected at most {MOST_CELLS:,} cells, found {cells:,}, empty ones included", file=file)
        )
    if tags > MOST_TAGS or others > MOST_OTHER_TAGS:
        raise StudyError(Fault("has more rows, texts or formats than a workbook of a study", file=file))


def _counts(name: str, content: bytes) -> tuple[int, int, int]:
    """Return how many cells a part has, and how many tags as a sheet or as something else.

    Raises
    ------
    ValueError
        If it defines words of its own, of which a few may stand for gigabytes; no workbook does.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError(name)
    tags = content.count(b"<")
    if not _SHEET_PART.search(name):
        return 0, 0, tags
    if sum(1 for _ in _ROW_TAG.finditer(content)) > SHEET_ROWS:
        # rows that hold nothing are walked through all the same
        tags += MOST_TAGS
    return sum(1 for _ in _CELL_TAG.finditer(content)), tags, 0


def _sheet(
    sheet: Any, file: str, known: Callable[[str], Container[str]], *, unnamed: bool
) -> tuple[list[Sheet], list[Fault]]:
    """Return a sheet, unless it is hidden, and what is wrong with it."""
    title = sheet.title
    if sheet.sheet_state != "visible":
        return [], [Fault("this sheet is hidden; show it or remove it", title, file)]
    part = _part(sheet, file)
    merged = [
        Fault(f"the cells {cells} are merged; unmerge them, so that each row says everything", title, file)
        for cells in part.merged[:MOST_NAMES]
    ]
    hidden = [Fault(f"{each} is hidden; show it or remove it", title, file) for each in part.hidden]
    grid = (
        (f"{title}, row {n}", [cells.get(column) for column in range(1, max(cells) + 1)])
        for n, cells in part.rows.items()
    )
    made, more = make_sheet(heading_name(title), file, bounded(grid, file), known, unnamed=unnamed)
    return [made], [*merged, *hidden, *part.unsure, *more]


def _part(sheet: Any, file: str) -> _Part:
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        parser = _parser(sheet, source)
        formats, marks = Formats(sheet.parent), Marks(sheet)
        unsure: list[Fault] = []
        rows: dict[int, dict[int, Cell]] = {}
        for _, cells in parser.parse():
            for cell in cells:
                value = _value(cell, formats)
                if value is None:
                    continue
                row, column = cell["row"], cell["column"]
                rows.setdefault(row, {})[column] = value
                own = f"{column_letter(column - 1)}{row}"
                place = f"{sheet.title}, {own}"
                if row > SHEET_ROWS or column > SHEET_COLUMNS:
                    raise StudyError(Fault("lies beyond the last cell of a sheet", place, file))
                said = (*formats.objections(cell, value), *marks.objections(cell, own))
                unsure += [Fault(each, place, file) for each in said]
    unsure += [
        Fault(
            "has a formula without a stored value; save the workbook in a spreadsheet program",
            f"{sheet.title}, {cell}",
            file,
        )
        for cell in _without_value(sheet)
    ]
    merged = [] if parser.merged_cells is None else [cells.ref for cells in parser.merged_cells.mergeCell]
    return _Part(dict(sorted(rows.items())), merged, _hidden(parser, rows), unsure)


def _parser(sheet: Any, source: Any) -> Any:
    """Return openpyxl's own parser: its read-only sheets leave out what is hidden and merged."""
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    return WorkSheetParser(
        source,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows of a sheet that are written down, each with its number and its filled cells."""
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        for number, cells in _parser(sheet, source).parse():
            yield number, [cell for cell in cells if cell["value"] not in (None, "")]


def table_rows(book: Any, title: str) -> Iterator[list[Any]]:
    """Yield the rows of a sheet that this program wrote, each up to its last filled cell.

    Raises
    ------
    KeyError
        If there is no such sheet.
    """
    sheet = book[title]
    expected = 1
    for number, cells in _rows(sheet):
        if not expected <= number <= SHEET_ROWS or any(cell["column"] > SHEET_COLUMNS for cell in cells):
            raise ValueError(title)
        yield from ([] for _ in range(expected, number))
        expected = number + 1
        values = {cell["column"]: spoken(cell["value"]) for cell in cells}
        yield [values.get(column) for column in range(1, max(values, default=0) + 1)]


def _value(cell: Mapping[str, Any], formats: Formats) -> Cell:
    value = cell["value"]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        if formats.is_percentage(cell):
            return Percentage(value)
        label = formats.label(cell)
        return Labelled(value, label, is_before=formats.is_word_before(cell)) if label else value
    if cell["data_type"] == "e":
        return Failed(value)
    if isinstance(value, datetime) and formats.is_time({**cell, "data_type": "n", "value": 1.0}):
        return str(value.time())
    return str(spoken(value))


def spoken(cell: Any) -> Any:
    """Return a text with the characters in it that a workbook writes by their numbers."""
    return ESCAPE.sub(_character, cell) if isinstance(cell, str) else cell


def _character(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


def _hidden(parser: Any, rows: Mapping[int, Mapping[int, Cell]]) -> list[str]:
    """Return the first row and the first column that have something in them and are not shown."""
    unseen = [int(n) for n, row in parser.row_dimensions.items() if is_unseen(row, "ht") and int(n) in rows]
    filled = {column for cells in rows.values() for column in cells}
    ranges = [
        range(int(column["min"]), int(column.get("max", column["min"])) + 1)
        for column in parser.column_dimensions.values()
        if is_unseen(column, "width")
    ]
    columns = [column for column in sorted(filled) if any(column in each for each in ranges)]
    return [
        *(f"row {n}" for n in sorted(unseen)[:1]),
        *(f"column {column_letter(column - 1)}" for column in columns[:1]),
    ]


def is_unseen(attributes: Mapping[str, str], size: str) -> bool:
    """Tell whether a row or column is not shown: hidden, or of no height or width."""
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 1)) == 0


def _without_value(sheet: Any) -> list[str]:
    """Return the cells whose formula's value no program has stored; an empty text is one."""
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    archive = sheet.parent._archive
    if not _FORMULA_TAG.search(archive.read(sheet._worksheet_path)):
        return []
    cell_tag, row_tag, formula, value = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("c", "row", "f", "v"))
    found = []
    with archive.open(sheet._worksheet_path) as source:
        for _, element in iterparse(source):
            if element.tag == row_tag:
                element.clear()
            elif element.tag == cell_tag and element.find(formula) is not None:
                is_empty_text = element.get("t") == "str"
                if not (is_empty_text or element.findtext(value)):
                    found.append(element.get("r", "a cell"))
    return found
