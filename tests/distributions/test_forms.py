"""What is drawn given parameters has the quantiles of the family at these parameters."""

from __future__ import annotations

import numpy as np
import pytest

from uncertainty.distributions import Truncated, parse_distribution
from uncertainty.distributions.arguments import Arguments
from uncertainty.distributions.conditional import Conditional, Parametric
from uncertainty.distributions.families import FAMILIES
from uncertainty.distributions.forms import FORMS
from uncertainty.distributions.language import read_text
from uncertainty.distributions.spread import Spread
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Name, build_graph, compile_tape

RNG = np.random.default_rng(1)
ROWS = 40
RANGES = {
    "mean": (1, 3), "sd": (0.3, 0.9), "cv": (0.1, 0.5), "median": (1, 3), "gsd": (1.2, 3), "sigma": (0.2, 1),
    "low": (0.2, 0.9), "mode": (1, 2), "high": (3.5, 5), "a": (0.5, 3), "b": (0.5, 3), "shape": (0.7, 4),
    "start": (1, 1.5), "end": (2, 3), "scale": (0.5, 2), "location": (-1, 1), "df": (2, 9), "p": (0.1, 0.9),
}  # fmt: skip


def conditional(text: str, low: float | None = None, high: float | None = None) -> Conditional:
    given = read_text(text)
    assert isinstance(given, Parametric)
    return Conditional(given, low, high)


def values_of(form):
    found = {name: RNG.uniform(*RANGES[name], ROWS) for name in form.parameters if name != "n"}
    if form.family == "beta" and "mean" in found:
        found["mean"] = RNG.uniform(0.3, 0.7, ROWS)
        found["sd" if "sd" in found else "cv"] = RNG.uniform(0.05, 0.2, ROWS)
    if "n" in form.parameters:
        found = {"n": RNG.integers(1, 30, ROWS).astype(float)} | found
    return {name: found[name] for name in form.parameters}


def draws(given: Conditional, values, u):
    """Draws of a conditional whose parameters are columns; the first row is the reference."""
    first = {name: float(column[0]) for name, column in values.items()}
    evaluate = lambda e: evaluated(e, first)  # noqa: E731 - short
    reference = given.at(evaluate, 0.0, 1.0)
    expression = given.drawn(Name("x"), evaluate, 0.0, 1.0)
    tape = compile_tape(build_graph({}, {"y": expression}, ["x", *values], float), ["y"], ["x", *values], {})
    out = np.empty((1, u.size))
    tape.run(np.array([reference.quantile(u), *values.values()]), out)
    return reference, out[0]


def evaluated(expression, values):
    tape = compile_tape(build_graph({}, {"y": expression}, list(values), float), ["y"], (), values)
    out = np.empty((1, 1))
    tape.run(np.empty((0, 1)), out)
    return float(out[0, 0])


def of_family(family, values, row):
    numbers = {name: float(column[row]) for name, column in values.items()}
    return FAMILIES[family](Arguments(family, (), numbers, None))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.family} {' '.join(form.parameters)}")
@pytest.mark.parametrize("bounds", [(None, None), (0.5, None), (None, 2.4), (0.8, 2.2)])
def test_a_draw_is_the_quantile_of_the_family_at_its_parameters(form, bounds):
    values = values_of(form)
    u = RNG.uniform(0.001, 0.999, ROWS)
    text = f"{form.family}({', '.join(f'{name}={name}' for name in form.parameters)})"
    if form.family == "bernoulli" and bounds != (None, None):
        return
    try:
        whole = [of_family(form.family, values, row) for row in range(ROWS)]
        low, high = bounds
        expected = [each if bounds == (None, None) else Truncated(each, low, high) for each in whole]
    except InvalidValue:
        pytest.skip("nothing lies within these bounds")
    reference, found = draws(conditional(text, low, high), values, u)
    wanted = np.array([float(each.quantile(np.array([p]))[0]) for each, p in zip(expected, u, strict=True)])
    np.testing.assert_allclose(found, wanted, rtol=2e-10, atol=1e-12)
    assert str(reference) == text


def test_a_pedigree_is_about_a_median_that_may_be_another_quantity():
    values = {"m": np.linspace(1, 3, 9)}
    u = np.linspace(0.1, 0.9, 9)
    _, found = draws(conditional("pedigree(m, reliability=3, basic=1.5)"), values, u)
    alone = parse_distribution("pedigree(1, reliability=3, basic=1.5)")
    np.testing.assert_allclose(found, values["m"] * alone.quantile(u), rtol=1e-12)


def test_where_the_parameters_stand_a_draw_is_its_reference():
    values = {"m": np.full(9, 3.0), "s": np.full(9, 0.5)}
    reference, found = draws(conditional("lognormal(m, sigma=s)", 1, 9), values, np.linspace(0.1, 0.9, 9))
    np.testing.assert_allclose(found, reference.quantile(np.linspace(0.1, 0.9, 9)), rtol=1e-12)


@pytest.mark.parametrize("text", ["poisson(m)", "binomial(12, p)"])
def test_counts_are_spread_out_and_come_back(text):
    given = conditional(text)
    reference = given.at(lambda e: evaluated(e, {"m": 4.0, "p": 0.3}), 0.0, 1.0)
    assert isinstance(reference, Spread)
    u = np.linspace(0.001, 0.999, 999)
    x = reference.quantile(u)
    np.testing.assert_allclose(reference.cdf(x), u, atol=1e-12)
    np.testing.assert_allclose(reference.upper_quantile(1 - u), x, atol=1e-9)
    np.testing.assert_allclose(reference.survival(x), 1 - u, atol=1e-12)
    assert (np.floor(x + 0.5) == reference.counts.quantile(u)).all()


@pytest.mark.parametrize(
    ("text", "values"),
    [("normal(m, s)", {"m": 1, "s": 0}), ("lognormal(m, g)", {"m": 1, "g": 1}), ("bernoulli(m)", {"m": 1.1}),
     ("uniform(m, s)", {"m": 1, "s": 0}), ("gamma(mean=m, sd=s)", {"m": -1, "s": 1}),
     ("poisson(m)", {"m": -1}),
     ("beta(mean=m, sd=s)", {"m": 0.5, "s": 0.5}), ("binomial(m, s)", {"m": 2.5, "s": 0.5}),
     ("pert(0, m, s)", {"m": 2, "s": 1}), ("student_t(0, 1, m)", {"m": 0})],
)  # fmt: skip
def test_where_a_parameter_is_impossible_a_draw_has_no_value(text, values):
    sound = {"m": 0.3, "s": 0.4, "g": 2} | ({"m": 5} if text.startswith("binomial") else {})
    columns = {name: np.array([sound[name], values[name]], float) for name in values}
    _, found = draws(conditional(text), columns, np.array([0.4, 0.4]))
    assert np.isfinite(found).tolist() == [True, False]


def test_what_is_said_of_families_that_take_numbers_alone():
    with pytest.raises(InvalidValue, match="metalog: its parameters are numbers; those of normal, lognormal"):
        conditional("metalog(p10=a, p50=b)").check()
    with pytest.raises(InvalidValue, match="ctrap: its parameters are numbers"):
        conditional("ctrap(a, 2, 0.5)").check()
    with pytest.raises(InvalidValue, match="pedigree: scores are numbers; its median may be"):
        conditional("pedigree(2, reliability=a)").check()
    conditional("ctrap(point, 2, 0.5)").check()
    assert str(parse_distribution("normal(1, 2)")) == "normal(1, 2)"
