"""Functions that choose, and those that count or add what meets a criterion."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.elementwise import of_each
from uncertainty.workbooks.failing import measured
from uncertainty.workbooks.formulas import ERRORS, Apply, Area, Failure, Named
from uncertainty.workbooks.functions.aggregates import Items, extreme_of, take
from uncertainty.workbooks.terms import (
    COMPARING,
    Grid,
    Term,
    Text,
    Unknown,
    as_number,
    calculated,
    compare_scalars,
    compared,
    conditional,
    either_case,
    number,
    read_number,
    read_truth,
    single,
    truth,
    untranslated,
)
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Builder, Scalar, Value
    from uncertainty.workbooks.translation import Translation

OfItems: TypeAlias = "Callable[[Builder, Items], Term | Failure]"
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?([./-])\d\d?\1\d{4}|\d\d?/\d\d?/\d\d", re.ASCII)


def _if(to: Translation, test: Value, yes: Value, no: Value | None = None) -> Value:
    return conditional(to.build, test, yes, single(truth(False)) if no is None else no)


def _if_error(to: Translation, value: Value, other: Value) -> Value:
    """Return another value where one is an error, or would be for some values of the inputs."""

    def settled(scalar: Scalar) -> Value:
        if isinstance(scalar, Failure):
            return other
        if isinstance(scalar, Term):
            return either_case(to.build, to.failures.of(scalar), other, single(scalar))
        return single(scalar)

    return to.build.mapped(to.failures.told(value), settled)


def _if_missing(to: Translation, value: Value, other: Value) -> Value:
    def settled(scalar: Scalar) -> Value:
        return other if isinstance(scalar, Failure) and scalar.code == "#N/A" else single(scalar)

    return to.build.mapped(value, settled)


def _is_error(to: Translation, value: Value) -> Value:
    return _if_error(to, to.build.mapped(value, _not_an_error), single(truth(True)))


def _not_an_error(scalar: Scalar) -> Value:
    """Return FALSE in a form that still fails where the scalar does."""
    if isinstance(scalar, Term):
        from uncertainty.expressions.tree import Call, Number

        never = Call("less", (Call("multiply", (Number(0.0), scalar.expression)), Number(0.0)))
        return single(replace(measured(never), logical=True))
    return single(scalar if isinstance(scalar, Failure | Unknown) else truth(False))


def _not(to: Translation, value: Value) -> Value:
    return conditional(to.build, value, single(truth(False)), single(truth(True)))


def _ifs(to: Translation, *values: Value) -> Value:
    if len(values) % 2:
        raise InvalidValue("IFS takes pairs of a condition and a value")
    found = single(Failure("#N/A"))
    for test, value in reversed(list(zip(values[::2], values[1::2], strict=True))):
        found = conditional(to.build, test, value, found)
    return found


def _switch(to: Translation, value: Value, *pairs: Value) -> Value:
    found = pairs[-1] if len(pairs) % 2 else single(Failure("#N/A"))
    matched = list(zip(pairs[::2], pairs[1::2], strict=False))
    for key, result in reversed(matched):
        test = compared(to.build, "=", value, key, to.settle)
        found = conditional(to.build, test, result, found)
    return found


def _choose(to: Translation, index: Value, *values: Value) -> Value:
    build = to.build

    def choose(scalar: Scalar) -> Value:
        found = as_number(scalar)
        if not isinstance(found, Term):
            return single(found)
        if found.known is not None:
            place = int(found.known)
            return values[place - 1] if 1 <= place <= len(values) else single(Failure("#VALUE!"))
        whole = build.named(build.apply("floor", found))
        result = single(Failure("#VALUE!"))
        for place in range(len(values), 0, -1):
            result = either_case(build, build.apply("equal", whole, number(place)), values[place - 1], result)
        return result

    return build.mapped(index, choose)


class Criterion(NamedTuple):
    """What a cell is compared with, and how.

    Parameters
    ----------
    is_empty
        Whether it is an empty text without a sign, which empty texts meet too.
    """

    operation: str
    operand: Scalar
    is_empty: bool = False


def criterion(scalar: Scalar) -> Criterion:
    """Read a criterion: a value that cells equal, or a text that may begin with a comparison.

    Raises
    ------
    InvalidValue
        If it holds a date, which each language writes in its own way.
    """
    if not isinstance(scalar, Text):
        return Criterion("equal", scalar)
    written = max((each for each in COMPARING if scalar.text.startswith(each)), key=len, default="")
    sign, rest = written or "=", scalar.text.removeprefix(written)
    if _DATE.fullmatch(rest):
        raise InvalidValue(f'compares with "{rest}", a date as a text; write "{sign}"&DATE(year,month,day)')
    if (is_true := read_truth(rest)) is not None:
        return Criterion(COMPARING[sign], truth(is_true))
    value = read_number(rest)
    return Criterion(COMPARING[sign], Text(rest) if value is None else number(value), not scalar.text)


def meets(build: Builder, scalar: Scalar, wanted: Criterion) -> Term:
    """Return whether a cell meets a criterion; what is of another kind differs from it, and no more.

    A text that reads as a number is one where it may equal a number; to all other comparisons it is a text.
    """
    differs = truth(wanted.operation == "not_equal")
    if isinstance(wanted.operand, Text) and (code := wanted.operand.text.upper()) in ERRORS:
        is_it = isinstance(scalar, Failure) and scalar.code == code
        return truth(is_it == (wanted.operation == "equal"))
    if isinstance(wanted.operand, Text):
        if not wanted.operand.text and wanted.operation in ("equal", "not_equal"):
            is_blank = scalar is None or (wanted.is_empty and isinstance(scalar, Text) and not scalar.text)
            return truth(is_blank == (wanted.operation == "equal"))
        if not isinstance(scalar, Text):
            return differs
        if wanted.operation in ("equal", "not_equal"):
            return truth(matches(scalar.text, wanted.operand.text) == (wanted.operation == "equal"))
        return compare_scalars(build, wanted.operation, scalar, wanted.operand)
    operand = number(0) if wanted.operand is None else wanted.operand
    if wanted.operation == "equal" and isinstance(scalar, Text):
        value = read_number(scalar.text)
        scalar = scalar if value is None else number(value)
    if not isinstance(scalar, Term) or not isinstance(operand, Term) or scalar.logical != operand.logical:
        return differs
    return build.compare(wanted.operation, scalar, operand)


def matches(text: str, pattern: str) -> bool:
    """Tell whether a text is what a pattern with * and ? stands for, whatever the capitals."""
    first, *others = _pieces(pattern)
    if not others:
        return first.fullmatch(text) is not None
    *middle, last = others
    found = first.match(text)
    place = _after(text, middle, found.end()) if found else None
    return (
        place is not None and re.compile(f"(?:{last.pattern})\\Z", last.flags).search(text, place) is not None
    )


def place_of(text: str, pattern: str) -> int | None:
    """Return where a text has what a pattern with * and ? stands for, from 0; None where nowhere."""
    first, *others = _pieces(pattern)
    found = first.search(text)
    # where the rest is not found after the first place, it is found after none
    return found.start() if found and _after(text, others, found.end()) is not None else None


def _pieces(pattern: str) -> list[re.Pattern[str]]:
    """Return what stands between the * of a pattern: each is found on its own, so that no text takes long."""
    pieces = [""]
    for part in re.findall(r"~[*?~]|[*?]|[^*?~]+|~", pattern):
        if part == "*":
            pieces.append("")
        else:
            is_escaped = len(part) == 2 and part[0] == "~"
            pieces[-1] += "." if part == "?" else re.escape(part[1:] if is_escaped else part)
    return [re.compile(each, re.IGNORECASE | re.DOTALL) for each in pieces]


def _after(text: str, pieces: Sequence[re.Pattern[str]], place: int) -> int | None:
    """Return where a text goes on after pieces that it has one after another; None where it lacks one."""
    for piece in pieces:
        found = piece.search(text, place)
        if found is None:
            return None
        place = found.end()
    return place


def _wanted(to: Translation, node: Node) -> tuple[str, Value]:
    """Return the comparison that a criterion joins to a number, if it does, and the criterion's value."""
    if isinstance(node, Apply) and node.function == "&":
        ((_, left), *more) = to.value(node.arguments[0])
        if not more and isinstance(left, Text) and left.text in COMPARING:
            return left.text, to.value(node.arguments[1])
    return "", to.value(node)


