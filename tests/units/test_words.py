"""A word means as a unit what people mean by it, or is refused with something to write that is accepted."""

import re

import pint
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.units import UnitSystem
from uncertainty.units.usage import COUNTED, MISREAD, MONEY, SPELLINGS, TAKES
from uncertainty.units.words import Vocabulary

PLAIN = UnitSystem()

# by the defining documents of the units, not by any program: SI brochure, NIST SP 811, IEC 80000-13
MEANT = {
    "t": 1000, "tonne": 1000, "Mt": 1e9, "Gt": 1e12, "kilotonne": 1e6, "dt": 100, "g": 1e-3, "Mg": 1000,
    "Gg": 1e6, "mcg": 1e-9, "ug": 1e-9, "µg": 1e-9, "lb": 0.45359237, "lbs": 0.45359237,
    "oz": 0.45359237 / 16, "short_ton": 907.18474, "long_ton": 1016.0469088, "klb": 453.59237,
    "s": 1, "sec": 1, "msec": 1e-3, "us": 1e-6, "min": 60, "mins": 60, "h": 3600, "hr": 3600, "hrs": 3600,
    "d": 86400, "day": 86400, "week": 604800, "fortnight": 1209600, "a": 31557600, "yr": 31557600,
    "year": 31557600, "years": 31557600, "month": 31557600 / 12, "century": 3155760000, "Ma": 3.15576e13,
    "kyr": 3.15576e10, "m": 1, "cm": 0.01, "in": 0.0254, "ft": 0.3048, "mi": 1609.344, "kft": 304.8,
    "ha": 1e4, "hectare": 1e4, "acre": 4046.87260987, "kha": 1e7, "L": 1e-3, "l": 1e-3, "mL": 1e-6,
    "hl": 0.1, "cc": 1e-6, "gal": 3.785411784e-3, "pt": 4.73176473e-4, "oil_bbl": 0.158987294928,
    "mph": 0.44704, "MPH": 0.44704, "kph": 1 / 3.6, "KPH": 1 / 3.6, "knot": 1852 / 3600,
    "W": 1, "kW": 1e3, "mW": 1e-3, "MW": 1e6, "hp": 745.69987158, "kVA": 1e3, "J": 1, "EJ": 1e18,
    "cal": 4.184, "kcal": 4184, "Wh": 3600, "kWh": 3.6e6, "TWh": 3.6e15, "mWh": 3.6, "BTU": 1055.056,
    "kBtu": 1055056, "quad": 1.055056e18, "toe": 4.1868e10, "Mtoe": 4.1868e16, "eV": 1.602176634e-19,
    "psi": 6894.757293168, "Pa": 1, "hPa": 100, "bar": 1e5, "mbar": 100, "atm": 101325, "K": 1,
    "C": 1, "F": 1, "nF": 1e-9, "T": 1, "mT": 1e-3, "mol": 1, "mmol": 1e-3, "mAh": 3.6,
    "%": 0.01, "‰": 1e-3, "ppm": 1e-6, "ppb": 1e-9, "rad": 1, "mrad": 1e-3, "1": 1,
    "bit": 1, "byte": 8, "B": 8, "kB": 8e3, "GB": 8e9, "TB": 8e12, "MiB": 8 * 2**20, "Mbit": 1e6,
    "Mbps": 1e6, "Mbyte": 8e6, "turn": 1, "revolution": 1, "rpm": 1 / 60, "cycle": 1,
    "square_foot": 0.09290304, "sq_ft": 0.09290304, "cd": 1, "mcd": 1e-3,
}  # fmt: skip

