"""The mutation run mutates what it says it does: every part's files are there, and none is forgotten."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
PARTS = TOOLS["uncertainty"]["mutation"]

_READ = re.compile(r'(?:ROOT|\bparents?(?:\[\d\])?)\)? / "([^"/]+)"')
"""A file or folder that a test reads from the root of the repository."""

WHOLE = {
    "emulation": set(),
    "expressions": set(),
    "indices": set(),
    # what another library calculates, and what only names methods or holds results
    "sensitivity": {"methods", "salib", "second_opinion"},
    "sensitivity/sobol": {"results"},
    # copies for other libraries
    "tables": {"frames", "printed"},
    "workbooks": set(),
    "workbooks/copies": set(),
    "workbooks/functions": set(),
}
"""Packages of which every module is mutated, but for some."""


def found(pattern):
    return [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)]


@pytest.mark.parametrize("part", PARTS)
def test_every_file_of_a_part_is_there(part):
    for pattern in [*PARTS[part]["mutated"], *PARTS[part]["tests"]]:
        assert found(pattern), pattern
    assert all(path.startswith("tests/") for path in PARTS[part]["tests"])


def test_what_the_tests_of_parts_read_is_copied():
    """A part cannot even begin where one of its tests misses a file."""
    copied = {*TOOLS["mutmut"]["also_copy"], "uncertainty", "pyproject.toml"}
    paths = {ROOT / path for part in PARTS.values() for pattern in part["tests"] for path in found(pattern)}
    files = {each for path in paths for each in ([path] if path.is_file() else path.rglob("*.py"))}
    assert {
        (path.name, read)
        for path in files
        for read in _READ.findall(path.read_text(encoding="utf-8"))
        if (ROOT / read).exists() and read not in copied
    } == set()


def test_a_module_is_mutated_once():
    files = Counter(file for part in PARTS.values() for pattern in part["mutated"] for file in found(pattern))
    assert [file for file, count in files.items() if count > 1] == []


@pytest.mark.parametrize("package", WHOLE)
def test_no_module_of_a_package_of_estimators_readers_and_writers_is_forgotten(package):
    mutated = {file for part in PARTS.values() for pattern in part["mutated"] for file in found(pattern)}
    modules = [path for path in (ROOT / "uncertainty" / package).glob("*.py") if path.stem != "__init__"]
    forgotten = {path.stem for path in modules if path.relative_to(ROOT).as_posix() not in mutated}
    assert forgotten == WHOLE[package], "name it in a part of [tool.uncertainty.mutation] in pyproject.toml"
