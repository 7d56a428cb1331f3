"""The plain answers to a study's question: two short questions, each with its answer, and what decides.

For a reader who knows nothing of statistics, and before anything else on every page. `docs/verdicts.md` has
the rules in words; `uncertainty.calibrated_sentences` says the same in calibrated words.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import farthest, is_multiple, roughly, span, unit_text
from uncertainty.characters import on_one_line
from uncertainty.conclusion import Extreme
from uncertainty.deciding import (
    FAIREST,
    Compared,
    decider,
    grade,
    grade_of,
    leaning_otherwise,
    other_ways,
    others_of,
    sign_of,
    undecided,
    way_named,
)
from uncertainty.leading import agree
from uncertainty.near_figures import TOLD, beside_preferred, how_near
from uncertainty.records import Frozen, brief
from uncertainty.results import record
from uncertainty.sides import (
    ABOUT_RIGHT,
    EVEN,
    MAY_BE,
    SIDES,
    compared,
    every_way,
    is_value,
    limit_text,
    nearness,
    side_of,
    side_text,
    tries_between,
    tries_text,
    turns,
)
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import capitalised, listed, published_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from uncertainty.conclusion import Direction
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Output

YES_OR_NO = MappingProxyType(
    {
        3: "yes",
        2: "very probably",
        1: "probably",
        0: "nobody can tell",
        -1: "probably not",
        -2: "very probably not",
        -3: "no",
    }
)
"""What is answered where one asks whether something is so, by how sure it is."""

MORE_OR_LESS = MappingProxyType(
    {
        3: "no, more",
        2: "no, very probably more",
        1: "probably more",
        0: "nobody can tell",
        -1: "probably less",
        -2: "no, very probably less",
        -3: "no, less",
    }
)
"""What is answered where one asks for a figure, by how sure it is that the output lies above it."""

DEPENDS = "that depends on how one counts"
BY_NUMBER = "by one number without a range"
FURTHER = "A further question, by the way of counting that is worst for the claim"

UNKNOWN = 1000.0
"""Factor between the ends of an interval from which on its middle value says nothing of how much it is."""


@record("question", "short", "because")
class PlainAnswer(NamedTuple):
    """A short question, its answer in a few words, and what it rests on.

    Parameters
    ----------
    question
        As one asks it, with its question mark.
    short
        The answer, without a full stop.
    because
        Whole sentences: how sure that is, under which reading it is least so, and how much it is.
    sure
        How sure that is in one clause, which stands behind a colon; empty where nothing is said of it.
    """

    question: str
    short: str
    because: str
    sure: str = ""

    @property
    def told(self) -> str:
        """The question, its answer and how sure that is: what a quotation of it has to say."""
        short = f"{self.question} {capitalised(self.short)}"
        if not self.sure:
            return f"{short}."
        # an answer for two ways of counting has colons of its own
        return f"{short}. {capitalised(self.sure)}." if ":" in self.short else f"{short}: {self.sure}."


@record("verdict", "answers", "decides", "worst")
class Judgement(NamedTuple):
    """What a study answers.

    Parameters
    ----------
    answers
        Of the direction, where there is a reference; and of the published figure, or of the size.
    decides
        Whether the way of counting or the numbers decide; empty where there is nothing to choose.
    worst
        One of the study's differences where it does worst; empty where it gives none.
    """

    answers: tuple[PlainAnswer, ...]
    decides: str
    worst: str

    def __repr__(self) -> str:
        return brief(self)

    @property
    def verdict(self) -> str:
        """The questions with their short answers, as one line."""
        return " ".join(f"{each.question} {capitalised(each.short)}." for each in self.answers)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it: a sentence or two for each answer, then what decides, and a difference."""
        told = (f"{each.question} {capitalised(each.short)}. {each.because}" for each in self.answers)
        return tuple(filter(None, (*told, self.decides, self.worst)))


def plain_judgement(readings: Compared) -> Judgement:
    """PlainAnswer a study's question, by the rules that `docs/verdicts.md` has in words."""
    output, found = readings.output, readings.conclusion
    answers = []
    if found.direction is not None and output.reference is not None:
        answers.append(_direction(readings, found.direction))
    figure = found.figure if output.reference is not None else found.direction
    answers.append(_size(readings, figure if is_value(output) else None))
    return Judgement(_told_once(readings, answers), decider(readings, found.convention), _worst(readings))


