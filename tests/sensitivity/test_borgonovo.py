"""Borgonovo's delta meets numerical integrals, whatever the shape of inputs and outputs."""

from functools import cache, partial
from types import SimpleNamespace

import numpy as np
import pytest
from coverage_studies import error, repeated
from scipy.stats import norm, poisson, t
from variants import variants

from uncertainty.sampling.designs import make_design, uniforms
from uncertainty.sampling.statistics import BATCHES
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.moment_independent import (
    FEWEST_ROWS,
    Classes,
    _climb,
    _error,
    _estimate,
    _Search,
    _search,
    _shapes,
    _Table,
    _tabulated,
    _thinned,
    borgonovo_delta,
)
from uncertainty.sensitivity.sample import Sample

MIDDLES = (np.arange(500) + 0.5) / 500


def half_area(given, cell=1.0):
    """Return delta from the output's densities at equally likely inputs, shape (inputs, outputs)."""
    return 0.5 * float(np.abs(given - given.mean(axis=0)).sum(axis=1).mean()) * cell


def of_normal(r):
    """Delta of two normal quantities with correlation r, or of monotone functions of them."""
    y = np.linspace(-9, 9, 4001)
    return half_area(norm.pdf(y, r * norm.ppf(MIDDLES)[:, None], np.sqrt(1 - r**2)), y[1] - y[0])


def of_uniform_sum(width):
    """Delta of x in x + width u, both uniform."""
    y = np.linspace(0, 1 + width, 20_001)
    within = (y >= MIDDLES[:, None]) & (y < MIDDLES[:, None] + width)
    return half_area(within / width, y[1] - y[0])


def of_poisson():
    return half_area(poisson.pmf(np.arange(60), np.exp(0.5 + 0.5 * norm.ppf(MIDDLES))[:, None]))


def of_threshold(limit):
    """Delta of a in 1[a + b > limit] for normal inputs."""
    share = norm.sf(limit - norm.ppf(MIDDLES))
    return half_area(np.column_stack([share, 1 - share]))


def of_steps():
    y = np.linspace(-8, 10, 4001)
    return half_area(norm.pdf(y, np.arange(3.0)[:, None], 1), y[1] - y[0])


SHAPES = {
    "normal": (lambda a, b: (a, a + 2 * b), partial(of_normal, 1 / np.sqrt(5))),
    "skewed, weak": (lambda a, b: (a, np.exp(0.8 * (a + 2 * b))), partial(of_normal, 1 / np.sqrt(5))),
    "skewed, strong": (lambda a, b: (b, np.exp(0.8 * (a + 2 * b))), partial(of_normal, 2 / np.sqrt(5))),
    "heavy tails": (
        lambda a, b: (np.exp(3 * a), -np.exp(2 * a + 3 * b)),
        partial(of_normal, 2 / np.sqrt(13)),
    ),
    "bounded, weak": (lambda a, b: (norm.cdf(a), norm.cdf(a) + 3 * norm.cdf(b)), partial(of_uniform_sum, 3)),
    "bounded, strong": (
        lambda a, b: (norm.cdf(b), norm.cdf(a) + 3 * norm.cdf(b)),
        partial(of_uniform_sum, 1 / 3),
    ),
    "atom by a": (lambda a, b: (a, np.where(norm.cdf(a) < 0.3, 0, b)), 0.42),
    "atom by b": (lambda a, b: (b, np.where(norm.cdf(a) < 0.3, 0, b)), 0.70),
    "rare atom": (lambda a, b: (a, np.where(norm.cdf(a) < 0.05, 0, b)), 2 * 0.05 * 0.95),
    "two values": (lambda a, b: (a, 1.0 * (a + b > 1)), partial(of_threshold, 1)),
    "counts": (lambda a, b: (a, poisson.ppf(norm.cdf(b), np.exp(0.5 + 0.5 * a))), of_poisson),
    "discrete input": (lambda a, b: (np.floor(3 * norm.cdf(a)), np.floor(3 * norm.cdf(a)) + b), of_steps),
    "itself": (lambda a, _: (a, np.exp(a)), 1.0),
    "without effect": (lambda a, b: (a, b**3), 0.0),
}
"""Inputs and outputs, and their delta or what finds it."""


