"""Which texts beside a workbook's cells are units, and which are told as unknown."""

import pytest

from uncertainty.units.guesses import counted_in, is_like_unit, is_unlikely
from uncertainty.units.system import UnitSystem
from uncertainty.units.written import in_words, is_unit


@pytest.mark.parametrize(
    "text",
    [
        *(
            "T",
            "G",
            "C",
            "F",
            "H",
            "N",
            "B",
            "S",
            "u",
            "bps",
            "kn",
            "pt",
            "mT",
            "EUR/T",
            "kC",
            "Mm",
            "Ms",
            "as",
            "bus",
        ),
        *("k€", "€m", "M€", "US$m", "kEUR", "EURm", "keuro", "t€", "EURbn", "$k", "A$", "k€/t"),
        # a letter for thousands, millions or lakhs beside what it says how many of
        *("USD K", "K EUR", "EUR K/yr", "USD K per unit", "EUR t", "INR L", "USD B", "CHF K", "K pcs"),
        *(
            "units K",
            "m people",
            "people m",
            "m passengers",
            "m t",
            "m tonnes/yr",
            "K t",
            "m m3",
            "m km",
            "m kWh",
        ),
    ],
)
def test_what_a_workbook_hardly_means_is_no_unit_of_it(text):
    assert is_unlikely(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "t",
            "kg",
            "h",
            "a",
            "d",
            "m",
            "l",
            "L",
            "g",
            "K",
            "V",
            "A",
            "W",
            "J",
            "min",
            "%",
            "ha",
            "in",
            "nm",
            "mS/cm",
        ),
        *(
            "N*m",
            "kN",
            "N/mm2",
            "GB",
            "B/s",
            "µF",
            "mH",
            "S/m",
            "mol/L",
            "cP",
            "kA",
            "kB",
            "Mbit/s",
            "kW",
            "Mt",
        ),
        *(
            "N m",
            "kW h",
            "A h",
            "kg m",
            "t km",
            "m K/W",
            "m2 K/W",
            "K d",
            "K h/yr",
            "m s",
            "person h",
            "sq ft",
        ),
        *("m water", "t waste", "t CO2", "EUR/kW yr", "EUR/t", "people", "m cable"),
        *("EUR", "€/kWh", "US$", "US$/t", "EUR/MWh", "tesla", "knot", "kg CO2e/km", "h/day", "item", "pcs"),
    ],
)
def test_what_people_write_stays_a_unit(text):
    assert not is_unlikely(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "kt",
            "k€",
            "M€",
            "MMBtu",
            "ton",
            "tons",
            "1000 t",
            "bn USD",
            "y",
            "pkm",
            "tkm",
            "Rs",
            "wt%",
            "EUR 2020",
            "EUR m",
        ),
        *("million", "'000 EUR", "2015 USD", "kEUR", "m EUR", "vol %", "mt", "M", "MM$", "SGD"),
    ],
)
def test_a_unit_that_is_not_known_is_told(text):
    assert not is_unit(text)
    assert is_like_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "estimated",
            "see note",
            "2020",
            "#",
            "-",
            "1",
            "b",
            "c",
            "2",
            "in 2020",
            "100 %",
            "5 %",
            "20 km",
            "high",
        ),
        *(
            "no",
            "share",
            "ratio",
            "cum.",
            "rev.",
            "USA",
            "net",
            "incl. VAT",
            "Table 2",
            "mid",
            "note 3",
            "2020 t",
            "1,200 kWh",
            "2.5 m3",
            "",
        ),
    ],
)
def test_words_in_parentheses_are_no_units(text):
    assert not is_like_unit(text)


def test_what_is_counted_is_counted_once():
    units = [
        "persons",
        "person-days",
        "trips/day",
        "trip",
        "st",
        "x",
        "people/km",
        "euro/cents",
        "cent",
        "pkm",
        "pcs",
    ]
    found = counted_in([in_words(each) for each in units])
    assert found == ["person", "trip", "euro", "cent", "pcs"]
    system = UnitSystem(tuple(found))
    assert system.parse("persons").dimension == system.parse("people").dimension


def test_a_y_beside_a_unit_is_a_year():
    assert [in_words(each) for each in ("t/y", "kWh/(m2 y)", "1/y", "y", "t/yr")] == [
        "t/year", "kWh/(m**2 year)", "1/year", "y", "t/yr",
    ]  # fmt: skip


def test_squares_of_seconds_are_read_behind_a_stroke_alone():
    assert [in_words(each) for each in ("m/s2", "m2/s3", "s2")] == ["m/s**2", "m**2/s**3", "s2"]
    assert (is_unit("m/s2"), is_unit("s2")) == (True, False)


def test_a_symbol_by_its_unit_and_what_is_per_a_quotient_are_none():
    """As ISO 80000 heads columns: a length in metres is no litre a metre."""
    symbols = ["l / m", "T² / s²", "m / g", "V / mL", "U / V", "t / s", "W per m³/h"]
    assert [each for each in symbols if is_unit(each)] == []
    units = ["kWh / a", "EUR / t", "l/m", "t/ha", "m/s²", "kg per ha"]
    assert [each for each in units if is_unit(each)] == units
