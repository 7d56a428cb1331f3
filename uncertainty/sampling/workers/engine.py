"""Who works through the blocks: one protocol, so that threads, processes or a cluster change no number.

A task carries everything that its draws depend on, so whoever runs it, and however often, finds the same.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, get_args

from uncertainty.errors import SettingError, UncertaintyError, suggestion
from uncertainty.extras import require
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from uncertainty.study.calling import Turns


Result = TypeVar("Result")
Answer_co = TypeVar("Answer_co", covariant=True)

Span = tuple[int, int]
"""First block and one past the last."""

EngineName = Literal["threads", "processes", "dask"]

SPAN_BLOCKS = 4
"""Blocks that a worker takes at a time: few enough to share evenly, many enough to pay for a start."""

MOST_FAILURES = 3
"""How often workers may die before a run is given up."""

WAITING = 3
"""Tasks handed out at a time for each worker, so that finished results never pile up."""


class Engine(Protocol):
    """Runs a task over spans of blocks."""

    @property
    def shares_memory(self) -> bool:
        """Whether tasks can write to arrays of the caller's."""
        ...

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
    shares_memory = True

    def map(self, task: Callable[[Span], Result], spans: Sequence[Span]) -> Iterator[Result]:
        """Yield the task's results in the order of the spans."""
        if self.workers == 1 or len(spans) < 2:
            yield from map(task, spans)
            return
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(self.workers)
        handed_out: deque[Pending[Result]] = deque()
        try:
            yield from in_order(
                lambda span: pool.submit(task, span), spans, WAITING * self.workers, handed_out
            )
        except KeyboardInterrupt:
            # a thread cannot be stopped: what has begun is waited for anyhow, and not thrown away
            while handed_out and not handed_out[0].cancel():
                yield handed_out.popleft().result()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class Pending(Protocol[Answer_co]):
    """A result that is being computed."""

    def result(self) -> Answer_co:
        """Wait for it."""
        ...

    def cancel(self) -> bool:
        """Return whether it had not begun, and now never will."""
        ...


def in_order(
    submit: Callable[[Span], Pending[Result]],
    spans: Sequence[Span],
    waiting: int,
    handed_out: deque[Pending[Result]] | None = None,
) -> Iterator[Result]:
    """Yield results in the order of the spans, with at most `waiting` of them handed out.

    Parameters
    ----------
    handed_out
        Where those are kept whose results are still to come.
    """
    pending = deque[Pending[Result]]() if handed_out is None else handed_out
    for span in spans:
        pending.append(submit(span))
        if len(pending) >= waiting:
            yield _next_result(pending)
    while pending:
        yield _next_result(pending)


def _next_result(pending: deque[Pending[Result]]) -> Result:
    # taken out only when it is there: waiting for it may be interrupted
    result = pending[0].result()
    pending.popleft()
    return result


@dataclass(frozen=True, slots=True)
class Processes:
    """Processes of this machine; if one is killed, its blocks are made again.

    Parameters
    ----------
    workers
        Number of processes.
    """

    workers: int
    shares_memory = False

    def map(self, task: Callable[[Span], Result], spans: Sequence[Span]) -> Iterator[Result]:
        """Yield the task's results in the order of the spans.

        Raises
        ------
        SettingError
            If the task cannot be sent to another process.
        UncertaintyError
            If processes keep dying.
        """
        from concurrent.futures.process import BrokenProcessPool

        _check_picklable(task)
        left = deque(spans)
        for _ in range(MOST_FAILURES):
            try:
                yield from self._map(task, left)
            except BrokenProcessPool:
                continue
            return
        raise UncertaintyError(f"worker processes ended {MOST_FAILURES} times, perhaps for lack of memory")

    def _map(self, task: Callable[[Span], Result], left: deque[Span]) -> Iterator[Result]:
        """Yield the results of the spans in `left`, taking each out before it is handed over."""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # a forked child would inherit locks that threads of this process hold
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        try:
            for result in in_order(lambda span: pool.submit(task, span), list(left), WAITING * self.workers):
                left.popleft()
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _check_picklable(task: object) -> None:
    import pickle

    try:
        pickle.dumps(task)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise SettingError(
            f"engine: this model cannot be sent to other processes ({error}); "
            "define its function at the top of a module, or use threads or dask"
        ) from None


