"""Distributions, drawn for the page that explains their language.

The directive ``drawing`` holds one distribution a line, as a study writes it, and becomes pictures in the
page, in its own colours.
"""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from docutils import nodes
from matplotlib import rc_context
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

from uncertainty.distributions import parse_distribution
from uncertainty.pages.figures.style import MUTED, ROLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from sphinx.application import Sphinx

    from uncertainty.distributions import Distribution

SHOWN = (0.002, 0.998)
"""Probabilities between which a distribution is drawn."""

POINTS = 400


STYLE = {"svg.fonttype": "none", "svg.hashsalt": "uncertainty", "font.family": ["DejaVu Sans"]}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Drawing(SphinxDirective):
    """Draw the distributions in the directive's content, one a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the picture as a part of the page, in the page's own colours."""
        figures = "".join(
            f"<figure>{picture(text)}<figcaption><code>{escape(text)}</code></figcaption></figure>"
            for text in self.content
        )
        return [nodes.raw("", f'<div class="drawings">{figures}</div>', format="html")]


def picture(text: str) -> str:
    """Draw the density of a distribution, its 5 % and 95 % quantiles and its median marked."""
    distribution = parse_distribution(text)
    with rc_context(STYLE):
        figure = Figure(figsize=(3.0, 1.4))
        axes = figure.subplots()
        _draw_density(axes, distribution)
        _mark(axes, distribution)
        figure.tight_layout(pad=0.3)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    label = escape(f"Density of {text}", quote=True)
    svg = svg[svg.index("<svg ") :].replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return svg.replace(MUTED, "currentColor")


def _mark(axes: Axes, distribution: Distribution) -> None:
    """Mark the quantiles, and leave of the axes only what is read."""
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95]))
    axes.plot([low, high], [0, 0], color=ROLES[0], linewidth=5, solid_capstyle="butt", clip_on=False)
    axes.plot([median], [0], "o", color=ROLES[0], markersize=8, clip_on=False)
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=6)
    axes.tick_params(labelsize=10, colors=MUTED)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)


def _draw_density(axes: Axes, distribution: Distribution) -> None:
    """Draw probability for each step of the axis, and atoms as stems with their whole probability."""
    if distribution.is_constant:
        axes.vlines(distribution.mean, 0, 1, color=ROLES[0], linewidth=2)
        return
    ends = distribution.quantile(np.array(SHOWN))
    grid = np.linspace(*ends, POINTS)
    atoms = np.array(distribution.atoms)
    continuous = np.diff(distribution.cdf(grid))
    if atoms.size:
        sizes = distribution.cdf(atoms) - distribution.cdf(np.nextafter(atoms, -np.inf))
        axes.vlines(atoms, 0, sizes / sizes.max(), color=ROLES[0], linewidth=2)
        holding = np.searchsorted(grid, atoms) - 1
        continuous[np.clip(holding, 0, POINTS - 2)] = 0
    if continuous.max() > 0:
        middles = (grid[1:] + grid[:-1]) / 2
        axes.fill_between(middles, continuous / continuous.max(), color=ROLES[0], alpha=0.25, linewidth=0)
        axes.plot(middles, continuous / continuous.max(), color=ROLES[0], linewidth=1.3)
