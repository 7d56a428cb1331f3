"""Dependence between draws of a challenge is that of a run."""

import numpy as np
import pytest
from models import space_of
from scipy.stats import spearmanr

from uncertainty.challenges.normalspace import draw

DRAWS = 2**14


@pytest.mark.parametrize("count", ["discrete(0, 1)", "discrete(0, 1, 2, 3, weights=(4, 3, 2, 1))"])
def test_tied_ranks_correlate_as_the_study_says(count):
    space = space_of(
        lambda count, size, idle: {"y": count + size + idle},
        {"count": count, "size": "normal(0, 1)", "idle": "uniform(0, 1)"},
        correlations=[(("count", "size"), 0.7), (("size", "idle"), -0.3)],
    )
    inputs = dict(zip(space.names, draw(space, DRAWS, 1).values[list(space.positions)], strict=True))
    for pair, target in ((("count", "size"), 0.7), (("size", "idle"), -0.3)):
        found = spearmanr(*(inputs[name] for name in pair)).statistic
        # a rank correlation's standard error is at most 1 / sqrt(n) without correlation, and less with it
        assert found == pytest.approx(target, abs=3 / np.sqrt(DRAWS))
