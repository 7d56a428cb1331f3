"""Formulas as MathML, which browsers set themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.render.formulas import formula, lines, name_text

if TYPE_CHECKING:
    from markupsafe import Markup

    from uncertainty.pages.blocks import Equation
    from uncertainty.pages.render.formulas import Piece

NARROWEST = 28
"""Signs that a phone shows on one line."""

TAGS = {"name": "mtext", "number": "mn", "sign": "mo"}
GROUPS = {"row": "mrow", "fraction": "mfrac", "power": "msup", "root": "msqrt"}


def equation(found: Equation) -> Markup:
    """Return an equation as elements between which a line may end."""
    from markupsafe import Markup

    first, *rest = lines(formula(found.formula))
    start = Markup('<mtext>{}</mtext><mo rspace="0.2em">=</mo>').format(name_text(found.name))
    parts = [start, _piece(first), *map(_continued, rest)]
    return Markup(" ").join(Markup("<math>{}</math>").format(part) for part in parts)


def scrolls(found: Equation) -> bool:
    """Tell whether a part that no line may end in can be wider than a phone."""
    return any(_signs(line) > NARROWEST for line in lines(formula(found.formula)))


def _signs(piece: Piece) -> int:
    """Count the signs of a part, at most those that stand beside each other."""
    return len(piece.text) + sum(map(_signs, piece.parts))


def _piece(piece: Piece) -> Markup:
    from markupsafe import Markup

    if piece.shape in TAGS:
        tag = Markup(TAGS[piece.shape])  # noqa: S704 - a constant
        return Markup("<{}>{}</{}>").format(tag, piece.text, tag)
    inner = [_piece(part) for part in piece.parts]
    if piece.shape == "bars":
        return Markup("<mrow><mo>|</mo>{}<mo>|</mo></mrow>").format(Markup("").join(inner))
    if piece.shape == "cases":
        return _cases(inner)
    tag = Markup(GROUPS[piece.shape])  # noqa: S704 - a constant
    return Markup("<{}>{}</{}>").format(tag, Markup("").join(inner), tag)


def _continued(line: Piece) -> Markup:
    """Write a line that begins with the sign which joins it to the one before."""
    from markupsafe import Markup

    sign, *rest = line.parts
    joining = Markup('<mo lspace="0.2em" rspace="0.25em">{}</mo>').format(sign.text)
    return Markup("<mrow>{}{}</mrow>").format(joining, Markup("").join(map(_piece, rest)))


def _cases(inner: list[Markup]) -> Markup:
    from markupsafe import Markup

    row = Markup("<mtr><mtd>{}</mtd><mtd><mtext>{}</mtext>{}</mtd></mtr>")
    pairs = zip(inner[::2], inner[1::2], strict=False)
    rows = [row.format(value, "if\u00a0", condition) for value, condition in pairs]
    rows.append(row.format(inner[-1], "otherwise", ""))
    return Markup("<mrow><mo>{{</mo><mtable>{}</mtable></mrow>").format(Markup("").join(rows))
