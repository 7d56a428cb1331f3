"""What an expert says becomes a distribution, and where much is open the one that assumes least."""

import math
import re
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize, stats
from variants import one_in

import uncertainty as un
from uncertainty.distributions import Beta, Mixture, parse_distribution
from uncertainty.errors import InvalidValue
from uncertainty.fitting.elicited import (
    ENTROPY,
    EXACT,
    PIECEWISE,
    POSITIVE_METALOG,
    Elicitation,
    Elicited,
    misplaced_text,
    range_text,
    short_text,
)
from uncertainty.fitting.entropy import max_entropy, of_moments, shares
from uncertainty.fitting.quantiles import (
    _at_logit,
    _last_resorts,
    _made,
    _makers,
    _of_family,
    _Said,
    between_limits,
    cut_off,
    fit_quantiles,
    predicted,
    respecting,
)


@pytest.mark.parametrize("given", [{0.05: 1, 0.95: 9}, {0.1: 2, 0.5: 3, 0.9: 7}, {0.25: -2, 0.5: 0, 0.75: 3}])
def test_what_is_said_to_meet_the_quantiles_does(given):
    found = fit_quantiles(given)
    assert found[0].misplaced <= EXACT
    for each in found:
        placed = each.distribution.cdf(np.array(list(given.values())))
        assert np.abs(placed - list(given)).max() == pytest.approx(each.misplaced, abs=1e-12)
        low, high = each.interval
        middle = each.distribution.quantile(np.array([0.05, 0.5, 0.95]))
        assert [low, each.median, high] == pytest.approx(middle, rel=1e-12, abs=1e-11)
    exact = [each for each in found if each.misplaced <= EXACT]
    assert found[: len(exact)] == tuple(exact)


@pytest.mark.slow
def test_a_quantile_far_out_counts_too():
    # the lognormal has its 99.99999 % at 9, not at 1000
    found = fit_quantiles({1e-7: 1, 0.5: 3, 1 - 1e-7: 1000})
    exact = [each.how for each in found if each.misplaced <= EXACT]
    assert all(each in found.verdict.partition(" what was said: ")[0] for each in exact)
    assert "lognormal, the nearest of the others, misplaces <0.1 %" in found.verdict
    assert found.best.distribution.quantile(np.array([1 - 1e-7])) == pytest.approx(1000)


def test_two_quantiles_are_met_by_every_family():
    found = fit_quantiles({0.05: 1, 0.95: 9})
    assert {each.how for each in found} >= {"normal", "lognormal", "gamma", "weibull", "gumbel", "metalog"}
    assert all(each.misplaced <= EXACT for each in found)


def test_a_family_that_made_many_quantiles_is_found_again():
    truth = parse_distribution("gamma(3, 2)")
    given = {p: float(truth.quantile(np.array([p]))[0]) for p in (0.05, 0.25, 0.5, 0.75, 0.95)}
    found = next(each for each in fit_quantiles(given) if each.how == "gamma")
    assert found.misplaced < 1e-4
    assert parse_distribution(found.text).quantile(np.array([0.9])) == pytest.approx(
        truth.quantile(np.array([0.9])), rel=1e-2
    )


def test_limits_hold():
    for each in fit_quantiles({0.05: 1, 0.95: 9}, low=0, high=10):
        assert each.distribution.support[0] >= 0
        assert each.distribution.support[1] <= 10


EXTREME = [{0.1: 1, 0.5: 3, 0.9: 100}, {0.05: 1, 0.25: 2, 0.5: 3, 0.75: 4, 0.95: 100}]


