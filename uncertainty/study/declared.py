"""How the tables of a study file are declared, and read where nothing is wrong with them.

A table is read by what its keys are declared to be. Where anything is unexpected pydantic is asked, by
models made of the same declarations: it says what is wrong, and where. To import it takes longer than to
read a file.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    Self,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from uncertainty.late import dataclass
from uncertainty.study.written import is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

ABSENT: Any = object()
"""The default of a key that has to be there, or whose value is made."""

SPACE = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029)))
SPACE += "\u202f\u205f\u3000"
"""What is stripped from texts: white space as Unicode has it, which pydantic goes by."""


@dataclass(frozen=True, slots=True)
class PlainValidator:
    """What reads a value."""

    read: Callable[[object], Any]


@dataclass(frozen=True, slots=True)
class WrapValidator:
    """What reads a value with the help of what reads its parts."""

    read: Callable[[object, Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class WithJsonSchema:
    """What the schema for editors says of a value."""

    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stripped:
    """Marks a text whose white space at both ends says nothing."""


@dataclass(frozen=True, slots=True)
class Named:
    """Marks a text that is a name, by a pattern."""

    pattern: str


class Key(NamedTuple):
    """A key of a table, or how long or large a value may be."""

    default: Any
    default_factory: Callable[[], Any] | None
    description: str
    alias: str | None
    bounds: tuple[tuple[str, int], ...]
    annotation: Any = None
    metadata: tuple[Any, ...] = ()

    def is_required(self) -> bool:
        """Tell whether it has to be there."""
        return self.default is ABSENT and self.default_factory is None


def Field(  # noqa: N802 - as pydantic calls it
    default: Any = ABSENT,
    *,
    default_factory: Callable[[], Any] | None = None,
    description: str = "",
    alias: str | None = None,
    **bounds: int,
) -> Any:
    """Declare a key; bounds are ``min_length``, ``max_length``, ``ge`` and ``le``."""
    return Key(default, default_factory, description, alias, tuple(bounds.items()))


class Declared(type):
    """What tables are kinds of."""

    @property
    def model_fields(cls) -> Mapping[str, Key]:
        """The keys of a table, by the names that its values have here."""
        return _keys(cls)


class Table(metaclass=Declared):
    """A table of the file: unknown keys are errors, values are taken as they are written."""

    model_fields_set: frozenset[str]

    @classmethod
    def before(cls, value: object) -> object:
        """Return in full what may be written short."""
        return value

    @classmethod
    def model_validate(cls, value: object) -> Self:
        """Read what was written.

        Raises
        ------
        pydantic.ValidationError
            With all that is wrong with it.
        """
        try:
            found = _reading(cls)(value)
        except ValueError:
            found = _from_model(cls, model_of(cls).model_validate(value))
        return cast("Self", found)

    def model_copy(self, update: Mapping[str, Any]) -> Self:
        """Return the table with some other values."""
        found = _made(type(self), {**vars(self), **update}, self.model_fields_set | update.keys())
        return cast("Self", found)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a table does not change: {name}")


def _made(kind: type[Any], values: Mapping[str, Any], given: frozenset[str]) -> Any:
    made = object.__new__(kind)
    vars(made).update(values, model_fields_set=given)
    return made


@cache
def _keys(table: Declared) -> dict[str, Key]:
    hints = get_type_hints(table, include_extras=True)
    declared = {name: vars(table).get(name) for name in hints}
    return {n: each._replace(annotation=hints[n]) for n, each in declared.items() if isinstance(each, Key)}


@cache
def _reading(annotation: Any) -> Callable[[Any], Any]:
    """Return what reads a value of some type; it raises where something is unexpected."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _marked(inner[0], inner[1:])
    if origin in (Union, UnionType) and inner[1:] == (NoneType,):
        return _or_none(_reading(inner[0]))
    if origin is list:
        return _list(_reading(inner[0]))
    if origin is dict:
        return _dict(*map(_reading, inner))
    if origin is Literal:
        return _literal(frozenset(inner))
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return _table(annotation)
    if annotation in (str, int, bool):
        return _exact(annotation)
    raise TypeError(f"no table holds {annotation}")


