"""A budget of model rows is kept by every analysis, and what it leaves no room for is said."""

import copy
import logging
import pickle
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.budgets import Part, affordable, elsewhere_of, rounded_down, rounded_up, share
from uncertainty.case_statistics import SINGLE_ROWS
from uncertainty.challenges.effort import plan_rows
from uncertainty.distributions import parse_distribution
from uncertainty.errors import SettingError
from uncertainty.kept_blocks import write_block
from uncertainty.sampling.designs import make_design
from uncertainty.sensitivity.coefficients import slope_rows
from uncertainty.settings import Settings, Unasked
from uncertainty.study import calling
from uncertainty.study.calling import Meter
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Input, Output

PROBLEM = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}


class Ishigami:
    """The function of Ishigami and Homma, which counts the rows that it is asked for."""

    def __init__(self):
        self.rows = 0

    def __call__(self, x1, x2, x3):
        self.rows += len(x1)
        return {"y": np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)}


def counting(**options):
    model = Ishigami()
    study = un.Study.from_function(model, PROBLEM, **options)
    model.rows = 0
    return model, study


ANALYSES = {
    "propagate": un.propagate,
    "until": lambda study, **how: un.propagate(study, until=1e-9, **how),
    "compare_readings": un.compare_readings,
    "sobol": un.sobol,
    "second order": lambda study, **how: un.sobol(study, second_order=True, **how),
    "shapley": un.shapley,
    "draw_sample": un.draw_sample,
    "morris": un.morris,
    "tornado": un.tornado,
    "spider": un.spider,
    "linear_budget": un.linear_budget,
    "short_version": un.short_version,
    "challenge": un.challenge,
    "threshold": lambda study, **how: un.challenge(study, threshold=5, **how),
}


@pytest.mark.slow
def test_no_analysis_runs_more_rows_than_its_budget():
    model, study = counting()
    for name, analysis in ANALYSES.items():
        made = 0
        for budget, design in (
            (60, "sobol"),
            (500, "sobol"),
            (2000, "sobol"),
            (2000, "lhs"),
            (2000, "random"),
        ):
            model.rows = 0
            said = ""
            try:
                analysis(study, budget=budget, design=design)
            except un.SettingError as error:
                said = str(error)
            if said:
                assert said.startswith("budget: expected at least"), f"{name}: {said}"
                assert model.rows == 0, f"{name}: refused before the first row is run"
            else:
                made += 1
                assert 0 < model.rows <= budget, name
        assert made >= 2, f"{name}: it is done where there are rows enough"


def test_equations_keep_a_budget_too(monkeypatch):
    made = []

    class Recorded(Meter):
        def __init__(self, budget):
            super().__init__(budget)
            made.append(self)

    monkeypatch.setattr("uncertainty.budgets.Meter", Recorded)
    study = un.load_study("gauge-block")
    for name in ("propagate", "compare_readings", "sobol", "morris", "tornado", "challenge"):
        made.clear()
        ANALYSES[name](study, budget=3000)
        assert 0 < made[0].used <= 3000, name
        assert len(made) == 1, f"{name}: what is part of another analysis is counted with that"


def test_samples_above_the_budget_are_an_error_and_below_it_are_run():
    model, study = counting()
    for analysis in (un.propagate, un.sobol, un.shapley, un.challenge, un.draw_sample):
        with pytest.raises(un.SettingError, match="samples: 4,096 are more than the budget of 2,000"):
            analysis(study, samples=4096, budget=2000)
    with pytest.raises(
        un.SettingError, match=r"samples: 1,024 take 5,120 model rows in Sobol' indices, above"
    ):
        un.sobol(study, samples=1024, budget=2000)
    assert model.rows == 0
    assert un.propagate(study, samples=1024, budget=2000).settings.samples == 1024
    assert un.propagate(study, samples=2000, budget=2000).settings.samples <= 2000
    assert un.sobol(study, samples=256, budget=2000, tolerance=0).settings.samples == 256
    with pytest.raises(un.SettingError, match="budget: expected at least 1, found 0"):
        un.propagate(study, budget=0)


@pytest.mark.slow
def test_a_challenge_of_2000_rows_agrees_with_a_full_one(monkeypatch):
    model, study = counting(title="Ishigami")
    study = replace(study, outputs={"y": replace(study.outputs["y"], reference=5.0)})
    whole = un.challenge(study, samples=2**14, budget=3_000_000).outputs["y"]
    model.rows = 0
    told = []
    monkeypatch.setattr(
        logging.getLogger("uncertainty"), "info", lambda _, text: told.append((model.rows, text))
    )
    found = un.challenge(study, budget=2000).outputs["y"]
    assert model.rows <= 2000
    # one row at the points is what the published arithmetic is reproduced by
    assert told[0][0] <= 1, "the plan is told before the first draw is made"
    assert told[0][1] == found.plan.sentence
    assert sum(found.plan.shares.values()) <= 2000
    assert "1,024 for the interval" in found.plan.sentence
    assert "left out: " in found.plan.sentence
    own, full = (each.verdict.readings["as_published"] for each in (found, whole))
    error = np.hypot(own.median.error, full.median.error)
    assert abs(own.median.value - full.median.value) <= 5 * error
    for one, other in zip(own.ends.values, full.ends.values, strict=True):
        assert abs(one - other) < 0.05 * (full.ends.values[1] - full.ends.values[0])
    crossing, exact = (each.break_even["x2"][0] for each in (found, whole))
    assert crossing.value == pytest.approx(exact.value, rel=1e-4)
    point, best = (each.design_points["reference"] for each in (found, whole))
    assert point.distance == pytest.approx(best.distance, rel=1e-3)
    assert abs(point.draws_share - best.draws_share) < 0.1


