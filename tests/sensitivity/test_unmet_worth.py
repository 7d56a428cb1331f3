"""What knowledge is worth where an input's rare value, which decides the choice, is in no draw."""

from __future__ import annotations

import pytest
from variants import one_in

from uncertainty import load_study
from uncertainty.alternatives import compare_alternatives

STUDY = """
format = 1
[study]
title = "An accident"
headline = "q"
compare = ["p", "q"]
better = "lowest"
[inputs.d]
unit = "1"
point = 0
distribution = "bernoulli({share})"
[inputs.w]
unit = "1"
point = 1
distribution = "normal(1, 0.1)"
{more}
[outputs.p]
value = "100*w"
unit = "1"
over = "{over}"
[outputs.q]
value = "90*w + {cost}*d"
unit = "1"
over = "{over}"
"""

CASES = """
[inputs.h]
unit = "1"
point = 1
distribution = "gamma(25, 0.04)"
kind = "variability"
"""


def _found(tmp_path, samples, seed, share=0.0005, cost=5000, *, over="case"):
    path = tmp_path / "accident.toml"
    more = CASES if over == "average" else ""
    text = STUDY.format(share=share, cost=cost, over=over, more=more)
    if more:
        text = text.replace('"100*w"', '"100*w*h"').replace('"90*w +', '"90*w*h +')
    path.write_text(text, encoding="utf-8")
    return compare_alternatives(load_study(path), samples=samples, seed=seed)


@pytest.mark.parametrize(("samples", "over"), one_in(2, [(1024, "case"), (2**17, "average")]))
def test_an_accident_that_no_draw_has_leaves_its_worth_untold(tmp_path, samples, over):
    exact, untold = 0.0005 * (5000 - 10), 0
    for seed in range(1, 7):
        found = _found(tmp_path, samples, seed, over=over)
        if found.no_worth:
            untold += 1
            continue
        for estimate in (found.everything.estimate, found.worth["d"].estimate):
            untold += estimate.error is None
            assert estimate.error is None or abs(estimate.value - exact) < 4 * estimate.error
        # that of the other is nothing, whether there are accidents or not
        assert found.worth["w"].estimate.error is not None
    assert untold


def test_what_no_draw_has_may_turn_the_choice(tmp_path):
    for seed in range(1, 5):
        found = _found(tmp_path, 1024, seed, share=1e-6, cost=1e8)
        assert found.no_worth == (
            "rare values of inputs, which no draw has met, decide which is the best on average"
        )
        assert found.best_on_average == ""


def test_what_changes_no_choice_leaves_its_worth_told(tmp_path):
    found = _found(tmp_path, 1024, 1, share=1e-6, cost=3)
    assert found.best_on_average == "q"
    assert all(each.estimate.error is not None for each in (found.everything, *found.worth.values()))
