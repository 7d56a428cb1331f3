"""The part of a model that an exchange of inputs can move: nothing else is computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.compiled import EquationModel, graph_input, scenario_graph
from uncertainty.expressions import compile_tape
from uncertainty.sensitivity.crossmatrix import Exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.compiled import Model
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.study.scenario import Scenario


def exchanged_parts(
    plan: Scenario,
    simulation: Simulation,
    members: Sequence[tuple[str, ...]],
    reaching: Mapping[str, frozenset[str]],
) -> list[Exchanged]:
    """Return each set of inputs with the outputs that it reaches and their model.

    Parameters
    ----------
    members
        The sets of inputs that are exchanged.
    reaching
        For each output of the simulation's model the inputs that it depends on.
    """
    names = simulation.model.outputs
    moved = [tuple(name for name in names if reaching[name] & set(inputs)) for inputs in members]
    models = _models(plan, simulation.model, set(moved))
    return [
        Exchanged(
            tuple(map(simulation.inputs.index, inputs)), tuple(map(names.index, outputs)), models[outputs]
        )
        for inputs, outputs in zip(members, moved, strict=True)
    ]


def _models(plan: Scenario, whole: Model, parts: set[tuple[str, ...]]) -> dict[tuple[str, ...], Model]:
    """Compile some outputs of a model at a time; a function computes every output whatever is asked for."""
    if not isinstance(whole, EquationModel):
        return dict.fromkeys(parts, whole)
    graph = scenario_graph(plan, whole.outputs)
    columns = [graph_input(plan, name) for name in plan.varying]
    constants = {graph_input(plan, n): d.mean for n, d in plan.distributions.items() if d.is_constant}
    return {part: EquationModel(part, compile_tape(graph, part, columns, constants)) for part in parts}
