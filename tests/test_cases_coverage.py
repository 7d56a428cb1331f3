"""Whether errors of averages over cases cover: repeats of models whose distribution is known."""

import contextlib
import math

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import NonFiniteError
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Input, Output

Z = stats.norm.ppf([0.025, 0.975])
REPEATS = 500


def model(function, scale="linear", **inputs):
    """Return the study of a function; a distribution in a list differs from case to case."""
    known = {}
    for name, given in inputs.items():
        text, kind = (given[0], "variability") if isinstance(given, list) else (given, "uncertainty")
        known[name] = Input(name, PURE_NUMBER, 1.0, parse_distribution(text), kind=kind)
    output = Output("y", PURE_NUMBER, None, scale=scale, over="average")
    return un.Study.from_function(function, known, outputs={"y": output})


MODELS = {
    "of a product": (
        model(lambda a, v: {"y": a * v}, a="normal(150, 5)", v=["lognormal(mean=10, sd=10)"]),
        1500 + 50 * Z,
    ),
    "of a ratio": (
        model(
            lambda a, v, w: {"y": a * v / w},
            "log10",
            a="lognormal(1, 1.2)",
            v=["lognormal(1, 1.5)"],
            w=["lognormal(1, 1.5)"],
        ),
        np.exp(math.log(1.5) ** 2 + math.log(1.2) * Z),
    ),
    "of squares of two": (
        model(
            lambda a, b, v, w: {"y": a * b * (v**2 + np.sqrt(w))},
            "log10",
            a="lognormal(1, 1.2)",
            b="lognormal(1, 1.3)",
            v=["normal(1, 0.5)"],
            w=["uniform(0, 1)"],
        ),
        (1.25 + 2 / 3) * np.exp(math.hypot(math.log(1.2), math.log(1.3)) * Z),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_ends_of_an_average_lie_within_their_errors(name):
    study, ends = MODELS[name]
    runs = (un.propagate(study, samples=2**16, seed=seed, threads=1) for seed in range(REPEATS))
    assert_covering([run.outputs["y"].ends for run in runs], ends)


def assert_covering(found, true):
    """Check that errors reach as far as they should, and on average not much farther."""
    values, errors = np.moveaxis([[(each.value, each.error) for each in row] for row in found], 2, 0)
    missed = values - true
    # 95 % less three standard errors of as many repeats
    least = 0.95 - 3 * math.sqrt(0.95 * 0.05 / len(found))
    assert (np.mean(np.abs(missed) < 1.96 * errors, axis=0) > least).all()
    assert (errors.mean(axis=0) < 1.5 * np.sqrt(np.mean(missed**2, axis=0))).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("samples", [2**14, 2**17])
def test_a_small_net_shifts_nothing_by_more_than_the_error_that_is_reported(name, samples):
    study, ends = MODELS[name]
    missed, errors = [], []
    for seed in range(60):
        found = un.propagate(study, samples=samples, seed=seed, threads=1).outputs["y"].ends
        missed.append([end.value - true for end, true in zip(found, ends, strict=True)])
        errors.append([end.error for end in found])
    assert (np.abs(np.mean(missed, axis=0)) < np.mean(errors, axis=0)).all()


SKEWED = """
format = 1
[study]
title = "Skewed"
headline = "y"
[inputs]
a = { unit = "1", point = 1, distribution = "lognormal(1, 1.2)" }
b = { unit = "1", point = 1.2, distribution = "normal(1.2, 0.1)" }
v = { unit = "1", point = 1, distribution = "lognormal(1, 2)", kind = "variability" }
w = { unit = "1", point = 0, distribution = "normal(0, 1)", kind = "variability" }
z = { unit = "1", point = 0, distribution = "normal(0, 1)", kind = "variability" }
[outputs.y]
unit = "1"
over = "average"
scale = "log10"
value = "VALUE"
"""

LONG_TAILS = {
    "a * exp(1.5 * z)": np.exp(1.5**2 / 2 + math.log(1.2) * Z),
    "exp(b * z)": np.exp((1.2 + 0.1 * Z) ** 2 / 2),
    "a * v * v * exp(0.7 * w)": np.exp(2 * math.log(2) ** 2 + 0.7**2 / 2 + math.log(1.2) * Z),
}
"""Averages of lognormals, whose logarithms have the standard deviations 1.5, 1.2 and 1.55."""


@pytest.mark.slow
@pytest.mark.parametrize("value", LONG_TAILS)
def test_the_ends_of_a_skewed_average_lie_within_their_errors(value, tmp_path):
    """The scrambles of one net mostly miss the tail together; those of others tell of it."""
    path = tmp_path / "skewed.toml"
    path.write_text(SKEWED.replace("VALUE", value), encoding="utf-8")
    study = un.load_study(path)
    met = []
    for seed in range(REPEATS // 2):
        # now and then few cases carry so much of it that it is refused
        with contextlib.suppress(NonFiniteError):
            ends = un.propagate(study, seed=seed, threads=1).outputs["y"].ends
            pairs = zip(ends, LONG_TAILS[value], strict=True)
            met.append([abs(end.value - true) < 1.96 * end.error for end, true in pairs])
    assert len(met) > 0.85 * REPEATS / 2
    # from 92 to 98 %, and a standard error of as many repeats, 1.5 %
    assert (np.mean(met, axis=0) > 0.905).all()
    # where the nets that have more cases are asked, the interval reaches beyond what they say
    assert np.mean(met) < 0.998


TOGETHER = {
    "a product": ((0, 1), "*", (2, 3, 4)),
    "a ratio": ((0, 1), "/", (2, 3, 4)),
    "of one and of five": ((0,), "*", (1, 2, 3, 4, 5)),
}
"""Averages of products of inputs, and what is made of two of them."""


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER)
def test_what_averages_of_products_make_together_lies_within_its_errors(name, tmp_path):
    """Each input has a centre that nobody knows, around which cases differ."""
    one, sign, other = TOGETHER[name]
    count, sigma = len(one) + len(other), 0.6
    inputs = {
        f"{letter}{row}": f'distribution = "{given}" }}'
        for row in range(count)
        for letter, given in (("m", "lognormal(1, 1.3)"), ("v", f"lognormal(median=1, sigma={sigma})"))
    }
    parts = ["average(" + " * ".join(f"m{row} * v{row}" for row in rows) + ")" for rows in (one, other)]
    middle = (len(one) + len(other) * (1 if sign == "*" else -1)) * sigma**2 / 2
    spread, share = math.log(1.3) * math.sqrt(count), 0.78
    threshold = math.exp(middle - spread * stats.norm.ppf(share))
    lines = ["format = 1", "[study]", 'title = "Together"', 'headline = "y"', "[inputs]"]
    for each, given in inputs.items():
        kind = 'kind = "variability", ' if each[0] == "v" else ""
        lines.append(f'{each} = {{ unit = "1", point = 1, {kind}{given}')
    lines += ["[outputs.y]", 'unit = "1"', 'over = "average"', 'scale = "log10"']
    lines.append(f'value = "{parts[0]} {sign} {parts[1]}"')
    path = tmp_path / "together.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    study, found = un.load_study(path), []
    for seed in range(REPEATS // 2):
        draws = un.propagate(study, seed=seed, threads=1, cases=False).headline.draws
        low, high = draws.interval(0.95)
        found.append([low, draws.quantile(0.5), high, draws.share_at_least(threshold)])
    assert_covering(found, [*np.exp(middle + spread * np.array([Z[0], 0, Z[1]])), share])


@pytest.mark.slow
def test_few_scrambles_are_not_taken_to_tell_how_a_long_tail_weighs():
    """The average of a lognormal of sigma 1.5 rests on few of 64 cases, which most scrambles do not hold."""
    study = model(lambda a, v: {"y": a * np.exp(1.5 * v)}, "log10", a="lognormal(1, 1.2)", v=["normal(0, 1)"])
    ends = np.exp(1.5**2 / 2 + math.log(1.2) * Z)
    missed, errors = [], []
    for seed in range(40):
        # now and then the tail is so long that the average is refused
        with contextlib.suppress(NonFiniteError):
            found = un.propagate(study, samples=2**14, seed=seed, threads=1).outputs["y"].ends
            missed.append([end.value - true for end, true in zip(found, ends, strict=True)])
            errors.append([end.error for end in found])
    assert len(errors) > 30
    assert (np.sqrt(np.mean(np.square(missed), axis=0)) < 1.5 * np.mean(errors, axis=0)).all()
