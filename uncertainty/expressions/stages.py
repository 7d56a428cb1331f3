"""From a graph with averages over cases to stages: what is computed once, for each draw and for each case.

Every quantity is one of three: it depends on what nobody knows alone, on what differs from case to case
alone, or on both. Only the last has a value for each of a draw's cases; the others are computed once for a
draw, or once for all draws.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.graph import Apply, Constant, Input, operands
from uncertainty.expressions.lowering import reached
from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.tape import compile_tape
from uncertainty.expressions.tree import Number, quoted
from uncertainty.late import dataclass
from uncertainty.records import Same

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.expressions.graph import Graph, Node
    from uncertainty.expressions.tape import Tape
    from uncertainty.expressions.tree import Expression


@dataclass(frozen=True, slots=True)
class Stage:
    """Quantities of single cases.

    Parameters
    ----------
    shared
        From the columns of a draw (its unknowns, then the averages of earlier stages) what its cases share.
    own
        From the columns of a case (what differs) what the mixed quantities need of it.
    mixed
        From what is shared, what is a case's own, and the inputs that are linked to unknowns, the quantities.
    same
        From the columns of a case the quantities that do not depend on the draw.
    alone
        Which quantities these are, in the order of the rows of `same`; `mixed` has the others.
    linked
        Positions among what differs of the inputs whose values depend on the draw.
    texts
        How each quantity was written.
    reads
        For each quantity the positions among what differs of the inputs that it depends on.
    after_averages
        Whether they depend on averages of earlier stages.
    """

    shared: Tape
    own: Tape
    mixed: Tape
    same: Tape
    alone: tuple[int, ...]
    linked: tuple[int, ...]
    texts: tuple[str, ...]
    reads: tuple[tuple[int, ...], ...]
    after_averages: bool

    def told_apart(self, columns: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
        """Return which columns of the mixed program are shared, a case's own, and linked."""
        own, linked = self.shared.outputs, self.shared.outputs + self.own.outputs
        return (
            [each for each in columns if each < own],
            [each - own for each in columns if own <= each < linked],
            [each - linked for each in columns if each >= linked],
        )

    def only(self, places: Sequence[int], columns: Sequence[int] | None = None) -> Stage:
        """Return some of the quantities.

        Parameters
        ----------
        columns
            Of a draw that there are then, by default all.
        """
        rows = [place for place in range(len(self.texts)) if place not in self.alone]
        mixed, read = self.mixed.only([rows.index(place) for place in places if place in rows])
        of_draw, of_case, tied = self.told_apart(read)
        alone = [place for place in places if place in self.alone]
        of_each_case = range(self.same.columns)
        return Stage(
            self.shared.part(of_draw, range(self.shared.columns) if columns is None else columns),
            self.own.part(of_case, of_each_case),
            mixed,
            self.same.part([self.alone.index(place) for place in alone], of_each_case),
            tuple(places.index(place) for place in alone),
            tuple(self.linked[place] for place in tied),
            tuple(self.texts[place] for place in places),
            tuple(self.reads[place] for place in places),
            self.after_averages,
        )


@dataclass(frozen=True, slots=True)
class Program:
    """Outputs over cases.

    Parameters
    ----------
    stages
        Each gives quantities whose averages are columns of the later ones, after the unknowns.
    last
        From the unknowns and all averages, the outputs.
    behind
        Of each output the averages that it is computed from, numbered through the stages.
    """

    stages: tuple[Stage, ...]
    last: Tape
    behind: tuple[tuple[int, ...], ...]

    def only(self, outputs: Sequence[int]) -> Program:
        """Return some of the outputs, with the averages behind these alone."""
        return _part(Same(self), tuple(outputs))


