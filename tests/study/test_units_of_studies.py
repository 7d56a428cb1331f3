"""Turns and information are no pure numbers: what they come to in a study, and where they do not fit."""

import math
import re

import pytest

import uncertainty as un
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
study = {{ title = "Machine", headline = "y" }}
inputs.a = {{ unit = "{a}", point = {x} }}
inputs.b = {{ unit = "{b}", point = {z} }}
outputs.y = {{ value = "{value}", unit = "{unit}" }}
"""


def study(a, x, b, z, value, unit):
    return STUDY.format(a=a, x=x, b=b, z=z, value=value, unit=unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (study("rpm", 1500, "h", 8, "a * b", "turn"), 720_000),
        (study("rpm", 1500, "h", 8, "a * b / 1[turn]", "1"), 720_000),
        (study("rpm", 1500, "s", 1, "a / 1[turn]", "Hz"), 25),
        (study("rpm", 60, "s", 1, "a * 2 * pi / 1[turn]", "rad/s"), 2 * math.pi),
        (study("N*m", 50, "rpm", 3000, "a * b * 2 * pi / 1[turn]", "kW"), 5 * math.pi),
        (study("rad/s", 100, "N*m", 50, "a * b", "kW"), 5),
        (study("deg/s", 90, "s", 1, "sin(a * b)", "1"), 1),
        (study("rps", 0.25, "s", 1, "sin(2 * pi * a * b / 1[turn])", "1"), 1),
        (study("kWh/cycle", 2, "cycle", 1000, "a * b", "MWh"), 2),
        (study("kWh/GB", 0.06, "GB", 3, "a * b", "kWh"), 0.18),
        (study("Mbit/s", 8, "h", 1, "a * b", "GB"), 3.6),
        (study("Wh/bit", 1, "KiB", 1, "a * b", "kWh"), 8.192),
        (study("Mt", 5, "kg/kg", 2.4, "a * b", "t"), 12e6),
    ],
)
def test_turns_and_information_come_to(text, expected, write_study):
    loaded = un.load_study(write_study(text))
    found = un.reproduce(loaded).figures["y"].point
    assert found == pytest.approx(expected, rel=1e-12)
    assert scenario(loaded).points


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (study("kWh/GB", 0.06, "GB", 3, "a", "kWh"), "has dimension energy / information"),
        (study("kWh/Mbit", 0.06, "GB", 3, "a + 1[kWh]", "kWh"), "cannot add energy / information and energy"),
        (study("GB", 3, "1", 3, "a / b", "1"), "has dimension information"),
        (study("rpm", 1500, "h", 8, "a * b", "1"), "divide them by 1[turn]"),
        (study("rpm", 1500, "h", 8, "a", "Hz"), "multiply them by 2 * pi / 1[turn]"),
        (study("N*m", 50, "rpm", 100, "a * b", "W"), "multiply them by 2 * pi / 1[turn]"),
        (study("rpm", 1500, "h", 8, "sin(a * b)", "1"), "multiply them by 2 * pi / 1[turn]"),
        (study("revolution", 2, "rad", 8, "a + b", "1"), "multiply them by 2 * pi / 1[turn]"),
    ],
)
def test_turns_and_information_are_no_pure_numbers(text, message, write_study):
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(write_study(text))
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("g", "3 * 2", 'outputs.y: is a pure number, but its unit "g" has mass'),
        ("1", "a", 'outputs.y: has dimension mass, but its unit "1" is a pure number'),
        ("h", "a / 1[kg]", 'outputs.y: is a pure number, but its unit "h" has time'),
    ],
)
def test_a_pure_number_has_no_dimension_in_words(write_study, unit, value, said):
    text = f"""format = 1
study = {{ title = "t", headline = "y" }}
inputs.a = {{ unit = "kg", point = 1 }}
outputs.y = {{ unit = "{unit}", value = "{value}" }}
"""
    with pytest.raises(un.StudyError, match=re.escape(said)):
        un.load_study(write_study(text))


@pytest.mark.parametrize(
    ("unit", "point", "plain"), [("kg", '"2"', "2"), ("%", '"2"', "2"), ("ppm", '"-2e3"', "-2000")]
)
def test_a_number_in_quotation_marks_is_no_number_of_a_unit(write_study, unit, point, plain):
    text = study(unit, point, "1", 1, "a", unit)
    with pytest.raises(un.StudyError) as caught:
        un.load_study(write_study(text))
    (fault,) = caught.value.faults
    said = f"{plain} in quotation marks is a formula and gives a pure number"
    assert (fault.key, fault.message) == (
        "inputs.a.point", f"{said}; write {plain} without them for {plain} {unit}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "point", "value"), [("1", '"2"', 2), ("%", '"2[%]"', 2), ("%", '"1/4"', 25)]
)
def test_a_formula_of_a_number_stays_one(write_study, unit, point, value):
    made = un.load_study(write_study(study(unit, point, "1", 1, "a", unit)))
    assert un.reproduce(made).figures["y"].point == pytest.approx(value, rel=1e-12)


TRIPS = """
format = 1
study = {{ title = "Trips", headline = "y" }}
outputs.y = {{ unit = "km", value = "distance" }}
[inputs.distance]
label = "Distance of a trip"
unit = "km"
point = 2
distribution = "empirical('d.csv', '{column}')"
"""


@pytest.mark.parametrize(
    ("column", "told"), [("klicks", ('d.csv: "klicks" is read in km.',)), ("trip distance", ())]
)
def test_check_says_in_which_unit_data_are_read_whose_heading_may_say_another(tmp_path, column, told):
    """Nobody can foresee every word for a unit: what is not understood is told beside what is read."""
    (tmp_path / "d.csv").write_text("trip distance,klicks\n1,2\n2,3\n3,5\n", encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(TRIPS.format(column=column), encoding="utf-8")
    assert un.load_study(path).noticed == told
