"""Every published figure beside its interval, on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.compiled import dependencies, is_nested
from uncertainty.late import dataclass
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, name_value
from uncertainty.pages.figures.style import (
    CHARACTERS,
    GRID,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    Bands,
    axes_inside,
    canvas,
    draw_lines,
    labelled,
    letters,
    shorten,
    styled,
)
from uncertainty.pages.roles import role
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import (
    after_unit,
    has_interval,
    interval_text,
    listed,
    mark_text,
    middle_name,
    middle_text,
    published_text,
    whose_variation,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent
    from uncertainty.readings import Readings
    from uncertainty.study.scenario import Scenario

ROW = 15.0
"""Height of one interval, in points."""

TITLE = 24.0
"""Height of a group's title."""

NAMED_ROW = 33.0
"""Height of an interval that carries its name above it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The median and uncertainty interval of one reading.

    Parameters
    ----------
    is_endless
        Whether the calculation itself has set the upper end, which stands for whatever lies above.
    """

    name: str
    low: float
    median: float
    high: float
    role: int
    text: str = ""
    is_endless: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One output: its intervals and the figure that was published for it."""

    title: str
    published: float | None
    published_text: str
    intervals: tuple[Interval, ...]


@styled
def draw_intervals(
    groups: tuple[Group, ...], *, label: str, reference: float | None, logarithmic: bool
) -> Figure:
    """Draw one group of intervals below another on one axis.

    Every interval of the first group carries its name; the others repeat its order, colours and marks.

    Parameters
    ----------
    label
        Name of the axis, with its unit.
    reference
        Value that a vertical line marks.
    """
    height = sum(_height(group, named=number == 0) for number, group in enumerate(groups))
    figure = canvas(height + 70)
    axes = axes_inside(figure, top=20)
    axes.set_ylim(height, 0)
    values = [v for g in groups for i in g.intervals for v in (i.low, i.high)]
    values += [g.published for g in groups if g.published is not None]
    values += [reference] if reference is not None else []
    scale = Scale.over(values, logarithmic=logarithmic)
    scale.apply(axes, label)
    if reference is not None:
        name_value(axes, scale, reference, f"reference: {reference:g}", colour=MUTED)
    top = 0.0
    for number, group in enumerate(groups):
        bands = _bands(group, top, named=number == 0)
        draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
        if reference is not None:
            draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
        if group.published is not None:
            draw_lines(axes, [group.published], bands, colour=PUBLISHED, width=2.4)
        _draw_group(axes, scale, group, bands, top, named=number == 0)
        top += _height(group, named=number == 0)
    return figure


def _height(group: Group, *, named: bool) -> float:
    return TITLE + (NAMED_ROW if named else ROW) * len(group.intervals) + 8


def _bands(group: Group, top: float, *, named: bool) -> Bands:
    """Return where the lines of a group may run: one stretch, or one for each interval with a name above."""
    first = top + TITLE
    if not named:
        return [(first - 2, first + ROW * len(group.intervals))]
    feet = [first + NAMED_ROW * (number + 1) for number in range(len(group.intervals))]
    return [(foot - ROW + 2, foot) for foot in feet]


def _draw_group(axes: Axes, scale: Scale, group: Group, bands: Bands, top: float, *, named: bool) -> None:
    across = axes.get_yaxis_transform()
    room = max(58 - len(group.published_text), 20)
    axes.text(0, top + 15, shorten(group.title, room), transform=across, weight="bold")
    axes.text(1, top + 15, group.published_text, transform=across, ha="right")
    for number, found in enumerate(group.intervals):
        y = bands[number][1] - ROW / 2 if named else bands[0][1] - ROW * (len(group.intervals) - number - 0.5)
        colour = ROLES[found.role % len(ROLES)]
        mark = MARKS[found.role % len(MARKS)]
        axes.plot([found.low, found.high], [y, y], color=colour, linewidth=3.2, solid_capstyle="round")
        axes.plot([found.median], [y], mark, color=colour, markersize=8.5)
        if named:
            _name(axes, scale, found, y - ROW / 2 - 3, colour)


def _name(axes: Axes, scale: Scale, found: Interval, y: float, colour: str) -> None:
    """Write an interval's name above it, centred on it as far as the figure's ends allow."""
    text = labelled(found.name, found.text, 64) if found.text else shorten(found.name, 64)
    half = letters(text) / 2 / CHARACTERS
    middle = (scale.share(found.low) + scale.share(found.high)) / 2
    at = min(max(middle, half), 1 - half)
    axes.text(at, y, text, transform=axes.get_yaxis_transform(), ha="center", color=colour, fontsize=SMALL)


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw the leading readings' intervals of each figure, or of one output, the published one marked."""
    one = subject != AS_PUBLISHED
    # a yes or no has no interval to stand on the axis
    drawn = () if one else tuple(filter(_has_interval, content.comparisons.values()))
    compared = drawn or (content.headline,)
    level = numbers.level(content.settings.level)
    groups = tuple(_group(content, readings) for readings in compared)
    picture = draw_intervals(
        groups,
        label=after_unit(f"median and {level} uncertainty interval", content.headline.output.unit.text),
        reference=content.headline.output.reference,
        logarithmic=all(_positive(readings) for readings in compared),
    )
    shown = [(each.runs[name].scenario, each.output.name) for each in compared for name in each.leading]
    whose = whose_variation(*((plan, _shown(plan, output)) for plan, output in shown))
    caption = (
        f"Marks are medians, lines {level} uncertainty intervals, upright bars the published figures. "
        f"{_order(content, compared)}{whose}"
    )
    rows = [
        {
            "output": group.title,
            "published": group.published,
            "reading": each.name,
            "low": each.low,
            "median": each.median,
            "high": each.high,
        }
        for group in groups
        for each in group.intervals
    ]
    return Plot("intervals", picture, _finding(content, compared), caption, rows)


