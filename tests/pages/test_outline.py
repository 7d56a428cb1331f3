"""What draws look like: sticks, curves that end where the draws do, and letters that fonts have."""

import numpy as np
import pytest

from uncertainty.distributions import parse_distribution
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.outline import outline

DRAWS = 2**14


def outline_of(text, *, logarithmic=False):
    values = parse_distribution(text).quantile((np.arange(DRAWS) + 0.5) / DRAWS)
    low, high = np.quantile(values, [0.001, 0.999])
    return values, outline(values, Scale.over([float(low), float(high)], logarithmic=logarithmic))


@pytest.mark.parametrize(
    ("text", "sticks", "heights"),
    [
        ("discrete(1, 22, 100)", [1, 22, 100], [1, 1, 1]),
        ("discrete(0, 1, weights=(3, 1))", [0, 1], [1, 1 / 3]),
        ("empirical(2, 2, 5, 7)", [2, 5, 7], [1, 0.5, 0.5]),
        ("fixed(4)", [4], [1]),
    ],
)
def test_what_has_few_values_is_sticks_alone(text, sticks, heights):
    _, found = outline_of(text)
    assert found.sticks == pytest.approx(sticks)
    assert found.shares == pytest.approx(heights, rel=1e-3)
    assert found.x.size == 0


@pytest.mark.parametrize(
    ("text", "stick", "share"),
    [
        ("clip(normal(0.5, 1), low=1)", 1, 0.6915),
        ("clip(normal(0, 1), high=1)", 1, 0.1587),
        ("mixture(fixed(3), uniform(2, 9), weights=(1, 9))", 3, 0.1),
    ],
)
def test_a_value_that_many_draws_have_stands_beside_the_curve_of_the_others(text, stick, share):
    values, found = outline_of(text)
    assert found.sticks.tolist() == [stick]
    highest = max(share, 1 - share)
    assert found.shares[0] == pytest.approx(share / highest, rel=0.01)
    assert found.heights.max() == pytest.approx(max((1 - share) / highest, 0.25), rel=0.01)
    assert values.min() <= found.x.min() <= found.x.max() <= values.max()


@pytest.mark.parametrize(
    ("text", "logarithmic"),
    [
        ("exponential(50)", False),
        ("truncate(normal(0, 1), low=0)", False),
        ("uniform(2, 3)", False),
        ("beta(0.7, 2)", False),
        ("loguniform(1, 100)", True),
    ],
)
def test_no_curve_begins_before_the_first_draw_or_ends_behind_the_last(text, logarithmic):
    values, found = outline_of(text, logarithmic=logarithmic)
    assert found.sticks.size == 0
    assert values.min() <= found.x.min() * (1 + 1e-12)
    assert found.x.max() <= values.max() * (1 + 1e-12)


def test_a_curve_at_an_end_is_as_high_as_the_density_there():
    _, found = outline_of("exponential(50)")
    # half as high where the density is, unless what lies beyond 0 is mirrored
    inside = found.x > 0.5
    exact = np.exp(-found.x[inside] / 50)
    assert found.heights[inside][:50] == pytest.approx(exact[:50], abs=0.1)


@pytest.mark.parametrize(
    "text", ["normal(0, 1)", "lognormal(1, 2)", "triangular(0, 1, 4)", "student_t(0, 1, 5)"]
)
def test_a_curve_of_few_draws_runs_out_where_few_of_them_lie(text):
    values = np.sort(parse_distribution(text).quantile(np.random.default_rng(2).random(256)))
    heights = outline(values, Scale.over([float(values[0]), float(values[-1])], logarithmic=False)).heights
    # the last height is that of the line which closes the curve
    assert heights[-2] < 0.01
    assert abs(np.diff(heights[heights.argmax() :])).max() < 0.1


def test_a_curve_of_few_draws_keeps_the_edge_where_many_lie():
    values = np.random.default_rng(2).random(256)
    heights = outline(values, Scale.over([0.0, 1.0], logarithmic=False)).heights
    assert min(heights[1], heights[-2]) > 0.4


def test_counts_in_the_hundreds_stay_a_curve():
    values = np.random.default_rng(1).poisson(3000, DRAWS).astype(float)
    found = outline(values, Scale.over([2800.0, 3200.0], logarithmic=False))
    assert found.sticks.size == 0
    assert found.x.size > 100


@pytest.mark.parametrize(
    "text", ["normal(429228004229873, 0.3)", "normal(9192631770, 3e-6)", "normal(1e7, 1e-8)"]
)
def test_values_as_close_as_numbers_are_stored_have_an_outline_within_the_axis(text):
    """What lies beyond both ends of the axis alone is no curve."""
    values = parse_distribution(text).quantile((np.arange(4000) + 0.5) / 4000)
    low, high = np.quantile(values, [0.002, 0.998]).tolist()
    for logarithmic in (False, True):
        scale = Scale.over([low, high], logarithmic=logarithmic)
        found = outline(values, scale)
        assert found.sticks.size + found.x.size > 0
        assert np.isfinite(found.heights).all()
        places = scale.shares(found.x)
        assert ((places >= -0.1) & (places <= 1.1)).all()


def test_places_on_an_axis_and_values_there_are_each_other_s_inverse():
    for low, high, logarithmic in ((1e-3, 1e5, True), (9192631769.0, 9192631771.0, True), (-3.0, 5.0, False)):
        scale = Scale(low, high, logarithmic)
        places = np.linspace(0, 1, 7)
        np.testing.assert_allclose(scale.shares(scale.values(places)), places, atol=1e-6)
