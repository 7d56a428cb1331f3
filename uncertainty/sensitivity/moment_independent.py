"""Moment-independent measures: Borgonovo's delta, and PAWN by SALib."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.sobol.results import Interval


FEWEST_ROWS = 512
"""Draws that delta takes."""

FEWEST_OTHERS = 64
"""Draws that must have another value of the output than its most frequent one."""

FOLDS = 4

MOST_CLASSES = 256
"""Classes of ranks, of inputs and outputs alike, for dependence that is the same at neighbouring ranks."""

FINE_CLASSES = (2048, 16)
"""Classes of an input that acts at high frequency, and of the output then."""

SIZES = (1, 3, 5, 9, 17, 33, 65, 129)
"""Classes over which frequencies are averaged."""

START = 4
"""Which of the sizes the search begins with."""


class Classes(NamedTuple):
    """The class of each row: `atoms` classes of one value each, then `ranks` of neighbouring ranks."""

    labels: np.ndarray
    atoms: int
    ranks: int

    @property
    def total(self) -> int:
        """Number of classes."""
        return self.atoms + self.ranks


def borgonovo_delta(
    column: FloatArray, values: FloatArray, groups: np.ndarray, level: float
) -> tuple[float, Interval] | None:
    """Estimate delta of one input, with an interval; nothing where the draws are too few.

    Parameters
    ----------
    column, values
        Draws of the input and the output, shape (rows,).
    groups
        The independent part of the draws to which each row belongs.

    References
    ----------
    Borgonovo 2007, doi:10.1016/j.ress.2006.04.015; from given data by classes of the input: Plischke,
    Borgonovo & Smith 2013, doi:10.1016/j.ejor.2012.11.047.
    """
    rows = len(values)
    places = np.unique(groups, return_inverse=True)[1]
    most_frequent = float(np.unique(values, return_counts=True)[1].max())
    if rows < FEWEST_ROWS or rows - most_frequent < FEWEST_OTHERS or places.max() < FOLDS:
        return None
    searches = (_search(_tabulated(*shape, places)) for shape in _shapes(column, values))
    found = next(searches)
    for finer in searches:
        if finer.best > found.best + 2 * found.error:
            found = finer
    return _estimate(found, level)


def _estimate(found: _Search, level: float) -> tuple[float, Interval]:
    """Return the estimate and its interval from each group's difference of probabilities."""
    from uncertainty.special import stdtrit

    weights = found.table.weights
    # each group is judged by the sizes that are best for the others
    scores = np.array(list(found.scores.values()))
    chosen = ((scores @ weights)[:, None] - scores * weights).argmax(axis=0)
    differences = scores[chosen, np.arange(len(weights))]
    lower = float(weights @ differences)
    half = float(stdtrit(len(weights) - 1, (1 + level) / 2)) * _error(differences, weights)
    # a set from a third of the draws misses 8/3 as much beyond what it misses from all of them, if that
    # falls as the draws rise, and gains as much on the draws that chose it
    fewer, gained = max(found.best - found.of_fewer_draws(), 0.0), max(found.optimism(), 0.0)
    noise = min(fewer / 2, gained)
    # cells of twice the size miss two to four times as much, and less for noise
    larger = max(found.best - found.of_larger_cells() + 3 / 4 * noise, 0.0)
    value = lower + noise + larger / 3
    # where densities have edges, what sets of fewer draws miss falls with the cube root of their number alone
    short = max(fewer, gained) / (3 ** (1 / 3) - 1) + larger
    # without effect, differences of groups whose draws chose each other's sets are not independent
    down = half * (1 + min(1.0, 2 * half / lower)) if lower > 0 else half
    ends = max(lower - down, 0.0), min(value + half + short, 1.0)
    return min(max(value, 0.0), 1.0), (ends[0], max(ends[1], 0.0))