@pytest.mark.slow
@pytest.mark.parametrize("given", EXTREME)
def test_what_no_family_meets_is_met_in_pieces_and_said(given):
    found = fit_quantiles(given)
    pasted = parse_distribution(found.best.text)
    assert pasted.cdf(np.array(list(given.values()), dtype=float)) == pytest.approx(list(given), abs=1e-9)
    assert np.isfinite(pasted.sd)
    assert pasted.support[0] >= 0
    nearest = min(each.misplaced for each in found if each.how == "lognormal")
    assert found.verdict == (
        "Only piecewise and metalog above 0 meet what was said: lognormal, the nearest of the others, "
        f"misplaces {100 * nearest:.1f} % of the probability."
    )
    assert found.refused["metalog"].startswith("no metalog goes through these quantiles")


@pytest.mark.slow
def test_pieces_fall_off_beyond_the_quantiles_as_a_range_does():
    made = fit_quantiles(EXTREME[0]).best.distribution
    whole = parse_distribution("lognormal(p10=1, p90=100)")
    ends = np.array([0.01, 0.05, 0.95, 0.99])
    assert made.quantile(ends) == pytest.approx(whole.quantile(ends), rel=1e-9)
    # and lie evenly between them
    assert made.quantile(np.array([0.3, 0.7])) == pytest.approx([2, 51.5])


@pytest.mark.slow
def test_pieces_are_uniform_up_to_a_limit():
    given = {0.1: 1, 0.5: 3, 0.9: 100}
    made = fit_quantiles(given, low=0.5).best.distribution
    assert made.support == (0.5, np.inf)
    assert made.quantile(np.array([0.05])) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("given", "limits", "said"),
    one_in(
        3,
        [
            ({0.05: -1, 0.5: 3, 0.95: 4}, {}, "Only metalog meets what was said: "),
            (
                {0.05: 1, 0.5: 3, 0.95: 4},
                {},
                "Only metalog above 0 and metalog meet what was said: weibull, ",
            ),
            ({0.05: 1, 0.5: 3, 0.95: 4}, {"low": 0, "high": 9}, "Only metalog "),
        ],
    ),
)
def test_what_meets_what_was_said_is_named_where_no_other_family_does(given, limits, said):
    found = fit_quantiles(given, **limits)
    assert found.verdict.startswith(said)
    assert "the nearest of the others, misplaces " in found.verdict


@pytest.mark.slow
def test_where_nothing_meets_what_was_said_that_comes_first():
    found = fit_quantiles(EXTREME[0])
    families = replace(found, found=tuple(each for each in found if each.how in ("lognormal", "normal")))
    assert families.verdict == (
        "None of these meets what was said: lognormal, the nearest, misplaces 10.0 % of the probability."
    )


@pytest.mark.parametrize(
    ("given", "text", "other"),
    [
        ({0.05: 1, 0.95: 9}, "1 to 9", "normal(p5=1, p95=9)"),
        ({0.05: -1, 0.95: 9}, "-1 to 9", "gumbel(p5=-1, p95=9)"),
    ],
)
def test_two_quantiles_mean_what_a_range_in_a_study_means(given, text, other):
    found = fit_quantiles(given)
    assert found.best.text == text
    assert found.best.distribution == parse_distribution(text)
    assert other in [each.text for each in found]


def test_what_a_family_puts_below_zero_is_said():
    found = fit_quantiles({0.05: 1, 0.95: 9})
    # the normal has its 5 % and 95 % at 5 ± 1.645 sd
    share = stats.norm.cdf(-5 / (4 / stats.norm.ppf(0.95)))
    assert f"{100 * share:.0f} % of normal" in " ".join(found.sentences)
    # unless a limit below 0 says that it is possible
    assert "of normal" not in " ".join(fit_quantiles({0.05: 1, 0.95: 9}, low=-5).sentences)


def test_limits_that_were_given_are_used():
    found = fit_quantiles({0.05: 1, 0.95: 9}, low=0, high=10)
    assert found.best.how == "beta"
    assert isinstance(found.best.distribution, Beta)
    assert found.best.distribution.support == (0, 10)
    uniform = next(each for each in found if each.how == "uniform")
    assert uniform.is_exact
    assert found.found.index(uniform) > [each.how for each in found].index("maximum entropy")
    assert "uniform rules out values that nobody ruled out." in " ".join(found.sentences)


