"""Where a way meets a jump of an output, and where along the jump it is nearest to the medians."""

import math

import numpy as np
import pytest
from models import limit, space_of
from scipy.stats import norm

from uncertainty.challenges import jumps
from uncertainty.challenges.designpoint import _Search
from uncertainty.challenges.jumps import _met, along_edge, drawn_in, on_the_way, slid
from uncertainty.challenges.normalspace import FARTHEST, Box

COUNT = {"n": "discrete(1, 2, 9)"}
HELD = {0: 9.0}
"""The count at its highest value, where its own score would give another."""


def search_of(model, names, *, above=False, value=0.5, rank=None):
    """Return a search of a model of standard normal inputs that a count must be at its highest for."""
    space = space_of(
        lambda n, **others: {"y": (n > 5) * model(**others)},
        COUNT | dict.fromkeys(names, "normal(0, 1)"),
        correlations=[] if rank is None else [(tuple(names[-2:]), rank)],
    )
    return _Search(space, limit(value, above=above), False, logarithmic=False)


def box_of(search, held=HELD):
    return Box(np.tile([-FARTHEST, FARTHEST], (len(search.space.positions), 1)), held)


def test_the_first_point_on_a_way_is_met_with_what_is_held():
    search = search_of(lambda a, b: 1.0 * (a - b > 2), "ab")
    start, nearest = np.array([0.0, 3.0, -1.0]), np.array([0.0, -1.0, 1.0])
    # a - b goes from -2 to 4, so that 2 is met after two thirds of the way
    found = on_the_way(search, start, nearest, HELD)
    assert found == pytest.approx([0, 5 / 3, -1 / 3], abs=1e-11)
    assert search.past(found, HELD)
    assert on_the_way(search, start, nearest, {0: 1.0}) is None


def test_scores_that_need_not_lie_where_they_are_are_drawn_in_the_smallest_first():
    search = search_of(lambda a, b, c: (a + b > 1) * (c > -8.0), "abc")
    nearest = np.array([0.0, 0.0, 0.0, 0.5])
    # c and the smaller of the others go all the way back, and the larger as far as what is left allows
    for scores, found in (([2.0, 1.5, -3.0], [1, 0, 0.5]), ([1.5, 2.0, -3.0], [0, 1, 0.5])):
        point = drawn_in(search, np.array([0.0, *scores]), nearest, HELD)
        assert point == pytest.approx([0, *found], abs=1e-11)


def test_where_all_scores_must_be_far_out_each_is_drawn_in_on_its_way():
    search = search_of(lambda a, b, c: (a > 1.5) * (b > 0.5) * (c < -0.25), "abc")
    point, nearest = np.array([0.0, 2.0, 3.0, -4.0]), np.array([0.0, 0.0, 0.25, 0.0])
    found = drawn_in(search, point, nearest, HELD)
    assert found == pytest.approx([0, 1.5, 0.5, -0.25], abs=1e-11)
    assert search.past(found, HELD)


def test_of_very_many_scores_the_largest_are_drawn_in():
    names = [f"x{place}" for place in range(10)]
    search = search_of(lambda **x: np.min(list(x.values()), axis=0) > 1, names)
    point = np.append(0.0, 2 + 0.1 * np.arange(10))
    found = drawn_in(search, point, np.zeros(11), HELD)
    assert found == pytest.approx([0, 2, 2.1, *[1.0] * 8], abs=1e-11)


@pytest.mark.parametrize("rank", [0.9, -0.9])
def test_no_score_is_drawn_in_where_that_leads_farther_from_the_medians(rank):
    """Correlated scores lie near to the medians together, and far from them one by one."""
    point = np.array([0.0, 2.0, math.copysign(2.0, rank)])
    either = search_of(lambda a, b: np.maximum(abs(a), abs(b)) > 1, "ab", rank=rank)
    assert np.array_equal(drawn_in(either, point, np.zeros(3), HELD), point)
    both = search_of(lambda a, b: np.minimum(abs(a), abs(b)) > 1, "ab", rank=rank)
    assert np.array_equal(drawn_in(both, point, np.zeros(3), HELD), point)
    # on the other sides of the medians both go as far as they can
    found = drawn_in(both, point * [1, 1, -1], np.zeros(3), HELD)
    assert found == pytest.approx([0, 1, -math.copysign(1, rank)], abs=1e-11)


@pytest.mark.parametrize("rank", [None, 0.5])
@pytest.mark.parametrize("way", [1, -1])
def test_a_point_on_a_plane_slides_to_the_foot_of_the_perpendicular(way, rank):
    search = search_of(lambda a, b: way * (2 * a + b) > 3, "ab", rank=rank)
    # from where the plane meets the axis of a
    found = slid(search, way * np.array([0.0, 1.5 + 1e-9, 0.0]), box_of(search))
    inner, normal = search.space.correlation[1:, 1:], np.array([2.0, 1.0])
    foot = 3 * inner @ normal / (normal @ inner @ normal)
    assert search.distance(found) == pytest.approx(3 / math.sqrt(normal @ inner @ normal), abs=1e-6)
    assert found == pytest.approx([0, *(way * foot)], abs=0.005)
    assert search.past(found, HELD)


