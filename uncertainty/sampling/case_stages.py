"""Averages over a net of cases, each found once for whoever asks for it.

Scenarios of one study average mostly the same over the same cases. What an average depends on is its program,
the columns of the net that it reads, and of a draw the few values that it is not linear in: an average that
depends on no draw is found once for all scenarios, and any other once for each value of these.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.records import Same
from uncertainty.sampling.cases import SCRAMBLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.expressions.stages import Stage
    from uncertainty.sampling.cases import Cases

    Found = TypeVar("Found")

AT_ONCE = 2**14
"""Cases, over all draws, that are worked at together: a row of them stays in a core's own cache."""

MOST_DRAWS = 2**12
"""Draws whose averages are kept for those who ask for the same ones again."""


class Averaged(NamedTuple):
    """What is averaged.

    Parameters
    ----------
    text
        As it is written.
    reads
        Inputs that differ and that it depends on.
    values
        In every case of some draws, shape (draws, cases); (1, cases) where it is the same in all draws.
    lone
        What is kept of it then.
    """

    text: str
    reads: tuple[int, ...]
    values: FloatArray
    lone: Lone | None

    def once(self, what: str, find: Callable[[], Found]) -> Found:
        """Return what is found of the values; once for all scenarios where no draw changes them."""
        return find() if self.lone is None else self.lone.once(what, find)


class Lone:
    """A quantity that is the same in all draws, in each case of a net.

    Parameters
    ----------
    tape, reads
        Its program, and the rows of the cases that it reads.
    """

    def __init__(self, tape: Tape, reads: Sequence[int], cases: Cases) -> None:
        self._tape, self._reads, self._cases = tape, reads, cases
        self._found: dict[str, object] = {}

    @property
    def values(self) -> FloatArray:
        """Its values, shape (1, cases)."""
        return _computed(self._tape, [self._cases.values[row] for row in self._reads], self._cases.size)

    def once(self, what: str, find: Callable[[], Found]) -> Found:
        """Return what was found of the values before, or find it."""
        if what not in self._found:
            self._found[what] = find()
        return self._found[what]  # type: ignore[return-value] # what names one kind of finding


