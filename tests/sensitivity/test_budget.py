"""The linear budget gives what JCGM 101:2008 prints for the GUM's framework, and its verdicts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from exact_models import of_function, portfolio
from scipy.stats import norm, t

import uncertainty as un
from uncertainty import NonFiniteError, SettingError
from uncertainty.distributions import parse_distribution
from uncertainty.records import Frozen
from uncertainty.sampling.copula import linear_correlation
from uncertainty.sensitivity.budget import linear_budget, numerical_tolerance
from uncertainty.sensitivity.budget_result import (
    Bend,
    BudgetLine,
    budget_cells,
    coverage_factor,
    estimate_text,
)
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Correlation, Input, Output

STUDIES = Path(__file__).parent.parent / "studies"


def test_the_mass_calibration_is_beyond_linear_propagation():
    """JCGM 101:2008, 9.3.2: 1.2340 mg with 0.0539 mg, interval 1.1285 to 1.3395 mg, not validated."""
    found = linear_budget(un.load_study(STUDIES / "jcgm-9-3.toml"), interval="shortest")
    assert found.estimate == pytest.approx(1.2340, abs=1e-4)
    assert found.uncertainty == pytest.approx(0.0539, abs=1e-4)
    assert found.interval == pytest.approx((1.1285, 1.3395), abs=3e-4)
    assert found.verdict == "not valid"
    assert found.sentence.startswith("Linear propagation is not valid here")


def test_the_gauge_block_has_the_standard_s_effective_degrees_of_freedom():
    """JCGM 101:2008, 9.5.4: 838 nm with 32 nm and 745 to 931 nm, against 36 nm by Monte Carlo.

    The standard takes 16 degrees of freedom and the factor 2.92 from GUM H.1, which cuts 16.8 off to a whole
    number; here the factor is that of 16.8.
    """
    found = linear_budget(un.load_study("gauge-block"), level=0.99, interval="shortest", samples=2**20)
    assert found.estimate == pytest.approx(838, abs=1)
    assert found.uncertainty == pytest.approx(32, abs=1)
    assert int(found.degrees_of_freedom) == 16
    assert found.interval == pytest.approx((745, 931), abs=1.5)
    assert found.lines["expansion_difference"].degrees_of_freedom == pytest.approx(50)
    assert found.lines["temperature_difference"].degrees_of_freedom == pytest.approx(2)
    assert found.monte_carlo_uncertainty == pytest.approx(36, abs=1)
    # the ends agree, though the standard uncertainties do not
    assert found.verdict == "valid"


def test_an_additive_normal_model_is_validated():
    """JCGM 101:2008, 9.2.2: four normal inputs, 2.00, -3.92 to 3.92."""
    found = linear_budget(un.load_study(STUDIES / "jcgm-9-2-2.toml"), digits=2, samples=2**19)
    assert found.uncertainty == pytest.approx(2, abs=1e-6)
    assert found.interval == pytest.approx((-3.92, 3.92), abs=1e-3)
    assert found.verdict == "valid"


def test_few_draws_leave_the_verdict_open():
    found = linear_budget(
        un.load_study(STUDIES / "jcgm-9-2-2.toml"), digits=2, samples=2**11, design="random"
    )
    assert found.verdict == "undecided"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("model", "inputs", "exact", "allowed"),
    [
        # quantiles of a lognormal quantity: exp(-+1.96 * 3)
        (lambda a: {"y": np.exp(3 * a)}, {"a": "normal(0, 1)"}, (0.0028, 357.8), 0.5),
        (lambda a: {"y": np.exp(-4 * a)}, {"a": "normal(0, 1)"}, (0.00039, 2540), 0.5),
        # a / b <= r where a - r b <= 0, which is normal (Hinkley 1969), and no standard deviation exists
        (lambda a, b: {"y": a / b}, {"a": "normal(1, 0.1)", "b": "normal(1, 0.25)"}, (0.6330, 1.9983), 0.05),
    ],
)
def test_a_long_tail_makes_no_budget_valid(model, inputs, exact, allowed, seed):
    """The tolerance is that of the smaller uncertainty: a tail drives Monte Carlo's up without end."""
    found = linear_budget(of_function(model, inputs), samples=2**13, seed=seed)
    assert found.monte_carlo_interval == pytest.approx(exact, rel=0.05)
    assert (found.verdict, found.tolerance) == ("not valid", pytest.approx(allowed))


def test_no_seed_makes_a_budget_of_a_t_distribution_without_variance_valid():
    study = of_function(lambda a, b: {"y": a + b}, {"a": "student_t(0, 1, 1.5)", "b": "normal(0, 1)"})
    found = [linear_budget(study, samples=2**13, seed=seed) for seed in range(1, 5)]
    assert {(each.verdict, each.tolerance) for each in found} == {("not valid", 0.5)}


def test_a_standard_deviation_that_does_not_settle_leaves_the_verdict_open():
    """The variance of exp(c^2) is infinite, though what is small of it moves no end of the interval."""
    study = of_function(
        lambda a, c: {"y": a + 1e-6 * np.exp(c * c)}, {"a": "normal(0, 1)", "c": "normal(0, 1)"}
    )
    found = linear_budget(study, samples=2**15)
    assert max(found.differences) < found.tolerance
    assert found.verdict == "undecided"
    assert found.sentence.startswith("Whether linear propagation is valid stays open here, since")


@pytest.mark.parametrize("digits", [-1, 0, 3])
def test_digits_other_than_1_and_2_are_refused(digits):
    with pytest.raises(SettingError, match=f"digits: expected 1 or 2, found {digits}"):
        linear_budget(un.load_study("gauge-block"), digits=digits, samples=256)


def test_contributions_are_derivatives_times_uncertainties():
    study = of_function(lambda a, b: {"y": a * b**2}, {"a": "normal(3, 0.1)", "b": "normal(2, 0.05)"})
    found = linear_budget(study, samples=2**12)
    assert found.lines["a"].contribution == pytest.approx(4 * 0.1, rel=1e-6)
    assert found.lines["b"].contribution == pytest.approx(12 * 0.05, rel=1e-6)
    assert list(found.lines) == ["b", "a"]
    assert [line.distribution for line in found.lines.values()] == ["normal(2, 0.05)", "normal(3, 0.1)"]
    assert found.uncertainty == pytest.approx(np.hypot(0.4, 0.6), rel=1e-6)
    assert sum(line.share for line in found.lines.values()) == pytest.approx(1)


