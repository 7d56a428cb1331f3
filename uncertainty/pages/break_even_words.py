"""Break-even values in words: where an input crosses a threshold, and which never do."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.cells import gathered_titles
from uncertainty.study.correlation import among
from uncertainty.study.one_score import called, item_of
from uncertainty.wording import is_year, listed, some_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.breakeven import BreakEven, Tried
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Input, Study
    from uncertainty.study.scenario import Scenario


UNSEEN: Mapping[Tried, str] = MappingProxyType(
    {"all": "no value does", "all drawn": "no value drawn does", "some": "no value found"}
)
"""What is said of an input none of whose values was found to cross, by which of them were tried."""


def break_even_text(found: BreakEven, item: Input, point: float, distribution: Distribution) -> str:
    """Say at which value an input alone crosses, and where that lies in its own distribution.

    Parameters
    ----------
    point
        The input's point, from which the value must be told.
    distribution
        Its own.
    """
    index = item.member_of
    if index is not None and found.members:
        labels = listed([index.label_at(index.places[member]) for member in found.members], "or")
        return f"crossed; back at {labels}" if found.status == "already crossed" else labels
    if found.value is None:
        told = UNSEEN[found.tried] if found.status == "no value does" else found.status
        return f"{told}: {found.reason}" if found.reason else told
    digits = numbers.digits_apart(found.value, point, 2 if found.others == "distributed" else 3)
    value = numbers.estimate(Estimate(found.value, found.error or 0.0), digits)
    if found.error and not float(value.replace(",", "")):
        is_zero = found.error <= abs(point) / 10
        value = "0" if is_zero else f"{numbers.number(found.value, 1)} ± {numbers.number(found.error, 1)}"
    if is_year(item):
        value = value.replace(",", "")
    notes = []
    if found.status == "already crossed":
        notes.append("crossed; back at")
    place = "" if found.quantile is None else _place(found, distribution)
    nearest = "the nearest of several" if found.crossings > 1 else ""
    after = ", ".join(part for part in (place, nearest) if part)
    return " ".join([*notes, value]) + (f" ({after})" if after else "")


_OUTERMOST = 0.05
"""Share of a distribution beyond a value that lies about its end: a count one step from it has more."""


def _place(found: BreakEven, distribution: Distribution) -> str:
    """Say where a break-even value lies in the input's own distribution, as far as its error tells."""
    value, error = found.value or 0.0, found.error or 0.0
    quantile = 0.0 if found.quantile is None else found.quantile
    at_end = min(quantile, 1.0 - quantile) <= _OUTERMOST
    if at_end and any(abs(value - end) <= 2 * error for end in distribution.support if error):
        return "about the end of its distribution"
    if found.status == "crosses beyond its distribution":
        return "beyond its distribution"
    place = Estimate(100 * (found.quantile or 0.0), 100 * found.quantile_error)
    return f"{numbers.percentile(place)} percentile"


def crossing_inputs(found: OutputChallenge) -> tuple[list[str], list[str]]:
    """Split inputs into those that can cross some threshold alone, and those that cannot."""
    if isinstance(found.break_even, str):
        return [], []
    able = [name for name, rows in found.break_even.items() if any(row.crosses for row in rows)]
    return able, [name for name in found.break_even if name not in able]


def followers_sentence(scenario: Scenario, found: OutputChallenge) -> str:
    """Say which inputs do not move alone where the others are distributed; nothing where all do."""
    able, unable = crossing_inputs(found)
    known, names = {*able, *unable}, called(scenario, scenario.varying)
    pairs = []
    for each in among(scenario.study.correlations, scenario.varying):
        one, other = (names[name] for name in each.inputs)
        # what does not reach the output moves nothing, and of many inputs a few alone are asked about
        reach = {one, other} <= known or found.asked < found.reaching
        if one != other and reach and {one, other} & {*able} and each.value:
            first, second = (item_of(scenario.study, name).title for name in (one, other))
            pairs.append(f"“{first}” with “{second}”")
    if not pairs:
        return ""
    return (
        "Where the others are distributed, what is correlated with the input goes along with it, as in the "
        f"draws: {some_of(list(dict.fromkeys(pairs)))}."
    )


def open_sentence(
    study: Study,
    found: Mapping[str, tuple[BreakEven, ...]],
    limit: Threshold,
    target: str,
    told: Collection[str],
) -> str:
    """Say which inputs may cross a threshold alone for all that is known; nothing where none may.

    Parameters
    ----------
    target
        The threshold, in words.
    told
        Inputs of which something is said already.
    """
    names = [
        name
        for name, rows in found.items()
        if name not in told and any(row.is_open and row.threshold.kind == limit.kind for row in rows)
    ]
    if not names:
        return ""
    these = "this alone crosses" if len(names) == 1 else "these alone cross"
    titles = some_of(gathered_titles(names, study))
    return f"Whether {these} {target}, the error of the output's median does not tell: {titles}."


def never_crossing(
    study: Study, found: Mapping[str, tuple[BreakEven, ...]], unable: Sequence[str]
) -> list[str]:
    """Say which inputs cross no threshold alone: at none of their values, or at none of those tried.

    What is open of one is said beside the threshold; see `open_sentence`.
    """
    tried = {name: {row.tried for row in found[name]} for name in unable}
    never = [name for name in unable if tried[name] == {"all"}]
    drawn = [name for name in unable if tried[name] == {"all drawn"}]
    faint = [name for name in unable if any(row.is_open for row in found[name])]
    others = [name for name in unable if name not in {*never, *drawn, *faint}]
    said = []
    if others:
        of_these = "this crosses" if len(others) == 1 else "one of these crosses"
        names = some_of(gathered_titles(others, study))
        # beyond what its runs met, an emulator knows of no crossing
        where = (
            "Within physical limits" if study.emulator is None else "Where the emulator knows the function"
        )
        said.append(f"{where}, no value was found at which {of_these} alone: {names}.")
    if drawn:
        these = (
            "This crosses alone at no value that its distribution draws"
            if len(drawn) == 1
            else "These cross alone at no value that their distributions draw"
        )
        said.append(f"{these}: {some_of(gathered_titles(drawn, study))}.")
    if never:
        these = "This never crosses" if len(never) == 1 else "These never cross"
        said.append(f"{these} alone, whatever the value: {some_of(gathered_titles(never, study))}.")
    return said
