from __future__ import annotations

import math
import re
import time

import numpy as np
import pytest
from advice import offered

from uncertainty.distributions import (
    Beta,
    Clipped,
    Discrete,
    Empirical,
    Fixed,
    Lognormal,
    Metalog,
    Mixture,
    Normal,
    Pedigree,
    Truncated,
    Uniform,
    parse_distribution,
)
from uncertainty.distributions.conditional import Parametric
from uncertainty.distributions.families import EXAMPLES, FAMILIES
from uncertainty.distributions.language import read_text
from uncertainty.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (3, Fixed(3)),
        (-2.5, Fixed(-2.5)),
        ("3", Fixed(3)),
        (" +1_000.5e-2 ", Fixed(10.005)),
        (".5", Fixed(0.5)),
        ("5.", Fixed(5)),
        ("-1E3", Fixed(-1000)),
        ("normal(1, 2)", Normal(1, 2)),
        ("normal ( 1 ,\n 2 , )", Normal(1, 2)),
        ("normal(1, sd=2)", Normal(1, 2)),
        ("normal(sd=2, mean=1)", Normal(1, 2)),
        ("lognormal(median=3, gsd=2)", Lognormal(3, 2)),
        ("lognormal(3, sigma=1)", Lognormal(3, math.e)),
        ("beta(2, 3)", Beta(2, 3)),
        ("beta(2, 3, high=4)", Beta(2, 3, 0, 4)),
        ("discrete(1, 2, weights=(3, 1,))", Discrete((1, 2), (3, 1))),
        ("empirical(1.2, 1.9, 3.4)", Empirical((1.2, 1.9, 3.4))),
        ("mixture(normal(0, 1), 5)", Mixture((Normal(0, 1), Fixed(5)))),
        ("truncate(-2 to 8, low=0)", Truncated(parse_distribution("-2 to 8"), low=0)),
        ("clip(uniform(0, 2), high=1)", Clipped(Uniform(0, 2), high=1)),
        ("metalog(p2.5=1, p50=2, p97.5=4, low=0)", Metalog(((0.025, 1), (0.5, 2), (0.975, 4)), low=0)),
        ("pedigree(5, reliability=2, basic=1.5)", Pedigree(5, 2, basic=1.5)),
        ("uniform(-pi, pi)", Uniform(-math.pi, math.pi)),
        ("normal(0, 0.01/3)", Normal(0, 0.01 / 3)),
        ("normal(5 -2, (1 + 2)/3)", Normal(3, 1)),
        ("normal(minimum(3, 1e3), sd=2**-1)", Normal(3, 0.5)),
        ("discrete(1, 2*2, weights=(1/3, 2/3))", Discrete((1, 4), (1 / 3, 2 / 3))),
        ("truncate(normal(0, sqrt(2)), low=-1/2)", Truncated(Normal(0, math.sqrt(2)), low=-0.5)),
        ("empirical(log10(100), 3)", Empirical((2, 3))),
    ],
)
def test_a_text_means_a_distribution(text: str | float, meaning: object) -> None:
    assert parse_distribution(text) == meaning


def test_a_percentage_is_the_nearest_float_of_its_probability() -> None:
    metalog = parse_distribution("metalog(p0.7=1, p99.9=4)")
    assert isinstance(metalog, Metalog)
    assert [probability for probability, _ in metalog.quantiles] == [0.007, 0.999]
    assert str(metalog) == "metalog(p0.7=1, p99.9=4)"


def test_nesting_is_allowed_up_to_its_bound() -> None:
    assert parse_distribution("mixture(" * 20 + "1" + ")" * 20).is_constant
    with pytest.raises(InvalidValue, match="nested 20 deep at most"):
        parse_distribution("mixture(" * 21 + "1" + ")" * 21)


@pytest.mark.parametrize(
    "text",
    ["normal(mu, 2)", "normal(-mu, sd=s * 2)", "truncate(normal(point, 2), low=0)", "point ± 5 % (95 %)",
     "discrete(1, 2, weights=(w, 1 - w))", "uniform(3[kg], where(a > b, a, b))", "normal(gamma, 1)"],
)  # fmt: skip
def test_a_text_with_names_has_its_parameters_still_to_come(text: str) -> None:
    found = read_text(text)
    assert isinstance(found, Parametric)
    assert str(found) == text
    assert read_text(str(found)) == read_text(found.call) == found
    with pytest.raises(InvalidValue, match="has a value in a study alone"):
        parse_distribution(text)


