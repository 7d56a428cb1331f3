"""An index and its members, and how a quantity at some of them is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING

from uncertainty.characters import on_one_line
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.units import Unit

MOST_CELLS = 10_000
"""Cells of one quantity."""

_CELL = re.compile(r"([a-z][a-z0-9_]*)\s*\[(.*)\]", re.DOTALL)


@dataclass(frozen=True)
class Index:
    """What a quantity has one value for each member of.

    Parameters
    ----------
    members
        By name what people read instead, in order.
    numbers
        Of an ordered index the number of each member, in `unit`; nothing of another.
    """

    name: str
    members: Mapping[str, str] = field(default_factory=Frozen)
    label: str = ""
    numbers: tuple[float, ...] = ()
    unit: Unit | None = None

    @property
    def ordered(self) -> bool:
        """Whether its members are numbers, one after the other."""
        return bool(self.numbers)

    @property
    def title(self) -> str:
        """The label, or the name where there is none."""
        return on_one_line(self.label) or self.name

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each member."""
        return {member: place for place, member in enumerate(self.members)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The members, in order."""
        return tuple(self.members)

    def label_at(self, place: float) -> str:
        """Return the label of the member at a place, or its name where it has none."""
        member = self.names[round(place)]
        return self.members[member] or member

    def member(self, text: str) -> str:
        """Return a member as the study writes it: a number in its shortest form."""
        return plain(text) if self.ordered else text


def plain(number: str | float | Decimal) -> str:
    """Write a number in decimal, without zeros that say nothing; another text as it is."""
    try:
        found = Decimal(getattr(number, "text", str(number)).strip())
    except InvalidOperation:
        return str(number)
    if not found.is_finite() or abs(found.adjusted()) > 300:
        return str(number)
    text = f"{found:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if found else "0"


def written(quantity: str, members: Iterable[str]) -> str:
    """Return the name of a quantity at some members."""
    inside = ",".join(members)
    return f"{quantity}[{inside}]" if inside else quantity


def file_stem(name: str) -> str:
    """Return a name as files are called by it: ``ratio.us.midjourney``."""
    return name.replace("[", ".").replace(",", ".").replace("]", "")


def parted(address: str) -> tuple[str, list[str]]:
    """Return the quantity and the members of an address such as ``ratio[us, text=bloom]``."""
    found = _CELL.fullmatch(address.strip())
    if found is None:
        return address, []
    return found[1], ["".join(part.split()) for part in found[2].split(",")]
