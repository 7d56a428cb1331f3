"""The nearest combination that crosses, against the linear Gaussian case."""

import inspect
import math
from dataclasses import replace

import numpy as np
import pytest
from models import limit, linear, space_of
from scipy.optimize import minimize
from scipy.stats import beta, expon, gamma, gumbel_r, norm, poisson, weibull_min
from variants import one_in, variants

import uncertainty as un
from uncertainty.challenges import designpoint, effort
from uncertainty.challenges.designpoint import (
    MOST_MOVES_OF_SOME,
    MOST_SEARCHES,
    _Search,
    find_design_point,
)
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.pages.wording import design_point_sentence
from uncertainty.study.scenario import scenario

NORMALS = {"a": "normal(1, 2)", "b": "normal(-1, 0.5)", "c": "normal(0, 1)"}


def found_for(space, value, *, above=True, **options):
    return find_design_point(space, limit(value, above=above), seed=1, **options)


@pytest.mark.parametrize("value", [-10.0, 0.5, 9.0])
def test_the_distance_of_a_linear_gaussian_response_is_exact(value):
    # y is normal with mean 1 - 3 and standard deviation (2, 1.5, 1)
    found = found_for(space_of(linear(a=1.0, b=3.0, c=-1.0), NORMALS), value, above=value < -2)
    sd = math.hypot(2, 1.5, 1)
    assert found.distance == pytest.approx(abs(value + 2) / sd, rel=1e-6)
    assert found.first_order_share == pytest.approx(norm.sf(abs(value + 2) / sd), rel=1e-5)
    parts = {name: each.contribution for name, each in found.inputs.items()}
    assert parts == pytest.approx({"a": 4 / sd**2, "b": 2.25 / sd**2, "c": 1 / sd**2}, rel=1e-4)
    assert not found.crossed


def test_the_input_with_the_largest_part_is_named_first():
    found = found_for(space_of(linear(a=0.5, b=1.0, c=3.0), NORMALS), 8.0, above=False)
    assert found.ended == ""
    # standard deviations of 1, 0.5 and 3 in the output
    assert [(name, each.contribution) for name, each in found.inputs.items()] == [
        ("c", pytest.approx(9 / 10.25)),
        ("a", pytest.approx(1 / 10.25)),
        ("b", pytest.approx(0.25 / 10.25)),
    ]


def test_correlation_moves_the_distance_as_it_moves_the_spread():
    rho = 2 * math.sin(math.pi / 6 * 0.6)
    space = space_of(
        linear(a=1.0, b=1.0), {"a": "normal(0, 1)", "b": "normal(0, 2)"}, correlations=[(("a", "b"), 0.6)]
    )
    found = found_for(space, -5.0)
    assert found.distance == pytest.approx(5 / math.sqrt(1 + 4 + 4 * rho), rel=1e-6)
    assert sum(each.contribution for each in found.inputs.values()) == pytest.approx(1)


def test_a_product_of_lognormals_is_linear_on_its_logarithm():
    space = space_of(lambda a, b: {"y": a / b}, {"a": "lognormal(100, 2)", "b": "lognormal(5, 1.5)"})
    found = found_for(space, 2.0, logarithmic=True)
    sd = math.hypot(math.log(2), math.log(1.5))
    assert found.distance == pytest.approx(math.log(10) / sd, rel=1e-6)
    assert found.inputs["a"].value == pytest.approx(100 * math.exp(-math.log(10) * math.log(2) ** 2 / sd**2))
    assert found.inputs["a"].median == pytest.approx(100)
    assert [*found.inputs] == ["a", "b"]
    linear_scale = found_for(space, 2.0)
    assert linear_scale.distance == pytest.approx(found.distance, rel=1e-4)


FAR_UP = {
    "exponential(2)": expon(scale=2),
    "gamma(3, 2)": gamma(3, scale=2),
    "gumbel(1, 2)": gumbel_r(1, 2),
    "weibull(2, 3)": weibull_min(2, scale=3),
}


@pytest.mark.parametrize("score", variants([5.5, 7.5, 7.9], lambda score: score > 7.5))
@pytest.mark.parametrize(("text", "exact"), FAR_UP.items(), ids=FAR_UP)
def test_the_distance_of_a_place_far_up_is_as_exact_as_far_down(text, exact, score):
    """Beyond 7 standard deviations 1 less a probability has three digits left."""
    up = found_for(space_of(linear(a=1.0), {"a": text}), exact.isf(norm.sf(score)), above=False)
    down = found_for(space_of(linear(a=1.0), {"a": text}), exact.ppf(norm.sf(score)))
    assert [up.distance, down.distance] == pytest.approx([score, score], rel=1e-6)


