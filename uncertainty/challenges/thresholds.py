"""The values at which a claim stops holding, and on which side of them it holds."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

from uncertainty.results import record
from uncertainty.sampling.thresholds import lower, upper

if TYPE_CHECKING:
    import numpy as np

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.statistics import Draws, Estimate
    from uncertainty.study.model import Output

Kind = Literal["given", "tenth", "tenfold", "reference", "published"]

TENTH = 10.0
"""Factor by which a figure may be missed before it no longer says what was claimed."""


@record("kind", "value", "side")
@dataclasses.dataclass(frozen=True, slots=True)
class Threshold:
    """A value of an output, and the side of it on which the claim holds.

    Parameters
    ----------
    kind
        ``"given"`` by the caller, a ``"tenth"`` of the published figure (ten times it, where the claim is
        "at most"), beside it the ``"tenfold"`` figure where the claim is "about" it, the output's
        ``"reference"``, or the ``"published"`` figure itself.
    value
        In the output's unit.
    above
        Whether the claim holds at the value and above it, or at the value and below it.
    spread
        Between the smallest and the largest value of the output, where it is known: how far from the
        threshold a value may lie and be at it follows from that.
    """

    kind: Kind
    value: float
    above: bool
    spread: float = 0.0

    @property
    def side(self) -> Literal["at least", "at most"]:
        """On which side of the value the claim holds."""
        return "at least" if self.above else "at most"

    def share(self, draws: Draws) -> Estimate:
        """Return the share of an output's draws that is on the side of the claim."""
        return draws.share_at_least(self.value) if self.above else draws.share_at_most(self.value)

    def holds(self, values: FloatArray) -> np.ndarray:
        """Tell for each value of the output whether it is on the side of the claim."""
        return (
            values >= lower(self.value, self.spread)
            if self.above
            else values <= upper(self.value, self.spread)
        )


def thresholds(output: Output, given: float | None = None, spread: float = 0.0) -> tuple[Threshold, ...]:
    """Return the thresholds to be asked about: the one given, or a tenth of the figure and the reference.

    A claim "about" a figure is asked about on both sides. Empty where nothing was given and the output has
    neither a published figure nor a reference.

    Parameters
    ----------
    spread
        As in `Threshold`.
    """
    above = output.claims_above
    if given is not None:
        return (Threshold("given", given, above, spread),)
    found = []
    figure = output.published_value
    if figure and output.claim == "about":
        found.append(Threshold("tenth", figure / TENTH, figure > 0, spread))
        found.append(Threshold("tenfold", figure * TENTH, figure < 0, spread))
    elif figure:
        # a tenth of a figure below 0 lies above it, as ten times one does above 0
        nearer_zero = above == (figure > 0)
        found.append(Threshold("tenth", figure / TENTH if nearer_zero else figure * TENTH, above, spread))
    if output.reference is not None:
        found.append(Threshold("reference", output.reference, above, spread))
    return tuple(found)


def published_threshold(output: Output, spread: float = 0.0) -> Threshold | None:
    """Return the published figure as a threshold, where it is a value of the output."""
    figure = output.published_value
    return None if figure is None else Threshold("published", figure, output.claims_above, spread)


def reference_threshold(output: Output) -> Threshold | None:
    """Return the reference as a threshold, if there is one."""
    return None if output.reference is None else Threshold("reference", output.reference, output.claims_above)
