"""A Python function is a study like any other."""

import numpy as np
import pytest

import uncertainty as un


def test_outputs_are_found_by_calling_the_function():
    study = un.Study.from_function(lambda a: {"twice": 2 * a, "one": 1.0}, {"a": "uniform(0, 1)"})
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
        (lambda a: {"y": a[:1]}, {"a": "1 to 2"}, "expected one value for each row"),
        (lambda a: {"y": a} if a is None else {}, {"a": "1 to 2"}, "expected at least one output"),
        (lambda a: {"y": a}, {"a": "nrmal(1, 2)"}, "inputs.a: "),
    ],
)
def test_functions_that_are_no_models_are_refused(function, inputs, message):
    with pytest.raises(un.StudyError) as caught:
        un.Study.from_function(function, inputs)
    assert message in str(caught.value)


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
