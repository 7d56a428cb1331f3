"""Distribution functions of columns, against scipy's distributions and differences."""

import numpy as np
import pytest
from scipy import integrate, special, stats

import uncertainty.special
from uncertainty.expressions import counts
from uncertainty.expressions.derivatives import RULES
from uncertainty.expressions.operations import (
    COUNTED,
    FUNCTIONS,
    HIDDEN,
    SPECIAL,
    beta_quantile,
    binomial_quantile,
    evaluate,
    student_quantile,
)
from uncertainty.expressions.syntax import parse_expression

RNG = np.random.default_rng(3)
U = np.concatenate([RNG.uniform(size=200), [1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12]])
N = U.size
SHAPES = {
    "normal": ((), stats.norm),
    "gamma": ((np.exp(RNG.uniform(-2, 6, N)),), stats.gamma),
    "beta": ((np.exp(RNG.uniform(-1, 3, N)), np.exp(RNG.uniform(-1, 3, N))), stats.beta),
    "student": ((RNG.uniform(1, 30, N),), stats.t),
    "poisson": ((np.exp(RNG.uniform(-5, 8, N)),), stats.poisson),
    "binomial": ((RNG.integers(1, 500, N).astype(float), RNG.uniform(0, 1, N)), stats.binom),
}


def test_every_function_is_among_these():
    assert {name.rsplit("_", 1)[0] for name in SPECIAL} == set(SHAPES)


@pytest.mark.parametrize("family", SHAPES)
def test_quantiles_and_probabilities_are_scipy_s(family):
    shapes, of = SHAPES[family]
    exact = of(*shapes).ppf(U)
    found = SPECIAL[f"{family}_quantile"].compute(*shapes, U)
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-300)
    wanted = of(*shapes).cdf(exact)
    np.testing.assert_allclose(SPECIAL[f"{family}_cdf"].compute(*shapes, exact), wanted, rtol=1e-12)


@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_counts_are_looked_for_near_where_they_lie(family, monkeypatch):
    """Halving what they could be took a dozen steps of every draw; how few are needed is counted in draws."""
    rng, asked = np.random.default_rng(3), []
    u, p = rng.random(4000), rng.beta(2, 98, 4000)
    n = rng.poisson(1000, 4000).astype(float)
    shapes = [n * p] if family == "poisson" else [n, p]
    whole = getattr(counts, f"{family}_cdf")

    def counted(*operands):
        asked.append(operands[-1].size)
        return whole(*operands)

    monkeypatch.setattr(counts, f"{family}_cdf", counted)
    u[:3] = 0, 1e-200, 1 - 2.0**-53
    found = getattr(counts, f"{family}_quantile")(*shapes, u)
    wanted = getattr(stats, {"poisson": "poisson", "binomial": "binom"}[family])(*shapes).ppf(u)
    assert (found[3:] == wanted[3:]).all()
    assert (found[:2] == 0).all()  # no count lies below 0, whatever other draws need
    assert sum(asked) < 3 * u.size


def _by_halving(cdf, shapes, u, high):
    """Return the least counts whose cdf reaches probabilities, without any notion of where they lie."""
    below, reached = np.full(high.shape, -1.0), high
    while (reached - below > 1).any():
        middle = np.maximum(np.floor((below + reached) / 2), 0)
        enough = cdf(*shapes, middle) >= u
        reached, below = np.where(enough, middle, reached), np.where(enough, below, middle)
    return reached


@pytest.mark.parametrize("family", ["poisson", "binomial", "fractions of trials"])
def test_many_counts_of_one_set_of_parameters_hardly_ask_for_the_cdf(family, monkeypatch):
    """Each took two incomplete beta functions of microseconds, in a break-even value of averages millions."""
    rng, asked = np.random.default_rng(4), []
    u, p = rng.random(64), rng.beta(2, 18, (80, 1))
    u[:4] = 0, 1e-12, 1 - 1e-12, 0.5
    n = np.rint(np.geomspace(1, 1000, 80))[:, None] + (0.3 if family.startswith("f") else 0)
    n[:5] -= 0.75 if family.startswith("f") else 0
    shapes = [n * p] if family == "poisson" else [n, p]
    name = "poisson" if family == "poisson" else "binomial"
    whole = getattr(counts, f"{name}_cdf")
    high = np.broadcast_to(np.ceil(n) if name == "binomial" else n * p + 1000, (80, 64)).round()
    wanted = _by_halving(whole, shapes, u, high)

    def counted(*operands):
        asked.append(operands[-1].size)
        return whole(*operands)

    monkeypatch.setattr(counts, f"{name}_cdf", counted)
    found = getattr(counts, f"{name}_quantile")(*shapes, u)
    assert (found == wanted).all()
    # of the probabilities next to 0 and 1 alone
    assert sum(asked) < 80 * 3 * 14


