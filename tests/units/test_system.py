import math
import pickle
import re
import time
from fractions import Fraction

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.units import Dimension, UnitSystem

STUDY = UnitSystem(("page", "word", "query", "image", "dollar", "usd", "person", "box"))
MASS, TIME, LENGTH = (Dimension.of({name: 1}) for name in ("mass", "time", "length"))
QUERY, PAGE = Dimension.of({"query": 1}), Dimension.of({"page": 1})
INFORMATION, TURN = Dimension.of({"information": 1}), Dimension.of({"turn": 1})
NUMBER = Dimension()
ENERGY = MASS * LENGTH**2 / TIME**2


@pytest.mark.parametrize(
    ("text", "factor", "dimension"),
    [
        ("1", 1, NUMBER),
        ("%", 0.01, NUMBER),
        ("ppm", 1e-6, NUMBER),
        ("‰", 1e-3, NUMBER),
        ("ppb", 1e-9, NUMBER),
        ("rad", 1, NUMBER),
        ("deg", math.pi / 180, NUMBER),
        ("bit", 1, INFORMATION),
        ("MB", 8e6, INFORMATION),
        ("KiB", 8 * 1024, INFORMATION),
        ("Mbps", 1e6, INFORMATION / TIME),
        ("kWh/GB", 3.6e6 / 8e9, ENERGY / INFORMATION),
        ("turn", 1, TURN),
        ("cycle", 1, TURN),
        ("rpm", 1 / 60, TURN / TIME),
        ("rps", 1, TURN / TIME),
        ("deg/turn", math.pi / 180, NUMBER / TURN),
        ("g/query", 1e-3, MASS / QUERY),
        ("t", 1000, MASS),
        ("t/year", 1000 / (365.25 * 86400), MASS / TIME),
        ("kWh", 3.6e6, ENERGY),
        ("kg/kWh", 1 / 3.6e6, MASS / ENERGY),
        ("g/(kWh*page)", 1e-3 / 3.6e6, MASS / ENERGY / PAGE),
        ("1/K", 1, Dimension.of({"temperature": -1})),
        ("delta_degC", 1, Dimension.of({"temperature": 1})),
        ("m²", 1, LENGTH**2),
        ("km^2", 1e6, LENGTH**2),
        ("g**(1/2)", math.sqrt(1e-3), MASS ** Fraction(1, 2)),
        ("words/hour", 1 / 3600, Dimension.of({"word": 1}) / TIME),
        ("queries", 1, QUERY),
        ("megaquery", 1e6, QUERY),
        ("people", 1, Dimension.of({"person": 1})),
        ("boxes", 1, Dimension.of({"box": 1})),
        ("dollar/hour", 1 / 3600, Dimension.of({"dollar": 1}) / TIME),
        ("usd", 1, Dimension.of({"usd": 1})),
    ],
)
def test_a_unit_has_its_factor_to_base_units_and_its_dimension(text, factor, dimension):
    unit = STUDY.parse(text)
    assert unit.text == text
    assert unit.factor == pytest.approx(factor, rel=1e-14)
    assert unit.dimension == dimension


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kWhh", 'unknown unit "kWhh"; did you mean "kWh"?'),
        ("g/pgae", 'unknown unit "pgae" in "g/pgae"; did you mean "page"?'),
        ("zzzzzz", 'unknown unit "zzzzzz"; add "zzzzzz" to counting_units if it is counted'),
        ("nan", 'unknown unit "nan"'),
        ("kg CO2", 'unknown unit "CO2" in "kg CO2"; use a unit of mass, such as "kg", and say of what in'),
        ("t CO₂e", 'unknown unit "CO2e" in "t CO₂e"; use a unit of mass, such as "kg", and say of what in'),
        ("EUR2020/t", '"EUR2020" in "EUR2020/t" is money; write "eur" and add it to counting_units'),
        ("l/100km", '"l/100km" has a number in it; write "l/km" and convert the value'),
        ("100 g", '"100 g" has a number in it; write "g" and convert the value'),
        ("per km", 'a quotient is written as in "1/km"'),
        ("degC", "has an offset or is logarithmic"),
        ("g/degC", "use kelvin or delta_degC"),
        ("electron_g_factor**(1/2)", '"electron_g_factor**(1/2)" is no unit; expected'),
        ("dB", "has an offset or is logarithmic"),
        ("", '"" is no unit; expected products, ratios and small powers of units, as in g/(kWh*page), or'),
        ("deg C", '"deg C" would read as an angle times coulombs; write "delta_degC"'),
        ("W/° F", 'would read as an angle times farads; write "delta_degF"'),
        ("J/degree K", 'would read as an angle times kelvins; write "K"'),
        ("m′", '"m′" is no unit; expected'),
        ("FLOP", 'unknown unit "FLOP"; write "flop" and add it to counting_units if it is counted'),
        ("CFU/mL", 'write "cfu" and add it'),
        ("tokens", 'unknown unit "tokens"; add "tokens" to counting_units if it is counted'),
        ("pkm", 'unknown unit "pkm"; add "pkm" to counting_units'),
        ("IU", 'write "iu" and add it'),
        *(
            (text, "is no unit; expected")
            for text in [
                "1.0", "1e5", "9**9**9", "g**9**9**9", "((9)**9)**9", "(10*g)**9", "g**100",
                "g/", "g+g", "[mass]", "g\0", "(" * 50, "(" * 10_000, "g" * 10_000_000, "g'",
                "a;b", "g⁹**9**9", "kg//m",
            ]
        ),
    ],
)  # fmt: skip
def test_what_is_no_unit_of_the_study_is_refused_in_one_line(text, message):
    started = time.monotonic()
    with pytest.raises(InvalidValue) as refusal:
        STUDY.parse(text)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("g",), "'g' cannot be a counting unit: it is a unit already (gram: mass); leave it out"),
        (("byte",), "it is a unit already (byte: information)"),
        (("count",), "it is a unit already"),
        (("word", "words"), "it is a unit already (word: word)"),
        (("length",), "it is the name of a physical dimension"),
        (("energy",), "it is the name of a physical dimension"),
        (("word", "word"), "it is given twice"),
        (("Page",), "expected at most 40 lower-case letters"),
        (("x" * 41,), "expected at most 40 lower-case letters"),
        (("page = [mass]",), "expected at most 40 lower-case letters"),
    ],
)
def test_a_counting_unit_that_means_something_else_is_refused(names, message):
    with pytest.raises(InvalidValue, match="cannot be a counting unit") as refusal:
        UnitSystem(names)
    assert message in str(refusal.value)


