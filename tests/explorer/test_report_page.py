"""Whole reports in a browser, as they are committed and as a hostile study makes them."""

from pathlib import Path

import pytest
from explorer_tools import axe_script, serious_faults, until

import uncertainty as un
from uncertainty.pages.blocks import Details, Listing, Section
from uncertainty.pages.render.html import render
from uncertainty.pages.sections import LAYERS, SECTIONS
from uncertainty.study.bundled import FLAGSHIP

REPORTS = Path(__file__).parents[2] / "reports"
SENTENCE = ".explorer .sentence"
TOO_WIDE = """
() => [...document.querySelectorAll("main *, header *")]
  .filter(each => each.checkVisibility())
  .filter(each => !each.closest("svg, math, .wide, .formula, .unseen, select, .skip"))
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.outerHTML.slice(0, 80))
"""
OUT_OF_CELL = """
() => [...document.querySelectorAll("tbody th, td")]
  .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map(each => each.outerHTML.slice(0, 80))
"""
OVERLAPPING = """
() => {
  const found = [];
  for (const svg of document.querySelectorAll("figure svg")) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      const across = box.left < frame.left - 2 || box.right > frame.right + 2;
      const along = box.top < frame.top - 2 || box.bottom > frame.bottom + 2;
      if (box.width && (across || along)) found.push([svg.getAttribute("aria-label"), text.textContent]);
    }
  }
  return found;
}
"""


@pytest.fixture
def committed():
    path = REPORTS / FLAGSHIP / "index.html"
    if not path.is_file():
        pytest.skip("no report is committed")
    return path


@pytest.mark.slow
def test_a_committed_report_opens_from_disk_with_every_section(committed, open_page):
    page = open_page(committed)
    page.wait_for_selector(SENTENCE)
    sections = page.eval_on_selector_all("main > section", "found => found.map(each => each.id)")
    page = open_page(committed.parent / "numbers.html")
    numbers = page.eval_on_selector_all("main > section", "found => found.map(each => each.id)")
    assert sections + numbers == [name for name in SECTIONS if name in sections + numbers]
    assert set(numbers) <= set(LAYERS["numbers"])
    # the study names no alternatives, has no observations, and no two drivers of one kind
    assert set(SECTIONS) - {"alternatives", "observations", "together"} <= {*sections, *numbers}
    assert committed.stat().st_size < 1_000_000


SMALLEST = """
() => {
  const shown = [...document.querySelectorAll("figure svg text")].filter(each => each.checkVisibility());
  return Math.min(...shown.map(each => {
    const svg = each.closest("svg"), size = parseFloat(getComputedStyle(each).fontSize);
    return size * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  }));
}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "height", "longest"), [(1280, 800, 9_000), (768, 1024, 11_500), (390, 844, 14_000)]
)
def test_the_answer_is_one_screen_and_the_page_is_short(committed, width, height, longest, open_page):
    page = open_page(committed, viewport={"width": width, "height": height})
    page.wait_for_selector(SENTENCE)
    assert page.evaluate("document.documentElement.scrollHeight") < longest
    shown = "[...document.querySelectorAll('figure svg')].find(each => each.checkVisibility())"
    assert page.evaluate(f"{shown}.getBoundingClientRect().bottom") <= height
    assert page.evaluate(SMALLEST) >= 11
    page.evaluate("document.querySelectorAll('svg').forEach(each => each.remove())")
    words = page.locator(".layer-why").all_text_contents()
    assert len(" ".join(words).split()) <= 1_500


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("file", ["index.html", "numbers.html"])
def test_nothing_is_cut_and_no_text_leaves_its_picture(file, committed, width, open_page):
    page = open_page(committed.parent / file, viewport={"width": width, "height": 844})
    if file == "index.html":
        page.wait_for_selector(SENTENCE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(OUT_OF_CELL) == []
    assert page.evaluate(OVERLAPPING) == []


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "rules"), [("light", []), ("dark", ["color-contrast"])])
@pytest.mark.parametrize("file", ["index.html", "numbers.html"])
def test_axe_finds_no_serious_fault_in_a_whole_report(file, committed, scheme, rules, open_page):
    """In the dark the colours alone are others."""
    script = axe_script()
    page = open_page(committed.parent / file, color_scheme=scheme, viewport={"width": 390, "height": 844})
    if file == "index.html":
        page.wait_for_selector(SENTENCE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert serious_faults(page, script, rules) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_lines_that_are_folded_away_are_copied_as_they_are(width, tmp_path, open_page):
    lines = "@misc{a,\n  title = {{<b>}},\n}"
    folded = tuple(Details(name, (Listing(text),)) for name, text in (("first", lines), ("second", "b")))
    path = tmp_path / "page.html"
    path.write_text(render("t", "", (Section("reuse", "Reuse", folded),)), encoding="utf-8")
    page = open_page(path, viewport={"width": width, "height": 800})
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }")
    for number, text in enumerate((lines, "b")):
        page.locator("button.copy").nth(number).click()
        assert page.evaluate("window.copied") == text
    assert page.locator("details[open]").count() == 0
    page.evaluate("navigator.clipboard.writeText = undefined")
    page.locator("button.copy").first.click()
    until(page, "document.querySelector('details').open && getSelection().toString().trim().length > 0")
    assert page.evaluate("getSelection().toString().trim()") == lines


@pytest.mark.slow
def test_a_hostile_study_is_harmless_in_every_format(small_text, write_study, tmp_path, open_page):
    from uncertainty.pages import write_report
    from uncertainty.settings import Settings

    nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)> 'q' & {{7*7}} 🖋 שלום \\u202egnp "
    text = small_text
    for label in ("Commuting", "Yearly emissions", "one other person", "Two in the car"):
        text = text.replace(f'"{label}"', f'"{nasty}{label}"')
    long = nasty * 80 + "x" * 10_000
    text = text.replace('kind = "variability"', f'kind = "variability"\nlabel = "{long}"\nnote = "{long}"')
    study = un.load_study(write_study(text))
    files = write_report(study, tmp_path / "r", settings=Settings(samples=1024), sensitivity_samples=256)
    page = open_page(files.page, viewport={"width": 390, "height": 844})
    page.wait_for_selector(SENTENCE)
    until(page, "document.readyState === 'complete'")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert files.document.read_bytes().startswith(b"%PDF")
