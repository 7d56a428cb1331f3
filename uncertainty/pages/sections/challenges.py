"""What can be held against a figure: choices, what would have to be true, other distributions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.thresholds import published_threshold
from uncertainty.compiled import is_nested
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
    does_not_apply,
    strong,
)
from uncertainty.pages.break_even_words import (
    break_even_text,
    crossing_inputs,
    followers_sentence,
    never_crossing,
    open_sentence,
)
from uncertainty.pages.figures import figure
from uncertainty.pages.figures.drivers import driver_title
from uncertainty.pages.limited_parameters import limits_sentences
from uncertainty.pages.robustness_words import (
    dependence_sentences,
    move_text,
    robustness_sentences,
    titles_of_drivers,
)
from uncertainty.pages.wording import (
    asked_sentence,
    choice_share,
    construction_sentences,
    decider_sentence,
    design_point_sentence,
    median_of,
    medians_of,
    net_sentence,
    of_medians,
    stress_sentence,
    threshold_text,
    universes_sentence,
)
from uncertainty.sides import cases_text
from uncertainty.study.cells import gathered_titles
from uncertainty.study.one_score import QUANTILES, item_of, one_scores, point_of
from uncertainty.wording import after_unit, bare_value, compact, listed, scenario_text, some_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.breakeven import BreakEven
    from uncertainty.challenges.decisions import ChoiceEffect, OptionRange
    from uncertainty.challenges.multiverse import Multiverse
    from uncertainty.challenges.robustness import Answer, Robustness
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.pages.content import ReportContent
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Input, Reading, Study


def choices_section(content: ReportContent) -> Section:
    """Say which choices decide the headline, and draw it in every universe."""
    found = content.challenge.outputs[content.study.headline]
    if isinstance(found.multiverse, str):
        return choices(found)
    told = (*_deciders(found.multiverse, found), *readings_beyond(found.multiverse, found))
    return Section("choices", CHOICES, (*told, figure("specification-curve", content)))


def effects_section(content: ReportContent) -> Section:
    """Show what each choice does to the headline."""
    found = content.challenge.outputs[content.study.headline]
    if isinstance(found.multiverse, str):
        return Section("effects", EFFECTS, (does_not_apply(found.multiverse),))
    return Section("effects", EFFECTS, _effects(found.multiverse, found.choices))


def together_section(content: ReportContent) -> Section | None:
    """Say what becomes of the headline if inputs go together; nothing where none could."""
    found = content.challenge.outputs[content.study.headline]
    if isinstance(found.robustness, str):
        return None
    told = dependence_sentences(content.study, found.output, found.robustness)
    if not told:
        return None
    first = f"Under “{scenario_text(content.challenge.scenario)}”, {told[0][:1].lower()}{told[0][1:]}"
    return Section("together", "If inputs go together", tuple(map(Paragraph, (first, *told[1:]))))


EFFECTS = "What each choice does"
CHOICES = "Which choices decide it"


def _deciders(multiverse: Multiverse, found: OutputChallenge) -> tuple[Paragraph, ...]:
    return (
        Paragraph(decider_sentence(multiverse, found.choices), lead=True),
        Paragraph(universes_sentence(multiverse)),
    )


def _draws_otherwise(study: Study, reading: Reading) -> bool:
    """Tell whether a reading sets more than other points: it draws some input from another distribution."""
    return any(
        key not in study.inputs or study.inputs[key].distribution != set_to.distribution
        for key, set_to in reading.inputs.items()
    )


def _lies_beyond(found: Estimate, lowest: float, highest: float) -> bool:
    """Tell whether an estimate lies outside a range by more than its error."""
    low, high = numbers.bounds(found)
    return high < lowest or low > highest


def readings_beyond(multiverse: Multiverse, found: OutputChallenge) -> list[Paragraph]:
    """Name the readings whose medians lie beyond those of all combinations of choices."""
    medians = [universe.median for universe in multiverse.universes]
    # what is written as an end is no more than that to who reads it
    ends = {numbers.number(end, 2) for end in (min(medians), max(medians))}
    beyond = [
        f"“{multiverse.study.readings[name].title}” ({row.written[0]})"
        for name, row in found.verdict.readings.items()
        if name in multiverse.study.readings
        and _lies_beyond(row.median, min(medians), max(medians))
        and row.written[0] not in ends
        and _draws_otherwise(multiverse.study, multiverse.study.readings[name])
    ]
    if not beyond:
        return []
    them = "It also changes" if len(beyond) == 1 else "They also change"
    return [Paragraph(f"Beyond these medians: {listed(beyond)}. {them} inputs that no choice changes.")]


def choices(found: OutputChallenge) -> Section:
    """Say which choices decide an output, and what each does."""
    multiverse = found.multiverse
    if isinstance(multiverse, str):
        return Section("choices", CHOICES, (does_not_apply(multiverse),))
    return Section("choices", CHOICES, (*_deciders(multiverse, found), *_effects(multiverse, found.choices)))


def _effects(multiverse: Multiverse, effects: tuple[ChoiceEffect, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = [
        *map(Paragraph, construction_sentences(multiverse, effects)),
        _table_of(multiverse, effects),
    ]
    if multiverse.combinations.unreached:
        study = multiverse.study
        left = [f"“{study.choices[name].question or name}”" for name in multiverse.combinations.unreached]
        blocks.append(Paragraph(f"Without effect on this output, and left out: {listed(left)}."))
    return tuple(blocks)


def _table_of(multiverse: Multiverse, effects: tuple[ChoiceEffect, ...]) -> Table:
    rows: list[tuple[Text, ...]] = []
    for effect in effects:
        choice = multiverse.study.choices[effect.choice]
        rows.append(
            (strong(choice.question or choice.name), compact(choice_share(multiverse, effect)), "", "")
        )
        for option, universe in effect.alone.items():
            alone = "excluded" if universe is None else median_of(universe)
            each = effect.options.get(option)
            ends = "–" if each is None else _medians_text(multiverse, each)
            rows.append((f"– {choice.options[option].title}", "", alone, ends))
    columns = (
        Column("Choice and its answers"),
        Column(
            f"Share of the variance of {of_medians(logarithmic=multiverse.logarithmic)}",
            numeric=True,
            short="Share of variance",
        ),
        Column("Median if it alone changes", numeric=True, short="If it alone changes"),
        Column("Medians over all combinations", numeric=True, short="Over all combinations"),
    )
    return Table(columns, tuple(rows), "What each choice does")


def _medians_text(multiverse: Multiverse, found: OptionRange) -> str:
    """Write from where to where the medians with an option lie; one number where draws tell no more."""
    ends = [
        next(each for each in multiverse.universes if each.found.median == median)
        for median in (found.least, found.greatest)
    ]
    low, high = medians_of(ends)
    return f"{low} to {high}" if low != high else median_of(ends[0])


def breakeven_section(content: ReportContent) -> Section:
    """Say which value of each input, and which combination of several, crosses a threshold."""
    return breakeven(content.challenge, content.challenge.outputs[content.study.headline])


def breakeven(challenge: Challenge, found: OutputChallenge) -> Section:
    """Say the same of one output."""
    study, title = challenge.study, "What would have to be true"
    planned = [] if found.plan is None else [Paragraph(f"Model rows: {found.plan.sentence}.")]
    if isinstance(found.break_even, str):
        return Section("breakeven", title, (does_not_apply(found.break_even), *planned))
    cases = cases_text(challenge.scenario, found.output.name)
    blocks: list[Block] = [
        *planned,
        Paragraph(
            f"Under “{scenario_text(challenge.scenario)}”, how far would one input alone have to move, with "
            f"the others at their points or distributed{f', and {cases}' if cases else ''}? A value is given "
            "with its place in the input's own distribution."
        ),
    ]
    said = (followers_sentence(challenge.scenario, found), asked_sentence(found), net_sentence(found))
    blocks += [Paragraph(each) for each in said if each]
    for limit in found.thresholds:
        blocks += _crossings(challenge, found, found.break_even, limit)
    able, unable = crossing_inputs(found)
    open_ones = [name for name in unable if any(row.is_open for row in found.break_even[name])]
    answers = [name for name in (*able, *open_ones) if _is_yes_or_no(study, item_of(study, name))]
    unable = [name for name in unable if not _is_yes_or_no(study, item_of(study, name))]
    if able and unable:
        blocks += [Paragraph(said) for said in never_crossing(study, found.break_even, unable)]
    if answers:
        names = some_of(gathered_titles(answers, study))
        blocks.append(Paragraph(f"Left out, since no value between yes and no means anything: {names}."))
    blocks += _together(study, found)
    return Section("breakeven", title, tuple(blocks))


def _crossings(
    challenge: Challenge,
    found: OutputChallenge,
    crossings: Mapping[str, tuple[BreakEven, ...]],
    limit: Threshold,
) -> list[Block]:
    study, points = challenge.study, challenge.scenario.points
    one = {each.name for each in one_scores(challenge.scenario)}
    rows: dict[str, tuple[Text, ...]] = {}
    far: list[str] = []
    excluded: list[str] = []
    for name, asked in crossings.items():
        item, point = item_of(study, name), point_of(challenge.scenario, name)
        own = {row.others: row for row in asked if row.threshold.kind == limit.kind}
        if not any(row.crosses for row in own.values()) or _is_yes_or_no(study, item):
            continue
        if name not in one and all(_is_far(row, point) for row in own.values()):
            if name not in challenge.scenario.varying:
                far.append(name)
                continue
            if all(_is_excluded(row) for row in own.values()):
                excluded.append(name)
        sides = ("points", "distributed")
        own_range = challenge.scenario.distributions.get(name, QUANTILES)
        texts = [
            break_even_text(own[each], item, point, own_range) if each in own else NOT_ASKED for each in sides
        ]
        rows[name] = (after_unit(item.title, item.unit.text), bare_value(item, point), *texts)
    if len(excluded) > MOST_EXCLUDED:
        rows = {name: row for name, row in rows.items() if name not in excluded}
    else:
        excluded = []
    target = threshold_text(found.output, limit)
    if not rows and not far and not excluded:
        return [Paragraph(f"No input was found that alone crosses {target}{_why_none(crossings, limit)}.")]
    averages = found.output.over == "average" and is_nested(challenge.scenario, found.output.name)
    blocks: list[Block] = [_crossing_values(tuple(rows.values()), target, averages=averages)] if rows else []
    told = [row for name in rows for row in crossings[name] if row.threshold.kind == limit.kind]
    blocks += [Paragraph(said) for said in limits_sentences(challenge.scenario, found.output.name, told)]
    those = ", at values that their distributions all but exclude"
    for names, which, beside in ((excluded, "vary", those), (far, "do not vary", "")):
        if names:
            far_off = _far_off([points[name] for name in names])
            said = f"Of the inputs that {which}, these would have to be {far_off}{beside}"
            titles = some_of(gathered_titles(names, study))
            blocks.append(Paragraph(f"{said}, to cross {target} alone: {titles}."))
    answers = {name for name in crossings if _is_yes_or_no(study, item_of(study, name))}
    if left_open := open_sentence(study, crossings, limit, target, {*rows, *far, *excluded, *answers}):
        blocks.append(Paragraph(left_open))
    return blocks


def _crossing_values(rows: tuple[tuple[Text, ...], ...], target: str, *, averages: bool) -> Table:
    columns = (
        Column("Input"),
        Column("Point", numeric=True),
        Column(f"Others at their points{', cases averaged over' if averages else ''}"),
        Column("Others distributed"),
    )
    caption = f"Value of one input alone at which the result crosses {target}"
    if any("crossed; back at" in str(text) for row in rows for text in row):
        caption += "; “crossed; back at”: it lies beyond already, and returns at that value"
    return Table(columns, rows, caption)


def _why_none(crossings: Mapping[str, tuple[BreakEven, ...]], limit: Threshold) -> str:
    asked = [row for rows in crossings.values() for row in rows if row.threshold.kind == limit.kind]
    return next((f": {row.reason}" for row in asked if row.reason and row.value is None), "")


def _far_off(points: Sequence[float]) -> str:
    """Say how far from their points inputs would have to be."""
    if not any(points):
        return "far from their points, which are 0"
    far_off = "more than ten times their points, or less than a tenth"
    return far_off if all(points) else f"{far_off}, or far from 0 where that is the point"


def _is_yes_or_no(study: Study, item: Input) -> bool:
    """Tell whether an input says of each member yes or no, 1 or 0: no value between them means a thing."""
    if item.distribution is not None or not item.quantity:
        return False
    return {study.inputs[name].point for name in study.quantities[item.quantity].cells.values()} == {0, 1}


def _is_far(found: BreakEven, point: float) -> bool:
    """Tell whether an input would have to be another one altogether to cross."""
    if found.members:
        return False
    return not found.crosses or found.value is None or not 1 <= FAR * found.value / (point or 1.0) <= FAR**2


def _is_excluded(found: BreakEven) -> bool:
    """Tell whether an input's own distribution has hardly a draw that crosses."""
    return found.quantile is None or not HARDLY <= found.quantile <= 1 - HARDLY


