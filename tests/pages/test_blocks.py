import pytest

from uncertainty.pages.blocks import (
    Details,
    Figure,
    Paragraph,
    Section,
    Span,
    code,
    coded,
    figures,
    plain,
    spans,
)


def test_a_number_keeps_its_per_cent_sign_except_in_code():
    assert plain("95 % of") == "95\u00a0% of"
    assert plain(code("95 % of")) == "95 % of"


def test_a_text_becomes_spans_and_empty_ones_vanish():
    assert spans(("a", Span(""), Span("b", "strong"))) == (Span("a"), Span("b", "strong"))


def test_figures_are_found_inside_what_is_folded():
    one, two = (Figure(name, "<svg/>", "alt", "caption") for name in ("one", "two"))
    section = Section("s", "S", (Details("more", (Details("still more", (two,)),)), Paragraph("p"), one))
    assert {figure.name for figure in figures((section,))} == {"one", "two"}


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("Too few draws; `--samples 4096` would give enough.", ["plain", "code", "plain"]),
        ("`a` and `b`", ["code", "plain", "code"]),
        ("no code", ["plain"]),
    ],
)
def test_what_stands_between_backticks_is_code(text, styles):
    found = spans(coded(text))
    assert [each.style for each in found] == styles
    assert "".join(each.text for each in found) == text.replace("`", "")


@pytest.mark.parametrize("text", ["שלום 12", "مرحبا (kg)"])
def test_what_is_written_from_right_to_left_turns_round_nothing_beside_it(text):
    assert plain((text, ": ", code("5 to 8"))) == f"\u2068{text}\u2069: 5 to 8"
