"""A study as sheets of a workbook, or of a folder of CSV files, and back: one sheet for each kind of part.

Only ``inputs`` is needed to begin with: ``name``, ``unit``, ``point``, ``distribution`` and whatever else is
known. A workbook with one sheet, and a single CSV file, hold inputs whatever their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.errors import Fault, InvalidValue, suggestion
from uncertainty.study.faults import key_path
from uncertainty.study.names import is_name, refusal
from uncertainty.study.toml_reading import parse_toml
from uncertainty.study.toml_text import value_text
from uncertainty.tables.sheets import (
    ERRORS,
    Labelled,
    Percentage,
    Row,
    Sheet,
    as_number,
    refuse_foreign_number,
)
from uncertainty.units import Unit, UnitSystem, is_amount

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


EXPECTED = ("value", "digits")
"""What a reading expects of an output: a number and its digits, or a table of statistics as TOML has it."""

OVERRIDE = ("value", "point", "kind")
"""What replaces an input: a distribution or a number, and its point and kind where they are given."""


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
        Part("expect", (*reading, "expect", "{output}"), EXPECTED),
        Part("sources", ("sources", "{name}"), keys(schema.SourceTable)),
    )


LISTS = {"counting_units", "when", "independent", "compare"}
NAMES = {"authors"}
"""Lists of people's names, which have commas in them: semicolons part these."""
DATES = {"date", "accessed"}
NUMBERS = {"low", "high", "published", "reference", "spearman", "pearson", "kendall"}
WHOLE = {"format", "digits", "year"}
EITHER = {"point", "distribution", "value"}
MEASURED = {"evidence", "expect"}
"""Sheets in which ``value`` is a number and no expression."""
PERCENTAGES = {"point", "distribution", "low", "high", "published", "reference", "value"}
"""Headings under which a number may be shown as a percentage, and is of the row's unit."""
OWNERS = {
    "evidence": ("inputs", "input"),
    "option_inputs": ("inputs", "name"),
    "reading_inputs": ("inputs", "name"),
    "expect": ("outputs", "output"),
}
"""Sheets whose numbers have the unit of an input or output that one of their columns names."""


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
            keys = {"distribution": "value", "point": "point", "kind": "kind"}
            cells |= {heading: leaf[key] for key, heading in keys.items() if key in leaf}
        elif part.columns == EXPECTED and set(leaf if isinstance(leaf, dict) else ()) - set(EXPECTED):
            cells["value"] = _cell(leaf, "published")
        elif part.columns and isinstance(leaf, dict):
            whole = {"format": tables["format"], **leaf} if part.sheet == "study" else leaf
            cells |= {key: _cell(whole[key], key) for key in part.columns if key in whole}
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


def _cell(value: Any, heading: str) -> Cell:
    if isinstance(value, dict) and heading != "when":
        return value_text(value)
    if isinstance(value, dict):
        options = {choice: [found] if isinstance(found, str) else found for choice, found in value.items()}
        return "; ".join(f"{choice} = {', '.join(found)}" for choice, found in options.items())
    if isinstance(value, list):
        between = "; " if heading in NAMES or (value and isinstance(value[0], list)) else ", "
        return between.join(str(_cell(each, heading)) for each in value)
    cell: Cell = value.isoformat() if isinstance(value, date) else value
    return cell


class Read(NamedTuple):
    """What was read of sheets.

    Parameters
    ----------
    tables
        Those of a study, as much of them as can be understood.
    faults
        What cannot.
    partial
        Paths of the parts of which something is left out for it.
    """

    tables: dict[str, Any]
    faults: list[Fault]
    partial: tuple[str, ...] = ()


