"""How much an output is, for people who never met a ratio below one, or an end that a calculation set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.characters import on_one_line
from uncertainty.late import regex
from uncertainty.sides import compared
from uncertainty.wording import interval_text, median_text, middle_text, with_unit

if TYPE_CHECKING:
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Output

PARTS = (
    (0.95, 1.0, "as much"),
    (0.85, 0.9, "nine tenths"),
    (0.775, 0.8, "four fifths"),
    (0.71, 0.75, "three quarters"),
    (0.633, 2 / 3, "two thirds"),
    (0.55, 0.6, "three fifths"),
    (0.45, 0.5, "half"),
    (0.365, 0.4, "two fifths"),
    (0.316, 1 / 3, "a third"),
    (0.274, 0.3, "three tenths"),
    (0.2236, 0.25, "a quarter"),
    (0.0, 0.2, "a fifth"),
)
"""Parts of a whole, each with the factor above which it is said, and what it is."""

ROUNDED = 0.05
"""Share by which an end of an interval may lie outside a part that is told for it."""

ROUNDED_SMALL = 0.075
"""The same of parts below a fifth, of which the next lies farther off."""

ORDINALS = {6: "a sixth", 7: "a seventh", 8: "an eighth", 9: "a ninth", 10: "a tenth"}

MILLIONTH = 1e-6

BILLIONTH = 1e-9
"""What a number below it is told as, in which nobody counts the noughts."""

BEYOND = 10.0
"""Factor beyond all marks from which on an end is not told, nor drawn."""

_EACH = regex(r"/ ?(second|minute|hour|day|week|month|year)$")


def is_multiple(output: Output) -> bool:
    """Tell whether an output says how many times as much one thing is as another."""
    return compared(output) is not None and output.reference == 1


def unit_text(unit: str) -> str:
    """Return a unit as people say it.

    Examples
    --------
    >>> unit_text("deaths/year"), unit_text("g/kWh")
    ('deaths a year', 'g/kWh')
    """
    return _EACH.sub(lambda found: f" {'an' if found[1] == 'hour' else 'a'} {found[1]}", unit)


def part(value: float, side: int = 0) -> str:
    """Write a factor below one as a part of a whole.

    Parameters
    ----------
    side
        Of an end of an interval the side on which nothing more of it lies, -1 below or 1 above: what is told
        lies there, or at the end within `ROUNDED` or `ROUNDED_SMALL`.

    Examples
    --------
    >>> part(0.079), part(0.0021), part(0.4), part(0.98)
    ('a 13th', 'a 480th', 'two fifths', 'as much')
    >>> part(0.46), part(0.46, -1), part(0.183, -1), part(0.46, 1), part(0.1525, 1)
    ('half', 'two fifths', 'a sixth', 'half', 'a seventh')
    """
    if value > 0.2:
        fitting = [name for least, what, name in PARTS if _fits(value, least, what, side)]
        return fitting[0 if side <= 0 else -1]
    if value < MILLIONTH:
        return "less than a millionth"
    whole = round(float(f"{1 / value:.1e}"))
    if side * (whole * value - 1) > ROUNDED_SMALL:
        whole -= side
    if whole in ORDINALS:
        return ORDINALS[whole]
    if whole <= 5:
        return {5: "a fifth", 4: "a quarter"}.get(whole, "a third")
    text = f"{whole:,}"
    first = text.split(",", maxsplit=1)[0]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th") if whole % 100 not in (11, 12, 13) else "th"
    return f"{'an' if first.startswith('8') or first in ('11', '18') else 'a'} {text}{ending}"


def _fits(value: float, least: float, what: float, side: int) -> bool:
    """Tell whether a part may be told for a factor."""
    if not side:
        return value > least
    return what <= value * (1 + ROUNDED) if side < 0 else what >= value * (1 - ROUNDED)


def middle(found: OutputDistribution) -> str:
    """Write the middle value with its unit, or how many times as much it is."""
    output = found.output
    if not is_multiple(output) or found.probability is not None:
        return _united(median_text(found), output) if found.probability is None else middle_text(found)
    text = _times(found.median, median_text(found))
    return f"{text} as much" if text != "as much" else text


def roughly(found: OutputDistribution) -> str:
    """Write about how much an output is."""
    text = middle(found)
    if found.probability is not None:
        return f"yes in {text} of tries"
    if found.draws.unmet:
        return f"{text} in {'every' if found.draws.size > 1 else 'the only'} try"
    return f"about {text}" if found.varies else text


def span(found: OutputDistribution, far: float = math.inf) -> str:
    """Write the interval without its unit; nothing for what has none.

    Parameters
    ----------
    far
        From where on a round end is no longer told: the calculation itself has set it.
    """
    text = interval_text(found)
    if text == numbers.MISSING:
        return ""
    ends, values = text.split(" to "), found.ends.values
    if len(ends) != 2:
        return text
    if is_multiple(found.output):
        ends = [_times(*each) for each in zip(values, ends, (-1, 1), strict=True)]
        if ends[1].endswith(" times") and values[0] > 0:
            # a part of a whole and times of it stand on no one scale
            ends = [end.removesuffix(" times") for end in (text.split(" to ")[0], ends[1])]
    elif found.output.unit.text == "1" and 0 < values[0] < BILLIONTH:
        ends[0] = "less than a billionth"
    if is_endless(found, far):
        ends[1] = beyond_text(found.output, far)
    return " to ".join(ends)


def ends_text(text: str, output: Output, end: float, far: float) -> str:
    """Return an interval's text, with the study's own words for an upper end that the calculation has set."""
    return f"{text.split(' to ', maxsplit=1)[0]} to {beyond_text(output, far)}" if is_set(end, far) else text


def beyond_text(output: Output, far: float) -> str:
    """Write what is told of an end that the calculation itself has set: the study's own words for it."""
    return on_one_line(output.words.get("beyond", "")) or f"over {_power(far)}"


def is_endless(found: OutputDistribution, far: float) -> bool:
    """Tell whether the calculation itself has set an interval's upper end: a round number beyond `far`."""
    return is_set(found.ends.values[1], far)


def is_set(end: float, far: float) -> bool:
    """Tell whether an end is a round number beyond `far`, which only one that draws pile up at can be."""
    return far < end and math.isclose(end, float(f"{end:.1e}"), rel_tol=1e-9)


def is_cut(output: Output, leading: list[OutputDistribution]) -> bool:
    """Tell whether the calculation itself has set the end of one of some intervals."""
    far = farthest(output, [each.median for each in leading])
    return any(is_endless(each, far) for each in leading if each.varies)


def farthest(output: Output, medians: list[float]) -> float:
    """Return from where on an end lies far beyond all that is marked; infinity where nothing tells that."""
    marks = [*medians]
    marks += [each for each in (output.published_value, output.reference) if each is not None]
    if output.scale != "log10" or min(marks) <= 0:
        return math.inf
    return BEYOND * max(marks)


def _times(value: float, text: str, side: int = 0) -> str:
    """Write a factor; `text` is what is written of it where it is no part."""
    if not 0 < value < 1 or float(text.replace(",", "")) >= 1:
        return f"{text} times"
    return part(value, side)


def _united(text: str, output: Output) -> str:
    return with_unit(text, unit_text(output.unit.text))


def _power(value: float) -> str:
    """Write the power of ten below a value."""
    number = 10 ** math.floor(math.log10(value))
    return {10**6: "a million", 10**9: "a billion"}.get(number, f"{number:,}")