def test_correlations_add_covariances():
    found = linear_budget(portfolio().study, samples=2**12)
    assert found.uncertainty**2 == pytest.approx(2.12e6, rel=1e-6)


@pytest.mark.parametrize("scores", [-0.9, 0.3, 0.8])
def test_the_linear_correlation_of_lognormals_is_their_own(scores):
    one, other = parse_distribution("lognormal(median=1, sigma=0.5)"), parse_distribution("lognormal(2, 1.5)")
    s, t = 0.5, np.log(1.5)
    exact = np.expm1(scores * s * t) / np.sqrt(np.expm1(s**2) * np.expm1(t**2))
    assert linear_correlation(one, other, scores) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize(
    ("uncertainty", "digits", "tolerance"),
    [(0.0754, 1, 0.005), (0.0754, 2, 0.0005), (36, 2, 0.5), (2, 2, 0.05), (9.6, 1, 5)],
)
def test_the_tolerance_is_half_a_unit_of_the_last_digit(uncertainty, digits, tolerance):
    assert numerical_tolerance(uncertainty, digits) == pytest.approx(tolerance)


@pytest.mark.parametrize(
    "distribution", ["truncate(student_t(0, 1, 1), low=0)", "pareto(1, 1.5)", "pareto(1, 0.9)"]
)
def test_an_input_without_a_standard_deviation_has_no_linear_budget(distribution):
    study = of_function(lambda x: {"y": np.arctan(x)}, {"x": distribution})
    with pytest.raises(NonFiniteError, match=r"inputs\.x: has no standard deviation"):
        linear_budget(study, samples=2**8)


def test_the_table_has_the_form_of_the_gum_and_closes_with_the_result():
    budget = linear_budget(un.load_study("gauge-block"), samples=1024)
    table = budget.table
    assert table.columns["what"][-1] == "output"
    parts = table.columns["contribution"][:-1]
    assert np.sqrt((parts**2).sum()) == pytest.approx(table.columns["contribution"][-1])
    assert table.columns["share"][:-1].sum() == pytest.approx(1)
    np.testing.assert_allclose(
        np.abs(table.columns["sensitivity"][:-1]) * table.columns["uncertainty"][:-1], parts, rtol=1e-12
    )
    assert (table.columns["sensitivity"] < 0).any()
    assert table.about["coverage_factor"] * budget.uncertainty == pytest.approx(budget.expanded)
    low, high = budget.interval
    assert (high - low) / 2 == pytest.approx(budget.expanded)


@pytest.mark.parametrize(("sign", "spearman"), [(1, 0.5), (-1, 0.99), (1, -0.3)])
def test_correlated_inputs_have_the_degrees_of_freedom_of_the_least_known(sign, spearman):
    study = un.Study.from_function(
        lambda a, b: {"y": a + sign * b},
        {"a": "student_t(0, 1, 5)", "b": "student_t(0, 1, 9)"},
        correlations=[Correlation(("a", "b"), spearman)],
    )
    assert linear_budget(study, samples=2**10).degrees_of_freedom == pytest.approx(5)


def test_a_limit_far_out_in_a_tail_leaves_the_degrees_of_freedom():
    study = of_function(lambda a: {"y": a}, {"a": "truncate(student_t(50, 1, 2), low=0)"})
    found = linear_budget(study, samples=2**10)
    assert (found.uncertainty, found.degrees_of_freedom) == pytest.approx((1, 2))


@pytest.mark.parametrize("scores", [-0.9, 0.2, 0.5, 0.97])
def test_the_linear_correlation_of_fair_coins_is_their_own(scores):
    coin = parse_distribution("discrete(0, 1)")
    # two signs of normal scores (Sheppard 1899): 2 / pi arcsin(r)
    assert linear_correlation(coin, coin, scores) == pytest.approx(2 / np.pi * np.arcsin(scores), abs=2e-3)


def three(sign, r):
    return un.Study.from_function(
        lambda a, b, c: {"y": a + sign * b + 2 * c},
        {"a": "normal(10, 3)", "b": "normal(5, 4)", "c": "normal(1, 0.5)"},
        correlations=[Correlation(("a", "b"), r)],
    )


@pytest.mark.parametrize(("sign", "r"), [(1, 0.5), (-1, 0.5), (1, -0.8)])
def test_covariances_are_lines_of_their_own_and_shares_add_up_with_their_signs(sign, r):
    pearson = 2 * np.sin(np.pi / 6 * r)
    variance = 9 + 16 + 1 + 2 * sign * pearson * 12
    found = linear_budget(three(sign, r), samples=2**10)
    (pair,) = found.covariances
    assert pair.inputs == ("a", "b")
    assert pair.correlation == pytest.approx(pearson, rel=1e-12)
    assert pair.share == pytest.approx(2 * sign * pearson * 12 / variance, rel=1e-9)
    assert found.lines["b"].share == pytest.approx(16 / variance, rel=1e-9)
    assert sum(line.share for line in found.lines.values()) + pair.share == pytest.approx(1, rel=1e-12)
    table = found.table
    row = table.columns["what"].index("covariance")
    assert table.columns["quantity"][row] == "a and b"
    assert table.columns["share"][:-1].sum() == pytest.approx(1, rel=1e-12)
    assert f"covariance of a and b (r = {pearson:.2g})" in found._repr_html_()
    assert f"{100 * pair.share:.1f}\u00a0%" in found._repr_html_()


def test_many_pairs_are_one_row_for_people_and_all_in_the_table():
    names = "abcde"
    study = un.Study.from_function(
        lambda a, b, c, d, e: {"y": a + b + c + d - e},
        dict.fromkeys(names, "normal(0, 1)"),
        correlations=[Correlation((one, other), 0.3) for i, one in enumerate(names) for other in names[:i]],
    )
    found = linear_budget(study, samples=2**10)
    rows = found.rows(str)
    total = sum(pair.share for pair in found.covariances)
    assert rows[-1] == ("covariances of 10 pairs", *("",) * 6, f"{100 * total:.1f} %")
    assert found.table.columns["what"].count("covariance") == 10
    # 4 of 10 pairs are with the one that is subtracted
    r = 2 * np.sin(np.pi / 6 * 0.3)
    assert total == pytest.approx(4 * r / (5 + 4 * r), rel=1e-9)


