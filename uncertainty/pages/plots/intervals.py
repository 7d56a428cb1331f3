"""Every published figure in the headline's unit beside its intervals, on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.compiled import dependencies, is_nested
from uncertainty.pages.figures.intervals import Group, Interval, draw_intervals
from uncertainty.pages.plots import Plot
from uncertainty.wording import (
    after_unit,
    interval_text,
    listed,
    mark_text,
    middle_name,
    middle_text,
    role,
    whose_variation,
)

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.readings import Readings
    from uncertainty.study.scenario import Scenario


def plot(content: ReportContent, _subject: str) -> Plot:
    """Draw the leading readings' intervals of each figure, the published one marked."""
    study = content.study
    compared = list(content.comparisons.values())
    level = numbers.level(content.settings.level)
    picture = draw_intervals(
        tuple(_group(content, readings) for readings in compared),
        label=after_unit(f"median and {level} uncertainty interval", content.headline.output.unit.text),
        reference=content.headline.output.reference,
        logarithmic=all(_positive(readings) for readings in compared),
    )
    plans = [content.headline.runs[name].scenario for name in content.headline.leading]
    varying = frozenset().union(*(_shown(plan, study.headline) for plan in plans))
    caption = (
        f"Marks are medians, lines {level} uncertainty intervals, upright bars the published figures. "
        f"{_order(content)}{whose_variation(plans[0], sorted(varying))}"
    )
    return Plot("intervals", picture, _finding(content), caption)


def _shown(plan: Scenario, output: str) -> set[str]:
    """Return the inputs whose variation an output's interval shows."""
    found = dependencies(plan, [output])[output] & set(plan.varying)
    return {name for name in found if not is_nested(plan, output) or plan.kinds[name] != "variability"}


def _finding(content: ReportContent) -> str:
    compared = [r for r in content.comparisons.values() if r.output.published_value is not None]
    if not compared:
        found = content.headline.distribution(content.headline.leading[0])
        title = found.output.title
        if interval_text(found) == numbers.MISSING:
            return f"Nothing was published for “{title}”; {middle_name(found)} is {middle_text(found)}."
        return f"Nothing was published for “{title}”; its interval as published is {interval_text(found)}."
    parts = []
    roles = [role(content.headline, name).removesuffix(" one") for name in content.headline.leading]
    for place, name in enumerate(roles):
        own = [r for r in compared if place < len(r.leading)]
        inside = sum(_inside(r, r.leading[place]) for r in own)
        parts.append(f"{inside} of {len(own)} under {name} reading")
    interval = f"{numbers.level(content.settings.level)} uncertainty interval"
    return f"How many published figures lie inside the {interval}: {listed(parts)}."


def _order(content: ReportContent) -> str:
    """Say what the intervals of one figure are, from the top."""
    headline = content.headline
    if len(headline.leading) < 2:
        return ""
    roles = listed(role(content.headline, name) for name in headline.leading)
    sentence = f"Each figure has its readings in one order: {roles}"
    others = sorted(
        {content.study.readings[r.leading[-1]].title for r in content.comparisons.values()}
        - {content.study.readings[headline.leading[-1]].title}
    )
    if not others:
        return f"{sentence}. "
    elsewhere = listed(f"“{title}”" for title in others)
    return f"{sentence}; which one is least favourable depends on the figure, for some it is {elsewhere}. "


def _inside(readings: Readings, name: str) -> bool:
    found = readings.distribution(name)
    published = readings.output.published_value
    return published is not None and found.summary["low"].value <= published <= found.summary["high"].value


def _positive(readings: Readings) -> bool:
    return readings.output.scale == "log10" or all(
        readings.distribution(name).draws.lowest > 0 for name in readings.leading
    )


def _group(content: ReportContent, readings: Readings) -> Group:
    output = readings.output
    return Group(
        output.title,
        output.published_value,
        mark_text(output),
        tuple(
            Interval(
                f"{content.study.readings[name].title}: {interval_text(readings.distribution(name))}",
                readings.distribution(name).summary["low"].value,
                readings.distribution(name).median,
                readings.distribution(name).summary["high"].value,
                number,
            )
            for number, name in enumerate(readings.leading)
        ),
    )
