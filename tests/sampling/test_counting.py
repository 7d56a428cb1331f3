"""Counting draws instead of storing them changes no number that is asked for."""

from dataclasses import replace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import NonFiniteError, UncertaintyError
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.huge import counting
from uncertainty.sampling.huge.counting import Counting, count_draws
from uncertainty.sampling.huge.windows import Grid, keys
from uncertainty.sampling.moments import telling
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.thresholds import lower
from uncertainty.sampling.workers.engine import Threads
from uncertainty.study.scenario import scenario

PROBABILITIES = (0.025, 0.5, 0.975)


def outputs_of(x, y, die):
    return {
        "ratio": x / y,
        "difference": x - y,
        "die": die,
        "mostly_nothing": np.maximum(die - 4.0, 0.0),
        "far_away": 1e9 + 1e-3 * x,
        "outliers": np.where(x > 8.0, 1e12 * y, x),
        "negative": -x * y,
    }


def simulation(samples, design, outputs=None):
    study = un.Study.from_function(
        outputs_of, {"x": "lognormal(3, 1.5)", "y": "gamma(3, 2)", "die": "discrete(1, 2, 3, 4, 5, 6)"}
    )
    return simulate(scenario(study), outputs or tuple(study.outputs), samples, 3, design)


def stored(made):
    rows = np.concatenate([y.copy() for _, y in made.blocks(0, blocks(made.design))], axis=1)
    return [Draws(row, made.design.replicate_rows) for row in rows]


def counted(made, threads=2):
    thresholds = [(lower(1.0, 0.0), lower(3.0, 0.0))] * len(made.model.outputs)
    found = count_draws(
        Counting(made, Threads(threads), None),
        (*PROBABILITIES, *telling(made.design.samples)),
        thresholds,
        lambda failed: failed.raise_if_any(made.design.samples, {"ratio": frozenset()}, "study.toml"),
    )
    return [Draws(evidence) for evidence in found]


def everything(draws):
    return (
        [draws.quantile(p) for p in PROBABILITIES],
        [draws.quantile_interval(p) for p in PROBABILITIES],
        [draws.share_at_least(t) for t in (1.0, 3.0)],
        [draws.share_interval(t) for t in (1.0, 3.0)],
        (draws.mean, draws.sd, draws.geometric_sd, draws.log_sd, draws.lowest, draws.highest),
        draws.interval(0.95),
    )


@pytest.mark.slow
@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@pytest.mark.parametrize("kept", [2**17, 500])
def test_every_number_is_that_of_the_stored_draws(monkeypatch, design, kept):
    monkeypatch.setattr(counting, "KEPT", kept)  # few, so that bins are counted again
    made = simulation(200_003, design)
    for one, other in zip(stored(made), counted(made), strict=True):
        assert everything(one) == everything(other)


def test_draws_are_counted_again_where_the_error_of_a_quantile_reaches_farther(monkeypatch):
    study = un.Study.from_function(lambda x, y: {"sum": x + y}, {"x": "1 to 3", "y": "normal(0, 1)"})
    options = {"samples": 5_000, "seed": 3}
    kept = un.propagate(study, **options)
    monkeypatch.setattr(counting, "DEVIATIONS", 0.01)
    monkeypatch.setattr(counting, "KEPT", 1)
    found = un.propagate(study, **options, memory=2**12)
    assert found.rows is None
    assert dict(found.headline.summary) == dict(kept.headline.summary)


def test_the_number_of_threads_changes_nothing():
    made = simulation(100_000, "random", ("ratio", "die"))
    for one, other in zip(counted(made, 1), counted(made, 8), strict=True):
        assert everything(one) == everything(other)


def test_what_was_not_counted_is_refused_in_one_line():
    draws = counted(simulation(50_000, "random", ("ratio",)))[0]
    for asked in (
        lambda: draws.values,
        lambda: draws.ordered,
        lambda: draws.quantile(0.3),
        lambda: draws.share_below(1e9),
        lambda: draws.interval(0.95, "shortest"),
    ):
        with pytest.raises(
            UncertaintyError, match="too many to be stored; use fewer samples or fewer outputs"
        ):
            asked()


def test_failing_draws_are_refused_with_their_number():
    study = un.Study.from_function(
        lambda x: {"ratio": np.log(x)}, {"x": "uniform(-1, 999)"}, outputs=["ratio"]
    )
    made = simulate(scenario(study), ("ratio",), 50_000, 1, "random")
    with pytest.raises(NonFiniteError, match=r"undefined for \d+ of 50000 draws"):
        counted(made)


def test_progress_counts_all_runs():
    made = simulation(300_000, "random", ("ratio",))
    seen = []
    engine = Threads(1)
    count_draws(Counting(made, engine, lambda *p: seen.append(p)), (0.5,), [()], lambda _: None)
    assert seen[-1] == (600_000, 600_000)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_keys_never_decrease_with_the_value(shift):
    rng = np.random.default_rng(1)
    values = np.sort(np.concatenate([rng.normal(size=1000), 10 ** rng.uniform(-300, 300, 1000), [-0.0, 0.0]]))
    found = keys(values, shift)
    assert (np.diff(found) >= 0).all()
    assert found.min() > 0


def test_the_bins_of_a_grid_are_where_its_bounds_say():
    values = np.random.default_rng(2).lognormal(size=10_000)
    grid = Grid.around(values[:100])
    counts = grid.counts(values)
    assert counts.sum() == values.size
    for bin_ in (0, 7000, grid.bins - 1):
        low, high = grid.bounds(bin_, bin_)
        found = keys(values, grid.shift)
        assert counts[bin_] == ((found >= low) & (found <= high)).sum()


def test_a_design_of_other_seed_is_other_draws():
    made = simulation(50_000, "random", ("ratio",))
    other = replace(made, design=replace(made.design, seed=4))
    assert counted(made)[0].quantile(0.5) != counted(other)[0].quantile(0.5)
