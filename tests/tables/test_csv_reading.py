"""CSV as people make it: one reader finds separators, headings and numbers, or names the cell in doubt."""

import json
import math
import re

import numpy as np
import pytest

import uncertainty as un
from uncertainty.bounds import SHEET_COLUMNS
from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.fitting.columns import read_values
from uncertainty.tables import csv_reading
from uncertainty.tables.csv_file import read_sheet
from uncertainty.tables.csv_reading import Headings, column_cells, headings_of, open_csv
from uncertainty.tables.sheets import Failed


@pytest.fixture
def data(tmp_path):
    """Return a function that writes a data file and opens it."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def fault(path, column=None):
    with pytest.raises(StudyError) as caught:
        read_values(path, column)
    (one,) = caught.value.faults
    return str(one).removeprefix(f"{path}: ")


HOURS = [3.5, 8.25, 24.1]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("id;hours\n0;3.5\n1;8.25\n2;24.1\n", ";"),
        ("id\thours\n0\t3.5\n1\t8.25\n2\t24.1\n", "\t"),
        ("id|hours\n0|3.5\n1|8.25\n2|24.1\n", "|"),
        ("id,hours\n0,3.5\n1,8.25\n2,24.1\n", ","),
        ("\ufeffid;hours\r\n0;3.5\r\n\r\n1;8.25\r\n2;24.1\r\n", ";"),
        ("id;hours\r0;3.5\r1;8.25\r2;24.1\r", ";"),
        ('"id, of;all";hours\n"a;b,c";3.5\n"a,b";8.25\nc;24.1', ";"),
        ('id,hours\n"a;b",3.5\n"two\nlines",8.25\n"a ""quote""",24.1\n', ","),
        ("place, town;hours\nBonn, D;3.5\nBern, CH;8.25\nGraz, A;24.1\n", ";"),
        ("place; town,hours\nBonn,3.5\nBern; CH,8.25\nGraz,24.1\n", ","),
        ("sep=;\nid;hours\n0;3.5\n1;8.25\n2;24.1\n", ";"),
        (" id ; hours \n0; 3.5\n1;8.25 \n2;24.1\n\n\n", ";"),
        ("hours;;\n3.5;;\n8.25\n24.1;;\n", ";"),
    ],
)
def test_cells_stand_between_what_cuts_all_rows_alike(data, text, separator):
    path = data(text)
    assert open_csv(path).separator == separator
    assert list(read_values(path, "hours").values) == HOURS
    found = parse_distribution('empirical("data.csv", "hours")', path.parent)
    assert found.values == tuple(HOURS)


@pytest.mark.parametrize(
    "rows", ["3.5\n8.25\n24.1\n", '"3.5"\n\n8.25 \n24.1', "\ufeff3.5\r\n8.25\r\n24.1\r\n"]
)
def test_a_first_line_of_numbers_is_data(data, rows):
    found = read_values(data(rows))
    assert (found.name, list(found.values)) == ("1", HOURS)
    assert found.notes == (
        "The first line of data.csv holds numbers and is data; its columns are called 1, 2, …",
    )


@pytest.mark.parametrize(
    ("text", "column", "values"),
    [
        ("3.5,1\n8.25,2\n24.1,3\n", "1", HOURS),
        ("2020-01-01;3.5\n2020-01-02;8.25\n2020-01-03;24.1\n", "2", HOURS),
        ("3.5\tNA\n8.25\t2\n24.1\tnan\n", "1", HOURS),
        ("inf,1\n2,1\n", "2", [1, 1]),
        ("2020,2021,2022\n1,2,3\n", "2", [2021, 2]),
    ],
)
def test_columns_without_headings_are_numbered(data, text, column, values):
    assert list(read_values(data(text), column).values) == values


def test_what_is_advised_for_a_file_without_headings_is_accepted(data):
    path = data("3.5;0\n8.25;1\n24.1;2\n")
    assert fault(path) == "say which column: 1, 2"
    assert fault(path, "hours") == (
        'has no column "hours": its first line holds numbers and no headings; known: 1, 2'
    )
    assert list(read_values(path, "1").values) == HOURS


