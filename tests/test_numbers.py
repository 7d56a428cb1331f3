"""Numbers are written with the digits that they deserve, and no more."""

import math
import random

import numpy as np
import pytest

from uncertainty import numbers
from uncertainty.sampling.statistics import Draws, Estimate


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (2847.2, 3, "2,850"),
        (2847.2, 2, "2,800"),
        (0.8, 2, "0.80"),
        (0.0999, 2, "0.10"),
        (999.6, 3, "1,000"),
        (-1.346, 3, "-1.35"),
        (0, 3, "0"),
        (-0.0, 3, "0"),
        (123456789, 3, "123,000,000"),
        (5.52e11, 3, "5.52e11"),
        (3.21e-5, 3, "3.21e-5"),
        (0.000321, 2, "0.00032"),
        (math.inf, 3, "inf"),
        (None, 3, "–"),
    ],
)
def test_a_number_has_the_digits_asked_for(value, digits, written):
    assert numbers.number(value, digits) == written


def test_a_written_number_is_within_half_a_unit_of_its_last_digit():
    source = random.Random(3)
    for _ in range(2000):
        value = source.choice((-1, 1)) * 10 ** source.uniform(-12, 12)
        digits = source.randint(1, 5)
        written = float(numbers.number(value, digits).replace(",", ""))
        assert abs(written - value) <= 0.5000001 * 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(2900, 2, "2,900"), (0.8, 2, "0.80"), (1.0, 3, "1.00"), (2857, 2, "2,857"), (0.8333, 1, "0.8333")],
)
def test_a_printed_figure_keeps_its_digits_and_is_never_rounded(value, digits, written):
    assert numbers.printed(value, digits) == written


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_a_number_near_another_is_told_from_it_by_as_many_digits_of_their_distance(digits):
    rng = np.random.default_rng(1)
    others = rng.uniform(1, 10, 500) * 10.0 ** rng.integers(0, 8, 500)
    for other, part in zip(others, 10 ** rng.uniform(-6, -1.1, 500), strict=True):
        value = other * (1 + part)
        written = float(numbers.apart(value, other, digits).replace(",", ""))
        assert abs(written - value) <= 0.5001 * 10 ** (1 - digits) * (value - other)


@pytest.mark.parametrize(
    ("value", "error", "written"),
    [
        (1060.0, 10.4, "1,060"),
        (1060.0, 20.4, "1,060"),
        (1060.0, 40.4, "1,100"),
        (14.2, 1.2, "14"),
        (14.2, 2.2, "14"),
        (14.2, 4.4, "10"),
        (163.7, 23.0, "160"),
        (1050.0, 9.9, "1,050"),
        (1050.0, 10.0, "1,050"),
        (0.4312, 0.0003, "0.431"),
        (0.4312, 0.003, "0.43"),
        (0.003, 0.02, "0.0"),
        (1234.5, 0.0, "1,230"),
        (1234.5, None, "1,200"),
        (0.0, None, "0"),
    ],
)
def test_an_estimate_shows_no_digit_below_its_error(value, error, written):
    assert numbers.estimate(Estimate(value, error)) == written


def test_the_error_stays_under_one_unit_of_the_last_digit_shown():
    source = random.Random(5)
    for _ in range(2000):
        error = 10 ** source.uniform(-6, 3)
        unit = 10.0 ** numbers.supported_place(Estimate(error * 10 ** source.uniform(0.5, 6), error))
        assert unit / 10 < error <= unit * 1.000001


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (1131.4, 7312.8, "1,100 to 7,300"),
        (14.42, 17.99, "14.4 to 18.0"),
        (50.000745, 50.000932, "50.00075 to 50.00093"),
        (-3.44, 812.3, "-3.4 to 810"),
        (0.0, 1.234, "0 to 1.2"),
        (-2.5, -2.0, "-2.50 to -2.00"),
        (-25.0, -2.0, "-25 to -2.0"),
        (3.0, 3.0, "3.00 to 3.00"),
        (1.0, math.inf, "1 to inf"),
    ],
)
def test_an_interval_has_two_digits_where_it_is_wide_and_shows_its_width_where_it_is_narrow(
    low, high, written
):
    assert numbers.interval(low, high) == written


