"""Sobol' indices from replicated randomisations, with intervals that mean what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from uncertainty.budgets import apart, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import dependencies, is_nested, wanted_outputs
from uncertainty.errors import SettingError, suggestion
from uncertainty.records import Frozen
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.sensitivity.choices import study_with_choices
from uncertainty.sensitivity.sobol.design import plan_exchanges
from uncertainty.sensitivity.sobol.problem import prepare
from uncertainty.sensitivity.sobol.replicates import add_until_known
from uncertainty.sensitivity.sobol.results import Index, OutputIndices, SobolIndices
from uncertainty.sensitivity.sobol.summary import answer, output_indices, widest
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.scenario import nothing_to_move, scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.sensitivity.sobol.estimators import Sums
    from uncertainty.sensitivity.sobol.problem import Problem
    from uncertainty.settings import Progress
    from uncertainty.study.model import Scale, Study


__all__ = ["SAMPLES", "TOLERANCE", "Index", "OutputIndices", "SobolIndices", "sobol"]

SAMPLES = Unasked(2**16)
"""Base points that may be used: each costs one model run for A, one for B and one for every set of inputs."""

TOLERANCE = 0.01

"""Half-width that every index is to reach."""


@checked(Settings)
@budgeted
def sobol(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    tolerance: float = TOLERANCE,
    second_order: bool = False,
    by: str = "set",
    scale: Scale | None = None,
    choices_as_inputs: Sequence[str] = (),
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    progress: Progress | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> SobolIndices:
    """Estimate first-order and total Sobol' indices of every input, group and kind.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    output
        Name or names of the outputs wanted; all of them by default.
    tolerance
        Replicates are added until every interval reaches at most this far to either side, or `samples` base
        points are used; 0 uses them all.
    second_order
        Also estimate the index of every pair of inputs, for nearly twice the model runs.
    by
        ``"set"`` takes correlated inputs as one; ``"input"`` insists on single inputs; ``"name"`` takes all
        members of an indexed input as one, too.
    scale
        ``"linear"`` or ``"log10"`` for every output; by default each output's declared scale, with the linear
        one beside a log10 one.
    choices_as_inputs
        Choices to be taken as inputs whose options are equally likely, keyed ``choices.NAME``.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    progress
        Called after each span of replicates with the base points done and the most there may be.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        What to run; or give the fields of `Settings` as keywords. `samples` is the most base points.

    Raises
    ------
    SettingError
        If a setting or an output's name is wrong, nothing varies, or single inputs are asked for where
        inputs are correlated.
    NonFiniteError
        If an output is infinite or undefined for some draws, or not positive on a log10 scale.

    References
    ----------
    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Jansen 1999, doi:10.1016/S0010-4655(98)00154-4.
    """
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    study = keeping(study, cache)
    _check(tolerance, scale)
    wanted = wanted_outputs(study, output)
    single = settings.scenario(study)
    groups = [[n for n in wanted if is_nested(single, n) == nested] for nested in (False, True)]
    if all(groups):
        settings = apart(settings, 2)
        how: dict[str, Any] = {"tolerance": tolerance, "second_order": second_order, "by": by, "scale": scale}
        how |= {"threads": threads, "engine": engine, "scheduler": scheduler, "progress": progress}
        how |= {"choices_as_inputs": choices_as_inputs, "settings": settings}
        return _joined(wanted, *(sobol(study, output=names, **how) for names in groups))
    asked = over_unknown(single, wanted, settings.seed)
    plan = asked
    if choices_as_inputs:
        plan = scenario(study_with_choices(study, choices_as_inputs, wanted, settings))
    if not plan.varying:
        raise SettingError(f"{nothing_to_move(plan)}: there is nothing to attribute")
    exchanges = plan_exchanges(plan, dependencies(plan, wanted), by)
    problem = prepare(plan, wanted, settings, exchanges, scale=scale, second_order=second_order)
    workers = make_engine(threads, engine, scheduler, turns=study.turns)
    sums = add_until_known(problem, tolerance, settings.level, workers, progress)
    found = _result(problem, sums, settings, tolerance)
    return replace(found, study=study, scenario=asked, choices_as_inputs=tuple(choices_as_inputs))


def _joined(wanted: Sequence[str], single: SobolIndices, nested: SobolIndices) -> SobolIndices:
    """Put indices over what nobody knows beside those of outputs of single cases."""
    outputs = {**single.outputs, **nested.outputs}
    least_known = max(single, nested, key=lambda found: found.widest)
    return replace(
        single,
        outputs=Frozen({name: outputs[name] for name in wanted}),
        settings=replace(single.settings, samples=max(single.settings.samples, nested.settings.samples)),
        model_rows=single.model_rows + nested.model_rows,
        widest=least_known.widest,
        widest_of=least_known.widest_of,
        by_name=Frozen({**nested.by_name, **single.by_name}),
    )


def _check(tolerance: float, scale: str | None) -> None:
    if not 0 <= tolerance < 1:
        raise SettingError(f"tolerance: expected at least 0 and below 1, found {tolerance:g}")
    if scale not in (None, "linear", "log10"):
        raise SettingError(f'scale: unknown scale "{scale}"{suggestion(scale, ("linear", "log10"))}')


def _result(problem: Problem, sums: Sums, settings: Settings, tolerance: float) -> SobolIndices:
    matrix = problem.matrix
    used = sums.replicates * matrix.replicate_rows
    found = answer(problem, sums, settings.level)
    names = matrix.simulation.model.outputs
    outputs = {name: output_indices(found, position) for position, name in enumerate(names)}
    least_known = widest(found)
    return SobolIndices(
        study=problem.plan.study,
        scenario=problem.plan,
        settings=replace(settings, samples=used),
        replicates=sums.replicates,
        model_rows=used * problem.runs_per_point,
        outputs=Frozen(outputs),
        tolerance=tolerance,
        budget=matrix.design.samples,
        widest=least_known.half_width,
        widest_of=(least_known.output, least_known.key),
        correlated=problem.exchanges.correlated,
        by_name=problem.exchanges.by_name,
    )
