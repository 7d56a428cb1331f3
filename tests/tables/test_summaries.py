"""Rows that sum up others are neither data nor members, and what is only called so has a way out."""

import re

import openpyxl
import pandas as pd
import pytest

import uncertainty as un
from uncertainty.fitting.columns import read_values
from uncertainty.tables.number_column import NumberColumn
from uncertainty.tables.summaries import Summary, is_summary, refuse_summaries, summaries

DATA = (("A", 3), ("B", 4.5), ("C", 6), ("D", 8), ("E", 12), ("F", 2))

STUDY = """
format = 1
[study]
title = "Hours"
headline = "all_hours"
[inputs.h]
unit = "hour"
point = 6
distribution = 'empirical("d.csv", "hours")'
[outputs.all_hours]
value = "h"
unit = "hour"
"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the hours of rows, for `fit` from either kind of file, or for a study."""

    def values(kind, rows, headings=("site", "hours")):
        path = tmp_path / f"d.{'xlsx' if kind == 'xlsx' else 'csv'}"
        rows = [headings, *rows]
        if kind == "xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        if kind == "study":
            study = tmp_path / "s.toml"
            study.write_text(STUDY, encoding="utf-8")
            return un.load_study(study).inputs["h"].distribution.values
        return tuple(read_values(path, "hours").values)

    return values


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize(
    ("rows", "line", "named"),
    [
        ((*DATA, ("Total", 35.5)), 8, '"Total"'),
        ((("Total", 35.5), *DATA), 2, '"Total"'),
        ((*DATA[:3], ("Subtotal", 13.5), *DATA[3:]), 5, '"Subtotal"'),
        ((*DATA, ("Mean", 5.9), ("SD", 3.7)), 8, '"Mean", "SD"'),
        ((*DATA, ("Std. dev.", 3.7)), 8, '"Std. dev."'),
        ((*DATA, ("Max", 12), ("n", 6)), 8, '"Max", "n"'),
        ((*DATA, ("N", 6)), 8, '"N"'),
        ((*DATA, ("TOTAL hours:", 35.5)), 8, '"TOTAL hours:"'),
        ((*DATA, ("Mean (n = 6)", 5.9)), 8, '"Mean (n = 6)"'),
        ((*DATA, ("Summe der Stunden", 35.5)), 8, '"Summe der Stunden"'),
        ((*DATA, ("Mittelwert", 5.9)), 8, '"Mittelwert"'),
        ((*DATA, ("Mean (all)", 5.9)), 8, '"Mean (all)"'),
        ((*DATA, ("Ø", 5.9)), 8, '"Ø"'),
        (
            (*DATA[:2], ("North Total", 7.5), *DATA[2:], ("South total", 28)),
            4,
            '"North Total", "South total"',
        ),
        (
            (*DATA[:2], ("North Average", 3.75), *DATA[2:3], ("South Average", 6)),
            4,
            '"North Average", "South Average"',
        ),
        ((*DATA[:2], ("North Total", 7.5), ("Grand Total", 7.5)), 4, '"North Total", "Grand Total"'),
        ((*DATA, ("Total 2023", 35.5)), 8, '"Total 2023"'),
        ((*DATA, ("All sites", 35.5)), 8, '"All sites"'),
        ((*DATA, ("Итого", 1)), 8, '"Итого"'),
        (
            (*DATA[:2], ("Summe Nord", 7.5), *DATA[2:], ("Sous-total Sud", 28)),
            4,
            '"Summe Nord", "Sous-total Sud"',
        ),
        (
            (*DATA[:2], ("North Total", 7.5), *DATA[2:], ("South Total", 28), ("Europe Total", 35.5)),
            4,
            '"North Total", "South Total", "Europe Total"',
        ),
    ],
)
def test_a_row_that_sums_up_the_others_is_no_datum(read, kind, rows, line, named):
    with pytest.raises(un.UncertaintyError, match="may sum up the others; leave out rows of sums") as caught:
        read(kind, rows)
    said = str(caught.value)
    assert (f"row {line}" if kind == "xlsx" else f"line {line}") in said
    assert f"{named} may sum up" in said


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize(
    "rows",
    [
        (*DATA, ("datum Total", 35.5)),
        (*DATA, ("site Total", 35.4)),
        (*DATA, ("Total 2", 35.4)),
        (*DATA, ("North Total", 35.4)),
        (*DATA[:2], ("datum North Total", 7.5), *DATA[2:]),
        (*DATA[:2], ("North Total", 7.5), *DATA[2:5], ("South Total", 28)),
        (*DATA[:1], ("North Total", 3), *DATA[1:]),
        (*DATA, ("n", 5)),
        (*DATA[:3], ("Max", 5), *DATA[3:]),
        (*DATA, ("Totnes", 5)),
        (*DATA, ("Max", 11.9)),
        (("Min", 3), *DATA),
        (*DATA[:3], ("Total", 0.5), *DATA[3:]),
        tuple(zip(("S", "E", "W", "NE", "NW", "SE", "N"), (2, 5, 4, 7, 3.5, 8, 6), strict=True)),
    ],
)
def test_a_row_that_is_only_nearly_called_so_is_a_datum(read, kind, rows):
    assert len(read(kind, rows)) == 7


