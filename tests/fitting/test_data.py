"""Fits to data: the likelihood is the greatest there is, and p-values are what they say."""

import dataclasses
import math

import numpy as np
import pytest
from coverage_studies import error, repeated
from scipy import stats
from variants import variants

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.distributions.families import FAMILIES as EVERY
from uncertainty.fitting.data import Fit, Fits, UnsuitableDataError, fit_data, fit_rows
from uncertainty.fitting.families import FAMILIES, Family
from uncertainty.fitting.goodness import Goodness, goodness, p_value_equation, p_value_text, statistics

TRUE = {
    "normal": "normal(-3, 2)",
    "lognormal": "lognormal(4, 1.8)",
    "gamma": "gamma(0.7, 3)",
    "weibull": "weibull(1.7, 1e-3)",
    "exponential": "exponential(1e6)",
    "gumbel": "gumbel(5, 2)",
    "uniform": "uniform(2, 3)",
    "loguniform": "loguniform(1, 100)",
    "beta": "beta(0.8, 3)",
    "student_t": "student_t(1, 2, 4)",
}
ORACLE = {
    "gamma": (stats.gamma, {"floc": 0}),
    "weibull": (stats.weibull_min, {"floc": 0}),
    "gumbel": (stats.gumbel_r, {}),
    "beta": (stats.beta, {"floc": 0, "fscale": 1}),
    "student_t": (stats.t, {}),
    "normal": (stats.norm, {}),
    "lognormal": (stats.lognorm, {"floc": 0}),
    "exponential": (stats.expon, {"floc": 0}),
}


@pytest.fixture
def short_replicates(monkeypatch):
    """Judge fits by replicates of 50 values, where their p-values are not what is tested."""
    monkeypatch.setattr("uncertainty.fitting.goodness.LONGEST", 50)


def draw(family, size, seed):
    return parse_distribution(TRUE[family]).quantile(np.random.default_rng(seed).random(size))


@pytest.mark.parametrize("family", variants(ORACLE, lambda name: name != "student_t"))
def test_the_likelihood_is_at_least_scipy_s(family):
    values = draw(family, 300, 1)
    # in units near 1, where scipy's search works
    scaled = values / np.median(np.abs(values)) if family not in ("beta", "student_t") else values
    found = fit_data(scaled, families=[family]).best.log_likelihood
    scipy_s, options = ORACLE[family]
    assert found >= scipy_s.logpdf(scaled, *scipy_s.fit(scaled, **options)).sum() - 1e-6


def test_criteria_are_those_of_the_distribution_that_is_advised(short_replicates):
    """A uniform quantity's log-likelihood is minus n times the logarithm of the range that is advised."""
    for values in (draw("uniform", 60, 4), draw("loguniform", 9, 5), np.array([1.0, 2.0, 2.5, 7.0, 9.0])):
        found = {fit.family: fit for fit in fit_data(values, families=["uniform", "loguniform"]).fits}
        n, logarithms = len(values), np.log(values)
        true = {
            "uniform": -n * math.log(np.ptp(values) * (n + 1) / (n - 1)),
            "loguniform": -n * math.log(np.ptp(logarithms) * (n + 1) / (n - 1)) - logarithms.sum(),
        }
        for family, fit in found.items():
            assert fit.log_likelihood == pytest.approx(true[family])
            assert fit.AICc == pytest.approx(4 - 2 * true[family] + 12 / (n - 3))
            assert pytest.approx(-2 * true[family] + 2 * math.log(n)) == fit.BIC
            assert fit.estimates[0] < values.min()
            assert values.max() < fit.estimates[1]


def test_few_normal_values_are_seldom_called_uniform(short_replicates):
    """The likelihood of the data's own ends would call all of them so: it is too large by about 2."""
    random = np.random.default_rng(3)
    best = [
        fit_data(random.normal(0, 2, size), families=["uniform", "normal"]).best.family
        for size in (6, 10, 20)
        for _ in range(24)
    ]
    assert best.count("uniform") < len(best) / 2


