"""What it is worth to know an input, and which is the best, where slices or digits may be too few."""

import math

import numpy as np
import pytest
from scipy.stats import norm

import uncertainty as un
from uncertainty.sampling.estimate import ERRORS_WIDE, half_widths
from uncertainty.sensitivity.decision import (
    Losses,
    Ordered,
    first_slices,
    value_of_everything,
    value_of_knowing,
)

DRAWS = 2**15
STUDY = """
format = 1
[study]
title = "Two that are close"
headline = "x"
compare = ["x", "y"]
better = "lowest"
[inputs.a]
unit = "1"
point = 0.3
distribution = "{distribution}"
[inputs.b]
unit = "1"
point = 0.3
distribution = "{distribution}"
[outputs.x]
unit = "1"
value = "{x}"
[outputs.y]
unit = "1"
value = "{y}"
"""


@pytest.fixture(scope="module")
def column():
    """Return stratified draws of a uniform input in replicates."""
    rng = np.random.default_rng(3)
    parts = np.array([rng.permutation(2048) for _ in range(DRAWS // 2048)])
    return ((parts + rng.random(parts.shape)) / 2048).ravel()


def known(difference, column, noise=None):
    """Return what it is worth to know an input, where one alternative loses so much more than the other."""
    values = np.array([difference, np.zeros(DRAWS)]) + (0 if noise is None else noise)
    losses = Losses(values, np.ones(DRAWS), np.arange(DRAWS) // 2048)
    return value_of_knowing(losses, column), value_of_everything(losses)


def test_a_choice_that_turns_within_a_slice_gains_what_it_is_worth(column):
    cases = [
        # E max(0, 2.7 - a), of which the choice gains what is beyond
        (norm.ppf(column) - 2.7, norm.pdf(2.7) - 2.7 * norm.sf(2.7)),
        (1.5 - norm.ppf(column), norm.pdf(1.5) - 1.5 * norm.sf(1.5)),
        (np.where((column > 0.501) & (column < 0.505), -2.0, 1.0), 0.008),
        *((np.sin(2 * math.pi * k * column), 1 / math.pi) for k in (1, 12, 40)),
    ]
    for difference, true in cases:
        found, everything = known(difference, column)
        assert found.value == pytest.approx(true, abs=3 * found.error + 0.003 * true)
        assert found.value <= everything.value * (1 + 1e-9)
        assert found.error > 0


@pytest.mark.parametrize("draws", [2**10, 2**12, pytest.param(2**14, marks=pytest.mark.slow)])
def test_what_few_draws_gain_is_covered_or_said_to_rest_on_too_few(draws):
    """Nothing but the input decides, so that knowing it is worth what knowing everything is."""
    cases = [
        (lambda u: norm.ppf(u) - 2.7, norm.pdf(2.7) - 2.7 * norm.sf(2.7)),
        (lambda u: norm.ppf(u) - 3.4, norm.pdf(3.4) - 3.4 * norm.sf(3.4)),
        (lambda u: np.where((u > 0.501) & (u < 0.505), -2.0, 1.0), 0.008),
        (lambda u: np.where(u < 0.003, -3.0, 0.5), 0.009),
        (lambda u: np.sin(24 * math.pi * u) / 3, 1 / (3 * math.pi)),
    ]
    for losing, true in cases:
        met = []
        for seed in range(8):
            rng = np.random.default_rng(seed)
            parts = np.array([rng.permutation(draws // 16) for _ in range(16)])
            column = ((parts + rng.random(parts.shape)) * 16 / draws).ravel()
            values = np.array([losing(column), np.zeros(draws)]) + rng.normal(size=draws)
            losses = Losses(values, np.ones(draws), np.arange(draws) // (draws // 16))
            gaining = np.count_nonzero(values[losses.best] > values.min(axis=0))
            for each in (value_of_knowing(losses, column), value_of_everything(losses)):
                assert (each.error is None) == (0 < gaining < 10) == each.rests_on_too_few
                met.append(each.error is None or abs(each.value - true) <= 1.96 * each.error)
        # three standard errors below 95 %; what few draws gain varies together in both
        assert np.mean(met) >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 8)


def rare(threshold, sd=1.0):
    """Return what it is worth to know a normal quantity that seldom lies above a threshold."""
    return sd * norm.pdf(threshold / sd) - threshold * norm.sf(threshold / sd)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("x", "a", "b"),
    [
        ("a - 2.5 + 2 * b", rare(2.5), rare(2.5, 2)),
        ("a - 2.2 + 1.5 * b", rare(2.2), rare(2.2, 1.5)),
        ("a - 2.5 + b", rare(2.5), rare(2.5)),
        ("a + b", rare(0), rare(0)),
    ],
)
@pytest.mark.parametrize("samples", [2**10, 2**12])
def test_a_gain_that_noise_may_hide_is_within_the_interval(tmp_path, samples, x, a, b):
    path = tmp_path / "study.toml"
    text = STUDY.format(distribution="normal(0, 1)", x=x, y="0 * a")
    path.write_text(text, encoding="utf-8")
    study = un.load_study(path)
    met = {"a": 0, "b": 0}
    for seed in range(20):
        found = un.compare_alternatives(study, samples=samples, seed=seed, threads=1)
        for name, true in (("a", a), ("b", b)):
            each = found.worth[name].estimate
            met[name] += each.error is None or abs(each.value - true) <= 1.96 * each.error
    assert min(met.values()) >= 17, met  # fewer of 20 have a probability of 1.6 %


@pytest.mark.slow
def test_what_a_wave_beside_it_hides_is_within_the_interval(tmp_path):
    """Slices of b hold as much of the wave in each replicate of a net, so that halves go wrong together."""
    path = tmp_path / "study.toml"
    text = STUDY.format(distribution="normal(0, 1)", x="sin(32 * pi * a) + 0.1 * b", y="0 * a")
    path.write_text(text.replace("normal(0, 1)", "uniform(0, 1)", 1), encoding="utf-8")
    study = un.load_study(path)
    for samples in (2**12, 2**14):
        worth = [
            un.compare_alternatives(study, samples=samples, seed=seed, threads=1).worth["b"].estimate
            for seed in range(20)
        ]
        assert sum(abs(each.value - rare(0, 0.1)) <= 1.96 * each.error for each in worth) >= 17


def test_noise_keeps_slices_from_becoming_finer(column):
    rng = np.random.default_rng(5)
    met = []
    for _ in range(4):
        noise = np.array([rng.normal(size=DRAWS), rng.normal(size=DRAWS)])
        found, _ = known(norm.ppf(column) - 1, column, noise)
        met.append((found.value - (norm.pdf(1) - norm.sf(1))) / found.error)
    assert np.mean(np.abs(met) < 1.96) >= 0.75
    assert abs(np.mean(met)) < 3 / math.sqrt(4) + 0.5


def test_what_no_draw_gains_is_under_three_in_as_many():
    rng = np.random.default_rng(7)
    column, difference = rng.random(DRAWS), 1 + rng.random(DRAWS)
    for found in known(difference, column):
        assert found.value == 0
        assert found.error == pytest.approx(3 * difference.mean() / DRAWS / 1.959964, rel=1e-6)


def compared(tmp_path, **given):
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(**given), encoding="utf-8")
    return un.compare_alternatives(un.load_study(path), samples=2**13, threads=1)


@pytest.mark.parametrize("shared", [0, 1e9, 1e13])
def test_what_alternatives_share_hides_nothing(tmp_path, shared):
    found = compared(tmp_path, distribution="uniform(0, 1)", x=f"a + {shared:.0f}", y=f"b + {shared:.0f}")
    assert found.everything.estimate.value == pytest.approx(1 / 6, abs=2e-4)
    assert found.worth["a"].estimate.value == pytest.approx(1 / 8, abs=2e-4)
    (pair,) = found.single.differences
    assert pair.equal.value == pytest.approx(4 * shared * 2**-53, rel=0.5, abs=2e-4)
    assert pair.better.value + pair.equal.value / 2 == pytest.approx(0.5, abs=0.003)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("(a + b) * 0.1", "a * 0.1 + b * 0.1"),
        ("a / 3 + b / 3", "(a + b) / 3"),
        ("(a + b) ** 2", "a ** 2 + 2 * a * b + b ** 2"),
    ],
)
def test_alternatives_that_rounding_alone_sets_apart_are_equal(tmp_path, x, y):
    found = compared(tmp_path, distribution="uniform(0, 1)", x=x, y=y)
    (pair,) = found.single.differences
    assert (pair.equal.value, pair.better.value, pair.spread.interval) == (1, 0, (0, 0))
    assert {each.best.value for each in found.single.standings.values()} == {1}
    assert {each.estimate.value for each in (found.everything, *found.worth.values())} == {0}


def test_the_page_says_that_worth_rests_on_too_few_draws(tmp_path):
    found = compared(tmp_path, distribution="uniform(0, 1)", x="a", y="a + where(b < 0.0006, -1, 1)")
    assert found.everything.estimate.rests_on_too_few
    said = found._repr_html_()
    assert "Too few draws met the event; `--samples" in said.replace("<code>", "`").replace("</code>", "`")
    assert "Worth of knowing" not in said


def losses_of(values, parts, weights=None):
    values = np.array(values, float)
    draws = values.shape[1]
    weights = np.ones(draws) if weights is None else np.array(weights, float)
    return Losses(values, weights, np.arange(draws) * parts // draws)


def test_the_worth_of_everything_is_what_the_best_of_each_draw_gains():
    rng = np.random.default_rng(8)
    values, weights = rng.random((3, 800)), rng.random(800) + 0.5
    values[1] -= 0.2
    losses = losses_of(values, 8, weights)
    assert (losses.parts, losses.best) == (8, 1)
    gains = weights * (values[1] - values.min(axis=0))
    found = value_of_everything(losses)
    # in each half the others' best is the same alternative, so that nothing depends on the halves
    sides = np.arange(800) // 100 % 2
    means = [gains[sides == side].sum() / weights[sides == side].sum() for side in (0, 1)]
    assert found.value == pytest.approx(np.mean(means), rel=1e-12)
    errors = []
    for side, mean in enumerate(means):
        parts = [np.arange(800) // 100 == part for part in range(side, 8, 2)]
        heavy = np.array([weights[part].sum() for part in parts])
        each = np.array([gains[part].sum() for part in parts])
        errors.append(half_widths((each - mean * heavy) / heavy.mean()) / ERRORS_WIDE)
    assert found.error == pytest.approx(np.mean(errors), rel=1e-9)
    few = value_of_everything(losses_of(values, 3, weights))
    assert few.value == pytest.approx(gains.sum() / weights.sum(), rel=1e-12)
    assert (few.error, few.reason) == (None, "there is only one replicate")


def test_the_worth_of_an_input_with_few_values_is_what_its_own_best_choices_gain():
    x = np.tile([0.0, 1.0, 2.0, 2.0], 400)
    noise = np.random.default_rng(4).normal(size=1600)
    # the second one is better where x is 2, by a half on average
    values = np.array([x, np.full(1600, 1.5)]) + noise
    found = value_of_knowing(losses_of(values, 8), x)
    assert found.value == pytest.approx(1.25 - (0 + 1 + 1.5 + 1.5) / 4, rel=1e-12)
    assert found.error < 1e-3
    assert value_of_knowing(losses_of(values, 8), noise).value < 0.1


def test_slices_hold_equally_many_draws_or_one_value_each():
    column = np.random.default_rng(3).permutation(120).astype(float)
    sliced = Ordered.of(column).sliced(6)
    assert np.bincount(sliced).tolist() == [20] * 6
    np.testing.assert_array_equal(sliced, column.astype(int) // 20)
    few = Ordered.of(np.array([3.0, 1.0, 3.0, 2.0]))
    assert few.sliced(3).tolist() == [2, 0, 2, 1]
    assert few.column.tolist() == [1.0, 2.0, 3.0, 3.0]
    assert [first_slices(draws) for draws in (1, 1_000, 10**9)] == [2, 10, 64]
