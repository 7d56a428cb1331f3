"""Designs: where in the unit cube a run evaluates its model.

A design gives uniforms, one row an input, in blocks of one constant size. Any block can be made without
the ones before it, so the numbers do not depend on who makes which block; each thread makes them at a source
of its own, whose memory and generators serve one block after the other. Random streams are keyed by input
name; Latin hypercubes and Sobol' points are independent randomisations of at most one block or a power of
two of points, so that the differences between them tell the Monte Carlo error.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Protocol, get_args

import numpy as np

from uncertainty.distributions.protocol import inside
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.sampling.nets import ScrambledNet, advance, generator, states, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.fast.compiler import Loops

DesignName = Literal["random", "lhs", "sobol"]

BLOCK = 2**14
"""Rows of a block: a row stays in a core's own cache, and calling numpy costs little beside working on it."""

MOST_NUMBERS = 2**23
"""Numbers of a block, which are 64 MiB: blocks of many inputs are shorter."""

FEWEST_REPLICATES = 16
"""Randomisations that a Student interval needs to be only slightly wider than a normal one."""

# Half a step of a generator's numbers or less, lost to rounding from 1/4 on, so that 0 and 1 never occur.
_HALF_STEP = 2.0**-55


class Source(Protocol):
    """Where one thread makes blocks of a design."""

    def block(self, number: int) -> FloatArray:
        """Return a block of uniforms in (0, 1), shape (names, rows); its memory is that of the next block."""
        ...


class Design(Protocol):
    """Uniforms in (0, 1) for a list of names, in blocks."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the rows of a block."""
        ...

    @property
    def samples(self) -> int:
        """Number of rows, after rounding up to what the design needs."""
        ...

    @property
    def replicate_rows(self) -> int:
        """Rows of one independent randomisation; 1 where every row is independent."""
        ...

    @property
    def block_rows(self) -> int:
        """Rows of every block but perhaps the last."""
        ...

    def source(self, buffer: FloatArray | None = None, loops: Loops | None = None) -> Source:
        """Return a new source of blocks, for one thread.

        Parameters
        ----------
        buffer
            Memory for a block, shape (names, block_rows); its own by default.
        loops
            Compiled loops to make them by, which changes no number.
        """
        ...

    def extended(self, samples: int) -> Design:
        """Return a design of at least `samples` rows that begins with this one's."""
        ...

    def only(self, rows: Sequence[int]) -> Design:
        """Return the design of some of the names, whose uniforms are the same."""
        ...


