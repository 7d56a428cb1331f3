"""The shape of a study file: which keys it may have and what kind of value each holds.

Only the shape: whether names, units and numbers make sense together is the reader's to find out.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from uncertainty.bounds import MOST_CORRELATED, MOST_ENTRIES
from uncertainty.characters import clean
from uncertainty.distributions.arguments import QUANTILE_NAME
from uncertainty.distributions.families import EXAMPLES, IN_A_STUDY, WITHOUT_A_FAMILY
from uncertainty.study.declared import (
    Field,
    Named,
    PlainValidator,
    Stripped,
    Table,
    WithJsonSchema,
    WrapValidator,
    model_of,
)
from uncertainty.study.figures import MOST_DIGITS
from uncertainty.study.model import STATISTICS, Measure
from uncertainty.study.written import IN_UNIT, PATTERN, PROSE, WORDING, Separated, finite_number, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = 1

Name = Annotated[str, Named(PATTERN)]
Text = Annotated[str, Stripped()]
Words = Annotated[Text, WORDING]
"""A text that changes no number."""
Prose = Annotated[Words, PROSE]
"""One that may cite sources, and that reports show: beside the part's note, after the key's name."""
AskedName = Literal[
    "above", "below", "figure", "reference", "published", "statement", "fairest", "beyond", "model"
]
Digits = Annotated[int, Field(ge=1, le=MOST_DIGITS)]
Basis = Annotated[Literal["measured", "published range", "expert judgement", "assumption"], WORDING]


def _number(value: object) -> int | float:
    return finite_number(value, "a number")


def _number_or_text(value: object) -> int | float | str:
    return value.strip() if isinstance(value, str) else finite_number(value, "a number or text")


def _options(value: object) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    found = "a list of others" if isinstance(value, list) else kind_of(value)
    raise ValueError(f"expected the name of an option, or a list of names, found {found}")


def _across(value: object) -> int | float | str | dict[str, int | float | str]:
    if isinstance(value, dict):
        return {name: _number_or_text(each) for name, each in value.items()}
    return _number_or_text(value)


def _members(value: object) -> list[str | float] | dict[str, str]:
    if isinstance(value, dict):
        return {name: _label(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [each if isinstance(each, str) else finite_number(each, "names or numbers") for each in value]
    raise ValueError(f"expected a list of names or numbers, or a table of labels, found {kind_of(value)}")


def _label(member: str, value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    raise ValueError(f"expected a label of {member}, which is text, found {kind_of(value)}")


def _figure(value: object) -> int | float | dict[str, Any]:
    # what stands in the table is read, and its faults are told, one by one
    return value if isinstance(value, dict) else finite_number(value, "a number or a table of statistics")


def _date(value: object) -> date:
    # a date and a time is a date to Python
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        found = f'"{clean(value)[:40]}"' if isinstance(value, str) else kind_of(value)
        raise ValueError(f"expected a date such as 2026-11-28, found {found}") from None


def _format(value: object) -> int:
    # true is 1 in Python, but not in TOML
    if value != FORMAT or not isinstance(value, int) or isinstance(value, bool):
        found = value if isinstance(value, int | float) and not isinstance(value, bool) else kind_of(value)
        raise ValueError(f"expected {FORMAT}, the only format so far, found {found}")
    return FORMAT


Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
DIGITS = {"type": "integer", "minimum": 1, "maximum": MOST_DIGITS}
FIGURE = {
    "anyOf": [
        {"type": "number"},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": MOST_ENTRIES["published"],
            "additionalProperties": False,
            "properties": {
                **{name: {"type": "number", "description": text} for name, text in STATISTICS.items()},
                "level": {
                    "type": "number",
                    "exclusiveMinimum": 0,
                    "exclusiveMaximum": 1,
                    "description": "Share inside the interval that low and high are the ends of.",
                },
                "digits": {
                    "anyOf": [DIGITS, {"type": "object", "additionalProperties": DIGITS}],
                    "description": "Significant digits of the first figure, or a table of them by statistic; "
                    "by default those written.",
                },
            },
            "patternProperties": {
                f"^{QUANTILE_NAME.pattern}$": {"type": "number", "description": "A percentile of the draws."}
            },
        },
        {
            "type": "object",
            "minProperties": 1,
            "description": "Of an output with indices: figures by member.",
            "propertyNames": {"not": {"enum": [*STATISTICS, "level", "digits"]}},
            "additionalProperties": {"type": ["number", "object"]},
        },
    ]
}
Amount = Annotated[Number, IN_UNIT]
Published = Annotated[float | dict[str, Any], PlainValidator(_figure), WithJsonSchema(FIGURE), IN_UNIT]
NumberOrText = Annotated[
    float | str, PlainValidator(_number_or_text), WithJsonSchema({"type": ["number", "string"]})
]
AmountOrText = Annotated[NumberOrText, IN_UNIT]
DistributionText = Annotated[
    float | str,
    PlainValidator(_number_or_text),
    WithJsonSchema(
        {"type": ["number", "string"], "examples": [*WITHOUT_A_FAMILY, *EXAMPLES.values(), *IN_A_STUDY]}
    ),
    IN_UNIT,
]


_EITHER = {"anyOf": [{"type": "number"}, {"type": "string"}]}
Across = Annotated[
    float | str | dict[str, float | str],
    PlainValidator(_across),
    WithJsonSchema({"anyOf": [*_EITHER["anyOf"], {"additionalProperties": _EITHER, "type": "object"}]}),
]
Members = Annotated[
    list[str | Number] | dict[str, Text],
    PlainValidator(_members),
    WithJsonSchema(
        {
            "anyOf": [
                {"items": {"anyOf": [{"type": "string"}, {"type": "number"}]}, "type": "array"},
                {"additionalProperties": {"type": "string"}, "type": "object"},
            ]
        }
    ),
]
Options = Annotated[
    str | list[str],
    PlainValidator(_options),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}]}),
]


def _or_by_member(value: object, read: Callable[..., Any]) -> Any:
    # members are looked up when the table is taken apart, where the indices are known
    if not isinstance(value, dict):
        return read(value)
    return {name: _of_member(inner, name, read) for name, inner in value.items()}


def _of_member(value: object, member: str, read: Callable[..., Any]) -> Any:
    if not isinstance(value, dict):
        return read(value, member)
    return {name: _of_member(inner, member, read) for name, inner in value.items()}


ByMember = WrapValidator(_or_by_member)
"""Of a quantity with indices, a table by member may stand instead: one value for each cell."""

Date = Annotated[date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"}), WORDING]
Authors = Annotated[list[Text], Field(max_length=MOST_ENTRIES["authors"]), Separated("; "), WORDING]
Format = Annotated[int, PlainValidator(_format), WithJsonSchema({"const": FORMAT, "type": "integer"})]


Several = Annotated[list[str], Field(min_length=2, max_length=MOST_CORRELATED)]


class EvidenceTable(Table):
    """One published value or range for an input, in the input's unit."""

    value: Amount | None = Field(None, description="The value that was published.")
    low: Amount | None = Field(None, description="The lower end of a published range.")
    high: Amount | None = Field(None, description="The upper end of a published range.")
    source: Prose = Field("", description="Where it was published.")
    year: int | None = Field(None, description="The year that it speaks of.")
    note: Prose = Field("", description="Whatever else is to be said.")
    member: str | None = Field(None, description="Of an indexed input: the member that it speaks of.")


