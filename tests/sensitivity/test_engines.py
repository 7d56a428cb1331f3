"""Threads, processes and a cluster change no bit of an analysis, and stop when enough is known."""

from pathlib import Path

import numpy as np
import pytest
from exact_models import ishigami

import uncertainty as un
from uncertainty import SettingError
from uncertainty.sampling.workers.engine import Threads
from uncertainty.sensitivity.sample import draw_sample
from uncertainty.sensitivity.shapley import shapley
from uncertainty.sensitivity.short_version import short_version
from uncertainty.sensitivity.sobol import replicates as stage
from uncertainty.sensitivity.sobol.analysis import sobol

STUDY = Path(__file__).parent.parent / "studies" / "jcgm-9-4-correlated.toml"


@pytest.fixture(scope="module")
def study():
    return un.load_study(STUDY)


def answers(study, **workers):
    """Return every number of every analysis that takes an engine."""
    indices = sobol(study, samples=2**9, tolerance=0.05, second_order=True, **workers)
    effects = shapley(study, samples=2**8, **workers)
    sample = draw_sample(study, samples=2**10, **workers)
    return (
        indices.outputs,
        indices.settings,
        dict(effects.effects),
        [column.tolist() for column in (*sample.inputs.values(), *sample.outputs.values())],
    )


@pytest.mark.slow
def test_processes_change_no_bit_of_indices(study):
    options = {"samples": 2**9, "tolerance": 0.05, "second_order": True, "threads": 2}
    assert sobol(study, **options).outputs == sobol(study, engine="processes", **options).outputs


@pytest.mark.slow
def test_processes_change_no_bit(study):
    assert answers(study, threads=1) == answers(study, threads=2, engine="processes")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_changes_no_bit(study):
    assert answers(study, threads=1) == answers(study, threads=2, engine="dask")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_running_scheduler_changes_no_bit_and_takes_functions_too():
    from distributed import LocalCluster

    exact = ishigami().study
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = {"engine": "dask", "scheduler": cluster.scheduler_address}
        assert answers(exact, threads=1) == answers(exact, **workers)
        short = short_version(exact, samples=2**10)
        assert short_version(exact, samples=2**10, **workers) == short


def test_one_engine_works_through_all_stages_and_hardly_further(monkeypatch):
    begun = []
    whole = stage.sum_batches

    def counting(*args, **options):
        begun.append(args[-1])
        return whole(*args, **options)

    monkeypatch.setattr(stage, "sum_batches", counting)
    maps = []
    own = Threads.map

    def mapping(engine, task, spans):
        maps.append(spans)
        return own(engine, task, spans)

    monkeypatch.setattr(Threads, "map", mapping)
    found = sobol(ishigami().study, samples=2**16, tolerance=0.02, threads=1)
    assert len(maps) == 1
    assert found.converged
    assert found.settings.samples < 2**16
    replicates = sum(last - first for first, last in begun) * (found.replicates // begun[-1][1])
    assert replicates == found.replicates


@pytest.mark.parametrize("analysis", [sobol, shapley, draw_sample, short_version])
@pytest.mark.parametrize(
    ("workers", "message"),
    [
        ({"engine": "dusk"}, 'unknown engine "dusk"; did you mean "dask"'),
        ({"scheduler": "tcp://localhost:1"}, "only the engine dask has one"),
        ({"threads": 0}, "threads: expected at least 1"),
    ],
)
def test_engines_that_do_not_exist_are_refused(analysis, workers, message):
    with pytest.raises(SettingError, match=message):
        analysis(ishigami().study, samples=2**8, **workers)


def test_progress_counts_rows_of_a_sample():
    seen = []
    study = un.Study.from_function(lambda x: {"y": np.exp(x)}, {"x": "normal(0, 1)"})
    draw_sample(study, samples=2**15, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (2**15, 2**15)
