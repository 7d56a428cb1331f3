"""Draws on disk, as one Parquet file: written in parts that survive being killed, and joined at the end."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import SettingError
from uncertainty.extras import require
from uncertainty.files import locked, replacing, write_whole
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.engine import Engine, Span
    from uncertainty.sampling.simulation import Simulation

SPAN_BLOCKS = 16
"""Blocks of one part: a quarter of a million draws, some seconds of work to lose."""

_MANIFEST = b"uncertainty"


@dataclass(frozen=True, slots=True)
class DrawsFile:
    """A file of draws, with the folder that holds its parts until all are there.

    Parameters
    ----------
    path
        Of the file; its columns are ``inputs.NAME`` and ``outputs.NAME``, its rows the draws in order.
    manifest
        Everything that the draws depend on, as JSON values; kept with the parts and in the file.
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
            If pyarrow is not installed, or the file or its parts hold other draws.
        """
        require("pyarrow", "save")
        if self.path.exists():
            self._require_same(_manifest_of(self.path), self.path, but)
        elif (note := self.folder / "manifest.json").exists():
            self._require_same(json.loads(note.read_text(encoding="utf-8")), self.folder, but)

    def save(
        self,
        simulation: Simulation,
        engine: Engine,
        progress: Callable[[int, int], None] | None = None,
        outputs: FloatArray | None = None,
    ) -> None:
        """Write the draws of a simulation, going on from the parts that an earlier run has left.

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
            If pyarrow is not installed, if the file or its parts hold other draws, if another run is
            writing them, or if they cannot be written.
        """
        require("pyarrow", "save")
        if self.path.exists():
            self._require_same(_manifest_of(self.path), self.path)
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder, wait=False) as held:
                if not held:
                    raise SettingError(f"save: another run is writing {self.path}")
                self._save(simulation, engine, progress, outputs)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else error  # pyarrow's own words are longer
            raise SettingError(f"save: {self.path} cannot be written: {reason}") from None

    def _save(
        self,
        simulation: Simulation,
        engine: Engine,
        progress: Callable[[int, int], None] | None,
        outputs: FloatArray | None,
    ) -> None:
        self._begin()
        design = simulation.design
        todo = spans(blocks(design), SPAN_BLOCKS)
        missing = [span for span in todo if not self._part(span).exists()]
        task = partial(_columns if outputs is None else _inputs, simulation)
        for span, made in zip(missing, engine.map(task, missing), strict=True):
            start, stop = span[0] * design.block_rows, min(span[1] * design.block_rows, design.samples)
            columns = made if outputs is None else np.concatenate([made, outputs[:, start:stop]])
            self._write(self._part(span), simulation, columns)
            if progress is not None:
                progress(stop, design.samples)
        self._join([self._part(span) for span in todo])

    def _begin(self) -> None:
        note = self.folder / "manifest.json"
        if note.exists():
            self._require_same(json.loads(note.read_text(encoding="utf-8")), self.folder)
            return
        write_whole(note, json.dumps(dict(self.manifest), indent=1))

    def _require_same(self, found: Mapping[str, Any], place: Path, but: Collection[str] = ()) -> None:
        wanted = json.loads(json.dumps(dict(self.manifest)))
        for key in {**found, **wanted}:
            if key not in but and found.get(key) != wanted.get(key):
                raise SettingError(
                    f"save: {place} holds draws of another run ({key} is {found.get(key)}, "
                    f"not {wanted.get(key)}); remove it or choose another name"
                )

    def _part(self, span: Span) -> Path:
        return self.folder / f"{span[0]:09d}.parquet"

    def _write(self, part: Path, simulation: Simulation, columns: FloatArray) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        names = [f"inputs.{name}" for name in simulation.inputs]
        names += [f"outputs.{name}" for name in simulation.model.outputs]
        table = pa.table({name: pa.array(c) for name, c in zip(names, columns, strict=True)})
        table = table.replace_schema_metadata({_MANIFEST: json.dumps(dict(self.manifest))})
        with replacing(part) as new:
            # random numbers do not compress
            parquet.write_table(table, new, compression="none", use_dictionary=False)

    def _join(self, parts: list[Path]) -> None:
        from pyarrow import parquet

        with replacing(self.path) as new:
            schema = parquet.read_schema(parts[0])
            with parquet.ParquetWriter(new, schema, compression="none", use_dictionary=False) as writer:
                for part in parts:
                    writer.write_table(parquet.read_table(part))
        shutil.rmtree(self.folder)


def _columns(simulation: Simulation, span: Span) -> FloatArray:
    """Return the inputs and outputs of a span of blocks, shape (inputs + outputs, rows)."""
    return np.concatenate([np.concatenate(block) for block in simulation.blocks(*span)], axis=1)


def _inputs(simulation: Simulation, span: Span) -> FloatArray:
    """Return the inputs of a span of blocks, shape (inputs, rows)."""
    return np.concatenate([block.copy() for block in simulation.input_blocks(*span)], axis=1)


def _manifest_of(path: Path) -> Mapping[str, Any]:
    from pyarrow import ArrowException, parquet

    try:
        found: Mapping[str, Any] = json.loads((parquet.read_schema(path).metadata or {})[_MANIFEST])
    except (ArrowException, KeyError, OSError):
        raise SettingError(f"save: {path} exists and was not written by this program") from None
    return found
