"""Records and patterns that cost little where a module is read.

`dataclasses` writes and compiles the methods of every record there, and `re` compiles patterns. A command
uses a part of what it imports: here methods are put together from others, and patterns are compiled where
they are used. Records that are made, compared or hashed by the thousand stay with `dataclasses`, whose
methods are faster.
"""

from __future__ import annotations

import dataclasses
import re
from inspect import Parameter, Signature
from operator import attrgetter, itemgetter
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from dataclasses import Field, dataclass
    from re import Pattern
    from re import compile as regex

__all__ = ["dataclass", "regex"]

_ABSENT: Any = dataclasses.MISSING


def _making(made: Any, fields: tuple[Field[Any], ...]) -> Any:
    """Return how a record is made of what its fields are given, by place or by name."""
    given = [field for field in fields if field.init]
    puts, count = tuple(_putting(made, field.name) for field in given), len(given)
    # all fields by name, as copies with changes give them
    named_so, by_name = {field.name for field in given}, _items([field.name for field in given])
    # fields from this place on have a default that is there
    last = next((place for place in range(count, 0, -1) if given[place - 1].default is _ABSENT), 0)
    defaults = tuple(field.default for field in given[last:])
    extra = tuple(each for field in fields if not field.init for each in _own(made, field))
    has_more = hasattr(made, "__post_init__")

    def make(self: Any, /, *values: Any, **named: Any) -> None:
        if not values and named.keys() == named_so:
            values = by_name(named)
        elif named or not last <= len(values) <= count:
            values = _arranged(made, given, values, named)
        elif len(values) < count:
            values += defaults[len(values) - last :]
        for put, value in zip(puts, values, strict=True):
            put(self, value)
        for put, found in extra:
            put(self, found())
        if has_more:
            self.__post_init__()

    return make


def _arranged(
    made: type, given: list[Field[Any]], values: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, ...]:
    """Return the values of all fields, in their order."""
    held = list(values)
    for field in given[len(values) :]:
        if field.name in named:
            held.append(named.pop(field.name))
        elif field.default is not _ABSENT:
            held.append(field.default)
        elif (make := _factory(field)) is not None:
            held.append(make())
        else:
            raise TypeError(f"{made.__qualname__}.__init__() misses its argument {field.name!r}")
    if named or len(held) != len(given):
        raise TypeError(
            f"{made.__qualname__}.__init__() has no place for {_those(values, named, len(given))}"
        )
    return tuple(held)


def _those(values: tuple[Any, ...], named: dict[str, Any], count: int) -> str:
    return ", ".join((*(repr(each) for each in values[count:]), *map(repr, named)))


def _putting(made: type, name: str) -> Callable[[Any, Any], None]:
    """Return what sets a field of a new record, which may be frozen."""
    slot = getattr(made, name, None)
    if isinstance(slot, MemberDescriptorType):
        return slot.__set__

    def put(record: Any, value: Any) -> None:
        record.__dict__[name] = value

    return put


def _factory(field: Field[Any]) -> Callable[[], Any] | None:
    make: Any = field.default_factory
    return None if make is _ABSENT else make


def _own(made: type, field: Field[Any]) -> Iterator[tuple[Callable[[Any, Any], None], Callable[[], Any]]]:
    """Yield what makes a field that nobody gives, unless the class has it, or its own code makes it."""
    if (make := _factory(field)) is not None:
        yield _putting(made, field.name), make
    elif field.default is not _ABSENT and "__slots__" in vars(made):
        yield _putting(made, field.name), lambda: field.default


def _items(names: list[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Return what gives the values of some keys."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives some fields of a record."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _comparing(fields: tuple[Field[Any], ...]) -> Any:
    values = _values([field.name for field in fields if field.compare])

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hashing(fields: tuple[Field[Any], ...]) -> Any:
    values = _values([each.name for each in fields if (each.compare if each.hash is None else each.hash)])
    return lambda self: hash(values(self))


def _showing(fields: tuple[Field[Any], ...]) -> Any:
    names = [field.name for field in fields if field.repr]

    @recursive_repr()
    def show(self: object) -> str:
        held = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({held})"

    return show


class _Signature:
    """The signature of a record, which few ask for."""

    def __init__(self, owner: type) -> None:
        self._owner = owner

    def __get__(self, record: object, kind: Any) -> Signature:
        if kind.__init__ is not vars(self._owner)["__init__"]:
            raise AttributeError("__signature__")
        parameters = [
            Parameter(
                field.name,
                Parameter.POSITIONAL_OR_KEYWORD,
                default=Parameter.empty if default is _ABSENT else default,
                annotation=field.type,
            )
            for field in dataclasses.fields(self._owner)
            if field.init
            for default in (field.default if field.default_factory is _ABSENT else _FACTORY,)
        ]
        return Signature(parameters, return_annotation=None)


class _Factory:
    """Stands, in a signature, for what a field makes itself."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _dressed(given: type, *, eq: bool, frozen: bool, slots: bool) -> Any:
    """Return the record of a class, its methods not compiled one by one."""
    own, is_first = vars(given), not any(map(dataclasses.is_dataclass, given.__mro__[1:]))
    is_hashed = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
    given.__doc__ = given.__doc__ or given.__name__
    # what records inherit from must be frozen as they are, which dataclasses finds out
    dress = dataclasses.dataclass(
        init=False, repr=False, eq=False, frozen=frozen and not is_first, slots=slots
    )
    made: Any = dress(given)
    settings = made.__dataclass_params__
    settings.init, settings.repr, settings.eq, settings.frozen = True, True, eq, frozen
    fields = dataclasses.fields(made)
    if "__init__" not in own:
        made.__init__, made.__signature__ = _making(made, fields), _Signature(made)
    if "__repr__" not in own:
        made.__repr__ = _showing(fields)
    if eq and "__eq__" not in own:
        made.__eq__ = _comparing(fields)
    if eq and not is_hashed:
        made.__hash__ = _hashing(fields) if frozen else None
    if frozen and is_first:
        _freeze(made)
        if slots:
            made.__getstate__, made.__setstate__ = _state, _set_state
    return made


def _freeze(made: Any) -> None:
    """Let no field of a record be set or deleted."""
    names = made.__dataclass_fields__.keys()

    def refuse(record: object, name: str, verb: str) -> None:
        if type(record) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot {verb} field {name!r}")

    def set_(self: object, name: str, value: object) -> None:
        refuse(self, name, "assign to")
        object.__setattr__(self, name, value)

    def delete(self: object, name: str) -> None:
        refuse(self, name, "delete")
        object.__delattr__(self, name)

    made.__setattr__, made.__delattr__ = set_, delete


def _state(record: Any) -> list[Any]:
    return [getattr(record, field.name) for field in dataclasses.fields(record)]


def _set_state(record: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(record), state, strict=True):
        object.__setattr__(record, field.name, value)


class _Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        # kept as its own, so that it is looked up here once
        found = self.__dict__[name] = getattr(re.compile(self.pattern, self._flags), name)
        return found


if not TYPE_CHECKING:

    def dataclass(
        cls: type | None = None, /, *, eq: bool = True, frozen: bool = False, slots: bool = False
    ) -> type | Callable[[type], type]:
        """Make a record of a class as `dataclasses.dataclass` does, to which type checkers hold it."""

        def dress(given: type) -> type:
            return _dressed(given, eq=eq, frozen=frozen, slots=slots)

        return dress if cls is None else dress(cls)

    def regex(text: str, flags: int = 0) -> Pattern[str]:
        """Return a regular expression; use it by its methods."""
        return _Pattern(text, flags)
