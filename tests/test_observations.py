"""Draws weighed by observations: conjugate answers, coverage, what is refused and what is said."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from command_line import run_here

import uncertainty as un
from uncertainty.errors import InvalidValue, SettingError, StudyError
from uncertainty.pages.content import prepare
from uncertainty.pages.sections import make_section
from uncertainty.records import Frozen
from uncertainty.sampling import weighing
from uncertainty.sampling.cases import make_cases
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.statistics import BATCHES
from uncertainty.sampling.weighted_draws import WeightedDraws, effective_number, resampled
from uncertainty.settings import Settings
from uncertainty.study.observations import error_distribution, log_density
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "A balance"
headline = "total"
[inputs.mass]
unit = "kg"
point = 1
distribution = "normal(1, 2)"
[inputs.factor]
unit = "1"
point = 2
distribution = "lognormal(2, 1.5)"
[inputs.scatter]
unit = "kg"
point = 0
distribution = "normal(0, 2)"
kind = "variability"
[equations]
doubled = "2 * mass"
one_case = "mass + scatter"
root = "sqrt(mass / 1[kg])"
[outputs.total]
unit = "kg"
value = "mass"
published = 2
[outputs.product]
unit = "1"
value = "factor"
[outputs.case]
unit = "kg"
value = "one_case"
[observations.meter]
quantity = "mass"
value = 2000
unit = "g"
sd = 500
source = "A scale"
[observations.ratio]
quantity = "factor"
value = 3
gsd = 1.2
[observations.twice]
quantity = "doubled"
value = 4
unit = "kg"
distribution = "normal(0, 1)"
[observations.shown]
quantity = "total"
value = 2
sd = 0.5
[observations.single]
quantity = "one_case"
value = 3
unit = "kg"
sd = 1
[observations.pin]
quantity = "one_case"
value = 3
unit = "kg"
sd = 0.001
[observations.average]
quantity = "one_case"
value = 3
unit = "kg"
sd = 1
over = "average"
[observations.impossible]
quantity = "mass"
value = 90
sd = 0.1
[observations.rooted]
quantity = "root"
value = 1
sd = 1
[observations.sharp]
quantity = "mass"
value = 1
sd = 0.02
[readings.weighed]
label = "With the scale"
observations = ["meter"]
"""

ALL_CASES = """
[outputs.all_cases]
unit = "kg"
value = "one_case"
over = "average"
"""


@pytest.fixture(scope="module")
def balance(tmp_path_factory):
    path = tmp_path_factory.mktemp("balance") / "balance.toml"
    path.write_text(STUDY, encoding="utf-8")
    return un.load_study(path)


@pytest.fixture(scope="module")
def nested(tmp_path_factory):
    path = tmp_path_factory.mktemp("nested") / "nested.toml"
    path.write_text(STUDY + ALL_CASES, encoding="utf-8")
    return un.load_study(path)


def posterior(value, sd, mean=1.0, prior=2.0):
    """Return mean and sd of a normal quantity after a normal observation."""
    precision = 1 / prior**2 + 1 / sd**2
    return (mean / prior**2 + value / sd**2) / precision, precision**-0.5


def holds(estimate, value):
    assert estimate.error is not None, estimate.reason
    assert abs(estimate.value - value) < 4 * estimate.error + 1e-9, (estimate, value)


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_a_normal_observation_of_a_normal_quantity_gives_the_conjugate_answer(balance, design):
    run = un.propagate(balance, outputs=["total"], samples=2**14, design=design, observe="meter")
    mean, sd = posterior(2, 0.5)
    found = run.outputs["total"].summary
    for name, value in {
        "mean": mean,
        "sd": sd,
        "median": mean,
        "low": mean - 1.959964 * sd,
        "high": mean + 1.959964 * sd,
    }.items():
        holds(found[name], value)
    holds(found["probability_at_least_published"], 0.5 * math.erfc((2 - mean) / sd / math.sqrt(2)))
    # of a normal prior and weight in closed form: the share of draws that count alike
    s2, p2 = 0.25, 4.0
    share = (
        math.sqrt((s2 + 2 * p2) * s2)
        / (s2 + p2)
        * math.exp(-((2 - 1) ** 2) * (1 / (s2 + p2) - 1 / (s2 + 2 * p2)))
    )
    assert run.effective_draws == pytest.approx(2**14 * share, rel=0.03)
    holds(run.outputs["total"].prior.middle, 1)
    holds(run.observed["meter"].posterior.middle, 1000 * mean)


