"""How often an output comes out near a published figure, and on which side of it else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.deciding import FAIREST, way_named
from uncertainty.sides import tries_text
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import capitalised, listed

if TYPE_CHECKING:
    from uncertainty.conclusion import Direction
    from uncertainty.deciding import Compared
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.sampling.estimate import Estimate

TOLD = 0.01
"""Difference between two shares from which on both are told."""

NEAR = 1 / 3
"""Part of a figure within which tries are told to lie near it."""

HARDLY_ANY = 0.005
"""Share of the tries farther off than that up to which they are not told."""


def share_near(found: OutputDistribution, figure: float) -> Estimate:
    """Return in how many tries an output lies near a figure."""
    return found.draws.share_within(*_ends(figure))


def _ends(figure: float) -> tuple[float, float]:
    low, high = sorted((figure * (1 - NEAR), figure * (1 + NEAR)))
    return low, high


def how_near(readings: Compared, figure: Direction) -> str:
    """Say in how many tries it lies near a figure: counted fairest, or else where that is least often."""
    liked, limit = figure.preferred, figure.limit
    asked = {name: each for name, each in readings.asked.items() if name != AS_CHOSEN and each.varies}
    if liked is not None:
        asked = {name: each for name, each in asked.items() if name == liked.reading}
    yes_or_no = all(each.probability is not None for each in asked.values())
    if not asked or not (limit or yes_or_no):
        return ""
    shares = {name: share_near(each, limit) for name, each in asked.items()}
    every = [share.value for share in shares.values()]
    name = min(shares, key=lambda each: shares[each].value)
    what = "it is exactly that" if yes_or_no else "it lies within a third of the published figure"
    near = f"{what} {_near(asked[name], limit)}"
    if liked is not None:
        own = readings.asked[AS_PUBLISHED]
        if own.varies and abs(share_near(own, limit).value - shares[name].value) > TOLD:
            near += f"; {way_named(readings.study, AS_PUBLISHED)}, {_near(own, limit)}"
        return f"{capitalised(FAIREST)}, {near}. "
    if max(every) - min(every) <= TOLD:
        return f"{capitalised(near)}. "
    way = way_named(readings.study, name, fairest=False)
    return f"{capitalised(way)}, where that is so least often, {near}. "


def _near(found: OutputDistribution, figure: float) -> str:
    """Say in how many tries it lies near a figure, and below or above that; nothing where hardly any do."""
    low, high = _ends(figure)
    if found.probability is not None:
        return tries_text(share_near(found, figure))  # the others are all at the other answer
    sides = {
        "farther below": found.draws.share_at_least(low).complement,
        "farther above": found.draws.share_at_most(high).complement,
    }
    told = [f"{side} {tries_text(share)}" for side, share in sides.items() if share.value > HARDLY_ANY]
    return tries_text(share_near(found, figure)) + (f", {listed(told)}" if told else "")
