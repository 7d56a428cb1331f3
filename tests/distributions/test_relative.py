"""What is offered for ranges that are parts of the point, and that it means what was meant."""

import numpy as np
import pytest
from advice import offered

import uncertainty as un
from uncertainty.distributions.language import read_text
from uncertainty.errors import InvalidValue
from uncertainty.study.limits import Beside, read_distribution

RANGES = {
    "point/2 to point*2 @ 95 %": (0.5, 2, 0.025),
    "point / 2 to 2 x point": (0.5, 2, 0.05),
    "0.5*point - 3 * point (68 %)": (0.5, 3, 0.16),
    "point to 2·point": (1, 2, 0.05),
    "-50 % to +100 %": (0.5, 2, 0.05),
    "\u221250%/+100% (95 % CI)": (0.5, 2, 0.025),
    "+20 % / -10 %": (0.9, 1.2, 0.05),
    "point -30 % +40 %": (0.7, 1.4, 0.05),
}


def refused(text):
    with pytest.raises(InvalidValue) as caught:
        read_text(text)
    assert len(str(caught.value)) < 260
    return str(caught.value)


@pytest.mark.parametrize("text", RANGES)
def test_a_range_of_parts_of_the_point_is_offered_as_a_distribution_with_these_ends(text):
    low, high, tail = RANGES[text]
    first, *others = offered(refused(text))
    ends = read_distribution(first, Beside(point=4.0)).quantile(np.array([tail, 1 - tail]))
    assert ends == pytest.approx([4 * low, 4 * high], rel=1e-4)
    for other in others:
        read_distribution(other, Beside(point=4.0))
    limits = [each for each in others if each.startswith("uniform(")]
    for each in limits:
        assert read_distribution(each, Beside(point=4.0)).support == pytest.approx((4 * low, 4 * high))
    assert bool(limits) == ("%" not in text.partition("@")[0].partition("(")[0])


def test_what_reaches_0_is_offered_as_limits_alone():
    assert offered(refused("-100 % to +50 %"))[0] == "uniform(0, 1.5*point)"
    assert offered(refused("-120 % to +50 %"))[0] == "uniform(-0.2*point, 1.5*point)"


@pytest.mark.parametrize(
    "text", ["point - 3 to point + 3", "point*2 to point/2", "mu * 2 to 9", "point/0 to point"]
)
def test_other_quantities_stand_inside_a_distribution(text):
    name = text.partition(" ")[0].partition("*")[0].partition("/")[0]
    assert f"other quantities stand inside a distribution, as in normal({name}, 1)" in refused(text)


STUDY = """
format = 1
study = {{ title = "t", headline = "y" }}
indices.k.members = ["a", "b"]
inputs.x = {{ unit = "kg", index = ["k"], point = {{ a = 1, b = 0 }}, distribution = "{}" }}
outputs.y = {{ unit = "kg", value = "sum(x)" }}
"""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("point ± 20 % (95 %)", "normal: sd must be greater than 0"),
        ("normal(mean=point, cv=0.2)", "normal: cv is a share of the mean, which is 0"),
        ("lognormal(point, 1.2)", "lognormal: median must be greater than 0, not 0"),
    ],
)
def test_a_part_of_a_point_that_is_0_is_said_with_what_fixes_the_cell(write_study, text, wrong):
    with pytest.raises(un.StudyError) as caught:
        un.load_study(write_study(STUDY.format(text)))
    (fault,) = caught.value.faults
    assert (
        fault.message == f"{wrong}, and the point is 0; leave the distribution out there, which fixes it [b]"
    )
    mended = STUDY.format(text).replace(f'"{text}"', f'{{ a = "{text}" }}')
    assert un.load_study(write_study(mended)).inputs["x[b]"].distribution is None
