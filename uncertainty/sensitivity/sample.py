"""Draws of inputs and outputs side by side, for every method that needs no design of its own."""

from __future__ import annotations

from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np

from uncertainty import numbers
from uncertainty.budgets import affordable, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import dependencies, largest_rounding, wanted_outputs
from uncertainty.errors import Fault, NonFiniteError, SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.rounding import CLOSE, log10_about, rounding_of_unseen, varies
from uncertainty.sampling.constancy import vary_far_out
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.finiteness import FailedRows, allowed_share
from uncertainty.sampling.nesting import NET_PILOT, over_unknown
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import BATCHES
from uncertainty.sampling.workers.engine import machine_memory, make_engine, spans
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.one_score import members_among, quantiles_of
from uncertainty.study.together import values_of_shares, with_shares
from uncertainty.tables import Table
from uncertainty.values import array, row_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Span
    from uncertainty.settings import Progress
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import OverCases, Scenario

ROWS = Unasked(2**15)

FEW = 2**10
"""Rows that tell how far rounding goes."""

NETS = 2**5
"""Parts of independent rows that have a net of cases of their own, where outputs speak of all cases."""

OF_MEMORY = 0.5
"""Share of the machine's memory that draws may take: what analyses make of them takes some, too."""

FEWEST_IN_TAIL = 32
"""Rows that the last slice of a tail has at least."""


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """Draws, row by row.

    Parameters
    ----------
    inputs, outputs
        Their values by name, shape (rows,).
    scales
        Of each output; linear where nothing is said.
    reaching
        Of each output the inputs that it may depend on; all of them where nothing is said.
    replicate_rows
        Rows of one independent randomisation; 1 where every row is independent.
    kept
        Numbers of the rows that are left of those that were drawn, where some had no value and were dropped.
    rounding
        Of each output a bound on its values' rounding errors; where nothing is said, their size tells it.
    alike
        By name of an input those of its members that have one score, and are one input.
    scores
        By name of an input that is drawn given others what stands for its score; `inputs` has its values.
    drawn
        How many rows were drawn, also those that were dropped; None where that is not known.
    rare
        Outputs of which all draws have one value, though others are known to be possible.
    """

    inputs: Mapping[str, FloatArray]
    outputs: Mapping[str, FloatArray]
    scales: Mapping[str, Scale] = field(default_factory=Frozen)
    reaching: Mapping[str, frozenset[str]] = field(default_factory=Frozen)
    replicate_rows: int = 1
    kept: np.ndarray | None = None
    rounding: Mapping[str, float] = field(default_factory=Frozen)
    rare: frozenset[str] = frozenset()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    scores: Mapping[str, FloatArray] = field(default_factory=Frozen)
    drawn: int | None = None

    __repr__ = brief

    @classmethod
    def from_arrays(
        cls,
        inputs: Mapping[str, Sequence[float] | FloatArray],
        outputs: Mapping[str, Sequence[float] | FloatArray],
        scales: Mapping[str, Scale] | None = None,
    ) -> Sample:
        """Take draws that were saved: every row one run of a model, rows independent.

        Raises
        ------
        SettingError
            If there is no output or no row, a column has another length than the rest, holds something else
            than numbers, or has the rows of another in another order by the labels of pandas.
        NonFiniteError
            If an input or output is not finite somewhere.
        """
        # a data frame, too, has its columns by name
        inputs, outputs = dict(inputs), dict(outputs)
        _refuse_other_orders({**inputs, **outputs})
        columns = {name: _column(name, each) for name, each in (*inputs.items(), *outputs.items())}
        lengths = {column.shape for column in columns.values()}
        if len(lengths) != 1 or len(next(iter(lengths))) != 1:
            raise SettingError("draws: expected columns of one length")
        if not outputs or (0,) in lengths:
            raise SettingError(f"draws: expected at least one {'row' if outputs else 'output'}")
        bad = {name: int((~np.isfinite(column)).sum()) for name, column in columns.items()}
        if any(bad.values()):
            raise NonFiniteError(
                *(
                    Fault(f"{rows:,} {'row is' if rows == 1 else 'rows are'} not finite", name)
                    for name, rows in bad.items()
                    if rows
                )
            )
        return cls(
            Frozen({name: columns[name] for name in inputs}),
            Frozen({name: columns[name] for name in outputs}),
            Frozen(dict(scales or {})),
        )

    @property
    def table(self) -> Table:
        """The draws: ``inputs.NAME`` and ``outputs.NAME``."""
        inputs = {f"inputs.{name}": column for name, column in self.inputs.items()}
        outputs = {f"outputs.{name}": column for name, column in self.outputs.items()}
        return Table("sample", Frozen({**outputs, **inputs}))

    def _repr_html_(self) -> str:
        return view(self.table)

    @property
    def rows(self) -> int:
        """Number of draws."""
        return len(next(iter(self.outputs.values())))

    @property
    def dropped(self) -> int:
        """How many draws had no value and were dropped."""
        return 0 if self.drawn is None else self.drawn - self.rows

    def scale(self, output: str) -> Scale:
        """Return the scale on which an output is looked at."""
        return self.scales.get(output, "linear")

    def inputs_of(self, output: str) -> tuple[str, ...]:
        """Return the inputs that an output may depend on; see `shown`."""
        reaching = self.reaching.get(output, self.inputs)
        names = {member: name for name, members in self.alike.items() for member in members}
        return tuple(dict.fromkeys(names.get(name, name) for name in self.inputs if name in reaching))

    def column(self, name: str) -> FloatArray:
        """Return what an input's indices are of: its draws, or scores where it is drawn given others.

        Of members that have one score it is their quantile among the draws.
        """
        if name in self.alike:
            return quantiles_of(self._drawn(member) for member in self.alike[name])
        return self._drawn(name)

    def _drawn(self, name: str) -> FloatArray:
        return self.scores[name] if name in self.scores else self.inputs[name]

    def shown(self, name: str) -> FloatArray:
        """Return what an input was in the draws: of one that is drawn given others its values."""
        return self.inputs[name] if name in self.scores else self.column(name)

    def values(self, output: str) -> FloatArray:
        """Return an output on its scale, its logarithms relative to its middle where it is close to that.

        Raises
        ------
        SettingError
            If the output is unknown.
        NonFiniteError
            If its scale is log10 and a value is not positive.
        """
        if output not in self.outputs:
            raise SettingError(f'unknown output "{output}"{suggestion(output, self.outputs)}')
        values = self.outputs[output]
        if self.scale(output) == "linear":
            return values
        if values.min() <= 0:
            count = int((values <= 0).sum())
            raise NonFiniteError(
                Fault(f"is not positive for {count} of {self.rows} draws", f"outputs.{output}")
            )
        centre = self.centre(output)
        return np.asarray(np.log10(values)) if centre == 1.0 else log10_about(values, centre)

    def centre(self, output: str) -> float:
        """Return what the logarithms of `values` are relative to: 1, or the middle of what is close to it."""
        values = self.outputs[output]
        if self.scale(output) == "linear":
            return 1.0
        middle = (float(values.min()) + float(values.max())) / 2
        return middle if values.max() - values.min() <= CLOSE * middle else 1.0

    def varies(self, output: str) -> bool:
        """Tell whether an output's values lie farther apart than rounding explains."""
        values = self.outputs[output]
        rounding = self.rounding.get(output)
        bound = float(rounding_of_unseen(values).max()) if rounding is None else rounding
        return varies(values.min(), values.max(), bound)

    def groups(self) -> np.ndarray:
        """Return each row's independent part: its randomisation, or its batch of independent rows."""
        rows = np.arange(self.rows) if self.kept is None else self.kept
        return rows // self.replicate_rows if self.replicate_rows > 1 else rows * BATCHES // (rows[-1] + 1)


