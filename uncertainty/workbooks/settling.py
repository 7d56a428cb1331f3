"""Cells that decide something once and for all: each is an input in the whole study, or in none of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

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

    def need(self, cell: str, formula: str) -> None:
        """Note that a formula needs what a cell holds as it is."""
        self._needed.add((cell, formula))

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
