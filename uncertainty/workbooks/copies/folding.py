"""Runs along one axis as quantities with an index, and sums over their members as sums over it."""

from __future__ import annotations

from dataclasses import field, replace
from math import prod
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number, literal, names
from uncertainty.indices.index import MOST_CELLS
from uncertainty.late import dataclass
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.copies.alike import SO_FAR, pattern, progression
from uncertainty.workbooks.copies.runs import Runs
from uncertainty.workbooks.formulas import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.workbooks.copies.lines import Quantity

POSITION = "position"
"""A number that changes by one step from member to member: its first, the step and the index."""
FIRST = "first"
"""Whether an index is at its first member."""
_OVER = {"add": "sum", "multiply": "product", "minimum": "smallest", "maximum": "largest"}


@dataclass(slots=True)
class Axis:
    """An index to be.

    Parameters
    ----------
    across
        Whether its members go to the right, or down.
    size
        How many there are.
    areas
        Cells of the runs that have it.
    is_ordered
        Whether something refers to the member before, or counts members.
    """

    across: bool
    size: int
    areas: list[Area] = field(default_factory=list)
    is_ordered: bool = False


class Axes:
    """All indices by number, some of which turn out to be the same."""

    def __init__(self) -> None:
        self.axes: list[Axis] = []
        self._same: list[int] = []

    def new(self, axis: Axis) -> int:
        """Add an index and return its number."""
        self.axes.append(axis)
        self._same.append(len(self._same))
        return len(self._same) - 1

    def of(self, number: int) -> int:
        """Return the number that an index and those which are the same go by."""
        while self._same[number] != number:
            number = self._same[number]
        return number

    def forget(self, count: int) -> None:
        """Leave out all but the first indices."""
        del self.axes[count:], self._same[count:]

    def join(self, one: int, other: int) -> None:
        """Make one index of two."""
        one, other = sorted((self.of(one), self.of(other)))
        if one != other:
            self._same[other] = one
            self.axes[one].areas += self.axes[other].areas
            self.axes[one].is_ordered |= self.axes[other].is_ordered


def index_name(number: int) -> Name:
    """Return what stands for an index until it has its name."""
    return Name(f"#{number}")


def word(number: int, position: int) -> Name:
    """Return what selects a member until it has its name."""
    return Name(f"{number}={position}")


