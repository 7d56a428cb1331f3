"""A study as sheets of a workbook, or of a folder of CSV files, and back: one sheet for each kind of part.

Only ``inputs`` is needed to begin with: ``name``, ``unit``, ``point``, ``distribution`` and whatever else is
known. A workbook with one sheet, and a single CSV file, hold inputs whatever their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.tables.sheets import Row, Sheet, as_number, refuse_foreign_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from uncertainty.tables.sheets import Cell


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of part of a study file and its sheet.

    Parameters
    ----------
    sheet
        The sheet's name.
    path
        Where its parts stand: names of tables, ``{heading}`` for a name of the user's, ``[]`` for a list.
    columns
        Keys of the part; empty where the part is a single value, in the column ``value``.
    """

    sheet: str
    path: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The headings that hold the user's names."""
        return tuple(step[1:-1] for step in self.path if step.startswith("{"))

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings."""
        return self.names + (self.columns or ("value",))


OVERRIDE = ("value", "point")
"""What replaces an input: a distribution or a number, and its point where one is given."""


def parts() -> tuple[Part, ...]:
    """Return the sheets that there are, their columns as the schema has them."""
    from uncertainty.study import schema

    def keys(table: type[schema.Table], without: Iterable[str] = ()) -> tuple[str, ...]:
        return tuple(key for key in table.model_fields if key not in without)

    option, reading = ("choices", "{choice}", "options", "{option}"), ("readings", "{reading}")
    nested = ("equations", "inputs", "choices", "expect", "options", "evidence")
    return (
        Part("study", ("study",), ("format", *keys(schema.StudyTable))),
        Part("inputs", ("inputs", "{name}"), keys(schema.InputTable, nested)),
        Part("evidence", ("inputs", "{input}", "evidence", "[]"), keys(schema.EvidenceTable)),
        Part("equations", ("equations", "{name}"), keys(schema.EquationTable)),
        Part("outputs", ("outputs", "{name}"), keys(schema.OutputTable)),
        Part("correlations", ("correlations", "[]"), keys(schema.CorrelationTable)),
        Part("choices", ("choices", "{choice}"), keys(schema.ChoiceTable, nested)),
        Part("options", option, keys(schema.OptionTable, nested)),
        Part("option_equations", (*option, "equations", "{name}")),
        Part("option_inputs", (*option, "inputs", "{name}"), OVERRIDE),
        Part("excluded", ("excluded", "[]"), keys(schema.ExcludedTable)),
        Part("readings", reading, keys(schema.ReadingTable, nested)),
        Part("reading_choices", (*reading, "choices", "{choice}")),
        Part("reading_inputs", (*reading, "inputs", "{name}"), OVERRIDE),
        Part("expect", (*reading, "expect", "{output}"), keys(schema.ExpectTable)),
    )


LISTS = {"counting_units", "when"}
NUMBERS = {"low", "high", "published", "reference", "spearman"}
WHOLE = {"format", "digits", "year"}
EITHER = {"point", "distribution", "value"}
MEASURED = {"evidence", "expect"}
"""Sheets in which ``value`` is a number and no expression."""


def sheets_of(tables: Mapping[str, Any]) -> list[Sheet]:
    """Return the sheets of a study's tables; those that would be empty are left out, but for the inputs."""
    found = []
    for part in parts():
        rows = [Row("", cells) for cells in _rows(part, tables)]
        if rows or part.sheet == "inputs":
            found.append(Sheet(part.sheet, part.headings, rows))
    return found


def _rows(part: Part, tables: Mapping[str, Any]) -> Iterator[dict[str, Cell]]:
    for names, leaf in _leaves(part.path, tables):
        cells: dict[str, Cell] = dict(zip(part.names, names, strict=True))
        if part.columns == OVERRIDE and isinstance(leaf, dict):
            keys = {"distribution": "value", "point": "point"}
            cells |= {heading: leaf[key] for key, heading in keys.items() if key in leaf}
        elif part.columns and isinstance(leaf, dict):
            whole = {"format": tables["format"], **leaf} if part.sheet == "study" else leaf
            cells |= {key: _cell(whole[key]) for key in part.columns if key in whole}
        else:
            cells["value"] = leaf
        yield cells


