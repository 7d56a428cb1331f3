"""The report says what is worth measuring next, and which few inputs the calculation comes down to."""

import math

import pytest

from uncertainty.pages.writer import results_document


@pytest.mark.slow
def test_what_is_worth_measuring_next_is_a_table_of_intervals(content, sections_of, small):
    text = sections_of(small)["indices"]
    assert text.count("What is worth measuring next: from the draws") == len(content.details)
    assert text.count("from the draws of this table, the 95 % interval is now") == len(content.details)
    assert "If this were known" in text
    assert text.count("What makes cases differ, which no measurement can shrink") == 1  # the other has none
    assert "If all cases were alike in this" in text
    for details in content.details.values():
        narrowing = [left.narrowing for left in details.effects.remaining.values()]
        assert narrowing == sorted(narrowing, reverse=True)
        low, high = details.effects.interval
        for left in details.effects.remaining.values():
            assert low <= left.interval[0] < left.interval[1] <= high


@pytest.mark.parametrize(
    ("narrowing", "error", "told"),
    [
        (0.31, None, "31 %"),
        (0.31, 0.004, "31 %"),
        (0.99993, 2e-6, "over 99.9 %"),
        (0.03, 0.016, "≈ 0"),
        (-0.03, 0.016, "≈ 0"),
        (-0.05, 0.016, "not narrower"),
        (0.0, None, "not narrower"),
    ],
)
def test_what_cannot_be_told_from_nothing_is_not_said_to_narrow_an_interval(narrowing, error, told):
    from uncertainty.pages.sections.driver_details import _narrowing
    from uncertainty.sensitivity.remaining import Remaining

    assert _narrowing(Remaining((1.0, 2.0), narrowing, narrowing_error=error)) == told


def test_the_short_version_names_the_inputs_that_stay(content, sections_of, small):
    text = sections_of(small)["indices"]
    assert text.count("The short version: “distance”") == len(content.details)
    assert "with everything else at its median the interval is" in text
    assert text.count("With every input's spread, from as many draws, it is") == len(content.details)
    # of single cases, whose differences are among the inputs
    assert "averaged over in each" not in text
    short = content.details["as_published"].short
    assert short.shortened[0.8].inputs[0] == "distance"
    assert set(short.shortened[0.8].inputs) <= set(short.shortened[0.95].inputs)


def test_a_short_version_has_the_digits_that_its_errors_support(small, content):
    from dataclasses import replace

    from uncertainty.pages.sections.driver_details import _short_version
    from uncertainty.sampling.estimate import Ends, Estimate

    ends = Ends(Estimate(3294.5, 375.0), Estimate(33232.0, 4558.0))
    short = content.details["as_published"].short
    shortened = {share: replace(each, ends=ends) for share, each in short.shortened.items()}
    text = _short_version(small, replace(short, ends=ends, shortened=shortened), "km", yes_or_no=False)
    assert text.count("3,000 to 33,000 km") == 1 + len({each.inputs for each in shortened.values()})
    assert "3,300" not in text


def test_knowledge_and_variety_are_told_apart(sections_of, small):
    text = sections_of(small)["indices"]
    assert "What nobody knows explains" in text
    assert "research can shrink the first alone" in text


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (0.9971, 0.9932, 1.0009, "over 99 %"),
        (0.0029, -0.0009, 0.0068, "under 1 %"),
        (0.9988, 0.9986, 0.9990, "99.9 %"),
        (0.9989, 0.9974, 1.0003, "over 99.7 %"),
        (0.0011, -0.0003, 0.0026, "under 0.3 %"),
        (0.0011, 0.0002, 0.0020, "0.1 %"),
        (-0.0020, -0.0030, -0.0010, "under 0.1 %"),
        (0.1967, 0.1920, 0.2014, "20 %"),
        (0.74, 0.73, 0.75, "74 % (73 to 75 %)"),
        (1.0, 1.0, 1.0, "over 99.9 %"),
    ],
)
def test_a_share_without_its_interval_has_the_digits_that_this_supports(value, low, high, told):
    """A plain sum was said to have "interactions between them 0.3 %", of which nobody could tell any."""
    from uncertainty.pages.sections.driver_details import _explained
    from uncertainty.sensitivity.sobol.results import Share

    assert _explained(Share(value, (low, high))) == told


@pytest.mark.parametrize(
    ("value", "more", "interact"),
    [
        ("a + 3", "", False),
        ("exp(a)", "", False),
        ("a * b", '[[correlations]]\ninputs = ["a", "b"]\nspearman = 0.5', False),
        ("a + b", "", True),
    ],
)
def test_one_input_alone_is_not_said_to_interact(write_study, value, more, interact):
    """Of `a + 3` it was told that interactions explain 0.1 % of the spread, which is nothing but noise."""
    import uncertainty as un
    from uncertainty.pages.sections.driver_details import indices_sentences

    inputs = "".join(
        f'[inputs.{name}]\nunit = "1"\npoint = 1\ndistribution = "normal(1, 1)"\n' for name in "ab"
    )
    head = 'format = 1\n[study]\ntitle = "One"\nheadline = "y"\n'
    text = f'{head}{inputs}[outputs.y]\nvalue = "{value}"\nunit = "1"\n{more}\n'
    found = un.sobol(un.load_study(write_study(text)), samples=2**10)
    said = " ".join(indices_sentences(found, found.outputs["y"]))
    assert ("interactions between them" in said) is interact


