"""The numbers of one column: which is meant, which cells have none, and what is said of the file."""

import numpy as np
import openpyxl
import pytest
from variants import variants

import uncertainty as un
from uncertainty.fitting.columns import (
    answers_read,
    check_units_of_questions,
    read_answers,
    read_seeds,
    read_values,
    refuse_codes_of_questions,
    seeds_read,
)
from uncertainty.tables import Table, save_table


@pytest.fixture
def write(tmp_path):
    """Return a function that writes rows to a file of some kind and returns its path."""

    def written(kind, *rows, sheets=("data",), formats=None):
        path = tmp_path / f"d.{kind}"
        if kind == "csv":
            path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
            return path
        book = openpyxl.Workbook()
        for place, name in enumerate(sheets):
            sheet = book.active if not place else book.create_sheet()
            sheet.title = name
            for row in rows:
                sheet.append([cell + 10 * place if isinstance(cell, int | float) else cell for cell in row])
            for cell, code in (formats or {}).items():
                sheet[cell].number_format = code
        book.save(path)
        return path

    return written


def refusal(path, column=None):
    with pytest.raises(un.UncertaintyError) as caught:
        read_values(path, column)
    (fault,) = caught.value.faults
    assert fault.file == str(path)
    return str(fault).removeprefix(f"{path}: ")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_cells_without_a_value_are_counted(kind, write):
    found = read_values(write(kind, ["x", "y"], [1, 5], ["n/a", 6], ["NaN", 7], [4.5, 8]), "x")
    assert (found.name, found.values.tolist(), found.missing, found.notes) == ("x", [1, 4.5], 2, ())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_only_column_needs_no_name(kind, write):
    found = read_values(write(kind, ["x"], [1], [2]))
    assert (found.name, found.values.tolist(), found.missing) == ("x", [1, 2], 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        ([["x", "y"], [1, 2]], None, "say which column: x, y"),
        ([["x", "y"], [1, 2]], "z", 'has no column "z"; known: x, y'),
        ([["x"], ["n/a"], ["n/a"]], None, "x: has no values"),
        ([list("abcdefgh"), [*range(8)]], None, "say which column: a, b, c, d, e, f, g, h"),
        ([list("abcdefghi"), [*range(9)]], None, "say which column: a, b, c, d, e, f, g, h, …"),
    ],
)
def test_what_cannot_be_meant_is_said(kind, rows, column, said, write):
    assert refusal(write(kind, *rows), column) == said


@pytest.mark.parametrize(("kind", "place"), [("csv", "line 3"), ("xlsx", "data, row 3")])
def test_a_text_that_is_no_number_is_refused_with_its_place(kind, place, write):
    found = refusal(write(kind, ["x"], [1], ["much"]), "x")
    assert found.startswith(f"{place}: x: ")
    assert "much" in found


def test_a_workbook_without_cells_has_no_data(write):
    assert refusal(write("xlsx")) == "has no data"


def test_the_first_sheet_is_read_and_others_are_said_to_be_left(write):
    path = write("xlsx", ["x", "y"], [1, 2], sheets=("first", "second", "third"))
    assert read_values(path, "x").values.tolist() == [1]
    rest = "; only the first of its 3 sheets is read"
    assert refusal(path, "z") == f'has no column "z"; known: x, y{rest}'
    assert refusal(path) == f"say which column: x, y{rest}"


def test_what_cells_show_otherwise_is_said_once(write):
    formats = {"A2": "0%", "A3": "0%", "B2": '0" kg"', "B3": '0" kg"'}
    path = write("xlsx", ["x", "y"], [0.5, 3], [0.25, 4], formats=formats)
    assert read_values(path, "x").notes == ("Cells that show percentages are read as shares: 50 % is 0.5.",)
    assert read_values(path, "y").notes == (
        'Cells that show a word or a sign beside their number are read without it: "3 kg" is 3.',
    )


