"""What is attributed: outputs and logarithms of outputs; what is not finite is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass
from uncertainty.rounding import CLOSE, log10_about, rounding_of_unseen, varies
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
        index, and keeps the sums exact for outputs of any size. On a log10 scale the centre is that of the
        outputs, whose logarithms are taken relative to it where they are `close`.
    rounding
        Bound on the rounding errors of the outputs on their scale, shape (measures,).
    varying
        Whether the pilot's values lie farther apart than rounding explains, shape (measures,).
    close
        Whether an output lies so close to its centre that logarithms would round the difference away.
    """

    outputs: tuple[int, ...]
    scales: tuple[Scale, ...]
    centre: FloatArray
    unit: FloatArray
    rounding: FloatArray
    varying: np.ndarray
    close: np.ndarray

    def __len__(self) -> int:
        return len(self.outputs)

    def among(self, rows: Sequence[int]) -> Measures:
        """Return the measures of the outputs at `rows`, to be applied to those outputs alone."""
        kept = self.positions(rows)
        return Measures(
            tuple(rows.index(self.outputs[i]) for i in kept),
            tuple(self.scales[i] for i in kept),
            *(each[kept] for each in (self.centre, self.unit, self.rounding, self.varying, self.close)),
        )

    def positions(self, rows: Sequence[int]) -> list[int]:
        """Return the positions of the measures of some outputs."""
        return [i for i, output in enumerate(self.outputs) if output in rows]

    def of(self, outputs: FloatArray) -> FloatArray:
        """Return the measures of outputs, shape (outputs, n), in standard units: shape (measures, n)."""
        values = np.empty((len(self), outputs.shape[1]))
        with np.errstate(all="ignore"):
            for output, scale, centre, unit, close, row in zip(
                self.outputs, self.scales, self.centre, self.unit, self.close, values, strict=True
            ):
                if close:
                    row[:] = log10_about(outputs[output], centre)
                else:
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
    standards = [
        _standard(pilot.values[place], pilot.rounding[place], scale)
        for place, scale in zip(
            map(pilot.outputs.index, map(names.__getitem__, outputs)), scales, strict=True
        )
    ]
    return Measures(tuple(outputs), tuple(scales), *map(np.array, zip(*standards, strict=True)))


def measure_alone(values: FloatArray, rounding: FloatArray, scale: Scale) -> Measures:
    """Return the measure of one output alone, from values and their rounding errors, shape (rows,)."""
    standard = _standard(values, rounding, scale)
    return Measures((0,), (scale,), *(np.array([each]) for each in standard))


class _Standard(NamedTuple):
    """What `Measures` has of one measure."""

    centre: float
    unit: float
    rounding: float
    varying: bool
    close: bool


def _standard(values: FloatArray, rounding: FloatArray, scale: Scale) -> _Standard:
    """Choose standard units from some values of an output and bounds on their rounding errors."""
    sound = np.isfinite(values) & np.isfinite(rounding) & ((scale == "linear") | (values > 0))
    values, rounding = values[sound], rounding[sound]
    if not values.size:
        return _Standard(0.0, 1.0, 0.0, varying=False, close=False)
    varying = varies(values.min(), values.max(), rounding.max())
    if scale == "linear":
        return _Standard(*_standard_unit(values), float(rounding.max()), varying, close=False)
    relative = rounding / values
    middle, _ = _standard_unit(values)
    if close := bool(np.all(np.abs(values - middle) <= CLOSE * middle)):
        _, unit = _standard_unit(log10_about(values, middle))
        return _Standard(middle, unit, float(relative.max()) / np.log(10.0), varying, close)
    logarithms = np.log10(values)
    own = (relative / np.log(10.0) + rounding_of_unseen(logarithms)).max()
    return _Standard(*_standard_unit(logarithms), float(own), varying, close)


def _standard_unit(values: FloatArray) -> tuple[float, float]:
    """Return the mean, and the power of two below the standard deviation: powers of two divide exactly."""
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
        self._infinite, self._not_positive = FailedRows.of(simulation), FailedRows.of(simulation)

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
        self, runs: int, reaching: Mapping[str, frozenset[str]], file: str, *, allowed: float | None = None
    ) -> None:
        """Refuse the analysis if there were any.

        Parameters
        ----------
        runs
            Model runs that were looked at.
        reaching
            For each output the inputs that it depends on.
        allowed
            Share of the runs that may be infinite or undefined; None where all have to hold. What is not
            positive where a logarithm is needed is never dropped: the output has a value there.

        Raises
        ------
        NonFiniteError
            With each output, how many draws it fails for, and the inputs that set those draws apart.
        """
        self._infinite.raise_if_any(runs, reaching, file, allowed=allowed)
        said = "is not positive, so that its logarithm is undefined,"
        self._not_positive.raise_if_any(runs, reaching, file, said=said)