def _shown(plan: Scenario, output: str) -> set[str]:
    """Return the inputs whose variation an output's interval shows."""
    found = dependencies(plan, [output])[output] & set(plan.varying)
    return {name for name in found if not is_nested(plan, output) or plan.kinds[name] != "variability"}


def _finding(content: ReportContent, shown: Sequence[Readings]) -> str:
    compared = [readings for readings in shown if _is_comparable(readings)]
    interval = f"{numbers.level(content.settings.level)} uncertainty interval"
    if not compared:
        return _not_comparable(content.headline)
    if len(compared) == 1:
        return _one_figure(compared[0], interval)
    parts = []
    for place, name in enumerate(content.headline.leading):
        own = [readings for readings in compared if _has_place(readings, content.headline, place)]
        inside = [_inside(readings, readings.leading[place]) for readings in own]
        surely, perhaps = inside.count(True), len(own) - inside.count(False)
        held = f"{surely}" if surely == perhaps else f"{surely} to {perhaps}"
        if own:
            parts.append(f"{held} of {len(own)} under {_reading(_part(own, place), name)}")
    return f"Published figures on this axis that lie inside their {interval}: {listed(parts)}."


def _is_comparable(readings: Readings) -> bool:
    """Tell whether an output has a published value, and an interval in which that may lie."""
    return readings.output.published_value is not None and _has_interval(readings)


def _has_interval(readings: Readings) -> bool:
    return any(has_interval(readings.distribution(name)) for name in readings.leading)


def _not_comparable(readings: Readings) -> str:
    """Give an output's interval where no published figure may lie in one."""
    found, output = readings.distribution(readings.leading[0]), readings.output
    said = f"The study has no published figure of “{output.title}”"
    if output.published_value is not None:
        said = f"No reading gives “{output.title}” an interval beside the published {published_text(output)}"
    elif output.published is not None:
        figure = published_text(output)
        said = f"What was published for “{output.title}”, {figure}, is no value that an interval could hold"
    if not has_interval(found):
        return f"{said}; {middle_name(found)} is {middle_text(found)}."
    return f"{said}; its interval, as the publication counts, is {interval_text(found)}."


