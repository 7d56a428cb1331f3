"""A study that goes to a workbook, to CSV or to JSON and comes back is the same study."""

import json
from pathlib import Path

import openpyxl
import pytest
from study_contents import contents
from variants import variants

import uncertainty as un
from uncertainty.study import bundled
from uncertainty.study.bibliography import ENDINGS
from uncertainty.study.conversion import (
    as_toml,
    inputs_alone,
    read_parts,
    read_tables,
    with_digits,
    write_study,
)
from uncertainty.study.derived import derive
from uncertainty.study.toml import parse_toml

ROOT = Path(__file__).parent.parent.parent
WRITTEN = (bundled.FLAGSHIP, "epidemic", "gauge-block", "medical-error", "alone", "streaming", "electric-car")
"""Between them these bundled studies have every feature of the language."""
STUDIES = [bundled.folder() / f"{name}.toml" for name in WRITTEN]
STUDIES += [
    ROOT / "uncertainty" / "commands" / "starter.toml",
    *(ROOT / "tests/studies").glob("jcgm-9*.toml"),
]
FORMS = ["study.xlsx", "study.json", "study", "study.toml"]
EVERY_FORM = {"ai-vs-human", "starter"}
# what has every feature goes through every form, each other study through one of them in turn
PAIRS = [
    (path, form)
    for place, path in enumerate(STUDIES)
    for form in (FORMS if path.stem in EVERY_FORM else FORMS[place % 4 : place % 4 + 1])
]


def is_quick(path, form):
    """The flagship takes a second a form; the starter goes through all of them always."""
    return path.stem not in ("ai-vs-human", "epidemic", "alone") or (path.stem, form) == ("epidemic", "study")


@pytest.mark.parametrize(
    ("path", "form"), variants(PAIRS, is_quick), ids=lambda part: getattr(part, "stem", part)
)
def test_a_study_comes_back_whole(path, form, tmp_path):
    if 'empirical("' in path.read_text(encoding="utf-8"):
        pytest.skip("it reads a file beside it")
    write_study(path, tmp_path / form)
    whole = contents(un.load_study(path))
    assert contents(un.load_study(tmp_path / form)) == whole
    again = tmp_path / "again.toml"
    again.write_text(derive(tmp_path / form, again).text, encoding="utf-8")
    assert contents(un.load_study(again)) == whole


def test_the_order_of_parts_is_kept(write_study, tmp_path):
    from uncertainty.study.conversion import write_study as convert

    path = write_study()
    convert(path, tmp_path / "study.xlsx")
    one, other = un.load_study(path), un.load_study(tmp_path / "study.xlsx")
    for name in ("inputs", "equations", "outputs", "choices", "readings"):
        assert list(getattr(one, name)) == list(getattr(other, name))
    assert list(other.choices["sharing"].options) == ["alone", "shared"]


