"""The closed list of what an expression can compute."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from uncertainty.expressions.special import COUNTED, SPECIAL

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


def evaluate(operation: str, values: tuple[float, ...]) -> float:
    """Apply an operation to numbers, by numpy's function of its name.

    Whole columns may get there by a faster way, and differ by rounding: a small power becomes products.

    Returns
    -------
    float
        Infinite or not-a-number where the result does not exist or is too large; never an exception.
    """
    with np.errstate(all="ignore"):
        if operation in SPECIAL:
            return float(SPECIAL[operation].compute(*values))
        function = getattr(np, OPERATIONS[operation].ufunc)
        if operation in ("minimum", "maximum"):
            return float(function.reduce(values))
        return float(function(*map(np.float64, values)))
