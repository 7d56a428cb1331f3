"""Functions as people have them: of single numbers, stochastic, with arrays, instances and scipy's inputs."""

import functools
import math
import pickle
from typing import Annotated

import numpy as np
import pint
import pytest
from scipy import stats

import uncertainty as un

UNIFORM = {"x": "uniform(0, 1)", "y": "uniform(1, 3)"}


def refusal(function, inputs=UNIFORM, **options):
    with pytest.raises(un.UncertaintyError) as caught:
        un.propagate(un.Study.from_function(function, inputs, **options), samples=64)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def branching(x, y):
    return {"z": math.sqrt(x) if x > 0.5 else -y}


def test_a_function_of_single_numbers_gives_what_its_arrays_give():
    rows = un.Study.from_function(branching, UNIFORM, vectorized=False)
    arrays = un.Study.from_function(lambda x, y: {"z": np.where(x > 0.5, np.sqrt(x), -y)}, UNIFORM)
    one, other = (un.propagate(each, samples=512).outputs["z"].values for each in (rows, arrays))
    np.testing.assert_allclose(one, other, rtol=1e-15)
    assert rows.name == "branching"
    again = pickle.loads(pickle.dumps(rows))
    np.testing.assert_array_equal(un.propagate(again, samples=512).outputs["z"].values, one)


def test_a_failed_trial_with_arrays_offers_to_go_row_by_row():
    for function in (branching, lambda x, y: {"z": math.exp(x) + y}, lambda x, y: {"z": float(x) * y}):
        assert "vectorized=False" in refusal(function)
    assert "vectorized" not in refusal(lambda x, y: {"z": {}[x[0]] * y})


def test_a_row_that_fails_is_shown_with_its_inputs():
    said = refusal(lambda x, y: {"z": math.log(x - 2) * y}, vectorized=False)
    assert said.startswith("the model's function raised ValueError: ")
    assert said.endswith("at x = 0.5, y = 2")
    mixed = refusal(lambda x, y: {"a": y} if x > 0.5 else {"b": y}, outputs=["a"], vectorized=False)
    assert "same names in every row" in mixed


def by_hint(x, terms: int):
    return {"z": sum(x**k / math.factorial(k) for k in range(terms))}


def by_default(x, terms=12):
    return by_hint(x, terms)


def by_optional_hint(x, terms: int | None = None):
    return by_hint(x, terms)


def by_default_of_numpy(x, terms=np.int64(12)):  # noqa: B008 - what the test is of
    return by_hint(x, terms)


def by_hint_with_a_number(x, terms: Annotated[int, "12"] = 12):
    return by_hint(x, terms)


@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (by_default, {}),
        (by_optional_hint, {"terms": 12}),
        (by_default_of_numpy, {}),
        (by_default, {"terms": 12}),
        (by_hint, {"terms": 12}),
        (by_hint_with_a_number, {}),
    ],
)  # fmt: skip
def test_a_row_has_a_whole_number_for_a_parameter_that_takes_one(function, inputs):
    given = {"x": "uniform(0, 1)"} | inputs
    # that advice holds for arrays
    with pytest.raises(un.StudyError, match="with vectorized=False"):
        un.Study.from_function(function, given)
    study = un.Study.from_function(function, given, vectorized=False)
    assert study.inputs["terms"].point == 12
    median = un.propagate(study, samples=256).headline.median
    assert median == pytest.approx(math.exp(0.5), rel=5e-3)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, n: x * len(range(n)),
        lambda x, n: [x, 2 * x, 3 * x, 4 * x][n],
        lambda x, n: x * (1 << n),
        lambda x, n: x * math.comb(5, n),
        lambda x, n: x * np.arange(5.0)[n],
        lambda x, n: x * len("ab" * n),
    ],
)
def test_a_row_that_needs_a_whole_number_is_told_how_to_have_it(function):
    given = {"x": "uniform(0, 1)", "n": 3}
    advice = r"; give the parameter n the hint int, or write int\(n\)$"
    with pytest.raises(un.StudyError, match=advice):
        un.propagate(un.Study.from_function(function, given, outputs=["z"], vectorized=False), samples=16)
    called = {"outputs": ["z"], "vectorized": False}

    def hinted(x, n: int):
        return function(x, n)

    found = [
        un.propagate(un.Study.from_function(each, given, **called), samples=16).headline.median
        for each in (hinted, lambda x, n: function(x, int(n)))
    ]
    assert found[0] == found[1] > 0
    # of 2.5 there is none
    with pytest.raises(un.StudyError) as caught:
        un.propagate(un.Study.from_function(function, given | {"n": 2.5}, **called), samples=16)
    assert "hint" not in str(caught.value)


