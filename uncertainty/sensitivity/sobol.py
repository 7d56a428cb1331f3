"""Sobol' indices from replicated randomisations: SALib's estimators, and intervals that mean what they say.

Each replicate is an independent randomisation of a cross-matrix design (Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018): two matrices A and B of inputs, and for each input the matrix A with that
input's column from B. Replicates are added until every index is known well enough or the budget ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from uncertainty.compiled import check_outputs, dependencies
from uncertainty.errors import SettingError, suggestion
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.engine import make_engine
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.crossmatrix import CrossMatrix, make_cross_matrix
from uncertainty.sensitivity.estimators import Sums, estimate
from uncertainty.sensitivity.exchange import Exchanges, plan_exchanges
from uncertainty.sensitivity.measures import Failures, Measures, make_measures
from uncertainty.sensitivity.parts import exchanged_parts
from uncertainty.sensitivity.pilot import run_pilot
from uncertainty.sensitivity.replicates import sum_batches
from uncertainty.sensitivity.results import Index, OutputIndices, SobolIndices
from uncertainty.sensitivity.summary import answer, output_indices, widest
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.sampling.engine import Span
    from uncertainty.sensitivity.estimators import Estimates
    from uncertainty.settings import Progress
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario

__all__ = ["SAMPLES", "TOLERANCE", "Index", "OutputIndices", "SobolIndices", "sobol"]

SAMPLES = 2**16
"""Base points that may be used: each costs one model run for A, one for B and one for every set of inputs."""

TOLERANCE = 0.01

"""Half-width that every index is to reach."""

GROWTH = 1.5
"""Factor between the numbers of replicates after which the intervals are looked at."""

SPAN_BATCHES = 4
"""Batches that a worker takes at a time, at most."""


def sobol(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    tolerance: float = TOLERANCE,
    second_order: bool = False,
    by: str = "set",
    scale: Scale | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> SobolIndices:
    """Estimate first-order and total Sobol' indices of every input, group and kind.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    output
        Name or names of the outputs wanted; all of them by default.
    tolerance
        Replicates are added until every interval reaches at most this far to either side, or `samples` base
        points are used; 0 uses them all.
    second_order
        Also estimate the index of every pair of inputs, for nearly twice the model runs.
    by
        ``"set"`` takes correlated inputs as one; ``"input"`` insists on single inputs.
    scale
        ``"linear"`` or ``"log10"`` for every output; by default each output's declared scale, with the linear
        one beside a log10 one.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called after each span of replicates with the base points done and the most there may be.
    settings
        What to run; or give the fields of `Settings` as keywords. `samples` is the budget of base points.

    Raises
    ------
    SettingError
        If a setting or an output's name is wrong, nothing varies, or single inputs are asked for where
        inputs are correlated.
    NonFiniteError
        If an output is infinite or undefined for some draws, or not positive on a log10 scale.

    References
    ----------
    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Jansen 1999, doi:10.1016/S0010-4655(98)00154-4.
    """
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    _check(tolerance, scale)
    wanted = (output,) if isinstance(output, str) else tuple(dict.fromkeys(output or study.outputs))
    check_outputs(study, wanted)
    plan = scenario(study, settings.reading, settings.choices, settings.overrides)
    if not plan.varying:
        raise SettingError("no input varies: there is nothing to attribute")
    problem = prepare(plan, wanted, settings, scale, by, second_order=second_order)
    sums = _add_until_known(problem, tolerance, settings.level, threads, progress)
    return _result(problem, sums, settings, tolerance)


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

    def estimate(self, sums: Sums) -> Estimates:
        """Estimate the indices from the sums of some replicates."""
        keys = list(self.exchanges.inputs)
        # in the order of their names, so that the order of the inputs changes no bit
        singles = sorted(range(len(keys)), key=keys.__getitem__)
        idle = len(self.plan.varying) - sum(map(len, self.exchanges.inputs.values()))
        return estimate(sums, singles, len(keys) + idle)


def _check(tolerance: float, scale: str | None) -> None:
    if not 0 <= tolerance < 1:
        raise SettingError(f"tolerance: expected at least 0 and below 1, found {tolerance:g}")
    if scale not in (None, "linear", "log10"):
        raise SettingError(f'scale: unknown scale "{scale}"{suggestion(scale, ("linear", "log10"))}')


def prepare(
    plan: Scenario,
    wanted: tuple[str, ...],
    settings: Settings,
    scale: Scale | None,
    by: str,
    *,
    second_order: bool,
) -> Problem:
    reaching = dependencies(plan, wanted)
    exchanges = plan_exchanges(plan, frozenset().union(*reaching.values()), by)
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design)
    parts = exchanged_parts(plan, simulation, exchanges.members, reaching)
    pilot = run_pilot(plan, settings.seed)
    order = pilot.ranked({name: declared.scale for name, declared in plan.study.outputs.items()})
    # what every exchange moves is kept until the pairs are summed, so few rows are held at once
    matrix = make_cross_matrix(
        simulation, parts, order, settings.samples, settings.seed, settings.design, one_by_one=second_order
    )
    scales = [scale or plan.study.outputs[name].scale for name in wanted]
    beside = [] if scale else [k for k, declared in enumerate(scales) if declared == "log10"]
    linear: list[Scale] = ["linear"] * len(beside)
    measures = make_measures(wanted, [*range(len(wanted)), *beside], [*scales, *linear], pilot)
    return Problem(plan, exchanges, matrix, measures, len(wanted), reaching, second_order)


def _add_until_known(
    problem: Problem, tolerance: float, level: float, threads: int | None, progress: Progress | None
) -> Sums:
    """Add replicates until every index that was asked for is within the tolerance, or there are no more."""
    matrix = problem.matrix
    engine = make_engine(threads)
    parts: list[Sums] = []
    failures = Failures(matrix.simulation)
    replicates = 0
    for spans in _stages(matrix, once=tolerance == 0):
        for sums, failed in engine.map(partial(sum_batches, matrix, problem.measures, problem.pairs), spans):
            parts.append(sums)
            failures.merge(failed)
            replicates += sums.replicates
            if progress is not None:
                progress(replicates * matrix.replicate_rows, matrix.design.samples)
        runs = replicates * matrix.replicate_rows * problem.runs_per_point
        failures.raise_if_any(runs, problem.reaching, problem.plan.study.file)
        joined = Sums.joined(parts)
        parts = [joined]
        if tolerance and widest(answer(problem, joined, level)).half_width <= tolerance:
            break
    return joined


def _stages(matrix: CrossMatrix, *, once: bool) -> Iterator[list[Span]]:
    """Yield the batches to add, as spans, each time before the intervals are looked at."""
    batches = matrix.batches
    replicates, done = FEWEST_REPLICATES, 0
    while done < batches:
        goal = batches if once else min(batches, -(-replicates // matrix.batch))
        if goal > done:
            size = min(SPAN_BATCHES, max(1, (goal - done) // 4))
            yield [(first, min(first + size, goal)) for first in range(done, goal, size)]
        done, replicates = goal, math.ceil(GROWTH * replicates)


def _result(problem: Problem, sums: Sums, settings: Settings, tolerance: float) -> SobolIndices:
    matrix = problem.matrix
    used = sums.replicates * matrix.replicate_rows
    found = answer(problem, sums, settings.level)
    names = matrix.simulation.model.outputs
    outputs = {name: output_indices(found, position) for position, name in enumerate(names)}
    least_known = widest(found)
    return SobolIndices(
        study=problem.plan.study,
        scenario=problem.plan,
        settings=replace(settings, samples=used),
        replicates=sums.replicates,
        model_rows=used * problem.runs_per_point,
        outputs=MappingProxyType(outputs),
        tolerance=tolerance,
        budget=matrix.design.samples,
        widest=least_known.half_width,
        widest_of=(least_known.output, least_known.key),
        correlated=problem.exchanges.correlated,
    )