def tables_of(sheets: Sequence[Sheet], file: str) -> Read:
    """Return the tables of a study from its sheets, and a fault for all that cannot be understood."""
    known = {part.sheet: part for part in parts()}
    faults: list[Fault] = []
    partial: list[str] = []
    tables: dict[str, Any] = {"format": 1}
    order = list(known)
    for sheet in sorted(sheets, key=lambda sheet: order.index(sheet.name)):
        part = known[sheet.name]
        if sheet.numbered:
            faults.append(Fault("expected headings in the first row, found numbers", sheet.name, file))
            continue
        faults += [
            Fault(f'unknown heading "{h[:40]}"{suggestion(h, part.headings)}', sheet.name, file)
            for h in sheet.headings
            if h not in part.headings
        ]
        for row in sheet.rows:
            wrong, path = _put(tables, part, row)
            faults += [Fault(message, row.place, file) for message in wrong]
            partial += [key_path(path)] if wrong else []
    return Read(tables, faults, tuple(partial))


def headings_known(sheet: str) -> tuple[str, ...]:
    """Return the headings that a sheet may have; those of inputs, where it is no part of a study."""
    known = {part.sheet: part.headings for part in parts()}
    return known.get(sheet, known["inputs"])


def _put(tables: dict[str, Any], part: Part, row: Row) -> tuple[list[str], list[int | str]]:
    """Put what can be read of a row where it belongs; return all that is wrong with it, and its path."""
    wrong = [*_errors(row), *_wrong_names(tables, part, row)]
    named = all(row.cells.get(heading) not in (None, *ERRORS) for heading in part.names)
    known = part.sheet != "evidence" or _as_text(row.cells.get("input", "")) in tables.get("inputs", {})
    values = {}
    for heading in part.columns or ("value",):
        if heading in row.cells and row.cells[heading] not in ERRORS:
            try:
                values[heading] = _read(part.sheet, heading, row.cells[heading], _unit(tables, part, row))
            except InvalidValue as error:
                wrong.append(f"{heading}: {error}")
    if "value" not in row.cells and part.columns in ((), OVERRIDE):
        wrong.append("expected something in the column value")
    if not (named and known and ("value" in values or part.columns not in ((), OVERRIDE))):
        return wrong, []
    twice, path = _place(tables, part, row, values)
    return wrong + twice, path


def _errors(row: Row) -> list[str]:
    """Name the cells in which a formula of a spreadsheet failed."""
    return [
        f"{heading}: holds the error {cell}; mend its formula, or write what it should show"
        for heading, cell in row.cells.items()
        if cell in ERRORS
    ]


def _wrong_names(tables: Mapping[str, Any], part: Part, row: Row) -> Iterator[str]:
    """Yield what is wrong with the names of a row."""
    for heading in part.names:
        if heading not in row.cells:
            yield f"expected a name in the column {heading}"
            continue
        name = _as_text(row.cells[heading])
        if name in ERRORS:
            continue
        if not is_name(name):
            yield f"{heading}: {refusal(name)}, found {name[:40]!r}"
        elif part.sheet == "evidence" and name not in tables.get("inputs", {}):
            yield f'{heading}: unknown input "{name}"{suggestion(name, tables.get("inputs", {}))}'


def _place(
    tables: dict[str, Any], part: Part, row: Row, values: dict[str, Any]
) -> tuple[list[str], list[int | str]]:
    """Put the values of a row where it belongs, unless something is there; return its path, too."""
    if part.sheet == "study":
        tables["format"] = values.pop("format", 1)
    node: Any = tables
    *above, last = [_as_text(row.cells[step[1:-1]]) if step.startswith("{") else step for step in part.path]
    for step, following in zip(above, part.path[1:], strict=True):
        node = node.setdefault(step, [] if following == "[]" else {})
    if last == "[]":
        node.append(values)
        return [], [*above, len(node) - 1]
    if last in node:
        return [f'"{last}" stands here twice'], [*above, last]
    if part.columns == OVERRIDE and len(values) > 1:
        node[last] = {"distribution" if key == "value" else key: given for key, given in values.items()}
        return [], [*above, last]
    if part.columns == EXPECTED and isinstance(values.get("value"), dict):
        values = values.pop("value") | values
    short = part.sheet == "equations" and set(values) == {"value"}
    node[last] = values["value"] if short or part.columns in ((), OVERRIDE) else values
    return [], [*above, last]


