from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Pedigree
from uncertainty.distributions.pedigree import FACTORS


def test_factors_combine_as_squared_logarithms() -> None:
    pedigree = Pedigree(5, reliability=2, completeness=3, temporal=1, geographical=2, technological=3)
    logarithms = [math.log(factor) for factor in (1.05, 1.05, 1.05, 1.0, 1.01, 1.2)]
    assert pedigree.gsd**2 == pytest.approx(math.exp(math.sqrt(sum(x * x for x in logarithms))))


def test_one_factor_alone_is_the_squared_geometric_sd() -> None:
    assert Pedigree(5, technological=5, basic=1).gsd ** 2 == pytest.approx(2)
    assert Pedigree(5).gsd ** 2 == pytest.approx(1.05)


def test_about_95_percent_lie_within_that_factor_of_the_median() -> None:
    below, above = Pedigree(5, technological=5, basic=1).cdf(np.array([5 / 2, 5 * 2]))
    assert above - below == pytest.approx(0.9545, abs=1e-4)


def test_worse_scores_never_narrow_the_distribution() -> None:
    for indicator, factors in FACTORS.items():
        assert list(factors) == sorted(factors)
        spreads = [Pedigree(5, **{indicator: float(score)}).gsd for score in range(1, 6)]
        assert spreads == sorted(set(spreads))


def test_ecoinvent_3_states_the_same_factors_as_variances() -> None:
    # Variances of the logarithm, as ecoinvent 3 prints them, to their printed digits.
    printed = {
        "reliability": 0.04,
        "completeness": 0.008,
        "temporal": 0.04,
        "geographical": 0.002,
        "technological": 0.12,
    }
    for indicator, variance in printed.items():
        assert (math.log(FACTORS[indicator][4]) / 2) ** 2 == pytest.approx(variance, rel=0.15)


def test_the_text_names_the_scores() -> None:
    assert str(Pedigree(5, 2, basic=1.5)) == (
        "pedigree(5, reliability=2, completeness=1, temporal=1, geographical=1, technological=1, basic=1.5)"
    )
