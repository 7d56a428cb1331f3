"""Functions of many cells: of a range, texts, truth values and empty cells are skipped."""

from __future__ import annotations

from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.elementwise import of_each
from uncertainty.workbooks.formulas import Apply, Failure, nodes, parse_formula
from uncertainty.workbooks.functions.references import chosen_cells
from uncertainty.workbooks.terms import (
    Builder,
    Grid,
    Term,
    Text,
    Unknown,
    as_condition,
    as_number,
    as_plain,
    either_case,
    number,
    numeric,
    single,
    truth,
)
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.workbooks.formulas import Area, Node
    from uncertainty.workbooks.terms import Scalar, Value
    from uncertainty.workbooks.translation import Translation

ALWAYS = truth(True)
BEYOND = 1e308
MOST_RANKED = 200
"""Numbers that are put in order: each is compared with each."""


class Items(NamedTuple):
    """The numbers among the arguments of a function.

    Parameters
    ----------
    numbers
        The numbers, 0 where something else is counted in its place.
    counts
        The conditions under which each is one.
    errors
        When the whole result is an error, and which.
    lost
        Cells without a translation among the arguments.
    """

    numbers: list[Term]
    counts: list[Term]
    errors: list[tuple[Term, Failure]]
    lost: set[str]

    def result(self, build: Builder, change: Callable[[], Term | Failure]) -> Value:
        """Return what a function of the numbers gives, unless it is an error or cannot be known."""
        if self.lost:
            return single(Unknown(frozenset(self.lost)))
        always = any(condition.known for condition, _ in self.errors)
        return build.unless(self.errors, single(None if always else change()))


def elements(to: Translation, argument: Node) -> Iterator[tuple[Value, bool]]:
    """Yield the values of an argument, and whether each is from a range or an array."""
    area = to.area(argument)
    if area is not None:
        for value in to.filled(area):
            yield value, True
        return
    result = chosen_cells(to, argument) or to.result(argument)
    if isinstance(result, Grid):
        for value in result.items():
            yield value, True
    else:
        yield result, False


def gathered(to: Translation, arguments: Sequence[Node]) -> Items:
    """Return the numbers among the arguments of a function."""
    items = Items([], [], [], set())
    for argument in arguments:
        for value, is_listed in elements(to, argument):
            take(to.build, items, value, is_listed=is_listed)
    # a truth value that is given by itself counts as a number, and so does what is made of it
    return items._replace(numbers=[as_plain(each) for each in items.numbers])


def take(build: Builder, items: Items, value: Value, *, is_listed: bool) -> None:
    """Add a value to the numbers among arguments, if it is one."""
    if len(value) == 1 and isinstance(scalar := _counted(value[0][1], is_listed=is_listed), Term):
        items.numbers.append(scalar)
        items.counts.append(ALWAYS)
        return
    counted = build.mapped(value, lambda scalar: single(_counted(scalar, is_listed=is_listed)))
    if isinstance(counted[0][1], Unknown):
        items.lost.update(counted[0][1].cells)
        return
    items.errors.extend(build.error(counted))
    amounts = build.mapped(counted, lambda scalar: single(scalar if isinstance(scalar, Term) else number(0)))
    # where it is an error the result is one too, whatever is counted
    counts = build.mapped(counted, lambda scalar: single(truth(scalar is not None)))
    count = build.chosen(counts)
    if count.known != 0:
        items.numbers.append(build.chosen(amounts))
        items.counts.append(count)


def _counted(scalar: Scalar, *, is_listed: bool) -> Scalar:
    """Return what a function of numbers takes a value for; nothing where it skips it."""
    if isinstance(scalar, Failure | Unknown):
        return scalar
    if is_listed:
        return scalar if isinstance(scalar, Term) and not scalar.logical else None
    return as_number(scalar)


def aggregate(change: Callable[[Builder, Items], Term | Failure]) -> Function:
    """Make a function of numbers one of arguments; it is an error where one of these is."""

    def apply(to: Translation, arguments: Sequence[Node]) -> Value:
        items = gathered(to, arguments)
        return items.result(to.build, lambda: change(to.build, items))

    return Function(1, 255, None, apply)


def certain(items: Items) -> list[Term]:
    """Return the numbers where each of them is one under all conditions."""
    if any(count.known != 1 for count in items.counts):
        raise InvalidValue("orders or multiplies cells that are numbers under some conditions alone")
    return items.numbers


def count_of(build: Builder, items: Items) -> Term:
    """Return how many numbers there are."""
    return build.count(items.counts)


def average(build: Builder, items: Items) -> Term | Failure:
    """Return the mean."""
    if not items.numbers:
        return Failure("#DIV/0!")
    return build.apply("divide", build.total(items.numbers), count_of(build, items))


