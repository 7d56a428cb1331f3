"""Payments and their present values, paid at the end of each period or at its beginning."""

from __future__ import annotations

from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.elementwise import of_each
from uncertainty.workbooks.functions.aggregates import certain, gathered
from uncertainty.workbooks.functions.numbers import NOTHING, of_numbers, truncated
from uncertainty.workbooks.terms import Term, Unknown, number, on_numbers, single
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Builder, Value
    from uncertainty.workbooks.translation import Translation

DAYS_OF_A_YEAR = 365


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


def _periods(
    build: Builder, rate: Term, payment: Term, present: Term, future: Term = NOTHING, begins: Term = NOTHING
) -> Term:
    early = build.apply("add", number(1), build.apply("multiply", rate, build.condition(begins)))
    paid = build.named(build.apply("multiply", payment, early), "paid")
    ends = build.apply("subtract", paid, build.apply("multiply", future, rate))
    starts = build.apply("add", build.apply("multiply", present, rate), paid)
    grown = build.apply("log", build.apply("divide", ends, starts))
    found = build.apply("divide", grown, build.apply("log", build.apply("add", number(1), rate)))
    owed = build.apply("negative", build.apply("add", present, future))
    return build.where(build.apply("equal", rate, number(0)), build.apply("divide", owed, payment), found)


def _interest(
    build: Builder,
    rate: Term,
    period: Term,
    periods: Term,
    present: Term,
    future: Term = NOTHING,
    begins: Term = NOTHING,
) -> Term:
    """Return the interest within a payment: of what was owed at the end of the period before.

    Of payments at the beginning of each period it is discounted by that period.
    """
    payment = build.named(_payment(build, rate, periods, present, future, begins), "payment")
    before = build.apply("subtract", period, number(1))
    owed = _future_value(build, rate, before, payment, present, begins)
    found = build.apply("multiply", rate, owed)
    if begins.known != 0:
        early = build.apply("divide", found, build.apply("add", number(1), rate))
        early = build.where(build.apply("equal", period, number(1)), number(0), early)
        found = build.where(build.condition(begins), early, found)
    is_paid = build.both(
        build.apply("greater_equal", period, number(1)), build.apply("less_equal", period, periods)
    )
    return build.within(is_paid, found)


def _repayment(
    build: Builder,
    rate: Term,
    period: Term,
    periods: Term,
    present: Term,
    future: Term = NOTHING,
    begins: Term = NOTHING,
) -> Term:
    payment = _payment(build, rate, periods, present, future, begins)
    return build.apply("subtract", payment, _interest(build, rate, period, periods, present, future, begins))


def _straight_line(build: Builder, cost: Term, salvage: Term, life: Term) -> Term:
    return build.apply("divide", build.apply("subtract", cost, salvage), life)


def _effective(build: Builder, nominal: Term, periods: Term) -> Term:
    whole = _whole_periods(build, periods)
    grown = _growth(build, build.apply("divide", nominal, whole), whole)
    return _of_a_rate(build, nominal, whole, build.apply("subtract", grown, number(1)))


def _nominal(build: Builder, effective: Term, periods: Term) -> Term:
    whole = _whole_periods(build, periods)
    grown = _growth(build, effective, build.apply("divide", number(1), whole))
    found = build.apply("multiply", whole, build.apply("subtract", grown, number(1)))
    return _of_a_rate(build, effective, whole, found)


def _whole_periods(build: Builder, periods: Term) -> Term:
    return periods if (periods.known or 0.5).is_integer() else truncated(build, periods)


def _of_a_rate(build: Builder, rate: Term, periods: Term, found: Term) -> Term:
    """Return what there is for a positive rate and one or more periods alone."""
    is_rate = build.apply("greater", rate, number(0))
    return build.within(build.both(is_rate, build.apply("greater_equal", periods, number(1))), found)


def _rate_of_growth(build: Builder, periods: Term, present: Term, future: Term) -> Term:
    ratio = build.apply("divide", future, present)
    grown = build.apply("power", ratio, build.apply("divide", number(1), periods))
    found = build.apply("subtract", grown, number(1))
    return build.within(build.apply("greater", periods, number(0)), found)


def _dated_present_value(to: Translation, arguments: Sequence[Node]) -> Value:
    """Return the present value of payments on days, in years of 365 days from the first."""
    build = to.build
    paid, days = (gathered(to, [each]) for each in arguments[1:])
    if lost := paid.lost | days.lost:
        return single(Unknown(frozenset(lost)))
    if len(certain(paid)) != len(certain(days)) or not days.numbers:
        raise InvalidValue("expected as many days as payments")

    def discounted(rate: Term) -> Term:
        rate = build.named(rate, "rate")
        passed = [build.apply("subtract", day, days.numbers[0]) for day in days.numbers]
        years = [build.apply("divide", each, number(DAYS_OF_A_YEAR)) for each in passed]
        pairs = zip(paid.numbers, years, strict=True)
        return build.total([build.apply("divide", x, _growth(build, rate, when)) for x, when in pairs])

    result = on_numbers(build, discounted, to.value(arguments[0]))
    return build.unless([*paid.errors, *days.errors], result)


def _net_present_value(to: Translation, arguments: Sequence[Node]) -> Value:
    build = to.build
    items = gathered(to, arguments[1:])
    # what is no number takes no period either
    periods = accumulate(items.counts, lambda before, one: build.named(build.count([before, one]), "period"))
    payments = list(zip(items.numbers, periods, strict=True))

    def discounted(rate: Term) -> Term:
        rate = build.named(rate, "rate")
        return build.total([build.apply("divide", x, _growth(build, rate, when)) for x, when in payments])

    result = on_numbers(build, discounted, to.value(arguments[0]))
    return items.result(build, lambda: number(0)) if items.lost else build.unless(items.errors, result)


FUNCTIONS = MappingProxyType(
    {
        "NPV": Function(2, 255, None, of_each(_net_present_value, range(1))),
        "PV": of_numbers(3, 5, _present_value),
        "FV": of_numbers(3, 5, _future_value),
        "PMT": of_numbers(3, 5, _payment),
        "NPER": of_numbers(3, 5, _periods),
        "IPMT": of_numbers(4, 6, _interest),
        "PPMT": of_numbers(4, 6, _repayment),
        "XNPV": Function(3, 3, None, of_each(_dated_present_value, range(1))),
        "SLN": of_numbers(3, 3, _straight_line),
        "EFFECT": of_numbers(2, 2, _effective),
        "NOMINAL": of_numbers(2, 2, _nominal),
        "RRI": of_numbers(3, 3, _rate_of_growth),
    }
)