@pytest.mark.parametrize("chain", [(0.8, -0.3), (0.5, 0.5), (-0.37, 0.61)])
def test_rounding_makes_no_covariance(chain):
    """Of three inputs, the second and the third are each correlated with the first alone."""
    study = un.Study.from_function(
        lambda a, b, c: {"y": a * b - c},
        {"a": "normal(10, 1)", "b": "normal(20, 2)", "c": "lognormal(3, 1.2)"},
        correlations=[Correlation(("a", other), r) for other, r in zip("bc", chain, strict=True)],
    )
    found = linear_budget(study, samples=1024)
    assert {pair.inputs for pair in found.covariances} == {("a", "b"), ("a", "c")}


def test_independent_inputs_have_no_covariances():
    found = linear_budget(un.load_study("gauge-block"), samples=1024)
    assert found.covariances == ()
    assert all(row[0] != "covariance" for row in found.rows(str))


@pytest.mark.parametrize("size", [1e140, 1e-140])
def test_the_linear_correlation_does_not_depend_on_the_unit(size):
    one = parse_distribution("lognormal(median=1, sigma=0.5)")
    other = parse_distribution("uniform(1, 3)")
    scaled = (
        parse_distribution(f"lognormal(median={size}, sigma=0.5)"),
        parse_distribution(f"uniform({size}, {3 * size})"),
    )
    assert linear_correlation(*scaled, 0.6) == pytest.approx(linear_correlation(one, other, 0.6), rel=1e-9)


@pytest.mark.parametrize(
    ("model", "apart"),
    [
        (lambda a, b: {"y": a + 2 * b}, False),
        (lambda a, b: {"y": a * b + b}, True),
        (lambda a, b: {"y": a**2 + 0.1 * b}, True),
        (lambda a, b: {"y": np.sin(3 * a) + b}, True),
    ],
)
def test_a_standard_uncertainty_that_monte_carlo_contradicts_is_said(model, apart):
    found = linear_budget(of_function(model, dict.fromkeys("ab", "normal(0, 1)")), samples=2**16)
    assert bool(found.disagreement) is apart
    assert found.sentence.endswith(found.disagreement)
    if apart:
        assert "the figure by Monte Carlo is the better one" in found.disagreement


def line(**changed):
    return BudgetLine(2.0, 0.5, np.inf, 3.0, 1.5, 0.25, "m")._replace(**changed)


def test_lines_and_pairs_are_written_for_people():
    assert budget_cells(line()) == ("m", "2.00", "0.50", "∞", "3.00", "1.5", "25.0 %")
    assert budget_cells(line(degrees_of_freedom=12.0))[3] == "12"
    assert [coverage_factor(*of) for of in ((np.inf, 0.95), (5.0, 0.9))] == pytest.approx(
        [norm.ppf(0.975), t.ppf(0.95, 5)]
    )
    assert [estimate_text(*of) for of in ((1234.5678, 0.25), (1234.5678, 25.0), (5.0, 0.0))] == [
        "1,234.57",
        "1,235",
        "5.000",
    ]
    found = linear_budget(portfolio().study, samples=2**10)
    pairs = [each for each in found.rows(str.upper) if each[0].startswith("covariance of ")]
    assert len(pairs) == len(found.covariances) > 0
    one, other = found.covariances[0].inputs
    r, share = found.covariances[0].correlation, found.covariances[0].share
    assert pairs[0][0] == f"covariance of {one.upper()} and {other.upper()} (r = {r:.2g})"
    assert pairs[0][1:] == ("",) * 6 + (f"{100 * share:.1f} %",)
    table = found.table.columns
    row = list(table["what"]).index("covariance")
    assert table["quantity"][row] == f"{one} and {other}"
    assert (table["correlation"][row], table["share"][row]) == (r, share)


def test_degrees_of_freedom_are_empty_in_the_table_where_they_are_infinite():
    found = linear_budget(un.load_study("gauge-block"), samples=1024)
    told = dict(zip(found.table.columns["quantity"], found.table.columns["degrees_of_freedom"], strict=True))
    own = {name: line.degrees_of_freedom for name, line in found.lines.items()}
    own[found.output] = found.degrees_of_freedom
    assert sum(map(np.isinf, own.values())) > 0
    for name, degrees in own.items():
        assert np.isnan(told[name]) if np.isinf(degrees) else told[name] == degrees


def test_a_verdict_follows_from_the_ends_their_errors_and_the_tolerance():
    found = linear_budget(
        of_function(lambda a, b: {"y": a + b}, {"a": "normal(3, 3)", "b": "normal(2, 4)"}), samples=2**14
    )
    assert (found.estimate, found.uncertainty) == pytest.approx((5.0, 5.0))
    assert (found.degrees_of_freedom, found.digits, found.tolerance) == (np.inf, 1, 0.5)
    half = norm.ppf(0.975) * 5
    assert found.interval == pytest.approx((5 - half, 5 + half))
    low, high = found.monte_carlo_interval
    assert found.differences == pytest.approx((abs(5 - half - low), abs(5 + half - high)))
    assert found.verdict == "valid"
    told = replace(found, differences=(0.0234, 0.1), differences_error=(0.0021, 0.0004))
    assert told.sentence == (
        "Linear propagation is valid here: the ends of its 95 % interval lie 0.023 and 0.10 from Monte "
        "Carlo's, where 0.5 is allowed (JCGM 101:2008, clause 8)."
    )
    # without powers of ten, and with a digit where the error supports none
    told = replace(found, differences=(20.3, 102.3), differences_error=(70.0, 90.0), tolerance=50.0)
    assert "lie 20 and 100 from Monte Carlo's, where 50 is allowed" in told.sentence
    assert found.result == BudgetLine(found.estimate, found.uncertainty, np.inf, 1.0, found.uncertainty, 1.0)
    wrong = replace(found, verdict="not valid")
    assert wrong.sentence.startswith("Linear propagation is not valid here: the ends of its 95 %")
    open_ = replace(found, verdict="undecided")
    assert open_.sentence.startswith(
        "More draws are needed to tell whether linear propagation is valid here: "
    )
    unknown = replace(open_, monte_carlo_error=None)
    assert unknown.unsettled
    assert "stays open here, since the error of Monte Carlo's standard deviation" in unknown.sentence
    assert not replace(unknown, degrees_of_freedom=9.0).unsettled


