"""What the cells of a workbook are called, and in which unit they are, by the texts beside them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.characters import legible
from uncertainty.errors import InvalidValue
from uncertainty.expressions.syntax import RESERVED_NAMES
from uncertainty.study.names import spelt
from uncertainty.tables.sheets import column_letter
from uncertainty.units import UnitSystem
from uncertainty.workbooks.formulas import Area, parse_formula

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.workbooks.cells import Book, Sheet

LONGEST_NAME = 32
LONGEST_LABEL = 120
LONGEST_UNIT = 30
_ENCLOSED = re.compile(r"^(.*\S)\s*(?:\(([^()]{1,30})\)|\[([^\[\]]{1,30})\])\s*:?$")
_HEADING_OF_UNITS = re.compile(r"units?|einheit(en)?|unité", re.IGNORECASE)
_QUOTIENT = re.compile(r"[^\s/]{1,15}\s?/\s?[^/]{1,20}")


class Label(NamedTuple):
    """What a cell is called.

    Parameters
    ----------
    text
        What people read, without the unit; empty where no text is near.
    unit
        The unit that stands beside it; empty where none does.
    heading
        What its column is called, to tell it from others with the same text.
    defined
        The defined name, if it has one.
    is_share
        Whether it holds a fraction and shows it as a percentage.
    """

    text: str
    unit: str = ""
    heading: str = ""
    defined: str = ""
    is_share: bool = False

    @property
    def full(self) -> str:
        """The label with the unit."""
        text = self.text or self.defined
        return f"{text} ({self.unit})" if self.unit and text else text


class Labels:
    """Finds what cells are called: by a defined name, the nearest text to the left, or that above."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts: dict[str, _Texts] = {}

    def of(self, at: Area) -> Label:
        """Return what a cell is called."""
        if at.sheet not in self._texts:
            self._texts[at.sheet] = _Texts(self._book.sheets[at.sheet])
        texts = self._texts[at.sheet]
        beside, heading = self._beside(texts, at), texts.above(at.top, at.left)
        text, enclosed = _parted(beside or heading)
        style = self._book.cell(at).style
        unit = (
            texts.unit(at)
            or self._book.suffixes.get(style, "")
            or enclosed
            or (_parted(heading)[1] if beside else "")
        )
        is_share = style in self._book.percentages and unit in ("", "%")
        if unit in ("1", "-", "–") or is_share:
            unit = ""
        defined = self._defined.get((at.sheet, at.top, at.left), "")
        return Label(text or defined, unit, _parted(heading)[0] if beside else "", defined, is_share)

    def _beside(self, texts: _Texts, at: Area) -> str:
        """Return the nearest text to the left that is no unit, or else one that is not headed as one."""
        found = [
            text for column, text in texts.left_of(at.top, at.left) if not texts.is_headed(at.top, column)
        ]
        return next((text for text in found if not is_unit(text)), found[0] if found else "")

    @cached_property
    def _defined(self) -> Mapping[tuple[str, int, int], str]:
        found = {}
        for (scope, name), text in self._book.names.items():
            try:
                node = parse_formula(f"={text}")
                if isinstance(node, Area) and node.is_cell and not name.startswith("_xl"):
                    title = self._book.sheet(node.sheet or scope).title
                    found[title, node.top, node.left] = name
            except InvalidValue:
                continue
        return found


