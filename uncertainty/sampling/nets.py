"""Random streams that depend on the seed and on names, and the scrambled Sobol' points that they make."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from uncertainty.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray


BITS = 30
"""Binary digits of a coordinate."""

MOST_DIMENSIONS = 21201
"""Dimensions that direction numbers are known for."""

TOGETHER = 2**13
"""Numbers that short rows are gathered to: they stay in a core's own cache."""

FEW = 2**5
"""Points of each coordinate that are made before the others, where numpy's calls cost more than its work."""

Words: TypeAlias = NDArray[np.uint32]


class ScrambledNet:
    """Random linear scramble and digital shift of a Sobol' net (Matoušek 1998, doi:10.1006/jcom.1998.0489).

    Parameters
    ----------
    dimensions
        Number of coordinates of a point.
    size
        Number of points, a power of two.
    rows
        Points of a block, a power of two that divides `size`.
    generator
        Source of the scramble.
    places
        The coordinates that are wanted, all of them by default; which are wanted changes none of them.

    Attributes
    ----------
    steps
        What a point differs by from one whose number has one digit less, shape (places, digits).
    """

    def __init__(
        self,
        dimensions: int,
        size: int,
        rows: int,
        generator: np.random.Generator,
        places: tuple[int, ...] | None = None,
    ) -> None:
        wanted = list(range(dimensions) if places is None else places)
        # a coordinate's randomness follows that of the ones before it, so later ones never change it
        random = generator.integers(1 << BITS, size=(dimensions, BITS + 1), dtype=np.uint32)[wanted]
        self.steps = scramble(directions(dimensions, size.bit_length() - 1)[wanted], random[:, :BITS])
        self._shift = random[:, BITS]
        self._rows = rows
        self._few = np.zeros((len(wanted), min(rows, FEW)), dtype=np.uint32)
        _double(self._few, self.steps, 1)
        self._words = np.empty((max(TOGETHER // rows, 1), rows), dtype=np.uint32)

    def begin(self, block: int) -> Words:
        """Return the first point of a block, in digits, shape (places,)."""
        number, words = block * self._rows, self._shift.copy()
        for digit in range(self.steps.shape[1]):
            if number >> digit & 1:
                words ^= self.steps[:, digit]
        return words

    def fill(self, block: int, out: FloatArray) -> None:
        """Write a block of points, middles of cells of width 2^-30, to `out`, shape (places, rows)."""
        begin, step = self.begin(block), len(self._words)
        for start in range(0, len(out), step):
            part = slice(start, start + step)
            words, rows, few = self._words[: len(out) - start], out[part], self._few[part]
            np.bitwise_xor(few, begin[part, None], out=words[:, : few.shape[1]])
            _double(words, self.steps[part], few.shape[1])
            np.multiply(words, 2.0**-BITS, out=rows)
            np.add(rows, 2.0 ** -(BITS + 1), out=rows)


def _double(words: Words, steps: Words, known: int) -> None:
    """Fill rows of which the first `known` points are known, a power of two."""
    while known < words.shape[1]:
        step = steps[:, known.bit_length() - 1, None]
        np.bitwise_xor(words[:, :known], step, out=words[:, known : 2 * known])
        known *= 2


@lru_cache(maxsize=32)
def directions(dimensions: int, digits: int) -> Words:
    """Return the direction numbers of Joe and Kuo (2008, doi:10.1137/070709359), shape (dimensions, digits).

    Those of the first dimensions are made from a table beside this module, more of them from scipy's.

    Raises
    ------
    SettingError
        If there are more dimensions than numbers are known for.
    """
    if dimensions > MOST_DIMENSIONS:
        raise SettingError(
            f"design: sobol has at most {MOST_DIMENSIONS} inputs, not {dimensions}; use random or lhs"
        )
    if digits > BITS:
        raise SettingError(f"samples: a sobol design has at most 2^{BITS} points in one scramble")
    rows = table()
    if dimensions > len(rows):
        rows = rows + table_of_scipy(len(rows), dimensions)
    if dimensions > len(rows):
        return _of_scipy(dimensions, digits)
    found = np.empty((dimensions, digits), dtype=np.uint32)
    for row, (polynomial, *initial) in zip(found, rows, strict=False):
        row[:] = recurrence(polynomial, initial, digits)
    return found


@lru_cache(maxsize=1)
def table() -> list[list[int]]:
    """Return the primitive polynomials of the first dimensions, each with its initial numbers."""
    rows: list[list[int]] = json.loads(Path(__file__).with_name("joe_kuo.json").read_text(encoding="utf-8"))
    return rows


def table_of_scipy(first: int, last: int) -> list[list[int]]:
    """Return the polynomials of dimensions `first` to `last` - 1 from scipy's file; none if it has another.

    The statistics of scipy, which give the same numbers, take longer to import than most runs take.
    """
    package = find_spec("scipy")
    folder = Path((package and package.origin) or "").parent
    try:
        with np.load(folder / "stats" / "_sobol_direction_numbers.npz") as numbers:
            polynomials, initial = (numbers[key][first:last].tolist() for key in ("poly", "vinit"))
    except (OSError, KeyError, ValueError):
        return []
    return [
        [polynomial, *own[: polynomial.bit_length() - 1]]
        for polynomial, own in zip(polynomials, initial, strict=True)
    ]


def recurrence(polynomial: int, initial: Sequence[int], digits: int) -> list[int]:
    """Return the direction numbers that follow from a primitive polynomial and the initial ones."""
    degree = len(initial)
    numbers = list(initial[:digits])
    for place in range(degree, digits):
        number = numbers[place - degree]
        for step in range(1, degree + 1):
            if polynomial >> (degree - step) & 1:
                number ^= numbers[place - step] << step
        numbers.append(number)
    return [number << (BITS - 1 - place) for place, number in enumerate(numbers)]


def _of_scipy(dimensions: int, digits: int) -> Words:
    """Read direction numbers off scipy's points: number 2^k of its order has those of k and k - 1."""
    from scipy.stats import qmc

    found = np.zeros((dimensions, digits + 1), dtype=np.uint32)
    engine = qmc.Sobol(dimensions, scramble=False, bits=BITS)
    for digit in range(digits):
        engine.fast_forward((1 << digit) - engine.num_generated)
        point = np.ldexp(engine.random(1)[0], BITS).astype(np.uint32)
        found[:, digit] = point ^ found[:, digit - 1]
    return found[:, :digits]


def scramble(words: Words, random: Words) -> Words:
    """Multiply the digits of every word, shape (dimensions, words), by its dimension's random matrix.

    The matrices are lower triangular with ones on the diagonal, so that the points stay a net; what is below
    comes from `random`, shape (dimensions, BITS).
    """
    place = np.arange(BITS - 1, -1, -1, dtype=np.uint32)
    above = np.uint32((1 << BITS) - 1) ^ ((np.uint32(1) << (place + np.uint32(1))) - np.uint32(1))
    rows = (random & above) | (np.uint32(1) << place)
    digits = np.bitwise_count(rows[:, None] & words[:, :, None]) & np.uint8(1)
    # four bytes of each word, its first digit in front
    scrambled = np.packbits(digits, axis=2).view(">u4")[:, :, 0].astype(np.uint32)
    return scrambled >> np.uint32(32 - BITS)


def stream(seed: int, *keys: str | int) -> np.random.SeedSequence:
    """Return the seed sequence of the stream that `keys` name.

    Streams of different keys are independent, and a key's stream does not change when others come or go.

    Parameters
    ----------
    seed
        Any non-negative integer, 0 included.
    *keys
        An input's name, a purpose, a replicate's number, …
    """
    digest = hashlib.sha256("\x1f".join(map(str, keys)).encode()).digest()
    return np.random.SeedSequence(seed, spawn_key=tuple(np.frombuffer(digest, dtype="<u4").tolist()))


def advance(streams: Sequence[np.random.PCG64], draws: int) -> None:
    """Move streams on by some draws, or back if that is negative."""
    for bits in streams:
        bits.advance(draws)


def states(streams: Sequence[np.random.PCG64]) -> NDArray[np.uint64]:
    """Return where streams are, shape (streams, 4): state and increment, each in two halves, upper first."""
    found = np.empty((len(streams), 4), np.uint64)
    for row, bits in zip(found, streams, strict=True):
        state: Any = bits.state["state"]
        row[:] = [half for number in (state["state"], state["inc"]) for half in divmod(number, 1 << 64)]
    return found


def generator(seed: int, *keys: str | int) -> np.random.Generator:
    """Return a generator over the stream that `keys` name."""
    return np.random.Generator(np.random.PCG64(stream(seed, *keys)))


FARTHEST = 15.0
"""Powers of ten between far-out inputs' largest and smallest probability of lying beyond them."""


def spread_out(u: FloatArray) -> FloatArray:
    """Return probabilities of which a quarter lies in each tail, its powers of ten evenly spread."""
    low, high = (10.0 ** (-FARTHEST * 4 * each) for each in (u, 1 - u))
    return np.where(u < 0.25, low, np.where(u > 0.75, 1 - high, 2 * u - 0.5))


def spread_density(p: FloatArray) -> FloatArray:
    """Return how much denser such probabilities lie at some of them than uniform ones do."""
    return np.asarray(0.5 + (1 / p + 1 / (1 - p)) / (4 * FARTHEST * np.log(10)))
