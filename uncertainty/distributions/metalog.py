"""The metalog: a smooth distribution through any quantiles."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from uncertainty.distributions.functions import (
    exp,
    first_reaching,
    integrate,
    log,
    logistic_cdf,
    logistic_quantile,
    unit_position,
)
from uncertainty.distributions.parameters import Written, finite, number_text, set_once, within
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

Quantiles: TypeAlias = tuple[tuple[float, float], ...]

MOST_QUANTILES = 16
_NEWTON = 6
"""Newton's steps from a cell of the grid, which end within rounding where the curve is smooth."""

_ROUNDINGS = 8.0
"""Roundings of a value on either side of it among which its logit is searched for."""

FARTHEST_LOGIT = 745.0  # beyond it a probability underflows
_LOGITS = np.linspace(-40.0, 40.0, 8001)
"""Where a density must be positive."""
_PARTS = np.array([-700.0, -40.0, -5.0, 0.0, 5.0, 40.0, 700.0])
"""Logits between which moments are integrated."""


def percentage_text(probability: float) -> str:
    """Name of a quantile in the study language: 0.025 is ``p2.5``."""
    percentage = Decimal(repr(probability)).scaleb(2).normalize()
    return f"p{percentage:f}"


def quantiles_text(quantiles: Quantiles) -> str:
    """Quantiles as they stand in a call."""
    return ", ".join(f"{percentage_text(p)}={number_text(x)}" for p, x in quantiles)


def checked_quantiles(quantiles: Quantiles, family: str) -> Quantiles:
    """Return quantiles in order of probability.

    Raises
    ------
    InvalidValue
        If a probability is not within (0, 1) or occurs twice, or if the values do not increase with it.
    """
    ordered = sorted(_checked_pair(probability, value, family) for probability, value in quantiles)
    for (p, x), (q, y) in pairwise(ordered):
        if p == q:
            raise InvalidValue(f"{family}: {percentage_text(p)} is given twice")
        if not x < y:
            raise InvalidValue(
                f"{family}: {percentage_text(p)}={number_text(x)} must be less than "
                f"{percentage_text(q)}={number_text(y)}"
            )
    return tuple(ordered)


def _checked_pair(probability: float, value: float, family: str) -> tuple[float, float]:
    probability = finite(probability, f"{family}: the probability of a quantile")
    name = percentage_text(probability)
    if not 0.0 < probability < 1.0:
        raise InvalidValue(f"{family}: {name} is no quantile; it must lie between p0 and p100, both excluded")
    return probability, finite(value, f"{family}: {name}")


