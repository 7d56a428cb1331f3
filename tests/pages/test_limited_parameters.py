"""Beside a value that sets another input's mean stands the mean that this input's limits leave."""

import math
import re

import pytest
from scipy.stats import gamma, lognorm, truncnorm

import uncertainty as un
from uncertainty.pages.sections.challenges import breakeven

STUDY = """
format = 1
[study]
title = "Limits"
headline = "y"
[inputs.mu]
label = "Average"
unit = "h"
point = 3
distribution = "2 to 8"
kind = "uncertainty"
low = 0
[inputs.x]
label = "Time"
unit = "h"
point = 3
distribution = "{given}"
kind = "variability"
{limits}
[inputs.unreached]
label = "Elsewhere"
unit = "h"
point = 3
distribution = "normal(mu, 3)"
low = 2.9
[outputs.y]
value = "average(x)"
unit = "h"
over = "average"
reference = {reference}
[outputs.z]
value = "unreached"
unit = "h"
"""


def said(path, given, limits, reference):
    """Return the break-even values of the parameter, and what is said of limits."""
    path = path / "study.toml"
    path.write_text(STUDY.format(given=given, limits="\n".join(limits), reference=reference))
    found = un.challenge(un.load_study(path), output=["y"], samples=2**14)
    texts = [
        str(block.text) for block in breakeven(found, found.outputs["y"]).blocks if hasattr(block, "text")
    ]
    values = [row.value for row in found.outputs["y"].break_even["mu"]]
    return values, [text for text in texts if "without limits" in text]


def mean_within(distribution, low, high):
    return distribution.expect(lb=low, ub=high, conditional=True)


SIGMA = math.sqrt(math.log1p(0.95**2))

CASES = [
    pytest.param(
        "lognormal(mean=mu, cv=0.95)",
        {"low": 0.1, "high": 200},
        "0.1 to 200 h",
        lambda mu: lognorm(SIGMA, scale=mu / math.exp(SIGMA**2 / 2)),
        0.15,
        id="lognormal",
        marks=pytest.mark.slow,
    ),
    pytest.param(
        "gamma(mean=mu, cv=0.5)",
        {"high": 9},
        "at most 9 h",
        lambda mu: gamma(4, scale=mu / 4),
        7.0,
        id="gamma",
        marks=pytest.mark.slow,
    ),
    pytest.param(
        "normal(mu, 2)",
        {"low": 1},
        "at least 1 h",
        lambda mu: truncnorm(-20, 20, loc=mu, scale=2),
        2.8,
        id="normal",
    ),
]


@pytest.mark.parametrize(("given", "limits", "written", "whole", "reference"), CASES)
def test_the_mean_within_limits_is_the_one_at_which_the_average_crosses(
    given, limits, written, whole, reference, tmp_path
):
    """The output is that very mean, so that it is the threshold at each break-even value."""
    values, (sentence,) = said(tmp_path, given, [f"{k} = {v}" for k, v in limits.items()], reference)
    assert sentence.startswith(
        f"“Average” sets the mean that “Time” would have without limits; within them, {written}"
    )
    told = [float(each) for each in re.findall(r"([\d.]+) where the first", sentence)]
    assert told == pytest.approx([reference] * len(told), rel=0.03)
    first = mean_within(whole(values[0]), limits.get("low"), limits.get("high"))
    assert told[0] == pytest.approx(first, rel=5e-3)
    assert abs(values[0] - told[0]) > 0.01 * told[0]


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        pytest.param("lognormal(mean=mu, cv=0.95)", ["low = 0"], id="no limit cuts", marks=pytest.mark.slow),
        pytest.param(
            "lognormal(mean=mu, cv=0.2)",
            ["low = 0.1", "high = 200"],
            id="limits far away",
            marks=pytest.mark.slow,
        ),
        pytest.param("uniform(mu / 2, 2 * mu)", ["low = 2"], id="no mean is set"),
    ],
)
def test_nothing_is_said_where_limits_leave_the_mean_as_it_is(given, limits, tmp_path):
    _, sentences = said(tmp_path, given, limits, 2.5)
    assert not sentences
