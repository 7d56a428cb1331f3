"""Studies with indices give what an independent numpy program gives, cell by cell."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario

HEAD = """
format = 1

[study]
title = "A table"
headline = "{headline}"
"""


@pytest.fixture
def load(write_study):
    def read(body: str, headline: str = "y") -> un.Study:
        return un.load_study(write_study(HEAD.format(headline=headline) + body))

    return read


@pytest.fixture
def points(load):
    def evaluate(body: str, headline: str = "y") -> dict[str, float]:
        study = load(body, headline)
        return evaluate_at_points(scenario(study), list(study.outputs))

    return evaluate


PLACES = """
[indices.place]
members = { n = "North", s = "South" }

[indices.fuel]
members = ["oil", "gas", "wood"]

[inputs.use]
label = "Use"
unit = "1"
index = ["fuel", "place"]
point = { n = { oil = 1, gas = 2, wood = 3 }, s = { oil = 10, gas = 20, wood = 30 } }

[inputs.factor]
unit = "1"
index = ["fuel"]
point = { oil = 7, gas = 5, wood = 2 }

[inputs.scale]
unit = "1"
point = 1
distribution = "uniform(0, 2)"
"""
USE = np.array([[1.0, 2, 3], [10, 20, 30]])
FACTOR = np.array([7.0, 5, 2])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sum(use * factor)", (USE * FACTOR).sum()),
        ("sum(use * factor, place, fuel)", (USE * FACTOR).sum()),
        ("sum(use * factor, fuel, place)", (USE * FACTOR).sum()),
        ("sum(use[n] * factor)", (USE[0] * FACTOR).sum()),
        ("sum(mean(use, place) * factor)", (USE.mean(0) * FACTOR).sum()),
        ("mean(use)", USE.mean()),
        ("product(use)", USE.prod()),
        ("smallest(use / factor)", (USE / FACTOR).min()),
        ("largest(use[place=s] / factor)", (USE[1] / FACTOR).max()),
        ("use[wood, n] - use[s,oil] + factor[fuel=gas]", 3.0 - 10 + 5),
        ("sum(use / sum(use, fuel), place, fuel)", 2.0),
        ("sum((use - mean(use)) ** 2) / sum(where(use > 2, 1, 0))", ((USE - USE.mean()) ** 2).sum() / 4),
        ("sum(minimum(use, 5, factor))", np.minimum(np.minimum(USE, 5), FACTOR).sum()),
    ],
)
def test_formulas_broadcast_by_name_and_reduce(points, formula, expected):
    found = points(f'{PLACES}\n[outputs.y]\nvalue = "{formula}"\nunit = "1"\n')
    assert found == {"y": pytest.approx(expected, rel=1e-14)}


def test_an_output_with_indices_has_one_cell_for_each_member_in_the_order_of_the_indices(points):
    found = points(f'{PLACES}\n[outputs.y]\nvalue = "factor * use"\nunit = "1"\n', "y[n,oil]")
    assert list(found) == ["y[n,oil]", "y[n,gas]", "y[n,wood]", "y[s,oil]", "y[s,gas]", "y[s,wood]"]
    assert list(found.values()) == pytest.approx((USE * FACTOR).ravel().tolist())


def test_draws_of_cells_are_those_of_a_program_of_arrays(load):
    study = load(
        """
[indices.k]
from = 1
to = 11

[inputs.x]
unit = "1"
index = ["k"]
point = 0
distribution = { 1 = "normal(1, 0.1)", 2 = "normal(2, 0.1)", 3 = "normal(3, 0.1)", 11 = "uniform(10, 12)" }

[inputs.noise]
unit = "1"
index = ["k"]
point = 0
distribution = "normal(0, 0.5)"

[equations]
y = "2 + 3 * k + noise"
slope = "sum((k - mean(k)) * (y - mean(y))) / sum((k - mean(k)) ** 2)"
intercept = "mean(y) - slope * mean(k)"

[outputs.slope]
unit = "1"

[outputs.intercept]
unit = "1"

