"""Monte Carlo propagation: the distribution of every output, beside the point that was published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.compiled import check_outputs, dependencies, evaluate_at_points
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.engine import make_engine, spans
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws, Estimate, IntervalKind
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.engine import Span
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.settings import Progress
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario


@dataclass(frozen=True, eq=False)
class OutputDistribution:
    """What is known about one output, in the output's unit.

    Parameters
    ----------
    point
        The calculation at the scenario's points.
    draws
        Its draws, shape (samples,).
    level, kind
        The coverage interval that `interval` gives unless told otherwise.
    """

    output: Output
    point: float
    draws: Draws
    level: float
    kind: IntervalKind

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,)."""
        return self.draws.values

    @cached_property
    def mean(self) -> float:
        """Mean of the draws."""
        return self.draws.mean.value

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the draws."""
        return self.draws.sd.value

    @cached_property
    def median(self) -> float:
        """Median of the draws."""
        return self.draws.quantile(0.5).value

    def quantile(self, probability: float) -> float:
        """Return the quantile at a probability between 0 and 1."""
        return self.draws.quantile(probability).value

    def interval(self, level: float | None = None, kind: IntervalKind | None = None) -> tuple[float, float]:
        """Return the low and high end of the coverage interval."""
        low, high = self.draws.interval(level or self.level, kind or self.kind)
        return low.value, high.value

    def probability_at_least(self, threshold: float) -> float:
        """Return the share of draws at or above `threshold`."""
        return self.draws.share_at_least(threshold).value

    @cached_property
    def summary(self) -> Mapping[str, Estimate]:
        """Every reported number with its Monte Carlo error, by the name it has in the JSON document."""
        low, high = self.draws.interval(self.level, self.kind)
        found = {
            "mean": self.draws.mean,
            "sd": self.draws.sd,
            "median": self.draws.quantile(0.5),
            "low": low,
            "high": high,
        }
        geometric_sd = self.draws.geometric_sd if self.output.scale == "log10" else None
        if geometric_sd is not None:
            found["geometric_sd"] = geometric_sd
        if self.output.published is not None:
            published = self.output.published.value
            below = self.draws.share_below(published)
            percent = None if below.error is None else 100 * below.error
            found["published_percentile"] = Estimate(100 * below.value, percent, below.reason)
            found["probability_at_least_published"] = self.draws.share_at_least(published)
        if self.output.reference is not None:
            found["probability_at_least_reference"] = self.draws.share_at_least(self.output.reference)
        return MappingProxyType(found)


@dataclass(frozen=True, eq=False)
class Propagation:
    """The distributions of a study's outputs under one scenario.

    Parameters
    ----------
    settings
        With `samples` as rounded up by the design.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    outputs: Mapping[str, OutputDistribution]

    @property
    def headline(self) -> OutputDistribution | None:
        """The headline's distribution, if it was asked for."""
        return self.outputs.get(self.study.headline)


def propagate(
    study: Study,
    *,
    outputs: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> Propagation:
    """Propagate the distributions of a study's inputs to its outputs.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    outputs
        Names of the outputs wanted; all of them by default. Which are asked for never changes a draw.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called after each span of blocks with the rows done and the rows there are.
    settings
        What to run; or give the fields of `Settings` as keywords (samples, seed, design, level,
        interval, reading, choices, overrides).

    Raises
    ------
    SettingError
        If a setting or an output's name is wrong.
    StudyError
        If an option or override is wrong.
    NonFiniteError
        If an output is infinite or undefined for some draws.

    References
    ----------
    JCGM 101:2008, Propagation of distributions using a Monte Carlo method.
    """
    settings = replace(settings or Settings(), **options)
    wanted = tuple(outputs or study.outputs)
    check_outputs(study, wanted)
    plan = scenario(study, settings.reading, settings.choices, settings.overrides)
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design)
    draws = _draw(simulation, plan, threads, progress)
    points = evaluate_at_points(plan, wanted)
    design = simulation.design
    return Propagation(
        study=study,
        scenario=plan,
        settings=replace(settings, samples=design.samples),
        outputs=MappingProxyType(
            {
                name: OutputDistribution(
                    study.outputs[name],
                    points[name],
                    Draws(row, design.replicate_rows),
                    settings.level,
                    settings.interval,
                )
                for name, row in zip(wanted, draws, strict=True)
            }
        ),
    )


def _draw(
    simulation: Simulation, plan: Scenario, threads: int | None, progress: Progress | None
) -> FloatArray:
    """Return the draws of every output, shape (outputs, samples)."""
    design = simulation.design
    drawn = np.empty((len(simulation.model.outputs), design.samples))
    failed = FailedRows(simulation.inputs, simulation.model.outputs)
    done = 0
    for start, stop, found in make_engine(threads).map(
        partial(_draw_span, simulation, drawn), spans(blocks(design))
    ):
        failed.merge(found)
        done += stop - start
        if progress is not None:
            progress(done, design.samples)
    failed.raise_if_any(design.samples, dependencies(plan, simulation.model.outputs), plan.study.file)
    drawn.flags.writeable = False
    return drawn


def _draw_span(simulation: Simulation, drawn: FloatArray, span: Span) -> tuple[int, int, FailedRows]:
    """Write the outputs of a span of blocks into their columns of `drawn`."""
    failed = FailedRows(simulation.inputs, simulation.model.outputs)
    start = stop = span[0] * simulation.design.block_rows
    for inputs, outputs in simulation.blocks(*span):
        stop += outputs.shape[1]
        drawn[:, stop - outputs.shape[1] : stop] = outputs
        failed.look_at(inputs, outputs)
    return start, stop, failed
