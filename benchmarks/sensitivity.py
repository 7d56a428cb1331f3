"""Sobol' indices of the reference model: this project against SALib, OpenTURNS and scipy, on one core.

20 inputs, 24 outputs and 2**14 base points, each program from nothing to indices with intervals (scipy
without: its bootstrap's cost grows with the square of the points). SALib's and OpenTURNS' time for one output
is counted for each of the 24. Then the peak memory of 2**20 base points, in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path
from statistics import median

import numpy as np

import uncertainty as un
from uncertainty.sampling.simulation import simulate
from uncertainty.study.scenario import scenario

HERE = Path(__file__).parent
BASE = 2**14
LARGE = 2**20
RESAMPLES = 100
ROUNDS = 5


def reference():
    """Return the reference model as a study, a simulation of all its outputs, and an output to look at."""
    study = un.load_study(HERE / "reference-model.toml")
    return study, simulate(scenario(study), tuple(study.outputs), 1, 1, "random")


def evaluate(simulation, uniforms):
    """Return all outputs at rows of uniforms, shape (outputs, rows), block by block."""
    outputs = np.empty((len(simulation.model.outputs), len(uniforms)))
    for start in range(0, len(uniforms), 2**13):
        block = np.ascontiguousarray(uniforms[start : start + 2**13].T)
        columns = simulation.transform(np.clip(block, 2.0**-54, 1 - 2.0**-53))
        found = np.empty((len(outputs), columns.shape[1]))
        simulation.model.run(columns, found)
        outputs[:, start : start + columns.shape[1]] = found
    return outputs


def ours(study):
    """Time indices of all outputs with intervals, and return those of the headline."""
    start = time.perf_counter()
    found = un.sobol(study, samples=BASE, tolerance=0, threads=1, seed=1)
    return time.perf_counter() - start, found.outputs[study.headline].indices


def salib(study, simulation):
    """Time SALib's sample, this project's model on it, and SALib's analysis."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    names = list(study.inputs)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    start = time.perf_counter()
    uniforms = sampling.sample(problem, BASE, calc_second_order=False, seed=1)
    sampled = time.perf_counter()
    outputs = evaluate(simulation, uniforms)
    evaluated = time.perf_counter()
    headline = outputs[simulation.model.outputs.index(study.headline)]
    options = {"calc_second_order": False, "num_resamples": RESAMPLES, "seed": 1}
    found = analysis.analyze(problem, headline, **options)
    analysed = time.perf_counter()
    return sampled - start, evaluated - sampled, analysed - evaluated, found


def scipy_seconds(study, simulation):
    """Time scipy's indices of all outputs, without intervals."""
    from scipy.stats import sobol_indices, uniform

    def function(uniforms):
        return evaluate(simulation, uniforms.T)

    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sobol_indices(
            func=function, n=BASE, dists=[uniform()] * len(study.inputs), rng=np.random.default_rng(1)
        )
    return time.perf_counter() - start


def openturns_seconds(study, simulation):
    """Time what OpenTURNS' outputs share, and one output's Saltelli indices; None where it is not there."""
    try:
        import openturns as ot
    except ImportError:
        return None
    ot.TBB.SetThreadsNumber(1)
    start = time.perf_counter()
    inputs = ot.JointDistribution([ot.Uniform(0, 1)] * len(study.inputs))
    design = ot.SobolIndicesExperiment(ot.LowDiscrepancyExperiment(ot.SobolSequence(), inputs, BASE), False)
    points = design.generate()
    outputs = evaluate(simulation, np.asarray(points))
    shared = time.perf_counter() - start
    headline = outputs[simulation.model.outputs.index(study.headline)]
    start = time.perf_counter()
    found = ot.SaltelliSensitivityAlgorithm(points, ot.Sample(headline[:, None]), BASE)
    found.setUseAsymptoticDistribution(True)
    found.getFirstOrderIndicesInterval()
    found.getTotalOrderIndicesInterval()
    return shared, time.perf_counter() - start


def peak_of_large_run():
    """Return seconds and peak MiB of 2**20 base points, measured in a process of its own."""
    command = [sys.executable, __file__, "--large"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def large_run():
    """Run 2**20 base points and print what it took."""
    study, _ = reference()
    start = time.perf_counter()
    un.sobol(study, samples=LARGE, tolerance=0, threads=1, seed=1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - start:.1f} {peak:.0f}")


def main():
    """Print the comparison."""
    study, simulation = reference()
    count = len(study.outputs)
    ours(study)
    seconds = median(ours(study)[0] for _ in range(ROUNDS))
    indices = ours(study)[1]
    sampling, model, analysis, theirs = salib(study, simulation)
    whole = sampling + model + count * analysis
    print(f"{len(study.inputs)} inputs, {count} outputs, {BASE:,} base points, one core")
    print(f"{'this project, intervals from 16 replicates':60s} {seconds:8.2f} s")
    steps = f"SALib: sample {sampling:.2f}, model {model:.2f}, analyze {analysis:.2f} an output"
    print(f"{steps:60s} {whole:8.2f} s  {whole / seconds:6.0f} times as long")
    alone = scipy_seconds(study, simulation)
    print(f"{'scipy sobol_indices, no intervals':60s} {alone:8.2f} s  {alone / seconds:6.1f} times as long")
    turns = openturns_seconds(study, simulation)
    if turns is None:
        print("OpenTURNS is not installed")
    else:
        total = turns[0] + count * turns[1]
        label = "OpenTURNS, Saltelli, asymptotic intervals"
        print(f"{label:60s} {total:8.2f} s  {total / seconds:6.1f} times as long")
    print("\nhalf-widths of S1 and ST, ours and SALib's")
    for name, index in list(indices.items())[:6]:
        place = list(study.inputs).index(name)
        own = [(high - low) / 2 for low, high in (index.S1_interval, index.ST_interval)]
        print(
            f"{name:16s} S1 {index.S1:6.3f} ± {own[0]:.4f} | {theirs['S1'][place]:6.3f} ± "
            f"{theirs['S1_conf'][place]:.4f}   ST {index.ST:6.3f} ± {own[1]:.4f} | "
            f"{theirs['ST'][place]:6.3f} ± {theirs['ST_conf'][place]:.4f}"
        )
    large, peak = peak_of_large_run()
    print(f"\n{LARGE:,} base points: {large} s, peak {peak} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help=argparse.SUPPRESS)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    large_run() if parser.parse_args().large else main()
