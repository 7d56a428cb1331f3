"""What must not change an index."""

import dataclasses
from types import MappingProxyType

import numpy as np
import pytest
from exact_models import of_function

import uncertainty as un
from uncertainty import Study, sobol
from uncertainty.sensitivity.effects import describe_drivers
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Output

INPUTS = {"x1": "2 to 8", "x2": "normal(1, 0.2)", "x3": "uniform(0, 1)", "x4": "discrete(1, 2, 4)"}
OPTIONS = {"samples": 2**11, "seed": 3, "tolerance": 0, "second_order": True}


def model(x1, x2, x3, x4):
    return {"y": x1 * (x2 + x3) + x4 * x3}


def transformed(scale, shift):
    def moved(**x):
        return {"y": scale * model(**x)["y"] + shift}

    return of_function(moved, INPUTS)


def numbers(indices):
    """Return every index and interval of an output, in the inputs' own order."""
    single = [
        part
        for name in sorted(indices.indices)
        for value in indices.indices[name]
        for part in np.atleast_1d(value)
    ]
    single += [indices.alone.value, *indices.alone.interval]
    return single + [part for pair in sorted(indices.pairs) for part in (pair.S2, *pair.S2_interval)]


def test_scaling_an_output_by_a_power_of_two_changes_no_bit():
    for scale in (2.0**-700, 2.0, -(2.0**300)):
        assert numbers(sobol(transformed(scale, 0), **OPTIONS).outputs["y"]) == numbers(
            sobol(transformed(1, 0), **OPTIONS).outputs["y"]
        )


@pytest.mark.parametrize(("scale", "shift"), [(3, 0), (1, 1e6), (-7e-9, 2), (1e-160, 0), (1e160, 0)])
def test_scaling_and_shifting_an_output_change_nothing_but_rounding(scale, shift):
    moved = sobol(transformed(scale, shift), **OPTIONS).outputs["y"]
    still = sobol(transformed(1, 0), **OPTIONS).outputs["y"]
    assert numbers(moved) == pytest.approx(numbers(still), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_asking_for_more_outputs_changes_no_bit_of_an_output(single_cases, design):
    study, headline = dataclasses.replace(single_cases, correlations=()), single_cases.headline
    options = {"samples": 2**8, "seed": 2, "tolerance": 0, "design": design, "second_order": design == "lhs"}
    alone = sobol(study, output=headline, **options).outputs[headline]
    among = sobol(study, **options).outputs[headline]
    assert alone == among


def test_other_outputs_change_no_bit_of_a_linear_one():
    study = un.Study.from_function(
        lambda **x: {"y": model(**x)["y"], "z": x["x1"] ** 2, "w": x["x4"]}, INPUTS, outputs=["y", "z", "w"]
    )
    alone = sobol(study, output="y", **OPTIONS).outputs["y"]
    assert sobol(study, **OPTIONS).outputs["y"] == alone


AVERAGES = """
format = 1
[study]
title = "Averages over cases that depend on different inputs"
headline = "one"
[outputs]
one = { value = "average(cases) * zebra", unit = "1", over = "average" }
other = { value = "average(cases ** 2 + ant) * ant", unit = "1", over = "average" }
both = { value = "average(maximum(cases, zebra)) + ant", unit = "1", over = "average" }
neither = { value = "zebra * ant", unit = "1" }
[inputs.cases]
unit = "1"
point = 1
distribution = "normal(1, 0.1)"
kind = "variability"
basis = "assumption"
[inputs.zebra]
unit = "1"
point = 1
distribution = "normal(1, 0.2)"
basis = "assumption"
[inputs.ant]
unit = "1"
point = 2
distribution = "normal(2, 0.3)"
basis = "assumption"
"""


def test_averages_that_depend_on_different_inputs_can_be_asked_for_together(write_study):
    study = un.load_study(write_study(AVERAGES))
    options = {"samples": 2**8, "seed": 2, "tolerance": 0, "threads": 1}
    found = sobol(study, **options)
    among = found.outputs
    assert all(sobol(study, output=name, **options).outputs[name] == among[name] for name in among)
    assert list(describe_drivers(found, "one", threads=1).effects.remaining) == ["zebra"]
    assert {name: sorted(each.indices) for name, each in among.items()} == {
        "one": ["zebra"],
        "other": ["ant"],
        "both": ["ant", "zebra"],
        "neither": ["ant", "zebra"],
    }


@pytest.mark.slow
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(single_cases, threads):
    one = sobol(single_cases, samples=2**13, seed=2, threads=1, tolerance=0.02)
    several = sobol(single_cases, samples=2**13, seed=2, threads=threads, tolerance=0.02)
    assert one.outputs == several.outputs


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_reordering_the_inputs_changes_no_bit(design):
    study = of_function(model, INPUTS)
    turned = dataclasses.replace(study, inputs=MappingProxyType(dict(reversed(study.inputs.items()))))
    options = {"samples": 2**11, "tolerance": 0, "design": design}
    assert numbers(sobol(study, **options).outputs["y"]) == numbers(sobol(turned, **options).outputs["y"])


def test_renaming_the_inputs_keeps_the_indices_within_their_intervals():
    def renamed(a1, b2, c3, d4):
        return model(a1, b2, c3, d4)

    other = Study.from_function(
        renamed,
        dict(zip(("a1", "b2", "c3", "d4"), INPUTS.values(), strict=True)),
        outputs={"y": Output("y", PURE_NUMBER, None)},
    )
    one = sobol(of_function(model, INPUTS), samples=2**13, level=0.999).outputs["y"].indices
    two = sobol(other, samples=2**13, level=0.999).outputs["y"].indices
    for old, new in zip(INPUTS, other.inputs, strict=True):
        assert abs(one[old].S1 - two[new].S1) <= np.diff(one[old].S1_interval) / 2 * 2**0.5
        assert abs(one[old].ST - two[new].ST) <= np.diff(one[old].ST_interval) / 2 * 2**0.5


def test_a_longer_budget_that_is_not_needed_changes_no_bit():
    study = of_function(model, INPUTS)
    short = sobol(study, samples=2**15, tolerance=0.02)
    assert short.converged
    assert sobol(study, samples=2**16, tolerance=0.02).outputs == short.outputs
