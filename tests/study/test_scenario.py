"""Readings, then options, then overrides; points follow them."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.study.scenario import scenario


def test_as_published_takes_every_first_option(small):
    plan = scenario(small)
    assert plan.choices == {"sharing": "alone", "car": "petrol"}
    assert plan.varying == ("distance", "intensity", "trips")
    assert plan.points["intensity"] == pytest.approx(149.5)


def test_points_follow_numbers_and_the_medians_of_distributions(small):
    assert scenario(small, override={"trips": 500}).points["trips"] == 500
    assert scenario(small, override={"trips": "fixed(500)"}).points["trips"] == 500
    plan = scenario(small, override={"trips": "uniform(1, 2)"})
    assert (plan.points["trips"], plan.at_medians) == (1.5, ("trips",))
    # 298 g/L times 0.13 L/km, of which the fuel is given by a distribution
    assert scenario(small, override={"fuel": "uniform(0.12, 0.14)"}).points["intensity"] == pytest.approx(299)


@pytest.mark.parametrize(
    "given",
    [
        {"point": 410, "distribution": "380 to 430"},
        '{ point = 410, distribution = "380 to 430" }',
        "{point=410.0,distribution='380 to 430'}",
    ],
)
def test_a_point_may_be_given_beside_a_distribution(small, given):
    plan = scenario(small, override={"trips": given})
    assert plan.points["trips"] == 410
    assert plan.at_medians == ()
    low, high = plan.distributions["trips"].quantile(np.array([0.05, 0.95]))
    assert (low, high) == pytest.approx((380, 430))
    # what a run says of it can be given again
    again = scenario(small, override=plan.overrides)
    assert again.overrides == plan.overrides
    assert (again.points, again.distributions) == (plan.points, plan.distributions)


def test_points_that_are_expressions_follow_the_points_they_name(small):
    assert scenario(small, override={"fuel": 0.13}).points["intensity"] == pytest.approx(299)


def test_points_are_found_once_for_all_scenarios_that_replace_the_same_ones(small, monkeypatch):
    first = scenario(small, override={"fuel": 0.12, "distance": "uniform(1, 2)"}).points

    def refused(*_):
        raise AssertionError

    monkeypatch.setattr("uncertainty.study.scenario.compile_tape", refused)
    chosen = scenario(
        small, choose={"sharing": "shared"}, override={"fuel": 0.12, "distance": "uniform(1, 2)"}
    )
    assert chosen.points == first


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
        (("as_published", None, {"trips": {"point": 5}}), "trips: expected a distribution beside the point"),
        (
            ("as_published", None, {"trips": {"pont": 5, "distribution": 5}}),
            'trips: unknown key "pont"; did you mean "point"?',
        ),
        (("as_published", None, {"trips": "{ point = 5"}), "trips: cannot read '{ point = 5'; write { point"),
        (
            ("as_published", None, {"distance": {"point": 1000, "distribution": "2 to 8"}}),
            "distance: 1000 lies outside the input's limits, 1 to 100",
        ),
        (
            ("as_published", None, {"trips": {"point": "2 to 8", "distribution": "2 to 8"}}),
            'trips: point: expected a number, found "2 to 8"',
        ),
    ],
)
def test_what_cannot_be_applied_is_refused(small, arguments, message):
    with pytest.raises(un.StudyError) as caught:
        scenario(small, *arguments)
    assert message in str(caught.value)
