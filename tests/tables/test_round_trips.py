"""A table that goes to a file and comes back has lost nothing: no digit, no unit, no word of its origin."""

import hashlib
import json
import math
import re
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.tables import Table, read_table, save_table, workbook
from uncertainty.tables.csv_file import read_sheet, rows_text, sheet_text
from uncertainty.tables.formats import (
    FORMATS,
    format_of,
    format_to_write,
    holds_already,
    refuse_another,
    save_once,
)
from uncertainty.tables.sheets import Percentage, Row, Sheet
from uncertainty.tables.table import checksum
from uncertainty.tables.workbook import write_sheets

ENDINGS = list(FORMATS)


def assert_same(found, wanted):
    assert found.name == wanted.name
    assert list(found.columns) == list(wanted.columns)
    assert dict(found.units) == dict(wanted.units)
    assert dict(found.about) == dict(wanted.about)
    for name, column in wanted.columns.items():
        if isinstance(column, np.ndarray):
            np.testing.assert_array_equal(found.columns[name], column, strict=True)
        else:
            assert found.columns[name] == column


@pytest.fixture(scope="module")
def run():
    return un.propagate(un.load_study("gauge-block"), samples=300, design="lhs")


@pytest.fixture(scope="module")
def draws(run):
    return Table.whole(run.draws)


@pytest.mark.parametrize("ending", ENDINGS)
def test_draws_come_back_bit_for_bit(run, draws, tmp_path, ending):
    run.save(tmp_path / f"draws{ending}")
    found = read_table(tmp_path / f"draws{ending}")
    assert_same(found, draws)
    assert len(found.checksum) == 64


@pytest.mark.parametrize("ending", ENDINGS)
def test_results_come_back_with_their_words_and_gaps(run, tmp_path, ending):
    run.table.save(tmp_path / f"results{ending}")
    assert_same(read_table(tmp_path / f"results{ending}"), run.table)


