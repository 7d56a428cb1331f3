"""Members of an input that have one score (`across = "same"`): one input in every analysis.

Where one input at a time moves, all of them go to one quantile, each of its own distribution. They differ in
their values, so that what is asked of them, and answered, is that quantile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import special
from uncertainty.distributions import Uniform
from uncertainty.distributions.protocol import LARGEST, inside
from uncertainty.study.cells import entry_of, inputs_of, titles_of
from uncertainty.study.correlation import alike, among, connected
from uncertainty.units import Dimension, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Input, Study
    from uncertainty.study.scenario import Scenario

QUANTILE = Unit("quantile", 1.0, Dimension())

QUANTILES = Uniform(0.0, 1.0)
"""The distribution of the quantile at which members of one score lie."""


class OneScore(NamedTuple):
    """Members of an input that have one score.

    Parameters
    ----------
    name
        How analyses call them: by the input's name, or by an address of some of its cells.
    members
        Their names.
    points, distributions
        Of each member.
    """

    name: str
    members: tuple[str, ...]
    points: tuple[float, ...]
    distributions: tuple[Distribution, ...]

    @property
    def point(self) -> float:
        """The quantile of their points: where these lie at several, that of the mean of their scores."""
        places = []
        for point, distribution in zip(self.points, self.distributions, strict=True):
            places.append(distribution.cdf(np.array([np.nextafter(point, -np.inf), point])).mean())
        return float(special.ndtr(special.ndtri(inside(np.array(places))).mean()))

    def among(self, inputs: Collection[str]) -> OneScore:
        """Return what is asked where some inputs alone have columns."""
        kept = [place for place, name in enumerate(self.members) if name in inputs]
        return OneScore(
            self.name,
            tuple(self.members[place] for place in kept),
            tuple(self.points[place] for place in kept),
            tuple(self.distributions[place] for place in kept),
        )

    def values(self, quantiles: FloatArray) -> FloatArray:
        """Return what the members are, shape (members, n), at n quantiles."""
        within = np.clip(quantiles, 1 - LARGEST, LARGEST)
        return np.array([each.quantile(within) for each in self.distributions])


def one_scores(plan: Scenario) -> tuple[OneScore, ...]:
    """Return the sets of varying inputs that have one score, each with two members or more."""

    def find() -> tuple[OneScore, ...]:
        pairs = filter(alike, among(plan.study.correlations, plan.varying))
        return tuple(_one(plan, members) for members in connected(pairs))

    found: tuple[OneScore, ...] = plan.once.of("one scores", find)
    return found


def _one(plan: Scenario, members: tuple[str, ...]) -> OneScore:
    ordered = tuple(name for name in plan.varying if name in members)
    return OneScore(
        entry_of(plan.study, ordered, plan.varying),
        ordered,
        tuple(plan.points[name] for name in ordered),
        tuple(plan.distributions[name] for name in ordered),
    )


def members_among(plan: Scenario, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the members among some inputs of those that have one score there with another, by their name."""
    sets = {each.name: tuple(n for n in each.members if n in names) for each in one_scores(plan)}
    return {name: members for name, members in sets.items() if len(members) > 1}


def called(plan: Scenario, names: Collection[str]) -> dict[str, str]:
    """Return by input how analyses call it: members of one score, of which there are two, by its name."""
    known = {member: name for name, own in members_among(plan, names).items() for member in own}
    return {name: known.get(name, name) for name in names}


def as_one(plan: Scenario, names: Collection[str]) -> tuple[str, ...]:
    """Return inputs with members of one score as one, in the place of the first."""
    return tuple(dict.fromkeys(called(plan, names).values()))


def cells_of(plan: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """Return inputs with the members of those of one score in their place."""
    known = {each.name: each.members for each in one_scores(plan)}
    return tuple(member for name in names for member in known.get(name, (name,)))


def quantiles_of(columns: Iterable[FloatArray]) -> FloatArray:
    """Return the quantiles among draws at which members of one score lie, from those of each, shape (rows,).

    Draws in which no member tells them apart have one quantile.
    """
    places = np.add.reduce([np.unique(column, return_inverse=True)[1] for column in columns])
    _, order, counts = np.unique(places, return_inverse=True, return_counts=True)
    found: FloatArray = ((np.cumsum(counts) - counts / 2) / len(places))[order]
    return found


def item_of(study: Study, name: str) -> Input:
    """Return an input, or what stands for members of one score: their quantile, under their own title."""
    if name in study.inputs:
        return study.inputs[name]
    first = study.inputs[inputs_of(study, name)[0]]
    return replace(
        first,
        name=name,
        label=" and ".join(titles_of(study, name)),
        unit=QUANTILE,
        point=0.5,
        distribution=QUANTILES,
        low=0.0,
        high=1.0,
    )


def point_of(plan: Scenario, name: str) -> float:
    """Return an input's point, or the quantile at which those of members of one score lie."""
    return next((each.point for each in one_scores(plan) if each.name == name), plan.points.get(name, np.nan))
