"""Random streams that depend on the seed and on names, never on order, blocks or threads."""

from __future__ import annotations

import hashlib

import numpy as np


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


def generator(seed: int, *keys: str | int) -> np.random.Generator:
    """Return a generator over the stream that `keys` name."""
    return np.random.Generator(np.random.PCG64(stream(seed, *keys)))