def test_it_says_why_the_analysis_stopped(sections_of, small):
    assert "within ±0.01" in sections_of(small)["indices"]


@pytest.mark.slow
def test_correlated_inputs_are_said_to_count_as_one(sections_of, write_study, small_text):
    import uncertainty as un

    pair = '\n[[correlations]]\ninputs = ["distance", "intensity"]\nspearman = 0.5\n'
    text = sections_of(un.load_study(write_study(small_text + pair)))["indices"]
    assert "Correlated inputs count as one" in text


def test_many_members_that_count_as_one_are_told_by_how_many_they_are(write_study):
    import uncertainty as un
    from uncertainty.pages.figures.drivers import explains

    text = """
    format = 1
    [study]
    title = "Cells"
    headline = "y"
    [indices.year]
    from = 1
    to = 20
    [inputs.use]
    label = "Fuel used"
    unit = "1"
    index = ["year"]
    point = 2
    distribution = "1 to 3"
    [outputs.y]
    value = "sum(use)"
    unit = "1"
    """
    study = un.load_study(write_study(text))
    cells = [f"use[{year}]" for year in range(1, 21)]
    assert explains(study, "+".join(cells)) == "“Fuel used” explains"
    assert explains(study, "+".join(cells[:13])) == "“Fuel used (13 of 20 members)” explains"
    assert explains(study, "+".join(cells[:2])) == "“Fuel used (1)” and “Fuel used (2)” together explain"


def test_results_hold_curves_and_remaining_intervals(content):
    results = results_document(content)["results"]["drivers"]["as_published"]
    assert {*results["remaining"], *results["differing"]} == set(results["curves"])
    assert len(results["curves"]["distance"]["median"]) == len(results["curves"]["distance"]["at"])
    assert set(results["short_version"]) == {"0.8", "0.95"}


def test_an_interval_whose_end_the_calculation_has_set_gets_no_narrower(tmp_path):
    """One draw in 20 lies at the million that stands for never, far beyond all others."""
    import uncertainty as un
    from uncertainty.pages.blocks import plain
    from uncertainty.pages.sections.driver_details import detail_blocks
    from uncertainty.sensitivity.effects import describe_drivers

    path = tmp_path / "s.toml"
    for value, is_set in (("where(b < 0.95, a * b, 1000000)", True), ("a * b", False)):
        path.write_text(
            'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n'
            '[inputs.a]\nunit = "1"\npoint = 3\ndistribution = "lognormal(3, 1.5)"\n'
            '[inputs.b]\nunit = "1"\npoint = 0.5\ndistribution = "uniform(0, 1)"\n'
            f'[outputs.y]\nvalue = "{value}"\nunit = "1"\nscale = "log10"\n',
            encoding="utf-8",
        )
        study = un.load_study(path)
        details = describe_drivers(un.sobol(study, samples=256), "y")
        table = detail_blocks(study, details)[0]
        headings = [column.title for column in table.columns]
        assert ("narrower by" in headings) != is_set
        assert ("lower end, on average" in headings) == is_set
        assert ("set by the calculation itself" in plain(table.caption)) == is_set


@pytest.mark.slow
def test_what_a_width_is_is_said_where_all_that_varies_differs_from_case_to_case(write_study):
    import uncertainty as un
    from uncertainty.pages.blocks import Table, plain
    from uncertainty.pages.sections.driver_details import detail_blocks
    from uncertainty.sensitivity.effects import describe_drivers

    text = """
    format = 1
    study = { title = "T", headline = "y" }
    inputs.a = { unit = "1", point = 3, distribution = "2 to 4", kind = "%s" }
    inputs.b = { unit = "1", point = 3, distribution = "2 to 4", kind = "variability" }
    outputs.y = { unit = "1", value = "a + b" }
    """
    for kind, said in (("variability", [True]), ("uncertainty", [True, False])):
        study = un.load_study(write_study(text % kind))
        blocks = detail_blocks(study, describe_drivers(un.sobol(study, samples=64), "y"))
        captions = [plain(block.caption) for block in blocks if isinstance(block, Table)]
        assert ["its width is its ends' difference" in each for each in captions] == said


SLICES = """
format = 1
study = {{ title = "T", headline = "y" }}
inputs.a = {{ unit = "kg", point = 1, distribution = "{a}" }}
inputs.b = {{ unit = "1", point = 1, distribution = "{b}" }}
inputs.c = {{ unit = "1", point = 1, distribution = "uniform(0.999, 1.001)" }}
outputs.y = {{ unit = "kg", value = "({value}) * c", scale = "{scale}" }}
"""


