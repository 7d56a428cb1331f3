"""Cases: what differs from case to case, drawn once for all draws of what nobody knows.

Two-dimensional Monte Carlo (EPA 1997, Guiding Principles for Monte Carlo Analysis, EPA/630/R-97/001): outer
draws are of the inputs that nobody knows, inner ones of those that differ. The inner ones are one randomised
net for all outer draws, so that what they get wrong is nearly the same in each. The net is made of
independent scrambles, whose differences tell how wrong that is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import special
from uncertainty.distributions.protocol import inside
from uncertainty.late import dataclass
from uncertainty.records import Same
from uncertainty.sampling.copula import continuous_targets, copula_of
from uncertainty.sampling.nets import ScrambledNet, generator, spread_density, spread_out
from uncertainty.sampling.transforms import Scratch, make_transform, transform_rows
from uncertainty.study.correlation import among, connected, copula_matrix

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation
    from uncertainty.study.scenario import Scenario

SCRAMBLES = 8
"""Independent scrambles that a net of cases is made of."""

FEWEST_PER_CONTROL = 8
"""Cases for each coefficient of a regression, below which there is none."""

MOST_KEPT = 2**15
"""Cases of the largest nets that are kept: scenarios have nearly all of their columns in common."""


class Column(NamedTuple):
    """What the values of an input in a net depend on.

    Parameters
    ----------
    place
        Its coordinate in the net.
    dimensions
        Coordinates that are made together.
    number
        Of the net: 0, or that of another one of as many cases.
    bound
        What else, where it is correlated with other inputs.
    """

    place: int
    dimensions: int
    size: int
    seed: int
    number: int
    distribution: Distribution
    bound: Hashable = None


@dataclass(frozen=True, eq=False, slots=True)
class Link:
    """Inputs that differ and are correlated with some that nobody knows.

    Given these, normal scores of the cases have the mean `slopes` times the scores of the unknowns, and
    differ around it as they are written in `Cases.values` (the conditional distribution of a Gaussian
    copula).

    Parameters
    ----------
    rows
        Their rows of `Cases.values`.
    unknowns
        Rows of the outer draws.
    marginals
        Distributions of the unknowns.
    slopes
        Shape (rows, unknowns).
    within
        Uniforms that say where in a jump of its distribution an unknown lies, shape (unknowns, cases).
    """

    rows: tuple[int, ...]
    unknowns: tuple[int, ...]
    marginals: tuple[Distribution, ...]
    slopes: FloatArray
    within: FloatArray

    @property
    def key(self) -> Hashable:
        """What tells it from another link of the same columns, whatever the rows of the unknowns."""
        return self.rows, self.marginals, self.slopes.tobytes()


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """A net of cases.

    Parameters
    ----------
    unknown, different
        Names of the inputs that nobody knows, and of those that differ from case to case; all of them vary.
    distributions
        Of those that differ.
    size
        Number of cases.
    values
        Of those that differ, shape (cases,) each, scramble after scramble; normal scores of those that are
        linked to an unknown.
    scores
        Normal scores of all of them, shape (cases,) each.
    sets
        For each of them the number of the set of inputs that it is correlated in, others having their own.
    link
        How these follow from the unknowns; None where there are none.
    columns
        What the values of each of them depend on; None for those that are not kept.
    """

    unknown: tuple[str, ...]
    different: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    size: int
    values: tuple[FloatArray, ...]
    scores: tuple[FloatArray, ...]
    sets: tuple[int, ...]
    link: Link | None
    columns: tuple[Column | None, ...]

    @property
    def linked(self) -> tuple[str, ...]:
        """The inputs that differ and whose values depend on the draw."""
        return () if self.link is None else tuple(self.different[row] for row in self.link.rows)

    def over(self, unknown: Sequence[str]) -> Cases:
        """Return the same cases for draws with other columns.

        What is linked to an unknown without a column is not to be read: it follows from the others alone.
        """
        link = self.link
        if link is not None:
            kept = [place for place, row in enumerate(link.unknowns) if self.unknown[row] in unknown]
            link = replace(
                link,
                unknowns=tuple(list(unknown).index(self.unknown[link.unknowns[place]]) for place in kept),
                marginals=tuple(link.marginals[place] for place in kept),
                slopes=link.slopes[:, kept],
                within=link.within[kept],
            )
        return replace(self, unknown=tuple(unknown), link=link)

    def and_others(self, others: Cases) -> Cases:
        """Return these cases and others of the same scenario together."""
        link = self.link
        if link is not None and others.link is not None:
            link = replace(link, within=np.hstack([link.within, others.link.within]))
        values, scores = (
            tuple(map(np.concatenate, zip(*pair, strict=True)))
            for pair in ((self.values, others.values), (self.scores, others.scores))
        )
        columns, size = (None,) * len(self.columns), self.size + others.size
        return replace(self, size=size, values=values, scores=scores, link=link, columns=columns)

    def origin(self, rows: Sequence[int]) -> tuple[Column, ...] | None:
        """Return what some rows depend on; None where one of them is not kept."""
        found = tuple(each for row in rows if (each := self.columns[row]) is not None)
        return found if len(found) == len(rows) else None

    def givers(self, unknown: FloatArray) -> FloatArray:
        """Return the rows of some draws that linked inputs follow from, shape (givers, draws)."""
        return unknown[[] if self.link is None else list(self.link.unknowns)]

    def linked_values(self, givers: FloatArray) -> FloatArray:
        """Return the values of what is linked in each case of some draws, shape (linked, draws, cases).

        Parameters
        ----------
        givers
            What it follows from, shape (givers, draws).
        """
        link = self.link
        if link is None:
            return np.empty((0, givers.shape[1], self.size))
        found = np.empty((len(link.rows), givers.shape[1], self.size))
        found[:] = np.array([self.values[row] for row in link.rows])[:, None, :]
        for place, (row, marginal) in enumerate(zip(givers, link.marginals, strict=True)):
            scores = special.ndtri(inside(_uniforms(row[:, None], marginal, link.within[place])))
            for linked, slope in enumerate(link.slopes[:, place].tolist()):
                found[linked] += slope * scores
        uniforms = inside(special.ndtr(found)).reshape(len(link.rows), -1)
        transforms = tuple(make_transform(self.distributions[row]) for row in link.rows)
        return transform_rows(uniforms, transforms, Scratch(uniforms.shape[1])).reshape(found.shape)

    def weights(self, reads: Sequence[int]) -> FloatArray:
        """Return weights that give the mean over the cases by each scramble, shape (scrambles, cases).

        The means of the inputs themselves are known, those of products of independent ones, and those of
        their scores and the squares of these. What the net misses of them says what it misses of quantities
        that go along with them (control variates; Lavenberg & Welch 1981, doi:10.1287/mnsc.27.3.322). The
        coefficients for each scramble come from the other ones, so that its estimate has no bias.

        Parameters
        ----------
        reads
            Rows of the inputs that a quantity depends on.
        """
        columns = self.origin(reads)
        if columns is None or (self.link is not None and not {*self.link.rows}.isdisjoint(reads)):
            return _weights(self._controls(reads), self.size)
        return _kept_weights(Same((self, tuple(reads)), (), columns))

    def unexplained(self, values: FloatArray, reads: Sequence[int]) -> FloatArray:
        """Return what the inputs do not explain of values in the cases of draws, shape (draws, cases)."""
        controls = self._controls(reads, bent=False)
        left = values - values.mean(axis=1, keepdims=True)
        if len(controls):
            centred = controls - controls.mean(axis=1, keepdims=True)
            left = left - (left @ np.linalg.pinv(centred, rcond=1e-10)) @ centred
        return np.asarray(left)

    def _controls(self, reads: Sequence[int], *, bent: bool = True) -> FloatArray:
        linked = () if self.link is None else self.link.rows
        known = [
            _Known(self.values[row], None, 0.0, self.sets[row])
            if row in linked
            else _Known(self.values[row], self.scores[row], self.distributions[row].mean, self.sets[row])
            for row in reads
        ]
        return _controls(known, self.size, bent=bent)


class _Known(NamedTuple):
    """An input that differs, whose mean is known; of a linked one there are scores alone."""

    values: FloatArray
    scores: FloatArray | None
    mean: float
    own_set: int


def _controls(inputs: Sequence[_Known], size: int, *, bent: bool) -> FloatArray:
    """Return what is known to have the mean 0 and about the spread 1, shape (controls, cases)."""
    known: list[tuple[int, FloatArray]] = []
    for each in inputs:
        spread = float(np.abs(each.values - each.mean).mean()) if np.isfinite(each.mean) else 0.0
        if spread > 0:
            known.append((each.own_set, (each.values - each.mean) / spread))
    found = [values for _, values in known]
    pairs = [(one, other) for (set_, one), (also, other) in combinations(known, 2) if set_ != also]
    if bent and _tell(len(known) + len(pairs), size):
        found += [one * other for one, other in pairs]
    scores = [each.scores for each in inputs if each.scores is not None]
    if bent and _tell(len(found) + 2 * len(scores), size):
        found += [*scores, *(each**2 - 1 for each in scores)]
    return np.array(found).reshape(len(found), size)


def _tell(controls: int, size: int) -> bool:
    """Tell whether there are cases enough for the coefficients of some controls."""
    return 0 < controls <= size / FEWEST_PER_CONTROL - 1


def _weights(controls: FloatArray, size: int) -> FloatArray:
    own = size // SCRAMBLES
    found = np.repeat(np.eye(SCRAMBLES) / own, own, axis=1)
    if not _tell(len(controls), size):
        return found
    missed = controls.reshape(len(controls), SCRAMBLES, own).mean(axis=2)
    others = np.repeat(~np.eye(SCRAMBLES, dtype=np.bool_), own, axis=1)
    left = [controls[:, each] for each in others]
    centred = np.array([(each - each.mean(axis=1, keepdims=True)).T for each in left])
    inverses = np.linalg.pinv(centred, rcond=1e-10)
    for scramble, (each, inverse) in enumerate(zip(others, inverses, strict=True)):
        found[scramble, each] -= missed[:, scramble] @ inverse
    return found


@lru_cache(maxsize=256)
def _kept_weights(of: Same[tuple[Cases, tuple[int, ...]]]) -> FloatArray:
    """Return the weights for a quantity that depends on some columns of one net."""
    cases, reads = of.held
    found = _weights(cases._controls(reads), cases.size)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=256)
def _drawn(column: Column) -> tuple[FloatArray, FloatArray]:
    """Return the values of an input in each case, and their normal scores."""
    net = _kept_net(column.dimensions, column.size, column.seed, column.number)
    found = _transformed(net[column.place], column.distribution)
    for row in found:
        row.flags.writeable = False
    return found


@lru_cache(maxsize=64)
def _drawn_together(
    pairs: tuple[Correlation, ...],
    names: tuple[str, ...],
    places: tuple[int, ...],
    distributions: tuple[Distribution, ...],
    net: tuple[int, int, int, int],
) -> list[tuple[FloatArray, FloatArray]]:
    """Return the values of correlated inputs in each case, and their normal scores.

    Parameters
    ----------
    net
        Its dimensions, size, seed and number.
    """
    uniforms = _kept_net(*net)[list(places)]
    if pairs:
        copula_of(pairs, names).apply(uniforms)
    found = [_transformed(row, each) for row, each in zip(uniforms, distributions, strict=True)]
    for row in (row for rows in found for row in rows):
        row.flags.writeable = False
    return found


def _transformed(uniforms: FloatArray, distribution: Distribution) -> tuple[FloatArray, FloatArray]:
    """Return the values that uniforms are of, and their normal scores."""
    values = uniforms.copy()
    make_transform(distribution).apply(values, Scratch(values.size))
    return values, special.ndtri(uniforms)


def _uniforms(values: FloatArray, marginal: Distribution, within: FloatArray) -> FloatArray:
    """Return where in its distribution an unknown lies, anywhere in a jump with equal probability."""
    upto = marginal.cdf(values)
    if not marginal.atoms:
        return upto
    below = marginal.cdf(np.nextafter(values, -np.inf))
    return below + within * (upto - below)


def make_cases(plan: Scenario, size: int, seed: int) -> Cases:
    """Draw a net of cases of a scenario.

    Every input that some reading or option calls different has a place in the net, so that readings share
    what they have in common.

    Parameters
    ----------
    size
        Cases, a power of two of at least 8.
    """
    return _cases(plan, size, seed, None)


def far_out_cases(plan: Scenario, size: int, seed: int) -> tuple[Cases, FloatArray]:
    """Draw cases of which many are as far out as cases hardly ever are, each input by itself.

    Returns
    -------
    tuple
        The cases, and how much denser they lie by each input than plain ones do, shape (different, cases): a
        case that counts one over the product has the probability that it has among these.
    """
    varying = _of_a_net(plan)
    uniforms, density = _far_out(len(varying.places) + len(varying.givers), size, seed)
    cases = _cases(plan, size, seed, uniforms)
    return cases, density[[varying.places[name] for name in cases.different]]


@lru_cache(maxsize=2)
def _far_out(dimensions: int, size: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return probabilities far out, and how much denser they lie than plain ones, (dimensions, size) each."""
    uniforms = inside(spread_out(generator(seed, "cases", "far out").random((dimensions, size))))
    return uniforms, spread_density(uniforms)


