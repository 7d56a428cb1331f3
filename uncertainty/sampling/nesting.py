"""Outputs that speak of an average over cases, or of the median case: which they are, and their model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.compiled import compile_model, graph_input, refusing, scenario_graph
from uncertainty.expressions.stages import averaged, compile_program, make_stage
from uncertainty.sampling.case_model import CaseFunction, CaseModel, Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.sampling.cases import Cases
    from uncertainty.study.model import Output
    from uncertainty.study.scenario import Scenario


def own_measure(output: Output) -> Measure:
    """Return what an output's own numbers are over the cases."""
    return (
        Measure(output.name, "quantile", 0.5) if output.over == "median" else Measure(output.name, "average")
    )


def make_case_model(
    plan: Scenario, measures: Sequence[Measure], cases: Cases, versions: int = 1
) -> CaseModel | CaseFunction:
    """Compile statistics of the cases.

    Raises
    ------
    NonFiniteError
        If constant inputs meet in something that is infinite or undefined.
    """
    if plan.study.function is not None:
        return _of_function(plan, tuple(measures), cases, versions)
    names = list(dict.fromkeys(measure.output for measure in measures))
    graph = scenario_graph(plan, names)
    unknown, different, linked = (
        [graph_input(plan, name) for name in group]
        for group in (cases.unknown, cases.different, cases.linked)
    )
    varying = {*cases.unknown, *cases.different}
    constants = {graph_input(plan, n): d.mean for n, d in plan.distributions.items() if n not in varying}
    average = [measure.output for measure in measures if measure.statistic == "average"]
    single = list(dict.fromkeys(m.output for m in measures if m.statistic != "average"))
    with refusing(plan, names):
        program = compile_program(
            averaged(graph, average, different), average, unknown, different, linked, constants
        )
        singles = None
        if single:
            nodes = [graph.outputs[name] for name in single]
            singles = make_stage(graph, nodes, unknown, different, linked, constants, len(unknown))
    return CaseModel(
        measures=tuple(measures),
        cases=cases,
        averages=program,
        weights=tuple(tuple(map(cases.weights, stage.reads)) for stage in program.stages),
        singles=singles,
        others=tuple(single.index(m.output) for m in measures if m.statistic != "average"),
        versions=versions,
    )


def _of_function(plan: Scenario, measures: tuple[Measure, ...], cases: Cases, versions: int) -> CaseFunction:
    model = compile_model(plan, list(dict.fromkeys(measure.output for measure in measures)), single=True)
    every = (*cases.unknown, *cases.different)
    return CaseFunction(
        measures=measures,
        cases=cases,
        model=model,
        columns=tuple(every.index(name) for name in plan.varying),
        weights=cases.weights(range(len(cases.different))),
        rows=tuple(model.outputs.index(measure.output) for measure in measures),
        versions=versions,
    )
