"""Functions that find a cell: by a constant key itself, by a number that may vary by nested conditions."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions.tree import Call
from uncertainty.workbooks.cells import address, one_cell
from uncertainty.workbooks.checking import as_stored
from uncertainty.workbooks.elementwise import of_each
from uncertainty.workbooks.formulas import Area, Failure, Literal
from uncertainty.workbooks.functions.aggregates import BEYOND
from uncertainty.workbooks.functions.conditions import matches
from uncertainty.workbooks.terms import (
    Grid,
    Term,
    Text,
    Unknown,
    as_number,
    compare_scalars,
    number,
    single,
    truth,
)
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Scalar, Value
    from uncertainty.workbooks.translation import Translation

MISSING = Failure("#N/A")
ABOVE_ALL = 1e15
"""A number from which on nobody looks for a key, but for the last of all."""
NOT_IN_ORDER = "looks for the nearest of keys that are not in order"
EXACT, UPWARD, DOWNWARD, NEXT, AS_WRITTEN = 0, 1, -1, 2, 3
"""Which cell a key finds: that which equals it, the last not above it, the last or first not below it.

In a text that is taken as it is written, * and ? stand for themselves.
"""
EQUAL = frozenset((EXACT, AS_WRITTEN))
NEWER = MappingProxyType({0: AS_WRITTEN, -1: UPWARD, 1: NEXT, 2: EXACT})
"""By its number in XLOOKUP and XMATCH, the kind of match."""


class Table:
    """A table in which something is looked up, as a range of cells or as an array."""

    def __init__(self, to: Translation, node: Node) -> None:
        self._to = to
        self.area = to.area(node)
        self._grid = None if self.area is not None else to.array(node)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        if self.area is None:
            return self._grid.shape if self._grid is not None else (0, 0)
        return self.area.bottom - self.area.top + 1, self.area.right - self.area.left + 1

    def value(self, row: int, column: int, *, settles: bool = False) -> Value:
        """Return a value, from 0, as what it holds where it settles something."""
        if self.area is not None:
            at = one_cell(self.area.sheet, self.area.top + row, self.area.left + column)
            return self._key(at) if settles else self._to.cell(at)
        return self._grid.element(row, column) if self._grid is not None else single(MISSING)

    def _key(self, at: Area) -> Value:
        """Return a key among which a constant is looked for."""
        to, found = self._to, self._to.constant(at)
        if isinstance(found[0][1], Term) and found[0][1].known is not None:
            to.decisions.take_key(address(at), to.build.owner)
        return found

    def line_at(self, place: Value, *, across: bool) -> Area | None:
        """Return the cells of a row or column, of one that varies the first; None of an array."""
        if self.area is None:
            return None
        scalar = place[0][1]
        known = scalar.known if len(place) == 1 and isinstance(scalar, Term) else None
        ahead = max(int(known or 1), 1) - 1
        if across:
            return replace(self.area, top=self.area.top + ahead, bottom=self.area.top + ahead)
        return replace(self.area, left=self.area.left + ahead, right=self.area.left + ahead)

    def line(self, *, settles: bool) -> list[Value]:
        """Return the values of a table that is one row or column."""
        rows, columns = self.shape
        if rows > 1 and columns > 1:
            raise InvalidValue("looks up in a range of several rows and columns")
        return [self.value(r, c, settles=settles) for r in range(rows) for c in range(columns)]


def position(
    to: Translation, key: Value, keys: Callable[[bool], list[Value]], mode: int, found: Callable[[int], Value]
) -> Value:
    """Return what stands where a key is found, by its place from 0.

    Parameters
    ----------
    keys
        Gives the values among which it is looked for, as constants or as quantities.
    """

    def look(scalar: Scalar) -> Value:
        if isinstance(scalar, Failure | Unknown):
            return single(scalar)
        empty = number(0) if mode in EQUAL else Text("")
        wanted = empty if scalar is None else scalar
        if isinstance(wanted, Text):
            to.settle(wanted.cell)
            return _by_text(to, wanted, keys(False), mode, found)
        return _by_number(to, wanted, keys, mode, found)

    return to.build.mapped(key, look)


def _by_text(
    to: Translation, wanted: Text, keys: list[Value], mode: int, found: Callable[[int], Value]
) -> Value:
    if mode in EQUAL:
        is_same = matches if mode == EXACT else _is_written

        def same(scalar: Scalar) -> Term:
            return truth(isinstance(scalar, Text) and is_same(scalar.text, wanted.text))

        return _first_met(to, range(len(keys)), keys, same, found)
    _check_certain(keys)
    texts = [value[0][1] for value in keys]
    low = wanted.text.casefold()
    listed = [(place, each.text.casefold()) for place, each in enumerate(texts) if isinstance(each, Text)]
    fitting = [place for place, each in listed if (each <= low if mode == UPWARD else each >= low)]
    known = [each for _, each in listed]
    # as of numbers, the last text of all is found whatever their order
    if known != sorted(known, reverse=mode == DOWNWARD) and not (
        mode == UPWARD and len(fitting) == len(listed)
    ):
        raise InvalidValue(NOT_IN_ORDER)
    return found(fitting[0 if mode == NEXT else -1]) if fitting else single(MISSING)


def _is_written(text: str, wanted: str) -> bool:
    return text.casefold() == wanted.casefold()


def _by_number(
    to: Translation,
    wanted: Term,
    keys: Callable[[bool], list[Value]],
    mode: int,
    found: Callable[[int], Value],
) -> Value:
    operation = "equal" if mode in EQUAL else "less_equal" if mode == UPWARD else "greater_equal"
    values = keys(wanted.known is not None)
    _check_order(to, wanted, values, mode)
    key = to.build.named(wanted, "key")
    beyond = number(BEYOND if mode == UPWARD else -BEYOND)

    def met(scalar: Scalar) -> Term:
        if not isinstance(scalar, Term) or scalar.logical != key.logical:
            return truth(False)
        if isinstance(scalar.expression, Call):
            # an error is no key, as where 1/(A1:A9>2) leaves out what a condition does not meet
            kept = to.build.where(to.failures.of(scalar), beyond, scalar)
            scalar = replace(kept, logical=key.logical)
        return compare_scalars(to.build, operation, scalar, key)

    # of what is not above the key the last counts, of what equals it the first
    places = range(len(values))
    is_last = mode in (UPWARD, DOWNWARD)
    return _first_met(to, reversed(places) if is_last else places, values, met, found)


def _first_met(
    to: Translation,
    places: Iterable[int],
    keys: Sequence[Value],
    met: Callable[[Scalar], Term],
    found: Callable[[int], Value],
) -> Value:
    """Return what stands at the first place whose key meets a condition."""
    if lost := [s.cells for value in keys for _, s in value if isinstance(s, Unknown)]:
        return single(Unknown(frozenset().union(*lost)))
    build = to.build
    cases: list[tuple[Term | None, Scalar]] = []
    for place in places:
        key = to.failures.told(keys[place])
        condition = build.chosen(build.mapped(key, lambda scalar: single(met(scalar))))
        if condition.known != 0:
            cases += [(condition if c is None else build.both(condition, c), s) for c, s in found(place)]
        if condition.known:
            break
    return build.merged((*cases, (None, MISSING)))


def _check_certain(keys: list[Value]) -> None:
    """Refuse keys that are one thing under some conditions and another under others."""
    if any(len(value) > 1 for value in keys):
        raise InvalidValue("looks up among keys that change their kind")


def _check_order(to: Translation, wanted: Term, keys: list[Value], mode: int) -> None:
    """Refuse to look for the nearest of keys that are not in order as stored: it is found by chance."""
    # what is above all numbers finds the last, whatever their order
    if mode in EQUAL or (mode == UPWARD and wanted.known is not None and wanted.known >= ABOVE_ALL):
        return
    held = [_as_stored(to, value) for value in keys]
    known = [each for each in held if each is not None and math.isfinite(each)]
    if known != sorted(known, reverse=mode == DOWNWARD):
        raise InvalidValue(NOT_IN_ORDER)


def _as_stored(to: Translation, value: Value) -> float | None:
    """Return the number that a key is with what cells have stored; None where it is none."""
    for condition, scalar in value:
        if condition is None or as_stored(to, condition.expression):
            return as_stored(to, scalar.expression) if isinstance(scalar, Term) else None
    return None


def _mode(to: Translation, node: Node | None, default: int) -> int:
    how = _how(to, node, default)
    return (how > 0) - (how < 0)


def _how(to: Translation, node: Node | None, default: int) -> float:
    """Return the number of a kind of match."""
    if node is None:
        return default
    value = to.value(node)
    scalar = as_number(value[0][1])
    if len(value) > 1 or not isinstance(scalar, Term) or scalar.known is None:
        raise InvalidValue("takes a kind of match that may vary")
    return scalar.known


def _looked_up(to: Translation, arguments: Sequence[Node], *, across: bool) -> Value:
    table = Table(to, arguments[1])
    mode = _mode(to, arguments[3] if len(arguments) > 3 else None, UPWARD)
    rows, columns = table.shape

    def keys(settles: bool) -> list[Value]:  # noqa: FBT001 - one of two kinds of keys
        places = range(columns if across else rows)
        return [table.value(*((0, p) if across else (p, 0)), settles=settles) for p in places]

    def at(offset: Scalar) -> Value:
        number_of = as_number(offset)
        if not isinstance(number_of, Term):
            return single(number_of)
        if number_of.known is None:
            return _at(to, single(number_of), rows if across else columns, _numbers_alone(to, found))
        line = int(number_of.known) - 1
        if not 0 <= line < (rows if across else columns):
            return single(Failure("#REF!"))
        return found(line)

    def found(line: int) -> Value:
        return position(
            to,
            to.value(arguments[0]),
            keys,
            UPWARD if mode else EXACT,
            lambda place: table.value(*((line, place) if across else (place, line))),
        )

    return to.build.mapped(_settled(to, arguments[2]), at)


def _numbers_alone(to: Translation, found: Callable[[int], Value]) -> Callable[[int], Value]:
    """Return what gives errors for texts, which a number that varies might find but nobody looks for."""

    def number_at(line: int) -> Value:
        return to.build.mapped(
            found(line), lambda each: single(Failure("#VALUE!") if isinstance(each, Text) else each)
        )

    return number_at


def _settled(to: Translation, node: Node) -> Value:
    """Return a value; a constant cell, such as the number of a column, as what it holds."""
    area = to.area(node)
    if area is not None and area.is_cell:
        found = to.constant(area)
        if isinstance(found[0][1], Term) and found[0][1].known is not None:
            to.decisions.take(address(area), to.build.owner)
        return found
    return to.value(node)


def _match(to: Translation, arguments: Sequence[Node], *, newer: bool = False) -> Value:
    table, given = Table(to, arguments[1]), arguments[2] if len(arguments) > 2 else None
    mode = _next_mode(to, arguments, 2) if newer else _mode(to, given, UPWARD)
    return position(to, to.value(arguments[0]), lambda settles: table.line(settles=settles), mode, _place)


def _place(place: int) -> Value:
    return ((None, Term(number(place + 1).expression)),)


def _next_mode(to: Translation, arguments: Sequence[Node], place: int) -> int:
    """Return the kind of match of a function for which -1 is the next smaller and 1 the next larger."""
    if len(arguments) > place + 1:
        raise InvalidValue("a lookup with an order of search has no translation")
    how = math.trunc(_how(to, arguments[place] if len(arguments) > place else None, 0))
    if how not in NEWER:
        raise InvalidValue(f"takes the kind of match {how}, which has no translation")
    return NEWER[how]


def _xlookup(to: Translation, arguments: Sequence[Node]) -> Value:
    keys, results = Table(to, arguments[1]), Table(to, arguments[2])
    mode = _next_mode(to, arguments, 4)
    rows = results.shape[0]
    if 1 not in results.shape:
        raise InvalidValue("XLOOKUP of several columns has no translation")
    found = position(
        to,
        to.value(arguments[0]),
        lambda settles: keys.line(settles=settles),
        mode,
        lambda place: results.value(place, 0) if rows > 1 else results.value(0, place),
    )
    given = len(arguments) > 3 and arguments[3] != Literal(None)
    if not given:
        return found
    other = to.value(arguments[3])
    return to.build.mapped(found, lambda scalar: other if scalar == MISSING else single(scalar))


def _vector_lookup(to: Translation, arguments: Sequence[Node]) -> Value:
    """Return what stands beside the nearest key; of an array, in its last row or column."""
    keys, results = Table(to, arguments[1]), Table(to, arguments[-1])
    (rows, columns), (down, across) = keys.shape, results.shape
    along = columns > rows

    def listed(settles: bool) -> list[Value]:  # noqa: FBT001 - one of two kinds of keys
        places = range(columns if along else rows)
        return [keys.value(*((0, p) if along else (p, 0)), settles=settles) for p in places]

    def found(place: int) -> Value:
        is_row = along if len(arguments) == 2 else across > down
        return results.value(down - 1, place) if is_row else results.value(place, across - 1)

    return position(to, to.value(arguments[0]), listed, UPWARD, found)


def _transposed(to: Translation, arguments: Sequence[Node]) -> Grid:
    return Grid(tuple(zip(*to.array(arguments[0]).rows, strict=True)))


def _index(to: Translation, arguments: Sequence[Node]) -> Value | Grid:
    table = Table(to, arguments[0])
    rows, columns = table.shape
    places = [to.value(each) for each in arguments[1:]]
    row, column = places[0], places[1] if len(places) > 1 else single(None)
    if len(places) == 1 and rows == 1:
        row, column = single(number(1)), row
    if _is_zero(row) and _is_zero(column) and min(rows, columns) > 1:
        every = [[table.value(r, c) for c in range(columns)] for r in range(rows)]
        return Grid(tuple(map(tuple, every)))
    if _is_zero(row) and rows > 1:
        return _whole(to, table, column, across=False)
    if _is_zero(column) and columns > 1:
        return _whole(to, table, row, across=True)
    return _at(to, row, rows, lambda r: _at(to, column, columns, lambda c: table.value(r, c)))


def _is_zero(value: Value) -> bool:
    scalar = value[0][1]
    return len(value) == 1 and (scalar is None or (isinstance(scalar, Term) and scalar.known == 0))


def _whole(to: Translation, table: Table, place: Value, *, across: bool) -> Grid:
    """Return a whole row or column of a table."""
    rows, columns = table.shape
    if across:
        along = (partial(table.value, column=column) for column in range(columns))
        return Grid(
            (tuple(_at(to, place, rows, found) for found in along),), table.line_at(place, across=True)
        )
    down = (partial(table.value, row) for row in range(rows))
    cells = tuple((_at(to, place, columns, found),) for found in down)
    return Grid(cells, table.line_at(place, across=False))


def _at(to: Translation, place: Value, count: int, found: Callable[[int], Value]) -> Value:
    """Return what stands at a place that a value gives, from 1; nothing and 0 mean the first."""
    build = to.build

    def choose(scalar: Scalar) -> Value:
        term = as_number(scalar)
        if not isinstance(term, Term):
            return single(term)
        if term.known is not None:
            at = max(int(term.known), 1)
            return found(at - 1) if at <= count else single(Failure("#REF!"))
        whole = build.named(build.apply("floor", term), "place")
        cases: list[tuple[Term | None, Scalar]] = []
        for at in range(1, count + 1):
            met = build.apply("equal", whole, number(at))
            cases += [(met if c is None else build.both(met, c), s) for c, s in found(at - 1)]
        return build.merged((*cases, (None, Failure("#REF!"))))

    return build.mapped(place, choose)


def _size(*, across: bool) -> Function:
    def apply(to: Translation, arguments: Sequence[Node]) -> Value:
        return single(number(Table(to, arguments[0]).shape[across]))

    return Function(1, 1, None, apply)


def _own_place(*, across: bool) -> Function:
    """Make ROW or COLUMN, of a cell, of each row or column of a range, or of the formula's own."""

    def apply(to: Translation, arguments: Sequence[Node]) -> Value | Grid:
        area = to.area(arguments[0]) if arguments else to.at
        if not isinstance(area, Area):
            raise InvalidValue("expected a cell")
        first, last = (area.left, area.right) if across else (area.top, area.bottom)
        places = [single(number(place)) for place in range(first, (last if to.is_array else first) + 1)]
        return Grid((tuple(places),) if across else tuple((each,) for each in places))

    return Function(0, 1, None, apply)


FUNCTIONS = MappingProxyType(
    {
        "VLOOKUP": Function(3, 4, None, of_each(partial(_looked_up, across=False), range(0, 3, 2))),
        "HLOOKUP": Function(3, 4, None, of_each(partial(_looked_up, across=True), range(0, 3, 2))),
        "XLOOKUP": Function(3, 6, None, of_each(_xlookup, range(1))),
        "MATCH": Function(2, 3, None, of_each(_match, range(1))),
        "XMATCH": Function(2, 4, None, of_each(partial(_match, newer=True), range(1))),
        "LOOKUP": Function(2, 3, None, of_each(_vector_lookup, range(1))),
        "TRANSPOSE": Function(1, 1, None, _transposed),
        "INDEX": Function(2, 3, None, of_each(_index, range(1, 3))),
        "ROWS": _size(across=False),
        "COLUMNS": _size(across=True),
        "ROW": _own_place(across=False),
        "COLUMN": _own_place(across=True),
    }
)
