"""The value at which one input crosses a threshold, against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
from models import bounded, limit, space_of
from scipy.optimize import brentq
from scipy.stats import norm, skewnorm
from variants import variants

import uncertainty as un
from uncertainty.challenges.breakeven import BARELY, BreakEven, break_even
from uncertainty.challenges.curves import FAINT
from uncertainty.challenges.response import compile_reaching, evaluate, moved
from uncertainty.challenges.thresholds import Threshold
from uncertainty.distributions import parse_distribution
from uncertainty.pages.break_even_words import break_even_text, never_crossing, open_sentence
from uncertainty.sampling.nesting import over_unknown
from uncertainty.study.emulator import Emulator
from uncertainty.study.scenario import scenario


def product(a, b):
    return {"y": a * b}


LOGNORMALS = {"a": "lognormal(10, 2)", "b": "lognormal(2, 1.5)"}


def asked(space, value, *, above=True):
    """Return by input what is found with the others at their points, and distributed."""
    return break_even(space, (limit(value, above=above),), seed=1)


@pytest.mark.parametrize("others", [0, 1])
def test_a_product_of_lognormals_crosses_where_its_median_does(others):
    found = asked(space_of(product, LOGNORMALS), 5)
    a, b = found["a"][others], found["b"][others]
    assert (a.status, b.status) == ("crosses", "crosses")
    assert a.value == pytest.approx(2.5, rel=0.01 if others else 1e-9)
    assert b.value == pytest.approx(0.5, rel=0.01 if others else 1e-9)
    assert a.quantile == pytest.approx(norm.cdf(math.log(0.25) / math.log(2)), abs=0.01)
    assert (a.crossings, b.crossings) == (1, 1)


def test_an_end_where_the_output_is_undefined_hides_no_crossing_before_it():
    """At 2.5 lies the crossing: below 10 / 1.2**7, farther than the distribution is searched, and above 0."""

    def only_above_0(a, b):
        return {"y": np.where(a > 0, a, np.nan) * b}

    inputs = {"a": "lognormal(10, 1.2)", "b": "lognormal(2, 1.5)"}
    found = asked(space_of(only_above_0, inputs), 5)["a"]
    assert [each.status for each in found] == ["crosses", "crosses"]
    assert found[0].value == pytest.approx(2.5, rel=1e-9)
    assert found[1].value == pytest.approx(2.5, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "inputs", "value"),
    [
        (lambda t, u: {"y": t - u}, {"t": "normal(20, 2)", "u": "normal(0, 1)"}, 0.0),
        (lambda t, u: {"y": 1e6 * (t + u)}, {"t": "normal(7, 2)", "u": "student_t(0, 1, 5)"}, 0.0),
        (lambda t, u: {"y": np.exp(t) - 1 + u}, {"t": "normal(3, 1)", "u": "uniform(-0.5, 0.5)"}, 0.0),
        (product, LOGNORMALS, 5),
    ],
)
def test_with_the_others_distributed_the_value_has_an_error_that_covers(model, inputs, value):
    first = next(iter(inputs))
    exact = value / 2
    found = [break_even(space_of(model, inputs), (limit(value),), seed)[first][1] for seed in range(6)]
    assert all(abs(each.value - exact) <= 4 * each.error for each in found)
    assert sum(abs(each.value - exact) <= 2 * each.error for each in found) >= 4
    if not exact:
        plan = space_of(model, inputs).response.plan
        text = break_even_text(found[0], plan.study.inputs[first], 20, plan.distributions[first])
        assert text.startswith("0 (")


@pytest.mark.parametrize(
    ("counts", "seeds"),
    variants([("poisson(50)", 2), ("poisson(50)", 6), ("poisson(rate)", 1)], lambda _, seeds: seeds == 2),
)
def test_one_of_the_values_of_a_count_has_an_error_where_its_neighbours_may_be_it(counts, seeds):
    """The median of what is added is 0: at 40 the result's lies so little above 40 that draws may say 40."""
    inputs = {"count": counts, "rate": "uniform(49, 51)", "a": "normal(0, 5)", "b": "normal(0, 5)"}
    space = space_of(lambda count, rate, a, b: {"y": count + 1e-3 + a * b + 0 * rate}, inputs)
    close = [break_even(space, (limit(40.0),), seed)["count"][1] for seed in range(seeds)]
    assert {each.value for each in close} <= {39.0, 40.0}
    assert all(0.5 <= each.error < 1 for each in close)
    assert all(abs(each.value - 39) <= 2 * each.error for each in close)


