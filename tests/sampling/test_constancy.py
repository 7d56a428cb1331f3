"""What tells an output that cannot vary from one that does so rarely."""

from types import SimpleNamespace

import numpy as np
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.sampling.constancy import FAR_ROWS, told_apart, vary_far_out
from uncertainty.sampling.nets import spread_density, spread_out
from uncertainty.sampling.statistics import Draws


def simulation(*outputs, rounding=0.0):
    """Return what asks functions of two inputs, which are their own probabilities."""

    def run(inputs, found):
        found[:] = [output(inputs) for output in outputs]

    def bounds(_, found):
        return np.broadcast_to(rounding, found.shape)

    model = SimpleNamespace(outputs=[str(i) for i in range(len(outputs))], run=run, rounding=bounds)
    return SimpleNamespace(inputs=("a", "b"), transform=lambda u: u, model=model)


@pytest.mark.parametrize(
    ("u", "probability"),
    [
        (0, 1),
        (0.05, 1e-3),
        (0.1, 1e-6),
        (0.2, 1e-12),
        (0.25, 0),
        (0.3, 0.1),
        (0.5, 0.5),
        (0.75, 1),
        (0.9, 1 - 1e-6),
    ],
)
def test_a_quarter_of_the_points_lies_in_each_tail_by_powers_of_ten(u, probability):
    assert spread_out(np.array([u])) == pytest.approx([probability], rel=1e-12, abs=1e-15)


def test_far_out_points_tell_every_probability_by_their_density():
    p = spread_out((np.arange(20_000) + 0.5) / 20_000)
    for share in (1e-12, 1e-6, 0.01, 0.3):
        for event in (p < share, p > 1 - share) if share > 1e-9 else (p < share,):
            assert (event / spread_density(p)).mean() == pytest.approx(share, rel=0.003)


@pytest.mark.parametrize(
    ("output", "varies"),
    [
        (lambda x: np.where(x[0] < 1e-13, 2.0, 1.0), True),
        (lambda x: np.where(1 - x[0] < 1e-13, 2.0, 1.0), True),
        (lambda x: np.where(x[1] < 1e-9, 2.0, 1.0), True),
        (lambda x: np.where((x[0] < 1e-4) & (1 - x[1] < 1e-4), 2.0, 1.0), True),
        (lambda x: np.where((x[0] > 0.4) & (x[0] < 0.6), 2.0, 1.0), True),
        (lambda x: np.where(x[0] < 1e-16, 2.0, 1.0), False),
        (lambda _: np.full(FAR_ROWS, 3.0), False),
        (lambda _: np.full(FAR_ROWS, np.nan), False),
        (lambda x: np.where(x[0] < 1e-3, np.nan, 3.0), False),
        (lambda x: np.where(x[0] < 1e-3, np.inf, x[1]), True),
    ],
)
def test_an_output_is_looked_at_where_inputs_hardly_ever_are(output, varies):
    assert vary_far_out(simulation(output)) == [varies]


def test_outputs_are_told_apart_and_in_their_order():
    found = vary_far_out(simulation(lambda x: x[0], lambda x: 0 * x[0], lambda x: x[0] * x[1]))
    assert found == [True, False, True]


@pytest.mark.parametrize(
    ("rounding", "varies"), [(0.0, True), (0.2, True), (0.6, False), (np.nan, True), (np.inf, True)]
)
def test_what_rounding_may_have_made_is_no_variation(rounding, varies):
    """Two values are one where no more than twice the rounding lies between them."""
    assert vary_far_out(simulation(lambda x: np.where(x[0] < 0.5, 1.0, 2.0), rounding=rounding)) == [varies]


def test_rounding_where_there_is_no_value_counts_for_nothing():
    rounding = np.where(np.arange(FAR_ROWS) < 9, 5.0, 0.0)
    broken = np.where(np.arange(FAR_ROWS) < 9, np.nan, np.arange(FAR_ROWS) % 2)
    assert vary_far_out(simulation(lambda _: broken, rounding=rounding)) == [True]


def test_a_model_that_refuses_such_inputs_is_taken_at_the_draws_word():
    def refuses(_):
        raise InvalidValue("no such input")

    assert vary_far_out(simulation(refuses, refuses)) == [False, False]


def test_only_draws_that_are_equal_are_told_whether_others_are_rare(monkeypatch):
    asked = simulation(lambda x: x[0], lambda x: x[0], lambda x: 0 * x[0])
    drawn = [Draws(np.arange(64.0), 1), Draws(np.ones(64), 1), Draws(np.ones(64), 1)]
    apart, rare, constant = told_apart(asked, drawn)
    assert apart is drawn[0]
    assert rare.quantile(0.025).error is None
    assert constant.quantile(0.025).error == 0
    monkeypatch.setattr("uncertainty.sampling.constancy.vary_far_out", None)
    assert told_apart(asked, drawn[:1]) == drawn[:1]
