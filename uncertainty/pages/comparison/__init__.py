"""Two runs side by side: what came out of each, and what went in differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.answers import (
    CompareAnswer,
    Compared,
    ComparedOutput,
    ComparedSettings,
    NamedStudy,
    document,
)
from uncertainty.errors import UncertaintyError
from uncertainty.pages.blocks import Card, Cards, Paragraph, Section, Text, strong
from uncertainty.pages.comparison.changes import changes_section, essence, origin_section
from uncertainty.pages.comparison.outcomes import (
    LETTERS,
    agree,
    differ,
    interval_text,
    median_text,
    outputs_section,
    ratio_text,
    readings_sections,
)
from uncertainty.pages.writer import Pages, check_formats, write_pages
from uncertainty.results import dump
from uncertainty.results.reading import read_run
from uncertainty.wording import listed, point_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.pages.comparison.outcomes import Sides
    from uncertainty.pages.writer import ReportFiles
    from uncertainty.results import Document


def write_comparison(
    one: str | Path,
    other: str | Path,
    folder: str | Path,
    *,
    formats: Sequence[str] = ("html", "markdown", "pdf"),
) -> ReportFiles:
    """Compare two JSON documents of `run` or `report` in one folder.

    Parameters
    ----------
    folder
        Made if need be; files of the same names are replaced, all of them or none.
    formats
        As in `write_report`.

    Raises
    ------
    SettingError
        If a format is unknown.
    UncertaintyError
        If a file is no such document, or the two have no output in common.
    OSError
        If the folder cannot be written.
    """
    check_formats(formats)
    sides = read_run(Path(one)), read_run(Path(other))
    return write_pages(Path(folder), compare(sides), formats)


def compare(sides: Sides) -> Pages:
    """Say what two runs have in common and what not, in no format yet.

    Raises
    ------
    UncertaintyError
        If they have no output in common.
    """
    shared = [name for name in sides[0].run.outputs if name in sides[1].run.outputs]
    if not shared:
        names = " and ".join(side.source for side in sides)
        raise UncertaintyError(f"{names}: have no output in common")
    headline = sides[0].run.headline
    lead = headline if headline in shared else shared[0]
    sections = (
        _claim(sides, lead),
        changes_section(sides),
        outputs_section(sides, lead, shared),
        *readings_sections(sides),
        origin_section(sides),
    )
    titles = [side.study.title or side.study.name for side in sides]
    title = f"{titles[0]}: two runs compared" if titles[0] == titles[1] else f"{titles[0]} and {titles[1]}"
    subtitle = " ".join(f"{letter}: {side.source}." for letter, side in zip(LETTERS, sides, strict=True))
    origin = (f"uncertainty {__version__}", *(f"{side.source} SHA-256 {side.study.sha256}" for side in sides))
    return Pages(title, subtitle, sections, dump(_document(sides, shared)), origin)


def _claim(sides: Sides, lead: str) -> Section:
    one, other = (side.run.outputs[lead] for side in sides)
    title = one.label or lead
    if one.median is None or other.median is None:
        finding = f"“{title}” has no median in one of the two runs."
    elif differ(one, other):
        medians = [with_unit(median_text(each), each.unit) for each in (one, other)]
        finding = f"The median of “{title}” is {medians[0]} in A and {medians[1]} in B."
    elif one.median == other.median:
        finding = f"The median of “{title}” is {median_text(one)} in both."
    else:
        factor = ratio_text(one, other)
        times = f", a factor {factor}" if factor else ""
        if agree(one, other):
            times = ", no farther apart than their errors"
        finding = f"The median of “{title}” is {median_text(one)} in A and {median_text(other)} in B{times}."
    cards = tuple(_card(sides, lead, number) for number in range(len(sides)))
    return Section("claim", "What comes out", (Paragraph(finding, lead=True), Cards(cards)))


def _condition(sides: Sides, number: int) -> str:
    """Say under what a number holds: of choices those that the other run has made in another way."""
    settings, other = sides[number].settings, sides[1 - number].settings
    asked = [f"{name} = {value}" for name, value in settings.overrides.items()]
    if settings.reading == other.reading:
        chosen = settings.choices.items()
        asked += [f"{name} = {option}" for name, option in chosen if other.choices.get(name) != option]
    asked += [f"{name} observed" for name in settings.observations]
    reading = f"Under the reading {settings.reading.replace('_', ' ')}"
    return f"{reading}, with {listed(asked)}," if asked else f"{reading},"


def _card(sides: Sides, lead: str, number: int) -> Card:
    side, condition = sides[number], _condition(sides, number)
    output, settings = side.run.outputs[lead], side.settings
    lines: list[Text] = [
        (f"{numbers.level(settings.level)} uncertainty interval: ", strong(interval_text(output)), "."),
    ]
    if output.published is not None:
        of_draws = output.published_statistic not in (None, "value")
        named = f"Published {output.published_statistic}" if of_draws else "Published"
        unit = "1" if output.published_statistic == "probability" else output.unit
        lines.append(f"{named}: {with_unit(point_text(output.published), unit)}.")
    value = with_unit(median_text(output), output.unit)
    return Card(side.source, LETTERS[number], condition, value, tuple(lines), number)


def _document(sides: Sides, shared: list[str]) -> Document:
    found = {name: [side.run.outputs[name] for side in sides] for name in shared}
    outputs = {
        name: ComparedOutput(
            tuple(each.unit for each in pair),
            tuple(each.median for each in pair),
            tuple(each.interval for each in pair),
        )
        for name, pair in found.items()
    }
    names = dict.fromkeys([*sides[0].run.inputs, *sides[1].run.inputs])
    inputs = {name: [side.run.inputs.get(name) for side in sides] for name in names}
    changes = {
        name: tuple(None if each is None else each.distribution for each in pair)
        for name, pair in inputs.items()
        if essence(pair[0]) != essence(pair[1])
    }
    compared = tuple(
        Compared(side.source, NamedStudy(**dict(side.study)), ComparedSettings(**dict(side.settings)))
        for side in sides
    )
    return document("compare", None, CompareAnswer(compared, outputs, changes))
