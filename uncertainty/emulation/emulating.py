"""A study whose function is an emulator: sparse polynomial chaos on the scores of its inputs."""

from __future__ import annotations

from dataclasses import field, fields, replace
from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

import numpy as np

from uncertainty.budgets import budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import evaluate_at_points, wanted_outputs
from uncertainty.distributions import Normal
from uncertainty.emulation.chaos import EXACT, Chaos, fit_chaos
from uncertainty.emulation.germs import Germ, make_germ
from uncertainty.emulation.jumps import RUNS, jump_between
from uncertainty.errors import Fault, SettingError, StudyError
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief
from uncertainty.sampling.designs import LatinHypercubeDesign
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.simulation import Simulation, simulate
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.correlation import among
from uncertainty.study.emulator import Emulated, Emulator
from uncertainty.study.fingerprint import fingerprint
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import AS_PUBLISHED, Input, Quantity, Reading, Study

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.settings import Progress
    from uncertainty.study.scenario import Scenario

RUNS_OF_FUNCTION = Unasked(400)
"""Runs of the function unless others are asked for; a smaller budget lowers them."""

WANTED_Q2 = 0.99
"""Q² at which no more runs are added."""

LEAST_Q2 = 0.9
"""Q² below which an emulator is refused."""

BESIDE = RUNS + 1
"""Runs beside those that the polynomials are fitted to: in search of jumps, and one at the inputs' points."""

FEWEST_RUNS = 2 * BESIDE

MOST_NAMED = 3
"""Inputs whose values say where a function jumps."""

MOST_SIZE = 1e120
"""Largest value, and one over the smallest, of which what is left can be squared."""


@dataclass(frozen=True, eq=False, slots=True)
class EmulatedFunction:
    """A function that gives what an emulator makes of the inputs, and what it may miss.

    Parameters
    ----------
    germs
        By input that varies.
    chaoses
        By output.
    logarithmic
        The outputs whose logarithm is emulated.
    residuals
        By output, the input that is what the emulator misses.
    points, at_points
        The points of the inputs, and what the function gave there.
    """

    germs: Mapping[str, Germ]
    chaoses: Mapping[str, Chaos]
    logarithmic: frozenset[str]
    residuals: Mapping[str, str]
    points: Mapping[str, float] = field(default_factory=Frozen)
    at_points: Mapping[str, float] = field(default_factory=Frozen)

    __repr__ = brief

    @property
    def degrees(self) -> list[int]:
        """The highest degree of each input that varies, 0 of those that the outputs do not depend on."""
        each = [chaos.degrees for chaos in self.chaoses.values()]
        return [max(degrees.get(place, 0) for degrees in each) for place in range(len(self.germs))]

    def __call__(self, **values: FloatArray) -> dict[str, FloatArray]:
        """Return the outputs, each of shape (rows,), nan where nothing is known of the function."""
        rows = len(next(iter(values.values())))
        seen = np.full(rows, bool(self.points))
        for name, point in self.points.items():
            seen &= values[name] == point
        polynomials = [
            germ.up_to(degree, germ.at(values[name])) if degree else []
            for (name, germ), degree in zip(self.germs.items(), self.degrees, strict=True)
        ]
        found = {}
        for name, chaos in self.chaoses.items():
            emulated = chaos.of(polynomials, rows)
            if name in self.residuals:
                emulated += values[self.residuals[name]]
            found[name] = np.power(10.0, emulated) if name in self.logarithmic else emulated
            if name in self.at_points:
                found[name][seen] = self.at_points[name]
        return found


class Emulation(Study):
    """A study in place of a function: an emulator of it, and how well it does.

    What the emulator leaves of runs that it has not seen is an input of its own, so that every interval and
    every share of the spread has it. `emulator` tells how well each output is emulated.
    """

    __slots__ = ()

    @property
    def runs(self) -> int:
        """Runs of the function that were made."""
        return cast("Emulator", self.emulator).runs

    @property
    def q2(self) -> float:
        """The share of the variance of the headline that is explained of runs that had no part in it."""
        return cast("Emulator", self.emulator).outputs[self.headline].q2

    @property
    def residual_sd(self) -> float:
        """Standard deviation of what may be left of the headline, in its unit; of a logarithm in decades."""
        return cast("Emulator", self.emulator).outputs[self.headline].residual_sd


