"""Units that a table says in its corner, of what it measures or under a currency are held to what is read."""

import re

import pytest
from variants import one_in

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.fitting.columns import read_values

STUDY = """format = 1
[study]
title = "Costs"
headline = "y"
counting_units = ["eur", "dollar", "gbp", "person", "loaf"]
[indices]
geo = {{ members = {{ a = "A", b = "B" }} }}
[inputs.x]
unit = "{unit}"
index = ["geo"]
table = "d.csv"
columns = {{ geo = "{geo}", point = "{point}" }}
[outputs.y]
value = "sum(x, geo)"
unit = "{unit}"
"""
SAMPLE = """format = 1
[study]
title = "Costs"
headline = "y"
counting_units = ["eur", "dollar", "gbp", "person", "loaf"]
[inputs.x]
unit = "{unit}"
point = 1
distribution = "empirical('d.csv', '{point}')"
[outputs.y]
value = "x"
unit = "{unit}"
"""


YEARS = STUDY.replace('{{ a = "A", b = "B" }}', "[2019, 2020]")
CURVE = """format = 1
[study]
title = "Costs"
headline = "y"
counting_units = ["eur", "dollar", "gbp", "person", "loaf"]
[curves.c]
x_unit = "year"
unit = "{unit}"
table = "d.csv"
columns = ["x", "{point}"]
[outputs.y]
value = "interpolate(2020[year], c)"
unit = "{unit}"
"""


