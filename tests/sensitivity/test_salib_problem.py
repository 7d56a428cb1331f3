"""A study as SALib's problem: its analyses meet closed forms on the study's own distributions."""

import subprocess
import sys

import numpy as np
import pytest
from exact_models import EXACT, of_function
from SALib import ProblemSpec

import uncertainty as un
from uncertainty.errors import NonFiniteError, SettingError


def indices(problem):
    return dict(zip(problem["names"], problem.analysis["S1"], strict=True))


@pytest.mark.slow
def test_fast_meets_closed_forms():
    exact = EXACT["ishigami"]()
    problem = un.salib_problem(exact.study)
    assert isinstance(problem, ProblemSpec)
    problem.sample_fast(2049, seed=1).evaluate().analyze_fast(num_resamples=2, seed=1)
    # harmonics of one frequency fall on others: FAST is known to err by a few hundredths
    assert indices(problem) == pytest.approx(exact.S1, abs=0.04)


@pytest.mark.parametrize("model", ["product of lognormals", "product of lognormals, log10"])
def test_rbd_fast_knows_families_that_salib_does_not_and_the_outputs_scale(model):
    exact = EXACT[model]()
    problem = un.salib_problem(exact.study)
    problem.sample_latin(4000, seed=1).evaluate().analyze_rbd_fast(num_resamples=2, seed=1)
    # Tissot & Prieur 2012: a few hundredths at so many rows
    assert indices(problem) == pytest.approx(exact.S1, abs=0.04)


def test_salib_s_own_uniform_gives_the_same_rows_and_outputs():
    study = EXACT["ishigami"]().study
    ours = un.salib_problem(study)
    theirs = ProblemSpec({"names": ours["names"], "bounds": [[-np.pi, np.pi]] * 3})
    for problem in (ours, theirs):
        problem.sample_sobol(64, seed=5)
    np.testing.assert_allclose(ours.model.inputs(ours.samples), theirs.samples, atol=1e-6)
    plain = study.function(**dict(zip(ours["names"], theirs.samples.T, strict=True)))["y"]
    np.testing.assert_allclose(ours.evaluate().results, plain, atol=1e-5)


def test_correlated_inputs_are_groups_whose_closed_indices_are_met():
    exact = EXACT["portfolio"]()
    problem = un.salib_problem(exact.study)
    problem.sample_sobol(4096, calc_second_order=False, seed=3).evaluate()
    problem.analyze_sobol(calc_second_order=False, seed=3)
    assert list(dict.fromkeys(problem["groups"])) == ["x1+x2", "x3+x4"]
    assert problem.analysis["S1"] == pytest.approx(list(exact.S1.values()), abs=0.05)
    rows = problem.model.inputs(problem.samples)
    assert np.corrcoef(rows[:, 0], rows[:, 1])[0, 1] == pytest.approx(0.3, abs=0.02)


def test_several_outputs_have_a_column_each_and_the_headline_is_the_default():
    study = un.load_study("ai-vs-human")
    names = ["us_writer_vs_chatgpt", study.headline]
    problem = un.salib_problem(study, output=names, reading="like_for_like")
    assert problem["outputs"] == names
    assert problem.sample_latin(32, seed=1).evaluate().results.shape == (32, 2)
    alone = un.salib_problem(study, reading="like_for_like")
    probabilities = dict(zip(problem["names"], problem.samples.T, strict=True))
    own = np.column_stack([probabilities[name] for name in alone["names"]])
    np.testing.assert_array_equal(alone.model(own), problem.results[:, 1])


def test_methods_that_sample_the_ends_take_the_middle_of_each_input():
    study = of_function(lambda a, b: {"y": a + 2 * b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    problem = un.salib_problem(study, middle=0.95)
    problem.sample_morris(16, seed=1).evaluate().analyze_morris(seed=1)
    assert np.abs(problem.model.inputs(problem.samples)).max() == pytest.approx(1.959964, abs=1e-5)
    assert problem.analysis["mu_star"][1] == pytest.approx(2 * problem.analysis["mu_star"][0], rel=1e-6)


def test_what_cannot_be_asked_is_refused():
    study = of_function(lambda a, b: {"y": a - b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"}, "log10")
    with pytest.raises(NonFiniteError, match="not positive"):
        un.salib_problem(study).sample_latin(64, seed=1).evaluate()
    for wrong, said in (
        ({"scale": "log"}, "scale"),
        ({"middle": 0.0}, "middle"),
        ({"output": "z"}, "z"),
        ({"sampels": 3}, "sampels"),
    ):
        with pytest.raises(SettingError, match=said):
            un.salib_problem(study, **wrong)
    with pytest.raises(SettingError, match="no input varies"):
        un.salib_problem(study, overrides={"a": 2, "b": 1})


@pytest.mark.slow
def test_sobol_indices_and_reports_load_no_salib(tmp_path):
    script = (
        "import sys, uncertainty as un; from uncertainty.pages import write_report;"
        "study = un.load_study('gauge-block'); print(un.sobol(study, samples=64).table);"
        f"write_report(study, {str(tmp_path / 'report')!r}, formats=['markdown']);"
        "print('SALib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "False"