LAST_OF_ALL = [("poisson(1.5)", 17.0), ("binomial(9, 0.3)", 9.0), ("discrete(1, 2, 7)", 7.0)]


@pytest.mark.parametrize(("counts", "last"), LAST_OF_ALL)
def test_what_a_count_alone_gives_has_no_error_at_the_threshold_itself(counts, last):
    """Nothing else is drawn: n is at least 7 from 7 on, and no other value may be meant."""
    space = space_of(lambda n: {"y": n}, {"n": counts})
    for row in asked(space, last)["n"]:
        assert (row.status, row.value, row.error) == ("already crossed", last, None)


WITH_PARAMETERS = """format = 1
study = {{ title = "t", headline = "n" }}
outputs.n = {{ unit = "1" }}
inputs.mu = {{ unit = "1", point = 0.3, distribution = "uniform(0.2, 0.4)" }}
inputs.n = {{ unit = "1", point = 2, distribution = "{counts}" }}
"""


@pytest.mark.parametrize(
    ("counts", "last"),
    [
        pytest.param("poisson(5 * mu)", 20, marks=pytest.mark.slow),
        pytest.param("binomial(9, mu)", 9, marks=pytest.mark.slow),
        ("discrete(1, 2, 7, weights=(1, mu, mu))", 7),
    ],
)
def test_the_last_value_of_a_count_with_parameters_is_found_and_none_beyond_it_is_denied(load, counts, last):
    """What it draws ends there: of a larger count nothing is known, whatever physical limits allow."""
    study = load(WITH_PARAMETERS.format(counts=counts))
    points, distributed = un.challenge(study, threshold=last, samples=2**8).outputs["n"].break_even["n"]
    assert (points.value, distributed.value, distributed.error) == (last, last, None)
    beyond = un.challenge(study, threshold=last + 20, samples=2**8).outputs["n"].break_even
    assert [(row.value, row.tried) for row in beyond["n"]] == [(None, "all drawn")] * 2
    (said,) = never_crossing(study, {"n": beyond["n"]}, ["n"])
    assert said == "This crosses alone at no value that its distribution draws: n."


def test_one_of_the_values_of_a_count_has_no_error_where_it_can_be_no_other():
    space = space_of(lambda count, a: {"y": count + a}, {"count": "poisson(50)", "a": "normal(0, 5)"})
    found = break_even(space, (limit(40.5),), seed=1)["count"][1]
    assert (found.value, found.error) == (40.0, None)
    assert found.reason.startswith("it is one of the values that the input has")


def test_a_value_whose_error_reaches_an_end_of_the_distribution_lies_about_there():
    """Two inputs of one distribution, by which a product alike crosses, are said to cross at one place."""
    own = parse_distribution("loguniform(0.1, 1)")
    item = un.Study.from_function(lambda x: {"y": x}, {"x": own}).inputs["x"]
    found = BreakEven("x", limit(1.0), "distributed", "crosses", 0.96, 0.98, crossings=1, error=0.16)
    beyond = replace(found, value=1.07, quantile=1.0, error=0.1, status="crosses beyond its distribution")
    told = {break_even_text(each, item, 0.3, own).partition("(")[2] for each in (found, beyond)}
    assert told == {"about the end of its distribution)"}
    assert break_even_text(replace(found, value=0.5, error=0.01), item, 0.3, own).endswith("98th percentile)")
    assert break_even_text(replace(beyond, value=2.0), item, 0.3, own).endswith("(beyond its distribution)")
    vague = replace(found, value=0.5, quantile=0.7, quantile_error=0.05, error=0.05)
    assert break_even_text(vague, item, 0.3, own).endswith("(60th to 80th percentile)")


