"""The linear uncertainty budget of the GUM beside Monte Carlo, and whether it may be used.

JCGM 100:2008 propagates standard uncertainties through first derivatives; JCGM 101:2008, clause 8, compares
the ends of its coverage interval with those of a Monte Carlo run.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, Unpack

import numpy as np

from uncertainty.budgets import afford, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import check_unweighed, compile_model, dependencies, is_nested
from uncertainty.distributions import CurvilinearTrapezoid, StudentT, Truncated
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.propagation import propagate
from uncertainty.records import Frozen
from uncertainty.results.about import dropped_of
from uncertainty.sampling import other_nets
from uncertainty.sampling.case_model import CaseFunction
from uncertainty.sampling.cases import make_cases
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.nesting import FEWEST_CASES, NET_PILOT, NestedOutputs, over_unknown
from uncertainty.sampling.simulation import few_inputs, simulate
from uncertainty.sensitivity.budget_result import Bend, Budget, BudgetLine, Covariance, coverage_factor
from uncertainty.sensitivity.coefficients import derivatives, linear_correlations, slope_rows
from uncertainty.sensitivity.methods import Attributed
from uncertainty.settings import SAMPLES, SettingOptions, Settings
from uncertainty.study.centred import at_estimates, counts_at_means
from uncertainty.study.one_score import as_one, called, members_among
from uncertainty.study.scenario import nothing_to_move
from uncertainty.study.together import as_shares, values_of_shares, with_shares
from uncertainty.tables.table import stacked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.derivatives import Kink
    from uncertainty.propagation import Propagation
    from uncertainty.sampling.cases import Cases
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.statistics import Draws
    from uncertainty.sensitivity.budget_result import Verdict
    from uncertainty.sensitivity.coefficients import Derivatives
    from uncertainty.sensitivity.methods import Asked
    from uncertainty.sensitivity.sobol.results import Interval
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario


FAR_OUT = 0.999
"""Probability that limits leave of a distribution which they hardly touch."""

DRAWS = 2**12
"""Draws among which kinks are looked for."""

MOST_CASES, ROWS = 2**14, 2**22
"""Cases that derivatives of an average are of at most, and rows that these take about: they are few draws."""


@checked(Settings)
@budgeted
def linear_budget(
    study: Study,
    *,
    output: str | None = None,
    digits: int = 1,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Budget:
    """Make the linear uncertainty budget of one output and compare it with Monte Carlo.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    digits
        Significant digits that the standard uncertainty is to have, 1 or 2.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        Those of the Monte Carlo run; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does; SettingError if `digits` is neither 1 nor 2; and NonFiniteError if an input has
        no standard deviation.

    References
    ----------
    JCGM 100:2008, 5.1, 5.2 and G.4; JCGM 101:2008, 7.9.2 and clause 8.
    """
    if digits not in (1, 2):
        raise SettingError(f"digits: expected 1 or 2, found {digits}")
    settings = replace(settings or Settings(), **options)
    name = output or study.headline
    check_unweighed(settings.scenario(study))
    study = keeping(study, cache)
    asked = settings
    if settings.budget is not None and study.function is not None:
        differences = slope_rows(len(study.inputs))
        if is_nested(settings.scenario(study), name):
            looked_at = other_nets.CASES * other_nets.DRAWS
            differences = NET_PILOT + looked_at + FEWEST_CASES * differences
        afford(settings, differences + 1 + FEWEST_REPLICATES, "a linear budget")
        asked = replace(settings, budget=settings.budget - differences)
    run = propagate(
        study, outputs=[name], threads=threads, engine=engine, scheduler=scheduler, settings=asked
    )
    plan, simulation = _at_estimates(run, name)
    few = few_inputs(simulation, DRAWS, settings.seed)
    reaching = with_shares(plan, dependencies(plan, [name])[name])
    if plan.wholes:
        plan, few = _over_shares(plan, simulation, few)
    inputs = _moved(plan, reaching)
    own = [_standard_uncertainty(plan, n) for n in inputs]
    alone = np.array([u for u, _ in own])
    spreads, correlations = linear_correlations(plan, inputs, alone)
    own = [(u, df) for u, (_, df) in zip(spreads.tolist(), own, strict=True)]
    model = _model(run, plan, simulation, name)
    found = _seen(derivatives(plan, name, inputs, model, few, spreads), run.outputs[name].draws)
    parts = found.slopes * spreads
    uncertainty, effective = _combined(parts, [df for _, df in own], correlations)
    half = coverage_factor(effective, settings.level) * uncertainty
    interval = (found.value - half, found.value + half)
    return Budget(
        study,
        plan,
        run.settings,
        name,
        Frozen(_lines(plan, inputs, own, found, parts, correlations, uncertainty)),
        _covariances(*_as_one(plan, inputs, parts, correlations), uncertainty),
        _bends(found.kinks),
        found.value,
        uncertainty,
        effective,
        settings.level,
        interval,
        *_compared(run, name, interval, (uncertainty, effective), digits),
        run.outputs[name].dropped,
    )


def _seen(found: Derivatives, draws: Draws) -> Derivatives:
    """Return derivatives, of an output that cannot vary as 0; averages' rest on more cases than its draws."""
    never = draws.equal and draws.constant and not draws.without
    return replace(found, slopes=np.zeros(len(found.slopes))) if never else found


