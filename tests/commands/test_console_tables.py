"""Tables on pages of any width."""

import io

import pytest

from uncertainty.commands import tables
from uncertainty.commands.console import console


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_number_and_no_heading_of_a_table_is_cut(columns):
    out = io.StringIO()
    page = console(out, columns=columns)
    table = tables.columns(
        "Output", "Published", "A heading of\nsome length", "95 %\ninterval", numeric=range(1, 4)
    )
    long = "429,228,004,229,869.8 to 429,228,004,229,871.8"
    table.add_row("frequency of the clock", "429,228,004,229,870.8", "9,192,631,770.123", long)
    page.print(table)
    shown = out.getvalue()
    assert "…" not in shown
    for word in (
        "Published",
        "A heading of",
        "some length",
        "interval",
        "429,228,004,229,870.8",
        *long.split(),
    ):
        assert word in shown
    assert max(map(len, shown.splitlines())) <= columns
