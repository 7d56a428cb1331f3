"""Evidence suggests a distribution, and says how it came to it."""

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.fitting.evidence import suggest
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Evidence, Input
from uncertainty.study.scenario import scenario


def given(*rows, **more):
    evidence = tuple(
        Evidence(low=row[0], high=row[1]) if isinstance(row, tuple) else Evidence(row) for row in rows
    )
    return Input("a", PURE_NUMBER, more.pop("point", 1.0), evidence=evidence, **more)


def test_a_range_is_the_central_ninety_percent():
    found = suggest(given((2, 8)))
    assert found.text == "2 to 8"
    assert found.interval == pytest.approx((2, 8))


def test_a_range_that_ends_at_a_limit_is_uniform():
    assert suggest(given((0, 8), low=0)).text == "uniform(0, 8)"
    assert suggest(given((0.5, 1), high=1)).text == "uniform(0.5, 1)"


def test_a_negative_range_names_its_shape():
    assert suggest(given((-8, -2))).text == "normal(p5=-8, p95=-2)"


@pytest.mark.parametrize("count", [3, 6])
def test_a_next_value_lies_within_ninety_percent_nine_times_in_ten(count):
    random = np.random.default_rng(1)
    inside, times = 0, 400
    for _ in range(times):
        *values, following = np.exp(random.normal(2, 0.7, count + 1)).tolist()
        low, high = suggest(given(*values)).interval
        inside += low <= following <= high
    assert inside / times == pytest.approx(0.9, abs=3.5 * np.sqrt(0.09 / times))


def test_of_two_values_a_next_one_is_outside_two_times_in_three():
    random = np.random.default_rng(2)
    inside, times = 0, 400
    for _ in range(times):
        first, second, following = random.lognormal(0, 1, 3)
        made = parse_distribution(suggest(given(first, second)).text)
        low, high = made.quantile(np.array([0.333, 0.667]))
        inside += low <= following <= high
    assert inside / times == pytest.approx(1 / 3, abs=3.5 * np.sqrt(2 / 9 / times))


def test_a_range_without_width_is_a_value():
    assert suggest(given((2, 2), 3.0, 4.0)).text == suggest(given(2.0, 3.0, 4.0)).text


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([(1, None)], "One source that gives one end alone is left out."),
        ([(1, None), (None, 9)], "2 sources that give one end alone are left out."),
    ],
)
def test_sources_with_one_end_are_counted_and_left_out(ends, said):
    assert said in suggest(given((2, 8), *ends)).reasons


def test_sources_weigh_alike_in_a_mixture():
    found = suggest(given((1, 2), (3, 6), 4.0, 5.0, 6.0))
    made = parse_distribution(found.text)
    assert [weight for weight, _ in made.parts] == pytest.approx([0.2, 0.2, 0.6])


def test_a_share_stays_a_share():
    found = suggest(given(0.1, 0.9, 0.5, low=0, high=1, point=0.5))
    made = parse_distribution(found.text)
    assert made.support == (0, 1)
    # the logits are -log 9, log 9 and 0; a next one is within t(0.95, 2) sd sqrt(1 + 1/3) of their mean
    half = stats.t.ppf(0.95, 2) * np.log(9) * np.sqrt(4 / 3)
    expected = 1 / (1 + np.exp([half, -half]))
    assert found.interval == pytest.approx(expected, rel=0.01)
    assert (
        "between 0.000606 and 0.999 with 90 % probability, if the logits between the limits"
        in found.reasons[0]
    )


@pytest.mark.slow
@pytest.mark.parametrize("count", [3, 6])
def test_a_next_share_lies_within_ninety_percent_nine_times_in_ten(count):
    random = np.random.default_rng(3)
    inside, times = 0, 200
    for _ in range(times):
        *values, following = (1 / (1 + np.exp(-random.normal(0.5, 1.5, count + 1)))).tolist()
        low, high = suggest(given(*values, low=0, high=1)).interval
        inside += low <= following <= high
    # where hardly anything is cut off the scale is another, and a share's interval a little wide
    assert inside / times > 0.9 - 3.5 * np.sqrt(0.09 / times)


@pytest.mark.parametrize(
    ("rows", "text", "quantiles"),
    [
        ((0.1, 0.9), "metalog(p33.3=0.1, p66.7=0.9, low=0, high=1)", (0.333, 0.667)),
        (((0.1, 0.9),), "metalog(p5=0.1, p95=0.9, low=0, high=1)", (0.05, 0.95)),
    ],
)
def test_two_ends_mean_the_same_within_limits(rows, text, quantiles):
    found = suggest(given(*rows, low=0, high=1, point=0.5))
    assert found.text == text
    assert parse_distribution(text).quantile(np.array(quantiles)) == pytest.approx([0.1, 0.9])


def test_what_a_limit_cuts_off_is_said():
    found = suggest(given(1.2, 1.5, 3.0, low=1, point=1.5))
    whole = parse_distribution(found.text)
    share = float(whole.cdf(np.array([1.0]))[0])
    assert f"Of this, {100 * share:.0f} % is cut off by the input's limit, low = 1." in found.reasons
    assert found.interval[0] > 1
    # what is said of a next value is said of what is left
    assert f"between {found.interval[0]:.2f} and {found.interval[1]:.1f} with" in found.reasons[0]