class ExpertTable(Table):
    """What one expert said of an input, in the input's unit: quantiles, or a distribution."""

    name: Words = Field("", description="Who said so, as reports name the expert.")
    p1: Amount | None = Field(None, description="The value below which lies 1 % of the probability.")
    p5: Amount | None = Field(None, description="The value below which lies 5 %.")
    p10: Amount | None = Field(None, description="The value below which lies 10 %.")
    p25: Amount | None = Field(None, description="The value below which lies 25 %.")
    p50: Amount | None = Field(None, description="The median.")
    p75: Amount | None = Field(None, description="The value below which lies 75 %.")
    p90: Amount | None = Field(None, description="The value below which lies 90 %.")
    p95: Amount | None = Field(None, description="The value below which lies 95 %.")
    p99: Amount | None = Field(None, description="The value below which lies 99 %.")
    distribution: DistributionText | None = Field(None, description="Instead of quantiles: a distribution.")
    weight: Number = Field(1, description="How much the expert counts in the pool, beside the others.")
    source: Prose = Field("", description="Where it was said or published.")
    note: Prose = Field("", description="Whatever else is to be said.")
    member: str | None = Field(None, description="Of an indexed input: the member that it speaks of.")


class InputTable(Table):
    """One input of the calculation."""

    unit: Text = Field(description='Its unit, such as "t/year"; "1" for a pure number; a category has none.')
    point: Annotated[AmountOrText, ByMember] | None = Field(
        None,
        description="What the publication used: a number, or an expression over other inputs' points; of a "
        "category a member. An input that is only a parameter of others needs none: it stands at its median.",
    )
    label: Words = Field("", description="What people read instead of the name.")
    index: list[str] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["indices"],
        description="Its indices: it has a value for each member, and its keys may be tables by member.",
    )
    member_of: str | None = Field(None, description="Of a category: the index whose members it takes.")
    across: Across | None = Field(
        None,
        description='What binds its cells: "independent", "same", or a Spearman correlation; for each '
        "index, or one for all.",
    )
    table: Text | None = Field(None, description="A CSV file beside the study with a row for each cell.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="The headings of the table's columns, by index and key."
    )
    missing: Amount | None = Field(None, description="What cells without a row in the table are fixed at.")
    distribution: Annotated[DistributionText, ByMember] | None = Field(
        None,
        description='What replaces the point, such as "2 to 8" (its 5 % and 95 % quantiles), '
        '"15 ± 3 (k=2)", "normal(5, 1)" or "pert(1, 2, 4)"; without it the input stays at its point.',
    )
    low: Annotated[Amount, ByMember] | None = Field(
        None, description="The least that is physically possible."
    )
    high: Annotated[Amount, ByMember] | None = Field(
        None, description="The most that is physically possible."
    )
    kind: Literal["uncertainty", "variability"] = Field(
        "uncertainty", description="uncertainty: nobody knows it; variability: it differs from case to case."
    )
    group: Words = Field("", description="Inputs of one group are reported together as well as alone.")
    basis: Annotated[Basis, ByMember] | None = Field(None, description="What the distribution rests on.")
    source: Annotated[Prose, ByMember] = Field("", description="Where the distribution comes from.")
    note: Annotated[Prose, ByMember] = Field("", description="Whatever else is to be said.")
    evidence: Annotated[list[EvidenceTable], WORDING] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["evidence"],
        description="Published values and ranges, in the input's unit.",
    )
    experts: list[ExpertTable] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["experts"],
        description='What experts said; distribution = "experts" is the pool of their distributions.',
    )

    @classmethod
    def before(cls, value: object) -> object:
        """Fill in what follows from other keys."""
        if not isinstance(value, dict):
            return value
        given = {"unit": ""} if "member_of" in value else {}
        return {**given, **({"point": {}} if "table" in value else {}), **value}


