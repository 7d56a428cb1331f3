"""Calls of distributions as other programs write them: what they call families and parameters."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
"""A number as it is written here."""

BY_NAMES = MappingProxyType(
    {
        "normal": ("mean", "sd"),
        "uniform": ("low", "high"),
        "triangular": ("low", "mode", "high"),
        "lognormal": ("median", "gsd"),
        "fixed": ("value",),
    }
)
"""Families that the names of their parameters tell."""

PARAMETERS = MappingProxyType(
    {"mu": "mean", "m": "mean", "loc": "mean", "average": "mean", "µ": "mean", "μ": "mean", "std": "sd",
     "sigma": "sd", "s": "sd", "scale": "sd", "stdev": "sd", "stddev": "sd", "σ": "sd", "min": "low",
     "minimum": "low", "lower": "low", "max": "high", "maximum": "high", "upper": "high", "ml": "mode",
     "likely": "mode", "median": "median", "gsd": "gsd"}
)  # fmt: skip
"""What other programs call parameters, whatever the family."""

_OF_FAMILY: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "lognormal": {"sigma": "sigma", "s": "sigma", "sdlog": "sigma", "scale": "median"},
        "logistic": {"mu": "location", "loc": "location", "mean": "location", "s": "scale", "scale": "scale"},
        "pareto": {"xm": "scale", "x_m": "scale", "scale": "scale", "alpha": "shape", "a": "shape"},
        "poisson": {"lambda": "mean", "lam": "mean", "λ": "mean", "rate": "mean"},
        "binomial": {"size": "n", "trials": "n", "prob": "p", "probability": "p"},
        "bernoulli": {"prob": "p", "probability": "p"},
    }
)
"""What other programs call the parameters of a family; there is no word here that means two of them."""

FAMILIES = MappingProxyType(
    {"n": "normal", "norm": "normal", "gauss": "normal", "gaussian": "normal", "u": "uniform",
     "unif": "uniform", "rectangular": "uniform", "ln": "lognormal", "lognorm": "lognormal",
     "logn": "lognormal", "lnorm": "lognormal", "logunif": "loguniform", "tri": "triangular",
     "triang": "triangular", "triangle": "triangular", "trap": "trapezoid", "t": "student_t",
     "student": "student_t", "studentt": "student_t", "expon": "exponential", "exp": "exponential",
     "const": "fixed", "constant": "fixed", "data": "empirical", "choice": "discrete", "mix": "mixture",
     "trunc": "truncate", "weib": "weibull", "betapert": "pert", "pois": "poisson", "binom": "binomial",
     "bern": "bernoulli", "logis": "logistic"}
)  # fmt: skip


def arguments_of(text: str, family: str) -> list[str]:
    """Cut what stands in parentheses into arguments as they are written here."""
    together = re.sub(
        r"(?<![\d.,])([1-9]\d{0,2}(?:,\d{3})+)(?!\d|[.,]\d)", lambda m: m[1].replace(",", ""), text
    )
    mark = r"\s*[;,]\s*" if re.search("[;,]", together) else r"(?<!=)\s+(?!=)"
    found: list[str] = []
    for each in filter(None, re.split(mark, together.strip())):
        name, equals, value = (part.strip() for part in each.rpartition("="))
        percent = re.fullmatch(rf"({PLAIN})\s*%", value)
        if percent and family == "normal" and found and is_plain(found[0].rpartition("=")[2]):
            value = short(float(found[0].rpartition("=")[2]) * float(percent[1]) / 100)
        if percent and name.lower() in ("cv", "p"):
            value = short(float(percent[1]) / 100)
        if family == "lognormal" and name.lower() in ("mu", "meanlog") and is_plain(value):
            name, value = "median", short(math.exp(min(float(value), 700.0)))
        names = {**PARAMETERS, **_OF_FAMILY.get(family, {})}
        found.append(f"{names.get(name.lower(), name)}{equals}{value}")
    return found


def is_plain(text: str) -> bool:
    """Tell whether a text is a number as it is written here."""
    return re.fullmatch(PLAIN, text) is not None


def short(value: float) -> str:
    """Write a number that was calculated from others."""
    return f"{value:.6g}".replace("e+", "e")
