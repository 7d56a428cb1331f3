"""What an output is made of."""

import pytest

import uncertainty as un
from uncertainty.compiled import dependencies, graph_input, scenario_graph
from uncertainty.study.scenario import scenario


@pytest.mark.parametrize("name", [pytest.param("epidemic", marks=pytest.mark.slow), "writing-a-page"])
def test_the_inputs_behind_an_output_are_those_that_reach_it_in_its_graph(name):
    study = un.load_study(name)
    outputs = list(study.outputs)
    for reading in study.readings:
        plan = scenario(study, reading)
        own = {graph_input(plan, each): each for each in study.inputs}
        reaching = scenario_graph(plan, outputs).inputs_of_each(outputs)
        found = {output: frozenset(own[each] for each in names) for output, names in reaching.items()}
        assert dependencies(plan, outputs) == found