class Mixed:
    """Quantities that depend on a draw as well as on the case.

    Parameters
    ----------
    stage
        Which of its quantities are mixed.
    """

    def __init__(self, stage: Stage, cases: Cases, weights: Sequence[FloatArray] | None) -> None:
        self._stage, self._cases, self._given = stage, cases, weights
        # replaced, never changed, since threads read them
        self._kept: dict[bytes, FloatArray] = {}
        self._last: tuple[FloatArray, FloatArray] | None = None

    @cached_property
    def _own(self) -> FloatArray:
        """Return what they need that depends on the case alone, shape (rows, cases)."""
        return _computed(self._stage.own, self._cases.values, self._cases.size)

    @cached_property
    def _weights(self) -> list[FloatArray]:
        stage = self._stage
        places = [place for place in range(len(stage.texts)) if place not in stage.alone]
        if self._given is not None:
            return [self._given[place] for place in places]
        return [self._cases.weights(stage.reads[place]) for place in places]

    def memory(self) -> FloatArray:
        """Return scratch space for as many draws as are worked at together, to be used by one thread."""
        mixed = self._stage.mixed
        return np.empty((mixed.slots + mixed.outputs, self.at_once * self._cases.size))

    @property
    def at_once(self) -> int:
        """Draws that are worked at together."""
        return max(1, AT_ONCE // self._cases.size)

    def values(self, shared: FloatArray, givers: FloatArray, memory: FloatArray | None = None) -> FloatArray:
        """Return their values in every case of a few draws, shape (quantities, draws, cases).

        Parameters
        ----------
        shared
            What the cases of a draw have in common, shape (rows, draws).
        givers
            What linked inputs follow from, shape (givers, draws).
        """
        mixed, size, count = self._stage.mixed, self._cases.size, shared.shape[1]
        rows = mixed.slots + mixed.outputs
        memory = np.empty((rows, count * size)) if memory is None else memory[:rows, : count * size]
        link = self._cases.link
        linked: list[FloatArray] = []
        if link is not None and self._stage.linked:
            each = self._cases.linked_values(givers)
            linked = [each[link.rows.index(row)] for row in self._stage.linked]
        room = memory.reshape(rows, count, size)
        mixed.spread([*shared[:, :, None], *self._own, *linked], room[mixed.slots :], room[: mixed.slots])
        return room[mixed.slots :]

    def scrambles(self, shared: FloatArray, givers: FloatArray, memory: FloatArray | None) -> FloatArray:
        """Return each scramble's mean of each quantity in each draw, shape (quantities, scrambles, draws)."""
        asked = np.concatenate([shared, givers])
        last = self._last
        if last is not None and np.array_equal(last[0], asked):
            return last[1]
        found = self._asked(asked, shared, givers, memory)
        if asked.shape[1] <= MOST_DRAWS:
            self._last = asked, found
        return found

    def _asked(
        self, asked: FloatArray, shared: FloatArray, givers: FloatArray, memory: FloatArray | None
    ) -> FloatArray:
        """Return the means, of each draw that is asked for as often as another is once."""
        keys = [draw.tobytes() for draw in np.ascontiguousarray(asked.T)]
        known = self._kept
        new = {key: place for place, key in reversed([*enumerate(keys)]) if key not in known}
        places = sorted(new.values())
        found = np.empty((self._stage.mixed.outputs, SCRAMBLES, len(places)))
        for first in range(0, len(places), self.at_once):
            chosen = places[first : first + self.at_once]
            rows = self.values(shared[:, chosen], givers[:, chosen], memory)
            for out, row, weights in zip(found, rows, self._weights, strict=True):
                out[:, first : first + len(chosen)] = means(row, weights)
        if len(places) == len(keys):
            self._keep({keys[place]: found[:, :, n] for n, place in enumerate(places)})
            return found
        made = {keys[place]: found[:, :, n] for n, place in enumerate(places)}
        self._keep(made)
        return np.stack([known[key] if key in known else made[key] for key in keys], axis=-1)

    def _keep(self, made: dict[bytes, FloatArray]) -> None:
        if len(made) <= MOST_DRAWS:
            kept = self._kept if len(self._kept) + len(made) <= MOST_DRAWS else {}
            self._kept = {**kept, **{key: each.copy() for key, each in made.items()}}


class NetStage:
    """A stage on a net of cases.

    Parameters
    ----------
    weights
        By which each quantity is averaged, shape (scrambles, cases); by default those of the net.
    """

    def __init__(self, stage: Stage, cases: Cases, weights: Sequence[FloatArray] | None = None) -> None:
        self.stage, self._cases, self._weights = stage, cases, weights

    @cached_property
    def _lone(self) -> dict[int, Lone]:
        found = {}
        for row, place in enumerate(self.stage.alone):
            tape, reads = self.stage.same.only([row])
            origin, arguments = self._cases.origin(reads), (tape, reads, self._cases)
            kept = origin is not None
            found[place] = _kept_lone(Same(arguments, (), (tape, origin))) if kept else Lone(*arguments)
        return found

    @cached_property
    def _mixed(self) -> Mixed:
        cases, stage = self._cases, self.stage
        own, reads = stage.own.only(range(stage.own.outputs))
        weighed = [r for place, r in enumerate(stage.reads) if place not in stage.alone]
        origin = cases.origin([*reads, *stage.linked, *(row for rows in weighed for row in rows)])
        if origin is None or self._weights is not None:
            return Mixed(stage, cases, self._weights)
        link = cases.link.key if cases.link is not None and stage.linked else None
        key = own, stage.mixed, origin, tuple(map(len, weighed)), link
        return _kept_mixed(Same((stage, cases, None), (), key))

    def memory(self) -> FloatArray | None:
        """Return scratch space, to be used by one thread."""
        return self._mixed.memory() if self.stage.mixed.outputs else None

    def quantities(
        self, unknown: FloatArray, earlier: Sequence[FloatArray], memory: FloatArray | None = None
    ) -> list[FloatArray]:
        """Return the quantities of every case, each of shape (draws, cases), or (1, cases) of all draws.

        Parameters
        ----------
        unknown
            Few draws, shape (unknown inputs, draws).
        earlier
            Averages of earlier stages.
        """
        mixed = iter(())  # type: Iterator[FloatArray]
        if self.stage.mixed.outputs:
            shared = self._shared(unknown, earlier)
            mixed = iter(self._mixed.values(shared, self._cases.givers(unknown), memory))
        lone = self._lone
        return [lone[n].values if n in lone else next(mixed) for n in range(len(self.stage.texts))]

    def averaged(self, unknown: FloatArray, earlier: Sequence[FloatArray]) -> Iterator[Averaged]:
        """Yield the quantities of every case of few draws, with what is known of them."""
        stage = self.stage
        for place, values in enumerate(self.quantities(unknown, earlier)):
            yield Averaged(stage.texts[place], stage.reads[place], values, self._lone.get(place))

    def scrambles(
        self, unknown: FloatArray, earlier: Sequence[FloatArray], memory: FloatArray | None
    ) -> list[FloatArray]:
        """Return each quantity's mean over each scramble, shape (scrambles, draws), or (scrambles, 1)."""
        mixed = iter(())  # type: Iterator[FloatArray]
        if self.stage.mixed.outputs:
            shared = self._shared(unknown, earlier)
            mixed = iter(self._mixed.scrambles(shared, self._cases.givers(unknown), memory))
        return [self._same(n) if n in self._lone else next(mixed) for n in range(len(self.stage.texts))]

    def _same(self, place: int) -> FloatArray:
        """Return each scramble's mean of a quantity that is the same in all draws, shape (scrambles, 1)."""
        lone, reads = self._lone[place], self.stage.reads[place]
        if self._weights is not None:
            return means(lone.values, self._weights[place])
        # what is read by a quantity is what its average is helped by
        return lone.once("scrambles", lambda: means(lone.values, self._cases.weights(reads)))

    def _shared(self, unknown: FloatArray, earlier: Sequence[FloatArray]) -> FloatArray:
        """Return what the cases of each draw have in common, shape (rows, draws)."""
        tape = self.stage.shared
        found = np.empty((tape.outputs, unknown.shape[1]))
        tape.spread([*unknown, *earlier], found, np.empty((tape.slots, unknown.shape[1])))
        return found


@lru_cache(maxsize=256)
def _kept_lone(of: Same[tuple[Tape, tuple[int, ...], Cases]]) -> Lone:
    return Lone(*of.held)


@lru_cache(maxsize=16)
def _kept_mixed(of: Same[tuple[Stage, Cases, None]]) -> Mixed:
    return Mixed(*of.held)


def _computed(tape: Tape, columns: Sequence[FloatArray], size: int) -> FloatArray:
    found = np.empty((tape.outputs, size))
    tape.spread(columns, found, np.empty((tape.slots, size)))
    return found


def means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each scramble's mean over the cases, shape (scrambles, draws), from values (draws, cases)."""
    # no product by BLAS, whose last bits depend on how many rows there are
    return np.asarray(np.einsum("dc,sc->sd", values, weights))
