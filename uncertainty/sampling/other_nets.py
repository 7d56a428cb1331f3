"""What a net of cases gets wrong, told by other nets of as many cases.

Where a few cases make an average, the few scrambles of one net may agree by chance.
"""

from __future__ import annotations

import math
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.case_model import VERSIONS, CaseModel, Measure
from uncertainty.sampling.cases import SCRAMBLES, make_cases, other_cases
from uncertainty.sampling.estimate import ERRORS_WIDE, NOTHING, Least, half_widths
from uncertainty.sampling.moments import kurtosis_told, power_of_two, telling, unit_of
from uncertainty.sampling.outer import outer_inputs
from uncertainty.sampling.rarity import LOOK
from uncertainty.sampling.simulation import few_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseFunction
    from uncertainty.sampling.case_stages import Averaged
    from uncertainty.sampling.cases import Cases
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.study.scenario import Scenario

CASES = 512
"""Cases that tell of a tail."""

DRAWS = 8
"""Draws of what nobody knows in which it is looked at."""

NEGLIGIBLE = 1e-9
"""Share of what is averaged below which nothing is left that is not linear in the inputs."""

FEWEST_FREEDOM = 2.0
"""Degrees of freedom that the spread of scrambles is taken to have at least."""

LONG_TAIL = 0.02
"""Excess kurtosis over cases from which on a net's own scrambles may all miss the tail."""

OTHER_NETS = 4
"""Nets that are drawn beside it then, in few draws."""


HEAVY_TAIL = 0.25
"""Kurtosis over cases, in numbers of these, from which on other nets of as many miss the tail, too."""

MORE = 2
"""Times as many cases these then have."""

BEYOND = 1.5
"""How many times as far as to them an interval reaches then."""

MOST = 2**12
"""Cases that they have at most, unless the net has more."""


def widenings(plan: Scenario, model: CaseModel | CaseFunction, inner: int, seed: int) -> dict[Measure, float]:
    """Return by what factor the interval of each average is wider than its few scrambles tell.

    Where a few large cases make an average, most scrambles hold none of them and agree too well. Groups of
    cases with a kurtosis leave their spread fewer degrees of freedom (Satterthwaite 1946,
    doi:10.2307/3002019), which Student's interval allows for. Of equations, whose rows are cheap, the
    scrambles of other nets tell the spread together with the net's own.
    """
    averages = [measure for measure in model.measures if measure.statistic == "average"]
    if not averages:
        return {}
    looked = model.on(make_cases(plan, CASES, seed))
    unknown = few_unknown(plan, DRAWS, seed)
    excesses = [
        each.once("excess", partial(_excess_of, looked.cases, each)) for each in looked.averaged(unknown)
    ]
    known = SCRAMBLES - 1
    factors = [student(known, excess / inner) / student(known) for excess in excesses]
    if isinstance(model, CaseModel) and plan.study.meter is None and max(excesses) > LONG_TAIL * inner:
        nets = _Nets(plan, model, inner, seed, unknown)
        for place, each in enumerate(nets.own[1]):
            if excesses[place] > LONG_TAIL * inner:
                find = partial(nets.wider, place, excesses[place])
                factors[place] = each.once("wider", find)
    return {
        measure: max((factors[place] for place in behind), default=1.0)
        for measure, behind in zip(averages, model.behind, strict=True)
    }


def kurtosis_of_cases(cases: Cases, each: Averaged) -> float:
    """Return the kurtosis that the quantiles of what is averaged tell of, the median of the draws.

    It is 0 where the inputs explain all of it.
    """
    return each.once("kurtosis", partial(_kurtosis_of, cases, each))


def _kurtosis_of(cases: Cases, each: Averaged) -> float:
    if not np.isfinite(each.values).all():
        return 0.0
    left = cases.unexplained(each.values, each.reads)
    if np.abs(left).max() <= NEGLIGIBLE * np.abs(each.values).mean():
        return 0.0
    size = each.values.shape[1]
    told = np.quantile(each.values, telling(size), axis=1).T.tolist()
    return float(np.median([kurtosis_told(quantiles, size) or 0.0 for quantiles in told]))


