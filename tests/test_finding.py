"""What a study found, in one line: direction, how sure, and whether the published figure stands."""

from textwrap import dedent

import pytest

import uncertainty as un
from uncertainty.finding import finding

STUDY = """
    format = 1
    [study]
    title = "t"
    headline = "y"
    [inputs.a]
    unit = "1"
    point = 3
    distribution = "{distribution}"
    [outputs.y]
    value = "a"
    unit = "1"
    {output}
    """


def found(write_study, distribution, output, more=""):
    text = dedent(STUDY).format(distribution=distribution, output=output.replace("; ", "\n"))
    return finding(un.compare_readings(un.load_study(write_study(text + dedent(more))), samples=4096))


NARROW = "about 3.00 (2.05 to 3.95)"
APART = "“y” is about 3.00 to 13.0, by the reading"

OTHER = """
    [readings.other]
    inputs = {{ a = "{}" }}
    """


@pytest.mark.parametrize(
    ("distribution", "output", "other", "said"),
    [
        # of the draws lie above 1: all, nine tenths, half
        ("uniform(2, 4)", "reference = 1", "", f"“y” lies above 1, over 99.9 % sure; it is {NARROW}"),
        (
            "uniform(0, 10)",
            'reference = 1; published = 5; claim = "at least"',
            "",
            "“y” lies above 1, 90 % sure; that it is at least the published 5 is 50 % likely",
        ),
        ("uniform(0, 2)", "reference = 1", "", "That “y” lies above 1 is 50 % likely; it is about 1.0 ("),
        ("uniform(2, 4)", "published = 3", "", f"“y” is {NARROW}; the published 3 lies inside its interval"),
        ("uniform(2, 4)", "published = 9", "", f"“y” is {NARROW}; the published 9 lies outside its interval"),
        (
            "uniform(2, 4)",
            "published = 3",
            "uniform(12, 14)",
            f"{APART}; the published 3 lies inside the interval of 1 of the 2 readings",
        ),
        (
            "uniform(2, 4)",
            "published = 9",
            "uniform(12, 14)",
            f"{APART}; the published 9 lies outside the interval of every reading",
        ),
        (
            "uniform(2, 4)",
            'reference = 1; label = "A ÷ B"',
            "uniform(0, 0.5)",
            "Whether “A” comes out higher than “B” depends on the reading; it is about 0.25 to 3.00",
        ),
        (
            "uniform(0, 10)",
            'published = 9; claim = "at least"',
            "uniform(0, 9.5)",
            "That “y” is at least the published 9 is at most 10 % likely",
        ),
        ("uniform(2, 4)", "", "", f"“y” is {NARROW}"),
    ],
)
def test_a_finding_says_direction_and_whether_the_figure_stands(
    distribution, output, other, said, write_study
):
    assert found(write_study, distribution, output, OTHER.format(other) if other else "").startswith(said)


def test_one_number_is_said_as_one(write_study):
    text = (
        dedent(STUDY)
        .format(distribution="x", output="published = 3\nreference = 1")
        .replace('distribution = "x"\n', "")
    )
    readings = un.compare_readings(un.load_study(write_study(text)), samples=64)
    assert finding(readings) == "“y” lies above 1; the published 3 lies inside its interval"