def test_an_interval_loses_the_digits_that_its_errors_do_not_support():
    assert numbers.interval(Estimate(14.42, 0.3), Estimate(17.99, 0.02)) == "14.4 to 18.0"
    assert numbers.interval(Estimate(1131.4, None, "few draws"), Estimate(6912.8, 400.0)) == "1,100 to 7,000"


def test_an_interval_is_never_written_narrower_than_it_is():
    """Beyond the rounding of two digits, or of two digits of its width, whatever the errors of its ends."""
    source = random.Random(6)
    assert numbers.interval(Estimate(16.08, 2.57), Estimate(144.3, 36.4)) == "16 to 140"
    assert numbers.interval(Estimate(14.4, 2.6), Estimate(181.0, 36.0)) == "14 to 200"
    assert numbers.interval(Estimate(7312.8, 400.0), Estimate(7412.8, 400.0)) == "7,000 to 7,410"
    for _ in range(2000):
        low = source.choice((-1, 1)) * 10 ** source.uniform(-3, 5)
        high = low + 10 ** source.uniform(-2, 3) * abs(low)
        ends = [Estimate(end, abs(end) * 10 ** source.uniform(-4, 0.5)) for end in (low, high)]
        written = [float(end.replace(",", "")) for end in numbers.interval(*ends).split(" to ")]
        for side, end, text in zip((-1, 1), (low, high), written, strict=True):
            unit = 10.0 ** numbers._place_within(low, high, end)
            assert side * (end - text) <= 0.5001 * unit, (ends, written)


def test_a_median_is_no_finer_than_its_interval():
    assert numbers.median_and_interval(2847.0, 1131.0, 7312.0) == ("2,800", "1,100 to 7,300")
    assert numbers.median_and_interval(16.13, 14.42, 17.99) == ("16.1", "14.4 to 18.0")
    assert numbers.median_and_interval(50.000838, 50.000745, 50.000932)[0] == "50.00084"
    assert numbers.median_and_interval(Estimate(2847.0, 200.0), 1131.0, 7312.0)[0] == "3,000"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.4312, "43 %"),
        (0.0031, "0.3 %"),
        (0.9951, "99.5 %"),
        (0.00004, "under 0.1 %"),
        (0.99996, "over 99.9 %"),
        (0.0, "under 0.1 %"),
        (1.0, "over 99.9 %"),
        (Estimate(0.0, 3 / 64), "under 10 %"),
        (Estimate(1.0, 3 / 64), "over 90 %"),
        (Draws(np.arange(64)).share_below(0), "under 6 %"),
        (Draws(np.arange(64)).share_at_least(0), "over 94 %"),
        (Draws(np.arange(200)).share_below(1), "under 3 %"),
        (Draws(np.arange(200)).share_below(2), "1 %"),
        (Draws(np.arange(1000)).share_below(4), "under 2 %"),
        (Draws(np.arange(1000)).share_at_least(1), "over 99 %"),
        (Draws(np.arange(10_000)).share_below(40), "0.4 %"),
        (Estimate(0.5, 0.01), "50 %"),
        (Estimate(0.4312, None), "43 %"),
        (Estimate(0.003, 0.0015), "under 1 %"),
        (Estimate(0.997, 0.0015), "over 99 %"),
        (Estimate(0.006, 0.0015), "1 %"),
        (Estimate(0.994, 0.0015), "99 %"),
        (Estimate(0.81, 0.99, bounds=(0.0, 1.0)), "anything from 0 to 100 %"),
    ],
)
def test_a_share_is_never_written_as_certain(value, written):
    assert numbers.share(value) == written


@pytest.mark.parametrize(
    ("inner", "outer", "written"),
    [
        ((773.1, 5.2, 907.8, 4.4), (768.2, 908.6), "770 to 908"),
        ((-926, 30, -640, 30), (-928, -630), "-926 to -640"),
        # what does reach beyond is written as it is
        ((0.4, 0.1, 30.0, 8.0), (0.5, 20.0), "0.4 to 30"),
    ],
)
def test_an_interval_ends_inside_the_one_that_it_lies_in_as_both_are_written(inner, outer, written):
    low, low_error, high, high_error = inner
    narrow = Estimate(low, low_error), Estimate(high, high_error)
    assert numbers.interval_within(narrow, tuple(Estimate(end, 1e-9) for end in outer)) == written


