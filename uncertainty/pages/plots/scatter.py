"""Draws of the headline along each of its top drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.figures.effects import DOTS, draw_scatter
from uncertainty.pages.plots import Plot
from uncertainty.pages.plots.curves import along_drivers

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw some draws of the headline along its top drivers."""
    picture, finding = along_drivers(content, reading, draw_scatter)
    return Plot(f"scatter-{reading}", picture, finding, f"Each dot is one of {DOTS} draws.")
