"""Choices as inputs, to tell how much of the spread is a choice of method.

A choice becomes an input whose options are equally likely. Every combination of options is run on the same
draws, and the choices' own uniforms pick the one that counts. Options may replace distributions, so inputs
enter as uniforms and each combination turns them into its own values. What correlates them is the copula that
their own distributions need, which another combination's may need otherwise.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import dependencies
from uncertainty.distributions import Uniform
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.copula import Copula
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.simulation import simulate
from uncertainty.study.correlation import (
    ALIKE,
    LEAST_APART,
    ROUNDED,
    alike,
    among,
    in_closed_form,
    target_of,
)
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import AS_PUBLISHED, Correlation, Input, Reading
from uncertainty.study.scenario import excluded_because

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.compiled import FunctionModel
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Nets, OverCases, Scenario

MOST_COMBINATIONS = 256


def choice_key(choice: str) -> str:
    """Return the name that a choice has among the inputs."""
    return f"choices.{choice}"


def study_with_choices(
    study: Study, choices: Sequence[str], outputs: Sequence[str], settings: Settings
) -> Study:
    """Return a study in which some choices are inputs, whose options are equally likely.

    Parameters
    ----------
    outputs
        The outputs that are to be had.
    settings
        Its reading, other choices and overrides are built in.

    Raises
    ------
    SettingError
        If a choice is unknown, or a combination of their options is excluded or too many are possible.
    """
    for choice in choices:
        if choice not in study.choices:
            raise SettingError(f'unknown choice "{choice}"{suggestion(choice, study.choices)}')
    options = [tuple(study.choices[choice].options) for choice in choices]
    number = math.prod(map(len, options))
    if number > MOST_COMBINATIONS:
        raise SettingError(
            f"choices as inputs: {number:,} combinations of options, expected at most {MOST_COMBINATIONS}"
        )
    plans = [
        over_unknown(_plan(study, dict(zip(choices, taken, strict=True)), settings), outputs, settings.seed)
        for taken in product(*options)
    ]
    reaching = {name for plan in plans for names in dependencies(plan, outputs).values() for name in names}
    varying = [n for n in study.inputs if n in reaching and any(n in plan.varying for plan in plans)]
    inputs = {
        n: replace(study.inputs[n], distribution=Uniform(0, 1), point=0.5, low=None, high=None)
        for n in varying
    }
    for choice in choices:
        label = study.choices[choice].question or choice
        inputs[choice_key(choice)] = Input(choice_key(choice), PURE_NUMBER, 0.5, Uniform(0, 1), label=label)
    simulations = tuple(simulate(plan, outputs, 1, settings.seed, "random") for plan in plans)
    correlations, scores = _common_copula(study, simulations, varying)
    model = _Mixture(
        tuple(replace(each, copula=_correction(each, scores, varying)) for each in simulations),
        tuple(map(choice_key, choices)),
        tuple(len(names) for names in options),
        tuple(plan.nested for plan in plans),
    )
    return replace(
        study,
        inputs=Frozen(inputs),
        outputs=Frozen({name: study.outputs[name] for name in outputs}),
        equations=Frozen(),
        correlations=correlations,
        choices=Frozen(),
        excluded=(),
        readings=Frozen({AS_PUBLISHED: Reading(AS_PUBLISHED)}),
        headline=study.headline if study.headline in outputs else outputs[0],
        function=model,
    )


def nets_of(plan: Scenario) -> Nets | None:
    """Return what puts models on other nets of cases where outputs speak of all of them, choices or not."""
    function = plan.study.function
    if isinstance(function, _Mixture):
        return function if any(over is not None for over in function.nested) else None
    return plan.nested


def _plan(study: Study, taken: Mapping[str, str], settings: Settings) -> Scenario:
    chosen = {**settings.choices, **taken}
    every = {name: choice.published for name, choice in study.choices.items()}
    full = {**every, **study.readings[settings.reading].choices, **chosen}
    because = excluded_because(study, full)
    if because is not None:
        listed = ", ".join(f"{choice}={option}" for choice, option in taken.items())
        raise SettingError(f"choices as inputs: {listed} is excluded: {because}; fix one of these choices")
    return replace(settings, choices=chosen).scenario(study)


def _common_copula(
    study: Study, simulations: Sequence[Simulation], names: Sequence[str]
) -> tuple[tuple[Correlation, ...], FloatArray]:
    """Return the correlations of the uniforms of some inputs, and those of their normal scores.

    They are those of the first combination, in which all that is correlated varies: a first option overrides
    nothing.

    Returns
    -------
    correlations, scores
        What the study says of the uniforms; shape (inputs, inputs).
    """
    scores = _scores(simulations[0], names)
    place = {name: row for row, name in enumerate(names)}
    marginals = [dict(zip(own.inputs, own.distributions, strict=True)) for own in simulations]
    found = []
    for pair in among(study.correlations, names):
        r = float(scores[place[pair.inputs[0]], place[pair.inputs[1]]])
        plain = pair.kind != "pearson" and all(
            in_closed_form(pair, own) for own in marginals if set(pair.inputs) <= own.keys()
        )
        of_ranks = replace(pair, pearson=None, kendall=None, spearman=target_of("spearman", r))
        found.append(pair if plain or alike(pair) else of_ranks)
    return tuple(found), scores


def _scores(simulation: Simulation, names: Sequence[str]) -> FloatArray:
    """Return how the normal scores of some inputs correlate, shape (inputs, inputs)."""
    found = np.eye(len(names))
    copula = simulation.copula
    if copula is not None:
        place = {name: row for row, name in enumerate(names)}
        kept = [row for row, own in enumerate(copula.rows) if simulation.inputs[own] in place]
        at = [place[simulation.inputs[copula.rows[row]]] for row in kept]
        matrix = copula.factor @ copula.factor.T
        same = matrix >= ALIKE - ROUNDED
        matrix[same] = ALIKE
        np.fill_diagonal(matrix, 1.0)
        found[np.ix_(at, at)] = matrix[np.ix_(kept, kept)]
    return found


def _correction(simulation: Simulation, scores: FloatArray, names: Sequence[str]) -> Copula | None:
    """Return what gives uniforms of common scores the correlations of one combination, if they lack them.

    Parameters
    ----------
    scores
        Of all inputs named, shape (inputs, inputs).
    """
    place = {name: row for row, name in enumerate(names)}
    rows = tuple(row for row, name in enumerate(simulation.inputs) if name in place)
    at = [place[simulation.inputs[row]] for row in rows]
    own, common = _scores(simulation, names)[np.ix_(at, at)], scores[np.ix_(at, at)]
    if not rows or np.abs(own - common).max() <= LEAST_APART:
        return None
    factor = np.linalg.cholesky(own) @ np.linalg.inv(np.linalg.cholesky(common))
    # what has one score has it to the last bit
    first = np.argmax(own >= ALIKE - ROUNDED, axis=1)
    return Copula(rows, np.asarray(np.tril(factor)[first], np.float64))


@dataclass(frozen=True, eq=False, slots=True)
class _Mixture:
    """A function of uniforms that runs every combination and keeps the one that is picked.

    Parameters
    ----------
    simulations
        One for each combination, the last choice's options changing fastest; their copulas turn the uniforms'
        correlations into their own.
    choices, sizes
        The inputs that pick, and how many options each has.
    nested
        Of each combination what gives outputs that speak of all cases together; None where none do.
    """

    simulations: tuple[Simulation, ...]
    choices: tuple[str, ...]
    sizes: tuple[int, ...]
    nested: tuple[OverCases | None, ...]

    def on_net(self, models: Sequence[FunctionModel], number: int) -> list[FunctionModel]:
        """Return such models of this function on another net of cases, by its number."""
        simulations = tuple(
            each if over is None else replace(each, model=over.on_net([each.model], number)[0])
            for each, over in zip(self.simulations, self.nested, strict=True)
        )
        return [replace(model, function=replace(self, simulations=simulations)) for model in models]

    def __call__(self, **uniforms: FloatArray) -> dict[str, FloatArray]:
        """Return every output's values."""
        rows = len(uniforms[self.choices[0]])
        picked = np.zeros(rows, dtype=np.int64)
        for choice, size in zip(self.choices, self.sizes, strict=True):
            picked = picked * size + np.minimum((uniforms[choice] * size).astype(np.int64), size - 1)
        names = self.simulations[0].model.outputs
        found, outputs = np.empty((2, len(names), rows))
        middle = np.full(rows, 0.5)
        for number, simulation in enumerate(self.simulations):
            chosen = picked == number
            if chosen.any():
                columns = np.array([uniforms.get(name, middle) for name in simulation.inputs]).reshape(
                    -1, rows
                )
                simulation.model.run(simulation.transform(columns), outputs)
                found[:, chosen] = outputs[:, chosen]
        return dict(zip(names, found, strict=True))
