"""What is wrong with indices and tables is one line, with the nearest valid spelling."""

import re
from types import SimpleNamespace

import pytest

import uncertainty as un
from uncertainty.errors import InvalidValue
from uncertainty.study.table_files import _reader, _strays
from uncertainty.study.table_units import refuse_heading_of_another_unit
from uncertainty.units import UnitSystem

STUDY = """
format = 1

[study]
title = "Wrong"
headline = "y"

[indices.fuel]
members = { oil = "Fuel oil", gas = "Natural gas" }

[indices.year]
from = 2020
to = 2022
unit = "year"

[curves.damage]
x_unit = "kelvin"
unit = "1"
points = [[0, 0], [2, 1]]

[inputs.use]
unit = "t/year"
index = ["fuel", "year"]
table = "use.csv"

[inputs.factor]
unit = "1"
index = ["fuel"]
point = { oil = 2, gas = 3 }
distribution = "1 to 4"

[inputs.account]
member_of = "fuel"
point = "oil"
distribution = "one_of(oil=2, gas=1)"

[inputs.warming]
unit = "kelvin"
point = 1

[equations]
burnt = "use * factor"
stock = "previous(stock + burnt * 1[year], year, 0[t])"
cost = "interpolate(warming, damage) * factor[account]"

[outputs.y]
value = "sum(burnt) * cost"
unit = "t/year"

[outputs.stock]
unit = "t"
"""

TABLE = "fuel,year,point\noil,2020,1\noil,2021,2\noil,2022,3\ngas,2020,4\ngas,2021,5\ngas,2022,6\n"


@pytest.fixture
def refusal(write_study, tmp_path):
    """Return a function that breaks the study, or its table, and returns the one line that says how."""

    def read(study: tuple[str, str] = ("", ""), table: tuple[str, str] = ("", "")) -> str:
        assert study[0] in STUDY
        assert table[0] in TABLE
        (tmp_path / "use.csv").write_text(TABLE.replace(*table), encoding="utf-8")
        path = write_study(STUDY.replace(*study))
        with pytest.raises(un.StudyError) as error:
            un.load_study(path)
        lines = str(error.value).splitlines()
        assert len(lines) == 1, lines
        return lines[0].removeprefix(f"{path}: ")

    return read


