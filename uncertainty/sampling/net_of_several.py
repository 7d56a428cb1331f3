"""Outputs over one net of cases, and their differences without the spread that the net adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.case_draws import without_net

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray


class NetOfSeveral(NamedTuple):
    """Alternatives over cases, before the spread of their net was taken from each by itself.

    Parameters
    ----------
    told
        With all scrambles, and without each of them, shape (versions, alternatives, draws).
    wider
        By what factor scrambles differ more in each than these few of them tell.
    bent
        Whether each is a function of averages.
    inner
        Number of cases in each draw.
    """

    told: FloatArray
    wider: Sequence[float]
    bent: Sequence[bool]
    inner: int

    def difference(self, one: int, other: int, rows: int) -> FloatArray:
        """Return one less another, without the spread that the net adds to it, shape (versions, draws).

        What the net gets wrong of both alike is in neither their difference nor its spread; what it gets
        wrong of each by itself may be most of that.

        Parameters
        ----------
        rows
            Of one replicate.
        """
        found = without_net(
            self.told[:, one] - self.told[:, other],
            rows,
            logarithmic=False,
            bent=self.bent[one] and self.bent[other],
            inner=self.inner,
            wider=max(self.wider[one], self.wider[other]),
        )
        return np.array([found.values, *(each.values for each in found.without)])
