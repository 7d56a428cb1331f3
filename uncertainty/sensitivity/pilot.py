"""A few random draws made before a design: they tell the size of every output and which inputs move it.

Low-discrepancy points are most even in their first dimensions, and there even in pairs of dimensions, so the
inputs that matter most are to have those. The pilot looks at every output of the study and draws every input
from a stream of its own name: the design depends neither on which outputs are asked for nor on any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.simulation import few_inputs, simulate

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Scale
    from uncertainty.study.scenario import Scenario

ROWS = 2**10

FEWEST, PART = 2**6, 2**6
"""Rows of a pilot where there is a budget: the fewest, and the part of the budget that more may take."""

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


def pilot_rows(plan: Scenario) -> int:
    """Return the rows of a scenario's pilot: fewer where there is a small budget."""
    meter = plan.study.meter
    return ROWS if meter is None else rows_within(meter.budget)


def rows_within(budget: int) -> int:
    """Return the rows of a pilot that a budget has."""
    return min(ROWS, max(FEWEST, 1 << (budget // PART).bit_length()))


def run_pilot(plan: Scenario, seed: int) -> Pilot:
    """Evaluate every output of a scenario's study at a few random draws."""
    outputs, rows = tuple(plan.study.outputs), pilot_rows(plan)
    simulation = simulate(plan, outputs, rows, seed, "random", single=True)
    inputs = few_inputs(simulation, rows, seed)
    values = np.empty((len(outputs), rows))
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
