"""Points that are texts: what may stand in them, and what is advised where something may not."""

import pytest

from uncertainty import load_study
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import StudyError
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "t"
headline = "x"
[inputs.x]
unit = "g/km"
point = "{}"
[outputs.x]
unit = "g/km"
"""


def read(folder, point):
    file = folder / "x.toml"
    file.write_text(STUDY.format(point), encoding="utf-8")
    return load_study(file)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        # grams are no grams per kilometre, so that 50[g] would be refused in its turn
        (
            "50 g",
            'cannot read "50 g"; a point is a number without a unit; the unit is the input\'s own, g/km',
        ),
        (
            "50g/km",
            'cannot read "50g/km"; write 50 without quotation marks; the unit is the input\'s own, g/km',
        ),
        (
            "5e0 kg/km",
            'cannot read "5e0 kg/km"; write 5000 without quotation marks; the unit is the input\'s own, g/km',
        ),
        ("3 to 5", '"3 to 5" is a distribution; write one number here, and distribution = "3 to 5"'),
        (
            "1e1",
            "10 in quotation marks is a formula and gives a pure number; write 10 without them for 10 g/km",
        ),
        ("2 x", 'unexpected "x" at column 3 after the number 2; a unit is written 2[g], a product 2 * x'),
    ],
)
def test_words_behind_the_number_of_a_point_are_answered_by_what_the_input_takes(tmp_path, point, said):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, point)
    assert [(fault.key, fault.message) for fault in refused.value.faults] == [("inputs.x.point", said)]


@pytest.mark.parametrize(
    ("point", "value"), [("1e1[g/km]", 10.0), ("5[kg/km]", 5000.0), ("2 * 25[g/km]", 50.0)]
)
def test_a_point_that_is_an_expression_is_read(tmp_path, point, value):
    study = read(tmp_path, point)
    assert evaluate_at_points(scenario(study), ["x"])["x"] == pytest.approx(value, rel=1e-12)