def load(tmp_path, study, headings, beside, unit):
    """Load a study that reads the last column of a table, of which `beside` stands in the second."""
    *before, point = headings.split(",")
    rows = [[*before, *(["x"] if study == CURVE else []), point]]
    for member, number in (("2019", "1"), ("2020", "2")) if study == YEARS else (("A", "1"), ("B", "2")):
        x = [f"201{number}"] if study == CURVE else []
        rows.append([member, *([beside] if beside else []), *x, number])
    (tmp_path / "d.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    text = study.format(unit=unit, geo=before[0], point=point)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return un.load_study(tmp_path / "study.toml")


OTHER = """
geo,Indicator,Value; CO2 emissions (kt); t
geo,Indicator Name,Value; "Energy use, Mtoe"; toe
geo,Series Name,Value; GDP (current US$); eur
geo,Indicator,Value; Access to electricity (% of population); 1
geo,Element,Value; Production (1000 t); t
geo,Item,use; Rye (t); kg
geo,currency,cost; USD; eur
geo,Währung,cost; CHF; eur/kg
geo,Currency Code,cost; CLP; eur
geo,devise,cost; TEUR; eur
geo,cost currency,cost; €; dollar
in TEUR,cost; ; eur
in TEUR,cost; ; eur/year
£'000,cost; ; gbp
$m,cost; ; dollar
Mio. €,cost; ; eur
in thousands,staff; ; person
(millions),staff; ; person
in TUSD,cost; ; eur
Angaben in 1.000 t,use; ; t
Values in kWh,use; ; MWh
Unit: kt,use; ; t/year
1000 t,use; ; t
Mio. t,use; ; kg
thousand tonnes,use; ; t
kt,use; ; t
GWh,use; ; TWh
TJ,use; ; GJ/year
km2,use; ; hectare
Mt CO2e,use; ; kilotonne
MtCO2e,use; ; t
Tonnen,use; ; kg
kVA,use; ; kW
emissions_kt,use; ; t/year
mass kt,use; ; t
Emissions in kt,use; ; t
CO2 emissions in Mt CO2e,use; ; t
Working time in days,use; ; h
"""
SAME = """
geo,Indicator,Value; CO2 emissions (kt); kilotonne
geo,Indicator,Value; Energy use (kg of oil equivalent per capita); kg/person
geo,Series Name,Value; GDP (current US$); dollar
geo,Indicator,Value; "Population, total"; person
geo,Indicator,Value; "Mortality (per 1,000 live births)"; permille
geo,Indicator,Value; Share in 2020; 1
geo,Item,price; Rice (kg); eur
geo,Item,price; Rice (1 kg); eur/kg
geo,Item,use; Rice (500 g); kg
geo,currency,cost; EUR; eur
geo,currency,cost; €; eur/kg
geo,currency,cost; euros; eur
geo,currency,cost; USD; kg
geo,currency,cost; local; eur
geo,currency,cost; n/a; eur
geo,currency,staff; USD; person
in TEUR,staff; ; person
in %,share; ; %
in EUR,cost; ; eur
in EUR,cost; ; eur/year
in t,use; ; t/year
1000 t,use; ; kilotonne
Miocene,use; ; t
in thousands,share; ; %
in thousands,Power (kW); ; kW
in Betrieb,use; ; kW
day,use; ; h
kt,use; ; kilotonne
TJ,use; ; TJ/year
GWh,use; ; t
Emissions in kt,use; ; kilotonne
mw,use; ; MW
Grain,use; ; kg
Stone,use; ; t
Barrel,use; ; L
Meter,use; ; km
Hour,use; ; s
Jahr,use; ; h
Person,use; ; kg
Program,use; ; kg
Type of bar,use; ; Pa
Year in office,use; ; h
site_m,use; ; cm
g,use; ; kg
t,use; ; kilotonne
"""


def cases(text):
    return [[each.strip() for each in re.split(r";", line)] for line in text.strip().split("\n")]


def of_every_study(text):
    """Return each case beside each kind of study, one in three of which always runs."""
    return one_in(3, ((*case, study) for case in cases(text) for study in (STUDY, SAMPLE, YEARS, CURVE)))


@pytest.mark.parametrize(("headings", "beside", "unit", "study"), of_every_study(OTHER))
def test_another_unit_is_refused_wherever_a_table_says_it(headings, beside, unit, study, tmp_path):
    with pytest.raises(StudyError) as caught:
        load(tmp_path, study, headings, beside, unit)
    (fault,) = caught.value.faults
    assert f'and what is read is in "{unit}"; mend one of the two' in fault.message
    assert ('d.csv", line 2: ' in fault.message) is bool(beside)


@pytest.mark.parametrize(("headings", "beside", "unit", "study"), of_every_study(SAME))
def test_the_same_unit_or_that_of_other_columns_is_read(headings, beside, unit, study, tmp_path):
    load(tmp_path, study, headings, beside, unit)


@pytest.mark.parametrize(("texts", "is_theirs"), [(("10-20", "20-40"), True), (("small", "large"), False)])
def test_a_unit_of_the_names_themselves_is_not_that_of_the_numbers(texts, is_theirs, tmp_path):
    (tmp_path / "d.csv").write_text(f"size in mm,x\n{texts[0]},1\n{texts[1]},2\n", encoding="utf-8")
    text = STUDY.replace('a = "A", b = "B"', f'a = "{texts[0]}", b = "{texts[1]}"')
    (tmp_path / "study.toml").write_text(text.format(unit="m", geo="size in mm", point="x"), encoding="utf-8")
    if is_theirs:
        un.load_study(tmp_path / "study.toml")
        return
    with pytest.raises(StudyError, match=r'"size in mm" .column A. says "mm", and what is read is in "m"'):
        un.load_study(tmp_path / "study.toml")


def test_members_that_are_units_themselves_are_names(tmp_path):
    (tmp_path / "d.csv").write_text("geo,x\nkt,1\nt,2\n", encoding="utf-8")
    text = STUDY.replace('a = "A", b = "B"', 'a = "kt", b = "t"').format(unit="kg", geo="geo", point="x")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert un.load_study(tmp_path / "study.toml").noticed == ()


def test_a_currency_s_column_under_another_heading_is_not_asked(tmp_path):
    load(tmp_path, STUDY, "geo,paid in,cost", "USD", "eur")


def test_each_price_is_held_to_its_own_currency(tmp_path):
    (tmp_path / "d.csv").write_text(
        "geo,mass,local,currency,cost,currency\nA,1,2,DKK,3,EUR\nB,1,2,DKK,3,EUR\n", encoding="utf-8"
    )
    for point, unit, refused in (("cost", "eur", ""), ("local", "eur", '"DKK"'), ("mass", "kg", "")):
        text = STUDY.format(unit=unit, geo="geo", point=point)
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        if not refused:
            un.load_study(tmp_path / "study.toml")
            continue
        with pytest.raises(StudyError, match=refused):
            un.load_study(tmp_path / "study.toml")


@pytest.mark.parametrize(
    ("heading", "unit", "is_said"),
    [
        ("Cost (£'000)", "gbp", False),
        ("Cost (£m)", "eur", False),
        ("Cost (£)", "gbp", True),
        ("GDP (US$)", "eur", False),
        ("GDP (US$)", "dollar", True),
        ("Power (W per m³/h)", "W/(m^3/h)", True),
        ("Power (W per m³/h)", "kW/(m^3/s)", False),
        ("Power (kg per t/year)", "kg/(t/year)", True),
    ],
)
def test_signs_of_money_and_quotients_behind_per_are_read_in_headings(heading, unit, is_said, tmp_path):
    if is_said:
        load(tmp_path, STUDY, f"geo,{heading}", "", unit)
        return
    with pytest.raises(StudyError, match="and what is read is in"):
        load(tmp_path, STUDY, f"geo,{heading}", "", unit)


def test_columns_that_say_a_unit_together_are_named_once(tmp_path):
    columns = {
        "UNIT_MEASURE": "T",
        "Unit of measure": "Tonnes",
        "UNIT_MULT": "3",
        "Unit multiplier": "Thousands",
    }
    with pytest.raises(StudyError) as caught:
        load(tmp_path, STUDY, ",".join(["geo", *columns, "v"]), ",".join(columns.values()), "t")
    assert str(caught.value).endswith(
        '"10^3 Tonnes", and what is read is in "t"; mend one of the two, or give the column another heading'
    )


@pytest.mark.parametrize(
    ("many", "word", "unit"),
    [("3", "Thousands", "kilotonne"), ("0", "Units", "t"), ("6", "Millions", "Mt"), ("9", "Billion", "Gt")],
)
def test_a_multiplier_in_digits_and_the_same_in_words_are_one(many, word, unit, tmp_path):
    headings = "geo,Unit of measure,UNIT_MULT,Unit multiplier,v"
    assert load(tmp_path, STUDY, headings, f"Tonnes,{many},{word}", unit) is not None
    with pytest.raises(StudyError, match="mend one of the two"):
        load(tmp_path, STUDY, headings, f"Tonnes,{many},{word}", "kg")


def test_multipliers_that_differ_may_each_be_meant(tmp_path):
    with pytest.raises(StudyError, match="may each say the units of v: leave out"):
        load(tmp_path, STUDY, "geo,Unit of measure,UNIT_MULT,Unit multiplier,v", "Tonnes,3,Millions", "t")


@pytest.mark.parametrize(("number", "is_told"), [("12.345", True), ("1.003", True), ("12.34", False)])
def test_points_that_may_group_thousands_are_told_of_tables_as_of_samples(number, is_told, tmp_path):
    (tmp_path / "d.csv").write_text(f"geo;v\nA;{number}\nB;987\n", encoding="utf-8")
    text = STUDY.format(unit="kg", geo="geo", point="v")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    said = f"d.csv: Each point of v has three digits behind it: {number} is read as a decimal number"
    noticed = un.load_study(tmp_path / "study.toml").noticed
    assert any(note.startswith(said) for note in noticed) is is_told


@pytest.mark.parametrize("heading", ["Indicator", "Variable", "Series Name"])
@pytest.mark.parametrize(("said", "is_told"), [("aab", True), ("abc", False), ("aaa", False)])
def test_tables_whose_rows_say_different_things_are_told_of(heading, said, is_told, tmp_path):
    said = [{"a": "CO2 emissions", "b": "Gross product", "c": "Land use"}[each] for each in said]
    rows = zip("ABC", said, ("2001", "2002", "2003"), "123", strict=True)
    table = "\n".join(map(",".join, [("geo", heading, "x", "Value"), *rows]))
    (tmp_path / "d.csv").write_text(f"{table}\n", encoding="utf-8")
    for study in (STUDY.replace('b = "B"', 'b = "B", c = "C"'), CURVE):
        text = study.format(unit="t", geo="geo", point="Value")
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        note = f'd.csv: "{heading}" says "CO2 emissions" (line 2) and "Gross product" (line 4); all of Value'
        assert (f"{note} is read in t." in un.load_study(tmp_path / "study.toml").noticed) is is_told


def test_what_names_the_members_of_an_index_is_no_other_thing(tmp_path):
    rows = [
        f"{geo},{year},{said},{year[-1]}"
        for geo, said in (("A", "Coal use"), ("B", "Gas use"))
        for year in "12"
    ]
    (tmp_path / "d.csv").write_text("geo,year,Variable,Value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    text = STUDY.replace("[inputs.x]", "year = {{ members = [1, 2] }}\n[inputs.x]").replace(
        '["geo"]', '["geo", "year"]'
    )
    text = text.replace("sum(x, geo)", "sum(x)").format(unit="t", geo="geo", point="Value")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert not [each for each in un.load_study(tmp_path / "study.toml").noticed if "says" in each]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("above", ["All figures in thousand tonnes", "Table 2\n\nAll figures in kt"])
def test_titles_above_the_headings_of_a_file_are_told(above, separator, tmp_path):
    for study, head in ((STUDY, ["geo", "x", "v"]), (SAMPLE, ["geo", "v"]), (YEARS, ["geo", "v"])):
        rows = [head, *([str(2018 + n), *head[2:], str(n)] for n in (1, 2))]
        table = "\n".join(map(separator.join, rows))
        (tmp_path / "d.csv").write_text(f"{above}\n{table}\n", encoding="utf-8")
        text = study.format(unit="t", geo="geo", point="v").replace(
            'a = "A", b = "B"', 'a = "2019", b = "2020"'
        )
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        first, *more = above.split("\n")
        place = f"line {len(more) + 2}: has the headings, which are expected in the first row; remove what is"
        with pytest.raises(StudyError) as caught:
            un.load_study(tmp_path / "study.toml")
        assert f'd.csv", {place} above it ("{first}")' in str(caught.value)
        # what is advised is read
        (tmp_path / "d.csv").write_text(f"{table}\n", encoding="utf-8")
        un.load_study(tmp_path / "study.toml")


def test_rows_that_are_no_points_of_a_curve_are_refused(tmp_path):
    points = [("a", "1.2", "0.31"), ("b", "2.7", "0.84"), ("c", "3.1", "1.27"), ("d", "4.4", "2.6")]
    text = CURVE.format(unit="t", point="v")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")

    def load_with(*more):
        table = "\n".join(map(",".join, [("name", "x", "v"), *points, *more]))
        (tmp_path / "d.csv").write_text(f"{table}\n", encoding="utf-8")
        return un.load_study(tmp_path / "study.toml")

    for rows, said in (
        ([("Total", "11.4", "5.02")], 'line 6: "Total" may be no point; leave out'),
        ([("Mean", "11.4", "1.3"), ("Max", "12", "2")], 'line 6: "Mean" may be no point; leave out'),
        ([("Σx", "11.4", "5.02")], 'line 6: v: the row "Σx" is the sum of the others, as they are of x'),
        ([("Source: Eurostat", "5", " 2023")], 'line 6: v: "Source: Eurostat" may be a note below the table'),
        ([("e", "5", "-999")], "line 6: v: -999 may say that a value is missing"),
    ):
        with pytest.raises(StudyError) as caught:
            load_with(*rows)
        assert said in str(caught.value)
    points[0] = ("a", "-999", "0.3")
    with pytest.raises(StudyError, match="line 2: x: -999 may say that a value is missing"):
        load_with()
    points[:] = [("Low", "1", "1"), ("Average", "2", "2"), ("High", "3", "3"), ("Highest", "4", "6")]
    assert load_with().curves["c"].points[-1] == (4, 6)


def test_codes_among_few_points_are_told(tmp_path):
    (tmp_path / "study.toml").write_text(CURVE.format(unit="t", point="v"), encoding="utf-8")
    (tmp_path / "d.csv").write_text("x,v\n1,0\n2,1\n4,-999\n", encoding="utf-8")
    said = "d.csv: v: -999 is read as one of the data; leave out its row if it says that a value is missing."
    assert said in un.load_study(tmp_path / "study.toml").noticed


def noticed(tmp_path, table, text):
    """Return what a study says of the table beside it."""
    (tmp_path / "d.csv").write_text(table, encoding="utf-8")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return un.load_study(tmp_path / "study.toml").noticed


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
def test_points_that_may_group_thousands_are_told_whatever_parts_the_cells(separator, tmp_path):
    table = "geo,v\nA,1.500\nB,2.250\n".replace(",", separator)
    found = noticed(tmp_path, table, STUDY.format(unit="kg", geo="geo", point="v"))
    assert [each for each in found if "1.500 is read as a decimal number, and not as 1500" in each]


@pytest.mark.parametrize(
    ("texts", "other"),
    [
        *(("kt kt", "kt"), ("t kg", "kg"), ("GJ kg", "GJ"), ("in_t in_kg", "in kg"), ("t kWh", "kWh")),
        *(("t t", ""), ("kt x", ""), ("J kJ", ""), ("t E", ""), ("in_t t", ""), ("A kt", "")),
    ],
)
@pytest.mark.parametrize("heading", ["measure", "ME", "in", "Note"])
def test_units_under_any_heading_are_told_where_they_are_not_those_of_what_is_read(
    heading, texts, other, tmp_path
):
    first, second = (each.replace("_", " ") for each in texts.split())
    table = f"geo,{heading},value\nA,{first},1\nB,{second},2\n"
    found = noticed(tmp_path, table, STUDY.format(unit="t", geo="geo", point="value"))
    told = [each for each in found if f'"{heading}" (column B) says' in each]
    said = f'd.csv: "{heading}" (column B) says "{other}", and x is read in t.'
    assert told == ([said] if other else [])
    noted = STUDY.format(unit="t", geo="geo", point='value", note = "' + heading)
    assert [each for each in noticed(tmp_path, table, noted) if "(column B) says" in each] == told


@pytest.mark.parametrize(
    ("corner", "unit", "is_refused"),
    [
        ("geo (PJ)", "TJ", True),
        ("Sector [kt CO2]", "t", True),
        ("geo (TJ)", "TJ", False),
        ("geo (ISO)", "TJ", False),
    ],
)
def test_a_unit_behind_the_name_of_the_rows_is_that_of_the_numbers(corner, unit, is_refused, tmp_path):
    text = STUDY.format(unit=unit, geo=corner, point="v")
    if not is_refused:
        assert noticed(tmp_path, f"{corner},v\nA,1\nB,2\n", text) is not None
        return
    with pytest.raises(StudyError, match="and what is read is in"):
        noticed(tmp_path, f"{corner},v\nA,1\nB,2\n", text)


def test_a_unit_behind_the_name_of_classes_is_theirs(tmp_path):
    text = STUDY.format(unit="t", geo="size (kg)", point="v")
    text = text.replace('"A"', '"0 to 5"').replace('"B"', '"> 5"')
    assert noticed(tmp_path, "size (kg),v\n0 to 5,1\n> 5,2\n", text) is not None


@pytest.mark.parametrize("heading", ["sd", "uncertainty (%)", "Min", "upper"])
def test_a_column_of_spreads_that_nothing_reads_is_named(heading, tmp_path):
    text = STUDY.format(unit="t", geo="geo", point="v")
    table = f"geo,v,{heading},size\nA,1,0.1,2\nB,2,0.2,3\n"
    said = "may say how its numbers vary, and nothing reads it: a column of distributions says that."
    assert [each for each in noticed(tmp_path, table, text) if "size" in each or "vary" in each] == [
        f'd.csv: "{heading}" {said}'
    ]
    spread = text.replace("[outputs.y]", 'distribution = "point ± 5 % (95 %)"\n[outputs.y]')
    assert not [each for each in noticed(tmp_path, table, spread) if "vary" in each]


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        ("year,loss", ()),
        ("month,loss", ('d.csv: "month" is read in year.',)),
        ("loss,year", ('d.csv: "loss" is read in year.', 'd.csv: "year" is read in t.')),
        ("id,year,loss", ('d.csv: "id" is read in year.', 'd.csv: "year" is read in t.')),
    ],
)
def test_headings_of_curves_say_what_their_columns_are(headings, told, tmp_path):
    text = STUDY.split("[indices]", maxsplit=1)[0].format() + (
        '[curves.loss]\nx_unit = "year"\nunit = "t"\ntable = "d.csv"\n[inputs.x]\nunit = "year"\npoint = 1\n'
        '[outputs.y]\nvalue = "interpolate(x, loss)"\nunit = "t"\n'
    )
    rows = "".join(f"{','.join(str(row) for _ in headings.split(','))}\n" for row in (1, 2))
    assert noticed(tmp_path, f"{headings}\n{rows}", text) == told


