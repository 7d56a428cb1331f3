"""Workers outside this process: its own children, or those of a Dask cluster.

A task carries everything that its draws depend on, so whoever runs it, and however often, finds the same.
"""

from __future__ import annotations

import logging
import pickle
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.extras import require
from uncertainty.sampling.workers.engine import WAITING, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.sampling.workers.engine import Result, Span


MOST_FAILURES = 3
"""How often workers may die before a run is given up."""


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
        # a forked child would inherit locks that threads of this process hold
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        try:
            for result in in_order(lambda span: pool.submit(task, span), list(left), WAITING * self.workers):
                left.popleft()
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _check_picklable(task: object) -> None:
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
