"""What a spreadsheet's operators mean: numbers, texts, truth values and empty cells in each other's place."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import COMPARISONS, LOGIC, evaluate
from uncertainty.expressions.tree import Call, Expression, Name, Number, constant
from uncertainty.late import dataclass, regex
from uncertainty.workbooks.formulas import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from uncertainty.workbooks.formulas import Area

MOST_NODES = 300
DEEPEST = 70
"""Where a part of an expression gets a name of its own; `expressions.syntax` allows a few times more."""

SHORT = 12
"""Nodes up to which a calculation with literals counts as one."""
MOST_CASES = 5_000
MOST_OPERATIONS = 500_000
LONG = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A number or truth value.

    Parameters
    ----------
    expression
        Its names are addresses of cells, such as ``Calc!B5``, until the study is written.
    nodes, depth
        Its size.
    logical
        Whether a spreadsheet takes it for TRUE or FALSE.
    """

    expression: Expression
    nodes: int = 1
    depth: int = 1
    logical: bool = False

    @property
    def known(self) -> float | None:
        """The number that it is, where it is a short calculation with literals alone."""
        if isinstance(self.expression, Number):
            return self.expression.value
        found = self._constant
        return found if found is not None and math.isfinite(found) else None

    @property
    def is_undefined(self) -> bool:
        """Whether it is a short calculation with literals alone that has no value, such as a root of -1."""
        found = self._constant
        return found is not None and not math.isfinite(found)

    @property
    def _constant(self) -> float | None:
        return constant(self.expression) if self.nodes <= SHORT else None


ROUNDING = 2.0**-48
"""How far, relatively, calculated numbers may lie from one another and be equal in a spreadsheet."""
_MIRRORED = MappingProxyType(
    {"less": "greater", "greater": "less", "less_equal": "greater_equal", "greater_equal": "less_equal"}
)


MOST_SIGNS = 32_767
"""Signs of a text that a cell holds."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, with the cell that it stands in, if in one."""

    text: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be translated, by the cells in which it stands."""

    cells: frozenset[str]


Scalar: TypeAlias = Term | Text | Failure | Unknown | None
"""One value; None is an empty cell."""
Value: TypeAlias = tuple[tuple[Term | None, Scalar], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Values of a range or an array, row by row.

    Parameters
    ----------
    line
        The cells that it refers to where it is a whole row or column; what it chooses them by may vary.
    """

    rows: tuple[tuple[Value, ...], ...]
    line: Area | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.rows), len(self.rows[0])

    def element(self, row: int, column: int) -> Value:
        """Return a value; a lone row or column serves all others."""
        rows, columns = self.shape
        row, column = row if rows > 1 else 0, column if columns > 1 else 0
        return self.rows[row][column] if row < rows and column < columns else single(Failure("#N/A"))

    def items(self) -> list[Value]:
        """Return all values in one list."""
        return [value for row in self.rows for value in row]


def broadcast(change: Callable[..., Value], results: Sequence[Value | Grid]) -> Grid:
    """Calculate from arrays and single values, element by element; a lone row or column serves all others."""
    shapes = [each.shape for each in results if isinstance(each, Grid)]
    rows, columns = (max(shape[axis] for shape in shapes) for axis in (0, 1))

    def at(row: int, column: int) -> Value:
        return change(*(r.element(row, column) if isinstance(r, Grid) else r for r in results))

    return Grid(tuple(tuple(at(row, column) for column in range(columns)) for row in range(rows)))


def single(scalar: Scalar) -> Value:
    """Return a value that is the same under all conditions."""
    return ((None, scalar),)


def number(value: float) -> Term:
    """Return a literal."""
    if value < 0:
        return Term(Call("negative", (Number(-value),)), 2, 2)
    return Term(Number(float(value)))


def truth(value: bool) -> Term:  # noqa: FBT001 - the value itself
    """Return TRUE or FALSE."""
    return Term(Number(float(value)), logical=True)


def as_plain(term: Term) -> Term:
    """Return a truth value as the number that it counts as."""
    return replace(term, logical=False) if term.logical else term


