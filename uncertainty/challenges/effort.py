"""How many model rows the questions of a challenge take: all that they can use, or what a budget leaves."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.budgets import BEYOND, Part, Plan, is_asked, is_slow, rounded_down, share
from uncertainty.challenges import dependence, normalspace, robustness
from uncertainty.challenges.corners import MOST_CORNERS
from uncertainty.challenges.poles import ROWS
from uncertainty.challenges.universes import combinations
from uncertainty.compiled import is_nested
from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.case_draws import fewest_outer
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.nesting import FEWEST_CASES, NET_PILOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.response import Response
    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

FEWEST_DRAWS = 2**7
"""Draws that say anything of a share or a median."""

DRAWS = "the draws of the stress test and the design point"
POINTS = "break-even values with the others at their points"
DISTRIBUTED = "break-even values with the others distributed"
DESIGN = "design points"
SHAPES = "other distributions"
TOGETHER = "inputs that go together"


OWN_CHANGES = 5
"""Values that take as many rows as some of the draws do when they are asked for their own changes of side."""

LOOKS = 5
"""Values beyond a crossing of the median at which its error is asked for, to know that it crosses there."""


class Search(NamedTuple):
    """How closely an input's values are looked at for a crossing.

    Parameters
    ----------
    steps
        Values of equally spaced normal scores on either side of the median.
    outward, inward
        Values beyond the distribution on each side, and towards 0.
    rounds
        Times that a bracket is narrowed, by eight each time.
    secants
        Values that are tried after that on the straight line between its ends.
    """

    steps: int
    outward: int
    inward: int
    rounds: int
    secants: int = 0

    def rows(self, thresholds: int) -> int:
        """Return the most values that are asked for."""
        tried = 2 * self.steps + 1 + 3 + 2 * (self.outward + self.inward + 1)
        return tried + thresholds * (6 + 9 * self.rounds + self.secants + ROWS)


CLOSELY = Search(280, 181, 91, 16)
CONDITIONALLY = Search(35, 181, 91, 16)


@dataclass(frozen=True)
class Effort:
    """What each question takes.

    Parameters
    ----------
    draws
        Draws behind the stress test and the design point.
    points, distributed
        How an input's values are searched, the others at their points and distributed.
    others
        Draws of the others behind a conditional median.
    search
        The most rows of a design point's search; None for as many as it takes.
    shapes, together
        Draws behind an answer under other distributions, and where inputs go together.
    plan
        How rows are shared, where there is something to share; what it leaves out is not asked.
    """

    draws: int = normalspace.DRAWS
    points: Search = CLOSELY
    distributed: Search = CONDITIONALLY
    others: int = 2**12
    search: int | None = None
    shapes: int = robustness.DRAWS
    together: int = dependence.DRAWS
    plan: Plan | None = None

    def left_out(self, what: str) -> str:
        """Say why a question is left out; empty where it is asked."""
        return "" if self.plan is None else self.plan.left_out.get(what, "")


FULL = Effort()


def doubling(first: int, last: int) -> list[int]:
    """Return a number and its doubles, up to another."""
    return [first << k for k in range(int(math.log2(last // first)) + 1)]


def effort_of(
    space: NormalSpace, thresholds: int, splits: int, settings: Settings, rows: int | None
) -> Effort:
    """Return what the questions about a space take.

    Parameters
    ----------
    thresholds, splits
        How many are asked about one by one, and how many split draws.
    rows
        What they may take together; None for as many as they can use.
    """
    if rows is None:
        return FULL
    plan = space.response.plan
    cases = 1 if plan.nested is None else max(plan.nested.size, dependence.FEWEST_CASES)
    varying, asked = len(space.positions), len(space.response.asked)
    steps = 2 * varying + 2 * thresholds + 4
    ladders = _ladders(space, settings, thresholds, splits, asked)
    parts = [Part(what, tuple(cases * each for each, _ in ladder)) for what, ladder in ladders.items()]
    shared = share(rows - steps * cases, parts)
    chosen: dict[str, Any] = {}
    for what, level in shared.levels.items():
        chosen |= ladders[what][level][1]
    return replace(Effort(plan=replace(shared, rows=rows)), **chosen)


Ladder = list[tuple[int, dict[str, Any]]]


def _ladders(
    space: NormalSpace, settings: Settings, thresholds: int, splits: int, asked: int
) -> dict[str, Ladder]:
    """Return by question the rows of each level, and the fields that it sets; of what is asked at all."""
    varying = len(space.positions)
    found: dict[str, Ladder] = {}
    if not varying:
        return found
    if splits:
        found[DRAWS] = [(2 * n, {"draws": n}) for n in doubling(FEWEST_DRAWS, normalspace.DRAWS)]
    if thresholds:
        searches = [Search(8, 11, 5, 2, 8), Search(20, 20, 10, 3, 12), Search(60, 60, 30, 8, 8), CLOSELY]
        # of averages over cases, three more each tell what these get wrong
        told = 0 if space.response.plan.nested is None else 3 * thresholds * asked
        found[POINTS] = [(_tried(space, each, thresholds) + told, {"points": each}) for each in searches]
        caps = doubling(100 * (varying + 1), 3200 * (varying + 1))
        found[DESIGN] = [(thresholds * each, {"search": each}) for each in caps]
    changes = 7 + len(robustness.MOVES) * asked
    found[SHAPES] = [(changes * n, {"shapes": n}) for n in doubling(FEWEST_DRAWS, robustness.DRAWS)]
    if varying > 1:
        pairs = math.comb(min(dependence.TOP, varying), 2) * len(dependence.STRENGTHS)
        runs = 2 * (pairs + 1) + 1
        most = min(dependence.DRAWS, max(FEWEST_DRAWS, int(settings.samples)))
        found[TOGETHER] = [(runs * n, {"together": n}) for n in doubling(FEWEST_DRAWS, most)]
    if thresholds:
        levels = [(64, Search(3, 8, 4, 2, 6)), (128, Search(3, 8, 4, 2, 6)), (256, Search(5, 8, 4, 4, 6))]
        levels += [(2**10, Search(10, 40, 20, 8)), (2**12, CONDITIONALLY)]
        found[DISTRIBUTED] = [
            (
                n * (_tried(space, each, thresholds) + (4 + LOOKS + OWN_CHANGES) * thresholds * asked),
                {"others": n, "distributed": each},
            )
            for n, each in levels
        ]
    return found


def _tried(space: NormalSpace, search: Search, thresholds: int) -> int:
    """Return the most values that are tried of all inputs: of a discrete one it is all that it has."""
    distributions = (space.response.distribution(position) for position in space.response.asked)
    return sum(max(search.rows(thresholds), len(each.atoms) + 2 + thresholds) for each in distributions)


class ExhaustedError(UncertaintyError):
    """A search has used the rows that it may."""


@dataclass(eq=False)
class Limited:
    """A model that gives no more than some rows.

    Parameters
    ----------
    most
        The most rows.
    """

    model: Model
    most: int
    used: int = 0

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result."""
        return self.model.outputs

    def workspace(self, rows: int) -> FloatArray | None:
        """Return scratch space for blocks of `rows` rows."""
        return self.model.workspace(rows)

    def run(self, inputs: FloatArray, outputs: FloatArray, workspace: FloatArray | None = None) -> None:
        """Fill `outputs`; ExhaustedError where that would be too many rows."""
        if self.used + outputs.shape[1] > self.most:
            raise ExhaustedError(f"left out: the search had not ended after {self.used:,} model rows")
        self.used += outputs.shape[1]
        self.model.run(inputs, outputs, workspace)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return self.model.rounding(inputs, outputs)


