"""Short tables tell numbers that fill cells, and faults of cells name their lines."""

import warnings

import pytest

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.tables.missing_codes import codes_above

STUDY = """format = 1
[study]
title = "Use"
headline = "y"
[indices]
fuel = { members = ["coal", "gas", "oil"] }
[inputs.use]
unit = "TJ"
index = ["fuel"]
table = "d.csv"
[outputs.y]
value = "sum(use, fuel)"
unit = "TJ"
"""


def load(tmp_path, text):
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return un.load_study(tmp_path / "study.toml").noticed


@pytest.mark.parametrize(
    "cell", ["-1e+34", "1e20", "9.96921e36", "9.999e+03", "-9.999e+03", "9999", "-9999", "-1e20"]
)
def test_a_number_that_fills_a_cell_of_three_is_told(cell, tmp_path):
    noticed = load(tmp_path, f"fuel,point\ncoal,12\ngas,{cell}\noil,15\n")
    assert any(f"point: {float(cell):.15g} is read as one of the data" in each for each in noticed)


@pytest.mark.parametrize("cell", ["120", "99", "-3", "1e5"])
def test_a_number_that_fills_no_cell_is_not_told(cell, tmp_path):
    noticed = load(tmp_path, f"fuel,point\ncoal,12\ngas,{cell}\noil,15\n")
    assert not any("one of the data" in each for each in noticed)


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([12, 1e20, 15], {1e20}),
        ([12, -1e34], {-1e34}),
        ([1e20, 2e20, 3e20], set()),
        ([1e15, 2e20], set()),
        ([12, 888], {888}),
        ([112, 999], set()),
        ([12, 1.7e308, 8.9e307], {1.7e308, 8.9e307}),
        ([300, 310, 320, 999], {999}),
        ([0, 0, 9999], set()),
        ([], set()),
    ],
)
def test_codes_far_above_all_others_are_found_in_short_columns_too(numbers, found):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert codes_above(numbers) == found


@pytest.mark.parametrize("said", ["±5%", "5%", "100-140", "nonsense"])
def test_a_fault_of_a_distribution_in_a_table_names_its_file_and_lines(said, tmp_path):
    with pytest.raises(StudyError) as one:
        load(tmp_path, f"fuel,point,distribution\ncoal,12,1 to 20\ngas,13,{said}\noil,15,10 to 20\n")
    assert 'inputs.use.distribution: "d.csv", line 3: ' in str(one.value)
    assert "[gas]" in str(one.value)
    with pytest.raises(StudyError) as both:
        load(tmp_path, f"fuel,point,distribution\ncoal,12,{said}\ngas,13,{said}\noil,15,10 to 20\n")
    assert 'inputs.use.distribution: "d.csv", lines 2 and 3: ' in str(both.value)
    assert "[coal; gas]" in str(both.value)


def test_a_number_beyond_all_limits_is_told_with_its_line(tmp_path):
    with pytest.raises(StudyError, match=r'"d\.csv", line 4: a constant must be'):
        load(tmp_path, "fuel,point\ncoal,12\ngas,13\noil,1.7e308\n")


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u2060", "\xad", "\u200e"])
def test_characters_without_width_are_no_part_of_a_heading(sign, tmp_path):
    for heading in (f"point{sign}", f"{sign}point", f"po{sign}int"):
        load(tmp_path, f"fuel,{heading},b\ncoal,12,1\ngas,13,1\noil,15,2\n")
