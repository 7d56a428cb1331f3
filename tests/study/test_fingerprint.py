"""A function's hash is another one wherever its results may be, and the same in every process."""

import functools
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.study.fingerprint import fingerprint
from uncertainty.study.model import Correlation

PROGRAM = """
import math
import numpy as np

FACTOR = 2.0


def helper(x):
    return FACTOR * x


def model(x, power=2, *, shift=0.0):
    def inner(y):
        return [y**power for _ in range(3)]

    return {"y": helper(inner(x)[0]) + shift + math.pi * np.exp(x) * (x in {"a", "b", "c"})}
"""


def of_program(text):
    names = {"__name__": "program"}
    exec(text, names)
    return fingerprint(names["model"])


def make(factor):
    return lambda x: {"y": factor * x}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FACTOR = 2.0", "FACTOR = 3.0"),
        ("return FACTOR * x", "return FACTOR + x"),
        ("power=2", "power=3"),
        ("shift=0.0", "shift=1.0"),
        ("[y**power", "[y*power"),
        ("math.pi", "math.e"),
        ("np.exp", "np.sin"),
        ("import numpy as np", "import math as np"),
        ('{"a", "b", "c"}', '{"a", "b", "d"}'),
        ("def helper(x):", "def helper(x, FACTOR=2.0):"),
    ],
)
def test_a_change_of_what_a_function_does_is_seen(old, new):
    assert old in PROGRAM
    changed = of_program(PROGRAM.replace(old, new))
    assert changed.sha256 != of_program(PROGRAM).sha256
    assert changed.unseen == of_program(PROGRAM).unseen == ()


def test_comments_and_blank_lines_change_nothing():
    assert of_program(PROGRAM.replace("\ndef", "\n# said\n\n\ndef")) == of_program(PROGRAM)


