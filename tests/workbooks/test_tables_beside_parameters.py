"""A table behind an empty column beside parameters is called by its heads, and a column by no row's name."""

import tomllib

import pytest
from book_files import write_book

from uncertainty.workbooks.importing import import_workbook


def labels_of(tmp_path, cells, *chosen):
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"Costs": cells}), chosen)
    tables = tomllib.loads(made.text)
    found = {}
    for each in (*tables["inputs"].values(), *tables.get("equations", {}).values()):
        found[each.get("source") or each["note"].partition(": ")[0]] = each["label"]
    return found, tables.get("indices", {})


def schedule(first=2):
    """Return a loan's parameters, and beside them a schedule with more rows than they have."""
    cells = {
        f"A{first}": "principal", f"B{first}": 900.0, f"A{first + 1}": "interest rate", f"B{first + 1}": 0.05,
        f"A{first + 2}": "payment", f"B{first + 2}": 200.0, "E1": "t", "F1": "rate", "G1": "closing",
    }  # fmt: skip
    for n in range(2, 10):
        rate = 0.05 + n / 300
        cells |= {f"E{n}": n / 4, f"F{n}": (f"B{first + 1}+E{n}/75", rate), f"G{n}": (f"F{n}*7", 7 * rate)}
    return cells


@pytest.mark.parametrize("first", [1, 2, 4])
def test_numbers_of_a_schedule_are_not_called_by_parameters_to_their_left(tmp_path, first):
    found, _ = labels_of(tmp_path, schedule(first), f"G{first + 1}")
    label = {place.partition("!")[2]: each for place, each in found.items()}
    assert label[f"B{first + 1}"] == "interest rate"
    assert [label[f"{each}{first + 1}"] for each in "EFG"] == ["t", "rate", "closing"]


@pytest.mark.parametrize("row", [2, 3, 4])
def test_a_remark_before_the_gap_names_no_number_behind_it(tmp_path, row):
    found, _ = labels_of(tmp_path, schedule() | {f"C{row}": "at 35 degrees"}, f"G{row}")
    assert not any("degrees" in label for label in found.values())


def test_names_before_an_empty_column_call_the_rows_that_they_stand_in(tmp_path):
    cells = {"A1": "Item", "B1": "Rate", "D1": "2020", "E1": "2021"}
    for n, name in enumerate(("Staff", "Rent", "Power"), 2):
        cells |= {f"A{n}": name, f"B{n}": 0.1 * n, f"D{n}": 10.5 * n, f"E{n}": (f"D{n}*(1+B{n})", 0)}
        cells[f"E{n}"] = (f"D{n}*(1+B{n})", 10.5 * n * (1 + 0.1 * n))
    found, _ = labels_of(tmp_path, cells, "E3")
    assert found["Costs!D3"].startswith("Rent")
    without_head = {place: each for place, each in cells.items() if place not in ("A1", "B1")}
    found, _ = labels_of(tmp_path, without_head, "E3")
    assert found["Costs!D3"].startswith("Rent")


NAMES = ["Staff cost", "Rent", "Material", "Power", "Water"]


@pytest.mark.parametrize("first", [1, 3])
@pytest.mark.parametrize("title", [None, "Budget"])
def test_a_column_without_a_heading_is_not_called_by_one_of_its_rows(tmp_path, first, title):
    cells, rows = {}, range(first, first + len(NAMES))
    for n, name in zip(rows, NAMES, strict=True):
        amount = n * n + 0.5
        cells |= {f"A{n}": name, f"B{n}": amount, f"C{n}": (f"B{n}*1.25", 1.25 * amount)}
    total = sum(cells[f"C{n}"][1] for n in rows)
    cells[f"C{first + 6}"] = (f"SUM(C{first}:C{first + 4})", total)
    if title and first > 1:
        cells["A1"] = title
    found, indices = labels_of(tmp_path, cells, f"C{first + 6}")
    wanted = title if title and first > 1 else "Costs"
    assert {label for place, label in found.items() if ":" in place} == {wanted}
    assert set(indices["row"]["members"].values()) == set(NAMES)
