"""Things are counted and named as in a sentence."""

import pytest

from uncertainty.numbers import count
from uncertainty.study.reader import load_study
from uncertainty.wording import condition, the_other


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (count(1, "input"), "1 input"),
        (count(2000, "input"), "2,000 inputs"),
        (count(1, "input varies", "inputs vary"), "1 input varies"),
        (count(0, "input varies", "inputs vary"), "0 inputs vary"),
        (the_other(1, "quantity", "quantities"), "the other quantity"),
        (the_other(3, "quantity", "quantities"), "the other 3 quantities"),
        (the_other(2, "reading"), "the other 2 readings"),
    ],
)
def test_what_is_counted_agrees_with_its_number(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0.06 to 0.1", "0.06 to 0.1 kWh/h"),
        ("0.0600  to 0.10", "0.0600 to 0.10 kWh/h"),
        ("lognormal(median=0.08, sigma=0.2)", "lognormal(median=0.08, sigma=0.2)"),
        ("normal(p5=0.06, p95=0.1)", "normal(p5=0.06, p95=0.1)"),
        ("truncate(0.06 to 0.1, low=0.05)", "truncate(0.06 to 0.1, low=0.05)"),
    ],
)
def test_a_condition_has_a_distribution_in_the_words_of_the_file(written, shown, tmp_path):
    file = tmp_path / "hour.toml"
    file.write_text(
        f"""format = 1
[study]
title = "Streaming"
headline = "energy"
[inputs.energy]
unit = "kWh/h"
point = 0.077
distribution = "0.05 to 0.15"
[outputs.energy]
unit = "kWh/h"
[readings.closer]
inputs = {{ energy = "{written}" }}
""",
        encoding="utf-8",
    )
    study = load_study(file)
    assert condition(study, study.readings["closer"]) == f"If energy is {shown},"
    (part,) = {str(study.inputs["energy"].distribution)}
    assert part == "0.05 to 0.15"