def _room(inputs: int, outputs: int, samples: int) -> FloatArray:
    """Return memory for draws; many systems give more than there is, and end what then writes to it."""
    row, most = 8 * (inputs + outputs), OF_MEMORY * machine_memory()
    if row * samples > most:
        many = f"{numbers.count(inputs, 'input')} and {numbers.count(outputs, 'output')}"
        fit = f"at most {int(most) // row} draws of {many} fit into this machine's memory"
        raise SettingError(f"samples: {fit}; use fewer samples or outputs")
    return np.empty((inputs + outputs, samples))


@checked(Settings)
@budgeted
def draw_sample(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    progress: Progress | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Sample:
    """Draw inputs and outputs together.

    Parameters
    ----------
    output
        Name or names of the outputs wanted; all of them by default.
    inputs
        Names of inputs that are wanted beside those that the outputs need; by default all that vary.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    progress
        Called after each span of blocks with the rows done and the rows there are.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        What to run; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does.
    """
    settings = replace(settings or Settings(samples=ROWS), **options)
    study = keeping(study, cache)
    wanted = wanted_outputs(study, output)
    plan = over_unknown(settings.scenario(study), wanted, settings.seed)
    cases = 1 if plan.nested is None else plan.nested.size
    settings = affordable(settings, "draws", reserved=0 if cases == 1 else NET_PILOT, each=cases)
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design)
    # what follows from others' draws needs all of them
    own = simulation.conditions is not None or simulation.values is not None or bool(plan.wholes)
    if inputs is not None and not own:
        simulation = part_of(simulation, range(len(wanted)), inputs) or simulation
    design, replicate_rows = simulation.design, simulation.design.replicate_rows
    if plan.nested is not None and replicate_rows == 1:
        replicate_rows = -(-design.samples // NETS)
    drawn = _room(len(simulation.inputs), len(wanted), design.samples)
    failed = FailedRows.of(simulation)
    simulation.transforms()
    workers = make_engine(threads, engine, scheduler, turns=study.turns)
    shared = workers.shares_memory
    source = _Source(simulation, plan.nested, replicate_rows)
    task = partial(_fill, source, drawn) if shared else partial(_make, source)
    todo = spans(blocks(design))
    for span, (values, found) in zip(todo, workers.map(task, todo), strict=True):
        done = min(span[1] * design.block_rows, design.samples)
        if not shared:
            drawn[:, span[0] * design.block_rows : done] = values
        failed.merge(found)
        if progress is not None:
            progress(done, design.samples)
    reaching = {name: with_shares(plan, found) for name, found in dependencies(plan, wanted).items()}
    failed.raise_if_any(design.samples, reaching, study.file, allowed=allowed_share(study.nonfinite))
    kept = None
    if failed.counts:
        kept = np.flatnonzero(np.isfinite(drawn).all(axis=0))
        drawn = drawn[:, kept]
    drawn.flags.writeable = False
    rounding = largest_rounding(simulation.model, *np.split(drawn[:, :FEW], [len(simulation.inputs)]))
    columns, scores = _inputs_as_drawn(plan, simulation, drawn)
    sample = Sample(
        Frozen(columns),
        Frozen(dict(zip(wanted, drawn[len(simulation.inputs) :], strict=True))),
        Frozen({name: study.outputs[name].scale for name in wanted}),
        Frozen(reaching),
        replicate_rows,
        kept,
        Frozen(dict(zip(wanted, rounding.tolist(), strict=True))),
        alike=Frozen(members_among(plan, simulation.inputs)),
        scores=Frozen(scores),
        drawn=design.samples,
    )
    return _with_rare(sample, simulation)


def _column(name: str, values: Sequence[float] | FloatArray) -> FloatArray:
    """Return saved draws as numbers, what is masked undefined; yes and no are 1 and 0."""
    plain = np.asarray(values, dtype=np.float64) if getattr(values, "dtype", None) == np.bool_ else values
    return array(name, plain, undefined=True)


def _refuse_other_orders(columns: Mapping[str, Any]) -> None:
    """Refuse series of pandas whose labels are the same in different orders: their rows are not one run."""
    every = {name: row_labels(column) for name, column in columns.items()}
    labels = {name: own for name, own in every.items() if own is not None}
    first = next(iter(labels), "")
    for name, own in labels.items():
        if own != labels[first] and len(own) == len(labels[first]) and {*own} == {*labels[first]}:
            raise SettingError(f"draws: {name} has the rows of {first} in another order; sort them alike")


def _with_rare(sample: Sample, simulation: Simulation) -> Sample:
    """Return draws that say which outputs have one value though others are known to be possible."""
    equal = {name for name in sample.outputs if not sample.varies(name)}
    if not equal:
        return sample
    others = zip(sample.outputs, vary_far_out(simulation), strict=True)
    return replace(sample, rare=frozenset(name for name, rarely in others if rarely and name in equal))


def _inputs_as_drawn(
    plan: Scenario, simulation: Simulation, drawn: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the inputs' values and, of those that are drawn given others, the scores, by name.

    Shares have no scores but their values, also the last, which is what the others leave.
    """
    columns = dict(zip(simulation.inputs, drawn, strict=False))
    if simulation.values is None and not plan.wholes:
        return columns, {}
    shown = dict(zip(simulation.inputs, simulation.shown(drawn[: len(simulation.inputs)]), strict=True))
    shares = values_of_shares(plan, shown)
    scores = {name: columns[name] for name in columns if name in plan.dependent and name not in shares}
    own = columns | {name: shown[name].copy() for name in scores} | shares
    return {name: own[name] for name in plan.study.inputs if name in own}, scores


class _Source(NamedTuple):
    """A simulation; if its outputs speak of all cases, each replicate of so many rows has its own net."""

    simulation: Simulation
    nested: OverCases | None
    replicate_rows: int

    def blocks(self, first: int, last: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield inputs (inputs, rows) and outputs (outputs, rows) of blocks; the inputs' memory is reused."""
        if self.nested is None:
            yield from self.simulation.blocks(first, last)
            return
        design, rows = self.simulation.design, self.replicate_rows
        for block, inputs in enumerate(self.simulation.input_blocks(first, last), first):
            begin = block * design.block_rows
            end = min(begin + inputs.shape[1], design.samples)
            while begin < end:
                stop = min(end, begin - begin % rows + rows)
                place = slice(begin - block * design.block_rows, stop - block * design.block_rows)
                (model,) = self.nested.on_net([self.simulation.model], begin // rows)
                outputs = np.empty((len(model.outputs), stop - begin))
                model.run(inputs[:, place], outputs)
                yield inputs[:, place], outputs
                begin = stop


def _fill(source: _Source, drawn: FloatArray, span: Span, offset: int = 0) -> tuple[FloatArray, FailedRows]:
    """Write the inputs and outputs of a span of blocks to columns of which the first is row `offset`."""
    simulation = source.simulation
    failed = FailedRows.of(simulation)
    start = span[0] * simulation.design.block_rows - offset
    for inputs, outputs in source.blocks(*span):
        stop = start + outputs.shape[1]
        drawn[: len(inputs), start:stop] = inputs
        drawn[len(inputs) :, start:stop] = outputs
        failed.look_at(inputs, outputs)
        start = stop
    return drawn, failed


def _make(source: _Source, span: Span) -> tuple[FloatArray, FailedRows]:
    """Return the inputs and outputs of a span of blocks, shape (inputs and outputs, rows)."""
    simulation = source.simulation
    design = simulation.design
    first = span[0] * design.block_rows
    rows = min(span[1] * design.block_rows, design.samples) - first
    drawn = np.empty((len(simulation.inputs) + len(simulation.model.outputs), rows))
    return _fill(source, drawn, span, first)


def slices(
    values: FloatArray, bins: int, *, tails: bool = False, order: np.ndarray | None = None
) -> list[np.ndarray]:
    """Cut rows by an input's values: one slice a value where there are few, else `bins` of equal size.

    Parameters
    ----------
    tails
        Cut the outermost slices again and again in half, since values lie far apart in tails.
    order
        That of the values, stable, for who has it already.
    """
    order = np.argsort(values, kind="stable") if order is None else order
    ends = np.flatnonzero(np.diff(values[order])) + 1
    if len(ends) < bins:
        return np.split(order, ends)
    size = len(values) / bins
    edges = size * np.arange(1, bins)
    if tails:
        halves = size / 2.0 ** np.arange(1, max(1, int(np.log2(size / FEWEST_IN_TAIL))) + 1)
        edges = np.concatenate([halves, edges, len(values) - halves])
    return np.split(order, np.unique(edges.round().astype(np.int64)))