@pytest.mark.slow
def test_ends_that_nobody_gave_do_not_come_first():
    assert fit_quantiles({0.05: -9, 0.5: -5, 0.95: -1}).best.how == "normal"
    assert fit_quantiles({0.05: 1, 0.5: 5, 0.95: 9}).best.text == "metalog(p5=1, p50=5, p95=9, low=0)"


@pytest.mark.slow
def test_digits_that_were_said_are_kept():
    given = {0.1: 123_456, 0.5: 234_567, 0.9: 987_654}
    for limits in ({}, {"low": 100_001.5, "high": 1_234_567}):
        found = fit_quantiles(given, **limits)
        pasted = parse_distribution(found.best.text)
        assert pasted.cdf(np.array(list(given.values()))) == pytest.approx(list(given), abs=1e-9)


def test_of_a_mean_alone_nothing_is_misplaced():
    found = of_moments(low=0, mean=3)
    assert found.verdict == ""
    assert found.sentences == ()


def elicited(how, text, misplaced=0.0):
    distribution = parse_distribution(text)
    return Elicited(how, distribution, text, misplaced, 0.5, (0.0, 1.0))


@pytest.mark.parametrize(
    ("how", "low", "high", "said"),
    [
        (PIECEWISE, None, None, "lognormal(p10=1, p90=100) does."),
        (PIECEWISE, 0.5, None, "lognormal(p10=1, p90=100) does, or is uniform up to a limit."),
        (PIECEWISE, None, 200.0, "lognormal(p10=1, p90=100) does, or is uniform up to a limit."),
        (ENTROPY, 0.0, 200.0, None),
    ],
)
def test_what_is_made_to_measure_says_how_it_lies_between_the_quantiles(how, low, high, said):
    found = Elicitation(((0.1, 1.0), (0.5, 3.0), (0.9, 100.0)), low, high, (elicited(how, "1 to 9"),))
    whole = f"{how} is uniform between one value given and the next"
    assert found.sentences[0] == (f"{whole}, and beyond them falls off as {said}" if said else f"{whole}.")


@pytest.mark.parametrize(
    ("text", "limits", "is_open"),
    [
        ("normal(0, 1)", (None, None), True),
        ("lognormal(1, 2)", (None, None), True),
        ("truncate(lognormal(1, 2), low=1)", (None, None), False),
        ("uniform(1, 9)", (1.0, 9.0), True),
        ("uniform(1, 9)", (1.0, None), False),
        ("uniform(1, 9)", (0.5, 9.0), False),
        ("uniform(0, 9)", (None, 9.0), True),
        ("uniform(1e-13, 9)", (0.0, 9.0), True),
        ("uniform(0, 9)", (0.0, 10.0), False),
    ],
)
def test_a_distribution_is_open_where_only_what_was_given_ends_it(text, limits, is_open):
    each = elicited("one", text)
    assert Elicitation(((0.05, 2.0), (0.95, 8.0)), *limits, (each,)).is_open(each) is is_open


def test_a_limit_of_0_above_is_met_but_for_rounding():
    each = elicited("uniform", "uniform(-9, -1e-13)")
    assert Elicitation(((0.05, -8.0), (0.95, -1.0)), -9.0, 0.0, (each,)).is_open(each)


def test_what_is_misplaced_is_a_percentage():
    shares = (0.0, 1e-8, 2e-8, 4.99e-4, 5e-4, 0.123)
    texts = [misplaced_text(elicited("one", "1 to 9", each)) for each in shares]
    assert texts == ["–", "–", "<0.1 %", "<0.1 %", "0.1 %", "12.3 %"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (((0.05, 1.0), (0.95, 9.0)), "1 to 9"),
        (((0.05, -1.0), (0.95, 9.0)), "-1 to 9"),
        (((0.05, -9.0), (0.95, -1.0)), ""),
        (((0.05, -9.0), (0.95, 0.0)), ""),
        (((0.05, 0.0), (0.95, 9.0)), ""),
        (((0.1, 1.0), (0.95, 9.0)), ""),
        (((0.05, 1.0),), ""),
    ],
)
def test_only_two_ends_of_one_sign_or_about_0_are_a_range(given, text):
    assert range_text(given) == text


