"""What if inputs go together: the answer with rank correlations that the study does not have.

Independence is an assumption as well. The scores stay those of the study's own draws; only the copula between
them changes, so that what differs is the dependence alone.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from uncertainty.compiled import EquationModel, dependencies
from uncertainty.errors import StudyError
from uncertainty.late import dataclass
from uncertainty.output_distribution import as_emulated
from uncertainty.records import brief
from uncertainty.results import record
from uncertainty.sampling.copula import make_copula
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.estimate import NOTHING, Ends
from uncertainty.sampling.family import Columns, Member, draw
from uncertainty.sampling.finiteness import allowed_share, finite_draws, undefined_share
from uncertainty.sampling.joint import ranks_of
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.simulation import simulate, unknown_simulation
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED, Correlation
from uncertainty.study.one_score import one_scores
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseFunction, CaseModel
    from uncertainty.sampling.estimate import Estimate, Least
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario

DRAWS = 2**14

TOP = 5
"""Drivers of one kind that are looked at two by two."""

STRENGTHS = (-0.8, -0.5, 0.5, 0.8)
"""Rank correlations that are tried."""

FEWEST_CASES = 2**10
"""Cases at least, where the output speaks of them."""

ALL_TOGETHER = 0.8
"""The rank correlation of each two, where all drivers go together."""

BINS = 2**4
"""Equally full bins of an input; what lies between them is its share in the spread of the output's ranks."""

MOST_VALUES = 2**22
"""Values of inputs that are drawn at most to tell which of them are top drivers."""


@record("inputs", "spearman", "median", "**ends")
@dataclass(frozen=True, slots=True)
class Together:
    """What becomes of the output if inputs go together.

    Parameters
    ----------
    inputs
        Two of them, or all top drivers of one kind.
    spearman
        The rank correlation of each two; of all drivers in the direction that widens the interval.
    median
        Median of the output.
    """

    inputs: tuple[str, ...]
    spearman: float
    median: Estimate
    low: Estimate
    high: Estimate

    __repr__ = brief

    @property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(self.low, self.high)


def width(ends: Ends, scale: Scale) -> float:
    """Return an interval's width; on a log10 scale that of the logarithms, where both ends are positive."""
    low, high = ends.values
    return float(np.log(high / low)) if scale == "log10" and low > 0 else high - low


def width_error(ends: Ends, scale: Scale) -> float:
    """Return the Monte Carlo error of an interval's width, as far as those of its ends are known."""
    by_factors = scale == "log10" and ends.low.value > 0
    parts = ((each.error or 0.0) / (each.value if by_factors else 1.0) for each in ends)
    return math.hypot(*parts)


def examine_dependence(
    plan: Scenario, output: str, settings: Settings, draws: int = DRAWS
) -> tuple[tuple[Together, ...], tuple[Together, ...]]:
    """Ask the same question with two of the top drivers of a kind correlated, and with all of them.

    Parameters
    ----------
    draws
        Behind each answer, or as many as there are samples.

    Returns
    -------
    pairs, all_together
        The pairs widest first, without those that the study binds or states to be independent; and by kind
        all drivers together, each two in the direction in which their effects on the output add up. Where
        the output rises or falls with every input, no dependence of that strength gives a wider interval.
    """
    scale = plan.study.outputs[output].scale
    if draws < DRAWS:
        settings = replace(settings, samples=draws)
    ask = _Question.of(plan, output, settings)
    drivers = ask.drivers()
    first = [tuple(name for name in names if not _follows(plan, name, names)) for names in drivers]
    two = [
        _Bond(pair, {pair: r}, r) for names in drivers for pair in _unspoken(plan, names) for r in STRENGTHS
    ]
    every = [_Bond(names, together, ALL_TOGETHER) for names in first if (together := ask.together(names))]
    found = ask.all([*two, *every])
    pairs = [each for each in found[: len(two)] if each is not None]
    pairs.sort(key=lambda found: -width(found.ends, scale))
    return tuple(pairs), tuple(each for each in found[len(two) :] if each is not None)


