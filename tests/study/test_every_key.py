"""Every key of the schema survives every form that a study has: a new key needs no second description."""

from datetime import date
from itertools import product

import pytest
from variants import one_in

from uncertainty.study import schema
from uncertainty.study.conversion import read_tables, write_study
from uncertainty.study.keys import Key, keys_of
from uncertainty.study.sheets import parts
from uncertainty.study.toml import toml_text

VALUES = {
    "number": 1.25,
    "whole": 3,
    "text": "some words: 007, a = b; (c) …",
    "truth": True,
    "date": date(2026, 11, 28),
    "table": {"us": 1.5, "india": 2.25},
}


def value_of(key: Key, kind: str) -> object:
    """Return something that a key may hold."""
    if kind in ("list", "rows"):
        texts = ["Doe, J.", "An Office"] if key.between == "; " else ["one", "two"]
        return [[1.0, 2.5], [3, 4]] if kind == "rows" else texts
    if kind == "table" and not key.is_inline:
        return {"one": "a", "other": ["b", "c"]}
    return VALUES[kind]


def study_with(kind: str) -> dict:
    """Return the tables of a study in which every key that may be of a kind is, and all others are too."""

    def filled(part) -> dict:
        held = {
            key.name: value_of(key, kind if kind in key.kinds else sorted(key.kinds)[0])
            for key in part.keys.values()
        }
        if part.sheet == "expect" and kind == "table":  # statistics stand beside their digits
            return held.pop("value") | held
        return held

    tables: dict = {}
    for part in parts():
        node: dict = tables
        *above, last = ["name" if step.startswith("{") else step for step in part.path]
        for step, following in zip(above, [*above, last][1:], strict=True):
            node = node.setdefault(step, [] if following == "[]" else {})
        if last == "[]":
            node.append(filled(part))
        elif part.valued and part.keys.keys() == {"value"}:
            node[last] = filled(part)["value"]
        else:
            node.setdefault(last, {}).update(filled(part))
    tables["format"] = tables["study"].pop("format")
    return tables


def test_every_table_of_the_schema_has_its_keys_on_a_sheet():
    headed = {key.name for part in parts() for key in part.keys.values()} | {
        step for part in parts() for step in part.path
    }
    tables = [
        each for each in vars(schema).values() if isinstance(each, type) and issubclass(each, schema.Table)
    ]
    assert {key.name for table in tables for key in keys_of(table).values()} <= headed


FORMS = ("study.xlsx", "study.json", "study", "study.toml")


@pytest.mark.parametrize(
    ("kind", "form"), one_in(3, product(["number", "text", "list", "table", "date"], FORMS))
)
def test_every_key_comes_back_from_every_form(kind, form, tmp_path):
    tables = study_with(kind)
    (tmp_path / "own.toml").write_text(toml_text(tables), encoding="utf-8")
    write_study(tmp_path / "own.toml", tmp_path / form)
    found = read_tables(tmp_path / form)
    for part, rows in tables.items():
        assert as_written(found[part]) == as_written(rows), part


def as_written(value: object) -> object:
    """Return values as JSON and CSV can hold them: days as texts."""
    if isinstance(value, dict):
        return {key: as_written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_written(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