VARIANCES = np.geomspace(16, 2e6, 40)


def _varied(family):
    """Return parameters of counts with these variances, one a row."""
    if family == "poisson":
        return [VARIANCES[:, None]]
    p = np.random.default_rng(5).choice([1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6], 40)
    n = np.ceil(VARIANCES / p / (1 - p)) + (0.37 if family.startswith("f") else 0)
    return [n[:, None], p[:, None]]


@pytest.mark.parametrize("family", ["poisson", "binomial", "fractions of trials"])
def test_counts_that_vary_much_are_told_without_their_cdf(family, monkeypatch):
    """Of more trials each took longer: of 1e9, two hundred times as long as of 1,000."""
    name, asked = "poisson" if family == "poisson" else "binomial", []
    shapes, u = _varied(family), np.random.default_rng(6).random(512)
    u[:4] = 1e-12, 1e-6, 1 - 1e-6, 1 - 1e-12
    whole = getattr(counts, f"{name}_cdf")

    def counted(*operands):
        asked.append(operands[-1].size)
        return whole(*operands)

    monkeypatch.setattr(counts, f"{name}_cdf", counted)
    found = getattr(counts, f"{name}_quantile")(*shapes, u)
    assert sum(asked) < 0.02 * found.size
    assert (whole(*shapes, found) >= u).all()
    assert (whole(*shapes, found - 1) < u).all()


@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_the_expansion_is_off_by_less_than_is_allowed_for(family):
    """Where a count's cdf is asked for, the expansion lies half a unit above it, but for the error."""
    for variance in (16.0, 40.0, 300.0, 2000.0):
        for p in (1e-5, 0.2, 0.5, 0.99) if family == "binomial" else (0.0,):
            n = np.ceil(variance / p / (1 - p)) + 0.37 if p else variance
            of = stats.poisson(variance) if family == "poisson" else None
            k = np.arange(
                max(np.floor((n * p or n) - 6 * variance**0.5), 0), np.ceil((n * p or n) + 7 * variance**0.5)
            )
            k = k if family == "poisson" else k[k < n - 1]
            up_to = of.cdf(k) if of else special.betaincc(k + 1, n - k, p)
            beyond = of.sf(k) if of else special.betainc(k + 1, n - k, p)
            z = np.where(up_to < 0.5, special.ndtri(up_to), -special.ndtri(beyond))
            moments = (
                counts._poisson_moments(np.float64(n)) if of else counts._binomial_moments(np.float64(n), p)
            )
            place, _ = counts._expanded(moments, z)
            error = np.abs(place - k - 0.5) * moments.sd**3 / (1 + np.abs(z) ** 5)
            assert error.max() < counts.MISSED / 1.8


def test_the_largest_counts_are_where_closed_forms_have_them():
    """Beyond the numbers that are told from the next, a look for a Poisson count never ended."""
    n = np.array([1e6, 1e9, 1e12, 1e15])
    # of whole means that is the median; of trials with even odds, half of them
    assert counts.poisson_quantile(n, 0.5).tolist() == n.tolist()
    assert counts.binomial_quantile(n, 0.5, 0.5).tolist() == (n / 2).tolist()
    u = np.random.default_rng(7).random((100, 1))
    failed = counts.binomial_quantile(n, 0.25, u)
    assert np.abs(n - failed - counts.binomial_quantile(n, 0.75, 1 - u)).max() <= 1
    for mean in (1e12, 1e16, 1e20, 1e300):
        assert counts.poisson_quantile(mean, 0.9) == pytest.approx(
            mean + stats.norm.ppf(0.9) * mean**0.5, rel=1e-12
        )
    # ten failures of 1e17, whose neighbours are 16 apart
    assert counts.binomial_quantile(1e17, 1 - 2.0**-53, [0.1, 0.9]) == pytest.approx(1e17 - 11, abs=24)


