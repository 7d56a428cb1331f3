"""Tornado and spider views are evaluations of the model, one input at a time."""

import pytest
from exact_models import of_function

from uncertainty import NonFiniteError, SettingError
from uncertainty.sensitivity.local import spider, tornado
from uncertainty.settings import Settings

INPUTS = {"a": "uniform(0, 10)", "b": "uniform(1, 3)", "idle": "uniform(0, 1)"}


def model(a, b, idle):
    return {"y": a + b**3 + 0 * idle}


def test_each_input_moves_alone_between_its_quantiles_widest_swing_first():
    found = tornado(of_function(model, INPUTS))
    assert found.base == pytest.approx(5 + 8)
    assert list(found.paths) == ["b", "a", "idle"]
    assert found.paths["a"].inputs == pytest.approx((0.5, 5, 9.5))
    assert found.paths["a"].outputs == pytest.approx((8.5, 13, 17.5))
    assert found.paths["b"].swing == pytest.approx(2.9**3 - 1.1**3)
    assert found.paths["idle"].swing == 0


def test_a_log10_output_swings_by_a_factor():
    study = of_function(lambda x, z: {"y": x / z}, {"x": "uniform(1, 2)", "z": "uniform(1, 4)"}, "log10")
    found = tornado(study)
    assert list(found.paths) == ["z", "x"]
    assert found.paths["x"].swing == pytest.approx(1.95 / 1.05)
    assert found.paths["z"].swing == pytest.approx(1.15 / 3.85)


def test_from_the_published_point_each_assumption_is_replaced_alone(small):
    found = tornado(small, start="points")
    assert found.base == pytest.approx(10 * 0.1495 * 400)
    low, middle, high = found.paths["trips"].outputs
    assert (low, middle, high) == pytest.approx(tuple(10 * 0.1495 * n for n in (380, 400, 440)))


def test_spiders_follow_each_input_through_its_quantiles():
    found = spider(of_function(model, INPUTS))
    assert len(found.probabilities) == len(found.paths["b"].outputs) == 19
    assert list(found.paths["b"].outputs) == sorted(found.paths["b"].outputs)


def test_inputs_that_do_not_reach_the_output_are_left_out(small):
    assert set(tornado(small, output="per_trip").paths) == {"distance", "intensity"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "point"}, 'start: unknown place "point"; did you mean "points"'),
        ({"probabilities": (0.5, 0.1)}, "increasing numbers between 0 and 1"),
        ({"probabilities": (0, 0.5)}, "increasing numbers between 0 and 1"),
        ({"output": "z"}, 'unknown output "z"'),
    ],
)
def test_bad_requests_are_refused(options, message):
    with pytest.raises(SettingError, match=message):
        tornado(of_function(model, INPUTS), **options)


def test_values_that_are_not_finite_are_refused():
    study = of_function(lambda x: {"y": x}, {"x": "uniform(-1, 1)"}, "log10")
    with pytest.raises(NonFiniteError, match="not positive when inputs move one at a time"):
        tornado(study)


def test_settings_and_their_fields_say_the_same(small):
    settings = Settings(reading="carpool", overrides={"trips": 300})
    for view in (tornado, spider):
        assert view(small, settings=settings) == view(small, reading="carpool", overrides={"trips": 300})
    assert tornado(small, settings=settings).base != tornado(small).base
