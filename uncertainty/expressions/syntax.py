"""From the text of an expression to a tree, by a parser that knows nothing but arithmetic.

::

    condition    both {"or" both}
    both         negation {"and" negation}
    negation     {"not"} comparison
    comparison   sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
    sum          product {("+" | "-") product}
    product      signed {("*" | "/") signed}
    signed       ("-" | "+") signed | power
    power        atom ["**" signed]
    atom         number ["[" unit "]"] | name ["[" member {"," member} "]"] | call | "(" condition ")"
    call         function "(" condition {"," condition} ")"

Precedence and grouping are Python's, but for more than 90 terms of a sum, a product, `and` or `or`: they are
halved again and again; rounding errors grow less so. The text is never given to Python's own reader, so what
is not in this grammar does not exist.
"""

from __future__ import annotations

import dataclasses
import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue, meant, suggestion
from uncertainty.expressions.operations import (
    COMPARISON,
    COMPARISONS,
    CONSTANTS,
    FREE,
    FUNCTIONS,
    NOT,
    OPERATIONS,
    OPERATORS,
    OR,
    OVER_INDICES,
    SELECT,
    SUM,
)
from uncertainty.expressions.tree import Call, Expression, Name, Number, names, precedence_of, quoted, walk
from uncertainty.late import regex
from uncertainty.values import as_written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.expressions.operations import Operation

__all__ = ["RESERVED_NAMES", "Call", "Expression", "Name", "Number", "names", "parse_expression"]

MAX_LENGTH = 10_000
MAX_DEPTH = 100
MAX_NODES = 2_000
LONG = 90
"""Terms above which a plain sum or product is no chain, as deep as it is long, but a tree of pairs."""

MAX_LITERAL = 40
MAX_UNIT = 100
MAX_MEMBERS = 1_000
"""Characters of the members that select from a quantity."""

_TOKEN = regex(
    r"""\s*(?:
        (?P<number> (?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<word>   [A-Za-z_]\w*)
      | (?P<symbol> \*\*|//|<=|>=|==|!=|\S)
    )""",
    re.VERBOSE | re.ASCII,
)
_NAME = regex(r"[a-z][a-z0-9_]*", re.ASCII)
_MEMBER = regex(r"(?:[a-z][a-z0-9_]*\s*=\s*)?[-+\w.]+")
_SIGNS = ("+", "-")
_ASSOCIATIVE = frozenset({"add", "multiply", "logical_and", "logical_or"})
_BINARY = MappingProxyType(
    {operation.symbol: name for name, operation in OPERATORS.items() if operation.arguments == (2, 2)}
)
_CALLED = MappingProxyType({**FUNCTIONS, **OVER_INDICES})
_ALLOWED = (
    "allowed are + - * / **, comparisons, and or not, parentheses, numbers, names, pi, "
    f"{' '.join(FUNCTIONS)} and sum, mean … over indices"
)
_ADVICE = MappingProxyType(
    {
        "//": "for a whole-number quotient there is no operator; use /",
        "%": "there is no remainder operator; a percentage is written 5[%]",
        "^": "a power is written **",
        "=": "equality is written ==",
        "&": "two conditions that must both hold are joined by and: a < b and b < c",
        "|": "two conditions of which one must hold are joined by or: a < b or b < c",
        "!": "a condition that must not hold is written not a < b",
        "×": "a product is written *",
        "·": "a product is written *",
        "÷": "a quotient is written /",
        "−": "a minus sign is written -",
        ".": "a quantity has no attributes",
        "[": "after a number brackets hold its unit, as in 15[g]; after a name they select, as in hour[us]",
        '"': "there are no texts in an expression",
        "'": "there are no texts in an expression",
        "and": "it stands between two conditions: a < b and b < c",
        "or": "it stands between two conditions: a < b or b < c",
        "not": "within a sum, product or comparison it needs parentheses: a * (not b)",
        "if": "use where(condition, value_if_true, value_if_false)",
        "else": "use where(condition, value_if_true, value_if_false)",
        "lambda": "functions cannot be defined",
        "for": "there are no loops",
        "in": "compare numbers with == instead",
        "is": "compare numbers with == instead",
    }
)
_OTHER_SPELLINGS = MappingProxyType(
    {"ln": "log", "ln1p": "log1p", "min": "minimum", "max": "maximum", "fabs": "abs", "pow": "**"}
    | {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "ceiling": "ceil", "rint": "round"}
)

RESERVED_NAMES = frozenset({*CONSTANTS, *FUNCTIONS, *filter(_NAME.fullmatch, _ADVICE)}) - FREE
"""Names that an expression cannot use for a quantity."""


