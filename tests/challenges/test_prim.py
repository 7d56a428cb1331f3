"""The patient rule finds boxes that are there, and none where there is none."""

import numpy as np
import pytest

from uncertainty.challenges.stress import find_box

ROWS = 2**13


@pytest.fixture
def uniforms():
    return np.random.default_rng(1).random((4, ROWS))


def test_a_box_is_found_as_it_is(uniforms):
    failing = (uniforms[0] > 0.7) & (uniforms[2] < 0.4)
    box = find_box(uniforms, failing)
    assert sorted(box.sides) == [0, 2]
    assert box.sides[0] == pytest.approx((0.7, np.inf), abs=0.01)
    assert box.sides[2] == pytest.approx((-np.inf, 0.4), abs=0.01)
    assert box.coverage > 0.97
    assert box.density > 0.97
    assert box.mass == pytest.approx(failing.mean(), rel=0.05)


def test_coverage_and_density_are_what_they_say(uniforms):
    failing = uniforms[0] + 0.5 * uniforms[1] > 1.1
    box = find_box(uniforms, failing)
    inside = np.ones(ROWS, bool)
    for row, (low, high) in box.sides.items():
        inside &= (uniforms[row] >= low) & (uniforms[row] <= high)
    assert box.coverage == failing[inside].sum() / failing.sum()
    assert box.density == failing[inside].mean()


def test_a_range_in_the_middle_has_two_sides(uniforms):
    box = find_box(uniforms, np.abs(uniforms[1] - 0.5) < 0.1)
    assert [*box.sides] == [1]
    assert box.sides[1] == pytest.approx((0.4, 0.6), abs=0.01)


def test_noise_is_no_restriction(uniforms):
    failing = np.random.default_rng(2).random(ROWS) < 0.3
    box = find_box(uniforms, failing)
    assert box.sides == {}
    assert (box.coverage, box.mass) == (1, 1)


def test_a_discrete_input_is_cut_between_its_values():
    rng = np.random.default_rng(3)
    values = np.stack([rng.integers(1, 6, ROWS).astype(float), rng.random(ROWS)])
    box = find_box(values, values[0] >= 4)
    assert box.sides == {0: (4.0, np.inf)}
    assert (box.coverage, box.density) == (1, 1)


def test_a_monotone_change_of_scale_changes_no_box(uniforms):
    failing = (uniforms[0] > 0.8) & (uniforms[1] > 0.3)
    plain, bent = find_box(uniforms, failing), find_box(np.exp(5 * uniforms), failing)
    assert (plain.coverage, plain.density) == (bent.coverage, bent.density)
    assert np.log(bent.sides[0][0]) / 5 == pytest.approx(plain.sides[0][0])


def test_a_rare_corner_of_many_inputs_is_found():
    values = np.random.default_rng(4).random((8, 2**15))
    failing = (values[3] > 0.9) & (values[5] < 0.1)
    box = find_box(values, failing)
    assert sorted(box.sides) == [3, 5]
    assert min(box.coverage, box.density) > 0.9