def rows_of_blocks(inputs: int) -> int:
    """Return the rows of blocks of some inputs, a power of two; how many there are changes no number."""
    return min(BLOCK, 1 << max((MOST_NUMBERS // max(inputs, 1)).bit_length() - 1, 0))


def blocks(design: Design) -> int:
    """Return the number of blocks of a design."""
    return -(-design.samples // design.block_rows)


def uniforms(design: Design, first: int = 0, last: int | None = None) -> Iterator[FloatArray]:
    """Yield blocks `first` to `last` - 1, by default all, of shape (names, rows); the array is reused."""
    return map(design.source().block, range(first, blocks(design) if last is None else last))


def few_uniforms(names: Sequence[str], rows: int, seed: int) -> FloatArray:
    """Return the first rows of a random design of some names, shape (names, rows).

    Looks at few draws come again and again, and the streams of a name take longer to begin than to be read.
    """
    rows = min(rows, rows_of_blocks(len(names)))
    return np.array([_few_uniforms(name, rows, seed) for name in names]).reshape(len(names), rows)


@lru_cache(maxsize=1024)
def _few_uniforms(name: str, rows: int, seed: int) -> FloatArray:
    found: FloatArray = RandomDesign((name,), rows, seed).source(np.empty((1, rows))).block(0)[0]
    return found


def _memory(design: Design, buffer: FloatArray | None) -> FloatArray:
    return np.empty((len(design.dimensions), design.block_rows)) if buffer is None else buffer


def check_design(name: str) -> None:
    """Refuse a name that no design has; SettingError says which was probably meant."""
    if name not in get_args(DesignName):
        raise SettingError(f'design: unknown design "{name}"{suggestion(name, get_args(DesignName))}')


def make_design(
    name: str, dimensions: tuple[str, ...], samples: int, seed: int, places: tuple[int, ...] = ()
) -> Design:
    """Return a design of at least `samples` rows.

    Parameters
    ----------
    name
        ``"random"``, ``"lhs"`` (Latin hypercube) or ``"sobol"`` (scrambled Sobol' points).
    dimensions
        Names of the inputs, one for each row of a block.
    places
        Which coordinate of the Sobol' points each of them has; by default in their own order. A study's
        inputs keep their places whichever of them vary, so that its readings share their draws.

    Raises
    ------
    SettingError
        If the name is unknown, `samples` is not positive or the seed is negative.
    """
    check_design(name)
    if samples < 1:
        raise SettingError(f"samples: expected at least 1, found {samples}")
    if samples > 2**40:
        raise SettingError(f"samples: expected at most 2^40, found {samples:.6g}")
    if seed < 0:
        raise SettingError(f"seed: expected 0 or more, found {seed}")
    if name == "random":
        return RandomDesign(dimensions, samples, seed)
    if name == "lhs":
        return LatinHypercubeDesign.of(dimensions, samples, seed)
    if name == "sobol":
        return SobolDesign.of(dimensions, samples, seed, places)
    raise AssertionError


@dataclass(frozen=True, slots=True)
class RandomDesign:
    """Independent rows: row i of an input is number i of the stream that its name has."""

    dimensions: tuple[str, ...]
    samples: int
    seed: int

    @property
    def replicate_rows(self) -> int:
        """Every row is independent."""
        return 1

    @property
    def block_rows(self) -> int:
        """Rows of every block but perhaps the last."""
        return rows_of_blocks(len(self.dimensions))

    def extended(self, samples: int) -> RandomDesign:
        """Return a design of at least `samples` rows that begins with this one's."""
        return replace(self, samples=max(self.samples, samples))

    def only(self, rows: Sequence[int]) -> RandomDesign:
        """Return the design of some of the names, whose uniforms are the same."""
        return replace(self, dimensions=tuple(self.dimensions[row] for row in rows))

    def source(self, buffer: FloatArray | None = None, loops: Loops | None = None) -> Source:
        """Return a new source of blocks, for one thread."""
        memory = _memory(self, buffer)
        return RandomSource(self, memory) if loops is None else CompiledRandomSource(self, memory, loops)


class RandomSource:
    """Blocks of independent rows; the next one costs nothing beside its draws, any other hardly more."""

    def __init__(self, design: RandomDesign, buffer: FloatArray) -> None:
        self._samples, self._buffer, self._next = design.samples, buffer, 0
        self._rows = design.block_rows
        self._streams = [np.random.PCG64(stream(design.seed, name)) for name in design.dimensions]
        self._generators = [np.random.Generator(bits) for bits in self._streams]

    def block(self, number: int) -> FloatArray:
        """Return a block of uniforms in (0, 1), shape (names, rows); its memory is that of the next block."""
        if number != self._next:
            advance(self._streams, (number - self._next) * self._rows)
        self._next = number + 1
        # a partial block is drawn whole, so that each row is of one shape and contiguous
        for draw, row in zip(self._generators, self._buffer, strict=True):
            draw.random(out=row)
            np.add(row, _HALF_STEP, out=row)
        return self._buffer[:, : min(self._rows, self._samples - number * self._rows)]


class CompiledRandomSource:
    """The same blocks by compiled loops, which work on copies of the streams' states."""

    def __init__(self, design: RandomDesign, buffer: FloatArray, loops: Loops) -> None:
        self._samples, self._buffer, self._loops = design.samples, buffer, loops
        self._rows = design.block_rows
        self._streams = [np.random.PCG64(stream(design.seed, name)) for name in design.dimensions]
        self._states = states(self._streams)
        self._copied = self._next = 0

    def block(self, number: int) -> FloatArray:
        """Return a block of uniforms in (0, 1), shape (names, rows); its memory is that of the next block."""
        if number != self._next:
            advance(self._streams, (number - self._copied) * self._rows)
            self._states, self._copied = states(self._streams), number
        self._next = number + 1
        self._loops.draw(self._states, self._buffer)
        return self._buffer[:, : min(self._rows, self._samples - number * self._rows)]


@dataclass(frozen=True, slots=True)
class LatinHypercubeDesign:
    """Independent Latin hypercubes, one a block (McKay, Beckman & Conover 1979, doi:10.2307/1268522)."""

    dimensions: tuple[str, ...]
    replicate_rows: int
    replicates: int
    seed: int

    @classmethod
    def of(cls, dimensions: tuple[str, ...], samples: int, seed: int) -> LatinHypercubeDesign:
        """Return as many hypercubes of one size as make up at least `samples` rows."""
        replicates = max(FEWEST_REPLICATES, -(-samples // BLOCK))
        return cls(dimensions, -(-samples // replicates), replicates, seed)

    @property
    def samples(self) -> int:
        """Number of rows, after rounding up to whole replicates."""
        return self.replicates * self.replicate_rows

    @property
    def block_rows(self) -> int:
        """A block is one hypercube."""
        return self.replicate_rows

    def extended(self, samples: int) -> LatinHypercubeDesign:
        """Return a design of at least `samples` rows that begins with this one's, by more replicates."""
        return replace(self, replicates=max(self.replicates, -(-samples // self.replicate_rows)))

    def only(self, rows: Sequence[int]) -> LatinHypercubeDesign:
        """Return the design of some of the names, whose uniforms are the same."""
        return replace(self, dimensions=tuple(self.dimensions[row] for row in rows))

    def source(
        self,
        buffer: FloatArray | None = None,
        loops: Loops | None = None,  # noqa: ARG002 - permutations are numpy's
    ) -> LatinHypercubeSource:
        """Return a new source of blocks, for one thread."""
        return LatinHypercubeSource(self, _memory(self, buffer))


class LatinHypercubeSource:
    """Latin hypercubes, each from streams of its own."""

    def __init__(self, design: LatinHypercubeDesign, buffer: FloatArray) -> None:
        self._seed, self._dimensions, self._buffer = design.seed, design.dimensions, buffer

    def block(self, number: int) -> FloatArray:
        """Return a block of uniforms in (0, 1), shape (names, rows); its memory is that of the next block."""
        rows = self._buffer.shape[1]
        for name, row in zip(self._dimensions, self._buffer, strict=True):
            draw = generator(self._seed, name, number)
            draw.random(out=row)
            np.add(row, draw.permutation(rows), out=row)
        self._buffer /= rows
        return inside(self._buffer, out=self._buffer)


@dataclass(frozen=True, slots=True)
class SobolDesign:
    """Independent scrambles of the Sobol' sequence, whose coordinate `places[i]` is row i."""

    dimensions: tuple[str, ...]
    replicate_rows: int
    replicates: int
    seed: int
    places: tuple[int, ...] = ()

    @classmethod
    def of(
        cls, dimensions: tuple[str, ...], samples: int, seed: int, places: tuple[int, ...] = ()
    ) -> SobolDesign:
        """Return 16 to 31 scrambles of one power of two of points, at least `samples` in all."""
        per_replicate = 1 << max(0, (samples // FEWEST_REPLICATES).bit_length() - 1)
        replicates = max(FEWEST_REPLICATES, -(-samples // per_replicate))
        return cls(dimensions, per_replicate, replicates, seed, places)

    @property
    def samples(self) -> int:
        """Number of rows, after rounding up to whole replicates."""
        return self.replicates * self.replicate_rows

    @property
    def block_rows(self) -> int:
        """Rows of every block; whole blocks make up a scramble."""
        return min(rows_of_blocks(len(self.dimensions)), self.replicate_rows)

    def extended(self, samples: int) -> SobolDesign:
        """Return a design of at least `samples` rows that begins with this one's, by more replicates."""
        return replace(self, replicates=max(self.replicates, -(-samples // self.replicate_rows)))

    def only(self, rows: Sequence[int]) -> SobolDesign:
        """Return the design of some of the names, whose uniforms are the same."""
        places = self.places or range(len(self.dimensions))
        names = tuple(self.dimensions[row] for row in rows)
        return replace(self, dimensions=names, places=tuple(places[row] for row in rows))

    def source(self, buffer: FloatArray | None = None, loops: Loops | None = None) -> SobolSource:
        """Return a new source of blocks, for one thread."""
        return SobolSource(self, _memory(self, buffer), loops)


class SobolSource:
    """Blocks of scrambled nets; the scramble that was used last is kept."""

    def __init__(self, design: SobolDesign, buffer: FloatArray, loops: Loops | None) -> None:
        self._design, self._buffer, self._loops = design, buffer, loops
        self._places = design.places or tuple(range(len(design.dimensions)))
        self._net: ScrambledNet | None = None
        self._scramble = -1

    def block(self, number: int) -> FloatArray:
        """Return a block of uniforms in (0, 1), shape (names, rows); its memory is that of the next block."""
        design, rows = self._design, self._design.block_rows
        scramble, position = divmod(number, design.replicate_rows // rows)
        if self._net is None or scramble != self._scramble:
            draw = generator(design.seed, "sobol", scramble)
            coordinates = max(self._places, default=-1) + 1
            self._net = ScrambledNet(coordinates, design.replicate_rows, rows, draw, self._places)
            self._scramble = scramble
        if self._loops is not None:
            self._loops.fill(self._net.begin(position), self._net.steps, self._buffer)
        else:
            self._net.fill(position, self._buffer)
        return self._buffer
