"""Correlations of values and of order are met by the copula, whatever the marginals."""

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kendalltau, multivariate_normal, norm
from variants import one_in, variants

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue, SettingError, StudyError
from uncertainty.sampling.copula import (
    continuous_targets,
    linear_correlation,
    make_copula,
    mid_ranks,
    order_correlation,
    plain_correlation,
    rank_correlation,
)
from uncertainty.sampling.transforms import Scratch, make_transform, transform_rows
from uncertainty.study.model import Correlation

SAMPLES = 2**16


def values(target, texts, seed=5, samples=SAMPLES):
    """Draw two inputs with a correlation."""
    marginals = [parse_distribution(text) for text in texts]
    copula = make_copula([target], ("a", "b"), marginals)
    u = np.random.default_rng(seed).random((2, samples))
    copula.apply(u)
    return transform_rows(u, [make_transform(each) for each in marginals], Scratch(samples))


def scores(target, texts):
    copula = make_copula([target], ("a", "b"), [parse_distribution(text) for text in texts])
    return (copula.factor @ copula.factor.T)[0, 1]


def test_pearson_of_normals_is_that_of_their_scores():
    assert scores(Correlation(("a", "b"), pearson=-0.3553), ("normal(5, 2)", "normal(1e6, 3)")) == -0.3553


@pytest.mark.parametrize(("one", "other"), [(0.5, 0.5), (0.3, 1.0), (1.0, 1.2)])
@pytest.mark.parametrize("r", [-0.2, 0.4, 0.7])
def test_pearson_of_lognormals_has_their_closed_form(one, other, r):
    texts = [f"lognormal(median=2, sigma={s})" for s in (one, other)]
    exact = np.log1p(r * np.sqrt(np.expm1(one**2) * np.expm1(other**2))) / (one * other)
    assert scores(Correlation(("a", "b"), pearson=r), texts) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("r", [-0.9, 0.3, 0.95])
def test_pearson_of_uniforms_is_their_spearman(r):
    assert scores(Correlation(("a", "b"), pearson=r), ("uniform(0, 1)", "uniform(3, 9)")) == pytest.approx(
        2 * np.sin(np.pi / 6 * r), abs=1e-6
    )


def test_pearson_of_two_events_follows_from_how_often_both_happen():
    p, q, r = 0.3, 0.6, 0.4
    texts = [f"discrete(0, 1, weights=({1 - each}, {each}))" for each in (p, q)]
    found = scores(Correlation(("a", "b"), pearson=r), texts)
    both = multivariate_normal([0, 0], [[1, found], [found, 1]]).cdf([norm.ppf(p), norm.ppf(q)])
    assert (both - p * q) / np.sqrt(p * (1 - p) * q * (1 - q)) == pytest.approx(r, abs=2e-3)


PAIRS = [
    ("normal(0, 1)", "lognormal(1, 2)"),
    ("triangular(0, 1, 5)", "exponential(2)"),
    ("mixture(uniform(0, 1), uniform(5, 6))", "lognormal(1, 2)"),
    ("mixture(normal(0, 0.1), normal(9, 0.1), weights=(0.95, 0.05))", "normal(0, 1)"),
    ("clip(normal(0, 1), low=0)", "gamma(2, 1)"),
    ("discrete(1, 2, 9)", "discrete(0, 1)"),
    ("empirical(1, 2, 2, 7)", "uniform(0, 1)"),
]


@pytest.mark.parametrize("texts", PAIRS)
@pytest.mark.parametrize("r", variants([-0.25, 0.5], lambda r: r < 0))
def test_pearson_is_met_within_sampling_error(texts, r):
    parts = [np.corrcoef(*values(Correlation(("a", "b"), pearson=r), texts, seed))[0, 1] for seed in range(8)]
    assert np.mean(parts) == pytest.approx(r, abs=4.5 * np.std(parts, ddof=1) / np.sqrt(8) + 5e-4)


@pytest.mark.parametrize("texts", [PAIRS[0], PAIRS[5], PAIRS[6], ("discrete(0, 1)", "lognormal(1, 2)")])
@pytest.mark.parametrize("t", one_in(2, [-0.3, 0.5]))
def test_kendall_is_met_within_sampling_error_ties_being_counted_apart(texts, t):
    draws = values(Correlation(("a", "b"), kendall=t), texts, samples=2**14)
    assert kendalltau(*draws).statistic == pytest.approx(t, abs=5 / np.sqrt(2**14))


def test_kendall_of_continuous_inputs_is_the_arcsine_of_scores():
    assert scores(Correlation(("a", "b"), kendall=0.5), PAIRS[0]) == pytest.approx(np.sqrt(0.5), abs=1e-12)