def test_a_row_behind_numbers_is_called_by_its_first_text(read):
    headings = ("", "site", "hours", "remark")
    rows = [(place, name, hours, "mean") for place, (name, hours) in enumerate(DATA)]
    assert len(read("csv", rows, headings)) == 6
    with pytest.raises(un.UncertaintyError, match='write "datum Total" if'):
        read("csv", [*rows, (6, "Total", 35.5, "")], headings)


@pytest.mark.parametrize("word", ["Total", "All"])
def test_sums_of_groups_may_be_called_so_beside_their_group(read, word):
    headings = ("region", "site", "hours")
    north, south = ([(name, *row) for row in rows] for name, rows in (("N", DATA[:2]), ("S", DATA[2:])))
    rows = [*north, ("N", word, 7.5), *south, ("S", word, 28)]
    with pytest.raises(
        un.UncertaintyError, match=f'line 4: hours: the rows "{word}", "{word}" .* "datum {word}"'
    ):
        read("csv", rows, headings)
    assert len(read("csv", [*rows[:-1], ("S", word, 27)], headings)) == 8


@pytest.mark.parametrize("word", ["Total", "All", "Both"])
def test_sums_may_head_what_they_sum_up(read, word):
    headings = ("region", "site", "hours")
    north, south = ([(name, *row) for row in rows] for name, rows in (("N", DATA[:2]), ("S", DATA[2:])))
    rows = [("N", word, 7.5), *north, ("S", word, 28), *south]
    with pytest.raises(
        un.UncertaintyError, match=f'line 2: hours: the rows "{word}", "{word}" .* "datum {word}"'
    ):
        read("csv", rows, headings)
    assert len(read("csv", [("N", word, 7.6), *rows[1:]], headings)) == 8


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
def test_a_sum_of_all_may_stand_in_the_first_row_under_any_name(read, kind):
    with pytest.raises(un.UncertaintyError, match='2: hours: the row "WLD" may sum up the others'):
        read(kind, [("WLD", 35500), *((name, 1000 * hours) for name, hours in DATA)])
    # what is sorted begins with the largest, which may be the sum by chance where numbers are small
    assert len(read(kind, [("G", 36), ("A", 20), ("B", 10), ("C", 6)])) == 4


@pytest.mark.parametrize(
    "name", ["Weighted average", "Weighted mean", "Grand mean", "Ecart-type", "Summa", "平均", "Среднее"]
)
def test_averages_have_further_names(read, name):
    with pytest.raises(un.UncertaintyError, match=f'the row "{name}" may sum up'):
        read("csv", [*DATA, (name, 6.3)])