HARD = Table(
    "hard",
    {
        "=name": (
            "=1+1",
            "+44",
            "-5",
            "@SUM(A1)",
            "'quoted'",
            "'=twice",
            "\tafter a tab",
            "#N/A",
            'a,b;"c"\nd',
            "÷ 数 🙂 \u202e",
            "_x000D_",
            "",
            "007",
            " space ",
        ),
        "number": np.array(
            [
                0.1 + 0.2,
                1e-300,
                5e-324,
                -0.0,
                1.7976931348623157e308,
                math.nan,
                math.pi,
                2.0**53 + 2,
                -1e15,
                1 / 3,
                123456789.12345679,
                0.0,
                1.0,
                1e22,
            ]
        ),
    },
    {"number": "µg/m²"},
    {"of": "÷", "nested": {"a": [1, 2.5, None]}},
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_of_a_hard_table_is_lost(tmp_path, ending):
    save_table(HARD, tmp_path / f"hard{ending}")
    found = read_table(tmp_path / f"hard{ending}")
    assert_same(found, HARD)
    zero = found.columns["number"][3]
    assert math.copysign(1, zero) == -1


@pytest.mark.parametrize("ending", ENDINGS)
def test_words_that_look_like_numbers_stay_words(tmp_path, ending):
    codes = Table("codes", {"code": ("007", "1", ""), "n": np.array([1.0, np.nan, 2.0])})
    save_table(codes, tmp_path / f"codes{ending}")
    assert_same(read_table(tmp_path / f"codes{ending}"), codes)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_without_rows_has_its_columns_still(tmp_path, ending):
    empty = Table("empty", {"a": np.array([]), "b": np.array([])}, {"a": "kg"})
    save_table(empty, tmp_path / f"empty{ending}")
    found = read_table(tmp_path / f"empty{ending}")
    assert list(found.columns) == ["a", "b"]
    assert found.rows == 0


SMALL = Table(
    "small",
    {"=a": ("x", "=1", "÷"), "b": np.array([0.1, math.nan, -math.inf])},
    {"b": "µg"},
    {"seed": 1, "of": "ü"},
)

SMALL_JSON = """{
 "format": 1,
 "name": "small",
 "about": {
  "seed": 1,
  "of": "ü"
 },
 "columns": [
  {
   "name": "=a",
   "type": "text"
  },
  {
   "name": "b",
   "type": "number",
   "unit": "µg"
  }
 ],
 "rows": [
  ["x", 0.1],
  ["=1", null],
  ["÷", null]
 ],
 "checksum": "CHECKSUM"
}
"""

SMALL_METADATA = """{
 "@context": "http://www.w3.org/ns/csvw",
 "url": "small.csv",
 "tableSchema": {
  "columns": [
   {
    "name": "=a",
    "titles": [
     "=a"
    ],
    "datatype": "string"
   },
   {
    "name": "b",
    "titles": [
     "b"
    ],
    "datatype": "number",
    "schema:unitText": "µg"
   }
  ]
 },
 "notes": [
  {
   "name": "small",
   "sha256": "SHA256",
   "checksum": "CHECKSUM",
   "about": {
    "seed": 1,
    "of": "ü"
   }
  }
 ]
}
"""


def test_a_table_as_text_is_this_to_the_letter(tmp_path):
    save_table(SMALL, tmp_path / "small.csv")
    save_table(SMALL, tmp_path / "small.json")
    content = (tmp_path / "small.csv").read_bytes()
    assert content.decode() == "\ufeff'=a,b\r\nx,0.1\r\n'=1,\r\n÷,-inf\r\n"
    metadata = SMALL_METADATA.replace("SHA256", hashlib.sha256(content).hexdigest())
    metadata = metadata.replace("CHECKSUM", checksum(SMALL, SMALL.parts()))
    assert (tmp_path / "small.csv-metadata.json").read_text(encoding="utf-8") == metadata
    written = SMALL_JSON.replace("CHECKSUM", checksum(SMALL, SMALL.parts(), infinite=False))
    assert (tmp_path / "small.json").read_text(encoding="utf-8") == written


def test_printed_tables_hold_nothing_that_steers(tmp_path):
    steering = Table("t", {"a\x1b[31m": ("x\x07\x02\u202ey\x9b2J", "z")})
    for ending in (".md", ".tex"):
        save_table(steering, tmp_path / f"t{ending}")
        text = (tmp_path / f"t{ending}").read_text(encoding="utf-8")
        assert "xy" in text
        assert not set("\x1b\x07\x02\u202e\x9b") & set(text)


def test_a_name_that_is_no_text_names_a_file_of_metadata_too(tmp_path):
    path = tmp_path / "x\udcff y.csv"
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system has names in UTF-8 alone")
    path.unlink()
    save_table(SMALL, path)
    assert_same(read_table(path), SMALL)
    beside = path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8")
    assert json.loads(beside)["url"] == "x%FF%20y.csv"


def test_a_mark_stands_before_what_is_more_than_ascii_alone(tmp_path):
    for heading, words in (("a", ("x",)), ("ä", ("x",)), ("a", ("ä",))):
        save_table(Table("t", {heading: words, "n": np.array([1.0])}), tmp_path / "t.csv")
        marked = (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert marked == (not (heading + words[0]).isascii())


def test_rows_for_a_spreadsheet_are_text_with_gaps_for_what_they_lack():
    rows = [{"=a": "-x", "b": True, "c": 1}, {"b": 0.5}, {"=a": 'two\n"lines"', "b": Percentage(0.25)}]
    assert rows_text(("=a", "b"), rows) == '\'=a,b\n\'-x,true\n,0.5\n"two\n""lines""",0.25\n'
    assert rows_text(("a",), [{"a": "ä"}]) == "\ufeffa\nä\n"
    assert rows_text(("a",), [{"a": "x\r\ny"}]) == 'a\n"x\r\ny"\n'
    sheet = Sheet("s", ("a", "b"), [Row("", {"a": False}), Row("", {"b": None})])
    assert sheet_text(sheet) == "a,b\nfalse,\n,\n"


@pytest.mark.parametrize(
    ("ending", "old", "new", "message"),
    [
        (".json", '"name": "b"', '"name": "=a"', "is not a table that this program has written"),
        (".nc", "small", "smoll", "is damaged: it does not hold what was written to it"),
        (".json", '["x", 0.1]', '["x", 0.2]', "is damaged: it does not hold what was written to it"),
        (
            ".csv",
            "0.1",
            "0.2",
            "has changed since small.csv-metadata.json was written; remove that to read it alone",
        ),
    ],
)
def test_a_table_that_somebody_changed_is_refused(tmp_path, ending, old, new, message):
    path = tmp_path / f"small{ending}"
    save_table(SMALL, path)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    with pytest.raises(un.SettingError) as caught:
        read_table(path)
    assert str(caught.value) == f"{path}: {message}"


def test_numbers_of_json_are_numbers_without_a_fraction_or_value(tmp_path):
    path = tmp_path / "t.json"
    head = '{"name": "t", "about": {}, "columns": [{"name": "n", "type": "number"}], "rows": '
    for rows, wanted in (("[[1], [null]]", [1.0, np.nan]), ("[[1], [2]]", [1.0, 2.0]), ("[]", [])):
        path.write_text(f"{head}{rows}}}")
        found = read_table(path)
        np.testing.assert_array_equal(found.columns["n"], np.array(wanted), strict=True)
        assert (found.name, found.checksum) == ("t", "")


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_without_a_number_are_rows(tmp_path, ending):
    table = Table("gaps", {"a": np.array([np.nan, 1.0, np.nan]), "b": np.full(3, np.nan)})
    save_table(table, tmp_path / f"gaps{ending}")
    assert_same(read_table(tmp_path / f"gaps{ending}"), table)


def test_no_cell_of_csv_is_a_formula(tmp_path):
    save_table(HARD, tmp_path / "hard.csv")
    text = (tmp_path / "hard.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("'=name")
    assert not [line for line in text.splitlines() if line.lstrip('"')[:1] in tuple("=+@\t")]


def test_no_cell_of_a_workbook_is_a_formula_or_an_error(tmp_path):
    import openpyxl

    save_table(HARD, tmp_path / "hard.xlsx")
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "hard.xlsx")["hard"].iter_rows() for cell in row
    ]
    assert {cell.data_type for cell in cells} == {"s", "n", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "@")))