@pytest.mark.parametrize("label", ["Total", "All", "Mean"])
def test_labels_of_sums_are_no_members(label, tmp_path):
    text = STUDY.format(unit="t", geo="geo", point="v").split("[indices]")
    indices = '[indices]\ngeo = { table = "d.csv" }\n[inputs.x]\nunit = "t"\nindex = ["geo"]\npoint = 1\n'
    outputs = '[outputs.y]\nvalue = "sum(x, geo)"\nunit = "t"\n'
    with pytest.raises(StudyError, match=f'line 4: "{label}" may be no member'):
        noticed(tmp_path, f"geo,label\na,A\nb,B\nx,{label}\n", text[0] + indices + outputs)


@pytest.mark.parametrize(
    ("corner", "is_other"), [("Year (TEUR)", True), ("Year (EUR)", False), ("Year (AD)", False)]
)
def test_a_unit_in_brackets_behind_years_is_that_of_what_is_read(corner, is_other, tmp_path):
    if not is_other:
        load(tmp_path, YEARS, f"{corner},cost", "", "eur")
        return
    with pytest.raises(StudyError, match='says "TEUR", and what is read is in "eur"'):
        load(tmp_path, YEARS, f"{corner},cost", "", "eur")


def of_numbers(unit, geo, across=""):
    """Return a study of t over numbers in a unit, below a heading or across the columns."""
    members = f'{{ members = [1, 2], unit = "{unit}" }}'
    text = STUDY.format(unit="TJ", geo=geo, point="x").replace('{ members = { a = "A", b = "B" } }', members)
    if not across:
        return text
    row = f'site = {{ members = ["a", "b"] }}\ngeo = {members}'
    text = text.replace(f"geo = {members}", row).replace(f'geo = "{geo}", point = "x"', f"site = '{across}'")
    return text.replace('index = ["geo"]', 'index = ["site", "geo"]').replace(
        "(x, geo)", "(sum(x, geo), site)"
    )