class EquationTable(Table):
    """An intermediate quantity; a bare expression is short for a table that has only a value."""

    value: Annotated[NumberOrText, ByMember] = Field(
        description="An expression over inputs and other equations, or one for each member."
    )
    index: list[str] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["indices"],
        description="The indices by whose members the value is a table.",
    )
    unit: Text | None = Field(None, description="Checked against the dimension of the value.")
    label: Words = Field("", description="What people read instead of the name.")
    note: Prose = Field("", description="Whatever else is to be said.")

    @classmethod
    def before(cls, value: object) -> object:
        """Write a bare expression in full."""
        return value if isinstance(value, dict) else {"value": value}


class OutputTable(Table):
    """One result of the calculation."""

    unit: Text = Field(description='Its unit, such as "kg/year"; "1" for a pure number.')
    label: Words = Field("", description="What people read instead of the name.")
    value: AmountOrText | None = Field(
        None,
        description='An expression; without it, the quantity of the same name; "program" where the '
        "program gives it that run --program names.",
    )
    published: Published | None = Field(
        None,
        description="The figure under challenge, as it was printed; or statistics of the draws, such as "
        "{ mean = 3.34, sd = 0.21 }, the first of which is under challenge.",
    )
    digits: Digits | None = Field(
        None, description="Significant digits of the published figure; by default those written."
    )
    claim: Literal["at least", "at most", "about"] = Field(
        "about", description="What the publication says of its figure."
    )
    reference: Amount | None = Field(
        None, description="The value at which the claim would reverse: 1 for a ratio, 0 for a difference."
    )
    scale: Literal["linear", "log10"] = Field("linear", description="The scale of sensitivity indices.")
    over: Literal["case", "average", "median"] | None = Field(
        None,
        description="What the figure speaks of: any one case (default), the average over the cases, or the "
        "median case. A formula with average(…) speaks of the average.",
    )
    words: Annotated[dict[AskedName, Text], WORDING] = Field(
        default_factory=dict,
        description="How people ask for it: a question to which yes means that it lies above its reference, "
        "or one to which yes means below; a question for its figure, where more means above that; what the "
        "reference is; what is to be read beside the published figure; the statement by which it is quoted, "
        "with {amount} for how much it is; why the preferred reading is the fairest; in which model the "
        "study counts as the publication does, where it does not repeat its calculation; and what is said "
        'of an end that the calculation itself has set. { below = "Does it emit less than a car?", figure = '
        '"Is it 120 g?", statement = "it emits {amount}", fairest = "both are charged their making" }.',
    )
    source: Prose = Field("", description="Where the figure was printed.")
    note: Prose = Field("", description="Whatever else is to be said.")


