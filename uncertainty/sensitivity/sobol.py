"""Sobol' indices from replicated randomisations: SALib's estimators, and intervals that mean what they say.

Each replicate is an independent randomisation of a cross-matrix design (Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018): two matrices A and B of inputs, and for each input the matrix A with that
input's column from B. SALib's estimators give all outputs' indices from one replicate at once. The mean over
replicates is the estimate, and the replicates' spread gives a Student interval: nothing is assumed about the
points of one low-discrepancy set, which are not independent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.compiled import check_outputs, dependencies
from uncertainty.errors import SettingError
from uncertainty.sampling.correlation import connected
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.engine import make_engine, spans
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.crossmatrix import CrossMatrix, cross_matrix
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.engine import Span
    from uncertainty.settings import Progress
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario

SAMPLES = 2**14
"""Base points of an analysis: each costs one model run for A, one for B and one for every set of inputs."""

NOISE = 1e-12
"""Relative standard deviation below which an output varies by rounding alone."""


class Index(NamedTuple):
    """First-order and total index of an input or a group, each with its interval."""

    S1: float
    S1_interval: tuple[float, float]
    ST: float
    ST_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class OutputIndices:
    """The indices of one output.

    Parameters
    ----------
    scale
        ``"log10"`` if the indices explain the variance of the output's logarithm.
    indices
        By input, the largest total index first; inputs that are correlated are one set, keyed ``a+b``.
    groups
        By the study's groups, likewise.
    reason
        Why there are no indices, where there are none.
    """

    output: str
    scale: Scale
    indices: Mapping[str, Index]
    groups: Mapping[str, Index]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """Sobol' indices of a study's outputs under one scenario.

    Parameters
    ----------
    settings
        With `samples` as rounded up by the design; `level` is that of the intervals.
    replicates
        Independent randomisations that the intervals rest on.
    model_rows
        Model runs that were made.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    replicates: int
    model_rows: int
    outputs: Mapping[str, OutputIndices]


def sobol(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> SobolIndices:
    """Estimate first-order and total Sobol' indices of every input and group.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    output
        Name or names of the outputs wanted; all of them by default.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called after each span of blocks with the base points done and the base points there are.
    settings
        What to run; or give the fields of `Settings` as keywords. `samples` counts base points.

    Returns
    -------
    SobolIndices
        Indices on each output's declared scale.

    Raises
    ------
    SettingError
        If a setting or an output's name is wrong, or the study has nothing that varies.
    NonFiniteError
        If an output is infinite or undefined for some draws, or not positive on a log10 scale.

    References
    ----------
    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Jansen 1999, doi:10.1016/S0010-4655(98)00154-4.
    """
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    wanted = (output,) if isinstance(output, str) else tuple(output or study.outputs)
    check_outputs(study, wanted)
    plan = scenario(study, settings.reading, settings.choices, settings.overrides)
    if not plan.varying:
        raise SettingError("no input varies: there is nothing to attribute")
    reaching = dependencies(plan, wanted)
    inputs, groups = _sets(plan, frozenset().union(*reaching.values()))
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design)
    rows = {
        members: tuple(map(plan.varying.index, members)) for members in [*inputs.values(), *groups.values()]
    }
    matrix = cross_matrix(
        simulation,
        {"+".join(members): picked for members, picked in rows.items()},
        settings.samples,
        settings.seed,
        settings.design,
    )
    first, total = _estimate(matrix, plan, threads, progress)
    found = {}
    for k, name in enumerate(wanted):
        found[name] = _output_indices(
            study.outputs[name].scale,
            name,
            matrix,
            first[:, :, k],
            total[:, :, k],
            settings.level,
            inputs,
            groups,
        )
    return SobolIndices(
        study,
        plan,
        replace(settings, samples=matrix.design.samples),
        matrix.replicates,
        matrix.model_rows,
        MappingProxyType(found),
    )