def other_cases(plan: Scenario, size: int, seed: int, number: int) -> Cases:
    """Draw a net of cases as `make_cases` does, of other scrambles."""
    return _cases(plan, size, seed, None, number)


class _Varying(NamedTuple):
    """What a net needs to know of a scenario, whatever its size.

    Parameters
    ----------
    unknown, different
        Inputs that vary: those that nobody knows, and those that differ from case to case.
    places
        Of each input that ever differs, its coordinate in a net.
    marginals
        Distributions of the inputs that vary.
    pairs
        What is correlated, and how.
    bound
        Inputs that differ and are correlated with any.
    tied, givers
        Inputs that differ and are correlated with unknowns, and these.
    together
        What bound inputs have in common that are drawn together.
    sets
        For each input that differs the number of the set that it is correlated in.
    """

    unknown: tuple[str, ...]
    different: tuple[str, ...]
    places: dict[str, int]
    marginals: dict[str, Distribution]
    pairs: tuple[Correlation, ...]
    bound: tuple[str, ...]
    tied: list[str]
    givers: list[str]
    together: Hashable
    sets: tuple[int, ...]


def _of_a_net(plan: Scenario) -> _Varying:
    found: _Varying = plan.once.of("of a net", lambda: _varying(plan))
    return found


def _varying(plan: Scenario) -> _Varying:
    different = tuple(name for name in plan.varying if plan.kinds[name] == "variability")
    unknown = tuple(name for name in plan.varying if plan.kinds[name] != "variability")
    places = {name: place for place, name in enumerate(_ever_different(plan))}
    marginals = {name: plan.distributions[name] for name in plan.varying}
    pairs = continuous_targets(plan.study.correlations, marginals, plan.study.file)
    groups = connected(pairs)
    tied = [n for group in groups if set(group) & set(unknown) for n in group if n in different]
    givers = [n for group in groups if set(group) & set(tied) for n in group if n in unknown]
    correlated = sorted({name for group in groups for name in group})
    bound = tuple(name for name in different if name in correlated)
    together = pairs, bound, tuple(givers), tuple(marginals[name] for name in correlated)
    own_set = {name: number for number, group in enumerate(groups) for name in group}
    sets = tuple(own_set.get(name, len(own_set) + row) for row, name in enumerate(different))
    return _Varying(unknown, different, places, marginals, pairs, bound, tied, givers, together, sets)


