"""A distribution given other quantities: what an input has whose parameters are expressions over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias, cast

from uncertainty.distributions.arguments import QUANTILE_NAME, Arguments
from uncertainty.distributions.families import FAMILIES, Family
from uncertainty.distributions.forms import STANDARDS, Place, filled, form_of
from uncertainty.distributions.mixture import Weighted, weighted
from uncertainty.distributions.parameters import Written, number_text, set_once
from uncertainty.distributions.spread import Spread
from uncertainty.distributions.truncation import limited
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Name, Number, names
from uncertainty.expressions.tree import constant, literal, replaced, walk
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import ArrayLike

    from uncertainty.distributions.arguments import Value
    from uncertainty.distributions.forms import Form
    from uncertainty.distributions.pedigree import Pedigree
    from uncertainty.distributions.protocol import Distribution, FloatArray
    from uncertainty.expressions import Expression

    Evaluate: TypeAlias = Callable[[Expression], float]

POINT = "point"
"""The word for an input's own point."""


@dataclass(frozen=True, slots=True)
class Parametric(Written):
    """A call of a family that has expressions among its arguments."""

    arguments: Arguments

    def __hash__(self) -> int:
        return hash(self.call)

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        given = self.arguments
        named = [f"{name}={_text(value)}" for name, value in given.named.items()]
        return f"{given.family}({', '.join([*map(_text, given.positional), *named])})"

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What its parameters follow from."""
        values = (*self.arguments.positional, *self.arguments.named.values())
        return tuple(found for value in values for found in _expressions(value))

    @property
    def names(self) -> frozenset[str]:
        """The quantities that its parameters follow from, ``point`` among them."""
        return frozenset().union(*map(names, self.expressions))

    def at(self, evaluate: Evaluate) -> Distribution:
        """Return the distribution that it is where its expressions have these values.

        Raises
        ------
        InvalidValue
            If the values are no parameters of the family.
        """
        given = self.arguments
        found = FAMILIES[given.family](given.mapped(lambda value: _evaluated(value, evaluate)))
        set_once(found, "written", str(self))
        return found

    def mapped(self, change: Callable[[Expression], Expression]) -> Parametric:
        """Return it with other expressions for its own, under its own text."""

        def changed(value: Value) -> Value:
            if isinstance(value, Number | Name | Call):
                return change(value)
            if isinstance(value, Parametric):
                return value.mapped(change)
            if isinstance(value, tuple):
                return tuple(each if isinstance(each, float) else change(each) for each in value)
            return value

        found = Parametric(self.arguments.mapped(changed))
        set_once(found, "written", str(self))
        return found


def _text(value: Value | Expression) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))})"
    if isinstance(value, str):
        return f'"{value}"'
    return number_text(value) if isinstance(value, float) else str(value)


def _expressions(value: Value) -> Iterator[Expression]:
    if isinstance(value, Number | Name | Call):
        yield value
    elif isinstance(value, Parametric):
        yield from value.expressions
    elif isinstance(value, tuple):
        for each in value:
            yield from _expressions(each)


def _evaluated(value: Value, evaluate: Evaluate) -> Value:
    if isinstance(value, Number | Name | Call):
        return evaluate(value)
    if isinstance(value, Parametric):
        return value.at(evaluate)
    if isinstance(value, tuple):
        return tuple(each if isinstance(each, float) else evaluate(each) for each in value)
    return value


@dataclass(frozen=True, slots=True)
class Conditional:
    """A distribution given other quantities.

    Where one distribution is asked of it, it is its reference: that at the values which its parameters have
    in the published calculation.

    Parameters
    ----------
    given
        Its text and expressions.
    low, high
        Physical limits, to which it is truncated whatever its parameters.
    reference
        None as long as the study is not known whole.
    score
        Where its score is fixed: the probability of a smaller value given its parameters.
    """

    given: Parametric
    low: float | None = None
    high: float | None = None
    reference: Distribution | None = None
    score: float | None = None
    is_constant: ClassVar[bool] = False

    def __hash__(self) -> int:
        return hash((self.given, self.low, self.high))

    def __str__(self) -> str:
        return str(self.given)

    @property
    def names(self) -> frozenset[str]:
        """The quantities that it is given."""
        return self.given.names - {POINT}

    def mapped(self, change: Callable[[Expression], Expression]) -> Conditional:
        """Return it with other expressions, such as those of a cell, for its own."""
        return replace(self, given=self.given.mapped(change))

    def at_score(self, probability: float) -> Conditional:
        """Return it with its score fixed, its parameters going their way."""
        return replace(self, score=probability)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the input's own point is still to come."""
        return all(map(is_bare, self.given.expressions))

    def at_point(self, point: float) -> Distribution:
        """Return the distribution where nothing else is to come; see `at`."""
        return self.at(lambda each: cast("float", constant(each)), point, 1.0)

    def check(self) -> None:
        """Refuse a family whose parameters cannot be other quantities; InvalidValue says which can."""
        if self.names and self._weighted() is None:
            self._parts()

    def dimensions(self) -> list[tuple[str, Expression, bool]]:
        """Return what each parameter is called, its expression, and whether it is a pure number.

        Bare numbers, which are in the input's unit, are left out.
        """
        if values := self._weighted():
            return [(name, each, True) for name, each in values.parameters.items() if not is_bare(each)]
        form, parameters, lows, highs = self._parts()
        found = [(name, each, name in form.pure) for name, each in parameters.items()]
        found += [(name, each, False) for name, bounds in (("low", lows), ("high", highs)) for each in bounds]
        return [(name, each, pure) for name, each, pure in found if not is_bare(each)]

    def at(self, evaluate: Evaluate, point: float, factor: float) -> Distribution:
        """Return the distribution where its parameters have some values.

        Parameters
        ----------
        evaluate
            Gives the value of an expression without ``point``, in coherent base units.
        point
            The input's own, in its unit.
        factor
            From that unit to coherent base units.

        Raises
        ------
        InvalidValue
            If a parameter is impossible, or hardly anything lies within the limits.
        """
        if not self.names:
            found = self.given.at(lambda each: evaluate(_in_unit(each, point, factor)))
            return limited(found, self.low, self.high)
        place = self.place(point, factor)
        values = {name: evaluate(each) for name, each in place.parameters.items()}
        if isinstance(place, Weighted):
            spread = place.at(list(values.values()))
            set_once(spread, "written", str(self.given))
            return spread
        whole = _made(place.form, values)
        low, high = (None if bound is None else evaluate(bound) for bound in (place.low, place.high))
        found = limited(whole, low, high)
        found = Spread(found) if place.form.is_counted else found
        set_once(found, "written", str(self.given))
        return found

    def place(self, point: float, factor: float) -> Place | Weighted:
        """Return its parameters and bounds as expressions for values in the input's unit; see `at`."""
        base = {POINT: literal(point * factor)}
        if weights := self._weighted():
            return Weighted(weights.values, tuple(replaced(each, base) for each in weights.weights))
        form, parameters, lows, highs = self._parts()
        given = {
            name: replaced(each, base) if name in form.pure else _in_unit(each, point, factor)
            for name, each in parameters.items()
        }
        low = [*(_in_unit(each, point, factor) for each in lows), *_limit(self.low)]
        high = [*(_in_unit(each, point, factor) for each in highs), *_limit(self.high)]
        return Place(
            form,
            given,
            _outermost("maximum", [each for each in low if not _is_idle_low(form, given, each)]),
            _outermost("minimum", [each for each in high if not _is_idle_high(form, given, each)]),
        )

    def drawn(self, column: Expression, evaluate: Evaluate, point: float, factor: float) -> Expression:
        """Return the value of a draw, in the input's unit, whose value at the reference is `column`."""
        here = self.place(point, factor)
        if isinstance(here, Weighted):
            weights = tuple(literal(evaluate(each)) for each in here.weights)
            return here.drawn(column, Weighted(here.values, weights))
        bounds = (None if each is None else literal(evaluate(each)) for each in (here.low, here.high))
        values = {name: literal(evaluate(each)) for name, each in here.parameters.items()}
        return here.drawn(column, Place(here.form, values, *bounds))

    def _weighted(self) -> Weighted | None:
        """Return the values and weights of a discrete distribution; None of another."""
        given = self.given.arguments
        if given.family != "discrete":
            return None
        given.refuse_unknown(["weights"])
        weights = given.named.get("weights")
        if not isinstance(weights, tuple) or not all(isinstance(each, float) for each in given.positional):
            raise InvalidValue("discrete: values are numbers; their weights may be other quantities")
        values = [cast("float", each) for each in given.positional]
        return weighted(values, [_expression(each) for each in weights]).within(self.low, self.high)

    def _parts(self) -> tuple[Form, dict[str, Expression], list[Expression], list[Expression]]:
        """Return the form, the parameters, and the bounds that texts set."""
        given, lows, highs = self.given, [], []
        while given.arguments.family == "truncate":
            inner, named = given.arguments.positional, given.arguments.named
            if len(inner) != 1 or not isinstance(inner[0], Parametric) or not named.keys() <= {"low", "high"}:
                raise InvalidValue(
                    "truncate: one distribution, then the bounds by name, "
                    "such as truncate(normal(3, 2), low=0)"
                )
            lows += [_expression(named["low"])] if "low" in named else []
            highs += [_expression(named["high"])] if "high" in named else []
            given = inner[0]
        if given.arguments.family == "pedigree":
            given = _as_lognormal(given)
        family = FAMILIES[given.arguments.family]
        if not isinstance(family, Family):
            return form_of(given.arguments.family, ()), {}, [], []
        if any(map(QUANTILE_NAME.fullmatch, given.arguments.named)):
            raise InvalidValue(
                f"{given.arguments.family}: quantiles are numbers; "
                f"give {' and '.join(family.required)}, which other quantities may be"
            )
        values = family.matched(given.arguments)
        form = form_of(given.arguments.family, values)
        parameters = {name: literal(value) for name, value in form.optional.items()}
        return form, parameters | {name: _expression(value) for name, value in values.items()}, lows, highs

    def as_normal(self, unit: str) -> str:
        """Return the text of the normal distribution that large counts have, which follows its parameters.

        Parameters
        ----------
        unit
            The input's, in which it counts.
        """
        form, given, lows, highs = self._parts()
        one = "" if unit == "1" else f" * 1[{unit}]"
        mean = filled(STANDARDS[form.standard].mean, given)
        if form.standard == "poisson":
            root = filled("sqrt(mean)" if unit == "1" else f"sqrt(mean / 1[{unit}])", given)
            normal = f"normal({mean}, {root}{one})"
        else:
            normal = f"normal({mean}{one}, {filled('sqrt(n * p * (1 - p))', given)}{one})"
        bounds = [f"{name}={each}" for name, bound in (("low", lows), ("high", highs)) for each in bound]
        return f"truncate({normal}, {', '.join(bounds)})" if bounds else normal

    def quantile(self, u: ArrayLike) -> FloatArray:
        """Return the reference's quantiles at probabilities `u`."""
        return self._known.quantile(u)

    def upper_quantile(self, q: ArrayLike) -> FloatArray:
        """Return the reference's quantiles at ``1 - q``."""
        return self._known.upper_quantile(q)

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return the reference's P(X <= x)."""
        return self._known.cdf(x)

    def survival(self, x: ArrayLike) -> FloatArray:
        """Return the reference's P(X > x)."""
        return self._known.survival(x)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value of the reference."""
        return self._known.support

    @property
    def mean(self) -> float:
        """Expectation of the reference."""
        return self._known.mean

    @property
    def sd(self) -> float:
        """Standard deviation of the reference."""
        return self._known.sd

    @property
    def atoms(self) -> tuple[float, ...]:
        """Values of positive probability of the reference, as far as it is known."""
        return () if self.reference is None else self._known.atoms

    @property
    def _known(self) -> Distribution:
        """The reference, whose values are not spread out."""
        if isinstance(self.reference, Spread):
            return self.reference.counts
        return cast("Distribution", self.reference)


def is_bare(expression: Expression) -> bool:
    """Tell whether an expression is of numbers in the input's own unit: without names and units."""
    has_unit = any(isinstance(node, Number) and node.unit is not None for node, _ in walk(expression))
    return not has_unit and names(expression) <= {POINT}


