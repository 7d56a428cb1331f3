"""Averages over a net of cases, each found once for whoever asks for it.

Scenarios of one study average mostly the same over the same cases. What an average depends on is its program,
the columns of the net that it reads, and of a draw the few values that it is not linear in: an average that
depends on no draw is found once for all scenarios, and any other once for each value of these.
"""

from __future__ import annotations

from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.records import Lately, Later, Same
from uncertainty.sampling.cases import SCRAMBLES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from typing import TypeVar

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.expressions.stages import Stage
    from uncertainty.sampling.cases import Cases

    Found = TypeVar("Found")

AT_ONCE = 2**14
"""Cases, over all draws, that are worked at together: a row of them stays in a core's own cache."""

MOST_DRAWS = 2**18
"""Draws whose averages are kept for those who ask for the same ones again, of all quantities: 16 MiB."""

MOST_OF_ONE = 2**15
"""The most of one quantity that are kept together."""

TOGETHER = 2**3
"""Quantities whose values are made together, which have much in common."""

MOST_FINDINGS = 2**6
"""What is kept of what was found of a quantity in some draws."""


class Averaged(NamedTuple):
    """What is averaged.

    Parameters
    ----------
    text
        As it is written.
    reads
        Inputs that differ and that it depends on.
    made
        Its values in every case of some draws.
    kept
        What was found of it before; None where nothing is kept.
    asked
        What of these draws it depends on.
    """

    text: str
    reads: tuple[int, ...]
    made: Later[FloatArray]
    kept: Kept | None = None
    asked: bytes = b""

    @property
    def values(self) -> FloatArray:
        """In every case of some draws, shape (draws, cases); (1, cases) where it is the same in all draws."""
        return self.made.value

    def once(self, what: str, find: Callable[[], Found]) -> Found:
        """Return what is found of the values; once for all scenarios that ask for the same ones."""
        return find() if self.kept is None else self.kept.once(what, self.asked, find)


@lru_cache(maxsize=1)
def _store() -> Lately[tuple[Means, bytes], FloatArray]:
    """Return the means that were found last, of all quantities together."""
    return Lately(MOST_DRAWS)


class Means:
    """Each scramble's mean of a quantity, as far as some draws have been asked for lately."""

    def __init__(self) -> None:
        self._store = _store()

    def of(self, asked: bytes) -> FloatArray | None:
        """Return the means, shape (scrambles, draws), if the same draws were asked for before."""
        return self._store.of((self, asked))

    def keep(self, asked: bytes, means: FloatArray) -> None:
        """Keep means, and forget those that nobody has asked for the longest."""
        if means.shape[1] <= MOST_OF_ONE:
            self._store.keep((self, asked), means, means.shape[1])

    def __reduce__(self) -> tuple[type[Means], tuple[()]]:
        """Let another process find anew."""
        return Means, ()


class Kept:
    """What was found of one quantity in the cases of a net."""

    def __init__(self) -> None:
        self.means = Means()
        self._found: dict[tuple[str, bytes], object] = {}

    def knows(self, what: str, asked: bytes) -> bool:
        """Tell whether something was found of its values in some draws before."""
        return (what, asked) in self._found

    def once(self, what: str, asked: bytes, find: Callable[[], Found]) -> Found:
        """Return what was found of its values in some draws before, or find it."""
        key, known = (what, asked), self._found
        if key not in known:
            self._found = {**(known if len(known) < MOST_FINDINGS else {}), key: find()}
        return self._found[key]  # type: ignore[return-value] # what names one kind of finding


@lru_cache(maxsize=1024)
def _kept(quantity: Hashable) -> Kept:  # noqa: ARG001 - what it is of
    return Kept()


class Part(NamedTuple):
    """One of a stage's mixed quantities.

    Parameters
    ----------
    program
        What it is computed by: two of one program are one quantity, if they read the same.
    shared
        Rows of what the cases of a draw have in common that it reads.
    own
        Inputs that differ and that what it needs of a case alone is computed from.
    linked
        Inputs that are linked to unknowns and that it reads.
    """

    program: Hashable
    shared: tuple[int, ...]
    own: tuple[int, ...]
    linked: tuple[int, ...]


