"""The members of indices: by the texts or years that stand over columns or before rows, or else counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number, literal
from uncertainty.late import dataclass, regex
from uncertainty.numbers import YEARS
from uncertainty.study.written import spelt
from uncertainty.workbooks.cells import one_cell
from uncertainty.workbooks.copies.alike import progression
from uncertainty.workbooks.copies.folding import FIRST, POSITION
from uncertainty.workbooks.formulas import Area
from uncertainty.workbooks.functions.words import day_of
from uncertainty.workbooks.kinds import RATIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.workbooks.cells import Book, Stored
    from uncertainty.workbooks.copies.folding import Axes, Axis

FARTHEST = 200
"""Rows or columns between cells and their headings."""
LONGEST_MEMBER = 24
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OF_YEARS = regex(r"year|jahr|ann[ée]e|año|anno|period|time|date", re.IGNORECASE)

_COUNTS = regex(
    r"\b(?:year|jahr|ann[ée]e|año|anno|period|time|date|month|week|day|quarter|step|stage|round|index|count"
    r"|item|payment|instal?lment|cycle|generation|iteration|n|no|nr|t|i|k|age)\b|[#№]",
    re.IGNORECASE,
)
"""What lines are called whose numbers count; those of "Days" are rather amounts, as is what is per day."""
_OF_TIME = regex(
    rf"{_COUNTS.pattern}|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|Q ?[1-4])\b",
    re.IGNORECASE,
)
"""Heads that follow one another, which are no things."""


_YEAR = regex(r"(?:FY ?)?(?P<year>(?:19|20)\d\d) ?[A-Za-z]?")
"""A year that may be actual, estimated or planned."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an index.

    Parameters
    ----------
    keys
        How each is written.
    texts
        What people read instead, where they are no numbers.
    heads
        The cells whose numbers they are; None where these are no plain numbers.
    title
        What stands before the headings.
    """

    keys: tuple[str, ...]
    texts: tuple[str, ...] = ()
    first: float = 1.0
    step: float = 1.0
    heads: Area | None = None
    title: str = ""

    def table(self) -> dict[str, Any]:
        """Return the index as a study file has it."""
        label = {"label": self.title} if self.title else {}
        if self.texts:
            return label | {"members": dict(zip(self.keys, self.texts, strict=True))}
        first, step = int(self.first), int(self.step)
        counted = {"from": first, "to": first + step * (len(self.keys) - 1)}
        return label | counted | ({} if step == 1 else {"step": step})

    def at(self, first: Expression, step: Expression, index: Name) -> Expression:
        """Return a number that changes by a step from member to member, by the index's own numbers."""
        if isinstance(step, Number) and isinstance(first, Number) and step.value == self.step:
            away = first.value - self.first
            sign = "add" if away > 0 else "subtract"
            return Call(sign, (index, Number(abs(away)))) if away else index
        passed: Expression = Call("subtract", (index, literal(self.first)))
        if self.step != 1:
            passed = Call("divide", (passed, literal(self.step)))
        return Call("add", (first, Call("multiply", (step, passed))))


def members_of(book: Book, axis: Axis, title: Callable[[Area], str]) -> Members:
    """Return the members of an index.

    Parameters
    ----------
    title
        What a line of cells is called.
    """
    found = [each for area in axis.areas for each in _headings(book, area, across=_goes_right(area, axis))]
    named = None if axis.is_ordered else _by_texts(book, found)
    numbered = (_numbered(book, heads, across=across, title=title) for heads, across in found)
    best = _counting([each for each in numbered if each is not None])
    is_year = best is not None and int(best.members.first) in YEARS
    if best is not None and (not best.is_amount or (is_year and not (named and _are_things(named)))):
        return best.members
    if named is not None:
        return named
    for head, _ in found if axis.is_ordered else ():
        if (ordered := _in_order([text_or_year(book, each) for each in _cells(head)])) is not None:
            return ordered
    return best.members if best is not None else Members(tuple(str(n + 1) for n in range(axis.size)))


def _counting(counted: Sequence[_Numbered]) -> _Numbered | None:
    """Return the nearest numbers that count, or else years: 1, 2 and 3 of something are calculated with."""
    nearest = [each for each in counted[:1] if not each.is_amount]
    years = [each for each in counted if int(each.members.first) in YEARS]
    counting = [each for each in counted if not each.is_amount]
    return next(iter([*nearest, *years, *counting, *counted]), None)