@pytest.mark.parametrize("head", ["x (%)", "x [percent]", "Moisture %", "loss_pct", "% of dry mass"])
def test_percentages_under_per_cent_are_read_as_they_are_shown(head, write):
    formats = {"A2": "0%", "A3": "0.0%", "A4": "0%"}
    found = read_values(write("xlsx", [head], [0.12], [0.155], [0.07], formats=formats))
    assert found.values.tolist() == [12, 15.5, 7]
    assert found.notes == ("Cells that show percentages are read as numbers of per cent: 12 % is 12.",)


@pytest.mark.parametrize("head", ["share", "95 % value"])
def test_percentages_under_another_heading_are_shares(head, write):
    path = write("xlsx", [head], [0.12], [0.155], formats={"A2": "0%", "A3": "0.0%"})
    assert read_values(path).values.tolist() == [0.12, 0.155]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_first_line_of_numbers_is_data_and_a_number_may_be_a_heading(kind, write):
    path = write(kind, [1.5, 2.5], [3.5, 4.5])
    found = read_values(path, "2")
    assert (found.name, found.values.tolist()) == ("2", [2.5, 4.5])
    assert found.notes == (
        f"The first line of {path.name} holds numbers and is data; its columns are called 1, 2, …",
    )
    titled = read_values(write(kind, ["x", "2020"], [1, 2]), "2020")
    assert titled.notes == (
        '"2020" is taken for a heading; if it is a measurement, write a heading above it.',
    )


def test_a_table_of_this_program_is_read_by_its_numeric_columns(tmp_path):
    path = tmp_path / "t.json"
    save_table(Table("t", {"name": ("a", "b", "c"), "x": np.array([1.0, np.nan, 3])}), path)
    found = read_values(path)
    assert (found.name, found.values.tolist(), found.missing) == ("x", [1, 3], 1)
    assert refusal(path, "name") == 'has no column "name"; known: x'


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "parquet"])
def test_a_file_that_is_not_there_or_no_file_is_one_fault(kind, tmp_path):
    assert refusal(tmp_path / f"x.{kind}") == "no such file"
    (tmp_path / f"y.{kind}").mkdir()
    assert refusal(tmp_path / f"y.{kind}") == "is not a regular file"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_cell_of_words_gets_advice_and_others_are_counted(kind, write):
    advice = "; leave the cell empty, or write NA, where a value is missing"
    assert refusal(write(kind, ["x"], [1], ["much"])).endswith(f"found 'much'{advice}")
    assert refusal(write(kind, ["x"], ["1a"], [1])).endswith("found '1a'")
    several = refusal(write(kind, ["x"], ["much"], ["more"], ["most"], [1]))
    assert several.endswith(f"found 'much'{advice}; 2 more cells of this column cannot be read")


@pytest.mark.parametrize("said", ["<LOD", "BDL", "ND", "<0.5", "n.d.", "below detection limit", ">100"])
def test_a_limit_is_not_missing(said, write):
    assert refusal(write("csv", ["x"], [1], [said])).endswith(
        "are biased: leave its row out only if that is meant"
    )


def test_a_distribution_s_column_has_no_missing_values_and_says_its_file(tmp_path):
    from uncertainty.distributions import parse_distribution

    def refused(text, call='empirical("d.csv", "x")'):
        (tmp_path / "d.csv").write_text(text)
        with pytest.raises(un.UncertaintyError) as caught:
            parse_distribution(call, tmp_path)
        return str(caught.value)

    advice = "; leave out the lines in which a value is missing"
    assert refused("x\n1\nNA\n").endswith(f"\"d.csv\", line 3: x: expected a number, found 'NA'{advice}")
    assert refused("x,y\n1,1\n,2\n").endswith(f"line 3: x: expected a number, found ''{advice}")
    assert refused("x\n1\nmuch\n").endswith("found 'much'")
    assert refused("x\n") == 'empirical: "d.csv" has no data in column "x"'
    assert refused("y\n1\n") == 'empirical: "d.csv": has no column "x"; known: y'


@pytest.mark.parametrize("rows", [["3.1,kg", "3.4,kg", "3300,g"], ["3.1,g", "", "3,kg"]])
def test_rows_of_a_column_in_different_units_are_no_data_of_one(rows, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["x,unit", *rows, ""]))
    assert "write all numbers in one unit" in refusal(path, "x")
    path.write_text("x,unit\n3.1,kg\n3.4,kg\n3.3,\n")
    assert read_values(path, "x").values.tolist() == [3.1, 3.4, 3.3]


