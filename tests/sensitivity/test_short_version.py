"""The smallest set of inputs that explains most of the spread."""

import itertools
import sys

import numpy as np
import pytest
from exact_models import EXACT, of_function, portfolio
from scipy.stats import norm
from variants import variants

from uncertainty import SettingError, Study, load_study, sobol
from uncertainty.budgets import BEYOND, Meter
from uncertainty.errors import NonFiniteError
from uncertainty.kept_blocks import write_block
from uncertainty.sensitivity.short_version import _Search, able_sets, fewest_rows, short_version
from uncertainty.sensitivity.sobol.results import Share
from uncertainty.settings import Settings

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


def test_ends_have_the_errors_that_a_normal_quantile_has():
    """They are those of independent draws, in closed form."""
    found = short_version(
        EXACT["product of lognormals, log10"]().study, samples=2**12, design="random", shares=(0.8,)
    )
    draws = BEYOND / 2  # of a function, of which a part is for what is told of all its inputs
    spread = (0.36 + 0.25 + 0.16 + 0.09 + 0.04 + 0.01) ** 0.5
    for each, sigma in ((found, spread), (found.shortened[0.8], (0.36 + 0.25 + 0.16) ** 0.5)):
        exact = sigma * (0.025 * 0.975 / draws) ** 0.5 / norm.pdf(Z)
        for end, error in zip(each.interval, each.ends.errors, strict=True):
            assert error == pytest.approx(end * exact, rel=0.4)
            assert abs(np.log(end)) == pytest.approx(Z * sigma, abs=4 * exact)
        assert each.middle.error == pytest.approx(sigma * (np.pi / 2 / draws) ** 0.5, rel=0.5)


def test_interactions_count_when_all_their_inputs_are_in():
    study = of_function(lambda a, b, c: {"y": a * b + c / 2}, dict.fromkeys("abc", "normal(0, 1)"))
    found = short_version(study, samples=2**14, shares=(0.75,))
    assert set(found.shortened[0.75].inputs) == {"a", "b"}
    first, both, everything = found.closed.values()
    assert first.value == pytest.approx(0, abs=0.02)
    assert both.value == pytest.approx(0.8, abs=0.02)
    assert everything == Share(1.0, (1.0, 1.0))


def test_inputs_that_move_nothing_leave_all_to_the_others():
    """A weight of 0 takes the third out; the first's fourth moment is infinite, so that estimates stray."""
    inputs = {"a": "student_t(0, 1, 3)", "b": "normal(0, 1)", "c": "normal(0, 1)"}
    study = of_function(lambda a, b, c: {"y": a + b + 0 * c}, inputs)
    found = short_version(study, samples=2**10, shares=(0.95,))
    assert set(found.shortened[0.95].inputs) == {"a", "b"}
    assert found.shortened[0.95].closed == Share(1.0, (1.0, 1.0))


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
    whole = found.shortened[0.95]
    assert sorted(whole.inputs) == list("abcd")
    assert (whole.median, whole.interval, whole.reason) == (found.median, found.interval, "")


@pytest.mark.parametrize(
    ("inputs", "tied"), variants([(30, 1.0), (45, 1.0), (36, 1.01)], lambda inputs, _: inputs == 30)
)
def test_many_inputs_of_equal_weight_have_a_short_version(inputs, tied):
    """Four fifths of the equal inputs explain four fifths of the variance."""
    spreads = [0.1 * tied ** (i % 2) for i in range(inputs)]
    study = of_function(
        lambda **columns: {"y": sum(columns.values())},
        {f"a{i}": f"normal(1, {spread})" for i, spread in enumerate(spreads)},
    )
    found = short_version(study, samples=2**13, tolerance=0.1)
    assert len(found.shortened[0.8].inputs) == pytest.approx(0.8 * inputs, abs=2)


