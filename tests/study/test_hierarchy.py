"""Inputs whose parameters are other quantities: closed forms, and what is wrong, in one line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.challenges.universes import reaching_choices
from uncertainty.errors import StudyError
from uncertainty.study.centred import at_medians
from uncertainty.study.hierarchy import keeps_scores
from uncertainty.study.scenario import scenario
from uncertainty.tables import read_table

HEAD = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'


@pytest.fixture
def study(tmp_path):
    def load(inputs, outputs='[outputs.y]\nvalue = "x"\nunit = "1"\n', **more):
        rows = "".join(
            f'[inputs.{name}]\nunit = "{row.get("unit", "1")}"\n'
            + "".join(f"{key} = {value!r}\n" for key, value in row.items() if key != "unit")
            for name, row in inputs.items()
        )
        path = tmp_path / "study.toml"
        path.write_text(HEAD + rows + more.get("rest", "") + outputs, encoding="utf-8")
        return un.load_study(path)

    return load


def drawn(study, samples=2**15, **options):
    found = un.propagate(study, samples=samples, seed=1, **options)
    return found.outputs["y"]


X = {"point": 5, "distribution": "normal(mu, 4)"}


def test_a_normal_around_a_normal_is_normal_with_both_variances(study):
    found = drawn(study({"mu": {"distribution": "normal(5, 3)"}, "x": X}))
    assert found.mean == pytest.approx(5, abs=0.03)
    assert found.sd == pytest.approx(5, abs=0.03)
    low, high = found.interval(0.95)
    assert (low, high) == pytest.approx((5 - 1.96 * 5, 5 + 1.96 * 5), abs=0.1)


def test_sobol_indices_are_those_of_what_is_drawn_independently(study):
    found = un.sobol(study({"mu": {"distribution": "normal(5, 3)"}, "x": X}), output="y", samples=2**14)
    indices = found.outputs["y"].indices
    assert pytest.approx(9 / 25, abs=0.01) == indices["mu"].S1
    assert pytest.approx(16 / 25, abs=0.01) == indices["x"].ST
    # a product of a score and a spread: all interaction, but for the spread's own part which is none
    given = {"s": {"distribution": "uniform(1, 3)"}, "x": {"point": 0, "distribution": "normal(0, s)"}}
    indices = un.sobol(study(given), output="y", samples=2**14).outputs["y"].indices
    mean, square = 2.0, 4 + 1 / 3
    assert pytest.approx(mean**2 / square, abs=0.01) == indices["x"].S1
    assert pytest.approx(1 - mean**2 / square, abs=0.01) == indices["s"].ST
    assert pytest.approx(0, abs=0.01) == indices["s"].S1


def test_a_count_around_a_gamma_mean_is_negative_binomial(study):
    given = {"m": {"distribution": "gamma(3, 2)"}, "x": {"point": 6, "distribution": "poisson(m)"}}
    found = drawn(study(given))
    exact = stats.nbinom(3, 1 / 3)
    assert found.mean == pytest.approx(6, abs=0.03)
    assert found.sd == pytest.approx(exact.std(), rel=0.02)
    values = found.draws.values
    for k in range(0, 20, 3):
        assert np.mean(values <= k) == pytest.approx(exact.cdf(k), abs=0.005)


def test_trials_of_a_beta_chance_are_beta_binomial(study):
    given = {"p": {"distribution": "beta(2, 3)"}, "x": {"point": 4, "distribution": "binomial(10, p)"}}
    values = drawn(study(given)).draws.values
    exact = stats.betabinom(10, 2, 3)
    for k in range(10):
        assert np.mean(values <= k) == pytest.approx(exact.cdf(k), abs=0.005)


def test_a_lognormal_of_uncertain_spread_is_its_mixture(study):
    given = {"g": {"distribution": "uniform(1.5, 3)"}, "x": {"point": 1, "distribution": "lognormal(1, g)"}}
    values = drawn(study(given)).draws.values
    g = np.linspace(1.5, 3, 2001)
    for x in (0.2, 0.6, 2, 5):
        exact = np.trapezoid(stats.norm.cdf(math.log(x) / np.log(g)), g) / 1.5
        assert np.mean(values <= x) == pytest.approx(exact, abs=0.005)


def test_weights_of_values_may_be_quantities(study):
    text = "discrete(10, 0, 30, weights=(1 - p, p, 0.5))"
    given = {"p": {"distribution": "uniform(0, 1)"}, "x": {"point": 10, "distribution": text}}
    found = drawn(study(given))
    values, counts = np.unique(found.draws.values, return_counts=True)
    assert values.tolist() == [0, 10, 30]
    assert counts / counts.sum() == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=0.002)
    assert found.point == 10
    fixed = drawn(study(given), overrides={"p": 0.2}).draws.values
    assert np.mean(fixed == 0) == pytest.approx(0.2 / 1.5, abs=0.002)
    within = drawn(study({**given, "x": {**given["x"], "high": 20}}), overrides={"p": 0.2}).draws.values
    assert np.mean(within == 0) == pytest.approx(0.2, abs=0.002)
    with pytest.raises(un.UncertaintyError, match="there a weight of x is impossible"):
        drawn(study(given), overrides={"p": "uniform(-1, 1)"})


def test_a_member_may_be_drawn_by_weights_that_are_quantities(study):
    rest = '[indices.source]\nmembers = ["gcp", "owid", "own"]\n[inputs.which]\nmember_of = "source"\n'
    rest += 'point = "gcp"\ndistribution = "one_of(gcp=p, owid=1 - p)"\n'
    outputs = '[equations]\nx = { index = ["source"], value = { gcp = 1, owid = 2, own = 4 } }\n'
    outputs += '[outputs.y]\nvalue = "x[which]"\nunit = "1"\n'
    found = study({"p": {"distribution": "beta(2, 6)"}}, outputs, rest=rest)
    assert drawn(found).mean == pytest.approx(2 - 0.25, abs=0.003)
    assert drawn(found, 64).point == 1
    assert drawn(found, overrides={"which": "one_of(gcp=p, own=1 - p)"}).mean == pytest.approx(3.25, abs=0.01)
    assert drawn(found, 64, overrides={"which": "own"}).draws.values.tolist() == [4.0] * 64
    with pytest.raises(StudyError, match=r'which: unknown quantity "q"'):
        drawn(found, 64, overrides={"which": "one_of(gcp=q, own=1)"})


def test_limits_truncate_given_the_parameters(study):
    given = {"mu": {"distribution": "uniform(-1, 1)"}, "x": {**X, "distribution": "normal(mu, 1)", "low": 0}}
    values = drawn(study(given)).draws.values
    mu = np.linspace(-1, 1, 2001)
    for x in (0.1, 0.5, 1, 2):
        exact = np.trapezoid(stats.truncnorm.cdf(x, -mu, np.inf, mu, 1), mu) / 2
        assert np.mean(values <= x) == pytest.approx(exact, abs=0.005)


def test_values_and_spreads_are_converted_and_bare_numbers_are_in_the_input_s_unit(study):
    given = {
        "mu": {"unit": "g", "distribution": "normal(5000, 3000)"},
        "x": {"unit": "kg", **X},
        "s": {"unit": "g", "distribution": "uniform(1, 2)"},
        "y": {"unit": "kg", "point": 5, "distribution": "normal(5, 1000 * s)"},
    }
    outputs = '[outputs.y]\nvalue = "x"\nunit = "kg"\n[outputs.z]\nvalue = "y"\nunit = "kg"\n'
    found = un.propagate(study(given, outputs), samples=2**14, seed=1).outputs
    assert found["y"].sd == pytest.approx(5, rel=0.02)
    assert found["z"].sd == pytest.approx(math.sqrt(7 / 3), rel=0.02)


def test_what_only_is_a_parameter_stands_at_its_median_and_touches_no_figure(study):
    found = study(
        {"mu": {"distribution": "lognormal(3, 2)"}, "x": {"point": 5.1, "distribution": "normal(mu, 4)"}}
    )
    assert found.inputs["mu"].point == 3
    assert drawn(found, 1024).point == 5.1
    plan = scenario(found)
    assert plan.parents == {"x": ("mu",)}
    assert plan.drawing_order == ("mu", "x")
    assert str(plan.distributions["x"]) == str(found.inputs["x"].distribution) == "normal(mu, 4)"


def test_parameters_follow_equations_and_options(study):
    rest = '[equations]\nm = "2 * mu"\n[choices.way.options.a]\n[choices.way.options.b]\n'
    rest += 'equations = { m = "10" }\n'
    found = study(
        {"mu": {"distribution": "normal(5, 1)"}, "x": {"point": 10, "distribution": "normal(m, 1)"}},
        rest=rest,
    )
    assert drawn(found, 2**13).sd == pytest.approx(math.sqrt(5), rel=0.03)
    assert drawn(found, 2**13, choices={"way": "b"}).sd == pytest.approx(1, rel=0.03)
    assert scenario(found).parents == {"x": ("mu",)}


def test_the_input_s_own_point_is_a_word(study):
    found = study({"x": {"point": 5, "distribution": "point ± 20 % (95 %)"}})
    assert drawn(found, 2**13).sd == pytest.approx(1 / 1.96, rel=0.02)
    moved = study({"a": {"point": 3}, "x": {"point": "2 * a", "distribution": "normal(point, 0.1 * point)"}})
    assert drawn(moved, 2**13).mean == pytest.approx(6, rel=0.01)
    assert drawn(moved, 2**13, overrides={"a": 5}).sd == pytest.approx(1, rel=0.02)


def test_overrides_may_have_parameters_too(study):
    found = study({"mu": {"distribution": "normal(5, 3)"}, "x": X})
    assert drawn(found, 2**13, overrides={"x": "normal(2 * mu, 4)"}).sd == pytest.approx(
        math.sqrt(52), rel=0.03
    )
    assert drawn(found, 2**13, overrides={"x": "normal(2 * mu, 4)"}).point == 10
    assert drawn(found, 2**13, overrides={"mu": 7}).mean == pytest.approx(7, abs=0.2)
    with pytest.raises(StudyError, match=r'x: unknown quantity "muu"; did you mean "mu"'):
        drawn(found, 64, overrides={"x": "normal(muu, 4)"})
    with pytest.raises(StudyError, match=r"inputs.mu: depends on itself in a cycle: mu → x → mu"):
        drawn(found, 64, overrides={"mu": "normal(x, 4)"})


def test_a_function_s_inputs_may_be_parameters_of_one_another():
    found = un.Study.from_function(
        lambda mu, x: {"y": x + 0 * mu}, inputs={"mu": "normal(5000, 3000)", "x": "normal(mu, 4)"},
        units={"mu": "g", "x": "kg", "y": "kg"},
    )  # fmt: skip
    assert found.inputs["x"].point == 5
    assert drawn(found, 2**13).sd == pytest.approx(5, rel=0.02)


WRONG = {
    "normal(muu, 4)": 'inputs.x.distribution: unknown quantity "muu"; did you mean "mu"?',
    "normal(x, 4)": "inputs.x: depends on itself in a cycle: x → x; its own point is called point",
    "normal(mu, -1)": "inputs.x.distribution: normal: sd must be greater than 0, not -1, at the points",
    "normal(mu)": "inputs.x.distribution: normal: sd is missing, as in normal(5, 1)",
    "normal(w, 4)": 'inputs.x.distribution: mean has dimension mass, but its unit "1" has a pure number',
    "lognormal(3, w)": "inputs.x.distribution: gsd has dimension mass, but it is a pure number",
    "normal(w + 2, 4)": 'inputs.x.distribution: cannot add mass and a pure number in "w + 2"',
    "mixture(normal(mu, 1), 5)": "inputs.x.distribution: mixture: its parameters are numbers; those of ",
    "discrete(1, mu, weights=(1, 2))": "discrete: values are numbers; their weights may be other quantities",
    "discrete(1, 2, weights=(mu, 2, 3))": "discrete: weights must be as many as the values, 2, not 3",
    "discrete(1, 2, weights=(w, 2))": "the weight of 1 has dimension mass, but it is a pure number",
    "normal(p5=mu, p95=9)": "inputs.x.distribution: normal: quantiles are numbers; give mean and sd",
    "mu ± 3 (sd)": 'inputs.x.distribution: "mu" is no number; other quantities stand inside a distribution',
    "15 ± mu (sd)": 'inputs.x.distribution: "mu" is no number; other quantities stand inside a distribution',
    "normal(v, 1)": 'inputs.x.distribution: follows from "v", which differs from case to case',
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_what_is_wrong_is_said_in_one_line(study, text, message):
    given = {
        "mu": {"distribution": "normal(5, 3)"},
        "w": {"unit": "g", "point": 1, "distribution": "1 to 2"},
        "v": {"point": 1, "distribution": "1 to 2", "kind": "variability"},
    }
    with pytest.raises(StudyError) as caught:
        study({**given, "x": {"point": 5, "distribution": text}})
    assert len(caught.value.faults) == 1
    assert message in str(caught.value)


def test_an_input_that_figures_use_needs_a_point(study):
    with pytest.raises(StudyError, match=r"inputs.x.point: this key is required"):
        study({"x": {"distribution": "normal(5, 3)"}})
    with pytest.raises(StudyError, match=r"inputs.z.point: this key is required"):
        study({"x": {"point": 1}, "z": {"distribution": "1 to 2"}})


def test_what_is_correlated_is_the_score(study):
    given = {"mu": {"distribution": "normal(5, 3)"}, "x": X, "z": {"point": 1, "distribution": "1 to 2"}}
    rest = '[[correlations]]\ninputs = ["x", "z"]\n'
    with pytest.raises(StudyError, match=r'correlations\[0\].pearson: "x" follows its parameters'):
        study(given, rest=rest + "pearson = 0.5\n")
    given["mu"]["point"] = 5
    outputs = '[outputs.y]\nvalue = "x - mu"\nunit = "1"\n[outputs.z]\nunit = "1"\n'
    found = un.propagate(study(given, outputs, rest=rest + "spearman = 0.5\n"), samples=2**13, seed=1)
    y, z = (found.outputs[name].draws.values for name in ("y", "z"))
    assert stats.spearmanr(y, z).statistic == pytest.approx(0.5, abs=0.02)


@pytest.mark.slow
def test_bits_hang_on_neither_threads_nor_compiled_loops(study):
    found = study({"m": {"distribution": "gamma(3, 2)"}, "x": {"point": 6, "distribution": "normal(m, m)"}})
    plain = drawn(found, 2**15, threads=1, compiled=False).draws.values
    for options in ({"threads": 2}, {"compiled": True}):
        assert (drawn(found, 2**15, **options).draws.values == plain).all()


def test_an_impossible_parameter_is_named_and_its_draws_may_be_dropped(study):
    given = {"mu": {"distribution": "normal(5, 3)"}, "x": {"point": 5, "distribution": "normal(mu, mu)"}}
    with pytest.raises(un.UncertaintyError, match="; there sd of x is impossible"):
        drawn(study(given))
    found = drawn(study(given, rest='[inputs.z]\nunit = "1"\npoint = 1\n'), 64, overrides={"mu": "2 to 4"})
    assert np.isfinite(found.draws.values).all()


@pytest.mark.parametrize("point", [0, 2])
def test_a_count_is_0_where_its_mean_is(study, point):
    """Given n, P(x = 0) is exp(-2 n)."""
    given = {
        "n": {"point": point, "distribution": "binomial(3, 0.4)"},
        "x": {"point": point, "distribution": "poisson(2 * n)"},
    }
    values = drawn(study(given)).draws.values
    chances = stats.binom(3, 0.4).pmf(range(4))
    assert np.mean(values == 0) == pytest.approx(chances @ np.exp(-2.0 * np.arange(4)), abs=0.002)
    assert values.mean() == pytest.approx(2.4, abs=0.02)


@pytest.mark.parametrize("point", [0, 2])
def test_nothing_succeeds_where_nothing_is_tried(study, point):
    """Trials of trials: those that succeed twice of 3 are binomial again."""
    given = {
        "n": {"point": point, "distribution": "binomial(3, 0.4)"},
        "x": {"point": point, "distribution": "binomial(n, 0.7)"},
    }
    values = drawn(study(given)).draws.values
    reference = stats.binom(3, 0.28)
    for count in range(4):
        assert np.mean(values == count) == pytest.approx(reference.pmf(count), abs=0.002)


def test_draws_that_are_saved_hold_the_values_themselves(study, tmp_path):
    found = un.propagate(
        study({"mu": {"distribution": "normal(5, 3)"}, "n": {"point": 5, "distribution": "poisson(mu ** 2)"},
               "x": {"point": 5, "distribution": "normal(mu, 0.001)"}}),
        samples=256, seed=1, save=tmp_path / "draws.parquet",
    )  # fmt: skip
    columns = read_table(tmp_path / "draws.parquet").columns
    np.testing.assert_allclose(columns["inputs.x"], columns["inputs.mu"], atol=0.005)
    np.testing.assert_allclose(columns["inputs.x"], columns["outputs.y"], rtol=1e-15)
    assert (columns["inputs.n"] == np.round(columns["inputs.n"])).all()
    first = next(found.draws.parts())["inputs.x"]
    assert (first == columns["inputs.x"][: first.size]).all()


def test_a_point_that_is_meant_has_to_be_there(study):
    with pytest.raises(StudyError, match=r"inputs.s.point: this key is required"):
        study({"s": {"distribution": "normal(point, 1)"}, "x": {"point": 1, "distribution": "normal(s, 1)"}})
    with pytest.raises(StudyError, match=r"inputs.x: has no point; give the function's parameter a default"):
        un.Study.from_function(lambda x: {"y": x}, inputs={"x": "normal(point, 1)"})
    found = un.Study.from_function(lambda x=4: {"y": x}, inputs={"x": "normal(point, 1)"})
    assert drawn(found, 256).median == pytest.approx(4, abs=0.05)


def test_a_choice_reaches_an_output_through_parameters(study):
    rest = '[equations]\nm = "2 * mu"\n[choices.way.options.a]\n[choices.way.options.b]\n'
    rest += 'equations = { m = "10" }\n[choices.other.options.a]\n'
    rest += "[choices.other.options.b]\ninputs = { mu = 3 }\n"
    given = {"mu": {"distribution": "normal(5, 1)"}, "x": {"point": 10, "distribution": "normal(m, 1)"}}
    assert reaching_choices(study(given, rest=rest), "y") == {"way", "other"}


def test_an_input_at_its_median_follows_its_parameters(study):
    found = study({"mu": {"distribution": "normal(5, 3)"}, "x": X})
    plan = scenario(found)
    middle = plan.dependent["x"].given.at_score(0.5)
    assert scenario(found, override={"x": middle}).varying == ("mu",)
    assert drawn(found, 2**13, overrides={"x": middle}).sd == pytest.approx(3, rel=0.02)
    counted = study({"m": {"distribution": "uniform(2, 9)"}, "x": {"point": 5, "distribution": "poisson(m)"}})
    middle = scenario(counted).dependent["x"].given.at_score(0.5)
    values = drawn(counted, 2**10, overrides={"x": middle}).draws.values
    assert set(values) == set(range(2, 10))


def _gamma(k, v):
    return stats.gamma(v, scale=k)


def _lognormal(k, v):
    return stats.lognorm(v, scale=k)


def _uniform(k, v):
    return stats.uniform(v, k - v)


@pytest.mark.parametrize(
    ("text", "points", "given"),
    [
        pytest.param("gamma(v, k)", (7, 0.001), _gamma, id="a tail below the smallest number"),
        pytest.param("beta(k, v)", (7, 0.01), stats.beta, id="a tail within rounding of 1"),
        pytest.param("beta(k, v)", (1e6, 1e-3), stats.beta, id="nearly all at 1", marks=pytest.mark.slow),
        pytest.param("lognormal(median=k, sigma=v)", (7, 1e-15), _lognormal, id="narrower than rounding"),
        pytest.param("lognormal(median=k, sigma=v)", (7, 300), _lognormal, id="beyond the largest number"),
        pytest.param("uniform(v, k)", (1, 1 + 1e-15), _uniform, id="a few numbers", marks=pytest.mark.slow),
        pytest.param("normal(k, v)", (1e17, 0.1), stats.norm, id="lost beside its mean"),
        pytest.param("normal(k, v)", (5, 0.5), stats.norm, id="one that keeps scores"),
    ],
)
def test_draws_are_the_same_wherever_the_points_of_parameters_lie(study, text, points, given):
    """The shares below values are the average of those given the parameters, by a grid over these."""
    k, v = points
    inputs = {
        "k": {"point": float(k), "distribution": "uniform(2, 9)"},
        "v": {"point": float(v), "distribution": "uniform(0.2, 0.8)"},
        "x": {"point": 1, "distribution": text},
    }
    samples = 2**14
    values = np.sort(drawn(study(inputs), samples=samples).draws.values.ravel())
    middles = (np.arange(60) + 0.5) / 60
    among = given(*np.meshgrid(2 + 7 * middles, 0.2 + 0.6 * middles))
    for share in (0.03, 0.2, 0.5, 0.8, 0.97):
        value = values[int(share * samples)]
        found = np.searchsorted(values, value, side="right") / samples
        assert found == pytest.approx(among.cdf(value).mean(), abs=0.006)


def test_a_reference_that_keeps_scores_stays_at_the_points(study):
    """Where the medians lose scores and the points do not, nothing is taken from the medians."""
    inputs = {
        "v": {"point": 0.5, "distribution": "uniform(0.0001, 0.002)"},
        "x": {"point": 1, "distribution": "gamma(v, 1)"},
    }
    plan = scenario(study(inputs))
    assert plan.distributions["x"].mean == pytest.approx(0.5)
    assert keeps_scores(plan.distributions["x"])
    assert at_medians(plan).distributions["x"] is plan.distributions["x"]


@pytest.mark.slow
def test_draws_keep_scores_where_points_and_medians_of_parameters_would_lose_them(study):
    inputs = {
        "v": {"point": 0.01, "distribution": "loguniform(0.001, 1)"},
        "x": {"point": 1, "distribution": "beta(5, v)"},
    }
    found = drawn(study(inputs))
    v = 10 ** np.linspace(-3, 0, 20_001)
    assert found.mean == pytest.approx(np.mean(5 / (5 + v)), abs=5e-4)
