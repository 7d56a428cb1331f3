"""Results of laboratories that a column beside them calls limits, as "<" does: they are no values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.sheets import heading_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.tables.number_column import NumberColumn

_SIGNS = regex(r"[<>≤≥]=?(?:\s?(?:LO[DQ]|MDL|RL))?")
_WORDS = regex(
    r"UJ?|N\.?D\.?|LT|GT|BDL|BLQ|BQL|(?:below |under )?LO[DQ]|(?i:not detected|non-?detect(?:ed|s)?|censored)"
    r"|(?i:below (?:the )?(?:detection|quantification|reporting) limit)"
)
"""As laboratories flag what they did not find; a small u says of statistics that they are not reliable."""
_ANYWHERE = regex(r"[<>≤≥]|U|N\.?D|LT|GT|B[DLQ]{2}|LO[DQ]|(?i:detect|censored|limit)")
_OF_FLAGS = regex(
    r"(?!obs_)(?:\w*(?:qualifier|flag|remark|censor|detection_?condition)\w*|(?:\w+_)?(?:qual|q))"
)
"""Headings, as `heading_name` gives them, over signs and words; those of statistics have other codes."""
_OF_SIGNS = regex(r"(?:\w+_)?(?:operator|sign|symbol|comparator|prefix|modifier)|[<>≤≥/]+")
"""Headings over signs alone: an operator may be somebody with the initials N.D."""


def refuse_censored(data: NumberColumn) -> None:
    """Refuse numbers beside which a column says that they are limits, as 0.2 beside "<".

    Raises
    ------
    StudyError
        With the place of the first.
    """
    headings = data.headings
    beside = _beside(headings, data.position)
    if not beside or (data.text is not None and not _ANYWHERE.search(data.text)):
        return
    for (place, cells), number in zip(data.rows(), data.numbers, strict=True):
        for column in beside if not math.isnan(number) else ():
            said = cells[column] if column < len(cells) else None
            if isinstance(said, str) and _says_limit(said, headings[column]):
                under = f' under "{headings[column]}"' if headings[column].strip() else ""
                message = (
                    f'{data.name}: {number:g} stands beside "{said.strip()}"{under}, which may say '
                    "that it is a limit and no value; leave out such rows, or that column if these are values"
                )
                raise StudyError(Fault(message, place, data.file))


def _beside(headings: Sequence[str], position: int) -> list[int]:
    """Return the columns that may say of each number what it is: next to it, or the only one of signs."""
    names = [heading_name(heading) for heading in headings]
    of_signs = [
        column
        for column, name in enumerate(names)
        if column != position and (_OF_FLAGS.fullmatch(name) or _OF_SIGNS.fullmatch(name))
    ]
    near = [column for column in (position + 1, position - 1) if 0 <= column < len(headings)]
    next_to = [column for column in near if column in of_signs]
    own = [column for column in next_to if names[position] in names[column]]
    # of "As | flag | Pb | flag" each number has its flag behind it, of "flag | As | flag | Pb" before it
    next_to.sort(reverse=len(headings) - 1 in of_signs)
    named = of_signs if len(of_signs) == 1 else (own or next_to)[:1]
    return [*named, *(column for column in near if not names[column])]


def _says_limit(said: str, heading: str) -> bool:
    words, is_of_flags = said.strip(), _OF_FLAGS.fullmatch(heading_name(heading))
    return bool(_SIGNS.fullmatch(words) or (is_of_flags and _WORDS.fullmatch(words)))
