"""The inputs of a response in standard normal space, where distances mean how unlikely a combination is.

An input's normal score is the standard normal quantile of its own probability. Correlated inputs have
correlated scores, by the same Gaussian copula as in sampling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import largest_rounding
from uncertainty.distributions.probabilities import inside
from uncertainty.rounding import UNIT
from uncertainty.sampling.copula import continuous_targets
from uncertainty.sampling.designs import make_design, uniforms
from uncertainty.study.correlation import copula_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.challenges.response import Response
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Design

DRAWS = 2**15
"""Draws that show where the far side of a threshold lies and what is found there."""

FARTHEST = 8.0
"""Normal score beyond which nothing is asked: a probability of 6e-16."""

STEP, LONGEST_STEP = 1e-4, 0.5
"""Step of finite differences, in normal scores, and how long it may get where values are rounded."""


@dataclass(frozen=True, eq=False)
class NormalSpace:
    """The varying inputs of a response and the correlation of their normal scores.

    Parameters
    ----------
    positions
        Of the varying inputs among the response's.
    correlation
        Shape (varying inputs, varying inputs).
    """

    response: Response
    positions: tuple[int, ...]
    correlation: FloatArray

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the varying inputs."""
        return tuple(self.response.inputs[position] for position in self.positions)

    @property
    def distributions(self) -> tuple[Distribution, ...]:
        """Distributions of the varying inputs."""
        return tuple(self.response.distribution(position) for position in self.positions)

    @cached_property
    def precision(self) -> FloatArray:
        """Inverse of the correlation: a squared distance from the medians is ``z @ precision @ z``."""
        return np.linalg.inv(self.correlation).astype(np.float64)

    def values(self, scores: FloatArray, fixed: Mapping[int, float] | None = None) -> FloatArray:
        """Return all inputs of the response, shape (inputs, rows), at scores (varying inputs, rows).

        Parameters
        ----------
        fixed
            Values of some varying inputs, by their place among these, in place of their scores' own.
        """
        from scipy.special import ndtr

        found = self.fixed_values(scores.shape[1])
        probabilities = inside(ndtr(scores))
        for place, (position, distribution) in enumerate(
            zip(self.positions, self.distributions, strict=True)
        ):
            if fixed is not None and place in fixed:
                found[position] = fixed[place]
            else:
                found[position] = distribution.quantile(probabilities[place])
        return found

    def fixed_values(self, rows: int) -> FloatArray:
        """Return the inputs that do not vary, shape (inputs, rows), the others being at their points."""
        found = self.response.at_points(rows)
        for position in range(len(self.response.inputs)):
            distribution = self.response.distribution(position)
            if distribution.is_constant:
                found[position] = distribution.mean
        return found

    @cached_property
    def step(self) -> float:
        """The step of finite differences in normal scores: longer where rounding would drown what it changes.

        The error of a central difference is least at about the cube root of the share of the output's spread
        that is rounding, that of the inputs beside large values included.
        """
        sides = np.eye(len(self.positions))
        values = self.values(np.concatenate([sides, -sides], axis=1))
        outputs = self.response(values)
        upper, lower = (half[list(self.positions)].diagonal() for half in np.split(values, 2, axis=1))
        moved, spread = np.abs(np.subtract(*np.split(outputs, 2))), np.abs(upper - lower)
        with np.errstate(all="ignore"):
            of_inputs = UNIT * np.maximum(np.abs(upper), np.abs(lower)) / spread * moved
        own = largest_rounding(self.response.model, values, outputs[None])[0]
        rounding = np.nanmax([own, *of_inputs[np.isfinite(of_inputs)]])
        whole = float(np.nanmax(moved))
        if not (0 < whole < math.inf and math.isfinite(rounding)):
            return STEP
        return float(np.clip(np.cbrt(rounding / whole), STEP, LONGEST_STEP))

    def design(self, samples: int, seed: int) -> Design:
        """Return the design of at least `samples` draws."""
        return make_design("sobol", self.names, samples, seed)

    def scores(self, samples: int, seed: int) -> FloatArray:
        """Return correlated normal scores of at least `samples` draws, shape (varying inputs, draws)."""
        from scipy.special import ndtri

        if not self.positions:
            return np.empty((0, samples))
        drawn = [block.copy() for block in uniforms(self.design(samples, seed))]
        found: FloatArray = np.linalg.cholesky(self.correlation) @ ndtri(np.concatenate(drawn, axis=1))
        return found


@dataclass(frozen=True, eq=False)
class Drawn:
    """Draws of a normal space, not to be written to.

    Parameters
    ----------
    scores
        Normal scores, shape (varying inputs, draws).
    values
        The inputs' values there, shape (inputs, draws).
    replicate_rows
        Draws of one replicate; 1 where some were left out, which are then taken for independent.
    """

    space: NormalSpace
    scores: FloatArray
    values: FloatArray
    replicate_rows: int

    @cached_property
    def outputs(self) -> FloatArray:
        """What the response gives, shape (draws,)."""
        return self.space.response(self.values)


@lru_cache(maxsize=4)
def draw(space: NormalSpace, samples: int, seed: int) -> Drawn:
    """Return some draws, kept so that every question about a space is asked of the same ones.

    Draws for which the output has no value are left out where the study has them dropped.
    """
    scores = space.scores(samples, seed)
    rows = space.design(samples, seed).replicate_rows if space.positions else 1
    drawn = Drawn(space, scores, space.values(scores), rows)
    if space.response.plan.study.nonfinite == "drop":
        sound = np.isfinite(drawn.outputs)
        if not sound.all():
            drawn = Drawn(space, scores[:, sound], drawn.values[:, sound], 1)
    for array in (drawn.scores, drawn.values):
        array.flags.writeable = False
    return drawn


def make_normal_space(response: Response) -> NormalSpace:
    """Return the normal space of a response's varying inputs."""
    positions = response.varying
    names = [response.inputs[position] for position in positions]
    return NormalSpace(response, positions, _correlation(response, names))


def _correlation(response: Response, names: Sequence[str]) -> FloatArray:
    matrix = np.eye(len(names))
    study = response.plan.study
    marginals = {response.inputs[each]: response.distribution(each) for each in response.varying}
    pairs = continuous_targets(study.correlations, marginals, study.file)
    if pairs:
        correlated, part = copula_matrix(pairs)
        places = [names.index(name) for name in correlated]
        matrix[np.ix_(places, places)] = part
    return matrix


def is_discrete(distribution: Distribution) -> bool:
    """Tell whether all probability of a distribution lies on its atoms."""
    atoms = np.array(distribution.atoms)
    if not atoms.size:
        return False
    return bool(np.sum(atom_probabilities(distribution)) > 1 - 1e-9)


def atom_probabilities(distribution: Distribution) -> FloatArray:
    """Return the probability of each atom."""
    atoms = np.array(distribution.atoms)
    return distribution.cdf(atoms) - distribution.cdf(np.nextafter(atoms, -np.inf))


def score_of(probability: FloatArray) -> FloatArray:
    """Return standard normal quantiles, none farther out than `FARTHEST`."""
    from scipy.special import ndtri

    found: FloatArray = np.clip(ndtri(probability), -FARTHEST, FARTHEST)
    return found
