"""A Python function is a study like any other."""

from dataclasses import replace
from types import MappingProxyType
from typing import Annotated

import numpy as np
import pytest

import uncertainty as un


def test_outputs_are_found_by_calling_the_function():
    study = un.Study.from_function(lambda a: {"twice": 2 * a, "one": np.ones(len(a))}, {"a": "uniform(0, 1)"})
    assert list(study.outputs) == ["twice", "one"]
    run = un.propagate(study, samples=1000)
    assert run.outputs["twice"].interval(0.5) == pytest.approx((0.5, 1.5), abs=0.02)
    assert set(run.outputs["one"].values) == {1.0}


def test_constants_are_passed_as_arrays_too():
    def model(a, b):
        assert a.shape == b.shape
        return {"y": a + b}

    study = un.Study.from_function(model, {"a": "normal(0, 1)", "b": 3})
    assert un.propagate(study, samples=1024).outputs["y"].median == pytest.approx(3, abs=0.01)


def test_a_function_that_changes_its_arguments_harms_no_other_draw():
    def greedy(a):
        a *= 0
        return {"y": a + 1}

    assert set(
        un.propagate(un.Study.from_function(greedy, {"a": "1 to 2"}), samples=64).outputs["y"].values
    ) == {1.0}


@pytest.mark.parametrize(
    ("function", "inputs", "message"),
    [
        (lambda a: a, {"a": "1 to 2"}, "expected a function that returns arrays by name, not ndarray"),
        (lambda a: {"y": a[:1]}, {"a": "1 to 2"}, "expected one real number for each of 3 rows"),
        (lambda a: {"y": a} if a is None else {}, {"a": "1 to 2"}, "expected at least one output"),
        (lambda a: {"y": a}, {"a": "nrmal(1, 2)"}, "inputs.a: "),
        (lambda a: {"y": a}, {"a": None}, "inputs.a: expected the text of a distribution"),
        (lambda a, b: {"y": a + b}, {"a": 1}, "inputs.b: the function needs it"),
        (
            lambda width: {"y": width},
            {"width": 1, "widht": 2},
            'inputs.widht: the function has no parameter "widht"; did you mean "width"?',
        ),
        (lambda a, /: {"y": a}, {"a": 1}, 'inputs: the function takes "a" by its position'),
    ],
)
def test_functions_that_are_no_models_are_refused(function, inputs, message):
    with pytest.raises(un.StudyError) as caught:
        un.Study.from_function(function, inputs)
    assert message in str(caught.value)


def test_outputs_that_the_function_does_not_return_are_refused():
    study = un.Study.from_function(lambda a: {"width": a}, {"a": "1 to 2"}, outputs=["widht"])
    with pytest.raises(un.StudyError, match=r'^outputs.widht: .* found none; did you mean "width"\?$'):
        un.propagate(study, samples=64)
    study = un.Study.from_function(lambda a: a, {"a": "1 to 2"}, outputs=["y", "z"])
    with pytest.raises(un.StudyError, match="expected the 2 arrays y, z, not ndarray"):
        un.propagate(study, samples=64)


def test_a_function_of_any_arguments_takes_every_input():
    study = un.Study.from_function(lambda **given: {"y": given["a"]}, {"a": 3})
    assert un.propagate(study, samples=64).outputs["y"].median == 3


def test_output_records_are_kept_in_whatever_mapping_they_come():
    plain = un.Study.from_function(lambda a: {"y": a}, {"a": "1 to 2"})
    described = MappingProxyType({"y": replace(plain.outputs["y"], label="A width", reference=1.0)})
    study = un.Study.from_function(lambda a: {"y": a}, {"a": "1 to 2"}, outputs=described)
    assert (study.outputs["y"].label, study.outputs["y"].reference) == ("A width", 1.0)


@pytest.mark.parametrize("number", [np.int64(3), np.float32(3), 3])
def test_numbers_of_any_kind_are_constants(number):
    study = un.Study.from_function(lambda a, b=number: {"y": a * b}, {"a": number})
    assert un.propagate(study, samples=64).outputs["y"].median == 9
    assert un.propagate(study, samples=64, overrides={"b": number + 1}).outputs["y"].median == 12


def test_the_hash_follows_the_inputs():
    def model(a):
        return {"y": a}

    one, same, other = (
        un.Study.from_function(model, {"a": d}).sha256 for d in ("1 to 2", "1 to 2", "1 to 3")
    )
    assert one == same != other


