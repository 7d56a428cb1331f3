"""Sensitivity from draws alone meets closed forms and SALib's own numbers."""

import dataclasses
import itertools
import math
import pickle
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from coverage_studies import repeated
from exact_models import EXACT, of_function, portfolio
from SALib.analyze import pawn as salib_pawn
from scipy.stats import rankdata, t
from variants import variants

from uncertainty import NonFiniteError, SettingError, Study, load_study
from uncertainty.pages.sections import attribution
from uncertainty.results.about import about
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.statistics import BATCHES
from uncertainty.sensitivity.effects import effects
from uncertainty.sensitivity.events import Events
from uncertainty.sensitivity.given_data import (
    FEWEST_BINS,
    MOST_BINS,
    FromDraws,
    GivenData,
    Measured,
    _bin_counts,
    _Binned,
    _Bins,
    _first_order,
    _first_orders_apart,
    _tabulated,
    given_data,
    jackknifed,
    neighbour_first_order,
)
from uncertainty.sensitivity.methods import METHODS, Asked
from uncertainty.sensitivity.morris import morris
from uncertainty.sensitivity.sample import FEWEST_IN_TAIL, NETS, Sample, _Source, draw_sample, slices
from uncertainty.settings import Settings

MODELS = ["ishigami", "g function", "product of lognormals, log10", "without effect"]


def within(measured, exact, slack=0.0):
    low, high = measured.interval
    return low - slack <= exact <= high + slack


@pytest.mark.parametrize(
    ("model", "design"),
    variants(
        itertools.product(MODELS, ["random", "lhs", "sobol"]),
        lambda model, design: model == "ishigami" or (design == "sobol" and model != "g function"),
    ),
)
def test_first_order_indices_from_draws_lie_within_their_intervals(model, design):
    exact = EXACT[model]()
    sample = draw_sample(exact.study, samples=2**14, design=design, seed=5)
    found = given_data(sample, level=0.9999, moment_independent=False)["y"]
    assert found.rows == sample.rows
    for name, row in found.inputs.items():
        # what lies within bins is lost: about a thousandth
        assert within(row.S1, exact.S1[name], slack=0.002)
        assert within(row.neighbour_S1, exact.S1[name], slack=0.002)


FAST = {
    "a sine": lambda a, b: np.sin(20 * np.pi * a) + 0 * b,
    "a sine and noise": lambda a, b: np.sin(14 * np.pi * a) + 0.3 * b,
    "a square wave": lambda a, b: np.where(20 * a % 2 > 1, 1.0, 0.0) + 0 * b,
}


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_few_draws_of_what_changes_fast_promise_nothing_that_bins_cannot_resolve(name, design):
    study = of_function(lambda a, b: {"y": FAST[name](a, b)}, dict.fromkeys("ab", "uniform(0, 1)"))
    exact = 0.5 / (0.5 + 0.0075) if name == "a sine and noise" else 1.0
    found = given_data(draw_sample(study, samples=512, design=design))["y"].inputs
    assert within(found["a"].S1, exact)
    assert found["a"].S1.value > 0.2
    assert found["a"].delta is None
    assert within(found["b"].S1, 1 - exact, slack=0.01)
    assert found["b"].delta is not None


@pytest.mark.slow
def test_bins_are_several_times_more_accurate_on_sobol_points():
    exact = EXACT["g function"]()
    widths = {}
    for design in ("random", "sobol"):
        found = given_data(draw_sample(exact.study, samples=2**14, design=design), moment_independent=False)
        widths[design] = np.mean([np.ptp(row.S1.interval) for row in found["y"].inputs.values()])
    assert widths["sobol"] < widths["random"] / 2


def test_spearman_is_the_copulas_own():
    study = portfolio().study
    sample = draw_sample(study, samples=2**14, design="random")
    renamed = Sample.from_arrays({"x1": sample.inputs["x1"]}, {"x2": sample.inputs["x2"]})
    found = given_data(renamed, level=0.999, moment_independent=False)["x2"].inputs["x1"].spearman
    assert within(found, 6 / math.pi * math.asin(0.15))


@pytest.mark.slow
def test_pawn_is_salib_s():
    exact = EXACT["ishigami"]()
    sample = draw_sample(exact.study, samples=2**12, design="random")
    matrix = np.column_stack(list(sample.inputs.values()))
    problem = {"num_vars": 3, "names": list(sample.inputs), "bounds": [[0, 1]] * 3}
    theirs = salib_pawn.analyze(problem, matrix, sample.outputs["y"], S=10)["median"]
    ours = given_data(sample)["y"].inputs
    assert [ours[name].pawn for name in sample.inputs] == pytest.approx(list(theirs))


def test_salib_leaves_numpy_s_global_state_alone():
    sample = draw_sample(EXACT["ishigami"]().study, samples=2**8)
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - what is to be left alone
    first = given_data(sample, seed=0)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002 - the same
    assert given_data(sample, seed=0) == first


@pytest.mark.slow
def test_subsamples_are_said():
    found = given_data(draw_sample(EXACT["without effect"]().study, samples=2**15))["y"]
    assert (found.rows, found.delta_rows, found.pawn_rows) == (2**15, 2**15, 20000)


def test_saved_draws_of_a_discrete_input_serve():
    rng = np.random.default_rng(3)
    x, noise = rng.choice([1.0, 2.0, 4.0], 4000), rng.normal(size=4000)
    sample = Sample.from_arrays({"x": x, "noise": noise}, {"y": x + noise})
    found = given_data(sample, level=0.999, moment_independent=False)["y"]
    exact = np.var([1, 2, 4]) / (np.var([1, 2, 4]) + 1)
    assert within(found.inputs["x"].S1, exact)
    assert within(found.inputs["x"].neighbour_S1, exact)


