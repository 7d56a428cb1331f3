"""The steps of a search of the nearest combination that crosses, each by itself."""

import math

import numpy as np
import pytest
from models import linear, search_of
from scipy import optimize
from scipy.stats import norm

from uncertainty.challenges import designpoint, effort
from uncertainty.challenges.designpoint import MOST, UNDEFINED, Found, _Search
from uncertainty.challenges.normalspace import Box, steps_of
from uncertainty.challenges.response import Response

STANDARD = {"a": "normal(0, 1)", "b": "normal(0, 1)"}
RANK = 0.8
CORRELATED = [(("a", "b"), RANK)]
RHO = 2 * math.sin(math.pi / 6 * RANK)
"""The correlation of normal scores that a correlation of ranks is."""


def test_the_far_ends_of_a_box_are_each_input_at_either_side_and_where_all_lead_together():
    search = search_of(linear(a=1.0, b=-2.0, c=3.0), dict.fromkeys("abc", "normal(0, 1)"), 23.0)
    middle = np.array([0.5, 0.0, 1.0])
    sides = np.array([[-1.0, 2.0], [-3.0, 4.0], [-5.0, 6.0]])
    ends, outputs = search._ends(middle, sides, {})
    wanted = [middle.copy() for _ in range(8)]
    for place in range(3):
        wanted[place][place], wanted[3 + place][place] = sides[place]
    wanted[7] = np.array([2.0, -3.0, 6.0])
    np.testing.assert_array_equal(ends.T, wanted)
    assert outputs == pytest.approx(np.array(wanted) @ [1, -2, 3])
    # at 8 of one input alone only c reaches it, and all together do
    np.testing.assert_array_equal(search.far_ends().T, [[0, 0, 8], [8, -8, 8]])
    _, held = search._ends(middle, sides, {2: -1.0})
    assert held == pytest.approx(np.array(wanted)[:, :2] @ [1, -2] - 3)


def test_draws_are_stretched_and_slopes_climbed_no_farther_than_any_input_is_looked_at():
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 11.0)
    scores = np.array([[3.0, 0.1, -7.0, 5.0], [2.5, 0.1, -7.0, -1.0]])
    stretched = search.stretched(scores)
    assert stretched.size
    assert (stretched.sum(axis=0) > 11).all()
    assert stretched.max() == 8
    climbed = search.climbed(scores)
    assert climbed.size
    assert (climbed.sum(axis=0) >= 11).all()
    assert climbed.max() == 8
    other = search_of(linear(a=1.0, b=1.0), STANDARD, -11.0, above=True)
    np.testing.assert_array_equal(other.stretched(-scores), -stretched)


def test_whether_a_point_reaches_a_threshold_rests_on_what_is_held_fixed():
    search = search_of(linear(n=1.0, x=1.0), {"n": "discrete(1, 2, 9)", "x": "normal(0, 1)"}, 9.0)
    here = np.array([0.0, 0.5])
    assert search.reached(here, {0: 9.0})
    assert not search.reached(here, {0: 1.0})
    # on the threshold, where the output goes on beyond it
    assert search.reached(np.zeros(2), {0: 9.0})
    assert not search.reached(np.array([0.0, -0.01]), {0: 9.0})
    flat = search_of(linear(n=1.0, x=0.0), {"n": "discrete(1, 2, 9)", "x": "normal(0, 1)"}, 9.0)
    assert not flat.reached(here, {0: 9.0})
    assert flat.reached(here, {0: 9.5})


def test_draws_at_one_distance_keep_their_order():
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 3.0)
    angle = np.arange(40) % 8 * math.pi / 2
    scores = np.round([np.cos(angle), np.sin(angle)]) * np.where(np.arange(40) % 2, 1, 2)
    found = search.by_distance(scores)
    np.testing.assert_array_equal(found, np.concatenate([scores[:, 1::2], scores[:, ::2]], axis=1))


def test_slopes_are_those_of_both_sides_or_of_the_one_that_is_known():
    """In parts of the threshold."""
    search = search_of(linear(a=1.0, b=-2.0), STANDARD, 11.0)
    assert search.gradient(np.array([0.5, -1.0])) == pytest.approx([1 / 11, -2 / 11], rel=1e-6)
    assert search.gradient(np.array([0.5, -1.0]), {0: 4.0}) == pytest.approx([0, -2 / 11], rel=1e-6)
    half = search_of(lambda a, b: {"y": np.where(a > 0.5 + 1e-9, np.nan, a - 2 * b)}, STANDARD, 11.0)
    assert half.gradient(np.array([0.5, -1.0])) == pytest.approx([1 / 11, -2 / 11], rel=1e-6)


