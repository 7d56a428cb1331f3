"""Borgonovo's delta and PAWN, by SALib: how far knowing an input moves an output's whole distribution."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.sampling.streams import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.results import Interval

DELTA_ROWS = 2_000
"""Draws that delta is estimated from: it takes a kernel density for each bin and resample."""

RESAMPLES = 20

IDLE = 5
"""Shuffles of an input that tell what delta one without effect would seem to have."""

GRID = 100
"""Points at which densities are compared, as SALib's `delta.analyze` has it."""

PAWN_ROWS = 20_000

SLICES = 10


def borgonovo_delta(
    columns: Mapping[str, FloatArray], values: FloatArray, level: float, seed: int
) -> dict[str, tuple[float, Interval]]:
    """Estimate delta for each input by SALib's estimator, its interval by the bootstrap and by shuffling.

    The interval is wider by the delta that a shuffled input seems to have: that is what the smoothing of
    densities may account for.

    Inputs for which the output has no density are left out.

    Resampling is our own: `SALib.analyze.delta.analyze` draws from numpy's global state, takes a seed of 0
    for none, and estimates two further deltas that nobody asked for.

    References
    ----------
    Borgonovo 2007, doi:10.1016/j.ress.2006.04.015; Plischke, Borgonovo & Smith 2013,
    doi:10.1016/j.ejor.2012.11.047 (their equations 26 and 30).
    """
    from SALib.analyze.delta import calc_delta
    from scipy.special import stdtrit

    inputs, outputs = _thinned(columns, values, DELTA_ROWS)
    grid = np.linspace(outputs.min(), outputs.max(), GRID)
    edges = np.linspace(0, len(outputs), _classes(len(outputs)) + 1)
    found = {}
    for name, column in inputs.items():
        draw = generator(seed, "delta", name)
        resamples = draw.integers(len(outputs), size=(RESAMPLES, len(outputs)))
        with warnings.catch_warnings():
            # SALib warns of bins that hold one value, as those of a discrete input do
            warnings.simplefilter("ignore")
            try:
                whole = calc_delta(outputs, grid, column, edges)
                again = np.array([calc_delta(outputs[rows], grid, column[rows], edges) for rows in resamples])
                idle = np.mean(
                    [calc_delta(outputs, grid, draw.permutation(column), edges) for _ in range(IDLE)]
                )
            except np.linalg.LinAlgError:
                # an output that is the same in nearly every draw has no density
                continue
        value = 2 * whole - float(again.mean())
        # densities from few draws differ even where the input does nothing, and are smoother than they are
        half = float(stdtrit(RESAMPLES - 1, (1 + level) / 2) * again.std(ddof=1) + idle)
        found[name] = value, (value - half, value + half)
    return found


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


def _classes(rows: int) -> int:
    """Return how many classes of an input SALib compares for so many rows."""
    exponent = 2 / (7 + np.tanh((1500 - rows) / 500))
    return min(int(np.ceil(rows**exponent)), 48)


def _thinned(
    columns: Mapping[str, FloatArray], values: FloatArray, most: int
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Keep at most so many rows, evenly spread."""
    rows = np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(np.int64)
    return {name: column[rows] for name, column in columns.items()}, values[rows]


def _problem(inputs: int) -> dict[str, Any]:
    names = [f"x{i}" for i in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0, 1]] * inputs}
