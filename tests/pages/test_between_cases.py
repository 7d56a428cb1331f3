"""What differs from case to case is left as it is by answers about what nobody knows, and is named."""

import math

import pytest
from variants import variants

import uncertainty as un
from uncertainty.pages.robustness_words import robustness_sentences
from uncertainty.pages.sections.drivers import _but

STUDY = """
format = 1
[study]
title = "An average over cases"
headline = "y"
[inputs.a]
unit = "1"
point = 10
distribution = "lognormal(10, 1.1)"
[inputs.v]
unit = "1"
label = "What a case takes"
point = 1
distribution = "lognormal(1, 2)"
kind = "variability"
[inputs.w]
unit = "1"
label = "What else it takes"
point = 1
distribution = "uniform(0, 2)"
kind = "variability"
[inputs.idle]
unit = "1"
point = 1
distribution = "uniform(0, 2)"
kind = "variability"
[outputs.y]
unit = "1"
published = 12
"""

ONE, TWO = 'value = "a * v"\nover = "average"', 'value = "a * v * w"\nover = "average"'

WITHIN = 'value = "a * average(v)"'

SINGLE = 'value = "a * v"\nover = "case"'


@pytest.mark.parametrize(
    ("value", "names", "verb"),
    variants(
        [
            (ONE, "What a case takes", "it differs"),
            (WITHIN, "What a case takes", "it differs"),
            (TWO, "What a case takes and What else it takes", "they differ"),
        ],
        lambda value, *_: value == TWO,
    ),
)
def test_all_inputs_changed_names_what_differs_between_cases(load, value, names, verb):
    challenge = un.challenge(load(STUDY + value), samples=2**14)
    found = challenge.outputs["y"].robustness
    said = robustness_sentences(challenge.study, challenge.outputs["y"].output, found)
    assert f"Left unchanged, because {verb} from case to case: {names}." in said
    # exp(ln(2)² / 2) is the mean of v, and would be another with twice its spread
    twice = next(each for each in found.of_kind("spread") if each.change == 2)
    assert twice.median.value == pytest.approx(10 * math.exp(math.log(2) ** 2 / 2), rel=0.02)


@pytest.mark.slow
def test_of_single_cases_all_are_changed(load):
    challenge = un.challenge(load(STUDY + SINGLE), samples=2**14)
    found = challenge.outputs["y"].robustness
    said = " ".join(robustness_sentences(challenge.study, challenge.outputs["y"].output, found))
    assert "Left unchanged" not in said
    assert found.between_cases == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (ONE, " but What a case takes, which differs from case to case"),
        (WITHIN, " but What a case takes, which differs from case to case"),
        (TWO, " but What a case takes and What else it takes, which differ from case to case"),
        (SINGLE, ""),
    ],
)
def test_a_table_of_all_inputs_says_which_it_leaves_out(load, value, said):
    found = un.sobol(load(STUDY + value), samples=128)
    assert _but(found, found.outputs["y"]) == said
