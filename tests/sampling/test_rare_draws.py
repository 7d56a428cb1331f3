"""Shares, means and standard deviations that rest on few draws, or on one."""

import re

import numpy as np
import pytest
from coverage_studies import error, repeated
from scipy.special import ndtr, ndtri
from scipy.stats import gamma, genpareto, kurtosis
from scipy.stats import t as student
from variants import one_in, variants

import uncertainty as un
from uncertainty.numbers import share
from uncertainty.sampling.designs import make_design, uniforms
from uncertainty.sampling.estimate import ERRORS_WIDE, enough_draws, half_widths
from uncertainty.sampling.moments import kurtosis_told, telling, widened
from uncertainty.sampling.statistics import Draws
from uncertainty.wording import rare_sentences

ADVICE = re.compile(r"Too few draws met the event; `--samples (\d+)` would give enough\.")
DESIGNS = ["random", "lhs", "sobol"]

PROMISED = 0.92
"""Least coverage of a stated 95 % interval, whatever the quantity."""


def drawn(function, design, samples, seed):
    made = make_design(design, ("a", "b", "c"), samples, seed)
    u = np.concatenate([block.copy() for block in uniforms(made)], axis=1)
    return Draws(function(ndtri(u)), made.replicate_rows)


def event(probability):
    limit = -np.sqrt(3) * ndtri(probability)
    return lambda z: (z.sum(axis=0) > limit).astype(float)


def product(log_sd):
    return lambda z: np.exp(log_sd / np.sqrt(3) * z.sum(axis=0))


@pytest.mark.parametrize("design", variants(DESIGNS, lambda design: design != "lhs"))
@pytest.mark.parametrize(("probability", "samples"), [(1e-2, 256), (1e-3, 4096), (1e-4, 2**15)])
def test_what_rests_on_too_few_events_says_how_many_draws_are_enough(probability, samples, design):
    for seed in range(5):
        draws = drawn(event(probability), design, samples, seed)
        found = (draws.mean, draws.sd, draws.share_at_least(1.0))
        # ten events now and then are enough, and none tells nothing of how many draws would be
        if draws.equal or draws.mean.error is not None:
            continue
        assert [each.error for each in found] == [None, None, None]
        assert len({each.reason for each in found}) == 1
        enough = int(ADVICE.fullmatch(found[0].reason)[1])
        if enough > 2**19:
            continue
        again = drawn(event(probability), design, enough, seed)
        for each in (again.mean, again.share_at_least(1.0)):
            assert each.error is not None
            assert abs(each.value - probability) < 4 * each.error


def test_enough_draws_nearly_always_hold_ten_events():
    rng = np.random.default_rng(1)
    for probability, draws in ((0.01, 300), (0.001, 3000), (0.02, 400)):
        met = rng.binomial(draws, probability, 2000)
        enough = [enough_draws(count, draws) for count in met[(met > 0) & (met < 10)]]
        held = rng.binomial(np.array(enough, np.int64), probability) >= 10
        assert held.mean() > 0.95


@pytest.mark.parametrize(("value", "size"), [(1.0, 300), (-2.0, 17)])
def test_one_sentence_says_so_in_the_same_words_of_several_numbers(value, size):
    values = np.zeros(size)
    values[:3] = value
    draws = Draws(values)
    numbers = {"mean": draws.mean, "sd": draws.sd, "median": draws.quantile(0.5)}
    (sentence,) = rare_sentences([("Deaths", numbers)])
    assert sentence == f"The mean and the standard deviation of “Deaths” have no error: {draws.mean.reason}"


@pytest.mark.slow
def test_a_net_whose_replicates_agree_still_errs_by_a_draw():
    # 2 of 1,024 rows lie beyond in nearly every replicate, whatever the event's share is, 2.05 of 1,024
    for design in ("lhs", "sobol"):
        jump = [
            drawn(lambda z: z[1] + 20 * (z[0] > 2.878162), design, 2**14, seed).mean for seed in range(40)
        ]
        assert np.mean([abs(each.value - 0.04) <= ERRORS_WIDE * each.error for each in jump]) > 0.85


