"""Headings that programs write say units, too, and headings of curves and spreads are held to theirs."""

import pytest

import uncertainty as un
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.study.table_units import refuse_heading_of_another_unit
from uncertainty.units import UnitSystem

SYSTEM = UnitSystem(("eur", "person"))

OTHER = {
    "m": "height_cm height_ft Height..cm. depth_mm cm feet",
    "kWh": "E_MWh energy_gj",
    "kg": "use_t mass_g Mass..g. emissions_t_co2e mass_co2_t",
    "mg/L": "c_ug_l nitrate_ug_per_l no3_mg_m3",
    "g/kWh": "intensity_kg_per_kwh ef_kg_kwh",
    "hour": "t_sec duration_days run_minutes minutes",
    "1": "share_pct pct_forest share_percent percent x_ppm deaths_per_1000 yoy_pct_change share_%",
    "%": "share_ppm",
    "kelvin": "T_degC temp_celsius temp_c temperature_f tmax_c",
    "t": "use_kt use_kt_co2 use_mtco2e use_MtCO2e use_kgco2 use_kton use_millions kg_co2_per_year",
    "t/year": "use_kg use_kt use_kg_day",
    "kW": "use_kwh",
    "TJ/year": "use_gwh",
    "mg/m**3": "pm25_ugm3",
    "L/s": "flow_gpm",
    "eur": "price_usd cost_keur cost_eur_k cost_m_eur cost_mio_eur cost_eur_bn",
    "eur/kWh": "price_eur_mwh price_eur_per_mwh price_ct_kwh price_usd_kwh",
}
OWN = {
    "m": "height_m Height..m. length dia_in max_mm_count m x_min",
    "kWh": "E_kWh energy_kwh std_dev kWh outputs.t",
    "kg": "use_kg mass_in mass_hg mass_u mass_max kg inputs.mass",
    "mg/L": "c_mg_l c_ug_ml c_g_m3 ph_in",
    "hour": "t_h t_min day second year group_a run_1 duration_h",
    "1": "share x_1 count group_b p_value weight_kg gdp_eur n_per_group co2 co2_eq",
    "%": "share_pct pct percent share x_1",
    "kelvin": "T_K dT_degC T temp temp_k T_c t_f delta_temp_c",
    "t": "co2 co2_total use_tco2e use_t_yr mass_p5 mass_gb",
    "Mt": "use_mtco2e",
    "t/year": "use_t use_t_yr use_2019",
    "L/s": "flow flow_l flow_m flow_h",
    "eur": "price_eur cost cost_m cost_2020 cost_per_unit",
    "eur/kWh": "price_eur_kwh price_per_kwh",
    "person": "pop persons pop_2020",
    "W": "power_w us_share",
    "MW": "power_mw",
    "mW": "power_mw",
}


@pytest.mark.parametrize(("unit", "heading"), [(u, h) for u, hs in OTHER.items() for h in hs.split()])
def test_the_end_of_a_name_that_is_another_unit_is_refused(unit, heading):
    with pytest.raises(InvalidValue, match="mend one of the two"):
        refuse_heading_of_another_unit("data.csv", heading, [unit], SYSTEM)


@pytest.mark.parametrize(("unit", "heading"), [(u, h) for u, hs in OWN.items() for h in hs.split()])
def test_a_name_that_says_its_own_unit_or_none_is_taken(unit, heading):
    refuse_heading_of_another_unit("data.csv", heading, [unit], SYSTEM)


WHOLE_OR_BEHIND_A_SPACE = {
    "kWh": ["mwh", "Energy MWh", "energy GJ"],
    "kWh/year": ["kWh/day", "kWh per day"],
    "kg": ["Tonnes", "tonnes CO2", "kt CO2e", "Weight mg", "Thousand tonnes", "Vitamin B6 mg", "USE_MG"],
    "mg/L": ["g/L", "µg per litre", "Nitrate µg/l"],
    "minute": ["Hours", "Time_Hours", "Seconds", "Total hours worked", "Duration hours"],
    "m": ["KM", "Kilometers", "Feet", "Distance Km", "DISTANCE_KM"],
    "m**3/s": ["Flow m3/h"],
    "1": ["Percent", "%", "% growth", "per 100000", "Thousands"],
    "person": ["population_thousands", "population thousand"],
    "TJ": ["use thousand TJ"],
    "t": ["use (kt) total", "use x1000", "use（kg）", "use [kg] original"],
    "MWh": ["Solar [kWh] Original resolutions"],
    "eur": ["price ($)", "GDP (current US$)", "price USD"],
}
OWN_OR_NONE = {
    "hour": ["Hours", "hours per day", "hours_per_day", "Length of day", "Day", "Value min", "Time of day"],
    "kWh": ["kWh", "Energy kWh", "Price per kWh"],
    "MWh": ["mwh", "MWH", "Solar [MWh] Original resolutions"],
    "kg": ["t", "Total t", "Natural gas", "EU 27", "Body mass", "mass (dry) 2020", "use, 95 %"],
    "mA": ["Group A"],
    "kelvin": ["Vitamin C"],
    "person": ["Persons", "Number of persons"],
    "euro/kWh": ["Price per kWh"],
}