@pytest.mark.parametrize(
    "name",
    [
        "Gesamtergebnis",
        "Total Result",
        "Total général",
        "Totale complessivo",
        "Eindtotaal",
        "Sous-total",
        "∑",
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
def test_grand_totals_of_pivot_tables_have_the_words_of_their_programs(read, kind, name):
    # what heads a group is its sum, so that the total is half of all
    rows = [("North", 7), ("a", 3), ("b", 4), ("South", 6), ("c", 5), ("d", 1), (name, 13)]
    with pytest.raises(un.UncertaintyError, match=f'(line|row) 8.*the row "{re.escape(name)}" may sum up'):
        read(kind, rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
def test_stars_mark_sums_and_are_else_flags(read, kind):
    rows = [("100", 3), ("100", 4), ("*", 7), ("200", 5), ("200", 1), ("*", 6), ("**", 13)]
    with pytest.raises(un.UncertaintyError, match=r'the rows "\*", "\*", "\*\*" may sum up'):
        read(kind, rows)
    assert len(read(kind, [("*", 3), ("*", 4.5), ("**", 8), ("*", 5), ("*", 2)])) == 5


def test_a_sum_of_another_column_is_not_of_this_one(read):
    rows = [(*row, 1) for row in DATA]
    assert len(read("csv", [*rows, ("Total", "NA", 6)], ("site", "hours", "visits"))) == 6


def test_flags_are_no_counts():
    flags = [Summary(f"line {n}", "yn"[n % 2], "flag", 1.0) for n in range(8)]
    assert summaries(flags) == []


@pytest.mark.parametrize(
    "name", ["Total", "GRAND TOTAL", "Sub-total", "Σ", "average", "S.D.", "Min", "Standardabweichung"]
)
def test_what_no_member_is_called_is_told_as_a_sum(name):
    assert is_summary(name)
    assert not is_summary(f"{name} 1")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
def test_a_sum_without_a_name_under_rows_that_have_one_is_no_datum(read, kind):
    with pytest.raises(un.UncertaintyError, match="the last row has no name and is the sum of the others"):
        read(kind, [*DATA, ("", 35.5)])
    assert len(read(kind, [*DATA, ("", 35.4)])) == 7
    assert len(read(kind, [*DATA, ("site 7", 35.5)])) == 7
    assert len(read(kind, [*DATA[:2], ("", 7.5), *DATA[2:]])) == 7


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ((*DATA, ("", 35.5 / 6)), "mean"),
        ((*DATA, ("", 5.92)), "mean"),
        ((*DATA, ("G", "NA"), ("", 35.5)), "sum"),
        ((*DATA, ("", 35.5), ("source: diary", "")), "sum"),
        ((*((place, hours) for place, (_, hours) in enumerate(DATA)), ("", 35.5)), "sum"),
    ],
)
def test_a_row_lacks_a_name_beside_numbers_and_missing_values_too(read, rows, what):
    with pytest.raises(
        un.UncertaintyError, match=f"the last row has no name and is the {what} of the others"
    ):
        read("csv", rows)


@pytest.mark.parametrize(
    ("rows", "headings"),
    [
        ((*DATA[:5], ("", 2), ("", 35.5)), ("site", "hours")),
        ((*((name, hours, "x") for name, hours in DATA), ("site G", 35.5, "")), ("site", "hours", "by")),
        (((name, hours) for name, hours in (*DATA[:2], ("", 7.5))), ("site", "hours")),
        ((("", hours) for hours in (3, 4.5, 6, 8, 21.4)), ("site", "hours")),
    ],
)
def test_a_row_that_has_a_name_or_whose_like_have_none_is_a_datum(read, rows, headings):
    rows = list(rows)
    assert len(read("csv", rows, headings)) == len(rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        ((15, 20, 2, 3, 4, 5, 49), "sum"),
        ((3, 4.5, 6, 8, 21.5), "sum"),
        ((1200.5, -300.25, 500, 1400.25), "sum"),
        ((15, 20, 2, 3, 4, 6, 8.333), "mean"),
    ],
)
def test_the_last_number_below_others_without_names_is_their_sum_or_mean(read, kind, numbers, what):
    for rows, headings in (
        [[(each,) for each in numbers], ("hours",)],
        [[(2020 + n, each) for n, each in enumerate(numbers)], ("year", "hours")],
    ):
        with pytest.raises(un.UncertaintyError, match=f"the last row is the {what} of the others; leave it"):
            read(kind, rows, headings)
        assert len(read(kind, [rows[0], rows[-1], *rows[1:-1]], headings)) == len(numbers)


