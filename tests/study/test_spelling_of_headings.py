"""A heading that is found, whatever its capitals or zeros, is checked and told as the file writes it."""

import pytest

import uncertainty as un
from uncertainty.tables.csv_reading import Headings

HEAD = 'format = 1\n[study]\ntitle = "T"\nheadline = "y"\ncounting_units = ["usd"]\n'
CELLS = (
    HEAD + '[indices]\ngeo = {{members = ["a", "b", "c", "d", "e"]}}\n[inputs.x]\nunit = "{unit}"\n'
    'index = ["geo"]\ntable = "d.csv"\ncolumns = {{point = "{name}"}}\n'
    '[outputs.y]\nvalue = "sum(x, geo)"\nunit = "{unit}"\n'
)
WIDE = (
    HEAD + '[indices.geo]\nmembers = ["a", "b"]\n[indices.at]\n{at}\n[inputs.x]\nunit = "t"\n'
    'index = ["geo", "at"]\ntable = "d.csv"\n[outputs.y]\nvalue = "sum(x)"\nunit = "t"\n'
)
CURVE = (
    HEAD + '[curves.c]\nx_unit = "year"\nunit = "t"\ntable = "d.csv"\ncolumns = ["x", "{name}"]\n'
    '[outputs.y]\nvalue = "interpolate(2[year], c)"\nunit = "t"\n'
)
DATA = (
    HEAD + "[inputs.x]\nunit = \"t\"\npoint = 1\ndistribution = \"empirical('d.csv', '{name}')\"\n"
    '[outputs.y]\nvalue = "x"\nunit = "t"\n'
)


@pytest.fixture
def outcome(tmp_path):
    def found(study, table):
        """Return what is said of a study that reads a table: its refusal, or what is noticed."""
        (tmp_path / "d.csv").write_text(table, encoding="utf-8")
        path = tmp_path / "s.toml"
        path.write_text(study, encoding="utf-8")
        try:
            read = un.load_study(path)
        except un.StudyError as error:
            return str(error).removeprefix(f"{path}: ")
        return "\n".join((*read.noticed, *read.files_read))

    return found


def _table(heading, more="", cells=("",) * 5, points=("1", "2", "3", "4", "5")):
    rows = (f"{geo},{point}{cell}\n" for geo, point, cell in zip("abcde", points, cells, strict=True))
    return f"geo,{heading}{more}\n{''.join(rows)}"


@pytest.mark.parametrize(
    ("unit", "name", "table", "said"),
    [
        ("t", "value", _table("{}", ",unit", (",g",) * 5), 'says "g", and what is read is in "t"'),
        ("t", "value", _table("{}", ",unit of {}", (",g",) * 5), 'says "g", and what is read is in "t"'),
        ("usd", "value", _table("{}", ",currency", (",EUR",) * 5), 'says "EUR"'),
        ("t", "value", _table("{}", points=("-99", "2", "3", "4", "5")), "-99"),
        ("t", "value", _table("{}", points=("1.234",) * 5).replace(",", ";"), "leave the points out"),
    ],
)
@pytest.mark.parametrize("written", [str.title, str.upper, lambda text: f" {text} "])
def test_a_heading_in_other_capitals_is_checked_like_the_same(outcome, unit, name, table, said, written):
    study = CELLS.format(unit=unit, name=name)
    same, other = (outcome(study, table.replace("{}", each)) for each in (name, written(name)))
    assert said in same
    heading = written(name).strip()
    assert other == same.replace(f"{name}:", f"{heading}:").replace(f"of {name} ", f"of {heading} ")


@pytest.mark.parametrize("heading", ["mass (mg)", "Mass (mg)", "MASS (mg)"])
def test_the_unit_is_that_of_the_file_s_heading(outcome, heading):
    for study in (CELLS.format(unit="t", name="mass (Mg)"), DATA.format(name="mass (Mg)")):
        said = outcome(study, _table(heading))
        assert f'the heading "{heading}" says mg, and what is read is in "t"' in said
    table = f"x,{heading}\n1,2\n3,4\n5,9\n"
    said = outcome(CURVE.format(name="mass (Mg)"), table)
    assert f'the heading "{heading}" says mg, and what is read is in "t"' in said
    # the study's own spelling says another unit, and is not what stands over the numbers
    for study in (CELLS.format(unit="t", name="mass (mg)"), DATA.format(name="mass (mg)")):
        assert "says" not in outcome(study, _table(heading.replace("mg", "Mg")))
    assert "says" not in outcome(CURVE.format(name="mass (mg)"), table.replace("mg", "Mg"))


def test_notes_name_the_heading_of_the_file(outcome):
    table = _table("Amount Found")
    note = 'd.csv: "Amount Found" is read in t.'
    assert note in outcome(CELLS.format(unit="t", name="amount found"), table)
    assert note in outcome(DATA.format(name="amount found"), table)
    curve = "x,Amount Found\n1,2\n3,4\n5,9\n"
    assert note in outcome(CURVE.format(name="amount found"), curve)


def test_points_of_curves_in_other_capitals_stand_in_their_unit(outcome):
    table = "X,{},UNIT\n1,2,g\n3,4,g\n5,9,g\n"
    for heading in ("v", "V"):
        assert 'says "g"' in outcome(CURVE.format(name="v"), table.format(heading))


