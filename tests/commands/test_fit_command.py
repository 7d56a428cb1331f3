"""`uncertainty fit` and `uncertainty suggest`: from data, words and evidence to a line to paste."""

import json
import tomllib

import numpy as np
import pytest

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.tables import read_table


@pytest.fixture
def data(tmp_path):
    random = np.random.default_rng(1)
    rows = zip(random.lognormal(1.5, 0.5, 60), random.normal(5, 1, 60), strict=True)
    (tmp_path / "data.csv").write_text("hours,share\n" + "".join(f"{a:.4f},{b:.4f}\n" for a, b in rows))
    return "data.csv"


def pasted(out):
    """Return what the line to paste says."""
    return tomllib.loads(out[out.index("\ndistribution = ") :])


@pytest.mark.slow
@pytest.mark.parametrize("width", ["80", "120"])
def test_a_column_gets_families_and_a_line_to_paste(command, data, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    found = command("fit", data, "hours")
    assert found.code == 0
    assert found.out.startswith("hours: 60 values of data.csv\n")
    line = pasted(found.out)
    assert parse_distribution(line["distribution"]).support[0] == 0
    assert line["basis"] == "measured"
    assert line["source"] == "60 values of hours in data.csv"
    table = found.out[: found.out.index("\ndistribution")]
    assert max(map(len, table.splitlines())) <= int(width)


@pytest.mark.slow
def test_the_document_and_the_table_have_the_same_numbers(command, data):
    found = json.loads(command("fit", data, "hours", "--json", "--table", "fits.csv").out)
    table = read_table("fits.csv")
    assert [row["family"] for row in found["results"]["fits"]] == list(table.columns["family"])
    assert [row["AICc"] for row in found["results"]["fits"]] == list(table.columns["AICc"])
    assert sum(table.columns["weight"]) == pytest.approx(1)
    assert found["settings"] == {"data": "data.csv", "column": "hours", "seed": 1}


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_data_and_families_are_drawn(command, data, tmp_path, ending, begins):
    assert command("fit", data, "hours", "--family", "gamma", "--plot", f"fit.{ending}").code == 0
    assert (tmp_path / f"fit.{ending}").read_bytes().startswith(begins)
    first = (tmp_path / f"fit.{ending}").read_bytes()
    assert command("fit", data, "hours", "--family", "gamma", "--plot", f"fit.{ending}").code == 0
    assert (tmp_path / f"fit.{ending}").read_bytes() == first
    assert b"CreationDate" not in first


@pytest.mark.slow
def test_a_workbook_is_read_too(command, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in [["Hours"], [2.5], ["3.5"], [4], [6], [9], [2]]:
        book.active.append(row)
    book.save(tmp_path / "data.xlsx")
    assert command("fit", "data.xlsx", "Hours").out.startswith("Hours: 6 values of data.xlsx\n")
    book.active.append(["n/a"])
    book.save(tmp_path / "data.xlsx")
    assert command("fit", "data.xlsx", "hours").out.startswith(
        "Hours: 6 values of data.xlsx; 1 row without a value left out\n"
    )
    book.active.append(["3,5"])
    book.save(tmp_path / "data.xlsx")
    assert command("fit", "data.xlsx", "hours").err == (
        'error: data.xlsx: Sheet, row 9: Hours: "3,5" has a decimal comma; write 3.5\n'
    )


@pytest.mark.slow
def test_draws_that_were_saved_can_be_fitted(command):
    command("run", "gauge-block", "--samples", 300, "--save", "draws.json")
    name = next(name for name in read_table("draws.json").columns if name.startswith("outputs."))
    assert command("fit", "draws.json", name).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["data.csv"], "data.csv: say which column: hours, share"),
        (["data.csv", "hour"], 'data.csv: has no column "hour"; did you mean "hours"?'),
        (["nowhere.csv", "a"], "nowhere.csv: no such file"),
        (["data.csv", "hours", "--plot", "a.gif"], "--plot: expected a file that ends in .svg, .png or .pdf"),
        (["data.csv", "hours", "--low", "0"], "--low: belongs to fits without DATA"),
        (["--mean", "1,5"], '--mean: expected a number, found "1,5"'),
        (["--low", "nan"], '--low: expected a number, found "nan"'),
        (
            ["--cut-off", "5%"],
            '--cut-off: expected a number from 0 to below 1, found "5%"; for 5 % write 0.05',
        ),
        (["--quantiles", "5=1"], '--quantiles: expected such as "p5=1, p95=9", found "5=1"'),
        (
            ["--quantiles", "p0.05=1, p0.5=2, p0.95=4"],
            "--quantiles: p0.05 and p0.95 would be quantiles of less than 1 %",
        ),
        (["--quantiles", "p5=1, p5=2"], "--quantiles: p5 is given twice"),
        (["--quantiles", "p5=3, p95=1"], "--quantiles: p5=3 must be less than p95=1"),
        (["--quantiles", "p5=1, p95=3", "--mean", "2"], "--mean: cannot be combined with --quantiles"),
        ([], "expected DATA and a COLUMN, or --quantiles"),
    ],
)
def test_what_cannot_be_meant_is_one_line(command, data, arguments, message):
    found = command("fit", *arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {message}")
    assert found.err.count("\n") == 1


@pytest.mark.slow
def test_missing_values_are_left_out_and_counted(command, tmp_path):
    cells = ["1", "NA", "2", "N/A", "nan", "", "NULL", "3", " 4 ", "5.5"]
    (tmp_path / "data.csv").write_text("x,y\n" + "".join(f"{cell},1\n" for cell in cells))
    assert command("fit", "data.csv", "x").out.startswith(
        "x: 5 values of data.csv; 5 rows without a value left out\n"
    )
    results = json.loads(command("fit", "data.csv", "x", "--json").out)["results"]
    assert (results["values"], results["missing"]) == (5, 5)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            ["1", "-", "2"],
            (
                "data.csv: line 3: x: expected a number, found '-'; "
                "leave the cell empty, or write NA, where a value is missing"
            ),
        ),
        (["1", "3,5"], 'data.csv: line 3: x: "3,5" has a decimal comma; write 3.5'),
        (["1", "1e400"], "data.csv: line 3: x: a value must be a finite number, not inf"),
        (["NA", "NA"], "data.csv: x: has no values"),
        (
            ["3"] * 5,
            "data.csv: x: all 5 values are 3, so there is no spread to fit; write the constant, fixed(3)",
        ),
        (
            ["3"],
            (
                "data.csv: x: expected at least 5 values, found 1; "
                "give what is known as quantiles instead, or list the values as evidence of an input"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_column_is_said_with_its_place(command, tmp_path, cells, message):
    (tmp_path / "data.csv").write_text("x,y\n" + "".join(f'"{cell}",1\n' for cell in cells))
    found = command("fit", "data.csv", "x")
    assert (found.code, found.out, found.err) == (2, "", f"error: {message}\n")


def test_families_of_one_reason_are_left_out_together(command, tmp_path):
    (tmp_path / "data.csv").write_text("x\n" + "".join(f"{x}\n" for x in [-3, -2.5, -4, -1, -7, -5]))
    said = " ".join(command("fit", "data.csv").out.split())
    assert (
        "Not lognormal, gamma, weibull, exponential, loguniform: only positive values are possible, and the "
        "least of the data is -7."
    ) in said


def test_a_file_whose_heading_cannot_be_read_is_refused_for_that(command, tmp_path):
    (tmp_path / "data.csv").write_bytes("größe\n1\n".encode("latin-1"))
    assert command("fit", "data.csv").err == (
        "error: data.csv: is not UTF-8 text (byte 2); save it as “CSV UTF-8”\n"
    )


def test_what_an_expert_says_gets_a_line_to_paste(command):
    found = command("fit", "--quantiles", "p5=1, p50=3, p95=9")
    made = parse_distribution(pasted(found.out)["distribution"])
    assert made.cdf(np.array([1, 3, 9.0])) == pytest.approx([0.05, 0.5, 0.95], abs=1e-3)
    document = json.loads(command("fit", "--quantiles", "p5=1, p95=9", "--json").out)
    assert document["results"]["distributions"][0]["misplaced"] < 1e-6


@pytest.mark.slow
def test_what_no_family_meets_is_said_before_all_else(command):
    found = command("fit", "--quantiles", "p10=1, p50=3, p90=100")
    meeting = "Only piecewise and metalog above 0 meet what was said: "
    assert " ".join(found.out.split()).startswith(f"{meeting}lognormal, the nearest of the others,")
    made = parse_distribution(pasted(found.out)["distribution"])
    assert made.cdf(np.array([1, 3, 100.0])) == pytest.approx([0.1, 0.5, 0.9], abs=1e-9)
    assert "Not metalog: no metalog goes through these quantiles" in found.out
    results = json.loads(command("fit", "--quantiles", "p10=1, p50=3, p90=100", "--json").out)["results"]
    assert results["advised"] == pasted(found.out)["distribution"]
    assert results["sentences"][0].startswith(meeting)
    assert "metalog" in results["refused"]


@pytest.mark.slow
def test_a_probability_is_pasted_as_it_was_said(command):
    found = command("fit", "--quantiles", "p0.1=1, p50=5, p99.9=100")
    assert "metalog(p0.1=1, p50=5, p99.9=100, low=0)" in " ".join(found.out.split())


def test_misplaced_is_told_only_of_values_that_were_given(command):
    assert "Misplaced" not in command("fit", "--mean", 3, "--low", 0).out
    assert "Misplaced" in command("fit", "--quantiles", "p5=1, p95=9").out


def test_an_impossible_mean_is_called_so(command):
    found = command("fit", "--mean", 30, "--low", 0, "--high", 10)
    assert (found.code, found.err) == (2, "error: a mean of 30 is impossible with low=0 and high=10\n")


def test_where_much_is_open_the_greatest_entropy_decides(command):
    assert "exponential(3)" in command("fit", "--mean", 3, "--low", 0).out
    assert pasted(command("fit", "--low", 0, "--high", 4).out)["distribution"] == "uniform(0, 4)"


@pytest.mark.slow
def test_evidence_is_enough_for_a_suggestion(command):
    found = command("suggest", "ai-vs-human", "--input", "words_per_hour")
    assert "[inputs.words_per_hour]" in found.out
    table = tomllib.loads(found.out[found.out.index("[inputs") :])
    parse_distribution(table["inputs"]["words_per_hour"]["distribution"])
    document = json.loads(command("suggest", "--json").out)
    assert document["results"]["inputs"]["words_per_hour"]["distribution"]
    assert command("suggest", "--input", "nothing").err.startswith("error: --input: nothing is no input")


def test_what_is_suggested_for_a_member_can_be_pasted(command, tmp_path):
    made = tmp_path / "m.toml"
    made.write_text(
        """
        format = 1
        study = { title = "M", headline = "y" }
        indices.c = { members = ["us", "de"] }
        indices.level = { members = [0.5, 1] }
        outputs.y = { value = "sum(z)", unit = "t" }
        [inputs.z]
        unit = "t"
        index = ["c", "level"]
        point = 15
        [[inputs.z.evidence]]
        member = "de,0.5"
        low = 2
        high = 6
        """
    )
    found = command("suggest", made).out
    pasted_at = found.index("[inputs")
    assert tomllib.loads(found[pasted_at:]) == {
        "inputs": {
            "z": {"distribution": {"de": {"0.5": "2 to 6"}}, "basis": {"de": {"0.5": "published range"}}}
        }
    }
    made.write_text(
        made.read_text().replace("point = 15", f"point = 15\n{found[pasted_at:].partition(chr(10))[2]}")
    )
    study = un.load_study(made)
    assert str(study.inputs["z[de,0.5]"].distribution) == "2 to 6"


@pytest.mark.slow
def test_what_was_read_stands_under_the_title(command, tmp_path):
    rows = zip(("North", "South", "East", "Hill", "World"), (12.3, 12, 9.8, 12.9, 71.2), strict=True)
    (tmp_path / "data.csv").write_text("k,v,unit\n" + "".join(f"{k},{v},t\n" for k, v in rows))
    said = 'lines 2 to 6, from "North" 12.3 to "World" 71.2; least "East" 9.8, greatest "World" 71.2'
    for more in ((), ("--quiet",)):
        title, _, rest = command("fit", "data.csv", "v", *more).out.partition("\n")
        assert title == "v: 5 values of data.csv"
        assert " ".join(rest.split()).startswith(f"Read: {said}; not read: unit. Family")
    read = json.loads(command("fit", "data.csv", "v", "--json").out)["results"]["reading"]
    assert read["greatest"] == {"place": "line 6", "name": "World", "number": 71.2}
    assert read["not_read"] == ["unit"]


@pytest.mark.slow
def test_what_was_read_of_experts_stands_below_their_weights(command, tmp_path):
    rows = [
        f"{name},{q},{n},{n + 3},{n + 9},x\n" for n, name in enumerate("AB", 1) for q in ("s1", "s2", "y")
    ]
    (tmp_path / "answers.csv").write_text("expert,question,p5,p50,p95,status\n" + "".join(rows))
    (tmp_path / "seeds.csv").write_text("question,value\ns1,5\ns2,6\n")
    said = command("fit", "--experts", "answers.csv", "--seeds", "seeds.csv", "--quiet").out
    assert (
        "Read from answers.csv: experts A, B; questions s1, s2, y; not read: status. "
        "seeds.csv: values of s1, s2."
    ) in " ".join(said.split())
