"""Draws that do not vary: one value, whatever rounding has made of it in each draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import largest_rounding
from uncertainty.rounding import varies
from uncertainty.sampling.simulation import few_inputs
from uncertainty.sampling.statistics import Draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.sampling.simulation import Simulation

ROWS = 2**8
"""Draws that tell how far rounding goes."""


def settled(simulation: Simulation, drawn: Sequence[Draws]) -> list[Draws]:
    """Return the draws of each output, as one value, their median, where rounding alone sets them apart.

    Draws too many to keep are returned as they are.
    """
    ends = np.array([(each.lowest, each.highest) for each in drawn])
    if (ends[:, 0] == ends[:, 1]).all():
        return list(drawn)
    rounding = largest_rounding(simulation.model, few_inputs(simulation, ROWS, 0), ends)
    return [
        Draws(np.full(draws.size, draws.quantile(0.5).value), draws.replicate_rows)
        if draws.stored and not varies(draws.lowest, draws.highest, bound)
        else draws
        for draws, bound in zip(drawn, rounding.tolist(), strict=True)
    ]