def test_kendall_of_fair_coins_is_their_closed_form():
    coin = parse_distribution("discrete(0, 1)")
    # of two events tau-b is their linear correlation, 2 / pi arcsin(r) of fair ones (Sheppard 1899)
    assert order_correlation(coin, coin, 0.6) == pytest.approx(2 / np.pi * np.arcsin(0.6), abs=2e-3)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("pearson", ("lognormal(1, 3)", "lognormal(1, 3)")),
        ("pearson", ("lognormal(1, 5)", "normal(0, 1)")),
        ("pearson", ("discrete(0, 1)", "normal(0, 1)")),
        ("kendall", ("discrete(0, 1)", "normal(0, 1)")),
        pytest.param("kendall", ("discrete(1, 2, 3)", "discrete(0, 1)"), marks=pytest.mark.slow),
    ],
)
def test_what_is_out_of_reach_is_refused_with_a_range_that_is_not(kind, texts):
    marginals = [parse_distribution(text) for text in texts]
    with pytest.raises(
        StudyError, match=f"{kind.capitalize()} correlation of -0.99 between a and b"
    ) as caught:
        make_copula([Correlation(("a", "b"), **{kind: -0.99})], ("a", "b"), marginals)
    low, high = (float(end) for end in str(caught.value).split("attainable are ")[1].split(" to "))
    assert low < -0.1
    for end in (low, high):
        assert make_copula([Correlation(("a", "b"), **{kind: end})], ("a", "b"), marginals) is not None


def test_the_attainable_range_of_lognormals_is_that_of_their_extremes():
    marginals = [parse_distribution("lognormal(median=1, sigma=1)")] * 2
    with pytest.raises(StudyError, match=r"attainable are -0\.36[78] to "):
        make_copula([Correlation(("a", "b"), pearson=-0.5)], ("a", "b"), marginals)


def test_what_has_no_standard_deviation_has_no_pearson_correlation():
    marginals = [parse_distribution(text) for text in ("student_t(0, 1, 2)", "normal(0, 1)")]
    with pytest.raises(StudyError, match='"a" has no standard deviation'):
        make_copula([Correlation(("a", "b"), pearson=0.5)], ("a", "b"), marginals)


@pytest.mark.parametrize("kind", ["pearson", "kendall"])
@pytest.mark.parametrize("texts", [("normal(0, 1)",) * 3, ("lognormal(1, 2)", "normal(0, 1)", "gamma(2, 1)")])
def test_advice_for_targets_that_cannot_hold_together_is_accepted(kind, texts):
    pairs = [*itertools.combinations("abc", 2)]
    targets = [Correlation(p, **{kind: v}) for p, v in zip(pairs, (0.7, 0.7, -0.7), strict=True)]
    marginals = [parse_distribution(text) for text in texts]
    with pytest.raises(StudyError, match="cannot hold together") as caught:
        make_copula(targets, tuple("abc"), marginals)
    listed = [text.split() for text in str(caught.value).split(": ")[-1].split(", ")]
    advised = [Correlation((one, other), **{said: float(value)}) for one, _, other, said, value in listed]
    assert make_copula(advised, tuple("abc"), marginals) is not None
    assert {pair.kind for pair in advised} == {kind}


def test_a_correlation_is_of_one_kind():
    for given in ({}, {"pearson": 0.5, "kendall": 0.3}):
        with pytest.raises(InvalidValue, match="expected one of spearman, pearson, kendall"):
            Correlation(("a", "b"), **given)


@pytest.mark.parametrize("value", ["0.5", True, [0.5], float("nan")])
def test_a_correlation_is_a_number(value):
    with pytest.raises(SettingError, match="kendall: expected a number"):
        Correlation(("a", "b"), kendall=value)


@pytest.mark.slow
def test_the_linear_correlation_of_a_mixture_with_a_gap_is_that_of_draws():
    gap, smooth = (parse_distribution(text) for text in PAIRS[2])
    u = norm.cdf(np.random.default_rng(1).multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], 2**18).T)
    drawn = np.corrcoef(gap.quantile(u[0]), smooth.quantile(u[1]))[0, 1]
    assert linear_correlation(gap, smooth, 0.3) == pytest.approx(drawn, abs=5 / 2**9)


def measured(v, i, phi):
    """Return a voltage, a current and a phase as JCGM 100:2008, H.2, has them."""

    def model(v, i, phi):
        return {"r": v / i * np.cos(phi) * 1e3, "x": v / i * np.sin(phi) * 1e3, "z": v / i * 1e3}

    inputs = {"v": "normal(4.999, 0.0032)", "i": "normal(19.661, 0.0095)", "phi": "normal(1.04446, 0.00075)"}
    pairs = zip([("v", "i"), ("v", "phi"), ("i", "phi")], (v, i, phi), strict=True)
    return un.Study.from_function(model, inputs, correlations=[Correlation(p, pearson=r) for p, r in pairs])


@pytest.mark.parametrize(
    ("r", "printed"),
    [
        ((-0.3553, 0.8576, -0.6451), ("0.071", "0.295", "0.236")),
        ((-0.36, 0.86, -0.65), ("0.0700", "0.2957", "0.2366")),
    ],
)
def test_the_guide_to_uncertainty_has_its_results(r, printed):
    study = measured(*r)
    found = un.propagate(study, samples=2**16).outputs
    for name, text in zip("rxz", printed, strict=True):
        budget = un.linear_budget(study, output=name, samples=256)
        assert f"{budget.uncertainty:.{len(text) - 2}f}" == text
        assert found[name].sd == pytest.approx(budget.uncertainty, rel=4 / np.sqrt(2**17))
    assert sorted(pair.correlation for pair in un.linear_budget(study, output="x").covariances) == sorted(r)


