"""One text of each family that is read as it stands, for messages that say what to write."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES = MappingProxyType(
    {
        "normal": "normal(5, 1)",
        "lognormal": "lognormal(5, 1.5)",
        "uniform": "uniform(2, 8)",
        "loguniform": "loguniform(2, 8)",
        "triangular": "triangular(2, 5, 8)",
        "pert": "pert(2, 5, 8)",
        "trapezoid": "trapezoid(2, 4, 6, 8)",
        "beta": "beta(2, 3)",
        "gamma": "gamma(4, 1.5)",
        "exponential": "exponential(5)",
        "arcsine": "arcsine(2, 8)",
        "weibull": "weibull(2, 5)",
        "gumbel": "gumbel(5, 1)",
        "logistic": "logistic(5, 1)",
        "pareto": "pareto(2, 3)",
        "poisson": "poisson(5)",
        "binomial": "binomial(9, 0.4)",
        "bernoulli": "bernoulli(0.3)",
        "student_t": "student_t(5, 1, 9)",
        "ctrap": "ctrap(2, 8, 0.5)",
        "pedigree": "pedigree(5, reliability=2)",
        "fixed": "fixed(5)",
        "metalog": "metalog(p10=2, p50=5, p90=9)",
        "discrete": "discrete(2, 5, 8)",
        "empirical": "empirical(2.2, 4.9, 7.4)",
        "mixture": "mixture(normal(2, 1), normal(8, 1))",
        "truncate": "truncate(normal(5, 2), low=0)",
        "clip": "clip(normal(5, 2), low=0)",
    }
)

WITHOUT_A_FAMILY = (
    "2 to 8",
    "10 to 20 @ 95 %",
    "15 ± 3 (sd)",
    "15 ± 3 (k=2)",
    "15 ± 20 % (95 %)",
    "15.0(2)",
)
"""Texts that are read as distributions and name no family."""

IN_A_STUDY = (
    "point ± 5 % (95 %)",
    "normal(mu, 2)",
    "one_of(a=2, b=1)",
    "dirichlet(a=3, b=2, c=1)",
)
"""Texts that have a meaning for an input of a study alone: by its point, other quantities, or an index."""

_BY_OTHER_NAMES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        ("median", "sigma"): "median=5, sigma=0.4",
        ("mean", "sd"): "mean=0.5, sd=0.2",
        ("mean", "cv"): "mean=0.5, cv=0.2",
    }
)


def example(family: str, names: tuple[str, ...]) -> str:
    """Return how a family is written with these parameters."""
    named = None if (family, names) == ("normal", ("mean", "sd")) else _BY_OTHER_NAMES.get(names)
    return f"{family}({named})" if named else EXAMPLES[family]
