"""The loops that a compiler makes fast, in machine code by numba; importing this module costs half a second.

Each does what the numpy code that it stands for does, operation by operation, so that the numbers are the
same to the last bit: nothing is reordered and no product and sum are fused. They release the interpreter's
lock once for a whole block, where numpy releases it for each step of a few microseconds, for which threads
then wait in turn.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from uncertainty.sampling.fast.loop_cache import cached_loop

PCG64_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
"""Of O'Neill's PCG XSL RR 128/64 (2014, https://www.pcg-random.org/paper.html), as numpy has it."""

CHUNK = 1024
"""Rows that a program works through at a time: what it needs of them stays in a core's first cache."""

CODES = {
    name: code
    for code, name in enumerate(
        (
            *("add", "subtract", "multiply", "divide", "minimum", "maximum"),
            *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
            *("where", "negative", "positive", "absolute", "reciprocal", "sqrt"),
            *("logical_and", "logical_or", "logical_not", "floor", "ceil", "rint"),
        )
    )
}
"""Operations of a program that IEEE 754 defines to the last bit, by numpy's name for them."""

_HALF_STEP = 2.0**-55
_CELLS = 4096.0
_TERMS = 8
_COMPILED: Any = {"nogil": True, "error_model": "numpy"}


def _multiply_and_add(context: Any, high: Any, low: Any, add_high: Any, add_low: Any) -> Any:  # noqa: ARG001 - numba's
    """Multiply and add 128-bit numbers in two halves each, for which numpy has no type."""

    def generate(context: Any, builder: Any, signature: Any, halves: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        state, increment = (
            builder.or_(builder.shl(builder.zext(high, wide), wide(64)), builder.zext(low, wide))
            for high, low in (halves[:2], halves[2:])
        )
        state = builder.add(builder.mul(state, wide(PCG64_MULTIPLIER)), increment)
        found = builder.trunc(builder.lshr(state, wide(64)), word), builder.trunc(state, word)
        return context.make_tuple(builder, signature.return_type, found)

    pair = cast("Any", types).UniTuple(types.uint64, 2)
    return pair(*[types.uint64] * 4), generate


_pcg64_step: Any = intrinsic(_multiply_and_add)


@njit(**_COMPILED)
def _uniform(high: Any, low: Any) -> Any:
    """Return the number in (0, 1) that a PCG64 state stands for."""
    word, turn = high ^ low, high >> np.uint64(58)
    word = (word >> turn) | (word << ((np.uint64(64) - turn) & np.uint64(63)))
    return (word >> np.uint64(11)) * 2.0**-53 + _HALF_STEP


@cached_loop(**_COMPILED)
def draw(states: Any, out: Any) -> None:
    """Fill `out`, shape (names, rows), from PCG64 states, shape (names, 4), and leave the states after it."""
    names, rows = out.shape
    # a step waits for the one before it: four streams at a time hide that
    for first in range(0, names, 4):
        a, b, c, d = first, min(first + 1, names - 1), min(first + 2, names - 1), min(first + 3, names - 1)
        a0, a1, b0, b1 = states[a, 0], states[a, 1], states[b, 0], states[b, 1]
        c0, c1, d0, d1 = states[c, 0], states[c, 1], states[d, 0], states[d, 1]
        a2, a3, b2, b3 = states[a, 2], states[a, 3], states[b, 2], states[b, 3]
        c2, c3, d2, d3 = states[c, 2], states[c, 3], states[d, 2], states[d, 3]
        out_a, out_b, out_c, out_d = out[a], out[b], out[c], out[d]
        for i in range(rows):
            a0, a1 = _pcg64_step(a0, a1, a2, a3)
            b0, b1 = _pcg64_step(b0, b1, b2, b3)
            c0, c1 = _pcg64_step(c0, c1, c2, c3)
            d0, d1 = _pcg64_step(d0, d1, d2, d3)
            out_a[i], out_b[i] = _uniform(a0, a1), _uniform(b0, b1)
            out_c[i], out_d[i] = _uniform(c0, c1), _uniform(d0, d1)
        states[a, 0], states[a, 1], states[b, 0], states[b, 1] = a0, a1, b0, b1
        states[c, 0], states[c, 1], states[d, 0], states[d, 1] = c0, c1, d0, d1


@cached_loop(**_COMPILED)
def fill(begin: Any, steps: Any, out: Any) -> None:
    """Fill `out`, shape (places, rows), with a block of a net, from its first point and its steps."""
    words = np.empty(out.shape[1], np.uint32)
    for place in range(out.shape[0]):
        row, known, digit = out[place], 1, 0
        words[0] = begin[place]
        while known < row.size:
            step = steps[place, digit]
            for i in range(known):
                words[known + i] = words[i] ^ step
            known, digit = 2 * known, digit + 1
        for i in range(row.size):
            row[i] = words[i] * 2.0**-30 + 2.0**-31


@cached_loop(**_COMPILED)
def stretch(lines: Any, ends: Any, rows: Any) -> None:
    """Replace probabilities by quantiles of uniform distributions, in place.

    `lines` are rows of `rows`, `ends` their lowest and highest value and the range between.
    """
    for k in range(lines.size):
        row, low, high, width = rows[lines[k]], ends[k, 0], ends[k, 1], ends[k, 2]
        for i in range(row.size):
            x = row[i] * width + low
            row[i] = x if x < high else high


@cached_loop(**_COMPILED)
def look_up(
    tabled: Any, own_table: Any, tables: Any, pieces: Any, edges: Any, polynomials: Any, rows: Any, left: Any
) -> Any:
    """Replace probabilities by quantiles from tables and pieces, in place.

    Parameters
    ----------
    tabled
        Which rows of `rows` have one, shape (n,).
    own_table
        Which table each of them has, shape (n,).
    tables
        Coefficients, shape (tables, cells + 1, 3).
    pieces
        For each table the first and the last but one of its polynomials, none if they are the same, and its
        first edge; shape (tables, 3).
    edges, polynomials
        Of all pieces, shapes (edges,) and (pieces, 4 + terms): middle, one over half the width, lowest and
        highest value, coefficients.
    left
        Filled with the columns of what neither answers, which is left as it is; shape (n x rows,).

    Returns
    -------
    array
        For each row with a table the end of its part of `left`, shape (n,).
    """
    ends, found = np.empty(tabled.size, np.int64), 0
    for k in range(tabled.size):
        number, row = own_table[k], rows[tabled[k]]
        table = tables[number]
        first, last, edge = pieces[number, 0], pieces[number, 1], pieces[number, 2]
        for i in range(row.size):
            u = row[i]
            cell = np.int64(np.rint(u * _CELLS)) & 8191
            x = table[cell, 0]
            if not np.isnan(x):
                row[i] = (table[cell, 2] * u + table[cell, 1]) * u + x
                continue
            if first != last:
                low, high = edge, edge + last - first - 1
                while low < high:
                    middle = (low + high) // 2
                    if edges[middle] <= u:
                        low = middle + 1
                    else:
                        high = middle
                own = polynomials[first + low - edge]
                t, x = (u - own[0]) * own[1], own[3 + _TERMS]
                for term in range(_TERMS - 2, -1, -1):
                    x = x * t + own[4 + term]
                x = own[3] if x > own[3] else x
                x = own[2] if x < own[2] else x
            if not np.isnan(x):
                row[i] = x
            else:
                left[found] = i
                found += 1
        ends[k] = found
    return ends


@njit(**_COMPILED)
def _tell(code: Any, a: Any, b: Any, x: Any) -> None:
    """Write to `x` where one column is so beside another: 1 where it is, 0 elsewhere."""
    n = x.size
    if code == 6:
        for i in range(n):
            x[i] = a[i] < b[i]
    elif code == 7:
        for i in range(n):
            x[i] = a[i] <= b[i]
    elif code == 8:
        for i in range(n):
            x[i] = a[i] > b[i]
    elif code == 9:
        for i in range(n):
            x[i] = a[i] >= b[i]
    elif code == 10:
        for i in range(n):
            x[i] = a[i] == b[i]
    elif code == 11:
        for i in range(n):
            x[i] = a[i] != b[i]
    elif code == 18:
        for i in range(n):
            x[i] = a[i] != 0.0 and b[i] != 0.0
    elif code == 19:
        for i in range(n):
            x[i] = a[i] != 0.0 or b[i] != 0.0
    else:
        for i in range(n):
            x[i] = a[i] == 0.0


@njit(**_COMPILED)
def _apply(code: Any, a: Any, b: Any, c: Any, x: Any) -> None:
    """Write one operation on columns to `x`, which shares no memory with them."""
    n = x.size
    if 6 <= code <= 11 or 18 <= code <= 20:
        _tell(code, a, b, x)
    elif code == 0:
        for i in range(n):
            x[i] = a[i] + b[i]
    elif code == 1:
        for i in range(n):
            x[i] = a[i] - b[i]
    elif code == 2:
        for i in range(n):
            x[i] = a[i] * b[i]
    elif code == 3:
        for i in range(n):
            x[i] = a[i] / b[i]
    elif code == 4:
        # of two zeros numpy takes the second, whatever their signs
        for i in range(n):
            x[i] = a[i] if a[i] < b[i] or np.isnan(a[i]) else b[i]
    elif code == 5:
        for i in range(n):
            x[i] = a[i] if a[i] > b[i] or np.isnan(a[i]) else b[i]
    elif code == 12:
        for i in range(n):
            x[i] = b[i] if a[i] != 0.0 else c[i]
    elif code == 13:
        for i in range(n):
            x[i] = -a[i]
    elif code == 14:
        for i in range(n):
            x[i] = a[i]
    elif code == 15:
        for i in range(n):
            x[i] = abs(a[i])
    elif code == 16:
        for i in range(n):
            x[i] = 1.0 / a[i]
    elif code == 17:
        for i in range(n):
            x[i] = np.sqrt(a[i])
    elif code == 21:
        for i in range(n):
            x[i] = np.floor(a[i])
    elif code == 22:
        for i in range(n):
            x[i] = np.ceil(a[i])
    else:
        for i in range(n):
            x[i] = np.rint(a[i])


@cached_loop(**_COMPILED)
def run(program: Any, places: Any, steps: Any, arena: Any, start: Any, stop: Any) -> None:
    """Run a program over the columns `start` to `stop` - 1 of a block.

    Parameters
    ----------
    program
        For each instruction its code, three operands and the target, numbers of rows; shape (n, 5).
    places, steps
        Where each row begins in the arena, and whether it moves along with the columns (1) or is of one
        chunk (0); shape (rows,) each.
    """
    result = np.empty(CHUNK)
    for column in range(start, stop, CHUNK):
        n = min(CHUNK, stop - column)
        x = result[:n]
        for k in range(program.shape[0]):
            a, b, c = program[k, 1], program[k, 2], program[k, 3]
            at_a, at_b = places[a] + steps[a] * column, places[b] + steps[b] * column
            at_c = places[c] + steps[c] * column
            _apply(program[k, 0], arena[at_a : at_a + n], arena[at_b : at_b + n], arena[at_c : at_c + n], x)
            target = program[k, 4]
            at = places[target] + steps[target] * column
            out = arena[at : at + n]
            for i in range(n):
                out[i] = x[i]
