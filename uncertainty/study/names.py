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
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    spelt = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if spelt[:1].isdigit():
        spelt = f"x_{spelt}"
    return f'{expected}, such as "{spelt[:60].rstrip("_")}"' if spelt else expected
