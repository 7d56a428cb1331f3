"""Columns of units say what the numbers beside them are in, each of those that are its own."""

import re
import time

import pytest

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.fitting.columns import read_values
from uncertainty.tables.owners import Layout
from uncertainty.tables.unit_columns import says_units, units_said

NUMBERS = (1.25, 2500, 3.75, 0.95, 1.05, 2.2)
MIXED = [(each, "µg/L" if each > 100 else "mg/L") for each in NUMBERS]


def said(headings, rows, others=()):
    """Return what columns of units say of the first column, where one does."""
    found = units_said(Layout.of(headings, lambda: rows).reading([0]), rows, 0, others).columns
    assert len(found) < 2
    return {unit: [*places] for each in found for unit, places in each.units.items()}


def test_units_are_told_with_their_places():
    headings = ("x", "Unit", "units")
    rows = [("line 2", ["1", " kg "]), ("line 3", ["2", ""]), ("line 4", ["3"]), ("line 5", ["4", "kg", "t"])]
    assert said(headings, rows, {"units"}) == {"kg": ["line 2", "line 5"]}
    assert said(headings, rows, {"Unit"}) == {"t": ["line 5"]}
    assert said(("x", "unity"), rows) == {}


def test_units_of_files_of_statistical_offices_have_their_multipliers():
    headings = ("x", "Unit of measure", "UNIT_MULT")
    rows = [(f"line {n}", ["1", "t", many]) for n, many in enumerate(["0", "3", "Thousands", "Units", ""], 2)]
    assert said(headings, rows) == {
        "t": ["line 2", "line 5", "line 6"], "10^3 t": ["line 3"], "Thousands t": ["line 4"],
    }  # fmt: skip
    # of what there are thousands, no other column says
    assert said(("x", "PowerCode"), [("line 2", ["1", "Thousands"])]) == {"Thousands": ["line 2"]}
    canada = ("x", "UOM", "UOM_ID", "SCALAR_FACTOR", "SCALAR_ID")
    rows = [
        ("line 2", ["24", "Tonnes", "288", "thousands", "3"]),
        ("line 3", ["7", "Tonnes", "288", "units", "0"]),
    ]
    assert said(canada, rows) == {"thousands Tonnes": ["line 2"], "Tonnes": ["line 3"]}
    coded = ("x", "UNIT_MEASURE", "UNIT_MULT")
    rows = [("line 2", ["1", "KG", "3"]), ("line 3", ["1", "XDC", "0"]), ("line 4", ["1"])]
    assert said(coded, rows) == {"10^3 KG": ["line 2"]}


def test_words_for_amounts_under_scale_multiply_and_others_do_not():
    words = ["Millions", "log", "2", "10", "100"]
    rows = [(f"line {n}", ["1", each]) for n, each in enumerate(words, 2)]
    assert said(("x", "Scale"), rows) == {"Millions": ["line 2"]}


HEADINGS = """Result Unit, ResultUnit, RESULT_UNITS, Measurement unit, ResultMeasure/MeasureUnitCode,
Conc. unit, Conc unit, Pb_unit, Unit (Pb), UnitOfMeasurement, Mengeneinheit, Einheit, Unidad, Enhet"""


