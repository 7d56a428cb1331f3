"""Formulas as LaTeX, which GitHub sets in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from uncertainty.pages.render.formulas import formula, name_text

if TYPE_CHECKING:
    from uncertainty.pages.blocks import Equation
    from uncertainty.pages.render.formulas import Piece

SIGNS = {"×": r"\times", "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne"} | {
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
}
NAMES = {"π": r"\pi", "log₁₀": r"\log_{10}"}
_SPECIAL = re.compile(r"[\\{}$%#&_^~]")


def equation(found: Equation) -> str:
    """Return an equation."""
    return f"{_text(name_text(found.name))} = {_piece(formula(found.formula))}"


def _text(text: str) -> str:
    """Write words, of which LaTeX reads no sign as its own."""
    if text in NAMES:
        return NAMES[text]
    # a name and a unit have letters, digits and signs of arithmetic; nothing else is let through
    return rf"\text{{{_SPECIAL.sub(' ', text)}}}"


def _piece(piece: Piece) -> str:
    if piece.shape == "name":
        return _text(piece.text)
    if piece.shape == "number":
        return piece.text.replace(",", "{,}").replace("−", "-")
    if piece.shape == "sign":
        return SIGNS.get(piece.text, piece.text)
    inner = [_piece(part) for part in piece.parts]
    match piece.shape:
        case "fraction":
            return rf"\frac{{{inner[0]}}}{{{inner[1]}}}"
        case "power":
            return f"{{{inner[0]}}}^{{{inner[1]}}}"
        case "root":
            return rf"\sqrt{{{inner[0]}}}"
        case "bars":
            return rf"\left|{inner[0]}\right|"
        case "cases":
            return _cases(inner)
    return " ".join(inner)


def _cases(inner: list[str]) -> str:
    rows = [
        rf"{value} & \text{{if }} {condition}"
        for value, condition in zip(inner[::2], inner[1::2], strict=False)
    ]
    rows.append(rf"{inner[-1]} & \text{{otherwise}}")
    between = r" \\ "
    return rf"\begin{{cases}}{between.join(rows)}\end{{cases}}"
