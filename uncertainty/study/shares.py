"""Inputs that are shares of a whole: how they are read, and how they are drawn one after the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.arguments import Arguments
from uncertainty.distributions.bounded import Beta
from uncertainty.distributions.conditional import Conditional, Parametric
from uncertainty.distributions.dirichlet import Share, weights_of
from uncertainty.distributions.parameters import set_once
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.expressions import Call, Name, Number
from uncertainty.indices.index import written
from uncertainty.late import dataclass
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Study
    from uncertainty.units import Unit

SMALLEST = 1e-200
"""Gamma quantity below which its logarithm is taken from its probability."""

ADDED = 1e-9
"""How far from the whole points may add to."""


def read_share(
    text: str, quantity: str, at: Mapping[str, str], indices: Mapping[str, Index], unit: Unit
) -> Share:
    """Read ``dirichlet(a=3, b=2, c=1)`` for one cell of an input.

    Parameters
    ----------
    at
        The cell's members, by index.

    Raises
    ------
    InvalidValue
        If it cannot be read, or the input is no pure number.
    """
    index, weights = weights_of(text, {name: indices[name].names for name in at})
    if not unit.dimension.is_dimensionless:
        raise InvalidValue(f'dirichlet: shares are pure numbers, but the unit is "{unit.text}"')
    members = tuple(weights)
    cells = tuple(written(quantity, ({**at, index: member}[name] for name in at)) for member in members)
    share = Share(members, tuple(weights.values()), cells, members.index(at[index]), 1 / unit.factor)
    set_once(share, "written", " ".join(text.split()))
    return share


def wholes(distributions: Mapping[str, Distribution | None]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the cells of each whole, and those of them whose shares are drawn."""
    seen: set[tuple[str, ...]] = set()
    for found in distributions.values():
        if isinstance(found, Share) and found.cells not in seen:
            seen.add(found.cells)
            free = [name for name in found.cells if _shares(distributions.get(name), found.cells)]
            yield found.cells, free


def _shares(distribution: Distribution | None, cells: tuple[str, ...]) -> bool:
    return isinstance(distribution, Share) and distribution.cells == cells


@dataclass(frozen=True, slots=True)
class Whole:
    """Shares of a whole, as a scenario has them.

    Parameters
    ----------
    shares
        By name, those that are drawn: all that no number or other distribution was put in the place of.
    others
        The names of the other cells; the shares add to what these leave.
    total
        What all cells add to, in their unit.
    """

    shares: Mapping[str, Share]
    others: tuple[str, ...]
    total: float

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the shares that are drawn."""
        return tuple(self.shares)

    @property
    def drawn(self) -> tuple[str, ...]:
        """Those that have draws of their own: the last follows from them."""
        return self.names[:-1]

    @property
    def weights(self) -> FloatArray:
        """Of each share."""
        return np.array([share.weights[share.place] for share in self.shares.values()])

    @property
    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Means of the shares of a whole of 1, and of each two's product, shape (shares, shares)."""
        total = self.weights.sum()
        means = self.weights / total
        return means, (np.outer(means, self.weights) + np.diag(means)) / (total + 1)

    def given(self, left: float) -> dict[str, Share]:
        """Return the distribution of each share of what the others leave."""
        weights, names = tuple(self.weights.tolist()), self.names
        members = tuple(share.members[share.place] for share in self.shares.values())
        found = {}
        for place, (name, share) in enumerate(self.shares.items()):
            found[name] = Share(members, weights, names, place, left)
            set_once(found[name], "written", str(share))
        return found

    def of_scores(self, scores: FloatArray) -> FloatArray:
        """Return the shares of a whole of 1 at independent normal scores, one a share, shape (shares, rows).

        Each share is a gamma quantity over the sum of all, so that none comes before another.
        """
        from uncertainty.special import gammainccinv, gammaincinv, gammaln, log_ndtr, ndtr

        weights = self.weights[:, None]
        sizes = np.where(scores < 0, gammaincinv(weights, ndtr(scores)), gammainccinv(weights, ndtr(-scores)))
        with np.errstate(divide="ignore"):
            # a quantity too small for a number is a power of its probability
            tiny = (log_ndtr(scores) + gammaln(weights + 1)) / weights
            logarithms = np.where(sizes > SMALLEST, np.log(sizes), tiny)
        parts = np.exp(logarithms - logarithms.max(axis=0))
        return np.asarray(parts / parts.sum(axis=0))

    def last(self, values: Mapping[str, FloatArray]) -> FloatArray:
        """Return the last share, which the others leave, from the values of all other cells."""
        return np.asarray(self.total - sum(values[name] for name in (*self.others, *self.drawn)))


