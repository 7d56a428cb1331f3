"""The linear correlations of inputs whose correlations of any kind a study gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.copula import make_copula
from uncertainty.sampling.measures import linear_correlation

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.scenario import Scenario

LEAST = 1e-12
"""Correlation of scores that rounding alone may leave."""


def linear_correlations(plan: Scenario, inputs: tuple[str, ...]) -> FloatArray:
    """Return the linear correlations that the copula gives the inputs."""
    matrix = np.eye(len(inputs))
    marginals = [plan.distributions[name] for name in plan.varying]
    copula = make_copula(plan.study.correlations, plan.varying, marginals, plan.study.file)
    if copula is None:
        return matrix
    scores = copula.factor @ copula.factor.T
    place = [
        (i, inputs.index(plan.varying[row]))
        for i, row in enumerate(copula.rows)
        if plan.varying[row] in inputs
    ]
    for i, a in place:
        for j, b in place:
            if j < i and abs(scores[i, j]) > LEAST:
                one, other = (plan.distributions[inputs[k]] for k in (a, b))
                matrix[a, b] = matrix[b, a] = linear_correlation(one, other, scores[i, j])
    return matrix
