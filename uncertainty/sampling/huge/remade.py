"""Draws of many outputs, too many to keep together: some outputs at a time are drawn, asked and let go.

What has been asked is remembered. Whoever asks more has them drawn again, to the same numbers.
"""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.errors import UncertaintyError
from uncertainty.late import dataclass
from uncertainty.sampling.collecting import Stored
from uncertainty.sampling.huge.windows import NOT_STORED
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.collecting import Evidence
    from uncertainty.sampling.moments import BlockSums
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.settings import Progress

PART_BYTES = 2**26
"""Bytes of the draws that one thread makes and asks at a time."""

MOST_TIMES = 2
"""How many times the inputs may be drawn, all parts together: counting draws each of them as often."""


class Part(NamedTuple):
    """Outputs `first` to `last` - 1, and the simulation that makes them."""

    first: int
    last: int
    simulation: Simulation

    def draw(self) -> FloatArray:
        """Return the draws, shape (outputs, samples)."""
        design = self.simulation.design
        drawn = np.empty((self.last - self.first, design.samples))
        # a copy, whose memory goes with it
        for start, _, outputs in replace(self.simulation).rows(0, design.samples):
            drawn[:, start : start + outputs.shape[1]] = outputs
        return drawn


def parts(simulation: Simulation, memory: int) -> list[Part]:
    """Return the parts that a simulation can be drawn in one after the other; none where it does not pay.

    Parameters
    ----------
    memory
        Bytes that stored draws may take.
    """
    found = parts_of(simulation, min(PART_BYTES, memory // 2) // (8 * simulation.design.samples))
    drawn = sum(len(part.simulation.inputs) for part in found)
    return found if drawn <= MOST_TIMES * len(simulation.inputs) else []


def parts_of(simulation: Simulation, size: int) -> list[Part]:
    """Return the parts of some outputs each; none where a model has none."""
    found = []
    for first in range(0, len(simulation.model.outputs), size) if size else ():
        last = min(first + size, len(simulation.model.outputs))
        simulated = part_of(simulation, range(first, last))
        if simulated is None:
            return []
        found.append(Part(first, last, simulated))
    return found


@dataclass(eq=False, slots=True)
class Latest:
    """The part that was drawn last, with what is known of its draws."""

    first: int = -1
    stored: list[Stored] = field(default_factory=list)

    def of(self, part: Part, output: int) -> Stored:
        """Return the draws of an output, drawn again unless they are there."""
        if self.first != part.first:
            # the ones before them are let go first
            self.first, self.stored = -1, []
            rows = part.simulation.design.replicate_rows
            self.stored, self.first = [Stored(row, rows) for row in part.draw()], part.first
        return self.stored[output - part.first]


class Remembered:
    """What the draws of one output have been asked, and whoever answers what they have not.

    Parameters
    ----------
    evidence
        The draws, until `let_go` is called.
    again
        Gives the draws again, or raises an error where they cannot be had.
    kept
        Whether the draws themselves can be had.
    """

    def __init__(self, evidence: Evidence, again: Callable[[], Evidence], *, kept: bool) -> None:
        self.size, self.replicate_rows, self.kept = evidence.size, evidence.replicate_rows, kept
        self._again = again
        self._at_hand: Evidence | None = evidence
        self._ranked: dict[int, float] = {}
        self._counts: dict[tuple[float, bool], NDArray[np.int64]] = {}

    def let_go(self) -> None:
        """Keep the answers alone."""
        self._at_hand = None

    @property
    def _evidence(self) -> Evidence:
        return self._at_hand or self._again()

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,)."""
        return self._evidence.values

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, shape (samples,)."""
        return self._evidence.ordered

    @cached_property
    def lowest(self) -> float:
        """The smallest draw."""
        return self._evidence.lowest

    @cached_property
    def highest(self) -> float:
        """The largest draw."""
        return self._evidence.highest

    @cached_property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        return self._evidence.sums

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        if rank not in self._ranked:
            self._ranked[rank] = self._evidence.ranked(rank)
        return self._ranked[rank]

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        if (value, inclusive) not in self._counts:
            self._counts[value, inclusive] = self._evidence.counts_below(value, inclusive=inclusive)
        return self._counts[value, inclusive]


def remade_draws(
    found: Sequence[Part],
    engine: Engine,
    questions: Callable[[int, Draws], object],
    progress: Progress | None,
) -> list[Draws]:
    """Draw each part once and ask its outputs.

    Parameters
    ----------
    questions
        Called with the number of each output and its draws; the answers will be known afterwards.
    progress
        Called after each part with the rows done and the rows there are.

    Returns
    -------
    list of Draws
        By output; none where a draw is not finite, so that another has to say of what.
    """
    latest = Latest()

    def asked(span: Span) -> list[Draws]:
        part = found[span[0]]
        drawn, rows = part.draw(), part.simulation.design.replicate_rows
        if not np.isfinite(drawn).all():
            return []
        every = []
        for output, row in enumerate(drawn, part.first):
            again = partial(latest.of, part, output)
            every.append(_asked(Remembered(Stored(row, rows), again, kept=True), output, questions))
        return every

    draws: list[Draws] = []
    samples = found[0].simulation.design.samples
    for number, made in enumerate(engine.map(asked, spans(len(found), 1)), 1):
        if not made:
            return []
        draws += made
        if progress is not None:
            progress(number * samples // len(found), samples)
    return draws


def counted_draws(
    found: Sequence[Part],
    count: Callable[[Simulation], Sequence[Evidence]],
    questions: Callable[[int, Draws], object],
) -> list[Draws]:
    """Count the draws of one part after the other, and keep what they say to the questions alone."""
    return [
        _asked(Remembered(evidence, _not_stored, kept=False), output, questions)
        for part in found
        # a copy, whose memory goes with it
        for output, evidence in enumerate(count(replace(part.simulation)), part.first)
    ]


def _asked(evidence: Remembered, output: int, questions: Callable[[int, Draws], object]) -> Draws:
    draws = Draws(evidence)
    questions(output, draws)
    evidence.let_go()
    return draws


def _not_stored() -> Evidence:
    raise UncertaintyError(NOT_STORED)
