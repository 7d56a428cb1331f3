"""Tabulated quantile functions: as good as exact for every family, whatever they are made of."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from variants import variants

from uncertainty.distributions import parse_distribution
from uncertainty.sampling.transforms import (
    NARROWEST,
    OUTERMOST,
    Exact,
    Scratch,
    Table,
    _fit,
    cut_until,
    make_pieces,
    make_transform,
)

CONTINUOUS = (
    "normal(0, 1)",
    "normal(-1e6, 1e-3)",
    "0.2 to 8",
    "lognormal(median=1.5, sigma=1.0)",
    "uniform(-1, 3)",
    "loguniform(1e7, 2e8)",
    "triangular(0.4, 0.8, 1.6)",
    "triangular(1, 1.00001, 1.5)",
    "pert(1, 3.2, 8)",
    "trapezoid(0, 1, 1, 4)",
    "trapezoid(0, 0, 2, 2.5)",
    "beta(2, 8)",
    "beta(0.05, 3)",
    "beta(0.5, 0.5, -2, 2)",
    "gamma(0.3, 2)",
    "gamma(40, 0.1)",
    "exponential(3)",
    "arcsine(-0.5, 0.5)",
    "weibull(0.5, 1)",
    "weibull(8, 2)",
    "gumbel(0, 1)",
    "logistic(0, 1)",
    "pareto(1, 2.5)",
    "student_t(50000623, 25, 18)",
    "student_t(0, 1, 1.2)",
    "ctrap(-0.05, 0.05, 0.025)",
    "ctrap(-1, 1, 1)",
    "pedigree(5, reliability=2, completeness=3, temporal=1, geographical=2, technological=3)",
    "metalog(p10=1, p50=2, p90=5)",
    "metalog(p5=1, p50=2, p95=9, low=0, high=20)",
    "metalog(p10=1, p25=1.4, p50=2, p75=3.5, p90=5)",
    "truncate(normal(75, 20), low=20, high=150)",
    "truncate(lognormal(3, 2), high=1)",
    "truncate(mixture(normal(0, 1), normal(8, 1)), low=0)",
    "mixture(lognormal(3, 2), uniform(1, 9), weights=(0.7, 0.3))",
    "mixture(uniform(0, 1), uniform(3, 4))",
)
WITH_ATOMS = (
    "discrete(1, 2, 4, weights=(0.5, 0.3, 0.2))",
    "discrete(0, 1)",
    "poisson(4)",
    "poisson(5000)",
    "binomial(20, 0.1)",
    "bernoulli(0.3)",
    "discrete(-1, 7, weights=(0.99999, 0.00001))",
    "empirical(1.2, 1.9, 3.4, 3.4)",
    f"empirical({', '.join(map(str, range(1000)))})",
    "clip(lognormal(median=3, sigma=0.7), low=1)",
    "clip(normal(0, 1), low=-1, high=1)",
    "mixture(discrete(1, 2), normal(0, 1))",
    "mixture(0, lognormal(3, 2), weights=(0.1, 0.9))",
    "truncate(mixture(2, uniform(0, 4)), low=1)",
)
EVERY = CONTINUOUS + WITH_ATOMS


def probabilities():
    rng = np.random.default_rng(1)
    tails = 2.0 ** -rng.uniform(1, 53, 3000)
    cells = np.arange(1, 4096) / 4096
    edges = np.concatenate([np.nextafter(cells, 0), cells, np.nextafter(cells, 1), cells - 2.0**-13])
    special = np.array([2.0**-54, 2.0**-53, 1 - 2.0**-53, OUTERMOST, 1 - OUTERMOST])
    return np.concatenate([rng.random(30_000), tails, np.minimum(1 - tails, 1 - 2.0**-53), edges, special])


def transformed(text, u):
    x = u.copy()
    make_transform(parse_distribution(text)).apply(x, Scratch(u.size))
    return x


def error_in_probability(distribution, u, x):
    """How far `u` lies outside [P(X < x), P(X <= x)], for values a few roundings to either side."""
    slack = 16 * np.finfo(float).eps * np.abs(x)
    below, to = distribution.cdf(np.nextafter(x - slack, -np.inf)), distribution.cdf(x + slack)
    return np.maximum(np.maximum(below - u, u - to), 0)


@pytest.mark.parametrize("text", variants(EVERY, lambda text: "pert" not in text))
def test_the_error_is_below_1e_7_as_a_probability_and_below_1e_4_of_a_tail(text):
    u = probabilities()
    error = error_in_probability(parse_distribution(text), u, transformed(text, u))
    assert error.max() < 5e-8
    tail = np.minimum(u, 1 - u)
    # a cumulative probability next to 1 is itself rounded to 2^-53
    assert (error < 1e-4 * tail + 1e-15).all()


@pytest.mark.parametrize("text", EVERY)
def test_values_rise_with_the_probability_but_for_rounding(text):
    u = np.sort(probabilities())
    x = transformed(text, u)
    scale = np.diff(np.quantile(x, [0.25, 0.75]))
    rounding = 1e-12 * np.abs(x) + 1e-14 * scale + 1e-300 + table_rounding(text, u)
    assert (np.diff(x) >= -rounding[1:]).all()


def table_rounding(text, u):
    """Four roundings of the terms of a table's parabola, which are larger than their sum."""
    table = make_transform(parse_distribution(text))
    if not isinstance(table, Table):
        return np.zeros_like(u)
    terms = np.abs(table.constant) + np.abs(table.linear) + np.abs(table.quadratic)
    return 4 * np.finfo(float).eps * np.nan_to_num(terms[np.rint(u * 4096).astype(int)])


