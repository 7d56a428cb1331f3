"""What went into two runs: what of it differs, and all that their numbers depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.blocks import Column, Paragraph, Section, Table, Text, code
from uncertainty.pages.comparison.outcomes import LETTERS, differ
from uncertainty.pages.sections.inputs import shortened
from uncertainty.wording import listed, point_text, unit_in_words, with_unit

if TYPE_CHECKING:
    from uncertainty.pages.comparison.outcomes import Sides
    from uncertainty.results.reading import InputPart, RunDocument


def changes_section(sides: Sides) -> Section:
    """Say which settings, inputs, equations and units of outputs are different."""
    title = "What went in differently"
    made = (
        ("setting", _settings(sides)),
        ("input", _inputs(sides)),
        ("equation", _equations(sides)),
        ("unit", _units(sides)),
    )
    found = [(noun, table) for noun, table in made if table is not None]
    if not found:
        return Section("changes", title, (Paragraph(_nothing(sides)),))
    are = "is" if sum(len(table.rows) for _, table in found) == 1 else "are"
    finding = f"Different {are} {listed(count(len(table.rows), noun) for noun, table in found)}."
    tables = (table for _, table in found)
    return Section("changes", title, (Paragraph(finding, lead=True), *tables, *_beyond(sides)))


def _nothing(sides: Sides) -> str:
    """Say that nothing differs that documents tell of; the state of a function or program is not in them."""
    one, other = (side.run.outputs for side in sides)
    same = all(each == other[name] for name, each in one.items() if name in other)
    if same:
        return "Nothing: settings, inputs and equations are the same."
    return (
        "Nothing that the documents tell of: settings, inputs and equations are the same in both, though "
        "what comes out is not."
    )


def _beyond(sides: Sides) -> tuple[Paragraph, ...]:
    """Say what tells more of two studies than documents of runs, which hold no formulas of outputs."""
    one, other = (side.study.sha256 for side in sides)
    if not one or not other or one == other:
        return ()
    files = ("The studies' files differ, maybe in more than stands here, such as an output's formula: ",)
    return (Paragraph((*files, code("uncertainty diff"), " compares the files themselves.")),)


def _settings(sides: Sides) -> Table | None:
    one, other = _told_of(sides)
    rows = tuple(
        (name, code(one.get(name, numbers.MISSING)), code(other.get(name, numbers.MISSING)))
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    )
    columns = (Column("Setting"), *map(Column, LETTERS))
    return Table(columns, rows, "Settings that differ") if rows else None


def _told_of(sides: Sides) -> tuple[dict[str, str], dict[str, str]]:
    """Return what either run depends on, beside its inputs, and what outputs speak of if not of one case."""
    one, other = (_told(side) | _speaking(side, sides) for side in sides)
    return one, other


def _speaking(side: RunDocument, sides: Sides) -> dict[str, str]:
    outputs = side.run.outputs
    others = [name for name in outputs if any(_over(each, name) not in ("case", None) for each in sides)]
    return {f"{name} is over": outputs[name].over for name in others}


def _over(side: RunDocument, name: str) -> str | None:
    found = side.run.outputs.get(name)
    return None if found is None else found.over


def _told(side: RunDocument) -> dict[str, str]:
    """Return what a run depends on, beside its inputs."""
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
    seldom = {
        "outer draws": settings.outer,
        "cases each": settings.inner,
        "program": settings.program,
        "random numbers of its own": "yes" if settings.stochastic else "",
        "draws without a value": settings.nonfinite,
        "observed": listed(settings.observations) if settings.observations else "",
        "numpy": settings.numpy,
        "scipy": settings.scipy,
    }
    told |= {name: str(value) for name, value in seldom.items() if value}
    told |= {f"choice {name}": option for name, option in settings.choices.items()}
    return told | {f"set {name}": value for name, value in settings.overrides.items()}


def _inputs(sides: Sides) -> Table | None:
    one, other = (side.run.inputs for side in sides)
    rows = tuple(
        (
            (one.get(name) or other[name]).label,
            *(_point(found.get(name)) for found in (one, other)),
            *(_distribution(found.get(name)) for found in (one, other)),
            *(_range(found.get(name)) for found in (one, other)),
        )
        for name in dict.fromkeys([*one, *other])
        if essence(one.get(name)) != essence(other.get(name))
    )
    columns = (
        Column("Input"),
        *(Column(f"Point in {letter}", numeric=True) for letter in LETTERS),
        *(Column(f"Distribution in {letter}") for letter in LETTERS),
        *(Column(f"5 % to 95 % in {letter}", numeric=True) for letter in LETTERS),
    )
    return Table(columns, rows, "Inputs that differ") if rows else None


def essence(found: InputPart | None) -> tuple[object, ...] | None:
    """Return what of an input changes numbers."""
    return None if found is None else (found.unit, found.point, _meaning(found.distribution))


def _meaning(text: str) -> object:
    """Return what a distribution's text stands for, however it is written; of one from a file, the text."""
    from uncertainty.distributions import parse_distribution
    from uncertainty.errors import InvalidValue

    try:
        return parse_distribution(text)
    except InvalidValue:
        return text


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
    return with_unit(point_text(low) if low == high else numbers.interval(low, high), found.unit)


def _equations(sides: Sides) -> Table | None:
    one, other = (side.run.equations for side in sides)
    rows = tuple(
        (name.replace("_", " "), code(one.get(name, numbers.MISSING)), code(other.get(name, numbers.MISSING)))
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    )
    columns = (Column("Quantity"), *map(Column, LETTERS))
    return Table(columns, rows, "Equations that differ") if rows else None


def _units(sides: Sides) -> Table | None:
    one, other = (side.run.outputs for side in sides)
    rows = tuple(
        (found.label or name, *(unit_in_words(each.unit) for each in (found, other[name])))
        for name, found in one.items()
        if name in other and differ(found, other[name])
    )
    columns = (Column("Output"), *(Column(f"Unit in {letter}") for letter in LETTERS))
    return Table(columns, rows, "Units of outputs that differ") if rows else None


def origin_section(sides: Sides) -> Section:
    """Say what the numbers of both runs depend on."""
    told = _told_of(sides)
    rows: list[tuple[Text, ...]] = [
        (name, *(code(each.get(name, numbers.MISSING)) for each in told))
        for name in dict.fromkeys([*told[0], *told[1]])
    ]
    table = Table((Column("Setting"), *map(Column, LETTERS)), tuple(rows), "What the numbers depend on")
    return Section("reproduction", "Where the numbers come from", (table,))