[outputs.at]
value = "intercept + slope * x"
unit = "1"
""",
        "slope",
    )
    sample = un.draw_sample(study, samples=256, seed=3)
    x = np.zeros((11, 256))
    for member in (1, 2, 3, 11):
        x[member - 1] = sample.inputs[f"x[{member}]"]
    noise = np.array([sample.inputs[f"noise[{member}]"] for member in range(1, 12)])
    k = np.arange(1.0, 12)
    slope, intercept = np.polyfit(k, 2 + 3 * k[:, None] + noise, 1)
    assert sample.outputs["slope"] == pytest.approx(slope, rel=1e-12)
    assert sample.outputs["intercept"] == pytest.approx(intercept, rel=1e-12)
    for member in range(1, 12):
        expected = intercept + slope * x[member - 1]
        assert sample.outputs[f"at[{member}]"] == pytest.approx(expected, rel=1e-12, abs=1e-12)


EPIDEMIC = """
[indices.day]
from = 0
to = 40
unit = "day"

[inputs.population]
unit = "1"
point = 1000

[inputs.first]
unit = "1"
point = 3
distribution = "2 to 5"

[inputs.rate]
unit = "1/day"
point = 0.6
distribution = "0.4 to 0.8"

[inputs.recovery]
unit = "1/day"
point = 0.2
distribution = "0.1 to 0.3"

[equations]
healthy = "previous(healthy - infections, day, population - first)"
ill = "previous(ill + infections - recovered, day, first)"
infections = "1[day] * rate * ill * healthy / population"
recovered = "1[day] * recovery * ill"
so_far = "cumulative(infections, day)"

[outputs.ill]
unit = "1"

[outputs.peak]
value = "largest(ill)"
unit = "1"

[outputs.last]
value = "so_far[40] + first"
unit = "1"
"""


def epidemic(first, rate, recovery):
    healthy, ill, so_far, every = 1000 - first, first, 0.0, []
    for _ in range(41):
        every.append(ill)
        infections = rate * ill * healthy / 1000
        so_far = so_far + infections
        healthy, ill = healthy - infections, ill + infections - recovery * ill
    return np.array(every), so_far + first


def test_time_that_feeds_back_is_the_loop_over_its_steps(load):
    study = load(EPIDEMIC, "peak")
    sample = un.draw_sample(study, samples=128, seed=5)
    every, last = epidemic(*(sample.inputs[name] for name in ("first", "rate", "recovery")))
    assert sample.outputs["peak"] == pytest.approx(every.max(0), rel=1e-12)
    assert sample.outputs["last"] == pytest.approx(last, rel=1e-12)
    assert sample.outputs["ill[17]"] == pytest.approx(every[17], rel=1e-12)
    assert list(study.tables["ill"].indices) == ["day"]


def test_a_stock_that_loses_a_share_and_its_sum_so_far(points):
    found = points(
        """
[indices.year]
from = 2020
to = 2050
step = 5
unit = "year"

[inputs.inflow]
unit = "t/year"
index = ["year"]
point = { 2020 = 4, 2025 = 3, 2030 = 2, 2035 = 1, 2040 = 0, 2045 = 0, 2050 = 0 }

[equations]
stock = "previous(stock * 0.9 + inflow * 5[year], year, 10[t])"
age = "(year - 2020[year]) / 1[year]"

[outputs.y]
value = "stock + 0[t] * age"
unit = "t"

[outputs.moved]
value = "cumulative(inflow * 5[year], year)"
unit = "t"

[outputs.age]
unit = "1"
""",
        "y[2050]",
    )
    stock, expected = 10.0, []
    for inflow in (4, 3, 2, 1, 0, 0, 0):
        expected.append(stock)
        stock = stock * 0.9 + inflow * 5
    years = range(2020, 2055, 5)
    assert [found[f"y[{year}]"] for year in years] == pytest.approx(expected)
    assert [found[f"moved[{year}]"] for year in years] == pytest.approx([20, 35, 45, 50, 50, 50, 50])
    assert [found[f"age[{year}]"] for year in years] == pytest.approx([0, 5, 10, 15, 20, 25, 30])


def test_a_member_has_its_own_formula_and_stands_at_it(points):
    found = points(
        f"""{PLACES}