def _cases(plan: Scenario, size: int, seed: int, given: FloatArray | None, number: int = 0) -> Cases:
    """Make cases of uniforms that are given, a row for each input that ever differs first, or of a net."""
    unknown, different, places, marginals, pairs, bound, tied, givers, together, sets = _of_a_net(plan)
    dimensions = len(places) + len(givers)
    columns = {
        name: Column(
            places[name], dimensions, size, seed, number, marginals[name], together if name in bound else None
        )
        for name in different
    }
    kept = given is None and size <= MOST_KEPT
    net = given if given is not None else (_kept_net if kept else _net)(dimensions, size, seed, number)
    found = {
        name: _drawn(each) if kept else _transformed(net[each.place], each.distribution)
        for name, each in columns.items()
        if name not in bound
    }
    free = tuple(among(pairs, set(different) - set(tied)))
    link = None
    if kept and not tied:
        rows, own = tuple(places[name] for name in bound), tuple(marginals[name] for name in bound)
        drawn_together = _drawn_together(free, bound, rows, own, (dimensions, size, seed, number))
        found |= dict(zip(bound, drawn_together, strict=True))
    else:
        uniforms = net[[*(places[name] for name in bound), *range(len(places), dimensions)]]
        if free:
            copula_of(free, bound).apply(uniforms)
        if tied:
            link = _link(pairs, tied, givers, plan, uniforms, bound, different, unknown)
        for name, drawn in zip(bound, uniforms, strict=False):
            found[name] = (drawn, drawn) if name in tied else _transformed(drawn, marginals[name])
    values, scores = (tuple(found[name][part] for name in different) for part in (0, 1))
    distributions = tuple(marginals[name] for name in different)
    known = tuple(columns.values() if kept else [None] * len(columns))
    return Cases(unknown, different, distributions, size, values, scores, sets, link, known)