def test_the_study_is_sound_before_it_is_broken(write_study, tmp_path):
    (tmp_path / "use.csv").write_text(TABLE, encoding="utf-8")
    assert len(un.load_study(write_study(STUDY)).outputs) == 7


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "point = { oil = 2, gas = 3 }",
            "point = { oil = 2, gaz = 3, gas = 3 }",
            'inputs.factor.point.gaz: unknown member "gaz" of the index fuel; did you mean "gas"?',
        ),
        (
            "point = { oil = 2, gas = 3 }",
            "point = { oil = 2 }",
            "inputs.factor.point: no point for factor[gas]",
        ),
        ('"1 to 4"', '"1 tow 4"', 'inputs.factor.distribution: expected the end, found "tow" at character 3'),
        ('"1 to 4"', '{ gas = "4 to 1" }', "4 to 1: must increase; write 1 to 4 [gas]"),
        (
            'index = ["fuel"]',
            'index = ["feul"]',
            'inputs.factor.index: unknown index "feul"; did you mean "fuel"?',
        ),
        (
            '"use * factor"',
            '"use * factor[gaz]"',
            'equations.burnt: "factor" has no member "gaz" of the index fuel; did you mean "gas"?',
        ),
        ('"use * factor"', '"use * factor[Natural gas]"', "expected members of indices in the brackets"),
        (
            '"sum(burnt)',
            '"sum(burnt, year, place)',
            'outputs.y.value: unknown index "place" in "sum(burnt, year, place)"',
        ),
        (
            '"sum(burnt)',
            '"sum(sum(burnt, year), year)',
            'has no index year in "sum(sum(burnt, year), year)"; it has fuel',
        ),
        (
            '"sum(burnt)',
            '"sum(warming)',
            'outputs.y.value: "warming" has no index to go over in "sum(warming)"',
        ),
        (
            '"use * factor"',
            '"cumulative(use * factor, fuel)"',
            "equations.burnt: the members of fuel have no order",
        ),
        ('"use * factor"', '"use * factor * account"', 'equations.burnt: "account" is a category'),
        (
            '"use * factor"',
            '"use * factor * damage"',
            'equations.burnt: "damage" is a curve: write interpolate(x, damage)',
        ),
        ('"use * factor"', '"use * fuel"', 'equations.burnt: the members of "fuel" are no numbers'),
        ('"use * factor"', '"use * factor + burnt"', "depends on itself in a cycle"),
        (
            '0[t])"',
            '0)"',
            'equations.stock: the last argument of "previous(stock + burnt * 1[year], year, 0)" needs a unit',
        ),
        ('0[t])"', '0[t/year])"', "equations.stock: cannot add mass / time and mass"),
        (
            "interpolate(warming, damage)",
            "interpolate(warming, damge)",
            'equations.cost: unknown curve "damge" in "interpolate(warming, damge)"; did you mean "damage"?',
        ),
        ("interpolate(warming, damage)", "interpolate(factor, damage)", "cannot compare"),
        ("points = [[0, 0], [2, 1]]", "points = [[2, 0], [0, 1]]", "curves.damage: expected x to rise"),
        ('x_unit = "kelvin"', 'x_unit = "kelvni"', 'curves.damage.x_unit: unknown unit "kelvni"'),
        (
            'unit = "1"\npoints',
            'unit = "kgg"\npoints',
            'curves.damage.unit: unknown unit "kgg"; did you mean "kg"?',
        ),
        (
            "points = [[0, 0], [2, 1]]",
            "points = [[2, 0, 1], [3, 1, 2]]",
            "curves.damage: expected pairs [x, y]",
        ),
        ("to = 2022", "to = 12022", "indices.year: expected at most 10,000 members, found 10,003"),
        ("to = 2022", "to = 2022\nstep = 3", "indices.year: steps of 3 from 2020 do not meet 2022"),
        (
            "to = 2022",
            "to = 2022\nmembers = [1]",
            "indices.year: expected one of members, table, and from with to",
        ),
        (
            '"one_of(oil=2, gas=1)"',
            '"one_of(oil=2, gaz=1)"',
            'inputs.account.distribution: one_of: unknown member "gaz"; did you mean "gas"?',
        ),
        (
            '"one_of(oil=2, gas=1)"',
            '"one_of(oil=-2, gas=1)"',
            "inputs.account.distribution: one_of: weights must not be negative",
        ),
        (
            '"one_of(oil=2, gas=1)"',
            '"one_of(oil=0, gas=0)"',
            "inputs.account.distribution: one_of: weights must not all be 0",
        ),
        (
            'point = "oil"',
            'point = "oli"',
            'inputs.account.point: unknown member "oli" of the index fuel; did you mean "oil"?',
        ),
        (
            'member_of = "fuel"',
            'member_of = "fules"',
            'inputs.account.member_of: unknown index "fules"; did you mean "fuel"?',
        ),
        (
            'index = ["fuel"]',
            'index = ["fuel"]\nacross = "sane"',
            'expected "independent", "same" or a Spearman correlation, found "sane"; did you mean "same"?',
        ),
        ('index = ["fuel"]', 'index = ["fuel"]\nacross = 1', 'write "same" for one cause'),
        (
            'index = ["fuel"]',
            'index = ["fuel"]\nacross = { year = 0.5 }',
            'inputs.factor.across: unknown index "year"',
        ),
        ("[inputs.warming]", "[inputs.warming]\nacross = 0.5", "inputs.warming.across: needs index"),
        (
            "point = { oil = 2, gas = 3 }",
            'point = { oil = 2, gas = 3, kind = "variability" }',
            'inputs.factor.point.kind: unknown member "kind" of the index fuel; as a key of inputs.factor',
        ),
        (
            '[inputs.warming]\nunit = "kelvin"\npoint = 1',
            '[inputs.warming]\nunit = "kelvin"\npoint = { a = 1 }',
            "inputs.warming.point: expected one value, found a table; by member the input needs index",
        ),
        (
            "[inputs.warming]",
            '[inputs.fuel]\nunit = "1"\npoint = 1\n[inputs.warming]',
            "indices.fuel: an input has this name already",
        ),
        (
            'unit = "t"\n',
            'unit = "t"\npublished = { gas = { "2023" = 4 } }\n',
            'outputs.stock.published.gas.2023: unknown member "2023" of the index year',
        ),
        ('table = "use.csv"', 'table = "uses.csv"', 'inputs.use.table: cannot find the file "uses.csv"'),
        (
            'table = "use.csv"',
            'table = "use.csv"\ncolumns = { point = "pont" }',
            'inputs.use.table: "use.csv" has no column "pont"; did you mean "point"?',
        ),
        (
            'table = "use.csv"',
            'table = "use.csv"\ncolumns = { pint = "point" }',
            'inputs.use.columns: unknown column "pint"; did you mean "point"?',
        ),
        ('table = "use.csv"', 'table = "../use.csv"', "inputs.use.table: "),
    ],
    ids=lambda text: text[:24] if isinstance(text, str) else "",
)
def test_a_fault_of_a_study_is_one_line(refusal, old, new, expected):
    assert expected in refusal(study=(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "gas,2022,6\n",
            "",
            "inputs.use.point: no point for use[gas,2022]; write missing = 0 for what has no row",
        ),
        (
            "gas,2022,6",
            "gas,2021,6",
            'inputs.use.table: "use.csv", line 7: use[gas,2021] stands twice, first in line 6',
        ),
        ("gas,2022,6", "gaz,2022,6", 'unknown member "gaz" of the index fuel; did you mean "gas"?'),
        (
            "gas,2022,6",
            "Total,2022,6",
            '"Total" of the index fuel; leave out rows and columns of sums and averages, or add it to',
        ),
        (
            "gas,2022,6",
            "Mean,2022,6",
            '"Mean" of the index fuel; leave out rows and columns of sums and averages',
        ),
        (
            "gas,2022,6",
            "gas,2024,6",
            'line 7: unknown member "2024" of the index year; leave the row out, or add the member',
        ),
        ("gas,2022,6", 'gas,2022,"6,5"', 'line 7: point: "6,5" has a decimal comma'),
        ("gas,2022,6", "gas,2022,six", "line 7: point: expected a number, found 'six'"),
        ("gas,2022,6", "gas,2022,", 'inputs.use.table: "use.csv", line 7: the point is empty'),
        (TABLE, f"{TABLE.replace('point', 'point,point')}", '"use.csv" has several columns named "point"'),
        (TABLE, f"{TABLE.replace('fuel', 'year')}", '"use.csv" has several columns named "year"'),
        (TABLE, "year,gas,oil,Natural gas\n2020,1,2,3\n", '"use.csv" has several columns of "gas"'),
        ("gas,2022,6", "gas,2022,30 min", "line 7: point: expected a number, found '30 min'"),
        (TABLE, f"{TABLE.replace('point', 'point,distributon')}", 'is no key; did you mean "distribution"?'),
        (TABLE, "fuel,year,point,basis\noil,2020,1,gues\n", "basis: expected one of: "),
        (TABLE, "fuel,year,point,basis\noil,2020,1,mesured\n", '; did you mean "measured"?'),
        ("fuel,year,point", "fuel,year,value", 'inputs.use.table: "use.csv" has no column "point"'),
        ("fuel,year,point", "fuel,jahr,point", 'inputs.use.table: "use.csv" has no column "year"'),
        ("gas,2022,6", "gas,2022,6,7", "line 7"),
    ],
    ids=lambda text: text[:24] if isinstance(text, str) else "",
)
def test_a_fault_of_a_table_is_one_line_with_its_place(refusal, old, new, expected):
    found = refusal(table=(old, new))
    assert expected in found


WIDE = "fuel,2020,2021,2022\noil,1,2,3\ngas,4,5,6\n"


@pytest.mark.parametrize("missing", ["", "missing = 0"])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2022", "2022a", 'a column "2022a", which is no member of the index year; did you mean "2022"?'),
        ("2022", "FY2022", 'a column "FY2022", which is no member of the index year; did you mean "2022"?'),
        ("2022", "2023", 'a column "2023", which is no member of the index year; leave the column out'),
        ("2021,2022", "1,23", 'a column "1" and 1 more, which is no member of the index year; leave'),
        ("fuel,2020,2021,2022", "year,oil,gaz,note", 'a column "gaz", which is no member of the index fuel'),
        (
            "2022",
            "distribution",
            "has a column for each year, which holds points alone; write distribution as",
        ),
    ],
)
def test_a_column_that_looks_like_a_members_is_not_passed_over(refusal, missing, old, new, expected):
    wide = WIDE.replace(old, new).replace("oil,1", "2020,1" if "gaz" in new else "oil,1")
    wide = wide.replace("gas,4", "2021,4" if "gaz" in new else "gas,4")
    said = refusal(study=('table = "use.csv"', f'table = "use.csv"\n{missing}'), table=(TABLE, wide))
    assert said.startswith('inputs.use.table: "use.csv" has')
    assert expected in said


def test_points_of_tables_and_curves_may_group_thousands(refusal, tmp_path):
    def semicolons(text):
        return text.replace(",", ";")

    said = refusal(table=(TABLE, semicolons(TABLE).replace("2020;1", "2020;1.500")))
    assert said == (
        'inputs.use.table: "use.csv", line 2: "1.500" may be 1500, since "2" (line 3) has no decimals; '
        "write 1500, or as many decimals everywhere"
    )
    other = semicolons(TABLE).replace("point\n", "point;x\n").replace("2020;1\n", "2020;1.501;0,5\n")
    assert 'since "0,5" (line 2) has a decimal comma' in refusal(table=(TABLE, other))
    quoted = TABLE.replace("point\n", "point,x\n").replace("2020,1\n", '2020,1.501,"0,5"\n')
    assert '"1.501" may be 1501, since "0,5" (line 2) has a decimal comma' in refusal(table=(TABLE, quoted))
    wide = semicolons(WIDE).replace("oil;1", "oil;1.500")
    assert 'line 2: "1.500" may be 1500, since "4" (line 3)' in refusal(table=(TABLE, wide))
    (tmp_path / "damage.csv").write_text("x;loss\n0;0\n1.500;1\n2;3\n", encoding="utf-8")
    said = refusal(("points = [[0, 0], [2, 1]]", 'table = "damage.csv"'))
    assert 'line 3: "1.500" may be 1500' in said


