"""One output of many scenarios of a study, on common random numbers.

Every input has one column of uniforms for all scenarios. Each distribution that some scenario gives an input
is applied to that column once a block; each model is compiled once and run on the columns that it needs, so
that a thousand scenarios cost little more than their arithmetic. Scenarios that come to the same model and
the same distributions are run once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.response import compile_reaching
from uncertainty.compiled import EquationModel
from uncertainty.sampling.copula import continuous_targets, copula_of
from uncertainty.sampling.designs import blocks, make_design, uniforms
from uncertainty.sampling.engine import make_engine, spans
from uncertainty.sampling.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from uncertainty.compiled import Model
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.copula import Copula
    from uncertainty.sampling.designs import Design
    from uncertainty.sampling.engine import Engine, Span
    from uncertainty.study.model import Correlation
    from uncertainty.study.scenario import Scenario

MOST_BYTES = 2**28
"""Memory for draws that are kept at a time."""

SPAN = 4
"""Blocks that a thread takes at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class Member:
    """A model, and which of the ensemble's columns it reads."""

    model: Model
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Many scenarios, ready to run together.

    Parameters
    ----------
    scenarios
        In the order in which they were given.
    members
        The distinct ones among them.
    member_of
        For each scenario the number of its member.
    copulas
        Those that the scenarios have: what varies, and which values of it occur more than once, may differ.
    rows
        For each column of input values the row that it comes from, of the design's own and after them those
        that each copula correlates.
    sampler
        Turns the rows of the columns into input values.
    """

    scenarios: tuple[Scenario, ...]
    members: tuple[Member, ...]
    member_of: tuple[int, ...]
    copulas: tuple[Copula, ...]
    rows: tuple[int, ...]
    sampler: Simulation

    @property
    def design(self) -> Design:
        """Where the scenarios are drawn."""
        return self.sampler.design

    def draw(
        self, threads: int | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[range, FloatArray]]:
        """Yield the draws of some members at a time, shape (members, samples); the array is reused.

        Parameters
        ----------
        progress
            Called with the rows done and the rows there are, over all members.
        """
        engine = make_engine(threads, turns=self.scenarios[0].study.turns)
        at_once = max(1, MOST_BYTES // (8 * self.design.samples))
        drawn = np.empty((min(at_once, len(self.members)), self.design.samples))
        total = self.design.samples * -(-len(self.members) // at_once)
        for first in range(0, len(self.members), at_once):
            chosen = range(first, min(first + at_once, len(self.members)))
            self._fill(drawn, chosen, engine)
            if progress is not None:
                progress(min((first // at_once + 1) * self.design.samples, total), total)
            yield chosen, drawn[: len(chosen)]

    def _fill(self, drawn: FloatArray, chosen: range, engine: Engine) -> None:
        members = [self.members[number] for number in chosen]
        # one workspace serves every model: what a model leaves in it means nothing to the next
        slots = max(m.model.tape.slots if isinstance(m.model, EquationModel) else 0 for m in members)

        def run(span: Span) -> None:
            workspace = np.empty((slots, self.design.block_rows))
            stop = span[0] * self.design.block_rows
            for columns in self._columns(span):
                start, stop = stop, stop + columns.shape[1]
                for number, member in enumerate(members):
                    memory = workspace if isinstance(member.model, EquationModel) else None
                    member.model.run(columns[member.columns], drawn[number : number + 1, start:stop], memory)

        for _ in engine.map(run, spans(blocks(self.design), SPAN)):
            pass

    def _columns(self, span: Span) -> Iterator[FloatArray]:
        """Yield the input values of each block, shape (columns, rows)."""
        for block in uniforms(self.design, *span):
            drawn = [block]
            for copula in self.copulas:
                correlated = block.copy()
                copula.apply(correlated)
                drawn.append(correlated[list(copula.rows)])
            yield self.sampler.transform(np.concatenate(drawn)[list(self.rows)])


def make_ensemble(
    scenarios: Sequence[Scenario], output: str, samples: int, seed: int, design: str
) -> Ensemble:
    """Prepare scenarios of one study to be run together.

    Parameters
    ----------
    output
        The one output that is wanted of each.
    samples, seed, design
        As in `Settings`.
    """
    study = scenarios[0].study
    dependence = _Dependence([n for n in study.inputs if any(n in plan.varying for plan in scenarios)])
    # where a run of one scenario has them, so that a universe has the numbers of its run
    places_of = {name: place for place, name in enumerate(study.inputs)}
    columns: dict[tuple[int, Distribution], int] = {}
    members: list[Member] = []
    numbers: dict[Any, int] = {}
    member_of = []
    for plan in scenarios:
        own, model = compile_reaching(plan, output, fixed=False)
        row_of = dependence.rows(plan)
        places = [columns.setdefault((row_of[n], plan.distributions[n]), len(columns)) for n in own]
        key = (model.tape, *places) if isinstance(model, EquationModel) else id(plan)
        if key not in numbers:
            numbers[key] = len(members)
            members.append(Member(model, np.array(places, np.intp)))
        member_of.append(numbers[key])
    sampler = Simulation(
        inputs=tuple(dependence.inputs[row] for row, _ in columns),
        distributions=tuple(distribution for _, distribution in columns),
        copula=None,
        model=members[0].model,
        design=make_design(
            design,
            tuple(dependence.varying),
            samples,
            seed,
            tuple(places_of[name] for name in dependence.varying),
        ),
    )
    return Ensemble(
        tuple(scenarios),
        tuple(members),
        tuple(member_of),
        tuple(dependence.copulas.values()),
        tuple(row for row, _ in columns),
        sampler,
    )


class _Dependence:
    """The copulas of scenarios so far, and the rows that they add to those of the design.

    Parameters
    ----------
    varying
        The inputs that have a row of the design.
    """

    def __init__(self, varying: Sequence[str]) -> None:
        self.varying = varying
        self.inputs = list(varying)
        self.copulas: dict[tuple[Correlation, ...], Copula] = {}
        self._first: dict[tuple[Correlation, ...], int] = {}

    def rows(self, plan: Scenario) -> Mapping[str, int]:
        """Return the row of each input that varies in a scenario, as a run of it would correlate them."""
        found = {name: row for row, name in enumerate(self.varying)}
        marginals = {name: plan.distributions[name] for name in plan.varying}
        pairs = continuous_targets(plan.study.correlations, marginals, plan.study.file)
        if not pairs:
            return found
        if pairs not in self.copulas:
            self._first[pairs] = len(self.inputs)
            self.copulas[pairs] = copula_of(pairs, self.varying, plan.study.file)
            self.inputs += [self.varying[row] for row in self.copulas[pairs].rows]
        correlated = self.copulas[pairs].rows
        return found | {self.varying[row]: self._first[pairs] + n for n, row in enumerate(correlated)}
