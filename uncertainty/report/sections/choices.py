"""Which choices decide it: every valid combination of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.decisions import specification_curve
from uncertainty.challenges.sentences import (
    construction_sentences,
    decider_sentence,
    universes_sentence,
)
from uncertainty.report.blocks import Block, Column, Figure, Paragraph, Section, Table, Text, strong
from uncertainty.report.figures.specification import (
    Question,
    Specification,
    draw_specifications,
)
from uncertainty.report.figures.style import svg_text
from uncertainty.wording import after_unit, count, listed, point_text, published_text

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.report.content import ReportContent

FIGURE = "specification-curve"


def section(content: ReportContent) -> Section:
    """Show the headline in every universe, and what each choice does to it."""
    found = content.challenge.outputs[content.study.headline]
    title = "Which choices decide it"
    multiverse = found.multiverse
    if isinstance(multiverse, str):
        return Section("choices", title, (Paragraph(f"This does not apply: {multiverse}."),))
    blocks: list[Block] = [
        Paragraph(decider_sentence(multiverse, found.choices), lead=True),
        Paragraph(universes_sentence(multiverse)),
        *map(Paragraph, construction_sentences(multiverse, found.choices)),
        _curve(content, found, multiverse),
        _effects(multiverse, found.choices),
    ]
    if multiverse.combinations.unreached:
        study = content.study
        left = [f"“{study.choices[name].question or name}”" for name in multiverse.combinations.unreached]
        blocks.append(Paragraph(f"Left out, because it cannot reach this output: {listed(left)}."))
    return Section("choices", title, tuple(blocks))


def _curve(content: ReportContent, found: OutputChallenge, multiverse: Multiverse) -> Figure:
    study, output = content.study, found.output
    varied = multiverse.combinations.varied
    roles = {
        reading: n for n, reading in enumerate(found.verdict.leading) if not study.readings[reading].inputs
    }
    universes = {role: _options(content, reading, varied) for reading, role in roles.items()}
    drawn = specification_curve(multiverse, [*universes.values()])
    options = {name: [*study.choices[name].options] for name in varied}
    specifications = tuple(
        Specification(
            universe.found.low.value,
            universe.median,
            universe.found.high.value,
            tuple(options[name].index(universe.options[name]) for name in varied),
            next((role for role, own in universes.items() if own == universe.options), None),
        )
        for universe in drawn
    )
    questions = tuple(
        Question(
            study.choices[name].question or name, tuple(o.title for o in study.choices[name].options.values())
        )
        for name in (effect.choice for effect in found.choices)
    )
    order = [varied.index(effect.choice) for effect in found.choices]
    specifications = tuple(
        Specification(s.low, s.median, s.high, tuple(s.answers[i] for i in order), s.role)
        for s in specifications
    )
    marked = []
    if output.published is not None:
        marked.append((output.published.value, f"published: {published_text(output)}"))
    if output.reference is not None:
        marked.append((output.reference, f"reference: {point_text(output.reference)}"))
    names = tuple(study.readings[reading].title for reading in found.verdict.leading)
    figure = draw_specifications(
        specifications,
        questions,
        label=after_unit(output.title, output.unit.text),
        marked=tuple(marked),
        roles=names,
        logarithmic=output.scale == "log10",
    )
    shown = len(drawn) if len(drawn) < len(multiverse.universes) else 0
    level = numbers.level(content.settings.level)
    caption = (
        f"Medians and {level} uncertainty intervals under {count(len(drawn), 'combination')}, sorted; "
        "below, the answers that make up each, the publication's own first."
    )
    if shown:
        caption += (
            f" Drawn of {len(multiverse.universes):,}: every single change from the publication, and others "
            "evenly spaced by rank; the rest is in results.json."
        )
    title = f"{output.title} under combinations of modelling choices"
    alt = f"{title}: medians from {_number(drawn[0])} to {_number(drawn[-1])}"
    return Figure(FIGURE, svg_text(figure, FIGURE, title), alt, caption)


def _number(universe: Universe) -> str:
    return numbers.number(universe.median, 2)


def _options(content: ReportContent, reading: str, varied: tuple[str, ...]) -> dict[str, str]:
    """Return what a reading answers to the choices that vary."""
    own = content.study.readings[reading].choices
    return {name: own.get(name, content.study.choices[name].published) for name in varied}


def _effects(multiverse: Multiverse, effects: tuple[ChoiceEffect, ...]) -> Table:
    rows: list[tuple[Text, ...]] = []
    for effect in effects:
        choice = multiverse.study.choices[effect.choice]
        rows.append((strong(choice.question or choice.name), numbers.share(effect.share), "", ""))
        for option, universe in effect.alone.items():
            alone = "excluded" if universe is None else numbers.estimate(universe.found.median, 2)
            each = effect.options.get(option)
            ends = "–" if each is None else numbers.interval(each.lowest, each.highest)
            rows.append((f"– {choice.options[option].title}", "", alone, ends))
    columns = (
        Column("Choice and its answers"),
        Column("Share of the variance of medians", numeric=True),
        Column("Median if it alone changes", numeric=True),
        Column("Medians over all combinations", numeric=True),
    )
    return Table(columns, tuple(rows), "What each choice does")