TRICKY = """
format = 1
[study]
title = '=cmd|" /C calc"!A0'
headline = "y"
authors = ["=Doe, J.", "An Office, \\"quoted\\""]
date = 2026-11-28
compare = ["y", "y2"]
note = "numbers in \\u202e words; 数 🙂 \\t tab \\" quote ' apostrophe \\\\ _x0041_ \\u007f"
counting_units = ["page", "word"]
[inputs.a]
unit = "page/word"
point = "-b * 2[page/word]"
distribution = "normal(p5=-1.50, p95=2.20)"
note = "'=x"
label = "+1"
[[inputs.a.evidence]]
value = 0.30000000000000004
year = 2020
[inputs.b]
unit = "1"
point = 1e-100
low = -0.1
label = "@at - a\\nnew line"
[inputs.c]
unit = "1"
point = 2.0
source = "007"
distribution = "2.0(3)"
[inputs.spread]
unit = "1"
point = 5
distribution = "+5 ± 20 % (95 %)"
[inputs.level]
unit = "1"
point = -3
distribution = "-5 to 1 @ 99.5 %"
[inputs.f]
unit = "1"
point = 2.0
distribution = "lognormal(2, 1.5)"
[inputs.g]
unit = "1"
point = 2.0
distribution = "discrete(1, 2)"
[[correlations]]
inputs = ["a", "f"]
pearson = -0.30
basis = "measured"
source = "table 1, p. 3"
note = "=x"
[[correlations]]
inputs = ["f", "g"]
kendall = 0.2
[equations]
d = 2
e = { value = "-d", unit = "1", note = "long" }
[outputs.y]
unit = "page/word"
value = "a * e"
published = 2.20
[outputs.y2]
unit = "page/word"
value = "a"
[outputs.w]
value = "g"
unit = "1"
published = { mean = 27e6, sd = 2.70 }
[outputs.z]
unit = "1"
value = "b + c * spread * level"
published = 2900.0
source = "@one and @other"
[readings.r]
inputs = { b = 3, c = "1 to 2" }
expect = { z = { value = 3.0 }, y = { value = -2.40 } }
[sources.one]
title = "-1 \\u202e @other"
authors = ["Roe, K.", "+A"]
year = 2020
arxiv = "2303.06210"
accessed = 2026-11-28
[sources.other]
doi = "10.1000/(a)<b>;c"
url = "https://example.org/@a=b"
seen = "through another"
through = "one"
"""


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_a_tricky_study_is_lost(write_study, tmp_path, form):
    path = write_study(TRICKY)
    from uncertainty.study.conversion import write_study as convert

    if form == "study.xlsx":  # XML cannot hold it
        path = write_study(TRICKY.replace("\\u007f", ""))
    (tmp_path / "to").mkdir()
    convert(path, tmp_path / "to" / form)
    found = un.load_study(tmp_path / "to" / form)
    assert contents(found) == contents(un.load_study(path))
    assert found.outputs["y"].published.digits == 3
    assert found.outputs["z"].published.digits == 5
    assert [each.digits for each in found.outputs["w"].published.every] == [2, 3]
    assert found.readings["r"].expect["y"].digits == 3


def test_a_workbook_may_hold_days_and_arxiv_numbers_as_numbers(write_study, tmp_path):
    import datetime as dt

    from uncertainty.study.conversion import write_study as convert

    convert(write_study(TRICKY.replace("\\u007f", "")), tmp_path / "study.xlsx")
    book = openpyxl.load_workbook(tmp_path / "study.xlsx")
    columns = {cell.value: cell.column for cell in book["sources"][1]}
    book["sources"].cell(2, columns["accessed"]).value = dt.date(2026, 11, 27)
    book["sources"].cell(2, columns["arxiv"]).value = 2303.0621
    book["sources"].cell(3, columns["arxiv"]).value = 704.0001
    book.save(tmp_path / "study.xlsx")
    one, other = un.load_study(tmp_path / "study.xlsx").sources.values()
    assert (one.accessed, one.arxiv) == (dt.date(2026, 11, 27), "2303.06210")
    assert other.arxiv == "0704.0001"


