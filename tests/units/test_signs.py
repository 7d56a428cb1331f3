"""Signs are read as the letters and words that they stand for."""

import unicodedata

import pytest

from uncertainty.study.heading_units import readings
from uncertainty.study.table_units import refuse_heading_of_another_unit
from uncertainty.tables.currencies import _CURRENCIES
from uncertainty.units import UnitSystem
from uncertainty.units.signs import MARKS, MONEY_SIGNS, plain_signs, signs_in

SQUARE = [chr(code) for code in (*range(0x3380, 0x33E0), *range(0xFF01, 0xFF5F), 0x2113)]


@pytest.mark.parametrize("sign", SQUARE)
def test_a_sign_of_several_letters_has_those_of_unicode(sign):
    found = plain_signs(f"in {sign}")
    assert unicodedata.normalize("NFKC", found) == unicodedata.normalize("NFKC", f"in {sign}").replace(
        "∕", "/"
    )
    assert sign not in found


def test_powers_and_letters_with_marks_stay_as_they_are():
    for text in ("10⁶ m²", "µg/m³", "größe", "½", "Ω", "Å", "°C", "‰"):
        assert plain_signs(text) == text


OF_UNITS = {"㎏": "kg", "㎡": "m**2", "㎢": "km**2", "㎥": "m**3", "㎾": "kW", "㎐": "Hz", "㎎/L": "mg/L"} | {
    "㎍/㎥": "ug/m**3",
    "㎧": "m/s",
    "ｋｇ": "kg",
    "ℓ": "L",
    "㏊": "hectare",
    "°": "degree",
}


@pytest.mark.parametrize("said", OF_UNITS)
def test_a_sign_is_the_unit_that_it_stands_for(said):
    system = UnitSystem(())
    own = system.parse(OF_UNITS[said])
    (found,) = readings(said, system)
    assert found.unit.factor == pytest.approx(own.factor)
    assert found.unit.dimension == own.dimension
    refuse_heading_of_another_unit("d.csv", f"use ({said})", [OF_UNITS[said]], system)


@pytest.mark.parametrize("said", ["-", "–", "—", "--", "−", "―", "‐", "- -"])
def test_dashes_are_the_unit_of_a_pure_number(said):
    (found,) = readings(said, UnitSystem(()))
    assert (found.times, found.unit.text, found.is_sure) == (1.0, "1", False)


@pytest.mark.parametrize("sign", MARKS)
def test_marks_behind_a_number_are_lengths_or_angles(sign):
    system = UnitSystem(())
    length, angle = (way.unit for way in readings(sign, system))
    assert length.factor / system.parse("inch").factor in (pytest.approx(1), pytest.approx(12))
    assert angle.factor / system.parse("arcsecond").factor in (pytest.approx(1), pytest.approx(60))


@pytest.mark.parametrize("sign", [*MONEY_SIGNS, "$", "¥", "US$"])
@pytest.mark.parametrize("counted", [(), ("eur",)])
def test_a_sign_of_money_is_a_unit_of_its_own(sign, counted):
    system = UnitSystem(counted)
    (found,) = readings(sign, system)
    assert found.is_sure
    assert found.is_meant(system.parse("TJ"), is_loose=False)
    for own in counted:
        assert found.is_same(system.parse(own), system) == (sign == "€")


DOLLARS = {
    ("usd", "eur"): ["usd"],
    ("usd", "cad"): ["usd", "cad"],
    ("cad",): ["cad"],
    ("peso", "eur"): ["peso"],
    ("usd", "dollar"): ["usd", "dollar"],
}


@pytest.mark.parametrize("counted", DOLLARS)
def test_the_dollar_is_all_of_the_study_that_it_may_be(counted):
    found = {way.unit.text for way in readings("$", UnitSystem(counted))}
    assert found == set(DOLLARS[counted])
    assert "cad" not in {way.unit.text for way in readings("US$", UnitSystem(counted))}


IN_WORDS = {
    "US dollars": "dollar",
    "dollars": "dollar",
    "US-Dollar": "dollar",
    "Canadian dollars": "cad",
    "pounds sterling": "pound_sterling",
    "Swiss francs": "chf",
    "euros": "euro",
    "Japanese yen": "yen",
    "roubles": "rub",
    "RMB": "cny",
    "¢": "",
}


@pytest.mark.parametrize("said", IN_WORDS)
def test_names_of_money_are_those_of_their_codes(said):
    assert [way.unit.text for way in readings(said, UnitSystem(("page",)))] == [
        *filter(None, [IN_WORDS[said]])
    ]
    found = [way.unit.text for way in readings(f"million {said}", UnitSystem(("page",))) if way.unit]
    assert found == [*filter(None, [IN_WORDS[said]])]


def test_a_cent_is_a_hundredth_of_what_the_study_counts():
    (found,) = readings("¢", UnitSystem(("usd",)))
    assert (found.times, found.unit.text) == (0.01, "usd")


SAID = {
    "cost ($)": ["$"],
    "use (--)": ["--"],
    "use -": ["-"],
    "%use": ["%"],
    "use (?)": ["?"],
    "low-high": [],
} | {
    "use (*)": [],
    "use†": [],
    "a + b": [],
    "area (m²)": [],
    "use (№)": ["№"],
    "length (″)": ["″"],
    'd (")': ['"'],
    "#": ["#"],
}


@pytest.mark.parametrize("heading", SAID)
def test_what_a_heading_says_in_signs_is_found(heading):
    assert signs_in(heading) == SAID[heading]


@pytest.mark.parametrize("name", ["ccy", "price_ccy", "currency_name", "currency"])
def test_columns_of_currencies_have_more_names(name):
    assert _CURRENCIES.fullmatch(name)
