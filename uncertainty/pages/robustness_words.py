"""What becomes of an answer with other distributions, and with inputs that go together, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.dirichlet import is_share
from uncertainty.sampling.finiteness import MOST_DROPPED
from uncertainty.study.one_score import item_of
from uncertainty.wording import capitalised, dropped_sentence, few_titles, listed, some_of, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.challenges.dependence import Together
    from uncertainty.challenges.robustness import Answer, Refusal, Robustness
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Output, Study


SPREAD_WORDS = {0.5: "half", 2.0: "twice"}


def robustness_sentences(study: Study, output: Output, found: Robustness, by_shares: str = "") -> list[str]:
    """Say how far the interval, the shares and the top driver move with other distributions.

    Parameters
    ----------
    by_shares
        A sentence that stands behind the top driver's, where shares of the spread name another one.
    """
    sentences = []
    if shapes := found.of_kind("shape"):
        sentences.append(
            "Other shapes with the same 90 % ranges (uniform and triangular ones are of the logarithm where "
            f"an input is always positive): {_moves(output, shapes)}."
        )
    if spreads := found.of_kind("spread"):
        factors = listed([SPREAD_WORDS[float(each.change)] for each in spreads])
        same = "about the same medians, before limits cut it"
        sentences.append(capitalised(f"{factors} the spread {same}: {_moves(output, spreads)}."))
    medians = found.of_kind("median")
    if medians:
        sentences.append(
            f"One input's median moved by 10 to 50 %{_measures(medians)}: {_moves(output, medians)}"
            f"{_most_moving(study, output, found, medians)}."
        )
    if told := " ".join(filter(None, [*_driver_sentences(study, found), by_shares])):
        sentences.append(told)
    if found.left_alone:
        left = listed([item_of(study, name).title for name in found.left_alone])
        shares = any(is_share(item_of(study, name).distribution) for name in found.left_alone)
        or_share = ", empirical or shares of a whole" if shares else " or empirical"
        sentences.append(f"Left unchanged, because discrete{or_share}: {left}.")
    if found.between_cases:
        verb = "it differs" if len(found.between_cases) == 1 else "they differ"
        names = few_titles(study, found.between_cases)
        sentences.append(f"Left unchanged, because {verb} from case to case: {names}.")
    sentences += dependence_sentences(study, output, found)
    return [*sentences, *_refusal_sentences(study, found), *_undefined_sentences(study, found)]


def _driver_sentences(study: Study, found: Robustness) -> list[str]:
    """Say in how many answers the top driver is the same, or one of those that are alike."""
    if not found.answers:
        return []
    own, total = found.own.drivers, f"{len(found.answers):,}"
    others = [each.driver for each in found.answers if not {*own} & {*each.drivers}]
    title, where = titles_of_drivers(study, own), f"in all {total}"
    if found.unseen:
        names = some_of([f"“{item_of(study, name).title}”" for name in found.unseen])
        move = "moves" if len(found.unseen) == 1 else "move"
        return [f"No top driver is told, for rank correlation does not see how {names} {move} the result."]
    if others:
        otherwise = listed([item_of(study, name).title for name in dict.fromkeys(others)], "or")
        where = f"in {len(found.answers) - len(others):,} of {total} of these; otherwise it is {otherwise}"
    if len(own) > 1:
        told = "Draws of the study's own distributions do not tell which."
        return [f"The top driver, by rank correlation, is {title} {where}. {told}"]
    shared = sum(own[0] in each.drivers and len(each.drivers) > 1 for each in found.answers)
    beside = f" In {shared:,} of them the draws do not tell it from others." if shared else ""
    if others:
        return [f"{title} remains the top driver, by rank correlation, {where}.{beside}"]
    return [f"The top driver, by rank correlation, is {title} {where}.{beside}"]


def titles_of_drivers(study: Study, names: Sequence[str]) -> str:
    """List inputs of which one is the top driver, a few of many."""
    return some_of([item_of(study, name).title for name in names], "or")


def _most_moving(study: Study, output: Output, found: Robustness, medians: Sequence[Answer]) -> str:
    """Name the input whose moved median moves the output's the most, and those that move it as far."""
    moves: dict[str, float] = {}
    for each in medians:
        move = _distance(output, found.own.median.value, each.median.value)
        moves[each.input] = max(move, moves.get(each.input, 0.0))
    most = max(moves.values())
    if not most:
        return ""
    titles = [item_of(study, name).title for name, move in moves.items() if move >= most * (1 - ALIKE)]
    return f"; {some_of(titles)} {'moves' if len(titles) == 1 else 'move'} it most"


