"""A passage to print: what was published, what a study finds, how sure that is, and what was read for it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import is_multiple, unit_text
from uncertainty.characters import clean, on_one_line
from uncertainty.deciding import grade, leaning_otherwise, way_named
from uncertainty.near_figures import share_near
from uncertainty.plain_answers import UNKNOWN
from uncertainty.quotation import (
    amount_text,
    interval_in,
    leading_ways,
    published_amount,
    stated,
    statement,
)
from uncertainty.sides import (
    ABOUT_RIGHT,
    bound_in_tries,
    certain,
    compared,
    is_value,
    limit_text,
    nearness,
    side_text,
)
from uncertainty.study.citation import address, heading, publication, published_in
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.study.sources import is_derived
from uncertainty.wording import (
    ALIKE,
    capitalised,
    claim_text,
    condition,
    median_text,
    some_of,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from uncertainty.conclusion import Direction, Extreme
    from uncertainty.deciding import Compared
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Output, Study

LONGEST = 185
"""Words of a passage that also says why a way is the fairest; what cannot be left out has any length."""

FULL = 165
"""Words up to which it holds the rest of what can be left out."""

SHORT = 95
"""Words up to which it holds what is not missed."""

OPTIONAL = MappingProxyType(
    {
        "aside": FULL,
        "depends": FULL,
        "read": FULL,
        "fairest": LONGEST,
        "ways": SHORT,
        "figure": SHORT,
        "second": SHORT,
    }
)
"""What can be left out, the weightiest first, with the words that a passage with it may have."""

ADVERBS = MappingProxyType({1: "probably ", 2: "very probably ", 3: ""})
"""How sure something is, by its grade."""

PROBABLE = MappingProxyType({1: "it is probable that ", 2: "it is very probable that ", 3: ""})
"""The same before a statement."""


class Deciding(NamedTuple):
    """What an output depends on above all.

    Parameters
    ----------
    named
        Choices by their questions or inputs by their titles, in quotation marks, the weightiest first.
    counted
        Whether that is so counted the first way; else it sets ways of counting apart.
    first
        How many of them are told no apart from the weightiest, which is counted too.
    """

    named: Sequence[str] = ()
    counted: bool = False
    first: int = 1


class _Subject(NamedTuple):
    """An output under the ways of counting that a passage tells of, the first one at length.

    Parameters
    ----------
    far
        From where on a round end of an interval is the calculation's own.
    """

    readings: Compared
    names: tuple[str, ...]
    far: float
    deciding: Deciding

    @property
    def first(self) -> OutputDistribution:
        """The output counted the first way."""
        return self.readings.asked[self.names[0]]


def passage(readings: Compared, deciding: Deciding) -> str:
    """Write one to three sentences: what was published, what the study finds, and how far that holds.

    Parameters
    ----------
    deciding
        What the output depends on above all, where that is known.
    """
    names, far = leading_ways(readings)
    subject, kept = _Subject(readings, names, far, deciding), frozenset[str]()
    for part, most in OPTIONAL.items():
        if len(_written(subject, kept | {part}).split()) <= most:
            kept |= {part}
    return _written(subject, kept)


def _written(subject: _Subject, kept: Collection[str]) -> str:
    study, output = subject.readings.study, subject.readings.output
    last = "; ".join(filter(None, (_of_all(subject), _choices(subject, kept), _read(study, output, kept))))
    parts = (_claim(study, output, kept), _finding(subject, kept), f"{capitalised(last)}." if last else "")
    return " ".join(filter(None, parts))


def _claim(study: Study, output: Output, kept: Collection[str]) -> str:
    """Say who published what, and where that is found."""
    if output.published is None:
        return ""
    who, where = publication(study, output)
    named = f"{who}{f' ({where})' if where else ''}"
    own = on_one_line(output.words.get("published", "")) if "aside" in kept else ""
    aside = f" ({own})" if own else ""
    if not output.published.at_points:
        by = (
            f"{'Derived from' if is_derived(output.source) else 'Published by'} {named}"
            if who
            else "Published"
        )
        return f"{by} for “{output.title}”: {unit_text(claim_text(output))}{aside}."
    said = f"{stated(output, published_amount(output))}{aside}"
    if not who:
        return f"It was published that {said}."
    return f"{'By the numbers of' if is_derived(output.source) else 'According to'} {named}, {said}."


def _finding(subject: _Subject, kept: Collection[str]) -> str:
    """Say what the study finds: the first way of counting at length, then the others by their middles."""
    sides = _each_way(subject)
    first = f"{_lead(subject, kept)}{_told(subject)}"
    others = {name: _other(subject, name) for name in subject.names[1:]}
    told = {subject.names[0]: first, **others}
    for name, side in sides.items():
        told[name] = f"{told.get(name) or way_named(subject.readings.study, name)}, {side}"
    if judged := " and ".join(filter(None, (_figure(subject, kept), _drivers(subject, kept)))):
        told[subject.names[0]] += f"; this {judged}"
    return f"{capitalised('; '.join(told.values()))}."


def _lead(subject: _Subject, kept: Collection[str]) -> str:
    """Name the study, and the way of counting that its number is of."""
    study, name = subject.readings.study, subject.names[0]
    reading = study.readings[name]
    by, when = " and ".join(map(clean, study.authors)), study.date.isoformat() if study.date else ""
    facts = ", ".join(filter(None, (by, when, address(study))))
    named = f"the study “{heading(study)}”{f' ({facts})' if facts else ''}"
    if len(subject.names) == 1:
        return f"{named} finds that "
    if reading.preferred:
        own = on_one_line(subject.readings.output.words.get("fairest", "")) or clean(
            condition(study, reading, subject.readings.output).removeprefix("If ").removesuffix(",")
        )
        return f"counted as {named} finds fairest{f' ({own})' if 'fairest' in kept else ''}, "
    way = way_named(study, name)
    if name != AS_PUBLISHED:
        return f"{way}, {named} finds that "
    if name in subject.readings.printed_ranges:
        return f"{way}, with its own ranges, {named} finds that "
    return f"{way}, with ranges that {named} adds, "


def _told(subject: _Subject) -> str:
    """Say how much it is, and how well that is known."""
    readings, own = subject.readings, subject.first
    level, ends = numbers.level(own.level), interval_in(own, subject.far)
    follows = readings.output.published is not None
    if _is_of_cases(subject):
        half = f"half of the cases drawn lie at or below {amount_text(own, multiple='times')}"
        if not follows:
            half = f"in half of the cases drawn {statement(own, 'at most about ')}"
        return f"{half}, and {level} of {'all at' if follows else 'all lie at'} {ends}"
    over = readings.over.replace(", ", " ")
    low, high = own.ends.values if ends else (0.0, 0.0)
    if low > 0 and high > UNKNOWN * low:
        subject_of_it = "it" if follows else f"“{readings.output.title}”"
        return f"{over}{subject_of_it} is anything from {ends} ({level} interval; middle {median_text(own)})"
    bare, it = interval_in(own, subject.far, unit="1"), f"it is {amount_text(own, multiple='times')}"
    alike = f" {ALIKE}" if own.draws.unmet else "" if own.varies else ", one number without a range"
    sure = f" ({level} interval {bare})" if bare else alike
    return f"{over}{it if follows else statement(own)}{sure}"


def _is_of_cases(subject: _Subject) -> bool:
    """Tell whether it is told of single cases, which differ."""
    readings = subject.readings
    return readings.output.over == "case" and bool(readings.over and interval_in(subject.first, subject.far))


def _other(subject: _Subject, name: str) -> str:
    """Say how much it is counted another way, and whose the ranges are."""
    readings, own = subject.readings, subject.readings.asked[name]
    printed = "its own" if name == AS_PUBLISHED else "the publication's"
    whose = printed if name in readings.printed_ranges else "this study's"
    way = f"{way_named(readings.study, name)}{f', with {whose} ranges,' if own.varies else ''}"
    ends = interval_in(own, subject.far, unit="1")
    return f"{way} {_bare(own)}{f' ({ends})' if ends else ''}"


def _bare(own: OutputDistribution) -> str:
    """Write an amount beside another: in a unit of one word that is no plural, and else without."""
    if own.probability is not None:
        return amount_text(own)
    unit = unit_text(own.output.unit.text)
    brief = not compared(own.output) and " " not in unit
    return f"{'about ' if own.varies else ''}{with_unit(median_text(own), unit if brief else '1')}"


def _figure(subject: _Subject, kept: Collection[str]) -> str:
    """Say whether it is what was published, or on which side; of what has a reference where there is room."""
    readings, own, output = subject.readings, subject.first, subject.readings.output
    conclusion = readings.conclusion
    figure = conclusion.direction if output.reference is None else conclusion.figure
    if figure is None or not is_value(output) or (output.reference is not None and "figure" not in kept):
        return ""
    if output.claim == "about" and (near := nearness(own)):
        return f"is {_nearly(own, near)}"
    # a side that the figure itself belongs to says so, where draws lie at it
    met = output.claim != "about" or figure.met
    above = "at least what was published" if met and figure.above else "more than published"
    below = "at most what was published" if met and not figure.above else "less than published"
    turned = figure if figure.above else figure.turned
    lean = _lean(turned)
    least = lean is not None and turned.readings > 1
    side, sure = _graded(lean or turned.preferred or turned.own, (above, below), least=least)
    brief = "by each way" if turned.readings > 1 else ""
    every = "" if lean is None else _every(turned) if "ways" in kept else brief
    return f"is {side} ({', '.join(filter(None, (sure, every)))})"


def _nearly(own: OutputDistribution, near: str) -> str:
    """Say how near to the published figure it is."""
    figure = own.output.published_value or 0.0
    word = "about as published" if near == ABOUT_RIGHT else "perhaps as published and perhaps far from it"
    if not own.varies or not figure:
        return word
    return f"{word} (within a third of it {_often(share_near(own, figure))})"


def _directions(readings: Compared) -> tuple[Direction, Direction | None] | None:
    """Return how sure it is that an output lies above its reference, and one case of it; None without one."""
    found, single = readings.conclusion.direction, readings.conclusion.one_case
    if found is None or readings.output.reference is None:
        return None
    of_one = single if single is None or single.above else single.turned
    return (found if found.above else found.turned), of_one


def _of_all(subject: _Subject) -> str:
    """Say on which side of its reference it lies, where all ways of counting lean to one."""
    readings, found = subject.readings, _directions(subject.readings)
    if found is None or (lean := _lean(found[0])) is None:
        return ""
    above, of_one = found
    side, sure = _graded(lean, _sides(readings), readings.over, of_one, least=above.readings > 1)
    if not readings.conclusion.differs_everywhere:
        sure = sure.replace("in any one case", "in any one case where cases differ")
    told = _in_words(readings, lean) or f"it is {side}"
    return ", ".join(filter(None, (_every(above), f"{told}: {sure}")))


def _in_words(readings: Compared, lean: Extreme) -> str:
    """Say in the study's words which of two things is more; nothing where equal draws are of neither side."""
    output, found, sure = readings.output, readings.conclusion.direction, grade(lean)
    if found is None or not sure or not is_multiple(output) or compared(output) is None:
        return ""
    if found.met and found.above != (sure > 0):
        return ""
    return PROBABLE[abs(sure)] + stated(output, "at least as much" if sure > 0 else "at most as much")