@pytest.mark.parametrize(
    ("heading", "unit", "is_other"),
    [
        *((each, "m", True) for each in ("depth (ft)", "depth [cm]", "depth_ft", "Depth in feet")),
        *((each, "year", True) for each in ("age (months)", "Age in weeks")),
        *((each, "kelvin", True) for each in ("temp (°F)", "T (°C)")),
        ("dose (µg)", "mg", True),
        *((each, "m", False) for each in ("depth (m)", "depth_m", "depth (below ground)", "geo", "Metres")),
        *((each, "year", False) for each in ("age (years)", "Year (TJ)", "Year (AD)", "year (a)", "Jahr")),
        ("T (K)", "kelvin", False),
    ],
)
@pytest.mark.parametrize("way", ["long", "wide", "column"])
def test_members_with_a_unit_are_held_to_it(heading, unit, is_other, way, tmp_path):
    table, text = f"{heading},x\n1,5\n2,6\n", of_numbers(unit, heading)
    if way == "wide":
        corner = heading if "_" in heading else f"site / {heading}"
        table, text = f"{corner},1,2\na,5,6\nb,7,8\n", of_numbers(unit, heading, corner)
    if way == "column" and is_other and (found := re.search(r"[(\[](.*)[)\]]", heading)):
        table, text = f"geo,geo_unit,x\n1,{found[1]},5\n2,{found[1]},6\n", of_numbers(unit, "geo")
    if not is_other:
        assert not [each for each in noticed(tmp_path, table, text) if '"x" is' in each]
        return
    with pytest.raises(StudyError, match=f'and what is read is in "{unit}"'):
        noticed(tmp_path, table, text)