@pytest.mark.parametrize("family", TRUE)
def test_every_sample_of_many_is_fitted_as_if_alone(family):
    samples = draw(family, (4, 50), 2)
    together = FAMILIES[family].fit(samples)
    for row, sample in enumerate(samples):
        for parameter, alone in zip(together, FAMILIES[family].fit(sample[None, :]), strict=True):
            assert parameter[row] == pytest.approx(alone[0], rel=1e-4)


@pytest.mark.parametrize("family", variants(TRUE, {"lognormal", "uniform", "student_t"}.__contains__))
def test_the_family_that_made_much_data_is_found_and_its_quantiles_too(family, short_replicates):
    values = draw(family, 1500, 3)
    found = fit_data(values)
    fit = next(fit for fit in found.fits if fit.family == family)
    assert fit in (found.best, *found.close)
    assert fit.goodness.anderson_darling_p > 0.002  # the least there is
    u = np.array([0.1, 0.5, 0.9])
    truth = parse_distribution(TRUE[family])
    density = FAMILIES[family].scipy(*(float(p[0]) for p in FAMILIES[family].fit(values[None]))).pdf
    own = error(u, len(values)) / density(truth.quantile(u))
    # a likely fit is at least as precise as the sample's own quantiles
    assert np.all(np.abs(fit.distribution.quantile(u) - truth.quantile(u)) < 4 * own)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
@pytest.mark.parametrize(
    "family",
    variants(["gamma", "weibull", "gumbel", "student_t", "lognormal"], lambda name: name != "student_t"),
)
def test_a_fit_follows_the_unit(family, factor):
    values = draw(family, 100, 4)
    one, other = (fit_data(values * f, families=[family]).best for f in (1, factor))
    assert other.distribution.quantile(np.array([0.9]))[0] == pytest.approx(
        factor * one.distribution.quantile(np.array([0.9]))[0], rel=1e-6
    )
    assert other.goodness.anderson_darling == pytest.approx(one.goodness.anderson_darling, rel=1e-4)


def test_statistics_are_scipy_s():
    values = np.sort(np.random.default_rng(5).random(40))
    anderson, kolmogorov = statistics(values[None, :])
    assert kolmogorov[0] == pytest.approx(stats.kstest(values, "uniform").statistic)
    assert anderson[0] == pytest.approx(
        stats.goodness_of_fit(
            stats.uniform, values, known_params={"loc": 0, "scale": 1}, statistic="ad", n_mc_samples=1
        ).statistic
    )


def test_the_p_value_of_a_normal_fit_is_that_of_the_published_tables():
    # Stephens 1974: A² (1 + 0.75 / n + 2.25 / n²) of a fitted normal exceeds 0.752 with probability 0.05
    values = np.sort(np.random.default_rng(6).normal(size=60))
    family = FAMILIES["normal"]
    parameters = tuple(float(p[0]) for p in family.fit(values[None]))
    samples = np.sort(np.random.default_rng(7).normal(size=(4000, 60)), axis=1)
    null = statistics(family.scipy(*(p[:, None] for p in family.fit(samples))).cdf(samples))[0]
    critical = 0.752 / (1 + 0.75 / 60 + 2.25 / 60**2)
    assert np.mean(null > critical) == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 4000))
    found = goodness(family, family.make(*parameters), parameters, values, np.random.default_rng(8))
    distance = stats.kstest(values, stats.norm(*parameters).cdf).statistic
    assert found.kolmogorov_smirnov == pytest.approx(distance)
    expected = np.mean(null >= found.anderson_darling)
    assert found.anderson_darling_p == pytest.approx(
        expected, abs=4 * np.sqrt(expected * (1 - expected) / 499)
    )


@pytest.mark.parametrize("family", ["normal", "gamma", "weibull", "uniform", "beta", "student_t"])
@pytest.mark.parametrize("size", [20, 300])
@repeated(60, 400)
def test_p_values_of_a_true_family_are_uniform(family, size, repeats):
    p_values = []
    for seed in range(repeats):
        values = np.sort(draw(family, size, [9, seed]))
        parameters = tuple(float(p[0]) for p in FAMILIES[family].fit(values[None]))
        made = FAMILIES[family].make(*parameters)
        random = np.random.default_rng(seed)
        found = goodness(FAMILIES[family], made, parameters, values, random, replicates=99)
        p_values.append(found.anderson_darling_p)
    for share in (0.05, 0.2, 0.5):
        below = np.mean(np.array(p_values) <= share)
        assert abs(below - share) < 3.5 * error(share, repeats), share


