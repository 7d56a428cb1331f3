"""Everything public can be copied and pickled, and is the same afterwards."""

import copy
import pickle
from dataclasses import fields, is_dataclass, replace
from functools import cache

import numpy as np
import pytest
from variants import one_in

import uncertainty as un
from uncertainty.distributions.families import EXAMPLES
from uncertainty.distributions.language import parse_distribution
from uncertainty.errors import Fault, StudyError
from uncertainty.over_cases import speaking_of
from uncertainty.records import Frozen, Lately, Later, Once
from uncertainty.sampling.running import Execution
from uncertainty.settings import Settings
from uncertainty.study.model import Evidence
from uncertainty.study.scenario import scenario


def area(width, height):
    return {"area": width * height, "girth": 2 * (width + height)}


def total(**inputs):
    return {"total": sum(inputs.values())}


@cache
def of_equations():
    # averages of a study need more draws than these tests make
    return speaking_of(un.load_study("ten-searches"), "case")


@cache
def of_a_function():
    return un.Study.from_function(area, inputs={"width": "2 to 3", "height": "normal(4, 0.1)"})


def with_evidence():
    return replace(of_a_function().inputs["width"], evidence=(Evidence(value=2.0), Evidence(value=3.0)))


STUDIES = {"equations": of_equations, "function": of_a_function}


def of_both_kinds(study):
    """Return the study with one input that differs from case to case, beside one that nobody knows."""
    names = [name for name, item in study.inputs.items() if item.distribution is not None][:1]
    differing = {name: replace(study.inputs[name], kind="variability") for name in names}
    return replace(study, inputs=Frozen({**study.inputs, **differing}))


RESULTS = {
    "cases": lambda _: un.cases(of_both_kinds(of_a_function()), samples=2**15, level=0.8),
    "challenge": lambda study: un.challenge(study, samples=64, threshold=12),
    "compare_alternatives": lambda _: un.compare_alternatives(
        of_a_function(), outputs=["area", "girth"], samples=64
    ),
    "compare_readings": lambda study: un.compare_readings(study, samples=64),
    "differences": lambda study: un.differences(of_equations(), study),
    "draw_sample": lambda study: un.draw_sample(study, samples=64),
    "emulate": lambda _: un.emulate(of_a_function(), runs=128),
    "fit_data": lambda _: un.fit_data([1.0, 2.0, 3.0, 4.0, 5.5], families=("normal", "gamma")),
    "fit_quantiles": lambda _: un.fit_quantiles({0.05: 1, 0.5: 2, 0.95: 4}),
    "given_data": lambda study: un.given_data(un.draw_sample(study, samples=256)),
    "linear_budget": un.linear_budget,
    "load_study": lambda study: study,
    "max_entropy": lambda _: un.max_entropy(mean=3, sd=1),
    "morris": lambda study: un.morris(study, trajectories=4),
    "propagate": lambda study: un.propagate(study, samples=64),
    "read_table": lambda study: un.propagate(study, samples=64).table,
    "reproduce": un.reproduce,
    "shapley": lambda study: un.shapley(study, samples=64),
    "short_version": lambda study: un.short_version(study, samples=64),
    "sobol": lambda study: un.sobol(study, samples=64, second_order=True),
    "spider": un.spider,
    "suggest": lambda _: un.suggest(with_evidence()),
    "tornado": un.tornado,
    "weigh_evidence": un.weigh_evidence,
    "weigh_experts": lambda _: un.weigh_experts(
        {"A": {"s": {0.05: 1.0, 0.95: 3.0}, "x": {0.05: 1.0, 0.95: 2.0}}}, {"s": 2.0}
    ),
}
"""What each public function gives."""

ELSEWHERE = {"document", "plot", "report", "salib_problem"}
"""Functions that give JSON, files or what another library holds."""

COPIES = {"pickle": lambda each: pickle.loads(pickle.dumps(each)), "deepcopy": copy.deepcopy}


def assert_same(ours, theirs, where="it"):
    """Compare two objects down to the bits of their numbers."""
    assert type(ours) is type(theirs), where
    if isinstance(ours, np.ndarray):
        np.testing.assert_array_equal(ours, theirs, err_msg=where)
        assert ours.tobytes() == theirs.tobytes(), where
    elif is_dataclass(ours) and not isinstance(ours, type):
        for field in fields(ours):
            if field.compare:
                assert_same(getattr(ours, field.name), getattr(theirs, field.name), f"{where}.{field.name}")
    elif isinstance(ours, dict | Frozen):
        assert list(ours) == list(theirs), where
        for key in ours:
            assert_same(ours[key], theirs[key], f"{where}[{key!r}]")
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), where
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(one, other, f"{where}[{place}]")
    elif isinstance(ours, float):
        assert ours.hex() == theirs.hex(), where


