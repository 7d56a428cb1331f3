"""The headline as one input at a time moves: bars and lines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.amounts import unit_text
from uncertainty.characters import isolated
from uncertainty.errors import SettingError
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, heading, name_value, panel, set_vertical
from uncertainty.pages.figures.curves import headline_label
from uncertainty.pages.figures.lettering import lines, one_line
from uncertainty.pages.figures.rows import path_rows
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MUTED,
    ROLES,
    SMALL,
    TEXT,
    WIDTH,
    axes_inside,
    canvas,
    draw_lines,
    letters,
    shorten,
    styled,
)
from uncertainty.records import Frozen
from uncertainty.sides import cases_text
from uncertainty.study.one_score import item_of
from uncertainty.wording import after_unit, moved_to, with_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.local import LocalView, Path

MOST_BARS = 8

MOST_LINES = 5

STILL = 0.01
"""Share of the widest swing under which an input is left out."""

ROW = 48.0
"""Height of one input's bar with its name, in points."""

BAR = 20.0

NAME_LETTERS = 58
"""Letters of an input's name and unit that there is room for."""

MEMBER = 16
"""Characters of the member's label at the end of a category's bar."""

ROOM = 0.12
"""Share of the values' range that is left free beyond either end, for the numbers there."""

SPIDER = 250.0
"""Height of a spider's axes, in points."""

NAMES = 196.0
"""Room for the lines' names beside a spider, in points."""

NAME_LINE = 17.0
"""Height of a line of a name there, in points."""

DASHES = ((), (6, 2), (2, 2), (8, 2, 2, 2), (1, 2))


@styled
def draw_tornado(
    view: LocalView,
    titles: Mapping[str, str],
    units: Mapping[str, str] = Frozen(),
    *,
    label: str,
    base: str,
    role: int,
    written: Callable[[str, float], str] = lambda _, value: numbers.number(value, 2),
) -> Figure:
    """Draw how far each input alone moves an output, the widest swing first.

    Parameters
    ----------
    view
        With two probabilities or more; the first and the last are drawn.
    titles, units
        How inputs are called, and the units of their values where these have one.
    label
        Name of the axis, with its unit.
    base
        What is said of the output with no input moved.
    written
        Writes the value of an input.
    """
    paths = moving(view, MOST_BARS)
    values = [view.base, *(end for path in paths.values() for end in (path.outputs[0], path.outputs[-1]))]
    scale = _with_room(values, logarithmic=view.scale == "log10")
    figure = canvas(ROW * len(paths) + 92)
    axes = axes_inside(figure, top=24, bottom=60)
    axes.set_ylim(ROW * len(paths), 0)
    scale.apply(axes, label)
    bands = [(ROW * number + 20, ROW * number + 42) for number in range(len(paths))]
    draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
    colour = ROLES[role % len(ROLES)]
    for number, (name, path) in enumerate(paths.items()):
        top = ROW * number
        unit = units.get(name, "1")
        called = after_unit(shorten(titles[name], NAME_LETTERS - round(letters(unit))), unit)
        axes.text(0, top + 15, called, transform=axes.get_yaxis_transform())
        _bars(
            axes,
            view,
            path,
            [shorten(written(name, value), MEMBER) for value in path.inputs],
            top + 22,
            colour,
        )
    draw_lines(axes, [view.base], bands, colour=INK, width=1.6)
    name_value(axes, scale, view.base, base, colour=INK)
    low, high = (f"{100 * view.probabilities[end]:g} %" for end in (0, -1))
    said = f"numbers: the input at its {low} quantile (pale) and at its {high} quantile (full)"
    heading(figure, said, top=figure.get_figheight() * 72 - 8)
    return figure


def moving(view: LocalView, most: int) -> dict[str, Path]:
    """Return the inputs that move the output, the widest ranges alone; at least one."""
    sizes = {name: view.reach(name) for name in view.paths}
    widest = max(sizes.values(), default=0.0)
    kept = [name for name, size in sizes.items() if size > STILL * widest][:most] or list(sizes)[:1]
    return {name: view.paths[name] for name in kept}


def _with_room(values: list[float], *, logarithmic: bool) -> Scale:
    """Return the scale for bars that have a number beyond either end."""
    low, high = min(values), max(values)
    if logarithmic:
        room = (high / low) ** ROOM
        return Scale.over([low / room, high * room], logarithmic=True)
    return Scale.over([low - ROOM * (high - low), high + ROOM * (high - low)], logarithmic=False)


