"""A model over cases: columns of what nobody knows in, averages and other statistics of the cases out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.records import brief
from uncertainty.rounding import rounding_of_unseen
from uncertainty.sampling.cases import SCRAMBLES
from uncertainty.sampling.thresholds import lower, upper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.stages import Program, Stage
    from uncertainty.sampling.cases import Cases
    from uncertainty.study.metering import Meter

AT_ONCE = 2**14
"""Cases, over all draws, that are worked at together: a row of them stays in a core's own cache."""

VERSIONS = SCRAMBLES + 1
"""Every number is found from all scrambles of the net, and without each of them."""


class Measure(NamedTuple):
    """A statistic of an output over the cases.

    Parameters
    ----------
    statistic
        ``"average"``, ``"quantile"``, ``"at least"`` or ``"at most"``.
    value
        A probability or a threshold.
    """

    output: str
    statistic: str
    value: float = 0.0


def row_names(measures: Sequence[Measure], versions: int) -> tuple[str, ...]:
    """Name the rows of a result: the first of each output as the output, the others as no output is."""
    found: dict[str, None] = {}
    for measure in measures:
        for version in range(versions):
            name = f"{measure.output} {measure.statistic} {measure.value} {version}"
            found[name if measure.output in found else measure.output] = None
    return tuple(found)


@dataclass(frozen=True, eq=False, slots=True)
class CaseModel:
    """Statistics of the cases of a model made of equations.

    Parameters
    ----------
    outputs
        Names of the measures; of the rows of the result each has one, or `VERSIONS`.
    cases
        The net.
    averages
        Those outputs that are averages, or of averages.
    weights
        By stage and quantity, weights that average over the cases, shape (scrambles, cases).
    singles
        From which the other measures' quantities come; None where there are none.
    others
        Those measures, with the position of their output among the quantities of `singles`.
    versions
        1, or `VERSIONS` for the differences between scrambles too.
    meter
        What counts the rows, a row being one case of one draw, where there is a budget.
    """

    measures: tuple[Measure, ...]
    cases: Cases
    averages: Program
    weights: tuple[tuple[FloatArray, ...], ...]
    singles: Stage | None
    others: tuple[int, ...]
    versions: int = 1
    meter: Meter | None = field(default=None, compare=False, repr=False)

    __repr__ = brief

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result, version after version for each measure."""
        return row_names(self.measures, self.versions)

    @property
    def behind(self) -> tuple[tuple[int, ...], ...]:
        """Of each average among the measures what it is computed from, as `averaged` numbers it."""
        return self.averages.behind

    def on(self, cases: Cases, versions: int = 1) -> CaseModel:
        """Return the same statistics of other cases."""
        weights = tuple(tuple(map(cases.weights, stage.reads)) for stage in self.averages.stages)
        return replace(self, cases=cases, weights=weights, versions=versions)

    def workspace(self, rows: int) -> FloatArray | None:  # noqa: ARG002 - the protocol's
        """Return scratch space for some draws at a time, to be used by one thread."""
        return self._memory()

    def _memory(self) -> FloatArray:
        stages = [*self.averages.stages, *([] if self.singles is None else [self.singles])]
        slots = max((stage.mixed.slots + stage.mixed.outputs for stage in stages), default=0)
        return np.empty((slots, self._draws_at_once * self.cases.size))

    @property
    def _draws_at_once(self) -> int:
        return max(1, AT_ONCE // self.cases.size)

    def run(self, inputs: FloatArray, outputs: FloatArray, workspace: FloatArray | None = None) -> None:
        """Fill `outputs`, shape (measures × versions, draws), from `inputs`, shape (unknown, draws)."""
        if self.meter is not None:
            self.meter.take(outputs.shape[1] * self.cases.size)
        memory = self._memory() if workspace is None else workspace
        found = outputs.reshape(len(self.measures), self.versions, -1)
        own = [_own(stage, self.cases.values) for stage in self.averages.stages]
        single = None if self.singles is None else _own(self.singles, self.cases.values)
        for first in range(0, outputs.shape[1], self._draws_at_once):
            draws = slice(first, first + self._draws_at_once)
            self._run(inputs[:, draws], found[:, :, draws], memory, own, single)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_of_unseen(outputs)

    def averaged(self, unknown: FloatArray) -> Iterator[tuple[str, tuple[int, ...], FloatArray]]:
        """Yield what is averaged, as it is written, the inputs that it reads and its values in every case.

        Parameters
        ----------
        unknown
            Few draws, shape (unknown inputs, draws).
        """
        linked = self.cases.linked_values(unknown)
        known: list[FloatArray] = []
        for stage, weights in zip(self.averages.stages, self.weights, strict=True):
            memory = np.empty((stage.mixed.slots + stage.mixed.outputs, unknown.shape[1] * self.cases.size))
            rows = _quantities(stage, unknown, known, linked, _own(stage, self.cases.values), memory)
            yield from zip(stage.texts, stage.reads, rows, strict=True)
            known += [versions_of(_means(row, each), 1)[0] for row, each in zip(rows, weights, strict=True)]

    def _run(
        self,
        unknown: FloatArray,
        out: FloatArray,
        memory: FloatArray,
        own: Sequence[FloatArray],
        single: FloatArray | None,
    ) -> None:
        count = unknown.shape[1]
        linked = self.cases.linked_values(unknown)
        known: list[FloatArray] = []
        for stage, weights, of_case in zip(self.averages.stages, self.weights, own, strict=True):
            known += self._averages(stage, weights, unknown, known, linked, of_case, memory)
        columns = [*(row[None, :] for row in unknown), *known]
        averages = [place for place, m in enumerate(self.measures) if m.statistic == "average"]
        found = np.empty((len(averages), self.versions, count))
        self.averages.last.spread(columns, found, np.empty((self.averages.last.slots, self.versions, count)))
        out[averages] = found
        if self.singles is not None and single is not None:
            rows = _quantities(self.singles, unknown, [], linked, single, memory)
            places = [place for place, m in enumerate(self.measures) if m.statistic != "average"]
            by_output: dict[int, list[int]] = {}
            for place, row in zip(places, self.others, strict=True):
                by_output.setdefault(row, []).append(place)
            for row, wanted in by_output.items():
                values = np.broadcast_to(rows[row], (count, self.cases.size))
                out[wanted] = statistics([self.measures[place] for place in wanted], values, self.versions)

    def _averages(
        self,
        stage: Stage,
        weights: Sequence[FloatArray],
        unknown: FloatArray,
        known: Sequence[FloatArray],
        linked: FloatArray,
        own: FloatArray,
        memory: FloatArray,
    ) -> list[FloatArray]:
        """Return the averages of a stage's quantities, each of shape (versions, draws)."""
        if not stage.after_averages or self.versions == 1:
            earlier = [row[0] for row in known]
            rows = _quantities(stage, unknown, earlier, linked, own, memory)
            return [
                versions_of(_means(row, each), self.versions) for row, each in zip(rows, weights, strict=True)
            ]
        # what is computed from averages is computed anew without each scramble
        found = [np.empty((self.versions, unknown.shape[1])) for _ in weights]
        for version in range(self.versions):
            earlier = [row[version] for row in known]
            rows = _quantities(stage, unknown, earlier, linked, own, memory)
            for one, row, each in zip(found, rows, weights, strict=True):
                one[version] = versions_of(_means(row, each), self.versions)[version]
        return found


