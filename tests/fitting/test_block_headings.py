"""Headings within a column of data: those that say different units are refused, others are told."""

import math

import pytest

from uncertainty.errors import StudyError
from uncertainty.fitting.columns import read_values

ROWS = (("A1", "1.2"), ("A2", "1.4"), ("A3", "1.9")), (("B1", "1.3"), ("B2", "1.7"), ("B3", "1.6"))


def values(path, table):
    path.write_text(table, encoding="utf-8")
    return read_values(path, "lead" if "lead" in table.partition("\n")[0].split(",") else "lead (mg/L)")


def blocks(*headings, heading="lead"):
    parts = [[(each, ""), *rows] if each else rows for each, rows in zip(headings, ROWS, strict=True)]
    return "\n".join([f"sample,{heading}", *(",".join(row) for part in parts for row in part)]) + "\n"


@pytest.mark.parametrize(
    ("first", "second", "heading"),
    [
        ("Series A (mg/L)", "Series B (µg/L)", "lead"),
        ("mg/L", "µg/L", "lead"),
        ("River in mg/L", "Lake in µg/L", "lead"),
        ("", "Series B [µg/L]", "lead (mg/L)"),
    ],
)
def test_blocks_of_different_units_are_no_sample(first, second, heading, tmp_path):
    table = blocks(first, second, heading=heading)
    one = f'"{first}" (line 2)' if first else f'"{heading}"'
    with pytest.raises(StudyError) as caught:
        values(tmp_path / "d.csv", table)
    line = 6 if first else 5
    assert f'{one} and "{second}" (line {line}) say different units' in str(caught.value)
    found = values(tmp_path / "d.csv", table.replace("µg/L", "mg/l"))
    assert found.values.tolist() == [1.2, 1.4, 1.9, 1.3, 1.7, 1.6]


@pytest.mark.parametrize(
    ("first", "second"), [("Series A", "Series B"), ("River (a)", "Lake (b)"), ("Pb", "Cd")]
)
def test_headings_without_a_number_are_told(first, second, tmp_path):
    said = f'lead: "{first}" (line 2), "{second}" (line 6) stand alone in rows without a number;'
    found = values(tmp_path / "d.csv", blocks(first, second))
    assert f"{said} all others are read together." in found.notes
    assert found.missing == 2


def test_names_of_groups_in_a_column_of_their_own_are_told(tmp_path):
    table = "group,site,lead\nNorth,,\n,Oslo,1.2\n,Bern,1.4\nSouth,,\n,Rome,1.1\n,Bonn,1.7\n"
    said = 'lead: "North" (line 2), "South" (line 5) stand alone in rows without a number;'
    assert f"{said} all others are read together." in values(tmp_path / "d.csv", table).notes


@pytest.mark.parametrize(
    "table",
    [
        "site,lead\nOslo,1.2\nRome,\nBern,1.4\nUlm,1.9\n",
        "site,lat,lead\nOslo,1,1.2\nRome,,\nBern,2,1.4\nUlm,3,1.9\n",
        "year,lead\n2018,1.2\n2019,\n2020,1.4\n2021,1.9\n",
        "sample,lead\nA1,1.2\nA2,NA\nA3,1.4\nA4,1.7\nEnd of the table,\n",
    ],
)
def test_rows_whose_number_is_missing_are_no_headings(table, tmp_path):
    assert values(tmp_path / "d.csv", table).notes == ()


def test_each_heading_of_many_is_compared_once(tmp_path, monkeypatch):
    """As many blocks as rows: the work grows with their number alone."""
    compared, is_close = [], math.isclose

    def counting(*values, **how):
        compared.append(values)
        return is_close(*values, **how)

    monkeypatch.setattr("uncertainty.fitting.blocks.math.isclose", counting)
    rows = "".join(f"Series {number} (mg/L),\nA{number},{number % 97 + 1}.5\n" for number in range(2_000))
    values(tmp_path / "d.csv", f"sample,lead\n{rows}")
    assert 0 < len(compared) < 10 * 2_000