def test_metadata_of_another_csv_are_not_taken_for_this_one_s(tmp_path):
    path = tmp_path / "hard.csv"
    save_table(HARD, path)
    path.write_text("a\n1\n")
    with pytest.raises(un.SettingError, match=r"has changed since hard\.csv-metadata\.json was written"):
        read_table(path)
    (tmp_path / "hard.csv-metadata.json").unlink()
    assert read_table(path).columns["a"] == [1]


def test_a_signal_while_a_csv_is_renamed_leaves_it_with_its_own_metadata(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    save_table(Table("old", {"a": np.arange(3.0)}), path)
    replace = Path.replace

    def interrupted(self, target):
        signal.raise_signal(signal.SIGINT)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_table(HARD, path)
    assert_same(read_table(path), HARD)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "a.csv-metadata.json"]


def test_what_stands_beside_a_new_csv_is_replaced_only_where_a_table_left_it(tmp_path):
    path, beside = tmp_path / "own.csv", tmp_path / "own.csv-metadata.json"
    table = Table("draws", {"a": np.array([1.0, 2.0])}, {"a": "kg"}, {})
    save_once(table, path)
    path.unlink()
    save_once(table, path)
    assert read_table(path).columns["a"].tolist() == [1.0, 2.0]
    path.unlink()
    for foreign in ("mine", '{"notes": []}', "[]"):
        beside.write_text(foreign)
        with pytest.raises(un.SettingError, match=r"stands where what belongs to own\.csv is written"):
            save_once(table, path)
        assert beside.read_text() == foreign


def test_a_csv_behind_a_link_has_its_metadata_beside_it(tmp_path):
    (tmp_path / "far").mkdir()
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "far" / "a.csv")
    save_table(HARD, link)
    assert_same(read_table(link), HARD)
    assert sorted(each.name for each in (tmp_path / "far").iterdir()) == ["a.csv", "a.csv-metadata.json"]