def _own(stage: Stage, values: FloatArray) -> FloatArray:
    """Return what depends on the case alone, shape (rows, cases)."""
    found = np.empty((stage.own.outputs, values.shape[1]))
    stage.own.run(values, found)
    return found


def _quantities(
    stage: Stage,
    unknown: FloatArray,
    averages: Sequence[FloatArray],
    linked: FloatArray,
    own: FloatArray,
    memory: FloatArray,
) -> list[FloatArray]:
    """Return a stage's quantities of every case, each of shape (draws, cases), or (1, cases) of all draws."""
    count, cases = unknown.shape[1], own.shape[1]
    shared = np.empty((stage.shared.outputs, count))
    known = [*unknown, *(np.broadcast_to(each, count) for each in averages)]
    stage.shared.run(np.array(known).reshape(stage.shared.columns, count), shared)
    columns = [*shared[:, :, None], *own, *linked]
    slots = stage.mixed.slots
    room = memory[: slots + stage.mixed.outputs, : count * cases].reshape(-1, count, cases)
    stage.mixed.spread(columns, room[slots:], room[:slots])
    mixed = iter(room[slots:])
    places = range(len(stage.texts))
    return [own[stage.alone[place], None] if place in stage.alone else next(mixed) for place in places]


def _means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each scramble's mean over the cases, shape (scrambles, draws)."""
    # no product by BLAS, whose last bits depend on how many rows there are
    return np.asarray(np.einsum("dc,sc->sd", values, weights))


def versions_of(scrambles: FloatArray, versions: int) -> FloatArray:
    """Return the mean of all scrambles, and without each of them, shape (versions, draws)."""
    total = scrambles.sum(axis=0)
    found = np.empty((versions, scrambles.shape[1]))
    found[0] = total / SCRAMBLES
    if versions > 1:
        found[1:] = (total - scrambles) / (SCRAMBLES - 1)
    return found


def statistics(measures: Sequence[Measure], values: FloatArray, versions: int) -> FloatArray:
    """Return statistics of the cases of each draw, shape (measures, versions, draws).

    Parameters
    ----------
    values
        Shape (draws, cases).
    """
    found = np.empty((len(measures), versions, len(values)))
    quantiles = [place for place, each in enumerate(measures) if each.statistic == "quantile"]
    for place, measure in enumerate(measures):
        if measure.statistic != "quantile":
            found[place] = _shares(measure, values, versions)
    own = values.shape[1] // SCRAMBLES
    for version in range(versions if quantiles else 0):
        kept = np.repeat(np.arange(1, SCRAMBLES + 1) != version, own)
        ordered = np.sort(values[:, kept] if version else values, axis=1)
        for place in quantiles:
            found[place, version] = quantile(ordered, measures[place].value)
    # sorting puts what is not a number behind everything, where no quantile would meet it
    found[:, :, ~np.isfinite(values).all(axis=1)] = np.nan
    return found