def _excess_of(cases: Cases, each: Averaged) -> float:
    """Return the excess kurtosis of what the inputs do not explain, the median of the draws."""
    left = cases.unexplained(each.values, each.reads)
    sizes = np.abs(left).max(axis=1)
    if sizes.max() <= NEGLIGIBLE * np.abs(each.values).mean() or not (sizes > 0).all():
        return 0.0
    left = left / power_of_two(sizes)[:, None]
    second = np.mean(left**2, axis=1)
    return float(np.median(np.mean(left**4, axis=1) / second**2)) - 3


def student(known: int, excess: float = 0.0) -> float:
    """Return half of Student's 95 % interval of a spread of groups, given the excess kurtosis of each."""
    from uncertainty.special import stdtrit

    return float(stdtrit(max(2 / (2 / known + max(excess, 0.0)), FEWEST_FREEDOM), 0.975))


@dataclass(frozen=True, eq=False)
class _Nets:
    """A net of cases, and others of as many, in few draws of what nobody knows."""

    plan: Scenario
    model: CaseModel
    inner: int
    seed: int
    unknown: FloatArray

    @cached_property
    def own(self) -> tuple[Cases, list[Averaged]]:
        """The net itself, and what is averaged on it."""
        return self._on(make_cases(self.plan, self.inner, self.seed))

    @cached_property
    def _every(self) -> list[tuple[Cases, list[Averaged]]]:
        numbers = range(1, 1 + OTHER_NETS)
        return [self.own, *(self._on(other_cases(self.plan, self.inner, self.seed, n)) for n in numbers)]

    def _on(self, cases: Cases) -> tuple[Cases, list[Averaged]]:
        return cases, list(self.model.on(cases).averaged(self.unknown))

    def wider(self, place: int, excess: float) -> float:
        """Return by what factor the interval of one quantity is wider than the net's own scrambles tell."""
        # no product by BLAS, whose last bits depend on how many rows there are
        parts = np.array(
            [
                np.einsum("dc,sc->ds", found[place].values, cases.weights(found[place].reads))
                for cases, found in self._every
            ]
        )
        parts /= unit_of(parts)
        spread = np.sqrt(parts.var(axis=2, ddof=1).mean(axis=0) / SCRAMBLES)
        reach = student(len(parts) * (SCRAMBLES - 1), excess / (len(parts) * self.inner))
        return _median_ratio(reach * spread, half_widths(parts[0]))


def _median_ratio(wanted: FloatArray, told: FloatArray) -> float:
    """Return by what factor some errors are larger than what is told of them; 1 where nothing is."""
    with np.errstate(all="ignore"):
        factors = wanted / told
    return float(np.median(factors[np.isfinite(factors)])) if np.isfinite(factors).any() else 1.0


COUNTS = 0.01
"""Error of a net, in standard deviations of the draws, from which on other nets are asked for it."""

AT_ENDS = (0.0125, 0.0375, 0.45, 0.55, 0.9625, 0.9875)
"""Ranks of draws in which other nets are asked for quantiles of the cases."""

JUMP = 10.0
"""How many times as many ranks as usual a draw moves over a jump from one net to another."""

COUNTED = 0.25
"""The least that it moves there, as a share of the draws."""

PLACES = 20
"""Draws from the lowest to the highest in which they are."""


