"""Whether blocks are made by numpy or by loops that numba compiles, and what of these is kept on disk."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from numba import njit
from numba.core import caching

from uncertainty.disk import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

    def move(self, first: Words, constants: Words, out: FloatArray) -> None:
        """Fill rows with a block of a scrambled net."""
        ...

    def stretch(self, lines: Numbers, ends: FloatArray, rows: FloatArray) -> None:
        """Replace probabilities by quantiles of uniform distributions."""
        ...

    def look_up(
        self,
        tabled: Numbers,
        tables: FloatArray,
        pieces: Numbers,
        edges: FloatArray,
        polynomials: FloatArray,
        rows: FloatArray,
        left: Numbers,
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


# numba has types for hardly anything of this
_FunctionCache: Any = caching.FunctionCache
_CacheFile: Any = caching.IndexDataCacheFile

SEAL = ".sha256"
"""What the name of a file ends in that holds another's hash."""


def cached_loop(**options: Any) -> Callable[[Any], Any]:
    """Return a decorator as numba's with ``cache=True``, whose files are checked before they are loaded."""

    def compiled(function: Any) -> Any:
        found = njit(**options)(function)
        found._cache = LoopCache(function)
        return found

    return compiled


class SealedFiles(_CacheFile):  # type: ignore[misc]  # see above
    """The files of one compiled function; what does not have its seal is as if it were not there."""

    def _load_index(self) -> Any:
        return super()._load_index() if is_sealed(Path(self._index_path)) else {}

    def _save_index(self, overloads: Any) -> None:
        super()._save_index(overloads)
        seal(Path(self._index_path))

    def _load_data(self, name: str) -> Any:
        path = Path(self._data_path(name))
        if not is_sealed(path):
            raise FileNotFoundError(path)
        return super()._load_data(name)

    def _save_data(self, name: str, data: Any) -> None:
        super()._save_data(name, data)
        seal(Path(self._data_path(name)))


class LoopCache(_FunctionCache):  # type: ignore[misc]  # see above
    """The cache of one function; a disk that takes nothing costs time to compile, and no run."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = SealedFiles(self._cache_path, self._impl.filename_base, stamp)

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep what has been compiled for a signature, where that can be kept."""
        with suppress(OSError):
            super().save_overload(signature, data)


def seal(path: Path) -> None:
    """Write a file's hash beside it."""
    path.with_name(path.name + SEAL).write_text(sha256_of(path), encoding="ascii")


def is_sealed(path: Path) -> bool:
    """Tell whether a file is what it was when its seal was written."""
    try:
        return path.with_name(path.name + SEAL).read_bytes() == sha256_of(path).encode()
    except OSError:
        return False
