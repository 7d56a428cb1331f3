"""Units of one size that say quantities of other kinds: the SI has several names for one unit."""

import pytest

from uncertainty.units.kinds import are_of_other_kinds, is_surely
from uncertainty.units.system import UnitSystem

OTHER = """
kVA kW
mGy mSv
gray/h Sv/h
Bq Hz
MBq/m**3 MHz/m**3
rad/s Hz
volt_ampere watt
mg/kg uL/L
umol/mol mg/kg
rems Gy
"""
PERHAPS = "ppm mg/kg; 1/s Hz; V*A kVA; lm cd; lx nit; rad %; J/s W; 1/s Bq"
SAME = "mg/kg ug/g; kW MW; kWh MJ; Sv rem; g/kWh kg/MWh; mL cm**3; Gy mGy; Bq Ci; cd*sr lm; L/L mL/L"


@pytest.mark.parametrize("pair", OTHER.strip().split("\n"))
def test_names_of_one_unit_say_other_quantities(pair):
    one, other = pair.split()
    system = UnitSystem()
    assert system.parse(one).dimension == system.parse(other).dimension
    assert are_of_other_kinds(one, other)
    assert are_of_other_kinds(other, one)
    assert not is_surely(one, system.parse(other), system)


@pytest.mark.parametrize("pair", PERHAPS.split("; "))
def test_what_says_nothing_of_a_quantity_may_be_of_it(pair):
    one, other = pair.split()
    assert not are_of_other_kinds(one, other)
    system = UnitSystem()
    assert not is_surely(one, system.parse(other), system)


@pytest.mark.parametrize("pair", SAME.split("; "))
def test_units_of_one_kind_differ_by_their_size_alone(pair):
    one, other = pair.split()
    system = UnitSystem()
    first, second = system.parse(one), system.parse(other)
    assert not are_of_other_kinds(one, other)
    assert is_surely(one, second, system) == (first.factor == pytest.approx(second.factor, rel=1e-9))
    assert not is_surely("no unit", second, system)
    assert not is_surely("m", second, system)