@lru_cache(maxsize=256)
def _part(of: Same[Program], outputs: tuple[int, ...]) -> Program:
    program = of.held
    kept = sorted({average for output in outputs for average in program.behind[output]})
    first = unknown = program.last.columns - sum(len(stage.texts) for stage in program.stages)
    columns, stages = list(range(unknown)), []
    for stage in program.stages:
        numbers = range(first - unknown, first - unknown + len(stage.texts))
        own = [average for average in kept if average in numbers]
        if own:
            stages.append(stage.only([average - numbers.start for average in own], columns))
        columns = columns + [unknown + average for average in own]
        first += len(stage.texts)
    behind = tuple(tuple(map(kept.index, program.behind[output])) for output in outputs)
    return Program(tuple(stages), program.last.part(outputs, columns), behind)


def differing(graph: Graph, inputs: Collection[str]) -> tuple[bool, ...]:
    """Tell of each node whether it differs from case to case, as some inputs do; averages do not."""
    found: list[bool] = []
    for node in graph.nodes:
        if isinstance(node, Input):
            found.append(node.name in inputs)
        elif isinstance(node, Apply) and node.operation == AVERAGE:
            found.append(False)
        else:
            found.append(any(found[operand] for operand in operands(node)))
    return tuple(found)


def averages_of(graph: Graph, output: str, differs: Sequence[bool]) -> list[int]:
    """Return the averages of something that differs, among what an output is computed from."""
    return [
        position
        for position in sorted(graph.reaching(graph.outputs[output]))
        if _is_average(graph.nodes[position]) and differs[operands(graph.nodes[position])[0]]
    ]


BESIDE_AVERAGE = (
    "sets what differs from case to case beside average(…) of it, so that the average alone is told"
)
"""Why nothing is told of single cases, said of a formula: single draws have no average of all cases."""


def has_beside(graph: Graph, output: str, differs: Sequence[bool]) -> bool:
    """Tell whether what differs stands beside an average of it, in an output or in what that averages."""
    averages = averages_of(graph, output, differs)
    within = (graph.reaching(operands(graph.nodes[each])[0]) for each in averages)
    return bool(averages) and (
        differs[graph.outputs[output]] or any(not each.isdisjoint(averages) for each in within)
    )


def averaged(graph: Graph, outputs: Iterable[str], inputs: Collection[str]) -> Graph:
    """Return the graph with the average of each output that differs in that output's place."""
    nodes, sources, found = list(graph.nodes), list(graph.sources), dict(graph.outputs)
    differs = differing(graph, inputs)
    for name in outputs:
        if differs[graph.outputs[name]]:
            found[name] = len(nodes)
            nodes.append(Apply(AVERAGE, (graph.outputs[name],)))
            sources.append(graph.sources[graph.outputs[name]])
    return dataclasses.replace(graph, nodes=tuple(nodes), sources=tuple(sources), outputs=found)


def distributed(graph: Graph, inputs: Collection[str]) -> Graph:
    """Return the graph with averages of sums as sums of averages, and without factors that do not differ.

    What is averaged is then smaller, and often the same in all draws.
    """
    made = _Distribution(inputs)
    places = [made.copied(node, source) for node, source in zip(graph.nodes, graph.sources, strict=True)]
    return dataclasses.replace(
        graph,
        nodes=tuple(made.nodes),
        sources=tuple(made.nodes.values()),
        equations={name: places[node] for name, node in graph.equations.items()},
        outputs={name: places[node] for name, node in graph.outputs.items()},
    )


MOST_DISTRIBUTED = 100
"""Sums and products within one another that an average is brought into."""