class CorrelationTable(Table):
    """How inputs correlate: spearman, pearson, kendall or a matrix; or that nothing binds them."""

    inputs: Several | None = Field(None, description="The names of two inputs or more.")
    spearman: Number | None = Field(None, description="The correlation of their ranks, between -1 and 1.")
    pearson: Number | None = Field(None, description="The correlation of their values, between -1 and 1.")
    kendall: Number | None = Field(None, description="That of their order (tau), between -1 and 1.")
    matrix: list[list[Number]] | None = Field(
        None, description="A correlation for each two of them: a row for each input, 1 on the diagonal."
    )
    kind: Measure | None = Field(None, description="What the matrix is of; spearman unless it is said.")
    independent: Several | None = Field(
        None, description="Names of inputs that nothing binds together; one with indices means all its cells."
    )
    because: Prose = Field("", description="Why nothing binds them.")
    basis: Basis | None = Field(None, description="What this rests on.")
    source: Prose = Field("", description="Where this comes from.")
    note: Prose = Field("", description="Whatever else is to be said.")


class OverrideTable(Table):
    """What replaces an input; a bare distribution or number is short for a table that has only that."""

    point: Amount | None = Field(
        None, description="What figures at the points use; without it, the distribution's median."
    )
    distribution: DistributionText = Field(description="A distribution, or a number that fixes the input.")
    kind: Literal["uncertainty", "variability"] | None = Field(
        None, description="What the input is from now on; without it, what it was."
    )

    @classmethod
    def before(cls, value: object) -> object:
        """Write a bare distribution in full."""
        return value if isinstance(value, dict) else {"distribution": value}

    @property
    def given(self) -> dict[str, Any]:
        """What was given of it."""
        given = {"point": self.point, "distribution": self.distribution, "kind": self.kind}
        return {key: value for key, value in given.items() if value is not None}


class OptionTable(Table):
    """One way of making a modelling choice."""

    label: Words = Field("", description="The answer that it gives to the question.")
    source: Prose = Field("", description="Who chooses so.")
    note: Prose = Field("", description="Whatever else is to be said.")
    equations: dict[str, NumberOrText] = Field(
        default_factory=dict, description="Expressions that replace the equations of these names."
    )
    inputs: dict[str, OverrideTable] = Field(default_factory=dict, description="What replaces these inputs.")


