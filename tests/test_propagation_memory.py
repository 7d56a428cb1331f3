"""Any size in bounded memory, with the quantiles that sorting all draws would give."""

import subprocess
import sys

import numpy as np
import pytest

import uncertainty as un
from uncertainty.over_cases import speaking_of

slow, long = pytest.mark.slow, pytest.mark.long

RUN = """
import sys, uncertainty as un
from uncertainty.over_cases import speaking_of
from pathlib import Path
if __name__ == "__main__":
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    found = un.propagate(study, samples=int(sys.argv[1]), design=sys.argv[2])
    summary = found.headline.summary
    assert all(estimate.error is not None for name, estimate in summary.items() if name not in ("mean", "sd"))
    print(summary["low"].value, summary["median"].value, summary["high"].value)
    # of this program alone: `ru_maxrss` would count the process that started it as well
    (peak,) = (row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    print(peak.split()[1])
"""


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@pytest.mark.parametrize("samples", [pytest.param(10**6, marks=slow), pytest.param(10**7, marks=long)])
def test_counted_quantiles_are_the_stored_ones_at_millions_of_draws(design, samples):
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    names = [study.headline, "chatgpt_query"]
    stored, counted = (
        un.propagate(study, outputs=names, samples=samples, design=design, memory=memory)
        for memory in (2**30, 2**20)
    )
    for name in names:
        ordered = np.sort(stored.outputs[name].values)
        assert dict(stored.outputs[name].summary) == dict(counted.outputs[name].summary)
        assert counted.outputs[name].median == pytest.approx(np.quantile(ordered, 0.5), rel=1e-14)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak memory from Linux's /proc")
@pytest.mark.parametrize("samples", [pytest.param(10**7, marks=slow), pytest.param(10**8, marks=long)])
def test_more_draws_than_memory_holds_take_less_than_a_gibibyte(samples):
    """Peak memory of a process of its own, for every output; quantiles agree with those of 2^20 draws.

    Ten million draws of its 36 outputs would take 2.7 GiB.
    """
    words = [sys.executable, "-c", RUN, str(samples), "random"]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    *quantiles, peak = map(float, run.stdout.split())
    assert peak < 2**20  # in units of 1024 bytes
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    few = un.propagate(study, outputs=[study.headline], samples=2**20, design="random").headline.summary
    for value, name in zip(quantiles, ("low", "median", "high"), strict=True):
        assert abs(value - few[name].value) < 5 * few[name].error + 5e-4 * value


def test_fewer_threads_work_where_their_blocks_would_not_fit(write_study, monkeypatch):
    """Threads change no number; each works at a block of its own, of all inputs and outputs."""
    from uncertainty.sampling import running
    from uncertainty.sampling.simulation import simulate
    from uncertainty.settings import Settings
    from uncertainty.study.scenario import scenario

    monkeypatch.setattr(running, "usable_cores", lambda: 64)
    text = """
    format = 1
    [study]
    title = "Many cells"
    headline = "total"
    [indices.cell]
    from = 1
    to = 1000
    [inputs.x]
    unit = "1"
    index = ["cell"]
    point = 1
    distribution = "uniform(0, 1)"
    [outputs.total]
    value = "sum(x)"
    unit = "1"
    """
    plan = scenario(un.load_study(write_study(text)))
    found = {}
    for threads in (None, 8):
        how = running.Execution(threads=threads)
        for samples in (2**10, 2**17):
            made = simulate(plan, ["total"], samples, 1, "sobol")
            found[threads, samples] = running.Run(
                plan, made, Settings(), how, None, lambda *_: None
            )._threads()
    # 1,001 rows of 8,192 values of 8 bytes are 66 MB: four such blocks are a quarter of a GiB
    assert found == {(None, 2**10): 64, (None, 2**17): 4, (8, 2**10): 8, (8, 2**17): 8}
