"""Models whose Sobol' indices have closed forms, as studies."""

import math
from typing import NamedTuple

import numpy as np

from uncertainty import Study
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Correlation, Output


class Exact(NamedTuple):
    """A study with the exact first-order and total indices of its output `y`, by input or correlated set."""

    study: Study
    S1: dict[str, float]
    ST: dict[str, float]
    S2: dict[tuple[str, str], float] | None = None


def named(values):
    return {f"x{i + 1}": float(value) for i, value in enumerate(values)}


def of_function(function, inputs, scale="linear", correlations=()):
    output = Output("y", PURE_NUMBER, None, scale=scale)
    return Study.from_function(function, inputs, outputs={"y": output}, correlations=correlations)


def ishigami(a=7.0, b=0.1):
    """Ishigami & Homma 1990, doi:10.1109/ISUMA.1990.151285."""

    def model(x1, x2, x3):
        return {"y": np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)}

    v1 = 0.5 + b * math.pi**4 / 5 + b**2 * math.pi**8 / 50
    v2 = a**2 / 8
    v13 = b**2 * math.pi**8 * 8 / 225
    total = v1 + v2 + v13
    side = f"uniform({-math.pi!r}, {math.pi!r})"
    return Exact(
        of_function(model, dict.fromkeys(("x1", "x2", "x3"), side)),
        named([v1 / total, v2 / total, 0]),
        named([(v1 + v13) / total, v2 / total, v13 / total]),
        {("x1", "x2"): 0.0, ("x1", "x3"): v13 / total, ("x2", "x3"): 0.0},
    )


def g_function(a=(0, 1, 4.5, 9, 99, 99, 99, 99)):
    """Saltelli & Sobol' 1995, doi:10.1016/0951-8320(95)00099-2."""

    def model(**x):
        factors = [(abs(4 * x[f"x{i + 1}"] - 2) + c) / (1 + c) for i, c in enumerate(a)]
        return {"y": np.prod(factors, axis=0)}

    v = 1 / (3 * (1 + np.array(a)) ** 2)
    everything = np.prod(1 + v)
    inputs = {f"x{i + 1}": "uniform(0, 1)" for i in range(len(a))}
    pairs = {
        (f"x{i + 1}", f"x{j + 1}"): float(v[i] * v[j] / (everything - 1))
        for i in range(len(a))
        for j in range(i + 1, len(a))
    }
    return Exact(
        of_function(model, inputs),
        named(v / (everything - 1)),
        named(v * everything / (1 + v) / (everything - 1)),
        pairs,
    )


def product_of_lognormals(scale, sigmas=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)):
    def model(**x):
        return {"y": np.prod(list(x.values()), 0)}

    squares = np.square(sigmas)
    if scale == "log10":
        first = total = squares / squares.sum()
    else:
        variance = np.exp(squares.sum()) - 1
        first = (np.exp(squares) - 1) / variance
        total = 1 - (np.exp(squares.sum() - squares) - 1) / variance
    inputs = {f"x{i + 1}": f"lognormal(median=1, sigma={s})" for i, s in enumerate(sigmas)}
    return Exact(of_function(model, inputs, scale), named(first), named(total))


def without_effect():
    """Two inputs in a model that one of them reaches with no effect."""

    def model(x1, x2):
        return {"y": x1 + 0 * x2}

    study = of_function(model, {"x1": "normal(5, 2)", "x2": "uniform(0, 1)"})
    return Exact(study, named([1, 0]), named([1, 0]), {("x1", "x2"): 0.0})


def portfolio():
    """Kucherenko, Tarantola & Annoni 2012, doi:10.1016/j.cpc.2011.12.020: the sum of x1 x3 and x2 x4.

    Amounts (x1, x2) and prices (x3, x4) are correlated among themselves, so their closed indices are exact.
    """

    def model(x1, x2, x3, x4):
        return {"y": x1 * x3 + x2 * x4}

    means, sds = np.array([250.0, 400.0]), (4.0, 2.0, 200.0, 300.0)
    amounts, prices = 0.3, -0.3
    amount_covariance = np.array([[16, amounts * 8], [amounts * 8, 4]])
    price_covariance = np.array([[4e4, prices * 6e4], [prices * 6e4, 9e4]])
    alone = means @ amount_covariance @ means
    together = np.sum(amount_covariance * price_covariance)
    inputs = {
        "x1": f"normal(0, {sds[0]})",
        "x2": f"normal(0, {sds[1]})",
        "x3": f"normal({means[0]}, {sds[2]})",
        "x4": f"normal({means[1]}, {sds[3]})",
    }
    correlations = (
        Correlation(("x1", "x2"), 6 / math.pi * math.asin(amounts / 2)),
        Correlation(("x3", "x4"), 6 / math.pi * math.asin(prices / 2)),
    )
    share = float(alone / (alone + together))
    return Exact(
        of_function(model, inputs, correlations=correlations),
        {"x1+x2": share, "x3+x4": 0.0},
        {"x1+x2": 1.0, "x3+x4": 1 - share},
    )


EXACT = {
    "ishigami": ishigami,
    "g function": g_function,
    "product of lognormals": lambda: product_of_lognormals("linear"),
    "product of lognormals, log10": lambda: product_of_lognormals("log10"),
    "without effect": without_effect,
    "portfolio": portfolio,
}
