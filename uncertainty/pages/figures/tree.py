"""How a result is made: a tree of quantities, each on the line below what it goes into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from uncertainty.pages.figures.style import INK, MUTED, ROLES, SMALL, TEXT, WIDTH, canvas, shorten, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP = 17.0
"""Indentation of one level, in points."""

LINE, NOTE = 22.0, 15.0
"""Height of a quantity, and of what is said below it."""

SIGN = 7.4
"""Width of a sign of the common text, in points."""


@dataclass(frozen=True, slots=True)
class Node:
    """A quantity of the tree.

    Parameters
    ----------
    depth
        0 for the result; what a quantity is made of follows it, one level deeper.
    kind
        Whether it is computed, an input that varies, one that is fixed, or shown further up already.
    note
        What is said below it.
    """

    depth: int
    name: str
    note: str
    kind: Literal["computed", "varies", "fixed", "above"]


@styled
def draw_tree(nodes: tuple[Node, ...], *, role: int) -> Figure:
    """Draw the nodes, which are in the order of their lines."""
    heights = [LINE + (NOTE if node.note else 0) for node in nodes]
    figure = canvas(sum(heights) + 12)
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(sum(heights) + 12, 0)
    colour = ROLES[role % len(ROLES)]
    last: dict[int, float] = {}
    top = 6.0
    for node, height in zip(nodes, heights, strict=True):
        y = top + LINE / 2
        x = 8 + STEP * node.depth
        if node.depth:
            parent = x - STEP
            axes.plot([parent, parent, x - 6], [last[node.depth - 1] + 6, y, y], color=MUTED, linewidth=1)
        last[node.depth] = y
        _draw_mark(axes, node, x, y, colour)
        _write(axes, node, x + 10, y)
        top += height
    return figure


def _draw_mark(axes: Axes, node: Node, x: float, y: float, colour: str) -> None:
    if node.kind == "computed":
        axes.plot([x], [y], "s", color=INK, markersize=6)
    elif node.kind == "varies":
        axes.plot([x], [y], "o", color=colour, markersize=8)
    elif node.kind == "fixed":
        axes.plot([x], [y], "o", markerfacecolor="none", markeredgecolor=INK, markersize=7)
    else:
        axes.plot([x], [y], "s", markerfacecolor="none", markeredgecolor=MUTED, markersize=6)


def _write(axes: Axes, node: Node, x: float, y: float) -> None:
    room = int((WIDTH - x) / (SIGN * (1.08 if node.kind == "computed" else 1)))
    above = node.kind == "above"
    axes.text(
        x,
        y,
        shorten(node.name, max(room, 12)),
        va="center",
        fontsize=SMALL if above else TEXT,
        color=MUTED if above else INK,
        weight="bold" if node.kind == "computed" else "normal",
    )
    if node.note:
        room = int((WIDTH - x) / (SIGN * SMALL / TEXT))
        axes.text(
            x,
            y + LINE / 2 + NOTE / 2 - 3,
            shorten(node.note, max(room, 12)),
            va="center",
            fontsize=SMALL,
            color=MUTED,
        )