def test_no_cell_of_a_study_is_a_formula(write_study, tmp_path):

    from uncertainty.study.conversion import write_study as convert

    path = write_study(TRICKY)
    convert(path, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert "f" not in {c.data_type for sheet in book.worksheets for row in sheet.iter_rows() for c in row}
    convert(path, tmp_path / "folder")
    for file in (tmp_path / "folder").iterdir():
        for line in file.read_text(encoding="utf-8-sig").splitlines():
            assert not line.startswith(("=", "+", "@"))


def test_inputs_alone_go_to_csv_and_come_back(small, write_study, tmp_path):
    from uncertainty.study.conversion import write_study as convert

    convert(write_study(), tmp_path / "inputs.csv")
    made = derive(tmp_path / "inputs.csv", tmp_path / "made.toml")
    assert made.notes == (
        "Its output shows the input distance alone: put there what is calculated.",
        "Units that are taken for things that are counted: trip.",
    )
    (tmp_path / "made.toml").write_text(made.text, encoding="utf-8")
    assert un.load_study(tmp_path / "made.toml").inputs == small.inputs


def test_json_is_valid_by_the_schema(write_study, tmp_path):
    import jsonschema

    from uncertainty.study.conversion import write_study as convert
    from uncertainty.study.keys import study_schema

    convert(write_study(TRICKY), tmp_path / "study.json")
    jsonschema.validate(json.loads((tmp_path / "study.json").read_text(encoding="utf-8")), study_schema())


@pytest.mark.parametrize("name", ["study.json", "study.toml"])
def test_a_file_that_cannot_be_read_or_is_too_large_is_one_fault(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_text("{}" + 9 * " ")
    for module in ("reader", "conversion"):
        monkeypatch.setattr(f"uncertainty.study.{module}.LARGEST_STUDY", 10)
    with pytest.raises(un.StudyError, match=f"^{path}: expected at most"):
        un.load_study(path)

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refused)
    with pytest.raises(un.StudyError, match=f"^{path}: cannot be read: Permission denied$"):
        un.load_study(path)


def test_a_derived_study_keeps_comments_and_brings_its_data(tmp_path):
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    away.mkdir()
    (home / "data.csv").write_text("a\n1\n2\n3\n")
    text = """
        # why it is so
        format = 1
        [study]
        title = "t"
        headline = "a"
        [inputs.a]
        unit = "1"
        point = 2
        distribution = 'empirical("data.csv", "a")'
        [outputs.a]
        unit = "1"
    """
    (home / "paper.toml").write_text(text)
    made = derive(home / "paper.toml", away / "mine.toml")
    assert "# why it is so" in made.text
    assert f"# Derived from paper, sha256 {un.load_study(home / 'paper.toml').sha256}." in made.text
    assert made.data == {"data.csv": b"a\n1\n2\n3\n"}
    (away / "data.csv").write_text("a\n9\n")
    with pytest.raises(un.StudyError, match=r"is another file than the one that .*paper\.toml reads"):
        derive(home / "paper.toml", away / "mine.toml")


@pytest.mark.parametrize("form", ["study.xlsx", "folder"])
def test_texts_that_look_like_errors_of_formulas_come_back_or_are_refused(write_study, tmp_path, form):
    from uncertainty.study.conversion import write_study as convert

    study = (
        'format = 1\nstudy = { title = "#REF!", headline = "y" }\n[inputs.a]\nunit = "1"\npoint = 1\n'
        'label = "#N/A"\nsource = "\'#DIV/0!"\n[outputs.y]\nunit = "1"\nvalue = "a"\n'
    )
    convert(write_study(study), tmp_path / form)
    found = un.load_study(tmp_path / form)
    assert (found.title, found.inputs["a"].label, found.inputs["a"].source) == ("#REF!", "#N/A", "'#DIV/0!")
    with pytest.raises(un.SettingError, match="source: a sheet reads what begins with"):
        convert(write_study(study.replace("'#DIV/0!", "{ a = 1 }")), tmp_path / f"other-{form}")


def test_json_is_written_for_people_who_read_it(tmp_path):
    path, target = tmp_path / "s.toml", tmp_path / "s.json"
    path.write_text(
        'format = 1\nstudy = { title = "Über" }\nsources.k = { date = 2026-01-02 }\n', encoding="utf-8"
    )
    write_study(path, target)
    assert target.read_text(encoding="utf-8") == (
        '{\n  "format": 1,\n  "study": {\n    "title": "Über"\n  },\n'
        '  "sources": {\n    "k": {\n      "date": "2026-01-02"\n    }\n  }\n}\n'
    )


def test_a_workbook_of_live_formulas_is_told_what_makes_a_study_of_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "My sheet"
    book.active["A1"], book.active["B2"] = 1, "=A1+1"
    path = tmp_path / "my model.xlsx"
    for others in ((), ("inputs",)):
        for name in others:
            book.create_sheet(name)
        book.save(path)
        made = f"uncertainty new study.toml --from '{path}' --cell 'My sheet!B2'"
        assert told(path) == [
            f"is no study, but has live formulas; a study of those upstream of a cell: {made}"
        ]


def test_a_file_without_inputs_gets_no_advice_that_fails(tmp_path):
    path = tmp_path / "e.json"
    path.write_text("{}")
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(path)
    assert "begins a study" not in str(refusal.value)
    with pytest.raises(un.StudyError, match="has no inputs; write some first"):
        derive(path, tmp_path / "e.toml")


@pytest.mark.skipif(Path(__file__.upper()).exists(), reason="capitals make no other file here")
def test_a_second_file_of_a_sheet_in_capitals_is_not_passed_over(tmp_path, small):
    write_study(Path(small.file), tmp_path / "made")
    assert un.load_study(tmp_path / "made").title == small.title
    for other, meant in (("Inputs.csv", "inputs"), ("OUTPUTS.csv", "outputs")):
        (tmp_path / "made" / other).write_text("name,unit,point\nx,g,1\n")
        with pytest.raises(un.StudyError, match=f'unknown sheet "{other[:-4]}"; did you mean "{meant}"'):
            un.load_study(tmp_path / "made")
        (tmp_path / "made" / other).unlink()


def figures(text):
    return with_digits(parse_toml(text))


@pytest.mark.parametrize(
    ("written", "published", "expected"),
    [
        # a number that says itself how many digits it has, and one that would have others without its point
        ("3", {"published": 3}, {"value": 3}),
        ("2.5", {"published": 2.5}, {"value": 2.5}),
        ("1e2", {"published": 100}, {"value": 100}),
        ("2.20", {"published": 2.2, "digits": 3}, {"value": 2.2, "digits": 3}),
        ("100.0", {"published": 100, "digits": 4}, {"value": 100, "digits": 4}),
        ("-1.0", {"published": -1, "digits": 2}, {"value": -1, "digits": 2}),
    ],
)
def test_digits_are_said_where_a_number_alone_does_not_tell(written, published, expected):
    found = figures(f"outputs.y.published = {written}\nreadings.r.expect.y = {written}")
    assert found == {"outputs": {"y": published}, "readings": {"r": {"expect": {"y": expected}}}}
    for number in (found["outputs"]["y"]["published"], found["readings"]["r"]["expect"]["y"]["value"]):
        assert "." not in repr(number) or number % 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{ value = 1.0 }", {"value": 1, "digits": 2}),
        ("{ low = 1.0, high = 2.50 }", {"low": 1, "high": 2.5, "digits": {"low": 2, "high": 3}}),
        ("{ low = 1.0, high = 2.0, digits = 3 }", {"low": 1, "high": 2, "digits": {"low": 3, "high": 2}}),
        ("{ low = 1.0, high = 2.5, digits = 3 }", {"low": 1, "high": 2.5, "digits": 3}),
        ("{ low = 1.0, high = 2.5 }", {"low": 1, "high": 2.5, "digits": 2}),
        ("{ low = 1, high = 2.0 }", {"low": 1, "high": 2, "digits": {"high": 2}}),
        (
            "{ value = 1.0, low = 2.0, digits = { low = 1 } }",
            {"value": 1, "low": 2, "digits": {"low": 1, "value": 2}},
        ),
        ("{ value = 1.0, level = 0.90 }", {"value": 1, "level": 0.9, "digits": 2}),
        ("{ m = 1.0, n = 2.5 }", {"m": {"value": 1, "digits": 2}, "n": 2.5}),
        ("{ m = { value = 1.0 } }", {"m": {"value": 1, "digits": 2}}),
    ],
)
def test_each_figure_of_a_table_says_its_digits(written, read):
    found = figures(f"outputs.y.published = {written}\nreadings.r.expect.y = {written}")
    assert found["outputs"]["y"]["published"] == read
    assert found["readings"]["r"]["expect"]["y"] == read


