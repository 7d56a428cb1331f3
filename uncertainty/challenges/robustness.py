"""How far the answer rests on our own distributions: the same question with others in their place.

Our distributions are assumptions too. Every answer uses the same uniforms as the study's own, so that what
differs is the distributions alone.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from uncertainty import numbers
from uncertainty.challenges.alternatives import SHAPES, measure, moved, reshaped, scale_of, stretched
from uncertainty.challenges.dependence import between_bins, between_cells
from uncertainty.challenges.normalspace import draw_all, is_discrete
from uncertainty.compiled import largest_rounding
from uncertainty.distributions.protocol import inside
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.output_distribution import as_emulated
from uncertainty.over_cases import between_cases
from uncertainty.records import Frozen, brief
from uncertainty.results import record
from uncertainty.rounding import UNVARYING, varies
from uncertainty.sampling.constancy import vary_far_out
from uncertainty.sampling.estimate import Ends, errors_of, values_of
from uncertainty.sampling.finiteness import allowed_share, finite_draws, undefined_share
from uncertainty.sampling.joint import ranks_of
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.study.scenario import nothing_to_move

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uncertainty.challenges.alternatives import Measure, Quantiles, Scale, Shape
    from uncertainty.challenges.dependence import Together
    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Estimate, Least
    from uncertainty.settings import Settings
    from uncertainty.study.model import Input

    Change = Callable[[Input, Distribution], Quantiles]

Kind = Literal["own", "shape", "spread", "median"]

DRAWS = 2**14

SPREADS = (0.5, 2.0)
MOVES = (-0.5, -0.25, -0.1, 0.1, 0.25, 0.5)

CUT_BACK = "limits cut it back to what it was"

COMPARED = (0.01, 0.05, 0.25, 0.75, 0.95, 0.99)
"""Probabilities whose quantiles tell whether a distribution is what it was."""

SURE = 3.0
"""Errors by which one rank correlation is known to be greater than another."""

NEAR, BATCHES = 0.1, 2**5
"""Part by which one may be less that is worth comparing, and parts of draws without replicates."""

HALF, MOST_PAIRED = 0.5, 40
"""Part that inputs alone move below which pairs of them are looked at, and how many inputs at most."""

ROUNDED = 1e-6
"""Part by which these differ by rounding."""


@record(
    "kind",
    "change",
    "input",
    "measure",
    "scale?",
    "median",
    "**ends",
    "shares=share_values",
    "shares_error=share_errors",
    "driver",
    "driver_share",
    "alike?",
    "dropped?",
)
@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of the output with some distributions in place of the study's own.

    Parameters
    ----------
    median
        Median of the output.
    kind
        What was changed: nothing, the shape of all inputs, the spread of all, or the median of one.
    change
        The shape, the factor of the spread, or the share of its measure by which the median was moved.
    input
        The one that was moved; empty where all were changed.
    measure
        What the move is a share of: the ``"median"``, or the 90 % ``"range"`` of an input that may be 0 or
        negative; None where all were changed.
    shares
        By kind of threshold, the share of draws on the claim's side.
    driver
        The input with the greatest rank correlation with the output.
    driver_share
        The square of that correlation (Spearman).
    alike
        Other inputs whose rank correlation is as strong, as far as the draws tell.
    scale
        Whether a shape is one of the values or of their logarithms; None where no shape was changed. Where
        some inputs are not always positive, lognormal means normal of these.
    dropped
        Share of the draws that had no value and were left out, as the study wishes; None where all had one.
    """

    kind: Kind
    change: str | float
    input: str
    measure: Measure | None
    median: Estimate
    low: Estimate
    high: Estimate
    shares: Mapping[str, Estimate]
    driver: str
    driver_share: float
    alike: tuple[str, ...] = ()
    scale: Scale | None = None
    dropped: float | None = None

    @property
    def drivers(self) -> tuple[str, ...]:
        """The input with the greatest rank correlation, and those that may have one as great."""
        return (self.driver, *self.alike)

    @property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(self.low, self.high)

    @property
    def share_values(self) -> Mapping[str, float]:
        """By kind of threshold, the share of draws on the claim's side."""
        return values_of(self.shares)

    @property
    def share_errors(self) -> Mapping[str, float | None]:
        """By kind of threshold, the Monte Carlo error of the share."""
        return errors_of(self.shares)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was not made to an input, or not answered.

    Parameters
    ----------
    kind, change, input, measure
        As of an answer.
    undefined
        Share of the draws for which the output would have no value; 0 where an input's physical limits leave
        no room for the change, and the others were changed without it.
    """

    kind: Kind
    change: str | float
    input: str
    measure: Measure | None
    reason: str
    undefined: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} {self.change} of {self.input or 'all inputs'}: {self.reason}"


@record(
    "own", "answers", "left_alone", "between_cases?", "refused=refusals", "dependence", "together", "unseen?"
)
@dataclass(frozen=True, slots=True)
class Robustness:
    """The answers under other distributions.

    Parameters
    ----------
    own
        With the study's own.
    answers
        Shapes first, then spreads, then moved medians.
    left_alone
        Inputs whose distribution is discrete or empirical, which has no other shape or spread, and shares of
        a whole, which have none alone; their medians are not moved either.
    between_cases
        Inputs that differ from case to case, where the output speaks of all cases: none is changed.
    refused
        Changes that an input's physical limits leave no room for or undo, where it kept its own distribution,
        and those after which the output has no value in more draws than the study has dropped.
    dependence
        The answers if two of the top drivers of a kind go together, widest first.
    together
        By kind, the answer if all top drivers do, each two so that their effects add up.
    unseen
        Inputs that move the output's ranks more than the driver does with the study's own distributions,
        alone or two together, though no rank correlation shows it, as where the output rises with an input as
        often as it falls.
    """

    own: Answer
    answers: tuple[Answer, ...]
    left_alone: tuple[str, ...]
    refused: tuple[Refusal, ...]
    dependence: tuple[Together, ...] = ()
    together: tuple[Together, ...] = ()
    between_cases: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def refusals(self) -> tuple[str, ...]:
        """Changes that were not made or not answered, each with the reason."""
        return tuple(map(str, self.refused))

    def of_kind(self, *kinds: Kind) -> tuple[Answer, ...]:
        """Return the answers to some kinds of changes."""
        return tuple(answer for answer in self.answers if answer.kind in kinds)


def examine_robustness(
    space: NormalSpace, limits: tuple[Threshold, ...], settings: Settings, draws: int = DRAWS
) -> Robustness | str:
    """Ask the same question with other distributions.

    Parameters
    ----------
    draws
        Behind each answer.

    Returns
    -------
    Robustness or str
        Why there is nothing to change, in one line.
    """
    if not space.positions:
        return nothing_to_move(space.response.plan)
    response = space.response
    left = tuple(
        response.inputs[position]
        for position in space.positions
        if position in response.shares or any(is_discrete(own) for _, _, own in response.parts(position))
    )
    if len(left) == len(space.names):
        or_share = ", empirical or a share of a whole" if response.shares else " or empirical"
        return f"every input that varies is discrete{or_share}"
    drawn = draw_all(space, draws, settings.seed)
    rounding = largest_rounding(response.model, response.of_model(drawn.values), drawn.outputs[None])
    if not varies(np.nanmin(drawn.outputs), np.nanmax(drawn.outputs), rounding[0]):
        others = vary_far_out(simulate(response.plan, (response.output,), draws, settings.seed, "sobol"))
        return "all draws have one value, though others are possible" if others[0] else UNVARYING
    ask = _Question(space, limits, settings, _uniforms(drawn.scores), drawn.values, drawn.replicate_rows)
    own = ask("own", "", "", {})
    if isinstance(own, float):
        return _no_value(own)
    found = _answered(ask, own, left)
    sound = np.isfinite(drawn.outputs)
    varying, (target,) = space.shown(drawn.values)[:, sound], ranks_of(drawn.outputs[None, sound])
    places = unseen_drivers(varying, target, [space.names.index(name) for name in own.drivers])
    return replace(found, unseen=tuple(space.names[place] for place in places))


def _answered(ask: _Question, own: Answer, left: tuple[str, ...]) -> Robustness:
    """Answer under every change, beside the answer with the study's own distributions."""
    response = ask.space.response
    answers, refused = [], []
    able = [each for each in ask.space.names if each not in left]
    single = {response.inputs[position] for position in response.asked}
    parts = [(item, own) for each in able for _, item, own in ask.parts(each)]
    scales = {shape: scale_of(shape, parts) for shape in SHAPES}
    for kind, change, make in _changes(scales):
        for names in [[each] for each in able if each in single] if kind == "median" else [able]:
            replaced, without = _replaced(ask, kind, change, make, names)
            refused += without
            if not replaced:
                continue
            name = names[0] if kind == "median" else ""
            answer = ask(kind, change, name, replaced)
            if isinstance(answer, float):
                reason = _no_value(answer)
                refused.append(Refusal(kind, change, name, ask.measured(name), reason, answer))
            else:
                answers.append(replace(answer, scale=scales.get(cast("Shape", change))))
    among = between_cases(response.plan, response.output)
    return Robustness(own, tuple(answers), left, tuple(refused), between_cases=among)


