"""Nets of cases: what they have in common, what they know exactly, and what follows from an unknown."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import special, stats

import uncertainty as un
from uncertainty.sampling import cases as nets
from uncertainty.sampling.cases import SCRAMBLES, far_out_cases, make_cases, other_cases
from uncertainty.settings import Settings

STUDY = """
format = 1
[study]
title = "What differs"
headline = "y"
[outputs.y]
value = "average(a + b + c + d) + u + k"
unit = "1"
[inputs]
a = {{ unit = "1", point = 1, distribution = "lognormal(1, 1.5)", kind = "variability" }}
u = {{ unit = "1", point = 1, distribution = "normal(1, 0.2)" }}
b = {{ unit = "1", point = 1, distribution = "uniform(0, 2)", kind = "variability" }}
k = {{ unit = "1", point = 1, distribution = "normal(3, 1)" }}
c = {{ unit = "1", point = 1, distribution = "gamma(2, 0.5)", kind = "variability" }}
d = {{ unit = "1", point = 1, distribution = "normal(1, 3)", kind = "variability" }}
{more}
"""


@pytest.fixture
def load(write_study):
    def loaded(more="", **settings):
        return Settings(**settings).scenario(un.load_study(write_study(STUDY.format(more=more))))

    return loaded


def correlated(*pairs):
    return "\n".join(f'[[correlations]]\ninputs = ["{a}", "{b}"]\npearson = {r}' for a, b, r in pairs)


def known(cases, reads):
    """Return what is known to be 0 on average of each input, of pairs, and of scores, case by case."""
    linked = () if cases.link is None else cases.link.rows
    means = []
    for row in reads:
        mean = 0.0 if row in linked else cases.distributions[row].mean
        means.append((row, cases.values[row] - mean))
    apart = [(x, y) for x, y in combinations(means, 2) if cases.sets[x[0]] != cases.sets[y[0]]]
    scores = [cases.scores[row] for row in reads if row not in linked]
    return (
        [values for _, values in means],
        [x * y for (_, x), (_, y) in apart],
        scores + [score**2 - 1 for score in scores],
    )


def helped(values, controls):
    """Return each scramble's mean, helped by a regression on the controls over the other scrambles."""
    found = []
    for scramble in range(SCRAMBLES):
        own = np.arange(values.size) * SCRAMBLES // values.size == scramble
        design = np.column_stack([np.ones((~own).sum()), *(each[~own] for each in controls)])
        slopes = np.linalg.lstsq(design, values[~own])[0][1:]
        found.append(
            values[own].mean() - sum(s * c[own].mean() for s, c in zip(slopes, controls, strict=True))
        )
    return found


# eight cases for each coefficient and the constant: of 64, up to 7 controls, of 128 up to 15
@pytest.mark.parametrize(
    ("size", "reads", "told"),
    [
        (64, (1,), (True, False, True)),
        (64, (0, 2), (True, True, True)),
        (64, (0, 1, 2), (True, True, False)),
        (64, (3, 1, 2, 0), (True, False, False)),
        (128, (0, 1, 2), (True, True, True)),
        (128, (0, 1, 2, 3), (True, True, False)),
        (8, (0,), (False, False, False)),
        (16, (2,), (True, False, False)),
    ],
)
def test_means_are_helped_by_what_there_are_cases_enough_for(load, size, reads, told):
    cases = make_cases(load(), size, 3)
    values = np.cos(sum(cases.values[row] for row in reads)) + cases.values[reads[0]]
    groups = known(cases, reads)
    controls = [each for group, is_told in zip(groups, told, strict=True) if is_told for each in group]
    assert cases.weights(reads) @ values == pytest.approx(helped(values, controls), rel=1e-9)


