"""Which characters the fonts that come with matplotlib have no sign for: boxes are not drawn unsaid."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

FIGURES = "DejaVuSans.ttf"
"""The font that figures are drawn with."""

LAST_RESORT = "LastResort"
"""Name that begins that of a font whose signs are all boxes."""

NAMED = 20
"""Characters that a warning names."""


def folder() -> Path:
    """Return where the fonts are that come with matplotlib, the same on every machine."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def texts_of(figure: Figure) -> list[str]:
    """Return the texts that are drawn in a figure."""
    from matplotlib.text import Text

    return [found.get_text() for found in figure.findobj(Text) if isinstance(found, Text)]


def without_sign(texts: Iterable[str], *, any_font: bool = False) -> str:
    """Return the characters of some texts that have no sign, in the order in which they appear.

    Parameters
    ----------
    any_font
        Whether one sign in any of the fonts is enough, as it is in a document.
    """
    wanted = [each for each in dict.fromkeys("".join(texts)) if each.isprintable() and not each.isspace()]
    others = sorted(each.name for each in folder().glob("*.ttf")) if any_font else []
    for name in [FIGURES, *(each for each in others if not each.startswith(LAST_RESORT))]:
        wanted = [each for each in wanted if ord(each) not in _signs(name)] if wanted else wanted
    return "".join(wanted)


def warning(missing: str, where: str) -> str:
    """Say which characters are drawn as boxes, and where."""
    named = " ".join(missing[:NAMED])
    more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
    return f"warning: the font has no sign for {named}{more}; {where} shows boxes in their place"


@cache
def _signs(name: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(folder() / name)).get_charmap())
