"""A fault says where it is, what was expected, and what was probably meant."""

import pytest

from uncertainty.errors import Fault, StudyError, suggestion


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("sobl", ["random", "sobol"], '; did you mean "sobol"?'),
        ("x", ["alpha", "beta"], "; known: alpha, beta"),
        ("like", ["like_for_like", *(f"other_{i}" for i in range(20))], '; with "like" in it: like_for_like'),
        ("like", ["like_for_like", "other"], "; known: like_for_like, other"),
        ("zzz", [f"name_{i}" for i in range(20)], ""),
        ("a", [], ""),
    ],
)
def test_the_nearest_spelling_or_the_known_names_are_given(name, known, expected):
    assert suggestion(name, known) == expected


def test_a_fault_names_file_key_and_message():
    assert str(Fault("expected 3", "inputs.a", "x.toml")) == "x.toml: inputs.a: expected 3"
    assert str(StudyError("one", Fault("two", "k"))) == "one\nk: two"
