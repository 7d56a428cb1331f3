"""Every key of tables and correlations, every statistic, function and family is in an example that runs."""

import re
import tomllib
from pathlib import Path

import pytest

from uncertainty.distributions.families import FAMILIES
from uncertainty.expressions.operations import AVERAGE, FUNCTIONS, REDUCTIONS
from uncertainty.study import schema
from uncertainty.study.keys import keys_of

DOCS = Path(__file__).parents[2] / "docs"
FILE = re.compile(r"```\{code-block\} toml\n:caption: (\S+)\n\n(.*?)^```", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"```(?:python|console|\{drawing\})\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages():
    return [path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md") if "_build" not in path.parts]


@pytest.fixture(scope="module")
def studies(pages):
    """The studies that pages write and then run."""
    found = [match for page in pages for match in FILE.findall(page) if f" {match[0]}" in page]
    return [tomllib.loads(text) for _, text in found]


def entries(studies, part):
    for study in studies:
        held = study.get(part, {})
        yield from (
            held if isinstance(held, list) else (each for each in held.values() if isinstance(each, dict))
        )


@pytest.mark.parametrize(
    ("part", "table"),
    [
        ("indices", schema.IndexTable),
        ("curves", schema.CurveTable),
        ("equations", schema.EquationTable),
        ("correlations", schema.CorrelationTable),
    ],
)
def test_every_key_of_a_table_is_in_a_study_that_runs(studies, part, table):
    used = {key for entry in entries(studies, part) for key in entry}
    assert {key.name for key in keys_of(table).values()} - used == set()


def test_every_key_of_an_input_with_an_index_is_in_a_study_that_runs(studies):
    used = {key for entry in entries(studies, "inputs") for key in entry}
    assert {"index", "table", "columns", "missing", "across", "member_of"} <= used


def test_every_statistic_is_published_in_a_study_that_runs(studies):
    published = [entry.get("published") for entry in entries(studies, "outputs")]
    tables = [each for each in published if isinstance(each, dict)]
    tables += [each for table in tables for each in table.values() if isinstance(each, dict)]
    used = {key for table in tables for key in table}
    assert {"value", "mean", "median", "sd", "p5", "low", "high", "level", "probability", "digits"} <= used


def test_every_function_is_in_a_study_that_runs(studies):
    texts = repr([(study.get("equations"), study.get("outputs")) for study in studies])
    called = set(re.findall(r"([a-z0-9_]+)\(", texts))
    assert {*FUNCTIONS, *REDUCTIONS} - {AVERAGE} - called == set()
    assert {"cumulative", "previous", "interpolate"} <= called
    assert {"and", "or", "not"} <= set(re.findall(r"\b(and|or|not)\b", texts))


def test_every_family_is_on_a_page_that_runs(pages, studies):
    texts = " ".join((repr(studies), *(text for page in pages for text in RUN.findall(page))))
    called = set(re.findall(r"([a-z0-9_]+)\(", texts))
    assert {*FAMILIES, "one_of", "dirichlet", "truncate"} - called == set()
