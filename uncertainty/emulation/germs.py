"""Scores of inputs, in which polynomials follow a function best, and polynomials orthonormal in them.

A score is uniform, standard normal, or the place among a few values, whichever an input's values are nearly a
polynomial of (Xiu & Karniadakis 2002, doi:10.1137/S1064827501387826).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty import special
from uncertainty.distributions import Steps
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray

Family = Literal["hermite", "legendre", "levels"]

FARTHEST = 7.0
"""Normal score beyond which nothing is known of the function: it has a probability of 1e-12."""

CELLS = 4096
"""Cells of the table from values to scores: what lies between is a straight line within 2e-6."""

MOST_LEVELS = 12
"""Values of a discrete input that are told apart; more of them are points on a scale."""


@dataclass(frozen=True, eq=False, slots=True)
class Germ:
    """An input's score as a table of its values.

    Parameters
    ----------
    values
        In increasing order, shape (n,).
    scores
        The scores of these: normal ones, uniform ones from -1 to 1, or places from 0; shape (n,).
    support
        Smallest and largest value for which there is a score.
    polynomials
        Of levels, the polynomials at each of them, shape (levels, levels).
    """

    family: Family
    values: FloatArray
    scores: FloatArray
    support: tuple[float, float]
    polynomials: FloatArray | None = None

    @property
    def most(self) -> int:
        """The highest degree that there is."""
        return len(self.values) - 1 if self.family == "levels" else 1 << 30

    def at(self, values: FloatArray) -> FloatArray:
        """Return the scores of values, shape (rows,); nan where nothing is known."""
        if self.family == "levels":
            place = np.minimum(np.searchsorted(self.values, values), len(self.values) - 1)
            return np.where(self.values[place] == values, place, np.nan)
        inside = (values >= self.support[0]) & (values <= self.support[1])
        found: FloatArray = np.where(inside, np.interp(values, self.values, self.scores), np.nan)
        return found

    def up_to(self, degree: int, scores: FloatArray) -> list[FloatArray]:
        """Return the polynomials of degrees 0 to `degree` at some scores, each of shape (rows,)."""
        if self.polynomials is not None:
            known = np.isfinite(scores)
            place = np.where(known, scores, 0).astype(np.int64)
            return [np.where(known, column[place], np.nan) for column in self.polynomials.T[: degree + 1]]
        one = np.ones_like(scores)
        return hermite(degree, scores, one) if self.family == "hermite" else legendre(degree, scores, one)


def hermite(degree: int, z: FloatArray, one: FloatArray) -> list[FloatArray]:
    """Return the Hermite polynomials that are orthonormal for a standard normal variable."""
    found = [one, z]
    for k in range(1, degree):
        found.append((z * found[k] - np.sqrt(k) * found[k - 1]) / np.sqrt(k + 1))
    return found[: degree + 1]


def legendre(degree: int, t: FloatArray, one: FloatArray) -> list[FloatArray]:
    """Return the Legendre polynomials that are orthonormal for a uniform variable from -1 to 1."""
    plain = [one, t]
    for k in range(1, degree):
        plain.append(((2 * k + 1) * t * plain[k] - k * plain[k - 1]) / (k + 1))
    return [np.sqrt(2 * k + 1) * each for k, each in enumerate(plain[: degree + 1])]


def make_germ(distribution: Distribution) -> Germ:
    """Return the score of an input that has a distribution."""
    if isinstance(distribution, Steps):
        values = np.array(distribution.atoms)
        up_to = distribution.cdf(values)
        weights = np.diff(up_to, prepend=0.0)
        if len(values) <= MOST_LEVELS:
            return _levels(values, weights)
        return Germ("hermite", values, special.ndtri(up_to - weights / 2), distribution.support)
    scores: FloatArray = np.linspace(-1, 1, CELLS + 1)
    if _nearly_uniform(distribution):
        return Germ("legendre", distribution.quantile((1 + scores) / 2), scores, distribution.support)
    below = special.ndtr(FARTHEST * scores[: CELLS // 2 + 1])
    values = np.concatenate([distribution.quantile(below), distribution.upper_quantile(below[-2::-1])])
    # what is bounded is known to its ends
    ends = zip(distribution.support, (values[0], values[-1]), strict=True)
    low, high = (float(end if np.isfinite(end) else farthest) for end, farthest in ends)
    return Germ("hermite", values, FARTHEST * scores, (low, high))


def _nearly_uniform(distribution: Distribution) -> bool:
    """Tell whether values are nearer to a cubic of uniform scores than to one of normal scores."""
    if not np.isfinite(distribution.support).all():
        return False
    u = (np.arange(256) + 0.5) / 256
    x = distribution.quantile(u)
    x = (x - x.mean()) / x.std()
    by_uniform, by_normal = (
        np.linalg.lstsq(np.vander(t, 4), x, rcond=None)[1].sum() for t in (2 * u - 1, special.ndtri(u))
    )
    return bool(by_uniform <= by_normal)


def _levels(values: FloatArray, weights: FloatArray) -> Germ:
    """Return the place among a few values, with polynomials that are orthonormal for their weights."""
    places = np.arange(len(values), dtype=np.float64)
    root = np.sqrt(weights)[:, None]
    orthonormal, triangle = np.linalg.qr(root * np.vander(places - places.mean(), increasing=True))
    polynomials = orthonormal / root * np.sign(np.diag(triangle))
    return Germ("levels", values, places, (float(values[0]), float(values[-1])), polynomials)