def test_where_the_model_bends_is_said_for_the_first_three_parts():
    found = linear_budget(of_function(lambda a: {"y": 2 * a}, {"a": "normal(3, 1)"}), samples=2**8)
    bends = [Bend(part, 0.1) for part in ("abs(a)", "max(a, 2)", "min(a, 9)", "floor(a)", "x" * 70)]
    said = [replace(found, bends=tuple(bends[:count])).derivatives for count in (1, 3, 5)]
    assert said[0].startswith("“abs(a)” bends or jumps within the inputs' spread: no derivative represents")
    assert said[1].startswith("“abs(a)”, “max(a, 2)”, “min(a, 9)” bend or jump")
    assert said[2].startswith("“abs(a)”, “max(a, 2)”, “min(a, 9)” and 2 more bend or jump")
    assert f"“{'x' * 59}…”" in replace(found, bends=tuple(bends[4:])).derivatives
    assert f"“{'x' * 60}”" in replace(found, bends=(Bend("x" * 60, 0.1),)).derivatives
    # differences of a function have an error, which is stated
    assert "Derivatives are differences" in found.derivatives
    flat = replace(found, uncertainty=0.0, monte_carlo_uncertainty=0.0)
    assert "has one value in all draws" in flat.derivatives
    coarse = Frozen({"a": found.lines["a"]._replace(sensitivity_error=0.3)})
    assert "leave a contribution open by 0.3." in replace(found, lines=coarse).derivatives


SHARES = """
format = 1
[study]
title = "Shares"
headline = "y"
[indices.m]
members = ["p", "q", "r"]
[inputs.s]
unit = "1"
index = ["m"]
point = { p = 0.5, q = 0.3, r = 0.2 }
distribution = "dirichlet(p=0.5, q=0.3, r=0.2)"
[inputs.k]
unit = "1"
index = ["m"]
point = { p = 1, q = 2, r = 5 }
[outputs.y]
value = "sum(s * k, m)"
unit = "1"
"""


def test_the_shares_of_a_whole_have_the_covariances_of_their_distribution(write_study):
    study = un.load_study(write_study(SHARES))
    found = linear_budget(study, samples=2**8)
    # of weights that add up to 1: w_i (d_ij - w_j) / 2
    w, k = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 5.0])
    covariance = (np.diag(w) - np.outer(w, w)) / 2
    variance = k @ covariance @ k
    assert found.uncertainty == pytest.approx(np.sqrt(variance))
    assert {name: line.share for name, line in found.lines.items()} == pytest.approx(
        {f"s[{m}]": k[i] ** 2 * covariance[i, i] / variance for i, m in enumerate("pqr")}
    )
    sizes = [abs(each.share) for each in found.covariances]
    assert sizes == sorted(sizes, reverse=True)
    pairs = {each.inputs: each.share for each in found.covariances}
    assert pairs == pytest.approx(
        {(f"s[{a}]", f"s[{b}]"): 2 * k[i] * k[j] * covariance[i, j] / variance
         for i, j, a, b in ((0, 1, "p", "q"), (0, 2, "p", "r"), (1, 2, "q", "r"))}
    )  # fmt: skip
    # where another distribution gives one share, the others have what it leaves: y = 2 q + (1 - q) (5 - 4 d)
    found = linear_budget(study, samples=2**8, overrides={"s[q]": "uniform(0.1, 0.5)"})
    mean, spread = 5 - 4 * 5 / 7, 16 * 0.5 * 0.2 / 0.7**2 / 1.7
    exact = (2 - mean) ** 2 * 0.16 / 12 + (0.7**2 + 0.16 / 12) * spread
    assert found.uncertainty == pytest.approx(np.sqrt(exact))
    assert sum(each.share for each in (*found.lines.values(), *found.covariances)) == pytest.approx(1)


def test_an_average_over_cases_follows_shares_as_a_single_case_does(write_study):
    """The mean of v is 2."""
    text = SHARES.replace("sum(s * k, m)", "average(v * sum(s * k, m))").replace("[outputs.y]", V_OF_CASES)
    found = linear_budget(un.load_study(write_study(text)), samples=2**14)
    w, k = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 5.0])
    covariance = (np.diag(w) - np.outer(w, w)) / 2
    assert found.estimate == pytest.approx(2 * w @ k)
    assert found.uncertainty == pytest.approx(2 * np.sqrt(k @ covariance @ k), rel=1e-6)
    slopes = {f"s[{m}]": 2 * each for m, each in zip("pqr", k, strict=True)}
    assert {name: line.sensitivity for name, line in found.lines.items()} == pytest.approx(slopes, rel=1e-6)


V_OF_CASES = """
[inputs.v]
unit = "1"
point = 2
kind = "variability"
distribution = "uniform(1, 3)"
[outputs.y]"""


def test_correlated_inputs_meet_their_own_correlation_whatever_their_values():
    """Of two fair coins the linear correlation is that of their ranks, which Spearman's target states."""
    study = of_function(
        lambda a, b: {"y": a + b},
        {"a": "discrete(0, 1)", "b": "discrete(0, 1)"},
        correlations=[Correlation(("a", "b"), 0.4)],
    )
    (pair,) = linear_budget(study, samples=2**8).covariances
    assert pair.correlation == pytest.approx(0.4, abs=2e-3)


def test_where_no_standard_deviation_is_known_the_tolerance_is_that_of_the_budget():
    study = of_function(lambda a, b: {"y": a / b}, {"a": "normal(1, 0.1)", "b": "normal(1, 0.2)"})
    found = linear_budget(study, samples=2**12)
    assert found.monte_carlo_error is None
    assert found.tolerance == numerical_tolerance(found.uncertainty, 1) == 0.05


def test_the_tolerance_is_that_of_the_smaller_standard_uncertainty():
    study = of_function(lambda a: {"y": np.tanh(3 * a)}, {"a": "normal(0, 1)"})
    found = linear_budget(study, samples=2**12)
    assert found.uncertainty == pytest.approx(3, rel=1e-3)
    assert 0.5 < found.monte_carlo_uncertainty < 0.95
    assert found.tolerance == 0.05


def test_what_nothing_contributes_to_has_a_share_of_plain_0():
    study = of_function(
        lambda a, b: {"y": 0 * a - b},
        dict.fromkeys("ab", "normal(0, 1)"),
        correlations=[Correlation(("a", "b"), 0.4)],
    )
    (pair,) = linear_budget(study, samples=2**8).covariances
    assert str(pair.share) == "0.0"


