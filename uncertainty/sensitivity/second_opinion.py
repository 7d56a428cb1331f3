"""SALib's own Sobol' analysis of a study, beside ours: its sampler, its estimators and its bootstrap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.agreement import Told, contradiction
from uncertainty.budgets import beyond
from uncertainty.errors import NonFiniteError
from uncertainty.late import dataclass
from uncertainty.numbers import index as written
from uncertainty.records import Frozen, brief
from uncertainty.results import record
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sensitivity.salib import problem_of
from uncertainty.sensitivity.sobol.design import correlated_with
from uncertainty.sensitivity.sobol.results import FIRST, TOTAL, Attribution, Index
from uncertainty.study.cells import inputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from uncertainty.sensitivity.sobol.results import OutputIndices, Share, SobolIndices
    from uncertainty.study.model import Scale

BASE_POINTS = 2**12
"""Base points of the second opinion: a power of two, as SALib's sampler wishes."""

MATTERS = 0.01
"""Difference up to which nobody would act otherwise."""

GAPS = "some of its draws have no value, and SALib has no way to leave these out"


@record("indices", "base_points", "model_rows", "seed", "disagreements", "withheld?")
@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The indices of one output as SALib estimates them.

    Parameters
    ----------
    output, scale
        Which output, and whether its logarithm was looked at.
    own
        The program's own indices.
    indices
        By input or correlated set, the largest total index first, each with SALib's bootstrap interval.
    base_points, model_rows
        Base points of SALib's sample, and model runs that were made for it.
    seed
        Of SALib's sample and bootstrap: one more than the run's, since SALib reads 0 as no seed.
    withheld
        Why there is no opinion, where there is none.
    """

    output: str
    scale: Scale
    own: Mapping[str, Index]
    indices: Mapping[str, Index]
    base_points: int
    model_rows: int
    seed: int
    withheld: str = ""

    __repr__ = brief

    @property
    def disagreements(self) -> tuple[str, ...]:
        """A sentence for each index that differs from the program's own by more than their errors."""
        return self.disagreements_of(str)

    @property
    def within_errors(self) -> bool:
        """Whether no index differs from the program's own by more than their errors, however little."""
        return not self.disagreements_of(str, matters=0.0)

    def disagreements_of(self, named: Callable[[str], str], *, matters: float = MATTERS) -> tuple[str, ...]:
        """Return the same, in which inputs are called by `named`, of what differs by more than `matters`."""
        both = [(named(key), own, self.indices[key]) for key, own in self.own.items() if key in self.indices]
        said = [
            _disagreement(f"{index} of {name}", *shares, matters)
            for name, one, other in both
            for index, shares in ((FIRST, (one.first, other.first)), (TOTAL, (one.total, other.total)))
        ]
        return tuple(filter(None, said))

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.sobol.results.listing`."""
        for key, row in self.indices.items():
            yield Attribution(self.output, self.scale, "input by SALib", key, row)


def second_opinion(found: SobolIndices, output: str, *, base_points: int = BASE_POINTS) -> SecondOpinion:
    """Have SALib analyse an output that was analysed, from a sample of its own.

    Correlated inputs are one group for SALib, as they are one set here.

    Parameters
    ----------
    base_points
        A power of two; of a Python function fewer, by the rows that are run of it beside the samples.

    References
    ----------
    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Herman & Usher 2017, doi:10.21105/joss.00097.
    """
    ours, seed = found.outputs[output], found.settings.seed + 1

    def withheld(reason: str) -> SecondOpinion:
        return SecondOpinion(output, ours.scale, ours.indices, Frozen(), 0, 0, seed, withheld=reason)

    if reason := _withheld_because(found, ours):
        return withheld(reason)
    each = len(ours.indices) + 2
    rows = beyond(found.study, found.settings, base_points * each, 1.0)
    base_points = 1 << (rows // each).bit_length() - 1
    plan = over_unknown(found.scenario, [output], found.settings.seed)
    # one that this output does not need has a column, too: at its median, others would vary less
    partners = correlated_with(plan)
    sets = {
        key: tuple({each for name in inputs_of(found.study, key) for each in partners.get(name, (name,))})
        for key in ours.indices
    }
    problem = problem_of(plan, (output,), (ours.scale,), sets, found.settings.seed)
    problem.sample_sobol(base_points, calc_second_order=False, seed=seed)
    try:
        problem.evaluate()
    except NonFiniteError:
        return withheld(GAPS)
    problem.analyze_sobol(calc_second_order=False, conf_level=found.settings.level, seed=seed)
    columns = (problem.analysis[name].tolist() for name in (FIRST, "S1_conf", TOTAL, "ST_conf"))
    theirs = {
        key: Index(s1, (s1 - half, s1 + half), st, (st - wide, st + wide))
        for key, s1, half, st, wide in zip(dict.fromkeys(problem["groups"]), *columns, strict=True)
    }
    ranked = Frozen(dict(sorted(theirs.items(), key=lambda item: -item[1].total.value)))
    return SecondOpinion(output, ours.scale, ours.indices, ranked, base_points, len(problem.samples), seed)


def _withheld_because(found: SobolIndices, ours: OutputIndices) -> str:
    """Say why SALib cannot be asked; nothing if it can."""
    if found.settings.budget is not None:
        return "its model runs would be beyond the budget"
    if found.choices_as_inputs:
        return "choices were taken as inputs, which SALib does not know"
    if ours.reason:
        return ours.reason
    if len(ours.indices) < 2:
        return "a single input, or set of correlated ones, explains everything"
    return GAPS if ours.dropped else ""


def _disagreement(what: str, own: Share, other: Share, matters: float) -> str:
    """Say that two estimates of an index contradict each other, and that the more precise one is better."""
    told = Told("here", *own), Told("by SALib", *other)
    better, worse = sorted(told, key=lambda each: each.interval[1] - each.interval[0])
    because = (
        "its error is the smaller one; of many pairs some differ so by chance, or one error is too small"
    )
    return contradiction(what, better, worse, because, matters=matters, write=written)
