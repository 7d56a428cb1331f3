"""JSON and TOML from elsewhere: within bounds, with no key twice and no half of a character."""

import json

import pytest

import uncertainty as un
from uncertainty.bounds import DEEPEST, LONGEST_NUMBER, LONGEST_TEXT
from uncertainty.errors import InvalidValue
from uncertainty.nested import check_nested, parse_json
from uncertainty.study.toml import parse_toml

STUDY = {
    "format": 1,
    "study": {"title": "t", "headline": "y"},
    "inputs": {"a": {"unit": "kg", "point": 2, "distribution": "1 to 3"}},
    "outputs": {"y": {"value": "a * 2", "unit": "kg"}},
}


def test_what_is_sound_is_what_pythons_reader_gives():
    text = json.dumps({"a": [1, -2.5, 1e300, None, True, '\u00e9\U0001f642 [{"\\'], "b": {}})
    assert parse_json(text) == json.loads(text)


@pytest.mark.parametrize("deep", ["[" * DEEPEST + "]" * DEEPEST, '{"a":' * DEEPEST + "1" + "}" * DEEPEST])
def test_depth_is_bounded(deep):
    assert parse_json(deep)
    with pytest.raises(InvalidValue, match=f"is nested more than {DEEPEST} deep"):
        parse_json(f"[{deep}]")


def test_brackets_in_texts_are_not_depth():
    assert parse_json(json.dumps("[{" * 1000 + '"')) == "[{" * 1000 + '"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', 'has the key "a" twice in one object'),
        ('{"b": [{"a": 1, "c": 3, "a": 1}]}', 'has the key "a" twice in one object'),
        ("NaN", "has NaN, which is no number in JSON"),
        ("[1, -Infinity]", "has -Infinity, which is no number in JSON"),
        ("1" * (LONGEST_NUMBER + 1), f"has a whole number of {LONGEST_NUMBER + 1} digits; 400 are the most"),
        ("[" * 100_000, f"is nested more than {DEEPEST} deep (at line 1)"),
        ('{"a":\n' * 100_000, f"is nested more than {DEEPEST} deep (at line {DEEPEST + 1})"),
        (
            r'{"a": {"b": "x\ud800"}}',
            r"a.b: has half of a character (\ud800), which stands for nothing alone",
        ),
        (r'{"a": ["x", "\udfff"]}', "a[1]: has half of a character"),
        (r'{"\udbff": 1}', "a key of the file: has half of a character"),
        ("", "is not JSON: Expecting value"),
        ('{"a": 1', "is not JSON: "),
        ("\x00", "is not JSON: "),
    ],
)
def test_what_is_unsound_is_one_line(text, message):
    with pytest.raises(InvalidValue) as caught:
        parse_json(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_both_halves_of_a_character_are_one():
    assert parse_json(r'["\ud83d\ude42"]') == ["\U0001f642"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"t"', r'"\ud800"'),
        lambda text: text.replace('"a * 2"', r'"a * 2\udc80"'),
        lambda text: text.replace('"kg"', r'"k\ud800g"'),
        lambda text: text.replace("{", "[" * 500, 1),
        lambda text: text.replace('"t"', "[" * 490 + "]" * 490),
        lambda text: text.replace(": 2,", f": {'9' * 5000},"),
        lambda text: text.replace(": 2,", f": {'9' * 350},"),
        lambda text: text.replace(": 2,", ": Infinity,"),
        lambda text: text.replace('"a": {', '"a": {"unit": "g",'),
        lambda text: text[:-1],
        lambda text: text[:0] + "[]",
        lambda text: text[:0] + "\ufeff",
    ],
)
@pytest.mark.parametrize("name", ["check", "run", "new"])
def test_a_hostile_json_study_is_one_line_in_every_command(command, tmp_path, change, name):
    path = tmp_path / "study.json"
    path.write_text(change(json.dumps(STUDY)), encoding="utf-8")
    given = ["made.toml", "--from", path] if name == "new" else [path]
    found = command(name, *given)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {path}: ")
    assert found.err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 40 + "]" * 40,
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{b = " * 40 + "1" + "}" * 40,
        ".".join("abcdefghijklmnop") + " = {" + ".".join("abcdefghijklmnop") + " = {q.r.s = 1}}",
    ],
)
def test_deep_toml_is_refused(text):
    with pytest.raises(InvalidValue, match="is nested more than"):
        parse_toml(text)


