"""What is drawn given parameters has the quantiles of the family at these parameters."""

from __future__ import annotations

import numpy as np
import pytest

from uncertainty.distributions import Discrete, Truncated, Uniform, parse_distribution
from uncertainty.distributions.arguments import Arguments
from uncertainty.distributions.conditional import Conditional, Parametric
from uncertainty.distributions.families import FAMILIES
from uncertainty.distributions.forms import FORMS
from uncertainty.distributions.language import read_text
from uncertainty.distributions.mixture import MOST, weighted
from uncertainty.distributions.spread import Spread, count_at, edges_of, separate_values
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Name, Number, build_graph, compile_tape, parse_expression

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


WEIGHED = "discrete(4, 1, 2, 4, weights=(a, b, 1 - b, c))"


@pytest.mark.parametrize("bounds", [(None, None), (2, None), (None, 2), (1.5, 4.5)])
def test_weights_that_are_other_quantities_choose_among_values(bounds):
    values = {name: RNG.uniform(0.1, 0.9, ROWS) for name in "abc"}
    u = np.append(RNG.uniform(0.001, 0.999, ROWS - 1), 1.0)
    given = conditional(WEIGHED, *bounds)
    reference, found = draws(given, values, u)
    low, high = (np.inf * sign if each is None else each for sign, each in zip((-1, 1), bounds, strict=True))
    kept = np.array([low <= each <= high for each in (1, 2, 4)])
    rows = [
        Discrete(tuple(np.array([1, 2, 4])[kept]), tuple(np.array([b, 1 - b, a + c])[kept]))
        for a, b, c in zip(*values.values(), strict=True)
    ]
    np.testing.assert_array_equal(found, [row.quantile(p) for row, p in zip(rows, u, strict=True)])
    assert (reference.mean, reference.values, str(reference)) == (
        pytest.approx(rows[0].mean),
        rows[0].atoms,
        WEIGHED,
    )
    sums = [(f"the weight of {x}", text, True) for x, text in ((1, "b"), (2, "1 - b"), (4, "a + c"))]
    told = [(name, str(each), pure) for name, each, pure in given.dimensions()]
    assert told == [each for each, own in zip(sums, kept, strict=True) if own]


def test_weights_must_not_be_negative_and_one_of_them_positive():
    given = conditional("discrete(1, 2, 3, weights=(a, 0, b))")
    columns = {"a": np.array([1, -0.1, 0.1, 0, 0, 2]), "b": np.array([1, 1, -0.05, 0, 2, 0])}
    _, found = draws(given, columns, np.full(6, 0.4))
    np.testing.assert_array_equal(found, [1, np.nan, np.nan, np.nan, 3, 1])
    holds = given.place(0.0, 1.0).conditions()
    assert list(holds) == ["a weight"]
    assert [evaluated(holds["a weight"], {"a": a, "b": 2.0}) for a in (-1.0, 0.0, 1.0)] == [0, 1, 1]
    known = weighted([1.0, 2.0], [Number(1.0), Number(3.0)])
    assert known.conditions() == {}
    assert "sqrt" not in str(known.drawn(Name("x"), known))
    never = weighted([1.0, 2.0], [parse_expression("0 - 1"), Number(3.0)])
    assert evaluated(never.conditions()["a weight"], {}) == 0


def test_what_is_wrong_with_weights_that_are_other_quantities_is_said():
    with pytest.raises(InvalidValue, match=r"^discrete: none of the values lies within the input's limits$"):
        conditional(WEIGHED, 5).check()
    with pytest.raises(InvalidValue, match=r"^discrete: weights must be as many as the values, 2, not 1$"):
        weighted([1.0, 2.0], [Name("w")])
    many = [float(each) for each in range(MOST)]
    assert weighted([*many, 0.0], [Name("w")] * (MOST + 1)).values == tuple(many)
    with pytest.raises(
        InvalidValue, match=r"^discrete: weights of at most 50 values may be other quantities$"
    ):
        weighted([*many, -1.0], [Name("w")] * (MOST + 1))


def test_a_point_of_a_line_is_the_value_that_is_nearest():
    assert edges_of([3.0]) == [2.5, 3.5]
    assert edges_of([1.0, 2.0, 4.0]) == [0.5, 1.5, 3.0, 5.0]
    spread = Spread(Discrete((1, 2, 4), (2, 1, 1)))
    assert separate_values(spread) == separate_values(spread.counts) == (1, 2, 4)
    assert separate_values(Spread(Discrete((1, 2)), (1, 2, 4))) == (1, 2, 4)
    points = [0.5, 1.49, 1.5, 2.99, 3.0, 4.99]
    assert [count_at(spread, each) for each in points] == [1, 1, 1, 2, 2, 4]
    assert [count_at(spread, 1.5, toward) for toward in (-2.0, 2.0)] == [1, 2]
    # what lies beyond stays where it is
    assert [count_at(spread, each) for each in (0.25, 7.0)] == [0.25, 7.0]
    assert count_at(Uniform(0, 9), 1.4) == 1.4


def test_a_spread_distribution_is_even_between_the_middles_of_its_values():
    spread = Spread(Discrete((1, 2, 4), (2, 1, 1)))
    x, below = np.array([0.5, 1.0, 1.5, 2.25, 3.0, 4.0, 5.0]), np.array([0, 0.25, 0.5, 0.625, 0.75, 0.875, 1])
    np.testing.assert_allclose(spread.cdf(x), below)
    np.testing.assert_allclose(spread.survival(x), 1 - below)
    place = weighted(spread.counts.values, [Number(2.0), Number(1.0), Number(1.0)])._probability(Name("z"))
    np.testing.assert_allclose([evaluated(place, {"z": float(each)}) for each in x], below)
    np.testing.assert_allclose(spread.quantile(below), x)
    np.testing.assert_allclose(spread.upper_quantile(1 - below), x)
    np.testing.assert_array_equal(spread.cdf([-1.0, 9.0]), [0, 1])
    np.testing.assert_array_equal(spread.survival([-1.0, 9.0]), [1, 0])
    assert (spread.support, spread.mean, spread.sd) == ((0.5, 5), 2, pytest.approx(1.5**0.5))
    # values that it never has share the line
    part = Spread(Discrete((2, 4)), (1, 2, 4, 6))
    assert (part.support, float(part.quantile(0.25))) == ((1.5, 5), 2.25)
    assert str(part) == "discrete(2, 4)"


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
