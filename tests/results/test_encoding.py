"""A record says once what it holds: documents, rows and their keys follow from it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from uncertainty.results import encoded, record, row_of
from uncertainty.results.keys import Key
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
    assert (row["low"], row["high"], row["low_error"], row["high_error"]) == (0.0, 3.0, 0.1, None)
    assert row["reasons"] == "sd_error: too few; interval_error: it is far out"
    assert row_of(PLAIN)["number"] == math.inf


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
