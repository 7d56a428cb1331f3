"""The headline's distribution under each leading reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.blocks import Paragraph, Section
from uncertainty.pages.plots import figure

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent


def section(content: ReportContent) -> Section:
    """Show where the headline's values lie, the published figure among them."""
    picture = figure("distributions", content)
    return Section("shape", "Where the headline's values lie", (Paragraph(picture.alt, lead=True), picture))