class Fold:
    """Makes quantities of runs along an axis.

    Parameters
    ----------
    quantities
        What there is, by name.
    axes
        Gets the indices that are new.
    """

    def __init__(self, quantities: Mapping[str, Quantity], axes: Axes, *, across: bool) -> None:
        self._quantities = quantities
        self._axes = axes
        self.runs = Runs(quantities, across)
        self.runs.find()
        self._index = self._indices(across=across)
        self.keys = {run: self._key(members) for run, members in self.runs.members.items()}
        self.found: dict[str, Quantity] = {}
        self._parts: dict[tuple[tuple[str, ...], int], str] = {}

    def _indices(self, *, across: bool) -> dict[int, int]:
        found: dict[int, int] = {}
        alike: dict[tuple[object, ...], list[int]] = {}
        for run, members in self.runs.members.items():
            first, last = (self._quantities[name].at for name in (members[0], members[-1]))
            area = Area(first.sheet, first.top, first.left, last.bottom, last.right)
            goes_right = first.left != last.left if first.top == last.top or across else False
            found[run] = self._axes.new(Axis(goes_right, len(members), [area]))
            along = (area.left, area.right) if goes_right else (area.top, area.bottom)
            alike.setdefault((area.sheet, goes_right, along), []).append(run)
        for run, other in (*self.runs.links, *((each[0], n) for each in alike.values() for n in each[1:])):
            if run in found and other in found:
                self._axes.join(found[run], found[other])
        return {run: self._axes.of(index) for run, index in found.items()}

    def _key(self, members: Sequence[str]) -> str:
        first, last = (self._quantities[name].at for name in (members[0], members[-1]))
        return address(Area(first.sheet, first.top, first.left, last.bottom, last.right))

    def whole(self) -> dict[str, Quantity]:
        """Return all quantities, each run as one."""
        for run, members in self.runs.members.items():
            copies = self.runs.copies(run)
            first, last = (self._quantities[name].at for name in (members[0], members[-1]))
            own = self._quantities[copies[0]]
            self.found[self.keys[run]] = replace(
                own,
                expression=None if own.expression is None else self._whole_run(run),
                at=Area(last.sheet, first.top, first.left, last.bottom, last.right),
                indices=(*own.indices, self._index[run]),
                is_begun=copies != members,
            )
        for name, each in self._quantities.items():
            if name not in self.runs.place or name in self.runs.begun:
                found = None if each.expression is None else self.rewritten(each.expression)
                self.found[name] = replace(each, expression=found)
        return self.found

    def _whole_run(self, run: int) -> Expression:
        """Return the formula of a run."""
        copies, index = self.runs.copies(run), index_name(self._index[run])
        own = [self.runs.expression(name) for name in copies]
        if copies == self.runs.members[run]:
            return self.rewritten(self._bound(pattern(own, self._leaf(run)), run))
        begin = Name(self.runs.members[run][0])
        self._axes.axes[self._index[run]].is_ordered = True
        # what refers to members before alone is what those after follow from
        before = pattern(own, self._leaf(run, ahead=1))
        if before is not None:
            return self.rewritten(Call("previous", (self._bound(before, run), index, begin)))
        found = self._bound(pattern(own, self._leaf(run)), run)
        return self.rewritten(Call("where", (Call(FIRST, (index,)), begin, found)))

    def _bound(self, found: Expression | None, run: int) -> Expression:
        """Return the formula of a run, whose sums so far go along its index."""
        if found is None:
            raise InvalidValue("has formulas that are not alike")
        whole: Expression = found
        if not any(name in self.runs.sums for name in self.runs.members[run]):
            return whole
        self._axes.axes[self._index[run]].is_ordered = True
        return replaced_index(whole, index_name(self._index[run]))

    def _leaf(self, run: int, ahead: int = 0) -> Callable[[tuple[Expression, ...]], Expression | None]:
        """Return what makes one expression of what differs between the members of a run.

        Parameters
        ----------
        ahead
            By how many members it is looked at from further back.
        """

        def leaf(found: tuple[Expression, ...]) -> Expression | None:
            listed = tuple(each.name for each in found if isinstance(each, Name))
            if len(listed) < len(found):
                return None if ahead else self._counted(found, run)
            if self._quantities[listed[0]].is_part:
                return None if ahead else self._part(listed, self._index[run], leaf)
            back = self.runs.followed(run, listed)
            if back is None or back < ahead:
                return None
            other = self.runs.place[listed[-1]].run
            # before the first copy any number will do, and that of what is referred to says most
            begin = self.runs.members[other][0]
            members = self.runs.members[run]
            before = [] if ahead else members[: len(members) - len(listed)]
            given = [begin if begin in self.runs.begun else each for each in before]
            starts = (*given, *listed)[: back - ahead]
            whole: Expression = Name(self.keys[other])
            index = self._index[run]
            for start in reversed(starts):
                self._axes.axes[index].is_ordered = True
                whole = Call("previous", (whole, index_name(index), Name(start)))
            return whole

        return leaf

    def _counted(self, found: Sequence[Expression], run: int) -> Expression | None:
        """Return numbers that change by one step as a number of the member's place."""
        values = [each.value for each in found if isinstance(each, Number)]
        steps = progression(values) if len(values) == len(found) else None
        if steps is None:
            return None
        first, step = steps
        first -= step * (len(self.runs.members[run]) - len(found))
        index = self._index[run]
        self._axes.axes[index].is_ordered = True
        return Call(POSITION, (literal(first), literal(step), index_name(index)))

    def _part(
        self,
        listed: tuple[str, ...],
        index: int,
        leaf: Callable[[tuple[Expression, ...]], Expression | None],
    ) -> Expression | None:
        """Return one part for those of all members."""
        # the same parts may stand in runs along different indices
        if (listed, index) not in self._parts:
            own = [self._quantities[name].formula for name in listed]
            found = pattern(own, leaf)
            if found is None:
                return None
            first = self._quantities[listed[0]]
            name = f"{listed[0]}*{len(self._parts)}"
            self._parts[listed, index] = name
            indices = (*first.indices, index)
            self.found[name] = replace(first, expression=self.rewritten(found), indices=indices)
        return Name(self._parts[listed, index])

    def rewritten(self, expression: Expression, within: str = "") -> Expression:
        """Return an expression with sums over members in place of long ones, and members of runs selected.

        Parameters
        ----------
        within
            The operation of a chain of which this is a part, where no members follow one another.
        """
        if isinstance(expression, Name):
            return self._selected(expression)
        if isinstance(expression, Number) or expression.operation == POSITION:
            return expression
        if expression.operation == SELECT:
            return self._selected(*expression.arguments)
        operation = expression.operation
        if (
            operation in _OVER
            and operation != within
            and (shorter := self._over_members(expression)) is not None
        ):
            return shorter
        done = tuple(self.rewritten(each, operation) for each in expression.arguments)
        if operation == "divide" and (mean := self._mean(*done)) is not None:
            return mean
        return Call(operation, done)

    def _selected(self, name: Expression, *words: Expression) -> Expression:
        place = self.runs.place.get(str(name))
        if place is None or str(name) in self.runs.begun:
            return Call(SELECT, (name, *words)) if words else name
        own = word(self._index[place.run], place.position)
        return Call(SELECT, (Name(self.keys[place.run]), *words, own))

    def _mean(self, total: Expression, count: Expression) -> Expression | None:
        """Return a sum over one index that is divided by how many members it has as a mean."""
        if not (isinstance(total, Call) and total.operation == "sum" and isinstance(count, Number)):
            return None
        sizes = [self._axes.axes[int(str(each)[1:])].size for each in total.arguments[1:]]
        return Call("mean", total.arguments) if sizes == [count.value] else None

    def _over_members(self, call: Call) -> Expression | None:
        """Return a chain of one operation as one over an index, where all members follow one another."""
        operation = call.operation
        terms = self._flat(call, operation)
        joined: list[Expression] = []
        at = 0
        while at < len(terms):
            found = self._reduced(terms, at, operation)
            joined.append(self.rewritten(terms[at]) if found is None else found[0])
            at += 1 if found is None else found[1]
        if len(joined) == len(terms):
            return None
        if operation in ("minimum", "maximum"):
            return joined[0] if len(joined) == 1 else Call(operation, tuple(joined))
        whole = joined[0]
        for each in joined[1:]:
            whole = Call(operation, (whole, each))
        return whole

    def _flat(self, expression: Expression, operation: str) -> list[Expression]:
        """Return the terms of a chain, those of its parts too."""
        found: list[Expression] = []
        waiting = [expression]
        while waiting:
            each = waiting.pop()
            part = self._quantities.get(each.name) if isinstance(each, Name) else None
            inner = part.expression if part is not None and part.is_part else each
            if isinstance(inner, Call) and inner.operation == operation:
                waiting += reversed(inner.arguments)
            else:
                found.append(each)
        return found

    def _reduced(self, terms: Sequence[Expression], at: int, operation: str) -> tuple[Expression, int] | None:
        """Return the terms of all members of a run as one over its index, and how many they are."""
        places = [self.runs.place[name] for name in names(terms[at]) if name in self.runs.place]
        begun = {each.run for each in places if each.position == 0}
        for size in sorted({len(self.runs.members[run]) for run in begun}, reverse=True):
            part = terms[at : at + size]
            used: set[int] = set()
            found = pattern(part, self._member_by_member(used)) if len(part) == size else None
            if found is not None and len(used) == 1:
                index = self._index[next(iter(used))]
                return Call(_OVER[operation], (self.rewritten(found), index_name(index))), size
        return None

    def _member_by_member(self, used: set[int]) -> Callable[[tuple[Expression, ...]], Expression | None]:
        def leaf(found: tuple[Expression, ...]) -> Expression | None:
            listed = tuple(each.name for each in found if isinstance(each, Name))
            place = self.runs.place.get(listed[0]) if listed else None
            if not listed and used:
                return self._counted(found, next(iter(used)))
            if len(listed) == len(found) and self._quantities[listed[0]].is_part:
                inner = [self._quantities[name].formula for name in listed]
                return pattern(inner, leaf)
            if place is None or self.runs.members[place.run] != listed:
                return None
            # of runs with one index one stands for all
            used.add(next((run for run in used if self._index[run] == self._index[place.run]), place.run))
            return Name(self.keys[place.run])

        return leaf