def test_a_run_that_saved_its_draws_as_it_went_wrote_the_same(tmp_path):
    study = un.load_study("gauge-block")
    run = un.propagate(study, samples=300, save=tmp_path / "a.parquet")
    assert_same(read_table(tmp_path / "a.parquet"), Table.whole(run.draws))


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_the_draws_of_a_run_are_those_that_it_was_summarised_from(small, design):
    run = un.propagate(small, samples=1000, design=design, outputs=["yearly"])
    table = Table.whole(run.draws)
    np.testing.assert_array_equal(table.columns["outputs.yearly"], run.outputs["yearly"].values)
    assert list(table.units) == ["inputs.distance", "inputs.intensity", "inputs.trips", "outputs.yearly"]
    product = (
        table.columns["inputs.distance"] * table.columns["inputs.intensity"] * table.columns["inputs.trips"]
    )
    np.testing.assert_allclose(table.columns["outputs.yearly"], product / 1000)


def test_the_draws_of_a_run_that_went_on_are_those_that_it_ended_with(small):
    run = un.propagate(small, samples=512, until=0.02, outputs=["yearly"])
    assert run.draws.rows == run.settings.samples > 512
    np.testing.assert_array_equal(
        Table.whole(run.draws).columns["outputs.yearly"], run.outputs["yearly"].values
    )


def test_an_unknown_ending_is_refused_with_those_that_there_are(run):
    with pytest.raises(un.SettingError, match=r"draws.txt: expected a name that ends in .parquet, .nc, .csv"):
        run.save("draws.txt")
    with pytest.raises(un.SettingError, match=r'did you mean ".parquet"'):
        run.save("draws.parquett")


