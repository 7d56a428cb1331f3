from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Arcsine, Loguniform, Uniform


def test_a_uniform_reaches_exactly_its_bounds() -> None:
    assert tuple(Uniform(0.1, 0.7).quantile(np.array([0.0, 1.0]))) == (0.1, 0.7)


def test_an_arcsine_is_a_sinusoid_at_a_random_phase() -> None:
    u = np.linspace(0, 1, 21)
    np.testing.assert_allclose(Arcsine(-1, 1).quantile(u), -np.cos(np.pi * u), atol=1e-15)


def test_every_factor_of_a_loguniform_is_equally_likely() -> None:
    np.testing.assert_allclose(Loguniform(1, 1000).cdf(np.array([1, 10, 100, 1000])), [0, 1 / 3, 2 / 3, 1])


@pytest.mark.parametrize("width", [1e-9, 1e-6, 1e-3, 2e-3, 0.01])
def test_the_sd_of_a_narrow_loguniform_is_that_of_a_uniform(width: float) -> None:
    narrow = Loguniform(1, 1 + width)
    assert narrow.sd == pytest.approx(width / math.sqrt(12), rel=max(width**2, 1e-6))
