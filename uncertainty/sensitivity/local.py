"""Local views: one input at a time is moved while the others stay where they are."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple, Unpack, get_args

import numpy as np

from uncertainty.budgets import afford, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import compile_model, dependencies, wanted_output
from uncertainty.distributions.spread import count_at, separate_values
from uncertainty.errors import Fault, NonFiniteError, SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen, view
from uncertainty.results import record
from uncertainty.sampling.nesting import FEWEST_CASES, NET_PILOT, over_unknown
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.centred import at_medians
from uncertainty.study.one_score import item_of, one_scores
from uncertainty.study.together import as_shares, make_room, places_of, with_shares
from uncertainty.tables import Table

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Collection, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.study.together import Places

Start = Literal["points", "medians"]

TORNADO = (0.05, 0.5, 0.95)

FINE_CASES = 2**14
"""Cases of a local view without a budget: its values are few, and are written as if they were exact."""

SPIDER = tuple(np.linspace(0.05, 0.95, 19).round(2).tolist())


@record("inputs", "outputs")
class Path(NamedTuple):
    """An output while one input moves and the others stay.

    Parameters
    ----------
    inputs, outputs
        At each probability of the local view; of members that have one score (``across = "same"``), and move
        together, the probability itself.
    swing
        How far the output moves between the first and the last, on its scale: a difference, or a factor.
    """

    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    swing: float


@record("start", "base", "probabilities", "paths")
@dataclass(frozen=True, slots=True)
class LocalView:
    """One output as every input that it depends on moves alone.

    Parameters
    ----------
    start, base
        Where the inputs stay, and the output there.
    probabilities
        The quantiles of an input that it is moved to.
    paths
        By input, the widest reach first.
    """

    output: str
    scale: Scale
    start: Start
    base: float
    probabilities: tuple[float, ...]
    paths: Mapping[str, Path]

    def reach(self, name: str) -> float:
        """Return how far the output gets from one end to the other as an input moves, on its scale.

        Where it stays counts too, so that one that rises and falls again, or that starts outside its own
        quantiles, reaches further than it swings.
        """
        return _reach(self.base, self.paths[name].outputs, self.scale)

    @property
    def table(self) -> Table:
        """One row an input and quantile, the widest reach first."""
        rows = [
            {"input": name, "probability": probability, "value": value, "output": output}
            for name, path in self.paths.items()
            for probability, value, output in zip(self.probabilities, path.inputs, path.outputs, strict=True)
        ]
        about = {"output": self.output, "scale": self.scale, "start": self.start, "base": self.base}
        return Table.of_rows("local", rows, about=about)

    _repr_html_ = view


@checked(Settings)
@budgeted
def tornado(
    study: Study,
    *,
    output: str | None = None,
    start: Start = "medians",
    probabilities: tuple[float, ...] = TORNADO,
    cache: str | pathlib.Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> LocalView:
    """Move each input to its 5 % quantile, its median and its 95 % quantile, the others staying.

    From the inputs' points (`start` ``"points"``) it is the one-at-a-time view of what each assumption
    alone would change. A correlated input moves alone too: a local view knows no distribution of the rest.
    Members that have one score are one input, and move together.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    start
        Where the inputs stay: at their ``"points"`` or their ``"medians"``.
    probabilities
        Between 0 and 1, in increasing order.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        Of which the reading, choices and overrides count; or give these fields of `Settings` as keywords.

    Raises
    ------
    SettingError
        If a setting or a name is wrong.
    NonFiniteError
        If the output is not finite at one of the places, or not positive on a log10 scale.
    """
    if start not in get_args(Start):
        raise SettingError(f'start: unknown place "{start}"{suggestion(start, get_args(Start))}')
    if not all(0 < p < 1 for p in probabilities) or list(probabilities) != sorted(set(probabilities)):
        raise SettingError("probabilities: expected increasing numbers between 0 and 1")
    settings = replace(settings or Settings(), **options)
    study = keeping(study, cache)
    name = wanted_output(study, output)
    own = settings.scenario(study)
    least = FINE_CASES if settings.budget is None else FEWEST_CASES
    plan = over_unknown(at_medians(own) if start == "medians" else own, [name], settings.seed, least=least)
    reaching = with_shares(plan, dependencies(plan, [name])[name])
    plan = as_shares(plan)
    moved = _moved(plan, reaching)
    tried = [_tried(plan, n, rows, probabilities) for n, rows in moved.items()]
    ends = np.cumsum([1, *(values.shape[1] for values in tried)]).tolist()
    cases = 1 if plan.nested is None else plan.nested.size
    afford(
        settings, ends[-1] * cases + (0 if cases == 1 else NET_PILOT), f"a local view of {len(moved)} inputs"
    )
    wholes = places_of(plan, plan.varying)
    columns = np.repeat(_start(plan, start, wholes)[:, None], ends[-1], axis=1)
    for rows, inputs, first, end in zip(moved.values(), tried, ends[:-1], ends[1:], strict=True):
        before = columns[:, first:end].copy()
        columns[rows, first:end] = inputs
        make_room(wholes, columns[:, first:end], before, rows)
    scale = study.outputs[name].scale
    values = _evaluate(plan, name, columns, scale)
    found = {}
    for (n, rows), inputs, first, end in zip(moved.items(), tried, ends[:-1], ends[1:], strict=True):
        shown = _shown(plan, n, probabilities, values[first:end])
        outputs = values[first:end][shown]
        swing = outputs[-1] / outputs[0] if scale == "log10" else outputs[-1] - outputs[0]
        named = tuple(probabilities)
        if len(rows) == 1:
            named = tuple(count_at(plan.distributions[n], value) for value in inputs[0, shown].tolist())
        found[n] = Path(named, tuple(outputs.tolist()), float(swing))
    base = float(values[0])
    ordered = sorted(found.items(), key=lambda item: -_reach(base, item[1].outputs, scale))
    return LocalView(name, scale, start, base, tuple(probabilities), Frozen(dict(ordered)))


def _moved(plan: Scenario, reaching: Collection[str]) -> dict[str, list[int]]:
    """Return what moves, in the study's order, by rows: members of one score move together."""
    rows = {name: row for row, name in enumerate(plan.varying) if name in reaching}
    together: dict[str, str] = {}
    for each in one_scores(plan):
        kept = [name for name in each.members if name in rows]
        if len(kept) > 1:
            together |= dict.fromkeys(kept, each.name)
    moved: dict[str, list[int]] = {}
    for name, row in rows.items():
        moved.setdefault(together.get(name, name), []).append(row)
    return moved


