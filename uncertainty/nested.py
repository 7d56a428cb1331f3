"""Tables and lists inside one another, as JSON and TOML hold them, within bounds and without traps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from uncertainty.bounds import DEEPEST, LONGEST_NUMBER, LONGEST_TEXT
from uncertainty.errors import InvalidValue
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_STRING_OR_BRACKET = regex(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = regex("[\ud800-\udfff]")


def parse_json(text: str, parse_float: Callable[[str], float] = float) -> Any:
    """Read JSON text as its standard has it (RFC 8259), which is less than Python's reader takes.

    Parameters
    ----------
    parse_float
        What is made of a number that has a point or an exponent.

    Raises
    ------
    InvalidValue
        If it is no JSON, is nested too deeply, has one key twice, a number that is none, or half of a
        character.
    """
    _refuse_depth(text)
    try:
        found = json.loads(
            text,
            parse_float=parse_float,
            parse_int=_whole_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except InvalidValue:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"is not JSON: {error}") from None
    if "\\u" in text or len(text) > LONGEST_TEXT:
        check_nested(found)
    return found


def _refuse_depth(text: str) -> None:
    depth = 0
    for mark in _STRING_OR_BRACKET.finditer(text):
        if mark[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, mark.start()) + 1
                raise InvalidValue(f"is nested more than {DEEPEST} deep (at line {line})")
        elif mark[0] in "]}":
            depth -= 1


def _whole_number(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise InvalidValue(f"has a whole number of {len(text):,} digits; {LONGEST_NUMBER} are the most")
    return int(text)


def _refuse_constant(text: str) -> float:
    raise InvalidValue(f"has {text}, which is no number in JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidValue(f"has the key {json.dumps(twice[:40])} twice in one object")
    return found


def check_nested(tree: object) -> None:
    """Refuse what no table of a study can be.

    Raises
    ------
    InvalidValue
        If values are nested too deeply, or a text is too long or has half of a character, with its key.
    """
    waiting: list[tuple[str, int, object]] = [("", 0, tree)]
    while waiting:
        key, depth, value = waiting.pop()
        if isinstance(value, str):
            _check_text(value, key)
        elif isinstance(value, int) and value.bit_length() > 4 * LONGEST_NUMBER:
            raise InvalidValue(f"{key}: a whole number may have {LONGEST_NUMBER} digits at most")
        elif isinstance(value, dict | list):
            if depth >= DEEPEST:
                raise InvalidValue(f"is nested more than {DEEPEST} deep, at {key}")
            waiting += [(each, depth + 1, part) for each, part in _parts(key, value)]


def _parts(key: str, value: dict[str, Any] | list[Any]) -> Iterable[tuple[str, object]]:
    if isinstance(value, list):
        yield from ((f"{key}[{place}]", part) for place, part in enumerate(value))
        return
    for name, part in value.items():
        _check_text(name, f"a key of {key or 'the file'}")
        yield f"{key}.{name}".lstrip("."), part


def _check_text(text: str, key: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(f"{key[:80]}: a text may have {LONGEST_TEXT:,} characters at most")
    if found := _SURROGATE.search(text):
        raise InvalidValue(
            f"{key[:80]}: has half of a character (\\u{ord(found[0]):04x}), which stands for nothing alone"
        )
