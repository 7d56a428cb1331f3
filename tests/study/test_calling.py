"""A Python function is called as its state can bear it, and what it returns is taken for what it is."""

import math
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pint
import pytest

import uncertainty as un

UREG = pint.registry.LazyRegistry()
UNIFORM = {"x": "uniform(1, 2)"}


def study_of(gives, **options):
    """Return a study of one output, y, whose function is not called before it is run."""
    return un.Study.from_function(lambda x: {"y": gives(x)}, UNIFORM, outputs=["y"], **options)


def failed_share(gives):
    """Return the draws without a value that a run names, and the policy that drops them."""
    with pytest.raises(
        un.NonFiniteError, match=r"outputs\.y: is infinite or undefined for (\d+) of 256"
    ) as caught:
        un.propagate(study_of(gives), samples=256, seed=1)
    return int(str(caught.value).split(" for ")[1].split()[0])


def nullable(x):
    pandas = pytest.importorskip("pandas")
    column = pandas.Series(x, dtype="Float64")
    column[x > 1.5] = pandas.NA
    return column


def arrow(x):
    pyarrow = pytest.importorskip("pyarrow")
    return pyarrow.array([None if each > 1.5 else each for each in x])


@pytest.mark.parametrize(
    "gives",
    [
        lambda x: np.ma.masked_where(x > 1.5, np.where(x > 1.5, -9999.0, x)),
        lambda x: np.ma.array(x, mask=x > 1.5, fill_value=1e20),
        lambda x: np.ma.array(np.where(x > 1.5, -1, 7), mask=x > 1.5),
        lambda x: np.ma.array(x > 0, mask=x > 1.5),
        lambda x: [np.ma.masked if each > 1.5 else each for each in x],
        lambda x: [None if each > 1.5 else each for each in x],
        lambda x: UREG.Quantity(np.ma.masked_where(x > 1.5, x), ""),
        lambda x: np.ma.array([Fraction(each) for each in x], mask=x > 1.5),
        nullable,
        arrow,
    ],
    ids=[
        "filled",
        "fill value",
        "integers",
        "truth",
        "list",
        "None",
        "quantity",
        "objects",
        "pandas",
        "arrow",
    ],
)
def test_what_is_masked_or_missing_is_undefined_as_nan_is(gives):
    assert failed_share(gives) == failed_share(lambda x: np.where(x > 1.5, np.nan, x)) == 128


def test_masked_draws_are_dropped_where_the_study_has_them_dropped():
    study = study_of(lambda x: np.ma.masked_where(x > 1.95, np.where(x > 1.95, 1e20, x)), nonfinite="drop")
    found = un.propagate(study, samples=4096, seed=1).outputs["y"]
    # the standard error of independent draws, which a net stays below
    assert found.dropped == pytest.approx(0.05, abs=0.0034)
    # uniform from 1 to 1.95; the standard error of 3,900 independent draws is 0.0044
    assert found.mean == pytest.approx(1.475, abs=0.02)
    assert found.values.max() <= 1.95


def test_a_masked_array_without_masked_values_is_plain_numbers():
    run = un.propagate(study_of(np.ma.array), samples=64, seed=1)
    np.testing.assert_array_equal(run.outputs["y"].values, run.to_pandas()["inputs.x"])


def test_quantities_are_converted_to_the_declared_unit():
    def pace(x):
        return {
            "far": UREG.Quantity(x, "km"),
            "pace": UREG.Quantity(x, "km/h"),
            "share": UREG.Quantity(x, ""),
        }

    units = {"far": "m", "pace": "m/s", "share": "%"}
    run = un.propagate(un.Study.from_function(pace, UNIFORM, units=units), samples=64, seed=1)
    x = run.to_pandas()["inputs.x"].to_numpy()
    for name, factor in (("far", 1000), ("pace", 1 / 3.6), ("share", 100)):
        np.testing.assert_allclose(run.outputs[name].values, factor * x, rtol=1e-15)


def test_quantities_of_things_that_are_counted_are_converted_too():
    registry = pint.UnitRegistry()
    registry.define("page = [page]")
    study = un.Study.from_function(
        lambda x: {"y": registry.Quantity(x, "kg/page")},
        UNIFORM,
        units={"y": "g/page"},
        counting_units=["page"],
    )
    assert un.propagate(study, samples=64, seed=1).outputs["y"].median == pytest.approx(1500, rel=0.01)


