"""An index and its members, how a quantity at some of them is written, and which cells an address means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue, closest, meant, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.records import Frozen, Titled
from uncertainty.values import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from uncertainty.units import Unit


MOST_CELLS = 10_000
"""Cells of one quantity."""

_CELL = regex(r"([a-z][a-z0-9_]*)\s*\[(.*)\]", re.DOTALL)


@dataclass(frozen=True)
class Index(Titled):
    """What a quantity has one value for each member of.

    Parameters
    ----------
    members
        By name what people read instead, in order; from Python also a list of names, or of numbers.
    numbers
        Of an ordered index the number of each member, in `unit`; nothing of another.
    """

    name: str
    members: Mapping[str, str] = field(default_factory=Frozen)
    label: str = ""
    numbers: tuple[float, ...] = ()
    unit: Unit | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise InvalidValue(f"index: expected its name first, then its members, found {shown(self.name)}")
        if isinstance(self.members, Mapping):
            return
        if isinstance(self.members, str) or not isinstance(self.members, Iterable):
            said = f"expected a list of members or a dict of their labels, found {shown(self.members)}"
            raise InvalidValue(f"index {self.name}: {said}")
        given: list[object] = list(self.members)
        numbers = all(isinstance(each, Real) and not isinstance(each, bool) for each in given)
        members = [plain(str(each)) if numbers else str(each) for each in given]
        if len(set(members)) < len(members):
            raise InvalidValue(f"index {self.name}: a member stands twice")
        object.__setattr__(self, "members", Frozen(dict.fromkeys(members, "")))
        if numbers:
            object.__setattr__(self, "numbers", tuple(map(float, members)))

    @property
    def ordered(self) -> bool:
        """Whether its members are numbers, one after the other."""
        return bool(self.numbers)

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


class Chosen(NamedTuple):
    """By index, the place of a member, or the category that decides it."""

    places: dict[str, int]
    categories: dict[str, str]


def select(
    quantity: str,
    words: Sequence[str],
    shape: Sequence[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> Chosen:
    """Return what the words in the brackets after a quantity select.

    Parameters
    ----------
    words
        Members, ``index=member``, or names of categories, in any order.
    shape
        The quantity's indices.
    categories
        The index that each category is a member of.

    Raises
    ------
    InvalidValue
        If a word selects nothing, more than one thing, or what another has selected.
    """
    if not shape:
        raise InvalidValue(f'"{quantity}" has no index to select a member of')
    chosen = Chosen({}, {})
    for word in words:
        index, member = _found(quantity, word, shape, indices, categories)
        if index in chosen.places or index in chosen.categories:
            raise InvalidValue(f'"{word}" selects a member of {index} a second time in {quantity}[…]')
        if member in indices[index].places:
            chosen.places[index] = indices[index].places[member]
        else:
            chosen.categories[index] = member
    return chosen


def _found(
    quantity: str,
    word: str,
    shape: Sequence[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> tuple[str, str]:
    """Return the index and its member, or the category, that a word names."""
    index, equals, member = word.partition("=")
    if equals:
        if index not in shape:
            raise InvalidValue(f'"{quantity}" has no index "{index}"{suggestion(index, shape)}')
        among = [index]
    else:
        member, among = word, list(shape)
    having = [each for each in among if indices[each].member(member) in indices[each].places]
    if len(having) > 1:
        first, second = having[:2]
        raise InvalidValue(
            f'"{member}" is a member of {first} and of {second}; write {first}={member} or {second}={member}'
        )
    if having:
        return having[0], indices[having[0]].member(member)
    if member in categories:
        if categories[member] in among:
            return categories[member], member
        raise InvalidValue(
            f'"{member}" is a member of {categories[member]}, which is no index of "{quantity}"'
            f" ({', '.join(shape)})"
        )
    raise InvalidValue(_unknown(quantity, member, among, indices, categories))


def _unknown(
    quantity: str,
    member: str,
    among: Collection[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> str:
    """Say that no index of a quantity has a member, with what was probably meant."""
    known = [each for index in among for each in indices[index].members]
    by_label = {label: each for index in among for each, label in indices[index].members.items()}
    near = closest(member, [*known, *categories])
    if near is None and (label := closest(member, by_label)):
        near = by_label[label]
    hint = suggestion(member, known) if near is None else meant(near)
    of = f"the index {next(iter(among))}" if len(among) == 1 else f"{' or '.join(among)}"
    return f'"{quantity}" has no member "{member}" of {of}{hint}'


class Addresses(NamedTuple):
    """What addresses may mean.

    Parameters
    ----------
    what
        What they are, for messages.
    plain
        What is meant by its name alone, cells among them.
    tables
        By name the indices of quantities, and the names of their cells by members.
    indices
        By name.
    """

    what: str
    plain: Collection[str]
    tables: Mapping[str, tuple[Sequence[str], Mapping[tuple[str, ...], str]]]
    indices: Mapping[str, Index]

    @property
    def names(self) -> list[str]:
        """The names that addresses begin with."""
        return [*self.tables, *(each for each in self.plain if "[" not in each)]

    def cells(self, address: str) -> tuple[str, ...]:
        """Return the names of the cells that an address such as ``ratio[text=bloom, us]`` means.

        Raises
        ------
        InvalidValue
            If nothing has the name, or no index of the quantity the member; with what was probably meant.
        """
        if address in self.plain:
            return (address,)
        name, words = parted(address)
        if name in self.tables:
            shape, cells = self.tables[name]
            places = select(name, words, shape, self.indices, {}).places if words else {}
            wanted = [
                (axis, self.indices[index].names[places[index]])
                for axis, index in enumerate(shape)
                if index in places
            ]
            return tuple(
                cell for members, cell in cells.items() if all(members[axis] == at for axis, at in wanted)
            )
        if words and name in self.plain:
            raise InvalidValue(f'"{name}" has no index to select a member of')
        raise InvalidValue(f'unknown {self.what} "{address}"{suggestion(name, self.names)}')

    def spread(self, addresses: Iterable[str]) -> list[tuple[str, str]]:
        """Return each address with each cell that it means: whole names first, so that members may follow.

        Raises
        ------
        InvalidValue
            As `cells` does.
        """
        found = [(address, self.cells(address)) for address in addresses]
        found.sort(key=lambda each: -len(each[1]))
        return [(address, cell) for address, cells in found for cell in cells]

    def cell(self, address: str) -> str:
        """Return the name of the one cell that an address means.

        Raises
        ------
        InvalidValue
            As `cells` does; and if it means several.
        """
        found = self.cells(address)
        if len(found) > 1:
            said = f'"{address}" has {len(found):,} members; name one of them'
            raise InvalidValue(f'{said}, such as "{found[0]}"')
        return found[0]