class Ranked(NamedTuple):
    """Single draws of an output: values of the inputs that reach it, shape (inputs, rows), and its own ranks.

    An output's few largest values decide nothing here, nor does its scale; of an input its order alone does.
    """

    names: tuple[str, ...]
    inputs: FloatArray
    output: FloatArray

    @classmethod
    def of(cls, plan: Scenario, output: str, settings: Settings) -> Ranked:
        """Draw, as few as so many inputs leave room for."""
        draws = min(DRAWS, settings.samples, 1 << (MOST_VALUES // max(1, len(plan.varying))).bit_length())
        simulation = simulate(plan, [output], draws, settings.seed, settings.design, single=True)
        reaching, first = dependencies(plan, [output])[output], _first_of_score(plan)
        # whatever is asked for, and nothing of what cannot move the output
        asked = {first.get(name, name) for name in reaching} | reaching
        simulation = part_of(simulation, [0], asked) or simulation
        inputs, (values,) = _drawn(simulation)
        sound = np.isfinite(values)
        if not sound.all():
            inputs, values = inputs[:, sound], values[sound]
        return cls(simulation.inputs, inputs, ranks_of(values[None])[0])

    def _values(self, name: str) -> FloatArray:
        found: FloatArray = self.inputs[self.names.index(name)]
        return found

    def moved(self, name: str) -> float:
        """Return how far apart the means of the output's ranks lie, from one bin of an input to another."""
        return between_bins(self._values(name), self.output)

    def direction(self, name: str) -> float:
        """Return in which direction the output goes with an input, 0 where that cannot be told."""
        (ranks,) = ranks_of(self._values(name)[None])
        return float(np.sign(np.round((ranks - ranks.mean()) @ (self.output - self.output.mean()), 9)))


def between_bins(values: FloatArray, ranks: FloatArray) -> float:
    """Return what of the sum of squares of an output's ranks lies between the bins of an input's values."""
    order = np.argsort(values)
    ordered = values[order]
    if (ordered[1:] == ordered[:-1]).any():
        # equal ones stay in the order of their draws, which takes twice as long
        order = np.argsort(values, kind="stable")
    bins = np.array_split(ranks[order], BINS)
    return float(sum(part.sum() ** 2 / part.size for part in bins if part.size))


def between_cells(values: FloatArray, ranks: FloatArray) -> Callable[[int, int], float]:
    """Return what tells which part of an output's squared ranks lies between the bins of two inputs together.

    Parameters
    ----------
    values
        Of each input, shape (inputs, draws).
    """
    places = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1)
    bins, cells = places * BINS // ranks.size, BINS**2

    def share(one: int, other: int) -> float:
        cell = bins[one] * BINS + bins[other]
        counts = np.maximum(np.bincount(cell, minlength=cells), 1)
        between = float((np.bincount(cell, ranks, cells) ** 2 / counts).sum()) / float(ranks @ ranks)
        # as much lies between as many cells by chance
        return between - cells / ranks.size

    return share


def _first_of_score(plan: Scenario) -> dict[str, str]:
    """Return for each member of one score the first member, which stands for all of them."""
    return {name: each.members[0] for each in one_scores(plan) for name in each.members}


def top_drivers(plan: Scenario, output: str, drawn: Ranked | None = None) -> list[tuple[str, ...]]:
    """Return the inputs of each kind that move an output most, the kinds that have two at least.

    Members of one score are one input, of which the first is named.

    Parameters
    ----------
    drawn
        Draws that tell how much each moves it, if they are at hand.
    """
    first = _first_of_score(plan)
    reaching = dependencies(plan, [output])[output]
    shares = frozenset[str]().union(*(whole.names for whole in plan.wholes))
    drawn = drawn or Ranked.of(plan, output, Settings(samples=DRAWS))
    asked = [
        name
        for name in drawn.names
        # members of an index have no ranks, and shares of a whole bind one another already
        if name in reaching - shares and plan.study.inputs[name].member_of is None
    ]
    moved = {name: drawn.moved(name) for name in asked}
    ranked = dict.fromkeys(
        first.get(name, name) for name in sorted(asked, key=lambda name: (-moved[name], name))
    )
    kinds = (
        tuple(name for name in ranked if plan.kinds[name] == kind)[:TOP]
        for kind in ("uncertainty", "variability")
    )
    return [names for names in kinds if len(names) > 1]


@record("reading", "pairs")
@dataclass(frozen=True, slots=True)
class Unargued:
    """Pairs of an output's top drivers that a study neither correlates nor states to be independent.

    Parameters
    ----------
    reading
        The one whose drivers they are: the preferred one, or else that of the publication.
    pairs
        Each two of one kind, in the study's order; they are drawn independently.
    """

    reading: str
    pairs: tuple[tuple[str, str], ...]

    __repr__ = brief


def unargued(study: Study) -> Unargued:
    """Return the pairs of the headline's top drivers that nobody argued about."""
    reading = study.preferred_reading or AS_PUBLISHED
    plan = scenario(study, reading)
    kinds = top_drivers(plan, study.headline) if plan.varying else []
    pairs = (_called(plan, pair) for names in kinds for pair in _unspoken(plan, names))
    return Unargued(reading, tuple((one, other) for one, other in pairs))


def _called(plan: Scenario, names: Sequence[str]) -> tuple[str, ...]:
    """Return how analyses call inputs of which the first of those of one score is named."""
    known = {each.members[0]: each.name for each in one_scores(plan)}
    return tuple(known.get(name, name) for name in names)


def _unspoken(plan: Scenario, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs that the study neither correlates nor states to be independent, in its order.

    Where one follows from the other, as a count from its rate, the study binds them as well.
    """
    study = plan.study
    first = _first_of_score(plan)
    pairs = [each.inputs for each in study.correlations] + [each.inputs for each in study.independent]
    spoken = {frozenset(first.get(name, name) for name in pair) for pair in pairs}
    ordered = [name for name in study.inputs if name in names]
    return [
        (one, other)
        for one, other in combinations(ordered, 2)
        if not ({one, other} in spoken or _follows(plan, one, [other]) or _follows(plan, other, [one]))
    ]


def _follows(plan: Scenario, name: str, others: Sequence[str]) -> bool:
    """Tell whether an input's parameters follow from some of others, be it through further inputs."""
    parents = plan.parents.get(name, ())
    return any(each in others or _follows(plan, each, others) for each in parents)


class _Bond(NamedTuple):
    """Inputs that go together: the rank correlation of each two, and what is said of it."""

    inputs: tuple[str, ...]
    pairs: dict[tuple[str, str], float]
    spearman: float


@dataclass(frozen=True, eq=False)
class _Question:
    """An output's draws, asked for again under other copulas.

    Parameters
    ----------
    plan
        In which what differs from case to case varies, too.
    simulation
        Of single cases, or of what nobody knows.
    model
        Over cases, where the output speaks of them.
    size
        Number of cases then.
    """

    plan: Scenario
    output: str
    settings: Settings
    simulation: Simulation
    model: CaseModel | CaseFunction | None
    size: int

    @classmethod
    def of(cls, plan: Scenario, output: str, settings: Settings) -> _Question:
        seed, design = settings.seed, settings.design
        # check asks for the top drivers alone
        from uncertainty.sampling.nesting import outer_samples, over_unknown

        over = over_unknown(plan, [output], seed)
        if over.nested is None:
            draws = min(DRAWS, settings.samples)
            return cls(plan, output, settings, simulate(plan, [output], draws, seed, design), None, 0)
        model = over.nested.model([output], over.varying)
        draws = outer_samples([over], min(8 * DRAWS, settings.samples))
        simulation = unknown_simulation(plan, model, draws, seed, design)
        # what independent cases make exact needs more of them where they go together
        return cls(plan, output, settings, simulation, model, max(over.nested.size, FEWEST_CASES))

    @cached_property
    def drawn(self) -> Ranked:
        """Single draws, which tell what moves the output and in which direction."""
        return Ranked.of(self.plan, self.output, self.settings)

    def drivers(self) -> list[tuple[str, ...]]:
        return top_drivers(self.plan, self.output, self.drawn)

    def together(self, names: Sequence[str]) -> dict[tuple[str, str], float]:
        """Return correlations by which the effects of several inputs on the output add up."""
        signs = {name: self.drawn.direction(name) for name in names}
        found = {
            (a, b): ALL_TOGETHER * signs[a] * signs[b]
            for a, b in combinations(names, 2)
            if signs[a] and signs[b]
        }
        return found if len(found) > 1 else {}

    def all(self, bonds: Sequence[_Bond]) -> list[Together | None]:
        """Answer with each bond of inputs.

        None where that cannot hold beside what the study says, or leads to more draws without a value than
        the study has dropped.
        """
        plans = list(map(self._bound, bonds))
        allowed = allowed_share(self.plan.study.nonfinite)
        if self.model is None and isinstance(self.simulation.model, EquationModel):
            drawn = [None if each is None else (each, NOTHING) for each in self._drawn_together(plans)]
        else:
            drawn = list(map(self._drawn_alone, plans))
        return [
            None if each is None or undefined_share(each[0]) > allowed else self._answer(bond, *each)
            for bond, each in zip(bonds, drawn, strict=True)
        ]

    def _bound(self, bond: _Bond) -> Scenario:
        study = self.plan.study
        members = {each.members[0]: each.members for each in one_scores(self.plan)}
        cells = {
            cells: value
            for (one, other), value in bond.pairs.items()
            for cells in product(members.get(one, (one,)), members.get(other, (other,)))
        }
        replaced = set(map(frozenset, cells))
        own = [each for each in study.correlations if frozenset(each.inputs) not in replaced]
        added = [Correlation(pair, spearman=value) for pair, value in cells.items()]
        return replace(self.plan, study=replace(study, correlations=(*own, *added)))

    def _answer(self, bond: _Bond, values: FloatArray, least: Least) -> Together:
        (output,) = self.simulation.model.outputs
        draws = Draws(*finite_draws(values, self.simulation.design.replicate_rows))
        draws = as_emulated(self.plan.study, output, draws.beside(least))
        low, high = draws.interval(self.settings.level, self.settings.interval)
        inputs = _called(self.plan, bond.inputs)
        return Together(inputs, bond.spearman, draws.quantile(0.5), low, high)

    def _drawn_together(self, plans: Sequence[Scenario]) -> list[FloatArray | None]:
        """Return the output's draws in each scenario; they share all but what goes together."""
        own, settings = self.simulation, self.settings
        columns = Columns(plans or [self.plan], min(DRAWS, settings.samples), settings.seed, settings.design)
        members: list[Member | None] = []
        for plan in plans:
            try:
                members.append(Member(own.model, columns.of(plan, own.inputs)))
            except StudyError:
                members.append(None)
        sound = [member for member in members if member is not None]
        rows = iter(out := np.empty((len(sound), columns.design.samples)))
        draw(columns, sound, make_engine(1), out)
        return [None if member is None else next(rows) for member in members]

    def _drawn_alone(self, plan: Scenario) -> tuple[FloatArray, Least] | None:
        """Return the output's draws, and what the net of cases gets wrong of them."""
        try:
            simulation = self._under(plan)
        except StudyError:
            return None
        inputs, (found,) = _drawn(simulation)
        if self.model is None or plan.study.meter is not None:
            return found, NOTHING
        from uncertainty.sampling.net_error import Nets, few_of

        nets = Nets.made(plan, cast("CaseModel | CaseFunction", simulation.model), self.settings.seed)
        rows = few_of(found)
        return found, nets.least(inputs[:, rows], found[rows])

    def _under(self, bound: Scenario) -> Simulation:
        simulation = self.simulation
        marginals = simulation.distributions
        copula = make_copula(bound.study.correlations, simulation.inputs, marginals, bound.study.file)
        found = replace(simulation, copula=copula)
        if self.model is None:
            return found
        from uncertainty.sampling.cases import make_cases
        from uncertainty.sampling.nesting import make_case_model, own_measure

        cases = make_cases(bound, self.size, self.settings.seed)
        if cases.linked:
            measure = own_measure(bound.study.outputs[self.output])
            return replace(found, model=make_case_model(bound, [measure]).on(cases))
        return replace(found, model=self.model.on(cases))


def _drawn(simulation: Simulation) -> tuple[FloatArray, FloatArray]:
    """Return all draws of a simulation, shapes (inputs, rows) and (outputs, rows)."""
    parts = [(inputs.copy(), outputs.copy()) for inputs, outputs in _blocks(simulation)]
    inputs, outputs = zip(*parts, strict=True)
    return np.concatenate(inputs, axis=1), np.concatenate(outputs, axis=1)


def _blocks(simulation: Simulation) -> Iterator[tuple[FloatArray, FloatArray]]:
    return simulation.blocks(0, blocks(simulation.design))