def test_a_heading_of_two_lines_is_among_those_that_are_known():
    headings = Headings(("id", "h\n(mg/L)", ""), numbered=False)
    with pytest.raises(InvalidValue, match=re.escape('has no column "h"; known: id, h (mg/L)')):
        headings.position("h")
    assert headings.position("h (mg/L)") == 1


def test_headings_that_are_years_among_words_are_headings(data):
    path = data("country,2020,2021\nDE,1,2\nFR,3,4\n")
    found = read_values(path, "2021")
    assert list(found.values) == [2, 4]
    assert found.notes == (
        '"2021" is taken for a heading; if it is a measurement, write a heading above it.',
    )


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "hours;id\n3,5;0\n8,25;1\n24;2\n",
            "hours",
            'line 2: hours: "3,5" has a decimal comma; write 3.5; 1 more cell of',
        ),
        ("share\n0,12\n0,35\n", "share", 'line 2: share: "0,12" has a decimal comma; write 0.12'),
        ("t\n21\n-3,75\n", "t", 'line 3: t: "-3,75" has a decimal comma; write -3.75'),
        (
            "0,35\n0,48\n",
            None,
            'line 1: "0,35" may be two numbers or one with a decimal comma; write 0.35, or a',
        ),
        (
            "2019,2020\n1,2\n",
            None,
            'line 1: "2019,2020" may be two numbers or one with a decimal comma; write headings',
        ),
        ("id,hours\n0,3,5\n1,8,25\n", "hours", "line 2: has '5' in column C, which has no heading"),
        ('x\n"1,500"\n', "x", 'line 2: x: "1,500" has a decimal comma; write 1.500, or 1500 if'),
        ("x\n1.234.567,8\n", "x", "line 2: x: expected a number, found '1.234.567,8'"),
        ("x;y\n1 500;2\n", "x", 'line 2: x: "1 500" groups its thousands; write 1500'),
        ("x;y\n1'500;2\n", "x", 'line 2: x: "1\'500" groups its thousands; write 1500'),
        ("x\n15 %\n", "x", 'line 2: x: "15 %" is a percentage; write 15 under the unit %, or 0.15'),
        ("x\n1_000\n", "x", "line 2: x: expected a number, found '1_000'"),
        ("x\n0x10\n", "x", "line 2: x: expected a number, found '0x10'"),
        ("x\ninf\n", "x", "line 2: x: expected a number, found 'inf'"),
        ("x\n2020-05-01\n", "x", 'line 2: x: "2020-05-01" is a date'),
        ("x\n5-Mai\n", "x", 'line 2: x: "5-Mai" is a date'),
        ("x\n30 min\n", "x", "line 2: x: expected a number, found '30 min'"),
        ("x\n3 sec\n", "x", "line 2: x: expected a number, found '3 sec'"),
        ("x\n1e400\n", "x", "line 2: x: a value must be a finite number, not inf"),
        (",5,2\n0,5,6\n", "1", "line 1: has numbers beside empty cells; write a line of headings before it"),
        ("x,x\n1,2\n", "x", 'has several columns named "x"'),
        ("x,y\n", "x", 'has no data in column "x"'),
        ("", "x", 'has no column "x"'),
        ('x,y\n"1,2\n', "x", 'line 2: a quotation mark " before here opens a cell and none closes it'),
        (b"x\n1\n\x00\n", "x", "line 3: has a null byte; save it as"),
        ("x\n1\n".encode("utf-16"), "x", "is not UTF-8 text (byte 0); save it as"),
        ("gr\u00f6\u00dfe\n1\n".encode("latin-1"), None, "is not UTF-8 text (byte 2); save it as"),
        ("x\n" + "1" * 200_000 + "\n", "x", "line 2: a cell is longer than 131,072 characters"),
        ('x,y\n"1"2,3\n', "x", 'line 2: text stands behind the quotation mark " that closes a cell'),
        ("x\n120:30\n", "x", 'line 2: x: "120:30" is a duration; expected a number'),
    ],
)
def test_what_is_in_doubt_is_one_line_with_its_cell(data, text, column, message):
    found = fault(data(text), column)
    assert found.startswith(message)
    assert "\n" not in found


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("Working hours", "Working hours"),
        ("Working hours", "working_hours"),
        ('"Working\nhours"', "working hours"),
    ],
)
def test_a_column_is_found_as_written_and_but_for_capitals_and_blanks(data, heading, asked):
    assert list(read_values(data(f"id,{heading}\n0,1\n1,2\n"), asked).values) == [1, 2]