def test_a_code_in_a_column_of_few_points_is_told_by_those_of_the_other_members(refusal):
    said = refusal(table=(TABLE, WIDE.replace("oil,1,2", "oil,1,-99")))
    assert said == (
        'inputs.use.table: "use.csv", line 2: 2021: -99 may say that a value is missing, as all others lie '
        "from 1 to 6; leave out its row, or write -9.9e1 if it is one of the data"
    )


def test_keys_of_a_table_of_members_columns_and_columns_of_no_member_are_named(
    refusal, write_study, tmp_path
):
    columns = 'table = "use.csv"\ncolumns = { low = "least" }'
    wide = WIDE.replace("2022\n", "2022,least\n")
    said = refusal(study=('table = "use.csv"', columns), table=(TABLE, wide))
    assert "write low as a key of inputs.use, or a row for each cell" in said
    said = refusal(table=(TABLE, WIDE.replace("2022\n", "sum\n")))
    assert said.endswith('; "use.csv" has columns of no member: "sum"; write missing = 0 for what has no row')
    (tmp_path / "use.csv").write_text(WIDE.replace("2022\n", "2022,sum\n").replace("6\n", "6,15\n"))
    study = un.load_study(write_study(STUDY))
    assert study.noticed == ()
    said = 'use.csv: fuel, 2020, 2021, 2022 were read in lines 2 to 3; not read: sum ("15" or nothing).'
    assert study.files_read == (said,)


def test_a_column_of_units_says_the_units_of_what_is_read(refusal, write_study, tmp_path):
    end = "mend one of the two, or give the column another heading"
    long = TABLE.replace("\n", ",{0}\n").replace("point,{0}", "point,unit")
    wide = "fuel,Units,2020,2021,2022\noil,{0},1,2,3\ngas,{0},4,5,6\n"
    for table, lines, alike, others in (
        (long, "2, 3, 4, 5 and 2 more", ("tonne/year", "t"), ("kg/year", "Mio. t")),
        (wide, "2 and 3", ("t/year", ""), ("kg", "-")),
    ):
        for same in alike:
            (tmp_path / "use.csv").write_text(table.format(same))
            assert un.load_study(write_study(STUDY)).noticed == ()
        for other in others:
            said = f'inputs.use.table: "use.csv", lines {lines}: the column of units says "{other}", '
            assert (
                refusal(table=(TABLE, table.format(other))) == f'{said}and what is read is in "t/year"; {end}'
            )
    (tmp_path / "use.csv").write_text(long.format("kg").replace("unit", "ordered in"))
    assert len(un.load_study(write_study(STUDY)).outputs) == 7


def test_a_heading_says_the_unit_of_what_is_read(refusal, write_study, tmp_path):
    for heading in ("use (t/year)", "use [t]", "use (b)", "use (2)", "use (guess)", "use (kg)", "use [%]"):
        named = ('table = "use.csv"', f'table = "use.csv"\ncolumns = {{ point = "{heading}" }}')
        table = TABLE.replace("point", heading)
        if heading[5:-1] in ("kg", "%"):
            said = f'"use.csv": the heading "{heading}" says {heading[5:-1]}, and what is read is in "t/year"'
            assert (
                refusal(study=named, table=(TABLE, table))
                == f"inputs.use.columns: {said}; mend one of the two"
            )
        else:
            (tmp_path / "use.csv").write_text(table)
            # what is no word of the input's or of its unit's may mean another unit
            told = (
                ()
                if "t" in heading[5:] and "guess" not in heading
                else (f'use.csv: "{heading}" is read in t/year.',)
            )
            assert un.load_study(write_study(STUDY.replace(*named))).noticed == told


@pytest.mark.parametrize(
    ("heading", "unit", "says"),
    [
        ("use, t", "kg", "t"),
        ("use / t", "kg", "t"),
        ("use in t", "kg", "t"),
        ("use (t, dry)", "kg", "t"),
        ("use (t)*", "kg", "t"),
        ("use [t] [1]", "kg", "t"),
        ("share in %", "1", "%"),
        ("share %", "1", "%"),
        ("T (°C)", "kelvin", "°C"),
        ("T in °F", "K", "°F"),
        ("use (1000 kg)", "kg", "1000 kg"),
        ("use (1,000 kg)", "kg", "1,000 kg"),
        ("use in 10^3 kg", "kg", "10^3 kg"),
        ("use, thousand tonnes", "t", "thousand tonnes"),
        ("use ('000 t)", "t", "'000 t"),
        ("use (metric tons)", "kg", "metric tons"),
        ("use in metric tons", "kg", "metric tons"),
        ("use (kg CO2e)", "t", "kg CO2e"),
        ("share (per cent)", "1", "per cent"),
        ("share (% of total)", "1", "% of total"),
        ("people (millions)", "1", "millions"),
        ("use (in t)", "kg", "in t"),
        ("use [in 1000 kg]", "kg", "in 1000 kg"),
        ("share (in %)", "1", "in %"),
        ("T (in °C)", "K", "in °C"),
        ("use (kt)", "t", "kt"),
        ("share (Prozent)", "1", "Prozent"),
        ("time (min)", "s", "min"),
        ("use (in kg)", "kg", ""),
        ("use (in 1000 kg)", "t", ""),
        ("use (min)", "kg", ""),
        ("use, max", "kg", ""),
        ("use [min]", "kg", ""),
        ("use (m)", "kg", ""),
        ("use (h)", "kg", ""),
        ("use (1000 kg)", "t", ""),
        ("use (metric tons)", "tonne", ""),
        ("use (thousand tonnes)", "kilotonne", ""),
        ("time (100 m)", "s", ""),
        ("use (2020 t)", "kg", ""),
        ("use, 2,000 t", "kg", ""),
        ("share (% of total)", "%", ""),
        ("use, kg", "kg", ""),
        ("use in place", "kg", ""),
        ("use, b", "kg", ""),
        ("share / whole", "1", ""),
        ("T (°C)", "1", ""),
        ("use (kg, dry)", "kg", ""),
    ],
)
def test_a_heading_says_its_unit_in_several_ways(heading, unit, says):
    if not says:
        refuse_heading_of_another_unit("f", heading, [unit], UnitSystem())
        return
    said = f'f: the heading "{heading}" says {says}, and what is read is in "{unit}"; mend one of the two'
    with pytest.raises(InvalidValue, match=re.escape(said)):
        refuse_heading_of_another_unit("f", heading, [unit], UnitSystem())


