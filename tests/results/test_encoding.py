"""A record says once what it holds: documents, rows and their keys follow from it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pytest

import uncertainty as un
from uncertainty.results import encoded, record, row_of
from uncertainty.results.about import about
from uncertainty.results.encoding import dump, finite
from uncertainty.results.keys import Key, entries_of, is_part, keys_of, summary_of, text_of, type_of
from uncertainty.sampling.estimate import Ends, Estimate, Unvarying


class Plain(NamedTuple):
    whole: int
    number: float
    text: str
    yes: bool
    nothing: None = None


@record("name=inner.text", "mean", "**more", "**ends", "left_out?", "kept=left_out", "why|=inner_or_not")
@dataclass(frozen=True)
class Told:
    inner: Plain
    mean: Estimate
    more: Mapping[str, Estimate | None]
    ends: Ends
    left_out: float
    inner_or_not: Plain | str


PLAIN = Plain(3, math.inf, "a", True)

TOLD = Told(
    PLAIN,
    Estimate(1.5, 0.25),
    {"sd": Estimate(2.0, None, "too few"), "other": None},
    Ends(Estimate(0.0, 0.1), Estimate(3.0, None, "it is far out")),
    0.0,
    "it has none",
)


def test_a_record_of_fields_alone_has_them_as_keys_and_what_is_infinite_is_null():
    assert encoded(PLAIN) == {"whole": 3, "number": None, "text": "a", "yes": True, "nothing": None}


def test_a_number_stands_beside_its_error_and_all_reasons_in_one_place():
    assert encoded(TOLD) == {
        "name": "a",
        "mean": 1.5,
        "mean_error": 0.25,
        "sd": 2.0,
        "sd_error": None,
        "other": None,
        "interval": [0.0, 3.0],
        "interval_error": [0.1, None],
        "reasons": {"sd_error": "too few", "interval_error": "it is far out"},
        "kept": 0.0,
        "why": {"reason": "it has none"},
    }


def test_a_row_of_a_table_has_the_ends_apart_and_keeps_infinities():
    row = row_of(TOLD)
    assert list(row.items()) == [
        ("name", "a"),
        ("mean", 1.5),
        ("mean_error", 0.25),
        ("sd", 2.0),
        ("sd_error", None),
        ("other", None),
        ("low", 0.0),
        ("high", 3.0),
        ("low_error", 0.1),
        ("high_error", None),
        ("left_out", 0.0),
        ("kept", 0.0),
        ("why_reason", "it has none"),
        ("reasons", "sd_error: too few; interval_error: it is far out"),
    ]
    assert row_of(PLAIN) == {"whole": 3, "number": math.inf, "text": "a", "yes": True, "nothing": None}


@record(
    "interval",
    "wide_interval",
    "interval_90",
    "words",
    "many",
    "by_name",
    "gone?",
    "one_error",
    "**part",
    "deep=none.x",
)
class Wide(NamedTuple):
    interval: tuple[float, float] | None = None
    wide_interval: tuple[float, float] = (2.0, math.inf)
    interval_90: tuple[float, float | None] = (1.0, None)
    words: tuple[str, ...] = ("x", "y")
    many: tuple[float, ...] = (1.0, 2.0, 3.0)
    by_name: Mapping[str, float | None] = {"p": 1.0, "q": None}
    gone: tuple[float, ...] = ()
    one_error: Mapping[str, float] = {"x": 0.5}
    part: Plain = PLAIN
    none: Estimate | None = None


def test_intervals_words_mappings_and_parts_have_columns_of_their_own():
    assert row_of(Wide()) == {
        "low": None,
        "high": None,
        "wide_low": 2.0,
        "wide_high": math.inf,
        "low_90": 1.0,
        "high_90": None,
        "words": "x, y",
        "p": 1.0,
        "q": None,
        "x_error": 0.5,
        "deep": None,
        **row_of(PLAIN),
    }
    whole = encoded(Wide())
    assert (whole["wide_interval"], whole["words"], whole["by_name"]) == (
        [2.0, None],
        ["x", "y"],
        {"p": 1.0, "q": None},
    )
    assert "gone" not in whole
    assert whole["deep"] is None


@record("marks?", "sure?")
class Marked(NamedTuple):
    marks: np.ndarray
    sure: bool


def test_an_array_is_left_out_where_all_of_it_is_nothing_and_a_truth_value_never():
    assert encoded(Marked(np.array([0, 1]), False)) == {"marks": [0, 1], "sure": False}
    assert encoded(Marked(np.array([0, 0]), True)) == {"sure": True}


@record("left?")
class Perhaps(NamedTuple):
    left: float = 0.0


@record("**within")
class Around(NamedTuple):
    within: Perhaps


def test_what_a_part_leaves_out_has_a_column_all_the_same():
    assert encoded(Around(Perhaps())) == {}
    assert row_of(Around(Perhaps())) == {"left": 0.0}


def test_numbers_of_any_kind_are_plain_numbers():
    given = [
        np.float64(1.5),
        np.array([]),
        {1.0: 2, "a": {"b": math.nan}},
        True,
        np.int64(3),
        np.bool_(True),
        -math.inf,
    ]
    found = encoded(given)
    assert found == [1.5, [], {"1": 2, "a": {"b": None}}, True, 3, True, None]
    assert [type(each) for each in found] == [float, list, dict, bool, int, bool, type(None)]
    assert type(finite(np.float64(2))) is float
    assert finite(math.nan) is None


def test_a_document_is_text_that_steers_no_terminal():
    assert dump({"a": "ü\x1b[0m", "b": [1.5]}) == '{\n  "a": "ü\\u001b[0m",\n  "b": [\n    1.5\n  ]\n}\n'
    with pytest.raises(ValueError, match="JSON"):
        dump({"a": math.nan})


def test_what_does_not_vary_says_why_there_is_no_number():
    assert encoded({"percentile": Unvarying("all draws are equal")}) == {
        "percentile": None,
        "percentile_error": None,
        "reasons": {"percentile": "all draws are equal"},
    }


def test_keys_of_users_and_arrays_are_kept_as_they_are():
    assert encoded({"choices.x": np.array([1.0, np.nan]), 0.5: (1, 2)}) == {
        "choices.x": [1.0, None],
        "0.5": [1, 2],
    }


@pytest.mark.parametrize("text", ["", "a=", "a b", "a??"])
def test_a_key_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        Key.parse(text)
    with pytest.raises(
        ValueError, match=r"^expected \"key\", \"key=attribute\" or \"\*\*attribute\", found \"a b\"$"
    ):
        Key.parse("a b")


def test_a_key_says_what_is_told_and_how():
    assert Key.parse("a") == Key("a", ("a",), optional=False, or_reason=False, spread=False)
    assert Key.parse("a?=b.c") == Key("a", ("b", "c"), optional=True, or_reason=False, spread=False)
    assert Key.parse("reasons.*_error|") == Key(
        "reasons.*_error", ("reasons", "*_error"), optional=False, or_reason=True, spread=False
    )
    assert Key.parse("**a.b") == Key("a.b", ("a", "b"), optional=False, or_reason=False, spread=True)
    assert Key.parse("x=none.text").of(Wide()) is None
    assert keys_of(int) is None
    assert is_part(Estimate)
    assert not is_part(Plain)
    assert not is_part(int)


class Documented:
    """One, in
    two lines.

    Two.

    Parameters
    ----------
    a, b
        Some
        words.
    c
        Others.
    """

    a: "Mapping[str, int]"

    @property
    def c(self) -> "Plain | None":
        """The
        third.

        More.
        """
        return None

    @cached_property
    def d(self) -> "int":
        return 1


def test_a_docstring_says_what_each_name_means():
    assert entries_of(Documented) == {"a": "Some words.", "b": "Some words.", "c": "Others."}
    assert summary_of(Documented) == "One, in two lines."
    texts = {name: text_of(Documented, name) for name in "abcd"}
    assert texts == {"a": "Some words.", "b": "Some words.", "c": "The third.", "d": ""}
    assert type_of(Documented, "a") == Mapping[str, int]
    assert type_of(Documented, "c") == Plain | None
    assert type_of(Documented, "d") is int


def test_what_a_result_depends_on_names_its_study():
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "1 to 2"}, outputs=["y"])
    told = about(un.propagate(study, samples=64, seed=3).about)
    assert (told["study"], told["sha256"]) == (study.name, study.sha256)
    assert (told["samples"], told["seed"], told["numpy"]) == (64, 3, np.__version__)
