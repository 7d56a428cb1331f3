"""The one picture of a study: what was found, the published figure, and each leading reading beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import farthest, is_multiple, middle, span, unit_text
from uncertainty.case_statistics import Spread, has_both_kinds
from uncertainty.characters import isolated, on_one_line
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.card_layout import (
    BESIDE,
    PAGES,
    SIZES,
    Axis,
    Bar,
    Row,
    draw_card,
    scale_of,
    size_named,
)
from uncertainty.pages.roles import role
from uncertainty.sides import compared
from uncertainty.study.citation import SOFTWARE
from uncertainty.study.sources import plain_text
from uncertainty.wording import HASH_DIGITS, after_unit, capitalised, condition, listed, mark_text, point_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.figures.rows import Row as DataRow
    from uncertainty.study.model import Output, Study


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw the card of a study, in a size of `SIZES`, or one of `PAGES` that shows less of single cases."""
    readings, on_page = content.headline, subject in PAGES
    size = size_named(subject)
    whole = [_row(content, name, number) for number, name in enumerate(readings.leading)]
    whole += [_named(content, name, len(whole), whole[0].of) for name in readings.named]
    rows = [row.own for row in whole] if on_page else whole
    axis = _axis(readings.output, rows)
    answer = readings.judgement.verdict
    # a page asks the study's question above its picture
    title = answer.removeprefix(f"{content.study.question} ") if on_page else answer
    if subject == BESIDE:
        of_all, led = {row.of for row in rows}, sum(not row.minor for row in rows)
        rows = [row.bare for row in whole] if len(of_all) == 1 else rows
        title = _subject(readings.output, led, of_all.pop() if len(of_all) == 1 else "")
        beside = len(rows) - led
        others = "another" if beside == 1 else f"{beside} others"
        title += f", and {others}" if led > 1 and beside else ""
    key = _key(rows, axis, numbers.level(content.settings.level))
    told = credit_lines(content.study, _changes(content), hashed=not on_page)
    picture = draw_card(title, rows, axis, key, told, size)
    said = " ".join(f"{row.title}: {row.words}." for row in whole)
    named = "column" if subject.endswith("pt") else subject
    name = "card" if named in ("wide", BESIDE) or named not in SIZES | PAGES else f"card-{named}"
    data: list[DataRow] = [
        {"reading": row.title, "of": "any one case" if bar.of_cases else "", "low": bar.low}
        | {"median": bar.middle, "high": bar.high, "published": axis.published}
        for row in whole
        for bar in row.bars
    ]
    return Plot(name, picture, f"{answer} {said}", key, data)


def _subject(output: Output, ways: int, of: str) -> str:
    """Say what is pictured, where the answer stands beside the picture."""
    what = "How many times as much" if is_multiple(output) else output.title
    told = f"{what}{f', {of}' if of else ''}"
    if ways == 1:
        return told
    return f"{told}: { ({2: 'two', 3: 'three'}.get(ways, ways)) } ways of counting"


def _row(content: ReportContent, name: str, number: int) -> Row:
    readings = content.headline
    found, reading = readings.distribution(name), readings.study.readings[name]
    spoken = list(_spoken(content, name, found))
    bars = tuple(each.bar for place, each in enumerate(spoken) if not place or each.bar.low < each.bar.high)
    words = tuple(f"{each.said} {each.of}".rstrip() for each in spoken)
    clause = condition(readings.study, reading, readings.output).rstrip(",")
    part = capitalised(role(readings, name))
    return Row(
        reading.title,
        number,
        words,
        f"{part}: {clause[:1].lower()}{clause[1:]}.",
        bars,
        f"{part}.",
        spoken[0].of,
    )


def _named(content: ReportContent, name: str, number: int, of: str) -> Row:
    """Return a reading that is not led with but that the answer names: what the figure speaks of alone."""
    readings = content.headline
    found = readings.distribution(name)
    far = farthest(readings.output, [readings.distribution(each).median for each in readings.leading])
    bar = replace(_bar(found), of_cases=has_both_kinds(readings.runs[name].scenario, readings.output.name))
    said = f"{_amount(found, far)} {of}".rstrip()
    return Row(readings.study.readings[name].title, number, (said,), "", (bar,), "", of, minor=True)


class _Spoken(NamedTuple):
    """What a reading gives of one kind: how much it is, of what, and its bar."""

    said: str
    of: str
    bar: Bar


