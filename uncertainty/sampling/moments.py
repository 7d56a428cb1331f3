"""Moments of draws from sums over blocks, which come together to the same numbers wherever they were made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """Moments of a quantity over draws.

    Every attribute has one number for all draws together, or one for each replicate.

    Parameters
    ----------
    rows, mean
        Number of draws and their mean.
    second, third, fourth
        Sums of the second to fourth powers of the differences from the mean, in units.
    unit
        A power of two near the largest difference, so that no power of it is too large or too small.
    """

    rows: FloatArray
    mean: FloatArray
    second: FloatArray
    third: FloatArray
    fourth: FloatArray
    unit: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Standard deviation, with one less than the draws as divisor."""
        return np.asarray(self.unit * np.sqrt(self.second / np.maximum(self.rows - 1, 1)))

    @property
    def kurtosis(self) -> FloatArray:
        """Fourth standardised moment; 1, the least there is, where nothing varies."""
        varies = self.second > 0
        return np.asarray(
            np.where(varies, self.rows * self.fourth / np.where(varies, self.second, 1) ** 2, 1)
        )

    @property
    def skewness(self) -> FloatArray:
        """Third standardised moment; 0 where nothing varies."""
        varies = self.second > 0
        size = np.where(varies, self.second, 1) ** 1.5
        return np.asarray(np.where(varies, np.sqrt(self.rows) * self.third / size, 0))

    @property
    def mean_error(self) -> float:
        """Standard error of the mean of independent draws."""
        return float(self.sd) / math.sqrt(float(self.rows))

    @property
    def sd_error(self) -> float:
        """Standard error of the standard deviation of independent draws."""
        return float(self.sd) * math.sqrt(max(float(self.kurtosis) - 1, 0) / (4 * float(self.rows)))


@dataclass(frozen=True, eq=False, slots=True)
class BlockSums:
    """What the moments of draws are made of, block by block.

    Parameters
    ----------
    table
        Shape (13, ..., blocks): rows, smallest and largest value, the mean, the sums of the powers 2 to 4
        of the differences from it in units of a power of two and that unit, and those five of the natural
        logarithm (nan where a value is not positive).
    """

    table: FloatArray

    @property
    def lowest(self) -> float:
        """Smallest value."""
        return float(self.table[1].min())

    @property
    def highest(self) -> float:
        """Largest value."""
        return float(self.table[2].max())

    @property
    def values(self) -> Moments:
        """Moments of the values, over the last axis."""
        return _joined(self.table[0], self.table[3:8])

    @property
    def logarithms(self) -> Moments:
        """Moments of their natural logarithms, over the last axis."""
        return _joined(self.table[0], self.table[8:13])

    def by_replicate(self, replicates: int) -> BlockSums:
        """Return the same sums with the blocks of each replicate on an axis of their own."""
        return BlockSums(self.table.reshape(len(self.table), replicates, -1))


def block_sums(values: FloatArray) -> FloatArray:
    """Return what a block adds to the table of `BlockSums`, shape (13,), from its values, shape (rows,)."""
    lowest, highest = values.min(), values.max()
    powers = _power_sums(values)
    log_powers = _power_sums(np.log(values)) if lowest > 0 else (np.nan,) * 5
    return np.array((values.size, lowest, highest, *powers, *log_powers))


def _power_sums(values: FloatArray) -> tuple[FloatArray | float, ...]:
    size = _power_of_two(np.abs(values).max())
    mean = (values / size).mean() * size
    centred = values - mean
    unit = _power_of_two(np.abs(centred).max())
    centred /= unit
    squares = centred * centred
    # no product by BLAS, which shares long ones out over threads and then sums in another order
    third, fourth = np.einsum("i,i->", squares, centred), np.einsum("i,i->", squares, squares)
    return mean, squares.sum(), third, fourth, unit


def _power_of_two(size: FloatArray) -> FloatArray:
    """Return the power of two above sizes, 1 for 0: dividing by it is exact."""
    return np.where(size > 0, np.ldexp(1.0, np.clip(np.frexp(size)[1], -1000, 1000)), 1.0)


def _joined(rows: FloatArray, powers: FloatArray) -> Moments:
    """Join blocks (Pébay 2008, doi:10.2172/1028931)."""
    means, second, third, fourth, units = powers
    total = rows.sum(axis=-1)
    size = _power_of_two(np.abs(means).max(axis=-1))
    mean = (rows * (means / size[..., None])).sum(axis=-1) / total * size
    d = means - np.asarray(mean)[..., None]
    unit = np.maximum(units.max(axis=-1), _power_of_two(np.abs(d).max(axis=-1)))
    d = d / unit[..., None]
    ratio = units / unit[..., None]
    second, third, fourth = second * ratio**2, third * ratio**3, fourth * ratio**4
    return Moments(
        rows=np.asarray(total),
        mean=np.asarray(mean),
        second=np.asarray((second + rows * d**2).sum(axis=-1)),
        third=np.asarray((third + 3 * d * second + rows * d**3).sum(axis=-1)),
        fourth=np.asarray((fourth + 4 * d * third + 6 * d**2 * second + rows * d**4).sum(axis=-1)),
        unit=np.asarray(unit),
    )
