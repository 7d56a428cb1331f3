"""Payments and their present values, paid at the end of each period or at its beginning."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.workbooks.functions.aggregates import gathered
from uncertainty.workbooks.functions.numbers import NOTHING, of_numbers
from uncertainty.workbooks.terms import Term, number, on_numbers
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Builder, Value
    from uncertainty.workbooks.translation import Translation


def _growth(build: Builder, rate: Term, periods: Term) -> Term:
    return build.apply("power", build.apply("add", number(1), rate), periods)


def _annuity(build: Builder, rate: Term, periods: Term, begins: Term) -> Term:
    """Return what a payment of 1 in each period has grown to at the end."""
    grown = build.apply("subtract", _growth(build, rate, periods), number(1))
    found = build.apply("divide", grown, rate)
    if begins.known != 0:
        early = build.apply("add", number(1), build.apply("multiply", rate, build.condition(begins)))
        found = build.apply("multiply", found, early)
    return build.where(build.apply("equal", rate, number(0)), periods, found)


def _present_value(
    build: Builder, rate: Term, periods: Term, payment: Term, future: Term = NOTHING, begins: Term = NOTHING
) -> Term:
    paid = build.apply("multiply", payment, _annuity(build, rate, periods, begins))
    total = paid if future.known == 0 else build.apply("add", paid, future)
    return build.apply("divide", build.apply("negative", total), _growth(build, rate, periods))


def _future_value(
    build: Builder, rate: Term, periods: Term, payment: Term, present: Term = NOTHING, begins: Term = NOTHING
) -> Term:
    paid = build.apply("multiply", payment, _annuity(build, rate, periods, begins))
    grown = build.apply("multiply", present, _growth(build, rate, periods))
    return build.apply("negative", paid if present.known == 0 else build.apply("add", paid, grown))


def _payment(
    build: Builder, rate: Term, periods: Term, present: Term, future: Term = NOTHING, begins: Term = NOTHING
) -> Term:
    owed = build.apply("multiply", present, _growth(build, rate, periods))
    total = owed if future.known == 0 else build.apply("add", owed, future)
    return build.apply("divide", build.apply("negative", total), _annuity(build, rate, periods, begins))


def _net_present_value(to: Translation, arguments: Sequence[Node]) -> Value:
    build = to.build
    items = gathered(to, arguments[1:])

    def discounted(rate: Term) -> Term:
        rate = build.named(rate, "rate")
        return build.total(
            [
                build.apply("divide", value, _growth(build, rate, number(period)))
                for period, value in enumerate(items.numbers, start=1)
            ]
        )

    result = on_numbers(build, discounted, to.value(arguments[0]))
    return items.result(build, lambda: number(0)) if items.lost else build.unless(items.errors, result)


FUNCTIONS = MappingProxyType(
    {
        "NPV": Function(2, 255, None, _net_present_value),
        "PV": of_numbers(3, 5, _present_value),
        "FV": of_numbers(3, 5, _future_value),
        "PMT": of_numbers(3, 5, _payment),
    }
)
