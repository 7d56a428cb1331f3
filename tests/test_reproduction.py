"""What is printed is compared with what the points give, at the digits that were printed."""

import pytest

import uncertainty as un
from uncertainty.reproduction import rounds_to
from uncertainty.study.model import Figure


@pytest.mark.parametrize(
    ("value", "figure", "digits", "reproduces"),
    [
        (2847, 2900, 2, False),
        (2850, 2900, 2, True),
        (2949.9, 2900, 2, True),
        (0.8333, 0.8, 1, True),
        (104, 100, 1, True),
        (60, 100, 1, False),
        (-0.062, -0.1, 1, True),
        (-0.049, -0.1, 1, False),
        (0.96, 1.0, 2, True),
        (0.94, 1.0, 2, False),
        (96, 100, 1, True),
        (1.25, 1.2, 2, True),
        (1.25, 1.3, 2, True),
        (-1.346, -1.35, 3, True),
        (0.0, 0.0, 1, True),
        (0.4, 0.0, 1, True),
        (-0.5, 0.0, 1, True),
        (0.6, 0.0, 1, False),
        (0.0004, 0.0, 4, True),
        (-0.0006, 0.0, 4, False),
        # a clock's last digit, a laser's, and what conversion of units rounds
        (9192631771.0, 9192631770, 10, False),
        (9192631770.4, 9192631770, 10, True),
        (473612353604110.0, 473612353604100, 15, False),
        (473612353604100.4, 473612353604100, 15, True),
        (0.1 * 3, 0.3, 1, True),
        (2.675 * (1 + 2e-16), 2.67, 3, True),
    ],
)
def test_rounding_is_to_the_printed_digits_and_a_tie_may_go_either_way(value, figure, digits, reproduces):
    assert rounds_to(value, Figure(figure, digits)) is reproduces


FLAGSHIP = {
    "us_illustrator_vs_midjourney": ("rounding", {"midjourney_image", "us_illustrator_image"}),
    "india_illustrator_vs_midjourney": ("rounding", {"midjourney_image"}),
    "laptop_vs_midjourney": ("unpublished", set()),
}


def test_every_published_figure_of_the_flagship_reproduces_but_two_that_need_a_rounded_one(flagship):
    found = un.reproduce(flagship).figures
    published = {name for name, output in flagship.outputs.items() if output.published is not None}
    assert len(published) == 24
    for name in published:
        status, explained = FLAGSHIP.get(name, ("reproduced", set()))
        assert (found[name].status, set(found[name].explained_by)) == (status, explained), name
    assert found["laptop_vs_midjourney"].status == "unpublished"


def test_every_expectation_of_the_flagships_readings_is_met(flagship):
    rows = [(r, o, row) for r, rows in un.reproduce(flagship).readings.items() for o, row in rows.items()]
    assert len(rows) > 20
    assert [(r, o) for r, o, row in rows if row.status != "reproduced"] == []


def test_a_figure_printed_as_zero_that_leaves_nothing_to_divide_by_explains_nothing(write_study):
    study = """
        format = 1
        [study]
        title = "t"
        headline = "x"
        [inputs.q]
        unit = "1"
        point = 0.2
        [equations]
        small = "q * 1"
        [outputs.small]
        unit = "1"
        published = 0
        [outputs.x]
        unit = "1"
        value = "1 / small"
        published = 7
    """
    found = un.reproduce(un.load_study(write_study(study))).figures
    assert {name: (row.status, row.explained_by) for name, row in found.items()} == {
        "small": ("reproduced", ()),
        "x": ("differs", ()),
    }


def test_a_figure_that_differs_is_told_from_one_that_rounding_explains(write_study):
    differs = un.reproduce(un.load_study(write_study(replace={"published = 600": "published = 700"})))
    assert differs.figures["yearly"].status == "differs"
    assert not differs.sound
    rounding = un.reproduce(
        un.load_study(
            write_study(replace={"published = 600": "published = 640", "published = 1.5": "published = 1.6"})
        )
    )
    assert rounding.figures["yearly"].explained_by == ("per_trip",)
    assert rounding.figures["per_trip"].status == "differs"


def test_a_reading_is_held_to_what_it_expects(small, write_study):
    assert un.reproduce(small).readings["carpool"]["yearly"].status == "reproduced"
    wrong = un.load_study(write_study(replace={"value = 330": "value = 350"}))
    assert un.reproduce(wrong).readings["carpool"]["yearly"].status == "differs"


def test_points_far_from_their_own_distribution_are_named(small, write_study):
    assert dict(un.reproduce(small).distant_points) == {}
    far = un.load_study(write_study(replace={"lognormal(10, 1.2)": "lognormal(30, 1.2)"}))
    assert list(un.reproduce(far).distant_points) == ["distance"]


def test_distributions_without_basis_or_source_are_named(small):
    assert un.reproduce(small).unsupported["trips"] == ("basis", "source")
