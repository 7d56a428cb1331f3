"""What files hold for fits: the numbers of one column, and what experts answered."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.distributions.arguments import QUANTILE_NAME, fractions_among
from uncertainty.distributions.data_file import (
    layout_of,
    notes_on_rows,
    number_column,
    numbers_of,
    refuse_what_is_no_data,
)
from uncertainty.errors import MOST_NAMES, Fault, InvalidValue, StudyError, nearest
from uncertainty.files import kind_of_path
from uncertainty.fitting.blocks import blocks_notes
from uncertainty.fitting.column_units import is_same_unit, notes_on_units, refuse_several_units
from uncertainty.fitting.expert_rows import rows_of_statistics
from uncertainty.late import regex
from uncertainty.tables import read_table, workbook
from uncertainty.tables.censored import refuse_censored
from uncertainty.tables.csv_reading import (
    TABBED,
    Headings,
    column_cells,
    data_rows,
    grouped_texts,
    headings_of,
    open_csv,
)
from uncertainty.tables.currencies import currencies_note
from uncertainty.tables.data_notes import data_notes
from uncertainty.tables.footers import refuse_footers
from uncertainty.tables.formats import format_of
from uncertainty.tables.missing_codes import refuse_codes
from uncertainty.tables.number_column import NumberColumn, refuse_weighted
from uncertainty.tables.owners import Layout
from uncertainty.tables.rows_read import RowsRead, columns_not_read, listed, rows_read
from uncertainty.tables.set_apart import refuse_commented
from uncertainty.tables.sheets import Labelled, Percentage
from uncertainty.tables.summaries import DATUM
from uncertainty.tables.unit_columns import says_units
from uncertainty.tables.workbook_reading import read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions import FloatArray
    from uncertainty.tables.csv_reading import CsvFile
    from uncertainty.tables.sheets import Cell


class ColumnValues(NamedTuple):
    """The numbers of a column.

    Parameters
    ----------
    values
        Shape (n,), all finite.
    missing
        How many cells have no value.
    read
        Which rows they stand in, and what else the file has.
    notes
        What of the file was read otherwise than its reader may think, as sentences.
    """

    name: str
    values: FloatArray
    missing: int
    read: RowsRead
    notes: tuple[str, ...] = ()


def read_values(path: Path, column: str | None = None) -> ColumnValues:
    """Read the numbers of a column; cells that say that a value is missing are counted and left out.

    Parameters
    ----------
    path
        A CSV file, or .tsv or .tab with tabs, an Excel workbook whose first sheet has the data, or a table
        that this program wrote.
    column
        The column's name; may be left out where there is only one.

    Returns
    -------
    ColumnValues
        The column's name, its numbers, and how many are missing.

    Raises
    ------
    StudyError
        If there is no such file or column, it has no number, or a text that is neither a number nor says
        that one is missing; with its place.
    SettingError
        If a library that is needed is not installed, or the kind of file is unknown.
    """
    if (kind := kind_of_path(path)) != "file":
        said = "no such file" if kind == "nothing" else "is not a regular file"
        raise StudyError(Fault(said, file=str(path)))
    ending = path.suffix.lower()
    if ending in (".csv", *TABBED):
        return _of_csv(path, column)
    if ending == ".xlsx":
        return _of_workbook(path, column)
    format_of(path, also=TABBED)
    table = read_table(path)
    numeric = tuple(name for name, is_number in table.numeric.items() if is_number)
    name = numeric[_place(Headings(numeric, numbered=False), column, str(path))]
    refuse_weighted(numeric, name, str(path))
    # draws are many: of their numbers those of the column alone are looked at
    beside = [repeat(None) if table.numeric[each] else table.columns[each] for each in table.columns]

    def rows() -> Iterator[tuple[str, Sequence[Cell]]]:
        cells = zip(range(1, table.rows + 1), *beside, strict=False)
        return ((f"row {n}", each) for n, *each in cells)

    names, numbers = tuple(table.columns), np.array(table.columns[name], dtype=float)
    layout = Layout.of(names, rows)
    read = NumberColumn(rows, names, names.index(name), str(path), numbers.tolist())
    return _present(read, layout)


def _of_csv(path: Path, column: str | None) -> ColumnValues:
    found = open_csv(path)
    headings = headings_of(found, column or "")
    position = _place(headings, column, str(path))
    name = headings.names[position]
    layout = layout_of(found, headings, position)
    rows = partial(data_rows, found, headings)
    refuse_several_units(path, layout, rows(), position)
    numbers = numbers_of(column_cells(found, headings, position), name, str(path), missing=True)
    read = number_column(found, headings, position, numbers)
    refuse_what_is_no_data(read, layout)

    def cells() -> Iterator[str]:
        # a file may be long, and is read anew each time
        return (cell for _, cell in column_cells(found, headings, position))

    money = currencies_note(layout, rows(), position, str(path), _same_money)
    money += notes_on_units(layout, rows, position)
    notes = (*money, *data_notes(headings, position, layout, path.name, cells, numbers, found.separator))
    return _present(read, layout, notes=(*notes, *notes_on_rows(read, layout)))


def _same_money(said: str) -> str:
    from uncertainty.units.written import MONEY

    return MONEY.get(said.upper(), said.casefold())


def check_units_of_questions(answers: Path, seeds: Path) -> str:
    """Refuse answers and known values of one question beside which columns of units say different units.

    Returns
    -------
    str
        Of which questions some rows say no unit, or another one that may be the same, as a sentence; nothing
        where all say one, or none.

    Raises
    ------
    StudyError
        With the question and both units.
    """
    said: dict[str, dict[str, None]] = {}
    for path in (answers, seeds):
        file, headings = _opened(path)
        if not headings.spelt(["question"]):
            continue
        column = next(filter(says_units, headings.names), None)
        questions = _texts(file, headings, "question")
        units = [""] * len(questions) if column is None else _texts(file, headings, column)
        for question, unit in zip(questions, units, strict=True):
            known = said.setdefault(question, {})
            one = next(filter(None, known), unit)
            if unit and not is_same_unit(one, unit):
                raise file.fault(
                    f'the column of units says "{unit}" of {question}, and "{one}" elsewhere; '
                    "write all of it in one unit"
                )
            known[unit] = None
    return _on_units(said)


def _on_units(said: Mapping[str, Iterable[str]]) -> str:
    """Say of which questions the units are not surely one."""
    for question, texts in said.items():
        one, *others = sorted(texts, key=lambda text: not text)
        other = next((each for each in others if not is_same_unit(one, each, surely=True)), None)
        if other is not None:
            how = f'"{other}" in others' if other else "not said in others"
            return (
                f'The unit of {question} is "{one}" in some rows and {how}; '
                "the numbers of each question are read as if they were in one unit."
            )
    return ""


def refuse_codes_of_questions(answers: Path, seeds: Path) -> None:
    """Refuse numbers for missing values among what was answered to a question and what is known of it.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    columns: dict[str, list[NumberColumn]] = {}
    for path in (answers, seeds):
        file, headings = _opened(path)
        questions = _texts(file, headings, "question")
        for name in _quantile_columns(file, headings) if path == answers else ("value",):
            position = _position(file, headings, name)
            cells, heading = column_cells(file, headings, position), headings.names[position]
            for question, number, cell in zip(questions, _numbers(file, headings, name), cells, strict=True):
                rows = [(cell[0], cell[1:])]
                own = NumberColumn(partial(iter, rows), (heading,), 0, file.file, (number,))
                columns.setdefault(question, []).append(own)
    for found in columns.values():
        numbers = [number for each in found for number in each.numbers]
        for each in found:
            refuse_codes(each, among=numbers)


