"""Cells that decide something once and for all: each is an input in the whole study, or in none of it."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.operations import COMPARISONS, LOGIC
from uncertainty.expressions.tree import Call, constant, literal, names, replaced, walk
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from uncertainty.expressions.tree import Expression

Use = tuple[str, str]
"""A cell, and the formula in which it decides something."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Which cells formulas take as they are, now that all of a study agrees on each.

    A number that decides how many months a date moves, say, cannot vary there. Were it an input of another
    formula, a draw of it would count in one place and not in the other.

    Parameters
    ----------
    fixed
        Cells that are no inputs, since a formula needs their numbers as they are; each with these formulas.
    varied
        Cells that are inputs also where a formula might take them as they are.
    """

    fixed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    varied: frozenset[str] = frozenset()
    _needed: set[Use] = field(default_factory=set)
    _offered: set[Use] = field(default_factory=set)
    _keys: set[Use] = field(default_factory=set)
    _needs: dict[str, set[str]] = field(default_factory=dict)

    def need(self, cell: str, formula: str) -> None:
        """Note that a formula needs what a cell holds as it is."""
        self._needed.add((cell, formula))
        self._needs.setdefault(formula, set()).add(cell)

    def needs(self, formula: str) -> frozenset[str]:
        """Return the cells that a formula needs as they are."""
        return frozenset(self._needs.get(formula, ()))

    def take(self, cell: str, formula: str) -> None:
        """Note that a formula takes a number as it is, which could be translated by conditions."""
        self._offered.add((cell, formula))

    def take_key(self, cell: str, formula: str) -> None:
        """Note that a formula looks for a constant, and so takes a key as it is."""
        self._keys.add((cell, formula))

    def told(self, is_used: Callable[[str], bool]) -> dict[str, frozenset[str]]:
        """Return the cells that decide once and for all in formulas that are used; a key is not told."""
        found = _by_cell(each for each in {*self._needed, *self._offered} if is_used(each[1]))
        for cell, formulas in self.fixed.items():
            found[cell] = found.get(cell, frozenset()) | formulas
        return dict(sorted(found.items()))

    def agreed(self, used: Container[str], inputs: Container[str]) -> Decisions | None:
        """Return other decisions where an input is also taken as it is in a formula; None where none is."""

        def clashing(uses: Iterable[Use]) -> dict[str, frozenset[str]]:
            return _by_cell((cell, formula) for cell, formula in uses if cell in inputs and formula in used)

        needed, others = clashing(self._needed), clashing({*self._offered, *self._keys})
        varied = others.keys() - needed.keys()
        if not needed and not varied:
            return None
        return Decisions({**self.fixed, **needed}, self.varied | varied)


def _by_cell(uses: Iterable[Use]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for cell, formula in uses:
        found[cell] = found.get(cell, frozenset()) | {formula}
    return found


class Known(NamedTuple):
    """A number that follows from constant cells alone.

    Parameters
    ----------
    cells
        These.
    settled
        Others that have decided in what it follows from.
    """

    value: float
    cells: frozenset[str]
    settled: frozenset[str] = frozenset()


class Constants:
    """Finds numbers that follow from constant cells, through others where one constant alone stands behind.

    A head of months, each from the one before, follows from its first date. What is calculated from several
    numbers of a model, or compared with something, is a result of it, in which none is taken as it is.

    Parameters
    ----------
    behind
        Gives the number of a constant cell, what another cell is calculated by, or None.
    needs
        Gives the cells that the formula of another needs as they are.
    """

    def __init__(
        self, behind: Callable[[str], float | Expression | None], needs: Callable[[str], frozenset[str]]
    ) -> None:
        self._behind = behind
        self._needs = needs
        self._found: dict[str, Known | None] = {}

    def number(self, expression: Expression) -> Known | None:
        """Return the number that an expression is; None where it may vary."""
        waiting = list(names(expression))
        are_constants = all(isinstance(self._behind(name), float) for name in waiting)
        while waiting:
            name = waiting[-1]
            given = self._behind(name)
            if name in self._found or given is None or isinstance(given, float):
                waiting.pop()
                known = Known(given, frozenset({name})) if isinstance(given, float) else None
                self._found.setdefault(name, known)
            elif missing := [each for each in names(given) if each not in self._found]:
                waiting += missing
            else:
                known = self._calculated(given, self._needs(name))
                self._found[name] = None if known and known.cells and _decides(given) else _within_one(known)
        found = self._calculated(expression)
        return found if are_constants else _within_one(found)

    def _calculated(self, expression: Expression, needed: frozenset[str] = frozenset()) -> Known | None:
        cells, settled = set[str](), set(needed)
        stored: dict[str, Expression] = {}
        for name in names(expression):
            known = self._found[name]
            if known is None:
                return None
            stored[name] = literal(known.value)
            cells |= known.cells
            settled |= known.settled
        value = constant(replaced(expression, stored))
        if value is None or not math.isfinite(value):
            return None
        return Known(value, frozenset(cells), frozenset(settled))


def _decides(expression: Expression) -> bool:
    """Tell whether numbers decide something in an expression, which a quantity does and a date does not."""
    decisive = {*COMPARISONS, *LOGIC}
    return any(isinstance(each, Call) and each.operation in decisive for each, _ in walk(expression))


def _within_one(found: Known | None) -> Known | None:
    return found if found is not None and len(found.cells) <= 1 else None