def test_a_value_that_is_held_counts_for_what_lies_beyond():
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 11.0)
    assert search.past(np.zeros(2), {0: 20.0})
    assert not search.past(np.zeros(2), {0: 10.0})
    wide, narrow = np.array([[-1.0, 8.0]] * 2), np.array([[-1.0, 1.0]] * 2)
    assert [search.out_of_reach(np.zeros(2), Box(each, {})) for each in (wide, narrow)] == [False, True]
    assert not search.out_of_reach(np.zeros(2), Box(narrow, {1: 11.0}))
    # of discrete inputs alone each combination is looked at itself
    assert not search.out_of_reach(np.zeros(2), Box(narrow, {0: 1.0, 1: 1.0}))


def test_the_nearest_scores_of_a_box_follow_their_correlation():
    """A standard normal score given another one has its mean at the correlation times this."""
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 3.0, correlations=CORRELATED)
    for low, nearest in (([1.5, -8.0], [1.5, 1.5 * RHO]), ([-8.0, 2.0], [2 * RHO, 2]), ([-8, -8], [0, 0])):
        box = Box(np.array([low, [8.0, 8.0]]).T, {})
        assert search.nearest(box) == pytest.approx(nearest, abs=1e-12)
    # the other one may be held nearer to the medians, or farther
    box = Box(np.array([[1.5, 8.0], [-8.0, 0.5]]), {})
    assert search.nearest(box) == pytest.approx([1.5, 0.5])


def test_no_solver_is_asked_for_the_nearest_of_independent_scores(monkeypatch):
    monkeypatch.setattr(optimize, "lsq_linear", lambda *_, **__: pytest.fail("it is asked"))
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 3.0)
    for low, nearest in (([1.5, -8.0], [1.5, 0.0]), ([-1.0, -2.0], [0.0, 0.0])):
        assert search.nearest(Box(np.array([low, [8.0, 8.0]]).T, {})).tolist() == nearest
    bound = search_of(linear(a=1.0, b=1.0), STANDARD, 3.0, correlations=CORRELATED)
    assert bound.nearest(Box(np.array([[-1.0, 8.0], [-1.0, 8.0]]), {})).tolist() == [0, 0]


THRESHOLDS = np.array([0, 3.5, 3.5, 3.5, 1.0, 3.0, 2.0, 3.5, 3.5, 3.5])
"""What x must be above where n is 1 to 9."""


def counted(monkeypatch):
    """Return such a search with its steps, the best at n = 5, and where all starts lie."""
    inputs = {"n": "discrete(1, 2, 3, 4, 5, 6, 7, 8, 9)", "x": "normal(0, 1)"}
    search = search_of(lambda n, x: {"y": x - THRESHOLDS[n.astype(int)]}, inputs, 0.0)
    starts, from_start = [], _Search.from_start
    monkeypatch.setattr(_Search, "from_start", lambda *given: starts.append(given[2]) or from_start(*given))
    steps = steps_of(search.space)
    return search, steps, Found(3.0, np.array([0.0, 3.0]), (4,), steps.box((4,))), starts


def test_of_moves_about_a_combination_the_best_counts(monkeypatch):
    """With one value fewer x must be 1, and with one more 2, which is tried after it."""
    search, steps, best, _ = counted(monkeypatch)
    found = designpoint._improved(search, steps, best)
    assert found.combination == (3,)
    assert found.distance == pytest.approx(math.hypot(norm.ppf(4 / 9), 1), abs=1e-6)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_moves_about_a_combination_end(monkeypatch, most):
    search, steps, best, starts = counted(monkeypatch)
    monkeypatch.setattr(designpoint, "MOST_MOVES_OF_SOME", most)
    assert designpoint._improved(search, steps, best) == best
    assert [each.fixed[0] for each in starts] == [1, 9, 3][:most]


@pytest.mark.parametrize(
    ("most", "values", "at"),
    [
        (1, [9, 9], (norm.ppf(8 / 9), 3.5)),
        (2, [9, 9], (norm.ppf(8 / 9), 3.5)),
        (3, [9, 9, 5], (0, 3)),
        (4, [9, 9, 5, 4], (norm.ppf(4 / 9), 1)),
    ],
)
def test_searches_of_combinations_end(monkeypatch, most, values, at):
    """Those of draws that reach it are the first, from the nearest place and from the draws."""
    search, steps, _, starts = counted(monkeypatch)
    monkeypatch.setattr(designpoint, "MOST_SEARCHES", most)
    found = designpoint._nearest_of(search, steps, np.array([[1.5], [4.0]]))
    assert [each.fixed[0] for each in starts] == values
    assert found.distance == pytest.approx(math.hypot(*at), abs=1e-6)