@pytest.mark.parametrize("distance", [6.5, 7.4, 7.9])
@pytest.mark.parametrize("way", [1, -1])
def test_slopes_lead_to_the_nearest_of_several_inputs_far_up(distance, way):
    inputs = {"a": "lognormal(1, 2)", "b": "lognormal(1, 1.2)", "c": "lognormal(1, 1.1)"}
    sds = np.log([2, 1.2, 1.1])
    value = math.exp(way * distance * np.linalg.norm(sds))
    found = found_for(
        space_of(lambda a, b, c: {"y": a * b * c}, inputs), value, above=way < 0, logarithmic=True
    )
    assert found.distance == pytest.approx(distance, rel=1e-7)
    scores = [found.inputs[name].score for name in "abc"]
    assert scores == pytest.approx(way * distance * sds / np.linalg.norm(sds), abs=1e-3)


def test_members_of_one_score_and_seldom_values_are_known_as_exactly_far_up(write_study):
    study = un.load_study(
        write_study(
            """
            format = 1
            study = { title = "t", headline = "y" }
            indices.m.members = ["p", "q"]
            outputs.y = { value = "s[p] * s[q] * u", unit = "1" }
            [inputs]
            u = { unit = "1", point = 1, distribution = "lognormal(1, 1.5)" }
            [inputs.s]
            unit = "1"
            index = ["m"]
            point = 1
            distribution = "lognormal(1, 2)"
            across = "same"
            """
        )
    )
    space = make_normal_space(make_response(scenario(study), "y"))
    sd = math.hypot(2 * math.log(2), math.log(1.5))
    found = found_for(space, math.exp(7.6 * sd), above=False, logarithmic=True)
    assert found.distance == pytest.approx(7.6, rel=1e-7)
    seldom = space_of(linear(n=1.0, x=1.0), {"n": "discrete(0, 9, weights=(1, 1e-13))", "x": "normal(0, 1)"})
    found = found_for(seldom, 9.0, above=False)
    assert found.distance == pytest.approx(norm.isf(1e-13 / (1 + 1e-13)), rel=1e-9)


SEVERAL = {
    # two minima, nearly as far: Der Kiureghian & Dakessian 1998, Structural Safety 20, 37–49
    "parabola": (lambda a, b: 5 - b - 0.5 * (a - 0.1) ** 2, 2.905696),
    # as the four sides of a series system lie, each with its own minimum; one side a little nearer
    "four sides": (
        lambda a, b: np.minimum(
            0.1 * (a - b) ** 2 + np.minimum(3.2 - (a + b) / math.sqrt(2), 3 + (a + b) / math.sqrt(2)),
            np.minimum(a - b, b - a) + 7 / math.sqrt(2),
        ),
        3.0,
    ),
    "hyperbola": (lambda a, b: 12.5 - a * b, 5.0),
    "waves": (lambda a, b: 5 - a + 0.5 * np.sin(7 * b) + 0.3 * np.cos(5 * b), None),
    "bowl": (lambda a, b: 80 - sum((z - 0.1 * i) ** 2 * i / 2 for i, z in ((1, a), (5, b))), None),
}


@pytest.mark.parametrize(("model", "distance"), one_in(2, SEVERAL.values()), ids=SEVERAL)
def test_the_nearest_of_several_minima_is_found(model, distance):
    """Beside the closed forms another program tells, from many starts."""
    found = found_for(space_of(lambda a, b: {"y": model(a, b)}, STANDARD), 0.0)
    if distance is not None:
        assert found.distance == pytest.approx(distance, abs=1e-6)
    starts = np.random.default_rng(1).normal(scale=2, size=(60, 2))
    others = [
        minimize(lambda z: z @ z, start, constraints={"type": "eq", "fun": lambda z: model(*z)})
        for start in starts
    ]
    nearest = min(math.sqrt(each.fun) for each in others if abs(model(*each.x)) < 1e-6)
    assert found.distance == pytest.approx(nearest, abs=1e-5)


