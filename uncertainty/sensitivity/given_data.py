"""Sensitivity from draws alone: no model run beyond those that the draws took.

For draws that were saved, and for models too slow for a cross-matrix.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from uncertainty.agreement import Told, contradiction
from uncertainty.calls import checked
from uncertainty.late import dataclass
from uncertainty.records import Frozen, view
from uncertainty.results import record
from uncertainty.results.about import About, about, dropped_of
from uncertainty.rounding import UNVARYING, varies
from uncertainty.sampling.estimate import too_few_draws
from uncertainty.sampling.nets import generator
from uncertainty.sampling.statistics import BATCHES, check_level
from uncertainty.sensitivity.events import EXTREME_VALUES, Events, few_carry, rests_on_ends
from uncertainty.sensitivity.methods import Attributed
from uncertainty.sensitivity.moment_independent import PAWN_ROWS, SLICES, borgonovo_delta, pawn
from uncertainty.sensitivity.sample import ROWS, draw_sample, slices
from uncertainty.sensitivity.sobol.results import Attribution, listing
from uncertainty.values import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.methods import Asked
    from uncertainty.sensitivity.sample import Sample
    from uncertainty.sensitivity.sobol.results import Interval
    from uncertainty.study.model import Scale
    from uncertainty.tables import Table

    Estimator = Callable[[np.ndarray], float]

FEWEST_BINS = 4
MOST_BINS = 64
FEWEST_PER_BIN = 50

MATTERS = 0.01
"""Difference of two first-order indices that is worth a sentence."""

TOO_FAST = (
    "the output changes within slices of the input that hold draws enough for a distribution; the "
    "first-order index by rank, from neighbours, sees these changes and is the better figure"
)
TOO_FEW = "these draws are too few, or too many of them have one value of the output"

FEWEST_PER_FINE_BIN = 8
"""Independent draws in a bin where an input of high frequency takes many bins."""


@record("*=value", "*_interval=interval")
class Measured(NamedTuple):
    """A number from draws with its interval.

    Parameters
    ----------
    value
        The number.
    interval
        Its confidence interval.
    """

    value: float
    interval: Interval


@record("*=value", "*_interval=value")
class Unmeasured(NamedTuple):
    """A number that too few draws make up.

    Parameters
    ----------
    value
        Always None.
    """

    value: None = None


FirstOrder = Literal["S1", "neighbour_S1"]


@record("pawn", "**first_orders", "spearman", "delta?", "withheld?")
class FromDraws(NamedTuple):
    """What draws say of one input.

    Parameters
    ----------
    S1
        First-order index from the output's means in bins of the input; None where too few draws make up the
        output's variance.
    neighbour_S1
        First-order index from neighbours in the input's order, or None likewise.
    spearman
        Rank correlation.
    delta
        Borgonovo's, from 0 to 1: half the area between the output's density and its density given the input,
        on average; the same for every monotone transformation of either. None where draws are too few.
    pawn
        Median distance between the output's distribution and the one given a slice of the input; None where
        slices are wider than the output's changes.
    withheld
        Why there is no delta, no PAWN, or neither; None where both are there, or were not asked for.
    """

    S1: Measured | None
    neighbour_S1: Measured | None  # noqa: N815 - the field's own spelling
    spearman: Measured
    delta: Measured | None
    pawn: float | None
    withheld: str | None = None

    @property
    def by_bins(self) -> Measured | None:
        """The first-order index from means in bins of the input."""
        return self.S1

    @property
    def by_rank(self) -> Measured | None:
        """The first-order index from neighbours in the input's order."""
        return self.neighbour_S1

    @property
    def first_orders(self) -> Mapping[FirstOrder, Measured | Unmeasured]:
        """The first-order index, estimated in two ways.

        Notes
        -----
        S1
            From the output's means in bins of the input.
        neighbour_S1
            From neighbours in the input's order.
        """
        return Frozen({"S1": self.S1 or Unmeasured(), "neighbour_S1": self.neighbour_S1 or Unmeasured()})


