"""Which quantities say yes (1) or no (0): of their published figures a share is no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions import Name, Number
from uncertainty.expressions.operations import TRUTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from uncertainty.expressions.tree import Expression
    from uncertainty.study.model import Input, Study

CHOOSING = frozenset({"where", "multiply", "minimum", "maximum"})
"""Operations that give yes or no where what they choose from does."""

COUNTS = ("poisson(",)
"""How distributions begin of which 2 and more are values, whatever their parameters."""

DEEPEST = 32
"""Formulas upon formulas that are looked through."""


def answers_of(study: Study, formulas: Mapping[str, Iterable[Expression]]) -> set[str]:
    """Return the quantities whose every value says yes (1) or no (0), under any option."""
    found = {name for name, item in study.inputs.items() if _is_drawn(study, item)}
    return _followed(found, formulas, is_answer)


def counts_of(study: Study, formulas: Mapping[str, Iterable[Expression]]) -> set[str]:
    """Return the quantities that count, under any option: 2 is a value of theirs, however rare."""
    counts = {name for name, item in study.inputs.items() if str(item.distribution or "").startswith(COUNTS)}
    return _followed(counts, formulas, is_count)


def _followed(
    found: set[str],
    formulas: Mapping[str, Iterable[Expression]],
    is_one: Callable[[Expression, Collection[str]], bool],
) -> set[str]:
    for _ in range(DEEPEST):
        left = formulas.keys() - found
        more = {name for name in left if all(is_one(formula, found) for formula in formulas[name])}
        if not more:
            break
        found |= more
    return found


def _is_drawn(study: Study, item: Input) -> bool:
    """Tell whether an input is drawn as yes or no, whatever is chosen."""
    if not str(item.distribution or "").startswith("bernoulli("):
        return False
    options = (option.inputs for choice in study.choices.values() for option in choice.options.values())
    return not any(item.name in inputs for inputs in (*options, *(r.inputs for r in study.readings.values())))


def is_count(formula: Expression, counts: Collection[str]) -> bool:
    """Tell whether a formula is a count, or a sum or product with one."""
    if isinstance(formula, Number):
        return False
    if isinstance(formula, Name):
        return formula.name in counts
    adds = formula.operation in ("add", "multiply")
    return adds and any(is_count(each, counts) for each in formula.arguments)


def is_answer(formula: Expression, answers: Collection[str]) -> bool:
    """Tell whether a formula says yes (1) or no (0), where some quantities do."""
    if isinstance(formula, Number):
        return formula.value in (0, 1)
    if isinstance(formula, Name):
        return formula.name in answers
    if formula.operation in TRUTHS:
        return True
    chosen = formula.arguments[1:] if formula.operation == "where" else formula.arguments
    return formula.operation in CHOOSING and all(is_answer(each, answers) for each in chosen)
