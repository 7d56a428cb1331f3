"""What nets of cases get wrong: errors of averages whose cases are skewed, or nearly all alike."""

import math
import re

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.sampling.case_model import VERSIONS, Measure
from uncertainty.sampling.cases import make_cases
from uncertainty.sampling.nesting import make_case_model
from uncertainty.sampling.simulation import few_unknown
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Cases with a tail"
headline = "y"
[inputs.u]
unit = "1"
point = 1
distribution = "{unknown}"
[inputs.v]
unit = "1"
point = 0.5
kind = "variability"
distribution = "{differs}"
[outputs.y]
unit = "1"
value = "{value}"
reference = {reference}
over = "average"
"""

U = stats.uniform(0.5, 1.5)
STEEP = [math.exp(U.ppf(p) ** 2 / 2) for p in (0.025, 0.5, 0.975)]
NEAR_ONE = [stats.norm.cdf(each) for each in (1.05, 2, 2.95)]
RATIO = [math.log(100) / 0.99 * math.exp(0.2 * z) for z in (-1.959964, 0, 1.959964)]
POWER = [math.exp((2 + 0.2 * z) ** 2 / 8) for z in (-1.959964, 0, 1.959964)]

MODELS = {
    "steep": ("uniform(0.5, 2)", "normal(0, 1)", "exp(u * v)", STEEP),
    "near one": ("uniform(1, 3)", "normal(0, 1)", "v > -u", NEAR_ONE),
    "near nought": ("uniform(1, 3)", "normal(0, 1)", "v < -u", [1 - p for p in NEAR_ONE[::-1]]),
    "a formula": ("uniform(1, 3)", "normal(0, 1)", "1 - average(v > -u)", [1 - p for p in NEAR_ONE[::-1]]),
    "bounded tail": ("lognormal(median=1, sigma=0.2)", "uniform(0.01, 1)", "u / v", RATIO),
    "a power": ("normal(2, 0.2)", "lognormal(median=1, sigma=0.5)", "v ** u", POWER),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nets")

    def made(name, reference=0.5):
        unknown, differs, value, _ = MODELS[name]
        path = folder / "study.toml"
        text = STUDY.format(unknown=unknown, differs=differs, value=value, reference=reference)
        path.write_text(text, encoding="utf-8")
        return un.load_study(path)

    return made


def ends(study, seed, **options):
    found = un.propagate(study, seed=seed, cases=False, threads=1, **options).headline.draws
    low, high = found.interval(0.95)
    return [low, found.quantile(0.5), high], found


@pytest.mark.parametrize(
    ("name", "seed"), [("steep", 58), ("steep", 36), ("near one", 13), ("a formula", 13)]
)
def test_ends_lie_within_three_errors_where_a_net_meets_too_little(study, name, seed):
    estimates, draws = ends(study(name), seed)
    for found, true in zip(estimates, MODELS[name][3], strict=True):
        assert 0 < abs(found.value - true) < 3 * found.error
    if name != "steep":
        assert draws.lowest >= 0
        assert draws.highest <= 1


def test_draws_of_about_one_value_that_are_wrong_together_are_not_drawn_together(study):
    # all cases of a draw are at least 0, so that the lowest average tells of the net alone
    low = np.mean([ends(study("steep"), seed)[0][0].value for seed in range(3)])
    assert low == pytest.approx(STEEP[0], abs=0.01)


@pytest.mark.parametrize("seed", [2, 13, 16])
def test_a_share_beyond_a_value_knows_that_cases_may_carry_draws_over_it(study, seed):
    # no u reaches 0.999, whose probability is that of u = 3.09
    found = ends(study("near one"), seed)[1].share_at_least(0.999)
    assert found.value < 1.96 * found.error
    assert found.bounds is None or found.bounds[0] <= 1e-9


def test_whether_an_average_is_told_depends_on_no_draw(study):
    for name in ("near one", "bounded tail"):
        values = {len(ends(study(name), seed)[0]) for seed in range(20, 22)}
        assert values == {3}


def test_the_cure_of_a_long_tail_is_named_first_and_cures(tmp_path):
    path = tmp_path / "study.toml"
    given = {
        "unknown": "lognormal(median=1, sigma=0.2)",
        "differs": "lognormal(median=1, sigma=0.85)",
        "reference": 1,
    }
    path.write_text(STUDY.format(value="u * v ** 2", **given), encoding="utf-8")
    with pytest.raises(un.NonFiniteError, match="does not settle") as refused:
        un.propagate(un.load_study(path), samples=2**14)
    said = str(refused.value)
    assert said.index("--samples") < said.index("--over median")
    un.propagate(un.load_study(path), samples=int(re.search(r"--samples (\d+)", said)[1]), cases=False)
    # no number of cases settles the mean of a tail without one
    endless = STUDY.format(**{**given, "differs": "pareto(1, 0.9)"}, value="u * v ** 1.01")
    path.write_text(endless, encoding="utf-8")
    with pytest.raises(un.NonFiniteError, match="does not settle") as refused:
        un.propagate(un.load_study(path))
    assert "--samples" not in str(refused.value)
    assert "kurtosis" not in str(refused.value)


MEDIANS = [
    ("lognormal(median=1, sigma=2)", "u * v", 1.0),
    ("normal(10, 3)", "u * v", 10.0),
    ("exponential(1)", "u * v", math.log(2)),
]


@pytest.mark.parametrize(("differs", "value", "middle"), MEDIANS)
def test_quantiles_of_cases_lie_within_their_errors_whatever_scrambles_leave_in_place(
    tmp_path, differs, value, middle
):
    path = tmp_path / "study.toml"
    text = STUDY.format(
        unknown="lognormal(median=1, sigma=0.2)", differs=differs, value=value, reference=1
    ).replace('"average"', '"median"')
    path.write_text(text, encoding="utf-8")
    study = un.load_study(path)
    true = [middle * math.exp(0.2 * z) for z in (-1.959964, 0, 1.959964)]
    for seed in range(2):
        estimates, _ = ends(study, seed)
        for found, exact in zip(estimates, true, strict=True):
            assert abs(found.value - exact) < 3 * found.error


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_ends_and_middles_of_averages_over_skewed_cases_lie_within_their_errors(study, name):
    repeats, known = 120, study(name)
    met = np.zeros(3)
    for seed in range(repeats):
        estimates, _ = ends(known, 1000 + seed)
        pairs = zip(estimates, MODELS[name][3], strict=True)
        met += [abs(found.value - true) <= 1.96 * found.error for found, true in pairs]
    # half the outermost repeats of 95 % coverage: three standard errors
    assert (met / repeats > 0.95 - 3 * math.sqrt(0.95 * 0.05 / repeats)).all()


def test_some_measures_of_a_model_are_to_the_bit_those_of_the_whole(tmp_path):
    values = {
        "y": "1 - average(v > -u)",
        "twice": "average(u + v > 0) * average(v ** 2 * average(u * exp(v)))",
        "case": "u * exp(v)",
        "own": "average(v ** 3)",
    }
    text = STUDY.format(unknown="uniform(1, 3)", differs="normal(0, 1)", value=values.pop("y"), reference=0)
    more = (f'[outputs.{name}]\nunit = "1"\nvalue = "{value}"\n' for name, value in values.items())
    path = tmp_path / "study.toml"
    path.write_text(text + "".join(more), encoding="utf-8")
    plan = scenario(un.load_study(path))
    averages = [Measure(name, "average") for name in ("y", *values)]
    others = [Measure("case", "quantile", 0.25), Measure("y", "at least", 0.5), Measure("case", "at most", 1)]
    model = make_case_model(plan, [*averages, *others]).on(make_cases(plan, 64, 1), VERSIONS)
    unknown = few_unknown(plan, 8, 1)

    def found(part, draws=unknown):
        values = np.empty((len(part.measures) * VERSIONS, draws.shape[1]))
        part.run(draws, values)
        return values.reshape(len(part.measures), VERSIONS, -1)

    np.testing.assert_array_equal(found(model, np.repeat(unknown, 2, axis=1)), found(model).repeat(2, axis=2))
    whole = dict(zip(model.measures, found(model), strict=True))
    for wanted in (averages[1:2], averages[::-3], others[:1], [others[2], averages[1], others[1]]):
        part = model.only(wanted)
        assert part.quantities < model.quantities
        np.testing.assert_array_equal(found(part), [whole[each] for each in wanted])


@pytest.mark.slow
@pytest.mark.parametrize(("value", "exact"), [("maximum(u * v - 1, 0)", 0.199392), ("abs(v) * u", 0.460659)])
def test_errors_of_the_sd_of_an_average_cover(tmp_path, value, exact):
    path = tmp_path / "study.toml"
    given = {"unknown": "uniform(1, 3)", "differs": "normal(0, 1)", "reference": 1}
    path.write_text(STUDY.format(value=value, **given), encoding="utf-8")
    study, held = un.load_study(path), []
    for seed in range(1, 41):
        found = un.propagate(study, samples=2**15, seed=seed, cases=False).outputs["y"].summary["sd"]
        held.append(abs(found.value - exact) <= 1.96 * found.error)
    assert sum(held) >= 36


def of_scale(tmp_path, scale):
    """Return numbers of an output's average and of its median case, in units of a scale."""
    path = tmp_path / "scale.toml"
    text = STUDY.format(
        unknown="uniform(0.5, 2)",
        differs="lognormal(1, 2)",
        value=f"{scale!r} * (v ** u + u)",
        reference=scale,
    )
    path.write_text(text, encoding="utf-8")
    found = un.propagate(un.load_study(path), samples=2**14, cases=True).outputs["y"]
    median = found.cases.median_case
    told = found.draws.mean, found.middle, *found.ends, median.middle, *median.ends
    return [(each.value / scale, each.error / scale) for each in told]


