"""What an answer depends on above all, in one plain sentence."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, TypeVar

from uncertainty.pages.figures.drivers import quoted_driver
from uncertainty.pages.wording import alike, medians_differ, moving_most
from uncertainty.passages import Deciding
from uncertainty.study.cells import inputs_of
from uncertainty.wording import capitalised, some_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.sensitivity.sobol.results import OutputIndices
    from uncertainty.study.model import Choice, Study

Entry = TypeVar("Entry")

DECIDING = 0.1
"""Share of what sets results apart from which on a choice or an input is named, the first in any case."""

MOST = 2
"""Choices or inputs that are named, beside those that are told no apart from the last."""

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

    Choices come first where the convention decides; else the inputs do, as far as they are known, and the
    choice that moves the middle value most.

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
    if deciding.named and not deciding.counted:
        return f"Above all it depends on {some_of(_choices(study, found))}."
    # in one way of counting the question is answered already
    choices = _moving(study, found, beside=bool(deciding.named))
    if not deciding.named:
        return choices
    above = f"{capitalised(under)}, it depends above all on" if under else "Above all it depends on"
    said = f"{above} {_numbers(study, _inputs(indices), kinds or {})}."
    return f"{said} {choices}" if choices else said


def what_decides(study: Study, found: OutputChallenge, indices: OutputIndices | None = None) -> Deciding:
    """Return the choices that decide an output where the convention does, and else its inputs."""
    convention = found.verdict.conclusion.convention
    questions = _choices(study, found, answers=False)
    if questions and convention is not None and convention.decides:
        return Deciding(questions, first=len(moving_most(found.choices)))
    inputs = _inputs(indices)
    first = len([name for name in inputs if indices is None or not indices.has_ahead(inputs[0], name)])
    return Deciding([quoted_driver(study, entry) for entry in inputs], counted=bool(inputs), first=first)


def _moving(study: Study, found: OutputChallenge, *, beside: bool) -> str:
    """Say which choice moves the middle value most.

    Parameters
    ----------
    beside
        Whether inputs are named before it.
    """
    questions = _choices(study, found)
    if not questions:
        return ""
    if len(found.choices) == 1:
        return f"The only choice, {questions[0]}, moves the middle value{' too' if beside else ''}."
    most = questions[: len(moving_most(found.choices))]
    return f"Of the choices, {some_of(most)} {'moves' if len(most) == 1 else 'move'} the middle value most."


def _numbers(study: Study, entries: Sequence[str], kinds: Mapping[str, str]) -> str:
    """Name what drives an output: numbers that are not exactly known, and what differs from case to case."""
    cases = [entry for entry in entries if _differs(study, entry, kinds)]
    named = [quoted_driver(study, entry) for entry in entries]
    if not cases:
        known = "a number that is not" if len(entries) == 1 else "numbers that are not"
        return f"{known} exactly known, {some_of(named)}"
    if len(cases) == len(entries):
        return f"what differs from case to case, {some_of(named)}"
    if len(entries) > MOST:
        rest = [entry for entry in entries if entry not in cases]
        groups = (cases, rest) if entries[0] in cases else (rest, cases)
        return ", and on ".join(_numbers(study, group, kinds) for group in groups)
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
    most = moving_most(found.choices)
    deciding = [each for each in found.choices if each in most or each.share >= DECIDING]
    named = _leading(deciding, alike) if most else []
    return [_asked(study.choices[each.choice], each, answers=answers and len(named) == 1) for each in named]


def _leading(ordered: Sequence[Entry], alike: Callable[[Entry, Entry], bool]) -> list[Entry]:
    """Return the first of what is in order, and what is told no apart from the last of these."""
    few = ordered[:MOST]
    return [*few, *takewhile(lambda each: alike(few[-1], each), ordered[MOST:])]


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
    if indices is None or indices.top is None:
        return []

    def told_no_apart(one: str, other: str) -> bool:
        return not indices.has_ahead(one, other)

    named = [
        key
        for key, each in indices.indices.items()
        if each.first.distinguishable and (told_no_apart(indices.top, key) or each.first.value >= DECIDING)
    ]
    return _leading(named, told_no_apart)