@pytest.mark.parametrize(
    ("ending", "library", "extra"), [(".xlsx", "openpyxl", "excel"), (".nc", "h5netcdf", "netcdf")]
)
def test_a_missing_library_is_one_line_that_names_the_extra(
    run, monkeypatch, tmp_path, ending, library, extra
):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(un.SettingError) as caught:
        run.save(tmp_path / f"draws{ending}")
    begins = f'{library} is not installed; the extra "{extra}" brings it, and so does: pip install '
    assert str(caught.value).startswith(begins)
    assert library in str(caught.value).removeprefix(begins).split()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_write_that_fails_leaves_the_old_file(tmp_path, ending, monkeypatch):
    path = tmp_path / f"a{ending}"
    save_table(HARD, path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(un.UncertaintyError, match="cannot be written: No space left on device"):
        save_table(HARD, path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_is_something_else_is_refused_in_one_line(tmp_path, ending):
    path = tmp_path / f"other{ending}"
    path.write_bytes(b"\xff\xfe\x00something else")
    with pytest.raises(un.SettingError) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_sheet_too_long_for_a_workbook_is_refused_before_it_is_made(tmp_path):
    long = Table("long", {"a": np.zeros(2**20)})
    with pytest.raises(un.SettingError, match="1,048,575 rows"):
        save_table(long, tmp_path / "long.xlsx")
    assert not list(tmp_path.iterdir())


def told(call, *given, **named):
    with pytest.raises(un.UncertaintyError) as caught:
        call(*given, **named)
    return str(caught.value)


def test_a_name_says_its_format_or_is_refused(tmp_path):
    every = ".parquet, .nc, .csv, .xlsx, .json"
    path = tmp_path / "d.CSV"
    assert format_of(path).__name__ == format_to_write(path).__name__ == "uncertainty.tables.csv_file"
    assert told(format_of, "d.cvs") == f'd.cvs: expected a name that ends in {every}; did you mean ".csv"?'
    assert told(format_of, "d", [".x"]) == f"d: expected a name that ends in {every}, .x"
    assert told(format_of, "d.tex") == (
        "d.tex: a table ends in .tex to be printed; what is to be read again ends in .csv"
    )
    nowhere = tmp_path / "nowhere"
    assert told(format_to_write, nowhere / "d.csv") == f"{nowhere / 'd.csv'}: there is no folder {nowhere}"
    (tmp_path / "e.csv-metadata.json").mkdir()
    assert told(format_to_write, tmp_path / "e.csv").startswith(
        f"{tmp_path / 'e.csv-metadata.json'}: is a folder"
    )
    beside = tmp_path / "f.csv-metadata.json"
    beside.write_text("{}")
    assert told(format_to_write, tmp_path / "f.csv") == (
        f"{beside}: stands where what belongs to f.csv is written; choose another name"
    )


def test_a_table_is_saved_once_and_then_found(tmp_path):
    path = tmp_path / "d.json"
    about = {"seed": 1, "numpy": "2.0", "version": "1.0"}
    table = Table("draws", {"a": np.array([1.0])}, {"a": "kg"}, about)
    assert holds_already(table, path) is False
    save_once(table, path)
    before = path.stat().st_mtime_ns
    save_once(table, path)
    assert holds_already(table, path) is True
    later = Table("draws", table.columns, table.units, {**about, "seed": 2})
    assert holds_already(later, path, but=["seed"]) is True
    assert "seed is 1, not 2" in told(holds_already, later, path)
    assert path.stat().st_mtime_ns == before
    advice = "; remove it or choose another name"
    save_table(Table("other", {"a": np.array([1.0])}), path)
    assert told(holds_already, table, path) == f"{path}: holds no draws of a run{advice}"
    path.write_text("{}")
    assert told(holds_already, table, path) == f"{path}: is not a table that this program has written{advice}"


def test_draws_of_another_run_are_refused_with_the_first_difference(tmp_path):
    about = {"seed": 1, "numpy": "2.0", "version": "1.0", "choices": {"how": "a"}}
    found = Table("draws", {"a": np.array([1.0])}, {"a": "kg"}, about)
    place, advice = tmp_path / "d.csv", "; remove it or choose another name"

    def refused(unit="kg", but=(), option="", **changed):
        wanted = Table("draws", {}, {"a": unit} if unit else {}, {**about, **changed})
        return told(refuse_another, place, found, wanted, but=but, option=option)

    other = f"{place}: holds the draws of another run "
    assert refused(seed=2) == f"{other}(seed is 1, not 2){advice}"
    assert refused(seed=2, numpy="3") == f"{other}(numpy is 2.0, not 3){advice}"
    assert refused(seed=2, version="2") == f"{other}(version of uncertainty is 1.0, not 2){advice}"
    assert refused(unit="") == f"{other}(units is a kg, not nothing){advice}"
    assert refused(choices={"how": "b", "who": "c"}) == f"{other}(choices is how a, not how b, who c){advice}"
    assert refused(until="0.1") == f"{other}(until is nothing, not 0.1){advice}"
    assert refused(seed=2, numpy="3", but=["numpy"]) == f"{other}(seed is 1, not 2){advice}"
    assert refused(seed=2, option="--save").startswith(
        f"--save: {place} holds the draws of another run (seed"
    )
    refuse_another(place, found, found)
    refuse_another(place, found, Table("x", {}, {"a": "kg"}, {**about, "seed": 9}), but=["seed"])


def test_netcdf_holds_parts_that_end_within_a_chain(tmp_path):
    class Parts:
        name, rows, chain_rows, about = "draws", 10, 5, {"replicate_rows": 5, "of": "ü"}
        numeric, units = {"inputs.x": True}, {"inputs.x": "µg"}

        def parts(self):
            for start, stop in ((0, 3), (3, 6), (6, 10)):
                yield {"inputs.x": np.arange(float(start), stop)}

    import h5netcdf

    save_table(Parts(), tmp_path / "d.nc")
    np.testing.assert_array_equal(read_table(tmp_path / "d.nc").columns["inputs.x"], np.arange(10.0))
    with h5netcdf.File(tmp_path / "d.nc") as file:
        np.testing.assert_array_equal(file["prior/x"][...], np.arange(10.0).reshape(2, 5))
        assert '"of": "ü"' in file.attrs["uncertainty"]


@pytest.mark.parametrize("name", ["a/b", "row", "inputs.draw", "outputs.chain"])
def test_a_name_that_netcdf_cannot_have_is_refused(tmp_path, name):
    assert told(save_table, Table("t", {"x": np.zeros(1), name: np.zeros(1)}), tmp_path / "t.nc") == (
        f'NetCDF cannot have a variable called "{name}"'
    )


def test_a_checksum_tells_infinities_where_the_file_can():
    finite, infinite, gap = (Table("t", {"x": np.array([each])}) for each in (1.0, np.inf, np.nan))
    assert len({checksum(t, t.parts()) for t in (finite, infinite, gap)}) == 3
    assert len({checksum(t, t.parts(), infinite=False) for t in (finite, infinite, gap)}) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"columns": {"a": ("x",), "b": np.zeros(2)}}, "expected columns of one length, found [1, 2]"),
        ({"columns": {"a": ("x", 1)}}, "a: expected numbers or words, found both, or neither"),
        ({"columns": {}, "units": {"a": 1}}, "expected names, units and a checksum in words"),
        ({"columns": {}, "about": {1: 2}}, "expected what the numbers depend on by name"),
    ],
)
def test_what_is_no_table_says_why(fields, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Table("t", **fields)


def test_a_workbook_is_laid_out_to_be_read(tmp_path):
    import openpyxl

    rows = [Row("", {"name": "a", "note": "x" * 60, "on": True, "n": 2.5}), Row("", {"name": "=b", "n": 3})]
    rows.append(Row("", {"note": "y" * 1000}))
    write_sheets([Sheet("one", ("name", "note", "on", "n"), rows)], tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["one"]
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[each].width for each in "ABCD"] == [10, 48, 10, 10]
    # 1.1 times as many signs as fit into 48, in lines of 15 points, and no more than 12
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [30, 15, 180]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["name", "note", "on", "n"],
        ["a", "x" * 60, True, 2.5],
        ["=b", None, None, 3],
        [None, "y" * 1000, None, None],
    ]
    assert [cell.font.b for cell in sheet[1]] == [True] * 4
    assert [cell.font.b for cell in sheet[2]] == [False] * 4
    assert [bool(cell.alignment.wrap_text) for cell in sheet[2]] == [False, True, False, False]
    assert {cell.alignment.vertical for cell in sheet[2]} == {"top"}
    assert {cell.alignment.vertical for cell in sheet[1]} == {None}
    assert [sheet["A2"].quotePrefix, sheet["A3"].quotePrefix] == [False, True]
    assert [sheet[each].has_style for each in ("A3", "B3")] == [True, False]
    assert [sheet[each].data_type for each in ("A3", "C2", "D2")] == ["s", "b", "n"]