@pytest.mark.slow
def test_a_version_of_very_many_inputs_is_not_short():
    study = of_function(
        lambda **columns: {"y": sum(columns.values())}, {f"a{i}": "normal(1, 0.1)" for i in range(80)}
    )
    found = short_version(study, samples=2**8, tolerance=0.5).shortened[0.8]
    assert (found.inputs, found.reason) == ((), "more than 50 inputs are needed")
    assert found.closed.value == pytest.approx(50 / 80, abs=0.1)


CLOSED = {"c": 0.2, "a": 0.4, "b": 0.35, "ac": 0.6, "bc": 0.5, "ab": 0.75, "abc": 0.9}


class Known(_Search):
    """A search among sets whose closed indices are known."""

    @property
    def totals(self):
        return {"c": 0.5, "a": 0.45, "b": 0.4}

    def closed(self, sets):
        values = [CLOSED["".join(sorted(keys))] for keys in sets]
        return {keys: Share(value, (value, value)) for keys, value in zip(sets, values, strict=True)}


@pytest.mark.parametrize(
    ("share", "most", "kept"),
    [
        (0.2, 128, "c"),
        (0.3, 128, "a"),  # of a and b the one that explains more
        (0.4, 128, "a"),
        (0.4, 3, "a"),
        (0.4, 2, "ca"),  # more sets than may be looked at: the growing one stands
        (0.7, 128, "ab"),
        (0.95, 128, "cab"),  # more than all of them explain
    ],
)
def test_of_the_smallest_sets_that_explain_the_share_the_best_is_kept(monkeypatch, share, most, kept):
    monkeypatch.setattr(sys.modules[short_version.__module__], "MOST_SETS", most)
    search = Known(None, "y", 0.1, None, Settings(samples=64))
    growing = search.growing()
    assert list(growing) == [("c",), ("c", "a"), ("c", "a", "b")]
    assert search.smallest(share, growing) == (tuple(kept), search.closed([tuple(kept)])[tuple(kept)])


def test_where_there_is_a_budget_the_growing_set_stands():
    search = Known(None, "y", 0.1, None, Settings(samples=64, budget=1000))
    assert search.smallest(0.4, search.growing())[0] == ("c", "a")


def test_sets_that_can_reach_the_share_come_in_order_and_no_other():
    totals = {"a": 0.5, "b": 0.25, "c": 0.125, "d": 0.0625}
    for size in range(1, 5):
        for share in (0.0, 0.1875, 0.6, 0.75, 0.9):
            every = itertools.combinations(totals, size)
            wanted = [keys for keys in every if sum(totals[key] for key in keys) >= share]
            assert list(able_sets(totals, size, share)) == wanted


def test_an_input_around_another_is_left_at_its_median_given_that(write_study):
    """Of x around mu, mu has 9 / 10 of the variance, and x at its median is mu."""
    study = load_study(
        write_study(
            """
            format = 1
            [study]
            title = "Around another"
            headline = "y"
            [inputs]
            mu = { unit = "1", distribution = "normal(5, 3)" }
            x = { unit = "1", point = 5, distribution = "normal(mu, 1)" }
            [outputs.y]
            value = "x"
            unit = "1"
            """
        )
    )
    found = short_version(study, samples=2**12, shares=(0.85,)).shortened[0.85]
    assert found.inputs == ("mu",)
    assert found.interval == pytest.approx((5 - 3 * Z, 5 + 3 * Z), abs=0.2)


def test_other_outputs_may_have_no_value_at_the_medians():
    def beside(a, b):
        return {"y": 3 * b + a, "z": np.where(a == 0, np.nan, a)}

    inputs = {"a": "uniform(-1, 1)", "b": "normal(0, 1)"}
    study = Study.from_function(beside, inputs, outputs=["y", "z"])
    found = short_version(study, output="y", samples=2**10).shortened[0.8]
    assert (found.inputs, found.reason) == (("b",), "")
    assert found.interval == pytest.approx((-3 * Z, 3 * Z), rel=0.1)