def test_a_list_of_quantities_is_converted_one_by_one():
    mixed = study_of(
        lambda x: [
            UREG.Quantity(v, "m") if k % 2 else UREG.Quantity(v / 1000, "km") for k, v in enumerate(x)
        ],
        units={"y": "m"},
    )
    run = un.propagate(mixed, samples=64, seed=1)
    np.testing.assert_allclose(run.outputs["y"].values, run.to_pandas()["inputs.x"], rtol=1e-15)


@pytest.mark.slow
def test_a_named_array_that_holds_a_quantity_is_converted():
    xarray = pytest.importorskip("xarray")
    study = study_of(lambda x: xarray.DataArray(UREG.Quantity(x, "km")), units={"y": "m"})
    assert un.propagate(study, samples=64, seed=1).outputs["y"].median > 1000


@pytest.mark.parametrize(
    ("unit", "units", "message"),
    [
        ("kg", {"y": "m"}, "found a quantity in kilogram, and its unit is m"),
        (
            "degC",
            {"y": "kelvin"},
            'found a quantity in degree_Celsius: the unit "degree_Celsius" has an offset',
        ),
        ("km", {}, 'found a quantity in kilometer, and no unit is declared; write units={"y": "kilometer"}'),
    ],
)
def test_quantities_that_cannot_be_converted_are_refused_when_the_study_is_made(unit, units, message):
    with pytest.raises(un.StudyError) as caught:
        un.Study.from_function(lambda x: {"y": UREG.Quantity(x, unit)}, UNIFORM, units=units)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_unit_that_is_advised_is_accepted():
    study = un.Study.from_function(
        lambda x: {"y": UREG.Quantity(x, "kilometer")}, UNIFORM, units={"y": "kilometer"}
    )
    assert un.propagate(study, samples=64, seed=1).outputs["y"].median == pytest.approx(1.5, rel=0.01)


@pytest.mark.parametrize(
    ("gives", "found"),
    [
        (lambda x: x * 1j, r"complex numbers of shape \(256,\)"),
        (lambda x: x[:10], r"numbers of shape \(10,\)"),
        (lambda x: x[:, None], r"numbers of shape \(256, 1\)"),
        (lambda x: np.stack([x, x]), r"numbers of shape \(2, 256\)"),
        (lambda x: np.append(x, 0), r"numbers of shape \(257,\)"),
        (lambda x: np.quantile(x, [0.05, 0.95]), r"numbers of shape \(2,\)"),
        (np.mean, r"one number for all; a constant is np\.full\(len\(x\), \S+\)"),
        (lambda _: 3, r"one number for all; a constant is np\.full\(len\(x\), 3\)"),
        (lambda x: np.array(x.sum()), r"one number for all; .*"),
        (lambda x: UREG.Quantity(x.sum(), ""), r"one number for all; .*"),
        (lambda _: np.ma.masked, r"one number for all; .*"),
        (lambda x: ["1.5"] * len(x), "a value of type str among them"),
        (lambda x: np.array(["1.5"] * len(x)), r"texts of shape \(256,\)"),
        (lambda x: np.array(["1.5"] * len(x), dtype=object), "a value of type str among them"),
        (lambda x: [{}] * len(x), "a value of type dict among them"),
        (lambda x: [1j] * len(x), "a value of type complex among them"),
        (lambda x: (each for each in x), "a value of type generator"),
        (lambda x: np.full(len(x), np.timedelta64(1, "s")), r"no numbers of shape \(256,\)"),
        (lambda _: None, "a value of type NoneType"),
        (lambda x: {"z": x}, "a value of type dict"),
        (lambda _: "1.5", "a value of type str"),
    ],
)
def test_what_a_function_gives_must_be_one_real_number_a_row(gives, found):
    line = (
        rf"outputs\.y: expected one real number for each of 256 rows from the model's function, found {found}"
    )
    with pytest.raises(un.StudyError) as caught:
        un.propagate(study_of(gives), samples=256, design="random")
    assert re.fullmatch(line, str(caught.value)), caught.value


def test_one_number_for_all_rows_is_refused_before_anything_is_run():
    with pytest.raises(un.StudyError, match=r"found one number for all; a constant is np\.full\(len\(a\)"):
        un.Study.from_function(lambda a, b: {"y": np.mean(a * b)}, {"a": "1 to 2", "b": "1 to 2"})
    with pytest.raises(un.StudyError, match=r"found numbers of shape \(2,\)"):
        un.Study.from_function(lambda a: {"y": np.percentile(a, [5, 95])}, {"a": "1 to 2"})


def test_one_number_is_refused_also_where_a_block_has_one_row():
    with pytest.raises(un.StudyError, match="found one number for all"):
        un.propagate(study_of(lambda x: float(x.sum())), samples=64, block_rows=1)