# words that are refused, and a part of what the refusal says
REFUSED = {
    "ton": '"tonne" or "short_ton"', "tons": '"tonne" or "short_ton"', "kton": '"kilotonne"',
    "megaton": '"tonne"', "mt": '"t" for a metric ton', "MT": '"Mt" for a million', "GT": '"Gt"',
    "gt": '"Gt"', "kt": '"kilotonne"', "ut": "micrometric_ton", "mts": '"t" for a metric ton',
    "Nm": '"N*m"', "kNm": '"kN*m"', "Pas": '"Pa*s"', "unit": '"unit" to counting_units',
    "units": '"unit" to counting_units', "pin": "picoinch", "ppt": '"permille"',
    "pp": '"%" for percentage points', "bp": "basis points", "pH": '"1" for the pH', "gr": '"g" for grams',
    "gm": '"g"', "ct": '"cent" to counting_units', "b": '"bit" or "byte"', "Mb": '"Mbit" or "MB"',
    "Gb": '"Gbit" or "GB"', "kb": '"kbit" or "kB"', "Kb": '"kbit"', "KB": '"kB"', "mil": '"thou"',
    "mils": '"thou"', "bbl": '"oil_bbl"', "barrel": '"oil_barrel"', "Mbbl": '"oil_bbl"',
    "decade": '"year"', "k": '"K" for kelvin', "c": "speed of light", "e": "elementary charge",
    "R": "gas constant", "M": '"mol/L"', "MM": "an amount", "PH": "petahenry", "U": "enzyme",
    "Gal": '"gal"', "pa": '"Pa"', "ma": '"mA"', "Cal": '"kcal"', "kCal": '"kcal"', "kwh": '"kWh"',
    "KWH": '"kWh"', "Kwh": '"kWh"', "mwh": '"MWh"', "kw": '"kW"', "KW": '"kW"', "kva": '"kVA"',
    "MPG": '"mile/gallon"', "mpg": '"mile/gallon"', "Kg": '"kg"', "KG": '"kg"', "kgs": '"kg"',
    "btu": '"Btu"', "MBtu": '"kBtu"', "mo": '"month"', "wk": '"week"', "m2": '"m**2"', "m3": '"m**3"',
    "km2": '"km**2"', "ft3": '"ft**3"', "Nm3": '"m**3"', "sqm": '"m**2"', "cf": '"ft**3"',
    "tC": "say of what in the label", "GtC": "say of what in the label", "CO2": "say of what in the label",
    "tCO2e": '"t", and say of what in the label', "kgCO2eq": "say of what in the label", "EUR": '"eur"',
    "USD": '"usd"', "$": '"dollar"', "€": '"euro"', "person": '"person" to counting_units',
    "people": '"person" to', "pc": "parsec", "pcs": "parsec", "bag": "94 lb", "cup": "US cup",
    "point": "printer", "dozen": "an amount", "million": "an amount", "TV": "teravolt", "EV": "exavolt",
    "PS": '"metric_horsepower"', "PC": "petacoulomb", "kilos": '"kg"', "tkm": '"t*km"', "kmh": '"km/h"',
    "kWp": '"kW"', "rev": '"turn"', "AU": '"au"', "dpi": '"dots_per_inch"', "px": '"pixel"',
    "rads": '"rad"', "degC": "delta_degC", "°C": "delta_degC", "dB": "a plain ratio", "exam": "exameter",
    "camp": "centiampere", "sv": '"Sv"', "fraction": '"1"', "EA": "exaampere", "prod": "picorod|16.5 feet",
}  # fmt: skip


@pytest.mark.parametrize("word", MEANT)
def test_a_word_has_the_size_that_people_mean(word):
    # an acre is one of survey feet before pint 0.26, and of international ones since
    tolerance = 1e-5 if word == "acre" else 1e-9
    assert PLAIN.parse(word).factor == pytest.approx(MEANT[word], rel=tolerance)


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_that_is_meant_otherwise_is_refused_with_what_to_write(word):
    message = refusal(word)
    assert any(part in message for part in REFUSED[word].split("|"))
    assert "\n" not in message
    assert len(message) < 250


def refusal(word):
    try:
        PLAIN.parse(word)
    except InvalidValue as error:
        return str(error)
    return ""


def assert_advice_is_accepted(refusals):
    """Try what refusals offer in quotes, after the word itself, and what they say to count."""
    advice = [message.partition(";")[2] for message in refusals]
    counted = {
        name for text in advice for name in re.findall(r'"(\w+)" to counting_units|"(\w+)" and add', text)
    }
    names = {one or other for one, other in counted}
    system = UnitSystem(tuple(sorted(name for name in names if name.removesuffix("s") not in names - {name})))
    for text in advice:
        for offered in re.findall(r'"([^"]+)"', text):
            (system if offered in names else PLAIN).parse(offered)


