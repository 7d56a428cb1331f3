"""A fault says where it is, what was expected, and what was probably meant."""

import pytest

from uncertainty.errors import (
    LONGEST_KEY,
    LONGEST_MESSAGE,
    Fault,
    InvalidValue,
    SettingError,
    StudyError,
    suggestion,
    way_back,
)


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


def test_what_was_found_is_as_long_as_a_line_can_be_read_and_advice_stays():
    fault = Fault(f'expected a name, found "{"x" * 100_000}"; did you mean "y"?', "k" * 100_000, "f.toml")
    assert len(fault.message) <= LONGEST_MESSAGE
    assert fault.message.startswith('expected a name, found "xx')
    assert fault.message.endswith('"; did you mean "y"?')
    assert "…" in fault.message
    assert len(str(fault)) <= LONGEST_MESSAGE + LONGEST_KEY + 12
    assert len(fault.key) == 100_000


def test_a_long_way_back_shows_its_first_names_and_its_last():
    assert way_back(["a", "b", "a"]) == "a → b → a"
    names = [f"n{i}" for i in range(20_000)]
    assert way_back([*names, "n0"]) == "n0 → n1 → n2 → n3 → n4 → n5 → n6 → n7 → … → n0"