@pytest.mark.parametrize("text", EVERY)
def test_values_stay_within_the_support(text):
    low, high = parse_distribution(text).support
    x = transformed(text, probabilities())
    assert low <= x.min()
    assert x.max() <= high


@pytest.mark.parametrize("text", WITH_ATOMS)
def test_values_of_positive_probability_are_met_to_the_last_bit(text):
    u = probabilities()
    distribution = parse_distribution(text)
    exact, x = distribution.quantile(u), transformed(text, u)
    on_atom = np.isin(exact, distribution.atoms)
    np.testing.assert_array_equal(x[on_atom], exact[on_atom])
    assert not np.isin(x[~on_atom], distribution.atoms).any()


@pytest.mark.parametrize("text", EVERY)
def test_the_outermost_tails_are_exact(text):
    u = np.array([2.0**-54, 2.0**-50, OUTERMOST / 2, 1 - OUTERMOST / 2, 1 - 2.0**-53])
    exact = parse_distribution(text).quantile(u)
    np.testing.assert_allclose(transformed(text, u), exact, rtol=1e-15)


def test_no_value_falls_into_a_gap():
    x = transformed("mixture(uniform(0, 1), uniform(3, 4))", np.linspace(0.499999, 0.500001, 10_001))
    assert not ((x > 1) & (x < 3)).any()


def test_a_value_does_not_depend_on_its_neighbours():
    u = probabilities()
    whole = transformed("pert(1, 3.2, 8)", u)
    parts = np.concatenate([transformed("pert(1, 3.2, 8)", part) for part in np.array_split(u, 97)])
    np.testing.assert_array_equal(whole, parts)


def test_a_table_is_made_once_and_the_same_again_elsewhere():
    made = make_transform(parse_distribution("beta(2, 9)"))
    assert isinstance(made, Table)
    assert make_transform(pickle.loads(pickle.dumps(parse_distribution("beta(2, 9)")))) is made
    make_transform.cache_clear()
    again = make_transform(parse_distribution("beta(2, 9)"))
    for one, other in ((made.constant, again.constant), (made.linear, again.linear)):
        np.testing.assert_array_equal(one, other)


def test_data_too_many_for_a_table_are_looked_up():
    text = f"empirical({', '.join(map(str, range(5000)))})"
    distribution = parse_distribution(text)
    assert isinstance(make_transform(distribution), Exact)
    u = probabilities()
    np.testing.assert_array_equal(transformed(text, u), distribution.quantile(u))


@pytest.mark.slow
def test_evenly_spaced_values_are_not_smoothed_over():
    distribution = parse_distribution(f"mixture(empirical({', '.join(map(str, range(3000)))}), 5000.5)")
    u = np.random.default_rng(1).random(2000)
    x = u.copy()
    make_transform(distribution).apply(x, Scratch(u.size))
    np.testing.assert_array_equal(x, distribution.quantile(u))


@pytest.mark.parametrize(
    ("text", "sd"),
    [
        ("normal(429228004229873, 0.3)", 0.3),
        ("normal(-1e12, 0.001)", 0.001),
        ("triangular(1e15, 1000000000000004, 1000000000000008)", (8 / 3) ** 0.5),
        ("truncate(normal(9192631770, 1e-5), low=9192631769)", 1e-5),
    ],
)
def test_a_spread_of_a_few_roundings_keeps_its_size(text, sd):
    """The grid of numbers near the value adds its own variance, a twelfth of its square."""
    distribution = parse_distribution(text)
    u = (np.arange(2**16) + 0.5) / 2**16
    middle = distribution.quantile(np.array([0.5]))[0]
    expected = np.sqrt(sd**2 + np.spacing(abs(middle)) ** 2 / 12)
    row = u.copy()
    make_transform(distribution).apply(row, Scratch(u.size))
    assert np.std(row - middle) == pytest.approx(expected, rel=2e-3)


