"""Rows that sum up the others, such as totals and means: they are no data, and no members of an index.

They are found by their names, and those of a group, such as "North Total", by their numbers too. A word
that hardly anything else is called, such as "Total" or "Mean", is found in every row; one that may well be
a name, such as "Max" or "SD", only in the first or last rows; "n" only there, and where it says how many
the others are; none where its number cannot be that, as a "Max" below another. Whatever the last row is
called, it sums up others where it is exactly their sum or mean; totals may also stand above what they sum
up.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.gaps import Gaps
from uncertainty.tables.sheets import column_letter, is_like_a_number, is_missing
from uncertainty.tables.summing_rows import (
    MOST,
    are_sums,
    ends_in_a_sum,
    last_place,
    sum_or_mean,
    summing_rows,
    sums_that_head,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

_EVERYWHERE = (
    "total totals sum sums subtotal subtotals sub_total grand_total sum_total summe summen gesamt "
    "gesamtsumme zwischensumme insgesamt somme suma totale totaal σ ∑ mean means average averages avg "
    "arithmetic_mean geometric_mean geomean mean_value average_value mittelwert mittel durchschnitt moyenne "
    "promedio gemiddelde ø median std_dev stdev std_deviation st_dev stddev standard_deviation "
    "standardabweichung écart_type standard_error std_error coefficient_of_variation "
    "weighted_average weighted_mean grand_mean overall_mean overall_average sample_mean "
    "gesamtergebnis gesamt_ergebnis total_result total_général total_general total_geral totale_complessivo "
    "eindtotaal suma_końcowa общий_итог sous_total totales totali totaux "
    "desviación_estándar deviazione_standard mediana "
    "totalt yhteensä razem ogółem toplam celkem összesen итого всего 合计 合計 总计 "
    "média medelvärde keskiarvo średnia summa среднее 平均 ecart_type"
)
_AT_ENDS = (
    "sd s_d std min max minimum maximum variance varianz all overall range count anzahl number_of_values"
)
_BESIDE_OTHERS = "n se sem cv rsd var mode"
_RANKED = (_BESIDE_OTHERS, _AT_ENDS, _EVERYWHERE)
_RANKS = MappingProxyType({word: rank for rank, words in enumerate(_RANKED) for word in words.split()})
"""How surely a row sums up others: beside a surer one alone, at an end, or wherever it stands."""

_LARGEST, _SMALLEST, _TOTAL = ("max", "maximum"), ("min", "minimum"), ("total", "totals")
_COMPASS = ("N", "E", "S", "W", "NE", "SE", "SW", "NW")

_BEGINNINGS = "|".join(sorted({word[:3].replace("_", r"\W") for word in _RANKS}))
_BEGINNING = regex(rf"\W*(?:{_BEGINNINGS})", re.IGNORECASE)
_FIRST_WORDS = tuple(dict.fromkeys(word.partition("_")[0] for word in _RANKS))
_OF_OTHERS = regex(r"(?P<word>.+?)_(?:of|der|des|de)_.+")
_OF_ALL = regex(r"\((?:n ?= ?\d+|all|alle)\)", re.IGNORECASE)
_OF_EVERYTHING = ("all", "alle", "overall")
_MEAN = regex(
    r"means?|averages?|avg|mean_value|average_value|mittel(?:wert)?|durchschnitt|moyenne|promedio|gemiddelde|ø"
    r"|(?:grand|overall|sample)_mean|overall_average|m[eé]dia|medelvärde|keskiarvo|średnia|среднее|平均|mediana?"
)
REMAINDER = (
    "others?|else|remaining|the|anderen?|übrigen?|sonstigen?|autres|otr[ao]s|outr[ao]s|altr[ie]|overige"
)
_REMAINDER = regex(REMAINDER)
"""What follows "all" in the name of a remainder, which is data."""
_MANY = 5
"""Rows in which a word stands that is a level of a factor, as others are."""
_LETTERS = regex(r"[^\W\d_]+|[∑\d]+")

LEAVE_OUT = "leave out rows and columns of sums and averages"

DATUM = "datum"
"""What a row is called first that is one of the data whatever else it is called."""


class Summary(NamedTuple):
    """A row that may sum up others: its place, what it is called, the heading above that, and its number.

    `is_beside` says of a text that it stands behind what the row is called.
    """

    place: str
    name: str
    heading: str
    cell: Cell = None
    is_beside: bool = False


_NAMELESS = Summary("", "", "")


def is_summary(name: str, *, surely: bool = False) -> bool:
    """Tell whether a name, which no member of an index has, is one of sums, averages and the like.

    Parameters
    ----------
    surely
        Whether to leave out words that somebody may be called, such as "Max".
    """
    return _rank(name) > int(surely)


def has_a_word_of_statistics(name: str) -> bool:
    """Tell whether a name has a word of sums, averages and the like in it, as "Country average" has."""
    words = _joined(name).split("_")
    found = (*words, *("_".join(words[place:]) for place in range(len(words))))
    return any(len(each) > 1 and (each in _RANKS or each == "size") for each in found)


def is_a_statistic(name: str) -> bool:
    """Tell whether a name is one of statistics where others stand beside it, as "SD" and "RSD (%)" are."""
    return name == "s" or (
        _BEGINNING.match(name) is not None and (_joined(name) in _RANKS or is_summary(name))
    )


def _rank(name: str, column: str = "") -> int:
    """Return how surely a row of this name sums up others; -1 where nothing says so."""
    if not _BEGINNING.match(name):
        return -1
    words = _joined(_OF_ALL.sub("", name))
    of = _OF_OTHERS.fullmatch(words)
    # "Total hours" in the column "hours"
    longer = of["word"] if of else words.removesuffix(f"_{_joined(column)}")
    return max(_RANKS.get(words, -1), 2 if _RANKS.get(longer) == 2 else -1)


def _joined(text: str) -> str:
    return "_".join(_LETTERS.findall(text.casefold()))


def refuse_summaries(column: NumberColumn) -> None:
    """Refuse a column of data of which some rows sum up the others, by the cells beside it or its numbers.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    headings, position, numbers, text = column.headings, column.position, column.numbers, column.text
    what, by_numbers = sum_or_mean(numbers), _ByNumbers(numbers, summing_rows(numbers))
    upwards = _Upwards(numbers)
    if not what and (len(headings) == 1 or not (by_numbers or upwards or text is None or _mentions(text))):
        return
    names, groups, gaps = _Names(position), _Groups(), Gaps()

    def called() -> Iterator[Summary]:
        for (place, cells), number in zip(column.rows(), numbers, strict=True):
            texts = texts_of_row(place, cells, headings, position)
            names.add(place, cells, texts[0].name)
            if by_numbers or upwards:
                gaps.add(place, filled_columns(cells), number)
            groups.add(texts, number)
            by_numbers.add(texts)
            upwards.add(texts)
            yield texts[0]

    found = summaries(called(), column.name)
    # a row may be found by its name and by its numbers
    sums = (*groups.sums, *by_numbers.sums(), *upwards.sums(), *found)
    found = list({each.place: each for each in sums}.values())
    if what and names.are_lacking:
        said = f"{column.name}: the last row has no name and is the {what} of the others; leave it out"
        raise StudyError(
            Fault(f"{said}, or call it {names.advised(headings)} if it is a datum", names.place, column.file)
        )
    if what and names.are_none and (what := sum_or_mean(numbers, is_named=False)):
        said = f"{column.name}: the last row is the {what} of the others; leave it out"
        raise StudyError(
            Fault(f"{said}, or move it among the others if it is one of the data", names.place, column.file)
        )
    if gap := gaps.found():
        place, empty = gap
        said = f"{column.name}: the rows with an empty cell in {_named(headings, empty)} sum up the others;"
        raise StudyError(
            Fault(f"{said} leave them out, or fill these cells if they are data", place, column.file)
        )
    if found:
        found = [each if each.name else each._replace(name=_first(column, each.place)) for each in found]
        raise StudyError(Fault(f"{column.name}: {_sums_text(found)}", found[0].place, column.file))


