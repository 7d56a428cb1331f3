"""Whatever a text or a number is, it comes back."""

import csv
import io
import math
import tomllib

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uncertainty.study.toml_text import toml_text
from uncertainty.tables import Table, read_table, save_table
from uncertainty.tables.sheets import as_number, guarded, unguarded

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# what XML can hold, for the workbook; the others hold everything
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.text(max_size=20))
def test_a_guarded_text_is_no_formula_and_can_be_unguarded(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


@given(NUMBERS)
def test_a_number_that_was_stored_as_text_is_the_same_number(number):
    assert float(as_number(f" {number!r} ")) == number


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


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), VALUES, max_size=5))
def test_any_tables_come_back_from_toml(tables):
    assert tomllib.loads(toml_text(tables)) == tables


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