def _shapes(column: FloatArray, values: FloatArray) -> Iterator[tuple[Classes, Classes]]:
    """Yield the tables to look at: one for smooth dependence, one for high frequencies of the input."""
    rows = len(values)
    most = max(min(MOST_CLASSES, rows // 16), 4)
    first = classes(column, most)
    yield first, classes(values, most)
    fine = classes(column, min(FINE_CLASSES[0], rows // 8))
    if fine.ranks > first.ranks:
        yield fine, classes(values, FINE_CLASSES[1])


def classes(values: FloatArray, most: int) -> Classes:
    """Put rows into classes: of one value if these are few, else of a frequent value or of some ranks."""
    from scipy.stats import rankdata

    unique, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(unique) <= most:
        return Classes(place, len(unique), 0)
    frequent = counts >= max(len(values) / (2 * most), 5)
    atoms = int(frequent.sum())
    labels = (np.cumsum(frequent) - 1)[place]
    rest = ~frequent[place]
    left = int(rest.sum())
    # an even number, so that pairs are the same from either end
    ranks = 2 * min(most // 2, max(left // 8, 1)) if left else 0
    if left:
        share = (rankdata(values[rest]) - 0.5) / left
        labels[rest] = atoms + np.minimum((ranks * share).astype(np.int64), ranks - 1)
    return Classes(labels, atoms, ranks)


@dataclass(frozen=True, eq=False)
class _Table:
    """Frequencies of pairs of classes.

    Parameters
    ----------
    counts
        By independent group, shape (groups, classes of the input, classes of the output).
    atoms
        Classes of one value each, which come first, of the input and of the output.
    excess
        What each cell adds to a group's difference of probabilities: its own frequency less what its
        margins and those of all groups would give it; shape as `counts`.
    folds
        Counts by fold, shape (folds, …).
    """

    counts: FloatArray
    atoms: tuple[int, int]
    weights: FloatArray
    excess: FloatArray
    folds: FloatArray

    @classmethod
    def of(cls, counts: FloatArray, atoms: tuple[int, int]) -> _Table:
        rows = counts.sum(axis=(1, 2))
        weights = rows / rows.sum()
        own = counts / rows[:, None, None]
        one, other = (np.tensordot(weights, own.sum(axis=axis), 1) for axis in (2, 1))
        given = one[:, None] * (other - own.sum(axis=1)[:, None, :])
        excess = own - own.sum(axis=2)[:, :, None] * other + given
        folds = np.array([counts[fold::FOLDS].sum(axis=0) for fold in range(FOLDS)])
        return cls(counts, atoms, weights, excess, folds)

    @property
    def larger(self) -> _Table:
        """The same with every two neighbouring classes of ranks as one."""
        counts = self.counts
        for axis, atoms in enumerate(self.atoms, 1):
            each, ranks = np.split(counts, [atoms], axis=axis)
            if ranks.shape[axis]:
                ranks = np.add.reduceat(ranks, np.arange(0, ranks.shape[axis], 2), axis=axis)
            counts = np.concatenate([each, ranks], axis=axis)
        return _Table.of(counts, self.atoms)

    def others(self) -> FloatArray:
        """Return for each fold the counts of all others."""
        return np.asarray(self.folds.sum(axis=0) - self.folds)

    def scores(self, chosen: np.ndarray) -> FloatArray:
        """Return each group's difference of probabilities of its fold's set, shape (groups,)."""
        return np.array(
            [float(excess[chosen[group % FOLDS]].sum()) for group, excess in enumerate(self.excess)]
        )

    def chosen(self, counts: FloatArray, sizes: tuple[int, int]) -> np.ndarray:
        """Return which cells are more probable together than apart, by counts averaged over some classes."""
        from scipy.ndimage import uniform_filter1d

        averaged = counts
        for axis, (atoms, size) in enumerate(zip(self.atoms, sizes, strict=True), 1):
            each, ranks = np.split(averaged, [atoms], axis=axis)
            if size > 1 and ranks.shape[axis]:
                ranks = uniform_filter1d(ranks, size, axis=axis, mode="reflect")
            averaged = np.concatenate([each, ranks], axis=axis)
        one, other = (averaged.sum(axis=axis, keepdims=True) for axis in (2, 1))
        return np.asarray(averaged * averaged.sum(axis=(1, 2), keepdims=True) > one * other)


def _tabulated(column: Classes, values: Classes, groups: np.ndarray) -> _Table:
    shape = (int(groups.max()) + 1, column.total, values.total)
    cells = (groups * column.total + column.labels) * values.total + values.labels
    counts = np.bincount(cells, minlength=math.prod(shape)).reshape(shape).astype(np.float64)
    return _Table.of(counts, (column.atoms, values.atoms))


@dataclass(frozen=True, eq=False)
class _Search:
    """The sizes that were tried on a table, with every group's scores, and those that are best."""

    table: _Table
    scores: dict[tuple[int, int], FloatArray]
    sizes: tuple[int, int]

    @property
    def best(self) -> float:
        """Largest difference of probabilities."""
        return float(self.table.weights @ self.scores[self.sizes])

    @property
    def error(self) -> float:
        """Standard error of the largest difference."""
        return _error(self.scores[self.sizes], self.table.weights)

    def of_fewer_draws(self) -> float:
        """Return what sets from one other fold alone find, on average."""
        table = self.table
        found = [
            table.scores(table.chosen(np.roll(table.folds, turn, axis=0), self.sizes))
            for turn in range(1, FOLDS)
        ]
        return float(np.mean(found, axis=0) @ table.weights)

    def of_larger_cells(self) -> float:
        """Return what sets of cells of twice the size find, averaged over as many of them."""
        larger = self.table.larger
        return float(larger.scores(larger.chosen(larger.others(), self.sizes)) @ larger.weights)

    def optimism(self) -> float:
        """Return half of what a set finds more on the draws that chose it than on others."""
        table = self.table
        everything = np.broadcast_to(table.counts.sum(axis=0), table.folds.shape)
        found = float(table.scores(table.chosen(everything, self.sizes)) @ table.weights)
        return (found - self.best) / 2


def _error(values: FloatArray, weights: FloatArray) -> float:
    """Return the standard error of a weighted mean of independent values."""
    count = len(values)
    around = (values - weights @ values) ** 2
    return math.sqrt(float(weights**2 @ around) * count / (count - 1))


def _search(table: _Table) -> _Search:
    """Look for the sizes of windows whose sets find most, from medium ones on to the nearest best."""
    ladders = [
        SIZES if classes_ > atoms else SIZES[:1]
        for classes_, atoms in zip(table.counts.shape[1:], table.atoms, strict=True)
    ]
    others = table.others()
    scores: dict[tuple[int, int], FloatArray] = {}

    def value(at: tuple[int, int]) -> float:
        sizes = ladders[0][at[0]], ladders[1][at[1]]
        if sizes not in scores:
            scores[sizes] = table.scores(table.chosen(others, sizes))
        return float(table.weights @ scores[sizes])

    here = min(START, len(ladders[0]) - 1), min(START, len(ladders[1]) - 1)
    here = _climb(here, value, [len(ladder) for ladder in ladders])
    return _Search(table, scores, (ladders[0][here[0]], ladders[1][here[1]]))


def _climb(
    here: tuple[int, int], value: Callable[[tuple[int, int]], float], limits: list[int]
) -> tuple[int, int]:
    """Return the nearest place none of whose neighbours has a larger value."""
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1))
    while True:
        near = [(here[0] + a, here[1] + b) for a, b in steps]
        inside = [at for at in near if all(0 <= i < n for i, n in zip(at, limits, strict=True))]
        best = max([here, *inside], key=value)
        if best == here:
            return here
        here = best


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
