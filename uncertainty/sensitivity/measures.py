"""What is attributed: outputs and logarithms of outputs; what is not finite is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.finiteness import FailedRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sensitivity.pilot import Pilot
    from uncertainty.study.model import Scale


@dataclass(frozen=True, eq=False, slots=True)
class Measures:
    """What is attributed, in standard units.

    Parameters
    ----------
    outputs, scales
        Of each measure the position of its output, and ``"linear"`` or ``"log10"``.
    centre, unit
        What is subtracted and divided by before anything is summed, shape (measures,): it cancels in every
        index, and keeps the sums exact for outputs of any size.
    """

    outputs: tuple[int, ...]
    scales: tuple[Scale, ...]
    centre: FloatArray
    unit: FloatArray

    def __len__(self) -> int:
        return len(self.outputs)

    def among(self, rows: Sequence[int]) -> Measures:
        """Return the measures of the outputs at `rows`, to be applied to those outputs alone."""
        kept = self.positions(rows)
        return Measures(
            tuple(rows.index(self.outputs[i]) for i in kept),
            tuple(self.scales[i] for i in kept),
            self.centre[kept],
            self.unit[kept],
        )

    def positions(self, rows: Sequence[int]) -> list[int]:
        """Return the positions of the measures of some outputs."""
        return [i for i, output in enumerate(self.outputs) if output in rows]

    def of(self, outputs: FloatArray) -> FloatArray:
        """Return the measures of outputs, shape (outputs, n), in standard units: shape (measures, n)."""
        values = np.empty((len(self), outputs.shape[1]))
        with np.errstate(all="ignore"):
            for output, scale, centre, unit, row in zip(
                self.outputs, self.scales, self.centre, self.unit, values, strict=True
            ):
                source = outputs[output] if scale == "linear" else np.log10(outputs[output], out=row)
                np.subtract(source, centre, out=row)
                np.multiply(row, 1 / unit, out=row)
        return values


def make_measures(
    names: Sequence[str], outputs: Sequence[int], scales: Sequence[Scale], pilot: Pilot
) -> Measures:
    """Choose standard units from a pilot, so that no output is too large or too small to be squared.

    Parameters
    ----------
    names
        The outputs of the model.
    outputs, scales
        As in `Measures`.
    """
    units = [
        _standard_unit(pilot.on_scale(names[output], scale))
        for output, scale in zip(outputs, scales, strict=True)
    ]
    centre, unit = (np.array(column) for column in zip(*units, strict=True))
    return Measures(tuple(outputs), tuple(scales), centre, unit)


def _standard_unit(values: FloatArray) -> tuple[float, float]:
    """Return the mean, and the power of two below the standard deviation: powers of two divide exactly."""
    values = values[np.isfinite(values)]
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 0.0, 1.0
    size = _power_below(largest)
    spread = size * float((values / size).std())
    return size * float((values / size).mean()), _power_below(spread) if spread > 0 else size


def _power_below(value: float) -> float:
    return float(2.0 ** np.clip(np.floor(np.log2(value)), -1000, 1000))


class Failures:
    """Rows whose outputs are not finite, and rows whose outputs have no logarithm."""

    def __init__(self, simulation: Simulation) -> None:
        names = simulation.model.outputs
        self._infinite = FailedRows(simulation.inputs, names)
        self._not_positive = FailedRows(simulation.inputs, names)

    def look_at(
        self, inputs: FloatArray, outputs: FloatArray, rows: Sequence[int], measures: Measures
    ) -> None:
        """Note the rows in which an output, or the logarithm of one that needs it, is not finite.

        Parameters
        ----------
        outputs
            Shape (rows, n), those at `rows` alone.
        measures
            Of those outputs.
        """
        every = np.zeros((len(self._infinite.outputs), outputs.shape[1]))
        every[list(rows)] = outputs
        self._infinite.look_at(inputs, every)
        logarithms = np.zeros_like(every)
        for output, scale in zip(measures.outputs, measures.scales, strict=True):
            if scale == "log10":
                logarithms[rows[output]] = np.where(outputs[output] > 0, 0.0, -np.inf)
        self._not_positive.look_at(inputs, logarithms)

    def merge(self, other: Failures) -> None:
        """Add what was noted elsewhere, in the order of the blocks."""
        self._infinite.merge(other._infinite)
        self._not_positive.merge(other._not_positive)

    def raise_if_any(
        self, runs: int, reaching: Mapping[str, frozenset[str]], file: str, *, allowed: float = 0.0
    ) -> None:
        """Refuse the analysis if there were any.

        Parameters
        ----------
        runs
            Model runs that were looked at.
        reaching
            For each output the inputs that it depends on.
        allowed
            Share of the runs that may be infinite or undefined. What is not positive where a logarithm is
            needed is never dropped: the output has a value there.

        Raises
        ------
        NonFiniteError
            With each output, how many draws it fails for, and the inputs that set those draws apart.
        """
        self._infinite.raise_if_any(runs, reaching, file, allowed=allowed)
        said = "is not positive, so that its logarithm is undefined,"
        self._not_positive.raise_if_any(runs, reaching, file, said=said)
