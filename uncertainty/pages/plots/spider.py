"""The headline along the quantiles of one input at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.figures.local import draw_spider
from uncertainty.pages.plots import Plot
from uncertainty.pages.plots.curves import headline_label
from uncertainty.pages.plots.tornado import moved

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw the headline as each input alone goes from its 5 % to its 95 % quantile."""
    view = moved(content.local_under(reading).spider)
    study = content.study
    titles = {name: item.title for name, item in study.inputs.items()}
    picture = draw_spider(view, titles, label=headline_label(content), role=content.role(reading))
    title = study.readings[reading].title
    finding = f"Under “{title}”, the headline as one input at a time goes through its quantiles."
    caption = "Where a line is steep, the headline reacts strongly; where it bends, it reacts unevenly."
    return Plot(f"spider-{reading}", picture, finding, caption)