def wholes_of(distributions: Mapping[str, Distribution | None]) -> tuple[Whole, ...]:
    """Return the wholes of which shares are drawn."""
    found = []
    for cells, free in wholes(distributions):
        shares = {name: share for name in free if isinstance(share := distributions[name], Share)}
        others = tuple(name for name in cells if name not in free)
        if len(shares) > 1:
            found.append(Whole(Frozen(shares), others, shares[free[0]].whole))
    return tuple(found)


def with_points_of_shares(
    study: Study, points: Mapping[str, float], distributions: Mapping[str, Distribution | None]
) -> dict[str, float]:
    """Return the points, with what other members leave of a whole where these have moved.

    Raises
    ------
    StudyError
        If they leave nothing.
    """
    moved = dict(points)
    for cells, free in wholes(distributions):
        whole = 1 / study.inputs[cells[0]].unit.factor
        taken = math.fsum(points[name] for name in cells if name not in free)
        left, own = whole - taken, math.fsum(points[name] for name in free)
        if left < -ADDED * whole:
            other = next(name for name in cells if name not in free)
            raise StudyError(
                Fault(f"leaves nothing for the other shares of {whole:g}", f"inputs.{other}", "")
            )
        if abs(own - left) > ADDED * whole and own > 0:
            moved |= {name: points[name] * max(left, 0.0) / own for name in free}
    return moved


def broken_up(
    study: Study, distributions: Mapping[str, Distribution]
) -> tuple[dict[str, Distribution], dict[str, Expression]]:
    """Return shares as what those before leave of a whole, and by the last of each whole what is left.

    Parameters
    ----------
    distributions
        Of every input.
    """
    found, last = dict(distributions), {}
    for cells, free in wholes(distributions):
        fixed = [name for name in cells if name not in free]
        whole = 1 / study.inputs[cells[0]].unit.factor
        for place, name in enumerate(free):
            before = [*fixed, *free[:place]]
            share = distributions[name]
            if not isinstance(share, Share):
                continue
            if name == free[-1]:
                last[name] = _left(before)
                continue
            weight = dict(zip(cells, share.weights, strict=True))
            others = math.fsum(weight[each] for each in free[place + 1 :])
            found[name] = _of_the_rest(weight[name], others, before, whole, str(share))
    return found, last


def _of_the_rest(own: float, others: float, before: Sequence[str], whole: float, text: str) -> Distribution:
    if not before:
        alone = Beta(own, others, 0.0, whole)
        set_once(alone, "written", text)
        return alone
    given = Parametric(Arguments("beta", (own, others, 0.0, _left(before)), {}, None))
    set_once(given, "written", text)
    return Conditional(given)


def _left(before: Sequence[str]) -> Expression:
    """Return what some shares leave, as a pure number."""
    left: Expression = Number(1.0)
    for name in before:
        left = Call("subtract", (left, Name(name)))
    return left


def check_shares(study: Study, faults: Faults) -> None:
    """Record shares whose points do not add to the whole, or that are limited or correlated."""
    distributions = {name: item.distribution for name, item in study.inputs.items()}
    for cells, free in wholes(distributions):
        items = [study.inputs[name] for name in cells if name in study.inputs]
        key = f"inputs.{items[0].quantity or cells[0]}"
        points = [item.point for item in items]
        numbers = [point for point in points if isinstance(point, float)]
        whole = 1 / items[0].unit.factor
        total = math.fsum(numbers)
        if len(numbers) == len(cells) and abs(total - whole) > ADDED * whole:
            faults.add(f"{key}.point", f"expected shares that add to {whole:g}, found {total:.12g}")
        if any(item.low is not None or item.high is not None for item in items):
            faults.add(
                f"{key}.distribution", "dirichlet: shares lie between 0 and all; leave out low and high"
            )
        correlated = {name for pair in study.correlations for name in pair.inputs}
        if bound := [name for name in free if name in correlated]:
            said = f'the shares that "{bound[0]}" is one of bind one another already'
            faults.add("correlations", said)


def share_at(study: Study, name: str) -> dict[str, str]:
    """Return the members of a cell, by index."""
    quantity = study.quantities.get(study.inputs[name].quantity)
    if quantity is None:
        return {}
    members = next(members for members, cell in quantity.cells.items() if cell == name)
    return dict(zip(quantity.indices, members, strict=True))


def refuse_one_text_for_all(given: object, at: Mapping[str, str]) -> None:
    """Refuse one text for the cells of several indices.

    Raises
    ------
    InvalidValue
        If it is one, with where texts belong.
    """
    if isinstance(given, str) and len(at) > 1:
        names = " or ".join(at)
        raise InvalidValue(
            f"dirichlet: shares are of the members of one index; write a text for each member of {names}"
        )
