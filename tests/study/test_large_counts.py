"""A count too large to be told from a normal one is refused with a text that follows the same parameters."""

import re

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import StudyError

STUDY = """
format = 1
[study]
title = "Large counts"
headline = "ill"
counting_units = ["case"]
[inputs.pop]
unit = "1"
point = 4000000
distribution = "normal(4e6, 4e5)"
[inputs.attack]
unit = "1"
point = 0.5
distribution = "beta(50, 50)"
[inputs.rate]
unit = "{unit}"
point = 3000000
distribution = "normal(3e6, 2e5)"
[inputs.ill]
unit = "{unit}"
point = 2000000
distribution = "{text}"
[outputs.ill]
unit = "{unit}"
"""

# the mean and the variance of the count as a whole: those given the parameters, and of the mean over these
BETA = 0.25 / 101
TEXTS = [
    ("binomial(pop, attack)", 2e6, (4e5**2 + 4e6**2) * (0.25 + BETA) - 2e6**2),
    ("binomial(4e6, attack)", 2e6, 4e6**2 * BETA),
    ("binomial(n=pop + 5, p=1 - 0.3)", 2.8e6, (0.7 * 4e5) ** 2),
    ("poisson(rate)", 3e6, 2e5**2),
    ("poisson(rate / 2 + rate / 2)", 3e6, 2e5**2),
    ("truncate(poisson(rate), low=1)", 3e6, 2e5**2),
]


@pytest.mark.parametrize("unit", ["1", "case"])
@pytest.mark.parametrize(("text", "mean", "variance"), TEXTS)
def test_what_is_to_be_written_for_a_large_count_is_accepted_and_as_uncertain(
    load, text, mean, variance, unit
):
    with pytest.raises(StudyError) as refused:
        load(STUDY.format(text=text, unit=unit))
    told = re.search(
        "so large a count is normal to three digits, .* medians; write (.*)$", str(refused.value)
    )
    found = un.propagate(load(STUDY.format(text=told[1], unit=unit)), samples=2**14, seed=1)
    of_ill = found.outputs["ill"]
    assert of_ill.mean == pytest.approx(mean, rel=2e-3)
    assert of_ill.sd == pytest.approx(np.sqrt(variance), rel=0.02)