def test_arrays_where_a_whole_number_is_needed_have_advice():
    inputs = {"x": "uniform(0, 1)"}
    for function in (lambda x, n=3: np.zeros(n).sum() + x, lambda x, n=3: x * [1, 2, 3, 4][n]):
        with pytest.raises(un.StudyError, match="with vectorized=False"):
            un.propagate(un.Study.from_function(function, inputs, outputs=["z"]), samples=16)


@pytest.mark.parametrize("default", [12.0, True])
def test_a_row_has_other_numbers_as_they_are(default):
    kinds = set()

    def told(x, terms=default):
        kinds.add(type(terms))
        return {"z": x}

    inputs = {"x": "uniform(0, 1)", "terms": 12}
    un.propagate(un.Study.from_function(told, inputs, vectorized=False), samples=16)
    assert kinds == {float}


def test_a_function_without_names_has_them_from_the_outputs():
    one = un.Study.from_function(lambda x, y: x * y, UNIFORM, outputs=["z"])
    two = un.Study.from_function(lambda x, y: (x * y, x + y), UNIFORM, outputs=["z", "sum"])
    alone = un.Study.from_function(lambda x, y: x * y, UNIFORM, outputs=["z"], vectorized=False)
    values = [un.propagate(each, samples=64).outputs["z"].values for each in (one, two, alone)]
    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_array_equal(values[0], values[2])
    assert 'outputs=["y"]' in refusal(lambda x, y: x * y)
    assert "not tuple of 2" in refusal(lambda x, y: (x, y), outputs=["a", "b", "c"])


def test_a_stochastic_model_is_named_as_one_and_no_other_is():
    rng = np.random.default_rng(1)
    noisy = un.Study.from_function(lambda x, y: {"z": x + rng.normal(size=len(y))}, UNIFORM)
    alone = un.Study.from_function(lambda x, y: {"z": x + y * rng.normal()}, UNIFORM, vectorized=False)
    state = iter(range(9))
    between = un.Study.from_function(lambda x, y: {"z": x * y + next(state)}, UNIFORM)
    assert all(each.stochastic and "stochastic" in each.note for each in (noisy, alone, between))
    seeded = un.Study.from_function(
        lambda x, y: {"z": x + y * np.random.default_rng(1).normal(), "never": x * np.nan}, UNIFORM
    )
    assert (seeded.stochastic, seeded.note) == (False, "")


MIXING = {
    "less the mean": lambda x, y: x - x.mean() + y,
    "of the greatest": lambda x, y: x / x.max() * y,
    "sorted": lambda x, y: np.sort(x) * y,
    "ranks": lambda x, y: np.argsort(np.argsort(x)) + 0 * y,
    "sum so far": lambda x, y: np.cumsum(x) + y,
    "differences": lambda x, y: np.diff(x, prepend=0) + y,
    "moved on": lambda x, y: np.roll(x, 1) * y,
    "share of the rows": lambda x, y: x * y / len(x),
    "standardised": lambda x, y: (x - x.mean()) / x.std() + y,
}


@pytest.mark.parametrize("name", MIXING)
def test_a_function_that_mixes_rows_is_refused(name):
    function = MIXING[name]
    said = r"^outputs\.z: expected a function whose value in a row follows from that row alone"
    with pytest.raises(un.StudyError, match=said):
        un.Study.from_function(lambda x, y: {"z": function(x, y)}, UNIFORM)
    with pytest.raises(un.StudyError, match=said):
        un.Study.from_function(function, UNIFORM, outputs=["z"])
    table = {"z": un.Index("site", ["a", "b"])}
    with pytest.raises(un.StudyError, match=r"^outputs\.z\[b\]: "):
        un.Study.from_function(lambda x, y: {"z": np.array([x, function(x, y)]).T}, UNIFORM, outputs=table)