def _ever_different(plan: Scenario) -> list[str]:
    """Return the inputs that differ from case to case in this scenario, or may do so in another."""
    study = plan.study
    options = [option for choice in study.choices.values() for option in choice.options.values()]
    replaced = [*(each.inputs for each in options), *(each.inputs for each in study.readings.values())]
    changed = {name for given in replaced for name, each in given.items() if each.kind == "variability"}
    return [
        name
        for name, item in study.inputs.items()
        if "variability" in (item.kind, plan.kinds[name]) or name in changed
    ]


@lru_cache(maxsize=64)
def _kept_net(dimensions: int, size: int, seed: int, number: int = 0) -> FloatArray:
    found = _net(dimensions, size, seed, number)
    found.flags.writeable = False
    return found


def _net(dimensions: int, size: int, seed: int, number: int = 0) -> FloatArray:
    """Return independent scrambles one after the other, other ones by number, shape (dimensions, size)."""
    own = size // SCRAMBLES
    found = np.empty((dimensions, SCRAMBLES, own))
    block = np.empty((dimensions, own))
    for scramble in range(SCRAMBLES):
        ScrambledNet(dimensions, own, own, generator(seed, "cases", number * SCRAMBLES + scramble)).fill(
            0, block
        )
        found[:, scramble] = block
    return found.reshape(dimensions, size)