def _shares(measure: Measure, values: FloatArray, versions: int) -> FloatArray:
    if measure.statistic == "at least":
        met = values >= lower(measure.value, 0.0)
    else:
        met = values <= upper(measure.value, 0.0)
    return versions_of(met.reshape(len(values), SCRAMBLES, -1).mean(axis=2).T, versions)


def quantile(ordered: FloatArray, probability: float) -> FloatArray:
    """Return a quantile of each row of ordered values, shape (rows,).

    Between two values that others share it is the lower one: the median case of an even split is a case.
    Between values that occur once it is interpolated, each being the middle of its share of the cases.
    """
    count = ordered.shape[1]
    position = min(max(probability * count - 0.5, 1.0), count - 3.0)
    below = int(position)
    before, low, high, after = ordered[:, below - 1 : below + 3].T
    rank = min(max(int(np.ceil(probability * count - 1e-9)) - 1, 0), count - 1)
    shared = (before == low) | (high == after)
    return np.asarray(np.where(shared, ordered[:, rank], low + (position - below) * (high - low)))


@dataclass(frozen=True, eq=False, slots=True)
class CaseFunction:
    """Statistics of the cases of any model, such as a Python function.

    Parameters
    ----------
    model
        Of single cases, over columns of the unknowns and after them of what differs.
    weights
        By average among the measures, weights that average over the cases, shape (scrambles, cases).
    rows
        By measure the row of its output in the model's result.
    """

    measures: tuple[Measure, ...]
    cases: Cases
    model: Model
    weights: FloatArray
    rows: tuple[int, ...]
    versions: int = 1

    __repr__ = brief

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result, version after version for each measure."""
        return row_names(self.measures, self.versions)

    @property
    def behind(self) -> tuple[tuple[int, ...], ...]:
        """Of each average among the measures what it is computed from, as `averaged` numbers it."""
        rows = self._averaged_rows
        each = zip(self.rows, self.measures, strict=True)
        return tuple((rows.index(row),) for row, m in each if m.statistic == "average")

    @property
    def _averaged_rows(self) -> list[int]:
        each = zip(self.rows, self.measures, strict=True)
        return sorted({row for row, m in each if m.statistic == "average"})

    def on(self, cases: Cases, versions: int = 1) -> CaseFunction:
        """Return the same statistics of other cases."""
        return replace(
            self, cases=cases, weights=cases.weights(range(len(cases.different))), versions=versions
        )

    def workspace(self, rows: int) -> FloatArray | None:  # noqa: ARG002 - the protocol's
        """Return nothing: the model allocates what it needs."""
        return None

    def run(
        self,
        inputs: FloatArray,
        outputs: FloatArray,
        workspace: FloatArray | None = None,  # noqa: ARG002 - the protocol's
    ) -> None:
        """Fill `outputs`, shape (measures × versions, draws), from `inputs`, shape (unknown, draws)."""
        out = outputs.reshape(len(self.measures), self.versions, -1)
        step = max(1, AT_ONCE // self.cases.size)
        for first in range(0, outputs.shape[1], step):
            draws = slice(first, first + step)
            rows = self.single(inputs[:, draws])
            for place, (measure, row) in enumerate(zip(self.measures, self.rows, strict=True)):
                if measure.statistic == "average":
                    out[place, :, draws] = versions_of(_means(rows[row], self.weights), self.versions)
                else:
                    out[place, :, draws] = statistics([measure], rows[row], self.versions)[0]

    def averaged(self, unknown: FloatArray) -> Iterator[tuple[str, tuple[int, ...], FloatArray]]:
        """Yield what is averaged, the inputs that it reads and its values in every case of few draws."""
        rows, reads = self.single(unknown), tuple(range(len(self.cases.different)))
        for row in self._averaged_rows:
            yield f'"{self.model.outputs[row]}"', reads, rows[row]

    def single(self, unknown: FloatArray) -> FloatArray:
        """Return the model's outputs of every case of some draws, shape (outputs, draws, cases)."""
        count, size = unknown.shape[1], self.cases.size
        different = np.repeat(self.cases.values[:, None, :], count, axis=1)
        if self.cases.link is not None:
            different[list(self.cases.link.rows)] = self.cases.linked_values(unknown)
        every = [*np.repeat(unknown, size, axis=1), *different.reshape(len(different), -1)]
        rows = np.empty((len(self.model.outputs), count * size))
        self.model.run(np.array(every), rows)
        return rows.reshape(-1, count, size)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_of_unseen(outputs)
