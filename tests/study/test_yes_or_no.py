"""What says yes or no is never a share: a published share is set beside the share of draws that say yes."""

import math
import re

import pytest
from scipy.stats import beta, norm

import uncertainty as un
from uncertainty.wording import statistic_clause

STUDY = """
format = 1
[study]
title = "Yes or no"
headline = "y"
[inputs.a]
unit = "1"
point = 0
distribution = "normal(0, 1)"
kind = "variability"
[inputs.p]
unit = "1"
point = 0.3
distribution = "beta(3, 7)"
[inputs.x]
unit = "1"
point = 0
distribution = "bernoulli(p)"
[equations]
high = "a > 2"
chosen = "where(high, 1, 0)"
neither = "(1 - x) * (1 - high)"
[outputs.y]
value = "{value}"
unit = "1"
published = {published}
claim = "at most"
{more}
"""

OPTIONS = '[choices.c]\nquestion = "How?"\n[choices.c.options.one]\n[choices.c.options.two]\n'

ANSWERS = [
    ("a > 2", norm.sf(2)),
    ("high", norm.sf(2)),
    ("chosen * (p > 0.4)", norm.sf(2) * beta(3, 7).sf(0.4)),
    ("x", 0.3),
    ("not (x == 1 or high)", 0.7 * norm.cdf(2)),
    ("average(a) + p > 0.4", beta(3, 7).sf(0.4)),
    # of 0 and 1 these give 0 and 1
    ("1 - x", 0.7),
    ("1 - (1 - x) * (1 - high)", 1 - 0.7 * norm.cdf(2)),
    ("x + high - x * high", 1 - 0.7 * norm.cdf(2)),
    ("abs(x - neither)", 0.3 + 0.7 * norm.cdf(2)),
]


def read(write_study, value, published="0.01", more=""):
    return un.load_study(write_study(STUDY.format(value=value, published=published, more=more)))


@pytest.mark.parametrize(("value", "share"), ANSWERS)
@pytest.mark.parametrize("published", ["0.01", "{ mean = 0.01 }"])
def test_a_published_share_is_set_beside_the_share_that_says_yes(write_study, value, share, published):
    study = read(write_study, value, published)
    readings = un.compare_readings(study, samples=2**14)
    found = readings.distribution("as_published")
    said = re.fullmatch(r"the mean is ([\d.]+).* where 0.01 was published", statistic_clause(found))
    assert float(said[1]) == pytest.approx(share, abs=5 * found.draws.mean.error + 1e-3)
    assert found.output.published_value is None
    assert found.percentile is None
    # "at most 0.01" is no question that each draw answers
    assert [each.question for each in readings.judgement.answers] == ["How much is “y”?"]


def test_no_value_is_crossed_at_a_share(write_study):
    found = un.challenge(read(write_study, "a > 2"), samples=2**12).outputs["y"]
    assert found.break_even == (
        "a share of what says yes or no was published, which has no place among the draws, and no reference "
        "is set, so there is no value to cross"
    )


@pytest.mark.parametrize("published", ["0", "1", "{ mean = 1 }"])
def test_yes_and_no_themselves_are_values(write_study, published):
    assert read(write_study, "a > 2", published).outputs["y"].published_value in (0, 1)


@pytest.mark.parametrize(
    ("value", "more"),
    [
        ("a", ""),
        ("high + x", ""),
        ("where(high, p, 0)", ""),
        ("2 - x", ""),
        ("x / high", ""),
        ("1 - p", ""),
        # of the cases a share says yes, in each draw of what nobody knows
        ("high", 'over = "average"'),
        ("average(a + p > 0.4)", ""),
        # an option draws it in another way
        ("x", OPTIONS + "inputs = { x = 0.2 }"),
        ("high", OPTIONS + 'equations = { high = "p" }'),
    ],
)
def test_a_share_is_a_value_of_what_is_not_yes_or_no_in_each_draw(write_study, value, more):
    assert read(write_study, value, "0.3", more).outputs["y"].published_value == 0.3


@pytest.mark.parametrize(
    ("value", "mean"), [("a", 0.001), ("a + a", 0.002), ("a * (a + 1)", 0.002), ("n", 0.001), ("a > 0", None)]
)
def test_a_count_of_which_no_draw_is_2_is_told_by_its_mean(load, value, mean):
    study = load(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[inputs.a]\nunit = "1"\npoint = 0\n'
        'distribution = "poisson(0.001)"\n[equations]\nn = "a"\n'
        f'[outputs.y]\nunit = "1"\nvalue = "{value}"\n'
    )
    found = un.propagate(study, samples=2**14).headline
    if mean is None:
        assert found.probability.value == pytest.approx(-math.expm1(-0.001), rel=0.05)
    else:
        assert found.probability is None
        assert found.mean == pytest.approx(mean, rel=0.05)


SUMS = [
    ("a + b", 0.002),
    ("1 - (1 - a) * (1 - b) + c", 0.001 + 0.001 - 1e-6 + 0.001),
    ("sum(d, place)", 0.003),
    ("2 * a * b + c", 0.001),
    ("n", 0.002),
    ("f", 0.001 + 2e-7),
]


@pytest.mark.parametrize(("value", "mean"), SUMS)
def test_a_sum_of_answers_of_which_no_draw_is_2_is_told_by_its_mean(load, value, mean):
    drawn = '[inputs.{}]\nunit = "1"\npoint = 0\ndistribution = "{}"\n'
    inputs = [drawn.format(name, "bernoulli(0.001)") for name in "abc"]
    inputs.append(drawn.format("d", "bernoulli(0.001)") + 'index = ["place"]\n')
    inputs.append(drawn.format("f", "discrete(0, 1, 3, weights=(0.9989999, 0.001, 0.0000001))"))
    study = load(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[indices.place]\nmembers = ["u", "v", "w"]\n'
        + "".join(inputs)
        + f'[equations]\nn = "a + b"\n[outputs.y]\nunit = "1"\nvalue = "{value}"\n'
    )
    found = un.propagate(study, samples=2**14).headline
    assert found.draws.highest <= 1
    assert found.probability is None
    assert found.mean == pytest.approx(mean, abs=5e-4)


@pytest.mark.parametrize("value", ["a + b", "a + 1 - a", "maximum(a, b)", "a * b", "a + b - a * b"])
def test_what_is_never_2_is_told_by_the_share_of_yes(load, value):
    """What is drawn given another may leave no room for both: then draws tell."""
    study = load(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[inputs.a]\nunit = "1"\npoint = 0\n'
        'distribution = "bernoulli(0.4)"\n[inputs.b]\nunit = "1"\npoint = 0\n'
        'distribution = "bernoulli(0.5 * (1 - a))"\n'
        f'[outputs.y]\nunit = "1"\nvalue = "{value}"\n'
    )
    found = un.propagate(study, samples=2**10).headline
    share = {"a + b": 0.7, "maximum(a, b)": 0.7, "a + b - a * b": 0.7}.get(value)
    if share is None:
        assert not found.varies
    else:
        assert found.probability.value == pytest.approx(share, abs=0.02)