@pytest.mark.parametrize(
    ("inputs", "scale", "heading", "now", "left"),
    [
        # logarithms with standard deviations of 4 and 0.3 add up, and 0.3 is left
        pytest.param(
            {"a": "lognormal(median=1, sigma=4)", "b": "lognormal(median=1, sigma=0.3)", "value": "a * b"},
            "log10",
            "upper ÷ lower end, on average",
            math.exp(2 * 1.959964 * math.hypot(4, 0.3)),
            math.exp(2 * 1.959964 * 0.3),
            id="factors",
        ),
        pytest.param(
            {"a": "normal(0, 40)", "b": "normal(0, 3)", "value": "a + b * 1[kg]"},
            "linear",
            "distance of the ends, on average",
            2 * 1.959964 * math.hypot(40, 3),
            2 * 1.959964 * 3,
            id="differences",
            marks=pytest.mark.slow,
        ),
        # half of the time the factor is 1, else 9: on average the ends lie 5 times as far apart as those of b
        pytest.param(
            {"a": "discrete(1, 9, weights=(0.5, 0.5))", "b": "normal(0, 3)", "value": "a * b"},
            "linear",
            "distance of the ends, on average",
            None,
            2 * 1.959964 * 15,
            id="a width that depends on the input",
        ),
    ],
)
def test_what_is_left_of_an_interval_is_told_as_its_width(inputs, scale, heading, now, left, write_study):
    """Ends that are averaged over an input that moves the interval stand together at no value of it."""
    import uncertainty as un
    from uncertainty import numbers
    from uncertainty.pages.blocks import plain
    from uncertainty.pages.sections.driver_details import detail_blocks
    from uncertainty.sensitivity.effects import describe_drivers

    study = un.load_study(write_study(SLICES.format(scale=scale, **inputs)))
    table = detail_blocks(study, describe_drivers(un.sobol(study, samples=1024), "y"))[0]
    assert table.columns[1].title == heading
    widths = {row[0]: numbers.shown(row[1]) for row in table.rows}
    assert widths["a"] == pytest.approx(left, rel=0.06)
    if now is not None:
        said = plain(table.caption).split("its ends' ")[1].split(", ")[1].split(" now")[0]
        assert math.log(numbers.shown(said)) == pytest.approx(math.log(now), rel=0.02)


GIVEN = """
format = 1
study = { title = "T", headline = "y" }
readings.fixed = { label = "Fixed", inputs = { m = 5 } }
inputs.m = { unit = "1", distribution = "normal(5, 3)" }
inputs.x = { label = "X", unit = "1", point = 5, distribution = "normal(m, 4)" }
inputs.z = { label = "Z", unit = "1", point = 5, distribution = "normal(m, 4)" }
outputs.y = { unit = "1", value = "x + 0 * z" }
"""

IS_GIVEN = (
    "“X” is drawn given other inputs: its share is of its own place among the values possible given those. "
    "Knowing its value tells of those inputs, too, and may shrink the spread by more."
)


def test_of_an_input_drawn_given_others_it_is_said_what_its_share_is_of(write_study):
    import uncertainty as un
    from uncertainty.pages.sections.drivers import given_others

    study = un.load_study(write_study(GIVEN))

    def said(study, **options):
        found = un.sobol(study, samples=256, **options)
        return given_others(found, found.outputs["y"])

    assert said(study) == IS_GIVEN
    assert said(study, reading="fixed") == ""
    both = un.load_study(write_study(GIVEN.replace("x + 0 * z", "x + z")))
    assert said(both).startswith(
        "“X” and “Z” are drawn given other inputs: their shares are of their own places "
    )
    # what it is given is known with it
    bound = GIVEN + "[[correlations]]\ninputs = ['m', 'x']\nspearman = 0.5\n"
    assert said(un.load_study(write_study(bound))) == ""


@pytest.mark.slow
def test_what_a_share_is_of_stands_below_its_explanation(write_study, sections_of, capsys):
    from command_line import run_here

    import uncertainty as un

    path = write_study("\n".join(line for line in GIVEN.splitlines() if "readings" not in line))
    text = sections_of(un.load_study(path))
    for name in ("drivers", "indices"):
        assert IS_GIVEN in text[name]
        assert ", “X” is" not in text[name]
    assert IS_GIVEN in " ".join(run_here(capsys, "sensitivity", path, "--samples", 256).out.split())
    shapley = run_here(capsys, "sensitivity", path, "--samples", 256, "--method", "shapley").out
    # of so few draws the effect of Z may be something
    assert "“X” and “Z” are drawn given other inputs: their shares are of" in " ".join(shapley.split())
    # where m is 5, x is drawn given nothing
    text = sections_of(un.load_study(write_study(GIVEN)))
    for name in ("drivers", "indices"):
        assert f"Under “The publication's conventions, today's evidence”, {IS_GIVEN}" in text[name]
