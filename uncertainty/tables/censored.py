"""Results of laboratories that a column beside them calls limits, as "<" does: they are no values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.tables.sheets import as_number, heading_name, is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

_LIMIT = r"(?i:LO[DQ]|[IM]?DL|M?RL|CRQL|M?QL|PQL|BG|NG)"
_SIGN = regex(rf"[<>≤≥]=?(?:\s?{_LIMIT})?")
_NO_SIGN = regex(r"[=~]?")
"""What a column of signs has beside values."""
_WORDS = regex(
    r"U(?:[,;/ ]?[JLN*])?|JU|LT|GT|(?i:N\.?D\.?|LO[DQ]|M?DL|B(?:M?DL|RL|QL|LO?[DQ])|less than|greater than)"
)
"""As laboratories flag what they did not find; a small u says of statistics that they are not reliable."""
_PHRASES = regex(
    rf"\*?(?i:not detected|non-?detect(?:ed|s)?|(?:left|right)?[- ]?censored|B(?:M?DL|QL|LO?[DQ])|n\.\s?n\."
    rf"|(?:present |is )?(?:below|under) (?:the )?(?:{_LIMIT}|(?:detection|quantification|reporting) limit"
    r"|limit of (?:detection|quantification))|unter (?:der )?(?:nachweis|bestimmungs)grenze)"
)
"""Words that say so under any heading."""
_ANYWHERE = regex(r"[<>≤≥]|(?i:detect|censored|BM?DL|BQL|BLO?[DQ]|limit|grenze|n\.\s?n\.|(?:below|under) )")
_OF_FLAGS = regex(
    r"(?!obs_)(?:\w*(?:qualifier|flag|remark|censor|detection_?condition)\w*|(?:\w+_)?(?:qual|q))"
)
"""Headings, as `heading_name` gives them, over signs and words; those of statistics have other codes."""
_OF_SIGNS = regex(r"(?:\w+_)?(?:operator|sign|symbol|comparator|prefix|modifier)|[<>≤≥/]+")
"""Headings over signs alone: an operator may be somebody with the initials N.D."""
_OF_TRENDS = regex(r"(?:\w+_)?(?:trend|direction|change|compar\w*|vs|sig|signif\w*)")
"""Headings over signs that compare a number with another."""
_OF_LIMITS = regex(rf"(?:\w+_)?(?:non-?_?detect(?:ed|s)?|cens(?:ored)?|(?:below_|<_?){_LIMIT})(?:_flag)?")
_OF_FINDS = regex(r"(?:\w+_)?detect(?:ed)?(?:_flag)?")
"""Headings of questions: whether it is a limit, and whether it is none."""
_OF_COMMENTS = regex(
    r"(?:\w*_)?(?:comment|note|remark|observation|bemerkung|anmerkung|kommentar|remarque|status|condition)s?"
    r"|\w*text"
)
_YES, _NO = ("1", "true", "yes", "y", "t", "x"), ("0", "false", "no", "n", "f")
_BOUND = regex(r"[<>≤≥]=?\s?(?P<number>\d*\.?\d+)\s*")


def refuse_censored(data: NumberColumn) -> None:
    """Refuse numbers beside which a column says that they are limits, as 0.2 beside "<".

    Raises
    ------
    StudyError
        With the place of the first.
    """
    names = [heading_name(heading) for heading in data.headings]
    near = [column for column in (data.position + 1, data.position - 1) if 0 <= column < len(names)]
    is_suspect = data.text is None or _ANYWHERE.search(data.text) is not None
    flagging = {column for column in range(len(names)) if column != data.position and _flags(names[column])}
    asking = {column for column in near if _asks(names[column], names[data.position])}
    if not (flagging or asking or is_suspect):
        return
    answering = _answering(data, asking)
    flagging |= answering
    if is_suspect:
        flagging |= _columns_of_signs(data, {*near, len(names) - 1} - {data.position})
    copies = _copies(data, near) if is_suspect else set()
    own = [*_own(names, data.position, flagging), *(column for column in near if not names[column])]
    for (place, cells), number in zip(data.rows(), data.numbers, strict=True):
        for column in {*own, *near} if not math.isnan(number) else ():
            said = _text(cells, column)
            is_limit = column in own and (
                _says_limit(said, names[column]) or (column in answering and _is_answer(said, names[column]))
            )
            is_told = _OF_COMMENTS.fullmatch(names[column]) and _PHRASES.fullmatch(said)
            if is_limit or (column in copies and (_is_bound(said, number) or is_told)):
                heading = data.headings[column].strip()
                under = f' under "{heading}"' if heading else ""
                message = (
                    f'{data.name}: {number:g} stands beside "{said}"{under}, which may say '
                    "that it is a limit and no value; leave out such rows, or that column if these are values"
                )
                raise StudyError(Fault(message, place, data.file))


def _flags(name: str) -> bool:
    return bool(_OF_FLAGS.fullmatch(name) or _OF_SIGNS.fullmatch(name))


def _asks(name: str, own: str) -> bool:
    """Tell whether a heading asks if a number is a limit, or was found, as "D_Pb" of "Pb" does."""
    return bool(_OF_LIMITS.fullmatch(name) or _OF_FINDS.fullmatch(name) or name == f"d_{own}")


def _answering(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns that answer a question in all rows: what was detected may also be counted."""
    left = {*columns}
    for _, cells in data.rows():
        left -= {column for column in left if _text(cells, column).lower() not in ("", *_YES, *_NO)}
        if not left:
            break
    return left


