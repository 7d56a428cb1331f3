"""PAWN by SALib: how far knowing an input moves an output's distribution, at the place where it is most."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions.protocol import FloatArray

PAWN_ROWS = 20_000

SLICES = 10


def pawn(columns: Mapping[str, FloatArray], values: FloatArray) -> dict[str, float]:
    """Estimate PAWN's index for each input: the median over slices of the input.

    References
    ----------
    Pianosi & Wagener 2018, doi:10.1016/j.envsoft.2018.07.019.
    """
    from SALib.analyze import pawn as salib

    inputs, outputs = _thinned(columns, values, PAWN_ROWS)
    matrix = np.column_stack(list(inputs.values()))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        medians = salib.analyze(_problem(len(inputs)), matrix, outputs, S=SLICES)["median"]
    return {name: float(median) for name, median in zip(inputs, medians, strict=True) if np.isfinite(median)}


def _thinned(
    columns: Mapping[str, FloatArray], values: FloatArray, most: int
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Keep at most so many rows, evenly spread."""
    rows = np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(np.int64)
    return {name: column[rows] for name, column in columns.items()}, values[rows]


def _problem(inputs: int) -> dict[str, Any]:
    names = [f"x{i}" for i in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0, 1]] * inputs}
