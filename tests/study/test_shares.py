"""Shares of a whole, drawn from a Dirichlet distribution over the members of an index."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.errors import StudyError, UncertaintyError
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Shares"
headline = "y"
[indices.part]
members = ["a", "b", "c"]
[inputs.share]
unit = "%"
index = ["part"]
point = { a = 50, b = 30, c = 20 }
distribution = "dirichlet(a=3, b=2, c=1)"
[inputs.other]
unit = "1"
point = 1
distribution = "1 to 2"
[outputs.y]
value = "share[a] + 2 * share[b] + other"
unit = "1"
[outputs.share]
unit = "1"
"""


@pytest.fixture
def study(tmp_path):
    def load(change=("", ""), text=STUDY):
        path = tmp_path / "study.toml"
        path.write_text(text.replace(*change), encoding="utf-8")
        return un.load_study(path)

    return load


def shares(study, samples=2**14, **options):
    found = un.propagate(study, samples=samples, seed=1, **options).outputs
    return np.array([found[f"share[{member}]"].draws.values for member in "abc"])


def test_a_result_has_of_each_share_what_it_is_by_itself(study):
    found = un.propagate(study(), samples=64).inputs
    for own, member in zip((3, 2, 1), "abc", strict=True):
        exact = stats.beta(own, 6 - own)
        told = found[f"share[{member}]"]
        np.testing.assert_allclose(told.interval_90, 100 * exact.ppf([0.05, 0.95]), rtol=1e-9)
        np.testing.assert_allclose(told.median, 100 * exact.median(), rtol=1e-9)


def test_a_result_has_whole_numbers_of_a_count_whose_parameter_is_an_input(study):
    count = '[inputs.k]\nunit = "1"\npoint = 3\ndistribution = "binomial(n=10, p=p)"\n'
    count += '[inputs.p]\nunit = "1"\npoint = 0.3\ndistribution = "uniform(0.2, 0.4)"\n[outputs.y]\n'
    found = un.propagate(study(("[outputs.y]\n", count)), samples=64).inputs["k"]
    exact = stats.binom(10, 0.3)
    assert (found.median, found.interval_90) == (exact.median(), tuple(exact.ppf([0.05, 0.95])))


def test_what_one_share_is_fixed_at_the_others_leave(study):
    found = un.propagate(study(), samples=64, overrides={"share[a]": 50}).inputs
    np.testing.assert_allclose(
        found["share[c]"].interval_90, 50 * stats.beta(1, 2).ppf([0.05, 0.95]), rtol=1e-9
    )


def test_shares_add_to_the_whole_and_have_the_moments_and_margins_of_the_distribution(study):
    found = shares(study())
    assert np.abs(found.sum(axis=0) - 1).max() < 1e-15
    exact = stats.dirichlet([3, 2, 1])
    np.testing.assert_allclose(np.cov(found), exact.cov(), atol=3e-4)
    for own, values in zip((3, 2, 1), found, strict=True):
        assert stats.kstest(values, stats.beta(own, 6 - own).cdf).statistic < 0.005


def test_what_is_fixed_leaves_the_others_their_distribution_of_the_rest(study):
    a, b, c = shares(study(), overrides={"share[b]": 40})
    assert b == pytest.approx(0.4)
    assert stats.kstest(a / 0.6, stats.beta(3, 1).cdf).statistic < 0.005
    assert c == pytest.approx(0.6 - a)
    plan = scenario(study(), override={"share[b]": 40})
    assert [plan.points[f"share[{m}]"] for m in "abc"] == pytest.approx([300 / 7, 40, 120 / 7])
    a, b, c = shares(study(), overrides={"share[a]": 40, "share[c]": 50})
    assert b == pytest.approx(0.1)
    whole = shares(study(), overrides={"share": "dirichlet(a=1, b=1, c=8)"})
    assert whole.mean(axis=1) == pytest.approx([0.1, 0.1, 0.8], abs=0.005)


def test_a_member_may_have_a_distribution_of_its_own(study):
    a, b, c = shares(study(), overrides={"share[b]": "uniform(10, 20)"})
    assert np.abs(a + b + c - 1).max() < 1e-15
    assert stats.kstest(a / (a + c), stats.beta(3, 1).cdf).statistic < 0.005
    with pytest.raises(UncertaintyError, match=r"the rest of share\[c\] is impossible"):
        shares(study(), overrides={"share[b]": "uniform(10, 120)", "share[a]": 0}, samples=256)


def test_a_whole_is_one_input_in_sensitivity(study):
    found = un.sobol(study(), output="y", samples=4096).outputs["y"].indices
    assert list(found) == ["other", "share"]
    # the variance of a + 2 b, by the covariances of the distribution
    cov = stats.dirichlet([3, 2, 1]).cov()
    own = cov[0, 0] + 4 * cov[1, 1] + 4 * cov[0, 1]
    other = stats.lognorm(np.log(2) / 2 / 1.6448536, scale=np.sqrt(2)).var()
    assert pytest.approx(own / (own + other), abs=0.01) == found["share"].S1


WRONG = {
    ("c = 20", "c = 10"): "inputs.share.point: expected shares that add to 100, found 90",
    ("c=1)", "d=1)"): 'dirichlet: unknown member "d" of the index part; known: a, b, c',
    (", c=1)", ")"): "dirichlet: no number for c; fix what has no share at 0",
    ("c=1)", "c=0)"): 'dirichlet: expected a number from 0.001 to 1e+12 for c, found "0"',
    ("c=1)", "b=1)"): "dirichlet: b stands twice",
    ("(a=3, b=2, c=1)", "()"): "dirichlet: expected a number for each member, as in dirichlet(a=1, b=1, c=1)",
    ('c=1)"', 'c=1)"\nlow = 0'): "dirichlet: shares lie between 0 and all; leave out low and high",
    (
        'index = ["part"]',
        'index = ["part"]\nacross = 0.5',
    ): 'the shares that "share[a]" is one of bind one another',
}


@pytest.mark.parametrize(("change", "message"), WRONG.items())
def test_what_is_wrong_is_said_in_one_line(study, change, message):
    with pytest.raises(StudyError) as caught:
        study(change)
    assert message in str(caught.value)
    assert len(caught.value.faults) == 1


def test_over_two_indices_each_member_of_the_other_has_its_text(study):
    two = STUDY.replace('index = ["part"]', 'index = ["land", "part"]').replace(
        "[inputs.share]", '[indices.land]\nmembers = ["us", "in"]\n[inputs.share]'
    )
    two = two.replace("share[a] + 2 * share[b]", "share[us,a]").replace('[outputs.share]\nunit = "1"', "")
    with pytest.raises(StudyError, match="of one index; write a text for each member of part or land"):
        study(text=two)
    texts = '{ us = "dirichlet(a=3, b=2, c=1)", in = "dirichlet(a=1, b=1, c=1)" }'
    found = study(('"dirichlet(a=3, b=2, c=1)"', texts), two)
    assert scenario(found).bound == (("share[a,us]", "share[b,us]"), ("share[a,in]", "share[b,in]"))


def test_an_input_without_an_index_has_no_shares(study):
    text = STUDY.replace("[inputs.other]", "[inputs.other]").replace('"1 to 2"', '"dirichlet(a=1, b=2)"')
    with pytest.raises(StudyError, match=r"the input needs index = \["):
        study(text=text)
