"""One seed, one answer: threads, processes, a cluster, memory, disk and interruptions change no bit."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.over_cases import speaking_of
from uncertainty.sampling.workers.engine import Dask, Processes, Threads, make_engine, spans
from uncertainty.study.probing import CHECKED

DESIGNS = ("random", "lhs", "sobol")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def correlated():
    return un.load_study(HERE / "studies" / "jcgm-9-4-correlated.toml")


def bits(result):
    return {name: found.values.copy() for name, found in result.outputs.items()}


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("design", DESIGNS)
def test_threads_change_no_bit_of_correlated_inputs(correlated, design):
    runs = [bits(un.propagate(correlated, samples=200_000, design=design, threads=n)) for n in (1, 2, 8)]
    assert_same(runs[0], runs[1])
    assert_same(runs[0], runs[2])


@pytest.mark.slow
def test_processes_change_no_bit(correlated):
    one, other = (
        bits(un.propagate(correlated, samples=300_000, design="random", threads=2, engine=engine))
        for engine in ("threads", "processes")
    )
    assert_same(one, other)


def kill_once(folder, span):
    """Kill the worker the first time that span 3 is worked on."""
    mark = Path(folder) / "killed"
    if span[0] == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return span[0] ** 2


def kill_always(span):
    os.kill(os.getpid(), signal.SIGKILL)


class Killing:
    """A task that can be sent to other processes."""

    def __init__(self, folder):
        self.folder = str(folder)

    def __call__(self, span):
        return kill_once(self.folder, span)


@pytest.mark.slow
def test_a_killed_process_costs_time_and_no_number(tmp_path):
    todo = spans(9, 1)
    assert list(Processes(2).map(Killing(tmp_path), todo)) == [n**2 for n in range(9)]
    assert (tmp_path / "killed").exists()


@pytest.mark.slow
def test_processes_that_keep_dying_are_given_up_with_one_line():
    with pytest.raises(UncertaintyError, match="worker processes ended 3 times"):
        list(Processes(1).map(kill_always, spans(2, 1)))


def test_a_model_that_cannot_be_sent_to_processes_is_refused_with_what_to_do():
    study = un.Study.from_function(lambda x: {"y": x + 1}, {"x": "uniform(0, 1)"})
    with pytest.raises(
        SettingError, match="define its function at the top of a module, or use threads or dask"
    ):
        un.propagate(study, samples=1000, engine="processes")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_with_a_killed_worker_changes_no_bit(correlated, tmp_path):
    todo = spans(9, 1)
    assert list(Dask(2).map(Killing(tmp_path), todo)) == [n**2 for n in range(9)]
    assert (tmp_path / "killed").exists()
    plain = bits(un.propagate(correlated, samples=300_000, design="sobol"))
    assert_same(
        plain, bits(un.propagate(correlated, samples=300_000, design="sobol", engine="dask", threads=2))
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_takes_functions_that_close_over_something(tmp_path):
    factor = 3.0
    study = un.Study.from_function(lambda x: {"y": factor * x}, {"x": "uniform(0, 1)"})
    plain = bits(un.propagate(study, samples=64))
    found = un.propagate(study, samples=64, engine="dask", threads=2, block_rows=16)
    assert_same(plain, bits(found))


def test_engines_and_schedulers_that_do_not_exist_are_refused():
    with pytest.raises(SettingError, match='unknown engine "thread"; did you mean "threads"'):
        make_engine(engine="thread")
    with pytest.raises(SettingError, match="only the engine dask has one"):
        make_engine(scheduler="tcp://localhost:1")


def test_a_finished_result_is_handed_out_before_much_more_is_begun():
    begun = []

    def task(span):
        begun.append(span)
        return span

    results = Threads(2).map(task, spans(100, 1))
    next(results)
    assert len(begun) < 20
    results.close()


@pytest.mark.parametrize("block_rows", [1, 7, 100])
def test_rows_can_be_taken_one_at_a_time(block_rows):
    sizes = []

    def model(x, y):
        sizes.append(x.size)
        return {"z": x * y}

    study = un.Study.from_function(model, {"x": "normal(0, 1)", "y": "2 to 8"}, outputs=["z"])
    plain = bits(un.propagate(study, samples=200, design="lhs"))
    sizes.clear()
    found = un.propagate(study, samples=200, design="lhs", block_rows=block_rows)
    assert_same(plain, bits(found))
    # the last call is the one at the points
    assert max(sizes) <= block_rows


def test_cached_results_are_used_again_by_the_same_and_by_a_longer_run(tmp_path):
    rows = []

    def model(x):
        rows.append(x.size)
        return {"y": np.exp(x)}

    study = un.Study.from_function(model, {"x": "normal(0, 1)"}, outputs=["y"])
    rows.clear()
    run = {"design": "random", "block_rows": 8, "cache": tmp_path, "threads": 1}
    first = bits(un.propagate(study, samples=64, **run))
    count = sum(rows)
    rows.clear()
    assert_same(first, bits(un.propagate(study, samples=64, **run)))
    assert sum(rows) == 1  # the point
    rows.clear()
    longer = bits(un.propagate(study, samples=96, **run))["y"]
    np.testing.assert_array_equal(longer[:64], first["y"])
    assert sum(rows) == 32 + 1
    # the first run also asks once more for a few rows
    assert count == 64 + 1 + CHECKED


def damaged(content):
    """Yield what becomes of a file: cut off, empty, a bit turned, more behind it, another program's."""
    yield from (
        content[:30],
        b"",
        content[:-1],
        content + b"0",
        b"\x93NUMPY",
        content[: -hashlib.sha256().digest_size],
    )
    for place in (0, 9, 140, len(content) - 1):
        yield content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_damaged_block_of_the_cache_is_run_anew(tmp_path):
    rows = []

    def model(x):
        rows.append(x.size)
        return {"y": np.exp(x)}

    study = un.Study.from_function(model, {"x": "normal(0, 1)"}, outputs=["y"])
    rows.clear()
    run = {"samples": 24, "design": "random", "block_rows": 8, "cache": tmp_path / "kept", "threads": 1}
    first = bits(un.propagate(study, **run))
    blocks = [each for each in (tmp_path / "kept").iterdir() if np.load(each).size == 8]
    whole = [block.read_bytes() for block in blocks]
    assert len(blocks) == 3
    for content in damaged(whole[0]):
        blocks[0].write_bytes(content)
        rows.clear()
        assert_same(first, bits(un.propagate(study, **run)))
        assert rows in ([8], [8, 1]), "the block, and perhaps the point"
        assert [block.read_bytes() for block in blocks] == whole
    blocks[0].write_bytes(whole[1])  # a sound block of other rows
    assert_same(first, bits(un.propagate(study, **run)))


