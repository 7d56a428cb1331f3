"""Probability distributions: their families, and the language that studies write them in."""

from uncertainty.distributions.bounded import Arcsine, Beta, Loguniform, Pert, Uniform
from uncertainty.distributions.discrete import Bernoulli, Binomial, Discrete, Empirical, Fixed, Poisson, Steps
from uncertainty.distributions.language import parse_distribution
from uncertainty.distributions.metalog import Metalog
from uncertainty.distributions.mixture import Mixture
from uncertainty.distributions.pedigree import Pedigree
from uncertainty.distributions.positive import Exponential, Gamma, Lognormal, Pareto, Weibull
from uncertainty.distributions.protocol import Distribution, FloatArray
from uncertainty.distributions.trapezoid import CurvilinearTrapezoid, Trapezoid, Triangular
from uncertainty.distributions.truncation import Clipped, Truncated, data_columns, data_files, limited
from uncertainty.distributions.unbounded import Gumbel, Logistic, Normal, StudentT

__all__ = [
    "Arcsine",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Clipped",
    "CurvilinearTrapezoid",
    "Discrete",
    "Distribution",
    "Empirical",
    "Exponential",
    "Fixed",
    "FloatArray",
    "Gamma",
    "Gumbel",
    "Logistic",
    "Lognormal",
    "Loguniform",
    "Metalog",
    "Mixture",
    "Normal",
    "Pareto",
    "Pedigree",
    "Pert",
    "Poisson",
    "Steps",
    "StudentT",
    "Trapezoid",
    "Triangular",
    "Truncated",
    "Uniform",
    "Weibull",
    "data_columns",
    "data_files",
    "limited",
    "parse_distribution",
]