def _no_value(share: float) -> str:
    return f"the output has no value in {numbers.share(share)} of the draws"


def _replaced(
    ask: _Question, kind: Kind, change: str | float, make: Change, names: list[str]
) -> tuple[dict[str, dict[int, Quantiles]], list[Refusal]]:
    """Return the distributions of the inputs that could be changed, and why the others could not."""
    replaced: dict[str, dict[int, Quantiles]] = {}
    refused = []
    for each in names:
        parts = ask.parts(each)
        try:
            made = {row: make(item, own) for row, item, own in parts}
        except InvalidValue as error:
            refused.append(Refusal(kind, change, each, measure(parts[0][2]), str(error)))
            continue
        if kind == "spread" and all(_is_same(made[row], own) for row, _, own in parts):
            refused.append(Refusal(kind, change, each, measure(parts[0][2]), CUT_BACK))
        else:
            replaced[each] = made
    return replaced, refused


def _is_same(changed: Quantiles, own: Distribution) -> bool:
    """Whether a change of an input that varies has left it as it was."""
    found, known = changed.quantile(np.array(COMPARED)), own.quantile(np.array(COMPARED))
    width = float(known[-1] - known[0])
    # the spread of what is narrow and far from 0, as 50 mm known to 25 nm, is itself less than this part
    slack = ROUNDED * np.minimum(np.abs(known), width) + ROUNDED**2 * width
    return width > 0 and bool(np.all(np.abs(found - known) <= slack))