def _together(study: Study, found: OutputChallenge) -> list[Block]:
    if isinstance(found.design_points, str) or isinstance(found.stress, str):
        return []
    output = found.output
    points = [design_point_sentence(study, output, found.design_points[t.kind], t) for t in found.thresholds]
    figure = published_threshold(output)
    limits = found.thresholds if figure is None else (*found.thresholds, figure)
    stress = [
        stress_sentence(study, output, found.stress[t.kind], t) for t in limits if t.kind in found.stress
    ]
    return [
        Subheading("Several inputs together: the nearest combination to the medians"),
        Bullets(tuple(points)),
        Subheading("What the draws on the far side have in common"),
        Bullets(tuple(stress)),
    ]


FAR = 10.0
"""Times its point, or its point divided by it: what a fixed number is hardly wrong by."""
HARDLY = 1e-3
"""Probability of what a distribution all but excludes."""
MOST_EXCLUDED = 5
"""Inputs whose impossible values are told in a table; of more it is said together."""
NOT_ASKED = "not asked, for the model rows"

SIDES = {"reference": "On the claim's side of the reference", "published": "At the figure or beyond"}
SHORT = {"reference": "claim's side", "published": "figure or beyond"}


def robustness_section(content: ReportContent) -> Section:
    """Show what becomes of the headline with other distributions in place of ours."""
    each = content.challenge.outputs[content.study.headline]
    return robustness(content.challenge, each, _by_shares(content, each.robustness))


