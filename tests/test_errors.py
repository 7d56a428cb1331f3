"""A fault says where it is, what was expected, and what was probably meant."""

import pytest

from uncertainty.errors import Fault, InvalidValue, SettingError, StudyError, suggestion


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


@pytest.mark.parametrize(
    ("fault", "suggestion"),
    [
        (Fault('unknown key; did you mean "label"?', "inputs.a"), "label"),
        (Fault("unknown key", "inputs.a", suggestion="label"), "label"),
        (Fault('unknown function "pow"; did you mean "**"? (known: sqrt exp)'), "**"),
        (Fault('no column "x"; did you mean "a "b""?'), 'a "b"'),
        (Fault("expected 3; known: a, b"), ""),
    ],
)
def test_a_fault_has_the_nearest_spelling_apart_and_in_its_message(fault, suggestion):
    assert fault.suggestion == suggestion
    assert (f'did you mean "{suggestion}"?' in str(fault)) == bool(suggestion)
    assert str(fault).count("did you mean") <= 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("level: expected a number", "level"),
        ("--only: unknown output", "--only"),
        ("expected a path: found nothing", ""),
        ("folder/x.csv: is a folder", ""),
    ],
)
def test_an_error_about_a_setting_names_it(text, key):
    (fault,) = SettingError(text).faults
    assert (fault.key, str(fault)) == (key, text)
    assert InvalidValue(text).faults[0].key == ""