GIVEN = {"x": "normal(y, 1)", "y": "uniform(0, 1)"}


@pytest.mark.parametrize("name", MIXING)
def test_a_function_that_mixes_rows_of_inputs_with_parameters_is_refused(name):
    with pytest.raises(un.StudyError, match=r"^outputs\.z: expected a function whose value in a row follows"):
        un.Study.from_function(MIXING[name], GIVEN, outputs=["z"])


FAR_ROWS = {
    "four places on": lambda x, y: np.roll(x, 4) * y,
    "above the rows' highest percent": lambda x, y: (x > np.quantile(x, 0.99)) + y,
    "all as one is": lambda x, y: x * 2 if (x > 0.97).any() else y,
    "of many rows": lambda x, y: x + y * (len(x) > 10),
}


@pytest.mark.parametrize("how", [{}, {"budget": 600}, {"threads": 2}])
@pytest.mark.parametrize("name", FAR_ROWS)
def test_a_function_that_mixes_rows_of_blocks_is_refused_when_it_is_run(name, how):
    """A few rows of the first block are run once more, alone and in another order."""
    study = un.Study.from_function(FAR_ROWS[name], UNIFORM, outputs=["z"], thread_safe="threads" in how)
    said = r"^outputs\.z: expected a function .* alone; for the same row it gives .* rows and .* among 3$"
    with pytest.raises(un.StudyError, match=said):
        un.propagate(study, samples=512, **how)


def test_what_a_run_does_once_more_is_a_few_rows():
    calls = []

    def model(x, y):
        calls.append(len(x))
        return {"z": x * y}

    study = un.Study.from_function(model, UNIFORM)
    calls.clear()
    un.propagate(study, samples=256)
    un.propagate(study, samples=256, seed=2)
    assert calls.count(3) == 1
    assert sum(each for each in calls if each > 3) == 512


def test_noise_is_not_taken_for_rows_that_mix():
    """Neither where it comes anew each time, nor where each call begins it anew."""
    rng = np.random.default_rng(1)
    for noise in (lambda x: rng.normal(size=len(x)), lambda x: np.random.default_rng(1).normal(size=len(x))):
        study = un.Study.from_function(lambda x, y, noise=noise: {"z": x + y + noise(x)}, UNIFORM)
        assert study.stochastic
        assert un.propagate(study, samples=4096).outputs["z"].draws.values.std() > 0.4
    seldom = un.Study.from_function(
        lambda x, y: {"z": x + 0 * y + (x > 0.95) * rng.normal(size=len(x))}, UNIFORM
    )
    assert not seldom.stochastic
    assert un.propagate(seldom, samples=4096).outputs["z"].median == pytest.approx(0.5, abs=0.02)


def test_a_solver_that_stops_for_all_rows_at_once_does_not_mix_them():
    def root(x, y):
        found = np.ones_like(x)
        while np.max(np.abs(found**2 - x * y)) > 1e-4:
            found = (found + x * y / found) / 2
        return {"z": found}

    assert un.Study.from_function(root, UNIFORM | {"x": "uniform(1, 900)"}).note == ""


def test_a_function_that_fails_away_from_its_points_is_judged_at_them():
    def model(x, y):
        if np.ptp(x):
            raise ValueError("x and y go together")
        return {"z": x * y}

    assert un.Study.from_function(model, UNIFORM).note == ""


class Model:
    def __init__(self, factor):
        self.factor = factor

    def run(self, x, y):
        return {"z": self.factor * x + y}

    __call__ = run


def test_instances_bound_methods_and_partials_are_functions():
    expected = 2 + 3 * 0.5
    for function in (Model(3), Model(3).run, functools.partial(Model(3).run, y=2.0)):
        inputs = {"x": "uniform(0, 1)"} if isinstance(function, functools.partial) else UNIFORM
        for vectorized in (True, False):
            study = un.Study.from_function(function, inputs, vectorized=vectorized)
            found = un.propagate(study, samples=256).outputs["z"].median
            assert found == pytest.approx(expected, rel=0.03)
    assert un.Study.from_function(Model(3), UNIFORM).title == "Model"