@dataclass(frozen=True, slots=True)
class Dask:
    """Workers of a Dask cluster; if one is lost, Dask has its blocks made again elsewhere.

    Parameters
    ----------
    workers
        Number of processes of a local cluster.
    scheduler
        Address of a running scheduler instead.
    """

    workers: int
    scheduler: str | None = None
    shares_memory = False

    def map(self, task: Callable[[Span], Result], spans: Sequence[Span]) -> Iterator[Result]:
        """Yield the task's results in the order of the spans.

        Raises
        ------
        SettingError
            If Dask is not installed or the scheduler cannot be reached.
        UncertaintyError
            If its workers end.
        """
        with self._client() as client:
            workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]), self.workers)

            def submit(span: Span) -> Future[Result]:
                # sent with every span: what is scattered once is lost with the workers that hold it
                future: Future[Result] = client.submit(_apply, task, span, pure=False)
                return future

            try:
                yield from in_order(submit, spans, WAITING * workers)
            except Exception as error:
                if type(error).__name__ != "KilledWorker":
                    raise
                raise UncertaintyError(
                    "engine: Dask's workers ended again and again, perhaps for lack of memory"
                ) from None

    @contextmanager
    def _client(self) -> Iterator[Any]:
        distributed = require("distributed", "engine")
        if self.scheduler is None:
            # a client that starts its own cluster would prefer a scheduler named in Dask's configuration
            with _started(distributed, self.workers) as cluster, distributed.Client(cluster) as client:
                yield client
            return
        try:
            client = distributed.Client(self.scheduler)
        except (OSError, ValueError) as error:
            raise SettingError(f"scheduler: cannot be reached at {self.scheduler} ({error})") from None
        with client:
            yield client


def _started(distributed: Any, workers: int) -> Any:
    """Start a local cluster.

    Raises
    ------
    UncertaintyError
        If a worker ends while it starts.
    """
    import logging

    # Dask tells of it by tracebacks of its own
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        return distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address="localhost:0"
        )
    except (RuntimeError, TimeoutError):
        raise UncertaintyError(
            "engine: a Dask worker ended while it started, perhaps for lack of memory"
        ) from None
    finally:
        logging.disable(before)


def _apply(task: Callable[[Span], Result], span: Span) -> Result:
    return task(span)


def make_engine(
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    *,
    turns: Turns | None = None,
) -> Engine:
    """Return an engine.

    Parameters
    ----------
    threads
        Workers, by default one for each core that this process may use.
    engine
        ``"threads"``, ``"processes"``, or ``"dask"``.
    scheduler
        Address of a running Dask scheduler; a local cluster is started without one.
    turns
        Of the study whose model the tasks call: where calls take turns, as those of a model that may hold
        state, one thread works through the spans in their order.

    Raises
    ------
    SettingError
        If `threads` is not positive, the engine is unknown, or Dask is not installed.
    """
    if threads is not None and threads < 1:
        raise SettingError(f"threads: expected at least 1, found {threads}")
    if engine not in get_args(EngineName):
        raise SettingError(f'engine: unknown engine "{engine}"{suggestion(engine, get_args(EngineName))}')
    if scheduler is not None and engine != "dask":
        raise SettingError(f"scheduler: only the engine dask has one, not {engine}")
    workers = threads or usable_cores()
    if engine == "threads":
        return Threads(workers if turns is None else 1)
    return Processes(workers) if engine == "processes" else Dask(workers, scheduler)


def spans(blocks: int, size: int = SPAN_BLOCKS) -> list[Span]:
    """Cut `blocks` blocks into spans of `size`."""
    return [(first, min(first + size, blocks)) for first in range(0, blocks, size)]


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_memory() -> float:
    """Return the bytes of memory that the machine has; infinite where it does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return float("inf")