class _Curve:
    """Keelin's quantile function as ``location(y - 1/2) + slope(y - 1/2) * logit(y)``, two polynomials.

    Its argument is the logit, in which both tails are equally well resolved.
    """

    __slots__ = ("location", "slope")

    def __init__(self, quantiles: Quantiles) -> None:
        probabilities, values = map(np.array, zip(*quantiles, strict=True))
        columns, owners = _basis(probabilities, len(quantiles))
        if not np.all(np.diff(values) > 0.0):
            raise FloatingPointError
        # Scaled to the spread, terms that come out as rounding noise are recognised and dropped.
        offset, spread = values[0], values[-1] - values[0]
        terms = np.linalg.solve(columns, (values - offset) / spread)
        terms[np.abs(terms) < 1e-12 * np.abs(terms).max()] = 0.0
        terms *= spread
        terms[0] += offset
        self.location = np.polynomial.Polynomial(
            [t for t, owner in zip(terms, owners, strict=True) if owner == "location"]
        )
        self.slope = np.polynomial.Polynomial(
            [t for t, owner in zip(terms, owners, strict=True) if owner == "slope"]
        )

    def at(self, logit: FloatArray) -> FloatArray:
        # a search for a value asks this most of all: numpy's polynomials take thrice as long
        centred = logistic_cdf(logit) - 0.5
        slope, location = _polynomial(self.slope, centred), _polynomial(self.location, centred)
        return location + slope * np.where(slope == 0.0, 0.0, logit)

    def reaching(self, values: FloatArray) -> FloatArray:
        """Return the smallest logits at which it reaches values: those about where Newton's steps end."""
        grid = self.at(_LOGITS)
        place = np.clip(np.searchsorted(grid, values), 1, grid.size - 1)
        low, high = _LOGITS[place - 1], _LOGITS[place]
        logit = (low + high) / 2
        with np.errstate(all="ignore"):
            for _ in range(_NEWTON):
                logit = np.clip(logit - (self.at(logit) - values) / self.derivative(logit), low, high)
            about = np.spacing(np.abs(values)) / self.derivative(logit) + np.spacing(np.abs(logit))
            low, high = logit - _ROUNDINGS * about, logit + _ROUNDINGS * about
            sure = (self.at(low) < values) & (self.at(high) >= values)
        low, high = np.where(sure, low, -FARTHEST_LOGIT), np.where(sure, high, FARTHEST_LOGIT)
        return first_reaching(self.at, values, low, high)

    def derivative(self, logit: FloatArray) -> FloatArray:
        centred = logistic_cdf(logit) - 0.5
        density = logistic_cdf(logit) * logistic_cdf(-logit)
        slope: FloatArray = self.slope(centred)
        change: FloatArray = self.location.deriv()(centred) + self.slope.deriv()(centred) * logit
        return slope + change * density

    def increases(self) -> bool:
        """Whether it is a quantile function: rising on a fine grid and not falling in the limits."""
        tails = self.slope(np.array([-0.5, 0.5]))
        return bool(np.all(self.derivative(_LOGITS) > 0.0) and np.all(tails >= 0.0))


def _polynomial(polynomial: np.polynomial.Polynomial, x: FloatArray) -> FloatArray:
    """Return a polynomial's values by Horner's scheme, bit by bit those of numpy's."""
    *lower, highest = polynomial.coef.tolist()
    found: FloatArray = np.full_like(x, highest)
    for coefficient in reversed(lower):
        found = coefficient + found * x
    return found


