from __future__ import annotations

import pytest

from uncertainty.distributions import Fixed, Normal, Truncated, Uniform, limited
from uncertainty.errors import InvalidValue


def test_a_distribution_within_its_limits_is_left_alone() -> None:
    uniform = Uniform(0, 1)
    assert limited(uniform, 0, 1) is uniform
    assert limited(uniform) is uniform
    assert limited(Fixed(3), low=3) == Fixed(3)


def test_only_the_side_that_reaches_beyond_its_limit_is_truncated() -> None:
    assert limited(Uniform(-1, 1), 0, 5) == Truncated(Uniform(-1, 1), low=0)
    assert limited(Normal(0, 1), -1, 2) == Truncated(Normal(0, 1), -1, 2)
    assert limited(Truncated(Normal(0, 1), low=0), low=0) == Truncated(Normal(0, 1), low=0)


def test_a_distribution_beyond_its_limits_is_refused() -> None:
    with pytest.raises(
        InvalidValue, match="of the probability of fixed\\(-1\\) only 0 lies within the bounds"
    ):
        limited(Fixed(-1), low=0)
