"""Models that compute alike: by the same steps from other constants.

Scenarios of one study often differ in numbers alone. A number that differs is then a column like any other,
and one call gives rows of several models, each with the bits of its own model's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.expressions.operations import TRUTHS
from uncertainty.sampling.case_model import IN_CACHE, CaseModel, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from numpy.typing import NDArray

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape

    Members = NDArray[np.intp]

ROUNDED = TRUTHS | {"add", "subtract", "multiply", "divide", "reciprocal", "negative", "positive", "absolute"}
ROUNDED |= {"minimum", "maximum", "where", "sqrt", "floor", "ceil", "rint"}
"""Functions of which IEEE 754 says every bit, whether an operand is a number or a column of them."""

MOST_TOGETHER = 2**6
"""Models whose rows are computed by one call: what they are asked has to fit in memory."""


class Alike:
    """Models that compute alike, or one.

    Parameters
    ----------
    models
        As `alike` puts them together.
    """

    def __init__(self, models: Sequence[Model]) -> None:
        self._alone = models[0]
        self._together = _together(models) if len(models) > 1 else None

    def __call__(self, members: Sequence[int], values: Sequence[FloatArray]) -> list[FloatArray]:
        """Return the first output of some of the models.

        Parameters
        ----------
        members
            Their numbers.
        values
            At which each is asked, shape (inputs, rows).
        """
        counts = [each.shape[1] for each in values]
        columns = np.concatenate(values, axis=1)
        if self._together is None:
            found = np.empty((len(self._alone.outputs), columns.shape[1]))
            self._alone.run(columns, found, None)
        else:
            found = self._together(columns, np.repeat(np.array(members, np.intp), counts))
        return np.split(found[0], np.cumsum(counts)[:-1])


def alike(models: Sequence[Model]) -> list[list[int]]:
    """Return the places of models that compute alike, so many together as may be asked at a time."""
    groups: dict[Hashable, list[int]] = {}
    for place, model in enumerate(models):
        groups.setdefault(_steps(model) or place, []).append(place)
    return [
        group[first : first + MOST_TOGETHER]
        for group in groups.values()
        for first in range(0, len(group), MOST_TOGETHER)
    ]


def _steps(model: Model) -> Hashable:
    """Return what models have in common that differ in constants alone; None where nothing is known of it."""
    if isinstance(model, EquationModel):
        return None if model.meter is not None else _tape_steps(model.tape)
    if not isinstance(model, CaseModel) or (stage := model.free_stage) is None:
        return None
    return _tape_steps(stage.stage.shared), _tape_steps(model.averages.last)


def _tape_steps(tape: Tape) -> Hashable:
    fixed = {row for each in tape.instructions if each.function not in ROUNDED for row in each.operands}
    constants = tuple(
        value.hex() if place in fixed else "" for place, value in enumerate(tape.constants, tape.columns)
    )
    return tape.columns, constants, tape.slots, tape.outputs, tape.instructions


def _together(models: Sequence[Model]) -> Callable[[FloatArray, Members], FloatArray]:
    """Return what gives the outputs of rows, each by the model whose number it is told."""
    equations = [model.tape for model in models if isinstance(model, EquationModel)]
    if equations:
        return _Tapes(equations).run
    averages = [model for model in models if isinstance(model, CaseModel)]
    stages = [stage for model in averages if (stage := model.free_stage) is not None]
    last = _Tapes([model.averages.last for model in averages])
    shared = _Tapes([stage.stage.shared for stage in stages])
    nets = {stage.averages: stage for stage in stages}
    net_of = np.array([list(nets).index(stage.averages) for stage in stages])

    def run(columns: FloatArray, members: Members) -> FloatArray:
        found, own = shared.run(columns, members), net_of[members]
        each_average = np.empty((last.columns - len(columns), len(members)))
        for number, net in enumerate(nets.values()):
            rows = np.flatnonzero(own == number)
            scrambles = net.scrambles_of(found[:, rows], columns[:0, rows]) if rows.size else []
            for out, each in zip(each_average, scrambles, strict=False):
                out[rows] = versions_of(each, 1)[0]
        return last.run([*columns, *each_average], members)

    return run


class _Tapes:
    """Programs of the same steps, as one that reads their constants after its columns."""

    def __init__(self, tapes: Sequence[Tape]) -> None:
        first = tapes[0]
        self.columns = first.columns
        self._tape = replace(first, columns=first.columns + len(first.constants), constants=())
        self._constants = np.array([tape.constants for tape in tapes]).reshape(len(tapes), -1).T
        # by their digits, which tell 0 from -0
        digits = np.ascontiguousarray(self._constants).view(np.int64)
        self._same = (digits == digits[:, :1]).all(axis=1).tolist()

    def run(self, columns: Iterable[FloatArray], members: Members) -> FloatArray:
        """Return the outputs, shape (outputs, rows), from columns of shape (rows,)."""
        tape, rows = self._tape, len(members)
        found = np.empty((tape.outputs, rows))
        step = max(IN_CACHE // (tape.columns + tape.slots + tape.outputs), 1)
        room = np.empty((tape.slots, min(step, rows)))
        for first in range(0, rows, step):
            part = slice(first, first + step)
            own = members[part]
            read = [each[part] for each in columns]
            read += [
                np.asarray(each[0]) if same else each[own]
                for each, same in zip(self._constants, self._same, strict=True)
            ]
            tape.spread(read, found[:, part], room[:, : own.size])
        return found