@pytest.mark.parametrize("design", ["random", "sobol"])
@repeated(100, 500)
def test_intervals_of_binned_indices_cover(design, repeats):
    exact = EXACT["ishigami"]()
    hits = []
    for seed in range(repeats):
        sample = draw_sample(exact.study, samples=2**12, design=design, seed=seed, threads=1)
        found = given_data(sample, moment_independent=False)["y"].inputs
        if found["x1"].S1 is not None:  # or else its variance rests on a few draws, which is said
            hits.append([within(found[name].S1, exact.S1[name]) for name in exact.S1])
    print(f"\nbinned S1, {design}, given in {len(hits)} of {repeats}: {np.mean(hits, axis=0)}")
    assert len(hits) >= 0.75 * repeats
    # the allowance for what lies within bins makes them safe rather than exact
    assert np.mean(hits) >= 0.90


def test_an_output_that_does_not_vary_says_so():
    found = given_data(Sample.from_arrays({"x": range(100)}, {"y": [3.0] * 100}))["y"]
    assert found.reason == "the output does not vary"


def test_constant_inputs_are_left_out():
    x = np.random.default_rng(1).normal(size=400)
    both, alone = (
        given_data(Sample.from_arrays(inputs, {"y": x}))["y"]
        for inputs in ({"x": x, "still": np.ones(400)}, {"x": x})
    )
    assert both == alone
    assert (
        given_data(Sample.from_arrays({"still": np.ones(400)}, {"y": x}))["y"].reason
        == "no input varies in these draws"
    )


def test_few_draws_say_nothing():
    rows = np.arange(float(BATCHES))
    assert given_data(Sample.from_arrays({"x": rows}, {"y": rows}))["y"].inputs
    found = given_data(Sample.from_arrays({"x": rows[1:]}, {"y": rows[1:]}))["y"]
    assert (found.reason, dict(found.inputs)) == ("it takes 20 draws, and there are 19", {})


def test_an_output_that_is_the_same_in_nearly_every_draw_has_neither_density_nor_s1():
    y = np.zeros(10_000)
    y[[7, 8]] = 1, -1
    found = given_data(Sample.from_arrays({"x": np.arange(10_000.0)}, {"y": y}))["y"]
    row = found.inputs["x"]
    assert (row.delta, row.S1, row.neighbour_S1) == (None, None, None)
    assert math.isfinite(row.spearman.value)
    assert found.without_first_order.startswith("Too few draws met the event")


EVENTS = {
    "one input": lambda a, b: a > 0.997 + 0 * b,
    "both": lambda a, b: (a > 0.99) & (b > 0.5),
    "of three sizes": lambda a, b: (a > 0.996) * (2 + (b > 0.3) + (b > 0.7)),
}


@pytest.mark.parametrize("design", ["random", "sobol"])
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_s1_of_a_rare_event_is_left_out_until_enough_draws_met_it(event, design):
    study = of_function(
        lambda a, b: {"y": np.asarray(event(a, b), dtype=float)}, dict.fromkeys("ab", "uniform(0, 1)")
    )
    few, many = (
        given_data(draw_sample(study, samples=rows, design=design), moment_independent=False)["y"]
        for rows in (1024, 2**14)
    )
    assert few.without_first_order
    assert {(row.S1, row.neighbour_S1) for row in few.inputs.values()} == {(None, None)}
    assert not many.without_first_order
    assert all(row.S1 is not None for row in many.inputs.values())


def test_s1_of_a_few_extreme_values_is_left_out_and_ranks_stay():
    heavy = {"a": "lognormal(median=1, sigma=1.6)", "b": "lognormal(median=1, sigma=1.2)"}
    study = of_function(lambda a, b: {"y": a * b}, heavy)
    found = given_data(draw_sample(study, samples=1024))["y"]
    assert found.without_first_order.startswith("a few extreme values make up the variance")
    assert [*found.inputs] == ["a", "b"]
    # rank correlation of a normal pair (Kruskal 1958)
    exact = 6 / math.pi * math.asin(1.6 / math.hypot(1.6, 1.2) / 2)
    assert found.inputs["a"].spearman.value == pytest.approx(exact, abs=0.02)


@pytest.mark.slow
def test_one_table_holds_outputs_of_which_not_the_same_is_known(capsys, write_study):
    """Neither the first output nor the second has a column that only the other has."""
    from command_line import run_here

    outputs = (("y", "where(a > 3.5, 1, 0)"), ("z", "a"))
    for first, second in (outputs, outputs[::-1]):
        path = write_study(
            "format = 1\n[study]\ntitle = 'Two'\nheadline = 'y'\n"
            "[inputs.a]\nunit = '1'\npoint = 0\ndistribution = 'normal(0, 1)'\n"
            + "".join(f"[outputs.{name}]\nunit = '1'\nvalue = '{text}'\n" for name, text in (first, second))
        )
        target = path.parent / "found.csv"
        target.unlink(missing_ok=True)
        out = run_here(
            capsys, "sensitivity", path, "--method", "draws", "--samples", 2**14,
            "--only", "y", "--only", "z", "--table", target,
        ).out  # fmt: skip
        assert "No S1: Too few draws met the event" in out
        heading = target.read_text().splitlines()[0].split(",")
        assert {"S1", "S1_low", "S1_high", "delta", "delta_low", "delta_high"} <= {*heading}


