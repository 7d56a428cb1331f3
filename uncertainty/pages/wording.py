"""What a challenge comes to, in the sentences of every page."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.one_score import item_of
from uncertainty.wording import (
    NEGLIGIBLE,
    capitalised,
    figure_text,
    listed,
    point_text,
    published_text,
    value_text,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.challenges.dependence import Unargued
    from uncertainty.challenges.designpoint import Coordinate, DesignPoint
    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.challenges.shifts import Shift
    from uncertainty.challenges.stress import Range, Stress
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.study.model import Input, Output, Study


def threshold_text(output: Output, limit: Threshold) -> str:
    """Name a threshold: its value with its unit, and what it is."""
    value = with_unit(point_text(limit.value), output.unit.text)
    figure = "" if output.published is None else figure_text(output.published)
    tenth = "a tenth of" if abs(limit.value) < abs(output.published_value or 0) else "ten times"
    return {
        "given": value,
        "tenth": f"{value}, {tenth} the published {figure}",
        "tenfold": f"{value}, ten times the published {figure}",
        "reference": f"{value}, the reference",
        "published": f"the published {published_text(output)}",
    }[limit.kind]


def asked_sentence(found: OutputChallenge) -> str:
    """Say of how many inputs single ones are asked about, where these are not all; else nothing."""
    if found.asked == found.reaching:
        return ""
    return (
        f"{found.reaching:,} inputs reach this output; single inputs are asked about for the {found.asked} "
        "that move it most."
    )


NET_SEEN = 0.01
"""What a net of cases gets wrong, in standard deviations of the output, from which on it is told."""

NET_READ = 5e-4
"""The same of one number that no input moves, as a part of it: less is in none of its digits."""


def net_sentence(found: OutputChallenge) -> str:
    """Say how far the cases that are averaged over move what has no error of theirs; nothing where little."""
    own = found.verdict.readings[found.verdict.leading[0]]
    if found.net_error <= (NET_SEEN if own.varies else NET_READ * abs(own.median.value)):
        return ""
    if own.varies:
        moved = f"{numbers.share(found.net_error)} of its standard deviation"
    else:
        moved = with_unit(numbers.number(found.net_error, 1), found.output.unit.text)
    return (
        f"The average is over a net of cases, which moves it by about {moved}. Values at which it crosses, "
        "other distributions and choices are told with such errors; shares of draws and ranges of inputs are "
        "not."
    )


ROUNDING = 1e-6
"""Standard deviations that a search leaves behind in inputs which do not reach the result."""

HARDLY = 0.05
"""Standard deviations below which a combination differs from the medians in digits that tell nothing."""


def design_point_sentence(study: Study, output: Output, found: DesignPoint | str, limit: Threshold) -> str:
    """Say which combination nearest to the medians lies on a threshold, and how far away it is."""
    target = threshold_text(output, limit)
    if isinstance(found, str):
        return f"For {target}: {found}."
    parts = [
        f"{item_of(study, name).title} at {_apart(item_of(study, name), c)}"
        for name, c in found.inputs.items()
        # what follows another input adds nothing to the distance, and lies elsewhere all the same
        if max(c.contribution, (c.score / found.distance) ** 2 if found.distance else 0.0) >= NEGLIGIBLE
        or (c.stepwise and c.value != c.median)
    ]
    if not parts:
        return f"For {target}: the medians of all inputs together lie on it."
    if (rest := sum(_is_elsewhere(each) for each in found.inputs.values()) - len(parts)) > 0:
        parts.append(f"{count(rest, 'other input')} much nearer to {'its median' if rest == 1 else 'theirs'}")
    if found.distance < HARDLY:
        if moved := [
            f"{item_of(study, name).title} at {_apart(item_of(study, name), c)}"
            for name, c in found.inputs.items()
            if c.stepwise and c.value != c.median
        ]:
            return (
                f"For {target}: {listed(moved)} is enough with all other inputs at their medians; members of "
                f"an index count as equally near. {_reserve(found)}"
            ).rstrip()
        return (
            f"For {target}: the medians of all inputs together all but lie on it: the nearest found is "
            f"{numbers.number(found.distance, 1)} standard deviations away. {_reserve(found)}"
        ).rstrip()
    way = "the medians lie beyond it; the nearest way back found" if found.crossed else "the nearest found"
    distance = f"{found.distance:.1f}"
    if found.distance_error and found.distance_error > 0.05:  # half of the digit
        distance = numbers.with_error(Estimate(found.distance, found.distance_error), 2)
    return (
        f"For {target}: {way} is {listed(parts)}; {distance} standard deviations from the medians. "
        f"{_reserve(found)}"
    ).rstrip()


def _reserve(found: DesignPoint) -> str:
    """Say what may be wrong with a combination."""
    reasons = (f"{capitalised(each)}." for each in (found.reason, found.ended) if each)
    return " ".join(filter(None, (found.disagreement, *reasons)))


def _is_elsewhere(found: Coordinate) -> bool:
    """Tell whether an input has left its median by more than the search's own rounding."""
    return found.value != found.median and (found.stepwise or abs(found.score) > ROUNDING)


