"""What steers a terminal is left out of texts, escaped in JSON, and nothing else is touched."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uncertainty.characters import clean, escaped, isolated, on_one_line, shown


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain ÷ 数 🙂 é µ", "plain ÷ 数 🙂 é µ"),
        ("a\x1b[2Kb\x1b[1;31mc\x1b[0m", "abc"),
        ("a\x9b2Kb\x9b1Gc", "abc"),
        ("a\x1b]0;title\x07b\x1b]8;;https://x.test\x1b\\c\x1b]8;;\x1b\\", "abc"),
        ("a\x9d0;title\x9cb\x1bPq#0\x1b\\c\x1b_apc\x1b\\d\x1b^pm\x1b\\e\x1bXsos\x1b\\", "abcde"),
        ("a\x1bcb\x1b7c\x1b(0d\x1b#8", "abcd"),
        ("never closed \x1b]0;title", "never closed 0;title"),
        ("one in another \x1b[\x1b[1G1G", "one in another 1G"),
        ("a\rb\x08c\x07d\x00e\x7ff\x85g", "abcdefg"),
        ("a\u202eb\u2066c\u2069d\u200ee\u200ff\u061cg", "abcdefg"),
        ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\U000e0041h\u180ei", "abcdefghi"),
        ("a\u2028b\u2029c", "a b c"),
        ("lines\nstay\tand tabs", "lines\nstay\tand tabs"),
        ("half a pair \ud83d", "half a pair "),
        ("narrow\u202fand fixed\u00a0blanks", "narrow\u202fand fixed\u00a0blanks"),
        ("e\u0301 वि\u094d", "e\u0301 वि\u094d"),
    ],
)
def test_what_steers_is_left_out_and_the_rest_stays(text, left):
    assert shown(text) == left


@pytest.mark.slow
@given(st.text(st.characters(), max_size=60))
def test_nothing_that_steers_is_ever_left(text):
    left = shown(text)
    assert not [
        c for c in left if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t"
    ]
    assert shown(left) == left


@given(st.text(st.characters(), max_size=60))
def test_json_that_is_escaped_means_the_same_and_steers_nothing(text):
    found = escaped(json.dumps([text], ensure_ascii=False))
    assert json.loads(found) == [text]
    assert shown(found) == found


def test_a_text_on_one_line_has_single_blanks():
    assert on_one_line(" a\n\n b\u2028c\td ") == "a b c d"


@pytest.mark.parametrize("text", ["שלום", "مرحبا 12", "a فارسی"])
def test_what_is_written_from_right_to_left_is_isolated(text):
    assert isolated(text) == f"\u2068{text}\u2069"


def test_a_quotation_stands_by_itself_and_the_stop_is_the_sentence_s():
    assert isolated("“אדם” ÷ “x”, say.") == "\u2068\u200e“\u2068אדם\u2069” ÷ “x”, say\u2069."
    assert isolated("אדם, as a multiple of מכונה") == "\u2068\u200eאדם, as a multiple of מכונה\u2069"
    of_names = "\u2068עובד ועובדת\u2069, of \u2068מכונה\u2069"
    assert isolated(of_names) == f"\u2068\u200e{of_names}\u2069"
    assert isolated("צורות. ") == "\u2068צורות\u2069. "


@pytest.mark.parametrize("text", ["", "plain", "÷ 数 🙂"])
def test_what_is_written_from_left_to_right_is_left_alone(text):
    assert isolated(text) == text


def test_a_clean_text_stands_on_one_line_without_control_or_direction_characters():
    assert clean("a\n\tb\u2028c\x00\x1b[31md\u202ee\u2066") == "a b cde"
    assert clean("Größe – 5 %") == "Größe – 5 %"
    assert clean("two  blanks") == "two blanks"


def test_a_letter_keeps_as_many_marks_as_any_language_puts_on_one():
    """What sets a letter looks at each mark for each: thousands on one took minutes."""
    assert clean("e" + "\u0301" * 5000 + "o" + "\u0301" * 30) == "e" + "\u0301" * 30 + "o" + "\u0301" * 30
