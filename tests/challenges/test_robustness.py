"""Other distributions for the same inputs, against closed forms."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from models import bounded, limit, space_of, study_of
from scipy.stats import norm, spearmanr
from variants import one_in

from uncertainty import Study, emulate
from uncertainty.challenges.alternatives import SHAPES, moved, reshaped, stretched
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.robustness import alike_drivers, examine_robustness, rank_correlations
from uncertainty.distributions import Clipped, parse_distribution
from uncertainty.errors import InvalidValue
from uncertainty.pages.robustness_words import robustness_sentences
from uncertainty.sampling.joint import ranks_of
from uncertainty.settings import Settings
from uncertainty.study.limits import Beside, read_distribution
from uncertainty.study.scenario import scenario

U = np.linspace(0.001, 0.999, 999)
FREE = bounded("x", "1", 1)


def quantiles(made, *u):
    return made.quantile(np.array(u)).tolist()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("text", ["lognormal(10, 1.2)", "normal(-3, 2)", "gamma(30, 2)", "uniform(-1, 1)"])
def test_every_shape_keeps_the_ninety_per_cent_range(shape, text):
    own = parse_distribution(text)
    assert quantiles(reshaped(FREE, own, shape), 0.05, 0.95) == pytest.approx(quantiles(own, 0.05, 0.95))


def test_shapes_are_those_of_the_logarithm_for_what_is_positive():
    own = parse_distribution("lognormal(10, 2)")
    low, middle, high = (np.log(q) for q in quantiles(reshaped(FREE, own, "uniform"), 0.1, 0.5, 0.9))
    assert high - middle == pytest.approx(middle - low)
    assert quantiles(reshaped(FREE, own, "lognormal"), 0.3) == pytest.approx(quantiles(own, 0.3))
    width = math.log(2) * norm.ppf(0.95)
    edge = math.log(reshaped(FREE, own, "triangular").quantile(np.array([1 - 1e-12]))[0] / 10)
    assert edge == pytest.approx(width / (1 - math.sqrt(0.1)), rel=1e-4)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_spread_is_multiplied_about_the_median(factor):
    stretched_one = stretched(FREE, parse_distribution("lognormal(10, 2)"), factor)
    assert stretched_one.quantile(U) == pytest.approx(10 * np.exp(factor * math.log(2) * norm.ppf(U)))
    linear = stretched(FREE, parse_distribution("normal(-3, 2)"), factor)
    assert linear.quantile(U) == pytest.approx(-3 + factor * 2 * norm.ppf(U))


def test_the_median_moves_by_its_share():
    assert quantiles(moved(FREE, parse_distribution("lognormal(10, 2)"), 0.5), 0.5) == pytest.approx([15])


@pytest.mark.parametrize("text", ["normal(0, 0.01)", "uniform(-7, -3)", "normal(5e7, 25)", "gumbel(-2, 3)"])
def test_what_may_be_zero_or_negative_moves_by_a_share_of_its_range(text):
    own = parse_distribution(text)
    low, middle, high = quantiles(own, 0.05, 0.5, 0.95)
    for share in (-0.5, 0.1):
        (found,) = quantiles(moved(FREE, own, share), 0.5)
        assert found - middle == pytest.approx(share * (high - low), rel=1e-6)


def test_a_length_of_metres_known_to_nanometres_is_not_moved_by_half_of_itself():
    # a comparison of two blocks of 50 mm: the difference can move by no more than the ranges do
    space = space_of(
        lambda length, difference: {"y": length + difference - 50_000_000},
        {"length": "normal(50_000_600, 25)".replace("_", ""), "difference": "normal(215, 10)"},
    )
    found = examine_robustness(space, (), Settings(seed=1))
    moves = [a.median.value - found.own.median.value for a in found.of_kind("median")]
    assert max(moves) == pytest.approx(0.5 * 2 * norm.ppf(0.95) * 25, rel=1e-3)
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "One input's median moved by 10 to 50 % of its 90 % range: the median lies between" in text


def test_what_a_move_is_a_share_of_is_said_where_inputs_differ_in_it():
    space = space_of(lambda x, z: {"y": x + z}, {"x": "normal(0, 1)", "z": "lognormal(10, 1.2)"})
    found = examine_robustness(space, (), Settings(seed=1), draws=1024)
    assert {(a.input, a.measure) for a in found.of_kind("median")} == {("x", "range"), ("z", "median")}
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "moved by 10 to 50 % of itself, or of its 90 % range where it may be 0 or negative:" in text
    only = examine_robustness(
        space_of(lambda z: {"y": z}, {"z": "lognormal(10, 1.2)"}), (), Settings(seed=1), draws=1024
    )
    assert "moved by 10 to 50 %: " in " ".join(robustness_sentences(study, study.outputs["y"], only)[:3])


def test_halves_and_doubles_move_a_factor_alike_and_an_amount_apart():
    space = space_of(lambda x, z: {"y": x / z}, {"x": "lognormal(10, 1.2)", "z": "lognormal(10, 1.2)"})
    found, study = examine_robustness(space, (), Settings(seed=1), draws=1024), space.response.plan.study
    for scale, most in (("log10", "; x and z move it most"), ("linear", "; z moves it most")):
        text = " ".join(robustness_sentences(study, replace(study.outputs["y"], scale=scale), found))
        # half of z doubles the ratio, half of x halves it
        assert most in text


@pytest.mark.parametrize(
    "make",
    [lambda i, d: reshaped(i, d, "normal"), lambda i, d: stretched(i, d, 2.0), lambda i, d: moved(i, d, 0.5)],
)
def test_physical_limits_hold_and_cut_like_truncation(make):
    item = bounded("x", "1", 1, low=0, high=1)
    found = make(item, parse_distribution("beta(4, 2.7)")).quantile(U)
    assert 0 <= found.min() <= found.max() <= 1
    assert all(b > a for a, b in pairwise(found))


def test_a_positive_input_stays_positive_without_a_limit():
    own = parse_distribution("lognormal(1, 3)")
    made = reshaped(FREE, own, "normal")
    assert made.quantile(np.array([1e-12])) > 0
    assert quantiles(made, 0.05, 0.95) == pytest.approx(quantiles(own, 0.05, 0.95))


def test_what_is_clipped_stays_clipped():
    own = parse_distribution("clip(lognormal(3, 2), low=1)")
    assert isinstance(own, Clipped)
    for made in (stretched(FREE, own, 2.0), moved(FREE, own, -0.1), reshaped(FREE, own, "triangular")):
        values = made.quantile(U)
        assert values.min() == 1
        assert np.count_nonzero(values == 1) > 10


@pytest.mark.parametrize("value", [3.3, 0.78, 0.84, 0.88, 1.08])
def test_a_median_on_an_atom_with_nearly_all_probability_moves_what_lies_about_it_alike(value):
    text = f"mixture(fixed({value}), uniform({0.9 * value}, {1.1 * value}), weights=(0.97, 0.03))"
    own = parse_distribution(text)
    assert quantiles(own, 0.05, 0.95) == [value, value]
    for share in (-0.5, -0.1, 0.1, 0.25):
        expected = [(1 + share) * q for q in quantiles(own, 0.001, 0.5, 0.999)]
        assert quantiles(moved(FREE, own, share), 0.001, 0.5, 0.999) == pytest.approx(expected)


CUT = [
    ("lognormal(1, 4)", 0, 3.5),
    ("lognormal(5, 2.2255)", 0.3, 60),
    ("beta(4, 2.7)", 0, 1),
    ("triangular(1.08, 1.15, 1.4)", 1, 3),
    ("normal(1, 1)", 0, None),
    ("clip(lognormal(3, 2), low=1)", 1, 5),
]


def limited_input(text, low, high):
    return bounded("x", text, 1, low=low, high=high), read_distribution(text, Beside(low, high))


@pytest.mark.parametrize(("text", "low", "high"), CUT)
@pytest.mark.parametrize("share", [-0.25, -0.1, 0.1, 0.25])
def test_a_median_is_moved_by_its_share_also_where_limits_cut(text, low, high, share):
    item, own = limited_input(text, low, high)
    (median,) = quantiles(own, 0.5)
    target = (1 + share) * median
    if not low <= target <= (high or math.inf):
        with pytest.raises(InvalidValue, match="beyond its limits"):
            moved(item, own, share)
        return
    made = moved(item, own, share)
    assert quantiles(made, 0.5) == pytest.approx([target], rel=1e-6)
    assert low <= made.quantile(U).min() <= made.quantile(U).max() <= (high or math.inf)


@pytest.mark.parametrize(
    ("text", "low", "high", "share"),
    [
        ("normal(1, 0.03)", 0.5, 1.5, -0.5),
        ("normal(1, 0.03)", 0.5, 1.5, 0.5),
        ("lognormal(2, 1.1)", 1.0, 9.0, -0.5),
    ],
)
def test_a_median_is_not_moved_onto_a_limit(text, low, high, share):
    """Half of all draws would be the limit itself."""
    item, distribution = limited_input(text, low, high)
    with pytest.raises(InvalidValue, match="hardly anything of it would lie within"):
        moved(item, distribution, share)


def test_a_median_moves_between_two_limits_that_the_distribution_reaches():
    item, own = limited_input("uniform(0, 1)", 0, 1)
    for share in (-0.5, -0.1, 0.1, 0.5):
        assert quantiles(moved(item, own, share), 0.5) == pytest.approx([0.5 * (1 + share)], rel=1e-6)


@pytest.mark.parametrize(("text", "low", "high"), CUT)
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_spread_is_changed_about_the_same_median_also_where_limits_cut(text, low, high, factor):
    item, own = limited_input(text, low, high)
    assert quantiles(stretched(item, own, factor), 0.5) == pytest.approx(quantiles(own, 0.5), rel=1e-6)


@pytest.mark.parametrize(("text", "low", "high"), CUT)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_keeps_the_ninety_per_cent_range_also_where_limits_cut(text, low, high, shape):
    item, own = limited_input(text, low, high)
    if shape == "uniform" and "clip" in text:  # its upper end would lie beyond 5
        with pytest.raises(InvalidValue, match="90 % range"):
            reshaped(item, own, shape)
        return
    made = reshaped(item, own, shape)
    assert quantiles(made, 0.05, 0.95) == pytest.approx(quantiles(own, 0.05, 0.95), rel=1e-5)


def test_a_normal_cut_at_both_limits_is_found_again_from_its_ninety_per_cent_range():
    item, own = limited_input("normal(1, 2)", 0, 4)
    assert reshaped(item, own, "normal").quantile(U) == pytest.approx(own.quantile(U), rel=1e-4)


def test_no_uniform_shape_of_a_wider_range_than_the_limits_is_made():
    item, own = limited_input("beta(0.5, 0.5)", 0, 1)
    with pytest.raises(InvalidValue, match="90 % range"):
        reshaped(item, own, "uniform")


@pytest.mark.parametrize("high", [None, 1000, 6])
@pytest.mark.parametrize("low", [None, 1])
def test_what_is_clipped_is_changed_and_clipped_again_whatever_limits_it_has(low, high):
    item, own = limited_input("clip(lognormal(2, 2), low=1)", low, high)
    for made in (stretched(item, own, 2.0), moved(item, own, 0.1), reshaped(item, own, "lognormal")):
        values = made.quantile(U)
        assert values.min() == 1
        assert np.count_nonzero(values == 1) > 100
        assert values.max() <= (high or math.inf)
    if high != 6:  # that hardly cuts: the atom is what a wider lognormal has below 1
        atom = norm.cdf(-0.5)
        assert np.mean(stretched(item, own, 2.0).quantile(U) == 1) == pytest.approx(atom, abs=0.002)


def product(a, b):
    return {"y": a * b}


@pytest.fixture(scope="module")
def found():
    space = space_of(product, {"a": "lognormal(10, 2)", "b": "lognormal(2, 1.5)"})
    return examine_robustness(space, (limit(5.0),), Settings(seed=1))


def answers(found, kind):
    return {(a.change, a.input): a for a in found.of_kind(kind)}


def test_a_product_of_lognormals_answers_as_its_closed_form_does(found):
    sd = math.hypot(math.log(2), math.log(1.5))
    assert found.own.shares["given"].value == pytest.approx(norm.sf(math.log(0.25) / sd), abs=0.005)
    assert found.own.driver == "a"
    assert found.own.driver_share == pytest.approx(
        (6 / math.pi * math.asin(math.log(2) / sd / 2)) ** 2, abs=0.01
    )
    for factor in (0.5, 2.0):
        answer = answers(found, "spread")[factor, ""]
        assert answer.high.value == pytest.approx(20 * math.exp(factor * sd * norm.ppf(0.975)), rel=0.05)
        assert answer.shares["given"].value == pytest.approx(norm.sf(math.log(0.25) / sd / factor), abs=0.005)


def test_moving_a_factor_moves_a_product_as_far(found):
    for (share, name), answer in answers(found, "median").items():
        assert name in "ab"
        assert answer.median.value == pytest.approx(found.own.median.value * (1 + share), rel=1e-9)


def test_every_change_is_asked_of_every_input(found):
    assert [a.change for a in found.of_kind("shape")] == [*SHAPES]
    assert [a.change for a in found.of_kind("spread")] == [0.5, 2.0]
    assert len(found.of_kind("median")) == 12
    assert found.refused == ()


def test_discrete_and_empirical_inputs_are_left_alone_and_named():
    space = space_of(
        lambda n, e, x: {"y": n + e + x},
        {"n": "discrete(1, 2)", "e": "empirical(1, 2, 5)", "x": "normal(0, 1)"},
    )
    found = examine_robustness(space, (), Settings(seed=1), draws=1024)
    assert found.left_alone == ("n", "e")
    assert {a.input for a in found.of_kind("median")} == {"x"}
    only = space_of(lambda n: {"y": n}, {"n": "discrete(1, 2)"})
    assert examine_robustness(only, (), Settings()) == "every input that varies is discrete or empirical"


@pytest.mark.parametrize(
    ("distributions", "scale"),
    [
        (("normal(10, 2)", "normal(5, 1)"), "linear"),
        (("lognormal(10, 1.2)", "lognormal(5, 1.2)"), "logarithmic"),
        (("lognormal(10, 1.2)", "normal(5, 1)"), "logarithmic where always positive"),
    ],
)
def test_shapes_say_of_what_they_are(distributions, scale):
    space = space_of(lambda a, b: {"y": a + b}, dict(zip("ab", distributions, strict=True)))
    found = {a.change: a for a in examine_robustness(space, (), Settings(seed=1), draws=256).of_kind("shape")}
    assert ("lognormal" in found) == (scale != "linear")
    assert {shape: a.scale for shape, a in found.items() if shape != "lognormal"} == {
        "normal": "linear",
        "uniform": scale,
        "triangular": scale,
    }
    if scale == "linear":
        assert found["uniform"].median.value == pytest.approx(15, rel=0.01)


def test_a_change_that_leaves_nothing_is_refused_by_name():
    space = space_of(lambda x: {"y": x}, {"x": bounded("x", "uniform(1, 1.01)", 1, low=0.99, high=1.02)})
    found = examine_robustness(space, (), Settings(seed=1), draws=1024)
    assert all(0.99 <= a.low.value <= a.high.value <= 1.02 for a in found.answers)
    assert [str(each).split(":")[0] for each in found.refused if each.kind == "median"] == [
        f"median {share} of x" for share in (-0.5, -0.25, -0.1, 0.1, 0.25, 0.5)
    ]
    assert found.of_kind("median") == ()


def test_an_input_without_such_a_shape_is_left_as_it_is_and_named():
    space = space_of(
        lambda x, z: {"y": x + z},
        {"x": bounded("x", "uniform(0, 1)", 0.5, low=0, high=1), "z": "lognormal(10, 1.2)"},
    )
    found = examine_robustness(space, (), Settings(seed=1), draws=1024)
    assert [a.change for a in found.of_kind("shape")] == [*SHAPES]
    assert {(each.change, each.input) for each in found.refused} == {
        (change, "x") for change in ("lognormal", "uniform", "triangular")
    }
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert (
        "no such distribution lies within these limits: lognormal shape: x; uniform shape of the "
        "logarithm: x" in text
    )


def test_a_spread_that_limits_undo_is_not_said_to_have_been_changed():
    """Twice as wide about its median and cut on both sides, what ends there is as it was."""
    space = space_of(
        lambda x, z: {"y": x * z},
        {"x": bounded("x", "uniform(-1, 1)", 0.5, low=-1, high=1), "z": "uniform(1, 2)"},
    )
    found = examine_robustness(space, (), Settings(seed=1), draws=1024)
    assert [(e.kind, e.change, e.input) for e in found.refused if e.kind == "spread"] == [
        ("spread", 2.0, "x")
    ]
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "Left unchanged, because limits cut it back to what it was: 2 times the spread: x." in text
    alone = space_of(lambda x: {"y": x}, {"x": bounded("x", "uniform(-1, 1)", 0.5, low=-1, high=1)})
    assert [
        a.change for a in examine_robustness(alone, (), Settings(seed=1), draws=1024).of_kind("spread")
    ] == [0.5]


ONE_LIMIT = [
    ("uniform(0.6, 0.95)", None, 1),
    ("beta(90, 10)", 0, 1),
    ("lognormal(0.9, 1.2)", None, 1),
    ("loguniform(1, 1000)", 1, None),
    ("uniform(0, 10)", 0, 11),
]


@pytest.mark.parametrize(
    ("text", "low", "high", "change"),
    one_in(
        3,
        [
            (*limited, change)
            for limited in ONE_LIMIT
            for change in (("spread", 2.0), ("spread", 0.5), ("median", -0.05), ("median", 0.05))
        ],
    ),
)
def test_a_limit_cuts_the_side_it_is_on_and_moves_nothing_on_the_other(text, low, high, change):
    """A power of a positive value about its median, or a multiple of it, of which each half is cut alone."""
    item, own = limited_input(text, low, high)
    kind, by = change
    (middle,) = quantiles(own, 0.5)
    made = stretched(item, own, by) if kind == "spread" else moved(item, own, by)
    power, median = (by, middle) if kind == "spread" else (1.0, middle * (1 + by))

    def free(u):
        return median * (own.quantile(u) / middle) ** power

    grid = np.linspace(1e-6, 1 - 1e-6, 400_001)
    values = free(grid)
    inner = values[(values >= (low or 0)) & (values <= (high or math.inf))]
    left, right = inner[inner < median], inner[inner > median]
    assert quantiles(made, 0.05, 0.2, 0.4) == pytest.approx(np.quantile(left, [0.1, 0.4, 0.8]), rel=1e-3)
    assert quantiles(made, 0.5) == pytest.approx([median], rel=1e-9)
    assert quantiles(made, 0.6, 0.8, 0.95) == pytest.approx(np.quantile(right, [0.2, 0.6, 0.9]), rel=1e-3)


def test_a_share_twice_as_uncertain_goes_as_far_down_as_no_limit_forbids():
    space = space_of(lambda a: {"y": a}, {"a": bounded("a", "uniform(0.6, 0.95)", 0.8, low=0, high=1)})
    found = examine_robustness(space, (), Settings(seed=1))
    (twice,) = (a for a in found.of_kind("spread") if a.change == 2.0)
    # 0.775 (a / 0.775)^2 at the 2.5 % quantile of a, 0.60875; above it lies half of the draws below 1
    assert twice.low.value == pytest.approx(0.60875**2 / 0.775, rel=1e-3)
    highest = 0.775 + 0.95 * (math.sqrt(0.775) - 0.775)
    assert twice.high.value == pytest.approx(highest**2 / 0.775, rel=1e-3)
    (more,) = (a for a in found.of_kind("median") if a.change == 0.25)
    assert more.low.value == pytest.approx(1.25 * 0.60875, rel=1e-3)


def test_the_spread_of_what_is_narrow_and_far_from_0_is_halved_too():
    """A block of 50 mm that is known to 25 nm: half of that is a millionth of its length."""
    space = space_of(lambda x: {"y": x - 50_000_000}, {"x": "normal(50_000_623, 25)"})
    found = examine_robustness(space, (), Settings(seed=1))
    widths = {each.change: each.high.value - each.low.value for each in found.of_kind("spread")}
    assert widths == pytest.approx({0.5: 2 * 1.96 * 12.5, 2.0: 2 * 1.96 * 50}, rel=0.01)
    assert not [each for each in found.refused if each.kind == "spread"]


def rooted(a, b):
    """Without a value below 1."""
    with np.errstate(invalid="ignore"):
        return {"y": np.sqrt(a - 1) + b}


def test_changes_after_which_draws_have_no_value_are_left_out_with_their_share():
    space = space_of(rooted, {"a": "uniform(1, 2)", "b": "normal(1, 0.3)"})
    found = examine_robustness(space, (limit(1.0),), Settings(seed=1))
    for each in found.answers:
        assert np.isfinite([each.median.value, each.low.value, each.high.value]).all()
    left_out = {(each.kind, each.change): each.undefined for each in found.refused}
    # a of at least 1.5 exp(2 log(a / 1.5)) = 1, and of 1 / 0.9
    assert left_out["spread", 2.0] == pytest.approx(1.5 * math.sqrt(1 / 1.5) - 1, abs=2e-3)
    assert left_out["median", -0.1] == pytest.approx(1 / 9, abs=2e-3)
    assert left_out["median", -0.5] == 1
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "Half the spread about the same medians" in text
    assert "2 times the spread (22 %) of all inputs; a moved by -50 % (over 99.9 %), -25 % (33 %)" in text
    assert "nan" not in text


def test_draws_without_a_value_are_asked_again_under_other_distributions():
    def dropping(**inputs):
        study = Study.from_function(lambda a, b: rooted(a + 1, b), inputs, outputs=["y"], nonfinite="drop")
        return make_normal_space(make_response(scenario(study), "y"))

    found = examine_robustness(dropping(a="normal(1, 0.6)", b="normal(1, 0.3)"), (), Settings(seed=1))
    half = examine_robustness(dropping(a="normal(1, 0.3)", b="normal(1, 0.15)"), (), Settings(seed=1)).own
    answer = answers(found, "spread")[0.5, ""]
    assert answer.low.value == pytest.approx(half.low.value, abs=1e-9)
    assert answer.dropped == half.dropped == pytest.approx(norm.cdf(-1 / 0.3), abs=3e-4)
    assert found.own.dropped == pytest.approx(norm.cdf(-1 / 0.6), abs=2e-3)
    assert ("spread", 2.0) in {(each.kind, each.change) for each in found.refused}
    study = dropping(a="normal(1, 0.6)", b="normal(1, 0.3)").response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "because more than 10 % of draws (their share in brackets) then have no value" in text
    assert "Draws without a value were dropped: 9 % at most, in any of these." in text


@pytest.mark.slow
def test_an_emulator_answers_only_where_it_knows_the_function():
    study = study_of(
        lambda a, b: {"y": a**2 + np.exp(0.3 * b)}, {"a": "uniform(1, 2)", "b": "normal(1, 0.3)"}
    )
    space = make_normal_space(make_response(scenario(emulate(study, 200)), "y"))
    found = examine_robustness(space, (limit(3.0),), Settings(seed=1))
    own = examine_robustness(space_of(study.function, study.inputs), (limit(3.0),), Settings(seed=1))
    for kind in ("spread", "median"):
        truth = answers(own, kind)
        for key, answer in answers(found, kind).items():
            if key in truth:
                assert answer.median.value == pytest.approx(truth[key].median.value, rel=0.01)
    assert {each.change for each in found.refused if each.kind == "spread"} == {2.0}
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "draws (their share in brackets) then have no value" in text
    emulated = space.response.plan.study
    text = " ".join(robustness_sentences(emulated, emulated.outputs["y"], found))
    assert "then lie where the emulator knows nothing" in text


def test_without_a_varying_input_there_is_nothing_to_change():
    assert (
        examine_robustness(space_of(lambda x: {"y": x}, {"x": "fixed(1)"}), (), Settings())
        == "no input varies"
    )


def test_rank_correlations_are_spearmans():
    rng = np.random.default_rng(1)
    inputs = np.stack([rng.random(500), -rng.integers(0, 4, 500).astype(float), np.ones(500)])
    output = inputs[0] + 0.3 * inputs[1] + 0.1 * rng.random(500)
    exact = [spearmanr(row, output).statistic for row in inputs[:2]]
    assert rank_correlations(ranks_of(inputs), ranks_of(output[None])[0]) == pytest.approx([*exact, 0.0])


@pytest.mark.parametrize("replicates", [1, 16])
def test_drivers_that_the_draws_do_not_tell_apart_are_alike(replicates):
    """Of inputs with weights 1, -1, 0.99 and 0.8 the last alone is known to move the output less."""
    rng = np.random.default_rng(2)
    inputs = rng.standard_normal((4, 2**14))
    output = np.array([1, -1, 0.99, 0.8]) @ inputs
    ranks = ranks_of(inputs)
    (target,) = ranks_of(output[None])
    correlations = rank_correlations(ranks, target)
    top = int(np.argmax(np.abs(correlations)))
    rows = 1 if replicates == 1 else 2**14 // replicates
    alike = alike_drivers(correlations, ranks.__getitem__, target, rows)
    assert {top, *alike} == {0, 1, 2}
    # of what moves nothing none is first
    assert alike_drivers(np.zeros(2), ranks.__getitem__, np.zeros(2**14), rows) == [1]


@pytest.mark.slow
def test_equal_inputs_are_told_as_equal_drivers(command, write_study):
    """As noise had it, one of three equal inputs was the top driver in 22 of 23 answers, or in all."""
    normal = '[inputs.{}]\nunit = "1"\npoint = 10\ndistribution = "normal(10, {})"\n'
    names = (("g", 1), ("h", 1), ("i", 1), ("j", 0.3))
    text = 'format = 1\n[study]\ntitle = "Sum"\nheadline = "s"\n' + "".join(
        normal.format(*each) for each in names
    )
    path = write_study(text + '[outputs.s]\nvalue = "g + h + i + j"\nunit = "1"\n')
    out = " ".join(command("challenge", path, "--seed", "2").out.split())
    said = re.search(
        "The top driver, by rank correlation, is ([^.]*) in all [0-9]+[.] Draws of the study's own", out
    )
    assert said, out
    assert sorted(re.split(", | or ", said[1])) == ["g", "h", "i"]
    said = re.search(
        "The draws do not tell by which pair tried the interval's width changes most: ([^.]*)[.] By the rank",
        out,
    )
    pairs = {frozenset(re.findall("“(.)”", pair)) for pair in re.split(", | or ", said[1])}
    assert pairs == {frozenset("gh"), frozenset("gi"), frozenset("hi")}


@pytest.mark.slow
def test_pairs_that_change_as_much_by_other_signs_are_told_together(command, write_study):
    """In a + b - c a correlation of a and b widens the interval as much as its opposite with c does."""
    normal = '[inputs.{}]\nunit = "1"\npoint = 10\ndistribution = "normal(10, 1)"\n'
    text = 'format = 1\n[study]\ntitle = "Sum"\nheadline = "s"\n' + "".join(map(normal.format, "abc"))
    path = write_study(text + '[outputs.s]\nvalue = "a + b - c"\nunit = "1"\n')
    out = " ".join(command("challenge", path, "--seed", "1").out.split())
    said = re.search(
        "The draws do not tell by which pair tried the interval's width changes most: ([^.]*)[.] By the rank",
        out,
    )
    assert said, out
    pairs = {frozenset(re.findall("“(.)”", pair)) for pair in re.split(", | or ", said[1])}
    assert pairs == {frozenset("ab"), frozenset("ac"), frozenset("bc")}


def test_a_top_driver_that_some_answers_do_not_tell_from_others_is_not_told_as_first_in_all():
    space = space_of(lambda x, z: {"y": x + z}, {"x": "normal(0, 1)", "z": "normal(0, 1)"})
    found = examine_robustness(space, (), Settings(samples=1024))
    sure, shared = (replace(found.own, driver=d, alike=alike) for d, alike in (("x", ()), ("z", ("x",))))
    found = replace(found, own=sure, answers=(sure, shared))
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert "is x in all 2. In 1 of them the draws do not tell it from others." in text
    found = replace(found, answers=(sure, sure))
    assert "is x in all 2. In" not in " ".join(robustness_sentences(study, study.outputs["y"], found))


@pytest.mark.parametrize("samples", one_in(2, [2**10, 2**14]))
@pytest.mark.parametrize(
    ("model", "cause", "unseen"),
    [
        (lambda a, b: {"y": a**2 + 0.1 * b}, "normal(0, 1)", ("a",)),
        (lambda a, b: {"y": np.cos(a) + 0.05 * b}, "uniform(-3, 3)", ("a",)),
        (lambda a, b: {"y": np.abs(a - 5) + 0.2 * b}, "uniform(0, 10)", ("a",)),
        (lambda a, b: {"y": a**3 + 0.1 * b}, "normal(0, 1)", ()),
        (lambda a, b: {"y": a + 0.8 * b}, "normal(0, 1)", ()),
        (lambda a, b: {"y": a**2 + 9 * b}, "normal(0, 1)", ()),
    ],
)
def test_no_top_driver_is_told_where_rank_correlation_sees_none_of_it(model, cause, unseen, samples):
    """Of a squared, which explains 99 %, the top driver was said to be b."""
    space = space_of(model, {"a": cause, "b": "normal(0, 1)"})
    found = examine_robustness(space, (), Settings(samples=samples), samples)
    assert found.unseen == unseen
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    assert ("No top driver is told, for rank correlation does not see how “a” moves" in text) == bool(unseen)
    assert ("top driver, by rank correlation" in text) != bool(unseen)


TOGETHER = [
    (lambda a, b, c: {"y": a * b + 0.05 * c}, ("a", "b")),
    (lambda a, b, c: {"y": np.where(a * b > 0, 3.0, 0.0) + 0.3 * c}, ("a", "b")),
    (lambda a, b, c: {"y": a * b + b * c}, ("a", "b", "c")),
    (lambda a, b, c: {"y": a * b + c}, ()),
    (lambda a, b, c: {"y": (a + 3) * (b + 3) + 0.05 * c}, ()),
    (lambda a, b, c: {"y": a + b + c}, ()),
]


@pytest.mark.parametrize("samples", one_in(2, [2**11, 2**14]))
@pytest.mark.parametrize(("model", "unseen"), TOGETHER)
def test_no_top_driver_is_told_where_two_inputs_move_the_result_together_alone(model, unseen, samples):
    """A product of what lies about 0 follows neither, and a hundredth of it was said to be the top driver."""
    space = space_of(model, dict.fromkeys("abc", "normal(0, 1)"))
    found = examine_robustness(space, (), Settings(samples=samples), samples)
    assert set(found.unseen) == {*unseen}
    study = space.response.plan.study
    text = " ".join(robustness_sentences(study, study.outputs["y"], found))
    said = "No top driver is told, for rank correlation does not see how “a” and “b” move the result."
    assert (said in text) == (set(unseen) == {"a", "b"})
    assert ("top driver, by rank correlation" in text) != bool(unseen)


@pytest.mark.slow
def test_a_pair_with_parameters_is_told_to_correlate_by_its_scores(command, write_study):
    """The ranks of n itself follow from m, too: what is set is where n lies within what m gives."""
    path = write_study(
        """
format = 1
study = { title = "t", headline = "y" }
inputs.m = { unit = "1", point = 10, distribution = "normal(10, 0.5)" }
inputs.n = { unit = "1", point = 10, distribution = "poisson(m)" }
inputs.b = { unit = "1", point = 1, distribution = "lognormal(1, 1.5)" }
outputs.y = { unit = "1", value = "n * b" }
"""
    )
    out = " ".join(command("challenge", path, "--seed", "1").out.split())
    told = "“n” and “b” change the interval's width most"
    assert f"{told}: by the rank correlation of their scores the interval is" in out