_AS_ONE = "all numbers are read as if they were in one unit."


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ("kg kg -", '"unit" (column B) says nothing in line 4'),
        ("kg - -", '"unit" (column B) says nothing in line 3 and 1 more row'),
        ("ppm mg/kg ppm", '"unit" (column B) says "ppm" and "mg/kg"'),
        ("Hz 1/s -", '"unit" (column B) says "Hz" and "1/s"'),
        ("mg/L mg/l g/m**3", ""),
        ("- - -", ""),
        ("kW kVA kW", None),
        ("mSv mSv mGy", None),
        ("mg/kg uL/L mg/kg", None),
        ("m**3 Nm3 m**3", None),
    ],
)
def test_units_of_one_size_are_one_unit_of_one_quantity(units, told, tmp_path):
    path = tmp_path / "a.csv"
    rows = [
        f"{number},{unit.strip('-')}" for number, unit in zip((3.1, 3.4, 3.3), units.split(), strict=True)
    ]
    path.write_text("\n".join(["x,unit", *rows, ""]))
    if told is None:
        assert "write all numbers in one unit" in refusal(path, "x")
        # whatever the column is called, it is told that its texts are units
        path.write_text("\n".join(["x,basis", *rows, ""]))
        notes = read_values(path, "x").notes
        assert ("Nm3" in units) or notes[0].startswith('"basis" (column B) says "')
        return
    assert read_values(path, "x").notes == ((f"{told}; {_AS_ONE}",) if told else ())


def test_answers_and_known_values_of_one_question_are_in_one_unit(tmp_path):
    answers, seeds = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    answers.write_text("expert,question,p5,p50,p95,unit\na,q,1,2,3,kg\nb,q,1,2,4,kg\n")
    seeds.write_text("question,value,unit\nq,2,kg\n")
    check_units_of_questions(answers, seeds)
    seeds.write_text("question,value,unit\nq,2000,g\n")
    with pytest.raises(un.StudyError, match='says "g" of q, and "kg" elsewhere'):
        check_units_of_questions(answers, seeds)
    for heading in ("Question", "QUESTION", "question "):
        seeds.write_text(f"{heading},Value,Unit\nq,2000,g\n")
        with pytest.raises(un.StudyError, match='says "g" of q, and "kg" elsewhere'):
            check_units_of_questions(answers, seeds)
    answers.write_text("expert,question,p5,p50,p95,unit\na,q,1,2,3,kg\nb,q,1000,2000,4000,g\n")
    with pytest.raises(un.StudyError, match='says "g" of q, and "kg" elsewhere'):
        check_units_of_questions(answers, seeds)


def test_units_that_differ_are_told_with_their_first_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,unit\n1,kg\n2,kg\n3,g\n4,t\n")
    units = '"kg" (line 2) and "g" (line 4)'
    advice = "write all numbers in one unit, or give that column another heading if it says nothing of x"
    assert refusal(path, "x") == f"the column of units says {units}; {advice}"
    path.write_text("unit,x\n1,kg\n2,g\n")
    assert read_values(path, "unit").values.tolist() == [1, 2]


def test_a_distribution_s_column_keeps_the_units_beside_it(tmp_path):
    from uncertainty.distributions.data_file import DataColumn, read_column

    (tmp_path / "d.csv").write_text("x,unit\n1,kg\n2,kg\n3,g\n")
    values, column = read_column(DataColumn.within(tmp_path, "d.csv", "x"))
    (said,) = column.units.columns
    assert (values, dict(said.units)) == ((1, 2, 3), {"kg": ["line 2", "line 3"], "g": ["line 4"]})
    (tmp_path / "d.csv").write_text("unit\n1\n2\n")
    assert read_column(DataColumn.within(tmp_path, "d.csv", "unit"))[1].units.columns == ()