def _columns_of_signs(data: NumberColumn, columns: Collection[int]) -> set[int]:
    """Return the columns that hold signs alone, whatever they are called."""
    names = map(heading_name, data.headings)
    seen, left = set(), {*columns} - {place for place, name in enumerate(names) if _OF_TRENDS.fullmatch(name)}
    for _, cells in data.rows():
        said = {column: _text(cells, column) for column in left}
        seen |= {column for column, text in said.items() if _SIGN.fullmatch(text)}
        left -= {
            column
            for column, text in said.items()
            if not _SIGN.fullmatch(text) and not _NO_SIGN.fullmatch(text)
        }
        if not left:
            break
    return seen & left


def _copies(data: NumberColumn, near: Collection[int]) -> set[int]:
    """Return the columns of texts, and of the same numbers as texts: another quantity has its own limits."""
    left = {column for column in near if column > data.position}
    for (_, cells), number in zip(data.rows(), data.numbers, strict=True):
        left -= {column for column in left if _is_another(_text(cells, column), number)}
    return left


def _is_another(said: str, number: float) -> bool:
    try:
        return is_like_a_number(said) and as_number(said) != number
    except InvalidValue:
        return True


def _own(names: Sequence[str], position: int, flagging: Collection[int]) -> list[int]:
    """Return the column that may say of each number what it is: next to it, or the only one."""
    flagging = [column for column in flagging if not _is_of_another(names, position, names[column])]
    if len(flagging) == 1:
        return flagging
    next_to = [column for column in (position + 1, position - 1) if column in flagging]
    own = [column for column in next_to if names[position] in names[column]]
    # of "As | flag | Pb | flag" each number has its flag behind it, of "flag | As | flag | Pb" before it
    next_to.sort(reverse=len(names) - 1 in flagging)
    return (own or next_to)[:1]


def _is_of_another(names: Sequence[str], position: int, flag: str) -> bool:
    """Tell whether a heading has the name of another column in it, as "Pb_flag" of lead beside arsenic."""
    others = (each for each in names if each and each not in (flag, names[position]))
    is_of_another = any(flag.startswith(f"{each}_") or flag.endswith(f"_{each}") for each in others)
    return is_of_another and names[position] not in flag


def _text(cells: Sequence[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else None
    return "" if cell is None else cell.strip() if isinstance(cell, str) else f"{cell:g}"


def _says_limit(said: str, name: str) -> bool:
    kinds = (_SIGN, _PHRASES, _WORDS) if _OF_FLAGS.fullmatch(name) else (_SIGN, _PHRASES)
    return any(each.fullmatch(said) for each in kinds)


def _is_answer(said: str, name: str) -> bool:
    """Tell whether a text answers the question of its heading so that the number beside it is a limit."""
    return said.lower() in (_YES if _OF_LIMITS.fullmatch(name) else _NO)


def _is_bound(said: str, number: float) -> bool:
    """Tell whether a text is a number as a bound, as "<0.2" beside 0.2."""
    found = _BOUND.fullmatch(said)
    return found is not None and float(found["number"]) == number