def _first(column: NumberColumn, place: str) -> str:
    """Return what the first cell of a row holds that no text calls."""
    cells = next(cells for each, cells in column.rows() if each == place)
    return next((str(cell).strip() for cell in cells if _is_filled(cell)), "")


def _sums_text(found: Sequence[Summary]) -> str:
    listed = [f'"{each.name}"' for each in found[:3]]
    rows_called = f"the row{'s' if len(listed) > 1 else ''} {', '.join(listed)}"
    other = f'"{DATUM} {found[0].name}"'
    return (
        f"{rows_called} may sum up the others; leave out rows of sums and averages, or write {other} if that "
        "is one of the data"
    )


def _mentions(text: str) -> bool:
    """Tell whether a text may have a name of a row that sums up others: quickly, as files may be long."""
    folded = text.casefold()
    return any(word in folded and re.search(rf"(?<![^\W_]){word}(?![^\W_])", folded) for word in _FIRST_WORDS)


class _Groups:
    """Finds rows such as "North Total", each of which is the sum or the mean of those directly above it.

    A sum of sums, such as "Europe Total", has these above it.
    """

    def __init__(self) -> None:
        self._found: list[Summary] = []
        self._group: list[float] = []
        self._sums: list[float] = []
        self._is_shown = False
        self._are_sums = True

    def add(self, called: Sequence[Summary], number: float) -> None:
        """Take the next row by all texts that call it, and its number."""
        if found := next(filter(_is_of_a_group, called), None):
            others = self._group or self._sums
            total = math.fsum(others)
            wanted = (total, total / max(len(others), 1))
            self._are_sums &= any(math.isclose(number, each, rel_tol=1e-9) for each in wanted)
            # what is 0 throughout or alike is as well the sum or the mean of it by chance
            is_sum = math.isclose(number, total, rel_tol=1e-9)
            is_any = len(others) - others.count(0) > 1 if is_sum else len({*others}) > 1
            self._is_shown |= len(others) > 1 and is_any
            self._found.append(found)
            self._sums = [*self._sums, number] if self._group else [number]
            self._group.clear()
        elif not math.isnan(number) and not any(_rank(each.name) == 2 for each in called):
            self._group.append(number)

    @property
    def sums(self) -> list[Summary]:
        """All rows that are called so, if each sums up what stands above it, and one of them several rows."""
        return self._found if self._are_sums and self._is_shown else []


