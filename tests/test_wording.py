"""Things are counted and named as in a sentence."""

import pytest

from uncertainty.numbers import count
from uncertainty.wording import the_other


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (count(1, "input"), "1 input"),
        (count(2000, "input"), "2,000 inputs"),
        (count(1, "input varies", "inputs vary"), "1 input varies"),
        (count(0, "input varies", "inputs vary"), "0 inputs vary"),
        (the_other(1, "quantity", "quantities"), "the other quantity"),
        (the_other(3, "quantity", "quantities"), "the other 3 quantities"),
        (the_other(2, "reading"), "the other 2 readings"),
    ],
)
def test_what_is_counted_agrees_with_its_number(written, expected):
    assert written == expected