def test_parameters_take_the_values_of_their_expressions() -> None:
    found = read_text("truncate(normal(mu, 2 * s), low=-s)")
    assert isinstance(found, Parametric)
    assert found.names == {"mu", "s"}
    values = {"mu": 3.0, "2 * s": 4.0, "-s": -2.0}
    assert found.at(lambda expression: values[str(expression)]) == Truncated(Normal(3, 4), low=-2)


def test_long_data_are_allowed_up_to_a_bound() -> None:
    assert len(parse_distribution(f"empirical({', '.join(map(str, range(15_000)))})").atoms) == 15_000
    with pytest.raises(
        InvalidValue, match=r"100,000 characters at most, not 100,001; put long data into a file"
    ):
        parse_distribution("1" * 100_001)


REFUSED = {
    # What is not a distribution at all.
    "": 'expected a distribution, such as 2 to 8 or normal(5, 1), found the end; leave it out where '
    'nothing is known',
    "normal": 'expected "(" after normal, found the end; write a text such as normal(5, 1)',
    "normal(1, 2": 'cannot read "normal(1, 2"; write "normal(1, 2)"',
    "normal(1 2)": 'cannot read "normal(1 2)"; write "normal(1, 2)"',
    "normal(1,, 2)": 'cannot read "normal(1,, 2)"; write "normal(1, 2)"',
    "normal(1, 2))": 'expected the end, found ")" at character 13; write a text such as normal(5, 1)',
    "normal(1, 2) ; x": "cannot read ';' at character 14; commas stand between arguments; write a "
    "text such as normal(5, 1)",
    "1 § \n x": "cannot read '§' at character 3; write a text such as 2 to 8 or normal(5, 1)",
    "2to8": 'cannot read "2to8"; write "2 to 8" if these are 5 % and 95 % quantiles, or "uniform(2, '
    '8)" if they are limits',
    "١": "cannot read '١' at character 1; write a text such as 2 to 8 or normal(5, 1)",
    "1 \udcc2": "cannot read '\\udcc2' at character 3; it is a byte that is no character in the encoding of "
    "the locale; write a text such as 2 to 8 or normal(5, 1)",
    '"3"': 'cannot read ""3""; write "3"',
    "x" * 301: f'"{"x" * 40}…" is too long; 300 characters are the most',
    "__import__('os')": 'unknown distribution "__import__"; write a text such as 2 to 8 or normal(5, 1)',
    "normal.sd": "cannot read '.sd' at character 7; write a text such as normal(5, 1)",
    # Names.
    "normall(1, 2)": 'cannot read "normall(1, 2)"; write "normal(1, 2)"',
    "PERT(1, 2, 3)": 'cannot read "PERT(1, 2, 3)"; write "pert(1, 2, 3)"',
    "log_normal(1, 2)": 'cannot read "log_normal(1, 2)"; write "lognormal(1, 2)"',
    "normal(1, std=2)": 'cannot read "normal(1, std=2)"; write "normal(1, sd=2)"',
    "pedigree(5, reliabilty=2)": 'pedigree: unknown argument "reliabilty"; did you mean "reliability"?',
    "discrete(1, 2, weight=(1, 2))": 'discrete: unknown argument "weight"; did you mean "weights"?',
    "metalog(p10=1, p50=2, lo=0)": 'metalog: unknown argument "lo"; did you mean "low"?',
    "truncate(1 to 2, min=0)": 'cannot read "truncate(1 to 2, min=0)"; write "truncate(1 to 2, low=0)"',
    "empirical(1, column=2)": 'empirical: unknown argument "column"; write a text such as '
    'empirical(2.2, 4.9, 7.4)',
    # Arguments that are missing, too many, given twice or in the wrong order.
    "normal()": 'normal: mean and sd are missing, as in normal(5, 1)',
    "normal(1)": 'normal: sd is missing, as in normal(5, 1)',
    "normal(1, 2, 3)": 'normal: takes at most 2 values, normal(mean, sd), not 3; write a text such '
    'as normal(5, 1)',
    "fixed(1, 2)": 'fixed: takes at most 1 value, fixed(value), not 2; write a text such as fixed(5)',
    "normal(1, mean=2)": 'normal: mean is given twice, by position and by name; write a text such as '
    'normal(5, 1)',
    "normal(sd=1, sd=2)": "normal: sd is given twice",
    "normal(sd=1, 2)": "normal: values without a name come first, before sd=",
    "discrete()": "discrete: at least one value is needed",
    "mixture()": "mixture: at least one distribution is needed",
    "lognormal(mean=3)": 'lognormal: sd is missing, as in lognormal(mean=0.5, sd=0.2)',
    "lognormal(median=1, sd=2)": "lognormal: give one of (median, gsd) or (median, sigma) "
    "or (mean, sd) or (mean, cv)",
    "lognormal(3, 2, sigma=1)": "lognormal: give one of (median, gsd) or (median, sigma) "
    "or (mean, sd) or (mean, cv)",
    "truncate(normal(0, 1))": "truncate: give low=, high= or both",
    "truncate(normal(0, 1), 0)": "truncate: one distribution, then the bounds by name, "
    "such as truncate(normal(3, 2), low=0)",
    # Values of the wrong kind.
    'normal(1, "2")': 'normal: sd must be a number, not the text "2"',
    "normal(normal(0, 1), 2)": "normal: mean must be a number, not the distribution normal(0, 1)",
    "normal((1, 2), 2)": "normal: mean must be a number, not several numbers in parentheses",
    "discrete(1, 2, weights=3)": 'discrete: weights must be numbers in parentheses, '
    'such as discrete(2, 8, weights=(0.7, 0.3))',
    'mixture(1, "a")': "mixture: component 2 must be a distribution or a number, not 'a'",
    'empirical(1, "b")': 'empirical: value 2 must be a number, not the text "b"',
    'empirical("a.csv")': 'empirical: a file and a column are needed, empirical("file.csv", "column")',
    "metalog(1, 2)": "metalog: its values are named, such as metalog(p10=1, p50=2, p90=5)",
    # Numbers that are not finite, or too large to calculate with.
    "nan": 'expected a finite number, found "nan" at character 1',
    "1e999": 'expected a finite number, found "1e999" at character 1',
    "normal(mean=-inf, sd=1)": 'normal: mean: expected a finite number, found "-inf" at character 13',
    "discrete(1, infinity)": 'discrete: value 2: expected a finite number, found "infinity" at character 13',
    "mixture(1, 2, weights=(1, nan))": "mixture: weights: expected a finite number, "
    'found "nan" at character 27',
    # Expressions stand within parentheses alone, and there they are expressions.
    "normal(1/0, 2)": 'normal: value 1: "1 / 0" gives inf, not a finite number',
    "normal(1, sd=9**9**9)": 'normal: sd: "9**9**9" gives inf, not a finite number',
    "3*4": 'cannot read "3*4"; write "12"',
    "2*normal(1, 2)": 'expected the end, found "*" at character 2; write a text such as 2 to 8 or '
    "normal(5, 1)",
    "normal(X, 2)": 'normal: value 1: "X" at column 1 is no name; a name has lower-case letters, digits and '
    "underscores, a letter first; write a text such as normal(5, 1)",
    "normal(1, [2])": 'normal: value 2: expected a distribution, such as 2 to 8 or normal(5, 1), found "[2]" '
    "at character 11",
    "point ± 0 % (sd)": "point ± 0: the spread must be greater than 0",
    "2 to inf": 'expected a finite number, found "inf" at character 6',
    "normal(1e200, 1)": "normal: mean must be 0 or between 1e-150 and 1e+150 in size, not 1e+200",
    "normal(0, 1e-200)": "normal: sd must be 0 or between 1e-150 and 1e+150 in size, not 1e-200",
    # Parameters out of range.
    "normal(1, 0)": "normal: sd must be greater than 0; for a constant write fixed(1)",
    "normal(1, -2)": "normal: sd must be greater than 0, not -2",
    "lognormal(-1, 2)": "lognormal: median must be greater than 0, not -1; it is no logarithm",
    "lognormal(3, 1)": "lognormal: gsd must be greater than 1; for a constant write fixed(3)",
    "lognormal(3, 0.5)": "lognormal: gsd is a factor and must be greater than 1, "
    'not 0.5; write "lognormal(median=3, sigma=0.5)" if 0.5 is the sd of the logarithm, '
    'or "lognormal(median=20.0855, sigma=0.5)" if 3 is its mean, too',
    "lognormal(3, -2)": "lognormal: gsd is a factor and must be greater than 1, "
    "not -2",
    "lognormal(median=3, sigma=0)": "lognormal: sigma must be greater than 0, not 0",
    "lognormal(mean=-3, sd=1)": "lognormal: mean must be greater than 0, not -3",
    "lognormal(p5=0, p95=3)": "lognormal: p5 must be greater than 0, not 0",
    "gamma(mean=3, sd=-1)": "gamma: sd must be greater than 0, not -1",
    "lognormal(mean=3, sd=-1)": "lognormal: sd must be greater than 0, not -1",
    "uniform(2, 1)": "uniform: low must be less than high, not 2 and 1",
    "uniform(1, 1)": "uniform: low must be less than high, not 1 and 1",
    "loguniform(0, 2)": "loguniform: low must be greater than 0, not 0",
    "arcsine(1, 0)": "arcsine: low must be less than high, not 1 and 0",
    "triangular(0, 5, 2)": "triangular: mode must not be greater than high, but 5 > 2",
    "pert(1, 0, 2)": "pert: low must not be greater than mode, but 1 > 0",
    "trapezoid(0, 2, 1, 3)": "trapezoid: start must not be greater than end, but 2 > 1",
    "beta(0, 1)": "beta: a must be greater than 0, not 0",
    "beta(1, 1, 3, 2)": "beta: low must be less than high, not 3 and 2",
    "gamma(1e-9, 1)": "gamma: shape must lie between 0.001 and 1e+12, not 1e-09",
    "beta(2, 1e20)": "beta: b must lie between 0.001 and 1e+12, not 1e+20",
    "gamma(1, -1)": "gamma: scale must be greater than 0, not -1",
    "exponential(0)": "exponential: mean must be greater than 0, not 0",
    "weibull(0, 1)": "weibull: shape must be greater than 0, not 0",
    "gumbel(0, 0)": "gumbel: scale must be greater than 0, not 0",
    "logistic(0, 0)": "logistic: scale must be greater than 0, not 0",
    "pareto(0, 1)": "pareto: scale must be greater than 0, not 0",
    "pareto(1, -1)": "pareto: shape must be greater than 0, not -1",
    "poisson(-1)": "poisson: mean must not be negative, but -1 is",
    "poisson(4e6)": "poisson: so large a count is normal to three digits; write normal(4000000, 2000)",
    "binomial(2.5, 0.1)": "binomial: n must be a whole number from 0 to 1e15, not 2.5",
    "binomial(-1, 0.1)": "binomial: n must be a whole number from 0 to 1e15, not -1",
    "binomial(3, 1.1)": "binomial: p must lie between 0 and 1, not at 1.1; 1.1 % is written 0.011",
    "bernoulli(-0.1)": "bernoulli: p must lie between 0 and 1, not at -0.1",
    "bernoulli(30)": "bernoulli: p must lie between 0 and 1, not at 30; 30 % is written 0.3",
    "normal(mean=0, cv=0.1)": "normal: cv is a share of the mean, which is 0; give sd in its place",
    "gamma(mean=3, cv=0)": "gamma: cv must be greater than 0, not 0",
    "gamma(mean=-3, sd=1)": "gamma: mean must be greater than 0, not -3",
    "gamma(mean=3, shape=1)": "gamma: give one of (shape, scale) or (mean, sd) or (mean, cv)",
    "beta(mean=0.3, sd=0.6)": "beta: with that mean sd must lie between 0 and 0.4583, not at 0.6",
    "beta(mean=7, sd=1, low=1, high=5)": "beta: mean must lie between 1 and 5, not at 7",
    "student_t(0, 1, 0)": "student_t: df must be greater than 0, not 0",
    "ctrap(0, 1, 0)": "ctrap: inexactness must be greater than 0; for exact limits write uniform(0, 1)",
    "ctrap(0, 1, 2)": "ctrap: inexactness must be at most half of high - low, 0.5, not 2",
    "pedigree(5, reliability=6)": "pedigree: reliability must be 1 (best), 2, 3, 4 or 5 (worst), not 6",
    "pedigree(5, temporal=1.5)": "pedigree: temporal must be 1 (best), 2, 3, 4 or 5 (worst), not 1.5",
    "pedigree(5, basic=0.9)": "pedigree: basic is a factor of at least 1, not 0.9",
    "pedigree(5, basic=1)": "pedigree: perfect scores with basic=1 leave no spread; write fixed(5)",
    # Weights.
    "discrete(1, 2, weights=(1,))": "discrete: weights must be as many as the values, 2, not 1",
    "discrete(1, 2, weights=(1, -1))": "discrete: weights must not be negative, but -1 is",
    "mixture(1, 2, weights=(0, 0))": "mixture: weights must not all be 0",
    # Quantiles.
    "normal(p5=1)": "normal: 2 quantiles needed, not 1; metalog takes any number",
    "normal(p5=1, p50=2, p95=3)": "normal: 2 quantiles needed, not 3; metalog takes any number",
    "normal(p5=9, p95=1)": "normal: p5=9 must be less than p95=1",
    "normal(p5=1, p5.0=2)": "normal: p5 is given twice",
    "normal(3, p5=1, p95=9)": "normal: give (mean, sd) or quantiles, not both",
    "normal(p5=1, p95=9, sd=2)": "normal: give (mean, sd) or quantiles, not both",
    "normal(p0=1, p50=3)": "normal: p0 is no quantile; it must lie between p0 and p100, both excluded",
    "normal(p50=1, p100=3)": "normal: p100 is no quantile; it must lie between p0 and p100, both excluded",
    "triangular(p5=1, p95=9)": 'triangular: cannot be given by quantiles; write metalog(p5=1, '
    'p95=9), or its parameters as in triangular(2, 5, 8)',
    "lognormal(p5=-1, p95=3)": "lognormal: p5 must be greater than 0, not -1",
    "beta(p5=0.1, p95=1.3)": "beta: its quantiles must lie between 0 and 1, not 0.1 and 1.3",
    "normal(p0.05=1, p0.95=9)": "normal: p0.05 and p0.95 would be quantiles of less than 1 %; "
    "as fractions they are p5 and p95",
    "metalog(p50=1)": "metalog: 2 to 16 quantiles are needed, not 1",
    "metalog(p10=1, p50=2, low=1)": "metalog: p10=1 must lie within the bounds",
    # Ranges.
    "0 to 5": "0 to 5: these are 5 % and 95 % quantiles, and 0 may be a bound instead; "
    "write uniform(0, 5) or truncate(normal(p5=0, p95=5), low=0)",
    "-5 to 0": "-5 to 0: these are 5 % and 95 % quantiles, and 0 may be a bound instead; "
    "write uniform(-5, 0) or truncate(normal(p5=-5, p95=0), high=0)",
    "-8 to -2": "-8 to -2: of a negative range the shape must be said; "
    "write normal(p5=-8, p95=-2) or uniform(-8, -2)",
    "8 to 2": "8 to 2: must increase; write 2 to 8",
    "2 to 2": "2 to 2: the range is empty; for a constant write fixed(2)",
    "2 to": 'cannot read "2 to"; write "2 to 4" with both ends',
    "2 to 8 to 9": 'cannot read "2 to 8 to 9"; write "triangular(2, 8, 9)" between two limits, or '
    '"metalog(p5=2, p50=8, p95=9)" between two quantiles',
    "5 to 3 @ 95 %": "5 to 3 @ 95 %: must increase; write 3 to 5 @ 95 %",
    "0 to 5 @ 99.5 %": "0 to 5 @ 99.5 %: these are 0.25 % and 99.75 % quantiles, "
    "and 0 may be a bound instead; write uniform(0, 5) or truncate(normal(p0.25=0, p99.75=5), low=0)",
    "2 to 8 @ 100 %": "a level must lie between 0 % and 100 %, not at 100 %",
    # Spreads.
    "15 ± 3": '15 ± 3: say which spread this is; write "15 ± 3 (sd)" for a standard deviation, '
    '"15 ± 3 (k=2)" for two of them, or "15 ± 3 (95 %)" for half of a 95 % interval',
    "0 ± 20 % (95 %)": "0 ± 20 %: a percentage of 0 is 0; give the spread itself, as in 0 ± 3 (95 %)",
    "15 ± 0 (sd)": "15 ± 0: the spread must be greater than 0; for a constant write fixed(15)",
    "15 ± -3 (sd)": "15 ± -3: the spread must be greater than 0; for a constant write fixed(15)",
    "15 ± 3 (k=0)": "15 ± 3: k must be greater than 0, not 0",
    "15 ± 3 (0 %)": "a level must lie between 0 % and 100 %, not at 0 %",
    "15(0)": "normal: sd must be greater than 0; for a constant write fixed(15)",
    "normal(15.0(2), 1)": "normal: mean must be a number, not the distribution normal(15, 0.2)",
    # Bounds that leave nothing.
    "truncate(normal(0, 1), low=2, high=1)": "truncate: low must be less than high, not 2 and 1",
    "truncate(normal(0, 1), low=8)": "truncate: of the probability of normal(0, 1) only 6.2e-16 lies "
    "within the bounds, less than 1e-06",
    "truncate(discrete(1, 2), low=1.2, high=1.8)": "truncate: of the probability of discrete(1, 2) only 0 "
    "lies within the bounds, less than 1e-06",
    "clip(uniform(0, 1), low=5)": "clip: all of uniform(0, 1) is moved to 5; write fixed(5)",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_is_wrong_is_said_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_distribution(text)
    assert str(caught.value) == message


# what people write that is not the language, and what is offered in its place, best first
SPELLINGS = {
    "150-250": ["150 to 250", "uniform(150, 250)"],
    "1000..3000": ["1000 to 3000", "uniform(1000, 3000)"],
    "5e3–6e3": ["5e3 to 6e3", "uniform(5e3, 6e3)"],
    "-5 - 3": ["-5 to 3", "uniform(-5, 3)"],
    "0-5": ["uniform(0, 5)"],
    "0,5 to 0,8": ["0.5 to 0.8", "uniform(0.5, 0.8)"],
    "1000 to 3,000": ["1000 to 3000", "uniform(1000, 3000)"],
    "between 2 and 3": ["2 to 3", "uniform(2, 3)"],
    "3 bis 2": ["2 to 3", "uniform(2, 3)"],
    "5 % to 10 %": ["5 to 10", "0.05 to 0.1"],
    "1 to 2 kg": ["1 to 2", "uniform(1, 2)"],
    "10±3": ["10 ± 3 (sd)", "10 ± 3 (k=2)", "10 ± 3 (95 %)"],
    "300 +/- 10%": ["300 ± 10 % (sd)", "300 ± 10 % (k=2)", "300 ± 10 % (95 %)"],
    "truncate(15 ± 3, low=0)": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "15 +- 3 kg": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "2,5 ± 0,3 (SD)": ["2.5 ± 0.3 (sd)"],
    "15.0 ± 0,2 (k=2)": ["15.0 ± 0.2 (k=2)"],
    "mixture(15 ± 0,2 (k=2), 3)": ["15 ± 0.2 (k=2)"],
    "15 ± 3 (2σ)": ["15 ± 3 (k=2)"],
    "15 ± 3 (n=5)": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "15 ± 3 (SD, n = 12)": ["15 ± 3 (sd)"],
    "15 ± 3 (mean of 3 replicates, k=2)": ["15 ± 3 (k=2)"],
    "15 ± 3 (2019)": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "15 ± 3 (SD, 3 labs)": ["15 ± 3 (sd)"],
    "15 ± 3 (Table 2)": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "15 ± 3 (t = 2.78)": ["15 ± 3 (sd)", "15 ± 3 (k=2)", "15 ± 3 (95 %)"],
    "15 ± 3 (k = 2.0, n = 10)": ["15 ± 3 (k=2.0)"],
    "15 ± 3 (1.96 sd)": ["15 ± 3 (k=1.96)"],
    "15 ± 3 (two sigma)": ["15 ± 3 (k=2)"],
    "15 ± 3 (U95)": ["15 ± 3 (95 %)"],
    "15 ± 3 (p = 0.955)": ["15 ± 3 (95.5 %)"],
    "15 ± 3 (rect)": ["uniform(12, 18)"],
    "15.5 ± 10 % (max. tolerance)": ["uniform(13.95, 17.05)"],
    "15 ± 3 (triangular)": ["triangular(12, 15, 18)"],
    "15 ± 3 (95 % CI)": ["15 ± 3 (95 %)"],
    "15 ± 3 (95)": ["15 ± 3 (95 %)"],
    "15\u00a0±\u00a03\u00a0%\u00a0(95\u00a0%)": ["15 ± 3 % (95 %)"],
    "−5 to 3": ["-5 to 3"],
    "15,0(2)": ["15.0(2)"],
    "15.0(0.2)": ["normal(15.0, 0.2)"],
    "15.0 (2)": ["15.0(2)", "normal(15.0, 2)"],
    "truncate(15.0 (2), low=0)": ["15.0(2)", "normal(15.0, 2)"],
    "-0.50 (25)": ["-0.50(25)", "normal(-0.50, 25)"],
    "15.0 (2) %": ["15.0(2)", "normal(15.0, 2)", "0.150(2)", "normal(0.150, 0.02)"],
    "6.67430(15) × 10^-11": ["6.67430(15)e-11"],
    "10 to 20 (95 %)": ["10 to 20 @ 95 %", "normal(p2.5=10, p97.5=20)"],
    "95 % CI 3-8": ["3 to 8 @ 95 %", "normal(p2.5=3, p97.5=8)"],
    "10 to 20 @ 95": ["10 to 20 @ 95 %", "normal(p2.5=10, p97.5=20)"],
    "1,000": ["1000", "1.000"],
    "1.000,5": ["1000.5"],
    "1 234 567": ["1234567"],
    "10 %": ["10", "0.1"],
    "5 to 10 percent": ["5 to 10", "0.05 to 0.1"],
    "5 per cent": ["5", "0.05"],
    "15(2)%": ["15(2)", "0.15(2)"],
    "15.0(2) %": ["15.0(2)", "0.150(2)"],
    "150(20) percent": ["150(20)", "1.50(20)"],
    "15(0.2)%": ["normal(15, 0.2)", "normal(0.15, 0.002)"],
    "1,5(2)%": ["1.5(2)", "0.015(2)"],
    "(15 ± 2) %": ["15 ± 2 (sd)", "0.15 ± 0.02 (sd)"],
    "50 g": ["50"],
    "3 GB/h": ["3"],
    "€5": ["5"],
    "1.5 x 10^3": ["1.5e3"],
    "1/4": ["0.25"],
    "~10": ["9 to 11", "10"],
    "about -2": ["normal(-2, 0.2)", "-2"],
    "<5": ["uniform(0, 5)"],
    ">= 5": ["uniform(5, 10)"],
    "at most -4": ["uniform(-8, -4)"],
    "5 (3-8)": ["metalog(p5=3, p50=5, p95=8)", "triangular(3, 5, 8)", "3 to 8"],
    "5 [95% CI: 3, 8]": ["metalog(p2.5=3, p50=5, p97.5=8)", "triangular(3, 5, 8)", "3 to 8 @ 95 %"],
    "15 (90% CI 12-18)": ["metalog(p5=12, p50=15, p95=18)", "triangular(12, 15, 18)", "12 to 18 @ 90 %"],
    "10 to": ["10 to 20"],
    "to 10": ["5 to 10"],
    "[1, 2]": ["1 to 2", "uniform(1, 2)", "discrete(1, 2)"],
    "5,6,7": ["triangular(5, 6, 7)", "discrete(5, 6, 7)"],
    "[1, 2, 9, 4]": ["discrete(1, 2, 9, 4)"],
    "N(10, 4)": ["normal(10, 4)", "normal(10, 2)"],
    "Normal(mu=10, sigma=2)": ["normal(mean=10, sd=2)"],
    "normal(10, 20 %)": ["normal(10, 2)"],
    "normal(1,000; 50)": ["normal(1000, 50)"],
    "U[0,1]": ["uniform(0, 1)"],
    "uniform(min=1, max=3)": ["uniform(low=1, high=3)"],
    "lognorm(2, 3)": ["lognormal(2, 3)", "lognormal(median=2, sigma=3)"],
    "lognormal(mu=0, sigma=0.5)": ["lognormal(median=1, sigma=0.5)"],
    "triang(1;2;3)": ["triangular(1, 2, 3)"],
    "Poisson(λ=3)": ["poisson(mean=3)"],
    "binom(size=10, prob=0.3)": ["binomial(n=10, p=0.3)"],
    "bern(0.3)": ["bernoulli(0.3)"],
    "logistic(loc=1, scale=2)": ["logistic(location=1, scale=2)"],
    "pareto(alpha=3, xm=2)": ["pareto(shape=3, scale=2)"],
    "normal(mean=10, cv=20 %)": ["normal(mean=10, cv=0.2)"],
    "min=1, max=3": ["uniform(low=1, high=3)"],
    "mean=10 sd=2": ["normal(mean=10, sd=2)"],
    "'2 to 8'": ["2 to 8"],
    "normal 10 2": ["normal(10, 2)"],
    "3 million": ["3e6"],
    "2 to 8 thousand": ["2e3 to 8e3"],
    "3k to 5M": ["3e3 to 5e6"],
    "1.2 e5": ["1.2e5"],
    "2 to 8 e3": ["2e3 to 8e3", "2 to 8e3"],
    "uniform(2, 8 e3)": ["uniform(2e3, 8e3)", "uniform(2, 8e3)"],
    "1.23(4) e-5": ["1.23(4)e-5"],
    "3 ± 1 million (sd)": ["3e6 ± 1e6 (sd)"],
}


@pytest.mark.parametrize(
    "text",
    [
        "2 million to 8",
        "0x10",
        "1h30",
        "2 g to 8 kg",
        "15 kg ± 3 g (sd)",
        "15 ± 2/3 (95 %)",
        "15 ± 3*2 (sd)",
    ],
)
def test_no_factor_of_a_number_is_dropped_from_what_to_write(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_distribution(text)
    assert 'write "' not in str(caught.value)


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_common_spelling_gets_what_to_write_and_it_can_be_read(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_distribution(text)
    assert offered(str(caught.value)) == SPELLINGS[text]
    assert len(str(caught.value)) < 260
    for candidate in SPELLINGS[text]:
        parse_distribution(candidate)


def test_the_unit_of_a_number_is_the_input_s() -> None:
    with pytest.raises(InvalidValue, match=r'write "3"; the unit is the input\'s own'):
        parse_distribution("3 GB/h")


@pytest.mark.parametrize("text", ["none", "n/a", "-", "unknown"])
def test_what_is_not_known_is_left_out(text: str) -> None:
    with pytest.raises(InvalidValue, match="leave it out where nothing is known"):
        parse_distribution(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5000,
        "9 " * 99,
        "1,2" * 60,
        "(" * 200,
        "a" * 200,
        "~" * 200,
        "1-" * 99,
        "e x 2.52.5",
        "N(1, 2.5.2)",
        "mean=1.2.3, sd=1",
    ],
)
def test_advice_takes_no_time_on_texts_that_mean_nothing(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidValue):
        parse_distribution(text)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("value", [math.nan, math.inf, True])
def test_a_number_that_is_no_constant_is_refused(value: float) -> None:
    with pytest.raises(InvalidValue, match="a constant must be a finite number"):
        parse_distribution(value)


def test_what_an_error_says_to_write_can_be_read() -> None:
    advice = {text: offered(message) for text, message in REFUSED.items()}
    assert sum(map(bool, advice.values())) > 40
    for text, candidates in advice.items():
        unknown = re.search(r'unknown argument "(\w+)"; did', " ".join(REFUSED[text].split()))
        for candidate in candidates:
            corrected = re.sub(rf"\b{unknown[1]}\b", candidate, text) if unknown else candidate
            parse_distribution(corrected)


@pytest.mark.parametrize("family", EXAMPLES)
def test_the_example_of_a_family_can_be_read(family: str) -> None:
    assert parse_distribution(EXAMPLES[family])
    assert EXAMPLES.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_family_fails_otherwise_on_arguments_that_make_no_sense(family: str) -> None:
    for arguments in (
        "",
        "1",
        "-1, 0",
        "0, 0, 0",
        "1, 2, 3, 4, 5, 6, 7, 8, 9",
        '"a"',
        "x=1",
        "p5=1, p95=2",
        "(1, 2)",
        "1 to 2",
    ):
        try:
            distribution = parse_distribution(f"{family}({arguments})")
        except InvalidValue as error:
            message = str(error)
        else:
            message = str(distribution)
        assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("14.4 to 18.0", "lognormal("),
        ("-2  to 8", "normal("),
        ("gamma(p5=1, p95=9)", "gamma("),
        ("discrete(1, 2)", "discrete(1, 2)"),
    ],
)
def test_a_distribution_is_shown_as_it_was_written_and_equals_its_call(text, call):
    found = parse_distribution(text)
    assert str(found) == " ".join(text.split())
    assert found.call.startswith(call)
    assert parse_distribution(found.call) == found
    assert hash(parse_distribution(found.call)) == hash(found)


