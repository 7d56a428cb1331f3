"""Averages over cases that few cases carry: how many cases a net needs to meet what is rare."""

from __future__ import annotations

import math
from dataclasses import field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import numbers
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.case_model import CaseModel
from uncertainty.sampling.cases import SCRAMBLES, far_out_cases, make_cases
from uncertainty.sampling.simulation import few_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseFunction
    from uncertainty.sampling.case_stages import Averaged
    from uncertainty.sampling.cases import Cases
    from uncertainty.study.scenario import Scenario

    Net = Callable[[], tuple[Cases, list[Averaged]]]

FEWEST_RARE = 20
"""Cases that must differ from what most cases are before an average of them is trusted."""

LONGEST = 40
"""Signs of a formula that names what is averaged in a sentence."""

FEWEST_EXPLAINED = 8
"""Cases that are asked for where the inputs, whose means are known, explain all of what is averaged."""

FEWEST_SCRAMBLES = 3
"""Scrambles that must hold such a case; two would do, as each learns from the others."""

PILOT_CASES = 2**15
"""Cases that tell how rare what carries an average is."""

FEW_CASES = 2**9
"""The same of models that are no equations, whose rows are dear."""

LOOK = 2**64
"""Seed of the cases and draws that are looked at, no run's own: no draw decides whether it is reported."""

LOOKED = "look"
"""Names what is found in a look."""

PILOT_DRAWS = 4
"""Draws of what nobody knows in which they are looked at."""

NEGLIGIBLE = 1e-9
"""Share of what an average varies by below which the inputs explain all of it."""

LEAST_SHARE = 1e-12
"""Share of the cases below which no tail is known so well that what carries an average would be."""

LEAST_PART = 1e-6
"""Part of an average below which what no case has met is left out."""

FAR = 5.0
"""Standard errors that the mean over a net and that over the pilot's cases may be apart."""

MOVED = 10.0
"""Standard errors of the mean over the pilot's cases by which an event moves it that a net must meet."""

FEWEST_OF_REST = 100
"""Cases that must tell of what the inputs do not explain before a net is believed whatever many cases say."""


class Rare(NamedTuple):
    """An average that few cases carry.

    Parameters
    ----------
    text
        What is averaged, as it is written.
    share
        Of the cases that carry it.
    cases
        That would be enough.
    """

    text: str
    share: float
    cases: int

    @property
    def said(self) -> str:
        """Say what is wrong with the average."""
        return (
            f"{average_of(self.text)} rests on too few of them: "
            f"about {numbers.number(100 * self.share, 2)} % of the cases carry it"
        )


def average_of(text: str) -> str:
    """Name an average over the cases, by what is averaged where that is short enough to be read."""
    return f"the average of {text} over the cases" if len(text) <= LONGEST else "the average over the cases"


class _Averaged(NamedTuple):
    """What is averaged, in the pilot's cases."""

    means: FloatArray
    text: str = ""
    differing: float = 1.0
    effective: float = 1.0
    explained: bool = False
    varies: bool = True
    undefined: float = 0.0
    events: tuple[tuple[int, float], ...] = ()
    """Places among what it reads of inputs whose unusual values move it, and the share of the cases."""
    rest: float = 1.0
    """As `effective`, of what the inputs do not explain."""


