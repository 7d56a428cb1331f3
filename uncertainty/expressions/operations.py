"""The closed list of what an expression can compute, functions of distributions included."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from uncertainty.expressions.counts import binomial_cdf, binomial_quantile, poisson_cdf, poisson_quantile
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import ArrayLike, NDArray

    from uncertainty.values import FloatArray

    Function: TypeAlias = Callable[..., FloatArray]


NEGLIGIBLE = 1e-12
"""Share of a quantile that the second power of a series is, where the first is taken alone."""


SHARP = 1e8
"""Shapes from which on a beta's quantiles follow from its moments to the last digit but one."""


class Special(NamedTuple):
    """A function of columns.

    Parameters
    ----------
    compute
        From arrays that broadcast.
    density
        From the result and the operands, what the last operand's derivative is, or for a quantile its
        inverse; None for counts, which are flat between their steps.
    is_quantile
        Whether the last operand is a probability.
    takes_out
        Whether `compute` takes the array to write to as `out`, as numpy's functions do.
    """

    compute: Function
    density: Function | None = None
    is_quantile: bool = False
    takes_out: bool = False


def _scipy(name: str) -> Function:
    def compute(*operands: ArrayLike, out: FloatArray | None = None) -> FloatArray:
        found: FloatArray = np.asarray(_found(name)(*operands, out=out), float)
        return found

    return compute


@cache
def _found(name: str) -> Callable[..., ArrayLike]:
    from uncertainty import special

    found: Callable[..., ArrayLike] = getattr(special, name)
    return found


def beta_quantile(a: ArrayLike, b: ArrayLike, u: ArrayLike) -> FloatArray:
    """Quantiles of the beta distribution on [0, 1], down to the smallest probabilities."""
    from uncertainty import special

    sharp = np.minimum(a, b) >= SHARP
    if sharp.any():
        # the library takes the longer the larger both shapes are
        others = beta_quantile(np.where(sharp, 1.0, a), np.where(sharp, 1.0, b), u)
        return np.where(sharp, _sharp_beta_quantile(a, b, special.ndtri(u)), others)
    inverse = np.asarray(special.betaincinv(a, b, u), float)
    lost = np.isnan(inverse)
    if not lost.any():
        return inverse
    # so far out that the library gives up (probabilities below 1e-160), the leading power is exact
    with np.errstate(all="ignore"):
        leading = np.exp((np.log(u) + np.log(a) + special.betaln(a, b)) / a)
        # the next one is smaller by this; some libraries give up at the middle of very sharp ones too
        is_far = leading * np.maximum(b, 1.0) < NEGLIGIBLE
    return np.where(lost & is_far, leading, inverse)


