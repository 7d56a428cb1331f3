"""What a Sobol' analysis answers, and how it is read."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from uncertainty.late import dataclass
from uncertainty.numbers import rounded_up
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.results.about import About, about, dropped_of
from uncertainty.study.cells import MOST_CELLS_NAMED, inputs_of
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from uncertainty.settings import Settings
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario


class Attribution(NamedTuple):
    """What one input, group or kind was found to do to one output.

    Parameters
    ----------
    what
        ``"input"``, ``"group"`` or ``"kind"``.
    row
        The finding: a named tuple of numbers, of intervals, and of numbers that have an interval.
    """

    output: str
    scale: Scale
    what: str
    key: str
    row: Any


class Attributed(Protocol):
    """The result of a sensitivity analysis."""

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings in the order in which they are shown."""
        ...


def listing(*found: Attributed, about: Mapping[str, Any] | None = None) -> Table:
    """Return the findings of some results as one table.

    Returns
    -------
    Table
        Columns ``output``, ``scale``, ``what``, ``key`` and the findings' own; the ends of an interval are
        ``NAME_low`` and ``NAME_high``.
    """
    rows = [
        {"output": each.output, "scale": each.scale, "what": each.what, "key": each.key, **row_of(each.row)}
        for result in found
        for each in result.attributions()
    ]
    return Table.of_rows("sensitivity", rows, about=about or {})


Interval = tuple[float, float]

MOST_CONCENTRATED = 0.25
"""Share of the variance in one replicate of many above which the variance has not settled."""


FIRST, TOTAL, SECOND = "S1", "ST", "S2"
"""What first-order (or closed), total and second-order indices are called in a few characters."""


@record("*=value", "*_interval=interval")
class Share(NamedTuple):
    """A share of the variance with its interval.

    Parameters
    ----------
    value
        The share.
    interval
        Its confidence interval.
    """

    value: float
    interval: Interval

    @property
    def distinguishable(self) -> bool:
        """Whether the data tell the share from 0."""
        return self.interval[0] > 0


@record("S1", "S1_interval", "ST", "ST_interval", "distinguishable")
class Index(NamedTuple):
    """First-order (of a set: closed) and total index of an input or a set of them, with their intervals.

    Parameters
    ----------
    S1, ST
        The first-order (of a set: closed) and the total index.
    S1_interval, ST_interval
        Their confidence intervals.
    """

    S1: float
    S1_interval: Interval
    ST: float
    ST_interval: Interval

    @property
    def first(self) -> Share:
        """What it explains alone (of a set: together)."""
        return Share(self.S1, self.S1_interval)

    @property
    def total(self) -> Share:
        """What it explains with all its interactions."""
        return Share(self.ST, self.ST_interval)

    @property
    def distinguishable(self) -> bool:
        """Whether the data tell the total index from 0."""
        return self.total.distinguishable


@record("inputs", "S2", "S2_interval")
class PairIndex(NamedTuple):
    """What two inputs explain together beyond what each explains alone.

    Parameters
    ----------
    inputs
        Both inputs.
    S2, S2_interval
        The second-order index, and its confidence interval.
    """

    inputs: tuple[str, str]
    S2: float
    S2_interval: Interval

    @property
    def share(self) -> Share:
        """What the two add to what each explains alone."""
        return Share(self.S2, self.S2_interval)

    @property
    def distinguishable(self) -> bool:
        """Whether the data tell the index from 0."""
        return self.S2_interval[0] > 0 or self.S2_interval[1] < 0


@record("**found", "rank_stability")
class RankedIndex(NamedTuple):
    """The indices of an input, and how sure its rank is.

    Parameters
    ----------
    rank_stability
        Share of replicates in which the total index has the rank that it has here.
    """

    found: Index
    rank_stability: float


@record("indices", "reason?")
class LinearIndices(NamedTuple):
    """The indices on the linear scale, of an output whose own scale is log10.

    Parameters
    ----------
    indices
        By input, the largest total index first.
    reason
        Why there are no indices.
    """

    indices: Mapping[str, Index]
    reason: str


