"""Drawing some inputs again while others keep their values, under a Gaussian copula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.probabilities import inside

if TYPE_CHECKING:
    from collections.abc import Collection

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.copula import Copula
    from uncertainty.sampling.simulation import Simulation


@dataclass(frozen=True, eq=False, slots=True)
class Redraw:
    """Inputs of some rows, and what it takes to draw any of them again.

    Parameters
    ----------
    own
        The inputs, shape (inputs, rows).
    other
        An independent second draw of all of them.
    scores
        Normal scores of the correlated inputs in `own`, shape (correlated, rows).
    noise
        Independent normal scores for drawing them again.
    """

    simulation: Simulation
    own: FloatArray
    other: FloatArray
    scores: FloatArray
    noise: FloatArray

    @classmethod
    def of(cls, simulation: Simulation, uniforms_a: FloatArray, uniforms_b: FloatArray) -> Redraw:
        """Take two independent sets of uniforms, shape (inputs, rows); both are used up."""
        from scipy.special import ndtri

        copula = simulation.copula
        rows = [] if copula is None else list(copula.rows)
        scores = ndtri(uniforms_a[rows])
        if copula is not None:
            scores = copula.factor @ scores
        noise = ndtri(uniforms_b[rows])
        own, other = simulation.transform(uniforms_a), simulation.transform(uniforms_b)
        return cls(simulation, own, other, scores, noise)

    def keeping(self, kept: Collection[int]) -> FloatArray:
        """Return inputs in which the rows `kept` are as they are and the others drawn again, given those."""
        inputs = self.other.copy()
        inputs[list(kept)] = self.own[list(kept)]
        copula = self.simulation.copula
        if copula is None:
            return inputs
        known = [i for i, row in enumerate(copula.rows) if row in kept]
        open_ = [i for i, row in enumerate(copula.rows) if row not in kept]
        if known and open_:
            rows = [copula.rows[i] for i in open_]
            inputs[rows] = self._given(copula, known, open_, rows)
        return inputs

    def _given(self, copula: Copula, known: list[int], open_: list[int], rows: list[int]) -> FloatArray:
        """Draw some correlated inputs from their distribution given the known ones."""
        from scipy.special import ndtr

        matrix = copula.factor @ copula.factor.T
        weights = np.linalg.solve(matrix[np.ix_(known, known)], matrix[np.ix_(known, open_)]).T
        left = matrix[np.ix_(open_, open_)] - weights @ matrix[np.ix_(known, open_)]
        drawn = weights @ self.scores[known] + np.linalg.cholesky(left) @ self.noise[open_]
        uniforms = inside(ndtr(drawn))
        chosen = tuple(self.simulation.distributions[row] for row in rows)
        return replace(self.simulation, distributions=chosen, copula=None).transform(uniforms)