def test_digits_that_were_given_are_kept():
    given = "outputs.y = { published = 1.0, digits = 4 }\n[outputs.z]\n[readings.r]\nlabel = 'x'\n"
    assert figures(given) == {
        "outputs": {"y": {"published": 1, "digits": 4}, "z": {}},
        "readings": {"r": {"label": "x"}},
    }
    assert figures("") == {}


def told(path):
    with pytest.raises(un.UncertaintyError) as caught:
        read_tables(path)
    return [str(fault).removeprefix(f"{path}: ") for fault in caught.value.faults]


def test_json_that_is_no_study_says_what_it_is(tmp_path):
    path = tmp_path / "s.json"
    for text, said in (
        ("[]", "is not JSON of a study: expected an object"),
        ('{"command": "run", "version": "1"}', "holds what uncertainty run found, and is no study"),
        (
            f'{{"command": "{"r" * 50}", "version": 1}}',
            f"holds what uncertainty {'r' * 40} found, and is no study",
        ),
    ):
        path.write_text(text)
        assert told(path) == [said]
    path.write_text('{"a": null, "b": {"c d": [1, null, {"e": null, "f": 2.50}]}, "command": 1}')
    found = read_parts(path)
    assert found.tables == {"b": {"c d": [1, "", {"f": 2.5}]}, "command": 1}
    assert found.tables["b"]["c d"][2]["f"].text == "2.50"
    assert [fault.key for fault in found.faults] == ["a", 'b."c d"[1]', 'b."c d"[2].e']
    assert found.partial == ("", 'b."c d"[1]', 'b."c d"[2].e')
    assert {fault.message for fault in found.faults} == {"is null; leave the key out, or give it a value"}
    assert {fault.file for fault in found.faults} == {str(path)}


