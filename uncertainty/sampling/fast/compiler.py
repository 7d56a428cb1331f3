"""Whether blocks are made by numpy or by loops that numba compiles, which takes half a second to import."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint32] | NDArray[np.uint64]


WORTH_COMPILING = 2**28
"""Input values from which on compiled loops save more than the second that it takes to load them."""

_MODULE = "uncertainty.sampling.fast.loops"


class Loops(Protocol):
    """The loops of `uncertainty.sampling.fast.loops`, which says what each of them does."""

    CODES: Mapping[str, int]
    CHUNK: int

    def draw(self, states: Words, out: FloatArray) -> None:
        """Fill rows with the uniforms that follow PCG64 states."""
        ...

    def fill(self, begin: Words, steps: Words, out: FloatArray) -> None:
        """Fill rows with a block of a scrambled net."""
        ...

    def stretch(self, lines: Numbers, ends: FloatArray, rows: FloatArray) -> None:
        """Replace probabilities by quantiles of uniform distributions."""
        ...

    def look_up(
        self,
        tabled: Numbers,
        own_table: Numbers,
        tables: FloatArray,
        pieces: Numbers,
        edges: FloatArray,
        polynomials: FloatArray,
        rows: FloatArray,
        left: NDArray[np.int32],
    ) -> Numbers:
        """Replace probabilities by quantiles from tables and pieces."""
        ...

    def run(
        self, program: Numbers, places: Numbers, steps: Numbers, arena: FloatArray, start: int, stop: int
    ) -> None:
        """Run a program over some columns of a block."""
        ...


def compiles(values: int, *, wanted: bool | None = None) -> bool:
    """Return whether a run is to use compiled loops.

    Parameters
    ----------
    values
        Input values that the run makes.
    wanted
        True or False to decide; by default they are used where they pay, which is always once a process
        has loaded them.
    """
    if wanted is False or find_spec("numba") is None:
        return False
    return wanted is True or _MODULE in sys.modules or values >= WORTH_COMPILING


@cache
def compiled_loops() -> Loops | None:
    """Return the compiled loops, or None where there is no compiler, or no folder for what it makes."""
    try:
        return cast("Loops", import_module(_MODULE))
    except (ImportError, RuntimeError, AttributeError):
        return None