def _bars(axes: Axes, view: LocalView, path: Path, texts: Sequence[str], top: float, colour: str) -> None:
    """Draw both ends' bars with the input's values, one above the other where they lie on one side."""
    one_side = (path.outputs[0] - view.base) * (path.outputs[-1] - view.base) > 0
    height = BAR / 2 if one_side else BAR
    for place, alpha in ((0, 0.45), (-1, 1.0)):
        end = path.outputs[place]
        low, high = sorted((view.base, end))
        y = top + (height if one_side and place else 0) + height / 2
        axes.barh(y, high - low, left=low, height=height, color=colour, alpha=alpha, linewidth=0)
        # an end that does not move stands on the side that the other one leaves free
        other = path.outputs[-1 - place]
        left = end < view.base or (end == view.base and other > view.base)
        axes.annotate(
            texts[place],
            (end, y),
            (-5 if left else 5, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=SMALL - 2 if one_side else SMALL - 1,
            color=INK,
        )


@styled
def draw_spider(view: LocalView, titles: Mapping[str, str], *, label: str, role: int) -> Figure:
    """Draw an output along the quantiles of each input, the others staying.

    Parameters
    ----------
    titles
        How inputs are called.
    label
        Name of the vertical axis, with its unit.
    """
    paths = moving(view, MOST_LINES)
    values = [view.base, *(value for path in paths.values() for value in path.outputs)]
    scale = Scale.over(values, logarithmic=view.scale == "log10")
    figure = canvas(SPIDER + 84)
    axes = panel(figure, top=30, height=SPIDER, right=NAMES)
    set_vertical(axes, scale)
    probabilities = [100 * p for p in view.probabilities]
    axes.set_xlim(probabilities[0], probabilities[-1])
    ticks = [5, 25, 50, 75, 95]
    axes.set_xticks(ticks, [f"{tick} %" for tick in ticks])
    axes.set_xlabel("quantile of the input that moves")
    heading(figure, isolated(one_line(label, TEXT, WIDTH - 12)), top=16)
    colour = ROLES[role % len(ROLES)]
    names = [lines(titles[name], TEXT, NAMES - 26, 4) for name in paths]
    gap = NAME_LINE * max(map(len, names)) / SPIDER
    places = _apart([scale.share(path.outputs[-1]) for path in paths.values()], gap)
    for number, (path, place) in enumerate(zip(paths.values(), places, strict=True)):
        axes.plot(probabilities, path.outputs, color=colour, linewidth=2.0, dashes=DASHES[number])
        axes.annotate(
            "\n".join(map(isolated, names[number])),
            (1, scale.share(path.outputs[-1])),
            (1 + 16 / (520 - NAMES), place),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize=SMALL,
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.8, "shrinkA": 2, "shrinkB": 2},
        )
    return figure


def _apart(places: list[float], gap: float) -> list[float]:
    """Move places from 0 to 1 apart until each has a gap to the next, keeping their order."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for _ in range(100):
        for lower, upper in pairwise(order):
            short = gap - (moved[upper] - moved[lower])
            if short > 1e-9:
                moved[lower] -= short / 2
                moved[upper] += short / 2
        shift = max(0.0, -min(moved)) - max(0.0, max(moved) - 1)
        moved = [place + shift for place in moved]
    return moved


def tornado(content: ReportContent, reading: str) -> Plot:
    """Draw how far each input alone moves the headline from where all are at their medians."""
    view = moved(content.local_under(reading).tornado)
    study = content.study
    items = {name: item_of(study, name) for name in view.paths}
    titles = {name: item.title for name, item in items.items()}
    picture = draw_tornado(
        view,
        titles,
        {name: unit_text(item.unit.text) for name, item in items.items() if item.member_of is None},
        label=headline_label(content),
        base="all at their medians",
        role=content.role(reading),
        written=lambda name, value: moved_to(items[name], value),
    )
    top, path = next(iter(view.paths.items()))
    unit = study.outputs[study.headline].unit.text
    ends = with_unit(numbers.interval(*sorted((path.outputs[0], path.outputs[-1]))), unit)
    title = study.readings[reading].title
    finding = f"Under “{title}”, moving “{titles[top]}” alone takes the headline from {ends}."
    cases = cases_text(content.run_under(reading).scenario, study.headline)
    caption = (
        "Each bar moves one input between its 5 % and 95 % quantile while all others stay at their medians"
        f"{f', with {cases}' if cases else ''}. "
        "Interactions do not show this way; Sobol' indices include them."
    )
    return Plot(f"tornado-{reading}", picture, finding, caption, path_rows(view, titles))


def moved(view: LocalView | str) -> LocalView:
    """Return a view in which something moves.

    Raises
    ------
    SettingError
        If there is none.
    """
    if isinstance(view, str):
        raise SettingError(f"one input at a time cannot be shown: the headline {view}")
    if not view.paths:
        raise SettingError("one input at a time cannot be shown: no input that varies reaches the headline")
    return view


def spider(content: ReportContent, reading: str) -> Plot:
    """Draw the headline as each input alone goes from its 5 % to its 95 % quantile."""
    view = moved(content.local_under(reading).spider)
    study = content.study
    titles = {name: item_of(study, name).title for name in view.paths}
    picture = draw_spider(view, titles, label=headline_label(content), role=content.role(reading))
    title = study.readings[reading].title
    finding = f"Under “{title}”, the headline as one input at a time goes through its quantiles."
    caption = "Where a line is steep, the headline reacts strongly; where it bends, it reacts unevenly."
    return Plot(f"spider-{reading}", picture, finding, caption, path_rows(view, titles))
