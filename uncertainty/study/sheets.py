"""A study as sheets of a workbook, or of a folder of CSV files, and back: one sheet for each kind of part.

Only ``inputs`` is needed to begin with: ``name``, ``unit``, ``point``, ``distribution`` and whatever else is
known. A workbook with one sheet, and a single CSV file, hold inputs whatever their name.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.errors import Fault, InvalidValue, SettingError, meant, nearest, suggestion
from uncertainty.indices.index import parted
from uncertainty.late import dataclass, regex
from uncertainty.study.faults import key_path
from uncertainty.study.keys import key_of, keys_of
from uncertainty.study.toml import parse_toml, value_text
from uncertainty.study.written import is_name, refusal, refuse_range
from uncertainty.tables.number_column import NumberColumn
from uncertainty.tables.sheets import (
    Failed,
    Labelled,
    Percentage,
    Row,
    Sheet,
    as_number,
    refuse_foreign_number,
)
from uncertainty.units import is_amount
from uncertainty.units.written import read_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from uncertainty.study.declared import Table
    from uncertainty.study.keys import Key
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
    keys
        By heading.
    short
        Whether what has a value alone, in the column ``value``, stands as this value in place of a table.
    valued
        Whether it needs something in that column.
    """

    sheet: str
    path: tuple[str, ...]
    keys: Mapping[str, Key]
    short: bool = False
    valued: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The headings that hold the user's names."""
        return tuple(step[1:-1] for step in self.path if step.startswith("{"))

    @property
    def needed(self) -> tuple[str, ...]:
        """The headings that no row can do without."""
        return (*self.names, "value") if self.valued else self.names

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings."""
        return (*self.names, *self.keys)


def parts() -> tuple[Part, ...]:
    """Return the sheets that there are, their columns as the schema has them."""
    from uncertainty.study import schema

    option, reading = ("choices", "{choice}", "options", "{option}"), ("readings", "{reading}")
    override = _headed(schema.OverrideTable)
    override = {"value": override.pop("distribution"), **override}
    expected = {"value": key_of("value", schema.Published), "digits": key_of("digits", schema.Digits)}
    expression = {"value": key_of("value", schema.NumberOrText)}
    taken = {"value": key_of("value", str)}
    found = (
        Part("study", ("study",), {"format": key_of("format", int)} | _headed(schema.StudyTable)),
        Part("indices", ("indices", "{name}"), _headed(schema.IndexTable)),
        Part("curves", ("curves", "{name}"), _headed(schema.CurveTable)),
        Part("inputs", ("inputs", "{name}"), _headed(schema.InputTable)),
        Part("evidence", ("inputs", "{input}", "evidence", "[]"), _headed(schema.EvidenceTable)),
        Part("experts", ("inputs", "{input}", "experts", "[]"), _headed(schema.ExpertTable)),
        Part("equations", ("equations", "{name}"), _headed(schema.EquationTable), short=True),
        Part("outputs", ("outputs", "{name}"), _headed(schema.OutputTable)),
        Part("correlations", ("correlations", "[]"), _headed(schema.CorrelationTable)),
        Part("choices", ("choices", "{choice}"), _headed(schema.ChoiceTable)),
        Part("options", option, _headed(schema.OptionTable)),
        Part("option_equations", (*option, "equations", "{name}"), expression, short=True, valued=True),
        Part("option_inputs", (*option, "inputs", "{name}"), override, short=True, valued=True),
        Part("excluded", ("excluded", "[]"), _headed(schema.ExcludedTable)),
        Part("readings", reading, _headed(schema.ReadingTable)),
        Part("reading_choices", (*reading, "choices", "{choice}"), taken, short=True, valued=True),
        Part("reading_inputs", (*reading, "inputs", "{name}"), override, short=True, valued=True),
        Part("expect", (*reading, "expect", "{output}"), expected),
        Part("observations", ("observations", "{name}"), _headed(schema.ObservationTable)),
        Part("sources", ("sources", "{name}"), _headed(schema.SourceTable)),
    )
    return tuple(replace(part, keys=_own_keys(part, found)) for part in found)


def _headed(table: type[Table]) -> dict[str, Key]:
    """Return the keys of a table by the headings of their columns."""
    return {key.name: key for key in keys_of(table).values()}


def _own_keys(part: Part, every: Iterable[Part]) -> dict[str, Key]:
    """Return the keys of a part but for those that have a sheet of their own."""
    depth = len(part.path)
    inside = (each.path for each in every if len(each.path) > depth)
    elsewhere = {path[depth] for path in inside if path[:depth] == part.path or _alike(path, part.path)}
    return {heading: key for heading, key in part.keys.items() if heading not in elsewhere}


def _alike(path: tuple[str, ...], start: tuple[str, ...]) -> bool:
    """Tell whether a path begins as another does, whatever the user's names are called in either."""
    plain = [[step.startswith("{") or step for step in each] for each in (path[: len(start)], start)]
    return plain[0] == plain[1]


