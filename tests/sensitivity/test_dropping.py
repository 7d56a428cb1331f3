"""Draws without a value are dropped where a study says so, and then described as what is left."""

import json

import numpy as np
import pytest
from exact_models import of_function

import uncertainty as un
from uncertainty import NonFiniteError, StudyError
from uncertainty.sampling.finiteness import MOST_DROPPED
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import draw_sample
from uncertainty.sensitivity.sobol.summary import BOUND

NORMALS = dict.fromkeys(("a", "b", "c"), "normal(0, 1)")


def model(a, b, c):
    return a + 2 * b + c * b


def undefined_above(limit, where=np.nan, **options):
    """Return a study of `model`, without a value where a is above a limit, and of one always defined."""

    def broken(a, b, c):
        return {"y": np.where(a > limit, where, model(a, b, c)), "z": b + 0 * a}

    return un.Study.from_function(broken, NORMALS, outputs=["y", "z"], **options)


@pytest.fixture(scope="module")
def broken():
    return undefined_above(2, nonfinite="drop")


@pytest.fixture(scope="module")
def left():
    """What is left of it: a truncated at 2."""
    return of_function(lambda **x: {"y": model(**x)}, NORMALS | {"a": "truncate(normal(0, 1), high=2)"})


SHARE = 0.02275
"""Of a standard normal above 2."""


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_a_run_describes_the_draws_that_are_left_and_says_their_share(broken, left, design):
    found = un.propagate(broken, samples=2**14, design=design)
    assert found.settings.samples >= 2**14
    assert found.outputs["y"].dropped == pytest.approx(SHARE, abs=0.005)
    assert found.outputs["z"].dropped == 0
    assert found.outputs["y"].values.size == round(found.settings.samples * (1 - found.outputs["y"].dropped))
    exact = un.propagate(left, samples=2**16).outputs["y"]
    for name in ("mean", "sd", "median", "low", "high"):
        one, other = found.outputs["y"].summary[name], exact.summary[name]
        assert one.value == pytest.approx(other.value, abs=4 * one.error)


def test_an_output_that_always_has_a_value_loses_no_bit(broken):
    whole = undefined_above(np.inf)
    one, other = (un.propagate(study, samples=2**12).outputs["z"] for study in (broken, whole))
    assert dict(one.summary) == dict(other.summary)
    one, other = (un.sobol(study, output="z", samples=2**9).outputs["z"] for study in (broken, whole))
    assert one == other


def test_a_run_until_it_is_precise_drops_too(broken):
    found = un.propagate(broken, samples=2**10, until=0.05)
    assert found.reached.met
    assert found.outputs["y"].dropped > 0


@pytest.mark.parametrize("where", [np.nan, np.inf, -np.inf])
def test_indices_are_those_of_what_is_left(left, where):
    options = {"samples": 2**13, "second_order": True, "tolerance": 0, "level": 0.999}
    broken = undefined_above(2, where, nonfinite="drop")
    found = un.sobol(broken, output="y", **options).outputs["y"]
    exact = un.sobol(left, **options).outputs["y"]
    for name, index in found.indices.items():
        assert index.S1_interval[0] <= exact.indices[name].S1 <= index.S1_interval[1]
        assert index.ST_interval[0] <= exact.indices[name].ST <= index.ST_interval[1]
    assert found.dropped == pytest.approx(1 - (1 - SHARE) ** 2, abs=0.01)
    assert exact.dropped == 0
    assert {pair.inputs for pair in found.pairs if pair.distinguishable} == {("b", "c")}


def test_inputs_that_decide_together_which_draws_have_a_value_have_no_indices():
    def rooted(a, b, c):
        with np.errstate(invalid="ignore"):
            return {"y": np.sqrt(3 + a + b), "z": np.sqrt(3 + a) + c}

    study = un.Study.from_function(rooted, NORMALS, outputs=["y", "z"], nonfinite="drop")
    found = un.sobol(study, samples=2**11, tolerance=0)
    assert found.outputs["y"].indices == {}
    assert found.outputs["y"].reason == BOUND
    # one input that decides alone is as free as before
    assert sum(index.S1 for index in found.outputs["z"].indices.values()) == pytest.approx(1, abs=0.01)
    told = given_data(draw_sample(study, samples=2**14), output="y", moment_independent=False)["y"]
    assert told.inputs["a"].S1.interval[0] < 0.5


def test_threads_change_no_bit_of_what_is_left(broken):
    one, other = (un.sobol(broken, samples=2**13, threads=threads).outputs for threads in (1, 3))
    assert one == other


def test_draws_alone_keep_the_replicates_of_the_rows_that_are_left(broken):
    sample = draw_sample(broken, samples=2**13)
    assert sample.rows + sample.dropped == pytest.approx(2**13, abs=200)
    assert np.isfinite(sample.outputs["y"]).all()
    assert sample.groups().max() + 1 == 2**13 / sample.replicate_rows
    found = given_data(sample, output="y", level=0.999, moment_independent=False)["y"]
    low, high = found.inputs["b"].S1.interval
    # b alone has 4 of the variance, c and b together 1, and a cut off at 2 what is left of 1
    hazard = 0.05399 / (1 - SHARE)
    assert low <= 4 / (5 + 1 - 2 * hazard - hazard**2) <= high


@pytest.mark.parametrize("analysis", [un.propagate, un.sobol, un.draw_sample])
def test_without_the_wish_nothing_is_dropped(analysis):
    with pytest.raises(NonFiniteError, match=r"outputs\.y: is infinite or undefined for .* with a from 2"):
        analysis(undefined_above(2), samples=2**12)


@pytest.mark.parametrize("analysis", [un.propagate, un.sobol, un.draw_sample])
def test_what_is_undefined_too_often_is_refused_all_the_same(analysis):
    with pytest.raises(NonFiniteError, match=f"at most {100 * MOST_DROPPED:g} % may be dropped"):
        analysis(undefined_above(1, nonfinite="drop"), samples=2**12)


def test_few_failing_runs_can_be_too_many_base_points():
    def broken(**x):
        return {"y": np.where(np.max(list(x.values()), axis=0) > 2.5, np.nan, sum(x.values()))}

    study = un.Study.from_function(
        broken, {f"x{i}": "normal(0, 1)" for i in range(12)}, outputs=["y"], nonfinite="drop"
    )
    assert un.propagate(study, samples=2**12).outputs["y"].dropped < MOST_DROPPED
    with pytest.raises(NonFiniteError, match=r"in some run of 1\d % of the base points.*draws alone"):
        un.sobol(study, samples=2**10)


def test_counted_draws_are_not_dropped(broken):
    with pytest.raises(un.SettingError, match="only be dropped while all are in memory"):
        un.propagate(broken, samples=2**12, memory=1000)


def test_what_is_not_positive_has_a_value_and_is_refused():
    def signed(a, b):
        return {"y": np.where(a > 2, np.nan, b)}

    study = of_function(signed, {"a": "normal(0, 1)", "b": "normal(2, 1)"}, "log10")
    study = un.Study.from_function(signed, study.inputs, outputs=dict(study.outputs), nonfinite="drop")
    with pytest.raises(NonFiniteError, match="is not positive, so that its logarithm is undefined"):
        un.sobol(study, samples=2**10)


def test_a_study_file_says_what_becomes_of_them(write_study, small_text, command):
    text = small_text.replace('title = "Commuting"', 'title = "Commuting"\nnonfinite = "drop"')
    broken = 'value = "per_trip * trips * sqrt(distance / 7[km/trip] - 1)"'
    text = text.replace('value = "per_trip * trips"', broken)
    path = write_study(text)
    found = command("run", path, "--samples", "4096")
    assert found.code == 0
    assert "Draws without a value were dropped: 2 % of “Yearly emissions”." in " ".join(found.out.split())


@pytest.mark.slow
def test_draws_alone_say_which_share_was_dropped_and_that_nothing_was_rounded_up(
    write_study, small_text, command
):
    text = small_text.replace('title = "Commuting"', 'title = "Commuting"\nnonfinite = "drop"')
    broken = 'value = "per_trip * trips * sqrt(distance / 7[km/trip] - 1)"'
    path = write_study(text.replace('value = "per_trip * trips"', broken))
    asked = ("sensitivity", path, "--method", "draws", "--only", "yearly", "--samples", "4096")
    out = " ".join(command(*asked).out.split())
    about = json.loads(command(*asked, "--json").out)["settings"]
    assert about["dropped"] == {"yearly": 1 - about["samples"] / 4096}
    assert f" {about['samples']:,} draws, scrambled Sobol' design, seed 1;" in out
    assert "Draws without a value were dropped: 2 % of all. What is said holds for the others." in out


@pytest.mark.slow
def test_a_budget_says_which_share_of_monte_carlo_was_dropped(write_study, small_text, command):
    """What is compared with the budget holds for the others only."""
    text = small_text.replace('title = "Commuting"', 'title = "Commuting"\nnonfinite = "drop"')
    broken = 'value = "per_trip * trips * sqrt(distance / 7[km/trip] - 1)"'
    path = write_study(text.replace('value = "per_trip * trips"', broken))
    study = un.load_study(path)
    found = un.linear_budget(study, output="yearly", samples=2**12)
    dropped = un.propagate(study, outputs=["yearly"], samples=2**12).outputs["yearly"].dropped
    assert found.dropped == found.about.dropped["yearly"] == dropped > 0
    asked = ("sensitivity", path, "--method", "budget", "--samples", "4096")
    out = " ".join(command(*asked, "--only", "yearly").out.split())
    assert "Draws without a value were dropped: 2 % of all. What is said holds for the others." in out
    # of the outputs that are asked for, the second one too
    about = json.loads(command(*asked, "--json").out)["settings"]
    assert about["dropped"]["yearly"] == dropped


def test_every_row_that_is_dropped_counts_the_last_ones_too():
    def broken(a):
        return {"y": np.where(a > 0.95, np.nan, a)}

    study = un.Study.from_function(broken, {"a": "uniform(0, 1)"}, outputs=["y"], nonfinite="drop")
    for seed in range(40):
        sample = draw_sample(study, samples=2**9, design="random", seed=seed)
        assert sample.rows + sample.dropped == 2**9


def test_an_unknown_policy_is_refused(write_study, small_text):
    text = small_text.replace('title = "Commuting"', 'title = "Commuting"\nnonfinite = "dropp"')
    with pytest.raises(StudyError, match=r'study\.nonfinite: expected .* did you mean "drop"'):
        un.load_study(write_study(text))
    with pytest.raises(StudyError, match='nonfinite: unknown policy "dropp"; did you mean "drop"'):
        undefined_above(2, nonfinite="dropp")


@pytest.mark.slow
def test_a_figure_is_challenged_by_the_draws_that_are_left(write_study, small_text, command):
    text = small_text.replace('title = "Commuting"', 'title = "Commuting"\nnonfinite = "drop"')
    broken = 'value = "per_trip * trips * sqrt(distance / 7[km/trip] - 1)"'
    path = write_study(text.replace('value = "per_trip * trips"', broken))
    found = command("challenge", path, "--samples", "2048")
    assert (found.code, found.err) == (0, "")
    assert "nan" not in found.out
