"""Studies from and to the files that people have: workbooks, CSV and JSON beside the study's own TOML.

Whatever the file, it becomes the tables that TOML would give, and these are read as any study is.
"""

from __future__ import annotations

import difflib
import json
import re
import shlex
from copy import deepcopy
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.bounds import LARGEST_STUDY
from uncertainty.errors import MOST_NAMES, Fault, InvalidValue, SettingError, StudyError, meant
from uncertainty.files import kind_of_path, not_there_yet, text_of, write_all, write_whole
from uncertainty.nested import parse_json
from uncertainty.records import Frozen
from uncertainty.study.bibliography import ENDINGS
from uncertainty.study.bundled import OTHERS
from uncertainty.study.faults import key_path
from uncertainty.study.figures import DETAILS, is_figure, written_digits
from uncertainty.study.sheets import headings_known, known_sheets, number_columns, parts, sheets_of, tables_of
from uncertainty.study.sources import plain_text
from uncertainty.study.toml import parse_toml, toml_text
from uncertainty.tables import csv_file, workbook
from uncertainty.tables.csv_reading import grouped_texts
from uncertainty.tables.data_notes import codes_notes_of
from uncertainty.tables.missing_codes import refuse_codes_below
from uncertainty.tables.sheets import Row, heading_name
from uncertainty.tables.workbook_reading import last_formula, read_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from uncertainty.study.sources import Source
    from uncertainty.tables.sheets import Sheet

Tables = dict[str, Any]

ALMOST = 0.85
"""Similarity from which the name of a sheet is a misspelt one: "input" and "correlation", not "putouts"."""


class Parts(NamedTuple):
    """What was read of a study in another form.

    Parameters
    ----------
    tables
        Those that TOML would give, unchecked, as far as they can be understood.
    faults
        What cannot.
    partial
        Paths of what is not whole for it; a single empty one where a sheet is missing.
    unread
        Sheets that hold something else.
    notes
        What of the numbers of inputs may say that a value is missing.
    """

    tables: Tables
    faults: list[Fault]
    partial: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_tables(path: Path) -> Tables:
    """Read the tables of a study in whatever form, unchecked.

    Raises
    ------
    StudyError
        If the file cannot be read or is not of its kind, or a heading or cell cannot be understood.
    SettingError
        If openpyxl is not installed.
    """
    found = read_parts(path)
    if found.faults:
        raise StudyError(*found.faults)
    return found.tables


def read_parts(path: Path) -> Parts:
    """Read the tables of a study, and say which headings and rows of its sheets are left out as unsound.

    Raises
    ------
    StudyError
        If the file cannot be read or is not of its kind.
    SettingError
        If openpyxl is not installed.
    """
    ending = path.suffix.lower()
    if kind_of_path(path) == "folder":
        files = _sheet_files(path)
        known = known_sheets([file.stem for file in files])
        read = [csv_file.read_sheet(file, headings_known) for file in files if file.stem in known]
        faults = [fault for _, each in read for fault in each]
        names = {file.stem: file.stem for file in files}
        return _from_sheets([_named(sheet) for sheet, _ in read], faults, path, names)
    if ending == ".xlsx":
        workbook.require()
        return _of_workbook(path)
    if ending == ".csv":
        sheet, faults = csv_file.read_sheet(path, headings_known)
        return _from_sheets([sheet._replace(name="inputs")], faults, path, {"inputs": "inputs"})
    text = text_of(path, LARGEST_STUDY)
    try:
        return _of_json(text, str(path)) if ending == ".json" else Parts(parse_toml(text), [])
    except InvalidValue as error:
        raise StudyError(Fault(str(error), file=str(path))) from None


def _named(sheet: Sheet) -> Sheet:
    """Return a sheet of a folder, whose lines are those of one file of several."""
    rows = [Row(f"{sheet.name}, {row.place}", row.cells) for row in sheet.rows]
    return sheet._replace(rows=rows, place=f"{sheet.name}, {sheet.place}")


