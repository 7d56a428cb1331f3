"""How alternatives stand to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import dataclass
from uncertainty.records import brief
from uncertainty.results import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.case_statistics import Spread
    from uncertainty.sampling.estimate import Estimate


@record("**spread", "probability_best=best", "rank")
class Standing(NamedTuple):
    """How one alternative stands among the others.

    Parameters
    ----------
    spread
        Of the output itself.
    best
        The share of draws in which no other is better; ties count for each of them.
    rank
        Its place among all, 1 being the best: the median and the interval.
    """

    spread: Spread
    best: Estimate
    rank: Spread


@record("outputs", "**spread", "probability_first_better=better", "probability_equal=equal")
class Paired(NamedTuple):
    """The difference of two alternatives in the same draws.

    Parameters
    ----------
    outputs
        Their names: of the first less the second.
    spread
        Of the difference.
    better
        The share of draws in which the first is better.
    equal
        The share of draws in which neither is.
    """

    outputs: tuple[str, str]
    spread: Spread
    better: Estimate
    equal: Estimate


@record("standings", "differences")
@dataclass(frozen=True, eq=False)
class Ranking:
    """Alternatives beside one another.

    Parameters
    ----------
    standings
        By output.
    differences
        Of each two.
    """

    standings: Mapping[str, Standing]
    differences: tuple[Paired, ...]

    __repr__ = brief

    @property
    def leader(self) -> str:
        """The output that is most often the best."""
        return max(self.standings, key=lambda name: self.standings[name].best.value)

    def equals(self, name: str) -> dict[str, float]:
        """Return the share of draws in which each other output is equal to one, where there are any."""
        pairs = {(*pair.outputs, pair.equal.value) for pair in self.differences if name in pair.outputs}
        shares = {other if one == name else one: share for one, other, share in pairs if share > 0}
        return {other: shares[other] for other in self.standings if other in shares}
