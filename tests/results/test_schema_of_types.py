"""The schema of a record follows from its keys, from the types that it holds and from its docstring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from uncertainty.results import record
from uncertainty.results.schema import Answered, Schemas, results_schema
from uncertainty.sampling.estimate import Ends, Estimate, Unvarying


class Inner(NamedTuple):
    """What is held.

    More of it.

    Parameters
    ----------
    whole, part
        Two numbers.
    word
        A word, in two
        lines.
    """

    whole: int
    part: float
    word: str
    sure: bool = True


@record(
    "name=inner.word", "mean", "maybe", "either", "**ends", "**rest", "left?", "why|", "late=perhaps.word"
)
@dataclass(frozen=True)
class Outer:
    """All of it,
    in two lines.

    Parameters
    ----------
    mean
        The mean.
    left
        What is left.
    """

    inner: Inner
    mean: Estimate
    maybe: Estimate | None
    either: Estimate | Unvarying
    ends: Ends
    left: tuple[str, ...]
    why: Mapping[str, Inner | str]
    perhaps: Inner | None

    @property
    def rest(self) -> Mapping[Literal["one", "two"], int]:
        """The rest.

        Parameters
        ----------
        one
            The first.
        """
        return {"one": 1, "two": 2}


REASON = {"$ref": "#/$defs/Reason"}
NUMBER = {"type": ["number", "null"]}
TEXT = {"type": "string"}
ERROR = "Its Monte Carlo error, of which 1.96 reach to either end of a 95 % interval."
CLOSED = {"additionalProperties": False}
TWO = {"type": "array", "prefixItems": [NUMBER, NUMBER], "minItems": 2, "maxItems": 2}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int, {"type": "integer"}),
        (bool, {"type": "boolean"}),
        (float, NUMBER),
        (float | None, NUMBER),
        (str | int | None, {"type": ["string", "integer", "null"]}),
        (tuple[float, float], TWO),
        (tuple[str, ...], {"type": "array", "items": TEXT}),
        (list[Inner], {"type": "array", "items": {"$ref": "#/$defs/Inner"}}),
        (NDArray[np.float64], {"type": "array", "items": NUMBER}),
        (Literal["x", "y"], {"enum": ["x", "y"]}),
        (Mapping[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (Mapping[Literal["a"], int], {"type": "object", "properties": {"a": {"type": "integer"}}} | CLOSED),
        (Inner | None, {"anyOf": [{"$ref": "#/$defs/Inner"}, {"type": "null"}]}),
        (Inner | str | float, {"anyOf": [{"$ref": "#/$defs/Inner"}, {"type": ["string", "number", "null"]}]}),
    ],
)
def test_a_type_has_the_schema_of_what_is_written_of_it(hint, schema):
    assert Schemas().of(hint) == schema


def test_a_type_that_no_document_holds_has_no_schema():
    with pytest.raises(TypeError, match="no schema for what is held as <class 'object'>"):
        Schemas().of(object)


def test_a_record_has_the_schema_of_its_keys_types_and_docstrings():
    schemas = Schemas()
    assert schemas.of(Outer) == {"$ref": "#/$defs/Outer"}
    both = {"description": "Two numbers."}
    reference = {"$ref": "#/$defs/Inner"}
    # what may be absent has no error then, and what is left out for being empty need not be there
    required = ["name", "mean", "mean_error", "maybe", "either", "either_error", "interval", "interval_error"]
    required += ["one", "two", "why", "late"]
    reasons = ("mean_error", "maybe_error", "either_error", "either", "interval_error")
    assert (
        schemas.definitions["Inner"]
        == {
            "type": "object",
            "description": "What is held.",
            "properties": {
                "whole": both | {"type": "integer"},
                "part": both | NUMBER,
                "word": {"description": "A word, in two lines."} | TEXT,
                "sure": {"type": "boolean"},
            },
            "required": ["whole", "part", "word", "sure"],
        }
        | CLOSED
    )
    outer = schemas.definitions["Outer"]
    assert (
        outer["properties"].pop("reasons")
        == {
            "type": "object",
            "description": "Why numbers or errors are missing, by their keys.",
            "properties": dict.fromkeys(reasons, TEXT),
        }
        | CLOSED
    )
    assert (
        outer
        == {
            "type": "object",
            "description": "All of it, in two lines.",
            "properties": {
                "name": {"description": "A word, in two lines."} | TEXT,
                "mean": {"description": "The mean."} | NUMBER,
                "mean_error": {"description": ERROR} | NUMBER,
                "maybe": NUMBER,
                "maybe_error": {"description": ERROR} | NUMBER,
                "either": NUMBER,
                "either_error": {"description": ERROR} | NUMBER,
                "interval": {"description": "The low and high end of the coverage interval."} | TWO,
                "interval_error": {"description": "The Monte Carlo errors of both ends."} | TWO,
                "one": {"description": "The first.", "type": "integer"},
                "two": {"description": "The rest.", "type": "integer"},
                "left": {"description": "What is left.", "type": "array", "items": TEXT},
                "why": {"type": "object", "additionalProperties": {"anyOf": [reference, REASON]}},
                "late": {"description": "A word, in two lines.", "type": ["string", "null"]},
            },
            "required": required,
        }
        | CLOSED
    )
    assert (
        schemas.definitions["Reason"]
        == {
            "type": "object",
            "description": "Why there is nothing to be told.",
            "properties": {"reason": {"description": "In one line.", "type": "string"}},
            "required": ["reason"],
        }
        | CLOSED
    )


@record("**outer.rest")
class Spreading(NamedTuple):
    """What spreads the entries of a part's mapping."""

    outer: Outer


