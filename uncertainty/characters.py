"""Characters that steer what shows a text: removed for terminals, escaped in JSON, isolated in documents."""

from __future__ import annotations

import unicodedata
from json import dumps
from typing import TYPE_CHECKING

from uncertainty.late import regex

if TYPE_CHECKING:
    import re

SEQUENCES = regex(
    # with parameters; strings that an end closes; and two characters: ECMA-48, 5.3 to 5.6
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
"""Escape sequences, by which a program moves a terminal's cursor, colours, hides and answers."""

_UNUSUAL = regex(r"[^\n\t -~]")
_STEERING = ("Cc", "Cf", "Cs")
_BREAKING = ("Zl", "Zp")
_OTHER_WAY = ("R", "AL")

_CONTROL = regex(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_QUOTED = regex("“([^“”]*)”")
_ALONE = regex("\u2068[^\u2068\u2069]*\u2069")
_SPACE = regex(r"[ \t\n\r\f\v\u2028\u2029]+")

MOST_MARKS = 30
"""Marks on one letter, more than any language has (Unicode annex 15, 12.1): what sets a letter looks at each
for each."""

FIRST_STRONG_ISOLATE, POP_ISOLATE, LEFT_TO_RIGHT_MARK = "\u2068", "\u2069", "\u200e"


def shown(text: str) -> str:
    """Return a text as a terminal may show it: nothing in it moves, hides or turns round anything.

    Escape sequences are left out whole. So are the other control characters but line feeds and tabs, and all
    format characters: bidirectional controls, joiners, marks of no width.
    """
    return _UNUSUAL.sub(lambda found: _shown(found[0]), SEQUENCES.sub("", text))


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BREAKING:
        return " "
    return "" if category in _STEERING else character


def clean(text: str) -> str:
    """Return a text on one line, without the characters that steer a terminal or the direction of writing.

    Of the marks on one letter those are left out that are more than any language has.
    """
    text = _fewer_marks(text)
    if text.isprintable() and "  " not in text:
        # most texts: what steers and what ends a line is never printable
        return text
    return _SPACE.sub(" ", _CONTROL.sub("", SEQUENCES.sub("", text)))


def _fewer_marks(text: str) -> str:
    if text.isascii() or len(text) <= MOST_MARKS:
        return text
    found, marks = [], 0
    for each in text:
        marks = marks + 1 if unicodedata.category(each).startswith("M") else 0
        if marks <= MOST_MARKS:
            found.append(each)
    return "".join(found)


def on_one_line(text: str) -> str:
    """Return a text with single blanks in place of line ends and wider space."""
    return " ".join(text.split())


def shortened(text: str, longest: int) -> str:
    """Return a text, or its beginning and an ellipsis where it has more characters than may be shown."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def legible(name: str) -> str:
    """Return a file's name as one line that any document can hold.

    What is no UTF-8 in it, and what steers, has no character; a line end would begin another line of a file.
    """
    return shown(on_one_line(name)) or "unnamed"


def escaped(json: str) -> str:
    """Return a JSON text in which whatever `shown` would change is written by its number instead."""
    return _UNUSUAL.sub(_by_number, json)


def _by_number(found: re.Match[str]) -> str:
    """Write a character as JSON does where it is restricted to ASCII."""
    return found[0] if _shown(found[0]) == found[0] else dumps(found[0])[1:-1]


def isolated(text: str) -> str:
    """Return a text whose writing from right to left turns round nothing beside it (Unicode annex 9).

    What is quoted in it stands by itself too, and a stop at its end is the sentence's. A text that mostly
    runs from left to right does so as a whole, whatever its first letter is. What stands by itself already is
    not counted.
    """
    if not runs_other_way(text):
        return text
    quoted = _QUOTED.sub(lambda found: f"“{_alone(found[1])}”", text)
    core = quoted.rstrip(" .,;:")
    ways = [unicodedata.bidirectional(each) for each in _ALONE.sub("", text)]
    mostly_latin = ways.count("L") > sum(way in _OTHER_WAY for way in ways)
    mark = LEFT_TO_RIGHT_MARK if mostly_latin else ""
    return f"{FIRST_STRONG_ISOLATE}{mark}{core}{POP_ISOLATE}{quoted[len(core) :]}"


def runs_other_way(text: str) -> bool:
    """Tell whether a text has letters of a script that runs from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(each) in _OTHER_WAY for each in text)


def _alone(text: str) -> str:
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if runs_other_way(text) else text