@dataclass(frozen=True, eq=False)
class Rarity:
    """What few cases carry in a model's averages.

    Parameters
    ----------
    unknown
        The draws that were looked at.
    seen
        Its averages, in many cases.
    unseen
        Inputs whose rare values none of these cases may have met.
    unmet
        Averages of what had one value in all of these cases, and has others in cases that none of them is.
    undefined
        By output that has no finite value as it averages what has none in some of these cases, their share.
    """

    plan: Scenario
    model: CaseModel | CaseFunction
    seed: int
    unknown: FloatArray
    seen: tuple[_Averaged, ...] = ()
    unseen: tuple[str, ...] = ()
    unmet: tuple[Rare, ...] = ()
    undefined: Mapping[str, float] = field(default_factory=Frozen)

    @property
    def without(self) -> dict[str, str]:
        """What is to be said of each output that is to average what has no value in some cases."""
        said = "is infinite or undefined in some cases, about {} of them"
        return {name: said.format(numbers.share(share)) for name, share in self.undefined.items()}

    def met(self, inner: int) -> Rare | None:
        """Return the average that a net of some cases does not settle and needs the most; None if all do."""
        net = cache(partial(self._averaged, inner))
        found = [*self._unseen(inner), *self._without_events(inner, net), *self._too_few(inner, net)]
        found += self._misled(inner, net)
        found += [each for each in self.unmet if each.share * inner < FEWEST_RARE]
        return max(found, key=lambda each: each.cases, default=None)

    def _averaged(self, inner: int) -> tuple[Cases, list[Averaged]]:
        """Return a net of some cases, and what the averages are over there."""
        assert isinstance(self.model, CaseModel)  # noqa: S101 - nothing was seen of others
        cases = make_cases(self.plan, inner, self.seed)
        return cases, list(self.model.on(cases).plain().averaged(self.unknown))

    def _unseen(self, inner: int) -> Iterator[Rare]:
        """Yield the inputs whose rare values neither the pilot nor a net of some cases meets."""
        if not self.unseen:
            return
        cases = make_cases(self.plan, inner, self.seed)
        for name in self.unseen:
            row = cases.different.index(name)
            if np.ptp(cases.values[row]) == 0:
                distribution = cases.distributions[row]
                usual = np.array([cases.values[row][0]])
                below, upto = (distribution.cdf(at)[0] for at in (np.nextafter(usual, -np.inf), usual))
                share = float(1 - (upto - below))
                if share > 0:
                    yield Rare(f'what depends on "{name}"', share, _power(FEWEST_RARE / share))

    def _without_events(self, inner: int, net: Net) -> Iterator[Rare]:
        """Yield the averages that an event moves which a net of some cases has in too few scrambles.

        What the event does cannot be learnt there, and without any seems to be known.
        """
        moved = [place for place, each in enumerate(self.seen) if each.events]
        if not moved:
            return
        cases, found = net()
        for place in moved:
            for at, share in self.seen[place].events:
                if _scrambles(cases.values[found[place].reads[at]][None]) < FEWEST_SCRAMBLES:
                    yield Rare(self.seen[place].text, share, min(2 * inner, _power(FEWEST_EXPLAINED / share)))

    def _misled(self, inner: int, net: Net) -> Iterator[Rare]:
        """Yield the averages by a net's weights that many cases contradict, where few tell of the rest."""
        places = [place for place, each in enumerate(self.seen) if each.rest * inner < FEWEST_OF_REST]
        if not places:
            return
        cases, found = net()
        for place in places:
            each, other = self.seen[place], found[place]
            if _apart(other.values @ cases.weights(other.reads).T, each.means) > MOVED:
                yield Rare(each.text, each.rest, 2 * inner)

    def _too_few(self, inner: int, net: Net) -> Iterator[Rare]:
        short = [place for place, each in enumerate(self.seen) if each.effective * inner < FEWEST_RARE]
        if not short:
            return
        _, found = net()
        for place in short:
            each, other = self.seen[place], found[place]
            if each.explained:
                if _scrambles(other.values) < FEWEST_SCRAMBLES:
                    yield Rare(each.text, each.differing, _power(FEWEST_EXPLAINED / each.differing))
            elif each.differing * inner < FEWEST_RARE:
                yield Rare(each.text, each.differing, _power(FEWEST_RARE / each.differing))
            elif _apart(_means(other.values), each.means) > FAR:
                yield Rare(each.text, each.effective, _power(FEWEST_RARE / each.effective))


def _power(count: float) -> int:
    return 1 << math.ceil(math.log2(count))


def rarity(plan: Scenario, model: CaseModel | CaseFunction, seed: int) -> Rarity:
    """Look at many cases of few draws for what few cases carry.

    A net that misses a rare event altogether gives the same number in every scramble, so that it seems to be
    right. Of models that are no equations the inputs alone are looked at: their rows are dear.
    """
    found = Rarity(plan, model, seed, few_unknown(plan, PILOT_DRAWS, LOOK))
    if not any(measure.statistic == "average" for measure in model.measures):
        return found
    return _of_equations(found, model) if isinstance(model, CaseModel) else _of_function(found, model)


def _of_function(found: Rarity, model: CaseFunction) -> Rarity:
    plan, one = found.plan, found.unknown[:, :1]
    cases = make_cases(plan, FEW_CASES, LOOK)
    rare = (name for name in cases.different if plan.distributions[name].atoms)
    looked = model.on(cases).averaged(one) if plan.study.meter is None else ()
    unmet = _unmet(plan, model, cases, one) if any(_one_value(each.values) for each in looked) else ()
    return replace(found, unseen=_unlinked(cases, rare), unmet=unmet)


