"""Draws and results in files of the user's choice: `--save` and `--table`."""

import json
from pathlib import Path

import numpy as np
import pytest

from uncertainty.tables import read_table

RUN = ("run", "gauge-block", "--samples", "300")


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".parquet", ".nc", ".csv", ".xlsx", ".json"])
def test_draws_are_saved_in_the_format_of_the_name(command, ending):
    assert command(*RUN, "--save", f"draws{ending}", "--quiet").code == 0
    table = read_table(f"draws{ending}")
    assert table.rows == table.about["samples"] >= 300
    assert command(*RUN, "--save", f"draws{ending}").code == 0  # the same draws again
    other = command(*RUN, "--save", f"draws{ending}", "--seed", 2)
    assert (other.code, other.out) == (2, "")
    assert "holds the draws of another run (" in other.err


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn for runs, to see that nothing was."""
    from uncertainty.sampling import collecting
    from uncertainty.sampling.huge import counting

    asked = []
    for module, name in ((collecting.Collection, "extend"), (counting.Counting, "run")):
        whole = getattr(module, name)

        def noted(*arguments, whole=whole, **options):
            asked.append(arguments)
            return whole(*arguments, **options)

        monkeypatch.setattr(module, name, noted)
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".json"])
@pytest.mark.parametrize("until", [(), ("--until", "0.5")])
def test_a_file_of_another_run_is_refused_before_anything_is_drawn(command, drawn, ending, until):
    words = (*RUN, "--save", f"draws{ending}", *until)
    assert command(*words, "--quiet").code == 0
    assert drawn
    drawn.clear()
    other = command(*words, "--seed", 2)
    assert (other.code, other.out, other.err.count("\n")) == (2, "", 1)
    assert "holds the draws of another run (" in other.err
    assert not drawn
    assert command(*words, "--quiet").code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--samples", "2_000_000", "--save", "draws.xlsx"), "a sheet has 1,048,575 rows"),
        (("--save", "absent/draws.csv"), "absent/draws.csv: there is no folder absent"),
        (("--table", "absent/table.csv"), "absent/table.csv: there is no folder absent"),
        (("--table", "x.csv/"), "--table: x.csv/ names a folder; expected the path of a file to write"),
        (("--save", "x.csv/"), "--save: x.csv/ names a folder; expected the path of a file to write"),
        (("--table", "folder.csv"), "folder.csv: is a folder; expected the path of a file to write"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_drawn(command, drawn, options, message):
    Path("folder.csv").mkdir()
    found = command("run", "gauge-block", *options)
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert message in found.err
    assert not drawn


@pytest.mark.parametrize(
    "words",
    [
        ("export", "gauge-block", "--to", "x.xlsx/"),
        ("export", "gauge-block", "--to", "x.bib/"),
        ("plot", "card", "gauge-block", "--to", "x.svg/"),
        ("fit", "gauge-block.csv", "--plot", "x.png/"),
        ("new", "x.toml/"),
    ],
)
def test_the_name_of_a_folder_is_none_of_a_file(command, words):
    found = command(*words)
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert f"{words[-1]} names a folder; expected the path of a file to write" in found.err
    assert not [*Path().iterdir()]


def test_an_ending_that_nobody_knows_is_refused_before_anything_is_drawn(command):
    found = command(*RUN, "--save", "draws.hdf5")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: draws.hdf5: expected a name that ends in .parquet, .nc, .csv")
    assert command("sensitivity", "gauge-block", "--table", "a.doc").code == 2


def test_the_table_of_a_run_has_the_numbers_of_its_document(command):
    found = json.loads(command(*RUN, "--table", "results.csv", "--json").out)
    table = read_table("results.csv")
    ((name, output),) = found["results"]["outputs"].items()
    assert (table.columns["reading"][0], table.columns["output"][0]) == ("as_published", name)
    assert [table.columns["low"][0], table.columns["high"][0]] == output["interval"]
    assert table.columns["median_error"][0] == output["median_error"]
    assert table.about["sha256"] == found["study"]["sha256"]


def test_the_table_of_a_run_has_the_headline_under_every_reading(command, write_study):
    assert command("run", write_study(), "--samples", 300, "--table", "results.json").code == 0
    table = read_table("results.json")
    assert list(zip(table.columns["reading"], table.columns["output"], strict=True)) == [
        ("as_published", "yearly"),
        ("as_published", "per_trip"),
        ("carpool", "yearly"),
    ]


@pytest.mark.slow
def test_a_challenge_gives_a_row_a_reading_and_a_row_a_combination(command, write_study):
    found = command(
        *("challenge", write_study(), "--samples", 1024, "--json"),
        *("--table", "verdicts.csv", "--universes", "universes.json"),
    )
    assert found.code == 0, found.err
    results = json.loads(found.out)["results"]["outputs"]["yearly"]
    verdicts, universes = read_table("verdicts.csv"), read_table("universes.json")
    assert verdicts.columns["reading"] == tuple(results["readings"])
    assert verdicts.columns["sentence"] == tuple(row["sentence"] for row in results["readings"].values())
    for key in ("median", "median_error", "published_percentile", "at_or_beyond_published_error"):
        # null in JSON, as an error has there that too few draws tell, is nan in a table
        expected = [row[key] for row in results["readings"].values()]
        np.testing.assert_array_equal(verdicts.columns[key], np.array(expected, dtype=float))
    every = results["multiverse"]["universes"]
    for choice in results["multiverse"]["varied"]:
        assert universes.columns[choice] == tuple(row["options"][choice] for row in every)
    assert [universes.columns["low"][0], universes.columns["high"][0]] == every[0]["interval"]
    assert universes.columns["published"].tolist() == [row["shares"]["published"] for row in every]
    assert universes.about["seed"] == 1


def test_both_tables_of_a_challenge_need_files_of_their_own(command, write_study):
    found = command("challenge", write_study(), "--table", "a.csv", "--universes", "./a.csv")
    assert (found.code, found.out) == (2, "")
    assert found.err == "error: --universes: expected another file than that of --table\n"


@pytest.mark.parametrize("method", ["sobol", "shapley", "draws", "morris", "budget"])
def test_every_method_of_sensitivity_gives_a_table(command, write_study, method):
    found = command(
        "sensitivity", write_study(), "--method", method, "--samples", 512, "--table", "s.csv", "--json"
    )
    assert found.code == 0, found.err
    table = read_table("s.csv")
    assert table.about["seed"] == 1
    outputs = json.loads(found.out)["results"]["outputs"]
    if method == "budget":
        assert set(table.columns["result"]) == set(outputs)
        lines = outputs["yearly"]["lines"]
        assert list(table.columns["quantity"][: len(lines)]) == list(lines)
        return
    assert set(table.columns["output"]) == set(outputs)
    assert {"distance", "intensity", "trips"} <= set(table.columns["key"])
    if method == "sobol":
        first = outputs[table.columns["output"][0]]["indices"][table.columns["key"][0]]
        assert [table.columns["ST_low"][0], table.columns["ST_high"][0]] == first["ST_interval"]


def test_the_budget_is_shown_with_its_verdict(command):
    found = command("sensitivity", "gauge-block", "--method", "budget")
    assert "Linear propagation is valid here" in " ".join(found.out.split())
    # 2.1 times 32 nm with 16 to 17 effective degrees of freedom (JCGM 100:2008, H.1.6 and H.1.7)
    assert "838 ± 67 nm" in found.out
    assert max(map(len, found.out.splitlines())) <= 80


CORRELATED = """
format = 1
[study]
title = "Two meters"
headline = "difference"
[inputs.a]
unit = "V"
point = 10
distribution = "normal(10, 3)"
[inputs.b]
unit = "V"
point = 5
distribution = "normal(5, 4)"
[[correlations]]
inputs = ["a", "b"]
spearman = 0.5
[outputs.difference]
unit = "V"
value = "abs(a - b)"
"""


def test_the_budget_of_correlated_inputs_adds_up_in_every_form(command, write_study):
    study = write_study(CORRELATED)
    found = command("sensitivity", study, "--method", "budget", "--samples", 1024)
    shown = " ".join(found.out.split())
    assert (
        "“abs(a - b)” bends or jumps within the inputs' spread: no derivative represents the output" in shown
    )
    rows = [line.rpartition("  ")[2].strip() for line in found.out.splitlines() if line.endswith(" %")]
    assert sum(float(row.removesuffix(" %")) for row in rows[:-1]) == pytest.approx(100, abs=0.2)
    assert any(row.startswith("-") for row in rows)
    document = command(
        "sensitivity", study, "--method", "budget", "--samples", 1024, "--json", "--table", "b.csv"
    ).out
    own = json.loads(document)["results"]["outputs"]["difference"]
    (pair,) = own["covariances"]
    shares = [line["share"] for line in own["lines"].values()]
    assert sum(shares) + pair["share"] == pytest.approx(1, rel=1e-12)
    assert pair["inputs"] == ["a", "b"]
    assert own["bends"][0]["expression"] == "abs(a - b)"
    assert own["derivatives"] in shown
    table = read_table("b.csv").columns
    assert table["share"][list(table["what"]).index("covariance")] == pair["share"]
