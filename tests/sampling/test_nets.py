"""Sobol' points by linearity are scipy's, and scrambling keeps what makes them good."""

from pathlib import Path

import numpy as np
import pytest
import scipy
from scipy.stats import qmc

from uncertainty.errors import SettingError
from uncertainty.sampling import nets
from uncertainty.sampling.nets import BITS, ScrambledNet, directions, scramble


class Unscrambled(np.random.Generator):
    """A generator of zeros: an identity matrix and no shift."""

    def __init__(self):
        super().__init__(np.random.PCG64(0))

    def integers(self, high, size, dtype):  # noqa: ARG002 - numpy's signature
        return np.zeros(size, dtype)


def points(dimensions, size, rows, generator):
    net = ScrambledNet(dimensions, size, rows, generator)
    blocks = np.empty((size // rows, dimensions, rows))
    for number, block in enumerate(blocks):
        net.fill(number, block)
    return np.concatenate(list(blocks), axis=1)


@pytest.mark.parametrize(("size", "rows"), [(1, 1), (64, 64), (4096, 256)])
def test_unscrambled_points_are_scipys_in_another_order(size, rows):
    ours = points(7, size, rows, Unscrambled()) - 2.0 ** -(BITS + 1)
    theirs = qmc.Sobol(7, scramble=False, bits=BITS).random(size)
    gray = np.arange(size) ^ (np.arange(size) >> 1)
    np.testing.assert_array_equal(ours.T[gray], theirs)


def test_every_block_is_a_net_of_its_own():
    whole = points(5, 4096, 256, np.random.default_rng(1))
    for block in np.split(whole, 16, axis=1):
        cells = np.sort((block * 256).astype(int), axis=1)
        assert (cells == np.arange(256)).all()


def test_pairs_of_dimensions_keep_their_balance_under_scrambling():
    x = points(2, 1024, 1024, np.random.default_rng(2))
    counts = np.histogram2d(*x, bins=(32, 32), range=((0, 1), (0, 1)))[0]
    assert (counts == 1).all()


def test_scrambling_is_linear_and_keeps_the_leading_digit():
    words = directions(4, 12)
    random = np.random.default_rng(3).integers(1 << BITS, size=(4, BITS), dtype=np.uint32)
    one = scramble(words, random)
    both = scramble(words[:, :6] ^ words[:, 6:], random)
    np.testing.assert_array_equal(both, one[:, :6] ^ one[:, 6:])
    np.testing.assert_array_equal(one >> (BITS - 1), words >> (BITS - 1))


def test_scrambled_points_are_uniform_over_scrambles():
    """Over 2,000 scrambles the first point's mean is 1/2 within 5 standard errors."""
    first = np.array([points(2, 8, 8, np.random.default_rng(s))[:, 0] for s in range(2000)])
    assert (np.abs(first.mean(axis=0) - 0.5) < 5 / np.sqrt(12 * 2000)).all()
    assert abs(np.corrcoef(first.T)[0, 1]) < 5 / np.sqrt(2000)


def test_more_dimensions_than_there_are_numbers_for_are_refused():
    with pytest.raises(SettingError, match="sobol has at most 21201 inputs, not 30000"):
        directions(30_000, 3)


def test_a_coordinate_does_not_depend_on_which_others_are_wanted():
    whole = points(6, 64, 16, np.random.default_rng(4))
    out = np.empty((2, 16))
    ScrambledNet(4, 64, 16, np.random.default_rng(4), (3, 1)).fill(2, out)
    np.testing.assert_array_equal(out, whole[[3, 1], 32:48])


@pytest.mark.slow
def test_direction_numbers_are_those_that_scipys_points_have():
    dimensions = len(nets.table()) + 4000
    np.testing.assert_array_equal(directions(dimensions, 15), nets._of_scipy(dimensions, 15))


def test_where_scipys_file_is_another_its_points_tell_the_numbers(monkeypatch):
    dimensions = len(nets.table()) + 2
    tables = directions.__wrapped__(dimensions, 8)
    monkeypatch.setattr(nets, "table_of_scipy", lambda *_: [])
    np.testing.assert_array_equal(directions.__wrapped__(dimensions, 8), tables)
    monkeypatch.undo()
    monkeypatch.setattr(nets, "find_spec", lambda _: None)
    assert nets.table_of_scipy(256, 258) == []


def test_scipy_s_file_has_the_numbers_of_joe_and_kuo():
    """Of the list new-joe-kuo-6 the polynomials with both their ends, and the initial numbers."""
    file = Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"
    listed = [[3, 1], [7, 1, 3], [11, 1, 3, 1], [13, 1, 1, 1], [19, 1, 1, 3, 3]]
    assert nets.table_of_scipy(1, 6) == (listed if file.exists() else [])
