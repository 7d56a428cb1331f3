"""Averages that nothing unknown moves are one number, which a net of cases tells with an error."""

import math

import pytest

import uncertainty as un
from uncertainty.errors import SettingError
from uncertainty.pages.content import prepare
from uncertainty.pages.sections.cases import beside_one_case
from uncertainty.settings import Settings
from uncertainty.wording import whose_variation

STUDY = """
format = 1
[study]
title = "Variety"
headline = "square"
[inputs.v]
unit = "1"
point = 1
kind = "variability"
distribution = "lognormal(1, 2)"
[inputs.w]
unit = "1"
point = 1
kind = "variability"
distribution = "gamma(2, 0.5)"
[inputs.u]
unit = "1"
point = 1
distribution = "lognormal(1, 1.3)"
[outputs.square]
value = "average(v**2) / average(v)**2"
over = "average"
unit = "1"
{square}
[outputs.apart]
value = "average(abs(u*w - average(u*w))) / (2*average(u*w))"
over = "average"
unit = "1"
[outputs.median]
value = "w"
over = "median"
unit = "1"
[outputs.moved]
value = "u*average(v**2)"
over = "average"
unit = "1"
"""

SQUARE = math.exp(math.log(2) ** 2)
"""The mean of the square over the square of the mean, of a lognormal quantity of that sigma."""

TRUTHS = {"square": SQUARE, "apart": 2 * math.exp(-2), "median": 0.83917}


STILL = "no input varies but what differs from case to case"


@pytest.fixture
def variety(tmp_path):
    def load(square=""):
        path = tmp_path / "variety.toml"
        path.write_text(STUDY.format(square=square), encoding="utf-8")
        return un.load_study(path)

    return load


@pytest.fixture
def cases_alone(tmp_path):
    """Return the study of its first output, of which nothing is unknown."""
    text = STUDY.format(square="published = 1.6").replace("lognormal(1, 1.3)", "1")
    path = tmp_path / "alone.toml"
    path.write_text(text, encoding="utf-8")
    return un.load_study(path)


@pytest.mark.parametrize("name", TRUTHS)
def test_what_nobody_is_ignorant_of_has_the_error_of_its_cases(variety, name):
    study = variety()
    for seed in range(1, 5):
        found = un.propagate(study, outputs=[name, "moved"], samples=2**15, seed=seed).outputs[name]
        assert not found.varies
        for estimate in (found.draws.mean, found.middle, *found.ends):
            assert estimate.value == pytest.approx(TRUTHS[name], abs=4 * estimate.error)
            assert 1e-4 < estimate.error < 0.3


def test_it_is_written_as_one_number_without_the_digits_that_cases_leave_open(variety):
    found = un.propagate(variety(), outputs=["square", "moved"], samples=2**15, seed=1).outputs["square"]
    assert found.written == (beside_one_case(found, found), "–")
    assert len(found.written[0].replace(".", "")) <= 2


@pytest.mark.parametrize(
    ("factor", "claim", "short"),
    [
        (1.002, "at least", "nobody can tell"),
        (0.998, "at least", "nobody can tell"),
        (1.5, "at least", "no"),
        (0.5, "at least", "yes"),
        (1.002, "about", "about right"),
        (1.5, "about", "no, less"),
    ],
)
def test_no_side_of_a_figure_within_its_error_is_told(variety, factor, claim, short):
    study = variety()
    value = un.propagate(study, outputs=["square", "moved"], samples=2**15, seed=1).outputs["square"].median
    study = variety(f'published = {value * factor:.6f}\nclaim = "{claim}"')
    readings = un.compare_readings(study, output="square", samples=2**15, seed=1)
    assert readings.judgement.answers[-1].short == short