WITH_PARAMETERS = """
format = 1
[study]
title = "Parameters"
headline = "y"
[inputs.mu]
unit = "m"
point = {mu}
distribution = "uniform(4, 6)"
[inputs.s]
unit = "1"
point = {s}
distribution = "uniform(0.1, 0.3)"
[inputs.a]
unit = "m"
point = {a}
distribution = "lognormal(median=middle, sigma=s)"
[inputs.b]
unit = "km"
point = {b}
distribution = "normal(a, 3)"
[equations]
middle = "mu"
[outputs.y]
value = "2 * a + mu + b"
unit = "m"
"""


@pytest.mark.parametrize("points", [(5, 0.2, 5, 0.005), (1, 1, 1, 1), (40, 0.001, 3, 90)])
def test_inputs_with_parameters_have_the_estimates_that_these_give(write_study, points):
    """Given its parameters' estimates an input is what it is, wherever the publication's points lie."""
    text = WITH_PARAMETERS.format_map(dict(zip(("mu", "s", "a", "b"), points, strict=True)))
    study = un.load_study(write_study(text.replace('"normal(a, 3)"', '"normal(a, 0.003[km])"')))
    found = un.linear_budget(study, samples=2**12)
    mean = 5 * np.exp(0.02)
    sd = mean * np.sqrt(np.expm1(0.04))
    lines = found.lines
    assert (lines["a"].estimate, lines["a"].uncertainty) == pytest.approx((mean, sd))
    assert (lines["b"].estimate, lines["b"].uncertainty) == pytest.approx((mean / 1000, 0.003))
    # a lognormal quantity's own score at its mean is s / 2, so that it goes as median times exp(s * s / 2)
    slopes = {"a": 3, "b": 1000, "mu": 1 + 3 * np.exp(0.02), "s": 3 * mean * 0.1}
    assert {name: line.sensitivity for name, line in lines.items()} == pytest.approx(slopes)
    assert found.estimate == pytest.approx(3 * mean + 5)
    parts = [3 * sd, 3, slopes["mu"] / np.sqrt(3), slopes["s"] * 0.1 / np.sqrt(3)]
    assert found.uncertainty == pytest.approx(np.sqrt(np.square(parts).sum()))


BY_MEMBER = """
format = 1
[study]
title = "Members"
headline = "y"
[indices.c]
members = [{members}]
[inputs.cat]
member_of = "c"
point = "{point}"
distribution = "one_of({weights})"
[inputs.m]
unit = "1"
index = ["c"]
point = 9
distribution = {{ u = "normal(2, 0.2)", v = "normal(100, 10)", w = "normal(2.5, 0.3)" }}
[inputs.k]
unit = "1"
point = 9
distribution = "normal(m[cat], 0.1)"
[outputs.y]
value = "k + m[cat]"
unit = "1"
"""


@pytest.mark.parametrize("members", ['"u", "v", "w"', '"w", "u", "v"'])
@pytest.mark.parametrize("point", ["u", "w"])
@pytest.mark.parametrize(("weights", "taken"), [("u=3, w=2", (2, 0.2)), ("w=3, u=2", (2.5, 0.3))])
def test_a_category_stands_at_its_likeliest_member(write_study, members, point, weights, taken):
    """Neither the order of members nor the point counts, and no member that is never drawn is taken."""
    text = BY_MEMBER.format(members=members, point=point, weights=weights)
    found = un.linear_budget(un.load_study(write_study(text)), samples=2**10)
    mean, sd = taken
    assert found.estimate == pytest.approx(2 * mean)
    assert found.uncertainty == pytest.approx(np.hypot(2 * sd, 0.1))
    assert (found.lines["k"].estimate, found.lines["k"].uncertainty) == pytest.approx((mean, 0.1))


OF_COUNTS = """
format = 1
[study]
title = "Counts"
headline = "y"
[inputs.k]
unit = "1"
point = 7
distribution = "normal(20, 3)"
[inputs.p]
unit = "1"
point = 0.5
distribution = "uniform(0.1, 0.3)"
[inputs.n]
unit = "1"
point = 9
distribution = "poisson(k)"
[inputs.m]
unit = "1"
point = 9
distribution = "binomial(50, p)"
[inputs.d]
unit = "kg"
point = 1
distribution = "discrete(2, 4, 9, weights=(p, 2 * p, 0.4))"
[inputs.f]
unit = "1"
point = 1
high = 60
distribution = "poisson(k)"
[outputs.y]
value = "n + m + d / 1[kg]"
unit = "1"
[outputs.limited]
value = "f + where(n < 1, 4, 0)"
unit = "1"
"""


@pytest.fixture
def few_kinks(monkeypatch):
    """Look for kinks among few draws: quantiles of counts take their time."""
    monkeypatch.setattr("uncertainty.sensitivity.budget.DRAWS", 2**7)


@pytest.mark.usefixtures("few_kinks")
def test_a_count_follows_its_parameters_through_its_mean(write_study):
    """By the variance of a sum of mixtures, each of its mean's and its own at the estimates."""
    found = un.linear_budget(un.load_study(write_study(OF_COUNTS)), samples=2**7)
    values, weights = np.array([2, 4, 9]), np.array([0.2, 0.4, 0.4])
    mean = values @ weights
    # by p of (2 p + 8 p + 3.6) / (3 p + 0.4), and of 50 p
    of_p = (10 * 1.0 - 3 * 5.6) / 1.0**2 + 50
    slopes = {"n": 1, "k": 1, "m": 1, "d": 1, "p": of_p}
    assert {name: line.sensitivity for name, line in found.lines.items()} == pytest.approx(slopes)
    assert found.estimate == pytest.approx(20 + 10 + mean)
    variance = 20 + 9 + 8 + (values**2 @ weights - mean**2) + (of_p**2 * 0.2**2 / 12)
    assert found.uncertainty == pytest.approx(np.sqrt(variance))
    assert (found.bends, found.derivatives) == ((), "")


