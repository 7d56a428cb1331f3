"""How number formats of a workbook show what a cell holds: as a percentage, with a word, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
"""What a number format shows as it is, keeps as space, or says of colours and conditions."""
_SECTION = re.compile(r'(?:\A|(?<=;))(?:"[^"]*"|\\.|[_*].|\[[^\]]*\]|[^;])*', re.DOTALL)
"""A part of a number format, which semicolons separate."""
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d*)?)\]")
_PLACES = re.compile(r"[0#?@ymdhse]|general", re.IGNORECASE)
"""What shows a number, a day or a text."""
_SCALING = re.compile(r"[0#?],+(?![0#?,])")
"""Commas after a number's last digit: each divides it by a thousand."""
_LABEL = re.compile(r'(?:"[^"]*"|\\.)+\Z', re.DOTALL)
"""What a number format shows behind a number."""


class Formats:
    """How a workbook shows its numbers."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[int, list[str]] = {}

    def _section(self, cell: Mapping[str, Any]) -> str:
        """Return the part of a format that a cell is shown by; nothing for what has no format of its own."""
        sections = self._sections(cell)
        value = cell["value"]
        if isinstance(value, str):
            return sections[3] if len(sections) > 3 else "@"
        return _section_of_number(sections[:3], value) if isinstance(value, float | int) else sections[0]

    def _sections(self, cell: Mapping[str, Any]) -> list[str]:
        """Return a format's parts, for numbers above, below and of 0 and for texts, as many as it has."""
        if not cell["style_id"] or cell["data_type"] not in ("n", "s", "str", "inlineStr"):
            return [""]
        style = cell["style_id"]
        if style not in self._known:
            from openpyxl.styles.numbers import BUILTIN_FORMATS

            number = self._book._cell_styles[style].numFmtId
            own = self._book._number_formats
            code = BUILTIN_FORMATS.get(number) if number < 164 else own[number - 164]
            self._known[style] = _SECTION.findall(code or "")
        return self._known[style] or [""]

    def label(self, cell: Mapping[str, Any]) -> str:
        """Return the word that a cell shows behind its number, if it does and divides by no thousands."""
        if self.is_scaled(cell):
            return ""
        found = _LABEL.search(self._section(cell).rstrip())
        return re.sub(r'["\\]', "", found[0]).strip() if found else ""

    def is_percentage(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows its number times 100."""
        return "%" in _plain(self._section(cell))

    def is_scaled(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows its number divided by a thousand or more."""
        return _SCALING.search(_plain(self._section(cell))) is not None

    def is_shown(self, cell: Mapping[str, Any]) -> bool:
        """Tell whether a cell shows what it holds; a sign may stand for 0."""
        if self._sections(cell) == [""]:
            return True
        section = self._section(cell)
        return bool(_PLACES.search(_plain(section)) or (cell["value"] == 0 and section.strip()))


def _section_of_number(sections: list[str], number: float) -> str:
    """Return the first part whose condition holds, or that of positive or negative numbers or of 0."""
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        held = (s for s, c in zip(sections, conditions, strict=True) if not c or _holds(c, number))
        return next(held, sections[-1])
    wanted = 0 if number > 0 else 1 if number < 0 else 2
    return sections[wanted] if wanted < len(sections) else sections[0]


def _holds(condition: re.Match[str], number: float) -> bool:
    sign, other = condition[1], float(condition[2])
    return (
        (number < other and "<" in sign)
        or (number > other and ">" in sign)
        or (number == other and "=" in sign)
    )


def _plain(section: str) -> str:
    """Return a part of a format without what it shows as it is."""
    return _NOT_SHOWN.sub("", section)
