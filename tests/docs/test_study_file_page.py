"""The page of the study file lists every key of the schema, from the schema itself."""

import importlib.util
from pathlib import Path

import pytest

from uncertainty.study import schema
from uncertainty.study.keys import keys_of

DOCS = Path(__file__).parents[2] / "docs"

TABLES = [
    name
    for name, kind in vars(schema).items()
    if isinstance(kind, type) and issubclass(kind, schema.Table) and name not in ("Table", "StudyFile")
]


@pytest.fixture(scope="module")
def markdown():
    """Return the function that the page's tables come from."""
    path = DOCS / "extensions" / "study_keys.py"
    spec = importlib.util.spec_from_file_location("study_keys", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.markdown


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_schema_is_on_the_page_with_every_key_and_what_it_means(name, markdown):
    page = (DOCS / "reference" / "study-file.md").read_text(encoding="utf-8")
    assert f"```{{study-keys}} {name}\n" in page
    rows = dict(row.strip("| ").split(" | ", 1) for row in markdown(name).splitlines()[2:])
    assert list(rows) == [f"`{key.name}`" for key in keys_of(getattr(schema, name)).values()]
    assert all(len(text.removeprefix("required: ")) > 5 for text in rows.values())


def test_a_row_says_what_is_required_and_which_values_there_are(markdown):
    assert "| `title` | required: What is calculated. |" in markdown("StudyTable")
    assert "One of `at least`, `at most`, `about`; `about` by default." in markdown("OutputTable")