def test_limits_that_cut_off_nothing_change_nothing():
    limited, free = suggest(given(0.1, 0.2, 0.15, low=0, high=10)), suggest(given(0.1, 0.2, 0.15))
    assert (limited.text, limited.reasons) == (free.text, free.reasons)


def test_limits_keep_their_digits():
    found = suggest(given(1000.0, 9000.0, 5000.0, low=123.4567, high=9876.543, point=5000.0))
    assert found.text.endswith("low=123.4567, high=9876.543)")


@pytest.mark.parametrize("beyond", [1.2, (2, 3)])
def test_what_lies_beyond_the_limits_is_left_out_and_said(beyond):
    found = suggest(given(0.1, 0.9, 0.5, beyond, low=0, high=1))
    assert found.text == suggest(given(0.1, 0.9, 0.5, low=0, high=1)).text
    named = "1.2" if beyond == 1.2 else "2 to 3"
    assert f"Left out, as beyond the input's limits, low = 0 and high = 1: {named}." in found.reasons


@pytest.mark.parametrize("pair", [(1, 5), (1e-3, 1e3)])
def test_a_value_beside_a_range_does_not_lose_the_range(pair):
    found = suggest(given(pair, 3.0))
    assert found.text == suggest(given(pair)).text
    assert "The value 3 alone says nothing of a spread, and is left out." in found.reasons


def test_a_range_without_width_at_0_says_what_is_missing():
    found = suggest(given((0, 0)))
    assert (found.text, found.reasons) == (
        "",
        ("No distribution: one value of 0 says nothing of a spread; add a range.",),
    )


def test_where_every_source_is_left_out_there_is_no_distribution():
    said = suggest(given((5, None))).reasons[-1]
    assert said == "No distribution: no source is left that gives a value, or both ends of a range."


def test_a_single_value_suggests_nothing_but_says_what_would_help():
    found = suggest(given(5.0))
    assert found.text == ""
    assert "pedigree(5, reliability=" in found.reasons[-1]


def test_an_input_that_takes_single_values_keeps_to_them():
    found = suggest(given(1.0, 3.0, distribution=parse_distribution("discrete(1, 2, 3)")))
    assert found.text == "discrete(1, 3)"
    found = suggest(given(2.0, 6.0, 2.0, distribution=parse_distribution("poisson(3)")))
    assert found.text == "discrete(2, 6, weights=(2, 1))"
    assert found.reasons[0].endswith("; all pieces of the evidence weigh alike.")
    assert parse_distribution(found.text).mean == pytest.approx(10 / 3)


def test_a_distribution_narrower_than_its_evidence_is_told():
    found = suggest(given((1, 100), distribution=parse_distribution("9 to 11"), point=10.0))
    assert "holds 0 of the 2 numbers" in " ".join(found.reasons)
    assert found.reasons[-1] == "What the study has is less than half as wide as the evidence suggests."


def test_a_point_that_the_evidence_does_not_know_is_told():
    assert any("The point, 50, lies outside" in each for each in suggest(given((2, 8), point=50.0)).reasons)


def test_without_evidence_there_is_no_suggestion():
    with pytest.raises(un.SettingError, match="a: has no evidence"):
        suggest(given())


@pytest.mark.slow
def test_every_suggestion_for_the_flagship_can_be_used(single_cases):
    named = {}
    for name, item in single_cases.inputs.items():
        if item.evidence:
            found = suggest(item)
            assert found.reasons
            if found.text:
                named[name] = found.text
    assert len(named) > 10
    assert scenario(single_cases, override=named).overrides.keys() >= named.keys()
    some = dict(list(named.items())[:3])
    un.propagate(single_cases, samples=256, overrides=some, outputs=[single_cases.headline])


NEXT_OF_TWO = (
    "Of two values all that can be said is that a next one is as likely below, between or above them."
)
ALIKE = "Every piece of evidence has the same weight in the mixture."
NARROW = "What the study has is less than half as wide as the evidence suggests."


def central(*ranges):
    one = "The range" if len(ranges) == 1 else "Each of the ranges"
    return f"{one} {', '.join(ranges)} is taken for the central 90 %."


def uniform(*ranges):
    one = "The range" if len(ranges) == 1 else "Each of the ranges"
    return f"{one} {', '.join(ranges)} is taken as it is, uniform: it ends at a limit."