def _each_way(subject: _Subject) -> dict[str, str]:
    """Say on which side of its reference it lies where ways of counting disagree: the first, and another."""
    readings, found = subject.readings, _directions(subject.readings)
    if found is None or _lean(found[0]) is not None:
        return {}
    above, of_one = found
    ours, other, sides = above.preferred or above.own, leaning_otherwise(above), _sides(readings)
    # of a way in which no case differs from another nothing is told of any one
    of_ours = of_one if readings.asked[ours.reading].any_case else None
    told = {ours.reading: ": ".join(_graded(ours, sides, readings.over, of_ours))}
    # what it lies above or below is named once
    above_it, below_it = (each if compared(readings.output) else f"{each.split()[0]} it" for each in sides)
    return told | {other.reading: ": ".join(_graded(other, (above_it, below_it)))}


def _every(found: Direction) -> str:
    return f"by each of {found.readings:,} ways of counting" if found.readings > 1 else ""


def _sides(readings: Compared) -> tuple[str, str]:
    """Name the side above a reference and the one below."""
    output, found = readings.output, readings.conclusion.direction
    if found is None:
        return "above it", "below it"
    if compared(output) is not None:
        above = "at least as much" if found.met and found.above else "more, not less"
        return above, "at most as much" if found.met and not found.above else "less, not more"
    named = on_one_line(output.words.get("reference", ""))
    limit = f"{unit_text(limit_text(output, found.limit))}{f' ({named})' if named else ''}"
    above = side_text(above=True, met=found.met and found.above)
    below = side_text(above=False, met=found.met and not found.above)
    return f"{above} {limit}", f"{below} {limit}"


