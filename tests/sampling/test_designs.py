"""Designs: balanced, in the open unit interval, and the same whoever makes which block."""

import numpy as np
import pytest

from uncertainty.errors import SettingError
from uncertainty.sampling.designs import BLOCK, blocks, make_design, uniforms

NAMES = ("a", "b", "c")
DESIGNS = ("random", "lhs", "sobol")


def whole(design):
    return np.concatenate([u.copy() for u in uniforms(design)], axis=1)


@pytest.mark.parametrize("name", DESIGNS)
def test_every_block_can_be_made_alone(name):
    design = make_design(name, NAMES, 5 * BLOCK + 17, seed=3)
    together = whole(design)
    one, other = design.source(), design.source()
    order = [5, 2, 3, 0, 4, 1] if blocks(design) == 6 else list(reversed(range(blocks(design))))
    alone = {b: (one if b % 2 else other).block(b).copy() for b in order}
    np.testing.assert_array_equal(together, np.concatenate([alone[b] for b in sorted(alone)], axis=1))
    assert together.shape == (3, design.samples)


@pytest.mark.parametrize("name", DESIGNS)
def test_uniforms_lie_strictly_between_0_and_1(name):
    u = whole(make_design(name, NAMES, 70_000, seed=0))
    assert u.min() > 0
    assert u.max() < 1


@pytest.mark.parametrize("name", DESIGNS)
def test_the_seed_decides_and_0_is_a_seed_like_any_other(name):
    first, again, other = (whole(make_design(name, NAMES, 200, seed=s)) for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", ["random", "lhs"])
def test_a_name_has_its_own_stream_whatever_stands_beside_it(name):
    few = whole(make_design(name, ("a", "b"), 1000, seed=1))
    more = whole(make_design(name, ("x", "b", "a"), 1000, seed=1))
    np.testing.assert_array_equal(few[0], more[2])
    np.testing.assert_array_equal(few[1], more[1])


@pytest.mark.parametrize("name", ["random", "sobol"])
def test_shorter_blocks_of_many_inputs_have_the_same_rows(name, monkeypatch):
    design = make_design(name, NAMES, 5 * BLOCK + 17, seed=3)
    together = whole(design)
    monkeypatch.setattr("uncertainty.sampling.designs.MOST_NUMBERS", 3 * 2048)
    assert design.block_rows == 2048
    np.testing.assert_array_equal(whole(design), together)


def test_more_random_samples_begin_with_the_same_rows():
    few = whole(make_design("random", NAMES, 1000, seed=1))
    more = whole(make_design("random", NAMES, 20_000, seed=1))
    np.testing.assert_array_equal(few, more[:, :1000])


@pytest.mark.parametrize("name", ["lhs", "sobol"])
@pytest.mark.parametrize("samples", [1, 100, 1000, 2**17, 2**18 + 1])
def test_each_replicate_has_one_point_in_each_stratum(name, samples):
    design = make_design(name, NAMES, samples, seed=5)
    rows = design.replicate_rows
    cells = np.sort((whole(design).reshape(3, -1, rows) * rows).astype(int), axis=-1)
    assert (cells == np.arange(rows)).all()


@pytest.mark.parametrize(
    ("name", "samples", "made"),
    [
        ("random", 1, 1),
        ("random", 1001, 1001),
        ("lhs", 1000, 1008),
        ("sobol", 2**17, 2**17),
        ("sobol", 10**6, 1_015_808),
    ],
)
def test_samples_are_rounded_up_to_what_the_design_needs(name, samples, made):
    assert make_design(name, NAMES, samples, seed=1).samples == made


@pytest.mark.parametrize("name", ["lhs", "sobol"])
def test_there_are_replicates_enough_for_a_student_interval(name):
    for samples in (1, 10, 1000, 10**5, 10**7):
        design = make_design(name, NAMES, samples, seed=1)
        assert design.samples // design.replicate_rows >= 16
        assert samples <= design.samples <= max(16, 2 * samples)


def test_sobol_points_integrate_a_product_far_better_than_random_ones():
    # the integral of 12 (u - 1/2)(v - 1/2) + uv is 1/4; independent points err by 0.7 / sqrt(N)
    error = {}
    for name in ("random", "sobol"):
        u, v, _ = whole(make_design(name, NAMES, 2**16, seed=2))
        error[name] = abs(np.mean(12 * (u - 0.5) * (v - 0.5) + u * v) - 0.25)
    assert error["sobol"] < 2e-4 < 4 * 1.1 / 2**8
    assert error["random"] < 5 * 1.1 / 2**8


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("random", 0, 1), "samples: expected at least 1, found 0"),
        (("random", 2**41, 1), "samples: expected at most 2^40"),
        (("random", 10, -1), "seed: expected 0 or more, found -1"),
        (("soboll", 10, 1), 'unknown design "soboll"; did you mean "sobol"?'),
    ],
)
def test_bad_settings_are_refused(settings, message):
    name, samples, seed = settings
    with pytest.raises(SettingError) as caught:
        make_design(name, NAMES, samples, seed)
    assert message in str(caught.value)


def all_rows(design):
    return np.concatenate([block.copy() for block in uniforms(design)], axis=1)


@pytest.mark.parametrize("name", ["random", "lhs", "sobol"])
def test_a_longer_design_and_one_of_some_names_have_the_same_rows(name):
    design = make_design(name, ("a", "b", "c"), 5_000, 3)
    whole = all_rows(design)
    assert whole.shape == (3, design.samples)
    longer = design.extended(2 * design.samples + 1)
    assert 2 * design.samples < longer.samples <= 2 * design.samples + longer.replicate_rows
    begun = all_rows(longer)
    np.testing.assert_array_equal(begun[:, : design.samples], whole)
    assert design.extended(10) == design
    some = design.only([2, 0])
    assert some.dimensions == ("c", "a")
    np.testing.assert_array_equal(all_rows(some), whole[[2, 0]])
    np.testing.assert_array_equal(all_rows(some.only([1])), whole[[0]])