def limited(space: NormalSpace, most: int | None) -> NormalSpace:
    """Return a space whose output can be asked for no more than some rows."""
    if most is None:
        return space
    response = space.response
    return replace(space, response=replace(response, model=Limited(response.model, most)))


EACH = 2**12
"""Cells, rows times cases, in which each call of a model counts: so many take no longer than the call."""

MOST_CELLS = 2**26
"""Cells after which a search begins no other way; what it has found stands."""


@dataclass(eq=False)
class Spent:
    """What a search has asked of a model.

    Parameters
    ----------
    rows
        Model rows, which are rows times cases where these are averaged over.
    cells
        These rows, and what each call takes.
    """

    rows: int = 0
    cells: int = 0

    def add(self, response: Response, rows: int) -> None:
        """Count one call."""
        own = rows if response.plan.nested is None else rows * response.plan.nested.size
        self.rows += own
        self.cells += own + EACH

    @property
    def is_all(self) -> bool:
        """Whether that is all that a search may take."""
        return self.cells >= MOST_CELLS

    @property
    def said(self) -> str:
        """What is to be said of a search that ended for that."""
        if not self.is_all:
            return ""
        return f"the search ended after {self.rows:,} model rows, so that a nearer combination may be left"


class Remembered:
    """A curve that is asked once for values that it is asked for again."""

    def __init__(self, curve: Callable[[FloatArray], FloatArray]) -> None:
        self._curve = curve
        self._found: dict[bytes, FloatArray] = {}

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the output at some values."""
        key = np.ascontiguousarray(values).tobytes()
        if key not in self._found:
            self._found[key] = self._curve(values)
        return self._found[key]


OF_READINGS = 0.6
"""The part of a budget that the draws of readings may take, where nobody asks for samples."""

OF_UNIVERSES = 0.5
"""The part of what is left that universes may take."""

AT_POINTS = 4
"""Rows of a reading at its points: as it is reproduced, compared and judged."""


@dataclass(frozen=True)
class Rows:
    """What each part of a challenge may run.

    Parameters
    ----------
    samples
        Draws of one reading; None where there is no budget.
    beyond
        Rows of one output beyond these draws; None where nothing bounds them.
    without_universes
        Why there is no multiverse, where the budget leaves none.
    first
        The plan of the draws of one output, where there is a budget.
    """

    samples: int | None = None
    beyond: int | None = None
    without_universes: str = ""
    first: Plan | None = None

    def whole(self, beyond: Plan | None) -> Plan | None:
        """Return the plan of an output: that of what goes beyond its draws, and of these."""
        if self.first is None or beyond is None:
            return beyond
        shares, left_out = {**self.first.shares, **beyond.shares}, {**self.first.left_out, **beyond.left_out}
        return replace(beyond, rows=self.first.rows, shares=Frozen(shares), left_out=Frozen(left_out))

    def settings(self, settings: Settings) -> Settings:
        """Return settings with as many samples as each run has: nothing else bounds what is planned here."""
        return settings if self.samples is None else replace(settings, samples=self.samples, budget=None)


def plan_rows(study: Study, settings: Settings, names: Sequence[str], *, drawn: bool) -> Rows:
    """Share the rows of a challenge before the first of them is run.

    Parameters
    ----------
    names
        The outputs that are challenged.
    drawn
        Whether readings are to be drawn, or were compared before.

    Raises
    ------
    SettingError
        If more samples were asked for than the budget has rows.
    """
    if settings.budget is None:
        return Rows(beyond=BEYOND if is_slow(study) else None)
    readings = len(study.readings)
    # figures that are not at the points are compared with draws of their own
    plan = settings.scenario(study)
    of_names = sum(1 + is_nested(plan, name) for name in names) if drawn else 0
    runs = readings * of_names + _further_runs(study, readings)
    fixed = AT_POINTS * readings * len(names) + sum(2 * NET_PILOT for name in names if is_nested(plan, name))
    left = settings.budget - fixed
    if is_asked(settings):
        samples = int(settings.samples)
        if samples * runs > left:
            raise SettingError(
                f"samples: {samples:,} in each of {runs} runs, and {fixed:,} rows at points, are more than "
                f"the budget of {settings.budget:,} model rows; ask for fewer, or leave them out"
            )
    else:
        most = int(OF_READINGS * left / max(runs, 1))
        samples = min(int(settings.samples), 1 << max(most, 1).bit_length() - 1)
    samples = rounded_down(settings.design, samples)
    nested = any(is_nested(plan, name) for name in names)
    least = fewest_outer(settings.level) * FEWEST_CASES if nested else FEWEST_REPLICATES
    if samples < least and not is_asked(settings):
        needed = fixed + math.ceil(2 ** math.ceil(math.log2(least)) / OF_READINGS) * max(runs, 1)
        raise SettingError(
            f"budget: expected at least {needed:,} model rows for a challenge, found {settings.budget:,}"
        )
    left -= samples * runs
    shares = {
        "rows at the points": fixed,
        "the interval" if readings == 1 else "the readings' intervals": samples * runs,
    }
    universes = sum(_universes(study, name, settings) for name in names)
    rows = universes * (samples + MOST_CORNERS)
    if rows > left * OF_UNIVERSES:
        said = f"left out: {universes:,} universes take {rows:,} model rows, and {left:,} are left"
        first = Plan(settings.budget, Frozen(shares), Frozen({"the multiverse": said}), Frozen())
        return Rows(samples, left // len(names), said, first)
    shares |= {"the multiverse": rows} if rows else {}
    first = Plan(settings.budget, Frozen(shares), Frozen(), Frozen())
    return Rows(samples, (left - rows) // len(names), "", first)


def _universes(study: Study, output: str, settings: Settings) -> int:
    found = combinations(study, output, settings) if study.choices else ""
    return 0 if isinstance(found, str) or not found.varied else len(found.plans)


def _further_runs(study: Study, readings: int) -> int:
    """Return the runs besides one a reading and output: for figures that are not at the points."""
    published = [output.published for output in study.outputs.values()]
    expected = [figure for reading in study.readings.values() for figure in reading.expect.values()]
    every = (*published, *expected)
    return readings * any(each and not all(f.at_points for f in each.every) for each in every)
