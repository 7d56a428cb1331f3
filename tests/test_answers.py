"""The JSON documents have the keys that other people's programs read, and plain numbers only."""

import json
import math
import re

import numpy as np
import pytest
import scipy

import uncertainty as un
from uncertainty import answers, results
from uncertainty.answers import Drivers
from uncertainty.sensitivity.effects import describe_drivers
from uncertainty.sensitivity.local import local_views
from uncertainty.settings import Settings


def numbers(found):
    if isinstance(found, dict):
        for value in found.values():
            yield from numbers(value)
    elif isinstance(found, list):
        for value in found:
            yield from numbers(value)
    elif isinstance(found, float):
        yield found


def assert_document(found, command, study):
    assert found["format"] == 1
    assert found["command"] == command
    assert found["version"] == un.__version__
    assert found["study"] == {"name": study.name, "title": study.title, "sha256": study.sha256}
    assert json.loads(results.dump(found)) == found
    assert all(math.isfinite(value) for value in numbers(found))


def test_check_gives_every_figure_its_status(small):
    found = answers.check_document(un.reproduce(small))
    assert_document(found, "check", small)
    assert found["results"]["figures"]["yearly"] == {
        "point": pytest.approx(598),
        "published": 600,
        "unit": "kg/year",
        "status": "reproduced",
        "published_statistic": "value",
        "digits": 1,
    }
    assert found["results"]["readings"]["carpool"]["yearly"]["status"] == "reproduced"


def test_check_says_what_rounding_explains(flagship):
    figures = answers.check_document(un.reproduce(flagship))["results"]["figures"]
    assert figures["india_illustrator_vs_midjourney"]["explained_by"] == ["midjourney_image"]
    assert figures["laptop_vs_bloom"]["published"] is None


def test_run_gives_every_number_its_error_or_a_reason(small):
    run = un.propagate(small, samples=2048, choices={"car": "electric"}, overrides={"trips": "uniform(1, 9)"})
    found = answers.run_document(run, un.compare_readings(small, samples=512))
    assert_document(found, "run", small)
    assert found["settings"] == {
        "version": un.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "samples": 2048,
        "seed": 1,
        "level": 0.95,
        "interval": "central",
        "design": "sobol",
        "reading": "as_published",
        "choices": {"sharing": "alone", "car": "electric"},
        "overrides": {"trips": "uniform(1, 9)"},
    }
    row = found["results"]["outputs"]["yearly"]
    assert row["unit"] == "kg/year"
    assert len(row["interval"]) == len(row["interval_error"]) == 2
    numbered = ["mean", "sd", "median", "geometric_sd", "published_percentile"]
    numbered += ["probability_at_least_published", "probability_at_least_reference"]
    for name in numbered:
        assert isinstance(row[name], float), name
        assert row[f"{name}_error"] is not None or f"{name}_error" in row["reasons"], name
    assert found["results"]["readings"]["leading"] == ["as_published", "carpool"]


def test_an_error_that_cannot_be_trusted_is_null_with_its_reason(single_cases):
    run = un.propagate(single_cases, samples=1024, outputs=[single_cases.headline])
    row = answers.run_document(run)["results"]["outputs"][single_cases.headline]
    assert row["sd_error"] is None
    assert "moments do not settle" in row["reasons"]["sd_error"]


def test_sensitivity_gives_indices_and_intervals_by_input_and_group(small):
    found = answers.sensitivity_document(un.sobol(small, output="yearly", samples=1024))
    assert_document(found, "sensitivity", small)
    row = found["results"]["outputs"]["yearly"]
    assert row["scale"] == "log10"
    assert set(row["indices"]) == {"distance", "intensity", "trips"}
    assert set(row["groups"]) == {"road", "car"}
    index = row["indices"]["distance"]
    assert set(index) >= {"S1", "S1_interval", "ST", "ST_interval"}
    assert index["ST_interval"][0] <= index["ST"] <= index["ST_interval"][1]


def test_a_short_version_without_a_value_at_the_medians_has_a_reason_and_no_numbers():
    """The medians of a function's other inputs may be a place where no draw lies."""

    def singular(a, c):
        return {"y": np.where(c == 0, np.nan, 10 * a + 0.01 * c)}

    study = un.Study.from_function(singular, {"a": "normal(1, 0.2)", "c": "uniform(-1, 1)"}, outputs=["y"])
    found = describe_drivers(un.sobol(study, samples=2**8), "y")
    drivers = results.encoded(Drivers(found, local_views(study, "y", Settings())))
    assert json.loads(results.dump(drivers)) == drivers
    short = drivers["short_version"]["0.8"]
    assert (short["inputs"], short["median"], short["interval"]) == (["a"], None, [None, None])
    assert re.match(r"is infinite or undefined for (\d+) of \1 draws \(100 %\)", short["reason"])