@pytest.mark.usefixtures("few_kinks")
@pytest.mark.parametrize("value", ["found", pytest.param("average(found * v)", marks=pytest.mark.slow)])
def test_a_count_among_a_count_has_the_moments_of_its_mean_number(load, value):
    """No number of trials is 3.1 * 3: it stayed at the points, 72 with a standard uncertainty of 3.8."""
    text = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
    for name, point, distribution in (
        ("ill", 90, "binomial(31, 0.3)"),
        ("found", 70, "binomial(ill, 0.8)"),
        ("v", 1, "normal(1, 0.1)"),
    ):
        kind = "variability" if name == "v" else "uncertainty"
        text += f'inputs.{name} = {{ unit = "1", point = {point}, distribution = "{distribution}", '
        text += f'kind = "{kind}" }}\n'
    found = un.linear_budget(load(f'{text}outputs.y = {{ unit = "1", value = "{value}" }}'), samples=2**14)
    line = found.lines["found"]
    assert line.estimate == pytest.approx(31 * 0.3 * 0.8)
    assert line.uncertainty**2 == pytest.approx(31 * 0.3 * 0.8 * 0.2)
    # that of a binomial distribution, of 31 trials
    assert found.uncertainty**2 == pytest.approx(31 * 0.24 * 0.76, rel=1e-3)


@pytest.mark.usefixtures("few_kinks")
def test_what_goes_in_steps_is_told_by_its_name(write_study):
    """Counts within limits have no known mean, and a comparison meets whole counts."""
    study = un.load_study(write_study(OF_COUNTS))
    found = un.linear_budget(study, output="limited", samples=2**7)
    # P(n < 1) is 2e-9: no draw has it
    assert [bend.expression for bend in found.bends] == ["f"]
    assert found.derivatives.startswith("“f” bends or jumps within the inputs' spread")


@pytest.mark.parametrize("high", [None, 60])
def test_an_average_follows_counts_that_nobody_knows_through_their_means(write_study, high):
    """Over cases of a mean of 2, y is 2 n; of a count within limits it is told that it goes in steps."""
    cases = '[inputs.c]\nunit = "1"\npoint = 2\nkind = "variability"\ndistribution = "uniform(1, 3)"\n'
    text = OF_COUNTS.replace("[outputs.y]", f'{cases}[outputs.y]\nover = "average"')
    text = text.replace("n + m + d / 1[kg]", "n * c" if high is None else "f * c")
    found = un.linear_budget(un.load_study(write_study(text)), samples=2**14)
    if high:
        assert [bend.expression for bend in found.bends] == ["f"]
        return
    assert {name: line.sensitivity for name, line in found.lines.items()} == pytest.approx({"n": 2, "k": 2})
    assert found.uncertainty == pytest.approx(2 * np.sqrt(29))
    assert found.bends == ()


@pytest.mark.usefixtures("few_kinks")
def test_parts_of_a_quantile_function_are_no_bend(write_study):
    text = OF_COUNTS.replace("uniform(0.1, 0.3)", "triangular(k / 100 - 0.1, k / 100, k / 100 + 0.2)")
    study = un.load_study(write_study(text.replace("n + m + d / 1[kg]", "p")))
    found = un.linear_budget(study, samples=2**7)
    assert (found.bends, found.derivatives) == ((), "")
    assert found.lines["k"].sensitivity == pytest.approx(0.01)
    bent = un.load_study(write_study(text.replace("n + m + d / 1[kg]", "where(n < 20, p, 1)")))
    assert [each.expression for each in un.linear_budget(bent, samples=2**7).bends] == ["where(n < 20, p, 1)"]


JUMPING_CASES = """
format = 1
study = { title = "t", headline = "square" }
inputs.k = { unit = "1", point = 4, distribution = "uniform(2, 6)" }
inputs.m = { unit = "1", point = 1.5, distribution = "uniform(1, 2)" }
inputs.q = { unit = "1", point = 3, kind = "variability", distribution = "poisson(k)" }
inputs.v = { unit = "1", point = 1, kind = "variability", distribution = "lognormal(1, 2)" }
outputs.square = { unit = "1", value = "average(q**2) + k * average(q) * average(v)" }
outputs.event = { unit = "1", value = "m * average(where(v > m, 1, 0))" }
outputs.flat = { unit = "1", value = "maximum(0, m - 1.7) * average(v**2)" }
"""

V = np.exp(np.log(2) ** 2 / 2)
M = np.log(1.5) / np.log(2)


@pytest.mark.parametrize(
    ("output", "name", "slope"),
    [
        # of k + k**2 and of k**2 times the mean of v
        ("square", "k", 1 + 2 * 4 + 2 * 4 * V),
        ("event", "m", norm.sf(M) - norm.pdf(M) / np.log(2)),
        # what bends is not among the cases: at its estimate of 1.5 the output is flat
        ("flat", "m", 0),
    ],
)
def test_an_average_over_cases_that_jump_has_its_slope(write_study, output, name, slope):
    """Of the net's cases hardly any jump within a short difference."""
    line = un.linear_budget(un.load_study(write_study(JUMPING_CASES)), output=output, samples=2**15).lines[
        name
    ]
    assert line.sensitivity == pytest.approx(slope, abs=2.5 * line.sensitivity_error + 1e-9)
    assert line.sensitivity_error <= 0.06 * abs(slope) + 1e-9


EVENT_AMONG_CASES = """
format = 1
study = { title = "t", headline = "share" }
inputs.m = { unit = "1", point = 1, distribution = "normal(1, 0.2)" }
inputs.s = { unit = "1", point = 2, distribution = "lognormal(mean=2, cv=0.2)" }
inputs.v = { unit = "1", point = 1, kind = "variability", distribution = "lognormal(1, 2)" }
inputs.w = { unit = "1", point = 3, kind = "variability", distribution = "poisson(3)" }
outputs.share = { unit = "1", value = "average(where(s * v > m + 1, w, 0)) / 3" }
"""


@pytest.mark.slow
def test_an_average_has_slopes_over_many_cases_however_few_a_run_has(write_study):
    """A case is met where ln(v) is above ln(m + 1) - ln(s), which is 0 at the estimates; its w counts 1."""
    study = un.load_study(write_study(EVENT_AMONG_CASES))
    found = un.linear_budget(study, samples=2**14, seed=3)
    slope = norm.pdf(0) / np.log(2) / 2
    for name, own in (("s", slope), ("m", -slope)):
        line = found.lines[name]
        assert line.sensitivity == pytest.approx(own, abs=2.5 * line.sensitivity_error + 1e-9)
        assert line.sensitivity_error <= 0.03 * slope
    assert found.estimate == pytest.approx(0.5, abs=0.003)
    assert found.lines["s"].share == pytest.approx(0.8, abs=2.5 * found.share_errors["s"] + 1e-9)