@pytest.mark.parametrize("level", [0, 1, 95])
def test_levels_that_are_not_between_0_and_1_are_refused(level):
    sample = Sample.from_arrays({"x": np.arange(100.0)}, {"y": np.arange(100.0)})
    with pytest.raises(SettingError, match="level: expected a number between 0 and 1"):
        given_data(sample, level=level)
    with pytest.raises(SettingError, match="level: expected a number between 0 and 1"):
        effects(sample, "y", ["x"], level=level)
    with pytest.raises(SettingError, match="level: expected a number between 0 and 1"):
        morris(EXACT["ishigami"]().study, level=level)


@pytest.mark.parametrize(
    ("inputs", "outputs", "error", "message"),
    [
        ({"x": [1, 2]}, {"y": [1, 2, 3]}, SettingError, "columns of one length"),
        ({"x": []}, {"y": []}, SettingError, "draws: expected at least one row"),
        ({"x": [1, 2]}, {}, SettingError, "draws: expected at least one output"),
        ({"x": [1, math.nan]}, {"y": [1, 2]}, NonFiniteError, "x: 1 row is not finite"),
        ({"x": [1, 2]}, {"y": [1, math.inf]}, NonFiniteError, "y: 1 row is not finite"),
        ({"x": np.ma.masked_equal([1, 999], 999)}, {"y": [1, 2]}, NonFiniteError, "x: 1 row is not finite"),
        ({"x": [1, 2 + 1j]}, {"y": [1, 2]}, SettingError, "x: expected numbers, found"),
        ({"x": ["low", "high"]}, {"y": [1, 2]}, SettingError, "x: expected numbers, found"),
        ({"x": np.array([1, 2], "datetime64[D]")}, {"y": [1, 2]}, SettingError, "x: expected numbers, found"),
    ],
)
def test_unsound_draws_are_refused(inputs, outputs, error, message):
    with pytest.raises(error, match=message):
        Sample.from_arrays(inputs, outputs)


def test_series_with_their_rows_in_different_orders_are_no_runs():
    x, y = pd.Series([1.0, 2, 3]), pd.Series([3.0, 1, 2])
    with pytest.raises(SettingError, match=r"draws: y has the rows of x in another order; sort them alike"):
        Sample.from_arrays({"x": x}, {"y": y.sort_values()})
    assert Sample.from_arrays({"x": x}, {"y": y}).outputs["y"].tolist() == [3, 1, 2]
    frame = pd.DataFrame({"x": x, "y": y})
    assert Sample.from_arrays(frame[["x"]], frame[["y"]]).outputs["y"].tolist() == [3, 1, 2]
    # rows of other labels are those of another table
    moved = Sample.from_arrays({"x": x, "z": np.ones(3)}, {"y": y.set_axis([7, 8, 9])})
    assert moved.outputs["y"].tolist() == [3, 1, 2]


def test_draws_of_yes_and_no_are_1_and_0():
    sample = Sample.from_arrays({"x": np.array([True, False])}, {"y": [1, 2]})
    assert sample.inputs["x"].tolist() == [1.0, 0.0]


def test_logarithms_of_negative_outputs_are_refused():
    sample = Sample.from_arrays({"x": [1, 2, 3]}, {"y": [-1, 2, 3]}, {"y": "log10"})
    with pytest.raises(NonFiniteError, match=r"outputs\.y: is not positive for 1 of 3 draws"):
        given_data(sample)
    with pytest.raises(SettingError, match='unknown output "z"'):
        given_data(sample, output="z")


def test_the_design_changes_nothing_in_which_draws_there_are(single_cases):
    from uncertainty import propagate

    headline = single_cases.headline
    sample = draw_sample(single_cases, output=headline, samples=2**10, seed=3)
    run = propagate(single_cases, outputs=[headline], samples=2**10, seed=3)
    assert (sample.outputs[headline] == run.outputs[headline].values).all()


def test_rows_belong_to_randomisations_or_batches():
    random = Sample.from_arrays({"x": range(100)}, {"y": range(100)}).groups()
    assert np.bincount(random).tolist() == [100 // BATCHES] * BATCHES


def test_slices_hold_every_row_once():
    values = np.random.default_rng(1).normal(size=5000)
    for tails in (False, True):
        cuts = slices(values, 16, tails=tails)
        assert sorted(np.concatenate(cuts)) == list(range(5000))
        assert all(values[a].max() <= values[b].min() for a, b in itertools.pairwise(cuts))
    assert [len(cut) for cut in slices(np.array([2.0, 1.0, 2.0]), 16)] == [1, 2]
    assert [len(cut) for cut in slices(values, 4)] == [1250] * 4
    halved = [len(cut) for cut in slices(np.append(values, values[:120] + 10), 4, tails=True)]
    # 1,280 in halves, as long as a half has the fewest draws
    outermost = [1280 // 2**k for k in range(1, int(math.log2(1280 / FEWEST_IN_TAIL)) + 1)]
    assert halved == [outermost[-1], *outermost[::-1], 1280, 1280, *outermost, outermost[-1]]


@pytest.mark.slow
def test_neighbours_of_equal_values_are_chosen_by_chance(single_cases):
    """In the order of a design, rows of one value are no independent draws."""
    sample = draw_sample(
        single_cases, output=single_cases.headline, choices={"attribution": "computer_and_room"}
    )
    found = given_data(sample, moment_independent=False)[single_cases.headline].inputs["computer_used"]
    assert within(found.neighbour_S1, found.S1.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "samples", "seeds"),
    [("sobol", 256, 40), ("sobol", 1024, 20), ("random", 64, 40), ("random", 256, 40), ("random", 4096, 15)],
)
def test_intervals_of_s1_allow_for_what_varies_within_bins(design, samples, seeds):
    inputs = dict.fromkeys("abc", "normal(0, 1)")
    study = of_function(lambda a, b, c: {"y": 2 * a + b + 0 * c}, inputs)
    exact = {"a": 0.8, "b": 0.2, "c": 0.0}
    covered = dict.fromkeys(exact, 0)
    for seed in range(seeds):
        sample = draw_sample(study, samples=samples, seed=seed, design=design)
        for name, row in given_data(sample, moment_independent=False)["y"].inputs.items():
            if row.S1 is None:  # now and then, few draws have so long a tail
                assert samples < 1000
                covered[name] += 1
            else:
                covered[name] += row.S1.interval[0] <= exact[name] <= row.S1.interval[1]
    for name, count in covered.items():
        assert count / seeds >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / seeds), name