def test_combinations_of_discrete_inputs_alone_take_no_search(monkeypatch):
    """Counts of 3 and 3 are the nearest that make 6, though a draw had 1 and 5."""
    search = search_of(lambda m, n: {"y": m + n}, dict.fromkeys("mn", "discrete(1, 2, 3, 4, 5)"), 5.5)
    monkeypatch.setattr(designpoint, "MOST_SEARCHES", 1)
    drawn = np.array([[norm.ppf(0.1)], [norm.ppf(0.9)]])
    found = designpoint._nearest_of(search, steps_of(search.space), drawn)
    assert found.box.fixed == {0: 3.0, 1: 3.0}


def test_what_reaches_it_is_told_where_no_rows_are_left_to_search(monkeypatch):
    search, steps, _, starts = counted(monkeypatch)
    search.spent.cells = effort.MOST_CELLS
    drawn = np.array([[1.5, 1.6], [4.0, 5.0]])
    distance, scores, combination, box = designpoint._nearest_of(search, steps, drawn)
    assert not starts
    assert (distance, scores.tolist(), combination) == (math.hypot(1.5, 4), [1.5, 4.0], (8,))
    assert box.fixed == {0: 9.0}


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("crossed", [True, False])
def test_beyond_is_the_side_of_the_threshold_where_the_medians_are_not(above, crossed):
    """The excess is in parts of how far the medians lie from the threshold, which is 4."""
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 4.0, above=above, crossed=crossed)
    scores = np.array([[0.0, 3.0, 3.0, 2.0], [0.0, 3.0, 1.0, 1.0]])
    # a claim that the output is above holds of the medians where they have not crossed
    sign = 1 if above == crossed else -1
    assert search.excess(scores) == pytest.approx(sign * np.array([-1.0, 0.5, 0.0, -0.25]), abs=1e-12)
    # on the threshold it holds, too
    beyond = [False, True, crossed, False] if sign > 0 else [True, False, crossed, True]
    assert search.lies_beyond(search.outputs(scores)).tolist() == beyond


def test_the_size_of_an_output_is_how_far_the_medians_lie_from_the_threshold():
    for model, value, size in (
        (lambda a, b: {"y": 7 + a + b}, 4.0, 3.0),
        (lambda a, b: {"y": 4 + a + b}, 4.0, 4.0),
        (lambda a, b: {"y": a + b}, 0.0, 1.0),
        (lambda a, b: {"y": a + b - 0.5}, -0.5, 1.0),
        (lambda a, b: {"y": a + b + np.where(a == 0, np.nan, 0)}, -6.0, 6.0),
    ):
        assert search_of(model, STANDARD, value).scale == size


@pytest.mark.parametrize("toward", [1, -1])
def test_on_a_logarithmic_scale_the_excess_is_a_logarithm(toward):
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 2.0, above=toward < 0, logarithmic=True)
    output = np.array([2.0, 20.0, 0.2, 0.0, -5.0, np.inf, np.nan])
    told = np.array([0, math.log(10), -math.log(10), -MOST, -MOST, MOST])
    assert search.on_scale(output) == pytest.approx([*(toward * told), UNDEFINED])
    plain = search_of(linear(a=1.0, b=1.0), STANDARD, 2.0, above=toward < 0)
    assert plain.on_scale(np.array([2.0, 6.0, np.inf, -np.inf, np.nan])) == pytest.approx(
        [0, 2 * toward, MOST * toward, -MOST * toward, UNDEFINED]
    )


def test_where_neither_side_is_known_there_is_no_slope():
    """In parts of the threshold of 11, which the medians lie from."""

    def known(where):
        return lambda a, b: {"y": np.where(where(a), a - 2 * b, np.nan)}

    here = np.array([0.5, -1.0])
    for where, slope in (
        (lambda a: abs(a) < 0.5 + 1e-9, 1 / 11),
        (lambda a: (a > 0.5 - 1e-9) | (a == 0), 1 / 11),
        (lambda a: (abs(a - 0.5) < 1e-9) | (a == 0), 0),
    ):
        found = search_of(known(where), STANDARD, 11.0).gradient(here)
        assert found == pytest.approx([slope, -2 / 11], rel=1e-6)
    # at a value that is itself unknown a side that is known tells nothing
    assert search_of(known(lambda a: (a > 0.5 + 1e-9) | (a == 0)), STANDARD, 11.0).gradient(here)[0] == 0


