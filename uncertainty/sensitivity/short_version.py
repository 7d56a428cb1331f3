"""The short version of a calculation: the few inputs that explain most of an output's spread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.propagation import propagate
from uncertainty.sensitivity.exchange import Exchanges
from uncertainty.sensitivity.problem import prepare
from uncertainty.sensitivity.replication import add_until_known
from uncertainty.sensitivity.results import Share
from uncertainty.sensitivity.sobol import SAMPLES, TOLERANCE, sobol
from uncertainty.sensitivity.summary import answer
from uncertainty.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions import Distribution
    from uncertainty.sensitivity.results import Interval, SobolIndices
    from uncertainty.study.model import Scale, Study

SHARES = (0.8, 0.95)

DRAWS = 2**14
"""Draws of each shortened calculation."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A set of inputs that explains a share of the variance, and what is left when the rest is fixed.

    Parameters
    ----------
    inputs
        The inputs that stay uncertain.
    closed
        Their closed index.
    median, interval
        The output's, with all other inputs at their medians.
    """

    inputs: tuple[str, ...]
    closed: Share
    median: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ShortVersion:
    """What a few inputs say of an output.

    Parameters
    ----------
    closed
        The closed index after each further input or correlated set, in the order in which they were added.
    median, interval
        The output's with everything uncertain.
    shortened
        By the share of the variance that was asked for.
    """

    output: str
    scale: Scale
    closed: Mapping[str, Share]
    median: float
    interval: Interval
    shortened: Mapping[float, Shortened]


def short_version(
    study: Study,
    *,
    output: str | None = None,
    shares: tuple[float, ...] = SHARES,
    tolerance: float = TOLERANCE,
    indices: SobolIndices | None = None,
    threads: int | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> ShortVersion:
    """Find the smallest set of inputs that explains a share of an output's variance.

    Inputs are added in the order of their total indices, and the closed index of what has been added
    (Saltelli et al. 2008, doi:10.1002/9780470725184, 4.6) tells when to stop.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    shares
        Shares of the variance to explain, between 0 and 1.
    indices
        Sobol' indices of the output under the same settings, if they are at hand.
    settings
        As in `sobol`; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `sobol` does.
    """
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    name = output or study.headline
    found = indices or sobol(study, output=name, tolerance=tolerance, threads=threads, settings=settings)
    plan = found.scenario
    ranked = [key for key, index in found.outputs[name].indices.items() if index.ST > 0]
    closed = _closed(found, name, ranked, tolerance, threads, settings)
    whole = propagate(study, outputs=[name], threads=threads, settings=replace(settings, samples=DRAWS))
    shortened = {}
    for share in shares:
        enough = next((i for i, key in enumerate(ranked) if closed[key].value >= share), len(ranked) - 1)
        kept = tuple(member for key in ranked[: enough + 1] for member in key.split("+"))
        fixed = {n: _median(plan.distributions[n]) for n in plan.varying if n not in kept}
        run = propagate(
            study,
            outputs=[name],
            threads=threads,
            settings=replace(settings, samples=DRAWS, overrides={**settings.overrides, **fixed}),
        ).outputs[name]
        shortened[share] = Shortened(kept, closed[ranked[enough]], run.median, run.interval())
    distribution = whole.outputs[name]
    return ShortVersion(
        name,
        found.outputs[name].scale,
        MappingProxyType(closed),
        distribution.median,
        distribution.interval(),
        MappingProxyType(shortened),
    )


def _closed(
    found: SobolIndices,
    output: str,
    ranked: list[str],
    tolerance: float,
    threads: int | None,
    settings: Settings,
) -> dict[str, Share]:
    """Estimate the closed index of the first input, the first two, and so on."""
    varying = found.scenario.varying
    taken = [{member for key in ranked[: i + 1] for member in key.split("+")} for i in range(len(ranked))]
    prefixes = {
        key: tuple(n for n in varying if n in names) for key, names in zip(ranked, taken, strict=True)
    }
    exchanges = Exchanges(MappingProxyType(prefixes), MappingProxyType({}), MappingProxyType({}))
    problem = prepare(found.scenario, (output,), settings, exchanges, scale=found.outputs[output].scale)
    sums = add_until_known(problem, tolerance, settings.level, threads, None)
    known = answer(problem, sums, settings.level).S1
    values, halves = known.value[:, 0].tolist(), known.half[:, 0].tolist()
    return {
        key: Share(value, (value - half, value + half))
        for key, value, half in zip(ranked, values, halves, strict=True)
    }


def _median(distribution: Distribution) -> float:
    return float(distribution.quantile(np.array([0.5]))[0])