@cache
def result(name, kind):
    return RESULTS[name](STUDIES[kind]())


def test_each_public_function_is_tried_here():
    functions = {n for n in un.__all__ if n != "__version__" and not isinstance(getattr(un, n), type)}
    assert functions == set(RESULTS) | ELSEWHERE


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", one_in(2, STUDIES))
@pytest.mark.parametrize("name", RESULTS)
def test_a_copied_result_is_the_same_to_the_bit(name, kind, how):
    assert_same(result(name, kind), COPIES[how](result(name, kind)))


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", STUDIES)
def test_a_copied_run_answers_and_exports_as_the_original(kind, how, tmp_path):
    run = result("propagate", kind)
    copied = COPIES[how](run)
    assert copied.headline.interval(0.5) == run.headline.interval(0.5)
    assert copied.headline.probability_at_least(12) == run.headline.probability_at_least(12)
    for each, path in ((run, tmp_path / "a.csv"), (copied, tmp_path / "b.csv")):
        each.save(path)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", STUDIES)
def test_a_copied_study_runs_as_the_original(kind, how):
    study = COPIES[how](STUDIES[kind]())
    assert study.sha256 == STUDIES[kind]().sha256
    again = un.propagate(study, samples=64)
    assert_same(again.headline.values, result("propagate", kind).headline.values)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize(
    "made",
    [
        Settings(samples=10, choices={"a": "b"}, overrides={"x": "1 to 2"}),
        Execution(threads=2),
        Fault("expected a number", "inputs.x", "study.toml"),
        Frozen({"b": 1, "a": Frozen({"c": (1.5, None)})}),
        *map(parse_distribution, EXAMPLES.values()),
    ],
    ids=lambda made: type(made).__name__,
)
def test_a_copied_record_is_the_same(made, how):
    assert_same(made, COPIES[how](made))
    assert COPIES[how](made) == made


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", [un.UncertaintyError, StudyError, un.SettingError, un.NonFiniteError])
def test_a_copied_error_has_its_faults(kind, how):
    error = kind(Fault("expected a number", "inputs.x", "a.toml"), "something else")
    copied = COPIES[how](error)
    assert (type(copied), copied.faults, str(copied)) == (kind, error.faults, str(error))


@cache
def run_of_many():
    inputs = {f"a_name_that_is_quite_long_{i}": "1 to 2" for i in range(200)}
    return un.propagate(un.Study.from_function(total, inputs=inputs), samples=16)


def held(thing, depth=3):
    """Yield a result, and the records that it holds."""
    if isinstance(thing, dict | Frozen):
        yield from (each for value in list(thing.values())[:2] for each in held(value, depth))
    elif is_dataclass(thing) or hasattr(thing, "_fields"):
        yield thing
        names = thing._fields if hasattr(thing, "_fields") else [field.name for field in fields(thing)]
        for name in names if depth else ():
            yield from held(getattr(thing, name), depth - 1)
    elif isinstance(thing, list | tuple):
        yield from (each for value in thing[:2] for each in held(value, depth))


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("name", RESULTS)
def test_a_result_and_what_it_holds_show_themselves_in_a_few_lines(name, kind):
    for record in held(result(name, kind)):
        text = repr(record)
        assert text.count("\n") <= 20, type(record)
        # a quotation shows its whole passage, which names the ways of counting
        assert len(text) <= 2400, type(record)
        assert text.startswith(type(record).__name__)
        assert " object at 0x" not in text


def test_a_large_study_shows_itself_in_a_few_lines():
    run = run_of_many()
    study = run.study
    for each in (study, run, study.inputs, run.scenario, run.draws, run.table, run.outputs):
        assert repr(each).count("\n") <= 20
        assert len(repr(each)) <= 2000
    assert "… 198 more" in repr(study)
    assert "… 188 more" in repr(study.inputs)


def test_a_record_shows_its_plain_values_and_leaves_out_defaults():
    text = repr(of_a_function())
    assert text.startswith("Study(\n    name='area',\n")
    assert "inputs={'width': …, 'height': …}" in text
    assert "readings" not in text
    assert repr(Frozen({"a": 1, "b": None})) == "{'a': 1, 'b': None}"
    assert repr(Frozen({"a": np.float64(1.5)})) == "{'a': 1.5}"


