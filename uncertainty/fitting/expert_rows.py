"""Rows of answers that are no expert's, but statistics of what the experts answered."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import regex
from uncertainty.tables.name_kinds import are_of_other_kinds
from uncertainty.tables.row_names import names_of_no_data
from uncertainty.tables.statistic_rows import SURELY, TOGETHER, UNLIKE
from uncertainty.tables.statistics_of_others import MOST_ROWS, RARE, SEVERAL, Data, Printed, unit_of
from uncertainty.tables.summaries import Summary, is_a_name, is_summary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Answers = Mapping[str, Mapping[str, Mapping[float, float]]]
    Own = Mapping[tuple[str, float], float]

_DECISION_MAKER = regex(
    r"(?:[EPGI]W|CM|opt)?[_ -]?DM[_ -]?\w{0,3}|(?:virtual )?decision[ -]maker"
    r"|(?:equal|performance|global|item)[ -]weight\w*(?: decision[ -]maker)?",
    re.IGNORECASE,
)
"""What programs of Cooke's model call the experts that they have combined."""

FEWEST = 2
"""Experts of whom rows are told to be statistics."""

FEWEST_ANSWERS = 6
"""Answers of each where there are no more experts: fewer may well be means of two by chance."""


def rows_of_statistics(answers: Answers) -> tuple[str, ...]:
    """Return who are no experts: rows that are surely called so, or the first or last ones by their numbers.

    Each answer of such a row is the same statistic of all others', such as their median, where chance hardly
    makes it so. Who is called "datum", and more, is one.

    Parameters
    ----------
    answers
        By expert and question, values by probability.
    """
    apart = names_of_no_data(answers)
    if named := tuple(name for name in answers if is_summary(name, surely=True) or _is_combined(name, apart)):
        return named
    found = {
        name: {(question, p): value for question, row in own.items() for p, value in row.items()}
        for name, own in answers.items()
    }
    names = [*found]
    for order in (names, names[::-1]):
        for count in range(min(MOST_ROWS, len(names) - FEWEST), 0, -1):
            ends, others = order[:count], order[count:]
            if _are_statistics(
                [found[each] for each in ends], [found[each] for each in others], ends, others
            ):
                return tuple(each for each in names if each in ends)
    return ()


def _is_combined(name: str, apart: Collection[str]) -> bool:
    """Tell whether a name is one of all experts together, as "DM" and "Panel average" are."""
    is_called = _DECISION_MAKER.fullmatch(name) is not None or name in apart
    return is_called and is_a_name(Summary("", name, "expert"))


def _are_statistics(
    ends: Sequence[Own], others: Sequence[Own], names: Sequence[str], experts: Sequence[str]
) -> bool:
    if not all(is_a_name(Summary("", name, "expert")) for name in names):
        return False
    is_unlike = all(map(is_summary, names)) or are_of_other_kinds(names, experts)
    several = SEVERAL if len(ends) > 1 else 1
    chance = 2.0 * len(ends)
    for own, name in zip(ends, names, strict=True):
        # who answers all that somebody else does agrees, and may be lowest everywhere
        if own in others and not is_summary(name):
            return False
        chance *= min(1.0, several * _chance(own, others))
    return chance <= (UNLIKE if is_unlike else SURELY)


def _chance(own: Own, others: Sequence[Own]) -> float:
    """Return the probability that chance makes all answers the same statistic of all others'."""
    columns = {key: [each[key] for each in others if key in each] for key in own}
    fewest = min(map(len, columns.values()))
    if fewest < FEWEST or (fewest == FEWEST and len(own) < FEWEST_ANSWERS):
        return 1.0
    data: dict[tuple[str, float], Data] = {}
    common: dict[str, None] | None = None
    for key, numbers in columns.items():
        each = _data(numbers)
        if not each.spread:
            # of answers that are all alike most statistics are the same
            if own[key] != numbers[0]:
                return 1.0
            continue
        data[key] = each
        known = dict.fromkeys((*each.usual, *each.rare)) if common is None else common
        common = dict.fromkeys(what for what in known if each.is_of(what, _printed(own[key])))
        if not common:
            return 1.0
    found = [1.0]
    for what in common or ():
        chances = {key: each.chance_of(what, _printed(own[key])) for key, each in data.items()}
        times = 1 if what in next(iter(data.values())).usual else RARE
        found.append(times * math.prod(_apart(chances, columns)))
    return min(found)


def _apart(
    chances: Mapping[tuple[str, float], float], columns: Mapping[tuple[str, float], Sequence[float]]
) -> list[float]:
    """Return the chances of answers that do not follow from one another: of each several the least."""
    groups: list[list[tuple[str, float]]] = []
    for key in chances:
        alike = next((each for each in groups if _say_the_same(columns[each[0]], columns[key])), None)
        groups.append([key]) if alike is None else alike.append(key)
    return [min(1.0, len(each) * min(chances[key] for key in each)) for each in groups]


def _say_the_same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether answers differ from others by one factor or one sum, or rise and fall with them."""
    if len(one) != len(other):
        return False
    first, second = np.array(one), np.array(other)
    steps = [np.subtract(second, first)]
    steps += [second / first] if np.all(first) else []
    if any(np.ptp(each) <= (1 - TOGETHER) * np.abs(each).max() for each in steps):
        return True
    return len(one) > FEWEST and abs(np.corrcoef(first, second)[0, 1]) > TOGETHER


def _data(numbers: Sequence[float]) -> Data:
    units = [unit_of(number) for number in numbers]
    values = np.array(numbers)
    return Data(values, np.sort(values), units.__getitem__, np.arange(len(values)))


def _printed(number: float) -> Printed:
    return Printed(number, unit_of(number))
