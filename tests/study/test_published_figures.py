"""Published statistics are read with all that may be wrong, and come through every form of a study."""

import pytest
from study_contents import faults

import uncertainty as un
from uncertainty.study.conversion import write_study as convert

STUDY = """
format = 1
[study]
title = "t"
headline = "y"
[inputs.a]
unit = "1"
point = 10
distribution = "normal(10, 2)"
[outputs.y]
value = "a"
unit = "1"
reference = 9
published = {published}
[outputs.z]
value = "a"
unit = "1"
scale = "log10"
published = 10
[readings.r]
inputs = {{ a = 9 }}
expect = {{ y = {expected}, z = 9 }}
"""

FAULTS = [
    ("{ }", "expected a figure: value, mean, median, sd, probability, low, high or a percentile such as p5"),
    ("{ level = 0.9 }", "published.level: needs the low or the high end of the interval beside it"),
    ("{ digits = 2 }", "published: expected a figure"),
    ("{ maen = 3 }", 'published.maen: unknown key; did you mean "mean"?'),
    ("{ std = 3 }", 'published.std: unknown key; did you mean "sd"?'),
    ("{ mean = 3, low = 1 }", "published.low: needs the interval's level beside it, such as level = 0.95"),
    ("{ low = 1, level = 95 }", "published.level: expected a share between 0 and 1, found 95; 95 % is 0.95"),
    ("{ low = 3, high = 1, level = 0.9 }", "published.low: expected at most high (1), found 3"),
    ("{ p95 = 3, median = 4 }", "published.median: expected at most p95 (3), found 4"),
    ("{ sd = -1 }", "published.sd: expected a standard deviation of at least 0, found -1"),
    ("{ probability = 42 }", "published.probability: expected a share from 0 to 1, found 42; 42 % is 0.42"),
    ("{ p0 = 1 }", "published.p0: expected a percentile above 0 and below 100, such as p5"),
    ("{ p100 = 1 }", "published.p100: expected a percentile above 0 and below 100, such as p5"),
    ("{ p250 = 1 }", "published.p250: expected a percentile above 0 and below 100, such as p5"),
    ("{ p97.5 = 1 }", 'published.p97: expected a number, found a table; write "p97.5" in quotes'),
    ("{ p5 = {} }", "published.p5: expected a number, found a table"),
    ('{ mean = "3" }', "published.mean: expected a number, found text"),
    ("{ mean = inf }", "published.mean: expected a finite number, found inf"),
    ("{ mean = 3, digits = 0 }", "published.digits: expected a whole number from 1 to 15"),
    ("{ mean = 3, digits = { sd = 2 } }", "published.digits.sd: there is no such figure here; known: mean"),
    ("{ mean = 3 }\ndigits = 2\nnote = 1", "note: expected text"),
    ("[3]", "published: expected a number or a table of statistics, found a list"),
]


@pytest.mark.parametrize(("published", "expected"), FAULTS)
def test_what_cannot_have_been_published_is_one_fault(write_study, published, expected):
    (found,) = faults(write_study(STUDY.format(published=published, expected=9)))
    assert expected in found


def test_figures_of_one_output_are_bounded(write_study):
    many = ", ".join(f'"p1.{n}" = 1' for n in range(1001))
    (found,) = faults(write_study(STUDY.format(published=f"{{ {many} }}", expected=9)))
    assert found == "outputs.y.published: expected at most 1000 entries, found 1001"


def test_a_reading_expects_figures_by_the_same_rules(write_study):
    (found,) = faults(write_study(STUDY.format(published=9, expected="{ meen = 3 }")))
    assert found == 'readings.r.expect.y.meen: unknown key; did you mean "mean"?'


def test_a_probability_needs_a_reference(write_study):
    text = STUDY.format(published="{ probability = 0.5 }", expected="{ probability = 0.4 }")
    found = faults(write_study(text.replace("reference = 9\n", "")))
    assert [each.split(":")[0] for each in found] == [
        "outputs.y.published.probability",
        "readings.r.expect.y.probability",
    ]
    assert all("needs the output's reference" in each for each in found)


def test_a_logarithmic_scale_refuses_values_at_0_or_below_and_no_spread(write_study):
    text = STUDY.format(published=9, expected=9).replace(
        "published = 10", "published = {{ mean = 0, sd = 0 }}"
    )
    assert faults(write_study(text.replace("{{", "{").replace("}}", "}"))) == [
        "outputs.z.published.mean: expected a positive figure on a log10 scale"
    ]