def test_headings_that_differ_in_capitals_are_told_apart(data):
    assert list(read_values(data("x,X\n1,2\n"), "X").values) == [2]


def test_rows_beyond_the_bound_are_not_read(data, monkeypatch):
    path = data("x\n" + "1\n" * 100)
    monkeypatch.setattr(csv_reading.csv, "reader", None)
    with pytest.raises(StudyError, match="expected at most 100 rows"):
        open_csv(path, longest=100)


SHARE = """
format = 1
study = { title = "t", headline = "share" }
inputs.share = { unit = "1", point = 0.4, distribution = 'empirical("shares.csv", "share")' }
outputs.share = { unit = "1" }
"""


@pytest.mark.parametrize(
    "content", ["share\n0,12\n0,35\n", "share;id\n0,12;1\n0.35;2\n", "share,id\n0,12,1\n"]
)
def test_no_command_takes_the_whole_part_of_a_number_for_all_of_it(command, data, content):
    data(content, "shares.csv")
    data(SHARE, "share.toml")
    for name in ("check", "run"):
        found = command(name, "share.toml")
        assert (found.code, found.out) == (2, "")
        assert '"shares.csv", line 2: ' in found.err
        assert "decimal comma" in found.err or "no heading" in found.err
        assert found.err.count("\n") == 1


def test_a_table_of_anybody_is_read_as_commands_read_it_or_refused(data):
    for text, message in (
        ("x,x\n1,2\n", 'the heading "x" stands twice'),
        ("a, b ,b\n1,2,3\n", 'the heading "b" stands twice'),
        ("a,,,b\n1,2,3,4\n", "several columns have no heading"),
        ("x;y\n1,5;2\n3;4\n", 'column x: "1,5" has a decimal comma; write 1.5'),
        ("x;y\n1;a\n2 500;b\n", 'column x: "2 500" groups its thousands; write 2500'),
        ("x\n5 %\n7 %\n", 'column x: "5 %" is a percentage; write 5 under the unit %, or 0.05'),
        ("x;y\n1;2\n3\n", "has rows of different lengths"),
        ("x;y\n1;2;3\n4;5;6\n", "has rows of different lengths"),
        ("x\ninfinity\n", "column x: expected a number, found 'infinity'"),
    ):
        path = data(text)
        with pytest.raises(un.UncertaintyError) as caught:
            un.read_table(path)
        assert str(caught.value) == f"{path}: {message}"
    read = un.read_table(data("x;y;z\n1.5;1,5 kg;NA\nNA;3;\n−3;a;none\n")).columns
    np.testing.assert_array_equal(read["x"], [1.5, np.nan, -3])
    assert (read["y"], read["z"]) == (("1,5 kg", "3", "a"), ("NA", "", "none"))
    read = un.read_table(data("v;w\n-inf;'=a\n\ninf;b\n"))
    assert (read.name, read.columns["v"].tolist(), read.columns["w"]) == (
        "data",
        [-math.inf, math.inf],
        ("=a", "b"),
    )
    empty = un.read_table(data("v;w\n;NA\n;\n")).columns
    np.testing.assert_array_equal(empty["v"], [np.nan, np.nan], strict=True)
    assert empty["w"] == ("NA", "")
    assert un.read_table(data("1.5;2\n3;4\n")).columns["2"].tolist() == [2, 4]
    assert un.read_table(data("v;w\n")).columns["w"].tolist() == []


def test_fit_reads_a_file_without_headings_and_says_so(command, data):
    data("".join(f"{x}\n" for x in [3.5, 8.25, 24.1, 6.4, 4.2, 11.7]))
    found = command("fit", "data.csv")
    assert found.out.startswith("1: 6 values of data.csv\n")
    assert "The first line of data.csv holds numbers and is data" in " ".join(found.out.split())
    assert json.loads(command("fit", "data.csv", "1", "--json").out)["results"]["values"] == 6


def test_the_same_file_is_the_same_data_for_fit_and_for_a_study(data):
    path = data("id;hours\n0;3.5\n1;8.25\n")
    study = data(SHARE.replace("shares.csv", "data.csv").replace('"share")\'', '"hours")\''), "s.toml")
    read = un.load_study(study).inputs["share"].distribution.values
    assert list(read) == list(read_values(path, "hours").values)


