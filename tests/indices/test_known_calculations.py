"""Published calculations of tables, and others of their kind, give what is known of them."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario

LINE = """
format = 1

[study]
title = "A calibration line through eleven points"
headline = "at_thirty"

[indices.reading]
from = 1
to = 11

[inputs.scale]
unit = "delta_degC"
index = ["reading"]
table = "line.csv"
columns = { point = "t" }

[inputs.deviation]
unit = "delta_degC"
index = ["reading"]
table = "line.csv"
columns = { point = "b" }
distribution = "normal(point, 0.0035)"

[equations]
away = "scale - 20[delta_degC]"
slope = "sum((away - mean(away)) * (deviation - mean(deviation))) / sum((away - mean(away)) ** 2)"
start = "mean(deviation) - slope * mean(away)"

[outputs.start]
unit = "delta_degC"
published = { value = -0.1712, sd = 0.0029 }

[outputs.slope]
unit = "1"
published = { value = 0.00218, sd = 0.00067 }

[outputs.at_thirty]
value = "start + slope * 10[delta_degC]"
unit = "delta_degC"
published = { value = -0.1494, sd = 0.0041 }
"""

T = np.array([21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.010, 26.511])
B = -np.array([171, 169, 166, 159, 164, 165, 156, 157, 159, 161, 160]) / 1000


def test_the_thermometer_of_the_gum_has_its_printed_values_and_uncertainties(write_study, tmp_path):
    """JCGM 100:2008, H.3: a straight line through 11 points, in fewer than 60 lines with a table."""
    rows = "".join(f"{k},{t},{b}\n" for k, (t, b) in enumerate(zip(T, B, strict=True), 1))
    (tmp_path / "line.csv").write_text(f"reading,t,b\n{rows}", encoding="utf-8")
    assert len(LINE.strip().splitlines()) < 60
    study = un.load_study(write_study(LINE))
    found = un.reproduce(study).figures
    assert {row.status for each in found.values() for row in each.every} == {"reproduced"}
    draws = un.propagate(study, samples=2**14)
    x = T - 20
    cov = np.linalg.inv(np.array([[11, x.sum()], [x.sum(), (x * x).sum()]])) * 0.0035**2
    expected = [cov[0, 0], cov[1, 1], np.array([1, 10]) @ cov @ np.array([1, 10])]
    found_sd = [draws.outputs[name].sd for name in ("start", "slope", "at_thirty")]
    assert found_sd == pytest.approx(np.sqrt(expected), rel=0.03)


INVENTORY = """
format = 1

[study]
title = "An inventory by propagation of error"
headline = "trend"

[indices.source]
members = ["a", "b", "c"]

[indices.gas]
members = ["co2", "ch4"]

[indices.year]
from = 1
to = 2

[inputs.activity]
unit = "1"
index = ["source", "year"]
point = { a = { 1 = 100, 2 = 110 }, b = { 1 = 50, 2 = 40 }, c = { 1 = 10, 2 = 30 } }
distribution = { a = "point ± 5 % (95 %)", b = "point ± 10 % (95 %)", c = "point ± 20 % (95 %)" }
across = { year = 0.5 }

[inputs.factor]
unit = "1"
index = ["source", "gas"]
point = { a = { co2 = 2, ch4 = 0.1 }, b = { co2 = 3, ch4 = 0 }, c = { co2 = 1, ch4 = 2 } }
distribution = { a = { co2 = "point ± 3 % (95 %)" }, c = { ch4 = "point ± 50 % (95 %)" } }

[equations]
emission = "activity * factor"
total = "sum(emission, source, gas)"

[outputs.total]
unit = "1"

[outputs.trend]
value = "total[2] - total[1]"
unit = "1"
"""


def test_an_inventory_has_the_uncertainty_of_the_propagation_of_error(write_study):
    """Sums of products of normal quantities: variances in closed form."""
    run = un.propagate(un.load_study(write_study(INVENTORY)), samples=2**15)
    activity = np.array([[100.0, 110], [50, 40], [10, 30]])
    own = activity * np.array([[0.05], [0.10], [0.20]]) / 1.959963984540054
    factor = np.array([[2, 0.1], [3, 0], [1, 2]])
    spread = np.array([[0.03 * 2, 0], [0, 0], [0, 0.5 * 2]]) / 1.959963984540054
    r = 2 * np.sin(np.pi / 12)

    def variance(weights):
        """Return the variance of the weighted sum over years, years being correlated within a source."""
        found = 0.0
        for source in range(3):
            mean, sd = weights * activity[source], weights * own[source]
            of_activity = sd @ np.array([[1, r], [r, 1]]) @ sd
            found += factor[source].sum() ** 2 * of_activity
            found += (spread[source] ** 2).sum() * (mean.sum() ** 2 + of_activity)
        return found

    trend = run.outputs["trend"]
    assert trend.mean == pytest.approx((activity[:, 1] - activity[:, 0]) @ factor.sum(1), rel=0.01)
    # 32,768 draws: the standard error of a standard deviation is 0.4 %
    assert trend.sd == pytest.approx(np.sqrt(variance(np.array([-1.0, 1]))), rel=0.015)
    assert run.outputs["total[2]"].sd == pytest.approx(np.sqrt(variance(np.array([0.0, 1]))), rel=0.015)


TREE = """
format = 1

