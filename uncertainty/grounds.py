"""Does a distribution agree with its own evidence? What does not needs an argument in the input's note.

Three things are compared for each input: whether each piece of evidence lies inside the central 90 % range,
whether the middle of the pieces lies in the middle half of the distribution, and whether the basis claims
more than the sources say. The note answers for a piece where it has its number or cites its source, and for
the middle where it has its number. A basis that claims too much is mended by a weaker word or by more
evidence, never by an argument.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty import numbers
from uncertainty.calls import checked
from uncertainty.compiled import dependencies
from uncertainty.late import dataclass, regex
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.study.scenario import scenario
from uncertainty.study.sources import keys, origins, pieces, second_hand, witnesses
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Evidence, Input, Study
    from uncertainty.study.scenario import Scenario

Kind = Literal["outside", "middle", "basis"]

INSIDE = (0.05, 0.95)
"""Ends of the central range in which nine of ten pieces would lie, if they were draws."""
MIDDLE = (0.25, 0.75)
"""Ends of the middle half, in which the middle of the pieces is expected."""
NAMED = 0.03
"""How near, in proportion, a number of a note must be to the one that it names."""
LIMIT = 0.01
"""How near, in proportion, a piece is to an end of the distribution that was taken from it."""
LIMIT_WIDTH = 0.05
"""The most of the central range's width that this may be, of what is narrow and far from 0."""
ROUNDED = 1e-3
"""By how much of its width a piece may lie beyond the central range, for ends that were rounded."""
SAME = 1e-12
"""Part of a number by which two differ in rounding alone."""
DRAWN = 2**12
"""Draws for the distribution of an input whose parameters are other quantities."""

_NUMBER = regex(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?:\s?(million|billion))?")
_SCALES = {"million": 1e6, "billion": 1e9}
_UNSEEN = r"recalled|assum\w*|guess\w*|nobody knows|(?:nobody|none) \w*\s?measured"
_NOT_PRINTED = regex(rf"\b(?:{_UNSEEN}|computed|derived|judged|ours)\b", re.IGNORECASE)
"""Words of a source by which a range is not the source's own."""

_DENIALS = {
    "measured": regex(rf"\b(?:{_UNSEEN})\b", re.IGNORECASE),
    "published range": regex(rf"\b(?:{_UNSEEN}|judged|our judgement|ours)\b", re.IGNORECASE),
}
"""Words of a source, in English, that a basis contradicts."""


@record("kind", "text", "number?", "answered")
@dataclass(frozen=True, slots=True)
class Finding:
    """Where a distribution and its own evidence part.

    Parameters
    ----------
    kind
        ``"outside"`` for a piece outside the central 90 % range, ``"middle"`` where the middle of the pieces
        lies outside the middle half, ``"basis"`` where the basis claims more than the sources say.
    text
        What was found, as a sentence without its input.
    number
        What the note must name, in the input's unit; None where no note answers.
    answered
        Whether a note does.
    """

    kind: Kind
    text: str
    number: float | None
    answered: bool


@record(
    "unit",
    "basis?",
    "pieces",
    "inside",
    "share?",
    "middle?",
    "percentile?",
    "median",
    "interval",
    "findings",
)
@dataclass(frozen=True, slots=True)
class Ground:
    """One input's distribution beside its own evidence, in the input's unit.

    Parameters
    ----------
    unit
        Unit of the numbers.
    basis
        As the study states it.
    pieces, inside
        How many pieces of evidence there are, and how many lie inside the central 90 % range; a range does
        where any of it lies there.
    middle
        Geometric mean of the pieces where all are positive, else their mean; a range counts by its own
        middle, and one that is open at an end has none. None without two pieces.
    percentile
        Where the middle lies in the distribution.
    median, interval
        Of the distribution; the central 90 % range.
    findings
        Where the two part.
    """

    name: str
    title: str
    unit: str
    basis: str | None
    pieces: int
    inside: int
    middle: float | None
    percentile: float | None
    median: float
    interval: tuple[float, float]
    findings: tuple[Finding, ...]

    @property
    def share(self) -> float | None:
        """The share of the pieces inside the range; None without evidence."""
        return self.inside / self.pieces if self.pieces else None

    @property
    def at_ends(self) -> int:
        """How many pieces outside the range lie at or close to an end that the distribution was given."""
        return self.pieces - self.inside - sum(each.kind == "outside" for each in self.findings)


