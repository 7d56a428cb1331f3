"""TOML within bounds: what a parser takes for a key grows with the square of how many parts it has."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from uncertainty.bounds import DEEPEST
from uncertainty.errors import InvalidValue
from uncertainty.nested import check_nested

MOST_PARTS = 16
"""Parts of a key; a study's own have six at most."""

# whatever follows a quote is taken to the text's end, or the line's, where none closes it: one look suffices
_QUOTED = re.compile(
    r'''
    """(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)
  | \'\'\'(?:[^\']|\'(?!\'\'))*+(?:\'\'\'|\Z)
  | "(?:[^"\\\n]|\\.)*+"?
  | \'[^\'\n]*+\'?
  | \#[^\n]*+
    ''',
    re.VERBOSE | re.DOTALL,
)
_PART = "[A-Za-z0-9_-]++"
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}")


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text; its numbers remember how they were written.

    Raises
    ------
    InvalidValue
        If it is no TOML, or is nested more deeply than any study needs.
    """
    from uncertainty.study.schema import WrittenFloat

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
    """Return a part of a key for what is quoted, nothing for a comment, and the lines that either takes."""
    text = quoted[0]
    return ("" if text.startswith("#") else "q") + "\n" * text.count("\n")
