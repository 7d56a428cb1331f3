"""Engines keep the order of the work, whoever does it."""

import pickle
import signal
import sys
import threading
import time
import traceback

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import SettingError
from uncertainty.sampling.collecting import Collection
from uncertainty.sampling.designs import BLOCK
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.workers.engine import Threads, make_engine, spans
from uncertainty.study.scenario import scenario


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


def functions_of(thread):
    """Names of the functions that a thread is in."""
    return {frame.f_code.co_name for frame, _ in traceback.walk_stack(sys._current_frames()[thread.ident])}


def test_what_threads_have_begun_counts_when_the_user_interrupts():
    begun, go_on = threading.Event(), threading.Event()

    def task(span):
        begun.set()
        assert go_on.wait(60)
        return span

    def interrupt():
        assert begun.wait(60)
        # before it waits for a result, the main thread may not know yet of a span that has begun
        while "_next_result" not in functions_of(threading.main_thread()):
            time.sleep(0.001)
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.1)
        go_on.set()

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    found, results = [], Threads(2).map(task, spans(100, 1))
    with pytest.raises(KeyboardInterrupt):
        found.extend(results)
    interrupting.join()
    assert found
    assert found == spans(100, 1)[: len(found)]
    assert len(found) < 10


@pytest.fixture
def simulation():
    study = un.Study.from_function(lambda a, b: {"y": a / b}, {"a": "1 to 2", "b": "3 to 4"}, outputs=["y"])
    return simulate(scenario(study), ("y",), 100, 1, "random")


def test_a_workbench_is_given_to_nobody_while_its_arrays_may_be_in_use(simulation):
    inputs, outputs = next(simulation.blocks(0, 1))  # the generator is gone by now
    before = inputs.copy()
    for other, _ in simulation.blocks(0, 1):
        other[:] = 0.0
    np.testing.assert_array_equal(inputs, before)
    np.testing.assert_array_equal(outputs[0], before[0] / before[1])


def test_a_workbench_whose_streams_moved_on_in_part_is_not_used_again(simulation, monkeypatch):
    expected = next(simulation.blocks(0, 1))[1].copy()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for _ in simulation.blocks(0, 1):
        pass
    with monkeypatch.context() as patch:
        patch.setattr(np, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            next(simulation.blocks(0, 1))
    np.testing.assert_array_equal(next(simulation.blocks(0, 1))[1], expected)


class Copying:
    """An engine whose workers give back copies."""

    shares_memory = False

    def map(self, task, todo):
        for span in todo:
            yield pickle.loads(pickle.dumps(task(span)))


@pytest.mark.parametrize(("rows_at_once", "spans"), [(None, 1 + 1), (3000, 1 + 11)])
def test_draws_and_failures_are_the_same_whether_workers_share_memory(rows_at_once, spans):
    study = un.Study.from_function(
        lambda a, b: {"y": np.sqrt(a - 1.25) + b, "z": a - b},
        {"a": "uniform(1, 2)", "b": "uniform(3, 4)"},
        outputs=["y", "z"],
    )
    made = simulate(scenario(study), ("y", "z"), 100, 1, "random")
    shared, copied = (Collection(made, engine, rows_at_once) for engine in (Threads(), Copying()))
    assert (shared.failed.inputs, shared.failed.outputs) == (made.inputs, ("y", "z"))
    reported = []
    for samples in (1000, 2 * BLOCK + 1):
        shared.extend(samples)
        copied.extend(samples, lambda *done: reported.append(done))
        np.testing.assert_array_equal(shared.drawn, copied.drawn)
        assert shared.done == shared.whole_rows == copied.done == samples
        assert reported[-1] == (samples, samples)
    inputs = np.concatenate([each.copy() for _, each, _ in shared.simulation.rows(0, samples)], axis=1)
    np.testing.assert_array_equal(shared.drawn[1], inputs[0] - inputs[1])
    failed = np.isnan(shared.drawn[0])
    np.testing.assert_array_equal(failed, inputs[0] < 1.25)
    # a block that was made in part is made again
    assert shared.failed.counts["y"] == copied.failed.counts["y"] >= failed.sum()
    assert len(reported) == spans