def _sharp_beta_quantile(a: ArrayLike, b: ArrayLike, z: FloatArray) -> FloatArray:
    """Return quantiles at normal scores by the Cornish-Fisher expansion of the second order, 0 to 1."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(all="ignore"):
        both = a + b
        mean, other = a / both, b / both
        sd = np.sqrt(mean * other / (both + 1.0))
        skewed = 2.0 * (other - mean) / np.sqrt(mean * other * both)
        peaked = 6.0 * ((mean - other) ** 2 - mean * other) / (mean * other * both)
        bent = skewed / 6.0 * (z * z - 1.0)
        further = peaked / 24.0 * (z**3 - 3.0 * z) - skewed**2 / 36.0 * (2.0 * z**3 - 5.0 * z)
        found = np.where(np.isfinite(z), mean + sd * (z + bent + further), z)
    return np.clip(found, 0.0, 1.0)


def student_quantile(df: ArrayLike, u: ArrayLike) -> FloatArray:
    """Quantiles of the standard t, antisymmetric to the last bit and infinite at 0 and 1."""
    from uncertainty import special

    u = np.asarray(u, float)
    tail = np.minimum(u, 1.0 - u)
    # The library is wrong below 1e-200; quantiles that far out serve no purpose but must not decrease.
    magnitude: FloatArray = np.abs(special.stdtrit(df, np.where(tail > 0.0, np.maximum(tail, 1e-150), 0.0)))
    return np.where(u < 0.5, -magnitude, magnitude)


def _gamma_cdf(shape: ArrayLike, x: ArrayLike) -> FloatArray:
    return _scipy("gammainc")(shape, np.maximum(x, 0.0))


def _beta_cdf(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> FloatArray:
    return _scipy("betainc")(a, b, np.clip(x, 0.0, 1.0))


def _normal_density(x: FloatArray) -> FloatArray:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _gamma_density(shape: FloatArray, x: FloatArray) -> FloatArray:
    from uncertainty import special

    return cast("FloatArray", np.exp((shape - 1) * np.log(x) - x - special.gammaln(shape)))


def _beta_density(a: FloatArray, b: FloatArray, x: FloatArray) -> FloatArray:
    from uncertainty import special

    return cast("FloatArray", np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)))


def _student_density(df: FloatArray, x: FloatArray) -> FloatArray:
    from uncertainty import special

    scale = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - np.log(df * np.pi) / 2
    return cast("FloatArray", np.exp(scale - (df + 1) / 2 * np.log1p(x * x / df)))


SPECIAL: Mapping[str, Special] = MappingProxyType(
    {
        "normal_cdf": Special(_scipy("ndtr"), _normal_density, takes_out=True),
        "normal_quantile": Special(_scipy("ndtri"), _normal_density, is_quantile=True, takes_out=True),
        "gamma_cdf": Special(_gamma_cdf, _gamma_density),
        "gamma_quantile": Special(_scipy("gammaincinv"), _gamma_density, is_quantile=True, takes_out=True),
        "beta_cdf": Special(_beta_cdf, _beta_density),
        "beta_quantile": Special(beta_quantile, _beta_density, is_quantile=True),
        "student_cdf": Special(_scipy("stdtr"), _student_density, takes_out=True),
        "student_quantile": Special(student_quantile, _student_density, is_quantile=True),
        "poisson_cdf": Special(poisson_cdf),
        "poisson_quantile": Special(poisson_quantile, is_quantile=True),
        "binomial_cdf": Special(binomial_cdf),
        "binomial_quantile": Special(binomial_quantile, is_quantile=True),
    }
)
"""By name, which is also how they stand in a graph."""

COUNTED = frozenset(name for name, special in SPECIAL.items() if special.density is None)
"""Those that go in steps."""


def slopes(name: str) -> Callable[..., tuple[FloatArray | float, ...]]:
    """Return the rule that gives a function's derivatives by its operands, from result and operands.

    By the last one from the density; by a parameter from a central difference of the distribution function,
    right to about ten digits.
    """
    special = SPECIAL[name]
    cdf = SPECIAL[name.replace("quantile", "cdf")].compute

    def rule(result: FloatArray, *operands: FloatArray) -> tuple[FloatArray | float, ...]:
        if special.density is None:
            return (0.0,) * len(operands)
        *parameters, last = operands
        at = result if special.is_quantile else last
        density = special.density(*parameters, at)
        by_parameters = [_difference(cdf, parameters, place, at) for place in range(len(parameters))]
        if special.is_quantile:
            return (*(-each / density for each in by_parameters), 1 / density)
        return (*by_parameters, density)

    return rule


def _difference(cdf: Function, parameters: list[FloatArray], place: int, at: FloatArray) -> FloatArray:
    step = 6e-6 * np.abs(parameters[place])
    up, down = ([*parameters] for _ in range(2))
    up[place], down[place] = parameters[place] + step, parameters[place] - step
    return (cdf(*up, at) - cdf(*down, at)) / (up[place] - down[place])


CONSTANTS = MappingProxyType({"pi": math.pi})
COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
LOGIC = frozenset({"logical_and", "logical_or", "logical_not"})
TRUTHS = COMPARISONS | LOGIC
"""Operations that give 1 for true and 0 for false; to them 0 is false, and everything else is true."""

STEPS = frozenset({"floor", "ceil", "round"}) | COUNTED
"""Functions that go in steps, and are flat between them."""

AVERAGE = "average"
"""The mean over the cases, given what nobody knows: of one case, and at the points, it is what it is of."""

OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER = range(1, 9)
ATOM = 9
"""Precedence of what never needs parentheses: numbers, names and function calls."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator or function.

    Parameters
    ----------
    ufunc
        Name of the numpy function that computes it, or of one in `SPECIAL`; ``where`` is not a ufunc in
        numpy, but is named alike.
    arguments
        Fewest and most arguments; no upper limit if the most is None.
    symbol
        How an operator is written; empty for a function.
    precedence
        How tightly an operator binds, as in Python.
    """

    ufunc: str
    arguments: tuple[int, int | None]
    symbol: str = ""
    precedence: int = ATOM

    def accepts(self, count: int) -> bool:
        """Say whether it can be given that many arguments."""
        fewest, most = self.arguments
        return fewest <= count and (most is None or count <= most)


def _operator(ufunc: str, symbol: str, precedence: int) -> Operation:
    return Operation(ufunc, (2, 2), symbol, precedence)


OPERATORS = MappingProxyType(
    {
        "logical_or": _operator("logical_or", "or", OR),
        "logical_and": _operator("logical_and", "and", AND),
        "logical_not": Operation("logical_not", (1, 1), "not", NOT),
        "add": _operator("add", "+", SUM),
        "subtract": _operator("subtract", "-", SUM),
        "multiply": _operator("multiply", "*", PRODUCT),
        "divide": _operator("divide", "/", PRODUCT),
        "power": _operator("power", "**", POWER),
        "less": _operator("less", "<", COMPARISON),
        "less_equal": _operator("less_equal", "<=", COMPARISON),
        "greater": _operator("greater", ">", COMPARISON),
        "greater_equal": _operator("greater_equal", ">=", COMPARISON),
        "equal": _operator("equal", "==", COMPARISON),
        "not_equal": _operator("not_equal", "!=", COMPARISON),
        "negative": Operation("negative", (1, 1), "-", SIGN),
    }
)
_OF_ONE_NUMBER = MappingProxyType(
    {name: name for name in ("sqrt", "exp", "expm1", "log", "log1p", "log10", "sin", "cos", "tan", "tanh")}
    | {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "abs": "absolute"}
    | {"floor": "floor", "ceil": "ceil", "round": "rint"}
)
FUNCTIONS = MappingProxyType(
    {name: Operation(ufunc, (1, 1)) for name, ufunc in _OF_ONE_NUMBER.items()}
    | {
        "minimum": Operation("minimum", (2, None)),
        "maximum": Operation("maximum", (2, None)),
        "where": Operation("where", (3, 3)),
        AVERAGE: Operation("positive", (1, 1)),
    }
)
HIDDEN = MappingProxyType({name: Operation(name, (1, 3)) for name in SPECIAL})
"""Functions that no text can name."""

OPERATIONS = MappingProxyType({**OPERATORS, **FUNCTIONS, **HIDDEN})
REDUCTIONS = MappingProxyType(
    {"sum": "add", "mean": "add", "product": "multiply", "smallest": "minimum", "largest": "maximum"}
)
"""Functions that join the members of indices, and the operation by which they do."""

SELECT = "select"
"""A quantity at members of its indices, ``hour[us]``: a call of the quantity's name and of the members."""

