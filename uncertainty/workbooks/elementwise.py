"""Functions of ranges with arguments that mean one value: an array there gives one result an element."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.workbooks.formulas import Apply, Area, Block, Literal, Named, Structured, nodes
from uncertainty.workbooks.terms import Grid, broadcast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Value
    from uncertainty.workbooks.translation import Translation

Result: TypeAlias = "Value | Grid"
OfNodes: TypeAlias = "Callable[[Translation, Sequence[Node]], Result]"


def of_each(of_nodes: OfNodes, alone: range) -> OfNodes:
    """Make a function of arguments one that goes through arrays which stand in place of one value.

    Parameters
    ----------
    alone
        The places of arguments that mean one value.
    """
    return partial(_of_each, of_nodes, alone)


def _of_each(of_nodes: OfNodes, alone: range, to: Translation, arguments: Sequence[Node]) -> Result:
    parts = {
        place: _varying(argument)
        for place, argument in enumerate(arguments)
        if place in alone and _is_listed(to, _varying(argument))
    }
    if not parts:
        return of_nodes(to, arguments)
    names = {place: Named(f"#{len(to.bound)}.{place}") for place in parts}
    given = [
        _with(argument, names[place]) if place in parts else argument
        for place, argument in enumerate(arguments)
    ]
    results = [to.result(part) for part in parts.values()]
    keys = [name.name for name in names.values()]

    def of_values(*values: Value) -> Result:
        before = to.bound
        to.bound = before | dict(zip(keys, values, strict=True))
        try:
            return of_nodes(to, given)
        finally:
            to.bound = before

    def of_elements(*values: Value) -> Value:
        found = of_values(*values)
        return found.element(0, 0) if isinstance(found, Grid) else found

    sizes = [each.shape for each in results if isinstance(each, Grid)]
    if set(sizes) <= {(1, 1)}:
        return of_values(*(each.element(0, 0) if isinstance(each, Grid) else each for each in results))
    return broadcast(of_elements, results)


def _varying(node: Node) -> Node:
    """Return what a criterion joins to its comparison, as in ``">"&A1:A3``; of other arguments, all."""
    return node.arguments[1] if _is_criterion(node) and isinstance(node, Apply) else node


def _with(node: Node, part: Node) -> Node:
    if _is_criterion(node) and isinstance(node, Apply):
        return replace(node, arguments=(node.arguments[0], part))
    return part


def _is_criterion(node: Node) -> bool:
    return isinstance(node, Apply) and node.function == "&" and isinstance(node.arguments[0], Literal)


def _is_listed(to: Translation, node: Node) -> bool:
    """Tell whether a part of a formula may be an array; a lone cell is not, and may settle something."""
    found = to.book.resolved(node, to.at) if isinstance(node, Structured) or _is_free(to, node) else node
    return any(_is_array(to, each) for each in nodes(found))


def _is_array(to: Translation, node: Node) -> bool:
    if isinstance(node, Area):
        return to.is_array and not node.is_cell
    if isinstance(node, Named) and not _is_free(to, node):
        return isinstance(to.bound[node.name.casefold()], Grid)
    return isinstance(node, Block | Named | Structured)


def _is_free(to: Translation, node: Node) -> bool:
    return isinstance(node, Named) and node.name.casefold() not in to.bound