def test_the_standard_deviation_of_a_bounded_output_errs_by_its_divisor():
    for design in ("lhs", "sobol"):
        found = drawn(lambda z: np.sqrt(0.5) * z[0] / np.abs(z[0]), design, 4096, 1).sd
        assert abs(found.value - np.sqrt(0.5)) <= ERRORS_WIDE * found.error


@pytest.mark.slow
@pytest.mark.parametrize("asked", [0.01, "2 digits"])
@pytest.mark.parametrize(("limit", "probability"), [(3.29, 1e-3), (3.09, 2e-3)])
def test_a_run_until_a_tolerance_does_not_stop_before_an_event_is_seen(asked, limit, probability):
    study = un.Study.from_function(
        lambda a, b: {"y": ((a + b) / np.sqrt(2) > limit).astype(float)},
        {"a": "normal(0, 1)", "b": "normal(0, 1)"},
    )
    found = un.propagate(study, samples=256, until=asked, max_samples=2**16, seed=1)
    assert found.outputs["y"].draws.mean.error is not None
    assert found.settings.samples > 5 / probability


@pytest.mark.parametrize("value", [lambda a: a - a + 2, lambda a: np.minimum(a**2, 0)])
def test_a_run_until_a_tolerance_stops_at_once_where_nothing_varies(value):
    study = un.Study.from_function(lambda a: {"y": value(a)}, {"a": "normal(0, 1)"})
    found = un.propagate(study, samples=256, until=0.01, seed=1)
    assert found.reached.met
    assert found.settings.samples == 256


def test_words_of_a_share_are_those_of_its_interval():
    """Whatever is said to lie under a figure does, but for one interval in forty."""
    rng = np.random.default_rng(3)
    for probability in (0.012, 0.004, 0.0007):
        wrong = 0
        for count in rng.binomial(200, probability, 300):
            written = share(Draws(np.arange(200)).share_below(count))
            wrong += written.startswith("under") and float(written.split()[1]) / 100 < probability
        assert wrong / 300 < 0.025 + 3 * np.sqrt(0.025 / 300)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("samples", [2**11, 2**14])
@repeated(100, 300)
@pytest.mark.parametrize(
    ("function", "mean", "sd"),
    [
        (product(0.94), np.exp(0.94**2 / 2), np.exp(0.94**2 / 2) * np.sqrt(np.expm1(0.94**2))),
        (product(0.5), np.exp(0.5**2 / 2), np.exp(0.5**2 / 2) * np.sqrt(np.expm1(0.5**2))),
        (event(1e-2), 1e-2, np.sqrt(1e-2 * 0.99)),
        (event(1e-3), 1e-3, np.sqrt(1e-3 * 0.999)),
        (event(1e-4), 1e-4, np.sqrt(1e-4 * 0.9999)),
        (lambda z: np.where(z[0] > 1, 1 + z[1], 0.0), 0.15865525, None),
    ],
    ids=["lognormal 0.94", "lognormal 0.5", "P=1e-2", "P=1e-3", "P=1e-4", "atom"],
)
def test_errors_of_moments_cover_or_are_left_out(function, mean, sd, design, samples, repeats):
    for moment, exact in (("mean", mean), ("sd", sd)):
        if exact is None:
            continue
        found = [getattr(drawn(function, design, samples, seed), moment) for seed in range(repeats)]
        kept = [each for each in found if each.error is not None]
        covered = sum(abs(each.value - exact) <= ERRORS_WIDE * each.error for each in kept)
        # what is left out is no miss
        assert (covered + len(found) - len(kept)) / len(found) > PROMISED - 2 * error(PROMISED, repeats)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("value", [0.0, 3.0, -1e12])
def test_a_constant_has_its_ends_without_error_whatever_the_draws(value, design):
    few = drawn(lambda z: np.full(z.shape[1], value), design, 64, 1)
    assert few.quantile(0.025) == few.quantile(0.5) == (value, 0.0, "", None)
    # where other values are rare, too few draws tell
    assert few.told(constant=False).quantile(0.025).error is None


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(("share", "far"), [(0.02, 500.0), (0.01, -3.0), (0.05, 1e6)])
def test_a_tail_that_ends_has_the_kurtosis_of_its_draws(design, share, far):
    found = drawn(lambda z: np.where(z[0] < ndtri(share), far, 0.0) + 0.01 * z[1], design, 2**12, 1).mean
    assert abs(found.value - share * far) <= 3 * found.error
    # a tail that is longer than the quantiles show is told too
    endless = drawn(lambda z: np.exp(4 * z[0]), design, 2**12, 1).mean
    assert endless.error is None


