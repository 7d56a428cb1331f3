"""Quantities of other kinds that have the same dimension and may have the same size, told by their units.

The SI has several names for one unit, such as the gray and the sievert, so that nobody takes one quantity for
another; and mg/kg is a share of a mass, of which µL/L is none.
"""

from __future__ import annotations

import math
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.units.system import UnitSystem
from uncertainty.units.usage import PREFIX_NAMES, PREFIXES

if TYPE_CHECKING:
    from uncertainty.units.system import Unit

_KINDS = (
    ("an absorbed dose", "Gy gray"),
    ("an equivalent dose", "Sv sievert rem"),
    ("a decay", "Bq becquerel Ci curie rutherford"),
    ("a frequency", "Hz hertz"),
    ("a power", "W watt"),
    ("an apparent power", "VA volt_ampere"),
    ("an angle", "rad radian"),
    ("a solid angle", "sr steradian lm lumen lx lux"),
)
"""Names of units that others of their dimension are not called by, each with what it says."""
_KIND_OF = MappingProxyType({name: kind for kind, names in _KINDS for name in names.split()})
_NAMED = regex(rf"(?:{'|'.join((*PREFIX_NAMES, *PREFIXES))})?({'|'.join(_KIND_OF)})s?")
_WORD = regex(r"[^\W\d_]+(?:_[^\W\d_]+)*")
_QUOTIENT = regex(r"([^/]+)/([^/]+)")


@lru_cache(4096)
def kinds(text: str) -> frozenset[str]:
    """Return what the words of a unit say of its quantity beyond the dimension; nothing of most units.

    Examples
    --------
    >>> sorted(kinds("mSv/h")), sorted(kinds("mg/kg")), sorted(kinds("ppm"))
    (['an equivalent dose'], ['a share of mass'], [])
    """
    named = (_NAMED.fullmatch(word) for word in _WORD.findall(text))
    return frozenset(_KIND_OF[found[1]] for found in named if found is not None) | _shares(text)


def _shares(text: str) -> frozenset[str]:
    """Return of what a quotient of two quantities of one dimension is a share."""
    parts = _QUOTIENT.fullmatch(text)
    one, other = (UnitSystem().find(part) for part in parts.groups()) if parts else (None, None)
    if one is None or other is None or one.dimension != other.dimension or one.dimension.is_dimensionless:
        return frozenset()
    return frozenset([f"a share of {one.dimension}"])


def is_surely(text: str, other: Unit, system: UnitSystem) -> bool:
    """Tell whether a text is a unit of a study and the same as another, of the same kind by their words."""
    unit = system.find(text)
    if unit is None or unit.dimension != other.dimension or kinds(text) != kinds(other.text):
        return False
    return math.isclose(unit.factor, other.factor, rel_tol=1e-9)


def are_of_other_kinds(one: str, other: str) -> bool:
    """Tell whether two units are surely those of quantities of other kinds, as "kVA" and "kW" are."""
    first, second = kinds(one), kinds(other)
    return bool(first and second) and first != second
