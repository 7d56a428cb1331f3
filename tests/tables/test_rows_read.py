"""What was read from a table, in one sentence: which rows, the least and the greatest, and what was not."""

import csv
import random
import re

import openpyxl
import pytest
from variants import variants

from uncertainty.fitting.columns import read_values
from uncertainty.tables import Table, save_table

REGIONS = (
    "region,v,unit,src\n"
    "North,12.3,t,a\nSouth,,t,b\nEast,9.8,t,a\nWorld,71.2,t,c\nLow,12.1,t,a\nHill,12.9,t,a\n"
)


def sentence(tmp_path, text, column="v", ending="csv"):
    path = tmp_path / f"d.{ending}"
    path.write_text(text, encoding="utf-8", newline="")
    return read_values(path, column).read.sentence


@pytest.mark.parametrize("ending", ["csv", "tsv", "tab"])
def test_rows_are_called_by_the_column_that_names_them(tmp_path, ending):
    text = REGIONS if ending == "csv" else REGIONS.replace(",", "\t")
    assert sentence(tmp_path, text, ending=ending) == (
        'lines 2 to 7, from "North" 12.3 to "Hill" 12.9; least "East" 9.8, greatest "World" 71.2; '
        'not read: unit, src ("a" or "c").'
    )


def test_lines_are_those_of_the_file_where_some_are_blank_or_have_no_value(tmp_path):
    text = "v\nNA\n12.3\n\n9.8\n11\n71.5\n12.9\n\nNA\n"
    assert sentence(tmp_path, text) == (
        "lines 3 to 8, from 12.3 to 12.9; least 9.8 (line 5), greatest 71.5 (line 7)."
    )


def test_a_name_of_several_rows_stands_with_its_line(tmp_path):
    rows = [("A", "k", 2019, 12.3), ("A", "k", 2020, 9.8), ("B", "k", 2019, 11), ("World", "k", 2019, 71)]
    text = "Entity,Kind,Year,v\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    assert sentence(tmp_path, text) == (
        'lines 2 to 5, from "A" 12.3 to "World" 71; least "A" 9.8 (line 3), greatest "World" 71 (line 5); '
        'not read: Entity ("A", "B" or "World"), Kind, Year ("2019" or "2020").'
    )


def test_years_and_one_row_and_one_column(tmp_path):
    years = "year,v\n" + "".join(f"{year},{year - 2000}\n" for year in range(2010, 2016))
    assert sentence(tmp_path, years).startswith('lines 2 to 7, from "2010" 10 to "2015" 15; least "2010" 10')
    assert sentence(tmp_path, "name,v\nA,3\n") == 'line 2, "A" 3.'
    assert sentence(tmp_path, "1.5\n2.5\n2\n", None) == (
        "lines 1 to 3, from 1.5 to 2; least 1.5 (line 1), greatest 2.5 (line 2)."
    )


def test_long_numbers_are_shown_short(tmp_path):
    text = "Ort;v\nBonn;1.5\nKöln;2.123456789012\nTrier;1.75\n"
    assert sentence(tmp_path, text) == (
        'lines 2 to 4, from "Bonn" 1.5 to "Trier" 1.75; least "Bonn" 1.5, greatest "Köln" 2.123457.'
    )


def test_names_are_cut_and_steer_nothing_and_many_columns_are_counted(tmp_path):
    long = "x" * 60
    many = [f"c{n}" for n in range(12)]
    rows = [
        f"{name},{value},{','.join('1' * 12)}\n" for name, value in ((long, 1), ("\x1b[31mred\x1b[0m", 2))
    ]
    said = sentence(tmp_path, f"name,v,{','.join(many)}\n{''.join(rows)}")
    assert f'from "{"x" * 39}…" 1 to "red" 2;' in said
    assert said.endswith("; not read: c0, c1, c2, c3, c4, c5, c6, c7 and 4 others.")


def test_a_table_beside_another_has_the_names_of_its_own(tmp_path):
    rows = [f"s{n},{n},,t{n},{10 + n * n}\n" for n in range(1, 6)]
    said = sentence(tmp_path, f"site,w,,town,v\n{''.join(rows)}")
    assert said.startswith('lines 2 to 6, from "t1" 11 to "t5" 35;')
    assert said.endswith("not read: site, w.")


def test_a_workbook_names_its_rows_and_what_else_it_has(tmp_path):
    book = openpyxl.Workbook()
    for row in [["Name", "v", "Unit"], ["a", 2, "t"], [None], ["b", 1, "t"], ["c", 4.5, "t"]]:
        book.active.append(row)
    book.create_sheet("Notes").append(["x"])
    book.save(tmp_path / "d.xlsx")
    assert read_values(tmp_path / "d.xlsx", "v").read.sentence == (
        'Sheet, rows 2 to 5, from "a" 2 to "c" 4.5; least "b" 1, greatest "c" 4.5; '
        "not read: Unit, sheet Notes."
    )


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_tables_of_this_program_are_told_too(tmp_path, ending):
    table = Table.of_rows(
        "t", [{"k": name, "v": value, "w": 1.0} for name, value in zip("abc", (2, 1, 3), strict=True)]
    )
    save_table(table, tmp_path / f"d.{ending}")
    said = read_values(tmp_path / f"d.{ending}", "v").read.sentence
    assert said.endswith('from "a" 2 to "c" 3; least "b" 1, greatest "c" 3; not read: w.')