[study]
title = "Two pumps of three"
headline = "fails"

[indices.pump]
members = ["a", "b", "c"]

[indices.room]
members = ["mild", "harsh"]

[inputs.rate]
unit = "1/hour"
index = ["pump"]
point = 2e-5
distribution = "lognormal(median=2e-5, gsd=3)"
across = "same"

[inputs.factor]
unit = "1"
index = ["room"]
point = { mild = 1, harsh = 4 }
distribution = { harsh = "2 to 8" }

[inputs.where_built]
member_of = "room"
point = "mild"
distribution = "one_of(mild=0.8, harsh=0.2)"

[equations]
q = "1 - exp(-rate * factor[where_built] * 360[hour])"

[outputs.fails]
value = "q[a] * q[b] + q[a] * q[c] + q[b] * q[c] - 2 * product(q, pump)"
unit = "1"
"""


def test_a_tree_of_failures_is_the_program_that_draws_it(write_study):
    study = un.load_study(write_study(TREE))
    sample = un.draw_sample(study, samples=512, seed=2)
    rates = np.array([sample.inputs[f"rate[{pump}]"] for pump in "abc"])
    assert (rates[0] == rates[1]).all()
    factor = np.where(sample.inputs["where_built"] == 0, 1.0, sample.inputs["factor[harsh]"])
    a, b, c = 1 - np.exp(-rates * factor * 360)
    expected = a * b + a * c + b * c - 2 * a * b * c
    assert sample.outputs["fails"] == pytest.approx(expected, rel=1e-9)
    q = 1 - np.exp(-2e-5 * 360)
    assert evaluate_at_points(scenario(study), ["fails"])["fails"] == pytest.approx(3 * q**2 - 2 * q**3)


TRANSITION = """
format = 1

[study]
title = "What is built as old plants close"
headline = "emissions[2040]"

[indices.tech]
members = ["coal", "wind"]

[indices.year]
from = 2020
to = 2040
step = 10
unit = "year"

[inputs.start]
unit = "TWh/year"
index = ["tech"]
point = { coal = 100, wind = 20 }

[inputs.life]
unit = "year"
index = ["tech"]
point = { coal = 40, wind = 25 }
distribution = { coal = "30 to 50", wind = "20 to 30" }

[inputs.new_share]
unit = "1"
index = ["tech"]
point = { coal = 0.2, wind = 0.8 }

[equations]
period = "10[year]"
demand = "sum(start) * exp(0.01[1/year] * (year - 2020[year]))"
stock = "previous(stock - retired + built, year, start)"
retired = "stock * minimum(1, period / life)"
built = "maximum(0, demand - sum(stock - retired, tech)) * new_share"
rate = "stock[coal] * 950[g/kWh] * period"

[outputs.emissions]
value = "stock[coal] * 950[g/kWh]"
unit = "Mt/year"

[outputs.so_far]
value = "cumulative(rate, year)"
unit = "Mt"
"""


def test_stocks_that_are_replaced_over_time_are_the_loop_over_years(write_study):
    study = un.load_study(write_study(TRANSITION))
    sample = un.draw_sample(study, samples=128, seed=2)
    life = np.array([sample.inputs["life[coal]"], sample.inputs["life[wind]"]])
    share = np.array([[0.2], [0.8]])
    stock = np.array([[100.0], [20.0]]) * np.ones(128)
    so_far = 0.0
    for step, year in enumerate((2020, 2030, 2040)):
        emitted = stock[0] * 0.95
        so_far = so_far + emitted * 10
        assert sample.outputs[f"emissions[{year}]"] == pytest.approx(emitted, rel=1e-9)
        assert sample.outputs[f"so_far[{year}]"] == pytest.approx(so_far, rel=1e-9)
        demand = 120 * np.exp(0.01 * step * 10)
        left = stock - stock * np.minimum(1, 10 / life)
        stock = left + np.maximum(0, demand - left.sum(0)) * share
