"""What knowledge is worth for a choice, where rare values of inputs that no draw has met may decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.estimate import told_unmet
from uncertainty.sampling.unmet_atoms import unmet_effects
from uncertainty.sensitivity.decision import over_nets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.unmet_atoms import Effect
    from uncertainty.sensitivity.decision import Losses


def worth_told(
    of: Callable[[Losses], Estimate],
    losses: Sequence[Losses],
    effects: Sequence[Effect],
    name: str = "",
    rows: int = 1,
) -> Estimate:
    """Return what knowledge is worth, without an error where what no draw has met moves it beyond that.

    Parameters
    ----------
    losses
        Those of all draws first, then those without each of the nets of cases.
    effects
        What rare values that no draw has met change in the losses.
    name
        The input that is known; by default all are.
    rows
        Model rows behind each draw.
    """
    found, whole = over_nets(of, losses), losses[0]
    if not effects:
        return found
    # what another choice gains where the value is met, and what a choice is worth between other means
    moved = [(each.share, _regret(each, whole.best)) for each in effects if name in ("", each.name)]
    otherwise = of(whole._replace(values=whole.values + _shifts(effects)[:, None])).value - of(whole).value
    moved.append((min(each.share for each in effects), otherwise))
    return told_unmet(found, moved, rows)


def effects_on_losses(simulation: Simulation, places: Sequence[int], sign: float) -> list[Effect]:
    """Return what rare values of inputs that no draw has met change in what alternatives lose.

    Parameters
    ----------
    places
        Of the alternatives among the outputs of the simulation's model.
    sign
        1 where less is better, else -1.
    """
    rows = list(places)
    return [
        each._replace(usual=sign * each.usual[rows], changed=sign * each.changed[rows])
        for each in unmet_effects(simulation)
    ]


def turned(losses: Losses, effects: Sequence[Effect]) -> str:
    """Say so where values that no draw has met decide which is the best on average; else nothing."""
    if not effects:
        return ""
    means = losses.values @ losses.weights / losses.weights.sum()
    if int(np.argmin(means + _shifts(effects))) == losses.best:
        return ""
    return "rare values of inputs, which no draw has met, decide which is the best on average"


def _shifts(effects: Sequence[Effect]) -> FloatArray:
    """Return by what rare values that no draw has met move the mean of each alternative."""
    moved = [each.share * (each.changed - each.usual).mean(axis=1) for each in effects]
    return np.asarray(np.sum(moved, axis=0))


def _regret(effect: Effect, best: int) -> float:
    return float(effect.share * (effect.changed[best] - effect.changed.min(axis=0)).mean())
