"""Counting draws instead of storing them changes no number that is asked for."""

import gc
import math
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.errors import NonFiniteError, UncertaintyError
from uncertainty.sampling import designs
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.huge import counting, windows
from uncertainty.sampling.huge.counting import WHOLE, Counting, Place, Target, _narrowed, _ranks, count_draws
from uncertainty.sampling.huge.windows import Counted, Grid, Kept, Some, Window, keys
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
        PROBABILITIES,
        thresholds,
        lambda failed: failed.raise_if_any(made.design.samples, {"ratio": frozenset()}, "study.toml"),
        told=telling(made.design.samples),
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


@pytest.mark.parametrize("design", variants(["random", "lhs", "sobol"], lambda design: design != "lhs"))
def test_every_number_of_few_draws_is_that_of_the_stored_ones(monkeypatch, design):
    monkeypatch.setattr(counting, "KEPT", 50)  # few, so that bins are counted again
    monkeypatch.setattr(counting, "SPAN_BLOCKS", 1)
    monkeypatch.setattr(windows, "MOST_TIES", 2)
    monkeypatch.setattr(windows, "MOST_PARTS", 2)
    made = simulation(
        20_001 if design == "random" else 6_001, design, ("ratio", "die", "outliers", "negative", "far_away")
    )
    for one, other in zip(stored(made), counted(made, 1), strict=True):
        assert everything(one) == everything(other)


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