def _of_workbook(path: Path) -> Parts:
    """Read a workbook of a study; what has live formulas in place of one is told how it becomes one."""
    names: list[str] = []
    try:
        sheets, faults = read_sheets(path, partial(_parts_of_study, names, str(path)), headings_known)
    except StudyError:
        if names:
            _refuse_formulas(path)
        raise
    if not any("name" in sheet.headings for sheet in sheets):
        _refuse_formulas(path)
    for sheet in sheets:
        said = (grouped_texts(sheet, each) for each in sheet.headings)
        faults += [Fault(each[1], each[0], str(path)) for each in said if each]
    return _from_sheets(sheets, faults, path, {heading_name(each): each for each in names})


def _refuse_formulas(path: Path) -> None:
    """Say what makes a study of a workbook's live formulas, where it has them."""
    if cell := last_formula(path):
        command = f"uncertainty new study.toml --from {shlex.quote(str(path))} --cell {shlex.quote(cell)}"
        said = f"is no study, but has live formulas; a study of those upstream of a cell: {command}"
        raise StudyError(Fault(said, file=str(path)))


def _sheet_files(folder: Path) -> list[Path]:
    """Return the CSV files of a folder; those that hold no part of a study may be its data files."""
    files = sorted(folder.glob("*.csv"))
    known = known_sheets([file.stem for file in files])
    home = folder.resolve()
    for file in files:
        if kind_of_path(file) != "file":
            raise StudyError(Fault("is not a regular file", file=str(file)))
        if file.stem in known and not file.resolve().is_relative_to(home):
            raise StudyError(Fault("lies outside the study's folder", file=str(file)))
    return files


def _written_float() -> Any:
    from uncertainty.study.written import WrittenFloat

    return WrittenFloat


def _parts_of_study(seen: list[str], file: str, names: list[str]) -> list[str]:
    """Return which sheets of a workbook hold a part of a study, and remember which there are.

    Raises
    ------
    StudyError
        If none of them holds inputs, with those that there are.
    """
    seen += names
    found = known_sheets([*map(heading_name, names)])
    if "inputs" not in found.values():
        there = ", ".join(names[:MOST_NAMES]) or "nothing"
        advice = "; call the sheet of inputs so" if names else ""
        raise StudyError(Fault(f'expected a sheet "inputs", found {there}{advice}', file=file))
    return [name for name in names if heading_name(name) in found]


def _from_sheets(sheets: list[Sheet], faults: list[Fault], path: Path, names: Mapping[str, str]) -> Parts:
    """Return the tables that sheets hold; `names` are those of all sheets that there are, as written."""
    wanted = known_sheets([*names])
    unread = {name: written for name, written in names.items() if name not in wanted}
    misspelt = [Fault(f'unknown sheet "{written}"{said}', file=str(path))
                for name, written in unread.items() if (said := _misspelt(name))]  # fmt: skip
    sheets = [sheet._replace(name=wanted[sheet.name]) for sheet in sheets]
    read = tables_of(sheets, str(path))
    measured = [
        column for sheet in sheets if sheet.name == "inputs" for column in number_columns(sheet, str(path))
    ]
    try:
        refuse_codes_below(measured)
    except StudyError as error:
        faults = [*faults, *error.faults]
    damaged = {heading_name(fault.key) for fault in [*faults, *read.faults]} & wanted.keys()
    partial = [wanted[name] for name in damaged] if len(sheets) == len(wanted) and not misspelt else [""]
    found = [*misspelt, *faults, *read.faults]
    notes = (*codes_notes_of(measured),)
    return Parts(read.tables, found, (*read.partial, *partial), tuple(unread.values()), notes)


