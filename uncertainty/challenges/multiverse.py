"""An output under every valid combination of a study's choices: what is kept of the draws of each."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty import numbers
from uncertainty.challenges.corners import extremes
from uncertainty.challenges.thresholds import published_threshold, thresholds
from uncertainty.challenges.universes import Combinations, combinations, make_ensemble, reaching_choices
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.late import dataclass
from uncertainty.output_distribution import as_emulated
from uncertainty.records import Frozen, brief
from uncertainty.results import record, row_of
from uncertainty.sampling.estimate import Ends, errors_of, values_of
from uncertainty.sampling.family import MOST_BYTES
from uncertainty.sampling.finiteness import allowed_share, failing_text, finite_draws
from uncertainty.sampling.nesting import outer_samples
from uncertainty.sampling.statistics import Draws, Estimate
from uncertainty.sampling.workers.engine import make_engine, spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.challenges.universes import Ensemble
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Least
    from uncertainty.sampling.workers.engine import Span
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Output, Study


@record("median", "**ends", "shares=share_values", "shares_error=share_errors", "lowest", "highest")
@dataclass(frozen=True, slots=True)
class Summary:
    """What is kept of an output's draws.

    Parameters
    ----------
    median
        Median of the draws.
    shares
        By kind of threshold, the share of draws on the claim's side of it.
    lowest, highest
        The least and the greatest value of any draw, or of any combination of the inputs' medians and ends.
    """

    median: Estimate
    low: Estimate
    high: Estimate
    shares: Mapping[str, Estimate]
    lowest: float
    highest: float

    @property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(self.low, self.high)

    @property
    def share_values(self) -> Mapping[str, float]:
        """By kind of threshold, the share of draws on the claim's side of it."""
        return values_of(self.shares)

    @property
    def share_errors(self) -> Mapping[str, float | None]:
        """By kind of threshold, the Monte Carlo error of the share."""
        return errors_of(self.shares)


@record("options", "**found")
@dataclass(frozen=True, slots=True)
class Universe:
    """An output under one combination of options.

    Parameters
    ----------
    options
        By choice, for the choices that vary.
    """

    options: Mapping[str, str]
    found: Summary

    @property
    def median(self) -> float:
        """The median of the draws."""
        return self.found.median.value

    def holds(self, threshold: Threshold) -> bool:
        """Tell whether the median is on the claim's side of a threshold."""
        return bool(self._own(threshold).holds(np.array([self.median]))[0])

    def within_error(self, threshold: Threshold) -> tuple[bool, bool]:
        """Tell whether the median is surely on the claim's side, and whether it may be, by its error."""
        held = self._own(threshold).holds(np.array(numbers.bounds(self.found.median)))
        return bool(held.all()), bool(held.any())

    def always(self, threshold: Threshold) -> bool:
        """Tell whether nothing that was tried of the inputs leaves the claim's side of a threshold."""
        return bool(self._own(threshold).holds(np.array([self.found.lowest, self.found.highest])).all())

    def never(self, threshold: Threshold) -> bool:
        """Tell whether nothing that was tried of the inputs reaches the claim's side of a threshold."""
        return not self._own(threshold).holds(np.array([self.found.lowest, self.found.highest])).any()

    def _own(self, threshold: Threshold) -> Threshold:
        """Return a threshold of the universe's own values."""
        return replace(threshold, spread=self.found.highest - self.found.lowest)


@dataclass(frozen=True, eq=False)
class Multiverse:
    """An output in every universe.

    Parameters
    ----------
    combinations
        Which choices vary, and which do not reach the output.
    thresholds
        The reference, a tenth of the published figure and the figure, those that there are.
    universes
        In the order of the options.
    distinct
        Number of universes that differ in their model or their distributions.
    samples
        Draws of each universe.
    """

    study: Study
    output: Output
    combinations: Combinations
    thresholds: tuple[Threshold, ...]
    universes: tuple[Universe, ...]
    distinct: int
    samples: int

    __repr__ = brief

    @property
    def published(self) -> Universe:
        """The universe from which single changes are made: the publication's own, unless told otherwise."""
        return self.universe(self.combinations.base)

    def universe(self, options: Mapping[str, str]) -> Universe:
        """Return the universe with these options, of the choices that vary."""
        wanted = {name: options[name] for name in self.combinations.varied}
        return next(u for u in self.universes if u.options == wanted)

    def held(self, threshold: Threshold) -> tuple[int, int]:
        """Count the universes whose median is surely on the claim's side, and those where it may be."""
        surely, perhaps = zip(*(u.within_error(threshold) for u in self.universes), strict=True)
        return sum(surely), sum(perhaps)

    @property
    def logarithmic(self) -> bool:
        """Whether medians are compared by their logarithms: by the output's scale, if all are positive."""
        return self.output.scale == "log10" and all(u.median > 0 for u in self.universes)

    @property
    def medians(self) -> FloatArray:
        """The medians, shape (universes,), as logarithms to base 10 where they are compared so."""
        values = np.array([u.median for u in self.universes])
        return np.log10(values) if self.logarithmic else values

    def share(self, threshold: Threshold) -> float:
        """Return the share of universes whose median is on the claim's side; never a probability."""
        return sum(u.holds(threshold) for u in self.universes) / len(self.universes)

    def rows(self, output: str, choices: Sequence[str]) -> list[dict[str, Any]]:
        """Return a row of a table for each universe, with its options of some choices."""
        return [
            {"output": output, **{name: each.options.get(name, "") for name in choices}, **row_of(each)}
            for each in self.universes
        ]


