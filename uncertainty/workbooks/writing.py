"""The translated cells of a workbook as the tables of a study."""

from __future__ import annotations

import math
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from uncertainty.characters import legible
from uncertainty.errors import InvalidValue
from uncertainty.study.figures import written_digits
from uncertainty.units.written import DAY
from uncertainty.workbooks.cells import Cell, address, is_copied, one_cell
from uncertainty.workbooks.checking import point_of
from uncertainty.workbooks.functions.words import day_of
from uncertainty.workbooks.headings import listed, unit_sentences
from uncertainty.workbooks.label import Label, named
from uncertainty.workbooks.looks import Look
from uncertainty.workbooks.outputs import MOST_DIGITS
from uncertainty.workbooks.terms import read_number
from uncertainty.workbooks.upstream import find_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.expressions.tree import Expression
    from uncertainty.workbooks.copies.lines import Quantity
    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.ranges import End
    from uncertainty.workbooks.selection import Selection

LONGEST_LABEL = 400


def study_tables(selection: Selection, title: str) -> dict[str, Any]:
    """Return the tables of a study."""
    names, choices = selection.names, selection.to.choices
    shown = output_names(selection)
    outputs = {shown[address(at)]: _output(selection, at) for at in selection.chosen}
    study: dict[str, Any] = {"title": title, "headline": next(iter(outputs))}
    if selection.headings.counted:
        study["counting_units"] = selection.headings.counted
    found: dict[str, Any] = {"format": 1, "study": study}
    if indices := selection.indices.members:
        found["indices"] = {name: members.table() for name, members in indices.items()}
    quantities = selection.quantities.items()
    found["inputs"] = {names[k]: _input(selection, k) for k, each in quantities if each.expression is None}
    if equations := {
        names[k]: _equation(selection, k, each.expression)
        for k, each in quantities
        if each.expression is not None
    }:
        found["equations"] = equations
    found["outputs"] = outputs
    if asked := [where for where in choices if selection.needs(where)]:
        found["choices"] = {f"which_{names[where]}": _choice(selection, where) for where in asked}
    return found


def output_names(selection: Selection) -> dict[str, str]:
    """Return by address the name of the output that shows each chosen cell, no two of them alike."""
    places = [address(at) for at in selection.chosen]
    found = {where: selection.names[where] for where in places if where in selection.names}
    others = named({where: selection.labels[where] for where in places if where not in found})
    for where, name in others.items():
        taken = set(found.values())
        found[where] = next(each for n in count() if (each := f"{name}{'_shown' * n}") not in taken)
    return {where: found[where] for where in places}


