"""Draws of what nobody knows, made at once."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.sampling import case_draws, designs, outer
from uncertainty.sampling.simulation import simulate
from uncertainty.settings import Settings

STUDY = """
format = 1
[study]
title = "A cost of cases"
headline = "cost"
[outputs]
cost = { value = "average(length * price) / ant", unit = "1", over = "average" }
all = { value = "price + ant + bee + cat", unit = "1" }
[inputs]
length = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)", kind = "variability" }
price = { unit = "1", point = 3, distribution = "lognormal(3, 1.2)" }
ant = { unit = "1", point = 1, distribution = "normal(10, 1)" }
bee = { unit = "1", point = 1, distribution = "triangular(0, 1, 2)" }
cat = { unit = "1", point = 1, distribution = "discrete(1, 2, 4)" }
[[correlations]]
inputs = ["price", "bee"]
pearson = 0.6
[readings.other]
label = "Other"
inputs = { ant = { point = 2, distribution = "normal(20, 3)" } }
"""


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("many", [0, 20])
def test_all_draws_are_those_of_the_blocks(write_study, monkeypatch, design, many):
    monkeypatch.setattr(outer, "MANY", many)
    monkeypatch.setattr("uncertainty.sampling.transforms.MANY", many)
    study = un.load_study(write_study(STUDY))
    for reading in ("as_published", "other", "as_published"):
        plan = Settings(reading=reading).scenario(study)
        simulation = simulate(plan, ["all"], 700, 3, design)
        blocks = [
            inputs.copy() for inputs, _ in simulation.blocks(0, -(-700 // simulation.design.block_rows))
        ]
        at_once = outer.outer_inputs(plan, simulation)
        assert np.array_equal(at_once[:, :700], np.concatenate(blocks, axis=1)[:, :700])


def test_averages_drawn_at_once_are_those_of_the_blocks(write_study, monkeypatch):
    study = un.load_study(write_study(STUDY))

    def draws():
        return un.propagate(study, outputs="cost", samples=2**15).outputs["cost"].draws.values

    at_once = draws()
    monkeypatch.setattr(case_draws, "WORTH_SHARING", 0)
    assert np.array_equal(draws(), at_once)
    monkeypatch.setattr(outer, "MOST_NUMBERS", 0)
    assert np.array_equal(draws(), at_once)


class Doubled:
    """A transform that counts how often it is asked."""

    asked = 0

    def apply(self, row, _):
        self.asked += 1
        row *= 2


def test_columns_are_made_once_as_far_as_there_is_room(monkeypatch):
    columns = outer._Columns(designs.RandomDesign(("a",), 4, 1))
    row, doubled = np.arange(4.0), Doubled()

    def made(*names):
        for name in names:
            found = columns._column((name, None, False), doubled, row, None)
            assert found.tolist() == [0, 2, 4, 6]
        return doubled.asked

    assert made("a", "b", "c", "a", "b", "c") == 3
    assert row.tolist() == [0, 1, 2, 3]
    # of the fourth there is no room: the others are forgotten for it
    monkeypatch.setattr(outer, "MOST_NUMBERS", 12)
    assert made("d", "d") == 4
    assert made("a", "b") == 6
    assert made("d", "a", "b") == 6
    assert made("c", "d") == 8


def test_correlated_columns_are_those_of_the_study_that_asks(write_study):
    """Studies that differ in a correlation have all else in common, their uniforms too."""
    found = []
    for pearson in (0.6, -0.3):
        text = STUDY.replace("pearson = 0.6", f"pearson = {pearson}")
        plan = Settings().scenario(un.load_study(write_study(text)))
        simulation = simulate(plan, ["all"], 512, 3, "sobol")
        at_once = outer.outer_inputs(plan, simulation)
        price, bee = (at_once[simulation.inputs.index(name)] for name in ("price", "bee"))
        assert np.corrcoef(price, bee)[0, 1] == pytest.approx(pearson, abs=0.05)
        found.append(at_once[simulation.inputs.index("ant")])
    np.testing.assert_array_equal(*found)