@record("scale", "draws=inputs", "rows", "delta_rows", "pawn_rows", "disagreements", "reason?=said")
@dataclass(frozen=True, slots=True)
class GivenData:
    """What draws say of one output.

    Parameters
    ----------
    output, scale
        Which output, and whether its logarithm was looked at.
    rows
        Draws that S1, the rank-based S1 and the rank correlation rest on.
    delta_rows, pawn_rows
        Draws that delta rests on, and PAWN, an evenly spread part of them; 0 where they are too few.
    inputs
        The largest S1 first, or the largest rank correlation; those that are constant are left out.
    reason
        Why there is nothing, where there is nothing.
    without_first_order
        Why there is no S1, where there is all else.
    """

    output: str
    scale: Scale
    rows: int
    delta_rows: int
    pawn_rows: int
    inputs: Mapping[str, FromDraws]
    reason: str = ""
    without_first_order: str = ""

    @property
    def said(self) -> str:
        """Why there is nothing, or no first-order index."""
        return self.reason or self.without_first_order

    @property
    def disagreements(self) -> tuple[str, ...]:
        """A sentence for each input whose two S1 contradict each other, naming the better one."""
        return self.disagreements_of(str)

    def disagreements_of(self, name: Callable[[str], str]) -> tuple[str, ...]:
        """Return the same, in which inputs are called by `name`."""
        said = (_first_orders_apart(name(key), row) for key, row in self.inputs.items())
        return tuple(filter(None, said))

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.sobol.results`."""
        for key, row in self.inputs.items():
            yield Attribution(self.output, self.scale, "input", key, row)

    @property
    def table(self) -> Table:
        """The findings as a table, for files and data frames."""
        return listing(self)

    _repr_html_ = view


@checked()
def given_data(
    sample: Sample,
    *,
    output: str | Sequence[str] | None = None,
    level: float = 0.95,
    seed: int = 1,
    moment_independent: bool = True,
) -> Mapping[str, GivenData]:
    """Estimate sensitivity from draws.

    Of an input that is drawn given others it is that to its values, which tell of the others, too.

    Parameters
    ----------
    sample
        From `draw_sample`, or `Sample.from_arrays` for saved draws.
    seed
        Of the order of draws in which an input has the same value.
    moment_independent
        Also estimate delta and PAWN, which take most of the time.

    Raises
    ------
    SettingError
        If an output is unknown, or the level is not between 0 and 1.
    NonFiniteError
        If an output on a log10 scale is not positive.

    References
    ----------
    Bins: Plischke, Borgonovo & Smith 2013, doi:10.1016/j.ejor.2012.11.047. Ranks: Chatterjee 2021,
    doi:10.1080/01621459.2020.1758115; Gamboa et al. 2022, doi:10.3150/21-BEJ1421. Delta: Borgonovo 2007,
    doi:10.1016/j.ress.2006.04.015. PAWN: Pianosi & Wagener 2018, doi:10.1016/j.envsoft.2018.07.019.
    """
    check_level("level", level)
    seed = whole("seed", seed, 0)
    wanted = (output,) if isinstance(output, str) else tuple(output or sample.outputs)
    found = partial(_of_output, sample, level=level, seed=seed, moment_independent=moment_independent)
    return Frozen({name: found(name) for name in wanted})


def _of_output(
    sample: Sample, output: str, *, level: float, seed: int, moment_independent: bool
) -> GivenData:
    values, scale = _in_units(sample.values(output)), sample.scale(output)
    # what is constant explains nothing, and has no bins, neighbours or ranks
    columns = {name: sample.shown(name) for name in sample.inputs_of(output)}
    without = [name for name, column in columns.items() if not np.isfinite(column).all()]
    columns = {name: column for name, column in columns.items() if varies(column.min(), column.max())}
    names = list(columns)
    if reason := _nothing_because(sample, output, names, without):
        return GivenData(output, scale, sample.rows, 0, 0, Frozen(), reason)
    groups = sample.groups()
    deltas, pawns = _moment_independent(columns, values, groups, level) if moment_independent else ({}, {})
    firsts: dict[str, tuple[Measured, Measured]] = {}
    nothing = None, None
    events = Events.of_draws(values)
    too_few = events.too_few_draws
    if not too_few:
        unseen = float(events.unseen[0])
        firsts = {n: _first_orders(sample, columns[n], values, level, seed, unseen) for n in names}
        # events of one size become more as draws do, and lie at ends by their nature
        if not events.alike[0] and any(rests_on_ends(columns[n], values, firsts[n][1].value) for n in names):
            too_few, firsts = EXTREME_VALUES, {}
    usual = _bin_counts(len(values), int(groups[-1]) + 1, replicated=sample.replicate_rows > 1)[0]
    fast, faster = (
        {n for n, row in firsts.items() if _unresolved(sample, columns[n], values, level, row[1], bins)}
        for bins in (min(SLICES, usual), usual)
    )
    deltas = {name: delta for name, delta in deltas.items() if name not in faster}
    pawns = {name: each for name, each in pawns.items() if name not in fast | faster}
    found = {}
    for name in names:
        in_bins, by_rank = firsts.get(name, nothing)
        found[name] = FromDraws(
            in_bins,
            by_rank,
            jackknifed(rank_correlation(columns[name], values, groups), groups, level),
            deltas.get(name),
            pawns.get(name),
            _withheld(fast=name in fast | faster, has_delta=name in deltas) if moment_independent else None,
        )
    ordered = dict(sorted(found.items(), key=lambda item: _importance(item[1]), reverse=True))
    return GivenData(
        output,
        scale,
        sample.rows,
        sample.rows if deltas else 0,
        min(PAWN_ROWS, sample.rows) if pawns else 0,
        Frozen(ordered),
        without_first_order=too_few,
    )


def _moment_independent(
    columns: Mapping[str, FloatArray], values: FloatArray, groups: np.ndarray, level: float
) -> tuple[dict[str, Measured], dict[str, float]]:
    """Return delta and PAWN by input; no delta where too few draws tell of it."""
    estimates = {n: borgonovo_delta(column, values, groups, level) for n, column in columns.items()}
    return {n: Measured(*found) for n, found in estimates.items() if found is not None}, pawn(columns, values)


def _first_orders(
    sample: Sample, column: FloatArray, values: FloatArray, level: float, seed: int, unseen: float
) -> tuple[Measured, Measured]:
    """Return S1 in bins and by rank, whose interval allows for what neighbouring events of both may add."""
    groups, replicated = sample.groups(), sample.replicate_rows > 1
    by_rank, farther = (neighbour_first_order(column, values, groups, seed, apart) for apart in (1, 2))
    value, (low, high) = jackknifed(by_rank, groups, level)
    half = max((high - low) / 2, unseen, _unmet(column, values, level))
    # what neighbours miss is at most about what those twice as far apart miss more, at a jump
    more = jackknifed(lambda kept: by_rank(kept) - farther(kept), groups, level)
    missed = _missed_at_ends(column, values) + (more.value if more.interval[0] > 0 else 0.0)
    rank = Measured(value, (value - half, value + half + missed))
    binned = _first_order(column, values, groups, level, replicated=replicated)
    in_bins, most = binned.measured, value + half + max(more.value, 0.0)
    if not _explains_more(rank, in_bins):
        if _explains_more(rank, binned.chance):
            # what bins are told to miss is a guess, and less than neighbours see
            in_bins = Measured(in_bins.value, (in_bins.interval[0], max(in_bins.interval[1], most)))
        return in_bins, rank
    if replicated:
        # bins that hold draws of every replicate are too wide: finer ones are as of independent draws
        in_bins = _first_order(column, values, groups, level, replicated=False).measured
    bins = Measured(in_bins.value, (in_bins.interval[0], max(in_bins.interval[1], most)))
    return bins, Measured(value, (rank.interval[0], most))


def _withheld(*, fast: bool, has_delta: bool) -> str | None:
    return TOO_FAST if fast else None if has_delta else TOO_FEW


def _unresolved(
    sample: Sample, column: FloatArray, values: FloatArray, level: float, rank: Measured, bins: int
) -> bool:
    """Tell whether an output changes so fast with an input that bins with draws enough see less than half.

    Neighbours in the input's order see it, but there are too few of them for densities.
    """
    groups, replicated = sample.groups(), sample.replicate_rows > 1
    seen = _of_bins(column, values, groups, level, bins, replicated=replicated).chance
    return seen.value < rank.value / 2 and _explains_more(rank, seen)


def _importance(row: FromDraws) -> float:
    return abs(row.spearman.value) if row.S1 is None else row.S1.value


def _first_orders_apart(name: str, row: FromDraws) -> str:
    """Say whether S1 in bins and by rank contradict each other."""
    if row.S1 is None or row.neighbour_S1 is None:
        return ""
    bins = Told("in bins", *row.S1)
    rank = Told("by rank", *row.neighbour_S1)
    if rank.value > bins.value:
        better, other = rank, bins
        because = "the output changes within bins that still hold many draws"
    else:
        better, other = bins, rank
        because = "neighbours are farther apart than the output's changes"
    return contradiction(f"S1 of {name}", better, other, because, matters=MATTERS)


def _nothing_because(sample: Sample, output: str, names: Sequence[str], without: Sequence[str]) -> str:
    """Return why nothing can be estimated, or nothing."""
    if not sample.varies(output):
        return too_few_draws(math.inf) if output in sample.rare else UNVARYING
    if without:
        # what a condition spares is not asked for where its parameters are impossible
        return f"in some draws there is no value of {' and '.join(f'“{name}”' for name in without)}"
    if not names:
        return "no input varies in these draws"
    return "" if sample.rows >= BATCHES else f"it takes {BATCHES} draws, and there are {sample.rows}"


def _in_units(values: FloatArray) -> FloatArray:
    """Return values divided by a power of two near the largest: exact, and such that squares stay finite."""
    largest = float(np.abs(values).max(initial=0.0))
    return values if largest == 0 else np.ldexp(values, -int(np.frexp(largest)[1]))


def jackknifed(estimator: Estimator, groups: np.ndarray, level: float) -> Measured:
    """Return an estimate with the Student interval of its jackknife over independent groups of rows.

    Parameters
    ----------
    estimator
        Gives the estimate from the groups for which a row of truth values says so.
    """
    from uncertainty.special import stdtrit

    count = int(groups[-1]) + 1
    value = estimator(np.ones(count, dtype=np.bool_))
    if count < 3:
        return Measured(value, (math.nan, math.nan))
    without = np.array([estimator(np.arange(count) != left_out) for left_out in range(count)])
    error = math.sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
    half = float(stdtrit(count - 1, (1 + level) / 2)) * error
    return Measured(value, (value - half, value + half))


def _first_order(
    column: FloatArray, values: FloatArray, groups: np.ndarray, level: float, *, replicated: bool
) -> _Binned:
    """Return S1 by as many bins as the input's frequency takes.

    Where the finest bins that draws allow explain more than the usual ones, beyond their errors, the fewest
    bins are taken that finer ones do not contradict.
    """
    counts = _bin_counts(len(values), int(groups[-1]) + 1, replicated=replicated)
    found = [_of_bins(column, values, groups, level, bins, replicated=replicated) for bins in counts[:1]]
    finest = _of_bins(column, values, groups, level, counts[-1], replicated=replicated)
    if not _explains_more(finest.chance, found[0].chance):
        return found[0]
    between = [_of_bins(column, values, groups, level, bins, replicated=replicated) for bins in counts[1:-1]]
    found += [*between, finest]
    settled = (
        one
        for place, one in enumerate(found)
        if not any(_explains_more(finer.chance, one.chance) for finer in found[place + 1 :])
    )
    return next(settled)


class _Binned(NamedTuple):
    """S1 by some bins, with the interval of chance alone, and with one that allows for what bins miss."""

    chance: Measured
    measured: Measured


def _bin_counts(rows: int, groups: int, *, replicated: bool) -> list[int]:
    """Return numbers of bins: the usual one, and doubled as often as draws allow."""
    per_group = rows // groups
    usual = int(np.clip(per_group // 4 if replicated else rows // FEWEST_PER_BIN, FEWEST_BINS, MOST_BINS))
    most = per_group // 2 if replicated else rows // FEWEST_PER_FINE_BIN
    return [usual << doubled for doubled in range(max(1, (most // usual).bit_length()))]


def _explains_more(finer: Measured, other: Measured) -> bool:
    halves = [(each.interval[1] - each.interval[0]) / 2 for each in (finer, other)]
    return finer.value - other.value > math.hypot(*halves)


def _of_bins(
    column: FloatArray,
    values: FloatArray,
    groups: np.ndarray,
    level: float,
    bins: int,
    *,
    replicated: bool,
) -> _Binned:
    """Return S1 by some bins, its interval wider by what the input may do within a bin."""
    tabulated = _tabulated(column, values, groups, bins)
    found = jackknifed(lambda kept: tabulated.first_order(kept, replicated=replicated), groups, level)
    missed = tabulated.missed(replicated=replicated)
    low, high = found.interval
    return _Binned(found, Measured(found.value, (low - missed, high + missed)))


class _Bins(NamedTuple):
    """Counts of rows, and sums of standardised outputs and of their squares, by group and bin of an input.

    Parameters
    ----------
    counts, sums, squares
        Shape (groups, bins).
    single
        Whether each bin holds one value of the input.
    """

    counts: FloatArray
    sums: FloatArray
    squares: FloatArray
    single: bool

    def means(self, kept: np.ndarray, *, replicated: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the bins' shares of the rows of some groups, their means, and what these owe to chance.

        That is, for independent rows, the variance in the bin; for low-discrepancy points, whose means are
        better than that, the differences between replicates.
        """
        n, total, square = (table[kept].sum(axis=0) for table in (self.counts, self.sums, self.squares))
        filled = n > 1
        n, total, square = n[filled], total[filled], square[filled]
        means = total / n
        if replicated:
            with np.errstate(invalid="ignore"):
                each = self.sums[kept][:, filled] / self.counts[kept][:, filled]
            chance = _variance_of_mean(each)
        else:
            chance = (square - n * means**2) / (n - 1) / n
        return n / n.sum(), means, chance

    def first_order(self, kept: np.ndarray, *, replicated: bool) -> float:
        """Return S1 by the variance of the means of some groups' rows, less what they owe to chance."""
        share, means, chance = self.means(kept, replicated=replicated)
        mean = share @ means
        between = float(share @ (means - mean) ** 2 - share @ ((1 - share) * chance))
        return _quotient(between, self._variance(kept))

    def missed(self, *, replicated: bool) -> float:
        """Return what the output's changes within bins may add to S1.

        They are told from the change between the bins on either side: a steady one adds a third of what is
        allowed, and where one bin holds all of a jump, no more than a quarter of its square.
        """
        everything = np.ones(len(self.counts), dtype=np.bool_)
        share, means, chance = self.means(everything, replicated=replicated)
        if self.single or share.size < FEWEST_BINS:
            return 0.0
        before, after = np.r_[0, : share.size - 1], np.r_[1 : share.size, share.size - 1]
        steps = np.square(means[after] - means[before]) - chance[after] - chance[before]
        # at either end only one side is known, which is half as far
        steps[1:-1] /= 4
        steady = max(float(share @ steps), 0.0) / 4
        jump = max(float((share * (steps - chance[after] - chance[before])).max()), 0.0)
        return _quotient(steady + jump, self._variance(everything))

    def _variance(self, kept: np.ndarray) -> float:
        n, total, square = (float(table[kept].sum()) for table in (self.counts, self.sums, self.squares))
        return square / n - (total / n) ** 2


def _tabulated(column: FloatArray, values: FloatArray, groups: np.ndarray, most: int) -> _Bins:
    """Tabulate outputs by bins of equal size of an input, at most so many; or by its values, if fewer."""
    bins = slices(column, most, tails=True)
    single = not any(varies(column[rows].min(), column[rows].max()) for rows in bins)
    place = np.empty(len(values), dtype=np.int64)
    for number, rows in enumerate(bins):
        place[rows] = number
    centred = (values - values.mean()) / values.std()
    shape = (int(groups[-1]) + 1, len(bins))
    cells = groups * len(bins) + place
    counts, sums, squares = (
        np.bincount(cells, weights, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for weights in (None, centred, centred**2)
    )
    return _Bins(counts, sums, squares, single)


def _quotient(part: float, whole: float) -> float:
    """Return part of a whole; nan where there is none, as where few rows make up all that varies."""
    return float(part / whole) if whole else math.nan


def _variance_of_mean(each: FloatArray) -> FloatArray:
    """Return the variance of the mean of each column's numbers that are not missing."""
    known = np.isfinite(each)
    count = np.maximum(known.sum(axis=0), 2)
    filled = np.where(known, each, 0.0)
    mean = filled.sum(axis=0) / count
    return np.asarray((np.where(known, each - mean, 0.0) ** 2).sum(axis=0) / (count - 1) / count)


def neighbour_first_order(
    column: FloatArray, values: FloatArray, groups: np.ndarray, seed: int, apart: int
) -> Estimator:
    """Return the estimator of S1 by the products of outputs that are neighbours in an input's order.

    Parameters
    ----------
    apart
        Places from one to the other.
    """
    # rows of one value of a discrete input are neighbours by chance, not by their place in a design
    order = np.lexsort((generator(seed, "ties").random(len(column)), column))
    ordered, own = values[order] - values.mean(), groups[order]

    def estimate(kept: np.ndarray) -> float:
        y = ordered[kept[own]]
        mean = y.mean()
        return _quotient(y[:-apart] @ y[apart:] / (len(y) - apart) - mean**2, y @ y / len(y) - mean**2)

    return estimate


def _unmet(column: FloatArray, values: FloatArray, level: float) -> float:
    """Return what neighbours of which few have large values both may add; 0 where they are enough."""
    from uncertainty.special import ndtri

    squares = np.square(values - np.median(values))[np.argsort(column, kind="stable")]
    own, fourth = squares.mean(), np.square(squares).mean()
    few = few_carry(np.mean(squares[:-1] * squares[1:]), own, own, fourth, fourth, squares.size)
    return float(ndtri((1 + level) / 2)) * 2 / math.sqrt(squares.size) if few else 0.0


def _missed_at_ends(column: FloatArray, values: FloatArray) -> float:
    """Return what products of neighbours miss since the outermost rows have one neighbour, not two."""
    ends = values[[np.argmin(column), np.argmax(column)]] - values.mean()
    return _quotient(float(ends @ ends) / 2, float(values.var()) * values.size)


def rank_correlation(column: FloatArray, values: FloatArray, groups: np.ndarray) -> Estimator:
    """Return the estimator of Spearman's rank correlation."""
    from scipy.stats import rankdata

    ranks = np.array([rankdata(column), rankdata(values)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    parts = np.array([ranks[0] * ranks[1], ranks[0] ** 2, ranks[1] ** 2])
    sums = np.array([np.bincount(groups, part) for part in parts])

    def estimate(kept: np.ndarray) -> float:
        both, one, other = sums[:, kept].sum(axis=1)
        return _quotient(both, math.sqrt(one * other))

    return estimate


def attribute(asked: Asked) -> Attributed:
    """Return what one set of draws says of each output."""
    settings = asked.settings_of(ROWS)
    how = {"progress": asked.progress, "settings": settings, **asked.workers}
    sample = draw_sample(asked.study, output=asked.outputs, inputs=(), **how)
    found = given_data(sample, level=settings.level, seed=settings.seed)
    share = sample.dropped / (sample.dropped + sample.rows)
    dropped = dropped_of(dict.fromkeys(found, share))
    depends = About(replace(settings, samples=sample.rows), settings.scenario(asked.study), "draws", dropped)
    return Attributed(found, depends, listing(*found.values(), about=about(depends)))
