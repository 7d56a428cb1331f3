"""Where quantities stand on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from uncertainty.late import dataclass

if TYPE_CHECKING:
    from uncertainty.expressions.tree import Expression
    from uncertainty.workbooks.formulas import Area


@dataclass(frozen=True, slots=True)
class Quantity:
    """A cell or a block of cells, or a part of their formulas.

    Parameters
    ----------
    expression
        What it is calculated by; None for an input.
    at
        Its cells; a part stands in none.
    indices
        Numbers of its indices: that across, that down.
    kind
        What must be alike within a run, such as the unit; None for what stays alone.
    is_part
        Whether it is a part of a formula.
    is_begun
        Whether the first of its cells is a quantity of its own, from which the others go on.
    """

    expression: Expression | None
    at: Area
    indices: tuple[int, ...] = ()
    kind: object = ""
    is_part: bool = False
    is_begun: bool = False

    @property
    def formula(self) -> Expression:
        """What it is calculated by, of what is no input."""
        return cast("Expression", self.expression)


class Place(NamedTuple):
    """A member of a run, from 0."""

    run: int
    position: int


class Line(NamedTuple):
    """Where a quantity stands along an axis: the line, its beginning there, and its end."""

    of: tuple[object, ...]
    first: int
    last: int


def line_of(quantity: Quantity, *, across: bool) -> Line:
    """Return where a quantity stands along an axis."""
    at = quantity.at
    if across:
        return Line((at.sheet, at.top, at.bottom, quantity.indices), at.left, at.right)
    return Line((at.sheet, at.left, at.right, quantity.indices), at.top, at.bottom)
