"""What arbitrary bytes may do to the readers: give a sound value, or a fault in one line; nothing else."""

from __future__ import annotations

import json
import math
import re
import tempfile
import warnings
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from file_targets import csv, json_file, memory, workbook

from uncertainty.characters import clean
from uncertainty.distributions import Distribution, parse_distribution
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.expressions import parse_expression
from uncertainty.study.reader import load_study
from uncertainty.study.sources import pieces
from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.functions import functions
from uncertainty.workbooks.translation import Translation

if TYPE_CHECKING:
    from collections.abc import Callable

PROBABILITIES = np.array([0.0, 1e-9, 0.01, 0.25, 0.5, 0.75, 0.99, 1 - 1e-9, 1.0])


def study(data: bytes) -> None:
    """Read bytes as a study file, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "study.toml"
        path.write_bytes(data)
        try:
            found = load_study(path)
        except StudyError as error:
            faults = error.faults
        else:
            assert found.headline in found.outputs
            assert len(found.sha256) == 64
            return
    assert faults
    assert all(fault.message.strip() and fault.file == str(path) for fault in faults)


FIELDS = """
format = 1
study = { title = "t", headline = "y", counting_units = [{0}] }
inputs.a = { unit = {1}, point = 2, distribution = {2}, low = {3} }
inputs.b = { unit = "g", point = {4}, distribution = "uniform(1, 9)", source = {10} }
correlations = [{ inputs = ["a", "b"], pearson = {5} }]
equations.s = { value = {6}, unit = {7} }
outputs.y = { value = {8}, unit = "kg", published = {3} }
sources.k = { title = {11}, url = {12}, doi = {13}, authors = [{14}], accessed = {15} }
choices.c.options = { one = {}, other = { inputs = { a = {2} }, equations = { s = {9} } } }
"""
"""A study whose fields are to be filled in."""

DEFAULTS = (
    *("page", "kg", "2 to 8", "0", "a * 2", "0.5", "a + b", "kg", "s", "a", "@k, Figure 1"),
    *("a title", "https://example.org/a", "10.1000/182", "Doe, J.", "2026-11-28"),
)
"""What stands in a field that is empty."""


def fields(data: bytes) -> None:
    """Read a study that is sound but for its fields, one a line; a number is one, all else is a text."""
    text = FIELDS
    given = data.decode("utf-8", errors="replace").split("\n")
    for place, default in enumerate(DEFAULTS):
        field = given[place] if place < len(given) and given[place] else default
        written = field if re.fullmatch(r"-?(0|[1-9][0-9]{0,9})(\.[0-9]+)?", field) else json.dumps(field)
        text = text.replace(f"{{{place}}}", written)
    study(text.encode())


def distribution(data: bytes) -> None:
    """Read bytes as a distribution; what is read must be sound, and mean the same when it is read again."""
    text = data.decode("utf-8", errors="replace")
    try:
        found = parse_distribution(text)
    except InvalidValue as error:
        assert_one_line(str(error))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_sound(found)


def assert_sound(found: Distribution) -> None:
    """Require what holds for every distribution."""
    assert parse_distribution(str(found)) == found
    quantiles = found.quantile(PROBABILITIES)
    assert not np.isnan(quantiles).any()
    assert (quantiles[1:] >= quantiles[:-1]).all()
    low, high = found.support
    if math.isfinite(low) or math.isfinite(high):  # Student's t may have no mean
        assert low <= found.mean <= high
        assert found.sd >= 0
    if found.is_constant:
        assert (low, found.mean, found.sd) == (high, high, 0)
    assert low <= quantiles[0] <= quantiles[-1] <= high
    shares = found.cdf(quantiles)
    assert ((shares >= 0) & (shares <= 1)).all()


def expression(data: bytes) -> None:
    """Read bytes as an expression; the text of what is read must mean the same."""
    text = data.decode("utf-8", errors="replace")
    try:
        found = parse_expression(text)
    except InvalidValue as error:
        assert_one_line(str(error))
        return
    assert parse_expression(str(found)) == found


def formula(data: bytes) -> None:
    """Translate bytes as a spreadsheet's formula beside a few cells."""
    text = f"={data.decode('utf-8', errors='replace')}"
    values = {(1, 1): 1.5, (2, 1): "text", (3, 1): True, (4, 1): Failure("#N/A")}
    cells = {place: Cell(value) for place, value in values.items()} | {(1, 8): Cell(1.0, text)}
    sheet = Sheet("S", cells=cells, bottom=4, right=8)
    book = Book("book.xlsx", {"S": sheet}, {("", "nm"): "S!$A$1"}, {}, {})
    translation = Translation(book, functions())
    translation.add(one_cell("S", 1, 8))
    for message in translation.faults.values():
        assert_one_line(message)
    for equation in translation.equations.values():
        assert parse_expression(str(equation.expression).replace("S!", "s_").replace("#", "_").lower())


def assert_one_line(message: str) -> None:
    """Require a message that can be shown as it is."""
    assert message
    assert len(message) < 2_000


ADDRESS = re.compile(r"https://[a-z0-9.-]+(:\d+)?([/?#][\w.~%!$&()*+,;=:@/?#-]*)?", re.ASCII | re.IGNORECASE)


def cited(data: bytes) -> None:
    """Part bytes as a source text: nothing of it is lost, and every link is a plain https address."""
    text = data.decode("utf-8", errors="replace")
    found = pieces(text)
    assert "".join(piece.text for piece in found) == clean(text)
    for piece in found:
        assert not piece.to or ADDRESS.fullmatch(piece.to)


TARGETS: MappingProxyType[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "study": study,
        "fields": fields,
        "distribution": distribution,
        "expression": expression,
        "formula": formula,
        "cited": cited,
        "csv": csv,
        "workbook": workbook,
        "json": json_file,
    }
)