def _conditions(to: Translation, pairs: Sequence[Node]) -> list[Term] | Unknown:
    """Return for each cell of ranges whether all of these meet their criteria, or what has no translation."""
    found: list[Term] = []
    for ranged, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        sign, value = _wanted(to, wanted)
        cells = _grid(to, ranged).items()
        if lost := untranslated([*cells, value]):
            return _unknown(lost)
        met = [_met(to, cell, value, sign) for cell in cells]
        if found and len(met) != len(found):
            # what one of them has beyond the filled cells
            raise InvalidValue("compares ranges of different sizes")
        found = [to.build.both(a, b) for a, b in zip(found, met, strict=True)] if found else met
    return found


def _unknown(value: Value) -> Unknown:
    return Unknown(frozenset().union(*(each.cells for _, each in value if isinstance(each, Unknown))))


def _met(to: Translation, cell: Value, value: Value, sign: str) -> Term:
    build = to.build

    def meet(scalar: Scalar, operand: Scalar) -> Value:
        wanted = Criterion(COMPARING[sign], operand) if sign else criterion(operand)
        return single(meets(build, scalar, wanted))

    return build.chosen(build.combined(cell, value, meet))


def _grid(to: Translation, node: Node) -> Grid:
    area = to.area(node)
    if area is None:
        raise InvalidValue("expected a range")
    return to.cells(area)


