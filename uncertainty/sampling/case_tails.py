"""Whether the average of some cases settles, or rests on the few that are farthest out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.moment_errors import MOST_KURTOSIS, kurtosis_told, telling
from uncertainty.sampling.simulation import few_inputs, unknown_simulation

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseFunction, CaseModel
    from uncertainty.study.scenario import Scenario

CASES = 512
"""Cases that tell of a tail."""

DRAWS = 8
"""Draws of what nobody knows in which it is looked at."""

NEGLIGIBLE = 1e-9
"""Share of what is averaged below which nothing is left that is not linear in the inputs."""


def unsettled(plan: Scenario, model: CaseModel | CaseFunction, rows: int, seed: int) -> str:
    """Say which average does not settle in a number of model rows, and why; empty where all do.

    What is linear in the inputs has a mean that is known. Whatever is not is judged by the kurtosis that its
    quantiles tell of, as the mean of plain draws is.

    Parameters
    ----------
    model
        With `CASES` cases.
    """
    simulation = unknown_simulation(plan, model, 1, seed, "random")
    unknown = few_inputs(simulation, DRAWS, seed)
    for text, reads, values in model.averaged(unknown):
        if not np.isfinite(values).all():
            continue
        left = model.cases.unexplained(values, reads)
        if np.abs(left).max() <= NEGLIGIBLE * np.abs(values).mean():
            continue
        kurtosis = float(np.median([_kurtosis(own) for own in values]))
        if kurtosis > MOST_KURTOSIS * rows:
            return (
                f"the average of {text} over the cases does not settle: its tail is so long, with a kurtosis "
                f"of about {kurtosis:.2g}, that a few cases decide it"
            )
    return ""


def _kurtosis(values: FloatArray) -> float:
    return kurtosis_told(np.quantile(values, telling(values.size)).tolist(), values.size) or 0.0