def _basis(probabilities: FloatArray, count: int) -> tuple[FloatArray, list[str]]:
    """Columns of the first `count` metalog terms, and which polynomial each belongs to."""
    logit, centred = logistic_quantile(probabilities), probabilities - 0.5
    owners = ["location", "slope", "slope", "location"]
    powers = [0, 0, 1, 1]
    for term in range(5, count + 1):
        owners.append("location" if term % 2 else "slope")
        powers.append((term - 1) // 2)
    columns = [
        centred**power * (logit if owner == "slope" else 1.0)
        for owner, power in zip(owners[:count], powers[:count], strict=True)
    ]
    return np.stack(columns, axis=1), owners[:count]


@dataclass(frozen=True, slots=True)
class Metalog(Written):
    """Metalog distribution through given quantiles, with as many terms as quantiles.

    Parameters
    ----------
    quantiles
        Pairs of a probability in (0, 1) and a value, 2 to 16 of them.
    low, high
        Bounds, if there are any. The logarithm of the distance from the one bound given, or the logit of the
        position between both, then follows the unbounded metalog.

    Raises
    ------
    InvalidValue
        If the values do not increase or do not lie within the bounds, or if no metalog goes through them
        because its density would have to be negative somewhere.

    References
    ----------
    Keelin (2016), The metalog distributions, Decision Analysis 13(4), DOI 10.1287/deca.2016.0338.
    """

    quantiles: Quantiles
    low: float | None = None
    high: float | None = None
    family: ClassVar[str] = "metalog"
    example: ClassVar[str] = "metalog(p10=2, p50=5, p90=9)"
    atoms: ClassVar[tuple[float, ...]] = ()
    is_constant: ClassVar[bool] = False
    _curve: _Curve = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "quantiles", checked_quantiles(self.quantiles, "metalog"))
        if not 2 <= len(self.quantiles) <= MOST_QUANTILES:
            raise InvalidValue(
                f"metalog: 2 to {MOST_QUANTILES} quantiles are needed, not {len(self.quantiles)}"
            )
        self._check_bounds()
        probabilities, values = zip(*self.quantiles, strict=True)
        stretched = self._stretch(np.array(values))
        try:
            set_once(self, "_curve", _Curve(tuple(zip(probabilities, stretched.tolist(), strict=True))))
        except (np.linalg.LinAlgError, FloatingPointError):
            raise InvalidValue("metalog: its quantiles are too close for floating-point numbers") from None
        if not self._curve.increases():
            raise InvalidValue(
                "metalog: no metalog goes through these quantiles, its density would be negative somewhere; "
                "use fewer quantiles or move them"
            )

    def _check_bounds(self) -> None:
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                set_once(self, name, finite(getattr(self, name), f"metalog: {name}"))
        for probability, value in self.quantiles:
            if (self.low is not None and value <= self.low) or (self.high is not None and value >= self.high):
                raise InvalidValue(
                    f"metalog: {percentage_text(probability)}={number_text(value)} must lie within the bounds"
                )

    def _stretch(self, x: FloatArray) -> FloatArray:
        """Values within the bounds, carried to the whole line."""
        match self.low, self.high:
            case None, None:
                return x
            case float(low), None:
                return log(x - low)
            case None, float(high):
                return -log(high - x)
            case float(low), float(high):
                return logistic_quantile(unit_position(x, low, high))
        raise AssertionError

    def _shrink(self, z: FloatArray) -> FloatArray:
        """Undo `_stretch`."""
        match self.low, self.high:
            case None, None:
                return z
            case float(low), None:
                return low + exp(z)
            case None, float(high):
                return high - exp(-z)
            case float(low), float(high):
                return low * logistic_cdf(-z) + high * logistic_cdf(z)
        raise AssertionError

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        given = [quantiles_text(self.quantiles)]
        bounds = (("low", self.low), ("high", self.high))
        given += [f"{name}={number_text(bound)}" for name, bound in bounds if bound is not None]
        return f"metalog({', '.join(given)})"

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self._shrink(self._curve.at(logistic_quantile(u)))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), by inverting the quantile function to the last bit."""
        return logistic_cdf(self._logit(x))

    def _logit(self, x: FloatArray) -> FloatArray:
        """Return the logit of P(X <= x)."""
        low, high = self.support
        logit = self._curve.reaching(self._stretch(x))
        return np.where(x <= low, -np.inf, np.where(x >= high, np.inf, logit))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return logistic_cdf(-self._logit(x))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self._shrink(self._curve.at(-logistic_quantile(q)))

    @property
    def support(self) -> tuple[float, float]:
        """The bounds, or where the curve ends."""
        low, high = self.quantile(np.array([0.0, 1.0])).tolist()
        return low, high

    def _moment(self, order: int, centre: float) -> float:
        """Integral over the logit, in which the upper tail is as well resolved as the lower."""

        def weighted(logit: FloatArray) -> FloatArray:
            density = logistic_cdf(logit) * logistic_cdf(-logit)
            return (self._shrink(self._curve.at(logit)) - centre) ** order * density

        return integrate(weighted, _PARTS[:-1], _PARTS[1:])

    def _tail_exponent(self) -> float:
        """Exponent of 1 / u with which a half-bounded metalog grows in its unbounded tail; 0 otherwise."""
        if (self.low is None) == (self.high is None):
            return 0.0
        return float(self._curve.slope(0.5 if self.high is None else -0.5))

    @property
    def mean(self) -> float:
        """Expectation, by quadrature; infinite if the tail is too heavy."""
        if self._tail_exponent() >= 1.0:
            return math.inf if self.high is None else -math.inf
        centre = self.quantiles[0][1]
        return within(centre + self._moment(1, centre), self.support)

    @property
    def sd(self) -> float:
        """Standard deviation, by quadrature; infinite if the tail is too heavy."""
        if self._tail_exponent() >= 0.5:
            return math.inf
        return math.sqrt(self._moment(2, self.mean))
