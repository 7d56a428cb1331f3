"""TOML within bounds: read by a parser that long keys cannot hold up, and written as a person would."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from uncertainty.bounds import DEEPEST
from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.nested import check_nested
from uncertainty.study.written import WrittenFloat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


FILE_NAME = "study.schema.json"
"""Name of the schema's file, which the first line of a study file points to."""

DIRECTIVE = f"#:schema {FILE_NAME}"
"""The comment by which TOML editors find the schema; the path is relative to the study file."""

MOST_PARTS = 16
"""Parts of a key; a study's own have six at most."""

# whatever follows a quote is taken to the text's end, or the line's, where none closes it: one look suffices;
# a look ahead within what repeats without a way back is not done right by Python 3.11.2
_QUOTED = regex(
    r'''
    """.*?(?:(?<!\\)(?:\\\\)*+"""|\Z)
  | \'\'\'.*?(?:\'\'\'|\Z)
  | "(?:[^"\\\n]|\\.)*+"?
  | \'[^\'\n]*+\'?
  | \#[^\n]*+
    ''',
    re.VERBOSE | re.DOTALL,
)
_PART = "[A-Za-z0-9_-]++"
_LONG_KEY = regex(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}")


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text; its numbers remember how they were written.

    Raises
    ------
    InvalidValue
        If it is no TOML, or is nested more deeply than any study needs.
    """
    plain = _QUOTED.sub(_in_its_place, text)
    if long := _LONG_KEY.search(plain):
        line = plain.count("\n", 0, long.start()) + 1
        raise InvalidValue(f"a key has at most {MOST_PARTS} parts, this one has more (at line {line})")
    try:
        found = tomllib.loads(text, parse_float=WrittenFloat)
    except RecursionError:
        raise InvalidValue(f"is nested more than {DEEPEST} deep") from None
    except ValueError as error:
        # Python's own words on a whole number of thousands of digits say how to change Python
        said = "a whole number is too long" if "set_int_max_str_digits" in str(error) else str(error)
        raise InvalidValue(f"is not TOML: {said}") from None
    check_nested(found)
    return found


def _in_its_place(quoted: re.Match[str]) -> str:
    """Return a part of a key for what is quoted, or is a comment, and the lines that it takes."""
    return "q" + "\n" * quoted[0].count("\n")


_BARE = regex(r"[A-Za-z0-9_-]+")
_INLINE = {"equations", "inputs", "choices", "expect", "when", "published"}
"""Tables that stand on one line inside an option, an exclusion, a reading or an output."""


def toml_text(tables: Mapping[str, Any], comment: str = "") -> str:
    """Return the text of a study file.

    Parameters
    ----------
    tables
        As TOML gives them: tables, lists, texts, numbers and truth values. A number that remembers how it
        was written is written so again.
    comment
        What the file begins with.
    """
    above = [DIRECTIVE, *(f"# {line}".rstrip() for line in comment.splitlines()), ""]
    return "\n".join([*above, *_lines((), tables)]).rstrip() + "\n"


def _lines(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table's own values, then the tables in it."""
    nested = {key: value for key, value in table.items() if _has_section(path, key, value)}
    for key, value in table.items():
        if key not in nested:
            yield f"{key_text(key)} = {value_text(value)}"
    for key, value in nested.items():
        inner = (*path, key)
        name = ".".join(map(key_text, inner))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(value, list):
                yield from ("", f"[[{name}]]")
            elif not each or any(not _has_section(inner, k, v) for k, v in each.items()):
                yield from ("", f"[{name}]")
            yield from _lines(inner, each)


def _has_section(path: tuple[str, ...], key: str, value: object) -> bool:
    """Tell whether a value stands under a heading of its own."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) and path != ("equations",) and not (path and key in _INLINE)


def key_text(name: str) -> str:
    """Return a name as a key is written, in quotation marks where it has to be."""
    return name if _BARE.fullmatch(name) else value_text(name)


def value_text(value: Any) -> str:
    """Return a value as it stands behind its key, tables on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return getattr(value, "text", None) or repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{key_text(key)} = {value_text(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, date):
        return value.isoformat()
    # what JSON escapes in a text TOML escapes likewise, but for one character more
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