def test_ends_of_several_intervals_are_rounded_outwards_as_each_is():
    ends = Estimate(41e3, 300), Estimate(612e3, 9000), Estimate(806e3, 14000)
    assert numbers.together(*ends, outwards=(-1, 1, 1)) == ("41,000", "610,000", "810,000")
    assert numbers.interval(ends[0], ends[2]) == "41,000 to 810,000"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (52.3, "52nd"),
        (11.0, "11th"),
        (13.2, "13th"),
        (21.4, "21st"),
        (0.7, "1st"),
        (0.2, "below 1st"),
        (99.4, "99th"),
        (99.5, "above 99th"),
        (Estimate(50.2, 0.1), "50th"),
        (Estimate(0.4, 0.4), "1st"),
        (Estimate(99.8, 0.5), "99th"),
        (Draws(np.arange(200)).share_below(0).times(100), "below 2nd"),
        (Draws(np.arange(200)).share_at_least(0).times(100), "above 98th"),
        (Draws(np.arange(2000)).share_below(1).times(100), "below 1st"),
        (Draws(np.arange(2000)).share_at_least(1).times(100), "above 99th"),
        (Estimate(79.2, 2.5), "79th"),
        (Estimate(79.2, 2.6), "74th to 84th"),
        (Estimate(79.2, 13.8), "above 52nd"),
        (Estimate(20.8, 13.8), "below 48th"),
        (Estimate(50.0, 40.0), "below 1st to above 99th"),
    ],
)
def test_a_percentile_is_an_ordinal_open_at_both_ends(value, written):
    assert numbers.percentile(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Estimate(79.2, 2.5), "at the 79th"),
        (Estimate(79.2, 2.6), "between the 74th and the 84th"),
        (Estimate(79.2, 13.8), "above the 52nd"),
        (Estimate(0.1, 0.1), "below the 1st"),
        (Estimate(99.9, 0.1), "above the 99th"),
        (Estimate(0.0, 122.0), "anywhere from below the 1st to above the 99th"),
    ],
)
def test_a_percentile_in_a_sentence_is_as_vague_as_its_error(value, written):
    assert numbers.at_percentile(value) == written


def test_a_share_under_1_percent_is_said_of_no_share_of_1_2_percent():
    """Of 200 draws 0 to 8 meet the event: what is "under" a figure is so whatever the event's share."""
    counts = np.random.default_rng(1).binomial(200, 0.012, 400)
    written = {count: numbers.share(Draws(np.arange(200)).share_below(count)) for count in set(counts)}
    under = {text: float(text.split()[1]) for text in written.values() if text.startswith("under")}
    assert under
    assert min(under.values()) > 1.2


@pytest.mark.parametrize(("share", "written"), [(0.95, "95 %"), (0.9973, "99.73 %"), (0.5, "50 %")])
def test_a_level_keeps_its_digits(share, written):
    assert numbers.level(share) == written


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((1001.13, 1002.66, 1004.28), ("1,001.1", "1,002.7", "1,004.3")),
        ((0.99981, 0.99987), ("0.999810", "0.999870")),
        ((-1004.3, -1001.1), ("-1,004.3", "-1,001.1")),
        ((0.4, 2.34), ("0.40", "2.3")),
        ((-0.52, 3.64), ("-0.52", "3.6")),
        ((7.0, 7.0), ("7.00", "7.00")),
        ((429_228_004_229_869.8, 429_228_004_229_871.8), ("429,228,004,229,869.8", "429,228,004,229,871.8")),
        ((4.2e14, 9e14), ("4.2e14", "9.0e14")),
    ],
)
def test_numbers_beside_each_other_have_the_digits_that_tell_them_apart(values, written):
    assert numbers.together(*values) == written


