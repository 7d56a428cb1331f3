"""Cells in CSV files, categories, curves, and what binds cells to one another."""

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario

HEAD = """
format = 1

[study]
title = "A table"
headline = "y"

[indices.fuel]
table = "fuels.csv"

[indices.year]
from = 2020
to = 2022
unit = "year"
"""

FUELS = "fuel,label\noil,Fuel oil\ngas,Natural gas\n"

OUTPUT = """
[outputs.y]
value = "sum(use * factor)"
unit = "1"
"""

USE = np.array([[1.0, 2, 3], [4, 5, 6]])

LONG = "fuel,year,use\n" + "".join(
    f"{fuel},{2020 + year},{USE[place, year]:g}\n"
    for place, fuel in enumerate(("Fuel oil", "gas"))
    for year in range(3)
)
WIDE = "fuel;2020;2021;2022\nNatural gas;4;5;6\noil;1;2;3\n"
WIDE_OTHERWISE = "year\toil\tNatural gas\n2021.0\t2\t5\n2020\t1\t4\n2022\t3\t6\n"

FACTOR = """
[inputs.factor]
unit = "1"
index = ["fuel"]
point = { oil = 10, gas = 100 }
"""


@pytest.fixture
def load(write_study, tmp_path):
    def read(body: str, head: str = HEAD, **files: str) -> un.Study:
        (tmp_path / "fuels.csv").write_text(FUELS, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return un.load_study(write_study(head + body))

    return read


def points(study):
    return evaluate_at_points(scenario(study), list(study.outputs))


@pytest.mark.parametrize(
    ("table", "columns"),
    [(LONG, 'columns = { point = "use" }'), (WIDE, ""), (WIDE_OTHERWISE, "")],
    ids=["long", "wide", "years down"],
)
def test_a_table_holds_cells_one_a_row_or_one_a_column(load, table, columns):
    body = f'{FACTOR}\n[inputs.use]\nunit = "1"\nindex = ["year", "fuel"]\ntable = "use.csv"\n{columns}\n'
    study = load(body + OUTPUT, use=table)
    assert points(study) == {"y": pytest.approx((USE * [[10], [100]]).sum())}
    assert list(study.quantities["use"].indices) == ["fuel", "year"]
    assert study.inputs["use[oil,2021]"].point == 2


def test_rows_say_what_is_known_of_each_cell(load):
    table = (
        "fuel,year,point,distribution,low,high,basis,source,note\n"
        "oil,2020,5,4 to 6,,,measured,A,first\n"
        "gas,2021,7,,0,9,,,\n"
    )
    body = (
        '[inputs.use]\nlabel = "Use"\nunit = "1"\nindex = ["fuel", "year"]\ntable = "use.csv"\nmissing = 1\n'
    )
    study = load(f"{body}{FACTOR}{OUTPUT}", use=table)
    oil, gas, other = (study.inputs[f"use[{cell}]"] for cell in ("oil,2020", "gas,2021", "oil,2021"))
    assert (str(oil.distribution), oil.basis, oil.source, oil.note) == ("4 to 6", "measured", "A", "first")
    assert (gas.distribution, gas.low, gas.high) == (None, 0, 9)
    assert (other.point, other.distribution) == (1, None)
    assert oil.label == "Use (Fuel oil, 2020)"
    assert oil.quantity == "use"
    assert points(study)["y"] == pytest.approx(10 * (5 + 1 + 1) + 100 * (1 + 7 + 1))


def test_the_hash_of_a_study_covers_its_tables(load):
    body = f'{FACTOR}\n[inputs.use]\nunit = "1"\nindex = ["year", "fuel"]\ntable = "use.csv"\n{OUTPUT}'
    first, again, other = (load(body, use=table) for table in (WIDE, WIDE, WIDE.replace("6", "7")))
    assert first.sha256 == again.sha256 != other.sha256


CATEGORY = """
[inputs.account]
label = "Which account"
member_of = "fuel"
point = "gas"
distribution = "one_of(oil=1, gas=3)"

[inputs.error]
unit = "1"
point = 1
distribution = "uniform(0.9, 1.1)"

[outputs.y]
value = "error * factor[account]"
unit = "1"
"""


def test_a_category_selects_a_member_by_chance(load):
    study = load(FACTOR + CATEGORY)
    assert points(study) == {"y": 100}
    sample = un.draw_sample(study, samples=1024, seed=1)
    chosen = np.array([10.0, 100.0])[sample.inputs["account"].astype(int)]
    assert sample.outputs["y"] == pytest.approx(chosen * sample.inputs["error"])
    assert sample.inputs["account"].mean() == pytest.approx(0.75, abs=0.001)
    assert str(study.inputs["account"].distribution) == "one_of(oil=1, gas=3)"


def test_a_category_is_fixed_by_a_member_and_judged_at_the_likeliest(load):
    study = load(FACTOR + CATEGORY)
    assert scenario(study, override={"account": "oil"}).points["account"] == 0
    assert scenario(study, override={"account": "one_of(oil=5, gas=3)"}).points["account"] == 0
    given = {"point": "gas", "distribution": "one_of(oil, gas)"}
    plan = scenario(study, override={"account": given})
    assert (plan.points["account"], str(plan.distributions["account"])) == (1, "one_of(oil, gas)")
    with pytest.raises(un.StudyError, match=r'unknown member "ga".*did you mean "gas"'):
        scenario(study, override={"account": "ga"})


def test_a_category_may_have_an_index_and_decide_for_each_member(load):
    study = load(
        f"""{FACTOR}
[inputs.account]
member_of = "fuel"
index = ["year"]
point = {{ 2020 = "oil", 2021 = "gas", 2022 = "oil" }}
distribution = {{ 2021 = "one_of(oil, gas)" }}

[outputs.y]
value = "sum(factor[account] * (year / 1[year]))"
unit = "1"
"""
    )
    assert points(study)["y"] == pytest.approx(10 * 2020 + 100 * 2021 + 10 * 2022)
    assert scenario(study).varying == ("account[2021]",)


CURVE = """
[curves.damage]
x_unit = "kelvin"
unit = "%"
points = [[0, 0], [2, 1], [4, 8]]

[curves.same]
x_unit = "kelvin"
unit = "%"
table = "damage.csv"
columns = ["temperature", "loss"]

[inputs.warming]
unit = "kelvin"
point = 3
distribution = "uniform(-1, 6)"

[outputs.y]
value = "interpolate(warming, damage)"
unit = "%"

[outputs.again]
value = "interpolate(warming, same)"
unit = "%"
"""


def test_between_the_points_of_a_curve_lies_a_straight_line_and_beyond_them_the_last_value(load):
    study = load(CURVE, damage="note,loss,temperature\na,0,0\nb,1,2\nc,8,4\n")
    assert points(study)["y"] == pytest.approx(4.5)
    sample = un.draw_sample(study, samples=512, seed=1)
    expected = np.interp(sample.inputs["warming"], [0, 2, 4], [0, 1, 8])
    assert sample.outputs["y"] == pytest.approx(expected, abs=1e-12)
    assert sample.outputs["again"] == pytest.approx(expected, abs=1e-12)


BOUND = """
format = 1

[study]
title = "Bound"
headline = "y"

[indices.place]
members = ["a", "b", "c"]

[indices.year]
from = 1
to = 4

[inputs.x]
unit = "1"
index = ["place", "year"]
point = 1
distribution = "normal(0, 1)"
across = {across}

[outputs.y]
value = "sum(x)"
unit = "1"
"""


def scores(study, name="x"):
    """Return the draws of the cells of a standard normal input, places by years."""
    sample = un.draw_sample(study, samples=2**14, seed=1)
    cells = [sample.inputs[cell] for cell in study.quantities[name].cells.values()]
    return np.array(cells).reshape(3, 4, -1)


def score(spearman):
    return 2 * np.sin(np.pi * spearman / 6)


def test_over_an_ordered_index_correlations_fall_as_powers_and_over_several_they_multiply(load):
    study = load("", head=BOUND.replace("{across}", "{ place = 0.5, year = 0.9 }"))
    found = np.corrcoef(scores(study).reshape(12, -1))
    years = score(0.9) ** np.abs(np.subtract.outer(range(4), range(4)))
    places = np.where(np.eye(3), 1, score(0.5))
    # the standard error of a correlation of 16,384 draws is at most 0.008
    assert found == pytest.approx(np.kron(places, years), abs=0.03)


def test_members_that_are_the_same_have_one_score_to_the_last_bit(load):
    study = load("", head=BOUND.replace("{across}", '{ place = "same" }'))
    drawn = scores(study)
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] == drawn[2]).all()
    assert np.abs(np.corrcoef(drawn[0]) - np.eye(4)).max() < 0.03