@pytest.mark.parametrize("heading", [each.strip() for each in HEADINGS.split(",")])
def test_a_sample_of_numbers_in_two_units_is_refused_whatever_the_column_is_called(heading, tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text(f"Pb,{heading}\n" + "".join(f"{each},{unit}\n" for each, unit in MIXED), encoding="utf-8")
    with pytest.raises(StudyError, match=r'the column of units says "mg/L" \(line 2\) and "µg/L" \(line 3\)'):
        read_values(path, "Pb")


def test_a_sheet_s_column_of_units_is_read_as_that_of_a_csv_file(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("Pb", "unit"), *MIXED]:
        book.active.append(row)
    book.save(tmp_path / "lab.xlsx")
    with pytest.raises(StudyError, match=r'says "mg/L" \(Sheet, row 2\) and "µg/L" \(Sheet, row 3\)'):
        read_values(tmp_path / "lab.xlsx", "Pb")
    # the units of another table on the sheet are not those of this one
    beside = [("", "climate", "heat"), ("", "mild", 3.8), ("", "cold", 3.1)]
    for row, more in zip(book.active.iter_rows(max_row=3), beside, strict=True):
        for column, value in enumerate(more, len(row) + 1):
            book.active.cell(row[0].row, column, value or None)
    book.save(tmp_path / "lab.xlsx")
    assert read_values(tmp_path / "lab.xlsx", "heat").values.tolist() == [3.8, 3.1]


@pytest.mark.parametrize("between", [("qualifier",), ("RL", "MDL")])
def test_a_sheet_s_column_of_units_may_stand_apart_from_its_numbers(between, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    (head, unit), *rows = [("Pb", "unit"), *MIXED]
    book.active.append((head, *between, unit))
    for number, unit in rows:
        book.active.append((number, *("J" for _ in between), unit))
    book.save(tmp_path / "lab.xlsx")
    with pytest.raises(StudyError, match=r'says "mg/L" \(Sheet, row 2\) and "µg/L" \(Sheet, row 3\)'):
        read_values(tmp_path / "lab.xlsx", "Pb")


@pytest.mark.parametrize(
    ("one", "other"),
    [("mg/L", "mg/l"), ("µg/L", "\N{GREEK SMALL LETTER MU}g/L"), ("t", "tonnes"), ("%", "percent")],
)
def test_spellings_of_one_unit_are_one(one, other, tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text(f"Pb,unit\n1,{one}\n2,{other}\n3,{one}\n", encoding="utf-8")
    assert read_values(path, "Pb").values.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other"), [("kg N", "kg"), ("t CO2", "t CO2e"), ("1000 head", "head"), ("M", "m")]
)
def test_texts_that_may_be_other_units_are_none(one, other, tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text(f"Pb,unit\n1,{one}\n2,{other}\n3,{one}\n", encoding="utf-8")
    with pytest.raises(
        StudyError, match=r"write all numbers in one unit, or give that column another heading"
    ):
        read_values(path, "Pb")


@pytest.mark.parametrize(
    "heading",
    [
        "Unità di misura",
        "unité de mesure",
        "Unidad de medida",
        "Unidade",
        "Jednotka",
        "Единица измерения",
        "単位",
    ],
)
def test_units_stand_under_the_words_of_many_languages(heading):
    assert said(("x", heading), [("line 2", ["1", "kt"])]) == {"kt": ["line 2"]}


def test_what_counts_things_called_units_is_no_column_of_units():
    headings = [
        "unit price",
        "housing units",
        "business unit",
        "units sold",
        "unity",
        "community",
        "Reporting unit",
        "Unit name",
    ]
    assert [each for each in headings if says_units(each)] == []
    # numbers under the name of another column count its units
    assert said(("sold", "units_of_sold"), [("line 2", ["1", "20"])]) == {}


STUDY = """
format = 1
[study]
title = "Fuel"
headline = "emission[gas]"
[indices.fuel]
members = ["gas", "coal"]
[inputs.use]
unit = "TJ"
index = ["fuel"]
table = "fuel.csv"
columns = { point = "use" }
[inputs.factor]
unit = "kg/GJ"
index = ["fuel"]
table = "fuel.csv"
columns = { point = "ef" }
[outputs.emission]
value = "use * factor"
unit = "t"
"""


def test_each_input_of_a_table_is_held_to_its_own_column_of_units(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    path.write_text(STUDY, encoding="utf-8")
    rows = "fuel,use,unit,ef,unit\ngas,1,TJ,56,{0}\ncoal,2,TJ,95,{0}\n"
    for said in ("kg/GJ", "t/TJ"):
        table.write_text(rows.format(said), encoding="utf-8")
        assert un.load_study(path).headline == "emission[gas]"
    table.write_text(rows.format("kg/TJ"), encoding="utf-8")
    with pytest.raises(StudyError, match='says "kg/TJ", and what is read is in "kg/GJ"'):
        un.load_study(path)
    table.write_text("fuel,use,unit,ef,unit\ngas,1,kg/GJ,56,TJ\ncoal,2,kg/GJ,95,TJ\n", encoding="utf-8")
    with pytest.raises(StudyError, match='says "kg/GJ", and what is read is in "TJ"'):
        un.load_study(path)


@pytest.mark.parametrize("said", ["ratio", "None", "-", "dimensionless", "fraction", "1"])
def test_words_for_no_unit_are_those_of_a_pure_number(said, tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    path.write_text(STUDY.replace("kg/GJ", "1").replace('unit = "t"', 'unit = "TJ"'), encoding="utf-8")
    rows = "fuel,use,unit,ef,unit\ngas,1,TJ,0.5,{0}\ncoal,2,TJ,0.9,{0}\n"
    table.write_text(rows.format(said), encoding="utf-8")
    assert un.load_study(path).headline == "emission[gas]"
    table.write_text(rows.format("%"), encoding="utf-8")
    with pytest.raises(StudyError, match='says "%", and what is read is in "1"'):
        un.load_study(path)


@pytest.mark.slow
def test_a_table_with_a_column_for_each_of_many_members_is_read_at_once(tmp_path):
    members = range(800)
    study = STUDY.partition("[inputs.factor]")[0].replace('"fuel"]', '"fuel", "day"]')
    study = study.replace('columns = { point = "use" }', "").replace("emission[gas]", "all[gas,0]")
    study += f'[indices.day]\nmembers = {[*members]}\n[outputs.all]\nvalue = "use"\nunit = "TJ"\n'
    (tmp_path / "fuel.toml").write_text(study, encoding="utf-8")
    rows = [",".join([fuel, *map(str, members)]) for fuel in ("fuel", "gas", "coal")]
    (tmp_path / "fuel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    started = time.monotonic()
    assert un.load_study(tmp_path / "fuel.toml").inputs["use[coal,799]"].point == 799
    assert time.monotonic() - started < 8


def test_an_input_with_distributions_alone_is_held_to_the_column_of_units_behind_them(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    factor = 'columns = { distribution = "ef range" }\npoint = { gas = 56, coal = 95 }'
    path.write_text(STUDY.replace('columns = { point = "ef" }', factor), encoding="utf-8")
    rows = "fuel,use,unit,ef range,unit\ngas,1,TJ,50 to 60,{0}\ncoal,2,TJ,90 to 99,{0}\n"
    table.write_text(rows.format("kg/GJ"), encoding="utf-8")
    assert un.load_study(path).inputs["factor[gas]"].point == 56
    table.write_text(rows.format("kg/TJ"), encoding="utf-8")
    with pytest.raises(StudyError, match='says "kg/TJ", and what is read is in "kg/GJ"'):
        un.load_study(path)


def test_data_beside_two_columns_of_units_are_held_to_their_own(tmp_path):
    path = tmp_path / "s.toml"
    (tmp_path / "d.csv").write_text("use,unit,ef,unit\n" + "1,TJ,56,kg/GJ\n2,TJ,95,kg/GJ\n", encoding="utf-8")
    text = (
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs.y]\nunit = "{}"\npoint = 56\n'
        'distribution = \'empirical("d.csv", "ef")\'\n[outputs.y]\nunit = "{}"\n'
    )
    path.write_text(text.format("kg/GJ", "kg/GJ"), encoding="utf-8")
    assert un.load_study(path).headline == "y"
    path.write_text(text.format("kg/TJ", "kg/TJ"), encoding="utf-8")
    with pytest.raises(StudyError, match='the column of units says "kg/GJ", and what is read is in "kg/TJ"'):
        un.load_study(path)


def test_a_curve_s_columns_are_each_held_to_their_own_column_of_units(tmp_path):
    path, table = tmp_path / "s.toml", tmp_path / "c.csv"
    path.write_text(
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[curves.c]\nx_unit = "m"\nunit = "kg"\n'
        'table = "c.csv"\ncolumns = ["h", "w"]\n[inputs.h]\nunit = "m"\npoint = 1.5\n'
        '[outputs.y]\nvalue = "interpolate(h, c)"\nunit = "kg"\n',
        encoding="utf-8",
    )
    for units, is_sound in (("m,{},kg", True), ("kg,{},m", False), ("m,{},g", False)):
        lines = [f"{n},{units.format(10 * n)}" for n in (1, 2)]
        table.write_text("\n".join(["h,unit,w,unit", *lines]) + "\n", encoding="utf-8")
        if is_sound:
            assert un.reproduce(un.load_study(path)).figures["y"].point == 15
        else:
            with pytest.raises(StudyError, match="the column of units says"):
                un.load_study(path)


def test_each_member_s_column_is_held_to_its_own_column_of_units(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    years = "[indices.year]\nmembers = [2019, 2020]\n[inputs.use]\n"
    text = STUDY.replace("[inputs.use]\n", years).replace('columns = { point = "use" }', "")
    text = text.replace('index = ["fuel"]\ntable', 'index = ["fuel", "year"]\ntable', 1)
    text = text.replace('table = "fuel.csv"\ncolumns = { point = "ef" }', "point = 56")
    path.write_text(text.replace('"emission[gas]"', '"emission[gas,2019]"'), encoding="utf-8")
    rows = "fuel,2019,{1}unit,2020,{2}unit\ngas,1,TJ,2,{0}\ncoal,2,TJ,3,{0}\n"
    for called in (("", ""), ("2019 ", "2020 ")):
        table.write_text(rows.format("TJ", *called), encoding="utf-8")
        assert un.load_study(path).noticed == ()
        table.write_text(rows.format("PJ", *called), encoding="utf-8")
        with pytest.raises(StudyError, match='the column of units says "PJ", and what is read is in "TJ"'):
            un.load_study(path)


def test_each_input_of_a_table_is_held_to_its_own_multiplier(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    path.write_text(STUDY.replace("TJ", "Gg").replace("kg/GJ", "Gg").replace('unit = "t"', 'unit = "Gg^2"'))
    rows = "fuel,use,unit_mult,ef,unit_mult,unit\ngas,1,Thousands,2,{0},t\ncoal,2,Thousands,3,{0},t\n"
    table.write_text(rows.format("Thousands"), encoding="utf-8")
    assert un.load_study(path).headline == "emission[gas]"
    table.write_text(rows.format("Units"), encoding="utf-8")
    with pytest.raises(StudyError, match='says "t", and what is read is in "Gg"'):
        un.load_study(path)


def test_an_input_whose_units_nobody_knows_is_refused_until_they_are_called_after_it(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    path.write_text(STUDY, encoding="utf-8")
    rows = "fuel,use,{0},ef,{1},cost\ngas,1,TJ,56,kg/GJ,2020\ncoal,2,TJ,95,kg/GJ,2020\n"
    table.write_text(rows.format("unit", "unit"), encoding="utf-8")
    said = (
        '"fuel.csv", lines 2 and 3: "unit" (column C) says "TJ", and what is read is in "kg/GJ"; "unit" '
        '(column C) and "unit" (column E) may each say the units of ef: leave out what does not, or call '
        'each after its number, as in "ef unit"'
    )
    with pytest.raises(StudyError, match=re.escape(said)):
        un.load_study(path)
    for one, other in [("unit", "ef unit"), ("use unit", "ef unit"), ("use unit", "unit"), ("in", "unit")]:
        table.write_text(rows.format(one, other), encoding="utf-8")
        assert un.load_study(path).headline == "emission[gas]"


SOLD = "Rep,Units,UnitCost\nJones,95,1.99\nKivell,50,19.99\nGill,36,4.99\nSmith,27,2.99\n"
FLATS = "Unit,Beds,Rent\n101,1,1200\n102,2,1550\n103,1,1250\n104,3,2100\n"
PLANT = "year,unit,output\n2020,1,3.5\n2020,2,3.9\n2021,1,3.6\n2021,2,4.1\n"
CREDITS = "Weight,Units,Ratio\n130,13,0.2\n150,1,0.3\n110,1,0.1\n140,14.5,0.4\n"
PRICES = "region,product,units,unit price\nN,a,1,2.5\nS,b,1,2.75\nW,a,1,3.5\nE,b,2,4.5\n"


@pytest.mark.parametrize(
    ("text", "column", "counts"),
    [
        (SOLD, "UnitCost", "Units"),
        (FLATS, "Rent", "Unit"),
        (PLANT, "output", "unit"),
        (CREDITS, "Ratio", "Units"),
        (PRICES, "unit price", "units"),
        # ten of one thing do not yet say that none is of two
        ("v,units\n" + "1.5,1\n" * 12 + "2.5,3\n", "v", "units"),
    ],
)
def test_plain_numbers_under_units_count_them_and_are_data_like_any_other(text, column, counts, tmp_path):
    path = tmp_path / "sold.csv"
    path.write_text(text, encoding="utf-8")
    names, *rows = (line.split(",") for line in text.splitlines())
    place = names.index(counts)
    found = read_values(path, column)
    assert found.values.tolist() == [float(row[names.index(column)]) for row in rows]
    letter = "ABC"[place]
    note = f'"{counts}" (column {letter}) holds numbers, and is not read as units.'
    assert note in found.notes
    assert counts in found.read.not_read
    own = read_values(path, counts)
    assert own.values.tolist() == [float(row[place]) for row in rows]
    assert note not in own.notes


@pytest.mark.parametrize("units", [["1", "1000"], ["1", "-"], ["%", "1"], ["1000", "kg"], ["100", "1"]])
def test_amounts_and_signs_under_units_are_units(units, tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("v,unit\n" + "".join(f"{n}.5,{units[n % 2]}\n" for n in range(6)), encoding="utf-8")
    with pytest.raises(StudyError, match=rf'says "{units[0]}" \(line 2\) and "{units[1]}" \(line 3\)'):
        read_values(path, "v")
    path.write_text("v,unit\n" + "1.5,1\n2.5,1\n" * 3, encoding="utf-8")
    assert read_values(path, "v").notes == ()


def test_a_study_reads_a_table_beside_what_counts_units_and_says_so(tmp_path):
    path, table = tmp_path / "fuel.toml", tmp_path / "fuel.csv"
    path.write_text(STUDY, encoding="utf-8")
    table.write_text("fuel,use,ef,units\ngas,1,56,12\ncoal,2,95,7\n", encoding="utf-8")
    study = un.load_study(path)
    note = 'fuel.csv: "units" (column D) holds numbers, and is not read as units.'
    assert study.noticed.count(note) == 1
    # what an input reads itself says no unit, as before
    own = '[inputs.n]\nunit = "1"\nindex = ["fuel"]\ntable = "fuel.csv"\ncolumns = { point = "units" }\n'
    path.write_text(STUDY.replace("[outputs", own + "[outputs").replace("use * factor", "use * factor * n"))
    assert note not in un.load_study(path).noticed