def _of_equations(found: Rarity, model: CaseModel) -> Rarity:
    plan, unknown = found.plan, found.unknown
    cases = make_cases(plan, PILOT_CASES, LOOK)
    near = model.on(cases)
    seen, unseen = list[_Averaged](), dict[str, None]()
    for each in near.plain().averaged(unknown, LOOKED):
        look = each.once(LOOKED, partial(_look, each, cases))
        seen.append(look._replace(text=each.text))
        constant = (cases.different[row] for row in each.reads if np.ptp(cases.values[row]) == 0)
        unseen.update(dict.fromkeys(constant))
    same = frozenset(place for place, each in enumerate(seen) if not each.varies)
    unmet = _unmet(plan, model, cases, unknown, same) if same else ()
    undefined = _undefined(near, unknown, seen)
    return replace(found, seen=tuple(seen), unseen=_unlinked(cases, unseen), unmet=unmet, undefined=undefined)


def _undefined(model: CaseModel, unknown: FloatArray, seen: Sequence[_Averaged]) -> Frozen[str, float]:
    """Return by output without a finite average the share of the cases in which what it averages has none.

    A net of few cases may meet none of these. What an output makes of such an average may be finite.
    """
    if not any(each.undefined for each in seen):
        return Frozen()
    averages = [measure for measure in model.measures if measure.statistic == "average"]
    found = np.empty((len(averages), unknown.shape[1]))
    replace(model.only(averages), meter=None).run(unknown, found)
    shares: dict[str, float] = {}
    for measure, row in zip(averages, found, strict=True):
        if not np.isfinite(row).all():
            own = model.only([measure]).plain().averaged(unknown)
            shares[measure.output] = max((_share_undefined(each.values) for each in own), default=0.0)
    # an output of averages that all have a value may have none in some draws: that is no matter of cases
    return Frozen({name: share for name, share in shares.items() if share})


def _share_undefined(values: FloatArray) -> float:
    """Return the largest share of the cases of a draw that have no finite value, where not all have none."""
    # a draw in which no case has a value tells of what nobody knows, not of the cases
    shares = 1 - np.isfinite(values).mean(axis=1)
    return float(shares[shares < 1].max(initial=0.0))


def _unmet(
    plan: Scenario,
    model: CaseModel | CaseFunction,
    cases: Cases,
    unknown: FloatArray,
    among: Container[int] | None = None,
) -> tuple[Rare, ...]:
    """Return the averages of which some cases tell one value, and cases far out tell others.

    Parameters
    ----------
    among
        Those that may be such, by default all.
    """
    far, density = far_out_cases(plan, cases.size, LOOK)
    both = cases.and_others(far)
    near: CaseModel | CaseFunction = replace(model, cases=both)
    if isinstance(model, CaseModel):
        near = _weighted(model, both, [None] * sum(len(stage.texts) for stage in model.averages.stages))
    rare: dict[int, Rare] = {}
    counts: list[FloatArray] = []
    for place, (text, reads, made, *_) in enumerate(near.averaged(unknown)):
        counted = counted_far_out(far, density, reads)
        counts.append(counted)
        if among is not None and place not in among:
            continue
        values = made.value
        usual = values[:, :1]
        # what has no finite value out there is no other value
        away = np.nan_to_num(np.abs(values[:, cases.size :] - usual), posinf=0.0)
        part = float((away @ counted).max())
        if not isinstance(model, CaseModel) and part <= LEAST_PART * np.abs(usual).min():
            continue
        share = float(((away > NEGLIGIBLE * np.abs(usual)) @ counted).max())
        if _one_value(values[:, : cases.size]) and share > LEAST_SHARE:
            rare[place] = Rare(text, share, _power(FEWEST_RARE / share))
    far_out = [own if place in rare else None for place, own in enumerate(counts)]
    if rare and isinstance(model, CaseModel) and not _changes(model, both, far_out, unknown):
        return ()
    return tuple(rare.values())


def _changes(model: CaseModel, both: Cases, counts: list[FloatArray | None], unknown: FloatArray) -> bool:
    """Tell whether outputs change if some of what they average is averaged over cases far out.

    Parameters
    ----------
    both
        The cases near and, after them, as many far out.
    counts
        Of each quantity that is averaged what each case far out counts for it; None where those near do.
    """
    averages = tuple(each for each in model.measures if each.statistic == "average")
    model = replace(model, measures=averages, singles=None, others=())
    found = np.empty((2, len(averages), unknown.shape[1]))
    _weighted(model, both, [None] * len(counts)).run(unknown, found[0])
    _weighted(model, both, counts).run(unknown, found[1])
    return not (np.abs(found[1] - found[0]) <= LEAST_PART * np.abs(found[0])).all()