def _whole(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _input(selection: Selection, where: str) -> dict[str, Any]:
    to, label = selection.to, selection.called(where)
    own = selection.label(where)
    at = to.inputs.get(where)
    cell = Cell(None) if at is None else to.book.cell(at)
    more = [own.source, own.others or _ends(selection, where, cell), _meaning(selection, where, cell)]
    note = f"{where}: {'; '.join(filter(None, more))}" if any(more) else where
    if where in to.kept:
        found = to.book.formula(to.inputs[where])
        note = f"{where}, at its stored value in place of {found[0] if found else 'its formula'}"
    if where in to.choices:
        codes = ", ".join(f"{n} is {legible(text)}" for n, text in enumerate(to.choices[where], start=1))
        return {
            "label": f"{label}: {codes}"[:LONGEST_LABEL],
            "unit": "1",
            "point": 1,
            "note": note_text(note),
        }
    quantity = selection.quantities[where]
    headings = selection.headings
    points = [_whole(headings.shown(where, point_of(to, cell))) for cell in selection.cells(quantity)]
    point = _by_member(selection, quantity, points)
    table = {"label": label, "unit": headings.unit(where), **_over(selection, quantity)}
    return table | {"point": point, "note": note_text(note)}


def _ends(selection: Selection, where: str, cell: Cell) -> str:
    """Write the ends of a number's range in its unit; one that is shown in another way, as it is shown."""
    looks, shown = selection.to.book.looks, selection.headings.shown
    own = looks.get(cell.style, Look())

    def written(end: End) -> str:
        if end.text:
            return end.text
        look = looks.get(end.style, Look())
        if look.way == own.way:
            return f"{shown(where, end.value):.12g}"
        if look.is_percentage:
            return f"{end.value * 100:.12g} %"
        return f"{end.value:.12g} {DAY}" if look.is_time else f"{end.value:.12g} (not shown {own.way})"

    return ", ".join(f"{end.heading} {written(end)}" for end in selection.label(where).ends)


def _over(selection: Selection, quantity: Quantity) -> dict[str, Any]:
    """Return the key that names a quantity's indices, if it has some."""
    return {"index": list(map(selection.indices.name, quantity.indices))} if quantity.indices else {}


def _by_member(selection: Selection, quantity: Quantity, listed: Sequence[float]) -> Any:
    """Return what the cells of a quantity hold as a table by member; of one cell what it holds."""
    if not quantity.indices:
        return listed[0]
    key = selection.indices.key
    across, *down = quantity.indices
    if not down:
        return {key(across, n): each for n, each in enumerate(listed)}
    width = quantity.at.right - quantity.at.left + 1
    return {
        key(across, n): {key(down[0], row): each for row, each in enumerate(listed[n::width])}
        for n in range(width)
    }


def _meaning(selection: Selection, where: str, cell: Cell) -> str:
    """Say what the number of a cell stands for that shows something else."""
    book, label = selection.to.book, selection.label(where)
    if label.contradiction:
        return label.contradiction
    look = book.looks.get(cell.style, Look())
    if look.hides_thousands:
        return "shown divided by thousands"
    if label.is_time:
        return "" if where in selection.headings.units else "a time, as a number of days"
    if label.is_share and where not in selection.headings.units:
        shown = f"{float(cell.value) * 100:.6g} %" if isinstance(cell.value, float | int) else "a percentage"
        return f"a fraction, shown as {shown}"
    if isinstance(cell.value, bool):
        return "1 is TRUE, 0 is FALSE"
    if isinstance(cell.value, float) and look.is_date:
        try:
            return f"the day {day_of(cell.value, since_1904=book.since_1904)}, as a number of days"
        except InvalidValue:
            return ""
    return ""


def note_text(text: str) -> str:
    """Return a text that cites no source: in notes @ does."""
    return legible(text).replace("@", "＠")


def _equation(selection: Selection, where: str, expression: Expression) -> dict[str, Any]:
    quantity = selection.quantities[where]
    over = _over(selection, quantity)
    if quantity.is_part:
        owner = where.partition("#")[0]
        return over | {"value": str(selection.written(expression)), "note": note_text(f"A part of {owner}")}
    table = over | {"value": selection.defined(where, expression)}
    if where in selection.headings.units:
        table["unit"] = selection.headings.units[where]
    return table | {"label": selection.called(where), "note": _copied_note(selection, quantity)}


def _copied_note(selection: Selection, quantity: Quantity) -> str:
    """Return where a quantity stands, the formula that was copied, and that of the first cell if another."""
    at, book = quantity.at, selection.to.book
    if at.is_cell:
        return _formula_note(selection, at)
    down, right = at.top < at.bottom, at.left < at.right
    steps = [(1, 0)] * down + [(0, 1)] * right
    first = one_cell(at.sheet, at.top, at.left)
    cells = [one_cell(at.sheet, at.top + row, at.left + column) for row, column in steps]
    is_own = not any(is_copied(book, each, first) for each in cells)
    found = next(filter(None, map(book.formula, [*cells, first] if is_own else [first])), None)
    own = book.formula(first) if is_own and not quantity.is_begun else None
    begins = f"; {address(first)}: {own[0]}" if own and own != found else ""
    return note_text(f"{address(at)}: {found[0]}, copied{begins}" if found else address(at))


def _formula_note(selection: Selection, at: Area) -> str:
    found = selection.to.book.formula(at)
    return note_text(f"{address(at)}: {found[0]}" if found else address(at))


def _output(selection: Selection, at: Area) -> dict[str, Any]:
    where = address(at)
    output, stored = selection.outputs[where], selection.to.book.cell(at).value
    unit = selection.headings.unit(where)
    table: dict[str, Any] = {"label": selection.called(where), "unit": unit}
    if output.expression is not None:
        table["value"] = selection.defined(where, output.expression)
    elif where not in selection.names:
        # one that decides once and for all is no quantity, and stands for its number
        own = selection.where.get(where) or selection.to.number_of(selection.to.held(at)).expression
        table["value"] = selection.defined(where, own)
    if isinstance(stored, bool | float | int):
        shown = partial(selection.headings.shown, where)
        found = selection.comparison(where)
        is_well = found is not None and found.is_reproduced
        anew = shown(found.recalculated) if found and is_well else None
        table |= _published(shown(float(stored)), output.digits, anew)
    told = filter(None, (_formula_note(selection, at), output.note, staleness(selection, where)))
    return table | {"source": where, "note": ". ".join(each.rstrip(".") for each in told) + "."}


def staleness(selection: Selection, where: str) -> str:
    """Say what a stored value should be; empty where it is what its formula gives."""
    found = selection.comparison(where)
    if found is None or found.is_reproduced:
        return ""
    if found.is_stale:
        return f"The stored value is stale: the formula gives {found.gives:.12g}."
    if not any(each.is_stale for each in selection.comparisons):
        return f"The stored value does not come out when all is calculated anew: {found.recalculated:.12g}."
    return f"The stored value follows from others that are stale: anew it is {found.recalculated:.12g}."


def _choice(selection: Selection, where: str) -> dict[str, Any]:
    name, options = selection.names[where], selection.to.choices[where]
    at = selection.to.choice_places[where]
    keys = named({text: (at, Label(legible(text))) for text in options})
    table: dict[str, Any] = {}
    for number, text in enumerate(options, start=1):
        table[keys[text]] = {"label": legible(text)} | ({"inputs": {name: number}} if number > 1 else {})
    asked = selection.label(where).text or where
    return {"question": asked if asked.endswith("?") else f"Which {asked}?", "options": table}


def comment(selection: Selection, file: str) -> list[str]:
    """Return what the study file begins with."""
    cells = listed([address(at) for at in selection.chosen])
    bare = "A spreadsheet calculates with bare numbers, and so does this study; labels say their units."
    units = "A spreadsheet calculates with bare numbers: x / 1[t] is such a number of a quantity x in t."
    return [
        f"Made from the formulas upstream of {cells} in {file}.",
        units if selection.headings.units else bare,
        'Give the inputs distributions, with their sources: distribution = "2 to 8".',
        *notes(selection),
    ]


def notes(selection: Selection) -> list[str]:
    """Say what was settled, so that nothing is settled silently."""
    to = selection.to
    used = {at.sheet for at, _ in selection.labels.values()}
    hidden = [title for title, sheet in to.book.sheets.items() if sheet.hidden and title in used]
    lists = {
        **_deciding(selection),
        "Empty cells that count as 0": to.empty_for(selection.needs),
        "Cells with no stored value to check until a spreadsheet program saves them": [
            address(at) for at in selection.chosen if to.book.cell(at).value is None
        ],
        "Hidden sheets that are used": hidden,
        "Cells of hidden rows or columns that are used": [
            where for where, (at, _) in selection.labels.items() if to.book.is_hidden(at)
        ],
        "Cells whose numbers are the members of an index": list(selection.counters),
    }
    found = [f"{said}: {listed(cells)}." for said, cells in lists.items() if cells]
    return [*found, *unit_sentences(selection.headings, selection.labels)]


def _deciding(selection: Selection) -> dict[str, list[str]]:
    """Return the cells that decide once and for all, by what is said of them."""
    book = selection.to.book
    texts: list[str] = []
    spelt: list[str] = []
    numbers: list[str] = []
    for cell, formulas in selection.to.decisions.told(selection.needs).items():
        stored = book.cell(find_cell(book, cell)).value
        if isinstance(stored, str):
            (texts if read_number(stored) is None else spelt).append(cell)
        else:
            first, *others = sorted(formulas)
            numbers.append(f"{cell} (in {first}{f' and {len(others)} more' if others else ''})")
    return {
        "Cells that decide once and for all, as no drop-down list offers others": texts,
        "Cells that hold a number as a text, and are no inputs until the workbook has it as a number": spelt,
        "Cells whose numbers decide once and for all, and so are no inputs": numbers,
    }


def _published(stored: float, digits: int | None, anew: float | None) -> dict[str, Any]:
    """Return a stored value as a published figure, with the digits that it carries.

    Those that its formula does not give anew, as days with times are stored in 15 digits, are rounded away,
    and so is all of what rounding left of terms that cancel.

    Parameters
    ----------
    anew
        What comes out; None where that is another number.
    """
    most = MOST_DIGITS
    if stored and anew is not None and stored != anew:
        most = min(most, math.floor(math.log10(abs(stored)) - math.log10(2 * abs(stored - anew))))
    value = float(f"{stored:.{most}g}") if most > 0 else 0.0
    whole = len(str(abs(int(value)))) if value.is_integer() and value else 1
    figure = _whole(value)
    found: dict[str, Any] = {"published": figure}
    carried = digits or min(max(written_digits(figure), whole), max(most, 1))
    if carried != written_digits(figure):
        found["digits"] = carried
    return found
