"""What a reading or an option puts in an input's place, with its point, in every form of a study."""

import re

import pytest
from advice import offered

import uncertainty as un
from uncertainty.reproduction import reproduce
from uncertainty.study.conversion import write_study
from uncertainty.study.differences import differences
from uncertainty.study.limits import Beside, read_distribution

STUDY = """
format = 1
[study]
title = "A correction and a factor"
headline = "y"
[inputs.a]
unit = "1"
point = 0
distribution = "normal(0, 0.01)"
[inputs.f]
unit = "1"
point = 2
distribution = "1.8 to 2.2"
low = 0.5
[outputs.y]
value = "(1 + a) * f"
unit = "1"
published = 2.00
[choices.way]
question = "Which way?"
[choices.way.options.first]
[choices.way.options.other]
inputs = { f = { point = 3, distribution = "2 to 8" } }
[readings.shifted]
inputs = { a = "normal(0.05, 0.03)" }
expect = { y = { value = 2.10, digits = 3 } }
[readings.skewed]
inputs = { a = { point = 0.5, distribution = "exponential(0.2)" } }
expect = { y = { value = 3.0, digits = 2 } }
[readings.other_way]
choices = { way = "other" }
inputs = { a = 0.5 }
expect = { y = 4.5 }
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(
        STUDY.replace("expect = { y = 4.5 }", "expect = { y = { value = 4.5 } }"), encoding="utf-8"
    )
    return file


def test_expected_figures_are_judged_at_the_override_s_own_point_or_else_its_median(path):
    found = reproduce(un.load_study(path))
    points = {name: rows["y"].point for name, rows in found.readings.items()}
    assert points == pytest.approx({"shifted": 1.05 * 2, "skewed": 1.5 * 2, "other_way": 1.5 * 3})
    assert {rows["y"].status for rows in found.readings.values()} == {"reproduced"}
    assert found.at_medians == {"shifted": {"a": pytest.approx(0.05)}}


@pytest.mark.parametrize("form", ["study.xlsx", "study.json", "folder", "again.toml"])
def test_points_of_overrides_come_back_from_every_form(path, form, tmp_path):
    write_study(path, tmp_path / form)
    one, other = un.load_study(path), un.load_study(tmp_path / form)
    assert differences(one, other) == ()
    assert other.readings["skewed"].inputs["a"].point == 0.5
    assert str(other.choices["way"].options["other"].inputs["f"]) in (
        '{ point = 3.0, distribution = "2 to 8" }',
    )


def test_a_point_that_differs_is_a_difference_and_is_shown_as_the_file_says_it(path, tmp_path):
    other = tmp_path / "other.toml"
    text = path.read_text(encoding="utf-8")
    other.write_text(text.replace("point = 0.5, dist", "point = 0.4, dist"), encoding="utf-8")
    (found,) = differences(un.load_study(path), un.load_study(other))
    assert found.key == "readings.skewed.inputs.a"
    assert (found.one, found.other) == (
        '{ point = 0.5, distribution = "exponential(0.2)" }',
        '{ point = 0.4, distribution = "exponential(0.2)" }',
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("point = 0.5, ", 'point = "x", ', "readings.skewed.inputs.a.point: expected a number"),
        ("point = 3, ", "point = 0.1, ", "options.other.inputs.f: 0.1 lies outside the input's limits"),
        ("point = 0.5, dist", "pint = 0.5, dist", 'unknown key; did you mean "point"?'),
        (
            'point = 0.5, distribution = "exponential(0.2)"',
            "point = 0.5",
            "skewed.inputs.a.distribution: this",
        ),
        ('"normal(0.05, 0.03)"', "true", "readings.shifted.inputs.a"),
    ],
)
def test_what_no_override_can_be_is_named(path, old, new, message):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(un.StudyError) as caught:
        un.load_study(path)
    assert message in str(caught.value)


def test_numbers_with_a_unit_are_offered_in_the_input_s_own():
    for unit, text, expected in [
        ("kg", "9000 g", ["9"]),
        ("kg", "8000-9000 g", ["8 to 9", "uniform(8, 9)"]),
        ("kg", "9000 g ± 200 g (sd)", ["9 ± 0.2 (sd)"]),
        ("kg", "900 g to 1 kg", ["0.9 to 1"]),
        ("m^2", "5 km^2 ± 5 % (k=2)", ["5000000 ± 5 % (k=2)"]),
        ("page", "5 page", ["5"]),
        ("kg", "9,000 kg", ["9000", "9.000"]),
        ("kg", "15.0(2) kg", ["15.0(2)"]),
        ("kg", "15.0(2) g", []),
        ("kg", "9,000 g", []),
        ("kg", "9000 m", []),
        ("page", "5 km", []),
    ]:
        with pytest.raises(
            un.errors.InvalidValue, match=f"the unit is the input's own, {re.escape(unit)}$"
        ) as error:
            read_distribution(text, Beside(unit=unit))
        assert offered(str(error.value)) == expected
        for each in expected:
            read_distribution(each, Beside(unit=unit))
