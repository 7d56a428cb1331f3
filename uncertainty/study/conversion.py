"""Studies from and to the files that people have: workbooks, CSV and JSON beside the study's own TOML.

Whatever the file, it becomes the tables that TOML would give, and these are read as any study is.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from uncertainty.errors import Fault, SettingError, StudyError
from uncertainty.files import write_all, write_whole
from uncertainty.study.content import read_content
from uncertainty.study.digits import written_digits
from uncertainty.study.sheets import known_sheets, parts, sheets_of, tables_of
from uncertainty.study.toml_reading import parse_toml
from uncertainty.study.toml_text import toml_text
from uncertainty.tables import csv_file, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from uncertainty.tables.sheets import Sheet

Tables = dict[str, Any]

OTHERS = (".xlsx", ".csv", ".json")
"""Endings of files that are studies in another form; a folder of CSV files is one too."""


def is_converted(path: Path) -> bool:
    """Tell whether a study is in another form than TOML."""
    return path.suffix.lower() in OTHERS or path.is_dir()


def read_tables(path: Path) -> Tables:
    """Read the tables of a study in whatever form, unchecked.

    Raises
    ------
    StudyError
        If the file cannot be read or is not of its kind, or a heading or cell cannot be understood.
    SettingError
        If openpyxl is not installed.
    """
    ending = path.suffix.lower()
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        for file in files:
            if not file.resolve().is_relative_to(path.resolve()):
                raise StudyError(Fault("lies outside the study's folder", file=str(file)))
        return _from_sheets([csv_file.read_sheet(file) for file in files], path)
    if ending == ".xlsx":
        workbook.require()
        return _from_sheets(workbook.read_sheets(path, known_sheets), path)
    if ending == ".csv":
        return _from_sheets([csv_file.read_sheet(path)._replace(name="inputs")], path)
    content = read_content(path)
    try:
        if ending == ".json":
            return _json_tables(content)
        return parse_toml(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        kind = "JSON" if ending == ".json" else "TOML"
        raise StudyError(Fault(f"is not {kind}: {error}", file=str(path))) from None


def _written_float() -> Any:
    from uncertainty.study.schema import WrittenFloat

    return WrittenFloat


def _from_sheets(sheets: list[Sheet], path: Path) -> Tables:
    wanted = known_sheets([sheet.name for sheet in sheets])
    if "inputs" not in wanted.values():
        raise StudyError(Fault('expected a sheet "inputs"', file=str(path)))
    named = [sheet._replace(name=wanted[sheet.name]) for sheet in sheets if sheet.name in wanted]
    return tables_of(named, str(path))


def _json_tables(content: bytes) -> Tables:
    found = json.loads(content.decode("utf-8-sig"), parse_float=_written_float())
    if not isinstance(found, dict):
        raise ValueError("expected an object")  # noqa: TRY004 - it is reported as the file's fault
    return found


def read_as_toml(path: Path) -> bytes:
    """Return a study that is in another form as the bytes of a study file.

    Raises
    ------
    StudyError
        If it holds inputs alone; and as `read_tables` does.
    """
    tables = read_tables(path)
    if "outputs" not in tables:
        made = path.with_suffix(".toml").name
        raise StudyError(
            Fault(f"has no outputs; uncertainty new {made} --from {path} begins a study", file=str(path))
        )
    return toml_text(tables).encode()


def write_study(path: Path, target: Path) -> None:
    """Write a sound study in the form that the target's name asks for, whole or not at all.

    Parameters
    ----------
    path
        The study's file, which has been checked.
    target
        ``.xlsx``, ``.json`` and ``.toml`` hold all of a study, as does a folder, of CSV files; a ``.csv``
        holds its inputs alone.

    Raises
    ------
    SettingError
        If the ending is unknown, or the form cannot hold something of the study.
    OSError
        If it cannot be written.
    """
    tables = with_digits(read_tables(path))
    ending = target.suffix.lower()
    if ending == ".toml":
        write_whole(target, toml_text(tables))
    elif ending == ".json":
        write_whole(target, json.dumps(tables, indent=2, ensure_ascii=False) + "\n")
    elif ending == ".xlsx":
        workbook.require()
        workbook.write_sheets(sheets_of(tables), target)
    elif ending == ".csv":
        (inputs,) = (sheet for sheet in sheets_of(tables) if sheet.name == "inputs")
        write_whole(target, csv_file.sheet_text(inputs))
    elif not ending:
        files = {f"{sheet.name}.csv": csv_file.sheet_text(sheet) for sheet in sheets_of(tables)}
        # an older study's sheets that stayed would be read as parts of this one
        write_all(target, files, removed={f"{part.sheet}.csv" for part in parts()} - files.keys())
    else:
        endings = ", ".join((*OTHERS, ".toml"))
        raise SettingError(f"{target}: expected a name that ends in {endings}, or a folder's name")


def with_digits(tables: Mapping[str, Any]) -> Tables:
    """Say in words how many digits a figure carries, where its number alone would no longer tell."""
    found: Tables = deepcopy(dict(tables))
    figures = [(output, "published") for output in found.get("outputs", {}).values()]
    for reading in found.get("readings", {}).values():
        figures += [(figure, "value") for figure in reading.get("expect", {}).values()]
    for figure, key in figures:
        number = figure.get(key)
        if number is None or "digits" in figure:
            continue
        plain = int(number) if float(number).is_integer() and abs(number) < 2**53 else float(number)
        if written_digits(plain) != written_digits(number):
            figure["digits"] = written_digits(number)
    return found