def test_a_curved_response_is_left_at_its_nearest_point():
    space = space_of(lambda a, b: {"y": a**2 + np.exp(b)}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    found = found_for(space, 5.0, above=False)
    # on the threshold a² is 5 - exp(b), and a² + b² falls with b until a is 0
    assert found.distance == pytest.approx(math.log(5), rel=1e-6)
    a, b = (found.inputs[name].value for name in "ab")
    assert a**2 + math.exp(b) == pytest.approx(5, rel=1e-5)


def test_the_nearer_of_two_ways_is_found():
    space = space_of(lambda x: {"y": np.where(x > 0, x / 3, -x)}, {"x": "normal(0, 1)"})
    assert found_for(space, 1.0, above=False).inputs["x"].value == pytest.approx(-1, abs=1e-6)


def test_the_median_of_a_share_of_a_whole_is_that_of_its_beta_distribution(tmp_path):
    path = tmp_path / "shares.toml"
    path.write_text(
        """format = 1
        study = { title = "t", headline = "y" }
        indices.m.members = ["p", "q", "r"]
        outputs.y = { value = "s[p] * u + s[r]", unit = "1" }
        [inputs]
        u = { unit = "1", point = 0.5, distribution = "uniform(0, 1)" }
        [inputs.s]
        unit = "1"
        index = ["m"]
        point = { p = 0.4, q = 0.4, r = 0.2 }
        distribution = "dirichlet(p=2, q=2, r=1)"
        """
    )
    space = make_normal_space(make_response(scenario(un.load_study(path)), "y"))
    medians = {name: each.median for name, each in found_for(space, 0.6).inputs.items()}
    expected = {"s[p]": beta(2, 3).median(), "s[q]": beta(2, 3).median(), "s[r]": beta(1, 4).median()}
    assert medians == pytest.approx({"u": 0.5} | expected)


def test_discrete_inputs_are_enumerated_and_cost_the_way_to_their_range():
    # only the third value, from the 75th percentile on, can reach it
    space = space_of(
        lambda n, x: {"y": np.where(n > 5, x, 10.0)},
        {"n": "discrete(1, 2, 9, weights=(1, 2, 1))", "x": "normal(3, 1)"},
    )
    found = found_for(space, 1.0)
    assert found.inputs["n"].value == 9
    assert found.inputs["x"].value == pytest.approx(1, abs=1e-5)
    assert found.distance == pytest.approx(math.hypot(norm.ppf(0.75), 2), rel=1e-5)


def test_medians_on_the_far_side_are_said_to_be_and_the_way_back_is_given():
    found = found_for(space_of(linear(a=1.0), {"a": "normal(0, 1)"}), 1.5)
    assert found.crossed
    assert found.distance == pytest.approx(1.5, rel=1e-6)
    assert found.draws_share == pytest.approx(norm.cdf(1.5), abs=0.01)


def test_what_cannot_be_reached_is_said_to_be_out_of_reach():
    space = space_of(linear(a=1.0), {"a": "uniform(1, 2)"})
    said = found_for(space, 0.5)
    assert said == (
        "no combination of the inputs within 8 standard deviations of the medians was found that reaches it"
    )
    # heavy-tailed a alone crosses it at 8.05; no input is looked at beyond 8, and b must not make up for that
    space = space_of(linear(a=1.0, b=1.0), {"a": "student_t(0, 4, 5)", "b": "normal(0, 300)"})
    assert found_for(space, 7542.0, above=False) == said


DIAGONAL = math.hypot(0.5 / (0.3 * math.sqrt(2)), 0.8 / 0.3)
OF_BOTH = 2 * math.sin(math.pi / 12)
EDGES = {
    "of one root": (
        lambda a, b: {"y": np.sqrt(a) + b},
        {"a": "normal(1, 0.6)", "b": "normal(1, 0.3)"},
        math.hypot(1 / 0.6, 0.8 / 0.3),
        {},
    ),
    "from above": (
        lambda a, b: {"y": np.sqrt(2 - a) + b},
        {"a": "normal(1, 0.4)", "b": "normal(1, 0.3)"},
        math.hypot(1 / 0.4, 0.8 / 0.3),
        {},
    ),
    "of correlated inputs": (
        lambda a, b: {"y": np.sqrt(a) + b},
        {"a": "normal(1, 0.6)", "b": "normal(1, 0.3)"},
        math.sqrt(
            ((1 / 0.6) ** 2 - 2 * OF_BOTH * 0.8 / (0.6 * 0.3) + (0.8 / 0.3) ** 2) / (1 - OF_BOTH**2),
        ),
        {("a", "b"): 0.5},
    ),
    "of two roots": (
        lambda a, b, c: {"y": np.sqrt(a) + np.sqrt(c) + b},
        {"a": "normal(1, 0.6)", "b": "normal(1, 0.3)", "c": "normal(1, 0.6)"},
        math.sqrt(2 / 0.6**2 + (0.8 / 0.3) ** 2),
        {},
    ),
    "across the inputs": (
        lambda a, b, c: {"y": np.sqrt(a - 0.5 * c) + b},
        {"a": "normal(1, 0.3)", "b": "normal(1, 0.3)", "c": "normal(1, 0.6)"},
        DIAGONAL,
        {},
    ),
}


@pytest.mark.parametrize("seed", variants([1, 5], lambda seed: seed == 1))
@pytest.mark.parametrize(
    "which", variants(EDGES, lambda which: which in {"from above", "of correlated inputs"})
)
def test_where_an_output_ends_to_have_a_value_the_nearest_point_is_found(which, seed):
    """Where a root's slope is without end, at 0, no rounding of linear algebra decides where it lies."""
    function, inputs, distance, correlations = EDGES[which]

    def rooted(**values):
        with np.errstate(invalid="ignore"):
            return function(**values)

    rooted.__signature__ = inspect.signature(function)
    study = un.Study.from_function(rooted, inputs, outputs=["y"], nonfinite="drop", correlations=correlations)
    space = make_normal_space(make_response(scenario(study), "y"))
    found = find_design_point(space, limit(0.2), seed)
    at = {name: each.value for name, each in found.inputs.items()}
    assert function(**at)["y"] == pytest.approx(0.2, abs=1e-6)
    assert distance * (1 - 1e-9) <= found.distance <= distance * (1.003 if len(at) > 2 else 1 + 1e-5)


def test_without_a_varying_input_there_is_no_point():
    assert found_for(space_of(linear(a=1.0), {"a": "fixed(1)"}), 0.5) == "no input varies"


def test_a_jump_over_the_threshold_is_reached_beyond_it():
    # no value of n gives 3, but 4 and 9 give more
    space = space_of(linear(n=1.0), {"n": "discrete(1, 2, 4, 9)"})
    found = found_for(space, 3.0)
    assert found.crossed
    assert found.inputs["n"].value == 4
    assert found.distance == pytest.approx(0, abs=1e-9)


def test_a_step_of_a_continuous_input_is_found_where_it_lies():
    space = space_of(lambda x: {"y": np.where(x > 1.3, 10.0, 1.0)}, {"x": "normal(0, 1)"})
    found = found_for(space, 5.0, above=False)
    assert found.inputs["x"].value == pytest.approx(1.3, abs=1e-6)
    assert found.first_order_share == pytest.approx(norm.sf(1.3), rel=1e-4)


JUMPS = {
    # a jump beside a slope that leads over the threshold much farther out
    "beside a slope": (
        {"a": "uniform(0, 10)", "b": "discrete(1, 2, 5)", "n": "exponential(2)"},
        lambda a, b, n: {"y": np.where(a > 9, 100.0, 1.0) * b + n},
        40.0,
        {"a": 9.0, "b": 2.0, "n": 2 * math.log(2)},
        norm.ppf(0.9),
    ),
    "of two at once": (
        {"a": "normal(0, 1)", "b": "normal(0, 1)", "c": "normal(0, 1)"},
        lambda a, b, c: {"y": np.where((a > 1.5) & (b > 0.5), 10.0, 0.0) + 0.1 * c},
        5.0,
        {"a": 1.5, "b": 0.5, "c": 0.0},
        math.hypot(1.5, 0.5),
    ),
    "and a slope": (
        {"a": "normal(0, 1)", "b": "normal(0, 1)"},
        lambda a, b: {"y": np.where(a > 1, 5.0, 0.0) + b},
        6.0,
        {"a": 1.0, "b": 1.0},
        math.sqrt(2),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("inputs", "model", "value", "at", "distance"), JUMPS.values(), ids=JUMPS)
def test_a_jump_is_where_the_nearest_combination_lies(inputs, model, value, at, distance):
    found = found_for(space_of(model, inputs), value, above=False)
    assert found.distance == pytest.approx(distance, abs=1e-3)
    for name, exact in at.items():
        assert found.inputs[name].value == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("factor", [1.0, 7.0])
def test_a_value_on_the_threshold_has_not_crossed_it(above, factor):
    """The claim holds at the threshold, and nothing lies beyond it."""
    space = space_of(lambda n, x: {"y": factor * n + 0 * x}, {"n": "discrete(1, 2, 3)", "x": "uniform(0, 1)"})
    assert isinstance(found_for(space, factor * (1 if above else 3), above=above), str)
    found = found_for(space, factor * (1.5 if above else 2.5), above=above)
    assert found.inputs["n"].value == (1 if above else 3)
    assert found.distance == pytest.approx(norm.ppf(2 / 3), rel=1e-6)


@pytest.mark.parametrize("rank", [0.6, -0.6, 0.3])
def test_an_input_that_follows_another_is_named_with_where_it_lies(rank):
    """Only a has a part in the distance; b is elsewhere all the same, at its mean given a."""
    space = space_of(
        lambda a, b: {"y": a + 1e-3 * b},
        dict.fromkeys("ab", "normal(0, 1)"),
        correlations=[(("a", "b"), rank)],
    )
    study, asked = space.response.plan.study, limit(3.0, above=False)
    found = find_design_point(space, asked, seed=1)
    rho = 2 * math.sin(math.pi / 6 * rank)
    assert found.inputs["b"].value == pytest.approx(3 * rho, abs=0.02)
    assert "b at " in design_point_sentence(study, study.outputs["y"], found, asked)


@pytest.mark.parametrize("chances", ["a=2, b=1, c=1", "a=2 * odds, b=odds, c=1"])
def test_a_member_that_is_enough_is_named(write_study, chances):
    """With c the result is 30, with the median member a 1: nothing lies on 20, and no median all but does."""
    study = un.load_study(
        write_study(
            f"""
            format = 1
            [study]
            title = "Of three"
            headline = "y"
            [indices.pipe]
            members = ["a", "b", "c"]
            [inputs]
            src = {{ member_of = "pipe", point = "a", distribution = "one_of({chances})" }}
            l = {{ unit = "1", index = ["pipe"], point = {{ a = 1, b = 2, c = 30 }} }}
            odds = {{ unit = "1", point = 1, distribution = "uniform(0.5, 2)" }}
            k = {{ unit = "1", point = 1, distribution = "normal(1, 0.1)" }}
            [outputs.y]
            value = "k * l[src]"
            unit = "1"
            """
        )
    )
    asked = limit(20.0, above=False)
    space = make_normal_space(make_response(scenario(study), "y"))
    found = find_design_point(space, asked, seed=1)
    said = design_point_sentence(study, study.outputs["y"], found, asked)
    assert "src at c is enough with all other inputs at their medians" in said
    assert "lie on it" not in said


def test_a_combination_at_hardly_any_distance_is_told_without_its_digits():
    """A linear Gaussian case 0.02 standard deviations away, whose digits beside the medians say nothing."""
    space = space_of(linear(a=1.0, b=3.0, c=-1.0), NORMALS)
    study, sd = space.response.plan.study, math.hypot(2, 1.5, 1)
    said = []
    for distance in (0.02, 0.06):
        asked = limit(-2 - distance * sd, above=True)
        found = find_design_point(space, asked, seed=1)
        said.append(design_point_sentence(study, study.outputs["y"], found, asked))
    assert said[0].endswith("all but lie on it: the nearest found is 0.02 standard deviations away.")
    assert "median" not in said[0].replace("the medians of all inputs", "")
    assert "0.1 standard deviations from the medians" in said[1]


def test_an_input_without_effect_is_not_counted_for_what_a_search_rounds():
    """c has no weight: a billionth of a standard deviation is no distance from its median."""
    space = space_of(linear(a=1.0, b=0.01, c=0.0), NORMALS)
    study, asked = space.response.plan.study, limit(3.0, above=False)
    found = find_design_point(space, asked, seed=1)
    for score, rest in ((1e-9, 1), (1e-2, 2)):
        moved = replace(found.inputs["c"], value=found.inputs["c"].median + score, score=score)
        told = replace(found, inputs={**found.inputs, "c": moved})
        said = design_point_sentence(study, study.outputs["y"], told, asked)
        assert ("1 other input much nearer to its median" in said) == (rest == 1)
        assert ("2 other inputs much nearer to theirs" in said) == (rest == 2)


def test_medians_on_the_threshold_are_at_no_distance():
    found = found_for(space_of(linear(a=1.0), {"a": "normal(0, 1)"}), 0.0)
    assert found.distance == pytest.approx(0, abs=1e-6)


def test_a_threshold_is_found_that_no_draw_passes_and_where_nothing_rises_at_the_medians():
    space = space_of(lambda a, b: {"y": a**2 + b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    found = find_design_point(space, limit(16.0, above=False), seed=1)
    # a^2 + b = 16 is nearest to the origin at b = 1/2
    assert found.distance == pytest.approx(np.sqrt(15.5 + 0.25), abs=1e-4)
    assert abs(found.inputs["b"].value - 0.5) < 0.01


# two inputs that must meet in a small place far from the medians


def hump(at, *, half_width=0.5):
    """Return a model that reaches 5 on a circle about (at, at), and less the farther away."""
    slope = 1 / half_width**2

    def gain(a, b):
        return {"y": 10 / (1 + slope * ((a - at) ** 2 + (b - at) ** 2))}

    return gain


STANDARD = {"a": "normal(0, 1)", "b": "normal(0, 1)"}


@pytest.mark.parametrize("at", [2.7, -2.9, 3.6])
def test_a_place_that_few_draws_meet_or_none_is_found(at):
    # at 2.7 one draw in 10,000 lies there, at 3.6 one in two million
    found = found_for(space_of(hump(at), STANDARD), 5.0, above=False)
    assert found.distance == pytest.approx(math.sqrt(2) * abs(at) - 0.5, rel=1e-4)
    assert not found.crossed


def test_of_two_such_places_the_nearer_is_found_though_more_draws_meet_the_other():
    near, far = hump(2.3, half_width=0.25), hump(-3.2, half_width=1.3)
    space = space_of(lambda a, b: {"y": np.maximum(near(a, b)["y"], far(a, b)["y"])}, STANDARD)
    assert found_for(space, 5.0, above=False).distance == pytest.approx(math.sqrt(2) * 2.3 - 0.25, rel=1e-4)


def test_a_place_that_correlated_inputs_meet_is_as_near_as_their_correlation_makes_it():
    space = space_of(hump(-2.7), STANDARD, correlations=[(("a", "b"), 0.5)])
    rho = 2 * math.sin(math.pi / 6 * 0.5)
    nearest = 2.7 - 0.5 / math.sqrt(2)
    distance = math.sqrt(2 * nearest**2 / (1 + rho))
    assert found_for(space, 5.0, above=False).distance == pytest.approx(distance, rel=1e-4)


def test_a_place_that_needs_a_rare_value_of_a_discrete_input_is_found():
    model = hump(1.9)
    space = space_of(
        lambda a, b, n: {"y": np.where(n == 3, model(a, b)["y"], 0.0)},
        STANDARD | {"n": "discrete(1, 2, 3, weights=(0.5, 0.4, 0.1))"},
    )
    found = found_for(space, 5.0, above=False)
    assert found.inputs["n"].value == 3
    assert found.distance == pytest.approx(math.hypot(norm.ppf(0.9), math.sqrt(2) * 1.9 - 0.5), rel=1e-4)


def test_a_combination_among_millions_of_discrete_values_is_found():
    # the sum of twelve dice of five faces; 44 and more need at least two steps for each from 3
    names = [f"n{i}" for i in range(12)]
    space = space_of(
        lambda **n: {"y": sum(n.values()) + 0.0}, dict.fromkeys(names, "discrete(1, 2, 3, 4, 5)")
    )
    found = found_for(space, 44.5, above=False)
    assert sum(each.value for each in found.inputs.values()) == 45
    # the least way is a step to 4 for nine of them, which 4 costs them a normal score of 0.253
    assert found.distance == pytest.approx(3 * norm.ppf(0.6), rel=1e-6)


@pytest.mark.slow
def test_values_of_data_are_drawn_in_to_the_nearest_that_reaches():
    data = ", ".join(f"{value:.6f}" for value in norm.ppf((np.arange(1000) + 0.5) / 1000))
    space = space_of(linear(a=1.0, b=1.0), {"a": f"empirical({data})", "b": "normal(0, 1)"})
    found = found_for(space, 3.5, above=False)
    assert found.distance == pytest.approx(3.5 / math.sqrt(2), abs=0.02)


def test_discrete_inputs_that_are_correlated_reach_together_what_is_near_for_both():
    space = space_of(
        linear(a=1.0, b=1.0),
        dict.fromkeys("ab", "discrete(0, 1, weights=(0.9, 0.1))"),
        correlations=[(("a", "b"), 0.8)],
    )
    found = found_for(space, 1.5, above=False)
    (rho,) = {space.correlation[0, 1]}
    assert found.distance == pytest.approx(norm.ppf(0.9) * math.sqrt(2 / (1 + rho)), rel=1e-6)


def test_on_a_logarithmic_scale_values_below_zero_lie_beyond_a_lower_threshold():
    space = space_of(lambda a: {"y": np.where(a > 2, -5.0, 10.0)}, {"a": "normal(0, 1)"})
    assert found_for(space, 1.0, logarithmic=True).inputs["a"].value == pytest.approx(2, abs=1e-6)


def test_what_draws_reach_is_never_out_of_reach():
    rng = np.random.default_rng(5)
    for _ in range(6):
        at, width = rng.uniform(-2.5, 2.5), rng.uniform(0.2, 0.5)
        space = space_of(
            lambda a, b, at=at, w=width: {"y": np.where(np.hypot(a - at, b + at) < w, 1.0, 0.0)}, STANDARD
        )
        found = found_for(space, 0.5, above=False)
        exact = math.sqrt(2) * abs(at) - width
        assert found.distance == pytest.approx(max(exact, 0.0), abs=0.25)


@pytest.mark.parametrize(
    ("model", "value", "apart"),
    [
        (linear(a=1.0, b=3.0, c=-1.0), 1.0, False),
        (linear(a=1.0, b=0.0, c=0.0), -6.0, False),
        # beyond a sphere lies more than beyond the plane that touches it, and within one less
        (lambda a, b, c: {"y": ((a - 1) / 2) ** 2 + ((b + 1) * 2) ** 2 + c**2}, 4.0, True),
        (lambda a, b, c: {"y": np.where(np.abs(a - 1) > 1, 1.0, 0.0) + 0 * (b + c)}, 0.5, True),
        (lambda a, b, c: {"y": np.minimum((a - 1) / 2, np.minimum((b + 1) * 2, c))}, 1.0, True),
    ],
)
def test_a_share_that_the_draws_contradict_is_said(model, value, apart):
    found = found_for(space_of(model, NORMALS), value, above=False)
    assert bool(found.disagreement) is apart
    if apart:
        assert "the figure by draws is the better one" in found.disagreement


THIN = {
    "two ends": (lambda a, b, c: {"y": 1.0 * ((a > 3) & (b > 2)) + 0 * c}, {"a": 3.0, "b": 2.0}),
    "three ends": (
        lambda a, b, c: {"y": 1.0 * ((a > 2) & (b > 2.5) & (c < -2))},
        {"a": 2, "b": 2.5, "c": -2},
    ),
    "a band": (lambda a, b, c: {"y": 1.0 * ((abs(a - 3) < 0.2) & (b < -2.5)) + 0 * c}, {"a": 2.8, "b": -2.5}),
}


@pytest.mark.parametrize("name", THIN)
def test_a_corner_that_no_draw_meets_and_no_slope_leads_to_is_found(name):
    model, corner = THIN[name]
    found = find_design_point(
        space_of(model, dict.fromkeys("abc", "normal(0, 1)")), limit(0.5, above=False), 1
    )
    assert found.distance == pytest.approx(math.hypot(*corner.values()), rel=1e-6)
    assert {key: found.inputs[key].value for key in corner} == pytest.approx(corner, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "inputs", "value"),
    [
        (lambda k, a: {"y": k * np.exp(a / 5)}, {"k": "poisson(5000)", "a": "normal(0, 1)"}, 7000),
        (lambda k, a: {"y": k / a}, {"k": "poisson(20000)", "a": "lognormal(1, 1.1)"}, 23_000),
    ],
)
def test_counts_of_thousands_take_no_more_searches_than_few_values_do(monkeypatch, model, inputs, value):
    searches = []
    downhill = _Search.downhill
    monkeypatch.setattr(_Search, "downhill", lambda *given: searches.append(1) or downhill(*given))
    found = find_design_point(space_of(model, inputs), limit(value, above=False), 1)
    assert 1 < found.distance < 2
    assert len(searches) <= MOST_SEARCHES + MOST_MOVES_OF_SOME
    assert len(searches) < 120


def test_a_point_on_a_jump_is_the_nearest_of_all_along_it():
    """Of a plane it is the foot of the perpendicular; of a bent jump a minimum, found by another program."""
    inputs = {"a": "normal(0, 1)", "b": "uniform(0, 1)", "c": "normal(0, 1)"}
    plane = found_for(space_of(lambda a, b, c: {"y": 1.0 * (2 * a + c > 3 + 0 * b)}, inputs), 0.5)
    assert plane.distance == pytest.approx(3 / math.sqrt(5), abs=1e-6)
    assert {name: each.score for name, each in plane.inputs.items()} == pytest.approx(
        {"a": 6 / 5, "b": 0, "c": 3 / 5}, abs=0.005
    )
    bent = found_for(space_of(lambda a, b, c: {"y": 1.0 * (10 + 2 * a + c > 11 + 2 * b)}, inputs), 0.5)
    nearest = minimize(
        lambda z: z @ z,
        (0.7, -0.3, 0.3),
        constraints={"type": "eq", "fun": lambda z: 2 * z[0] + z[2] - 1 - 2 * norm.cdf(z[1])},
    )
    assert bent.distance == pytest.approx(math.sqrt(nearest.fun), abs=1e-5)
    assert [bent.inputs[name].score for name in "abc"] == pytest.approx(nearest.x, abs=0.005)


def jumping(k, a, b):
    """A count of counts times a cost, which goes in steps of the first two."""
    return {"y": np.floor(k * np.exp(a / 5)) * b}


JUMPING = {"k": "poisson(50)", "a": "normal(0, 1)", "b": "lognormal(100, 1.3)"}


def asked_of_model(monkeypatch):
    """Return a list of the rows of each call of a response."""
    rows = []
    add = effort.Spent.add
    monkeypatch.setattr(effort.Spent, "add", lambda *given: rows.append(given[2]) or add(*given))
    return rows


@pytest.mark.slow
def test_a_search_among_jumps_ends(monkeypatch):
    rows = asked_of_model(monkeypatch)
    found = find_design_point(space_of(jumping, JUMPING), limit(7000, above=False), 1)
    assert len(rows) < 20_000
    # the nearest of all combinations of a grid lies no nearer, but for its own steps
    score = norm.ppf((np.arange(200) + 0.5) / 200)
    k = np.arange(30, 90)
    edges = norm.ppf(np.array([poisson.cdf(k - 1, 50), poisson.cdf(k, 50)]))
    nearest = np.clip(0, *edges)
    counts = np.floor(k[:, None] * np.exp(score / 5))
    of_b = np.log(7000 / counts / 100) / math.log(1.3)
    distance = np.sqrt(nearest[:, None] ** 2 + score**2 + np.maximum(of_b, 0) ** 2).min()
    assert found.distance < distance + 0.02


@pytest.mark.slow
def test_a_search_that_ends_for_the_rows_that_it_takes_says_so(monkeypatch):
    space, asked = space_of(jumping, JUMPING), limit(7000, above=False)
    whole = find_design_point(space, asked, 1)
    monkeypatch.setattr(effort, "MOST_CELLS", 300 * effort.EACH)
    found = find_design_point(space, asked, 1)
    assert found.distance >= whole.distance - 1e-9
    assert space.response(found_at(space, found)) >= 7000 * (1 - 1e-6)
    assert found.ended.startswith("the search ended after ")
    study = space.response.plan.study
    said = design_point_sentence(study, study.outputs["y"], found, asked)
    assert said.endswith("model rows, so that a nearer combination may be left.")
    assert "ended" not in design_point_sentence(study, study.outputs["y"], replace(found, ended=""), asked)


def found_at(space, found):
    """Return all inputs at a design point, shape (inputs, 1)."""
    return np.array([[found.inputs[name].value] for name in space.response.inputs])


@pytest.mark.slow
def test_a_point_on_a_jump_of_the_cases_has_no_error_by_slopes_and_says_so(write_study):
    inputs = '[inputs.u]\nunit = "1"\npoint = 0.4\ndistribution = "uniform(0.2, 0.6)"\n'
    inputs += '[inputs.v]\nunit = "1"\npoint = 0.5\ndistribution = "uniform(0, 1)"\nkind = "variability"\n'
    output = '[outputs.y]\nvalue = "VALUE"\nunit = "1"\nover = "OVER"\nreference = 5\n'
    text = f'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n{inputs}{output}'

    def found_and_said(value, over="median"):
        study = un.load_study(write_study(text.replace("VALUE", value).replace("OVER", over)))
        found = un.challenge(study, samples=32768).outputs["y"].design_points["reference"]
        asked = limit(5.0, above=not found.crossed)
        return found, design_point_sentence(study, study.outputs["y"], found, asked)

    # beside the jump of the median case at a half, leaving out a scramble moves it by nothing
    for value, over in (
        ("where(v < u, 10, 1)", "median"),
        ("where(average(v) < u, 10, 1)", "average"),
        ("average(where(v < u, 10, 1))", "average"),
    ):
        found, said = found_and_said(value, over)
        assert found.distance_error is None
        assert said.endswith(
            "from the medians. It lies on a jump of the output, which other cases than those drawn may put "
            "elsewhere."
        )
    found, said = found_and_said("6 * (u + v)")
    assert found.distance_error > 0
    assert "jump" not in said
    assert not found.reason


@pytest.mark.parametrize(
    ("value", "distribution", "told"),
    [
        (lambda a, b: {"y": a / b}, "normal(120, 15)", "b at just below 0 (median 120)"),
        (lambda a, b: {"y": a / b**3}, "normal(120, 15)", "b at just below 0 (median 120)"),
        (lambda a, b: {"y": -a / b}, "normal(-120, 15)", "b at just above 0 (median -120)"),
    ],
)
def test_beyond_a_pole_the_side_of_it_is_told(value, distribution, told):
    """At 0 itself, which was told, a / b is infinite and does not fall below the threshold."""
    space = space_of(value, {"a": "normal(100, 10)", "b": distribution})
    study, far = space.response.plan.study, limit(0.0)
    found = found_for(space, 0.0)
    assert found.inputs["b"].value != 0
    assert told in design_point_sentence(study, study.outputs["y"], found, far)


def test_what_was_found_counts_though_no_more_combinations_are_searched(monkeypatch):
    """Moves about the best one find what is left."""
    inputs = {"n": "discrete(1, 2, 3, 4, weights=(0.4, 0.3, 0.2, 0.1))", "x": "normal(3, 1)"}
    space = space_of(linear(n=1.0, x=1.0), inputs)
    found = found_for(space, 9.0, above=False)
    assert found.inputs["n"].value + found.inputs["x"].value == pytest.approx(9)
    for most in (1, 2):
        monkeypatch.setattr(designpoint, "MOST_SEARCHES", most)
        assert found_for(space, 9.0, above=False).distance == pytest.approx(found.distance, rel=1e-9)