@pytest.mark.parametrize(
    "numbers",
    [(1, 1, 1, 1, 4), (0, 1, 0, 1, 1, 3), (7, 2, 3, 12), (1, 2, 3, 4, 2.5), (4, 5, 6, 5), (5, 5, 5, 5)],
)
def test_small_numbers_may_add_up_by_chance(read, numbers):
    assert len(read("csv", [(each,) for each in numbers], ("hours",))) == len(numbers)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ((*DATA, ("World", 35.5)), '"World"'),
        ((*DATA, ("T", 35.5)), '"T"'),
        ((*DATA, ("x̄", 5.916667)), '"x̄"'),
        ((*DATA, ("Media", 35.5 / 6)), '"Media"'),
        ((*DATA[:3], ("Q1", 13.5), *DATA[3:], ("Q2", 22)), '"Q1", "Q2"'),
        (
            (*DATA[:2], ("Nord Ergebnis", 7.5), *DATA[2:4], ("Süd Ergebnis", 14), ("Gesamtergebnis", 21.5)),
            '"Nord Ergebnis", "Süd Ergebnis", "Gesamtergebnis"',
        ),
        ((*DATA, ("Sum of above", 35.5)), 'the row "Sum of above"'),
    ],
)
def test_a_last_row_that_is_exactly_the_sum_or_mean_is_none_whatever_its_name(read, kind, rows, named):
    with pytest.raises(un.UncertaintyError, match="may sum up the others; leave out rows of sums") as caught:
        read(kind, rows)
    assert f"{named} may sum up" in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        (*DATA, ("World", 35.4)),
        (*DATA, ("site World", 35.5)),
        (("World", 35.5), *DATA),
        (*DATA[:2], ("C", 7.5)),
        (("A", 4), ("B", 5), ("C", 6), ("D", 5)),
        (("A", 0), ("B", 0), ("C", 5), ("D", 5)),
        (("A", 0), ("B", 0), ("C", 0), ("D", 0)),
        (("A", 1), ("B", 2), ("C", 3), ("D", 4), ("E", 7)),
        (("A", 1), ("B", 2), ("C", 3), ("D", 4), ("E", 10), ("F", 20.5)),
    ],
)
def test_a_last_row_that_need_not_be_a_sum_is_a_datum(read, rows):
    assert len(read("csv", rows)) == len(rows)


def test_the_codes_of_totals_are_found_where_each_is_the_sum_of_its_group(read):
    headings = ("geo", "sex", "hours")
    rows = [
        ("DE", "F", 1.5), ("DE", "M", 2), ("DE", "_T", 3.5), ("FR", "F", 4), ("FR", "M", 5), ("FR", "_T", 9),
    ]  # fmt: skip
    with pytest.raises(un.UncertaintyError, match=r'line 4: .* the rows "_T", "_T" .* write "datum _T" if'):
        read("csv", rows, headings)
    assert len(read("csv", [*rows[:2], ("DE", "_T", 3.6), *rows[3:]], headings)) == 6
    with pytest.raises(un.UncertaintyError, match='the rows "X", "_T" may'):
        read("csv", [*rows[:2], ("DE", "X", 3.5), *rows[3:]], headings)
    assert len(read("csv", [*rows[:2], ("DE", "X", 4), *rows[3:]], headings)) == 6
    total = [("EU", "F", 2.5), ("EU", "M", 1), ("EU", "_T", 3.5), ("all", "_T", 16)]
    with pytest.raises(un.UncertaintyError, match=r'the rows "_T", "_T", "_T" may'):
        read("csv", [*rows, *total], headings)


GAPS = [
    ((("N", "a", 31), ("N", "b", 42), ("", "", 73), ("S", "c", 55), ("S", "d", 61), ("", "", 116)), "region"),
    ((("N", "a", 31), ("N", "b", 42), ("N", "", 73), ("S", "c", 55), ("S", "d", 61), ("S", "", 116)), "site"),
    ((("N", "a", 31), ("", "b", 42), ("", "", 73), ("S", "c", 55), ("", "d", 61), ("", "", 116)), "site"),
    ((("N", "", 7), ("", "a", 3), ("", "b", 4), ("S", "", 11), ("", "c", 5), ("", "d", 6)), "site"),
    (((10, 1, 3), (10, 2, 4), (10, "", 7), (20, 1, 5), (20, 2, 6), (20, "", 11), ("", "", 18)), "site"),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize(("rows", "empty"), GAPS)
def test_rows_with_gaps_that_sum_up_the_others_are_no_data(read, kind, rows, empty):
    rows = [tuple(None if kind == "xlsx" and cell == "" else cell for cell in row) for row in rows]
    said = f'hours: the rows with an empty cell in "{empty}" sum up the others; leave them out'
    with pytest.raises(un.StudyError, match=re.escape(said)):
        read(kind, rows, ("region", "site", "hours"))


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (1, "B"), (2, "B")])
def test_a_column_without_a_heading_is_called_by_its_letter(read, place, letter):
    with pytest.raises(un.StudyError, match=f"with an empty cell in column {letter} sum up the others"):
        read("csv", GAPS[place][0], ("", "", "hours"))


