"""Columns of data files: found only inside the study's folder, read only if they are sound."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, field
from pathlib import Path

from uncertainty.distributions.parameters import finite
from uncertainty.errors import InvalidValue, suggestion

LARGEST_FILE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column of a CSV file, as a study names it, and the file that it was found in.

    Parameters
    ----------
    file
        Path relative to the study's folder.
    name
        The column's name in the header.
    path
        The file itself, absolute and without symbolic links; not compared, so that a study may be moved.
    """

    file: str
    name: str
    path: Path = field(compare=False)

    @classmethod
    def within(cls, folder: Path, file: str, name: str) -> DataColumn:
        """Find a regular file inside `folder`.

        Raises
        ------
        InvalidValue
            If there is none, if its path is absolute, or if it leads out of the folder (also by a link).
        """
        if Path(file).is_absolute():
            raise InvalidValue(f'"{file}" must be a path relative to the study\'s folder')
        try:
            home = folder.resolve(strict=True)
            path = (home / file).resolve(strict=True)
            regular = path.is_file()
        except (OSError, ValueError, RuntimeError):  # absent, unreadable, a null byte, a loop of links
            raise InvalidValue(f'cannot find the file "{file}" in the study\'s folder') from None
        if not path.is_relative_to(home):
            raise InvalidValue(f'"{file}" lies outside the study\'s folder')
        if not regular:
            raise InvalidValue(f'"{file}" is not a regular file')
        return cls(file, name, path)

    def __str__(self) -> str:
        return f"{_quoted(self.file)}, {_quoted(self.name)}"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def read_column(column: DataColumn) -> tuple[float, ...]:
    """Read the numbers of a column; rows that are empty throughout are skipped.

    Raises
    ------
    InvalidValue
        If the file is too large or not UTF-8, if the header does not name the column exactly once, or if
        a row has no finite number in it; the message has the line.
    """
    return tuple(_number(text, line, column) for line, text in read_cells(column))


def read_cells(column: DataColumn) -> list[tuple[int, str]]:
    """Read the texts of a column, each with its line; rows that are empty throughout are skipped.

    Raises
    ------
    InvalidValue
        If the file is too large or not UTF-8, if the header does not name the column exactly once, or if
        there are no rows.
    """
    rows = csv.reader(io.StringIO(_text(column), newline=""), strict=True)
    try:
        position = _position(next(rows, []), column)
        cells = [
            (rows.line_num, row[position].strip() if position < len(row) else "") for row in rows if any(row)
        ]
    except csv.Error as error:
        raise InvalidValue(f'"{column.file}", line {rows.line_num}: {error}') from None
    if not cells:
        raise InvalidValue(f'"{column.file}" has no data in column "{column.name}"')
    return cells


def _text(column: DataColumn) -> str:
    try:
        with column.path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > LARGEST_FILE:
                raise InvalidValue(f'"{column.file}" is larger than {LARGEST_FILE // 2**20} MiB')
            return stream.read(LARGEST_FILE).decode("utf-8-sig")
    except OSError as error:
        raise InvalidValue(f'cannot read "{column.file}": {error.strerror}') from None
    except UnicodeDecodeError:
        raise InvalidValue(f'"{column.file}" is not UTF-8 text') from None


def _position(header: list[str], column: DataColumn) -> int:
    names = [name.strip() for name in header]
    if names.count(column.name) == 1:
        return names.index(column.name)
    if column.name in names:
        raise InvalidValue(f'"{column.file}" has several columns named "{column.name}"')
    meant = suggestion(column.name, [name for name in names if name and name.isprintable()])
    raise InvalidValue(f'"{column.file}" has no column "{column.name}"{meant}')


def _number(text: str, line: int, column: DataColumn) -> float:
    where = f'"{column.file}", line {line}: {column.name}'
    try:
        number = float(text)
    except ValueError:
        raise InvalidValue(f"{where} must be a finite number, not {text[:40]!r}") from None
    return finite(number, where)