_OTHER_HEADINGS = {
    **dict.fromkeys(("value", "amount", "mean", "estimate", "best", "base", "central", "default"), "point"),
    **dict.fromkeys(("min", "minimum", "lower"), "low"),
    **dict.fromkeys(("max", "maximum", "upper"), "high"),
    **dict.fromkeys(("comment", "comments", "remark", "remarks"), "note"),
    **dict.fromkeys(("reference", "references"), "source"),
    "description": "label",
}
"""What other programs call a heading that no edit of a few letters leads to."""

ADDRESSED = ("option_equations", "option_inputs", "reading_inputs", "expect")
"""Sheets whose rows may name one member of a quantity."""
_SAYS = regex(r"[^\W\d_]|[%‰€$£¥₹]")
"""What makes a word of what a cell shows beside its number."""
_DAY = regex(r"\s*(\d{4}-\d\d-\d\d) 00:00:00\s*")
OF_INPUTS = ("evidence", "experts")
"""Sheets whose rows are parts of inputs."""
OWNERS = {
    "evidence": ("inputs", "input"),
    "experts": ("inputs", "input"),
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
        whole = {"format": tables["format"], **leaf} if part.sheet == "study" else leaf
        yield cells | dict(_told(part, whole))


def _told(part: Part, leaf: Any) -> Iterator[tuple[str, Cell]]:
    """Yield the cells of a part: its keys, or the one value that stands for it."""
    known = {key.name for key in part.keys.values()}
    if not isinstance(leaf, dict) or ("value" in part.keys and leaf.keys() - known):
        yield "value", _cell(leaf, part.keys["value"])
        return
    for heading, key in part.keys.items():
        if key.name in leaf:
            yield heading, _cell(leaf[key.name], key)


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


def _cell(value: Any, key: Key) -> Cell:
    if isinstance(value, dict) and key.is_inline:
        return value_text(value)
    if isinstance(value, str) and key.is_inline and value.lstrip().startswith("{"):
        raise SettingError(f'{key.name}: a sheet reads what begins with "{{" as a table: {value[:40]!r}')
    if isinstance(value, dict):
        options = {choice: [found] if isinstance(found, str) else found for choice, found in value.items()}
        return key.between.join(f"{choice} = {', '.join(found)}" for choice, found in options.items())
    if isinstance(value, list) and "rows" in key.kinds:
        return "; ".join(", ".join(map(value_text, row)) for row in value)
    if isinstance(value, list):
        return key.between.join(each if isinstance(each, str) else value_text(each) for each in value)
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


def _meant(heading: str, part: Part, sheet: Sheet) -> str:
    """Say which heading that a sheet lacks was probably meant, or which it may have."""
    lacking = [each for each in part.headings if each not in sheet.headings]
    other = _OTHER_HEADINGS.get(heading.lower(), "")
    if other in lacking:
        return meant(other)
    is_near = nearest(heading, part.headings)
    return nearest(heading, lacking) or ("" if is_near else suggestion(heading, part.headings))


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
            Fault(f'unknown heading "{h[:40]}"{_meant(h, part, sheet)}', sheet.name, file)
            for h in sheet.headings
            if h not in part.headings
        ]
        lacking = [h for h in part.needed if h not in sheet.headings] if sheet.headings else []
        such = ", ".join(part.headings[:3])
        faults += [
            Fault(f'has no heading "{h}"; expected headings such as {such}', sheet.place, file)
            for h in lacking
        ]
        if lacking:
            partial.append(part.path[0])
            continue
        for row in sheet.rows:
            wrong, path = _put(tables, part, row)
            faults += [Fault(message, row.place, file) for message in wrong]
            partial += [key_path(path)] if wrong else []
    return Read(tables, faults, tuple(partial))