def test_distributions_of_scipy_have_their_quantiles():
    given = {
        "x": stats.gamma(2, scale=3),
        "y": stats.poisson(4),
        "z": stats.Normal(mu=15, sigma=2),
        "w": stats.t(3),
        "v": stats.rv_histogram(np.histogram([1, 2, 2, 3], bins=3)).freeze(),
    }
    study = un.Study.from_function(lambda x, y, z, w, v: {"sum": x + y + z + w + v}, given)
    u = np.array([1e-9, 0.01, 0.5, 0.99])
    for name, each in given.items():
        ppf = getattr(each, "ppf", None) or each.icdf
        np.testing.assert_array_equal(study.inputs[name].distribution.quantile(u), ppf(u))
    assert study.inputs["y"].distribution.atoms[:2] == (0.0, 1.0)
    assert str(study.inputs["x"].distribution) == "gamma(2, scale=3)"
    run = un.propagate(study, samples=2**14)
    total = run.outputs["sum"]
    exact = 6 + 4 + 15 + 0 + given["v"].mean()
    assert total.mean == pytest.approx(exact, abs=6 * total.summary["mean"].error + 0.02)
    wider = un.propagate(study, samples=64, overrides={"x": stats.gamma(2, scale=3)})
    assert (wider.outputs["sum"].values == un.propagate(study, samples=64).outputs["sum"].values).all()
    of_data = {
        "x": stats.rv_histogram(np.histogram([1, 2, 2, 3], bins=3)),
        "y": stats.rv_discrete(values=([0.5, 2.2, 7], [0.25, 0.75, 0])),
        "z": stats.rv_discrete(values=([0.1, 2.2], [0.25, 0.75]))(1),
    }
    unfrozen = un.Study.from_function(lambda x, y, z: {"sum": x + y + z}, of_data)
    assert unfrozen.inputs["y"].distribution.atoms == (0.5, 2.2)
    assert unfrozen.inputs["z"].distribution.atoms == pytest.approx((1.1, 3.2))
    found = un.propagate(unfrozen, samples=2**12).headline
    assert found.mean == pytest.approx(sum(each.mean() for each in of_data.values()), abs=0.02)
    for family in (stats.norm, stats.gamma, stats.poisson):
        assert "a frozen distribution such as" in refusal(lambda x: {"z": x}, {"x": family})
    same = [un.Study.from_function(Model(1), {"x": stats.norm(m, 2), "y": 1}).sha256 for m in (15, 15, 16)]
    assert same[0] == same[1] != same[2]


@pytest.mark.parametrize(
    ("given", "median"),
    [
        (stats.exp(stats.Normal(mu=1, sigma=0.5)), math.e),
        (stats.truncate(stats.Normal(mu=0, sigma=1), lb=0), 0.674489750196),
        (1 / stats.Uniform(a=1, b=3), 0.5),
    ],
)
def test_what_scipy_makes_of_a_distribution_is_one(given, median):
    held = un.Study.from_function(lambda x: {"z": x}, {"x": given}).inputs["x"].distribution
    assert (held.atoms, held.quantile(np.array([0.5]))[0]) == ((), pytest.approx(median))


def test_whatever_has_ppf_and_cdf_is_a_distribution():
    class Square:
        def ppf(self, u):
            return np.sqrt(u)

        def cdf(self, x):
            return np.clip(x, 0, 1) ** 2

    study = un.Study.from_function(lambda x: {"z": x}, {"x": Square()})
    held = study.inputs["x"].distribution
    assert (held.support, held.mean, held.sd) == ((0, 1), pytest.approx(2 / 3), pytest.approx(18**-0.5))
    assert un.propagate(study, samples=4096).outputs["z"].mean == pytest.approx(2 / 3, abs=1e-3)

    class Falling(Square):
        def ppf(self, u):
            return 1 - u

    assert "quantiles that rise" in refusal(lambda x: {"z": x}, {"x": Falling()})
    assert "ppf of norm([1, 2, 3], 1) raised ValueError" in refusal(
        lambda x: {"z": x}, {"x": stats.norm([1, 2, 3], 1)}
    )
    assert "shape (3, 9)" in refusal(lambda x: {"z": x}, {"x": stats.norm([[1], [2], [3]], 1)})


