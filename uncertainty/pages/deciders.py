"""What an answer depends on above all, in one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.figures.drivers import quoted_driver
from uncertainty.pages.wording import medians_differ
from uncertainty.passages import Deciding
from uncertainty.study.cells import inputs_of
from uncertainty.wording import capitalised, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def depends_sentence(
    study: Study,
    found: OutputChallenge,
    indices: OutputIndices | None = None,
    kinds: Mapping[str, str] | None = None,
    under: str = "",
) -> str:
    """Name the choices and the inputs that decide an output; empty where nothing does.

    Choices come first where the convention decides; else the inputs do, and one choice after them.

    Parameters
    ----------
    indices
        What drives the output, where that is known.
    kinds
        Why each input varies there.
    under
        Of which way of counting that is known, such as "counted fairest"; other ways have other drivers.
    """
    deciding = what_decides(study, found, indices)
    if not deciding.named:
        return ""
    questions = _choices(study, found)
    if not deciding.counted:
        return f"Above all it depends on {listed(questions)}."
    # in one way of counting the question is answered already
    then = ""
    if questions and len(found.choices) == 1:
        then = f" The only choice, {questions[0]}, moves the middle value too."
    elif questions:
        then = f" Of the choices, {questions[0]} moves the middle value most."
    above = f"{capitalised(under)}, it depends above all on" if under else "Above all it depends on"
    return f"{above} {_numbers(study, _inputs(indices), kinds or {})}.{then}"


def what_decides(study: Study, found: OutputChallenge, indices: OutputIndices | None = None) -> Deciding:
    """Return the choices that decide an output where the convention does, and else its inputs."""
    convention = found.verdict.conclusion.convention
    questions, inputs = _choices(study, found, answers=False), _inputs(indices)
    if questions and (not inputs or (convention is not None and convention.decides)):
        return Deciding(questions)
    return Deciding([quoted_driver(study, entry) for entry in inputs], counted=bool(inputs))


def _numbers(study: Study, entries: Sequence[str], kinds: Mapping[str, str]) -> str:
    """Name what drives an output: numbers that are not exactly known, and what differs from case to case."""
    cases = [entry for entry in entries if _differs(study, entry, kinds)]
    named = [quoted_driver(study, entry) for entry in entries]
    if not cases:
        known = "a number that is not" if len(entries) == 1 else "numbers that are not"
        return f"{known} exactly known, {listed(named)}"
    if len(cases) == len(entries):
        return f"what differs from case to case, {listed(named)}"
    each = [
        f"{quoted}, which {'differs from case to case' if entry in cases else 'is not exactly known'}"
        for entry, quoted in zip(entries, named, strict=True)
    ]
    return ", and on ".join(each)


def _differs(study: Study, entry: str, kinds: Mapping[str, str]) -> bool:
    return all(kinds.get(name) == "variability" for name in inputs_of(study, entry))


def _choices(study: Study, found: OutputChallenge, *, answers: bool = True) -> list[str]:
    if isinstance(found.multiverse, str) or not medians_differ(found.multiverse):
        return []
    named = [each for place, each in enumerate(found.choices[:MOST]) if not place or each.share >= DECIDING]
    return [_asked(study.choices[each.choice], each, answers=answers and len(named) == 1) for each in named]


def _asked(choice: Choice, effect: ChoiceEffect, *, answers: bool) -> str:
    """Write a choice's question, with the two answers that lie farthest apart where these are short.

    Parameters
    ----------
    answers
        Whether there is room for them.
    """
    medians = {name: each.median for name, each in effect.alone.items() if each is not None}
    question = _quoted(choice.question or choice.name)
    if not answers or len(medians) < 2:
        return question
    ends = [choice.options[pick(medians, key=medians.__getitem__)].title for pick in (min, max)]
    if sum(map(len, ends)) > LONGEST:
        return question
    least, greatest = map(_quoted, ends)
    if len(choice.options) > 2:  # others lie between them
        return f"{question} (from {least} to {greatest})"
    return f"{question} ({least} or {greatest})"


def _quoted(text: str) -> str:
    """Quote a text that may hold quotations."""
    return f"“{text.translate({ord('“'): '‘', ord('”'): '’'})}”"


def _inputs(indices: OutputIndices | None) -> list[str]:
    if indices is None:
        return []
    named = [
        key
        for place, (key, each) in enumerate(indices.indices.items())
        if each.first.distinguishable and (not place or each.first.value >= DECIDING)
    ]
    return named[:MOST]
