"""Tasks side by side find what they find one after the other."""

import os
import select
import time
from dataclasses import dataclass, field

import pytest

from uncertainty.sampling.workers import beside
from uncertainty.sampling.workers.beside import side_by_side


@dataclass(frozen=True, eq=False)
class Known:
    parts: dict[str, object] = field(default_factory=lambda: {"one": object()})


@pytest.fixture(autouse=True)
def copied(monkeypatch):
    """Let this process be copied, whatever other threads the tests have."""
    if not hasattr(os, "fork"):
        pytest.skip("processes cannot be copied here")
    monkeypatch.setattr(beside, "_can_copy", lambda: True)


def test_results_come_in_order_and_name_the_objects_that_are_known():
    known = Known()
    tasks = [lambda n=n: (n, known, known.parts["one"]) for n in range(20)]
    found = list(side_by_side(tasks, 3, [known]))
    assert [number for number, *_ in found] == list(range(20))
    assert all(whole is known and part is known.parts["one"] for _, whole, part in found)


def test_the_first_task_that_fails_is_told_whoever_had_it():
    def failing(number):
        if number in (3, 7):
            raise ValueError(f"task {number}")
        return number

    found = side_by_side([lambda n=n: failing(n) for n in range(9)], 2)
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="task 3"):
        next(found)


def test_what_a_copy_that_ends_had_taken_is_done_here():
    own = os.getpid()

    def done(number):
        if os.getpid() != own:
            os._exit(1)
        return number

    assert list(side_by_side([lambda n=n: done(n) for n in range(6)], 2)) == list(range(6))


def test_a_copy_that_does_not_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(beside, "PATIENCE", 0.02)
    monkeypatch.setattr(beside, "MOST_TIMES", 0.0)
    own = os.getpid()

    def slept(number):
        if os.getpid() != own:
            time.sleep(60)
        return number

    assert list(side_by_side([lambda n=n: slept(n) for n in range(6)], 2)) == list(range(6))


def test_without_leave_for_a_process_all_is_done_here(monkeypatch):
    def refused():
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    assert set(side_by_side([os.getpid] * 4, 2)) == {os.getpid()}


def test_what_cannot_be_sent_is_done_here():
    found = list(side_by_side([lambda n=n: lambda: n for n in range(4)], 2))
    assert [each() for each in found] == list(range(4))


def test_one_thread_is_one_process():
    assert set(side_by_side([os.getpid] * 4, 1)) == {os.getpid()}


@pytest.mark.parametrize("ahead", [0, 1, 4])
def test_what_a_task_finds_before_others_is_known_to_every_process(ahead):
    known = []

    def finding(number):
        if number == ahead:
            known.append(number)
        return number, list(known)

    found = list(side_by_side([lambda n=n: finding(n) for n in range(6)], 3, ahead=ahead))
    assert found == [(number, [ahead]) for number in range(6)]


def test_a_task_that_fails_before_others_is_told_in_its_turn():
    def failing(number):
        if number:
            raise ValueError(f"task {number}")
        return number

    found = side_by_side([lambda n=n: failing(n) for n in range(4)], 2, ahead=1)
    assert next(found) == 0
    with pytest.raises(ValueError, match="task 1"):
        next(found)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_copy_ends_with_the_process_that_asked():
    read, write = os.pipe()
    asking = os.fork()
    if not asking:
        # what is sent is more than a pipe holds, so that the copy waits to be heard
        ended = [lambda: os._exit(time.sleep(0.05) or 0), *[lambda: bytes(2**20)] * 3]
        list(side_by_side(ended, 2))
    os.close(write)
    os.waitpid(asking, 0)
    # the other end is open as long as one of the two is there
    assert select.select([read], [], [], 10)[0]
    assert os.read(read, 1) == b""
    os.close(read)