def test_an_extreme_shape_ends_in_exact_pieces_not_in_endless_halving():
    distribution = parse_distribution("beta(0.001, 0.001)")
    pieces = make_pieces(distribution)
    assert len(pieces.polynomials) < 10_000
    u = np.random.default_rng(1).random(2000)
    # next to 1 its values are farther apart in probability than any table errs
    unavoidable = error_in_probability(distribution, u, distribution.quantile(u))
    assert (error_in_probability(distribution, u, pieces.quantile(u)) < unavoidable + 5e-8).all()


def test_many_normal_and_lognormal_inputs_share_a_table_within_the_same_error():
    from uncertainty.distributions import Lognormal, Normal
    from uncertainty.sampling.transforms import Scaled, make_transforms

    few = [Normal(3.0, 0.2), Lognormal(5.0, 2.0)]
    assert not any(isinstance(each, Scaled) for each in make_transforms(few, together=False))
    u = np.random.default_rng(1).uniform(size=512)
    for distribution, transform in zip(few, make_transforms(few, together=True), strict=False):
        row = u.copy()
        transform.apply(row, Scratch(512))
        assert distribution.cdf(row) == pytest.approx(u, abs=1e-7)


def test_rows_that_share_a_table_are_transformed_together_as_each_alone():
    from uncertainty.distributions import Lognormal, Normal, Triangular, Uniform
    from uncertainty.sampling.nets import TOGETHER
    from uncertainty.sampling.transforms import make_transforms, transform_rows

    kinds = [Normal(3.0, 0.2)] * 200 + [Lognormal(2.0, 1.5), Normal(-1.0, 2.0)] * 100
    kinds += [Triangular(0.0, 1.0, 3.0)] * 90 + [Uniform(2.0, 5.0)] * 90
    transforms = make_transforms(kinds, together=True)
    u = np.random.default_rng(1).uniform(size=(len(kinds), TOGETHER // 64 - 3))
    scratch = Scratch(u.shape[1])
    alone = u.copy()
    for transform, row in zip(transforms, alone, strict=True):
        transform.apply(row, scratch)
    np.testing.assert_array_equal(transform_rows(u.copy(), transforms, scratch), alone)
    # of a block that is shorter than its memory rows are no one piece
    wide = np.empty((len(kinds), 200))
    wide[:, : u.shape[1]] = u
    np.testing.assert_array_equal(transform_rows(wide[:, : u.shape[1]], transforms, scratch), alone)


def test_pieces_are_halved_until_they_are_good_or_as_narrow_as_may_be():
    def fit(low, high):
        # 0.3 lies in no good piece, and what is above a half only in narrow ones
        good = ~((low <= 0.3) & (high > 0.3)) & ((high <= 0.5) | (high - low <= 2.0**-6))
        return np.column_stack([low, high]), good

    cut = cut_until(2.0**-4, fit)
    low, high = cut.edges[:-1], cut.edges[1:]
    np.testing.assert_array_equal(cut.coefficients, np.column_stack([low, high]))
    assert (cut.edges[0], cut.edges[-1]) == (2.0**-4, 1 - 2.0**-4)
    (wrong,) = np.flatnonzero(~cut.good)
    assert low[wrong] <= 0.3 < high[wrong]
    assert high[wrong] - low[wrong] == NARROWEST == (high - low).min()
    np.testing.assert_array_equal((high - low)[low >= 0.5], 2.0**-6)
    # the octave of 0.3 in halves, and the two octaves below it whole
    assert np.count_nonzero(high <= 0.25) == 2


def test_pieces_meet_in_the_same_probabilities_and_one_that_jumps_is_not_good():
    low = np.random.default_rng(1).uniform(0.01, 0.6, 200)
    high = low + np.random.default_rng(2).uniform(0.01, 0.3, 200)
    asked = []

    def quantile(u):
        asked.append(u.reshape(200, -1))
        return u

    coefficients, good = _fit(SimpleNamespace(quantile=quantile, atoms=()), low, high)
    assert good.all()
    np.testing.assert_array_equal(asked[0].min(axis=1), low)
    np.testing.assert_array_equal(asked[0].max(axis=1), high)
    np.testing.assert_allclose(coefficients[:, 0], (low + high) / 2, rtol=1e-12)
    np.testing.assert_allclose(coefficients[:, 1], (high - low) / 2, rtol=1e-9)
    for jump, flat in ((low[0], False), (high[0] - 1e-12, False), (high[0], True), (0.0, True)):
        steps = SimpleNamespace(quantile=lambda u, jump=jump: (u > jump) * 1.0, atoms=(0.0, 1.0))
        assert _fit(steps, low[:1], high[:1])[1].tolist() == [flat]
