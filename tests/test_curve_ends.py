"""`check` says how often a curve is looked up beyond its ends."""

import pytest
from scipy.stats import norm

import uncertainty as un

STUDY = """
format = 1

[study]
title = "Damage"
headline = "loss[2050]"

[indices.year]
members = [2020, 2050]
unit = "year"

[curves.damage]
x_unit = "delta_degC"
unit = "%"
points = [[-1, 0], [2, 1], [4, 8]]

[inputs.warming]
unit = "delta_degC"
index = ["year"]
point = { 2020 = 1, 2050 = 3 }
distribution = { 2020 = "normal(1, 1)", 2050 = "normal(3, 1)" }

[equations]
share = "interpolate(warming, damage)"
flat = "interpolate(1[delta_degC], damage)"

[outputs.loss]
value = "share + flat"
unit = "%"
"""


@pytest.fixture
def study(write_study):
    return un.load_study(write_study(STUDY))


def test_shares_of_draws_beyond_both_ends_are_those_of_the_distributions(study):
    """In one year at least: nothing is said of a curve that is used between its ends alone."""
    found = un.reproduce(study).curve_ends
    assert list(found) == ["interpolate(warming, damage)"]
    ends = found["interpolate(warming, damage)"]
    below = 1 - norm.sf(-2) * norm.sf(-4)
    above = 1 - norm.cdf(3) * norm.cdf(1)
    assert ends.below.value == pytest.approx(below, abs=4 * ends.below.error + 1e-5)
    assert ends.above.value == pytest.approx(above, abs=4 * ends.above.error + 1e-5)
    assert (ends.first, ends.last) == ("-1[delta_degC]", "4[delta_degC]")


def test_check_says_so_in_words_and_in_json(study, command):
    _, out, err = command("check", study.file)
    said = " ".join(out.split())
    assert err == ""
    assert "interpolate(warming, damage) is asked below -1 delta_degC in 2 % of the draws" in said
    assert "and above 4 delta_degC in 16 % of the draws, where the last value holds." in said
    found = command("check", study.file, "--json")[1]
    assert '"above": 0.159' in found[found.index('"curve_ends"') :]


def test_nothing_is_drawn_for_a_quantity_that_stays_between_the_ends(write_study):
    inside = STUDY.replace("normal(1, 1)", "uniform(0, 1)").replace("normal(3, 1)", "uniform(2, 4)")
    found = un.reproduce(un.load_study(write_study(inside)))
    assert (found.curve_ends, found.settings) == ({}, None)


@pytest.mark.parametrize("where", ["value", "equation"])
def test_a_study_without_indices_may_have_a_curve(where, write_study):
    """The curve is followed: its median is that of the input, its interval ends where it does."""
    text = """
format = 1
[study]
title = "t"
headline = "y"
[curves.k]
x_unit = "1"
unit = "1"
points = [[0, 0], [2, 1], [4, 8]]
[inputs.a]
unit = "1"
point = 2
distribution = "normal(2, 1.5)"
[outputs.y]
unit = "1"
"""
    formula = "interpolate(a, k)"
    text += f'value = "{formula}"\n' if where == "value" else f'value = "z"\n[equations]\nz = "{formula}"\n'
    study = un.load_study(write_study(text))
    found = un.propagate(study, samples=4096).headline
    assert (found.median, *found.interval()) == pytest.approx((1, 0, 8), abs=0.02)
    (ends,) = un.reproduce(study).curve_ends.values()
    assert ends.below.value + ends.above.value == pytest.approx(2 * norm.cdf(-2 / 1.5), abs=0.01)


@pytest.mark.parametrize(("members", "last"), [(1, 4.0), (3, 4.5), (8, 4.0)])
def test_a_draw_counts_once_however_many_of_its_cells_lie_beyond(members, last, write_study):
    names = [f"m{number}" for number in range(members)]
    text = f"""
format = 1
[study]
title = "t"
headline = "y"
[indices.k]
members = {names}
[curves.price]
points = [[0, 1], [2, 3], [{last}, 2.5]]
[inputs.x]
unit = "1"
index = ["k"]
point = 1
distribution = "uniform(0, 5)"
[outputs.y]
unit = "1"
value = "sum(interpolate(x, price))"
"""
    (ends,) = un.reproduce(un.load_study(write_study(text))).curve_ends.values()
    right = 1 - (last / 5) ** members
    assert ends.above.value == pytest.approx(right, abs=4 * ends.above.error + 1e-5)
    assert ends.below.value == 0
