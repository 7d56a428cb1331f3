from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from uncertainty.distributions.functions import integrate

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("function", "integral"),
    [
        (np.exp, math.e - 1),
        (np.log, -1.0),
        (lambda x: x**-0.5, 2.0),
        (lambda x: x**-0.9, 10.0),
        (lambda x: np.log(x) ** 2, 2.0),
        (lambda x: np.abs(x - 0.3), 0.29),
        (lambda x: np.where(x < 1 / 3, 0.0, 1.0), 2 / 3),
    ],
)
def test_smooth_singular_kinked_and_broken_functions(
    function: Callable[[np.ndarray], np.ndarray], integral: float
) -> None:
    assert integrate(function, np.array([0.0]), np.array([1.0])) == pytest.approx(integral, rel=1e-11)


def test_no_interval_has_no_integral() -> None:
    assert integrate(np.exp, np.array([]), np.array([])) == 0.0