@pytest.mark.parametrize(
    ("text", "tolerance", "inside", "short"),
    [
        ("normal(1234567.891, 2.345678)", 0.1, None, "normal(1234567.9, 2.35)"),
        ("normal(1234567.891, 0.0012345678)", 1e-5, None, "normal(1234567.891, 0.001235)"),
        ("uniform(0.123456, 0.98765432)", 0.1, None, "uniform(0.123, 0.988)"),
        ("uniform(0.123456, 0.98765432)", 0.1, (0.1235, 0.9876), "uniform(0.123, 0.988)"),
        ("uniform(0.123456, 0.98745)", 0.1, (0.2, 0.9873), "uniform(0.123, 0.9875)"),
        ("uniform(0.1236, 0.98765432)", 0.1, (0.1237, 0.9), "uniform(0.1236, 0.988)"),
        ("normal(100000.4, 30000)", 100, None, "normal(1e+05, 30000)"),
        ("normal(1e+30, 1.2345e+25)", 2e23, None, "normal(1e+30, 1.23e+25)"),
    ],
)
def test_a_text_has_the_fewest_digits_that_keep_what_it_says(text, tolerance, inside, short):
    made = parse_distribution(text)
    found = short_text(made, tolerance, inside)
    assert found == short
    probabilities = np.array([0.01, 0.5, 0.99])
    moved = parse_distribution(found).quantile(probabilities) - made.quantile(probabilities)
    assert np.abs(moved).max() <= tolerance


def test_moments_alone_make_the_distribution_of_greatest_entropy():
    (found,) = of_moments(mean=1, sd=2)
    half = 2 * stats.norm.ppf(0.95)
    assert (found.how, found.text, found.misplaced) == (ENTROPY, "normal(1, 2)", 0.0)
    assert (found.median, *found.interval) == pytest.approx((1, 1 - half, 1 + half))
    assert shares([0.0, 0.1, 0.4, 1.0]) == (0.1, 0.3, 0.6)
    assert shares([0.9, 0.95]) == (0.05,)


def entropy(distribution):
    """Return the differential entropy, the mean logarithm of the quantile function's slope."""
    u = (np.arange(20_000) + 0.5) / 20_000
    step = 1e-6
    slope = (distribution.quantile(u + step) - distribution.quantile(u - step)) / (2 * step)
    return float(np.log(slope).mean())


@pytest.mark.parametrize(
    ("known", "others"),
    [
        ({"low": 0, "high": 10}, ["beta(1.1, 1, 0, 10)", "triangular(0, 5, 10)"]),
        ({"low": 0, "mean": 3}, ["gamma(1.2, 2.5)", "lognormal(mean=3, sd=3)", "uniform(0, 6)"]),
        ({"mean": 1, "sd": 2}, ["student_t(1, 1.414213562373095, 4)", "uniform(-2.464101615, 4.464101615)"]),
        ({"low": 0, "high": 10, "mean": 3}, ["beta(0.9, 2.1, 0, 10)", "uniform(0, 6)"]),
    ],
)
def test_no_other_distribution_that_fits_what_is_known_has_more_entropy(known, others):
    most = entropy(max_entropy(**known))
    for other in map(parse_distribution, others):
        if "mean" in known:
            assert other.mean == pytest.approx(known["mean"])
        assert entropy(other) < most