@record("inputs")
@dataclass(frozen=True, slots=True)
class Grounds:
    """What the distributions of a study rest on.

    Parameters
    ----------
    inputs
        By name, those that vary and are numbers.
    categories
        Names of those that vary and choose a member, and have no evidence.
    """

    study: Study
    inputs: Mapping[str, Ground]
    categories: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def findings(self) -> tuple[tuple[Ground, Finding], ...]:
        """Every finding with its input, those first that no note answers."""
        found = [(each, finding) for each in self.inputs.values() for finding in each.findings]
        return tuple(sorted(found, key=lambda pair: pair[1].answered))

    @property
    def unanswered(self) -> tuple[tuple[Ground, Finding], ...]:
        """Those that no note answers."""
        return tuple(pair for pair in self.findings if not pair[1].answered)

    @property
    def table(self) -> Table:
        """Every finding, one row each."""
        rows = [{"input": each.name, **row_of(finding)} for each, finding in self.findings]
        named = {"study": self.study.name, "sha256": self.study.sha256}
        return Table.of_rows("findings", rows, about=named)

    _repr_html_ = view


@checked()
def weigh_evidence(study: Study) -> Grounds:
    """Compare each distribution of a study with what its own evidence says.

    Distributions are those of the published reading. That of an input whose parameters are other quantities
    is known from draws, fixed in number and seed.
    """
    plan = scenario(study)
    drawn = _drawn(plan, [name for name in plan.varying if name in plan.dependent])
    found, categories = {}, []
    for name in plan.varying:
        item = study.inputs[name]
        if item.member_of is None:
            found[name] = _ground(item, study, drawn.get(name))
        elif not item.evidence:
            categories.append(name)
    return Grounds(study, Frozen(found), tuple(categories))


def _drawn(plan: Scenario, names: list[str]) -> dict[str, FloatArray]:
    """Return draws of inputs whose distributions follow from other quantities, in their units."""
    if not names:
        return {}
    from uncertainty.sampling.designs import blocks
    from uncertainty.sampling.simulation import simulate

    # of single cases, whatever the headline speaks of: no average over cases is asked for
    simulation = simulate(plan, [plan.study.headline], DRAWN, 1, "sobol", single=True)
    drawn = simulation.input_blocks(0, blocks(simulation.design))
    columns = np.concatenate([simulation.shown(each).copy() for each in drawn], axis=1)
    return {name: columns[simulation.inputs.index(name)] for name in names}


def _ground(item: Input, study: Study, draws: FloatArray | None) -> Ground:
    low, median, high = _quantiles(item, draws, (INSIDE[0], 0.5, INSIDE[1]))
    size, width = max(abs(low), abs(high)), high - low
    slack = max(ROUNDED * min(width, size), SAME * size)
    outside = [row for row in item.evidence if _top(row) < low - slack or _bottom(row) > high + slack]
    values = [_value(row) for row in item.evidence if not _is_open(row)]
    middle = _middle(values) if len(values) > 1 else None
    place = None if middle is None else _place(item, draws, middle)
    ends = _quantiles(item, draws, (0.0, 1.0))
    findings = [_outside(row, item, (low, high)) for row in outside if not _is_end(row, ends, width)]
    if middle is not None and place is not None and not MIDDLE[0] <= place <= MIDDLE[1]:
        findings.append(_off_middle(item, middle, place, median))
    findings += [Finding("basis", said, None, answered=False) for said in _overclaims(item, study)]
    return Ground(
        item.name,
        item.title,
        item.unit.text,
        item.basis,
        len(item.evidence),
        len(item.evidence) - len(outside),
        middle,
        None if place is None else 100 * place,
        median,
        (low, high),
        tuple(findings),
    )


def _quantiles(item: Input, draws: FloatArray | None, at: tuple[float, ...]) -> tuple[float, ...]:
    if draws is not None:
        return tuple(np.quantile(draws, at).tolist())
    if item.distribution is None:  # fixed in the published reading, as no input that varies is
        return (float("nan"),) * len(at)
    return tuple(item.distribution.quantile(np.array(at)).tolist())


def _place(item: Input, draws: FloatArray | None, value: float) -> float | None:
    """Return the probability below a value, where single values have some the middle of what they take up."""
    if draws is not None:
        return float((np.mean(draws < value) + np.mean(draws <= value)) / 2)
    if item.distribution is None:
        return None
    above, below = np.nextafter(value, np.inf), np.nextafter(value, -np.inf)
    return float(item.distribution.cdf(np.array([below, above])).mean())


def _value(row: Evidence) -> float:
    """Return what a piece says in one number: of a range its middle, or the end that is known."""
    given = row.low if row.value is None else row.value
    if row.value is None and row.low is not None and row.high is not None:
        return _middle([float(row.low), float(row.high)])
    return float(row.high or 0.0) if given is None else float(given)


