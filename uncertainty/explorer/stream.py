"""The explorer's uniforms: one Latin hypercube of cell middles, the same in Python and in the browser.

Each input visits the middles of equal cells in an order of its own, which follows from its name alone: an
input that is changed, fixed or freed leaves every other input's draws as they were. `engine.js` makes the
same numbers from the same integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

DRAWS = 10_000


def order(name: str, draws: int = DRAWS) -> NDArray[np.int64]:
    """Return the cell that each draw of an input falls in, a permutation of shape (draws,).

    The cells are sorted by hashes of their number and the input's name: FNV-1a of the name's UTF-8 bytes
    starts a Weyl sequence, whose terms the finaliser of MurmurHash3 mixes.
    """
    step = np.uint32(0x9E3779B9)
    keys = np.uint32(_fnv1a(name)) + step * np.arange(1, draws + 1, dtype=np.uint32)
    keys ^= keys >> np.uint32(16)
    keys *= np.uint32(0x85EBCA6B)
    keys ^= keys >> np.uint32(13)
    keys *= np.uint32(0xC2B2AE35)
    keys ^= keys >> np.uint32(16)
    return np.argsort(keys, kind="stable")


def uniforms(name: str, draws: int = DRAWS) -> FloatArray:
    """Return an input's uniforms, shape (draws,)."""
    return (order(name, draws) + 0.5) / draws


def _fnv1a(text: str) -> int:
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
