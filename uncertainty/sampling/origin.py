"""Where draws come from, as they are written beside them, and draws as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.records import brief, view
from uncertainty.results.about import About, about
from uncertainty.sampling.designs import blocks
from uncertainty.tables.table import MOST_SHOWN, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.settings import Settings
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables.table import Column


NO_DRAW = ("level", "interval", "nonfinite", "until", "max_samples", "dropped")
"""Settings that are about what is made of draws, and change none of them."""


def manifest(plan: Scenario, simulation: Simulation, settings: Settings) -> dict[str, Any]:
    """Return everything that draws depend on, and their units, as JSON values."""
    inputs, outputs = plan.study.inputs, plan.study.outputs
    units = {f"inputs.{name}": inputs[name].unit.text for name in simulation.inputs}
    units |= {f"outputs.{name}": outputs[name].unit.text for name in simulation.model.outputs}
    depends = {key: value for key, value in about(About(settings, plan)).items() if key not in NO_DRAW}
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
    """

    simulation: Simulation
    note: Mapping[str, Any]
    name: str = "draws"
    outputs: FloatArray | None = None

    __repr__ = brief

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column; all of them hold numbers."""
        return dict.fromkeys(self.note["units"], True)

    @property
    def units(self) -> Mapping[str, str]:
        """By column."""
        units: Mapping[str, str] = self.note["units"]
        return units

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
        for block in self._blocks():
            yield dict(zip(self.numeric, (row for part in block for row in part), strict=True))

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
