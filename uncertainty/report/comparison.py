"""Two runs side by side: what came out of each, and what went in differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.documents import FORMAT, dump
from uncertainty.documents.reading import read_run
from uncertainty.errors import UncertaintyError
from uncertainty.numbers import count
from uncertainty.report.blocks import (
    Block,
    Card,
    Cards,
    Column,
    Figure,
    Paragraph,
    Section,
    Table,
    Text,
    code,
    strong,
)
from uncertainty.report.figures.intervals import Group, Interval, draw_intervals
from uncertainty.report.figures.style import svg_text
from uncertainty.report.sections.inputs import shortened
from uncertainty.report.writer import Pages, check_formats, write_pages
from uncertainty.sampling.statistics import Estimate
from uncertainty.wording import after_unit, listed, point_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.documents import Document
    from uncertainty.documents.reading import InputPart, OutputPart, RunDocument
    from uncertainty.report.writer import ReportFiles

LETTERS = ("A", "B")


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


def compare(sides: tuple[RunDocument, RunDocument]) -> Pages:
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
        _changes(sides),
        _outputs(sides, lead, shared),
        *_readings(sides),
        _origin(sides),
    )
    titles = [side.study.title or side.study.name for side in sides]
    title = f"{titles[0]}: two runs compared" if titles[0] == titles[1] else f"{titles[0]} and {titles[1]}"
    subtitle = " ".join(f"{letter}: {side.source}." for letter, side in zip(LETTERS, sides, strict=True))
    origin = (f"uncertainty {__version__}", *(f"{side.source} SHA-256 {side.study.sha256}" for side in sides))
    return Pages(title, subtitle, sections, dump(_document(sides, shared)), origin)


def _claim(sides: tuple[RunDocument, RunDocument], lead: str) -> Section:
    one, other = (side.run.outputs[lead] for side in sides)
    title = one.label or lead
    if one.median is None or other.median is None:
        finding = f"“{title}” has no median in one of the two runs."
    elif one.median == other.median:
        finding = f"The median of “{title}” is {_median(one)} in both."
    else:
        factor = _ratio(one, other)
        times = f", a factor {factor}" if factor else ""
        finding = f"The median of “{title}” is {_median(one)} in A and {_median(other)} in B{times}."
    cards = tuple(_card(side, lead, number) for number, side in enumerate(sides))
    return Section("claim", "What comes out", (Paragraph(finding, lead=True), Cards(cards)))


def _card(side: RunDocument, lead: str, number: int) -> Card:
    output, settings = side.run.outputs[lead], side.settings
    asked = [f"{name} = {value}" for name, value in settings.overrides.items()]
    reading = f"Under the reading {settings.reading.replace('_', ' ')}"
    condition = f"{reading}, with {listed(asked)}," if asked else f"{reading},"
    lines: list[Text] = [
        (f"{numbers.level(settings.level)} uncertainty interval: ", strong(_interval(output)), "."),
    ]
    if output.published is not None:
        lines.append(f"Published: {with_unit(point_text(output.published), output.unit)}.")
    value = with_unit(_median(output), output.unit)
    return Card(side.source, LETTERS[number], condition, value, tuple(lines), number)


def _changes(sides: tuple[RunDocument, RunDocument]) -> Section:
    title = "What went in differently"
    made = (("setting", _settings(sides)), ("input", _inputs(sides)), ("equation", _equations(sides)))
    found = [(noun, table) for noun, table in made if table is not None]
    if not found:
        text = "Nothing: settings, inputs and equations are the same."
        return Section("changes", title, (Paragraph(text),))
    finding = f"Different are {listed(count(len(table.rows), noun) for noun, table in found)}."
    return Section("changes", title, (Paragraph(finding, lead=True), *(table for _, table in found)))


def _settings(sides: tuple[RunDocument, RunDocument]) -> Table | None:
    one, other = (_told(side) for side in sides)
    rows = tuple(
        (name, code(one.get(name, numbers.MISSING)), code(other.get(name, numbers.MISSING)))
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    )
    columns = (Column("Setting"), *map(Column, LETTERS))
    return Table(columns, rows, "Settings that differ") if rows else None


def _told(side: RunDocument) -> dict[str, str]:
    settings = side.settings
    told = {
        "study": side.study.name,
        "study's SHA-256": (side.study.sha256 or "none")[:12],
        "version": side.version,
        "draws": str(settings.samples),
        "seed": str(settings.seed),
        "design": settings.design,
        "level": f"{settings.level:g}",
        "interval": settings.interval,
        "reading": settings.reading,
    }
    told |= {f"choice {name}": option for name, option in settings.choices.items()}
    return told | {f"set {name}": value for name, value in settings.overrides.items()}


def _inputs(sides: tuple[RunDocument, RunDocument]) -> Table | None:
    one, other = (side.run.inputs for side in sides)
    rows = tuple(
        (
            (one.get(name) or other[name]).label,
            *(_point(found.get(name)) for found in (one, other)),
            *(_distribution(found.get(name)) for found in (one, other)),
            *(_range(found.get(name)) for found in (one, other)),
        )
        for name in dict.fromkeys([*one, *other])
        if _essence(one.get(name)) != _essence(other.get(name))
    )
    columns = (
        Column("Input"),
        *(Column(f"Point in {letter}", numeric=True) for letter in LETTERS),
        *(Column(f"Distribution in {letter}") for letter in LETTERS),
        *(Column(f"5 % to 95 % in {letter}", numeric=True) for letter in LETTERS),
    )
    return Table(columns, rows, "Inputs that differ") if rows else None


def _essence(found: InputPart | None) -> tuple[object, ...] | None:
    return None if found is None else (found.unit, found.point, found.distribution)


def _point(found: InputPart | None) -> str:
    if found is None or found.point is None:
        return numbers.MISSING
    return with_unit(point_text(found.point), found.unit)


def _distribution(found: InputPart | None) -> Text:
    return numbers.MISSING if found is None else code(shortened(found.distribution))


def _range(found: InputPart | None) -> str:
    if found is None or None in found.interval_90:
        return numbers.MISSING
    low, high = (end or 0.0 for end in found.interval_90)
    return point_text(low) if low == high else numbers.interval(low, high)


def _equations(sides: tuple[RunDocument, RunDocument]) -> Table | None:
    one, other = (side.run.equations for side in sides)
    rows = tuple(
        (name.replace("_", " "), code(one.get(name, numbers.MISSING)), code(other.get(name, numbers.MISSING)))
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    )
    columns = (Column("Quantity"), *map(Column, LETTERS))
    return Table(columns, rows, "Equations that differ") if rows else None


def _outputs(sides: tuple[RunDocument, RunDocument], lead: str, shared: list[str]) -> Section:
    blocks: list[Block] = [*_picture(sides, lead, shared)]
    rows = []
    for name in shared:
        one, other = (side.run.outputs[name] for side in sides)
        label = after_unit(one.label or name, one.unit)
        ratio = _ratio(one, other) or numbers.MISSING
        rows.append((label, _median(one), _interval(one), _median(other), _interval(other), ratio))
    columns = (
        Column("Output"),
        *(
            Column(f"{what} in {letter}", numeric=True)
            for letter in LETTERS
            for what in ("Median", f"{numbers.level(sides[LETTERS.index(letter)].settings.level)} interval")
        ),
        Column("B ÷ A", numeric=True),
    )
    blocks.append(Table(columns, tuple(rows), "Every output that both runs have"))
    for number, side in enumerate(sides):
        alone = [found.label or name for name, found in side.run.outputs.items() if name not in shared]
        if alone:
            blocks.append(Paragraph(f"In {LETTERS[number]} alone: {listed(alone)}."))
    return Section("outputs", "Every output", tuple(blocks))


def _picture(sides: tuple[RunDocument, RunDocument], lead: str, shared: list[str]) -> list[Figure]:
    """Draw the outputs in the leading one's unit, each with both runs' intervals."""
    unit = sides[0].run.outputs[lead].unit
    names = [lead, *(name for name in shared if name != lead)]
    groups = []
    for name in names:
        pair = [side.run.outputs[name] for side in sides]
        found = [_drawn(output, number) for number, output in enumerate(pair)]
        if all(output.unit == unit for output in pair) and None not in found:
            published = pair[0].published
            text = "" if published is None else f"published: {point_text(published)}"
            drawn = tuple(each for each in found if each is not None)
            groups.append(Group(pair[0].label or name, published, text, drawn))
    if not groups:
        return []
    values = [v for group in groups for i in group.intervals for v in (i.low, i.high)]
    values += [group.published for group in groups if group.published is not None]
    picture = draw_intervals(
        tuple(groups),
        label=after_unit("median and uncertainty interval", unit),
        reference=None,
        logarithmic=min(values) > 0 and max(values) > 10 * min(values),
    )
    finding = f"{count(len(groups), 'output')} of both runs, each with its median and interval in A and in B"
    caption = "Marks are medians, lines uncertainty intervals, upright bars the published figures; A above B."
    return [Figure("comparison", svg_text(picture, "comparison", finding), finding, caption)]


def _drawn(output: OutputPart, number: int) -> Interval | None:
    low, high = output.interval
    if output.median is None or low is None or high is None:
        return None
    return Interval(f"{LETTERS[number]}: {_interval(output)}", low, output.median, high, number)


def _readings(sides: tuple[RunDocument, RunDocument]) -> tuple[Section, ...]:
    """Compare the headline under each reading, where both documents have it."""
    one, other = (side.run.readings for side in sides)
    if one is None or other is None or sides[0].run.headline != sides[1].run.headline:
        return ()
    rows: list[tuple[Text, ...]] = []
    for name in one.outputs:
        if name in other.outputs:
            pair = one.outputs[name], other.outputs[name]
            cells = [cell for found in pair for cell in _written(found)]
            rows.append((name.replace("_", " "), *cells, _ratio(*pair) or numbers.MISSING))
    written = [f"{what} in {letter}" for letter in LETTERS for what in ("Median", "Interval")]
    columns = (
        Column("Reading"),
        *(Column(title, numeric=True) for title in written),
        Column("B ÷ A", numeric=True),
    )
    table = Table(columns, tuple(rows), "The headline under every reading that both documents have")
    return (Section("readings", "Every reading", (table,)),) if rows else ()


def _origin(sides: tuple[RunDocument, RunDocument]) -> Section:
    told = [_told(side) for side in sides]
    rows: list[tuple[Text, ...]] = [
        (name, *(code(each.get(name, numbers.MISSING)) for each in told))
        for name in dict.fromkeys([*told[0], *told[1]])
    ]
    table = Table((Column("Setting"), *map(Column, LETTERS)), tuple(rows), "What the numbers depend on")
    return Section("reproduction", "Where the numbers come from", (table,))


def _median(output: OutputPart) -> str:
    return _written(output)[0]


def _interval(output: OutputPart) -> str:
    return _written(output)[1]


def _written(output: OutputPart) -> tuple[str, str]:
    if output.median is None or None in output.interval:
        return numbers.MISSING, numbers.MISSING
    low, high = (
        Estimate(end or 0.0, error) for end, error in zip(output.interval, output.interval_error, strict=True)
    )
    return numbers.median_and_interval(Estimate(output.median, output.median_error), low, high)


def _ratio(one: OutputPart, other: OutputPart) -> str:
    if one.unit != other.unit or not one.median or other.median is None or one.median * other.median <= 0:
        return ""
    return numbers.number(other.median / one.median, 2)


def _document(sides: tuple[RunDocument, RunDocument], shared: list[str]) -> Document:
    outputs = {
        name: {
            "median": [side.run.outputs[name].median for side in sides],
            "interval": [list(side.run.outputs[name].interval) for side in sides],
        }
        for name in shared
    }
    changes = {
        name: [None if found is None else found.distribution for found in pair]
        for name, pair in (
            (name, [side.run.inputs.get(name) for side in sides])
            for name in dict.fromkeys([*sides[0].run.inputs, *sides[1].run.inputs])
        )
        if _essence(pair[0]) != _essence(pair[1])
    }
    compared = [
        {"source": side.source, "study": side.study.model_dump(), "settings": side.settings.model_dump()}
        for side in sides
    ]
    results = {"compared": compared, "outputs": outputs, "inputs": changes}
    return {"format": FORMAT, "command": "compare", "version": __version__, "results": results}