def two_lognormal(log_sd):
    return lambda z: np.exp(log_sd * (z[0] + z[1]))


@pytest.mark.parametrize("design", ["sobol", "lhs"])
def test_a_design_knows_the_mean_of_what_a_tail_decides_little_better_than_independent_draws(design):
    alone = drawn(two_lognormal(1), "random", 2**12, 1).mean.error
    told = [drawn(two_lognormal(1), design, 2**12, seed).mean for seed in range(8)]
    assert np.median([each.error for each in told if each.error is not None]) > alone / 4
    # where a tail decides little, it is known as well as ever
    mild = drawn(two_lognormal(0.3), design, 2**12, 1)
    sample = mild._sample
    assert sample._more == 0


@pytest.mark.slow
@pytest.mark.parametrize("design", ["sobol", "lhs"])
@pytest.mark.parametrize(("log_sd", "samples"), [(1, 2**14), (0.8, 2**12), (1, 2**12)])
def test_means_that_have_an_error_lie_within_it(design, log_sd, samples):
    found = [drawn(two_lognormal(log_sd), design, samples, seed).mean for seed in range(200)]
    given = [each for each in found if each.error is not None]
    covered = sum(abs(each.value - np.exp(log_sd**2)) <= ERRORS_WIDE * each.error for each in given)
    assert covered / len(given) > 0.95 - 3 * error(0.95, len(given))


MEANS = {
    "lognormal, log-sd 0.94": (lambda rng, n: np.exp(0.94 * rng.standard_normal(n)), np.exp(0.94**2 / 2)),
    "lognormal, log-sd 1": (lambda rng, n: np.exp(rng.standard_normal(n)), np.exp(0.5)),
    "exponential": (lambda rng, n: rng.exponential(size=n), 1.0),
    "mostly 0": (lambda rng, n: np.where(rng.random(n) < 0.7, 0.0, rng.exponential(size=n)), 0.3),
    "Student, 4 degrees of freedom": (lambda rng, n: rng.standard_t(4, n), 0.0),
}


@pytest.mark.parametrize("name", one_in(2, MEANS))
def test_whether_a_mean_has_an_error_is_no_matter_of_which_draws_came(name):
    """Errors that stand only where the farthest draws are missing are too small; here nearly all stand."""
    make, exact = MEANS[name]
    found = [Draws(make(np.random.default_rng(seed), 4096)).mean for seed in range(200)]
    given = [each for each in found if each.error is not None]
    assert len(given) >= 190
    covered = np.mean([abs(each.value - exact) <= ERRORS_WIDE * each.error for each in given])
    assert covered >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 200)


@pytest.mark.parametrize(("size", "log_sd"), [(200, 0.5), (2048, 0.94), (4096, 1.5)])
def test_a_standard_deviation_of_a_long_tail_has_no_error_in_few_draws(size, log_sd):
    found = [
        Draws(np.exp(log_sd * np.random.default_rng(seed).standard_normal(size))).sd for seed in range(100)
    ]
    assert sum(each.error is not None for each in found) <= 5


@pytest.mark.parametrize(("log_sd", "kurtosis"), [(0.2, 3.6784), (0.5, 8.898), (1.0, 113.94)])
def test_quantiles_tell_the_kurtosis_of_a_lognormal_quantity_wherever_it_lies(log_sd, kurtosis):
    scores = ndtri(telling(10_000))
    for quantiles in (7 + 3 * np.exp(log_sd * scores), np.sort(7 - 3 * np.exp(log_sd * scores))):
        assert kurtosis_told(quantiles, 10_000) == pytest.approx(kurtosis, rel=1e-3)
    assert kurtosis_told(scores, 10_000) == pytest.approx(3, abs=1e-4)
    assert kurtosis_told([0, 0, 0, 1, 2], 10_000) is None


