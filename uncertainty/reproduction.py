"""Does the published arithmetic reproduce? Like with like: printed figures against points or draws.

A figure at the points is compared with them, before anything is sampled. What was published of a Monte Carlo,
its mean or a percentile, is compared with the same of the draws, which are made for such figures, and for
curves that may be used beyond their ends.
"""

from __future__ import annotations

import math
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from uncertainty.budgets import apart, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import (
    at_points,
    base_quantity,
    dependencies,
    evaluate_at_points,
    graph_input,
    scenario_graph,
)
from uncertainty.curve_ends import CurveEnds, curve_ends
from uncertainty.errors import InvalidValue
from uncertainty.expressions import compile_tape, names
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.results.about import About, about
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.estimate import ERRORS_WIDE
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.study.scenario import scenario
from uncertainty.study.sources import is_derived, origins, plain_text, second_hand, witnesses
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from uncertainty.expressions import Graph
    from uncertainty.sampling.statistics import Draws, Estimate
    from uncertainty.study.model import Figure, Input, Study
    from uncertainty.study.scenario import Scenario

Status = Literal["reproduced", "rounding", "differs", "undecided", "unpublished"]


@record(
    "point",
    "published",
    "unit",
    "status",
    "digits?",
    "published_statistic=figure.statistic",
    "published_level?=figure.level",
    "estimate?",
    "explained_by?",
    "also?",
)
@dataclass(frozen=True, slots=True)
class Reproduction:
    """One output's point beside the figure that was printed for it, both in the output's unit.

    Parameters
    ----------
    point, published
        The point, and the figure that was printed; None where nothing was.
    digits, unit
        Significant digits of the figure, and the unit of both.
    status
        ``"reproduced"`` if the point rounds to the figure at its digits; ``"rounding"`` if it does so only
        when exactly one published quantity that it depends on is used as printed; else ``"differs"``, or
        ``"unpublished"`` where there is no figure. Of a figure that is not at the points, ``"reproduced"`` if
        the draws give it within their Monte Carlo error, ``"undecided"`` where they do not and that error is
        unknown.
    explained_by
        For ``"rounding"``, the outputs that do it when used as printed.
    figure
        What was printed.
    estimate
        The same of the draws, with its Monte Carlo error, where the figure is not one at the points.
    also
        The output's other figures.
    """

    output: str
    point: float
    published: float | None
    digits: int | None
    unit: str
    status: Status
    explained_by: tuple[str, ...] = ()
    figure: Figure | None = None
    estimate: Estimate | None = None
    also: tuple[Reproduction, ...] = ()

    @property
    def every(self) -> tuple[Reproduction, ...]:
        """The figure and the output's others."""
        return (self, *self.also)


@record("**figure", "note?")
class NotedFigure(NamedTuple):
    """A published figure beside its point, and what the study notes on it.

    Parameters
    ----------
    note
        What the study notes on it.
    """

    figure: Reproduction
    note: str | None


