"""What studies and results are made of: mappings that do not change, and how records show themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from importlib import import_module
from itertools import accumulate, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from uncertainty.characters import on_one_line, shortened

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Hashable,
        ItemsView,
        Iterable,
        Iterator,
        KeysView,
        Sequence,
        ValuesView,
    )
    from dataclasses import Field

Key = TypeVar("Key")
Value_co = TypeVar("Value_co", covariant=True)
Held = TypeVar("Held")


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

    def keys(self) -> KeysView[Key]:
        """Return a view of the keys, which can be read backwards too."""
        return self._entries.keys()

    def values(self) -> ValuesView[Value_co]:
        """Return a view of the values, which can be read backwards too."""
        return self._entries.values()

    def items(self) -> ItemsView[Key, Value_co]:
        """Return a view of the keys with their values, which can be read backwards too."""
        return self._entries.items()

    def __repr__(self) -> str:
        shown = [f"{_text(key)}: {_short(each)}" for key, each in islice(self.items(), MOST_LINES)]
        return _lines("{", [*shown, *_more(len(self) - len(shown))], "}")

    def _repr_html_(self) -> str:
        return view(self)


class Titled:
    """What people read instead of a record's name."""

    __slots__ = ()
    name: str
    label: str

    @property
    def title(self) -> str:
        """The label, or the name where no label is given."""
        return on_one_line(self.label) or self.name


def distinct_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels by name of which each stands for one: those that are alike say their names, too.

    Examples
    --------
    >>> distinct_labels({"a": "Load", "b": "Load", "c": "Speed", "d": "", "e": "d"})
    {'a': 'Load (a)', 'b': 'Load (b)', 'c': 'Speed', 'd': '', 'e': 'd (e)'}
    """
    titles = {name: on_one_line(label) or name for name, label in labels.items()}
    times = Counter(titles.values())
    return {
        name: f"{label} ({name})" if label and times[titles[name]] > 1 else label
        for name, label in labels.items()
    }


class Same(Generic[Held]):
    """Something as a key, equal to another where both stand for the very same objects.

    Parameters
    ----------
    held
        What it is the key of.
    parts
        The objects that make it what it is, by default itself.
    names
        What else tells it apart, by value.
    """

    __slots__ = ("_hash", "_identity", "_parts", "held")

    def __init__(self, held: Held, parts: Iterable[object] | None = None, names: Hashable = None) -> None:
        # kept, so that no other object takes the identity of one of them
        self.held, self._parts = held, () if parts is None else tuple(parts)
        self._identity = id(held) if parts is None else tuple(map(id, self._parts)), names
        # asked for at each look-up
        self._hash = hash(self._identity)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._identity == other._identity


class Once(Generic[Key, Held]):
    """What is found once of a record, by key, for as long as the record is there; the oldest of many goes.

    A field of frozen records that nobody gives: a copy that differs finds anew, as does another process.
    """

    def __init__(self, most: int = 128) -> None:
        self._most = most
        self._found: dict[Key, Held] = {}
        self._lock = Lock()

    def of(self, key: Key, find: Callable[[], Held]) -> Held:
        """Return what was found under a key, or find it."""
        with self._lock:
            if key in self._found:
                self._found[key] = found = self._found.pop(key)
                return found
        made = find()
        with self._lock:
            found = self._found.setdefault(key, made)
            if len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return found

    def __reduce__(self) -> tuple[type[Once[Key, Held]], tuple[int]]:
        """Let another process find anew."""
        return Once, (self._most,)


class Lately(Generic[Key, Held]):
    """What was found last, as much as there is room for.

    Parameters
    ----------
    most
        The room, in whatever sizes are counted in.
    """

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0
        self._kept: dict[Key, tuple[Held, int]] = {}
        self._lock = Lock()

    def of(self, key: Key) -> Held | None:
        """Return what was found under a key, if it is still there."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept[key] = found = self._kept.pop(key)
            return found[0]

    def keep(self, key: Key, found: Held, size: int) -> None:
        """Keep something, and forget what nobody has asked for the longest."""
        with self._lock:
            if key not in self._kept:
                self._used += size
            self._kept[key] = found, size
            while self._used > self._most:
                self._used -= self._kept.pop(next(iter(self._kept)))[1]


class Later(Generic[Held]):
    """Something that is made where it is first asked for, or before it goes to another process."""

    def __init__(self, make: Callable[[], Held]) -> None:
        self._make: Callable[[], Held] | None = make
        self._made: list[Held] = []

    def __repr__(self) -> str:
        return "Later(…)"

    @property
    def value(self) -> Held:
        """What was made."""
        if not self._made and self._make is not None:
            self._made.append(self._make())
        return self._made[0]

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        """Send what was made, not how."""
        return None, {"_make": None, "_made": [self.value]}

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        """Receive it."""
        self.__dict__.update(state[1])


