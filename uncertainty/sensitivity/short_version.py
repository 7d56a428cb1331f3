"""The short version of a calculation: the few inputs that explain most of an output's spread."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Unpack

from uncertainty.budgets import afford, apart, beyond, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.errors import NonFiniteError, SettingError
from uncertainty.late import dataclass
from uncertainty.propagation import propagate
from uncertainty.records import Frozen, view
from uncertainty.results import record
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.estimate import Ends, Estimate
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.sensitivity.pilot import FEWEST
from uncertainty.sensitivity.sobol.analysis import SAMPLES, TOLERANCE, sobol
from uncertainty.sensitivity.sobol.design import Exchanges
from uncertainty.sensitivity.sobol.problem import prepare
from uncertainty.sensitivity.sobol.replicates import add_until_known
from uncertainty.sensitivity.sobol.results import Share
from uncertainty.sensitivity.sobol.summary import ALL, answer
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.cells import inputs_of
from uncertainty.study.hierarchy import median
from uncertainty.study.one_score import as_one
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions.conditional import Conditional
    from uncertainty.sampling.workers.engine import Engine
    from uncertainty.sensitivity.sobol.results import Interval, SobolIndices
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario

SHARES = (0.8, 0.95)

DRAWS = 2**18
"""Draws of each shortened calculation; of averages over cases fewer leave ends that are 20 % off."""

MOST_SETS = 128
"""Sets of one size that are looked at; where there may be more, the growing set stands as it is."""

MOST_INPUTS = 50
"""Inputs and correlated sets that the growing set takes in; a version with more of them is not short."""

TOO_MANY = f"more than {MOST_INPUTS} inputs are needed"

Keys = tuple[str, ...]
"""Inputs and correlated sets."""


NO_NUMBER = Estimate(math.nan, None)

NO_ENDS = Ends(NO_NUMBER, NO_NUMBER)


@record("inputs", "closed", "median=middle", "**ends", "reason?")
@dataclass(frozen=True, slots=True)
class Shortened:
    """A set of inputs that explains a share of the variance, and what is left when the rest is fixed.

    Parameters
    ----------
    inputs
        The inputs that stay uncertain; empty where the largest `MOST_INPUTS` do not explain the share.
    closed
        Their closed index, or that of the largest `MOST_INPUTS`.
    middle, ends
        The output's median and the ends of its interval, with all other inputs at their medians.
    reason
        Why there is no such output, where there is none.
    """

    inputs: tuple[str, ...]
    closed: Share
    middle: Estimate = NO_NUMBER
    ends: Ends = NO_ENDS
    reason: str = ""

    @property
    def median(self) -> float:
        """The median alone."""
        return self.middle.value

    @property
    def interval(self) -> Interval:
        """The ends of the interval alone."""
        return self.ends.values


@dataclass(frozen=True, slots=True)
class ShortVersion:
    """What a few inputs say of an output.

    Parameters
    ----------
    closed
        The closed index after each further input or correlated set, in the order in which they were added.
    middle, ends
        The output's median and the ends of its interval, with everything uncertain.
    shortened
        By the share of the variance that was asked for.
    reason
        Why there is nothing to shorten, where there is nothing.
    """

    output: str
    scale: Scale
    closed: Mapping[str, Share]
    middle: Estimate
    ends: Ends
    shortened: Mapping[float, Shortened]
    reason: str = ""

    @property
    def median(self) -> float:
        """The median alone."""
        return self.middle.value

    @property
    def interval(self) -> Interval:
        """The ends of the interval alone."""
        return self.ends.values

    @property
    def table(self) -> Table:
        """One row a share of the variance; the inputs that stay uncertain are joined by blanks."""
        rows = [
            {
                "share": share,
                "inputs": " ".join(found.inputs),
                "closed": found.closed.value,
                "median": found.median,
                "low": found.interval[0],
                "high": found.interval[1],
                "reason": found.reason,
            }
            for share, found in self.shortened.items()
        ]
        return Table.of_rows("short_version", rows, about={"output": self.output, "scale": self.scale})

    _repr_html_ = view


@checked(Settings)
@budgeted
def short_version(
    study: Study,
    *,
    output: str | None = None,
    shares: tuple[float, ...] = SHARES,
    tolerance: float = TOLERANCE,
    indices: SobolIndices | None = None,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> ShortVersion:
    """Find the smallest set of inputs that explains a share of an output's variance.

    Inputs are added in the order of their total indices, and the closed index of what has been added
    (Saltelli et al. 2008, doi:10.1002/9780470725184, 4.6) tells when to stop; then every smaller set that may
    explain as much is looked at.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    shares
        Shares of the variance to explain, between 0 and 1.
    indices
        Sobol' indices of the output under the same settings, if they are at hand.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        As in `sobol`; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `sobol` does.
    """
    if not all(0 < share < 1 for share in shares):
        raise SettingError("shares: expected numbers between 0 and 1")
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    name = output or study.headline
    how: dict[str, Any] = {"threads": threads, "engine": engine, "scheduler": scheduler}
    study = keeping(study, cache)
    afford(settings, fewest_rows(study, len(shares)), "a short version")
    if indices is None:
        # half for the indices, and of the other half a part for each thing that is run after them
        settings = apart(settings, 2)
    found = indices or sobol(study, output=name, tolerance=tolerance, settings=settings, **how)
    # that of the indices counts and keeps what is run after them
    plan = over_unknown(replace(found.scenario, study=_as_run(found, study)), [name], found.settings.seed)
    found = replace(found, study=study, scenario=plan)
    settings = apart(settings, 2 + len(shares))
    if found.choices_as_inputs:
        raise SettingError("short version: choices cannot be inputs here, since they have no median")
    search = _Search(found, name, tolerance, make_engine(**how, turns=study.turns), settings)
    growing = search.growing()
    asked = replace(settings, samples=Unasked(beyond(study, settings, DRAWS, 1 / (1 + len(shares)))))
    shortened = {}
    middle, ends, reason = _told(study, name, asked, how)
    for share in shares if growing else ():
        kept, closed = search.smallest(share, growing)
        if closed.value < share and len(kept) < len(search.totals):
            shortened[share] = Shortened((), closed, reason=TOO_MANY)
        else:
            shortened[share] = _shorten(found, name, kept, closed, asked, how) or Shortened(
                as_one(found.scenario, kept), closed, middle, ends, reason
            )
    return ShortVersion(
        name,
        found.outputs[name].scale,
        Frozen({keys[-1]: closed for keys, closed in growing.items()}),
        middle,
        ends,
        Frozen(shortened),
        found.outputs[name].reason or ("" if shortened else reason),
    )


def _as_run(found: SobolIndices, study: Study) -> Study:
    """Return the study that indices were found of, with what counts and keeps the rows of another."""
    return replace(found.scenario.study, meter=study.meter, cache=study.cache)


def fewest_rows(study: Study, shares: int = len(SHARES)) -> int:
    """Return the model rows that a short version takes at least: a pilot and a few points for each part."""
    return 2 * (2 + shares) * (FEWEST + FEWEST_REPLICATES * (2 + len(study.inputs)))


def able_sets(totals: Mapping[str, float], size: int, share: float) -> Iterator[Keys]:
    """Yield the sets of `size` keys whose total indices add up to a share, in the order of `combinations`.

    Parameters
    ----------
    totals
        The total indices, the largest first. A set that is begun is left as soon as the largest that may
        follow do not reach the share, so each set costs `size` steps however many there are.
    """
    keys, values = list(totals), list(totals.values())

    def begun(first: int, left: int, kept: Keys, reached: float) -> Iterator[Keys]:
        if not left:
            yield kept
            return
        for i in range(first, len(keys) - left + 1):
            if reached + sum(values[i : i + left]) < share:
                return
            yield from begun(i + 1, left - 1, (*kept, keys[i]), reached + values[i])

    return begun(0, size, (), 0.0)


def _shorten(
    found: SobolIndices, output: str, keys: Keys, closed: Share, settings: Settings, how: dict[str, Any]
) -> Shortened | None:
    """Run the calculation with all inputs but some at their medians; None where there are no others."""
    plan = found.scenario
    kept = dict.fromkeys(name for key in keys for name in inputs_of(plan.study, key))
    fixed = {n: _at_median(plan, n) for n in plan.varying if n not in kept}
    if not fixed:
        return None
    asked = replace(settings, overrides={**settings.overrides, **fixed})
    # the medians of the others together may be a place where no draw lies
    return Shortened(as_one(plan, kept), closed, *_told(found.study, output, asked, how))


def _told(study: Study, output: str, settings: Settings, how: dict[str, Any]) -> tuple[Estimate, Ends, str]:
    """Return an output's median and ends, and why there are none where so few draws allow none."""
    try:
        run = propagate(study, outputs=[output], settings=settings, **how).outputs[output]
    except NonFiniteError as error:
        # what more samples are offered for is no analysis that the caller asked for
        reason = "; ".join(fault.message.split("; `--samples")[0] for fault in error.faults)
        return NO_NUMBER, NO_ENDS, reason
    return run.middle, run.ends, ""