@record("figures=noted", "readings", "distant_points", "at_medians", "unsupported", "evidence", "curve_ends")
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
        Inputs whose point lies outside the central 98 % of their own distribution, with its percentile;
        members of an index have none.
    unsupported
        Inputs whose distribution has no basis or no source.
    evidence
        Inputs whose distribution rests on little: by ``"none"`` (no source at all), ``"one_source"`` and
        ``"second_hand"`` (every source is known through another alone). Sources are told apart by their keys
        and addresses; what is known through another counts as that other.
    at_medians
        By reading that expects figures, the inputs that these depend on and for which it gives a distribution
        without a point: their medians, at which the figures are judged.
    settings
        By which draws were made for figures that are not at the points, and for curves; None where there are
        none.
    curve_ends
        By formula that looks up a curve beyond its ends, in how many draws it does so.
    """

    study: Study
    figures: Mapping[str, Reproduction]
    readings: Mapping[str, Mapping[str, Reproduction]]
    distant_points: Mapping[str, float]
    unsupported: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, tuple[str, ...]]
    at_medians: Mapping[str, Mapping[str, float]]
    settings: Settings | None = None
    curve_ends: Mapping[str, CurveEnds] = field(default_factory=Frozen)

    __repr__ = brief

    @property
    def about(self) -> About | None:
        """By what draws were made for figures that are not at the points."""
        return None if self.settings is None else About(self.settings, scenario(self.study))

    @property
    def noted(self) -> Mapping[str, NotedFigure]:
        """By output, as published."""
        outputs, sources = self.study.outputs, self.study.sources
        return Frozen(
            {n: NotedFigure(row, plain_text(outputs[n].note, sources)) for n, row in self.figures.items()}
        )

    @property
    def derived(self) -> tuple[str, ...]:
        """The inputs that published figures follow from and that the study calls derived, by name."""
        return derived_inputs(self.study, [name for name, row in self.figures.items() if row.figure])

    @property
    def sound(self) -> bool:
        """Whether no published or expected figure differs."""
        rows = [*self.figures.values(), *(row for rows in self.readings.values() for row in rows.values())]
        return all(each.status != "differs" for row in rows for each in row.every)

    @property
    def table(self) -> Table:
        """Every figure, one row each: as published, and as each reading expects."""
        under = {AS_PUBLISHED: self.figures, **self.readings}
        rows = [
            {"reading": reading, "output": name, **row_of(row)}
            for reading, figures in under.items()
            for name, first in figures.items()
            for row in first.every
        ]
        named = {"study": self.study.name, "sha256": self.study.sha256}
        return Table.of_rows("figures", rows, about=named if self.about is None else about(self.about))

    _repr_html_ = view


def rounds_to(value: float, figure: Figure) -> bool:
    """Tell whether `value` rounds to a printed figure at the digits that it carries, a tie either way.

    After the decimal point it is the place of the last digit that counts: what is printed as 0.1 may be 0.06.
    """
    # a printed 0 has no first digit; its last one tells the place all the same
    first = math.floor(math.log10(abs(figure.value))) if figure.value else 0
    place = first + 1 - figure.digits
    if place < 0 or not figure.value:
        near = abs(value - figure.value) <= 0.5 * 10.0**place * (1 + 1e-12)
        if near or not figure.value:
            return near
    # a tie may come out on either side of itself; a thousandth of the last digit is no tie
    nudge = min(1e-12, 10.0 ** -(figure.digits + 3))
    candidates = (value * (1 - nudge), value, value * (1 + nudge))
    return any(_rounded(c, figure.digits) == figure.value for c in candidates)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def statistic_of(draws: Draws, figure: Figure, reference: float | None) -> Estimate:
    """Return of draws what a figure is that was published of a Monte Carlo.

    Parameters
    ----------
    reference
        The output's, at or above which the share of draws is a probability.
    """
    if figure.statistic in ("mean", "sd"):
        return draws.mean if figure.statistic == "mean" else draws.sd
    if figure.probability is not None:
        return draws.quantile(figure.probability)
    return draws.share_at_least(0.0 if reference is None else reference)


def compare_estimate(found: Estimate, figure: Figure) -> Status:
    """Tell whether any value within the error of a number from draws rounds to a printed figure.

    The 95 % interval of the Monte Carlo error is what counts. A number without one that does not round to the
    figure is undecided, unless it is one number because nothing varies.
    """
    reach = ERRORS_WIDE * (found.error or 0.0)
    low, high = found.bounds or (found.value - reach, found.value + reach)
    if rounds_to(min(max(figure.value, low), high), figure):
        return "reproduced"
    known = found.error is not None or found.bounds is not None or found.reason == UNVARYING
    return "differs" if known else "undecided"


@checked()
@budgeted
def reproduce(
    study: Study,
    *,
    settings: Settings | None = None,
    threads: int | None = None,
    cache: str | Path | None = None,
) -> Reproductions:
    """Compare a study with every figure that was published, or that a reading expects.

    Parameters
    ----------
    settings
        How to draw for figures that are not at the points; the readings are the study's own, without choices
        and overrides.
    threads
        Threads to draw with; never changes a number.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.

    Raises
    ------
    NonFiniteError
        If there are figures of draws, and the draws have no finite values.
    """
    asked = replace(
        settings or Settings(), choices=Frozen(), overrides=Frozen(), until=None, max_samples=None
    )
    study = keeping(study, cache)
    asked = apart(asked, _runs(study))
    published = scenario(study)
    graph = None if study.function is not None else scenario_graph(at_points(published), list(study.outputs))
    printed = {name: output.published for name, output in study.outputs.items()}
    figures = _compared(published, printed, graph, asked, threads)
    readings, at_medians = {}, {}
    for name, reading in study.readings.items():
        if reading.expect:
            plan = scenario(study, name)
            reaching = frozenset().union(*dependencies(plan, list(reading.expect)).values())
            medians = {each: plan.points[each] for each in plan.at_medians if each in reaching}
            if medians:
                at_medians[name] = Frozen(medians)
            readings[name] = _compared(plan, reading.expect, None, asked, threads)
    drawn = any(
        row.estimate for rows in (figures, *readings.values()) for each in rows.values() for row in each.every
    )
    ends = curve_ends(study, asked, threads)
    return Reproductions(
        study,
        figures,
        Frozen(readings),
        Frozen(_distant_points(published)),
        Frozen(_unsupported(study)),
        Frozen(_evidence(study)),
        Frozen(at_medians),
        asked if drawn or ends else None,
        ends,
    )


def derived_inputs(study: Study, outputs: Sequence[str]) -> tuple[str, ...]:
    """Return the inputs that outputs depend on as published and that the study calls derived, by name.

    A figure that such a point was calculated back from follows from it whatever the rest is.
    """
    plan = at_points(scenario(study))
    reaching: set[str] = set().union(*dependencies(plan, list(outputs)).values())
    waiting = list(reaching)
    while waiting:
        point = study.inputs[waiting.pop()].point
        found = set() if isinstance(point, float) else names(point) - reaching
        reaching |= found
        waiting += found
    return tuple(name for name, item in study.inputs.items() if name in reaching and is_derived(item.source))


def _runs(study: Study) -> int:
    """Return how many readings have figures that need draws."""
    published = {name: output.published for name, output in study.outputs.items()}
    every = [published, *(reading.expect for reading in study.readings.values())]
    return sum(
        any(each and not all(f.at_points for f in each.every) for each in figures.values())
        for figures in every
    )


def _compared(
    plan: Scenario,
    figures: Mapping[str, Figure | None],
    graph: Graph | None,
    settings: Settings,
    threads: int | None,
) -> Mapping[str, Reproduction]:
    """Compare the figures of a scenario's outputs with their points and, where they need them, draws."""
    points = evaluate_at_points(plan, list(figures))
    wanted = [name for name, each in figures.items() if each and not all(f.at_points for f in each.every)]
    draws = {}
    if wanted:
        from uncertainty.propagation import propagate

        run = propagate(
            plan.study, outputs=wanted, threads=threads, settings=replace(settings, reading=plan.reading)
        )
        draws = {name: found.draws for name, found in run.outputs.items()}
    rows = {}
    for name, point in points.items():
        figure = figures[name]
        first, *others = [
            _compare(name, point, each, plan, graph, draws.get(name))
            for each in ((None,) if figure is None else figure.every)
        ]
        rows[name] = replace(first, also=tuple(others))
    return Frozen(rows)