def stress_sentence(study: Study, output: Output, found: Stress | str, limit: Threshold) -> str:
    """Say which inputs set apart the draws in which a claim fails, and where most of the rarer draws lie."""
    target = threshold_text(output, limit)
    if isinstance(found, str):
        return f"At {target}: {found}."
    moved = [shift for shift in found.shifts if _shows(shift)]
    surely = [shift for shift in moved if shift.distance > shift.chance]
    told = [shift for shift in surely if shift.distance >= 0.1][:3] or surely[:1]
    apart = [f"{item_of(study, shift.input).title} ({_shift_text(study, shift)})" for shift in told]
    verb = "fall below" if limit.above else "pass"
    share = numbers.share(found.failing)
    # of fewer draws than the shares elsewhere
    share = f"About {share}" if share[0].isdigit() else capitalised(share)
    told_apart = "no input's median sets them apart"
    if moved:
        told_apart = "they are too few to tell which input sets them apart"
    if apart:
        told_apart = f"what sets them apart is {listed(apart)}"
    sentence = f"{share} of draws {verb} {target}; {told_apart}."
    if not found.box:
        return sentence
    who = {"fails": "these draws", "holds": "the others"}[found.boxed]
    ranges = [range_text(study, each) for each in found.box]
    coverage = numbers.share(Estimate(found.coverage, None, bounds=found.coverage_interval))
    density = numbers.share(Estimate(found.density, None, bounds=found.density_interval))
    inside = f"{coverage} of {who} have {listed(ranges)}"
    return f"{sentence} {capitalised(inside)}, and they are {density} of all draws there."


def _shows(found: Shift) -> bool:
    """Tell whether the median of an input, or a member's share, differs by what is written."""
    size = found.farther if found.shift is None else found.shift
    return round(abs(size or 0.0) * 100) >= 1


def _shift_text(study: Study, found: Shift) -> str:
    if found.shift is None:
        farther = found.farther or 0.0
        way = "farther from" if farther > 0 else "nearer to"
        return f"{_points(farther, found.interval, 'percentile')} {way} its median"
    index = item_of(study, found.input).member_of
    if index is not None and found.member is not None:
        points = _points(found.shift, found.interval, "percentage point")
        return f"“{index.label_at(index.places[found.member])}” {points} more often"
    way = "higher" if found.shift > 0 else "lower"
    return f"{_points(found.shift, found.interval, 'percentile')} {way}"


def _points(shift: float, within: tuple[float, float] | None, noun: str) -> str:
    """Write how far something is moved in one direction; what is not known to `numbers.VAGUE`, as a range."""
    low, high = sorted(100 * end * (-1 if shift < 0 else 1) for end in within or (shift, shift))
    if high - low <= 2 * numbers.VAGUE:
        return count(round(abs(shift) * 100), noun)
    return f"{max(low, 0.0):.0f} to {high:.0f} {noun}s"


AT_A_POLE = 1e-9
"""Part of a median below which a value differs from 0 in its side alone: at 0 itself the output has none."""


def _apart(item: Input, found: Coordinate) -> str:
    """Write a value of an input beside its median; of a category, which has none, the member's label."""
    value, median = found.value, found.median
    if item.member_of is not None:
        return value_text(item, value)
    text = numbers.apart(value, median)
    if 0 < abs(value) < AT_A_POLE * abs(median):
        text = f"just {'below' if value < 0 else 'above'} 0"
    elif found.error:
        digits = numbers.digits_apart(value, median, 3)
        text = numbers.estimate(Estimate(value, found.error), digits)
    return f"{with_unit(text, item.unit.text)} (median {numbers.apart(median, value)})"


def range_text(study: Study, found: Range) -> str:
    """Write a range of an input, with all digits of its ends."""
    item = item_of(study, found.input)
    low, high = (None if end is None else numbers.printed(end, 1) for end in (found.low, found.high))
    if low is None:
        text = f"{item.title} up to {high}"
    elif high is None:
        text = f"{item.title} from {low}"
    else:
        text = f"{item.title} from {low} to {high}"
    return with_unit(text, item.unit.text)


