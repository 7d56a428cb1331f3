"""What a study's averages over the cases are of, and what is to be asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.compiled import graph_input, scenario_graph
from uncertainty.expressions.graph import Apply
from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.stages import differing
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from uncertainty.expressions import Graph
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario


def averages_ratio(plan: Scenario, output: str) -> bool:
    """Tell whether an output is the average of a ratio whose denominator differs from case to case."""
    study = plan.study
    if study.function is not None or study.outputs[output].over != "average":
        return False
    graph = scenario_graph(plan, [output])
    return _divides(graph, graph.outputs[output], differing(graph, _different(plan)))


def remarks(study: Study) -> tuple[str, ...]:
    """Say which averages are of what does not differ, and ask what averages of ratios are to be."""
    plan = scenario(study)
    averaging = [name for name, output in study.outputs.items() if output.over == "average"]
    if study.function is not None or not averaging:
        return ()
    found = [_alike(study, name) for name in averaging]
    found += [
        f'"{name}" is the average of a ratio of things that differ from case to case. If the publication '
        "divides an average by another, write average(…) / average(…); if it averages ratios, leave it so."
        for name in averaging
        if averages_ratio(plan, name)
    ]
    return tuple(dict.fromkeys(said for said in found if said))


def _alike(study: Study, output: str) -> str:
    """Say which average of an output is of what does not differ in any reading."""
    alike: set[str] | None = None
    for reading in study.readings:
        plan = scenario(study, reading)
        graph = scenario_graph(plan, [output])
        differs = differing(graph, _different(plan))
        reaching = ((place, graph.nodes[place]) for place in graph.reaching(graph.outputs[output]))
        averages = {
            str(graph.sources[place]): differs[node.operands[0]]
            for place, node in reaching
            if isinstance(node, Apply) and node.operation == AVERAGE
        } or {output: differs[graph.outputs[output]]}
        here = {text for text, varied in averages.items() if not varied}
        alike = here if alike is None else alike & here
    if not alike:
        return ""
    what = " and ".join(sorted(alike))
    return f"Nothing differs from case to case in {what}: the average is the value itself."


def _different(plan: Scenario) -> set[str]:
    return {graph_input(plan, name) for name in plan.varying if plan.kinds[name] == "variability"}


def _divides(graph: Graph, node: int, differs: tuple[bool, ...]) -> bool:
    """Tell whether a product divides by what differs."""
    found = graph.nodes[node]
    if not isinstance(found, Apply) or found.operation not in ("multiply", "divide", "negative"):
        return False
    if found.operation == "divide" and differs[found.operands[1]]:
        return True
    return any(_divides(graph, operand, differs) for operand in found.operands)