def test_columns_of_a_workbook_are_as_wide_as_their_headings_and_long_texts_are_wrapped(tmp_path):
    import openpyxl

    save_table(Table("t", {each: np.zeros(1) for each in ("a" * 12, "b" * 60)}), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["t"]
    assert [sheet.column_dimensions[each].width for each in "AB"] == [14, 48]
    rows = [Row("", {"note": "x" * length}) for length in (48, 49)]
    write_sheets([Sheet("one", ("note",), rows)], tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["one"]
    assert [bool(sheet[each].alignment.wrap_text) for each in ("A2", "A3")] == [False, True]
    rows = [Row("", {"y" * 12: "x", "note": "x" * 20, "n": 1.0}), Row("", {"y" * 12: ""})]
    write_sheets([Sheet("one", ("y" * 12, "note", "n"), rows)], tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["one"]
    assert [sheet.column_dimensions[each].width for each in "ABC"] == [14, 22, 10]
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [15, 15]


def test_a_sheet_may_have_as_many_rows_and_columns_as_excel_allows():
    for rows, columns, fits in ((2**20 - 1, 2**14, True), (2**20, 1, False), (1, 2**14 + 1, False)):
        table = SimpleNamespace(rows=rows, numeric=dict.fromkeys(range(columns)))
        if fits:
            workbook.check(table)
        else:
            assert told(workbook.check, table).endswith(
                f"at most, not {rows:,} and {columns:,}; .parquet and .nc hold more"
            )


def test_a_table_of_a_workbook_without_its_kinds_has_those_of_its_cells(tmp_path):
    import openpyxl

    path = tmp_path / "t.xlsx"
    save_table(Table("t", {"a": ("", "x"), "b": np.array([1.0, np.nan]), "c": ("", "")}), path)
    assert read_table(path).columns["c"] == ("", "")
    book = openpyxl.load_workbook(path)
    book["about"].delete_rows(5)
    book.save(path)
    found = read_table(path)
    assert (found.columns["a"], found.checksum) == (("", "x"), "")
    np.testing.assert_array_equal(found.columns["b"], [1.0, np.nan])
    np.testing.assert_array_equal(found.columns["c"], [np.nan, np.nan])


def test_a_table_s_workbook_says_what_it_is_of(tmp_path):
    import json
    import zipfile

    import openpyxl

    save_table(SMALL, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["small", "about"]
    assert [cell.value for cell in book["about"][1]] == ["key", "value"]
    assert {row[0].value: json.loads(row[1].value) for row in book["about"].iter_rows(2)} == {
        "name": "small",
        "units": {"b": "µg"},
        "about": {"seed": 1, "of": "ü"},
        "numeric": {"=a": False, "b": True},
    }
    assert "ü" in book["about"]["B4"].value
    assert [book["small"].column_dimensions[each].width for each in "AB"] == [10, 10]
    assert book["small"].row_dimensions[2].height is None
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert archive.comment.decode() == checksum(SMALL, SMALL.parts(), infinite=False)


def test_what_a_workbook_cannot_hold_is_told_with_its_place(tmp_path):
    path = tmp_path / "s.xlsx"
    for text, said in (
        ("x" * 32_768, f"a cell holds 32,767 characters at most, not 32,768: {'x' * 40}…"),
        ("a\x01", "a workbook cannot hold the character U+0001: 'a\\x01'"),
        ("\r", "a workbook cannot hold the character U+000D: '\\r'"),
        ("\uffff", "a workbook cannot hold the character U+FFFF: '\\uffff'"),
    ):
        rows = [Row("", {"name": "n" * 50, "note": text})]
        assert told(write_sheets, [Sheet("one", ("name", "note"), rows)], path) == (
            f"{path}: one, {'n' * 40}, note: {said}"
        )
        assert not path.exists()
    wide = Table("wide", {f"c{n}": np.zeros(1) for n in range(2**14 + 1)})
    assert told(save_table, wide, path) == (
        "a sheet has 1,048,575 rows and 16,384 columns at most, not 1 and 16,385; .parquet and .nc hold more"
    )
    fine = "x" * 32_767
    write_sheets(
        [Sheet("one", ("name",), [Row("", {"name": fine}), Row("", {"name": "a\tb\nc_x0041_"})])], path
    )
    import openpyxl

    sheet = openpyxl.load_workbook(path)["one"]
    assert [sheet["A2"].value, sheet["A3"].value] == [fine, "a\tb\nc_x005F_x0041_"]


@pytest.mark.parametrize("text", ["a\0b", "ab\0"])
@pytest.mark.parametrize("ending", [".csv", ".nc", ".xlsx"])
def test_a_null_in_a_text_is_refused_where_a_file_cannot_hold_it(tmp_path, ending, text):
    table = Table("results", {"output": (text, "x"), "value": np.array([1.0, 2.0])})
    with pytest.raises(SettingError, match=r"cannot hold the character U\+0000"):
        save_table(table, tmp_path / f"x{ending}")
    assert not list(tmp_path.iterdir())


def test_a_carriage_return_in_a_cell_of_a_sheet_is_no_end_of_a_line(tmp_path):
    text = rows_text(["name", "label"], [{"name": "a", "label": "b\rc"}, {"name": "d", "label": "e\r\nf"}])
    assert text == 'name,label\na,"b\rc"\nd,"e\r\nf"\n'
    (tmp_path / "inputs.csv").write_bytes(text.encode())
    sheet, faults = read_sheet(tmp_path / "inputs.csv")
    assert not faults
    assert [row.cells["label"] for row in sheet.rows] == ["b\rc", "e\r\nf"]


def test_a_null_in_a_cell_of_a_sheet_is_refused_with_its_place():
    sheet = Sheet("inputs", ["name", "label"], [Row("line 2", {"name": "a", "label": "b\0c"})])
    with pytest.raises(SettingError, match=r"inputs, a, label: a CSV file cannot hold the character U\+0000"):
        sheet_text(sheet)


@pytest.mark.parametrize("ending", [".csv", ".json", ".md", ".nc", ".parquet", ".tex"])
def test_half_a_character_is_refused_in_one_line(tmp_path, ending):
    """A name of a file that is no UTF-8 holds such, and Python says of it what its codec does."""
    table = Table("results", {"output": ("a\udcffb", "x"), "value": np.array([1.0, 2.0])})
    path = tmp_path / f"x{ending}"
    with pytest.raises(UncertaintyError) as caught:
        save_table(table, path)
    assert str(caught.value) == f"{path}: cannot be written: no file can hold U+DCFF, half a character"
    assert not list(tmp_path.iterdir())
