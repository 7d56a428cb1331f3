"""The study language of distributions: text in, distribution out, and nothing is ever executed.

::

    distribution = number | number "to" number ["@" level] | number "±" number ["%"] "(" spread ")"
                 | number "(" digits ")" | family "(" [argument {"," argument} [","]] ")"
    spread       = "sd" | "k" "=" number | level
    level        = number "%"
    argument     = [name "="] (distribution | text | expression | "(" expression {"," expression} [","] ")")

Expressions stand inside a family's parentheses only: a whole text is never computed. What follows from
numbers alone is a number; with ``point``, an input's own point, or names of other quantities a text is
`Parametric`. ``point`` also stands before ``±``.
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from numbers import Real
from typing import TYPE_CHECKING, NoReturn

from uncertainty.distributions.arguments import Arguments, Token, Unreadable, Value, cut
from uncertainty.distributions.conditional import POINT, Parametric
from uncertainty.distributions.discrete import Fixed
from uncertainty.distributions.families import FAMILIES
from uncertainty.distributions.parameters import finite, number_text, set_once
from uncertainty.distributions.ranges import (
    USUAL_LEVEL,
    around_point,
    between,
    concise,
    plus_minus,
    sds_within,
)
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.expressions import parse_expression
from uncertainty.expressions.operations import FUNCTIONS, OVER_INDICES
from uncertainty.expressions.tree import constant, quoted
from uncertainty.values import as_written, shown

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import Distribution
    from uncertainty.expressions import Expression

LONGEST_TEXT = 100_000
DEEPEST = 20

_NEVER_COMPUTED = ("±", "+/-", "@", "%", "=")
_NOTHING = ("", "-", "?", "none", "null", "unknown", "n/a", "na", "tbd")


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
    found = read_text(text, folder)
    if isinstance(found, Parametric):
        unknown = next(iter(sorted(found.names)), str(found.expressions[0]))
        raise InvalidValue(
            f'{found.arguments.family}: expected numbers, for "{unknown}" has a value in a study alone'
        )
    return found


@lru_cache(maxsize=2**10)
def _constant(digits: str) -> Fixed:
    """Return one constant for all scenarios in which an input has it; its digits tell 0 from -0."""
    return Fixed(float.fromhex(digits))


def read_text(text: str | float, folder: Path | None = None) -> Distribution | Parametric:
    """Read a distribution, or one whose parameters follow from quantities of a study; see above."""
    if not isinstance(text, str):
        if not isinstance(text, Real):
            expected = 'expected the text of a distribution, such as "2 to 8" or "normal(15, 2)", or a number'
            raise InvalidValue(f"{expected}, found {shown(text)}")
        return _constant(finite(text, "a constant").hex())
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(
            f"a distribution may have {LONGEST_TEXT:,} characters at most, not {len(text):,}; "
            'put long data into a file and write empirical("file.csv", "column")'
        )
    try:
        return _parsed(text, folder)
    except Unreadable as error:
        raise InvalidValue(_with_advice(str(error), text, folder)) from None


def _parsed(text: str, folder: Path | None) -> Distribution | Parametric:
    parser = _Parser(text, folder)
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


class _Parser:
    """Recursive descent over tokens; every method reads what it is named after."""

    def __init__(self, text: str, folder: Path | None) -> None:
        self._text = text
        self._tokens = cut(text)
        self._next = 0
        self._folder = folder

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        token = self._token
        self._next += token.kind != "end"
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

    def distribution(self, what: str, depth: int) -> float | Distribution | Parametric:
        """Read a number, a range, a spread or a call; a number stays one."""
        if self._at("name", POINT) and self._tokens[self._next + 1].text in ("±", "+/-"):
            return self._around_point()
        if self._token.kind == "name" and not self._token.is_not_finite:
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

    def _level(self, number: Token) -> Decimal:
        """Read the sign of per cent after a number."""
        if number.kind != "number" or not self._skip("%"):
            self._fail("", "a level in per cent")
        return Decimal(number.text)

    def _plus_minus(self, what: str, centre: str) -> Distribution:
        spread, sds, relative = self._spread(what, centre)
        return plus_minus(float(centre), spread, sds, relative=relative)

    def _around_point(self) -> Parametric:
        self._next += 1
        spread, sds, relative = self._spread("", POINT)
        return Parametric(Arguments("normal", around_point(spread, sds, relative=relative), {}, None))

    def _spread(self, what: str, centre: str) -> tuple[float, float, bool]:
        """Read a spread, how many standard deviations it is, and whether it is in per cent."""
        self._next += 1
        written = self._token.text
        if self._token.kind == "name" and not self._token.is_not_finite:
            raise Unreadable(
                f'"{self._token.text[:40]}" is no number; other quantities stand inside a distribution, '
                f"as in normal({centre}, {self._token.text[:40]})"
            )
        spread = self._number(what, 'a number after "±"')
        relative = self._skip("%")
        return spread, self._sds(f"{centre} ± {written}{' %' if relative else ''}"), relative

    def _sds(self, written: str) -> float:
        """Read how many standard deviations a spread is: ``(sd)``, ``(k=2)`` or ``(95 %)``."""
        if not self._skip("("):
            self._refuse_decimal_comma(written)
            complete = self._token.kind == "end" or (self._is_inside() and self._token.text in (",", ")"))
            if not complete:
                raise Unreadable(f'{written}: expected "(sd)", "(k=2)" or "(95 %)", found {self._token}')
            raise InvalidValue(
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

    def _refuse_decimal_comma(self, written: str) -> None:
        """Refuse ``0,2 (k=2)``, whose comma parts no arguments: what a spread is stands behind it."""
        if self._at("mark", ",") and self._is_inside():
            digits, after = (*self._tokens[self._next + 1 :], self._token)[:2]
            if digits.kind == "number" and after.is_mark("("):
                rest = self._text[digits.position :].partition(")")[0]
                raise Unreadable(f'{written},{digits.text}: write "{written}.{rest})", with a point')

    def _is_inside(self) -> bool:
        """Tell whether the next token stands inside a family's parentheses, where commas part arguments."""
        before = self._tokens[: self._next]
        return sum(token.is_mark("(") - token.is_mark(")") for token in before) > 0

    def _number(self, what: str, expected: str) -> float:
        token = self._token
        if token.is_not_finite:
            raise InvalidValue(f"{what}{': ' if what else ''}expected a finite number, found {token}")
        if token.kind != "number":
            self._fail(what, expected)
        self._next += 1
        return as_written(token.text)

    def _call(self, depth: int) -> Distribution | Parametric:
        name = self._token
        if name.text not in FAMILIES:
            if self._tokens[self._next + 1].text in ("±", "+/-", "to", "+", "-", "*", "/", "**"):
                raise Unreadable(
                    f'"{name.text[:40]}" is no number; other quantities stand inside a distribution, '
                    f"as in normal({name.text[:40]}, 1)"
                )
            meant = suggestion(name.text.lower(), FAMILIES)
            raise Unreadable(f'unknown distribution "{name.text[:40]}"{meant}')
        if depth >= DEEPEST:
            raise InvalidValue(f"distributions may be nested {DEEPEST} deep at most")
        self._next += 1
        self.expect("mark", "(", f'"(" after {name.text}')
        arguments = self._arguments(name.text, depth + 1)
        found = Parametric(arguments)
        return found if found.expressions else FAMILIES[name.text](arguments)

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
        end = self._end_of_value()
        if self._is_listing(end, what):
            return self._tuple(what)
        if self._is_expression(end):
            return self._expression(what, end)
        return self.distribution(what, depth)

    def _end_of_value(self) -> int:
        """Return the position of the comma or parenthesis that ends a value, or of the end."""
        depth, position = 0, self._next
        while (token := self._tokens[position]).kind != "end":
            if not depth and (token.is_mark(",") or token.is_mark(")")):
                break
            depth += token.is_mark("(") - token.is_mark(")")
            position += 1
        return position

    def _is_listing(self, end: int, what: str) -> bool:
        """Tell whether a value is numbers in parentheses, and not an expression that begins with one."""
        inside = self._tokens[self._next : end]
        if not inside or not inside[0].is_mark("("):
            return False
        depths = list(accumulate(token.is_mark("(") - token.is_mark(")") for token in inside))
        if 0 in depths[:-1]:
            return False
        commas = (token.is_mark(",") and depth == 1 for token, depth in zip(inside, depths, strict=True))
        return what.endswith(": weights") or any(commas) or len(inside) < 4

    def _is_expression(self, end: int) -> bool:
        """Tell whether a value is to be computed, and not a number, a range, a spread or a distribution."""
        first, *others = self._tokens[self._next : end] or [self._token]
        if first.is_not_finite or not others:
            return first.kind == "name" and not first.is_not_finite
        if first.kind == "name" and others[0].is_mark("("):
            return first.text.lstrip("+-") in FUNCTIONS.keys() | OVER_INDICES.keys()
        words = (first.kind in ("number", "name") and others[0].text == "to", first.kind == "concise")
        marks = (token.kind == "text" or token.text in _NEVER_COMPUTED for token in others)
        return not any(words) and not any(marks)

    def _expression(self, what: str, end: int) -> float | Expression:
        """Read an expression; what follows from numbers alone is a number."""
        start, stop = self._token.position, self._tokens[end].position
        try:
            found = parse_expression(self._text[start:stop].strip())
        except InvalidValue as error:
            raise Unreadable(f"{what}: {error}") from None
        self._next = end
        value = constant(found)
        if value is None:
            return found
        if not math.isfinite(value):
            raise InvalidValue(f"{what}: {quoted(found)} gives {number_text(value)}, not a finite number")
        return value

    def _tuple(self, what: str) -> tuple[float | Expression, ...]:
        self._next += 1
        found: list[float | Expression] = []
        while not self._skip(")"):
            end = self._end_of_value()
            found.append(
                self._expression(what, end) if self._is_expression(end) else self._number(what, "a number")
            )
            if not self._at("mark", ")"):
                self.expect("mark", ",", f'"," or ")" in {what}')
        return tuple(found)
