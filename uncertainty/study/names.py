"""What the parts of a study may be called."""

from __future__ import annotations

import re
import unicodedata

PATTERN = r"^[a-z][a-z0-9_]*$"


def is_name(text: str) -> bool:
    """Tell whether a text is a name."""
    return re.fullmatch(PATTERN, text) is not None


def refusal(text: str) -> str:
    """Say what a name looks like, and how this one is spelt as one."""
    expected = "expected a name of lower-case letters, digits and underscores that begins with a letter"
    name = spelt(text)
    return f'{expected}, such as "{name}"' if name else expected


def spelt(text: str) -> str:
    """Return the name that is nearest to a text; nothing where it has neither letters nor digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return f"{'x_' if found[:1].isdigit() else ''}{found}"[:60].rstrip("_")