def _product(build: Builder, items: Items) -> Term:
    numbers = certain(items)
    return build.joined("multiply", numbers) if numbers else number(0)


def _extreme(operation: str) -> Function:
    return aggregate(lambda build, items: extreme_of(build, operation, items.numbers, items.counts))


def extreme_of(build: Builder, operation: str, numbers: Sequence[Term], counts: Sequence[Term]) -> Term:
    """Return the minimum or maximum of numbers that count under conditions; 0 where none does."""
    if not numbers:
        return number(0)
    # a number that does not count is beyond all others
    beyond = number(-BEYOND if operation == "maximum" else BEYOND)
    found = build.largest(
        operation, [build.where(each, x, beyond) for each, x in zip(counts, numbers, strict=True)]
    )
    return build.where(reduce(build.either, counts), found, number(0))


def _squares(build: Builder, items: Items) -> Term:
    return build.total([build.apply("power", build.named(x), number(2)) for x in items.numbers])


def ranked(build: Builder, numbers: Sequence[Term], place: int) -> Term:
    """Return the number that stands at a place, from 0, when all are put in order."""
    if len(numbers) > MOST_RANKED:
        raise InvalidValue(f"puts more than {MOST_RANKED} numbers in order")
    if place == 0:
        return build.largest("minimum", numbers)
    if place == len(numbers) - 1:
        return build.largest("maximum", numbers)
    named = [build.named(each, "item") for each in numbers]
    found = []
    for i, own in enumerate(named):
        before = [
            build.apply("less_equal" if j < i else "less", other, own)
            for j, other in enumerate(named)
            if j != i
        ]
        is_there = build.apply("equal", build.total(before), number(place))
        found.append(build.where(is_there, own, number(0)))
    return build.total(found)


def _median(build: Builder, items: Items) -> Term | Failure:
    numbers = certain(items)
    if not numbers:
        return Failure("#NUM!")
    upper = len(numbers) // 2
    if len(numbers) % 2:
        return ranked(build, numbers, upper)
    if len(numbers) == 2:
        return build.apply("divide", build.total(numbers), number(2))
    pair = [ranked(build, numbers, upper - 1), ranked(build, numbers, upper)]
    return build.apply("divide", build.total(pair), number(2))


def _spread(build: Builder, items: Items, *, lost: int, root: bool) -> Term | Failure:
    numbers = certain(items)
    if len(numbers) <= lost:
        return Failure("#DIV/0!")
    numbers = [build.named(each, "item") for each in numbers]
    mean = build.named(build.apply("divide", build.total(numbers), number(len(numbers))), "mean")
    squares = [build.apply("power", build.apply("subtract", x, mean), number(2)) for x in numbers]
    variance = build.apply("divide", build.total(squares), number(len(numbers) - lost))
    return build.apply("sqrt", variance) if root else variance


def _of_rank(*, from_above: bool) -> Function:
    def apply(to: Translation, arguments: Sequence[Node]) -> Value:
        items = gathered(to, arguments[:1])
        rank = int(to.known_number(to.value(arguments[1])))

        def of_rank() -> Term | Failure:
            numbers = certain(items)
            if not 1 <= rank <= len(numbers):
                return Failure("#NUM!")
            return ranked(to.build, numbers, len(numbers) - rank if from_above else rank - 1)

        return items.result(to.build, of_rank)

    return Function(2, 2, None, of_each(apply, range(1, 2)))


def _count_all(to: Translation, arguments: Sequence[Node]) -> Value:
    """Count what is not empty; an argument that is left out counts."""

    def filled(scalar: Scalar) -> Value:
        return single(number(float(scalar is not None)))

    counts = [
        to.build.chosen(to.build.mapped(value, filled)) if is_listed else number(1)
        for argument in arguments
        for value, is_listed in elements(to, argument)
    ]
    return single(to.build.total(_known_together(counts)))


def _count_numbers(to: Translation, arguments: Sequence[Node]) -> Value:
    """Count the numbers; an error or a text that is none does not count, and spoils nothing."""
    build, items = to.build, Items([], [], [], set())

    def without_errors(scalar: Scalar) -> Value:
        if isinstance(scalar, Term):
            return either_case(build, to.failures.of(scalar), single(None), single(scalar))
        is_counted = not isinstance(scalar if isinstance(scalar, Unknown) else as_number(scalar), Failure)
        return single(scalar if is_counted else None)

    for argument in arguments:
        for value, is_listed in elements(to, argument):
            plain = build.mapped(to.failures.told(value), without_errors)
            take(build, items, plain, is_listed=is_listed or plain != value)
    return items.result(build, lambda: count_of(build, items))


def _known_together(terms: Sequence[Term]) -> list[Term]:
    known = sum(term.known or 0 for term in terms)
    return [number(known), *(term for term in terms if term.known is None)]