@pytest.mark.parametrize(("place", "line"), [(0, 4), (3, 2), (4, 4)])
def test_the_first_row_that_sums_up_others_is_told_by_its_line(read, place, line):
    with pytest.raises(un.StudyError, match=rf"line {line}\b.*the rows with an empty cell"):
        read("csv", GAPS[place][0], ("region", "site", "hours"))


@pytest.mark.parametrize(
    "rows",
    [
        (("N", "a", 31), ("N", "b", 42), ("N", "", 74), ("S", "c", 55), ("S", "d", 61), ("S", "", 116)),
        (("N", "a", 31), ("N", "b", 42), ("N", "", 73), ("S", "c", 55), ("S", "d", 61)),
        (("N", "", 31), ("N", "b", 42), ("N", "", 73)),
    ],
)
def test_rows_with_gaps_are_data_where_their_numbers_are(read, rows):
    assert read("csv", rows, ("region", "site", "hours")) == tuple(float(row[2]) for row in rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
def test_groups_of_an_outline_begin_with_their_sums(read, kind):
    rows = (("North", 73), ("a", 31), ("b", 42), ("South", 116), ("c", 55), ("d", 61))
    with pytest.raises(un.StudyError, match='hours: the rows "North", "South" may sum up the others'):
        read(kind, rows)


NUMBERS = [3.0, 4.5, 6.0, 8.0, 12.0, 33.6]
TAKING = pytest.mark.parametrize(
    "take",
    [un.fit_data, lambda data: un.Study.from_function(lambda x: {"y": 2 * x}, {"x": data})],
    ids=["fit", "study"],
)


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        ([*"abcde", "Total"], '"Total"'),
        ([("N", "a"), ("N", "b"), ("S", "c"), ("S", "d"), ("S", "e"), ("Total", "")], '"Total"'),
        (["count", "mean", "std", "50%", "75%", "x"], '"count", "mean", "std"'),
    ],
)
@TAKING
def test_sums_in_a_series_are_no_data(take, labels, named):
    index = pd.MultiIndex.from_tuples(labels) if isinstance(labels[0], tuple) else labels
    with pytest.raises(un.UncertaintyError, match=re.escape(named)):
        take(pd.Series(NUMBERS, index=index, name="hours"))


@TAKING
@pytest.mark.parametrize("labels", [None, [*"abcdef"]])
def test_a_series_whose_labels_say_nothing_of_sums_is_data(take, labels):
    assert take(pd.Series(NUMBERS, index=labels))


