"""Statistics are as exact arithmetic has them, within the rounding that is given of each."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from uncertainty.tables.descriptive import FLOATING, rare, usual

COLUMNS = {
    "of one size": [12.31, 14.52, 9.87, 16.02, 11.45, 13.3, 10.9, 12.75],
    "of many sizes": [1.41e17, 4.43e17, 1.81e11, 9.49e8, 1.66e8, 6.93e5, 21624, 6586],
    "of both signs": [-1e15, 1e15, 3.25, -7.5, 0.1, 1e-9],
    "small": [1e-17, 3e-12, 4.5e-9, 2.2e-3],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_statistics_are_exact_within_their_rounding(name):
    ranked = np.sort(COLUMNS[name])
    exact = [Fraction(each) for each in ranked.tolist()]
    total, count = sum(exact), len(exact)
    variance = sum((each - total / count) ** 2 for each in exact) / (count - 1)
    found = usual(ranked) | {
        what: values for what, values in rare(ranked).items() if what != "standard deviation"
    }
    wanted = {
        "mean": total / count,
        "sum": total,
        "median": (exact[count // 2] + exact[~(count // 2)]) / 2,
        "smallest": exact[0],
        "largest": exact[-1],
        "number": Fraction(count),
        "standard deviation": Fraction(math.sqrt(variance)),
        "variance": variance,
        "standard error": Fraction(math.sqrt(variance / count)),
        "range": exact[-1] - exact[0],
        "90th percentile": Fraction(float(np.percentile(ranked, 90))),
        "relative standard deviation": Fraction(math.sqrt(variance)) / abs(total / count),
    }
    for what, each in wanted.items():
        number, rounding = found[what][0]
        assert abs(Fraction(number) - each) <= rounding, what
    if ranked[0] > 0:
        assert found["geometric mean"][0].number == pytest.approx(stats.gmean(ranked), rel=FLOATING)


def test_rounding_is_that_of_each_statistic_whatever_the_range():
    ranked = np.sort(COLUMNS["of many sizes"])
    found = usual(ranked) | {
        what: rare(ranked)[what] for what in ("relative standard deviation", "geometric mean")
    }
    for what, values in found.items():
        assert all(rounding <= 2.1 * FLOATING * abs(number) for number, rounding in values), what
    assert found["number"][0].rounding == found["smallest"][0].rounding == 0


@pytest.mark.parametrize(
    ("numbers", "has_sum"),
    [
        ([27, 31, 1e20], False),
        ([27, 31, 1e10], True),
        ([0, 0, 5], True),
        ([-5, 5, 7], True),
        ([-1e20, 3, 4], False),
    ],
)
def test_a_number_that_hides_all_others_leaves_no_sum(numbers, has_sum):
    assert bool(usual(np.sort(np.array(numbers, float)))["sum"]) is has_sum
