"""Results of laboratories that a column beside them calls limits, as "<" does: they are no values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.tables.flag_headings import LIMIT, OF_FLAGS, Beside
from uncertainty.tables.sheets import as_number, heading_name, is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

_SIGN = regex(rf"[<>≤≥]=?(?:\s?{LIMIT})?")
_NO_SIGN = regex(r"[=~]?")
"""What a column of signs has beside values."""
_WORDS = regex(
    r"U(?:[BHJLN*+]|[,;/ ] ?[A-Z]\d?(?![A-Za-z]))*|[BHJ]U|LT|GT"
    r"|(?i:N\.?D\.?|LO[DQ]|M?DL|B(?:M?DL|RL|QL|LO?[DQ])|less than|greater than)"
)
"""As laboratories flag what they did not find; a small u says of statistics that they are not reliable."""
_PHRASES = regex(
    rf"\*?(?i:not detected|non-?detect(?:ed|s)?|(?:left|right)?[- ]?censored|B(?:M?DL|QL|LO?[DQ])|n\.\s?n\."
    rf"|(?:(?:present|is|value|result) )?(?:below|under) (?:the )?(?:{LIMIT}|limit of (?:det|quant)\w*"
    r"|(?:detection|quantification|reporting) limit)|unter (?:der )?(?:nachweis|bestimmungs)grenze"
    rf"|(?:half|½|1/2|0\.5 ?[x*×·]) ?(?:of )?(?:the )?(?:{LIMIT}|detection limit)"
    rf"|{LIMIT} ?/ ?(?:2|√2|sqrt\(?2\)?))"
)
"""Words that say so under any heading."""
_ANYWHERE = regex(
    r"[<>≤≥]|(?i:detect|censored|LO[DQ]|DL|BQL|BLO?[DQ]|limit|grenze|n\.\s?n\.|(?:below|under) )"
)
_OF_TRENDS = regex(
    r"(?:\w+_)?(?:trend|tend\w*|direction|richtung|arrow|change|compar\w*|sig|signif\w*|rating|bewertung|rank"
    r"|vs\.?(?:_.+)?|(?:versus|than)_.+)"
)
"""Headings over signs that compare a number with another."""
_OF_COMMENTS = regex(
    r"(?:\w*_)?(?:comment|note|remark|observation|bemerkung|anmerkung|kommentar|remarque|status|condition)s?"
    r"|\w*text"
)
_YES, _NO = ("1", "true", "yes", "y", "t", "x"), ("0", "false", "no", "n", "f")
_FIRST_NUMBER = regex(r"(?:[<>≤≥]=?)?\s?(\d*\.?\d+)")
"""As in "<0.2", "5-9" and "25+"."""
_BOUND = regex(r"[<>≤≥]=?\s?(?P<number>\d*\.?\d+)\s*")


def refuse_censored(data: NumberColumn) -> None:
    """Refuse numbers beside which a column says that they are limits, as 0.2 beside "<".

    Raises
    ------
    StudyError
        With the place of the first.
    """
    beside = Beside.of(data.headings, data.position)
    near, flagging, asking = beside.near, beside.flagging, beside.asking
    is_suspect = data.text is None or _ANYWHERE.search(data.text) is not None
    if not (flagging or asking or is_suspect):
        return
    answering = _answering(data, asking)
    flagging |= answering
    if is_suspect:
        flagging |= _columns_of_signs(data, {*near, *beside.called, len(beside.words) - 1} - {data.position})
    texts, repeating = _copies(data, near) if is_suspect else (set(), set())
    own = [*beside.own(flagging), *(column for column in near if not data.headings[column])]
    for (place, cells), number in zip(data.rows(), data.numbers, strict=True):
        for column in {*own, *near} if not math.isnan(number) else ():
            said, word = _text(cells, column), beside.words[column]
            is_limit = column in own and (
                _says_limit(said, word)
                or (column in answering and said.lower() in (_YES if beside.asks_limits(column) else _NO))
            )
            is_told = column in texts and _OF_COMMENTS.fullmatch(word) and _PHRASES.fullmatch(said)
            if is_limit or is_told or (column in repeating and _bound(said) is not None):
                heading = data.headings[column].strip()
                under = f' under "{heading}"' if heading else ""
                message = (
                    f'{data.name}: {number:g} stands beside "{said}"{under}, which may say '
                    "that it is a limit and no value; leave out such rows, or that column if these are values"
                )
                raise StudyError(Fault(message, place, data.file))


def _answering(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns that answer a question in all rows: what was detected may also be counted."""
    left = {*columns}
    for _, cells in data.rows():
        left -= {column for column in left if _text(cells, column).lower() not in ("", *_YES, *_NO)}
        if not left:
            break
    return left


def _columns_of_signs(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns that hold signs alone, whatever they are called.

    Signs of both directions beside every number compare these with another number.
    """
    names = map(heading_name, data.headings)
    left = {*columns} - {place for place, name in enumerate(names) if _OF_TRENDS.fullmatch(name)}
    seen: dict[int, set[str]] = {}
    for _, cells in data.rows():
        said = {column: _text(cells, column) for column in left}
        for column, text in said.items():
            if not _SIGN.fullmatch(text) and not _NO_SIGN.fullmatch(text):
                left.discard(column)
            seen.setdefault(column, set()).add(text[:1] if _SIGN.fullmatch(text) else "")
        if not left:
            break
    return {column for column in left if seen.get(column, set()) - {""} and not _compares(seen[column])}


def _compares(signs: Collection[str]) -> bool:
    return "" not in signs and bool({"<", "≤"} & {*signs}) and bool({">", "≥"} & {*signs})


def _copies(data: NumberColumn, near: Collection[int]) -> tuple[set[int], set[int]]:
    """Return the columns of texts, and of the same numbers as texts: another quantity has its own limits.

    Returns
    -------
    texts, repeating
        Of the columns behind the number those of texts, and of these the ones whose bounds are of it:
        other cells repeat it, or each begins with its number, as classes and one bound for all do not.
    """
    texts = {column for column in near if column > data.position}
    same: set[int] = set()
    other: set[int] = set()
    for (_, cells), number in zip(data.rows(), data.numbers, strict=True):
        for column in [*texts]:
            said = _text(cells, column)
            if _is_another(said, number):
                texts.discard(column)
            elif is_like_a_number(said):
                same.add(column)
            elif (
                not math.isnan(number) and (found := _FIRST_NUMBER.match(said)) and float(found[1]) != number
            ):
                other.add(column)
    return texts, {column for column in texts if column in same or column not in other}


def _is_another(said: str, number: float) -> bool:
    try:
        return is_like_a_number(said) and as_number(said) != number
    except InvalidValue:
        return True


def _text(cells: Sequence[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else None
    return "" if cell is None else cell.strip() if isinstance(cell, str) else f"{cell:g}"


def _says_limit(said: str, word: str) -> bool:
    kinds = (_SIGN, _PHRASES, _WORDS) if OF_FLAGS.fullmatch(word) else (_SIGN, _PHRASES)
    return any(each.fullmatch(said) for each in kinds)


def _bound(said: str) -> float | None:
    """Return the number of a text that is a number as a bound, as "<0.2"."""
    found = _BOUND.fullmatch(said)
    return None if found is None else float(found["number"])