class _Texts:
    """The texts of a sheet by row and by column, those of merged cells in all that they cover."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows: dict[int, list[tuple[int, str]]] = {}
        self._columns: dict[int, list[tuple[int, str]]] = {}
        covered = [area for area in sheet.merged if (area.top, area.left) in sheet.cells]
        for (row, column), cell in sorted(sheet.cells.items()):
            if not isinstance(cell.value, str) or not cell.value.strip():
                continue
            text = " ".join(legible(cell.value).split())[:LONGEST_LABEL]
            area = next((a for a in covered if (a.top, a.left) == (row, column)), None)
            bottom, right = (area.bottom, area.right) if area else (row, column)
            for each in range(row, min(bottom, row + 1_000) + 1):
                self._rows.setdefault(each, []).append((column, text))
            for each in range(column, min(right, column + 1_000) + 1):
                self._columns.setdefault(each, []).append((row, text))
        for texts in (*self._rows.values(), *self._columns.values()):
            texts.sort()

    def left_of(self, row: int, column: int) -> Iterator[tuple[int, str]]:
        texts = self._rows.get(row, [])
        for place in range(bisect_left(texts, (column, "")) - 1, -1, -1):
            yield texts[place]

    def is_headed(self, row: int, column: int) -> bool:
        """Tell whether a cell stands in a column of units."""
        return _HEADING_OF_UNITS.fullmatch(self.above(row, column)) is not None

    def above(self, row: int, column: int) -> str:
        texts = self._columns.get(column, [])
        place = bisect_left(texts, (row, ""))
        return texts[place - 1][1] if place else ""

    def unit(self, at: Area) -> str:
        """Return the unit in a column of units, or directly to the right or left."""
        row = dict(self._rows.get(at.top, []))
        for column, text in sorted(row.items(), key=lambda each: abs(each[0] - at.left)):
            if self.is_headed(at.top, column) and len(text) <= LONGEST_UNIT:
                return text
        # to the left it is a unit where something else says what the cell is
        first = min(row, default=at.left)
        for column in (at.left + 1, at.left - 1):
            if column in row and is_unit(row[column]) and (column > at.left or first < column):
                return row[column]
        return ""


def _parted(text: str) -> tuple[str, str]:
    """Part a label from the unit that it ends with in parentheses."""
    found = _ENCLOSED.match(text)
    if found and is_unit(unit := found[2] or found[3]):
        return found[1], unit
    return text.rstrip(": "), ""


def is_unit(text: str) -> bool:
    """Tell whether a text reads as a unit: one that is known, or a quotient of words."""
    if len(text) > LONGEST_UNIT or not text.strip():
        return False
    if text in ("1", "%") or _QUOTIENT.fullmatch(text):
        return True
    try:
        UnitSystem(()).parse(text)
    except InvalidValue:
        return False
    return True


def named(labels: Mapping[str, tuple[Area, Label]]) -> dict[str, str]:
    """Give each cell a name of its own for the study, by its label, its heading and its place.

    Parameters
    ----------
    labels
        By address, cells and what they are called.
    """
    found: dict[str, str] = {}
    waiting = list(labels)
    taken: set[str] = set()
    for candidate in (_by_label, _by_heading, _by_place, _by_sheet):
        proposed = {where: candidate(*labels[where]) for where in waiting}
        counts: dict[str, int] = {}
        for name in proposed.values():
            counts[name] = counts.get(name, 0) + 1
        last = candidate is _by_sheet
        for where, name in proposed.items():
            if name and name not in taken and (counts[name] == 1 or last):
                found[where] = name
                taken.add(name)
        waiting = [where for where in waiting if where not in found]
    for number, where in enumerate(waiting, start=1):
        found[where] = f"cell_{number}"
    return {where: found[where] for where in labels}


def _by_label(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(label.defined or label.text))


def _by_heading(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(f"{label.text} {label.heading}")) if label.heading else ""


def _by_place(at: Area, label: Label) -> str:
    if not label.text:
        return ""
    return allowed(spelt(label.text)[: LONGEST_NAME - 8], f"{column_letter(at.left - 1)}{at.top}")


def _by_sheet(at: Area, label: Label) -> str:
    del label
    return allowed(spelt(at.sheet)[: LONGEST_NAME - 10] or "cell", f"{column_letter(at.left - 1)}{at.top}")


def allowed(name: str, end: str = "") -> str:
    """Return a name that an expression may use, at most so long, with an ending that stays whole."""
    name = "_".join(part for part in (name[:LONGEST_NAME].strip("_"), end.lower()) if part)
    return f"{name}_value" if name in RESERVED_NAMES else name
