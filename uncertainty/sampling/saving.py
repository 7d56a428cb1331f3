"""Draws on disk, as one Parquet file with what they are from: written in parts, and joined at the end."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import SettingError
from uncertainty.extras import require
from uncertainty.files import (
    check_folder,
    check_target,
    is_unfinished,
    kind_of_path,
    locked,
    remove_unfinished,
    saying_why,
)
from uncertainty.late import dataclass
from uncertainty.records import brief, view
from uncertainty.results.about import About, about
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.workers.engine import spans
from uncertainty.study.program import Program
from uncertainty.tables import parquet_file
from uncertainty.tables.formats import refuse_another, store
from uncertainty.tables.table import MOST_SHOWN, WEIGHT, Table, checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.settings import Settings
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables.table import Column


SPAN_BLOCKS = 16
"""Blocks of one part: a quarter of a million draws, some seconds of work to lose."""

PART = "part"
"""What a part says of itself beside what all draws depend on: its first block, and the first beyond it."""

PROGRAM_FILES = "sha256 of the program's files"
"""What draws depend on where a program gives the outputs."""


@dataclass(frozen=True, slots=True)
class DrawsFile:
    """A file of draws, with the folder that holds its parts until all are there.

    Parameters
    ----------
    path
        Of the file; its columns are ``inputs.NAME`` and ``outputs.NAME``, its rows the draws in order.
    manifest
        Everything that the draws depend on, as JSON values; kept in the parts and in the file.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """Where the parts are."""
        return self.path.with_name(self.path.name + ".parts")

    def check(self, but: Collection[str] = ()) -> None:
        """Refuse what `save` would refuse, before there are draws.

        Parameters
        ----------
        but
            What the draws depend on and is not yet known.

        Raises
        ------
        SettingError
            If pyarrow is not installed, the file or its parts hold other draws, or the file is damaged.
        UncertaintyError
            If it cannot be written where it is to be.
        """
        require("pyarrow", "save")
        check_target(self.path, "save")
        check_folder(self.folder, "save")
        if kind_of_path(self.path) == "file":
            self._require_same(self.path, _sound(self.path), but)
        for part in self._parts():
            if (found := _sound_part(part)) is not None:
                self._require_same(self.folder, found, (*but, PART))

    def save(
        self,
        simulation: Simulation,
        engine: Engine,
        progress: Callable[[int, int], None] | None = None,
        outputs: FloatArray | None = None,
    ) -> None:
        """After `check`, write a simulation's draws, going on from the parts that an earlier run has left.

        Parameters
        ----------
        progress
            Called after each part with the rows done and the rows there are.
        outputs
            What the model gave for the draws, shape (outputs, at least the rows), so that it need not be
            asked again; by default it is.

        Raises
        ------
        SettingError
            If the file or its parts hold other draws, or if another run is writing them.
        UncertaintyError
            If they cannot be written.
        """
        if kind_of_path(self.path) == "file":
            self._require_same(self.path, _sound(self.path))
            return
        with saying_why(self.path):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder, wait=False) as held:
                if not held:
                    raise SettingError(f"save: another run is writing {self.path}")
                remove_unfinished(self.path)
                try:
                    self._save(simulation, engine, progress, outputs)
                finally:
                    with suppress(OSError):  # parts are left, or all have been joined
                        self.folder.rmdir()

    def _save(
        self,
        simulation: Simulation,
        engine: Engine,
        progress: Callable[[int, int], None] | None,
        outputs: FloatArray | None,
    ) -> None:
        design = simulation.design
        todo = spans(blocks(design), SPAN_BLOCKS)
        missing = [span for span in todo if not self._has(span)]
        task = partial(_columns if outputs is None else _inputs, simulation)
        for span, made in zip(missing, engine.map(task, missing), strict=True):
            start, stop = span[0] * design.block_rows, min(span[1] * design.block_rows, design.samples)
            columns = made if outputs is None else np.concatenate([made, outputs[:, start:stop]])
            store(self._table(columns, part=span), self._part(span), parquet_file)
            if progress is not None:
                progress(stop, design.samples)
        parts = [self._part(span) for span in todo]
        store(Joined(self._table(None), parts, design.samples), self.path, parquet_file)
        self._remove(parts)

    def _remove(self, parts: Sequence[Path]) -> None:
        """Remove parts that have been joined, and what a killed run was writing; all else stays."""
        for part in parts:
            part.unlink()
        for left in self.folder.iterdir():
            if is_unfinished(left):
                shutil.rmtree(left, ignore_errors=True)

    def _require_same(self, place: Path, found: Table, but: Collection[str] = ()) -> None:
        refuse_another(place, found, self._table(None), but=but, option="save")

    def _table(self, columns: FloatArray | None, **more: Any) -> Table:
        """Return draws as a table; of which there are none yet without columns."""
        about = {key: value for key, value in self.manifest.items() if key != "units"}
        units = self.manifest["units"]
        rows = [np.empty(0)] * len(units) if columns is None else columns
        return Table("draws", dict(zip(units, rows, strict=True)), units, about | more)

    def _parts(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))

    def _part(self, span: Span) -> Path:
        return self.folder / f"{span[0]:09d}.parquet"

    def _has(self, span: Span) -> bool:
        """Tell whether a part is there, sound and this run's own."""
        found = _sound_part(self._part(span))
        if found is None:
            return False
        self._require_same(self.folder, found, (PART,))
        return list(found.about.get(PART, ())) == list(span)


