"""What a net of cases gets wrong in draws that are found on it alone, told by a few of them.

A run finds each draw without each scramble of its net. Where the same question is asked again and again, of
other distributions or other choices, a few of its draws on other nets of as many cases tell the error by the
output's value.
"""

from __future__ import annotations

import math
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.case_model import VERSIONS, CaseFunction, CaseModel
from uncertainty.sampling.cases import other_cases
from uncertainty.sampling.estimate import ERRORS_WIDE, NOTHING, Least, error_without
from uncertainty.sampling.other_nets import COUNTS, OTHER_NETS, parts_of, student, widenings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.scenario import OverCases, Scenario

    AnyModel = CaseModel | CaseFunction

NUMBERS = range(1, 1 + OTHER_NETS)
"""Those of the other nets."""

PLACES = 32
"""Draws in which what a net gets wrong is looked at."""

ABOUT = 3
"""Neighbours of one on either side that are taken together with it."""

UNSEEN = 3e-4
"""What a net gets wrong, in standard deviations of the output, that counts for nothing."""


@dataclass(frozen=True, eq=False)
class Nets:
    """An output's model on its net of cases, and on others of as many where its rows are cheap.

    Parameters
    ----------
    own
        On its own net, of one measure.
    other
        Returns it on another net, by its number; None where each row may cost much, or is counted.
    wider
        By what factor scrambles differ more than these few of them tell.
    """

    own: AnyModel
    other: Callable[[int], AnyModel] | None
    wider: float = 1.0

    @classmethod
    def of(cls, plan: Scenario, output: str, model: object) -> Nets | None:
        """Return the nets of an output that is studied over what nobody knows; None where it has none."""
        nested = plan.nested
        if nested is None or not isinstance(model, CaseModel | CaseFunction):
            return None
        if _is_dear(model):
            return cls(model, None, nested.wider(output, nested.size))
        return cls(model, partial(_on_net, nested, model))

    @classmethod
    def made(cls, plan: Scenario, model: AnyModel, seed: int) -> Nets:
        """Return the same of a scenario in which what differs from case to case varies."""
        if _is_dear(model):
            wider = widenings(plan, model, model.cases.size, seed)
            return cls(model, None, wider.get(model.measures[0], 1.0))
        return cls(model, partial(_of_cases, plan, model, seed))

    @cached_property
    def _others(self) -> list[AnyModel]:
        return [] if self.other is None else list(map(self.other, NUMBERS))

    def without_scrambles(self, inputs: FloatArray) -> FloatArray:
        """Return the output without each scramble of all nets, shape (scrambles, rows).

        A net has few scrambles, which tell too little of how far they spread: those of the others tell it
        with them. What is found has the place of the first net.

        Parameters
        ----------
        inputs
            Of the model, shape (inputs, rows).
        """
        return self._without(_found([self.own, *self._others], inputs))

    def least(self, inputs: FloatArray, values: FloatArray) -> Least:
        """Return what the first net gets wrong, by the output's value.

        The others are asked where by its own scrambles it counts.

        Parameters
        ----------
        inputs
            Of the model in some draws, shape (inputs, rows).
        values
            The output in these, shape (rows,).
        """
        sound = np.flatnonzero(np.isfinite(values))
        order = sound[np.argsort(values[sound], kind="stable")]
        if not order.size:
            return NOTHING
        # in the order of the draws, in which others may have asked for the same averages
        inputs, values = np.ascontiguousarray(inputs), values[order]
        found = _found([self.own], inputs)
        each, mean = self._errors(found[..., order])
        most, spread = max(*each.tolist(), mean), float(values.std())
        if not self._is_quantile and most <= UNSEEN * spread:
            return NOTHING
        if (self._is_quantile or not most <= COUNTS * spread) and self._others:
            found = np.concatenate([found, _found(self._others, inputs)])
            each, mean = self._errors(found[..., order])
        known = np.isfinite(each)
        if not known.any():
            return NOTHING
        mean = mean if math.isfinite(mean) else float(each[known].mean())
        return Least(values[known].tolist(), each[known].tolist(), mean)

    @property
    def _is_quantile(self) -> bool:
        return self.own.measures[0].statistic == "quantile"

    def _errors(self, found: FloatArray) -> tuple[FloatArray, float]:
        """Return what the first net gets wrong of draws in the order of their values, and of their mean.

        A quantile moves by as much as the draws about its value do together, of which each may move by more.
        """
        weights = np.sin(np.pi * (np.arange(found.shape[2]) + 0.5) / found.shape[2])
        if not self._is_quantile or len(found) == 1:
            without = self._without(found)
            mean = error_without(np.average(without, axis=1, weights=weights))
            return error_without(_smooth(without)), float(mean)
        # a quantile lies between two cases, which leaving out others often leaves where they are
        wide = student(len(found) - 1) / ERRORS_WIDE
        spread = wide * _smooth(found[:, 0]).std(axis=0, ddof=1)
        return spread, float(wide * np.average(found[:, 0], axis=1, weights=weights).std(ddof=1))

    def _without(self, found: FloatArray) -> FloatArray:
        parts = np.concatenate([parts_of(each) for each in found])
        # leaving one of so many out changes less than it does in one net, of which the error is
        by = self.wider * math.sqrt(len(found)) / (len(parts) - 1)
        without: FloatArray = found[0, 0] - by * (parts - parts.mean(axis=0))
        return without


def _on_net(nested: OverCases, model: AnyModel, number: int) -> AnyModel:
    found: AnyModel = nested.on_net([model], number)[0]
    return found


def _of_cases(plan: Scenario, model: AnyModel, seed: int, number: int) -> AnyModel:
    return model.on(other_cases(plan, model.cases.size, seed, number).over(model.cases.unknown))


def _is_dear(model: AnyModel) -> bool:
    """Tell whether each row of a model may cost much, or is counted."""
    return isinstance(model, CaseFunction) or model.meter is not None


def _found(models: Sequence[AnyModel], inputs: FloatArray) -> FloatArray:
    """Return the output on some nets, with all scrambles and without each, (nets, versions, rows)."""
    found = np.empty((len(models), VERSIONS, inputs.shape[1]))
    for model, out in zip(models, found, strict=True):
        model.on(model.cases, VERSIONS).run(inputs, out)
    return found


def _smooth(rows: FloatArray) -> FloatArray:
    """Return the mean of a few neighbours of each place, shape (rows, places)."""
    ends = [(max(place - ABOUT, 0), place + ABOUT + 1) for place in range(rows.shape[1])]
    # each on its own, so that a draw without a value takes none from those that are no neighbours of it
    return np.stack([rows[:, first:end].mean(axis=1) for first, end in ends], axis=1)


def few_of(values: FloatArray) -> np.ndarray:
    """Return the places of a few draws from the lowest to the highest, the more of them the farther out."""
    at = np.sin(np.pi / 2 * (np.arange(PLACES) + 0.5) / PLACES) ** 2
    found: np.ndarray = np.argsort(values, kind="stable")[(at * values.size).astype(int)]
    return found