@pytest.mark.parametrize(
    ("formats", "words"),
    [
        ({"A2": "0%"}, '"%" and some nothing'),
        ({"A2": '0" kg"', "A3": '0" g"'}, '"kg" and some "g"'),
        ({"A2": '0" kg"', "A3": "0%"}, '"kg" and some "%"'),
    ],
)
def test_numbers_that_are_shown_in_different_ways_are_no_data_of_one(formats, words, write):
    path = write("xlsx", ["x"], [1], [2], [3], formats=formats)
    assert refusal(path) == f"x: some cells show {words} beside their number; format them all alike"


def test_a_table_without_a_value_says_its_file(tmp_path):
    path = tmp_path / "t.json"
    save_table(Table("t", {"x": np.array([np.nan])}), path)
    assert refusal(path) == "x: has no values"
    save_table(Table("t", {"name": ("a",)}), path)
    assert refusal(path) == "say which column: it has none"
    assert refusal(path, "1") == 'has no column "1"'


def test_answers_are_read_by_expert_question_and_probability(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("question,expert,p5,p99.9,note\nq, A ,1,3,x\nr,A,2,4.5,\nq,B,0,1,\n")
    assert read_answers(path) == {
        "A": {"q": {0.05: 1, 0.999: 3}, "r": {0.05: 2, 0.999: 4.5}},
        "B": {"q": {0.05: 0, 0.999: 1}},
    }


def test_quantiles_may_be_headed_in_capitals(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Question,Expert,P5,p50\nq,A,1,3\n")
    assert read_answers(path) == {"A": {"q": {0.05: 1, 0.5: 3}}}
    path.write_text("Question,Expert,p5,Median,p95,unit\nq,A,1,3,4,t\n")
    assert read_answers(path) == {"A": {"q": {0.05: 1, 0.5: 3, 0.95: 4}}}


def test_known_values_are_read_with_their_scales(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("value,question\n1.5, q \n2,r\n")
    assert read_seeds(path) == ({"q": 1.5, "r": 2}, ())
    path.write_text("value,question,scale\n1.5,q,log\n2,r, uniform \n3,s,log\n")
    assert read_seeds(path) == ({"q": 1.5, "r": 2, "s": 3}, ("q", "s"))
    for heading, log in (("Scale", "log"), ("SCALE", "LOG"), (" scale ", "Log")):
        path.write_text(f"Value,Question,{heading}\n1.5,q,{log}\n2,r,Uniform\n3,s,{log}\n")
        assert read_seeds(path) == ({"q": 1.5, "r": 2, "s": 3}, ("q", "s"))
    path.write_text("Value,question,Scale\n1.5,q,lag\n")
    with pytest.raises(un.StudyError, match=r'scale of q: expected uniform or log, found "lag"'):
        read_seeds(path)
    path.write_text("Amount,Value,question\n1,x,q\n")
    with pytest.raises(un.StudyError, match=r"Value: "):
        read_seeds(path)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_answers, None, "no such file"),
        (read_answers, "", 'has no column "expert"'),
        (
            read_answers,
            "expert,question\nA,q\n",
            "expected a column for each quantile, such as p5, p50 and p95",
        ),
        (read_answers, "expert,question,p5\nA,q,1\nA,q,2\n", 'A answers "q" twice'),
        (
            read_answers,
            "expert,question,p0.05,p0.5,p0.95\nA,q,1,2,3\n",
            "p0.05 and p0.95 would be quantiles of less than 1 %; as fractions they are p5 and p95",
        ),
        (
            read_answers,
            "expert,question,p5,p5.0\nA,q,1,2\n",
            "expected one column for each quantile, found p5, p5.0",
        ),
        *(
            (
                read_answers,
                f"expert,question,{heading}\nA,q,1,2,3\n",
                f'"{name}" may be quantiles by another name; call it as in p5 and p50, or leave it out',
            )
            for heading, name in (
                ("p5,q50,p95", "q50"),
                ("p5,50%,p95", "50%"),
                ("p5,p50 (mean),p95", "p50 (mean)"),
                ("p5,likely,p95", "likely"),
                ("lower,p50,p95", "lower"),
            )
        ),
        (read_answers, "expert,question,p5\nA,q,x\n", "line 2: p5: expected a number, found 'x'"),
        (read_seeds, "question\nq\n", 'has no column "value"; known: question'),
        (read_seeds, "question,value\nq,1\nr,2\nq,3\n", '"q" stands here twice'),
        (
            read_seeds,
            "question,value,scale\nq,1,lag\n",
            'scale of q: expected uniform or log, found "lag"; did you mean "log"?',
        ),
        (read_seeds, "question,value,scale\nq,1,\n", 'scale of q: expected uniform or log, found ""'),
    ],
)
def test_what_is_wrong_with_answers_and_known_values_is_said(read, text, said, tmp_path):
    path = tmp_path / "a.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(un.StudyError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: {said}"


