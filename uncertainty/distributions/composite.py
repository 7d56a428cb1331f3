"""What is asked of any distribution, however it is made up of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.distributions.data_file import DataColumn
from uncertainty.distributions.discrete import Empirical
from uncertainty.distributions.mixture import Mixture
from uncertainty.distributions.truncation import Clipped, Truncated

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import Distribution


def data_files(distribution: Distribution) -> tuple[Path, ...]:
    """List the files that a distribution's data were read from, each once, in order of appearance."""
    match distribution:
        case Empirical(column=DataColumn(path=path)):
            return (path,)
        case Mixture():
            found = [path for part in distribution.components for path in data_files(part)]
            return tuple(dict.fromkeys(found))
        case Truncated() | Clipped():
            return data_files(distribution.distribution)
    return ()


def limited(distribution: Distribution, low: float | None = None, high: float | None = None) -> Distribution:
    """Truncate a distribution to physical limits where it reaches beyond them.

    Returns
    -------
    Distribution
        The same object if nothing of it lies beyond the limits.

    Raises
    ------
    InvalidValue
        If hardly anything of it lies within.
    """
    smallest, largest = distribution.support
    beyond_low = low if low is not None and smallest < low else None
    beyond_high = high if high is not None and largest > high else None
    if beyond_low is None and beyond_high is None:
        return distribution
    return Truncated(distribution, beyond_low, beyond_high)