@lru_cache(maxsize=256)
def _parts(of: Same[Stage]) -> tuple[Part, ...]:
    """Return each mixed quantity of a stage by itself."""
    stage = of.held
    found = []
    for row in range(stage.mixed.outputs):
        tape, columns = stage.mixed.only([row])
        shared, own, linked = stage.told_apart(columns)
        of_case, reads = stage.own.only(own)
        tied = tuple(stage.linked[place] for place in linked)
        found.append(Part((tape, of_case, len(linked)), tuple(shared), reads, tied))
    return tuple(found)


@lru_cache(maxsize=256)
def _only(of: Same[Tape], rows: tuple[int, ...]) -> tuple[Tape, tuple[int, ...]]:
    return of.held.only(rows)


class NetStage:
    """A stage on a net of cases.

    Parameters
    ----------
    weights
        By which each quantity is averaged, shape (scrambles, cases); by default those of the net.
    """

    def __init__(self, stage: Stage, cases: Cases, weights: Sequence[FloatArray] | None = None) -> None:
        self.stage, self._cases, self._given = stage, cases, weights
        self._places = [place for place in range(len(stage.texts)) if place not in stage.alone]

    @cached_property
    def _lone(self) -> dict[int, tuple[Tape, tuple[int, ...], Kept]]:
        """Return of each quantity that is the same in all draws its program, and the inputs it reads."""
        found = {}
        for row, place in enumerate(self.stage.alone):
            tape, reads = _only(Same(self.stage.same), (row,))
            origin = self._cases.origin(reads)
            found[place] = tape, reads, Kept() if origin is None else _kept((tape, origin))
        return found

    @cached_property
    def _mixed(self) -> list[tuple[Part, Kept]]:
        """Return the other quantities, with what is kept of each."""
        cases = self._cases
        found = []
        for place, part in zip(self._places, _parts(Same(self.stage)), strict=True):
            weighed = self.stage.reads[place]
            origin = cases.origin([*part.own, *part.linked, *weighed])
            link = cases.link.key if cases.link is not None and part.linked else None
            key = part.program, origin, len(weighed), link
            found.append((part, Kept() if origin is None else _kept(key)))
        return found

    @property
    def averages(self) -> Hashable:
        """What its averages are, as functions of what the cases of a draw have in common."""
        mixed = ((part.shared, kept) for part, kept in self._mixed)
        return (*mixed, *((place, kept) for place, (_, _, kept) in self._lone.items()))

    @cached_property
    def _means(self) -> list[Means]:
        """Return where means of each mixed quantity are kept; those by other weights are nobody else's."""
        return [Means() if self._given is not None else kept.means for _, kept in self._mixed]

    @cached_property
    def _own(self) -> FloatArray:
        """Return what mixed quantities need that depends on the case alone, shape (rows, cases)."""
        return _computed(self.stage.own, self._cases.values, self._cases.size)

    def _weights(self, place: int) -> FloatArray:
        given = self._given
        return self._cases.weights(self.stage.reads[place]) if given is None else given[place]

    def moved(self, unknown: Sequence[int]) -> list[int]:
        """Return which quantities depend on some rows of the draws."""
        linked = self._cases.link is not None and not set(self._cases.link.unknowns).isdisjoint(unknown)
        found = []
        for place, part in zip(self._places, _parts(Same(self.stage)), strict=True):
            read = self.stage.shared.only(part.shared)[1]
            if (linked and part.linked) or not set(read).isdisjoint(unknown):
                found.append(place)
        return found

    @property
    def _at_once(self) -> int:
        """Draws that are worked at together."""
        return max(1, AT_ONCE // self._cases.size)

    def memory(self) -> FloatArray | None:
        """Return scratch space for as many draws as are worked at together, to be used by one thread."""
        mixed = self.stage.mixed
        if not mixed.outputs:
            return None
        return np.empty((mixed.slots + mixed.outputs, self._at_once * self._cases.size))

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
        found = {place: self._same_values(place) for place in self.stage.alone}
        if self._places:
            shared, givers = self._shared(unknown, earlier), self._cases.givers(unknown)
            rows = self._values(range(len(self._places)), shared, givers, memory)
            found |= dict(zip(self._places, rows, strict=True))
        return [found[place] for place in range(len(self.stage.texts))]

    def averaged(
        self, unknown: FloatArray, earlier: Sequence[FloatArray], what: str = ""
    ) -> Iterator[Averaged]:
        """Yield the quantities of every case of few draws, with what is known of them.

        Parameters
        ----------
        what
            Names a finding: the values of all quantities of which it is not known yet are made together.
        """
        stage = self.stage
        made: dict[int, tuple[Later[FloatArray], Kept, bytes]] = {
            place: (Later(partial(self._same_values, place)), kept, b"")
            for place, (_, _, kept) in self._lone.items()
        }
        if self._places:
            shared, givers = self._shared(unknown, earlier), self._cases.givers(unknown)
            keys = [_key(self._asked(part, shared, givers)) for part, _ in self._mixed]
            asked = [(kept, key) for (_, kept), key in zip(self._mixed, keys, strict=True)]
            missing = [row for row, (kept, key) in enumerate(asked) if what and not kept.knows(what, key)]
            known = [[row] for row in range(len(keys)) if row not in missing]
            parts = [missing[first : first + TOGETHER] for first in range(0, len(missing), TOGETHER)]
            for rows in (*known, *parts):
                values = Later(partial(self._each_value, rows, shared, givers))
                for row in rows:
                    made[self._places[row]] = Later(partial(_taken, values, row)), *asked[row]
        for place, text in enumerate(stage.texts):
            yield Averaged(text, stage.reads[place], *made[place])

    def scrambles(
        self, unknown: FloatArray, earlier: Sequence[FloatArray], memory: FloatArray | None
    ) -> list[FloatArray]:
        """Return each quantity's mean over each scramble, shape (scrambles, draws), or (scrambles, 1)."""
        if not self._places:
            return self.scrambles_of(np.empty((0, 0)), np.empty((0, 0)), memory)
        return self.scrambles_of(self._shared(unknown, earlier), self._cases.givers(unknown), memory)

    def scrambles_of(
        self, shared: FloatArray, givers: FloatArray, memory: FloatArray | None = None
    ) -> list[FloatArray]:
        """Return the same from what the cases of each draw have in common.

        Parameters
        ----------
        shared
            The results of the stage's shared program, shape (rows, draws).
        givers
            What linked inputs follow from, shape (givers, draws).
        """
        found = {place: self._same(place) for place in self.stage.alone}
        if self._places:
            found |= dict(zip(self._places, self._mixed_means(shared, givers, memory), strict=True))
        return [found[place] for place in range(len(self.stage.texts))]

    def _same_values(self, place: int) -> FloatArray:
        """Return the values of a quantity that is the same in all draws, shape (1, cases)."""
        tape, reads, _ = self._lone[place]
        return _computed(tape, [self._cases.values[row] for row in reads], self._cases.size)

    def _same(self, place: int) -> FloatArray:
        """Return each scramble's mean of such a quantity, shape (scrambles, 1)."""
        if self._given is not None:
            return means(self._same_values(place), self._given[place])
        # what is read by a quantity is what its average is helped by
        kept = self._lone[place][2]
        return kept.once("scrambles", b"", lambda: means(self._same_values(place), self._weights(place)))

    def _each_value(
        self, rows: Sequence[int], shared: FloatArray, givers: FloatArray
    ) -> dict[int, FloatArray]:
        """Return the values of some mixed quantities in every case of a few draws, shape (draws, cases)."""
        return dict(zip(rows, self._values(rows, shared, givers), strict=True))

    def _values(
        self, rows: Sequence[int], shared: FloatArray, givers: FloatArray, memory: FloatArray | None = None
    ) -> FloatArray:
        """Return values of some mixed quantities in every case of a few draws, shape (rows, draws, cases).

        Parameters
        ----------
        shared
            What the cases of a draw have in common, shape (rows, draws).
        givers
            What linked inputs follow from, shape (givers, draws).
        """
        size, count = self._cases.size, shared.shape[1]
        tape, columns = _only(Same(self.stage.mixed), tuple(rows))
        of_draw, of_case, linked = self.stage.told_apart(columns)
        tied: list[FloatArray] = []
        link = self._cases.link
        if link is not None and linked:
            each = self._cases.linked_values(givers)
            tied = [each[link.rows.index(self.stage.linked[place])] for place in linked]
        own = [self._own[row] for row in of_case] if of_case else []
        room = tape.slots + tape.outputs
        memory = np.empty((room, count * size)) if memory is None else memory[:room, : count * size]
        found = memory.reshape(room, count, size)
        tape.spread([*shared[of_draw, :, None], *own, *tied], found[tape.slots :], found[: tape.slots])
        return found[tape.slots :]

    def _mixed_means(
        self, shared: FloatArray, givers: FloatArray, memory: FloatArray | None
    ) -> list[FloatArray]:
        """Return each scramble's mean of each mixed quantity in each draw, shape (scrambles, draws) each.

        What others have asked for is not found again, and what is not known yet is found together.
        """
        asked = [self._asked(part, shared, givers) for part, _ in self._mixed]
        keys = list(map(_key, asked))
        found = [kept.of(key) for kept, key in zip(self._means, keys, strict=True)]
        missing = [row for row, each in enumerate(found) if each is None]
        if missing:
            # of draws in which they read the same one is enough
            first, again = _distinct(np.concatenate([asked[row] for row in missing]))
            for row, each in zip(missing, self._found(missing, first, shared, givers, memory), strict=True):
                found[row] = whole = np.ascontiguousarray(each[:, again])
                self._means[row].keep(keys[row], whole)
        return [each for each in found if each is not None]

    def _found(
        self,
        rows: Sequence[int],
        draws: NDArray[np.intp],
        shared: FloatArray,
        givers: FloatArray,
        memory: FloatArray | None,
    ) -> FloatArray:
        """Return each scramble's mean of some quantities in some draws, shape (rows, scrambles, draws)."""
        found = np.empty((len(rows), SCRAMBLES, len(draws)))
        weights = [self._weights(self._places[row]) for row in rows]
        for first in range(0, len(draws), self._at_once):
            chosen = draws[first : first + self._at_once]
            values = self._values(rows, shared[:, chosen], givers[:, chosen], memory)
            for out, each, own in zip(found, values, weights, strict=True):
                out[:, first : first + len(chosen)] = means(each, own)
        return found

    def _asked(self, part: Part, shared: FloatArray, givers: FloatArray) -> FloatArray:
        """Return what a quantity depends on in some draws, shape (rows, draws)."""
        read = shared[list(part.shared)]
        return np.concatenate([read, givers]) if part.linked else read

    def _shared(self, unknown: FloatArray, earlier: Sequence[FloatArray]) -> FloatArray:
        """Return what the cases of each draw have in common, shape (rows, draws)."""
        tape = self.stage.shared
        found = np.empty((tape.outputs, unknown.shape[1]))
        tape.spread([*unknown, *earlier], found, np.empty((tape.slots, unknown.shape[1])))
        return found


def _taken(found: Later[dict[int, FloatArray]], row: int) -> FloatArray:
    return found.value[row]


def _key(asked: FloatArray) -> bytes:
    """Return what tells draws from others: where nothing is read, how many there are."""
    return asked.tobytes() or b"%d" % asked.shape[1]


def _distinct(asked: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which draws are the first of their like, and for each draw its place among these."""
    # by their digits, which tell 0 from -0
    digits, count = asked.view(np.int64), asked.shape[1]
    if (digits == digits[:, :1]).all():
        return np.zeros(min(1, count), np.intp), np.zeros(count, np.intp)
    if any(map(_differ, asked)):
        every = np.arange(count)
        return every, every
    rows = np.ascontiguousarray(asked.T).view(f"V{8 * len(asked)}")[:, 0]
    _, first, again = np.unique(rows, return_index=True, return_inverse=True)
    return first, again


def _differ(values: FloatArray) -> bool:
    """Tell whether no two of some values are one, which takes less time than to find those that are."""
    ordered = np.sort(values)
    return bool((ordered[1:] != ordered[:-1]).all())


def _computed(tape: Tape, columns: Sequence[FloatArray], size: int) -> FloatArray:
    found = np.empty((tape.outputs, size))
    tape.spread(columns, found, np.empty((tape.slots, size)))
    return found


def means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return each scramble's mean over the cases, shape (scrambles, draws), from values (draws, cases)."""
    # no product by BLAS, whose last bits depend on how many rows there are
    return np.asarray(np.einsum("dc,sc->sd", values, weights))