def test_a_lognormal_observation_of_a_lognormal_quantity_gives_the_conjugate_answer(balance):
    run = un.propagate(balance, outputs=["product"], samples=2**14, observe=["ratio"])
    middle, sd = posterior(math.log(3), math.log(1.2), math.log(2), math.log(1.5))
    found = run.outputs["product"]
    holds(found.summary["median"], math.exp(middle))
    holds(found.summary["mean"], math.exp(middle + sd**2 / 2))
    holds(found.draws.geometric_sd, math.exp(sd))
    holds(found.summary["high"], math.exp(middle + 1.959964 * sd))


@pytest.mark.parametrize("name", ["twice", "shown"])
def test_any_quantity_and_any_error_may_be_observed(balance, name):
    found = un.propagate(balance, outputs=["total"], samples=2**14, observe=name).outputs["total"]
    mean, sd = posterior(2, 0.5)
    holds(found.summary["mean"], mean)
    holds(found.summary["sd"], sd)


def test_several_observations_count_together(balance):
    found = un.propagate(balance, outputs=["total"], samples=2**15, observe=["meter", "shown"]).outputs[
        "total"
    ]
    holds(found.summary["mean"], posterior(2, 0.5 / math.sqrt(2))[0])


def test_of_one_case_what_nobody_knows_is_weighed_and_the_cases_are_not(balance):
    run = un.propagate(balance, samples=2**13, observe="single")
    mean, sd = posterior(3, math.sqrt(1 + 4))
    holds(run.outputs["total"].summary["mean"], mean)
    holds(run.outputs["total"].summary["sd"], sd)
    holds(run.outputs["case"].summary["mean"], mean)
    holds(run.outputs["case"].summary["sd"], math.hypot(sd, 2))


def test_a_case_observed_far_more_sharply_than_cases_differ_is_refused(balance):
    said = (
        r"observations.pin: .* of one case .* about 1.2 carry .* spread between cases, an sd of about 2 kg$"
    )
    with pytest.raises(SettingError, match=said):
        un.propagate(balance, outputs=["total"], samples=2**13, observe="pin")


@pytest.fixture(scope="module")
def simulation(balance):
    return un.propagate(balance, outputs=["total"], samples=128).simulation


def of_inputs(simulation, name):
    place, parts = simulation.inputs.index(name), simulation.input_blocks(0, blocks(simulation.design))
    return np.concatenate([part[place].copy() for part in parts])


def logs_of_one_case(balance, simulation, name, seed):
    """Return logarithms of the density of each case, shape (draws, cases), and the cases."""
    observation, plan = balance.observations[name], scenario(balance)
    cases = make_cases(weighing.observing_scenario(plan, observation)[0], weighing.CASES[1], seed)
    values = of_inputs(simulation, "mass")[:, None] + cases.values[0]
    return -0.5 * ((values - observation.value) / observation.sd) ** 2, values


def without_each(logs):
    """Return the logarithms of means over the cases, and over those without each of eight equal parts."""
    parts = np.split(logs, 8, axis=1)
    kept = [logs, *(np.hstack(parts[:n] + parts[n + 1 :]) for n in range(8))]
    return np.array([np.logaddexp.reduce(each, axis=1) - math.log(each.shape[1]) for each in kept])


