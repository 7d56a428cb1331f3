"""What was observed, and what was known before and is known after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Paragraph, Section, Subheading, Table
from uncertainty.study.bibliography import note_of
from uncertainty.study.sources import plain_text
from uncertainty.wording import listed, scenario_text, with_unit

if TYPE_CHECKING:
    from uncertainty.case_statistics import Spread
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.propagation import Propagation


def section(content: ReportContent) -> Section | None:
    """Set what was known before and after side by side, for each reading that rests on observations."""
    blocks: list[Block] = []
    for name, reading in content.study.readings.items():
        if content.run_under(name).weights is not None:
            blocks += [Subheading(reading.title), *_blocks(content.run_under(name))]
    if not blocks:
        return None
    said = (
        "Some readings rest on what was observed of a quantity of the study. Each draw then counts as it "
        "agrees with the observation; which inputs drive the result, and what would have to be true, is "
        "told of the readings without."
    )
    return Section("observations", "What observations change", (Paragraph(said), *blocks))


def observed(found: Propagation) -> Section:
    """Set what was known before the observations of a run and what is known after them side by side."""
    title = f"Before and after the observations, under the reading “{scenario_text(found.scenario)}”"
    return Section("observations", title, tuple(_blocks(found)))


def _blocks(found: Propagation) -> list[Block]:
    weights = found.weights
    if weights is None:
        raise TypeError("expected a run with observations")
    names = listed([found.study.observations[name].title for name in found.scenario.observations])
    worth = (
        f"Weighed by {names}, the {weights.values.size:,} draws are worth "
        f"{count(int(weights.effective), 'draw')} that count alike."
    )
    interval = f"{numbers.level(found.settings.level)} interval"
    sides = (Column("Before", numeric=True), Column(interval, numeric=True))
    after = (Column("After", numeric=True), Column(interval, numeric=True))
    quantities = Table(
        (Column("Observed"), Column("Quantity"), Column("Value", numeric=True), *sides, *after),
        tuple(
            (
                each.observation.title,
                _quantity(each.over, each.quantity),
                f"{with_unit(f'{each.value:g}', each.unit)}, {each.error}",
                *_written(each.prior),
                *_written(each.posterior),
            )
            for each in found.observed.values()
        ),
        "What was observed, and what was known of it before and is known after, in its unit",
    )
    outputs = Table(
        (Column("Output"), *sides, *after),
        tuple(
            (with_unit_of(row), *_written(row.prior), *row.written)
            for row in found.outputs.values()
            if row.prior is not None
        ),
        "Outputs before the observations and after them",
    )
    return [Paragraph(worth), quantities, outputs, *_remarks(found)]


def _remarks(found: Propagation) -> list[Block]:
    """Return where observations are from, and what is noted of them."""
    observed = [each.observation for each in found.observed.values()]
    sources = [(each.title, plain_text(each.source, found.study.sources)) for each in observed if each.source]
    notes = [(each.title, note) for each in observed if (note := note_of(each))]
    return [
        Paragraph(f"{heading}: {'; '.join(f'{title}: {text}' for title, text in told)}.")
        for heading, told in (("Sources of the observations", sources), ("Notes on the observations", notes))
        if told
    ]


def _quantity(over: str, name: str) -> str:
    return f"average of {name}" if over == "average" else name


def with_unit_of(row: OutputDistribution) -> str:
    """Name an output with its unit."""
    unit = row.output.unit.text
    return row.output.title if unit == "1" else f"{row.output.title} ({unit})"


def _written(spread: Spread) -> tuple[str, str]:
    return numbers.median_and_interval(spread.middle, *spread.ends, varies=not spread.draws.equal)