def _spoken(content: ReportContent, name: str, found: OutputDistribution) -> Iterator[_Spoken]:
    """Yield what a reading gives, of what the figure speaks of and then of single cases or their average."""
    output, one_case = found.output, found.any_case
    far = farthest(output, [content.headline.distribution(each).median for each in content.headline.leading])
    said = _amount(found, far)
    if one_case is not None or found.told_alone:
        yield _Spoken(said, "on average" if output.over == "average" else "in the median case", _bar(found))
    if one_case is not None:
        yield _Spoken(_range(one_case, far), "in any one case", _bar(one_case, of_cases=True))
    elif found.told_alone:
        return
    elif not has_both_kinds(content.headline.runs[name].scenario, output.name):
        yield _Spoken(said, "", _bar(found))
    else:
        yield _Spoken(said, "in any one case", _bar(found, of_cases=True))
        cases = content.cases_under(name)
        if not isinstance(cases, str) and isinstance(average := cases.average, Spread):
            ends = numbers.interval_within(average.ends, found.ends)
            low, high = average.interval
            yield _Spoken(_together(ends), "on average", Bar(low, average.median, high))


def _bar(found: OutputDistribution, *, of_cases: bool = False) -> Bar:
    return Bar(found.ends.values[0], found.median, found.ends.values[1], of_cases)


def _amount(found: OutputDistribution, far: float) -> str:
    """Say how much an output is, with its interval where it has one."""
    text, ends = middle(found), span(found, far)
    return f"About {text} ({_together(ends)})" if ends else text


def _range(found: OutputDistribution, far: float) -> str:
    return _together(span(found, far)) or middle(found)


def _together(interval: str) -> str:
    """Keep an interval on one line."""
    return interval.replace(" ", "\u00a0")


def _axis(output: Output, rows: Sequence[Row]) -> Axis:
    sides = compared(output)
    if sides is not None and output.reference == 1:
        label, equal = f"{isolated(sides[0])}, as a multiple of {isolated(sides[1])}{sides[2]}", "equal"
    else:
        label, equal = after_unit(output.title, unit_text(output.unit.text)), "equal" if sides else ""
    own = on_one_line(output.words.get("reference", ""))
    said = equal if not own else own if sides else f"{own}: {point_text(output.reference or 0.0)}"
    if not said and output.reference is not None:
        said = f"reference: {point_text(output.reference)}"
    lowest = min(bar.low for row in rows for bar in row.bars)
    marked = [v for v in (output.published_value, output.reference) if v is not None]
    logarithmic = output.scale == "log10" and min([lowest, *marked]) > 0
    return Axis(label, logarithmic, output.published_value, mark_text(output), output.reference, said)


def _key(rows: Sequence[Row], axis: Axis, level: str) -> str:
    """Say how bars are to be read."""
    bars = [bar for row in rows for bar in row.bars]
    if not any(bar.low < bar.high for bar in bars):
        return "A mark is the one value that a way of counting gives."
    said = f"{level} of the tries lie on a bar, half of them below the mark."
    if any(bar.of_cases for bar in bars):
        said += " Thick: the average; thin: any one case."
    scale = scale_of(rows, axis)
    cut = any(bar.low < scale.low or bar.high > scale.high for bar in bars)
    return f"{said} An arrow: the bar goes on." if cut else said


def _changes(content: ReportContent) -> str:
    changed = [f"{name} = {value}" for name, value in content.settings.overrides.items()]
    return f"Not the study as it is written: {listed(changed)}. " if changed else ""


def credit_lines(study: Study, changes: str = "", *, hashed: bool = True) -> tuple[str, ...]:
    """Say where the published figure comes from, and whose study this is, of when, and where it is kept.

    What matters most comes first, since a line may be too short for all of it.

    Parameters
    ----------
    hashed
        Whether the study's hash stands where there is no address: not on a page, which names it.
    """
    source = plain_text(study.source, study.sources)
    itself = [
        study.url or (f"{study.name}, sha256 {study.sha256[:HASH_DIGITS]}" if hashed else study.name),
        ", ".join(study.authors),
        f"version {study.version}" if study.version else "",
        study.date.isoformat() if study.date else "",
        f"licence {study.licence}" if study.licence else "",
        f"made with {SOFTWARE}",
    ]
    told = f"{changes}Study: {'; '.join(filter(None, itself))}"
    claims = any(output.published is not None for output in study.outputs.values())
    return (f"Source{' of the claim' if claims else ''}: {source}", told) if source else (told,)
