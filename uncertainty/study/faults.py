"""Collecting everything that is wrong with a study file, so that one look at the output mends it all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.indices.index import parted
from uncertainty.late import regex
from uncertainty.study.written import is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from uncertainty.indices.index import Addresses

T = TypeVar("T")

_BARE = regex(r"[\w-]+")

REQUIRED = "this key is required"

MOST_HINTS = 20
"""Unknown names of one file that are compared with all that there are; thousands would take minutes."""

_WHERE: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "input": (("inputs",),),
        "equation": (("equations",),),
        "quantity": (("inputs",), ("equations",)),
        "output": (("outputs",),),
        "quantity or output": (("inputs",), ("equations",), ("outputs",)),
        "choice": (("choices",),),
        "source": (("sources",),),
        "index": (("indices",),),
        "observation": (("observations",),),
    }
)
"""The tables that names of each kind are those of."""
_REQUIRED = MappingProxyType({"outputs": None, "options": None})
"""Tables whose absence is a fault: no name is unknown for want of them."""


class Faults:
    """The faults found so far in one file.

    Parameters
    ----------
    file
        Name of the file as the user gave it; empty for values that came from elsewhere.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.found: list[Fault] = []
        self.written: Mapping[str, Any] = {}
        """The file's tables as they were written, sound or not."""
        self._unknown = 0

    def add(self, key: str, message: str) -> None:
        """Record that the value at `key` is wrong."""
        self.found.append(Fault(message, key, self.file))

    def attempt(self, key: str, read: Callable[[], T]) -> T | None:
        """Return what `read` returns, or record its `InvalidValue` as a fault at `key` and return None."""
        try:
            return read()
        except InvalidValue as error:
            self.add(key, str(error))
            return None

    def known(self, key: str, name: str, names: Collection[str], what: str, place: str = "") -> bool:
        """Check that `name` is one of `names`, and record a fault with the nearest spelling if it is not.

        What stands in the file and is unsound has a fault of its own already.

        Parameters
        ----------
        place
            Where in a file beside the study it stands; nothing for what stands at `key` itself.
        """
        if name in names:
            return True
        tables = self._tables(key, what)
        if tables is not None and not any(name in table for table in tables):
            self._unknown += 1
            hint = ""
            if self._unknown <= MOST_HINTS:
                written = [each for table in tables for each in table]
                hint = suggestion(name, list(filter(is_name, written)) if written else names)
            self.add(key, f'{place}unknown {what} "{name}"{hint}')
        return False

    def cells(self, key: str, address: str, among: Addresses) -> tuple[str, ...]:
        """Return the cells that an address means; none, with a fault, where it means nothing."""
        name, _ = parted(address)
        if address in among.plain:
            return (address,)
        if not self.known(key, name, among.names, among.what):
            return ()
        return self.attempt(key, lambda: among.cells(address)) or ()

    def _tables(self, key: str, what: str) -> list[dict[str, Any]] | None:
        """Return the file's tables by names of one kind, None where a fault hides which there are."""
        if not self.written:
            return []
        paths = _WHERE.get(what, ())
        if what == "option":
            paths = (("choices", key.rpartition(".")[2], "options"),)
        tables = [self.stands(*path) for path in paths]
        return tables if all(isinstance(table, dict) for table in tables) else None

    def stands(self, *path: str) -> Any:
        """Return what the file has at a path, sound or not; an empty table where it has nothing."""
        found: Any = self.written
        for part in path:
            found = found.get(part, _REQUIRED.get(part, {})) if isinstance(found, Mapping) else None
        return found

    def raise_if_any(self) -> None:
        """Raise all of them.

        Raises
        ------
        StudyError
            If there is at least one fault.
        """
        if self.found:
            raise StudyError(*self.found)


def key_path(location: Iterable[int | str]) -> str:
    """Return the path of a key as a study file has it, a key that is no bare word in quotes."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in location)
    return "".join(parts).removeprefix(".")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