def test_a_counting_unit_exists_only_in_its_own_study():
    with pytest.raises(InvalidValue, match='unknown unit "image"'):
        UnitSystem(("page",)).parse("image")


def test_a_name_that_pint_would_split_into_prefix_and_unit_counts_as_a_whole():
    assert UnitSystem(("unit",)).parse("units").dimension == Dimension.of({"unit": 1})


def test_a_unit_system_and_its_units_are_plain_data():
    assert pickle.loads(pickle.dumps(STUDY)) == STUDY
    assert hash(STUDY.parse("g/page")) == hash(STUDY.parse("g/page"))


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (NUMBER, "a pure number"),
        (MASS / QUERY, "mass / query"),
        (NUMBER / TIME, "1 / time"),
        (LENGTH**2, "length**2"),
        (LENGTH / TIME, "length / time"),
        (ENERGY / QUERY, "energy / query"),
        (ENERGY / TIME, "power"),
        (MASS / ENERGY, "mass / energy"),
        (MASS ** Fraction(1, 2) / PAGE**2, "mass**(1/2) / page**2"),
    ],
)
def test_a_dimension_reads_as_its_parts(dimension, text):
    assert str(dimension) == text


def test_dimensions_form_a_group():
    assert (MASS / QUERY) * QUERY == MASS
    assert (MASS / MASS).is_dimensionless
    assert (MASS**0.5) ** 2 == MASS
    assert (MASS ** (1 / 3)) ** 3 == MASS
    assert MASS**0 == NUMBER


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("m·s⁻¹", "m/s"),
        ("kg·m⁻³", "kg/m**3"),
        ("W m⁻² K⁻¹", "W/(m**2*K)"),
        ("Å", "angstrom"),
        ("1/Å²", "angstrom**-2"),
    ],
)
def test_units_may_be_written_as_they_are_printed(text, same):
    assert STUDY.parse(text).factor == pytest.approx(STUDY.parse(same).factor, rel=1e-14)
    assert STUDY.parse(text).dimension == STUDY.parse(same).dimension


BOTH_WAYS = {
    "W/m² K": ("W/(m² K)", "W K/m²"),
    "kWh/m²a": ("kWh/(m²a)", "kWh a/m²"),
    "J/kg K": ("J/(kg K)", "J K/kg"),
    "W/m·K": ("W/(m·K)", "W K/m"),
    "W per m² K": ("W/(m² K)", "W K/m²"),
    "mol/m^2 s": ("mol/(m^2 s)", "mol s/m^2"),
    "(kWh/m² a)/K": ("(kWh/(m² a))/K", "(kWh a/m²)/K"),
    "1/s K": ("1/(s K)", "1 K/s"),
}


