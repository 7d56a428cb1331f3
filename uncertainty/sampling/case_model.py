"""A model over cases: columns of what nobody knows in, averages and other statistics of the cases out."""

from __future__ import annotations

from dataclasses import field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.expressions.derivatives import jumps
from uncertainty.expressions.parting import parted
from uncertainty.late import dataclass
from uncertainty.records import Later, Same, brief
from uncertainty.rounding import rounding_of_unseen
from uncertainty.sampling.case_stages import AT_ONCE, Averaged, NetStage, means
from uncertainty.sampling.cases import SCRAMBLES
from uncertainty.sampling.thresholds import lower, upper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.expressions.stages import Program, Stage
    from uncertainty.sampling.cases import Cases
    from uncertainty.study.calling import Meter

IN_CACHE = 2**18
"""Numbers that a program works at together: more of them leave a core's own cache."""

WORTH_PARTING = 2**11
"""Draws from on which it takes less to find what versions have in common once than to part the program."""

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
        By quantity of all stages, weights that average over the cases, shape (scrambles, cases); by default
        those of the net.
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
    singles: Stage | None
    others: tuple[int, ...]
    versions: int = 1
    weights: tuple[FloatArray, ...] | None = None
    meter: Meter | None = field(default=None, compare=False, repr=False)
    _stages: tuple[NetStage, ...] = field(init=False, repr=False)

    __repr__ = brief

    def __post_init__(self) -> None:
        weights = None if self.weights is None else iter(self.weights)
        stages = tuple(
            NetStage(stage, self.cases, None if weights is None else [next(weights) for _ in stage.texts])
            for stage in self.averages.stages
        )
        object.__setattr__(self, "_stages", stages)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result, version after version for each measure."""
        return row_names(self.measures, self.versions)

    @property
    def behind(self) -> tuple[tuple[int, ...], ...]:
        """Of each average among the measures what it is computed from, as `averaged` numbers it."""
        return self.averages.behind

    @property
    def stages(self) -> tuple[NetStage, ...]:
        """The stages on their net, one after another."""
        return self._stages

    @property
    def only_stage(self) -> NetStage | None:
        """The stage on its net, where there is one alone and all that is asked for are averages."""
        if len(self._stages) != 1 or self.singles is not None or self.versions != 1 or self.weights:
            return None
        return self._stages[0]

    @property
    def free_stage(self) -> NetStage | None:
        """That stage, where its averages follow from the program of what a draw's cases share alone."""
        return self.only_stage if self.meter is None and self.cases.link is None else None

    @property
    def quantities(self) -> int:
        """How many quantities have a value for each case of each draw."""
        stages = [*self.averages.stages, *([] if self.singles is None else [self.singles])]
        return sum(each.mixed.outputs for each in stages)

    @property
    def jumps(self) -> bool:
        """Whether some case may jump where what nobody knows moves a little."""
        return any(jumps(stage.mixed) for stage in self.averages.stages)

    @property
    def read(self) -> set[int]:
        """The columns that the result is computed from."""
        stages = [*self.averages.stages, *([] if self.singles is None else [self.singles])]
        rows = {row for tape in (self.averages.last, *(each.shared for each in stages)) for row in tape.read}
        # the averages of earlier stages come after what nobody knows
        found = {row for row in rows if row < len(self.cases.unknown)}
        if self.cases.link is not None and any(each.linked for each in stages):
            found.update(self.cases.link.unknowns)
        return found

    def on(self, cases: Cases, versions: int = 1) -> CaseModel:
        """Return the same statistics of other cases."""
        return replace(self, cases=cases, versions=versions)

    def only(self, measures: Sequence[Measure]) -> CaseModel:
        """Return some of the measures by the weights of the net, without what others alone need."""
        averages = [each for each in self.measures if each.statistic == "average"]
        singles = [each for each in self.measures if each.statistic != "average"]
        rows = [self.others[singles.index(each)] for each in measures if each.statistic != "average"]
        kept = sorted(set(rows))
        return replace(
            self,
            measures=tuple(measures),
            averages=self.averages.only([averages.index(m) for m in measures if m.statistic == "average"]),
            singles=None if self.singles is None or not kept else self.singles.only(kept),
            others=tuple(map(kept.index, rows)),
            weights=None,
        )

    def workspace(self, rows: int) -> FloatArray | None:  # noqa: ARG002 - the protocol's
        """Return scratch space for some draws at a time, to be used by one thread."""
        single = [] if self.singles is None else [NetStage(self.singles, self.cases)]
        found = [each for stage in (*self._stages, *single) if (each := stage.memory()) is not None]
        return max(found, key=len, default=None)

    def run(self, inputs: FloatArray, outputs: FloatArray, workspace: FloatArray | None = None) -> None:
        """Fill `outputs`, shape (measures × versions, draws), from `inputs`, shape (unknown, draws)."""
        if self.meter is not None:
            self.meter.take(outputs.shape[1] * self.cases.size)
        found = outputs.reshape(len(self.measures), self.versions, -1)
        known: list[FloatArray] = []
        for stage in self._stages:
            known += self._averages(stage, inputs, known, workspace)
        averages = [place for place, m in enumerate(self.measures) if m.statistic == "average"]
        if averages:
            found[averages] = self.last(inputs, known)
        if self.singles is not None:
            step = max(1, AT_ONCE // self.cases.size)
            single = NetStage(self.singles, self.cases)
            for first in range(0, outputs.shape[1], step):
                draws = slice(first, first + step)
                self._others(single.quantities(inputs[:, draws], [], workspace), found[:, :, draws])

    def last(self, unknown: FloatArray, known: Sequence[FloatArray]) -> FloatArray:
        """Return what is computed from averages, shape (averages, versions, draws).

        Parameters
        ----------
        known
            Averages of the quantities of all stages, shape (versions, draws) or (versions, 1) each.
        """
        tape, count = self.averages.last, unknown.shape[1]
        found = np.empty((tape.outputs, self.versions, count))
        step = max(IN_CACHE // (self.versions * (tape.slots + tape.outputs)), 1)
        room = np.empty((tape.slots, self.versions, min(step, count)))
        first = None
        if self.versions > 1 and count >= WORTH_PARTING:
            # what no average reads is the same in all versions
            first, tape = _by_versions(Same(tape), len(unknown))
        for start in range(0, count, step):
            part = slice(start, start + step)
            columns = [row[None, part] for row in unknown]
            columns += [each if each.shape[1] == 1 else each[:, part] for each in known]
            out = found[:, :, part]
            if first is not None:
                same = np.empty((first.outputs + first.slots, 1, out.shape[2]))
                first.spread(columns, same[: first.outputs], same[first.outputs :])
                columns += [*same[: first.outputs]]
            tape.spread(columns, out, room[:, :, : out.shape[2]])
        return found

    def _others(self, rows: Sequence[FloatArray], out: FloatArray) -> None:
        """Write the statistics that are no averages, from the quantities of every case of some draws."""
        places = [place for place, m in enumerate(self.measures) if m.statistic != "average"]
        by_output: dict[int, list[int]] = {}
        for place, row in zip(places, self.others, strict=True):
            by_output.setdefault(row, []).append(place)
        for row, wanted in by_output.items():
            values = np.broadcast_to(rows[row], (out.shape[2], self.cases.size))
            out[wanted] = statistics([self.measures[place] for place in wanted], values, self.versions)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_of_unseen(outputs)

    def averaged(self, unknown: FloatArray, what: str = "") -> Iterator[Averaged]:
        """Yield what is averaged, with its values in every case.

        Parameters
        ----------
        unknown
            Few draws, shape (unknown inputs, draws).
        what
            Names the finding that the values are for, where that is not known yet.
        """
        known: list[FloatArray] = []
        for number, stage in enumerate(self._stages):
            yield from stage.averaged(unknown, known, what)
            if number < len(self._stages) - 1:
                known += [versions_of(each, 1)[0] for each in stage.scrambles(unknown, known, None)]

    def plain(self) -> CaseModel:
        """Return the same model with plain means, which take no weights to be found."""
        size = self.cases.size
        each = np.repeat(np.eye(SCRAMBLES) * (SCRAMBLES / size), size // SCRAMBLES, axis=1)
        return replace(self, weights=(each,) * sum(len(stage.texts) for stage in self.averages.stages))

    def _averages(
        self, stage: NetStage, unknown: FloatArray, known: Sequence[FloatArray], memory: FloatArray | None
    ) -> list[FloatArray]:
        """Return the averages of a stage's quantities, each of shape (versions, draws) or (versions, 1)."""
        if not stage.stage.after_averages or self.versions == 1:
            scrambles = stage.scrambles(unknown, [row[0] for row in known], memory)
            return [versions_of(each, self.versions) for each in scrambles]
        # what is computed from averages is computed anew without each scramble
        found: list[list[FloatArray]] = []
        for version in range(self.versions):
            scrambles = stage.scrambles(unknown, [row[version] for row in known], memory)
            found.append([versions_of(each, self.versions)[version] for each in scrambles])
        return [np.stack(each) for each in zip(*found, strict=True)]


@lru_cache(maxsize=64)
def _by_versions(of: Same[Tape], unknown: int) -> tuple[Tape, Tape]:
    """Return the parts of a program that read no average, and some."""
    return parted(of.held, range(unknown, of.held.columns))


def versions_of(scrambles: FloatArray, versions: int) -> FloatArray:
    """Return the mean of all scrambles, and without each of them, shape (versions, draws)."""
    found = np.empty((versions, scrambles.shape[1]))
    # what is infinite or undefined in some case is said where it is looked at
    with np.errstate(all="ignore"):
        total = scrambles.sum(axis=0)
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
        found[quantiles, version] = _quantiles(
            ordered, np.array([measures[place].value for place in quantiles])
        )
    # sorting puts what is not a number behind everything, where no quantile would meet it
    found[:, :, ~np.isfinite(values).all(axis=1)] = np.nan
    return found


def _shares(measure: Measure, values: FloatArray, versions: int) -> FloatArray:
    if measure.statistic == "at least":
        met = values >= lower(measure.value, 0.0)
    else:
        met = values <= upper(measure.value, 0.0)
    return versions_of(met.reshape(len(values), SCRAMBLES, -1).mean(axis=2).T, versions)


def _quantiles(ordered: FloatArray, probabilities: FloatArray) -> FloatArray:
    """Return quantiles of each row of ordered values, shape (probabilities, rows).

    Between two values that others share it is the lower one: the median case of an even split is a case.
    Between values that occur once it is interpolated, each being the middle of its share of the cases; beyond
    the middles of the outermost two it is these.
    """
    count = ordered.shape[1]
    position = np.clip(probabilities * count - 0.5, 0.0, count - 1.0)
    below = np.minimum(position.astype(int), count - 2)
    rank = np.clip(np.ceil(probabilities * count - 1e-9).astype(int) - 1, 0, count - 1)
    low, high, ranked = (ordered.T[each] for each in (below, below + 1, rank))
    # beside the outermost cases there is nothing that they could share a value with
    before = np.where(below > 0, ordered[:, below - 1], np.nan).T
    after = np.where(below < count - 2, ordered[:, np.minimum(below + 2, count - 1)], np.nan).T
    shared = (before == low) | (high == after)
    # what is infinite is said where it is looked at
    with np.errstate(all="ignore"):
        between = low + (position - below)[:, None] * (high - low)
    return np.asarray(np.where(shared, ranked, between))


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
                    out[place, :, draws] = versions_of(means(rows[row], self.weights), self.versions)
                else:
                    out[place, :, draws] = statistics([measure], rows[row], self.versions)[0]

    def averaged(self, unknown: FloatArray) -> Iterator[Averaged]:
        """Yield what is averaged, with its values in every case of few draws."""
        if not self._averaged_rows:
            return
        rows, reads = self.single(unknown), tuple(range(len(self.cases.different)))
        for row in self._averaged_rows:
            yield Averaged(f'"{self.model.outputs[row]}"', reads, Later(partial(rows.__getitem__, row)))

    def single(self, unknown: FloatArray) -> FloatArray:
        """Return the model's outputs of every case of some draws, shape (outputs, draws, cases)."""
        count, size = unknown.shape[1], self.cases.size
        different = np.empty((len(self.cases.different), count, size))
        for out, row in zip(different, self.cases.values, strict=True):
            out[:] = row
        if self.cases.link is not None:
            different[list(self.cases.link.rows)] = self.cases.linked_values(self.cases.givers(unknown))
        every = [*np.repeat(unknown, size, axis=1), *different.reshape(len(different), -1)]
        rows = np.empty((len(self.model.outputs), count * size))
        self.model.run(np.array(every), rows)
        return rows.reshape(-1, count, size)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_of_unseen(outputs)