def _moved(plan: Scenario, reaching: frozenset[str]) -> tuple[str, ...]:
    """Return the inputs that the budget has lines for; refuse averages over all cases that none moves."""
    inputs = tuple(n for n in plan.varying if n in reaching)
    if not inputs and plan.nested is not None:
        raise SettingError(f"{nothing_to_move(plan)}: there is nothing to budget")
    return inputs


def _at_estimates(run: Propagation, output: str) -> tuple[Scenario, Simulation]:
    """Return the scenario of a run over what nobody knows, and its simulation.

    Inputs with parameters have their distributions where these are at their estimates, as all the budget is.
    """
    settled, seed = _settled(run.scenario, output), run.settings.seed
    plan = over_unknown(settled, [output], seed, least=_cases_for(ROWS, settled))
    over, own = plan.nested, run.simulation.model
    if isinstance(over, NestedOutputs) and isinstance(own, CaseFunction):
        plan = replace(plan, nested=replace(over, cases=_of_function(over, own.cases, run, plan)))
    if plan.nested is not None or not plan.dependent:
        return plan, run.simulation
    return plan, simulate(settled, [output], 1, seed, "random")


def _settled(scenario: Scenario, output: str) -> Scenario:
    """Return a scenario whose inputs with parameters are told where these are at their estimates."""
    # what differs from case to case is averaged over as it is
    over_all = is_nested(scenario, output)
    smooth = [n for n in scenario.varying if not over_all or scenario.kinds[n] == "uncertainty"]
    return at_estimates(scenario, smooth)