def _sets(
    plan: Scenario, reaching: frozenset[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return what is exchanged together: single inputs or correlated sets, and the study's groups."""
    varying = plan.varying
    pairs = [pair for pair in plan.study.correlations if set(pair.inputs) <= set(varying)]
    sets = {name: members for members in connected(pairs) for name in members}
    inputs = {}
    for name in varying:
        members = sets.get(name, (name,))
        if reaching & set(members):
            inputs["+".join(members)] = members
    groups: dict[str, set[str]] = {}
    for name in varying:
        group = plan.study.inputs[name].group
        if group:
            # correlated inputs cannot be told apart, so a group takes them all
            groups.setdefault(group, set()).update(sets.get(name, (name,)))
    ordered = {group: tuple(n for n in varying if n in members) for group, members in groups.items()}
    return inputs, {group: members for group, members in ordered.items() if reaching & set(members)}


def _estimate(
    matrix: CrossMatrix, plan: Scenario, threads: int | None, progress: Progress | None
) -> tuple[FloatArray, FloatArray]:
    """Return first-order and total indices of every replicate, each (replicates, sets, outputs)."""
    failed = FailedRows(matrix.simulation.inputs, matrix.simulation.model.outputs)
    first, total = [], []
    done = 0
    for s1, st, found in make_engine(threads).map(
        partial(_span, matrix, plan.study), spans(blocks(matrix.design), 1)
    ):
        first.append(s1)
        total.append(st)
        failed.merge(found)
        done += len(s1) * matrix.replicate_rows
        if progress is not None:
            progress(done, matrix.design.samples)
    outputs = matrix.simulation.model.outputs
    failed.raise_if_any(matrix.model_rows, dependencies(plan, outputs), plan.study.file)
    return np.concatenate(first), np.concatenate(total)


def _span(matrix: CrossMatrix, study: Study, span: Span) -> tuple[FloatArray, FloatArray, FailedRows]:
    """Estimate the indices of the replicates in a span of blocks."""
    outputs = matrix.simulation.model.outputs
    logarithmic = np.array([study.outputs[name].scale == "log10" for name in outputs])
    failed = FailedRows(matrix.simulation.inputs, outputs)
    first, total = [], []
    for block in matrix.replicate_outputs(*span):
        a, b, *mixed = (_scaled(y, logarithmic) for y in (block.a, block.b, *block.mixed))
        failed.look_at(block.inputs, np.concatenate([a, b], axis=1))
        for rows, y in zip(matrix.sets.values(), mixed, strict=True):
            if not np.isfinite(y).all():
                failed.look_at(block.exchanged(rows), y)
        if failed.counts:
            continue
        s1, st = estimate_replicate(a, b, mixed)
        first.append(s1)
        total.append(st)
    empty = np.empty((0, len(matrix.sets), len(outputs)))
    return np.array(first) if first else empty, np.array(total) if total else empty, failed


def _scaled(outputs: FloatArray, logarithmic: np.ndarray) -> FloatArray:
    if not logarithmic.any():
        return outputs
    scaled = outputs.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled[logarithmic] = np.log10(outputs[logarithmic])
    return scaled


def estimate_replicate(
    a: FloatArray, b: FloatArray, mixed: Sequence[FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Estimate one replicate's indices with SALib's estimators.

    Parameters
    ----------
    a, b
        Outputs of A and of B, shape (outputs, rows); finite.
    mixed
        For each set of inputs the outputs of A with that set from B.

    Returns
    -------
    first, total
        Shape (sets, outputs); nan for an output that does not vary.
    """
    from SALib.analyze.sobol import first_order, total_order

    both = np.concatenate([a, b], axis=1)
    centre, spread = both.mean(axis=1), both.std(axis=1)
    spread = np.where(spread > NOISE * np.abs(centre), spread, np.nan)
    # SALib takes a variance below 2e-16 for zero, whatever the output's size
    a, b, *rest = ((y - centre[:, None]).T / spread for y in (a, b, *mixed))
    first = np.array([first_order(a, y, b) for y in rest])
    total = np.array([total_order(a, y, b) for y in rest])
    unvarying = np.isnan(spread)
    first[:, unvarying] = np.nan
    total[:, unvarying] = np.nan
    return first, total


def _output_indices(
    scale: Scale,
    name: str,
    matrix: CrossMatrix,
    first: FloatArray,
    total: FloatArray,
    level: float,
    inputs: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, tuple[str, ...]],
) -> OutputIndices:
    if np.isnan(first).any():
        return OutputIndices(
            name, scale, MappingProxyType({}), MappingProxyType({}), "the output does not vary"
        )
    place = {key: i for i, key in enumerate(matrix.sets)}

    def indices(sets: Mapping[str, tuple[str, ...]]) -> Mapping[str, Index]:
        columns = {key: place["+".join(members)] for key, members in sets.items()}
        found = {
            key: Index(*student_interval(first[:, i], level), *student_interval(total[:, i], level))
            for key, i in columns.items()
        }
        return MappingProxyType(dict(sorted(found.items(), key=lambda item: -item[1].ST)))

    return OutputIndices(name, scale, indices(inputs), indices(groups))


def student_interval(estimates: FloatArray, level: float) -> tuple[float, tuple[float, float]]:
    """Return the mean of independent estimates and the Student interval of that mean."""
    from scipy.special import stdtrit

    mean = float(estimates.mean())
    error = float(estimates.std(ddof=1)) / math.sqrt(estimates.size)
    half = float(stdtrit(estimates.size - 1, (1 + level) / 2)) * error
    return mean, (mean - half, mean + half)
