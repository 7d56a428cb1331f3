"""A draw is at a threshold within what conversions of units round, unless draws lie as close themselves."""

import math

import numpy as np
import pytest

import uncertainty as un
from uncertainty.challenges.analysis import challenge
from uncertainty.challenges.thresholds import Threshold
from uncertainty.errors import SettingError
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.thresholds import at_most, counted_values, lower, slack, upper

NORMAL = np.random.default_rng(1).standard_normal(2**16)


@pytest.mark.parametrize(
    ("centre", "sd"),
    [(473612353604000.0, 5000.0), (9192631770.0, 0.5), (1e7, 5e-5), (-1e12, 1.0), (1e300, 1e287)],
)
def test_shares_of_values_that_are_close_beside_their_size_are_those_of_their_distribution(centre, sd):
    draws = Draws(centre + sd * NORMAL)
    for z in (-1.0, 0.0, 2.0):
        expected, error = 0.5 * math.erfc(z / math.sqrt(2)), 4 * 0.5 / math.sqrt(NORMAL.size)
        threshold = centre + z * sd
        assert draws.share_at_least(threshold).value == pytest.approx(expected, abs=error)
        assert draws.share_at_most(threshold).value == pytest.approx(1 - expected, abs=error)
        held = Threshold("given", threshold, above=True, spread=draws.spread).holds(draws.values)
        assert held.mean() == draws.share_at_least(threshold).value


def test_values_that_conversion_has_moved_are_at_a_threshold():
    draws = Draws(np.array([0.1 * 3, 0.7 + 0.1, 5.0, 2.0]))
    assert draws.share_at_most(0.3).value == 0.25
    assert draws.share_at_least(0.8).value == 0.75
    assert draws.share_within(0.3, 0.8).value == 0.5


def test_one_value_is_at_a_threshold_that_only_rounding_sets_apart():
    draws = Draws(np.full(8, 0.1 * 3))
    assert draws.share_at_most(0.3).value == draws.share_at_least(0.3).value == 1


def test_the_slack_is_nothing_where_it_would_count_what_lies_beside():
    assert slack(1.0, 0.0) == slack(-1.0, 1.0) == slack(1.0, math.inf) == 1e-12
    assert slack(1.0, 1e-7) == slack(1e15, 1.0) == 0.0
    assert slack(1.0, 1e-6) == 1e-12


LASER = """
format = 1
[study]
title = "A laser"
headline = "f"
[inputs.beat]
unit = "Hz"
point = 473612353604000
distribution = "normal(473612353604000, 3000)"
[inputs.offset]
unit = "Hz"
point = 100
distribution = "normal(100, 4000)"
[outputs.f]
unit = "Hz"
value = "beat + offset"
published = 473612353604100
digits = 15
claim = "at least"
reference = 473612353599100
"""


def test_a_laser_lies_half_above_its_own_mean_however_its_draws_are_kept(write_study, monkeypatch):
    study = un.load_study(write_study(LASER))
    whole = un.propagate(study, samples=2**15)
    monkeypatch.setattr("uncertainty.sampling.huge.remade.PART_BYTES", 0)
    counted = un.propagate(study, samples=2**15, memory=2**15)
    for run in (whole, counted):
        found = run.outputs["f"].summary
        assert found["probability_at_least_published"].value == pytest.approx(0.5, abs=2e-3)
        assert found["published_percentile"].value == pytest.approx(50, abs=0.2)
        assert found["probability_at_least_reference"].value == pytest.approx(0.841345, abs=2e-3)
    assert not counted.outputs["f"].draws.stored


@pytest.mark.slow
def test_the_design_point_of_a_laser_is_that_of_its_distance_in_standard_deviations(write_study):
    text = LASER.replace("473612353599100", "473612353594100")
    point = challenge(un.load_study(write_study(text)), samples=2**10).outputs["f"].design_points["reference"]
    assert point.distance == pytest.approx(2, rel=1e-3)
    assert point.inputs["offset"].score == pytest.approx(-1.6, rel=1e-3)
    assert point.inputs["beat"].score == pytest.approx(-1.2, rel=1e-3)
    assert point.draws_share == pytest.approx(0.02275, abs=2e-3)


def test_no_value_is_at_an_infinite_threshold_and_a_value_is_at_one_within_rounding():
    assert slack(math.inf, 0.0) == slack(-math.inf, 2.0) == 0.0
    assert lower(2.0, 0.0) == 2.0 - 2e-12
    assert upper(-2.0, 0.0) == -2.0 + 2e-12
    assert (lower(2.0, 1e-9), upper(2.0, 1e-9)) == (2.0, 2.0)
    assert at_most(1.0) == np.nextafter(1.0, 2.0)
    for end in (lower, upper):
        with pytest.raises(SettingError, match=r"^threshold: expected a number, found nan$"):
            end(math.nan, 1.0)


def test_an_output_is_counted_at_its_figure_its_factors_and_at_yes_and_no(small):
    from dataclasses import replace

    output = replace(small.outputs["yearly"], published=None, reference=None)
    plain = counted_values(output)
    assert plain == (1.0 - 1e-12, at_most(0.0 + slack(0.0, 1.0)))
    compared = counted_values(replace(output, reference=3.0))
    assert set(plain) < set(compared)
    expected = {3.0 - 3e-12, 3.0, at_most(3.0 + 3e-12), at_most(3.0)}
    assert sorted(set(compared) - set(plain)) == pytest.approx(sorted(expected), rel=1e-15)