@pytest.mark.slow
def test_what_refusals_advise_is_accepted():
    words = [*REFUSED, *MISREAD, *COUNTED, *MONEY, *SPELLINGS]
    plurals = [f"{word}s" for word in words if not word.endswith("s")]
    assert_advice_is_accepted(list(map(refusal, [*words, *plurals])))


def test_a_unit_with_a_prefix_that_nobody_means_is_refused_with_its_full_name():
    names = [name for name in pint.UnitRegistry(cache_folder=None) if len(name) < 3 and name.isascii()]
    refusals = [refusal(prefix + name) for name in sorted(names) for prefix in "pmM"]
    assert sum("would read as" in message for message in refusals) > 30
    assert_advice_is_accepted(refusals)


POWERS = {
    **{symbol: 10.0 ** (3 * (i - 10)) for i, symbol in enumerate("qryzafpnum")},
    **{symbol: 10.0 ** (3 * i) for i, symbol in enumerate("kMGTPEZYRQ", start=1)},
    **{f"{symbol}i": 1024.0**i for i, symbol in enumerate("KMGTPEZY", start=1)},
    "µ": 1e-6, "μ": 1e-6, "mc": 1e-6, "c": 0.01, "d": 0.1, "da": 10.0, "h": 100.0,
}  # fmt: skip


def test_a_prefix_multiplies_the_unit_that_takes_it():
    pairs = [(prefix, unit) for unit in TAKES for prefix in TAKES[unit] if prefix + unit not in MISREAD]
    found = {prefix + unit: PLAIN.parse(prefix + unit) for prefix, unit in pairs}
    for prefix, unit in pairs:
        if unit not in MISREAD and unit not in COUNTED:
            base = PLAIN.parse(unit)
            assert found[prefix + unit].factor == pytest.approx(base.factor * POWERS[prefix], rel=1e-12)
            assert found[prefix + unit].dimension == base.dimension


def test_all_refused_words_of_a_unit_are_named_together():
    with pytest.raises(InvalidValue, match=r'"mt" in "mt/kwh" would read .*; and unknown unit "kwh"'):
        PLAIN.parse("mt/kwh")


def test_what_people_count_can_be_counted_though_pint_has_a_unit_of_that_name():
    units = UnitSystem(tuple(COUNTED))
    for name in COUNTED:
        assert str(units.parse(f"{name}s").dimension) == name
        assert str(units.parse(f"g/{name}").dimension) == f"mass / {name}"
        assert units.parse(f"kg/{name}").factor == 1


def test_a_short_counted_word_makes_no_unit_of_longer_words():
    with pytest.raises(InvalidValue, match='unknown unit "page"'):
        UnitSystem(("age",)).parse("page")
    assert UnitSystem(("token",)).parse("Mtoken").factor == 1e6


def test_what_is_no_unit_is_found_out_without_what_to_write(monkeypatch):
    monkeypatch.setattr(Vocabulary, "objections", lambda *_: pytest.fail("asked what to write"))
    assert [UnitSystem().find(text) for text in ("heading", "some_name_x3", "kg per heading")] == [None] * 3
    monkeypatch.undo()
    units = ("kg per m²", "square metre", "m cubed", "kg/(ha*yr)", "°C", "m_3")
    for text in units:
        try:
            wanted = UnitSystem().parse(text)
        except InvalidValue:
            wanted = None
        assert UnitSystem().find(text) == wanted


def test_ten_thousand_unknown_words_are_not_compared_with_all_units_each(monkeypatch):
    """A file of nothing but faults is read in seconds: what is compared with each word is found once."""
    asked, is_unit = [0], Vocabulary.is_unit

    def counted(self, word):
        asked[0] += 1
        return is_unit(self, word)

    monkeypatch.setattr(Vocabulary, "is_unit", counted)
    words = Vocabulary(frozenset(f"unit{i}" for i in range(200)), counted=frozenset({"query"}))
    said = words.objections([f"foo{i}" for i in range(100)], "", lambda _: "")
    assert len(said) == 100
    assert asked[0] < 200 + 100 * 10