@pytest.mark.parametrize(
    ("unit", "heading"), [(u, h) for u, hs in WHOLE_OR_BEHIND_A_SPACE.items() for h in hs]
)
def test_a_heading_that_is_or_ends_in_another_unit_is_refused(unit, heading):
    with pytest.raises(InvalidValue, match="mend one of the two"):
        refuse_heading_of_another_unit("data.csv", heading, [unit], SYSTEM)


@pytest.mark.parametrize(("unit", "heading"), [(u, h) for u, hs in OWN_OR_NONE.items() for h in hs])
def test_a_heading_of_words_that_says_its_own_unit_or_none_is_taken(unit, heading):
    refuse_heading_of_another_unit("data.csv", heading, [unit], UnitSystem(("euro", "person")))


@pytest.mark.parametrize(
    ("unit", "said"),
    [("1", f"share ({each})") for each in ("wt%", "vol.-%", "mol%", "%DM", "basis points")]
    + [("%", f"share ({each})") for each in ("fraction", "0-1", "0–1")],
)
def test_shares_and_counts_are_what_headings_say(unit, said):
    with pytest.raises(InvalidValue, match="mend one of the two"):
        refuse_heading_of_another_unit("data.csv", said, [unit], SYSTEM)
    for own in ("1", "%"):
        refuse_heading_of_another_unit("data.csv", "share (0-100)", [own], SYSTEM)


CURVE = """format = 1
[study]
title = "What warming costs"
headline = "loss"
[curves.damage]
x_unit = "kelvin"
unit = "1"
table = "damage.csv"
[inputs.warming]
unit = "kelvin"
point = 1
[outputs.loss]
value = "interpolate(warming, damage)"
unit = "1"
"""


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("headings", "said"),
    [("dT (K),loss (%)", "says %"), ("T (°C),loss", "says °C"), ("dT,loss_pct", "may say pct")],
)
def test_headings_of_curves_are_held_to_their_units(headings, said, named, tmp_path):
    columns = [f'"{each}"' for each in headings.split(",")]
    given = f"columns = [{', '.join(columns)}]\n" if named else ""
    text = CURVE.replace("[inputs", f"{given}[inputs", 1)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    (tmp_path / "damage.csv").write_text(f"{headings}\n0,0\n2,1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=said):
        un.load_study(tmp_path / "study.toml")
    (tmp_path / "damage.csv").write_text("dT (°C),loss (-)\n0,0\n2,1\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(CURVE, encoding="utf-8")
    un.load_study(tmp_path / "study.toml")


USE = """format = 1
[study]
title = "Use"
headline = "all"
[indices.year]
members = [2019, 2020]
[inputs.use]
unit = "t"
index = ["year"]
table = "use.csv"
columns = { distribution = "HEADING" }
[outputs.all]
value = "sum(use)"
unit = "t"
"""


def test_the_heading_over_distributions_is_held_to_the_unit_of_the_points(tmp_path):
    for heading, spread in (("range (kg)", "900 to 1100"), ("range_kg", "900 to 1100")):
        (tmp_path / "study.toml").write_text(USE.replace("HEADING", heading), encoding="utf-8")
        rows = f"year,point,{heading}\n2019,1,{spread}\n2020,1,{spread}\n"
        (tmp_path / "use.csv").write_text(rows, encoding="utf-8")
        with pytest.raises(StudyError, match=r"say(s)? kg, and what is read"):
            un.load_study(tmp_path / "study.toml")
    for heading, spread in (("range (t)", "0.9 to 1.1"), ("error (%)", "point ± 5 % (95 %)"), ("pct", "2")):
        (tmp_path / "study.toml").write_text(USE.replace("HEADING", heading), encoding="utf-8")
        rows = f"year,point,{heading}\n2019,1,{spread}\n2020,1,{spread}\n"
        (tmp_path / "use.csv").write_text(rows, encoding="utf-8")
        un.load_study(tmp_path / "study.toml")
