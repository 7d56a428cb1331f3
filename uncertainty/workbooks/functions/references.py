"""Functions that choose between cells, such as IF: where cells are meant, they give all of a range."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.workbooks.formulas import Apply, Area, Failure
from uncertainty.workbooks.terms import Grid, Text, read_number, single

if TYPE_CHECKING:
    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Scalar, Value
    from uncertainty.workbooks.translation import Translation

CHOOSING = MappingProxyType({"IF": (1, 1), "CHOOSE": (1, 1), "IFS": (1, 2), "SWITCH": (2, 2)})
"""By function the first of the arguments that it gives, and the way from one to the next."""


def chosen_cells(to: Translation, node: Node) -> Grid | None:
    """Return the cells that a part of a formula chooses; None where it chooses between no ranges."""
    if to.is_array or not _is_between_ranges(to, node) or not isinstance(node, Apply):
        return None
    values = to.function_of(node.function).of_values
    if values is None:
        return None
    given = _given(node)
    listed = [_cells(to, each) if n in given else None for n, each in enumerate(node.arguments)]
    tests = [None if n in given else to.value(each) for n, each in enumerate(node.arguments)]
    most = max(len(each) for each in listed if each is not None)

    def at(place: int) -> Value:
        chosen = [
            test if test is not None else each[place] if each and place < len(each) else single(None)
            for test, each in zip(tests, listed, strict=True)
        ]
        return values(to, *chosen)

    return Grid((tuple(map(at, range(most))),))


def _given(node: Apply) -> set[int]:
    """Return the places of the arguments that a function gives."""
    first, step = CHOOSING[node.function]
    found = set(range(first, len(node.arguments), step))
    # what SWITCH gives where nothing equals stands last
    is_last = node.function == "SWITCH" and len(node.arguments) % 2 == 0
    return found | {len(node.arguments) - 1} if is_last else found


def _is_between_ranges(to: Translation, node: Node) -> bool:
    if not isinstance(node, Apply) or node.function not in CHOOSING:
        return False
    parts = [node.arguments[n] for n in _given(node)]
    return any(_is_range(to, each) or _is_between_ranges(to, each) for each in parts)


def _is_range(to: Translation, node: Node) -> bool:
    area = to.area(node)
    return isinstance(area, Area) and not area.is_cell


def _cells(to: Translation, node: Node) -> list[Value]:
    """Return the values of an argument that may be chosen; a text alone is no number."""
    area = to.area(node)
    if area is not None:
        return to.cells(area).items()
    inner = chosen_cells(to, node)
    if inner is not None:
        return inner.items()
    return [to.build.mapped(to.value(node), lambda scalar: single(_as_number_alone(scalar)))]


def _as_number_alone(scalar: Scalar) -> Scalar:
    is_word = isinstance(scalar, Text) and read_number(scalar.text) is None
    return Failure("#VALUE!") if is_word else scalar