def _marked(kind: Any, marks: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return what reads a value of which something is said, the last of it last."""
    plain = next((mark for mark in marks if isinstance(mark, PlainValidator)), None)
    read = _reading(kind) if plain is None else plain.read
    for mark in marks:
        read = _said(mark, read)
    return read


def _said(mark: Any, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    match mark:
        case Stripped():
            return lambda value: read(value).strip(SPACE)
        case Named():
            return lambda value: _sure(read(value), is_name)
        case Key():
            return _bounded(mark.bounds, read)
        case WrapValidator():
            return lambda value: mark.read(value, lambda part, _place=None: read(part))
    return read


def _sure(value: Any, holds: Callable[[Any], bool]) -> Any:
    if not holds(value):
        raise ValueError("unexpected")
    return value


def _bounded(bounds: tuple[tuple[str, int], ...], read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if not bounds:
        return read
    holds: dict[str, Callable[[Any, int], bool]] = {
        "min_length": lambda value, bound: len(value) >= bound,
        "max_length": lambda value, bound: len(value) <= bound,
        "ge": lambda value, bound: value >= bound,
        "le": lambda value, bound: value <= bound,
    }
    checks = [(holds[name], bound) for name, bound in bounds]
    return lambda value: _sure(
        read(value), lambda found: found is None or all(check(found, bound) for check, bound in checks)
    )


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _exact(kind: type) -> Callable[[Any], Any]:
    return lambda value: _sure(value, lambda found: type(found) is kind)


def _literal(among: frozenset[Any]) -> Callable[[Any], Any]:
    return lambda value: _sure(value, lambda found: type(found) is str and found in among)


def _list(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [read(each) for each in _sure(value, lambda found: type(found) is list)]


def _dict(name: Callable[[Any], Any], read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: {
        name(key): read(each) for key, each in _sure(value, lambda found: type(found) is dict).items()
    }


def _table(table: type[Table]) -> Callable[[Any], Any]:
    keys = _keys(table)
    readers = {
        each.alias or name: (name, _bounded(each.bounds, _reading(each.annotation)))
        for name, each in keys.items()
    }
    plain = {name: each.default for name, each in keys.items() if each.default is not ABSENT}
    made = {name: each.default_factory for name, each in keys.items() if each.default_factory is not None}
    required = frozenset(name for name, each in keys.items() if each.is_required())

    def read(value: Any) -> Table:
        value = _sure(
            table.before(value), lambda found: type(found) is dict and found.keys() <= readers.keys()
        )
        found = {}
        for key, each in value.items():
            name, own = readers[key]
            found[name] = own(each)
        others = {name: make() for name, make in made.items() if name not in found}
        _sure(found, lambda found: required <= found.keys())
        values: Table = _made(table, {**plain, **others, **found}, frozenset(found))
        return values

    return read


@cache
def model_of(table: type[Table]) -> type[BaseModel]:
    """Return pydantic's model of a table."""
    from pydantic import ConfigDict, create_model, model_validator
    from pydantic import Field as Declared

    def in_full(_model: Any, value: object) -> object:
        return table.before(value)

    in_model: Any = classmethod(in_full)
    before: Any = model_validator(mode="before")(in_model)
    fields: dict[str, Any] = {}
    for name, each in _keys(table).items():
        how: dict[str, Any] = {
            "description": each.description or None,
            "alias": each.alias,
            **dict(each.bounds),
        }
        if each.default is not ABSENT:
            how["default"] = each.default
        if each.default_factory is not None:
            how["default_factory"] = each.default_factory
        fields[name] = (_translated(each.annotation), Declared(**how))
    found: type[BaseModel] = create_model(
        table.__name__,
        __config__=ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True),
        __doc__=table.__doc__,
        __module__=table.__module__,
        __validators__={"before": before},
        **fields,
    )
    return found


def _translated(annotation: Any) -> Any:
    """Return a type as pydantic has it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_translated(inner[0]), *_translated_marks(inner[1:]))]
    if origin in (Union, UnionType):
        return Union[tuple(map(_translated, inner))]  # noqa: UP007 - of as many as there are
    if origin in (list, dict):
        return origin[tuple(map(_translated, inner))]
    return (
        model_of(annotation) if isinstance(annotation, type) and issubclass(annotation, Table) else annotation
    )


def _translated_marks(marks: tuple[Any, ...]) -> Iterator[Any]:
    import pydantic

    for mark in marks:
        match mark:
            case PlainValidator():
                yield pydantic.PlainValidator(mark.read)
            case WrapValidator():
                yield pydantic.WrapValidator(mark.read)
            case WithJsonSchema():
                yield pydantic.WithJsonSchema(mark.schema)
            case Stripped():
                yield pydantic.StringConstraints(strip_whitespace=True)
            case Named():
                yield pydantic.StringConstraints(pattern=mark.pattern)
            case Key():
                bounds: dict[str, Any] = dict(mark.bounds)
                yield pydantic.Field(**bounds)
            case _:
                yield mark


def _from_model(table: type[Table], model: BaseModel) -> Any:
    """Return the table of a model's values."""
    held = {name: _plain(getattr(model, name), each.annotation) for name, each in _keys(table).items()}
    return _made(table, held, frozenset(model.model_fields_set))


def _plain(value: Any, annotation: Any) -> Any:
    """Return a value with tables in place of models."""
    inner = get_args(annotation)
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return _plain(value, inner[0])
    if isinstance(value, list) and inner:
        return [_plain(each, inner[0]) for each in value]
    if isinstance(value, dict) and get_origin(annotation) is dict:
        return {name: _plain(each, inner[1]) for name, each in value.items()}
    is_table = isinstance(annotation, type) and issubclass(annotation, Table)
    return _from_model(annotation, value) if is_table else value
