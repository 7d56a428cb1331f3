"""Values and names as a study file writes them, and what its schema may mark keys as."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.values import as_written

if TYPE_CHECKING:
    from collections.abc import Callable


Record = TypeVar("Record")

WORDING = "wording"
"""Marks a key in the schema that changes no number."""

PROSE = "prose"
"""Marks a text in the schema that may cite sources, and that reports show with the part it stands in."""

IN_UNIT = "in the unit of the part"
"""Marks a key in the schema whose numbers are."""


_PLAIN = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_RANGE = regex(rf"\(?\s*{_PLAIN}\s*[-–—−]\s*{_PLAIN}\s*\)?")
_SPREAD = regex(rf"\(?\s*{_PLAIN}\s*\+/?[-–−]\s*{_PLAIN}\s*\)?")


class Separated(NamedTuple):
    """Marks a list in the schema that something else than commas parts on one line: its texts have commas."""

    by: str


def record_of(kind: Callable[..., Record], table: Any, **own: Any) -> Record:
    """Make a record of a table of the file.

    Parameters
    ----------
    kind
        A dataclass: what it and the table have under one name it takes as it stands in the table.
    **own
        What it has of its own, or in another form than the table.
    """
    of_table: Any = type(table)
    return kind(**{name: getattr(table, name) for name in _alike(kind, of_table) - own.keys()}, **own)


@cache
def _alike(kind: Any, table: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind)) & frozenset(table.model_fields)


class WrittenFloat(float):
    """A float that remembers how it was written, so that ``2.20`` keeps its three digits."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Read `text` as a float."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def finite_number(value: object, expected: str) -> int | float:
    """Return a number as it was written.

    Raises
    ------
    ValueError
        If it is not a number, or infinite; says what was expected.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected {expected}, found {kind_of(value)}")  # noqa: TRY004 - all that pydantic collects
    # 10**400 is a legal TOML integer but no float
    if isinstance(value, int) and abs(value) > 2**1023:
        raise ValueError("expected a number that fits a 64-bit float")
    if isinstance(value, WrittenFloat):
        as_written(value.text)
    if not math.isfinite(value):
        raise ValueError(f"expected a finite number, found {float(value)}")
    return value


def kind_of(value: object) -> str:
    """Name what kind of thing a value of a TOML file is."""
    kinds: dict[type, str] = {bool: "true or false", str: "text", list: "a list", dict: "a table"}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "a number" if number else kinds.get(type(value), "a date or time")


PATTERN = r"^[a-z][a-z0-9_]*$"


def is_name(text: str) -> bool:
    """Tell whether a text is a name."""
    return re.fullmatch(PATTERN, text) is not None


def refusal(text: str) -> str:
    """Say what a name looks like, and how this one is spelt as one."""
    expected = "expected a name of lower-case letters, digits and underscores that begins with a letter"
    name = spelt(text)
    return f'{expected}, such as "{name}"' if name else expected


def spelt(text: str) -> str:
    """Return the name that is nearest to a text; nothing where it has neither letters nor digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return f"{'x_' if found[:1].isdigit() else ''}{found}"[:60].rstrip("_")


def refuse_range(point: str) -> None:
    """Refuse "10-14" and "10+-2" as a point: who writes these means a range or a spread, and no difference.

    Raises
    ------
    InvalidValue
        With where it belongs.
    """
    text = point.strip()
    plain = text.replace("_", "")
    if found := _SPREAD.fullmatch(plain):
        spread = f"{found[1]} ± {found[2]} (sd)"
        raise InvalidValue(
            f'"{text}" may be a number with its spread; write {found[1]} here, and "{spread}" as the '
            f"distribution if {found[2]} is a standard deviation"
        )
    found = _RANGE.fullmatch(plain)
    if found and float(found[1]) < float(found[2]):
        raise InvalidValue(
            f'"{text}" may be a range; write one number here, and "{found[1]} to {found[2]}" as the '
            "distribution if these are 5 % and 95 % quantiles"
        )
