"""A whole is one input, or its shares are: what is said depends on no order in which members stand."""

from __future__ import annotations

import numpy as np
import pytest

import uncertainty as un
from uncertainty.challenges.breakeven import break_even
from uncertainty.challenges.designpoint import find_design_point
from uncertainty.challenges.effort import Effort, Search
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.stress import reverse_stress
from uncertainty.challenges.thresholds import thresholds
from uncertainty.errors import SettingError
from uncertainty.sensitivity.budget import linear_budget
from uncertainty.sensitivity.effects import describe_drivers
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.local import tornado
from uncertainty.sensitivity.shapley import shapley
from uncertainty.study.scenario import scenario

WHOLES = [
    # weights and prices of the members; the variance of the whole's price is exact
    ({"p": 0.5, "q": 0.3, "r": 0.2}, {"p": 1, "q": 2, "r": 5}),
    ({"p": 1, "q": 1, "r": 1}, {"p": 0, "q": 0, "r": 1}),
    ({"p": 6, "q": 2, "r": 1, "t": 3}, {"p": -2, "q": 7, "r": 4, "t": 4}),
]

QUICK = Effort(draws=2**11, others=2**8, distributed=Search(3, 8, 4, 2, 6), points=Search(20, 20, 10, 3, 12))

ORDERS = [sorted, lambda members: sorted(members, reverse=True)]


def study(tmp_path, weights, prices, order, more="", value="sum(s * k, m)"):
    members = order(weights)
    total = sum(weights.values())
    points = ", ".join(f"{m} = {weights[m] / total!r}" for m in members)
    path = tmp_path / "study.toml"
    path.write_text(
        f"""
format = 1
[study]
title = "Shares"
headline = "y"
compare = ["y", "z"]
[indices.m]
members = [{", ".join(f'"{m}"' for m in members)}]
[inputs.s]
unit = "1"
index = ["m"]
point = {{ {points} }}
distribution = "dirichlet({", ".join(f"{m}={weights[m]}" for m in members)})"
[inputs.k]
unit = "1"
index = ["m"]
point = {{ {", ".join(f"{m} = {prices[m]}" for m in members)} }}
{more}
[outputs.y]
value = "{value}"
unit = "1"
[outputs.z]
value = "2 + 0 * s[p]"
unit = "1"
""",
        encoding="utf-8",
    )
    return un.load_study(path)


def space_of(study):
    return make_normal_space(make_response(scenario(study), "y"))


def limit(study, value):
    return thresholds(study.outputs["y"], value)[0]


def moments(weights, prices):
    """Return the price's variance, the part of it that each share explains, and the sign of its effect."""
    members = sorted(weights)
    w, k = (np.array([of[m] for m in members], float) for of in (weights, prices))
    total = w.sum()
    covariance = (np.diag(w) / total - np.outer(w, w) / total**2) / (total + 1)
    variance = k @ covariance @ k
    # given one share, the others have the rest in proportion to their weights
    rest = (w @ k - w * k) / (total - w)
    explained = (k - rest) ** 2 * np.diag(covariance) / variance
    names = [f"s[{member}]" for member in members]
    signs = np.sign(np.round(k - rest, 12))
    return variance, dict(zip(names, explained, strict=True)), dict(zip(names, signs, strict=True))


@pytest.mark.parametrize("order", [ORDERS[0], pytest.param(ORDERS[1], marks=pytest.mark.slow)])
@pytest.mark.parametrize(("weights", "prices"), WHOLES)
def test_every_method_speaks_of_the_whole_or_of_the_shares_themselves(tmp_path, weights, prices, order):
    whole = study(tmp_path, weights, prices, order)
    variance, explained, slopes = moments(weights, prices)
    assert {n: each.value for n, each in shapley(whole, samples=512).effects.items()} == {
        "s": pytest.approx(1)
    }
    budget = linear_budget(whole, samples=2**12)
    assert budget.uncertainty**2 == pytest.approx(variance, rel=1e-9)
    shares = sum(each.share for each in (*budget.lines.values(), *budget.covariances))
    assert shares == pytest.approx(1)
    assert {n: line.sensitivity for n, line in budget.lines.items()} == {
        f"s[{m}]": pytest.approx(price, abs=1e-12) for m, price in prices.items()
    }
    drawn = given_data(un.draw_sample(whole, output="y", samples=2**14), moment_independent=False)["y"]
    assert {n: row.S1.value for n, row in drawn.inputs.items()} == pytest.approx(explained, abs=0.02)
    signs = {n: np.sign(row.spearman.value) for n, row in drawn.inputs.items() if row.S1.value > 0.05}
    assert signs == {n: slopes[n] for n in signs}


def test_what_another_distribution_leaves_of_a_whole_varies_in_the_budget_too(tmp_path):
    weights, prices = WHOLES[0]
    whole = study(tmp_path, weights, prices, sorted)
    for left in ("uniform(0.1, 0.5)", 0.25):
        found = linear_budget(whole, samples=2**14, overrides={"s[q]": left})
        assert found.monte_carlo_error is not None
        assert found.uncertainty == pytest.approx(found.monte_carlo_uncertainty, rel=2e-3)
        assert sum(e.share for e in (*found.lines.values(), *found.covariances)) == pytest.approx(1)