def _unit(tables: Mapping[str, Any], part: Part, row: Row) -> str | None:
    """Return the unit of a row's numbers, nothing where they are pure or parts of an expression."""
    if part.sheet in ("inputs", "outputs"):
        return _as_text(row.cells.get("unit", "1"))
    if part.sheet in OWNERS:
        table, column = OWNERS[part.sheet]
        described = tables.get(table, {}).get(_as_text(row.cells.get(column, "")), {})
        return str(described.get("unit", "1"))
    return None


def _read(sheet: str, heading: str, cell: Cell, unit: str | None) -> Any:
    if isinstance(cell, Percentage) and heading in PERCENTAGES:
        cell = _of_percentage(cell, unit)
    if isinstance(cell, Labelled):
        cell = _of_labelled(cell, unit)
    is_figure = heading == "published" or (heading == "value" and sheet == "expect")
    if is_figure and isinstance(cell, str) and cell.lstrip().startswith("{"):
        return _inline_table(cell)
    if heading in WHOLE or heading in NUMBERS or (heading == "value" and sheet in MEASURED):
        number = as_number(cell)
        return int(number) if heading in WHOLE and float(number).is_integer() else number
    if heading in EITHER:
        return _number_or_text(cell)
    if heading == "preferred":
        return _truth(cell)
    if heading == "arxiv" and isinstance(cell, float):
        # a number has lost the zeros of YYMM.NNNN, since 2015 YYMM.NNNNN
        return f"{cell:09.4f}" if cell < 1501 else f"{cell:010.5f}"
    text = _as_text(cell)
    if heading == "when":
        return {
            choice.strip(): _list(options) if "," in options else options.strip()
            for choice, _, options in (each.partition("=") for each in text.split(";"))
        }
    if heading == "matrix":
        return [[as_number(each) for each in _list(row)] for row in text.split(";")]
    if heading in NAMES:
        return [name.strip() for name in text.split(";") if name.strip()]
    if heading in DATES:
        # a spreadsheet that knows the day shows a time of day with it
        return text.strip().removesuffix(" 00:00:00")
    if heading in LISTS or (sheet == "correlations" and heading == "inputs"):
        return _list(text)
    return text


def _inline_table(text: str) -> dict[str, Any]:
    """Read the table of statistics of a published figure, as a study file has it on one line."""
    try:
        found = parse_toml(f"table = {' '.join(text.split())}")
    except InvalidValue:
        found = {}
    if list(found) != ["table"]:
        raise InvalidValue("expected a number, or statistics such as { mean = 3.34, sd = 0.21 }")
    table: dict[str, Any] = found["table"]
    return table


def _of_percentage(cell: Percentage, unit: str | None) -> float | int:
    """Return a number that is shown as a percentage in the unit of its row.

    Raises
    ------
    InvalidValue
        If the unit is of no pure number, so that 15 and 0.15 may both be meant.
    """
    if unit is None:
        return float(cell)
    meant = _parsed(unit)
    if meant is not None and meant.dimension.is_dimensionless:
        number = float(f"{cell / meant.factor:.15g}")
        return int(number) if number.is_integer() else number
    shown = f"{cell * 100:.15g}"
    raise InvalidValue(
        f'is shown as {shown} % under the unit "{unit[:40]}"; '
        f"format the cell as a number and write {shown} or {float(cell):g}, whichever is meant"
    )


def _of_labelled(cell: Labelled, unit: str | None) -> float | int:
    """Return a number that is shown with a word behind it.

    Raises
    ------
    InvalidValue
        If the word is an amount, such as k, or a unit of another size than that of the row.
    """
    number = int(cell) if cell.is_integer() else float(cell)
    shown = f'is shown as "{number:.15g} {cell.label}"'
    given = None if unit is None else _parsed(unit)
    word = _parsed(cell.label)
    if is_amount(cell.label) and cell.label != unit:
        raise InvalidValue(f"{shown}; format the cell as a number and write the number in full")
    if given and word and (word.dimension != given.dimension or word.factor != given.factor):
        row = (unit or "")[:40]
        raise InvalidValue(
            f'{shown} under the unit "{row}"; format the cell as a number and write it in that unit'
        )
    return number


def _parsed(unit: str) -> Unit | None:
    try:
        return UnitSystem(()).parse(unit)
    except InvalidValue:
        return None


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