def test_no_column_is_found_where_the_first_line_is_blank_throughout(data):
    headings = headings_of(open_csv(data("\n ; \n")))
    with pytest.raises(InvalidValue, match='has no column "a"'):
        headings.position("a")


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        # titles stand above the headings, and no title where a row of data or of two cells comes first
        ("All, or so\nof it\na;b;c\n1;2;3\n4;5;6\n", ";"),
        ("My study\na,b,c\n1,2,3\n", ","),
        ("My study\n1,2,3\n", "\x1f"),
        ("My study\na,b\n1,2\n", "\x1f"),
        ("t\n" * 20 + "a,b,c\n1,2,3\n", ","),
        ("t\n" * 21 + "a,b,c\n1,2,3\n", "\x1f"),
        # what most rows agree on; half of them may have one cell
        ("a,b;c\n1,2;3\n4,5\n", ","),
        ("a,b\n1,2\n3\n", ","),
        ("a,b\n1\n2\n3,4\n", "\x1f"),
        ("a,b\n", ","),
        ("a\n", "\x1f"),
        ("", "\x1f"),
        ('a,b\n"1,2\n', ","),
        ("SEP=|\r\na;b|c\n", "|"),
        ("sep=x\na;b\n", "\x1f"),
    ],
)
def test_what_most_rows_agree_on_separates_them(data, text, separator):
    assert open_csv(data(text)).separator == separator


def test_lines_are_counted_as_an_editor_counts_them(data):
    found = open_csv(data('sep=;\na;b\n"1\n2";3\n\n ; \n\'=x;#N/A\n'))
    assert list(found.lines()) == [
        (2, ["a", "b"]),
        (3, ["1\n2", "3"]),
        (5, []),
        (6, [" ", " "]),
        (7, ["'=x", "#N/A"]),
    ]
    assert list(found.rows()) == [
        ("line 2", ["a", "b"]),
        ("line 3", ["1\n2", "3"]),
        ("line 7", ["=x", "#N/A"]),
    ]
    assert isinstance(list(found.rows())[2][1][1], Failed)
    with pytest.raises(StudyError, match=r'line 3: a quotation mark " before here'):
        list(open_csv(data('sep=;\na;b\n"1\n')).rows())
    widest = open_csv(data("," * (SHEET_COLUMNS - 1)), separator=",")
    assert len(next(widest.lines())[1]) == SHEET_COLUMNS
    wide = open_csv(data("," * SHEET_COLUMNS), "wide", separator=",")
    with pytest.raises(StudyError) as caught:
        list(wide.lines())
    assert str(caught.value) == "wide: expected at most 16,384 columns, found 16,385"


def test_a_file_is_called_what_its_reader_calls_it(data):
    for content, largest, message in (
        (b"a\nb\0\n", 99, "x: line 2: has a null byte; save it as “CSV UTF-8”"),
        (b"\n\0", 99, "x: line 2: has a null byte; save it as “CSV UTF-8”"),
        (b"ab\xff", 99, "x: is not UTF-8 text (byte 2); save it as “CSV UTF-8”"),
        (b"a\nb\n", 3, "x: expected at most 0 MiB"),
    ):
        with pytest.raises(StudyError) as caught:
            open_csv(data(content), "x", largest=largest)
        assert str(caught.value) == message
    assert open_csv(data("a\rb\r"), longest=2).text == "a\rb\r"
    with pytest.raises(StudyError, match="expected at most 1 rows"):
        open_csv(data("a\rb\r"), longest=1)
    assert open_csv(data("sep=;\na\n"), separator=",").text == "sep=;\na\n"