def number_columns(sheet: Sheet, file: str) -> Iterator[NumberColumn]:
    """Yield the columns of points and limits of a sheet of inputs, as far as they hold numbers."""
    for heading in (each for each in ("point", "low", "high") if each in sheet.headings):
        rows = [(row.place, [row.cells.get(heading)]) for row in sheet.rows]
        numbers = [_plain_number(cell) for _, (cell,) in rows]
        yield NumberColumn(partial(iter, rows), (heading,), 0, file, numbers)


def _plain_number(cell: Cell) -> float:
    try:
        return float(as_number(cell))
    except InvalidValue:
        return math.nan


def headings_known(sheet: str) -> tuple[str, ...]:
    """Return the headings that a sheet may have; those of inputs, where it is no part of a study."""
    known = {part.sheet: part.headings for part in parts()}
    return known.get(sheet, known["inputs"])


def _put(tables: dict[str, Any], part: Part, row: Row) -> tuple[list[str], list[int | str]]:
    """Put what can be read of a row where it belongs; return all that is wrong with it, and its path."""
    wrong = [*_errors(row), *_wrong_names(tables, part, row)]
    named = all(not isinstance(row.cells.get(heading), Failed | None) for heading in part.names)
    known = part.sheet not in OF_INPUTS or _as_text(row.cells.get("input", "")) in tables.get("inputs", {})
    values = {}
    for heading, key in part.keys.items():
        if heading in row.cells and not isinstance(row.cells[heading], Failed):
            try:
                values[heading] = _read(key, row.cells[heading], _unit(tables, part, row))
            except InvalidValue as error:
                wrong.append(f"{heading}: {error}")
    if "value" not in row.cells and part.valued:
        wrong.append("expected something in the column value")
    if not (named and known and ("value" in values or not part.valued)):
        return wrong, []
    twice, path = _place(tables, part, row, values)
    return wrong + twice, path


def _errors(row: Row) -> list[str]:
    """Name the cells in which a formula of a spreadsheet failed."""
    return [
        f"{heading}: holds the error {cell}; mend its formula, or write what it should show"
        for heading, cell in row.cells.items()
        if isinstance(cell, Failed)
    ]


def _wrong_names(tables: Mapping[str, Any], part: Part, row: Row) -> Iterator[str]:
    """Yield what is wrong with the names of a row."""
    for heading in part.names:
        if heading not in row.cells:
            yield f"expected a name in the column {heading}"
            continue
        if isinstance(row.cells[heading], Failed):
            continue
        name = _as_text(row.cells[heading])
        if not is_name(parted(name)[0] if part.sheet in ADDRESSED else name):
            yield f"{heading}: {refusal(name)}, found {name[:40]!r}"
        elif part.sheet in OF_INPUTS and name not in tables.get("inputs", {}):
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
    table = {part.keys[heading].name: value for heading, value in values.items()}
    if part.sheet == "expect" and isinstance(values.get("value"), dict):
        table = table.pop("value") | table
    short = part.short and values.keys() == {"value"} and not isinstance(values["value"], dict)
    node[last] = values["value"] if short else table
    return [], [*above, last]


def _unit(tables: Mapping[str, Any], part: Part, row: Row) -> str | None:
    """Return the unit of a row's numbers, nothing where they are pure or parts of an expression."""
    if part.sheet in ("inputs", "outputs", "observations"):
        return _as_text(row.cells.get("unit", "1"))
    if part.sheet in OWNERS:
        table, column = OWNERS[part.sheet]
        described = tables.get(table, {}).get(_as_text(row.cells.get(column, "")), {})
        return str(described.get("unit", "1"))
    return None


