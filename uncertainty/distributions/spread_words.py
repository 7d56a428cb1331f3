"""What people say of a spread behind ±: a coverage factor, or a level of confidence."""

from __future__ import annotations

from decimal import Decimal

from uncertainty.late import regex

_DEVIATIONS = r"(?:σ|sd\b|s\.d|sigma|std|standard dev)"
_FACTOR = regex(
    rf"\bk\s?[=≈:]?\s?(\d+(?:\.\d+)?)|\bfactor (?:of )?(\d+(?:\.\d+)?)|^±?\s?(\d(?:\.\d+)?)$"
    rf"|(?<![\d.])(\d(?:\.\d+)?)[\s-]?{_DEVIATIONS}|\b(two|three)[\s-]{_DEVIATIONS}"
)
_PER_CENT = regex(
    r"(?<![\d.])(\d\d(?:\.\d+)?)\s?(?:%|per ?cent|c[il]\b|th\b)|^(\d\d(?:\.\d+)?)$|\bu\s?(\d\d)\b"
)
_SHARE = regex(r"(?<!\d)0?\.[5-9]\d+(?!\d)")


def coverage_factor(said: str) -> str:
    """Return how many standard deviations a text says a spread to be; nothing where it says no number but 1.

    Examples
    --------
    >>> [coverage_factor(said) for said in ("k = 2", "two sigma", "1.96 sd", "sd, n=5", "sd, 3 labs", "1 sd")]
    ['2', '2', '1.96', '', '', '']
    """
    found = _FACTOR.search(said)
    number = next((each for each in found.groups() if each), "") if found else ""
    return {"two": "2", "three": "3", "1": "", "1.0": ""}.get(number, number)


def confidence(said: str) -> str:
    """Return the level of confidence that a text says, in per cent; nothing where it says none.

    Examples
    --------
    >>> [confidence(said) for said in ("95 % ci", "95", "u95", "p = 0.955", "t = 2.78", "table 12")]
    ['95', '95', '95', '95.5', '', '']
    """
    if found := _PER_CENT.search(said):
        return next(each for each in found.groups() if each)
    share = _SHARE.search(said)
    return f"{Decimal(share[0]) * 100:f}".rstrip("0").removesuffix(".") if share else ""
