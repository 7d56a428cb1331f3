"""The flagship's indices change no number: it is held to the same calculation written out in scalars.

Where evidence moves a distribution of the study, it moves in the scalars too.
"""

from pathlib import Path

import numpy as np
import pytest

import uncertainty as un
from uncertainty.compiled import compile_model, evaluate_at_points
from uncertainty.study.scenario import scenario

SCALARS = Path(__file__).parent / "studies" / "ai-vs-human-in-scalars.toml"

CELLS = {
    "us_footprint_printed": "annual_footprint[us,as_printed]",
    "india_footprint_printed": "annual_footprint[india,as_printed]",
    "footprint_definition": "footprint_account",
    "us_footprint_error": "footprint_error[us]",
    "india_footprint_error": "footprint_error[india]",
    "average_laptop_power": "average_computer_power[laptop]",
    "average_desktop_power": "average_computer_power[desktop]",
    "laptop_power": "computer_power[laptop]",
    "desktop_power": "computer_power[desktop]",
    "desktop": "computer_used",
    "user_grid": "user_grid[us]",
    "india_grid": "user_grid[india]",
    "chatgpt_training": "training_emissions[chatgpt]",
    "bloom_training": "training_emissions[bloom]",
    "chatgpt_energy": "energy_per_query[chatgpt]",
    "bloom_energy": "energy_per_query[bloom]",
    "dalle2_energy": "energy_per_image[dalle2]",
    "midjourney_energy": "energy_per_image[midjourney]",
}
"""The cell that each scalar became; inputs that are not here kept their name. Accounts were numbered in the
order of the members, and laptop and desktop were 0 and 1."""

SOME = np.linspace(0.03, 0.97, 8)
"""Probabilities; each input's are in an order of its own."""


@pytest.fixture(scope="module")
def scalars():
    return un.load_study(SCALARS)


def drawn(plan, probabilities):
    """Return the outputs where each varying input is at its probabilities, shape (outputs, rows)."""
    names = list(plan.study.outputs)
    model = compile_model(plan, names, single=True)
    columns = [plan.distributions[name].quantile(probabilities[name]) for name in plan.varying]
    found = np.empty((len(names), SOME.size))
    model.run(np.array(columns), found, model.workspace(SOME.size))
    return found


def assert_same(study, scalars, reading, choose):
    """Hold points, and outputs of the same draws, to those of the scalars."""
    new, old = scenario(study, reading, choose), scenario(scalars, reading, choose)
    outputs = list(scalars.outputs)
    assert {CELLS.get(name, name) for name in old.varying} == set(new.varying)
    assert evaluate_at_points(new, outputs) == pytest.approx(evaluate_at_points(old, outputs), rel=1e-12)
    rng = np.random.default_rng(1)
    probabilities = {name: rng.permutation(SOME) for name in old.distributions}
    cells = {CELLS.get(name, name): found for name, found in probabilities.items()}
    np.testing.assert_allclose(drawn(new, cells), drawn(old, probabilities), rtol=1e-12)


def test_outputs_and_what_readings_expect_are_those_of_the_scalars(flagship, scalars):
    assert list(flagship.outputs) == list(scalars.outputs)
    for name, reading in flagship.readings.items():
        assert reading.expect == scalars.readings[name].expect, name


@pytest.mark.slow
def test_under_every_reading_points_and_draws_are_those_of_the_scalars(flagship, scalars):
    for reading in flagship.readings:
        assert_same(flagship, scalars, reading, {})


def test_under_every_option_points_and_draws_are_those_of_the_scalars(flagship, scalars):
    for name, choice in flagship.choices.items():
        for option in choice.options:
            assert_same(flagship, scalars, "as_published", {name: option})


def test_nothing_is_written_twice_for_two_countries(flagship):
    names = {address.split("[")[0] for address in (*flagship.inputs, *flagship.equations)}
    assert not [name for name in names if name.startswith(("us_", "india_"))]
    assert len({address.split("[")[0] for address in flagship.equations}) <= 32
