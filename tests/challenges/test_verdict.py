"""What is said of a figure follows from the numbers alone."""

import math
import re
from textwrap import dedent

import pytest
from scipy.stats import norm

import uncertainty as un
from uncertainty.challenges.verdict import judge, reading_sentence, shares
from uncertainty.reproduction import reproduce
from uncertainty.wording import UNMET, beyond_sentences

SAMPLES = 2**14
LOG_SD = math.hypot(math.log(2), math.log(1.5))


def verdict(study, output=None, samples=SAMPLES):
    readings = un.compare_readings(study, output=output, samples=samples)
    return judge(readings, reproduce(study))


def test_shares_of_a_lognormal_ratio_are_the_exact_ones(ratio):
    found = verdict(ratio).readings["repeated"]
    place = norm(math.log(20 / 3), LOG_SD)
    exact = {
        "at_or_beyond_published": place.sf(math.log(20)),
        "within_factor_2": place.cdf(math.log(40)) - place.cdf(math.log(10)),
        "within_factor_10": place.cdf(math.log(200)) - place.cdf(math.log(2)),
        "beyond_reference": place.sf(0),
    }
    assert found.shares.keys() == exact.keys()
    for name, share in exact.items():
        assert found.shares[name].value == pytest.approx(share, abs=5 * found.shares[name].error + 1e-4)
    assert found.percentile.value == pytest.approx(100 * place.cdf(math.log(20)), abs=0.5)
    assert found.median.value == pytest.approx(20 / 3, rel=0.01)


def test_each_sentence_says_condition_direction_place_and_median(ratio):
    found = verdict(ratio)
    assert re.sub("9[12]..", "9xxx", found.readings["repeated"].sentence) == (
        "If it is repeated three times, the direction holds in 99.1 % of draws, "
        "20 lies at the 9xxx percentile, and half the draws say 6.7 or less."
    )
    assert found.readings["as_published"].sentence.startswith(
        "If the publication's calculation holds and every choice is made as the publication made it, "
        "the direction holds in over 99.9 % of draws, 20 lies at the 50th percentile, and half the draws"
    )


def test_half_the_draws_say_more_where_the_figure_lies_below_the_median(load, ratio_text):
    found = verdict(load(ratio_text.replace("published = 20", "published = 2")))
    assert found.readings["as_published"].sentence.endswith(
        "2 lies below the 1st percentile, and half the draws say 20 or more."
    )


def test_the_first_sentence_names_what_decides(load, ratio_text):
    told = verdict(load(ratio_text)).sentence
    assert told.startswith(
        "Whether “Old” comes out higher than “new” depends on the reading: it is virtually"
    )
    assert "“Old” ÷ “new” is about 20 (95 % interval 4.1 to 9" in told
    assert re.search(
        "The convention decides more than the data: the middle value changes by a factor of 30 from one of "
        "the leading readings to another, while within one of them results spread over a factor of 2[34] at "
        "most.$",
        told,
    )
    close = ratio_text.replace('repeats = "30"', 'repeats = "2"').replace('repeats = "3"', 'repeats = "1.5"')
    told = verdict(load(close.replace("value = 6.7", "value = 13"))).sentence
    assert (
        "The data leave more open than the convention: within one of the leading readings results spread over"
        in told
    )


def test_arithmetic_that_reproduces_is_said_to(ratio):
    found = verdict(ratio)
    assert found.arithmetic == "The arithmetic reproduces 20: the publication's own inputs give 20."
    assert found.reproduced_by == ()
    assert found.readings["repeated"].expected.status == "reproduced"


def test_points_that_were_derived_are_not_said_to_be_the_publications_alone(load, ratio_text):
    text = ratio_text.replace("point = 5\n", 'point = 5\nsource = "derived: 100 g ÷ 20"\n')
    beside = text + '\n[inputs.apart]\nunit = "g"\npoint = 1\nsource = "derived: of another calculation"\n'
    told = verdict(load(beside)).arithmetic
    assert told == "The arithmetic reproduces 20: the publication's own inputs, 1 of them derived, give 20."


def test_a_figure_that_another_readings_inputs_give_names_the_reading(load, ratio_text):
    text = ratio_text.replace("published = 20", "published = 6.7\ndigits = 2")
    found = verdict(load(text))
    assert found.reproduced_by == ("repeated",)
    assert found.arithmetic == (
        "The publication's own inputs give 20, not 6.7, which the inputs of “Repeated” give."
    )


def test_a_figure_that_nothing_gives_is_said_to_be_unexplained(load, ratio_text):
    found = verdict(load(ratio_text.replace("published = 20", "published = 17")))
    assert found.arithmetic.endswith(
        "not 17; no other published figure as printed, and no reading at its points, gives it either."
    )