def test_tails_without_a_mean_are_found_and_no_mean_is_claimed(short_replicates):
    values = np.random.default_rng(17).standard_cauchy(500)
    found = fit_data(values)
    assert found.best.family == "student_t"
    # Fisher's information of df and scale gives df at 1 a standard error of sqrt(3.1 / n)
    assert found.best.estimates[2] == pytest.approx(1, abs=4 * np.sqrt(3.1 / 500))
    assert found.best.goodness.anderson_darling_p > 0.01
    assert found.mean_text is None
    assert "if the values are independent" not in " ".join(found.sentences)


def test_the_variance_must_exist_for_the_mean_to_be_known_from_an_average(short_replicates):
    values = np.random.default_rng(18).standard_t(1.5, 2000)
    found = fit_data(values, families=["student_t"])
    assert 1 < found.best.estimates[2] < 2
    assert found.mean_text is None
    assert "has a mean but no standard deviation" in found.sentences[-1]


@pytest.mark.slow
def test_a_search_that_ends_at_its_bound_says_so():
    found = fit_data(np.random.default_rng(19).standard_t(0.2, 80), families=["student_t"])
    assert any("0.5 degrees of freedom, the fewest that are looked among" in each for each in found.sentences)


def test_a_value_that_repeats_too_often_leaves_no_likeliest_t():
    found = fit_data([1, 1, 1, 1, 1, 1, 2, 3, 9, 4])
    assert (
        found.refused["student_t"] == "the likelihood has no greatest value where 6 of 10 values are the same"
    )


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_repeated_values_leave_every_estimate_finite(share):
    random = np.random.default_rng(20)
    values = np.where(random.random((3, 60)) < share, 2.0, random.normal(size=(3, 60)))
    assert np.isfinite(FAMILIES["student_t"].fit(values)).all()


def test_a_p_value_that_no_replicate_reached_is_a_bound():
    found = fit_data(draw("exponential", 400, 10), families=["normal"])
    assert fit_rows(found)[1][0][-2:] == ("≤0.002", "≤0.002")
    assert "(A² p ≤ 0.002)" in found.sentences[0]
    assert p_value_text(0.004) == "0.004"


@pytest.mark.parametrize("location", [0, 1e9])
def test_digits_are_those_that_the_data_support(location):
    values = location + 1e-3 * np.random.default_rng(21).normal(size=100)
    for fit in fit_data(values, families=["normal", "student_t"]).fits:
        numbers = [text.strip() for text in fit.text.partition("(")[2].rstrip(")").split(",")]
        # 100 values tell a standard deviation to 7 %
        assert all(len(text.replace(".", "").lstrip("0")) <= 4 for text in numbers[1:]), fit.text
        short, whole = parse_distribution(fit.text), fit.distribution
        u = np.array([0.05, 0.5, 0.95])
        error = values.std() / np.sqrt(100)
        # at 1e9 a number has the last digit of its float, 1e-7
        assert np.all(np.abs(short.quantile(u) - whole.quantile(u)) <= error / 10 + 2e-7)


@pytest.mark.slow
def test_data_that_hardly_vary_beside_their_size_are_normal_not_lognormal():
    found = fit_data(1e9 + 1e-3 * np.random.default_rng(22).normal(size=100))
    assert found.best.family == "normal"
    assert found.refused["lognormal"].endswith("vary by 1e-12 of their size")


def test_a_wrong_family_is_called_poor():
    assert fit_data(draw("exponential", 200, 10), families=["normal"]).best.poor


def test_the_text_says_the_same_as_the_fit_and_holds_all_data():
    values = draw("uniform", 50, 11)
    for fit in fit_data(values).fits:
        short = parse_distribution(fit.text)
        u = np.array([0.05, 0.5, 0.95])
        error = values.std() / np.sqrt(50)
        assert np.all(np.abs(short.quantile(u) - fit.distribution.quantile(u)) <= error / 10)
        assert short.support[0] <= values.min()
        assert values.max() <= short.support[1]
        assert len(fit.text) < 40