@pytest.mark.parametrize(
    "gives",
    [
        list,
        tuple,
        lambda x: [Decimal(float(each)) for each in x],
        lambda x: [np.array(each) for each in x],
        lambda x: x.astype(object),
        lambda x: x.astype(np.longdouble),
        lambda x: pytest.importorskip("pandas").Series(x, index=range(len(x), 0, -1)),
    ],
    ids=["list", "tuple", "decimals", "arrays", "objects", "long", "series"],
)
def test_real_numbers_are_taken_in_whatever_they_come(gives):
    run = un.propagate(study_of(gives), samples=64, seed=1)
    np.testing.assert_array_equal(run.outputs["y"].values, run.to_pandas()["inputs.x"])


def test_whole_numbers_and_truth_values_are_real_numbers():
    study = un.Study.from_function(lambda x: {"whole": np.full(len(x), 3), "truth": x > 0}, UNIFORM)
    run = un.propagate(study, samples=64)
    assert [set(run.outputs[name].values) for name in ("whole", "truth")] == [{3.0}, {1.0}]


def test_a_frame_of_columns_is_what_a_function_may_return():
    pandas = pytest.importorskip("pandas")
    study = un.Study.from_function(lambda x: pandas.DataFrame({"y": x, "z": 2 * x}), UNIFORM)
    run = un.propagate(study, samples=64, seed=1)
    assert run.outputs["z"].median == 2 * run.outputs["y"].median
    with pytest.raises(un.StudyError, match="arrays by name, not Series"):
        un.Study.from_function(lambda x: pandas.Series(x) + 1, UNIFORM)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: {"y": 0.0 if x > 0 else x}, "raised ValueError: The truth value of an array"),
        (lambda x: {"y": math.exp(x)}, "raised TypeError: only "),
        (lambda x: {"y": x / {}["rate"]}, "the model's function raised KeyError: 'rate'"),
        (lambda x: x.sort(), "expected a function that returns arrays by name, not None"),
        (lambda x: {0: x}, "arrays by name, not under the name 0"),
    ],
)
def test_a_function_that_fails_does_so_in_one_line(function, message):
    with pytest.raises(un.UncertaintyError) as caught:
        un.Study.from_function(function, UNIFORM)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("function", "outputs", "message"),
    [
        (
            lambda x: [x, 2 * x],
            None,
            'numbers by name, not list of 2 at x = 1.5; end it with return {"y1": y1, ',
        ),
        (lambda **_: None, None, 'numbers by name, not None at x = 1.5; end it with return {"y": y}'),
        (lambda x: None if x < 1.5 else {"y": x}, None, "not None at x = 1.2"),
        (lambda **_: None, ["y"], "a function that returns y, not None at x = "),
        (lambda x: [x, x, x], ["y", "z"], "the 2 numbers y, z, not list of 3 at x = "),
        (
            lambda x: x,
            None,
            'not float at x = 1.5; end it with return {"y": y}, or name what it returns with ',
        ),
    ],
)
def test_what_a_row_gives_that_has_no_name_is_told_with_the_row(function, outputs, message):
    named = {} if outputs is None else {"outputs": outputs}
    with pytest.raises(un.StudyError) as caught:
        un.propagate(un.Study.from_function(function, UNIFORM, vectorized=False, **named), samples=64)
    assert message in str(caught.value)


def test_a_row_may_give_several_named_results_as_a_list():
    for several in (tuple, list, np.array):
        study = un.Study.from_function(
            lambda x, several=several: several([x, 2 * x]), UNIFORM, vectorized=False, outputs=["y", "z"]
        )
        run = un.propagate(study, samples=64)
        assert run.outputs["z"].median == 2 * run.outputs["y"].median


def test_what_to_write_in_place_of_plain_python_is_said_and_works():
    with pytest.raises(un.StudyError, match=r"write np\.where\(a > b, c, d\) in place of if"):
        un.Study.from_function(lambda x: {"y": x if x > 1.5 else 1.5}, UNIFORM)
    study = un.Study.from_function(lambda x: {"y": np.where(x > 1.5, x, 1.5)}, UNIFORM)
    assert un.propagate(study, samples=64, seed=1).outputs["y"].values.min() == 1.5


class Solver:
    """A simulator that holds state, as most do: its result is its own memory, written to again and again."""

    def __init__(self):
        self.result = np.empty(2**14)
        self.at_once = self.most = self.calls = 0

    def run(self, x):
        self.calls += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.x = x
        time.sleep(0.002)
        found = self.result[: len(x)]
        np.multiply(self.x, 2, out=found)
        self.at_once -= 1
        return {"y": found}

    __call__ = run


