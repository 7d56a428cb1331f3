"""Atoms of averages: draws that share a value because their net of cases is too small to tell them apart.

Of an event that 99.9 % of the cases meet, a net of 256 says that all do: such a draw then stands where those
do of which all cases meet it, and counts for "100 %" as these rightly do.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.cases import far_out_cases, make_cases
from uncertainty.sampling.moments import unit_of
from uncertainty.sampling.outer import outer_inputs
from uncertainty.sampling.rarity import LEAST_SHARE, LOOK, NEGLIGIBLE, counted_far_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseModel
    from uncertainty.sampling.case_stages import Averaged
    from uncertainty.sampling.cases import Cases
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.study.scenario import Scenario

OTHERS = 2**11
"""Other cases that are asked, and as many far out."""

ALIKE = 1e-12
"""Of the largest value, how far apart draws at one value may be by rounding."""

AT_ONCE = 2**19
"""Cases, over all draws, that are asked together."""

MISSED = 3.0
"""Cases that a net is expected to have of what it may have none of by chance (the rule of three)."""


def with_missed_cases(
    plan: Scenario, whole: Simulation, model: CaseModel, inner: int, seed: int, drawn: FloatArray
) -> tuple[FloatArray, dict[int, float]]:
    """Return averages over cases in which those that a net has missed count, where several draws agree.

    Of some averages, by their place among the measures, there is also an error that draws may have at least:
    what they rest on is rarer in some than any cases can tell.

    Parameters
    ----------
    whole
        What makes the draws.
    inner
        Cases of the net.
    drawn
        Of each measure, in all versions, shape (measures, versions, draws).
    """
    averages = [place for place, each in enumerate(model.measures) if each.statistic == "average"]
    pairs = zip(averages, model.behind, strict=True)
    atoms = {place: found for place, behind in pairs if behind and (found := in_atoms(drawn[place])).any()}
    inputs = outer_inputs(plan, whole) if atoms else None
    if inputs is None:
        return drawn, {}
    draws = np.flatnonzero(np.any(list(atoms.values()), axis=0))
    asked = _Asked(plan, model.only([model.measures[place] for place in atoms]), inner, seed)
    moves, errors = asked.moves(inputs[:, draws])
    drawn = drawn.copy()
    for (place, found), move in zip(atoms.items(), moves, strict=True):
        drawn[place][:, draws] += np.where(found[draws], move, 0.0)
    return drawn, {place: error for place, error in zip(atoms, errors.tolist(), strict=True) if error}


def in_atoms(versions: FloatArray) -> NDArray[np.bool_]:
    """Tell which draws have the value of another one, whatever scramble is left out, shape (draws,).

    Parameters
    ----------
    versions
        With all scrambles, and without each of them, shape (versions, draws).
    """
    near = ALIKE * unit_of(versions)
    order = np.argsort(versions[0])
    close = np.diff(versions[0, order]) <= near
    found = np.zeros(order.size, bool)
    found[order] = np.append(close, False) | np.append(False, close)
    found[found] = np.ptp(versions[:, found], axis=0) <= near
    return found


class _Asked:
    """A net of cases, others, and cases far out, which are asked for what the net has missed."""

    def __init__(self, plan: Scenario, model: CaseModel, inner: int, seed: int) -> None:
        self._plan, self._inner, self._others = plan, inner, max(OTHERS, inner)
        self._net = model.on(make_cases(plan, inner, seed))

    @cached_property
    def _far_out(self) -> tuple[Cases, FloatArray]:
        """Cases far out, and how much denser they lie than plain ones do."""
        return far_out_cases(self._plan, self._others, LOOK)

    @cached_property
    def _model(self) -> CaseModel:
        """The model on all of these cases, those of the net first."""
        others = make_cases(self._plan, self._others, LOOK)
        return self._net.on(self._net.cases.and_others(others).and_others(self._far_out[0]))

    def moves(self, unknown: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return by what each average of some draws moves, shape (averages, draws), and what these miss."""
        step = max(1, AT_ONCE // (self._inner + 2 * self._others))
        parts = [self._moves(unknown[:, at : at + step]) for at in range(0, unknown.shape[1], step)]
        moved, errors = zip(*parts, strict=True)
        return np.concatenate(moved, axis=1), np.max(errors, axis=0)

    def _has_one_value(self, unknown: FloatArray) -> bool:
        """Tell whether something that is averaged has one value in all cases of the net, in some draw."""
        plain: list[FloatArray] = []
        for stage in self._net.stages:
            for each in stage.averaged(unknown, [row[0] for row in plain]):
                values = np.broadcast_to(each.values, (unknown.shape[1], self._inner))
                if not np.ptp(values, axis=1).all():
                    return True
                plain.append(values.mean(axis=1)[None])
        return False

    def _moves(self, unknown: FloatArray) -> tuple[FloatArray, FloatArray]:
        if not self._has_one_value(unknown):
            # the net has met other cases: the draws agree though what they average varies
            return np.zeros((len(self._net.measures), unknown.shape[1])), np.zeros(len(self._net.measures))
        plain: list[FloatArray] = []
        moved: list[FloatArray] = []
        farther: list[FloatArray] = []
        for stage in self._model.stages:
            for each in stage.averaged(unknown, [row[0] for row in plain]):
                values = np.broadcast_to(each.values, (unknown.shape[1], self._model.cases.size))
                own = values[:, : self._inner].mean(axis=1)
                plain.append(own[None])
                missed, rarer = self._missed(each, values)
                moved.append((own + missed)[None])
                farther.append((own + rarer)[None])
        with np.errstate(all="ignore"):
            found = np.array([self._model.last(unknown, known)[:, 0] for known in (moved, farther, plain)])
            by, beyond = np.nan_to_num(found[:2] - found[2], nan=0.0, posinf=0.0, neginf=0.0)
        return by, np.abs(beyond).max(axis=1)

    def _missed(self, each: Averaged, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what the cases add to the mean that the net has missed, of draws where it has one value.

        And what they add at most that no cases can tell of, being so rare.
        """
        usual = values[:, :1]
        away = np.nan_to_num(values[:, self._inner :] - usual, nan=0.0, posinf=0.0, neginf=0.0)
        differs = np.abs(away) > NEGLIGIBLE * np.abs(usual)
        counts = counted_far_out(*self._far_out, each.reads)
        alike = np.full(self._others, 1 / self._others)
        shares, means = np.zeros(len(values)), np.zeros(len(values))
        # those far out tell what no other case has met, and tell the rest less well
        for part, counted in ((slice(None, self._others), alike), (slice(self._others, None), counts)):
            new = shares == 0
            shares[new], means[new] = differs[new, part] @ counted, away[new, part] @ counted
        same = np.ptp(values[:, : self._inner], axis=1) == 0
        rare = same & (shares > LEAST_SHARE)
        likely = np.minimum(MISSED / self._inner / np.where(rare, shares, 1.0), 1.0)
        rarer = LEAST_SHARE * np.abs(away).max(axis=1)
        return np.where(rare, means * likely, 0.0), np.where(same & ~rare & (shares > 0), rarer, 0.0)
