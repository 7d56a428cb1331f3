"""Random streams that depend on the seed and on names, never on order, blocks or threads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


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
