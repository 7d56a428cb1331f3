"""Polynomials of scores in closed form, and fits of them against other programs and known coefficients."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from uncertainty.distributions import parse_distribution
from uncertainty.emulation.chaos import Chaos, _fitted, _left_out, candidates, fit_chaos, least_angle_order
from uncertainty.emulation.germs import FARTHEST, hermite, legendre, make_germ
from uncertainty.emulation.jumps import _worst_pairs, jump_between

NORMAL, UNIFORM = (make_germ(parse_distribution(text)) for text in ("normal(3, 2)", "uniform(1, 5)"))


def test_polynomials_are_those_of_hermite_and_legendre_with_a_mean_square_of_1():
    x = np.linspace(-0.9, 0.8, 5)
    one = np.ones(5)
    for degree in range(5):
        plain = [one, x, x**2 - 1, x**3 - 3 * x, x**4 - 6 * x**2 + 3]
        wanted = [each / math.sqrt(math.factorial(k)) for k, each in enumerate(plain[: degree + 1])]
        np.testing.assert_allclose(hermite(degree, x, one), wanted, rtol=1e-12)
        plain = [one, x, (3 * x**2 - 1) / 2, (5 * x**3 - 3 * x) / 2, (35 * x**4 - 30 * x**2 + 3) / 8]
        wanted = [math.sqrt(2 * k + 1) * each for k, each in enumerate(plain[: degree + 1])]
        np.testing.assert_allclose(legendre(degree, x, one), wanted, rtol=1e-12)
        np.testing.assert_array_equal(NORMAL.up_to(degree, x), hermite(degree, x, one))
        np.testing.assert_array_equal(UNIFORM.up_to(degree, x), legendre(degree, x, one))


def test_scores_are_normal_or_uniform_and_unknown_where_no_run_can_be():
    z = np.array([-6.5, -1.234, 0.0, 0.7, 6.9])
    np.testing.assert_allclose(NORMAL.at(3 + 2 * z), z, atol=1e-5)
    assert np.isnan(NORMAL.at(3 + 2 * np.array([-7.01, 7.01]))).all()
    assert NORMAL.support == pytest.approx((3 - 2 * FARTHEST, 3 + 2 * FARTHEST), rel=1e-9)
    assert (NORMAL.family, UNIFORM.family) == ("hermite", "legendre")
    np.testing.assert_allclose(UNIFORM.at(np.array([1.0, 2.0, 3.3, 5.0])), [-1, -0.5, 0.15, 1], atol=1e-9)
    assert np.isnan(UNIFORM.at(np.array([0.99, 5.01]))).all()
    waiting = make_germ(parse_distribution("exponential(1)"))
    assert waiting.support == (0.0, pytest.approx(-norm.logsf(FARTHEST)))
    assert waiting.at(np.array([0.0, math.log(2)])) == pytest.approx([-FARTHEST, 0], abs=1e-5)
    # bounded, and nearer to a polynomial of normal scores than of uniform ones
    assert make_germ(parse_distribution("truncate(normal(0, 1), low=-6, high=6)")).family == "hermite"
    assert make_germ(parse_distribution("beta(1.05, 1)")).family == "legendre"
    assert NORMAL.most == UNIFORM.most == 2**30


def test_a_few_values_are_places_with_polynomials_of_their_weights():
    weights = np.array([0.5, 0.2, 0.3])
    germ = make_germ(parse_distribution("discrete(1, 2, 7, weights=(0.5, 0.2, 0.3))"))
    assert (germ.family, germ.support, germ.most) == ("levels", (1.0, 7.0), 2)
    np.testing.assert_array_equal(germ.at(np.array([7.0, 1.0, 2.0, 3.0, 0.0, 9.0])), [2, 0, 1, *[np.nan] * 3])
    columns = np.array(germ.up_to(2, np.array([0.0, 1.0, 2.0])))
    np.testing.assert_allclose((columns * weights) @ columns.T, np.eye(3), atol=1e-12)
    mean = 0.2 + 2 * 0.3
    sd = math.sqrt(0.2 + 4 * 0.3 - mean**2)
    np.testing.assert_allclose(columns[0], 1)
    np.testing.assert_allclose(columns[1], (np.arange(3) - mean) / sd)
    assert columns[2, 2] > 0
    one, two = germ.up_to(1, np.array([np.nan, 2.0]))
    assert [*np.isnan(one), *np.isnan(two)] == [True, False] * 2
    twelve, thirteen = (
        make_germ(parse_distribution(f"discrete({', '.join(map(str, range(n)))})")) for n in (12, 13)
    )
    assert (twelve.family, thirteen.family) == ("levels", "hermite")
    np.testing.assert_allclose(thirteen.scores, norm.ppf((np.arange(13) + 0.5) / 13), atol=1e-12)


def test_candidates_have_degrees_of_a_norm_and_those_of_few_inputs_may_be_higher():
    def of(text):
        return [tuple((int(each[0]), int(each[1])) for each in term.split("*")) for term in text.split()]

    assert candidates([20, 20], 1) == of("01 11")
    assert candidates([20, 20], 2) == of("01 02 11 12")
    assert candidates([20, 20], 3) == of("01 02 03 11 12 13 01*11")
    assert candidates([20, 20], 4) == of("01 02 03 04 11 12 13 14 01*11 01*12 02*11")
    assert candidates([1, 20], 4) == of("01 11 12 13 14 01*11 01*12")
    assert candidates([20] * 3, 5)[-1] == ((0, 1), (1, 1), (2, 1))
    # at most five of six together
    assert len(candidates([1] * 6, 20)) == 2**6 - 2
    assert len(candidates([1] * 90, 3)) == 3001


def lars(columns, values, steps):
    """Return the order of least angle regression by the equations of Efron et al. (2004)."""
    columns = (columns - columns.mean(axis=0)) / (columns.std(axis=0) * math.sqrt(len(values)))
    left, active = values - values.mean(), []
    for _ in range(steps):
        alike = columns.T @ left
        active.append(
            max((k for k in range(columns.shape[1]) if k not in active), key=lambda k: abs(alike[k]))
        )
        largest = abs(alike[active[0]])
        own = columns[:, active] * np.sign(alike[active])
        solved = np.linalg.solve(own.T @ own, np.ones(len(active)))
        rate = 1 / math.sqrt(solved.sum())
        along = own @ solved * rate
        rates = columns.T @ along
        gaps = [
            (largest - sign * alike[k]) / (rate - sign * rates[k])
            for k in range(columns.shape[1])
            if k not in active
            for sign in (1, -1)
        ]
        left = left - min([gap for gap in gaps if gap > 1e-12], default=largest / rate) * along
    return active


def test_columns_are_taken_up_in_the_order_of_least_angle_regression():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        columns = rng.normal(size=(60, 10)) @ (np.eye(10) + 0.4 * rng.normal(size=(10, 10)))
        values = columns @ rng.normal(size=10) + rng.normal(size=60)
        assert least_angle_order(columns, values) == lars(columns, values, 10)


def test_columns_of_nothing_new_are_left_out():
    rng = np.random.default_rng(1)
    columns = np.linalg.qr(rng.normal(size=(40, 5)) - 0.0)[0]
    columns -= columns.mean(axis=0)
    columns = np.column_stack([columns, np.full(40, 3.0), columns[:, 1] * -2])
    values = 5 + columns[:, :5] @ [0.5, -3, 2, 1, 0.1]
    order = least_angle_order(columns, values)
    assert order[0] in (1, 6)
    assert sorted({1 if place == 6 else place for place in order}) == [0, 1, 2, 3, 4]
    assert len(order) == 5
    # what was not taken up follows where there are runs enough
    first, *others = least_angle_order(columns[:, :4], 1 + columns[:, 2])
    assert first == 2
    assert len(others) >= 2
    assert others == sorted(others)
    # half as many as there are runs at most
    many = rng.normal(size=(12, 30))
    assert len(least_angle_order(many, rng.normal(size=12))) <= 6


def test_the_search_ends_a_while_after_the_best_number_of_terms():
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(200, 150))
    order = least_angle_order(columns, 5 * columns[:, 7] + columns[:, 30] + rng.normal(size=200))
    assert order[:2] == [7, 30]
    # with two terms it predicts best, and each more takes up chance
    assert 20 < len(order) < 60
    # of many that are needed none is left
    many = least_angle_order(columns, columns[:, :40].sum(axis=1) + 0.01 * rng.normal(size=200))
    assert set(range(40)) <= set(many)


def scores(rows, seed=2):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=rows), rng.uniform(-1, 1, rows)]


def test_a_polynomial_is_found_with_its_coefficients():
    one, two = scores(80)
    by_normal, by_uniform = NORMAL.up_to(3, one), UNIFORM.up_to(2, two)
    values = 2 + 3 * by_normal[1] - 0.5 * by_normal[3] + 0.25 * by_normal[1] * by_uniform[2]
    found = fit_chaos([NORMAL, UNIFORM], [one, two], values)
    kept = {
        term: coefficient
        for term, coefficient in zip(found.terms, found.coefficients, strict=True)
        if abs(coefficient) > 1e-9
    }
    wanted = {(): 2, ((0, 1),): 3, ((0, 3),): -0.5, ((0, 1), (1, 2)): 0.25}
    assert kept == pytest.approx(wanted)
    assert found.terms[0] == ()
    assert found.error < 1e-15
    assert found.q2 == 1 - found.error
    assert found.residual_sd < 1e-7
    np.testing.assert_allclose(found.left_out, values, atol=1e-6)
    again = found.of([NORMAL.up_to(20, one), UNIFORM.up_to(20, two)], 80)
    np.testing.assert_allclose(again, values, atol=1e-9)
    assert Chaos((((0, 2), (1, 1)), ((0, 1),)), np.ones(2), 0.0, 0.0, values).degrees == {0: 2, 1: 1}


def test_noise_is_told_by_runs_that_have_no_part_in_a_fit():
    one, two = scores(200, 5)
    noise = 0.3 * np.random.default_rng(6).normal(size=200)
    values = 1 + 2 * one + noise
    columns = np.column_stack([one, math.sqrt(3) * two])
    predicted = _left_out(columns[:, :1], values)
    for fold in range(5):
        out = np.arange(200) % 5 == fold
        slope, start = np.polyfit(one[~out], values[~out], 1)
        np.testing.assert_allclose(predicted[out], start + slope * one[out], rtol=1e-9)
    found = fit_chaos([NORMAL, UNIFORM], [one, two], values)
    assert found.terms[:2] == ((), ((0, 1),))
    assert found.coefficients[:2] == pytest.approx([1, 2], abs=0.1)
    squares = (values - found.left_out) ** 2
    assert found.error == pytest.approx(squares.mean() / values.var(ddof=1))
    assert found.error == pytest.approx(0.09 / 4.09, rel=0.4)
    assert math.sqrt(squares.mean()) < found.residual_sd < 1.3 * math.sqrt(squares.mean())


def test_the_error_of_a_fit_is_that_of_leaving_each_run_out_corrected_for_few_runs():
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(30, 3))
    values = 1 + columns @ [3, -2, 1] + rng.normal(size=30)
    found = _fitted(columns, values)
    assert found.chosen == [0, 1, 2]
    design = np.column_stack([np.ones(30), columns])
    left = [
        values[out] - design[out] @ np.linalg.lstsq(design[others], values[others], rcond=None)[0]
        for out in range(30)
        for others in [np.arange(30) != out]
    ]
    # as Blatman & Sudret 2011 have it
    correction = 30 / (30 - 4) * (1 + np.trace(np.linalg.inv(design.T @ design)))
    assert found.error == pytest.approx(np.mean(np.square(left)) * correction / values.var(ddof=1))


def step(x, *_):
    return np.where(x > 0.3, 1.0, 0.0)


def test_a_jump_is_closed_in_on_and_what_is_continuous_is_none():
    x = np.linspace(0, 1, 21)
    inputs = np.array([10 * x, np.where(np.arange(21) % 2, 1.0, 2.0)])
    places, discrete = np.array([x, inputs[1]]), np.array([False, True])

    def between(function, spread=1.0):
        return jump_between(
            inputs, places, discrete, function(inputs[0] / 10), spread, lambda at: function(at[0] / 10)
        )

    sides = between(step)
    assert sides[0, 0] <= 3 < sides[0, 1]
    assert sides[0, 1] - sides[0, 0] == pytest.approx(1 / 2**8)
    # what has no values in between stays as it is
    assert sides[1, 0] == sides[1, 1]
    np.testing.assert_allclose(between(lambda x: -step(x)), sides)
    assert between(step, spread=49.0) is not None
    assert between(step, spread=51.0) is None
    assert between(lambda x: x) is None
    assert between(lambda x: 0.55 * step(x) + x / 10) is not None
    assert between(lambda x: 0 * x) is None
    # what is steeper still is none
    ramp = between(lambda x: step(x) + 40 * np.clip(x - 0.5, 0, 0.05))
    assert ramp[0, 0] <= 3 < ramp[0, 1]
    # the larger of two jumps
    two = between(lambda x: step(x) + 3 * step(x - 0.42))
    assert two[0, 0] <= 7.2 < two[0, 1]


def test_pairs_are_those_that_change_most_for_their_distance_and_share_no_run():
    places = np.array([[0.0, 0.1, 0.5, 0.9, 1.0]])
    residuals = np.array([0.0, 1.0, 1.0, 1.0, 1.5])
    pairs = _worst_pairs(places, np.array([False]), residuals)
    assert pairs.tolist() == [[0, 3], [1, 4]]
    assert _worst_pairs(places, np.array([True]), residuals).shape == (2, 0)
    both = np.array([places[0], [0.0, 1.0, 1.0, 1.0, 1.0]])
    assert _worst_pairs(both, np.array([False, True]), residuals).tolist() == [[3], [4]]
    near = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.0, 1.0]])
    # by the distance in all that is continuous, each in units of its range
    found = _worst_pairs(10 * near, np.array([False, False]), np.array([0.0, 1.0, 2.1, 0.0]))
    assert found.tolist() == [[2, 0], [3, 1]]
