"""Outputs that speak of an average over cases, or of the median case: which they are, and their model."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import (
    check_unweighed,
    function_model,
    graph_input,
    is_nested,
    refusing,
    scenario_graph,
)
from uncertainty.distributions import parse_distribution
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.expressions.stages import compile_program, make_stage
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.case_model import VERSIONS, CaseFunction, CaseModel, Measure
from uncertainty.sampling.cases import SCRAMBLES, make_cases, other_cases
from uncertainty.sampling.moments import power_of_two
from uncertainty.sampling.other_nets import widenings
from uncertainty.sampling.rarity import rarity
from uncertainty.sampling.simulation import few_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.cases import Cases
    from uncertainty.study.model import Output
    from uncertainty.study.scenario import Scenario


FEWEST_CASES = 8 * SCRAMBLES
"""Cases that a net has at least."""

FEWEST_DRAWS = 2**10
"""Draws of what nobody knows that an analysis takes at least, if it was asked for as many rows."""

MOST_CASES = 2**10
"""Cases that a net has at most where an analysis asks again and again."""

MOST_RARE_CASES = 2**15
"""The same where an average rests on rare cases."""

TOLERANCE = 0.025
"""What such a net may get wrong, in standard deviations of what nobody knows."""

ROUGH = 0.05
"""The same of functions, each row of which may be dear."""

PILOT_DRAWS = 64
"""Draws that tell how much of the error is the net's."""

ANOTHER_NET = 2**20
"""Number of the net that tells how many cases are enough: another one than is used, lest it agree by luck."""

PILOT_NETS = 16
"""Nets whose differences tell how many cases are enough where rows cost next to nothing: one alone may get
right by luck what others get wrong, such as an event that few cases have."""

FEW_NETS = 8
"""The same where each row may be dear: of fewer draws each, so that all together take as many rows as one."""

NET_PILOT = PILOT_DRAWS * FEWEST_CASES
"""Model rows that it takes to see what a net gets wrong."""


def own_measure(output: Output) -> Measure:
    """Return what an output's own numbers are over the cases."""
    return (
        Measure(output.name, "quantile", 0.5) if output.over == "median" else Measure(output.name, "average")
    )


def over_unknown(
    plan: Scenario, outputs: Sequence[str], seed: int, like: Scenario | None = None, least: int = FEWEST_CASES
) -> Scenario:
    """Return the scenario in which outputs are studied over what nobody knows, if they speak of all cases.

    What differs from case to case no longer varies: it is averaged over, by a net that the program chooses.

    Parameters
    ----------
    like
        Another scenario of the study whose net has as many cases; by default the program chooses.
    least
        Cases that it chooses at least, of a model whose rows cost next to nothing.

    Raises
    ------
    SettingError
        If some of the outputs speak of single cases, or an average rests on too few cases.
    """
    check_unweighed(plan)
    nested = [name for name in outputs if is_nested(plan, name)]
    if not nested:
        return plan
    others = [name for name in outputs if name not in nested]
    if others:
        raise SettingError(
            f'output: "{nested[0]}" speaks of all cases together and "{others[0]}" of single ones; '
            "ask for them apart"
        )
    model = make_case_model(plan, [own_measure(plan.study.outputs[name]) for name in nested])
    chosen = None if like is None or like.nested is None else like.nested.size
    size = chosen or _meeting_rare(plan, model, enough_cases(plan, model, seed, least), seed)
    found = NestedOutputs(plan, make_cases(plan, size, seed), model, seed)
    fixed = {name: parse_distribution(plan.points[name]) for name in found.different}
    return replace(
        plan,
        distributions=Frozen({name: fixed.get(name, d) for name, d in plan.distributions.items()}),
        nested=found,
    )


def _meeting_rare(plan: Scenario, model: CaseModel | CaseFunction, size: int, seed: int) -> int:
    """Return how many cases, at least so many, meet what is rare in the averages."""
    rare = rarity(plan, model, seed)
    if without := rare.without:
        file = plan.study.file
        raise NonFiniteError(*(Fault(said, f"outputs.{name}", file) for name, said in without.items()))
    while (unmet := rare.met(size)) is not None:
        size = max(unmet.cases, 2 * size)
        if size > MOST_RARE_CASES:
            raise SettingError(
                f"samples: {unmet.said}, and an analysis that asks again and again takes "
                f"{MOST_RARE_CASES:,} at most"
            )
    return size


