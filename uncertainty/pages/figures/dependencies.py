"""How the headline is made of the inputs, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty import numbers
from uncertainty.distributions.spread import count_at
from uncertainty.errors import SettingError
from uncertainty.expressions import Name, names
from uncertainty.expressions.tree import walk
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.style import INK, MUTED, ROLES, SMALL, TEXT, WIDTH, canvas, shorten, styled
from uncertainty.wording import value_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.expressions import Expression
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.scenario import Scenario

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
        Whether it is computed, an input that varies, one that is fixed, no input but an equation that is a
        number, or shown further up already.
    note
        What is said below it.
    is_given
        Whether its distribution has other quantities for parameters, at whose points the note is.
    """

    depth: int
    name: str
    note: str
    kind: Literal["computed", "varies", "fixed", "number", "above"]
    is_given: bool = False


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
    elif node.kind in ("fixed", "number"):
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


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw what the headline is computed from, each quantity below what it goes into."""
    study = content.study
    if study.function is not None:
        raise SettingError("there is nothing to draw: the model is a Python function")
    plan = content.run_under(reading).scenario
    output = study.outputs[study.headline]
    root = Node(0, output.title, "", "computed")
    nodes = (root, *_below(plan, [output.expression or Name(output.name)], 1, set(), root=output.name))
    # what stands below several quantities is one input all the same
    varying, fixed = (len({node.name for node in nodes if node.kind == kind}) for kind in ("varies", "fixed"))
    finding = (
        f"Under “{study.readings[reading].title}”, “{output.title}” is computed from "
        f"{count(varying, 'input')} that {'varies' if varying == 1 else 'vary'} and {fixed} that "
        f"{'is' if fixed == 1 else 'are'} fixed."
    )
    given = any(each.kind == "varies" and each.is_given for each in nodes)
    at = ", which is that at the points of what their parameters are" if given else ""
    caption = (
        "A quantity stands below what it goes into. Squares are computed; filled circles are inputs that "
        f"vary, with their 5 % to 95 % range{at}; hollow circles are fixed, as inputs or by an equation. "
        "What a hollow square stands for is shown further up."
    )
    leading = content.headline.leading
    role = leading.index(reading) if reading in leading else 0
    rows = [
        {"depth": node.depth, "quantity": node.name, "kind": node.kind, "note": node.note} for node in nodes
    ]
    return Plot(f"dependencies-{reading}", draw_tree(nodes, role=role), finding, caption, rows)


def _below(
    plan: Scenario,
    expressions: Iterable[Expression],
    depth: int,
    seen: set[str],
    *,
    root: str = "",
    drawn: str = "",
) -> Iterator[Node]:
    """Yield what expressions use and all below it, in the order in which it is written.

    A quantity with indices is one node, whichever of its cells are used.
    """
    for quantity, name in _used(plan, expressions, drawn).items():
        own = _formulas(plan, quantity, name)
        if name == root and own:  # the output shows the quantity of its name
            yield from _below(plan, own, depth, seen)
        elif not own:
            yield _input_node(plan, name, depth)
            if name in plan.dependent and quantity not in seen:
                seen.add(quantity)
                given = plan.dependent[name]
                yield from _below(plan, [given.value], depth + 1, seen, drawn=given.column)
        elif not any(names(each) for each in own):
            yield Node(depth, _title(plan, name), ", ".join(dict.fromkeys(map(str, own))), "number")
        elif quantity in seen:
            yield Node(depth, f"{_title(plan, name)}, as above", "", "above")
        else:
            seen.add(quantity)
            yield Node(depth, _title(plan, name), "", "computed")
            yield from _below(plan, own, depth + 1, seen)


def _used(plan: Scenario, expressions: Iterable[Expression], drawn: str) -> dict[str, str]:
    """Return the quantities that expressions use, each with the first of its cells that is used."""
    found: dict[str, str] = {}
    parts: set[str] = set()
    waiting = [name for each in expressions for name in _in_order(each)][::-1]
    while waiting:
        name = waiting.pop()
        equation = plan.study.equations.get(name)
        if name == drawn or name in parts:
            continue
        if equation is not None and equation.part:
            parts.add(name)
            waiting += _in_order(plan.equations[name])[::-1]
            continue
        item = equation or plan.study.inputs[name]
        found.setdefault(item.quantity or name, name)
    return found


def _formulas(plan: Scenario, quantity: str, name: str) -> list[Expression]:
    """Return what an intermediate quantity is computed by, cell by cell; nothing for an input."""
    table = plan.study.quantities.get(quantity)
    cells = [name] if table is None else table.cells.values()
    return [plan.equations[cell] for cell in cells if cell in plan.equations]


def _in_order(expression: Expression) -> list[str]:
    """Return the names that an expression uses, each once, from the left to the right."""
    known = names(expression)
    found = [node.name for node, _ in walk(expression) if isinstance(node, Name)]
    return [name for name in dict.fromkeys(reversed(found)) if name in known]  # it walks from the right


def _title(plan: Scenario, name: str) -> str:
    study = plan.study
    table = study.quantities.get(study.equations[name].quantity)
    if table is not None:
        return table.title
    shown = study.outputs.get(name)
    if shown is not None and shown.expression is None:
        return study.equations[name].label or shown.title
    return study.equations[name].label or name.replace("_", " ")


def _input_node(plan: Scenario, name: str, depth: int) -> Node:
    item, distribution = plan.study.inputs[name], plan.distributions[name]
    table = plan.study.quantities.get(item.quantity)
    if table is not None:
        varies = any(not plan.distributions[cell].is_constant for cell in table.cells.values())
        return Node(depth, table.title, count(len(table.cells), "member"), "varies" if varies else "fixed")
    if distribution.is_constant:
        return Node(depth, item.title, value_text(item, distribution.mean), "fixed")
    if item.member_of is not None:
        # shares that are other quantities make no atoms
        members = len(distribution.atoms) or len(item.member_of.names)
        return Node(depth, item.title, count(members, "member"), "varies")
    ends = distribution.quantile(np.array([0.05, 0.95])).tolist()
    low, high = (count_at(distribution, end) for end in ends)
    note = with_unit(numbers.exact_range(low, high), item.unit.text)
    return Node(depth, item.title, note, "varies", is_given=name in plan.dependent)
