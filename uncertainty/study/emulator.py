"""What is said of an emulator that stands in place of a study's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty.results import record

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIDENCE = 0.95
"""That a run has met what a larger share of the draws meets."""


class Emulated(NamedTuple):
    """How well one output is emulated.

    Parameters
    ----------
    q2
        Share of the variance that the emulator explains of runs that had no part in it.
    residual_sd
        Standard deviation of what it may leave, the upper end of its 95 % interval, in the output's unit; of
        a logarithm in decades.
    scale
        ``"log10"`` where the output's logarithm is emulated.
    """

    q2: float
    residual_sd: float
    scale: str


@record("runs", "unseen", "outputs")
class Emulator(NamedTuple):
    """What a result rests on where an emulator stands in place of a function.

    Parameters
    ----------
    runs
        Runs of the function that were made.
    outputs
        By output, how well it is emulated.
    """

    runs: int
    outputs: Mapping[str, Emulated]

    @property
    def unseen(self) -> float:
        """Share of the draws up to which what they meet, such as a cliff, may be in no run (at 95 %)."""
        return float(1 - (1 - CONFIDENCE) ** (1 / self.runs))
