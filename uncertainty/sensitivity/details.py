"""All that a reader is told of one output's top drivers beside their indices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from uncertainty.results import record
from uncertainty.sensitivity.effects import Effects, effects
from uncertainty.sensitivity.sample import ROWS, draw_sample
from uncertainty.sensitivity.short_version import ShortVersion, short_version
from uncertainty.study.addresses import inputs_of

if TYPE_CHECKING:
    from uncertainty.sensitivity.results import SobolIndices

TOP = 3


@record(
    "interval=effects.interval",
    "remaining=effects.remaining",
    "curves=effects.curves",
    "short_version=short.shortened",
)
@dataclass(frozen=True, eq=False, slots=True)
class DriverDetails:
    """What knowing the top drivers would leave open, and what the output is without the others' spread.

    Parameters
    ----------
    effects
        Curves, draws and remaining intervals of the inputs with the largest total indices.
    short
        The smallest sets of inputs that explain most of the variance.
    """

    effects: Effects
    short: ShortVersion


def describe_drivers(
    found: SobolIndices,
    output: str,
    *,
    top: int = TOP,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
) -> DriverDetails:
    """Describe the top drivers of an output that has indices, under the settings of these.

    Parameters
    ----------
    top
        Inputs (or correlated sets) to look at.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.engine.make_engine`. Never changes a number.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `sobol` does.
    """
    indices = found.outputs[output].indices
    varying = found.scenario.varying
    inputs = [n for key in list(indices)[:top] for n in inputs_of(found.study, key) if n in varying]
    drawn = replace(found.settings, samples=ROWS)
    how: dict[str, Any] = {"threads": threads, "engine": engine, "scheduler": scheduler}
    sample = draw_sample(found.study, output=output, settings=drawn, **how)
    settings = replace(found.settings, samples=found.budget)
    return DriverDetails(
        effects(sample, output, inputs, level=found.settings.level),
        short_version(found.study, output=output, indices=found, settings=settings, **how),
    )