def test_what_is_too_much_to_keep_is_counted_again_until_it_is_not(monkeypatch):
    monkeypatch.setattr(counting, "KEPT", 50)
    monkeypatch.setattr(counting, "SPAN_BLOCKS", 1)
    made, seen = simulation(50_000, "random", ("outliers", "die")), []
    tell = Counting(made, Threads(1), lambda *p: seen.append(p))
    found, atoms = count_draws(tell, (0.5,), [(), ()], lambda _: None, deviations=0.05)
    first, last = _ranks(0.5, 50_000, 0.05)
    [window] = found.windows
    assert last - first < window.values.size <= max(50, 4 * (last - first))
    # draws of one value are kept once for each block
    assert {3.0, 4.0} <= set(atoms.windows[0].values) <= {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert len(seen) % blocks(made.design) == 0
    assert seen[-1] == (len(seen) // blocks(made.design) * 50_000,) * 2
    assert len(seen) // blocks(made.design) > 2


def test_the_ranks_of_a_quantile_reach_so_many_standard_errors_to_either_side():
    # 5000 -+ (8 sqrt(10001 / 4) + 2)
    assert _ranks(0.5, 10_001, 8.0) == (4597, 5403)
    assert _ranks(0.1, 10_001, 1.0) == (967, 1033)
    assert _ranks(0.0, 100, 8.0) == (0, 2)
    assert _ranks(1.0, 100, 8.0) == (97, 99)
    assert _ranks(0.3, 4, 8.0) == (0, 3)


def test_a_target_is_narrowed_to_the_bins_that_hold_its_ranks():
    # the keys of the smallest numbers are 1, 2, 3 ...
    ends = SimpleNamespace(lowest=3 * 5e-324, highest=7 * 5e-324)
    counts = np.zeros(16, np.int64)
    counts[[3, 5, 7]] = 5, 10, 20

    def narrowed(first, last, known=(*WHOLE, 0, 35)):
        found = _narrowed(Target(0, first, last, Grid.between(0.0, 0, 15), *known), counts, ends)
        return found.low, found.high, found.below, found.inside, found.narrowest

    assert narrowed(4, 8) == (3, 5, 0, 15, False)
    assert narrowed(5, 14) == (5, 5, 5, 10, False)
    # no lower than the lowest draw, and no higher than the highest
    assert narrowed(0, 34) == (3, 7, 0, 35, False)
    # no finer than half of what was known
    assert narrowed(4, 8, (3, 7, 0, 35)) == (3, 5, 0, 15, True)
    assert narrowed(4, 8, (3, 8, 0, 35)) == (3, 5, 0, 15, False)
    assert narrowed(104, 108, (3, 7, 100, 35)) == (3, 5, 100, 15, True)


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


def test_a_grid_reaches_a_quarter_beyond_its_pilot_in_as_many_bins_as_may_be():
    one, two = keys(np.array([1.0, 2.0]), 0.0).tolist()
    grid = Grid.around(np.array([2.0, np.nan, 1.0, 1.5, np.inf]))
    assert (grid.shift, grid.low, grid.high) == (0.0, one - (two - one) // 4 - 1, two + (two - one) // 4 + 1)
    assert 2**13 <= grid.bins <= 2**14
    # three times the width lies between what is not positive and 0
    low, high = keys(np.array([-1.0, 3.0]), 9.0).tolist()
    moved = Grid.around(np.array([-1.0, 3.0]))
    assert (moved.shift, moved.low) == (9.0, low - (high - low) // 4 - 1)
    assert keys(np.array([-1.0]), 9.0) == keys(np.array([8.0]), 0.0)
    for one_value in (np.array([5.0]), np.array([0.0, 0.0]), np.array([np.nan])):
        only = Grid.around(one_value)
        assert only.bins <= 3
        assert only.counts(one_value[np.isfinite(one_value)]).sum() == np.isfinite(one_value).sum()
    assert [Grid.between(0.0, 0, high).bins for high in (0, 5, 2**14 - 1, 2**14)] == [1, 6, 2**14, 2**13 + 1]


def test_draws_between_two_keys_are_kept_with_how_many_lie_below():
    values = np.array([1.0, 2.0, 3.0, 3.0, 4.0, 9.0])
    found = keys(values, 0.0)
    low, high = keys(np.array([2.0, 4.0]), 0.0).tolist()
    for most in (2**10, 2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(windows, "MOST_TIES", most)
            apart, together = (Kept(np.zeros(replicates, np.int64)) for replicates in (2, 1))
            for kept, replicates in ((apart, (0, 1)), (together, (0, 0))):
                kept.add(replicates[0], values, found, low, high)
                kept.add(replicates[1], values[1:3], found[1:3], low, high)
        for kept, below, at_most in ((apart, [2, 1], [4, 2]), (together, [3], [6])):
            window = Window(kept.together())
            assert [window.holds(rank) for rank in (0, 1, 6, 7)] == [False, True, True, False]
            assert [window.ranked(rank) for rank in range(1, 7)] == [2.0, 2.0, 3.0, 3.0, 3.0, 4.0]
            assert window.counts_to(9.0, inclusive=True).dtype == np.int64
            known = Counted(8, 4, None, [window], {5.0: np.array([5, 2])})
            assert known.counts_below(3.0).tolist() == below
            assert known.counts_below(3.0, inclusive=True).tolist() == at_most
            assert known.counts_below(5.0).sum() == 7
            assert window.counts_to(1.0, inclusive=True).sum() == 1


def test_draws_of_one_value_are_kept_once_for_each_replicate():
    values, replicates = np.array([3.0, 2.0, 3.0, 3.0, 2.0]), np.array([1, 0, 0, 1, 1], np.int32)
    found = Some(replicates, values, np.array([1, 2, 3, 4, 5], np.int32)).once()
    assert [each.tolist() for each in found] == [[0, 0, 1, 1], [2.0, 3.0, 2.0, 3.0], [2, 3, 5, 5]]


def test_blocks_have_their_place_among_replicates():
    def places(design, samples, span):
        found = Place.of(simulation(samples, design, ("ratio",)).design, span)
        return found.first, found.blocks, found.first_replicate, found.replicates

    # independent draws are all of one; a Latin hypercube has a block for each replicate
    assert places("random", 2**20, (16, 32)) == (16, 16, 0, 1)
    assert places("lhs", 2**20, (16, 32)) == (16, 16, 16, 16)
    # 16 scrambles of 2^16 points in 4 blocks of 2^14 each
    assert places("sobol", 2**20, None) == (0, 64, 0, 16)
    assert places("sobol", 2**20, (4, 8)) == (4, 4, 1, 1)
    assert places("sobol", 2**20, (6, 9)) == (6, 3, 1, 2)


def test_of_quantiles_without_errors_only_the_draws_beside_them_are_kept(monkeypatch):
    monkeypatch.setattr(counting, "KEPT", 1)
    made, size = simulation(100_000, "random", ("ratio",)), 100_000
    tell = Counting(made, Threads(1), None)
    [found] = count_draws(tell, (0.025, 0.5), [()], lambda _: None, told=(0.02502, 0.5, 0.9))
    *wide, narrow = found.windows
    assert [window.holds(round(p * size)) for window, p in zip(wide, (0.025, 0.5), strict=True)] == [True] * 2
    assert narrow.holds(90_000)
    assert narrow.values.size <= 4 * 5
    assert all(window.values.size > 16 * math.sqrt(size * 0.025 * 0.975) for window in wide)


@pytest.mark.slow
def test_what_grows_with_the_blocks_are_their_sums_alone(monkeypatch):
    monkeypatch.setattr(designs, "BLOCK", 2**6)
    monkeypatch.setattr(counting, "KEPT", 2**9)

    def peak(samples):
        tell = Counting(simulation(samples, "random", ("ratio", "difference")), Threads(1), None)
        # garbage that waits is nothing that a run needs, and tests look for it rarely
        rarely = gc.get_threshold()
        gc.collect()
        gc.set_threshold(100)
        tracemalloc.start()
        try:
            count_draws(tell, (0.5,), [range(10)] * 2, lambda _: None, deviations=0.01)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.set_threshold(*rarely)

    peak(2**10)
    more = (2**16 - 2**14) / 2**6
    # 13 sums of 8 bytes for each of two outputs
    assert peak(2**16) - peak(2**14) < 1.5 * more * 13 * 8 * 2