def test_shares_and_contradictions_know_how_far_slopes_may_be_off(write_study):
    found = un.linear_budget(un.load_study(write_study(EVENT_AMONG_CASES)), samples=2**14)
    lines = {
        name: line._replace(sensitivity_error=0.1 * abs(line.sensitivity))
        for name, line in found.lines.items()
    }
    rough = replace(found, lines=lines, verdict="not valid", monte_carlo_error=0.0001)
    # shares of 0.8 and 0.2, whose parts are each off by 0.1 of themselves
    assert rough.share_errors["s"] == pytest.approx(0.2 * 0.8 * 0.2 * np.sqrt(2), rel=0.1)
    assert [row[-1] for row in rough.rows(str)] == ["80 %", "20 %"]
    apart = replace(rough, monte_carlo_uncertainty=0.9 * rough.uncertainty)
    assert not apart.disagreement
    assert "farther apart" in replace(apart, lines=found.lines).disagreement


def test_errors_of_shares_and_of_the_uncertainty_follow_from_those_of_the_contributions():
    """Of contributions of 3 and 4, each by a derivative that may be off."""
    found = linear_budget(
        of_function(lambda a, b: {"y": a + b}, {"a": "normal(3, 3)", "b": "normal(2, 4)"}), samples=2**8
    )
    off = {"a": 0.01, "b": 0.02}
    lines = {name: line._replace(sensitivity_error=off[name]) for name, line in found.lines.items()}
    parts, errors = np.array([3.0, 4.0]), np.array([0.01 * 3, 0.02 * 4])
    told = replace(found, lines=lines)
    assert told.uncertainty_error == pytest.approx(np.hypot(*(parts * errors)) / 5, rel=1e-6)
    for row, name in enumerate("ab"):
        # the derivatives of one share by both contributions, and the square of its own error
        share, moved = (parts[row] / 5) ** 2, 2 * parts * errors / 25
        by_each = np.where(np.arange(2) == row, 1 - share, share) * moved
        expected = np.hypot(np.hypot(*by_each), (errors[row] / 5) ** 2)
        assert told.share_errors[name] == pytest.approx(expected, rel=1e-6)
    still = replace(told, uncertainty=0.0)
    assert (still.uncertainty_error, dict(still.share_errors)) == (0, {"a": 0, "b": 0})


NARROW = """
format = 1
study = { title = "t", headline = "y" }
inputs.u = { unit = "1", point = 2, distribution = "uniform(2 - WIDTH, 2 + WIDTH)" }
inputs.v = { unit = "1", point = 1, kind = "variability", distribution = "exponential(1)" }
outputs.y = { unit = "1", value = "average(where(v > u - 1, v + 1, 0))" }
"""


def narrow(write_study, half_width):
    ends = f"{2 - half_width}, {2 + half_width}"
    return un.load_study(write_study(NARROW.replace("2 - WIDTH, 2 + WIDTH", ends)))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("half_width", [0.1, 0.03, 0.01, 0.003])
def test_a_narrow_input_has_a_slope_though_no_case_of_the_run_jumps(write_study, half_width, seed):
    """A case counts v + 1 = 2 where v meets u - 1 = 1, and so many do as the density of v says."""
    found = un.linear_budget(narrow(write_study, half_width), samples=2**14, seed=seed)
    line, slope = found.lines["u"], -2 * np.exp(-1)
    assert line.sensitivity == pytest.approx(slope, abs=2.5 * line.sensitivity_error)
    assert 0 < line.sensitivity_error < max(0.12, 0.004 / half_width)
    assert found.uncertainty > 0
    assert found.verdict == "undecided"


@pytest.mark.parametrize(
    ("half_width", "seed"), [(0.01, 5), (0.01, 6), (0.01, 8), (0.01, 45), (0.003, 27), (0.003, 33)]
)
def test_a_slope_is_not_sure_where_as_many_cases_jump_in_all_scrambles(write_study, half_width, seed):
    """Of 60 seeds these have scrambles that agree by chance: a slope of 0, or one with hardly an error."""
    line = un.linear_budget(narrow(write_study, half_width), samples=2**14, seed=seed).lines["u"]
    assert line.sensitivity == pytest.approx(-2 * np.exp(-1), abs=2.5 * line.sensitivity_error)
    assert line.sensitivity < -0.5


@pytest.mark.parametrize("seed", [2, 28, 32, 58, 59])
def test_a_slope_is_not_sure_where_cases_jump_beside_what_moves_all(write_study, seed):
    """Of 60 seeds one told the slope of a step without a case, others missed what the longest step misses."""
    text = NARROW.replace("uniform(2 - WIDTH, 2 + WIDTH)", "normal(1, 0.1)").replace("point = 2", "point = 1")
    text = text.replace("exponential(1)", "lognormal(1, 2)").replace("v > u - 1, v + 1", "v > u, v")
    study = un.load_study(write_study(text.replace('"average', '"u * average')))
    line = un.linear_budget(study, samples=2**14, seed=seed).lines["u"]
    spread = np.log(2)
    slope = np.exp(spread**2 / 2) * norm.cdf(spread) - norm.pdf(0) / spread
    assert line.sensitivity == pytest.approx(slope, abs=2 * line.sensitivity_error)
    assert 0 < line.sensitivity_error < 0.03


@pytest.mark.parametrize(("half_width", "seed"), [(1e-2, 1), (3e-3, 2), (1e-4, 2), (1e-5, 21), (1e-6, 8)])
def test_what_moves_all_cases_does_not_hide_that_some_jump(write_study, half_width, seed):
    """Half of v, of a median of 1, count u + v each: these tell 1/2, and those that jump all else."""
    text = NARROW.replace("exponential(1)", "lognormal(1, 2)").replace("v + 1, 0", "u + v, 0")
    ends = f"{2 - half_width}, {2 + half_width}"
    study = un.load_study(write_study(text.replace("2 - WIDTH, 2 + WIDTH", ends)))
    line = un.linear_budget(study, samples=2**15, seed=seed).lines["u"]
    slope = 0.5 - 3 * norm.pdf(0) / np.log(2)
    assert line.sensitivity == pytest.approx(slope, abs=2.5 * line.sensitivity_error)
    assert 0 < line.sensitivity_error < 0.25


