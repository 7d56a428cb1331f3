"""Whoever calls a public name wrongly is told in one line what to write, never by an exception of Python."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.calls import check_call
from uncertainty.distributions import parse_distribution


def same_as(x):
    return {"y": x}


@pytest.fixture(scope="module")
def study():
    return un.Study.from_function(
        lambda a, b: {"y": a * b, "z": a + b}, {"a": "1 to 2", "b": "uniform(0, 1)"}, headline="y"
    )


@pytest.fixture(scope="module")
def run(study):
    return un.propagate(study, samples=256, seed=1)


@pytest.fixture(scope="module")
def sample(study):
    return un.draw_sample(study, samples=256, seed=1)


ANALYSES = {
    name: getattr(un, name)
    for name in [
        "challenge",
        "compare_readings",
        "draw_sample",
        "linear_budget",
        "morris",
        "propagate",
        "reproduce",
        "shapley",
        "short_version",
        "sobol",
        "spider",
        "tornado",
    ]
}
WITH_SETTINGS = {name: each for name, each in ANALYSES.items() if name != "reproduce"}


def refused(ask, *args, **options):
    """Return what is said of a call, one line for each fault."""
    with pytest.raises(un.UncertaintyError) as caught:
        ask(*args, **options)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.faults)
    assert all(0 < len(line) < 320 for line in lines)
    return str(caught.value)


@pytest.mark.parametrize("ask", ANALYSES.values(), ids=ANALYSES)
@pytest.mark.parametrize(
    "given", ["gauge-block", None, Path("study.toml"), lambda x: {"y": x}, {"x": "1 to 2"}, 3, un.Study]
)
def test_what_is_no_study_is_refused(ask, given):
    assert "study: expected a Study, which un.load_study makes of a name or path" in refused(ask, given)
    assert "study: expected a Study" in refused(ask)


@pytest.mark.parametrize(("name", "ask"), WITH_SETTINGS.items(), ids=WITH_SETTINGS)
def test_values_by_position_are_refused(name, ask, study):
    assert (
        refused(ask, study, 1000) == f"{name}: takes study by position and all else by name, found 2 values"
    )


@pytest.mark.parametrize("ask", WITH_SETTINGS.values(), ids=WITH_SETTINGS)
@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("sample", "samples"),
        ("sed", "seed"),
        ("n_samples", "samples"),
        ("desing", "design"),
        ("readng", "reading"),
    ],
)
def test_misspelt_settings_get_the_nearest_name(ask, study, wrong, meant):
    assert f'unknown argument "{wrong}"; did you mean "{meant}"?' in refused(ask, study, **{wrong: 1})


WRONG = [
    ("samples", 0, "samples: expected at least 1, found 0"),
    ("samples", -1, "samples: expected at least 1, found -1"),
    ("samples", 1e5, "found 100000.0; write 100000"),
    ("samples", "1000", "found '1000'"),
    ("samples", math.nan, "found nan"),
    ("samples", True, "found True"),
    ("samples", None, "found None"),
    ("samples", [9], "found [9]"),
    ("seed", None, "seed: expected a whole number, found None"),
    ("seed", "x", "found 'x'"),
    ("seed", -1, "seed: expected 0 or more, found -1"),
    ("seed", 1.5, "found 1.5"),
    ("level", 95, "found 95; for 95 % write 0.95"),
    ("level", "0.95", "found '0.95'"),
    ("level", None, "found None"),
    ("level", math.nan, "found nan"),
    ("level", 0, "between 0 and 1, found 0"),
    ("level", 1, "between 0 and 1, found 1"),
    ("level", True, "found True"),
    ("level", [0.9], "found [0.9]"),
    ("design", "Sobol", 'did you mean "sobol"?'),
    ("design", "LHS", 'did you mean "lhs"?'),
    ("design", "halton", "known: random"),
    ("design", None, "design: expected a text, found None"),
    ("reading", "as_publishd", 'did you mean "as_published"?'),
    ("reading", 3, "reading: expected a text, found 3"),
    ("choices", ["a"], "choices: expected a dict, found ['a']"),
    ("choices", {"c": "d"}, 'unknown choice "c"'),
    ("overrides", ["a=3"], 'overrides: expected a dict such as {"x": "1 to 2"}, found'),
    ("overrides", {"aa": 3}, 'did you mean "a"?'),
    ("overrides", {"a": "nrmal(1, 2)"}, 'write "normal(1, 2)"'),
    ("overrides", {"a": [1]}, "expected at least 3 data, found 1"),
    ("overrides", {"a": None}, "found None"),
    ("overrides", {"a": stats.norm}, "a frozen distribution such as scipy.stats.norm(15, 2), found norm"),
    ("interval", "Central", 'did you mean "central"?'),
    ("interval", 3, "interval: expected a text, found 3"),
    ("settings", {"samples": 3}, "settings: expected a Settings record; its entries can also be given"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_settings_that_cannot_be_are_refused_by_every_analysis(study, name, value, said):
    for ask in WITH_SETTINGS.values():
        assert said in refused(ask, study, **{name: value})


@pytest.mark.parametrize(
    "name", ["propagate", "sobol", "shapley", "draw_sample", "linear_budget", "challenge"]
)
@pytest.mark.parametrize("wrong", ["yy", "Y_", 3, None.__class__, ["y", 3]])
def test_outputs_that_are_unknown_are_refused(study, name, wrong):
    key = "outputs" if name == "propagate" else "output"
    assert "output" in refused(ANALYSES[name], study, **{key: wrong})


def test_one_output_may_be_given_as_a_text(study):
    assert list(un.propagate(study, outputs="z", samples=64).outputs) == ["z"]
    assert 'did you mean "outputs"?' in refused(un.propagate, study, output="z")
    assert 'did you mean "output"?' in refused(un.sobol, study, outputs="z")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("propagate", {"threads": 0}, "threads: expected at least 1"),
        ("propagate", {"threads": "x"}, "threads: expected a whole number, found 'x'"),
        ("sobol", {"threads": 1.5}, "threads: expected a whole number, found 1.5"),
        ("propagate", {"engine": "thread"}, 'did you mean "threads"?'),
        ("shapley", {"engine": 3}, "engine: expected a text, found 3"),
        ("propagate", {"progress": True}, "progress: expected a function of the rows done"),
        ("propagate", {"execution": {}}, "execution: expected an Execution record"),
        ("propagate", {"save": 3}, "save: expected a text or a path, found 3"),
        ("propagate", {"memory": "1 GB"}, "memory: expected a whole number, found '1 GB'"),
        ("propagate", {"block_rows": "x"}, "block_rows: expected a whole number"),
        ("propagate", {"until": []}, "until: expected a number or a text, found []"),
        ("propagate", {"until": "soon"}, "until: expected a relative error such as 0.01"),
        ("sobol", {"tolerance": "x"}, "tolerance: expected a number, found 'x'"),
        ("sobol", {"second_order": "yes"}, "second_order: expected True or False, found 'yes'"),
        ("sobol", {"choices_as_inputs": "x"}, "choices_as_inputs: expected a list of texts, found 'x'"),
        ("challenge", {"threshold": math.nan}, "threshold: expected a number, found nan"),
        ("challenge", {"threshold": "2"}, "threshold: expected a number, found '2'"),
        ("morris", {"trajectories": "x"}, "trajectories: expected a whole number, found 'x'"),
        ("tornado", {"probabilities": 0.5}, "probabilities: expected a list of numbers, found 0.5"),
        ("tornado", {"probabilities": (5, 95)}, "probabilities: "),
        ("short_version", {"shares": 80}, "shares: expected a list of numbers, found 80"),
        ("short_version", {"indices": 3}, "indices: expected the result of un.sobol, found 3"),
        ("linear_budget", {"digits": "x"}, "digits: expected a whole number, found 'x'"),
    ],
)
def test_what_single_analyses_take_is_checked_too(study, name, options, said):
    assert said in refused(ANALYSES[name], study, **options)


@pytest.mark.parametrize("ask", [un.load_study, un.read_table], ids=["load_study", "read_table"])
@pytest.mark.parametrize(
    "given", ["missing.toml", "gauge-blok", "", 3, None, ["a"], b"x", Path("no/such.csv")]
)
def test_files_that_are_not_there_are_refused(ask, given):
    refused(ask, given)
    assert "found nothing" in refused(ask)
    assert "found 2 values" in refused(ask, "a", "b")


@pytest.mark.parametrize("given", ["draws.txt", "", 3, None, ["a"], "/no/such/folder/draws.csv"])
def test_files_that_cannot_be_written_are_refused(run, given):
    for save in (run.save, run.table.save):
        refused(save, given)


def test_studies_are_not_made_by_their_parts():
    for args in ((), ("study.toml",)):
        assert "write un.load_study of a bundled name or a path" in refused(un.Study, *args)


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        ((), {}, "from_function: function: expected a function of arrays by name, found nothing"),
        ((3, {"x": 1}), {}, "function: expected a function of arrays by name, found 3"),
        ((same_as, ["x"]), {}, 'inputs: expected a dict such as {"x": "1 to 2"}, found [\'x\']'),
        ((same_as, "x"), {}, "inputs: expected a dict"),
        ((same_as, {"x": stats.norm}), {}, "inputs.x: expected a frozen distribution such as"),
        ((same_as, {"x": [1, 2, "3"]}), {}, "inputs.x: expected numbers, found"),
        ((same_as, {"x": [3, 2]}), {}, "inputs.x: "),
        ((same_as, {"x": np.zeros((50, 2))}), {}, "inputs.x: expected data of shape (values,), found"),
        ((same_as, {"x": ""}), {}, "inputs.x: "),
        ((same_as, {"x": math.nan}), {}, "inputs.x: a constant must be a finite number"),
        ((same_as, {"x": 1}, {"x": "m"}), {}, "found 3 values"),
        ((same_as,), {"x": "1 to 2"}, 'from_function: unknown argument "x"'),
        ((same_as, {"x": 1}), {"unit": {}}, 'unknown argument "unit"; did you mean "units"?'),
        (
            (same_as, {"x": 1}),
            {"units": "m"},
            'units: expected a dict such as {"x": "km"}, found \'m\'',
        ),
        (
            (same_as, {"x": 1}),
            {"units": {"x": 3}},
            'units.x: expected a text such as "km", found 3',
        ),
        (
            (same_as, {"x": 1}),
            {"outputs": 3},
            "outputs: expected a list of texts or a dict, found 3",
        ),
        (
            (same_as, {"x": 1}),
            {"outputs": "y"},
            "outputs: expected a list of texts or a dict, found 'y'",
        ),
        ((same_as, {"x": 1}), {"headline": "yy"}, 'unknown headline "yy"; did you mean "y"?'),
        (
            (same_as, {"x": 1}),
            {"counting_units": "page"},
            "counting_units: expected a list of texts",
        ),
        ((same_as, {"x": 1}), {"correlations": [("x", "y", 0.5)]}, "correlations: expected "),
        ((same_as, {"x": 1}), {"nonfinite": "ignore"}, 'nonfinite: unknown policy "ignore"'),
        (
            (same_as, {"x": 1}),
            {"thread_safe": "yes"},
            "thread_safe: expected True or False, found 'yes'",
        ),
    ],
)
def test_functions_are_made_studies_of_or_refused_in_one_line(args, options, said):
    assert said in refused(un.Study.from_function, *args, **options)


@pytest.mark.parametrize(
    ("ask", "args", "options", "said"),
    [
        (un.differences, ("a", "b"), {}, "one: expected a Study"),
        (un.suggest, ("x",), {}, "item: expected an Input, such as those in study.inputs, found 'x'"),
        (un.fit_data, ("data.csv",), {}, "values: expected numbers, found 'data.csv'"),
        (un.fit_data, (["a", "b"],), {}, "values: expected numbers, found ['a', 'b']"),
        (un.fit_data, ({"a": 1},), {}, "values: expected numbers, found {'a': 1}"),
        (
            un.fit_data,
            ([1, 2, 4, 5, 7],),
            {"families": "normal"},
            "families: expected a list of texts, found 'normal'",
        ),
        (un.fit_data, ([1, 2, 4, 5, 7],), {"families": ["normel"]}, 'did you mean "normal"?'),
        (un.fit_data, ([1, 2, 4, 5, 7],), {"level": 0.9}, 'unknown argument "level"'),
        (
            un.fit_quantiles,
            ([1, 2],),
            {},
            "quantiles: expected a dict such as {0.05: 1, 0.95: 2}, found [1, 2]",
        ),
        (un.fit_quantiles, ("1 to 2",), {}, "quantiles: expected a dict"),
        (un.fit_quantiles, ({5: 1, 95: 2},), {}, ""),
        (un.fit_quantiles, ({0.05: 1, 0.95: 2},), {"low": "x"}, "low: expected a number, found 'x'"),
        (un.max_entropy, ({"p5": 1},), {}, ""),
        (un.max_entropy, ({0.05: 2, 0.95: 1},), {}, ""),
    ],
)
def test_fits_and_comparisons_refuse_in_one_line(ask, args, options, said):
    assert said in refused(ask, *args, **options)


def test_sensitivity_from_draws_refuses_in_one_line(study, sample, run):
    for given in (study, run, None):
        assert "sample: expected a Sample, which un.draw_sample makes" in refused(un.given_data, given)
    for options, said in (
        ({"output": "yy"}, 'unknown output "yy"'),
        ({"level": 95}, "level: expected a number between 0 and 1, found 95; for 95 % write 0.95"),
        ({"seed": -1}, "seed: expected 0 or more, found -1"),
        ({"samples": 3}, 'unknown argument "samples"'),
    ):
        assert said in refused(un.given_data, sample, **options)


NO_NUMBERS = [
    math.nan,
    None,
    "0.5",
    [0.5],
    np.array([0.1, 0.2]),
    True,
    np.True_,
    1j,
    {},
    "median",
    np.ma.masked,
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_results_refuse_what_is_no_number(run, value):
    found = run.outputs["y"]
    if value is not None:  # the level that the run was asked for
        assert "level: expected a number between 0 and 1, found" in refused(found.interval, value)
    assert "probability: expected a number from 0 to 1, found" in refused(found.quantile, value)
    assert "threshold: expected a number, found" in refused(found.probability_at_least, value)
    for share in ("share_at_least", "share_below", "share_at_most", "share_interval"):
        assert "threshold: expected a number, found" in refused(getattr(found.draws, share), value)
    assert "threshold: expected a number, found" in refused(found.draws.share_within, 0.1, value)
    assert "probability: expected" in refused(found.draws.quantile_interval, value)
    assert "confidence: expected" in refused(found.draws.quantile_interval, 0.5, value)


def test_results_refuse_numbers_that_are_out_of_range(run):
    found = run.outputs["y"]
    for value in (-0.1, 1.5, 95, math.inf):
        assert "probability: expected a number from 0 to 1" in refused(found.quantile, value)
        assert "level: expected a number between 0 and 1" in refused(found.interval, value)
    assert refused(found.quantile, 95).endswith("found 95; for 95 % write 0.95")
    for kind in ("Central", 3, np.array(["central"])):
        assert "interval: unknown kind" in refused(found.interval, 0.9, kind)
    assert "expected low to be at most high" in refused(found.draws.share_within, 2, 1)


def test_numbers_of_any_kind_are_numbers(run):
    found = run.outputs["y"]
    for half in (0.5, np.float64(0.5), np.float32(0.5), np.array(0.5)):
        assert found.quantile(half) == found.median
    assert found.probability_at_least(np.int64(1)) == found.probability_at_least(1)
    assert (found.probability_at_least(math.inf), found.probability_at_least(-math.inf)) == (0, 1)
    assert found.draws.share_at_most(math.inf).value == 1


def test_what_is_advised_is_accepted(study, run):
    assert un.propagate(study, samples=100000, level=0.95, design="lhs").settings.samples >= 100000
    assert run.outputs["y"].quantile(0.95) > run.outputs["y"].median
    for text in ("2 to 8", "normal(15, 2)"):
        assert parse_distribution(text).mean > 0


def test_every_public_function_is_checked():
    for name in un.__all__:
        each = getattr(un, name)
        if callable(each) and not isinstance(each, type):
            assert each.__wrapped__, name
            with pytest.raises(un.SettingError):
                check_call(each.__wrapped__, (), (), {"no_such_argument": 1})


@pytest.mark.parametrize("table", [None, 3, "draws", {"a": [1.0]}])
def test_only_a_table_is_saved_as_one(table, tmp_path):
    from uncertainty.tables import save_table

    with pytest.raises(un.SettingError, match=r"^table: expected a table, such as the draws of a run, found"):
        save_table(table, tmp_path / "x.csv")
