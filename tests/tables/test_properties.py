"""Whatever a text or a number is, it comes back."""

import csv
import io
import math
import re
import tomllib
import unicodedata

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from uncertainty.study.toml import toml_text
from uncertainty.tables import Table, read_table, save_table
from uncertainty.tables.sheets import as_number, guarded, unguarded

FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)

# what XML can hold, for the workbook; the others hold everything
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


NASTY = st.text(
    st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20\u2212;|,\t\r\n '\"\u200b\ufeff\x00a1"), max_size=20
)


def is_formula(cell):
    """Say whether a spreadsheet takes a cell for a formula, with more before it than most leave out."""
    kept = re.sub('[\x00\u200b\ufeff"]', "", cell).lstrip(" \xa0\v\f")
    return unicodedata.normalize("NFKC", kept)[:1] in {*"=+-@\t\r\u2212"}


@pytest.mark.slow
@given(st.text(max_size=20) | NASTY)
@example(" =1+1")
@example("x;=1+1;y")
@example("\uff1dcmd|'/c calc'!A0")
@example('x;"=1+1";y')
@example("a|\ufeff@SUM(1)\n-2")
@example("\t\t=1")
def test_a_guarded_text_is_no_formula_and_can_be_unguarded(text):
    assert unguarded(guarded(text)) == text
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["first", guarded(text), "last"])
    (cells,) = csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True)
    assert not any(map(is_formula, cells))
    # where another sign than the comma separates, a cell ends wherever that sign stands
    for line in re.split("[\r\n]+", file.getvalue()):
        for separator in ";|\t":
            (read,) = csv.reader([line], delimiter=separator)
            assert not any(map(is_formula, (*read, *line.split(separator))))


def test_what_only_looks_a_little_like_a_formula_is_left_alone():
    for text in ("a = b", "5 - 3", "e-mail@example.org", "x; y", "'quoted'", "2;5", "a|b", "6 to 9"):
        assert guarded(text) == text


def test_guarding_takes_no_longer_than_its_text():
    for sign in "\t\n; '|=":
        text = sign * 200_000
        assert unguarded(guarded(text)) == text


@pytest.mark.slow
@given(NUMBERS)
def test_a_number_that_was_stored_as_text_is_the_same_number(number):
    assert float(as_number(f" {number!r} ")) == number


@pytest.mark.slow
@FEW
@given(st.lists(st.tuples(WORDS, NUMBERS), min_size=1, max_size=5))
def test_tables_come_back_from_every_file(tmp_path, rows):
    words, numbers = zip(*rows, strict=True)
    # a column of nothing but empty cells says nothing of what it holds
    words = ("a word", *words[1:])
    table = Table("t", {"w": words, "n": np.array(numbers)}, {"n": "kg"}, {"seed": 1})
    for ending in (".csv", ".json", ".xlsx", ".parquet", ".nc"):
        save_table(table, tmp_path / f"t{ending}")
        found = read_table(tmp_path / f"t{ending}")
        assert found.columns["w"] == words, ending
        assert [math.copysign(1, x) for x in found.columns["n"]] == [math.copysign(1, x) for x in numbers]
        np.testing.assert_array_equal(found.columns["n"], table.columns["n"])


VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.integers(-(2**63), 2**63 - 1)
    | NUMBERS
    | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), VALUES, max_size=5))
def test_any_tables_come_back_from_toml(tables):
    assert tomllib.loads(toml_text(tables)) == tables


@pytest.mark.slow
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), min_size=2, max_size=2
        ),
        min_size=1,
        max_size=4,
    )
)
def test_guarded_cells_survive_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    found = csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True)
    assert [[unguarded(cell) for cell in row] for row in found] == rows
