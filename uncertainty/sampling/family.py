"""A family of scenarios: models of one study on common random numbers, drawn together block by block.

Every input has one column of uniforms for all scenarios. Each distribution that some scenario gives an input
is applied to that column once a block, and what several models compute is computed once, so that a thousand
scenarios cost little more than what they differ in. Every number is that of the scenario's own run, to the
bit: readings, universes and their like are compared without noise, and one of them can be run alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.expressions.parting import merge_tapes
from uncertainty.late import dataclass
from uncertainty.records import Same
from uncertainty.sampling.case_model import CaseModel, versions_of
from uncertainty.sampling.copula import continuous_targets, copula_of
from uncertainty.sampling.designs import blocks, make_design, uniforms
from uncertainty.sampling.parts import bound, copula_of_rows
from uncertainty.sampling.transforms import MANY, Scratch, make_transforms
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.sampling.case_stages import NetStage
    from uncertainty.sampling.copula import Copula
    from uncertainty.sampling.designs import Design
    from uncertainty.sampling.transforms import Transform
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.study.model import Correlation
    from uncertainty.study.scenario import Scenario

MOST_BYTES = 2**28
"""Memory for draws that are kept at a time."""

MOST_COLUMNS = 2**9
"""Columns of input values that are made at a time: a block of them takes 64 MiB."""

SPAN = 4
"""Blocks that a thread takes at a time."""

IN_CACHE = 2**18
"""Numbers that a program works at together: more of them leave a core's own cache."""

FEWEST_ROWS = 2**10
"""Rows that a program works at at least: calling numpy costs little beside working on them."""


@dataclass(frozen=True, eq=False, slots=True)
class Member:
    """A model, and the columns of the family for each of its own."""

    model: Model
    columns: tuple[int, ...]

    @property
    def read(self) -> set[int]:
        """Those columns that its outputs are computed from."""
        return {self.columns[place] for place in self.places}

    @property
    def places(self) -> Sequence[int]:
        """Which of its own columns these are."""
        if isinstance(self.model, EquationModel):
            return self.model.tape.read
        return sorted(self.model.read) if isinstance(self.model, CaseModel) else range(len(self.columns))


