"""What is asked of a workbook on the command line: cells by their addresses or defined names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, SettingError
from uncertainty.workbooks.cells import address, one_cell
from uncertainty.workbooks.formulas import Area, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Node


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
    node: Node = reference(text.strip().removeprefix("="))
    node = book.resolved(node, Area("", 1, 1, 1, 1))
    if not isinstance(node, Area) or not node.is_cell:
        raise InvalidValue('expected one cell, such as "Results!B8", or a defined name of one')
    if not node.sheet and len(book.sheets) > 1:
        first = next(iter(book.sheets))
        raise InvalidValue(f'expected the sheet too, such as "{first}!{text.strip()}"')
    sheet = book.sheet(node.sheet or next(iter(book.sheets)))
    return one_cell(sheet.title, node.top, node.left)


def treated_cells(book: Book, treatments: Sequence[str]) -> list[str]:
    """Return the addresses of the cells that ``Calc!B7=input`` asks to take as inputs.

    Raises
    ------
    SettingError
        If a text asks for something else.
    """
    cells = []
    for text in treatments:
        cell, _, how = text.rpartition("=")
        if not cell or how.strip().lower() != "input":
            raise SettingError(
                Fault(f'expected a cell and =input, such as "Calc!B7=input", found {text[:60]!r}', "--treat")
            )
        cells.append(cell)
    return [address(each) for each in chosen_cells(book, cells, "--treat")]