@dataclass(frozen=True, slots=True)
class Joined:
    """The draws of a run, read from its parts.

    Parameters
    ----------
    head
        The table without a row.
    files
        The parts in order.
    """

    head: Table
    files: Sequence[Path]
    rows: int

    @property
    def name(self) -> str:
        """What it holds."""
        return self.head.name

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column; all of them hold numbers."""
        return self.head.numeric

    @property
    def units(self) -> Mapping[str, str]:
        """By column."""
        return self.head.units

    @property
    def about(self) -> Mapping[str, Any]:
        """What the draws depend on."""
        return self.head.about

    @property
    def chain_rows(self) -> int:
        """Rows of one independent replicate."""
        return self.head.chain_rows

    def parts(self) -> Iterator[Mapping[str, Column]]:
        """Yield the draws part by part."""
        for file in self.files:
            yield parquet_file.read(file).columns


def _sound(path: Path) -> Table:
    """Return what a file says of its draws, of which every row has been looked at."""
    try:
        with parquet_file.scanned(path) as (head, parts):
            if head.checksum and head.checksum == checksum(head, parts):
                return head
    except SettingError:
        said = f"save: {path} exists and is damaged, or was not written by this program"
        raise SettingError(f"{said}; remove it or choose another name") from None
    raise SettingError(f"save: {path} is damaged or of another version; remove it or choose another name")


def _sound_part(path: Path) -> Table | None:
    """Return what a part says of its draws; None where it is to be made, or is damaged."""
    if kind_of_path(path) != "file":
        return None
    try:
        return _sound(path)
    except SettingError:
        return None


def _columns(simulation: Simulation, span: Span) -> FloatArray:
    """Return the inputs and outputs of a span of blocks, shape (inputs + outputs, rows)."""
    blocks = simulation.blocks(*span)
    return np.concatenate([np.concatenate([simulation.shown(x), y]) for x, y in blocks], axis=1)


def _inputs(simulation: Simulation, span: Span) -> FloatArray:
    """Return the inputs of a span of blocks, shape (inputs, rows)."""
    return np.concatenate([simulation.shown(x.copy()) for x in simulation.input_blocks(*span)], axis=1)


NO_DRAW = ("level", "interval", "nonfinite", "until", "max_samples", "dropped")
"""Settings that are about what is made of draws, and change none of them."""


def manifest(plan: Scenario, simulation: Simulation, settings: Settings) -> dict[str, Any]:
    """Return everything that draws depend on, and their units, as JSON values."""
    inputs, outputs = plan.study.inputs, plan.study.outputs
    units = {f"inputs.{name}": inputs[name].unit.text for name in simulation.inputs}
    units |= {f"outputs.{name}": outputs[name].unit.text for name in simulation.model.outputs}
    depends = {key: value for key, value in about(About(settings, plan)).items() if key not in NO_DRAW}
    if isinstance(plan.study.function, Program):
        # the study's own hash is that of its file, whatever program is named beside it
        depends[PROGRAM_FILES] = plan.study.function.sha256
    return depends | {
        "samples": simulation.design.samples,
        "replicate_rows": simulation.design.replicate_rows,
        "outputs": list(simulation.model.outputs),
        "units": units,
    }


@dataclass(frozen=True, slots=True, eq=False)
class DrawsTable:
    """All draws of a simulation; when they are read, the inputs are made again, part by part.

    Parameters
    ----------
    note
        Of `manifest`.
    outputs
        What the model gave, shape (outputs, rows); by default it is asked again, part by part.
    weights
        What each draw counts, shape (rows,), where observations weigh them.
    """

    simulation: Simulation
    note: Mapping[str, Any]
    name: str = "draws"
    outputs: FloatArray | None = None
    weights: FloatArray | None = None

    __repr__ = brief

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column; all of them hold numbers."""
        return dict.fromkeys(self.units, True)

    @property
    def units(self) -> Mapping[str, str]:
        """By column."""
        units: Mapping[str, str] = self.note["units"]
        return units if self.weights is None else {**units, WEIGHT: "1"}

    @property
    def about(self) -> Mapping[str, Any]:
        """What the draws depend on."""
        return {key: value for key, value in self.note.items() if key != "units"}

    @property
    def rows(self) -> int:
        """Number of draws."""
        return self.simulation.design.samples

    @property
    def chain_rows(self) -> int:
        """Rows of one independent replicate."""
        return self.simulation.design.replicate_rows

    def _repr_html_(self) -> str:
        first = next(iter(self.parts()))
        shown = {name: np.array(column[:MOST_SHOWN]) for name, column in first.items()}
        return view(Table(f"{self.rows:,} {self.name}", shown, self.units))

    def parts(self) -> Iterator[Mapping[str, Column]]:
        """Yield the draws block by block; the arrays are used again."""
        start = 0
        for inputs, outputs in self._blocks():
            stop = start + outputs.shape[1]
            last = [] if self.weights is None else [self.weights[start:stop]]
            yield dict(zip(self.numeric, [*inputs, *outputs, *last], strict=True))
            start = stop

    def _blocks(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        count = blocks(self.simulation.design)
        if self.outputs is None:
            yield from ((self.simulation.shown(x), y) for x, y in self.simulation.blocks(0, count))
            return
        start = 0
        for inputs in self.simulation.input_blocks(0, count):
            stop = start + inputs.shape[1]
            yield self.simulation.shown(inputs), self.outputs[:, start:stop]
            start = stop
