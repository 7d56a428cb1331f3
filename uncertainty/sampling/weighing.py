"""Draws weighed by observations: the draws that there are, each counting as it agrees with what was observed.

The weight of a draw is the density of what was observed given the draw (Bayes' theorem, by importance
sampling from the prior). An observation speaks of what nobody knows: where one case was observed, the density
is the mean over the cases, which are not themselves weighed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.compiled import compile_columns, differs
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.expressions import Name
from uncertainty.late import dataclass
from uncertainty.numbers import count as counted
from uncertainty.records import Frozen
from uncertainty.sampling.case_model import VERSIONS, CaseFunction, Measure, versions_of
from uncertainty.sampling.cases import SCRAMBLES, make_cases
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.nesting import make_case_model
from uncertainty.sampling.statistics import BATCHES, Draws
from uncertainty.sampling.weighted_draws import WeightedDraws, effective_number
from uncertainty.study.model import Output
from uncertainty.study.observations import log_density

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.cases import Cases
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.settings import Settings
    from uncertainty.study.model import Observation
    from uncertainty.study.scenario import Scenario

FEWEST_EFFECTIVE = 1000
"""Effective draws below which weighed draws say too little to be shown."""

TELLING = 50
"""Effective draws from which on they tell how many samples would leave enough."""

MOST_ROWS = 2**28
"""Samples above which none are suggested."""

CASES = (64, 512)
"""Cases over which the density of one observed case is averaged, at least and at most."""

FEWEST_CARRYING = SCRAMBLES
"""Effective cases that carry the density in a draw, on average: of fewer it is a comb, and errors mislead."""

EVALUATIONS = 2**25
"""Model rows for such averages that are not exceeded while there are more than the fewest cases."""

LOWEST = -1e300
"""Logarithm of a density below which it is 0, so that none is subtracted from itself."""

AT_ONCE = 2**18
"""Model rows that are worked at together."""


class Observed(NamedTuple):
    """An observation in the draws.

    Parameters
    ----------
    quantity
        What was observed, in every draw, shape (rows,): of an observation of one case that of one case.
    """

    observation: Observation
    quantity: FloatArray


@dataclass(frozen=True, eq=False)
class Weights:
    """What each draw counts.

    Parameters
    ----------
    values
        Shape (rows,), 1 at most.
    groups
        The number of the independent part of the draws that each belongs to, shape (rows,).
    without
        The weights without each scramble of the net of cases; empty where no cases were averaged over.
    observed
        By name.
    """

    values: FloatArray
    groups: NDArray[np.intp]
    without: tuple[FloatArray, ...]
    observed: Mapping[str, Observed]

    @property
    def effective(self) -> float:
        """How many draws that count alike tell as much."""
        return effective_number(self.values)

    def of(self, draws: Draws, kept: NDArray[np.bool_] | None = None) -> WeightedDraws:
        """Return draws, one a row, with their weights.

        Parameters
        ----------
        kept
            The rows that were not dropped, shape (rows,); by default all of them were kept.
        """
        rows = slice(None) if kept is None else kept
        groups = self.groups[rows]
        others = [
            WeightedDraws(values, weights[rows], groups)
            for values, weights in zip(*self._without(draws), strict=True)
        ]
        return WeightedDraws(
            draws.values,
            self.values[rows],
            groups,
            constant=draws.constant,
            without=others,
            finest=draws.finest,
        )

    def _without(self, draws: Draws) -> tuple[Sequence[FloatArray], Sequence[FloatArray]]:
        """Return values and weights without each scramble of the net: both are of the same scrambles."""
        values = [each.values for each in draws.without]
        count = max(len(values), len(self.without))
        return values or [draws.values] * count, self.without or [self.values] * count


def weigh(plan: Scenario, simulation: Simulation, settings: Settings, cases: int = 1) -> Weights:
    """Weigh the draws of a simulation by a scenario's observations.

    Parameters
    ----------
    simulation
        Of single cases, or of what nobody knows.
    cases
        That each draw has.

    Raises
    ------
    SettingError
        If fewer than 1,000 effective draws are left; says what would help.
    NonFiniteError
        If an observed quantity is infinite or undefined in some draw that is not to be dropped.
    """
    design = simulation.design
    logs = np.zeros((VERSIONS, design.samples))
    observed, nested, carried = {}, False, {}
    for name in plan.observations:
        observation = plan.study.observations[name]
        found = _log_densities(plan, observation, simulation, settings.seed)
        nested |= len(found.logs) > 1
        logs += found.logs
        observed[name] = Observed(observation, found.quantity)
        _check_finite(plan, name, found.logs[0])
        if found.carried is not None:
            carried[name] = found.carried
    logs[np.isnan(logs)] = -np.inf
    logs -= max(float(logs[0].max()), LOWEST)
    weights = np.exp(logs)
    rows = design.replicate_rows
    part = rows if 1 < rows < design.samples else max(-(-design.samples // BATCHES), 1)
    groups = np.arange(design.samples) // part
    made = Weights(weights[0], groups, tuple(weights[1:]) if nested else (), Frozen(observed))
    for name, each in carried.items():
        _check_carried(plan, name, each, made.values)
    _check_enough(plan, made, settings, cases)
    return made


def _check_finite(plan: Scenario, name: str, logs: FloatArray) -> None:
    failing = int(np.count_nonzero(np.isnan(logs)))
    if failing and plan.study.nonfinite == "refuse":
        said = f"what was observed is infinite or undefined for {failing} of {logs.size} draws"
        raise NonFiniteError(Fault(said, f"observations.{name}", plan.study.file))


def _check_carried(plan: Scenario, name: str, carried: FloatArray, weights: FloatArray) -> None:
    """Refuse an observation so sharp that too few cases agree with it to tell how many of all do."""
    found = _weighted(carried[0], weights)
    if not found < FEWEST_CARRYING:
        return
    observation = plan.study.observations[name]
    unit = "" if observation.unit.text == "1" else f" {observation.unit.text}"
    apart = f"{_weighted(carried[1], weights):.2g}{unit}"
    said = (
        f"what was observed of one case ({observation.error}) is too sharp: of at most {CASES[1]} cases in a "
        f"draw about {found:.2g} carry its density, and fewer than {FEWEST_CARRYING} tell it wrongly; give "
        f"it an error nearer to the spread between cases, an sd of about {apart}"
    )
    raise SettingError(Fault(said, f"observations.{name}", plan.study.file))


def _weighted(values: FloatArray, weights: FloatArray) -> float:
    """Return a mean over the draws, of those that have a value."""
    counts = np.isfinite(values) & (weights > 0)
    return float(np.average(values[counts], weights=weights[counts])) if counts.any() else np.nan


def _check_enough(plan: Scenario, weights: Weights, settings: Settings, cases: int) -> None:
    """Refuse draws too few of which agree with what was observed."""
    found, rows = weights.effective, weights.values.size
    if found >= FEWEST_EFFECTIVE:
        return
    needed = 1 << int(np.ceil(np.log2(1.3 * FEWEST_EFFECTIVE / max(found, 1.0))))
    if found >= TELLING and needed * rows * cases <= MOST_ROWS:
        draws = needed * rows
        asked = f"--samples {draws * cases}" if settings.outer is None else f"outer={draws}"
        helps = f"`{asked}` would leave enough"
    else:
        helps = "; ".join(_apart(each) for each in weights.observed.values())
        helps += "; look at value, unit and error, or widen what is known of the inputs behind it"
    said = (
        f"the worth of {counted(int(found), 'draw')} of {rows:,} is left, and fewer than "
        f"{FEWEST_EFFECTIVE:,} say too little: {helps}"
    )
    key = " and ".join(f"observations.{name}" for name in plan.observations)
    raise SettingError(Fault(said, key, plan.study.file))


def _apart(observed: Observed) -> str:
    """Say how far what was observed lies from what was expected of it."""
    observation = observed.observation
    low, high = np.nanquantile(observed.quantity, [0.025, 0.975]).tolist()
    unit = "" if observation.unit.text == "1" else f" {observation.unit.text}"
    return (
        f"{observation.value:g}{unit} ({observation.error}) was observed of {observation.quantity}, of which "
        f"{low:.3g} to {high:.3g}{unit} was expected"
    )


class _Densities(NamedTuple):
    """An observation in the draws.

    Parameters
    ----------
    logs
        Logarithms of its density, shape (versions, rows).
    quantity
        Shape (rows,).
    carried
        Of one observed case: the effective number of cases that carry the density, and the standard deviation
        between the cases, shape (2, rows).
    """

    logs: FloatArray
    quantity: FloatArray
    carried: FloatArray | None = None


def _log_densities(plan: Scenario, observation: Observation, simulation: Simulation, seed: int) -> _Densities:
    observing, name = observing_scenario(plan, observation)
    columns = simulation.inputs
    if not differs(observing, name):
        model = compile_columns(observing, [name], columns)
        quantity = _blockwise(
            simulation, 1, lambda inputs, out: model.run(np.ascontiguousarray(inputs), out)
        )[0]
        return _Densities(log_density(observation, quantity)[None], quantity)
    size = _enough_cases(simulation.design.samples)
    cases = make_cases(observing, size, seed)
    unknown = [columns.index(each) for each in cases.unknown]
    if observing.study.outputs[name].over == "average":
        average = make_case_model(observing, [Measure(name, "average")]).on(cases, VERSIONS)
        found = _blockwise(
            simulation, VERSIONS, lambda inputs, out: average.run(np.ascontiguousarray(inputs[unknown]), out)
        )
        return _Densities(log_density(observation, found), found[0])
    one = _of_one_case(observing, observation, name, simulation, cases)
    if one.carried is not None and size < CASES[1]:
        logs = np.nan_to_num(one.logs[0], nan=-np.inf)
        own = np.exp(logs - max(float(logs.max()), LOWEST))
        if _weighted(one.carried[0], own) < FEWEST_CARRYING:
            # a sharp observation takes all the cases there may be, however long that takes
            cases = make_cases(observing, CASES[1], seed)
            one = _of_one_case(observing, observation, name, simulation, cases)
    return one


def _of_one_case(
    plan: Scenario, observation: Observation, name: str, simulation: Simulation, cases: Cases
) -> _Densities:
    """Return the density of one observed case, averaged over the cases, and the quantity of one of them."""
    model = compile_columns(plan, [name], (*cases.unknown, *cases.different))
    function = CaseFunction((), cases, model, np.empty((0, 0)), ())
    unknown = [simulation.inputs.index(each) for each in cases.unknown]
    step = max(1, AT_ONCE // cases.size)

    def fill(inputs: FloatArray, out: FloatArray) -> None:
        for first in range(0, inputs.shape[1], step):
            draws = slice(first, first + step)
            values = function.single(np.ascontiguousarray(inputs[unknown, draws]))[0]
            logs = log_density(observation, values)
            highest = np.maximum(logs.max(axis=1, keepdims=True), LOWEST)
            densities = np.exp(logs - highest)
            scrambles = densities.reshape(len(logs), SCRAMBLES, -1).mean(axis=2).T
            out[VERSIONS, draws] = values[np.arange(len(values)), np.arange(len(values)) % cases.size]
            with np.errstate(all="ignore"):
                out[:VERSIONS, draws] = np.log(versions_of(scrambles, VERSIONS)) + highest[:, 0]
                out[VERSIONS + 1, draws] = densities.sum(axis=1) ** 2 / np.square(densities).sum(axis=1)
                out[VERSIONS + 2, draws] = values.std(axis=1)

    found = _blockwise(simulation, VERSIONS + 3, fill)
    return _Densities(found[:VERSIONS], found[VERSIONS], found[VERSIONS + 1 :])


def _enough_cases(rows: int) -> int:
    """Return how many cases the density of one is averaged over: a power of two."""
    wanted = 1 << max(EVALUATIONS // rows, 1).bit_length() - 1
    return min(max(wanted, CASES[0]), CASES[1])


def observing_scenario(plan: Scenario, observation: Observation) -> tuple[Scenario, str]:
    """Return the scenario with what was observed among its outputs, and its name there."""
    study = plan.study
    if observation.of_output:
        own = study.outputs[observation.quantity]
        expression = own.expression or Name(own.name)
    else:
        expression = Name(observation.quantity)
    shown = Output(f"{observation.name} as observed", observation.unit, expression, over=observation.over)
    outputs = Frozen({**study.outputs, shown.name: shown})
    return replace(plan, study=replace(study, outputs=outputs)), shown.name


def _blockwise(
    simulation: Simulation, count: int, fill: Callable[[FloatArray, FloatArray], None]
) -> FloatArray:
    """Return rows of numbers of every draw, shape (count, rows), made block by block from the inputs."""
    found = np.empty((count, simulation.design.samples))
    start = 0
    for inputs in simulation.input_blocks(0, blocks(simulation.design)):
        stop = start + inputs.shape[1]
        part = np.empty((count, stop - start))
        fill(inputs, part)
        found[:, start:stop] = part
        start = stop
    return found
