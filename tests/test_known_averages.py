"""Averages that nothing unknown moves are one number, which a net of cases tells with an error."""

import math

import pytest

import uncertainty as un
from uncertainty.pages.sections.cases import beside_one_case

STUDY = """
format = 1
[study]
title = "Variety"
headline = "{headline}"
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


@pytest.fixture
def variety(tmp_path):
    def load(square="", headline="square"):
        path = tmp_path / "variety.toml"
        path.write_text(STUDY.format(square=square, headline=headline), encoding="utf-8")
        return un.load_study(path)

    return load


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


def test_a_published_mean_is_compared_within_its_error(variety):
    study = variety(f"published = {{ mean = {SQUARE:.4f} }}")
    assert un.reproduce(study).figures["square"].status == "reproduced"
