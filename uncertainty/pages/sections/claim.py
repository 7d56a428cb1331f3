"""The claim in one screen: what was published, and how it stands under the leading readings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.amounts import unit_text
from uncertainty.deciding import way_named
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Card,
    Cards,
    Details,
    Paragraph,
    Section,
    Text,
    emphasis,
    joined,
    strong,
)
from uncertainty.pages.deciders import depends_sentence, what_decides
from uncertainty.pages.roles import role
from uncertainty.pages.sections.sources import about_study, cited, own_words, what_was_read
from uncertainty.wording import (
    SENTENCES,
    beyond_sentences,
    capitalised,
    claim_text,
    condition,
    interval_text,
    listed,
    middle_name,
    middle_text,
    percentile_sentence,
    scenario_condition,
    scenario_text,
    value_text,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.passages import Deciding
    from uncertainty.plain_answers import Judgement, PlainAnswer
    from uncertainty.readings import Readings
    from uncertainty.sensitivity.sobol.results import OutputIndices
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario


def section(content: ReportContent) -> Section:
    """Lead with the headline under its leading readings, none above another, and with the study's card."""
    from uncertainty.pages.figures import figure

    study, readings = content.study, content.headline
    wide, tall = figure("card", content, "page"), figure("card", content, "page-tall")
    blocks: list[Block] = [
        replace(wide, caption="", narrow=tall.svg),
        _glossary(readings),
        *plain_answers(readings.judgement, study.question, _depends(content)),
        *_changed(readings),
        _published(study, readings.output),
    ]
    read, itself = what_was_read(study), joined(*about_study(study))
    if read or itself:
        blocks.append(Paragraph(joined(read, " " if read and itself else "", itself)))
    return Section("claim", "The claim, and how sure it is", tuple(blocks))


def plain_answers(found: Judgement, asked: str = "", depends: str = "") -> tuple[Paragraph, ...]:
    """Answer the study's question: the short answers first, then what they rest on.

    Parameters
    ----------
    asked
        The question that stands above them, which is not asked again.
    depends
        What the answer depends on above all, where that is known.
    """
    answers: list[Paragraph] = []
    for each in found.answers:
        answers.append(Paragraph(_short(each, asked), lead=True))
        answers.append(Paragraph(each.because))
    further = " ".join(filter(None, (found.decides, depends, found.worst)))
    return (*answers, *([Paragraph(further)] if further else []))


def _short(each: PlainAnswer, asked: str) -> str:
    question = "" if each.question == asked else f"{each.question} "
    return f"{question}{capitalised(each.short)}."


def first_lines(found: Judgement, asked: str = "") -> tuple[Paragraph, ...]:
    """Answer the study's question in few lines: a terminal shows them at once."""
    answers = [Paragraph((strong(_short(each, asked)), f" {each.because}")) for each in found.answers]
    further = " ".join(filter(None, (found.decides, found.worst)))
    return (*answers, *([Paragraph(further)] if further else []))


def _depends(content: ReportContent) -> str:
    """Name the choices or the inputs that decide the headline."""
    name, indices = _first_way(content)
    kinds = content.run_under(name).scenario.kinds
    return depends_sentence(
        content.study, _challenged(content), indices, kinds, way_named(content.study, name)
    )


def deciding_headline(content: ReportContent) -> Deciding:
    """Return the choices or the inputs that decide the headline."""
    return what_decides(content.study, _challenged(content), _first_way(content)[1])


def _challenged(content: ReportContent) -> OutputChallenge:
    return content.challenge.outputs[content.study.headline]


def _first_way(content: ReportContent) -> tuple[str, OutputIndices | None]:
    """Return the reading that is told first, and what drives the headline under it."""
    study, leading = content.study, content.headline.leading
    name = study.preferred_reading if study.preferred_reading in leading else leading[0]
    drivers = content.drivers_under(name or leading[0])
    return name or leading[0], None if isinstance(drivers, str) else drivers.outputs[study.headline]


def _glossary(readings: Readings) -> Details:
    """Explain the words that stand before any explanation."""
    level = numbers.level(readings.settings.level)
    words = {
        "Way of counting, or reading": "one way to make the calculation: what counts, and how. How many of "
        "them say something is no chance.",
        "Try, or draw": "the calculation made once, at random: each number that goes in takes a value that "
        "its evidence allows. In how many of all tries something is so tells how sure it is.",
        "Interval": f"{level} of the tries lie inside it.",
        "Middle, or median": "half of the tries lie below it. Below the 90th percentile lie 90 %.",
        "A ÷ B": "how many times as large A is as B.",
    }
    listed = tuple((strong(word), f": {meaning}") for word, meaning in words.items())
    return Details(TOLD_FIRST, (Bullets(listed),), brief=True)


