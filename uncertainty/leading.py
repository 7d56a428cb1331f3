"""Which readings a result is led with, and how much single cases speak for a claim under each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from uncertainty.case_statistics import beyond_above
from uncertainty.sampling.estimate import ERRORS_WIDE
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sampling.statistics import Draws
    from uncertainty.study.model import Output, Study

Key = TypeVar("Key")

UNTOLD = 0.5
"""Width of a share's 95 % interval from which on its draws do not tell the share."""


class Leading(NamedTuple):
    """The readings to be led with.

    Parameters
    ----------
    names
        The publication's own, the preferred one and the least favourable one; where one of these is missing,
        the most favourable one and then others make up the three.
    least_favourable, most_favourable
        The reading that speaks least for the claim, and most; empty where that is the publication's own.
    """

    names: tuple[str, ...]
    least_favourable: str
    most_favourable: str


MET = 1e-9
"""Share of draws at a value beyond which some lie there: what adding up shares may be off."""


class Claim(NamedTuple):
    """What is claimed of an output, as a value and the side of it on which the claim holds.

    Parameters
    ----------
    limit
        The output's reference, or the published figure where there is none.
    above
        Whether the claim holds at the value and above it, or at the value and below it.
    two_sided
        Whether the claim fails on either side: one "about" a figure.
    """

    limit: float
    above: bool
    two_sided: bool

    @classmethod
    def of(cls, output: Output, point: float) -> Claim | None:
        """Return the claim, if there is one.

        Parameters
        ----------
        point
            As published; on its side of the reference lies a claim without a figure.
        """
        limit = output.published_value if output.reference is None else output.reference
        if limit is None:
            return None
        return cls(limit, beyond_above(output, point), output.claim == "about" and output.reference is None)

    def share(self, draws: Draws) -> Estimate:
        """Return the share of draws on the claim's side; of a two-sided claim at the figure or above it."""
        return draws.share_at_least(self.limit) if self.above else draws.share_at_most(self.limit)

    def beyond(self, draws: Draws) -> Estimate:
        """Return the share of draws on the claim's side, without those at the limit itself."""
        other = draws.share_at_most(self.limit) if self.above else draws.share_at_least(self.limit)
        return other.complement

    def is_met(self, draws: Draws) -> bool:
        """Tell whether draws lie at the limit itself, which belongs to either side."""
        both = draws.share_at_least(self.limit), draws.share_at_most(self.limit)
        return sum(share.value for share in both) > 1 + MET

    def support(self, draws: Draws) -> Estimate:
        """Return the share that speaks for the claim; of a two-sided one that of the emptier side."""
        if not self.two_sided:
            return self.share(draws)
        sides = draws.share_at_least(self.limit), draws.share_at_most(self.limit)
        return min(sides, key=lambda share: share.value)


def leading_readings(
    study: Study, output: Output, found: Mapping[str, OutputDistribution], reaching: tuple[str, ...]
) -> Leading:
    """Choose the readings to be led with.

    The least favourable reading is the one with the fewest single cases on the claim's side of the
    reference, or of the published figure where there is no reference. Shares that agree within their errors
    are ties, which go to the median that speaks more against the claim, and then to the order of the study.
    Only readings that change something the output depends on are asked, and in which something varies.

    Parameters
    ----------
    found
        The output under every reading.
    reaching
        The readings that change something of it, in the study's order.
    """
    asked = [name for name in (AS_PUBLISHED, *reaching) if name != AS_CHOSEN and found[name].varies]
    medians = {name: found[name].draws.quantile(0.5) for name in asked}
    least, most = (_extreme(output, found, medians, sign) for sign in (1, -1))
    preferred = study.preferred_reading
    leading = [AS_PUBLISHED]
    leading += [preferred] if preferred in reaching and preferred is not None else []
    leading += [least] if least else []
    fillers = [most, *asked] if most else asked
    for name in [each for each in fillers if each not in (*leading, AS_CHOSEN)][: 3 - len(set(leading))]:
        leading.insert(len(leading) - bool(least and least != preferred), name)
    leading += [AS_CHOSEN] if AS_CHOSEN in study.readings else []
    return Leading(tuple(dict.fromkeys(leading)), least, most)


def _extreme(
    output: Output, found: Mapping[str, OutputDistribution], medians: Mapping[str, Estimate], sign: int
) -> str:
    """Return the reading that speaks most against a claim (1), or for it (-1); no more than the first: ""."""
    if len(medians) < 2:
        return ""
    claim = Claim.of(output, found[AS_PUBLISHED].point)
    worse = {name: sign * _against(output, claim, median.value) for name, median in medians.items()}
    tied = list(medians)
    if claim is not None:
        alone = not any(found[name].told_alone for name in medians)
        told = {name: found[name].one_case if alone else found[name] for name in medians}
        shares = {name: claim.support(each.draws) for name, each in told.items()}
        tied = fewest(shares, sign)
    extreme = max(tied, key=worse.__getitem__)
    if AS_PUBLISHED not in tied:
        return extreme
    farther = worse[extreme] > worse[AS_PUBLISHED]
    return extreme if farther and not agree(medians[AS_PUBLISHED], medians[extreme]) else ""


def stands_out(output: Output, found: Mapping[str, OutputDistribution], reading: str, sign: int) -> bool:
    """Tell whether no reading's median speaks more against the claim (1), or for it (-1), than this one's."""
    claim = Claim.of(output, found[AS_PUBLISHED].point)
    medians = {name: each.draws.quantile(0.5) for name, each in found.items() if name != AS_CHOSEN}
    against = {name: sign * _against(output, claim, median.value) for name, median in medians.items()}
    own = against[reading]
    return not any(
        value > own and not agree(medians[name], medians[reading]) for name, value in against.items()
    )


def fewest(shares: Mapping[Key, Estimate], sign: int = 1) -> list[Key]:
    """Return the names whose share is the least (1) or the greatest (-1), or agrees with it.

    A share of which the draws tell next to nothing would agree with any: it is left out beside others.
    """
    told = {name: share for name, share in shares.items() if _reach(share, 0) + _reach(share, 1) < UNTOLD}
    end = min((told or shares).values(), key=lambda share: sign * share.value)
    return [name for name, share in (told or shares).items() if agree(share, end)]


def agree(one: Estimate, other: Estimate) -> bool:
    """Tell whether two numbers from draws agree within their errors."""
    low, high = sorted((one, other), key=lambda found: found.value)
    return high.value - low.value <= math.hypot(_reach(low, 1), _reach(high, 0))


def _reach(found: Estimate, end: int) -> float:
    """Return how far the 95 % interval of a number reaches, upwards (1) or downwards (0)."""
    if found.bounds is not None:
        return abs(found.bounds[end] - found.value)
    return ERRORS_WIDE * (found.error or 0.0)


def _against(output: Output, claim: Claim | None, median: float) -> float:
    """Measure how much a median speaks against an output's claim; more is worse."""
    figure = output.published_value
    if output.claim != "about" or figure is None:
        below = output.claim == "at most" if claim is None else not claim.above
        return median if below else -median
    if output.scale == "log10":
        return abs(math.log(median / figure)) if median > 0 and figure > 0 else math.inf
    return abs(median - figure)