@pytest.mark.parametrize("name", ["poisson_quantile", "binomial_quantile"])
def test_counts_of_impossible_parameters_are_undefined(name):
    shapes = ([-1.0, np.nan, 2.0],) if name[0] == "p" else ([5, np.nan, 5], [0.5, 0.5, np.nan])
    with np.errstate(invalid="ignore"):
        found = SPECIAL[name].compute(*map(np.array, shapes), np.full(3, 0.5))
    assert np.isnan(found).tolist() == ([True, True, False] if name[0] == "p" else [False, True, True])


@pytest.mark.parametrize("name", sorted(SPECIAL.keys() - COUNTED))
def test_derivatives_are_differences(name):
    *shapes, last = {
        "normal": (0.3,), "gamma": (2.5, 0.7), "beta": (2.0, 3.0, 0.4), "student": (5.0, 0.2)
    }[name.rsplit("_", 1)[0]]  # fmt: skip
    operands = [np.array([each]) for each in (*shapes, last)]
    found = RULES[name].slopes(SPECIAL[name].compute(*operands), *operands)
    for place, slope in enumerate(found):
        step = 1e-5
        ends = [[each + sign * step * (i == place) for i, each in enumerate(operands)] for sign in (1, -1)]
        up, down = (SPECIAL[name].compute(*each) for each in ends)
        np.testing.assert_allclose(slope, (up - down) / (2 * step), rtol=1e-6)


def test_no_text_can_name_them():
    assert not HIDDEN.keys() & FUNCTIONS.keys()
    for name in SPECIAL:
        with pytest.raises(Exception, match="unknown function"):
            parse_expression(f"{name}(1, 2)")
    assert evaluate("normal_quantile", (0.5,)) == 0


def test_where_scipy_gives_up_at_the_middle_of_a_beta_it_has_no_value(monkeypatch):
    # scipy 1.16 does so for shapes of 1e12; the leading power would be 0.33
    monkeypatch.setattr(uncertainty.special, "betaincinv", lambda *_: np.full(2, np.nan))
    assert np.isnan(beta_quantile(9e7, 2e7, [0.04, 0.7])).all()
    assert beta_quantile(2.0, [3.0, 1e9], 1e-250) == pytest.approx(np.sqrt(1e-250 * 2 / np.array([12, 1e18])))


def test_probabilities_of_many_trials_are_those_of_the_beta(monkeypatch):
    """Each took milliseconds of 1e15 trials, which a bound of a count asked for in every draw."""
    n, p, z = 5e7, np.array([0.03, 0.5, 0.96])[:, None], np.array([-9.0, -3.0, -0.1, 0.0, 1.0, 4.0])
    k = np.floor(n * p + z * np.sqrt(n * p * (1 - p)))
    wanted = special.betaincc(k + 1, n - k, p)
    beside = counts.binomial_cdf([9.0, n], 0.4, [3.0, n * 0.4])
    assert beside[0] == pytest.approx(stats.binom(9, 0.4).cdf(3), rel=1e-14)
    asked, whole = [], special.betaincc
    monkeypatch.setattr(
        uncertainty.special, "betaincc", lambda a, *b: asked.append(np.max(a)) or whole(a, *b)
    )
    assert counts.binomial_cdf(n, p, k) == pytest.approx(wanted, rel=1e-6)
    assert counts.binomial_cdf(n, p, k)[:, 1:] == pytest.approx(wanted[:, 1:], rel=1e-9)
    assert counts.binomial_cdf(n, p, [-1.0, 0.0, n])[0].tolist() == [0, 0, 1]
    # the median of trials with even odds
    half = counts.binomial_cdf(1e15, 0.5, 5e14)
    assert half - 0.5 == pytest.approx(0.5 / np.sqrt(np.pi * 5e14), rel=1e-6)
    assert max(asked) == 1


def _sharp_beta_cdf(a, b, x):
    """Integrate the density about its mode, whose powers are too large to be taken as they are."""
    mode, sd = (a - 1) / (a + b - 2), stats.beta(a, b).std()

    def up_to(end):
        apart = np.linspace(-40 * sd, end, 80001)
        density = np.exp((a - 1) * np.log1p(apart / mode) + (b - 1) * np.log1p(-apart / (1 - mode)))
        return integrate.simpson(density, apart)

    return up_to(x - mode) / up_to(40 * sd)