@pytest.mark.parametrize("width", [0.01, 0.3, 4.0])
def test_the_percentile_of_a_value_has_the_error_that_the_value_gives_it(width):
    """Its density times the error of the value: of a narrow input much, of a wide one little."""
    inputs = {"narrow": f"normal(5, {width})", "other": "uniform(0, 10)"}
    space = space_of(lambda narrow, other: {"y": narrow + other}, inputs)
    found = break_even(space, (limit(10.0),), seed=1)["narrow"][1]
    low, high = norm.cdf([found.value - found.error, found.value + found.error], 5, width)
    assert found.quantile == pytest.approx(norm.cdf(found.value, 5, width), abs=1e-9)
    assert found.quantile_error == pytest.approx((high - low) / 2, rel=1e-6)
    assert abs(found.quantile - 0.5) <= 4 * found.quantile_error


@pytest.mark.parametrize(("centre", "crossed"), [(0.3, -1.7), (0.1, 2.1)])
def test_of_crossings_beyond_both_ends_the_nearest_is_given(centre, crossed):
    # from the median of 0.2 one lies 1.9 away, the other 2.1
    space = space_of(lambda x: {"y": (x - centre) ** 2}, {"x": "normal(0.2, 0.02)"})
    _, found = asked(space, 4.0, above=False)["x"]
    assert found.crossings == 2
    assert found.value == pytest.approx(crossed, rel=1e-6)


def test_with_the_others_at_their_points_the_value_has_no_error():
    points, _ = asked(space_of(product, LOGNORMALS), 5)["a"]
    assert points.error is None


@pytest.mark.slow
def test_with_the_others_distributed_correlated_inputs_follow():
    # given x, the other is normal around r x
    rho = 2 * math.sin(math.pi / 6 * 0.5)
    space = space_of(
        lambda x, other: {"y": x + other},
        {"x": "normal(0, 1)", "other": "normal(0, 1)"},
        correlations=[(("x", "other"), 0.5)],
    )
    points, distributed = asked(space, -1.0)["x"]
    assert points.value == pytest.approx(-1.0, rel=1e-9)
    assert distributed.value == pytest.approx(-1.0 / (1 + rho), abs=0.02)


