"""What a study found of one output, in one line: what stands above its picture and where links are shown.

It says in which direction the output lies and how sure that is, and whether the published figure stands;
where nothing was published, how large the output is. `docs/verdicts.md` has the rules in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.first_sentences import LIKELY, UNLIKELY, direction_text
from uncertainty.leading import agree
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import (
    capitalised,
    figure_text,
    interval_text,
    median_text,
    middle_text,
    published_text,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.conclusion import Direction
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.readings import Readings
    from uncertainty.sampling.estimate import Estimate


def finding(readings: Readings) -> str:
    """Return what was found of an output under its readings, as one sentence without its full stop."""
    output, found = readings.output, readings.conclusion
    parts = []
    if found.direction is not None and (output.reference is not None or output.claim != "about"):
        sided = direction_text(
            output, found.direction.limit, above=found.direction.above, met=found.direction.met
        )
        parts.append(_sure(found.direction, sided))
    else:
        parts.append(f"“{output.title}” is {_size(readings)}")
    if output.published_value is None:
        parts += [f"it is {_size(readings)}"] if found.direction is not None else []
    elif output.claim == "about":
        parts.append(_fit(readings))
    elif found.figure is not None:
        side = "at least" if found.figure.above else "at most"
        parts.append(_sure(found.figure, f"it is {side} the published {published_text(output)}"))
    return capitalised("; ".join(parts))


def _sure(found: Direction, what: str) -> str:
    """Say how sure something is under the reading that is worst for it, or best where it is unlikely."""
    least, greatest = found.least.share, found.greatest.share
    alike = agree(least, greatest)
    if not found.least.varies and alike:
        return what if least.value else f"it is not so that {what}"
    if least.value > LIKELY and found.least.varies:
        return f"{what}, {_bounded(least, 'at least', alike=alike)} sure"
    if greatest.value <= UNLIKELY and found.greatest.varies:
        return f"that {what} is {_bounded(greatest, 'at most', alike=alike)} likely"
    if alike:
        return f"that {what} is {numbers.share(least)} likely"
    return f"whether {what} depends on the reading"


def _bounded(share: Estimate, side: str, *, alike: bool) -> str:
    text = numbers.share(share)
    return text if alike or text.startswith(("over", "under")) else f"{side} {text}"


def _fit(readings: Readings) -> str:
    """Say inside the intervals of how many readings the published figure lies."""
    asked = [readings.distribution(name) for name in (AS_PUBLISHED, *readings.reaching)]
    inside = sum(holds_published(each) for each in asked)
    said = f"the published {published_text(readings.output)}"
    if len(asked) == 1:
        return f"{said} lies {'inside' if inside else 'outside'} its interval"
    if inside in (0, len(asked)):
        return f"{said} lies {'inside' if inside else 'outside'} the interval of every reading"
    return f"{said} lies inside the interval of {inside} of the {len(asked)} readings"


def holds_published(found: OutputDistribution) -> bool:
    """Tell whether the published figure lies inside the interval, or is the one value as it was printed."""
    figure = found.output.published
    if figure is None or not figure.is_attainable:
        return False
    if not found.varies:
        return numbers.printed(found.median, figure.digits) == figure_text(figure)
    return found.summary["low"].value <= figure.value <= found.summary["high"].value


def _size(readings: Readings) -> str:
    """Say how large an output is: from the lowest median of a leading reading to the highest."""
    found = [readings.distribution(name) for name in readings.leading if name != AS_CHOSEN]
    found.sort(key=lambda each: each.median)
    first, last = found[0], found[-1]
    if first.probability is not None or last.probability is not None:
        return " or ".join(dict.fromkeys(map(middle_text, (first, last))))
    apart = not agree(*(each.draws.quantile(0.5) for each in (first, last)))
    if apart and median_text(first) != median_text(last):
        span = with_unit(f"{median_text(first)} to {median_text(last)}", first.output.unit.text)
        return f"about {span}, by the reading"
    if not first.varies:
        return middle_text(first)
    return f"about {middle_text(first)} ({interval_text(first)})"