def _is_of_a_group(text: Summary) -> bool:
    """Tell whether a text has a word of sums, and not behind its column's heading.

    What its row is called by has others beside it, as "Total" alone is found by its name.
    """
    if not is_a_name(text):
        return False
    words = _joined(text.name).split("_")
    is_of_all = words[0] in _OF_EVERYTHING and not any(map(_REMAINDER.fullmatch, words[1:2]))
    # within a longer name it only says which one is meant, as in "global average electricity"
    within = {word for word in words[1:-1] if _MEAN.fullmatch(word)} - {words[0], words[-1]}
    is_called = is_of_all or any(_RANKS.get(word) == 2 and word not in within for word in words)
    return is_called and (text.is_beside or "_".join(words) not in _RANKS)


class _ByNumbers:
    """Finds rows that sum up others by their numbers, whatever they are called.

    Parameters
    ----------
    numbers
        What the column holds.
    places
        Where numbers stand that sum up others, whatever the rows are called.
    """

    def __init__(self, numbers: Sequence[float], places: Sequence[int]) -> None:
        self._numbers = numbers
        self._places = places
        self._may_repeat = len(numbers) <= MOST and ends_in_a_sum(numbers)
        self._called: list[Sequence[Summary]] = []

    def __bool__(self) -> bool:
        return bool(self._places or self._may_repeat)

    def add(self, called: Sequence[Summary]) -> None:
        """Take the next row by all texts that call it."""
        if self:
            self._called.append(called)

    def sums(self) -> list[Summary]:
        """Return the rows, if the last is called by something other than what its column's heading begins."""
        last = next((each for each in reversed(self._called) if each[0].name), [])
        for text in last if self._may_repeat else ():
            if rows := self._called_alike(text):
                return rows
        found = [self._own_word(place) for place in self._places]
        return found if found and is_a_name(found[-1]) else []

    def _own_word(self, place: int) -> Summary:
        """Return the first text of a row that is not said of the row above it, too, as its group is."""
        above = {(each.heading, each.name) for each in self._called[place - 1]}
        row = self._called[place]
        return next((each for each in row if (each.heading, each.name) not in above), row[0])

    def _called_alike(self, text: Summary) -> list[Summary]:
        """Return the rows with the same word under the same heading, if each sums up what is above it."""
        if not is_a_name(text):
            return []
        word = (text.heading, text.name)
        alike = [[each for each in row if (each.heading, each.name) == word] for row in self._called]
        return [row[0] for row in alike if row] if are_sums([*map(bool, alike)], self._numbers) else []


