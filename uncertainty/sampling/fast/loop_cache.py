"""What numba has compiled, kept on disk and loaded only where it is what was written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba import njit
from numba.core import caching

from uncertainty.disk import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable

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