@pytest.mark.parametrize("value", [-20.0, pytest.param(20.0, marks=pytest.mark.slow)])
def test_correlated_inputs_follow_as_far_as_the_input_goes(value):
    """Given x, the other is normal around r x: 13 standard deviations out, too."""
    rho = 2 * math.sin(math.pi / 6 * 0.5)
    inputs = {"x": "normal(0, 1)", "other": "normal(0, 1)"}
    space = space_of(lambda x, other: {"y": x + other}, inputs, correlations=[(("x", "other"), 0.5)])
    _, distributed = asked(space, value, above=value > 0)["x"]
    assert distributed.value == pytest.approx(value / (1 + rho), abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("sign", [-1, 1])
def test_nobody_can_tell_what_follows_an_input_where_no_probability_does(sign):
    """Beyond 38 standard deviations, where the other would be nearer again than before."""
    rho = 2 * math.sin(math.pi / 6 * 0.5)
    inputs = {"x": "normal(0, 1)", "other": "normal(0, 10)"}
    space = space_of(lambda x, other: {"y": x + other}, inputs, correlations=[(("x", "other"), 0.5)])
    _, distributed = asked(space, sign * 100.0, above=sign > 0)["x"]
    assert distributed.value == pytest.approx(sign * 100 / (1 + 10 * rho), rel=0.01)
    assert distributed.crossings == 1
    assert asked(space, sign * 350.0, above=sign > 0)["x"][1].value is None


@pytest.mark.slow
def test_correlated_inputs_follow_lognormal_ones_far_up():
    """The median of a product is a times that of b at the score r z, in closed form."""
    space = space_of(product, LOGNORMALS, correlations=[(("a", "b"), 0.3)])
    slope = 2 * math.sin(math.pi / 6 * 0.3) * math.log(1.5)
    z = math.log(1e5 / 20) / (math.log(2) + slope)
    _, distributed = asked(space, 1e5)["a"]
    assert z > 10
    assert distributed.value == pytest.approx(10 * 2**z, rel=0.02)


def test_what_is_beyond_a_distribution_but_possible_is_told_apart():
    space = space_of(product, {"a": bounded("a", "uniform(8, 12)", 10, low=0), "b": "lognormal(2, 1.5)"})
    found = asked(space, 5)["a"][0]
    assert found.status == "crosses beyond its distribution"
    assert found.value == pytest.approx(2.5, rel=1e-9)
    assert found.quantile == 0


@pytest.mark.parametrize("value", [-5.0, -1e-3, 0.0, 5.0])
@pytest.mark.parametrize(("mean", "sd"), variants([(20, 2), (7, 0.5), (300, 1)], lambda mean, _: mean == 20))
def test_what_is_possible_below_zero_is_searched_however_far_out(value, mean, sd):
    space = space_of(lambda t, u: {"y": t - u}, {"t": f"normal({mean}, {sd})", "u": "normal(0, 1)"})
    points, distributed = asked(space, value)["t"]
    assert points.status == distributed.status == "crosses"
    assert points.value == pytest.approx(value, rel=1e-6, abs=1e-6)
    assert distributed.value == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize("text", ["lognormal(20, 1.1)", "truncate(normal(20, 2), low=0)", "uniform(10, 20)"])
def test_what_is_always_positive_stays_so(text):
    space = space_of(lambda t, u: {"y": t - u}, {"t": text, "u": "normal(0, 1)"})
    assert asked(space, -5.0)["t"][0].status == "no value does"


def test_physical_limits_end_the_search():
    space = space_of(
        product, {"a": bounded("a", "uniform(8, 12)", 10, low=5, high=20), "b": "lognormal(2, 1.5)"}
    )
    found = asked(space, 5)["a"][0]
    assert (found.status, found.value) == ("no value does", None)


def test_a_crossing_at_the_limit_itself_is_found():
    space = space_of(lambda a: {"y": a}, {"a": bounded("a", "uniform(1, 2)", 1.5, low=0, high=3)})
    assert asked(space, 3.0, above=False)["a"][0].status == "no value does"
    assert asked(space, 2.9999, above=False)["a"][0].value == pytest.approx(2.9999)


def test_an_output_beyond_the_threshold_is_already_crossed_and_says_what_brings_it_back():
    found = asked(space_of(product, LOGNORMALS), 40)["a"][0]
    assert found.status == "already crossed"
    assert found.value == pytest.approx(20, rel=1e-9)
    never = asked(space_of(lambda a: {"y": np.minimum(a, 1)}, {"a": "uniform(0, 2)"}), 5)["a"][0]
    assert (never.status, never.value) == ("already crossed", None)


def test_a_discrete_input_is_enumerated():
    space = space_of(lambda n, x: {"y": n + 0 * x}, {"n": "discrete(1, 3, 7, 9)", "x": "uniform(0, 1)"})
    # it starts at its median, 3
    found = asked(space, 6.5, above=False)["n"]
    assert {row.value for row in found} <= {7.0}
    assert found[1].quantile == 0.625
    assert asked(space, 9.5, above=False)["n"][0].status == "no value does"


def test_of_several_crossings_the_nearest_is_given_and_their_number():
    space = space_of(lambda x: {"y": x**2}, {"x": bounded("x", "uniform(-4, 5)", 1.0)})
    found = asked(space, 4, above=False)["x"][0]
    assert found.value == pytest.approx(2, rel=1e-9)
    assert found.crossings == 2


@pytest.mark.parametrize(
    ("model", "value", "crossings"),
    [
        (lambda x: {"y": 5 / (x + 3) - 1}, 0, 1),
        (lambda x: {"y": (x**2 - 4) / (x + 10)}, 0, 2),
        pytest.param(lambda x: {"y": 1 / (x - 7) ** 3 + 0.001}, 0, 1, marks=pytest.mark.slow),
        # a step is crossed, however steep
        (lambda x: {"y": np.where(x > 4, 1.0, np.where(x < -1, 2.0, -1.0))}, 0.5, 2),
    ],
)
def test_a_pole_through_which_a_result_changes_its_side_is_no_further_crossing(model, value, crossings):
    space = space_of(model, {"x": "normal(1, 0.5)"})
    for row in asked(space, value)["x"]:
        assert row.crossings == crossings


BANDS = [
    (lambda a, b: {"y": b + np.where((a > 1.5) & (a < 1.52), 100.0, 0.0)}, 50, False, 1.5),
    (lambda a, b: {"y": b - 40 * (np.abs(a + 0.7) < 0.01)}, -20, True, -0.69),
    (lambda a, b: {"y": b * (1 + 99 * (np.abs(a - 0.213) < 0.004)) + 1}, 20, False, None),
]


@pytest.mark.parametrize(("model", "value", "above", "crossed"), BANDS)
def test_a_band_that_a_grid_steps_over_is_found_where_draws_lie_in_it(model, value, above, crossed):
    space = space_of(model, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    found = asked(space, value, above=above)
    if crossed is None:
        # with the other input at its median of 0, or its median 0, the band changes nothing
        assert [(row.status, row.tried) for row in found["a"]] == [("no value does", "some")] * 2
        return
    for row in found["a"]:
        assert (row.status, row.crossings) == ("crosses", 2)
        assert row.value == pytest.approx(crossed, rel=1e-9)
    assert found["b"][0].value == pytest.approx(value, rel=1e-9)


def test_only_what_was_tried_everywhere_is_said_never_to_cross():
    inputs = {"n": "discrete(1, 2)", "x": "normal(0, 1)", "b": "normal(0, 1)"}
    space = space_of(lambda n, x, b: {"y": b + 0 * n + np.tanh(x)}, inputs)
    found = asked(space, 4, above=False)
    study = space.response.plan.study
    drawn = "This crosses alone at no value that its distribution draws: n."
    assert never_crossing(study, found, ["n"]) == [drawn]
    assert never_crossing(study, found, ["n", "x"])[1:] == [drawn]
    said = "Within physical limits, no value was found at which this crosses alone: x."
    assert never_crossing(study, found, ["n", "x"])[0] == said
    emulated = replace(study, emulator=Emulator(100, {}))
    said = "Where the emulator knows the function, no value was found at which this crosses alone: x."
    assert never_crossing(emulated, found, ["n", "x"])[0] == said


def test_what_crosses_within_the_error_of_the_median_is_not_said_to_have_no_value():
    space = space_of(lambda x, b: {"y": b + np.tanh(x)}, {"x": "normal(0, 1)", "b": "normal(0, 1)"})
    study = space.response.plan.study
    row = BreakEven("x", asked(space, 4, above=False)["x"][0].threshold, "distributed", "no value does")
    limit, other = row.threshold, replace(row.threshold, kind="reference")
    for reason in (FAINT, BARELY):
        found = {"x": (row, replace(row, reason=reason)), "b": (row,)}
        assert not never_crossing(study, {"x": found["x"]}, ["x"])
        said = open_sentence(study, found, limit, "4, a tenth", ())
        assert (
            said
            == "Whether this alone crosses 4, a tenth, the error of the output's median does not tell: x."
        )
        # beside another threshold, and where it is told of in the table, nothing is left open
        assert not open_sentence(study, found, other, "5", ())
        assert not open_sentence(study, found, limit, "4", {"x"})
    (said,) = never_crossing(study, {"x": (row, row)}, ["x"])
    assert said == "Within physical limits, no value was found at which this crosses alone: x."


@pytest.mark.parametrize("text", ["poisson(1000)", "binomial(2000, 0.5)"])
def test_a_count_that_would_cross_where_it_is_never_drawn_is_not_said_never_to_cross(text):
    """Half of 600 crosses 300, where no draw of some thousand lies."""
    space = space_of(lambda n, b: {"y": n / 2 + 0 * b}, {"n": text, "b": "normal(0, 1)"})
    found = asked(space, 300)
    for row in found["n"]:
        assert (row.status, row.tried) == ("no value does", "all drawn")
        item = space.response.item(0)
        assert break_even_text(row, item, 1000, space.response.distribution(0)) == "no value drawn does"
    (said,) = never_crossing(space.response.plan.study, found, ["n"])
    assert said == "This crosses alone at no value that its distribution draws: n."


@pytest.mark.parametrize("low", [-4, -3.7])
def test_a_crossing_at_zero_is_told_as_zero(low):
    space = space_of(lambda x: {"y": 1 + x}, {"x": f"normal({low + 5}, 0.3)"})
    assert asked(space, 1.0)["x"][0].value == 0


def test_a_jump_is_found_to_the_last_digit():
    space = space_of(lambda x: {"y": np.where(x > math.pi, 1.0, 0.0)}, {"x": "uniform(0, 4)"})
    assert asked(space, 0.5, above=False)["x"][0].value == pytest.approx(math.pi, rel=1e-9)


def test_an_input_that_does_not_vary_is_asked_too_and_has_no_quantile():
    space = space_of(product, {"a": "fixed(10)", "b": "lognormal(2, 1.5)"})
    found = asked(space, 5)["a"][0]
    assert (found.status, found.quantile) == ("crosses", None)
    assert found.value == pytest.approx(2.5, rel=1e-9)


@pytest.mark.parametrize("threshold", [2.002, pytest.param(1.998, marks=pytest.mark.slow)])
def test_an_input_that_does_not_vary_crosses_however_near_its_point_the_crossing_lies(threshold):
    """On the way there the median moves by less than its own error, but clearly further on."""
    space = space_of(lambda k, b: {"y": k + b}, {"k": "fixed(1)", "b": "normal(1, 3)"})
    for seed in range(4):
        found = break_even(space, (limit(threshold),), seed)["k"][1]
        assert found.reason is None
        assert found.value == pytest.approx(threshold - 1, abs=4 * found.error)


def test_an_input_that_does_not_vary_and_moves_no_median_crosses_nothing():
    space = space_of(product, {"a": "fixed(1)", "b": "normal(0, 1)"})
    found = [break_even(space, (limit(0.2),), seed)["a"][1] for seed in range(3)]
    assert [each.value for each in found] == [None] * 3


def test_undefined_values_are_no_crossing():
    space = space_of(lambda x: {"y": np.sqrt(x - 1)}, {"x": "uniform(0, 5)"})
    assert asked(space, 0.0)["x"][0].status == "no value does"


def test_an_input_that_changes_nothing_crosses_nowhere():
    space = space_of(lambda a, idle: {"y": a + 0 * idle}, {"a": "uniform(1, 2)", "idle": "normal(0, 1)"})
    assert asked(space, 1.2)["idle"][0].status == "no value does"


@pytest.mark.slow
def test_where_a_value_has_a_probability_correlated_inputs_follow_all_scores_that_give_it():
    space = space_of(
        lambda plant, crop: {"y": crop + 0 * plant},
        {"plant": "discrete(0, 1)", "crop": "normal(0, 1)"},
        correlations=[(("plant", "crop"), 0.5)],
    )
    r = space.correlation[0, 1]
    # given that the plant's score is positive, the crop is skew normal with shape r / sqrt(1 - r^2)
    exact = skewnorm.ppf(0.5, r / np.sqrt(1 - r**2))
    for value, found in (exact - 0.1, True), (exact + 0.1, False):
        rows = break_even(space, (limit(value, above=False),), seed=1)["plant"]
        (distributed,) = (row for row in rows if row.others == "distributed")
        assert (distributed.value is not None) is found


def test_a_point_on_the_threshold_is_written_as_it_is():
    space = space_of(lambda x: {"y": x}, {"x": "clip(lognormal(2, 2), low=1)"})
    for row in break_even(space, (limit(1.0),), seed=1)["x"]:
        assert row.status != "crosses beyond its distribution" or row.value < 0.999


AVERAGES = """
format = 1
[study]
title = "The cost of cases"
headline = "cost"
[outputs]
cost = { value = "average(length * rate ** 0.5) / ant + fee * average(length)", unit = "1", over = "average" }
[equations]
rate = "price + length"
fee = "where(ant > 10, price, bee)"
[inputs]
length = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)", kind = "variability" }
price = { unit = "1", point = 3, distribution = "lognormal(3, 1.2)" }
ant = { unit = "1", point = 9, distribution = "normal(10, 1)" }
bee = { unit = "1", point = 1, distribution = "triangular(0, 1, 2)" }
"""


@pytest.mark.parametrize("tied", [False, True])
def test_averages_of_which_some_inputs_move_are_those_computed_anew(write_study, tied):
    pair = '[[correlations]]\ninputs = ["length", "price"]\npearson = 0.5\n' if tied else ""
    plan = scenario(un.load_study(write_study(AVERAGES + pair)))
    names, model = compile_reaching(over_unknown(plan, ["cost"], 1), "cost", fixed=False)
    inputs = np.random.default_rng(1).uniform(2, 12, (len(names), 20))
    for moving in ([names.index("bee")], [names.index("ant")], [names.index("price"), names.index("ant")]):
        found = moved(model, inputs, moving)
        for step in range(2):
            inputs[moving] += step
            assert np.array_equal(found(), evaluate(model, inputs))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        (product, {"a": "normal(0, 1)", "b": "normal(0, 1)"}),
        (lambda a, b: {"y": a * b}, {"a": "uniform(-2, 2)", "b": "student_t(0, 1, 5)"}),
        (lambda a, b: {"y": np.exp(a) * b}, {"a": "normal(0, 0.5)", "b": "logistic(0, 1)"}),
    ],
)
def test_an_input_that_does_not_move_the_median_crosses_nothing_and_says_why(model, inputs):
    for seed in (1, 2, 3):
        row = break_even(space_of(model, inputs), (limit(20.0), limit(0.2)), seed)["a"]
        assert [(each.value, each.error) for each in row[1::2]] == [(None, None)] * 2
        assert all(each.reason is None or "own error" in each.reason for each in row[1::2])
        assert any(each.reason for each in row[1::2]) or model is not product


