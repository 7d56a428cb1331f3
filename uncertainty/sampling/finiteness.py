"""Refusing infinities and not-a-number before any analysis, and saying where they come from.

A study may have such draws dropped instead. What is left then describes the calculation where it has a value,
so only a small share may go.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import Fault, NonFiniteError
from uncertainty.late import dataclass
from uncertainty.sampling.estimate import kolmogorov_smirnov

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from uncertainty.compiled import Conditions, InputValues
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation

MOST_ROWS = 10_000
"""Failing rows that are kept to describe the region they come from."""

MOST_DROPPED = 0.1
"""Share of the draws above which they are not dropped even so: the rest would tell another story."""

MOST_PASSING = 4096
"""Sound rows that are kept to compare them with."""

MOST_NUMBERS = 2**20
"""Numbers of sound rows that are kept where inputs are many."""


@dataclass(slots=True)
class FailedRows:
    """The rows of a run whose outputs were not finite.

    Parameters
    ----------
    inputs, outputs
        Names of the rows of a block's inputs and outputs.
    conditions
        What parameters of inputs must be for there to be a value.
    values
        Turns the inputs of a block into their values, where some have parameters.
    failing, which
        By block, the rows in which some output is not finite, and which outputs are not.
    """

    inputs: Sequence[str]
    outputs: Sequence[str]
    conditions: Conditions | None = None
    values: InputValues | None = None
    counts: dict[str, int] = field(default_factory=dict)
    failing: list[FloatArray] = field(default_factory=list)
    which: list[NDArray[np.bool_]] = field(default_factory=list)
    passing: FloatArray | None = None

    @classmethod
    def of(cls, simulation: Simulation) -> FailedRows:
        """Return the rows of a simulation, of which none has failed yet."""
        own = simulation.conditions, simulation.values
        return cls(simulation.inputs, simulation.model.outputs, *own)

    def look_at(self, inputs: FloatArray, outputs: FloatArray) -> None:
        """Note the rows of one block in which an output is not finite."""
        finite = np.isfinite(outputs)
        if finite.all():
            if self.passing is None:
                self.passing = inputs[:, : self._most].copy()
            return
        for name, row in zip(self.outputs, finite, strict=True):
            if not row.all():
                self.counts[name] = self.counts.get(name, 0) + int((~row).sum())
        sound = finite.all(axis=0)
        if sum(rows.shape[1] for rows in self.failing) < MOST_ROWS:
            self.failing.append(inputs[:, ~sound])
            self.which.append(~finite[:, ~sound])
        if self.passing is None or self.passing.shape[1] == 0:
            self.passing = inputs[:, np.flatnonzero(sound)[: self._most]]

    @property
    def _most(self) -> int:
        return min(MOST_PASSING, MOST_NUMBERS // max(len(self.inputs), 1))

    def merge(self, other: FailedRows) -> None:
        """Add what was noted elsewhere, in the order of the blocks."""
        for name, count in other.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        if sum(rows.shape[1] for rows in self.failing) < MOST_ROWS:
            self.failing += other.failing
            self.which += other.which
        if self.passing is None:
            self.passing = other.passing

    def raise_if_any(
        self,
        samples: int,
        reaching: Mapping[str, frozenset[str]],
        file: str,
        *,
        allowed: float | None = None,
        said: str | Mapping[str, str] = "is infinite or undefined",
        averaging: Container[str] = (),
        beside: Container[str] = (),
    ) -> None:
        """Refuse the run if there were failing rows.

        Parameters
        ----------
        reaching
            For each output the inputs that it depends on.
        allowed
            Share of the draws that may fail, as `allowed_share` gives it; None where all have to hold.
        said
            What an output is in such a draw, or each of them.
        averaging
            Outputs with averages over cases in their formula, which are read as what is averaged: of these
            at most `MOST_DROPPED` may fail whatever is allowed, as the output itself does not.
        beside
            Those of them whose averages are told: of what is averaged nothing need be known.

        Raises
        ------
        NonFiniteError
            With each output, how many draws it fails for, and the inputs that set those draws apart.
        """
        limits = {name: MOST_DROPPED if name in averaging else allowed for name in self.counts}
        too_many = {
            name: n
            for name, n in self.counts.items()
            if name not in beside and n > (limits[name] or 0.0) * samples
        }
        if not too_many:
            return
        every, which = np.concatenate(self.failing, axis=1), np.concatenate(self.which, axis=1)
        rows = dict(zip(self.outputs, which, strict=True))
        faults = []
        for name, count in too_many.items():
            failing = every[:, rows[name]]
            region = self._region(failing, reaching[name])
            because = self._impossible(failing, reaching[name])
            # a study that has them dropped is advice only where so many may be
            few = file and limits[name] == 0.0 and count <= MOST_DROPPED * samples
            limit = f"; at most {100 * most:g} % may be dropped" if (most := limits[name]) else ""
            advice = '; nonfinite = "drop" in [study] leaves them out' if few else limit
            single = "in any one case " if name in averaging else ""
            what = said if isinstance(said, str) else said[name]
            message = f"{single}{what} for {failing_text(count, samples)}{region}{because}{advice}"
            faults.append(Fault(message, f"outputs.{name}", file))
        raise NonFiniteError(*faults)

    def _impossible(self, failing: FloatArray, reaching: frozenset[str]) -> str:
        """Name the parameters that are impossible in failing draws, with their share unless that is all."""
        if self.conditions is None:
            return ""
        broken = self.conditions.broken(failing, reaching)
        if min(broken.values(), default=1.0) < 1:
            each = (f"in {_share_text(share)} of them {name}" for name, share in broken.items())
            return f"; {' and '.join(f'{one} is impossible' for one in each)}"
        verb = "is" if len(broken) == 1 else "are"
        return f"; there {' and '.join(broken)} {verb} impossible" if broken else ""

    def _region(self, failing: FloatArray, reaching: frozenset[str]) -> str:
        """Describe the failing draws by the inputs whose values differ most from the sound draws'."""
        # of an output that fails later than others no row may have been kept
        if not failing.size:
            return ""
        passing = self.passing if self.passing is not None else failing[:, :0]
        if self.values is not None:
            with np.errstate(all="ignore"):
                failing, passing = self.values.of(failing), self.values.of(passing)
        # what has no value itself where its parameters are impossible is in no range
        candidates = [
            i for i, name in enumerate(self.inputs) if name in reaching and not np.isnan(failing[i]).any()
        ]
        if not candidates:
            return ""
        apart = sorted(candidates, key=lambda i: -kolmogorov_smirnov(failing[i], passing[i]))[:2]
        ranges = [f"{self.inputs[i]} from {failing[i].min():.4g} to {failing[i].max():.4g}" for i in apart]
        return f", with {' and '.join(ranges)}"


def failing_text(count: int, samples: int) -> str:
    """Write how many draws fail."""
    return f"{count} of {samples} draws ({_share_text(count / samples)})"


def _share_text(share: float) -> str:
    # two digits of all but the whole would be written 1e+02
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def allowed_share(policy: str) -> float:
    """Return the share of draws that may be dropped under a study's policy."""
    return MOST_DROPPED if policy == "drop" else 0.0


def undefined_share(values: FloatArray) -> float:
    """Return the share of draws that have no value."""
    return 1 - np.count_nonzero(np.isfinite(values)) / values.size


def finite_draws(values: FloatArray, replicate_rows: int) -> tuple[FloatArray, int]:
    """Return the draws that are finite, and how many rows one replicate of them has.

    Where some are dropped, replicates are no longer equally long, and the rest count as independent draws:
    for evenly spread points the Monte Carlo errors are then too large rather than too small.
    """
    finite = np.isfinite(values)
    return (values, replicate_rows) if finite.all() else (values[finite], 1)