_PER_CENT = regex(r"(?<!\d)(?<!\d )%|(?<![^\W_])(?:per ?cent|pct|prozent)(?![^\W_])", re.IGNORECASE)
"""What says of a heading that its numbers are of per cent; "95 %" is a level."""


def _of_workbook(path: Path, column: str | None) -> ColumnValues:
    workbook.require()
    filled: list[str] = []

    def first(names: list[str]) -> list[str]:
        filled.extend(names)
        return names[:1]

    sheets, faults = read_sheets(path, first, unnamed=True)
    if faults:
        raise StudyError(*faults)
    if not sheets:
        raise StudyError(Fault("has no data", file=str(path)))
    sheet = sheets[0]
    headings = Headings(sheet.written, sheet.numbered)
    rest = f"; only the first of its {len(filled)} sheets is read" if len(filled) > 1 else ""
    position = _place(headings, column, str(path), rest)
    name = headings.names[position]
    if grouped := grouped_texts(sheet, sheet.headings[position]):
        raise StudyError(Fault(grouped[1], grouped[0], str(path)))
    cells = [(row.place, row.cells.get(sheet.headings[position])) for row in sheet.rows]
    is_in_per_cent = _PER_CENT.search(name) is not None
    if is_in_per_cent:
        cells = [(place, _as_shown(cell)) for place, cell in cells]
    values = np.array(numbers_of(cells, name, str(path), missing=True))
    # tables may stand side by side, with empty columns between them
    names = [""] * (sheet.columns[-1] + 1)
    keys = [*names]
    for column_place, written, key in zip(sheet.columns, sheet.written, sheet.headings, strict=True):
        names[column_place], keys[column_place] = written, key
    rows = [(row.place, [row.cells.get(key) for key in keys]) for row in sheet.rows]
    place = sheet.columns[position]
    layout = Layout.of(names, lambda: rows).reading([place])
    refuse_several_units(path, layout, rows, place)
    read = NumberColumn(lambda: rows, names, place, str(path), values.tolist())
    refuse_what_is_no_data(read, layout)
    _check_alike([cell for _, cell in cells], name, str(path))
    shares = [cell for _, cell in cells if isinstance(cell, Percentage)]
    said = "Cells that show percentages are read as " + (
        "numbers of per cent" if is_in_per_cent else "shares"
    )
    times = 1 if is_in_per_cent else 100
    notes = tuple(f"{said}: {each * times:g} % is {each:g}." for each in shares[:1])
    labelled = [cell for _, cell in cells if isinstance(cell, Labelled)]
    said = "Cells that show a word or a sign beside their number are read without it"
    notes += tuple(f'{said}: "{each.shown}" is {each:g}.' for each in labelled[:1])
    held = [cell for _, cell in cells]
    notes += currencies_note(layout, rows, place, str(path), _same_money)
    notes += tuple(data_notes(headings, position, layout, path.name, lambda: held, values.tolist()))
    notes += (*notes_on_units(layout, lambda: rows, place), *notes_on_rows(read, layout))
    return _present(read, layout, [f"sheet {each}" for each in filled[1:]], notes)