@record(
    "scale",
    "indices=ranked",
    "groups",
    "kinds?",
    "S2?=pairs",
    "sum_S1?=alone",
    "interactions?",
    "linear?=on_linear",
    "disagreement?",
    "unsettled?",
    "dropped?",
    "reason?",
)
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
        By the study's groups, likewise; the first-order index of a group is its closed index.
    kinds
        Of all inputs of kind uncertainty and of all of kind variability, where both vary.
    pairs
        Second-order indices, the largest first, if they were asked for.
    alone, interactions
        Sum of the first-order indices, and what it leaves to 1.
    rank_stability
        By input, the share of replicates in which its total index has the rank that it has here.
    other
        The indices on the linear scale, for an output whose own scale is log10.
    dropped
        Share of the base points that had no value in some run and were left out, as the study wishes.
    concentration
        Largest share of the variance that one replicate alone has.
    reason
        Why there are no indices, where there are none.
    """

    output: str
    scale: Scale
    indices: Mapping[str, Index]
    groups: Mapping[str, Index]
    kinds: Mapping[str, Index] = field(default_factory=Frozen)
    pairs: tuple[PairIndex, ...] = ()
    alone: Share | None = None
    interactions: Share | None = None
    rank_stability: Mapping[str, float] = field(default_factory=Frozen)
    other: OutputIndices | None = None
    dropped: float = 0.0
    concentration: float = 0.0
    reason: str = ""

    __repr__ = brief

    @property
    def ranked(self) -> Mapping[str, RankedIndex]:
        """By input, the largest total index first; inputs that are correlated are one set, keyed ``a+b``."""
        found = {key: RankedIndex(each, self.rank_stability[key]) for key, each in self.indices.items()}
        return Frozen(found)

    @property
    def on_linear(self) -> LinearIndices | None:
        """The indices on the linear scale, beside those of a log10 output."""
        return None if self.other is None else LinearIndices(self.other.indices, self.other.reason)

    @property
    def top(self) -> str | None:
        """The input with the largest total index."""
        return next(iter(self.indices), None)

    def has_ahead(self, one: str, other: str) -> bool:
        """Tell whether the total index of one input is known to be larger than that of another."""
        found = self.indices
        return (
            one in found and other in found and found[one].total.interval[0] > found[other].total.interval[1]
        )

    @property
    def unsettled(self) -> str:
        """A sentence where a few extreme values make up the variance, else nothing."""
        if self.concentration <= MOST_CONCENTRATED:
            return ""
        return (
            f"One replicate alone has {100 * self.concentration:.0f} % of the variance: a few extreme values "
            "decide it, so that shares of it tell little. Try draws alone, by ranks, or the log10 scale."
        )

    @property
    def disagreement(self) -> str:
        """A sentence where the two scales are known to have different top drivers, else nothing."""
        return self.disagreement_of(str)

    def disagreement_of(self, name: Callable[[str], str]) -> str:
        """Return the same, in which inputs are called by `name`."""
        if self.other is None or not (self.top and self.other.top):
            return ""
        if not (self.has_ahead(self.top, self.other.top) and self.other.has_ahead(self.other.top, self.top)):
            return ""
        return (
            f"The scale decides the top driver: in factors (log10) it is {name(self.top)}, in amounts "
            f"(linear), where the largest values count most, it is {name(self.other.top)}."
        )


@record("outputs", "stopped_because", "grouping?")
@dataclass(frozen=True, slots=True)
class SobolIndices:
    """Sobol' indices of a study's outputs under one scenario.

    Parameters
    ----------
    settings
        With `samples` as base points that were used; `level` is that of the intervals.
    replicates
        Independent randomisations that the intervals rest on.
    model_rows
        Model runs that were made.
    tolerance
        Half-width that every interval was to reach; 0 uses the whole budget.
    budget
        Base points that might have been used.
    widest, widest_of
        The widest half-width, and whose index it is: the output's name and the input's key.
    correlated
        Keys of the sets of correlated inputs.
    by_name
        By key, the members of one input that count as one since that was asked for, and reach an output.
    choices_as_inputs
        Choices that were taken as inputs.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    replicates: int
    model_rows: int
    outputs: Mapping[str, OutputIndices]
    tolerance: float = 0.0
    budget: int = 0
    widest: float = 0.0
    widest_of: tuple[str, str] = ("", "")
    correlated: tuple[str, ...] = ()
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    choices_as_inputs: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def converged(self) -> bool:
        """Whether every index is within the tolerance."""
        return self.widest <= self.tolerance

    @property
    def stopped_because(self) -> str:
        """Why no more replicates were added, as a sentence."""
        return self.stopped_because_of(str)

    def stopped_because_of(self, name: Callable[[str], str]) -> str:
        """Return the same, in which inputs are called by `name`."""
        if self.tolerance == 0:
            return f"No tolerance was set: the whole budget of {self.budget:,} base points was used."
        if self.converged:
            return f"Every index is within ±{self.tolerance:g}."
        output, key = self.widest_of
        if math.isinf(self.widest):
            return f"The budget of {self.budget:,} base points ended before enough was seen of {output}."
        return (
            f"The budget of {self.budget:,} base points ended before every index was within "
            f"±{self.tolerance:g}: {name(key)} of {output} is within ±{rounded_up(self.widest, 2):g}."
        )

    @property
    def grouping(self) -> str:
        """One line on the inputs that count as one, and why, or nothing."""
        return self.grouping_of(str)

    def grouping_of(self, name: Callable[[str], str]) -> str:
        """Return the same, in which inputs are called by `name`."""
        wholes = [key for key in self.correlated if self._is_whole(key)]
        others = [key for key in self.correlated if key not in wholes]
        said = []
        if wholes:
            sets = "; ".join(self._set(key, name) for key in wholes)
            said.append(f"Shares of a whole count as one input: {sets}.")
        if others:
            sets = "; ".join(self._set(key, name) for key in others)
            said.append(
                f"Correlated inputs count as one, because their shares cannot be told apart: {sets}. "
                "Shapley effects would share them out."
            )
        if groups := self._groups_that_share():
            listed = "; ".join(label.replace("_", " ") for label in groups)
            said.append(f"These groups count inputs of others, too, which go along with theirs: {listed}.")
        named = ["+".join(cells) for cells in self.by_name.values() if len(cells) > 1]
        if named:
            said.append(
                f"Counted by name, as was asked for: {'; '.join(self._set(key, name) for key in named)}."
            )
        return " ".join(said)

    def _groups_that_share(self) -> tuple[str, ...]:
        """Return the groups, and names of indexed inputs, of which a set counts inputs of others, too."""
        inputs = self.study.inputs
        sets = [[inputs[name] for name in inputs_of(self.study, key)] for key in self.correlated]
        labels = [[{item.group for item in each}, {item.quantity for item in each}] for each in sets]
        shared = frozenset(label for each in labels for kind in each if len(kind) > 1 for label in kind)
        named = dict.fromkeys(label for item in inputs.values() for label in (item.group, item.quantity))
        told = frozenset(label for found in self.outputs.values() for label in found.groups)
        return tuple(label for label in named if label and label in shared & told)

    def _is_whole(self, key: str) -> bool:
        cells = [{*whole.names, *whole.others} for whole in self.scenario.wholes]
        return any(each.issuperset(inputs_of(self.study, key)) for each in cells)

    def _set(self, key: str, name: Callable[[str], str]) -> str:
        """Name the inputs of one set, many members of one input by how many they are."""
        members = inputs_of(self.study, key)
        if len(members) > MOST_CELLS_NAMED and "+" not in key:
            return f"{len(members)} members of {name(key)}"
        owners: dict[str, list[str]] = {}
        for cell in members:
            owners.setdefault(self.study.inputs[cell].quantity or cell, []).append(cell)
        return " with ".join(
            f"{len(cells)} members of {name(owner)}"
            if len(cells) > MOST_CELLS_NAMED
            else " with ".join(map(name, cells))
            for owner, cells in owners.items()
        )

    @property
    def about(self) -> SobolAbout:
        """What the indices depend on."""
        return SobolAbout(self)

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.sobol.results`."""
        for name, found in self.outputs.items():
            blocks = (("input", found.indices), ("group", found.groups), ("kind", found.kinds))
            for what, rows in blocks:
                for key, row in rows.items():
                    yield Attribution(name, found.scale, what, key, row)

    @property
    def table(self) -> Table:
        """The findings as a table, for files and data frames."""
        return listing(self, about=about(self.about))

    _repr_html_ = view


@record(
    "**of_every_analysis",
    "method",
    "tolerance=found.tolerance",
    "budget=found.budget",
    "converged=found.converged",
    "replicates=found.replicates",
    "model_rows=found.model_rows",
    "choices_as_inputs=found.choices_as_inputs",
)
class SobolAbout(NamedTuple):
    """What Sobol' indices depend on, and how far they have come.

    Parameters
    ----------
    method
        Always sobol.
    """

    found: SobolIndices
    method: Literal["sobol"] = "sobol"

    @property
    def plan(self) -> Scenario:
        """The scenario."""
        return self.found.scenario

    @property
    def of_every_analysis(self) -> About:
        """What every analysis depends on."""
        dropped = dropped_of({name: each.dropped for name, each in self.found.outputs.items()})
        return About(self.found.settings, self.found.scenario, dropped=dropped)
