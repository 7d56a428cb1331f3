"""From the text of a spreadsheet's formula to a tree, with the spreadsheet's own precedence.

openpyxl cuts a formula into tokens, and a parser of a few rules groups them. Its rules are Excel's: a sign
binds tighter than a power (``-2^2`` is 4), powers are grouped from the left, and ``%`` follows its operand. A
library of formulas would bring a calculator that is not needed: formulas are translated, never evaluated.
"""

from __future__ import annotations

import math
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.bounds import SHEET_COLUMNS, SHEET_ROWS
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_LENGTH = 8_192
MAX_LEVELS = 64
"""Excel's own bounds on characters and on levels of a formula."""

ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, truth value or error as it stands in a formula; None for an argument left empty."""

    value: float | str | bool | Failure | None


@dataclass(frozen=True, slots=True)
class Failure:
    """An error value, such as #N/A, with the cell that it is from."""

    code: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of a sheet, from corner to corner, counted from 1; without a sheet, of the formula's own."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_cell(self) -> bool:
        """Whether it is one cell."""
        return self.top == self.bottom and self.left == self.right


@dataclass(frozen=True, slots=True)
class Named:
    """A defined name, and the sheet that is written before it."""

    name: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Structured:
    """Cells of a table, and which of them its brackets say."""

    table: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator, or a function by its name in capitals, on its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """An array constant, row by row."""

    rows: tuple[tuple[Node, ...], ...]


Node: TypeAlias = Literal | Area | Named | Structured | Apply | Block

