"""What a Sobol' analysis estimates, and from which design."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty.budgets import affordable, parts_of
from uncertainty.compiled import dependencies
from uncertainty.late import dataclass
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.fast.compiler import compiles
from uncertainty.sampling.nesting import NET_PILOT
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.choices import nets_of
from uncertainty.sensitivity.measures import Measures, make_measures
from uncertainty.sensitivity.pilot import pilot_rows, rows_within, run_pilot
from uncertainty.sensitivity.sobol.design import (
    CrossMatrix,
    exchanged_parts,
    make_cross_matrix,
    replicate_rows,
)
from uncertainty.sensitivity.sobol.estimators import Sums, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.sensitivity.sobol.design import Exchanges
    from uncertainty.sensitivity.sobol.estimators import Estimates
    from uncertainty.settings import Settings
    from uncertainty.study.model import Scale
    from uncertainty.study.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Problem:
    """What is estimated, and from which design.

    Parameters
    ----------
    asked
        Number of measures, from the first, that were asked for; the others stand beside them.
    reaching
        For each output the inputs that it depends on.
    second_order
        Whether pairs are wanted.
    """

    plan: Scenario
    exchanges: Exchanges
    matrix: CrossMatrix
    measures: Measures
    asked: int
    reaching: Mapping[str, frozenset[str]]
    second_order: bool

    @property
    def pairs(self) -> int:
        """Number of exchanges, from the first, whose pairs are wanted."""
        return len(self.exchanges.inputs) if self.second_order else 0

    @property
    def runs_per_point(self) -> int:
        """Model runs that one base point takes."""
        return 2 + len(self.matrix.exchanges) + self.pairs

    def explains_all(self, position: int, output: str) -> bool:
        """Tell whether a group, or a kind, holds all that an output varies with: no estimate is needed."""
        members = self.exchanges.members[position]
        varying = self.reaching[output].intersection(self.plan.varying)
        return position >= len(self.exchanges.inputs) and varying.issubset(members)

    def estimate(self, sums: Sums) -> Estimates:
        """Estimate the indices from the sums of some replicates."""
        keys = list(self.exchanges.inputs)
        # in the order of their names, so that the order of the inputs changes no bit
        singles = sorted(range(len(keys)), key=keys.__getitem__)
        # sets may overlap where their closed indices are asked for
        idle = len(self.plan.varying) - len(set().union(*self.exchanges.inputs.values()))
        return estimate(sums, singles, len(keys) + idle)


def affordable_points(plan: Scenario, settings: Settings, what: str, each: int) -> Settings:
    """Return settings with as many base points, of some rows each, as the budget allows; see `affordable`."""
    if settings.budget is None:
        return settings
    cases = 1 if plan.nested is None else plan.nested.size
    # where runs without a value are dropped, a batch that has some is run again
    each *= cases * (2 if plan.study.nonfinite == "drop" else 1)
    spent = 0 if plan.nested is None else NET_PILOT
    enough = 0
    # a larger budget has a larger pilot, which it has to hold as well
    while (needed := FEWEST_REPLICATES * each + spent + rows_within(enough) * cases) > enough:
        enough = needed
    reserved, parts = spent + pilot_rows(plan) * cases, parts_of(plan.study, settings)
    found = affordable(settings, what, reserved=reserved, each=each, parts=parts, enough=enough)
    # whole replicates, so that nothing is rounded up beyond the budget
    return replace(found, samples=found.samples - found.samples % replicate_rows(found.samples))


def prepare(
    plan: Scenario,
    wanted: tuple[str, ...],
    settings: Settings,
    exchanges: Exchanges,
    *,
    scale: Scale | None = None,
    second_order: bool = False,
) -> Problem:
    """Prepare the analysis of some outputs.

    Parameters
    ----------
    exchanges
        What is exchanged.
    scale
        Of every output, instead of its declared scale with the linear one beside a log10 one.

    Raises
    ------
    SettingError
        If the design's settings are out of range.
    """
    reaching = dependencies(plan, wanted)
    pairs = len(exchanges.inputs) if second_order else 0
    settings = affordable_points(plan, settings, "Sobol' indices", 2 + len(exchanges.members) + pairs)
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design)
    if simulation.conditions is None:
        # of a table's thousands of inputs one output may need a few
        simulation = part_of(simulation, range(len(wanted))) or simulation
    # compiled loops count no rows, and know one net of cases alone
    counted = nets_of(plan) is not None or plan.study.meter is not None
    compiled = not counted and compiles(2 * len(simulation.inputs) * settings.samples)
    simulation = replace(simulation, compiled=compiled)
    parts = exchanged_parts(plan, simulation, exchanges.members, reaching)
    pilot = run_pilot(plan, settings.seed)
    order = pilot.ranked({name: declared.scale for name, declared in plan.study.outputs.items()})
    # what every exchange moves is kept until the pairs are summed, so few rows are held at once
    matrix = make_cross_matrix(
        simulation,
        parts,
        order,
        settings.samples,
        settings.seed,
        settings.design,
        one_by_one=second_order,
        nested=nets_of(plan),
    )
    scales = [scale or plan.study.outputs[name].scale for name in wanted]
    beside = [] if scale else [k for k, declared in enumerate(scales) if declared == "log10"]
    linear: list[Scale] = ["linear"] * len(beside)
    measures = make_measures(wanted, [*range(len(wanted)), *beside], [*scales, *linear], pilot)
    return Problem(plan, exchanges, matrix, measures, len(wanted), reaching, second_order)