def _misspelt(name: str) -> str:
    """Return which part of a study a sheet was probably meant to hold; nothing where it is of its own."""
    plain = re.sub(r"(?:\([^)]*\)|[\W\d_])+$", "", name).lower()
    near = difflib.get_close_matches(plain, [part.sheet for part in parts()], n=1, cutoff=ALMOST)
    return meant(near[0]) if near else ""


def _of_json(text: str, file: str) -> Parts:
    found = parse_json(text, parse_float=_written_float())
    if not isinstance(found, dict):
        raise InvalidValue("is not JSON of a study: expected an object")
    if {"command", "version"} <= found.keys():
        raise InvalidValue(f"holds what uncertainty {str(found['command'])[:40]} found, and is no study")
    nulls: list[tuple[int | str, ...]] = []
    tables = _without_nulls(found, (), nulls)
    faults = [Fault("is null; leave the key out, or give it a value", key_path(path), file) for path in nulls]
    return Parts(tables, faults, tuple("" if len(path) == 1 else key_path(path) for path in nulls))


def _without_nulls(node: Any, path: tuple[int | str, ...], nulls: list[tuple[int | str, ...]]) -> Any:
    """Return a value of JSON without what is null in it, and remember where that is."""
    if isinstance(node, list):
        return [_without_nulls(each, (*path, place), nulls) for place, each in enumerate(node)]
    if node is None:
        nulls.append(path)
    if not isinstance(node, dict):
        return "" if node is None else node
    found = {key: _without_nulls(each, (*path, key), nulls) for key, each in node.items()}
    return {key: each for key, each in found.items() if node[key] is not None}


def as_toml(tables: Tables, path: Path) -> bytes:
    """Return the tables of a study that is in another form as the bytes of a study file.

    Raises
    ------
    StudyError
        If it holds inputs alone.
    """
    if tables.get("inputs") and tables.keys() <= {"format", "inputs"}:
        made = path.with_suffix(".toml").name
        raise StudyError(
            Fault(f"has no outputs; uncertainty new {made} --from {path} begins a study", file=str(path))
        )
    return toml_text(tables).encode()


def write_study(
    path: Path,
    target: Path,
    data: Mapping[str, bytes] = Frozen(),
    sources: Mapping[str, Source] = Frozen(),
) -> list[str]:
    """Write a sound study in the form that the target's name asks for, whole or not at all.

    Parameters
    ----------
    path
        The study's file, which has been checked.
    target
        ``.xlsx``, ``.json`` and ``.toml`` hold all of a study, as does a folder, of CSV files; a ``.csv``
        holds its inputs alone.
    data
        The data files that what is written reads, by their paths in the study's folder. A folder holds them
        too; one file has them beside it, where each is put that is not there yet.
    sources
        Those of the study, by key, for inputs alone, which cannot cite them.

    Returns
    -------
    list of str
        The data files that were put beside one file.

    Raises
    ------
    SettingError
        If the ending is unknown, or the form cannot hold something of the study.
    StudyError
        If another file is where a data file belongs.
    OSError
        If it cannot be written.
    """
    ending = target.suffix.lower()
    if not ending:
        _write_folder(path, target, data)
        return []
    if target.name in data:
        raise SettingError(Fault("is the name of a data file of the study; choose another", file=str(target)))
    content = _in_one_file(path, target, sources)
    if beside := not_there_yet(target.parent, data, path):
        write_all(target.parent, beside)
    if isinstance(content, str):
        write_whole(target, content)
    else:
        workbook.write_sheets(content, target)
    return list(beside)


def _in_one_file(path: Path, target: Path, sources: Mapping[str, Source]) -> str | list[Sheet]:
    """Return a study as the text or the sheets of one file."""
    tables = with_digits(read_tables(path))
    ending = target.suffix.lower()
    if ending == ".toml":
        return toml_text(tables)
    if ending == ".json":
        return json.dumps(tables, indent=2, ensure_ascii=False, default=date.isoformat) + "\n"
    if ending == ".xlsx":
        workbook.require()
        return sheets_of(tables)
    if ending == ".csv":
        (inputs,) = (sheet for sheet in sheets_of(inputs_alone(path, sources)) if sheet.name == "inputs")
        return csv_file.sheet_text(inputs)
    endings = ", ".join((*OTHERS, ".toml", *ENDINGS))
    raise SettingError(Fault(f"expected a name that ends in {endings}, or a folder's name", file=str(target)))


