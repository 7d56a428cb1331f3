"""A distribution suggested by an input's published evidence, with the reasoning that leads to it.

It is where an argument can begin, not where it ends: it weighs all sources alike and knows nothing of what
they measured.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.calls import checked
from uncertainty.distributions import limited, parse_distribution
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue, SettingError
from uncertainty.fitting.elicited import short_text
from uncertainty.fitting.quantiles import NOTICED, between_limits, cut_off, limits_text, predicted, respecting
from uncertainty.late import dataclass
from uncertainty.records import view
from uncertainty.results import record

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Evidence, Input

ENDS = np.array([0.05, 0.5, 0.95])


@record("distribution", "reasons", "basis", "median", "interval")
@dataclass(frozen=True, slots=True)
class Suggestion:
    """What evidence suggests for one input.

    Parameters
    ----------
    text
        A distribution in the study language; empty where the evidence suggests none.
    reasons
        Sentences that lead to it.
    basis
        What to state as the input's basis.
    median, interval
        Of the distribution within the input's limits; None without one.
    """

    name: str
    text: str
    reasons: tuple[str, ...]
    basis: str = "published range"
    median: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def distribution(self) -> str | None:
        """A distribution in the study language; None where the evidence suggests none."""
        return self.text or None

    _repr_html_ = view


@checked()
def suggest(item: Input) -> Suggestion:
    """Suggest a distribution from the evidence of an input alone.

    * One range: its ends are taken for the 5 % and 95 % quantiles, or for limits where one is a limit.
    * Several values: where a next one would lie, if all are draws of one normal population of unknown mean
      and spread: the central 90 % of its prediction, on a logarithmic scale where all are positive.
    * Two values: a next one lies below, between or above them with equal probability.
    * A distribution that would lie beyond the input's limits noticeably is one between them with the same
      quantiles, or of logits between them, where there are two limits and the evidence keeps off both;
      otherwise the limits cut it off, and how much of it is said.
    * Several ranges, or ranges and values: a mixture in which every piece has the same weight.

    Raises
    ------
    SettingError
        If there is no evidence.

    References
    ----------
    Geisser (1993), Predictive inference, doi:10.1201/9780203742310; Stone (1961), The opinion pool,
    doi:10.1214/aoms/1177704873.
    """
    rows = item.evidence
    if not rows:
        raise SettingError(f"{item.name}: has no evidence")
    values = [value for row in rows if not _is_range(row) and (value := _single(row)) is not None]
    ranges = [
        (float(row.low), float(row.high))
        for row in rows
        if row.low is not None and row.high is not None and row.low < row.high
    ]
    loose = len(rows) - len(values) - len(ranges)
    left_out = "that gives one end alone is" if loose == 1 else "that give one end alone are"
    reasons = [] if not loose else [f"{_count(loose, 'source').capitalize()} {left_out} left out."]
    values, ranges, beyond = _within_limits(item, values, ranges)
    reasons += beyond
    try:
        text, why = _pooled(item, values, ranges)
        return _finished(item, text, [*why, *reasons])
    except InvalidValue as error:
        return Suggestion(item.name, "", (*reasons, f"No distribution: {error}."))


def _single(row: Evidence) -> float | None:
    """Return what a source gives as a value, or as a range without width."""
    value = row.value if row.value is not None else row.low if row.low == row.high else None
    return None if value is None else float(value)


def _within_limits(
    item: Input, values: list[float], ranges: list[tuple[float, float]]
) -> tuple[list[float], list[tuple[float, float]], list[str]]:
    """Leave out what the input's limits rule out altogether, and say so."""
    low = -math.inf if item.low is None else item.low
    high = math.inf if item.high is None else item.high
    kept = [value for value in values if low <= value <= high]
    overlapping = [pair for pair in ranges if pair[0] < high and pair[1] > low]
    beyond = [number_text(value) for value in values if value not in kept]
    beyond += [_ends_text(*pair) for pair in ranges if pair not in overlapping]
    if not beyond:
        return kept, overlapping, []
    return (
        kept,
        overlapping,
        [f"Left out, as beyond the input's {limits_text(item)}: {', '.join(beyond)}."],
    )


def _ends_text(low: float, high: float) -> str:
    return f"{number_text(low)} to {number_text(high)}"


def _is_range(row: Evidence) -> bool:
    return row.low is not None and row.high is not None and row.low < row.high


SINGLE = "The input takes single values;"


def _pooled(item: Input, values: list[float], ranges: list[tuple[float, float]]) -> tuple[str, list[str]]:
    atoms = () if item.distribution is None else item.distribution.atoms
    if values and not ranges and set(values) <= set(atoms):
        counted = sorted(Counter(values).items())
        listed = ", ".join(number_text(value) for value, _ in counted)
        counts = [count for _, count in counted]
        if len(set(counts)) == 1:
            return f"discrete({listed})", [f"{SINGLE} those of the evidence weigh alike."]
        listed += f", weights=({', '.join(map(str, counts))})"
        return f"discrete({listed})", [f"{SINGLE} all pieces of the evidence weigh alike."]
    texts = [(_of_range(item, low, high), 1) for low, high in ranges]
    why = _about_ranges(ranges, [text for text, _ in texts])
    if ranges and len(set(values)) == 1:
        why.append(f"The value {number_text(values[0])} alone says nothing of a spread, and is left out.")
    elif values:
        text, reason = _of_values(item, values)
        texts.append((text, len(values)))
        why.append(reason)
    if not texts:
        raise InvalidValue("no source is left that gives a value, or both ends of a range")
    if len(texts) == 1:
        return texts[0][0], why
    if len({text for text, _ in texts}) == 1:
        return texts[0][0], why
    weights = [weight for _, weight in texts]
    stated = "" if len(set(weights)) == 1 else f", weights=({', '.join(map(str, weights))})"
    why.append("Every piece of evidence has the same weight in the mixture.")
    return f"mixture({', '.join(text for text, _ in texts)}{stated})", why