def parse_expression(text: str, functions: Mapping[str, Operation] | None = None) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text
        Arithmetic in Python's syntax. A number may carry a unit in brackets: ``15[t/year]``.
    functions
        Those that may be called; what people write knows no others than the default.

    Returns
    -------
    Expression
        A tree whose ``str`` parses back to an equal tree.

    Raises
    ------
    InvalidValue
        If the text is not such an expression, or exceeds the bounds on length, depth and size.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValue(f"an expression has at most {MAX_LENGTH} characters, this one has {len(text)}")
    expression = _Parser(text, functions or _CALLED).whole()
    _check_size(expression)
    return expression


def _check_size(expression: Expression) -> None:
    depths = [depth for _, depth in walk(expression)]
    if len(depths) > MAX_NODES:
        raise InvalidValue(
            f"an expression has at most {MAX_NODES} numbers, names and operations, this one has "
            f"{len(depths)}; split it into several equations"
        )
    if max(depths) > MAX_DEPTH:
        raise _too_deep()


def _too_deep() -> InvalidValue:
    return InvalidValue(
        f"an expression nests at most {MAX_DEPTH} levels deep, this one is deeper; "
        "split it into several equations"
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int

    def __str__(self) -> str:
        shown = self.text if self.text.isprintable() else ascii(self.text)[1:-1]
        return f'"{shown}" at column {self.start + 1}' if self.text else "the end"


class _Parser:
    """Recursive descent over one text, always looking at one token."""

    def __init__(self, text: str, functions: Mapping[str, Operation]) -> None:
        self._text = text
        self._functions = functions
        self._level = 0
        self._token = self._read(0)

    def whole(self) -> Expression:
        expression = self._condition()
        if self._token.kind != "end":
            raise self._unexpected("an operator or the end")
        return expression

    def _condition(self) -> Expression:
        return self._joined(OR)

    def _joined(self, weakest: int) -> Expression:
        """Read operands joined by operators that bind at least so tightly (precedence climbing)."""
        left = self._negation() if weakest <= NOT and self._token.text == "not" else self._signed()
        while (name := self._operator()) and OPERATIONS[name].precedence >= weakest:
            left = self._compared(left) if name in COMPARISONS else self._chained(left)
        return left

    def _operator(self) -> str | None:
        return _BINARY.get(self._token.text)

    def _negation(self) -> Expression:
        negations = 0
        while self._token.text == "not":
            self._advance()
            negations += 1
        expression = self._joined(COMPARISON)
        for _ in range(negations):
            expression = Call("logical_not", (expression,))
        return expression

    def _compared(self, left: Expression) -> Expression:
        operator = self._advance()
        comparison = Call(_BINARY[operator.text], (left, self._joined(SUM)))
        if self._operator() in COMPARISONS:
            raise InvalidValue(
                f"a second comparison {self._token} after {quoted(comparison)}; "
                "join two comparisons with and: a < b and b < c"
            )
        return comparison

    def _chained(self, left: Expression) -> Expression:
        """Read what operators of one precedence join, grouped from the left, or in pairs if long."""
        precedence = OPERATIONS[_BINARY[self._token.text]].precedence
        # parentheses around what comes first group as they would without
        operands, operations = _chain(left, precedence)
        while (name := self._operator()) and OPERATIONS[name].precedence == precedence:
            self._advance()
            operations.append(name)
            operands.append(self._joined(precedence + 1))
        if len(operands) > LONG and len(set(operations)) == 1 and operations[0] in _ASSOCIATIVE:
            return _in_pairs(operations[0], operands)
        left = operands[0]
        for name, right in zip(operations, operands[1:], strict=True):
            left = Call(name, (left, right))
        return left

    def _signed(self) -> Expression:
        """Read an operand with its signs; all nesting passes through here, so here it is bounded."""
        self._level += 1
        if self._level > MAX_DEPTH:
            raise _too_deep()
        expression = self._sign() if self._token.text in _SIGNS else self._power()
        self._level -= 1
        return expression

    def _sign(self) -> Expression:
        sign = self._advance()
        operand = self._signed()
        return Call("negative", (operand,)) if sign.text == "-" else operand

    def _power(self) -> Expression:
        base = self._atom()
        if self._token.text != "**":
            return base
        self._advance()
        return Call("power", (base, self._signed()))

    def _atom(self) -> Expression:
        if self._token.kind == "number":
            return self._number()
        if self._token.kind == "word":
            return self._word()
        if self._token.text != "(":
            raise self._unexpected("a number, a name or a parenthesis")
        opening = self._advance()
        expression = self._condition()
        self._close(opening)
        return expression

    def _number(self) -> Number:
        token = self._advance()
        if len(token.text) > MAX_LITERAL:
            raise InvalidValue(
                f'a number has at most {MAX_LITERAL} characters, "{token.text[:10]}…" at column '
                f"{token.start + 1} has {len(token.text)}; write it with an exponent, as in 1.5e30"
            )
        value = as_written(token.text)
        if not math.isfinite(value):
            raise InvalidValue(f"the number {token} is too large; the largest is about 1.8e308")
        if self._token.kind in ("word", "number") and self._operator() is None:
            raise InvalidValue(
                f"unexpected {self._token} after the number {token.text}; "
                f"a unit is written {token.text}[g], a product {token.text} * x"
            )
        return Number(value, self._unit() if self._token.text == "[" else None)

    def _unit(self) -> str:
        start = self._token.start + 1
        end = self._text.find("]", start)
        if end == -1:
            raise InvalidValue(f'the bracket "[" at column {start} is never closed')
        unit = " ".join(self._text[start:end].split())
        if not unit or len(unit) > MAX_UNIT or "[" in unit or not unit.isprintable():
            raise InvalidValue(
                f"expected a unit of 1 to {MAX_UNIT} characters in the brackets at column {start}, "
                "as in 15[t/year]"
            )
        self._token = self._read(end + 1)
        return unit

    def _word(self) -> Expression:
        if self._token.text in _ADVICE:
            raise self._unexpected("a number, a name or a parenthesis")
        word = self._advance()
        if self._token.text == "(":
            return self._call(word)
        if word.text in FUNCTIONS and word.text not in FREE:
            raise InvalidValue(f"{word} is a function; write {word.text}(…)")
        if not _NAME.fullmatch(word.text):
            raise InvalidValue(
                f"{word} is no name; a name has lower-case letters, digits and underscores, a letter first"
            )
        return self._selection(word) if self._token.text == "[" else Name(word.text)

    def _selection(self, word: _Token) -> Call:
        """Read the members that select from a quantity; each is a name of its own in the tree."""
        start = self._token.start + 1
        end = self._text.find("]", start)
        if end == -1:
            raise InvalidValue(f'the bracket "[" at column {start} is never closed')
        members = [part.strip() for part in self._text[start : min(end, start + MAX_MEMBERS)].split(",")]
        if not all(map(_MEMBER.fullmatch, members)):
            raise InvalidValue(
                f"expected members of indices in the brackets at column {start}, as in {word.text}[us] or "
                f"{word.text}[country=us]"
            )
        self._token = self._read(end + 1)
        return Call(SELECT, (Name(word.text), *(Name("".join(member.split())) for member in members)))

    def _call(self, word: _Token) -> Call:
        if word.text not in self._functions:
            other = _OTHER_SPELLINGS.get(word.text)
            hint = meant(other) if other else suggestion(word.text, _CALLED)
            raise InvalidValue(f"unknown function {word}{hint} (known: {' '.join(_CALLED)})")
        opening = self._advance()
        arguments = [] if self._token.text == ")" else [self._condition()]
        while self._token.text == ",":
            self._advance()
            arguments.append(self._condition())
        self._close(opening)
        if not self._functions[word.text].accepts(len(arguments)):
            raise InvalidValue(f"{_expected_arguments(word)}, not {len(arguments)}")
        return Call(word.text, tuple(arguments))

    def _close(self, opening: _Token) -> None:
        if self._token.kind == "end":
            raise InvalidValue(f"the parenthesis {opening} is never closed")
        if self._token.text != ")":
            raise self._unexpected('an operator or ")"')
        self._advance()

    def _unexpected(self, expected: str) -> InvalidValue:
        if self._token.kind == "end":
            return InvalidValue(f"the expression ends where {expected} was expected")
        advice = _ADVICE.get(self._token.text, f"expected {expected}; {_ALLOWED}")
        return InvalidValue(f"unexpected {self._token}; {advice}")

    def _advance(self) -> _Token:
        """Step to the next token and return the one that was looked at."""
        token = self._token
        self._token = self._read(token.start + len(token.text))
        return token

    def _read(self, position: int) -> _Token:
        match = _TOKEN.match(self._text, position)
        if match is None:
            return _Token("end", "", len(self._text))
        kind = str(match.lastgroup)
        return _Token(kind, match[kind], match.start(kind))


def _chain(expression: Expression, precedence: int) -> tuple[list[Expression], list[str]]:
    """Return the operands and operations that give an expression when they are grouped from the left."""
    operands, operations = [], []
    while isinstance(expression, Call) and precedence_of(expression) == precedence:
        operations.append(expression.operation)
        expression, right = expression.arguments
        operands.append(right)
    return [expression, *reversed(operands)], operations[::-1]


def _in_pairs(operation: str, operands: list[Expression]) -> Expression:
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    halves = operands[:middle], operands[middle:]
    return Call(operation, tuple(_in_pairs(operation, half) for half in halves))


def _expected_arguments(function: _Token) -> str:
    fewest, most = _CALLED[function.text].arguments
    count = f"{fewest} or more" if most is None else str(fewest)
    return f"{function} takes {count} argument{'' if count == '1' else 's'}"
