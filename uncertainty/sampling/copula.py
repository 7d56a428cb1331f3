"""Correlation between inputs, by a Gaussian copula: marginals stay exactly what they are."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import special
from uncertainty.distributions import Normal
from uncertainty.distributions.functions import crossing
from uncertainty.distributions.protocol import inside, probability_ranges
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import dataclass
from uncertainty.sampling.designs import SobolDesign, uniforms
from uncertainty.sampling.discrete_ranks import needed_scores, rank_series
from uncertainty.sampling.transforms import Scratch, make_transform
from uncertainty.study.correlation import (
    ALIKE,
    ROUNDED,
    among,
    connected,
    copula_matrix,
    decimals,
    in_closed_form,
    listed_targets,
    strongest,
    target_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation, Measure


NODES = 40
"""Gauss-Hermite nodes of each of two quantities for their linear correlation."""

SETTLED = 0.99
"""Part of a standard deviation that values up to 8 deviations of the normal score must make for a Pearson."""

POINTS = 2**17
"""Points of a net that stand for them where a quantity takes steps."""

RANKED = 2**16
"""Points of a net that are ranked."""

STEEPEST = 1.5
"""A quantile function that rises faster has a step that no polynomial follows.

In standard deviations a unit of the normal score, times the density there: a normal distribution has 0.4.
"""


def rank_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Spearman's correlation of two quantities whose normal scores have the correlation `scores`."""
    _, correlated = _correlated(scores, RANKED)
    return plain_correlation(_net_ranks(one), mid_ranks(other, correlated))


def order_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Kendall's correlation, tau-b where values occur more than once, of two such quantities."""
    if not (one.atoms or other.atoms):
        return 2 / math.pi * math.asin(scores)
    from scipy.stats import kendalltau

    u, correlated = _correlated(scores, RANKED)
    drawn = _values(one, u), _values(other, correlated)
    return float(kendalltau(*drawn, method="asymptotic").statistic)


def linear_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Pearson's correlation of two quantities whose normal scores have the correlation `scores`."""
    if isinstance(one, Normal) and isinstance(other, Normal):
        return scores
    if has_steps(one) or has_steps(other):
        u, correlated = _correlated(scores, POINTS)
        return float(np.corrcoef(_values(one, u), _values(other, correlated))[0, 1])
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    first = one.quantile(inside(special.ndtr(nodes)))
    mixed = scores * nodes[:, None] + math.sqrt(1 - scores**2) * nodes
    second = other.quantile(inside(special.ndtr(mixed)))
    joint = weights[:, None] * weights
    centred = (first - weights @ first)[:, None], second - np.sum(joint * second)
    # in units of the largest, so that values of any size can be squared
    parts = [part / np.abs(part).max() for part in centred]
    sds = [math.sqrt(float(np.sum(joint * part**2))) for part in parts]
    return float(np.sum(joint * parts[0] * parts[1])) / (sds[0] * sds[1])


MEASURES: MappingProxyType[str, Callable[[Distribution, Distribution, float], float]] = MappingProxyType(
    {"spearman": rank_correlation, "pearson": linear_correlation, "kendall": order_correlation}
)
"""By the kind of correlation."""


@lru_cache(maxsize=256)
def has_steps(distribution: Distribution) -> bool:
    """Tell whether a quantile function jumps, or all but does."""
    if distribution.atoms:
        return True
    step = 0.01
    scores = np.arange(-6, 6, step)
    rises = np.diff(distribution.quantile(special.ndtr(scores))) / step
    density = np.exp(-(scores[:-1] ** 2) / 2) / math.sqrt(2 * math.pi)
    return bool(np.max(rises * density) > STEEPEST * distribution.sd)


