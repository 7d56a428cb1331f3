"""A number from draws with its Monte Carlo error, and how far apart two sets of draws lie."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import special
from uncertainty.records import Frozen
from uncertainty.results.keys import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray


ERRORS_WIDE = 1.959963984540054
"""Errors from an estimate to either end of its 95 % interval."""

FEWEST_EVENTS = 10
"""Draws that must meet an event, and miss it, before the error of its share is trusted."""

TOO_FEW = "Too few draws met the event"

TOO_FEW_ELSE = "Too few draws missed the event"
"""The same of an event that nearly all draws met."""

NEARLY_ALWAYS_MET = 17.1
"""Draws that are expected to meet an event where no fewer than `FEWEST_EVENTS` do, at 97.5 %."""

MOST_DRAWS = 2**30
"""Draws above which none are asked for: nobody waits for more."""


@record("*=value", "*_error=error", "reasons.*_error?=reason")
class Estimate(NamedTuple):
    """A number from draws, its Monte Carlo error, and why that is missing where it is None.

    Parameters
    ----------
    value
        The number.
    error
        Its Monte Carlo error, of which 1.96 reach to either end of a 95 % interval.
    reason
        Why the error cannot be told.
    bounds
        The 95 % interval of a share, which is there for a few events too.
    """

    value: float
    error: float | None
    reason: str = ""
    bounds: tuple[float, float] | None = None

    @property
    def rests_on_too_few(self) -> bool:
        """Whether it has no error because too few draws met an event, or missed it."""
        return self.reason.startswith((TOO_FEW, TOO_FEW_ELSE))

    @property
    def complement(self) -> Estimate:
        """What is left of a share: one less itself."""
        ends = self.bounds and (1 - self.bounds[1], 1 - self.bounds[0])
        return Estimate(1 - self.value, self.error, _of_the_others(self.reason), ends)

    def times(self, factor: float) -> Estimate:
        """Return the same in another unit."""
        return Estimate(
            factor * self.value,
            None if self.error is None else factor * self.error,
            self.reason,
            self.bounds and (factor * self.bounds[0], factor * self.bounds[1]),
        )


@record("interval=values", "interval_error=errors", "reasons.interval_error?=reason")
class Ends(NamedTuple):
    """The ends of a coverage interval."""

    low: Estimate
    high: Estimate

    @property
    def values(self) -> tuple[float, float]:
        """The low and high end of the coverage interval."""
        return self.low.value, self.high.value

    @property
    def errors(self) -> tuple[float | None, float | None]:
        """The Monte Carlo errors of both ends."""
        return self.low.error, self.high.error

    @property
    def reason(self) -> str:
        """Why an error of the ends cannot be told."""
        return self.high.reason or self.low.reason


class Least(NamedTuple):
    """The least that an error is, by the value of what it is of.

    Parameters
    ----------
    values
        In increasing order.
    errors
        At each of them.
    of_mean
        That of a mean of such values.
    of_sd
        That of their standard deviation.
    of_rank
        That of a value's rank among them, as a share of them: of those that may lie on either side of a jump.
    """

    values: Sequence[float] = (0.0,)
    errors: Sequence[float] = (0.0,)
    of_mean: float = 0.0
    of_sd: float = 0.0
    of_rank: float = 0.0

    @classmethod
    def everywhere(cls, error: float) -> Least:
        """Return one error for all values."""
        return cls(errors=(error,), of_mean=error)

    def at(self, value: float) -> float:
        """Return the error at a value."""
        return float(np.interp(value, self.values, self.errors))

    def beside(self, other: Least) -> Least:
        """Return what both add, in squares."""
        values = np.union1d(self.values, other.values)
        errors = np.hypot(*(np.interp(values, each.values, each.errors) for each in (self, other)))
        return Least(
            values.tolist(),
            errors.tolist(),
            math.hypot(self.of_mean, other.of_mean),
            math.hypot(self.of_sd, other.of_sd),
            math.hypot(self.of_rank, other.of_rank),
        )


NOTHING = Least()
"""No least error."""


class Unmet(NamedTuple):
    """What a rare value of an input, which no draw has, would add to the moments of an output.

    Parameters
    ----------
    share
        The value's probability.
    first, second
        Added to the mean, and to the mean square about it.
    """

    share: float
    first: float
    second: float

    def of_sd(self, sd: float) -> float:
        """Return what it would add to a standard deviation."""
        return math.sqrt(max(sd * sd + self.second, 0.0)) - sd


def told_unmet(found: Estimate, unmet: Sequence[tuple[float, float]], rows: int = 1) -> Estimate:
    """Return an estimate without its error where what no draw has met moves it beyond its 95 % interval.

    Parameters
    ----------
    unmet
        Of each event its probability, and what it adds.
    rows
        Model rows behind each draw.
    """
    if found.error is None:
        return found
    rare = [share for share, moved in unmet if abs(moved) > ERRORS_WIDE * found.error]
    if not rare:
        return found
    wanted = rows * NEARLY_ALWAYS_MET / min(rare)
    digit = 10.0 ** (math.floor(math.log10(wanted)) - 1)
    return Estimate(found.value, None, too_few_draws(math.ceil(wanted / digit) * digit))


def values_of(found: Mapping[str, Estimate]) -> Mapping[str, float]:
    """Return the numbers without their errors."""
    return Frozen({name: each.value for name, each in found.items()})


def errors_of(found: Mapping[str, Estimate]) -> Mapping[str, float | None]:
    """Return the errors of some numbers; None where one cannot be told."""
    return Frozen({name: each.error for name, each in found.items()})


@record("*=value", "*_error=value", "reasons.*=reason")
class Unvarying(NamedTuple):
    """A number that draws of one value do not have.

    Parameters
    ----------
    value
        Always None.
    reason
        Why there is no number.
    """

    reason: str
    value: None = None


@record("*=value", "reasons.*=reason")
class Unplaced(NamedTuple):
    """A number that asks for the place of a figure which has none among the draws; as `Unvarying`."""

    reason: str
    value: None = None


def _of_the_others(reason: str) -> str:
    """Return what a reason is of the event that all other draws met."""
    for said, other in ((TOO_FEW, TOO_FEW_ELSE), (TOO_FEW_ELSE, TOO_FEW)):
        if reason.startswith(said):
            return other + reason.removeprefix(said)
    return reason


def too_few_draws(enough: float, *, missed: bool = False) -> str:
    """Say that too few draws met an event, or missed it, and how many would be enough, if that is known."""
    said = TOO_FEW_ELSE if missed else TOO_FEW
    if enough > MOST_DRAWS:
        return f"{said}."
    return f"{said}; `--samples {enough:.0f}` would give enough."


def too_few_events(
    met: float, draws: int, needed: int = FEWEST_EVENTS, rows: int = 1, *, missed: bool = False
) -> str:
    """Say the same of an event that `met` of some draws met, where `needed` must meet it.

    Parameters
    ----------
    rows
        Model rows behind each draw, which is what samples are.
    missed
        Whether these draws missed the event, and all others met it.
    """
    return too_few_draws(rows * enough_draws(met, draws, needed), missed=missed)


def enough_draws(met: float, draws: int, needed: int = FEWEST_EVENTS) -> float:
    """Return draws among which `needed` events nearly always are, given how many of some draws met one.

    Infinite where none did, or draws that weigh less than one whole one: nobody knows how many would. The
    rate is the least that the number met leaves likely, and of the number to come the least likely one is
    to be enough, each at 97.5 % (Garwood 1936, doi:10.1093/biomet/28.3-4.437).
    """
    if met < 1:
        return math.inf
    rate = float(special.gammaincinv(met, 0.025)) / draws
    wanted = float(special.gammaincinv(needed, 0.975)) / rate
    digit = 10.0 ** (math.floor(math.log10(wanted)) - 1)
    return max(math.ceil(wanted / digit) * digit, float(draws + 1))


def half_widths(estimates: FloatArray, level: float = 0.95) -> FloatArray:
    """Return half the width of the interval of the mean of independent estimates, over the last axis.

    Student's interval, with fewer degrees of freedom where the estimates' own kurtosis says that their spread
    is known worse than that of normal ones (as Satterthwaite 1946, doi:10.2307/3002019, counts them).

    Parameters
    ----------
    estimates
        Shape (..., replicates).

    Returns
    -------
    FloatArray
        Shape (...); nan for one replicate alone.
    """
    count = estimates.shape[-1]
    if count < 2:
        return np.full(estimates.shape[:-1], np.nan)
    with np.errstate(all="ignore"):
        deviations = estimates - estimates.mean(axis=-1, keepdims=True)
        size = np.abs(deviations).max(axis=-1, keepdims=True)
        # a square of what is far out must not overflow, nor that of what is near vanish
        squares = np.square(np.divide(deviations, size, out=np.zeros_like(deviations), where=size > 0))
        second, fourth = squares.sum(axis=-1), np.square(squares).sum(axis=-1)
        excess = count * fourth / np.square(second) - 1
        freedom = np.where(excess > 0, np.minimum(count - 1, 2 * count / excess), count - 1)
        error = size[..., 0] * np.sqrt(second / (count * (count - 1)))
    return np.asarray(special.stdtrit(freedom, (1 + level) / 2) * error)


def error_without(found: FloatArray) -> FloatArray:
    """Return the error of numbers that were found without each of some parts of the evidence in turn.

    The parts are independent and equally large (the jackknife; Tukey 1958, doi:10.1214/aoms/1177706647).

    Parameters
    ----------
    found
        Shape (parts, ...).

    Returns
    -------
    FloatArray
        Of which 1.96 reach to either end of a 95 % interval, shape (...).
    """
    return half_widths((len(found) - 1) * np.moveaxis(found, 0, -1)) / ERRORS_WIDE


def joined(found: Estimate, without: Sequence[float], finest: float = 0.0) -> Estimate:
    """Return an estimate whose error and bounds have what leaving out parts of the evidence in turn adds.

    Parameters
    ----------
    without
        The number without each of the parts, if it has any.
    finest
        The least that is added.
    """
    added = max(float(error_without(np.array(without))) if without else 0.0, finest)
    error = None if found.error is None else math.hypot(found.error, added)
    bounds = found.bounds
    if bounds is not None:
        low, high = (math.hypot(end - found.value, ERRORS_WIDE * added) for end in bounds)
        bounds = max(found.value - low, min(0.0, bounds[0])), min(found.value + high, max(1.0, bounds[1]))
    return Estimate(found.value, error, found.reason, bounds)


def wilson(share: float, draws: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a share of independent draws (1927, doi:10.1080/01621459.1927.10502953)."""
    z = float(special.ndtri((1 + confidence) / 2))
    centre = (share + z**2 / (2 * draws)) / (1 + z**2 / draws)
    reach = z / (1 + z**2 / draws) * math.sqrt(share * (1 - share) / draws + z**2 / (4 * draws**2))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def kolmogorov_smirnov(one: FloatArray, other: FloatArray) -> float:
    """Return the largest difference of the distribution functions of two samples; 0 where one is empty."""
    if not one.size or not other.size:
        return 0.0
    # values in order are found sooner
    one, other = np.sort(one), np.sort(other)
    everything = np.concatenate([one, other])
    below, others = (np.searchsorted(each, everything, "right") / each.size for each in (one, other))
    return float(np.max(np.abs(below - others)))
