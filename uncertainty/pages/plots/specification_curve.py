"""The headline under every combination of choices, sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.decisions import specification_curve
from uncertainty.errors import SettingError
from uncertainty.numbers import count
from uncertainty.pages.figures.specification import Question, Specification, draw_specifications
from uncertainty.pages.plots import Plot
from uncertainty.wording import after_unit, point_text, published_text

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Output


def plot(content: ReportContent, _subject: str) -> Plot:
    """Draw the headline under combinations of choices, the leading readings marked among them."""
    found = content.challenge.outputs[content.study.headline]
    multiverse = found.multiverse
    if isinstance(multiverse, str):
        raise SettingError(f"there is no specification curve: {multiverse}")
    study, output = content.study, found.output
    names = tuple(study.readings[reading].title for reading in found.verdict.leading)
    drawn, specifications = _specifications(content, found, multiverse)
    picture = draw_specifications(
        specifications,
        _questions(content, found),
        label=after_unit(output.title, output.unit.text),
        marked=_marked(output),
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
            f" Of {len(multiverse.universes):,} in all, these are every single change from the "
            "publication, and others evenly spaced by rank; the rest are in results.json."
        )
    title = f"{output.title} under combinations of modelling choices"
    finding = f"{title}: medians from {_number(drawn[0])} to {_number(drawn[-1])}"
    return Plot("specification-curve", picture, finding, caption)


def _specifications(
    content: ReportContent, found: OutputChallenge, multiverse: Multiverse
) -> tuple[tuple[Universe, ...], tuple[Specification, ...]]:
    """Return the universes that are drawn, each with its answers in the order of the questions."""
    study, varied = content.study, multiverse.combinations.varied
    leading = {
        number: _options(content, reading, varied)
        for number, reading in enumerate(found.verdict.leading)
        if not study.readings[reading].inputs
    }
    drawn = tuple(specification_curve(multiverse, [*leading.values()]))
    options = {effect.choice: [*study.choices[effect.choice].options] for effect in found.choices}
    return drawn, tuple(
        Specification(
            universe.found.low.value,
            universe.median,
            universe.found.high.value,
            tuple(answers.index(universe.options[name]) for name, answers in options.items()),
            next((number for number, own in leading.items() if own == universe.options), None),
        )
        for universe in drawn
    )


def _questions(content: ReportContent, found: OutputChallenge) -> tuple[Question, ...]:
    """Return the choices with their answers, that which decides most first."""
    choices = [content.study.choices[effect.choice] for effect in found.choices]
    return tuple(
        Question(choice.question or choice.name, tuple(o.title for o in choice.options.values()))
        for choice in choices
    )


def _marked(output: Output) -> tuple[tuple[float, str], ...]:
    marked = []
    if output.published_value is not None:
        marked.append((output.published_value, f"published: {published_text(output)}"))
    if output.reference is not None:
        marked.append((output.reference, f"reference: {point_text(output.reference)}"))
    return tuple(marked)


def _number(universe: Universe) -> str:
    return numbers.number(universe.median, 2)


def _options(content: ReportContent, reading: str, varied: tuple[str, ...]) -> dict[str, str]:
    """Return what a reading answers to the choices that vary."""
    own = content.study.readings[reading].choices
    return {name: own.get(name, content.study.choices[name].published) for name in varied}
