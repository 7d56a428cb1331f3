"""How often an output comes out near a published figure, and on which side of it else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.amounts import roughly, unit_text
from uncertainty.deciding import FAIREST, other_ways, way_named
from uncertainty.sides import ABOUT_RIGHT, MAY_BE, tries_text
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import capitalised, listed, published_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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

WITHIN, MORE, LESS = "without a range, within a third of {}", "more", "less"
"""Where a way lies by which a figure neither is about right nor may be; one number may be near it."""

GROUPS = ABOUT_RIGHT, MAY_BE, WITHIN, MORE, LESS
"""What is said of ways beside the preferred one, in the order in which it is told."""


def share_near(found: OutputDistribution, figure: float) -> Estimate:
    """Return in how many tries an output lies near a figure."""
    return found.draws.share_within(*_ends(figure))


def _ends(figure: float) -> tuple[float, float]:
    low, high = sorted((figure * (1 - NEAR), figure * (1 + NEAR)))
    return low, high


def _middle_near(found: OutputDistribution, figure: float) -> bool:
    low, high = _ends(figure)
    return low <= found.median <= high


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


def beside_preferred(readings: Compared, near: Mapping[str, str], liked: str) -> tuple[str, str]:
    """Say of which other ways a figure's answer holds too, and in groups what the rest of them say.

    Parameters
    ----------
    near
        By way of counting whether the figure is about right, from `nearness`.
    liked
        The preferred way, of which something is said there.
    """
    figure = readings.output.published_value or 0.0
    said = {name: word or _place(readings.asked[name], figure) for name, word in near.items()}
    so, own = said.pop(liked), said.pop(AS_PUBLISHED, "")
    alike = [name for name, each in said.items() if each == so]
    also = [way_named(readings.study, AS_PUBLISHED)] if own == so else []
    also += [other_ways(len(alike))] if alike else []
    groups, counted = [], bool(alike)
    if own not in ("", so):
        groups.append(f"{way_named(readings.study, AS_PUBLISHED)}: {_grouped(readings, own, [AS_PUBLISHED])}")
    for what in GROUPS:
        names = [name for name, each in said.items() if each == what != so]
        if names:
            groups.append(f"{other_ways(len(names), before=counted)}: {_grouped(readings, what, names)}")
            counted = True
    return f", and also {listed(also)}" if also else "", "; ".join(groups)


def _place(found: OutputDistribution, figure: float) -> str:
    if not found.varies and _middle_near(found, figure):
        return WITHIN
    return MORE if found.median > figure else LESS


def _grouped(readings: Compared, what: str, names: Iterable[str]) -> str:
    """Say the same of some ways, and how much it is from near to far; across the figure, from low to high."""
    if what in (ABOUT_RIGHT, MAY_BE):
        return what
    found = sorted((readings.asked[name] for name in names), key=lambda each: each.median)
    texts = list(dict.fromkeys(map(roughly, found[::-1] if what == LESS else found)))
    if any(text.startswith("about ") for text in texts):
        texts = [text.removeprefix("about ") for text in texts]
        texts[0] = f"about {texts[0]}"
    joint, ends = " and " if len(texts) == 2 else " to ", [texts[0], texts[-1]][: len(texts)]
    told = what.format(unit_text(published_text(readings.output)))
    if what == WITHIN:
        told = f"{'a number' if len(found) == 1 else 'numbers'} {told}"
    elif near := sum(_middle_near(each, readings.output.published_value or 0.0) for each in found):
        told += ", but within a third" if near == len(found) else f", {near} of them within a third"
    return f"{told} ({_joined(joint, ends)})"


def _joined(joint: str, amounts: list[str]) -> str:
    """Join amounts, of which the last one has what all of them end with, such as a unit."""
    words, shared = [amount.split() for amount in amounts], list[str]()
    while len(words) > 1 and min(map(len, words)) > 1 and len({each[-1] for each in words}) == 1:
        shared = [words[0][-1], *shared]
        words = [each[:-1] for each in words]
    return " ".join([joint.join(map(" ".join, words)), *shared])