def _as_shown(cell: Cell) -> Cell:
    """Return the number of per cent that a cell shows: 12 for 0.12."""
    return Percentage(f"{cell * 100:.15g}") if isinstance(cell, Percentage) else cell


def _check_alike(cells: Sequence[Cell], name: str, file: str) -> None:
    """Refuse numbers of which some are shown as percentages, or with another word beside them than others.

    Raises
    ------
    StudyError
        With what some of them show.
    """
    shown = {_beside(cell) for cell in cells if isinstance(cell, float | int) and not isinstance(cell, bool)}
    if len(shown) > 1:
        words = " and some ".join(
            f'"{word}"' if word else "nothing" for word in sorted(shown, reverse=True)[:2]
        )
        raise StudyError(
            Fault(f"{name}: some cells show {words} beside their number; format them all alike", file=file)
        )


def _beside(cell: float) -> str:
    return "%" if isinstance(cell, Percentage) else cell.label if isinstance(cell, Labelled) else ""


def _present(
    column: NumberColumn, layout: Layout, not_read: Sequence[str] = (), notes: tuple[str, ...] = ()
) -> ColumnValues:
    """Leave out the values that are missing."""
    values = np.array(column.numbers, dtype=float)
    present = values[~np.isnan(values)]
    if not present.size:
        raise StudyError(Fault(f"{column.name}: has no values", file=column.file))
    notes = (*notes, *blocks_notes(column))
    read = rows_read(column, layout, not_read)
    return ColumnValues(column.name, present, len(values) - len(present), read, notes)