def test_with_quantiles_it_is_uniform_between_them():
    made = max_entropy({0.5: 3, 0.9: 6}, low=0, high=10)
    assert isinstance(made, Mixture)
    assert made.cdf(np.array([0, 1.5, 3, 6, 8, 10.0])) == pytest.approx([0, 0.25, 0.5, 0.9, 0.95, 1])
    tilted = Mixture(
        tuple(map(parse_distribution, ("triangular(0, 0, 3)", "uniform(3, 6)", "uniform(6, 10)"))),
        (0.5, 0.4, 0.1),
    )
    assert entropy(tilted) < entropy(made)


def test_one_quantile_between_limits_is_enough_and_without_them_it_is_not():
    (only,) = fit_quantiles({0.5: 3}, low=0, high=10)
    assert only.how == "maximum entropy"
    with pytest.raises(un.SettingError, match="one quantile leaves too much open"):
        fit_quantiles({0.5: 3}, low=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_quantiles({0.05: 9, 0.95: 1}), "p5=9 must be less than p95=1"),
        (lambda: fit_quantiles({0.05: 1, 1.5: 2}), "p150 is no quantile"),
        (lambda: fit_quantiles({0.05: 1, 0.95: 9}, low=2), "p5=1 must lie above low=2"),
        (
            lambda: fit_quantiles({0.05: 0, 0.95: 9}),
            "p5=0, p95=9: 0 may be a bound instead; write uniform(0, 9)",
        ),
        (
            lambda: fit_quantiles({0.1: -9, 0.9: 0}),
            "or truncate(normal(p10=-9, p90=0), high=0), or normal(p10",
        ),
        (lambda: max_entropy(low=0), "entropy has no greatest value"),
        (lambda: max_entropy(mean=3), "low=0 is needed"),
        (
            lambda: max_entropy(low=0, high=10, mean=7),
            "describe 10 minus the quantity instead, with mean=3, low=0 and high=10",
        ),
        (
            lambda: max_entropy(low=0, high=10, mean=30),
            "a mean of 30 is impossible with low=0 and high=10",
        ),
        (lambda: max_entropy(low=0, mean=-1), "a mean of -1 is impossible with low=0"),
        (lambda: max_entropy(mean=1, sd=0), "sd must be greater than 0"),
    ],
)
def test_what_leaves_it_open_or_contradicts_itself_is_refused(call, message):
    with pytest.raises(un.SettingError) as caught:
        call()
    assert message in str(caught.value)


def test_a_limit_is_held_against_the_nearest_quantile_alone():
    with pytest.raises(un.SettingError, match=r"^p95=9 must lie below high=9$"):
        fit_quantiles({0.05: 1, 0.95: 9}, high=9)


GIVEN = ((0.1, 1.0), (0.5, 3.0), (0.9, 7.0))


def test_what_is_made_only_where_nothing_simpler_serves():
    def named(low, high, given=GIVEN):
        return dict(_last_resorts(_Said(given, low, high)))

    assert [list(named(*limits)) for limits in ((None, None), (0.5, None), (None, 9.0), (0.5, 9.0))] == [
        [POSITIVE_METALOG, PIECEWISE],
        [PIECEWISE],
        [POSITIVE_METALOG, PIECEWISE],
        [],
    ]
    assert list(named(None, None, ((0.1, -1.0), (0.5, 3.0), (0.9, 7.0)))) == [PIECEWISE]
    probabilities, values = (np.array(column) for column in zip(*GIVEN, strict=True))
    for limits in ((None, None), (None, 9.0)):
        for make in named(*limits).values():
            made = make()
            assert made.quantile(probabilities) == pytest.approx(values)
            assert made.support == (0.0, np.inf if limits[1] is None else 9.0)