def _distance(output: Output, one: float, other: float) -> float:
    """Return how far two medians lie apart: on a log10 scale as a factor's logarithm, where both have one."""
    if output.scale == "log10" and min(one, other) > 0:
        return abs(math.log(other / one))
    return abs(other - one)


ALIKE = 1e-3
"""Part by which two moves may differ that are told as alike."""


DIGITS_APART = 0.05
"""Part by which numbers may differ of which two digits are the same."""


def dependence_sentences(study: Study, output: Output, found: Robustness) -> list[str]:
    """Say what becomes of the interval if inputs go together that are drawn independently."""
    if not found.dependence:
        return []
    independent = "Inputs are drawn independently where the study does not bind them."
    if told := _unchanged(found):
        tried = listed([f"{each:+g}" for each in sorted({each.spearman for each in found.dependence})], "or")
        alone = f"{independent} No pair that was tried changes the interval, {told}, by a rank correlation"
        return [f"{alone} of {tried}.", *(_together_sentence(study, each) for each in found.together)]
    matters = _matter_most(study, output, found)
    return [f"{independent} {matters}", *(_together_sentence(study, each) for each in found.together)]


def _unchanged(found: Robustness) -> str:
    """Write the interval where no pair changes it in the digits that are written; else return nothing."""
    own, others = found.own.ends, [each.ends for each in found.dependence]
    texts = {numbers.interval(*each) for each in others}
    if texts == {text := numbers.interval(*own)}:
        return text
    # other draws may cross the place where an end has one digit less
    near = all(
        math.isclose(end, was, rel_tol=DIGITS_APART)
        for ends in others
        for end, was in zip(ends.values, own.values, strict=True)
    )
    return f"{texts.pop()} as far as its digits tell" if near and len(texts) == 1 else ""


def _matter_most(study: Study, output: Output, found: Robustness) -> str:
    """Name the pair by which the interval's width changes most, with those that may change it as much."""
    from uncertainty.challenges.dependence import width, width_error

    own, scale = width(found.own.ends, output.scale), output.scale
    changes = {each: abs(width(each.ends, scale) - own) for each in found.dependence}
    # one pair narrows by the correlation of which another sign widens: each counts where it changes most
    farthest: dict[tuple[str, ...], Together] = {}
    for each in sorted(changes, key=changes.__getitem__):
        farthest[each.inputs] = each
    most = max(farthest.values(), key=changes.__getitem__)
    error = width_error(most.ends, scale)
    alike = [
        pair
        for pair, each in farthest.items()
        if changes[most] - changes[each] <= 2 * math.hypot(error, width_error(each.ends, scale))
    ]
    of_one = by_correlation([each for each in found.dependence if each.inputs == most.inputs])
    titled = {pair: [f"“{item_of(study, name).title}”" for name in pair] for pair in alike}
    if len(alike) == 1:
        pair = " and ".join(titled[most.inputs])
        told = f"Of {len(farthest)} pairs tried, {pair} change the interval's width most"
        if len(farthest) == 1:
            told = f"One pair was tried, {pair}"
        return f"{told}: by {_correlation(study, most.inputs, '')} {of_one}."
    pairs = some_of([" with ".join(pair) for pair in titled.values()], "or")
    first = " with ".join(titled[most.inputs])
    untold = f"The draws do not tell by which pair tried the interval's width changes most: {pairs}."
    return f"{untold} By {_correlation(study, most.inputs, first)} {of_one}."


def _correlation(study: Study, inputs: Sequence[str], pair: str) -> str:
    """Say what of a pair is correlated: of what has parameters, where it lies within what they give."""
    given = [isinstance(item_of(study, name).distribution, Conditional) for name in inputs]
    if any(given):
        return f"the rank correlation of {f'the scores of {pair}' if pair else 'their scores'}"
    return f"the rank correlation of {pair}" if pair else "their rank correlation"


def by_correlation(found: Sequence[Together]) -> str:
    """Say what the interval is at each correlation; of an end that stays where it is, that it does."""
    written = [numbers.interval(*each.ends).split(" to ") for each in found]
    lows, highs = ({ends[place] for ends in written} for place in (0, -1))
    at = [f"at {each.spearman:+g}" for each in found]
    if len(highs) == 1 < len(lows):
        ends = [f"{ends[0]} {each}" for ends, each in zip(written, at, strict=True)]
        return f"the interval begins at {listed(ends)}, and ends at {highs.pop()} at each"
    if len(lows) == 1 < len(highs):
        ends = [f"{ends[-1]} {each}" for ends, each in zip(written, at, strict=True)]
        return f"the interval ends at {listed(ends)}, and begins at {lows.pop()} at each"
    if len(lows) == len(highs) == 1 < len(found):
        return f"the interval is {' to '.join(written[0])} at each"
    ends = [f"{' to '.join(ends)} {each}" for ends, each in zip(written, at, strict=True)]
    return f"the interval is {listed(ends)}"