@pytest.mark.parametrize("design", ["sobol", "random"])
@pytest.mark.parametrize(
    ("share", "height", "start"),
    variants([(0.02, 10.0, 0.0), (0.03, 8.0, 0.97), (0.025, 10.0, 0.6)], lambda share, *_: share == 0.03),
)
def test_intervals_of_s1_hold_a_jump_within_one_bin_of_few_draws(share, height, start, design):
    """An event of a probability p and a height h has the variance h² p (1 - p), beside that of b."""
    study = of_function(
        lambda a, b: {"y": np.where((a >= start) & (a < start + share), height, 0.0) + b},
        {"a": "uniform(0, 1)", "b": "normal(0, 1)"},
    )
    variance = height**2 * share * (1 - share)
    told = held = 0
    for seed in range(1, 26):
        sample = draw_sample(study, samples=500, seed=seed, design=design)
        found = given_data(sample, moment_independent=False)["y"].inputs["a"].S1
        told += found is not None
        held += found is not None and within(found, variance / (variance + 1))
    assert told > 10
    assert held >= 0.95 * told - 3 * np.sqrt(0.95 * 0.05 * told)


@pytest.mark.slow
def test_an_input_without_effect_has_a_delta_that_may_be_0():
    study = of_function(lambda a, c: {"y": a + 0 * c}, {"a": "normal(0, 1)", "c": "normal(0, 1)"})
    for seed in range(5):
        rows = given_data(draw_sample(study, samples=2048, seed=seed, design="random"))["y"].inputs
        assert rows["c"].delta.interval[0] <= 0 < rows["a"].delta.interval[0]


def of_frequency(periods, rows, seed=1, design="sobol"):
    """Return draws of a sine of some periods and a normal quantity that have 2/3 and 1/3 of the variance."""
    study = of_function(
        lambda a, b: {"y": np.sin(2 * np.pi * periods * a) + b},
        {"a": "uniform(0, 1)", "b": "normal(0, 0.5)"},
    )
    return draw_sample(study, samples=rows, seed=seed, design=design)


@pytest.mark.parametrize(
    ("periods", "design"),
    variants(
        itertools.product([1, 7, 40, 100], ["sobol", "random"]),
        lambda periods, design: (periods, design) in ((1, "sobol"), (7, "sobol"), (40, "random")),
    ),
)
def test_bins_follow_an_input_of_high_frequency(periods, design):
    sample = of_frequency(periods, 2**15, design=design)
    found = given_data(sample, level=0.999, moment_independent=False)["y"]
    for name, exact in (("a", 2 / 3), ("b", 1 / 3)):
        assert within(found.inputs[name].S1, exact, slack=0.003)
        assert np.ptp(found.inputs[name].S1.interval) < 0.2
        assert within(found.inputs[name].neighbour_S1, exact, slack=0.003)
    assert not found.disagreements


@pytest.mark.parametrize(("periods", "rows"), [(40, 2**11), (90, 2**12), (13, 2**9)])
def test_bins_that_are_too_wide_are_contradicted_by_ranks(periods, rows):
    found = given_data(of_frequency(periods, rows), moment_independent=False)["y"]
    if within(found.inputs["a"].S1, 2 / 3):
        assert not found.disagreements
    else:
        (sentence,) = found.disagreements
        assert sentence.startswith("S1 of a is 0.6")
        assert "the figure by rank is the better one" in sentence


@pytest.mark.parametrize(
    ("periods", "missing"),
    [(3, None), (13, "PAWN"), pytest.param(40, "delta or PAWN", marks=pytest.mark.slow)],
)
def test_measures_whose_slices_are_wider_than_changes_are_withheld_with_a_sentence(periods, missing):
    """PAWN of a is 0.425 whatever the frequency, and averages of whole periods say next to nothing of it."""
    found = given_data(of_frequency(periods, 2**14))["y"]
    a, b = found.inputs["a"], found.inputs["b"]
    assert b.withheld is None
    if missing is None:
        assert a.withheld is None
        assert a.pawn == pytest.approx(0.425, abs=0.08)
        assert attribution._withheld(found, str) == []
        return
    assert a.pawn is None
    (said,) = attribution._withheld(found, str.upper)
    assert said.startswith(f"No {missing} of A: the output changes within slices of the input")
    assert said == f"No {missing} of A: {a.withheld}."


def test_estimates_that_agree_say_nothing():
    for model in MODELS:
        found = given_data(draw_sample(EXACT[model]().study, samples=2**13), moment_independent=False)["y"]
        assert found.disagreements == ()


