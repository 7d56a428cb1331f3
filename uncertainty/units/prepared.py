"""Units from a table that was made of pint's (see `preparing`), as pint would read them, to the bit.

Reading pint's definitions takes longer than most studies take to compute. What follows reads products, ratios
and powers of names as pint does, in the same order of multiplication; whatever is out of the ordinary, such
as an offset, a word that may be read in two ways, or a fault, is left to pint itself.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from uncertainty.late import dataclass, regex
from uncertainty.units.dimension import Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.units.words import Vocabulary

TABLE = Path(__file__).with_name("table.json")

Powers: TypeAlias = dict[str, float]
"""Exponents of units, in the order in which they are met."""

_WORD = regex(r"[^\W\d]\w*")
_ORDINARY = regex(r"[A-Za-z_0-9\s*/^().+%-]+")
_PINTS_WORDS = regex(r"\b(?:per|squared|cubed|cubic|square|sq|nan)\b|\b\d[\d.]*[A-Za-z_]", re.IGNORECASE)
_BESIDE = regex(r"([\w.)])\s+(?=[\w(])")


class Unprepared(Exception):  # noqa: N818 - no error: pint is asked instead
    """The table does not say what a text means."""


@dataclass(frozen=True, slots=True)
class Table:
    """What pint knows of units.

    Parameters
    ----------
    names
        Names of units, those without a prefix and those that pint's own definitions speak of, each with the
        one name that the unit has in what follows.
    units
        What each is a multiple of, with the scale; nothing where its values have an offset, are logarithmic
        or no number.
    dimensions
        What base units measure.
    known_dimensions
        Names of all that units measure.
    prefixes
        Names and symbols of prefixes, each with its name and scale.
    base
        What base units are in the coherent system.
    """

    names: Mapping[str, str]
    units: Mapping[str, Any]
    dimensions: Mapping[str, Powers]
    known_dimensions: frozenset[str]
    prefixes: Mapping[str, tuple[str, float]]
    base: Mapping[str, Powers]

    @property
    def offset(self) -> frozenset[str]:
        """Names of units whose values cannot be multiplied."""
        return frozenset(name for name, own in self.names.items() if not self.units[own])


@lru_cache(maxsize=1)
def table() -> Table:
    """Read the table."""
    content = json.loads(TABLE.read_text(encoding="utf-8"))
    known = frozenset(content.pop("known_dimensions"))
    return Table(known_dimensions=known, **content)


def _spelled_out(plain: str, vocabulary: Vocabulary) -> str:
    """Write out prefixes."""
    ratio = plain.replace(" per ", "/")
    if not all(map(vocabulary.is_unit, _WORD.findall(ratio))):
        raise Unprepared
    return _WORD.sub(lambda word: vocabulary.spelled_out(word[0]), ratio)


def _product(text: str) -> Powers:
    """Return the words of a text with their exponents, as pint's parser multiplies them."""
    if not _ORDINARY.fullmatch(text) or _PINTS_WORDS.search(text):
        raise Unprepared
    text = _BESIDE.sub(r"\1*", text.replace("%", " percent ").strip()).replace("^", "**")
    # "in" is a word of Python's own, "in_" is not
    text = _WORD.sub(r"\g<0>_", text)
    try:
        found = _evaluated(ast.parse(text, mode="eval").body)
    except (SyntaxError, ArithmeticError, RecursionError):
        raise Unprepared from None
    if not isinstance(found, dict):
        if found != 1:
            raise Unprepared
        return {}
    return found


def _evaluated(node: ast.expr) -> Powers | float:
    """Evaluate a part of a text: units with exponents, or a number."""
    match node:
        case ast.Name(name):
            return {name.removesuffix("_"): 1}
        case ast.Constant(value) if isinstance(value, int | float):
            return value
        case ast.UnaryOp(ast.USub(), operand):
            return -_number(_evaluated(operand))
        case ast.UnaryOp(ast.UAdd(), operand):
            return _number(_evaluated(operand))
        case ast.BinOp(left, ast.Pow(), right):
            return _power(_evaluated(left), _number(_evaluated(right)))
        case ast.BinOp(left, ast.Mult(), right):
            return _times(_evaluated(left), _evaluated(right), 1)
        case ast.BinOp(left, ast.Div(), right):
            return _times(_evaluated(left), _evaluated(right), -1)
    raise Unprepared


def _number(found: Powers | float) -> float:
    if isinstance(found, dict):
        raise Unprepared
    return found


def _power(base: Powers | float, exponent: float) -> Powers | float:
    if isinstance(base, dict):
        return {name: power * exponent for name, power in base.items()}
    number: float = base**exponent
    return number


