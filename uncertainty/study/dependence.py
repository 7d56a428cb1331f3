"""What binds the cells of inputs: those of one input to one another, and those of two that are correlated."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import prod
from typing import TYPE_CHECKING

from uncertainty.indices.index import MOST_CELLS, written
from uncertainty.study.across import Bound, across_pairs, by_cells, read_across
from uncertainty.study.addresses import addresses
from uncertainty.study.cells import cells_of
from uncertainty.study.model import Correlation, Independence, Quantity
from uncertainty.study.pairs import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Input
    from uncertainty.study.schema import StudyFile


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
        first, second = (self._bound.get(name) for name in pair.inputs)
        if first is None or second is None or first.shape != second.shape:
            said = "name one member of each, or two inputs with the same indices as a whole"
            self._faults.add(key, f"{' and '.join(pair.inputs)} are not correlated member by member; {said}")
        elif isinstance(pair, Correlation):
            yield from by_cells(pair, first, second)
        else:
            for first_cell, second_cell in zip(one, other, strict=True):
                yield Independence((first_cell, second_cell), pair.because, pair.source, pair.basis)


def _with_inputs(pair: Correlation | Independence, one: str, other: str) -> Correlation | Independence:

    return replace(pair, inputs=(one, other))