class ChoiceTable(Table):
    """A modelling choice; its first option is the publication's own."""

    question: Words = Field("", description="What is to be decided.")
    options: Annotated[dict[Name, OptionTable], Field(min_length=1, max_length=MOST_ENTRIES["options"])] = (
        Field(description="The publication's own option first; it overrides nothing.")
    )
    note: Prose = Field("", description="Whatever else is to be said.")


class ExcludedTable(Table):
    """A combination of options that makes no sense."""

    when: Annotated[dict[str, Options], Field(min_length=1), Separated("; ")] = Field(
        description="An option, or several, of each choice concerned."
    )
    because: Prose = Field(description="Why the combination makes no sense.")


class ReadingTable(Table):
    """A named, sourced way to read the study."""

    label: Words = Field("", description="What people read instead of the name.")
    condition: Words = Field("", description='Completes the sentence "If …," with what it holds fixed.')
    source: Prose = Field("", description="Who reads the study so.")
    printed: Prose = Field(
        "", description="What that source itself prints for it, in a critique: its number, with its unit."
    )
    note: Prose = Field("", description="Whatever else is to be said.")
    choices: dict[str, str] = Field(default_factory=dict, description="The option taken of each choice.")
    inputs: dict[str, OverrideTable] = Field(default_factory=dict, description="What replaces these inputs.")
    expect: dict[str, Published] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["expect"],
        description="Figures that the reading must give, by output, each as published figures are written.",
    )
    observations: list[str] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["observations"],
        description="The observations that its draws are weighed by.",
    )
    preferred: bool = Field(False, description="Whether it compares like with like; of one reading at most.")


class ObservationTable(Table):
    """What was observed of a quantity: it weighs the draws, where a reading or the caller asks for it."""

    quantity: str = Field(description="The input, equation or output that was observed.")
    value: Amount = Field(description="What was observed.")
    sd: Amount | None = Field(None, description="The standard deviation of the error that was made.")
    gsd: Number | None = Field(
        None, description="The geometric standard deviation of an error that multiplies; more than 1."
    )
    distribution: DistributionText | None = Field(
        None, description='The distribution of the error, such as "student_t(0, 2, 4)".'
    )
    unit: Text | None = Field(
        None, description="The unit of value, sd and distribution; the quantity's own by default."
    )
    over: Literal["case", "average"] | None = Field(
        None, description="What was observed: one case (default), or the average over the cases."
    )
    label: Words = Field("", description="What people read instead of the name.")
    source: Prose = Field("", description="Where it was published.")
    note: Prose = Field("", description="Whatever else is to be said.")


class IndexTable(Table):
    """What quantities have one value for each member of."""

    label: Words = Field("", description="What people read instead of the name.")
    members: Members | None = Field(None, description="Names, or labels by name; or numbers in order.")
    table: Text | None = Field(None, description="A CSV file with a column of names and one of labels.")
    first: Number | None = Field(None, alias="from", description="The first of members that are counted.")
    to: Number | None = Field(None, description="The last of members that are counted.")
    step: Number | None = Field(None, description="From member to member; 1 unless it is said.")
    unit: Text = Field("1", description='Of an ordered index the unit of its numbers, such as "year".')


class CurveTable(Table):
    """A line through points, for interpolate."""

    label: Words = Field("", description="What people read instead of the name.")
    x_unit: Text = Field("1", description="The unit of what is looked up.")
    unit: Text = Field("1", description="The unit of what is found.")
    points: list[list[Number]] | None = Field(
        None, max_length=MOST_ENTRIES["points"], description="Pairs [x, y], in the order of x."
    )
    table: Text | None = Field(None, description="A CSV file beside the study that holds the points.")
    columns: list[str] = Field(default_factory=list, description="The headings of x and y in the table.")
    source: Prose = Field("", description="Where this comes from.")
    note: Prose = Field("", description="Whatever else is to be said.")