class Columns:
    """The input values of scenarios of one study, each made once for all that have it in common.

    Parameters
    ----------
    scenarios
        All that will be asked for.
    samples, seed, design
        As in `Settings`.
    """

    def __init__(self, scenarios: Sequence[Scenario], samples: int, seed: int, design: str) -> None:
        study = scenarios[0].study
        varying = {name for plan in scenarios for name in plan.varying}
        # where a run of one scenario has them, so that it has the same numbers here
        places = {name: place for place, name in enumerate(study.inputs) if name in varying}
        self._names = tuple(places)
        self.design: Design = make_design(design, self._names, samples, seed, tuple(places.values()))
        # of each row of uniforms the input: those of the design, and after them those of each copula
        self._inputs = list(self._names)
        self._copulas: dict[tuple[Correlation, ...], Copula] = {}
        self._first: dict[tuple[Correlation, ...], int] = {}
        self._columns: dict[tuple[int, Distribution, bool], int] = {}
        self.distributions: list[Distribution] = []

    def of(self, plan: Scenario, names: Sequence[str]) -> tuple[int, ...]:
        """Return the columns of some inputs that vary in a scenario."""
        row_of, shared = self._rows(plan), len(plan.varying) > MANY
        return tuple(self._column(row_of[name], plan.distributions[name], shared=shared) for name in names)

    def _column(self, row: int, distribution: Distribution, *, shared: bool) -> int:
        number = self._columns.setdefault((row, distribution, shared), len(self._columns))
        if number == len(self.distributions):
            self.distributions.append(distribution)
        return number

    def _rows(self, plan: Scenario) -> Mapping[str, int]:
        """Return the row of each input that varies in a scenario, as a run of it would correlate them."""
        found = {name: row for row, name in enumerate(self._names)}
        marginals = {name: plan.distributions[name] for name in plan.varying}
        pairs = continuous_targets(plan.study.correlations, marginals, plan.study.file)
        if not pairs:
            return found
        if pairs not in self._copulas:
            self._first[pairs] = len(self._inputs)
            self._copulas[pairs] = copula_of(pairs, self._names, plan.study.file)
            self._inputs += [self._names[row] for row in self._copulas[pairs].rows]
        correlated = self._copulas[pairs].rows
        return found | {self._names[row]: self._first[pairs] + n for n, row in enumerate(correlated)}

    def blocks(
        self, span: Span, wanted: Sequence[int], transforms: Sequence[Transform]
    ) -> Iterator[FloatArray]:
        """Yield the values of some columns in each block, shape (wanted, rows); the array is reused."""
        keys = list(self._columns)
        rows = [keys[number][0] for number in wanted]
        correlated = list(self._correlated(rows))
        scratch = Scratch(self.design.block_rows)
        memory = np.empty((len(wanted), self.design.block_rows))
        for block in uniforms(self.design, *span):
            every = dict(enumerate(block))
            for copula, drawn, numbers in correlated:
                own = block[drawn]
                copula.apply(own)
                every |= dict(zip(numbers, own, strict=True))
            found = memory[:, : block.shape[1]]
            for row, transform, out in zip(rows, transforms, found, strict=True):
                out[:] = every[row]
                transform.apply(out, scratch)
            yield found

    def at(self, place: np.ndarray, wanted: Sequence[int]) -> FloatArray:
        """Return the values of some columns in some draws, by their places, shape (wanted, draws)."""
        size = self.design.block_rows
        found = np.empty((len(wanted), place.size))
        for first in range(0, len(wanted), MOST_COLUMNS):
            part = wanted[first : first + MOST_COLUMNS]
            out, transforms = found[first : first + len(part)], self.transforms(part)
            for block in np.unique(place // size).tolist():
                own = place // size == block
                (values,) = self.blocks((block, block + 1), part, transforms)
                out[:, own] = values[:, place[own] - block * size]
        return found

    def _correlated(self, rows: Sequence[int]) -> Iterator[tuple[Copula, list[int], list[int]]]:
        """Yield each copula over what some rows need of it, the design's rows of that, and the family's."""
        for pairs, copula in self._copulas.items():
            places = range(self._first[pairs], self._first[pairs] + len(copula.rows))
            read = [copula.rows[places.index(row)] for row in rows if row in places]
            needed = bound(copula, read)
            own = copula_of_rows(copula, {row: place for place, row in enumerate(needed)})
            if own is not None:
                yield own, needed, [places[copula.rows.index(row)] for row in needed]

    def transforms(self, wanted: Sequence[int]) -> list[Transform]:
        """Return the quantile functions of some columns."""
        keys = list(self._columns)
        found: list[Transform] = []
        for number in wanted:
            _, distribution, shared = keys[number]
            # whether normal distributions share a table is a matter of how many inputs a scenario has
            found += make_transforms([distribution], together=shared)
        return found


def draw(
    columns: Columns,
    members: Sequence[Member],
    engine: Engine,
    out: FloatArray,
) -> None:
    """Fill `out`, shape (outputs of all members, samples), with those of each member after the other's."""
    first = 0
    for part in _parts(members):
        last = first + sum(len(member.model.outputs) for member in part)
        _draw_part(columns, part, engine, out[first:last])
        first = last


def _parts(members: Sequence[Member]) -> Iterator[list[Member]]:
    """Yield members whose columns fit into memory together."""
    part: list[Member] = []
    columns: set[int] = set()
    for member in members:
        columns |= member.read
        if part and len(columns) > MOST_COLUMNS:
            yield part
            part, columns = [], member.read
        part.append(member)
    if part:
        yield part


def _draw_part(columns: Columns, members: Sequence[Member], engine: Engine, out: FloatArray) -> None:
    wanted = sorted(set[int]().union(*(member.read for member in members)))
    # a column that nobody reads may be any, but there has to be one
    wanted = wanted or [number for member in members for number in member.columns][:1]
    place = {number: row for row, number in enumerate(wanted)}
    own = [tuple(place.get(number, 0) for number in member.columns) for member in members]
    transforms = columns.transforms(wanted)
    compute = _program(members, own, len(wanted))
    size = columns.design.block_rows
    # a model over cases is called for as many draws as may be, which are few
    over_cases = all(isinstance(member.model, CaseModel) for member in members)
    together = max(SPAN, FEWEST_ROWS // size) if over_cases else SPAN

    def run(span: Span) -> None:
        stop = span[0] * size
        parts = columns.blocks(span, wanted, transforms)
        if over_cases:
            parts = iter([np.concatenate([part.copy() for part in parts], axis=1)])
        for values in parts:
            start, stop = stop, stop + values.shape[1]
            compute(values, out[:, start:stop])

    for _ in engine.map(run, spans(blocks(columns.design), together)):
        pass


def _program(
    members: Sequence[Member], own: Sequence[tuple[int, ...]], width: int
) -> Callable[[FloatArray, FloatArray], None]:
    """Return what computes the outputs of all members from the values of their columns."""
    tapes = [member.model.tape for member in members if isinstance(member.model, EquationModel)]
    if len(tapes) == len(members):
        tape = merge_tapes(tapes, own, width)
        return lambda values, out: _in_pieces(tape, values, out)
    averaged = [member.model for member in members if isinstance(member.model, CaseModel)]
    stages = [stage for model in averaged if (stage := model.free_stage) is not None]
    if len(stages) == len(members):
        return _of_averages(averaged, stages, own, width)
    return lambda values, out: _one_by_one(members, own, values, out)


def _of_averages(
    models: Sequence[CaseModel], stages: Sequence[NetStage], own: Sequence[tuple[int, ...]], width: int
) -> Callable[[FloatArray, FloatArray], None]:
    """Return the same of averages over cases, of which each is found once for all that have it in common."""
    asked: dict[Hashable, tuple[NetStage, list[int], range]] = {}
    reads: list[tuple[int, ...]] = []
    count = width
    for stage, places in zip(stages, own, strict=True):
        rows = range(count, count + len(stage.stage.texts))
        key = Same(stage.stage), stage.averages, tuple(places[column] for column in stage.stage.shared.read)
        found = asked.setdefault(key, (stage, list(places), rows))[2]
        count = max(count, found.stop)
        reads.append((*places, *found))
    tape = merge_tapes([model.averages.last for model in models], reads, count)

    def compute(values: FloatArray, out: FloatArray) -> None:
        columns = np.empty((count, values.shape[1]))
        columns[:width] = values
        for stage, places, rows in asked.values():
            for row, each in zip(rows, stage.scrambles(values[places], [], None), strict=True):
                columns[row] = versions_of(each, 1)[0]
        _in_pieces(tape, columns, out)

    return compute


def _one_by_one(
    members: Sequence[Member], own: Sequence[tuple[int, ...]], values: FloatArray, out: FloatArray
) -> None:
    first = 0
    for member, places in zip(members, own, strict=True):
        last = first + len(member.model.outputs)
        member.model.run(values[list(places)], out[first:last])
        first = last


def _in_pieces(tape: Tape, values: FloatArray, out: FloatArray) -> None:
    rows = min(max(IN_CACHE // (tape.columns + tape.slots + tape.outputs), FEWEST_ROWS), out.shape[1])
    workspace = np.empty((tape.slots, rows))
    for start in range(0, out.shape[1], rows):
        part = slice(start, start + rows)
        tape.run(values[:, part], out[:, part], workspace)
