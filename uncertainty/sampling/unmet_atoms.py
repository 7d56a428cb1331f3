"""Rare values of inputs that no draw has met, and what these would change.

What is rarer than one draw in as many may be in none of them: then all draws agree about what is left, and
their errors tell nothing of it. What an input's distribution says of it is known all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.distributions.mixture import Mixture
from uncertainty.errors import UncertaintyError
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.estimate import NEARLY_ALWAYS_MET, Unmet
from uncertainty.sampling.simulation import few_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.statistics import Draws

ROWS = 32
"""Draws in which it is looked what a value changes."""

MOST_VALUES = 16
"""Values of one input that are looked at: those that would move its mean the most."""

MOST_SEARCHED = 2**22
"""Draws above which they are not made anew to see what they have met."""

MIDDLE = 0.95
"""Share of a mixture's component, around its median, in which a draw must lie to have met it."""


class Value(NamedTuple):
    """A rare value of an input, or a rare component of a mixture.

    Parameters
    ----------
    row
        Of the input, among the simulation's.
    share
        Its probability.
    low, high
        From where to where it reaches; twice the same for one value.
    quantiles
        What the input is there, shape (`ROWS`,).
    """

    row: int
    share: float
    low: float
    high: float
    quantiles: FloatArray


class Effect(NamedTuple):
    """What outputs are in draws near a rare value of an input, and would be at this value.

    Parameters
    ----------
    name
        Of the input.
    share
        The value's probability.
    usual, changed
        Shape (outputs, draws).
    """

    name: str
    share: float
    usual: FloatArray
    changed: FloatArray

    def on(self, output: int, mean: float) -> Unmet:
        """Return what the value would add to the moments of an output about its mean."""
        return unmet(self.share, self.usual[output], self.changed[output], mean)


def unmet(share: float, usual: FloatArray, changed: FloatArray, mean: float) -> Unmet:
    """Return what would be added to the moments of draws, a share of which were to be changed."""
    with np.errstate(all="ignore"):
        apart = share * (changed - usual).mean()
        squares = share * (np.square(changed - mean) - np.square(usual - mean)).mean()
    first, second = np.nan_to_num([apart, squares], nan=0.0, posinf=np.inf, neginf=-np.inf).tolist()
    return Unmet(share, first, second)


def telling_unmet(simulation: Simulation, drawn: Sequence[Draws]) -> list[Draws]:
    """Return the draws of each output, told which rare values of inputs none of them has met."""
    effects = unmet_effects(simulation)
    if not effects:
        return list(drawn)
    return [
        draws.lacking([each.on(place, float(draws.mean.value)) for each in effects]) if draws.size else draws
        for place, draws in enumerate(drawn)
    ]


def unmet_effects(simulation: Simulation) -> list[Effect]:
    """Return what the rare values that a simulation's draws have not met would change.

    The draws that a value would have had, have the nearest value that was met. A model whose rows are counted
    is not asked, nor one that refuses such values.
    """
    model = simulation.model
    if getattr(model, "meter", None) is not None or simulation.design.samples > MOST_SEARCHED:
        return []
    values = _unmet_values(simulation)
    if not values:
        return []
    every = np.tile(few_inputs(simulation, ROWS, 0), 2 * len(values))
    parts = np.split(every, 2 * len(values), axis=1)
    for (value, nearest), usual, changed in zip(values, parts[::2], parts[1::2], strict=True):
        usual[value.row], changed[value.row] = nearest, value.quantiles
    outputs = np.empty((len(model.outputs), every.shape[1]))
    try:
        model.run(every, outputs)
    except UncertaintyError:
        return []
    found = np.split(outputs, 2 * len(values), axis=1)
    each = zip(values, found[::2], found[1::2], strict=True)
    return [Effect(simulation.inputs[value.row], value.share, *both) for (value, _), *both in each]


def _unmet_values(simulation: Simulation) -> list[tuple[Value, float]]:
    """Return the rare values of inputs that no draw has, each with the nearest one that some have."""
    rare = NEARLY_ALWAYS_MET / simulation.design.samples
    asked: dict[int, list[Value]] = {}
    for row, distribution in enumerate(simulation.distributions):
        if values := list(_rare_values(row, distribution, rare)):
            asked[row] = values
    if not asked:
        return []
    searches = {row: _Search(values) for row, values in asked.items()}
    for inputs in simulation.input_blocks(0, blocks(simulation.design)):
        for row, search in searches.items():
            search.add(inputs[row])
    return [each for row, search in searches.items() for each in _most(search.unmet(asked[row]))]


class _Search:
    """Which of some rare values of an input are drawn, and which others are the nearest to each."""

    def __init__(self, values: list[Value]) -> None:
        self._low, self._high = np.array([(each.low, each.high) for each in values]).T
        self._met = np.zeros(len(values), bool)
        self._below, self._above = np.full((2, len(values)), [[-np.inf], [np.inf]])

    def add(self, drawn: FloatArray) -> None:
        """Look at more draws."""
        ordered = np.concatenate([[-np.inf], np.sort(drawn), [np.inf]])
        first = np.searchsorted(ordered, self._low, side="left")
        after = np.searchsorted(ordered, self._high, side="right")
        self._met |= after > first
        self._below = np.maximum(self._below, ordered[first - 1])
        self._above = np.minimum(self._above, ordered[after])

    def unmet(self, values: list[Value]) -> list[tuple[Value, float]]:
        """Return the values that were not drawn, each with the nearest one that was."""
        nearest = np.where(self._low - self._below <= self._above - self._high, self._below, self._above)
        return [
            (value, near)
            for value, near, met in zip(values, nearest.tolist(), self._met.tolist(), strict=True)
            if not met
        ]


def _most(values: list[tuple[Value, float]]) -> list[tuple[Value, float]]:
    """Return those of some values of an input that would move its mean the most."""
    moved = [each.share * abs(float(each.quantiles.mean()) - near) for each, near in values]
    return [values[place] for place in np.argsort(moved)[::-1][:MOST_VALUES]]


def _rare_values(row: int, distribution: Distribution, rare: float) -> Iterator[Value]:
    """Yield the values and components of a distribution that are rarer than some share."""
    atoms = np.array(distribution.atoms)
    if atoms.size:
        shares = distribution.cdf(atoms) - distribution.cdf(np.nextafter(atoms, -np.inf))
        # precise in the upper tail, too
        beyond = distribution.survival(np.nextafter(atoms, -np.inf)) - distribution.survival(atoms)
        shares = np.where(distribution.cdf(atoms) > 1 / 2, beyond, shares)
        for place in np.flatnonzero((shares > 0) & (shares < rare)).tolist():
            at = float(atoms[place])
            yield Value(row, float(shares[place]), at, at, np.full(ROWS, at))
    if isinstance(distribution, Mixture):
        probabilities = (np.arange(ROWS) + 0.5) / ROWS
        for share, part in distribution.parts:
            if not part.atoms and 0 < share < rare:
                low, high = part.quantile(np.array([(1 - MIDDLE) / 2, (1 + MIDDLE) / 2])).tolist()
                yield Value(row, share, low, high, part.quantile(probabilities))