TOLD_FIRST = (
    "A way of counting says what is included. A try: the sum done once, each number drawn from its evidence. "
    "Near 100 of 100 is sure. More in plain words"
)
"""What is said of the words that the answers use before these are read."""

NEARLY_NONE = 0.001
"""Share of a distribution beyond a point that is hardly meant."""


def claim(readings: Readings, own: OutputDistribution | None = None, plan: Scenario | None = None) -> Section:
    """Lead with one output under its leading readings, none above another.

    Parameters
    ----------
    own, plan
        What was asked for beside these, and under which scenario.
    """
    study, output = readings.study, readings.output
    blocks: list[Block] = [Paragraph(emphasis(study.question))] if study.question else []
    blocks += first_lines(readings.judgement, study.question)
    blocks += [*_changed(readings), _published(study, output)]
    cards = [_leading(readings, name, number) for number, name in enumerate(readings.leading)]
    if own is not None and plan is not None and _is_another(readings, plan):
        title, condition = scenario_text(plan), scenario_condition(plan)
        cards.append(_card(own, title, "as asked for here", condition, len(cards)))
    blocks.append(Cards(tuple(cards)))
    blocks += own_words(study)
    if read := what_was_read(study):
        blocks.append(Paragraph(read))
    return Section("claim", "The claim, and how sure it is", tuple(blocks))


def _changed(readings: Readings) -> list[Paragraph]:
    study, settings = readings.study, readings.settings
    changes = [f"{name} = {value}" for name, value in settings.overrides.items()]
    if settings.observe:
        named = [study.observations[name].title for name in settings.observe]
        changes.append(f"{listed(named)} taken as observed by every way of counting")
    if not changes:
        return []
    said = f"{listed(changes)}.{_far_from_points(readings)}"
    return [Paragraph((strong("This is not the study as it is written: "), said))]


def _far_from_points(readings: Readings) -> str:
    """Say which inputs are given distributions that hold nothing near their points, as in another unit."""
    plan = readings.runs[readings.leading[0]].scenario
    found = []
    for name in readings.settings.overrides:
        item, given = readings.study.inputs.get(name), plan.distributions.get(name)
        if item is None or given is None or given.is_constant or not isinstance(item.point, float | int):
            continue
        below = float(given.cdf(item.point))
        if not NEARLY_NONE < below < 1 - NEARLY_NONE:
            side = "above" if below < NEARLY_NONE else "below"
            point = value_text(item, item.point)
            found.append(f" Nearly all that {name} is given lies {side} its point, {point}.")
    return "".join(found)


def _published(study: Study, output: Output) -> Paragraph:
    """Say what was published, and where."""
    if output.published is None:
        return Paragraph(
            f"The study has no published figure of “{output.title}”, so nothing is challenged here."
        )
    source = joined(" (", cited(study, output.source), ")") if output.source else ""
    equals = " = " if output.published.at_points else ", "
    figure = (strong("Published: "), output.title, equals, strong(unit_text(claim_text(output))))
    return Paragraph(joined(figure, source, "."))


def _is_another(readings: Readings, plan: Scenario) -> bool:
    """Tell whether a scenario is not one of the leading readings."""
    leading = plan.reading in readings.leading
    return not leading or plan.choices != readings.runs[plan.reading].scenario.choices


def _leading(readings: Readings, name: str, number: int) -> Card:
    reading = readings.study.readings[name]
    clause = condition(readings.study, reading, readings.output)
    return _card(readings.distribution(name), reading.title, role(readings, name), clause, number)


def _card(found: OutputDistribution, title: str, label: str, clause: str, number: int) -> Card:
    lines: list[Text] = []
    if interval_text(found) != numbers.MISSING:
        level = numbers.level(found.level)
        named = SENTENCES["interval"].format(level=level)
        lines.append((f"{named}: ", strong(interval_text(found)), "."))
    moments = dict(zip(("mean", "standard deviation"), found.moments_written, strict=True))
    told = [
        f"{name} {with_unit(text, found.output.unit.text)}"
        for name, text in moments.items()
        if text != numbers.MISSING
    ]
    if told:
        lines.append(f"{capitalised(', '.join(told))}.")
    lines += beyond_sentences(found)
    if percentile := percentile_sentence(found, title):
        lines.append(percentile)
    return Card(
        title=title,
        label=label,
        condition=clause,
        value=middle_text(found),
        what=middle_name(found),
        lines=tuple(lines),
        role=number,
    )