def replaced_index(expression: Expression, index: Name) -> Expression:
    """Return an expression whose sums so far go along an index."""
    if expression == SO_FAR:
        return index
    if not isinstance(expression, Call):
        return expression
    done = tuple(replaced_index(each, index) for each in expression.arguments)
    return Call(expression.operation, done)


def folded(quantities: Mapping[str, Quantity]) -> tuple[dict[str, Quantity], Axes, dict[str, Expression]]:
    """Make quantities with indices of what was copied to the right, and then down.

    Returns
    -------
    quantities
        By name.
    axes
        Their indices.
    where
        By the name of each that there was, what stands in its place.

    Raises
    ------
    InvalidValue
        If a run turns out to be no line of copies.
    """
    found, axes = dict(quantities), Axes()
    where: dict[str, Expression] = {name: Name(name) for name in quantities}
    for across in (True, False):
        before = len(axes.axes)
        fold = Fold(found, axes, across=across)
        whole = fold.whole()
        if any(_size(each, axes) > MOST_CELLS for each in whole.values()):
            axes.forget(before)
            continue
        found = whole
        where = {name: fold.rewritten(each) for name, each in where.items()}
    return found, axes, where


def _size(quantity: Quantity, axes: Axes) -> int:
    return prod(axes.axes[each].size for each in quantity.indices)