def _times(left: Powers | float, right: Powers | float, sign: int) -> Powers | float:
    """Multiply, or divide where the sign is minus."""
    if isinstance(left, dict) and isinstance(right, dict):
        product = dict(left)
        for name, power in right.items():
            _multiply(product, name, sign * power)
        return product
    if not isinstance(left, dict) and not isinstance(right, dict):
        return left * right if sign > 0 else left / right
    number, units = (right, left) if isinstance(left, dict) else (left, right)
    if number != 1 or not isinstance(units, dict):
        raise Unprepared
    return _power(units, sign) if units is right else units


def _multiply(product: Powers, name: str, power: float) -> None:
    total = product.get(name, 0) + power
    product[name] = total
    if not total:
        del product[name]


class Words:
    """The words of one study.

    Parameters
    ----------
    table
        What pint knows.
    counted
        Names and plurals of what the study counts, each with the name in the singular.
    """

    def __init__(self, table: Table, counted: Mapping[str, str]) -> None:
        self._table, self._counted = table, counted
        self._names = {**table.names, **counted}

    def read(self, plain: str, vocabulary: Vocabulary) -> tuple[float, Dimension]:
        """Return the factor of a unit to coherent base units, and what it measures.

        Raises
        ------
        Unprepared
            If only pint can tell.
        """
        units: Powers = {}
        for word, power in _product(_spelled_out(plain, vocabulary)).items():
            if word != "dimensionless":
                _multiply(units, "".join(self._parts(word)), power)
        _, roots = self._to_roots(units)
        ratio = dict(units)
        for root, power in roots.items():
            for base, share in self._table.base.get(root, {root: 1}).items():
                _multiply(ratio, base, -share * power)
        factor, _ = self._to_roots(ratio)
        if isinstance(factor, complex):
            raise Unprepared
        return float(factor), self._dimension(roots)

    def _parts(self, word: str) -> tuple[str, str]:
        """Return the own names of a word's prefix and unit."""
        if word in self._names:
            return "", self._names[word]
        found = {
            (prefix, self._names[unit]): None
            for ending in ("", "s")
            for begin, (prefix, _) in self._table.prefixes.items()
            if word.startswith(begin) and word.endswith(ending)
            for unit in [word[len(begin) : len(word) - len(ending)]]
            if unit in self._names and len(unit) > len(ending)
        }
        # "kilogram" is a name, too, and a prefix before one
        also = {prefix + unit for prefix, unit in found if prefix}
        own = next(((prefix, unit) for prefix, unit in found if prefix or unit not in also), None)
        if own is None:
            raise Unprepared
        return own

    def _definition(self, word: str) -> tuple[str, float, Powers]:
        """Return a unit's own name, its scale and what it is a multiple of: nothing for a base unit."""
        prefix, unit = self._parts(word)
        if unit not in self._counted and not self._table.units[unit]:
            raise Unprepared
        if prefix:
            return prefix + unit, self._table.prefixes[prefix][1], {unit: 1}
        if unit in self._counted:
            return unit, 1, {}
        scale, reference = self._table.units[unit]
        return unit, scale, reference

    def _is_base(self, name: str) -> bool:
        return name in self._table.dimensions or name in self._counted

    def _to_roots(self, units: Powers) -> tuple[float, Powers]:
        """Return the factor of a product of units to base units, and the base units with their exponents."""
        roots: Powers = defaultdict(int)
        scales: dict[float, float] = {}
        under: dict[float, float] = {}
        self._collect(units, 1, roots, scales, under)
        _cancel(scales, under)
        factor: float = 1
        for scale, power in scales.items():
            if power:
                factor *= scale**power
        for scale, power in under.items():
            if power:
                factor *= scale**-power
        return factor, {name: power for name, power in roots.items() if power}

    def _collect(
        self,
        units: Powers,
        power: float,
        roots: Powers,
        scales: dict[float, float],
        under: dict[float, float],
    ) -> None:
        for word, own in units.items():
            both = power * own
            name, scale, reference = self._definition(word)
            if self._is_base(name):
                roots[name] += both
                continue
            if both < 0:
                under[scale] = under.get(scale, 0) - both
            else:
                scales[scale] = scales.get(scale, 0) + both
            self._collect(reference, both, roots, scales, under)

    def _dimension(self, roots: Powers) -> Dimension:
        """Return what a product of base units measures."""
        exponents: Powers = defaultdict(int)
        for name, power in roots.items():
            measured = {f"[{name}]": 1} if name in self._counted else self._table.dimensions[name]
            for dimension, share in measured.items():
                exponents[dimension] += power * share
        exponents.pop("[]", None)
        return Dimension.of({name.strip("[]"): Fraction(str(power)) for name, power in exponents.items()})


def _cancel(scales: dict[float, float], under: dict[float, float]) -> None:
    """Take away scales that stand above and below alike."""
    while shared := [scale for scale in scales if scale in under]:
        for scale in shared:
            both = min(scales[scale], under[scale])
            scales[scale] -= both
            under[scale] -= both
            if not under[scale]:
                del under[scale]
            else:
                del scales[scale]
