"""A choice analysed as an input whose options are equally likely."""

import numpy as np
import pytest
from scipy.stats import norm
from variants import variants

import uncertainty as un
from uncertainty import SettingError, sobol
from uncertainty.sampling.fast.compiler import compiled_loops
from uncertainty.sensitivity.choices import study_with_choices
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED

STUDY = """
format = 1

[study]
title = "A choice of method"
headline = "y"

[inputs.x]
unit = "1"
point = 1
distribution = "normal(0, 1)"

[equations]
shift = "0"

[outputs.y]
unit = "1"
value = "x + shift"

[choices.method]
question = "Which method?"
[choices.method.options.low]
[choices.method.options.high]
equations = { shift = "2" }

[choices.spread]
[choices.spread.options.narrow]
[choices.spread.options.wide]
inputs = { x = "normal(0, 3)" }
"""


@pytest.fixture
def choosing(write_study):
    return un.load_study(write_study(STUDY))


def test_a_choice_has_its_share_of_the_variance(choosing):
    """The shift of 0 or 2 has a variance of 1, as x has."""
    found = sobol(choosing, choices_as_inputs=["method"], samples=2**13, level=0.999)
    indices = found.outputs["y"].indices
    assert set(indices) == {"x", "choices.method"}
    for index in indices.values():
        assert index.S1_interval[0] <= 0.5 <= index.S1_interval[1]
    assert found.choices_as_inputs == ("method",)
    assert found.study is choosing
    assert found.scenario.reading == AS_PUBLISHED


def test_options_that_replace_distributions_interact_with_their_inputs(choosing):
    """Given the spread, x has a variance of 1 or 9 and always the same mean."""
    found = sobol(choosing, choices_as_inputs=["spread"], samples=2**13, level=0.999).outputs["y"].indices
    assert found["choices.spread"].S1_interval[0] <= 0 <= found["choices.spread"].S1_interval[1]
    # E[x|u] keeps the mean of the two spreads, 2: 4 of the 5
    assert found["x"].S1_interval[0] <= 4 / 5 <= found["x"].S1_interval[1]
    assert found["choices.spread"].ST_interval[0] <= 1 / 5 <= found["choices.spread"].ST_interval[1]


def test_several_choices_are_crossed(choosing):
    found = sobol(choosing, choices_as_inputs=["method", "spread"], samples=2**13, level=0.999)
    index = found.outputs["y"].indices["choices.method"]
    assert index.S1_interval[0] <= 1 / 6 <= index.S1_interval[1]


def test_the_other_choices_and_overrides_stay_as_they_are_asked_for(choosing):
    found = sobol(
        choosing,
        choices_as_inputs=["method"],
        choices={"spread": "wide"},
        overrides={"x": "normal(0, 2)"},
        samples=2**12,
        level=0.999,
    )
    index = found.outputs["y"].indices["choices.method"]
    assert index.ST_interval[0] <= 1 / 5 <= index.ST_interval[1]
    assert dict(found.settings.choices) == {"spread": "wide"}


@pytest.mark.slow
def test_the_flagship_s_choices_can_be_inputs(single_cases):
    found = sobol(
        single_cases,
        output=single_cases.headline,
        choices_as_inputs=["attribution"],
        samples=2**9,
        tolerance=0,
    )
    indices = found.outputs[single_cases.headline].indices
    assert "choices.attribution" in indices
    assert np.isfinite([index.ST for index in indices.values()]).all()


def test_unknown_and_excluded_choices_are_refused(small, choosing):
    with pytest.raises(SettingError, match='unknown choice "metod"; did you mean "method"'):
        sobol(choosing, choices_as_inputs=["metod"])
    with pytest.raises(SettingError, match="sharing=shared, car=electric is excluded: nobody shares"):
        sobol(small, choices_as_inputs=["sharing", "car"])


def test_a_study_with_choices_as_inputs_has_uniforms_in_their_place(choosing, small):
    found = study_with_choices(choosing, ["method", "spread"], ["y"], Settings())
    assert list(found.inputs) == ["x", "choices.method", "choices.spread"]
    assert {(each.name, each.point, str(each.distribution)) for each in found.inputs.values()} == {
        (name, 0.5, "uniform(0, 1)") for name in found.inputs
    }
    assert found.inputs["choices.method"].label == "Which method?"
    assert found.inputs["choices.spread"].label == "spread"
    assert (found.choices, found.equations, found.excluded) == ({}, {}, ())
    assert list(found.readings) == [AS_PUBLISHED]
    assert found.headline == "y"
    # the first option that is picked below a half, and the second from there on
    u = np.array([0.1, 0.9])
    for method, spread, shift, sd in (
        (0.0, 0.0, 0, 1),
        (0.49, 0.5, 0, 3),
        (0.5, 1.0, 2, 3),
        (1.0, 0.2, 2, 1),
    ):
        columns = {"choices.method": np.full(2, method), "choices.spread": np.full(2, spread)}
        values = found.function(x=u, **columns)["y"]
        np.testing.assert_allclose(values, sd * norm.ppf(u) + shift, rtol=1e-6)
    alone = study_with_choices(small, ["sharing"], ["per_trip"], Settings())
    assert (alone.headline, list(alone.outputs)) == ("per_trip", ["per_trip"])


BOUND = """
format = 1

[study]
title = "Correlated inputs"
headline = "y"

[inputs.a]
unit = "1"
point = 1
distribution = "{a}"

[inputs.b]
unit = "1"
point = 1
distribution = "{b}"

[[correlations]]
inputs = ["a", "b"]
{correlation}

[equations]
shift = "0"
both = "{both}"

[outputs.y]
unit = "1"
value = "both + shift"

[choices.method]
question = "Which method?"
[choices.method.options.one]
[choices.method.options.two]
equations = {{ shift = "1"{then} }}
inputs = {{ {inputs} }}
"""


def of_scores(pearson, sigma):
    """Return the scores' correlation of a normal and a lognormal quantity (Mostafa & Mahmoud 1964)."""
    return pearson * np.sqrt(np.expm1(sigma**2)) / sigma


@pytest.mark.parametrize(
    ("parts", "variance"),
    [
        # two lognormals, whose logarithms correlate as their scores do
        (
            {
                "a": "lognormal(median=1, sigma=1.5)",
                "b": "lognormal(median=1, sigma=1.5)",
                "correlation": "pearson = 0.3",
                "both": "log(a) + log(b)",
            },
            2 * 1.5**2 + 2 * np.log1p(0.3 * np.expm1(1.5**2)),
        ),
        # counts of which their own correlation is met
        (
            {
                "a": "bernoulli(0.1)",
                "b": "bernoulli(0.9)",
                "correlation": "spearman = -0.5",
                "both": "3 * a + 3 * b",
            },
            9 * (0.18 - 2 * 0.5 * 0.09),
        ),
        # an option under which another copula meets it
        (
            {
                "a": "normal(0, 1)",
                "b": "normal(0, 1)",
                "correlation": "pearson = 0.4",
                "both": "a + b",
                "then": ', both = "a + log(b) / 1.5"',
                "inputs": 'b = "lognormal(median=1, sigma=1.5)"',
            },
            2 + 0.4 + of_scores(0.4, 1.5),
        ),
    ],
)
def test_correlated_inputs_keep_their_correlation_beside_a_choice(write_study, parts, variance):
    """The shift of 0 or 1 has a variance of 1/4, whatever the copula."""
    written = BOUND.format_map({"then": "", "inputs": ""} | parts)
    found = sobol(
        un.load_study(write_study(written)), choices_as_inputs=["method"], samples=2**13, level=0.999
    )
    low, high = found.outputs["y"].indices["choices.method"].S1_interval
    assert low - 0.001 <= 0.25 / (0.25 + variance) <= high + 0.001


AVERAGES = """
format = 1
[study]
title = "Averages beside a choice"
headline = "y"
[inputs.a]
unit = "1"
point = 1
distribution = "normal(1, 0.3)"
[inputs.s]
unit = "1"
point = 0.5
distribution = "uniform(0.2, 0.8)"
[inputs.v]
unit = "1"
point = 0
distribution = "normal(0, 1)"
kind = "variability"
[outputs.y]
value = "{value}"
unit = "1"
{over}
published = 1
[choices.spread]
question = "Which?"
[choices.spread.options.narrow]
[choices.spread.options.wide]
inputs = {{ s = "uniform(0.2, {widest})" }}
"""


@pytest.mark.parametrize("widest", variants([1.2, 1.6], lambda widest: widest == 1.6))
@pytest.mark.parametrize(
    ("value", "over"), [("average(exp(s * v)) * a", ""), ("exp(s * v) * a", 'over = "average"')]
)
@pytest.mark.parametrize("seed", variants([2, 3], lambda seed: seed == 3))
def test_intervals_beside_a_choice_hold_what_nets_of_cases_get_wrong(write_study, value, over, widest, seed):
    """The average of a lognormal is exp(s²/2); one net of cases for all replicates missed by 49 errors."""
    places = (np.arange(20_000) + 0.5) / 20_000
    narrow, wide = (np.exp((0.2 + width * places) ** 2 / 2) for width in (0.6, widest - 0.2))
    mean, square = (narrow.mean() + wide.mean()) / 2, ((narrow**2).mean() + (wide**2).mean()) / 2
    variance = 1.09 * square - mean**2
    exact = {
        "a": (0.09 * mean**2, 0.09 * square),
        "s": (((narrow + wide) / 2).var(), 1.09 * (narrow.var() + wide.var()) / 2),
        "choices.spread": (
            np.var([narrow.mean(), wide.mean()]),
            1.09 * ((narrow - wide) ** 2).mean() / 4,
        ),
    }
    compiled_loops()  # a process that has loaded them takes them wherever it may
    study = un.load_study(write_study(AVERAGES.format(value=value, over=over, widest=widest)))
    found = sobol(study, choices_as_inputs=["spread"], samples=2**12, seed=seed, level=0.999).outputs["y"]
    for name, (first, total) in exact.items():
        index = found.indices[name]
        for share, true in ((index.first, first / variance), (index.total, total / variance)):
            low, high = share.interval
            assert low <= true <= high