def _in_unit(expression: Expression, point: float, factor: float) -> Expression:
    """Return the expression of a value in the input's unit from one in coherent base units."""
    if is_bare(expression):
        return replaced(expression, {POINT: literal(point)})
    base = replaced(expression, {POINT: literal(point * factor)})
    return base if factor == 1 else Call("divide", (base, Number(factor)))


def _expression(value: Value) -> Expression:
    if isinstance(value, float):
        return literal(value)
    if isinstance(value, Number | Name | Call):
        return value
    raise InvalidValue("the parameters are no numbers")


def _as_lognormal(given: Parametric) -> Parametric:
    """Return the lognormal distribution of a pedigree about a median that is an expression."""
    family = cast("Family", FAMILIES["pedigree"])
    values = family.matched(given.arguments)
    scores = {name: value for name, value in values.items() if name != "median"}
    if not all(isinstance(value, float) for value in scores.values()):
        raise InvalidValue("pedigree: scores are numbers; its median may be another quantity")
    known = family(Arguments("pedigree", (1.0,), scores, None))
    named = {"median": values["median"], "gsd": cast("Pedigree", known).gsd}
    return Parametric(Arguments("lognormal", (), named, None))


def _made(form: Form, values: Mapping[str, float]) -> Distribution:
    return FAMILIES[form.family](Arguments(form.family, (), dict(values), None))


def _limit(value: float | None) -> list[Expression]:
    return [] if value is None else [literal(value)]


def _outermost(operation: str, bounds: list[Expression]) -> Expression | None:
    if not bounds:
        return None
    return bounds[0] if len(bounds) == 1 else Call(operation, tuple(bounds))


def _is_idle_low(form: Form, parameters: Mapping[str, Expression], bound: Expression) -> bool:
    """Tell whether nothing lies below a bound whatever the parameters."""
    value = constant(bound)
    smallest = constant(parameters["low"]) if "low" in parameters else 0.0 if form.positive else None
    return value is not None and smallest is not None and value <= smallest


def _is_idle_high(form: Form, parameters: Mapping[str, Expression], bound: Expression) -> bool:
    """Tell whether nothing lies above a bound whatever the parameters."""
    value = constant(bound)
    largest = (
        constant(parameters["high"]) if "high" in parameters else 1.0 if form.family == "bernoulli" else None
    )
    return value is not None and largest is not None and value >= largest
