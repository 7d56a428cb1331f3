"""Statistics of cases that are no averages, against slow programs, and models over cases in parts."""

import math
from dataclasses import replace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.sampling import case_model, case_stages
from uncertainty.sampling.case_model import VERSIONS, Measure, statistics, versions_of
from uncertainty.sampling.cases import SCRAMBLES, make_cases
from uncertainty.sampling.nesting import make_case_model
from uncertainty.study.scenario import scenario


def quantile(cases, probability):
    """Return the quantile of one draw's cases: every case is the middle of its share of them."""
    ordered, count = sorted(cases), len(cases)
    at = min(max(probability * count - 0.5, 0), count - 1)
    below = min(int(at), count - 2)
    low, high = ordered[below], ordered[below + 1]
    if (below > 0 and ordered[below - 1] == low) or (below + 2 < count and ordered[below + 2] == high):
        # a value that several share is a value of cases, and so is what is said of them
        return next(each for place, each in enumerate(ordered, 1) if place >= probability * count - 1e-9)
    return low + (at - below) * (high - low)


def told(measure, cases):
    if measure.statistic == "quantile":
        return quantile(cases, measure.value)
    slack = 1e-12 * abs(measure.value)
    if measure.statistic == "at least":
        return np.mean([each >= measure.value - slack for each in cases])
    return np.mean([each <= measure.value + slack for each in cases])


SHARED = [Measure("y", "quantile", p) for p in (0.0, 0.01, 0.05, 0.3, 0.5, 0.52, 0.7, 0.95, 0.99, 1.0)]
MEASURES = [*SHARED, Measure("y", "at least", 3.0), Measure("y", "at most", 3.0)]


@pytest.mark.parametrize("digits", [0, 1, 9])
def test_statistics_of_cases_are_those_of_a_slow_program(digits):
    rng = np.random.default_rng(digits)
    values = np.round(rng.normal(3, 2, (12, 32)), digits)
    # as units are converted
    values[:, 3], values[:, 4], values[0] = 3 * (1 + 1e-13), 3 * (1 - 1e-13), np.repeat([2.0, 5.0], 16)
    found = statistics(MEASURES, values, VERSIONS)
    assert found.shape == (len(MEASURES), VERSIONS, 12)
    own = values.shape[1] // SCRAMBLES
    for version in range(VERSIONS):
        left = values if not version else np.delete(values, np.s_[own * (version - 1) : own * version], 1)
        for place, measure in enumerate(MEASURES):
            wanted = [told(measure, cases) for cases in left]
            assert found[place, version] == pytest.approx(wanted, rel=1e-12), (measure, version)
    np.testing.assert_array_equal(statistics(MEASURES, values, 1), found[:, :1])


def test_the_outermost_cases_are_the_quantiles_beyond_the_middles_of_their_shares():
    """Of 64 cases in even steps the quantile is a line up to both outermost ones."""
    values = (np.arange(64.0)[None] + 0.5) / 64
    asked = (0.001, 1 / 128, 1 / 64, 0.98, 127 / 128, 0.999)
    found = statistics([Measure("y", "quantile", each) for each in asked], values, 1)[:, 0, 0]
    assert found == pytest.approx([1 / 128, 1 / 128, 1 / 64, 0.98, 127 / 128, 127 / 128])


@pytest.mark.parametrize("undefined", [math.nan, math.inf, -math.inf])
def test_a_draw_with_a_case_that_is_no_number_has_no_statistic(undefined):
    values = np.arange(48.0).reshape(3, 16)
    values[1, 7] = undefined
    found = statistics(MEASURES, values, VERSIONS)
    assert np.isnan(found[:, :, 1]).all()
    assert np.isfinite(found[:, :, [0, 2]]).all()


def test_versions_are_the_mean_of_all_scrambles_and_of_all_but_each():
    scrambles = np.random.default_rng(1).normal(size=(SCRAMBLES, 5))
    found = versions_of(scrambles, VERSIONS)
    assert found[0] == pytest.approx(scrambles.mean(axis=0))
    for left_out in range(SCRAMBLES):
        assert found[1 + left_out] == pytest.approx(np.delete(scrambles, left_out, 0).mean(axis=0))
    np.testing.assert_array_equal(versions_of(scrambles, 1), found[:1])


