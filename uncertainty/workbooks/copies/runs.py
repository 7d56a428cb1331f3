"""Runs of neighbouring cells whose formulas are one formula copied, cut until each refers to whole runs."""

from __future__ import annotations

from dataclasses import field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from uncertainty.expressions.tree import Expression, Name, Number
from uncertainty.late import dataclass
from uncertainty.workbooks.copies.alike import pattern, progression, shape, so_far
from uncertainty.workbooks.copies.lines import Line, Place, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uncertainty.workbooks.copies.lines import Quantity

FEWEST = 3
"""Cells from which on a copied formula becomes one quantity."""
MOST_BEFORE = 12
"""Members that a formula may look back."""
MOST_ROUNDS = 200


@dataclass(slots=True)
class Runs:
    """The runs along one axis.

    Parameters
    ----------
    quantities
        By name, what there is.
    across
        Whether they go to the right, or down.

    Attributes
    ----------
    members
        By number of the run, the names of its members.
    place
        By name, the run and the position in it.
    links
        Runs that have one index, since one refers to the other member by member.
    begun
        Names of first members that are no copy, but what the others go on from.
    sums
        By name, a formula with a sum so far in place of a long one.
    """

    quantities: Mapping[str, Quantity]
    across: bool
    members: dict[int, tuple[str, ...]] = field(default_factory=dict)
    place: dict[str, Place] = field(default_factory=dict)
    links: set[tuple[int, int]] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    sums: dict[str, Expression] = field(default_factory=dict)
    _count: int = 0
    _beside: dict[tuple[str, ...], str] = field(default_factory=dict)
    _seen: dict[tuple[str, ...], tuple[int | None, list[tuple[str, ...]]]] = field(default_factory=dict)

    def find(self) -> None:
        """Find the runs, and cut them until each refers to whole others."""
        for line in self._neighbours():
            for found in _parted(line, lambda name: self.quantities[name].expression is not None):
                own = [self.quantities[name].formula for name in found]
                self.sums |= {found[n]: each for n, each in so_far(own).items()}
            self._begin_line(line)
        while self._begin_earlier():
            pass
        for _ in range(MOST_ROUNDS):
            self.links.clear()
            if not self._cut_once():
                return
        for run in list(self.members):
            self._drop(run)

    def _begin_line(self, line: Sequence[str]) -> None:
        """Begin the runs of neighbours whose formulas are alike."""
        before = ""
        for is_formula, same in groupby(line, key=self._shape):
            names = tuple(same)
            if is_formula and len(names) >= FEWEST:
                is_free = bool(before) and before not in self.place and names[0] not in self.sums
                goes_on = is_free and self._looks_back(names)
                self._begin((before, *names) if goes_on else names)
                self.begun |= {before} if goes_on else set()
                if is_free and not goes_on:
                    self._beside[names] = before
            before = names[-1]

    def _begin_earlier(self) -> bool:
        """Let a run begin with what stands before it, where what it refers to does; say whether one did."""
        for names, before in list(self._beside.items()):
            place = self.place.get(names[0])
            if before in self.place or place is None or self.members[place.run] != names:
                del self._beside[names]
            elif self._has_member_beside(names, before):
                del self._beside[names]
                self._drop(place.run)
                self._begin((before, *names))
                self.begun.add(before)
                return True
        return False

    def _has_member_beside(self, names: Sequence[str], before: str) -> bool:
        """Tell whether something that formulas refer to has a member beside the cell before them."""
        vectors: list[tuple[str, ...]] = []
        self._collect([self.expression(name) for name in names], vectors)
        own = line_of(self.quantities[before], across=self.across)
        for first in (vector[0] for vector in vectors if vector[0] in self.place):
            run, position = self.place[first]
            its = line_of(self.quantities[self.members[run][position - 1]], across=self.across)
            if position and (its.of[0], its.first) == (own.of[0], own.first):
                return True
        return False

    def expression(self, name: str) -> Expression:
        """Return what a member is calculated by."""
        return self.sums.get(name) or self.quantities[name].formula

    def copies(self, run: int) -> tuple[str, ...]:
        """Return the members of a run that are copies: all of them, or all but the first."""
        names = self.members[run]
        return names[1:] if names[0] in self.begun else names

    def _shape(self, name: str) -> str:
        return "" if self.quantities[name].expression is None else shape(self.expression(name))

    def _looks_back(self, names: Sequence[str]) -> bool:
        """Tell whether formulas refer to what stands just before them."""
        vectors: list[tuple[str, ...]] = []
        self._collect([self.expression(name) for name in names], vectors)
        own = [line_of(self.quantities[name], across=self.across) for name in names]
        for vector in vectors:
            found = [self.quantities.get(name) for name in vector]
            lines = [line_of(each, across=self.across) for each in found if each is not None]
            if len(lines) == len(own) and all(
                its.of[0] == line.of[0] and its.last == line.first - 1
                for its, line in zip(lines, own, strict=True)
            ):
                return True
        return False

    def _neighbours(self) -> Iterator[list[str]]:
        """Yield the names of quantities of one kind that touch one another along the axis."""
        lines: dict[tuple[object, ...], list[tuple[Line, str]]] = {}
        for name, each in self.quantities.items():
            if each.kind is not None and not each.is_part:
                line = line_of(each, across=self.across)
                lines.setdefault((*line.of, each.kind), []).append((line, name))
        for found in lines.values():
            found.sort(key=lambda each: each[0].first)
            begun = 0
            for n in range(1, len(found) + 1):
                if n == len(found) or found[n][0].first != found[n - 1][0].last + 1:
                    yield [name for _, name in found[begun:n]]
                    begun = n

    def _begin(self, names: tuple[str, ...]) -> None:
        if len(names) < FEWEST:
            return
        if any(name in self.sums for name in names):
            # a sum so far begins where its run does
            own = so_far([self.quantities[name].expression or Number(0.0) for name in names])
            self.sums |= {names[n]: each for n, each in own.items()}
        self._count += 1
        self.members[self._count] = names
        self.place |= {name: Place(self._count, position) for position, name in enumerate(names)}

    def _drop(self, run: int) -> None:
        names = self.members.pop(run)
        self.begun.discard(names[0])
        for name in names:
            del self.place[name]

    def _cut(self, run: int, positions: set[int]) -> bool:
        """Cut a run before some positions; say whether that changed anything."""
        names = self.members[run]
        bounds = sorted({0, *positions, len(names)} & set(range(len(names) + 1)))
        if len(bounds) == 2:
            return False
        begins = names[0] in self.begun
        self._drop(run)
        for begun, end in pairwise(bounds):
            self._begin(names[begun:end])
        self.begun |= {names[0]} if begins and names[0] in self.place else set()
        return True

    def _cut_once(self) -> bool:
        """Cut every run where it has to be; say whether any was."""
        changed = False
        for run in list(self.members):
            if run in self.members and self.quantities[self.members[run][-1]].expression is not None:
                changed |= self._fit(run)
        return changed

    def _fit(self, run: int) -> bool:
        """Cut a run, or what it refers to, where the two do not match; say whether it had to be."""
        names = self.copies(run)
        if names not in self._seen:
            vectors: list[tuple[str, ...]] = []
            position = self._collect([self.expression(name) for name in names], vectors)
            self._seen[names] = position, list(dict.fromkeys(vectors))
        position, vectors = self._seen[names]
        if position is not None:
            ahead = len(self.members[run]) - len(names)
            return self._cut(run, {position + ahead})
        return any(self._match(run, each) for each in vectors)

    def _dropped(self, run: int) -> bool:
        self._drop(run)
        return True

    def _collect(self, expressions: Sequence[Expression], vectors: list[tuple[str, ...]]) -> int | None:
        """Note the names that differ between members; return where the expressions cease to be alike."""
        breaks: list[int] = []

        def leaf(found: tuple[Expression, ...]) -> Expression:
            numbers = [each.value for each in found if isinstance(each, Number)]
            named = [each.name for each in found if isinstance(each, Name)]
            if len(numbers) == len(found):
                breaks.extend(() if progression(numbers) else (_end_of_progression(numbers),))
            elif len(named) < len(found):
                kinds = [isinstance(each, Name) for each in found]
                breaks.append(next(n for n, kind in enumerate(kinds) if kind != kinds[0]))
            elif all(self._is_part(name) for name in named):
                inner = self._collect([self.expression(name) for name in named], vectors)
                breaks.extend(() if inner is None else (inner,))
            elif any(self._is_part(name) for name in named):
                parts = [self._is_part(name) for name in named]
                breaks.append(next(n for n, part in enumerate(parts) if part != parts[0]))
            else:
                vectors.append(tuple(named))
            return found[0]

        if pattern(expressions, leaf) is None:
            shapes = [shape(each) for each in expressions]
            return next(n for n, each in enumerate(shapes) if each != shapes[0])
        return min(breaks, default=None)

    def _is_part(self, name: str) -> bool:
        return name in self.quantities and self.quantities[name].is_part

    def _match(self, run: int, names: tuple[str, ...]) -> bool:
        """Make the runs that a run refers to match it; say whether anything had to be cut."""
        if run not in self.members or len(self.copies(run)) != len(names):
            return True
        begins = len(self.members[run]) > len(names)
        whole = self._new_inputs(names, begins=begins)
        self._begin(whole)
        if self.followed(run, names) is not None:
            self.links.add((run, self.place[names[-1]].run))
            return False
        if whole:
            return True
        last = self.place.get(names[-1]) or next((self.place[n] for n in names if n in self.place), None)
        if last is not None and (cut := self._common(run, last.run)) is not None:
            return cut
        return self._cut(run, {1}) if begins else self._split(run, names)

    def followed(self, run: int, names: tuple[str, ...]) -> int | None:
        """Return by how many members a run looks back at another, 0 for none; None where it does not."""
        count, last = len(self.members[run]), self.place.get(names[-1])
        if last is None or len(self.members.get(last.run, ())) != count:
            return None
        back = count - 1 - last.position
        own, first = self.members[last.run], count - len(names) - back
        fits = names[max(-first, 0) :] == own[max(first, 0) : count - back]
        if not fits or set(names[: max(-first, 0)]) & set(own) or back > MOST_BEFORE:
            return None
        offset = self._offset(run, last.run)
        return back if (offset in (0, None)) or (not back and abs(offset) >= count) else None

    def _line(self, run: int) -> Line:
        names = self.members[run]
        first, last = (line_of(self.quantities[name], across=self.across) for name in (names[0], names[-1]))
        return Line(first.of, first.first, last.last)

    def _is_along(self, run: int) -> bool:
        """Tell whether the members stand along the axis, not across it."""
        names = self.members[run]
        one, other = (line_of(self.quantities[name], across=self.across) for name in names[:2])
        return one.first != other.first

    def _offset(self, run: int, other: int) -> int | None:
        """Return by how many cells one run begins after another of its sheet that goes the same way."""
        own, its = self._line(run), self._line(other)
        is_near = own.of[0] == its.of[0] and self._is_along(other)
        return own.first - its.first if is_near else None

    def _common(self, run: int, other: int) -> bool | None:
        """Cut two runs to the part of the axis that they share; None where they already do, or share none."""
        if self._offset(run, other) is None:
            return None
        own, its = self._line(run), self._line(other)
        low, high = max(own.first, its.first), min(own.last, its.last)
        if low > high:
            return None
        if (own.first, own.last) == (its.first, its.last):
            begins = self.members[run][0] in self.begun
            return self._cut(run, {1}) if begins else self._dropped(run) if run != other else None
        size = max((own.last - own.first + 1) // len(self.members[run]), 1)
        changed = False
        for each, line in ((run, own), (other, its)):
            cuts = {(low - line.first) // size, (high + 1 - line.first) // size}
            changed |= self._cut(each, cuts)
        return changed or None

    def _new_inputs(self, names: tuple[str, ...], *, begins: bool) -> tuple[str, ...]:
        """Return names if they are inputs of one kind side by side that belong to no run yet.

        Parameters
        ----------
        begins
            Whether the one before them belongs to them too.
        """
        found = [self.quantities.get(name) for name in names]
        inputs = [each for each in found if each is not None and each.expression is None and not each.is_part]
        if len(inputs) < len(names) or len(names) < FEWEST or any(name in self.place for name in names):
            return ()
        if inputs[0].kind is None or len({each.kind for each in inputs}) > 1 or len(set(names)) < len(names):
            return ()
        for across in (True, False):
            lines = [line_of(each, across=across) for each in inputs]
            if all(one.of == other.of and other.first == one.last + 1 for one, other in pairwise(lines)):
                before = self._input_before(lines[0], inputs[0].kind, across=across) if begins else ()
                return (*before, *names) if before or not begins else ()
        return ()

    def _input_before(self, line: Line, kind: object, *, across: bool) -> tuple[str, ...]:
        for name, each in self.quantities.items():
            if each.expression is None and not each.is_part and each.kind == kind and name not in self.place:
                its = line_of(each, across=across)
                if its.of == line.of and its.last == line.first - 1:
                    return (name,)
        return ()

    def _split(self, run: int, names: tuple[str, ...]) -> bool:
        """Cut a run where what it refers to is no longer the next member of one other run."""
        places = [self.place.get(name) for name in names]
        whole = places[0]
        if whole is not None and all(
            each == Place(whole.run, whole.position + n) for n, each in enumerate(places)
        ):
            cuts = {whole.position, whole.position + len(names)}
            return self._cut(whole.run, cuts) or self._dropped(run)
        breaks = {n for n in range(1, len(names)) if not self._follows(names[n - 1], names[n])}
        return self._cut(run, breaks) or self._dropped(run)

    def _follows(self, name: str, following: str) -> bool:
        before, after = self.place.get(name), self.place.get(following)
        if before is not None and after is not None:
            return after == Place(before.run, before.position + 1)
        if before is not None or after is not None:
            return False
        one, other = self.quantities.get(name), self.quantities.get(following)
        if one is None or other is None or one.expression is not None or other.expression is not None:
            return name == following
        lines = [line_of(each, across=self.across) for each in (one, other)]
        turned = [line_of(each, across=not self.across) for each in (one, other)]
        return any(a.of == b.of and b.first == a.last + 1 for a, b in (lines, turned))


def _end_of_progression(numbers: Sequence[float]) -> int:
    for end in range(2, len(numbers)):
        if progression(numbers[: end + 1]) is None:
            return end
    return len(numbers)


def _parted(names: Sequence[str], wanted: Callable[[str], bool]) -> Iterator[list[str]]:
    """Yield the stretches of names that are wanted."""
    for is_wanted, found in groupby(names, key=wanted):
        if is_wanted:
            yield list(found)