@pytest.mark.parametrize(
    ("unit", "others", "same"),
    [
        (
            "kg",
            "kt CO2-eq|USD|tons|short tons|mt|MT CO2|10³ kg|x 10^3 kg|kg × 1000|unit: t|1000kg|t DM",
            "kg CO2-eq|Kg|kg DM|1|100|10|T|F|W|Hg|P|n|s|in|max|kg min|count|mass|t = 0|s.d.|1 bar|day 1",
        ),
        ("kg", "kg/kg|m3/m3|kWh/kWh|t per t|/kg|/ t|g g-1", "kg|and/or|m/f|n/a|/kg of feed"),
        ("t/year", "t/t|/t|/month", "/year|/a|t/year|t/a"),
        ("1/t", "t/t|/kg", "/t|1/t|per t"),
        ("kg", "g dm|kg ha-1", "kg dm|kg N|kg d.m.|d|day-1"),
        ("t", "kt|short tons|Mt CO2|kg max|1e3 t", "tons|MT|x 1000 kg|kg × 1000|t el|tons of waste"),
        (
            "person",
            "thousands|millions|000s|'000|in 1000|1000s|1000 persons|Mio.|per 1000|1000|1 000 000|ths|mill.",
            "persons|100|count|2020",
        ),
        ("t", "thousands|000s|x 1000|Millionen|1000|ths t|KT", "t|tons|1|2019|n"),
        ("mm", "0.1 mm|tenths of mm|0.01 m", "mm|d"),
        ("%", "bp|per 1000", "%"),
        ("ppb", "ppt", "ppb"),
        ("kperson", "millions|persons", "thousands|in 1000|1000 persons"),
        (
            "eur_2020",
            "1000 EUR|k€|Mio. €|bn EUR|EUR million|T€|€m|EUR, millions|EUR 1000|m|k|$|current US$",
            "EUR|€|euro|EUR 2020|eur_2020|constant 2020 EUR",
        ),
        ("eur_2020", "ct|Cent|USD|US$|US dollars|GBP|£|PLN|zł|m GBP", "EUR"),
        ("eur_2020", "€000|€'000|€k|€1000", "€2020"),
        ("t/hectare", "kg ha-1|kg ha⁻¹|t ha-2", "t ha-1|Mg ha-1|t/ha|t dm/ha|t d.m. ha-1"),
        ("1", "mg/kg d.w.|% d.m.|g/kg dm|t dm/ha", "kg dm/kg"),
        ("%", "mg/kg d.w.", "% d.m.|%"),
        ("mg/kg", "g/kg dm|µg/kg f.w.", "mg/kg d.w."),
        ("m", "cm|km a.s.l.", "m a.s.l.|m asl|m b.g.l."),
        ("MW", "kWel|GWth|kWe", "MWel|MWth|MW el"),
        ("h/day", "min d-1", "h d-1"),
        (
            "1",
            "per 1000",
            "A/B|C/N",
        ),
        ("eur_2020/kWh", "EUR/MWh|k€/kWh", "EUR/kWh|€/kWh|kEUR/MWh"),
        ("eur_2020/kWh", "ct/kWh|€ct/kWh|Cent/kWh|USD/kWh", "€/kWh|EUR pro kWh"),
        ("km**2", "sq. m|sq m|square metres|sq. mi", "sq. km|sq km|sqkm|square km|Quadratkilometer"),
        ("m**3", "cu. ft|cubic feet", "cu. m|cubic metres|cbm|Kubikmeter"),
        ("kB", "MB|kbit", "KB|kB"),
        ("KiB", "MB", "KB"),
        ("kg/person", "t per capita|g/head|t pro Kopf", "kg per capita|kg/cap|kg/head|kg per person"),
        ("kg", "Gramm|Tonnen|Mio. Tonnen|tC|Stück|pcs", "Kilogramm|u|l|kilogrammes"),
        ("t", "Kilogramm|Tsd. Tonnen|ktC", "Tonne|Tonnen|tonnes|tC|toneladas"),
        ("day", "Stunden|Std.|Wochen|heures|meses|Jahre", "Tag|Tage|jours|días|tag"),
        ("h", "Tage|Minuten", "Stunde|Stunden|stunden|Std.|hours|std"),
        ("m", "Zentimeter|Kilometer|kilomètres", "Meter|mètres|metro"),
        ("km/h", "km pro Tag|m/s", "km pro Stunde|km je h|Kilometer pro Stunde"),
        ("person", "1000 Stück", "Stück|Stk.|pcs"),
        ("1", "per 100k|per 10k", "Stück|pieces"),
        ("1/person", "per 100k", "per 1k women"),
        ("kWh", "MWh el|MWh_th|MWhe|GWh net|MMBtu|Mwh|MWh t", "kWh el|kWh_th|kwh|kWhe"),
        ("bar", "kPa|mbar g", "bar g|bar(a)|bar (a)"),
        (
            "1",
            "‰|per 1000|per 100,000|per mille|Prozent|per 1000 women|x100|pp|bp|annual %|pct.",
            "-|1|mass|10 %|1%|10x|0-1|kg/kg",
        ),
        ("%", "‰|per 1000|1e3", "per 100|percentage|x100|% of costs|1 sd"),
        ("1/person", "per 1000|per 1000 persons", "1/person"),
        ("K", "deg C|Celsius|℃|degrees Celsius|ºC|°C|F|mK", "K|f|UK|C"),
        ("h", "min|mins|days|d", "MIN|Min|as published|min to max|h before"),
    ],
)
def test_a_heading_says_amounts_and_words_beside_its_unit(unit, others, same):
    system = UnitSystem(("person", "eur_2020"))
    for said in same.split("|"):
        refuse_heading_of_another_unit("f", f"use ({said})", [unit], system)
    for said in others.split("|"):
        with pytest.raises(InvalidValue, match=re.escape(f" says {said}, and what is read")):
            refuse_heading_of_another_unit("f", f"use ({said})", [unit], system)


@pytest.mark.parametrize(
    ("heading", "unit", "is_refused"),
    [
        ("use: t", "kg", True),
        ("use – t", "kg", True),
        ("use (t) 2020", "kg", True),
        ("use (t)¹", "kg", True),
        ("rate per 100,000", "1", True),
        ("cost, EUR million", "eur", True),
        ("use (t) 2020", "t", False),
        ("rate per 100", "%", False),
        ("use, 95 %", "1", False),
        ("group: s", "kg", False),
        ("use - L", "kg", False),
        ("use per kWh", "kg", False),
        ("dT (°C)", "K", False),
        ("Δ T in °C", "K", False),
        ("temperature rise (deg C)", "kelvin", False),
        ("dT (°F)", "K", True),
        ("dT (°F)", "delta_degF", False),
        ("addT (°C)", "K", True),
    ],
)
def test_a_heading_says_its_unit_behind_signs_or_a_difference(heading, unit, is_refused):
    system = UnitSystem(("eur",))
    if not is_refused:
        refuse_heading_of_another_unit("f", heading, [unit], system)
        return
    with pytest.raises(InvalidValue) as caught:
        refuse_heading_of_another_unit("f", heading, [unit], system)
    # a difference in degrees Celsius is one in kelvins, and the message says how to name it
    assert str(caught.value).endswith('name a difference, as in "dT (°C)"') == ("°C" in heading)