def _lean(above: Direction) -> Extreme | None:
    """Return where it is least sure on which side something lies; None where readings lean to both."""
    least, greatest = grade(above.least), grade(above.greatest)
    if least * greatest < 0 or (least == 0) != (greatest == 0):
        return None
    return above.greatest if greatest < 0 else above.least


def _graded(
    found: Extreme,
    sides: tuple[str, str],
    over: str = "",
    single: Direction | None = None,
    *,
    least: bool = False,
) -> tuple[str, str]:
    """Return on which side something lies, and in how many tries.

    Parameters
    ----------
    single
        The same of any one case, where this is of an average.
    least
        Whether that is the least of some ways of counting.
    """
    sure = grade(found)
    side, share = (sides[0], found.share) if sure >= 0 else (sides[1], found.share.complement)
    if not found.varies:
        return side, "by one number without a range"
    told = f"{over.replace(', ', ' ')}{_often(share, least=least)}"
    if single is not None:
        ours = (single.least if sure >= 0 else single.greatest) if least else single.preferred or single.own
        of_one = ours.share if sure >= 0 else ours.share.complement
        told += f", in any one case {_often(of_one, least=least, brief=True)}"
    return (f"{ADVERBS[abs(sure)]}{side}", told) if sure else (f"{side} {told}", "nobody can tell")