def test_so_it_is_of_draws_that_an_observation_weighs(tmp_path):
    path = tmp_path / "weighed.toml"
    meter = '[observations.o]\nquantity = "u"\nvalue = 1\nsd = 1\n'
    path.write_text(STUDY.format(square="") + meter, encoding="utf-8")
    run = un.propagate(un.load_study(path), outputs=["square", "moved"], samples=2**18, observe="o", seed=1)
    draws = run.outputs["square"].draws
    assert draws.mean.value == pytest.approx(SQUARE, abs=4 * draws.mean.error)
    assert draws.mean.error == pytest.approx(draws.quantile(0.5).error, rel=1e-9)
    assert draws.mean.error > 1e-4
    assert draws.share_at_least(SQUARE).bounds == (0.0, 1.0)
    for far in (0.5, 1.5):
        share = draws.share_at_least(far * SQUARE)
        assert share.bounds == (share.value, share.value) == (float(far < 1),) * 2


def test_a_published_mean_is_compared_within_its_error(variety):
    study = variety(f"published = {{ mean = {SQUARE:.4f} }}")
    assert un.reproduce(study).figures["square"].status == "reproduced"


CHOICES = """
[choices.who]
question = "Who?"
options = { all = { label = "all" }, some = { label = "some", inputs = { v = "lognormal(1, 1.5)" } } }
[choices.known]
question = "Is u known?"
options = { no = { label = "no" }, yes = { label = "yes", inputs = { u = 1 } } }
"""


def test_choices_move_such_an_average_over_cases_enough(tmp_path):
    path = tmp_path / "choices.toml"
    text = STUDY.format(square="published = 1.6").replace(
        "average(v**2) / average(v)**2", "average(sqrt(v*w))"
    )
    path.write_text(text + CHOICES.replace("v = ", 'v.kind = "variability", v.distribution = '), "utf-8")
    found = un.challenge(un.load_study(path), samples=2**14, threads=1).outputs["square"]
    root = math.gamma(2.5) * math.sqrt(0.5)
    for universe, gsd in zip(found.multiverse.universes, (2, 1.5), strict=True):
        told = universe.found.median.value
        # a net of 64 cases is off by 0.03, and one of 1,024 by 0.0005
        assert told == pytest.approx(root * math.exp(math.log(gsd) ** 2 / 8), abs=0.004)


@pytest.mark.parametrize(
    ("value", "said"),
    [("average(v**2) / average(v)**2", True), ("average(v)", False)],
)
def test_a_page_says_how_far_a_net_moves_one_number(tmp_path, value, said):
    path = tmp_path / "moved.toml"
    text = STUDY.format(square="published = 1.6").replace("average(v**2) / average(v)**2", value)
    path.write_text(text, encoding="utf-8")
    page = un.challenge(un.load_study(path), output="square", samples=2**14, threads=1)._repr_html_()
    assert ("The average is over a net of cases, which moves it by about 0.0" in page) == said


@pytest.mark.parametrize("analysis", [un.sobol, un.shapley, un.morris, un.linear_budget, un.salib_problem])
def test_what_moves_inputs_says_that_all_that_vary_differ_from_case_to_case(cases_alone, analysis):
    with pytest.raises(SettingError, match=f"^{STILL}: there is nothing to"):
        analysis(cases_alone, output="square")


def test_a_budget_of_what_the_unknown_does_not_reach_is_refused_too(variety):
    with pytest.raises(SettingError, match=f"^{STILL}: there is nothing to budget"):
        un.linear_budget(variety(), output="square", samples=2**15)


def test_a_report_says_so_in_place_of_what_drives_it(cases_alone):
    content = prepare(cases_alone, Settings(samples=2**13), sensitivity_samples=64)
    assert content.drivers_under("as_published") == f"{STILL} under this reading"
    assert content.drivers_of(("square",)) == f"{STILL} as published"
    (found,) = un.challenge(cases_alone, samples=2**13).outputs.values()
    assert {*found.design_points.values(), *found.stress.values(), found.robustness} == {STILL}


def test_intervals_without_width_are_not_said_to_be_of_no_input_at_all(cases_alone):
    plan = un.propagate(cases_alone, samples=2**13).scenario
    assert whose_variation((plan, [])).startswith("No input whose variation it shows varies, so")
