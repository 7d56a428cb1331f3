from __future__ import annotations

import numpy as np

from uncertainty.distributions.functions import first_reaching


def test_the_root_is_found_to_the_last_bit() -> None:
    target = np.array([2.0, 1e-30, 1e200])
    found = first_reaching(lambda x: x * x, target, np.zeros(3), np.full(3, 1e150))
    assert np.all(found * found >= target)
    before = np.nextafter(found, 0)
    assert np.all(before * before < target)


def test_a_jump_is_met_exactly() -> None:
    target = np.array([0.5, 1.0])
    found = first_reaching(lambda x: (x >= -0.1) * 1.0, target, np.full(2, -np.inf), np.full(2, np.inf))
    np.testing.assert_array_equal(found, [-0.1, -0.1])


def test_the_upper_bound_is_returned_if_nothing_reaches() -> None:
    ends = np.array([3.0])
    assert first_reaching(np.zeros_like, np.array([1.0]), -ends, ends) == 3.0


def test_zero_is_found_without_a_sign() -> None:
    found = first_reaching(
        lambda x: np.where(x >= 0, 1.0, 0.0), np.array([1.0]), np.array([-1.0]), np.array([1.0])
    )
    assert found == 0.0
    assert not np.signbit(found)[0]
