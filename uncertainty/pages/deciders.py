"""What an answer depends on above all, in one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.figures.drivers import driver_title
from uncertainty.pages.wording import medians_differ
from uncertainty.wording import listed

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.sensitivity.sobol.results import OutputIndices
    from uncertainty.study.model import Choice, Study

DECIDING = 0.1
"""Share of what sets results apart from which on a choice or an input is named, the first in any case."""

MOST = 2
"""Choices or inputs that are named."""

LONGEST = 90
"""Letters of two answers that stand beside their question."""


def depends_sentence(study: Study, found: OutputChallenge, indices: OutputIndices | None) -> str:
    """Name the choices and the inputs that decide an output; empty where nothing does.

    Choices come first where the convention decides; else the inputs do, and one choice after them.

    Parameters
    ----------
    indices
        What drives the output, where that is known.
    """
    convention = found.verdict.conclusion.convention
    questions, numbers = _choices(study, found), [] if indices is None else _inputs(study, indices)
    if questions and (not numbers or (convention is not None and convention.decides)):
        return f"Above all it depends on {listed(questions)}."
    if not numbers:
        return ""
    known = "a number that is not well known" if len(numbers) == 1 else "numbers that are not well known"
    then = f"; then on {questions[0]}" if questions else ""
    return f"Above all it depends on {known}, {listed(numbers)}{then}."


def _choices(study: Study, found: OutputChallenge) -> list[str]:
    if isinstance(found.multiverse, str) or not medians_differ(found.multiverse):
        return []
    named = [each for place, each in enumerate(found.choices[:MOST]) if not place or each.share >= DECIDING]
    return [_asked(study.choices[each.choice], each) for each in named]


def _asked(choice: Choice, effect: ChoiceEffect) -> str:
    """Write a choice's question, with the two answers that lie farthest apart where these are short."""
    medians = {name: each.median for name, each in effect.alone.items() if each is not None}
    question = _quoted(choice.question or choice.name)
    if len(medians) < 2:
        return question
    ends = [choice.options[pick(medians, key=medians.__getitem__)].title for pick in (min, max)]
    if sum(map(len, ends)) > LONGEST:
        return question
    return f"{question} ({_quoted(ends[0])} or {_quoted(ends[1])})"


def _quoted(text: str) -> str:
    """Quote a text that may hold quotations."""
    return f"“{text.translate({ord('“'): '‘', ord('”'): '’'})}”"


def _inputs(study: Study, indices: OutputIndices) -> list[str]:
    named = [
        key
        for place, (key, each) in enumerate(indices.indices.items())
        if each.first.distinguishable and (not place or each.first.value >= DECIDING)
    ]
    return [f"“{driver_title(study, key)}”" for key in named[:MOST]]
