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
    for name, output in study.outputs.items():
        if _averages([output.expression or Name(name)], formulas):
            whole = output.quantity or name
            if table.outputs[whole].over not in (None, "average"):
                said = 'expected "average", of which a formula with average(…) speaks'
                faults.add(f"outputs.{whole}.over", said)
            outputs[name] = replace(output, over="average")
    return replace(study, outputs=Frozen(outputs))


def _averages(expressions: Iterable[Expression], formulas: Mapping[str, list[Expression]]) -> bool:
    """Tell whether some expressions, or what they are computed from, have an average."""
    waiting, seen = list(expressions), set[str]()
    while waiting:
        expression = waiting.pop()
        if any(isinstance(node, Call) and node.operation == AVERAGE for node, _ in walk(expression)):
            return True
        for name in names(expression) - seen:
            seen.add(name)
            waiting += formulas.get(name, [])
    return False
