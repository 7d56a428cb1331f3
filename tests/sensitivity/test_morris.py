"""Morris screening finds what matters."""

import math

import pytest
from exact_models import g_function, of_function, portfolio

from uncertainty import NonFiniteError, SettingError
from uncertainty.sensitivity.morris import EDGE, morris
from uncertainty.settings import Settings


def test_a_linear_model_has_its_slopes_as_effects():
    study = of_function(lambda a, b, c: {"y": 3 * a - b + 0 * c}, dict.fromkeys("abc", "uniform(0, 1)"))
    found = morris(study)
    assert list(found.inputs) == ["a", "b", "c"]
    span = 1 - 2 * EDGE
    for name, slope in (("a", 3), ("b", -1), ("c", 0)):
        effects = found.inputs[name]
        assert effects.mu / found.inputs["a"].mu == pytest.approx(slope / 3)
        assert effects.sigma == pytest.approx(0, abs=1e-9)
    assert found.inputs["a"].mu_star in (pytest.approx(3), pytest.approx(3 * span))
    assert found.model_rows == found.trajectories * 4


def test_screening_ranks_the_g_function():
    assert list(morris(g_function().study).inputs)[:3] == ["x1", "x2", "x3"]


def test_seed_0_is_a_seed_like_any_other():
    study = g_function().study
    assert morris(study, seed=0) == morris(study, seed=0)
    assert morris(study, seed=0) != morris(study, seed=1)


@pytest.mark.parametrize(
    ("study", "options", "message"),
    [
        (portfolio().study, {}, "inputs are correlated"),
        (g_function().study, {"trajectories": 1}, "expected at least 2, found 1"),
        (g_function().study, {"output": "z"}, 'unknown output "z"'),
    ],
)
def test_bad_requests_are_refused(study, options, message):
    with pytest.raises(SettingError, match=message):
        morris(study, **options)


@pytest.mark.parametrize("scale", ["linear", "log10"])
def test_outputs_that_are_not_finite_are_refused(scale):
    def model(x):
        return {"y": math.nan * x if scale == "linear" else x}

    with pytest.raises(NonFiniteError, match=r"outputs\.y"):
        morris(of_function(model, {"x": "uniform(-2, -1)"}, scale))


def test_settings_and_their_fields_say_the_same(small):
    settings = Settings(reading="carpool", seed=3, level=0.9)
    assert morris(small, settings=settings) == morris(small, reading="carpool", seed=3, level=0.9)
    assert morris(small, settings=settings) != morris(small)