def _sum_of_products(to: Translation, arguments: Sequence[Node]) -> Value:
    grids = [to.array(argument) for argument in arguments]
    if len({grid.shape for grid in grids}) > 1:
        return single(Failure("#VALUE!"))
    items = Items([], [], [], set())
    for values in zip(*(grid.items() for grid in grids), strict=True):
        factors = Items([], [], [], set())
        for value in values:
            take(to.build, factors, value, is_listed=True)
        items.errors.extend(factors.errors)
        items.lost.update(factors.lost)
        # whatever is no number counts as 0, and so does its product; a lone condition too
        if len(factors.numbers) == len(values):
            items.numbers.append(to.build.joined("multiply", factors.numbers))
    return items.result(to.build, lambda: to.build.total(items.numbers))


def _decided(join: Callable[[Builder, Term, Term], Term]) -> Function:
    """Make a function of all truth values and numbers among the arguments, such as AND."""

    def apply(to: Translation, arguments: Sequence[Node]) -> Value:
        build, conditions = to.build, Items([], [], [], set())
        for argument in arguments:
            for value, is_listed in elements(to, argument):
                if not is_listed:
                    plain = build.mapped(value, lambda scalar: single(as_condition(scalar)))
                    take(build, conditions, numeric(build, plain), is_listed=False)
                elif not all(isinstance(s, Text) or s is None for _, s in value):
                    take(build, conditions, numeric(build, value), is_listed=False)

        def joined() -> Term | Failure:
            terms = [build.condition(each) for each in conditions.numbers]
            return reduce(lambda one, other: join(build, one, other), terms) if terms else Failure("#VALUE!")

        return conditions.result(build, joined)

    return Function(1, 255, None, apply)


def _differ(build: Builder, one: Term, other: Term) -> Term:
    return build.apply("not_equal", one, other)


def _deviation(*, lost: int, root: bool) -> Function:
    return aggregate(lambda build, items: _spread(build, items, lost=lost, root=root))


def _subtotal(to: Translation, arguments: Sequence[Node]) -> Value | Grid:
    """Return a function of the cells of ranges that are shown and are no such results themselves."""
    kind = int(to.known_number(to.value(arguments[0])))
    names = {more + n: name for n, name in enumerate(SUBTOTALS, start=1) for more in (0, 100)}
    function = FUNCTIONS.get(names.get(kind, ""))
    if function is None or function.of_nodes is None:
        raise InvalidValue(f"asks SUBTOTAL for its function {kind}, which does not exist")
    areas = [to.area(each) for each in arguments[1:]]
    cells = [cell for area in areas if area for cell in to.book.filled(area)]
    if None in areas:
        raise InvalidValue("SUBTOTAL needs ranges")
    if any(cell.top in to.book.sheets[cell.sheet].hidden_rows for cell in cells):
        raise InvalidValue("SUBTOTAL leaves out rows that are hidden now; show them all, or use SUM")
    return function.of_nodes(to, [cell for cell in cells if not _is_subtotal(to, cell)])


def _is_subtotal(to: Translation, cell: Area) -> bool:
    found = to.book.formula(cell)
    if found is None or "SUBTOTAL(" not in found[0].upper():
        return False
    parts = nodes(parse_formula(found[0]))
    return any(isinstance(each, Apply) and each.function == "SUBTOTAL" for each in parts)


SUBTOTALS = (
    *("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV", "STDEVP", "SUM", "VAR", "VARP"),
)
"""The functions of SUBTOTAL, from 1."""

FUNCTIONS = MappingProxyType(
    {
        "SUBTOTAL": Function(2, 255, None, _subtotal),
        "SUM": aggregate(lambda build, items: build.total(items.numbers)),
        "PRODUCT": aggregate(_product),
        "AVERAGE": aggregate(average),
        "MEDIAN": aggregate(_median),
        "MIN": _extreme("minimum"),
        "MAX": _extreme("maximum"),
        "SUMSQ": aggregate(_squares),
        "SUMPRODUCT": Function(1, 30, None, _sum_of_products),
        "COUNT": Function(1, 255, None, _count_numbers),
        "COUNTA": Function(1, 255, None, _count_all),
        "LARGE": _of_rank(from_above=True),
        "SMALL": _of_rank(from_above=False),
        "AND": _decided(Builder.both),
        "OR": _decided(Builder.either),
        "XOR": _decided(_differ),
    }
    | dict.fromkeys(("STDEV", "STDEV.S"), _deviation(lost=1, root=True))
    | dict.fromkeys(("STDEVP", "STDEV.P"), _deviation(lost=0, root=True))
    | dict.fromkeys(("VAR", "VAR.S"), _deviation(lost=1, root=False))
    | dict.fromkeys(("VARP", "VAR.P"), _deviation(lost=0, root=False))
)
