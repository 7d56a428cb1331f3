"""How families are drawn from whose parameters are other quantities: as expressions over these.

Each family is a standard distribution, its score ``s``, moved by parameters: ``x = mean + sd * s``. The draws
of an input are those at the values that its parameters have in the published calculation, its *reference*;
the same score with the parameters of each draw gives the value there. So what is drawn stays independent of
the parameters, and a value equals its reference where these stand.
"""

from __future__ import annotations

from dataclasses import field
from functools import cache, lru_cache, reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.distributions.protocol import LEAST_PROBABILITY
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Number, names, parse_expression
from uncertainty.expressions.operations import FUNCTIONS, HIDDEN
from uncertainty.expressions.tree import constant, replaced
from uncertainty.late import dataclass
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from uncertainty.expressions import Expression

LAST = 1 - 2.0**-53
"""The largest probability at which quantiles are taken."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A distribution that parameters move.

    Parameters
    ----------
    cdf
        The cdf at ``s``, with the bounds of its support kept to.
    quantile
        The quantile at ``u``.
    mean
        The mean of counts, whose quantiles have no derivative.
    """

    cdf: str
    quantile: str
    mean: str = ""


STANDARDS = MappingProxyType(
    {
        "normal": Standard("normal_cdf(s)", "normal_quantile(u)"),
        "uniform": Standard("minimum(maximum(s, 0), 1)", "u"),
        "exponential": Standard("-expm1(-maximum(s, 0))", "-log1p(-u)"),
        "logistic": Standard("1 / (1 + exp(-s))", "log(u / (1 - u))"),
        "gumbel": Standard("exp(-exp(-s))", "-log(-log(u))"),
        "gamma": Standard("gamma_cdf(shape, s)", "gamma_quantile(shape, u)"),
        "beta": Standard("beta_cdf(a, b, s)", "beta_quantile(a, b, u)"),
        "student": Standard("student_cdf(df, s)", "student_quantile(df, u)"),
        "bernoulli": Standard("where(s < 0, 0, where(s < 1, 1 - p, 1))", "where(u > 1 - p, 1, 0)", "p"),
        "poisson": Standard("poisson_cdf(mean, s)", "poisson_quantile(mean, u)", "mean"),
        "binomial": Standard("binomial_cdf(n, p, s)", "binomial_quantile(n, p, u)", "n * p"),
    }
)
COUNTED = frozenset({"bernoulli", "poisson", "binomial"})
OF_STANDARDS = frozenset({"shape", "a", "b", "df", "n", "p", "mean"})
"""Names that the parameters of standards have."""


@dataclass(frozen=True, slots=True)
class Form:
    """A family by one set of its parameters.

    Parameters
    ----------
    moved, scored
        What follows from ``s``, and ``s`` from what follows, over other names too.
    needs
        For parameters what must hold of them.
    pure
        Parameters that are pure numbers; the others are in the unit of the values.
    becomes
        What stands for names that are no parameters.
    optional
        Parameters that may be left out, and their values.
    positive
        Whether no value lies below 0.
    """

    family: str
    parameters: tuple[str, ...]
    standard: str
    moved: str
    scored: str
    needs: Mapping[str, str]
    pure: frozenset[str] = frozenset()
    becomes: Mapping[str, str] = field(default_factory=Frozen)
    optional: Mapping[str, float] = field(default_factory=Frozen)
    positive: bool = False

    @property
    def value(self) -> str:
        """What follows from ``s``."""
        return _put(self.moved, tuple(self.becomes.items()))

    @property
    def score(self) -> str:
        """What ``s`` follows from."""
        return _put(self.scored, tuple(self.becomes.items()))

    @property
    def shapes(self) -> dict[str, str]:
        """What the standard distribution's own parameters are, where they are not of this name."""
        return {name: _put(text, ()) for name, text in self.becomes.items() if name in OF_STANDARDS}

    @property
    def is_counted(self) -> bool:
        """Whether its values are counts."""
        return self.standard in COUNTED


def _form(
    family: str,
    parameters: str,
    standard: str,
    value: str,
    score: str,
    needs: Mapping[str, str],
    pure: str = "",
    *,
    becomes: Mapping[str, str] | None = None,
    positive: bool = False,
    optional: Mapping[str, float] | None = None,
) -> Form:
    """Make a form."""
    return Form(
        family,
        tuple(parameters.split()),
        standard,
        value,
        score,
        Frozen(needs),
        frozenset(pure.split()),
        Frozen(becomes),
        Frozen(optional),
        positive,
    )


