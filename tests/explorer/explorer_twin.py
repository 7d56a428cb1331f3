"""What Python makes of the explorer's uniforms."""

import numpy as np

from uncertainty.compiled import compile_model
from uncertainty.explorer.quantiles import DRAWS, uniforms
from uncertainty.output_distribution import OutputDistribution
from uncertainty.sampling.copula import make_copula
from uncertainty.sampling.statistics import Draws
from uncertainty.study.scenario import scenario


def input_columns(plan):
    """Return the draws of every input that varies, by exact quantile functions."""
    varying = plan.varying
    u = np.array([uniforms(name) for name in varying]).reshape(len(varying), DRAWS)
    copula = make_copula(plan.study.correlations, varying, [plan.distributions[name] for name in varying])
    if copula is not None:
        copula.apply(u)
    return {name: plan.distributions[name].quantile(row) for name, row in zip(varying, u, strict=True)}


def output_columns(study, reading="as_published", choose=None, override=None):
    """Return the draws of every output, of single cases as the explorer draws them."""
    plan = scenario(study, reading, choose, override)
    inputs = np.array([*input_columns(plan).values()]).reshape(len(plan.varying), DRAWS)
    outputs = np.empty((len(study.outputs), DRAWS))
    model = compile_model(plan, [*study.outputs], single=True)
    model.run(inputs, outputs, model.workspace(DRAWS))
    return dict(zip(study.outputs, outputs, strict=True))


def distribution(study, output, values):
    """Return an output's draws with all that is said about them."""
    return OutputDistribution(study.outputs[output], 0.0, Draws(values), 0.95, "central")