def test_families_metalogs_and_greatest_entropy_are_tried_within_the_limits():
    makers = _makers(_Said(GIVEN, 0.5, 9.0))
    families = ["lognormal", "gamma", "weibull", "loguniform", "normal", "gumbel", "uniform"]
    assert list(makers) == [*families, "beta", "metalog", ENTROPY]
    assert [makers[name]().support for name in ("beta", "metalog", ENTROPY)] == [(0.5, 9.0)] * 3
    two = np.array([0.1, 0.9])
    made = _makers(_Said(((0.1, 2.0), (0.9, 7.0)), 0.5, 9.0))["beta"]()
    assert made.quantile(two) == pytest.approx([2, 7])
    assert list(_makers(_Said(((0.1, -1.0), (0.9, 7.0)), None, 9.0))) == [
        *families[4:],
        *families[:4],
        "metalog",
    ]
    assert list(_makers(_Said(((0.5, 3.0),), 0.5, 9.0))) == [ENTROPY]
    assert _makers(_Said(((0.5, 3.0),), None, 9.0)) == {}


def test_why_nothing_could_be_made_is_said_without_what_is_tried_anyway():
    def refusing():
        raise InvalidValue("normal: no such thing; try metalog(p10=1, p90=2)")

    def again():
        raise InvalidValue("metalog: no such thing either; or else")

    makers = {"normal": refusing, "positive": again, "gumbel": lambda: 1 / 0}
    with pytest.raises(un.SettingError) as refused:
        _made(_Said(GIVEN, None, None), makers)
    assert str(refused.value) == (
        "normal: no such thing; positive: no such thing either; gumbel: cannot be computed for these numbers"
    )
    # nor is there a distribution without a spread, as there is with one of 1
    texts = ("fixed(3)", "normal(3, 1)")
    found = _made(_Said(GIVEN, None, None), {text: partial(parse_distribution, text) for text in texts})
    assert [each.how for each in found] == ["normal(3, 1)"]
    assert found.refused == {"fixed(3)": "cannot be computed for these numbers"}


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("normal", (-1.0, 0.3, 1.0)),
        # whose value at 5 % lies below 0
        ("normal", (1.0, 1.001, 50.0)),
        ("lognormal", (0.37, 1.35, 2.72)),
    ],
)
def test_the_nearest_of_a_family_has_the_least_squares_of_probabilities(family, values):
    p = (0.05, 0.5, 0.95)
    z = np.array(values) if family == "normal" else np.log(values)

    def misfit(at):
        return ((stats.norm.cdf(z, at[0], math.exp(at[1])) - p) ** 2).sum()

    least = optimize.minimize(misfit, [z.mean(), np.log(z.std())]).x
    made = _of_family(family, tuple(zip(p, values, strict=True)))()
    assert made.cdf(np.array(values)) == pytest.approx(
        stats.norm.cdf(z, least[0], math.exp(least[1])), abs=1e-4
    )
    # what its outer quantiles rule out is not searched
    with pytest.raises(InvalidValue, match=f"^{family}: p95 must be 0 or between 1e-150 and 1e"):
        _of_family(family, ((0.05, 1.0), (0.5, 3.0), (0.95, 1e300)))()
    # through two quantiles it goes
    x = np.array(values[::2])
    assert _of_family(family, ((0.05, x[0]), (0.95, x[1])))().cdf(x) == pytest.approx([0.05, 0.95])


def test_the_nearest_of_a_positive_family_is_found_over_many_magnitudes():
    p, x = (0.01, 0.5, 0.9, 0.99), (1e-7, 3.0, 4.0, 1000.0)
    made = _of_family("gamma", tuple(zip(p, x, strict=True)))()
    # that through the two in the middle misplaces 1 % twice
    assert ((made.cdf(np.array(x)) - p) ** 2).sum() == pytest.approx(2e-4, rel=1e-3)


def test_a_text_has_the_digits_that_the_quantiles_tell():
    thousands = {0.1: 1e5, 0.5: 3e5, 0.9: 7e5}
    for each in fit_quantiles(thousands):
        if each.how not in ("metalog", PIECEWISE, POSITIVE_METALOG):
            numbers = re.findall(r"\d[\d.]*", each.text)
            assert all(len(number.strip("0.").replace(".", "")) <= 5 for number in numbers), each.text
            found = parse_distribution(each.text).quantile(np.array([0.05, 0.95]))
            assert found == pytest.approx(each.distribution.quantile(np.array([0.05, 0.95])), abs=1500)