class Builder:
    """Builds terms, and keeps those that got a name of their own.

    Parameters
    ----------
    calculated
        Names of cells with formulas.
    """

    def __init__(self, calculated: Container[str] = ()) -> None:
        self.calculated = calculated
        self.parts: dict[str, Expression] = {}
        self.owner = ""
        self._named: dict[Expression, Term] = {}
        self._applied = 0
        self._orders: dict[str, int] = {}

    def order(self, part: str) -> int:
        """Return a number that is higher for parts that were named later."""
        return self._orders[part]

    def apply(self, operation: str, *terms: Term) -> Term:
        """Apply an operation to terms; comparisons of literals are decided here, sums stay as they are."""
        self._applied += 1
        if self._applied > MOST_OPERATIONS:
            raise InvalidValue(f"is one of many that take more than {MOST_OPERATIONS:,} operations together")
        logical = operation in COMPARISONS or operation in LOGIC
        known = [term.known for term in terms] if logical else [None]
        if None not in known:
            return truth(bool(evaluate(operation, tuple(each for each in known if each is not None))))
        nodes, depth = 1 + sum(term.nodes for term in terms), 1 + max(term.depth for term in terms)
        if nodes > MOST_NODES or depth > DEEPEST:
            terms = tuple(self.named(term) if term.nodes > MOST_NODES // 8 else term for term in terms)
            nodes, depth = 1 + sum(term.nodes for term in terms), 1 + max(term.depth for term in terms)
        return Term(Call(operation, tuple(term.expression for term in terms)), nodes, depth, logical)

    def named(self, term: Term, what: str = "part") -> Term:
        """Give a term a name of its own, unless it is a name or a number."""
        if term.nodes <= 2:
            return term
        if term.expression not in self._named:
            name = f"{self.owner}#{what}{len(self.parts) + 1}"
            self.parts[name] = term.expression
            self._orders[name] = len(self._orders)
            self._named[term.expression] = Term(Name(name), logical=term.logical)
        found = self._named[term.expression]
        # -(-(A1>2)) is the same expression as A1>2, and no truth value
        return found if found.logical == term.logical else replace(found, logical=term.logical)

    def compare(self, operation: str, one: Term, other: Term) -> Term:
        """Compare numbers as spreadsheets do: what was calculated equals what lies within rounding of it."""
        if other.known == 0 and isinstance(one.expression, Call) and one.expression.operation == "subtract":
            one, other = (Term(each, one.nodes, one.depth) for each in one.expression.arguments)
        if one.known is not None and other.known is None:
            return self.compare(_MIRRORED.get(operation, operation), other, one)
        if one.known is not None and other.known is not None:
            is_near = abs(one.known - other.known) <= abs(other.known) * ROUNDING
            return self.apply(operation, *((other, other) if is_near else (one, other)))
        if one.logical or other.known == 0 or not (self.is_rounded(one) or self.is_rounded(other)):
            return self.apply(operation, one, other)
        one, other = self.named(one, "compared"), self.named(other, "compared")
        if other.known is None:
            slack = self.apply("multiply", self.apply("abs", other), number(ROUNDING))
        else:
            slack = number(abs(other.known) * ROUNDING)
        if operation in ("equal", "not_equal"):
            gap = self.apply("abs", self.apply("subtract", one, other))
            return self.apply("less_equal" if operation == "equal" else "greater", gap, slack)
        is_wider = operation in ("less_equal", "greater")
        return self.apply(operation, one, self._beside(other, slack, up=is_wider))

    def _beside(self, term: Term, slack: Term, *, up: bool) -> Term:
        if term.known is not None and slack.known is not None:
            return number(term.known + (slack.known if up else -slack.known))
        return self.apply("add" if up else "subtract", term, slack)

    def is_rounded(self, term: Term) -> bool:
        """Tell whether a term is the result of a calculation."""
        if isinstance(term.expression, Name):
            return term.expression.name in self.calculated or term.expression.name in self.parts
        return term.known is None

    def where(self, condition: Term, yes: Term, no: Term) -> Term:
        """Choose between terms."""
        if condition.known is not None:
            return yes if condition.known else no
        if yes.nodes < LONG and yes.expression == no.expression:
            return yes if yes.logical == no.logical else as_plain(yes)
        inner = condition.expression
        if isinstance(inner, Call) and inner.operation == "logical_not":
            opposite = Term(inner.arguments[0], condition.nodes - 1, condition.depth - 1, logical=True)
            return self.where(opposite, no, yes)
        if yes.logical and no.logical and condition.logical and None not in (yes.known, no.known):
            return condition if yes.known else self.negation(condition)
        found = self.apply("where", condition, yes, no)
        return Term(found.expression, found.nodes, found.depth, yes.logical and no.logical)

    def within(self, holds: Term, term: Term) -> Term:
        """Return a term that is an error, a division by 0, where a condition does not hold."""
        if holds.known:
            return term
        return self.apply("divide", term, self.where(holds, number(1), number(0)))

    def both(self, left: Term, right: Term) -> Term:
        """Return whether two conditions hold."""
        return self._joined("logical_and", left, right, decisive=False)

    def either(self, left: Term, right: Term) -> Term:
        """Return whether one of two conditions holds."""
        return self._joined("logical_or", left, right, decisive=True)

    def _joined(self, operation: str, left: Term, right: Term, *, decisive: bool) -> Term:
        for one, other in ((left, right), (right, left)):
            if one.known is not None:
                return truth(decisive) if bool(one.known) == decisive else self.condition(other)
        if left.logical and left.nodes < LONG and left.expression == right.expression:
            return left
        return self.apply(operation, left, right)

    def condition(self, term: Term) -> Term:
        """Return whether a number is not 0."""
        if term.logical:
            return term
        return self.apply("not_equal", term, number(0))

    def negation(self, term: Term) -> Term:
        """Return whether a condition does not hold."""
        return self.apply("logical_not", term)

    def joined(self, operation: str, terms: Sequence[Term]) -> Term:
        """Join terms by an operation that groups as it likes, such as a sum; many of them in pairs."""
        if len(terms) <= LONG:
            return reduce(lambda left, right: self.apply(operation, left, right), terms)
        middle = len(terms) // 2
        halves = self.joined(operation, terms[:middle]), self.joined(operation, terms[middle:])
        return self.apply(operation, *halves)

    def total(self, terms: Sequence[Term]) -> Term:
        """Add terms."""
        return self.joined("add", terms) if terms else number(0)

    def count(self, conditions: Sequence[Term]) -> Term:
        """Return how many conditions hold, as a number."""
        known = sum(each.known or 0 for each in conditions)
        others = [each for each in conditions if each.known is None]
        return as_plain(self.total([*([number(known)] if known or not others else []), *others]))

    def largest(self, operation: str, terms: Sequence[Term]) -> Term:
        """Return the minimum or maximum of terms, each given to one function while they are few."""
        if len(terms) == 1:
            return terms[0]
        if len(terms) <= LONG:
            return self.apply(operation, *terms)
        middle = len(terms) // 2
        return self.apply(
            operation, self.largest(operation, terms[:middle]), self.largest(operation, terms[middle:])
        )

    def mapped(self, value: Value, change: Callable[[Scalar], Value]) -> Value:
        """Apply a function to each case of a value.

        Raises
        ------
        InvalidValue
            If there come to be too many cases.
        """
        cases: list[tuple[Term | None, Scalar]] = []
        for condition, scalar in value:
            for inner, found in change(scalar):
                cases.append((self._under(condition, inner), found))
                if len(cases) > MOST_CASES:
                    raise InvalidValue(f"depends on more than {MOST_CASES:,} cases")
        return self.merged(tuple(cases))

    def _under(self, outer: Term | None, inner: Term | None) -> Term | None:
        if outer is None or inner is None:
            return outer or inner
        return self.both(outer, inner)

    def combined(self, left: Value, right: Value, change: Callable[[Scalar, Scalar], Value]) -> Value:
        """Apply a function to each pair of cases of two values."""
        return self.mapped(left, lambda one: self.mapped(right, lambda other: change(one, other)))

    def merged(self, value: Value) -> Value:
        """Make one number of cases that are all numbers, and leave out what never holds."""
        cases: list[tuple[Term | None, Scalar]] = []
        for condition, scalar in value:
            if condition is None or condition.known is None or condition.known:
                always = condition is None or condition.known is not None
                cases.append((None if always else condition, scalar))
                if always:
                    break
        lost = [scalar.cells for _, scalar in cases if isinstance(scalar, Unknown)]
        if lost:
            return single(Unknown(frozenset().union(*lost)))
        scalars = [scalar for _, scalar in cases]
        kinds = {each.logical if isinstance(each, Term) else None for each in scalars}
        # a truth value in some cases and a number in others stays both: functions of ranges skip the first
        if len(kinds) == 1 and None not in kinds:
            return single(self.chosen(tuple(cases)))
        if all(each == scalars[0] for each in scalars):
            return single(scalars[0])
        return tuple(cases)

    def error(self, value: Value) -> list[tuple[Term, Failure]]:
        """Return when a value is an error, and which; nothing where it never is."""
        errors = [scalar for _, scalar in value if isinstance(scalar, Failure)]
        fails = self.mapped(value, lambda scalar: single(truth(isinstance(scalar, Failure))))
        return [(self.chosen(fails), errors[0])] if errors else []

    def meets(self, value: Value, wanted: Scalar) -> Term:
        """Return when a value is one scalar."""
        return self.chosen(self.mapped(value, lambda scalar: single(truth(scalar == wanted))))

    def unless(self, errors: Sequence[tuple[Term, Failure]], value: Value) -> Value:
        """Return a value that is an error under some conditions."""
        return self.merged((*errors, *value))

    def chosen(self, value: Value) -> Term:
        """Return the number that cases which are all numbers give."""
        *others, (_, last) = value
        found = last
        for condition, scalar in reversed(others):
            if condition is not None and isinstance(scalar, Term) and isinstance(found, Term):
                found = self.where(condition, scalar, found)
        if not isinstance(found, Term):
            raise InvalidValue("expected numbers alone")
        return found


def unknown(scalars: Iterable[Scalar]) -> Unknown | Failure | None:
    """Return what spoils a result: cells that cannot be translated, or the first error."""
    listed = list(scalars)
    lost = [each.cells for each in listed if isinstance(each, Unknown)]
    if lost:
        return Unknown(frozenset().union(*lost))
    return next((each for each in listed if isinstance(each, Failure)), None)


ARITHMETIC = MappingProxyType({"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"})
COMPARING = MappingProxyType(
    {"=": "equal", "<>": "not_equal", "<": "less", ">": "greater", "<=": "less_equal", ">=": "greater_equal"}
)
_NUMBER = regex(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*%?\s*", re.ASCII)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NUMBER_SOMEWHERE = regex(
    rf"(?=.*\d)(?:[\d\s.,'’/:()+%$€£¥-]|\de|[ap]m\b|(?:{_MONTHS})[a-z]*)+", re.ASCII | re.IGNORECASE
)
"""Amounts with separators or currencies, fractions, dates and times."""


def as_number(scalar: Scalar) -> Term | Failure | Unknown:
    """Return what a value is where a number is needed: an empty cell is 0, and "5" is 5.

    Raises
    ------
    InvalidValue
        If it is a text that is a number in some languages and not in others, or another one.
    """
    if scalar is None:
        return number(0)
    if isinstance(scalar, Text):
        found = read_number(scalar.text)
        if _NUMBER_SOMEWHERE.fullmatch(scalar.text) and not _NUMBER.fullmatch(scalar.text):
            where = f" of {scalar.cell}" if scalar.cell else ""
            said = f'needs a number of the text "{scalar.text}"{where}'
            raise InvalidValue(f"{said}, which each language reads in its own way; write it as a number")
        return Failure("#VALUE!", scalar.cell) if found is None else number(found)
    return scalar


def as_condition(scalar: Scalar) -> Scalar:
    """Return what a value is where a truth value is needed: the text "true" is one."""
    found = read_truth(scalar.text) if isinstance(scalar, Text) else None
    return scalar if found is None else truth(found)


def read_truth(text: str) -> bool | None:
    """Return the truth value that a text shows; None where it shows none."""
    return {"TRUE": True, "FALSE": False}.get(text.upper())


def read_number(text: str) -> float | None:
    """Return the number that a text shows, as a spreadsheet reads it; None where it shows none."""
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.strip()
    found = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    return found if math.isfinite(found) else None


def numeric(build: Builder, value: Value) -> Value:
    """Return a value with numbers and errors alone; truth values among numbers count as these."""
    kinds = {scalar.logical for _, scalar in value if isinstance(scalar, Term)}
    change = as_plain if len(kinds) > 1 else lambda term: term

    def as_one(scalar: Scalar) -> Value:
        found = as_number(scalar)
        return single(change(found) if isinstance(found, Term) else found)

    return build.mapped(value, as_one)


def calculated(build: Builder, operation: str, *values: Value) -> Value:
    """Apply an operation of numbers to values."""
    return on_numbers(build, lambda *terms: build.apply(operation, *terms), *values)


def on_numbers(build: Builder, change: Callable[..., Term | Failure], *values: Value) -> Value:
    """Apply a function of terms to values, errors passing through."""
    return untranslated(values) or _on_rest(build, change, (), values)


def untranslated(values: Iterable[Value]) -> Value | None:
    """Return all cells of values that cannot be translated, so that all are told; None where each can be."""
    lost = [scalar.cells for value in values for _, scalar in value if isinstance(scalar, Unknown)]
    return single(Unknown(frozenset().union(*lost))) if lost else None


def _on_rest(
    build: Builder, change: Callable[..., Term | Failure], done: tuple[Term, ...], values: tuple[Value, ...]
) -> Value:
    if not values:
        found = change(*done)
        # another case of the formula need not be an error
        return single(Failure("#NUM!") if isinstance(found, Term) and found.is_undefined else found)

    def next_one(scalar: Scalar) -> Value:
        found = as_number(scalar)
        return (
            _on_rest(build, change, (*done, found), values[1:]) if isinstance(found, Term) else single(found)
        )

    return build.mapped(numeric(build, values[0]), next_one)


def compared(build: Builder, sign: str, left: Value, right: Value, settle: Callable[[str], None]) -> Value:
    """Compare two values: numbers before texts before truth values, texts whatever their capitals.

    Parameters
    ----------
    settle
        Is told the cells whose texts decide here once and for all.
    """

    def compare(one: Scalar, other: Scalar) -> Value:
        if (lost := unknown((one, other))) is not None:
            return single(lost)
        for each in (one, other):
            if isinstance(each, Text):
                settle(each.cell)
        return single(compare_scalars(build, COMPARING[sign], one, other))

    return build.combined(left, right, compare)


def compare_scalars(build: Builder, operation: str, one: Scalar, other: Scalar) -> Term:
    """Compare two values that are no errors."""
    one, other = _filled(one, other), _filled(other, one)
    if isinstance(one, Term) and isinstance(other, Term) and one.logical == other.logical:
        return build.compare(operation, one, other)
    if isinstance(one, Text) and isinstance(other, Text):
        first, second = one.text.casefold(), other.text.casefold()
        return build.apply(operation, number(float(first > second)), number(float(second > first)))
    return build.apply(operation, number(_rank(one)), number(_rank(other)))


def _filled(scalar: Scalar, other: Scalar) -> Scalar:
    """Return what an empty cell is beside another value."""
    if scalar is not None:
        return scalar
    if isinstance(other, Text):
        return Text("")
    return truth(False) if isinstance(other, Term) and other.logical else number(0)


def _rank(scalar: Scalar) -> int:
    return 1 if isinstance(scalar, Text) else 2 if isinstance(scalar, Term) and scalar.logical else 0


def as_text(scalar: Scalar) -> Text | Failure | Unknown:
    """Return what a value is where a text is needed.

    Raises
    ------
    InvalidValue
        If it is a number that may vary.
    """
    if scalar is None:
        return Text("")
    if not isinstance(scalar, Term):
        return scalar
    if scalar.known is None:
        raise InvalidValue("makes a text of a number that may vary")
    if scalar.logical:
        return Text("TRUE" if scalar.known else "FALSE")
    return Text(f"{scalar.known:.15g}")


def text_of(text: str, cell: str = "") -> Text | Failure:
    """Return a text, or the error that stands in a cell which cannot hold it."""
    return Text(text, cell) if len(text) <= MOST_SIGNS else Failure("#VALUE!")


def joined_texts(build: Builder, left: Value, right: Value) -> Value:
    """Join two texts."""

    def join(one: Scalar, other: Scalar) -> Value:
        first, second = as_text(one), as_text(other)
        lost = unknown((first, second))
        if isinstance(first, Text) and isinstance(second, Text):
            return single(text_of(first.text + second.text))
        return single(lost)

    return build.combined(left, right, join)


def conditional(build: Builder, test: Value, yes: Value, no: Value) -> Value:
    """Return one value where a condition holds, and the other where it does not."""
    if untranslated((test,)) and (lost := untranslated((test, yes, no))):
        return lost

    def choose(scalar: Scalar) -> Value:
        found = as_number(scalar)
        if not isinstance(found, Term):
            return single(found)
        condition = build.condition(found)
        if condition.known is not None:
            return yes if condition.known else no
        return either_case(build, condition, yes, no)

    return build.mapped(numeric(build, build.mapped(test, lambda each: single(as_condition(each)))), choose)


def either_case(build: Builder, condition: Term, yes: Value, no: Value) -> Value:
    """Return the cases of one value under a condition, before those of the other."""
    cases = [(condition if inner is None else build.both(condition, inner), scalar) for inner, scalar in yes]
    return build.merged((*cases, *no))