def test_a_point_slides_along_a_bent_jump_as_its_mirror_image_does():
    """The hyperbola a b = 2 is nearest where both are its root."""
    search = search_of(lambda a, b: a * b > 2, "ab")
    point = np.array([0.0, 2.5, 0.8 + 1e-9])
    ends = [sign * slid(search, sign * point, box_of(search)) for sign in (1, -1)]
    assert ends[0] == pytest.approx([0, math.sqrt(2), math.sqrt(2)], abs=0.02)
    np.testing.assert_allclose(*ends, atol=1e-9)


def test_a_point_slides_no_farther_than_its_box_goes():
    """Where b is -0.5 at most, the nearest of 2 a + b = 3 is 1.75 of a."""
    search = search_of(lambda a, b: 2 * a + b > 3, "ab")
    box = Box(np.array([[-FARTHEST, FARTHEST], [-FARTHEST, FARTHEST], [-FARTHEST, -0.5]]), HELD)
    found = slid(search, np.array([0.0, 2.0 + 1e-9, -1.0]), box)
    assert search.distance(found) == pytest.approx(math.hypot(1.75, 0.5), abs=1e-6)


def test_what_is_held_keeps_its_own_distance_while_others_slide():
    search = search_of(lambda a, b: a + 0 * b > 1, "ab")
    edge = norm.ppf(2 / 3)
    box = Box(np.array([[edge, FARTHEST], [-FARTHEST, FARTHEST], [-FARTHEST, FARTHEST]]), HELD)
    found = slid(search, np.array([edge, 1 + 1e-9, 0.7]), box)
    assert search.distance(found) == pytest.approx(math.hypot(edge, 1), abs=1e-6)


def test_what_lies_on_a_slope_or_can_move_one_way_alone_stays_on_it():
    point = np.array([0.0, 1.5 + 1e-9, 0.0])
    slope = search_of(lambda a, b: 2 * a + b - 2.5, "ab")
    assert slid(slope, point, box_of(slope)) is point
    jump = search_of(lambda a, b: 2 * a + b > 3, "ab")
    assert slid(jump, point, box_of(jump, HELD | {2: 0.0})) is point


def test_a_jump_is_met_on_the_way_to_a_place_or_as_far_again_behind_it():
    search = search_of(lambda a, b: a + 0 * b > 2.5, "ab")
    box, nearest = box_of(search), np.array([0.0, 0.5, 0.0])
    # from 0.5 of a
    ways = np.array([[0.0, 3.5, 1.0], [0.0, 1.6, -2.0], [0.0, 1.4, 1.0], [0.0, -3.0, 1.0]]).T
    met, is_beyond = _met(search, nearest, ways, box)
    assert is_beyond.tolist() == [True, True, False, False]
    ends = [[0, 2.5, 2 / 3], [0, 2.5, -2 * 2 / 1.1], [0, 2.3, 2], [0, -6.5, 2]]
    np.testing.assert_allclose(met.T, ends, atol=1e-10)


@pytest.mark.parametrize("rank", [None, 0.5])
def test_a_point_goes_along_the_edge_of_what_has_a_value(rank):
    """Where a is below -1 there is none, and the threshold is met where b is -2 less the root."""

    def rooted(a, b):
        with np.errstate(invalid="ignore"):
            return np.sqrt(a + 1) + b

    search = search_of(rooted, "ab", above=True, value=-2.0, rank=rank)
    start = np.array([0.0, 0.0, -3.0 - 1e-9])
    found = along_edge(search, start, box_of(search))
    assert search.past(found, HELD)
    edge = np.linspace(-1, 3, 400_001)
    points = np.array([0 * edge, edge, -2 - np.sqrt(edge + 1)])
    nearest = np.sqrt(np.einsum("ir,ij,jr->r", points, search.metric, points).min())
    assert search.distance(found) == pytest.approx(nearest, abs=1e-5)


def test_of_the_ways_beside_a_point_the_one_that_leads_nearest_is_gone(monkeypatch):
    """Beyond b = -1 - a² the nearest of four is met where a moves back; two ways meet it nowhere."""
    search = search_of(lambda a, b: a**2 + b, "ab", above=True, value=-1.0)
    monkeypatch.setattr(jumps, "MOST_TURNS", 1)
    start = np.array([0.0, 0.6, -1.36 - 1e-9])
    found = along_edge(search, start, box_of(search))
    # t times the place 0.2 beside it lies on it where (t a)² + t b + 1 is 0
    a, b = 0.4, -1.36
    along = (-b - math.sqrt(b**2 - 4 * a**2)) / (2 * a**2)
    assert found == pytest.approx([0, along * a, along * b], abs=1e-8)
