"""What binds the cells of an input to one another, as correlations of their normal scores.

Over an ordered index neighbours have the stated correlation and others its powers with the distance; over
another index any two members have it. Over several indices the correlations of the scores multiply.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.bounds import MOST_CORRELATED, MOST_ENTRIES
from uncertainty.errors import InvalidValue, nearest, suggestion
from uncertainty.study.correlation import ALIKE, score_correlation, target_of
from uncertainty.study.model import Correlation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.indices.index import Index

WORDS = ("independent", "same")


def read_across(given: Any, shape: Sequence[Index]) -> tuple[float, ...]:
    """Return the correlation of normal scores over each index: 0 for independent members, 1 for the same.

    Raises
    ------
    InvalidValue
        If an index is none of the input's, or members cannot correlate so.
    """
    if given is None:
        return (0.0,) * len(shape)
    if not shape:
        raise InvalidValue('needs index = ["…"]: an input of one value has nothing to bind')
    if not isinstance(given, Mapping):
        return tuple(_score(given, index) for index in shape)
    names = [index.name for index in shape]
    for name in given:
        if name not in names:
            raise InvalidValue(f'unknown index "{name}"{suggestion(name, names)}')
    return tuple(_score(given.get(index.name, WORDS[0]), index) for index in shape)


def _score(given: float | str, index: Index) -> float:
    if isinstance(given, str):
        if given not in WORDS:
            expected = 'expected "independent", "same" or a Spearman correlation'
            raise InvalidValue(f'{expected}, found "{given}"{nearest(given, WORDS)}')
        return float(WORDS.index(given))
    score = score_correlation("spearman", float(given)) if -1 < given < 1 else math.copysign(2, given)
    lowest = -1.0 if index.ordered or len(index.members) < 3 else -1 / (len(index.members) - 1)
    if not lowest < score < 1:
        ends = f"more than {target_of('spearman', lowest):.3g} and less than 1"
        said = f"expected {ends} between {len(index.members)} members of {index.name}, found {given:g}"
        raise InvalidValue(f'{said}; write "same" for one cause' if given >= 1 else said)
    return score


class Bound(NamedTuple):
    """What binds the cells of one input.

    Parameters
    ----------
    cells
        The names of the cells that vary, by their members.
    scores
        Over each index, as `read_across` gives them.
    """

    shape: tuple[Index, ...]
    cells: Mapping[tuple[str, ...], str]
    scores: tuple[float, ...]


def across_pairs(name: str, input_: Bound) -> tuple[Correlation, ...]:
    """Return the correlation of each two cells of an input that are bound to one another.

    Raises
    ------
    InvalidValue
        If there are too many.
    """
    shape, cells, scores = input_
    if set(scores) == {1.0}:
        # what has one score is bound by pairs with the first alone
        first, *others = cells.values()
        alike = target_of("spearman", ALIKE)
        return tuple(Correlation((first, other), spearman=alike, across=name) for other in others)
    bound = [axis for axis, score in enumerate(scores) if score]
    apart: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for members in cells:
        key = tuple(each for axis, each in enumerate(members) if axis not in bound)
        apart.setdefault(key, []).append(members)
    largest = max(map(len, apart.values()), default=0)
    pairs = sum(len(each) * (len(each) - 1) // 2 for each in apart.values())
    if largest > MOST_CORRELATED or pairs > MOST_ENTRIES["correlations"]:
        most = f"{MOST_ENTRIES['correlations']:,} pairs of cells"
        raise InvalidValue(
            f'expected at most {most} that are bound, found {pairs:,}; write "independent" or "same"'
        )
    return tuple(
        Correlation((cells[one], cells[other]), spearman=target_of("spearman", score), across=name)
        for among in apart.values()
        for one, other, score in _scored(among, shape, scores)
    )


def _scored(
    among: Sequence[tuple[str, ...]], shape: Sequence[Index], scores: Sequence[float]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], float]]:
    for one, other in combinations(among, 2):
        score = between(one, other, shape, scores)
        if score:
            yield one, other, min(score, ALIKE)


def between(
    one: Sequence[str], other: Sequence[str], shape: Sequence[Index], scores: Sequence[float]
) -> float:
    """Return the correlation of the scores of two cells, given by their members."""
    found = 1.0
    for index, score, first, second in zip(shape, scores, one, other, strict=True):
        distance = abs(index.places[first] - index.places[second])
        found *= score ** (distance if index.ordered else min(distance, 1))
    return found


def by_cells(pair: Correlation, one: Bound, other: Bound) -> Iterator[Correlation]:
    """Yield the correlations of the cells of two inputs with the same indices, which hold member by member.

    Where both bind their cells alike, other members are correlated as the products of both say.
    """
    for members, cell in one.cells.items():
        if members in other.cells:
            yield replace(pair, inputs=(cell, other.cells[members]))
    if one.scores == other.scores and any(one.scores):
        own = score_correlation(pair.kind, pair.value)
        for first, second in product(one.cells, other.cells):
            score = between(first, second, one.shape, one.scores) if first != second else 0.0
            if score:
                found = target_of("spearman", own * min(score, ALIKE))
                yield Correlation(
                    (one.cells[first], other.cells[second]), found, across="+".join(pair.inputs)
                )