@pytest.mark.parametrize(
    ("ends", "written"),
    [
        ((Estimate(1e-51, 1e-50), Estimate(5e50, 4e51)), "1e-51 to 5e50"),
        ((Estimate(-5e50, 4e51), Estimate(-1e-51, 1e-50)), "-5e50 to -1e-51"),
        ((Estimate(-3e-30, 1e-28), Estimate(3e-12, 2e-13)), "-1e-29 to 3e-12"),
        ((Estimate(0.003, 0.02), Estimate(1.5, 0.02)), "0.003 to 1.5"),
        ((Estimate(-0.003, 0.02), Estimate(1.5, 0.02)), "-0.01 to 1.5"),
        # two digits would be of an end that may be ten times as large or small
        ((Estimate(1.81e-100, 3.34e-99), Estimate(2.72e10, 7.9e8)), "1e-100 to 2.7e10"),
        ((Estimate(-2.72e10, 7.9e8), Estimate(-1.94e-98, 1.4e-97)), "-2.7e10 to -1e-98"),
        ((Estimate(0.06, 0.013), Estimate(0.94, 0.26)), "0.06 to 1"),
        ((Estimate(50.0, 2.6), Estimate(831.0, 263.0)), "50 to 900"),
        ((Estimate(0.87, 0.2), Estimate(15.2, 1.04)), "0.8 to 15"),
    ],
)
def test_what_has_a_sign_is_never_written_as_zero_nor_zero_with_many_places(ends, written):
    assert numbers.interval(*ends) == written


@pytest.mark.parametrize(
    ("value", "low", "high", "digits", "written"),
    [
        (1002.7, 1002.6, 1002.8, 3, "1,002.70"),
        (1002.7, 560, 22_000, 5, "1,002.7"),
        (1002.7, 560, 22_000, 3, "1,000"),
        (0.0, 1, 2, 3, "0"),
        (9.65, 0.56, 22, 2, "9.7"),
    ],
)
def test_a_point_has_its_figure_s_digits_or_those_that_place_it_in_the_interval(
    value, low, high, digits, written
):
    assert numbers.beside(value, low, high, digits) == written


@pytest.mark.parametrize(
    ("share", "error", "written"),
    [
        (0.2314, 0.0012, "23.1 ± 0.2 %"),
        (2.3e-4, 4.2e-5, "0.023 ± 0.005 %"),
        (2.3e-7, 1.1e-7, "2e-5 ± 2e-5 %"),
        (0.5, 0.0, "50.0 %"),
        (0.517, None, "52 %"),
    ],
)
def test_a_probability_is_written_with_its_error(share, error, written):
    assert numbers.probability(Estimate(share, error)) == written


def test_a_probability_of_few_events_is_written_as_the_interval_it_lies_in():
    assert numbers.probability(Draws(np.arange(16384)).share_below(3)) == "0.0062 to 0.054 %"
    assert numbers.probability(Draws(np.arange(500)).share_below(2)) == "0.11 to 1.4 %"


def test_a_probability_that_few_draws_miss_is_written_by_what_is_missing():
    """It was written as "100 to 100 %", as if it were sure."""
    assert numbers.probability(Draws(np.arange(16384)).share_at_least(3)) == "99.946 to 99.9938 %"
    assert numbers.probability(Draws(np.arange(500)).share_at_least(2)) == "98.6 to 99.89 %"
    assert numbers.probability(Estimate(0.9, None, bounds=(0.61, 1.0))) == "61 to 100 %"


def test_ends_whose_error_is_unknown_are_still_told_apart():
    ends = Estimate(9_192_631_768.1, None, "few draws"), Estimate(9_192_631_772.0, None, "few draws")
    assert numbers.interval(*ends) == "9,192,631,768 to 9,192,631,772"
    ends = Estimate(1001.13, None, "few draws"), Estimate(1004.28, None, "few draws")
    assert numbers.interval(*ends) == "1,001 to 1,004"
    ends = Estimate(-50.00071, None, "few draws"), Estimate(-50.00052, None, "few draws")
    assert numbers.interval(*ends) == "-50.0007 to -50.0005"


def test_a_median_beside_an_interval_around_zero_has_a_hundredth_of_its_width_at_most():
    assert numbers.median_and_interval(-0.0186, -1.8, 1.83) == ("-0.02", "-1.8 to 1.8")
    assert numbers.median_and_interval(0.0004, -180, 183) == ("0", "-180 to 180")
    assert numbers.median_and_interval(0.0186, 0.01, 1.83)[0] == "0.019"


def test_a_median_is_never_rounded_out_of_the_interval_that_stands_beside_it():
    low, high = Estimate(2024.0, 0.0), Estimate(3024.0, 0.0)
    untold = Estimate(2024.0, None, "few draws")
    assert numbers.median_and_interval(untold, low, high) == ("2,020", "2,020 to 3,020")
    assert numbers.median_and_interval(Estimate(2024.0, 900.0), low, high)[0] == "2,020"
    assert numbers.median_and_interval(Estimate(2600.0, 900.0), low, high)[0] == "3,000"
