"""An analysis is whole: its result is a record with a table and a view, and documented; so is each method."""

import importlib.util
import inspect
import pkgutil
import typing
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_schema import COMMANDS

import uncertainty as un
from uncertainty import sensitivity
from uncertainty.answers import answered
from uncertainty.pages.sections import attribution
from uncertainty.results.keys import keys_of, names_of
from uncertainty.results.schema import Schemas
from uncertainty.sensitivity.methods import METHODS

DOCS = Path(__file__).parents[2] / "docs"

_SPEC = importlib.util.spec_from_file_location("methods_page", DOCS / "extensions" / "methods.py")
PAGE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(PAGE)

NO_RESULT = {"load_study", "read_table", "max_entropy", "draw_sample", "salib_problem", "emulate"}
"""They give a study, a table, a distribution, draws, another program's view of a study, and a study."""
NO_RESULT |= {"document", "plot", "report"}
"""They write what results say."""

TOLD_BY = {
    "reproduce": "CheckAnswer",
    "sobol": "SobolAnswer",
    "short_version": "Shortened",
    "fit_data": "FitAnswer",
    "fit_quantiles": "QuantilesAnswer",
    "differences": "Difference",
}
"""Results that other records tell of."""

NO_TABLE = {"differences", "suggest"}
"""They are sentences more than numbers."""


def result_of(name):
    """Return what a public function gives; of a mapping what it holds, nothing for what is no function."""
    function = inspect.unwrap(getattr(un, name))
    written = {"given": function.__annotations__["return"]}
    asked = SimpleNamespace(__annotations__=written)
    found = typing.get_type_hints(asked, localns=names_of(function.__module__))["given"]
    return typing.get_args(found)[-1] if typing.get_args(found) else found


@cache
def told():
    """Return the names of all records that documents are made of."""
    schemas = Schemas()
    for answer in answered():
        schemas.of(answer.results)
    return {*schemas.definitions}


ANALYSES = sorted(
    name
    for name in un.__all__
    if inspect.isfunction(getattr(un, name)) and not name.startswith("_") and name not in NO_RESULT
)


@pytest.mark.parametrize("name", ANALYSES)
def test_the_result_of_an_analysis_is_a_record_with_a_table_and_a_view(name):
    kind = result_of(name)
    assert TOLD_BY.get(name, kind.__name__) in told()
    assert keys_of(kind) is not None or name in TOLD_BY
    assert hasattr(kind, "table") or name in NO_TABLE
    assert hasattr(kind, "_repr_html_")


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_is_documented(name):
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert f".. autofunction:: {name}\n" in page


@pytest.mark.parametrize("method", METHODS)
def test_a_method_has_its_parts_its_documents_row_and_its_test(method):
    each = METHODS[method]
    assert callable(each.attribute)
    assert hasattr(each.kind, "table")
    assert callable(getattr(attribution, each.section))
    assert any(f"{method.capitalize()}Answer" == found.results.__name__ for found in answered())
    assert any(method in arguments for arguments in COMMANDS.values())
    assert f"| `--method {method}` |" in PAGE.markdown()


def test_every_module_and_section_of_a_method_is_one_of_them():
    modules = {each.name for each in pkgutil.iter_modules(sensitivity.__path__)}
    attributing = {
        name for name in modules if hasattr(import_module(f"{sensitivity.__name__}.{name}"), "attribute")
    }
    sections = {
        name for name, each in vars(attribution).items() if name[0] != "_" and inspect.isfunction(each)
    }
    shown = {name for name in sections if getattr(attribution, name).__module__ == attribution.__name__}
    assert attributing == {each.module for each in METHODS.values()}
    assert shown == {each.section for each in METHODS.values()}


def test_the_page_of_drivers_has_the_table_of_methods():
    page = (DOCS / "how-to" / "drivers.md").read_text(encoding="utf-8")
    assert "```{methods}\n" in page
