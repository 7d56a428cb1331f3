"""Correlations of outputs: exact ones, errors that hold, and draws that are left out."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata, spearmanr
from variants import variants

import uncertainty as un
from uncertainty.answers import run_document
from uncertainty.sampling.estimate import ERRORS_WIDE, half_widths
from uncertainty.sampling.joint import MOST_DRAWS, MOST_OUTPUTS, looked_at, output_correlations, ranks_of
from uncertainty.sampling.statistics import BATCHES, Draws
from uncertainty.study.model import Correlation


def of(function, inputs=("x", "y", "z"), **options):
    return un.Study.from_function(function, dict.fromkeys(inputs, "normal(0, 1)"), **options)


def sums(x, y, z):
    return {"a": x + y, "b": x - 2 * z, "c": np.exp(y)}


def test_they_are_those_of_the_draws():
    run = un.propagate(of(sums), samples=2**12)
    for each in run.correlations:
        one, other = (run.outputs[name].values for name in each.outputs)
        assert each.pearson.value == pytest.approx(np.corrcoef(one, other)[0, 1], abs=1e-12)
        assert each.spearman.value == pytest.approx(spearmanr(one, other).statistic, abs=1e-12)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_their_errors_cover_closed_forms(design):
    # a and b share x: cov 1, variances 2 and 5; the linear correlation of y and exp(y) is 1 / sqrt(e - 1)
    exact = {("a", "b"): 1 / np.sqrt(10), ("a", "c"): 1 / np.sqrt(2 * (np.e - 1))}
    found = {c.outputs: c for c in un.propagate(of(sums), samples=2**14, design=design).correlations}
    for pair, value in exact.items():
        assert abs(found[pair].pearson.value - value) < 4.5 * found[pair].pearson.error
    spearman = 6 / np.pi * np.arcsin(1 / np.sqrt(10) / 2)
    assert abs(found["a", "b"].spearman.value - spearman) < 4.5 * found["a", "b"].spearman.error


@pytest.mark.slow
def test_the_error_is_that_of_many_seeds():
    def first(seed):
        return un.propagate(of(sums), samples=2**10, design="random", seed=seed).correlations[0].pearson

    found = [first(seed) for seed in range(60)]
    spread = np.std([each.value for each in found], ddof=1)
    # twenty batches know their spread to a sixth, sixty seeds theirs to an eleventh
    assert np.mean([each.error for each in found]) == pytest.approx(spread, rel=0.35)


WRITTEN = """
format = 1
study = { title = "t", headline = "a" }
inputs.x = { unit = "1", point = 1, distribution = "normal(0, 1)" }
inputs.y = { unit = "1", point = 1, distribution = "normal(0, 1)" }
inputs.z = { unit = "1", point = 1, distribution = "normal(0, 1)" }
outputs.a = { unit = "1", value = "x" }
outputs.b = { unit = "1", value = "2 * x + y" }
outputs.c = { unit = "1", value = "z" }
outputs.d = { unit = "1", value = "3" }
"""


def test_outputs_that_share_no_input_are_left_out(write_study):
    run = un.propagate(un.load_study(write_study(WRITTEN)), samples=1024)
    assert [each.outputs for each in run.correlations] == [("a", "b")]
    bound = '\n[[correlations]]\ninputs = ["x", "z"]\npearson = 0.5\n'
    run = un.propagate(un.load_study(write_study(WRITTEN + bound)), samples=2**14)
    found = {each.outputs: each.pearson for each in run.correlations}
    assert found.keys() == {("a", "b"), ("a", "c"), ("b", "c")}
    assert found["b", "c"].value == pytest.approx(1 / np.sqrt(5), abs=5 / 2**7)


def test_the_document_has_them_with_errors(write_study):
    run = un.propagate(un.load_study(write_study(WRITTEN)), samples=2048)
    (row,) = run_document(run)["results"]["correlations"]
    assert row["outputs"] == ["a", "b"]
    assert row["pearson"] == pytest.approx(2 / np.sqrt(5), abs=0.05)
    assert {"spearman", "pearson_error", "spearman_error"} <= row.keys()


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_draws_that_were_not_kept_give_the_same_to_the_bit(write_study, design, monkeypatch):
    monkeypatch.setattr("uncertainty.sampling.joint.MOST_DRAWS", 2**11)
    study = un.load_study(write_study(WRITTEN))
    kept = un.propagate(study, samples=2**12, design=design)
    counted = un.propagate(study, samples=2**12, design=design, memory=1024)
    assert counted.rows is None
    assert counted.correlations == kept.correlations


def test_dropped_draws_are_left_out_of_both():
    def roots(x, y):
        return {"a": np.sqrt(x + 2), "b": x + y}

    study = of(roots, ("x", "y"), nonfinite="drop")
    with np.errstate(invalid="ignore"):
        run = un.propagate(study, samples=2**12)
    rows = run.rows[:, np.isfinite(run.rows).all(axis=0)]
    assert run.correlations[0].pearson.value == pytest.approx(np.corrcoef(rows)[0, 1], abs=1e-3)


def test_outputs_that_do_not_vary_have_none(write_study):
    text = WRITTEN.replace("normal(0, 1)", "1")
    assert un.propagate(un.load_study(write_study(text)), samples=256).correlations == ()


def test_values_of_any_size_and_few_draws_do():
    rows = np.random.default_rng(1).normal(size=(2, 64)) * np.array([[1e200], [1e-200]])
    (found,) = output_correlations(rows, [(0, 1)], "ab", 1)
    assert found.pearson.value == pytest.approx(np.corrcoef(rows[0] / 1e200, rows[1] * 1e200)[0, 1], abs=0.1)
    (found,) = output_correlations(rows[:, :1], [(0, 1)], "ab", 1)
    assert found.pearson.error is None
    assert found.pearson.reason.startswith("too few draws")


def test_of_many_outputs_the_first_are_compared():
    def many(x):
        return {f"y{i}": x + i for i in range(MOST_OUTPUTS + 5)}

    run = un.propagate(of(many, ("x",)), samples=256)
    assert len(run.correlations) == MOST_OUTPUTS * (MOST_OUTPUTS - 1) // 2


def test_correlations_of_inputs_reach_the_outputs():
    study = of(
        lambda x, y: {"a": 2 * x, "b": -y}, ("x", "y"), correlations=[Correlation(("x", "y"), pearson=0.8)]
    )
    found = un.propagate(study, samples=2**14).correlations[0].pearson
    assert abs(found.value + 0.8) < 4.5 * found.error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "samples"), [("random", 512), ("lhs", 512), ("sobol", 512), ("lhs", 8192), ("sobol", 8192)]
)
def test_intervals_cover_what_a_normal_and_an_exponential_quantity_have_together(
    write_study, design, samples
):
    """Their sum and their difference are not correlated, though squares of an exponential one have a tail.

    Their ranks are, by 12 E[F(a + b) G(a - b)] - 3 = 0.17041, by quadrature with scipy's exponnorm.
    """
    study = un.load_study(
        write_study("""
        format = 1
        study = { title = "t", headline = "y" }
        inputs.a = { unit = "1", point = 0, distribution = "normal(0, 1)" }
        inputs.b = { unit = "1", point = 1, distribution = "exponential(1)" }
        outputs.y = { unit = "1", value = "a + b" }
        outputs.z = { unit = "1", value = "a - b" }
        """)
    )
    met = np.zeros(2)
    for seed in range(100):
        (found,) = un.propagate(study, samples=samples, seed=seed, design=design, threads=1).correlations
        for place, (each, true) in enumerate(((found.pearson, 0.0), (found.spearman, 0.17041))):
            met[place] += abs(each.value - true) <= ERRORS_WIDE * each.error
    assert met.min() >= 90  # that fewer than 90 of 100 are met has a probability of 1 %


def test_ranks_are_mid_ranks_about_their_mean():
    rows = np.array([[3.0, 1.0, 3.0, 2.0, 3.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
    np.testing.assert_array_equal(ranks_of(rows), rankdata(rows, axis=1) - 3)


def test_the_error_of_a_correlation_is_that_of_its_influence_function_s_mean_in_batches():
    x, noise = np.random.default_rng(5).gamma(2, size=(2, 1003))
    y = x + noise
    (found,) = output_correlations(np.array([x, y]), [(0, 1)], ["x", "y"], 1)
    assert found.outputs == ("x", "y")
    for (one, other), each in (((x, y), found.pearson), (map(rankdata, (x, y)), found.spearman)):
        a, b = ((row - row[:1000].mean()) / row[:1000].std() for row in (one[:1000], other[:1000]))
        r = (a * b).mean()
        influence = (a * b - r / 2 * (a**2 + b**2)).reshape(20, 50).mean(axis=1)
        assert each.value == pytest.approx(r, rel=2e-3 if each is found.spearman else 1e-12)
        expected = half_widths(influence) / ERRORS_WIDE
        assert each.error == pytest.approx(expected, rel=2e-2 if each is found.spearman else 1e-9)


def test_as_many_draws_of_each_replicate_are_looked_at():
    assert looked_at(5_000, 1) == [(0, 5_000)]
    assert looked_at(MOST_DRAWS + 5, 1) == [(0, MOST_DRAWS)]
    assert looked_at(300, 100) == [(0, 100), (100, 200), (200, 300)]
    rows = MOST_DRAWS
    assert looked_at(2 * rows, rows) == [(0, rows // 2), (rows, rows + rows // 2)]


def test_correlations_are_the_same_in_units_of_any_size():
    x, y = np.random.default_rng(8).normal(size=(2, 2000))
    (plain,) = output_correlations(np.array([x, x + y]), [(0, 1)], "ab", 1)
    sized = np.array([2.0**-600 * x, 2.0**900 * (x + y)])
    (found,) = output_correlations(sized, [(0, 1)], "ab", 1)
    assert found == plain


def test_a_tail_of_either_output_makes_the_error_of_their_correlation_wider():
    x, y = np.random.default_rng(9).normal(size=(2, 4096))
    long = np.exp(1.3 * y)
    widths = [Draws(each, 256).wider_squares for each in (x, long)]
    assert widths[0] < widths[1]
    columns = np.array([x, long])
    found = output_correlations(columns, [(0, 1)], "ab", 16)[0].pearson
    parts = columns.reshape(2, 16, 256) - columns.mean(axis=1)[:, None, None]
    parts /= columns.std(axis=1)[:, None, None]
    products, squares = (parts[0] * parts[1]).mean(axis=1), (parts**2).mean(axis=2)
    pseudo = products - found.value * (squares[0] + squares[1]) / 2
    assert found.error == pytest.approx(widths[1] * half_widths(pseudo) / ERRORS_WIDE, rel=0.02)


def test_ranks_of_replicates_tell_the_error_where_both_outputs_vary_in_each():
    x, noise = np.random.default_rng(2).standard_normal((2, 16, 40))
    names = ("a", "b")

    def spearman(one, other, replicates):
        drawn = np.array([one.ravel(), other.ravel()])
        (found,) = output_correlations(drawn, [(0, 1)], names, replicates)
        assert found.outputs == names
        assert found.spearman.value == pytest.approx(spearmanr(*drawn).statistic, rel=1e-12)
        return found.spearman.error

    y = x + noise
    own = np.array([spearmanr(*each).statistic for each in zip(x, y, strict=True)])
    assert spearman(x, y, 16) == pytest.approx(float(half_widths(own)) / ERRORS_WIDE, rel=1e-12)
    # independent rows, and an output that is constant in one replicate, have what their influence tells
    for z, replicates in ((y, 1), (np.where(np.arange(16)[:, None] == 3, 0.0, y), 16)):
        drawn = np.array([x.ravel(), z.ravel()])
        batches = BATCHES if replicates == 1 else 16
        ranks = ranks_of(drawn).reshape(2, batches, -1)
        ranks /= ranks.std(axis=(1, 2), keepdims=True)
        products, squares = (ranks[0] * ranks[1]).mean(axis=1), (ranks**2).mean(axis=2)
        influence = products - products.mean() / 2 * squares.sum(axis=0)
        assert spearman(x, z, replicates) == pytest.approx(
            float(half_widths(influence)) / ERRORS_WIDE, rel=1e-9
        )


OF_ONE_INPUT = [
    # ranks of a square go with both halves alike
    (lambda x: {"a": x**2, "b": x}, 0.0),
    (lambda x: {"a": x > 0.3, "b": x}, None),
    (lambda x: {"a": np.where(x < 0.5, x, -x), "b": x}, None),
]


@pytest.mark.parametrize("samples", variants([2**11, 2**14], lambda samples: samples == 2**11))
@pytest.mark.parametrize(("function", "exact"), OF_ONE_INPUT)
def test_replicates_whose_ranks_agree_do_not_make_a_correlation_certain(function, exact, samples):
    if exact is None:
        values = function(norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000))
        exact = spearmanr(values["a"], values["b"]).statistic
    for seed in range(1, 7):
        run = un.propagate(of(function, ["x"]), samples=samples, seed=seed)
        (found,) = (each.spearman for each in run.correlations)
        assert found.error > 1e-7
        assert abs(found.value - exact) < 5 * found.error


def test_outputs_that_rise_with_one_input_have_the_same_ranks_for_certain():
    run = un.propagate(of(lambda x: {"a": np.exp(x), "b": x}, ["x"]), samples=2**11)
    (found,) = (each.spearman for each in run.correlations)
    assert (found.value, found.error) == pytest.approx((1, 0), abs=1e-12)