@cache
def exact_of(shape):
    """Return delta by numerical integration, for whichever test asks first."""
    exact = SHAPES[shape][1]
    return exact() if callable(exact) else exact


def drawn(shape, rows, seed):
    a, b = np.random.default_rng(seed).normal(size=(2, rows))
    return SHAPES[shape][0](a, b)


def batches(rows):
    return np.arange(rows) * BATCHES // rows


QUICK = {"normal", "atom by a", "two values", "itself"}


@pytest.mark.parametrize("shape", variants(SHAPES, QUICK.__contains__))
def test_delta_meets_its_integral(shape):
    exact = exact_of(shape)
    value, (low, high) = borgonovo_delta(*drawn(shape, 2**14, 1), batches(2**14), 0.999)
    assert low <= exact <= high
    assert 0 <= low <= value <= high <= 1
    assert value == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rows", [2048])
@repeated(40, 400)
def test_intervals_cover(shape, rows, repeats):
    hits = []
    for seed in range(repeats):
        _, (low, high) = borgonovo_delta(*drawn(shape, rows, seed), batches(rows), 0.95)
        hits.append(low <= exact_of(shape) <= high)
    print(f"\n{shape}, {rows} draws: {100 * np.mean(hits):.0f} %")
    # they allow for what sets from few draws miss, so that they are safe rather than exact
    assert np.mean(hits) >= 0.95 - 2 * error(0.95, repeats)


def of_function(model):
    """Delta of u in a model of two uniform quantities, from shares of the output's ranks at many points."""
    values = model(MIDDLES[:, None], (np.arange(4000) + 0.5)[None] / 4000)
    classes = np.searchsorted(np.quantile(values[::5], np.linspace(0, 1, 201)[1:-1]), values)
    shares = np.array([np.bincount(row, minlength=200) for row in classes]) / classes.shape[1]
    return half_area(shares)


EDGES = {
    "sum of uniforms": lambda u, v: u + v,
    "distance": lambda u, v: np.abs(u - v),
    "kink": lambda u, v: np.abs(u - 0.5) + 0.1 * v,
    "power": lambda u, v: v ** (0.2 + u),
    "cube": lambda u, v: u**3 + v,
    "scaled": lambda u, v: (0.5 + u) * np.sqrt(v),
}


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("design", ["sobol", "random"])
@repeated(40, 300)
def test_intervals_cover_where_densities_have_edges(name, design, repeats):
    model, hits = EDGES[name], []
    exact = of_function(model)
    for seed in range(repeats):
        made = make_design(design, ("u", "v"), 1024, seed)
        u, v = np.concatenate([block.copy() for block in uniforms(made)], axis=1)
        groups = np.arange(u.size) // made.replicate_rows if made.replicate_rows > 1 else batches(u.size)
        _, (low, high) = borgonovo_delta(u, model(u, v), groups, 0.95)
        hits.append(low <= exact <= high)
    assert np.mean(hits) >= 0.95 - 2 * error(0.95, repeats)


@pytest.mark.parametrize("shape", ["bounded, weak", "atom by a", "counts"])
def test_monotone_transformations_and_shifts_change_no_bit(shape):
    x, y = drawn(shape, 2**11, 3)
    found = borgonovo_delta(x, y, batches(2**11), 0.95)
    # powers of two scale exactly, so that no tie comes or goes
    for inputs, outputs in [(8 * x, y), (x, 2.0**-300 * y), (np.arcsinh(x), 4 * y), (x, y**3)]:
        assert borgonovo_delta(inputs, outputs, batches(2**11), 0.95) == found