THREE = {"a": "normal(0, 1)", "b": "normal(0, 1)", "c": "normal(0, 1)"}


def test_what_comes_equally_close_is_climbed_from_in_its_order():
    search = search_of(lambda a, b, c: {"y": 5.0 + 0 * (a + b + c)}, THREE, 5.0)
    scores = np.random.default_rng(1).uniform(-8, 8, (3, 60))
    np.testing.assert_array_equal(search.climbed(scores).T, scores[:, : designpoint.STARTS].T)


def test_slopes_are_seen_though_rounding_hides_small_steps():
    """Beside 1e9 a value has no digits left for the steps that a solver takes by itself."""
    search = search_of(lambda a, b: {"y": 1e9 + a + 2 * b}, STANDARD, 1e9 + 5)
    climbed = search.climbed(np.array([[0.0], [1.0]]))
    assert climbed.size
    assert search.lies_beyond(search.outputs(climbed)).all()
    found = search.downhill(np.array([3.0, 2.0]), Box(np.array([[-8.0, 8.0]] * 2), {}))
    assert found == pytest.approx([1, 2], abs=1e-3)


def test_slopes_lead_to_the_nearest_point_as_far_as_there_are_steps(monkeypatch):
    """On a sum of exponentials that is 9: by Lagrange's rule z is in proportion to exp(z)."""
    search = search_of(lambda a, b: {"y": np.exp(a) + np.exp(b)}, STANDARD, 9.0)
    nearest = optimize.minimize(
        lambda z: z @ z,
        (1.0, 1.2),
        constraints={"type": "eq", "fun": lambda z: np.exp(z).sum() - 9},
        options={"ftol": 1e-14},
    ).x
    start, whole, half = np.array([0.5, 3.0]), Box(np.array([[-8.0, 8.0]] * 2), {}), {1: 0.0}
    assert search.downhill(start, whole) == pytest.approx(nearest, abs=1e-5)
    assert search.distance(search.downhill(start, whole)) == pytest.approx(np.linalg.norm(nearest), abs=1e-9)
    # with b held only a leads there
    held = Box(np.array([[-8.0, 8.0], [0.0, 0.0]]), half)
    assert search.downhill(start, held) == pytest.approx([math.log(8), 0], abs=1e-6)
    monkeypatch.setattr(designpoint, "STEPS", 1)
    assert search.distance(search.downhill(start, whole)) != pytest.approx(np.linalg.norm(nearest), abs=1e-3)
    assert search.downhill(start, held) == pytest.approx([math.log(8), 0], abs=1e-6)
    monkeypatch.setattr(designpoint, "STEPS_OF_MANY", 1)
    assert search.downhill(start, held) != pytest.approx([math.log(8), 0], abs=1e-3)


def test_what_is_climbed_takes_no_more_steps_than_one_of_many(monkeypatch):
    search = search_of(lambda a, b: {"y": -((a - 1) ** 2) - 100 * (b - a**2) ** 2}, STANDARD, -1e-3)
    start = np.array([[-1.2], [1.0]])
    assert search.climbed(start) == pytest.approx(np.ones((2, 1)), abs=0.04)
    monkeypatch.setattr(designpoint, "STEPS_OF_MANY", 3)
    assert not search.climbed(start).size


def test_a_point_before_the_threshold_by_hardly_any_way_has_reached_it():
    """Of 1 - exp(-a) the slope falls with a; below a thousandth it counts for no less."""
    for at, way in ((5.0, 1e-6), (7.5, 1e-6 * 1e-3 / math.exp(-7.5))):
        search = search_of(lambda a: {"y": -np.exp(-a)}, {"a": "normal(0, 1)"}, -math.exp(-at))
        reached = [search.reached(np.array([at - times * way]), {}) for times in (-0.1, 0.9, 1.1)]
        assert reached == [True, True, False]


def test_a_threshold_that_a_start_meets_sooner_than_its_slope_leads_is_met_there():
    """Of a step from 1 to 2 beside a slope that reaches the threshold at 5 alone."""
    search = search_of(lambda a, b: {"y": np.where((a > 1) & (a < 2), 10.0, a) + 0 * b}, STANDARD, 5.0)
    whole = Box(np.array([[-8.0, 8.0]] * 2), {})
    assert search.from_start(np.array([1.5, 0.0]), whole) == pytest.approx([1, 0], abs=1e-9)
    assert search.from_start(np.array([6.0, 1.0]), whole) == pytest.approx([5, 0], abs=1e-5)
    assert search.from_start(np.array([0.5, 1.0]), whole) == pytest.approx([5, 0], abs=1e-5)
    # of what is held alone there is no way
    assert search.from_start(np.array([1.5, 0.0]), Box(whole.bounds, {0: 0.0, 1: 0.0})) is None