def _aligned(to: Translation, node: Node, count: int, like: Node) -> list[Value]:
    """Return as many cells as a range of criteria has, from the corner of another range."""
    area, shape = to.area(node), _grid(to, like).shape
    if area is None:
        raise InvalidValue("expected a range")
    found = [
        to.cell(type(area)(area.sheet, row, column, row, column))
        for row in range(area.top, area.top + shape[0])
        for column in range(area.left, area.left + shape[1])
    ]
    if len(found) != count:
        raise InvalidValue("compares ranges of different sizes")
    return found


def _those(to: Translation, values: Sequence[Value], conditions: Sequence[Term]) -> Items:
    """Return the numbers whose conditions hold, and when one of these cells is an error instead."""
    build, found = to.build, Items([], [], [], set())
    for value, condition in zip(values, conditions, strict=True):
        if condition.known == 0:
            continue
        own = Items([], [], [], set())
        take(build, own, value, is_listed=True)
        found.lost.update(own.lost)
        found.errors.extend((build.both(condition, fails), error) for fails, error in own.errors)
        found.numbers.extend(own.numbers)
        found.counts.extend(build.both(condition, count) for count in own.counts)
    return found


def _count_if(to: Translation, arguments: Sequence[Node]) -> Value:
    _check_pairs(to, arguments)
    met = _conditions(to, arguments)
    if isinstance(met, Unknown):
        return single(met)
    return single(to.build.count([*met, *_beyond(to, arguments)]))


