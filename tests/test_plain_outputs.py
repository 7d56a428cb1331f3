"""Outputs that are one number, a yes or no, or hold the published figure itself many times."""

import pytest
from scipy.stats import norm

import uncertainty as un
from uncertainty.answers import run_document
from uncertainty.challenges.verdict import reading_sentence
from uncertainty.sides import ABOUT_RIGHT, nearness
from uncertainty.wording import beyond_sentences, middle_heading, percentile_sentence

HEAD = """format = 1
[study]
title = "A study"
headline = "y"
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a study with the inputs and the output `y` that are given."""

    def made(inputs, value, *, samples=2**13, **fields):
        file = tmp_path / "study.toml"
        parts = [
            f'[inputs.{name}]\nunit = "1"\npoint = {point}\ndistribution = "{text}"\n'
            for name, (point, text) in inputs.items()
        ]
        told = "".join(f"{key} = {value!r}\n" for key, value in fields.items())
        parts.append(f'[outputs.y]\nunit = "1"\nvalue = "{value}"\n{told}')
        file.write_text(HEAD + "".join(parts), encoding="utf-8")
        return un.propagate(un.load_study(file), samples=samples)

    return made


@pytest.mark.parametrize(
    ("text", "published", "share"),
    [
        ("clip(normal(0.5, 1), low=1)", 1, norm.cdf(0.5)),
        ("clip(normal(0, 1), high=0.5)", 0.5, norm.sf(0.5)),
        ("discrete(1, 2, 4, weights=(0.2, 0.5, 0.3))", 2, 0.5),
        ("mixture(fixed(3), uniform(2, 9), weights=(1, 3))", 3, 0.25),
    ],
)
def test_a_figure_that_many_draws_are_is_said_to_be_exactly_these(run, text, published, share):
    found = run({"a": (1, text)}, "a", published=published).headline
    assert found.equal.value == pytest.approx(share, abs=5 * found.equal.error)
    percent = f"{100 * share:.0f} %"
    assert found.place_written == f"{percent} equal"
    assert f"{percent} of draws are exactly {published}" in reading_sentence(found, "If so,")
    assert percentile_sentence(found, "own").endswith("are exactly the published figure.")
    document = run_document(run({"a": (1, text)}, "a", published=published))
    assert document["results"]["outputs"]["y"]["probability_equal_published"] == found.equal.value


@pytest.mark.parametrize("value", ["3 + 0 * a", "a / (a + b) + b / (a + b)", "maximum(a, 99)"])
def test_what_does_not_vary_has_no_percentile_no_probability_and_no_interval(run, value):
    inputs = {"a": (5, "2 to 9"), "b": (3, "1 to 8")}
    made = run(inputs, value, published=3, reference=1)
    found = made.headline
    assert not found.varies
    assert found.place_written == found.written[1] == "–"
    # values above 99 are possible, and no draw meets one
    rare = value.startswith("maximum")
    others = "All draws have this one value; others are possible, and no draw met one."
    assert beyond_sentences(found) == [others if rare else "Nothing varies: this is one number."]
    row = run_document(made)["results"]["outputs"]["y"]
    for key in ("published_percentile", "probability_at_least_published", "probability_at_least_reference"):
        assert row[key] is row[f"{key}_error"] is None
        assert row["reasons"][key] == ("Too few draws met the event." if rare else "the output does not vary")


@pytest.mark.parametrize("limit", [0.0, 2.5])
def test_a_yes_or_no_has_a_probability_with_its_error_and_no_median(run, limit):
    inputs = {"r": (10, "normal(10, 1)"), "s": (9, "normal(9, 1)")}
    made = run(inputs, f"where(r - s < -{limit}, 1, 0)", samples=2**14)
    exact = norm.cdf((-1 - limit) / 2**0.5)
    found = made.headline
    assert found.probability.value == pytest.approx(exact, abs=5 * found.probability.error)
    median, interval = found.written
    assert (median[:5], median[-2:], interval) == ("yes: ", " %", "–")
    assert "±" in median
    sentence = reading_sentence(found, "If so,")
    assert sentence == f"If so, the answer is yes in {median[5:]} of draws."
    row = run_document(made)["results"]["outputs"]["y"]
    assert row["probability"] == found.probability.value
    assert row["probability_error"] == found.probability.error


def test_a_column_is_headed_as_what_stands_in_it(run):
    yes, amount = (run({"a": (1, "normal(0, 1)")}, value, samples=64).headline for value in ("a > 0", "a"))
    fixed = run({"a": (1, "normal(0, 1)")}, "0 * a", samples=64).headline
    assert middle_heading([[amount], [fixed]]) == "Median"
    # a yes or no that is certain under one reading is one all the same
    assert middle_heading([[fixed, yes]]) == "Probability"
    assert middle_heading([[amount], [yes]]) == "Median or probability"
    assert middle_heading([[amount], [yes]], plural=True) == "Medians and probabilities"


def test_two_values_that_are_no_yes_or_no_have_a_median(run):
    found = run({"a": (1, "discrete(0, 2)")}, "a").headline
    assert found.probability is None
    found = run({"a": (1, "uniform(0, 1)")}, "a").headline
    assert found.probability is None


def test_mean_and_spread_are_shown_where_they_settle(run):
    found = run({"r": (10, "normal(10, 1)"), "s": (5, "normal(5, 1)")}, "r - s", reference=0).headline
    assert found.moments_written == ("5.0", "1.4")
    heavy = run({"a": (1, "lognormal(median=1, sigma=3)")}, "a").headline
    assert heavy.moments_written == ("–", "–")


@pytest.mark.parametrize(
    ("published", "told"), [("1.06", ABOUT_RIGHT), ("1.1", ABOUT_RIGHT), ("1.05", ""), ("1.062", ABOUT_RIGHT)]
)
def test_one_number_that_rounds_to_a_figure_is_it(load, published, told):
    """As the points are said to reproduce it."""
    study = load(f"""
        format = 1
        study = {{ title = "t", headline = "y" }}
        inputs.k = {{ unit = "1", point = 1.0615 }}
        outputs.y = {{ unit = "1", value = "k", published = {published} }}
        """)
    assert nearness(un.propagate(study, samples=64).outputs["y"]) == told
