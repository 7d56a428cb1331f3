"""What headings call units otherwise than studies: cents and pence, other money, and amounts."""

import math

import pytest

from uncertainty.study.heading_units import readings
from uncertainty.units import UnitSystem
from uncertainty.units.other_names import hundredths, is_translated, plain_words, with_other_money


@pytest.mark.parametrize(
    ("text", "counted", "named"),
    [
        ("ct/kWh", ("euro",), "euro/kWh"),
        ("€ct/kWh", ("eur",), "eur/kWh"),
        ("cents", ("dollar",), "dollar"),
        ("p/kWh", ("pound_sterling",), "pound_sterling/kWh"),
        ("pence/kWh", ("gbp",), "gbp/kWh"),
        ("ct/kWh", ("gbp",), "gbp/kWh"),
        # a p is a penny of pounds alone, and a study may count cents
        ("p/kWh", ("euro",), ""),
        ("pence", ("euro",), ""),
        ("ct/kWh", ("euro", "cent"), ""),
        ("ct/kWh", ("person",), ""),
        ("kWh", ("euro",), ""),
    ],
)
def test_cents_are_those_of_the_money_that_a_study_counts(text, counted, named):
    assert hundredths(text, counted) == named


@pytest.mark.parametrize(
    ("text", "counted", "named"),
    [
        ("PLN/t", ("euro",), "pln/t"),
        ("PLN/t", ("pln",), "PLN/t"),
        ("Rs/t", ("euro",), "rupee/t"),
        # of two letters is the name of money, too
        ("Rs/t", ("rs",), "Rs/t"),
        ("Rs/t", ("inr",), "Rs/t"),
        ("€/t", ("keur",), "€/t"),
        ("€/t", ("page",), "euro/t"),
        ("US-Dollar/t", ("page",), "dollar/t"),
    ],
)
def test_money_of_a_heading_is_another_where_the_study_counts_none_that_may_be_it(text, counted, named):
    found, system = with_other_money(text, UnitSystem(counted))
    assert found == named
    assert set(system.counting_units) == {*counted, *({named.split("/")[0]} if named != text else ())}


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("per 10k", 1e-4),
        ("per 100 k", 1e-5),
        ("per 1000", 1e-3),
        ("10^3", 1e3),
        ("1e6", 1e6),
        ("10⁻⁶", 1e-6),
        ("thousands", 1e3),
        ("Mio.", 1e6),
        ("100'000", 1e5),
    ],
)
def test_an_amount_alone_is_of_whatever_is_counted(said, times):
    found = readings(said, UnitSystem(("person",)))
    assert [each.unit for each in found] == [None]
    assert math.isclose(found[0].times, times, rel_tol=1e-12)


def test_per_hundred_kelvins_and_kilograms_are_no_thousands():
    system = UnitSystem(("person",))
    for said, unit in (("per 100 K", "1/K"), ("per 100 kg", "1/kg")):
        first = readings(said, system)[0]
        assert first.times == pytest.approx(0.01, rel=1e-12)
        assert first.unit.dimension == system.parse(unit).dimension
    # a rate of births that no study counts, per 100 thousand women
    assert readings("per 100 k women", system)[0].times == pytest.approx(1e-5, rel=1e-12)


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("Stunde", True),
        ("stunde", True),
        ("TONNEN", True),
        ("Tage", True),
        # short nouns without their capital may be other words
        ("tage", False),
        ("gramm", False),
        ("heures", True),
        ("Heures", True),
        ("kg", False),
    ],
)
def test_nouns_of_six_letters_are_units_without_their_capital(word, is_one):
    assert is_translated(word) is is_one


def test_by_the_head_is_by_the_person_where_a_study_counts_persons():
    assert plain_words("kg/cap", ("person",)) == "kg/person"
    assert plain_words("kg per capita", ("people", "resident")) == "kg/resident"
    assert plain_words("kg/cap", ("page",)) == "kg/cap"
    assert plain_words("cu. ft", ()) == "(ft)**3"
