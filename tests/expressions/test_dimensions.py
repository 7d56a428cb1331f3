import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions.dimensions import AnyDimension, dimension
from uncertainty.expressions.syntax import parse_expression
from uncertainty.units import UnitSystem

UNITS = UnitSystem(("page", "query"))
NAMES = {
    "per_query": "g/query", "per_page": "g/page", "mass": "kg", "power": "W", "duration": "h",
    "energy": "kWh", "ratio": "1", "share": "%", "curve": "g", "curve at": "W",
}  # fmt: skip


def check(text):
    return dimension(
        parse_expression(text),
        lambda name: AnyDimension() if name == "nothing" else UNITS.parse(NAMES[name]).dimension,
        UNITS,
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("per_query + 3[kg/query]", "g/query"),
        ("power * duration + energy", "J"),
        ("per_query / per_page", "page/query"),
        ("mass - 0", "kg"),
        ("0 + mass", "kg"),
        ("nothing + mass", "kg"),
        ("where(mass > 0, 0, mass)", "kg"),
        ("minimum(mass, 0, 3[t])", "kg"),
        ("mass < 3[g]", "1"),
        ("(mass < 3[g]) * power", "W"),
        ("(mass < 3[g]) + (power == 0)", "1"),
        ("where((ratio > 1) * (mass > 0), mass, 2 * mass)", "g"),
        ("exp(-mass / 1[kg])", "1"),
        ("(mass > 0 and not ratio) * power", "W"),
        ("floor(mass / 1[kg]) + round(share) + asin(ratio) + log1p(0)", "1"),
        ("sin(30[deg]) + log10(share)", "1"),
        ("sqrt(mass)", "g**(1/2)"),
        ("mass**2", "g**2"),
        ("mass**-1", "1/g"),
        ("mass**(1/3)", "g**(1/3)"),
        ("(mass**(1/3))**3", "g"),
        ("mass**200[%]", "g**2"),
        ("ratio**(share + pi)", "1"),
        ("-abs(mass)", "g"),
        ("pi * mass", "g"),
        ("3 * ratio + share", "1"),
        ("exp(0)", "1"),
        ("mass**(2[m] / 1[m])", "g**2"),
        ("(mass**100)**(1/100)", "g"),
        ("(mass / 1[kg])**ratio", "1"),
        ("sum(mass, m) + mean(mass) + largest(mass, m, n)", "g"),
        ("cumulative(mass * power, m)", "g*W"),
        ("product(share, m) * mass", "g"),
        ("previous(mass, m, 0[t])", "g"),
        ("previous(power, m, mass)", "g"),
        ("interpolate(power, curve)", "g"),
        ("interpolate(0, curve)", "g"),
        ("mass[m] + average(mass)", "g"),
    ],
)
def test_sound_expressions_have_the_dimension_of_their_unit(text, unit):
    assert check(text) == UNITS.parse(unit).dimension


@pytest.mark.parametrize(
    "text", ["0", "-0", "0 * mass", "0 / mass", "0 + 0", "minimum(0, 0)", "sqrt(0)", "0**2", "nothing"]
)
def test_zero_fits_any_unit(text):
    assert check(text) == AnyDimension()
    assert str(check(text)) == "any dimension"


def test_zero_with_a_unit_keeps_it():
    with pytest.raises(InvalidValue, match="cannot add"):
        check("0[g] + power")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("per_query + per_page", 'cannot add mass / query and mass / page in "per_query + per_page"'),
        ("2 * (mass - power)", 'cannot subtract power from mass in "mass - power"'),
        ("mass + 1", 'cannot add mass and a pure number in "mass + 1"'),
        ("mass < energy", 'cannot compare mass and energy in "mass < energy"'),
        ("maximum(mass, 0, ratio)", 'cannot compare mass and a pure number in "maximum(mass, 0, ratio)"'),
        ("where(ratio > 1, mass, power)",
         'cannot choose between mass and power in "where(ratio > 1, mass, power)"'),
        ("where(mass, 1, 2)", 'a condition must be a pure number, not mass, in "where(mass, 1, 2)"'),
        ("exp(mass)",
         'the argument of exp must be a pure number, not mass, in "exp(mass)"; divide by a unit to get one'),
        ("log(per_page)", "the argument of log must be a pure number, not mass / page"),
        ("round(mass)", 'the argument of round must be a pure number, not mass, in "round(mass)"; divide by'),
        ("ratio > 1 and mass", 'a condition of and must be a pure number, not mass, in "ratio > 1 and mass"'),
        ("not mass", 'a condition of not must be a pure number, not mass, in "not mass"'),
        ("ratio**mass", 'an exponent must be a pure number, not mass, in "ratio**mass"'),
        ("mass**ratio", 'cannot raise mass to an exponent that is not a plain number in "mass**ratio"'),
        ("mass**(1/0)", 'the exponent in "mass**(1 / 0)" must lie between -100 and 100'),
        ("mass**(0/0)", "must lie between -100 and 100: its base is no pure number but mass"),
        ("mass**9**9**9", "must lie between -100 and 100"),
        ("1[foo] + mass", 'unknown unit "foo"'),
        ("product(mass, m)", 'what product multiplies must be a pure number, not mass, in "product('),
        ("previous(mass, m, 0)", 'the last argument of "previous(mass, m, 0)" needs a unit, as in 0[g]'),
        ("interpolate(mass, curve)", 'cannot compare mass and power in "interpolate(mass, curve)"'),
        ("mass + (" + " + ".join(["power * duration"] * 20) + ")", "+ power * duration + power * durati…"),
    ],
)  # fmt: skip
def test_a_disagreement_is_told_with_both_dimensions_and_the_part_at_fault(text, message):
    with pytest.raises(InvalidValue) as refusal:
        check(text)
    assert message in str(refusal.value)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mass**pi", None),
        ("mass**ratio", "divide the base by a unit first, as in (a / 1[g])**b"),
        ("mass**(2 * ratio)", "an exponent that is not a plain number"),
        ("mass**100.5", "must lie between -100 and 100"),
        ("mass**(-101)", "must lie between -100 and 100"),
    ],
)
def test_a_quantity_is_raised_to_plain_numbers_alone(text, message):
    if message is None:
        assert not check(text).is_dimensionless
        return
    with pytest.raises(InvalidValue) as refusal:
        check(text)
    assert message in str(refusal.value)