def _place(headings: Headings, column: str | None, file: str, rest: str = "") -> int:
    """Return which column is meant: the one that was named, or the only one; `rest` was not looked at."""
    names = [name for name in headings.names if name]
    if column is None and len(names) != 1:
        shown = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        raise StudyError(Fault(f"say which column: {shown or 'it has none'}{rest}", file=file))
    try:
        return headings.position(names[0] if column is None else column)
    except InvalidValue as error:
        raise StudyError(Fault(f"{error}{rest}", file=file)) from None


_MOST_EXPERTS = 12
"""Experts that a sentence names."""

SCALES = ("uniform", "log")
"""What saying nothing of a seed question means: of the value, or of its logarithm."""


class Seeds(NamedTuple):
    """Questions whose answers are known.

    Parameters
    ----------
    values
        By question.
    logarithmic
        Those of which saying nothing means saying nothing of the logarithm.
    """

    values: dict[str, float]
    logarithmic: tuple[str, ...]


def read_answers(path: Path) -> dict[str, dict[str, dict[float, float]]]:
    """Read what experts answered: columns ``expert`` and ``question``, and one for each quantile, as ``p5``.

    Returns
    -------
    dict
        By expert and question, values by probability.

    Raises
    ------
    StudyError
        If a column is missing, or a cell holds no number, with its place.
    """
    file, headings = _opened(path)
    experts, questions = (_texts(file, headings, name) for name in ("expert", "question"))
    named = _quantile_columns(file, headings)
    columns = {name: _numbers(file, headings, name) for name in named}
    found: dict[str, dict[str, dict[float, float]]] = {}
    for row, (expert, question) in enumerate(zip(experts, questions, strict=True)):
        own = found.setdefault(expert, {})
        if question in own:
            raise file.fault(f'{expert} answers "{question}" twice')
        own[question] = {probability: columns[name][row] for name, probability in named.items()}
    if sums := rows_of_statistics(found):
        rows = " and ".join(f'"{each}"' for each in sums)
        raise file.fault(
            f"the rows of {rows} may sum up those of the experts; leave them out, or write "
            f'"{DATUM} {sums[0]}" if that is an expert'
        )
    return found


_MAY_BE_A_QUANTILE = regex(
    r"(?:(?:p|q|pct|perc)[_ ]?[\d.]{1,6}%?|\d{1,2}(?:\.\d+)?\s?%)(?:\s?\(.*\))?"
    r"|low(?:er)?|upper|high|min|max|best|mode|mean"
)
"""Headings, in small letters, of what experts are asked for that no quantile is called by here."""


_WITH_ROLE = regex(
    r"(?P<name>p(?P<per_cent>\d+(?:\.\d+)?))\s?\((?:(?P<low>(?:low|lower|minimum)(?: bound)?)"
    r"|(?P<high>(?:high|upper|maximum)(?: bound)?)|median|middle|(?:best|central)(?: guess| estimate)?)\)"
)
"""A quantile, and which of three it is in words."""


def _quantile_name(heading: str) -> str:
    """Return a heading as the name of a quantile, also without words that say the same."""
    name = heading.casefold()
    if found := _WITH_ROLE.fullmatch(name):
        above = float(found["per_cent"]) - 50
        agrees = above < 0 if found["low"] else above > 0 if found["high"] else above == 0
        return found["name"] if agrees else name
    return "p50" if name == "median" else name