class _Distribution:
    """Copies a graph, node after node, bringing averages into sums and products."""

    def __init__(self, inputs: Collection[str]) -> None:
        self.nodes: dict[Node, Expression] = {}
        self._inputs = inputs
        self._kept: list[Node] = []
        self._differs: list[bool] = []
        self._places: dict[Node, int] = {}
        self._copies: list[int] = []
        self._averages: dict[int, int] = {}

    def copied(self, node: Node, source: Expression) -> int:
        """Add a node of the graph, all of whose operands are there already, and return its place."""
        if isinstance(node, Apply):
            operands_ = tuple(self._copies[operand] for operand in node.operands)
            if node.operation == AVERAGE and self._differs[operands_[0]]:
                place = self._average(operands_[0], MOST_DISTRIBUTED)
            else:
                place = self._add(Apply(node.operation, operands_), source)
        else:
            place = self._add(node, source)
        self._copies.append(place)
        return place

    def _add(self, node: Node, source: Expression) -> int:
        if node in self._places:
            return self._places[node]
        if isinstance(node, Apply):
            averages = node.operation == AVERAGE
            differs = not averages and any(self._differs[operand] for operand in node.operands)
        else:
            differs = isinstance(node, Input) and node.name in self._inputs
        self.nodes[node] = source
        self._kept.append(node)
        self._differs.append(differs)
        self._places[node] = len(self._places)
        return self._places[node]

    def _average(self, place: int, deepest: int) -> int:
        """Return the place of the average of a node."""
        if not self._differs[place]:
            return place
        if place not in self._averages:
            self._averages[place] = self._brought_in(place, deepest)
        return self._averages[place]

    def _brought_in(self, place: int, deepest: int) -> int:
        node, source = self._kept[place], self.nodes[self._kept[place]]
        if isinstance(node, Apply) and deepest and self._is_linear(node):
            parts = [self._average(operand, deepest - 1) for operand in node.operands]
            return self._add(Apply(node.operation, tuple(parts)), source)
        factor, rest = self._split(place, deepest)
        if factor is None or rest is None:
            return self._add(Apply(AVERAGE, (place,)), source)
        return self._add(Apply("multiply", (factor, self._add(Apply(AVERAGE, (rest,)), source))), source)

    def _split(self, place: int, deepest: int) -> tuple[int | None, int | None]:
        """Return the factor of a node that does not differ, and the one that does, where there are such."""
        if not self._differs[place]:
            return place, None
        node, source = self._kept[place], self.nodes[self._kept[place]]
        if not isinstance(node, Apply) or node.operation not in ("multiply", "divide") or not deepest:
            return None, place
        left, right = (self._split(operand, deepest - 1) for operand in node.operands)
        factor, rest = (
            self._joined(node.operation, one, other, source) for one, other in zip(left, right, strict=True)
        )
        return factor, rest

    def _joined(self, operation: str, left: int | None, right: int | None, source: Expression) -> int | None:
        """Return the product or quotient of two parts, of which either may be missing."""
        if right is None:
            return left
        if left is None and operation == "multiply":
            return right
        whole = self._add(Constant(1.0), Number(1.0)) if left is None else left
        return self._add(Apply(operation, (whole, right)), source)

    def _is_linear(self, node: Apply) -> bool:
        """Tell whether a node is linear in what differs of its operands."""
        differs = [self._differs[operand] for operand in node.operands]
        if node.operation in ("add", "subtract", "negative"):
            return True
        if node.operation == "multiply":
            return not all(differs)
        return node.operation == "divide" and not differs[1]


class _Prepared(NamedTuple):
    """Averages of a graph, whatever the values of its inputs.

    Parameters
    ----------
    graph
        With a column in the place of each average.
    levels
        Averages of which each level follows from the earlier ones, and below each what is averaged.
    behind
        Of each output the averages that it is computed from, numbered through the levels.
    """

    graph: Graph
    levels: tuple[tuple[tuple[int, int], ...], ...]
    behind: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=64)
def _prepared(of: Same[Graph], outputs: tuple[str, ...], different: tuple[str, ...]) -> _Prepared:
    """Return the averages of outputs, distributed, which scenarios with other values have in common."""
    graph = distributed(averaged(of.held, outputs, different), different)
    differs = differing(graph, different)
    of_each = [averages_of(graph, name, differs) for name in outputs]
    found = sorted({position for own in of_each for position in own})
    level_of: dict[int, int] = {}
    for position in found:
        earlier = graph.reaching(position) & level_of.keys()
        level_of[position] = 1 + max((level_of[each] for each in earlier), default=0)
    nodes = list(graph.nodes)
    for position in found:
        nodes[position] = Input(_column(position))
    levels = [[each for each in found if level_of[each] == level] for level in sorted({*level_of.values()})]
    order = [position for level in levels for position in level]
    return _Prepared(
        dataclasses.replace(graph, nodes=tuple(nodes)),
        tuple(tuple((each, operands(graph.nodes[each])[0]) for each in level) for level in levels),
        tuple(tuple(map(order.index, own)) for own in of_each),
    )


