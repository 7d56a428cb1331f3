"""How well a fitted distribution agrees with its data: p-values that know of the fit.

Tables of Kolmogorov and Smirnov, and of Anderson and Darling, hold for a distribution that was known
beforehand; one that was fitted agrees better, and their p-values are far too large. Here samples of the
fitted distribution are fitted again, and the statistic of the data is compared with theirs (Stute, Gonzáles
Manteiga & Presedo Quindimil 1993, doi:10.1007/BF02613687). For families of location and scale, also after a
logarithm, that is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.distributions.protocol import SMALLEST

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution, FloatArray
    from uncertainty.fitting.families import Family

REPLICATES = 499
LONGEST = 400
"""Values of a replicate at most: beyond, neither statistic's distribution depends on their number."""


LEAST_P = 1 / (REPLICATES + 1)
"""The smallest p-value that this many replicates can tell."""


def p_value_text(p: float) -> str:
    """Write a p-value; of one below what the replicates can tell only that is known."""
    return f"≤{LEAST_P:.3f}" if p <= LEAST_P else f"{p:.3f}"


def p_value_equation(p: float) -> str:
    """Write a p-value as it stands in a sentence.

    Examples
    --------
    >>> p_value_equation(0.1234), p_value_equation(0.002)
    ('p = 0.123', 'p ≤ 0.002')
    """
    return f"p ≤ {LEAST_P:.3f}" if p <= LEAST_P else f"p = {p:.3f}"


class Goodness(NamedTuple):
    """Statistics of a fit, and the shares of replicates that agree no better.

    Parameters
    ----------
    anderson_darling, kolmogorov_smirnov
        The statistics A² and D.
    anderson_darling_p, kolmogorov_smirnov_p
        Their p-values; the smallest possible is 1 / (replicates + 1).
    """

    anderson_darling: float
    anderson_darling_p: float
    kolmogorov_smirnov: float
    kolmogorov_smirnov_p: float


def goodness(
    family: Family,
    distribution: Distribution,
    parameters: tuple[float, ...],
    values: FloatArray,
    random: np.random.Generator,
    replicates: int = REPLICATES,
) -> Goodness:
    """Measure how well a fitted distribution agrees with its data.

    Parameters
    ----------
    values
        The data in increasing order, shape (n,).
    """
    data = statistics(family.scipy(*parameters).cdf(values)[None, :])
    length = min(len(values), LONGEST)
    uniforms = random.random((replicates, length))
    # the open interval: 0 is one of 2**53 values
    samples = np.sort(distribution.quantile(np.maximum(uniforms, SMALLEST)), axis=1)
    fitted = [each[:, None] for each in family.fit(samples)]
    null = statistics(family.scipy(*fitted).cdf(samples))
    # D shrinks with the root of the number of values
    factor = np.sqrt(len(values) / length)
    shares = [
        (1 + np.count_nonzero(null[0] >= data[0])) / (replicates + 1),
        (1 + np.count_nonzero(null[1] >= data[1] * factor)) / (replicates + 1),
    ]
    return Goodness(float(data[0][0]), float(shares[0]), float(data[1][0]), float(shares[1]))


def statistics(probabilities: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return A² and D of increasing probabilities, shape (samples, n)."""
    n = probabilities.shape[1]
    rank = np.arange(1, n + 1)
    inside = np.clip(probabilities, 1e-300, 1 - 1e-16)
    terms = np.log(inside) + np.log1p(-inside[:, ::-1])
    anderson_darling = -n - ((2 * rank - 1) * terms).sum(axis=1) / n
    above = (rank / n - probabilities).max(axis=1)
    below = (probabilities - (rank - 1) / n).max(axis=1)
    return anderson_darling, np.maximum(above, below)
