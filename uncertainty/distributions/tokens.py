"""A text of the study language cut into numbers, names, quoted texts, marks and signs of arithmetic."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from uncertainty.distributions.arguments import Unreadable
from uncertainty.errors import InvalidValue

LONGEST_TOKEN = 300

_SPACES = " \t\n\r\f\v"
_DIGITS = r"[0-9](?:_?[0-9])*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<concise>[+-]?{_DIGITS}(?:\.{_DIGITS})?\s?\([0-9]+\)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.]))
    | (?P<number>[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?(?![A-Za-z0-9_.]))
    | (?P<name>p[0-9]+\.[0-9]+(?![A-Za-z0-9_.])|[+-]?[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>"[^"\x00-\x1f]*"|'[^'\x00-\x1f]*')
    | (?P<mark>[(),=@%±]|\+/-)
    | (?P<sign>\*\*|[<>!=]=|[-+*/<>])
    | (?P<unit>\[[^\[\]\x00-\x1f]*\])
    | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One of them, and where it stands."""

    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f'"{self.text[:40]}" at character {self.position + 1}'

    def is_mark(self, text: str) -> bool:
        """Tell whether it is one mark."""
        return (self.kind, self.text) == ("mark", text)

    @property
    def is_not_finite(self) -> bool:
        """Whether Python would read it as a float that is infinite or not a number: nan, -inf, 1e999."""
        try:
            return self.kind in ("name", "number") and not math.isfinite(float(self.text))
        except ValueError:
            return False


def cut(text: str) -> list[Token]:
    """Cut a text into tokens; the last one is the end."""
    tokens: list[Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:].lstrip(_SPACES)
            word = re.split(rf"[{_SPACES}]", rest, maxsplit=1)[0]
            hint = "; commas stand between arguments" if word.startswith(";") else ""
            raise Unreadable(f"cannot read {word[:40]!r} at character {len(text) - len(rest) + 1}{hint}")
        kind = match.lastgroup
        if len(match[kind]) > LONGEST_TOKEN:
            raise InvalidValue(f'"{match[kind][:40]}…" is too long; {LONGEST_TOKEN} characters are the most')
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens
