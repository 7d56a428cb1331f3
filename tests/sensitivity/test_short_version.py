"""The smallest set of inputs that explains most of the spread."""

import numpy as np
import pytest
from exact_models import EXACT, of_function, portfolio
from scipy.stats import norm

from uncertainty import SettingError, Study, load_study
from uncertainty.sensitivity.short_version import short_version

Z = norm.ppf(0.975)


def test_inputs_are_added_until_they_explain_the_share():
    """Of the variance of log y, 0.3956, 0.2747, 0.1758 and 0.0989 are those of x6, x5, x4 and x3."""
    found = short_version(EXACT["product of lognormals, log10"]().study, samples=2**14)
    assert list(found.closed) == ["x6", "x5", "x4", "x3", "x2", "x1"]
    assert found.shortened[0.8].inputs == ("x6", "x5", "x4")
    assert found.shortened[0.95].inputs == ("x6", "x5", "x4", "x3", "x2")
    assert found.shortened[0.8].closed.value == pytest.approx((0.36 + 0.25 + 0.16) / 0.91, abs=0.005)
    sigma = (0.36 + 0.25 + 0.16) ** 0.5
    assert found.shortened[0.8].interval == pytest.approx((np.exp(-Z * sigma), np.exp(Z * sigma)), rel=0.03)
    assert found.shortened[0.8].median == pytest.approx(1, rel=0.02)
    assert found.interval[1] > found.shortened[0.95].interval[1] > found.shortened[0.8].interval[1]


def test_interactions_count_when_all_their_inputs_are_in():
    study = of_function(lambda a, b, c: {"y": a * b + c / 2}, dict.fromkeys("abc", "normal(0, 1)"))
    found = short_version(study, samples=2**14, shares=(0.75,))
    assert set(found.shortened[0.75].inputs) == {"a", "b"}
    first, both, everything = found.closed.values()
    assert first.value == pytest.approx(0, abs=0.02)
    assert both.value == pytest.approx(0.8, abs=0.02)
    assert everything.value == pytest.approx(1, abs=0.02)


def test_correlated_inputs_enter_together():
    found = short_version(portfolio().study, samples=2**12, shares=(0.5,), tolerance=0.05)
    assert found.shortened[0.5].inputs == ("x1", "x2")


def test_a_smaller_set_is_found_where_the_growing_one_is_not_the_smallest():
    """By total index c comes first, but a and b explain 2/3 with each other and c with d and e 1/3 alone."""
    names = "abcde"

    def model(a, b, c, d, e):
        return {"y": 1.2 * c * d * e + a * b}

    study = of_function(model, dict.fromkeys(names, "discrete(-1, 1)"))
    found = short_version(study, samples=2**12, shares=(0.4,))
    assert next(iter(found.closed)) in "cde"
    assert set(found.shortened[0.4].inputs) == {"a", "b"}
    assert found.shortened[0.4].closed.value == pytest.approx(1 / 2.44, abs=0.02)


def test_an_output_that_does_not_vary_has_no_short_version():
    study = Study.from_function(lambda x: {"y": 0 * x + 2}, {"x": "normal(0, 1)"})
    found = short_version(study, samples=2**8)
    assert (found.reason, dict(found.shortened)) == ("the output does not vary", {})
    assert found.median == 2


def test_medians_at_which_there_is_no_value_are_said():
    def apart(a, b):
        return {"y": np.where(a == 0, np.nan, 3 * b + a)}

    found = short_version(of_function(apart, {"a": "uniform(-1, 1)", "b": "normal(0, 1)"}), samples=2**12)
    assert found.shortened[0.8].inputs == ("b",)
    assert found.shortened[0.8].reason.startswith("is infinite or undefined")


def test_constants_that_meet_in_no_number_at_the_medians_are_said(write_study):
    """The median of c, 0, is a place where no draw lies: log(abs(c)) adds 0.01^2 to the variance of 4."""
    study = load_study(
        write_study(
            """
            format = 1
            [study]
            title = "Singular"
            headline = "y"
            [inputs]
            a = { unit = "1", point = 1, distribution = "normal(1, 0.2)" }
            c = { unit = "1", point = 0.5, distribution = "uniform(-1, 1)" }
            [outputs.y]
            value = "10 * a + 0.01 * log(abs(c))"
            unit = "1"
            """
        )
    )
    found = short_version(study, samples=2**10).shortened[0.8]
    assert found.inputs == ("a",)
    assert found.closed.value == pytest.approx(1, abs=0.02)
    assert np.isnan([found.median, *found.interval]).all()
    assert found.reason.startswith('is infinite or undefined: "log(abs(c))" gives -inf')


@pytest.mark.parametrize("shares", [(0,), (1,), (80,), (np.nan,)])
def test_shares_lie_between_0_and_1(shares):
    with pytest.raises(SettingError, match=r"shares: expected (numbers between 0 and 1|a list of numbers)"):
        short_version(EXACT["ishigami"]().study, shares=shares)


def test_four_inputs_have_sets_that_overlap():
    study = of_function(lambda **x: {"y": 5 + sum(x.values())}, dict.fromkeys("abcd", "normal(0, 1)"))
    found = short_version(study, samples=2**10)
    shares = [closed.value for closed in found.closed.values()]
    assert shares == pytest.approx([0.25, 0.5, 0.75, 1], abs=0.05)


@pytest.mark.parametrize(("inputs", "tied"), [(30, 1.0), (45, 1.0), (36, 1.01)])
def test_many_inputs_of_equal_weight_have_a_short_version(inputs, tied):
    """Four fifths of the equal inputs explain four fifths of the variance."""
    spreads = [0.1 * tied ** (i % 2) for i in range(inputs)]
    study = of_function(
        lambda **columns: {"y": sum(columns.values())},
        {f"a{i}": f"normal(1, {spread})" for i, spread in enumerate(spreads)},
    )
    found = short_version(study, samples=2**13, tolerance=0.1)
    assert len(found.shortened[0.8].inputs) == pytest.approx(0.8 * inputs, abs=2)


def test_a_version_of_very_many_inputs_is_not_short():
    study = of_function(
        lambda **columns: {"y": sum(columns.values())}, {f"a{i}": "normal(1, 0.1)" for i in range(80)}
    )
    found = short_version(study, samples=2**8, tolerance=0.5).shortened[0.8]
    assert (found.inputs, found.reason) == ((), "more than 50 inputs are needed")
    assert found.closed.value == pytest.approx(50 / 80, abs=0.1)
