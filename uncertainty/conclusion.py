"""What a study comes to for one output: in which direction, how much, and what decides it.

The numbers behind the first sentences of every page; `uncertainty.calibrated_sentences` writes them.
"""

from __future__ import annotations

import math
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import numbers
from uncertainty.late import dataclass
from uncertainty.leading import Claim, fewest
from uncertainty.records import Frozen, brief
from uncertainty.results import record
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Output


SURE = 0.01
"""Share that virtual certainty leaves open."""

LIKELY, UNLIKELY = 2 / 3, 1 / 3
"""Shares above which something is likely, and up to which it is unlikely: 66 and 33 % are said of thirds."""

VALUE = attrgetter("value")
"""What estimates are put in order by."""

TWICE = 2
"""Times one interval is as wide as another, on the output's scale, from which on they differ in width."""


@record("reading", "share=share.value", "share_error=share.error")
class Extreme(NamedTuple):
    """The share of draws on one side of a value under the reading where it is least or greatest.

    Parameters
    ----------
    reading
        Its name.
    share
        The share of draws, from 0 to 1; 0 or 1 where nothing varies.
    varies
        Whether anything does, or the side that one number lies on is not known.
    beyond
        Of a figure that is asked for, the share without the draws at the figure itself, which lie on neither
        side of it.
    """

    reading: str
    share: Estimate
    varies: bool
    beyond: Estimate | None = None

    @property
    def turned(self) -> Extreme:
        """The share on the other side."""
        return self._replace(share=self.share.complement, beyond=None)


@record("limit", "above", "readings", "least", "greatest", "own", "preferred")
class Direction(NamedTuple):
    """How sure it is on which side of a value an output lies.

    Parameters
    ----------
    limit
        The output's reference, or the published figure where there is none.
    above
        Whether the side asked about is at the value and above it, or at the value and below it.
    readings
        How many readings were asked: the publication's own, and those that change something of the output.
    least, greatest
        Under which of them the fewest and the most draws lie on that side.
    met
        Whether draws of any of them lie at the value itself.
    own, preferred
        What the publication's own reading says, and the preferred one; None where the study prefers none that
        changes something of the output.
    every
        What each reading says.
    """

    limit: float
    above: bool
    readings: int
    least: Extreme
    greatest: Extreme
    met: bool
    own: Extreme
    preferred: Extreme | None
    every: tuple[Extreme, ...]

    @property
    def turned(self) -> Direction:
        """The same of the other side, which has of the value itself what this one has not."""
        liked = None if self.preferred is None else self.preferred.turned
        return Direction(
            self.limit,
            not self.above,
            self.readings,
            self.greatest.turned,
            self.least.turned,
            False,
            self.own.turned,
            liked,
            tuple(each.turned for each in self.every),
        )


@record("variance_between", "apart=apart.value", "widest=widest.value", "by_factors", "decides")
class Convention(NamedTuple):
    """What choosing another of the leading readings does, beside what each leaves open.

    Parameters
    ----------
    variance_between
        Share of the variance, on the output's scale and with all readings weighing the same, that lies
        between the readings that vary.
    apart
        How far the lowest and the highest of their medians lie apart: a factor, or a difference.
    widest, narrowest
        How far the ends of the widest of their intervals lie apart, and of the narrowest.
    by_factors
        Whether these are factors: not where signs change.
    """

    variance_between: float
    apart: Estimate
    widest: Estimate
    narrowest: Estimate
    by_factors: bool

    @property
    def decides(self) -> bool:
        """Whether the convention decides more than the data."""
        return self.variance_between > 0.5 and self.apart.value > self.widest.value

    @property
    def widens(self) -> bool:
        """Whether the convention sets how wide the interval is, so that the data alone do not."""
        narrow, wide, apart = self.narrowest.value, self.widest.value, self.apart.value
        is_wider = narrow**TWICE < wide if self.by_factors else TWICE * narrow < wide
        return apart <= wide and (is_wider or apart > narrow)


