"""Tasks side by side: this process and copies of it take one after the other.

An analysis of many small parts spends its time between numpy's calls, where threads wait for one another.
Copies of the process know all that it has found so far, and send back what they found.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import struct
import sys
import threading
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from uncertainty.sampling.workers.engine import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    Result = TypeVar("Result")

MOST_PROCESSES = 4
"""Processes that work beside one another: each needs memory for what it finds."""

MOST_TASKS = 2**14
"""Tasks that are handed out: their numbers fit into a pipe."""

PATIENCE, MOST_TIMES = 30.0, 10.0
"""Seconds, and times as long as this process worked, that a copy is waited for before it is given up."""

LATE = ("numpy.random", "numpy.ma", "numpy.polynomial", "concurrent.futures.thread")
"""What is loaded where it is first used, and nearly every task uses: once, and not by each process."""

_NUMBER = struct.Struct("<I")


def side_by_side(
    tasks: Sequence[Callable[[], Result]],
    threads: int | None = None,
    known: Sequence[object] = (),
    late: Sequence[str] = (),
    ahead: int | None = None,
) -> Iterator[Result]:
    """Yield the results of tasks that need nothing of one another, in their order.

    The first, which is best the longest, is done here, so that nothing of it is sent. Where processes cannot
    be copied safely, and where a copy fails, this one does all by itself.

    Parameters
    ----------
    threads
        How many cores may be used, by default all.
    known
        Records, such as the study, that results name and that are to stay the same objects.
    late
        Modules that several tasks load where they first use them, beside those of `LATE`.
    ahead
        Number of a task that is done before this process is copied: much of what it finds, and keeps, each of
        the others asks for, too.

    Raises
    ------
    Exception
        What the first task that fails raises.
    """
    workers = min(threads or usable_cores(), MOST_PROCESSES, len(tasks))
    if workers < 2 or len(tasks) > MOST_TASKS or not _can_copy():
        for task in tasks:
            yield task()
        return
    for module in (*LATE, *late):
        import_module(module)
    yield from _shared(tasks, workers - 1, [part for each in known for part in _parts(each)], ahead)


def _can_copy() -> bool:
    """Tell whether this process may be copied: other threads would be missing, whose locks would not."""
    import multiprocessing

    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and multiprocessing.parent_process() is None
        and not multiprocessing.current_process().daemon
    )


def _parts(record: object) -> Iterator[object]:
    """Yield a record and what its mappings hold."""
    yield record
    for field in fields(record):  # type: ignore[arg-type] # studies and scenarios are dataclasses
        value = getattr(record, field.name)
        if isinstance(value, Mapping):
            yield from value.values()


def _shared(
    tasks: Sequence[Callable[[], Result]], copies: int, known: Sequence[object], ahead: int | None
) -> Iterator[Result]:
    from multiprocessing import get_context

    context = get_context("fork")
    found: dict[int, Result] = {}
    if ahead is not None:
        _try(tasks[ahead], ahead, found)
        copies = copies if _can_copy() else 0
    numbers = _Numbers(number for number in range(1, len(tasks)) if number != ahead)
    workers: list[tuple[ForkProcess, Connection]] = []
    try:
        for _ in range(copies):
            receiver, sender = context.Pipe(duplex=False)
            receivers = [*(each for _, each in workers), receiver]
            worker = context.Process(
                target=_work, args=(tasks, numbers, sender, receivers, known), daemon=True
            )
            if not _started(worker):
                break
            sender.close()
            workers.append((worker, receiver))
        began = monotonic()
        if ahead != 0:
            _try(tasks[0], 0, found)
        for number, task in enumerate(tasks):
            while number not in found and (taken := numbers.take()) is not None:
                _try(tasks[taken], taken, found)
            while number not in found and workers:
                worker, receiver = workers[-1]
                if receiver.poll(PATIENCE + MOST_TIMES * (monotonic() - began)):
                    found |= _received(receiver, known)
                _end(*workers.pop())
            yield found.pop(number) if number in found else task()
    finally:
        for worker, receiver in workers:
            _end(worker, receiver)
        numbers.close()


def _started(worker: ForkProcess) -> bool:
    """Start a copy, unless the system lets this program have no more processes."""
    with warnings.catch_warnings():
        # libraries' own threads sleep, and tell their copies so
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            worker.start()
        except OSError:
            return False
    return True


def _end(worker: ForkProcess, receiver: Connection) -> None:
    worker.kill()
    worker.join()
    receiver.close()


def _try(task: Callable[[], Result], number: int, found: dict[int, Result]) -> None:
    """Keep what a task finds; one that fails is asked again in its turn, so that the first one is told of."""
    try:
        found[number] = task()
    except Exception:  # noqa: BLE001 - raised again when its turn comes
        return


def _work(
    tasks: Sequence[Callable[[], object]],
    numbers: _Numbers,
    sender: Connection,
    receivers: Sequence[Connection],
    known: Sequence[object],
) -> None:
    """Do tasks as long as there are some, and send what was found: the work of a copy."""
    import signal

    # this process says what there is to be said, and ends its copies
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # with these open, it would wait to be heard by itself once nobody else is left
    for receiver in receivers:
        receiver.close()
    found: dict[int, object] = {}
    asking = os.getppid()
    # nobody reads what is found for a process that was killed
    while os.getppid() == asking and (taken := numbers.take()) is not None:
        _try(tasks[taken], taken, found)
    # what cannot be sent is found by the other process
    with suppress(pickle.PicklingError, AttributeError, TypeError, OSError):
        sender.send_bytes(_pickled(found, known))


def _received(receiver: Connection, known: Sequence[object]) -> dict[int, Any]:
    """Return what a copy has found; nothing if it has ended before."""
    try:
        sent = receiver.recv_bytes()
    except (EOFError, OSError):
        return {}
    collects = gc.isenabled()
    # what is read here is all in use, and looking through it again and again takes most of the time
    gc.disable()
    try:
        found: dict[int, Any] = _Unpickler(sent, known).load()
    finally:
        if collects:
            gc.enable()
    return found


class _Numbers:
    """Numbers of tasks, each to be taken once by whichever process comes first."""

    def __init__(self, every: Iterable[int]) -> None:
        self._read, write = os.pipe()
        os.write(write, b"".join(map(_NUMBER.pack, every)))
        os.close(write)

    def take(self) -> int | None:
        """Return the next number; None where all are taken."""
        taken = os.read(self._read, _NUMBER.size)
        return _NUMBER.unpack(taken)[0] if taken else None

    def close(self) -> None:
        """Forget those that are left."""
        os.close(self._read)


def _pickled(found: object, known: Sequence[object]) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, known).dump(found)
    return buffer.getvalue()


class _Pickler(pickle.Pickler):
    """Writes objects that both processes know as their places."""

    def __init__(self, file: io.BytesIO, known: Sequence[object]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(each): place for place, each in enumerate(known)}

    def persistent_id(self, obj: object) -> int | None:
        return self._places.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, sent: bytes, known: Sequence[object]) -> None:
        super().__init__(io.BytesIO(sent))
        self._known = known

    def persistent_load(self, pid: int) -> object:
        return self._known[pid]
