"""The arguments of a call in the study language: cut into tokens, and matched with what a family takes."""

from __future__ import annotations

import math
import re
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TypeAlias

from uncertainty.distributions.metalog import Quantiles, checked_quantiles
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.numbers import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from uncertainty.distributions.protocol import Distribution
    from uncertainty.expressions import Expression


class Unsettled(Protocol):
    """A distribution among them whose own parameters are still to come."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What its parameters follow from."""
        ...


Value: TypeAlias = "float | str | tuple[float | Expression, ...] | Distribution | Expression | Unsettled"
"""An expression stands for a number that is still to come."""

QUANTILE_NAME = regex(r"p([0-9]+(?:\.[0-9]+)?)")


def fractions_among(percentages: Iterable[str]) -> str:
    """Say what to write where all quantiles are below 1 %, as p0.05 and p0.95: hardly anybody means that."""
    found = sorted(map(Decimal, percentages))
    if not found or found[-1] >= 1 or found[0] <= 0:
        return ""
    ends = dict.fromkeys((found[0], found[-1]))
    names, meant = (" and ".join(f"p{(times * each).normalize():f}" for each in ends) for times in (1, 100))
    return f"{names} would be quantiles of less than 1 %; as fractions they are {meant}"


class Unreadable(InvalidValue):
    """A text that is no distribution by its form, whatever its numbers."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands between the parentheses of a call.

    Parameters
    ----------
    family
        Name of the family, for messages.
    positional
        Values without a name.
    named
        Values by name, each given once.
    folder
        Folder of the study, to which the paths of data files are relative; None if there is none.
    """

    family: str
    positional: tuple[Value, ...]
    named: Mapping[str, Value]
    folder: Path | None = field(compare=False)

    def split_quantiles(self) -> tuple[Quantiles, Arguments]:
        """Separate ``p5=1, p95=9`` from the other arguments."""
        texts = {name: match[1] for name in self.named if (match := QUANTILE_NAME.fullmatch(name))}
        if said := fractions_among(texts.values()):
            raise InvalidValue(f"{self.family}: {said}")
        pairs = tuple(
            (float(Decimal(text) / 100), number(self.named[name], f"{self.family}: {name}"))
            for name, text in texts.items()
        )
        rest = {name: value for name, value in self.named.items() if name not in texts}
        return checked_quantiles(pairs, self.family), Arguments(
            self.family, self.positional, rest, self.folder
        )

    def matched(
        self, required: tuple[str, ...], optional: tuple[str, ...] = (), example: str = ""
    ) -> dict[str, Value]:
        """Give every value its name.

        Parameters
        ----------
        example
            How the family is written with them, for advice.

        Raises
        ------
        InvalidValue
            If there are too many values, or one is missing, unknown or given twice.
        """
        known = required + optional
        if len(self.positional) > len(known):
            raise Unreadable(
                f"{self.family}: takes at most {count(len(known), 'value')}, "
                f"{signature(self.family, known)}, not {len(self.positional)}"
            )
        values = dict(zip(known, self.positional, strict=False))
        self.refuse_unknown(known)
        for name, value in self.named.items():
            if name in values:
                raise Unreadable(f"{self.family}: {name} is given twice, by position and by name")
            values[name] = value
        missing = [name for name in required if name not in values]
        if missing:
            absent = " and ".join(missing) + (" is" if len(missing) == 1 else " are")
            raise Unreadable(f"{self.family}: {absent} missing, as in {example}")
        return values

    def mapped(self, change: Callable[[Value], Value]) -> Arguments:
        """Return the same with other values."""
        return Arguments(
            self.family,
            tuple(map(change, self.positional)),
            {name: change(value) for name, value in self.named.items()},
            self.folder,
        )

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Refuse names that the family does not have."""
        names = tuple(known)
        for name in self.named:
            if name not in names:
                raise Unreadable(f'{self.family}: unknown argument "{name}"{suggestion(name, names)}')


def signature(family: str, names: Iterable[str]) -> str:
    """How a call is written."""
    return f"{family}({', '.join(names)})"


def number(value: Value, what: str) -> float:
    """Return a value that must be a number."""
    if isinstance(value, float):
        return value
    raise InvalidValue(f"{what} must be a number, not {described(value)}")


def numbers(values: Iterable[Value], what: str) -> tuple[float, ...]:
    """Return values that must all be numbers."""
    return tuple(number(value, f"{what} {position}") for position, value in enumerate(values, start=1))


def weights(value: Value | None, family: str) -> tuple[float, ...] | None:
    """Return the value of ``weights=``, if given."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return numbers(value, f"{family}: weight")
    written = f"{family}(2, 8, weights=(0.7, 0.3))"
    raise InvalidValue(f"{family}: weights must be numbers in parentheses, such as {written}")


def described(value: Value) -> str:
    """Say what a value is, for messages."""
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    if isinstance(value, tuple):
        return "several numbers in parentheses"
    return f"the distribution {str(value)[:40]}"


LONGEST_TOKEN = 300

_UNDECODED = regex(r"[\udc80-\udcff]")
"""What stands in Python for a byte that is no text in the encoding that the system gives (PEP 383)."""

_SPACES = " \t\n\r\f\v"
_DIGITS = r"[0-9](?:_?[0-9])*"
_TOKEN = regex(
    rf"""\s*(?:
      (?P<concise>[+-]?{_DIGITS}(?:\.{_DIGITS}|\s)?\([0-9]+\)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.]))
    | (?P<spaced>[+-]?{_DIGITS}\.{_DIGITS}\s\([0-9]+\))
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
            if _UNDECODED.match(word):
                hint = "; it is a byte that is no character in the encoding of the locale"
            raise Unreadable(f"cannot read {word[:40]!r} at character {len(text) - len(rest) + 1}{hint}")
        kind = match.lastgroup
        if kind == "spaced":
            centre, digits = match[kind].rstrip(")").replace("(", " ").split()
            said = f'write "{centre}({digits})" for digits of the last place, or "normal({centre}, {digits})"'
            raise Unreadable(f'"{match[kind][:40]}" is read in two ways; {said} for an sd')
        if len(match[kind]) > LONGEST_TOKEN:
            raise InvalidValue(f'"{match[kind][:40]}…" is too long; {LONGEST_TOKEN} characters are the most')
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens
