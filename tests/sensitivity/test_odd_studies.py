"""Studies at the edge of what there is: one input, values of any size, nothing that varies, heavy tails."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty import StudyError
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import draw_sample
from uncertainty.study.model import Correlation

NORMAL = "normal(0, 1)"


def of(model, outputs=("y",), **inputs):
    return un.Study.from_function(model, inputs, outputs=list(outputs))


def test_one_input_explains_everything_by_every_method():
    study = of(lambda x: {"y": x**3 + x}, x=NORMAL)
    index = un.sobol(study, samples=2**12).outputs["y"].indices["x"]
    assert index.S1_interval[0] <= 1 <= index.S1_interval[1]
    assert un.shapley(study, samples=2**12).effects["x"].value == 1
    assert set(un.tornado(study).paths) == set(un.morris(study, trajectories=8).inputs) == {"x"}
    assert un.short_version(study, samples=2**10).shortened[0.95].inputs == ("x",)


def test_inputs_that_are_all_discrete_are_like_any_others():
    """Of y = a b the variance is 5/6, of which a alone explains 2 (4/3) / 3 ... by enumeration."""
    a, b = np.meshgrid([0.0, 1.0], [1.0, 2.0, 3.0], indexing="ij")
    y = a * b
    study = of(lambda a, b: {"y": a * b}, a="discrete(0, 1)", b="discrete(1, 2, 3)")
    exact = {"a": y.mean(axis=1).var() / y.var(), "b": y.mean(axis=0).var() / y.var()}
    found = un.sobol(study, samples=2**13, level=0.999).outputs["y"].indices
    drawn = given_data(draw_sample(study, samples=2**11), level=0.999)["y"].inputs
    for name, share in exact.items():
        assert found[name].S1_interval[0] <= share <= found[name].S1_interval[1]
        assert drawn[name].S1.value == pytest.approx(share, abs=0.02)
        assert np.isfinite(drawn[name].delta.value)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_outputs_of_any_size_have_the_same_shares(size):
    def model(a, b):
        return {"y": a + 2 * b, "z": size * (a + 2 * b)}

    study = of(model, ("y", "z"), a=NORMAL, b=NORMAL)
    found = un.sobol(study, samples=2**9).outputs
    assert pytest.approx(found["z"].indices["a"].S1, abs=1e-9) == found["y"].indices["a"].S1
    drawn = given_data(draw_sample(study, samples=2**9))
    assert drawn["y"].inputs["a"].delta.value == pytest.approx(drawn["z"].inputs["a"].delta.value)
    assert drawn["y"].inputs["a"].pawn == drawn["z"].inputs["a"].pawn
    one, other = (un.morris(study, output=name, trajectories=8).inputs["a"] for name in ("y", "z"))
    assert other.mu_star == pytest.approx(size * one.mu_star)
    assert other.sigma == pytest.approx(size * one.sigma, abs=1e-12 * size)


def test_where_nothing_varies_local_views_are_empty():
    study = of(lambda a, b: {"y": a * b}, a=2, b=3)
    assert un.tornado(study).base == un.spider(study).base == 6
    assert not un.tornado(study).paths


def test_a_variance_that_few_values_make_up_has_no_indices_and_promises_none():
    study = of(lambda a, b: {"y": a / b}, a=NORMAL, b=NORMAL)
    for samples in (2**12, 2**14):
        found = un.sobol(study, samples=samples).outputs["y"]
        assert not found.indices
        assert found.reason.startswith("a few extreme values make up the variance")
    settled = of(lambda a, b: {"y": a * b}, a="lognormal(1, 2)", b="lognormal(1, 2)")
    assert un.sobol(settled, samples=2**12).outputs["y"].unsettled == ""


@pytest.mark.parametrize(
    ("correlation", "message"),
    [
        (Correlation(("a", "b"), 1.0), "expected more than -1 and less than 1"),
        (Correlation(("a", "c"), 0.5), 'unknown input "c"'),
        (Correlation(("a", "a"), 0.5), "expected two different inputs"),
    ],
)
def test_correlations_that_cannot_be_are_refused_when_the_study_is_made(correlation, message):
    with pytest.raises(StudyError, match=message):
        un.Study.from_function(
            lambda a, b: {"y": a + b}, {"a": NORMAL, "b": NORMAL}, correlations=[correlation]
        )
