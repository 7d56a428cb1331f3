"""How long a study of a workbook's formulas takes: 30 of 20,000, and a model of 240 months, copied.

The first is to take less than five seconds.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from uncertainty.workbooks.importing import import_workbook

MONTHS = 240


def main() -> None:
    """Time both, the workbook's reading too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        for what, write, cell in (
            ("30 formulas of 20,000", many, "Sheet!B31"),
            (f"{11 * MONTHS:,} formulas, copied", months, "Sheet!A20"),
        ):
            write(path)
            start = time.perf_counter()
            made = import_workbook(path, [cell])
            lines = made.text.count("\n")
            print(f"{what:<28} {time.perf_counter() - start:7.3f} s  {lines:6,} lines of a study")


def many(path: Path) -> None:
    """Write formulas of which few are upstream of a cell."""
    book = Workbook()
    sheet = book.active
    sheet["B1"] = 1.5
    for row in range(2, 1_002):
        for column in "CDEFGHIJKLMNOPQRSTUV":
            sheet[f"{column}{row}"] = f"=SUM($B$1:$B$9)*{row}+{column}{row - 1}*0.99"
    for row in range(2, 32):
        sheet[f"B{row}"] = f"=B{row - 1}+B$1"
    book.save(path)


def months(path: Path) -> None:
    """Write the accounts of a firm, month by month."""
    book = Workbook()
    sheet = book.active
    sheet["A21"], sheet["A22"] = 0.004, 0.01
    given = {1: 1, 2: 100, 3: 2.5, 9: 5_000}
    copied = {
        1: "{b}1+1", 2: "{b}2*(1+$A$21)", 3: "{b}3*(1+$A$21)", 4: "{a}2*{a}3", 5: "{a}4*IF({a}1<=12,0.8,0.7)",
        6: "{a}4-{a}5", 7: "SUM($B6:{a}6)", 8: "{a}9*$A$22", 9: "{b}9*(1+$A$22)-MIN({b}6,{b}9)",
        10: "MAX(0,{a}6-{a}8)*0.3", 11: "({a}6-{a}8-{a}10)/(1+$A$22)^{a}1",
    }  # fmt: skip
    for month in range(MONTHS):
        here, before = (get_column_letter(2 + n) for n in (month, max(month - 1, 0)))
        for row, text in copied.items():
            is_first = month == 0 and row in given
            sheet[f"{here}{row}"] = given[row] if is_first else f"={text.format(a=here, b=before)}"
    last = get_column_letter(1 + MONTHS)
    sheet["A20"] = f"=SUM(B11:{last}11)+{last}7"
    book.save(path)


if __name__ == "__main__":
    main()