def test_another_heading_than_an_index_s_is_told_with_its_unit(tmp_path):
    assert noticed(tmp_path, "month,x\n1,5\n2,6\n", of_numbers("year", "month")) == (
        'd.csv: "month" is read in year.',
    )


def test_members_that_may_sum_up_others_are_told(tmp_path):
    text = STUDY.format(unit="t", geo="geo", point="v").split("[indices]")
    indices = '[indices]\ngeo = { table = "d.csv" }\n[inputs.x]\nunit = "t"\nindex = ["geo"]\npoint = 1\n'
    outputs = '[outputs.y]\nvalue = "sum(x, geo)"\nunit = "t"\n'
    rows = "geo,label\nde,Germany\nfr,France\nwld,World\neu27_2020,Union\n"
    assert noticed(tmp_path, rows, text[0] + indices + outputs) == (
        'd.csv, line 4: "World" may sum up other members, and is read as one.',
        'd.csv, line 5: "eu27_2020" may sum up other members, and is read as one.',
    )
    rows = "geo,label\naf,Africa\nas,Asia\neu,Europe\nam,America\n"
    assert noticed(tmp_path, rows, text[0] + indices + outputs) == ()


@pytest.mark.parametrize("number", ["9999", "99999", "999.9"])
@pytest.mark.parametrize("others", [("12", "14.5", "11"), ("31", "40", "20", "0")])
def test_fills_in_tables_are_told(number, others, tmp_path):
    text = STUDY.format(unit="t", geo="geo", point="v")
    rows = dict(zip("ABCDEFGH", (*others, number), strict=False))
    members = ", ".join(f'{each.lower()} = "{each}"' for each in rows)
    text = text.replace('{ a = "A", b = "B" }', f"{{ {members} }}")
    told = "is read as one of the data; leave out its row if it says that a value is missing."
    said = f"d.csv: v: {number} {told}"
    table = "geo,v\n" + "".join(f"{name},{v}\n" for name, v in rows.items())
    assert said in noticed(tmp_path, table, text)
    assert said not in noticed(tmp_path, table.replace(number, f"{float(number) / 10:e}"), text)


