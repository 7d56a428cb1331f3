"""How an output follows its top drivers, and what knowing one of them would leave open."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.budgets import apart, beyond
from uncertainty.compiled import dependencies
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.selection import quantiles
from uncertainty.sampling.statistics import check_level
from uncertainty.sampling.workers.beside import side_by_side
from uncertainty.sensitivity.remaining import BINS, Known, Remaining, ends_of
from uncertainty.sensitivity.sample import ROWS, Sample, draw_sample, slices
from uncertainty.sensitivity.short_version import ShortVersion, fewest_rows, short_version
from uncertainty.sensitivity.sobol.analysis import SAMPLES
from uncertainty.sensitivity.sobol.design import correlated_with
from uncertainty.settings import Unasked
from uncertainty.study.cells import inputs_of
from uncertainty.study.one_score import as_one, cells_of
from uncertainty.study.together import with_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Ends
    from uncertainty.sensitivity.sobol.results import Interval, SobolIndices
    from uncertainty.settings import Settings
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario


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
    errors
        Monte Carlo errors of the interval's ends, None where they are not known.
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
    errors: tuple[float | None, float | None] = (None, None)

    @property
    def ends(self) -> Ends:
        """Both ends of the interval as it is, with their errors."""
        return ends_of(self.interval, self.errors)


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
    Many inputs have no slices: the interval is taken to shrink as the standard deviation does, which is exact
    for a normal one. All else is told by the inputs' values, also of those that are drawn given others.
    """
    check_level("level", level)
    unknown = inputs if unknown is None else unknown
    known = Known.of(sample, output, level)
    explained = explained or {}

    def left(names: Sequence[str]) -> Frozen[str, Remaining]:
        found = {
            name: known.unexplained(explained[name])
            if name in explained
            else known.without(sample.shown(name))
            for name in names
        }
        return Frozen(dict(sorted(found.items(), key=lambda item: -item[1].narrowing)[:most]))

    columns = {name: sample.shown(name) for name in inputs}
    shown = np.linspace(0, sample.rows - 1, min(POINTS, sample.rows)).astype(np.int64)
    values = sample.outputs[output]
    low, high = known.interval
    return Effects(
        output,
        sample.scale(output),
        level,
        (low.value, high.value),
        Frozen({name: _curve(column, values) for name, column in columns.items()}),
        Frozen({name: Scatter(column[shown], values[shown]) for name, column in columns.items()}),
        left(unknown),
        left(differing),
        bool(np.isin(values, (0.0, 1.0)).all()),
        (low.error, high.error),
    )


def _curve(column: FloatArray, values: FloatArray) -> Curve:
    cuts = slices(column, BINS)
    quartiles = np.array([quantiles(values[rows], (0.5, 0.25, 0.75)) for rows in cuts])
    return Curve(np.array([quantiles(column[rows], (0.5,))[0] for rows in cuts]), *quartiles.T)


TOP = 3

MOST_OF_A_SET = 32
"""Correlated inputs of one set of which it is found what knowing each would leave open."""

EACH_POINT = 16
"""Draws for each base point that indices may use, where draws cost little."""

FIRST_ROWS = 2**16
"""Draws of a first look, where more may be taken."""

MOST_ROWS = 2**18
"""The most draws: with fewer, ends next to a gap between values lie too far out in slices."""

SETTLED = 0.005
"""The error of a narrowing, of the interval's width, with which the first look is enough."""

MOST_NUMBERS = 2**25
"""Numbers that these draws hold at most."""

MOST_CASES = 2**24
"""Cases that these draws look at at most, where each is an average over several."""


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
    decided = _decided(plan, output)
    members = _members(plan, found, output)
    inputs = [name for key in list(members)[:top] if key not in explained for name in members[key]]
    # what knowing an input takes away goes by its index alone, interactions or not
    alone = sorted(members, key=lambda key: -indices[key].first.value)
    sets = [[key] if key in explained else members[key] for key in alone]
    kinds = {
        name: plan.kinds[cells_of(plan, members[name] if name in explained else [name])[0]]
        for names in sets
        for name in names
    }
    # indices are of the scores of inputs that are drawn given others, whose values tell of those, too
    given = [name for names in sets for name in names if name in plan.dependent]
    unknown, differing = (
        _candidates([[n for n in names if kinds[n] == kind] for names in sets], top)
        | dict.fromkeys([name for name in given if kinds[name] == kind][:MOST_OF_A_SET])
        for kind in ("uncertainty", "variability")
    )
    settings = replace(found.settings, samples=found.budget if budget is None else SAMPLES, budget=budget)
    half = apart(settings, 2)
    how: dict[str, Any] = {"threads": threads, "engine": engine, "scheduler": scheduler}
    shown = cells_of(plan, [name for name in (*inputs, *unknown, *differing) if name not in explained])

    def look(rows: int) -> Effects:
        drawn = replace(half, samples=Unasked(beyond(found.study, half, rows, 1.0)))
        return effects(
            draw_sample(found.study, output=output, inputs=shown, settings=drawn, **how),
            output,
            inputs,
            unknown=[*unknown],
            differing=[*differing],
            explained={**decided, **explained},
            most=top,
            level=found.settings.level,
        )

    def looked() -> Effects:
        most = _rows(found, plan)
        # a budget has no rows for two looks
        described = look(min(most, FIRST_ROWS) if budget is None else most)
        if budget is None and most > FIRST_ROWS and not _is_settled(described):
            described = look(most)
        return described

    short = partial(short_version, found.study, output=output, indices=found, settings=half, **how)
    parts: list[Callable[[], Any]] = [looked, short]
    workers = threads if _may_be_copied(found, settings, engine) else 1
    return DriverDetails(*side_by_side(parts, workers, [found.study, found.scenario, plan]))


def _decided(plan: Scenario, output: str) -> dict[str, float]:
    """Return the share of the variance of the one input that formulas depend on; nothing of any other.

    What a function does beside its inputs nobody knows.
    """
    if plan.study.function is not None:
        return {}
    reached = dependencies(plan, [output])[output]
    reaching = [name for name in plan.varying if name in reached]
    return dict.fromkeys(reaching, 1.0) if len(reaching) == 1 else {}


def _may_be_copied(found: SobolIndices, settings: Settings, engine: str) -> bool:
    """Tell whether a copy of this process may find some of it.

    Rows are counted here, functions may hold a state, and other engines have processes of their own.
    """
    study = found.study
    return study.function is None and study.meter is None and settings.budget is None and engine == "threads"


def _is_settled(found: Effects) -> bool:
    """Whether more draws would change little of what remains of an interval."""
    every = [*found.remaining.values(), *found.differing.values()]
    return all(each.narrowing_error is None or each.narrowing_error <= SETTLED for each in every)


def _rows(found: SobolIndices, plan: Scenario) -> int:
    """Return how many draws are wanted: more where more base points are, and where they cost little."""
    cases = 1 if plan.nested is None else plan.nested.size
    most = min(MOST_NUMBERS // (1 + len(plan.varying)), MOST_CASES // cases, EACH_POINT * found.budget)
    return max(ROWS, min(MOST_ROWS, 1 << max(most.bit_length() - 1, 0)))


def _candidates(sets: Iterable[Sequence[str]], top: int) -> dict[str, None]:
    """Return the inputs that may narrow an interval most: those of the first sets, each whole.

    Sets come in the order of their indices. Inputs of one have no order among them but the file's, and may
    all narrow it less than what a later set holds.
    """
    first = islice(filter(None, sets), top)
    return dict.fromkeys(name for names in first for name in names[:MOST_OF_A_SET])


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