@pytest.mark.parametrize("size", variants([5, 300, 20_000], lambda size: size < 1000))
def test_ends_and_extremes_are_those_of_the_file(tmp_path, size):
    draw = random.Random(5)
    rows = [(f"n{n}", draw.gauss(0, 1) if draw.random() < 0.9 else "NA") for n in range(size)]
    with (tmp_path / "d.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("k", "v"), *rows])
    read = read_values(tmp_path / "d.csv", "v").read
    held = [(value, name) for name, value in rows if value != "NA"]
    assert [(row.number, row.name) for row in (read.first, read.last, read.least, read.greatest)] == [
        held[0],
        held[-1],
        min(held),
        max(held),
    ]


@pytest.mark.parametrize(
    ("heading", "cells", "said"),
    [
        ("metric_name", ["Number", "Rate", "Number", "Rate", "Rate"], ' ("Number" or "Rate")'),
        ("Batch", ["0", "0", "1", "0", "0"], ' ("0" or "1")'),
        ("Remarks", ["", "nach dem Regen", "", "", ""], ' ("nach dem Regen" or nothing)'),
        ("size", ["s", "m", "l", "xl", "s"], ' ("s", "m", "l" or "xl")'),
        # more, if the rows say each twice
        (
            "AirPollutant",
            ["PM10", "PM2.5", "NO2", "O3", "SO2", "CO"] * 2,
            ' ("PM10", "PM2.5", "NO2", "O3" or 2 others)',
        ),
        ("Test", [*"abcde"] * 3, ' ("a", "b", "c", "d" or "e")'),
        ("Stoff", [*[*"abcde"] * 3, ""], ' ("a", "b", "c", "d", "e" or nothing)'),
        ("Stoff", [f"s{n}" for n in range(13)] * 2, ""),
        ("Stoff", [*"abcdeabcd"], ""),
        ("depth", [*"12345"] * 3, ""),
        # each something else in a few rows, and nothing in most
        (
            "note",
            ["", *map(str.upper, ["ab", "bc", "cd", "de", "ef"]), *[""] * 5],
            " (something in 5 of 11 rows)",
        ),
        ("note", ["x", "y", "z", "v", "", *[""] * 4], " (something in 4 of 9 rows)"),
        ("note", [*map(str, range(11, 32)), *[""] * 30], ""),
        # what is the same in all rows, or another thing in most, parts none of them
        ("country", ["France"] * 5, ""),
        ("remark", ["a b", "b c", "c d", "d e", "e f"], ""),
        ("weight", ["1.5", "2.5", "3.5", "4.5", "5.5"], ""),
    ],
)
def test_columns_that_part_the_rows_are_named_with_what_they_say(tmp_path, heading, cells, said):
    path = tmp_path / "d.csv"
    numbers = [3, 1, 4, 1.5, 9, *range(10, 60)]
    rows = [(f"n{place}", numbers[place], cell) for place, cell in enumerate(cells)]
    path.write_text(f"name,x,{heading}\n" + "".join(f"{a},{x},{cell}\n" for a, x, cell in rows))
    assert read_values(path, "x").read.sentence.endswith(f"; not read: {heading}{said}.")


def test_a_column_that_calls_the_rows_is_read_but_where_its_names_part_them(tmp_path):
    (tmp_path / "d.csv").write_text("id,x\n" + "".join(f"S{n % 15},{n * 7 % 31}\n" for n in range(20)))
    assert read_values(tmp_path / "d.csv", "x").read.sentence.startswith(
        'lines 2 to 21, from "S0" 0 to "S4" 9;'
    )
    assert "not read" not in read_values(tmp_path / "d.csv", "x").read.sentence
    (tmp_path / "d.csv").write_text("fuel,x\ncoal,1\ngas,2\ncoal,3\ngas,5\n")
    assert read_values(tmp_path / "d.csv", "x").read.sentence.endswith('not read: fuel ("coal" or "gas").')


def test_of_many_columns_that_part_the_rows_some_say_how(tmp_path):
    path = tmp_path / "d.csv"
    headings = [f"part {number}" for number in range(6)]
    path.write_text(
        "\n".join(
            [f"name,x,{','.join(headings)}", *(f"n{a},{a * 7},{','.join('pq'[a % 2] * 6)}" for a in range(9))]
        )
    )
    (told,) = re.findall("not read: (.*)[.]$", read_values(path, "x").read.sentence)
    assert told == ", ".join(
        f'{each} ("p" or "q")' if place < 4 else each for place, each in enumerate(headings)
    )