def _one_figure(readings: Readings, interval: str) -> str:
    """Say under which readings the one published figure lies inside its interval, and under which outside."""
    titles: dict[str, list[str]] = {}
    for name in filter(lambda name: has_interval(readings.distribution(name)), readings.leading):
        side = {True: "inside", False: "outside", None: "at an end of"}[_inside(readings, name)]
        titles.setdefault(side, []).append(f"“{readings.study.readings[name].title}”")
    (first, under), *others = titles.items()
    said = (
        f"The published {published_text(readings.output)} lies {first} the {interval} under {listed(under)}"
    )
    return "".join([said, *(f", and {side} it under {listed(rest)}" for side, rest in others), "."])


def _has_place(readings: Readings, headline: Readings, place: int) -> bool:
    """Tell whether one of a figure's leading readings is led with for the same reason as the headline's."""
    if place >= len(readings.leading):
        return False
    liked = readings.study.preferred_reading
    alike = readings.leading[place] == liked == headline.leading[place]
    return place == 0 or alike or len(readings.leading) == len(headline.leading)


def _part(shown: Sequence[Readings], place: int) -> str:
    """Name the part that the readings at one place play of every figure, whose medians may differ on it."""
    first, *others = (role(readings, readings.leading[place]).split(" and ") for readings in shown)
    common = [part for part in first if all(part in each for each in others)]
    return " and ".join(common) or "another one"


def _reading(part: str, name: str) -> str:
    """Name a reading by the part that it plays."""
    if " one" in part:
        return part.replace(" one", " reading", 1)
    if part.endswith(("claim", "figure")) or name == AS_CHOSEN:
        return f"the reading {part.removeprefix('the ')}"
    return f"{part} reading"


def _order(content: ReportContent, shown: Sequence[Readings]) -> str:
    """Say what the intervals of one figure are, from the top."""
    headline = content.headline
    if len(headline.leading) < 2:
        return ""
    several = [each for each in shown if len(each.leading) > 1]
    full = [each for each in shown if len(each.leading) == len(headline.leading)]
    roles = ", then ".join(_part(full, place) for place in range(len(headline.leading)))
    which = "Each figure has its" if len(several) == len(shown) else "Figures with several have their"
    sentence = f"{which} readings in one order: {roles}"
    others = sorted(
        {content.study.readings[each.leading[-1]].title for each in full}
        - {content.study.readings[headline.leading[-1]].title}
    )
    if not others:
        return f"{sentence}. "
    elsewhere = listed(f"“{title}”" for title in others)
    return f"{sentence}; the last one depends on the figure, for some it is {elsewhere}. "


def _inside(readings: Readings, name: str) -> bool | None:
    """Tell whether a published figure lies in an interval; None where the errors of an end leave it open."""
    published = readings.output.published_value
    if published is None:
        return False
    found = readings.distribution(name)
    low, high = map(numbers.bounds, found.ends)
    if low[1] <= published <= high[0]:
        return True
    if not low[0] <= published <= high[1]:
        return False
    # how many draws lie beyond a value is known better than where an end lies, in long tails
    beyond = numbers.bounds(found.draws.share_at_least(published))
    tail = (1 - readings.settings.level) / 2
    if (
        readings.settings.interval == "shortest"
        or beyond[0] <= tail <= beyond[1]
        or beyond[0] <= 1 - tail <= beyond[1]
    ):
        return None
    return tail < beyond[0] and beyond[1] < 1 - tail


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
                content.study.readings[name].title,
                readings.distribution(name).ends.low.value,
                readings.distribution(name).median,
                readings.distribution(name).ends.high.value,
                number,
                interval_text(readings.distribution(name)),
            )
            for number, name in enumerate(readings.leading)
        ),
    )
