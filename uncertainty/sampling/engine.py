"""Who works through the blocks: one protocol, so that threads, processes or a cluster change no number."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from uncertainty.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Result = TypeVar("Result")

Span = tuple[int, int]
"""First block and one past the last."""

SPAN_BLOCKS = 4
"""Blocks that a worker takes at a time: few enough to share evenly, many enough to pay for a start."""


class Engine(Protocol):
    """Runs a task over spans of blocks."""

    def map(self, task: Callable[[Span], Result], spans: Sequence[Span]) -> Iterator[Result]:
        """Yield the task's results in the order of the spans."""
        ...


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads of this process; numpy works outside the interpreter's lock.

    Parameters
    ----------
    workers
        Number of threads; one works in the caller's own.
    """

    workers: int = 1

    def map(self, task: Callable[[Span], Result], spans: Sequence[Span]) -> Iterator[Result]:
        """Yield the task's results in the order of the spans."""
        if self.workers == 1 or len(spans) < 2:
            yield from map(task, spans)
            return
        pool = ThreadPoolExecutor(self.workers)
        try:
            yield from pool.map(task, spans)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def make_engine(threads: int | None = None) -> Engine:
    """Return an engine of `threads` threads, by default one for each core that this process may use.

    Raises
    ------
    SettingError
        If `threads` is not positive.
    """
    if threads is not None and threads < 1:
        raise SettingError(f"threads: expected at least 1, found {threads}")
    return Threads(threads or usable_cores())


def spans(blocks: int, size: int = SPAN_BLOCKS) -> list[Span]:
    """Cut `blocks` blocks into spans of `size`."""
    return [(first, min(first + size, blocks)) for first in range(0, blocks, size)]


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
