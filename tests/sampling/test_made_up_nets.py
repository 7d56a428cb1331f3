"""What nets of made-up cases get wrong is what the formulas of its error say, each written out here."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from uncertainty.sampling import net_error, other_nets
from uncertainty.sampling.case_model import Measure
from uncertainty.sampling.cases import SCRAMBLES
from uncertainty.sampling.estimate import NOTHING, half_widths
from uncertainty.sampling.net_error import Nets
from uncertainty.sampling.other_nets import OTHER_NETS

DRAWS = 24
Z = 1.959963984540054


class MadeUp:
    """A model on one net whose draws have these values, with all scrambles and without each."""

    cases, meter = "the net's own", None

    def __init__(self, values, measure=None):
        self.values, self.measures = values, (measure or Measure("y", "average"),)

    def on(self, cases, versions):
        assert (cases, versions) == (self.cases, 1 + SCRAMBLES)
        return self

    def run(self, inputs, outputs):
        outputs[:] = self.values[:, inputs[0].astype(int)]


def made(spread, apart=0.0, measure=None, other=True):
    """Return nets of averages of 1 to 10 whose scrambles and nets differ, and what each scramble has."""
    rng = np.random.default_rng(7)
    exact = rng.permutation(np.geomspace(1, 10, DRAWS))
    parts = exact + spread * rng.normal(size=(1 + OTHER_NETS, SCRAMBLES, DRAWS))
    parts += apart * rng.normal(size=(1 + OTHER_NETS, 1, DRAWS))
    whole = parts.mean(axis=1, keepdims=True)
    found = np.concatenate([whole, (SCRAMBLES * whole - parts) / (SCRAMBLES - 1)], axis=1)
    models = [MadeUp(each, measure) for each in found]
    return Nets(models[0], models.__getitem__ if other else None, 1.5), parts, found


INPUTS = np.arange(DRAWS, dtype=float)[None]


def smooth(rows):
    """Return means of each and the three on either side."""
    count = rows.shape[-1]
    return np.array([rows[..., max(n - 3, 0) : n + 4].mean(axis=-1) for n in range(count)]).T


WEIGHTS = np.sin(np.pi * (np.arange(DRAWS) + 0.5) / DRAWS)


def error_of_a_net(parts):
    """Return what one net gets wrong, as all scrambles of so many nets tell: the error of their mean."""
    return math.sqrt(len(parts) / SCRAMBLES) * half_widths(parts.T) / Z


@pytest.mark.parametrize(("spread", "nets"), [(0.05, 1), (0.5, 1 + OTHER_NETS)])
def test_scrambles_tell_what_a_net_gets_wrong_and_those_of_others_where_it_counts(spread, nets):
    made_up, parts, found = made(spread)
    own = found[0, 0]
    order = np.argsort(own)
    told = made_up.least(INPUTS, own)
    every = parts[:nets].reshape(-1, DRAWS)[:, order]
    assert told.values == pytest.approx(own[order])
    assert told.errors == pytest.approx(1.5 * error_of_a_net(smooth(every)), rel=1e-9)
    mean = 1.5 * error_of_a_net((every @ WEIGHTS / WEIGHTS.sum())[:, None])
    assert told.of_mean == pytest.approx(mean.item(), rel=1e-9)


def test_without_scrambles_of_all_nets_an_output_stays_about_that_of_the_first():
    made_up, parts, found = made(0.5)
    without = made_up.without_scrambles(INPUTS)
    assert without.shape == ((1 + OTHER_NETS) * SCRAMBLES, DRAWS)
    assert without.mean(axis=0) == pytest.approx(found[0, 0], rel=1e-12)
    every = parts.reshape(-1, DRAWS)
    jackknifed = (len(every) - 1) * without.T
    assert half_widths(jackknifed) / Z == pytest.approx(1.5 * error_of_a_net(every), rel=1e-9)


def test_what_is_too_little_to_be_seen_is_nothing():
    made_up, _, found = made(5e-4)
    assert made_up.least(INPUTS, found[0, 0]) == NOTHING
    assert made_up.least(INPUTS, np.full(DRAWS, np.nan)) == NOTHING


MEDIAN = Measure("y", "quantile", 0.5)


def test_of_a_quantile_other_nets_tell_however_well_scrambles_agree():
    made_up, _, found = made(1e-9, 0.4, MEDIAN)
    order = np.argsort(found[0, 0])
    told = made_up.least(INPUTS, found[0, 0])
    nets = found[:, 0, order]
    wide = stats.t.ppf(0.975, OTHER_NETS) / Z
    assert told.errors == pytest.approx(wide * smooth(nets).std(axis=0, ddof=1), rel=1e-9)
    mean = wide * (nets @ WEIGHTS / WEIGHTS.sum()).std(ddof=1)
    assert told.of_mean == pytest.approx(mean, rel=1e-9)


def test_where_rows_may_cost_much_scrambles_alone_tell():
    for measure in (None, MEDIAN):
        made_up, parts, found = made(0.5, measure=measure, other=False)
        order = np.argsort(found[0, 0])
        told = made_up.least(INPUTS, found[0, 0])
        assert told.errors == pytest.approx(1.5 * error_of_a_net(smooth(parts[0][:, order])), rel=1e-9)


def test_draws_without_a_value_and_errors_that_are_not_known_are_left_out():
    made_up, parts, found = made(0.05)
    own = found[0, 0].copy()
    lost = np.argsort(own)[[0, 10, 23]]
    own[lost] = [np.nan, np.inf, -np.inf]
    told = made_up.least(INPUTS, own)
    kept = np.setdiff1d(np.arange(DRAWS), lost)
    assert told.values == pytest.approx(np.sort(found[0, 0, kept]))
    # of another net the first draws have no value, and so no smoothed error, nor the mean
    made_up, parts, found = made(0.5)
    order = np.argsort(found[0, 0])
    made_up.other(2).values[:, order[:2]] = np.nan
    told = made_up.least(INPUTS, found[0, 0])
    assert told.values == pytest.approx(found[0, 0, order][5:])
    errors = 1.5 * error_of_a_net(smooth(parts.reshape(-1, DRAWS)[:, order]))[5:]
    assert told.errors == pytest.approx(errors, rel=1e-6)
    assert told.of_mean == pytest.approx(errors.mean(), rel=1e-6)


def test_few_draws_lie_from_the_lowest_to_the_highest():
    values = np.random.default_rng(1).permutation(1000.0 + np.arange(1000))
    places = net_error.few_of(values)
    at = np.sin(np.pi / 2 * (np.arange(32) + 0.5) / 32) ** 2
    assert (values[places] - 1000).tolist() == np.floor(1000 * at).tolist()


def averaged(values, reads=(0,)):
    return SimpleNamespace(values=values, reads=reads, once=lambda _, find: find())


def cases_of(explained=0.0):
    """Return cases whose inputs explain the mean and, of the rest, a part."""

    def unexplained(values, reads):
        assert reads == (0,)
        return (1 - explained) * (values - values.mean(axis=1, keepdims=True))

    return SimpleNamespace(unexplained=unexplained)


def lognormal(*sigmas, size=512):
    """Return values of which those quantiles that lie far from the ends are exact."""
    scores = stats.norm.ppf(np.clip(np.arange(size) / (size - 1), 1e-3, 1 - 1e-3))
    return np.exp(np.multiply.outer(sigmas, scores))


def test_the_kurtosis_of_cases_is_that_of_the_lognormal_quantity_with_their_quantiles():
    found = other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.3, 0.8, 0.5)))
    w = math.exp(0.5**2)
    assert found == pytest.approx(w**4 + 2 * w**3 + 3 * w**2 - 3, rel=0.02)
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.0))) == 0
    assert other_nets.kurtosis_of_cases(cases_of(1 - 1e-10), averaged(lognormal(0.5))) == 0
    # some case without a value, half a tail of one value, or few cases
    for lost in (np.inf, np.nan):
        values = lognormal(0.3, 0.5)
        values[1, 7] = lost
        assert other_nets.kurtosis_of_cases(cases_of(), averaged(values)) == 0
    steps = np.repeat([[0.0, 1.0]], [500, 12], axis=1)
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(steps)) == 0
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.5, size=64))) == 0


def test_an_interval_is_wider_by_what_scrambles_of_all_nets_tell_beside_its_own(monkeypatch):
    rng, size, draws = np.random.default_rng(9), 64, 5
    weights = np.kron(np.eye(SCRAMBLES), np.full(size // SCRAMBLES, SCRAMBLES / size))
    values = 1e200 * rng.lognormal(0, 1, (1 + OTHER_NETS, draws, size))

    class Model:
        def on(self, cases):
            number = cases.number
            each = averaged(values[number])
            return SimpleNamespace(cases=cases, averaged=lambda _: [averaged(None), each])

    def net(plan, inner, seed, number=0):
        assert (plan, inner, seed) == ("plan", size, 3)
        return SimpleNamespace(number=number, weights=lambda _: weights)

    monkeypatch.setattr(other_nets, "make_cases", net)
    monkeypatch.setattr(other_nets, "other_cases", net)
    found = other_nets._Nets("plan", Model(), size, 3, np.empty((1, draws))).wider(1, 20.0)
    parts = values.reshape(1 + OTHER_NETS, draws, SCRAMBLES, -1).mean(axis=3) / 1e200
    pooled = np.sqrt(parts.var(axis=2, ddof=1).mean(axis=0) / SCRAMBLES)
    degrees = (1 + OTHER_NETS) * (SCRAMBLES - 1)
    reach = stats.t.ppf(0.975, 2 / (2 / degrees + 20 / ((1 + OTHER_NETS) * size)))
    assert found == pytest.approx(np.median(reach * pooled / half_widths(parts[0])), rel=1e-9)
