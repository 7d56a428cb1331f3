"""What is kept of averages over the cases of a net, and for how long."""

import pickle

import numpy as np
import pytest

from uncertainty.records import Lately
from uncertainty.sampling import case_stages
from uncertainty.sampling.case_stages import Averaged, Kept, Means, means


@pytest.fixture
def store(monkeypatch):
    """Room for the means of five draws, of one quantity for those of four."""
    kept = Lately(5)
    monkeypatch.setattr(case_stages, "_store", lambda: kept)
    monkeypatch.setattr(case_stages, "MOST_OF_ONE", 4)


def test_means_are_kept_as_far_as_there_is_room(store):
    one, other = Means(), Means()
    assert one.of(b"a") is None
    of_a, of_b, of_c, many = (np.full((8, count), float(count)) for count in (2, 3, 4, 5))
    one.keep(b"a", of_a)
    other.keep(b"a", of_b)
    assert one.of(b"a") is of_a
    assert other.of(b"a") is of_b
    one.keep(b"many", many)
    assert one.of(b"many") is None
    one.keep(b"c", of_c)
    assert one.of(b"c") is of_c
    assert (one.of(b"a"), other.of(b"a")) == (None, None)


def test_another_process_finds_means_anew(store):
    one = Means()
    one.keep(b"a", np.ones((8, 1)))
    assert pickle.loads(pickle.dumps(one)).of(b"a") is None


def test_what_was_found_of_values_is_found_once_until_there_is_too_much_of_it(monkeypatch):
    monkeypatch.setattr(case_stages, "MOST_FINDINGS", 3)
    kept, found = Kept(), []

    def once(what, asked):
        def find():
            found.append((what, asked))
            return len(found)

        return kept.once(what, asked, find)

    assert [once("sd", b"a"), once("sd", b"b"), once("mean", b"a")] == [1, 2, 3]
    assert [once("sd", b"a"), once("sd", b"b"), once("mean", b"a")] == [1, 2, 3]
    assert kept.knows("sd", b"b")
    assert not kept.knows("mean", b"b")
    assert once("mean", b"b") == 4
    assert not kept.knows("sd", b"b")
    assert [once("mean", b"b"), once("sd", b"a")] == [4, 5]


def test_what_is_not_kept_is_found_each_time():
    found = iter(range(5))
    alone = Averaged("y", (0,), None)
    assert [alone.once("sd", lambda: next(found)) for _ in range(2)] == [0, 1]
    kept = Averaged("y", (0,), None, Kept(), b"a")
    again = Averaged("y", (0,), None, kept.kept, b"b")
    assert [each.once("sd", lambda: next(found)) for each in (kept, kept, again, kept)] == [2, 2, 3, 2]


def test_means_of_each_scramble_are_by_its_weights():
    rng = np.random.default_rng(1)
    values, weights = rng.normal(size=(3, 16)), rng.normal(size=(8, 16))
    assert means(values, weights) == pytest.approx(weights @ values.T)
    np.testing.assert_array_equal(means(values, weights)[:, 1:], means(values[1:], weights))
