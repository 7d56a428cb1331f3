"""Signs that stand for letters and words: of one character for a unit, wide, and of money."""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

from uncertainty.late import regex

MONEY_SIGNS = MappingProxyType(
    {"€": "euro", "£": "pound_sterling", "₹": "rupee", "₨": "rupee", "₽": "rub", "₩": "krw", "฿": "thb"}
    | {"₪": "ils", "₫": "vnd", "₦": "ngn", "₱": "php", "₺": "turkish_lira", "₴": "hryvnia", "₸": "tenge"}
    | {"₡": "costa_rican_colon", "₲": "guarani", "₵": "cedi", "₾": "lari", "₼": "manat", "₮": "tugrik"}
    | {"₭": "lak", "৳": "taka", "៛": "riel", "₿": "bitcoin", "A$": "aud", "AU$": "aud", "C$": "cad"}
    | {"CA$": "cad", "NZ$": "nzd", "HK$": "hkd", "S$": "sgd", "NT$": "twd", "R$": "brl", "MX$": "mxn"}
)
"""Signs of one money, with a word for it; $ and ¥ are of several."""
OF_MONEY = "$¥" + "".join(sign for sign in MONEY_SIGNS if len(sign) == 1)
"""Signs of one character."""
MARKS = MappingProxyType(
    {
        sign: units
        for signs, units in (("′ ' ’", ("foot", "arcminute")), ("″ \" ” '' ′′", ("inch", "arcsecond")))
        for sign in signs.split()
    }
)
"""What marks behind a number may mean."""
DASHES = r"[-‐‑–—―−]+"
"""Hyphens, dashes, bars and minus signs, as people write for the unit of a pure number."""
_DASHES = regex(rf"\s*{DASHES}(?:\s+{DASHES})*\s*")
_ENCLOSED = regex(rf"(?<=[(\[{{<])\s*[^\w\s()\[\]{{}}<>*†‡§¶][^\w()\[\]{{}}<>*†‡§¶]*(?=[)\]}}>])|{DASHES}$")
"""Signs that are all that stands in brackets, and dashes at an end; stars and daggers mark footnotes."""
_SIGNS = ("%", "‰", "′", "″", "#")
_CATEGORIES = ("Sc", "So", "Sm")
_BETWEEN = "+<>=|~−×÷©®™\N{FRACTION SLASH}\N{DIVISION SLASH}"
"""Mathematical and other signs that stand between words, or say nothing."""
_RESPELT = ("<square>", "<wide>", "<narrow>", "<small>", "<font>")


def plain_signs(text: str) -> str:
    """Return a text with letters in place of characters that are wide, or several letters in one.

    Superscripts stay, which are powers.

    Examples
    --------
    >>> plain_signs("㎏"), plain_signs("㎧²"), plain_signs("（㎎/ℓ）"), plain_signs("10⁶ m²")
    ('kg', 'm/s²', '(mg/l)', '10⁶ m²')
    """
    return text if text.isascii() else "".join(map(_respelt, text))


def _respelt(sign: str) -> str:
    if sign in "\N{FRACTION SLASH}\N{DIVISION SLASH}":
        return "/"
    tag, *codes = unicodedata.decomposition(sign).split() or [""]
    if tag not in _RESPELT:
        return sign
    return "".join(_respelt(chr(int(code, 16))) for code in codes)


def is_dashes(text: str) -> bool:
    """Tell whether a text is of dashes alone, as people write for the unit of a pure number."""
    return _DASHES.fullmatch(text) is not None


def signs_in(text: str) -> list[str]:
    """Return what a text says in signs, and not in words.

    Examples
    --------
    >>> signs_in("cost ($)"), signs_in("share (--)"), signs_in("low-high*"), signs_in("%use")
    (['$'], ['--'], [], ['%'])
    """
    alone = [each for each in text if each in _SIGNS or (_is_of_categories(each) and each not in _BETWEEN)]
    return [*dict.fromkeys([*_ENCLOSED.findall(text), *alone])]


def _is_of_categories(sign: str) -> bool:
    return unicodedata.category(sign) in _CATEGORIES
