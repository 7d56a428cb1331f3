"""Rows that may be no data by what they are called or by what stands beside them, and that are read as data.

None of these signs is sure enough to refuse a file: people are told which rows they are. A row that is set
apart as a comment is, by "#" or "//" before its first cell, is refused where other rows are not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.censored import may_say_limit
from uncertainty.tables.flag_headings import LIMIT, NO, NOT_FOUND, YES
from uncertainty.tables.group_statistics import statistics_of_groups
from uncertainty.tables.name_kinds import are_of_other_kinds, kind_of
from uncertainty.tables.owners import text_of, words_of
from uncertainty.tables.rounded_sums import rounded_sums_notes
from uncertainty.tables.row_names import is_of_all, is_rejected, names_told
from uncertainty.tables.sheets import is_like_a_number
from uncertainty.tables.summaries import Summary, is_a_name, is_a_statistic, is_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

_OF_NOTES = regex(r"(?:\w*_)?(?:comment|note|remark|bemerkung|anmerkung|kommentar|remarque|flag)s?")
_THREE_DIGITS = regex(r"\d{3}")
"""What a comma that groups thousands leaves in the cell behind: of 1,250 the 250."""

_KEPT = 2**14
"""Texts of which it is kept whether they say something."""
_SHOWN = 3
"""Rows that are named."""
_MOST_KEYS = 3
"""Columns of numbers before another that may name its rows, as years do."""
_COMMENTS = ("#", "//", "%", "!", ";")
"""What stands before a line that programs leave out."""
_STATUS = regex(r"(?:obs_|value_)?(?:status|flag)s?|flag_description")
_NO_VALUE = ("M", "m", "L", "O", ":", "missing value")
"""What statistical offices say of a value that is missing."""
_ASKING_GOOD = regex(r"(?:is_)?(?:valid|use|used|include[d]?|good|accept(?:ed)?|gültig|ok)")
_ASKING_BAD = regex(r"(?:is_)?(?:invalid|exclude[d]?|outlier|reject(?:ed)?|bad|drop(?:ped)?|error|ausreißer)")
_OF_QUALITY = regex(
    r"(?:\w+_)?(?:q[acf]|qa_?qc|(?:data_?)?qualit(?:y|ät|é)|flag|valid(?:ity|ated|ation)?)"
    r"(?:_?(?:flag|code|status|control|check)s?)?s?"
)
"""Headings over what is thought of the numbers of rows."""
_BAD = regex(r"bad|poor|wrong|error|suspected|schlecht|falsch|mauvais|faux|malo", re.IGNORECASE)
_CODE = regex(r"\d?")
_MONTHS = regex(r"month|monat|mois|mes|period|yyyymm|time_?period")
_THIRTEENTH = regex(r"(?:\d{4})?[- ]?[Mm]?13")
_NOT_FOUND = regex(NOT_FOUND)
_OF_LIMITS = regex(rf"(?:\w+_)?(?:{LIMIT}|(?:detection|quantification|reporting)_limit)", re.IGNORECASE)


def refuse_commented(column: NumberColumn) -> None:
    """Refuse a column of which some rows begin as comments do: a program may leave them out, or not.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    if column.text and not any(each in column.text for each in _COMMENTS):
        return
    begun = [
        (place, str(cells[0]).strip())
        for (place, cells), number in zip(column.rows(), column.numbers, strict=True)
        if not math.isnan(number) and column.position
    ]
    commented = [each for each in begun if each[1].startswith(_COMMENTS)]
    if commented and 2 * len(commented) <= len(begun):
        place, text = commented[0]
        said = f'"{text[:40]}" begins as a comment does, and its number may be none of the data'
        advice = "leave the line out, or call it otherwise if it is one of them"
        raise StudyError(Fault(f"{column.name}: {said}; {advice}", place, column.file))


def apart_notes(column: NumberColumn, layout: Layout) -> tuple[str, ...]:
    """Return which rows may be no data by their names or by what stands beside them, as sentences.

    Parameters
    ----------
    layout
        What the columns of the table hold.
    """
    asking = _Asking(column, layout)
    # below a number stand numbers of the row, and not its name
    before = range(min(column.position, _MOST_KEYS))
    keys = (each for each in before if not is_like_a_number(layout.headings[each]))
    naming = sorted({*layout.texts, *keys} - {column.position})
    names: dict[int, Counter[str]] = {each: Counter() for each in naming}
    for (_, cells), number in zip(column.rows(), column.numbers, strict=True):
        for each, found in names.items() if not math.isnan(number) else ():
            found[text_of(cells, each)] += 1
    told = {each: names_told(found, _statistics(found)) for each, found in names.items()}
    grouped = statistics_of_groups(column, naming)
    count = sum(not math.isnan(number) for number in column.numbers)
    if 2 * len(grouped) > count:
        grouped = {}
    named: dict[str, str] = {}
    beside: dict[str, str] = {}
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        if math.isnan(number):
            continue
        texts = (
            Summary(place, text, column.headings[each])
            for each, known in told.items()
            if (text := text_of(cells, each)) in known
        )
        if name := next((each.name for each in texts if is_a_name(each)), grouped.get(place, "")):
            named[place] = name
        elif said := asking.said(cells, number):
            beside[place] = f"{said} ({place})"
    shown = {place: f'"{named[place][:40]}" ({place})' for place in _in_order(named)}
    few = beside if 2 * len(beside) <= count else {}
    return (
        *_sentence(column.name, shown, "called"),
        *_sentence(column.name, few, "beside"),
        *rounded_sums_notes(column),
    )


