"""Readings, then options, then overrides; points follow numbers, not distributions."""

import pytest

import uncertainty as un
from uncertainty.study.scenario import scenario


def test_as_published_takes_every_first_option(small):
    plan = scenario(small)
    assert plan.choices == {"sharing": "alone", "car": "petrol"}
    assert plan.varying == ("distance", "intensity", "trips")
    assert plan.points["intensity"] == pytest.approx(149.5)


def test_a_number_moves_the_point_and_a_distribution_does_not(small):
    assert scenario(small, override={"trips": 500}).points["trips"] == 500
    assert scenario(small, override={"trips": "fixed(500)"}).points["trips"] == 500
    assert scenario(small, override={"trips": "uniform(1, 2)"}).points["trips"] == 400


def test_points_that_are_expressions_follow_the_points_they_name(small):
    assert scenario(small, override={"fuel": 0.13}).points["intensity"] == pytest.approx(299)


def test_a_reading_is_applied_before_options_and_overrides(small):
    plan = scenario(small, "carpool")
    assert plan.choices["sharing"] == "shared"
    assert plan.points["trips"] == 440
    assert scenario(small, "carpool", {"sharing": "alone"}).choices["sharing"] == "alone"
    assert scenario(small, "carpool", None, {"trips": 300}).points["trips"] == 300


def test_an_option_replaces_equations_and_distributions(small):
    assert str(scenario(small, choose={"sharing": "shared"}).equations["occupancy_share"]) == "0.5"
    assert scenario(small, choose={"car": "electric"}).distributions["intensity"].support == (30, 70)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("carpol",), 'unknown reading "carpol"; did you mean "carpool"?'),
        (("as_published", {"shring": "alone"}), 'unknown choice "shring"; did you mean "sharing"?'),
        (
            ("as_published", {"sharing": "shard"}),
            'unknown option "shard" of the choice "sharing"; did you mean "shared"?',
        ),
        (("carpool", {"car": "electric"}), "nobody shares the electric car"),
        (("as_published", None, {"tripz": 3}), 'unknown input "tripz"; did you mean "trips"?'),
        (
            ("as_published", None, {"distance": 1000}),
            "distance: 1000 lies outside the input's limits, 1 to 100",
        ),
        (("as_published", None, {"distance": "normal(1)"}), "distance: "),
    ],
)
def test_what_cannot_be_applied_is_refused(small, arguments, message):
    with pytest.raises(un.StudyError) as caught:
        scenario(small, *arguments)
    assert message in str(caught.value)