def _told_once(readings: Compared, answers: list[PlainAnswer]) -> tuple[PlainAnswer, ...]:
    """Leave the preferred reading's middle value out where the answer before has given it."""
    first, *others = answers
    liked = readings.study.preferred_reading
    if liked is None or liked not in readings.asked or not first.short.startswith(FAIREST):
        return tuple(answers)
    amount = f" ({roughly(readings.asked[liked])})"
    return first, *(each._replace(short=each.short.replace(amount, "", 1)) for each in others)


def _direction(readings: Compared, found: Direction) -> PlainAnswer:
    """PlainAnswer on which side of its reference the output lies."""
    single = readings.conclusion.one_case
    if turns(readings.output, above=found.above):
        found, single = found.turned, None if single is None else single.turned
    short, because = _yes_or_no(readings, found)
    said = "" if single is None else _of_one_case(single, everywhere=readings.conclusion.differs_everywhere)
    because = capitalised(f"{readings.over}{_lowered(because)} {said}".rstrip())
    question, so = _direction_question(readings.output, found), f"so {readings.over.rstrip(', ')}".rstrip()
    return PlainAnswer(question, short, because, _briefly(readings, found, so))


def _direction_question(output: Output, found: Direction) -> str:
    """Ask on which side of its reference an output lies: in the study's words, or else by its label."""
    if own := output.words.get("above" if found.above else "below"):
        return on_one_line(own)
    sides = compared(output)
    if sides is not None:
        one, other, per = sides
        more = "less" if not found.above else "more"
        return f"Is it {more} for “{one}” than for “{other}”{per}?"
    side = side_text(above=found.above, met=found.met)
    return f"Is “{output.title}” {side} {unit_text(limit_text(output, found.limit))}?"


def _of_one_case(found: Direction, *, everywhere: bool) -> str:
    """Say how sure the direction of an average is in any one case, where that leans one way.

    Parameters
    ----------
    everywhere
        Whether cases differ by each way of counting in which anything varies.
    """
    sign = sign_of(grade(found.least))
    if sign == 0 or sign != sign_of(grade(found.greatest)):
        return ""
    end, side = (found.least, "at least") if sign > 0 else (found.greatest, "at most")
    one = "In any one case it is so" if everywhere else "Where cases differ, it is so in any one of them"
    return f"{one} {tries(end, side if found.readings > 1 else '')}."


def _yes_or_no(readings: Compared, found: Direction) -> tuple[str, str]:
    """PlainAnswer by yes or no, and say how sure that is."""
    short = _judged(readings, found, YES_OR_NO)
    if number := undecided(found):
        short += f"; {other_ways(number, before=True)}: {YES_OR_NO[0]}"
    return short, _how_sure(readings, found)


def _judged(
    readings: Compared,
    found: Direction,
    words: Mapping[int, str],
    sign: int = 1,
    near: Mapping[str, str] = Frozen(),
) -> str:
    """PlainAnswer for all readings; else for the preferred one and one that differs, or that it depends.

    Parameters
    ----------
    sign
        -1 where the words ask for the other side.
    near
        What is said of readings whose figure is about right.
    """
    every = [grade(found.least), grade(found.greatest)]
    if len({sign_of(each) for each in every}) == 1:
        return words[sign * min(every, key=abs)]
    liked = found.preferred
    if liked is None:
        return DEPENDS
    other = leaning_otherwise(found, near)
    said, theirs = words[sign * grade(liked)], near.get(other.reading) or words[sign * grade(other)]
    told = {each.reading: near.get(each.reading) or words[sign * grade(each)] for each in others_of(found)}
    way = _way_of(readings, other.reading, sum(each == theirs for each in told.values()))
    return f"{_fairest(readings, liked.reading, said)}; {way}: {theirs}"


def _way_of(readings: Compared, other: str, number: int) -> str:
    """Name the way that is told beside the preferred one, or count those of which the same is said."""
    return _under(readings, other) if other == AS_PUBLISHED else other_ways(number)


def _fairest(readings: Compared, preferred: str, word: str) -> str:
    """Give the preferred reading's own answer, where the readings do not agree on one."""
    return f"{FAIREST}: {word} ({roughly(readings.asked[preferred])})"


