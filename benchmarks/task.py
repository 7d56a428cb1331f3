"""One task of the reference model in one peer, as a process of its own: ``python task.py PEER TASK``.

Each peer is used in the fastest way that its documentation offers, and does what a person would ask of it
and no more: ``quantiles`` draws all inputs and gives three quantiles of all 24 outputs, ``sobol`` the first
and total indices of the headline with 95 % intervals. `startup` puts these beside the same of this project.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from programs import (
    BETA,
    DISCRETE,
    LOGNORMAL,
    PERT,
    QUANTILES,
    TRIANGULAR,
    TRUNCATED,
    UNIFORM,
    OpenTurns,
    Scipy,
    Squigglepy,
    model,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = 2**17
BASE = 2**12
"""Base points of the Sobol' indices."""

RESAMPLES = 100
HEADLINE = 2
"""Place among the outputs of the headline."""


def openturns_quantiles() -> Any:
    """Draw, compute and sort."""
    program = OpenTurns()
    return program.summarise(program.evaluate(DRAWS, 1))


def openturns_sobol() -> Any:
    """Saltelli's estimators with asymptotic intervals, which are the quickest there."""
    program = OpenTurns()
    ot = program.ot
    design = ot.SobolIndicesExperiment(
        ot.LowDiscrepancyExperiment(ot.SobolSequence(), program.joint, BASE), False
    )
    points = design.generate()
    outputs = program.function(points).getMarginal(HEADLINE)
    found = ot.SaltelliSensitivityAlgorithm(points, outputs, BASE)
    found.setUseAsymptoticDistribution(True)
    return found.getFirstOrderIndicesInterval(), found.getTotalOrderIndicesInterval()


def squigglepy_quantiles() -> Any:
    """Draw arrays, then plain numpy."""
    program = Squigglepy()
    return program.summarise(program.evaluate(DRAWS, 1))


def probabilit_quantiles() -> Any:
    """Build a graph of distributions and draw it: every output has its samples then."""
    from probabilit import distributions as families
    from probabilit.modeling import DiscreteDistribution, Distribution, NoOp

    inputs = {n: Distribution("lognorm", s=np.log(gsd), scale=m) for n, (m, gsd) in LOGNORMAL.items()}
    inputs |= {n: families.Triangular(*p) for n, p in TRIANGULAR.items()}
    inputs |= {n: families.PERT(*p) for n, p in PERT.items()}
    inputs |= {n: families.Uniform(*p) for n, p in UNIFORM.items()}
    inputs |= {n: Distribution("beta", *p) for n, p in BETA.items()}
    inputs |= {n: families.TruncatedNormal(m, s, low=a, high=b) for n, (m, s, a, b) in TRUNCATED.items()}
    inputs |= {n: DiscreteDistribution(v, probabilities=w) for n, (v, w) in DISCRETE.items()}
    outputs = model(inputs)
    NoOp(*outputs).sample(DRAWS, random_state=1)
    return [np.quantile(output.samples_, QUANTILES) for output in outputs]


def salib_sobol() -> Any:
    """Its sample, the inputs by scipy's quantile functions, the model in numpy, its analysis."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    distributions = Scipy().distributions
    names = [*distributions, *DISCRETE]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    columns = dict(zip(names, sampling.sample(problem, BASE, calc_second_order=False, seed=1).T, strict=True))
    inputs = {name: each.ppf(columns[name]) for name, each in distributions.items()}
    for name, (values, weights) in DISCRETE.items():
        inputs[name] = np.asarray(values)[np.searchsorted(np.cumsum(weights)[:-1], columns[name], "right")]
    options = {"calc_second_order": False, "num_resamples": RESAMPLES, "seed": 1}
    return analysis.analyze(problem, model(inputs)[HEADLINE], **options)


TASKS: dict[str, dict[str, Callable[[], Any]]] = {
    "SALib": {"sobol": salib_sobol},
    "OpenTURNS": {"quantiles": openturns_quantiles, "sobol": openturns_sobol},
    "squigglepy": {"quantiles": squigglepy_quantiles},
    "probabilit": {"quantiles": probabilit_quantiles},
}
"""What each peer can do of the two."""

if __name__ == "__main__":
    print(TASKS[sys.argv[1]][sys.argv[2]]())
