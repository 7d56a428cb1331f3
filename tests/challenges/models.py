"""Models whose answers have closed forms, as responses."""

from uncertainty import Study
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.thresholds import Threshold
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Correlation, Input, Output
from uncertainty.study.scenario import scenario


def study_of(function, inputs, *, correlations=(), **fields):
    """Return a study of a function with the one output `y`."""
    pairs = [Correlation(names, value) for names, value in correlations]
    output = Output("y", PURE_NUMBER, None, **fields)
    return Study.from_function(function, inputs, outputs={"y": output}, correlations=pairs)


def space_of(function, inputs, **fields):
    return make_normal_space(make_response(scenario(study_of(function, inputs, **fields)), "y"))


def search_of(model, inputs, value, *, above=False, crossed=False, logarithmic=False, **fields):
    from uncertainty.challenges.designpoint import _Search

    space = space_of(model, inputs, **fields)
    return _Search(space, limit(value, above=above), crossed, logarithmic)


def linear(**coefficients):
    return lambda **inputs: {"y": sum(coefficients[name] * x for name, x in inputs.items())}


def limit(value, *, above=True):
    return Threshold("given", value, above)


def bounded(name, distribution, point, low=None, high=None):
    from uncertainty.distributions import parse_distribution

    return Input(name, PURE_NUMBER, point, parse_distribution(distribution), low, high)