def over_cases(function, unknown, different):
    kinds = {"u": (unknown, "uncertainty"), "v": (different, "variability")}
    inputs = {
        name: Input(name, PURE_NUMBER, 1.0, parse_distribution(text), kind=kind)
        for name, (text, kind) in kinds.items()
    }
    return un.Study.from_function(
        function, inputs, outputs={"y": Output("y", PURE_NUMBER, None, over="average")}
    )


@pytest.mark.parametrize("seed", [1, 3, 5, 30])
def test_a_function_over_cases_that_jump_has_slopes_that_know_how_few_jump(seed):
    """The run has some 64 cases, of which none jumps beside so narrow an input, and derivatives have more."""
    study = over_cases(lambda u, v: np.where(v > u - 1, v + 0.4, 0), "uniform(1.99, 2.01)", "exponential(1)")
    line = un.linear_budget(study, samples=2**16, seed=seed).lines["u"]
    assert line.sensitivity == pytest.approx(-1.4 * np.exp(-1), abs=2 * line.sensitivity_error)
    assert 0 < line.sensitivity_error < 2
    study = over_cases(lambda u, v: np.where(v > u - 1, u + v, 0), "uniform(1.99, 2.01)", "lognormal(1, 2)")
    line = un.linear_budget(study, samples=2**16, seed=seed).lines["u"]
    slope = 0.5 - 3 * norm.pdf(0) / np.log(2)
    assert line.sensitivity == pytest.approx(slope, abs=2 * line.sensitivity_error)


def test_scrambles_that_agree_on_a_step_without_a_jump_do_not_tell_a_functions_slope():
    study = over_cases(lambda u, v: u * np.where(v > u, v, 0), "normal(1, 0.1)", "lognormal(1, 2)")
    found = un.linear_budget(study, samples=2**16, seed=12)
    spread, line = np.log(2), found.lines["u"]
    slope = np.exp(spread**2 / 2) * norm.cdf(spread) - norm.pdf(0) / spread
    assert line.sensitivity == pytest.approx(slope, abs=2 * line.sensitivity_error)
    assert 0 < line.sensitivity_error < 0.1


def test_derivatives_of_a_function_over_cases_stay_within_a_budget_of_rows():
    study = over_cases(lambda u, v: u * np.exp(v), "normal(1, 0.1)", "normal(0, 0.3)")
    line = un.linear_budget(study, budget=2**16).lines["u"]
    assert line.sensitivity == pytest.approx(np.exp(0.045), abs=2.5 * line.sensitivity_error)


def test_a_slope_that_no_case_tells_is_said_to_rest_on_so_many(write_study):
    found = un.linear_budget(narrow(write_study, 1e-12), samples=2**14)
    assert found.lines["u"].sensitivity == 0
    assert found.verdict == "undecided"
    assert "none of 16,384 cases changes the output near the input's estimate" in found.derivatives
    assert "none of" not in un.linear_budget(narrow(write_study, 0.1), samples=2**14).derivatives


def test_an_average_that_an_input_cancels_out_of_has_no_slope(write_study):
    other = "u * v / 3) / (u"
    text = NARROW.replace("2 - WIDTH, 2 + WIDTH", "1, 3").replace("where(v > u - 1, v + 1, 0)", other)
    found = un.linear_budget(un.load_study(write_study(text)), samples=2**14)
    assert (found.lines["u"].sensitivity, found.uncertainty) == (0, 0)


def test_a_rare_event_that_no_draw_meets_has_its_slope(write_study):
    text = """
format = 1
study = { title = "t", headline = "y" }
inputs.x = { unit = "1", point = 0, distribution = "bernoulli(1e-7)" }
outputs.y = { unit = "1", value = "5 * x + 2" }
"""
    found = un.linear_budget(un.load_study(write_study(text)), samples=2**14)
    assert found.lines["x"].sensitivity == 5
    assert found.uncertainty == pytest.approx(5 * np.sqrt(1e-7))
    assert found.verdict != "valid"


def test_derivatives_of_a_function_over_cases_say_of_how_many():
    known = {
        name: Input(name, PURE_NUMBER, 1.0, parse_distribution(text), kind=kind)
        for name, text, kind in [
            ("a", "normal(1, 0.1)", "uncertainty"),
            ("v", "normal(0, 0.3)", "variability"),
        ]
    }
    study = un.Study.from_function(
        lambda a, v: {"y": a * np.exp(v)},
        known,
        outputs={"y": Output("y", PURE_NUMBER, None, over="average")},
    )
    found = un.linear_budget(study, samples=2**14)
    size = f"{found.scenario.nested.size:,}"
    assert f"differences of the output over {size} cases; no u(y) is off by more than" in found.derivatives
    line = found.lines["a"]
    assert line.sensitivity == pytest.approx(np.exp(0.045), abs=2.5 * line.sensitivity_error)
    coarse = {"a": line._replace(sensitivity_error=line.sensitivity)}
    assert f"or {size} cases are too few, and" in replace(found, lines=coarse).derivatives


def test_both_standard_uncertainties_that_contradict_each_other_have_three_digits():
    found = linear_budget(un.load_study(STUDIES / "jcgm-9-3.toml"), samples=2**12)
    given = {"uncertainty": 4.551, "monte_carlo_uncertainty": 4.998, "monte_carlo_error": 0.001}
    apart = replace(found, **given, degrees_of_freedom=np.inf, verdict="not valid")
    assert "is 5.00 by Monte Carlo and 4.55 by the budget" in apart.disagreement


FLAT = """
format = 1
study = { title = "t", headline = "y" }
inputs.a = { unit = "1", point = 4, distribution = "normal(4, 1)" }
inputs.k = { unit = "1", point = 1.0615 }
outputs.y = { unit = "1", value = "a" }
outputs.flat = { unit = "1", value = "k + 0 * a", published = 1.06 }
"""


def test_a_budget_of_one_number_asks_for_no_more_draws(write_study):
    """The draws' own spread is a rounding error, 2e-16, whose error is not known."""
    found = un.linear_budget(un.load_study(write_study(FLAT)), output="flat", samples=2**12)
    assert (found.uncertainty, found.verdict, found.tolerance) == (0, "valid", 0)
    assert found.sentence == "The output varies neither in the budget nor in Monte Carlo."
    assert found.estimate == 1.0615