def test_a_net_tells_what_it_knows_exactly_from_each_scramble(load):
    cases = make_cases(load(), 256, 1)
    weights = cases.weights((0, 1))
    a, b = cases.values[:2]
    assert weights.sum(axis=1) == pytest.approx(np.ones(SCRAMBLES))
    assert weights @ (a + 2 * b) == pytest.approx(np.full(SCRAMBLES, cases.distributions[0].mean + 2))
    assert weights @ (a * b) == pytest.approx(np.full(SCRAMBLES, cases.distributions[0].mean))
    assert weights @ cases.scores[1] ** 2 == pytest.approx(np.ones(SCRAMBLES))


def test_products_of_what_is_correlated_are_not_known(load):
    cases = make_cases(load(correlated(("a", "c", 0.7))), 256, 1)
    assert len({cases.sets[0], cases.sets[1], cases.sets[3]}) == 3
    assert cases.sets[0] == cases.sets[2]
    values = cases.values[0] * cases.values[2] * cases.values[1]
    means, pairs, scores = known(cases, (0, 1, 2))
    assert len(pairs) == 2
    assert cases.weights((0, 1, 2)) @ values == pytest.approx(helped(values, means + pairs + scores))


@pytest.mark.parametrize("size", [2**9, 2**10])
def test_correlated_cases_have_their_marginals_and_their_correlation(load, monkeypatch, size):
    monkeypatch.setattr(nets, "MOST_KEPT", 2**9)
    pairs = correlated(("a", "c", 0.7), ("c", "d", -0.4))
    cases = make_cases(load(pairs), size, 2)
    plain = make_cases(load(), size, 2)
    a, b, c, d = cases.values
    assert (np.corrcoef(a, c)[0, 1], np.corrcoef(c, d)[0, 1]) == pytest.approx((0.7, -0.4), abs=0.09)
    assert abs(np.corrcoef(b, c)[0, 1]) < 0.09
    # the first of a set keeps its own column, and what is not correlated does too
    assert a == pytest.approx(plain.values[0], rel=1e-12)
    np.testing.assert_array_equal(b, plain.values[1])
    for values, scores, distribution in zip(cases.values, cases.scores, cases.distributions, strict=True):
        assert distribution.cdf(values) == pytest.approx(special.ndtr(scores), abs=1e-7)
        assert stats.kstest(special.ndtr(scores), "uniform").statistic < 0.06


OTHERS = """
[choices.which]
question = "Which?"
[choices.which.options.one]
label = "one"
[choices.which.options.other]
label = "other"
inputs = { k = { distribution = "normal(3, 1)", kind = "variability" } }
[readings.varied]
label = "u differs"
inputs = { u = { distribution = "normal(1, 0.2)", kind = "variability" } }
"""


def test_scenarios_have_what_differs_in_all_of_them_in_common(load):
    plain = make_cases(load(OTHERS), 64, 1)
    for settings, more in (({"reading": "varied"}, "u"), ({"choices": {"which": "other"}}, "k")):
        cases = make_cases(load(OTHERS, **settings), 64, 1)
        assert {*cases.different} - {*plain.different} == {more}
        for name, values in zip(plain.different, plain.values, strict=True):
            np.testing.assert_array_equal(values, cases.values[cases.different.index(name)])
        found = cases.values[cases.different.index(more)]
        assert all(abs(np.corrcoef(found, each)[0, 1]) < 0.3 for each in plain.values)


def test_nets_of_other_numbers_and_seeds_are_other_ones(load):
    plan = load()
    made = [
        make_cases(plan, 64, 1),
        make_cases(plan, 64, 2),
        other_cases(plan, 64, 1, 1),
        other_cases(plan, 64, 1, 2),
    ]
    for one, other in combinations(made, 2):
        assert not set(one.values[0]) & set(other.values[0])
    np.testing.assert_array_equal(other_cases(plan, 64, 1, 0).values, made[0].values)
    # every scramble is a net of its own, whose points lie one in each eighth
    for scramble in made[0].scores[2].reshape(SCRAMBLES, 8):
        assert sorted((special.ndtr(scramble) * 8).astype(int)) == list(range(8))