def _together_sentence(study: Study, found: Together) -> str:
    names = listed([f"“{item_of(study, name).title}”" for name in found.inputs])
    return (
        f"All of {names} together at {found.spearman:g}, in the direction in which their effects add up: "
        f"{numbers.interval(*found.ends)}, a bound where the result rises or falls with each of them."
    )


def _refusal_sentences(study: Study, found: Robustness) -> list[str]:
    """Say which changes were not made, since an input's limits leave no room for them, or undo them."""
    from uncertainty.challenges.robustness import CUT_BACK

    kept: dict[str, list[str]] = {}
    cut: dict[str, list[str]] = {}
    unmoved: dict[str, list[str]] = {}
    for each in found.refused:
        if each.undefined:
            continue
        title = item_of(study, each.input).title
        if each.kind == "median":
            unmoved.setdefault(title, []).append(move_text(each))
        else:
            # what may be 0 or negative, whose measure is its range, has no logarithm
            is_logarithmic = each.measure == "median" and each.change in ("uniform", "triangular")
            shape = f"{each.change} shape{' of the logarithm' if is_logarithmic else ''}"
            change = shape if each.kind == "shape" else _spread_text(each)
            (cut if each.reason == CUT_BACK else kept).setdefault(change, []).append(title)
    sentences = []
    for why, changes in (
        ("no such distribution lies within these limits", kept),
        (CUT_BACK, cut),
    ):
        if changes:
            each_kept = "; ".join(f"{change}: {listed(titles)}" for change, titles in changes.items())
            sentences.append(f"Left unchanged, because {why}: {each_kept}.")
    if unmoved:
        each_left = "; ".join(f"{title} by {listed(moves)}" for title, moves in unmoved.items())
        sentences.append(f"Medians not moved, because these limits leave no room for it: {each_left}.")
    return sentences


def _undefined_sentences(study: Study, found: Robustness) -> list[str]:
    """Say which changes were not answered since the output then has no value, and what others had dropped."""
    together: list[str] = []
    alone: dict[str, list[str]] = {}
    for each in found.refused:
        if each.undefined:
            change = f"{each.change} shape" if each.kind == "shape" else _spread_text(each)
            change = move_text(each) if each.kind == "median" else change
            changes = alone.setdefault(each.input, []) if each.kind == "median" else together
            changes.append(f"{change} ({numbers.share(each.undefined)})")
    sentences = []
    if dropped := max((each.dropped or 0.0 for each in found.answers), default=0.0):
        sentences.append(dropped_sentence([("at most, in any of these", dropped)]))
    told = [f"{listed(together)} of all inputs"] if together else []
    told += [f"{item_of(study, name).title} moved by {listed(changes)}" for name, changes in alone.items()]
    if told:
        sentences.append(f"Left out, because {_without_value(study)}: {'; '.join(told)}.")
    return sentences


def _without_value(study: Study) -> str:
    """Say why some draws have no value under other distributions, and how many may be dropped."""
    some = f"more than {numbers.share(MOST_DROPPED)} of" if study.nonfinite == "drop" else "some"
    if study.emulator is not None:
        return f"{some} draws (their share in brackets) then lie where the emulator knows nothing"
    return f"{some} draws (their share in brackets) then have no value"


def _spread_text(found: Refusal) -> str:
    return f"{float(found.change):g} times the spread"


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
        if (found := [a.shares[kind] for a in answers if kind in a.shares])
    ]
    return "; ".join([text, *shares])


def _spans(answers: Sequence[Answer], unit: str) -> list[str]:
    """Say from where to where medians, lower and upper ends lie, with digits that tell all of these apart."""
    found = [[a.median for a in answers], [a.low for a in answers], [a.high for a in answers]]
    ends = [end for each in found for end in (min(each, key=_value), max(each, key=_value))]
    texts = numbers.together(*ends, outwards=(0, 0, -1, -1, 1, 1))
    return [
        f"at {with_unit(low, unit)}" if low == high else f"between {low} and {with_unit(high, unit)}"
        for low, high in zip(texts[::2], texts[1::2], strict=True)
    ]


def _value(found: Estimate) -> float:
    return found.value


def _share_span(shares: Sequence[Estimate]) -> str:
    low, high = (numbers.share(pick(shares, key=_value)) for pick in (min, max))
    return low if low == high else f"{low} to {high}"
