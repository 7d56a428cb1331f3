"""What a sheet says of the money of a cell beside its sign: that it counts in thousands, or what it is per.

Who writes "in thousands" over a table seldom formats its cells so: what shows $ 5 holds 5 and means 5,000.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.units.other_names import FURTHER_MONEY, PER, money_said
from uncertainty.units.signs import MONEY_SIGNS
from uncertainty.units.written import LONGEST_UNIT, MONEY, in_words, without_in
from uncertainty.workbooks.unit_texts import BLOCK, enclosed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.sheet_texts import SheetTexts

_CODE = rf"(?:{'|'.join(filter(str.isalpha, (*MONEY, *FURTHER_MONEY)))}|[Ee]uros?)(?![^\W_])"
_SIGN = rf"(?:US\$|[€$£¥₹]|(?<![^\W_]){_CODE})"
_LETTER = r"(?:[kKTMm]|[mb]n|MM|mm)"
_WORDS = (
    "thousands? millions? billions? mio mrd tsd tausend millionen milliarden milliers? milliards? millones "
    "crores? lakhs? miles(?=.de)"
)
_THOUSANDS = regex(
    # neither "per million" nor "2 million"
    rf"(?<!\d )(?<!/)(?<!\b[Pp]er )(?<![^\W_])(?i:{'|'.join(_WORDS.split())})(?![^\W_])"
    rf"|(?<![^\W_]){_LETTER} ?(?:{_SIGN}|{_CODE})|{_SIGN} ?(?:{_LETTER}|B)(?![^\W_])"
    rf"|(?:{_SIGN} ?|(?<![\w.,])(?<!\d ))['’]?000s?(?![\w.,'’])"
    rf"|(?:^|\b(?:in|x|×) |[(\[])1[ .,'’]?000(?= ?(?:{_SIGN}|[)\]]|$))"
)
_LONE = regex(r"[(\[](?:[kKM]|[mb]n|MM)[)\]]|\bin (?:[kKM]|[mb]n)$")
"""A letter for thousands in parentheses that is hardly a unit."""
_LETTERS = regex(r"[kKM]|[mb]n|MM")
_REST = regex(rf"(?:/|(?i:per|{PER})\b).+|.*(?:¢|(?<![^\W_])(?:ct|cents?)(?![^\W_])).*")
"""A text beside money that is the rest of its unit, or says hundredths."""
_SIGNS_OF_LETTERS = (re.escape(sign) for sign in MONEY_SIGNS if len(sign) > 1)
_OTHER = regex(rf"(?:^|[(\[])(?:{'|'.join((*FURTHER_MONEY, *_SIGNS_OF_LETTERS))})(?:[)\]/]|$)")
"""Money that no sign of a number format stands for."""
_MONEY = regex(_SIGN)
_CONVERTS = regex(r"0{3}|[eE^]\d")
_NOTES = regex(
    r"(?:notes?|comments?|remarks?|description|sources?|references?|bemerkung(?:en)?|quellen?)\b.*",
    re.IGNORECASE,
)


def is_money(text: str) -> bool:
    """Tell whether a unit is money alone, and not a price or thousands of it."""
    return in_words(text) in MONEY.values()


def is_rest(text: str) -> bool:
    """Tell whether a text beside money says what that is per, or that it is hundredths."""
    return _REST.fullmatch(text) is not None


def converts(formula: str) -> bool:
    """Tell whether a formula may make units of thousands, or the other way round."""
    return _CONVERTS.search(formula) is not None


@lru_cache(4096)
def says_thousands(text: str) -> bool:
    """Tell whether a text says that money counts in thousands, millions or the like.

    Examples
    --------
    >>> [says_thousands(text) for text in ("$M", "(in thousands, except per share)", "Mio. EUR", "$'000")]
    [True, True, True, True]
    >>> [says_thousands(text) for text in ("Cost per million", "EUR/m2", "Loan of 2 million", "1,000 t")]
    [False, False, False, False]
    """
    return _THOUSANDS.search(text) is not None


class _Text(NamedTuple):
    """A text that is of all numbers near it, and whether it says thousands, or else money."""

    row: int
    text: str
    is_of_thousands: bool


class Thousands:
    """Finds what speaks against money as the unit of a cell.

    Parameters
    ----------
    texts
        The texts of the sheet.
    """

    def __init__(self, texts: SheetTexts) -> None:
        self._texts = texts

    def against(self, at: Area, beside: str, over: str) -> str:
        """Return a text by which the number of a cell is no amount of just the money that it shows.

        Parameters
        ----------
        at
            The cell.
        beside, over
            What calls it, and what stands over it.
        """
        for text in (beside, over, *self._heads(at), *self._row(at)):
            if text and (_is_of_thousands(text) or _OTHER.search(text)):
                return _said(text)
        rest = (each for each in self._row(at) if _LETTERS.fullmatch(each) or is_rest(each))
        return next(rest, "") or self._of_all(at)

    def against_sign(self, at: Area, shown: str) -> str:
        """Return the nearest title or corner above that says money where a cell shows other money."""
        titles = ((text, money) for row, text, money in reversed(self._of_money) if row < at.top)
        text, money = next(titles, ("", frozenset[str]()))
        return _said(text) if money and in_words(shown) not in money else ""

    @cached_property
    def _of_money(self) -> list[tuple[int, str, frozenset[str]]]:
        every = ((row, text, money_said(text)) for row, text in self._texts.titles())
        return [(row, text, money) for row, text, money in every if money]

    def _row(self, at: Area) -> Iterator[str]:
        """Yield the short texts beside a number, but for notes."""
        for column, text in self._texts.row(at.top):
            if column != at.left and len(text) <= LONGEST_UNIT:
                is_letter = len(text) == 1 and not self._texts.is_of_units(at.top, column)
                if not is_letter and not _NOTES.fullmatch(self._texts.heading(at.top, column)):
                    yield text

    def _heads(self, at: Area) -> Iterator[str]:
        """Yield what stands in the rows of the heading of a cell, above it."""
        first = self._texts.first_of(at)
        yield self._texts.above.group(first, at.left)
        for row in range(first, max(first - BLOCK, 0), -1):
            yield dict(self._texts.row(row)).get(at.left, "")

    def _of_all(self, at: Area) -> str:
        """Return the nearest title, subtitle or corner above that says thousands, or a foot of the sheet."""
        numbered, money = self._texts.rows_of_numbers, at.top
        for each in reversed([text for text in self._spoken if text.row < at.top]):
            # what another title of a table below other numbers says is of that table
            is_of_another = bisect_right(numbered, each.row) < bisect_right(numbered, money - 1)
            if each.is_of_thousands:
                return "" if money < at.top and is_of_another else each.text
            money = each.row
        last = numbered[-1] if numbered else 0
        feet = (each.text for each in self._spoken if each.row > max(last, at.top) and each.is_of_thousands)
        return next(feet, "")

    @cached_property
    def _spoken(self) -> list[_Text]:
        """The texts of titles and corners that say thousands or money, from above."""
        found = []
        for row, text in self._texts.titles():
            if _is_of_thousands(text) or _MONEY.search(text):
                found.append(_Text(row, _said(text), _is_of_thousands(text)))
        return found


def _is_of_thousands(text: str) -> bool:
    return says_thousands(text) or _LONE.search(text) is not None


def _said(text: str) -> str:
    """Return what a text ends with in parentheses where that says it already."""
    enclosed = enclosed_in(text)
    return without_in(enclosed if enclosed and _is_of_thousands(f"({enclosed})") else text)
