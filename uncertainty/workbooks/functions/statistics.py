"""Functions of a sample, and of two that belong together."""

from __future__ import annotations

from functools import reduce
from math import floor, trunc
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.elementwise import of_each
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.functions.aggregates import Items, aggregate, certain, gathered, ranked, take
from uncertainty.workbooks.terms import Term, number, numeric, on_numbers, single, truth
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Builder, Value
    from uncertainty.workbooks.translation import Translation

QUARTER = 0.25


def _mean(build: Builder, numbers: Sequence[Term]) -> Term:
    return build.apply("divide", build.total(numbers), number(len(numbers)))


def _deviations(build: Builder, numbers: Sequence[Term]) -> list[Term]:
    named = [build.named(each, "item") for each in numbers]
    mean = build.named(_mean(build, named), "mean")
    return [build.apply("subtract", x, mean) for x in named]


def _of_products(build: Builder, left: Sequence[Term], right: Sequence[Term]) -> Term:
    return build.total([build.apply("multiply", x, y) for x, y in zip(left, right, strict=True)])


def _squares(build: Builder, items: Items) -> Term:
    return build.total([build.apply("power", x, number(2)) for x in _deviations(build, certain(items))])


def _mean_deviation(build: Builder, items: Items) -> Term | Failure:
    numbers = certain(items)
    if not numbers:
        return Failure("#NUM!")
    return _mean(build, [build.apply("abs", x) for x in _deviations(build, numbers)])


def _geometric(build: Builder, items: Items) -> Term | Failure:
    logarithms = [build.apply("log", x) for x in certain(items)]
    return build.apply("exp", _mean(build, logarithms)) if logarithms else Failure("#NUM!")


def _harmonic(build: Builder, items: Items) -> Term | Failure:
    numbers = [build.named(x, "item") for x in certain(items)]
    if not numbers:
        return Failure("#NUM!")
    found = build.apply(
        "divide", number(1), _mean(build, [build.apply("divide", number(1), x) for x in numbers])
    )
    is_positive = [build.apply("greater", x, number(0)) for x in numbers]
    return build.within(reduce(build.both, is_positive), found)


def _quantile(share: float) -> Function:
    """Make PERCENTILE or QUARTILE, whose second argument counts such shares: linear between ranks."""

    def apply(to: Translation, arguments: Sequence[Node]) -> Value:
        build, items = to.build, gathered(to, arguments[:1])
        given = to.known_number(to.value(arguments[1]))
        # of quarters there are whole ones alone
        place = given if share == 1 else trunc(given) * share

        def quantile() -> Term | Failure:
            numbers = certain(items)
            if not numbers or not 0 <= place <= 1:
                return Failure("#NUM!")
            rank = place * (len(numbers) - 1)
            low = floor(rank)
            lower = ranked(build, numbers, low)
            if rank == low:
                return lower
            step = build.apply("subtract", ranked(build, numbers, low + 1), build.named(lower, "lower"))
            return build.apply(
                "add", build.named(lower, "lower"), build.apply("multiply", number(rank - low), step)
            )

        return items.result(build, quantile)

    return Function(2, 2, None, of_each(apply, range(1, 2)))


def _rank(to: Translation, arguments: Sequence[Node]) -> Value:
    """Return the rank of a number among others, from the largest, or from the smallest."""
    build, items = to.build, gathered(to, arguments[1:2])
    rises = len(arguments) > 2 and to.known_number(to.value(arguments[2])) != 0

    def rank(own: Term) -> Term:
        own, among = build.named(own, "own"), certain(items)
        before = [build.apply("less" if rises else "greater", x, own) for x in among]
        known = sum(each.known or 0 for each in before)
        others = [each for each in before if each.known is None]
        found = build.total([number(known + 1), *others])
        if any(x.expression == own.expression for x in among):
            return found
        # what is none of them has no rank
        same = (build.apply("equal", x, own) for x in among)
        return build.within(reduce(build.either, same, truth(False)), found)

    found = on_numbers(build, rank, to.value(arguments[0]))
    return items.result(build, lambda: number(0)) if items.lost else build.unless(items.errors, found)


def _paired(change: Callable[[Builder, list[Term], list[Term]], Term]) -> Function:
    """Make a function of two samples of one size; pairs of which one is no number are left out."""
    return Function(2, 2, None, lambda to, arguments: _of_pairs(to, arguments, change))