@cache
def _put(text: str, becomes: tuple[tuple[str, str], ...]) -> str:
    """Return an expression with others in place of names."""
    return str(replaced(parse_expression(text), {name: parse_expression(each) for name, each in becomes}))


def filled(text: str, values: Mapping[str, Expression]) -> Expression:
    """Return the expression of a text with others in place of names."""
    return replaced(_template(text), values)


@lru_cache(maxsize=256)
def _template(text: str) -> Expression:
    return parse_expression(text, {**FUNCTIONS, **HIDDEN})


_POSITIVE = {"mean": "mean > 0", "sd": "sd > 0"}
_ENDS = {"high": "high > low"}
_LOGNORMAL = ("median * exp(sigma * s)", "log(x / median) / sigma")
_AFFINE = ("low + (high - low) * s", "(x - low) / (high - low)")
_UNIT_ENDS = MappingProxyType({"low": 0.0, "high": 1.0})
_SHARE = "((mean - low) / (high - low))"
_TOTAL = f"({_SHARE} * (1 - {_SHARE}) / (sd / (high - low)) ** 2 - 1)"
_BETA_OF_MOMENTS = {"a": f"{_SHARE} * {_TOTAL}", "b": f"(1 - {_SHARE}) * {_TOTAL}"}
_BETA_NEEDS = {
    "high": "high > low",
    "mean": "mean > low and mean < high",
    "sd": "sd > 0 and sd ** 2 < (mean - low) * (high - mean)",
}


def _by_variation(of_moments: Mapping[str, str]) -> dict[str, str]:
    return {name: text.replace("sd", "(abs(mean) * cv)") for name, text in of_moments.items()}


def _needs_variation(needs: Mapping[str, str]) -> dict[str, str]:
    others = {name: text for name, text in needs.items() if name != "sd"}
    return {**others, "cv": needs["sd"].replace("sd", "(abs(mean) * cv)") + " and cv > 0"}


_SIGMA = {"median": "mean / sqrt(1 + (sd / mean) ** 2)", "sigma": "sqrt(log1p((sd / mean) ** 2))"}
_GAMMA = {"shape": "(mean / sd) ** 2", "scale": "sd * (sd / mean)"}
_CLOSE = "asin(sqrt(minimum(maximum((x - low) / (high - low), 0), 1))) * 2 / pi"
_RISING = "(minimum(maximum(x, low), high) - low) ** 2 / ((high - low) * (mode - low))"
_FALLING = "1 - (high - minimum(maximum(x, low), high)) ** 2 / ((high - low) * (high - mode))"
_MODE = {"high": "high > low", "mode": "mode >= low and mode <= high"}

_HEIGHT = "(2 / (high + end - low - start))"
_UP = f"(start - low) * {_HEIGHT} / 2"
_FLAT = f"(end - start) * {_HEIGHT}"
_KEPT = "minimum(maximum(x, low), high)"
_TRAPEZOID = (
    f"where(s < {_UP}, low + sqrt(2 * s * (start - low) / {_HEIGHT}), where(s < {_UP} + {_FLAT}, "
    f"start + (s - {_UP}) / {_HEIGHT}, high - sqrt(2 * (1 - s) * (high - end) / {_HEIGHT})))"
)
_IN_TRAPEZOID = (
    f"where(x < start, ({_KEPT} - low) ** 2 * {_HEIGHT} / (2 * (start - low)), where(x < end, "
    f"{_UP} + (x - start) * {_HEIGHT}, 1 - (high - {_KEPT}) ** 2 * {_HEIGHT} / (2 * (high - end))))"
)