def test_points_that_may_group_thousands_are_refused_beside_a_decimal_comma(data):
    said = 'line 3: "1.000" may be 1000, since "3,5" (line 4) has a decimal comma'
    for text, refused in (
        ("x;y\n20;1\n1.000;2\n24;3,5\n", said),
        ("x\ty\n20\t1\n1.000\t2\n24\t3,5\n", said),
        ("x;y\n20;1\n-12.345.678;a\n24;b\n0;-1,25\n", "line 3: "),
        ("x;y\n20.5;1\n1.000;2\n24;3,5\n", ""),
        ("x;y\n20;1\n0.125;2\n24;3,5\n", ""),
        ("x;y\n20.000;1\n1.000;2\n24.000;3,500\n", ""),
        ("x;y\n20;1\n1.000;2\n24;3.5\n", ""),
    ):
        path = data(text)
        if refused:
            assert fault(path, "x").startswith(refused)
            with pytest.raises(InvalidValue, match="has a decimal comma; write all numbers with"):
                parse_distribution('empirical("data.csv", "x")', folder=path.parent)
        else:
            assert next(iter(read_values(path, "x").values)) in (20, 20.5)


def test_points_that_may_group_thousands_are_refused_beside_numbers_without_any(data):
    said = (
        'line 3: "1.500" may be 1500, since "999" (line 2) has no decimals; write 1500, or as many decimals '
        "everywhere"
    )
    for text, refused in (
        ("x;y\n999;a\n1.500;b\n12.250;c\n", said),
        ("x\ty\n999\ta\n1.500\tb\n12.250\tc\n", said),
        ("x,y\n999,a\n1.500,b\n12.250,c\n", ""),
        ("x;y\n999;2.5\n1.500;3\n12.250;4\n", ""),
        ("x;y\n1999;a\n1.500;b\n12.250;c\n", ""),
        ("x;y\n999;a\n1.501;b\n12.251;c\n", ""),
        ("x;y\n999.000;a\n1.500;b\n12.250;c\n", ""),
    ):
        path = data(text)
        if refused:
            assert fault(path, "x").startswith(refused)
            with pytest.raises(InvalidValue, match=r'"1\.500" may be 1500'):
                parse_distribution('empirical("data.csv", "x")', folder=path.parent)
        else:
            assert read_values(path, "x").values[1] in (1.5, 1.501)


@pytest.mark.parametrize("comma", ["2,50", "-3,1", "\N{MINUS SIGN}0,12345", "1.234,567"])
def test_points_group_thousands_beside_quoted_decimal_commas(data, comma):
    for separator in ",;":
        rows = (("Ort", "Menge", "Preis"), ("A", "1.234", f'"{comma}"'), ("B", "950", '"3,10"'))
        path = data("".join(separator.join(row) + "\n" for row in rows))
        said = f'line 2: "1.234" may be 1234, since "{comma}" (line 2) has a decimal comma; write all numbers'
        assert fault(path, "Menge").startswith(said)
        with pytest.raises(InvalidValue, match=r'"1\.234" may be 1234'):
            parse_distribution('empirical("data.csv", "Menge")', folder=path.parent)
        sheet = [("name", "point", "low"), ("a", "1.234", f'"{comma}"'), ("b", "3.125", '"4,05"')]
        with pytest.raises(StudyError, match=r'"1\.234" may be 1234'):
            read_sheet(data("".join(separator.join(row) + "\n" for row in sheet)))


def test_quoted_commas_that_are_not_decimal_say_nothing_of_points(data):
    for other in ('"1,2"\nb,2.345,"1,2,3"', '"1,234"\nb,950,"2,500"', '"1, 2"\nb,2.345,"3,4"', "2\nb,999,1"):
        path = data(f"name,x,y\na,1.234,{other}\n")
        assert read_values(path, "x").values[0] == 1.234
    path = data('name,x,y\na,1.234,"2,50"\nb,1.5,"3,10"\n')
    assert read_values(path, "x").values.tolist() == [1.234, 1.5]


def test_sheets_with_points_that_may_group_thousands_are_refused(data):
    for text in ("name;unit;point\na;kg;999\nb;kg;1.500\n", "name;point;low\na;1.500;0,5\nb;2.250;1\n"):
        with pytest.raises(StudyError, match=r'line [23]: "1\.500" may be 1500, since'):
            read_sheet(data(text))
    assert read_sheet(data("name;point\na;1.5\nb;999\n"))[0].rows


