"""Statistics by which people describe numbers, each with how far rounding may move it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

FLOATING = 1e-12
"""How far arithmetic with floating-point numbers may be off, as a share of what it adds up."""

_SHARES = {5: "5th", 10: "10th", 25: "25th", 75: "75th", 90: "90th", 95: "95th"}
_SHIFTS = (1.0, 0.0, 0.5, 1 / 3)
"""How places of percentiles are counted: of spreadsheets and numpy, of SPSS and two more."""


class Statistic(NamedTuple):
    """The number that a statistic is, and how far from it another program may find it."""

    number: float
    rounding: float = 0.0


def usual(ranked: NDArray[np.float64]) -> dict[str, tuple[Statistic, ...]]:
    """Return statistics that stand below data most often; each with its definitions.

    Parameters
    ----------
    ranked
        The numbers, sorted.
    """
    count, middle = len(ranked), len(ranked) // 2
    sizes = np.abs(ranked)
    total = Statistic(float(ranked.sum()), FLOATING * float(sizes.sum()))
    is_hidden = np.count_nonzero(sizes) > 1 and sizes.sum() - sizes.max() <= total.rounding
    return {
        "mean": (_mean(ranked),),
        "standard deviation": (_relative(_deviation(ranked)),),
        # beside a number that hides all others there is no sum
        "sum": () if is_hidden else (total,),
        "median": (_between(ranked[~middle], ranked[middle], 0.5),),
        "smallest": (Statistic(float(ranked[0])),),
        "largest": (Statistic(float(ranked[-1])),),
        "number": (Statistic(float(count)),),
    }


def rare(ranked: NDArray[np.float64]) -> dict[str, tuple[Statistic, ...]]:
    """Return further statistics.

    Parameters
    ----------
    ranked
        The numbers, sorted.
    """
    from uncertainty.special import stdtrit

    count, mean, deviation = len(ranked), _mean(ranked), _deviation(ranked)
    biased, error = deviation * math.sqrt((count - 1) / count), deviation / math.sqrt(count)
    widths = (1.96 * error, float(stdtrit(count - 1, 0.975)) * error)

    def away(*steps: float) -> tuple[Statistic, ...]:
        return tuple(
            Statistic(mean.number + each, mean.rounding + _relative(each).rounding) for each in steps
        )

    found: dict[str, tuple[Statistic, ...]] = {
        "standard deviation": (_relative(biased),),
        "variance": (_relative(deviation**2), _relative(biased**2)),
        "standard error": (_relative(error),),
        "range": (_relative(float(ranked[-1] - ranked[0])),),
        "mean minus the standard deviation": away(-deviation),
        "mean plus the standard deviation": away(deviation),
        "half the 95 % interval of the mean": tuple(map(_relative, widths)),
        "lower end of the mean's 95 % interval": away(*(-each for each in widths)),
        "upper end of the mean's 95 % interval": away(*widths),
    }
    if mean.number:
        shares = [each * scale / abs(mean.number) for each in (deviation, biased) for scale in (1, 100)]
        off = FLOATING + mean.rounding / abs(mean.number)
        found["relative standard deviation"] = tuple(Statistic(each, off * each) for each in shares)
    if ranked[0] > 0:
        found["geometric mean"] = (_relative(math.exp(float(np.log(ranked).mean()))),)
    return found | {f"{name} percentile": (*_percentiles(ranked, each),) for each, name in _SHARES.items()}


def _relative(number: float) -> Statistic:
    return Statistic(number, FLOATING * abs(number))


def _mean(ranked: NDArray[np.float64]) -> Statistic:
    return Statistic(float(ranked.mean()), FLOATING * float(np.abs(ranked).mean()))


def _deviation(ranked: NDArray[np.float64]) -> float:
    return float(np.std(ranked, ddof=1))


def _between(low: float, high: float, share: float) -> Statistic:
    return Statistic(float(low + share * (high - low)), FLOATING * max(abs(float(low)), abs(float(high))))


def _percentiles(ranked: NDArray[np.float64], share: int) -> Iterator[Statistic]:
    count = len(ranked)
    for shift in _SHIFTS:
        place = min(max((count + 1 - 2 * shift) * share / 100 + shift - 1, 0), count - 1)
        below = math.floor(place)
        yield _between(ranked[below], ranked[min(below + 1, count - 1)], place - below)