STUDY = """
format = 1
[study]
title = "Averages of averages"
headline = "y"
[inputs]
u = { unit = "1", point = 1.5, distribution = "uniform(1, 2)" }
z = { unit = "1", point = 2, distribution = "normal(2, 0.3)" }
v = { unit = "1", point = 1, distribution = "lognormal(1, 1.5)", kind = "variability" }
w = { unit = "1", point = 1, distribution = "gamma(2, 0.5)", kind = "variability" }
[outputs]
y = { unit = "1", over = "average", value = "average(v**u) * z + average(w**2)" }
of_averages = { unit = "1", over = "average", value = "u + abs(v * w - average(v**u))" }
still = { unit = "1", over = "average", value = "average(abs(w - average(w))) / average(w)" }
case = { unit = "1", value = "v**u + z * w" }
one = { unit = "1", value = "w / v" }
"""
AVERAGES = [Measure(name, "average") for name in ("y", "of_averages", "still")]
CASES = [
    Measure("case", "quantile", 0.3),
    Measure("one", "at least", 1.0),
    Measure("case", "at most", 4.0),
    Measure("one", "quantile", 0.9),
]
ALL = [CASES[0], AVERAGES[1], *CASES[1:3], AVERAGES[0], CASES[3], AVERAGES[2]]


@pytest.fixture
def plan(write_study):
    return scenario(un.load_study(write_study(STUDY)))


def unknown_of(draws):
    return np.random.default_rng(draws).uniform(1, 2, (2, draws))


def run(model, unknown, workspace=None):
    found = np.full((len(model.measures) * model.versions, unknown.shape[1]), np.nan)
    model.run(unknown, found, workspace)
    return found.reshape(len(model.measures), model.versions, -1)


def by_hand(cases, unknown, versions):
    """Return the averages of one draw after another, computed anew for each version."""
    v, w = cases.values
    found = []
    for u, z in unknown.T:

        def mean(values, reads, version):
            scrambles = cases.weights(reads) @ values
            return scrambles.mean() if not version else np.delete(scrambles, version - 1).mean()

        each = []
        for version in range(versions):
            power = mean(v**u, (0,), version)
            away = mean(np.abs(v * w - power), (0, 1), version)
            spread = mean(np.abs(w - mean(w, (1,), version)), (1,), version)
            each.append((power * z + mean(w**2, (1,), version), u + away, spread / mean(w, (1,), version)))
        found.append(each)
    return np.moveaxis(np.array(found), (0, 1, 2), (2, 1, 0))


@pytest.mark.parametrize("versions", [1, VERSIONS])
def test_measures_of_a_model_are_those_of_each_draw_by_hand(plan, versions):
    cases, unknown = make_cases(plan, 64, 1), unknown_of(7)
    model = make_case_model(plan, ALL).on(cases, versions)
    found = dict(zip(ALL, run(model, unknown), strict=True))
    averages = [found[each] for each in AVERAGES]
    assert np.array(averages) == pytest.approx(by_hand(cases, unknown, versions), rel=1e-9)
    v, w = cases.values
    single = {"case": v ** unknown[0][:, None] + unknown[1][:, None] * w, "one": np.tile(w / v, (7, 1))}
    for measure in CASES:
        assert found[measure] == pytest.approx(
            statistics([measure], single[measure.output], versions)[0], rel=1e-9
        )
    assert len({*model.outputs}) == len(ALL) * versions
    assert (model.outputs[0], model.quantities) == ("case", 4)
    assert [model.outputs[versions * place] for place in (1, 2, 4, 6)] == ["of_averages", "one", "y", "still"]
    assert model.read == {0, 1}
    assert model.on(cases).only([AVERAGES[1]]).read == {0}
    assert model.on(cases).only([AVERAGES[2]]).read == set()


def test_many_draws_in_parts_have_the_bits_of_two_by_themselves(plan, monkeypatch):
    unknown = unknown_of(12)
    model = make_case_model(plan, ALL).on(make_cases(plan, 64, 1), VERSIONS)
    alone = np.concatenate([run(model, unknown[:, at : at + 2]) for at in range(0, 12, 2)], axis=2)
    for kept, at_once, worth in ((4096, 320, 8), (1, 1, 2**11), (200, 10_000, 8)):
        monkeypatch.setattr(case_model, "IN_CACHE", kept)
        monkeypatch.setattr(case_model, "AT_ONCE", at_once)
        monkeypatch.setattr(case_stages, "AT_ONCE", at_once)
        monkeypatch.setattr(case_model, "WORTH_PARTING", worth)
        case_stages._kept.cache_clear()
        again = make_case_model(plan, ALL).on(make_cases(plan, 64, 1), VERSIONS)
        for workspace in (None, again.workspace(12)):
            np.testing.assert_array_equal(run(again, unknown, workspace), alone)