def test_entries_of_a_part_are_described_by_the_part():
    schemas = Schemas()
    schemas.of(Spreading)
    found = schemas.definitions["Spreading"]["properties"]
    assert {name: each["description"] for name, each in found.items()} == {
        "one": "The first.", "two": "The rest.",
    }  # fmt: skip


class Holding(NamedTuple):
    """Several of them."""

    alone: Inner
    listed: list[Inner]
    named: Mapping[str, Inner]
    perhaps: Inner | None
    number: int


def test_a_key_of_which_nothing_is_said_has_what_is_said_of_the_records_that_it_holds():
    schemas = Schemas()
    schemas.of(Holding)
    found = schemas.definitions["Holding"]["properties"]
    said = {name: each.get("description") for name, each in found.items()}
    assert said == dict.fromkeys(("alone", "listed", "named", "perhaps"), "What is held.") | {"number": None}


def test_a_document_has_a_head_and_what_its_command_found():
    answers = [
        Answered("bare", Inner, None, None),
        Answered("whole", Inner, Inner | None, Inner, {"more": int}),
        Answered("named", Inner, None, Inner),
    ]
    found = results_schema(answers, Outer)
    reference = {"$ref": "#/$defs/Inner"}
    empty = {"type": "object"} | CLOSED
    assert found["title"] == "What uncertainty answers with --json, format 1"
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(found["$defs"]) == ["Inner", "Outer", "Reason"]

    def whole(title, properties):
        keys = {"properties": properties, "required": list(properties)}
        return {"title": title, "type": "object"} | keys | CLOSED

    def head(command):
        return {"format": {"const": 1}, "command": {"const": command}, "version": TEXT}

    assert found["anyOf"] == [
        whole("bare", head("bare") | {"results": reference}),
        whole(
            "whole",
            head("whole")
            | {"study": reference, "settings": {"anyOf": [reference, empty]}}
            | {"results": reference, "more": {"type": "integer"}},
        ),
        whole("named", head("named") | {"study": reference, "settings": empty, "results": reference}),
        whole("failure", {"format": {"const": 1}, "error": {"$ref": "#/$defs/Outer"}}),
    ]