@pytest.mark.parametrize(("said", "is_told"), [("kg", True), ("t", False), ("x", False)])
def test_units_beside_a_sample_are_told_under_any_heading(said, is_told, tmp_path):
    table = f"geo,measure,value\nA,{said},1\nB,{said},2\n"
    found = noticed(tmp_path, table, SAMPLE.format(unit="t", point="value"))
    assert ('d.csv: "measure" (column B) says "kg", and x is read in t.' in found) is is_told


KINDS = "kVA kW; Gy Sv; mSv mGy; Bq Hz; kHz kBq; µL/L mg/kg; rad/s Hz"


@pytest.mark.parametrize("study", [STUDY, SAMPLE], ids=["table", "sample"])
@pytest.mark.parametrize("pair", KINDS.split("; "))
def test_a_unit_of_another_quantity_is_another_though_it_has_the_same_size(pair, study, tmp_path):
    said, unit = pair.split()
    for headings, beside in ((f"geo,use ({said})", ""), ("geo,unit,use", said)):
        with pytest.raises(StudyError, match=f'says "?{said}"?, and what is read is in "{unit}"; mend one'):
            load(tmp_path, study, headings, beside, unit)
    load(tmp_path, study, f"geo,use ({said})", "", said.replace("µ", "u"))


READ = """
MT; t; MT
MT; Mt; MT
tons; t; tons
tons; short_ton; tons
MG; mg; MG
mg; Mg; mg
Calories; kcal; Calories
Calories; cal; Calories
barg; bar; barg
psig; psi; psig
Nm3; m**3; Nm3
Nm³/h; m**3/h; Nm³/h
scf; ft**3; scf
pp; %; pp
ppm; mg/kg; ppm
Hz; 1/s; Hz
kWh; kWh;
g/kWh; kg/MWh;
-; 1;
"""


@pytest.mark.parametrize("study", [STUDY, SAMPLE], ids=["table", "sample"])
@pytest.mark.parametrize(("said", "unit", "told"), cases(READ))
def test_what_a_column_of_units_says_in_other_words_is_told(said, unit, told, study, tmp_path):
    if said == "mg":
        # a milligram is sure, and no megagram
        with pytest.raises(StudyError, match="what is read is in"):
            load(tmp_path, study, "geo,unit,x", said, unit)
        return
    found = load(tmp_path, study, "geo,unit,x", said, unit)
    expected = f'd.csv: "unit" (column B) says "{told}", and x is read in {unit}.'
    assert [each for each in found.noticed if '"unit"' in each] == ([expected] if told else [])