@pytest.mark.slow
def test_falling_transformations_change_hardly_anything():
    x, y = drawn("skewed, strong", 2**12, 3)
    value, _ = borgonovo_delta(x, y, batches(2**12), 0.95)
    for inputs, outputs in [(-x, y), (x, 1 / y), (-x, -y)]:
        assert borgonovo_delta(inputs, outputs, batches(2**12), 0.95)[0] == pytest.approx(value, abs=1e-3)


@pytest.mark.slow
def test_an_input_of_high_frequency_is_followed():
    rng = np.random.default_rng(2)
    a, b = rng.random(2**14), 0.5 * rng.normal(size=2**14)
    y = np.linspace(-3.5, 3.5, 2001)
    exact = half_area(norm.pdf(y, np.sin(2 * np.pi * MIDDLES)[:, None], 0.5), y[1] - y[0])
    value, (low, high) = borgonovo_delta(a, np.sin(80 * np.pi * a) + b, batches(2**14), 0.95)
    assert low <= exact <= high
    assert value == pytest.approx(exact, abs=0.03)


def test_few_draws_and_rare_values_have_no_delta():
    x, y = drawn("normal", FEWEST_ROWS, 1)
    assert borgonovo_delta(x, y, batches(len(x)), 0.95) is not None
    assert borgonovo_delta(x[1:], y[1:], batches(len(x) - 1), 0.95) is None
    rare = np.where(np.arange(len(y)) < 63, y, 0.0)
    assert borgonovo_delta(x, rare, batches(len(x)), 0.95) is None
    rare[63] = y[63]
    assert borgonovo_delta(x, rare, batches(len(x)), 0.95) is not None
    # each fold needs a group
    fours = np.repeat([2, 3, 5, 8], len(x) // 4)
    assert borgonovo_delta(x, y, fours, 0.95) is None
    fours[0] = 1
    assert borgonovo_delta(x, y, fours, 0.95) is not None


def test_other_inputs_and_their_order_change_no_bit():
    a, b = np.random.default_rng(5).normal(size=(2, 2**10))
    one = given_data(Sample.from_arrays({"a": a, "b": b}, {"y": a + b}))["y"].inputs
    other = given_data(Sample.from_arrays({"b": b, "a": a}, {"y": a + b}))["y"].inputs
    assert one == other


def test_a_climb_ends_at_the_nearest_place_without_a_larger_neighbour():
    def climbed(value, here=(0, 0), limits=(6, 6)):
        return _climb(here, value, list(limits))

    def cone(top):
        return lambda at: -abs(at[0] - top[0]) - abs(at[1] - top[1])

    for top in ((3, 1), (0, 5), (5, 5), (0, 0)):
        assert climbed(cone(top)) == climbed(cone(top), (5, 5)) == climbed(cone(top), (2, 3)) == top
    assert climbed(cone((9, 9)), limits=(3, 5)) == (2, 4)
    # both at once one step down, and not up
    assert climbed(lambda at: {(2, 2): 1.0, (1, 1): 2.0}.get(at, 0.0), (2, 2)) == (1, 1)
    assert climbed(lambda at: {(1, 1): 1.0, (2, 2): 2.0}.get(at, 0.0), (1, 1)) == (1, 1)
    assert climbed(lambda _: 0.0, (2, 4)) == (2, 4)


def test_the_error_of_a_weighted_mean_is_that_of_a_mean_where_weights_are_equal():
    values = np.array([1.0, 2.0, 4.0, 4.5])
    assert _error(values, np.full(4, 0.25)) == pytest.approx(values.std(ddof=1) / 2)
    # 0.5^2 (1 - 2.75)^2 + 0.25^2 (4 - 2.75)^2 + 0.25^2 (5 - 2.75)^2, times 3 / 2
    squares = 0.25 * 1.75**2 + 0.0625 * (1.25**2 + 2.25**2)
    assert _error(np.array([1.0, 4.0, 5.0]), np.array([0.5, 0.25, 0.25])) == pytest.approx(
        np.sqrt(1.5 * squares)
    )


def test_as_many_classes_are_looked_at_as_the_rows_fill():
    def totals(rows):
        values = np.arange(float(rows))
        return [(one.total, other.total) for one, other in _shapes(values, values)]

    assert totals(640) == [(40, 40), (80, 16)]
    assert totals(2**13) == [(256, 256), (1024, 16)]
    assert totals(2**15) == [(256, 256), (2048, 16)]
    steps = np.arange(640.0) % 3
    assert [(one.total, other.total) for one, other in _shapes(steps, np.arange(640.0))] == [(3, 40)]


def counted(groups=8, size=(4, 6)):
    return np.random.default_rng(4).integers(1, 9, (groups, *size)).astype(float)


def test_what_a_cell_adds_is_its_frequency_less_that_of_its_margins():
    counts = counted()
    table = _Table.of(counts, (1, 2))
    weights = counts.sum(axis=(1, 2)) / counts.sum()
    own = counts / counts.sum(axis=(1, 2), keepdims=True)
    p, q = (np.einsum("g,gab->" + kept, weights, own) for kept in "ab")
    for group, share in enumerate(own):
        p_g, q_g = share.sum(axis=1), share.sum(axis=0)
        expected = share - np.outer(p_g, q) - np.outer(p, q_g) + np.outer(p, q)
        np.testing.assert_allclose(table.excess[group], expected, atol=1e-15)
    np.testing.assert_allclose(table.weights, weights)
    np.testing.assert_array_equal(table.folds, [counts[fold] + counts[fold + 4] for fold in range(4)])
    np.testing.assert_array_equal(table.others()[1], counts.sum(axis=0) - counts[1] - counts[5])
    chosen = np.random.default_rng(5).random((4, 4, 6)) < 0.5
    expected = [table.excess[group][chosen[group % 4]].sum() for group in range(8)]
    np.testing.assert_allclose(table.scores(chosen), expected)


def test_classes_of_ranks_are_joined_and_averaged_and_those_of_one_value_are_not():
    counts = counted()
    table = _Table.of(counts, (1, 2))
    larger = table.larger
    rows = np.stack([counts[:, 0], counts[:, 1] + counts[:, 2], counts[:, 3]], axis=1)
    joined = [rows[..., 0], rows[..., 1], rows[..., 2] + rows[..., 3], rows[..., 4] + rows[..., 5]]
    np.testing.assert_array_equal(larger.counts, np.stack(joined, axis=-1))
    assert larger.atoms == (1, 2)
    assert _Table.of(counts, (4, 6)).larger.counts.shape == counts.shape

    def together(cells):
        share = cells / cells.sum(axis=(1, 2), keepdims=True)
        return share > share.sum(axis=2, keepdims=True) * share.sum(axis=1, keepdims=True)

    np.testing.assert_array_equal(table.chosen(table.folds, (1, 1)), together(table.folds))
    # a mean of three, with the outermost class of ranks once more beyond itself
    wide = table.folds.copy()
    ranks = np.pad(table.folds[:, :, 2:], ((0, 0), (0, 0), (1, 1)), mode="edge")
    wide[:, :, 2:] = (ranks[:, :, :-2] + ranks[:, :, 1:-1] + ranks[:, :, 2:]) / 3
    np.testing.assert_array_equal(table.chosen(table.folds, (1, 3)), together(wide))


def test_rows_are_counted_by_group_and_by_both_classes():
    column = Classes(np.array([0, 1, 1, 0, 2]), 3, 0)
    values = Classes(np.array([1, 0, 0, 1, 1]), 1, 1)
    table = _tabulated(column, values, np.array([0, 1, 1, 2, 2]))
    expected = np.zeros((3, 3, 2))
    expected[0, 0, 1], expected[1, 1, 0], expected[2, 0, 1], expected[2, 2, 1] = 1, 2, 1, 1
    np.testing.assert_array_equal(table.counts, expected)
    assert table.atoms == (3, 1)


def test_a_search_compares_what_sets_find_on_the_draws_of_others():
    table = _Table.of(counted(), (4, 6))
    found = _search(table)
    # classes of one value each are never averaged
    assert list(found.scores) == [(1, 1)] == [found.sizes]
    scores = table.scores(table.chosen(table.others(), (1, 1)))
    assert found.best == pytest.approx(table.weights @ scores)
    assert found.error == pytest.approx(_error(scores, table.weights))
    own = table.scores(table.chosen(np.array([table.folds.sum(axis=0)] * 4), (1, 1)))
    assert found.optimism() == pytest.approx((table.weights @ own - found.best) / 2)
    sets = table.chosen(table.folds, (1, 1))
    single = [
        sum(table.weights[g] * table.excess[g][sets[g % 4 - turn]].sum() for g in range(8))
        for turn in (1, 2, 3)
    ]
    assert found.of_fewer_draws() == pytest.approx(np.mean(single))
    assert found.of_larger_cells() == pytest.approx(found.best)
    ranks = _Search(_Table.of(counted(), (0, 0)), {(1, 1): scores}, (1, 1))
    pairs = ranks.table.larger
    wider = pairs.scores(pairs.chosen(pairs.others(), (1, 1)))
    assert ranks.of_larger_cells() == pytest.approx(pairs.weights @ wider)


def test_at_most_so_many_rows_are_kept_evenly_spread():
    columns, values = _thinned({"a": np.arange(101.0)}, np.arange(101.0) * 2, 5)
    assert columns["a"].tolist() == [0, 25, 50, 75, 100]
    assert values.tolist() == [0, 50, 100, 150, 200]
    assert _thinned({}, np.arange(3.0), 5)[1].tolist() == [0, 1, 2]


def found_with(scores, best=0.42, fewer=0.36, larger=0.40, gained=0.02):
    weights = np.full(4, 0.25)
    return SimpleNamespace(
        table=SimpleNamespace(weights=weights),
        scores={place: np.array(each) for place, each in enumerate(scores)},
        best=best,
        of_fewer_draws=lambda: fewer,
        of_larger_cells=lambda: larger,
        optimism=lambda: gained,
    )


def test_an_estimate_has_what_fewer_draws_and_larger_cells_say_that_it_misses():
    # by the draws of the others every group takes the first sizes
    value, (low, high) = _estimate(found_with([[0.4] * 4, [0.5, 0.1, 0.1, 0.1]]), 0.95)
    larger = 0.42 - 0.40 + 3 / 4 * 0.02
    assert value == pytest.approx(0.4 + 0.02 + larger / 3)
    assert low == pytest.approx(0.4)
    assert high == pytest.approx(value + 0.06 / (3 ** (1 / 3) - 1) + larger)
    # half of what fewer draws miss, where that is less than what they gain
    value, _ = _estimate(found_with([[0.4] * 4], fewer=0.41, gained=0.02, larger=0.5), 0.95)
    assert value == pytest.approx(0.4 + 0.005)
    # groups that differ: half the interval of their mean, and downwards more where that reaches far
    value, (low, high) = _estimate(
        found_with([[0.1, 0.2, 0.1, 0.2]], best=0.1, fewer=0.2, larger=0.2, gained=-1), 0.9
    )
    half = t.ppf(0.95, 3) * np.std([0.1, 0.2, 0.1, 0.2], ddof=1) / 2
    assert (value, high) == pytest.approx((0.15, 0.15 + half))
    assert low == pytest.approx(0.15 - half * (1 + 2 * half / 0.15))
    # from 0 to 1
    assert _estimate(found_with([[-0.1] * 4], best=0, fewer=0, larger=0, gained=0), 0.9) == (0, (0, 0))
    value, (_, high) = _estimate(found_with([[0.99] * 4], best=1.2), 0.9)
    assert value == high == 1