def test_a_distribution_that_limits_would_move_becomes_one_between_them():
    item = SimpleNamespace(low=0.0, high=1.0)
    wide = "normal(0.5, 0.4)"

    def kept(low, high, text=wide, limits=item):
        return respecting(limits, text, ((0.05, low), (0.5, 0.5), (0.95, high))) == text

    assert not kept(0.1, 0.9)
    assert kept(0.0, 0.9)
    assert kept(0.1, 1.0)
    # one that hardly reaches beyond them, and where there is one limit alone
    assert kept(0.1, 0.9, "normal(0.5, 0.1)")
    assert kept(0.1, 0.9, limits=SimpleNamespace(low=0.0, high=None))
    assert kept(0.1, 0.9, limits=SimpleNamespace(low=None, high=1.0))
    share = 2 * stats.norm.cdf(-0.5 / 0.4)
    assert cut_off(item, parse_distribution(wide)) == pytest.approx(share)
    assert cut_off(SimpleNamespace(low=None, high=1.0), parse_distribution(wide)) == pytest.approx(share / 2)
    assert cut_off(SimpleNamespace(low=1.0, high=None), parse_distribution("discrete(1, 2)")) == 0


def test_a_next_value_between_limits_is_predicted_on_the_scale_of_logits():
    item = SimpleNamespace(low=10.0, high=30.0)
    values = [12.0, 15.0, 21.0]
    logits = np.log([(x - 10) / (30 - x) for x in values])
    half = stats.t(2).ppf(0.95) * logits.std(ddof=1) * np.sqrt(4 / 3)
    ends = 10 + 20 / (1 + np.exp(-np.array([logits.mean() - half, logits.mean() + half])))
    made = between_limits(item, values)
    assert made.support == (10, 30)
    # as few digits as move a logit by less than a fiftieth
    assert made.quantile(np.array([0.05, 0.95])) == pytest.approx(ends, rel=0.02)
    for beyond in ([10.0, 12.0, 15.0], [12.0, 15.0, 30.0], [9.0, 12.0], [12.0, 31.0]):
        assert between_limits(item, beyond) is None
    assert between_limits(SimpleNamespace(low=None, high=30.0), values) is None
    assert between_limits(SimpleNamespace(low=10.0, high=None), values) is None
    assert predicted(np.array([1.0, 3.0])) == pytest.approx(
        (2 - stats.t(1).ppf(0.95) * np.sqrt(3), 2 + stats.t(1).ppf(0.95) * np.sqrt(3))
    )


def test_what_reaches_beyond_a_limit_is_cut_there_and_a_median_of_0_is_0():
    found = fit_quantiles({0.05: 1, 0.95: 9}, low=0, high=10)
    (cut,) = (each for each in found if each.how == "normal")
    whole = parse_distribution("normal(p5=1, p95=9)")
    below, above = whole.cdf(np.array([0.0, 10.0]))
    assert cut.distribution.support == (0, 10)
    x = np.array([1.0, 5.0, 9.0])
    np.testing.assert_allclose(cut.distribution.cdf(x), (whole.cdf(x) - below) / (above - below), rtol=1e-9)
    assert "normal" not in found.refused
    (even,) = (each for each in fit_quantiles({0.05: -1, 0.95: 1}) if each.how == "normal")
    assert even.median == 0.0


def test_a_value_at_a_logit_lies_between_its_ends_whatever_digits_that_takes():
    assert _at_logit(0.0, 0.0, 1.0) == 0.5
    assert _at_logit(0.0, 1.0, 1.0 + 2 * 2.0**-52) == 1.0 + 2.0**-52
