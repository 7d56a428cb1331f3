"""Engines keep the order of the work, whoever does it."""

import threading
import time

import pytest

from uncertainty.errors import SettingError
from uncertainty.sampling.engine import Threads, make_engine, spans


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_results_come_in_the_order_of_the_spans(workers):
    def task(span):
        time.sleep(0.002 * (5 - span[0] % 5))
        return span

    todo = spans(23, 3)
    assert list(Threads(workers).map(task, todo)) == todo


def test_threads_work_at_the_same_time():
    meeting = threading.Barrier(2, timeout=10)
    assert len(list(Threads(2).map(lambda _: meeting.wait(), spans(2, 1)))) == 2


def test_a_failure_reaches_the_caller():
    def task(span):
        raise ZeroDivisionError(span)

    with pytest.raises(ZeroDivisionError):
        list(Threads(2).map(task, spans(4, 1)))


def test_spans_cover_every_block_once():
    covered = [block for first, last in spans(37, 16) for block in range(first, last)]
    assert covered == list(range(37))


def test_no_threads_are_refused():
    with pytest.raises(SettingError, match="threads: expected at least 1, found 0"):
        make_engine(0)