def _link(
    pairs: Sequence[Correlation],
    tied: Sequence[str],
    givers: Sequence[str],
    plan: Scenario,
    uniforms: FloatArray,
    bound: Sequence[str],
    different: Sequence[str],
    unknown: Sequence[str],
) -> Link:
    """Return how inputs follow from unknowns, and write what they differ by to their rows of `uniforms`.

    Parameters
    ----------
    uniforms
        Of the inputs `bound`, and after them of the givers.
    """
    names, matrix = copula_matrix([p for p in pairs if set(p.inputs) & {*tied, *givers}])
    own, given = ([names.index(name) for name in group] for group in (tied, givers))
    slopes = np.linalg.solve(matrix[np.ix_(given, given)], matrix[np.ix_(given, own)]).T
    left = matrix[np.ix_(own, own)] - slopes @ matrix[np.ix_(given, own)]
    factor = np.linalg.cholesky(left)
    rows = [bound.index(name) for name in tied]
    uniforms[rows] = factor @ special.ndtri(uniforms[rows])
    return Link(
        tuple(different.index(name) for name in tied),
        tuple(unknown.index(name) for name in givers),
        tuple(plan.distributions[name] for name in givers),
        np.asarray(slopes, np.float64),
        uniforms[len(bound) :].copy(),
    )