WIDTH = 100
"""Characters that a record's text may take before each part of it gets a line of its own."""

MOST_LINES = 12
"""Entries of a mapping that its text shows."""

MOST_SHOWN = 4
"""Entries of a mapping or a list that a record's text shows."""

LONGEST = 70
"""Characters of one value that a record's text shows."""

_PLAIN = str | int | float | None


def by_name(module: str, name: str) -> Any:
    """Return a function of a module that stands above the one which asks for it.

    Meant for methods that records offer for convenience, such as those that save or show one: what does the
    work is made of records and stands above them, so that it is found by name when it is asked for.
    """
    return getattr(import_module(module), name)


def view(record: Any) -> str:
    """Return a record as a notebook shows it; meant as ``_repr_html_``."""
    return str(by_name("uncertainty.pages.render.notebook", "view")(record))


def brief(record: Any) -> str:
    """Return a dataclass instance or a named tuple as a few lines: what it holds, but not all of it.

    A dataclass's fields that have their default value are left out. Meant as ``__repr__`` of records that
    hold others.
    """
    if isinstance(record, tuple):
        named = record._asdict()  # type: ignore[attr-defined]  # all tuples that are records have names
        parts = [f"{name}={_short(value)}" for name, value in named.items()]
    else:
        held = ((field, getattr(record, field.name)) for field in fields(record) if field.repr)
        parts = [f"{field.name}={_short(value)}" for field, value in held if not _is_default(field, value)]
    return _lines(f"{type(record).__name__}(", parts, ")")


def listed(name: str, entries: Sequence[str]) -> str:
    """Return the text of a list of entries, of which each has a line: the first ones."""
    shown = [_cut(each) for each in entries[:MOST_LINES]]
    return _lines(f"{name}(", [*shown, *_more(len(entries) - len(shown))], ")")


def _lines(opening: str, parts: Sequence[str], closing: str) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) <= WIDTH:
        return line
    return "\n".join((opening, *(f"    {part}," for part in parts), closing))


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return value is field.default or (isinstance(value, _PLAIN) and value == field.default)
    return (
        field.default_factory is not MISSING
        and isinstance(value, Mapping)
        and bool(value == field.default_factory())
    )


def _short(value: Any) -> str:
    """Return a value in a part of a line, without what it holds in turn."""
    if isinstance(value, Mapping):
        plain = all(isinstance(each, _PLAIN) for each in islice(value.values(), MOST_SHOWN))
        shown = [
            f"{key!r}: {_text(each) if plain else '…'}" for key, each in islice(value.items(), MOST_SHOWN)
        ]
        return _fitted("{", shown, len(value), "}")
    if hasattr(value, "_fields"):
        return _named(value, value._fields)
    if isinstance(value, list | tuple):
        return _fitted("(", list(map(_short, value[:MOST_SHOWN])), len(value), ")")
    if is_dataclass(value) and not isinstance(value, type):
        return _named(value, [field.name for field in fields(value) if field.repr])
    if getattr(value, "shape", ()) and hasattr(value, "dtype"):
        return f"array of shape {value.shape}"
    return _text(value)


def _named(value: Any, names: Iterable[str]) -> str:
    """Return a record by its plain values."""
    held = {name: getattr(value, name) for name in names}
    plain = [f"{n}={_text(each)}" for n, each in held.items() if isinstance(each, _PLAIN) and each != ""]
    return _cut(f"{type(value).__name__}({', '.join([*plain, *['…'][: len(held) - len(plain)]])})")


def _fitted(opening: str, parts: Sequence[str], count: int, closing: str) -> str:
    """Return as many of the first parts as fit, and how many more there are."""
    ends = accumulate(len(part) + 2 for part in parts)
    fitting = [part for part, end in zip(parts, ends, strict=True) if end <= LONGEST]
    if not fitting and parts:
        fitting = [_cut(parts[0])]
    return f"{opening}{', '.join(fitting + _more(count - len(fitting)))}{closing}"


def _more(left: int) -> list[str]:
    return [f"… {left:,} more"] if left > 0 else []


def _text(value: Any) -> str:
    if isinstance(value, float):
        return repr(float(value))  # numpy's floats name their type
    text = getattr(value, "__qualname__", None) or repr(value)
    # of what has no text of its own only the address would be shown
    return _cut(f"{type(value).__name__}(…)" if text.startswith("<") else text)


def _cut(text: str) -> str:
    return shortened(" ".join(text.split()), LONGEST)