FORMS: tuple[Form, ...] = (
    _form("normal", "mean sd", "normal", "mean + sd * s", "(x - mean) / sd", {"sd": "sd > 0"}),
    _form("normal", "mean cv", "normal", "mean + sd * s", "(x - mean) / sd",
          {"mean": "mean != 0", "cv": "cv > 0"}, "cv", becomes={"sd": "abs(mean) * cv"}),
    _form("lognormal", "median gsd", "normal", *_LOGNORMAL, {"median": "median > 0", "gsd": "gsd > 1"}, "gsd",
          becomes={"sigma": "log(gsd)"}, positive=True),
    _form("lognormal", "median sigma", "normal", *_LOGNORMAL, {"median": "median > 0", "sigma": "sigma > 0"},
          "sigma", positive=True),
    _form("lognormal", "mean sd", "normal", *_LOGNORMAL, _POSITIVE, becomes=_SIGMA, positive=True),
    _form("lognormal", "mean cv", "normal", *_LOGNORMAL, _needs_variation(_POSITIVE), "cv",
          becomes=_by_variation(_SIGMA), positive=True),
    _form("uniform", "low high", "uniform", *_AFFINE, _ENDS),
    _form("loguniform", "low high", "uniform", "exp(log(low) + (log(high) - log(low)) * s)",
          "log(x / low) / log(high / low)", {"low": "low > 0", **_ENDS}, positive=True),
    _form("triangular", "low mode high", "uniform",
          "where(s < (mode - low) / (high - low), low + sqrt(s * (high - low) * (mode - low)), "
          "high - sqrt((1 - s) * (high - low) * (high - mode)))",
          f"where(x < mode, {_RISING}, {_FALLING})", _MODE),
    _form("trapezoid", "low start end high", "uniform", _TRAPEZOID, _IN_TRAPEZOID,
          {"high": "high > low", "start": "start >= low", "end": "end >= start and end <= high"}),
    _form("pert", "low mode high", "beta", *_AFFINE, _MODE,
          becomes={"a": "1 + 4 * (mode - low) / (high - low)", "b": "1 + 4 * (high - mode) / (high - low)"}),
    _form("beta", "a b", "beta", *_AFFINE, {"a": "a > 0", "b": "b > 0", **_ENDS}, "a b", optional=_UNIT_ENDS),
    _form("beta", "mean sd", "beta", *_AFFINE, _BETA_NEEDS, becomes=_BETA_OF_MOMENTS, optional=_UNIT_ENDS),
    _form("beta", "mean cv", "beta", *_AFFINE, _needs_variation(_BETA_NEEDS), "cv",
          becomes=_by_variation(_BETA_OF_MOMENTS), optional=_UNIT_ENDS),
    _form("gamma", "shape scale", "gamma", "scale * s", "x / scale",
          {"shape": "shape > 0", "scale": "scale > 0"}, "shape", positive=True),
    _form("gamma", "mean sd", "gamma", "scale * s", "x / scale", _POSITIVE, becomes=_GAMMA, positive=True),
    _form("gamma", "mean cv", "gamma", "scale * s", "x / scale", _needs_variation(_POSITIVE), "cv",
          becomes=_by_variation(_GAMMA), positive=True),
    _form("exponential", "mean", "exponential", "mean * s", "x / mean", {"mean": "mean > 0"}, positive=True),
    _form("arcsine", "low high", "uniform", "low + (high - low) * sin(pi / 2 * s) ** 2", _CLOSE, _ENDS),
    _form("weibull", "shape scale", "exponential", "scale * s ** (1 / shape)", "(x / scale) ** shape",
          {"shape": "shape > 0", "scale": "scale > 0"}, "shape", positive=True),
    _form("gumbel", "location scale", "gumbel", "location + scale * s", "(x - location) / scale",
          {"scale": "scale > 0"}),
    _form("logistic", "location scale", "logistic", "location + scale * s", "(x - location) / scale",
          {"scale": "scale > 0"}),
    _form("pareto", "scale shape", "exponential", "scale * exp(s / shape)", "shape * log(x / scale)",
          {"scale": "scale > 0", "shape": "shape > 0"}, "shape", positive=True),
    _form("student_t", "location scale df", "student", "location + scale * s", "(x - location) / scale",
          {"scale": "scale > 0", "df": "df > 0"}, "df"),
    _form("bernoulli", "p", "bernoulli", "s", "x", {"p": "p >= 0 and p <= 1"}, "p", positive=True),
    _form("poisson", "mean", "poisson", "s", "x", {"mean": "mean >= 0"}, positive=True),
    _form("binomial", "n p", "binomial", "s", "x",
          {"n": "n >= 0 and n == floor(n)", "p": "p >= 0 and p <= 1"}, "n p", positive=True),
)  # fmt: skip


def form_of(family: str, given: Collection[str]) -> Form:
    """Return the form of a family that has the parameters given.

    Raises
    ------
    InvalidValue
        If it has none, with the families that do.
    """
    found = [form for form in FORMS if form.family == family]
    for form in found:
        if set(form.parameters) <= set(given) <= {*form.parameters, *form.optional}:
            return form
    known = ", ".join(
        dict.fromkeys([*(form.family for form in FORMS), "pedigree", "the weights of discrete"])
    )
    raise InvalidValue(f"{family}: its parameters are numbers; those of {known} may be other quantities")


