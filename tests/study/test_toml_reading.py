"""What TOML may be read: no key so long that reading it is work for minutes."""

import time
import tomllib

import pytest

from uncertainty.study.toml import MOST_PARTS, parse_toml


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
