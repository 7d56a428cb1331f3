"""Cells as quantities with indices, by themselves: each cell keeps its value, and copies are written once."""

import math
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from uncertainty.expressions import parse_expression
from uncertainty.expressions.tree import Name, Number
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.copies import folding, runs
from uncertainty.workbooks.copies.folding import folded
from uncertainty.workbooks.copies.lines import Quantity
from uncertainty.workbooks.formulas import Area

COLUMNS = "abcdefghij"
CELL = re.compile(r"(\$?)([a-j])(\$?)(\d+)\b")
OVER = {"SUM": ("({})", " + "), "MAX": ("maximum({})", ", "), "MIN": ("minimum({})", ", ")}


def block(area):
    """Return the cells of an area, such as b2:d3, row by row."""
    ends = re.findall(r"([a-j])(\d+)", area)
    (left, top), (right, bottom) = ends[0], ends[-1]
    letters = COLUMNS[COLUMNS.index(left) : COLUMNS.index(right) + 1]
    return [f"{letter}{row}" for row in range(int(top), int(bottom) + 1) for letter in letters]


def copies(sheet):
    """Return by cell a number or a formula: an area has the formula of its first cell, copied."""
    found = {}
    for line in sheet.strip().splitlines():
        area, content = line.split(" = ", 1)
        cells = block(area)
        try:
            found |= dict(zip(cells, map(float, content.split()), strict=True))
        except ValueError:
            found |= {cell: moved(content, cells[0], cell) for cell in cells}
    return found


def moved(text, here, there):
    right, down = COLUMNS.index(there[0]) - COLUMNS.index(here[0]), int(there[1:]) - int(here[1:])

    def move(found):
        fixed, letter, tied, row = found.groups()
        letter = letter if fixed else COLUMNS[COLUMNS.index(letter) + right]
        return f"{letter}{row if tied else int(row) + down}"

    return CELL.sub(move, text)


def quantities_of(sheet):
    """Return the quantities of cells, and of what a formula has in braces, which is a part of it."""
    found = {}
    for cell, content in copies(sheet).items():
        row, column = int(cell[1:]), COLUMNS.index(cell[0]) + 1
        at = Area("S", row, column, row, column)
        if isinstance(content, float):
            found[cell] = Quantity(None, at)
            continue
        texts = re.split(r"[{}]", content)
        for n in range(1, len(texts), 2):
            found[f"{cell}p{n}"] = Quantity(expression_of(texts[n]), at, is_part=True)
            texts[n] = f"{cell}p{n}"
        found[cell] = Quantity(expression_of("".join(texts)), at)
    return found


def expression_of(text):
    def whole(found):
        form, between = OVER[found[1]]
        return form.format(between.join(block(found[2])))

    return parse_expression(re.sub(r"([A-Z]+)\((\w+:\w+)\)", whole, text))


OPERATIONS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "negative": lambda x: -x,
    "greater": lambda x, y: x > y,
    "where": lambda condition, x, y: x if condition else y,
    "maximum": lambda *each: max(each),
    "minimum": lambda *each: min(each),
}
REDUCTIONS = {
    "sum": sum,
    "product": math.prod,
    "smallest": min,
    "largest": max,
    "mean": lambda found: sum(found) / len(found),
}


class Values:
    """The values of quantities, with indices or without."""

    def __init__(self, quantities, values, axes=None):
        self.quantities, self.values, self.axes = quantities, values, axes
        self.cell = cache(self._cell)

    def of(self, expression, at=()):
        """Return a value where each index has a position."""
        if isinstance(expression, Number):
            return expression.value
        if isinstance(expression, Name):
            indices = self.quantities[expression.name].indices
            return self.cell(expression.name, tuple(dict(at)[self.axes.of(each)] for each in indices))
        operation, arguments = expression.operation, expression.arguments
        if operation == "select":
            words = [str(each).split("=") for each in arguments[1:]]
            return self.of(arguments[0], self._at(at, {int(index): int(n) for index, n in words}))
        if operation in OPERATIONS:
            return OPERATIONS[operation](*(self.of(each, at) for each in arguments))
        index = self.axes.of(int(str(next(each for each in arguments if str(each)[0] == "#"))[1:]))
        size, here = self.axes.axes[index].size, dict(at).get(index)
        if operation == "first":
            return here == 0
        if operation == "position":
            return arguments[0].value + arguments[1].value * here
        if operation == "previous":
            return (
                self.of(arguments[0], self._at(at, {index: here - 1})) if here else self.of(arguments[2], at)
            )
        places = range(here + 1 if operation == "cumulative" else size)
        found = [self.of(arguments[0], self._at(at, {index: n})) for n in places]
        return sum(found) if operation == "cumulative" else REDUCTIONS[operation](found)

    def _at(self, at, moved):
        return tuple(sorted({**dict(at), **{self.axes.of(index): n for index, n in moved.items()}}.items()))

    def _cell(self, name, places):
        own = self.quantities[name]
        if own.expression is not None:
            at = zip((self.axes.of(each) for each in own.indices), places, strict=True) if places else ()
            return self.of(own.expression, tuple(sorted(at)))
        # of two indices the first goes to the right, and the other down
        along = iter(places)
        right = next(along) if own.at.right > own.at.left else 0
        down = next(along) if own.at.bottom > own.at.top else 0
        return self.values[f"{COLUMNS[own.at.left - 1 + right]}{own.at.top + down}"]


