"""How the headline is made of the inputs under one reading, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.expressions import Name, names
from uncertainty.expressions.tree import walk
from uncertainty.numbers import count
from uncertainty.pages.figures.tree import Node, draw_tree
from uncertainty.pages.plots import Plot
from uncertainty.wording import point_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.expressions import Expression
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.scenario import Scenario


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw what the headline is computed from, each quantity below what it goes into."""
    study = content.study
    if study.function is not None:
        raise SettingError("there is nothing to draw: the model is a Python function")
    plan = content.run_under(reading).scenario
    output = study.outputs[study.headline]
    root = Node(0, output.title, "", "computed")
    nodes = (root, *_below(plan, output.expression or Name(output.name), 1, set(), root=output.name))
    varying = sum(node.kind == "varies" for node in nodes)
    fixed = sum(node.kind == "fixed" for node in nodes)
    finding = (
        f"Under “{study.readings[reading].title}”, “{output.title}” is computed from "
        f"{count(varying, 'input')} that {'varies' if varying == 1 else 'vary'} and {fixed} that "
        f"{'is' if fixed == 1 else 'are'} fixed."
    )
    caption = (
        "A quantity stands below what it goes into. Squares are computed; filled circles are inputs that "
        "vary, with their 5 % to 95 % range; hollow circles are fixed. What a hollow square stands for is "
        "shown further up."
    )
    leading = content.headline.leading
    role = leading.index(reading) if reading in leading else 0
    return Plot(f"dependencies-{reading}", draw_tree(nodes, role=role), finding, caption)


def _below(
    plan: Scenario, expression: Expression, depth: int, seen: set[str], *, root: str = ""
) -> Iterator[Node]:
    """Yield what an expression uses and all below it, in the order in which it is written."""
    for name in _in_order(expression):
        own = plan.equations.get(name)
        if name == root and own is not None:  # the output shows the quantity of its name
            yield from _below(plan, own, depth, seen)
        elif own is None:
            yield _input(plan, name, depth)
        elif not names(own):
            yield Node(depth, _title(plan, name), str(own), "fixed")
        elif name in seen:
            yield Node(depth, f"{_title(plan, name)}, as above", "", "above")
        else:
            seen.add(name)
            yield Node(depth, _title(plan, name), "", "computed")
            yield from _below(plan, own, depth + 1, seen)


def _in_order(expression: Expression) -> list[str]:
    """Return the names that an expression uses, each once, from the left to the right."""
    known = names(expression)
    found = [node.name for node, _ in walk(expression) if isinstance(node, Name)]
    return [name for name in dict.fromkeys(reversed(found)) if name in known]  # it walks from the right


def _title(plan: Scenario, name: str) -> str:
    study = plan.study
    shown = study.outputs.get(name)
    if shown is not None and shown.expression is None:
        return study.equations[name].label or shown.title
    return study.equations[name].label or name.replace("_", " ")


def _input(plan: Scenario, name: str, depth: int) -> Node:
    item, distribution = plan.study.inputs[name], plan.distributions[name]
    if distribution.is_constant:
        value = with_unit(point_text(distribution.mean), item.unit.text)
        return Node(depth, item.title, value, "fixed")
    low, high = distribution.quantile(np.array([0.05, 0.95])).tolist()
    return Node(depth, item.title, with_unit(numbers.interval(low, high), item.unit.text), "varies")
