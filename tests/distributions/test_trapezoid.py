from __future__ import annotations

import numpy as np
import pytest

from uncertainty.distributions import CurvilinearTrapezoid, Trapezoid, Triangular, Uniform

U = np.linspace(0, 1, 201)


def test_a_trapezoid_without_slopes_is_uniform() -> None:
    np.testing.assert_allclose(Trapezoid(1, 1, 3, 3).quantile(U), Uniform(1, 3).quantile(U), rtol=1e-14)


def test_a_trapezoid_without_a_top_is_triangular() -> None:
    np.testing.assert_array_equal(Trapezoid(0, 1, 1, 4).quantile(U), Triangular(0, 1, 4).quantile(U))


def test_a_symmetric_trapezoid_has_the_moments_of_the_standard() -> None:
    # JCGM 101:2008, 6.4.4.2: variance (b - a)^2 (1 + beta^2) / 24, with beta the top's share of the width.
    trapezoid = Trapezoid(-2, -0.5, 0.5, 2)
    assert trapezoid.mean == pytest.approx(0, abs=1e-15)
    assert trapezoid.sd == pytest.approx(np.sqrt(16 * (1 + 0.25**2) / 24))


@pytest.mark.parametrize("inexactness", [0.01, 0.3, 1.0])
def test_a_curvilinear_trapezoid_is_drawn_as_the_standard_says(inexactness: float) -> None:
    # JCGM 101:2008, 6.4.3.4; the Kolmogorov distance of 400,000 draws exceeds 1.95 / sqrt(n) once in 1000.
    r1, r2 = np.random.default_rng(5).random((2, 400_000))
    start = -inexactness + 2 * inexactness * r1
    draws = np.sort(start + ((0 + 2) - 2 * start) * r2)
    cdf = CurvilinearTrapezoid(0, 2, inexactness).cdf(draws)
    assert np.max(np.abs(cdf - np.arange(0.5, draws.size) / draws.size)) < 1.95 / np.sqrt(draws.size)


def test_the_density_of_a_curvilinear_trapezoid_is_that_of_the_standard() -> None:
    # JCGM 101:2008, 6.4.3.2: logarithms of the distance from the middle, over 4 times the inexactness.
    x, d, w, step = np.linspace(-1.2999, 1.2999, 501), 0.3, 1.0, 1e-6
    ctrap = CurvilinearTrapezoid(-1, 1, d)
    density = np.log((w + d) / np.maximum(np.abs(x), w - d)) / (4 * d)
    slope = (ctrap.cdf(x + step) - ctrap.cdf(x - step)) / (2 * step)
    np.testing.assert_allclose(slope, density, atol=1e-5)


def test_a_hardly_inexact_curvilinear_trapezoid_is_uniform() -> None:
    np.testing.assert_allclose(
        CurvilinearTrapezoid(1, 3, 1e-9).quantile(U), Uniform(1, 3).quantile(U), atol=2e-9
    )