def test_quantiles_of_the_sharpest_betas_are_told_without_a_search(monkeypatch):
    """They took the longer the sharper: with shapes of 1e15 two hundred times as long as with 1,000."""
    asked, whole = [], special.betaincinv
    monkeypatch.setattr(
        uncertainty.special, "betaincinv", lambda a, b, u: asked.append(np.max(a)) or whole(a, b, u)
    )
    u = np.array([0.0, 1e-9, 0.2, 0.5, 0.7, 1.0])
    shapes = [(1e8, 1e8), (1.5e8, 7e9), (3e12, 2e8), (2.0, 3.0)]
    found = beta_quantile(*np.array(shapes).T[:, :, None], u)
    for (a, b), each in zip(shapes[:2], found, strict=False):
        # scipy's own is off by 2e-7 in the second
        assert [_sharp_beta_cdf(a, b, x) for x in each[1:-1]] == pytest.approx(u[1:-1], rel=1e-9)
    assert found[2, 3] == pytest.approx((3e12 - 1 / 3) / (3e12 + 2e8 - 2 / 3), rel=1e-15)
    assert found[3, 1:-1] == pytest.approx(whole(2.0, 3.0, u[1:-1]), rel=1e-15)
    assert found[:, [0, -1]].tolist() == [[0, 1]] * 4
    assert max(asked) < 1e8


def test_quantiles_far_out_and_at_the_first_count():
    u = np.array([1e-250, 1e-200, 0.5])
    found = beta_quantile(2.0, 3.0, u)
    # x^2 / (2 B(2, 3)) is the leading power of the cdf
    assert found[:2] == pytest.approx(np.sqrt(u[:2] * 2 / 12), rel=1e-9)
    assert found[2] == pytest.approx(stats.beta(2, 3).ppf(0.5), rel=1e-12)
    assert beta_quantile(2.0, 3.0, 0.3) == pytest.approx(stats.beta(2, 3).ppf(0.3), rel=1e-12)
    assert np.isnan(beta_quantile(np.nan, 3.0, 1e-250))
    # where scipy gives up, the same, and beside it what scipy gives
    for b in (0.1, 4.0):
        far = beta_quantile(4.5, b, [1e-240, 0.5])
        assert far[0] == pytest.approx((1e-240 * 4.5 * special.beta(4.5, b)) ** (1 / 4.5), rel=1e-9)
        assert far[1] == pytest.approx(stats.beta(4.5, b).ppf(0.5), rel=1e-12)
    assert binomial_quantile([5, 5, 5, 5], [0.1, 0.1, 0.1, 1.0], [0.5, 0.6, 1.0, 0.2]).tolist() == [
        0,
        1,
        5,
        5,
    ]
    assert binomial_quantile(5, 0.5, 0.0) == 0
    mirrored = student_quantile(3.0, [0.25, 0.75, 0.5, 0.0, 1.0]).tolist()
    assert mirrored == [-mirrored[1], pytest.approx(stats.t(3).ppf(0.75)), 0.0, -np.inf, np.inf]
    low, high = student_quantile(3.0, [2.0**-40, 1 - 2.0**-40])
    assert low == -high
    far = student_quantile(3.0, [1e-300, 1e-150])
    assert far[0] == far[1] < -1e40


@pytest.mark.parametrize(("trials", "share"), [(60, 0.5), (900, 0.1), (1e5, 0.01)])
def test_counts_of_counts_are_asked_once_for_each_of_their_sets(trials, share, monkeypatch):
    """Among rows of few sets the probabilities are those of each row alone, and few are computed."""
    rng = np.random.default_rng(5)
    n, u = rng.binomial(trials, share, 2**12).astype(float), rng.random(2**12)
    n[0] = np.nan
    asked, own = [], uncertainty.special.betaincc

    def noted(*given):
        asked.append(np.size(given[0]))
        return own(*given)

    monkeypatch.setattr(uncertainty.special, "betaincc", noted)
    found, again = counts.binomial_quantile(n, 0.2, u), counts.binomial_cdf(n, 0.2, np.floor(n / 5))
    np.testing.assert_array_equal(found[1:], stats.binom.ppf(u[1:], n[1:], 0.2))
    np.testing.assert_allclose(again[1:], stats.binom.cdf(np.floor(n[1:] / 5), n[1:], 0.2), rtol=1e-9)
    assert np.isnan(found[0])
    assert sum(asked) < 2**11