def compile_program(
    graph: Graph,
    outputs: Sequence[str],
    unknown: Sequence[str],
    different: Sequence[str],
    linked: Collection[str],
    constants: Mapping[str, float],
) -> Program:
    """Compile the averages of outputs, or these themselves where they do not differ from case to case.

    Parameters
    ----------
    unknown, different
        Inputs that have a column for each draw, and those that have one for each case.
    linked
        Those of the latter whose values depend on the draw.
    constants
        Values of the other inputs, in coherent base units.

    Raises
    ------
    InvalidValue
        As `compile_tape` does.
    """
    read = _read_by(Same(graph), tuple(outputs))
    # by their digits, which tell 0 from -0
    own = tuple((name, float(value).hex()) for name, value in constants.items() if name in read)
    tied = tuple(name for name in different if name in linked)
    return _program(Same(graph), tuple(outputs), tuple(unknown), tuple(different), tied, own)


@lru_cache(maxsize=64)
def _read_by(of: Same[Graph], outputs: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*of.held.inputs_of_each(outputs).values())


@lru_cache(maxsize=128)
def _program(
    of: Same[Graph],
    outputs: tuple[str, ...],
    unknown: tuple[str, ...],
    different: tuple[str, ...],
    linked: tuple[str, ...],
    digits: tuple[tuple[str, str], ...],
) -> Program:
    """Compile a program, which scenarios have in common that differ in distributions alone."""
    constants = {name: float.fromhex(text) for name, text in digits}
    graph, levels, behind = _prepared(of, outputs, different)
    columns, stages = list(unknown), []
    for level in levels:
        wanted = [below for _, below in level]
        stages.append(make_stage(graph, wanted, columns, different, linked, constants, len(unknown)))
        columns += [_column(position) for position, _ in level]
    return Program(tuple(stages), compile_tape(graph, outputs, columns, constants), behind)


def make_stage(
    graph: Graph,
    wanted: Sequence[int],
    shared: Sequence[str],
    different: Sequence[str],
    linked: Collection[str],
    constants: Mapping[str, float],
    unknown: int,
) -> Stage:
    """Compile nodes that differ from case to case.

    Programs that have these nodes in common have one stage, and with it what is found of it once.

    Parameters
    ----------
    shared
        Names of a draw's columns, the first `unknown` of them inputs, the others averages.
    """
    part, places, names = _reaching(Same(graph), tuple(wanted))
    # by their digits, which tell 0 from -0
    digits = tuple((name, float(constants[name]).hex()) for name in names if name in constants)
    return _stage(part, places, tuple(shared), tuple(different), frozenset(linked), digits, unknown)


@lru_cache(maxsize=128)
def _reaching(
    of: Same[Graph], wanted: tuple[int, ...]
) -> tuple[Same[Graph], tuple[int, ...], tuple[str, ...]]:
    """Return what some nodes are computed from, as a graph of its own, their places in it, and its inputs.

    Parts of the same nodes are equal, if what is wanted was written at the same place.
    """
    graph = of.held
    reaching = sorted(frozenset().union(*map(graph.reaching, wanted)))
    place = {position: number for number, position in enumerate(reaching)}
    nodes = tuple(
        Apply(node.operation, tuple(map(place.__getitem__, node.operands)))
        if isinstance(node, Apply)
        else node
        for node in map(graph.nodes.__getitem__, reaching)
    )
    sources = tuple(map(graph.sources.__getitem__, reaching))
    part = dataclasses.replace(graph, nodes=nodes, sources=sources, equations={}, outputs={})
    # numbers by their digits, which tell 0 from -0
    told = tuple(node.value.hex() if isinstance(node, Constant) else node for node in nodes)
    names = sorted({node.name for node in nodes if isinstance(node, Input)})
    written = [graph.sources[position] for position in wanted]
    return Same(part, written, told), tuple(map(place.__getitem__, wanted)), tuple(names)


