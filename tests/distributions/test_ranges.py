"""What numbers without a family's name mean, against normal quantiles and fractions."""

import math

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.distributions import Normal, parse_distribution
from uncertainty.errors import StudyError, UncertaintyError

STUDY = """
format = 1
[study]
title = "Share"
headline = "share"
[inputs.share]
unit = "%"
point = 15
[inputs.mass]
unit = "kg"
point = 1
[outputs.share]
unit = "%"
value = "share * mass / 1[kg]"
"""


@pytest.mark.parametrize(
    ("text", "centre", "sd"),
    [
        ("15 ± 3 (sd)", 15, 3),
        ("15±3(k=2)", 15, 1.5),
        ("15 +/- 3 (k=3)", 15, 1),
        ("-4.5 ± 1e-2 (95 %)", -4.5, 0.01 / stats.norm.ppf(0.975)),
        ("15 ± 3 (68.27 %)", 15, 3 / stats.norm.ppf(0.84135)),
        ("15 ± 20 % (95 %)", 15, 3 / stats.norm.ppf(0.975)),
        ("-15 ± 20 % (k=2)", -15, 1.5),
        ("2e-3 ± 5 % (sd)", 2e-3, 1e-4),
        ("15.0(2)", 15, 0.2),
        ("1.234(12)", 1.234, 0.012),
        ("1234(5)", 1234, 5),
        ("-0.50(25)", -0.5, 0.25),
        ("15 (2)", 15, 2),
        ("6.67430(15)e-11", 6.6743e-11, 1.5e-15),
        ("1.23(4)e3", 1230, 40),
        ("299_792.458(1)", 299792.458, 0.001),
    ],
)
def test_a_spread_is_a_normal_distribution_s(text, centre, sd):
    found = parse_distribution(text)
    assert isinstance(found, Normal)
    assert (found.mean, found.sd) == pytest.approx((centre, sd), rel=1e-14)
    assert str(found) == text
    assert parse_distribution(found.call) == parse_distribution(str(found)) == found


@pytest.mark.parametrize(("low", "high"), [(10, 20), (-2, 9), (0.001, 50)])
@pytest.mark.parametrize("level", [50, 90, 95, 99.73])
def test_a_range_at_a_level_has_that_probability_and_as_much_on_each_side(low, high, level):
    found = parse_distribution(f"{low} to {high} @ {level} %")
    below, up_to = found.cdf(np.array([low, high], float))
    assert below == pytest.approx((100 - level) / 200, rel=1e-9)
    assert up_to == pytest.approx(1 - (100 - level) / 200, rel=1e-12)


def test_a_range_without_a_level_is_one_at_90_per_cent():
    assert parse_distribution("2 to 8") == parse_distribution("2 to 8 @ 90 %")


def test_spreads_and_levels_stand_inside_other_distributions():
    mixed = parse_distribution("mixture(15.0(2), 3 to 4 @ 80 %, 1 ± 0.5 (k=2), weights=(1, 1, 2))")
    assert mixed.mean == pytest.approx((15 + 2 * 1) / 4 + parse_distribution("3 to 4 @ 80 %").mean / 4)
    assert parse_distribution("truncate(0 ± 1 (sd), low=0)").mean == pytest.approx(math.sqrt(2 / math.pi))


MEANINGS = "the unit is itself %; write {} for 3 percentage points, or {} for 3 % of 15"


@pytest.mark.parametrize(
    ("text", "points", "share"),
    [
        ("15 ± 3 % (95 %)", "15 ± 3 (95 %)", "15 ± 0.45 (95 %)"),
        ("15+/-3%(k=2)", "15 +/- 3 (k=2)", "15 +/- 0.45 (k=2)"),
        ("truncate(15 ± 3 % (sd), low=0)", "truncate(15 ± 3 (sd), low=0)", "truncate(15 ± 0.45 (sd), low=0)"),
    ],
)
def test_a_percentage_of_an_input_in_per_cent_is_refused_with_both_meanings(text, points, share, write_study):
    meanings = MEANINGS.format(f'"{points}"', f'"{share}"')
    with pytest.raises(UncertaintyError) as refusal:
        un.propagate(un.load_study(write_study(STUDY)), samples=64, overrides={"share": text})
    assert meanings in str(refusal.value)
    for at, wrong in (
        ("distribution", STUDY.replace("point = 15", f'point = 15\ndistribution = "{text}"')),
        ("readings", STUDY + f'[readings.r]\nlabel = "R"\ninputs = {{ share = "{text}" }}\n'),
    ):
        with pytest.raises(StudyError) as refusal:
            un.load_study(write_study(wrong))
        assert meanings in str(refusal.value), at
    for right in (points, share):
        un.propagate(un.load_study(write_study(STUDY)), samples=64, overrides={"share": right})
    un.propagate(un.load_study(write_study(STUDY)), samples=64, overrides={"mass": text})