@dataclass(frozen=True, slots=True)
class _Search:
    """Closed indices of sets of inputs, estimated when they are looked at."""

    found: SobolIndices
    output: str
    tolerance: float
    engine: Engine
    settings: Settings

    @property
    def totals(self) -> dict[str, float]:
        """The total indices of inputs and correlated sets, the largest first."""
        return {k: v for k, i in self.found.outputs[self.output].indices.items() if (v := i.total.value) > 0}

    def growing(self) -> dict[Keys, Share]:
        """Return the closed index of the input with the largest total index, of the first two, and so on."""
        ranked = list(self.totals)[:MOST_INPUTS]
        return self.closed([tuple(ranked[: i + 1]) for i in range(len(ranked))])

    def smallest(self, share: float, growing: Mapping[Keys, Share]) -> tuple[Keys, Share]:
        """Return a set of as few inputs as can be that explains a share of the variance.

        A set explains at most the sum of its total indices, so few sets that are smaller than the first
        growing one that is enough need to be looked at.
        """
        kept = next((keys for keys, closed in growing.items() if closed.value >= share), list(growing)[-1])
        totals = self.totals
        # other sets than the growing ones are left out where there is a budget
        for size in range(1, len(kept) if self.settings.budget is None else 1):
            able = list(islice(able_sets(totals, size, share), MOST_SETS + 1))
            if len(able) > MOST_SETS:
                break
            enough = {keys: c for keys, c in self.closed(able).items() if c.value >= share}
            if enough:
                return max(enough.items(), key=lambda item: item[1].value)
        return kept, growing[kept]

    def closed(self, sets: Sequence[Keys]) -> dict[Keys, Share]:
        """Estimate the closed index of some sets."""
        if not sets:
            return {}
        varying, level = self.found.scenario.varying, self.settings.level
        study = self.found.study
        members = [{name for key in keys for name in inputs_of(study, key)} for keys in sets]
        prefixes = {str(i): tuple(n for n in varying if n in names) for i, names in enumerate(members)}
        exchanges = Exchanges(Frozen(prefixes), Frozen(), Frozen())
        scale = self.found.outputs[self.output].scale
        problem = prepare(self.found.scenario, (self.output,), self.settings, exchanges, scale=scale)
        sums = add_until_known(problem, self.tolerance, level, self.engine, None)
        known = answer(problem, sums, level).first
        halves = known.half[:, 0].tolist()
        # all that moved a draw explain everything, whatever their estimate
        every = set(self.totals)
        return {
            keys: ALL if every <= set(keys) else Share(value, (value - half, value + half))
            for keys, value, half in zip(sets, known.value[:, 0].tolist(), halves, strict=True)
        }


def _at_median(plan: Scenario, name: str) -> float | Conditional:
    """Return what leaves an input at its median, whatever its parameters."""
    dependent = plan.dependent.get(name)
    if dependent is not None and dependent.given is not None:
        return dependent.given.at_score(0.5)
    return median(plan.distributions[name])
