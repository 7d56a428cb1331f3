"""The published points: numbers, or expressions over other inputs' points."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.expressions import Expression, Graph, build_graph, compile_tape
from uncertainty.records import Same
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.study.model import Study


def evaluate_points(study: Study, moved: Mapping[str, float]) -> dict[str, float]:
    """Return every input's point in its own unit.

    Parameters
    ----------
    moved
        Points that an override replaced, in the input's unit; expressions over them follow.

    Raises
    ------
    StudyError
        If a point is not finite.
    """
    points = {n: moved.get(n, i.point) for n, i in study.inputs.items()}
    numbers = {n: p for n, p in points.items() if not isinstance(p, Expression)}
    expressions = {n: p for n, p in points.items() if isinstance(p, Expression)}
    if not expressions:
        return numbers
    factors = {name: item.unit.factor for name, item in study.inputs.items()}
    values = _evaluate(study, expressions, {n: p * factors[n] for n, p in numbers.items()})
    return {name: numbers[name] if name in numbers else values[name] / factors[name] for name in study.inputs}


def _evaluate(
    study: Study, expressions: Mapping[str, Expression], numbers: Mapping[str, float]
) -> dict[str, float]:
    try:
        tape = compile_tape(_graph(Same(study), tuple(expressions)), list(expressions), (), numbers)
    except InvalidValue as error:
        raise StudyError(Fault(f"points: {error}", "inputs", study.file)) from None
    values = np.empty((len(expressions), 1))
    tape.run(np.empty((0, 1)), values)
    return dict(zip(expressions, values[:, 0].tolist(), strict=True))


@lru_cache(maxsize=16)
def _graph(of: Same[Study], names: tuple[str, ...]) -> Graph:
    """Return the graph of the points of some inputs, which many scenarios of a study have in common."""
    study = of.held
    units = UnitSystem(study.counting_units)
    expressions = {n: p for n in names if isinstance(p := study.inputs[n].point, Expression)}
    numbers = [name for name in study.inputs if name not in expressions]
    return build_graph(expressions, expressions, numbers, lambda text: units.parse(text).factor)
