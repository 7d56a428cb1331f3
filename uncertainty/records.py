"""What studies and results are made of: mappings that do not change, and how records show themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")
Value_co = TypeVar("Value_co", covariant=True)


class Frozen(Mapping[Key, Value_co]):
    """A mapping that does not change once it is made, in the order given; it can be copied and pickled.

    Parameters
    ----------
    entries
        Are copied, so that what made them may go on changing its own.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[Key, Value_co] | None = None) -> None:
        self._entries: dict[Key, Value_co] = dict(entries or {})

    def __getitem__(self, key: Key) -> Value_co:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Key]:
        return iter(self._entries)

    def __reversed__(self) -> Iterator[Key]:
        return reversed(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)
