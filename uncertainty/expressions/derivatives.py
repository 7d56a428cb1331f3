"""Derivatives of a tape: what a change of its columns, or the rounding of its steps, does to its outputs.

Forward mode (Griewank & Walther 2008, Evaluating Derivatives, doi:10.1137/1.9780898717761): the tape runs
once, and every row carries beside its values what depends on the derivatives of the steps that made it. There
is one rule for each numpy function that a tape may use.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.expressions.operations import OPERATIONS, STEPS, TRUTHS
from uncertainty.expressions.special import SPECIAL, slopes
from uncertainty.expressions.tape import MASKED, execute
from uncertainty.rounding import FUNCTION, UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.tape import Tape

SPECIAL_FUNCTION = 1000.0
"""Roundings that a distribution function or its inverse may take."""

LOOSE = 1e-9
"""Part of a value beyond which a bound on its rounding error is held against what rounding does."""

TRIALS = 4
"""Runs of a tape with other roundings, each drawn at random."""

MARGIN = 16.0
"""How many times farther than in those trials rounding may go in other draws."""


class Rule(NamedTuple):
    """How a numpy function passes on what its operands carry.

    Parameters
    ----------
    slopes
        From the result and the operands, the derivative of the result by each operand.
    roundings
        Roundings that computing it takes: 0 where the result is one of the operands, a truth value or whole.
    """

    slopes: Callable[..., tuple[FloatArray | float, ...]]
    roundings: float


def _power(result: FloatArray, base: FloatArray, exponent: FloatArray) -> tuple[FloatArray, FloatArray]:
    # a base of 0 stays 0 whatever its positive exponent
    by_exponent = np.where(result == 0, 0.0, result * np.log(base))
    return exponent * base ** (exponent - 1), by_exponent


def _extreme(result: FloatArray, left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    # where both are equal either may be meant: half of each is what a central difference gives
    return (
        np.where(left == right, 0.5, result == left),
        np.where(left == right, 0.5, result == right),
    )


def _where(
    _: FloatArray, condition: FloatArray, if_true: FloatArray, if_false: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    taken = np.broadcast_to(condition != 0, np.broadcast_shapes(np.shape(if_true), np.shape(if_false)))
    return 0.0, np.asarray(taken, float), np.asarray(~taken, float)


def _flat(_: FloatArray, *operands: FloatArray) -> tuple[float, ...]:
    return (0.0,) * len(operands)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "positive": Rule(lambda *_: (1.0,), 0),
        "negative": Rule(lambda *_: (-1.0,), 0),
        "absolute": Rule(lambda _, a: (np.sign(a),), 0),
        "add": Rule(lambda *_: (1.0, 1.0), 1),
        "subtract": Rule(lambda *_: (1.0, -1.0), 1),
        "multiply": Rule(lambda _, a, b: (b, a), 1),
        "divide": Rule(lambda y, _, b: (1 / b, -y / b), 1),
        "reciprocal": Rule(lambda y, _: (-y * y,), 1),
        "power": Rule(_power, FUNCTION),
        "sqrt": Rule(lambda y, _: (0.5 / y,), 1),
        "exp": Rule(lambda y, _: (y,), FUNCTION),
        "expm1": Rule(lambda y, _: (1 + y,), FUNCTION),
        "log": Rule(lambda _, a: (1 / a,), FUNCTION),
        "log1p": Rule(lambda _, a: (1 / (1 + a),), FUNCTION),
        "log10": Rule(lambda _, a: (1 / (a * np.log(10.0)),), FUNCTION),
        "sin": Rule(lambda _, a: (np.cos(a),), FUNCTION),
        "cos": Rule(lambda _, a: (-np.sin(a),), FUNCTION),
        "tan": Rule(lambda y, _: (1 + y * y,), FUNCTION),
        "tanh": Rule(lambda _, a: (1 / np.cosh(a) ** 2,), FUNCTION),
        "arcsin": Rule(lambda _, a: (1 / np.sqrt((1 - a) * (1 + a)),), FUNCTION),
        "arccos": Rule(lambda _, a: (-1 / np.sqrt((1 - a) * (1 + a)),), FUNCTION),
        "arctan": Rule(lambda _, a: (1 / (1 + a * a),), FUNCTION),
        "minimum": Rule(_extreme, 0),
        "maximum": Rule(_extreme, 0),
        "where": Rule(_where, 0),
    }
    | {name: Rule(slopes(name), SPECIAL_FUNCTION) for name in SPECIAL}
    | {OPERATIONS[name].ufunc: Rule(_flat, 0) for name in TRUTHS | STEPS}
)
"""By numpy function, its rule."""


def gradient(tape: Tape, columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the outputs, shape (outputs, n), and their derivatives by the columns, (outputs, columns, n).

    At a kink, where no derivative exists, it is the mean of both sides; at a jump it is that of the side
    that the point belongs to.

    Parameters
    ----------
    columns
        Shape (columns, n).
    """
    width, n = columns.shape
    start = np.broadcast_to(np.eye(width)[:, :, None], (width, width, n))

    def step(slopes: list[FloatArray], carried: list[FloatArray], *_: object) -> FloatArray:
        return _sum([_product(slope, each) for slope, each in zip(slopes, carried, strict=True)], (width, n))

    return _carry(tape, columns, start, np.zeros((width, n)), step)


