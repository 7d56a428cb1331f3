"""Choices attributed by Shapley's rule: closed forms, and nothing to a choice that does nothing."""

from itertools import product

import numpy as np
import pytest

import uncertainty as un
from uncertainty.challenges import attribution
from uncertainty.challenges.attribution import shapley_shares

GRID = np.array(list(product(range(2), range(3), range(2))))


def effects(options, values):
    """Return Shapley effects by their definition, from the variance between groups."""

    def between(places):
        groups = {}
        for row, value in zip(options.tolist(), values, strict=True):
            groups.setdefault(tuple(row[place] for place in places), []).append(value)
        return sum(len(each) * (np.mean(each) - values.mean()) ** 2 for each in groups.values())

    a, b, c = ((0,), (1,), (2,))
    whole = between((0, 1, 2))
    found = []
    for own, one, other in ((a, b, c), (b, a, c), (c, a, b)):
        alone = between(own)
        pairs = sum(between(tuple(sorted(own + each))) - between(each) for each in (one, other))
        last = whole - between(tuple(sorted(one + other)))
        found.append((alone / 3 + pairs / 6 + last / 3) / whole)
    return found


@pytest.mark.parametrize(
    "formula",
    [
        lambda a, b, c: 3.0 * a + b + 0.5 * c,
        lambda a, b, c: 1.0 * a * b + c,
        lambda a, b, c: np.exp(a + b * c),
    ],
)
def test_where_nothing_is_excluded_shares_are_shapley_effects(formula):
    values = formula(*GRID.T)
    found = shapley_shares(GRID, values)
    assert found == pytest.approx(effects(GRID, values), rel=1e-9)
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("excluded", [(1, None, 1), (None, 2, 0), (0, 0, None)])
def test_a_choice_that_does_nothing_has_no_share_whatever_is_excluded(excluded):
    """Between its options the medians differ, since others go along with them."""
    out = np.all([GRID[:, i] == o for i, o in enumerate(excluded) if o is not None], axis=0)
    options = GRID[~out]
    values = 3.0 * options[:, 0] + options[:, 1]
    found = shapley_shares(options, values)
    assert found[2] == 0
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("values", [(5.35, 5.26, 4.38), (1.0, 2.0, 0.0), (1.0, 0.9, 7.0)])
def test_a_share_is_never_negative_and_lies_between_what_comes_first_and_last(values):
    """Three of four combinations: what one choice explains first, and what it adds to the other."""
    options, values = np.array([[0, 0], [0, 1], [1, 0]]), np.array(values)

    def alone(place):
        groups = [values[options[:, place] == each] for each in (0, 1)]
        return sum(len(each) * (each.mean() - values.mean()) ** 2 for each in groups) / values.var() / 3

    found = shapley_shares(options, values)
    assert found == pytest.approx([(alone(0) + 1 - alone(1)) / 2, (alone(1) + 1 - alone(0)) / 2])
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)


def test_shares_of_crossings_with_holes_are_shares():
    draw = np.random.default_rng(1)
    for _ in range(20):
        options = GRID[np.sort(draw.choice(len(GRID), 8, replace=False))]
        found = shapley_shares(options, draw.lognormal(sigma=2, size=8))
        assert found.min() >= 0
        assert found.sum() <= 1 + 1e-12


def test_what_no_valid_way_joins_is_left_out_and_nothing_varies_is_nothing():
    """What belongs to choices that change only together is in no share."""
    apart = np.array([[0, 0], [1, 1]])
    together = np.array([[0, 0], [0, 1], [1, 2], [1, 3]])
    values = np.array([0.0, 1.0, 10.0, 11.0])
    assert shapley_shares(together, values) == pytest.approx([0, 2 / 404])
    assert shapley_shares(apart, np.array([0.0, 1.0])).tolist() == [0, 0]
    assert shapley_shares(GRID, np.ones(len(GRID))).tolist() == [0, 0, 0]


def test_more_pairs_than_can_be_looked_at_are_drawn_at_random(monkeypatch):
    values = 3.0 * GRID[:, 0] + GRID[:, 1]
    monkeypatch.setattr(attribution, "MOST_WORK", 40 * 2**3)
    assert shapley_shares(GRID, values) == pytest.approx([0.77, 0.23, 0], abs=0.1)


@pytest.mark.slow
def test_a_challenge_gives_nothing_to_a_choice_that_reaches_no_result(tmp_path):
    text = """
format = 1
[study]
title = "Two choices"
headline = "y"
[inputs.a]
unit = "1"
point = 1
distribution = "lognormal(1, 1.1)"
[equations]
factor = "1"
idle = "0"
[outputs.y]
value = "a * factor + idle"
unit = "1"
scale = "log10"
reference = 2
[choices.size.options.small]
[choices.size.options.large]
equations = { factor = "10" }
[choices.idle.options.none]
[choices.idle.options.nothing]
equations = { idle = "0 * factor" }
[[excluded]]
when = { size = "large", idle = "nothing" }
because = "it is an example"
"""
    (tmp_path / "y.toml").write_text(text, encoding="utf-8")
    found = un.challenge(un.load_study(tmp_path / "y.toml"), samples=2**10).outputs["y"].choices
    assert {each.choice: round(each.share, 9) for each in found} == {"size": 1, "idle": 0}
