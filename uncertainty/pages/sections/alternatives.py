"""Outputs that are alternatives: how they differ, which is the best, and what it is worth to know more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Section, Table
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.one_score import item_of
from uncertainty.wording import after_unit, capitalised, listed, with_unit

if TYPE_CHECKING:
    from uncertainty.alternatives import Alternatives
    from uncertainty.case_statistics import Spread
    from uncertainty.pages.content import ReportContent
    from uncertainty.standings import Ranking

MOST_PAIRS = 10
"""Pairs that are shown at once; more are folded away."""

OWN_SIZES = (
    "What few cases carry takes more of them: averages here are of {outer:,} draws of what nobody knows with "
    "{inner:,} cases each, others than those of the headline alone."
)


def section(content: ReportContent) -> Section | None:
    """Compare the study's alternatives; nothing where it names none."""
    return None if content.alternatives is None else alternatives(content.alternatives)


def alternatives(found: Alternatives) -> Section:
    """Set alternatives side by side."""
    blocks: list[Block] = [Paragraph(_first(found), lead=True)]
    if found.own_sizes is not None:
        outer, inner = found.own_sizes
        blocks.append(Paragraph(OWN_SIZES.format(outer=outer, inner=inner)))
    if found.average is not None:
        blocks += _ranking(found, found.average, "on average over the cases")
    if found.single is not None:
        blocks += _ranking(found, found.single, "" if found.average is None else "in any one case")
    for missing in (found.no_single, found.no_average):
        if missing:
            blocks.append(Paragraph(f"{capitalised(missing)}."))
    blocks.append(Paragraph(_worth(found)))
    if found.worth and found.everything is not None and not found.everything.estimate.rests_on_too_few:
        blocks.append(_inputs(found, found.everything.estimate))
    return Section("alternatives", "The alternatives side by side", tuple(blocks))


def _title(found: Alternatives, name: str) -> str:
    return found.study.outputs[name].title


def _first(found: Alternatives) -> str:
    """Say which is the best, how surely, and that its cases may say otherwise."""
    ranking = found.leading
    leader = ranking.leader
    best = numbers.probability(ranking.standings[leader].best)
    less = "lowest" if found.better == "lowest" else "highest"
    over = " on average over the cases" if found.average is not None else ""
    equals = ranking.equals(leader)
    always = [leader, *(name for name, share in equals.items() if share >= 1)]
    if len(always) > 1:
        names = listed(f"“{_title(found, name)}”" for name in always)
        if len(always) == len(found.outputs):
            return f"{names} are equal{over} in all draws: none is the {less}."
        or_not = ", or equal to another," if len(equals) >= len(always) else ""
        said = f"{names} are equal{over} in all draws, and the {less}{or_not} with a probability of {best}"
    else:
        or_not = ", or equal to another," if equals else ""
        said = f"“{_title(found, leader)}” is the {less}{over}{or_not} with a probability of {best}"
    if found.average is not None and found.single is not None:
        cases = numbers.share(found.single.standings[leader].best)
        said += f"; of any one case it is so in {cases} of the draws"
    return f"{said}."


def _ranking(found: Alternatives, ranking: Ranking, of: str) -> list[Block]:
    level = next(iter(ranking.standings.values())).spread.level
    columns = (
        Column("Alternative"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(level)} interval", numeric=True),
        Column("Best in", numeric=True),
        Column("Place", numeric=True),
    )
    rows = tuple(
        (
            after_unit(_title(found, name), found.unit),
            *_written(each.spread),
            numbers.share(each.best),
            _places(each.rank),
        )
        for name, each in ranking.standings.items()
    )
    less = "less is better" if found.better == "lowest" else "more is better"
    if any(pair.equal.value > 0 for pair in ranking.differences):
        less += "; equal ones are both the best"
    standing = Table(columns, rows, f"Alternatives {of}; {less}".replace(" ;", ";"))
    pairs = _pairs(found, ranking, level, of)
    if len(ranking.differences) > MOST_PAIRS:
        return [standing, Details(f"All {len(ranking.differences)} differences", (pairs,))]
    return [standing, pairs]


def _pairs(found: Alternatives, ranking: Ranking, level: float, of: str) -> Table:
    columns = (
        Column("Difference"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(level)} interval", numeric=True),
        Column("The first is better in", numeric=True),
    )
    rows = tuple(
        (
            after_unit(" − ".join(_title(found, name) for name in each.outputs), found.unit),
            *_written(each.spread),
            numbers.share(each.better),
        )
        for each in ranking.differences
    )
    return Table(columns, rows, f"Differences in the same draws, {of}".removesuffix(", "))


def _places(rank: Spread) -> str:
    low, high = (round(end.value) for end in rank.ends)
    return f"{low}" if low == high else f"{low} to {high}"


def _worth(found: Alternatives) -> str:
    if found.everything is None:
        return f"What knowledge is worth for the choice (EVPI, EVPPI) is not told: {found.no_worth}."
    ranking = found.leading
    equals = [name for name, share in ranking.equals(found.best_on_average).items() if share >= 1]
    alike = dict.fromkeys((found.best_on_average, *equals, *found.as_good))
    names = listed((f"“{_title(found, name)}”" for name in alike), "or")
    gain = found.everything.estimate
    if gain.rests_on_too_few:
        told = "What knowledge is worth (EVPI, EVPPI) rests on draws in which another is better."
        return f"By expectation {names} is chosen. {told} {gain.reason}"
    all_known = with_unit(numbers.estimate(gain, 2), found.unit)
    cases = ", nor which case it is" if found.average is not None and not found.by_averages else ""
    return (
        f"By expectation {names} is chosen. If nothing were unknown{cases}, "
        f"the choice would gain {all_known} on average (EVPI)."
    )


def _inputs(found: Alternatives, whole: Estimate) -> Table:
    columns = (Column("Input"), Column("Worth of knowing it", numeric=True), Column("Of all", numeric=True))
    ranked = sorted(found.worth.items(), key=lambda each: -each[1].estimate.value)
    rows = tuple(
        (
            item_of(found.study, name).title,
            _worth_text(each.estimate),
            _part_text(each.estimate, whole),
        )
        for name, each in ranked
    )
    unit = with_unit("", found.unit).strip()
    caption = "What the choice gains on average if one input is known before (EVPPI)"
    return Table(columns, rows, f"{caption}, in {unit}" if unit else caption)


def _worth_text(worth: Estimate) -> str:
    """Write what it is worth to know something; where that may be nothing, the most that it may be."""
    low, high = numbers.bounds(worth)
    return numbers.estimate(worth, 2) if low > 0 or not high else f"under {numbers.at_most(high)}"


def _part_text(worth: Estimate, whole: Estimate) -> str:
    """Write what part of all knowledge's worth it is, as surely as both are known."""
    if not whole.value > 0:
        return numbers.MISSING
    low, high = numbers.bounds(worth)
    if not high:
        return numbers.level(0.0)
    if low <= 0:
        return f"under {numbers.at_most(min(100 * high / whole.value, 100.0))} %"
    part = worth.value / whole.value
    error = math.hypot(worth.error or 0.0, part * (whole.error or 0.0)) / whole.value
    return numbers.share(Estimate(part, error))


def _written(spread: Spread) -> tuple[str, str]:
    return numbers.median_and_interval(spread.middle, *spread.ends, varies=not spread.draws.equal)