def _leaves(
    path: Sequence[str], node: Any, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not path:
        yield names, node
    elif path[0] == "[]":
        for each in node:
            yield from _leaves(path[1:], each, names)
    elif path[0].startswith("{"):
        for name, each in node.items():
            yield from _leaves(path[1:], each, (*names, name))
    elif isinstance(node, dict) and path[0] in node:
        yield from _leaves(path[1:], node[path[0]], names)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        options = {choice: [found] if isinstance(found, str) else found for choice, found in value.items()}
        return "; ".join(f"{choice} = {', '.join(found)}" for choice, found in options.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    cell: Cell = value
    return cell


def tables_of(sheets: Sequence[Sheet], file: str) -> dict[str, Any]:
    """Return the tables of a study from its sheets.

    Raises
    ------
    StudyError
        With one fault for every heading or cell that cannot be understood.
    """
    known = {part.sheet: part for part in parts()}
    faults: list[Fault] = []
    tables: dict[str, Any] = {"format": 1}
    order = list(known)
    for sheet in sorted(sheets, key=lambda sheet: order.index(sheet.name)):
        part = known[sheet.name]
        unknown = [heading for heading in sheet.headings if heading not in part.headings]
        faults += [
            Fault(f'unknown heading "{h}"{suggestion(h, part.headings)}', sheet.name, file) for h in unknown
        ]
        for row in sheet.rows:
            try:
                _put(tables, part, row)
            except InvalidValue as error:
                faults.append(Fault(str(error), row.place, file))
    if faults:
        raise StudyError(*faults)
    return tables


def _put(tables: dict[str, Any], part: Part, row: Row) -> None:
    """Put what a row says where it belongs."""
    for heading in part.names:
        if heading not in row.cells:
            raise InvalidValue(f"expected a name in the column {heading}")
    values = {h: _read(part.sheet, h, row.cells[h]) for h in part.columns or ("value",) if h in row.cells}
    if part.sheet == "study":
        tables["format"] = values.pop("format", 1)
    node: Any = tables
    *above, last = [_as_text(row.cells[step[1:-1]]) if step.startswith("{") else step for step in part.path]
    for step, following in zip(above, part.path[1:], strict=True):
        node = node.setdefault(step, [] if following == "[]" else {})
    if last == "[]":
        node.append(values)
    elif "value" not in values and (not part.columns or part.columns == OVERRIDE):
        raise InvalidValue("expected something in the column value")
    elif not part.columns:
        _put_once(node, last, values["value"])
    elif part.columns == OVERRIDE and "point" in values:
        _put_once(node, last, {"point": values["point"], "distribution": values["value"]})
    elif part.columns == OVERRIDE or (part.sheet == "equations" and set(values) == {"value"}):
        _put_once(node, last, values["value"])
    else:
        _put_once(node, last, values)


def _put_once(node: dict[str, Any], name: str, value: Any) -> None:
    if name in node:
        raise InvalidValue(f'"{name}" stands here twice')
    node[name] = value


def _read(sheet: str, heading: str, cell: Cell) -> Any:
    try:
        if heading in WHOLE or heading in NUMBERS or (heading == "value" and sheet in MEASURED):
            number = as_number(cell)
            return int(number) if heading in WHOLE and float(number).is_integer() else number
        if heading in EITHER:
            return _number_or_text(cell)
        if heading == "preferred":
            return _truth(cell)
    except InvalidValue as error:
        raise InvalidValue(f"{heading}: {error}") from None
    text = _as_text(cell)
    if heading == "when":
        return {
            choice.strip(): _list(options) if "," in options else options.strip()
            for choice, _, options in (each.partition("=") for each in text.split(";"))
        }
    if heading in LISTS or (sheet == "correlations" and heading == "inputs"):
        return _list(text)
    return text


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _number_or_text(cell: Cell) -> float | str:
    """Read an expression, a distribution or a number, also one that was stored as text."""
    if not isinstance(cell, str):
        return as_number(cell)
    try:
        return as_number(cell)
    except InvalidValue:
        pass
    refuse_foreign_number(cell.strip())
    if cell.lstrip().startswith("="):
        raise InvalidValue(
            f"{cell.strip()[:40]!r} is a spreadsheet's formula; write what it calculates, without ="
        )
    return cell


def _truth(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    meant = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    found = meant.get(_as_text(cell).strip().lower())
    if found is None:
        raise InvalidValue(f"expected true or false, found {cell!r}")
    return found


def _as_text(cell: Cell) -> str:
    """Return a text; a number that stands for one, such as the unit 1, as people write it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def known_sheets(names: Sequence[str]) -> dict[str, str]:
    """Return which of some sheets hold a part of a study, and which: a lone one holds inputs."""
    known = [part.sheet for part in parts()]
    found = {name: name for name in names if name in known}
    return {names[0]: "inputs"} if len(names) == 1 and not found else found
