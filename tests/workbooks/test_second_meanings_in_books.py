"""Units of two meanings beside numbers are listed where they may mean the other; those of notes are none."""

import tomllib

import pytest
from book_files import write_book

from uncertainty.workbooks.importing import import_workbook


def made_of(tmp_path, cells, cell):
    """Return the units of the inputs of a study of a cell, by label, and what is said of units."""
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), [cell], with_units=True)
    inputs = tomllib.loads(made.text)["inputs"].values()
    told = [each for each in made.remarks(every=False) if each.startswith("Units")]
    return {each["label"]: each["unit"] for each in inputs}, told


def in_name(name, unit):
    return {"A1": f"{name} ({unit})", "B1": 5, "A2": "Two", "B2": ("B1*2", 10)}


def in_a_cell(name, unit):
    return {"A1": name, "B1": 5, "C1": unit, "A2": "Two", "B2": ("B1*2", 10)}


def in_a_heading(name, unit):
    return {"A1": "Case", "B1": f"{name} ({unit})", "A2": "a", "B2": 5, "A4": "Two", "B4": ("B2*2", 10)}


def in_another_heading(name, unit):
    return {"A1": "Item", "B1": f"Value ({unit})", "A2": name, "B2": 5, "A4": "Two", "B4": ("B2*2", 10)}


PLACES = [in_name, in_a_cell, in_a_heading, in_another_heading]
MEANT = [("Shares outstanding", "mm"), ("Population", "mm"), ("Sailed distance", "nm"), ("Fuel use", "kg/nm")]
PLAIN = [
    ("Thickness", "mm"),
    ("Rainfall", "mm"),
    ("Wavelength", "nm"),
    ("Etch rate", "nm/min"),
    ("Lamp", "W/nm"),
]


@pytest.mark.parametrize("placed", PLACES)
@pytest.mark.parametrize(("name", "unit"), MEANT)
def test_a_unit_of_two_meanings_is_listed(tmp_path, placed, name, unit):
    units, (told,) = made_of(tmp_path, cells := placed(name, unit), list(cells)[-1])
    assert set(units.values()) == {"1"}
    assert told.startswith(f'Units that are not certain, whose cells stay pure numbers: "{unit}" (S!')


@pytest.mark.parametrize("placed", PLACES)
@pytest.mark.parametrize(("name", "unit"), PLAIN)
def test_a_unit_of_a_laboratory_is_taken(tmp_path, placed, name, unit):
    units, told = made_of(tmp_path, cells := placed(name, unit), list(cells)[-1])
    assert (set(units.values()), told) == ({unit}, [])


@pytest.mark.parametrize(("other", "taken"), [("Speed (kn)", "1"), ("Knots", "1"), ("Force (kN)", "nm")])
def test_nanometres_are_listed_on_a_sheet_of_ships(tmp_path, other, taken):
    cells = in_name("Way", "nm") | {"A3": other, "B3": 7, "A4": "Both", "B4": ("B1*B3", 35)}
    units, _ = made_of(tmp_path, cells, "B4")
    assert taken in {units.get("Way"), units.get("Way (nm)")}


NOTES = ["Note", "Notes", "Remarks", "Ref.", "Source", "Notes / comments", "Footnote no.", "Quelle"]


@pytest.mark.parametrize("head", NOTES)
@pytest.mark.parametrize("letter", "ACFghKLmstVW")
def test_a_letter_in_a_column_of_notes_is_no_unit(tmp_path, head, letter):
    rows = {
        "A1": "Item",
        "B1": "2020",
        "C1": head,
        "A2": "Pump",
        "B2": 20,
        "C2": "B, I",
        "A3": "Pipe",
        "B3": 3,
    }
    cells = rows | {"A6": "Electricity", "B6": 1650, "C6": letter, "A9": "Two", "B9": ("B6*2", 3300)}
    assert made_of(tmp_path, cells, "B9") == ({"Electricity": "1"}, [])


def test_units_stand_beside_notes_and_below_them(tmp_path):
    cells = {
        "A1": "Item", "B1": "2020", "C1": "Note", "D1": "Unit", "A2": "Coal", "B2": 5, "C2": "", "D2": "kg",
        "A5": "Item", "B5": "2021", "C5": "Unit", "A6": "Oil", "B6": 6, "C6": "L",
        "A9": "Both", "B9": ("B2*B6", 30),
    }  # fmt: skip
    assert made_of(tmp_path, cells, "B9") == ({"Coal: 2020": "kg", "Oil: 2021": "L"}, [])
