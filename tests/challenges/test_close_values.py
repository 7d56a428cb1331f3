"""Searches beside a large value find what they find of the same study without it."""

import pytest

import uncertainty as un
from uncertainty.challenges.analysis import challenge

STUDY = """
format = 1
[study]
title = "T"
headline = "f"
[inputs.a]
unit = "Hz"
point = {a}
distribution = "{of_a}"
[inputs.b]
unit = "Hz"
point = 100
distribution = "normal(100, {v})"
[outputs.f]
unit = "Hz"
value = "{value}"
published = {a}
digits = 15
claim = "at least"
reference = {reference}
"""

CASES = {
    # centre, standard uncertainties of a and b, and how far below the median the reference lies, in theirs
    "a laser": (473612353604000.0, 3000.0, 4000.0, 2.5),
    "a caesium clock": (9192631770.0, 0.3, 0.4, 2.0),
    "a frequency standard": (1e7, 3e-5, 4e-5, 1.0),
    "an optical clock": (429228004229873.0, 3.0, 4.0, 2.0),
}


@pytest.fixture
def make(write_study):
    def make(case, value="a + b - 100[Hz]", of_a=None, unit=1.0):
        centre, u, v, sds = CASES[case]
        reference = centre - 5 / 3 * u * sds
        of_a = of_a or f"normal({centre}, {u})"
        text = STUDY.format(a=centre, of_a=of_a, v=v * unit, value=value, reference=repr(reference))
        return challenge(un.load_study(write_study(text)), samples=2**8).outputs["f"]

    return make


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_design_point_lies_where_it_lies_without_the_large_value(make, case):
    point = make(case).design_points["reference"]
    sds = CASES[case][3]
    # an optical clock's values are 0.06 Hz apart, which is a hundredth of its spread
    assert point.distance == pytest.approx(sds, rel=0.01)
    assert point.inputs["b"].score == pytest.approx(-0.8 * sds, rel=0.03)
    assert point.inputs["a"].score == pytest.approx(-0.6 * sds, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_break_even_of_a_large_input_is_exact(make, case):
    centre, u, v, sds = CASES[case]
    found = {
        (each.input, each.threshold.kind, each.others): each
        for one in make(case).break_even.values()
        for each in one
    }
    alone = found["a", "reference", "points"]
    exact = centre - 5 / 3 * u * sds
    assert alone.value == pytest.approx(exact, rel=3e-16, abs=1e-4 * u)
    other = found["b", "reference", "points"]
    assert other.value - 100 == pytest.approx(exact - centre, abs=max(1e-3 * v, 2e-16 * centre))


@pytest.mark.slow
def test_what_lies_beyond_a_narrow_distribution_is_said_to(make):
    """Five per cent beyond the end of a range that is a billionth of its size."""
    centre = CASES["a caesium clock"][0]
    found = make("a caesium clock", of_a=f"uniform({centre - 0.9}, {centre + 0.9})")
    alone = next(
        each
        for each in found.break_even["a"]
        if (each.threshold.kind, each.others) == ("reference", "points")
    )
    assert alone.value == pytest.approx(centre - 1.0, abs=1e-5)
    assert alone.status == "crosses beyond its distribution"
