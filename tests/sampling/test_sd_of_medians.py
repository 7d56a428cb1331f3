"""The standard deviation of median cases: its error has what the net of cases gets wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from variants import one_in

from uncertainty import load_study, propagate

STUDY = """
format = 1
[study]
title = "Median cases"
headline = "y"
[inputs.u]
unit = "1"
point = 2
distribution = "uniform(1, 3)"
[inputs.v]
unit = "1"
point = 1
distribution = "DISTRIBUTION"
kind = "variability"
[outputs.y]
value = "u*v"
unit = "1"
over = "median"
"""


@pytest.mark.parametrize(
    ("distribution", "median"),
    one_in(
        3,
        [
            ("exponential(2)", 2 * math.log(2)),
            ("uniform(0, 3)", 1.5),
            ("weibull(1.5, 4)", 4 * math.log(2) ** (1 / 1.5)),
        ],
    ),
)
def test_it_errs_by_what_the_median_of_the_net_does(tmp_path, distribution, median):
    path = tmp_path / "median.toml"
    path.write_text(STUDY.replace("DISTRIBUTION", distribution), encoding="utf-8")
    study, exact, found = load_study(path), median / math.sqrt(3), []
    for seed in range(1, 13):
        draws = propagate(study, samples=2**17, seed=seed).outputs["y"].draws
        found.append((draws.sd.value - exact) / draws.sd.error)
        # the median of all cases is a factor of every draw
        assert draws.sd.error > 0.9 * draws.mean.error * exact / (2 * median)
    assert max(map(abs, found)) < 3.5
    assert np.sqrt(np.mean(np.square(found))) < 1.5