@pytest.mark.parametrize("transformed", ["order", "scale", "shift", "negative", "ties"])
def test_what_changes_no_share_changes_no_estimate(transformed):
    rng = np.random.default_rng(6)
    a, b = rng.integers(-8, 8, (2, 2048)).astype(float)
    y = a * b + 4 * a
    columns, outputs = {
        "order": ({"b": b, "a": a}, y),
        "scale": ({"a": 8 * a, "b": b / 2}, 2.0**400 * y),
        "shift": ({"a": a + 3, "b": b - 1}, y + 64),
        "negative": ({"a": a, "b": b}, -y),
        "ties": ({"a": a**3, "b": b}, y),
    }[transformed]
    one = given_data(Sample.from_arrays({"a": a, "b": b}, {"y": y}))["y"].inputs
    other = given_data(Sample.from_arrays(columns, {"y": outputs}))["y"].inputs
    sign = -1 if transformed == "negative" else 1
    for name, row in one.items():
        assert other[name].S1.value == pytest.approx(row.S1.value, abs=1e-12)
        assert other[name].neighbour_S1.value == pytest.approx(row.neighbour_S1.value, abs=1e-12)
        assert other[name].spearman.value == pytest.approx(sign * row.spearman.value, abs=1e-12)
        assert other[name].delta.value == pytest.approx(row.delta.value, abs=2e-3 if sign < 0 else 0)
        assert other[name].pawn == pytest.approx(row.pawn, abs=1e-12)


def by_hand(estimate, groups, level):
    """Return an estimate and its interval by the jackknife over groups."""
    value = estimate(groups >= 0)
    count = groups.max() + 1
    without = np.array([estimate(groups != out) for out in range(count)])
    error = np.sqrt((count - 1) ** 2 / count * without.var(ddof=1))
    half = t.ppf((1 + level) / 2, count - 1) * error
    return pytest.approx((value, value - half, value + half), rel=1e-9)


def flat(measured):
    return (measured.value, *measured.interval)


def test_estimates_and_intervals_are_those_of_their_formulas():
    rng = np.random.default_rng(12)
    coin, x = rng.integers(0, 5, 2_000).astype(float), rng.random(2_000)
    y = coin + 4 * x + rng.normal(size=2_000)
    sample = Sample.from_arrays({"coin": coin, "x": x}, {"y": y})
    found = given_data(sample, level=0.9, moment_independent=False)["y"]
    groups = np.arange(2_000) // 100

    def in_bins(kept):
        parts = [y[kept & (coin == value)] for value in range(5)]
        share = np.array([len(part) for part in parts]) / kept.sum()
        means = np.array([part.mean() for part in parts])
        chance = np.array([part.var(ddof=1) / len(part) for part in parts])
        between = share @ (means - share @ means) ** 2 - share @ ((1 - share) * chance)
        return between / y[kept].var()

    def by_rank(kept):
        own = (y - y.mean())[np.argsort(x)][kept[np.argsort(x)]]
        mean = own.mean()
        return ((own[1:] * own[:-1]).mean() - mean**2) / ((own**2).mean() - mean**2)

    ranks = {name: rankdata(column) - 1000.5 for name, column in (("coin", coin), ("x", x), ("y", y))}

    def spearman(name):
        one, other = ranks[name], ranks["y"]
        return lambda kept: (one * other)[kept].sum() / np.sqrt((one**2)[kept].sum() * (other**2)[kept].sum())

    assert flat(found.inputs["coin"].S1) == by_hand(in_bins, groups, 0.9)
    value, low, high = by_hand(by_rank, groups, 0.9).expected
    # the outermost draws have one neighbour, not two
    ends = (y - y.mean())[np.argsort(x)][[0, -1]]
    outermost = ends @ ends / 2 / (y.var() * y.size)
    most = high + outermost
    assert flat(found.inputs["x"].neighbour_S1) == pytest.approx((value, low, most), rel=1e-9)
    for name in ("coin", "x"):
        assert flat(found.inputs[name].spearman) == by_hand(spearman(name), groups, 0.9)
    # the middle of 40 bins, whose width adds to the interval on both sides alike
    low, high = found.inputs["x"].S1.interval
    assert (low + high) / 2 == pytest.approx(found.inputs["x"].S1.value)
    assert found.inputs["x"].S1.value == pytest.approx(16 / 12 / (16 / 12 + 3), abs=0.05)
    # the largest comes first
    assert list(found.inputs) == sorted(found.inputs, key=lambda name: -found.inputs[name].S1.value)
    assert (found.rows, found.delta_rows, found.pawn_rows, found.said) == (2_000, 0, 0, "")
    assert {found.inputs[name].delta for name in ("coin", "x")} == {None}
    assert {found.inputs[name].pawn for name in ("coin", "x")} == {None}


def test_the_jackknife_of_a_mean_is_its_standard_error_and_two_groups_tell_none():
    parts = np.array([1.0, 2.0, 4.0, 4.5, 9.0])
    found = jackknifed(lambda kept: parts[kept].mean(), np.repeat(range(5), 7), 0.9)
    half = t.ppf(0.95, 4) * parts.std(ddof=1) / np.sqrt(5)
    assert flat(found) == pytest.approx((parts.mean(), parts.mean() - half, parts.mean() + half))
    value, (low, high) = jackknifed(lambda kept: parts[:2][kept].mean(), np.array([0, 0, 1]), 0.9)
    assert value == 1.5
    assert np.isnan([low, high]).all()


class Copying:
    """An engine whose workers give back copies."""

    shares_memory = False

    def map(self, task, todo):
        for span in todo:
            yield pickle.loads(pickle.dumps(task(span)))


