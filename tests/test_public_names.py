"""What editors, type checkers and the interpreter know of the package."""

import dataclasses
import inspect
import pydoc
import subprocess
import sys
from typing import get_type_hints

import pytest

import uncertainty as un
from uncertainty.propagation import RunOptions
from uncertainty.sampling.running import Execution, ExecutionOptions
from uncertainty.settings import SettingOptions, Settings

USER = """
import numpy as np
import numpy.typing as npt
import uncertainty as un

Columns = npt.NDArray[np.float64]

def stopping(speed: Columns, reaction: Columns) -> dict[str, Columns]:
    return {"distance": speed * reaction}

inputs: dict[str, str] = {"speed": "normal(13.9, 0.5)", "reaction": "0.7 to 1.5"}
study: un.Study = un.Study.from_function(stopping, inputs)
run = un.propagate(study, samples=4096, seed=1, overrides={"speed": "5 to 6"}, engine="threads")
low: float = run.headline.interval(0.95)[0]
indices = un.sobol(study, samples=128, level=0.9, tolerance=0.01)
total: tuple[float, float] = indices.outputs["distance"].indices["speed"].ST_interval
"""
"""What somebody writes who lets a type checker look over it."""

MISTAKES = [
    "un.propagate(study, sample=4096)",
    'un.propagate(study, samples="many")',
    "un.propagate(study, sed=3)",
    "un.sobol(study, reeding='as_published')",
    "un.challenge(study, choices=['a'])",
    "un.compare_readings(study, blok_rows=3)",
    "un.tornado(study, engine='threads')",
    "un.morris(study, level='95 %')",
]


@pytest.mark.slow
def test_a_type_checker_finds_misspelt_settings_and_nothing_else(tmp_path):
    path = tmp_path / "user.py"
    path.write_text(USER + "\n".join(MISTAKES) + "\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context"]
    found = subprocess.run(
        [*command, "--cache-dir", tmp_path / "cache", path], capture_output=True, text=True, check=False
    )
    lines = [int(line.split(":")[1]) for line in found.stdout.splitlines() if ": error:" in line]
    first = USER.count("\n") + 1
    assert lines == list(range(first, first + len(MISTAKES))), found.stdout + found.stderr


@pytest.mark.parametrize(
    ("options", "record", "apart"),
    [(SettingOptions, Settings, set()), (ExecutionOptions, Execution, {"threads"})],
)
def test_the_keywords_of_an_analysis_are_the_fields_of_its_record(options, record, apart):
    fields = {field.name: field.type for field in dataclasses.fields(record) if field.name not in apart}
    assert {name: hint.__forward_arg__ for name, hint in options.__annotations__.items()} == fields


@pytest.mark.parametrize("name", un.__all__)
def test_every_setting_of_a_public_function_has_a_type(name):
    thing = getattr(un, name)
    variable = (
        [p for p in inspect.signature(thing).parameters.values() if p.kind is p.VAR_KEYWORD]
        if callable(thing) and not isinstance(thing, type)
        else []
    )
    assert all(str(each.annotation).startswith("Unpack[") for each in variable)


@pytest.mark.parametrize("options", [SettingOptions, RunOptions, ExecutionOptions])
def test_no_keyword_must_be_given(options):
    assert not options.__required_keys__


def test_the_interpreter_shows_every_public_name():
    assert set(un.__all__) <= set(dir(un))
    assert {name for name in dir(un) if not name.startswith("__")} <= set(un.__all__)
    text = pydoc.plain(pydoc.render_doc(un))
    assert [name for name in un.__all__ if name not in text] == ["__version__"]


def test_each_public_name_is_what_a_type_checker_is_told():
    for name in un.__all__:
        assert getattr(un, name) is not None
    assert get_type_hints(un.__getattr__)["name"] is str


def test_a_run_without_the_headline_says_which_outputs_it_has():
    study = un.load_study("ten-searches")
    other = next(name for name in study.outputs if name != study.headline)
    run = un.propagate(study, outputs=other, samples=16)
    with pytest.raises(un.SettingError, match=f'headline: "{study.headline}" was not asked for; .* {other}'):
        _ = run.headline
