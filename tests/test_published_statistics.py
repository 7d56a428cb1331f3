"""Published statistics of a Monte Carlo are compared with the same of the draws: like with like."""

import json
import math
import re

import pytest
from scipy.special import ndtri
from variants import variants

import uncertainty as un
from uncertainty import answers
from uncertainty.reproduction import compare_estimate
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.estimate import Estimate
from uncertainty.settings import Settings
from uncertainty.study.model import Figure

FEW = Settings(samples=4096)

STUDY = """
format = 1
[study]
title = "A reading"
headline = "y"
[inputs.a]
unit = "kg"
point = {point}
distribution = "{distribution}"
[outputs.y]
value = "a"
unit = "kg"
reference = {reference}
published = {published}
[readings.narrow]
inputs = {{ a = "{narrow}" }}
expect = {{ y = {expected} }}
"""


def normal(published, *, expected="10", narrow="normal(10, 0.5)", reference=9):
    """Write a study of one normal quantity of mean 10 and standard deviation 2."""
    return STUDY.format(
        point=10,
        distribution="normal(10, 2)",
        published=published,
        reference=reference,
        narrow=narrow,
        expected=expected,
    )


TAIL = 2 * float(ndtri(0.975))

# each as the closed form of a normal distribution gives it, and one digit beside
NORMAL = [
    ("mean = 10.0", "mean = 10.3"),
    ("median = 10.0", "median = 9.80"),
    ("sd = 2.0", "sd = 2.2"),
    (f"p5 = {10 + 2 * ndtri(0.05):.2f}", "p5 = 6.90"),
    (f'"p97.5" = {10 + TAIL:.1f}', '"p97.5" = 14.2'),
    (f"low = {10 - TAIL:.1f}, level = 0.95", "low = 5.8, level = 0.95"),
    (f"high = {10 + 2 * ndtri(0.95):.1f}, level = 0.9", "high = 13.9, level = 0.9"),
    ("probability = 0.69", "probability = 0.64"),
]


@pytest.mark.parametrize(("right", "wrong"), NORMAL)
def test_a_statistic_is_reproduced_as_its_closed_form_says(write_study, right, wrong):
    for text, status in ((right, "reproduced"), (wrong, "differs")):
        found = un.reproduce(un.load_study(write_study(normal(f"{{ {text} }}"))), settings=FEW).figures["y"]
        assert (found.status, found.figure.statistic) == (status, text.split(" ")[0].strip('"'))


def test_a_lognormal_product_has_the_mean_of_its_closed_form(write_study):
    # the mean of a lognormal of median 2 and log-sd 0.5 is 2 exp(0.125) = 2.2663, its sd 1.208
    text = STUDY.format(
        point=2,
        distribution="lognormal(median=2, sigma=0.5)",
        published="{ mean = 2.27, sd = 1.2, median = 2.00, value = 2.0 }",
        reference=1,
        narrow="uniform(0, 3)",
        expected='{ mean = 1.50, p25 = 0.75, probability = 0.667, "p97.5" = 2.93 }',
    )
    found = un.reproduce(un.load_study(write_study(text)), settings=FEW)
    assert [row.status for row in found.figures["y"].every] == ["reproduced"] * 4
    assert [row.status for row in found.readings["narrow"]["y"].every] == ["reproduced"] * 4
    assert found.sound
    assert found.figures["y"].estimate.value == pytest.approx(2 * math.exp(0.125), rel=0.003)


def test_a_plain_number_draws_nothing(write_study, monkeypatch):
    def refused(*_, **__):
        raise AssertionError("nothing is to be drawn")

    monkeypatch.setattr("uncertainty.propagation.propagate", refused)
    found = un.reproduce(un.load_study(write_study(normal("10"))))
    assert (found.figures["y"].status, found.settings) == ("reproduced", None)
    assert un.reproduce(un.load_study(write_study(normal("{ value = 10 }")))).settings is None


