"""The linear correlations of inputs whose rank correlations a study gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import Normal
from uncertainty.distributions.probabilities import inside
from uncertainty.sampling.copula import make_copula, net

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.scenario import Scenario

NODES = 40
"""Gauss-Hermite nodes of each of two inputs for their linear correlation."""

POINTS = 2**17
"""Points of a net that stand for them where an input takes steps."""


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
            if j < i and scores[i, j]:
                one, other = (plan.distributions[inputs[k]] for k in (a, b))
                matrix[a, b] = matrix[b, a] = linear_correlation(one, other, scores[i, j])
    return matrix


def linear_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return the linear correlation of two quantities whose normal scores have the correlation `scores`."""
    from scipy.special import ndtr, ndtri

    if isinstance(one, Normal) and isinstance(other, Normal):
        return scores
    if one.atoms or other.atoms:
        # no polynomial follows a step
        u, v = net(("one", "other"), POINTS)
        score = scores * ndtri(u) + math.sqrt(1 - scores**2) * ndtri(v)
        return float(np.corrcoef(one.quantile(u), other.quantile(inside(ndtr(score))))[0, 1])
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    first = one.quantile(inside(ndtr(nodes)))
    mixed = scores * nodes[:, None] + math.sqrt(1 - scores**2) * nodes
    second = other.quantile(inside(ndtr(mixed)))
    joint = weights[:, None] * weights
    centred = (first - weights @ first)[:, None], second - np.sum(joint * second)
    # in units of the largest, so that values of any size can be squared
    parts = [part / np.abs(part).max() for part in centred]
    sds = [math.sqrt(float(np.sum(joint * part**2))) for part in parts]
    return float(np.sum(joint * parts[0] * parts[1])) / (sds[0] * sds[1])