OFFSETS = np.array([0.0, 0.3, -0.2, 0.1, 0.0, -0.1, 0.2, -0.3])
STEEPER = np.array([1.0, 1.1, 0.9, 1.0, 1.2, 1.0, 0.8, 1.0])
PARTS = {"n": "discrete(1, 2, 9)", "a": "normal(0, 1)", "b": "normal(0, 1)"}


@pytest.mark.parametrize("correlations", [(), CORRELATED])
def test_without_a_scramble_a_point_is_the_foot_of_the_perpendicular_to_its_own_plane(
    monkeypatch, correlations
):
    """Without scramble k the output is n (s a + b) + d, each with its s and d."""
    search = search_of(lambda n, a, b: {"y": n * (a + b)}, PARTS, 27.0, correlations=correlations)
    monkeypatch.setattr(
        Response,
        "without_scrambles",
        lambda _, values: values[0] * (STEEPER[:, None] * values[1] + values[2]) + 9 * OFFSETS[:, None],
    )
    box = Box(np.array([[0.4, 8.0], [-8.0, 8.0], [-8.0, 8.0]]), {0: 9.0})
    found = search.without_scrambles(Found(0.0, np.array([0.4, 1.5, 1.5]), (2,), box))
    inner = search.space.correlation[1:, 1:]
    for own, steep, offset in zip(found, STEEPER, OFFSETS, strict=True):
        normal = np.array([steep, 1.0])
        foot = (3 - offset) * inner @ normal / (normal @ inner @ normal)
        assert own == pytest.approx([0.4, *foot], rel=1e-6)


def test_a_point_without_scrambles_has_no_place_on_a_jump_or_where_no_slope_leads(monkeypatch):
    search = search_of(lambda a, b: {"y": a + b}, STANDARD, 3.0)
    point = Found(0.0, np.array([1.5, 1.5]), (), Box(np.array([[-8.0, 8.0]] * 2), {}))

    def found(function):
        monkeypatch.setattr(
            Response, "without_scrambles", lambda _, values: OFFSETS[:, None] + function(*values)
        )
        return search.without_scrambles(point)

    feet = np.repeat((3 - OFFSETS[:, None]) / 2, 2, axis=1)
    np.testing.assert_allclose(found(lambda a, b: a + b), feet, rtol=1e-6)
    assert found(lambda a, b: a + b + 5 * (a > 1.5)).shape == (0, 2)
    assert found(lambda a, b: 3 + 0 * (a + b)) is None
    monkeypatch.setattr(Response, "without_scrambles", lambda *_: None)
    assert search.without_scrambles(point) is None


def test_what_rounding_alone_makes_of_nought_is_nought():
    for value, median, settled in (
        (1e-12, 1.0, 0.0),
        (-1e-12, -1.0, 0.0),
        (2e-9, 1.0, 2e-9),
        (-0.9e-9, 1.0, 0.0),
        (0.9e-9 * 50, -50, 0.0),
        (1.1e-9 * 50, -50, 1.1e-9 * 50),
        (1e-300, 0.0, 1e-300),
    ):
        assert designpoint._settled(value, median) == settled


def test_the_share_beyond_a_plane_is_contradicted_where_draws_leave_no_doubt():
    search = search_of(linear(a=1.0, b=1.0), STANDARD, 3.0)
    for crossed, distance, share, draws, told in (
        # of 1000 draws 159 are beyond one standard deviation, give or take 23 + 3
        (False, 1.0, 0.159, 1000, False),
        (False, 1.0, 0.0845, 1000, True),
        (False, 1.0, 0.0860, 1000, False),
        (False, 1.0, 0.266, 1000, False),
        (False, 1.0, 0.272, 1000, True),
        (True, 1.0, 0.841, 1000, False),
        (True, 1.0, 0.159, 1000, True),
        # where no draw is beyond, three of as many might have been
        (False, 3.35, 0.0, 10_000, False),
        (False, 3.3, 0.0, 10_000, True),
    ):
        point = designpoint.DesignPoint(
            search.limit, crossed, distance, float(norm.sf(distance)), share, {}, draws
        )
        assert bool(point.disagreement) is told, (distance, share)