def _by_texts(book: Book, found: Sequence[tuple[Area, bool]]) -> Members | None:
    """Return members by the texts of the nearest line that tells all apart, or of the two nearest."""
    lines = [(texts, [heads], across) for heads, across in found if (texts := _texts(book, heads))]
    if together := lines[1::-1]:
        joined = [", ".join(texts) for texts in zip(*(each for each, _, _ in together), strict=True)]
        lines.append((joined, [heads for _, (heads,), _ in together], together[0][2]))
    tried = (_named(book, texts, heads, across=across) for texts, heads, across in lines)
    return next((each for each in tried if each is not None), None)


def _are_things(named: Members) -> bool:
    """Tell whether members are no months, years or steps, beside which 1, 2 and 3 count them."""
    return not any(map(_OF_TIME.search, (named.title, *named.texts)))


def _in_order(texts: Sequence[str]) -> Members | None:
    """Return members that follow each other: the years of texts such as "2024E", or counted ones."""
    if len(set(texts)) < len(texts) or not all(texts):
        return None
    years = tuple(each["year"] for each in map(_YEAR.fullmatch, texts) if each)
    steps = progression(list(map(float, years))) if len(years) == len(texts) else None
    if steps is not None and steps[1] > 0:
        return Members(years, (), *steps)
    return Members(tuple(str(n + 1) for n in range(len(texts))), title=f"{texts[0]} to {texts[-1]}")


def text_or_year(book: Book, at: Area) -> str:
    """Return the text of a head, of a day its month, of a year its number; of another number nothing."""
    value = book.cell(at).value
    return f"{value:.15g}" if isinstance(value, float) and value in YEARS else _text(book, at)


def _goes_right(area: Area, axis: Axis) -> bool:
    if area.top != area.bottom and area.left != area.right:
        return axis.across
    return area.top == area.bottom


def _headings(book: Book, area: Area, *, across: bool) -> Iterator[tuple[Area, bool]]:
    """Yield the filled rows above cells, or columns before them, from the nearest."""
    nearest = (area.top if across else area.left) - 1
    for place in range(nearest, max(nearest - FARTHEST, 0), -1):
        if across:
            heads = Area(area.sheet, place, area.left, place, area.right)
        else:
            heads = Area(area.sheet, area.top, place, area.bottom, place)
        if None not in _values(book, heads):
            yield heads, across


def _cells(heads: Area) -> list[Area]:
    rows, columns = range(heads.top, heads.bottom + 1), range(heads.left, heads.right + 1)
    return [one_cell(heads.sheet, row, column) for row in rows for column in columns]


def _values(book: Book, heads: Area) -> list[Stored]:
    return [book.cell(each).value for each in _cells(heads)]


class _Numbered(NamedTuple):
    """Members by whole numbers, and whether these are rather amounts: they are called something else."""

    members: Members
    is_amount: bool


def _numbered(book: Book, heads: Area, *, across: bool, title: Callable[[Area], str]) -> _Numbered | None:
    """Return members by whole numbers that are counted: years, or places from 0 or 1."""
    cells = _cells(heads)
    values = [book.cell(each).value for each in cells]
    numbers = [float(each) for each in values if isinstance(each, float | int) and not isinstance(each, bool)]
    if len(numbers) < len(values):
        return None
    is_dated = all(book.look(each).is_date for each in cells)
    if is_dated:
        try:
            numbers = [float(day_of(each, since_1904=book.since_1904).year) for each in numbers]
        except InvalidValue:
            return None
    steps = progression(numbers)
    if steps is None or not all(each.is_integer() for each in (*steps, *numbers)) or steps[1] <= 0:
        return None
    if int(numbers[0]) not in YEARS and not (numbers[0] in (0, 1) and steps[1] == 1):
        return None
    keys = tuple(str(int(each)) for each in numbers)
    said = title(heads) or _before(book, heads, across=across)
    counts = _COUNTS.search(said) is not None and not RATIO.search(said)
    is_amount = bool(said) and not is_dated and not counts
    if int(numbers[0]) in YEARS and not _OF_YEARS.search(said):
        said = ""
    return _Numbered(Members(keys, (), *steps, None if is_dated else heads, said), is_amount)


def _texts(book: Book, heads: Area) -> list[str]:
    """Return the texts of headings, of days the months; nothing where one of them is neither."""
    texts = [_text(book, each) for each in _cells(heads)]
    return texts if all(texts) else []


def _text(book: Book, at: Area) -> str:
    cell = book.cell(at)
    if isinstance(cell.value, float) and book.look(at).is_date:
        try:
            day = day_of(cell.value, since_1904=book.since_1904)
        except InvalidValue:
            return ""
        return f"{MONTHS[day.month - 1]} {day.year}"
    return cell.value if isinstance(cell.value, str) else ""