def raised(a, v, c):
    return {"y": a * v + c}


@pytest.mark.slow
@pytest.mark.parametrize("scaling", ["exponential(1)", "poisson(1)"])
def test_a_median_whose_noise_grows_with_an_input_crosses_nothing_in_noise(scaling):
    # whatever v, the median of y is that of c, 0.5: a is symmetric about 0
    inputs = {"a": "student_t(0, 1, 2)", "v": scaling, "c": "uniform(0, 1)"}
    for seed in (1, 2, 3):
        _, found = break_even(space_of(raised, inputs), (limit(0.52),), seed)["v"]
        assert (found.status, found.value, found.error) == ("already crossed", None, None)


def test_an_input_under_which_the_median_nears_the_threshold_and_the_noise_grows_crosses_nothing():
    # the median rises from 0.4 to the mean of b + 3c, which is 0.9, and the errors with v
    inputs = {"a": "normal(0, 2)", "b": "normal(0, 1)", "c": "bernoulli(0.3)", "v": "exponential(1)"}
    space = space_of(lambda a, b, c, v: {"y": a * v + b + 3 * c}, inputs)
    row = break_even(space, (limit(1.0), limit(0.7)), 2)["v"]
    assert row[1].value is None
    # 0.7 is reached: with s**2 = 4 v**2 + 1 half lies below where 0.7 Phi(0.7 / s) + 0.3 Phi(-2.3 / s) = 1/2
    spread = brentq(lambda s: 0.7 * norm.cdf(0.7 / s) + 0.3 * norm.cdf(-2.3 / s) - 0.5, 1.0, 20.0)
    assert row[3].value == pytest.approx(math.sqrt((spread**2 - 1) / 4), abs=3 * row[3].error)