def _changes(scales: Mapping[Shape, Scale]) -> Iterator[tuple[Kind, str | float, Change]]:
    for shape, scale in scales.items():
        # without an input that is always positive, lognormal would be normal once more
        if shape == "lognormal" and scale == "linear":
            continue
        yield "shape", shape, partial(reshaped, shape=shape)
    for factor in SPREADS:
        yield "spread", factor, partial(stretched, factor=factor)
    for share in MOVES:
        yield "median", share, partial(moved, share=share)


def _uniforms(scores: FloatArray) -> FloatArray:
    from uncertainty.special import ndtr

    return inside(ndtr(scores))


@dataclass(frozen=True, eq=False)
class _Question:
    """The question that is asked again and again."""

    space: NormalSpace
    limits: tuple[Threshold, ...]
    settings: Settings
    uniforms: FloatArray
    values: FloatArray
    replicate_rows: int

    def parts(self, name: str) -> tuple[tuple[int, Input, Distribution], ...]:
        return self.space.response.parts(self.space.positions[self.space.names.index(name)])

    @property
    def allowed(self) -> float:
        """The share of draws without a value that is left out."""
        return allowed_share(self.space.response.plan.study.nonfinite)

    @cached_property
    def ranks(self) -> FloatArray:
        """Ranks of the study's own values, shape (varying inputs, draws): most answers keep most of them."""
        return ranks_of(self.space.shown(self.values))

    @cached_property
    def inputs(self) -> FloatArray:
        """The values, to be changed for an answer and restored after it."""
        return self.values.copy()

    def output(self, columns: Mapping[int, FloatArray]) -> tuple[FloatArray, Least]:
        """Return the output, shape (draws,), with the columns of some inputs, by row, replaced.

        Beside it what its net of cases gets wrong.
        """
        rows = list(columns)
        for row, column in columns.items():
            self.inputs[row] = column
        found = self.space.response(self.inputs)
        least = self.space.response.least_error(self.inputs, found)
        self.inputs[rows] = self.values[rows]
        return found, least

    def moved(self, columns: Mapping[int, FloatArray]) -> dict[int, FloatArray]:
        """Return by place the values of the inputs that change where columns of some, by row, are replaced.

        Of members of one score what is ranked is their quantile, which no change moves.
        """
        found = {place: columns[row] for place, row in enumerate(self.space.positions) if row in columns}
        if columns and self.space.given:
            inputs = self.values.copy()
            inputs[list(columns)] = list(columns.values())
            values = self.space.shown(inputs)
            found |= {place: values[place] for place in self.space.given}
        return found

    def measured(self, name: str) -> Measure | None:
        """Return what moves of an input are shares of; None where all inputs are changed."""
        return measure(self.parts(name)[0][2]) if name else None

    def __call__(
        self, kind: Kind, change: str | float, name: str, replaced: Mapping[str, Mapping[int, Quantiles]]
    ) -> Answer | float:
        """Return the answer, or the share of draws without a value where they are too many to leave out."""
        columns = {
            row: quantiles.quantile(self.uniforms[self.space.names.index(each)])
            for each, own in replaced.items()
            for row, quantiles in own.items()
        }
        ranked = self.moved(columns)
        output, least = self.output(columns)
        rows = self.replicate_rows
        undefined = undefined_share(output)
        if undefined > self.allowed:
            return undefined
        if undefined:
            sound = np.isfinite(output)
            varying = self.space.shown(self.values)
            for place, column in ranked.items():
                varying[place] = column
            ranks, changed = ranks_of(varying[:, sound]), {}
            output, rows = finite_draws(output, rows)
        else:
            ranks, changed = self.ranks, ranked
        (target,) = ranks_of(output[None])
        correlations = rank_correlations(ranks, target)
        reranked = {place: ranks_of(column[None])[0] for place, column in changed.items()}
        for place, own in reranked.items():
            correlations[place] = rank_correlations(own[None], target)[0]
        response = self.space.response
        draws = as_emulated(response.plan.study, response.output, Draws(output, rows).beside(least))
        top = int(np.argmax(np.abs(correlations)))
        alike = alike_drivers(correlations, lambda place: reranked.get(place, ranks[place]), target, rows)
        return Answer(
            kind,
            change,
            name,
            self.measured(name),
            draws.quantile(0.5),
            *draws.interval(self.settings.level, self.settings.interval),
            Frozen({limit.kind: limit.share(draws) for limit in self.limits}),
            self.space.names[top],
            float(correlations[top] ** 2),
            tuple(self.space.names[place] for place in alike),
            dropped=undefined or None,
        )