def test_answers_in_a_folder_s_place_are_no_file(tmp_path):
    with pytest.raises(un.StudyError) as caught:
        read_answers(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is not a regular file"


def test_units_of_known_values_are_compared_where_answers_say_none(tmp_path):
    answers, seeds = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    answers.write_text("expert,question,p5\na,q,1\n")
    seeds.write_text("question,value,Units\nq,2,kg\nr,3,\nq,2,g\n")
    with pytest.raises(un.StudyError) as caught:
        check_units_of_questions(answers, seeds)
    said = 'the column of units says "g" of q, and "kg" elsewhere; write all of it in one unit'
    assert str(caught.value) == f"{seeds}: {said}"


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ("mass_kg", "mass_g", True),
        ("mass_kg", "height_cm", True),
        ("Pb (mg/L)", "Cd (µg/L)", True),
        ("dose in mSv", "dose in mGy", True),
        ("energy_kwh", "energy_mj", True),
        ("co2_kt", "ch4_kt", False),
        ("Pb (mg/L)", "Cd (mg/l)", False),
        ("mass_kg", "age", False),
        ("group_m", "group_h", False),
        ("Jones (a)", "Smith (b)", False),
        ("Austin (TX)", "Boston (MA)", False),
    ],
)
@pytest.mark.parametrize("heading", ["name", "what"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_end_in_different_units_are_told(one, other, is_told, heading, kind, write):
    found = read_values(
        write(kind, [heading, "value"], [one, 1.5], [one, 4], [other, 2.5], [other, 3]), "value"
    )
    told = f'"{heading}" (column A) says "{one}" and "{other}"; {_AS_ONE}'
    assert [each for each in found.notes if "one unit" in each] == ([told] if is_told else [])


@pytest.mark.parametrize(
    ("answers", "known", "how"),
    [
        ("km km", "", "not said in others"),
        (" ", "km", "not said in others"),
        ("km ", "km", "not said in others"),
        ("ppm ppm", "mg/kg", '"mg/kg" in others'),
        ("km km", "km", ""),
        (" ", "", ""),
    ],
)
def test_a_unit_that_some_rows_of_a_question_do_not_say_is_told(answers, known, how, tmp_path):
    one, other = answers.split(" ")
    paths = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    paths[0].write_text(f"expert,question,p5,p50,p95,unit\na,q,1,2,3,{one}\nb,q,1,2,4,{other}\n")
    paths[1].write_text(f"question,value,unit\nq,2,{known}\nr,3,day\n")
    said = f'The unit of q is "{one or known}" in some rows and {how}; '
    expected = f"{said}the numbers of each question are read as if they were in one unit." if how else ""
    assert check_units_of_questions(*paths) == expected
    if not known:
        # a file without such a column says no unit either
        paths[1].write_text("question,value\nq,2\nr,3\n")
        assert check_units_of_questions(*paths) == expected


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_column_is_called_as_it_is_written(kind, write):
    path = write(kind, ["h %", "Hours worked"], [1, 5], [2, 6])
    for asked in ("h %", "h_%", "H %"):
        assert read_values(path, asked).name == "h %"
    assert read_values(path, "hours_worked").name == "Hours worked"
    assert refusal(path, "h") == 'has no column "h"; known: h %, Hours worked'


CODE = (
    "x: {} may say that a value is missing, as all others lie from 12 to 22; leave out its row, or {} {} if"
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-999, "-9.99e2"),
        (-99, "-9.9e1"),
        (9999, "9.999e3"),
        ("-9999.0", "-9.999e3"),
        (-99.9, "-9.99e1"),
        (999.9, "9.999e2"),
        ("-999.99", "-9.9999e2"),
        (9999.9, "9.9999e3"),
        (-32768, "-3.2768e4"),
        (65535, "6.5535e4"),
        (-88, "-8.8e1"),
        (7777, "7.777e3"),
        ("-999.25", "-9.9925e2"),
        ("\N{MINUS SIGN}999", "-9.99e2"),
        ("\N{MINUS SIGN}99.9", "-9.99e1"),
        ("+9999", "9.999e3"),
    ],
)
def test_a_number_that_says_that_a_value_is_missing_is_no_datum(value, written, write):
    rows = [["x"], [12], [22], ["n/a"], [15]]
    number = float(str(value).replace("\N{MINUS SIGN}", "-"))
    code = f"{number:g}" if "." in str(value) else f"{number:.0f}"
    path = write("csv", *rows, [value], [value])
    assert refusal(path).startswith(f"line 6: {CODE.format(code, 'write', written)}")
    assert read_values(write("csv", *rows, [written]), "x").values[-1] == number
    path = write("xlsx", *rows, [number])
    assert refusal(path).startswith(
        f"data, row 6: {CODE.format(code, 'save the sheet as CSV and write', written)}"
    )