def test_inputs_alone_name_the_sources_that_they_cite(write_study, tmp_path):
    path = write_study("""
        format = 1
        study = { title = "t", headline = "y" }
        indices.c = { members = ["us", "de"] }
        sources.doe = { title = "Things", authors = ["Doe, Jane"], year = 2020 }
        inputs.a = { unit = "1", point = 1, source = "@doe, p. 3", note = "as @doe", label = "A" }
        inputs.b = { unit = "1", index = ["c"], point = 2, source = { us = "@doe", de = "mine" } }
        outputs.y = { unit = "1", value = "a" }
    """)
    study = un.load_study(path)
    found = inputs_alone(path, study.sources)["inputs"]
    assert (found["a"]["source"], found["a"]["note"], found["a"]["label"]) == (
        "Doe 2020, p. 3",
        "as Doe 2020",
        "A",
    )
    assert found["b"]["source"] == {"us": "Doe 2020", "de": "mine"}
    assert "note" not in found["b"]


def test_inputs_alone_are_no_study_yet(tmp_path):
    with pytest.raises(un.StudyError) as caught:
        as_toml({"format": 1, "inputs": {"a": {}}}, tmp_path / "x.csv")
    path = tmp_path / "x.csv"
    assert str(caught.value) == f"{path}: has no outputs; uncertainty new x.toml --from {path} begins a study"
    assert as_toml({"format": 1}, path) == b"#:schema study.schema.json\n\nformat = 1\n"
    assert as_toml({"inputs": {"a": {}}, "study": {}}, path).startswith(b"#:schema")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("inputs2", "inputs"),
        ("inputs (1) 2_", "inputs"),
        ("2inputs", "inputs"),
        ("option_equation", "option_equations"),
        ("putouts", None),
        ("input data", None),
        ("measured", None),
    ],
)
def test_a_sheet_of_another_name_is_unread_or_misspelt(tmp_path, name, meant):
    (tmp_path / "inputs.csv").write_text("name,unit,point\na,kg,1\n")
    (tmp_path / f"{name}.csv").write_text("x\n1\n")
    found = read_parts(tmp_path)
    said = [f'{tmp_path}: unknown sheet "{name}"; did you mean "{meant}"?'] if meant else []
    assert [str(fault) for fault in found.faults] == said
    assert (found.unread, found.partial) == ((name,), ("",) if meant else ())
    assert found.tables["inputs"] == {"a": {"unit": "kg", "point": 1}}


