"""What binds the cells of inputs: of one input to one another, and of two that are correlated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.bounds import MOST_CORRELATED, MOST_ENTRIES
from uncertainty.errors import InvalidValue, nearest, suggestion
from uncertainty.indices.index import MOST_CELLS, written
from uncertainty.study.cells import addresses, cells_of
from uncertainty.study.correlation import ALIKE, Pairs, score_correlation, target_of
from uncertainty.study.model import Correlation, Independence, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Input
    from uncertainty.study.schema import StudyFile


WORDS = ("independent", "same")
MOST_APART = 250_000
"""Pairs of cells that one entry may state to be independent."""


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
    if not cells:  # they are at fault
        return ()
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


class Dependence:
    """Finds the correlations of cells.

    Parameters
    ----------
    inputs
        The cells that could be read.
    """

    def __init__(
        self, table: StudyFile, indices: Mapping[str, Index], inputs: Mapping[str, Input], faults: Faults
    ) -> None:
        self._faults = faults
        self._bound = {}
        varying = {n for n, item in inputs.items() if item.distribution and not item.distribution.is_constant}
        quantities = {}
        for name, row in table.inputs.items():
            shape = tuple(index for index in indices.values() if index.name in row.index)
            key = f"inputs.{name}.across"
            scores = faults.attempt(key, partial(read_across, row.across, shape)) or (0.0,) * len(shape)
            if row.member_of is not None and any(scores):
                faults.add(key, "members of an index have no order to correlate")
                scores = (0.0,) * len(shape)
            too_many = prod(len(index.members) for index in shape) > MOST_CELLS  # which is said elsewhere
            cells = {} if too_many else {members: written(name, members) for members in cells_of(shape)}
            if shape:
                quantities[name] = Quantity(name, tuple(index.name for index in shape), cells)
            varied = {members: cell for members, cell in cells.items() if cell in varying}
            self._bound[name] = Bound(shape, varied, scores)
        self._addresses = addresses(
            "input", {*inputs, *table.inputs} - quantities.keys(), quantities, indices
        )

    def pairs(self, stated: Pairs) -> tuple[Pairs, list[Correlation]]:
        """Return what the file says of each two inputs, cell by cell, and what else follows for cells."""
        follows: list[Correlation] = []
        for name, bound in self._bound.items():
            if any(bound.scores):
                reading = partial(across_pairs, name, bound)
                follows += self._faults.attempt(f"inputs.{name}.across", reading) or ()
        correlated = list(self._by_cells(zip(stated.correlated_by, stated.correlations, strict=True)))
        parted = list(self._by_cells(zip(stated.parted_by, stated.independent, strict=True)))
        said = [
            (place, pair) for place, pair in correlated if isinstance(pair, Correlation) and not pair.across
        ]
        apart = [(place, pair) for place, pair in parted if isinstance(pair, Independence)]
        follows += [pair for _, pair in correlated if isinstance(pair, Correlation) and pair.across]
        return Pairs(
            tuple(pair for _, pair in said),
            tuple(pair for _, pair in apart),
            tuple(place for place, _ in said),
            tuple(place for place, _ in apart),
        ), follows

    def _by_cells(
        self, rows: Iterator[tuple[int, Correlation]] | Iterator[tuple[int, Independence]]
    ) -> Iterator[tuple[int, Correlation | Independence]]:
        for place, pair in rows:
            what = "inputs" if isinstance(pair, Correlation) else "independent"
            for found in self._of_pair(f"correlations[{place}].{what}", pair):
                yield place, found

    def _of_pair(self, key: str, pair: Correlation | Independence) -> Iterator[Correlation | Independence]:
        names = self._addresses.tables
        if not any(name in names or "[" in name for name in pair.inputs):
            yield pair
            return
        one, other = (self._faults.cells(key, name, self._addresses) for name in pair.inputs)
        if not one or not other:
            return
        if len(one) == len(other) == 1:
            yield _with_inputs(pair, one[0], other[0])
            return
        if isinstance(pair, Independence):
            yield from self._apart(key, pair, one, other)
            return
        first, second = (self._bound.get(name) for name in pair.inputs)
        if first is None or second is None or first.shape != second.shape:
            said = "name one member of each, or two inputs with the same indices as a whole"
            self._faults.add(key, f"{' and '.join(pair.inputs)} are not correlated member by member; {said}")
        else:
            yield from by_cells(pair, first, second)

    def _apart(
        self, key: str, pair: Independence, one: Sequence[str], other: Sequence[str]
    ) -> Iterator[Independence]:
        """Yield that nothing binds any cell of one input to any of another."""
        if len(one) * len(other) > MOST_APART:
            said = (
                f"{' and '.join(pair.inputs)} have more than {MOST_APART:,} pairs of cells; name the members"
            )
            self._faults.add(key, said)
            return
        for cells in product(one, other):
            yield replace(pair, inputs=cells)


def _with_inputs(pair: Correlation | Independence, one: str, other: str) -> Correlation | Independence:

    return replace(pair, inputs=(one, other))