@lru_cache(maxsize=128)
def _stage(
    of: Same[Graph],
    wanted: tuple[int, ...],
    shared: tuple[str, ...],
    different: tuple[str, ...],
    linked: frozenset[str],
    digits: tuple[tuple[str, str], ...],
    unknown: int,
) -> Stage:
    """Compile all that a graph has, of which the sources of what is wanted are shown."""
    graph, constants = of.held, {name: float.fromhex(text) for name, text in digits}
    needed, values = reached(graph, wanted, [*shared, *different], constants)
    depends = _depending(graph, needed, values, shared, linked)
    edge: dict[int, None] = {}
    for position in needed:
        if depends[position] == BOTH and values[position] is None:
            near = [each for each in operands(graph.nodes[position]) if each in depends]
            edge |= dict.fromkeys(each for each in near if depends[each] in (DRAW, CASE))
    edge |= dict.fromkeys(each for each in wanted if depends[each] == DRAW)
    of_draw, of_case = ([each for each in edge if depends[each] == kind] for kind in (DRAW, CASE))
    alone = tuple(place for place, node in enumerate(wanted) if depends[node] == CASE)
    nodes = list(graph.nodes)
    for position in edge:
        nodes[position] = Input(_column(position))
    rest = dataclasses.replace(graph, nodes=tuple(nodes))
    tied = [name for name in different if name in linked]
    columns = [*map(_column, (*of_draw, *of_case)), *tied]
    others = [node for node in wanted if depends[node] != CASE]
    inputs = {node.name for each in needed if isinstance(node := graph.nodes[each], Input)}
    return Stage(
        _tape(graph, of_draw, shared, constants),
        _tape(graph, of_case, different, constants),
        _tape(rest, others, columns, constants),
        _tape(graph, [wanted[place] for place in alone], different, constants),
        alone,
        tuple(different.index(name) for name in tied),
        tuple(quoted(graph.sources[node]) for node in wanted),
        tuple(_read(graph, node, different) for node in wanted),
        not inputs.isdisjoint(shared[unknown:]),
    )


DRAW, CASE, BOTH = 1, 2, 3
"""Whether a value is for each draw, for each case, or for each case of each draw: their union."""


def _depending(
    graph: Graph,
    needed: Sequence[int],
    values: Sequence[float | None],
    shared: Collection[str],
    linked: Collection[str],
) -> dict[int, int]:
    """Return for each node what it depends on; 0 for a constant."""
    found: dict[int, int] = {}
    for position in needed:
        node = graph.nodes[position]
        if values[position] is not None or isinstance(node, Constant):
            found[position] = 0
        elif isinstance(node, Input):
            found[position] = DRAW if node.name in shared else BOTH if node.name in linked else CASE
        else:
            found[position] = 0
            for operand in operands(node):
                found[position] |= found.get(operand, 0)
    return found


def _tape(graph: Graph, nodes: Sequence[int], columns: Sequence[str], constants: Mapping[str, float]) -> Tape:
    named = {_column(node): node for node in nodes}
    whole = dataclasses.replace(graph, outputs=named)
    return compile_tape(whole, [_column(node) for node in nodes], columns, constants)


def _read(graph: Graph, node: int, different: Sequence[str]) -> tuple[int, ...]:
    nodes = (graph.nodes[position] for position in graph.reaching(node))
    names = {each.name for each in nodes if isinstance(each, Input)}
    return tuple(position for position, name in enumerate(different) if name in names)


def _is_average(node: Node) -> bool:
    return isinstance(node, Apply) and node.operation == AVERAGE


def _column(position: int) -> str:
    """Name the column that stands for a node; no quantity of a study has such a name."""
    return f"node {position}"
