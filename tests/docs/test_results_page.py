"""The page of results lists every key that a document may have."""

import importlib.util
from pathlib import Path

import pytest

from uncertainty.answers import schema_document

EXTENSION = Path(__file__).parents[2] / "docs" / "extensions" / "results.py"


@pytest.mark.slow
def test_the_page_lists_every_key_of_every_record_and_what_it_means():
    spec = importlib.util.spec_from_file_location("results_page", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = module.markdown(schema_document())
    for name, record in schema_document()["$defs"].items():
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert all(f"| `{key}` |" in section for key in record["properties"]), name
    assert "| `ST` | number or null | The first-order (of a set: closed) and the total index. |" in text