def _cases_for(rows: int, plan: Scenario) -> int:
    """Return the cases, a power of two, whose derivatives by a scenario's inputs take about so many rows.

    There are `FEWEST_CASES` at least and `MOST_CASES` at most.
    """
    wanted = max(rows // slope_rows(len(plan.varying)), FEWEST_CASES)
    return min(1 << wanted.bit_length() - 1, MOST_CASES)


def _of_function(over: NestedOutputs, own: Cases, run: Propagation, plan: Scenario) -> Cases:
    """Return the cases that a function's derivatives are of.

    Its rows may be dear: they are those of the run, or more as far as half of its rows are enough.
    """
    meter = run.scenario.study.meter
    if meter is None:
        size = max(own.size, _cases_for(run.settings.samples // 2, plan))
    else:
        size = min(own.size, _cases_for(meter.left, plan))
    return own if size == own.size else make_cases(over.plan, size, over.seed).over(own.unknown)


def _model(run: Propagation, plan: Scenario, simulation: Simulation, output: str) -> Model:
    """Return the model whose derivatives a budget is of."""
    model, nested = simulation.model, plan.nested
    if isinstance(model, CaseFunction) and isinstance(nested, NestedOutputs):
        return model.on(nested.cases)
    # a run of equations shares its rows out among draws and cases, where a budget takes few draws
    if plan.study.function is None or plan.wholes or plan.dependent:
        return compile_model(_smooth(run.scenario, plan, output, run.settings.seed), [output])
    return model


def _smooth(scenario: Scenario, plan: Scenario, output: str, seed: int) -> Scenario:
    """Return a budget's scenario for derivatives, in which counts that nobody knows are as their means."""
    if plan.nested is None:
        return counts_at_means(plan, plan.varying)
    if plan.wholes:
        return plan
    # averages are of whole counts where these differ from case to case
    smooth = counts_at_means(_settled(scenario, output), plan.varying)
    return over_unknown(smooth, [output], seed, like=plan)


def _over_shares(plan: Scenario, simulation: Simulation, few: FloatArray) -> tuple[Scenario, FloatArray]:
    """Return the scenario over shares themselves, and its inputs' draws, from those of the simulation."""
    shown = dict(zip(simulation.inputs, simulation.shown(few), strict=True))
    over = as_shares(plan)
    own = dict(zip(simulation.inputs, few, strict=True)) | values_of_shares(over, shown)
    return over, np.array([own[name] for name in over.varying])


def _bends(kinks: Sequence[Kink]) -> tuple[Bend, ...]:
    """Return where the model bends, once for each part of a formula, with the largest share that it meets."""
    found: dict[str, float] = {}
    for kink in kinks:
        text = str(kink.expression)
        found[text] = max(found.get(text, 0.0), kink.share)
    return tuple(Bend(text, share) for text, share in found.items())


def _combined(
    contributions: FloatArray, degrees_of_freedom: list[float], correlations: FloatArray
) -> tuple[float, float]:
    """Return the combined standard uncertainty, and its degrees of freedom by Welch and Satterthwaite.

    Their formula is for independent inputs (JCGM 100:2008, G.4.1). Correlated ones count together, with the
    fewest degrees of freedom among them.
    """
    # in units of the largest, so that no power of an output of any size is lost
    size = float(np.abs(contributions).max(initial=0.0)) or 1.0
    parts = contributions / size
    variance = max(float(parts @ correlations @ parts), 0.0)
    fourth = 0.0
    for rows in _correlated_sets(correlations):
        part = max(float(parts[rows] @ correlations[np.ix_(rows, rows)] @ parts[rows]), 0.0)
        fourth += part**2 / min(degrees_of_freedom[row] for row in rows)
    return size * math.sqrt(variance), variance**2 / fourth if fourth > 0 else math.inf


def _correlated_sets(correlations: FloatArray) -> list[list[int]]:
    """Return the rows that are correlated with one another, directly or through others."""
    from scipy.sparse.csgraph import connected_components

    labels = connected_components(correlations, directed=False)[1]
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _lines(
    plan: Scenario,
    inputs: tuple[str, ...],
    own: list[tuple[float, float]],
    found: Derivatives,
    parts: FloatArray,
    correlations: FloatArray,
    uncertainty: float,
) -> dict[str, BudgetLine]:
    """Return the inputs' lines, the largest contribution first; members of one score have one."""
    lines = {
        n: BudgetLine(
            plan.distributions[n].mean,
            u,
            df,
            float(slope),
            abs(float(slope)) * u,
            _share(float(slope) * u, float(slope) * u, uncertainty),
            plan.study.inputs[n].unit.text,
            str(plan.distributions[n]),
            float(error),
        )
        for n, (u, df), slope, error in zip(inputs, own, found.slopes, found.errors, strict=True)
        # a member of an index has no derivative: what it decides is among the bends
        if plan.study.inputs[n].member_of is None
    }
    names, together, _ = _as_one(plan, inputs, parts, correlations)
    sets = members_among(plan, inputs)
    for name, part in zip(names, together.tolist(), strict=True):
        if name in sets:
            members = [lines.pop(member) for member in sets[name]]
            fewest = min(each.degrees_of_freedom for each in members)
            error = sum(each.sensitivity_error * each.uncertainty for each in members)
            share = _share(part, part, uncertainty)
            lines[name] = BudgetLine(0.0, 1.0, fewest, part, abs(part), share, "score", "normal(0, 1)", error)
    return dict(sorted(lines.items(), key=lambda item: -item[1].contribution))


def _as_one(
    plan: Scenario, inputs: tuple[str, ...], parts: FloatArray, correlations: FloatArray
) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return inputs, what they contribute and their correlations, members of one score as one input.

    That is their score, whose standard uncertainty is 1: they contribute what they do together. Members of
    distributions of several kinds do not rise in proportion, which their own correlations say.
    """
    names = as_one(plan, inputs)
    if len(names) == len(inputs):
        return inputs, parts, correlations
    own = list(called(plan, inputs).values())
    weights = np.array([parts * [each == name for each in own] for name in names])
    covariances = weights @ correlations @ weights.T
    sizes = np.sqrt(np.maximum(covariances.diagonal(), 0.0))
    together = np.where(weights.sum(axis=1) < 0, -sizes, sizes)
    with np.errstate(all="ignore"):
        found = np.nan_to_num(covariances / np.outer(together, together))
    # what is no set keeps its own, also where it contributes nothing
    alone = [place for place, name in enumerate(names) if name in inputs]
    rows = [inputs.index(names[place]) for place in alone]
    found[np.ix_(alone, alone)] = correlations[np.ix_(rows, rows)]
    return names, together, found


def _covariances(
    inputs: tuple[str, ...], parts: FloatArray, correlations: FloatArray, uncertainty: float
) -> tuple[Covariance, ...]:
    """Return what the pairs of correlated inputs add (JCGM 100:2008, equation 16), the largest first."""
    pairs = zip(*np.nonzero(np.triu(correlations, 1)), strict=True)
    found = [
        Covariance(
            (inputs[a], inputs[b]),
            float(correlations[a, b]),
            _share(2 * float(correlations[a, b]) * float(parts[a]), float(parts[b]), uncertainty),
        )
        for a, b in pairs
    ]
    return tuple(sorted(found, key=lambda each: -abs(each.share)))


def _share(one: float, other: float, uncertainty: float) -> float:
    """Return a product's share of the variance; nothing has one where all contributions cancel."""
    # plus 0, which takes the sign from a product of nothing
    return (one / uncertainty) * (other / uncertainty) + 0.0 if uncertainty > 0 else 0.0


_Errors: TypeAlias = tuple[float | None, float | None]


def _compared(
    run: Propagation, output: str, interval: Interval, budgeted: tuple[float, float], digits: int
) -> tuple[float, float | None, Interval, tuple[float, float], _Errors, int, float, Verdict]:
    """Compare the linear interval with Monte Carlo's.

    Parameters
    ----------
    budgeted
        The combined standard uncertainty and its degrees of freedom.
    """
    drawn = run.outputs[output]
    summary = drawn.summary
    low, high = summary["low"], summary["high"]
    differences = abs(interval[0] - low.value), abs(interval[1] - high.value)
    off = low.error, high.error
    spread = summary["sd"].value
    uncertainty, degrees_of_freedom = budgeted
    if not uncertainty and (spread <= 0 or not drawn.varies):
        # of averages the few cases behind each draw tell nothing of what the many do
        never: Verdict = "undecided" if drawn.draws.without else "valid"
        return spread, None, (low.value, high.value), differences, off, digits, 0.0, never
    error = summary["sd"].error
    # a tail drives up Monte Carlo's, without end where no standard deviation exists
    smaller = uncertainty if error is None else min(uncertainty, spread)
    tolerance = numerical_tolerance(smaller, digits)
    errors = [math.inf if each is None else 2 * each for each in off]
    verdict: Verdict = "undecided"
    if any(d - e > tolerance for d, e in zip(differences, errors, strict=True)):
        verdict = "not valid"
    elif error is None and math.isinf(degrees_of_freedom):
        verdict = "undecided"
    elif all(d + e <= tolerance for d, e in zip(differences, errors, strict=True)):
        verdict = "valid"
    return spread, error, (low.value, high.value), differences, off, digits, tolerance, verdict


def numerical_tolerance(uncertainty: float, digits: int) -> float:
    """Return half a unit of the last significant digit of a standard uncertainty (JCGM 101:2008, 7.9.2).

    One of 0 leaves no tolerance.
    """
    if not uncertainty:
        return 0.0
    exponent = int(f"{uncertainty:.{digits - 1}e}".split("e")[1])
    return float(0.5 * 10.0 ** (exponent - digits + 1))


def _standard_uncertainty(plan: Scenario, name: str) -> tuple[float, float]:
    """Return an input's standard uncertainty and degrees of freedom (JCGM 100:2008, 4.3.7 and G.4.2)."""
    distribution = plan.distributions[name]
    # a limit far out in a tail changes nothing of what the degrees of freedom say
    if isinstance(distribution, Truncated) and distribution.kept > FAR_OUT:
        whole = distribution.distribution
        distribution = whole if isinstance(whole, StudentT) else distribution
    if isinstance(distribution, StudentT):
        return distribution.scale, distribution.df
    if isinstance(distribution, CurvilinearTrapezoid):
        half_width = 0.5 * (distribution.high - distribution.low)
        return half_width / math.sqrt(3), 0.5 * (half_width / distribution.inexactness) ** 2
    if not math.isfinite(distribution.sd):
        raise NonFiniteError(
            Fault(
                "has no standard deviation, so there is no linear budget", f"inputs.{name}", plan.study.file
            )
        )
    return distribution.sd, math.inf


def attribute(asked: Asked) -> Attributed:
    """Return the budget of each output."""
    settings = asked.settings_of(SAMPLES, len(asked.outputs))
    found = {
        name: linear_budget(asked.study, output=name, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    tables = {name: each.table for name, each in found.items()}
    dropped = dropped_of({name: each.dropped for name, each in found.items()})
    depends = next(iter(found.values())).about._replace(dropped=dropped)
    return Attributed(found, depends, stacked("budget", "result", tables))