def test_draws_are_the_same_whether_workers_share_memory(monkeypatch):
    study = Study.from_function(
        lambda a, b: {"y": np.where(a < 0.001, np.nan, a - b), "z": a * b},
        dict.fromkeys("ab", "uniform(0, 1)"),
        outputs=["y", "z"],
    )
    study = dataclasses.replace(study, nonfinite="drop")
    seen = []
    # more than one worker takes at a time, and a last block that is not full
    how = {"samples": 5 * 2**14 + 77, "design": "random", "seed": 2}
    one = draw_sample(study, threads=1, progress=lambda *at: seen.append(at), **how)
    monkeypatch.setattr("uncertainty.sensitivity.sample.make_engine", lambda *_, **__: Copying())
    other = draw_sample(study, **how)
    for name in "ab":
        np.testing.assert_array_equal(other.inputs[name], one.inputs[name])
    for name in "yz":
        np.testing.assert_array_equal(other.outputs[name], one.outputs[name])
    np.testing.assert_array_equal(one.outputs["y"], one.inputs["a"] - one.inputs["b"])
    np.testing.assert_array_equal(other.kept, one.kept)
    assert one.inputs["a"].min() >= 0.001
    assert one.rows == len(one.kept) < 5 * 2**14 + 77
    np.testing.assert_array_equal(one.groups(), one.kept * BATCHES // (one.kept[-1] + 1))
    assert len(seen) > 1
    assert seen[-1] == (5 * 2**14 + 77,) * 2


@pytest.mark.parametrize(
    ("explained", "taken"),
    [
        ({10: 0.10, 20: 0.50, 40: 0.52, 80: 0.16}, 10),  # the finest say no more: nothing else is looked at
        ({10: 0.10, 20: 0.50, 40: 0.52, 80: 0.55}, 20),
        ({10: 0.10, 20: 0.30, 40: 0.50, 80: 0.55}, 40),
        ({10: 0.10, 20: 0.30, 40: 0.45, 80: 0.60}, 80),
        ({10: 0.10, 20: 0.60, 40: 0.30, 80: 0.40}, 20),
        ({10: 0.10, 20: 0.35, 40: 0.34, 80: 0.50}, 80),
    ],
)
def test_the_fewest_bins_are_taken_that_finer_ones_do_not_contradict(monkeypatch, explained, taken):
    def of_bins(column, values, groups, level, bins, *, replicated):
        assert (groups[-1], level, replicated) == (4, 0.9, True)
        value = explained[bins]
        return _Binned(Measured(value, (value - 0.06, value + 0.06)), Measured(value, (bins, bins)))

    monkeypatch.setattr(f"{_first_order.__module__}._of_bins", of_bins)
    monkeypatch.setattr(f"{_first_order.__module__}._bin_counts", lambda *_, **__: list(explained))
    found = _first_order(np.zeros(50), np.zeros(50), np.repeat(range(5), 10), 0.9, replicated=True)
    assert found.measured == Measured(explained[taken], (taken, taken))


def test_bins_are_doubled_as_often_as_draws_allow():
    assert _bin_counts(2_000, 20, replicated=False) == [40, 80, 160]
    least = _bin_counts(40, 20, replicated=False)
    assert least[0] == FEWEST_BINS
    assert _bin_counts(10**7, 20, replicated=False)[0] == MOST_BINS
    for rows, groups in ((16 * 256, 16), (16 * 2048, 16)):
        counts = _bin_counts(rows, groups, replicated=True)
        assert counts[0] == min(rows // groups // 4, MOST_BINS)
        assert counts[-1] <= rows // groups // 2 < 2 * counts[-1]


OVER_CASES = """
format = 1
[study]
title = "Over cases, and shares of a whole"
headline = "y"
[indices.m]
members = ["p", "q", "r"]
[inputs.w]
unit = "1"
point = 1
distribution = "uniform(0.5, 2)"
[inputs.v]
unit = "1"
point = 0.5
kind = "variability"
distribution = "uniform(0, 1)"
[inputs.s]
unit = "1"
index = ["m"]
point = { p = 0.5, q = 0.3, r = 0.2 }
distribution = "dirichlet(p=5, q=3, r=2)"
[outputs.y]
unit = "1"
value = "exp(w * v)"
over = "average"
[outputs.z]
unit = "1"
value = "s[p] + 2 * s[q] + 3 * s[r]"
"""


def test_averages_over_cases_and_shares_are_drawn_with_what_they_depend_on(write_study):
    study = load_study(write_study(OVER_CASES))
    # more than one block
    drawn = draw_sample(study, output="y", samples=2**14 + 330, design="random", seed=2)
    w = drawn.inputs["w"]
    # what a net of so few cases gets wrong is the more the steeper the cases lie: e^w / 2n at most
    np.testing.assert_allclose(drawn.outputs["y"], (np.exp(w) - 1) / w, rtol=0.05)
    # one net of cases for each of so many parts of the draws
    assert drawn.replicate_rows == -(-(2**14 + 330) // NETS)
    shares = draw_sample(study, output="z", samples=128, seed=2)
    assert list(shares.inputs) == ["w", "v", "s[p]", "s[q]", "s[r]"]
    columns = np.array(list(shares.inputs.values())[2:])
    np.testing.assert_allclose(columns.sum(axis=0), 1)
    np.testing.assert_allclose([1, 2, 3] @ columns, shares.outputs["z"])


def test_it_is_said_how_many_draws_each_estimate_rests_on():
    x = np.arange(600.0) % 601 * 7 % 601
    found = given_data(Sample.from_arrays({"x": x}, {"y": x + np.arange(600) % 5}))["y"]
    assert (found.rows, found.delta_rows, found.pawn_rows) == (600, 600, 600)
    still = given_data(Sample.from_arrays({"x": x}, {"y": np.full(600, 2.0)}))["y"]
    assert (still.rows, still.delta_rows, still.pawn_rows) == (600, 0, 0)
    few = given_data(Sample.from_arrays({"x": x[:100]}, {"y": x[:100] ** 2}))["y"]
    assert (few.rows, few.delta_rows, few.pawn_rows) == (100, 0, 100)


def test_an_output_that_is_not_there_is_refused_with_one_that_is():
    sample = Sample.from_arrays({"x": range(40)}, {"yearly": range(40)})
    with pytest.raises(SettingError, match=r'^unknown output "yearli"; did you mean "yearly"\?$'):
        sample.values("yearli")


def test_the_interval_by_rank_reaches_to_what_neighbours_miss_of_an_input_that_explains_all():
    outputs = (lambda x: (x < 0.3) * 1.0, lambda x: x**2, lambda x: np.floor(2 * x), np.abs)
    found = []
    for seed in range(4):
        other, x = np.random.default_rng(seed).standard_normal((2, 300))
        sample = Sample.from_arrays(
            {"x": x, "other": other}, {f"y{i}": output(x) for i, output in enumerate(outputs)}
        )
        rows = given_data(sample, moment_independent=False).values()
        found += [row.inputs["x"].neighbour_S1 for row in rows]
    known = [each for each in found if each is not None]
    assert len(known) >= 12
    # nothing of these is chance: the value itself is below 1 in every one
    assert sum(each.value < 1 for each in known) == len(known)
    assert sum(each.interval[1] >= 1 for each in known) >= len(known) - 1


@pytest.mark.slow
def test_the_interval_by_rank_covers_where_neighbours_miss_a_square_beside_noise():
    found = []
    for seed in range(100):
        noise, x = np.random.default_rng(seed).standard_normal((2, 400))
        sample = Sample.from_arrays({"x": x, "noise": noise}, {"y": x**2 + noise})
        found.append(given_data(sample, moment_independent=False)["y"].inputs["x"].neighbour_S1)
    known = [each for each in found if each is not None]
    assert len(known) >= 80
    # two thirds of the variance; 92 % and more
    assert sum(within(each, 2 / 3) for each in known) >= 0.92 * len(known)


LOW, HIGH = Measured(0.1, (0.05, 0.15)), Measured(0.5, (0.45, 0.55))


@pytest.mark.parametrize(
    ("in_bins", "by_rank", "said"),
    [
        (
            LOW,
            HIGH,
            ("0.500 by rank and 0.100 in bins", "by rank", "the output changes within bins that still"),
        ),
        (HIGH, LOW, ("0.500 in bins and 0.100 by rank", "in bins", "neighbours are farther apart than the")),
        (HIGH, Measured(0.4, (0.3, 0.46)), None),
        (HIGH, Measured(0.495, (0.4945, 0.4955)), None),
        (Measured(0.500, (0.4999, 0.5001)), Measured(0.509, (0.5089, 0.5091)), None),
        (None, LOW, None),
        (LOW, None, None),
    ],
)
def test_which_of_two_first_order_indices_is_the_better_one_is_said(in_bins, by_rank, said):
    row = FromDraws(in_bins, by_rank, Measured(0.5, (0.4, 0.6)), None, None)
    found = _first_orders_apart("load", row)
    if said is None:
        assert found == ""
        return
    values, better, because = said
    start = (
        f"S1 of load is {values}, farther apart than their errors: the figure {better} is the better one, "
    )
    assert found.startswith(f"{start}since {because} ")
    ends = ("still hold many draws.", "the output's changes.")
    assert found.endswith(ends[better == "in bins"])


def test_findings_are_listed_input_by_input_and_called_as_is_asked():
    apart, alike = (FromDraws(LOW, each, Measured(0.5, (0.4, 0.6)), None, None) for each in (HIGH, LOW))
    found = GivenData("y", "log10", 100, 0, 0, {"load": apart, "wind": alike})
    (said,) = found.disagreements_of(str.upper)
    assert said.startswith("S1 of LOAD is 0.500 by rank")
    assert found.disagreements == (said.replace("LOAD", "load"),)
    assert list(found.attributions()) == [
        ("y", "log10", "input", "load", apart), ("y", "log10", "input", "wind", alike),
    ]  # fmt: skip
    assert found.table.columns["key"] == ("load", "wind")
    assert (found.said, replace(found, without_first_order="b").said) == ("", "b")
    assert replace(found, reason="a", without_first_order="b").said == "a"


def test_draws_are_asked_for_as_a_method_is():
    study = Study.from_function(
        lambda a, b: {"y": a + b * b, "z": a}, {"a": "uniform(0, 1)", "b": "normal(0, 1)"}
    )
    settings = Settings(samples=16, seed=3, level=0.9, design="random")
    told = []
    asked = Asked(study, ("y", "z"), settings, 512, {"threads": 1}, lambda *rows: told.append(rows))
    found = METHODS["draws"].attribute(asked)
    sample = draw_sample(study, output=("y", "z"), samples=512, seed=3, design="random")
    wanted = given_data(sample, level=0.9, seed=3)
    assert repr(dict(found.results)) == repr(dict(wanted))
    assert told == [(512, 512)]
    assert (found.about.settings.samples, found.about.settings.seed) == (512, 3)
    assert list(zip(*(found.table.columns[each] for each in ("output", "what", "key")), strict=True)) == [
        (name, "input", key) for name, each in wanted.items() for key in each.inputs
    ]
    assert dict(found.table.about) == about(found.about)
    assert found.table.about["samples"] == 512


@pytest.mark.parametrize("scatter", [0.0, 9.0])
def test_what_bins_may_miss_is_told_from_the_change_between_those_on_either_side(scatter):
    """Of means 0 to 3 in bins of 10 rows, whose squared differences from their mean add up to `scatter`."""
    means = np.arange(4.0)
    counts = np.full((2, 4), 5.0)
    bins = _Bins(counts, counts * means, counts * means**2 + scatter / 2, single=False)
    chance = scatter / 9 / 10
    ends, inner = 1 - 2 * chance, (4 - 2 * chance) / 4
    steady = (2 * ends + 2 * inner) / 4 / 4
    jump = (max(ends, inner) - 2 * chance) / 4
    assert bins.missed(replicated=False) == pytest.approx((steady + jump) / (1.25 + scatter / 10))
    # low-discrepancy points err by what replicates differ by, which is nothing here
    assert bins.missed(replicated=True) == pytest.approx((1 / 4 + 1 / 4) / (1.25 + scatter / 10))
    assert bins._replace(single=True).missed(replicated=False) == 0
    assert _Bins(*(each[:, :3] for each in bins[:3]), single=False).missed(replicated=False) == 0


@pytest.mark.parametrize(("power", "scatter"), [(1, 0.5), (2, 0.0), (3, 0.0)])
def test_the_interval_by_rank_is_that_of_its_jackknife_and_longer_where_neighbours_miss_something(
    power, scatter
):
    noise, x = np.random.default_rng(7).standard_normal((2, 800))
    values = x**power + scatter * noise
    sample = Sample.from_arrays({"x": x, "noise": noise}, {"y": values})
    found = given_data(sample, moment_independent=False, seed=3)["y"].inputs["x"].neighbour_S1
    groups = sample.groups()
    near, far = (neighbour_first_order(x, values, groups, 3, apart) for apart in (1, 2))
    plain = jackknifed(near, groups, 0.95)
    assert found.value == pytest.approx(plain.value, rel=1e-12)
    half = max((plain.interval[1] - plain.interval[0]) / 2, float(Events.of_draws(values).unseen[0]))
    assert found.interval[0] == pytest.approx(found.value - half, rel=1e-12)
    ends = values[[x.argmin(), x.argmax()]] - values.mean()
    missed = (ends**2).sum() / 2 / (values.var() * 800)
    more = jackknifed(lambda kept: near(kept) - far(kept), groups, 0.95)
    assert (more.interval[0] > 0) == (power > 1)
    missed += more.value * (power > 1)
    assert found.interval[1] == pytest.approx(found.value + half + missed, rel=1e-12)


def test_rows_of_a_replicate_are_a_group_and_independent_ones_are_in_batches():
    columns = {"x": np.arange(40.0)}
    independent = Sample(columns, columns).groups()
    assert independent.tolist() == [row * BATCHES // 40 for row in range(40)]
    assert Sample(columns, columns, replicate_rows=2).groups().tolist() == [row // 2 for row in range(40)]
    kept = np.delete(np.arange(50), range(0, 20, 2))
    assert Sample(columns, columns, kept=kept, replicate_rows=5).groups().tolist() == (kept // 5).tolist()
    assert Sample(columns, columns, kept=kept).groups().tolist() == (kept * BATCHES // 50).tolist()
    nothing = given_data(Sample(columns, {"y": np.ones(40)}))["y"]
    assert (nothing.output, nothing.scale, nothing.rows, nothing.delta_rows) == ("y", "linear", 40, 0)
    assert nothing.said == nothing.reason == UNVARYING


def test_bins_are_finer_in_tails():
    x = np.random.default_rng(7).standard_normal(800)
    bins = _tabulated(x, x, Sample.from_arrays({"x": x}, {"y": x}).groups(), 8)
    rows = [len(each) for each in slices(x, 8, tails=True)]
    assert bins.counts.sum(axis=0).tolist() == rows
    assert bins.counts.shape == (BATCHES, len(rows))
    assert len(rows) > 8


def test_each_replicate_of_draws_over_cases_has_its_own_net_whatever_blocks_they_come_in():
    rows, block, own = 25, 10, 7

    class Model:
        outputs = ("y", "z")

        def __init__(self, net):
            self.net = net

        def run(self, inputs, outputs):
            outputs[:] = inputs[0] + 100 * self.net

    def input_blocks(first, last):
        for each in range(first, last):
            yield np.arange(each * block, min((each + 1) * block, rows), dtype=float)[None, :]

    design = SimpleNamespace(block_rows=block, samples=rows)
    simulation = SimpleNamespace(design=design, input_blocks=input_blocks, model=Model(-1), blocks=range)
    nested = SimpleNamespace(on_net=lambda models, net: [Model(net) for _ in models])
    source = _Source(simulation, nested, own)
    for first, last in ((0, 3), (1, 2), (2, 3), (1, 3)):
        found = [(x.copy(), y) for x, y in source.blocks(first, last)]
        inputs, outputs = (np.concatenate(each, axis=1) for each in zip(*found, strict=True))
        numbers = np.arange(first * block, min(last * block, rows))
        np.testing.assert_array_equal(inputs, numbers[None, :])
        np.testing.assert_array_equal(outputs, np.tile(numbers + 100 * (numbers // own), (2, 1)))
    assert list(source._replace(nested=None).blocks(1, 3)) == [1, 2]


def test_draws_that_exceed_the_memory_are_refused_before_any_is_made(monkeypatch):
    """Twelve columns of 8 bytes, in half of the machine's memory."""
    monkeypatch.setattr("uncertainty.sensitivity.sample.machine_memory", lambda: 2 * 96 * 1000.0)
    study = of_function(lambda **x: {"y": sum(x.values())}, {f"x{n}": "normal(0, 1)" for n in range(11)})
    with pytest.raises(
        SettingError,
        match="samples: at most 1000 draws of 11 inputs and 1 output fit into this machine's memory",
    ):
        draw_sample(study, samples=1001, design="random")
    assert len(draw_sample(study, samples=1000, design="random").outputs["y"]) == 1000
