"""When a formula is an error: where a divisor is 0, or a root or logarithm does not exist."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from uncertainty.expressions.tree import Call, Expression, Name, Number, names, walk
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.terms import Term, number, truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.workbooks.terms import Builder, Scalar, Value


class Failures:
    """Finds and keeps when expressions fail.

    Parameters
    ----------
    equation
        Gives the expression of a name; None for an input.
    """

    def __init__(self, build: Builder, equation: Callable[[str], Expression | None]) -> None:
        self._build = build
        self._equation = equation
        self._known: dict[str, Term] = {}

    def of(self, term: Term) -> Term:
        """Return the condition under which a term is an error."""
        self._find(names(term.expression))
        return self._failing(term.expression)

    def told(self, value: Value) -> Value:
        """Return a value of several cases that is an error where whether one of these holds is one."""
        build = self._build
        cases: list[tuple[Term | None, Scalar]] = []
        for condition, scalar in value:
            fails = truth(False) if condition is None else self.of(condition)
            if fails.known != 0:
                cases.append((fails, Failure("#VALUE!")))
            cases.append((condition, scalar))
        return build.merged(tuple(cases))

    def _find(self, wanted: frozenset[str]) -> None:
        """Find it for some names, each after those that its equation uses."""
        waiting = list(wanted)
        while waiting:
            name = waiting[-1]
            equation = self._equation(name)
            missing = [each for each in names(equation) if each not in self._known] if equation else []
            if name in self._known or not missing:
                waiting.pop()
                if name not in self._known:
                    found = truth(False) if equation is None else self._failing(equation)
                    self._known[name] = self._build.named(found, "fails")
            else:
                waiting += missing

    def _failing(self, expression: Expression) -> Term:
        build = self._build
        if isinstance(expression, Number):
            return truth(False)
        if isinstance(expression, Name):
            return self._known.get(expression.name, truth(False))
        if expression.operation == "where":
            condition, yes, no = expression.arguments
            chosen = build.where(build.condition(measured(condition)), self._failing(yes), self._failing(no))
            return build.either(self._failing(condition), chosen)
        found = truth(False)
        for each in expression.arguments:
            found = build.either(found, self._failing(each))
        own = self._own(expression)
        return found if own is None else build.either(found, own)

    def _own(self, call: Call) -> Term | None:
        """Return when an operation itself fails."""
        build, last = self._build, measured(call.arguments[-1])
        if call.operation == "divide":
            return build.apply("equal", last, number(0))
        if call.operation in ("log", "log10"):
            return build.apply("less_equal", last, number(0))
        if call.operation == "sqrt":
            return build.apply("less", last, number(0))
        if call.operation in ("asin", "acos"):
            return build.apply("greater", build.apply("abs", last), number(1))
        return self._of_power(measured(call.arguments[0]), last) if call.operation == "power" else None

    def _of_power(self, base: Term, exponent: Term) -> Term | None:
        """Return when a power fails: 0 to a negative one, and what is negative to one that is not whole."""
        build, fails = self._build, []
        if exponent.known is None or exponent.known < 0:
            is_zero = build.apply("equal", base, number(0))
            fails.append(build.both(is_zero, build.apply("less", exponent, number(0))))
        if exponent.known is None or not exponent.known.is_integer():
            is_broken = build.apply("not_equal", exponent, build.apply("floor", exponent))
            fails.append(build.both(build.apply("less", base, number(0)), is_broken))
        return reduce(build.either, fails) if fails else None


def measured(expression: Expression) -> Term:
    """Return an expression with its size."""
    depths = [depth for _, depth in walk(expression)]
    return Term(expression, len(depths), max(depths))