def mid_ranks(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Return the middle of the probabilities that have the same value as each of `u`."""
    below, up_to = probability_ranges(distribution, distribution.quantile(u), u)
    return (below + up_to) / 2


@lru_cache(maxsize=4)
def _net_ranks(distribution: Distribution) -> FloatArray:
    """Return the middle probabilities at the first uniforms of the net, the same at every correlation."""
    return mid_ranks(distribution, _net(RANKED)[0])


def plain_correlation(one: FloatArray, other: FloatArray) -> float:
    """Return the linear correlation of two columns."""
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / math.sqrt((one * one).sum() * (other * other).sum()))


def _values(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Return quantiles as a run draws them, which takes no time where they have no closed form."""
    found = u.copy()
    make_transform(distribution).apply(found, Scratch(u.size))
    return found


def _correlated(scores: float, points: int) -> tuple[FloatArray, FloatArray]:
    """Return uniforms of two quantities whose normal scores have the correlation `scores`."""
    u, first, second = _net(points)
    return u, inside(special.ndtr(scores * first + math.sqrt(1 - scores * scores) * second))


@lru_cache(maxsize=2)
def _net(points: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the points of one scrambled Sobol' net, the same each time: uniforms, and both normal scores."""
    design = SobolDesign(("one", "other"), points, 1, 0)
    u, v = np.concatenate([block.copy() for block in uniforms(design)], axis=1)
    return u, special.ndtri(u), special.ndtri(v)


_MISSED = 0.005
"""How far the correlation of draws may be from its target."""
_STRONGEST = 0.9999
"""The strongest correlation of normal scores that is tried."""


@dataclass(frozen=True, eq=False, slots=True)
class Copula:
    """Turns independent uniforms into correlated ones.

    Parameters
    ----------
    rows
        Which rows of a block are correlated with one another.
    factor
        Lower Cholesky factor of their normal scores' correlation matrix, shape (rows, rows).
    """

    rows: tuple[int, ...]
    factor: FloatArray

    def apply(self, uniforms: FloatArray) -> None:
        """Correlate the rows of a block of uniforms, shape (inputs, n), in place."""
        rows = list(self.rows)
        scores = special.ndtri(uniforms[rows])
        # no product by BLAS, whose last bits depend on how many columns there are
        for i in reversed(range(len(rows))):
            scores[i] *= self.factor[i, i]
            # what is 0 adds nothing: independent sets of a table have a factor of little else
            for j in np.flatnonzero(self.factor[i, :i]):
                scores[i] += self.factor[i, j] * scores[j]
        uniforms[rows] = inside(special.ndtr(scores))


def make_copula(
    correlations: Iterable[Correlation],
    varying: tuple[str, ...],
    marginals: Sequence[Distribution] | None = None,
    file: str = "",
) -> Copula | None:
    """Return the copula over the rows of `varying`; a pair with a fixed input has nothing to correlate.

    Parameters
    ----------
    marginals
        The distribution of each row; all continuous where they are not given.
    file
        Name of the study's file, for errors.

    Raises
    ------
    StudyError
        If a target cannot be reached, with the range that can.
    """
    if marginals is None:
        pairs = tuple(among(correlations, varying))
    else:
        pairs = continuous_targets(correlations, dict(zip(varying, marginals, strict=True)), file)
    return copula_of(pairs, varying, file) if pairs else None


def continuous_targets(
    correlations: Iterable[Correlation], marginals: Mapping[str, Distribution], file: str = ""
) -> tuple[Correlation, ...]:
    """Return the pairs that have marginals, with the targets that give the same copula in closed form.

    Where values occur more than once, ranks are tied and correlate less than the copula's normal scores do.
    Values that are not normal correlate linearly less than their normal scores do: what these need is found
    by quadrature on the quantile functions (Cario and Nelson 1997, "Modeling and generating random vectors
    with arbitrary marginal distributions and correlation matrix").

    Raises
    ------
    StudyError
        If targets cannot be reached, each or together, with some that can.
    """
    pairs = among(correlations, marginals)
    found = tuple(_for_continuous(pair, marginals, file) for pair in pairs)
    solved = [pair for pair in pairs if not in_closed_form(pair, marginals)]
    if solved and not _hold(found):
        because = " and ".join(dict.fromkeys(map(_reason, solved)))
        bound = dict.fromkeys(name for pair in solved if pair.across for name in pair.across.split("+"))
        near = (
            f"a weaker across of {' and '.join(bound)} can"
            if bound
            else f"near them, these can: {listed_targets(_weaker(pairs, marginals))}"
        )
        raise StudyError(Fault(f"cannot hold together, since {because}; {near}", "correlations", file))
    return found


def copula_of(pairs: Iterable[Correlation], rows: Sequence[str], file: str = "") -> Copula:
    """Return the copula that reaches the targets of some pairs between continuous inputs.

    Parameters
    ----------
    rows
        The inputs of a block, each pair's among them.

    Raises
    ------
    StudyError
        If the targets cannot hold together.
    """
    try:
        names, matrix = copula_matrix(pairs)
    except InvalidValue as error:
        raise StudyError(Fault(str(error), "correlations", file)) from None
    factor = np.linalg.cholesky(matrix).astype(np.float64)
    # what has one score has it to the last bit
    first = np.argmax(matrix >= ALIKE - ROUNDED, axis=1)
    row_of = {name: row for row, name in enumerate(rows)}
    return Copula(tuple(row_of[name] for name in names), factor[first])


def _hold(pairs: Iterable[Correlation]) -> bool:
    try:
        copula_matrix(pairs)
    except InvalidValue:
        return False
    return True


def _reason(pair: Correlation) -> str:
    if pair.kind == "pearson":
        return "values of these distributions lie on no common line"
    return "values that occur more than once have one rank"


def _weaker(pairs: Sequence[Correlation], marginals: Mapping[str, Distribution]) -> list[Correlation]:
    """Return targets, weaker by one factor, that hold together in the sets of inputs whose own do not."""

    def holds(targets: Sequence[Correlation]) -> bool:
        return _hold([_for_continuous(pair, marginals, "") for pair in targets])

    found = []
    for names in connected(pairs):
        own = [pair for pair in pairs if pair.inputs[0] in names]
        if not holds(own):
            found += strongest(partial(_weakened, own), holds)
    return found


def _weakened(pairs: Sequence[Correlation], share: float) -> list[Correlation]:
    places = decimals(pair.value for pair in pairs)
    return [pair.at(round(share * pair.value, places)) for pair in pairs]


def _for_continuous(pair: Correlation, marginals: Mapping[str, Distribution], file: str) -> Correlation:
    """Return the target that gives the same copula in closed form."""
    if in_closed_form(pair, marginals):
        return pair
    one, other = (marginals[name] for name in pair.inputs)
    names = " and ".join(pair.inputs)
    if pair.kind == "pearson":
        for name in pair.inputs:
            if not math.isfinite(marginals[name].sd):
                message = f'"{name}" has no standard deviation, so that {names} have no Pearson correlation'
                raise StudyError(Fault(message, "correlations", file))
            if not _settles(marginals[name]):
                message = (
                    f'the tail of "{name}" is so long that no run has draws enough to settle its standard '
                    f"deviation, or a Pearson correlation of {names}; give spearman or kendall instead"
                )
                raise StudyError(Fault(message, "correlations", file))
    target = _of_cells(one, other, pair.value) if pair.across else None
    target = target or _reaching(pair.kind, one, other, pair.value)
    if target is None:
        low, high = (_strongest(pair.kind, one, other, sign) for sign in (-1, 1))
        message = (
            f"a {pair.kind.capitalize()} correlation of {pair.value:g} between {names} cannot be reached, "
            f"since {_reason(pair)}; attainable are {low:.3f} to {high:.3f}"
        )
        raise StudyError(Fault(message, "correlations", file))
    return pair.at(target)


@lru_cache(maxsize=256)
def _settles(distribution: Distribution) -> bool:
    """Tell whether a standard deviation is that of values that draws have, and not of a tail beyond all."""
    if has_steps(distribution):
        return True
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    values = distribution.quantile(inside(special.ndtr(nodes))) / distribution.sd
    weights = weights / weights.sum()
    return math.sqrt(float(weights @ (values - weights @ values) ** 2)) > SETTLED


@lru_cache(maxsize=4096)
def _of_cells(one: Distribution, other: Distribution, value: float) -> float | None:
    """Return the target of the copula of two discrete cells, which is found in no time: a table has many."""
    series = rank_series(one, other)
    scores = None if series is None else needed_scores(series, value)
    return None if scores is None else target_of("spearman", scores)


def _reaching(kind: Measure, one: Distribution, other: Distribution, value: float) -> float | None:
    """Return the target in closed form of the copula by which quantities correlate as wanted."""
    low, high = attainable(one, other, kind)
    if not low <= value <= high:
        return None
    target, reached = _continuous_target(kind, one, other, value)
    return target if abs(reached - value) <= _MISSED else None


def _strongest(kind: Measure, one: Distribution, other: Distribution, sign: int) -> float:
    """Return the strongest correlation of one sign, in thousandths, that a Gaussian copula reaches."""
    _, reached = _continuous_target(kind, one, other, float(sign))
    first = math.floor(1000 * min(abs(reached), abs(attainable(one, other, kind)[sign > 0])) + 0.5)
    thousandths = (sign * n / 1000 for n in range(first, 0, -1))
    return next((each for each in thousandths if _reaching(kind, one, other, each) is not None), 0.0)


@lru_cache(maxsize=1024)
def attainable(one: Distribution, other: Distribution, kind: Measure = "spearman") -> tuple[float, float]:
    """Return the correlations of two distributions that rise against and with each other."""
    if kind != "spearman":
        against, along = (MEASURES[kind](one, other, sign * _STRONGEST) for sign in (-1, 1))
        return against, along
    u = (np.arange(RANKED) + 0.5) / RANKED
    ranks = mid_ranks(one, u)
    against, along = (plain_correlation(ranks, mid_ranks(other, v)) for v in (1 - u, u))
    return against, along


@lru_cache(maxsize=4096)
def _continuous_target(
    kind: Measure, one: Distribution, other: Distribution, target: float
) -> tuple[float, float]:
    """Find the copula by which quantities correlate as wanted, and how they then do."""

    def missing(r: float) -> float:
        return MEASURES[kind](one, other, r) - target

    ends = -_STRONGEST, _STRONGEST
    if missing(ends[0]) >= 0 or missing(ends[1]) <= 0:
        r = math.copysign(_STRONGEST, target)
    else:
        r = crossing(missing, *ends, xtol=1e-6 if one.atoms or other.atoms else 1e-12)
    return target_of(kind, r), target + missing(r)