def test_a_column_of_units_says_amounts_and_words(refusal, write_study, tmp_path):
    long = TABLE.replace("\n", ",{0}\n").replace("point,{0}", "point,unit")
    for said in ("metric tons/year", "1000 kg/year", "t CO2/year"):
        (tmp_path / "use.csv").write_text(long.format(said))
        told = f'use.csv: "unit" (column D) says "{said}", and use is read in t/year.'
        assert un.load_study(write_study(STUDY)).noticed == (told,)
    assert 'says "kt/year", and' in refusal(table=(TABLE, long.format("kt/year")))


def test_a_heading_says_the_unit_of_data(refusal, tmp_path):
    (tmp_path / "other.csv").write_text("x,y (g)\n0,0\n2,1\n")
    said = refusal(study=('distribution = "1 to 4"', 'distribution = \'empirical("other.csv", "y (g)")\''))
    assert '"other.csv": the heading "y (g)" says g, and what is read is in "1"' in said


def test_a_file_of_several_inputs_may_say_the_unit_of_any_of_them(refusal, write_study, tmp_path):
    (tmp_path / "use.csv").write_text(TABLE)
    old = 'point = { oil = 2, gas = 3 }\ndistribution = "1 to 4"'
    new = 'table = "both.csv"\n[inputs.load]\nunit = "kg"\nindex = ["fuel"]\ntable = "both.csv"'
    study = STUDY.replace(old, f'{new}\ncolumns = {{ point = "load" }}')
    for said in ("1", "kg", "g"):
        (tmp_path / "both.csv").write_text(f"fuel,point,load,unit\noil,2,5,{said}\ngas,3,6,{said}\n")
        if said != "g":
            assert len(un.load_study(write_study(study)).inputs) == 12
    with pytest.raises(un.StudyError, match='and what is read is in "1" and "kg"; mend one of the two'):
        un.load_study(write_study(study))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("points = [[0, 0], [2, 1]]", 'table = "other.csv"', 'is read is in "kelvin" and "1"'),
        ('distribution = "1 to 4"', 'distribution = \'empirical("other.csv", "y")\'', 'is read is in "1"'),
    ],
)
def test_points_of_curves_and_data_stand_in_their_own_units(refusal, tmp_path, old, new, expected):
    (tmp_path / "other.csv").write_text("x,y,unit\n0,0,1\n2,1,g\n")
    said = refusal(study=(old, new))
    assert '"other.csv", line 3: the column of units says "g", and what' in said
    assert expected in said


def test_a_column_that_holds_several_members_numbers_is_meant_for_the_longest():
    months = SimpleNamespace(name="month", ordered=True, members={str(n): "" for n in range(1, 13)})
    said = 'a column "month 12", which is no member of the index month; did you mean "12"?'
    assert list(_strays(["month 12"], months, ["3"])) == [said]


def test_an_empty_cell_is_no_member_that_has_no_label():
    read = _reader(SimpleNamespace(member=str, members={"oil": "", "gas": "Natural gas"}))
    assert [read(text) for text in ("", "oil", "Natural gas", "wood")] == [None, "oil", "gas", None]


def test_points_of_curves_stand_in_two_columns(refusal, write_study, tmp_path):
    other = ("points = [[0, 0], [2, 1]]", 'table = "other.csv"')
    (tmp_path / "use.csv").write_text(TABLE)
    (tmp_path / "other.csv").write_text("x,y,z\n0,5,7\n2,1,8\n")
    assert un.load_study(write_study(STUDY.replace(*other))).curves["damage"].points == ((0, 5), (2, 1))
    named = (other[0], f'{other[1]}\ncolumns = ["y"]')
    assert refusal(study=named) == "curves.damage: expected 2 columns, x and y, found 1"
    (tmp_path / "other.csv").write_text("x\n0\n2\n")
    assert refusal(study=other) == "curves.damage: expected 2 columns, x and y, found 1"


def test_pure_numbers_may_be_said_by_a_dash(write_study, tmp_path):
    (tmp_path / "use.csv").write_text(TABLE)
    (tmp_path / "one.csv").write_text("fuel,point,unit\noil,2,-\ngas,3,–\n")
    table = STUDY.replace('point = { oil = 2, gas = 3 }\ndistribution = "1 to 4"', 'table = "one.csv"')
    assert un.load_study(write_study(table)).noticed == ()


def test_data_that_replace_an_input_stand_in_its_unit_too(write_study, tmp_path):
    (tmp_path / "use.csv").write_text(TABLE)
    (tmp_path / "other.csv").write_text("y,unit\n1,kelvin\n2,kelvin\n")
    study = un.load_study(write_study(STUDY))
    data = 'empirical("other.csv", "y")'
    assert un.propagate(study, overrides={"warming": data}, samples=64).headline.point
    with pytest.raises(un.UncertaintyError, match='the column of units says "kelvin"'):
        un.propagate(study, overrides={"factor": data}, samples=64)


def test_missing_is_for_cells_of_which_nothing_is_said(refusal, tmp_path):
    table = 'table = "use.csv"\nmissing = 0\n'
    said = refusal(study=('table = "use.csv"\n', table), table=("gas,2022,6", "gas,2022,"))
    assert "line 7: the point is empty" in said
    old = 'point = { oil = 2, gas = 3 }\ndistribution = "1 to 4"'
    new = 'table = "oil.csv"\ndistribution = { oil = "1 to 4", gas = "1 to 4" }\nmissing = 0'
    (tmp_path / "oil.csv").write_text("fuel,point\noil,2\n")
    assert "inputs.factor.distribution.gas: has no point" in refusal(study=(old, new))


def test_check_names_a_number_alone_beside_another_point(command, write_study, tmp_path):
    columns = ('table = "use.csv"', 'table = "use.csv"\ncolumns = { distribution = "spread" }')
    rows = "fuel,year,point,spread\noil,2020,1,3\noil,2021,2,100\noil,2022,3,\ngas,2020,4,4\n"
    (tmp_path / "use.csv").write_text(f"{rows}gas,2021,5,fixed(3)\ngas,2022,6,3\n", encoding="utf-8")
    study = un.load_study(write_study(STUDY.replace(*columns)))
    assert len(study.noticed) == 1
    assert study.noticed[0] == (
        "inputs.use[oil,2020].distribution: 3 is one number, and not the point; write "
        '"point ± 3 % (95 %)" for a spread, or "fixed(3)" to hold the input at it.'
    )
    found = command("check", str(write_study(STUDY.replace(*columns))))
    assert "3 is one number, and not the point" in " ".join(found.out.split())
    (tmp_path / "use.csv").write_text(TABLE, encoding="utf-8")
    for text in ("1", '"1.0"', '"fixed(5)"', '"point ± 5 % (95 %)"'):
        plain = write_study(STUDY.replace("point = 1\n", f"point = 1\ndistribution = {text}\n"))
        assert un.load_study(plain).noticed == ()


