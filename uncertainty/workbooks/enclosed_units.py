"""What labels of a workbook end with in parentheses: a unit, money, or what stands for a unit."""

from __future__ import annotations

from uncertainty.late import regex
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.written import is_unit, without_money

_ENCLOSED = regex(
    r"^(.*\S)\s*(?:\(([^()]{1,30}|[^()]{1,20}\([^()]{1,20}\))\)|\[([^\[\]]{1,30})\])\s*:?"
    r"\s*(?:[*†‡]+|(?<!m[)\]])[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?$"
)
"""With marks of footnotes behind it, of which ² behind (m) is none."""


def parted(text: str) -> tuple[str, str]:
    """Part a label from the unit that it ends with in parentheses."""
    found = _ENCLOSED.match(text)
    if found and is_unit(unit := found[2] or found[3]):
        return found[1], unit
    return text.rstrip(": "), ""


def money_in(text: str) -> str:
    """Return the amount of money that a label ends with in parentheses, such as kEUR, which is no unit."""
    enclosed = enclosed_in(text)
    return enclosed if without_money(enclosed) != enclosed else ""


def unknown_unit_in(text: str) -> str:
    """Return what a label ends with in parentheses where that stands for a unit that is not known."""
    enclosed = enclosed_in(text)
    return enclosed if is_like_unit(enclosed) else ""


def enclosed_in(text: str) -> str:
    """Return what a label ends with in parentheses."""
    found = _ENCLOSED.match(text)
    return (found[2] or found[3]) if found else ""