def test_a_net_is_the_same_whether_it_is_kept_or_not(load, monkeypatch):
    plan = load(correlated(("a", "c", 0.7)))
    kept = make_cases(plan, 64, 1)
    monkeypatch.setattr(nets, "MOST_KEPT", 32)
    free = make_cases(plan, 64, 1)
    assert {*free.columns} == {None}
    for one, other in zip((*kept.values, *kept.scores), (*free.values, *free.scores), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(kept.weights((0, 1, 2)), free.weights((0, 1, 2)))


def test_nets_are_told_apart_by_all_that_their_columns_depend_on(load):
    plan, other = load(correlated(("a", "c", 0.7))), load(correlated(("a", "c", 0.6)))
    net = make_cases(plan, 64, 1)
    origins = [
        net.origin([0, 1]),
        net.origin([1, 0]),
        net.origin([0]),
        make_cases(other, 64, 1).origin([0, 1]),
        make_cases(plan, 128, 1).origin([0, 1]),
        make_cases(plan, 64, 2).origin([0, 1]),
        other_cases(plan, 64, 1, 3).origin([0, 1]),
    ]
    assert len({*origins}) == len(origins)
    assert make_cases(plan, 64, 1).origin([0, 1]) == origins[0]
    # of what is correlated with nothing, both have the same
    assert make_cases(other, 64, 1).origin([1, 3]) == net.origin([1, 3])


def test_cases_far_out_count_what_makes_them_as_rare_as_they_are(load):
    plan = load(OTHERS)
    cases, density = far_out_cases(plan, 2**12, 5)
    assert density.shape == (4, 2**12)
    for scores, each in zip(cases.scores, density, strict=True):
        # of the probability beyond ten thousandths of all, and within the middle
        for limit in (1e-4, 1e-2, 0.3, 0.999):
            counts = (special.ndtr(scores) < limit) / each
            assert counts.mean() == pytest.approx(limit, abs=4 * counts.std() / 64)
        assert (special.ndtr(scores) < 1e-4).mean() > 0.05
    assert {*cases.columns} == {None}
    np.testing.assert_array_equal(far_out_cases(plan, 64, 5)[0].values, far_out_cases(plan, 64, 5)[0].values)
    one, other = (far_out_cases(plan, 64, seed)[0].values[0] for seed in (5, 6))
    assert not set(one) & set(other)


def test_unknowns_that_are_correlated_among_themselves_change_no_net(load):
    plain, cases = make_cases(load(), 64, 1), make_cases(load(correlated(("u", "k", 0.5))), 64, 1)
    assert cases.link is None
    assert cases.origin(range(4)) == plain.origin(range(4))
    tied = make_cases(load(correlated(("a", "u", 0.6))), 64, 1)
    assert [tied.unknown[row] for row in tied.link.unknowns] == ["u"]


def test_both_sets_of_cases_follow_from_the_same_unknowns(load):
    # where in the jump of a count a draw lies is said case by case
    counted = {"k": "discrete(2, 5, weights=(0.4, 0.6))"}
    plan = load(
        correlated(("a", "u", 0.6), ("b", "k", -0.5)).replace("pearson", "spearman"), overrides=counted
    )
    one, other = make_cases(plan, 64, 1), make_cases(plan, 128, 2)
    both = one.and_others(other)
    unknown = np.array([[0.9, 1.3], [2.0, 5.0]])
    assert both.size == 192
    assert {*both.columns} == {None}
    found = both.linked_values(both.givers(unknown))
    parts = [each.linked_values(each.givers(unknown)) for each in (one, other)]
    np.testing.assert_array_equal(found, np.concatenate(parts, axis=2))
    for row in range(4):
        np.testing.assert_array_equal(both.values[row], np.concatenate([one.values[row], other.values[row]]))
        np.testing.assert_array_equal(both.scores[row], np.concatenate([one.scores[row], other.scores[row]]))


TIED = correlated(("a", "u", 0.6), ("d", "u", 0.3), ("d", "k", -0.5), ("b", "c", 0.4))


def test_what_is_linked_is_normal_around_what_follows_from_the_unknowns(load):
    plan = load(TIED)
    size = 2**12
    cases = make_cases(plan, size, 1)
    assert cases.linked == ("a", "d")
    z = np.array([[1.5, -0.5], [-1.0, 2.0]])
    unknown = np.array([1 + 0.2 * z[0], 3 + z[1]])
    a, d = cases.linked_values(cases.givers(unknown))
    # of normal scores: that of the lognormal input correlates a little more than its logarithm does
    s = math.log(1.5)
    r = 0.6 * math.sqrt(math.expm1(s**2)) / s
    left = np.array([[1 - r**2, -0.3 * r], [-0.3 * r, 1 - 0.34]])
    for draw in range(2):
        scores = np.array([np.log(a[draw]) / s, (d[draw] - 1) / 3])
        assert scores.mean(axis=1) == pytest.approx(
            [r * z[0, draw], 0.3 * z[0, draw] - 0.5 * z[1, draw]], abs=0.01
        )
        assert np.cov(scores) == pytest.approx(left, abs=0.03)
    # what is linked is no part of what else is correlated, and has no mean of its own
    assert np.corrcoef(cases.values[1], cases.values[2])[0, 1] == pytest.approx(0.4, abs=0.03)
    small = make_cases(plan, 64, 1)
    values = np.sin(small.values[0] + small.values[1])
    means, pairs, scores = known(small, (0, 1))
    assert small.weights((0, 1)) @ values == pytest.approx(helped(values, means + pairs + scores), rel=1e-6)


def test_the_same_cases_serve_draws_with_other_columns(load):
    plan = load(TIED)
    cases = make_cases(plan, 64, 1)
    unknown = np.array([[0.9, 1.3], [2.0, 5.0]])
    turned = cases.over(("k", "u"))
    assert turned.unknown == ("k", "u")
    np.testing.assert_array_equal(
        turned.linked_values(turned.givers(unknown[::-1])), cases.linked_values(cases.givers(unknown))
    )
    assert (turned.link.key, turned.link.unknowns) == (cases.link.key, cases.link.unknowns[::-1])
    alone = cases.over(("k",))
    assert alone.givers(unknown[1:]).shape == (1, 2)
    a, _ = alone.linked_values(alone.givers(unknown[1:]))
    # nothing says where the unknown is that a follows from
    np.testing.assert_array_equal(a[0], a[1])
    assert make_cases(load(), 64, 1).givers(unknown).shape == (0, 2)
    assert make_cases(load(), 64, 1).linked_values(unknown[:0]).shape == (0, 2, 64)


def test_links_are_told_apart_whatever_their_rows(load):
    key = make_cases(load(TIED), 64, 1).link.key
    assert make_cases(load(TIED), 64, 1).link.key == key
    assert make_cases(load(TIED.replace("0.3", "0.31")), 64, 1).link.key != key
    assert make_cases(load(TIED, overrides={"u": "normal(1, 0.3)"}), 64, 1).link.key != key


def test_what_the_inputs_do_not_explain_is_what_a_regression_leaves(load):
    cases = make_cases(load(), 64, 1)
    a, b = cases.values[:2]
    values = np.array([3 + 2 * a - b, np.exp(a) + b**2])
    left = cases.unexplained(values, (0, 1))
    design = np.column_stack([np.ones(64), a, b])
    for row, wanted in zip(left, values, strict=True):
        assert row == pytest.approx(wanted - design @ np.linalg.lstsq(design, wanted)[0], abs=1e-9)
    assert np.abs(left[0]).max() < 1e-9 < left[1].std()
    assert cases.unexplained(values, ()) == pytest.approx(values - values.mean(axis=1, keepdims=True))