@pytest.mark.parametrize(
    ("estimate", "status"),
    [
        (Estimate(3.337, 0.003), "reproduced"),
        (Estimate(3.331, 0.003), "reproduced"),
        (Estimate(3.331, 0.001), "differs"),
        (Estimate(3.337, None, "unknown"), "reproduced"),
        (Estimate(3.2, None, "unknown"), "undecided"),
        (Estimate(3.2, None, UNVARYING), "differs"),
        (Estimate(3.2, None, "few", (3.0, 3.4)), "reproduced"),
        (Estimate(3.2, None, "few", (3.0, 3.3)), "differs"),
    ],
)
def test_the_error_counts_as_the_digits_do(estimate, status):
    assert compare_estimate(estimate, Figure(3.34, 3, "mean")) == status


def test_check_shows_each_statistic_beside_that_of_the_draws(command, write_study):
    found = command("check", write_study(normal("{ mean = 10.0, sd = 3.0 }")), "--strict")
    assert found.code == 1
    assert "1 of 2 published figures follows from the published inputs or draws of them and 1" in " ".join(
        found.out.split()
    )
    assert "y (kg): mean of the draws" in found.out
    assert "131,072 draws" in found.out


def test_documents_name_the_statistic_and_keep_the_number(write_study):
    study = un.load_study(write_study(normal("{ low = 6.1, high = 13.9, level = 0.95 }")))
    row = answers.check_document(un.reproduce(study, settings=FEW))["results"]["figures"]["y"]
    assert (row["published"], row["published_statistic"], row["published_level"]) == (6.1, "low", 0.95)
    assert row["estimate"] == pytest.approx(10 - TAIL, abs=0.05)
    assert [each["published_statistic"] for each in row["also"]] == ["high"]
    run = answers.run_document(un.propagate(study, settings=FEW))["results"]["outputs"]["y"]
    assert (run["published"], run["published_statistic"]) == (6.1, "low")
    # the lower end of a 95 % interval is the 2.5th percentile
    assert run["published_percentile"] == pytest.approx(2.5, abs=0.2)


@pytest.mark.parametrize("statistic", variants(["sd = 2.0", "probability = 0.69"], lambda each: "sd" in each))
def test_a_percentile_without_meaning_is_null_with_a_reason(write_study, command, statistic):
    path = write_study(normal(f"{{ {statistic} }}"))
    study = un.load_study(path)
    row = answers.run_document(un.propagate(study, settings=FEW))["results"]["outputs"]["y"]
    assert row["published"] == float(statistic.split()[-1])
    for key in ("published_percentile", "probability_at_least_published"):
        assert row[key] is None
        assert "no place among the draws" in row["reasons"][key]
    assert row["probability_at_least_reference"] == pytest.approx(0.69, abs=0.01)
    assert command("run", path, "--samples", "1024").code == 0
    shown = command("challenge", path, "--samples", "1024", "--json")
    found = json.loads(shown.out)["results"]["outputs"]["y"]
    assert found["readings"]["as_published"]["published_percentile"] is None
    assert found["arithmetic"].endswith(": reproduced.")


def test_the_verdict_compares_like_with_like(write_study):
    study = un.load_study(write_study(normal("{ mean = 10.0 }")))
    verdict = un.challenge(study, settings=FEW).outputs["y"].verdict
    assert re.fullmatch(
        r"Mean of the draws (9\.999|10\.00) kg, published 10\.0: reproduced\.", verdict.arithmetic
    )
    assert "where 10.0 was published" in verdict.readings["as_published"].sentence
    assert "percentile" not in verdict.readings["as_published"].sentence


def test_what_was_published_is_named_wherever_it_is_led_with(write_study, tmp_path, command):
    text = normal("{ sd = 2.0, mean = 10.0 }").replace("reference = 9", 'reference = 9\nclaim = "at least"')
    path = write_study(text)
    ran = command("run", path, "--samples", "1024")
    assert "Published: y, standard deviation at least 2.0 kg." in ran.out
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.render.markdown import render
    from uncertainty.pages.sections import make_section

    content = ReportContent(un.load_study(path), FEW)
    names = ("claim", "arithmetic", "intervals", "readings", "shape")
    parts = tuple(filter(None, (make_section(name, content) for name in names)))
    said = render("t", "", parts)
    assert "**Published:** y, **standard deviation at least 2.0 kg**." in said
    assert re.search(
        "evidence” the standard deviation is 2[.]0[0-9]* ± 0[.]0[0-9]* kg where 2[.]0 was published[.]",
        " ".join(ran.out.split()),
    )
    assert "| y (kg): mean of the draws | 10.0 | 3 | 9.999 | reproduced |" in said
    # but where the word is explained
    assert "percentile" not in said.replace("the 90th percentile lie", "")


