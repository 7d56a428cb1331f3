"""A median that draws do not tell from the neighbouring value is told so, and no other one."""

import math
import re

import numpy as np
import pytest
from command_line import run_here
from scipy import stats

import uncertainty as un


def study(value, distribution):
    return (
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
        f'[inputs.b]\nunit = "1"\npoint = 1\ndistribution = "{distribution}"\n'
        f'[outputs.y]\nunit = "1"\nvalue = "{value}"\n'
    )


# the true shares below 2, below 5, and below 50 hardly differ from a half, or differ much
@pytest.mark.parametrize(
    ("value", "distribution", "pair"),
    [
        ("floor(b * 3)", "exponential(1)", (1, 2)),
        ("b", "poisson(1.67835)", (1, 2)),
        ("where(b < 0.5, 0, 50)", "uniform(0, 1)", (0, 50)),
        ("floor(b * 3)", "exponential(0.8)", None),
        ("b * 3", "exponential(1)", None),
        ("b", "poisson(4)", None),
    ],
)
def test_a_median_not_told_from_its_neighbour_is_said_to_be_either(
    value, distribution, pair, write_study, capsys
):
    path = write_study(study(value, distribution))
    for seed in range(1, 4):
        asked = ("--samples", 1000, "--design", "random", "--seed", seed)
        shown = " ".join(run_here(capsys, "run", path, *asked).out.split())
        found = re.search(r"whether the median of “y” is (\d+) or (\d+)", shown)
        draws = un.propagate(un.load_study(path), samples=1000, design="random", seed=seed).headline.draws
        # the order statistics that a binomial count selects (Conover 1999) have as many draws below them
        first, last = stats.binom(1000, 0.5).ppf([0.025, 0.975])
        low, high = draws.quantile_interval(0.5)
        assert 1000 * draws.share_at_most(low).value >= first
        assert 1000 * draws.share_at_least(high).value >= 1000 - last
        if pair is None:
            assert found is None
        elif (low, high) == pair:
            assert found is not None
            assert tuple(map(int, found.groups())) == pair
        else:
            assert found is None
            assert low == high


def test_shares_of_the_values_are_near_a_half():
    assert 1 - math.exp(-2 / 3) == pytest.approx(0.5, abs=0.02)
    assert stats.poisson(1.67835).cdf(1) == pytest.approx(0.5, abs=1e-4)
    assert np.floor(stats.expon(scale=0.8).ppf([0.44, 0.56]) * 3).tolist() == [1, 1]