SPREADS = {
    "gamma 2": (lambda z: gamma.ppf(ndtr(z[0]), 2), np.sqrt(2)),
    "Student, 7 degrees of freedom": (lambda z: student.ppf(ndtr(z[0]), 7), np.sqrt(7 / 5)),
    "Student, 5 degrees of freedom": (lambda z: student.ppf(ndtr(z[0]), 5), np.sqrt(5 / 3)),
    "lognormal 0.4": (lambda z: np.exp(0.4 * z[0]), np.exp(0.08) * np.sqrt(np.expm1(0.16))),
    "lognormal 0.5": (lambda z: np.exp(0.5 * z[0]), np.exp(0.125) * np.sqrt(np.expm1(0.25))),
    "sum of exponentials": (lambda z: -np.log(ndtr(z[:2])).sum(axis=0), np.sqrt(2)),
}


@pytest.mark.parametrize("design", ["lhs", "sobol"])
@pytest.mark.parametrize("samples", [2**11, 2**13])
@pytest.mark.parametrize("name", SPREADS)
@repeated(100, 400)
def test_standard_deviations_of_tails_on_nets_cover_where_they_have_an_error(name, samples, design, repeats):
    """What the outermost strata of 16 replicates hold is skewed, whatever their size."""
    function, exact = SPREADS[name]
    found = [drawn(function, design, samples, seed).sd for seed in range(repeats)]
    given = [each for each in found if each.error is not None]
    # where few of them have one, those that do are the ones whose tail came out short
    if len(given) > repeats / 2:
        covered = np.mean([abs(each.value - exact) <= ERRORS_WIDE * each.error for each in given])
        assert covered > PROMISED - 2 * error(PROMISED, len(given))


@pytest.mark.parametrize(("tail", "replicates"), [(0.0, 16), (0.0, 31), (0.25, 16), (0.25, 24), (1 / 3, 31)])
def test_intervals_of_values_with_a_tail_are_as_much_wider_as_covers(tail, replicates):
    """Of generalised Pareto values, as they lie beyond the edge of a stratum, 95 % are covered."""
    values = genpareto.rvs(tail, size=(4000, replicates), random_state=1)
    halves = widened(replicates, tail) * half_widths(values)
    covered = np.mean(np.abs(values.mean(axis=1) - 1 / (1 - tail)) <= halves)
    assert covered == pytest.approx(0.95, abs=0.015)


def test_a_tail_too_long_for_a_replicate_has_no_spread_with_an_error_however_many_replicates():
    values = np.exp(0.65 * ndtri((np.arange(2**16) + 0.5) / 2**16))
    draws = Draws(np.random.default_rng(1).permutation(values), 2**10)
    assert draws.sd.error is None
    assert "moments do not settle" in draws.sd.reason
    assert Draws(draws.values).sd.error is not None


LONG = {
    "lognormal 0.94": (product(0.94), np.exp(0.94**2 / 2)),
    "Pareto 4.5": (lambda z: ndtr(-z[0]) ** (-1 / 4.5), 4.5 / 3.5),
    "exponential": (lambda z: -np.log(ndtr(-z[0])), 1.0),
}


@pytest.mark.slow
@pytest.mark.parametrize(("function", "mean"), LONG.values(), ids=LONG)
def test_errors_of_long_tails_on_nets_have_what_one_draw_more_would_change(function, mean):
    """Means of replicates are skewed there: their spread alone covers 86 to 92 %."""
    found = [drawn(function, "sobol", 1024, seed) for seed in range(100)]
    values = np.array([draws.mean.value for draws in found])
    errors = np.array([draws.mean.error or np.inf for draws in found])
    assert np.mean(np.abs(values - mean) <= ERRORS_WIDE * errors) > 0.95 - 2.5 * error(0.95, 100)
    alone = found[0].values.reshape(-1, found[0].replicate_rows).mean(axis=1).std(ddof=1)
    one_more = found[0].values.std() * np.sqrt(kurtosis(found[0].values, fisher=False)) / 1024
    assert errors[0] > np.hypot(alone / np.sqrt(1024 / found[0].replicate_rows), one_more)
