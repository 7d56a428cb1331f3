"""The headline along each top driver, as a curve through draws and as the draws themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.errors import SettingError
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, fitting_scale, heading, panel, set_vertical
from uncertainty.pages.figures.drivers import missing
from uncertainty.pages.figures.style import INK, ROLES, canvas, shorten, styled
from uncertainty.records import Frozen
from uncertainty.study.one_score import item_of
from uncertainty.wording import after_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.effects import Curve, Effects

PANEL = 150.0
"""Height of one input's axes, in points."""

BETWEEN = 72.0
"""Room above each, for the axis of the one above and a name."""

DOT = 2.6
"""Diameter of a draw, in points."""

DOTS = 250
"""Draws that are shown."""

LABELS = 80
"""Characters of all members' labels on one axis."""

FEW = 12
"""Slices up to which a curve is marks on bars instead of a line in a band: the input is discrete."""


@styled
def draw_curves(
    effects: Effects,
    axes_of: Mapping[str, str],
    *,
    label: str,
    role: int,
    members: Mapping[str, Sequence[str]] = Frozen(),
) -> Figure:
    """Draw the output's conditional median and middle half along each input, some draws behind them.

    Parameters
    ----------
    effects
        Of the inputs that are drawn, the first in `axes_of` at the top.
    axes_of
        Name of each input's axis, with its unit.
    label
        Name of the output, with its unit.
    members
        By input that is a member of an index, the members' labels.
    """
    return _draw(effects, axes_of, label, role, members, curves=True)


@styled
def draw_scatter(
    effects: Effects,
    axes_of: Mapping[str, str],
    *,
    label: str,
    role: int,
    members: Mapping[str, Sequence[str]] = Frozen(),
) -> Figure:
    """Draw some draws of the output along each input; see `draw_curves`."""
    return _draw(effects, axes_of, label, role, members, curves=False)


def _draw(
    effects: Effects,
    axes_of: Mapping[str, str],
    label: str,
    role: int,
    members: Mapping[str, Sequence[str]],
    *,
    curves: bool,
) -> Figure:
    figure = canvas((PANEL + BETWEEN) * len(axes_of) + 12)
    colour = ROLES[role % len(ROLES)]
    draws = [effects.scatters[name].output for name in axes_of]
    shown = np.concatenate([*draws, *(np.concatenate(effects.curves[name][1:]) for name in axes_of)])
    vertical = Scale.over([float(shown.min()), float(shown.max())], logarithmic=effects.scale == "log10")
    for number, (name, axis) in enumerate(axes_of.items()):
        top = (PANEL + BETWEEN) * number + 26
        axes = panel(figure, top=top, height=PANEL)
        heading(figure, shorten(label, 66), top=top - 10)
        points = effects.scatters[name]
        set_vertical(axes, vertical)
        if name in members:
            _by_member(axes, members[name], axis)
        else:
            fitting_scale(points.input).apply(axes, shorten(axis, 62))
        _dots(axes, points.input, points.output, colour, 0.45 if curves else 0.8)
        if curves:
            _curve(axes, effects.curves[name], colour)
    return figure


def _by_member(axes: Axes, labels: Sequence[str], axis: str) -> None:
    """Name the members of an index along an axis, in its order."""
    places = len(labels)
    Scale.over([-0.5, places - 0.5], logarithmic=False).apply(axes, shorten(axis, 62))
    axes.set_xticks(range(places), [shorten(label, LABELS // places) for label in labels])


def _curve(axes: Axes, curve: Curve, colour: str) -> None:
    if len(curve.at) > FEW:
        axes.fill_between(
            curve.at, curve.lower_quartile, curve.upper_quartile, color=colour, alpha=0.25, linewidth=0
        )
        axes.plot(curve.at, curve.median, color=INK, linewidth=2.0)
        return
    axes.vlines(curve.at, curve.lower_quartile, curve.upper_quartile, color=colour, linewidth=6, alpha=0.45)
    axes.plot(curve.at, curve.median, "o", color=INK, markersize=6)


def _dots(axes: Axes, x: FloatArray, y: FloatArray, colour: str, alpha: float) -> None:
    """Draw points as one path of round ends, a fifth of the bytes of as many marks."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    shown = shown_of(x)
    starts = np.column_stack([x[shown], y[shown]])
    # an end a hair further on, since some programs draw nothing where a line has no length
    further = axes.transData.transform(starts) + np.array([0.4, 0.0])
    vertices = np.stack([starts, axes.transData.inverted().transform(further)], axis=1).reshape(-1, 2)
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(starts))
    dots = PathPatch(path, fill=False, edgecolor=colour, alpha=alpha, linewidth=DOT, capstyle="round")
    axes.add_patch(dots)


def shown_of(values: FloatArray) -> NDArray[np.int64]:
    """Return which draws are shown as dots."""
    return np.linspace(0, len(values) - 1, min(DOTS, len(values))).astype(np.int64)


def curves(content: ReportContent, reading: str) -> Plot:
    """Draw the headline's conditional median and middle half along its top drivers."""
    picture, finding, found, titles = along_drivers(content, reading, draw_curves)
    caption = (
        "Dots are draws, the line is the headline's median given the input, and the band holds the middle "
        "half of the draws there."
    )
    rows = [
        {
            "input": titles[name],
            "input value": at,
            "lower quartile": low,
            "median": middle,
            "upper quartile": high,
        }
        for name, curve in found.curves.items()
        for at, middle, low, high in zip(*(part.tolist() for part in curve), strict=True)
    ]
    return Plot(f"curves-{reading}", picture, finding, caption, rows)


class Drawn(NamedTuple):
    """A picture of the headline along inputs: what it shows in words and in numbers, and their titles."""

    picture: Figure
    finding: str
    effects: Effects
    titles: Mapping[str, str]


def along_drivers(content: ReportContent, reading: str, draw: Callable[..., Figure]) -> Drawn:
    """Draw the headline along its top drivers under a reading, and say what is shown.

    Parameters
    ----------
    draw
        `draw_curves` or `draw_scatter`.

    Raises
    ------
    SettingError
        If there are no drivers.
    """
    details = content.details_under(reading)
    if details is None:
        raise SettingError(f"there is nothing to draw the headline along: {missing(content, reading)}")
    found: Effects = details.effects
    study = content.study
    items = {name: item_of(study, name) for name in found.curves}
    titles = {name: item.title for name, item in items.items()}
    axes = {name: after_unit(title, items[name].unit.text) for name, title in titles.items()}
    members = {
        name: [index.label_at(place) for place in range(len(index.names))]
        for name in found.curves
        if (index := items[name].member_of) is not None
    }
    label, role = headline_label(content), content.role(reading)
    picture = draw(found, axes, label=label, role=role, members=members)
    said = f"The headline along its top drivers, under “{study.readings[reading].title}”."
    return Drawn(picture, said, found, titles)


def headline_label(content: ReportContent) -> str:
    """Name the headline's axis."""
    output = content.study.outputs[content.study.headline]
    return after_unit(output.title, output.unit.text)


def scatter(content: ReportContent, reading: str) -> Plot:
    """Draw some draws of the headline along its top drivers."""
    picture, finding, found, titles = along_drivers(content, reading, draw_scatter)
    rows = [
        {"input": titles[name], "input value": at, "output value": value}
        for name, points in found.scatters.items()
        for at, value in zip(*(part[shown_of(part)].tolist() for part in points), strict=True)
    ]
    return Plot(f"scatter-{reading}", picture, finding, f"Each dot is one of {DOTS} draws.", rows)
