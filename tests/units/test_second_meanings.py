"""Which units may stand for something else beside some words."""

import pytest

from uncertainty.units.second_meanings import means_other, speaks_of_ships

OTHERS = [
    ("Shares outstanding", "mm"),
    ("Population", "mm"),
    ("Diluted shares", "m"),
    ("Net debt", "mm"),
    ("EBITDA", "mm"),
    ("Distance", "nm"),
    ("Range", "nm"),
    ("Leg 1, Rotterdam", "nm"),
    ("Speed", "nm/h"),
    ("CO2 emissions per t payload", "g/t/nm"),
    ("Fuel", "kg/nm"),
    ("Fuel", "L/nm"),
    ("Cost", "USD/nm"),
    ("Cost", "€/nm"),
    ("Work", "t nm"),
    ("Work", "pax*nm"),
    ("Emission over the distance", "nm"),
]
PLAIN = [
    ("Thickness", "mm"),
    ("Rainfall", "mm"),
    ("Vehicle length", "mm"),
    ("Unit height", "m"),
    ("Evaporation", "mm"),
    ("Shares outstanding", "cm"),
    ("Wavelength", "nm"),
    ("Wavelength range", "nm"),
    ("Interlayer distance", "nm"),
    ("Particle size", "nm"),
    ("x", "nm"),
    ("Deposition rate", "nm/min"),
    ("Spectral irradiance", "W/m2/nm"),
    ("Shift", "nm/RIU"),
    ("Area per lipid", "nm2"),
    ("Distance", "nm^2"),
    ("Stiffness", "N/nm"),
    ("Distance", "km"),
    ("Torque", "Nm"),
]


@pytest.mark.parametrize(("name", "unit"), OTHERS)
def test_a_unit_means_another_beside_what_is_never_in_it(name, unit):
    assert means_other(name, unit)


@pytest.mark.parametrize(("name", "unit"), PLAIN)
def test_a_unit_of_a_laboratory_is_what_it_says(name, unit):
    assert not means_other(name, unit)


def test_nanometres_are_doubtful_wherever_ships_are_spoken_of():
    assert means_other("x", "nm", is_of_ships=True)
    assert not means_other("x", "mm", is_of_ships=True)
    for text in ("Speed (kn)", "kn", "12 knots", "per Nautical mile", "Ships", "Voyage 3"):
        assert speaks_of_ships(text)
    for text in ("Force (kN)", "Ship to", "relationships", "known", "kNm", "Vessel"):
        assert not speaks_of_ships(text)
