"""The parts of a linear budget of made-up numbers are what the formulas of the GUM say, written out here."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.expressions import parse_expression
from uncertainty.expressions.derivatives import Kink
from uncertainty.sampling.estimate import Estimate
from uncertainty.sensitivity import budget
from uncertainty.sensitivity.coefficients import Derivatives
from uncertainty.sensitivity.methods import Asked
from uncertainty.settings import Settings
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Input, Output
from uncertainty.study.scenario import STILL_OVER_CASES, scenario


@pytest.mark.parametrize("size", [1.0, 1e-200, 1e200])
def test_degrees_of_freedom_are_welch_s_and_satterthwaite_s_at_every_size(size):
    parts, alone = size * np.array([3.0, -4.0, 0.0]), np.eye(3)
    found = budget._combined(parts, [5.0, 9.0, 2.0], alone)
    assert found == pytest.approx((5 * size, 5**4 / (3**4 / 5 + 4**4 / 9)), rel=1e-12)
    assert budget._combined(parts, [math.inf] * 3, alone) == pytest.approx((5 * size, math.inf))
    # the first and the last are correlated through the second, and have the fewest of all three
    chain = np.array([[1, 0.5, 0, 0], [0.5, 1, 0.2, 0], [0, 0.2, 1, 0], [0, 0, 0, 1.0]])
    together = 9 + 16 - 2 * 0.5 * 12 + 4 - 2 * 0.2 * 4 * 2
    found = budget._combined(size * np.array([3.0, -4.0, 2.0, 1.0]), [5.0, 9.0, 7.0, 3.0], chain)
    assert found[0] == pytest.approx(size * math.sqrt(together + 1), rel=1e-12)
    assert found[1] == pytest.approx((together + 1) ** 2 / (together**2 / 5 + 1 / 3), rel=1e-12)


def test_nothing_that_contributes_has_no_uncertainty():
    for parts in (np.zeros(2), np.empty(0)):
        found = budget._combined(parts, [5.0] * len(parts), np.eye(len(parts)))
        assert found == (0.0, math.inf)
    # contributions that cancel leave nothing, whatever rounding says
    assert budget._combined(np.array([0.1, -0.1]), [5.0, 5.0], np.ones((2, 2)))[0] == 0


def compared(ends, errors=(0.0, 0.0), sd=(1.0, 0.01), budgeted=(1.0, math.inf), digits=1):
    """Compare an interval of -2 to 2 with such ends by Monte Carlo; the tolerance is half a unit."""
    low, high = (Estimate(*each) for each in zip(ends, errors, strict=True))
    drawn = SimpleNamespace(
        summary={"low": low, "high": high, "sd": Estimate(*sd)},
        varies=True,
        draws=SimpleNamespace(without=[]),
    )
    run = SimpleNamespace(outputs={"y": drawn})
    return budget._compared(run, "y", (-2.0, 2.0), budgeted, digits)


@pytest.mark.parametrize(
    ("ends", "errors", "verdict"),
    [
        ((-2.5, 1.5), (0.0, 0.0), "valid"),
        ((-2.25, 2.25), (0.125, 0.125), "valid"),
        # twice the error of either end may turn the answer
        ((-2.25, 2.25), (0.125, 0.13), "undecided"),
        ((-2.25, 2.25), (0.13, 0.125), "undecided"),
        ((-2.75, 2.0), (0.125, 0.0), "undecided"),
        ((-2.0, 1.25), (0.0, 0.125), "undecided"),
        ((-2.0, 2.0), (None, 0.0), "undecided"),
        # both have to agree
        ((-2.75, 2.0), (0.12, 0.0), "not valid"),
        ((-2.0, 1.25), (0.0, 0.12), "not valid"),
        ((-3.0, 2.0), (0.0, None), "not valid"),
    ],
)
def test_a_verdict_holds_whatever_the_ends_errors_are(ends, errors, verdict):
    spread, error, interval, differences, off, digits, tolerance, found = compared(ends, errors)
    assert (spread, error, interval, off, digits, tolerance) == (1.0, 0.01, ends, errors, 1, 0.5)
    assert differences == (abs(ends[0] + 2), abs(ends[1] - 2))
    assert found == verdict


def test_the_smaller_uncertainty_sets_the_tolerance_unless_monte_carlo_s_does_not_settle():
    def tolerance(sd, budgeted):
        return compared((-2, 2), sd=sd, budgeted=(budgeted, math.inf))[6]

    assert [tolerance((0.5, 0.01), 2.0), tolerance((20.0, 0.01), 2.0)] == [0.05, 0.5]
    assert [tolerance((0.5, None), 2.0), tolerance((20.0, None), 2.0)] == [0.5, 0.5]
    assert compared((-2, 2), digits=2)[5:7] == (2, 0.05)


def test_a_standard_deviation_that_does_not_settle_supports_no_other_but_a_scale():
    assert compared((-2, 2), sd=(1.0, None))[7] == "undecided"
    assert compared((-2, 2), sd=(1.0, None), budgeted=(1.0, 5.0))[7] == "valid"
    assert compared((-4, 2), sd=(1.0, None))[7] == "not valid"


def over(*names):
    return SimpleNamespace(varying=names)


def test_derivatives_of_averages_take_about_so_many_rows_of_enough_cases_and_not_too_many():
    """Of each input they take six steps to either side, beside the estimate itself."""
    assert budget._cases_for(1024 * 13, over("a")) == 1024
    assert budget._cases_for(1024 * 13 - 1, over("a")) == 512
    assert budget._cases_for(1024 * 37, over("a", "b", "c")) == 1024
    assert [budget._cases_for(rows, over("a")) for rows in (0, 65 * 13, 2**30)] == [64, 64, 2**14]


@pytest.mark.parametrize(("samples", "size"), [(2**15, 1024), (2**16, 2048), (13 * 2**11, 1024)])
def test_a_function_s_derivatives_take_half_as_many_rows_as_its_run(samples, size):
    kinds = {"u": ("normal(1, 0.1)", "uncertainty"), "v": ("normal(0, 0.3)", "variability")}
    inputs = {
        name: Input(name, PURE_NUMBER, 1.0, parse_distribution(text), kind=kind)
        for name, (text, kind) in kinds.items()
    }
    outputs = {"y": Output("y", PURE_NUMBER, None, over="average")}
    study = un.Study.from_function(lambda u, v: u * np.exp(v), inputs, outputs=outputs)
    found = un.linear_budget(study, samples=samples, threads=1)
    assert found.scenario.nested.size == size
    # the mean of a lognormal quantity
    line = found.lines["u"]
    assert line.sensitivity == pytest.approx(math.exp(0.045), abs=2.5 * line.sensitivity_error)


SCORES = """
format = 1
study = { title = "t", headline = "y" }
indices.k.members = ["a", "b"]
inputs.x = { unit = "kg", index = ["k"], point = 0, distribution = "student_t(1, 2, 7)", across = "same" }
inputs.z = { unit = "kg", point = 3, distribution = "normal(3, 1)" }
outputs.y = { unit = "kg", value = "sum(x) + z" }
"""


def test_members_of_one_score_have_a_line_that_holds_what_they_do_together(write_study):
    """Each contributes -3 and 1, and all of them go up and down together."""
    plan = scenario(un.load_study(write_study(SCORES)))
    inputs = ("x[a]", "x[b]", "z")
    assert plan.varying == inputs
    slopes, errors = np.array([-1.5, 0.5, 4.0]), np.array([0.1, 0.2, 0.3])
    own = [(2.0, 7.0), (2.0, 5.0), (1.0, math.inf)]
    alike = np.array([[1.0, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]])
    parts = np.array([-3.0, 1.0, 4.0])
    lines = budget._lines(plan, inputs, own, Derivatives(1.0, slopes, errors), parts, alike, 2.0)
    assert list(lines) == ["z", "x"]
    assert lines["x"] == (0.0, 1.0, 5.0, -2.0, 2.0, 1.0, "score", "normal(0, 1)", pytest.approx(0.6))
    assert lines["z"] == (3.0, 1.0, math.inf, 4.0, 4.0, 4.0, "kg", "normal(3, 1)", 0.3)
    names, together, correlations = budget._as_one(plan, inputs, parts, alike)
    assert (names, together.tolist()) == (("x", "z"), [-2.0, 4.0])
    # a score that lowers the output goes against what raises it
    assert correlations == pytest.approx(np.array([[1, 0.5], [0.5, 1]]))
    (pair,) = budget._covariances(names, together, correlations, 2.0)
    assert pair == (("x", "z"), pytest.approx(0.5), pytest.approx(2 * 0.5 * -2 * 4 / 4))


def test_a_part_that_bends_is_told_once_with_its_largest_share():
    one, other = parse_expression("abs(a)"), parse_expression("floor(b)")
    kinks = [Kink(one, 0.2), Kink(other, 0.1), Kink(one, 0.3), Kink(one, 0.25)]
    assert budget._bends(kinks) == (("abs(a)", 0.3), ("floor(b)", 0.1))


def test_pairs_stand_in_the_order_of_what_they_add_or_take_away():
    correlations = np.array([[1, 0.5, 0], [0.5, 1, -0.8], [0, -0.8, 1]])
    found = budget._covariances(("a", "b", "c"), np.array([1.0, 2.0, 3.0]), correlations, 10.0)
    assert [each.inputs for each in found] == [("b", "c"), ("a", "b")]
    assert [each.share for each in found] == pytest.approx([-2 * 0.8 * 6 / 100, 2 * 0.5 * 2 / 100])
    assert [each.correlation for each in found] == [-0.8, 0.5]


def test_degrees_of_freedom_come_from_a_scale_or_from_limits_known_inexactly():
    def told(text):
        own = parse_distribution(text)
        plan = SimpleNamespace(distributions={"x": own}, study=SimpleNamespace(file="f"))
        return budget._standard_uncertainty(plan, "x")

    assert told("normal(3, 2)") == (2.0, math.inf)
    assert told("student_t(50, 2, 5)") == (2.0, 5.0)
    # of which limits leave less than 0.999
    near = told("truncate(student_t(0, 2, 5), low=-1, high=1)")
    assert near[0] < 1
    assert math.isinf(near[1])
    # half the width over the root of 3, and half the square of its share in what is inexact
    assert told("ctrap(2, 8, 0.3)") == pytest.approx((3 / math.sqrt(3), 0.5 * (3 / 0.3) ** 2))


def test_an_average_that_nothing_unknown_moves_has_no_budget(write_study):
    text = SCORES.replace('across = "same" }', 'kind = "variability" }')
    text = text.replace("sum(x) + z", "average(sum(x))")
    study = un.load_study(write_study(text))
    with pytest.raises(un.SettingError, match=f"^{STILL_OVER_CASES}: there is nothing to budget"):
        un.linear_budget(study, samples=2**14)


def test_a_method_budgets_each_output_under_what_is_asked(write_study):
    text = SCORES + 'outputs.other = { unit = "kg", value = "2 * z" }\n'
    study = un.load_study(write_study(text))
    settings = Settings(level=0.8, budget=2**11, seed=5)
    found = budget.attribute(Asked(study, ("y", "other"), settings, 2**9, {"threads": 1}, None))
    assert list(found.results) == ["y", "other"]
    for name, own in found.results.items():
        alone = un.linear_budget(study, output=name, samples=2**9, level=0.8, seed=5)
        assert (own.output, own.level, own.interval) == (name, 0.8, alone.interval)
        assert own.monte_carlo_interval == alone.monte_carlo_interval
        # each has its part of the rows
        assert own.settings.budget == 2**10
    columns = found.table.columns
    named = [*zip(columns["result"], columns["quantity"], strict=True)]
    assert named == [("y", "x"), ("y", "z"), ("y", "y"), ("other", "z"), ("other", "other")]
    assert columns["contribution"][3] == pytest.approx(2.0)
    assert found.about.settings.level == 0.8