@pytest.mark.parametrize("study", [STUDY, SAMPLE], ids=["table", "sample"])
@pytest.mark.parametrize(
    ("heading", "unit", "is_told"),
    [
        ("x (MT)", "Mt", True),
        ("x_mt", "Mt", True),
        ("x (MG)", "mg", True),
        ("x_mw", "MW", True),
        ("x_kwh", "kWh", False),
        ("X (kWh)", "kWh", False),
        ("x (t)", "t", False),
    ],
)
def test_letters_of_several_units_in_other_capitals_are_told(heading, unit, is_told, study, tmp_path):
    found = load(tmp_path, study, f"geo,{heading}", "", unit)
    assert found.noticed == ((f'd.csv: "{heading}" is read in {unit}.',) if is_told else ())


@pytest.mark.parametrize(
    ("study", "unit", "read"), [(STUDY, "kg", "in kg"), (SAMPLE, "1", "as a pure number")]
)
def test_rows_without_a_unit_are_told(study, unit, read, tmp_path):
    load(tmp_path, study, "geo,unit,x", unit, unit)
    path = tmp_path / "d.csv"
    path.write_text(f"geo,unit,x\nA,,1\nB,{unit},2\n", encoding="utf-8")
    told = f'd.csv: "unit" (column B) says nothing in line 2; x is read {read} there, too.'
    assert told in un.load_study(tmp_path / "study.toml").noticed
    # where a column says no unit at all, it is as good as none
    path.write_text("geo,unit,x\nA,,1\nB,,2\n", encoding="utf-8")
    assert not [each for each in un.load_study(tmp_path / "study.toml").noticed if "nothing" in each]


@pytest.mark.parametrize("sign", ["#", "%", "! "])
def test_rows_of_tables_and_curves_that_are_set_apart_as_comments_are_refused(sign, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(unit="t", geo="geo", point="v"), encoding="utf-8")
    table = f"id,geo,v\n1,A,12\n{sign}2,B,14\n"
    (tmp_path / "d.csv").write_text(table, encoding="utf-8")
    with pytest.raises(StudyError, match=f'line 3: v: "{sign}2" begins as a comment does'):
        un.load_study(path)
    (tmp_path / "d.csv").write_text(table.replace(f"{sign}2", "2"), encoding="utf-8")
    assert un.load_study(path)
    path.write_text(CURVE.format(unit="t", point="v"), encoding="utf-8")
    points = f"note,x,v\na,1,0\n{sign}b,2,9\nc,3,4\n"
    (tmp_path / "d.csv").write_text(points, encoding="utf-8")
    with pytest.raises(StudyError, match=f'line 3: v: "{sign}b" begins as a comment does'):
        un.load_study(path)


NAMES = """
Coal (kt); Oil (t); t; Coal (kt)
mass_kg; mass_g; kg; mass_g
mass_kg; height_cm; kg; height_cm
Load in MW; Loss in kW; kW; Load in MW
Peat (TJ); Wood; GJ/year; Peat (TJ)
Pb (mg/L); Cd (µg/L); mg/L; Cd (µg/L)
Coal (t); Oil (t); t;
Coal (kt); Oil (kt); kilotonne;
energy_kwh; energy_kwh_2; kWh;
Gas (PJ); Oil; t;
site_m; site_h; kg;
Plot (A); Plot (B); t;
Austin (TX); Perth (WA); t;
Cars (petrol); Vans (diesel); t;
"""


@pytest.mark.parametrize("is_sample", [True, False])
@pytest.mark.parametrize(("one", "other", "unit", "told"), cases(NAMES))
def test_names_that_end_in_another_unit_are_told(one, other, unit, told, is_sample, tmp_path):
    (tmp_path / "d.csv").write_text(f"name,x\n{one},1\n{other},2\n", encoding="utf-8")
    members = STUDY.replace('a = "A", b = "B"', f'a = "{one}", b = "{other}"')
    text = (SAMPLE if is_sample else members).format(unit=unit, geo="name", point="x")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    expected = f'd.csv: "name" (column A) says "{told}", and x is read in {unit}.'
    noticed = un.load_study(tmp_path / "study.toml").noticed
    assert [each for each in noticed if each.startswith('d.csv: "name"')] == ([expected] if told else [])


WIDE = STUDY.replace('["geo"]', '["geo", "year"]').replace(', point = "{point}"', "")
WIDE = WIDE.replace("[inputs.x]", '[indices.year]\nmembers = [2019, 2020]\nunit = "year"\n[inputs.x]')


def noticed_of_wide(tmp_path, corner, unit):
    """Load a study with a column for each year, and return what is told of its file."""
    (tmp_path / "d.csv").write_text(f'"{corner}",2019,2020\nA,1,2\nB,3,5\n', encoding="utf-8")
    text = WIDE.format(unit=unit, geo=corner).replace("sum(x, geo)", "sum(x)")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return [each for each in un.load_study(tmp_path / "study.toml").noticed if "were read" not in each]


