"""A study that goes to a workbook, to CSV or to JSON and comes back is the same study."""

import json
from pathlib import Path

import pytest
from study_contents import contents

import uncertainty as un
from uncertainty.study import bundled
from uncertainty.study.conversion import write_study
from uncertainty.study.derived import derive

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


@pytest.mark.parametrize(("path", "form"), PAIRS, ids=lambda part: getattr(part, "stem", part))
def test_a_study_comes_back_whole(path, form, tmp_path):
    if 'empirical("' in path.read_text(encoding="utf-8"):
        pytest.skip("it reads a file beside it")
    write_study(path, tmp_path / form)
    assert contents(un.load_study(tmp_path / form)) == contents(un.load_study(path))
    again = tmp_path / "again.toml"
    again.write_text(derive(tmp_path / form, again).text, encoding="utf-8")
    assert contents(un.load_study(again)) == contents(un.load_study(path))


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

    from openpyxl import load_workbook

    from uncertainty.study.conversion import write_study as convert

    convert(write_study(TRICKY.replace("\\u007f", "")), tmp_path / "study.xlsx")
    book = load_workbook(tmp_path / "study.xlsx")
    columns = {cell.value: cell.column for cell in book["sources"][1]}
    book["sources"].cell(2, columns["accessed"]).value = dt.date(2026, 11, 27)
    book["sources"].cell(2, columns["arxiv"]).value = 2303.0621
    book["sources"].cell(3, columns["arxiv"]).value = 704.0001
    book.save(tmp_path / "study.xlsx")
    one, other = un.load_study(tmp_path / "study.xlsx").sources.values()
    assert (one.accessed, one.arxiv) == (dt.date(2026, 11, 27), "2303.06210")
    assert other.arxiv == "0704.0001"


def test_no_cell_of_a_study_is_a_formula(write_study, tmp_path):
    import openpyxl

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
