"""The shape of a study file: which keys it may have and what kind of value each holds.

Only the shape: whether names, units and numbers make sense together is the reader's to find out.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]


class WrittenFloat(float):
    """A float that remembers how it was written, so that ``2.20`` keeps its three digits."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Read `text` as a float."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        # pydantic collects ValueError alone
        raise ValueError(f"expected a number, found {_kind(value)}")  # noqa: TRY004
    # 10**400 is a legal TOML integer but no float
    if isinstance(value, int) and abs(value) > 2**1023:
        raise ValueError("expected a number that fits a 64-bit float")
    if not math.isfinite(value):
        raise ValueError(f"expected a finite number, found {float(value)}")
    return value


def _number_or_text(value: object) -> int | float | str:
    if isinstance(value, str):
        return value.strip()
    try:
        return _number(value)
    except ValueError as error:
        raise ValueError(str(error).replace("a number,", "a number or text,")) from None


def _kind(value: object) -> str:
    kinds: dict[type, str] = {bool: "true or false", str: "text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date or time")


Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
NumberOrText = Annotated[
    float | str, PlainValidator(_number_or_text), WithJsonSchema({"type": ["number", "string"]})
]


class Table(BaseModel):
    """A table of the file: unknown keys are errors, values are taken as they are written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class EvidenceTable(Table):
    """One published value or range for an input, in the input's unit."""

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    source: Text = ""
    year: int | None = None
    note: Text = ""


class InputTable(Table):
    """One input of the calculation."""

    unit: Text
    point: NumberOrText
    label: Text = ""
    distribution: NumberOrText | None = None
    low: Number | None = None
    high: Number | None = None
    kind: Literal["uncertainty", "variability"] = "uncertainty"
    group: Text = ""
    basis: Literal["measured", "published range", "expert judgement", "assumption"] | None = None
    source: Text = ""
    note: Text = ""
    evidence: list[EvidenceTable] = Field(default_factory=list)


class EquationTable(Table):
    """An intermediate quantity; a bare expression is short for a table that has only a value."""

    value: NumberOrText
    unit: Text | None = None
    label: Text = ""
    note: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"value": value}


class OutputTable(Table):
    """One result of the calculation."""

    unit: Text
    label: Text = ""
    value: NumberOrText | None = None
    published: Number | None = None
    digits: Annotated[int, Field(ge=1, le=15)] | None = None
    claim: Literal["at least", "at most", "about"] = "about"
    reference: Number | None = None
    scale: Literal["linear", "log10"] = "linear"
    source: Text = ""
    note: Text = ""


class CorrelationTable(Table):
    """A rank correlation between two inputs."""

    inputs: Annotated[list[str], Field(min_length=2, max_length=2)]
    spearman: Number
    source: Text = ""
    note: Text = ""


class OptionTable(Table):
    """One way of making a modelling choice."""

    label: Text = ""
    source: Text = ""
    note: Text = ""
    equations: dict[str, NumberOrText] = Field(default_factory=dict)
    inputs: dict[str, NumberOrText] = Field(default_factory=dict)


class ChoiceTable(Table):
    """A modelling choice; its first option is the publication's own."""

    question: Text = ""
    options: Annotated[dict[Name, OptionTable], Field(min_length=1)]
    note: Text = ""


class ExcludedTable(Table):
    """A combination of options that makes no sense."""

    when: Annotated[dict[str, str | list[str]], Field(min_length=1)]
    because: Text


class ExpectTable(Table):
    """A figure that a reading must reproduce at the points."""

    value: Number
    digits: Annotated[int, Field(ge=1, le=15)] | None = None


class ReadingTable(Table):
    """A named, sourced way to read the study."""

    label: Text = ""
    condition: Text = ""
    source: Text = ""
    note: Text = ""
    choices: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, NumberOrText] = Field(default_factory=dict)
    expect: dict[str, ExpectTable] = Field(default_factory=dict)
    preferred: bool = False


class StudyTable(Table):
    """What the study is about."""

    title: Text
    headline: str
    source: Text = ""
    note: Text = ""
    counting_units: list[Name] = Field(default_factory=list)


class StudyFile(Table):
    """A whole study file, format 1."""

    format: Literal[1]
    study: StudyTable
    inputs: dict[Name, InputTable] = Field(default_factory=dict)
    equations: dict[Name, EquationTable] = Field(default_factory=dict)
    outputs: Annotated[dict[Name, OutputTable], Field(min_length=1)]
    correlations: list[CorrelationTable] = Field(default_factory=list)
    choices: dict[Name, ChoiceTable] = Field(default_factory=dict)
    excluded: list[ExcludedTable] = Field(default_factory=list)
    readings: dict[Name, ReadingTable] = Field(default_factory=dict)


def known_keys(location: tuple[int | str, ...]) -> list[str]:
    """List the keys that the table at `location` may have, empty where any name is allowed."""
    schema = StudyFile.model_json_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = _resolve(node, schema)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or _any_name(node)
    return list(_resolve(node, schema).get("properties", {}))


def _any_name(node: dict[str, Any]) -> dict[str, Any]:
    for candidate in [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]:
        if isinstance(candidate, dict):
            return candidate
    return {}


def _resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for candidate in [node, *node.get("anyOf", [])]:
        if "$ref" in candidate:
            resolved: dict[str, Any] = schema["$defs"][candidate["$ref"].rsplit("/", 1)[-1]]
            return resolved
    return node