def written(found, axes, parts):
    """Return the indices and all formulas but those of the parts that there were."""
    lines = []
    for n in sorted({axes.of(each) for one in found.values() for each in one.indices}):
        axis = axes.axes[n]
        way = f"{'right' if axis.across else 'down'}{', in order' if axis.is_ordered else ''}"
        lines.append(f"{n}: {axis.size} {way}, of {' '.join(sorted(map(address, axis.areas)))}")
    for name, one in found.items():
        if name in parts:
            continue
        indices = f"{list(one.indices) or ''}{', begun' if one.is_begun else ''}"
        if one.expression is not None:
            lines.append(f"{name}{indices} = {one.expression}")
        elif one.indices:
            lines.append(f"{name}{indices}")
    return [re.sub(r"S!([A-J]\d+:[A-J]\d+)", lambda area: area[1].lower(), line) for line in lines]


SHEETS = tomllib.loads(Path(__file__).with_name("folded_sheets.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SHEETS)
def test_copies_are_written_once_and_every_cell_keeps_its_value(name):
    sheet = SHEETS[name]["sheet"]
    single = quantities_of(sheet)
    parts = {each for each, one in single.items() if one.is_part}
    inputs = {cell: value for cell, value in copies(sheet).items() if isinstance(value, float)}
    found, axes, where = folded(single)
    assert written(found, axes, parts) == SHEETS[name]["written"].strip().splitlines()
    plain, indexed = Values(single, inputs), Values(found, inputs, axes)
    for cell in single.keys() - parts:
        assert indexed.of(where[cell]) == pytest.approx(plain.cell(cell, ()), rel=1e-9), cell


def formulas(name):
    """Return what is written of a sheet, without its indices."""
    single = quantities_of(SHEETS[name]["sheet"])
    found, axes, _ = folded(single)
    return [line for line in written(found, axes, ()) if "=" in line]


@pytest.mark.parametrize(("most", "across", "down"), [(12, True, True), (11, True, False), (2, False, False)])
def test_what_has_too_many_cells_keeps_those_along_an_axis(monkeypatch, most, across, down):
    """A table of three columns and four rows."""
    monkeypatch.setattr(folding, "MOST_CELLS", most)
    single = quantities_of("a2:a5 = 1 2 3 4\nb1:d1 = 5 6 7\nb2:d5 = $a2 * b$1\nf1:f2 = 1 2")
    found, axes, _ = folded(single)
    assert ("S!B1:D1" in found, "S!A2:A5" in found) == (across, down)
    assert len(axes.axes) == (5 if across else 0) + (2 if down else 0)


def test_what_has_too_many_cells_to_the_right_may_go_down(monkeypatch):
    monkeypatch.setattr(folding, "MOST_CELLS", 3)
    found, *_ = folded(quantities_of("b1:e1 = 1 2 3 4\nb2:e2 = b1 * 2\na4:a6 = 1 2 3\nb4:b6 = a4 * 2"))
    assert [name for name in found if ":" in name] == ["S!B4:B6", "S!A4:A6"]


def test_a_formula_looks_back_so_many_members_at_most(monkeypatch):
    kept = formulas("two before")
    monkeypatch.setattr(runs, "MOST_BEFORE", 2)
    assert formulas("two before") == kept
    monkeypatch.setattr(runs, "MOST_BEFORE", 1)
    assert "d1 = c1 + b1" in formulas("two before")


def test_lines_that_do_not_match_after_many_cuts_stay_cells(monkeypatch):
    monkeypatch.setattr(runs, "MOST_ROUNDS", 1)
    assert not any(":" in each for each in formulas("skipping"))
