"""Does the published arithmetic reproduce? Points against printed figures, before anything is sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.calls import checked
from uncertainty.compiled import base_quantity, dependencies, evaluate_at_points, graph_input, scenario_graph
from uncertainty.errors import InvalidValue
from uncertainty.expressions import compile_tape
from uncertainty.records import Frozen, brief
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.study.scenario import scenario
from uncertainty.study.sources import origins, second_hand
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.expressions import Graph
    from uncertainty.study.model import Figure, Input, Study
    from uncertainty.study.scenario import Scenario

Status = Literal["reproduced", "rounding", "differs", "unpublished"]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """One output's point beside the figure that was printed for it, both in the output's unit.

    Parameters
    ----------
    status
        ``"reproduced"`` if the point rounds to the figure at its digits; ``"rounding"`` if it does so only
        when exactly one published quantity that it depends on is used as printed; else ``"differs"``, or
        ``"unpublished"`` where there is no figure.
    explained_by
        For ``"rounding"``, the outputs that do it when used as printed.
    """

    output: str
    point: float
    published: float | None
    digits: int | None
    unit: str
    status: Status
    explained_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reproductions:
    """A study's published figures, and what its readings are expected to give.

    Parameters
    ----------
    figures
        By output, as published.
    readings
        By reading and output, for every figure that a reading expects.
    distant_points
        Inputs whose point lies outside the central 98 % of their own distribution, with its percentile.
    unsupported
        Inputs whose distribution has no basis or no source.
    evidence
        Inputs whose distribution rests on little: by ``"none"`` (no source at all), ``"one_source"`` and
        ``"second_hand"`` (every source is known through another alone). Sources are told apart by their keys
        and addresses; what is known through another counts as that other.
    at_medians
        By reading that expects figures, the inputs that these depend on and for which it gives a distribution
        without a point: their medians, at which the figures are judged.
    """

    study: Study
    figures: Mapping[str, Reproduction]
    readings: Mapping[str, Mapping[str, Reproduction]]
    distant_points: Mapping[str, float]
    unsupported: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, tuple[str, ...]]
    at_medians: Mapping[str, Mapping[str, float]]

    __repr__ = brief

    @property
    def sound(self) -> bool:
        """Whether no published or expected figure differs."""
        rows = [*self.figures.values(), *(row for rows in self.readings.values() for row in rows.values())]
        return all(row.status != "differs" for row in rows)

    @property
    def table(self) -> Table:
        """Every figure, one row each: as published, and as each reading expects."""
        under = {AS_PUBLISHED: self.figures, **self.readings}
        rows = [
            {
                "reading": reading,
                "output": name,
                "unit": row.unit,
                "point": row.point,
                "published": row.published,
                "status": row.status,
            }
            for reading, figures in under.items()
            for name, row in figures.items()
        ]
        about = {"study": self.study.name, "sha256": self.study.sha256}
        return Table.of_rows("figures", rows, about=about)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def rounds_to(value: float, figure: Figure) -> bool:
    """Tell whether `value` rounds to a printed figure at the digits that it carries, a tie either way."""
    # a tie may come out on either side of itself; a thousandth of the last digit is no tie
    nudge = min(1e-12, 10.0 ** -(figure.digits + 3))
    candidates = (value * (1 - nudge), value, value * (1 + nudge))
    return any(_rounded(c, figure.digits) == figure.value for c in candidates)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


@checked()
def reproduce(study: Study) -> Reproductions:
    """Compare a study's points with every figure that was published, or that a reading expects."""
    published = scenario(study)
    graph = None if study.function is not None else scenario_graph(published, list(study.outputs))
    points = evaluate_at_points(published, list(study.outputs))
    figures = {
        name: _compare(name, point, study.outputs[name].published, published, graph)
        for name, point in points.items()
    }
    readings, at_medians = {}, {}
    for name, reading in study.readings.items():
        if reading.expect:
            plan = scenario(study, name)
            found = evaluate_at_points(plan, list(reading.expect))
            reaching = frozenset().union(*dependencies(plan, list(reading.expect)).values())
            medians = {each: plan.points[each] for each in plan.at_medians if each in reaching}
            if medians:
                at_medians[name] = Frozen(medians)
            readings[name] = Frozen(
                {
                    output: _compare(output, point, reading.expect[output], plan, None)
                    for output, point in found.items()
                }
            )
    return Reproductions(
        study,
        Frozen(figures),
        Frozen(readings),
        Frozen(_distant_points(published)),
        Frozen(_unsupported(study)),
        Frozen(_evidence(study)),
        Frozen(at_medians),
    )


def _compare(
    name: str, point: float, figure: Figure | None, plan: Scenario, graph: Graph | None
) -> Reproduction:
    unit = plan.study.outputs[name].unit.text
    if figure is None:
        return Reproduction(name, point, None, None, unit, "unpublished")
    if rounds_to(point, figure):
        return Reproduction(name, point, figure.value, figure.digits, unit, "reproduced")
    explained = () if graph is None else _explained_by_rounding(name, figure, plan, graph)
    status: Status = "rounding" if explained else "differs"
    return Reproduction(name, point, figure.value, figure.digits, unit, status, explained)


def _explained_by_rounding(name: str, figure: Figure, plan: Scenario, graph: Graph) -> tuple[str, ...]:
    """Find the published outputs that make `name` reproduce when one of them is used as printed."""
    own = graph.node_of(base_quantity(name))
    explained = []
    for other, output in plan.study.outputs.items():
        if output.published is None:
            continue
        node = graph.node_of(base_quantity(other))
        if node == own or not graph.depends_on(name, node):
            continue
        try:
            printed = graph.replace(node, output.published.value * output.unit.factor)
            found = _evaluate(printed, name, plan)
        except InvalidValue:  # a figure printed as 0 may leave nothing to divide by
            continue
        if rounds_to(found, figure):
            explained.append(other)
    return tuple(explained)


def _evaluate(graph: Graph, output: str, plan: Scenario) -> float:
    points = {graph_input(plan, name): value for name, value in plan.points.items()}
    value = np.empty((1, 1))
    compile_tape(graph, [output], (), points).run(np.empty((0, 1)), value)
    return float(value[0, 0])


def _distant_points(plan: Scenario) -> dict[str, float]:
    distant = {}
    for name in plan.varying:
        percentile = 100 * float(plan.distributions[name].cdf(np.array([plan.points[name]]))[0])
        if not 1 <= percentile <= 99 and plan.points[name] not in plan.distributions[name].atoms:
            distant[name] = percentile
    return distant


def _unsupported(study: Study) -> dict[str, tuple[str, ...]]:
    missing = {}
    for item in _varying(study):
        lacking = tuple(
            key
            for key in ("basis", "source")
            if not getattr(item, key) and not (key == "source" and item.evidence)
        )
        if lacking:
            missing[item.name] = lacking
    return missing


def _varying(study: Study) -> list[Input]:
    found = study.inputs.values()
    return [item for item in found if item.distribution is not None and not item.distribution.is_constant]


def _evidence(study: Study) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {"none": [], "one_source": [], "second_hand": []}
    for item in _varying(study):
        texts = [text for text in (item.source, *(each.source for each in item.evidence)) if text]
        rests_on = frozenset().union(*(origins(text, study.sources) for text in texts))
        if len(rests_on) < 2:
            found["one_source" if rests_on else "none"].append(item.name)
        if texts and all(second_hand(text, study.sources) for text in texts):
            found["second_hand"].append(item.name)
    return {kind: tuple(names) for kind, names in found.items()}