def _weighted(model: CaseModel, both: Cases, counts: list[FloatArray | None]) -> CaseModel:
    """Return a model that averages over the cases near, or by what those far out count."""
    each = both.size // (2 * SCRAMBLES)
    near = np.repeat(np.eye(SCRAMBLES) / each, each, axis=1)
    alike = np.hstack([near, 0 * near])
    weights = tuple(
        alike if own is None else np.hstack([0 * near, np.tile(own / own.sum(), (SCRAMBLES, 1))])
        for own in counts
    )
    return replace(model, cases=both, weights=weights, meter=None)


def counted_far_out(far: Cases, density: FloatArray, reads: Sequence[int]) -> FloatArray:
    """Return what each case far out counts in a mean of a quantity, shape (cases,).

    Parameters
    ----------
    density
        As `far_out_cases` gives it.
    reads
        Inputs that the quantity depends on.
    """
    read = {far.sets[row] for row in reads}
    return np.asarray(1 / np.prod(density[[own in read for own in far.sets]], axis=0) / far.size)


def _one_value(values: FloatArray) -> bool:
    """Tell whether the cases of every draw have one finite value."""
    return bool(np.isfinite(values).all() and not np.ptp(values, axis=1).any())


def _unlinked(cases: Cases, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in cases.linked)


def _means(values: FloatArray) -> FloatArray:
    """Return the mean of each scramble, shape (draws, scrambles)."""
    return np.asarray(np.mean(np.split(values, SCRAMBLES, axis=1), axis=2)).T


def _look(each: Averaged, cases: Cases) -> _Averaged:
    values = each.values
    means = _means(values)
    if not np.isfinite(values).all():
        return _Averaged(means, undefined=_share_undefined(values))
    # what more than half the cases are is their median
    usual = np.median(values, axis=1, keepdims=True)
    usual = np.take_along_axis(values, np.abs(values - usual).argmin(axis=1)[:, None], axis=1)
    away = np.abs(values - usual)
    if not away.any():
        return _Averaged(means, varies=False)
    differing = float((away > 0).mean())
    left = np.abs(cases.unexplained(values, each.reads))
    explained = bool(left.max() <= NEGLIGIBLE * away.max())
    return _Averaged(
        means,
        differing=differing,
        effective=_carrying(away),
        explained=explained and differing < 1 / 2,
        events=tuple(_events(each, cases, means)),
        rest=1.0 if explained else _carrying(left),
    )


def _carrying(away: FloatArray) -> float:
    """Return the share of the cases that would carry a mean alike, the median of the draws where some do."""
    away = away[away.any(axis=1)]
    parts = away / away.max(axis=1, keepdims=True)
    return float(np.median(parts.mean(axis=1) ** 2 / (parts**2).mean(axis=1)))


def _events(each: Averaged, cases: Cases, means: FloatArray) -> Iterator[tuple[int, float]]:
    """Yield where among what an average reads an input is whose unusual values move it, and their share."""
    errors = means.std(axis=1, ddof=1) / math.sqrt(SCRAMBLES)
    for at, row in enumerate(each.reads):
        if cases.distributions[row].atoms:
            rare = cases.values[row] != np.median(cases.values[row])
            share = float(rare.mean())
            if 0 < share < 1 / 2:
                moved = np.abs(means.mean(axis=1) - each.values[:, ~rare].mean(axis=1))
                if (moved > MOVED * errors).any():
                    yield at, share


def _scrambles(values: FloatArray) -> int:
    """Return in how many scrambles some case differs from most, in the draw where they are fewest."""
    usual = np.median(values, axis=1, keepdims=True)
    differs = (values != usual).reshape(len(values), SCRAMBLES, -1).any(axis=2)
    return int(differs.sum(axis=1).min())


def _apart(one: FloatArray, other: FloatArray) -> float:
    """Return how many standard errors two nets' means are apart, the median of the draws."""
    errors = [each.var(axis=1, ddof=1) / SCRAMBLES for each in (one, other)]
    away = np.abs(one.mean(axis=1) - other.mean(axis=1))
    with np.errstate(all="ignore"):
        return float(np.median(np.nan_to_num(away / np.sqrt(errors[0] + errors[1]), nan=0.0)))
