"""Shares of the draws at an end that averages over cases reach exactly, against closed forms."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from variants import variants

import uncertainty as un
from uncertainty.sampling import atoms

STUDY = """
format = 1
[study]
title = "Events that all cases meet"
headline = "y"
compare = ["y", "z"]
[inputs.n]
unit = "1"
point = 0.2
distribution = "uniform(0, 1)"
[inputs.q]
unit = "1"
point = 0.2
kind = "variability"
distribution = "beta(2, 2)"
[outputs.y]
unit = "1"
value = "{value}"
over = "average"
reference = {end}
[outputs.z]
unit = "1"
value = "where(n < 0.5, 1, 0)"
"""


def made(tmp_path, value="n * q < 0.18", end=1):
    path = tmp_path / "atoms.toml"
    path.write_text(STUDY.format(value=value, end=end), encoding="utf-8")
    return un.load_study(path)


def right(found, share):
    return found.error < 0.003 and abs(found.value - share) < 2.6 * found.error


# of all cases, whose q reaches 1, an event holds only where n is at most 0.18; a net of 256 misses the last
@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("n * q < 0.18", 1),
        ("100 * average(n * q < 0.18)", 100),
        ("2 - 3 * average(n * q < 0.18)", -1),
        ("average(q * average(n * q < 0.18)) / average(q)", 1),
        ("n * q > 0.18", 0),
        ("maximum(0, n * q - 0.18)", 0),
    ],
)
def test_draws_at_an_end_are_those_of_which_all_cases_there_can_be_stand_there(tmp_path, value, end):
    draws = un.propagate(made(tmp_path, value, end), outputs=["y"], cases=False, seed=1).outputs["y"].draws
    found = draws.share_at_most(end) if end <= 0 else draws.share_at_least(end)
    assert right(found, 0.18)


def test_alternatives_are_equal_on_average_only_where_all_cases_are(tmp_path):
    average = un.compare_alternatives(made(tmp_path), seed=1).average
    assert right(average.standings["z"].best, 0.68)
    assert right(average.differences[0].equal, 0.18)


def test_what_all_cases_there_can_be_meet_stays_where_it_is(tmp_path):
    study = made(tmp_path, "where(n < 0.5, q / q, 0)")
    found = un.propagate(study, outputs=["y"], cases=False, seed=1).outputs["y"].draws.share_at_least(1)
    assert (found.value, found.error) == (0.5, pytest.approx(0.0011, rel=0.1))


def test_draws_that_agree_whatever_their_cases_are_ask_for_no_other_cases(tmp_path, monkeypatch):
    def refused(*_):
        raise AssertionError

    monkeypatch.setattr("uncertainty.sampling.atoms.far_out_cases", refused)
    study = made(tmp_path, "where(average(n * q) > 0, 1, 0)")
    draws = un.propagate(study, outputs=["y"], cases=False, seed=1).outputs["y"].draws
    assert (draws.lowest, draws.highest) == (1, 1)


def missed(*draws):
    """Return what 6 cases of a net have missed that 4 others tell of, and as many far out."""
    far = SimpleNamespace(size=4, sets=(0, 1))
    density = np.array([[100.0, 200.0, 400.0, 1e15], [3.0] * 4])
    asked = SimpleNamespace(_inner=6, _others=4, _far_out=(far, density))
    values = np.array([[*net, *others, *far_out] for net, others, far_out in draws], float)
    return atoms._Asked._missed(asked, SimpleNamespace(reads=(0,)), values)[0]


NET, SAME = [2.0] * 6, [2.0] * 4
NAN, INF = math.nan, math.inf


def test_what_a_net_has_missed_is_told_by_other_cases_and_by_those_far_out():
    found = missed(
        # of plain cases a quarter is away by 3, and those far out are not asked
        (NET, [2, 5, 2, 2], [9, 2, 2, 2]),
        # they count by how dense they lie, up to where nothing is known
        (NET, SAME, [2, 5, 7, 2]),
        (NET, SAME, [2, 2, 2, 5]),
        # what rounding makes is nothing, nor is what has no number
        (NET, [2, 2 + 1e-9, 2, 2], SAME),
        (NET, [NAN, INF, -INF, 2], [NAN, -INF, INF, 2]),
        (NET, [INF, 1, 1, 2], SAME),
        # the net has met others
        ([*NET[1:], 3], [2, 5, 2, 2], SAME),
        # of a share of more than three over its cases it would hardly have missed all
        (NET, [5, 5, 5, 2], SAME),
    )
    assert found == pytest.approx([0.75, 3 / 800 + 5 / 1600, 0, 0, 0, -0.5, 0, 3 * 0.5])


@pytest.mark.parametrize("apart", [1, 3])
def test_draws_agree_that_share_a_value_whatever_scramble_is_left_out(apart):
    versions = np.array([[0.5, 3.0, 1.0, 3.0, 2.0, 1.0 + 1e-13], [0.5, 3.0, 1.0, 3.0, 2.0, 1.0]])
    assert atoms.in_atoms(versions).tolist() == [False, True, True, True, False, True]
    # the same on average of all, and apart without one of them
    versions[1, 1:6:2] += np.array([1, 0, 0]) if apart == 1 else np.array([0.1, 0, 1e-13])
    assert atoms.in_atoms(versions)[[0, 2, 4]].tolist() == [False, True, False]


NONE = """
format = 1
[study]
title = "No success in twenty tries"
headline = "y"
[inputs.p]
unit = "1"
distribution = "beta(2, 3)"
[inputs.n]
unit = "1"
point = 5
kind = "variability"
distribution = "binomial(20, p)"
[outputs.y]
unit = "1"
value = "where(n == 0, 1, 0)"
over = "average"
"""


@pytest.mark.parametrize("seed", variants([1, 2], lambda seed: seed == 1))
def test_an_end_that_rests_on_cases_rarer_than_any_that_are_met_has_an_error(tmp_path, seed):
    (tmp_path / "none.toml").write_text(NONE, encoding="utf-8")
    low = un.propagate(un.load_study(tmp_path / "none.toml"), seed=seed).outputs["y"].ends.low
    right = (1 - stats.beta(2, 3).ppf(0.975)) ** 20
    assert 0 < right < 1e-12
    assert abs(low.value - right) < 2 * low.error
