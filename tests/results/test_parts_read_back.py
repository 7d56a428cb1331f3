"""What is read back of documents is what records write: no key that they do not have, of no other type."""

from functools import cache

import pytest

from uncertainty.answers import schema_document
from uncertainty.results.reading import InputPart, OutputPart, RunPart, SettingsPart, StudyPart


@cache
def records():
    """Return the schema of every record, which takes a while to make."""
    return schema_document()["$defs"]


PARTS = {
    "NamedStudy": StudyPart,
    "About": SettingsPart,
    "OutputDistribution": OutputPart,
    "DrawnInput": InputPart,
    "RunAnswer": RunPart,
}


NEVER_NULL = {("About", "level")}
"""A share that is asked for, which is finite."""


def kinds(schema):
    """Return the JSON types that a key may have, references being objects."""
    each = schema.get("anyOf", [schema])
    found = {
        kind
        for one in each
        for kind in ([one["type"]] if isinstance(one.get("type"), str) else one.get("type", []))
    }
    return found | ({"object"} if any("$ref" in one for one in each) else set())


@pytest.mark.parametrize("record", PARTS)
def test_every_key_that_is_read_back_is_one_that_the_record_writes(record):
    read = PARTS[record].model_json_schema()["properties"]
    written = records()[record]["properties"]
    assert read.keys() <= written.keys()
    for key, schema in read.items():
        allowed = kinds(schema) | ({"integer"} if "number" in kinds(schema) else set())
        never = {"null"} if (record, key) in NEVER_NULL else set()
        assert kinds(written[key]) <= allowed | never, key
