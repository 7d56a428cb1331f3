"""Adding replicates until every index is known well enough, or the budget ends."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, NonFiniteError
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.finiteness import allowed_share
from uncertainty.sensitivity.estimators import Sums, dropped
from uncertainty.sensitivity.measures import Failures
from uncertainty.sensitivity.replicates import sum_batches
from uncertainty.sensitivity.summary import answer, widest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.sampling.engine import Engine, Span
    from uncertainty.sensitivity.crossmatrix import CrossMatrix
    from uncertainty.sensitivity.problem import Problem
    from uncertainty.settings import Progress

GROWTH = 1.5
"""Factor between the numbers of replicates after which the intervals are looked at."""

SPAN_BATCHES = 4
"""Batches that a worker takes at a time, at most."""


def add_until_known(
    problem: Problem, tolerance: float, level: float, engine: Engine, progress: Progress | None
) -> Sums:
    """Add replicates until every index that was asked for is within the tolerance, or there are no more.

    All batches are one row of tasks, though few of them may be needed: a cluster is started once, and no
    worker waits while the intervals are looked at.
    """
    matrix = problem.matrix
    stages = list(_stages(matrix, once=tolerance == 0))
    # tables are made here once, not by every thread at the same time
    matrix.simulation.transforms()
    study = problem.plan.study
    allowed = allowed_share(study.nonfinite)
    task = partial(sum_batches, matrix, problem.measures, problem.pairs, dropping=allowed > 0)
    results = engine.map(task, [span for spans in stages for span in spans])
    parts: list[Sums] = []
    failures = Failures(matrix.simulation)
    replicates = 0
    with _left(results):
        for spans in stages:
            for sums, failed in islice(results, len(spans)):
                parts.append(sums)
                failures.merge(failed)
                replicates += sums.replicates
                if progress is not None:
                    progress(replicates * matrix.replicate_rows, matrix.design.samples)
            runs = replicates * matrix.replicate_rows * problem.runs_per_point
            failures.raise_if_any(runs, problem.reaching, study.file, allowed=allowed)
            joined = Sums.joined(parts)
            _check_dropped(problem, joined, allowed)
            parts = [joined]
            if tolerance and widest(answer(problem, joined, level)).half_width <= tolerance:
                break
    return joined


def _check_dropped(problem: Problem, sums: Sums, allowed: float) -> None:
    """Refuse an output for which too many base points are dropped: each fails if one of its runs does."""
    names = problem.matrix.simulation.model.outputs
    faults = {
        names[output]: Fault(
            f"has no value in some run of {100 * share:.2g} % of the base points, of which at most "
            f'{100 * allowed:g} % may be dropped; draws alone need fewer runs (method "draws")',
            f"outputs.{names[output]}",
            problem.plan.study.file,
        )
        for output, share in zip(problem.measures.outputs, dropped(sums).tolist(), strict=True)
        if share > allowed
    }
    if faults:
        raise NonFiniteError(*faults.values())


@contextmanager
def _left(results: Iterator[object]) -> Iterator[None]:
    """Let the workers go when no more results are wanted, also if something goes wrong."""
    try:
        yield
    finally:
        if isinstance(results, Generator):
            results.close()


def _stages(matrix: CrossMatrix, *, once: bool) -> Iterator[list[Span]]:
    """Yield the batches to add, as spans, each time before the intervals are looked at."""
    batches = matrix.batches
    replicates, done = FEWEST_REPLICATES, 0
    while done < batches:
        goal = batches if once else min(batches, -(-replicates // matrix.batch))
        if goal > done:
            size = min(SPAN_BATCHES, max(1, (goal - done) // 4))
            yield [(first, min(first + size, goal)) for first in range(done, goal, size)]
        done, replicates = goal, math.ceil(GROWTH * replicates)
