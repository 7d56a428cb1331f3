"""Which choices decide it: every valid combination of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.sentences import (
    choice_share,
    construction_sentences,
    decider_sentence,
    universes_sentence,
)
from uncertainty.pages.blocks import Block, Column, Paragraph, Section, Table, Text, does_not_apply, strong
from uncertainty.pages.plots import figure
from uncertainty.wording import compact, listed

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.challenges.multiverse import Multiverse
    from uncertainty.pages.content import ReportContent


def section(content: ReportContent) -> Section:
    """Show the headline in every universe, and what each choice does to it."""
    found = content.challenge.outputs[content.study.headline]
    pictures = () if isinstance(found.multiverse, str) else (figure("specification-curve", content),)
    return choices(found, pictures)


def choices(found: OutputChallenge, pictures: tuple[Block, ...] = ()) -> Section:
    """Say which choices decide an output, with pictures of its universes where there are any."""
    title = "Which choices decide it"
    multiverse = found.multiverse
    if isinstance(multiverse, str):
        return Section("choices", title, (does_not_apply(multiverse),))
    blocks: list[Block] = [
        Paragraph(decider_sentence(multiverse, found.choices), lead=True),
        Paragraph(universes_sentence(multiverse)),
        *map(Paragraph, construction_sentences(multiverse, found.choices)),
        *pictures,
        _effects(multiverse, found.choices),
    ]
    if multiverse.combinations.unreached:
        study = multiverse.study
        left = [f"“{study.choices[name].question or name}”" for name in multiverse.combinations.unreached]
        blocks.append(Paragraph(f"Without effect on this output, and left out: {listed(left)}."))
    return Section("choices", title, tuple(blocks))


def _effects(multiverse: Multiverse, effects: tuple[ChoiceEffect, ...]) -> Table:
    rows: list[tuple[Text, ...]] = []
    for effect in effects:
        choice = multiverse.study.choices[effect.choice]
        rows.append(
            (strong(choice.question or choice.name), compact(choice_share(multiverse, effect)), "", "")
        )
        for option, universe in effect.alone.items():
            alone = "excluded" if universe is None else numbers.estimate(universe.found.median, 2)
            each = effect.options.get(option)
            ends = "–" if each is None else numbers.interval(each.lowest, each.highest)
            rows.append((f"– {choice.options[option].title}", "", alone, ends))
    columns = (
        Column("Choice and its answers"),
        Column("Share of the variance of medians", numeric=True, short="Share of variance"),
        Column("Median if it alone changes", numeric=True, short="If it alone changes"),
        Column("Medians over all combinations", numeric=True, short="Over all combinations"),
    )
    return Table(columns, tuple(rows), "What each choice does")