def _quantile_columns(file: CsvFile, headings: Headings) -> dict[str, float]:
    """Return the columns of quantiles with their probabilities; refuse what may be one by another name."""
    called = {name: _quantile_name(name) for name in headings.names}
    # 99.9 / 100 is not 0.999
    named = {
        name: float(Decimal(quantile[1:]) / 100)
        for name, quantile in called.items()
        if QUANTILE_NAME.fullmatch(quantile)
    }
    if not named:
        raise file.fault("expected a column for each quantile, such as p5, p50 and p95")
    if said := fractions_among(called[name][1:] for name in named):
        raise file.fault(said)
    if len(set(named.values())) < len(named):
        raise file.fault(f"expected one column for each quantile, found {', '.join(named)}")
    places = [headings.names.index(name) for name in named]
    between = headings.names[min(places) : max(places)]
    for name in (each for each in headings.names if each not in named and not says_units(each)):
        if name in between or _MAY_BE_A_QUANTILE.fullmatch(name.casefold()):
            raise file.fault(
                f'"{name}" may be quantiles by another name; call it as in p5 and p50, or leave it out'
            )
    return named


def read_seeds(path: Path) -> Seeds:
    """Read the known values: columns ``question`` and ``value``, and ``scale`` where one is ``log``.

    Raises
    ------
    StudyError
        As `read_answers` does.
    """
    file, headings = _opened(path)
    questions, values = _texts(file, headings, "question"), _numbers(file, headings, "value")
    scales = ["uniform"] * len(questions)
    if headings.spelt(["scale"]):
        scales = [each.lower() for each in _texts(file, headings, "scale")]
    for question, scale in zip(questions, scales, strict=True):
        if scale not in SCALES:
            said = f'expected uniform or log, found "{scale}"{nearest(scale, SCALES)}'
            raise file.fault(f"scale of {question}: {said}")
        if questions.count(question) > 1:
            raise file.fault(f'"{question}" stands here twice')
    logarithmic = [each for each, scale in zip(questions, scales, strict=True) if scale == "log"]
    return Seeds(dict(zip(questions, values, strict=True)), tuple(logarithmic))


def answers_read(path: Path, found: Mapping[str, Mapping[str, object]]) -> str:
    """Say which experts and questions `read_answers` has read from a file, and what it has not."""
    file, headings = _opened(path)
    questions = dict.fromkeys(question for own in found.values() for question in own)
    said = f"experts {listed(found, _MOST_EXPERTS)}; questions {listed(questions)}"
    return said + _not_read(file, headings, ("expert", "question", *_quantile_columns(file, headings)))


def seeds_read(path: Path, known: Seeds) -> str:
    """Say of which questions `read_seeds` has read values from a file, and what it has not read of it."""
    return f"values of {listed(known.values)}" + _not_read(*_opened(path), ("question", "value", "scale"))


def _not_read(file: CsvFile, headings: Headings, names: Iterable[str]) -> str:
    # what says units is held to that of other questions
    read = [headings.place(name) for name in (*names, *filter(says_units, headings.names))]
    layout = Layout.of(headings.names, partial(data_rows, file, headings))
    not_read = columns_not_read(layout, [place for place in read if place is not None])
    return f"; not read: {listed(not_read)}" if not_read else ""


def _opened(path: Path) -> tuple[CsvFile, Headings]:
    if (kind := kind_of_path(path)) != "file":
        said = "no such file" if kind == "nothing" else "is not a regular file"
        raise StudyError(Fault(said, file=str(path)))
    found = open_csv(path)
    return found, headings_of(found)


def _texts(file: CsvFile, headings: Headings, name: str) -> list[str]:
    return [cell.strip() for _, cell in column_cells(file, headings, _position(file, headings, name))]


def _numbers(file: CsvFile, headings: Headings, name: str) -> Sequence[float]:
    position = _position(file, headings, name)
    numbers = numbers_of(column_cells(file, headings, position), headings.names[position], file.file)
    column = number_column(file, headings, position, numbers)
    refuse_commented(column)
    refuse_footers(column)
    refuse_censored(column, layout_of(file, headings, position))
    return numbers


def _position(file: CsvFile, headings: Headings, name: str) -> int:
    try:
        return headings.position(name)
    except InvalidValue as error:
        raise file.fault(str(error)) from None