def _often(share: Estimate, *, least: bool = False, brief: bool = False) -> str:
    """Say in how many tries something is so."""
    text, tries = numbers.share(share), "" if brief else " of 100 tries"
    low, vague, high = text.removesuffix(" %").partition(" to ")
    if vague and low.isdigit():
        return f"in at least {low}{tries}" if least else f"in between {low} and {high}{tries}"
    number = text.removesuffix(" %")
    if number.isdigit() and 1 <= int(number) <= 99:
        return f"in at least {bound_in_tries(share, 'at least')}{tries}" if least else f"in {number}{tries}"
    if certain(share) > 0.99:
        return f"in over 99{tries}"
    return f"in under 1{tries}" if certain(share) < 0.01 else f"in {text} of tries"


def _drivers(subject: _Subject, kept: Collection[str]) -> str:
    """Say what the first way's number depends on above all."""
    named, counted, first = subject.deciding
    if "depends" not in kept or not named or not counted:
        return ""
    return f"depends above all on {some_of(named if 'second' in kept else named[:first])}"


def _choices(subject: _Subject, kept: Collection[str]) -> str:
    """Say which choice sets ways of counting apart."""
    named, counted, first = subject.deciding
    if "depends" not in kept or not named or counted:
        return ""
    return f"how much it is depends above all on {some_of(named if 'second' in kept else named[:first])}"


WHAT = MappingProxyType({"abstract": "the abstract", "excerpt": "an excerpt"})
"""What was read of a publication that was not read in full."""


def _read(study: Study, output: Output, kept: Collection[str]) -> str:
    """Say how many sources were read in full, and what of the publication; nothing where it is untold."""
    sources = tuple(study.sources.values())
    if "read" not in kept or not any(each.seen or each.through for each in sources):
        return ""
    whole, number = sum(each.seen == "full text" for each in sources), len(sources)
    told = f"sources read in full: {'all' if whole == number else whole or 'none'} of {number:,}"
    its = published_in(study, output)
    if its is None or whole == number:
        return told
    if its.second_hand:
        return f"{told}, the publication through others alone"
    seen = WHAT.get(its.seen or "")
    return f"{told}, of the publication {seen}" if seen else told
