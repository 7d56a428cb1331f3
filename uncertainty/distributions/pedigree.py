"""The pedigree matrix of life-cycle assessment: from scores of data quality to a lognormal."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, ClassVar

from uncertainty.distributions.parameters import (
    Continuous,
    make_finite,
    number_text,
    require_positive,
    set_once,
)
from uncertainty.distributions.positive import Lognormal
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

# Uncertainty factor of each score, as ecoinvent uses them. The table of 2005 has no factor for a geographical
# score of 4 or a technological score of 2; ecoinvent 3 has 1.05 for both.
FACTORS = {
    "reliability": (1.0, 1.05, 1.10, 1.20, 1.50),
    "completeness": (1.0, 1.02, 1.05, 1.10, 1.20),
    "temporal": (1.0, 1.03, 1.10, 1.20, 1.50),
    "geographical": (1.0, 1.01, 1.02, 1.05, 1.10),
    "technological": (1.0, 1.05, 1.20, 1.50, 2.00),
}


@dataclass(frozen=True, slots=True)
class Pedigree(Continuous):
    """Lognormal around a median, as wide as the quality of the data it rests on warrants.

    Each indicator is scored from 1 (best) to 5 (worst), and each score has a factor. With the basic factor
    they combine to the squared geometric standard deviation ``exp(sqrt(sum(log(factor) ** 2)))``, so that
    95 % of the values lie within that factor of the median.

    Parameters
    ----------
    median
        Median, greater than 0.
    reliability, completeness, temporal, geographical, technological
        Scores 1, 2, 3, 4 or 5.
    basic
        Basic uncertainty factor, of perfect data; at least 1. The default 1.05 is ecoinvent's for energy,
        materials and carbon dioxide from combustion; transport services have 2 and infrastructure 3.

    References
    ----------
    Weidema and Wesnæs (1996), J. Cleaner Production 4, DOI 10.1016/S0959-6526(96)00043-1 (the matrix);
    Frischknecht et al. (2005), Int. J. LCA 10, DOI 10.1065/lca2004.10.181.1 (ecoinvent's use of it);
    Muller et al. (2016), Int. J. LCA 21, DOI 10.1007/s11367-014-0759-5 (the same as variances).
    """

    median: float
    reliability: float = 1.0
    completeness: float = 1.0
    temporal: float = 1.0
    geographical: float = 1.0
    technological: float = 1.0
    basic: float = 1.05
    family: ClassVar[str] = "pedigree"
    example: ClassVar[str] = "pedigree(5, reliability=2)"
    _lognormal: Lognormal = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "median")
        self._check_scores()
        set_once(self, "_lognormal", Lognormal(self.median, self._gsd()))

    def _check_scores(self) -> None:
        for indicator in FACTORS:
            score = getattr(self, indicator)
            if score not in (1.0, 2.0, 3.0, 4.0, 5.0):
                raise InvalidValue(
                    f"pedigree: {indicator} must be 1 (best), 2, 3, 4 or 5 (worst), not {number_text(score)}"
                )
        if self.basic < 1.0:
            raise InvalidValue(f"pedigree: basic is a factor of at least 1, not {number_text(self.basic)}")

    def _gsd(self) -> float:
        factors = [scores[int(getattr(self, indicator)) - 1] for indicator, scores in FACTORS.items()]
        squared = math.fsum(math.log(factor) ** 2 for factor in [self.basic, *factors])
        if squared == 0.0:
            raise InvalidValue(
                "pedigree: perfect scores with basic=1 leave no spread; "
                f"write fixed({number_text(self.median)})"
            )
        return math.exp(0.5 * math.sqrt(squared))

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        arguments = [number_text(self.median)]
        arguments += [f"{name}={getattr(self, name):.0f}" for name in FACTORS]
        if self.basic != 1.05:
            arguments.append(f"basic={number_text(self.basic)}")
        return f"pedigree({', '.join(arguments)})"

    @property
    def gsd(self) -> float:
        """Geometric standard deviation."""
        return self._lognormal.gsd

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self._lognormal.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self._lognormal.cdf(x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self._lognormal.survival(x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self._lognormal.upper_quantile(q)

    @property
    def support(self) -> tuple[float, float]:
        """The positive half-line."""
        return self._lognormal.support

    @property
    def mean(self) -> float:
        """Expectation."""
        return self._lognormal.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self._lognormal.sd
