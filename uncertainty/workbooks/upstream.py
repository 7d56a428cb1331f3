"""Which cells are asked for, and what they are calculated from, in the order of calculation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, SettingError
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.formulas import Area, nodes, parse_formula, reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Node


NOWHERE = Area("", 1, 1, 1, 1)
"""The place of what stands in no cell."""

MOST_VISITED = 2_000_000
"""References that are followed, every cell of a range counted."""


class Upstream:
    """Finds what formulas refer to.

    Parameters
    ----------
    kept
        Addresses of cells beyond which nothing is looked for.
    """

    def __init__(self, book: Book, kept: Iterable[str] = ()) -> None:
        self._book = book
        self._kept = frozenset(kept)
        self._in_range: dict[Area, list[Area]] = {}
        self._visited = 0

    def ordered(self, cells: Iterable[Area]) -> tuple[list[Area], list[str]]:
        """Return the formula cells that some cells are calculated from, and themselves, each after its own.

        Returns
        -------
        order, circle
            Without recursion, for chains of any length; the circle is empty where there is none.
        """
        done: dict[str, Area] = {}
        for cell in cells:
            path = {} if address(cell) in done else {address(cell): (cell, self._precedents(cell))}
            while path:
                where, (at, remaining) = next(reversed(path.items()))
                following = next((each for each in remaining if address(each) not in done), None)
                if following is None:
                    done[where] = at
                    del path[where]
                    continue
                name = address(following)
                if name in path:
                    circle = list(path)
                    return [], [*circle[circle.index(name) :], name]
                path[name] = following, self._precedents(following)
        return list(done.values()), []

    def _precedents(self, at: Area) -> Iterator[Area]:
        """Yield the formula cells that a cell's formula names, whatever it takes of them in the end."""
        found = None if address(at) in self._kept else self._book.formula(at)
        if found is None:
            return
        try:
            tree = parse_formula(found[0])
        except InvalidValue:
            return
        for node in nodes(tree):
            yield from self._formulas(node, at)

    def _formulas(self, node: Node, at: Area) -> Iterator[Area]:
        """Yield the formula cells that a part of a formula refers to; what cannot be found is said later."""
        try:
            node = self._book.resolved(node, at)
            if not isinstance(node, Area):
                return
            title = self._book.sheet(node.sheet or at.sheet).title
        except InvalidValue:
            return
        area = self._book.clipped(Area(title, node.top, node.left, node.bottom, node.right))
        if area not in self._in_range:
            self._in_range[area] = [
                each for each in self._book.filled(area) if self._book.formula_stands(each)
            ]
        self._visited += len(self._in_range[area])
        if self._visited > MOST_VISITED:
            raise InvalidValue(f"refers to more than {MOST_VISITED:,} cells upstream")
        yield from self._in_range[area]


def chosen_cells(book: Book, cells: Sequence[str], option: str = "--cell") -> list[Area]:
    """Return the cells that some texts name, each once.

    Raises
    ------
    SettingError
        If one of them names no cell; all of these together.
    """
    found, faults = [], []
    for text in cells:
        try:
            found.append(find_cell(book, text))
        except InvalidValue as error:
            faults.append(Fault(f"{text[:60]}: {error}", option))
    if faults:
        raise SettingError(*faults)
    return list(dict.fromkeys(found))


def find_cell(book: Book, text: str) -> Area:
    """Return the cell that a text such as ``Calc!B5`` names, or a defined name of one.

    Raises
    ------
    InvalidValue
        If it is no address, or needs the name of a sheet.
    """
    found = find_range(book, text)
    if found is None or not found.is_cell:
        raise InvalidValue('expected one cell, such as "Results!B8", or a defined name of one')
    return found


def find_range(book: Book, text: str) -> Area | None:
    """Return the cells that a text names; None where a name stands for something else.

    Raises
    ------
    InvalidValue
        If it is no address, or needs the name of a sheet.
    """
    title, _, place = text.strip().removeprefix("=").rpartition("!")
    # a title is written in quotation marks in formulas, and here need not be
    spelt = "'" + title.replace("'", "''") + f"'!{place}" if title in book.sheets else text.strip()
    node: Node = reference(spelt.removeprefix("="))
    node = book.resolved(node, NOWHERE)
    if not isinstance(node, Area):
        return None
    if not node.sheet and len(book.sheets) > 1:
        first = next(iter(book.sheets))
        raise InvalidValue(f'expected the sheet too, such as "{first}!{text.strip()}"')
    sheet = book.sheet(node.sheet or next(iter(book.sheets)))
    return Area(sheet.title, node.top, node.left, node.bottom, node.right)


def treated_cells(book: Book, treatments: Sequence[str]) -> list[list[str]]:
    """Return the addresses of the cells that each ``Calc!B7=input`` or ``Calc!B7:F7=input`` means.

    Raises
    ------
    SettingError
        If a text asks for something else.
    """
    found = []
    for text in treatments:
        cell, _, how = text.rpartition("=")
        if not cell or how.strip().lower() != "input":
            raise SettingError(
                Fault(f'expected a cell and =input, such as "Calc!B7=input", found {text[:60]!r}', "--treat")
            )
        try:
            area = find_range(book, cell)
        except InvalidValue as error:
            raise SettingError(Fault(f"{cell[:60]}: {error}", "--treat")) from None
        if area is None or area.is_cell:
            found.append([address(each) for each in chosen_cells(book, [cell], "--treat")])
        else:
            found.append([address(each) for each in book.filled(area) if book.formula_stands(each)])
    return found
