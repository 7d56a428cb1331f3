"""Draws of what nobody knows, all in memory, whose columns the scenarios of a study have in common.

Averages over cases take few draws of many cases each. To make these few anew for every reading would take
longer than to work on them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.designs import LatinHypercubeDesign, RandomDesign, SobolDesign, uniforms
from uncertainty.sampling.transforms import MANY, Scratch

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Design
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.transforms import Transform
    from uncertainty.study.scenario import Scenario

MOST_NUMBERS = 2**21
"""Uniforms of one design, and values made of them, that are kept: 16 MiB each."""


def outer_inputs(plan: Scenario, simulation: Simulation) -> FloatArray | None:
    """Return every draw of a simulation's inputs, shape (inputs, samples); None where they are many.

    They are those that the simulation makes block by block, to the bit.
    """
    design, names = simulation.design, tuple(plan.study.inputs)
    if len(names) * design.samples > MOST_NUMBERS:
        return None
    if isinstance(design, SobolDesign):
        return _columns(replace(design, dimensions=names, places=tuple(range(len(names))))).of(simulation)
    if isinstance(design, RandomDesign | LatinHypercubeDesign):
        return _columns(replace(design, dimensions=names)).of(simulation)
    return None


@lru_cache(maxsize=2)
def _columns(design: SobolDesign | RandomDesign | LatinHypercubeDesign) -> _Columns:
    return _Columns(design)


class _Columns:
    """A design over all of a study's inputs, and the columns that scenarios have made of it."""

    def __init__(self, design: Design) -> None:
        self._uniforms = np.concatenate([block.copy() for block in uniforms(design)], axis=1)
        self._row_of = {name: row for row, name in enumerate(design.dimensions)}
        # replaced, never changed, since threads read them
        self._kept: dict[tuple[str, Distribution, bool], FloatArray] = {}

    def of(self, simulation: Simulation) -> FloatArray:
        """Return the draws of a simulation's inputs, shape (inputs, samples)."""
        found = self._uniforms[[self._row_of[name] for name in simulation.inputs]]
        copula = simulation.copula
        if copula is not None:
            copula.apply(found)
        correlated = () if copula is None else copula.rows
        # whether normal distributions share a table is a matter of how many inputs there are
        shared, scratch = len(found) > MANY, Scratch(found.shape[1])
        each = zip(simulation.inputs, simulation.distributions, simulation.transforms(), strict=True)
        for row, (name, distribution, transform) in enumerate(each):
            if row in correlated:
                transform.apply(found[row], scratch)
            else:
                found[row] = self._column((name, distribution, shared), transform, found[row], scratch)
        return found

    def _column(
        self, key: tuple[str, Distribution, bool], transform: Transform, row: FloatArray, scratch: Scratch
    ) -> FloatArray:
        """Return the quantiles of a row of uniforms, made before or now."""
        found = self._kept.get(key)
        if found is None:
            found = row.copy()
            transform.apply(found, scratch)
            room = (len(self._kept) + 1) * row.size <= MOST_NUMBERS
            self._kept = {**(self._kept if room else {}), key: found}
        return found
