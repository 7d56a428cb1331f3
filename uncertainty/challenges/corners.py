"""How far outputs go over their inputs' medians and ends, searched for in many universes side by side."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.sampling.alike import Alike, alike
from uncertainty.sampling.case_model import CaseModel
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.family import Member
    from uncertainty.sampling.workers.engine import Engine, Span

EDGE = 2.0**-40
"""Probability beyond the values that stand for an input's ends where it has none, about a trillionth."""

MOST_ATOMS = 8
"""Values of a discrete input that are all tried; of more, the outermost are."""

MOST_CORNERS = 2**12
"""Combinations of extremes that are all tried; of more, the best are searched for one input at a time."""

CORNERS, ROUNDS = 4, 8
"""Searches side by side, and how often each of them moves every input at most."""

Ends: TypeAlias = tuple[float, float]

Search: TypeAlias = Generator["FloatArray", "FloatArray", Ends]
"""Yields input values, shape (inputs, rows), is sent outputs there, shape (rows,), and returns the ends."""


def extremes(
    members: Sequence[Member], distributions: Sequence[Sequence[Distribution]], engine: Engine
) -> list[Ends]:
    """Return the least and greatest finite value of each model over its inputs' medians and ends.

    This bounds every output that is monotone in each continuous input on either side of its median. It takes
    inputs as independent: a correlation only leaves some combinations out. Models that compute alike are
    asked together: a call of one costs more than its rows.

    Parameters
    ----------
    distributions
        Of each model's columns.
    """
    groups = alike([member.model for member in members])

    def searched(span: Span) -> dict[int, Ends]:
        return _together(members, distributions, groups[span[0]])

    found: dict[int, Ends] = {}
    for part in engine.map(searched, spans(len(groups), 1)):
        found |= part
    return [found[number] for number in range(len(members))]


def _together(
    members: Sequence[Member], distributions: Sequence[Sequence[Distribution]], group: Sequence[int]
) -> dict[int, Ends]:
    """Return the ends of each of some models that compute alike, by its number."""
    ask = Alike([members[number].model for number in group])
    searches = [_search(members[number], distributions[number]) for number in group]
    found: dict[int, Ends] = {}
    waiting: dict[int, FloatArray] = {}

    def go_on(place: int, answer: FloatArray | None) -> None:
        try:
            waiting[place] = next(searches[place]) if answer is None else searches[place].send(answer)
        except StopIteration as end:
            waiting.pop(place, None)
            found[group[place]] = end.value

    for place in range(len(group)):
        go_on(place, None)
    while waiting:
        asked = list(waiting)
        for place, answer in zip(asked, ask(asked, list(waiting.values())), strict=True):
            go_on(place, answer)
    return found


def _search(member: Member, distributions: Sequence[Distribution]) -> Search:
    levels = list(map(input_levels, distributions))
    if not levels:
        return math.inf, -math.inf
    if math.prod(level.size for level in levels) <= MOST_CORNERS:
        return _finite_ends((yield np.array([*itertools.product(*levels)]).T))
    # what is not read changes nothing
    return (yield from _from_corners(member, levels, list(member.places) or list(range(len(levels)))))


@lru_cache(maxsize=1024)
def input_levels(distribution: Distribution) -> FloatArray:
    """Return an input's median, its ends, the values next to them, and its atoms where there are few."""
    near = distribution.quantile(np.array([EDGE, 0.5, 1 - EDGE]))
    # what is bounded on one side alone, such as a lognormal, never takes that end as a value; and where an
    # output is infinite at an end, what lies beside it counts
    ends = distribution.support if all(map(math.isfinite, distribution.support)) else ()
    atoms = distribution.atoms if len(distribution.atoms) <= MOST_ATOMS else ()
    return np.unique(np.concatenate([near, ends, atoms]))


def _from_corners(member: Member, levels: list[FloatArray], moved: list[int]) -> Search:
    """Return the least and greatest output met by moving one input at a time from either end of all.

    The searches for both, each from both ends, go side by side: a model's call costs more than its rows. So
    several inputs are tried in one call while none of them moves a search.
    """
    signs = np.array([1.0, 1.0, -1.0, -1.0])
    corners = np.array([level[[0, -1, 0, -1]] for level in levels])
    best = np.full(CORNERS, math.inf)
    cheap = isinstance(member.model, EquationModel | CaseModel) and member.model.meter is None
    most, done, still, ahead = ROUNDS * len(moved), 0, 0, 1
    while done < most and still < len(moved):
        end = min(done + ahead, done + len(moved) - still, most)
        places = [moved[turn % len(moved)] for turn in range(done, end)]
        answer, first = (yield _tried(levels, corners, places)), 0
        for place in places:
            size = levels[place].size
            tried = answer[first : first + CORNERS * size].reshape(CORNERS, size)
            first += CORNERS * size
            values = np.where(np.isfinite(tried), signs[:, None] * tried, math.inf)
            best = np.minimum(best, values.min(axis=1))
            found = levels[place][np.argmin(values, axis=1)]
            done, still = done + 1, still + 1
            if (found != corners[place]).any():
                # what was tried of others is no longer so
                corners[place], still, ahead = found, 1, 1
                break
        else:
            ahead = 2 * ahead if cheap else 1
    return float(min(best[:2])), -float(min(best[2:]))


def _tried(levels: list[FloatArray], corners: FloatArray, places: list[int]) -> FloatArray:
    """Return each level of each of some inputs, the others being in corners, shape (inputs, rows).

    The rows of an input are corner after corner, each with every level.
    """
    sizes = [levels[place].size for place in places]
    tried = corners[:, _corner_of(tuple(sizes))]
    first = 0
    for place, size in zip(places, sizes, strict=True):
        tried[place, first : first + CORNERS * size].reshape(CORNERS, size)[:] = levels[place]
        first += CORNERS * size
    return tried


@lru_cache(maxsize=1024)
def _corner_of(sizes: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the corner that each row is of, of inputs with so many levels."""
    return np.concatenate([np.repeat(np.arange(CORNERS), size) for size in sizes])


def _finite_ends(values: FloatArray) -> Ends:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (math.inf, -math.inf)