class _Upwards:
    """Finds rows that sum up those below them, as totals that head their groups, from the last row up.

    Parameters
    ----------
    numbers
        What the column holds; of more than are looked at for groups, nothing is found.
    """

    def __init__(self, numbers: Sequence[float]) -> None:
        self._numbers = list(reversed(numbers)) if len(numbers) <= MOST else []
        heads = sums_that_head(numbers) if self._numbers else []
        self._by_numbers = _ByNumbers(self._numbers, [len(numbers) - 1 - place for place in reversed(heads)])
        self._called: list[Sequence[Summary]] = []

    def __bool__(self) -> bool:
        return bool(self._by_numbers)

    def add(self, called: Sequence[Summary]) -> None:
        """Take the next row, from the first down, by all texts that call it."""
        if self._numbers:
            self._called.append(called)

    def sums(self) -> list[Summary]:
        """Return the rows, from the first down."""
        groups = _Groups()
        for called, number in zip(reversed(self._called), self._numbers, strict=True):
            groups.add(called, number)
            self._by_numbers.add(called)
        return [*groups.sums, *self._by_numbers.sums()][::-1]


def is_a_name(text: Summary) -> bool:
    """Tell whether a row is called by a text, and not as data are, such as "Site 2" or "datum Total".

    Behind its column's heading words of statistics call it nevertheless: files have a row "Site mean".
    """
    words, heading = _joined(text.name).split("_"), _joined(text.heading or "one").split("_")
    more = words[len(heading) :] if words[: len(heading)] == heading else []
    is_datum = (words[0] == DATUM and len(words) > 1) or (
        bool(more) and not has_a_word_of_statistics("_".join(more))
    )
    return bool(text.name) and not is_datum


class _Names:
    """Finds whether the last row with a value lacks what calls all others: a text or a number."""

    def __init__(self, position: int) -> None:
        self._position = position
        self._filled: frozenset[int] = frozenset()
        self._shared: frozenset[int] | None = None
        self._has_name = False
        self._count = 0
        self.are_none = True
        self.place = ""

    def add(self, place: str, cells: Sequence[Cell], name: str) -> None:
        """Take the next row."""
        filled = filled_columns(cells)
        if self._position not in filled:
            return
        if self.place:
            self._shared = self._filled if self._shared is None else self._shared & self._filled
        self.place, self._filled, self._has_name = place, filled, bool(name)
        self._count += 1
        self.are_none &= not name

    @property
    def are_lacking(self) -> bool:
        """Whether the last row has none, and each row before it has one."""
        return not self._has_name and bool(self._shared and self._shared - self._filled)

    def advised(self, headings: Sequence[str]) -> str:
        """Return a name for the last row that is read as one of a datum."""
        column = min((self._shared or frozenset()) - self._filled)
        return f'"{headings[column] or "one"} {self._count}"'


def _named(headings: Sequence[str], column: int) -> str:
    heading = headings[column] if column < len(headings) else ""
    return f'"{heading}"' if heading else f"column {column_letter(column)}"


def filled_columns(cells: Sequence[Cell]) -> frozenset[int]:
    """Return which cells of a row are not empty."""
    return frozenset(column for column, cell in enumerate(cells) if _is_filled(cell))


def _is_filled(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and is_missing(cell))


