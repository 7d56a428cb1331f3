"""Expressions are set as they are meant, with the parentheses that they need and no others."""

import re
from html.parser import HTMLParser

import pytest

from uncertainty.expressions import parse_expression
from uncertainty.pages.blocks import Equation
from uncertainty.pages.render.formulas import formula, lines
from uncertainty.pages.render.html import mathml
from uncertainty.pages.render.markdown import latex

WRITTEN = {
    "a + b * c": "a+b×c",
    "(a + b) * c": "(a+b)×c",
    "a - (b - c)": "a−(b−c)",
    "a - b - c": "a−b−c",
    "a + (b + c)": "a+b+c",
    "a / b": "[a]/[b]",
    "(a + b) / (c * d)": "[a+b]/[c×d]",
    "a / b * c": "[a]/[b]×c",
    "a * (b / c)": "a×[b]/[c]",
    "a**2": "a^2",
    "two_words**2": "(two words)^2",
    "(a / b)**2": "([a]/[b])^2",
    "(a + b)**(c + d)": "(a+b)^c+d",
    "(a**2)**3": "(a^2)^3",
    "-a * b": "(−a)×b",
    "a * -b": "a×(−b)",
    "-(a + b)": "−(a+b)",
    "2.5[t/year] * a": "2.5\u00a0t/year×a",
    "3e-9 * a": "3×10^−9×a",
    "1e12": "10^12",
    "exp(a) + sqrt(b)": "e^a+√b",
    "log(a) * abs(b)": "ln(a)×|b|",
    "maximum(a, b, 3)": "max(a,b,3)",
    "where(a <= b, c, where(a == 2, d, 5))": "{c if a≤b; d if a=2; 5}",
    "pi * a": "π×a",
    "2 * expm1(a) + log1p(b)": "2×(e^a−1)+ln(1+b)",
    "asin(a) + atan(b)": "arcsin(a)+arctan(b)",
    "floor(a + b) * ceil(c) + round(d)": "⌊a+b⌋×⌈c⌉+round(d)",
    "a < b and (c or not d == 2)": "a<b\u00a0and\u00a0(c\u00a0or\u00a0not\u00a0d=2)",
    "where(not (a and b), c, d)": "{c if not\u00a0(a\u00a0and\u00a0b); d}",
    "a * (not b)": "a×(not\u00a0b)",
}


def plain(piece):
    """Write a formula in one line."""
    inner = [plain(part) for part in piece.parts]
    match piece.shape:
        case "row":
            return "".join(inner)
        case "fraction":
            return f"[{inner[0]}]/[{inner[1]}]"
        case "power":
            return f"{inner[0]}^{inner[1]}"
        case "root":
            return f"√{inner[0]}"
        case "bars":
            return f"|{inner[0]}|"
        case "cases":
            rows = [f"{inner[k]} if {inner[k + 1]}; " for k in range(0, len(inner) - 1, 2)]
            return f"{{{''.join(rows)}{inner[-1]}}}"
    return piece.text


@pytest.mark.parametrize(("text", "wanted"), WRITTEN.items())
def test_a_formula_means_what_the_expression_does(text, wanted):
    assert plain(formula(parse_expression(text))) == wanted


def test_lines_end_before_signs_and_lose_nothing():
    whole = formula(parse_expression("a * b + c / d - maximum(a, b) * (a + b)"))
    parts = lines(whole)
    assert [plain(part) for part in parts] == ["a", "×b", "+[c]/[d]", "−max(a,b)", "×(a+b)"]
    assert "".join(map(plain, parts)) == plain(whole)


class Nesting(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.words = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, _):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("text", WRITTEN)
def test_mathml_is_nested_and_latex_is_balanced(text):
    found = Equation("T", "some_name", parse_expression(text), "")
    assert "some name" in Nesting(mathml(found)).words
    written = latex(found)
    assert written.startswith(r"\text{some name} = ")
    assert written.count("{") == written.count("}")
    assert written.count(r"\left") == written.count(r"\right")


def test_a_comparison_cannot_open_an_element_and_a_unit_no_command():
    found = Equation("T", "a", parse_expression("where(a < b, 3[m**2], 2[%])"), "")
    assert "&lt;" in mathml(found)
    assert set(re.findall(r"\\[a-z]+", latex(found))) == {r"\text", r"\begin", r"\end"}