def _how_sure(readings: Compared, found: Direction) -> str:
    """Say in how many tries something is so: under all ways of counting, and where that is least sure."""
    least, greatest = found.least, found.greatest
    if _is_as_sure(found):
        return capitalised(f"{tries(least)}{every_way(found.readings)}.")
    if bound := _bound(found):
        end, side = bound
        often = "least" if side == "at least" else "most"
        return capitalised(
            f"{tries(end, side)}{every_way(found.readings)}; {often} often {_under(readings, end.reading)}."
        )
    shown = dict.fromkeys([found.preferred or found.own, found.own])
    for end in (greatest, least):
        if all(abs(end.share.value - each.share.value) > TOLD for each in shown):
            shown[end] = None
    said = [
        f"{way_named(readings.study, each.reading)}{_beside(readings, each)}, {_often(readings, found, each)}"
        for each in shown
    ]
    said += [*_by_others(readings, found, shown), *_by_numbers(readings, found, shown)]
    return capitalised(f"{'; '.join(said)}.")


def _by_others(readings: Compared, found: Direction, shown: Collection[Extreme]) -> list[str]:
    """Say how sure it is by the ways that are not named, of which none that is says as much, side by side."""
    named, values = {each.reading for each in shown}, [each.share.value for each in shown]
    left = [
        each
        for each in found.every
        if each.varies and each.reading not in (*named, AS_CHOSEN)
        if min(abs(each.share.value - value) for value in values) > TOLD
    ]
    told = []
    for lean in (1, 0, -1):
        group = [each for each in left if sign_of(grade(each)) == lean]
        if len(group) > 2:
            told.append(f"{other_ways(len(group))}, {tries_between(each.share for each in group)}")
            continue
        # "2 other ways" may be said of others before
        told += [
            f"{way_named(readings.study, each.reading)}{_beside(readings, each)}, {tries(each)}"
            for each in group
        ]
    return told


def _by_numbers(readings: Compared, found: Direction, shown: Collection[Extreme]) -> list[str]:
    """Say of the ways that are not named, and by which nothing is drawn, whether it is so, and how much."""
    named = {AS_CHOSEN, *(each.reading for each in shown)}
    left = [each for each in found.every if not each.varies and each.reading not in named]
    told = []
    for side in SIDES:
        alike = [each.reading for each in left if _side(readings, found, each) == side]
        amounts = listed(dict.fromkeys(roughly(readings.asked[name]) for name in alike)) if alike else ""
        if len(alike) == 1:
            told.append(f"{_under(readings, alike[0])} ({amounts}), it is {side}, {BY_NUMBER}")
        elif alike:
            # others were counted before, by their tries
            told.append(f"by {len(alike)} more ways it is {side}, each {BY_NUMBER} ({amounts})")
    return told


def _side(readings: Compared, found: Direction, one: Extreme) -> str:
    return side_of(readings.asked[one.reading].median, found.limit, so=bool(one.share.value))


def _is_as_sure(found: Direction) -> bool:
    """Tell whether something is as sure under each reading."""
    return found.readings == 1 or agree(found.least.share, found.greatest.share)


def _bound(found: Direction) -> tuple[Extreme, str] | None:
    """Return where something is least sure of readings that lean one way, and as which bound that is told."""
    lean = sign_of(grade(found.least))
    if not lean or lean != sign_of(grade(found.greatest)):
        return None
    return (found.least, "at least") if lean > 0 else (found.greatest, "at most")


def _briefly(readings: Compared, found: Direction, so: str) -> str:
    """Say in one clause how sure something is.

    Parameters
    ----------
    so
        What is, such as "so".
    """
    end, side = (found.least, "") if _is_as_sure(found) else _bound(found) or (None, "")
    if end is None:
        return _lowered(_how_sure(readings, found)).rstrip(".")
    return f"{so} {tries(end, side)}{every_way(found.readings)}"


def _beside(readings: Compared, found: Extreme) -> str:
    """Say how much it is under a reading that is named though it is not among the leading ones."""
    if found.reading in (*readings.leading, AS_PUBLISHED):
        return ""
    return f" ({roughly(readings.asked[found.reading])})"


def _often(readings: Compared, found: Direction, one: Extreme) -> str:
    """Say in how many tries something is so; of one number, of which there are no tries, whether it is."""
    return tries(one) if one.varies else f"it is {_side(readings, found, one)}, {BY_NUMBER}"


def tries(found: Extreme, side: str = "") -> str:
    """Say in how many tries of a hundred something is so.

    Parameters
    ----------
    side
        "at least" or "at most", where the number is a bound.
    """
    if not found.varies:
        return "always" if found.share.value else "never"
    return tries_text(found.share, side)


def _under(readings: Compared, reading: str) -> str:
    return way_named(readings.study, reading, fairest=False)


