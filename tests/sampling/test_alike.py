"""Models that compute alike are asked together, and each row has the bits of its own model's."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.challenges.universes import combinations, make_ensemble
from uncertainty.compiled import EquationModel
from uncertainty.expressions import build_graph, compile_tape, parse_expression
from uncertainty.sampling.alike import Alike, alike
from uncertainty.sampling.case_model import CaseModel
from uncertainty.settings import Settings

SINGLE = """
format = 1
[study]
title = "What a trip takes"
headline = "cost"
[outputs]
cost = { value = "where(length > rough, length ** steep * price, rough * price) / (1 + fee)", unit = "1" }
[equations]
rough = "price"
[inputs]
length = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)" }
price = { unit = "1", point = 3, distribution = "normal(3, 0.2)" }
fee = { unit = "1", point = 0, distribution = "0" }
steep = { unit = "1", point = 1.5, distribution = "1.5" }
[choices.fees]
question = "What is the fee?"
[choices.fees.options.nothing]
label = "nothing"
[choices.fees.options.less]
label = "less than nothing"
inputs = { fee = "-0.2" }
[choices.fees.options.tenth]
label = "a tenth"
inputs = { fee = "0.1" }
[choices.fees.options.ninth]
label = "a ninth"
inputs = { fee = "0.1111111111111111" }
[choices.road]
question = "How rough is the road?"
[choices.road.options.even]
label = "even"
[choices.road.options.rough]
label = "rough"
equations = { rough = "price * 1.7 + 0.3" }
[choices.slope]
question = "How steep is it?"
[choices.slope.options.gentle]
label = "gentle"
[choices.slope.options.steep]
label = "steep"
inputs = { steep = "2.2" }
"""
AVERAGES = (
    SINGLE.replace('unit = "1" }\n[equations]', 'unit = "1", over = "average" }\n[equations]')
    .replace('"where(', '"average(where(')
    .replace("rough * price) /", "rough * price)) /")
    .replace('"lognormal(2, 1.5)"', '"lognormal(2, 1.5)", kind = "variability"')
)


def models(study):
    found = combinations(study, "cost", Settings())
    return [member.model for member in make_ensemble(found.plans, "cost", 64, 1, "sobol").members]


@pytest.mark.parametrize("text", [SINGLE, AVERAGES])
def test_rows_of_models_that_differ_in_constants_have_the_bits_of_their_own(write_study, text):
    every = models(un.load_study(write_study(text)))
    assert {type(model) for model in every} == {CaseModel if text == AVERAGES else EquationModel}
    groups = alike(every)
    assert sorted(place for group in groups for place in group) == list(range(len(every)))
    assert max(map(len, groups)) > 1
    rng = np.random.default_rng(5)
    for group in groups:
        ask = Alike([every[place] for place in group])
        # some of them, each at rows of its own
        members = list(range(0, len(group), 2)) if len(group) > 3 else list(range(len(group)))
        columns = 1 if text == AVERAGES else 2
        asked = [rng.uniform(0.5, 4, (columns, 3 + 40 * member)) for member in members]
        for member, values, found in zip(members, asked, ask(members, asked), strict=True):
            alone = np.empty((1, values.shape[1]))
            every[group[member]].run(values, alone, None)
            np.testing.assert_array_equal(found, alone[0])


def of_x(text):
    graph = build_graph({}, {"y": parse_expression(text)}, ("x",), {}.__getitem__)
    return EquationModel(("y",), compile_tape(graph, ["y"], ["x"], {}))


def test_a_number_that_is_no_operand_of_plain_arithmetic_tells_models_apart():
    """A power with one exponent and a power with a column of them may differ in their last bits."""
    every = [of_x(text) for text in ("x**2.2 * 3", "x**2.3 * 3", "x**2.2 * 4", "x * 3", "x * 5")]
    assert alike(every) == [[0, 2], [1], [3, 4]]


def test_rows_are_asked_in_parts_that_fit(monkeypatch):
    monkeypatch.setattr("uncertainty.sampling.alike.IN_CACHE", 40)
    monkeypatch.setattr("uncertainty.sampling.alike.MOST_TOGETHER", 2)
    every = [of_x(f"x * {factor} + {factor + 9}") for factor in range(2, 7)]
    assert alike(every) == [[0, 1], [2, 3], [4]]
    x = np.arange(101.0)
    found = Alike(every[:2])([0, 1], [x[None], x[None, :7]])
    assert found[0].tolist() == (2 * x + 11).tolist()
    assert found[1].tolist() == (3 * x[:7] + 12).tolist()


@pytest.mark.parametrize("text", [SINGLE, AVERAGES])
def test_scenarios_drawn_together_have_the_bits_of_each_alone(write_study, text):
    found = combinations(un.load_study(write_study(text)), "cost", Settings())
    together = make_ensemble(found.plans, "cost", 600, 1, "sobol")
    ((_, drawn),) = together.draw(1)
    for plan, number in zip(found.plans, together.member_of, strict=True):
        ((_, alone),) = make_ensemble([plan], "cost", 600, 1, "sobol").draw(1)
        np.testing.assert_array_equal(drawn[number], alone[0])


def test_programs_that_average_the_same_have_one_stage(write_study):
    """What a fee is divided by, and which road it is, changes nothing of what else is averaged."""
    text = AVERAGES.replace("+ fee)", "+ fee) + average(length) / (1 + fee)").replace(
        '"average(where', '"average(where'
    )
    stages = [model.averages.stages[0] for model in models(un.load_study(write_study(text)))]
    assert len(stages) > len({id(stage) for stage in stages}) == len(set(stages))