def test_data_are_resampled_and_two_numbers_in_a_list_are_bounds():
    data = np.array([1.0, 2.0, 2.0, 7.0])
    study = un.Study.from_function(lambda x, y: {"z": x + 0 * y}, {"x": data, "y": [2.0, 4.0]})
    values = un.propagate(study, samples=4096).outputs["z"].values
    found, counts = np.unique(values, return_counts=True)
    assert found.tolist() == [1, 2, 7]
    np.testing.assert_allclose(counts / len(values), [0.25, 0.5, 0.25], atol=0.01)
    assert str(study.inputs["y"].distribution) == "uniform(2.0, 4.0)"
    for wrong, said in (
        (np.array([1.0, 2.0]), 'write "uniform(1, 2)" for bounds or "empirical(1, 2)" for data'),
        ([], "at least 3 data, found 0"),
        (np.ones((3, 2)), "array of shape (3, 2)"),
        ([1, np.nan, 2], "1 of 3 data infinite or undefined"),
        (["a", "b", "c"], "expected numbers"),
        (np.array(["2020-01-01", "2021-01-01", "2022-01-01"], dtype="datetime64[us]"), "expected numbers"),
        (np.array([1, 2, 3], dtype="timedelta64[h]"), "expected numbers"),
        (np.array([1 + 1j, 2, 3, 4]), "expected numbers"),
        ((np.complex128(1 + 1j), 2), "expected numbers"),
        ({"bounds": np.array([1 + 1j, 2], dtype=np.complex64)}, 'expected the bounds of "unif"'),
    ):
        assert said in refusal(lambda x: {"z": x}, {"x": wrong})


class Masses(np.ndarray):
    """Numbers with a unit, as a library of units has them: as another array they have none."""

    units = "kilogram"

    @property
    def magnitude(self):
        return np.asarray(self)


IN_KILOGRAMS = "expected numbers, found quantities in kilogram; give their magnitude alone, converted to"


def test_data_with_a_unit_do_not_lose_it():
    data = np.array([1.0, 2.0, 7.0]).view(Masses)
    assert IN_KILOGRAMS in refusal(lambda x: {"z": x}, {"x": data})
    study = un.Study.from_function(lambda x: {"z": x}, {"x": data.magnitude}, units={"x": "kg"})
    assert str(study.inputs["x"].distribution) == "empirical(1, 2, 7)"


@pytest.mark.slow
def test_quantities_of_pint_and_in_xarray_do_not_lose_their_unit():
    xarray = pytest.importorskip("xarray")
    data = pint.UnitRegistry().Quantity(np.array([1.0, 2.0, 7.0]), "kg")
    for given in (data, xarray.DataArray(data)):
        assert IN_KILOGRAMS in refusal(lambda x: {"z": x}, {"x": given})


