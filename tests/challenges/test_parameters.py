"""Inputs whose parameters are other quantities are told in values that they have, wherever the points lie."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, poisson

import uncertainty as un

STUDY = """
format = 1
[study]
title = "Parameters"
headline = "y"
[inputs.mu]
unit = "1"
point = {mu}
distribution = "normal(5, 1)"
[inputs.s]
unit = "1"
point = {s}
distribution = "uniform(0.1999, 0.2001)"
[inputs.b]
unit = "1"
point = {b}
distribution = "normal(mu, 2)"
[inputs.c]
unit = "1"
point = {c}
distribution = "lognormal(median=5, sigma=s)"
[outputs.y]
value = "b + mu"
unit = "1"
reference = 5
[outputs.z]
value = "c"
unit = "1"
reference = 0
"""


AT_MEDIANS = pytest.param((5, 0.2, 5, 5), id="at the medians", marks=pytest.mark.slow)


@pytest.fixture(params=[AT_MEDIANS, pytest.param((1, 1, 1, 1), id="far from them")], scope="module")
def challenged(request, tmp_path_factory):
    """What is found of both outputs with the publication's points in two places."""
    path = tmp_path_factory.mktemp("parameters") / "study.toml"
    path.write_text(STUDY.format_map(dict(zip(("mu", "s", "b", "c"), request.param, strict=True))))
    found = un.document(un.challenge(un.load_study(path), output=["y", "z"], samples=2**12))
    return found["results"]["outputs"]


def test_a_design_point_is_a_combination_that_reaches_the_threshold(challenged):
    """Scores z of mu and w of b give 10 + 2 z + 2 w, which is 5 at z = w = -1.25."""
    found = challenged["y"]["design_point"]["reference"]
    assert found["distance"] == pytest.approx(1.25 * np.sqrt(2))
    assert found["inputs"]["mu"]["value"] == pytest.approx(3.75, abs=1e-4)
    assert found["inputs"]["b"]["value"] == pytest.approx(1.25, abs=1e-4)
    assert found["inputs"]["b"]["median"] == pytest.approx(5)


def test_a_break_even_beside_distributed_others_is_a_value_at_the_parameters_medians(challenged):
    """The median of 10 + 2 z + 2 w over z is 5 at w = -2.5, where b is 0 if mu is 5."""
    found = challenged["y"]["break_even"]["b"]["reference"]["distributed"]
    assert found["value"] == pytest.approx(0, abs=4 * found["value_error"] + 1e-6)


def test_a_moved_median_is_moved_by_its_share(challenged):
    moved = {
        each["change"]: each["median"]
        for each in challenged["z"]["robustness"]["answers"]
        if each["kind"] == "median" and each["input"] == "c"
    }
    assert moved == {share: pytest.approx(5 * (1 + share), rel=2e-3) for share in moved}
    assert len(moved) == 6


def test_draws_have_the_values_that_a_range_holds(challenged):
    """In single draws b is normal about 5 with a variance of 5."""
    found = challenged["y"]["stress"]["reference"]["box"]["b"]
    assert found["probability"] == pytest.approx(norm.cdf(found["high"], 5, np.sqrt(5)), abs=0.01)


BY_MEMBER = """
format = 1
[study]
title = "Members"
headline = "y"
[indices.c]
members = ["u", "w"]
[inputs.cat]
member_of = "c"
point = "{point}"
distribution = "one_of(u=3, w=2)"
[inputs.m]
unit = "1"
index = ["c"]
point = {{ u = 4, w = 10 }}
[inputs.k]
unit = "1"
point = 1
distribution = "normal(m[cat], 0.5)"
low = 0
[outputs.y]
value = "k"
unit = "1"
reference = 0
"""


@pytest.mark.slow
@pytest.mark.parametrize("point", ["u", "w"])
def test_a_moved_median_is_that_of_the_category_s_median_member(tmp_path, point):
    """With u the median of k is 4, and its draws, three in five, are moved by a share of themselves."""
    path = tmp_path / "study.toml"
    path.write_text(BY_MEMBER.format(point=point))
    found = un.document(un.challenge(un.load_study(path), samples=2**12))["results"]["outputs"]["y"]
    own = norm.ppf(0.5 / 0.6, 4, 0.5)
    moved = {
        each["change"]: each["median"]
        for each in found["robustness"]["answers"]
        if each["kind"] == "median" and each["input"] == "k"
    }
    assert len(moved) == 6
    assert moved == {share: pytest.approx(own * (1 + share), abs=0.04) for share in moved}


