"""Tables that are read by their declarations are those that pydantic reads, by models of the same ones."""

import pytest
from pydantic import ValidationError

from uncertainty.bounds import MOST_ENTRIES
from uncertainty.study import declared, schema
from uncertainty.study.bundled import locate, names
from uncertainty.study.toml import parse_toml


def held(value):
    """Return tables as what they hold, and texts of numbers beside these."""
    if isinstance(value, schema.Table):
        return type(value), {name: held(each) for name, each in vars(value).items()}
    if isinstance(value, list):
        return [held(each) for each in value]
    if isinstance(value, dict):
        return [(name, held(each)) for name, each in value.items()]
    return type(value), value, getattr(value, "text", None)


def read(table, value):
    """Return what the declarations read, and what pydantic does."""
    model = declared.model_of(table).model_validate(value)
    return declared._reading(table)(value), declared._from_model(table, model)


@pytest.mark.parametrize("name", names())
def test_a_bundled_study_is_read_as_pydantic_reads_it(name):
    plain, modelled = read(schema.StudyFile, parse_toml(locate(name).read_text(encoding="utf-8")))
    assert dict(held(plain)[1]) == dict(held(modelled)[1])


SOUND = {"unit": " kg\u00a0", "point": {"a": 1, "b": {"c": "x * 2 "}}, "index": ["i"], "basis": "measured"}


@pytest.mark.parametrize(
    ("table", "value"),
    [
        (schema.InputTable, SOUND),
        (schema.InputTable, {"member_of": "i", "table": "a.csv", "across": {"i": " same "}}),
        (schema.InputTable, {"unit": "\x1fkg", "point": None, "evidence": [{"value": 1, "year": 2020}]}),
        (schema.EquationTable, " a + b "),
        (schema.OverrideTable, 5),
        (schema.IndexTable, {"from": 1, "to": 3, "members": {"a": " A "}}),
        (schema.SourceTable, {"authors": [" Doe, J. "], "accessed": "2026-11-28", "year": 1999}),
        (
            schema.OutputTable,
            {"unit": "1", "digits": 3, "words": {"below": " Is it? "}, "published": {"mean": 1}},
        ),
        (schema.ExcludedTable, {"when": {"a": ["b", "c"], "d": "e"}, "because": "so"}),
        # as many as there may be, and as few as there must
        (schema.InputTable, {**SOUND, "index": ["i"] * MOST_ENTRIES["indices"]}),
        (schema.ExcludedTable, {"when": {"a": "b"}, "because": "so"}),
        (schema.OutputTable, {"unit": "1", "digits": 1}),
    ],
)
def test_a_table_is_read_as_pydantic_reads_it(table, value):
    plain, modelled = read(table, value)
    assert held(plain) == held(modelled)
    assert plain.model_fields_set == modelled.model_fields_set


@pytest.mark.parametrize(
    ("table", "value"),
    [
        (schema.InputTable, {**SOUND, "colour": 1}),
        (schema.InputTable, {"point": 1}),
        (schema.InputTable, {**SOUND, "unit": 5}),
        (schema.InputTable, {**SOUND, "kind": "neither"}),
        (schema.InputTable, {**SOUND, "low": True}),
        (schema.InputTable, {**SOUND, "index": ["i"] * 10_000}),
        (schema.InputTable, {**SOUND, "evidence": {"value": 1}}),
        (schema.OutputTable, {"unit": "1", "digits": 0}),
        (schema.OutputTable, {"unit": "1", "digits": True}),
        (schema.OutputTable, {"unit": "1", "words": {"aside": "what"}}),
        (schema.SourceTable, {"year": 1999.0}),
        (schema.ReadingTable, {"preferred": 1}),
        (schema.StudyTable, {"title": "  ", "headline": "a"}),
        (schema.StudyTable, {"title": "A", "headline": "a", "counting_units": ["Page"]}),
        (schema.StudyTable, {"title": "A", "headline": "a", "counting_units": ["page\n"]}),
        (schema.CorrelationTable, {"inputs": ["a"]}),
        (schema.ExcludedTable, {"when": {}, "because": "so"}),
        (schema.IndexTable, {"first": 1}),
        (schema.StudyFile, []),
    ],
)
def test_what_pydantic_refuses_is_refused_and_pydantic_says_why(table, value):
    with pytest.raises(ValueError, match="expected"):
        declared._reading(table)(value)
    with pytest.raises(ValidationError):
        table.model_validate(value)


def test_a_table_with_other_values_is_another():
    table = schema.InputTable.model_validate({"unit": "kg", "point": 1})
    other = table.model_copy(update={"point": 2})
    assert (table.point, other.point, other.unit) == (1, 2, "kg")
    assert other.model_fields_set == {"unit", "point"}
    with pytest.raises(AttributeError):
        table.point = 3