@pytest.mark.parametrize(
    ("corner", "unit"),
    [
        *(
            (corner, "TJ")
            for corner in ("Emissions in kt", "kt", "Emissions (t)", "tonnes", "EUR", "m3", "PJ")
        ),
        *((corner, "t") for corner in ("GWh", "TJ", "Energy (TJ)", "t/ha", "TEUR")),
        *(("kt", "%"), ("%", "1"), ("in %", "1"), ("GWh", "t/year")),
    ],
)
def test_a_corner_over_all_numbers_says_no_unit_of_another_quantity(corner, unit, tmp_path):
    with pytest.raises(StudyError, match=f'says ".*", and what is read is in "{unit}"; mend one of the two'):
        noticed_of_wide(tmp_path, corner, unit)


@pytest.mark.parametrize(
    ("corner", "unit"),
    [
        *((corner, "t") for corner in ("lbs", "Mill. t", "x1000", "tusen tonn", "milliers de tonnes")),
        *((corner, "t") for corner in ("% of GDP", "kg per capita", "Geo, lbs", "Region")),
        *((corner, "TJ") for corner in ("Ktoe", "Thousand tonnes of oil equivalent", "Geo (net)", "Grain")),
    ],
)
def test_a_corner_over_all_numbers_that_may_say_a_unit_is_told(corner, unit, tmp_path):
    (note,) = noticed_of_wide(tmp_path, corner, unit)
    assert note.startswith(f'd.csv: "{corner}" (column A) ')
    assert note.endswith(f", and x is read in {unit}.")


@pytest.mark.parametrize(
    ("corner", "unit"),
    [
        *(
            (corner, "t")
            for corner in ("geo", "Geo", "Geo name", "Geo (2019)", "t", "tonnes", "x in t", "Code")
        ),
        *((corner, "t/year") for corner in ("t", "Emissions (t)", "Emissions in t/yr")),
        *(("EUR", "eur"), ("in %", "%"), ("Energy (TJ)", "TJ"), ("GEO / year", "TJ")),
    ],
)
def test_a_corner_with_the_unit_or_the_names_alone_is_not_told(corner, unit, tmp_path):
    assert noticed_of_wide(tmp_path, corner, unit) == []


@pytest.mark.parametrize(
    ("corner", "said"),
    [
        ("Date", ""),
        ("Jahr", ""),
        ("Time period", ""),
        ("lbs", '"lbs" (column A) is over years'),
        ("Grain", "years"),
    ],
)
def test_a_corner_over_years_is_told_as_such(corner, said, tmp_path):
    study = WIDE.replace('geo = "{geo}"', 'year = "{geo}"').format(unit="t", geo=corner)
    (tmp_path / "d.csv").write_text(f'"{corner}",A,B\n2019,1,2\n2020,3,5\n', encoding="utf-8")
    (tmp_path / "study.toml").write_text(study.replace("sum(x, geo)", "sum(x)"), encoding="utf-8")
    found = un.load_study(tmp_path / "study.toml").noticed
    assert [each for each in found if "is over" in each] == (
        [f'd.csv: "{corner}" (column A) is over years, and x is read in t.'] if said else []
    )


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("12 -9 33 45 17", "-9"),
        ("12 -8 33 45 17", "-8"),
        ("12 -1 33 45 17", "-1"),
        ("2 1 3 99 5", "99"),
        # among changes, and beside what is measured to decimals, it is a number like others
        ("12 -9 -33 45 17", ""),
        ("12.5 -9 33 45 17", ""),
        ("60 71 83 99 75", ""),
    ],
)
def test_codes_of_surveys_are_told_in_tables_as_in_fits(points, told, tmp_path):
    (tmp_path / "fit.csv").write_text("\n".join(["v", *points.split()]), encoding="utf-8")
    fitted = [f"d.csv: {note}" for note in read_values(tmp_path / "fit.csv", "v").notes]
    text = STUDY.format(unit="t", geo="geo", point="v")
    text = text.replace('{ a = "A", b = "B" }', '{ a = "A", b = "B", c = "C", d = "D", e = "E" }')
    rows = "".join(f"{geo},{v}\n" for geo, v in zip("ABCDE", points.split(), strict=True))
    said = (
        f"d.csv: v: {told} is read as one of the data; leave out its row if it says that a value is missing."
    )
    found = [each for each in noticed(tmp_path, f"geo,v\n{rows}", text) if "missing" in each]
    assert found == fitted == ([said] if told else [])


def test_codes_among_limits_are_told_or_refused_as_those_of_points(tmp_path):
    text = STUDY.format(unit="t", geo="geo", point="v")
    rows = "geo,v,low,high\nA,12,3,14\nB,20,{low},{high}\n"
    told = noticed(tmp_path, rows.format(low=1, high=9999), text)
    assert (
        "d.csv: high: 9999 is read as one of the data; leave out its row if it says that a value is missing."
    ) in told
    with pytest.raises(StudyError, match="line 3: low: -9999 may say that a value is missing, as all others"):
        noticed(tmp_path, rows.format(low=-9999, high=30), text)