@dataclass(frozen=True, eq=False, slots=True)
class NestedOutputs:
    """Outputs over all cases, as functions of what nobody knows.

    Parameters
    ----------
    plan
        In which what differs varies.
    compiled
        The outputs that were asked for, over all that is unknown.
    seed
        Of the nets.
    """

    plan: Scenario
    cases: Cases
    compiled: CaseModel | CaseFunction
    seed: int

    @property
    def size(self) -> int:
        """Number of cases."""
        return self.cases.size

    @property
    def different(self) -> tuple[str, ...]:
        """Names of the inputs that differ from case to case."""
        return self.cases.different

    def bound(self, inputs: frozenset[str]) -> frozenset[str]:
        """Return the unknowns that some inputs that differ are correlated with."""
        link = self.cases.link
        if link is None or inputs.isdisjoint(self.cases.linked):
            return frozenset()
        return frozenset(self.cases.unknown[row] for row in link.unknowns)

    def model(self, outputs: Sequence[str], columns: Sequence[str]) -> CaseModel | CaseFunction:
        """Return the model over columns of unknowns."""
        measures = tuple(own_measure(self.plan.study.outputs[name]) for name in outputs)
        if measures == self.compiled.measures and tuple(columns) == self.cases.unknown:
            return self.compiled.on(self.cases)
        return make_case_model(self.plan, measures, columns).on(self.cases.over(columns))

    def wider(self, output: str, size: int) -> float:
        """Return by what factor scrambles of a net differ more in an output than these few of them tell."""
        found = widenings(self.plan, self.compiled, size, self.seed)
        return found.get(Measure(output, "average"), 1.0)

    def on_net(
        self, models: Sequence[CaseModel | CaseFunction], number: int
    ) -> list[CaseModel | CaseFunction]:
        """Return such models on another net of as many cases, by its number.

        Where each replicate of a design has a net of its own, what nets get wrong is among the differences
        between replicates, and with them becomes less.
        """
        cases = other_cases(self.plan, self.size, self.seed, number)
        return [model.on(cases.over(model.cases.unknown)) for model in models]


