"""Morris screening: which of many inputs matter at all, for a few model runs each.

Every trajectory begins at a random point, from which each input is moved alone (radial sampling, Campolongo
et al. 2011). How far it is moved is random too, since steps of one length can meet a period of the model.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np

from uncertainty.budgets import affordable, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import compile_model, dependencies, wanted_output
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.records import Frozen, view
from uncertainty.results import record
from uncertainty.results.about import About, about
from uncertainty.sampling.nesting import NET_PILOT, over_unknown
from uncertainty.sampling.nets import generator
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.measures import Failures, measure_alone
from uncertainty.sensitivity.methods import Attributed
from uncertainty.sensitivity.sobol.design import correlated_with
from uncertainty.sensitivity.sobol.results import Attribution, listing
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.one_score import as_one, called, one_scores
from uncertainty.study.scenario import nothing_to_move

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.methods import Asked
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables import Table

TRAJECTORIES = Unasked(64)

SHORTEST, LONGEST = 0.25, 0.75
"""Shares of the middle of an input's values that it is moved by: long enough that a jump counts little more
than it is, and of so many lengths that none of them decides."""

EDGE = 0.025
"""Quantile at which the middle of an input's values begins, and as far from 1 where it ends."""


@record("mu_star", "mu_star_interval", "mu", "sigma")
class ElementaryEffects(NamedTuple):
    """Changes of the output as one input moves, divided by the share of its distribution that it crosses.

    Others are anywhere. A jump between two values of a discrete input counts at the rate of the step that
    took it, which is more than the jump itself; and what lies outside the middle 95 % is not seen.

    Parameters
    ----------
    mu_star, mu_star_half_width
        Mean size of the changes, and the half-width of its interval.
    mu
        Mean change: beside `mu_star` it tells whether all changes have one sign.
    sigma
        Standard deviation: large where the input interacts or acts nonlinearly.
    """

    mu_star: float
    mu_star_half_width: float
    mu: float
    sigma: float

    @property
    def mu_star_interval(self) -> tuple[float, float]:
        """The interval of the mean size of the changes."""
        half = self.mu_star_half_width
        return max(self.mu_star - half, 0.0), self.mu_star + half


