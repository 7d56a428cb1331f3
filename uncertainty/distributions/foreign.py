"""Distributions of other libraries: whatever has quantiles and a cumulative distribution function."""

from __future__ import annotations

import math
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.distributions.functions import integrate
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

QUANTILES = ("ppf", "icdf")
"""How libraries call the quantile function: ``scipy.stats.norm(0, 1)``, and ``scipy.stats.Normal()``."""

ASKED = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
"""Probabilities whose quantiles tell one distribution from another, and what is none from one."""

FARTHEST = 1e-12
"""Probability beyond which values of a discrete distribution are not looked for."""

MOST_ATOMS = 10_000

SMALLEST_JUMP = 1e-9
"""Probability that the median of a discrete distribution has, and that rounding gives to no other."""


def is_foreign(value: object) -> bool:
    """Tell by its type whether a value has a quantile function and a cumulative distribution function."""
    kind = type(value)
    return hasattr(kind, "cdf") and any(hasattr(kind, name) for name in QUANTILES)


def foreign(value: Any) -> Foreign:
    """Take a distribution of another library.

    Raises
    ------
    InvalidValue
        If its quantiles are no distribution's: not one number for a probability, falling or undefined.
    """
    name = next(name for name in QUANTILES if hasattr(type(value), name))
    text = _text(value)
    if hasattr(type(value), "freeze") and not _whole(value):
        named = getattr(value, "name", None) or type(value).__name__
        raise InvalidValue(
            f"expected a frozen distribution such as scipy.stats.norm(15, 2), found {named} alone"
        )
    try:
        found = np.asarray(getattr(value, name)(np.array(ASKED)), dtype=np.float64)
    except Exception as error:  # noqa: BLE001 - what another library raises
        words = " ".join(str(error).split())
        raise InvalidValue(f"{name} of {text} raised {type(error).__name__}: {words[:100]}") from None
    if found.shape != (len(ASKED),):
        raise InvalidValue(
            f"expected a distribution of one number, found one whose {name} gives shape {found.shape} "
            f"for {len(ASKED)} probabilities"
        )
    if not np.isfinite(found).all() or (np.diff(found) < 0).any():
        raise InvalidValue(f"expected quantiles that rise, found {name} of {text} that does not")
    return Foreign(text, tuple(found.tolist()), value, name)


def _whole(value: Any) -> bool:
    """Tell whether what scipy has not frozen is a distribution: of data, or a class of the caller's own.

    What scipy names itself is a family, also where it takes no shapes: its location and scale are missing.
    """
    from scipy import stats

    return not value.numargs and getattr(stats, str(value.name), None) is not value


def _text(value: Any) -> str:
    """Return what people read: how scipy's frozen distributions are written, or else the type's name."""
    named = getattr(value, "dist", None)
    name = getattr(named, "name", "")
    if not isinstance(name, str) or not name:
        return type(value).__name__
    parts = [f"{each:g}" if isinstance(each, float) else str(each) for each in getattr(value, "args", ())]
    parts += [f"{key}={each}" for key, each in getattr(value, "kwds", {}).items()]
    return f"{name}({', '.join(' '.join(part.split()) for part in parts)})"


@dataclass(frozen=True)
class Foreign:
    """A distribution of another library.

    Parameters
    ----------
    text
        What people read of it; it is no text of the study language.
    asked
        Its quantiles at `ASKED`: two that agree in them and the text are one.
    given
        The other library's object.
    name
        What that calls the quantile function.
    """

    text: str
    asked: tuple[float, ...]
    given: Any = field(compare=False, repr=False)
    name: str = field(default="ppf", compare=False, repr=False)

    def __str__(self) -> str:
        return self.text

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self._of(self.name, u)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self._of("isf", q) if hasattr(type(self.given), "isf") else self._of(self.name, 1.0 - q)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self._of("cdf", x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self._of("sf", x) if hasattr(type(self.given), "sf") else 1.0 - self._of("cdf", x)

    def _of(self, name: str, values: FloatArray) -> FloatArray:
        flat = values.ravel()  # of some libraries only vectors are taken
        return np.asarray(getattr(self.given, name)(flat), dtype=np.float64).reshape(values.shape)

    @cached_property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value, infinite where there is none."""
        if self.atoms:
            return self.atoms[0], self.atoms[-1]
        found = getattr(self.given, "support", None)
        ends = found() if callable(found) else self._of(self.name, np.array([0.0, 1.0]))
        low, high = (float(end) for end in ends)
        return -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high

    @cached_property
    def atoms(self) -> tuple[float, ...]:
        """Values of positive probability: those of a discrete distribution of scipy's."""
        if not any(
            callable(getattr(each, "pmf", None)) for each in (self.given, getattr(self.given, "dist", 0))
        ):
            return ()
        # of values that scipy was given, wherever they lie
        weights = getattr(getattr(self.given, "dist", self.given), "pk", None)
        if weights is not None:
            shares = np.asarray(weights, np.float64).ravel()
            return tuple(self._of(self.name, (np.cumsum(shares) - shares / 2)[shares > 0]).tolist())
        first, last = self._of(self.name, np.array([FARTHEST, 1 - FARTHEST])).tolist()
        if last - first > MOST_ATOMS or not self._jumps():
            return ()
        values = np.arange(first, last + 1)
        return tuple(values[self._of("pmf", values) > 0].tolist())

    def _jumps(self) -> bool:
        """Tell whether the median has a probability of its own: the pmf of exp(X) of scipy's never ends."""
        middle = self._of(self.name, np.array([0.5]))
        below = self._of("cdf", np.nextafter(middle, -np.inf))
        return bool((self._of("cdf", middle) - below > SMALLEST_JUMP).all())

    @property
    def is_constant(self) -> bool:
        """Whether all probability lies on one value."""
        return len(self.atoms) == 1

    @cached_property
    def mean(self) -> float:
        """Expectation: the library's own, or else by quadrature."""
        return self._moment("mean", lambda: self._integral(1, 0.0))

    @cached_property
    def sd(self) -> float:
        """Standard deviation: the library's own, or else by quadrature."""
        names = ("std", "standard_deviation")
        name = next((each for each in names if hasattr(type(self.given), each)), names[0])
        return self._moment(name, lambda: math.sqrt(self._integral(2, self.mean)))

    def _moment(self, name: str, otherwise: Any) -> float:
        found = getattr(self.given, name, None)
        return float(found() if callable(found) else otherwise() if found is None else found)

    def _integral(self, order: int, centre: float) -> float:
        ends = np.array([FARTHEST, 0.5, 1 - FARTHEST])
        return integrate(lambda u: (self._of(self.name, u) - centre) ** order, ends[:-1], ends[1:])