def test_a_label_of_two_members_means_none(refusal):
    said = refusal(study=('gas = "Natural gas"', 'gas = "Fuel oil"'), table=("oil,2020", "Fuel oil,2020"))
    assert 'line 2: "Fuel oil" is the label of several members of the index fuel; write a name' in said


def test_a_label_with_the_name_that_tells_its_member_apart_is_read(write_study, tmp_path):
    path = write_study(STUDY.replace('gas = "Natural gas"', 'gas = "Fuel oil"'))
    (tmp_path / "use.csv").write_text(TABLE.replace("gas,", "Fuel oil (gas),"), encoding="utf-8")
    assert un.load_study(path).inputs["use[gas,2022]"].point == 6


@pytest.mark.parametrize(
    ("label", "is_read"), [("Fuel oil", True), ("Fuel oil (oil)", True), ("Fuel", False)]
)
def test_a_label_in_brackets_that_another_has_without_is_its_own(write_study, tmp_path, label, is_read):
    """Nothing is added to labels that differ already."""
    labels = 'oil = "Fuel oil (oil)", gas = "Fuel oil"'
    path = write_study(STUDY.replace('oil = "Fuel oil", gas = "Natural gas"', labels))
    member = "oil" if label.endswith(")") else "gas"
    (tmp_path / "use.csv").write_text(TABLE.replace(f"{member},", f"{label},"), encoding="utf-8")
    if is_read:
        assert un.load_study(path).inputs[f"use[{member},2021]"].point == {"oil": 2, "gas": 5}[member]
    else:
        with pytest.raises(un.StudyError, match='unknown member "Fuel" of the index fuel'):
            un.load_study(path)


def test_too_many_cells_are_refused_before_any_is_made(write_study):
    text = """
    format = 1
    [study]
    title = "Large"
    headline = "y"
    [indices.a]
    from = 1
    to = 5000
    [indices.b]
    from = 1
    to = 5000
    [inputs.x]
    unit = "1"
    index = ["a", "b"]
    point = 1
    [outputs.y]
    value = "sum(x)"
    unit = "1"
    """
    with pytest.raises(
        un.StudyError, match=r"inputs\.x\.index: expected at most 10,000 cells, found 25,000,000"
    ):
        un.load_study(write_study(text))
    product = text.replace('index = ["a", "b"]', 'index = ["a"]').replace('"sum(x)"', '"sum(x * b)"')
    with pytest.raises(un.StudyError, match="at most 10,000 cells, found 25,000,000"):
        un.load_study(write_study(product))


@pytest.mark.parametrize("reduced", ["sum", "mean", "largest", "smallest", "product"])
@pytest.mark.parametrize("member", ["Natural gas", "B20"])
def test_nothing_is_made_of_the_members_of_an_index_at_fault(write_study, reduced, member):
    path = write_study(
        f"""format = 1
        study = {{ title = "t", headline = "q" }}
        indices.fuel.members = ["{member}", "coal"]
        equations.pf = {{ index = ["fuel"], value = "1" }}
        outputs.q = {{ value = "{reduced}(pf, fuel)", unit = "1" }}
        """
    )
    with pytest.raises(un.StudyError, match=f'indices.fuel: the member "{member}": expected a name') as error:
        un.load_study(path)
    assert len(error.value.faults) == 1


def test_a_sum_is_no_member_that_a_table_has(tmp_path):
    (tmp_path / "fuels.csv").write_text("fuel,label\noil,Fuel oil\nTotal,\n", encoding="utf-8")
    study = tmp_path / "study.toml"
    members = 'members = { oil = "Fuel oil", gas = "Natural gas" }'
    study.write_text(STUDY.replace(members, 'table = "fuels.csv"'), encoding="utf-8")
    (tmp_path / "use.csv").write_text(TABLE, encoding="utf-8")
    said = (
        '"fuels.csv", line 3: "Total" may be no member; leave out rows and columns of sums and averages, or'
    )
    with pytest.raises(un.StudyError) as caught:
        un.load_study(study)
    (fault,) = (each for each in caught.value.faults if each.key == "indices.fuel")
    assert fault.message == f"{said} write members = [ … ] in indices.fuel if it is one"


def test_statistics_by_their_numbers_are_no_members_that_a_table_has(tmp_path):
    rows = [("oil", 12.31), ("gas", 14.52), ("coal", 9.87), ("peat", 16.02), ("mw", 13.18), ("s", 2.68)]
    lines = [f"{name},{number}" for name, number in rows]
    (tmp_path / "fuels.csv").write_text("\n".join(["fuel,heat", *lines]) + "\n", encoding="utf-8")
    study = tmp_path / "study.toml"
    members = 'members = { oil = "Fuel oil", gas = "Natural gas" }'
    study.write_text(STUDY.replace(members, 'table = "fuels.csv"'), encoding="utf-8")
    (tmp_path / "use.csv").write_text(TABLE, encoding="utf-8")
    said = '"fuels.csv", line 6: heat: the rows "mw", "s" are the mean and the standard deviation of the'
    with pytest.raises(un.StudyError) as caught:
        un.load_study(study)
    (fault,) = (each for each in caught.value.faults if each.key == "indices.fuel")
    assert fault.message.startswith(f"{said} others; leave them out")
    (tmp_path / "fuels.csv").write_text("\n".join(["fuel,heat", *lines[:4]]) + "\n", encoding="utf-8")
    with pytest.raises(un.StudyError) as caught:
        un.load_study(study)
    assert not any(each.key == "indices.fuel" for each in caught.value.faults)


def test_inputs_that_read_no_file_do_not_look_at_each_other(monkeypatch, write_study, tmp_path):
    """Thousands of inputs that each look at all others take minutes."""
    from uncertainty.study import inputs

    (tmp_path / "use.csv").write_text(TABLE)
    asked = []
    headings = inputs._headings
    monkeypatch.setattr(
        inputs, "_headings", lambda rows: headings(asked.append(each) or each for each in rows)
    )
    many = "".join(f'[inputs.x{n}]\nunit = "1"\npoint = {n}\n' for n in range(30))
    un.load_study(write_study(STUDY + many))
    assert len(asked) <= 2


@pytest.mark.parametrize(
    ("counted", "unit", "others", "same"),
    [
        (["aud"], "aud", "US$|EUR", "$|AUD"),
        (["meur"], "meur", "USD", "M€|meur"),
        (["gbp"], "gbp/kWh", "p/kWh|pence/kWh", "£/kWh|GBP/kWh"),
        (["pound_sterling"], "pound_sterling", "pence|EUR", "£|GBP"),
        (["pln"], "pln", "EUR", "PLN|zł"),
        (["usd"], "usd", "cents|₹", "dollar|USD|US$|US dollars"),
        (["cent"], "cent/kWh", "EUR/kWh", "ct/kWh|cent/kWh"),
        (["money"], "money", "kg", "EUR|USD"),
        (["franc"], "franc", "kg", "CHF"),
        ([], "1", "USD|kg", "ct"),
    ],
)
def test_a_heading_says_money_that_a_study_counts_or_does_not(counted, unit, others, same):
    system = UnitSystem(tuple(counted))
    for said in same.split("|"):
        refuse_heading_of_another_unit("f", f"price ({said})", [unit], system)
    for said in others.split("|"):
        with pytest.raises(InvalidValue, match=re.escape(f"says {said}, and what is read is")):
            refuse_heading_of_another_unit("f", f"price ({said})", [unit], system)