@pytest.mark.parametrize(("least", "most"), [(3.0097, 8.0), (3.0, 7.9903)])
def test_fewer_digits_cut_off_none_of_many_data(short_replicates, least, most):
    # the ends without bias lie 0.0025 beyond the data, and three digits are as near as these tell them
    found = fit_data(np.linspace(least, most, 2000), families=["uniform"]).best
    low, high = parse_distribution(found.text).support
    assert low <= least < most <= high


def test_of_the_mean_another_thing_is_known_than_of_the_values():
    values = draw("normal", 25, 12)
    known = parse_distribution(fit_data(values).mean_text)
    low, high = stats.t.interval(0.95, 24, values.mean(), values.std(ddof=1) / 5)
    assert known.quantile(np.array([0.025, 0.975])) == pytest.approx([low, high], abs=0.05 * (high - low))


def test_positive_data_get_a_positive_family_where_the_data_do_not_decide():
    values = draw("lognormal", 40, 13)
    found = fit_data(values)
    assert found.advised.distribution.support[0] >= 0 or not any(
        fit.distribution.support[0] >= 0 for fit in found.close
    )


def test_rounded_data_are_noticed():
    found = fit_data(np.round(draw("normal", 200, 14)))
    assert any("rounded" in sentence for sentence in found.sentences)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_p_values_whatever_else_is_fitted():
    values = draw("gamma", 40, 15)
    alone = fit_data(values, families=["gamma"]).best.goodness
    among = next(fit for fit in fit_data(values).fits if fit.family == "gamma").goodness
    assert alone == among


@pytest.mark.parametrize(
    ("values", "families", "message"),
    [
        (
            [1, 2, 3],
            None,
            (
                "expected at least 5 values, found 3; give what is known as quantiles instead, or list the "
                "values as evidence of an input"
            ),
        ),
        ([1, 2, 3, 4, np.nan], None, "expected finite numbers only"),
        (
            [2.5] * 9,
            None,
            "all 9 values are 2.5, so there is no spread to fit; write the constant, fixed(2.5)",
        ),
        (
            [-1, 2, 3, 4, 5],
            ["gamma"],
            "gamma: only positive values are possible, and the least of the data is -1",
        ),
        (
            [0.5, 0.2, 3, 0.4, 0.1],
            ["beta"],
            "beta: only values between 0 and 1 are possible, and the data reach from 0.1 to 3",
        ),
        ([1e-300, 1, 2, 3, 1e300], ["weibull"], "weibull: cannot be fitted: the likelihood is not finite"),
        ([1, 2, 3, 4, 5], ["gama"], 'family: unknown "gama"; did you mean "gamma"?'),
    ],
)
def test_what_cannot_be_fitted_is_said(values, families, message):
    with pytest.raises(un.SettingError) as caught:
        fit_data(values, families=families)
    assert str(caught.value) == message


def test_a_million_values_take_seconds():
    found = fit_data(draw("lognormal", 200_000, 16), families=["lognormal", "gamma"])
    assert found.best.family == "lognormal"


