"""What headings say of money with the year of its prices, in other languages, and by what nobody counts."""

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.study.table_units import refuse_heading_of_another_unit
from uncertainty.units import UnitSystem

SYSTEM = UnitSystem(("euro", "dollar"))


def agrees(heading, unit):
    """Tell whether a heading may stand over numbers in a unit."""
    try:
        refuse_heading_of_another_unit("f.csv", heading, [unit], SYSTEM)
    except InvalidValue:
        return False
    return True


@pytest.mark.parametrize("year", ["", "2015 ", "2020 ", "1998 "])
@pytest.mark.parametrize(
    ("said", "unit", "other"),
    [
        ("Cost ({}kEUR)", "1000*euro", "euro"),
        ("Cost ({}M€)", "1000000*euro", "euro"),
        ("Cost (million {}USD)", "1000000*dollar", "dollar"),
        ("Cost ({}USD million)", "1000000*dollar", "dollar"),
        ("Cost [{}k€]", "1000*euro", "euro"),
        ("Price ({}$/MWh)", "dollar/MWh", "dollar/kWh"),
        ("Price ({}EUR/MWh)", "euro/MWh", "euro/kWh"),
    ],
)
def test_the_year_before_money_changes_nothing(year, said, unit, other):
    assert agrees(said.format(year), unit)
    assert not agrees(said.format(year), other)


@pytest.mark.parametrize(
    ("heading", "unit", "other"),
    [
        ("Price (2015$/MWh)", "dollar/MWh", "dollar/kWh"),
        ("Price (USD2015/MWh)", "dollar/MWh", "dollar/kWh"),
        ("Cost [k€2020]", "1000*euro", "euro"),
        ("Cost (kEUR 2020)", "1000*euro", "euro"),
        ("Cost (€2019 million)", "1000000*euro", "euro"),
        ("Cost (2020, kEUR)", "1000*euro", "euro"),
        ("GDP, USD million, 2015 prices", "1000000*dollar", "dollar"),
        ("GDP, USD million at 2015 prices", "1000000*dollar", "dollar"),
    ],
)
def test_the_year_of_prices_may_stand_anywhere(heading, unit, other):
    assert agrees(heading, unit)
    assert not agrees(heading, other)


def test_a_number_that_is_no_year_of_money_stays():
    assert agrees("Cost (EUR/2000 kWh)", "euro/kWh") == agrees("Cost (EUR/3000 kWh)", "euro/kWh")
    assert agrees("Mass (2020)", "kg")
    own = UnitSystem(("eur2020",))
    refuse_heading_of_another_unit("f.csv", "Cost (eur2020)", ["eur2020"], own)
    with pytest.raises(InvalidValue, match="says 1000 eur2020"):
        refuse_heading_of_another_unit("f.csv", "Cost (1000 eur2020)", ["eur2020"], own)


@pytest.mark.parametrize(
    ("said", "times"),
    [
        *(
            (each, 1_000)
            for each in ("miles de euros", "migliaia di euro", "milliers d'euros", "milliers d’euros")
        ),
        *((each, 1_000) for each in ("milhares de euros", "duizend euro", "millares de euros")),
        *((each, 1_000_000) for each in ("millones de euros", "milhões de euros", "milioni di euro")),
        *((each, 1_000_000) for each in ("millions d'euros", "miljoen euro")),
        *(
            (each, 1_000_000_000)
            for each in ("mil millones de euros", "miliardi di euro", "milliards d'euros")
        ),
    ],
)
def test_amounts_of_other_languages_multiply(said, times):
    for heading in (f"x ({said})", f"x [{said}]", f"x, {said}"):
        assert agrees(heading, f"{times}*euro"), heading
        assert not agrees(heading, "euro"), heading
    assert agrees("Distance (miles)", "mile")


@pytest.mark.parametrize(
    ("heading", "unit", "other"),
    [
        ("Heat use (kWh/m2.yr)", "kWh/(m**2*year)", "kWh/m**2"),
        ("Load (kg/ha.day)", "kg/(hectare*day)", "kg/hectare"),
        ("Activity (pCi/L)", "0.037*Bq/L", "Bq/L"),
        ("Activity pCi/L", "0.037*Bq/L", "Bq/L"),
        ("Gas (mcf)", "1000*ft**3", "m**3"),
        ("Gas (Mcf/d)", "1000*ft**3/day", "ft**3/day"),
        ("Flow (MGD)", "1000000*gallon/day", "m**3/day"),
        ("Use (GJ/cap)", "GJ", "MJ"),
        ("Use (GJ/cap)", "1000*MJ", "kWh"),
        ("Waste (kg/cap.)", "kg", "t"),
        ("Use [GJ/dwelling]", "GJ", "MJ"),
    ],
)
def test_what_is_divided_by_more_or_by_what_nobody_counts_is_read(heading, unit, other):
    assert agrees(heading, unit)
    assert not agrees(heading, other)
