"""CSV files beside a study: the members of an index, the cells of an input, the points of a curve."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import takewhile
from typing import TYPE_CHECKING, Any, get_args

from uncertainty.distributions.data_file import DataColumn
from uncertainty.errors import InvalidValue, StudyError, meant, nearest, suggestion
from uncertainty.indices.index import written
from uncertainty.study.bibliography import Citing
from uncertainty.study.files_read import FilesRead
from uncertainty.study.headings_of_spreads import is_number, is_of_spread, otherwise, spread_notes
from uncertainty.study.keys import keys_by_member, prose
from uncertainty.study.schema import Basis
from uncertainty.study.table_rows import Rows, members_told, read_rows
from uncertainty.study.table_units import among
from uncertainty.tables.censored import refuse_censored, says_limits_alone
from uncertainty.tables.currencies import currency_columns
from uncertainty.tables.data_notes import codes_notes_of
from uncertainty.tables.footers import refuse_footers
from uncertainty.tables.missing_codes import refuse_codes, refuse_codes_below
from uncertainty.tables.set_apart import refuse_commented
from uncertainty.tables.sheets import as_number
from uncertainty.tables.statistic_rows import statistics_said
from uncertainty.tables.summaries import LEAVE_OUT, Summary, is_summary, summaries, texts_of_row
from uncertainty.tables.unit_columns import unit_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import InputTable

NUMBERS = ("point", "low", "high")
SPREADS = ("distribution", "low", "high")
LABEL = "label"


def refuse_no_values(
    rows: Rows, position: int, others: Collection[int] = (), among: Sequence[float] | None = None
) -> None:
    """Refuse a column of which some numbers are no values by what they are or by what stands beside them.

    Parameters
    ----------
    others
        Columns that are read as something else, such as notes, in which a study may say anything but that
        the numbers are limits.
    among
        The numbers of all columns with more of the same.

    Raises
    ------
    InvalidValue
        With the place of the first.
    """
    rows.refuse_grouped_points(position)
    free = {each for each in others if not says_limits_alone({cells[each] for _, cells in rows.rows})}
    column = rows.number_column(position, free)
    if free != {*others}:
        # such a sign is looked for under whatever heading
        column = column._replace(text=None)
    with _in_one_line(rows.file):
        refuse_commented(column)
        refuse_codes(column, negative=True, among=among)
        refuse_censored(column, rows.layout.reading([position]))


def _statistics(table: Rows) -> Iterator[tuple[str, str]]:
    """Yield where rows begin that are statistics of the others in one of the columns, and what they are."""
    for position in range(len(table.headings.names)):
        if all(is_number(row[position]) for _, row in table.rows) and (
            said := statistics_said(table.number_column(position))
        ):
            yield said


def _refuse_what_is_no_point(table: Rows, places: Sequence[int]) -> None:
    """Refuse rows above or below the points of a curve that are sums, averages and the like, or notes."""
    columns = [table.number_column(place) for place in places]
    names, y = table.headings.names, places[1]
    called = [texts_of_row(place, cells, names, y)[0] for place, cells in table.rows]
    # a point between others may be called so, as the average of high and low ones
    for rows in (called, called[::-1]):
        block = [*takewhile(lambda row: is_summary(row.name), rows)]
        for row in (row for row in block if is_summary(row.name, surely=True)):
            said = f'{table.file}, {row.place}: "{row.name}" may be no point; {LEAVE_OUT}'
            raise InvalidValue(f"{said}, or call it otherwise if it is one")
    told = [statistics_said(column) for column in columns]
    # points may well be sums of others in one of both, such as x
    if None not in told and told[0] and told[1] and told[0][0] == told[1][0]:
        raise InvalidValue(
            f"{table.file}, {told[1][0]}: {told[1][1]}, as they are of {columns[0].name}; leave them out"
        )
    with _in_one_line(table.file):
        refuse_footers(columns[1])


@contextmanager
def _in_one_line(file: str) -> Iterator[None]:
    try:
        yield
    except StudyError as error:
        first = error.faults[0]
        raise InvalidValue(f"{file}, {first.key}: {first.message}") from None


class TableFiles:
    """The files that a study reads, each read once.

    Parameters
    ----------
    folder
        Which they may not lead out of.

    Attributes
    ----------
    numbers
        Of each input, the columns in which its numbers were found.
    places
        The file and the line of each cell, by its key in a study.
    """

    def __init__(self, folder: Path) -> None:
        self.paths: dict[str, Path] = {}
        self.unread: dict[str, None] = {}
        self.citing: list[Citing] = []
        self.read = FilesRead()
        self.numbers: dict[str, tuple[int, ...]] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self._folder = folder
        self._read: dict[str, Rows] = {}

    def rows(self, file: str) -> Rows:
        """Return the rows of a file.

        Raises
        ------
        InvalidValue
            If it is not in the folder or cannot be read; the message has the line.
        """
        if file not in self._read:
            path = DataColumn.within(self._folder, file, "").path
            try:
                self._read[file] = read_rows(path, file)
            except StudyError as error:
                first = error.faults[0]
                place = f", {first.key}: " if first.key else ": " if ":" in first.message else " "
                raise InvalidValue(f"{first.file}{place}{first.message}") from None
            self.paths[file] = path
        return self._read[file]

    def members(self, file: str, index: str) -> dict[str, str]:
        """Return the members of an index, with their labels where the file has any.

        Raises
        ------
        InvalidValue
            As `rows` does; or if a member stands twice.
        """
        table = self.rows(file)
        names = table.headings.position(index)
        labels = table.column(LABEL)
        found: dict[str, str] = {}
        called = (names, *([] if labels is None else [labels]))
        self.read.add(file, table, called)
        self.unread |= dict.fromkeys(members_told(file, table, called))
        rows = ([Summary(place, cells[each], index) for place, cells in table.rows] for each in called)
        for row in (found for each in rows for found in summaries(each)):
            said = f'{table.file}, {row.place}: "{row.name}" may be no member; {LEAVE_OUT}'
            raise InvalidValue(f"{said}, or write members = [ … ] in indices.{index} if it is one")
        for place, what in _statistics(table):
            said = f"{table.file}, {place}: {what}; leave them out, as they may be no members"
            raise InvalidValue(f"{said}, or write members = [ … ] in indices.{index} if they are")
        for place, cells in table.rows:
            member = cells[names]
            if member in found:
                raise InvalidValue(f'{table.file}, {place}: the member "{member}" stands twice')
            found[member] = "" if labels is None else cells[labels]
        return found

    def points(self, file: str, columns: Sequence[str]) -> list[tuple[float, float]]:
        """Return the points of a curve: two columns of numbers, the first two where none are named.

        Raises
        ------
        InvalidValue
            As `rows` does; or if a cell is no number, or a row no point, such as one of means.
        """
        table = self.rows(file)
        places = [table.headings.position(name) for name in columns] or [0, 1]
        if len(places) != 2 or len(table.headings.names) < 2:
            raise InvalidValue(
                f"expected 2 columns, x and y, found {len(columns) or len(table.headings.names)}"
            )
        self.read.add(file, table, places, places[1:])
        _refuse_what_is_no_point(table, places)
        for position in reversed(places):
            refuse_no_values(table, position, {*places} - {position})
        found = []
        for place, cells in table.rows:
            try:
                found.append((float(as_number(cells[places[0]])), float(as_number(cells[places[1]]))))
            except InvalidValue as error:
                raise InvalidValue(f"{table.file}, {place}: {error}") from None
        return found


class CellReader:
    """Reads the cells of one input from the rows of a file.

    Parameters
    ----------
    shape
        The input's indices.
    others
        Headings that other inputs and indices read in the study's tables.

    Attributes
    ----------
    columns, points
        All columns that were read, and those of them that hold points.
    numbers
        Those of its points, or else the first that says how they vary.
    places
        The line of each cell, by its key in a study.
    limits
        The headings of columns that were read as limits.
    doubts
        Which of its numbers may say that a value is missing.
    spreads
        What headings of distributions may say otherwise.
    """

    def __init__(
        self,
        name: str,
        table: InputTable,
        shape: Sequence[Index],
        rows: Rows,
        faults: Faults,
        others: Collection[str] = (),
    ) -> None:
        self._name = name
        self._table = table
        self._shape = shape
        self._rows = rows
        self._faults = faults
        self._keys = keys_by_member(type(table))
        self._found: dict[str, dict[tuple[str, ...], Any]] = {}
        self._wrong: dict[str, list[str]] = {}
        self._seen: dict[tuple[str, ...], str] = {}
        self._others = others
        self._unread: list[str] = []
        self.unread_spreads: list[str] = []
        self.limits: list[str] = []
        self.doubts: list[str] = []
        self.spreads: dict[str, None] = {}
        self.columns: set[int] = set()
        self.points: set[int] = set()
        self.numbers: tuple[int, ...] = ()
        self._citing: dict[tuple[str, str], list[str]] = {}
        self.places: dict[str, str] = {}
        self._readers = {index.name: _reader(index) for index in shape}
        self._ambiguous = {index.name: _labels_of_several(index) for index in shape}

    def values(self) -> dict[str, dict[tuple[str, ...], Any]]:
        """Return what the file says by key and cell; what cannot be read is a fault and left out."""
        key = f"inputs.{self._name}.columns"
        for column in self._table.columns:
            self._faults.known(key, column, [*(index.name for index in self._shape), *self._keys], "column")
        try:
            self._read()
        except InvalidValue as error:
            self._faults.add(f"inputs.{self._name}.table", str(error))
        for message, places in self._wrong.items():
            self._faults.add(f"inputs.{self._name}.table", f"{self._rows.file}, {among(places)}: {message}")
        return self._found

    def _read(self) -> None:
        found = {index.name: self._column(index.name) for index in self._shape}
        self.columns |= {each for each in found.values() if each is not None}
        without = [index for index in self._shape if found[index.name] is None]
        if len(without) == 1 and (wide := self._of_members(without[0])):
            self._refuse_strays(found, without[0], wide)
            self._read_wide(found, without[0], wide)
        elif without:
            # a column for each member stands for that of its index
            lacking = [index for index in without if not self._of_members(index)]
            self._missing_column((lacking or without)[0].name)
        else:
            self._read_long(found)

    @property
    def unread(self) -> str:
        """The columns of a table of members' columns that are no member's, for a message; nothing without."""
        named = ", ".join(f'"{each}"' for each in self._unread[:3])
        return f"{self._rows.file} has columns of no member: {named}" if named else ""

    def _refuse_strays(
        self, found: Mapping[str, int | None], index: Index, columns: Mapping[str, int]
    ) -> None:
        """Refuse columns that would be passed over, though they look like a member's or a key's."""
        places = {*columns.values(), *found.values()}
        names = self._rows.headings.names
        unread = [name for place, name in enumerate(names) if place not in places]
        passed = {*self._rows.headings.spelt(self._others), ""}
        layout = self._rows.layout
        known = [names[place] for place in unit_columns(layout) | currency_columns(layout)]
        self._unread = [each for each in unread if each not in passed and each not in known]
        for said in _strays(self._unread, index, columns):
            self._faults.add(f"inputs.{self._name}.table", f"{self._rows.file} has {said}")
        headed = (key for key in SPREADS if self._rows.headings.spelt([key]).intersection(self._unread))
        given = {*self._table.columns, *headed}
        for key in (key for key in self._keys if key in given):
            said = f"has a column for each {index.name}, which holds points alone"
            advice = f"write {key} as a key of inputs.{self._name}, or a row for each cell"
            self._faults.add(f"inputs.{self._name}.table", f"{self._rows.file} {said}; {advice}")

    def _column(self, what: str) -> int | None:
        return self._rows.column(self._table.columns.get(what, what))

    def _missing_column(self, what: str) -> None:
        heading = self._table.columns.get(what, what)
        names = [name for name in self._rows.headings.names if name]
        said = f'{self._rows.file} has no column "{heading}"{suggestion(heading, names)}'
        advice = f'columns = {{ {what} = "…" }} names another'
        self._faults.add(f"inputs.{self._name}.table", f"{said}; {advice}")

    def _of_members(self, index: Index) -> dict[str, int]:
        """Return the column of each member of an index that has one of its own."""
        read = self._readers[index.name]
        columns: dict[str, int] = {}
        for place, heading in enumerate(self._rows.headings.names):
            member = read(heading) if heading else None
            if member is not None and columns.setdefault(member, place) != place:
                raise InvalidValue(f'{self._rows.file} has several columns of "{member}"')
        return columns

    def _read_wide(self, found: Mapping[str, int | None], index: Index, columns: Mapping[str, int]) -> None:
        self.numbers = (*columns.values(),)
        among = [number for column in columns.values() for number in self._rows.numbers(column)]
        # members may have thousands of columns, and some no numbers
        rows = self._rows._replace(layout=self._rows.layout.reading(columns.values()))
        self.columns |= {*columns.values()}
        self.points |= {*columns.values()}
        for column in columns.values():
            refuse_no_values(rows, column, {*columns.values()} - {column}, among)
        for place, cells in self._rows.rows:
            for member, column in columns.items():
                members = self._members(place, cells, found, {index.name: member})
                if members is not None and cells[column]:
                    self._keep("point", members, place, cells[column])

    def _read_long(self, found: Mapping[str, int | None]) -> None:
        keys = {key: column for key in self._keys if (column := self._column(key)) is not None}
        self.numbers = tuple(keys[key] for key in ("point", *SPREADS) if key in keys)[:1]
        for named in self._table.columns:
            if named in self._keys and named not in keys:
                self._missing_column(named)
        if "distribution" not in {*keys, *self._table.columns}:
            self._refuse_misspelt()
            self._find_spreads({*self._others, *self._table.columns.values(), *self._keys, *found})
        given: Any = self._table.point
        if "point" not in keys | dict.fromkeys(self._table.columns) and given == {}:
            self._missing_column("point")
        self._found |= {key: {} for key in keys}
        self.columns |= {*keys.values()}
        self.points |= {keys[key] for key in keys if key == "point"}
        for key in NUMBERS:
            if key in keys:
                self._rows.refuse_grouped_points(keys[key])
        names = self._rows.headings.names
        self.limits = [names[keys[key]] for key in ("low", "high") if key in keys]
        if "point" in keys:
            read = {*keys.values(), *found.values()} - {keys["point"]}
            refuse_no_values(self._rows, keys["point"], {each for each in read if each is not None})
        measured = [self._rows.number_column(keys[key]) for key in NUMBERS if key in keys]
        with _in_one_line(self._rows.file):
            refuse_codes_below(measured)
        self.doubts = [*codes_notes_of(measured)]
        for place, cells in self._rows.rows:
            members = self._members(place, cells, found, {})
            if members is None:
                continue
            for key, column in keys.items():
                spread = (names[column], cells[column], self._table.unit)
                if key == "distribution" and (said := otherwise(*spread)):
                    self._wrong.setdefault(said, []).append(place)
                elif cells[column]:
                    self._keep(key, members, place, cells[column])
                    if key == "distribution":
                        self.spreads |= dict.fromkeys(spread_notes(*spread))
                elif key == "point":
                    self._wrong.setdefault("the point is empty", []).append(place)

    def _find_spreads(self, read: Collection[str]) -> None:
        """Find columns of spreads that nothing reads, if nothing else says how the cells vary."""
        if "distribution" not in self._table.model_fields_set:
            known = self._rows.headings.spelt(read)
            self.unread_spreads = [each for each in self._rows.headings.names if is_of_spread(each, known)]

    def _refuse_misspelt(self) -> None:
        """Refuse a heading that is "distribution" but for a letter or two: all cells would be fixed."""
        known = self._rows.headings.spelt({*self._others, *self._table.columns.values()})
        headings = {name.lower(): name for name in self._rows.headings.names if name not in known}
        for each in get_close_matches("distribution", headings, cutoff=0.9):
            heading = headings[each]
            said = f'{self._rows.file} has a column "{heading}", which is no key{meant("distribution")}'
            self._faults.add(f"inputs.{self._name}.table", said)

    def _members(
        self, place: str, cells: Sequence[str], columns: Mapping[str, int | None], given: Mapping[str, str]
    ) -> tuple[str, ...] | None:
        """Return the members that a row, or a cell of it, is of."""
        found = []
        for index in self._shape:
            column = columns[index.name]
            member = given.get(index.name) if column is None else self._readers[index.name](cells[column])
            if member is None:
                text = "" if column is None else cells[column]
                if text in self._ambiguous[index.name]:
                    said = f'"{text}" is the label of several members of the index {index.name}; write a name'
                    self._wrong.setdefault(said, []).append(place)
                    return None
                known = [*index.members, *filter(None, index.members.values())]
                is_sum = is_summary(text) and text.casefold() not in map(str.casefold, known)
                leave_out = f"; {LEAVE_OUT}, or add it to the index if it is a member"
                hint = leave_out if is_sum else nearest(text, known)
                if index.ordered and is_number(text):
                    # the nearest number is another member, which has a row of its own
                    hint = "; leave the row out, or add the member"
                said = f'unknown member "{text}" of the index {index.name}{hint}'
                self._wrong.setdefault(said, []).append(place)
                return None
            found.append(member)
        members = tuple(found)
        earlier = self._seen.setdefault(members, place)
        if earlier != place:
            said = f"{written(self._name, members)} stands twice, first in {earlier}"
            self._wrong.setdefault(said, []).append(place)
            return None
        return members

    @property
    def citing(self) -> list[Citing]:
        """The texts that may cite sources, each once with all its lines."""
        at = f"inputs.{self._name}.table"
        return [
            Citing(at, key, text, f"{self._rows.file}, {among(places)}: {key}: ")
            for (key, text), places in self._citing.items()
        ]

    def _keep(self, key: str, members: tuple[str, ...], place: str, text: str) -> None:
        if key in prose():
            self._citing.setdefault((key, text), []).append(place)
        try:
            self._found.setdefault(key, {})[members] = _READERS.get(key, str)(text)
            self.places[f"inputs.{written(self._name, members)}.{key}"] = place
        except InvalidValue as error:
            self._wrong.setdefault(f"{key}: {error}", []).append(place)


def _strays(unread: Sequence[str], index: Index, columns: Collection[str]) -> Iterator[str]:
    """Say which headings look like a member of an index that has no column, or like another number of it."""
    absent = [
        name
        for member, label in index.members.items()
        if member not in columns
        for name in (member, label)
        if name
    ]
    numbers = []
    for heading in unread:
        within = [name for name in absent if index.ordered and name in heading]
        hint = meant(max(within, key=len)) if within else nearest(heading, absent)
        if index.ordered and not within:
            hint = ""
            numbers += [heading] if is_number(heading) else []
        if hint:
            yield f'a column "{heading}", which is no member of the index {index.name}{hint}'
    if numbers:
        more = f" and {len(numbers) - 1:,} more" if len(numbers) > 1 else ""
        yield (
            f'a column "{numbers[0]}"{more}, which is no member of the index {index.name}; '
            "leave the column out, or add the member"
        )


def _labels_of_several(index: Index) -> frozenset[str]:
    """Return the labels that are those of several members, so that they mean none.

    Members of one label say their names behind it, by which they are told apart.
    """
    labels = Counter(index.members.values())
    without_names = Counter(label.removesuffix(f" ({name})") for name, label in index.members.items())
    found = {label for label, count in without_names.items() if count > 1 and label not in labels}
    return frozenset(found | {label for label, count in labels.items() if label and count > 1})


def _reader(index: Index) -> Callable[[str], str | None]:
    """Return what finds a member by its name or its label."""
    several = _labels_of_several(index)
    # a cell may have a line break or a no-break space between words
    by_label = {
        " ".join(label.split()): member
        for member, label in index.members.items()
        if label and label not in several
    }

    def read(text: str) -> str | None:
        member = index.member(text)
        return member if member in index.members else by_label.get(" ".join(text.split()))

    return read


def _distribution(text: str) -> float | str:
    try:
        return as_number(text)
    except InvalidValue:
        return text


def _basis(text: str) -> str:
    known = get_args(get_args(Basis)[0])
    if text not in known:
        # people have other bases, such as that of a heating value
        hint = nearest(text, known) or "; call the column otherwise if it says something else"
        raise InvalidValue(f"expected one of: {', '.join(known)}{hint}")
    return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(NUMBERS, as_number),
    "distribution": _distribution,
    "basis": _basis,
}