def closure():
    solver = Solver()

    def model(x):
        return solver.run(x)

    return model, solver


def bound():
    solver = Solver()
    return solver.run, solver


def instance():
    solver = Solver()
    return solver, solver


ROWS = 5 * 2**14


@pytest.mark.parametrize("make", [closure, bound, instance])
@pytest.mark.parametrize("how", [{}, {"threads": 1}, {"threads": 4}, {"threads": 4, "block_rows": 3000}])
def test_a_model_that_holds_state_is_called_once_at_a_time(make, how):
    function, solver = make()
    run = un.propagate(un.Study.from_function(function, UNIFORM), samples=ROWS, seed=1, **how)
    np.testing.assert_array_equal(run.outputs["y"].values, 2 * run.to_pandas()["inputs.x"].to_numpy())
    assert solver.most == 1


def test_random_numbers_of_a_model_s_own_come_in_the_order_of_the_draws():
    def noisy():
        rng = np.random.default_rng(1)
        study = un.Study.from_function(lambda x: {"y": x + rng.normal(size=len(x))}, UNIFORM)
        return un.propagate(study, samples=ROWS, seed=1, threads=4).outputs["y"].values

    np.testing.assert_array_equal(noisy(), noisy())


def test_every_analysis_takes_turns():
    solver = Solver()

    def model(a, b):
        return solver.run(3 * a + b)

    study = un.Study.from_function(model, {"a": "uniform(0, 1)", "b": "uniform(0, 1)"})
    solver.most = 0
    un.sobol(study, samples=256, seed=1, threads=4)
    un.draw_sample(study, samples=ROWS, seed=1, threads=4)
    un.shapley(study, samples=64, seed=1, threads=4)
    un.tornado(study)
    assert solver.most == 1


def test_runs_in_threads_of_the_caller_s_take_turns_too():
    function, solver = bound()
    study = un.Study.from_function(function, UNIFORM)
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda seed: un.propagate(study, samples=4096, seed=seed), range(4)))
    for run in runs:
        np.testing.assert_array_equal(run.outputs["y"].values, 2 * run.to_pandas()["inputs.x"].to_numpy())
    assert solver.most == 1


def test_a_function_that_says_so_is_called_by_several_threads_at_once():
    meeting = threading.Barrier(2, timeout=10)

    def model(x):
        if len(x) == 2**14:
            meeting.wait()
        return {"y": 2 * x}

    study = un.Study.from_function(model, UNIFORM, thread_safe=True)
    run = un.propagate(study, samples=8 * 2**14, seed=1, threads=2)
    np.testing.assert_array_equal(run.outputs["y"].values, 2 * run.to_pandas()["inputs.x"].to_numpy())


def test_a_model_may_run_a_study_of_its_own():
    inner = un.Study.from_function(lambda x: {"y": x}, UNIFORM)

    def model(x):
        return {"y": x + un.propagate(inner, samples=64, seed=1).outputs["y"].median}

    assert un.propagate(un.Study.from_function(model, UNIFORM), samples=64, seed=1).outputs["y"].median > 2


def test_every_export_has_the_draws_that_the_result_has(tmp_path):
    rng, rows = np.random.default_rng(1), []

    def model(x):
        rows.append(len(x))
        return {"y": x + rng.normal(size=len(x)), "z": np.where(x > 1.99, np.nan, rng.normal(size=len(x)))}

    study = un.Study.from_function(model, UNIFORM, nonfinite="drop")
    run = un.propagate(study, samples=1024, seed=1, save=tmp_path / "draws.parquet")
    made = sum(rows)
    values = run.outputs["y"].values
    run.save(tmp_path / "draws.csv")
    frames = [run.to_pandas(), un.read_table(tmp_path / "draws.parquet").to_pandas()]
    frames.append(un.read_table(tmp_path / "draws.csv").to_pandas())
    for frame in frames:
        np.testing.assert_array_equal(frame["outputs.y"], values)
        np.testing.assert_array_equal(frame["outputs.z"].dropna(), run.outputs["z"].values)
    tree = run.to_xarray()
    column = next(node["y"] for node in tree.subtree if "y" in node.data_vars)
    np.testing.assert_array_equal(column.to_numpy().ravel(), values)
    assert sum(rows) == made


def test_a_run_until_it_is_precise_exports_the_draws_it_made():
    rng = np.random.default_rng(1)
    study = un.Study.from_function(lambda x: {"y": x + rng.normal(size=len(x))}, UNIFORM)
    run = un.propagate(study, samples=512, seed=1, until=0.1, max_samples=4096)
    np.testing.assert_array_equal(run.to_pandas()["outputs.y"], run.outputs["y"].values)
