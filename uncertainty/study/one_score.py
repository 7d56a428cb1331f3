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
from uncertainty.study.correlation import alike, connected
from uncertainty.units import Dimension, Unit

if TYPE_CHECKING:
    from collections.abc import Collection

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
    point
        The quantile of their points: where these lie at several, that of the mean of their scores.
    distributions
        Of each member.
    """

    name: str
    members: tuple[str, ...]
    point: float
    distributions: tuple[Distribution, ...]

    def among(self, inputs: Collection[str]) -> OneScore:
        """Return what is asked where some inputs alone have columns."""
        kept = {n: d for n, d in zip(self.members, self.distributions, strict=True) if n in inputs}
        return self._replace(members=tuple(kept), distributions=tuple(kept.values()))

    def values(self, quantiles: FloatArray) -> FloatArray:
        """Return what the members are, shape (members, n), at n quantiles."""
        within = np.clip(quantiles, 1 - LARGEST, LARGEST)
        return np.array([each.quantile(within) for each in self.distributions])


def one_scores(plan: Scenario) -> tuple[OneScore, ...]:
    """Return the sets of varying inputs that have one score, each with two members or more."""

    def find() -> tuple[OneScore, ...]:
        varying = set(plan.varying)
        pairs = [each for each in plan.study.correlations if alike(each) and varying >= set(each.inputs)]
        return tuple(_one(plan, members) for members in connected(pairs))

    found: tuple[OneScore, ...] = plan.once.of("one scores", find)
    return found


def _one(plan: Scenario, members: tuple[str, ...]) -> OneScore:
    ordered = tuple(name for name in plan.varying if name in members)
    distributions = tuple(plan.distributions[name] for name in ordered)
    places = []
    for name, distribution in zip(ordered, distributions, strict=True):
        point = plan.points[name]
        places.append(distribution.cdf(np.array([np.nextafter(point, -np.inf), point])).mean())
    point = float(special.ndtr(special.ndtri(inside(np.array(places))).mean()))
    return OneScore(entry_of(plan.study, ordered, plan.varying), ordered, point, distributions)


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
