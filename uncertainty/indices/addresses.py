"""Which cells an address means: a whole quantity, one member, or the members of some of its indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue, suggestion
from uncertainty.indices.index import parted
from uncertainty.indices.selection import select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.indices.index import Index


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
