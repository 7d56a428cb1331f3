"""Morris screening by SALib: which of many inputs matter at all, for a few model runs each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.calls import checked
from uncertainty.compiled import check_outputs, compile_model, dependencies
from uncertainty.errors import SettingError
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.streams import generator
from uncertainty.sensitivity.exchange import correlated_with
from uncertainty.sensitivity.listing import Attribution, listing
from uncertainty.sensitivity.measures import Failures, measure_alone
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables import Table

TRAJECTORIES = 64

LEVELS = 8

EDGE = 0.025
"""Quantile at which the grid of an input begins, and as far from 1 where it ends."""


class ElementaryEffects(NamedTuple):
    """Changes of the output as one input moves, by the rate at which it would cross the middle of its values.

    Others are anywhere. A jump between two values of a discrete input counts at the rate of the step that
    took it, which is more than the jump itself; and what lies outside the middle 95 % is not seen.

    Parameters
    ----------
    mu_star, mu_star_half_width
        Mean size of the changes, and the half-width of SALib's bootstrap interval.
    mu
        Mean change: beside `mu_star` it tells whether all changes have one sign.
    sigma
        Standard deviation: large where the input interacts or acts nonlinearly.
    """

    mu_star: float
    mu_star_half_width: float
    mu: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Screening:
    """Elementary effects of the inputs on one output.

    Parameters
    ----------
    inputs
        The largest `mu_star` first; on the output's scale, over the middle 95 % of the input.
    """

    output: str
    scale: Scale
    trajectories: int
    model_rows: int
    inputs: Mapping[str, ElementaryEffects]

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.listing`."""
        for key, row in self.inputs.items():
            yield Attribution(self.output, self.scale, "input", key, row)

    @property
    def table(self) -> Table:
        """The findings as a table, for files and data frames."""
        return listing(self)


@checked(Settings)
def morris(
    study: Study,
    *,
    output: str | None = None,
    trajectories: int = TRAJECTORIES,
    settings: Settings | None = None,
    **options: Any,
) -> Screening:
    """Screen the inputs of one output by their elementary effects.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    trajectories
        Random walks through the inputs, at least 2; each takes one run more than there are inputs.
    settings
        Of which the seed, the level of SALib's bootstrap interval, the reading, choices and overrides count;
        or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError
        If a setting or a name is wrong, nothing varies, or inputs are correlated.
    NonFiniteError
        If the output is not finite somewhere, or not positive on a log10 scale.

    References
    ----------
    Morris 1991, doi:10.1080/00401706.1991.10484804; Campolongo, Cariboni & Saltelli 2007,
    doi:10.1016/j.envsoft.2006.10.004.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    settings = replace(settings or Settings(), **options)
    name = output or study.headline
    check_outputs(study, [name])
    if trajectories < 2:
        raise SettingError(f"trajectories: expected at least 2, found {trajectories}")
    plan = scenario(study, settings.reading, settings.choices, settings.overrides)
    inputs = _inputs(plan, name)
    problem = {"num_vars": len(inputs), "names": inputs, "bounds": [[EDGE, 1 - EDGE]] * len(inputs)}
    # SALib takes a seed of 0 for none
    seeds = generator(settings.seed, "morris").integers(1, 2**31, size=2).tolist()
    grid = sampling.sample(problem, trajectories, num_levels=LEVELS, seed=seeds[0])
    values = _values(plan, name, inputs, grid, settings.seed)
    # SALib squares what it is given; a power of two is taken out and put back exactly
    unit = int(np.frexp(np.abs(values).max())[1])
    how = {"num_levels": LEVELS, "conf_level": settings.level, "seed": seeds[1], "print_to_console": False}
    found = analysis.analyze(problem, grid, np.ldexp(values, -unit), **how)
    columns_of = ("mu_star", "mu_star_conf", "mu", "sigma")
    parts = [np.ldexp(np.asarray(found[name], dtype=np.float64), unit).tolist() for name in columns_of]
    rows = zip(*parts, strict=True)
    screened = {n: ElementaryEffects(*row) for n, row in zip(inputs, rows, strict=True)}
    ordered = dict(sorted(screened.items(), key=lambda item: -item[1].mu_star))
    scale = study.outputs[name].scale
    return Screening(name, scale, trajectories, len(grid), MappingProxyType(ordered))


def _inputs(plan: Scenario, output: str) -> list[str]:
    """Return the inputs to be moved, one at a time."""
    reaching = dependencies(plan, [output])[output]
    inputs = [n for n in plan.varying if n in reaching]
    if not inputs:
        raise SettingError("no input varies: there is nothing to screen")
    if set(inputs) & correlated_with(plan).keys():
        raise SettingError(
            "morris: inputs are correlated, and cannot be moved one at a time; "
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
    model.run(columns, outputs)
    rounding = model.rounding(columns, outputs)[0]
    measures = measure_alone(outputs[0], rounding, plan.study.outputs[output].scale)
    values: FloatArray = measures.of(outputs)[0] * measures.unit
    if not np.isfinite(values).all():
        failures = Failures(simulation)
        failures.look_at(columns, outputs, [0], measures)
        failures.raise_if_any(len(probabilities), dependencies(plan, [output]), plan.study.file)
    # what rounding alone moves is not moved
    return values if measures.varying.all() else np.zeros_like(values)