def test_a_fit_gives_the_density_of_its_distribution():
    found = fit_data(np.random.default_rng(3).lognormal(1, 0.5, 80), families=["lognormal"]).best
    x = np.array([1.0, 2.0, 5.0])
    median, sigma = found.estimates[0], np.log(found.estimates[1])
    expected = np.exp(-(np.log(x / median) ** 2) / (2 * sigma**2)) / (x * sigma * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(found.density(x), expected, rtol=1e-12)


def made(text, aicc, p=0.5, estimates=(0.0, 1.0), bic=None):
    """A fit as it would be found."""
    measured = Goodness(0.4, p, 0.1, p / 2)
    family, distribution = text.partition("(")[0], parse_distribution(text)
    bic = aicc + 1 if bic is None else bic
    return Fit(family, distribution, text, 2, -10.0, aicc, bic, 0.25, measured, estimates)


POSITIVE, SIGNED = np.arange(1.0, 11.0), np.arange(-4.0, 6.0)
BOUND = ("student_t(0, 1, 0.5)", 10.0, 0.5, (0.0, 1.0, 0.5))
DIFFER = "A fit describes how values differ from one to the next (kind variability). "
OF_MEAN = "What is known of their mean is another thing: {}, if the values are independent."
POOR = (
    "None of the families fits well: normal, which fits best, agrees poorly with the data (A² p = 0.049). "
    'The data themselves can be sampled by empirical("file.csv", "column"), from a file in which no value is '
    "missing."
)
BELOW = (
    "All values are positive, but normal puts 5 % below 0; where that is impossible, take another family or "
    "give the input low = 0."
)
ROUNDED = (
    "Only 7 of 10 values are distinct: the data are counts, are rounded or stand there more than once, and "
    "the p-values, which are for continuous data, are too small."
)
TWICE = ROUNDED.replace("counts, are rounded", "rounded")
HEAVIER = (
    "student_t has 0.5 degrees of freedom, the fewest that are looked among: the tails of the data may be "
    "heavier still."
)
NOTHING = DIFFER + "Of their mean nothing can be said from an average: {}, so heavy are its tails."


@pytest.mark.parametrize(
    ("values", "fits", "said"),
    [
        (SIGNED, [made("normal(0, 3)", 10.0), made("gumbel(0, 3)", 12.1)], []),
        (
            SIGNED,
            [made("normal(0, 3)", 10.0), made("gumbel(0, 3)", 12.0), made("uniform(-5, 6)", 11.0)],
            ["The data hardly tell normal from gumbel, uniform (AICc within 2)."],
        ),
        (
            SIGNED,
            [made("normal(0, 3)", 10.0, p=0.049), made("gumbel(0, 3)", 12.0)],
            [POOR],
        ),
        (SIGNED, [made("normal(0, 3)", 10.0, p=0.05)], []),
        (
            POSITIVE,
            [made("normal(5, 3)", 10.0), made("gumbel(5, 3)", 11.0), made("gamma(5, 1)", 12.0)],
            [
                "The data hardly tell normal from gumbel, gamma (AICc within 2).",
                "All values are positive, and so is gamma, which is taken.",
            ],
        ),
        (
            POSITIVE,
            [made("normal(5, 3)", 10.0), made("gamma(5, 1)", 12.5)],
            [BELOW],
        ),
        (POSITIVE, [made("uniform(1, 11)", 10.0), made("gamma(5, 1)", 12.5)], []),
        (
            POSITIVE - 1,
            [made("normal(5, 3)", 10.0), made("gamma(5, 1)", 11.0)],
            ["The data hardly tell normal from gamma (AICc within 2)."],
        ),
        (
            np.array([-1.0, *[2.0] * 4, 3.0, 4.0, 5.0, 6.0, 7.0]),
            [made("normal(0, 3)", 10.0)],
            [ROUNDED],
        ),
        (
            np.array([-1.0, *[2.25] * 4, 3.0, 4.0, 5.0, 6.0, 7.0]),
            [made("normal(0, 3)", 10.0)],
            [TWICE],
        ),
        (
            np.repeat([-1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [3, *[1] * 7]),
            [made("normal(0, 3)", 10.0)],
            [],
        ),
        (
            SIGNED,
            [made("normal(0, 3)", 9.0), made(*BOUND)],
            ["The data hardly tell normal from student_t (AICc within 2).", HEAVIER],
        ),
        (SIGNED, [made("student_t(0, 1, 1)", 9.0, estimates=(0.0, 1.0, 1.0))], []),
        (SIGNED, [made("student_t(0, 1, 2)", 9.0, estimates=(0.0, 1.0, 2.0))], []),
    ],
)
def test_what_to_make_of_fits_is_said(values, fits, said):
    found = Fits(values, tuple(fits), {})
    *sentences, mean = found.sentences
    assert sentences == said
    best = fits[0].text
    if best.startswith("student_t"):
        lacking = "no mean" if best.endswith("1)") else "a mean but no standard deviation"
        assert (mean, found.mean_text) == (NOTHING.format(f"{best} has {lacking}"), None)
    else:
        known = parse_distribution(found.mean_text)
        assert (known.location, known.df) == (pytest.approx(values.mean(), abs=0.02), 9)
        assert known.scale == pytest.approx(values.std(ddof=1) / math.sqrt(10), rel=0.02)
        assert mean == DIFFER + OF_MEAN.format(found.mean_text)


def test_fits_are_shown_beside_the_best_of_each_criterion():
    fits = [made("normal(0, 3)", 10.0, p=0.5), made("gumbel(0, 3)", 12.54, p=0.002, bic=8.0)]
    head, rows = fit_rows(Fits(SIGNED, tuple(fits), {}))
    assert head == ("Family", "Distribution", "ΔAICc", "ΔBIC", "Weight", "A² p", "KS p")
    assert rows == [
        ("normal", "normal(0, 3)", "0.0", "3.0", "25 %", "0.500", "0.250"),
        ("gumbel", "gumbel(0, 3)", "2.5", "0.0", "25 %", "≤0.002", "≤0.002"),
    ]
    rare, nearly = (dataclasses.replace(fits[0], weight=weight) for weight in (1e-5, 1 - 1e-5))
    assert [row[4] for row in fit_rows(Fits(SIGNED, (nearly, rare), {}))[1]] == [">99.9 %", "<0.1 %"]
    assert [p_value_equation(p) for p in (0.002, 0.0021, 0.5)] == ["p ≤ 0.002", "p = 0.002", "p = 0.500"]


def test_criteria_and_weights_are_those_of_the_likelihood(short_replicates):
    values = draw("exponential", 20, 4) / 1e6
    found = fit_data(values, families=["normal", "exponential"])
    by_name = {fit.family: fit for fit in found.fits}
    n, mean, sd = 20, values.mean(), values.std()
    likelihoods = {
        "normal": (2, -n / 2 * (math.log(2 * math.pi * sd**2) + 1)),
        "exponential": (1, -n * (math.log(mean) + 1)),
    }
    for name, (k, log_likelihood) in likelihoods.items():
        fit = by_name[name]
        assert (fit.parameters, fit.log_likelihood) == (k, pytest.approx(log_likelihood))
        assert pytest.approx(2 * k - 2 * log_likelihood + 2 * k * (k + 1) / (n - k - 1)) == fit.AICc
        assert pytest.approx(k * math.log(n) - 2 * log_likelihood) == fit.BIC
    assert by_name["normal"].estimates == pytest.approx((mean, sd))
    first, second = found.fits
    assert first.AICc < second.AICc
    assert second.weight / first.weight == pytest.approx(math.exp((first.AICc - second.AICc) / 2))
    assert first.weight + second.weight == pytest.approx(1)
    assert found.values.tolist() == sorted(values)


def test_p_values_follow_from_the_seed_whatever_else_is_fitted(short_replicates):
    values = draw("gumbel", 20, 15)

    def of_normal(families, seed):
        found = fit_data(values, families=families, seed=seed)
        return next(fit.goodness for fit in found.fits if fit.family == "normal")

    assert of_normal(["normal"], 3) == of_normal(["exponential", "normal"], 3) != of_normal(["normal"], 4)


def test_statistics_of_probabilities_that_round_to_0_or_1_are_finite():
    anderson, kolmogorov = statistics(np.array([[0.0, 1.0]]))
    # the least and the greatest number that are taken for them
    inside = np.log(1e-300) + math.log1p(-(1 - 1e-16)), np.log1p(-1e-300) + math.log(1 - 1e-16)
    assert anderson[0] == pytest.approx(-2 - (inside[0] + 3 * inside[1]) / 2)
    assert kolmogorov[0] == 0.5


def test_statistics_of_each_sample_are_its_own():
    samples = np.sort(np.random.default_rng(2).random((2, 7)), axis=1)
    squares, distances = statistics(samples)
    for sample, square, distance in zip(samples, squares, distances, strict=True):
        rank = np.arange(1, 8)
        terms = (2 * rank - 1) * (np.log(sample) + np.log(1 - sample[::-1]))
        assert square == pytest.approx(-7 - terms.sum() / 7)
        assert distance == pytest.approx(stats.kstest(sample, "uniform").statistic)


def test_values_may_vary_by_as_little_as_the_least_spread(monkeypatch):
    values = np.array([1.0, 2.0, 4.0])
    monkeypatch.setattr("uncertainty.fitting.families.LEAST_SPREAD", float(values.std()) / 4.0)
    assert FAMILIES["gamma"].refuses(values) == ""


@pytest.mark.parametrize("size", [40, 1235, 5000])
def test_what_is_known_of_the_mean_has_all_degrees_of_freedom(size):
    """Of 5,000 values student_t(..., 5000) was written."""
    values = stats.norm.ppf((np.arange(size) + 0.5) / size) + 10.0
    assert fit_data(values, families=["normal"]).mean_text.endswith(f", {size - 1})")


def test_families_refuse_values_that_they_cannot_have():
    def refused(family, *values):
        return FAMILIES[family].refuses(np.array(values))

    positive = "only positive values are possible, and the least of the data is {}"
    assert refused("gamma", 0.0, 1.0, 2.0) == positive.format(0)
    assert refused("gamma", 1.0, -0.123456, 2.0) == positive.format("-0.1235")
    unit = "only values between 0 and 1 are possible, and the data reach from {} to {}"
    assert refused("beta", 0.25, 1.0) == unit.format("0.25", 1)
    assert refused("beta", 0.0, 0.5) == unit.format(0, "0.5")
    assert refused("beta", 999997.55, 1000002.0) == unit.format("999997.55", 1000002)
    assert refused("beta", 1.00001, 1.00002) == unit.format("1.00001", "1.00002")
    assert refused("beta", 0.1, 0.9) == refused("normal", -3.0, 5.0) == ""
    assert refused("gamma", 1e7, 1e7 + 1, 1e7 + 2) == (
        "it is one with families of the real line, as the data vary by 8e-08 of their size"
    )
    assert refused("gamma", 1.0, 1.00001) == ""
    # one value may be there half as often as all others
    assert refused("student_t", *[2.0] * 5, *range(3, 13)) == ""
    message = "the likelihood has no greatest value where 6 of 16 values are the same"
    assert refused("student_t", *[2.0] * 6, *range(3, 13)) == message


def test_a_family_brings_its_estimator_and_what_it_can_have():
    t, uniform, beta, normal = (Family.of(EVERY[name]) for name in ("student_t", "uniform", "beta", "normal"))
    assert (t.repeats, t.parameters, t.support) == (0.5, 3, "real")
    assert (beta.support, beta.parameters, normal.repeats) == ("unit", 2, math.inf)
    assert (uniform.support, uniform.parameters) == ("real", 2)


def test_five_values_of_which_one_differs_are_enough(short_replicates):
    for values, mean in (([1, 2, 2, 2, 2], 1.8), ([1, 1, 1, 1, 2], 1.2)):
        assert fit_data(values, families=["normal"]).best.estimates == pytest.approx((mean, 0.4))


def test_p_values_of_many_values_are_those_of_shorter_replicates(monkeypatch):
    family, found = FAMILIES["normal"], []
    for longest in (400, 50):
        monkeypatch.setattr("uncertainty.fitting.goodness.LONGEST", longest)
        for seed in range(4):
            values = np.sort(np.random.default_rng(seed).normal(size=800))
            at = (values.mean(), values.std())
            made = goodness(family, family.make(*at), at, values, np.random.default_rng(9))
            found.append((made.anderson_darling_p, made.kolmogorov_smirnov_p))
    p = np.array(found).reshape(2, 4, 2)
    assert 0.05 < p.min(axis=1).min() < 0.6
    # shares of 499 replicates, and what is left of their length
    assert np.abs(p[0] - p[1]).max() < 0.15


def test_the_numbers_of_several_columns_are_not_one_sample():
    hours = [3.5, 8, 24, 6, 4.2]
    with pytest.raises(UnsuitableDataError, match=r"of one column, found an array of shape \(5, 2\)"):
        fit_data(np.column_stack([np.arange(5), hours]), families=["normal"])
    column = fit_data(np.array(hours)[:, None], families=["normal"]).best.text
    assert column == fit_data(hours, families=["normal"]).best.text