def test_some_measures_are_by_the_weights_of_the_net_whatever_the_whole_has(plan):
    model = make_case_model(plan, AVERAGES).on(make_cases(plan, 64, 1))
    twice = tuple(2 * model.cases.weights(reads) for stage in model.averages.stages for reads in stage.reads)
    other, unknown = replace(model, weights=twice), unknown_of(3)
    y, away, _ = run(model, unknown)[:, 0]
    assert run(other, unknown)[0, 0] == pytest.approx(2 * y, rel=1e-12)
    np.testing.assert_array_equal(run(other.only([AVERAGES[1]]), unknown)[0, 0], away)
    # what the net's own weights have given is kept, and others' is not taken for it
    np.testing.assert_array_equal(run(model, unknown)[0, 0], y)


def test_plain_means_are_of_what_is_averaged_over_plain_means(plan):
    cases, unknown = make_cases(plan, 64, 1), unknown_of(3)
    model = make_case_model(plan, [AVERAGES[1]]).on(cases)
    v, w = cases.values
    powers = v ** unknown[0][:, None]
    for asked, middle in (
        (model.plain(), powers.mean(axis=1)),
        (model, (cases.weights((0,)) @ powers.T).mean(axis=0)),
    ):
        power, away = asked.averaged(unknown)
        assert power.values == pytest.approx(powers)
        assert away.values == pytest.approx(np.abs(v * w - middle[:, None]))
        assert (power.reads, away.reads) == ((0,), (0, 1))


def test_a_model_says_what_it_has_alone(plan):
    cases = make_cases(plan, 64, 1)
    several = make_case_model(plan, AVERAGES).on(cases)
    assert len(several.stages) == 2
    assert several.only_stage is None
    one = make_case_model(plan, [AVERAGES[0]]).on(cases)
    assert one.only_stage is one.free_stage is one.stages[0]
    assert one.on(cases, VERSIONS).only_stage is None
    assert make_case_model(plan, [AVERAGES[0], CASES[0]]).on(cases).only_stage is None
    assert replace(one, meter=object()).only_stage.stage is one.only_stage.stage
    assert replace(one, meter=object()).free_stage is None
    weights = tuple(cases.weights(each) for each in one.averages.stages[0].reads)
    assert replace(one, weights=weights).only_stage is None


def test_what_is_averaged_depends_on_what_moves_it(plan):
    model = make_case_model(plan, AVERAGES).on(make_cases(plan, 64, 1))
    first, second = model.stages
    assert first.stage.texts == ('"v**u"', '"w**2"', '"w"')
    assert second.stage.texts[1] == '"abs(v * w - average(v**u))"'
    # the averages of the first are columns after both unknowns
    assert [first.moved([column]) for column in range(2)] == [[0], []]
    assert [second.moved([column]) for column in range(5)] == [[], [], [1], [], [0]]


class Meter:
    rows = 0

    def take(self, rows):
        self.rows += rows


def test_a_meter_counts_every_case_of_every_draw(plan):
    meter = Meter()
    model = make_case_model(plan, AVERAGES).on(make_cases(plan, 64, 1))
    run(replace(model, meter=meter), unknown_of(5))
    assert meter.rows == 5 * 64


@pytest.mark.parametrize("linked", [False, True])
def test_a_function_has_the_statistics_of_the_equations_that_it_computes(write_study, linked):
    """Averages rest on all that differs, as a function may read it, and single cases on nothing else."""
    text = STUDY.split("[outputs]", maxsplit=1)[0].replace('"y"', '"case"')
    text += '[outputs]\ncase = { unit = "1", value = "(z + v)**(u * w)" }\n'
    if linked:
        text += '[[correlations]]\ninputs = ["u", "v"]\npearson = 0.6\n'
    study = un.load_study(write_study(text))
    measures = [*(each for each in CASES if each.output == "case"), Measure("case", "average")]
    plan = scenario(study)
    cases, unknown = make_cases(plan, 64, 1), unknown_of(6)
    known = {name: study.inputs[name] for name in study.inputs}
    function = un.Study.from_function(
        lambda u, z, v, w: {"case": (z + v) ** (u * w)},
        known,
        outputs={"case": study.outputs["case"]},
        correlations=study.correlations,
    )
    made = make_case_model(scenario(function), measures)
    for versions in (1, VERSIONS):
        equations = make_case_model(plan, measures).on(cases, versions)
        of_function = made.on(make_cases(scenario(function), 64, 1), versions)
        assert of_function.outputs == equations.outputs
        theirs, ours = run(equations, unknown), run(of_function, unknown)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
        (each,) = of_function.averaged(unknown)
        assert (each.text, each.reads) == ('"case"', (0, 1))
        np.testing.assert_allclose(each.values, next(equations.averaged(unknown)).values, rtol=1e-12)
    assert of_function.behind == ((0,),)
