"""Indices of what acts inside a rare event alone: intervals that cover though few draws meet both factors."""

import numpy as np
import pytest
from exact_models import of_function
from scipy import stats
from scipy.integrate import quad

import uncertainty as un
from uncertainty import sobol
from uncertainty.sensitivity.events import few_carry
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import draw_sample

EVENT = 'unit = "1"\npoint = 1\ndistribution = "uniform(0, 1)"\n'
NORMAL = 'unit = "1"\npoint = 1\ndistribution = "normal(0, 1)"\n'


def within(q, mean=0.0, noise=0.0):
    """A normal quantity where an event of probability q happens, else nothing (or noise)."""
    inputs = {"x": "uniform(0, 1)", "z": f"normal({mean}, 1)", "w": "normal(0, 1)"}
    study = of_function(lambda x, z, w: {"y": np.where(x < q, z, 0.0) + noise * w}, inputs)
    variance = q * (1 + mean**2) - (q * mean) ** 2 + noise**2
    return study, q**2 / variance


def beyond(limit):
    """A normal quantity times how far another one lies beyond a limit."""
    first, second = (
        quad(lambda a, power=power: (a - limit) ** power * stats.norm.pdf(a), limit, 12)[0]
        for power in (1, 2)
    )
    study = of_function(lambda a, z: {"y": np.maximum(a - limit, 0) * z}, dict.fromkeys("az", "normal(0, 1)"))
    return study, first**2 / second


CASES = {
    "rare": (within(0.005), 2**16, (1, 8)),
    "of a mean": (within(0.01, mean=1.0), 2**14, (1, 2)),
    "in noise": (within(0.02, noise=1e-3), 2**13, (1, 2, 3)),
    "less rare": (within(0.05), 2**12, (1, 2, 3)),
    "kink": (beyond(2.5), 2**16, (8, 10)),
    "nearer kink": (beyond(2.0), 2**14, (2, 3)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("design", ["sobol", "random"])
def test_what_acts_within_a_rare_event_has_an_interval_that_covers(name, design):
    (study, exact), samples, seeds = CASES[name]
    for seed in seeds:
        found = sobol(study, samples=samples, seed=seed, design=design, tolerance=0).outputs["y"]
        if found.reason:
            continue
        value, (low, high) = found.indices["z"].S1, found.indices["z"].S1_interval
        assert abs(value - exact) < 1.5 * (high - low) / 2
        low, high = found.alone.interval
        assert low <= exact <= high or name != "rare"


@pytest.mark.slow
@pytest.mark.parametrize("q", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("design", ["sobol", "random"])
def test_intervals_of_what_acts_within_a_rare_event_cover(q, design):
    study, exact = within(q)
    hits = []
    for seed in range(60):
        found = sobol(study, samples=2**12, seed=seed, design=design, tolerance=0, threads=1).outputs["y"]
        if not found.reason:
            low, high = found.indices["z"].S1_interval
            hits.append(low <= exact <= high)
    assert len(hits) > 15
    assert np.mean(hits) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(hits))


def test_pairs_and_groups_within_a_rare_event_have_intervals_that_cover(write_study):
    q = 0.01
    path = write_study(
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
        f'[inputs.x]\n{EVENT}[inputs.z]\ngroup = "both"\n{NORMAL}[inputs.w]\ngroup = "both"\n{NORMAL}'
        f'[outputs.y]\nunit = "1"\nvalue = "where(x < {q}, z * w, 0)"\n'
        f'[outputs.s]\nunit = "1"\nvalue = "where(x < {q}, z + w, 0)"\n'
    )
    for seed in range(4):
        found = sobol(un.load_study(path), samples=2**14, seed=seed, tolerance=0, second_order=True)
        # of the product z with w, of the sum each, explain q
        product, total = found.outputs["y"], found.outputs["s"]
        exact = {("z", "w"): q, ("x", "z"): 0.0, ("x", "w"): 0.0}
        for pair in product.pairs:
            assert abs(pair.S2 - exact.get(pair.inputs, exact.get(pair.inputs[::-1]))) < 1.5 * (
                pair.S2_interval[1] - pair.S2_interval[0]
            )
        for each, share in ((product, q), (total, q)):
            if not each.reason:
                low, high = each.groups["both"].S1_interval
                assert low <= share <= high
        for name in "zw":
            if not total.reason:
                low, high = total.indices[name].S1_interval
                assert low <= q / 2 <= high


@pytest.mark.parametrize("seed", [27, 57])
def test_neighbours_within_a_rare_event_have_an_interval_that_covers(seed):
    q = 0.01
    inputs = {"x": "uniform(0, 1)", "z": "normal(0, 1)"}
    study = of_function(lambda x, z: {"y": np.where(x < q, z, 0.0)}, inputs)
    sample = draw_sample(study, samples=2**13, seed=seed, design="random")
    row = given_data(sample, moment_independent=False)["y"].inputs["z"].neighbour_S1
    assert row.interval[0] <= q <= row.interval[1]


def test_few_rows_carry_a_product_where_its_factors_are_seldom_large_together():
    rng = np.random.default_rng(1)
    rare, other = np.zeros((2, 10_000))
    rare[:300], other[300:600] = rng.normal(size=(2, 300))
    plain = rng.normal(size=(2, 10_000))

    def few(one, two):
        a, b = one**2, two**2
        parts = (a * b, a, b, a * a, b * b)
        return bool(few_carry(*(np.mean(each) for each in parts), len(a)))

    assert few(rare, other)
    assert few(rare + 1e-4 * plain[0], other + 1e-4 * plain[1])
    # where the set itself decides on the event, both meet it together
    assert not few(rare, rare)
    assert not few(*plain)
    assert not few(np.zeros(100), plain[0][:100])
    # ten rows of full size, of the 100 that independent events would have, are few; thirty are enough
    a, b = np.zeros((2, 10_000))
    a[:1000], b[990:1990] = 1, 1
    assert few(a, b)
    b[:] = 0
    b[970:1970] = 1
    assert not few(a, b)
    # eleven of the twenty that they would have are no fewer than by chance
    a[:], b[:] = 0, 0
    a[:447], b[436:883] = 1, 1
    assert not few(a, b)