def test_the_hash_is_the_same_in_every_process():
    script = f"""
from uncertainty.study.fingerprint import fingerprint
names = {{"__name__": "program"}}
exec({PROGRAM!r}, names)
print(fingerprint(names["model"], {{"b": 1, "a": {{3, "x", 1.5}}}}).sha256)
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(found) == 1


VALUES = [
    1,
    1.0,
    True,
    "1",
    b"1",
    None,
    10**5000,
    (1, 2),
    [1, 2],
    ((1,), 2),
    {"a": 1},
    {1, 2},
    np.arange(3),
    np.arange(3.0),
    np.arange(3.0)[:, None],
    np.float64(1.0),
    np.dtype("f8"),
    np.exp,
    np.sin,
    np.mean,
    ndtri,
    max,
    float,
    make(1),
    make(2),
    functools.partial(max, 1),
    functools.partial(max, 2),
    parse_distribution("normal(0, 1)"),
    parse_distribution("normal(0, 2)"),
    "a,".join,
    "b,".join,
]


def test_every_value_that_a_function_closes_over_is_seen():
    found = [fingerprint(make(value)) for value in VALUES]
    assert len({each.sha256 for each in found}) == len(VALUES)
    assert [each.unseen for each in found] == [()] * len(VALUES)
    assert [fingerprint(make(value)) for value in VALUES] == found


def test_a_value_that_holds_itself_is_hashed():
    one, other = [1], [2]
    one.append(one)
    other.append(other)
    assert fingerprint(make(one)).sha256 != fingerprint(make(other)).sha256

    def countdown(x):
        return countdown(x - 1) if x > 0 else x

    assert fingerprint(countdown) == fingerprint(countdown)


class Table:
    def look_up(self, x):
        return x


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Table(), '"factor" (a Table)'),
        (Table, '"factor" (a type)'),
        (Table().look_up, '"factor" (a Table)'),
        ([Table()], '"factor" (a Table)'),
        (np.array([Table()]), '"factor" (a ndarray)'),
        (np.random.default_rng(1), '"factor" (a Generator)'),
        (np.frompyfunc(float, 1, 1), '"factor" (a ufunc)'),
        (np.ma.array([1.0]), '"factor" (a MaskedArray)'),
    ],
)
def test_what_no_hash_can_tell_is_named(value, said):
    assert fingerprint(make(value)).unseen == (said,)


def test_an_object_of_a_library_counts_by_its_name():
    assert fingerprint(lambda x: {"y": norm.ppf(x)}).unseen == ()


def test_functions_of_the_users_own_modules_are_followed(tmp_path, monkeypatch):
    (tmp_path / "own_helpers.py").write_text(
        "K = 2\n\ndef twice(x):\n    return K * x\n\ndef other(x):\n    return x\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import own_helpers

    def by_name(x):
        return {"y": own_helpers.twice(x)}

    def inside(x):
        from own_helpers import twice

        return {"y": twice(x)}

    functions = by_name, inside
    before = [fingerprint(each) for each in functions]
    assert [each.unseen for each in before] == [(), ()]
    monkeypatch.setattr(own_helpers, "other", lambda x: -x)
    assert [fingerprint(each) for each in functions] == before
    monkeypatch.setattr(own_helpers, "K", 3)
    assert all(fingerprint(f).sha256 != each.sha256 for f, each in zip(functions, before, strict=True))
    monkeypatch.delitem(sys.modules, "own_helpers")
    assert fingerprint(inside).unseen == ('"own_helpers" (a module)',)


def test_a_study_s_hash_follows_all_that_its_numbers_depend_on():
    inputs = {"a": "normal(0, 1)", "b": "normal(0, 1)"}

    def model(a, b):
        return {"y": a + b}

    def sha256(**options):
        return un.Study.from_function(model, **({"inputs": inputs} | options)).sha256

    plain = un.Study.from_function(model, inputs)
    scaled = {"y": replace(plain.outputs["y"], scale="log10")}
    found = [
        plain.sha256,
        sha256(correlations=(Correlation(("a", "b"), 0.9),)),
        sha256(correlations=(Correlation(("a", "b"), 0.8),)),
        sha256(nonfinite="drop"),
        sha256(outputs=scaled),
        sha256(units={"y": "kg"}),
        sha256(inputs={"a": "normal(0, 1)", "b": "normal(0, 2)"}),
        un.Study.from_function(make(1), {"x": "2 to 3"}).sha256,
        un.Study.from_function(make(100), {"x": "2 to 3"}).sha256,
    ]
    assert len(set(found)) == len(found)
    assert sha256() == plain.sha256


def test_a_cache_holds_the_results_of_one_model_alone(tmp_path):
    """The median of a factor times a lognormal quantity between 2 and 3 is the factor times the root of 6."""
    run = {"samples": 256, "cache": tmp_path}
    for factor in (1, 100, 1):
        study = un.Study.from_function(make(factor), {"x": "2 to 3"})
        assert un.propagate(study, **run).outputs["y"].median == pytest.approx(factor * 6**0.5, rel=0.01)


def test_a_cache_sees_constants_and_what_has_changed_since_the_study_was_made(tmp_path):
    factors = [1.0]
    study = un.Study.from_function(
        lambda x, k: {"y": factors[0] * k * (1 + 0 * x)}, {"x": "2 to 3", "k": 1.0}, outputs=["y"]
    )

    def median(**overrides):
        return un.propagate(study, samples=64, cache=tmp_path, overrides=overrides).outputs["y"].median

    assert [median(), median(k=5.0)] == [1, 5]
    factors[0] = 3.0
    assert [median(), median(k=5.0)] == [3, 15]


def test_a_cache_tells_the_options_of_a_study_apart(tmp_path, small):
    """The option shared halves what alone gives."""
    medians = [
        un.propagate(small, samples=64, cache=tmp_path, choices={"sharing": option}).headline.median
        for option in ("alone", "shared")
    ]
    assert medians[1] == pytest.approx(medians[0] / 2)


def test_a_cache_is_refused_for_a_function_whose_changes_cannot_be_seen(tmp_path):
    table = Table()
    study = un.Study.from_function(lambda x: {"y": table.look_up(x)}, {"x": "2 to 3"})
    with pytest.raises(
        un.SettingError, match=r'^cache: the function depends on "table" \(a Table\), and no hash'
    ):
        un.propagate(study, samples=64, cache=tmp_path)
    assert not list(tmp_path.iterdir())