def rounding_errors(tape: Tape, columns: FloatArray) -> FloatArray:
    """Return a bound, to first order, on the rounding errors of the outputs, shape (outputs, n).

    What the columns hold, and constants, count as exact. The bound takes all roundings to work together,
    which they do not where steps feed back on themselves hundreds of times: there it is what other roundings,
    drawn at random, change (Monte Carlo arithmetic: Parker 1997, UCLA CSD-970002), with a margin.

    Parameters
    ----------
    columns
        Shape (columns, n).
    """
    width, n = columns.shape

    def step(
        slopes: list[FloatArray], carried: list[FloatArray], result: FloatArray, roundings: float
    ) -> FloatArray:
        passed = [_product(np.abs(slope), each) for slope, each in zip(slopes, carried, strict=True)]
        return _sum([*passed, roundings * UNIT * np.abs(result)], (n,))

    values, bound = _carry(tape, columns, np.zeros((width, n)), np.zeros(n), step)
    if not (bound > LOOSE * np.abs(values)).any():
        return bound
    changed = [np.abs(_rerounded(tape, columns, trial) - values) for trial in range(TRIALS)]
    farthest = np.max(changed, axis=(0, 2), where=np.isfinite(values), initial=0.0)
    return np.asarray(np.minimum(bound, MARGIN * farthest[:, None]))


def _rerounded(tape: Tape, columns: FloatArray, trial: int) -> FloatArray:
    """Return the outputs, shape (outputs, n), with each step's roundings drawn at random."""
    random, n = np.random.default_rng(trial), columns.shape[1]
    values: list[FloatArray] = [*columns, *(np.full(n, constant) for constant in tape.constants)]
    values += [np.zeros(n)] * (tape.slots + tape.outputs)
    with np.errstate(all="ignore"):
        for function, rows, target in tape.instructions:
            given = [values[row] for row in (rows[1:] if function in MASKED else rows)]
            exact = execute(function, given, n)
            values[target] = exact * (1 + RULES[function].roundings * UNIT * random.uniform(-2, 2, n))
    return np.array(values[-tape.outputs :])


def _carry(
    tape: Tape, columns: FloatArray, start: FloatArray, nothing: FloatArray, step: Callable[..., FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Run a tape, every row carrying what `step` makes of the slopes and of what the operands carry."""
    n = columns.shape[1]
    values: list[FloatArray] = [*columns, *(np.full(n, constant) for constant in tape.constants)]
    carried = [*start, *[nothing] * len(tape.constants)]
    empty = tape.slots + tape.outputs
    values += [np.zeros(n)] * empty
    carried += [nothing] * empty
    with np.errstate(all="ignore"):
        for function, rows, target in tape.instructions:
            operands = rows[1:] if function in MASKED else rows
            given = [values[row] for row in operands]
            result = execute(function, given, n)
            rule = RULES[function]
            slopes = [np.asarray(slope, float) for slope in rule.slopes(result, *given)]
            carried[target] = step(slopes, [carried[row] for row in operands], result, rule.roundings)
            values[target] = result
    last = slice(len(values) - tape.outputs, None)
    return np.array(values[last]).reshape(-1, n), np.array(carried[last])


def _product(slope: FloatArray, carried: FloatArray) -> FloatArray:
    """Return the product, 0 where either is: a branch that is not taken may be infinite."""
    return np.where((slope == 0) | (carried == 0), 0.0, slope * carried)


def _sum(parts: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    total = np.zeros(shape)
    for part in parts:
        total = total + part
    return total