def test_members_that_are_the_same_have_each_its_own_distribution(load):
    text = BOUND.replace("{across}", '"same"').replace(
        '"normal(0, 1)"', '{ a = "normal(0, 1)", b = "uniform(5, 6)", c = "discrete(1, 2)" }'
    )
    drawn = scores(load("", head=text))
    normal, uniform, discrete = drawn[:, 2]
    # draws of the normal come from pieces that are right to 1e-7 of its spread
    assert uniform == pytest.approx(5 + stats.norm.cdf(normal), abs=1e-7)
    assert (discrete == np.where(normal < 0, 1, 2)).all()
    assert (drawn[0, 0] == drawn[0, 3]).all()


def test_inputs_with_the_same_indices_are_correlated_member_by_member(load):
    text = BOUND.replace("{across}", "{ year = 0.8 }")
    other = text[text.index("[inputs.x]") : text.index("[outputs.y]")].replace("inputs.x", "inputs.z")
    pair = '[[correlations]]\ninputs = ["x", "z"]\nspearman = 0.6\n'
    study = load(other + pair, head=text)
    x, z = scores(study), scores(study, "z")
    years = score(0.8) ** np.abs(np.subtract.outer(range(4), range(4)))
    for place in range(3):
        found = np.corrcoef(np.concatenate([x[place], z[place]]))
        binding = np.array([[1, score(0.6)], [score(0.6), 1]])
        assert found == pytest.approx(np.kron(binding, years), abs=0.03)
    assert abs(np.corrcoef(x[0, 0], z[1, 0])[0, 1]) < 0.03


