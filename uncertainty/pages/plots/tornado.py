"""The headline with one input at a time at its 5 % or 95 % quantile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.pages.figures.local import draw_tornado
from uncertainty.pages.plots import Plot
from uncertainty.pages.plots.curves import headline_label
from uncertainty.wording import with_unit

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.local import LocalView


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw how far each input alone moves the headline from where all are at their medians."""
    view = moved(content.local_under(reading).tornado)
    study = content.study
    titles = {name: item.title for name, item in study.inputs.items()}
    picture = draw_tornado(
        view, titles, label=headline_label(content), base="all at their medians", role=content.role(reading)
    )
    top, path = next(iter(view.paths.items()))
    unit = study.outputs[study.headline].unit.text
    ends = with_unit(numbers.interval(*sorted((path.outputs[0], path.outputs[-1]))), unit)
    title = study.readings[reading].title
    finding = f"Under “{title}”, moving “{titles[top]}” alone takes the headline from {ends}."
    caption = (
        "Each bar moves one input between its 5 % and 95 % quantile while all others stay at their medians. "
        "Interactions do not show this way; Sobol' indices include them."
    )
    return Plot(f"tornado-{reading}", picture, finding, caption)


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
