"""Which quantities say yes (1) or no (0): of their published figures a share is no value."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.distributions.conditional import Conditional
from uncertainty.expressions import Call, Name, Number, names
from uncertainty.expressions.operations import AVERAGE, TRUTHS
from uncertainty.expressions.tree import constant, replaced, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from uncertainty.expressions.tree import Expression
    from uncertainty.study.model import Input, Study

CHOOSING = frozenset({"where", "multiply", "minimum", "maximum"})
"""Operations that give yes or no where what they choose from does."""

COUNTS = ("poisson(",)
"""How distributions begin of which 2 and more are values, whatever their parameters."""

MOST_COMBINED = 10
"""Answers of which every combination is tried."""

DEEPEST = 32
"""Formulas upon formulas that are looked through."""


class Counts(NamedTuple):
    """Quantities that count, and those whose sum does: drawn as yes and as no, whatever the others are."""

    names: frozenset[str]
    apart: frozenset[str]


def answers_of(study: Study, formulas: Mapping[str, Iterable[Expression]]) -> frozenset[str]:
    """Return the quantities whose every value says yes (1) or no (0), under any option."""
    found = frozenset(name for name, item in study.inputs.items() if _is_drawn(study, item))
    return _followed(found, formulas, is_answer)


def counts_of(study: Study, formulas: Mapping[str, Iterable[Expression]]) -> Counts:
    """Return the quantities that count, under any option: 2 is a value of theirs, however rare."""
    inputs = study.inputs.items()
    counts = frozenset(name for name, item in inputs if _is_counted(item))
    bound = frozenset(name for each in study.correlations for name in each.inputs)
    apart = frozenset(name for name, item in inputs if _is_drawn(study, item) and _is_alone(item)) - bound
    found = _followed(counts, formulas, lambda formula, found: is_count(formula, Counts(found, apart)))
    return Counts(found, apart)


def _followed(
    found: frozenset[str],
    formulas: Mapping[str, Iterable[Expression]],
    is_one: Callable[[Expression, frozenset[str]], bool],
) -> frozenset[str]:
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


def _is_counted(item: Input) -> bool:
    """Tell whether an input has values above 1, however rare."""
    own = item.distribution
    if own is None or isinstance(own, Conditional):
        return str(own or "").startswith(COUNTS)
    return own.support[1] > 1


def _is_alone(item: Input) -> bool:
    """Tell whether what is drawn as yes or no is drawn as both, whatever else is."""
    own = item.distribution
    return own is not None and not isinstance(own, Conditional) and own.support == (0, 1)


def _values(formula: Expression, answers: Collection[str]) -> set[float]:
    """Return all values of a formula of few answers; none of any other."""
    used = sorted(names(formula))
    averages = any(isinstance(node, Call) and node.operation == AVERAGE for node, _ in walk(formula))
    if averages or not used or len(used) > MOST_COMBINED or not set(used) <= set(answers):
        return set()
    combined = product((Number(0.0), Number(1.0)), repeat=len(used))
    found = [constant(replaced(formula, dict(zip(used, each, strict=True)))) for each in combined]
    return set() if None in found else {value for value in found if value is not None}


def is_count(formula: Expression, counts: Counts) -> bool:
    """Tell whether a formula is a count, a sum or product with one, or a sum of answers."""
    if isinstance(formula, Number):
        return False
    if isinstance(formula, Name):
        return formula.name in counts.names
    if formula.operation == "sum" and _values(formula.arguments[0], counts.apart) >= {1.0}:
        return True
    if not _values(formula, counts.apart) <= {0.0, 1.0}:
        return True
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
    if (values := _values(formula, answers)) and values <= {0.0, 1.0}:
        return True
    chosen = formula.arguments[1:] if formula.operation == "where" else formula.arguments
    return formula.operation in CHOOSING and all(is_answer(each, answers) for each in chosen)