def test_a_value_without_an_error_says_why():
    space = space_of(lambda a, n: {"y": a * n}, {"a": "lognormal(10, 2)", "n": "poisson(3)"})
    found = asked(space, 60.0)
    rows = [row for name in found for row in found[name] if row.value is not None]
    assert {row.error is None for row in rows} == {True, False}
    assert all((row.error is None) == bool(row.reason) for row in rows)


@pytest.mark.parametrize(
    ("text", "end", "sign"),
    [("exponential(1)", 0.0, -1), ("uniform(0, 1)", 1.0, 1), ("beta(2, 2)", 0.0, -1)],
)
def test_a_value_at_an_end_of_a_distribution_is_that_end(text, end, sign):
    space = space_of(lambda a, c: {"y": a + sign * c}, {"a": "normal(1, 0.3)", "c": text})
    assert asked(space, 1 + sign * end)["c"][0].value == end


def test_a_value_at_which_all_draws_lie_on_the_threshold_crosses_it():
    space = space_of(lambda a, c: {"y": a * c}, {"a": "lognormal(2, 1.5)", "c": "uniform(0, 1)"})
    to_nothing = Threshold("reference", 0.0, above=False)
    for name in ("a", "c"):
        each = break_even(space, (to_nothing,), 1)[name][1]
        assert (each.value, each.status) == (0.0, "already crossed")


