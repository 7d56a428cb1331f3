"""The distance between samples is the largest one between their distribution functions."""

import numpy as np
import pytest

from uncertainty.sampling.estimate import kolmogorov_smirnov


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ([0, 1], [2, 3], 1),
        ([3, 1, 2], [2, 3, 1], 0),
        ([4, 1, 3, 2], [3.5, 9], 0.75),
        ([1, 1, 2], [1, 2, 2], 1 / 3),
        ([], [1], 0),
    ],
)
def test_it_is_that_of_the_step_functions(one, other, distance):
    pair = np.array(one, dtype=float), np.array(other, dtype=float)
    assert kolmogorov_smirnov(*pair) == pytest.approx(distance)
    assert kolmogorov_smirnov(*pair[::-1]) == pytest.approx(distance)
