"""What if inputs go together: closed forms of products, pairs of one kind, and what a study argues itself."""

import math

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.challenges.dependence import STRENGTHS, Ranked, Unargued, examine_dependence, unargued
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "A product"
headline = "y"
[inputs.a]
unit = "1"
point = 1
distribution = "lognormal(median=1, sigma=1)"
[inputs.b]
unit = "1"
point = 1
distribution = "lognormal(median=1, sigma=1)"
KIND
[inputs.c]
unit = "1"
point = 1
distribution = "lognormal(median=1, sigma=0.5)"
kind = "variability"
[outputs.y]
value = "VALUE"
unit = "1"
scale = "log10"
"""


def of(tmp_path, value="a * b", kind="", more=""):
    text = STUDY.replace("VALUE", value).replace("KIND", kind) + more
    (tmp_path / "y.toml").write_text(text, encoding="utf-8")
    return scenario(un.load_study(tmp_path / "y.toml"))


def sd(found):
    """Return the sd of the logarithm that an interval has if it is normal, and the error of that."""
    low, high = found.ends.values
    errors = [error / end for error, end in zip(found.ends.errors, (low, high), strict=True)]
    return math.log(high / low) / (2 * 1.959964), math.hypot(*errors) / (2 * 1.959964)


@pytest.mark.parametrize(("value", "sign"), [("a * b", 1), ("a / b", -1)])
def test_a_product_of_two_lognormals_has_its_closed_form_at_every_correlation(tmp_path, value, sign):
    pairs, _ = examine_dependence(of(tmp_path, value), "y", Settings())
    assert {each.spearman for each in pairs} == set(STRENGTHS)
    for each in pairs:
        r = 2 * math.sin(math.pi / 6 * each.spearman)
        found, error = sd(each)
        assert abs(found - math.sqrt(2 + 2 * sign * r)) < 4 * error
    widths = [sd(each)[0] for each in pairs]
    assert widths == sorted(widths, reverse=True)


def test_only_inputs_of_one_kind_are_paired(tmp_path):
    pairs, together = examine_dependence(of(tmp_path, "a * b * c"), "y", Settings())
    assert {each.inputs for each in pairs} == {("a", "b")}
    mixed, _ = examine_dependence(of(tmp_path, "a * b * c", 'kind = "variability"'), "y", Settings())
    assert {frozenset(each.inputs) for each in mixed} == {frozenset(("b", "c"))}
    assert together == ()


def test_pairs_of_which_the_study_speaks_are_left_out(tmp_path):
    tables = (
        '[[correlations]]\ninputs = ["a", "b"]\nspearman = 0.3\n',
        '[[correlations]]\nindependent = ["a", "b"]\nbecause = "nothing binds them"\n',
    )
    for table in tables:
        plan = of(tmp_path, more=table)
        assert examine_dependence(plan, "y", Settings())[0] == ()


def test_all_drivers_go_together_so_that_their_effects_add_up(tmp_path):
    more = '[inputs.d]\nunit = "1"\npoint = 1\ndistribution = "lognormal(median=1, sigma=1)"\n'
    _, together = examine_dependence(of(tmp_path, "a * d / b", more=more), "y", Settings())
    assert [set(each.inputs) for each in together] == [{"a", "b", "d"}]
    r = 2 * math.sin(math.pi / 6 * 0.8)
    found, error = sd(together[0])
    assert abs(found - math.sqrt(3 + 6 * r)) < 4 * error


@pytest.mark.parametrize("seed", variants([1, 2, 3], lambda seed: seed == 1))
def test_the_top_drivers_of_a_sum_are_those_of_the_largest_variances(load, seed):
    """Of scales 1.5 to 1.2 beside 0.7 to 0.3: the few values far out of Student's t hide none of them."""
    scales = {"q": 0.7, "r": 0.6, "s": 0.5, "t": 0.3, "u": 1.2, "v": 1.3, "w": 1.4, "x": 1.5}
    known = {name: f"normal(0, {scale})" for name, scale in scales.items()} | {"a": "student_t(0, 3, 3)"}
    inputs = "\n".join(
        f'{name} = {{ unit = "1", point = 0, distribution = "{each}" }}' for name, each in known.items()
    )
    head = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs]\n'
    plan = scenario(load(f'{head}{inputs}\n[outputs.y]\nvalue = "{" + ".join(known)}"\nunit = "1"\n'))
    _, (together,) = examine_dependence(plan, "y", Settings(seed=seed))
    assert together.inputs == ("a", "x", "w", "v", "u")


