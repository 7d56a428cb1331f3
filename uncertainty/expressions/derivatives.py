"""Derivatives of a tape: what a change of its columns does to its outputs, and where it bends or jumps."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.expressions.graph import Apply
from uncertainty.expressions.lowering import reached
from uncertainty.expressions.operations import AVERAGE, COUNTED, OPERATIONS, SPECIAL, STEPS, TRUTHS, slopes
from uncertainty.expressions.tape import MASKED, compile_tape, execute
from uncertainty.rounding import FUNCTION, UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.graph import Graph
    from uncertainty.expressions.tape import Tape
    from uncertainty.expressions.tree import Expression


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
    with np.errstate(invalid="ignore"):
        changed = [np.abs(_rerounded(tape, columns, trial) - values) for trial in range(TRIALS)]
    # what other roundings make undefined, no number of theirs bounds
    told = np.nan_to_num(changed, nan=np.inf, posinf=np.inf)
    farthest = np.max(told, axis=(0, 2), where=np.isfinite(values), initial=0.0)
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


SMOOTH = frozenset(
    {
        *("add", "subtract", "multiply", "divide", "power", "negative", AVERAGE),
        *("sqrt", "exp", "expm1", "log", "log1p", "log10"),
        *("sin", "cos", "tan", "tanh", "asin", "acos", "atan"),
        *(SPECIAL.keys() - COUNTED),
    }
)
"""Operations that have a derivative wherever they have a value, but for single points."""

EXTREMES = frozenset({"minimum", "maximum"})


def jumps(tape: Tape) -> bool:
    """Tell whether some operation of a tape jumps, such as a comparison."""
    jumping = {OPERATIONS[name].ufunc for name in TRUTHS | STEPS}
    return any(function in jumping for function, _, _ in tape.instructions)


class Kink(NamedTuple):
    """An operation that bends or jumps among some points.

    Parameters
    ----------
    expression
        Where.
    share
        Share of the points that lie on the other side than the first.
    """

    expression: Expression
    share: float


def find_kinks(
    graph: Graph, output: str, variables: Sequence[str], constants: Mapping[str, float], columns: FloatArray
) -> list[Kink]:
    """Return the operations that take another branch at some points than at the first, and matter there.

    Parameters
    ----------
    columns
        Values of the variables, shape (variables, n).
    """
    target = graph.node_of(output)
    nodes, known = reached(graph, [target], variables, constants)
    values = _values(graph, nodes, known, variables, constants, columns)
    active = {target: np.ones(columns.shape[1], np.bool_)}
    found = []
    for position in reversed(nodes):
        node, here = graph.nodes[position], active.get(position)
        if here is None or not isinstance(node, Apply):
            continue
        branch = _branch(node, values, values[position])
        other = here & (branch != branch[0])
        if here[0] and other.any():
            found.append(Kink(graph.sources[position], float(other.mean())))
        for place, operand in enumerate(node.operands):
            active[operand] = active.get(operand, False) | (here & _matters(node, place, branch))
    return found[::-1]


def _values(
    graph: Graph,
    nodes: Sequence[int],
    known: Sequence[float | None],
    variables: Sequence[str],
    constants: Mapping[str, float],
    columns: FloatArray,
) -> dict[int, FloatArray]:
    """Return the values of nodes, each of shape (n,)."""
    wanted = {str(node): node for node in nodes}
    whole = dataclasses.replace(graph, outputs=wanted)
    out = np.empty((len(wanted), columns.shape[1]))
    compile_tape(whole, list(wanted), variables, constants).run(columns, out)
    fixed = {node: np.full(columns.shape[1], value) for node, value in enumerate(known) if value is not None}
    return fixed | dict(zip(nodes, out, strict=True))


def _branch(node: Apply, values: Mapping[int, FloatArray], result: FloatArray) -> np.ndarray:
    """Return for each point which branch an operation takes, as a number or truth value."""
    first = values[node.operands[0]]
    if node.operation == "abs":
        return np.greater(first, 0)
    if node.operation == "where":
        return np.not_equal(first, 0)
    if node.operation in TRUTHS | STEPS:
        return result
    if node.operation in EXTREMES:
        operands = np.array([values[operand] for operand in node.operands])
        return np.asarray(operands.argmin(axis=0) if node.operation == "minimum" else operands.argmax(axis=0))
    return np.zeros(first.shape, np.bool_)


def _matters(node: Apply, place: int, branch: np.ndarray) -> np.ndarray | bool:
    """Tell for each point whether the result changes with an operand."""
    if node.operation == "where":
        return (False, branch, ~branch)[place]
    if node.operation in TRUTHS | STEPS:
        return False
    return branch == place if node.operation in EXTREMES else True