def test_a_column_is_found_by_its_name_in_any_case_if_only_one_has_it():
    found = Headings(("a b", "A", "", "a"), numbered=False)
    assert [found.place(name) for name in ("a", "A", "A  B", "b", "")] == [3, 1, 0, None, None]
    assert Headings(("e\u0301nergie", "x"), numbered=False).place("\u00e9nergie") == 0
    for names, asked, message in (
        (("A b", "a B"), "a b", 'has several columns named "a b"'),
        (("mass", "mass"), "mass", 'has several columns named "mass"'),
        (("mass", "", "a\x00b"), "mas", 'has no column "mas"; did you mean "mass"?'),
    ):
        with pytest.raises(InvalidValue) as caught:
            Headings(names, numbered=False).position(asked)
        assert str(caught.value) == message


EMPTY = "has numbers beside empty cells; write a line of headings before it, or in its place if it is one"


def test_a_first_line_in_doubt_says_what_to_write(data):
    twice = (
        '"{}" may be two numbers or one with a decimal comma; write {}, or a line of two headings before it'
    )
    for text, message in (
        (
            "1,,2\n",
            EMPTY,
        ),
        ("0,35\n\n0,48\n", twice.format("0,35", "0.35")),
        ("2019,2020\n1,2\n", twice.format("2019,2020", "headings such as y2019,y2020")),
    ):
        path = data(text)
        with pytest.raises(StudyError) as caught:
            headings_of(open_csv(path))
        assert str(caught.value) == f"{path}: line 1: {message}"


COUNTED = "0.1,0.2,0.3\n0.4,0.5,0.9\n1.1,1.2,1.7\n"


@pytest.mark.parametrize(
    ("text", "wanted", "names"),
    [
        # as pandas writes what has no headings, without an index and with one
        ("0,1,2\n" + COUNTED, "", ("0", "1", "2")),
        ("1,2,3\n" + COUNTED, "", ("1", "2", "3")),
        (",0\n0,1.5\n1,2.5\n", "", ("", "0")),
        (",0,1\n2020-01-01,3,4\n2020-01-02,5,6\n", "", ("", "0", "1")),
        # what somebody calls a column is no datum
        ("2019,2020\n120,100\n130,110\n", "2020", ("2019", "2020")),
        ("2010,2015,2020\n120,100,90\n", "2015", ("2010", "2015", "2020")),
        # numbers that may be data
        ("0,1,2\n3,4,5\n6,7,8\n", "", None),
        ("0,1,3\n" + COUNTED, "", None),
        ("0,1.0,2\n" + COUNTED, "", None),
        ("0.5,1\n0.7,0.9\n", "1", None),
        ("2019,2020,2021\n2019,2018,2016\n", "", None),
        ("10,20,2\n1.5,2.5,3.5\n", "2", None),
    ],
)
def test_numbers_that_count_columns_or_call_one_are_headings(data, text, wanted, names):
    found = headings_of(open_csv(data(text)), wanted)
    assert found.numbered is (names is None)
    assert found.names == (names or tuple("123"[: text.partition("\n")[0].count(",") + 1]))


def test_cells_of_a_column_come_with_their_places(data):
    found = open_csv(data("a;b;\n1; x ;\n2\n3;y;  \n"), "f")
    assert list(column_cells(found, headings_of(found), 1)) == [
        ("line 2", "x"),
        ("line 3", ""),
        ("line 4", "y"),
    ]
    numbers = open_csv(data("1;2\n3;4\n"))
    assert list(column_cells(numbers, headings_of(numbers), 0)) == [("line 1", "1"), ("line 2", "3")]
    beyond = open_csv(data("a;b\n1;2\n1;2;;5\n"), "f")
    with pytest.raises(StudyError) as caught:
        list(column_cells(beyond, headings_of(beyond), 0))
    assert str(caught.value) == "f: line 3: has '5' in column D, which has no heading"


def test_a_sheet_s_faults_name_its_file(data):
    path = data("a;a\n1;2\n")
    sheet, faults = read_sheet(path)
    assert (sheet.name, sheet.headings) == ("data", ("a", "a"))
    assert [str(fault) for fault in faults] == [f'{path}: line 1: the heading "a" stands twice']


@pytest.mark.parametrize("name", ["d.tsv", "d.Tab"])
def test_tabs_part_cells_where_a_name_says_so_though_commas_part_more_rows_alike(name, tmp_path):
    path = tmp_path / name
    path.write_text("what, where\tvalue\na, b\t1.5\nc, d\t2.5\ne, f\ng, h\n", encoding="utf-8")
    assert list(open_csv(path).lines())[1] == (2, ["a, b", "1.5"])
