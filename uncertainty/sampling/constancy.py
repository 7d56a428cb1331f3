"""Draws that do not vary: one value, whatever rounding has made of it in each draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import largest_rounding
from uncertainty.errors import UncertaintyError
from uncertainty.rounding import varies
from uncertainty.sampling.case_model import CaseModel
from uncertainty.sampling.designs import few_uniforms
from uncertainty.sampling.nets import spread_out
from uncertainty.sampling.simulation import few_inputs
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.unmet_atoms import telling_unmet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation

ROWS = 2**8
"""Draws that tell how far rounding goes."""

FAR_ROWS = 2**10
"""Points at which it is looked for what draws have not met."""


def settled(simulation: Simulation, drawn: Sequence[Draws], told: FloatArray | None = None) -> list[Draws]:
    """Return the draws of each output, as one value, their median, where rounding alone sets them apart.

    Draws that are only counted are returned as they are, and so are none at all. Equal draws know whether
    other values are rare, and all draws which rare values of inputs they have not met.

    Parameters
    ----------
    told
        What draws over cases were made of, with all scrambles of the net and without each of them, shape
        (outputs, versions, draws): that computation is the one whose rounding is known.
    """
    if told is None:
        ends = np.array([(each.lowest, each.highest) if each.size else (0.0, 0.0) for each in drawn])
        spreads = np.ptp(ends, axis=1)
    else:
        ends = np.stack([told[:, 0].min(axis=1), told[:, 0].max(axis=1)], axis=1)
        spreads = np.ptp(told, axis=2).max(axis=1)
    rounding = np.zeros(len(drawn))
    if spreads.any():
        rounding = largest_rounding(simulation.model, few_inputs(simulation, ROWS, 0), ends)
    drawn = [
        _as_one(draws)
        if draws.stored and draws.size and not draws.equal and not varies(0.0, spread, bound)
        else draws
        for draws, spread, bound in zip(drawn, spreads.tolist(), rounding.tolist(), strict=True)
    ]
    return telling_unmet(simulation, told_apart(simulation, drawn))


def _as_one(draws: Draws) -> Draws:
    """Return draws as their median, of which the cases behind them, if any, leave as much open as before."""
    return Draws(
        np.broadcast_to(draws.quantile(0.5).value, draws.size),
        draws.replicate_rows,
        without=[_as_one(each) for each in draws.without],
        finest=draws.finest,
        rows=draws.rows,
    )


def told_apart(simulation: Simulation, drawn: Sequence[Draws]) -> list[Draws]:
    """Return the draws of each output, equal ones told whether other values are rare, or none."""
    equal = [place for place, draws in enumerate(drawn) if draws.size and draws.equal]
    if not equal:
        return list(drawn)
    model, found = simulation.model, list(drawn)
    if isinstance(model, CaseModel):
        simulation = replace(simulation, model=model.only([model.measures[place] for place in equal]))
        varying = vary_far_out(simulation)
    else:
        every = vary_far_out(simulation)
        varying = [every[place] for place in equal]
    for place, others in zip(equal, varying, strict=True):
        found[place] = found[place].told(constant=not others)
    return found


def vary_far_out(simulation: Simulation) -> list[bool]:
    """Tell of each output whether it varies where some inputs are as far out as they hardly ever are.

    Draws that are all equal do not tell an output that cannot vary from one that does so rarely. A model that
    refuses such inputs is taken at the draws' word, and so is one whose rows are counted.
    """
    if getattr(simulation.model, "meter", None) is not None:
        return [False] * len(simulation.model.outputs)
    names = [f"{name} far out" for name in simulation.inputs]
    inputs = simulation.transform(spread_out(few_uniforms(names, FAR_ROWS, 0)))
    outputs = np.empty((len(simulation.model.outputs), inputs.shape[1]))
    try:
        simulation.model.run(inputs, outputs)
    except UncertaintyError:
        return [False] * len(outputs)
    # at once for all of them: a model of a thousand outputs is as long as all these together
    bounds = simulation.model.rounding(inputs, outputs)
    return [_vary(values, rounding) for values, rounding in zip(outputs, bounds, strict=True)]


def _vary(values: FloatArray, rounding: FloatArray) -> bool:
    sound = np.isfinite(values)
    if not sound.any():
        return False
    known = sound & np.isfinite(rounding)
    return varies(values[sound].min(), values[sound].max(), rounding[known].max(initial=0.0))