def test_beside_correlated_inputs_a_whole_is_one_player(tmp_path):
    """A product with an independent factor of mean 1: variances multiply (Goodman 1960)."""
    weights, prices = WHOLES[0]
    more = '[inputs.f]\nunit = "1"\npoint = 1\ndistribution = "normal(1, 0.3)"'
    whole = study(tmp_path, weights, prices, sorted, more, "f * sum(s * k, m)")
    variance, mean = moments(weights, prices)[0], 2.1
    alone = np.array([variance, 0.09 * mean**2])
    both = 0.09 * variance
    exact = (alone + both / 2) / (alone.sum() + both)
    found = shapley(whole, samples=2**13).effects
    assert (found["s"].value, found["f"].value) == pytest.approx(exact, abs=0.02)


def test_knowing_a_share_is_worth_the_same_in_every_order(tmp_path):
    found = [un.compare_alternatives(study(tmp_path, *WHOLES[0], o), samples=2**14).worth for o in ORDERS]
    assert found[0].keys() == found[1].keys() == {"s[p]", "s[q]", "s[r]"}
    for name in found[0]:
        one, other = (each[name].estimate for each in found)
        assert one.value == pytest.approx(other.value, abs=0.003)


@pytest.mark.parametrize("order", ORDERS)
def test_a_share_moves_alone_by_taking_from_the_others_in_proportion(tmp_path, order):
    """Of prices 1, 2, 5 and weights 5, 3, 2 the rest of p costs 3.2, of q 15/7, of r 11/8."""
    whole = study(tmp_path, *WHOLES[0], order)
    rest = {"s[p]": (1, 3.2), "s[q]": (2, 15 / 7), "s[r]": (5, 11 / 8)}
    found = tornado(whole, start="points")
    for name, (own, others) in rest.items():
        path = found.paths[name]
        assert path.outputs == pytest.approx([own * v + others * (1 - v) for v in path.inputs])
    asked = break_even(space_of(whole), (limit(whole, 2.5),), 1, QUICK)
    for name, (own, others) in rest.items():
        at_points, distributed = asked[name]
        crossing = (2.5 - others) / (own - others)
        if 0 <= crossing <= 1:
            assert at_points.value == pytest.approx(crossing, rel=1e-6)
        else:
            assert at_points.value is None
            assert name == "s[q]"
            assert distributed.value is None


def test_design_point_and_stress_are_the_same_in_every_order(tmp_path):
    wholes = [study(tmp_path, *WHOLES[2], order) for order in ORDERS]
    one, other = (find_design_point(space_of(each), limit(each, 3.5), 1, QUICK) for each in wholes)
    assert one.distance == pytest.approx(other.distance, rel=1e-6)
    for name, coordinate in one.inputs.items():
        assert coordinate.value == pytest.approx(other.inputs[name].value, abs=1e-4)
    assert sum(each.value for each in one.inputs.values()) == pytest.approx(1)
    one, other = (reverse_stress(space_of(each), limit(each, 1.5), 1, QUICK).by_input for each in wholes)
    for name, shift in one.items():
        assert shift.shift == pytest.approx(other[name].shift, abs=0.1)


def test_scores_give_shares_of_the_distribution_down_to_the_smallest_weights():
    from scipy import stats

    from uncertainty.distributions.dirichlet import Share
    from uncertainty.study.shares import Whole

    weights, names = (0.003, 0.5, 4.0), ("a", "b", "c")
    whole = Whole({n: Share(names, weights, names, place, 1.0) for place, n in enumerate(names)}, (), 1.0)
    scores = np.random.default_rng(1).standard_normal((3, 5_000))
    found = whole.of_scores(scores)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=0), 1)
    for row, weight in zip(found, weights, strict=True):
        exact = stats.beta(weight, sum(weights) - weight)
        assert np.mean(row) == pytest.approx(exact.mean(), abs=4 * exact.std() / np.sqrt(5_000))
        assert stats.kstest(row[row > 1e-300], exact.cdf).statistic < 0.025 or weight < 0.01


def test_a_whole_is_called_one_input_and_nobody_is_sent_to_share_it_out(tmp_path):
    whole = study(tmp_path, *WHOLES[0], sorted)
    found = un.sobol(whole, output="y", samples=256)
    assert found.grouping == "Shares of a whole count as one input: s[p] with s[q] with s[r]."
    with pytest.raises(SettingError, match=r"s\[p\] and s\[q\] are shares of a whole, which is one input"):
        un.sobol(whole, output="y", samples=256, by="input")
    with pytest.raises(SettingError, match="morris: inputs are shares of a whole"):
        un.morris(whole, output="y")


def test_what_would_remain_is_told_of_every_share(tmp_path):
    """The share that explains most narrows most, also where it stands last and has no draws of its own."""
    explained = moments(*WHOLES[0])[1]
    for order in ORDERS:
        whole = study(tmp_path, *WHOLES[0], order)
        found = describe_drivers(un.sobol(whole, output="y", samples=256), "y", budget=2**13).effects
        assert list(found.remaining) == sorted(explained, key=explained.get, reverse=True)
        assert found.curves.keys() == explained.keys()
