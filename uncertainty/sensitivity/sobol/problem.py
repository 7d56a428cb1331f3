"""What a Sobol' analysis estimates and from which design, after a few random draws that tell sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import dependencies
from uncertainty.sampling.simulation import few_inputs, simulate
from uncertainty.sensitivity.measures import Measures, make_measures
from uncertainty.sensitivity.sobol.design import CrossMatrix, exchanged_parts, make_cross_matrix
from uncertainty.sensitivity.sobol.estimators import Sums, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.sobol.design import Exchanges
    from uncertainty.sensitivity.sobol.estimators import Estimates
    from uncertainty.settings import Settings
    from uncertainty.study.model import Scale
    from uncertainty.study.scenario import Scenario


ROWS = 2**10

BINS = 2**4
"""Equally full bins of an input; what lies between them is its share of an output's variance."""


@dataclass(frozen=True, eq=False, slots=True)
class Pilot:
    """The pilot's draws.

    Parameters
    ----------
    names, inputs
        The inputs, and their values, shape (inputs, rows).
    outputs, values
        Every output of the study, and their values, shape (outputs, rows).
    rounding
        Bound on the rounding error of each value, shape (outputs, rows).
    """

    names: tuple[str, ...]
    inputs: FloatArray
    outputs: tuple[str, ...]
    values: FloatArray
    rounding: FloatArray

    def on_scale(self, output: str, scale: Scale) -> FloatArray:
        """Return an output's values or their logarithms, shape (rows,), with nan for what is not finite."""
        values = self.values[self.outputs.index(output)]
        with np.errstate(all="ignore"):
            values = np.log10(values) if scale == "log10" else values
        return np.where(np.isfinite(values), values, np.nan)

    def ranked(self, scales: dict[str, Scale]) -> tuple[str, ...]:
        """Return the inputs, first those that explain most of all outputs on the given scales together."""
        standard = np.array([_standardised(self.on_scale(name, scale)) for name, scale in scales.items()])
        moved = {}
        for name, values in zip(self.names, self.inputs, strict=True):
            order = np.argsort(values, kind="stable")
            bins = standard[:, order].reshape(len(standard), BINS, -1).mean(axis=2)
            moved[name] = float((bins**2).sum())
        return tuple(sorted(self.names, key=lambda name: (-moved[name], name)))


def run_pilot(plan: Scenario, seed: int) -> Pilot:
    """Evaluate every output of a scenario's study at a few random draws."""
    outputs = tuple(plan.study.outputs)
    simulation = simulate(plan, outputs, ROWS, seed, "random", single=True)
    inputs = few_inputs(simulation, ROWS, seed)
    values = np.empty((len(outputs), ROWS))
    simulation.model.run(inputs, values)
    return Pilot(simulation.inputs, inputs, outputs, values, simulation.model.rounding(inputs, values))


def _standardised(values: FloatArray) -> FloatArray:
    """Return values of mean 0 and sd 1, with 0 for what is missing."""
    sound = np.isfinite(values)
    largest = np.abs(values[sound]).max(initial=0.0)
    if largest == 0:
        return np.zeros_like(values)
    # values near the largest float must not overflow when squared
    values = values / largest
    spread = values[sound].std()
    return (
        np.where(sound, (values - values[sound].mean()) / spread, 0.0)
        if spread > 0
        else np.zeros_like(values)
    )


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
        # sets may overlap where their closed indices are asked for
        idle = len(self.plan.varying) - len(set().union(*self.exchanges.inputs.values()))
        return estimate(sums, singles, len(keys) + idle)


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
