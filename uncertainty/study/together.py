"""What counts as one input: shares of a whole are drawn together, and none of their draws is one alone.

Shares are drawn one after the other, each of what those before have left. What such a draw does to an output
depends on the order in which the members stand, so analyses speak of the whole, or of the shares themselves.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.records import Frozen
from uncertainty.study.cells import entry_of
from uncertainty.study.correlation import joined
from uncertainty.study.one_score import one_scores
from uncertainty.study.shares import ADDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.study.shares import Whole


def taken_together(plan: Scenario, pairs: Iterable[tuple[str, str]] = ()) -> dict[str, tuple[str, ...]]:
    """Return for each input that counts as one with others the set of them, sorted by name.

    Parameters
    ----------
    pairs
        Inputs that an analysis takes as one beside those that always are.
    """
    sets = (*plan.bound, *(each.members for each in one_scores(plan)))
    bound = [(members[0], other) for members in sets for other in members[1:]]
    return {name: members for members in joined([*pairs, *bound]) for name in members}


def entries(
    plan: Scenario, reaching: Collection[str], partners: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return what an analysis speaks of: by name, the varying inputs that count as one there.

    Parameters
    ----------
    reaching
        Inputs that reach an output: an entry that has none of them is left out, and none other names one.
    partners
        From `taken_together`.
    """
    sets = dict.fromkeys(partners.get(name, (name,)) for name in plan.varying)
    study, varying = plan.study, plan.varying
    return {
        entry_of(study, _named(study, names, reaching), varying): names
        for names in sets
        if not set(names).isdisjoint(reaching)
    }


def _named(study: Study, names: tuple[str, ...], reaching: Collection[str]) -> tuple[str, ...]:
    """Return the inputs that name their set: those that reach an output, and all members of one input."""
    if len({study.inputs[name].quantity or name for name in names}) == 1:
        return names
    return tuple(name for name in names if name in reaching)


def as_shares(plan: Scenario) -> Scenario:
    """Return the scenario over the shares themselves, each a column of its own, in place of their draws.

    Their distributions are those of each alone. Whoever draws them has to see that they add to the whole.
    A whole stays as it is drawn where what another cell leaves has parameters, or where it differs between
    cases that an output is an average of.
    """
    known = tuple(whole for whole in plan.wholes if _are_columns(plan, whole))
    if not known:
        return replace(plan, wholes=())
    nested: Any = plan.nested
    if nested is not None:
        nested = replace(nested, plan=_over(nested.plan, known))
    return replace(_over(plan, known), nested=nested)


def _are_columns(plan: Scenario, whole: Whole) -> bool:
    differ = plan.nested is not None and any(plan.kinds[name] == "variability" for name in whole.names)
    return not differ and plan.dependent.keys().isdisjoint(whole.others)


def _over(plan: Scenario, known: tuple[Whole, ...]) -> Scenario:
    distributions, dependent = dict(plan.distributions), dict(plan.dependent)
    for whole in known:
        left = whole.total - math.fsum(plan.distributions[name].mean for name in whole.others)
        distributions |= whole.given(left)
        dependent = {name: each for name, each in dependent.items() if name not in whole.shares}
    return replace(plan, distributions=Frozen(distributions), dependent=Frozen(dependent), wholes=known)


class Places(NamedTuple):
    """Where the cells of a whole are among columns of inputs.

    Parameters
    ----------
    shares, others
        The rows of the shares, and of other cells.
    total
        What they add to: less than the whole where other cells have no columns.
    """

    whole: Whole
    shares: list[int]
    others: list[int]
    total: float


def places_of(plan: Scenario, inputs: Sequence[str]) -> tuple[Places, ...]:
    """Return where the wholes of a scenario over shares are among some inputs."""
    rows = {name: row for row, name in enumerate(inputs)}
    found = []
    for whole in plan.wholes:
        if whole.names[0] in rows:
            apart = math.fsum(plan.distributions[name].mean for name in whole.others if name not in rows)
            others = [rows[name] for name in whole.others if name in rows]
            found.append(Places(whole, [rows[n] for n in whole.names], others, whole.total - apart))
    return tuple(found)


def making_room(wholes: Iterable[Places], held: Collection[int]) -> tuple[int, ...]:
    """Return the rows of the shares that move along where some inputs move, whose rows are held."""
    return tuple(row for each in wholes if _touched(each, held) for row in each.shares if row not in held)


def make_room(
    wholes: Iterable[Places], inputs: FloatArray, before: FloatArray, held: Collection[int]
) -> None:
    """Give the other shares of a whole, in place, what some inputs that have moved leave of it.

    They keep their proportions, as the rest of Dirichlet shares does whatever one of them is. Where nothing
    can be left for them, they are not numbers.

    Parameters
    ----------
    inputs, before
        After the move and before it, shape (inputs, rows) each.
    held
        Rows of the inputs that have moved.
    """
    for each in wholes:
        if not _touched(each, held):
            continue
        free = [row for row in each.shares if row not in held]
        fixed = [row for row in (*each.shares, *each.others) if row in held or row not in each.shares]
        left = each.total - inputs[fixed].sum(axis=0)
        left[np.abs(left) <= ADDED * each.whole.total] = 0.0
        with np.errstate(all="ignore"):
            inputs[free] = before[free] * np.where(left < 0, np.nan, left / before[free].sum(axis=0))


def _touched(places: Places, held: Collection[int]) -> bool:
    return not {*places.shares, *places.others}.isdisjoint(held)


def values_of_shares(plan: Scenario, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the shares of all wholes, from the values of the inputs that vary.

    Parameters
    ----------
    plan
        In which shares are drawn.
    values
        By input, as they are and not as they are drawn.
    """
    found: dict[str, FloatArray] = {}
    for whole in plan.wholes:
        if all(name in values for name in whole.drawn):
            fixed = {n: np.asarray(plan.distributions[n].mean) for n in whole.others if n not in values}
            found |= {name: values[name] for name in whole.drawn}
            found[whole.names[-1]] = whole.last({**fixed, **values})
    return found


def with_shares(plan: Scenario, names: Collection[str]) -> frozenset[str]:
    """Return some inputs, and where a share is among them all shares of its whole."""
    wholes = [whole.names for whole in plan.wholes if not whole.shares.keys().isdisjoint(names)]
    return frozenset(names).union(*wholes)