@record("output", "reading", "limit", "above", "share=share.value", "share_error=share.error")
class WorstDifference(NamedTuple):
    """One of the study's differences or totals, under the reading where it holds in the fewest cases.

    It is the first that is unlikely under some reading, or else the one that holds in the fewest cases.

    Parameters
    ----------
    output, reading
        Their names.
    limit
        Its reference.
    above
        Whether the claimed side is at the reference and above it; else at it and below.
    share
        Share of the draws on that side.
    met
        Whether draws lie at the reference itself.
    """

    output: str
    reading: str
    limit: float
    above: bool
    share: Estimate
    met: bool


@record("direction", "one_case", "figure", "convention", "worst_difference")
@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a study comes to for one output.

    Parameters
    ----------
    direction
        How sure the direction is over all readings; None where there is neither reference nor figure.
    one_case
        The same of any one case, where the output speaks of all of them together: of the readings under which
        cases differ. Its own and its preferred reading are those of all cases where none differs. None where
        cases differ under no reading.
    figure
        How sure it is over all readings that the published figure is reached, where there is a reference too.
    convention
        Whether the convention or the data leave more open; None where fewer than two leading readings vary.
    worst_difference
        One of the study's differences and totals where it does worst; None where there are none.
    """

    direction: Direction | None
    one_case: Direction | None
    figure: Direction | None
    convention: Convention | None
    worst_difference: WorstDifference | None

    __repr__ = brief

    @property
    def differs_everywhere(self) -> bool:
        """Whether cases differ under every reading in which anything varies."""
        if self.direction is None or self.one_case is None:
            return False
        differing = {each.reading for each in self.one_case.every}
        return all(each.reading in differing for each in self.direction.every if each.varies)


def conclude(
    output: Output,
    asked: Mapping[str, OutputDistribution],
    leading: Sequence[OutputDistribution],
    differences: Mapping[str, Mapping[str, OutputDistribution]],
    preferred: str | None,
) -> Conclusion:
    """Return what a study comes to for an output.

    Parameters
    ----------
    asked
        Its distribution as published, and under each reading that changes something of it.
    leading
        Those under the readings that are led with.
    differences
        The study's differences and totals beside it, by name and by reading.
    preferred
        The reading that the study prefers, if any.
    """
    claim = Claim.of(output, asked[AS_PUBLISHED].point)
    direction = one_case = figure = None
    if claim is not None:
        direction = _direction(claim, asked, preferred)
        if output.over != "case":
            one_case = _of_one_case(claim, asked, preferred)
    published = output.published_value
    if claim is not None and published is not None and output.reference is not None:
        figure_claim = claim._replace(limit=published, two_sided=output.claim == "about")
        figure = _direction(figure_claim, asked, preferred)
    return Conclusion(direction, one_case, figure, _convention(leading), _worst_difference(differences))


def _of_one_case(
    claim: Claim, asked: Mapping[str, OutputDistribution], preferred: str | None
) -> Direction | None:
    """Return the direction of any one case, of the readings under which cases differ; None without one.

    Nor is there one where nothing is told of any one case under some reading: of the others alone too little
    would be told.
    """
    if any(found.told_alone for found in asked.values()):
        return None
    single = {name: found.one_case for name, found in asked.items()}
    differing = {name: found for name, found in single.items() if asked[name].any_case}
    return _direction(claim, single, preferred, differing) if differing else None


def _direction(
    claim: Claim,
    asked: Mapping[str, OutputDistribution],
    preferred: str | None,
    told: Mapping[str, OutputDistribution] = Frozen(),
) -> Direction:
    """Return on which side an output lies.

    Parameters
    ----------
    told
        The readings of which the least and the greatest are told; all of them where none is named.
    """
    every = told or asked
    least, greatest = (_extreme(claim, every, sign) for sign in (1, -1))
    met = any(claim.is_met(found.draws) for found in every.values())
    own = _share(claim, asked, AS_PUBLISHED)
    liked = _share(claim, asked, preferred) if preferred in asked and preferred is not None else None
    shares = tuple(_share(claim, every, name) for name in every)
    return Direction(claim.limit, claim.above, len(every), least, greatest, met, own, liked, shares)


def _share(claim: Claim, asked: Mapping[str, OutputDistribution], reading: str) -> Extreme:
    share = claim.share(asked[reading].draws)
    low, high = numbers.bounds(share)
    # one number that cases tell may lie on either side
    beyond = claim.beyond(asked[reading].draws) if claim.two_sided else None
    return Extreme(reading, share, _may_vary(asked[reading]) or low < high, beyond)


def _extreme(claim: Claim, asked: Mapping[str, OutputDistribution], sign: int) -> Extreme:
    """Return the reading with the fewest (1) or the most (-1) draws on a side.

    Of shares that agree within their errors it is the one whose median lies farther out. Where nothing varies
    in it, one takes its place that is virtually as sure.
    """
    shares = {name: claim.share(found.draws) for name, found in asked.items()}
    outwards = -sign if claim.above else sign
    tied = fewest(shares, sign)
    if not any(_may_vary(asked[name]) for name in tied):
        # one number tells less than a reading that is virtually as sure
        end = shares[tied[0]].value
        near = {n: s for n, s in shares.items() if _may_vary(asked[n]) and abs(s.value - end) <= SURE}
        tied = fewest(near, sign) if near else tied
    tied = [name for name in tied if _may_vary(asked[name])] or tied
    reading = max(tied, key=lambda name: outwards * asked[name].median)
    return _share(claim, asked, reading)


def _may_vary(found: OutputDistribution) -> bool:
    """Tell whether an output varies, or might though no draw has shown it."""
    return found.varies or found.draws.unmet


def _convention(leading: Sequence[OutputDistribution]) -> Convention | None:
    found = [each for each in leading if each.varies and each.probability is None]
    if len(found) < 2:
        return None
    medians = [each.middle for each in found]
    every = [each.value for each in (*medians, *(end for each in found for end in each.ends))]
    by_factors = min(every) > 0 or max(every) < 0
    widths = [distance(*each.ends, by_factors=by_factors) for each in found]
    apart = distance(min(medians, key=VALUE), max(medians, key=VALUE), by_factors=by_factors)
    return Convention(_between(found), apart, max(widths, key=VALUE), min(widths, key=VALUE), by_factors)


def distance(low: Estimate, high: Estimate, *, by_factors: bool) -> Estimate:
    """Return how far two results lie apart: a factor, or a difference, with errors taken as independent."""
    errors = [each.error for each in (low, high) if each.error is not None]
    if not by_factors:
        return Estimate(high.value - low.value, math.hypot(*errors) if len(errors) == 2 else None)
    small, large = sorted((abs(low.value), abs(high.value)))
    if len(errors) < 2:
        return Estimate(large / small, None)
    return Estimate(large / small, large / small * math.hypot(errors[0] / low.value, errors[1] / high.value))


def _between(found: Sequence[OutputDistribution]) -> float:
    """Return the share of the variance that lies between some distributions of equal weight."""
    logarithmic = found[0].output.scale == "log10" and all(each.draws.lowest > 0 for each in found)
    moments = [each.draws.log_moments if logarithmic else (each.mean, each.sd) for each in found]
    means, sds = np.array(moments).T
    size = max(float(np.abs(means).max()), float(sds.max()), math.ulp(0.0))
    between, within = float(np.var(means / size)), float(np.mean((sds / size) ** 2))
    return between / (between + within)


def _weakest(shares: Mapping[tuple[str, str], Estimate]) -> tuple[str, str]:
    """Return the first difference that some reading makes unlikely, or else the one that holds least often.

    What asks for more holds in fewer cases, but says less than that what asks for less is unlikely already.
    """
    unlikely = [output for (output, _), share in shares.items() if share.value <= UNLIKELY]
    return fewest({each: shares[each] for each in shares if not unlikely or each[0] == unlikely[0]})[0]


def _worst_difference(
    differences: Mapping[str, Mapping[str, OutputDistribution]],
) -> WorstDifference | None:
    shares: dict[tuple[str, str], Estimate] = {}
    claims: dict[str, Claim] = {}
    for name, found in differences.items():
        published = found[AS_PUBLISHED]
        claim = Claim.of(published.output, published.point)
        if claim is not None:
            claims[name] = claim
            shares |= {(name, reading): claim.share(each.draws) for reading, each in found.items()}
    if not shares:
        return None
    output, reading = _weakest(shares)
    claim = claims[output]
    met = claim.is_met(differences[output][reading].draws)
    return WorstDifference(output, reading, claim.limit, claim.above, shares[output, reading], met)