def _by_shares(content: ReportContent, found: Robustness | str) -> str:
    """Name the top driver by shares of the spread where, with the study's own numbers, ranks have another."""
    shares = content.drivers.get(content.challenge.scenario.reading)
    if isinstance(found, str) or found.unseen or shares is None or isinstance(shares, str):
        return ""
    drivers = shares.outputs[content.study.headline]
    indices, top = drivers.indices, drivers.top
    own = next((key for key in indices if found.own.driver in key.split("+")), top)
    if top is None or own is None or not drivers.has_ahead(top, own):
        return ""
    if {*found.own.drivers} & {*top.split("+")}:
        return ""
    first, other = (numbers.index(indices[key].total.value) for key in (top, own))
    return (
        f"By shares of the spread, with interactions, {driver_title(content.study, top)} comes first "
        f"({first}, beside {other}): they count results far out, and what inputs do together, for more than "
        "ranks do."
    )


def robustness(challenge: Challenge, each: OutputChallenge, by_shares: str = "") -> Section:
    """Show the same of one output; with a sentence on its top driver by shares of the spread, if any."""
    title, found = "With other distributions than ours", each.robustness
    if isinstance(found, str):
        return Section("robustness", title, (does_not_apply(found),))
    table = partial(_moved, challenge, each, unseen=bool(found.unseen))
    blocks: list[Block] = [
        Paragraph(
            "Our distributions are assumptions too. Here the same question is asked with others, on the same "
            "random numbers and within the inputs' limits, such as 0 for what is never negative, under the "
            f"reading “{scenario_text(challenge.scenario)}”."
        ),
        Bullets(tuple(robustness_sentences(challenge.study, each.output, found, by_shares))),
        table((found.own, *found.of_kind("shape", "spread")), "All inputs changed"),
    ]
    medians = found.of_kind("median")
    if medians:
        changes = table(medians, "One input's median moved")
        blocks.append(Details(f"All {len(medians)} changes of one median", (changes,)))
    return Section("robustness", title, tuple(blocks))