@dataclass(frozen=True, slots=True)
class Place:
    """The parameters of a form, and the bounds within which its values stay, in one draw.

    Parameters
    ----------
    parameters
        By name, in the unit of the values.
    """

    form: Form
    parameters: Mapping[str, Expression]
    low: Expression | None = None
    high: Expression | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether there is a bound."""
        return self.low is not None or self.high is not None

    @property
    def mean(self) -> Expression | None:
        """The mean of counts without bounds; None where no expression is known, and of what is no count."""
        text = STANDARDS[self.form.standard].mean
        return None if self.is_bounded or not text else filled(text, self.parameters)

    @property
    def _shapes(self) -> dict[str, Expression]:
        becomes = {name: filled(text, self.parameters) for name, text in self.form.shapes.items()}
        return {**self.parameters, **becomes}

    @property
    def has_constant_shapes(self) -> bool:
        """Whether the standard distribution is the same in every draw."""
        used = names(_template(STANDARDS[self.form.standard].cdf)) - {"s"}
        return all(constant(self._shapes[name]) is not None for name in used)

    def conditions(self) -> dict[str, Expression]:
        """Return by parameter what must hold, as far as that is not plain."""
        found = {name: filled(text, self.parameters) for name, text in self.form.needs.items()}
        if self.is_bounded:
            below, to = self._ends()
            enough = filled(
                "to - below >= least", {"to": to, "below": below, "least": Number(LEAST_PROBABILITY)}
            )
            found["low" if self.high is None else "high" if self.low is None else "low and high"] = enough
        return {name: each for name, each in found.items() if not constant(each)}

    def score(self, x: Expression) -> Expression:
        """Return the score of a value."""
        return filled(self.form.score, {**self.parameters, "x": x})

    def probability(self, x: Expression) -> Expression:
        """Return which share of what lies within the bounds is below a value; of a count, half of its own."""
        found = self._cdf(self.score(x))
        if self.form.is_counted:
            count = filled("floor(x + 0.5)", {"x": x})
            below, to = self._cdf(filled("k - 1", {"k": count})), self._cdf(count)
            found = filled(
                "below + (x - k + 0.5) * (to - below)", {"below": below, "to": to, "x": x, "k": count}
            )
        if not self.is_bounded:
            return found
        below, to = self._ends()
        return filled("(p - below) / (to - below)", {"p": found, "below": below, "to": to})

    def score_at(self, probability: Expression) -> Expression:
        """Return the score below which a share of what lies within the bounds is."""
        if self.is_bounded:
            below, to = self._ends()
            probability = filled("below + p * (to - below)", {"p": probability, "below": below, "to": to})
        # rounding may not carry a draw to the end of what has none
        inside = filled("minimum(p, last)", {"p": probability, "last": Number(LAST)})
        return filled(STANDARDS[self.form.standard].quantile, {**self._shapes, "u": inside})

    def value(self, score: Expression) -> Expression:
        """Return the value of a score; undefined where a parameter is impossible."""
        found = filled(self.form.value, {**self.parameters, "s": score})
        if self.low is not None:
            found = Call("maximum", (found, self.low))
        if self.high is not None:
            found = Call("minimum", (found, self.high))
        conditions = list(self.conditions().values())
        if not conditions:
            return found
        all_hold = reduce(lambda one, other: Call("logical_and", (one, other)), conditions)
        return filled("x + sqrt(where(holds, 0, -1))", {"x": found, "holds": all_hold})

    def _cdf(self, score: Expression) -> Expression:
        return filled(STANDARDS[self.form.standard].cdf, {**self._shapes, "s": score})

    def _ends(self) -> tuple[Expression, Expression]:
        """Return the probabilities below the lower bound and up to the upper one, before they bound."""
        low, high = self.low, self.high
        if self.form.is_counted:
            low = None if low is None else filled("ceil(x) - 1", {"x": low})
            high = None if high is None else filled("floor(x)", {"x": high})
        below = Number(0.0) if low is None else self._cdf(self.score(low))
        return below, Number(1.0) if high is None else self._cdf(self.score(high))

    def drawn(self, column: Expression, reference: Place) -> Expression:
        """Return what a draw is here that would be `column` at the reference."""
        if self.form.is_counted or self.is_bounded or not self.has_constant_shapes:
            return self.value(self.score_at(reference.probability(column)))
        return self.value(reference.score(column))