@pytest.mark.parametrize("text", BOTH_WAYS)
def test_a_quotient_by_factors_that_only_stand_side_by_side_is_asked_about(text):
    """ISO 80000-1, 7.2.4: a solidus is not followed by a product without parentheses."""
    with pytest.raises(InvalidValue, match="may be read in two ways") as refusal:
        UnitSystem().parse(text)
    offered = re.findall(r'write "(.+)" or "(.+)"', str(refusal.value))
    dimensions = [UnitSystem().parse(each).dimension for each in offered[0]]
    assert dimensions[0] != dimensions[1]
    assert offered == [BOTH_WAYS[text]]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("W/(m² K)", "W/m²/K"),
        ("J/kg*K", "J*K/kg"),
        ("m² K/W", "m**2*K/W"),
        ("kg m/s²", "kg*m/s**2"),
        ("m⁴", "m**4"),
        ("W m⁻² K⁻⁴", "W/m**2/K**4"),
        ("m⁄s", "m/s"),
        ("kg\xa0m", "kg*m"),
        ("km per h", "km/h"),
    ],
)
def test_products_and_quotients_mean_what_they_say(text, same):
    one, other = UnitSystem().parse(text), UnitSystem().parse(same)
    assert (one.factor, one.dimension) == (pytest.approx(other.factor), other.dimension)


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("m s-1", "m s**-1"),
        ("W m-2 K-1", "W m**-2 K**-1"),
        ("mol m−2 s−1", "mol m**-2 s**-1"),
        ("kW-h", "kW*h"),
        ("t-km", "t*km"),
        ("acre-ft", "acre*ft"),
        ("/h", "1/h"),
        ("mPas", "mPa*s"),
        ("eVs", "eV*s"),
        ("kWs", "kW*s"),
    ],
)
def test_another_way_to_write_powers_and_products_gets_the_one_that_is_read(text, write):
    with pytest.raises(InvalidValue) as refusal:
        UnitSystem().parse(text)
    assert refusal.value.faults[0].suggestion == write
    assert UnitSystem().parse(write)


@pytest.mark.parametrize(
    ("text", "word", "write"),
    [("J/kgK", "kgK", "(kg*K)"), ("kWh/m2a", "m2a", "(m**2*a)"), ("g/tkm", "tkm", "(t*km)")],
)
def test_a_product_that_is_offered_for_a_word_divides_as_one(text, word, write):
    with pytest.raises(InvalidValue) as refusal:
        UnitSystem().parse(text)
    assert refusal.value.faults[0].suggestion == write
    assert UnitSystem().parse(text.replace(word, write))


@pytest.mark.parametrize(
    "text", ["kg N", "kg N/ha", "g N2O/kg N", "t C", "Mt C/year", "g S/kg", "kg K", "lb N"]
)
def test_a_mass_and_what_it_is_of_are_no_product(text):
    with pytest.raises(InvalidValue, match=r"write the mass alone|use a unit of mass"):
        UnitSystem().parse(text)
    assert UnitSystem().parse("kg*N").dimension == UnitSystem().parse("N*kg").dimension
    assert UnitSystem().parse("J/(kg K)").factor == 1


@pytest.mark.parametrize(
    ("text", "times"), [("ccf", "a hundred"), ("Mcf", "a thousand"), ("Bcf", "a billion")]
)
def test_what_the_trade_counts_in_hundreds_of_cubic_feet_is_written_out(text, times):
    with pytest.raises(InvalidValue, match=re.escape(f'write "ft**3" and {times} times the number')):
        UnitSystem().parse(text)


@pytest.mark.parametrize("text", ["kg**1e9", "kg**x", "m^n", "m**s", "kg**-", "m^1.5e3"])
def test_an_exponent_is_a_small_number(text):
    with pytest.raises(InvalidValue, match="small powers of units") as refusal:
        UnitSystem().parse(text)
    assert "counting_units" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NM", 'write "nautical_mile", "N*m" or "nm"'),
        ("W/mK", 'write "(m*K)", or "millikelvin"'),
        ("mW/mK", 'write "(m*K)", or "millikelvin"'),
        ("fl oz", 'write "fluid_ounce"'),
        ("us gal", 'write "gallon"'),
        ("mol%", 'write "%" and say of what'),
        ("vol %", 'write "%" and say of what'),
        ("wt%", 'write "%" and say of what'),
    ],
)
def test_words_that_mean_something_else_together_are_refused_with_what_to_write(text, said):
    with pytest.raises(InvalidValue, match=re.escape(said)):
        UnitSystem().parse(text)
    for each in re.findall(r'"([^"%]+)"', said):
        assert UnitSystem().parse(each)
