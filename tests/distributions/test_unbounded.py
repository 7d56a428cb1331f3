from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Normal, StudentT
from uncertainty.errors import InvalidValue


def test_a_normal_is_symmetric_about_its_mean() -> None:
    u = np.array([1e-9, 0.01, 0.3])
    normal = Normal(3, 2)
    np.testing.assert_allclose(normal.quantile(u) + normal.quantile(1 - u), 6, rtol=1e-6)


@pytest.mark.parametrize(
    ("df", "mean", "sd"),
    [
        (0.5, math.nan, math.nan),
        (1, math.nan, math.nan),
        (1.5, 2.0, math.inf),
        (2, 2.0, math.inf),
        (4, 2.0, math.sqrt(2) * 3),
    ],
)
def test_moments_of_a_t_exist_from_enough_degrees_of_freedom_on(df: float, mean: float, sd: float) -> None:
    t = StudentT(2, 3, df)
    assert t.mean == pytest.approx(mean, nan_ok=True)
    assert t.sd == pytest.approx(sd, nan_ok=True)


def test_a_t_with_one_degree_of_freedom_is_the_cauchy_distribution() -> None:
    u = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(
        StudentT(0, 1, 1).quantile(u), np.tan(np.pi * (u - 0.5)), rtol=1e-12, atol=1e-14
    )


def test_whole_numbers_become_floats() -> None:
    assert repr(Normal(1, 2)) == "Normal(mean=1.0, sd=2.0)"


@pytest.mark.parametrize("value", [math.nan, math.inf, "1", None, True, 10**400, 1e200, 1e-200])
def test_python_users_are_refused_what_the_language_refuses(value: object) -> None:
    with pytest.raises(InvalidValue, match="normal: mean must be"):
        Normal(value, 1)  # type: ignore[arg-type]  # what must be refused
