"""`uncertainty run` takes how precise, by whom and where to from the command line."""

import json
from pathlib import Path

import pytest

from uncertainty import load_study
from uncertainty.sampling import running
from uncertainty.sampling.workers.engine import Threads

STUDY = Path(__file__).parent.parent / "studies" / "jcgm-9-2-2.toml"


def test_a_run_draws_until_it_is_precise_and_says_so(command):
    found = command("run", STUDY, "--samples", "2000", "--until", "0.01")
    assert (found.code, found.err) == (0, "")
    assert "The draws have settled to 1 % of the interval's ends." in found.out
    document = json.loads(command("run", STUDY, "--samples", "2000", "--until", "2 digits", "--json").out)
    assert document["results"]["reached"]["met"] is True
    assert document["settings"]["until"] == "2 digits"
    assert document["settings"]["samples"] > 2000


def test_a_run_that_stops_early_says_how_far_it_came(command):
    found = command("run", STUDY, "--samples", "2000", "--until", "1e-5", "--max-samples", "4000")
    text = " ".join(found.out.split())
    assert "not settled to 0.001 % of the interval's ends: max_samples was reached" in text


def test_draws_are_saved_where_they_were_asked_for(command, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "draws.parquet"
    assert command("run", STUDY, "--samples", "1000", "--save", path, "--engine", "threads").code == 0
    assert "outputs.y" in parquet.read_table(path).column_names


def test_the_readings_are_compared_by_the_same_workers(command, write_study, small_text, monkeypatch):
    """The run asks for them, and each reading of the comparison."""
    asked = []

    def make(*workers, turns):
        assert turns is None
        asked.append(workers)
        return Threads(1)

    monkeypatch.setattr(running, "make_engine", make)
    study = write_study(small_text + "\n[readings.seldom]\ninputs = { trips = 100 }\n")
    readings = load_study(study).readings
    options = ("--engine", "dask", "--scheduler", "tcp://localhost:1", "--threads", "3")
    assert command("run", study, "--samples", "256", *options).code == 0
    assert asked == [(3, "dask", "tcp://localhost:1")] * (1 + len(readings))
    assert len(readings) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--until", "soon"), "until: expected a relative error such as 0.01"),
        (("--max-samples", "1e9"), "--max-samples: only has a meaning together with until"),
        (("--engine", "dusk"), 'unknown engine "dusk"; did you mean "dask"?'),
        (("--scheduler", "tcp://localhost:1"), "scheduler: only the engine dask has one, not threads"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(command, options, message):
    found = command("run", STUDY, *options)
    assert (found.code, found.out) == (2, "")
    assert message in found.err
