"""A study as SALib takes problems: probabilities of its inputs in, outputs out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from uncertainty.calls import checked
from uncertainty.compiled import dependencies, wanted_output, wanted_outputs
from uncertainty.distributions.protocol import inside
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.sobol.design import plan_exchanges
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.scenario import nothing_to_move

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario


@dataclass(frozen=True, eq=False, slots=True)
class ProbabilityModel:
    """A study's outputs as a function of its inputs' probabilities.

    Parameters
    ----------
    names
        The inputs that have a column; others stand at their medians.
    scales
        Of each output, whether its logarithm is given.
    """

    simulation: Simulation
    names: tuple[str, ...]
    scales: tuple[Scale, ...]
    reaching: Mapping[str, frozenset[str]]
    file: str = ""

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Return the outputs on their scales.

        Parameters
        ----------
        samples
            Probabilities from 0 to 1, shape (rows, inputs).

        Returns
        -------
        numpy.ndarray
            Shape (rows,), or (rows, outputs) where there are several.

        Raises
        ------
        NonFiniteError
            If an output is infinite or undefined in a row, or not positive on a log10 scale.
        """
        columns, outputs = self._drawn(samples), np.empty((len(self.scales), len(samples)))
        self.simulation.model.run(columns, outputs)
        self._refuse(columns, outputs)
        logarithms = np.array(self.scales) == "log10"
        outputs[logarithms] = np.log10(outputs[logarithms])
        return outputs[0] if len(outputs) == 1 else outputs.T

    def inputs(self, samples: FloatArray) -> FloatArray:
        """Return the values of the inputs, in their own units, at probabilities; both (rows, inputs)."""
        columns = self.simulation.shown(self._drawn(samples))
        return columns[[self.simulation.inputs.index(name) for name in self.names]].T

    def _drawn(self, samples: FloatArray) -> FloatArray:
        own = dict(zip(self.names, samples.T, strict=True))
        middle = np.full(len(samples), 0.5)
        rows = np.array([own.get(name, middle) for name in self.simulation.inputs], np.float64)
        return self.simulation.transform(inside(rows))

    def _refuse(self, columns: FloatArray, outputs: FloatArray) -> None:
        needed = (np.array(self.scales) == "log10")[:, None]
        undefined = np.where(needed & (outputs <= 0), np.nan, 0.0)
        for values, said in (
            (outputs, "is infinite or undefined"),
            (undefined, "is not positive, so that its logarithm is undefined,"),
        ):
            failed = FailedRows.of(self.simulation)
            failed.look_at(columns, values)
            failed.raise_if_any(outputs.shape[1], self.reaching, self.file, said=said)


@checked(Settings)
def salib_problem(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    scale: Scale | None = None,
    middle: float = 1.0,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Any:
    """Return a study as SALib's ``ProblemSpec``, for any of its samplers and analyses.

    SALib samples probabilities, and ``evaluate()`` runs the study at the inputs' quantiles there: each input
    has the study's own distribution, whatever family SALib knows. Inputs that are correlated are one group.

    Parameters
    ----------
    output
        Name or names of the outputs wanted; the headline by default.
    scale
        ``"linear"`` or ``"log10"`` for every output; by default each output's declared scale.
    middle
        Share of each input's values that is sampled, around its median: below 1 for methods that sample the
        ends of every input, which may be infinite (Morris' grid, fractional factorials).
    settings
        Of which the seed, the reading, choices and overrides count; or give the fields of `Settings` as
        keywords.

    Returns
    -------
    SALib.ProblemSpec
        Its ``model`` is what ``evaluate()`` calls, and ``model.inputs(samples)`` are the inputs' values.

    Raises
    ------
    SettingError
        If a setting or a name is wrong, or nothing varies.

    References
    ----------
    Herman & Usher 2017, doi:10.21105/joss.00097; Iwanaga, Usher & Herman 2022, doi:10.18174/sesmo.18155.

    Examples
    --------
    >>> import uncertainty as un
    >>> problem = un.salib_problem(un.load_study("gauge-block"))
    >>> found = problem.sample_latin(500, seed=1).evaluate().analyze_rbd_fast(seed=1).analysis
    >>> found["names"] == problem["names"]
    True
    """
    settings = replace(settings or Settings(), **options)
    wanted = wanted_outputs(study, output) if output else (wanted_output(study, None),)
    if scale not in (None, "linear", "log10"):
        raise SettingError(f'scale: expected "linear" or "log10", found "{scale}"')
    if not 0 < middle <= 1:
        raise SettingError(f"middle: expected above 0 and at most 1, found {middle:g}")
    plan = over_unknown(settings.scenario(study), wanted, settings.seed)
    sets = plan_exchanges(plan, dependencies(plan, wanted)).inputs
    if not sets:
        raise SettingError(f"{nothing_to_move(plan)}: there is nothing to attribute")
    scales = tuple(scale or study.outputs[name].scale for name in wanted)
    return problem_of(plan, wanted, scales, sets, settings.seed, middle)


def problem_of(
    plan: Scenario,
    outputs: tuple[str, ...],
    scales: tuple[Scale, ...],
    sets: Mapping[str, tuple[str, ...]],
    seed: int,
    middle: float = 1.0,
) -> Any:
    """Return some outputs of a scenario as SALib's problem; see `salib_problem`.

    Parameters
    ----------
    sets
        Inputs that have a column, by the key of those that are one.
    """
    from SALib import ProblemSpec

    groups = {name: key for key, members in sets.items() for name in members}
    names = tuple(name for name in plan.varying if name in groups)
    simulation = simulate(plan, outputs, 1, seed, "random")
    edge = (1 - middle) / 2
    spec = {"names": list(names), "bounds": [[edge, 1 - edge]] * len(names), "outputs": list(outputs)}
    if len(sets) < len(names):
        spec["groups"] = [groups[name] for name in names]
    problem = ProblemSpec(spec)
    problem.model = ProbabilityModel(simulation, names, scales, dependencies(plan, outputs), plan.study.file)
    problem.evaluate = partial(problem.evaluate, problem.model)
    return problem