def test_a_whole_number_of_thousands_of_digits_is_refused_without_pythons_advice():
    with pytest.raises(InvalidValue) as caught:
        parse_toml("a = " + "9" * 5000)
    assert str(caught.value) == "is not TOML: a whole number is too long"


def test_a_whole_number_is_bounded_wherever_it_stands():
    with pytest.raises(InvalidValue, match=r"^a\[1\]\.year: a whole number may have 400 digits at most$"):
        parse_toml(f"a = [1, {{ year = {'9' * 4000} }}]")


def test_entries_are_bounded():
    from pydantic import ValidationError

    from uncertainty.study.schema import InputTable

    rows = [{"value": 1}] * 1001
    with pytest.raises(ValidationError, match="at most 1000"):
        InputTable.model_validate({"unit": "kg", "point": 1, "evidence": rows})
    assert len(InputTable.model_validate({"unit": "kg", "point": 1, "evidence": rows[1:]}).evidence) == 1000


def test_a_document_to_compare_with_is_read_within_the_same_bounds(command, tmp_path):
    path = tmp_path / "other.json"
    for text in ("[" * 100, r'{"format": "\ud800"}', '{"format": 1, "format": 1}', "[1]", "null", ""):
        path.write_text(text)
        found = command("report", "--compare", path, path, "--to", "r")
        assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
        assert found.err.startswith(f"error: {path}: ")


def test_a_study_read_from_json_is_the_study(tmp_path):
    path = tmp_path / "study.json"
    path.write_text("\ufeff" + json.dumps(STUDY), encoding="utf-8")
    assert un.load_study(path).inputs["a"].point == 2


def told(read, value):
    with pytest.raises(InvalidValue) as caught:
        read(value)
    return str(caught.value)


def test_depth_is_counted_by_what_is_open():
    assert parse_json("[" * DEEPEST + "]" * DEEPEST)
    assert parse_json("[" + ",".join(["[]", "{}"] * DEEPEST) + "]")
    deep = "[[\n],\n" + "[" * DEEPEST + "]" * DEEPEST + "]"
    assert told(parse_json, deep) == f"is nested more than {DEEPEST} deep (at line 3)"


def test_numbers_and_texts_may_be_as_long_as_the_bounds():
    assert parse_json("9" * LONGEST_NUMBER) == int("9" * LONGEST_NUMBER)
    assert parse_json(f'"{"x" * LONGEST_TEXT}"') == "x" * LONGEST_TEXT
    check_nested({"a": 2 ** (4 * LONGEST_NUMBER - 1), "b": "x" * LONGEST_TEXT})
    most = f"a.b: a whole number may have {LONGEST_NUMBER} digits at most"
    assert told(check_nested, {"a": {"b": 2 ** (4 * LONGEST_NUMBER)}}) == most
    long = f"{'k' * 80}: a text may have {LONGEST_TEXT:,} characters at most"
    assert told(check_nested, {"k" * 90: "x" * (LONGEST_TEXT + 1)}) == long
    half = f"{'k' * 80}: has half of a character (\\ud800), which stands for nothing alone"
    assert told(check_nested, {"k" * 90: "\ud800"}) == half


def test_tables_may_be_nested_as_deep_as_the_bound():
    tree = 1
    for _ in range(DEEPEST):
        tree = {"a": tree}
    check_nested(tree)
    assert (
        told(check_nested, {"b": tree}) == f"is nested more than {DEEPEST} deep, at b{'.a' * (DEEPEST - 1)}"
    )


def test_a_key_that_stands_twice_is_named_and_cut():
    assert told(parse_json, '{"a": 1, "b": 2, "b": 3}') == 'has the key "b" twice in one object'
    name = "k" * 50
    assert (
        told(parse_json, f'{{"{name}": 1, "{name}": 2}}') == f'has the key "{name[:40]}" twice in one object'
    )


def test_numbers_are_read_as_somebody_asks():
    assert parse_json("[1.50]", parse_float=str) == ["1.50"]
    assert parse_json("[1.50]") == [1.5]
