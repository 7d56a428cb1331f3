"""Counts against scipy, in both tails, and against sums."""

import math

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue

COUNTS = {
    "poisson(0.02)": stats.poisson(0.02),
    "poisson(3)": stats.poisson(3),
    "poisson(2500.5)": stats.poisson(2500.5),
    "binomial(1, 0.2)": stats.binom(1, 0.2),
    "binomial(40, 0.97)": stats.binom(40, 0.97),
    "binomial(1e6, 3e-3)": stats.binom(1_000_000, 3e-3),
    "bernoulli(1e-6)": stats.bernoulli(1e-6),
}


@pytest.mark.parametrize(("text", "reference"), COUNTS.items(), ids=COUNTS)
def test_probabilities_are_scipy_s_in_both_tails(text, reference):
    count = parse_distribution(text)
    low, high = count.support
    values = np.unique(np.linspace(low, high, 500).astype(int)).astype(float)
    np.testing.assert_allclose(count.cdf(values), reference.cdf(values), rtol=1e-8, atol=1e-290)
    beyond = count.survival(values[values < high])
    np.testing.assert_allclose(beyond, reference.sf(values[values < high]), rtol=1e-8, atol=1e-290)


@pytest.mark.parametrize(("text", "reference"), COUNTS.items(), ids=COUNTS)
def test_quantiles_are_the_smallest_counts_that_reach_a_probability(text, reference):
    count = parse_distribution(text)
    u = np.concatenate([[1e-15, 1e-9, 1e-4], np.linspace(0.013, 0.987, 99), [1 - 1e-9]])
    np.testing.assert_array_equal(count.quantile(u), reference.ppf(u))
    q = np.array([1e-17, 1e-15, 1e-12, 1e-3, 0.313])
    found = count.upper_quantile(q)
    assert np.all(reference.sf(found) <= q * (1 + 1e-9))
    assert np.all((found == count.support[0]) | (reference.sf(found - 1) > q * (1 - 1e-9)))


@pytest.mark.parametrize(("text", "reference"), COUNTS.items(), ids=COUNTS)
def test_moments_are_the_closed_ones_and_those_of_the_table(text, reference):
    count = parse_distribution(text)
    assert (count.mean, count.sd) == pytest.approx((reference.mean(), reference.std()), rel=1e-14)
    assert (count.table.mean, count.table.sd) == pytest.approx((count.mean, count.sd), rel=1e-9)
    assert count.table.probabilities.sum() == pytest.approx(1, abs=1e-12)
    # from whichever tail knows it; the outermost have what lies beyond them
    inner = slice(1, -1)
    exact = reference.pmf(count.table.values[inner])
    np.testing.assert_allclose(count.table.probabilities[inner], exact, rtol=1e-7, atol=1e-290)


def test_certain_trials_are_constants():
    for text, value in (
        ("bernoulli(0)", 0),
        ("poisson(0)", 0),
        ("bernoulli(1)", 1),
        ("binomial(7, 1)", 7),
        ("binomial(7, 0)", 0),
        ("binomial(0, 0.3)", 0),
        ("binomial(0, 0)", 0),
        ("binomial(0, 1)", 0),
    ):
        count = parse_distribution(text)
        assert (count.is_constant, count.support, count.mean, count.sd) == (True, (value, value), value, 0)


@pytest.mark.parametrize(
    "text", ["bernoulli(1e-30)", "poisson(1e-120)", "binomial(5, 1e-25)", "bernoulli(0.9999999999999999)"]
)
def test_what_hardly_ever_happens_is_no_constant(text):
    count = parse_distribution(text)
    assert not count.is_constant
    assert len(count.atoms) == 2
    assert count.table.mean == pytest.approx(count.mean, rel=1e-9)
    assert count.survival(np.array([0.0]))[0] == pytest.approx(count.mean, rel=1e-9)


def test_rare_successes_and_failures_are_counted_alike():
    for p in (1e-11, 1 - 1e-11):
        assert parse_distribution(f"binomial(2, {p!r})").atoms == (0, 1, 2)


def test_trials_are_as_many_as_a_float_counts():
    many = parse_distribution("binomial(1e15, 3e-15)")
    assert (many.mean, many.sd) == pytest.approx((3, math.sqrt(3)))
    assert many.table.mean == pytest.approx(3)
    for text, said in (
        (
            "binomial(1000000000000001, 3e-15)",
            "n must be a whole number from 0 to 1e15, not 1000000000000001",
        ),
        (
            "binomial(1e15, 0.5)",
            "so large a count is normal to three digits; write normal(5e+14, 1.58114e+07)",
        ),
    ):
        with pytest.raises(InvalidValue) as refused:
            parse_distribution(text)
        assert str(refused.value) == f"binomial: {said}"


def test_limits_condition_a_count():
    seen = parse_distribution("truncate(poisson(3), low=1)")
    assert seen.mean == pytest.approx(3 / (1 - math.exp(-3)), rel=1e-9)
    assert seen.quantile(np.array([0.0, 1e-9])).tolist() == [1, 1]


STUDY = """
format = 1
[study]
title = "Faults"
headline = "repairs"
[inputs.faults]
unit = "fault"
point = 3
distribution = "poisson(3)"
[inputs.repaired]
unit = "1"
point = 0.4
distribution = "bernoulli(0.4)"
[inputs.hours]
unit = "hour/fault"
point = 2
low = 1.5
distribution = "pareto(2, 5)"
[inputs.wait]
unit = "hour"
point = 10
distribution = "logistic(10, 1)"
[outputs.repairs]
unit = "fault"
value = "faults * repaired"
[outputs.time]
unit = "minute"
value = "where(repaired and faults > 0, faults * hours + wait, 0)"
"""


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    path = tmp_path_factory.mktemp("faults") / "faults.toml"
    path.write_text(STUDY.replace("headline =", 'counting_units = ["fault"]\nheadline ='), encoding="utf-8")
    return un.load_study(path)


def test_counts_are_drawn_in_the_unit_of_their_input(faults):
    found = un.propagate(faults, samples=2**14, seed=1)
    repairs = found.outputs["repairs"]
    assert repairs.mean == pytest.approx(1.2, abs=0.02)
    assert set(np.unique(repairs.values)) <= set(range(20))
    expected = 0.4 * (3 * 2.5 + 10 * (1 - math.exp(-3))) * 60
    assert found.outputs["time"].mean == pytest.approx(expected, rel=0.02)


def test_counts_have_indices_and_exact_shares(faults):
    indices = un.sobol(faults, output="repairs", samples=2**14, seed=1).outputs["repairs"].indices
    # var(nb) of independent n and b: E[n]² var(b), E[b]² var(n), and the rest
    total = 9 * 0.24 + 0.16 * 3 + 3 * 0.24
    assert pytest.approx(9 * 0.24 / total, abs=0.03) == indices["repaired"].S1
    assert pytest.approx(0.16 * 3 / total, abs=0.03) == indices["faults"].S1