ALL = (
    '{ mean = 3.340, sd = 0.210, "p97.5" = 13, low = 2.0, high = 20, level = 0.95, median = 3.1, '
    "probability = 0.5, value = 2900 }"
)


def test_the_first_is_under_challenge_and_digits_are_as_written(write_study):
    found = un.load_study(write_study(STUDY.format(published=ALL, expected="{ sd = 0.30, p5 = 7 }")))
    figures = found.outputs["y"].published.every
    assert [(f.statistic, f.value, f.digits, f.level) for f in figures] == [
        ("mean", 3.34, 4, None),
        ("sd", 0.21, 3, None),
        ("p97.5", 13, 2, None),
        ("low", 2, 2, 0.95),
        ("high", 20, 1, 0.95),
        ("median", 3.1, 2, None),
        ("probability", 0.5, 1, None),
        ("value", 2900, 2, None),
    ]
    assert found.outputs["y"].figure_at_points.value == 2900
    assert [f.statistic for f in found.readings["r"].expect["y"].every] == ["sd", "p5"]


def test_digits_are_of_the_first_figure_or_of_those_named(write_study):
    text = STUDY.format(
        published="{ mean = 3000, sd = 200, digits = 4 }", expected="{ mean = 9, digits = { mean = 2 } }"
    )
    found = un.load_study(write_study(text))
    assert [f.digits for f in found.outputs["y"].published.every] == [4, 1]
    assert found.readings["r"].expect["y"].digits == 2
    beside = STUDY.format(published="{ mean = 3000 }\ndigits = 4", expected=9)
    assert un.load_study(write_study(beside)).outputs["y"].published.digits == 4
    both = STUDY.format(published="{ mean = 3000, digits = 4 }\ndigits = 4", expected=9)
    assert faults(write_study(both)) == ["outputs.y.published.digits: is given beside the figure already"]


@pytest.mark.parametrize("form", ["study.xlsx", "study.json", "study.toml", "folder"])
def test_statistics_come_through_every_form_in_their_order(write_study, tmp_path, form):
    path = write_study(STUDY.format(published=ALL, expected='{ sd = 0.30, "p2.5" = 7.0 }'))
    convert(path, tmp_path / form)
    one, other = un.load_study(path), un.load_study(tmp_path / form)
    assert one.outputs == other.outputs
    assert one.readings == other.readings


def test_a_difference_names_the_statistic(write_study):
    from uncertainty.study.differences import differences

    one = un.load_study(write_study(STUDY.format(published="{ mean = 3.34 }", expected=9)))
    other = un.load_study(write_study(STUDY.format(published="{ low = 3.34, level = 0.9 }", expected=9)))
    (found,) = differences(one, other)
    assert (found.one, found.other) == ("mean 3.34 (3 digits)", "low of 0.9 3.34 (3 digits)")
    assert found.changes_numbers


def test_a_cell_that_is_no_table_of_statistics_is_one_fault(write_study, tmp_path):
    convert(write_study(STUDY.format(published="{ mean = 3 }", expected=9)), tmp_path / "folder")
    file = tmp_path / "folder" / "outputs.csv"
    text = file.read_text(encoding="utf-8-sig")
    assert "{ mean = 3 }" in text
    file.write_text(text.replace("{ mean = 3 }", "{ mean 3 }"), encoding="utf-8")
    (found,) = faults(tmp_path / "folder")
    assert found.endswith("published: expected a number, or statistics such as { mean = 3.34, sd = 0.21 }")


@pytest.mark.slow
def test_the_editors_schema_takes_what_the_reader_takes():
    import jsonschema

    from uncertainty.study.keys import study_schema

    schema = study_schema()
    figure = {"$ref": "#/definitions/OutputTable/properties/published"} | {
        "definitions": schema["definitions"]
    }
    right = [3, {"mean": 3, "sd": 1, "digits": {"mean": 2}}, {"p97.5": 3}, {"low": 1, "level": 0.9}]
    # {"maen": 3} may be a figure of a member of that name: the reader knows
    wrong = [{}, {"mean": 3, "maen": 3}, "3", {"low": 1, "level": 95}, {"mean": 3, "digits": 0}]
    for value in right:
        jsonschema.validate(value, figure)
    for value in wrong:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, figure)