@pytest.mark.parametrize("scale", [2.0**600, 2.0**-600])
def test_averages_and_median_cases_are_to_the_bit_the_same_at_every_scale(tmp_path, scale):
    assert of_scale(tmp_path, scale) == of_scale(tmp_path, 1.0)


def test_a_factor_whose_scrambles_agree_widens_no_error_of_the_other_factor(tmp_path):
    """The mean of a product of two inputs is known to the last digits, whose scrambles tell nothing."""
    differ = "\n".join(
        f'{name} = {{ unit = "1", point = 1, distribution = "lognormal(median=1, sigma=0.6)", '
        'kind = "variability" }'
        for name in "vwxyz"
    )
    values = {"known": "v * w", "rough": "x * y * z", "both": "average(v * w) * average(x * y * z)"}
    path = tmp_path / "factors.toml"
    text = 'format = 1\n[study]\ntitle = "Factors"\nheadline = "both"\n[inputs]\n'
    text += f'u = {{ unit = "1", point = 1, distribution = "lognormal(1, 1.001)" }}\n{differ}\n[outputs]\n'
    for name, value in values.items():
        text += f'{name} = {{ unit = "1", over = "average", value = "u * average({value})" }}\n'
    path.write_text(text, encoding="utf-8")
    run = un.propagate(un.load_study(path), samples=2**15, seed=9, cases=False, threads=1)
    errors = {}
    for name, inputs in (("known", 2), ("rough", 3), ("both", 5)):
        found, true = run.outputs[name].middle, math.exp(inputs * 0.6**2 / 2)
        assert abs(found.value - true) < 3 * found.error
        errors[name] = found.error / found.value
    assert errors["known"] < 1e-3 < errors["rough"]
    assert errors["both"] == pytest.approx(errors["rough"], rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("power", [1.3, 2])
def test_the_error_covers_where_nets_of_as_many_cases_all_miss_the_tail(tmp_path, power):
    """The mean of a power of a lognormal quantity is known; its kurtosis is 60, or 3,000, over 128 cases."""
    path = tmp_path / "tail.toml"
    path.write_text(TAIL.format(power=power), encoding="utf-8")
    study = un.load_study(path)
    truth = 2 * math.exp(power**2 * math.log(2) ** 2 / 2)
    means = [un.propagate(study, outputs="y", seed=seed).outputs["y"].draws.mean for seed in range(1, 41)]
    away = np.array([(mean.value - truth) / mean.error for mean in means])
    # 32 of 40 without further nets that have more cases
    assert (np.abs(away) <= 1.96).sum() >= 36
    # and the errors are as large as what they are of
    errors = np.array([mean.error for mean in means])
    assert 0.7 < np.sqrt(np.mean(errors**2)) / np.std(away * errors) < 1.6


TAIL = """
format = 1
[study]
title = "A few cases hold much of it"
headline = "x"
[inputs.k]
unit = "1"
point = 4
distribution = "uniform(2, 6)"
[inputs.lim]
unit = "1"
point = 3
distribution = "normal(3, 0.4)"
[inputs.a]
unit = "1"
point = 2
distribution = "normal(2, 0.1)"
[inputs.q]
unit = "1"
point = 4
kind = "variability"
distribution = "poisson(k)"
[inputs.v]
unit = "1"
point = 1
kind = "variability"
distribution = "lognormal(1, 2)"
[outputs.x]
value = "a*average(q**2) + lim"
over = "average"
unit = "1"
[outputs.y]
value = "a*average(v**{power})"
over = "average"
unit = "1"
"""