def texts_of_row(place: str, cells: Sequence[Cell], headings: Sequence[str], position: int) -> list[Summary]:
    """Return what a row is called, its texts that are no numbers; nothing where it has no value."""
    number = cells[position] if position < len(cells) else None
    found: list[Summary] = []
    if not _is_filled(number):
        return [_NAMELESS]
    for column, cell in enumerate(cells):
        if column != position and isinstance(cell, str) and _is_name(cell):
            heading = headings[column] if column < len(headings) else ""
            found.append(Summary(place, cell.strip(), heading, number, bool(found)))
    return found or [_NAMELESS._replace(place=place)]


def _is_name(cell: str) -> bool:
    # SAP marks subtotals with stars
    if cell[:1].isalpha() or "∑" in cell or set(cell) == {"*"}:
        return True
    return any(map(str.isalpha, cell)) and not is_like_a_number(cell)


def summaries(rows: Iterable[Summary], column: str = "") -> list[Summary]:
    """Return the rows that sum up others.

    Parameters
    ----------
    column
        What the others are a column of.
    """
    named: dict[int, tuple[int, Summary]] = {}
    count = 0
    data, are_directions, levels = _Ends(), True, _Levels()
    for row in rows:
        levels.add(row.name)
        if (rank := _rank(row.name, column)) >= 0:
            named[count] = rank, row
        else:
            data.add(row.cell)
            are_directions &= row.name in _COMPASS
        count += 1
    first = next((place for place in range(count) if place not in named), count)
    last = next((place for place in reversed(range(count)) if place not in named), -1)
    others = str(count - len(named))
    is_alone = len({row.name for _, row in named.values()}) == 1
    if is_alone and 1 < count == len(named):
        # a name that every row has sets no row apart
        return []

    def is_sure(place: int, rank: int, row: Summary) -> bool:
        if _is_called_so(row, data, is_alone=is_alone) or (are_directions and row.name in _COMPASS):
            return False
        is_at_end = not first <= place <= last
        is_told = is_at_end and (rank == 1 or str(row.cell).strip() == others)
        return rank == 2 or (is_told and not levels.has(row.name, is_of_runs=rank == 0))

    return [row for place, (rank, row) in named.items() if is_sure(place, rank, row)]


class _Levels:
    """Tells which names of rows are levels of a factor, each of which stands in many rows."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {}
        self._known: dict[str, bool] = {}
        self._count = 0

    def add(self, name: str) -> None:
        """Take the next row."""
        self._places.setdefault(name, []).append(self._count)
        self._count += 1

    def has(self, name: str, *, is_of_runs: bool) -> bool:
        """Tell whether a name is a level: a statistic of each group would stand once below what stands once.

        Parameters
        ----------
        is_of_runs
            Whether it is one also where its rows follow one another, as in a sorted file.
        """
        if name not in self._known:
            own = self._places[name]
            others = [each for known, each in self._places.items() if known != name and len(each) >= _MANY]
            is_run = is_of_runs and any(after - before == 1 for before, after in pairwise(own))
            is_among = is_run or any(bisect(own, each[0]) < bisect(own, each[-1]) for each in others)
            self._known[name] = len(own) >= _MANY and bool(others) and is_among
        return self._known[name]


class _Ends:
    """The least and the greatest of numbers."""

    def __init__(self) -> None:
        self.least, self.greatest = math.inf, -math.inf

    def add(self, cell: Cell) -> None:
        """Take the next number; what is none is passed over."""
        number = _number(cell)
        self.least, self.greatest = min(self.least, number), max(self.greatest, number)


def _is_called_so(row: Summary, data: _Ends, *, is_alone: bool) -> bool:
    """Tell whether somebody or a place is called as a statistic of others that its number cannot be.

    Beside a row of another statistic, a mean is one whatever its number.
    """
    word, number = _joined(row.name), _number(row.cell)
    if word in _LARGEST:
        return number < data.greatest
    if word in _SMALLEST:
        return number > data.least
    if is_alone and _MEAN.fullmatch(word) and math.isfinite(number):
        # it may have been rounded
        step = 0.5 * 10.0 ** last_place(number)
        return data.least <= data.greatest and not data.least - step <= number <= data.greatest + step
    return word in _TOTAL and 0 <= number < data.least


def _number(cell: Cell) -> float:
    try:
        return float(str(cell).replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return math.nan