def test_without_a_budget_only_what_goes_beyond_the_samples_is_bounded_and_for_functions_alone():
    model, study = counting()
    un.challenge(study, threshold=5, samples=4096)
    assert 4096 < model.rows <= 4096 + 20_000 + 10
    equations = un.load_study("gauge-block")
    assert plan_rows(equations, Settings(), [equations.headline], drawn=True).beyond is None


def test_a_result_is_no_longer_counted():
    model, study = counting()
    found = un.propagate(study, budget=500)
    un.sobol(found.study, samples=1024)
    un.short_version(study, indices=un.sobol(study, budget=3000), samples=512)
    un.challenge(found.study, threshold=5, samples=256)
    assert model.rows > 5000
    again = pickle.loads(pickle.dumps(un.propagate(un.load_study("gauge-block"), budget=500)))
    assert copy.deepcopy(again).headline.median == again.headline.median


def test_a_budget_changes_no_number_that_it_leaves_room_for():
    _, study = counting()
    one, other = (un.propagate(study, samples=256, **how).headline.values for how in ({}, {"budget": 300}))
    np.testing.assert_array_equal(one, other)


def test_a_resumed_call_is_the_same_call_and_runs_nothing_twice(tmp_path):
    def plain(x1, x2, x3):
        return {"y": x1 + x2 * x3}

    study = un.Study.from_function(plain, PROBLEM)
    keep = {"cache": tmp_path / "kept", "budget": 3000}
    for name in ("sobol", "shapley", "draw_sample", "morris", "tornado", "short_version", "threshold"):
        first = ANALYSES[name](study, **keep)
        files = len(list((tmp_path / "kept").iterdir()))
        again = ANALYSES[name](study, **keep)
        assert files, name
        assert len(list((tmp_path / "kept").iterdir())) == files, name
        assert repr(first) == repr(again), name
    assert un.reproduce(study, cache=tmp_path / "kept").figures["y"].point == plain(0, 0, 0)["y"]
    for file in (tmp_path / "kept").iterdir():
        write_block(file, np.full(np.load(file).shape, 7.0))
    assert un.tornado(study, cache=tmp_path / "kept").base == 7.0, "what is kept is not run again"


def test_plans_share_rows_in_the_order_of_their_parts():
    parts = [Part("a", (10, 20, 40)), Part("b", (500,)), Part("c", (30, 60, 120))]
    plan = share(100, parts)
    assert dict(plan.shares) == {"a": 40, "c": 60}
    assert plan.left_out["b"] == "left out: it needs 500 model rows, and 90 are left"
    assert plan.sentence == "100 rows: 40 for a, 60 for c; left out: b"
    assert share(5, parts).shares == {}
    assert share(10_000, parts).levels == {"a": 2, "b": 0, "c": 2}


def test_designs_are_rounded_down_to_what_they_may_have():
    for design in ("sobol", "lhs", "random"):
        for rows in (1, 15, 16, 17, 100, 1000, 1023, 5000, 2**18 + 12_345):
            samples = rounded_down(design, rows)
            assert samples <= rows
            assert not samples or make_design(design, ("x",), samples, 1).samples == samples
            assert not samples or rounded_up(design, samples) == samples
            assert samples > 0.9 * rows or rows < 100


def test_numbers_nobody_asked_for_stay_so_in_copies():
    copied = pickle.loads(pickle.dumps(Settings()))
    for each in (copied, copy.deepcopy(Settings()), replace(Settings(), seed=2)):
        assert isinstance(each.samples, Unasked)
    assert not isinstance(Settings(samples=2**17).samples, Unasked)
    assert calling.Meter(5).left == 5


CASES = """
format = 1
[study]
title = "c"
headline = "o"
[inputs.a]
label = "a"
unit = "1"
point = 3
distribution = "2 to 4"
kind = "variability"
[inputs.b]
label = "b"
unit = "1"
point = 5
distribution = "3 to 8"
[outputs.o]
label = "o"
unit = "1"
value = "a * b"
over = "average"
"""


class Product:
    """A product, which counts the rows that it is asked for."""

    def __init__(self, power=1):
        self.power, self.rows = power, 0

    def __call__(self, a, b):
        self.rows += len(a)
        return {"o": a**self.power * b}


