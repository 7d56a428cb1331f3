"""Tables that are read by their declarations are those that pydantic reads, by models of the same ones."""

from typing import Annotated, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from uncertainty.bounds import MOST_ENTRIES
from uncertainty.study import declared, schema
from uncertainty.study.bundled import locate, names
from uncertainty.study.declared import Field
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


@pytest.mark.parametrize(
    ("annotation", "read", "refused"),
    [
        (Annotated[int, Field(ge=1, le=3)], [1, 3], [0, 4, 2.0, True]),
        (Annotated[list[str], Field(min_length=1, max_length=2)], [["a"], ["a", "b"]], [[], ["a"] * 3, "a"]),
        (Annotated[str, Field(max_length=2)] | None, ["ab", None], ["abc", 1]),
        (dict[str, int], [{"a": 1}, {}], [{"a": "1"}, {1: 1}, []]),
        (Literal["a", "b"], ["a", "b"], ["c", None]),
        (bool, [True, False], [1, None]),
        (schema.Name, ["a_b"], ["A b", 1]),
    ],
)
def test_what_is_declared_of_a_value_holds_up_to_its_bounds(annotation, read, refused):
    by_us, by_pydantic = declared._reading(annotation), TypeAdapter(declared._translated(annotation))
    for value in read:
        assert by_us(value) == by_pydantic.validate_python(value, strict=True) == value
    for value in refused:
        with pytest.raises(ValueError, match="unexpected"):
            by_us(value)
        with pytest.raises(ValidationError):
            by_pydantic.validate_python(value, strict=True)


def test_white_space_of_unicode_is_stripped_as_pydantic_does():
    text = f"{declared.SPACE} a b {declared.SPACE}"
    by_pydantic = TypeAdapter(declared._translated(schema.Text)).validate_python(text)
    assert declared._reading(schema.Text)(text) == by_pydantic == "a b"


def test_pydantic_is_asked_where_something_is_unexpected_alone(monkeypatch):
    """To import it takes longer than to read a file; what it finds sound after all is taken."""
    sound = schema.InputTable.model_validate(SOUND)
    monkeypatch.setattr(declared, "model_of", lambda _: pytest.fail("it is asked"))
    assert held(schema.InputTable.model_validate(SOUND)) == held(sound)
    monkeypatch.undo()

    def unexpected(value):
        raise ValueError(value)

    monkeypatch.setattr(declared, "_reading", lambda _: unexpected)
    assert held(schema.InputTable.model_validate(SOUND)) == held(sound)


def test_a_table_with_other_values_is_another():
    table = schema.InputTable.model_validate({"unit": "kg", "point": 1})
    other = table.model_copy(update={"point": 2})
    assert (table.point, other.point, other.unit) == (1, 2, "kg")
    assert other.model_fields_set == {"unit", "point"}
    with pytest.raises(AttributeError):
        table.point = 3