def _read(key: Key, cell: Cell, unit: str | None) -> Any:
    if isinstance(cell, Percentage) and key.in_unit:
        cell = _of_percentage(cell, unit)
    if isinstance(cell, Labelled):
        cell = _of_labelled(cell, unit if key.in_unit else None)
    if key.is_inline and isinstance(cell, str) and cell.lstrip().startswith("{"):
        return _inline_table(cell, key)
    if key.kinds & {"number", "whole"}:
        if key.name == "point" and isinstance(cell, str):
            refuse_range(cell)
        number = _number_or_text(cell) if "text" in key.kinds else as_number(cell)
        return int(number) if "whole" in key.kinds and float(number).is_integer() else number
    if "truth" in key.kinds:
        return _truth(cell)
    if key.name == "arxiv" and isinstance(cell, float):
        # a number has lost the zeros of YYMM.NNNN, since 2015 YYMM.NNNNN
        return f"{cell:09.4f}" if cell < 1501 else f"{cell:010.5f}"
    return _read_text(key, _as_text(cell))


def _read_text(key: Key, text: str) -> Any:
    if day := _DAY.fullmatch(text):
        # a spreadsheet that knows the day shows a time of day with it
        text = day[1]
    if "date" in key.kinds:
        return text.strip()
    if "rows" in key.kinds:
        return [[as_number(each) for each in _list(row)] for row in text.split(";")]
    if "list" in key.kinds:
        found = _list(text, key.between)
        return [_number_or_text(each) for each in found] if "number" in key.items else found
    if "table" in key.kinds and not key.is_inline:
        return {
            choice.strip(): _list(options) if "," in options else options.strip()
            for choice, _, options in (each.partition("=") for each in text.split(key.between.strip()))
        }
    return text


def _inline_table(text: str, key: Key) -> dict[str, Any]:
    """Read a table as a study file has it on one line: statistics of a figure, or values by member."""
    try:
        found = parse_toml(f"table = {' '.join(text.split())}")
    except InvalidValue:
        found = {}
    if list(found) != ["table"]:
        meant = "values such as { us = 15" if key.by_member else "statistics such as { mean = 3.34, sd = 0.21"
        raise InvalidValue(f"expected a number, or {meant} }}")
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
    meant = read_unit(unit)
    if meant is not None and meant.dimension.is_dimensionless:
        number = float(f"{cell / meant.factor:.15g}")
        return int(number) if number.is_integer() else number
    shown = f"{cell * 100:.15g}"
    raise InvalidValue(
        f'is shown as {shown} % under the unit "{unit[:40]}"; '
        f"format the cell as a number and write {shown} or {float(cell):g}, whichever is meant"
    )


def _of_labelled(cell: Labelled, unit: str | None) -> float | int:
    """Return a number that is shown with a word beside it.

    Raises
    ------
    InvalidValue
        If the word is an amount, such as k, or another than the unit of the row.
    """
    number = int(cell) if cell.is_integer() else float(cell)
    shown = f'is shown as "{cell.shown}"'
    if is_amount(cell.label) and cell.label != unit:
        raise InvalidValue(f"{shown}; format the cell as a number and write the number in full")
    if unit is not None and not _is_same(cell.label, unit):
        raise InvalidValue(
            f'{shown} under the unit "{unit[:40]}"; format the cell as a number and write it in that unit'
        )
    return number


def _is_same(word: str, unit: str) -> bool:
    """Tell whether what is shown beside a number says nothing, or what the unit says."""
    if not _SAYS.search(word) or word == unit:
        return True
    one, other = read_unit(word), read_unit(unit)
    if one is None and other is not None and other.dimension.is_dimensionless:
        return not is_amount(word.split(maxsplit=1)[0])
    if one is None or other is None:
        return _singular(word) == _singular(unit)
    return (one.dimension, one.factor) == (other.dimension, other.factor)


def _singular(word: str) -> str:
    """Return a counted thing in the singular, near enough to compare."""
    return word.strip().lower().removesuffix("s")


def _list(text: str, between: str = ",") -> list[str]:
    return [each.strip() for each in text.split(between.strip()) if each.strip()]


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