def test_a_sheet_with_a_fault_is_not_whole(tmp_path):
    (tmp_path / "inputs.csv").write_text("name,unit,point\na,kg,1\n")
    (tmp_path / "outputs.csv").write_text("name,unit,colour\ny,kg,red\n")
    found = read_parts(tmp_path)
    assert [str(fault) for fault in found.faults] == [f'{tmp_path}: outputs: unknown heading "colour"']
    assert found.partial == ("outputs",)


def test_a_form_that_is_unknown_is_refused_with_those_that_there_are(small, tmp_path):
    target = tmp_path / "x.txt"
    with pytest.raises(un.SettingError) as caught:
        write_study(Path(small.file), target)
    said = str(caught.value).removeprefix(f"{target}: expected a name that ends in ")
    named, _, other = said.partition(", or ")
    assert (set(named.split(", ")), other) == (
        {".xlsx", ".csv", ".json", ".toml", *ENDINGS},
        "a folder's name",
    )
    with pytest.raises(un.SettingError) as caught:
        write_study(Path(small.file), tmp_path / "folder", {"inputs.csv": b""})
    said = "inputs.csv is a data file of the study and a sheet of it, too"
    assert str(caught.value) == f"{tmp_path / 'folder'}: {said}"


def test_a_folder_keeps_no_sheet_of_an_older_study(small, tmp_path):
    home = tmp_path / "folder"
    home.mkdir()
    for name in ("curves.csv", "notes.csv"):
        (home / name).write_text("name\n")
    write_study(Path(small.file), home, {"d.csv": b"x"})
    assert not (home / "curves.csv").exists()
    assert (home / "notes.csv").exists()
    assert (home / "d.csv").read_bytes() == b"x"


INPUTS = "name,unit,point,low,high\na,t,1500,,\nb,kWh,{code},,\nc,t,2,1,\nd,kg,12,,{high}\ne,m,3,,\n"


@pytest.mark.parametrize(
    ("code", "high", "told"),
    [("9", "9999", "high: 9999"), ("-9", "", "point: -9"), ("-1", "", "point: -1"), ("9", "99", "")],
)
def test_numbers_for_missing_values_among_inputs_are_told(code, high, told, tmp_path):
    (tmp_path / "e.csv").write_text(INPUTS.format(code=code, high=high), encoding="utf-8")
    derived = derive(str(tmp_path / "e.csv"), tmp_path / "e.toml")
    said = f"{told} is read as one of the data; leave out its row if it says that a value is missing."
    assert [each for each in derived.notes if "missing" in each] == ([said] if told else [])


@pytest.mark.parametrize("code", ["-999", "-9999", "-99.9"])
def test_numbers_that_say_that_a_value_is_missing_are_refused_among_inputs(code, tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(INPUTS.format(code=code, high=""), encoding="utf-8")
    with pytest.raises(un.StudyError) as caught:
        derive(str(path), tmp_path / "e.toml")
    assert f"line 3: point: {code} may say that a value is missing" in str(caught.value)
    number = float(code)
    path.write_text(INPUTS.format(code=f"{number:e}", high=""), encoding="utf-8")
    assert derive(str(path), tmp_path / "e.toml").text.count(f"point = {number:g}") == 1