def test_rank_correlations_of_continuous_quantities_are_those_of_a_gaussian_copula():
    normal, other = parse_distribution("normal(3, 2)"), parse_distribution("lognormal(1, 2)")
    for r in (-0.7, 0.3, 0.9):
        assert order_correlation(normal, other, r) == pytest.approx(2 / np.pi * np.arcsin(r), rel=1e-14)
        assert rank_correlation(normal, other, r) == pytest.approx(6 / np.pi * np.arcsin(r / 2), abs=2e-4)
        # of two fair events, tau-b and every other correlation are that of their quadrants
        coins = [parse_distribution("discrete(0, 1)")] * 2
        for measure in (order_correlation, rank_correlation, linear_correlation):
            assert measure(*coins, r) == pytest.approx(2 / np.pi * np.arcsin(r), abs=2e-3)


def test_a_pearson_correlation_is_that_of_the_densities_as_long_as_tails_settle():
    """Of a normal quantity with one of a Pareto tail: r E[X Z] / sd(X), by quadrature over Z."""
    normal = parse_distribution("normal(0, 1)")
    for shape in (2.3, 3.0):
        product, _ = quad(lambda z, k=shape: norm.sf(z) ** (-1 / k) * z * norm.pdf(z), -12, 30, limit=200)
        sd = np.sqrt(shape / ((shape - 1) ** 2 * (shape - 2)))
        pareto = parse_distribution(f"pareto(1, {shape})")
        assert linear_correlation(pareto, normal, 0.3) == pytest.approx(0.3 * product / sd, rel=0.01)
        one = Correlation(("a", "b"), pearson=0.1)
        assert continuous_targets([one], {"a": pareto, "b": normal})


def test_equal_values_have_the_middle_of_their_probabilities():
    u = np.array([0.05, 0.2, 0.75])
    coin = parse_distribution("discrete(0, 1)")
    np.testing.assert_allclose(mid_ranks(coin, u), [0.25, 0.25, 0.75])
    np.testing.assert_allclose(mid_ranks(parse_distribution("normal(0, 1)"), u), u)
    assert plain_correlation(np.array([3.0, 4.0, 8.0]), np.array([1.0, 5.0, 2.0])) == pytest.approx(
        np.corrcoef([3, 4, 8], [1, 5, 2])[0, 1]
    )


@pytest.mark.parametrize(
    ("targets", "texts", "said"),
    [
        (
            [Correlation(("a", "b"), pearson=0.3)],
            ("pareto(1, 1.5)", "normal(0, 1)"),
            '"a" has no standard deviation, so that a and b have no Pearson correlation',
        ),
        # at a correlation of scores of 0.3, 0.09 by the density, and 0.1 by all that lies within 8 deviations
        (
            [Correlation(("a", "b"), pearson=0.1)],
            ("pareto(1, 2.1)", "normal(0, 1)"),
            'the tail of "a" is so long that no run has draws enough to settle its standard deviation, or a',
        ),
        (
            [Correlation(("a", "b"), pearson=0.1)],
            ("normal(0, 1)", "student_t(0, 1, 2.2)"),
            'the tail of "b" is so long that no run has draws enough',
        ),
        (
            [Correlation(("a", "b"), pearson=-0.9)],
            ("lognormal(1, 3)", "lognormal(1, 3)"),
            "since values of these distributions lie on no common line; attainable are -0.",
        ),
        (
            [Correlation(("a", "b"), 0.9)],
            ("discrete(0, 1)", "normal(0, 1)"),
            "since values that occur more than once have one rank; attainable are -0.866 to 0.866",
        ),
        (
            [Correlation(("a", "b"), -0.9), Correlation(("b", "c"), -0.9), Correlation(("a", "c"), -0.9)],
            ("normal(0, 1)",) * 3,
            "cannot hold together",
        ),
        (
            [Correlation((one, other), pearson=r) for one, other, r in (("a", "b", 0.6), ("b", "c", 0.6))]
            + [Correlation(("a", "c"), pearson=0.0)],
            ("lognormal(median=1, sigma=1.5)",) * 3,
            "cannot hold together, since values of these distributions lie on no common line; near ",
        ),
    ],
)
def test_targets_that_cannot_be_met_are_refused_with_file_key_and_reason(targets, texts, said):
    rows = ("a", "b", "c")[: len(texts)]
    marginals = [parse_distribution(text) for text in texts]
    for file, place in (("s.toml", "s.toml: correlations: "), ("", "correlations: ")):
        with pytest.raises(StudyError) as caught:
            make_copula(targets, rows, marginals, *[file] * bool(file))
        assert str(caught.value).startswith(place)
        assert said in str(caught.value)