def test_cases_that_go_together_change_an_average(tmp_path):
    """Of the mean of b c over cases, exp((1 + 0.25 + 2 r 0.5) / 2)."""
    plan = of(tmp_path, "a**0.1 * average(b * c)", 'kind = "variability"')
    pairs, _ = examine_dependence(plan, "y", Settings())
    assert {each.spearman for each in pairs} == set(STRENGTHS)
    for each in pairs:
        r = 2 * math.sin(math.pi / 6 * each.spearman)
        assert each.median.value == pytest.approx(math.exp((1.25 + r) / 2), rel=0.05)


def test_what_cannot_move_an_output_is_not_drawn_to_rank_what_does(tmp_path):
    alone, all_of_them = (
        Ranked.of(of(tmp_path, value), "y", Settings(samples=1024)) for value in ("a * b", "a * b * c / c")
    )
    assert (alone.names, all_of_them.names) == (("a", "b"), ("a", "b", "c"))
    assert (alone.inputs == all_of_them.inputs[:2]).all()


def test_a_challenge_has_the_pairs(tmp_path):
    found = un.challenge(of(tmp_path).study, samples=2**10).outputs["y"].robustness
    assert {each.inputs for each in found.dependence} == {("a", "b")}


PAIRS = """
format = 1
[study]
title = "t"
headline = "y"
[inputs]
a = { unit = "1", point = 1, distribution = "1 to 4" }
b = { unit = "1", point = 1, distribution = "1 to 3" }
c = { unit = "1", point = 1, distribution = "1 to 2" }
d = { unit = "1", point = 1, distribution = "1 to 2", kind = "variability" }
e = { unit = "1", point = 1, distribution = "1 to 3", kind = "variability" }
unused = { unit = "1", point = 1, distribution = "1 to 9" }
[outputs.y]
value = "a * b * c * d * e"
unit = "1"
"""


def argued(text):
    return f"{PAIRS}\n[[correlations]]\n{text}\n"


def test_check_names_the_pairs_of_drivers_of_one_kind_that_nobody_argued_about(load):
    assert unargued(load(PAIRS)).pairs == (("a", "b"), ("a", "c"), ("b", "c"), ("d", "e"))
    told = argued('inputs = ["a", "c"]\nspearman = 0.5')
    assert unargued(load(told)).pairs == (("a", "b"), ("b", "c"), ("d", "e"))
    denied = argued('independent = ["d", "e"]\nbecause = "other people"')
    assert unargued(load(denied)).pairs == (("a", "b"), ("a", "c"), ("b", "c"))


def test_drivers_are_those_of_the_preferred_reading(load):
    like = f"{PAIRS}\n[readings.like]\npreferred = true\ninputs = {{ a = 1, b = 2 }}\n"
    assert unargued(load(like)) == Unargued("like", (("d", "e"),))


def test_without_spread_there_are_no_pairs(load):
    assert unargued(load(PAIRS.replace("distribution", "note"))).pairs == ()


@pytest.mark.slow
def test_what_follows_from_another_is_bound_to_it(load):
    """A count goes with its rate, and with what the rate follows from."""
    inputs = """
[inputs]
rate = { unit = "1", point = 5, distribution = "gamma(5, 1)" }
mean = { unit = "1", point = 5, distribution = "gamma(rate, 1)" }
count = { unit = "1", point = 5, distribution = "poisson(mean)" }
price = { unit = "1", point = 2, distribution = "1 to 4" }
size = { unit = "1", point = 2, distribution = "1 to 3" }
"""
    head = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
    study = load(f'{head}{inputs}[outputs.y]\nvalue = "(count + mean + rate) * price + size"\nunit = "1"\n')
    spoken = {("rate", "mean"), ("mean", "count"), ("rate", "count")}
    assert len(unargued(study).pairs) == 10 - 3
    pairs, (together,) = examine_dependence(scenario(study), "y", Settings(samples=2**12))
    assert not spoken & {each.inputs for each in pairs}
    assert set(together.inputs) == {"rate", "price", "size"}


@pytest.mark.parametrize("values", [4, 10**9])
def test_how_much_an_input_moves_goes_by_its_values_and_among_equal_ones_by_their_draws(values):
    drawn = np.random.default_rng(1)
    column, output = drawn.integers(values, size=512) / 8.0, drawn.permutation(512) - 255.5
    order = sorted(range(512), key=lambda row: (column[row], row))
    parts = [output[order[at : at + 32]] for at in range(0, 512, 32)]
    found = Ranked(("x",), column[None], output).moved("x")
    assert found == float(sum(part.sum() ** 2 / part.size for part in parts))