@record("scale", "morris=inputs", "unmoved", "trajectories", "model_rows")
@dataclass(frozen=True, slots=True)
class Screening:
    """Elementary effects of the inputs on one output.

    Parameters
    ----------
    output, scale
        Which output, and whether its logarithm was looked at.
    trajectories, model_rows
        Trajectories through the inputs' values, and model runs that were made.
    about
        What the effects depend on; its samples are the trajectories.
    inputs
        The largest `mu_star` first; on the output's scale, from steps in the middle 95 % of the input.
    """

    output: str
    scale: Scale
    trajectories: int
    model_rows: int
    inputs: Mapping[str, ElementaryEffects]
    about: About

    @property
    def unmoved(self) -> tuple[str, ...]:
        """The inputs of which no step changed the output, whatever rare values of them may do."""
        return tuple(key for key, row in self.inputs.items() if row.mu_star == 0)

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.sobol.results`."""
        for key, row in self.inputs.items():
            yield Attribution(self.output, self.scale, "input", key, row)

    @property
    def table(self) -> Table:
        """The findings as a table, for files and data frames."""
        return listing(self, about=about(self.about))

    _repr_html_ = view


@checked(Settings)
@budgeted
def morris(
    study: Study,
    *,
    output: str | None = None,
    trajectories: int = TRAJECTORIES,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Screening:
    """Screen the inputs of one output by their elementary effects.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    trajectories
        Random points from which inputs are moved, at least 2; each takes one run more than there are inputs.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        Of which the seed, the level of the interval, the reading, choices and overrides count;
        or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError
        If a setting or a name is wrong, nothing varies, or inputs are correlated otherwise than by one score.
    NonFiniteError
        If the output is not finite somewhere, or not positive on a log10 scale.

    References
    ----------
    Morris 1991, doi:10.1080/00401706.1991.10484804; Campolongo, Cariboni & Saltelli 2007,
    doi:10.1016/j.envsoft.2006.10.004; Campolongo, Saltelli & Cariboni 2011, doi:10.1016/j.cpc.2010.12.039.
    """
    settings = replace(settings or Settings(), **options)
    study = keeping(study, cache)
    name = wanted_output(study, output)
    if trajectories < 2:
        raise SettingError(f"trajectories: expected at least 2, found {trajectories}")
    plan = over_unknown(settings.scenario(study), [name], settings.seed)
    inputs = _inputs(plan, name)
    moved = as_one(plan, inputs)
    if settings.budget is not None:
        cases = 1 if plan.nested is None else plan.nested.size
        asked = replace(settings, samples=trajectories, design="random")
        spent = 0 if cases == 1 else NET_PILOT
        each = cases * (1 + len(moved))
        trajectories = affordable(asked, "a screening", reserved=spent, each=each, least=2).samples
    points, steps = _design(len(moved), trajectories, settings.seed)
    columns = [moved.index(each) for each in called(plan, inputs).values()]
    values = _values(plan, name, inputs, points.reshape(-1, len(moved))[:, columns], settings.seed)
    # sums of squares of any size: a power of two is taken out and put back exactly
    unit = int(np.frexp(np.abs(values).max())[1])
    scaled = np.ldexp(values, -unit).reshape(trajectories, -1)
    rates = (scaled[:, 1:] - scaled[:, :1]) / steps
    screened = {n: _effects(row, settings.level, unit) for n, row in zip(moved, rates.T, strict=True)}
    ordered = dict(sorted(screened.items(), key=lambda item: -item[1].mu_star))
    scale = study.outputs[name].scale
    depends = About(replace(settings, samples=trajectories), plan, "morris")
    return Screening(name, scale, trajectories, values.size, Frozen(ordered), depends)


def _design(inputs: int, trajectories: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return points and steps, as probabilities of the inputs.

    Returns
    -------
    points
        The start of each trajectory and then, for each input, the start with that input moved; shape
        (trajectories, 1 + inputs, inputs).
    steps
        How far each input is moved, shape (trajectories, inputs).
    """
    draw = generator(seed, "morris")
    lengths = draw.uniform(SHORTEST, LONGEST, (trajectories, inputs))
    low = draw.random((trajectories, inputs)) * (1 - lengths)
    rising = draw.random((trajectories, inputs)) < 0.5
    start = np.where(rising, low, low + lengths)
    steps = np.where(rising, lengths, -lengths)
    points = np.repeat(start[:, None, :], 1 + inputs, axis=1)
    points[:, 1:] += steps[:, :, None] * np.eye(inputs)
    span = 1 - 2 * EDGE
    return EDGE + span * points, span * steps


def _effects(rates: FloatArray, level: float, unit: int) -> ElementaryEffects:
    """Summarise an input's rates of change, given in units of 2**unit.

    Sizes of changes are skewed and few of them miss the large ones: the interval is as wide as that of the
    mean's logarithm is upwards, and a little wider for so few.
    """
    from uncertainty.special import stdtrit

    count = len(rates)
    mean = float(np.abs(rates).mean())
    error = float(np.abs(rates).std(ddof=1)) / math.sqrt(count) * (1 + 1 / count)
    half = mean * math.expm1(float(stdtrit(count - 1, (1 + level) / 2)) * error / mean) if mean else 0.0
    parts = (mean, half, float(rates.mean()), float(rates.std(ddof=1)))
    return ElementaryEffects(*(float(np.ldexp(part, unit)) for part in parts))


def _inputs(plan: Scenario, output: str) -> list[str]:
    """Return the inputs to be moved, one at a time."""
    reaching = dependencies(plan, [output])[output]
    inputs = [n for n in plan.varying if n in reaching]
    if not inputs:
        raise SettingError(f"{nothing_to_move(plan)}: there is nothing to screen")
    one = {tuple(sorted(each.members)) for each in one_scores(plan)}
    if set(inputs) & {name for name, partners in correlated_with(plan).items() if partners not in one}:
        are = "shares of a whole" if plan.wholes else "correlated"
        raise SettingError(
            f"morris: inputs are {are}, and cannot be moved one at a time; "
            'take Shapley effects (method "shapley") or draws alone (method "draws")'
        )
    return inputs


def _values(
    plan: Scenario, output: str, inputs: list[str], probabilities: FloatArray, seed: int
) -> FloatArray:
    """Return the output on its scale where inputs are at some quantiles, shape (rows, inputs)."""
    simulation = simulate(plan, [output], 1, seed, "random")
    uniforms = np.full((len(plan.varying), len(probabilities)), 0.5)
    uniforms[[plan.varying.index(n) for n in inputs]] = probabilities.T
    columns = simulation.transform(uniforms)
    outputs = np.empty((1, len(probabilities)))
    model = compile_model(plan, [output])
    _run(plan, model, columns, outputs, 1 + len(inputs))
    rounding = model.rounding(columns, outputs)[0]
    measures = measure_alone(outputs[0], rounding, plan.study.outputs[output].scale)
    values: FloatArray = measures.of(outputs)[0] * measures.unit
    if not np.isfinite(values).all():
        failures = Failures(simulation)
        failures.look_at(columns, outputs, [0], measures)
        failures.raise_if_any(len(probabilities), dependencies(plan, [output]), plan.study.file)
    # what rounding alone moves is not moved
    return values if measures.varying.all() else np.zeros_like(values)


def _run(plan: Scenario, model: Model, columns: FloatArray, outputs: FloatArray, each: int) -> None:
    """Run a model on trajectories of so many rows each; one of all cases on a net for each of them.

    What a net gets wrong is then among the differences between trajectories.
    """
    if plan.nested is None:
        model.run(columns, outputs)
        return
    for number, first in enumerate(range(0, columns.shape[1], each)):
        rows = slice(first, first + each)
        (own,) = plan.nested.on_net([model], number)
        own.run(columns[:, rows], outputs[:, rows])


def attribute(asked: Asked) -> Attributed:
    """Return the elementary effects of each output."""
    settings = asked.settings_of(TRAJECTORIES, len(asked.outputs))
    found = {
        name: morris(asked.study, output=name, trajectories=settings.samples, settings=settings)
        for name in asked.outputs
    }
    runs = sum(each.model_rows for each in found.values())
    depends = next(iter(found.values())).about
    said = f"{settings.samples:,} trajectories, {runs:,} model runs, seed {settings.seed}"
    return Attributed(found, depends, listing(*found.values(), about=about(depends)), said)
