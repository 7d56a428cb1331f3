"""Parts of a simulation: some outputs, and of the inputs those alone that they are computed from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.expressions.parting import merge_tapes
from uncertainty.sampling.copula import Copula

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.sampling.simulation import Simulation


def part_of(simulation: Simulation, outputs: Sequence[int], beside: Iterable[str] = ()) -> Simulation | None:
    """Return the simulation of some outputs, which gives the same numbers; None where a model has no parts.

    Models that are functions have none, and neither have those whose rows are counted.

    Parameters
    ----------
    beside
        Inputs that are wanted whether or not these outputs need them.
    """
    model = simulation.model
    if not isinstance(model, EquationModel) or model.meter is not None:
        return None
    tape, read = model.tape.only(outputs)
    wanted = set(beside)
    also = [row for row, name in enumerate(simulation.inputs) if name in wanted]
    rows = bound(simulation.copula, (*read, *also))
    place = {row: number for number, row in enumerate(rows)}
    tape = merge_tapes([tape], [[place[row] for row in read]], len(rows))
    return replace(
        simulation,
        inputs=tuple(simulation.inputs[row] for row in rows),
        distributions=tuple(simulation.distributions[row] for row in rows),
        copula=copula_of_rows(simulation.copula, place),
        model=EquationModel(tuple(model.outputs[each] for each in outputs), tape),
        design=simulation.design.only(rows),
        conditions=None,
        values=simulation.values and simulation.values.only(rows),
        tabled_together=simulation.together,
    )


def bound(copula: Copula | None, rows: Iterable[int]) -> list[int]:
    """Return rows and all others whose scores are in theirs, in order."""
    found = set(rows)
    if copula is None:
        return sorted(found)
    place = {row: number for number, row in enumerate(copula.rows)}
    waiting = [row for row in found if row in place]
    while waiting:
        parents = np.flatnonzero(copula.factor[place[waiting.pop()]]).tolist()
        new = {copula.rows[parent] for parent in parents} - found
        found |= new
        waiting += new
    return sorted(found)


def copula_of_rows(copula: Copula | None, place: Mapping[int, int]) -> Copula | None:
    """Return the copula of some rows, which are to stand elsewhere."""
    kept = [] if copula is None else [number for number, row in enumerate(copula.rows) if row in place]
    if copula is None or not kept:
        return None
    return Copula(tuple(place[copula.rows[each]] for each in kept), copula.factor[np.ix_(kept, kept)])