NARROW = """
format = 1
[study]
title = "Narrow"
headline = "y"
[inputs.m]
unit = "1"
point = 4
distribution = "uniform(3.9, 4.1)"
[inputs.x]
unit = "1"
point = 4
distribution = "{text}"
{limit}
[outputs.y]
value = "x"
unit = "1"
reference = 3
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("normal(m, 0.1)", "low = 0"),
        ("gamma(mean=m, sd=0.1)", ""),
        ("lognormal(mean=m, sd=0.1)", "low = 1"),
        ("triangular(m - 0.2, m, m + 0.2)", ""),
        ("pert(m - 0.2, m, m + 0.2)", ""),
        ("gumbel(m, 0.1)", "low = 0"),
        ("lognormal(mean=m, sd=0.1)", ""),
    ],
)
def test_a_narrow_input_is_moved_beyond_all_that_it_is_drawn_as(tmp_path, text, limit):
    """Moved by half of its median it lies where its distribution has a probability of 0 or 1 in numbers."""
    path = tmp_path / "study.toml"
    path.write_text(NARROW.format(text=text, limit=limit))
    found = un.document(un.challenge(un.load_study(path), samples=2**10))["results"]["outputs"]["y"]
    own = found["robustness"]["own"]["median"]
    moved = {
        each["change"]: each["median"]
        for each in found["robustness"]["answers"]
        if each["kind"] == "median" and each["input"] == "x"
    }
    assert len(moved) == 6
    assert moved == {share: pytest.approx(own * (1 + share), abs=0.03) for share in moved}
    for each in found["break_even"]["x"]["reference"].values():
        assert each["status"].startswith("crosses")
        assert each["value"] == pytest.approx(3, abs=1e-3)


FOLLOWING = """
format = 1
[study]
title = "Following"
headline = "y"
[indices.c]
members = ["u", "w"]
[inputs.mu]
unit = "1"
point = 1
distribution = "normal(5, 3)"
[inputs.x]
unit = "1"
point = 2
distribution = "normal(mu, 4)"
[inputs.lam]
unit = "1"
point = 2
distribution = "lognormal(4, 1.5)"
[inputs.n]
unit = "1"
point = 2
distribution = "poisson(lam)"
[inputs.p]
unit = "1"
point = 0.9
distribution = "uniform(0, 1)"
[inputs.cat]
member_of = "c"
point = "u"
distribution = "one_of(u=p, w=1-p)"
[inputs.m]
unit = "1"
index = ["c"]
point = { u = 4, w = 10 }
[outputs.y]
value = "x"
unit = "1"
reference = 5
[outputs.z]
value = "n"
unit = "1"
reference = 2.5
[outputs.v]
value = "m[cat]"
unit = "1"
reference = 6
"""


@pytest.fixture(scope="module")
def following(tmp_path_factory):
    path = tmp_path_factory.mktemp("following") / "study.toml"
    path.write_text(FOLLOWING)
    found = un.challenge(un.load_study(path), output=["y", "z", "v"], samples=2**12)
    return un.document(found)["results"]["outputs"]


@pytest.mark.slow
def test_values_of_inputs_drawn_given_others_tell_failing_draws_apart(following):
    """Each output is the value of one input, so that all that fail lie on one side of those that hold."""
    causes = {
        output: following[output]["stress"]["reference"]["shifts"][name]
        for output, name in (("y", "x"), ("z", "n"), ("v", "cat"))
    }
    assert {output: cause["distance"] for output, cause in causes.items()} == {"y": 1, "z": 1, "v": 1}
    # one half lies about a quarter, the other about three quarters
    assert causes["y"]["shift"] == pytest.approx(-0.5, abs=1e-3)
    lam = 4 * 1.5 ** norm.ppf((np.arange(10_000) + 0.5) / 10_000)
    chances = poisson.pmf(np.arange(60)[:, None], lam).mean(axis=1)
    places, below = np.cumsum(chances) - chances / 2, np.cumsum(chances) - chances
    # the median of the counts up to 2, and of those above
    middles = [np.searchsorted(below, middle) - 1 for middle in (below[3] / 2, (1 + below[3]) / 2)]
    assert causes["z"]["shift"] == pytest.approx(places[middles[0]] - places[middles[1]], abs=0.01)
    assert (causes["v"]["member"], causes["v"]["shift"]) == ("u", 1)


@pytest.mark.slow
def test_the_top_driver_is_told_by_values_also_of_inputs_drawn_given_others(following):
    """The output is x, whatever its parameter is changed to."""
    for output, name in (("y", "x"), ("z", "n")):
        answers = [following[output]["robustness"]["own"], *following[output]["robustness"]["answers"]]
        assert {each["driver"] for each in answers} == {name}
        np.testing.assert_allclose([each["driver_share"] for each in answers], 1, rtol=1e-3)


@pytest.mark.slow
def test_a_count_at_which_an_output_crosses_lies_beyond(following):
    """The median of n given its score is that at the median of lam: 3 does not fail, and 2 does."""
    for each in following["z"]["break_even"]["n"]["reference"].values():
        assert each["value"] in (2, 3)
    found = following["z"]["break_even"]["n"]["reference"]["distributed"]
    assert found["value"] == 2
    assert found["quantile"] == pytest.approx(poisson.cdf(1, 4) + poisson.pmf(2, 4) / 2, abs=1e-6)


GUARDED = """
format = 1
[study]
title = "A spread that may be impossible"
headline = "y"
nonfinite = "drop"
[inputs.s]
unit = "1"
point = 0.5
distribution = "normal(0.5, 0.25)"
[inputs.x]
unit = "1"
point = 1
distribution = "normal(1, s)"
[inputs.z]
unit = "1"
point = 4
distribution = "2 to 8"
[outputs.y]
value = "where(s > 0, x, 1) * z"
unit = "1"
reference = 2
[outputs.beyond]
value = "x > 1.5"
unit = "1"
reference = 0.5
"""


@pytest.mark.slow
def test_a_box_leaves_out_what_has_no_value_in_some_draws(tmp_path):
    """An input that a condition spares is not asked for where its parameters are impossible."""
    path = tmp_path / "study.toml"
    path.write_text(GUARDED)
    stress = un.challenge(un.load_study(path), output="y", samples=2**12).outputs["y"].stress["reference"]
    assert {side.input for side in stress.box} <= {"s", "z"}
    assert "x" in {shift.input for shift in stress.shifts}


def test_what_has_no_value_is_not_beyond_a_limit_nor_within_it(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(GUARDED)
    found = un.propagate(un.load_study(path), outputs="beyond", samples=2**15).outputs["beyond"]
    # what s is where it is possible
    spreads = norm(0.5, 0.25).ppf(np.linspace(norm.cdf(-2), 1, 200_001)[1:-1])
    share = found.share_at_least_reference
    assert abs(share.value - norm.sf(0.5 / spreads).mean()) < 4 * share.error
    path.write_text(GUARDED.replace('nonfinite = "drop"', ""))
    with pytest.raises(un.UncertaintyError, match="there sd of x is impossible"):
        un.propagate(un.load_study(path), outputs="beyond", samples=2**12)


def test_draws_alone_tell_nothing_of_an_input_that_some_of_them_lack(tmp_path):
    """Leaving it out would call the others all that there is."""
    path = tmp_path / "study.toml"
    path.write_text(GUARDED)
    found = un.given_data(un.draw_sample(un.load_study(path), output="y", samples=2**12))["y"]
    assert (dict(found.inputs), found.reason) == ({}, "in some draws there is no value of “x”")


SPARED = """
format = 1
[study]
title = "A probability that may be impossible"
headline = "spared"
nonfinite = "drop"
[inputs.ill]
unit = "1"
point = 3
distribution = "poisson(3)"
[inputs.p]
unit = "1"
point = 0.3
distribution = "normal(0.3, 0.2)"
[inputs.hits]
unit = "1"
point = 1
distribution = "binomial(10, p)"
[outputs.spared]
value = "hits > 0 or ill > 2"
unit = "1"
[outputs.asked]
value = "where(hits >= 0, hits > 0 or ill > 2, 0)"
unit = "1"
"""


@pytest.mark.slow
def test_a_draw_keeps_its_value_where_the_other_part_decides_and_goes_where_the_input_is_asked_for(load):
    """Both in closed form: shares of draws that have a value, and of draws whose probability is possible."""
    found = un.propagate(load(SPARED), samples=2**15).outputs
    others = poisson.sf(2, 3)
    possible = np.diff(norm(0.3, 0.2).cdf([0, 1]))[0]
    none = quad(lambda p: norm.pdf(p, 0.3, 0.2) * (1 - p) ** 10, 0, 1)[0] * (1 - others)
    exact = {
        "spared": 1 - none / (possible + (1 - possible) * others),
        "asked": 1 - none / possible,
    }
    for name, share in exact.items():
        mean = found[name].draws.mean
        assert abs(mean.value - share) < 4 * mean.error
    assert found["asked"].dropped == pytest.approx(1 - possible, abs=1e-3)
    assert found["spared"].dropped == pytest.approx((1 - possible) * (1 - others), abs=1e-3)