@dataclass(frozen=True, eq=False)
class NetErrors:
    """What a net gets wrong in draws of some values, as other nets tell.

    Parameters
    ----------
    whole
        What makes the draws.
    inner
        Cases of each net.
    drawn
        What was drawn of each measure, with all scrambles, and without each of them, shape (measures,
        versions, draws).
    wider
        By average the most by which its interval may be wider than the net's own scrambles tell.
    """

    plan: Scenario
    whole: Simulation
    model: CaseModel | CaseFunction
    inner: int
    seed: int
    drawn: FloatArray
    wider: Mapping[Measure, float]

    @cached_property
    def _inputs(self) -> FloatArray | None:
        return outer_inputs(self.plan, self.whole)

    @cached_property
    def _nets(self) -> list[Cases]:
        return self._of_size(self.inner)

    def _of_size(self, size: int) -> list[Cases]:
        return [other_cases(self.plan, size, self.seed, number) for number in range(1, 1 + OTHER_NETS)]

    @cached_property
    def _size(self) -> int:
        """Cases that other nets of averages have: more where as many may all miss a few large ones."""
        # as whether an average settles is looked at: what is found then is kept
        looked = self.model.on(make_cases(self.plan, CASES, LOOK))
        unknown = few_unknown(self.plan, DRAWS, LOOK)
        told = [kurtosis_of_cases(looked.cases, each) for each in looked.averaged(unknown)]
        if max(told, default=0.0) <= HEAVY_TAIL * self.inner:
            return self.inner
        return max(min(MORE * self.inner, MOST), self.inner)

    @cached_property
    def _places(self) -> dict[int, NDArray[np.intp]]:
        """By average of which other nets are asked, the draws in which they are: where it counts at all."""
        model = self.model
        found: dict[int, NDArray[np.intp]] = {}
        if not isinstance(model, CaseModel) or self.plan.study.meter is not None:
            return found
        at = np.sin(np.pi / 2 * (np.arange(PLACES) + 0.5) / PLACES) ** 2
        for place, measure in enumerate(model.measures):
            if measure.statistic == "average":
                drawn = self.drawn[place] / unit_of(self.drawn[place])
                own = np.sqrt(parts_of(drawn).var(axis=0, ddof=1) / SCRAMBLES)
                if max(self._wider(place), 1) * own.max() > COUNTS * drawn[0].std():
                    found[place] = np.argsort(drawn[0])[(at * drawn.shape[1]).astype(int)]
        return found if found and self._inputs is not None else {}

    def _wider(self, place: int) -> float:
        return self.wider.get(self.model.measures[place], 1.0)

    @cached_property
    def _others(self) -> dict[int, FloatArray]:
        """Each of these averages in its draws, of other nets, shape (nets, versions, draws) each."""
        model = self.model
        found: dict[int, FloatArray] = {}
        if not isinstance(model, CaseModel) or self._inputs is None:
            return found
        averages = [place for place, each in enumerate(model.measures) if each.statistic == "average"]
        # those that are made of the same averages are found by one program
        alike: dict[tuple[int, ...], list[int]] = {}
        for place, behind in zip(averages, model.behind, strict=True):
            if place in self._places:
                alike.setdefault(behind, []).append(place)
        for places in alike.values():
            rows = np.concatenate([self._places[place] for place in places])
            every = np.empty((OTHER_NETS, len(places) * VERSIONS, rows.size))
            alone = model.only([model.measures[place] for place in places])
            for cases, out in zip(self._of_size(self._size), every, strict=True):
                alone.on(cases, VERSIONS).run(self._inputs[:, rows], out)
            each = every.reshape(OTHER_NETS, len(places), VERSIONS, len(places), PLACES)
            found |= {place: each[:, number, :, number] for number, place in enumerate(places)}
        return found

    def of(self, place: int) -> tuple[Least, float]:
        """Return the least error that an average has by the value of a draw.

        Returns
        -------
        tuple
            The error, and by what factor the interval is wider: the most where that counts for nothing.
        """
        if place not in self._places:
            return NOTHING, self._wider(place)
        unit = unit_of(self.drawn[place])
        drawn, rows, others = self.drawn[place] / unit, self._places[place], self._others[place] / unit
        parts = parts_of(drawn)
        # as the draws lie between them, what is found in these few counts for the mean, and of the standard
        # deviation for what is linear in them
        counts = np.sin(np.pi * (np.arange(PLACES) + 0.5) / PLACES)
        counts /= counts.sum()
        apart = drawn[0, rows] - counts @ drawn[0, rows]
        spread = math.sqrt(counts @ apart**2)
        # draws that agree have no spread that could err
        moments = counts * np.array([np.ones(PLACES), apart / spread if spread else np.zeros(PLACES)])
        every = np.concatenate([parts[:, rows], *map(parts_of, others)]).reshape(-1, SCRAMBLES, PLACES)
        every = np.concatenate([every, every @ moments.T], axis=2)
        middles = every.mean(axis=1)
        # what a net gets wrong is taken to fall with the square root of the cases
        more = self._size / self.inner
        variances = every.var(axis=1, ddof=1) * np.array([1.0, *OTHER_NETS * [more]])[:, None]
        pooled = np.sqrt(variances.mean(axis=0) / SCRAMBLES)
        # the others err, too, half as much; where they have more cases the interval reaches beyond them
        wide = ERRORS_WIDE if more == 1 else ERRORS_WIDE / BEYOND
        away = np.hypot((middles[0] - middles[1:].mean(axis=0)) / wide, pooled / math.sqrt(more * OTHER_NETS))
        errors = np.maximum(pooled * student(len(every) * (SCRAMBLES - 1)) / ERRORS_WIDE, away)
        told = half_widths(parts[:, rows].T) / ERRORS_WIDE
        *each, of_mean, of_sd = (unit * errors).tolist()
        return Least((unit * drawn[0, rows]).tolist(), each, of_mean, of_sd), _median_ratio(
            errors[:PLACES], told
        )

    def of_quantile(self, place: int) -> Least:
        """Return the same of a quantile of the cases, of which scrambles tell too little.

        A quantile lies between two cases, which leaving out others often leaves where they are.
        """
        if place not in self._quantiles:
            return NOTHING
        every = self._quantiles[place]
        unit = unit_of(every)
        spread = unit * (every / unit).std(axis=0, ddof=1)
        away = np.hypot((every[0] - every[1:].mean(axis=0)) / ERRORS_WIDE, spread / math.sqrt(OTHER_NETS))
        errors = np.maximum(spread * student(OTHER_NETS) / ERRORS_WIDE, away)
        # other nets put a jump in another place, between few draws that then have another rank among all
        ranks = np.searchsorted(np.sort(self.drawn[place, 0]), every) / self.drawn.shape[2]
        moved = np.abs(ranks[1:] - ranks[0])
        far = moved > max(JUMP * np.median(moved), COUNTED)
        ends = len(AT_ENDS)
        # where cases go in steps, all nets may agree at the ends and differ between them
        of_mean = max(errors[:ends].mean(), errors[ends:].mean())
        # how far the draws between the ends lie apart differs from net to net, too
        apart = (every[:, ends:] / unit).std(axis=1)
        of_sd = float(unit) * max(
            float(apart.std(ddof=1)) * student(OTHER_NETS) / ERRORS_WIDE,
            float(abs(apart[0] - apart[1:].mean())) / ERRORS_WIDE,
        )
        least = Least(every[0, :ends].tolist(), errors[:ends].tolist(), float(of_mean), of_sd)
        return least._replace(of_rank=float(far.mean()))

    @cached_property
    def _quantiles(self) -> dict[int, FloatArray]:
        """Return each quantile in a few draws, of this net and of others, shape (nets, draws) each."""
        model = self.model
        found: dict[int, FloatArray] = {}
        if not isinstance(model, CaseModel) or self.plan.study.meter is not None or self._inputs is None:
            return found
        by_output: dict[str, list[int]] = {}
        for place, measure in enumerate(model.measures):
            if measure.statistic == "quantile":
                by_output.setdefault(measure.output, []).append(place)
        for places in by_output.values():
            # the draws of all quantiles of an output, whose cases are put in order once
            own = self.drawn[places, 0]
            ranks = np.array([*AT_ENDS, *(np.arange(PLACES) + 0.5) / PLACES])
            rows = np.argsort(own, axis=1)[:, (ranks * own.shape[1]).astype(int)]
            every = np.empty((1 + OTHER_NETS, len(places), *rows.shape))
            every[0] = np.take_along_axis(own, rows, axis=1)
            alone = model.only([model.measures[place] for place in places])
            for cases, out in zip(self._nets, every[1:], strict=True):
                alone.on(cases).run(self._inputs[:, rows.ravel()], out.reshape(len(places), -1))
            found |= {place: every[:, each, each] for each, place in enumerate(places)}
        return found


def parts_of(drawn: FloatArray) -> FloatArray:
    """Return what each scramble tells, from all of them and without each, along the first axis."""
    return np.asarray(SCRAMBLES * drawn[0] - (SCRAMBLES - 1) * drawn[1:])
