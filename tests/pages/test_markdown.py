import pytest
from markdown_it import MarkdownIt

from uncertainty.pages.blocks import (
    Bullets,
    Column,
    Details,
    Listing,
    Paragraph,
    Section,
    Table,
    code,
    plain,
    strong,
)
from uncertainty.pages.render.markdown import render, render_block

NASTY = [
    "a|b",
    "`tick` and ``two``",
    "*star* _under_ ~~struck~~ **bold**",
    "<script>alert(1)</script>",
    "&lt; &amp; &#60;",
    "[link](http://example.org) ![image](x.svg)",
    "https://example.org www.example.org a@b.example",
    "$x^2$ :smile: @name #12",
    "\\ back \\| slash",
    "1. one",
    "- dash",
    "+ plus",
    "# hash",
    "=== equals",
    "> quote",
    "line\nbreak | and more",
    "\"quotes\" and 'single'",
    "🖋️ שלום",
    "---",
    "    indented",
]


def rendered(markdown):
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)


def text_of(tokens):
    return "".join(
        text_of(token.children) if token.children else token.content
        for token in tokens
        if token.type != "softbreak"
    )


def kinds(tokens):
    return {
        kind
        for token in tokens
        for kind in ({token.type} | (kinds(token.children) if token.children else set()))
    }


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_shown_as_it_is(text):
    tokens = rendered(render_block(Paragraph(text)))
    assert text_of(tokens).strip() == plain(text).strip()
    assert kinds(tokens) == {"paragraph_open", "inline", "text", "paragraph_close"} or kinds(tokens) == {
        "paragraph_open",
        "inline",
        "text",
        "paragraph_close",
        "text_special",
    }


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_shown_as_it_is_in_a_table(text):
    table = Table((Column("a"), Column("b", numeric=True)), ((text, strong(text)), (code(text), "end")), text)
    tokens = rendered(render_block(table))
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type in ("td_open", "th_open")]
    shown = [text_of([cell]).strip() for cell in cells]
    assert shown == ["a", "b", plain(text).strip(), plain(text).strip(), plain(code(text)).strip(), "end"]
    assert "html_inline" not in kinds(tokens)
    assert "link_open" not in kinds(tokens)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_shown_as_it_is_in_a_summary_a_heading_and_a_list(text):
    section = Section("s", text, (Details(text, (Bullets((text,)),)),))
    tokens = rendered(render(text, text, (section,)))
    blocks = [token.content for token in tokens if token.type == "html_block"]
    assert len(blocks) == 2
    assert "<script" not in "".join(blocks)
    assert "html_inline" not in kinds(tokens)
    assert sum(token.type == "heading_open" for token in tokens) == 2
    assert sum(token.type == "list_item_open" for token in tokens) == 1


def test_a_listing_is_fenced_even_if_it_contains_a_fence():
    for text in ("a\n```\nb", "`one`", "none", "a\n````\nb ``", "`\n<b>"):
        tokens = rendered(render_block(Listing(text)))
        assert [token.type for token in tokens] == ["fence"]
        assert tokens[0].content == f"{text}\n"
