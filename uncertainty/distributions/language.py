"""The study language of distributions: text in, distribution out, and nothing is ever executed.

::

    distribution = number | number "to" number ["@" level] | number "±" number ["%"] "(" spread ")"
                 | number "(" digits ")" | family "(" [argument {"," argument} [","]] ")"
    spread       = "sd" | "k" "=" number | level
    level        = number "%"
    argument     = [name "="] (distribution | text | "(" number {"," number} [","] ")")
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, NoReturn

from uncertainty.distributions.arguments import Arguments, Unreadable, Value
from uncertainty.distributions.discrete import Fixed
from uncertainty.distributions.families import FAMILIES
from uncertainty.distributions.parameters import finite, set_once
from uncertainty.distributions.ranges import USUAL_LEVEL, between, concise, plus_minus, sds_within
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.values import shown

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import Distribution

LONGEST_TEXT = 100_000
LONGEST_TOKEN = 300
DEEPEST = 20

_NOTHING = ("", "-", "?", "none", "null", "unknown", "n/a", "na", "tbd")
_SPACES = " \t\n\r\f\v"
_DIGITS = r"[0-9](?:_?[0-9])*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<concise>[+-]?{_DIGITS}(?:\.{_DIGITS})?\s?\([0-9]+\)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.]))
    | (?P<number>[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?(?![A-Za-z0-9_.]))
    | (?P<name>p[0-9]+\.[0-9]+(?![A-Za-z0-9_.])|[+-]?[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>"[^"\x00-\x1f]*"|'[^'\x00-\x1f]*')
    | (?P<mark>[(),=@%±]|\+/-)
    | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)


def parse_distribution(text: str | float, folder: Path | None = None) -> Distribution:
    """Read a distribution in the study language.

    Parameters
    ----------
    text
        Such as ``2 to 8``, ``normal(p5=1, p95=9)`` or ``truncate(lognormal(3, 2), high=9)``; a number is a
        constant.
    folder
        Folder of the study, which the data files of ``empirical("file.csv", "column")`` may not leave;
        without it no file can be named.

    Returns
    -------
    Distribution
        Immutable; ``str`` of it is the text that was read.

    Raises
    ------
    InvalidValue
        With one line that says what was found, what was expected and the nearest valid spelling.
    """
    if not isinstance(text, str):
        if not isinstance(text, Real):
            expected = 'expected the text of a distribution, such as "2 to 8" or "normal(15, 2)", or a number'
            raise InvalidValue(f"{expected}, found {shown(text)}")
        return Fixed(finite(text, "a constant"))
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(
            f"a distribution may have {LONGEST_TEXT:,} characters at most, not {len(text):,}; "
            'put long data into a file and write empirical("file.csv", "column")'
        )
    try:
        return _parsed(text, folder)
    except Unreadable as error:
        raise InvalidValue(_with_advice(str(error), text, folder)) from None


def _parsed(text: str, folder: Path | None) -> Distribution:
    parser = _Parser(_tokens(text), folder)
    value = parser.distribution("", depth=0)
    parser.expect("end", "", "the end")
    if isinstance(value, float):
        return Fixed(value)
    if not any(mark in text for mark in "\"'"):  # spaces in quotes are part of a name
        set_once(value, "written", " ".join(text.split()))
    return value


def _with_advice(message: str, text: str, folder: Path | None) -> str:
    """Say what to write for a text that cannot be read, or else what is wrong with it."""
    from uncertainty.distributions.spellings import advice, example

    def reads(candidate: str) -> bool:
        try:
            _parsed(candidate, folder)
        except InvalidValue:
            return False
        return True

    if meant := advice(text, reads):
        return f'cannot read "{" ".join(text.split())[:40]}"; {meant}'
    if text.strip().lower() in _NOTHING:
        return f"{message}; leave it out where nothing is known"
    if any(advised in message for advised in (" write ", "did you mean", "such as", "as in", "known: ")):
        return message
    return f"{message}; write a text such as {example(text) or '2 to 8 or normal(5, 1)'}"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f'"{self.text[:40]}" at character {self.position + 1}'


def _tokens(text: str) -> list[_Token]:
    """Cut a text into numbers, names, quoted texts and marks; the last token is the end."""
    tokens: list[_Token] = []
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
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over tokens; every method reads what it is named after."""

    def __init__(self, tokens: list[_Token], folder: Path | None) -> None:
        self._tokens = tokens
        self._next = 0
        self._folder = folder

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _advance(self) -> _Token:
        token = self._token
        self._next += 1
        return token

    def _at(self, kind: str, text: str) -> bool:
        return (self._token.kind, self._token.text) == (kind, text)

    def _skip(self, mark: str) -> bool:
        """Read a mark if it is there."""
        found = self._at("mark", mark)
        self._next += found
        return found

    def expect(self, kind: str, text: str, expected: str) -> None:
        """Read one token, or say that another was expected."""
        if not self._at(kind, text):
            self._fail("", expected)
        self._next += 1

    def _fail(self, what: str, expected: str) -> NoReturn:
        """Refuse a token; `what` names the argument it stands for, if it does."""
        raise Unreadable(f"{what}{': ' if what else ''}expected {expected}, found {self._token}")

    def distribution(self, what: str, depth: int) -> float | Distribution:
        """Read a number, a range, a spread or a call; a number stays one."""
        if self._token.kind == "name" and not _is_not_finite(self._token):
            return self._call(depth)
        if self._token.kind == "concise":
            return concise(self._advance().text)
        token = self._token
        first = self._number(what, "a distribution, such as 2 to 8 or normal(5, 1)")
        if self._at("name", "to"):
            return self._range(what, first, depth)
        if self._at("mark", "±") or self._at("mark", "+/-"):
            return self._plus_minus(what, token.text)
        return first

    def _range(self, what: str, first: float, depth: int) -> Distribution:
        self._next += 1
        last = self._number(what, 'a number after "to"')
        level = self._level(self._advance()) if self._skip("@") else USUAL_LEVEL
        if depth == 0 and self._token.kind != "end":
            self._fail("", "the end")
        return between(first, last, level)

    def _level(self, number: _Token) -> Decimal:
        """Read the sign of per cent after a number."""
        if number.kind != "number" or not self._skip("%"):
            self._fail("", "a level in per cent")
        return Decimal(number.text)

    def _plus_minus(self, what: str, centre: str) -> Distribution:
        self._next += 1
        written = self._token.text
        spread = self._number(what, 'a number after "±"')
        relative = self._skip("%")
        sds = self._sds(f"{centre} ± {written}{' %' if relative else ''}")
        return plus_minus(float(centre), spread, sds, relative=relative)

    def _sds(self, written: str) -> float:
        """Read how many standard deviations a spread is: ``(sd)``, ``(k=2)`` or ``(95 %)``."""
        if not self._skip("("):
            complete = self._token.kind == "end" or self._token.text in (",", ")")
            raise (InvalidValue if complete else Unreadable)(
                f'{written}: say which spread this is; write "{written} (sd)" for a standard deviation, '
                f'"{written} (k=2)" for two of them, or "{written} (95 %)" for half of a 95 % interval'
            )
        token = self._advance()
        if token.text == "k":
            self.expect("mark", "=", '"=" after k')
            sds = self._number("k", "a number")
        else:
            sds = 1.0 if token.text == "sd" else sds_within(self._level(token))
        self.expect("mark", ")", f'")" after {written} ({token.text}')
        if not sds > 0.0:
            raise InvalidValue(f"{written}: k must be greater than 0, not {sds:g}")
        return sds

    def _number(self, what: str, expected: str) -> float:
        token = self._token
        if _is_not_finite(token):
            raise InvalidValue(f"{what}{': ' if what else ''}expected a finite number, found {token}")
        if token.kind != "number":
            self._fail(what, expected)
        self._next += 1
        return float(token.text)

    def _call(self, depth: int) -> Distribution:
        name = self._token
        if name.text not in FAMILIES:
            meant = suggestion(name.text.lower(), FAMILIES)
            raise Unreadable(f'unknown distribution "{name.text[:40]}"{meant}')
        if depth >= DEEPEST:
            raise InvalidValue(f"distributions may be nested {DEEPEST} deep at most")
        self._next += 1
        self.expect("mark", "(", f'"(" after {name.text}')
        return FAMILIES[name.text](self._arguments(name.text, depth + 1))

    def _arguments(self, family: str, depth: int) -> Arguments:
        positional: list[Value] = []
        named: dict[str, Value] = {}
        while not self._skip(")"):
            name = self._argument_name()
            if name is None and named:
                raise InvalidValue(f"{family}: values without a name come first, before {next(iter(named))}=")
            if name in named:
                raise InvalidValue(f"{family}: {name} is given twice")
            value = self._value(f"{family}: {name or f'value {len(positional) + 1}'}", depth)
            if name is None:
                positional.append(value)
            else:
                named[name] = value
            if not self._at("mark", ")"):
                self.expect("mark", ",", f'"," or ")" in {family}(…)')
        return Arguments(family, tuple(positional), named, self._folder)

    def _argument_name(self) -> str | None:
        following = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        if self._token.kind != "name" or (following.kind, following.text) != ("mark", "="):
            return None
        name = self._advance().text
        self._next += 1
        return name

    def _value(self, what: str, depth: int) -> Value:
        if self._token.kind == "text":
            return self._advance().text[1:-1]
        if self._skip("("):
            return self._tuple(what)
        return self.distribution(what, depth)

    def _tuple(self, what: str) -> tuple[float, ...]:
        numbers: list[float] = []
        while not self._skip(")"):
            numbers.append(self._number(what, "a number"))
            if not self._at("mark", ")"):
                self.expect("mark", ",", f'"," or ")" in {what}')
        return tuple(numbers)


def _is_not_finite(token: _Token) -> bool:
    """Whether Python would read it as a float that is infinite or not a number: nan, -inf, 1e999."""
    try:
        return token.kind in ("name", "number") and not math.isfinite(float(token.text))
    except ValueError:
        return False
