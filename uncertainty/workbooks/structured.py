"""References to the columns of a table, such as ``Costs[[#This Row],[Price]]``."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from uncertainty.errors import InvalidValue, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.workbooks.formulas import Area, Structured, reference

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRACKETED = regex(r"\[((?:'.|[^\[\]'])*)\]")
_ESCAPED = regex(r"'(.)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet.

    Parameters
    ----------
    area
        All of its cells, headings and totals too.
    columns
        Their headings.
    headings, totals
        How many rows of these it has.
    """

    name: str
    area: Area
    columns: tuple[str, ...]
    headings: int = 1
    totals: int = 0

    def cells(self, wanted: str, row: int) -> Area:
        """Return the cells that the text in a reference's brackets means.

        Parameters
        ----------
        row
            The row of the formula.

        Raises
        ------
        InvalidValue
            If there is no such column, or no such part.
        """
        if wanted.startswith("@["):
            wanted = f"[#This Row],{wanted[1:]}"
        names = _BRACKETED.findall(wanted) if wanted.startswith("[") else [wanted] if wanted else []
        if names and names[0].startswith("@"):
            names = ["#This Row", *([names[0][1:]] if names[0][1:] else names[1:])]
        special = [each for each in names if each.startswith("#")]
        columns = [self._column(_ESCAPED.sub(r"\1", each)) for each in names if not each.startswith("#")]
        top, bottom = self._rows([each.casefold() for each in special], row)
        left, right = (min(columns), max(columns)) if columns else (0, len(self.columns) - 1)
        return Area(self.area.sheet, top, self.area.left + left, bottom, self.area.left + right)

    def _column(self, name: str) -> int:
        for alike in (str.casefold, _spaced):
            folded = [alike(each) for each in self.columns]
            if folded.count(alike(name)) == 1:
                return folded.index(alike(name))
        raise InvalidValue(
            f'the table {self.name} has no column "{name[:40]}"{suggestion(name, self.columns)}'
        )

    def _rows(self, special: list[str], row: int) -> tuple[int, int]:
        first, last = self.area.top + self.headings, self.area.bottom - self.totals
        parts = {
            "#all": (self.area.top, self.area.bottom),
            "#data": (first, last),
            "#headers": (self.area.top, first - 1),
            "#totals": (last + 1, self.area.bottom),
            "#this row": (row, row),
        }
        wanted = [parts.get(each, (0, 0)) for each in special] or [(first, last)]
        top, bottom = min(low for low, _ in wanted), max(high for _, high in wanted)
        if not self.area.top <= top <= bottom <= self.area.bottom:
            raise InvalidValue(f"the table {self.name} has no such part in this row")
        return top, bottom


def _spaced(name: str) -> str:
    """Return a name whose spaces, and breaks of a line, count as one where several stand side by side."""
    return " ".join(name.casefold().split())


def find_table(tables: dict[str, Table], node: Structured, row: int) -> Area:
    """Return the cells that a reference to a table means.

    Raises
    ------
    InvalidValue
        If there is no such table.
    """
    table = tables.get(node.table.casefold())
    if table is None:
        known = [each.name for each in tables.values()]
        raise InvalidValue(f'there is no table "{node.table[:40]}"{suggestion(node.table, known)}')
    return table.cells(node.wanted, row)


def read_tables(book: Any) -> Iterator[Table]:
    """Yield the tables of a workbook that openpyxl has opened."""
    from openpyxl.xml.functions import fromstring

    archive = book._archive
    for sheet in book.worksheets:
        folder, _, name = sheet._worksheet_path.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in archive.namelist():
            continue
        for relation in fromstring(archive.read(relations)):
            if relation.get("Type", "").endswith("/table"):
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip(
                    "/"
                )
                yield _table(sheet.title, fromstring(archive.read(target)))


def _table(title: str, element: Any) -> Table:
    area = reference(element.get("ref", ""))
    if not isinstance(area, Area):
        raise ValueError(title)  # noqa: TRY004 - the file is no workbook then
    columns = [each for each in element.iter() if each.tag.rpartition("}")[2] == "tableColumn"]
    headings = tuple(re.sub(r"_x000[aAdD]_|\s", " ", each.get("name", "")) for each in columns)
    placed = Area(title, area.top, area.left, area.bottom, area.right)
    name = element.get("displayName") or element.get("name", "")
    counts = (int(element.get("headerRowCount", 1)), int(element.get("totalsRowCount", 0)))
    return Table(name, placed, headings, *counts)
