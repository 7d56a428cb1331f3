"""Things are counted and named as in a sentence."""

import pytest

from uncertainty.numbers import count
from uncertainty.study.reader import load_study
from uncertainty.study.scenario import scenario
from uncertainty.wording import condition, the_other, whose_variation


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


def test_a_share_that_follows_from_the_others_is_counted_among_what_varies(tmp_path):
    file = tmp_path / "mix.toml"
    file.write_text(
        """format = 1
[study]
title = "Mix"
headline = "carbon"
[indices.fuel]
members = ["coal", "gas", "wind"]
[inputs.part]
unit = "1"
index = ["fuel"]
point = { coal = 0.2, gas = 0.3, wind = 0.5 }
distribution = "dirichlet(coal=2, gas=3, wind=5)"
[inputs.size]
unit = "1"
point = 1
distribution = "1 to 2"
[outputs.carbon]
value = "size * sum(part)"
unit = "1"
""",
        encoding="utf-8",
    )
    plan = scenario(load_study(file))
    assert (
        whose_variation((plan, plan.varying)) == "The interval shows what nobody knows (2 inputs, 4 cells)."
    )
    assert whose_variation((plan, ["size"])) == "The interval shows what nobody knows (1 input)."