def _compare(
    name: str,
    point: float,
    figure: Figure | None,
    plan: Scenario,
    graph: Graph | None,
    draws: Draws | None,
) -> Reproduction:
    output = plan.study.outputs[name]
    if figure is None:
        return Reproduction(name, point, None, None, output.unit.text, "unpublished")
    estimate: Estimate | None = None
    explained: tuple[str, ...] = ()
    if figure.at_points or draws is None:
        status: Status = "reproduced" if rounds_to(point, figure) else "differs"
        if status == "differs" and graph is not None:
            explained = _explained_by_rounding(name, figure, plan, graph)
            status = "rounding" if explained else status
    else:
        estimate = statistic_of(draws, figure, output.reference)
        status = compare_estimate(estimate, figure)
    unit = "1" if figure.statistic == "probability" else output.unit.text
    return Reproduction(name, point, figure.value, figure.digits, unit, status, explained, figure, estimate)


def _explained_by_rounding(name: str, figure: Figure, plan: Scenario, graph: Graph) -> tuple[str, ...]:
    """Find the published outputs that make `name` reproduce when one of them is used as printed."""
    own = graph.node_of(base_quantity(name))
    explained = []
    for other, output in plan.study.outputs.items():
        if output.figure_at_points is None:
            continue
        node = graph.node_of(base_quantity(other))
        if node == own or not graph.depends_on(name, node):
            continue
        try:
            printed = graph.replace(node, output.figure_at_points.value * output.unit.factor)
            found = _evaluate(printed, name, plan)
        except InvalidValue:  # a figure printed as 0 may leave nothing to divide by
            continue
        if rounds_to(found, figure):
            explained.append(other)
    return tuple(explained)


def _evaluate(graph: Graph, output: str, plan: Scenario) -> float:
    plan = at_points(plan)
    points = {graph_input(plan, name): value for name, value in plan.points.items()}
    value = np.empty((1, 1))
    compile_tape(graph, [output], (), points).run(np.empty((0, 1)), value)
    return float(value[0, 0])


def _distant_points(plan: Scenario) -> dict[str, float]:
    distant = {}
    for name in (name for name in plan.varying if plan.study.inputs[name].member_of is None):
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
            if not getattr(item, key) and not (key == "source" and (item.evidence or item.experts))
        )
        if lacking:
            missing[item.name] = lacking
    return missing


def _varying(study: Study) -> list[Input]:
    found = study.inputs.values()
    return [item for item in found if item.distribution is not None and not item.distribution.is_constant]


def _evidence(study: Study) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {"none": [], "one_source": [], "second_hand": []}
    known = witnesses(study.sources)
    for item in _varying(study):
        texts = item.source_texts
        rests_on = origins([item.source], known, texts[bool(item.source) :])
        if len(rests_on) < 2:
            found["one_source" if rests_on else "none"].append(item.name)
        if texts and all(second_hand(text, study.sources) for text in texts):
            found["second_hand"].append(item.name)
    return {kind: tuple(names) for kind, names in found.items()}
