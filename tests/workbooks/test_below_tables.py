"""Where tables of made-up sheets end, and which cells below them are none of their columns."""

import pytest

from uncertainty.bounds import SHEET_ROWS
from uncertainty.workbooks.below_tables import BelowTables
from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell

END = SHEET_ROWS + 1


def tables(rows):
    """Return what tells of a sheet with such rows, in which None is an empty cell."""
    cells = {
        (row, column): Cell(1.0, value) if str(value).startswith("=") else Cell(value)
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }
    sheet = Sheet("S", cells=cells, bottom=len(rows), right=max(map(len, rows)))
    return BelowTables(Book("f.xlsx", {"S": sheet}, {}, {}, {}))


def below(rows, row, column):
    return tables(rows).is_below(one_cell("S", row, column), 1, END)


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ([["Total", "=SUM(B2:B4)"]], 4),
        # the sum need not be the last row, nor follow at once
        ([["Total", "=SUM(B2:B4)"], ["Rate", 0.1], ["Cost", "=B5*B6"]], 4),
        ([["Rate", 0.1], ["Cost", "=B5*3"], ["Total", "=SUM(B2:B4)"]], 4),
        # what is taken of single cells, of other columns or with the heading ends nothing
        ([["Twice", "=2*B4"]], 5),
        ([["Total", "=SUM(C2:C4)"]], 5),
        ([["Total", "=SUM(B1:B3)"]], 5),
        ([[None, None], ["Total", "=SUM(B2:B3)"]], 4),
        ([["More", 4.0]], 5),
    ],
)
def test_a_list_of_numbers_ends_before_a_gap_or_with_what_a_formula_below_takes(more, last):
    rows = [["Item", "Cost"], ["a", 5.0], ["b", 7.0], ["c", 9.0], *more]
    assert tables(rows).last(one_cell("S", 2, 2), 1, END) == last


@pytest.mark.parametrize(
    ("row", "is_bare"),
    [
        ([None, 12.0], True),
        ([None, 12.0, None, None], True),
        ([None, 12.0, "as of May"], False),
        ([None, 12.0, None, "as of May"], False),
        # beyond the headings is beyond the table
        ([None, 12.0, None, None, "as of May"], True),
        ([None, "=B2*2"], False),
    ],
)
def test_a_number_by_itself_below_a_sum_is_none_of_the_column(row, is_bare):
    rows = [["Year", "Cost", "Note", "By"], [2020.0, 5.0], [2021.0, 7.0], [None, "=SUM(B2:B3)"], row]
    assert below(rows, 5, 2) is is_bare
    # without a sum above it, it may be one more of the column
    rows[3] = [None, 8.0]
    assert not below(rows, 5, 2)