@pytest.mark.parametrize("mark", ["¹", " ²", "*", " [1]", "1)", " a", "a)", " 2020", ", in 2020"])
def test_a_heading_may_have_a_footnote_behind_its_unit(mark):
    refuse_heading_of_another_unit("f", f"use (kg){mark}", ["kg"], UnitSystem())
    with pytest.raises(InvalidValue, match="says kg, and what is read is"):
        refuse_heading_of_another_unit("f", f"use (kg){mark}", ["t"], UnitSystem())


@pytest.mark.parametrize(
    ("heading", "is_refused"), [("T (C)", True), ("Temp. (C)", True), ("use (C)", False)]
)
def test_a_temperature_in_c_is_one_in_degrees(heading, is_refused):
    system = UnitSystem()
    if is_refused:
        with pytest.raises(InvalidValue, match="says C, and what is read is"):
            refuse_heading_of_another_unit("f", heading, ["K"], system)
    else:
        refuse_heading_of_another_unit("f", heading, ["K"], system)


def test_multipliers_stand_alone_or_beside_codes(refusal, write_study, tmp_path):
    rows = TABLE.replace("\n", ",{0}\n").replace("point,{0}", "point,UNIT_MEASURE,UNIT_MULT")
    for said in ("T,0", "XDC,0", "XDC,"):
        (tmp_path / "use.csv").write_text(rows.format(said))
        assert un.load_study(write_study(STUDY))
    assert 'lines 2, 3, 4, 5 and 2 more: the column of units says "10^3 XDC", and what' in refusal(
        table=(TABLE, rows.format("XDC,3"))
    )
    (tmp_path / "use.csv").write_text(rows.format("KG/YEAR,3"))
    assert un.load_study(write_study(STUDY))
    alone = rows.replace("UNIT_MEASURE,", "")
    assert 'the column of units says "10^6", and' in refusal(table=(TABLE, alone.format("6")))


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        *(
            (each, "point ± 2 (sd)")
            for each in ("sd", "SD", "Std. dev.", "standard deviation", "SE", "sd (TJ)")
        ),
        ("CV (%)", "point ± 2 % (sd)"),
        ("cv", "normal(mean=point, cv=0.2)"),
        ("gsd", "lognormal(point, 2)"),
    ],
)
def test_a_column_of_spreads_is_none_of_distributions(refusal, write_study, tmp_path, heading, advice):
    columns = ('table = "use.csv"', f'table = "use.csv"\ncolumns = {{ distribution = "{heading}" }}')
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("oil,2020,1\n", "oil,2020,1,1\n")
    said = refusal(columns, (TABLE, table))
    assert said == (
        f'inputs.use.table: "use.csv", line 2: a number below "{heading}" is a spread, and no '
        f'distribution; write each as in "{advice}"'
    )
    spread = "20 %" if "%" in heading else "0.2"
    (tmp_path / "use.csv").write_text(table.replace("1,1\n", f"1,point ± {spread} (sd)\n"), encoding="utf-8")
    assert un.load_study(write_study(STUDY.replace(*columns))).inputs["use[oil,2020]"].distribution.sd == 0.2


@pytest.mark.parametrize(
    "heading", ["Uncertainty (%)", "unc. [%]", "unc_pct", "range (% of point)", "rel. range", "95 % CI (%)"]
)
def test_a_spread_below_per_cent_is_in_per_cent(refusal, write_study, tmp_path, heading):
    columns = ('table = "use.csv"', f'table = "use.csv"\ncolumns = {{ distribution = "{heading}" }}')
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("oil,2020,1\n", "oil,2020,1,{}\n")
    says = f'"{heading}" may say per cent of the points, and what stands below it is read in t/year'
    for given, advice in (
        ("-20 to 30", 'give that column another heading, or write each as in "point ± 20 % (95 %)"'),
        ("point ± 5 (95 %)", 'write each as in "point ± 5 % (95 %)"'),
        ("point +/- 0.5 (sd)", 'write each as in "point +/- 0.5 % (sd)"'),
    ):
        said = refusal(columns, (TABLE, table.format(given)))
        assert said == f'inputs.use.table: "use.csv", line 2: {says}; {advice}'
    for given, is_told in (
        ("uniform(0; 2)", True),
        ("point ± 20 % (95 %)", False),
        ("point ± 5 % (sd)", False),
    ):
        (tmp_path / "use.csv").write_text(table.format(f'"{given}"'.replace(";", ",")), encoding="utf-8")
        told = un.load_study(write_study(STUDY.replace(*columns))).noticed
        assert (f"use.csv: {says}." in told) == is_told


@pytest.mark.parametrize(
    "heading", ["90 % range", "P5-P95", "5th - 95th percentile", "90 per cent CI", "90_%"]
)
def test_a_level_is_no_per_cent_of_the_points(write_study, tmp_path, heading):
    columns = f'table = "use.csv"\ncolumns = {{ distribution = "{heading}" }}'
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("oil,2020,1\n", "oil,2020,1,0.5 to 2\n")
    (tmp_path / "use.csv").write_text(table, encoding="utf-8")
    study = un.load_study(write_study(STUDY.replace('table = "use.csv"', columns)))
    assert not [each for each in study.noticed if "per cent of the points" in each]


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        ("95% CI", "2 to 8 @ 95 %"),
        ("CI_95", "2 to 8 @ 95 %"),
        ("99.5 % interval", "2 to 8 @ 99.5 %"),
        ("95%", "2 to 8 @ 95 %"),
        ("IQR", "2 to 8 @ 50 %"),
        ("min - max", "uniform(2, 8)"),
        ("P10-P90", "2 to 8 @ 80 %"),
        ("2.5 to 97.5 % range", "2 to 8 @ 95 %"),
        ("25th and 75th percentile", "2 to 8 @ 50 %"),
        ("Q1-Q3", "2 to 8 @ 50 %"),
        ("5%-95% range", ""),
        ("P5–P95", ""),
        ("at 20-80 % load", ""),
        ("10-90 t", ""),
        ("90 % range", ""),
        ("range", ""),
        ("at 50 % load", ""),
        ("distribution", ""),
    ],
)
def test_a_range_is_none_below_a_heading_of_other_ends(refusal, write_study, tmp_path, heading, advice):
    columns = ('table = "use.csv"', f'table = "use.csv"\ncolumns = {{ distribution = "{heading}" }}')
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("oil,2020,1\n", "oil,2020,1,0.5 to 2\n")
    if advice:
        assert refusal(columns, (TABLE, table)) == (
            f'inputs.use.table: "use.csv", line 2: a range below "{heading}" would have its ends at 5 % and '
            f'95 %; write each as in "{advice}"'
        )
        table = table.replace("to 2", "to 2 @ 95 %")
    (tmp_path / "use.csv").write_text(table, encoding="utf-8")
    assert un.load_study(write_study(STUDY.replace(*columns))).headline


