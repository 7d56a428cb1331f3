"""Results of laboratories that a column beside them calls limits, as "<" does: they are no values."""

from __future__ import annotations

import math
from html import unescape
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.tables.flag_headings import LIMIT, NO, NOT_FOUND, OF_FLAGS, UNDER, YES, flag_table
from uncertainty.tables.owners import text_of
from uncertainty.tables.sheets import as_number, heading_name, is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from uncertainty.tables.flag_headings import FlagTable
    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

_SIGN = regex(rf"[<>≤≥]=?(?:\s?{LIMIT})?")
_NO_SIGN = regex(r"[=~]?")
"""What a column of signs has beside values."""
_OTHER_FLAGS = regex(r"[A-Z=~*]|[BEHJNPR]{2}")
"""What stands among them in a column without a heading, as "J" for what is estimated."""
_WORDS = regex(
    r"U(?:[BHJLN*+]|[,;/ ] ?[A-Z]\d?(?![A-Za-z]))*|[BHJ]U"
    r"|(?i:N\.?D\.?|LO[DQ]|M?DL|B(?:M?DL|RL|QL|LO?[DQ])|[LG]T|less than|greater than)"
)
"""As laboratories flag what they did not find; a small u says of statistics that they are not reliable."""
_PHRASES = regex(
    rf"\*?(?:{NOT_FOUND}|{UNDER}|(?i:(?:left|right)?[- ]?censored|B(?:M?DL|QL|LO?[DQ])|n\.\s?n\."
    rf"|(?:half|½|1/2|0\.5 ?[x*×·]) ?(?:of )?(?:the )?(?:{LIMIT}|detection limit)"
    rf"|{LIMIT} ?/ ?(?:2|√2|sqrt\(?2\)?)))"
)
"""Words that say so under any heading."""
_UNDER = regex(UNDER)
_ANYWHERE = regex(
    r"[<>≤≥＜＞﹤﹥⩽⩾≦≧]|&(?:[lg][te]|#\d+);"
    r"|(?i:d[eé]te[ck]t|quanti|nachw|bestimm|censored|LO?[DQ]|DL|BQL|BLO?[DQ]|limit|grenze|n\.\s?n\.)"
    r"|(?i:(?:below|under|unter|kleiner) |inférieur)"
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
_FIRST_NUMBER = regex(r"(?:[<>≤≥]=?)?\s?(\d*\.?\d+)")
"""As in "<0.2", "5-9" and "25+"."""
_OTHER_SIGNS = str.maketrans("＜＞﹤﹥⩽⩾≦≧", "<><>≤≥≤≥")
_BOUND = regex(r"[<>≤≥]=?\s?(?P<number>\d*\.?\d+)\s*")


def refuse_censored(data: NumberColumn, layout: Layout) -> None:
    """Refuse numbers beside which a column says that they are limits, as 0.2 beside "<".

    Parameters
    ----------
    layout
        What the columns of the table hold.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    table = flag_table(layout)
    is_suspect = data.text is None or _ANYWHERE.search(data.text) is not None
    signs = {column for column, texts in layout.unnamed if _are_flags({*map(_plain, texts)})}
    if not (table.flagging or table.asking or signs or is_suspect):
        return
    near = table.near(data.position)
    if is_suspect:
        told = near | table.called.get(data.position, set()) | {len(table.words) - 1}
        signs |= _columns_of_signs(data, told - {data.position} - table.flagging - table.asking - signs)
        signs |= _columns_of_phrases(data, layout.texts - {data.position} - table.flagging)
    texts, repeating = _copies(data, near) if is_suspect else (set(), set())
    own = table.of(data.position, signs)
    answering = _answering(data, table.asking & own.keys())
    own = {column: is_own for column, is_own in own.items() if column in answering | table.flagging | signs}
    for (place, cells), number in zip(data.rows(), data.numbers, strict=True):
        for column in own.keys() | near if not math.isnan(number) else ():
            said, word = _said(cells, column), table.words[column]
            is_limit = column in own and (
                _says_limit(said, word)
                or (column in answering and said.lower() in (YES if column in table.limits else NO))
            )
            is_told = column in texts and _OF_COMMENTS.fullmatch(word) and _is_phrase(said)
            if is_limit or is_told or (column in repeating and _bound(said) is not None):
                shown = text_of(cells, column)
                raise StudyError(Fault(_refusal(data, table, number, shown, column, own), place, data.file))


def says_limits_alone(texts: Collection[str]) -> bool:
    """Tell whether texts say of numbers that they are limits, or nothing, as "<" and empty cells do."""
    filled = [_plain(text) for text in texts if text]
    return bool(filled) and all(_SIGN.fullmatch(text) or _PHRASES.fullmatch(text) for text in filled)


def may_say_limit(text: str) -> bool:
    """Tell whether a text may say of a number that it is a limit, as "<", "not detected" and "< 0.5" do."""
    plain = _plain(text)
    return _says_limit(plain, "") or _bound(plain) is not None


def _said(cells: Sequence[Cell], column: int) -> str:
    """Return what a cell shows, with the usual signs for those of other widths or escaped for a page."""
    return _plain(text_of(cells, column))


def _plain(text: str) -> str:
    return unescape(text).translate(_OTHER_SIGNS)


def _refusal(
    data: NumberColumn, table: FlagTable, number: float, said: str, column: int, own: Mapping[int, bool]
) -> str:
    """Say what stands beside a number, and what to do."""
    heading = data.headings[column].strip()
    under = f' under "{heading}"' if heading else ""
    is_alone = len(table.layout.numbers - own.keys()) < 2 or own.get(column, True)
    called = f'"{data.name} flag" is called after {data.name}'
    other = "" if is_alone else f"; if it is of another number, call it after that, as {called}"
    return (
        f'{data.name}: {number:g} stands beside "{said}"{under}, which may say that it is a limit and no '
        f"value; leave out such rows, or that column if these are values{other}"
    )


def _answering(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns that answer a question in all rows: what was detected may also be counted."""
    left = {*columns}
    for _, cells in data.rows():
        left -= {column for column in left if text_of(cells, column).lower() not in ("", *YES, *NO)}
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
        said = {column: _said(cells, column) for column in left}
        for column, text in said.items():
            if not _SIGN.fullmatch(text) and not _NO_SIGN.fullmatch(text):
                left.discard(column)
            seen.setdefault(column, set()).add(text[:1] if _SIGN.fullmatch(text) else "")
        if not left:
            break
    return {column for column in left if seen.get(column, set()) - {""} and not _compares(seen[column])}


def _columns_of_phrases(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns of which a text says that something is under a limit, but those of comments."""
    names = [*map(heading_name, data.headings)]
    left = {column for column in columns if not _OF_COMMENTS.fullmatch(names[column])}
    found: set[int] = set()
    for _, cells in data.rows() if left else ():
        found |= {column for column in left - found if _UNDER.fullmatch(_said(cells, column))}
    return found


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
            said = _said(cells, column)
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


def _is_phrase(said: str) -> bool:
    """Tell whether a comment says that a number is a limit, as "< LOQ" does and "<" may not."""
    return _PHRASES.fullmatch(said) is not None or (_SIGN.fullmatch(said) is not None and said[-1:].isalpha())


def _says_limit(said: str, word: str) -> bool:
    kinds = (_SIGN, _PHRASES, _WORDS) if not word or OF_FLAGS.fullmatch(word) else (_SIGN, _PHRASES)
    return any(each.fullmatch(said) for each in kinds)


def _are_flags(texts: Collection[str]) -> bool:
    """Tell whether a column without a heading holds flags alone, or any sign."""
    are_flags = (_says_limit(each, "") or _OTHER_FLAGS.fullmatch(each) for each in texts)
    return bool(texts) and (any(map(_SIGN.fullmatch, texts)) or all(are_flags))


def _bound(said: str) -> float | None:
    """Return the number of a text that is a number as a bound, as "<0.2"."""
    found = _BOUND.fullmatch(said)
    return None if found is None else float(found["number"])
