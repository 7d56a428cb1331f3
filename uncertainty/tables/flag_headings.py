"""Headings of columns that may say of the numbers beside them that they are limits, and of which number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.tables.sheets import heading_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LIMIT = r"(?i:LO[DQ]|[IM]?DL|M?RL|CRQL|M?QL|PQL|BG|NG)"
OF_FLAGS = regex(
    r"(?!obs_|conf_|urban|rural|country|reporter|partner)"
    r"(?:\w*(?:qualifier|flag|remark|censor|detection_?condition)\w*|(?:\w+_)?(?:qual|q))"
)
"""Headings, as `heading_name` gives them, over signs and words; those of statistics have other codes."""
_OF_SIGNS = regex(r"(?:\w+_)?(?:operator|sign|symbol|comparator|prefix|modifier)|[<>≤≥/]+")
"""Headings over signs alone: an operator may be somebody with the initials N.D."""
_OF_LIMITS = regex(rf"(?:\w+_)?(?:non-?_?detect(?:ed|s)?|cens(?:ored)?|(?:below_|<_?){LIMIT})(?:_flag)?")
_OF_FINDS = regex(r"(?:(?:is|was|lab|result|d)_)?detect(?:ed)?(?:_flag)?")
"""Headings of questions: whether it is a limit, and whether it is none."""
_OF_OWN_LIMITS = regex(rf"cen|n_?d|b(?:m?dl|lo?[dq]|ql)|lt|{LIMIT}_flag")
_OF_OWN_FINDS = regex("d")
"""More of them, beside the name of the number that they ask about, as "D_Pb" of "Pb" does."""
_OF_RESULTS = regex(r"(?:\w+_)?(?:result|value|conc(?:entration)?|messwert|ergebnis)(?:_\w+)?")
"""Headings of numbers of which any question in their row is asked."""
_AGAIN = regex(r"[._]*\d+$")
_DESCRIBING = ("description", "desc", "definition", "label", "meaning", "text")
"""What a heading says behind that of codes whose meaning stands below it."""
_AT_ONCE = r"(?:flag|qual(?:ifier)?|cen(?:s(?:ored)?)?)$|(?-i:[A-Z])"
"""What may follow a number's name without anything between, as in "PbFlag"."""