def _size(readings: Compared, figure: Direction | None) -> PlainAnswer:
    """PlainAnswer whether the published figure is right, or how much the output is."""
    output = readings.output
    sizes = _sizes(readings)
    question = _figure_question(output, asked=figure is not None)
    if figure is None:
        return PlainAnswer(question, _amount_or_none(readings.asked[AS_PUBLISHED]), sizes)
    if output.claim != "about":
        short, sure = _yes_or_no(readings, figure)
        return PlainAnswer(question, short, f"{sure} {sizes}", _briefly(readings, figure, "so"))
    near = {name: nearness(found) for name, found in readings.asked.items() if name != AS_CHOSEN}
    short = _figure_short(readings, figure, near)
    further = _further_sides(readings, figure, near) if short.startswith(f"{FAIREST}: ") else {}
    short += "".join(f"; {other_ways(number, before=True)}: {said}" for said, number in further.values())
    if short.removeprefix(f"{FAIREST}: ").startswith((ABOUT_RIGHT, MAY_BE)):
        often = how_near(readings, figure)
        because = f"{often}{sizes}{_farthest(readings)}"
        return PlainAnswer(question, short, because, _lowered(often).rstrip(". "))
    other = _one_other(readings, figure, short, near) + "".join(
        f" {capitalised(_under(readings, name))} it is {roughly(readings.asked[name])}."
        for name in further
        if name not in readings.leading
    )
    if not _is_off(figure):
        return PlainAnswer(question, short, f"{sizes}{other}")
    so = f"{readings.over}it is that much or {'more' if figure.above else 'less'}"
    because = f"{capitalised(so)} {_lowered(_how_sure(readings, figure))} {sizes}"
    return PlainAnswer(question, short, f"{because}{other}", _briefly(readings, figure, so))


def _figure_question(output: Output, *, asked: bool) -> str:
    """Ask for the published figure, or how much it is: in the study's words, or else by its label."""
    if own := output.words.get("figure"):
        return on_one_line(own)
    if not asked:
        sides = compared(output)
        named = f"“{output.title}”" if sides is None else f"“{sides[0]}” beside “{sides[1]}”"
        return f"How much is {named}?"
    published = unit_text(published_text(output))
    bound = "" if output.claim == "about" else f"{output.claim} "
    if output.published is not None and not output.published.at_points:
        bound += "the published "  # which is named behind it
    if is_multiple(output):
        return f"Is it {bound}{published} times as much?"
    if output.reference is not None:
        return f"Is it {bound}{published}?"
    return f"Is “{output.title}” {bound}{published}?"


def _further_sides(
    readings: Compared, figure: Direction, near: Mapping[str, str]
) -> dict[str, tuple[str, int]]:
    """Return what is said by one way on each side of a figure that neither of two ways lies on, by its name.

    These are the preferred way, by which the figure is not about right, and the one that is named beside it;
    sides are above, below and about right. Of how many ways the same is said stands beside it.
    """
    liked = figure.preferred
    if liked is None or near[liked.reading]:
        return {}
    other = leaning_otherwise(figure, near).reading
    ends = {name: _above(found, figure.limit) for name, found in readings.asked.items() if name in near}
    sides = {name: ABOUT_RIGHT if near[name] else sign_of(grade(end)) for name, end in ends.items()}
    told = {name: near[name] or MORE_OR_LESS[grade(end)] for name, end in ends.items()}
    left = {sides[name]: name for name in sorted(near, key=lambda each: abs(ends[each].share.value - EVEN))}
    return {
        name: (told[name], [*told.values()].count(told[name]))
        for side, name in left.items()
        if side and side not in (sides[liked.reading], sides[other])
    }


def _above(found: OutputDistribution, limit: float) -> Extreme:
    above = found.draws.share_at_most(limit).complement
    return Extreme("", found.draws.share_at_least(limit), found.varies, above)


def _figure_short(readings: Compared, figure: Direction, near: Mapping[str, str]) -> str:
    """PlainAnswer whether a figure is about right, or what lies above or below it.

    Parameters
    ----------
    near
        By way of counting whether it is about right, from `nearness`.
    """
    liked = None if figure.preferred is None else figure.preferred.reading
    if len(every := {*near.values()}) == 1 and (first := every.pop()):
        return first
    if liked is not None and near[liked]:
        so, others = beside_preferred(readings, near, liked)
        return f"{_fairest(readings, liked, near[liked])}{so}; {others}"
    return _judged(readings, figure, MORE_OR_LESS, 1 if figure.above else -1, near)