def _middle(values: list[float]) -> float:
    """Return the geometric mean of positive values, else the mean."""
    if min(values) > 0:
        return math.exp(math.fsum(map(math.log, values)) / len(values))
    return math.fsum(values) / len(values)


def _is_open(row: Evidence) -> bool:
    """Tell whether a piece gives one end of a range alone: "at least" or "at most" so much."""
    return row.value is None and (row.low is None or row.high is None)


def _bottom(row: Evidence) -> float:
    open_end = -math.inf if _is_open(row) else _value(row)
    return open_end if row.low is None else float(row.low)


def _top(row: Evidence) -> float:
    open_end = math.inf if _is_open(row) else _value(row)
    return open_end if row.high is None else float(row.high)


def _is_end(row: Evidence, ends: tuple[float, ...], width: float) -> bool:
    """Tell whether a piece is itself an end that the distribution was given: a limit needs no argument."""
    near = {end: min(LIMIT * abs(end), LIMIT_WIDTH * width) for end in ends if math.isfinite(end)}
    return any(abs(_value(row) - end) <= slack for end, slack in near.items())


def _outside(row: Evidence, item: Input, ends: tuple[float, float]) -> Finding:
    own = [float(x) for x in (row.value, row.low, row.high) if x is not None]
    ranged = row.value is None and len(own) > 1
    digits = max(numbers.digits_apart(own[0], end, 1) for end in ends)
    told = numbers.number(own[0], max(numbers.MOST_DIGITS, digits))
    said = numbers.interval(own[0], own[1]) if ranged else told
    if _is_open(row):
        said = f"{'at most' if row.low is None else 'at least'} {said}"
    text = f"{said} lies outside the central 90 %, {numbers.exact_range(*ends)}"
    named = any(_names(item.note, number) for number in own)
    cited = set(keys(row.source)) & set(keys(item.note))
    return Finding("outside", text, own[0], answered=named or bool(cited))


def _off_middle(item: Input, middle: float, place: float, median: float) -> Finding:
    kind = "geometric mean" if min(_value(row) for row in item.evidence if not _is_open(row)) > 0 else "mean"
    text = (
        f"the {kind} of the evidence, {numbers.number(middle)}, lies {numbers.at_percentile(100 * place)} "
        f"percentile, where the median is {numbers.number(median)}"
    )
    return Finding("middle", text, middle, answered=_names(item.note, middle))


def has_printed_ranges(plan: Scenario, output: str) -> bool:
    """Tell whether the study's own sources alone give the range of each input that an output varies with."""
    study, known = plan.study, witnesses(plan.study.sources)
    own = origins([study.source], known)
    reaching = dependencies(plan, [output])[output]
    items = {name: study.inputs[name] for name in plan.varying if name in reaching}
    return bool(items and own) and all(
        item.basis not in {"assumption", None}
        and (named := origins([item.source, *(each.source for each in item.evidence)], known))
        and named <= own
        and not _NOT_PRINTED.search(item.source)
        and item.distribution is plan.distributions[name]
        for name, item in items.items()
    )


def _overclaims(item: Input, study: Study) -> Iterable[str]:
    """Tell where the basis claims more than the sources say."""
    if item.basis not in _DENIALS:
        return
    texts = item.source_texts
    if denial := _DENIALS[item.basis].search(item.source):
        yield f'the basis is "{item.basis}", and the source says “{denial.group(0)}”'
    elif texts and all(second_hand(text, study.sources) for text in texts):
        yield f'the basis is "{item.basis}", and every source is known through another alone'
    stated = [x for row in item.evidence for x in {row.value, row.low, row.high} - {None}]
    # a range that stands in the source itself needs no second place
    cited = not item.evidence and any(piece.to or piece.key for piece in pieces(item.source, study.sources))
    if item.basis == "published range" and len(stated) < 2 and not cited:
        yield 'the basis is "published range", and the evidence has no two numbers that make one'


def _names(note: str, number: float) -> bool:
    """Tell whether a note has a number, as near as one rounds in prose."""
    for match in _NUMBER.finditer(note):
        digits = match.group(0).split()[0].replace(",", "").replace("−", "-").removesuffix("million")
        try:
            found = float(digits.removesuffix("billion")) * _SCALES.get(match.group(1) or "", 1)
        except ValueError:
            continue
        if math.isclose(found, number, rel_tol=NAMED, abs_tol=1e-300):
            return True
    return False