def _tried(plan: Scenario, name: str, rows: Sequence[int], probabilities: Sequence[float]) -> FloatArray:
    """Return the values that inputs are moved to: quantiles, or all members that a tornado looks at."""
    if _by_member(plan, name, probabilities):
        return np.array([separate_values(plan.distributions[name])])
    distributions = (plan.distributions[plan.varying[row]] for row in rows)
    return np.array([each.quantile(np.array(probabilities)) for each in distributions])


def _shown(plan: Scenario, name: str, probabilities: Sequence[float], outputs: FloatArray) -> list[int]:
    """Return which of them are shown: of members those with the lowest, the middle and the highest output."""
    if not _by_member(plan, name, probabilities):
        return list(range(len(outputs)))
    order = np.argsort(outputs, kind="stable").tolist()
    return [order[0], order[len(order) // 2], order[-1]]


def _by_member(plan: Scenario, name: str, probabilities: Sequence[float]) -> bool:
    return item_of(plan.study, name).member_of is not None and tuple(probabilities) == TORNADO


@checked(Settings)
@budgeted
def spider(
    study: Study,
    *,
    output: str | None = None,
    start: Start = "medians",
    cache: str | pathlib.Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> LocalView:
    """Move each input through its quantiles from 5 % to 95 %, the others staying; see `tornado`."""
    return tornado(
        study,
        output=output,
        start=start,
        probabilities=SPIDER,
        cache=cache,
        settings=settings,
        **options,
    )


@record("tornado|", "spider|", "from_points|")
class LocalViews(NamedTuple):
    """One output as one input at a time moves; of a view that cannot be had, the reason.

    Parameters
    ----------
    tornado, spider
        Around the inputs' medians.
    from_points
        The tornado around the inputs' points.
    """

    tornado: LocalView | str
    spider: LocalView | str
    from_points: LocalView | str


def local_views(study: Study, output: str, settings: Settings) -> LocalViews:
    """Take every local view of an output, under the scenario that the settings name."""

    def view(make: Callable[..., LocalView], start: Start) -> LocalView | str:
        try:
            return make(study, output=output, start=start, settings=settings)
        except NonFiniteError as error:
            # medians of all inputs together may be a place where no draw lies
            return "; ".join(fault.message for fault in error.faults)
        except SettingError as error:
            if settings.budget is None:
                raise
            return str(error)

    return LocalViews(view(tornado, "medians"), view(spider, "medians"), view(tornado, "points"))


def _start(plan: Scenario, start: Start, wholes: tuple[Places, ...]) -> FloatArray:
    if start == "points":
        return np.array([plan.points[name] for name in plan.varying])
    middle = np.array([0.5])
    medians = np.array([plan.distributions[name].quantile(middle)[0] for name in plan.varying])
    for each in wholes:
        # medians of shares do not add to the whole
        left = each.total - medians[each.others].sum()
        medians[each.shares] *= left / medians[each.shares].sum()
    return medians


def _evaluate(plan: Scenario, output: str, columns: FloatArray, scale: Scale) -> FloatArray:
    values = np.empty((1, columns.shape[1]))
    compile_model(plan, [output]).run(np.ascontiguousarray(columns), values)
    sound = np.isfinite(values[0]) & ((values[0] > 0) | (scale == "linear"))
    if not sound.all():
        what = "infinite, undefined or not positive" if scale == "log10" else "infinite or undefined"
        raise NonFiniteError(
            Fault(f"is {what} when inputs move one at a time", f"outputs.{output}", plan.study.file)
        )
    return np.asarray(values[0])


def _reach(base: float, outputs: Sequence[float], scale: Scale) -> float:
    low, high = min(base, *outputs), max(base, *outputs)
    return math.log(high / low) if scale == "log10" else high - low