def outer_samples(plans: Sequence[Scenario], samples: int) -> int:
    """Return how many draws of what nobody knows some model rows are, as far as each has its cases."""
    sizes = [plan.nested.size for plan in plans if plan.nested is not None]
    return max(samples // max(sizes), min(samples, FEWEST_DRAWS)) if sizes else samples


def enough_cases(
    plan: Scenario, model: CaseModel | CaseFunction, seed: int, least: int = FEWEST_CASES
) -> int:
    """Return the cases at which what the net gets wrong is little beside what nobody knows.

    Parameters
    ----------
    least
        Cases at least, of a model whose rows cost next to nothing.
    """
    if isinstance(model, CaseModel) and model.meter is None:
        size = least
        while size < MOST_CASES and _differing(plan, model, seed, size) > TOLERANCE:
            size *= 2
        return size
    # few rows tell, and what a net gets wrong is taken to fall with the square root of the cases
    differing = _differing(plan, model, seed, FEWEST_CASES, FEW_NETS, PILOT_DRAWS // FEW_NETS)
    most = FEWEST_CASES * max((differing / ROUGH) ** 2, 1.0)
    return 1 << math.ceil(math.log2(min(most, MOST_CASES)))


def _differing(
    plan: Scenario,
    model: CaseModel | CaseFunction,
    seed: int,
    size: int,
    count: int = PILOT_NETS,
    draws: int = PILOT_DRAWS,
) -> float:
    """Return the most that nets differ in an output, in standard deviations of what nobody knows."""
    nets = [other_cases(plan, size, seed, ANOTHER_NET + each) for each in range(count)]
    found = np.array([_few_drawn(plan, model.on(cases), seed, draws) for cases in nets])
    units = power_of_two(np.abs(found).max(axis=(0, 2)))
    with np.errstate(all="ignore"):
        found = found / units[:, None]
        of_nets = np.sqrt(found.var(axis=0, ddof=1).mean(axis=1))
        # infinite where nothing that nobody knows moves it: then no number of cases is too many
        missed = of_nets / found.std(axis=2, ddof=1).mean(axis=0)
    return float(np.max(missed[~np.isnan(missed)], initial=0.0))


def net_errors(
    plan: Scenario, model: CaseModel | CaseFunction, seed: int, pairs: Sequence[tuple[int, int]] = ()
) -> tuple[FloatArray, FloatArray]:
    """Return, from few draws and the fewest cases, what a net gets wrong and how far the draws spread.

    Parameters
    ----------
    pairs
        Two measures each, of whose differences it is returned, too.

    Returns
    -------
    tuple
        Standard errors and standard deviations, shape (measures and pairs,) each.
    """
    return _net_errors(plan, model, seed, make_cases(plan, FEWEST_CASES, seed), pairs)


def _net_errors(
    plan: Scenario,
    model: CaseModel | CaseFunction,
    seed: int,
    cases: Cases,
    pairs: Sequence[tuple[int, int]] = (),
) -> tuple[FloatArray, FloatArray]:
    found = _few_drawn(plan, model.on(cases, VERSIONS), seed).reshape(-1, VERSIONS, PILOT_DRAWS)
    found = np.array([*found, *(found[one] - found[other] for one, other in pairs)])
    units = power_of_two(np.abs(found).max(axis=(1, 2)))
    with np.errstate(all="ignore"):
        found = found / units[:, None, None]
        parts = SCRAMBLES * found[:, :1] - (SCRAMBLES - 1) * found[:, 1:]
        errors = np.sqrt(parts.var(axis=1, ddof=1).mean(axis=1) / SCRAMBLES)
        return units * errors, units * found[:, 0].std(axis=1, ddof=1)


def _few_drawn(
    plan: Scenario, model: CaseModel | CaseFunction, seed: int, draws: int = PILOT_DRAWS
) -> FloatArray:
    """Return outputs of a model for few draws of what nobody knows, shape (outputs, draws)."""
    few = few_unknown(plan, draws, seed)
    drawn = np.empty((len(model.outputs), draws))
    model.run(few, drawn)
    return drawn


def make_case_model(
    plan: Scenario, measures: Sequence[Measure], columns: Sequence[str] | None = None
) -> CaseModel | CaseFunction:
    """Compile statistics of the cases, on no cases yet: `on` says on which.

    Parameters
    ----------
    columns
        Inputs that nobody knows and that have a column each; by default those that vary.

    Raises
    ------
    NonFiniteError
        If constant inputs meet in something that is infinite or undefined.
    """
    cases = make_cases(plan, SCRAMBLES, 0)
    cases = cases if columns is None else cases.over(columns)
    if plan.study.function is not None:
        return _of_function(plan, tuple(measures), cases)
    names = list(dict.fromkeys(measure.output for measure in measures))
    graph = scenario_graph(plan, names)
    unknown, different, linked = (
        [graph_input(plan, name) for name in group]
        for group in (cases.unknown, cases.different, cases.linked)
    )
    constants = {graph_input(plan, name): value for name, value in _constants(plan, cases).items()}
    average = [measure.output for measure in measures if measure.statistic == "average"]
    single = list(dict.fromkeys(m.output for m in measures if m.statistic != "average"))
    with refusing(plan, names):
        program = compile_program(graph, average, unknown, different, linked, constants)
        singles = None
        if single:
            nodes = [graph.outputs[name] for name in single]
            singles = make_stage(graph, nodes, unknown, different, linked, constants, len(unknown))
    return CaseModel(
        measures=tuple(measures),
        cases=cases,
        averages=program,
        singles=singles,
        others=tuple(single.index(m.output) for m in measures if m.statistic != "average"),
        meter=plan.study.meter,
    )


def _constants(plan: Scenario, cases: Cases) -> dict[str, float]:
    # what varies without a column reaches nothing, and its mean may be costly
    varying = {*cases.unknown, *cases.different}
    return {
        name: d.mean if d.is_constant else plan.points[name]
        for name, d in plan.distributions.items()
        if name not in varying
    }


def _of_function(plan: Scenario, measures: tuple[Measure, ...], cases: Cases) -> CaseFunction:
    names = list(dict.fromkeys(measure.output for measure in measures))
    every = (*cases.unknown, *cases.different)
    model = function_model(plan, names, every, _constants(plan, cases))
    rows = tuple(model.outputs.index(measure.output) for measure in measures)
    return CaseFunction(measures, cases, model, np.empty((0, 0)), rows)