OVER_INDICES = MappingProxyType(
    {name: Operation("", (1, None)) for name in REDUCTIONS}
    | {"cumulative": Operation("", (2, 2)), "previous": Operation("", (3, 3))}
    | {"interpolate": Operation("", (2, 2))}
)
"""Functions that know of indices and curves; what they compute at each member is of `OPERATIONS`."""

FREE = frozenset({"expm1", "log1p", "asin", "acos", "atan", "floor", "ceil", "round", *OVER_INDICES, AVERAGE})
"""Functions only before a parenthesis: studies had their names for quantities before there were these."""


def undecided(operation: str, values: Sequence[ArrayLike]) -> NDArray[np.bool_]:
    """Tell where truth is open, since what is asked about is no number: ``0 and x`` is 0 whatever x is."""
    without = [np.isnan(each) for each in values]
    if operation not in ("logical_and", "logical_or"):
        return cast("NDArray[np.bool_]", np.any(np.broadcast_arrays(*without), axis=0))
    decisive = [
        ~lost & (np.not_equal(each, 0.0) == (operation == "logical_or"))
        for each, lost in zip(values, without, strict=True)
    ]
    return cast("NDArray[np.bool_]", (without[0] | without[1]) & ~(decisive[0] | decisive[1]))


def evaluate(operation: str, values: tuple[float, ...]) -> float:
    """Apply an operation to numbers, by numpy's function of its name.

    Whole columns may get there by a faster way, and differ by rounding: a small power becomes products.

    Returns
    -------
    float
        Infinite or not-a-number where the result does not exist or is too large; never an exception.
    """
    # by their digits, which tell 0 from -0
    return _evaluated(operation, tuple(float(value).hex() for value in values))


@lru_cache(maxsize=2**13)
def _evaluated(operation: str, digits: tuple[str, ...]) -> float:
    """Apply an operation to numbers: the scenarios of a study have most that is constant in common."""
    values = tuple(map(float.fromhex, digits))
    with np.errstate(all="ignore"):
        if operation in SPECIAL:
            return float(SPECIAL[operation].compute(*values))
        function = getattr(np, OPERATIONS[operation].ufunc)
        if operation in ("minimum", "maximum"):
            return float(function.reduce(values))
        if operation == "where" and math.isnan(values[0]):
            return math.nan
        if operation in TRUTHS and undecided(operation, values):
            return math.nan
        return float(function(*map(np.float64, values)))
