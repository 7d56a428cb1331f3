"""Members of indices: the texts, months and years that stand over columns or before rows, or else counted."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from uncertainty.expressions import parse_expression
from uncertainty.expressions.tree import Call, Name, Number
from uncertainty.workbooks.copies import members
from uncertainty.workbooks.copies.folding import Axes, Axis, index_name, word
from uncertainty.workbooks.copies.members import Indices, Members, members_of
from uncertainty.workbooks.formulas import Area


class Sheet:
    """A workbook of one sheet, whose rows are given from the first, and some of them are days."""

    since_1904 = False

    def __init__(self, *rows, days=()):
        self.rows, self.days = rows, days

    def cell(self, at):
        row = self.rows[at.top - 1] if at.top <= len(self.rows) else ()
        return SimpleNamespace(value=row[at.left - 1] if at.left <= len(row) else None)

    def look(self, at):
        return SimpleNamespace(is_date=at.top in self.days)


def turned(sheet):
    """Return a sheet with its rows as columns."""
    longest = max(map(len, sheet.rows))
    filled = [[*row, *[None] * (longest - len(row))] for row in sheet.rows]
    return Sheet(*zip(*filled, strict=True), days=sheet.days and range(1, 99))


def right(row, size=3, left=2):
    return Area("S", row, left, row, left + size - 1)


def down(column, size=3, top=2):
    return Area("S", top, column, top + size - 1, column)


def unnamed(_):
    return ""


def found(sheet, area, title=unnamed, *, is_ordered=False, across=None):
    height, width = area.bottom - area.top + 1, area.right - area.left + 1
    goes_right = height == 1 if across is None else across
    axis = Axis(goes_right, width if goes_right else height, [area], is_ordered)
    return members_of(sheet, axis, title)


YEARS = (2025.0, 2030.0, 2035.0)
LONG = ("Coal of the largest ten mines", "Gas from the pipelines’ ends", "Wood")
FUELS = ("Gas", "Coal", "Wood")
IN_FIVES = Members(("2025", "2030", "2035"), (), 2025.0, 5.0, right(1))
COUNTED = Members(("1", "2", "3"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Year", *YEARS)], replace(IN_FIVES, title="Year")),
        ([(" Period ", *YEARS)], replace(IN_FIVES, title="Period")),
        ([("Cost", *YEARS)], IN_FIVES),
        ([(7.0, *YEARS)], IN_FIVES),
        ([("Step", 0, 1, 2)], Members(("0", "1", "2"), (), 0.0, 1.0, right(1), "Step")),
        ([("Use", 1.0, 2.0, 3.0)], Members(("1", "2", "3"), (), 1.0, 1.0, right(1), "Use")),
        # amounts under years are no members, but what is said to count is
        ([("Year", *YEARS), ("Use", 1.0, 2.0, 3.0)], replace(IN_FIVES, title="Year")),
        ([("Year", *YEARS), ("Step", 1.0, 2.0, 3.0)], replace(COUNTED, heads=right(2), title="Step")),
        ([("Year", *YEARS), ("", 1.0, 2.0, 3.0)], Members(("1", "2", "3"), (), 1.0, 1.0, right(2))),
        # neither years nor places from 0 or 1
        ([("", 2.0, 3.0, 4.0)], COUNTED),
        ([("", 1.0, 3.0, 5.0)], COUNTED),
        ([("", 1.0, 2.0, 4.0)], COUNTED),
        ([("", 2035.0, 2030.0, 2025.0)], COUNTED),
        ([("", 2025.0, 2025.0, 2025.0)], COUNTED),
        ([("", 2025.5, 2026.5, 2027.5)], COUNTED),
        ([("", 2025.0, 2025.5, 2026.0)], COUNTED),
        ([("", False, True, 2.0)], COUNTED),
        ([("", 2025.0, None, 2027.0)], COUNTED),
        ([("Fuel", *FUELS)], Members(("gas", "coal", "wood"), FUELS)),
        ([("", "Gas", "Gas", "Wood")], COUNTED),
        ([("", "Gas", "", "Wood")], COUNTED),
        ([("", "Gas", 5.0, "Wood")], COUNTED),
        ([("", "Gas", "–", "Wood")], COUNTED),
        (
            [("", *LONG)],
            Members(("coal_of_the_largest_ten", "gas_from_the_pipelines_e", "wood"), LONG),
        ),
        # the nearest that tells all apart, or else the two nearest together
        ([("", "A", "B", "C"), ("", *FUELS)], Members(("gas", "coal", "wood"), FUELS)),
        ([("", "A", "B", "C"), ("", "Gas", "Gas", "Wood")], Members(("a", "b", "c"), ("A", "B", "C"))),
        (
            [("", "New", "New", "Old"), ("", "Gas", "Coal", "Gas")],
            Members(("new_gas", "new_coal", "old_gas"), ("New, Gas", "New, Coal", "Old, Gas")),
        ),
        ([("", "Gas", "Coal", "Gas")], COUNTED),
    ],
)  # fmt: skip
def test_members_over_columns_are_those_before_rows(rows, expected):
    sheet, below = Sheet(*rows), right(len(rows) + 1)
    assert found(sheet, below) == expected
    turn = None if expected.heads is None else down(expected.heads.top)
    # before rows stands what is over columns, but for the title, which a corner has for rows alone
    other = found(turned(sheet), down(len(rows) + 1))
    assert (other.keys, other.texts, other.first, other.step, other.heads) == (
        expected.keys, expected.texts, expected.first, expected.step, turn,
    )  # fmt: skip
    corner = rows[-1][0]
    assert other.title == (corner if expected.texts and len(rows) == 1 else expected.title)


def test_what_counts_is_nearer_than_amounts():
    sheet = Sheet(("Plot no.", 1.0, 2.0, 3.0), ("Dose", 1.0, 2.0, 3.0))
    assert found(sheet, right(3)).heads == right(1)
    assert found(sheet, right(3), is_ordered=True).heads == right(1)


def test_texts_are_no_members_where_something_counts_them():
    sheet = Sheet(("Fuel", "Gas", "Coal", "Wood"))
    assert found(sheet, right(2), is_ordered=True) == replace(COUNTED, title="Gas to Wood")
    assert found(Sheet(("Year", *YEARS)), right(2), is_ordered=True).keys == ("2025", "2030", "2035")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("2023A", "2024E", "2025E"), Members(("2023", "2024", "2025"), (), 2023.0)),
        (("FY 2023", "FY 2025", "FY 2027"), Members(("2023", "2025", "2027"), (), 2023.0, 2.0)),
        (("Jan", "Feb", "Mar"), replace(COUNTED, title="Jan to Mar")),
        (("Q1 23", "Q2 23", "Q3 23"), replace(COUNTED, title="Q1 23 to Q3 23")),
        ((2020.0, 2030.0, 2050.0), replace(COUNTED, title="2020 to 2050")),
        ((5.0, 6.5, 7.0), COUNTED),
        (("Jan", "Jan", "Mar"), COUNTED),
        (("2025E", "2024E", "2023A"), replace(COUNTED, title="2025E to 2023A")),
    ],
)
def test_heads_of_a_line_in_which_each_follows_from_the_one_before_are_told(row, expected):
    assert found(Sheet(("", *row)), right(2), is_ordered=True) == expected


@pytest.mark.parametrize(
    ("said", "numbers", "names", "are_amounts"),
    [
        ("Trucks", (1.0, 2.0, 3.0), FUELS, True),
        ("Operators per day", (0.0, 1.0, 2.0), FUELS, True),
        ("Lifetime", (1.0, 2.0, 3.0), FUELS, True),
        ("Built", (2019.0, 2020.0, 2021.0), FUELS, True),
        ("Discount", (1.0, 2.0, 3.0), ("Market", "Mayor", "Country"), True),
        ("Hires", (1.0, 2.0, 3.0), ("Jan", "Feb", "Mar"), True),
        ("Deliveries", (0.0, 1.0, 2.0), ("Year 1", "Year 2", "Year 3"), True),
        ("Crews", (1.0, 2.0, 3.0), ("Q1", "Q2", "Q3"), True),
        # what is said to count, and what counts months and steps
        ("Period", (1.0, 2.0, 3.0), FUELS, False),
        ("Model year", (2019.0, 2020.0, 2021.0), FUELS, False),
        ("", (1.0, 2.0, 3.0), FUELS, False),
        ("Item", (1.0, 2.0, 3.0), ("Jan", "Feb", "Mar"), False),
        ("Item", (1.0, 2.0, 3.0), ("March 24", "May 24", "July 24"), False),
        ("Item", (1.0, 2.0, 3.0), ("Year 1", "Year 2", "Year 3"), False),
        ("Item", (1.0, 2.0, 3.0), ("Q1", "Q2", "Q3"), False),
        # names that do not tell all apart
        ("Trucks", (1.0, 2.0, 3.0), ("Gas", "Gas", "Wood"), False),
    ],
)  # fmt: skip
def test_whole_numbers_of_things_are_amounts_of_them_and_no_members(said, numbers, names, are_amounts):
    sheet = Sheet(("", *names), (said, *numbers))
    across, along = found(sheet, right(3)), found(turned(sheet), down(3))
    assert (across.texts == along.texts == names) is are_amounts
    assert (across.heads is None) is are_amounts
    # a line in which each follows from the one before has years, and else places by the names
    ordered = found(sheet, right(3), is_ordered=True)
    are_places = are_amounts and said != "Built"
    assert ordered.heads == (None if are_places else right(2))
    assert not are_places or ordered == replace(COUNTED, title=f"{names[0]} to {names[-1]}")


def test_the_first_heading_is_called_what_its_label_says():
    names = {2: "Year of sale", 3: "Other"}
    years = found(Sheet(("Period", *YEARS)), right(2), lambda at: names.get(at.left, ""))
    assert years.title == "Year of sale"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (
            (45945.0, 45976.0, 46006.0),
            Members(
                ("oct_2025", "nov_2025", "dec_2025"), ("Oct 2025", "Nov 2025", "Dec 2025"), title="Month"
            ),
        ),
        ((45658.0, 46023.0, 46388.0), Members(("2025", "2026", "2027"), (), 2025.0, 1.0, None)),
        ((45945.0, 45976.0, -5.0), COUNTED),
        ((45945.0, 45976.0, 45976.0), COUNTED),
    ],
)
def test_days_are_years_or_months(days, expected):
    assert found(Sheet(("", *days), days=[1]), right(2)) == expected


def test_days_are_counted_as_the_workbook_counts_them(monkeypatch):
    monkeypatch.setattr(Sheet, "since_1904", True)
    # 1462 days fewer than where they are counted from 1900
    months, years = (44483.0, 44514.0, 44544.0), (44196.0, 44561.0, 44926.0)
    assert found(Sheet(("", *months), days=[1]), right(2)).texts == ("Oct 2025", "Nov 2025", "Dec 2025")
    assert found(Sheet(("", *years), days=[1]), right(2)).keys == ("2025", "2026", "2027")


def test_headings_stand_within_reach(monkeypatch):
    monkeypatch.setattr(members, "FARTHEST", 2)
    rows = [("Year", *YEARS), (), ()]
    assert found(Sheet(*rows[:2]), right(3)).first == 2025
    assert found(Sheet(*rows), right(4)) == COUNTED


def test_blocks_have_headings_along_each_index():
    sheet = Sheet(("", "Gas", "Coal", "Wood"), ("Peru",), ("Chile",))
    block = Area("S", 2, 2, 3, 4)
    assert found(sheet, block, across=True).keys == ("gas", "coal", "wood")
    assert found(sheet, block, across=False).keys == ("peru", "chile")


def test_an_index_is_written_as_a_study_file_has_it():
    assert Members(("a", "b"), ("A", "B")).table() == {"members": {"a": "A", "b": "B"}}
    assert Members(("2025", "2026"), first=2025.0, title="Year").table() == {
        "label": "Year", "from": 2025, "to": 2026,
    }  # fmt: skip
    assert Members(("0", "5", "10"), first=0.0, step=5.0).table() == {"from": 0, "to": 10, "step": 5}


def test_numbers_of_members_are_told_by_steps():
    fives, index = Members(("0", "5", "10"), first=0.0, step=5.0), Name("i")
    assert fives.at(Number(0.0), Number(5.0), index) == index
    assert str(fives.at(Number(3.0), Number(2.0), index)) == "3 + 2 * ((i - 0) / 5)"
    assert str(fives.at(Name("a"), Number(5.0), index)) == "a + 5 * ((i - 0) / 5)"
    assert str(fives.at(Number(3.0), Number(5.0), index)) == "i + 3"


def indices_of(sheet, axes, shapes):
    every = Axes()
    for axis in axes:
        every.new(axis)
    return Indices(sheet, every, shapes, unnamed)


def test_indices_have_names_of_their_own():
    """By their title, the kind of their members or the way they go; alike ones of one quantity stay apart."""
    sheet = Sheet(("", *YEARS, "", *FUELS), (), ("Peru",), ("Chile",), ("Cuba",))
    years, fuels = Axis(True, 3, [right(2)], True), Axis(True, 3, [right(2, left=6)])
    places, plain = Axis(False, 3, [down(2, top=3)]), Axis(False, 3, [down(9, top=30)])
    found = indices_of(sheet, [years, fuels, places, plain, plain, plain], [(0,), (1, 2), (3, 4), (5,)])
    assert [found.name(n) for n in range(6)] == ["year", "column", "row", "row_2", "row_3", "row_2"]
    assert found.heads(0) == right(1)
    assert found.key(1, 2) == "wood"
    found.rename({"column", "row_2", "row_2_index"})
    new = ["year", "column_index", "row", "row_2_indexx", "row_3", "row_2_indexx"]
    assert [found.name(n) for n in range(6)] == new
    assert set(found.members) == set(new)


def test_what_stands_for_an_index_or_a_member_becomes_its_name():
    sheet = Sheet(("", *YEARS, "", *FUELS))
    axes = [Axis(True, 3, [right(2)], True), Axis(True, 3, [right(2, left=6)])]
    found = indices_of(sheet, axes, [(0,), (1,)])
    quantity, year, column = Name("q"), index_name(0), index_name(1)
    for given, written in (
        (Call("sum", (quantity, column)), "sum(q, column)"),
        (Call("select", (quantity, word(1, 2))), "q[wood]"),
        (Call("select", (quantity, word(1, 2), word(0, 1))), "q[column=wood,year=2030]"),
        (Call("add", (Call("first", (year,)), Number(1.0))), "(year == 2025) + 1"),
        (Call("position", (Number(2025.0), Number(5.0), year)), "year"),
        (Call("position", (Number(3.0), Number(2.0), column)), "3 + 2 * (column - 1)"),
        (parse_expression("q + 1"), "q + 1"),
    ):
        assert str(found.resolved(given)) == written


def test_an_index_is_called_by_the_head_of_its_own_texts():
    """Not by a row of other numbers below it, nor by that of a nearer column of numbers."""
    weights = Sheet(("Name", "Test"), ("Weight", 0.3), ("Ann", 85.0), ("Bob", 75.0))
    assert found(weights, down(2, 2, 3), across=False).title == "Name"
    years = Sheet(("Name", 2024.0), ("Ann", 85.0), ("Bob", 75.0))
    assert found(years, down(2, 2), across=False).title == "Name"
    sold = Sheet(("Region", "Sort", "Share"), ("North", "A", 0.1), ("North", "B", 0.0), ("East", "A", 0.2))
    two = found(sold, down(4), across=False)
    assert (two.title, two.texts) == ("Region, Sort", ("North, A", "North, B", "East, A"))
