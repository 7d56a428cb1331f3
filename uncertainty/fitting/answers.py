"""Experts' answers and the known values of seed questions, read from CSV files."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.distributions.arguments import QUANTILE_NAME
from uncertainty.distributions.data_file import numbers_of
from uncertainty.errors import Fault, InvalidValue, StudyError, nearest
from uncertainty.files import kind_of_path
from uncertainty.tables.csv_reading import column_cells, headings_of, open_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.tables.csv_reading import CsvFile, Headings

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
    named = [name for name in headings.names if QUANTILE_NAME.fullmatch(name)]
    if not named:
        raise file.fault("expected a column for each quantile, such as p5, p50 and p95")
    columns = {name: _numbers(file, headings, name) for name in named}
    found: dict[str, dict[str, dict[float, float]]] = {}
    for row, (expert, question) in enumerate(zip(experts, questions, strict=True)):
        own = found.setdefault(expert, {})
        if question in own:
            raise file.fault(f'{expert} answers "{question}" twice')
        # 99.9 / 100 is not 0.999
        own[question] = {float(Decimal(name[1:]) / 100): columns[name][row] for name in named}
    return found


def read_seeds(path: Path) -> Seeds:
    """Read the known values: columns ``question`` and ``value``, and ``scale`` where one is ``log``.

    Raises
    ------
    StudyError
        As `read_answers` does.
    """
    file, headings = _opened(path)
    questions, values = _texts(file, headings, "question"), _numbers(file, headings, "value")
    scales = _texts(file, headings, "scale") if "scale" in headings.names else ["uniform"] * len(questions)
    for question, scale in zip(questions, scales, strict=True):
        if scale not in SCALES:
            said = f'expected uniform or log, found "{scale}"{nearest(scale, SCALES)}'
            raise file.fault(f"scale of {question}: {said}")
        if questions.count(question) > 1:
            raise file.fault(f'"{question}" stands here twice')
    logarithmic = [each for each, scale in zip(questions, scales, strict=True) if scale == "log"]
    return Seeds(dict(zip(questions, values, strict=True)), tuple(logarithmic))


def _opened(path: Path) -> tuple[CsvFile, Headings]:
    if (kind := kind_of_path(path)) != "file":
        said = "no such file" if kind == "nothing" else "is not a regular file"
        raise StudyError(Fault(said, file=str(path)))
    found = open_csv(path)
    return found, headings_of(found)


def _texts(file: CsvFile, headings: Headings, name: str) -> list[str]:
    return [cell.strip() for _, cell in column_cells(file, headings, _position(file, headings, name))]


def _numbers(file: CsvFile, headings: Headings, name: str) -> Sequence[float]:
    return numbers_of(column_cells(file, headings, _position(file, headings, name)), name, file.file)


def _position(file: CsvFile, headings: Headings, name: str) -> int:
    try:
        return headings.position(name)
    except InvalidValue as error:
        raise file.fault(str(error)) from None