@pytest.mark.parametrize(
    ("median", "said"),
    [
        (
            10,
            "to which the median of the draws, 10.0, rounds; if that was published, write published = { med",
        ),
        (
            9.2,
            "to which the mean of the draws, 10.1, rounds; if that was published, write published = { mean",
        ),
        (12.5, "not 10; no other published figure as printed"),
    ],
)
def test_the_statistic_that_is_nearest_to_a_figure_is_named_with_its_number(load, median, said):
    text = f"""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.x]
        unit = "1"
        point = 30
        distribution = "lognormal(median={median}, sigma=0.42174)"
        [outputs.y]
        value = "x"
        unit = "1"
        published = 10
        digits = {1 + (median > 12)}
        """
    found = verdict(load(text)).arithmetic
    assert said in found
    if (written := re.search(r"published = \{.*\}", found)) is not None:
        accepted = load(re.sub(r"published = 10\n +digits = 1", written[0], text))
        assert verdict(accepted).arithmetic.endswith("reproduced.")


@pytest.mark.slow
def test_a_figure_from_rounded_results_names_them(single_cases):
    found = verdict(single_cases, samples=256)
    assert set(found.reproduced_by) == {"us_illustrator_image", "midjourney_image"}
    assert "give 2,847; it takes “" in found.arithmetic


def test_without_figure_reference_or_other_readings_the_median_is_all_that_is_said(load):
    found = verdict(
        load(
            """
            format = 1
            [study]
            title = "t"
            headline = "y"
            [inputs.x]
            unit = "1"
            point = 3
            distribution = "uniform(2, 4)"
            [outputs.y]
            value = "x"
            unit = "1"
            """
        )
    )
    assert found.sentence == "“y” is about 3.00 (95 % interval 2.05 to 3.95)."
    assert (
        found.arithmetic
        == "The study has no published figure of “y”, so there is no arithmetic to reproduce."
    )
    assert found.readings["as_published"].sentence == (
        "If the publication's calculation holds, half the draws say 3.00 or less."
    )
    assert found.readings["as_published"].shares == {}


def test_a_result_that_does_not_vary_is_one_number(load, ratio_text):
    fixed = "\n".join(line for line in ratio_text.splitlines() if not line.startswith("distribution"))
    assert verdict(load(fixed)).readings["repeated"].sentence == (
        "If it is repeated three times, nothing varies and the result is 6.67."
    )


@pytest.mark.parametrize("value", ["maximum(a, 6)", "where(a > 6, 7, 6)", "6 + where(a > 5.5, a, 0)"])
def test_a_result_that_no_draw_has_seen_vary_is_not_said_to_be_one_number(load, value):
    study = load(f"""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.a]
        unit = "1"
        point = 0
        distribution = "normal(0, 1)"
        [outputs.y]
        value = "{value}"
        unit = "1"
        """)
    found = verdict(study, samples=256)
    assert found.sentence == "“y” is 6.00 in every draw, though other values are possible."
    row = found.readings["as_published"]
    assert row.sentence.endswith("all draws say 6.00, though other values are possible.")
    assert row.same_because == "Too few draws met the event."
    (reading,) = un.propagate(study, samples=256).outputs.values()
    assert beyond_sentences(reading) == [UNMET]


@pytest.mark.slow
def test_an_unpublished_difference_says_how_many_draws_pass_its_reference(single_cases):
    found = verdict(single_cases, "grams_saved_per_page", samples=256).readings["computer_alone"]
    assert "% of draws say 0 g/page or more and half the draws say" in found.sentence


def near_two(claim=""):
    text = f"""
        format = 1
        [study]
        title = "Near 2"
        headline = "y"
        [inputs]
        x = {{ unit = "1", point = 2, distribution = "discrete(-2, 0, 0.5, 1, 2, 4, 4.1, 21)" }}
        [outputs.y]
        value = "x"
        unit = "1"
        published = 2
        reference = 4
        {claim}
        """
    return dedent(text)


def test_within_a_factor_needs_the_figures_sign(load):
    """Of 8 values 3 lie from 1 to 4, and 5 from 0.2 to 20."""
    found = un.propagate(load(near_two()), samples=2**13).headline
    for name, share in {"within_factor_2": 3 / 8, "within_factor_10": 5 / 8}.items():
        assert shares(found)[name].value == pytest.approx(share, abs=5 * shares(found)[name].error)


@pytest.mark.parametrize("claim", ['claim = "at most"', 'claim = "at least"'])
@pytest.mark.parametrize("design", ["random", "sobol"])
def test_draws_too_many_to_be_stored_are_judged_alike(load, claim, design, monkeypatch):
    """Every threshold is a value that draws have, so that what lies at it counts too."""
    monkeypatch.setattr("uncertainty.sampling.huge.remade.PART_BYTES", 0)
    study = load(near_two(claim))
    stored, counted = (
        un.propagate(study, samples=50_000, design=design, memory=memory).headline
        for memory in (2**29, 2**15)
    )
    assert (stored.draws.stored, counted.draws.stored) == (True, False)
    assert shares(counted) == shares(stored)
    assert beyond_sentences(counted) == beyond_sentences(stored)
    assert reading_sentence(counted, "If so,") == reading_sentence(stored, "If so,")