def test_a_table_beside_has_its_own_sums(tmp_path):
    hours = [3, 4.5, 6, 8, 12, 2]
    costs = [30, 40, 60, 80, 70, 280]
    rows = [
        f"{site},{one},,{item},{cost}"
        for site, one, item, cost in zip("ABCDEF", hours, "GHIJK ", costs, strict=True)
    ]
    path = tmp_path / "d.csv"
    path.write_text(
        "\n".join(["site,hours,,item,cost", *rows]).replace(" ,", "Total,") + "\n", encoding="utf-8"
    )
    assert read_values(path, "hours").values.tolist() == hours
    with pytest.raises(un.StudyError, match='the row "Total" may sum up'):
        read_values(path, "cost")
    # what calls the rows stands beyond the empty column
    rows = [f"{site},,{cost},EUR" for site, cost in zip("GHIJK ", costs, strict=True)]
    path.write_text("\n".join(["site,,cost,unit", *rows]).replace(" ,", "Total,") + "\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match='the row "Total" may sum up'):
        read_values(path, "cost")


def test_the_table_on_the_right_is_not_called_by_the_one_on_the_left(tmp_path):
    rows = [
        f"{site},{n},,{item},{n * n}"
        for n, (site, item) in enumerate(zip("ABCDE ", "GHIJKL", strict=True), 1)
    ]
    path = tmp_path / "d.csv"
    path.write_text(
        "\n".join(["site,hours,,item,cost", *rows]).replace(" ,", "Total,") + "\n", encoding="utf-8"
    )
    assert read_values(path, "cost").values.tolist() == [1, 4, 9, 16, 25, 36]


def _told(*rows, head="name,v"):
    """Return the rows of a file that may sum up its others."""
    names, *cells = [line.split(",") for line in (head, *rows)]
    place = names.index("v")
    found = [(f"line {n}", row) for n, row in enumerate(cells, 2)]
    column = NumberColumn(lambda: iter(found), names, place, "f", [float(row[place]) for row in cells])
    try:
        refuse_summaries(column)
    except un.UncertaintyError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "names",
    [
        ("Oilseed farming", "Grain farming", "All other crop farming", "All other animals"),
        ("Schulen", "Heime", "Alle übrigen Gebäude", "Alle anderen"),
        (
            "shoe, China",
            "shoe, Italy",
            "shoe, global average electricity",
            "boot, global average electricity",
        ),
    ],
)
@pytest.mark.parametrize("numbers", [(3, 3, 3, 3), (0, 0, 0, 2), (3, 5, 8, 8), (3, 5, 4, 4)])
def test_remainders_and_words_within_a_name_call_data(names, numbers):
    assert (
        _told(*(f"{name.replace(',', ';')},{number}" for name, number in zip(names, numbers, strict=True)))
        == ""
    )


@pytest.mark.parametrize("word", ["North average", "All north", "Average north", "North total"])
def test_what_is_0_or_alike_shows_no_sum_and_another_does(word):
    again = word.replace("orth", "orth-east")
    total = (4, 9) if "total" in word or "All" in word else (2, 4.5)
    rows = ["a,1", "b,3", f"{word},{total[0]}", "c,4", "d,5", f"{again},{total[1]}", "e,7"]
    assert f'"{word}"' in _told(*rows)
    assert _told("a,0", "b,0", f"{word},0", "c,0", "d,0", f"{again},0", "e,7", "f,8") == ""


@pytest.mark.parametrize("word", ["Average", "mean", "Mittelwert", "median"])
def test_a_mean_lies_among_what_it_is_the_mean_of(word):
    data = [1.25, 2.5, 3.75, 2.25]
    rows = [f"s{n},{number}" for n, number in enumerate(data)]
    for number in (1.25, 2.44, 3.75, 1.2, 4):
        # 1.2 and 4 may have been rounded
        assert f'"{word}"' in _told(*rows, f"{word},{number}")
    for number in (9, -1, 0.9):
        assert _told(*rows[:2], f"{word},{number}", *rows[2:]) == ""
    assert '"SD"' in _told(*rows, f"{word},9", "SD,0.9")


def test_a_word_in_many_rows_among_others_is_a_level():
    # as Eth in quine.csv, of which 3 of "A" are, and sectors by size, of which the last is that of mining
    assert _told(*(f"A,{n}.5" for n in range(6)), *(f"N,{n}" for n in (1, 6, 2, 9, 6))) == ""
    sectors = [
        "MIN",
        "AGR",
        "MAN",
        "MIN",
        "MAN",
        "AGR",
        "MAN",
        "MIN",
        "AGR",
        "MIN",
        "MAN",
        "AGR",
        "MAN",
        "AGR",
        "MIN",
    ]
    rows = [f"{900 - 7.5 * n},{name}" for n, name in enumerate(sectors)]
    assert _told(*rows, head="v,name") == ""
    # where each stands once below its group it is a statistic of that, and one row is none of many
    groups = [
        row
        for n in range(5)
        for row in (*(f"{'ABCDE'[n]},{10 * n + k}" for k in range(5)), f"Max,{10 * n + 4}")
    ]
    assert '"Max"' in _told(*groups)
    assert '"n"' in _told(*(f"A,{n}.5" for n in range(6)), "n,6")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "study"])
@pytest.mark.parametrize("name", ["All", "Total"])
def test_a_name_that_every_row_has_sets_no_row_apart(kind, name, read):
    rows = [(name, site, hours) for site, hours in DATA]
    assert read(kind, rows, ("flow", "site", "hours")) == tuple(hours for _, hours in DATA)