@pytest.mark.parametrize(
    ("heading", "is_told"),
    [
        *(
            (each, True)
            for each in ("Konfidenzintervall (95 %)", "Uncertainty (k=2)", "full range", "von bis")
        ),
        *((each, False) for each in ("distribution", "Distribution", "90 % range", "CI 90", "P5-P95")),
    ],
)
def test_ranges_below_a_heading_of_no_ends_are_told(write_study, tmp_path, heading, is_told):
    columns = ('table = "use.csv"', f'table = "use.csv"\ncolumns = {{ distribution = "{heading}" }}')
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("oil,2020,1\n", "oil,2020,1,0.5 to 2\n")
    (tmp_path / "use.csv").write_text(table, encoding="utf-8")
    study = un.load_study(write_study(STUDY.replace(*columns)))
    told = [each for each in study.noticed if "ranges below" in each]
    said = (
        f'use.csv: ranges below "{heading}" have their ends at 5 % and 95 %; others are written as in 2 to '
    )
    assert told == [f"{said}8 @ 95 %."] * is_told
    (tmp_path / "use.csv").write_text(table.replace("to 2", "to 2 @ 95 %"), encoding="utf-8")
    assert not [
        each for each in un.load_study(write_study(STUDY.replace(*columns))).noticed if "ranges below" in each
    ]


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "  ", "\n", "\N{NARROW NO-BREAK SPACE}"])
def test_a_member_is_the_same_with_another_space_between_its_words(tmp_path, space):
    (tmp_path / "study.toml").write_text(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[indices.fuel]\n'
        'members = { gas = "Natural gas", coal = "Hard  coal" }\n[inputs.use]\nunit = "t"\nindex = ["fuel"]\n'
        'table = "use.csv"\n[outputs.y]\nvalue = "sum(use)"\nunit = "t"\n',
        encoding="utf-8",
    )
    cells = f'fuel,point\n"Natural{space}gas",3\n"Hard{space}coal",5\n'
    (tmp_path / "use.csv").write_text(cells, encoding="utf-8")
    assert un.load_study(tmp_path / "study.toml").inputs["use[gas]"].point == 3


def test_points_of_tables_and_curves_are_no_codes_and_no_limits(refusal, write_study, tmp_path):
    code = TABLE.replace("gas,2022,6", "gas,2022,-999")
    said = refusal(table=(TABLE, code))
    assert said.startswith('inputs.use.table: "use.csv", line 7: point: -999 may say that a value is missing')
    (tmp_path / "use.csv").write_text(code.replace("-999", "-9.99e2"), encoding="utf-8")
    assert un.load_study(write_study(STUDY)).inputs["use[gas,2022]"].point == -999
    # of different things one may well be that large
    (tmp_path / "use.csv").write_text(code.replace("-999", "9999"), encoding="utf-8")
    assert un.load_study(write_study(STUDY)).inputs["use[gas,2022]"].point == 9999
    for fill in ("1e20", "9.96921e+36", "-3.4028235e+38"):
        said = refusal(table=(TABLE, code.replace("-999", fill)))
        assert f"line 7: point: {float(fill):.15g} may say that a value is missing" in said
    said = refusal(table=(TABLE, code.replace("-999", "\N{MINUS SIGN}999")))
    assert "line 7: point: -999 may say that a value is missing" in said
    said = refusal(table=(TABLE, code.replace("-999", "-99.9")))
    assert "line 7: point: -99.9 may say that a value is missing" in said
    flagged = TABLE.replace("point\n", "point,qualifier\n").replace("gas,2022,6", "gas,2022,6,<")
    said = refusal(table=(TABLE, flagged))
    assert said.startswith(
        'inputs.use.table: "use.csv", line 7: point: 6 stands beside "<" under "qualifier"'
    )
    # notes that say so alone are no better; among others the study may well mean it
    noted = flagged.replace("qualifier", "note").replace(",<", ",below detection limit")
    assert 'point: 6 stands beside "below detection limit"' in refusal(table=(TABLE, noted))
    (tmp_path / "use.csv").write_text(noted.replace("oil,2020,1", "oil,2020,1,ok"), encoding="utf-8")
    assert un.load_study(write_study(STUDY)).inputs["use[gas,2022]"].note == "below detection limit"
    points = "points = [[0, 0], [2, 1]]"
    (tmp_path / "damage.csv").write_text("x,loss\n0,0\n1,-99\n2,1\n3,2\n", encoding="utf-8")
    said = refusal((points, 'table = "damage.csv"'))
    assert said.startswith('curves.damage: "damage.csv", line 3: loss: -99 may say that a value is missing')
    (tmp_path / "damage.csv").write_text("x,loss\n0,0\n1,1e20\n2,1\n3,2\n", encoding="utf-8")
    said = refusal((points, 'table = "damage.csv"'))
    assert "line 3: loss: 1e+20 may say that a value is missing, as all others lie from 0 to 2" in said


@pytest.mark.parametrize("heading", ["note", "source"])
@pytest.mark.parametrize(
    ("said", "other", "is_told"),
    [
        ("<", "ok", True),
        ("U", "", True),
        ("ND", "measured", True),
        ("< 0.5", "", True),
        ("BDL", "IEA", True),
        ("not detected", "measured", True),
        ("excluded", "", True),
        ("provisional", "ok", False),
        ("read from figure 3 < 5 % off", "", False),
        ("IEA 2020", "own", False),
    ],
)
def test_texts_of_a_study_that_may_call_its_points_limits_are_told(
    write_study, tmp_path, heading, said, other, is_told
):
    table = TABLE.replace("point\n", f"point,{heading}\n").replace("gas,2022,6", f"gas,2022,6,{said}")
    (tmp_path / "use.csv").write_text(table.replace("2020,1", f"2020,1,{other}"), encoding="utf-8")
    noticed = un.load_study(write_study(STUDY)).noticed
    told = f'use.csv: point: a row beside "{said}" under "{heading}" (line 7) is read as data; leave out what'
    assert noticed == ((f"{told} is none.",) if is_told else ())


def test_a_table_with_a_column_for_each_year_lacks_that_of_the_names(tmp_path):
    text = (
        'format = 1\n[study]\ntitle = "T"\nheadline = "all"\n[indices.year]\nmembers = [2019, 2020]\n'
        '[indices.fuel]\nmembers = ["coal"]\n[inputs.use]\nunit = "t"\nindex = ["year", "fuel"]\n'
        'table = "use.csv"\n[outputs.all]\nvalue = "sum(use)"\nunit = "t"\n'
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    (tmp_path / "use.csv").write_text("Fuel type,2019,2020\ncoal,1,2\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match='has no column "fuel"; known: Fuel type, 2019, 2020'):
        un.load_study(tmp_path / "study.toml")