class SourceTable(Table):
    """A source, which texts cite as @KEY."""

    title: Words = Field("", description="Its title.")
    authors: Authors = Field(
        default_factory=list,
        description='Who wrote it, family name first: "Doe, J."; an organisation without a comma.',
    )
    year: int | None = Field(None, description="The year in which it appeared.")
    doi: Text = Field("", description="Its DOI, such as 10.1038/s41598-024-54271-x.")
    arxiv: Text = Field("", description="Its arXiv number, such as 2303.06219.")
    url: Words = Field("", description="Its address, which begins with https://.")
    seen: Literal["full text", "abstract", "excerpt", "through another"] | None = Field(
        None, description="What of it was read by whoever wrote the study."
    )
    through: Text = Field("", description="The key of the other source through which it is known.")
    accessed: Date | None = Field(None, description="The day on which it was read.")


class StudyTable(Table):
    """What the study is about."""

    title: Words = Field(min_length=1, description="What is calculated.")
    headline: str = Field(description="The output that everything leads with.")
    source: Prose = Field("", description="The publication.")
    note: Prose = Field("", description="Whatever else is to be said.")
    authors: Authors = Field(default_factory=list, description="Who wrote the study, family name first.")
    date: Date | None = Field(None, description="The day of this version of the study.")
    licence: Words = Field("", description='Under which licence it may be used, such as "CC-BY-4.0".')
    url: Words = Field("", description="Where the study is kept: an address that begins with https://.")
    version: Words = Field("", description="Which version of the study this is.")
    language: Words = Field("en", description='The tag of the language it is written in, such as "pt-BR".')
    question: Words = Field("", description="The claim as a reader would ask it.")
    compare: Annotated[list[str], WORDING] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["compare"],
        description="Outputs that are alternatives to one another, in one unit.",
    )
    better: Literal["lowest", "highest"] = Field(
        "lowest", description="Which of the alternatives in compare is the best."
    )
    nonfinite: Literal["refuse", "drop"] = Field(
        "refuse",
        description="What becomes of draws for which an output is infinite or undefined: the run is refused, "
        "or they are dropped and their share is reported.",
    )
    counting_units: Annotated[list[Name], WORDING] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["counting_units"],
        description='Things that are counted, each a unit of its own: "page", "query".',
    )


class StudyFile(Table):
    """A whole study file, format 1."""

    format: Format = Field(description="The version of this format.")
    study: StudyTable = Field(description="What the study is about.")
    indices: dict[Name, IndexTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["indices"],
        description="What quantities have one value for each member of.",
    )
    curves: dict[Name, CurveTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["curves"],
        description="Lines through points, for interpolate.",
    )
    inputs: dict[Name, InputTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["inputs"],
        description="What the publication used, and what is known about it.",
    )
    equations: dict[Name, EquationTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["equations"],
        description="Intermediate quantities, in any order.",
    )
    outputs: Annotated[dict[Name, OutputTable], Field(min_length=1, max_length=MOST_ENTRIES["outputs"])] = (
        Field(description="The results, with the figures that were published.")
    )
    correlations: list[CorrelationTable] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["correlations"],
        description="Correlations between inputs.",
    )
    choices: dict[Name, ChoiceTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["choices"],
        description="Modelling choices that the publication made one way.",
    )
    excluded: list[ExcludedTable] = Field(
        default_factory=list,
        max_length=MOST_ENTRIES["excluded"],
        description="Combinations of options that make no sense.",
    )
    readings: dict[Name, ReadingTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["readings"],
        description="Named ways to read the study; as_published is always there.",
    )
    observations: dict[Name, ObservationTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["observations"],
        description="What was observed of quantities; readings name those that weigh their draws.",
    )
    sources: dict[Name, SourceTable] = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES["sources"],
        description="What the study rests on; a source text cites one as @key.",
    )


def known_keys(location: tuple[int | str, ...]) -> list[str]:
    """List the keys that the table at `location` may have, empty where any name is allowed."""
    schema = _file_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = _resolve(node, schema)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or _any_name(node)
    return list(_resolve(node, schema).get("properties", {}))


@lru_cache(maxsize=1)
def _file_schema() -> dict[str, Any]:
    """Return the whole schema; it takes as long as reading a small file."""
    return model_of(StudyFile).model_json_schema()


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