def _write_folder(path: Path, target: Path, data: Mapping[str, bytes]) -> None:
    """Write a study as a folder of sheets and of its data files."""
    files: dict[str, str | bytes] = {
        f"{sheet.name}.csv": csv_file.sheet_text(sheet) for sheet in sheets_of(with_digits(read_tables(path)))
    }
    if taken := sorted(files.keys() & data.keys()):
        raise SettingError(
            Fault(f"{taken[0]} is a data file of the study and a sheet of it, too", file=str(target))
        )
    # an older study's sheets that stayed would be read as parts of this one
    old = {f"{part.sheet}.csv" for part in parts()} - files.keys() - data.keys()
    write_all(target, {**files, **data}, removed=old)


def inputs_alone(path: Path, sources: Mapping[str, Source]) -> Tables:
    """Return the tables of a study, with the names of sources where its inputs cite them by their keys."""
    tables = deepcopy(read_tables(path))
    for entry in tables.get("inputs", {}).values():
        entry |= {key: _told(entry[key], sources) for key in ("source", "note") if key in entry}
    return tables


def _told(text: Any, sources: Mapping[str, Source]) -> Any:
    """Return a text, or texts by member, that name sources in place of their keys."""
    if isinstance(text, dict):
        return {member: _told(each, sources) for member, each in text.items()}
    return plain_text(text, sources)


def with_digits(tables: Mapping[str, Any]) -> Tables:
    """Say in words how many digits a figure carries, where its number alone would no longer tell."""
    found: Tables = deepcopy(dict(tables))
    for output in found.get("outputs", {}).values():
        if isinstance(output.get("published"), dict):
            output["published"] = _with_digits(output["published"])
        elif "published" in output:
            if "digits" not in output and _loses_digits(output["published"]):
                output["digits"] = written_digits(output["published"])
            output["published"] = _plain(output["published"])
    for reading in found.get("readings", {}).values():
        expected = reading.get("expect", {})
        for name, figure in expected.items():
            expected[name] = _with_digits(figure if isinstance(figure, dict) else {"value": figure})
    return found


def _with_digits(figure: Any) -> Any:
    """Return a figure that says in words how many digits it carries; of a table by member each of them."""
    if not isinstance(figure, dict):
        plain = _plain(figure)
        return {"value": plain, "digits": written_digits(figure)} if _loses_digits(figure) else plain
    if not is_figure(figure):
        return {member: _with_digits(each) for member, each in figure.items()}
    _tell_digits(figure)
    return figure


def _tell_digits(table: dict[str, Any]) -> None:
    """Say how many digits the figures of a table carry, in words where their numbers do not tell."""
    figures = {name: number for name, number in table.items() if name not in DETAILS}
    table |= {name: _plain(number) for name, number in figures.items()}
    given = table.get("digits", {})
    known = given if isinstance(given, dict) else dict.fromkeys(list(figures)[:1], given)
    lost = {
        name: written_digits(number)
        for name, number in figures.items()
        if name not in known and _loses_digits(number)
    }
    if lost and list({**known, **lost}) == list(figures)[:1]:
        (table["digits"],) = lost.values()
    elif lost:
        table["digits"] = {**known, **lost}


def _loses_digits(number: float) -> bool:
    """Tell whether a number alone does not say how many digits it was written with."""
    return written_digits(_plain(number)) != written_digits(number)


def _plain(number: float) -> int | float:
    """Return a number as every form writes it: a decimal point would add digits to a whole one."""
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else float(number)
