"""How many significant digits a printed figure carries."""

from __future__ import annotations


def written_digits(number: float) -> int:
    """Count the significant digits of a number as it was written.

    An integer's trailing zeros do not count: 2900 has two digits, 2900.0 has five, 0.80 has two. Of 0 every
    zero counts: 0 has one digit and 0.00 three, the last of which is of hundredths.
    """
    text: str = getattr(number, "text", repr(number))
    mantissa = text.lower().replace("_", "").split("e")[0].lstrip("+-")
    if not number:
        return len(mantissa.replace(".", "")) if "." in mantissa else 1
    digits = mantissa.replace(".", "") if "." in mantissa else mantissa.rstrip("0")
    return max(1, len(digits.lstrip("0")))