@pytest.mark.parametrize(
    "data",
    [
        [12, 22, -999],
        [12, 22, -1, -99],
        [12, 120, 22, 999],
        [0, 0, 0, 999],
        [12, 22, 15, 99, -9],
        [1, 2, 3, 99.9],
        [1, 2, 3, 1e17],
        [1e10, 2e12, 3e13, 6e18],
        [1e20, 2e20, 3e20, 9e20],
    ],
)
def test_other_numbers_are_data(data, write):
    """Of which few are others, some are negative, one is not far, or which are no such number."""
    assert read_values(write("csv", ["x"], *([each] for each in data))).values.tolist() == data


@pytest.mark.parametrize("fill", ["9.96921e+36", "1E+20", "-3.4028235e+38", "1e30", "-9223372036854775808"])
def test_what_climate_models_and_rasters_fill_cells_with_is_no_datum(fill, write):
    said = refusal(write("csv", ["x"], [12], [22], [15], [fill]))
    assert said == (
        f"line 5: x: {float(fill):.15g} may say that a value is missing, as all others lie from 12 to 22; "
        "leave out its row"
    )
    assert refusal(write("xlsx", ["x"], [12], [22], [15], [float(fill)])).startswith(
        f"data, row 5: {said[8:]}"
    )


def test_pressures_are_far_from_the_code_of_a_missing_one(write):
    assert "9999.9 may say" in refusal(write("csv", ["hPa"], [1013.2], [987], [1040.1], [9999.9]))


