"""How many model rows the questions of a challenge take: all that they can use, or what a budget leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.budgets import Part, Plan, share
from uncertainty.challenges import dependence, normalspace, robustness
from uncertainty.errors import UncertaintyError
from uncertainty.sensitivity.pilot import pilot_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.settings import Settings

FEWEST_DRAWS = 2**7
"""Draws that say anything of a share or a median."""

DRAWS = "the draws of the stress test and the design point"
POINTS = "break-even values with the others at their points"
DISTRIBUTED = "break-even values with the others distributed"
DESIGN = "design points"
SHAPES = "other distributions"
TOGETHER = "inputs that go together"


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
        return tried + thresholds * (1 + 9 * self.rounds + (2 + self.secants if self.secants else 0))


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
        found[POINTS] = [(_tried(space, each, thresholds), {"points": each}) for each in searches]
        caps = doubling(100 * (varying + 1), 3200 * (varying + 1))
        found[DESIGN] = [(thresholds * each, {"search": each}) for each in caps]
    changes = 7 + len(robustness.MOVES) * asked
    found[SHAPES] = [(changes * n, {"shapes": n}) for n in doubling(FEWEST_DRAWS, robustness.DRAWS)]
    if varying > 1:
        pairs = math.comb(min(dependence.TOP, varying), 2) * len(dependence.STRENGTHS)
        runs, pilot = 2 * (pairs + 2), 2 * pilot_rows(space.response.plan)
        most = min(dependence.DRAWS, max(FEWEST_DRAWS, int(settings.samples)))
        found[TOGETHER] = [(pilot + runs * n, {"together": n}) for n in doubling(FEWEST_DRAWS, most)]
    if thresholds:
        levels = [(64, Search(3, 8, 4, 2, 6)), (128, Search(3, 8, 4, 2, 6)), (256, Search(5, 8, 4, 4, 6))]
        levels += [(2**10, Search(10, 40, 20, 8)), (2**12, CONDITIONALLY)]
        found[DISTRIBUTED] = [
            (
                n * (_tried(space, each, thresholds) + 4 * thresholds * asked),
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
