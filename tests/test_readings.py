"""A headline never stands alone."""

from dataclasses import replace

import pytest

import uncertainty as un
from uncertainty import propagation
from uncertainty.readings import Readings, compare_readings, leading_readings
from uncertainty.sampling.running import Execution
from uncertainty.study.model import Figure, Output, Reading


def output(claim, published=100.0, scale="log10"):
    return Output("y", None, None, Figure(published, 1), claim=claim, scale=scale)


@pytest.mark.parametrize(("claim", "worst"), [("at least", "low"), ("at most", "high"), ("about", "low")])
def test_the_least_favourable_reading_speaks_most_against_the_claim(small, claim, worst):
    medians = {"as_published": 100, "low": 2, "middle": 50, "high": 900}
    study = type("Study", (), {"readings": dict.fromkeys(medians), "preferred_reading": None})
    found = leading_readings(study, output(claim), medians)
    assert (found[0], found[-1]) == ("as_published", worst)
    assert len(found) == 3


def test_the_preferred_reading_leads_even_where_it_is_not_the_worst(small):
    study = type(
        "Study",
        (),
        {"readings": {n: Reading(n) for n in ("as_published", "a", "b")}, "preferred_reading": "a"},
    )
    assert leading_readings(study, output("at least"), {"as_published": 9, "a": 5, "b": 1}) == (
        "as_published",
        "a",
        "b",
    )


def test_a_reference_that_has_no_logarithm_leaves_every_reading_as_far_from_it(small):
    about_zero = Output("y", None, None, None, claim="about", scale="log10", reference=0.0)
    study = type("Study", (), {"readings": dict.fromkeys("ab"), "preferred_reading": None})
    assert set(leading_readings(study, about_zero, {"a": 1.0, "b": 2.0})) == {"as_published", "a", "b"}


@pytest.mark.parametrize(
    ("medians", "decides"),
    [
        ((-500, -10, -0.5), True),
        ((-500, -400, -200), False),
        ((-1, 0, 0), True),
        ((0, 1, 1), True),
        ((0, 0, 0), False),
        ((-1, 1, 1), True),
        ((1, 2, 2.9), False),
        ((1, 2, 3.1), True),
    ],
)
def test_the_convention_decides_where_medians_differ_by_more_than_a_factor_or_in_sign(medians, decides):
    class Known(Readings):
        @property
        def medians(self):
            return dict(zip("abc", medians, strict=True))

    assert Known(None, None, None, {}, ("a", "b", "c")).convention_decides is decides


def test_readings_share_their_random_numbers(small):
    found = un.compare_readings(small, samples=1024)
    assert found.leading == ("as_published", "carpool")
    assert not found.convention_decides
    assert found.medians["carpool"] == pytest.approx(found.medians["as_published"] / 2, rel=0.15)


def test_readings_save_nothing_and_share_the_memory(small, tmp_path, monkeypatch):
    asked, propagate = [], propagation.propagate

    def recorded(*arguments, execution, **options):
        asked.append(execution)
        return propagate(*arguments, execution=execution, **options)

    monkeypatch.setattr(propagation, "propagate", recorded)
    how = Execution(block_rows=7, save=tmp_path / "draws.parquet", memory=2**24)
    found = compare_readings(small, samples=64, execution=how)
    each = replace(how, save=None, memory=2**24 // len(found.runs))
    assert asked == [each] * len(found.runs)


def test_the_flagships_convention_decides_more_than_its_data(flagship):
    found = un.compare_readings(flagship, samples=2048)
    assert len(found.leading) == 3
    assert found.leading[:2] == ("as_published", flagship.preferred_reading)
    assert found.medians[found.leading[2]] == min(found.medians.values())
    assert found.convention_decides