def test_a_cache_that_cannot_be_kept_is_named(tmp_path, monkeypatch):
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "normal(0, 1)"}, outputs=["y"])
    run = {"samples": 8, "design": "random", "threads": 1}
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UncertaintyError, match=r"^cache: .*file: is a file; expected a folder$"):
        un.propagate(study, cache=tmp_path / "file", **run)
    (tmp_path / "pipes").mkdir()
    un.propagate(study, cache=tmp_path / "pipes", **run)
    for block in (tmp_path / "pipes").iterdir():
        block.unlink()
        os.mkfifo(block)
    with pytest.raises(UncertaintyError, match=r"pipes/\w+\.npy: is not a regular file$"):
        un.propagate(study, cache=tmp_path / "pipes", **run)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UncertaintyError, match=r"kept/\w+\.npy: cannot be written: No space left on device$"):
        un.propagate(study, cache=tmp_path / "kept", **run)
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.slow
def test_memory_changes_no_reported_number():
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    names = list(study.outputs)[:4]
    kept, parted, counted = (
        un.propagate(study, outputs=names, samples=2**17, memory=memory) for memory in (2**29, 2**21, 10_000)
    )
    for name in names:
        assert dict(kept.outputs[name].summary) == dict(parted.outputs[name].summary)
        assert dict(kept.outputs[name].summary) == dict(counted.outputs[name].summary)
    # what is not kept is drawn again, an output at a time at least
    np.testing.assert_array_equal(parted.outputs[names[0]].values, kept.outputs[names[0]].values)
    with pytest.raises(UncertaintyError, match="too many to be stored"):
        _ = counted.outputs[names[0]].values
    with pytest.raises(SettingError, match="the shortest needs all draws in memory, at most 312 of these"):
        un.propagate(study, outputs=names, memory=10_000, interval="shortest")