def test_a_frozen_mapping_takes_no_entries_and_keeps_its_own():
    source = {"a": 1}
    made = Frozen(source)
    source["b"] = 2
    assert dict(made) == {"a": 1} == made
    with pytest.raises(TypeError):
        made["c"] = 3


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("name", RESULTS)
def test_every_result_has_a_view_for_notebooks(name, kind):
    if name == "max_entropy":  # a distribution is one line
        return
    view = result(name, kind)._repr_html_()
    assert view.startswith(("<div", "<table"))
    assert view.count("<table>") == view.count("</table>")
    assert len(view.encode()) < 200_000


def large_study():
    """Return a study with more, and longer, of everything than a notebook holds."""
    hostile = "<script>&" * 2_000
    item = of_a_function().inputs["width"]
    study = un.Study.from_function(total, inputs={"x": "1 to 2"})
    output = replace(study.outputs["total"], label=hostile)
    return replace(
        study,
        title=hostile,
        source=hostile,
        inputs=Frozen(
            {f"i{n}": replace(item, name=f"i{n}", label=hostile, source=hostile) for n in range(1000)}
        ),
        outputs=Frozen({f"out_{i}": replace(output, name=f"out_{i}") for i in range(12)}),
        readings=Frozen(
            {
                name: replace(study.readings["as_published"], label=hostile)
                for name in ("as_published", *(f"r{i}" for i in range(99)))
            }
        ),
    )


@pytest.mark.slow
def test_no_view_of_a_large_study_is_larger_than_a_notebook_holds():
    study = large_study()
    run = run_of_many()
    plain = run.study
    small = result("sobol", "function")
    found = small.outputs["area"]
    index = next(iter(found.indices.values()))
    found = replace(found, indices=dict.fromkeys(study.inputs, index))
    outputs = Frozen({name: replace(found, output=name) for name in study.outputs})
    sobol = replace(small, study=study, scenario=replace(small.scenario, study=study), outputs=outputs)
    views = {
        "study": study,
        "sobol": sobol,
        "run": replace(run, study=study, outputs=dict.fromkeys(study.outputs, run.headline)),
        "draws": run.draws,
        "table": sobol.table,
        "tornado": un.tornado(plain),
        "differences": un.differences(plain, of_equations()),
        "mapping": Frozen(dict.fromkeys(study.inputs, sobol.table)),
        "names": Frozen({"<b>" * 100 + name: "<i>" * 1000 for name in study.inputs}),
    }
    for name, each in views.items():
        view = each._repr_html_()
        assert 1000 < len(view.encode()) < 200_000, name
        assert "<script>" not in view
        assert "<b><b>" not in view
    assert "200 rows, " in views["tornado"]._repr_html_()
    assert "201 columns, 30 of them shown" in views["draws"]._repr_html_()


def test_a_mapping_that_does_not_change_is_read_backwards_like_a_dictionary():
    given = {"b": 2, "a": 1}
    made = Frozen(given)
    for view in ("keys", "values", "items"):
        assert list(reversed(getattr(made, view)())) == list(reversed(getattr(given, view)()))
    assert [*reversed(made)] == ["a", "b"]


def test_what_is_made_later_is_made_once_and_goes_to_other_processes_made():
    made = []
    later = Later(lambda: made.append("made") or {"a": 1})
    assert not made
    assert later.value is later.value
    assert copy.copy(later).value == {"a": 1}
    assert made == ["made"]


def test_what_is_found_once_of_a_record_is_found_anew_by_copies_and_other_processes():
    study = un.load_study("gauge-block")
    plan = scenario(study)
    assert scenario(study) is plan
    assert scenario(replace(study)) is not plan
    assert scenario(copy.deepcopy(study)) is not plan


def test_of_many_things_found_of_a_record_the_one_asked_for_longest_ago_goes():
    once, made = Once(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        once.of(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_as_much_is_kept_as_there_is_room_for_and_what_was_asked_for_longest_ago_goes():
    lately = Lately(3)
    lately.keep("a", 1, 1)
    lately.keep("b", 2, 2)
    assert lately.of("a") == 1
    lately.keep("c", 3, 1)
    assert [lately.of(key) for key in "abc"] == [1, None, 3]
    lately.keep("d", 4, 4)
    assert [lately.of(key) for key in "abcd"] == [None] * 4