def _about_ranges(ranges: list[tuple[float, float]], texts: list[str]) -> list[str]:
    taken = [pair for pair, text in zip(ranges, texts, strict=True) if not text.startswith("uniform")]
    said = []
    for pairs, what in (
        (taken, "for the central 90 %"),
        ([pair for pair in ranges if pair not in taken], "as it is, uniform: it ends at a limit"),
    ):
        if pairs:
            named = ", ".join(_ends_text(low, high) for low, high in pairs)
            said.append(
                f"The range {named} is taken {what}."
                if len(pairs) == 1
                else f"Each of the ranges {named} is taken {what}."
            )
    return said


def _of_range(item: Input, low: float, high: float) -> str:
    if low in (item.low, 0.0) or high == item.high:
        return f"uniform({number_text(low)}, {number_text(high)})"
    plain = low > 0 or low < 0 < high
    by_ends = f"normal(p5={number_text(low)}, p95={number_text(high)})"
    return respecting(item, _ends_text(low, high) if plain else by_ends, ((0.05, low), (0.95, high)))


def _of_values(item: Input, values: list[float]) -> tuple[str, str]:
    distinct = sorted(set(values))
    if len(distinct) == 1:
        raise InvalidValue(_without_a_spread(values))
    family = "lognormal" if distinct[0] > 0 else "normal"
    if len(values) == 2:
        text = f"{family}(p33.3={number_text(distinct[0])}, p66.7={number_text(distinct[1])})"
        return respecting(item, text, ((0.333, distinct[0]), (0.667, distinct[1]))), (
            "Of two values all that can be said is that a next one is as likely below, between or above them."
        )
    positive = family == "lognormal"
    start, end = predicted(np.log(values) if positive else np.array(values))
    if positive:
        start, end = math.exp(start), math.exp(end)
    made = parse_distribution(f"{family}(p5={number_text(start)}, p95={number_text(end)})")
    whence = f"all come from one normal population{', on a logarithmic scale' if positive else ''}"
    text, low, high = short_text(made, 0.02 * (end - start)), start, end
    if cut_off(item, made) >= NOTICED:
        if (logits := between_limits(item, values)) is not None:
            made, text = logits, str(logits)
            whence = f"the logits between the {limits_text(item)}, come from one normal population"
        else:
            whence += ", cut off at the input's limits"
        low, _, high = limited(made, item.low, item.high).quantile(ENDS).tolist()
    return text, (
        f"A next value beside these {len(values)} lies between {numbers.number(low)} and "
        f"{numbers.number(high)} with 90 % probability, if {whence}."
    )


def _without_a_spread(values: list[float]) -> str:
    value = number_text(values[0])
    says = "says" if len(values) == 1 else "say"
    said = f"{_count(len(values), 'value')} of {value} {says} nothing of a spread"
    if values[0] <= 0:
        return f"{said}; add a range"
    return (
        f"{said}; score the source by pedigree({value}, reliability=…, completeness=…, temporal=…, "
        "geographical=…, technological=…), or add a range"
    )


def _finished(item: Input, text: str, why: list[str]) -> Suggestion:
    whole = parse_distribution(text)
    made = limited(whole, item.low, item.high)
    if (cut := cut_off(item, whole)) >= NOTICED:
        why.append(f"Of this, {numbers.share(cut)} is cut off by the input's {limits_text(item)}.")
    low, median, high = made.quantile(ENDS).tolist()
    why += _beside_the_point(item, made) + _beside_the_present(item, low, high)
    basis = "published range" if len(item.evidence) > 1 or _is_range(item.evidence[0]) else "assumption"
    return Suggestion(item.name, text, tuple(why), basis, median, (low, high))


def _beside_the_point(item: Input, made: Distribution) -> list[str]:
    if not isinstance(item.point, float | int):
        return []
    place = float(made.cdf(np.array([float(item.point)]))[0])
    if 0.01 <= place <= 0.99:
        return []
    return [f"The point, {number_text(float(item.point))}, lies outside its central 98 %."]


def _beside_the_present(item: Input, low: float, high: float) -> list[str]:
    """Compare with the distribution that the study has now."""
    present = item.distribution
    if present is None or present.is_constant:
        return []
    start, _, end = present.quantile(ENDS).tolist()
    told = [row for row in item.evidence if row.value is not None or None not in (row.low, row.high)]
    ends = [x for row in told for x in (row.value, row.low, row.high) if x is not None]
    # a range that was taken as it is has its ends again, but for their last digits
    slack = 1e-9 * max(abs(start), abs(end))
    inside = sum(start - slack <= x <= end + slack for x in ends)
    now, suggested = numbers.exact_range(start, end), numbers.interval(low, high)
    compared = (
        f"The study has {now} now (central 90 %), which holds {inside} of the {len(ends)} numbers of the "
        f"evidence; the suggestion has {suggested}."
    )
    said = [compared]
    if high - low > 0 and (end - start) / (high - low) < 0.5:
        said.append("What the study has is less than half as wide as the evidence suggests.")
    return said


def _count(n: int, noun: str) -> str:
    """Write a number of things, one of them in words: it may begin a sentence."""
    return f"one {noun}" if n == 1 else numbers.count(n, noun)