def beside_notes(column: NumberColumn, texts: Collection[int]) -> Iterator[str]:
    """Yield which rows are beside a text that says of their number that it is a limit, or left out.

    Parameters
    ----------
    texts
        The columns that are looked at.
    """
    found = {
        place: f'"{text[:40]}" under "{column.headings[each]}" ({place})'
        for (place, cells), number in zip(column.rows(), column.numbers, strict=True)
        for each in texts
        if not math.isnan(number) and (is_rejected(text := text_of(cells, each)) or may_say_limit(text))
    }
    yield from _sentence(column.name, found, "beside")


def _in_order(named: dict[str, str]) -> Iterator[str]:
    """Yield the places of rows: of each name one before it stands again, and those of all others first."""
    first = {name: place for place, name in reversed(named.items())}
    ways = {place: (first[name] != place, not is_of_all(name)) for place, name in named.items()}
    yield from sorted(named, key=lambda place: ways[place])


def _statistics(names: Collection[str]) -> set[str]:
    """Return names of statistics, as "SD", beside one that is surely so, or if no other is of their kind."""
    found = {each for each in names if is_a_statistic(each)}
    others = {*names} - found
    if any(is_summary(each, surely=True) for each in found):
        return found
    strange = {
        kind
        for kind, each in {kind_of(each): each for each in found}.items()
        if are_of_other_kinds([each], others)
    }
    return {each for each in found if kind_of(each) in strange}


def _sentence(name: str, found: Mapping[str, str], what: str) -> Iterator[str]:
    """Yield a sentence on rows, if there are any."""
    if found:
        shown = [*found.values()][:_SHOWN]
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        is_one = len(found) == 1
        rows = f"{'a row' if is_one else 'rows'} {what} {', '.join(shown)}{more}"
        yield f"{name}: {rows} {'is' if is_one else 'are'} read as data; leave out what is none."


class _Asking:
    """What the columns beside a number say of its rows.

    Parameters
    ----------
    column
        The number.
    layout
        What the columns of its table hold.
    """

    def __init__(self, column: NumberColumn, layout: Layout) -> None:
        self._headings = layout.headings
        words = {
            place: words_of(each) for place, each in enumerate(layout.headings) if place != column.position
        }
        answering = _answering(column, [*words.items()])
        self._says: dict[int, Callable[[str], object]] = dict.fromkeys(
            layout.texts - {column.position}, lambda text: is_rejected(text) or _NOT_FOUND.fullmatch(text)
        )
        for place, word in words.items():
            if place in answering:
                self._says[place] = (NO if _ASKING_GOOD.fullmatch(word) else YES).__contains__
            elif _OF_QUALITY.fullmatch(word) or _STATUS.fullmatch(word):
                good = _usual_code(column, place) if _OF_QUALITY.fullmatch(word) else None
                missing = _NO_VALUE if _STATUS.fullmatch(word) else ()
                self._says[place] = partial(_is_bad, good, missing)
            elif place == column.position + 1 and column.text is not None and _OF_NOTES.fullmatch(word):
                self._says[place] = lambda text: _THREE_DIGITS.fullmatch(text) or is_rejected(text)
            elif _MONTHS.fullmatch(word):
                self._says[place] = _THIRTEENTH.fullmatch
        numbers = [place for place in words if place in layout.numbers]
        self._limits = [place for place in numbers if _OF_LIMITS.fullmatch(words[place])]
        self._known: dict[tuple[int, str], bool] = {}
        self._answering = answering

    def said(self, cells: Sequence[Cell], number: float) -> str:
        """Return what says of a row that it may be no datum; nothing where nothing does."""
        for place in self._says:
            text = text_of(cells, place)
            if text and self._is_said(place, text):
                return f'"{text[:40]}" under "{self._headings[place]}"'
        for place in self._limits:
            text = text_of(cells, place)
            if is_like_a_number(text) and "," not in text and "%" not in text and number <= float(text):
                return f'the limit {text} under "{self._headings[place]}"'
        return ""

    def _is_said(self, place: int, text: str) -> bool:
        if (place, text) not in self._known:
            plain = text.lower() if place in self._answering else text
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[place, text] = bool(self._says[place](plain))
        return self._known[place, text]


def _is_bad(good: str | None, missing: Collection[str], text: str) -> bool:
    """Tell whether a text says that a number is bad or missing, or is another code than that of most rows."""
    if text.isdigit():
        return good not in (None, text)
    return text in missing or is_rejected(text) or _BAD.fullmatch(text) is not None


def _usual_code(column: NumberColumn, place: int) -> str | None:
    """Return the code that a column has beside most numbers; None where it holds more than codes."""
    found = Counter(
        text_of(cells, place)
        for (_, cells), number in zip(column.rows(), column.numbers, strict=True)
        if not math.isnan(number)
    )
    return found.most_common(1)[0][0] if found and all(map(_CODE.fullmatch, found)) else None


def _answering(column: NumberColumn, words: Sequence[tuple[int, str]]) -> set[int]:
    """Return the columns that ask whether a row is good or bad, and are answered by yes and no alone."""
    left = {place for place, word in words if _ASKING_GOOD.fullmatch(word) or _ASKING_BAD.fullmatch(word)}
    for _, cells in column.rows() if left else ():
        left -= {place for place in left if text_of(cells, place).lower() not in ("", *YES, *NO)}
    return left
