"""Every command once, with every library that it may need: `make test-lowest` runs it with the oldest."""

import csv
import json

import pytest

pytestmark = pytest.mark.slow

QUICK = ("--samples", 256, "--quiet")


@pytest.fixture
def ran(command):
    """Return a function that runs a command and returns what it printed; nothing else may be said."""

    def run(*words):
        found = command(*words)
        assert (found.code, found.err) == (0, "")
        return found.out

    return run


@pytest.mark.parametrize(
    "name", ["check", "run", "sensitivity", "challenge", "report", "plot", "new", "diff", "fit", "suggest"]
)
def test_a_command_explains_itself(name, ran):
    assert f"Usage: uncertainty {name} " in ran(name, "--help")


def test_studies_are_listed_and_checked(ran, write_study):
    assert "gauge-block" in ran("studies")
    assert "The file is sound" in ran("check", write_study())
    assert json.loads(ran("schema"))["title"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet", "nc"])
def test_draws_and_tables_are_written_and_read_back(ending, ran, write_study, tmp_path):
    study = write_study()
    found = json.loads(
        ran("run", study, *QUICK, "--json", "--save", f"draws.{ending}", "--table", f"t.{ending}")
    )
    assert found["results"]["outputs"]["yearly"]["median"] > 0
    assert (tmp_path / f"draws.{ending}").stat().st_size > 1000
    # what is there is replaced only where it can be read as a table of results
    ran("run", study, *QUICK, "--table", f"t.{ending}")


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_compiled_loops_and_threads_give_the_numbers_of_one(design, ran, write_study):
    study = write_study()
    several = ran("run", study, "--samples", 2**14, "--design", design, "--threads", 2, "--json")
    assert several == ran("run", study, "--samples", 2**14, "--design", design, "--threads", 1, "--json")


@pytest.mark.parametrize("method", ["sobol", "shapley", "draws", "budget", "morris"])
def test_every_method_of_sensitivity_answers(method, ran, write_study):
    assert json.loads(ran("sensitivity", write_study(), "--method", method, "--samples", 256, "--json"))


def test_a_claim_is_challenged_and_reported(ran, write_study, tmp_path):
    study = write_study()
    assert json.loads(ran("challenge", study, *QUICK, "--json"))["results"]
    ran("report", study, *QUICK, "--to", "report")
    assert {"index.html", "report.pdf"} <= {path.name for path in (tmp_path / "report").iterdir()}
    for ending in ("svg", "png", "pdf"):
        ran("plot", "distributions", study, *QUICK, "--to", f"figure.{ending}")


def test_studies_begin_from_data_and_from_other_files(ran, write_study, tmp_path):
    with (tmp_path / "data.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["hours"], *([1 + (i * 37 % 101) / 50] for i in range(60))])
    assert "lognormal" in ran("fit", "data.csv", "hours")
    ran("new", "own.toml")
    for ending in ("xlsx", "json"):
        ran("export", write_study(), "--to", f"study.{ending}")
        assert "The file is sound" in ran("check", f"study.{ending}")
    assert ran("diff", "own.toml", write_study())
    assert ran("suggest", "ai-vs-human")


def test_a_cluster_draws_the_same(ran, write_study):
    study = write_study()
    assert ran("run", study, *QUICK, "--json", "--engine", "dask", "--threads", 1) == ran(
        "run", study, *QUICK, "--json"
    )
