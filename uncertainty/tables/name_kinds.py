"""Of what kind a name of a row is: its words and numbers without what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.sheets import is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = regex(r"[^\W\d_]+")
_DIGITS = regex(r"\d+")


def are_of_other_kinds(names: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether names are of other kinds than all others, which are of few; no name is of any kind.

    Examples
    --------
    >>> are_of_other_kinds(["Mean"], ["A1", "A2", "B1"]), are_of_other_kinds(["Mean"], ["Rome", "Oslo"])
    (True, False)
    """
    every = [kind_of(name) for name in others]
    kinds = {*every}
    are_few = len(kinds) <= max(1, len(every) // 4) and "" not in kinds
    return are_few and kinds.isdisjoint(map(kind_of, names))


def kind_of(name: str) -> str:
    """Return a name with each word and each number as one mark."""
    text = name.strip()
    if is_like_a_number(text):
        return "9"
    return _DIGITS.sub("9", _WORD.sub(lambda word: _cased(word[0]), text))


def _cased(word: str) -> str:
    """Return a letter for a word of one, two for one of more, as large or small as those of the word."""
    first = "A" if word[0].isupper() else "a"
    return first + ("" if len(word) == 1 else "A" if word.isupper() else "a")