def _moved(
    challenge: Challenge, found: OutputChallenge, answers: Sequence[Answer], caption: str, *, unseen: bool
) -> Table:
    shown = [kind for kind in SIDES if kind in answers[0].shares]
    columns = (
        Column("Distributions"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(challenge.settings.level)} interval", numeric=True),
        *(Column(SIDES[kind], numeric=True, short=SHORT[kind]) for kind in shown),
        *(() if unseen else (Column("Top driver"),)),
    )
    rows = tuple(
        (
            _change(challenge.study, each),
            *numbers.median_and_interval(each.median, each.low, each.high),
            *(compact(numbers.share(each.shares[kind])) for kind in shown),
            *(() if unseen else (titles_of_drivers(challenge.study, each.drivers),)),
        )
        for each in answers
    )
    return Table(columns, rows, f"{caption}: {found.output.title}")


def _shape_text(answer: Answer) -> str:
    """Say which shape all inputs have, and of what."""
    some = answer.scale == "logarithmic where always positive"
    if answer.change == "lognormal":
        return "all lognormal where always positive, else normal" if some else "all lognormal"
    if some:
        return f"all {answer.change}, on the logarithm where always positive"
    return f"all {answer.change}{' on the logarithm' if answer.scale == 'logarithmic' else ''}"


def _change(study: Study, answer: Answer) -> str:
    if answer.kind == "own":
        return "the study's own"
    if answer.kind == "shape":
        return f"{_shape_text(answer)}, same 90 % ranges"
    if answer.kind == "spread":
        return f"all with {answer.change:g} times the spread, before limits cut it"
    return f"{item_of(study, answer.input).title}: {move_text(answer)}"
