"""What becomes of an answer with other distributions, in sentences that the command and the report share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.wording import listed, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.challenges.robustness import Answer, Refusal, Robustness
    from uncertainty.sampling.statistics import Estimate
    from uncertainty.study.model import Output, Study


def robustness_sentences(study: Study, output: Output, found: Robustness) -> list[str]:
    """Say how far the interval, the shares and the top driver move with other distributions."""
    sentences = []
    if shapes := found.of_kind("shape"):
        sentences.append(f"Other shapes with the same 90 % ranges: {_moves(output, shapes)}.")
    if spreads := found.of_kind("spread"):
        sentences.append(
            "Half and twice the spread about the same medians, before physical limits cut it: "
            f"{_moves(output, spreads)}."
        )
    medians = found.of_kind("median")
    if medians:
        farthest = max(medians, key=lambda a: abs(a.median.value - found.own.median.value))
        most = f"; {study.inputs[farthest.input].title} moves it most"
        sentences.append(
            f"One input's median moved by 10 to 50 %{_measures(medians)}: {_moves(output, medians)}"
            f"{most if farthest.median.value != found.own.median.value else ''}."
        )
    drivers = Counter(answer.driver for answer in found.answers)
    own = study.inputs[found.own.driver].title
    others = [study.inputs[name].title for name in drivers if name != found.own.driver]
    if others:
        kept = f"{drivers[found.own.driver]:,} of {drivers.total():,}"
        sentences.append(
            f"{own} remains the top driver in {kept} of these; otherwise it is {listed(others, 'or')}."
        )
    else:
        sentences.append(f"The top driver is {own} in all {drivers.total():,}.")
    if found.left_alone:
        left = listed([study.inputs[name].title for name in found.left_alone])
        sentences.append(f"Left unchanged, because discrete or empirical: {left}.")
    return [*sentences, *_refusal_sentences(study, found)]


def _refusal_sentences(study: Study, found: Robustness) -> list[str]:
    """Say which changes were not made, since an input's physical limits leave no room for them."""
    kept: dict[str, list[str]] = {}
    unmoved: dict[str, list[str]] = {}
    for each in found.refused:
        title = study.inputs[each.input].title
        if each.kind == "median":
            unmoved.setdefault(title, []).append(move_text(each))
        else:
            change = f"{each.change} shape" if each.kind == "shape" else f"{each.change:g} times the spread"
            kept.setdefault(change, []).append(title)
    sentences = []
    if kept:
        each_kept = "; ".join(f"{change}: {listed(titles)}" for change, titles in kept.items())
        sentences.append(
            f"Left unchanged, because no such distribution lies within the physical limits: {each_kept}."
        )
    if unmoved:
        each_left = "; ".join(f"{title} by {listed(moves)}" for title, moves in unmoved.items())
        sentences.append(f"Medians not moved, because the physical limits leave no room for it: {each_left}.")
    return sentences


def move_text(found: Answer | Refusal) -> str:
    """Write by what share of what a median is moved."""
    share = f"{float(found.change):+.0%}".replace("%", " %")
    return f"{share} of its 90 % range" if found.measure == "range" else share


def _measures(medians: Sequence[Answer]) -> str:
    """Say what the moves are shares of, where that is not the median itself."""
    return {
        frozenset(["range"]): " of its 90 % range",
        frozenset(["median", "range"]): " of itself, or of its 90 % range where it may be 0 or negative",
    }.get(frozenset(each.measure or "median" for each in medians), "")


def _moves(output: Output, answers: Sequence[Answer]) -> str:
    """Say how far a set of answers moves medians, ends and shares."""
    unit = output.unit.text
    medians, low, high = _spans(answers, unit)
    text = f"the median lies {medians}; the interval begins {low} and ends {high}"
    names = {"reference": "on the claim’s side of the reference", "published": "at the figure or beyond"}
    shares = [
        f"{_share_span(found)} of draws {name}"
        for kind, name in names.items()
        if (found := [a.shares[kind].value for a in answers if kind in a.shares])
    ]
    return "; ".join([text, *shares])


def _spans(answers: Sequence[Answer], unit: str) -> list[str]:
    """Say from where to where medians, lower and upper ends lie, with digits that tell all of these apart."""
    found = [[a.median for a in answers], [a.low for a in answers], [a.high for a in answers]]
    ends = [end for each in found for end in (min(each, key=_value), max(each, key=_value))]
    texts = numbers.together(*ends)
    return [
        f"at {with_unit(low, unit)}" if low == high else f"between {low} and {with_unit(high, unit)}"
        for low, high in zip(texts[::2], texts[1::2], strict=True)
    ]


def _value(found: Estimate) -> float:
    return found.value


def _share_span(shares: Sequence[float]) -> str:
    low, high = numbers.share(min(shares)), numbers.share(max(shares))
    return low if low == high else f"{low} to {high}"