@checked(Settings)
@budgeted
def emulate(
    study: Study,
    runs: int = RUNS_OF_FUNCTION,
    *,
    output: str | Sequence[str] | None = None,
    q2: float = WANTED_Q2,
    cache: str | Path | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Emulation:
    """Put an emulator in place of a function that takes long, or of a study's equations.

    The function is run at a Latin hypercube; its outputs, or their logarithms where these are followed
    better, become polynomials of the inputs' scores. A few of the runs tell whether the function jumps. What
    no run has met, such as a cliff far out, it knows nothing of: `emulator.unseen` says how rare that is.

    Parameters
    ----------
    runs
        Runs of the function. With `budget`, those to begin with: they are doubled until `q2` is reached or
        the budget ends.
    output
        Name or names of the outputs wanted; all of them by default.
    q2
        Share of the variance at which no more runs are added.
    cache
        A folder where the function's results are kept, so that runs that were made before are not made again.
    progress
        Called after each round of runs with those done and those there are.
    settings
        Of which the seed, the budget, the reading, choices and overrides count; or give the fields of
        `Settings` as keywords.

    Raises
    ------
    SettingError
        If a setting or a name is wrong, or nothing varies.
    StudyError
        If Q² stays below 0.9, the function jumps, inputs are shares of a whole, or the study is an emulator.
    NonFiniteError
        If an output is infinite or undefined in a run.

    References
    ----------
    Blatman & Sudret 2011, doi:10.1016/j.jcp.2010.12.021; Sudret 2008, doi:10.1016/j.ress.2007.04.002.

    Examples
    --------
    >>> import uncertainty as un
    >>> def area(width, height):
    ...     return {"area": width * height}
    >>> study = un.Study.from_function(area, inputs={"width": "2 to 3", "height": "normal(4, 0.1)"})
    >>> emulation = un.emulate(study, runs=100)
    >>> emulation.runs, emulation.q2 > 0.999
    (100, True)
    """
    settings = replace(settings or Settings(), **options)
    budget = settings.budget
    if budget is not None and isinstance(runs, Unasked):
        runs = min(runs, budget)
    _check(runs, q2, budget)
    study = keeping(study, cache)
    wanted = wanted_outputs(study, output)
    # as many rows are run as were asked for, none of them once more
    plan = settings.scenario(replace(study, first_rows=None))
    if study.emulator is not None:
        raise StudyError(
            "emulate: the study is an emulator already, and another would forget what this one misses; "
            "emulate the function itself, with more runs"
        )
    _refuse_noisy(study)
    if plan.bound:
        shares = ", ".join(plan.bound[0])
        raise StudyError(f"emulate: {shares} are shares of a whole, which an emulator cannot follow")
    if not plan.varying:
        raise SettingError("emulate: no input varies")
    sampled = _Sampled.of(plan, wanted, runs - BESIDE, settings.seed)
    # of a program it is known once it was run
    _refuse_noisy(study)
    most = (runs if budget is None else budget) - BESIDE
    while True:
        fits = {name: _fit(sampled, name) for name in wanted}
        if progress is not None:
            progress(sampled.runs + BESIDE, most + BESIDE)
        if sampled.runs >= most or min(each.chaos.q2 for each in fits.values()) >= q2:
            break
        sampled = sampled.extended(min(2 * sampled.runs, most))
    _refuse_poor(fits, sampled.runs + BESIDE, study)
    _refuse_jumps(fits, sampled, study)
    return _emulation(study, plan, sampled, fits)


def _refuse_noisy(study: Study) -> None:
    if study.is_noisy:
        raise StudyError("emulate: the function gives other numbers for equal rows; an emulator gives one")


def _check(runs: int, q2: float, budget: int | None) -> None:
    if budget is not None and budget < FEWEST_RUNS:
        raise SettingError(
            f"budget: expected at least {FEWEST_RUNS} model rows for an emulator, found {budget:,} for it"
        )
    if runs < FEWEST_RUNS:
        raise SettingError(f"runs: expected at least {FEWEST_RUNS}, found {runs:,}")
    if budget is not None and runs > budget:
        raise SettingError(f"runs: expected at most the budget of {budget:,}, found {runs:,}")
    if not LEAST_Q2 <= q2 <= 1:
        raise SettingError(f"q2: expected from {LEAST_Q2:g} to 1, found {q2:g}")


@dataclass(frozen=True, eq=False, slots=True)
class _Sampled:
    """Runs of the function.

    Parameters
    ----------
    inputs, outputs
        Shape (inputs, runs) and (outputs, runs).
    scores
        Of the inputs, shape (inputs, runs).
    """

    simulation: Simulation
    plan: Scenario
    germs: tuple[Germ, ...]
    inputs: FloatArray
    outputs: FloatArray

    @classmethod
    def of(cls, plan: Scenario, outputs: tuple[str, ...], runs: int, seed: int) -> _Sampled:
        """Run the function at a Latin hypercube."""
        simulation = simulate(plan, outputs, 1, seed, "random")
        names = tuple(f"{name} emulated" for name in simulation.inputs)
        simulation = replace(simulation, design=LatinHypercubeDesign(names, runs, 1, seed))
        germs = tuple(map(make_germ, simulation.distributions))
        nothing = np.empty((len(names), 0)), np.empty((len(outputs), 0))
        return cls(simulation, plan, germs, *nothing).extended(runs)

    @property
    def runs(self) -> int:
        """How many there are."""
        return int(self.inputs.shape[1])

    @property
    def scores(self) -> FloatArray:
        """The scores of the inputs, shape (inputs, runs)."""
        return np.array([germ.at(row) for germ, row in zip(self.germs, self.inputs, strict=True)])

    def extended(self, runs: int) -> _Sampled:
        """Return these runs and more of them."""
        simulation = replace(self.simulation, design=self.simulation.design.extended(runs))
        size = simulation.design.block_rows
        first = self.runs // size
        blocks = [block.copy() for block in simulation.input_blocks(first, -(-runs // size))]
        more = np.concatenate(blocks, axis=1)[:, self.runs - first * size : runs - first * size]
        self._meet_every_level(more)
        inputs = np.concatenate([self.inputs, more], axis=1)
        outputs = np.concatenate([self.outputs, self.run(more)], axis=1)
        return replace(self, simulation=simulation, inputs=inputs, outputs=outputs)

    def _meet_every_level(self, more: FloatArray) -> None:
        """Give the last of some runs, in place, those values of discrete inputs that no run has.

        A rare value may do anything, and an emulator knows nothing of what no run has seen.
        """
        free = iter(range(more.shape[1] - 1, -1, -1))
        for row, before, germ in zip(more, self.inputs, self.germs, strict=True):
            for value in germ.values if germ.family == "levels" else ():
                met = np.concatenate([before, row])
                place = None if value in met else next(free, None)
                if place is not None and np.count_nonzero(met == row[place]) > 1:
                    row[place] = value

    def run(self, inputs: FloatArray) -> FloatArray:
        """Run the function elsewhere; shape (outputs, runs)."""
        outputs = np.empty((len(self.outputs), inputs.shape[1]))
        self.simulation.model.run(np.ascontiguousarray(inputs), outputs)
        self.refuse_undefined(inputs, outputs)
        return outputs

    def refuse_undefined(self, inputs: FloatArray, outputs: FloatArray) -> None:
        """Refuse runs without a value: a polynomial has one everywhere."""
        simulation, names = self.simulation, self.simulation.model.outputs
        failed = FailedRows.of(simulation)
        failed.look_at(inputs, outputs)
        reaching = dict.fromkeys(names, frozenset(simulation.inputs))
        failed.raise_if_any(inputs.shape[1], reaching, self.plan.study.file)


class _FitOfOutput(NamedTuple):
    """A polynomial of an output or its logarithm."""

    chaos: Chaos
    logarithmic: bool

    def missed(self, values: FloatArray) -> float:
        """Return how far runs are missed that have no part in the fit, the same for either scale."""
        left_out = self.chaos.left_out
        found = np.power(10.0, left_out) if self.logarithmic else left_out
        return float(((values - found) ** 2).mean())


def _fit(sampled: _Sampled, output: str) -> _FitOfOutput:
    """Fit an output or, where it is positive and that is followed better, its logarithm."""
    values = sampled.outputs[sampled.simulation.model.outputs.index(output)]
    scores = list(sampled.scores)
    if np.ptp(values) == 0:
        raise StudyError(Fault("has one value in all runs: there is nothing to emulate", f"outputs.{output}"))
    log = sampled.plan.study.outputs[output].scale == "log10"
    fits = []
    if (values > 0).all():
        chaos = fit_chaos(sampled.germs, scores, np.log10(values))
        fits.append(_FitOfOutput(chaos, logarithmic=True))
        if log or chaos.error < EXACT:
            return fits[0]
    largest = float(np.abs(values).max())
    if not 1 / MOST_SIZE <= largest <= MOST_SIZE:
        message = (
            f"has values of the size {largest:.0e}, which an emulator cannot square: choose another unit"
        )
        raise StudyError(Fault(message, f"outputs.{output}", sampled.plan.study.file))
    fits.append(_FitOfOutput(fit_chaos(sampled.germs, scores, values), logarithmic=False))
    return min(fits, key=lambda fit: fit.missed(values))


def _refuse_poor(fits: Mapping[str, _FitOfOutput], runs: int, study: Study) -> None:
    faults = [
        Fault(
            f"Q² of an emulator of {runs:,} runs is {fit.chaos.q2:.2f}, expected at least {LEAST_Q2:g}: "
            f"try runs={2 * runs}, or an analysis of the function itself",
            f"outputs.{name}",
            study.file,
        )
        for name, fit in fits.items()
        if not fit.chaos.q2 >= LEAST_Q2
    ]
    if faults:
        raise StudyError(*faults)


def _refuse_jumps(fits: Mapping[str, _FitOfOutput], sampled: _Sampled, study: Study) -> None:
    """Refuse a function that jumps, at the output that is followed worst."""
    name, fit = min(fits.items(), key=lambda item: item[1].chaos.q2)
    row = sampled.simulation.model.outputs.index(name)
    function = _function(sampled, {name: fit}, {})

    def left(inputs: FloatArray, outputs: FloatArray) -> FloatArray:
        named = dict(zip(sampled.simulation.inputs, inputs, strict=True))
        own, emulated = outputs[row], function(**named)[name]
        if not fit.logarithmic:
            return np.asarray(own - emulated)
        if (own <= 0).any():
            raise StudyError(Fault("is not positive in some runs and is in others", f"outputs.{name}"))
        return np.asarray(np.log10(own) - np.log10(emulated))

    values = sampled.outputs[row]
    spread = float((np.log10(values) if fit.logarithmic else values).std())
    discrete = np.array([germ.family == "levels" for germ in sampled.germs])
    residuals = left(sampled.inputs, sampled.outputs)

    def unexplained(inputs: FloatArray) -> FloatArray:
        return left(inputs, sampled.run(inputs))

    sides = jump_between(sampled.inputs, sampled.scores, discrete, residuals, spread, unexplained)
    if sides is not None:
        # which of them the function jumps along, two points that differ in all of them do not tell
        apart = np.abs(sides[:, 1] - sides[:, 0]) / np.ptp(sampled.inputs, axis=1)
        named = sorted(np.argsort(-apart, kind="stable")[:MOST_NAMED].tolist())
        where = ", ".join(f"{sampled.simulation.inputs[row]} = {sides[row].mean():.3g}" for row in named)
        message = f"jumps, or is random, near {where}: an emulator can only follow what is continuous"
        raise StudyError(Fault(message, f"outputs.{name}", study.file))


def _function(
    sampled: _Sampled, fits: Mapping[str, _FitOfOutput], residuals: Mapping[str, str]
) -> EmulatedFunction:
    return EmulatedFunction(
        Frozen(dict(zip(sampled.simulation.inputs, sampled.germs, strict=True))),
        Frozen({name: fit.chaos for name, fit in fits.items()}),
        frozenset(name for name, fit in fits.items() if fit.logarithmic),
        Frozen(residuals),
    )


def _emulation(
    study: Study, plan: Scenario, sampled: _Sampled, fits: Mapping[str, _FitOfOutput]
) -> Emulation:
    """Return the study in which emulators stand in place of the function or the equations."""
    runs = sampled.runs + BESIDE
    missed = {
        name: _unused("missed" if len(fits) == 1 else f"missed_of_{name}", study.inputs)
        for name, fit in fits.items()
        if fit.chaos.residual_sd > 0
    }
    known = {each.name for each in _whole(study.quantities, plan.varying)}
    inputs = {
        name: replace(
            study.inputs[name],
            point=plan.points[name],
            kind=plan.kinds[name],
            distribution=plan.distributions[name],
            quantity=study.inputs[name].quantity if study.inputs[name].quantity in known else "",
        )
        for name in plan.varying
    }
    for name, own in missed.items():
        label = f"What the emulator misses of {study.outputs[name].title}"
        inputs[own] = Input(own, PURE_NUMBER, 0.0, Normal(0.0, fits[name].chaos.residual_sd), label=label)
    function = replace(
        _function(sampled, fits, missed),
        points=Frozen({name: float(plan.points[name]) for name in plan.varying}),
        at_points=Frozen(evaluate_at_points(plan, tuple(fits))),
    )
    whole = {each.name: getattr(study, each.name) for each in fields(Study) if each.init}
    whole |= {
        "title": f"{study.title or study.name} (emulated)",
        "headline": study.headline if study.headline in fits else next(iter(fits)),
        "inputs": Frozen(inputs),
        "outputs": Frozen({name: study.outputs[name] for name in fits}),
        "equations": Frozen(),
        "quantities": Frozen({each.name: each for each in _whole(study.quantities, inputs)}),
        "tables": Frozen({each.name: each for each in _whole(study.tables, fits)}),
        "correlations": tuple(among(study.correlations, inputs)),
        "independent": tuple(pair for pair in study.independent if inputs.keys() >= set(pair.inputs)),
        "choices": Frozen(),
        "excluded": (),
        "readings": Frozen({AS_PUBLISHED: Reading(AS_PUBLISHED)}),
        "function": function,
        "turns": None,
        "first_rows": None,
        "stochastic": False,
        "meter": None,
        "cache": None,
        "sha256": _sha256(study, runs, function),
    }
    scales = {name: "log10" if fit.logarithmic else "linear" for name, fit in fits.items()}
    told = {name: Emulated(fit.chaos.q2, fit.chaos.residual_sd, scales[name]) for name, fit in fits.items()}
    return Emulation(**whole | {"emulator": Emulator(runs, Frozen(told))})


def _whole(tables: Mapping[str, Quantity], names: Container[str]) -> list[Quantity]:
    """Return the tables of which every cell is among some names."""
    return [each for each in tables.values() if all(cell in names for cell in each.cells.values())]


def _unused(name: str, taken: Mapping[str, Input]) -> str:
    while name in taken:
        name += "_"
    return name


def _sha256(study: Study, runs: int, function: EmulatedFunction) -> str:
    chaoses = [(chaos.terms, chaos.coefficients) for chaos in function.chaoses.values()]
    return fingerprint(None, study.sha256, runs, chaoses).sha256