def _one_other(readings: Compared, figure: Direction, short: str, near: Mapping[str, str]) -> str:
    """Name the other way that a short answer speaks of, where no other sentence does."""
    if "other way" not in short:
        return ""
    name = leaning_otherwise(figure, near).reading
    if name in readings.leading:
        return ""
    return f" {capitalised(_under(readings, name))} it is {roughly(readings.asked[name])}."


def _is_off(figure: Direction) -> bool:
    """Tell whether a figure is off on the same side under each reading."""
    signs = {sign_of(grade(figure.least)), sign_of(grade(figure.greatest))}
    return len(signs) == 1 and signs != {0}


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _farthest(readings: Compared) -> str:
    """Name the reading whose middle value lies farthest from a figure that others find about right."""
    figure = readings.output.published
    off = {
        name: found.median
        for name, found in readings.asked.items()
        if name not in readings.leading and not nearness(found)
    }
    if figure is None or not off:
        return ""
    name = max(off, key=lambda each: abs(off[each] - figure.value))
    return f" Farthest off: {_under(readings, name)} it is {roughly(readings.asked[name])}."


def _sizes(readings: Compared) -> str:
    """Give the middle value and the interval under each leading reading, the preferred one first."""
    names = [name for name in readings.leading if name != AS_CHOSEN]
    names.sort(key=lambda name: not readings.study.readings[name].preferred)
    found = [readings.asked[name] for name in names]
    far = farthest(readings.output, [each.median for each in found])
    # a number in the middle of differing cases is that of no one case
    differ = readings.output.over == "case" and bool(readings.over)
    tried = f"{numbers.level(found[0].level)} of tries{', of cases that differ' if differ else ''}: "
    amounts = [roughly(each) + _span(each, far, "" if place else tried) for place, each in enumerate(found)]
    if len(names) > 1 and AS_PUBLISHED in names:
        amounts[names.index(AS_PUBLISHED)] += _printed(readings)
    of = "" if differ else readings.over.removesuffix(", ")
    if len(names) == 1:
        return f"{capitalised(f'{of} it is'.strip())} {amounts[0]}."
    ways = [_way(readings, name) for name in names]
    first = f"{capitalised(ways[0])} it is {f'{of} ' if of else ''}{amounts[0]}"
    others = [f"{way} {amount}" for way, amount in zip(ways[1:], amounts[1:], strict=True)]
    return f"{'; '.join((first, *others))}."


def _printed(readings: Compared) -> str:
    """Give the published figure where its own way of counting, with ranges, gives another one."""
    output = readings.output
    if not is_value(output) or nearness(readings.asked[AS_PUBLISHED]):
        return ""
    return f" where {unit_text(published_text(output))} was published"


def _way(readings: Compared, name: str) -> str:
    """Name a way of counting by what it is for the study."""
    if name == AS_PUBLISHED:
        whose = "the publication's own" if name in readings.printed_ranges else "this study's"
        return f"{way_named(readings.study, name)}, with {whose} ranges,"
    if (reading := readings.study.readings[name]).preferred:
        because = on_one_line(readings.output.words.get("fairest", ""))
        why = f": {because}" if because else ""
        return f"counted as this study finds fairest (“{reading.title}”{why})"
    return _under(readings, name)


def _amount_or_none(found: OutputDistribution) -> str:
    """Write about how much an output is, or what it may be where the middle value says nothing of it."""
    low, high = found.ends.values
    if found.probability is None and found.varies and low > 0 and high > UNKNOWN * low:
        return f"nobody knows: anything from {span(found, farthest(found.output, [found.median]))}"
    return roughly(found)


def _span(found: OutputDistribution, far: float, tried: str) -> str:
    text = span(found, far)
    return f" ({tried}{text})" if text else ""


def _worst(readings: Compared) -> str:
    """Say how sure one of the study's differences or totals is where that is worst for the claim."""
    worst = readings.conclusion.worst_difference
    if worst is None:
        return ""
    output, share, above = readings.study.outputs[worst.output], worst.share, worst.above
    if turns(output, above=above):
        share, above = share.complement, not above
    reading = _under(readings, worst.reading)
    if own := output.words.get("above" if above else "below"):
        said = f"{capitalised(reading)}, {YES_OR_NO[grade_of(share)]}: it is so {tries_text(share)}."
        return f"{FURTHER}: {on_one_line(own)} {said}"
    side = side_text(above=above, met=worst.met)
    return (
        f"{FURTHER}: {reading} “{output.title}” is {side} {limit_text(output, worst.limit)} "
        f"{tries_text(share)}."
    )
