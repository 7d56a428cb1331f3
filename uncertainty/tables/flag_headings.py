"""Headings of columns that may say of the numbers beside them that they are limits, and of which number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.owners import Owners, called, words_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from re import Pattern

    from uncertainty.tables.owners import Layout

YES = ("yes", "y", "true", "1", "x", "t", "ja", "oui")
NO = ("no", "n", "false", "0", "f", "nein", "non")
LIMIT = r"(?i:LO?[DQ]|[IM]?DL|M?RL|CRQL|M?QL|PQL|BG|NG)"
OF_FLAGS = regex(
    r"(?!obs_|conf_|urban|rural|country|reporter|partner)"
    r"(?:\w*(?:qualifier|flag|remark|censor|detection_?condition)\w*|(?:\w+_)?(?:qual|q))"
)
"""Headings, as `words_of` gives them, over signs and words; those of statistics have other codes."""
_OF_SIGNS = regex(r"(?:\w+_)?(?:operator|sign|symbol|comparator|prefix|modifier)|[<>≤≥/]+")
"""Headings over signs alone: an operator may be somebody with the initials N.D."""
_FOUND = (
    r"(?i:d[eé]te[ck]t\w*|quanti(?:f|tat)\w*|nachweis\w*|nachgewiesen|bestimm(?:bar|ungsgrenze)\w*"
    r"|(?:method |reporting )limit)"
)
"""What a laboratory does with what is there, in words of several languages."""
UNDER = (
    r"(?:[^\W\d]{4,}\W{1,2})?"
    r"(?i:<|≤|below|under|less than|unter(?:halb)?|kleiner(?: als)?|inférieure?|sous)\W?"
    rf"(?:[^\W\d]+\W){{0,4}}?(?:{LIMIT}|{_FOUND})(?i: (?:limit|value|level)s?)?"
    r"(?:\W*[\d.,]*\W*|\W+(?:and|et|und) [>≥].{0,40})"
)
"""As in "Result < limit of detection" and "unter der Nachweisgrenze"."""
NOT_FOUND = rf"(?i:not|non|un|nicht|niet)\W?{_FOUND}(?: ?\(.*\))?"
"""As in "not detected" and "nicht nachweisbar"."""
_QUESTION = regex(f"{UNDER}|{NOT_FOUND}")
_OF_LIMITS = regex(
    rf"(?:\w+_)?(?:non-?_?detect(?:ed|s)?|cens(?:or(?:ed|ing)?)?|(?:below_|<_?){LIMIT})(?:_flag)?|(?:{LIMIT}|n_?d)_flag|n_?d|lt"
    r"|b(?:m?dl|lo?[dq]|ql)"
)
_OF_FINDS = regex(
    rf"(?:(?:is|was|lab|result|d)_)?(?:detect(?:ed)?|quantified|(?:above|über)_{LIMIT})(?:_flag)?"
    r"|nachweis(?:bar)?|nachgewiesen|détecté|quantifié"
)
"""Headings of questions: whether it is a limit, and whether it is none."""
_OF_OWN_LIMITS = regex(rf"cen|n_?d|b(?:m?dl|lo?[dq]|ql)|lt|(?:{LIMIT}|n_?d)_flag")
_OF_OWN_FINDS = regex("d")
"""More of them, beside the name of the number that they ask about, as "D_Pb" of "Pb" does."""
_OF_RESULTS = regex(r"(?:\w+_)?(?:result|value|conc(?:entration)?|messwert|ergebnis)(?:_\w+)?")
"""Headings of numbers of which any question in their row is asked."""
_HUMP = regex(r"(?<=[^\W\dA-Z_]{2})(?=[A-Z])")
"""Where a word begins in a name such as "ValueBelowLOQ"."""
_DESCRIBING = ("description", "desc", "definition", "label", "meaning", "text")
"""What a heading says behind that of codes whose meaning stands below it."""


class FlagTable:
    """What the headings of a table say of flags: it may have thousands of numbers, of which each asks.

    Parameters
    ----------
    layout
        What its columns hold.

    Attributes
    ----------
    words
        What each heading says; of one that is called after a number what it says of that.
    called
        The columns that are called after each number, whatever they say.
    flagging
        The columns of flags, but those of codes that another column describes.
    limits, asking
        The columns that ask whether a number is a limit; and these with those that ask whether it was found.
    """

    def __init__(self, layout: Layout) -> None:
        every = frozenset(map(words_of, layout.headings))
        self.layout, self._named = layout, called(layout)
        self.words = [words_of(heading, every) for heading in layout.headings]
        for column, heading in enumerate(layout.headings):
            parts = _HUMP.sub(" ", heading).replace("_", " ")
            if any(kind.fullmatch(words_of(parts)) for kind in (_OF_LIMITS, _OF_FINDS)):
                self.words[column] = words_of(parts)
            elif _QUESTION.fullmatch(parts):
                self.words[column] = "nd"
        for column, _ in layout.unnamed:
            self.words[column] = ""
        self.called: dict[int, set[int]] = {}
        flags: dict[int, frozenset[int]] = {}
        for column, each in self._named.items():
            for number in each.numbers:
                self.called.setdefault(number, set()).add(column)
            kinds = OF_FLAGS, _OF_SIGNS, _OF_LIMITS, _OF_FINDS, _OF_OWN_LIMITS, _OF_OWN_FINDS
            if any(kind.fullmatch(each.word) for kind in kinds):
                self.words[column], flags[column] = each.word, each.numbers
        described = {
            place for place, name in enumerate(map(words_of, layout.headings)) if _is_described(name, every)
        }
        self.flagging = (self._those(OF_FLAGS) | self._those(_OF_SIGNS)) - described
        self.limits = self._those(_OF_LIMITS) | (self._those(_OF_OWN_LIMITS) & flags.keys())
        self.asking = self.limits | self._those(_OF_FINDS) | (self._those(_OF_OWN_FINDS) & flags.keys())
        sorts: dict[str, dict[int, frozenset[int]]] = {}
        for column in self.flagging | self.asking:
            sorts.setdefault(self.words[column], {})[column] = flags.get(column, frozenset())
        self._sorts = [Owners(layout, each) for each in sorts.values()]

    def _those(self, kind: Pattern[str]) -> frozenset[int]:
        return frozenset(place for place, word in enumerate(self.words) if kind.fullmatch(word))

    def near(self, position: int) -> set[int]:
        """Return the columns next to a number."""
        return {position - 1, position + 1} & {*range(len(self.words))}

    def of(self, position: int, signs: Collection[int]) -> dict[int, bool]:
        """Return the columns that speak of a number, or may; each with whether it is the number's own.

        Parameters
        ----------
        signs
            Columns that hold signs or flags, whatever they are called.
        """
        found: dict[int, bool] = {}
        for owners in (*self._sorts, *self._owners_of_signs(signs)):
            columns, is_own = owners.of(position)
            found |= dict.fromkeys(columns, is_own)
        if not _OF_RESULTS.fullmatch(words_of(self.layout.headings[position])):
            # what was detected elsewhere in a row may be another thing
            elsewhere = self.asking - self.flagging - self.near(position)
            found = {each: is_own for each, is_own in found.items() if is_own or each not in elsewhere}
        return found

    def _owners_of_signs(self, signs: Collection[int]) -> list[Owners]:
        found = []
        for word in {self.words[each] for each in signs}:
            # of "m" and "m.1" one may hold none
            alike = {place for place, each in enumerate(self.words) if each == word} if word else {*signs}
            named = {each: self._named[each].numbers if each in self._named else () for each in alike}
            found.append(Owners(self.layout, named))
        return found


def _is_described(name: str, names: Collection[str]) -> bool:
    return any(f"{name}_{each}" in names for each in _DESCRIBING)


@lru_cache(maxsize=16)
def flag_table(layout: Layout) -> FlagTable:
    """Return what the headings of a table say of flags."""
    return FlagTable(layout)
