"""Formulas that were copied become quantities with an index, which give what each formula gives."""

import random

import pytest
from book_files import cells_of, make_book

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario
from uncertainty.workbooks.importing import import_workbook

YEARS = {f"{column}1": 2025 + n for n, column in enumerate("BCDEFG")}
PAIRS = list(zip("BCDEF", "CDEFG", strict=True))
ALL = "BCDEFG"

SHEETS = {
    # a row that grows, over a line of years
    "growth": {
        "A1": "Year", **YEARS, "A2": "Demand", "B2": 100, **{f"{b}2": f"={a}2*(1+$B$9)" for a, b in PAIRS},
        "A3": "Price", **{f"{c}3": 0.5 + n / 8 for n, c in enumerate(ALL)},
        "A4": "Cost", **{f"{c}4": f"={c}2*{c}3" for c in ALL},
        "A9": "Growth", "B9": 0.03, "A10": "Present", "B10": "=NPV(B9,B4:G4)+SUM(B4:G4)/COUNT(B4:G4)",
    },
    # a stock that opens with what the one before closed with
    "stock": {
        "A1": "Year", **YEARS, "A2": "Opening", "B2": 50, **{f"{b}2": f"={a}4" for a, b in PAIRS},
        "A3": "Added", **{f"{c}3": n + 2 for n, c in enumerate(ALL)},
        "A4": "Closing", **{f"{c}4": f"={c}2*0.9+{c}3" for c in ALL},
        "A10": "Last", "B10": "=G4+MAX(B4:G4)",
    },
    # rows and columns, each with totals
    "matrix": {
        "B1": "Gas", "C1": "Coal", "D1": "Wood", "E1": "All", "A1": "Country",
        **{f"A{r}": name for r, name in zip(range(2, 6), ("Peru", "Chile", "Cuba", "Fiji"), strict=True)},
        **{f"G{r}": 1.5 * r for r in range(2, 6)}, **{f"{c}8": n + 0.5 for n, c in enumerate("BCD")},
        **{f"{c}{r}": f"=$G{r}*{c}$8+1" for c in "BCD" for r in range(2, 6)},
        **{f"E{r}": f"=SUM(B{r}:D{r})" for r in range(2, 6)},
        **{f"{c}6": f"=SUM({c}2:{c}5)" for c in "BCDE"},
        "A10": "Ratio", "B10": "=E6/B6+SUMPRODUCT(B2:D5,B2:D5)/C3+E4",
    },
    # rows of a list, whose shares are of all
    "list": {
        "A1": "Item", "B1": "Mass", "C1": "Factor", "D1": "Emission", "E1": "Share",
        **{f"A{r}": f"Item {r}" for r in range(2, 9)}, **{f"B{r}": r * 1.25 for r in range(2, 9)},
        **{f"C{r}": 10 / r for r in range(2, 9)}, **{f"D{r}": f"=B{r}*C{r}" for r in range(2, 9)},
        **{f"E{r}": f"=IF(D{r}>12,D{r}/SUM(D$2:D$8),0)" for r in range(2, 9)},
        "A10": "Out", "B10": "=SUMPRODUCT(B2:B8,E2:E8)+AVERAGE(E2:E8)+SUMIF(B2:B8,\">4\",D2:D8)+E5",
    },
    # a formula that was changed by hand in the middle, and one that looks ahead
    "mended": {
        "A1": "Year", **YEARS, "A2": "Use", **{f"{c}2": 3.0 + n for n, c in enumerate(ALL)},
        "A3": "Loss", **{f"{c}3": f"={c}2*{2 if c < 'D' else 3}" for c in ALL},
        "A4": "Ahead", **{f"{a}4": f"={a}2+{b}3" for a, b in PAIRS},
        "A10": "Out", "B10": "=SUM(B3:G3)*B4+SUM(B4:F4)-SUM(C3:E3)",
    },
    # what looks back two members, and where no year stands
    "lagged": {
        "A2": "Seen", **{f"{c}2": 1.0 + n * n for n, c in enumerate(ALL)},
        "A3": "Sick", "B3": 1, "C3": 2,
        **{f"{ALL[n]}3": f"={ALL[n - 1]}3+{ALL[n - 2]}3*{ALL[n]}2/9" for n in range(2, 6)},
        "A10": "Out", "B10": "=G3+SUM(D3:G3)",
    },
    # years that are calculated, and constants beside them
    "counted": {
        "A1": "Year", "B1": 2030, **{f"{b}1": f"={a}1+5" for a, b in PAIRS},
        "A2": "Level", **{f"{c}2": f"=$B$9*EXP(-0.01*({c}1-2030))" for c in ALL},
        "A9": "Start", "B9": 12, "A10": "Out", "B10": "=SUMPRODUCT(B1:G1,B2:G2)/SUM(B2:G2)",
    },
}  # fmt: skip


def moved(study, factor):
    """Return every input with a value of its own, by the cells that they became of."""
    return {name: round(each.point * factor(cell), 6) for cell, (name, each) in cells_of(study).items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHEETS)
def test_a_study_with_indices_gives_what_each_formula_gives(tmp_path, name):
    path = make_book(tmp_path / "m.xlsx", {"S": SHEETS[name]})
    choose = random.Random(3)  # noqa: S311 - no secret
    factors = {}
    found = []
    for whole in (True, False):
        made = tmp_path / f"{whole}.toml"
        made.write_text(import_workbook(path, ["S!B10"], with_indices=whole).text)
        study = un.load_study(made)
        assert bool(study.indices) == whole
        override = moved(study, lambda cell: factors.setdefault(cell, choose.uniform(0.5, 2)))
        found += evaluate_at_points(scenario(study, override=override), list(study.outputs)).values()
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_what_is_copied_is_written_once(tmp_path):
    text = import_workbook(make_book(tmp_path / "m.xlsx", {"S": SHEETS["stock"]}), ["S!B10"]).text
    assert 'opening = { index = ["year"], value = "previous(closing, year, closing_b4)"' in text
    assert 'value = "opening * 0.9 + added", label = "Closing", note = "S!C4:G4: =C2*0.9+C3, copied"' in text
    assert "from = 2026\nto = 2030\n" in text
    assert "largest(closing, year)" in text