def _named(book: Book, texts: Sequence[str], heads: Sequence[Area], *, across: bool) -> Members | None:
    """Return members by the texts of a line, or of two together, the farther first."""
    keys = tuple(map(_key, texts))
    is_whole = bool(keys) and all(keys) and len(set(keys)) == len(keys)
    # the text before a row of headings says what stands below it
    title = "" if across else ", ".join(filter(None, (_before(book, each, across=False) for each in heads)))
    if all(book.look(each).is_date for line in heads for each in _cells(line)):
        title = "Month"
    return Members(keys, tuple(texts), title=title) if is_whole else None


def _key(text: str) -> str:
    """Return how a member or an index is written."""
    return spelt(text)[:LONGEST_MEMBER].strip("_")


def _before(book: Book, heads: Area, *, across: bool) -> str:
    """Return the text in the cell before headings, above rows of other numbers."""
    row, column = (heads.top, heads.left - 1) if across else (heads.top - 1, heads.left)
    while not across and row > 0 and _names_numbers(book, one_cell(heads.sheet, row, column)):
        row -= 1
    text = book.cell(one_cell(heads.sheet, row, column)).value if row > 0 and column > 0 else None
    return text.strip() if isinstance(text, str) else ""


def _names_numbers(book: Book, at: Area) -> bool:
    """Tell whether a cell holds what a number beside it is called, and that is no year of a head."""
    beside = book.cell(one_cell(at.sheet, at.top, at.left + 1)).value
    is_head = isinstance(beside, float) and int(beside) in YEARS
    return isinstance(book.cell(at).value, str) and isinstance(beside, float) and not is_head


class Indices:
    """The indices of a study, each with its name and members.

    Parameters
    ----------
    shapes
        The indices of each quantity: indices of one quantity stay apart whatever their members are.
    """

    def __init__(
        self, book: Book, axes: Axes, shapes: Sequence[tuple[int, ...]], title: Callable[[Area], str]
    ) -> None:
        self.members: dict[str, Members] = {}
        self._names: dict[int, str] = {}
        beside = {(one, other) for shape in shapes for one in shape for other in shape if one != other}
        taken: dict[str, set[int]] = {}
        for number in sorted({axes.of(each) for shape in shapes for each in shape}):
            found = members_of(book, axes.axes[number], title)
            same = (
                name
                for name, other in self.members.items()
                if (other.keys, other.texts) == (found.keys, found.texts)
                and not any((number, each) in beside for each in taken[name])
            )
            name = next(same, None) or self._free(found, axes.axes[number])
            self.members.setdefault(name, found)
            taken.setdefault(name, set()).add(number)
            self._names[number] = name

    def _free(self, members: Members, axis: Axis) -> str:
        name = _key(members.title)
        if not name:
            is_year = not members.texts and int(members.first) in YEARS
            name = "year" if is_year else "column" if axis.across else "row"
        found, n = name, 2
        while found in self.members:
            found, n = f"{name}_{n}", n + 1
        return found

    def name(self, number: int) -> str:
        """Return the name of an index by its number."""
        return self._names[number]

    def heads(self, number: int) -> Area | None:
        """Return the cells whose numbers the members of an index are."""
        return self.members[self._names[number]].heads

    def key(self, number: int, position: int) -> str:
        """Return a member."""
        return self.members[self._names[number]].keys[position]

    def rename(self, taken: set[str]) -> None:
        """Give indices whose names quantities have others."""
        for name in [each for each in self.members if each in taken]:
            new = f"{name}_index"
            while new in taken or new in self.members:
                new += "x"
            self.members = {new if each == name else each: found for each, found in self.members.items()}
            self._names = {n: new if each == name else each for n, each in self._names.items()}

    def resolved(self, expression: Expression) -> Expression:
        """Return an expression with names of indices and members in place of numbers."""
        if isinstance(expression, Name) and expression.name.startswith("#"):
            return Name(self.name(int(expression.name[1:])))
        if not isinstance(expression, Call):
            return expression
        if expression.operation == SELECT:
            words = [str(each).split("=") for each in expression.arguments[1:]]
            found = [(self.name(int(index)), self.key(int(index), int(place))) for index, place in words]
            keys = [key if len(found) == 1 else f"{index}={key}" for index, key in found]
            return Call(SELECT, (expression.arguments[0], *map(Name, keys)))
        done = tuple(map(self.resolved, expression.arguments))
        if expression.operation == FIRST:
            index = Name(str(done[0]))
            return Call("equal", (index, literal(self.members[index.name].first)))
        if expression.operation == POSITION:
            index = Name(str(done[2]))
            return self.members[index.name].at(done[0], done[1], index)
        return Call(expression.operation, done)
