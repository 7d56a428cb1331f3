"""The headline's median along each of its top drivers, over draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import SettingError
from uncertainty.pages.figures.effects import draw_curves
from uncertainty.pages.plots import Plot
from uncertainty.pages.plots.drivers import missing
from uncertainty.wording import after_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.effects import Effects


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw the headline's conditional median and middle half along its top drivers."""
    picture, finding = along_drivers(content, reading, draw_curves)
    caption = (
        "Dots are draws, the line is the headline's median given the input, and the band holds the middle "
        "half of the draws there."
    )
    return Plot(f"curves-{reading}", picture, finding, caption)


def along_drivers(content: ReportContent, reading: str, draw: Callable[..., Figure]) -> tuple[Figure, str]:
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
    titles = {name: study.inputs[name].title for name in found.curves}
    axes = {name: after_unit(title, study.inputs[name].unit.text) for name, title in titles.items()}
    picture = draw(found, axes, label=headline_label(content), role=content.role(reading))
    return picture, f"The headline along its top drivers, under “{study.readings[reading].title}”."


def headline_label(content: ReportContent) -> str:
    """Name the headline's axis."""
    output = content.study.outputs[content.study.headline]
    return after_unit(output.title, output.unit.text)