@pytest.mark.slow
def test_days_of_a_time_zone_are_no_numbers():
    pandas = pytest.importorskip("pandas")
    days = pandas.Series(pandas.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"], utc=True))
    assert "expected numbers" in refusal(lambda x: {"z": x}, {"x": days})


def test_a_problem_of_salib_has_the_quantiles_that_salib_gives():
    scale = pytest.importorskip("SALib.util")._nonuniform_scale_samples
    problem = {
        "num_vars": 7,
        "names": ["a", "b", "c", "d", "e", "f", "g"],
        "bounds": [[-1, 2], [1, 9], [1, 3, 0.25], [5, 2], [0, 4, 1, 2], [0.5, 0.2], [1.5, 2]],
        "dists": ["unif", "logunif", "triang", "norm", "truncnorm", "lognorm", "weibull"],
        "groups": ["one", "one", "two", "two", "two", "two", "three"],
    }
    study = un.Study.from_function(lambda **given: {"z": sum(given.values())}, problem)
    u = np.linspace(0.01, 0.99, 25)
    columns = np.repeat(u[:, None], 7, axis=1)
    expected = scale(columns, problem["bounds"], problem["dists"])
    found = np.array([each.distribution.quantile(u) for each in study.inputs.values()]).T
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert [each.group for each in study.inputs.values()] == problem["groups"]
    entry = un.Study.from_function(lambda x: {"z": x}, {"x": {"bounds": [5, 2], "dist": "norm"}})
    assert str(entry.inputs["x"].distribution) == "normal(5.0, 2.0)"
    assert "did you mean" in refusal(lambda x: {"z": x}, {"x": {"bounds": [0, 1], "dist": "uniff"}})
    assert "expected 2, one for each name" in refusal(
        lambda a, b: {"z": a + b}, {"names": ["a", "b"], "bounds": [[0, 1]]}
    )


def test_correlations_by_pairs_by_matrix_and_by_records_are_the_same():
    def model(x, y, k):
        return {"x": x, "y": y + 0 * k}

    inputs = {"x": "normal(0, 1)", "y": "normal(0, 1)", "k": 3}
    pandas = pytest.importorskip("pandas")
    matrix = np.array([[1, 0.9], [0.9, 1]])
    for given in (
        {("x", "y"): 0.9},
        matrix,
        matrix.tolist(),
        pandas.DataFrame(matrix, index=["x", "y"], columns=["x", "y"]),
        [[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]],
    ):
        run = un.propagate(un.Study.from_function(model, inputs, correlations=given), samples=4096)
        found = stats.spearmanr(run.outputs["x"].values, run.outputs["y"].values).statistic
        assert found == pytest.approx(0.9, abs=0.01)
    for wrong, said in (
        ({("x", "z"): 0.9}, 'correlations[0].inputs: unknown input "z"'),
        ({"x": 0.9}, "correlations[0]: expected two names of inputs"),
        ({("x", "y"): 1.5}, "expected more than -1 and less than 1"),
        (np.ones((2, 3)), "expected a square matrix"),
        (np.ones((4, 4)), "expected one row for each of 3 inputs or of 2 that vary"),
        ([[1, 0.5], [0.4, 1]], "expected a symmetric matrix, found 0.5 and 0.4 for x and y"),
        ([[2, 0.5], [0.5, 1]], "1 on its diagonal"),
    ):
        assert said in refusal(model, inputs, correlations=wrong)


def test_an_output_may_have_an_index():
    def model(x, y):
        return {"path": np.column_stack([x, x + y, x + 2 * y]), "end": x + 2 * y}

    def row(x, y):
        return {"path": [x, x + y, x + 2 * y], "end": x + 2 * y}

    plain = {"path": un.Index("year", [2020, 2025, 2030]), "end": None}
    runs = []
    for function, vectorized in ((model, True), (row, False)):
        study = un.Study.from_function(function, UNIFORM, outputs=plain, vectorized=vectorized)
        assert list(study.outputs) == ["path[2020]", "path[2025]", "path[2030]", "end"]
        assert study.indices["year"].numbers == (2020, 2025, 2030)
        assert study.headline == "path[2020]"
        runs.append(un.propagate(study, samples=256))
    values = [[each.values for each in run.outputs.values()] for run in runs]
    np.testing.assert_array_equal(values[0], values[1])
    np.testing.assert_array_equal(values[0][2], values[0][3])
    whole = un.Study.from_function(model, UNIFORM, outputs=plain, units={"end": "m"}, headline="end")
    middle = un.sobol(whole, output="path[2025]", samples=256)
    assert set(middle.outputs["path[2025]"].indices) == {"x", "y"}
    assert whole.outputs["end"].unit.text == "m"
    named = un.Study.from_function(
        model, UNIFORM, outputs={"path": un.Index("site", {"a": "A", "b": "", "c": ""})}
    )
    assert "path[a]" in named.outputs


def test_arrays_of_another_shape_than_their_index_are_refused():
    def model(x, y):
        return {"path": np.column_stack([x, y])}

    assert 'outputs={"path": un.Index("member", range(2))}' in refusal(model)
    two = un.Study.from_function(model, UNIFORM, outputs={"path": un.Index("member", range(2))})
    assert un.propagate(two, samples=64).outputs["path[1]"].median > 1
    three = {"path": un.Index("member", range(3))}
    assert "expected real numbers for each of 4 rows, 3 in each" in refusal(model, outputs=three)
    assert "expected an Output or an index" in refusal(model, outputs={"path": 3})
    assert "lower-case letters" in refusal(model, outputs={"path": un.Index("site", ["A", "b c"])})
    with pytest.raises(un.UncertaintyError, match="stands twice"):
        un.Index("site", ["a", "a"])
    for members in ("ab", 3, None):
        with pytest.raises(un.UncertaintyError, match="index site: expected a list of members or a dict"):
            un.Index("site", members)
