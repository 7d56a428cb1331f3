"""Rows at an end of a column are statistics of the others by their numbers, and sound columns are data."""

import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import stats
from variants import one_in

import uncertainty as un
from uncertainty.fitting.columns import read_values
from uncertainty.tables.statistics_of_others import block_of_statistics, sum_within, unit_of

HOURS = (12.31, 14.52, 9.87, 16.02, 11.45, 13.3, 10.9, 12.75)
DATA = tuple(zip("ABCDEFGH", HOURS, strict=True))
MEAN, SD = float(np.mean(HOURS)), float(np.std(HOURS, ddof=1))


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the hours of rows from a file."""

    def values(rows, headings=("site", "hours"), kind="csv"):
        path = tmp_path / f"d.{kind}"
        if kind == "xlsx":
            book = openpyxl.Workbook()
            for row in [headings, *rows]:
                book.active.append([None if cell == "" else cell for cell in row])
            book.save(path)
        else:
            lines = [",".join(map(str, row)) for row in [headings, *rows]]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_values(path, "hours")

    return values


def named(*numbers):
    return [(f"row {letter}", number) for letter, number in zip("abcdefghijkl", numbers, strict=False)]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([("x̄", f"{MEAN:.2f}")], 'the row "x̄" is the mean of'),
        ([("MW", f"{MEAN:.2f}")], 'the row "MW" is the mean of'),
        ([("", f"{np.median(HOURS):.3f}")], "the last row has no name and is the median of"),
        ([("z", f"{SD:.2f}")], 'the row "z" is the standard deviation of'),
        ([("gm", f"{stats.gmean(HOURS):.3f}")], 'the row "gm" is the geometric mean of'),
        (
            [("MW", f"{MEAN:.2f}"), ("s", f"{SD:.2f}"), ("VK", f"{100 * SD / MEAN:.1f}")],
            '"s", "VK" are the mean, the standard deviation and the rounded relative standard deviation of',
        ),
        (
            [("", f"{MEAN:.2f}"), ("", f"{SD:.2f}")],
            "the last 2 rows have no name and are the mean and the standard deviation of",
        ),
        ([("", max(HOURS)), ("", min(HOURS))], "no name and are the largest and the smallest of"),
        (
            [("P10", f"{np.percentile(HOURS, 10):.3f}"), ("P90", f"{np.percentile(HOURS, 90):.3f}")],
            "are the 10th percentile and the 90th percentile of",
        ),
        (
            [("y", f"{MEAN:.1f}"), ("e", f"{stats.sem(HOURS):.3f}"), ("k", 8)],
            "are the rounded mean, the standard error and the number of",
        ),
    ],
)
def test_rows_that_are_statistics_of_the_others_are_no_data(read, rows, what):
    for line, place, all_rows in ((10, "last", [*DATA, *rows]), (2, "first", [*rows, *DATA])):
        said = re.escape(what.replace("last", place))
        with pytest.raises(un.StudyError, match=rf"line {line}: hours: .*{said}"):
            read(all_rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_advised_is_read(read, kind):
    rows = [("u", MEAN), ("v", SD)]
    with pytest.raises(un.StudyError, match='call the first "datum u" if they are data'):
        read([*DATA, *rows], kind=kind)
    assert len(read([*DATA, ("datum u", MEAN), *rows[1:]], kind=kind).values) == 10
    with pytest.raises(un.StudyError, match='call the first "site 9" if they are data'):
        read([*DATA, ("", MEAN), ("", SD)], kind=kind)
    assert len(read([*DATA, ("site 9", MEAN), ("", SD)], kind=kind).values) == 10
    alone = [(hours,) for hours in (*HOURS, MEAN, SD)]
    with pytest.raises(un.StudyError, match=r"the last 2 rows are .* or move them among the others if"):
        read(alone, ["hours"], kind)
    assert len(read([alone[0], *alone[8:], *alone[1:8]], ["hours"], kind).values) == 10


def test_all_that_a_spreadsheet_describes_data_by_is_told(read):
    described = [MEAN, stats.sem(HOURS), np.median(HOURS), SD, SD**2, np.ptp(HOURS), min(HOURS), max(HOURS)]
    with pytest.raises(un.StudyError, match="are the mean, the standard error, the median, the standard dev"):
        read([*DATA, *named(*described, sum(HOURS), len(HOURS))])


@pytest.mark.parametrize(
    "rows",
    [
        [("A", 3), ("B", 5), ("C", 4), ("D", 4)],
        [("A", 3), ("B", 5), ("C", 4), ("D", 5), ("E", 3)],
        [*DATA, ("I", f"{MEAN:.0f}")],
        [*DATA, ("I", f"{MEAN + 0.02:.2f}"), ("J", f"{SD:.2f}"), ("K", 10.02)],
        [(f"site {name}", number) for name, number in (*DATA, ("MW", MEAN), ("s", SD))],
    ],
)
def test_what_may_be_a_statistic_by_chance_or_is_called_a_datum_is_data(read, rows):
    assert len(read(rows).values) == len(rows)


def test_a_row_that_looks_unlike_the_others_is_noted(read):
    found = read([*DATA, ("90th", f"{np.percentile(HOURS, 90):.2f}")])
    assert len(found.values) == 9
    said = 'hours: the row "90th" is the 90th percentile of the others; it is read as one of the data.'
    assert found.notes == (said,)


def test_another_column_tells_of_chance(read):
    headings = ("site", "hours", "cost")
    hours, costs = (21, 34, 28, 47, 39, 25), (310, 270, 455, 190, 388, 402)
    rows = [*zip("ABCDEF", hours, costs, strict=True)]
    assert len(read([*rows, ("G", round(np.mean(hours)), 300)], headings).values) == 7
    with pytest.raises(un.StudyError, match='the row "G" is the mean'):
        read([*rows, ("G", f"{np.mean(hours):.0f}", f"{np.mean(costs):.2f}")], headings)


SEVEN = 6.1, 8.2, 7.3, 5.4, 4.4, 4.9, 9.9


@pytest.mark.parametrize(
    ("heading", "name", "number"),
    [
        ("Country", "Country average", np.mean(SEVEN)),
        ("Country", "Country total", sum(SEVEN)),
        ("Sample", "Sample SD", np.std(SEVEN, ddof=1)),
        ("Lab", "lab mean", np.mean(SEVEN)),
        ("Batch", "Batch standard deviation", np.std(SEVEN, ddof=1)),
    ],
)
def test_a_statistic_behind_the_heading_of_its_column_is_none_of_the_data(read, heading, name, number):
    names = ["Austria", "Belgium", "Chile", "Denmark", "Estonia", "France", "Greece"]
    rows = [*zip(names, (f"{each:.2f}" for each in SEVEN), strict=True)]
    with pytest.raises(un.StudyError, match=f'"{name}" .* "datum {name}" if'):
        read([*rows, (name, f"{number:.2f}")], (heading, "hours"))
    # another number is a datum of that name, and so is what is called as is advised
    assert len(read([*rows, (name, "7.77")], (heading, "hours")).values) == 8
    assert len(read([*rows, (f"datum {name}", f"{number:.2f}")], (heading, "hours")).values) == 8


def test_a_median_behind_its_heading_is_told(read):
    rows = [(f"S{n}", f"{each:.2f}") for n, each in enumerate(SEVEN)]
    found = read([*rows, ("Lab median", f"{np.median(SEVEN):.2f}")], ("Lab", "hours"))
    assert 'hours: the row "Lab median" is the median of the others; it is read' in found.notes[0]


CLIMATE = 1.2, 2.3, 5.6, 9.8, 14.1, 17.3, 19.0, 18.6, 14.9, 10.2, 5.4, 2.2
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


@pytest.mark.parametrize(
    ("names", "numbers", "name"),
    [
        (MONTHS, CLIMATE, "Year"),
        (MONTHS, CLIMATE, "Dez"),
        ("Mon Tue Wed Thu Fri Sat Sun", (4.4, 6.1, 8.2, 7.3, 5.4, 4.9, 21.9), "Week"),
        ("ACCESS CESM GFDL IPSL MIROC MPI UKESM", (2.11, 3.02, 2.67, 3.48, 1.93, 2.29, 3.81), "MMM"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_the_mean_of_all_others_is_told_whatever_it_is_called(read, names, numbers, name, is_first):
    rows = [*zip(names.split(), map(str, numbers), strict=True)]
    digits = len(str(numbers[0]).partition(".")[2])
    mean = (name, f"{np.mean(numbers):.{digits}f}")
    found = read([mean, *rows] if is_first else [*rows, mean])
    said = f'hours: the row "{name}" is the mean of the others; it is read as one of the data.'
    assert len(found.values) == len(rows) + 1
    assert found.notes[0] == said
    near = (name, f"{np.mean(numbers) + 10**-digits:.{digits}f}")
    assert said not in read([near, *rows] if is_first else [*rows, near]).notes


def test_means_that_are_likely_by_chance_are_not_told(read):
    assert not read([("A", 3), ("B", 5), ("C", 4), ("D", 5), ("E", 1), ("F", 2), ("G", 3)]).notes


def test_labels_of_a_series_may_say_nothing_of_statistics():
    index = [*"abcdefgh", "u", "v"]
    with pytest.raises(un.UncertaintyError, match='the rows "u", "v" are the mean and the standard dev'):
        un.fit_data(pd.Series([*HOURS, MEAN, SD], index=index))


NUCLIDES = "1.41e17 4.43e17 1.81e11 9.49e8 1.66e8 6.93e5 21624 6586"
BODIES = "1.989e30 1.898e27 5.972e24 4.867e24 6.417e23 7.342e22 1.309e22 1.066e16 1.48e15"
RESISTIVITIES = "1e17 1e13 1e9 2.3e3 4.6e-1 1.1e-6 1.06e-7 1.68e-8 1.59e-8"
DECAY = "1e15 8e13 4.1e11 2.2e9 6.3e7 5e5 9000 800"
GASES = "8.08e10 6.09e10 1.72e12 2.9e9 3.1e7 120000 880 7.2"


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    "numbers",
    [NUCLIDES, BODIES, RESISTIVITIES, DECAY, GASES, "3100000 820000 440000 120000 51000 22000 8000 900 2"],
)
def test_small_numbers_are_no_statistics_of_ones_many_powers_of_ten_larger(read, numbers, order):
    rows = [*zip("abcdefghi", numbers.split()[::order], strict=False)]
    assert len(read(rows).values) == len(rows)


@pytest.mark.parametrize("what", [np.mean, np.sum, np.median, lambda x: np.std(x, ddof=1), stats.gmean])
def test_statistics_of_numbers_of_many_sizes_are_told_to_their_own_digits(read, what):
    numbers = [*map(float, DECAY.split())]
    rows = [*zip("abcdefgh", DECAY.split(), strict=True)]
    with pytest.raises(un.StudyError, match=r'the row "z" (is the .* of|may sum up) the others'):
        read([*rows, ("z", f"{what(numbers):.2f}")])
    assert len(read([*rows, ("z", f"{what(numbers) * 1.001:.2f}")]).values) == 9


@pytest.mark.parametrize(
    "codes", ["00000 01000 01001 02003 02013 56045", "000 201 305 412 777", "0.49968 0 3 4 5.1"]
)
def test_codes_and_a_0_have_no_digits_that_tell_of_a_statistic(read, codes):
    rows = [*zip("abcdefgh", codes.split(), strict=False)]
    assert len(read(rows).values) == len(rows)
    assert len(read(rows[::-1]).values) == len(rows)


@pytest.mark.parametrize("code", ["1e20", "9.96921e36", "-9999", "1e30"])
@pytest.mark.parametrize("places", [(7, 7), (0, 0), (0, 7), (7, 7, 7)])
def test_what_fills_cells_twice_is_no_sum_of_the_others(read, code, places):
    numbers = ["27", "31.5", "44.25", "62", "35", "51", "39"]
    for place in places:
        numbers.insert(place, code)
    with pytest.raises(un.StudyError, match="may say that a value is missing"):
        read([*zip("abcdefghij", numbers, strict=False)])


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("-1.2 2.3 3.1 0.7 5", "rounded sum"),
        ("-1.2 2.3 3.1 0.7 4.9", "sum"),
        ("-20.25 12.5 33.75 18.5 44.5", "sum"),
        ("-20.25 12.5 33.75 18.75 44.8", "rounded sum"),
    ],
)
def test_a_sum_that_is_one_only_in_fewer_digits_is_said_to_be_rounded(read, rows, what):
    found = read([*zip("abcde", rows.split(), strict=True)])
    assert found.notes == (f'hours: the row "e" is the {what} of the others; it is read as one of the data.',)


USES = 103865, 24359, 1988, 273746, 20158, 875, 2274, 367
BELOW = 105340, 143738, 21109


@pytest.mark.parametrize(
    ("numbers", "place", "side"),
    [
        ((*USES, sum(USES), *BELOW), 8, "above"),
        ((*BELOW, sum(USES), *USES), 3, "below"),
        ((*USES, 0, sum(USES), 4, *BELOW), 9, "above"),
        ((12.53, 31.25, 8.75, 90.17, 44.36, 187.06, 22.0), 5, "above"),
        ((-1250.5, 3310.25, 842.75, -90.5, 4430.25, 7242.25, 22.0, 801.5), 5, "above"),
    ],
)
def test_a_row_within_that_is_the_sum_of_all_on_one_side_is_no_datum(read, numbers, place, side):
    names = [f"{letter}{n}X" for n, letter in enumerate("QWERTYUIOPASDFG"[: len(numbers)])]
    rows = [*zip(names, numbers, strict=True)]
    name = names[place]
    said = f'line {place + 2}: hours: the row "{name}" is the sum of all {side} it; .* "datum {name}"'
    for heading in ("", "site"):
        with pytest.raises(un.StudyError, match=said):
            read(rows, (heading, "hours"))
    alone = [(each,) for each in numbers]
    with pytest.raises(
        un.StudyError, match=f"the row of line {place + 2} is the sum of all {side} it; .* move it"
    ):
        read(alone, ("hours",))
    # what is advised is read, and so is any other number
    changed = [*rows]
    changed[place] = (f"datum {name}", numbers[place])
    assert len(read(changed).values) == len(rows)
    assert len(read([*rows[:place], *rows[place + 1 :]]).values) == len(rows) - 1
    changed[place] = (name, numbers[place] + 2)
    assert len(read(changed).values) == len(rows)


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 2, 3, 4, 10, 7, 8),
        (3, 3, 6, 12, 24, 48, 100),
        (1, 1, 2, 3, 5, 8, 13, 21),
        (48, 24, 12, 6, 3, 3),
        (0, 0, 0, 0, 0, 7, 7),
        (250, -250, 100, -100, 500, 500, 70),
        (4, 4, 4, 4, 4),
    ],
)
def test_numbers_may_add_up_by_chance_or_by_a_law(read, numbers):
    found = read([*zip("abcdefgh", numbers, strict=False)])
    assert not [each for each in found.notes if "all above" in each or "all below" in each]


def with_mean(numbers):
    return np.append(numbers, numbers.mean().round())


def written(numbers, digits):
    return np.array([float(f"{each:.{digits - 1}e}") for each in numbers])


KINDS = {
    "marks": lambda rng, n: rng.integers(1, 6, n),
    "integers": lambda rng, n: rng.integers(0, 100, n),
    "one decimal": lambda rng, n: np.round(rng.normal(20, 5, n), 1),
    "two decimals": lambda rng, n: np.round(rng.lognormal(2, 1.5, n), 2),
    "sorted": lambda rng, n: np.sort(rng.integers(0, 50, n)),
    "falling": lambda rng, n: -np.sort(-np.round(rng.normal(20, 5, n), 1)),
    "two values": lambda rng, n: np.where(rng.random(n) < 0.2, 6, 5),
    "so far": lambda rng, n: np.cumsum(rng.integers(0, 9, n)),
    "years": lambda rng, n: np.arange(n) + rng.integers(1900, 2020),
    "steps": lambda rng, n: np.arange(n) * rng.choice([0.1, 0.5, 1, 2, 10]),
    "powers": lambda rng, n: rng.choice([1.0, 3.0]) * 2.0 ** np.arange(n),
    "duplicates": lambda rng, n: np.round(rng.choice(rng.normal(20, 5, max(2, n // 3)), n), 2),
    "series": lambda rng, n: np.round(20 + 0.3 * np.cumsum(rng.normal(0, 1, n)), 1),
    "thousands": lambda rng, n: rng.integers(1, 40, n) * 1000,
    "many sizes": lambda rng, n: written(rng.lognormal(5, rng.uniform(2, 8), n), rng.integers(1, 4)),
    "many sizes, falling": lambda rng, n: -np.sort(-written(rng.lognormal(5, rng.uniform(2, 8), n), 2)),
    "decay": lambda rng, n: written(
        10 ** rng.uniform(3, 16) * np.exp(-rng.uniform(0.5, 4) * np.arange(n)), 3
    ),
    "growth": lambda rng, n: np.round(rng.uniform(1, 20) * rng.choice([1.5, 2, 3]) ** np.arange(n)),
    "growth so far": lambda rng, n: np.cumsum(np.round(rng.uniform(1, 9) * 1.5 ** np.arange(n))),
    "changes": lambda rng, n: rng.integers(-50, 50, n),
    "payments": lambda rng, n: rng.choice([-1, 1], n) * rng.choice([100, 250, 500, 1000], n),
    "mostly 0": lambda rng, n: np.where(rng.random(n) < 0.7, 0, rng.integers(1, 99, n)),
    "ends on its mean": lambda rng, n: with_mean(rng.integers(0, 30, n)),
}


@pytest.mark.parametrize("kind", one_in(2, KINDS))
def test_sound_columns_are_data(kind):
    rng = np.random.default_rng(24)
    for _ in range(20):
        numbers = KINDS[kind](rng, int(rng.integers(4, 40))).astype(float)
        for each in (block_of_statistics, sum_within):
            found = each(numbers, lambda place, held=numbers: unit_of(float(held[place])), 1e-3)
            assert found is None, numbers


def test_two_addends_are_too_few_to_refuse_their_sum(tmp_path):
    rows = "".join(f"team {each},0.0\n" for each in "abcdefghijkl")
    table = f"team,final\nUSA,1.0\nJapan,0.6051\nEngland,0.3949\n{rows}"
    (tmp_path / "d.csv").write_text(table, encoding="utf-8")
    said = 'final: the row "USA" is the sum of the others; it is read as one of the data.'
    assert said in read_values(tmp_path / "d.csv", "final").notes