def universes_sentence(found: Multiverse) -> str:
    """Say in how many universes the claim holds; a share of universes, not a probability."""
    output = found.output
    counted, decided = [], []
    undecided = 0, len(found.universes)
    told: set[tuple[float, bool]] = set()
    for limit in found.thresholds:
        # a part of the published figure may be the reference
        if (limit.value, limit.above) in told:
            continue
        told.add((limit.value, limit.above))
        side = "at least" if limit.above else "at most"
        surely, perhaps = found.held(limit)
        held = f"{surely:,}" if surely == perhaps else f"{surely:,} to {perhaps:,}"
        if (surely, perhaps) == undecided:
            held = "the draws do not tell"
        counted.append(f"{side} {threshold_text(output, limit)}: {held}")
        if surely == perhaps:
            decided.append(limit)
    low, high = medians_of(_ends(found), decided)
    combinations = count(len(found.universes), "valid combination")
    choices = count(len(found.combinations.varied), "choice")
    medians = f"medians from {low} to {with_unit(high, output.unit.text)}"
    if low == high:
        medians = f"the median is {with_unit(low, output.unit.text)} in each"
    sentence = f"{combinations} of {choices}{_alike(found)}: {medians}."
    if counted:
        sentence += f" Combinations whose median is {'; '.join(counted)}."
        sentence += " That counts choices; it is not a probability."
    return sentence


def _alike(found: Multiverse) -> str:
    """Say how many universes are calculations of their own, where some are the very one of another."""
    if found.distinct == len(found.universes):
        return ""
    return ", all alike" if found.distinct == 1 else f", {found.distinct:,} different"


def _ends(found: Multiverse) -> tuple[Universe, Universe]:
    """Return the universes with the least and the greatest median."""
    by_median = attrgetter("median")
    return min(found.universes, key=by_median), max(found.universes, key=by_median)


def medians_of(universes: Sequence[Universe], decided: Sequence[Threshold] = ()) -> list[str]:
    """Write medians in their order, each as beside its own interval, so that one has one form on a page.

    Those that two digits do not tell apart, or that would be out of order so, have as many digits as the
    finest: how wide an interval is makes no difference between medians.

    Parameters
    ----------
    decided
        Thresholds on whose side a median has to stay, as it is written.
    """
    written = []
    for each in universes:
        own = median_of(each)
        written.append(own if _stay([own], [each], decided) else _alike_in_digits([each], decided, 2)[0])
    rounded = [numbers.number(each.median, 2) for each in universes]
    apart = len(set(rounded)) == len(rounded)
    if apart and all(numbers.shown(one) < numbers.shown(other) for one, other in pairwise(written)):
        return written
    digits = [numbers.digits_beside(u.median, u.found.low.value, u.found.high.value) for u in universes]
    return _alike_in_digits(universes, decided, max(2, *digits))


def median_of(universe: Universe) -> str:
    """Write the median of a universe as it is written beside its interval."""
    return numbers.median_and_interval(universe.found.median, universe.found.low, universe.found.high)[0]


def _alike_in_digits(universes: Sequence[Universe], decided: Sequence[Threshold], least: int) -> list[str]:
    """Write medians with one number of digits, `least` or more: those that leave each on its side."""
    written: list[str] = []
    for digits in range(least, max(least, numbers.EXACT) + 1):
        written = [numbers.estimate(each.found.median, digits) for each in universes]
        if _stay(written, universes, decided):
            break
    return written


def _stay(written: Sequence[str], universes: Sequence[Universe], decided: Sequence[Threshold]) -> bool:
    """Tell whether medians lie on the same side of thresholds as they are written."""
    return all(
        bool((limit.holds(np.array([numbers.shown(text)])) == limit.holds(np.array([each.median])))[0])
        for text, each in zip(written, universes, strict=True)
        for limit in decided
    )


