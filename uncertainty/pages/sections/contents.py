"""What a study holds, on what it rests, and what another assumes differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Details,
    Paragraph,
    Section,
    Subheading,
    Table,
    Text,
    code,
    joined,
)
from uncertainty.study.cells import gathered_cells
from uncertainty.study.scenario import scenario
from uncertainty.study.sources import pieces, plain_text
from uncertainty.wording import bare_value, counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uncertainty.pages.content import ReportContent
    from uncertainty.reproduction import Reproductions
    from uncertainty.study.differences import Difference
    from uncertainty.study.model import Figure, Input, Option, Reading, Study


def contents(study: Study) -> tuple[Section, ...]:
    """Show a study by its tables."""
    tables = [_outputs(study), _inputs(study)]
    if study.choices:
        rows = tuple(
            (choice.question or name, "; ".join(option.title for option in choice.options.values()))
            for name, choice in study.choices.items()
        )
        tables.append(Table((Column("Choice"), Column("Options, the publication's own first")), rows))
    if len(study.readings) > 1:
        rows = tuple(
            (reading.title, plain_text(reading.source, study.sources) or numbers.MISSING)
            for reading in study.readings.values()
        )
        tables.append(Table((Column("Reading"), Column("Source")), rows))
    return (Section("contents", "", tuple(tables)),)


def _outputs(study: Study) -> Table:
    rows = tuple(
        (
            name,
            output.label,
            output.unit.text,
            str(output.expression or name),
            numbers.MISSING if output.published is None else _figures(output.published),
        )
        for name, output in study.outputs.items()
    )
    words = ("Output", "Meaning", "Unit", "Value")
    return Table((*map(Column, words), Column("Published", numeric=True)), rows)


def _figures(figure: Figure) -> str:
    named = ((each.statistic, f"{each.value:.15g}") for each in figure.every)
    return ", ".join(text if name == "value" else f"{name} {text}" for name, text in named)


def _inputs(study: Study) -> Table:
    columns = (
        Column("Input"),
        Column("Meaning"),
        Column("Unit"),
        Column("Point", numeric=True),
        Column("Distribution"),
        Column("Basis"),
        Column("Source"),
    )
    rows = tuple(
        (
            name,
            item.label,
            item.unit.text,
            _point(item),
            numbers.MISSING if item.distribution is None else str(item.distribution),
            item.basis or "",
            plain_text(item.source, study.sources),
        )
        for name, item in study.inputs.items()
    )
    return Table(columns, rows)


def _point(item: Input) -> str:
    return f"{item.point:.15g}" if isinstance(item.point, float | int) else str(item.point)


RESTING = {
    "none": "Distributions without any source",
    "one_source": "Distributions that rest on one source alone",
    "judged": "Distributions that rest on one judgement alone, which names no source",
    "second_hand": "Distributions whose sources are all known through another source alone",
}


JUDGED = ("assumption", "expert judgement")
"""Bases of what is no reading of a source."""


def support_section(content: ReportContent) -> Section | None:
    """Say on how little some inputs rest; nothing where there is nothing to say."""
    blocks = _blocks(content.check)
    return Section("support", "What the inputs rest on", blocks) if blocks else None


def support(check: Reproductions) -> Section:
    """Say the same of a file that was checked, what nothing was published for, and what is in it."""
    unpublished = [name for name, row in check.figures.items() if row.published is None]
    blocks: list[Block] = [Paragraph(f"The file is sound: {_contents(check)}.")]
    if unpublished:
        gathered = gathered_cells(unpublished, check.study.tables)
        blocks.append(Paragraph(_named("The study has no published figure of ", gathered)))
    return Section("support", "What the file holds", (*blocks, *_blocks(check)))


def _contents(check: Reproductions) -> str:
    study = check.study
    inputs = [item.quantity or name for name, item in study.inputs.items()]
    varying = [item.quantity or name for name, item in study.inputs.items() if item.distribution is not None]
    equations = [each.quantity or name for name, each in study.equations.items() if not each.part]
    outputs = [each.quantity or name for name, each in study.outputs.items()]
    counts = ((inputs, "input"), (varying, "distribution"), (equations, "equation"), (outputs, "output"))
    others = ((study.choices, "choice"), (study.readings, "reading"))
    told = [counted(names, what) for names, what in counts if names]
    return listed([*told, *(count(len(each), what) for each, what in others if each)])


def _blocks(check: Reproductions) -> tuple[Block, ...]:
    blocks: list[Block] = [*_distant(check), *_beyond_curves(check)]
    quantities = check.study.quantities
    if check.unsupported:
        of_keys: dict[tuple[str, ...], list[str]] = {}
        for name, keys in check.unsupported.items():
            of_keys.setdefault(keys, []).append(name)
        lacking = [
            f"{listed(gathered_cells(names, quantities))} (no {' and no '.join(keys)})"
            for keys, names in of_keys.items()
        ]
        blocks.append(Paragraph(f"Distributions without support: {'; '.join(lacking)}."))
    told = {name for name, keys in check.unsupported.items() if "source" in keys}
    judged = [name for name in check.evidence["one_source"] if _is_judged(check.study, name)]
    resting = {
        "none": [name for name in check.evidence["none"] if name not in told],
        "one_source": [name for name in check.evidence["one_source"] if name not in judged],
        "judged": judged,
        "second_hand": check.evidence["second_hand"],
    }
    for kind, names in resting.items():
        if names:
            blocks.append(Paragraph(_named(f"{RESTING[kind]}: ", gathered_cells(names, quantities))))
    elsewhere = {name for each in _overriding(check.study) for name in each.inputs}
    limited = [
        item.name
        for item in check.study.inputs.values()
        if item.distribution is None and item.low is not None and item.high is not None
        if item.name not in elsewhere
    ]
    if limited:
        said = "Limits alone vary nothing; these have no distribution and stay fixed: "
        blocks.append(Paragraph(_named(said, gathered_cells(limited, quantities))))
    return tuple(blocks)


def _overriding(study: Study) -> list[Option | Reading]:
    """Return all that may set inputs to something else."""
    options = [option for choice in study.choices.values() for option in choice.options.values()]
    return [*options, *study.readings.values()]


def _is_judged(study: Study, name: str) -> bool:
    """Tell whether what an input rests on is called a judgement, and leads to no source."""
    item = study.inputs[name]
    found = [piece for text in item.source_texts for piece in pieces(text, study.sources)]
    return item.basis in JUDGED and not any(piece.to or piece.key for piece in found)


def _beyond_curves(check: Reproductions) -> list[Block]:
    """Say in how many draws a curve is looked up beyond its ends."""
    found = []
    for text, ends in check.curve_ends.items():
        asked = [
            f"{side} {end.replace('[', ' ').rstrip(']')} in {numbers.share(share)} of the draws"
            for side, end, share in (("below", ends.first, ends.below), ("above", ends.last, ends.above))
            if share.value
        ]
        found.append(joined(code(text), f" is asked {listed(asked)}, where the last value holds."))
    return [Paragraph(joined("Beyond the ends of a curve: ", each)) for each in found]


def _named(said: str, names: Iterable[str]) -> Text:
    """End a sentence with names as they stand in the file."""
    return joined(said, listed(names), ".")


def _distant(check: Reproductions) -> list[Block]:
    """List the inputs whose point is unusual in what is known of them."""
    distant = check.distant_points
    if not distant:
        return []
    inputs, points = check.study.inputs, scenario(check.study).points
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (inputs[name].title, code(name), bare_value(inputs[name], points[name]), numbers.percentile(place))
        for name, place in distant.items()
    )
    columns = (
        Column("Input"),
        Column("Name"),
        Column("Point", numeric=True),
        Column("Its percentile", numeric=True),
    )
    whole = count(len(distant), "point")
    summary = f"{whole} outside the middle 98 % of the input's own distribution"
    caption = "Points that the evidence makes unlikely, or that stand for leaving a quantity out"
    return [Details(summary, (Table(columns, rows, caption),), brief=True)]


def differing(found: Iterable[Difference]) -> Iterator[Block]:
    """Set what one study says above what the other says, difference by difference."""
    for each in found:
        yield Subheading(each.key)
        sides = (("A", each.one), ("B", each.other))
        texts = [f"{letter}: {numbers.MISSING if text is None else text}" for letter, text in sides]
        yield Bullets((*texts, f"({each.note})") if each.note else tuple(texts))
