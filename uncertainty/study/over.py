"""Which outputs speak of the average over the cases because their formula does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.tree import Call, Name, names, walk
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.expressions.tree import Expression
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Study
    from uncertainty.study.schema import StudyFile


def with_over(study: Study, table: StudyFile, faults: Faults) -> Study:
    """Return a study whose outputs with ``average(…)`` in a formula, under any option, speak of the average.

    Whatever else such an output says is a fault.
    """
    formulas: dict[str, list[Expression]] = {n: [e.expression] for n, e in study.equations.items()}
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                formulas.setdefault(name, []).append(expression)
    outputs = dict(study.outputs)
    averaging = _averaging(formulas)
    for name, output in study.outputs.items():
        shown = output.expression or Name(name)
        if names(shown) & averaging or _has_average(shown):
            whole = output.quantity or name
            if table.outputs[whole].over not in (None, "average"):
                said = 'expected "average", of which a formula with average(…) speaks'
                faults.add(f"outputs.{whole}.over", said)
            outputs[name] = replace(output, over="average")
    return replace(study, outputs=Frozen(outputs))


def _averaging(formulas: Mapping[str, Iterable[Expression]]) -> set[str]:
    """Return the quantities that have an average, themselves or in what they are computed from."""
    users: dict[str, list[str]] = {}
    for name, found in formulas.items():
        for used in frozenset().union(*map(names, found)):
            users.setdefault(used, []).append(name)
    waiting = [name for name, found in formulas.items() if any(map(_has_average, found))]
    averaging = set(waiting)
    while waiting:
        following = {*users.get(waiting.pop(), ())} - averaging
        averaging |= following
        waiting += following
    return averaging


def _has_average(expression: Expression) -> bool:
    return any(isinstance(node, Call) and node.operation == AVERAGE for node, _ in walk(expression))
