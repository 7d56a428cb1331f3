"""How a challenge shares its budget between the draws of readings and what goes beyond them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from uncertainty.budgets import BEYOND, Plan, is_asked, is_slow, rounded_down
from uncertainty.challenges.extremes import MOST_CORNERS
from uncertainty.challenges.universes import combinations
from uncertainty.compiled import is_nested
from uncertainty.errors import SettingError
from uncertainty.records import Frozen
from uncertainty.sampling.case_draws import fewest_outer
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.nesting import FEWEST_CASES, NET_PILOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

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