@pytest.mark.slow
def test_a_count_beyond_all_that_its_parameters_give_is_told_as_a_count(load):
    """Of found >= 4 the place between the parts of 3 and 4 on the line of counts was told, 3.5."""
    text = 'format = 1\nstudy = { title = "t", headline = "found" }\noutputs.found = { unit = "1" }\n'
    text += 'inputs.ill = { unit = "1", point = 90, distribution = "discrete(3, 4)" }\n'
    text += 'inputs.found = { unit = "1", point = 70, distribution = "binomial(ill, 0.5)" }\n'
    study = load(text)
    challenged = un.challenge(study, threshold=4, samples=2**8).outputs["found"]
    first = challenged.break_even["found"][0]
    assert (first.value, first.status) == (3.0, "crosses beyond its distribution")
    # half of the counts among 3 are at most 1: a quantile between two is the lower one
    path = un.tornado(study).paths["found"]
    assert path.inputs == path.outputs == (0.0, 1.0, 3.0)


CELLS = """
format = 1
[study]
title = "Two terms"
headline = "y"
[indices.term]
members = ["fixed", "drawn"]
[inputs.x]
unit = "1"
index = ["term"]
point = {{ fixed = 2, drawn = 3 }}
distribution = {{ drawn = "{drawn}" }}
{low}
[outputs.y]
value = "x[fixed] + x[drawn]"
unit = "1"
"""


