"""Expressions of a study: read, checked, joined into a graph and compiled, and never executed as code."""

from uncertainty.expressions.dimensions import AnyDimension, Kind, dimension
from uncertainty.expressions.graph import Graph, build_graph, find_cycle, in_order
from uncertainty.expressions.syntax import RESERVED_NAMES, parse_expression
from uncertainty.expressions.tape import Tape, compile_tape
from uncertainty.expressions.tree import Call, Expression, Name, Number, names
from uncertainty.units import Dimension

__all__ = [
    "RESERVED_NAMES",
    "AnyDimension",
    "Call",
    "Dimension",
    "Expression",
    "Graph",
    "Kind",
    "Name",
    "Number",
    "Tape",
    "build_graph",
    "compile_tape",
    "dimension",
    "find_cycle",
    "in_order",
    "names",
    "parse_expression",
]
