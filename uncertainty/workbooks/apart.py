"""How quantities with the same label are told apart: by the sheets, titles, rows and columns they stand in.

What differs between them in the workbook goes into their labels, or else the cells.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from uncertainty.characters import legible
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.written import is_unit
from uncertainty.workbooks.cells import address, contains, one_cell
from uncertainty.workbooks.copies.members import FARTHEST, text_or_year
from uncertainty.workbooks.unit_texts import is_amount, is_like_a_name, is_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.label import Label

_LONGEST = 60
"""Letters of what tells labels apart."""


def apart(
    book: Book,
    labels: Mapping[str, tuple[Area, Label]],
    groups: Iterable[Sequence[str]],
    gap_before: Callable[[Area], int],
) -> dict[str, tuple[Area, Label]]:
    """Return labels of which none is that of another of its group, except where nothing is called anything.

    Parameters
    ----------
    labels
        By address or range, the quantities and what they are called.
    groups
        Addresses or ranges whose labels are the same.
    gap_before
        Gives the column that parts the table of a cell from other names.
    """
    found, texts = dict(labels), _Heads(book, gap_before)
    for group in groups:
        told = texts.telling([labels[where][0] for where in group], labels[group[0]][1])
        for where, each in zip(group, told, strict=True):
            at, label = labels[where]
            found[where] = at, label._replace(heading=", ".join(filter(None, (each, label.heading))))
    return found


class _Heads:
    """Finds what stands over cells and before them.

    Parameters
    ----------
    book
        The workbook.
    gap_before
        Gives the column that parts the table of a cell from other names.
    """

    def __init__(self, book: Book, gap_before: Callable[[Area], int]) -> None:
        self._book = book
        self._gap_before = gap_before
        self._titles: dict[str, dict[int, str]] = {}

    def telling(self, places: Sequence[Area], label: Label) -> list[str]:
        """Return what tells places of one label apart: as little as does, or else the cells."""
        for units in (False, True):
            ways = (
                [legible(each.sheet) for each in places],
                self._sections(places),
                self._of_lines(places, across=False, units=units),
                self._of_lines(places, across=True, units=units),
            )
            lines = [[_shortened(each, label) for each in way] for way in ways]
            for count in range(1, len(lines) + 1):
                for chosen in combinations(lines, count):
                    told = [", ".join(filter(None, each)) for each in zip(*chosen, strict=True)]
                    if len(set(told)) == len(told):
                        return told
        is_one = len({each.sheet for each in places}) == 1
        return [address(each).removeprefix(f"{each.sheet}!" * is_one) for each in places]

    def _sections(self, places: Sequence[Area]) -> list[str]:
        """Return the nearest texts above that stand alone in their rows."""
        found = []
        for each in places:
            titles = self._titles_of(each.sheet)
            rows = range(each.top - 1, max(each.top - FARTHEST, 0), -1)
            found.append(next((titles[row] for row in rows if row in titles), ""))
        return found

    def _titles_of(self, sheet: str) -> dict[int, str]:
        if sheet not in self._titles:
            rows: dict[int, list[object]] = {}
            for (row, _), cell in self._book.sheets[sheet].cells.items():
                rows.setdefault(row, []).append(cell.value)
            alone = {row: values[0] for row, values in rows.items() if len(values) == 1}
            self._titles[sheet] = {row: each for row, each in alone.items() if isinstance(each, str)}
        return self._titles[sheet]

    def _of_lines(self, places: Sequence[Area], *, across: bool, units: bool) -> list[str]:
        """Return the texts, years or months of the nearest line that differ between places.

        Parameters
        ----------
        across
            Whether that is a row over their columns, or a column before their rows.
        units
            Whether these texts may be units.
        """

        def ends(at: Area) -> tuple[int, int]:
            return (at.left, at.right) if across else (at.top, at.bottom)

        found: dict[tuple[str, tuple[int, int]], str] = {}
        for sheet in {each.sheet for each in places}:
            own = [each for each in places if each.sheet == sheet]
            spans = sorted(set(map(ends, own)))
            first = min(each.top if across else each.left for each in own)
            end_of_table = 0 if across else max(map(self._gap_before, own))
            lines = range(first - 1, max(first - FARTHEST, end_of_table), -1)
            for line in lines if len(spans) > 1 else ():
                cells = {
                    end: one_cell(sheet, line, end) if across else one_cell(sheet, end, line)
                    for end in sorted({end for span in spans for end in span})
                }
                texts = {end: self._text(cell, units=units) for end, cell in cells.items()}
                told = {span: " to ".join(dict.fromkeys(texts[end] for end in span)) for span in spans}
                is_each = all(texts.values()) and len(set(told.values())) == len(spans)
                if is_each and _may_be_heads(list(texts.values())):
                    found |= {(sheet, span): text for span, text in told.items()}
                    break
        return [found.get((each.sheet, ends(each)), "") for each in places]

    def _text(self, at: Area, *, units: bool) -> str:
        """Return the text, year or month of a cell, be it one of several that are merged."""
        whole = (each for each in self._book.sheets[at.sheet].merged if contains(each, at.top, at.left))
        found = text_or_year(self._book, next(whole, at))
        text = " ".join(legible(found).split()) if found else ""
        is_name = units or is_like_a_name(text) or not (is_unit(text) or is_like_unit(text))
        return text if is_name and (is_year(text) or not is_amount(text)) else ""


def _may_be_heads(texts: Sequence[str]) -> bool:
    """Tell whether years follow one another, as heads do and amounts hardly."""
    return not all(map(is_year, texts)) or all(one < other for one, other in pairwise(texts))


def _shortened(text: str, label: Label) -> str:
    """Return what tells labels apart without what they say anyway."""
    rest = text.removeprefix(label.text) if label.text else text
    rest = (rest.strip(" ()[]:,") if rest != text else text)[:_LONGEST]
    return "" if rest == label.heading else rest