RUN = """
import sys
import uncertainty as un
if __name__ == "__main__":
    study = un.load_study(sys.argv[1])
    print("begun", flush=True)
    un.propagate(study, samples=1_300_000, design="random", save=sys.argv[2], threads=1)
"""


@pytest.mark.slow
def test_a_save_that_was_killed_goes_on_to_the_same_file(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    script = tmp_path / "run.py"
    script.write_text(RUN)
    study = str(HERE / "studies" / "jcgm-9-4-correlated.toml")
    broken, whole = tmp_path / "broken.parquet", tmp_path / "whole.parquet"
    command = [sys.executable, str(script), study]
    process = subprocess.Popen([*command, str(broken)], stdout=subprocess.DEVNULL)
    parts = broken.with_name("broken.parquet.parts")
    while len(list(parts.glob("*.parquet"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    left = {part.name: part.stat().st_mtime_ns for part in parts.glob("*.parquet")}
    assert not broken.exists()
    subprocess.run([*command, str(whole)], check=True, stdout=subprocess.DEVNULL)
    loaded = un.load_study(study)
    asked = {"samples": 1_300_000, "design": "random"}
    with pytest.raises(SettingError, match=r"holds the draws of another run \(seed is 1, not 2\)"):
        un.propagate(loaded, save=broken, seed=2, **asked)
    assert {part.name: part.stat().st_mtime_ns for part in parts.glob("*.parquet")} == left
    found = un.propagate(loaded, save=broken, **asked)
    assert broken.read_bytes() == whole.read_bytes()
    assert not parts.exists()
    columns = parquet.read_table(broken)
    np.testing.assert_array_equal(columns["outputs.loss"].to_numpy(), found.outputs["loss"].values)
    assert columns.column_names[:2] == ["inputs.real_error", "inputs.imaginary_error"]


def test_a_finished_file_is_kept_and_another_run_or_program_s_is_refused(tmp_path, correlated):
    pytest.importorskip("pyarrow")
    path = tmp_path / "draws.parquet"
    un.propagate(correlated, samples=1024, save=path)
    written = path.stat().st_mtime_ns
    un.propagate(correlated, samples=1024, save=path)
    assert path.stat().st_mtime_ns == written
    with pytest.raises(SettingError, match="design is sobol, not lhs"):
        un.propagate(correlated, samples=1024, design="lhs", save=path)
    path.write_text("something else")
    with pytest.raises(SettingError, match="was not written by this program"):
        un.propagate(correlated, samples=1024, save=path)


def test_a_slow_model_is_asked_once_for_each_draw_that_is_also_saved(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    asked = []

    def slow(a, b):
        asked.append(a.size)
        return {"y": a / b}

    study = un.Study.from_function(slow, {"a": "1 to 2", "b": "3 to 4"}, outputs=["y"])
    asked.clear()
    path = tmp_path / "draws.parquet"
    found = un.propagate(study, samples=30, design="random", block_rows=1, cache=tmp_path / "kept", save=path)
    # one more for the point
    assert asked == [1] * 31
    saved = parquet.read_table(path)
    np.testing.assert_array_equal(saved["outputs.y"].to_numpy(), found.outputs["y"].values)
    np.testing.assert_array_equal(
        saved["inputs.a"].to_numpy() / saved["inputs.b"].to_numpy(), found.outputs["y"].values
    )