def test_every_row_is_counted_and_kept_whoever_found_the_indices(monkeypatch, tmp_path):
    rows, meters = [], []

    class Recorded(Meter):
        def __init__(self, budget):
            super().__init__(budget)
            meters.append(self)

    def model(a, b):
        rows.append(len(a))
        return {"y": a + 2 * b}

    study = of_function(model, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    fewest = fewest_rows(study, 1)
    assert fewest == 2 * 3 * (64 + 16 * 4)
    assert fewest_rows(study) == 2 * 4 * (64 + 16 * 4)
    with pytest.raises(SettingError, match=f"at least {fewest} model rows for a short version, found 767"):
        short_version(study, shares=(0.7,), budget=fewest - 1)
    indices = sobol(study, samples=256)
    monkeypatch.setattr("uncertainty.budgets.Meter", Recorded)
    how = {"indices": indices, "shares": (0.7,), "budget": 3000}
    rows.clear()
    counted = short_version(study, **how)
    assert sum(rows) == meters[0].used <= 3000
    assert counted.shortened[0.7].inputs == ("b",)
    kept = of_function(lambda a, b: {"y": a + 2 * b}, dict.fromkeys("ab", "normal(0, 1)"))
    how |= {"indices": sobol(kept, samples=256), "cache": tmp_path / "kept"}
    assert short_version(kept, **how).closed == counted.closed
    for file in (tmp_path / "kept").iterdir():
        write_block(file, np.full(np.load(file).shape, 7.0))
    again = short_version(kept, **how)
    assert again.median == 7
    assert again.closed != counted.closed


def test_an_input_whose_parameter_a_category_selects_stays_at_its_median(write_study):
    """The category has 9 of 10.01 of the variance; given it alone, y is 0 or 6 with even odds."""
    study = """
format = 1
[study]
title = "Selected by a category"
headline = "y"
[indices.account]
members = ["one", "other"]
[inputs.of_account]
unit = "1"
index = ["account"]
point = { one = 0, other = 6 }
distribution = { one = "normal(0, 1)", other = "normal(6, 1)" }
[inputs.used]
member_of = "account"
point = "one"
distribution = "one_of(one, other)"
[inputs.y]
unit = "1"
point = 0
distribution = "normal(of_account[used], 0.1)"
[outputs.y]
unit = "1"
"""
    found = short_version(load_study(write_study(study)), samples=2**10).shortened[0.8]
    assert found.inputs == ("used",)
    assert found.closed.interval[0] <= 9 / 10.01 <= found.closed.interval[1]
    assert found.interval == pytest.approx((0, 6), abs=1e-9)


@pytest.mark.slow
def test_a_count_among_counts_is_fixed_at_a_whole_number(write_study):
    """Of 100 some are ill, of whom most are found: the middle count of the ill is one of persons."""
    found = short_version(
        load_study(
            write_study(
                """
                format = 1
                [study]
                title = "Screening"
                headline = "found"
                [inputs]
                prev = { unit = "1", point = 0.02, distribution = "uniform(0.01, 0.9)" }
                ill = { unit = "1", point = 20, distribution = "binomial(100, prev)" }
                found = { unit = "1", point = 18, distribution = "binomial(maximum(ill, 1), 0.9)" }
                [outputs.found]
                unit = "1"
                """
            )
        ),
        samples=2**10,
        shares=(0.8,),
    ).shortened[0.8]
    assert (found.inputs, found.reason) == (("prev",), "")
    assert found.interval == pytest.approx((2, 80), abs=3)


def test_draws_that_are_too_few_leave_out_the_short_version_alone(monkeypatch):
    study = of_function(lambda a, b: {"y": 2 * a + b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    indices = sobol(study, samples=2**10)

    def refuse(*_args, **_options):
        raise NonFiniteError("the average rests on too few of them; `--samples 32768` would give enough")

    monkeypatch.setattr("uncertainty.sensitivity.short_version.propagate", refuse)
    found = short_version(study, indices=indices, shares=(0.7, 0.95), samples=2**10)
    assert np.isnan([found.median, *found.interval]).all()
    assert [each.inputs for each in found.shortened.values()] == [("a",), ("a", "b")]
    reasons = {each.reason for each in found.shortened.values()}
    assert reasons == {"the average rests on too few of them"}
