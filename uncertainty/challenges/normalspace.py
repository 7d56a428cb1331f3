"""The inputs of a response in standard normal space, where distances mean how unlikely a combination is."""

from __future__ import annotations

import heapq
import math
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import special
from uncertainty.compiled import largest_rounding
from uncertainty.distributions.protocol import LARGEST
from uncertainty.late import dataclass
from uncertainty.records import Once
from uncertainty.rounding import UNIT
from uncertainty.sampling.copula import continuous_targets
from uncertainty.sampling.designs import make_design, uniforms
from uncertainty.study.correlation import copula_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.challenges.response import Response
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Design


DRAWS = 2**15
"""Draws that show where the far side of a threshold lies and what is found there."""

FARTHEST = 8.0
"""Normal score beyond which nothing is asked: a probability of 6e-16."""

FAR_UP = 5.0
"""Score from which on probabilities are counted from above: near 1 they have too few digits for a slope."""

LEAST = float(np.finfo(float).tiny)
"""The least probability that is told from none."""

STEP, LONGEST_STEP = 1e-4, 0.5
"""Step of finite differences, in normal scores, and how long it may get where values are rounded."""


@dataclass(frozen=True, eq=False)
class NormalSpace:
    """The varying inputs of a response and the correlation of their normal scores.

    Parameters
    ----------
    positions
        Of the varying inputs among the response's.
    correlation
        Shape (varying inputs, varying inputs).
    """

    response: Response
    positions: tuple[int, ...]
    correlation: FloatArray
    once: Once[tuple[int, int, bool], Drawn] = field(default_factory=lambda: Once(8), init=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the varying inputs."""
        return tuple(self.response.inputs[position] for position in self.positions)

    @property
    def distributions(self) -> tuple[Distribution, ...]:
        """Distributions of the varying inputs."""
        return tuple(self.response.distribution(position) for position in self.positions)

    @property
    def given(self) -> tuple[int, ...]:
        """Places, among the varying inputs, of those that are drawn given others: no score is their value."""
        dependent = self.response.over.dependent
        return tuple(place for place, name in enumerate(self.names) if name in dependent)

    def shown(self, values: FloatArray) -> FloatArray:
        """Return of all inputs of the response, shape (inputs, rows), the values of those that vary."""
        return self.response.shown(values)[list(self.positions)]

    @cached_property
    def precision(self) -> FloatArray:
        """Inverse of the correlation: a squared distance from the medians is ``z @ precision @ z``."""
        return np.linalg.inv(self.correlation).astype(np.float64)

    def values(self, scores: FloatArray, fixed: Mapping[int, float] | None = None) -> FloatArray:
        """Return all inputs of the response, shape (inputs, rows), at scores (varying inputs, rows).

        Parameters
        ----------
        fixed
            Values of some varying inputs, by their place among these, in place of their scores' own.
        """
        found = self.fixed_values(scores.shape[1])
        for place, (position, distribution) in enumerate(
            zip(self.positions, self.distributions, strict=True)
        ):
            if fixed is not None and place in fixed:
                found[position] = fixed[place]
            elif position not in self.response.shares:
                found[position] = at_scores(distribution, scores[place])
        for whole, shares, others, total in self.response.wholes:
            own = scores[[self.positions.index(position) for position in shares]]
            found[shares] = whole.of_scores(own) * (total - found[others].sum(axis=0))
        for each, (position, rows) in zip(self.response.scores, self.response.members.items(), strict=True):
            if position in self.positions:
                own = scores[self.positions.index(position)]
                found[list(rows)] = [at_scores(member, own) for member in each.distributions]
        return found

    @property
    def medians(self) -> FloatArray:
        """The median of each input of the response; what does not vary is as it is."""
        found = self.values(np.zeros((len(self.positions), 1)))[:, 0]
        for whole, shares, others, total in self.response.wholes:
            # the medians of what shares are drawn from are in no proportion to theirs
            given = whole.given(float(total - found[others].sum()))
            found[shares] = [float(share.quantile(0.5)) for share in given.values()]
        return found

    def fixed_values(self, rows: int) -> FloatArray:
        """Return the inputs that do not vary, shape (inputs, rows), the others being at their points."""
        found = self.response.at_points(rows)
        for position in range(len(self.response.inputs)):
            distribution = self.response.distribution(position)
            if distribution.is_constant:
                found[position] = distribution.mean
        return found

    @cached_property
    def step(self) -> float:
        """The step of finite differences in normal scores: longer where rounding would drown what it changes.

        The error of a central difference is least at about the cube root of the share of the output's spread
        that is rounding, that of the inputs beside large values included.
        """
        sides = np.eye(len(self.positions))
        values = self.values(np.concatenate([sides, -sides], axis=1))
        outputs = self.response(values)
        upper, lower = (half[list(self.positions)].diagonal() for half in np.split(values, 2, axis=1))
        moved, spread = np.abs(np.subtract(*np.split(outputs, 2))), np.abs(upper - lower)
        with np.errstate(all="ignore"):
            of_inputs = UNIT * np.maximum(np.abs(upper), np.abs(lower)) / spread * moved
        own = largest_rounding(self.response.model, self.response.of_model(values), outputs[None])[0]
        rounding = np.nanmax([own, *of_inputs[np.isfinite(of_inputs)]])
        whole = float(np.nanmax(moved))
        if not (0 < whole < math.inf and math.isfinite(rounding)):
            return STEP
        return float(np.clip(np.cbrt(rounding / whole), STEP, LONGEST_STEP))

    def design(self, samples: int, seed: int) -> Design:
        """Return the design of at least `samples` draws."""
        return make_design("sobol", self.names, samples, seed)

    def scores(self, samples: int, seed: int) -> FloatArray:
        """Return correlated normal scores of at least `samples` draws, shape (varying inputs, draws)."""
        if not self.positions:
            return np.empty((0, samples))
        drawn = [block.copy() for block in uniforms(self.design(samples, seed))]
        found: FloatArray = np.linalg.cholesky(self.correlation) @ special.ndtri(
            np.concatenate(drawn, axis=1)
        )
        return found


@dataclass(frozen=True, eq=False)
class Drawn:
    """Draws of a normal space, not to be written to.

    Parameters
    ----------
    scores
        Normal scores, shape (varying inputs, draws).
    values
        The inputs' values there, shape (inputs, draws).
    replicate_rows
        Draws of one replicate; 1 where some were left out, which are then taken for independent.
    left_out
        How many these are.
    """

    space: NormalSpace
    scores: FloatArray
    values: FloatArray
    replicate_rows: int
    left_out: int = 0

    @cached_property
    def outputs(self) -> FloatArray:
        """What the response gives, shape (draws,)."""
        return self.space.response(self.values)


def draw(space: NormalSpace, samples: int, seed: int) -> Drawn:
    """Return some draws, kept so that every question about a space is asked of the same ones.

    Draws for which the output has no value are left out where the study has them dropped.
    """
    drawn = draw_all(space, samples, seed)
    if space.response.plan.study.nonfinite != "drop" or np.isfinite(drawn.outputs).all():
        return drawn
    return space.once.of((samples, seed, True), lambda: _sound(drawn))


def draw_all(space: NormalSpace, samples: int, seed: int) -> Drawn:
    """Return the same draws with those for which the output has no value: a change may give it one."""
    return space.once.of((samples, seed, False), lambda: _drawn(space, samples, seed))


def _drawn(space: NormalSpace, samples: int, seed: int) -> Drawn:
    scores = space.scores(samples, seed)
    rows = space.design(samples, seed).replicate_rows if space.positions else 1
    return _kept(Drawn(space, scores, space.values(scores), rows))


def _sound(drawn: Drawn) -> Drawn:
    sound = np.isfinite(drawn.outputs)
    left_out = int(np.count_nonzero(~sound))
    return _kept(Drawn(drawn.space, drawn.scores[:, sound], drawn.values[:, sound], 1, left_out))


def _kept(drawn: Drawn) -> Drawn:
    for array in (drawn.scores, drawn.values):
        array.flags.writeable = False
    return drawn


def make_normal_space(response: Response) -> NormalSpace:
    """Return the normal space of a response's varying inputs."""
    positions = response.varying
    names = [response.inputs[position] for position in positions]
    return NormalSpace(response, positions, _correlation(response, names))


def _correlation(response: Response, names: Sequence[str]) -> FloatArray:
    """Return the correlation of inputs' scores: of a set that has one score, that of its first member."""
    matrix = np.eye(len(names))
    study = response.plan.study
    first = {each.name: each.members[0] for each in response.scores}
    places = {first.get(name, name): place for place, name in enumerate(names)}
    marginals = {name: response.over.distributions[name] for name in names if name not in first}
    for each in response.scores:
        marginals |= dict(zip(each.members, each.distributions, strict=True))
    pairs = continuous_targets(study.correlations, marginals, study.file)
    if pairs:
        correlated, part = copula_matrix(pairs)
        kept = [row for row, name in enumerate(correlated) if name in places]
        rows = [places[correlated[row]] for row in kept]
        matrix[np.ix_(rows, rows)] = part[np.ix_(kept, kept)]
    return matrix


def is_discrete(distribution: Distribution) -> bool:
    """Tell whether all probability of a distribution lies on its atoms."""
    atoms = np.array(distribution.atoms)
    if not atoms.size:
        return False
    return bool(np.sum(atom_probabilities(distribution)) > 1 - 1e-9)


def atom_probabilities(distribution: Distribution) -> FloatArray:
    """Return the probability of each atom."""
    atoms = np.array(distribution.atoms)
    return distribution.cdf(atoms) - distribution.cdf(np.nextafter(atoms, -np.inf))


def at_scores(distribution: Distribution, scores: FloatArray) -> FloatArray:
    """Return what a distribution is at normal scores, however far out they lie."""
    found: FloatArray = distribution.quantile(np.clip(special.ndtr(scores), LEAST, LARGEST))
    far = scores > FAR_UP
    if far.any():
        found[far] = distribution.upper_quantile(np.maximum(special.ndtr(-scores[far]), LEAST))
    return found


def _ends_of(distribution: Distribution, atoms: FloatArray) -> FloatArray:
    """Return the highest scores that give each atom, none farther out than `FARTHEST`."""
    above = distribution.survival(atoms)
    with np.errstate(divide="ignore"):
        found = np.where(
            above < special.ndtr(-FAR_UP), -special.ndtri(above), special.ndtri(distribution.cdf(atoms))
        )
    ends: FloatArray = np.clip(found, -FARTHEST, FARTHEST)
    return ends


Combination = tuple[int, ...]
"""The place of one value of each discrete input among its values."""


@dataclass(frozen=True, eq=False)
class Box:
    """The scores that give one combination of the discrete inputs' values.

    Parameters
    ----------
    bounds
        Shape (varying inputs, 2).
    fixed
        The values, by the input's place among those that vary.
    """

    bounds: FloatArray
    fixed: dict[int, float]

    def clip(self, scores: FloatArray) -> FloatArray:
        """Return the nearest scores within it, taken one by one."""
        found: FloatArray = np.clip(scores, self.bounds[:, 0], self.bounds[:, 1])
        return found

    def holds(self, scores: FloatArray) -> np.ndarray:
        """Tell which of some scores, shape (varying inputs, rows), lie within it."""
        found: np.ndarray = np.all((scores >= self.bounds[:, [0]]) & (scores <= self.bounds[:, [1]]), axis=0)
        return found


@dataclass(frozen=True, eq=False)
class Steps:
    """The discrete inputs of a normal space.

    Parameters
    ----------
    inputs
        How many inputs vary.
    places
        Those of the discrete ones among them.
    values
        Of each discrete input, ascending.
    edges
        The scores between which each value lies, one more than there are values.
    """

    inputs: int
    places: tuple[int, ...]
    values: tuple[FloatArray, ...]
    edges: tuple[FloatArray, ...]

    def box(self, combination: Combination) -> Box:
        """Return where in normal space a combination lies."""
        bounds = np.tile([-FARTHEST, FARTHEST], (self.inputs, 1))
        fixed = {}
        for place, values, edges, step in zip(self.places, self.values, self.edges, combination, strict=True):
            bounds[place] = edges[step : step + 2]
            fixed[place] = float(values[step])
        return Box(bounds, fixed)

    def of_scores(self, scores: FloatArray) -> Combination:
        """Return the combination that scores, shape (varying inputs,), give."""
        return tuple(
            int(np.searchsorted(edges[1:-1], scores[place]))
            for place, edges in zip(self.places, self.edges, strict=True)
        )

    def nearest_first(self) -> Iterator[Combination]:
        """Yield all combinations, those nearest to the medians first, were the inputs independent."""
        costs = [np.clip(0.0, edges[:-1], edges[1:]) ** 2 for edges in self.edges]
        orders = [np.argsort(cost, kind="stable") for cost in costs]
        first = (0,) * len(self.places)
        waiting, seen = [(0.0, first)], {first}
        while waiting:
            _, ranks = heapq.heappop(waiting)
            yield tuple(int(order[rank]) for order, rank in zip(orders, ranks, strict=True))
            for each, rank in enumerate(ranks):
                following = (*ranks[:each], rank + 1, *ranks[each + 1 :])
                if rank + 1 < len(orders[each]) and following not in seen:
                    seen.add(following)
                    cost = sum(c[o[r]] for c, o, r in zip(costs, orders, following, strict=True))
                    heapq.heappush(waiting, (float(cost), following))

    def moves(self, combination: Combination, stride: int) -> Iterator[Combination]:
        """Yield combinations with one value some steps away, and with two that move one step each."""
        several = range(len(combination))
        for each in several:
            for by in (-stride, stride):
                yield from self._moved(combination, {each: by})
        if stride > 1:
            return
        for one in several:
            for other in several:
                for way in (-1, 1):
                    if one < other:
                        yield from self._moved(combination, {one: way, other: way})
                        yield from self._moved(combination, {one: way, other: -way})

    def _moved(self, combination: Combination, by: dict[int, int]) -> Iterator[Combination]:
        moved = [step + by.get(each, 0) for each, step in enumerate(combination)]
        if all(0 <= step < values.size for step, values in zip(moved, self.values, strict=True)):
            yield tuple(moved)


def steps_of(space: NormalSpace) -> Steps:
    """Return the discrete inputs of a normal space."""
    places = [place for place, d in enumerate(space.distributions) if is_discrete(d)]
    values = [np.array(space.distributions[place].atoms) for place in places]
    edges = []
    for place, atoms in zip(places, values, strict=True):
        ends = _ends_of(space.distributions[place], atoms[:-1])
        edges.append(np.concatenate([[-FARTHEST], ends, [FARTHEST]]))
    return Steps(len(space.positions), tuple(places), tuple(values), tuple(edges))


APART = 1.0
"""Distance in normal scores from which on two draws may lead to different places."""


def first_apart(scores: FloatArray, most: int) -> list[FloatArray]:
    """Return the first of some scores, shape (varying inputs, rows), that lie apart from each other."""
    chosen: list[FloatArray] = []
    left = scores
    while left.shape[1] and len(chosen) < most:
        chosen.append(left[:, 0])
        left = left[:, np.linalg.norm(left - left[:, :1], axis=0) > APART]
    return chosen