def make_multiverse(
    study: Study,
    output: str,
    settings: Settings,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Multiverse | str:
    """Propagate an output through every valid combination of the choices that can reach it.

    Parameters
    ----------
    settings
        Choices that it fixes do not vary; its reading's inputs and its overrides hold in every universe.

    Returns
    -------
    Multiverse or str
        Why there is none, in one line, where the study has no choices to vary or too many.

    Raises
    ------
    NonFiniteError
        If a universe is infinite or undefined for some draws.
    """
    found = combinations(study, output, settings)
    if not study.choices:
        return "the study lists no modelling choices"
    if isinstance(found, str):
        return found
    if not found.varied:
        return "none of the study's choices that are left open reaches this output"
    limits = thresholds(study.outputs[output])[::-1]
    figure = published_threshold(study.outputs[output])
    limits += (figure,) if figure is not None else ()
    samples = outer_samples(found.plans, settings.samples)
    ensemble = make_ensemble(found.plans, output, samples, settings.seed, settings.design)
    described = _describe(ensemble, limits, settings, threads, progress)
    universes = tuple(
        Universe(Frozen(dict(options)), described[member])
        for options, member in zip(found.options, ensemble.member_of, strict=True)
    )
    return Multiverse(
        study, study.outputs[output], found, limits, universes, len(ensemble.members), ensemble.design.samples
    )


def refuse_too_many(study: Study, output: str, settings: Settings) -> None:
    """Refuse more samples than a universe can have, before anything is drawn.

    Raises
    ------
    SettingError
        If the output has a multiverse, and the draws of one universe do not fit in memory.
    """
    most = MOST_BYTES // 8
    if settings.samples > most and reaching_choices(study, output) - settings.choices.keys():
        raise SettingError(
            f"samples: the multiverse of the study's choices needs all draws of a universe in memory, "
            f"at most {most}; use fewer samples, or `run`, which needs none"
        )


def _describe(
    ensemble: Ensemble,
    limits: tuple[Threshold, ...],
    settings: Settings,
    threads: int | None,
    progress: Progress | None,
) -> list[Summary]:
    """Return what is kept of each member's draws."""
    engine = make_engine(threads)
    found: list[Summary] = []
    for chosen, drawn in ensemble.draw(threads, progress):
        members = [ensemble.members[number] for number in chosen]
        ends = extremes(members, list(map(ensemble.distributions, chosen)), engine)
        beside = ensemble.net_errors(chosen, drawn)

        def describe(
            span: Span, chosen: range, drawn: FloatArray, ends: list[tuple[float, float]], beside: list[Least]
        ) -> list[Summary]:
            return [
                _member(ensemble, chosen[i], drawn[i], ends[i], beside[i], limits, settings)
                for i in range(*span)
            ]

        for rows in engine.map(
            partial(describe, chosen=chosen, drawn=drawn, ends=ends, beside=beside), spans(len(chosen), 8)
        ):
            found += rows
    return found


def _member(
    ensemble: Ensemble,
    number: int,
    values: FloatArray,
    ends: tuple[float, float],
    beside: Least,
    limits: tuple[Threshold, ...],
    settings: Settings,
) -> Summary:
    draws = Draws(values, ensemble.design.replicate_rows)
    lowest, highest = draws.ordered[[0, -1]]
    if not (math.isfinite(lowest) and math.isfinite(highest)):
        draws = _finite(ensemble, number, values)
        lowest, highest = draws.ordered[[0, -1]]
    (output,) = ensemble.members[number].model.outputs
    draws = as_emulated(ensemble.scenarios[0].study, output, draws.beside(beside))
    shares: dict[str, Estimate] = {limit.kind: limit.share(draws) for limit in limits}
    return Summary(
        draws.quantile(0.5),
        *draws.interval(settings.level, settings.interval),
        Frozen(shares),
        min(float(lowest), ends[0]),
        max(float(highest), ends[1]),
    )


def _finite(ensemble: Ensemble, number: int, values: FloatArray) -> Draws:
    """Return the draws that are finite, as far as the study has the others dropped.

    Raises
    ------
    NonFiniteError
        If it has not, or there are too many of them.
    """
    plan = ensemble.scenarios[ensemble.member_of.index(number)]
    count = int((~np.isfinite(values)).sum())
    allowed = allowed_share(plan.study.nonfinite)
    if count > allowed * values.size:
        options = ", ".join(f"{choice}={option}" for choice, option in plan.choices.items())
        limit = f"; at most {100 * allowed:g} % may be dropped" if allowed else ""
        (output,) = ensemble.members[number].model.outputs
        message = f"is infinite or undefined for {failing_text(count, values.size)} under {options}{limit}"
        raise NonFiniteError(Fault(message, f"outputs.{output}", plan.study.file))
    return Draws(*finite_draws(values, ensemble.design.replicate_rows))