_BINDING = MappingProxyType(
    dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1) | {"&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
)
_CORNER = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
_CELLS = regex(rf"{_CORNER}(?::{_CORNER})?")
_COLUMNS = regex(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = regex(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")
_SHEET = regex(r"(?:'((?:[^']|'')+)'|([^'!]+))!")
_TABLE = regex(r"([^\W\d][\w.\\]*)\[(.*)\]", re.DOTALL)
_NAME = regex(r"[^\W\d][\w.\\?]*")


def parse_formula(text: str) -> Node:
    """Read a formula.

    Parameters
    ----------
    text
        As a workbook stores it, with the sign of equality before it.

    Raises
    ------
    InvalidValue
        If it exceeds the bounds of Excel, or is no formula that can be read.
    """
    _check_bounds(text)
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    try:
        tokens = [(token.value, token.type, token.subtype) for token in Tokenizer(text).items]
    except (TokenizerError, IndexError):
        raise InvalidValue("this formula cannot be read") from None
    return _Parser([token for token in tokens if token[1] != "WHITE-SPACE"]).whole()


def _check_bounds(text: str) -> None:
    """Refuse what no spreadsheet program would store, before any parser sees it."""
    if len(text) > MAX_LENGTH:
        raise InvalidValue(f"a formula has at most {MAX_LENGTH:,} characters, this one has {len(text):,}")
    level = 0
    for sign in re.findall(r'"[^"]*"|\'[^\']*\'|[(){}]', text):
        level += {"(": 1, "{": 1, ")": -1, "}": -1}.get(sign, 0)
        if level > MAX_LEVELS:
            raise InvalidValue(f"a formula nests at most {MAX_LEVELS} levels deep, this one is deeper")


class _Parser:
    """Precedence climbing over a list of tokens."""

    def __init__(self, tokens: Sequence[tuple[str, str, str]]) -> None:
        self._tokens = [*tokens, ("", "END", "")]
        self._at = 0

    def whole(self) -> Node:
        node = self._joined(1)
        if self._type != "END":
            raise self._unexpected()
        return node

    @property
    def _type(self) -> str:
        return self._tokens[self._at][1]

    @property
    def _text(self) -> str:
        return self._tokens[self._at][0]

    def _step(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _joined(self, weakest: int) -> Node:
        left = self._operand()
        while self._type == "OPERATOR-INFIX" and _BINDING.get(self._text, 0) >= weakest:
            operator = self._step()
            left = Apply(operator, (left, self._joined(_BINDING[operator] + 1)))
        return left

    def _operand(self) -> Node:
        signs = 0
        while self._type == "OPERATOR-PREFIX":
            signs += self._step() == "-"
        node = self._primary()
        while self._type == "OPERATOR-POSTFIX":
            self._step()
            node = Apply("%", (node,))
        # two of them make a number of a truth value
        for _ in range(signs and 2 - signs % 2):
            node = Apply("NEGATIVE", (node,))
        return node

    def _primary(self) -> Node:
        text, kind, subtype = self._tokens[self._at]
        if kind == "OPERAND":
            self._step()
            return _operand(text, subtype)
        if (kind, subtype) == ("PAREN", "OPEN"):
            self._step()
            node = self._joined(1)
            self._close("PAREN")
            return node
        if (kind, subtype) == ("FUNC", "OPEN"):
            self._step()
            return Apply(_function_name(text), tuple(self._arguments()))
        if (kind, subtype) == ("ARRAY", "OPEN"):
            self._step()
            return Block(tuple(self._rows()))
        raise self._unexpected()

    def _arguments(self) -> Iterator[Node]:
        if self._tokens[self._at][1:] == ("FUNC", "CLOSE"):
            self._step()
            return
        while True:
            yield self._argument()
            if self._tokens[self._at][1:] != ("SEP", "ARG"):
                break
            self._step()
        self._close("FUNC")

    def _argument(self) -> Node:
        is_empty = self._type == "SEP" or self._tokens[self._at][1:] == ("FUNC", "CLOSE")
        return Literal(None) if is_empty else self._joined(1)

    def _rows(self) -> Iterator[tuple[Node, ...]]:
        row = [self._joined(1)]
        while self._type == "SEP":
            is_new = self._step() == ";"
            if is_new:
                yield tuple(row)
                row = []
            row.append(self._joined(1))
        yield tuple(row)
        self._close("ARRAY")

    def _close(self, kind: str) -> None:
        if self._tokens[self._at][1:] != (kind, "CLOSE"):
            raise self._unexpected()
        self._step()

    def _unexpected(self) -> InvalidValue:
        if self._type == "END":
            return InvalidValue("this formula cannot be read: it ends too early")
        if self._text == ",":
            return InvalidValue("this formula joins ranges by a comma, which has no translation")
        return InvalidValue(f"this formula cannot be read at {self._text[:40]!r}")


def _function_name(text: str) -> str:
    # of a range that ends where a function says, as A1:INDEX, the beginning stays as it is written
    start, colon, name = text[:-1].rpartition(":")
    return re.sub(r"^(_XLFN\.|_XLWS\.|@)+", "", f"{start}{colon}{name.upper()}")


def _operand(text: str, subtype: str) -> Node:
    if subtype == "NUMBER":
        if not math.isfinite(float(text)):
            raise InvalidValue(f"{text[:40]} is too large for a number")
        return Literal(float(text))
    if subtype == "TEXT":
        return Literal(text[1:-1].replace('""', '"'))
    if subtype == "LOGICAL":
        return Literal(text.upper() == "TRUE")
    if subtype == "ERROR":
        return Literal(Failure(text.upper()))
    return reference(text.removeprefix("@"))


def reference(text: str) -> Area | Named | Structured | Literal:
    """Read a cell, a range, whole columns or rows, a defined name or cells of a table, as they stand there.

    Raises
    ------
    InvalidValue
        If it is of another workbook or of several sheets.
    """
    sheet, rest = "", text
    if "[" in text and (found := _TABLE.fullmatch(text)):
        return Structured(found[1], found[2])
    if found := _SHEET.match(text):
        sheet, rest = (found[1] or found[2]).replace("''", "'"), text[found.end() :]
    _check_sheet(sheet, text)
    if rest.upper() in ERRORS:
        return Literal(Failure(rest.upper()))
    own = _SHEET.search(rest)
    if own and (own[1] or own[2]).rpartition(":")[2].replace("''", "'") == sheet:
        rest = rest.replace(own[0].rpartition(":")[2], "")
    area = _area(sheet, rest)
    if area is not None:
        return area
    if _NAME.fullmatch(rest):
        return Named(rest, sheet)
    raise InvalidValue(f"{text[:60]!r} is no cell, range or defined name")


def _check_sheet(sheet: str, text: str) -> None:
    if "[" in sheet or "|" in sheet:
        raise InvalidValue(f"{text[:60]!r} is in another workbook, which is never opened")
    if ":" in sheet:
        raise InvalidValue(f"{text[:60]!r} is a range over several sheets; add up the sheets one by one")


def _area(sheet: str, text: str) -> Area | None:
    if found := _CELLS.fullmatch(text):
        left, top = column_number(found[1]), int(found[2])
        right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    elif found := _COLUMNS.fullmatch(text):
        top, bottom = 1, SHEET_ROWS
        left, right = column_number(found[1]), column_number(found[2])
    elif found := _ROWS.fullmatch(text):
        left, right = 1, SHEET_COLUMNS
        top, bottom = int(found[1]), int(found[2])
    else:
        return None
    top, bottom = sorted((top, bottom))
    left, right = sorted((left, right))
    is_within = top >= 1 and bottom <= SHEET_ROWS and right <= SHEET_COLUMNS
    return Area(sheet, top, left, bottom, right) if is_within else None


@cache
def column_number(letters: str) -> int:
    """Return the number of a column from 1, of such as ``AB``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def nodes(tree: Node) -> Iterator[Node]:
    """Yield every part of a formula, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Apply):
            waiting.extend(reversed(node.arguments))
        elif isinstance(node, Block):
            waiting.extend(each for row in node.rows for each in row)