@pytest.mark.parametrize(
    ("rows", "more", "text", "reasons"),
    [
        (((2, 8), (2, 8)), {"point": 4}, "2 to 8", [central("2 to 8", "2 to 8")]),
        (((2, 8), (4, 16)), {"point": 4}, "mixture(2 to 8, 4 to 16)", [central("2 to 8", "4 to 16"), ALIKE]),
        (
            ((0, 8), (2, 8), (1, 3)),
            {"low": 0, "point": 4},
            "mixture(uniform(0, 8), 2 to 8, 1 to 3)",
            [central("2 to 8", "1 to 3"), uniform("0 to 8"), ALIKE],
        ),
        (
            ((0, 8), (2, 8)),
            {"high": 8, "point": 4},
            "mixture(uniform(0, 8), uniform(2, 8))",
            [uniform("0 to 8", "2 to 8"), ALIKE],
        ),
        # t(0.95, 2) = 2.920, times the sample's sd of 1, times √(1 + 1/3)
        (
            (-1.0, 0.0, 1.0),
            {},
            "normal(p5=-3.37, p95=3.37)",
            [
                (
                    "A next value beside these 3 lies between -3.37 and 3.37 with 90 % probability, if "
                    "all come from one normal population."
                )
            ],
        ),
        # the same about log 2, times log 2
        (
            (1.0, 2.0, 4.0),
            {},
            "lognormal(p5=0.193, p95=20.7)",
            [
                (
                    "A next value beside these 3 lies between 0.193 and 20.7 with 90 % probability, if "
                    "all come from one normal population, on a logarithmic scale."
                )
            ],
        ),
        (
            ((1, 3), 4.0, 6.0),
            {"point": 4},
            "mixture(1 to 3, lognormal(p33.3=4, p66.7=6), weights=(1, 2))",
            [central("1 to 3"), NEXT_OF_TWO, ALIKE],
        ),
        (
            ((2, 8), -1.0, 0.0, (-9, -3), (0, 1)),
            {"low": 1, "point": 4},
            "2 to 8",
            [
                central("2 to 8"),
                "Left out, as beyond the input's limit, low = 1: -1, 0, -9 to -3, 0 to 1.",
            ],
        ),
        (
            ((2, 8), 9.0, (8, 9)),
            {"high": 8.5, "point": 4},
            "mixture(2 to 8, 8 to 9)",
            [
                central("2 to 8", "8 to 9"),
                ALIKE,
                "Left out, as beyond the input's limit, high = 8.5: 9.",
                "Of this, 26 % is cut off by the input's limit, high = 8.5.",
            ],
        ),
        (
            (1.0, 3.0, 3.0),
            {"distribution": parse_distribution("discrete(1, 2, 3)")},
            "discrete(1, 3, weights=(1, 2))",
            [
                "The input takes single values; all pieces of the evidence weigh alike.",
                (
                    "The study has 1 to 3 now (central 90 %), which holds 3 of the 3 numbers of the "
                    "evidence; the suggestion has 1.0 to 3.0."
                ),
            ],
        ),
        (
            ((1, 3),),
            {"distribution": parse_distribution("uniform(0.8, 2.8)")},
            "1 to 3",
            [
                central("1 to 3"),
                (
                    "The study has 0.9 to 2.7 now (central 90 %), which holds 1 of the 2 numbers of the "
                    "evidence; the suggestion has 1.0 to 3.0."
                ),
            ],
        ),
        (
            ((2, 8), (None, 9)),
            {"distribution": parse_distribution("2 to 8"), "point": 4.0},
            "2 to 8",
            [
                central("2 to 8"),
                "One source that gives one end alone is left out.",
                (
                    "The study has 2 to 8 now (central 90 %), which holds 2 of the 2 numbers of the "
                    "evidence; the suggestion has 2.0 to 8.0."
                ),
            ],
        ),
        (
            (1.0, 3.0),
            {"distribution": parse_distribution("1 to 3")},
            "lognormal(p33.3=1, p66.7=3)",
            [
                NEXT_OF_TWO,
                (
                    "The study has 1 to 3 now (central 90 %), which holds 2 of the 2 numbers of the "
                    "evidence; the suggestion has 0.21 to 14."
                ),
                NARROW,
            ],
        ),
        (
            (5.0, 5.0),
            {},
            "",
            [
                (
                    "No distribution: 2 values of 5 say nothing of a spread; score the source by pedigree(5, "
                    "reliability=…, completeness=…, temporal=…, geographical=…, technological=…), or add a "
                    "range."
                )
            ],
        ),
        ((0.0, 0.0), {}, "", ["No distribution: 2 values of 0 say nothing of a spread; add a range."]),
    ],
)
def test_a_suggestion_says_all_that_led_to_it(rows, more, text, reasons):
    found = suggest(given(*rows, **more))
    assert (found.text, list(found.reasons)) == (text, reasons)


def test_a_single_range_within_limits_is_cut_off_at_both():
    found = suggest(given((1, 30), high=20, point=5.0))
    whole = parse_distribution("1 to 30")
    below = float(whole.cdf(np.array([20.0]))[0])
    assert found.interval == pytest.approx(whole.quantile(np.array([0.05, 0.95]) * below))
    assert found.median == pytest.approx(whole.quantile(np.array([0.5 * below]))[0])


def test_what_one_source_says_is_an_assumption_unless_it_is_a_range():
    single = parse_distribution("discrete(1, 3)")
    assert suggest(given(1.0, distribution=single)).basis == "assumption"
    assert suggest(given((2, 8))).basis == "published range"
    assert suggest(given(1.0, 3.0, distribution=single)).basis == "published range"