@pytest.mark.parametrize("name", ["single", "pin"])
def test_the_density_of_one_case_is_the_mean_over_the_cases_of_its_net(
    balance, simulation, name, monkeypatch
):
    """However far a draw lies from what was observed, and however few draws are worked at together."""
    monkeypatch.setattr(weighing, "CASES", (64, 64))
    monkeypatch.setattr(weighing, "AT_ONCE", 3 * 64)
    found = weighing._log_densities(scenario(balance), balance.observations[name], simulation, 3)
    logs, values = logs_of_one_case(balance, simulation, name, 3)
    with np.errstate(divide="ignore"):
        assert found.logs[0] == pytest.approx(without_each(logs)[0], rel=1e-12, abs=1e-12)
    assert np.array_equal(found.quantity, values[np.arange(128), np.tile(np.arange(8) % 3, 16)])
    carried = 2 * np.logaddexp.reduce(logs, axis=1) - np.logaddexp.reduce(2 * logs, axis=1)
    assert found.carried[0] == pytest.approx(np.exp(carried), rel=1e-9)
    assert found.carried[1] == pytest.approx(values.std(axis=1))


def test_draws_count_by_all_observations_together(balance, simulation, monkeypatch):
    monkeypatch.setattr(weighing, "FEWEST_EFFECTIVE", 1)
    monkeypatch.setattr(weighing, "CASES", (64, 64))
    plan = scenario(balance, observe=["single", "sharp"])
    found = weighing.weigh(plan, simulation, Settings(seed=3))
    logs = without_each(logs_of_one_case(balance, simulation, "single", 3)[0])
    logs -= 0.5 * ((of_inputs(simulation, "mass") - 1) / 0.02) ** 2
    weights = np.exp(logs - logs[0].max())
    assert found.values == pytest.approx(weights[0])
    assert np.array(found.without) == pytest.approx(weights[1:])
    assert np.array_equal(found.groups, np.arange(128) // 8)
    assert list(found.observed) == ["single", "sharp"]
    assert weighing.observing_scenario(plan, balance.observations["sharp"])[1] == "sharp as observed"


def test_independent_draws_are_parted_into_batches(balance, monkeypatch):
    monkeypatch.setattr(weighing, "FEWEST_EFFECTIVE", 1)
    drawn = un.propagate(balance, outputs=["total"], samples=5 * BATCHES + 1, design="random").simulation
    found = weighing.weigh(scenario(balance, observe=["shown"]), drawn, Settings(seed=3))
    assert np.array_equal(found.groups, np.arange(5 * BATCHES + 1) // 6)
    assert found.without == ()


def test_what_was_observed_of_a_value_that_a_draw_has_not_is_refused(balance):
    said = r"observations\.rooted: what was observed is infinite or undefined for \d+ of 128 draws$"
    with pytest.raises(un.NonFiniteError, match=said):
        un.propagate(balance, outputs=["total"], samples=128, observe="rooted")


@pytest.mark.parametrize(("cases", "wanted"), [((8, 32), 32), ((16, 32), 16)])
def test_fewer_cases_than_a_sharp_observation_needs_are_made_more(
    balance, simulation, cases, wanted, monkeypatch
):
    """Of eight cases fewer than eight carry any density; of sixteen about nine carry this one."""

    def densities(*cases):
        monkeypatch.setattr(weighing, "CASES", cases)
        monkeypatch.setattr(weighing, "EVALUATIONS", 1)
        return weighing._log_densities(plan, balance.observations["single"], simulation, 3)

    plan = scenario(balance)
    found, own = densities(*cases), densities(wanted, wanted)
    assert np.array_equal(found.logs, own.logs)
    assert np.array_equal(found.carried, own.carried)


def test_of_nested_outputs_the_outer_draws_are_weighed(nested):
    how = {"level": 0.9, "interval": "shortest"}
    run = un.propagate(nested, outputs=["all_cases"], samples=2**18, observe="average", **how)
    mean, sd = posterior(3, 1)
    assert 1000 < run.effective_draws < 2**18 / 64
    holds(run.outputs["all_cases"].summary["median"], mean)
    holds(run.outputs["all_cases"].summary["sd"], sd)
    prior = run.outputs["all_cases"].prior
    holds(prior.middle, 1)
    assert (prior.level, prior.kind) == (0.9, "shortest")


def test_of_the_average_the_scatter_between_cases_takes_nothing_away(balance):
    run = un.propagate(balance, samples=2**14, observe="average")
    mean, sd = posterior(3, 1)
    holds(run.outputs["total"].summary["mean"], mean)
    holds(run.outputs["total"].summary["sd"], sd)
    assert run.observed["average"].over == "average"


def test_the_distribution_over_cases_is_weighed_too(balance):
    found = un.cases(balance, output="case", samples=2**18, observe="average")
    mean, _ = posterior(3, 1)
    holds(found.average.middle, mean)
    holds(found.quantiles[-1].spread.middle, mean + 2 * 1.6448536)


def test_errors_of_weighed_draws_cover():
    """Of independent draws 95 % of the intervals of every number hold the true one."""
    rng = np.random.default_rng(4)
    mean, sd = posterior(2, 0.5)
    repeats, rows = 150, 2000
    truths = {
        "mean": mean,
        "sd": sd,
        "median": mean,
        "high": mean + 1.959964 * sd,
        "share": 0.5 * math.erfc((2.5 - mean) / sd / math.sqrt(2)),
    }
    met = dict.fromkeys(truths, 0)
    for _ in range(repeats):
        drawn = rng.normal(1, 2, rows)
        draws = WeightedDraws(drawn, np.exp(-2 * (drawn - 2) ** 2), np.arange(rows) // (rows // 20))
        found = {
            "mean": draws.mean,
            "sd": draws.sd,
            "median": draws.quantile(0.5),
            "high": draws.quantile(0.975),
            "share": draws.share_at_least(2.5),
        }
        for name, each in found.items():
            met[name] += abs(each.value - truths[name]) < 1.96 * each.error
    for name, count in met.items():
        # 3.5 standard errors of a share of 95 %; quantiles between order statistics cover a little more
        assert count / repeats > 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / repeats), name
        assert count / repeats < 0.999, name


def test_equal_weights_leave_what_draws_say():
    values = np.random.default_rng(1).gamma(2, size=1000)
    weighed = WeightedDraws(values, np.ones(1000), np.arange(1000) // 50)
    for probability in (0.0, 0.1, 0.5, 0.975, 1.0):
        assert weighed.quantile(probability).value == pytest.approx(np.quantile(values, probability))
    assert weighed.mean.value == pytest.approx(values.mean())
    assert weighed.sd.value == pytest.approx(values.std())
    assert weighed.effective == pytest.approx(1000)
    assert np.array_equal(np.sort(weighed.values), np.sort(values))


def test_whole_weights_are_repeated_draws():
    values, weights = np.array([3.0, 1.0, 2.0, 7.0]), np.array([2.0, 0.0, 1.0, 1.0])
    assert sorted(values[resampled(weights)].tolist()) == [2.0, 3.0, 3.0, 7.0]
    assert effective_number(weights) == pytest.approx(16 / 6)
    assert effective_number(np.zeros(4)) == 0
    assert np.isnan(weighing._weighted(np.array([np.nan, 2.0]), np.array([1.0, 0.0])))
    assert weighing._weighted(np.array([np.nan, 2.0, 5.0]), np.array([1.0, 2.0, 1.0])) == 3


def test_a_density_is_the_slope_of_any_distribution(balance):
    observation = balance.observations["twice"]
    at = np.linspace(-2, 10, 7)
    assert log_density(observation, at) - log_density(observation, np.array([4.0])) == pytest.approx(
        -0.5 * (at - 4) ** 2, rel=1e-4, abs=1e-6
    )


def test_nothing_is_weighed_as_published_and_readings_switch_observations_on(balance):
    runs = un.compare_readings(balance, samples=2**13).runs
    assert runs["as_published"].weights is None
    assert runs["as_published"].headline.median == un.propagate(balance, samples=2**13).headline.median
    assert runs["weighed"].scenario.observations == ("meter",)
    asked = un.propagate(balance, outputs=["total"], samples=2**13, observe=("meter",))
    assert asked.headline.median == runs["weighed"].headline.median


def test_every_form_says_what_was_observed(balance, tmp_path, capsys):
    result = run_here(
        capsys, "run", balance.file, "--observe", "meter", "--samples", "8192", "--only", "total", "--json"
    )
    document = json.loads(result.out)
    assert document["settings"]["observations"] == ["meter"]
    assert document["results"]["effective_draws"] > 1000
    told = document["results"]["observations"]["meter"]
    assert (told["quantity"], told["value"], told["unit"], told["error"]) == ("mass", 2000, "g", "sd 500")
    assert told["posterior"]["median"] == pytest.approx(1941, abs=20)
    assert document["results"]["outputs"]["total"]["prior"]["median"] == pytest.approx(1, abs=0.05)
    found = un.propagate(balance, outputs=["total"], samples=2**13, observe="meter")
    assert found.table.about["observations"] == ["meter"]
    assert "worth" in found._repr_html_()
    found.save(tmp_path / "draws.csv")
    table = un.read_table(tmp_path / "draws.csv")
    assert table.about["observations"] == ["meter"]
    mass = np.array(table.columns["inputs.mass"])
    weights = np.array(table.columns["weight"])
    assert weights / weights.max() == pytest.approx(np.exp(-2 * (mass - 2) ** 2), rel=1e-3, abs=1e-9)


def test_a_report_sets_both_sides_beside_one_another_and_says_what_it_leaves_out(balance):
    content = prepare(balance, Settings(samples=2**13), sensitivity_samples=64)
    said = repr(make_section("observations", content))
    for words in (
        "With the scale",
        "are worth",
        "2000 g, sd 500",
        "Sources of the observations: meter: A scale",
    ):
        assert words in said
    assert content.drivers_under("weighed").startswith("an observation binds the inputs of this reading")


def test_too_few_effective_draws_are_refused_with_what_helps(balance):
    with pytest.raises(
        SettingError, match=r"impossible.*90 kg \(sd 0.1\) was observed of mass, of which -2.9"
    ):
        un.propagate(balance, samples=2**13, observe="impossible")
    with pytest.raises(SettingError, match=r"observations\.sharp: the worth of") as refused:
        un.propagate(balance, samples=2**14, observe="sharp")
    asked = advised(refused)
    assert un.propagate(balance, outputs=["total"], samples=asked, observe="sharp").effective_draws > 1000


def test_the_samples_that_leave_enough_count_the_cases_of_each_draw(balance):
    study = replace(balance, outputs=Frozen({"case": replace(balance.outputs["case"], over="average")}))
    study = replace(study, headline="case")
    with pytest.raises(SettingError, match="of 1,024 is left") as refused:
        un.propagate(study, samples=2**16, observe="meter")
    asked = advised(refused)
    assert asked > 2**16
    assert un.propagate(study, samples=asked, observe="meter").effective_draws > 1000


def advised(refused):
    """Return the samples that a refusal asks for."""
    return int(re.search(r"`--samples (\d+)` would leave enough$", str(refused.value))[1])


@pytest.mark.parametrize(
    "analysis", [un.sobol, un.morris, un.shapley, un.challenge, un.linear_budget, un.draw_sample]
)
def test_an_analysis_that_does_not_weigh_its_draws_refuses(balance, analysis):
    with pytest.raises(SettingError, match="does not weigh its draws by observations, here meter"):
        analysis(balance, samples=2**10, observe="meter")


def test_a_run_until_is_refused(balance):
    with pytest.raises(SettingError, match="made at once"):
        un.propagate(balance, samples=2**10, observe="meter", until=0.1)


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('quantity = "mass"\nvalue = 2000', 'quantity = "mas"\nvalue = 2000', "meter.quantity", '"mass"'),
        ('quantity = "mass"\nvalue = 2000', 'quantity = "totl"\nvalue = 2000', "meter.quantity", '"total"'),
        ("sd = 500", "sd = -500", "meter.sd", "positive"),
        ("sd = 500", "sd = 500\ngsd = 2", "meter", "one of sd, gsd and distribution"),
        ("sd = 500\n", "", "meter", "found none of them"),
        ("gsd = 1.2", "gsd = 0.9", "ratio.gsd", "more than 1"),
        ("value = 3\ngsd", "value = -3\ngsd", "ratio.gsd", "positive value"),
        ('unit = "g"', 'unit = "m"', "meter.unit", '"mass" has mass'),
        ('value = 4\nunit = "kg"\n', "value = 4\n", "twice.unit", '"doubled" has mass'),
        ('"normal(0, 1)"', '"normal(4, 0.1)"', "twice.distribution", "around 0"),
        ('"normal(0, 1)"', '"discrete(-1, 1)"', "twice.distribution", "density"),
        ('"normal(0, 1)"', '\'empirical("e.csv", "e")\'', "twice.distribution", "density"),
        ('observations = ["meter"]', 'observations = ["metre"]', "readings.weighed.observations", '"meter"'),
        ('over = "average"\n[observations.i', 'over = "median"\n[observations.i', "average.over", "one of"),
    ],
)
def test_what_is_wrong_with_an_observation_is_one_line(old, new, key, said, tmp_path):
    assert STUDY.count(old) >= 1
    path = tmp_path / "balance.toml"
    path.write_text(STUDY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        un.load_study(path)
    (fault,) = refused.value.faults
    assert key in fault.key
    assert said in fault.message


def test_the_publication_itself_takes_no_observation(tmp_path, balance):
    path = tmp_path / "balance.toml"
    path.write_text(STUDY + '[readings.as_published]\nobservations = ["meter"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match="it overrides nothing"):
        un.load_study(path)
    with pytest.raises(StudyError, match='unknown observation "metre"; did you mean "meter"'):
        un.propagate(balance, observe="metre")


def test_an_error_lies_around_zero_and_not_around_what_was_observed():
    for text in [
        "12 ± 2 (sd)", "normal(12, 3)", "normal(12, 6)", "8 to 14", "8 to 16", "lognormal(12, 1.2)",
        "gamma(36, 0.333)", "student_t(12, 1, 4)", "logistic(12, 1)", "metalog(p5=10, p50=12, p95=14)",
        "triangular(10, 12, 14)", "normal(-90, 1)",
    ]:  # fmt: skip
        with pytest.raises(InvalidValue, match="the error, which lies around 0, found"):
            error_distribution(text, 12)
    with pytest.raises(InvalidValue, match="which lies around 0"):
        error_distribution("normal(-12, 3)", -12)
    for text, observed in [
        ("student_t(0, 2, 1)", 12), ("exponential(3)", 12), ("exponential(10)", 5), ("uniform(0, 20)", 12),
        ("lognormal(1.2, 1.2)", 12), ("normal(0.3, 1)", 0.5), ("normal(0, 5)", 0), ("gamma(2, 1)", 12),
        ("normal(2, 0.5)", 12), ("truncate(normal(0, 9), low=0)", 6),
    ]:  # fmt: skip
        assert error_distribution(text, observed)


def test_a_share_that_next_to_no_weight_lies_outside_has_no_error_and_says_why():
    values = np.linspace(0, 1, 2**12)
    for outside in (1e-4, 1e-9, 1e-12):
        weights = np.where(values < 0.5, outside, 1.0)
        found = WeightedDraws(values, weights, np.arange(values.size) // 128).share_at_least(0.5)
        assert found.value == pytest.approx(1, abs=2 * outside)
        assert (found.error, found.reason) == (None, "Too few draws missed the event.")


@pytest.mark.parametrize("exponent", [-1000, 1000])
def test_moments_of_weighted_draws_are_those_in_other_units_to_the_bit(exponent):
    rng, size = np.random.default_rng(7), 2.0**exponent
    values, weights, groups = rng.uniform(1, 4, 640), rng.random(640), np.arange(640) // 32
    one, other = (WeightedDraws(unit * values, weights, groups) for unit in (1.0, size))
    assert [*other.mean[:2], *other.sd[:2]] == [size * each for each in (*one.mean[:2], *one.sd[:2])]
