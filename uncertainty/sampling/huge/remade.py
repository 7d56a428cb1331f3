"""Draws of many outputs, too many to keep together: some outputs at a time are drawn, asked and let go.

What has been asked is remembered. Whoever asks more has them drawn again, to the same numbers.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.collecting import Stored
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
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


def parts(simulation: Simulation) -> list[Part]:
    """Return the parts that a simulation can be drawn in one after the other; none where it does not pay."""
    count, samples = len(simulation.model.outputs), simulation.design.samples
    size = PART_BYTES // (8 * samples)
    if not size:
        return []
    found = []
    for first in range(0, count, size):
        last = min(first + size, count)
        simulated = part_of(simulation, range(first, last))
        if simulated is None:
            return []
        found.append(Part(first, last, simulated))
    drawn = sum(len(part.simulation.inputs) for part in found)
    return found if drawn <= MOST_TIMES * len(simulation.inputs) else []


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


class Remade:
    """The draws of one output, which are made again where something is asked that is not known of them.

    Parameters
    ----------
    part
        What makes them.
    output
        Which output of the whole simulation it is.
    latest
        Shared by all outputs, so that one part is in memory at a time.
    """

    kept = True

    def __init__(self, part: Part, output: int, latest: Latest) -> None:
        self._part, self._output, self._latest = part, output, latest
        self._at_hand: Stored | None = None
        self._ranked: dict[int, float] = {}
        self._counts: dict[tuple[float, bool], NDArray[np.int64]] = {}

    @contextmanager
    def at_hand(self, stored: Stored) -> Iterator[None]:
        """Answer from the draws while they are there."""
        self._at_hand = stored
        yield
        self._at_hand = None

    @property
    def _stored(self) -> Stored:
        return self._at_hand or self._latest.of(self._part, self._output)

    @property
    def size(self) -> int:
        """Number of draws."""
        return self._part.simulation.design.samples

    @property
    def replicate_rows(self) -> int:
        """Rows of one replicate; 1 where every row is independent."""
        return self._part.simulation.design.replicate_rows

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,)."""
        return self._stored.values

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, shape (samples,)."""
        return self._stored.ordered

    @cached_property
    def lowest(self) -> float:
        """The smallest draw."""
        return self._stored.lowest

    @cached_property
    def highest(self) -> float:
        """The largest draw."""
        return self._stored.highest

    @cached_property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        return self._stored.sums

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        if rank not in self._ranked:
            self._ranked[rank] = self._stored.ranked(rank)
        return self._ranked[rank]

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        if (value, inclusive) not in self._counts:
            self._counts[value, inclusive] = self._stored.counts_below(value, inclusive=inclusive)
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
        drawn = part.draw()
        if not np.isfinite(drawn).all():
            return []
        every = []
        for output, row in enumerate(drawn, part.first):
            evidence = Remade(part, output, latest)
            every.append(Draws(evidence))
            with evidence.at_hand(Stored(row, evidence.replicate_rows)):
                questions(output, every[-1])
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
