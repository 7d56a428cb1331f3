"""Whether a workbook still is the one of whose formulas a study was made."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.reproduction import rounds_to
from uncertainty.units.written import in_unit, is_of_time
from uncertainty.workbooks.cells import address, one_cell
from uncertainty.workbooks.checking import agree
from uncertainty.workbooks.formulas import Area, Failure, reference
from uncertainty.workbooks.upstream import find_cell
from uncertainty.workbooks.writing import note_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.study.model import Study
    from uncertainty.workbooks.cells import Book

MOST_TOLD = 10
"""Cells that are told of where a workbook is another."""
ANEW = "make the study anew, or name the workbook that it was made of"
_CELL = regex(r"(.+?![A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?(?:[:,. ]|$)")
_NOTED = regex(
    r"(.+?![A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?): "
    r'(?=(=(?:"[^"]*"|.)*?)(?:\.?$|\. |, copied))(=.*)',
    re.DOTALL,
)
"""A note: its cells, their formula, in which texts may hold full stops, and all from the formula on."""
_AFTER_FORMULA = regex(r"[.;]?(?:\s|$)|, copied")


def noted_cell(book: Book, text: str, place: int = 0) -> Area | None:
    """Return the cell of the workbook that a note or source begins with, or one of such a range."""
    found = _CELL.match(text)
    if found is None:
        return None
    title, _, first = found[1].rpartition("!")
    try:
        at = find_cell(book, f"'{title.replace(chr(39), chr(39) * 2)}'!{first}")
        last = reference(found[2]) if found[2] else at
    except InvalidValue:
        return None
    if place:
        rows = last.bottom - at.top + 1 if isinstance(last, Area) else 1
        at = one_cell(at.sheet, at.top + place % max(rows, 1), at.left + place // max(rows, 1))
    cell = book.cell(at)
    return at if cell.value is not None or cell.is_formula else None


def cells_of_inputs(book: Book, study: Study) -> Iterator[tuple[str, Area]]:
    """Yield the names of inputs that were made from cells, each with its cell."""
    seen = Counter[str]()
    for name, item in study.inputs.items():
        # the inputs of a range have its note, in the order of its columns and rows
        at = noted_cell(book, item.note, seen[item.note])
        seen[item.note] += 1
        if at is not None:
            yield name, at


def refuse_another(book: Book, study: Study) -> None:
    """Refuse a workbook with other formulas or results than those that a study was made of.

    Raises
    ------
    StudyError
        With the cells that differ.
    """
    if found := dict([*_other_results(book, study), *_other_formulas(book, study)]):
        told = list(found.items())[:MOST_TOLD]
        raise StudyError(*(Fault(f"{said}; {ANEW}", where, book.file) for where, said in told))


def other_points(book: Book, study: Study) -> list[str]:
    """Say which cells of inputs hold other numbers than the points of the study."""
    found = []
    for name, at in cells_of_inputs(book, study):
        item, stored = study.inputs[name], book.cell(at).value
        if isinstance(stored, float) and isinstance(item.point, float) and item.member_of is None:
            shown = _shown(book, at, stored, item.unit.text)
            if not any(agree(item.point, each) for each in shown):
                found.append(f"{address(at)} ({stored:.12g}, and {item.point:.12g} in the study)")
    return found


def _other_results(book: Book, study: Study) -> Iterator[tuple[str, str]]:
    for output in study.outputs.values():
        at, figure = noted_cell(book, output.source), output.published
        stored = None if at is None else book.cell(at).value
        if at is None or figure is None or figure.statistic != "value" or stored is None:
            continue
        stored = float(stored) if isinstance(stored, bool) else stored
        shown = _shown(book, at, stored, output.unit.text) if isinstance(stored, float) else []
        if not any(rounds_to(each, figure) for each in shown):
            number = f"{stored:.12g}" if shown else _quoted(str(stored))
            there = stored.code if isinstance(stored, Failure) else number
            yield address(at), f"{there} is stored, and {figure.value:.12g} is published in the study"


def _quoted(text: str) -> str:
    return f'the text "{text[:40]}"' if text.strip() else "an empty text"


def _other_formulas(book: Book, study: Study) -> Iterator[tuple[str, str]]:
    noted = [each.note for each in study.outputs.values()]
    noted += [each.note for each in study.equations.values()]
    noted += [each.note for each in study.quantities.values()]
    for note in dict.fromkeys(noted):
        found, at = _NOTED.match(note), noted_cell(book, note)
        if found is None or at is None:
            continue
        # of copied formulas the first is noted, which need not stand in the first cell
        places = ((0, 0), (1, 0), (0, 1)) if ":" in found[1].rpartition("!")[2] else ((0, 0),)
        around = [one_cell(at.sheet, at.top + down, at.left + right) for down, right in places]
        formulas = {each: note_text(own[0]) for each in around if (own := book.formula(each)) is not None}
        if not any(_is_noted(each, found[3]) for each in formulas.values()):
            others = (pair for pair in formulas.items() if not found[3].endswith(f": {pair[1]}"))
            there, formula = next(others, (at, "no formula"))
            yield address(there), f"holds {formula[:60]}, and the study was made of {found[2][:60]}"


def _is_noted(formula: str, note: str) -> bool:
    return note.startswith(formula) and bool(_AFTER_FORMULA.match(note, len(formula)))


def _shown(book: Book, at: Area, stored: float, unit: str) -> list[float]:
    """Return the numbers that a study may have for a stored one: itself, or what the cell shows of it."""
    look, found = book.look(at), [stored]
    if look.is_percentage:
        found.append(float(f"{stored * 100:.15g}"))
    if look.is_time and is_of_time(unit):
        found.append(in_unit(stored, unit))
    return found
