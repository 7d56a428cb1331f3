"""Rank correlation between inputs, by a Gaussian copula: marginals stay exactly what they are."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.probabilities import inside, probability_ranges
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.sampling.designs import SobolDesign, uniforms
from uncertainty.study.correlation import connected, copula_matrix, decimals, listed_targets, strongest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation

_POINTS = 2**16
_MISSED = 0.005
"""How far the ranks of draws may be from their target."""
_STRONGEST = 0.9999


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
        from scipy.special import ndtr, ndtri

        rows = list(self.rows)
        scores = ndtri(uniforms[rows])
        # no product by BLAS, whose last bits depend on how many columns there are
        for i in reversed(range(len(rows))):
            scores[i] *= self.factor[i, i]
            for j in range(i):
                scores[i] += self.factor[i, j] * scores[j]
        uniforms[rows] = inside(ndtr(scores))


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
        pairs = tuple(pair for pair in correlations if set(pair.inputs) <= set(varying))
    else:
        pairs = continuous_targets(correlations, dict(zip(varying, marginals, strict=True)), file)
    return copula_of(pairs, varying, file) if pairs else None


def continuous_targets(
    correlations: Iterable[Correlation], marginals: Mapping[str, Distribution], file: str = ""
) -> tuple[Correlation, ...]:
    """Return the pairs that have marginals, with the targets that give continuous inputs the same copula.

    Where values occur more than once, ranks are tied and correlate less than the copula's normal scores do.

    Raises
    ------
    StudyError
        If targets cannot be reached, each or together, with some that can.
    """
    pairs = [pair for pair in correlations if marginals.keys() >= set(pair.inputs)]
    found = tuple(_for_continuous(pair, marginals, file) for pair in pairs)
    tied = any(marginals[name].atoms for pair in pairs for name in pair.inputs)
    if tied and not _hold(found):
        message = (
            "cannot hold together, since values that occur more than once have one rank; near them, "
            f"these can: {listed_targets(_weaker(pairs, marginals))}"
        )
        raise StudyError(Fault(message, "correlations", file))
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
    return Copula(tuple(rows.index(name) for name in names), factor)


def _hold(pairs: Iterable[Correlation]) -> bool:
    try:
        copula_matrix(pairs)
    except InvalidValue:
        return False
    return True


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
    places = decimals(pair.spearman for pair in pairs)
    return [replace(pair, spearman=round(share * pair.spearman, places)) for pair in pairs]


def _for_continuous(pair: Correlation, marginals: Mapping[str, Distribution], file: str) -> Correlation:
    """Return the target that continuous inputs need for the same copula."""
    one, other = (marginals[name] for name in pair.inputs)
    if not (one.atoms or other.atoms):
        return pair
    target = _reaching(one, other, pair.spearman)
    if target is None:
        low, high = (_strongest(one, other, sign) for sign in (-1, 1))
        names = " and ".join(pair.inputs)
        message = (
            f"a Spearman correlation of {pair.spearman:g} between {names} cannot be reached, "
            f"since values that occur more than once have one rank; attainable are {low:.3f} to {high:.3f}"
        )
        raise StudyError(Fault(message, "correlations", file))
    return replace(pair, spearman=target)


def _reaching(one: Distribution, other: Distribution, spearman: float) -> float | None:
    """Return the target that gives continuous inputs the copula whose ranks, tied, correlate as wanted."""
    low, high = attainable(one, other)
    if not low <= spearman <= high:
        return None
    target, reached = _continuous_target(one, other, spearman)
    return target if abs(reached - spearman) <= _MISSED else None


def _strongest(one: Distribution, other: Distribution, sign: int) -> float:
    """Return the strongest correlation of one sign, in thousandths, that a Gaussian copula reaches."""
    _, reached = _continuous_target(one, other, float(sign))
    first = round(1000 * min(abs(reached), abs(attainable(one, other)[sign > 0])))
    thousandths = (sign * n / 1000 for n in range(first, 0, -1))
    return next((each for each in thousandths if _reaching(one, other, each) is not None), 0.0)


@lru_cache(maxsize=64)
def attainable(one: Distribution, other: Distribution) -> tuple[float, float]:
    """Return the Spearman correlations of two distributions that rise against and with each other."""
    u = (np.arange(_POINTS) + 0.5) / _POINTS
    ranks = _mid_ranks(one, u)
    against, along = (_correlation(ranks, _mid_ranks(other, v)) for v in (1 - u, u))
    return against, along


@lru_cache(maxsize=64)
def _continuous_target(one: Distribution, other: Distribution, target: float) -> tuple[float, float]:
    """Find the copula whose ranks, with ties in their middle, correlate as wanted, and how they then do."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    u, v = net(("one", "other"), _POINTS)
    first, second = ndtri(u), ndtri(v)
    ranks = _mid_ranks(one, u)

    def missing(r: float) -> float:
        correlated = ndtr(r * first + math.sqrt(1 - r * r) * second)
        return _correlation(ranks, _mid_ranks(other, inside(correlated))) - target

    ends = -_STRONGEST, _STRONGEST
    if missing(ends[0]) >= 0 or missing(ends[1]) <= 0:
        r = math.copysign(_STRONGEST, target)
    else:
        r = brentq(missing, *ends, xtol=1e-6)
    return 6 / math.pi * math.asin(r / 2), target + missing(r)


def net(names: tuple[str, ...], points: int) -> FloatArray:
    """Return the points of one scrambled Sobol' net, shape (names, points), the same each time."""
    return np.concatenate([block.copy() for block in uniforms(SobolDesign(names, points, 1, 0))], axis=1)


def _mid_ranks(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Return the middle of the probabilities that have the same value as each of `u`."""
    below, up_to = probability_ranges(distribution, distribution.quantile(u), u)
    return (below + up_to) / 2


def _correlation(one: FloatArray, other: FloatArray) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / math.sqrt((one * one).sum() * (other * other).sum()))
