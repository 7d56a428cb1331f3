"""Accuracy per second: how far the ends of the headline's 95 % interval err at the same number of draws."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

DESIGNS = ("random", "lhs", "sobol")
DRAWS = (2**14, 2**17)
REPEATS = 20
REFERENCE_DRAWS = 2**24
STUDIES = (str(Path(__file__).with_name("reference-model.toml")), "ai-vs-human")
HEADLINES = {"Reference model of the benchmark": "us_person_midj"}


def ends(study: object, output: str, samples: int, seed: int, design: str) -> tuple[float, float]:
    """Return the interval of one output."""
    import uncertainty as un

    found = un.propagate(study, outputs=[output], samples=samples, seed=seed, design=design, threads=1)
    return found.outputs[output].interval(0.95)


def print_accuracy() -> None:
    """Show the root mean square error of both ends and what it costs, against 2^24 Sobol' points."""
    import uncertainty as un

    print(f"\n## Error of the headline's 95 % interval, {REPEATS} repeats against 2^24 Sobol' points\n")
    print("| study | design | draws | seconds | error of the low end | of the high end | seconds for 0.1 % |")
    print("|---|---|---|---|---|---|---|")
    for path in STUDIES:
        study = un.load_study(path)
        output = HEADLINES.get(study.title, study.headline)
        truth = np.array(ends(study, output, REFERENCE_DRAWS, 10_000, "sobol"))
        for design in DESIGNS:
            errors = []
            for draws in DRAWS:
                start = time.perf_counter()
                found = np.array([ends(study, output, draws, seed, design) for seed in range(REPEATS)])
                seconds = (time.perf_counter() - start) / REPEATS
                errors.append(np.sqrt(np.mean((found / truth - 1) ** 2, axis=0)))
                worst = errors[-1].max()
                # error falls with a power of the draws; two sizes tell which
                power = (
                    0.5 if len(errors) == 1 else np.log(errors[0].max() / worst) / np.log(DRAWS[1] / DRAWS[0])
                )
                needed = seconds * (worst / 1e-3) ** (1 / max(power, 0.3))
                low, high = (f"{100 * e:.3f} %" for e in errors[-1])
                name = study.name
                cost = f"{needed:.2g}" if len(errors) == 2 else ""
                print(
                    f"| {name} | {design} | {draws:,} | {seconds:.3f} | {low} | {high} | {cost} |", flush=True
                )
