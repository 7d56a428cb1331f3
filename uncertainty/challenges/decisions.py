"""Which choice moves a result most, and which options settle a claim by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.attribution import shapley_shares
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.rounding import rounding_of_unseen, varies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.sampling.estimate import Estimate

DRAWN = 60
"""Universes that a specification curve can show legibly."""


@record(
    "universes", "medians", "share_of_universes=holds", "least_share", "greatest_share", "always", "never"
)
@dataclass(frozen=True, slots=True)
class OptionRange:
    """What becomes of an output in all universes with one option.

    Parameters
    ----------
    universes
        How many universes have the option.
    least, greatest
        The least and the greatest median, with their errors.
    holds
        By kind of threshold, the share of its universes whose median is on the claim's side.
    least_share, greatest_share
        By kind of threshold, the least and greatest share of draws on the claim's side in any of them.
    always, never
        Kinds of thresholds that all draws, and all combinations of the inputs' medians and ends, satisfy or
        miss in all of them, though not in all of the others: settled by the option, as far as was tried.
    """

    universes: int
    least: Estimate
    greatest: Estimate
    holds: Mapping[str, float]
    least_share: Mapping[str, float]
    greatest_share: Mapping[str, float]
    always: tuple[str, ...]
    never: tuple[str, ...]

    @property
    def medians(self) -> tuple[float, float]:
        """The least and the greatest median."""
        return self.lowest, self.highest

    @property
    def lowest(self) -> float:
        """The least median."""
        return self.least.value

    @property
    def highest(self) -> float:
        """The greatest median."""
        return self.greatest.value


@record("share", "alone=medians_alone", "options")
@dataclass(frozen=True, slots=True)
class ChoiceEffect:
    """What one choice does.

    Parameters
    ----------
    share
        Share of the variance of the medians over the multiverse (of their logarithms, where they are
        compared so) that belongs to the choice by Shapley's rule over the valid combinations, from 0 to 1: a
        choice that does nothing has none. What belongs to choices that only change together is in no share.
    alone
        By option, the universe in which only this choice differs from the published one; None where that
        combination is excluded.
    options
        By option, over all its universes.
    """

    choice: str
    share: float
    alone: Mapping[str, Universe | None]
    options: Mapping[str, OptionRange]

    @property
    def medians_alone(self) -> Mapping[str, float | None]:
        """By option, the median where only this choice differs; None where that combination is excluded."""
        return Frozen({option: None if each is None else each.median for option, each in self.alone.items()})


def choice_effects(multiverse: Multiverse) -> tuple[ChoiceEffect, ...]:
    """Return every choice's effect, the one that moves the result most first."""
    shares = choice_shares(multiverse)
    found = [_effect(multiverse, choice, share) for choice, share in shares.items()]
    return tuple(sorted(found, key=lambda effect: -effect.share))


def choice_shares(multiverse: Multiverse) -> dict[str, float]:
    """Return each choice's share of the variance of the medians; 0 where nothing varies."""
    varied, values = multiverse.combinations.varied, multiverse.medians
    if not varies(values.min(), values.max(), float(rounding_of_unseen(values).max())):
        return dict.fromkeys(varied, 0.0)
    named = [list(multiverse.study.choices[choice].options) for choice in varied]
    options = np.array(
        [
            [names.index(universe.options[choice]) for choice, names in zip(varied, named, strict=True)]
            for universe in multiverse.universes
        ]
    )
    return dict(zip(varied, shapley_shares(options, values).tolist(), strict=True))


def _effect(multiverse: Multiverse, choice: str, share: float) -> ChoiceEffect:
    options = multiverse.study.choices[choice].options
    taken = np.array([universe.options[choice] for universe in multiverse.universes])
    return ChoiceEffect(
        choice,
        share,
        Frozen({option: _only(multiverse, choice, option) for option in options}),
        Frozen({option: _range(multiverse, choice, option) for option in options if option in taken}),
    )


def _only(multiverse: Multiverse, choice: str, option: str) -> Universe | None:
    base = {name: multiverse.combinations.base[name] for name in multiverse.combinations.varied}
    wanted = {**base, choice: option}
    return next((u for u in multiverse.universes if u.options == wanted), None)


def _range(multiverse: Multiverse, choice: str, option: str) -> OptionRange:
    own = [u for u in multiverse.universes if u.options[choice] == option]
    others = [u for u in multiverse.universes if u.options[choice] != option]
    limits = multiverse.thresholds
    shares = {t.kind: [u.found.shares[t.kind].value for u in own] for t in limits}
    return OptionRange(
        len(own),
        min((u.found.median for u in own), key=lambda each: each.value),
        max((u.found.median for u in own), key=lambda each: each.value),
        Frozen({t.kind: sum(u.holds(t) for u in own) / len(own) for t in limits}),
        Frozen({kind: min(found) for kind, found in shares.items()}),
        Frozen({kind: max(found) for kind, found in shares.items()}),
        tuple(t.kind for t in limits if _settles(t, own, others, reached=True)),
        tuple(t.kind for t in limits if _settles(t, own, others, reached=False)),
    )


def _settles(threshold: Threshold, own: list[Universe], others: list[Universe], *, reached: bool) -> bool:
    """Tell whether an option settles a threshold, one way or the other, and not all other options do."""

    def settled(universe: Universe) -> bool:
        return universe.always(threshold) if reached else universe.never(threshold)

    return all(map(settled, own)) and not all(map(settled, others))


def specification_curve(
    multiverse: Multiverse, keep: Sequence[Mapping[str, str]] = (), most: int = DRAWN
) -> tuple[Universe, ...]:
    """Choose the universes to draw, by increasing median.

    All of them where they are few enough. Of more, the published one, every single change from it, those to
    be kept, and as many others as there is room for, spaced evenly by their rank.

    Parameters
    ----------
    keep
        Options of universes to be drawn in any case.
    """
    ordered = sorted(multiverse.universes, key=lambda universe: universe.median)
    if len(ordered) <= most:
        return tuple(ordered)
    base = multiverse.combinations.base
    kept = {
        rank
        for rank, universe in enumerate(ordered)
        if universe.options in keep
        or sum(universe.options[name] != base[name] for name in multiverse.combinations.varied) <= 1
    }
    spaced: set[int] = set()
    # both ends first, then finer and finer until the room is used up
    for count in range(2, most + 1):
        ranks = {round(position) for position in np.linspace(0, len(ordered) - 1, count)}
        if len(kept | ranks) > most:
            break
        spaced = ranks
    return tuple(ordered[rank] for rank in sorted(kept | spaced))