def test_infinite_results_are_refused():
    def inverse(a):
        with np.errstate(divide="ignore"):
            return {"y": 1 / np.floor(a)}

    study = un.Study.from_function(inverse, {"a": "uniform(0, 4)"}, outputs=["y"])
    with pytest.raises(un.NonFiniteError, match=r"outputs.y: is infinite or undefined for .* with a from"):
        un.propagate(study, samples=1024)


def stopping_distance(
    speed: Annotated[float, "normal(13.9, 0.5)", "m/s"],
    reaction: Annotated[float, "0.7 to 1.5", "s"] = 1.0,
    gravity: float = 9.81,
    friction=0.7,
):
    return {"distance": speed * reaction + speed**2 / (2 * gravity * friction)}


def test_hints_and_defaults_are_enough():
    study = un.Study.from_function(stopping_distance, units={"distance": "m"})
    assert {name: item.unit.text for name, item in study.inputs.items()} == {
        "speed": "m/s",
        "reaction": "s",
        "gravity": "1",
        "friction": "1",
    }
    assert study.inputs["reaction"].point == 1.0
    assert study.inputs["speed"].point == pytest.approx(13.9)
    assert study.inputs["gravity"].distribution.is_constant
    assert study.outputs["distance"].unit.text == "m"
    same = un.Study.from_function(
        stopping_distance,
        {"speed": "normal(13.9, 0.5)", "reaction": "0.7 to 1.5", "gravity": 9.81, "friction": 0.7},
    )
    one, other = (un.propagate(s, samples=1024).outputs["distance"].values for s in (study, same))
    np.testing.assert_array_equal(one, other)


def test_what_is_given_beats_what_is_hinted():
    study = un.Study.from_function(stopping_distance, {"speed": "20 to 30"}, units={"speed": "km/hour"})
    assert study.inputs["speed"].unit.text == "km/hour"
    assert study.inputs["speed"].distribution.quantile(np.array([0.05])) == pytest.approx(20)


def test_numbers_reach_the_function_in_the_unit_that_was_named():
    study = un.Study.from_function(lambda a: {"b": a}, {"a": "fixed(3)"}, units={"a": "km", "b": "mm"})
    assert set(un.propagate(study, samples=64).outputs["b"].values) == {3.0}


@pytest.mark.parametrize(
    ("units", "counting", "message"),
    [
        ({"a": "metre/secnd"}, (), "units.a: unknown unit"),
        ({"c": "m"}, (), 'units: unknown input or output "c"'),
        ({"a": "widget"}, (), "units.a: unknown unit"),
        ({"a": "m"}, ("metre",), "counting_units: "),
        ({"a": 3}, (), 'units.a: expected a text such as "km", found 3'),
    ],
)
def test_units_that_are_none_are_refused(units, counting, message):
    with pytest.raises(un.StudyError) as caught:
        un.Study.from_function(lambda a: {"b": a}, {"a": "1 to 2"}, units=units, counting_units=counting)
    assert message in str(caught.value)
    un.Study.from_function(
        lambda a: {"b": a}, {"a": "1 to 2"}, units={"a": "widget"}, counting_units=["widget"]
    )


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("1 to 2 km", "m", 'cannot read "1 to 2 km"; write "1000 to 2000"; the unit is the input\'s own, m'),
        ("1 to 2 km", "kg", "numbers stand without a unit; the unit is the input's own, kg"),
        ("1 to 3 %", "kg", 'cannot read "1 to 3 %"; it holds percentages; the unit is the input\'s own, kg'),
        ("15% ± 2%", "ppm", "it holds percentages; the unit is the input's own, ppm"),
        ("1 to 3 %", "1", 'write "1 to 3" where the unit is %, or "0.01 to 0.03" where it is 1'),
        ("15 ± 3 % (95 %)", "%", 'write "15 ± 3 (95 %)" for 3 percentage points, or "15 ± 0.45 (95 %)"'),
    ],
)
def test_an_input_is_read_in_its_unit(text, unit, message):
    with pytest.raises(un.StudyError, match=r"^inputs\.a: ") as caught:
        un.Study.from_function(lambda a: {"b": a}, {"a": text}, units={"a": unit})
    assert message in str(caught.value)


def test_studies_show_themselves_in_notebooks_with_every_text_escaped(flagship):
    shown = flagship._repr_html_()
    assert "Annual footprint of a resident (US, as printed)" in shown
    study = un.Study.from_function(lambda a: {"b": a}, {"a": "1 to 2"}, title="<img src=x onerror=alert(1)>")
    assert "<img" not in study._repr_html_()


def test_an_output_that_a_function_does_not_give_is_named():
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "normal(1, 0.1)"}, outputs=["y", "z"])
    with pytest.raises(un.StudyError, match=r"outputs\.z: expected .* found none; known: y$"):
        un.propagate(study, samples=256)