def _size(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def _beyond(to: Translation, arguments: Sequence[Node]) -> list[Term]:
    """Return how many cells beyond the filled part of a sheet meet the criteria, by being empty."""
    whole = to.book.resolved(arguments[0], to.at)
    if not isinstance(whole, Area):
        return []
    count = _size(whole) - _size(to.book.clipped(to.placed(whole)))
    wanted = [_wanted(to, each) for each in arguments[1::2]]
    met = [_met(to, single(None), value, sign) for sign, value in wanted]
    return [number(count)] if count and all(each.known for each in met) else []


def _check_pairs(to: Translation, arguments: Sequence[Node], *values: Node) -> None:
    if len(arguments) % 2:
        raise InvalidValue("expected pairs of a range and a criterion")
    areas = [to.book.resolved(each, to.at) for each in (*values, *arguments[::2])]
    if len({(at.bottom - at.top, at.right - at.left) for at in areas if isinstance(at, Area)}) > 1:
        raise InvalidValue("compares ranges of different sizes")


def _sum_if(to: Translation, arguments: Sequence[Node], *, mean: bool = False) -> Value:
    ranged = arguments[0]
    met = _conditions(to, arguments[:2])
    if isinstance(met, Unknown):
        return single(met)
    values = _aligned(to, arguments[2] if len(arguments) > 2 else ranged, len(met), ranged)
    return _of_those(_mean if mean else _total, to, values, met)


def _sum_ifs(to: Translation, arguments: Sequence[Node], *, change: OfItems) -> Value:
    _check_pairs(to, arguments[1:], arguments[0])
    met = _conditions(to, arguments[1:])
    if isinstance(met, Unknown):
        return single(met)
    return _of_those(change, to, _aligned(to, arguments[0], len(met), arguments[1]), met)


def _of_criteria(change: OfItems) -> Function:
    return Function(3, 255, None, of_each(partial(_sum_ifs, change=change), range(2, 255, 2)))


def _of_those(change: OfItems, to: Translation, values: Sequence[Value], met: Sequence[Term]) -> Value:
    found = _those(to, values, met)
    return found.result(to.build, lambda: change(to.build, found))


def _total(build: Builder, items: Items) -> Term:
    pairs = zip(items.counts, items.numbers, strict=True)
    return build.total([build.where(condition, x, number(0)) for condition, x in pairs])


def _mean(build: Builder, items: Items) -> Term | Failure:
    count = build.count(items.counts)
    if count.known == 0:
        return Failure("#DIV/0!")
    return build.apply("divide", _total(build, items), count)


def _extreme_of_those(operation: str) -> OfItems:
    """Make MINIFS or MAXIFS: 0 where no number meets the criteria."""
    return lambda build, items: extreme_of(build, operation, items.numbers, items.counts)


def _count_blank(to: Translation, arguments: Sequence[Node]) -> Value:
    area = to.book.resolved(arguments[0], to.at)
    if not isinstance(area, Area):
        raise InvalidValue("expected a range")
    build = to.build

    def is_filled(scalar: Scalar) -> Value:
        return single(truth(not (isinstance(scalar, Text) and not scalar.text)))

    filled = [build.chosen(build.mapped(value, is_filled)) for value in to.filled(to.placed(area))]
    return calculated(build, "subtract", single(number(float(_size(area)))), single(build.count(filled)))


def _let(to: Translation, arguments: Sequence[Node]) -> Value | Grid:
    """Return what a formula gives in which names stand for what was calculated before."""
    *given, body = arguments
    before = to.bound
    to.bound = dict(before)
    try:
        for name, node in zip(given[::2], given[1::2], strict=False):
            if not isinstance(name, Named) or len(given) % 2:
                raise InvalidValue("LET needs names, each with what it stands for, and a last formula")
            result = to.array(node)
            is_one = result.shape == (1, 1)
            to.bound[name.name.casefold()] = _once(to, result.element(0, 0)) if is_one else result
        return to.result(body)
    finally:
        to.bound = before


def _once(to: Translation, value: Value) -> Value:
    """Return a value that is calculated once, however often it is used."""
    return to.build.mapped(
        value, lambda each: single(to.build.named(each) if isinstance(each, Term) else each)
    )


FUNCTIONS = MappingProxyType(
    {
        "LET": Function(3, 253, None, _let),
        "IF": Function(2, 3, _if),
        "IFERROR": Function(2, 2, _if_error),
        "IFNA": Function(2, 2, _if_missing),
        "IFS": Function(2, 254, _ifs),
        "SWITCH": Function(3, 254, _switch),
        "ISERROR": Function(1, 1, _is_error),
        "NOT": Function(1, 1, _not),
        "CHOOSE": Function(2, 255, _choose),
        "COUNTIF": Function(2, 2, None, of_each(_count_if, range(1, 2))),
        "COUNTIFS": Function(2, 254, None, of_each(_count_if, range(1, 254, 2))),
        "COUNTBLANK": Function(1, 1, None, _count_blank),
        "SUMIF": Function(2, 3, None, of_each(_sum_if, range(1, 2))),
        "SUMIFS": _of_criteria(_total),
        "MINIFS": _of_criteria(_extreme_of_those("minimum")),
        "MAXIFS": _of_criteria(_extreme_of_those("maximum")),
        "AVERAGEIF": Function(2, 3, None, of_each(partial(_sum_if, mean=True), range(1, 2))),
        "AVERAGEIFS": _of_criteria(_mean),
    }
)