@pytest.mark.parametrize(
    ("at", "same", "others"),
    [
        ("members = [0.5, 1]", ("0.5", "1"), [("0.50", "1.00"), (".5", "1.0"), ("5e-1", "1")]),
        (
            'from = 2019\nto = 2020\nunit = "year"',
            ("2019", "2020"),
            [("2019.0", "2020.0"), ("2019.", "2020")],
        ),
        ('members = { p = "Low", q = "High" }', ("p", "q"), [("Low", "High"), ("p", "High")]),
    ],
)
def test_members_columns_are_checked_however_their_numbers_are_written(outcome, at, same, others):
    study = WIDE.format(at=at)
    for cell, said in (("g", 'says "g", and what is read is in "t"'), ("t", "")):
        table = f"geo,unit,{{}},{{}}\na,{cell},1,2\nb,{cell},3,4\n"
        expected = outcome(study, table.format(*same))
        assert said in expected
        for other in others:
            assert outcome(study, table.format(*other)) == expected


def test_an_empty_heading_is_no_member_s(outcome):
    study = WIDE.format(at='members = ["p", "q"]')
    assert outcome(study, "geo,p,q,,more\na,1,2,,-99\nb,3,4,,1\n") == (
        "d.csv: geo, p, q were read in lines 2 to 3; not read: more."
    )


def test_spreads_in_other_capitals_are_read_and_not_told_as_unread(outcome):
    table = _table("value", ",{},{}", (",0,9",) * 5)
    study = CELLS.format(unit="t", name="value")
    said = (
        'd.csv: "{}" and "{}" are limits that x never passes; ends of an interval are a distribution, such '
        "as 2 to 8 @ 95 %."
    )
    for names in (("low", "high"), ("Low", "HIGH")):
        assert outcome(study, table.format(*names)) == said.format(*names)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('low = "95% CI lower"', '"95% CI lower" is a limit that x never passes'),
        ('low = "95% CI lower", high = "most"', '"95% CI lower" and "most" are limits that x never passes'),
        ("", ""),
    ],
)
def test_limits_from_a_file_are_told_as_such(outcome, columns, said):
    study = CELLS.format(unit="t", name="value").replace('"value"', f'"value", {columns}'.rstrip(", "))
    study = study.replace("[outputs.y]", 'distribution = "point ± 20 % (95 %)"\n[outputs.y]', 1)
    table = _table("value", ",95% CI lower,most", (",0,9",) * 5)
    told = outcome(study, table)
    assert said in told
    assert ("limit" in told) is bool(said)


@pytest.mark.parametrize("basis", ["NCV", "dry", "wet weight"])
def test_a_basis_of_another_kind_is_said_to_have_another_heading(outcome, basis):
    study = CELLS.format(unit="t", name="value")
    said = "; call the column otherwise if it says something else"
    assert said in outcome(study, _table("value", ",Basis", (f",{basis}",) * 5))
    assert "not read: Heat basis" in outcome(study, _table("value", ",Heat basis", (f",{basis}",) * 5))
    wide = "geo,p,q,{}\na,1,2,0\nb,3,4,0\n"
    for heading in ("low", "Low"):
        said = outcome(WIDE.format(at='members = ["p", "q"]'), wide.format(heading))
        assert "write low as a key of inputs.x, or a row for each cell" in said


def test_a_note_of_units_is_held_to_what_is_read_in_any_capitals(outcome):
    study = (
        CELLS.format(unit="t", name="value")
        .replace(
            "[outputs",
            '[inputs.z]\nunit = "1"\nindex = ["geo"]\ntable = "d.csv"\ncolumns = {point = "q"}\n'
            'source = "s"\n[outputs',
        )
        .replace('point = "value"}', 'point = "value", note = "unit"}')
    )
    table = _table("value", ",q,{}", (",1,g",) * 5)
    same = outcome(study, table.format("unit"))
    assert 'says "g", and what is read is in "t" and "1"; mend one of the two' in same
    assert outcome(study, table.format("Unit")).casefold() == same.casefold()


def test_two_columns_of_data_are_both_read_in_any_capitals(outcome):
    second = "[inputs.z]\nunit = \"t\"\npoint = 1\ndistribution = \"empirical('d.csv', 'w')\"\n[outputs"
    study = DATA.format(name="v").replace("[outputs", second)
    same = outcome(study, "v,w\n1,5\n2,6\n4,8\n")
    assert "not read" not in same
    said = outcome(study, "V,W\n1,5\n2,6\n4,8\n")
    for name in "vw":
        for around in ('"{}"', "of {} "):
            same = same.replace(around.format(name), around.format(name.upper()))
    assert said == same


def test_what_the_first_heading_says_is_asked_of_columns_in_any_capitals(outcome):
    study = CELLS.format(unit="t", name="value").replace("columns = {", 'columns = {geo = "Values in kg", ')
    for heading in ("value", "Value", "VALUE"):
        said = outcome(study, _table(heading).replace("geo", "Values in kg"))
        assert '"Values in kg" (column A) says' in said


def test_headings_are_spelt_as_they_are_written():
    headings = Headings(("Value", "unit", "Unit", "", "two words"), numbered=False)
    assert headings.spelt(["value", "Unit", "", "Two  Words", "more"]) == {"Value", "Unit", "two words"}
    # `place` refuses several; what looks for any takes them all
    assert headings.spelt(["UNIT"]) == {"unit", "Unit"}
