from __future__ import annotations

import math

import pytest

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
from uncertainty.distributions.families import FAMILIES
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


def test_long_data_are_allowed_up_to_a_bound() -> None:
    assert len(parse_distribution(f"empirical({', '.join(map(str, range(15_000)))})").atoms) == 15_000
    with pytest.raises(
        InvalidValue, match=r"100,000 characters at most, not 100,001; put long data into a file"
    ):
        parse_distribution("1" * 100_001)


REFUSED = {
    # What is not a distribution at all.
    "": "expected a distribution, such as 2 to 8 or normal(5, 1), found the end",
    "normal": 'expected "(" after normal, found the end',
    "normal(1, 2": 'expected "," or ")" in normal(…), found the end',
    "normal(1 2)": 'expected "," or ")" in normal(…), found "2" at character 10',
    "normal(1,, 2)": "normal: value 2: expected a distribution, such as 2 to 8 or normal(5, 1), "
    'found "," at character 10',
    "normal(1, 2))": 'expected the end, found ")" at character 13',
    "normal(1, 2) ; x": "cannot read ';' at character 14; commas stand between arguments",
    "1 § \n x": "cannot read '§' at character 3",
    "2to8": "cannot read '2to8' at character 1",
    "١": "cannot read '١' at character 1",
    '"3"': 'expected a distribution, such as 2 to 8 or normal(5, 1), found ""3"" at character 1',
    "x" * 301: f'"{"x" * 40}…" is too long; 300 characters are the most',
    "__import__('os')": 'unknown distribution "__import__"',
    "normal.sd": "cannot read '.sd' at character 7",
    # Names.
    "normall(1, 2)": 'unknown distribution "normall"; did you mean "normal"?',
    "PERT(1, 2, 3)": 'unknown distribution "PERT"; did you mean "pert"?',
    "log_normal(1, 2)": 'unknown distribution "log_normal"; did you mean "lognormal"?',
    "normal(1, std=2)": 'normal: unknown argument "std"; did you mean "sd"?',
    "pedigree(5, reliabilty=2)": 'pedigree: unknown argument "reliabilty"; did you mean "reliability"?',
    "discrete(1, 2, weight=(1, 2))": 'discrete: unknown argument "weight"; did you mean "weights"?',
    "metalog(p10=1, p50=2, lo=0)": 'metalog: unknown argument "lo"; did you mean "low"?',
    "truncate(1 to 2, min=0)": 'truncate: unknown argument "min"; known: low, high',
    "empirical(1, column=2)": 'empirical: unknown argument "column"',
    # Arguments that are missing, too many, given twice or in the wrong order.
    "normal()": "normal: mean and sd are missing; write normal(mean, sd)",
    "normal(1)": "normal: sd is missing; write normal(mean, sd)",
    "normal(1, 2, 3)": "normal: takes at most 2 values, normal(mean, sd), not 3",
    "fixed(1, 2)": "fixed: takes at most 1 value, fixed(value), not 2",
    "normal(1, mean=2)": "normal: mean is given twice, by position and by name",
    "normal(sd=1, sd=2)": "normal: sd is given twice",
    "normal(sd=1, 2)": "normal: values without a name come first, before sd=",
    "discrete()": "discrete: at least one value is needed",
    "mixture()": "mixture: at least one distribution is needed",
    "lognormal(mean=3)": "lognormal: sd is missing; write lognormal(mean, sd)",
    "lognormal(median=1, sd=2)": "lognormal: give one of (median, gsd) or (median, sigma) or (mean, sd)",
    "lognormal(3, 2, sigma=1)": "lognormal: give one of (median, gsd) or (median, sigma) or (mean, sd)",
    "truncate(normal(0, 1))": "truncate: give low=, high= or both",
    "truncate(normal(0, 1), 0)": "truncate: one distribution, then the bounds by name, "
    "such as truncate(normal(3, 2), low=0)",
    # Values of the wrong kind.
    'normal(1, "2")': 'normal: sd must be a number, not the text "2"',
    "normal(normal(0, 1), 2)": "normal: mean must be a number, not the distribution normal(0, 1)",
    "normal((1, 2), 2)": "normal: mean must be a number, not several numbers in parentheses",
    "discrete(1, 2, weights=3)": "discrete: weights must be numbers in parentheses, "
    "such as weights=(0.7, 0.3)",
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
    "2 to inf": 'expected a finite number, found "inf" at character 6',
    "normal(1e200, 1)": "normal: mean must be 0 or between 1e-150 and 1e+150 in size, not 1e+200",
    "normal(0, 1e-200)": "normal: sd must be 0 or between 1e-150 and 1e+150 in size, not 1e-200",
    # Parameters out of range.
    "normal(1, 0)": "normal: sd must be greater than 0; for a constant write fixed(1)",
    "normal(1, -2)": "normal: sd must be greater than 0, not -2",
    "lognormal(-1, 2)": "lognormal: median must be greater than 0, not -1; it is no logarithm",
    "lognormal(3, 1)": "lognormal: gsd must be greater than 1; for a constant write fixed(3)",
    "lognormal(3, 0.5)": "lognormal: gsd is a factor and must be greater than 1, "
    "not 0.5; for the sd of the logarithm write lognormal(median=3, sigma=0.5)",
    "lognormal(3, -2)": "lognormal: gsd is a factor and must be greater than 1, "
    "not -2",
    "lognormal(median=3, sigma=0)": "lognormal: sigma must be greater than 0, not 0",
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
    "triangular(p5=1, p95=9)": "triangular: cannot be given by quantiles; "
    "write triangular(low, mode, high) or metalog(p5=1, p95=9)",
    "lognormal(p5=-1, p95=3)": "lognormal: p5 must be greater than 0, not -1",
    "beta(p5=0.1, p95=1.3)": "beta: its quantiles must lie between 0 and 1, not 0.1 and 1.3",
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
    "2 to": 'expected a number after "to", found the end',
    "2 to 8 to 9": 'expected the end, found "to" at character 8',
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


@pytest.mark.parametrize("value", [math.nan, math.inf, True])
def test_a_number_that_is_no_constant_is_refused(value: float) -> None:
    with pytest.raises(InvalidValue, match="a constant must be a finite number"):
        parse_distribution(value)


@pytest.mark.parametrize("text", [text for text in REFUSED if "write " in REFUSED[text]])
def test_what_an_error_says_to_write_can_be_read(text: str) -> None:
    for suggestion in REFUSED[text].split("write ")[1].split(" or "):
        if (
            "low" not in suggestion.replace("low=0", "")
            and "mean" not in suggestion
            and "value" not in suggestion
        ):
            parse_distribution(suggestion)


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