def test_one_member_may_be_correlated_with_another_input(load):
    text = BOUND.replace("{across}", '"independent"')
    body = """
[inputs.w]
unit = "1"
point = 0
distribution = "normal(0, 1)"

[[correlations]]
inputs = ["x[2,b]", "w"]
spearman = 0.7

[[correlations]]
independent = ["x[year=1, a]", "w"]
because = "they are measured apart"
"""
    study = load(body, head=text)
    sample = un.draw_sample(study, samples=2**14, seed=1)
    w = sample.inputs["w"]
    assert np.corrcoef(sample.inputs["x[b,2]"], w)[0, 1] == pytest.approx(score(0.7), abs=0.02)
    assert abs(np.corrcoef(sample.inputs["x[a,2]"], w)[0, 1]) < 0.03
    assert study.independent[0].inputs == ("x[a,1]", "w")


def test_nothing_binds_any_cell_of_inputs_that_are_independent_as_a_whole(load):
    text = BOUND.replace("{across}", '"independent"')
    body = """
[inputs.w]
unit = "1"
point = 0
distribution = "normal(0, 1)"
[inputs.v]
unit = "1"
index = ["year"]
point = 0
distribution = "normal(0, 1)"

[[correlations]]
independent = ["x", "w", "v"]
because = "they are measured apart"
"""
    pairs = [pair.inputs for pair in load(body, head=text).independent]
    assert len(pairs) == len(set(pairs)) == 12 + 12 * 4 + 4
    assert {("x[c,4]", "w"), ("x[a,1]", "v[3]"), ("w", "v[2]")} <= set(pairs)


@pytest.mark.slow
def test_hundreds_of_members_may_be_the_same(load):
    text = BOUND.replace("{across}", '"same"').replace("to = 4", "to = 400")
    study = load("", head=text)
    sample = un.draw_sample(study, samples=64, seed=1)
    assert (sample.inputs["x[a,1]"] == sample.inputs["x[c,400]"]).all()
    assert sample.outputs["y"] == pytest.approx(1200 * sample.inputs["x[b,7]"], rel=1e-12)