@pytest.mark.parametrize(
    ("text", "percent", "one"),
    [
        ("10% to 20%", "10 to 20", "0.1 to 0.2"),
        ("5 to 12,5 %", "5 to 12.5", "0.05 to 0.125"),
        ("10%–20%", "10 to 20", "0.1 to 0.2"),
        ("50% ± 10% (k=2)", "50 ± 10 (k=2)", "0.5 ± 0.1 (k=2)"),
        ("15% ± 2%", "15 ± 2 (sd)", "0.15 ± 0.02 (sd)"),
        ("1% to 3% (95% CI)", "1 to 3 @ 95 %", "0.01 to 0.03 @ 95 %"),
        ("normal(15%, 2%)", "normal(15, 2)", "normal(0.15, 0.02)"),
        ("<15%", "uniform(0, 15)", "uniform(0, 0.15)"),
        ("7%", "7", "0.07"),
    ],
)
def test_percentages_are_points_where_the_unit_is_per_cent_and_hundredths_where_it_is_one(text, percent, one):
    with pytest.raises(InvalidValue) as caught:
        parse_distribution(text)
    told = str(caught.value)
    assert offered(told) == [percent, one]
    assert told.index("where the unit is %") < told.index("where it is 1")
    low, high = (parse_distribution(each).quantile(np.array([0.1, 0.9])) for each in (one, percent))
    np.testing.assert_allclose(100 * low, high, rtol=1e-9)


@pytest.mark.parametrize("text", ["log-normal(3, 1.2)", "log normal(3, 1.2)", "Log-Normal (3, 1.2)"])
def test_a_family_may_be_written_in_two_words(text):
    with pytest.raises(InvalidValue, match=r'write "lognormal\(3, 1.2\)"$'):
        parse_distribution(text)


def test_one_text_is_offered_once():
    with pytest.raises(InvalidValue, match=r'write "normal\(3, 1\)"$'):
        parse_distribution("N(3, 1)")