def rank_correlations(ranks: FloatArray, target: FloatArray) -> FloatArray:
    """Return the Spearman correlation of inputs with the output, shape (inputs,).

    Parameters
    ----------
    ranks
        Of each input about their mean, shape (inputs, draws).
    target
        Those of the output, shape (draws,).
    """
    spread = np.sqrt(np.sum(ranks**2, axis=1) * np.sum(target**2))
    found: FloatArray = ranks @ target / np.where(spread > 0, spread, np.inf)
    return found


def alike_drivers(
    correlations: FloatArray, ranks: Callable[[int], FloatArray], target: FloatArray, replicate_rows: int
) -> list[int]:
    """Return the places of other inputs whose rank correlation may be as great as the greatest.

    Parameters
    ----------
    ranks
        Gives those of an input by its place.
    target
        Those of the output, shape (draws,).
    replicate_rows
        Rows of one replicate of the draws; 1 where every row is independent.
    """
    sizes = np.abs(correlations)
    top = int(np.argmax(sizes))
    near = np.flatnonzero(sizes > sizes[top] - max(NEAR, 2 * SURE / math.sqrt(target.size)))
    if len(near) < 2:
        return []
    starts = np.arange(0, target.size, replicate_rows if replicate_rows > 1 else -(-target.size // BATCHES))

    def parts(place: int) -> FloatArray:
        own = ranks(place)
        spread = math.sqrt(own @ own * (target @ target)) or math.inf
        found: FloatArray = np.add.reduceat(own * target, starts) * (np.sign(correlations[place]) / spread)
        return found

    greatest = parts(top)
    ahead = {place: greatest - parts(place) for place in near.tolist() if place != top}
    errors = {place: math.sqrt(each.size) * each.std(ddof=1) for place, each in ahead.items()}
    return [place for place, each in ahead.items() if each.sum() <= SURE * errors[place]]


def unseen_drivers(values: FloatArray, target: FloatArray, drivers: Sequence[int]) -> list[int]:
    """Return the places of inputs that surely move an output's ranks more than its drivers do.

    Where all inputs alone move little of it, also those of which two move it together, as a product about 0.

    Parameters
    ----------
    values
        Of each input, shape (inputs, draws).
    target
        Ranks of the output about their mean, shape (draws,).
    drivers
        Places of those that have the greatest rank correlation.
    """
    shares = np.array([between_bins(own, target) for own in values]) / (target @ target)
    more = shares[list(drivers)].max() + max(NEAR, 2 * SURE / math.sqrt(target.size))
    found = [place for place in np.argsort(-shares, kind="stable").tolist() if shares[place] > more]
    if found or shares.sum() > HALF or len(values) > MOST_PAIRED:
        return found
    pairs = itertools.combinations(range(len(values)), 2)
    together = between_cells(values, target)
    return list(dict.fromkeys(place for pair in pairs if together(*pair) > more for place in pair))