def test_points_that_may_group_thousands_are_told(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("name;x;y\na;1.234;1.5\nb;345;2\nc;3.456;3.25\n", encoding="utf-8")
    (note,) = read_values(path, "x").notes
    assert note == (
        "Each point of x has three digits behind it: 1.234 is read as a decimal number, and not as "
        "1234; leave the points out if they group thousands."
    )
    assert read_values(path, "y").notes == ()
    path.write_text("name,x\na,1.234\n", encoding="utf-8")
    assert read_values(path, "x").notes == ()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_codes_far_from_data_of_both_signs_are_none_and_nearer_ones_are_told(kind, write):
    far = write(kind, ["t"], [-5], [12], [35], [-999])
    assert "-999 may say that a value is missing, as all others lie from -5 to 35" in refusal(far)
    near = read_values(write(kind, ["t"], [-5], [12], [35], [-99], [-99]))
    said = "t: -99 is read as one of the data; leave out its row if it says that a value is missing."
    assert near.notes == (said,)
    assert read_values(write(kind, ["t"], [-5], [12], [35], [99])).notes == ()
    assert read_values(write("csv", ["t"], [-5], [12], [35], ["-9.99e2"])).notes == ()


@pytest.mark.parametrize(
    ("answer", "known", "said"),
    [
        ("1,5,12", "-999", r"seeds.csv: line 3: value: -999 may say .* from 1 to 12; leave out its row"),
        ("1,5,12", "9999", r"seeds.csv: line 3: value: 9999 may say .* or write 9.999e3"),
        ("-99,5,12", "6", r"answers.csv: line 5: p5: -99 may say"),
        ("1,5,9999", "6", r"answers.csv: line 5: p95: 9999 may say"),
        ("1,5,9.999e3", "6", ""),
        ("1,5,9998", "6", ""),
        ("1,5,12", "99", ""),
    ],
)
def test_codes_for_missing_values_are_refused_question_by_question(answer, known, said, tmp_path):
    answers, seeds = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    rows = ["A,a,8000,9000,12000", "A,b,1,5,12", "B,a,8000,9000,9999", f"B,b,{answer}"]
    answers.write_text("\n".join(["expert,question,p5,p50,p95", *rows]) + "\n", encoding="utf-8")
    seeds.write_text(f"question,value\na,9999\nb,{known}\n", encoding="utf-8")
    if not said:
        refuse_codes_of_questions(answers, seeds)
        return
    with pytest.raises(un.StudyError, match=said):
        refuse_codes_of_questions(answers, seeds)


WEIGHED = """
format = 1
[study]
title = "A weighed draw"
headline = "y"
[inputs.x]
unit = "kg"
point = 10
distribution = "normal(10, 1)"
[outputs.y]
value = "x"
unit = "kg"
[observations.scale]
quantity = "x"
value = 12
sd = 1
"""


@pytest.mark.parametrize("kind", variants(["csv", "xlsx", "json", "nc"], lambda kind: kind != "xlsx"))
def test_draws_that_an_observation_weighs_are_no_sample(kind, tmp_path):
    (tmp_path / "s.toml").write_text(WEIGHED, encoding="utf-8")
    study = un.load_study(tmp_path / "s.toml")
    drawn = un.propagate(study, samples=4096, observe=["scale"])
    drawn.save(tmp_path / f"d.{kind}")
    refused = r'outputs\.y: an observation weighs these draws, as the column "weight" says'
    with pytest.raises(un.StudyError, match=refused):
        read_values(tmp_path / f"d.{kind}", "outputs.y")
    un.propagate(study, samples=64).save(tmp_path / f"plain.{kind}")
    assert read_values(tmp_path / f"plain.{kind}", "outputs.y").values.size == 64
    if kind == "csv":
        distribution = 'distribution = \'empirical("d.csv", "outputs.y")\''
        text = WEIGHED.replace('distribution = "normal(10, 1)"', distribution)
        (tmp_path / "t.toml").write_text(text, encoding="utf-8")
        with pytest.raises(un.StudyError, match=refused):
            un.load_study(tmp_path / "t.toml")


def test_what_was_read_of_experts_names_them_and_their_questions(tmp_path):
    answers, seeds = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    names = [f"Expert {n}" for n in "ABC"]
    rows = [
        f"{name},{q},{n},{n + 2},{n + 4},t,{name} said"
        for n, name in enumerate(names)
        for q in ("s1", "rate")
    ]
    answers.write_text("expert,Question,p5,median,p95,unit,comment\n" + "\n".join(rows) + "\n")
    seeds.write_text("question,value,scale,status,\ns1,5,log,draft,\n")
    found, known = read_answers(answers), read_seeds(seeds)
    assert answers_read(answers, found) == (
        "experts Expert A, Expert B, Expert C; questions s1, rate; not read: comment"
    )
    assert seeds_read(seeds, known) == "values of s1; not read: status"
    many = {f"E{n}": {f"q{m}": {} for m in range(10)} for n in range(14)}
    answers.write_text("expert,question,p50\nE,q,1\n")
    said = answers_read(answers, many)
    assert said.startswith("experts E0, E1, E2, E3, E4, E5, E6, E7, E8, E9, E10, E11 and 2 others; questions")
    assert said.endswith("q6, q7 and 2 others")


@pytest.mark.parametrize(
    "headings",
    [
        "p5 (low),p50 (median),p95 (high)",
        "P10 (Low),p50,P90 (High)",
        "p5 (lower bound),p50 (best guess),p95 (upper bound)",
    ],
)
def test_quantiles_may_say_in_words_which_they_are(headings, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"expert,question,{headings}\nA,q,1,2,3\n", encoding="utf-8")
    assert [*read_answers(path)["A"]["q"].values()] == [1, 2, 3]


@pytest.mark.parametrize("heading", ["p5 (high)", "p95 (low)", "p50 (mean)", "p25 (median)", "p5 (kg)"])
def test_quantiles_that_say_another_in_words_are_refused(heading, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"expert,question,p5.5,{heading},p95.5\nA,q,1,2,3\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match="may be quantiles by another name"):
        read_answers(path)


@pytest.mark.parametrize("sign", ["#", "% ", "//"])
def test_answers_and_values_that_are_set_apart_as_comments_are_refused(sign, tmp_path):
    path = tmp_path / "a.csv"
    rows = ["A,q,1,2,3", f"{sign}B,q,2,3,4", "C,q,1,3,5"]
    path.write_text("\n".join(["expert,question,p5,p50,p95", *rows, ""]), encoding="utf-8")
    with pytest.raises(un.StudyError, match=f'line 3: p5: "{sign}B" begins as a comment does'):
        read_answers(path)
    path.write_text("\n".join(["question,value", "q,1", f"{sign}r,2", "s,3", ""]), encoding="utf-8")
    with pytest.raises(un.StudyError, match=f'line 3: value: "{sign}r" begins as a comment does'):
        read_seeds(path)


def test_a_row_of_several_lines_is_said_to_be_where_it_begins(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text('site,v,note\nA,1.2,"x\ny"\nB,1.4,\nMean,1.3,"of\nall"\nC,1.9,\n', encoding="utf-8")
    with pytest.raises(un.StudyError, match='line 5: v: the row "Mean" may sum up'):
        read_values(path, "v")


@pytest.mark.parametrize("ending", [".txt", ".dat", ".ods"])
def test_the_endings_that_a_fit_reads_are_all_named(ending, tmp_path):
    path = tmp_path / f"data{ending}"
    path.write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(un.SettingError, match=r"ends in .*\.csv.*\.xlsx.*\.tsv, \.tab"):
        read_values(path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("rows", "not_read"),
    [
        # as pandas writes an index, and people the number of each row
        ([["", "x", "y"], [0, 1.5, 3], [1, 2.5, 4]], ("column A without a heading", "y")),
        ([["x", "", "y"], [1.5, "ok", 3], [2.5, "ok", 4]], ("column B without a heading", "y")),
        ([["", "x"], [7, 1.5], [8, 2.5]], ("column A without a heading",)),
    ],
)
def test_a_column_without_a_heading_is_left_and_said_to_be(kind, rows, not_read, write):
    rows = [[cell if cell != "" or kind == "csv" else None for cell in row] for row in rows]
    found = read_values(write(kind, *rows), "x")
    assert (found.values.tolist(), found.read.not_read) == ([1.5, 2.5], not_read)


@pytest.mark.parametrize(("kind", "place"), [("csv", "line 5"), ("xlsx", "data, row 5")])
def test_names_without_a_heading_call_their_rows(kind, place, write):
    rows = [[None if kind == "xlsx" else "", "x"], ["a", 1.5], ["b", 2.5], ["c", 3.5], ["Total", 7.5]]
    assert refusal(write(kind, *rows)).startswith(f'{place}: x: the row "Total" ')
    found = read_values(write(kind, *rows[:-1]))
    assert (found.read.first.name, found.read.last.name) == ("a", "c")


@pytest.mark.parametrize(("kind", "place"), [("csv", "line 2"), ("xlsx", "data, row 2")])
def test_cells_beyond_the_headings_are_refused_at_the_first(kind, place, write):
    path = write(kind, ["x", "y"], [1, 2, 3], [4, 5, 6], [7, 8, 9])
    assert refusal(path, "x") == f"{place}: has '3' in column C, which has no heading"