def test_a_published_probability_takes_the_side_that_it_gives_more_draws(write_study):
    for share, above in ((0.31, False), (0.69, True)):
        study = un.load_study(write_study(normal(f"{{ probability = {share} }}")))
        assert study.outputs["y"].claims_above is above


def test_a_model_that_is_a_function_has_statistics_too():
    from dataclasses import replace

    study = un.Study.from_function(lambda a: {"y": 2 * a}, {"a": "uniform(1, 3)"})
    output = replace(study.outputs["y"], published=Figure(4.0, 2, "mean", also=(Figure(1.2, 2, "sd"),)))
    found = un.reproduce(replace(study, outputs={"y": output}), settings=FEW).figures["y"]
    # the sd of a uniform distribution of width 4 is 4 / sqrt(12) = 1.155
    assert [row.status for row in found.every] == ["reproduced", "reproduced"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"statistic": "maen"}, 'unknown statistic "maen"; known: value, .*; did you mean "mean"'),
        ({"statistic": "p100"}, 'unknown statistic "p100"'),
        ({"statistic": ""}, 'unknown statistic ""'),
        ({"statistic": "low"}, "low and high need a level"),
        ({"statistic": "mean", "level": 0.9}, "no other figure has one"),
    ],
)
def test_a_figure_from_python_is_of_something_known(given, expected):
    with pytest.raises(un.UncertaintyError, match=expected):
        Figure(3.0, 2, **given)


def test_a_reading_whose_draws_give_the_statistic_is_named(write_study):
    study = un.load_study(write_study(normal("{ sd = 0.50 }", expected="{ sd = 0.50 }")))
    verdict = un.challenge(study, settings=FEW).outputs["y"].verdict
    assert verdict.reproduced_by == ("narrow",)
    assert verdict.arithmetic.endswith("The draws of “Narrow” give it.")


def test_a_plain_figure_that_is_the_mean_of_the_draws_is_told_so_with_advice_that_holds(write_study):
    text = STUDY.format(
        point=2,
        distribution="lognormal(median=2, sigma=0.5)",
        published="2.27",
        reference=1,
        narrow="normal(2, 0.1)",
        expected="2.0",
    )
    said = un.challenge(un.load_study(write_study(text)), settings=FEW).outputs["y"].verdict.arithmetic
    assert "write published = { mean = 2.27 }" in said
    changed = un.load_study(write_study(text.replace("published = 2.27", "published = { mean = 2.27 }")))
    assert un.reproduce(changed, settings=FEW).figures["y"].status == "reproduced"


def test_draws_that_are_counted_have_the_published_quantiles(write_study, monkeypatch):
    from uncertainty.reproduction import statistic_of
    from uncertainty.sampling.running import Execution

    study = un.load_study(write_study(normal('{ p5 = 6.7, "p99.5" = 15.2 }')))
    kept = un.propagate(study, settings=FEW).outputs["y"].draws
    monkeypatch.setattr("uncertainty.sampling.huge.remade.PART_BYTES", 0)
    counted = un.propagate(study, settings=FEW, execution=Execution(memory=1000)).outputs["y"].draws
    assert not counted.stored
    for figure in study.outputs["y"].published.every:
        assert statistic_of(counted, figure, None) == statistic_of(kept, figure, None)


@pytest.mark.parametrize(
    ("published", "claim", "question"),
    [
        ("{ mean = 10 }", "at least", "Is it at least the published mean 10 kg?"),
        ("{ median = 10 }", "at most", "Is it at most the published median 10 kg?"),
        ("{ p5 = 6.7 }", "about", "Is it the published 5th percentile 6.7 kg?"),
        ("{ value = 10, mean = 10 }", "at least", "Is it at least 10 kg?"),
    ],
)
def test_a_question_names_a_published_statistic_as_a_sentence_does(write_study, published, claim, question):
    """It was "Is it at least mean 10 kg?"."""
    text = normal(published).replace('value = "a"', f'value = "a"\nclaim = "{claim}"')
    found = un.compare_readings(un.load_study(write_study(text)), samples=2**8).judgement
    assert [each.question for each in found.answers][1] == question
