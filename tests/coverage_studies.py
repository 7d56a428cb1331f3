"""Studies of coverage: few repeats for every change, all of them for `make coverage-studies`."""

import numpy as np
import pytest


def repeated(few, many):
    """Give a test its number of `repeats`: few in a slow test, many in a long one."""
    counts = [pytest.param(few, marks=pytest.mark.slow), pytest.param(many, marks=pytest.mark.long)]
    return pytest.mark.parametrize("repeats", counts)


def error(share, repeats):
    """Return the standard error of a share of independent repeats."""
    return np.sqrt(share * (1 - share) / repeats)


def assert_near_95_percent(shares, repeats):
    """Hold shares of repeats that covered to 92 to 98 %, but for two standard errors; one for their mean."""
    shares = np.array(shares)
    below, above = error(0.92, repeats), error(0.98, repeats)
    assert 0.92 - below <= shares.mean() <= 0.98 + above, shares
    assert shares.min() > 0.92 - 2 * below, shares
    assert shares.max() < 0.98 + 2 * above, shares