def _of_pairs(
    to: Translation, arguments: Sequence[Node], change: Callable[[Builder, list[Term], list[Term]], Term]
) -> Value:
    left, right = (to.array(each) for each in arguments)
    if left.shape != right.shape:
        return single(Failure("#N/A"))
    both, pairs = Items([], [], [], set()), []
    for values in zip(left.items(), right.items(), strict=True):
        pair = Items([], [], [], set())
        for value in values:
            take(to.build, pair, value, is_listed=True)
        both.errors.extend(pair.errors)
        both.lost.update(pair.lost)
        if len(certain(pair)) == len(values):
            pairs.append(pair.numbers)

    def of_pairs() -> Term | Failure:
        return change(to.build, *map(list, zip(*pairs, strict=True))) if pairs else Failure("#DIV/0!")

    return both.result(to.build, of_pairs)


def _covariance(lost: int) -> Function:
    def covariance(build: Builder, x: list[Term], y: list[Term]) -> Term:
        if len(x) <= lost:
            raise InvalidValue("needs more numbers")
        products = _of_products(build, _deviations(build, x), _deviations(build, y))
        return build.apply("divide", products, number(len(x) - lost))

    return _paired(covariance)


def _slope(build: Builder, y: list[Term], x: list[Term]) -> Term:
    along = _deviations(build, x)
    return build.apply(
        "divide", _of_products(build, along, _deviations(build, y)), _of_products(build, along, along)
    )


def _line(build: Builder, y: list[Term], x: list[Term], at: Term) -> Term:
    """Return the height at a place of the line of least squares."""
    away = build.apply("subtract", at, _mean(build, x))
    return build.apply("add", _mean(build, y), build.apply("multiply", _slope(build, y, x), away))


def _correlation(build: Builder, x: list[Term], y: list[Term]) -> Term:
    across, along = _deviations(build, x), _deviations(build, y)
    sizes = [_of_products(build, each, each) for each in (across, along)]
    root = build.apply("sqrt", build.apply("multiply", *sizes))
    return build.apply("divide", _of_products(build, across, along), root)


def _explained(build: Builder, x: list[Term], y: list[Term]) -> Term:
    return build.apply("power", _correlation(build, x, y), number(2))


def _forecast(to: Translation, arguments: Sequence[Node]) -> Value:
    def at(place: Term) -> Callable[[Builder, list[Term], list[Term]], Term]:
        return lambda build, y, x: _line(build, y, x, place)

    return to.build.mapped(
        numeric(to.build, to.value(arguments[0])),
        lambda place: _of_pairs(to, arguments[1:], at(place)) if isinstance(place, Term) else single(place),
    )


def _squared(first: str, joined: str) -> Callable[[Builder, list[Term], list[Term]], Term]:
    """Return a sum of squares of pairs: of their differences, or squares of each that are joined."""

    def of_pair(build: Builder, x: Term, y: Term) -> Term:
        if first:
            return build.apply("power", build.apply(first, x, y), number(2))
        return build.apply(joined, *(build.apply("power", each, number(2)) for each in (x, y)))

    return lambda build, left, right: build.total(
        [of_pair(build, x, y) for x, y in zip(left, right, strict=True)]
    )


FUNCTIONS = MappingProxyType(
    {
        "DEVSQ": aggregate(_squares),
        "AVEDEV": aggregate(_mean_deviation),
        "GEOMEAN": aggregate(_geometric),
        "HARMEAN": aggregate(_harmonic),
        "SLOPE": _paired(_slope),
        "INTERCEPT": _paired(lambda build, y, x: _line(build, y, x, number(0))),
        "RSQ": _paired(_explained),
        "SUMXMY2": _paired(_squared("subtract", "")),
        "SUMX2MY2": _paired(_squared("", "subtract")),
        "SUMX2PY2": _paired(_squared("", "add")),
        "COVARIANCE.S": _covariance(1),
    }
    | dict.fromkeys(("CORREL", "PEARSON"), _paired(_correlation))
    | dict.fromkeys(("COVAR", "COVARIANCE.P"), _covariance(0))
    | dict.fromkeys(("FORECAST", "FORECAST.LINEAR"), Function(3, 3, None, of_each(_forecast, range(1))))
    | dict.fromkeys(("PERCENTILE", "PERCENTILE.INC"), _quantile(1))
    | dict.fromkeys(("QUARTILE", "QUARTILE.INC"), _quantile(QUARTER))
    | dict.fromkeys(("RANK", "RANK.EQ"), Function(2, 3, None, of_each(_rank, range(1))))
)