def construction_sentences(found: Multiverse, effects: Sequence[ChoiceEffect]) -> list[str]:
    """Name the options that settle a threshold by themselves, whatever else is chosen or true."""
    sentences = []
    choices = found.study.choices
    answers = Counter(option.title for choice in choices.values() for option in choice.options.values())
    for limit in found.thresholds:
        target = threshold_text(found.output, limit)
        for verb, key in (
            ("always reaches" if limit.above else "never exceeds", "always"),
            ("never reaches" if limit.above else "always exceeds", "never"),
        ):
            titles = [
                f"“{title}”"
                + (f" to “{choices[effect.choice].question or effect.choice}”" if answers[title] > 1 else "")
                for effect in effects
                for option, each in effect.options.items()
                if limit.kind in getattr(each, key)
                for title in (choices[effect.choice].options[option].title,)
            ]
            if titles:
                sentences.append(
                    f"The result with {listed(titles, 'or')} {verb} {target}: no draw, and no combination of "
                    "the inputs' medians and ends, says otherwise."
                )
        always = sum(u.always(limit) for u in found.universes)
        never = sum(u.never(limit) for u in found.universes)
        if always and limit.kind == "reference":
            side = f"; {always:,} of these {'lies' if always == 1 else 'lie'} on the claim's side of it"
            sentences.append(
                f"In {always + never:,} of {len(found.universes):,} combinations no draw, and no combination "
                f"of the inputs' medians and ends, crosses {target}{side if never else ''}. "
                "An end is a limit of the input, or has a trillionth of its values beyond it."
            )
    return sentences


def decider_sentence(found: Multiverse, effects: Sequence[ChoiceEffect]) -> str:
    """Name the choice that moves the result most, if the medians differ in what is written of them."""
    if not medians_differ(found):
        least, greatest = medians_of(_ends(found))
        if least == greatest:
            return f"No choice moves the median: it is {least} in every combination."
        return f"Hardly any choice moves the median: it is from {least} to {greatest}."
    top, scale = effects[0], of_medians(logarithmic=found.logarithmic)
    question = found.study.choices[top.choice].question or top.choice
    alone = [u for u in top.alone.values() if u is not None]
    least, greatest = medians_of([pick(alone, key=attrgetter("median")) for pick in (min, max)])
    ends = f"between {least} and {greatest}"
    if len(effects) == 1:
        return f"“{question}” is the only choice: changing it moves the median {ends}."
    if not (most := moving_most(effects)):
        return (
            "The combinations that are left out do not tell which choice moves the result most: "
            f"{numbers.share(_together(effects))} of the variance of {scale} belongs to choices that change "
            "only together."
        )
    share = numbers.share(top.share)
    if len(most) > 1:
        named = listed(f"“{found.study.choices[each.choice].question or each.choice}”" for each in most)
        return f"{named} move the result most: {share} of the variance of {scale} belongs to each."
    return (
        f"“{question}” moves the result most: {share} of the variance of {scale} belongs to it, and changing "
        f"it alone moves the median {ends}."
    )


def moving_most(effects: Sequence[ChoiceEffect]) -> list[ChoiceEffect]:
    """Return the choice that moves the medians most, and those alike; none where it is not told which."""
    top = effects[0]
    if len(effects) > 1 and _together(effects) > top.share:
        return []
    return [each for each in effects if alike(top, each)]


def alike(one: ChoiceEffect, other: ChoiceEffect) -> bool:
    """Tell whether two choices explain as much of the variance of the medians, as it is written."""
    return numbers.share(one.share) == numbers.share(other.share)


def _together(effects: Sequence[ChoiceEffect]) -> float:
    """Return the share of the variance of the medians that belongs to no choice alone."""
    return 1.0 - sum(each.share for each in effects)


def of_medians(*, logarithmic: bool) -> str:
    """Name what it is of medians whose variance choices explain."""
    return "the medians' logarithms" if logarithmic else "the medians"


def medians_differ(found: Multiverse) -> bool:
    """Tell whether the medians of the universes differ in what is written of them."""
    low, high = (numbers.number(end.median, 2) for end in _ends(found))
    return low != high


def choice_share(found: Multiverse, effect: ChoiceEffect) -> str:
    """Write what share of the variance of the medians a choice explains, if there is any to be explained."""
    return numbers.share(effect.share) if medians_differ(found) else numbers.MISSING


def unargued_sentences(study: Study, found: Unargued) -> tuple[str, ...]:
    """Name pairs of top drivers that a study says nothing of, by the first of each two."""
    if not found.pairs:
        return ()
    others: dict[str, list[str]] = {}
    for one, other in found.pairs:
        others.setdefault(one, []).append(other)
    said = "; ".join(f"{one} with {listed(names)}" for one, names in others.items())
    whole = (
        f"Nobody argued about these pairs of top drivers under “{study.readings[found.reading].title}”, "
        f'which are drawn independently: {said}. Declare a correlation, or say independent = ["…", "…"] with '
        "a reason, in [[correlations]]; challenge shows what each pair could change."
    )
    return (whole,)