[equations.burnt]
index = ["fuel"]
value = {{ oil = "scale", gas = "burnt[oil] * 2", wood = "sum(use) / use[s]" }}

[outputs.y]
value = "burnt"
unit = "1"
""",
        "y[oil]",
    )
    # of wood the sum goes over places alone: its fuel stands at wood
    assert found == {"y[oil]": 1, "y[gas]": 2, "y[wood]": pytest.approx(33 / 30)}


def test_members_are_counted_in_decimal_and_met_exactly(points):
    found = points(
        """
[indices.level]
from = 0
to = 0.3
step = 0.1

[inputs.x]
unit = "1"
index = ["level"]
point = { 0 = 1, "0.1" = 2, "0.2" = 3, "0.30" = 4 }

[outputs.y]
value = "x + level"
unit = "1"

[outputs.one]
value = "x[0.3] + x[level=0.10]"
unit = "1"
""",
        "one",
    )
    assert list(found) == ["y[0]", "y[0.1]", "y[0.2]", "y[0.3]", "one"]
    assert list(found.values()) == pytest.approx([1, 2.1, 3.2, 4.3, 6])


def test_between_the_members_of_an_ordered_index_a_quantity_is_interpolated(points):
    found = points(
        """
[indices.t]
members = [-1, 0, 2.5, 4]
unit = "kelvin"

[indices.place]
members = ["n", "s"]

[inputs.loss]
unit = "g"
index = ["t", "place"]
point = { n = { "-1" = 5, 0 = 1, "2.5" = 3, 4 = -6 }, s = { "-1" = 1, 0 = 1, "2.5" = 2, 4 = 8 } }

[inputs.warming]
unit = "kelvin"
index = ["place"]
point = { n = 3, s = 7 }

[outputs.y]
value = "interpolate(warming, loss)"
unit = "g"

[outputs.cold]
value = "interpolate(0[kelvin] - 0.25[kelvin], loss)"
unit = "g"
""",
        "y[n]",
    )
    t = [-1, 0, 2.5, 4]
    assert found["y[n]"] == pytest.approx(np.interp(3, t, [5, 1, 3, -6]))
    assert found["y[s]"] == pytest.approx(8)
    assert found["cold[n]"] == pytest.approx(np.interp(-0.25, t, [5, 1, 3, -6]))
    assert found["cold[s]"] == 1


def test_an_option_may_replace_one_member_and_may_widen_a_quantity(load):
    study = load(
        f"""{PLACES}
[equations]
burnt = "factor * scale"

[choices.how]
[choices.how.options.printed]
[choices.how.options.wood_is_free]
equations = {{ "burnt[wood]" = "0" }}
[choices.how.options.by_place]
equations = {{ burnt = "factor * use", "burnt[gas, place = s]" = "use[n] + 1" }}

[outputs.y]
value = "burnt"
unit = "1"
""",
        "y[n,oil]",
    )

    def values(option):
        plan = scenario(study, choose={"how": option})
        return np.array(list(evaluate_at_points(plan, list(study.outputs)).values())).reshape(2, 3)

    assert values("printed") == pytest.approx(np.array([FACTOR, FACTOR]))
    assert values("wood_is_free") == pytest.approx(np.array([FACTOR, FACTOR]) * [1, 1, 0])
    expected = USE * FACTOR
    expected[1, 1] = 3
    assert values("by_place") == pytest.approx(expected)


def test_many_cells_are_read_and_run_in_seconds(load):
    """150 categories by 30 years: shares of a total, each of which needs the sum over all."""
    members = ", ".join(f'"c{number}"' for number in range(150))
    study = load(
        f"""
[indices.category]
members = [{members}]

[indices.year]
from = 1
to = 30

[inputs.x]
unit = "1"
index = ["category"]
point = 1
distribution = "1 to 2"

[outputs.share]
value = "x * year / sum(x * year, category)"
unit = "%"
""",
        "share[c0,1]",
    )
    assert len(study.outputs) == 4500
    found = evaluate_at_points(scenario(study), ["share[c7,3]"])
    assert found["share[c7,3]"] == pytest.approx(100 / 150)
