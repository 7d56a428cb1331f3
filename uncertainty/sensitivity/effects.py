"""How an output follows its top drivers, and what knowing one of them would leave open."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.budgets import apart, beyond
from uncertainty.compiled import dependencies
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.selection import quantiles
from uncertainty.sampling.statistics import check_level
from uncertainty.sensitivity.sample import ROWS, Sample, draw_sample, slices
from uncertainty.sensitivity.short_version import ShortVersion, fewest_rows, short_version
from uncertainty.sensitivity.sobol.analysis import SAMPLES
from uncertainty.sensitivity.sobol.design import correlated_with
from uncertainty.settings import Unasked
from uncertainty.study.cells import inputs_of
from uncertainty.study.one_score import as_one, cells_of
from uncertainty.study.together import with_shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.sobol.results import Interval, SobolIndices
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario


BINS = 32
"""Slices of an input along which the output is described."""

POINTS = 500
"""Draws of a scatter plot."""


class Curve(NamedTuple):
    """An output along one input: its median, and the middle half of it, in slices of the input.

    Parameters
    ----------
    median, lower_quartile, upper_quartile
        Of the output there.
    at
        Median of the input in each slice. One that is drawn given others is sliced by its values.
    """

    at: FloatArray
    median: FloatArray
    lower_quartile: FloatArray
    upper_quartile: FloatArray


class Scatter(NamedTuple):
    """Some draws of an input and the output."""

    input: FloatArray
    output: FloatArray


class Remaining(NamedTuple):
    """What would remain of an output's interval if one input were known.

    Parameters
    ----------
    interval
        The expected ends of the interval: those in slices of the input, averaged on the output's scale.
    narrowing
        By how much of its width on the output's scale the interval would shrink, from 0 to 1.
    """

    interval: Interval
    narrowing: float


@dataclass(frozen=True, eq=False, slots=True)
class Effects:
    """How one output follows some inputs.

    Parameters
    ----------
    output, scale
        Which output, and whether its logarithm was looked at.
    interval
        The output's coverage interval as it is, central at `level`.
    curves, scatters
        By input.
    remaining
        By input that nobody knows, what would remain of the interval if it were known; what is worth
        measuring first begins.
    differing
        By input that differs from case to case, what would remain if all cases had one value; what makes
        cases differ most begins. No measurement can shrink that.
    yes_or_no
        Whether every draw is 1 or 0, of which intervals tell nothing.
    """

    output: str
    scale: Scale
    level: float
    interval: Interval
    curves: Mapping[str, Curve]
    scatters: Mapping[str, Scatter]
    remaining: Mapping[str, Remaining]
    differing: Mapping[str, Remaining]
    yes_or_no: bool = False


def effects(
    sample: Sample,
    output: str,
    inputs: Sequence[str],
    *,
    unknown: Sequence[str] | None = None,
    differing: Sequence[str] = (),
    explained: Mapping[str, float] | None = None,
    most: int | None = None,
    level: float = 0.95,
) -> Effects:
    """Describe how an output follows some inputs.

    Parameters
    ----------
    sample
        Draws that hold them all.
    inputs
        The inputs along which the output is drawn, such as those with the largest indices.
    unknown, differing
        Inputs that nobody knows, and inputs that differ from case to case, of which it is told what would
        remain of the interval without their spread; by default all are unknown.
    explained
        Of those among them that are inputs of one name, counted as one, the share of the variance.
    most
        How many of the unknown and of the differing ones are kept, which narrow the interval most; by
        default all.
    level
        Coverage of the intervals.

    Notes
    -----
    A slice of an input still has some width, so what would remain is a little overstated. Many inputs have no
    slices: the interval is taken to shrink as the standard deviation does, which is exact for a normal one.
    What would remain without an input that is drawn given others is, as its share is, without its own place
    among the values that are possible given them; curves and scatter plots hold the values themselves.
    """
    check_level("level", level)
    unknown = inputs if unknown is None else unknown
    values = sample.values(output)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high = quantiles(values, tails)
    explained = explained or {}
    single = [name for name in dict.fromkeys((*inputs, *unknown, *differing)) if name not in explained]
    cuts = {name: slices(sample.column(name), BINS) for name in single}
    columns = {name: sample.shown(name) for name in inputs}
    along = {name: slices(columns[name], BINS) if name in sample.scores else cuts[name] for name in inputs}

    def left(names: Sequence[str]) -> Frozen[str, Remaining]:
        scale = sample.scale(output)
        found = {
            name: _unexplained(values, tails, explained[name], scale)
            if name in explained
            else _remaining(values, cuts[name], tails, scale)
            for name in names
        }
        return Frozen(dict(sorted(found.items(), key=lambda item: -item[1].narrowing)[:most]))

    shown = np.linspace(0, sample.rows - 1, min(POINTS, sample.rows)).astype(np.int64)
    return Effects(
        output,
        sample.scale(output),
        level,
        (_back(low, sample.scale(output)), _back(high, sample.scale(output))),
        Frozen({n: _curve(columns[n], sample.outputs[output], along[n]) for n in inputs}),
        Frozen({n: Scatter(columns[n][shown], sample.outputs[output][shown]) for n in inputs}),
        left(unknown),
        left(differing),
        bool(np.isin(sample.outputs[output], (0.0, 1.0)).all()),
    )


def _curve(column: FloatArray, values: FloatArray, cuts: Sequence[np.ndarray]) -> Curve:
    quartiles = np.array([quantiles(values[rows], (0.5, 0.25, 0.75)) for rows in cuts])
    return Curve(np.array([quantiles(column[rows], (0.5,))[0] for rows in cuts]), *quartiles.T)


def _remaining(values: FloatArray, cuts: Sequence[np.ndarray], tails: FloatArray, scale: Scale) -> Remaining:
    ends = np.array([quantiles(values[rows], tails) for rows in cuts])
    shares = np.array([len(rows) for rows in cuts]) / len(values)
    low, high = (shares @ ends).tolist()
    whole = float(np.diff(quantiles(values, tails))[0])
    narrowing = 1 - (high - low) / whole if whole > 0 else 0.0
    return Remaining((_back(low, scale), _back(high, scale)), min(max(narrowing, 0.0), 1.0))


def _unexplained(values: FloatArray, tails: FloatArray, explained: float, scale: Scale) -> Remaining:
    """Return what would remain without what explains a share of the variance, by the standard deviation."""
    part = math.sqrt(1 - min(max(explained, 0.0), 1.0))
    centre = values.mean()
    low, high = (centre + part * (quantiles(values, tails) - centre)).tolist()
    return Remaining((_back(low, scale), _back(high, scale)), 1 - part)


def _back(value: float, scale: Scale) -> float:
    """Return a value on an output's scale in the output's own unit."""
    return float(value) if scale == "linear" else math.pow(10.0, value)


TOP = 3

MOST_OF_A_SET = 32
"""Correlated inputs of one set of which it is found what knowing each would leave open."""


@record(
    "interval=effects.interval",
    "remaining=effects.remaining",
    "differing=effects.differing",
    "curves=effects.curves",
    "short_version=short.shortened",
)
@dataclass(frozen=True, eq=False, slots=True)
class DriverDetails:
    """What knowing the top drivers would leave open, and what the output is without the others' spread.

    Parameters
    ----------
    effects
        Curves and draws of the inputs with the largest total indices; what would remain of the interval
        without the spread of those of each kind.
    short
        The smallest sets of inputs that explain most of the variance.
    """

    effects: Effects
    short: ShortVersion


def can_describe(study: Study, budget: int | None) -> bool:
    """Tell whether a budget has the rows that top drivers are described by."""
    return budget is None or budget >= 2 * fewest_rows(study)


def describe_drivers(
    found: SobolIndices,
    output: str,
    *,
    top: int = TOP,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    budget: int | None = None,
) -> DriverDetails:
    """Describe the top drivers of an output that has indices, under the settings of these.

    Parameters
    ----------
    top
        Inputs (or correlated sets) to look at, of all and of each kind.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    budget
        The most model rows.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `sobol` does.
    """
    plan = over_unknown(found.scenario, [output], found.settings.seed)
    indices = found.outputs[output].indices
    explained = {key: indices[key].first.value for key in indices if key in found.by_name}
    members = _members(plan, found, output)
    inputs = [name for key in list(members)[:top] if key not in explained for name in members[key]]
    sets = [[key] if key in explained else names for key, names in members.items()]
    kinds = {
        name: plan.kinds[cells_of(plan, members.get(name, [name]) if name in explained else [name])[0]]
        for names in sets
        for name in names
    }
    unknown, differing = (
        _candidates([[name for name in names if kinds[name] == kind] for names in sets], top)
        for kind in ("uncertainty", "variability")
    )
    settings = replace(found.settings, samples=found.budget if budget is None else SAMPLES, budget=budget)
    half = apart(settings, 2)
    drawn = replace(half, samples=Unasked(beyond(found.study, half, ROWS, 1.0)))
    how: dict[str, Any] = {"threads": threads, "engine": engine, "scheduler": scheduler}
    shown = cells_of(plan, [name for name in (*inputs, *unknown, *differing) if name not in explained])
    sample = draw_sample(found.study, output=output, inputs=shown, settings=drawn, **how)
    return DriverDetails(
        effects(
            sample,
            output,
            inputs,
            unknown=unknown,
            differing=differing,
            explained=explained,
            most=top,
            level=found.settings.level,
        ),
        short_version(found.study, output=output, indices=found, settings=half, **how),
    )


def _candidates(sets: Iterable[Sequence[str]], top: int) -> list[str]:
    """Return the inputs that may narrow an interval most: those of the first sets, each whole.

    Sets come in the order of their indices. Inputs of one have no order among them but the file's, and may
    all narrow it less than what a later set holds.
    """
    first = islice(filter(None, sets), top)
    return [name for names in first for name in names[:MOST_OF_A_SET]]


def _members(plan: Scenario, found: SobolIndices, output: str) -> dict[str, list[str]]:
    """Return by key of an index its inputs, of many those that the output depends on or that correlate."""
    partners, reaching = correlated_with(plan), with_shares(plan, dependencies(plan, [output])[output])
    wholes = [whole for whole in plan.wholes if set(whole.drawn) <= set(plan.varying)]
    varying = {*plan.varying, *(name for whole in wholes for name in whole.names)}
    members = {}
    for key in found.outputs[output].indices:
        every = [name for name in inputs_of(found.study, key) if name in varying]
        needed = [name for name in every if reaching & {name, *partners.get(name, ())}]
        members[key] = list(as_one(plan, needed or every))
    return members
