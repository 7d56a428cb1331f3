"""What TOML may be read: no key so long that reading it is work for minutes; and what is written."""

import time
import tomllib
from datetime import date

import pytest

from uncertainty.bounds import DEEPEST
from uncertainty.errors import InvalidValue
from uncertainty.study.toml import MOST_PARTS, parse_toml, toml_text, value_text


def test_tables_are_those_of_toml_and_numbers_keep_their_digits():
    text = 'a.b."c.d" = 2.20\n[t."x y"]\nlist = [1.5, 2.5, 3.5]\n'
    assert parse_toml(text) == tomllib.loads(text)
    assert parse_toml(text)["a"]["b"]["c.d"].text == "2.20"


@pytest.mark.parametrize("part", ["b", '"b"', "'b c'", '"\\"."'])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}", "{}"])
def test_a_key_with_a_thousand_parts_is_refused_with_its_line(part, form):
    key = " . ".join([part] * 1000)
    with pytest.raises(ValueError, match=rf"a key has at most {MOST_PARTS} parts.*\(at line 2\)"):
        parse_toml("a = 1\n" + form.format(key))


def test_a_key_of_as_many_parts_as_are_allowed_is_read():
    assert parse_toml(".".join(["a"] * MOST_PARTS) + " = 1")
    with pytest.raises(ValueError, match="parts"):
        parse_toml(".".join(["a"] * (MOST_PARTS + 1)) + " = 1")


@pytest.mark.parametrize("piece", ["b", "b.", '"a', "'", '"\\', "b." * 15 + "b,"])
def test_no_text_makes_the_search_slow(piece):
    text = (piece * 1_000_000)[:1_000_000]
    started = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        parse_toml(text)
    # a search that begins anew at every character would take hours
    assert time.process_time() - started < 30


def test_what_is_quoted_or_a_comment_is_no_key():
    dots = ".".join("a" * 40)
    for quoted in (f'"{dots}"', f"'{dots}'", f'"""\n{dots}\n"" \\""""', f"'''\n{dots}\n'''", f'1 # "{dots}'):
        text = f'a = "\\"" # {dots}\nb = {quoted}\n'
        assert parse_toml(text) == tomllib.loads(text)
        with pytest.raises(InvalidValue) as caught:
            parse_toml(f"{text}{dots} = 1\n")
        line = text.count("\n") + 1
        assert str(caught.value) == f"a key has at most 16 parts, this one has more (at line {line})"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, f"is nested more than {DEEPEST} deep"),
        ("a = 1\na = 2\n", "is not TOML: Cannot overwrite a value (at line 2, column 6)"),
        ("a = " + "9" * 5000, "is not TOML: a whole number is too long"),
    ],
)
def test_what_is_no_toml_is_one_line(text, said):
    with pytest.raises(InvalidValue) as caught:
        parse_toml(text)
    assert str(caught.value) == said


WRITTEN = """#:schema study.schema.json
# one
#
# two

format = 1
lists = []

[study]
title = "a \\"q\\" \\\\ \\u007f ü"
day = 2026-01-02
ok = true
no = false
list = [1, "a", { b = 1, "c d" = {} }]

[inputs.a]
unit = "kg"
point = 2.20

[inputs.a.x]

[[inputs.a.evidence]]
value = 1

[inputs.a.evidence.b]
c = 1

[[inputs.a.evidence]]
value = 2

[inputs."b c"]

[equations]
"a b" = 1
c = { m = 1, n = 2.5 }

[readings.r]
expect = { y = 1.5, z = { value = 1 } }
label = "x"

[[excluded]]
when = { a = ["b"] }
because = ""

[when.k]
v = 1

[empty]

[t.u.v]
w = 1
"""


def test_tables_are_written_as_a_person_would_write_them():
    tables = parse_toml(WRITTEN)
    assert tables["study"]["day"] == date(2026, 1, 2)
    assert toml_text(tables, "one\n\ntwo ") == WRITTEN
    assert toml_text({"a": 1}) == "#:schema study.schema.json\n\na = 1\n"
    assert toml_text({}) == "#:schema study.schema.json\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        (parse_toml("a = 1_0.50")["a"], "1_0.50"),
        ([], "[]"),
        ({}, "{}"),
        ({"a.b": [1, {}]}, '{ "a.b" = [1, {}] }'),
        (date(2026, 11, 29), "2026-11-29"),
        ("\x7f\n÷", '"\\u007f\\n÷"'),
    ],
)
def test_a_value_stands_on_one_line(value, text):
    assert value_text(value) == text
    assert tomllib.loads(f"a = {text}") == {"a": value}
