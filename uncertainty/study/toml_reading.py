"""TOML within bounds: what a parser takes for a key grows with the square of how many parts it has."""

from __future__ import annotations

import re
import tomllib
from typing import Any

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
    ValueError
        If it is no TOML, or a key has more parts than any study needs.
    RecursionError
        If values are nested too deeply.
    """
    from uncertainty.study.schema import WrittenFloat

    plain = _QUOTED.sub(_in_its_place, text)
    if found := _LONG_KEY.search(plain):
        line = plain.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key has at most {MOST_PARTS} parts, this one has more (at line {line})")
    return tomllib.loads(text, parse_float=WrittenFloat)


def _in_its_place(quoted: re.Match[str]) -> str:
    """Return a part of a key for what is quoted, nothing for a comment, and the lines that either takes."""
    text = quoted[0]
    return ("" if text.startswith("#") else "q") + "\n" * text.count("\n")