def over_cases(path, over, differs="2 to 4", model=None):
    """Return a study of a product over cases: of equations, or of a model where one is given."""
    if model is None:
        path.write_text(CASES.replace('"average"', f'"{over}"'))
        return un.load_study(path)
    known = Input("a", PURE_NUMBER, 3.0, parse_distribution(differs), kind="variability")
    return un.Study.from_function(
        model, {"a": known, "b": "3 to 8"}, outputs={"o": Output("o", PURE_NUMBER, None, over=over)}
    )


LEAST, PILOT, LOOKS, POINTS = 256 * 64, 64 * 64, 2 * 8 * 512, 1
GIVEN = {"outer": 250, "inner": 64}
"""Which a net makes 256."""


@pytest.mark.parametrize(
    ("model", "over", "given", "wanted"),
    [
        (None, "average", {}, LEAST + PILOT + POINTS),
        (None, "average", {"cases": True}, 2 * (LEAST + PILOT + SINGLE_ROWS)),
        (None, "average", GIVEN, LEAST + POINTS),
        (Product, "median", {}, LEAST + PILOT + POINTS),
        (Product, "average", {}, LEAST + PILOT + LOOKS + POINTS),
        (Product, "average", GIVEN, LEAST + LOOKS + POINTS),
    ],
)
def test_the_budget_that_cases_ask_for_is_enough_and_none_less_is(tmp_path, model, over, given, wanted):
    product = model and model()
    study = over_cases(tmp_path / "c.toml", over, model=product)
    probed = product and product.rows
    for budget in (2_000, wanted - 2):
        with pytest.raises(
            SettingError, match=rf"at least {wanted:,} model rows for cases, found {budget:,}"
        ):
            un.propagate(study, budget=budget, **given)
    assert not product or product.rows == probed + 2 * POINTS, "nothing is run in vain"
    found = un.propagate(study, budget=wanted, **given)
    assert (found.settings.outer, found.settings.inner) == (256, 64)
    assert not product or product.rows - probed - 2 * POINTS == wanted


def test_the_budget_that_a_linear_budget_asks_for_is_enough_and_none_less_is():
    """The interval beside it has but what derivatives leave of it."""
    model, study = counting()
    slopes = slope_rows(3)
    for budget in (5, slopes + POINTS + 15):
        with pytest.raises(SettingError, match=f"at least {slopes + POINTS + 16} model rows"):
            un.linear_budget(study, budget=budget)
    assert model.rows == 0
    un.linear_budget(study, budget=slopes + POINTS + 16)
    assert model.rows <= slopes + POINTS + 16


def test_a_part_of_a_budget_says_what_the_whole_needs():
    meter = Meter(5000)
    study = SimpleNamespace(meter=meter)
    for part, rest in ((4700, 300), (5000, 0), (2500, 0), (1000, 0)):
        assert elsewhere_of(study, Settings(budget=part)) == rest
    assert elsewhere_of(SimpleNamespace(meter=None), Settings(budget=10)) == 0
    assert elsewhere_of(study, Settings()) == 0
    said = "budget: expected at least 5,320 model rows, 5,020 of them for draws, found 5,000"
    with pytest.raises(SettingError, match=f"^{said}$"):
        affordable(Settings(budget=4700), "draws", reserved=20, least=5000, elsewhere=300)


@pytest.mark.parametrize(
    ("differs", "value", "asked", "rows", "sizes"),
    [
        ("2 to 4", "a * b", {"budget": 40_000}, 40_000 - PILOT - POINTS, ((272, 128), (280, 128))),
        # twice as many cases as what nobody knows asks for, that enough of them meet the event
        (
            "uniform(0, 1)",
            "where(a > 0.94, b, 0)",
            {"budget": 160_000, "samples": 150_000},
            150_000,
            ((288, 512), (292, 512)),
        ),
    ],
)
def test_draws_over_cases_are_as_many_as_a_design_has_in_the_budget(
    tmp_path, differs, value, asked, rows, sizes
):
    path = tmp_path / "c.toml"
    text = CASES.replace("2 to 4", differs).replace("a * b", value)
    path.write_text(text if value == "a * b" else text.replace("3 to 8", "0.01 to 100"))
    for design, (outer, inner) in zip(("sobol", "random"), sizes, strict=True):
        found = un.propagate(un.load_study(path), design=design, **asked).settings
        assert (found.outer, found.inner) == (outer, inner)
        assert outer == rounded_down(design, rows // inner)


def test_looking_at_what_does_not_settle_is_within_the_budget(tmp_path):
    product = Product(-1)
    study = over_cases(tmp_path / "c.toml", "case", "lognormal(1, 20)", product)
    least = LEAST + PILOT + LOOKS + POINTS
    product.rows = 0
    assert "does not settle" in un.cases(study, budget=least).average
    assert product.rows <= least


def test_the_budget_that_indices_over_cases_ask_for_is_enough(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(CASES)
    study = un.load_study(path)
    with pytest.raises(SettingError, match="model rows for Sobol' indices, found 9,000") as refused:
        un.sobol(study, budget=9_000)
    asked = int(re.search(r"at least ([\d,]+) model", str(refused.value))[1].replace(",", ""))
    assert un.sobol(study, budget=asked).model_rows <= asked