@pytest.mark.parametrize(
    ("drawn", "low", "value"),
    [
        ("normal(3, 1)", "", -4.0),
        ("normal(3, 1)", "low = 0", None),
        ("normal(3, 1)", "low = -3.5", None),
        ("lognormal(3, 1.2)", "", None),
        ("uniform(-1, 7)", "", -4.0),
    ],
)
def test_a_fixed_cell_is_searched_below_zero_where_its_input_may_lie_there(load, drawn, low, value):
    found = un.challenge(load(CELLS.format(drawn=drawn, low=low)), threshold=-1, samples=2**8)
    points = found.outputs["y"].break_even["x[fixed]"][0]
    assert (points.value, points.status) == (
        (None, "no value does") if value is None else (pytest.approx(value), "crosses")
    )


@pytest.mark.parametrize("threshold", [1.0, pytest.param(50.0, marks=pytest.mark.slow)])
def test_a_value_among_many_magnitudes_is_not_taken_for_zero(threshold):
    """Beside a spread of 1e51 the output at 1 lies as near its value at 0 as rounding is."""
    space = space_of(product, {"a": "lognormal(median=1, sigma=60)", "b": "fixed(1)"})
    limit = Threshold("reference", threshold, above=False, spread=1e51)
    for row in break_even(space, (limit,), 1)["a"]:
        assert row.value == pytest.approx(threshold, rel=1e-6)
        assert row.quantile == pytest.approx(norm.cdf(math.log(threshold) / 60), abs=1e-6)