class Beside(NamedTuple):
    """What the headings of a table say of the columns beside one of numbers.

    Parameters
    ----------
    headings, position
        Of the table, and of the numbers.
    words
        What each heading says, without the name of the number where it has that.
    called
        The columns that are called after the number.
    """

    headings: Sequence[str]
    position: int
    words: Sequence[str]
    called: frozenset[int]

    @classmethod
    def of(cls, headings: Sequence[str], position: int) -> Beside:
        """Read the headings."""
        own = headings[position]
        said: dict[int, str] = {}
        plain = _plain(own)
        for column, heading in enumerate(headings):
            # a table may have thousands of columns, of which each is looked at
            may_be = column != position and plain in heading.casefold()
            word = _said_of(heading, own) if may_be else ""
            # "ValueLowSign" is called after "ValueLow"
            longer = [each for each in headings if len(heading) > len(each) > len(own)] if word else []
            if word and not any(_said_of(heading, each) for each in longer):
                said[column] = word
        words = [said.get(column, heading_name(heading)) for column, heading in enumerate(headings)]
        return cls(headings, position, words, frozenset(said))

    @property
    def near(self) -> list[int]:
        """The columns next to the number."""
        return [each for each in (self.position + 1, self.position - 1) if 0 <= each < len(self.words)]

    @property
    def flagging(self) -> set[int]:
        """The columns of flags, but those of codes that another column describes."""
        names = [*map(heading_name, self.headings)]
        return {
            column
            for column, word in enumerate(self.words)
            if column != self.position
            and (OF_FLAGS.fullmatch(word) or _OF_SIGNS.fullmatch(word))
            and not any(f"{names[column]}_{each}" in names for each in _DESCRIBING)
        }

    @property
    def asking(self) -> set[int]:
        """The columns that ask whether a number is a limit, or was found."""
        columns = {*range(len(self.words))} if self._is_result else {*self.near, *self.called}
        return {
            column
            for column in columns - {self.position}
            if self.asks_limits(column) or self._asks_finds(column)
        }

    @property
    def _is_result(self) -> bool:
        return _OF_RESULTS.fullmatch(heading_name(self.headings[self.position])) is not None

    def asks_limits(self, column: int) -> bool:
        """Tell whether a heading asks if a number is a limit, and not if it is none."""
        word = self.words[column]
        return bool(_OF_LIMITS.fullmatch(word) or (column in self.called and _OF_OWN_LIMITS.fullmatch(word)))

    def _asks_finds(self, column: int) -> bool:
        word = self.words[column]
        return bool(_OF_FINDS.fullmatch(word) or (column in self.called and _OF_OWN_FINDS.fullmatch(word)))

    def own(self, flagging: Collection[int]) -> list[int]:
        """Return the columns that say of each number what it is, by name or place."""
        if called := sorted(self.called & {*flagging}):
            return called
        # the description of a flag is none of another number
        others = {
            place: each
            for place, each in enumerate(self.headings)
            if each and place != self.position and not OF_FLAGS.fullmatch(heading_name(each))
        }
        flagging = [
            column
            for column in sorted(flagging)
            if not self._is_apart(column) and not self._is_of_another(column, others)
        ]
        if len(flagging) == 1:
            return flagging
        next_to = [column for column in (self.position + 1, self.position - 1) if column in flagging]
        # of "As | flag | Pb | flag" each number has its flag behind it, of "flag | As | flag | Pb" before it
        next_to.sort(reverse=len(self.words) - 1 in flagging)
        # "flag" once more, as "flag.1", is that of another number
        is_of_rows = len({_AGAIN.sub("", self.words[column]) for column in flagging}) == len(flagging)
        return flagging if is_of_rows and (self._is_result or not next_to) else next_to[:1]

    def _is_apart(self, column: int) -> bool:
        """Tell whether a column is of another table, beyond an empty heading: where more than flags stand."""
        first, last = sorted((column, self.position))
        if "" not in self.words[first + 1 : last]:
            return False
        gap = next(each for each in range(first + 1, last) if not self.words[each])
        beyond = self.words[gap + 1 :] if column > self.position else self.words[: last - 1]
        return any(each and not _is_of_flags(each) for each in beyond)

    def _is_of_another(self, column: int, others: Mapping[int, str]) -> bool:
        """Tell whether a column is called after another one, as "Pb_flag" of lead beside arsenic."""
        heading = self.headings[column]
        return any(_said_of(heading, each) for place, each in others.items() if place != column)


def _is_of_flags(word: str) -> bool:
    kinds = (OF_FLAGS, _OF_SIGNS, _OF_LIMITS, _OF_FINDS)
    return any(each.fullmatch(word) for each in kinds)


@lru_cache(maxsize=4096)
def _plain(heading: str) -> str:
    """Return the name of a number without what is in brackets, and its capitals."""
    return re.sub(r"(?<=\S)\s*_?[(\[].*", "", heading.strip()).casefold()


def _said_of(heading: str, own: str) -> str:
    """Return what a heading says beside the name of a number; nothing where it does not have that."""
    plain, said = _plain(own), heading.strip()
    folded = said.casefold()
    # a table may have thousands of columns
    if not plain or not (folded.startswith(plain) or folded.endswith(plain)):
        return ""
    name = re.escape(plain)
    pattern = rf"{name}(?P<behind>(?:[\W_]|{_AT_ONCE}).*)|(?P<before>.*[\W_]){name}"
    found = re.fullmatch(pattern, said, re.IGNORECASE | re.DOTALL)
    rest = "" if found is None else found["behind"] or found["before"]
    return heading_name(rest.strip(" _.:-/()[]"))
