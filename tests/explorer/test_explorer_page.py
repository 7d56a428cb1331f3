"""What a reader does with the explorer, in a browser."""

import re
import shutil
import subprocess
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from explorer_tools import axe_script, serious_faults, tool, until
from explorer_twin import distribution, output_columns

import uncertainty as un
from uncertainty import numbers
from uncertainty.challenges.verdict import reading_sentence
from uncertainty.sampling.statistics import Draws, Estimate
from uncertainty.wording import condition

HERE = Path(__file__).parent
SENTENCE = ".explorer .sentence"
NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & ' שלום 🖋"


def sentence_of(study, clause, **changes):
    """Return what Python says of the headline's draws."""
    values = output_columns(study, **changes)[study.headline]
    return reading_sentence(distribution(study, study.headline, values), clause)


def expect_sentence(page, text):
    until(page, "() => document.querySelector('.explorer .sentence')")
    deadline = time.monotonic() + 5
    while page.text_content(SENTENCE) != text and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert page.text_content(SENTENCE) == text


def test_a_whole_report_opens_from_disk_without_errors_and_requests(make_report, small, open_page):
    page = open_page(make_report(small).page)
    expect_sentence(page, sentence_of(small, condition(small, small.readings["as_published"])))
    sections = page.eval_on_selector_all("section", "found => found.map(each => each.id)")
    assert {"claim", "drivers", "inputs", "equations", "explorer", "reproduction"} <= set(sections)


@pytest.fixture(scope="session")
def make_report(tmp_path_factory):
    """Return a function that writes a small report."""
    from uncertainty.report import write_report
    from uncertainty.settings import Settings

    def make(study):
        folder = tmp_path_factory.mktemp("report")
        return write_report(study, folder, settings=Settings(samples=2048, seed=3), sensitivity_samples=512)

    return make


@pytest.fixture
def page(small, page_file, open_page):
    found = open_page(page_file(small))
    found.wait_for_selector(SENTENCE)
    return found


def test_typed_ranges_change_the_numbers_as_python_does(page, small):
    box = page.get_by_role("group", name="distance").get_by_role("textbox").first
    box.fill("9")
    box.press("Enter")
    until(page, "location.hash.includes('set=distance')")
    own = condition(small, small.readings["as_published"]).removesuffix(",")
    state = page.evaluate(
        "Object.fromEntries(document.getElementById('explorer-app').explorer.state().inputs)"
    )
    given = f"9 to {state['distance']['high']}"
    expect_sentence(
        page, sentence_of(small, f"{own}, and if distance is {given} km/trip,", override={"distance": given})
    )
    assert "lognormal" in page.get_by_role("group", name="distance").inner_text()
    assert "nothing below 1 or above 100" in page.get_by_role("group", name="distance").inner_text()


def test_an_input_can_be_fixed_freed_and_set_back_by_keyboard_alone(page, small):
    group = page.get_by_role("group", name="distance")
    first = page.inner_text(SENTENCE)
    group.get_by_role("button", name="distance: fix it").focus()
    page.keyboard.press("Enter")
    group.get_by_role("button", name="distance: let it vary").wait_for()
    own = condition(small, small.readings["as_published"]).removesuffix(",")
    value = group.get_by_role("textbox", name="value").input_value()
    expect_sentence(
        page,
        sentence_of(
            small, f"{own}, and if distance is {value} km/trip,", override={"distance": float(value)}
        ),
    )
    group.get_by_role("slider", name="distance, value").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.getAttribute('aria-valuetext') !== '10 km/trip'")
    group.get_by_role("button", name="distance: back to the study's").focus()
    page.keyboard.press("Enter")
    expect_sentence(page, first)


def test_an_input_that_takes_some_values_only_offers_them(page, small):
    group = page.get_by_role("group", name="trips")
    group.get_by_role("combobox").select_option("440")
    own = condition(small, small.readings["as_published"]).removesuffix(",")
    expect_sentence(
        page, sentence_of(small, f"{own}, and if trips is 440 trip/year,", override={"trips": 440})
    )


def test_switches_and_readings_change_the_numbers_as_python_does(page, small):
    page.get_by_label("one other person").check()
    clause = "If “Who else is in the car?” is answered by “one other person”,"
    expect_sentence(page, sentence_of(small, clause, choose={"sharing": "shared"}))
    page.select_option("#explorer-reading", "carpool")
    expect_sentence(page, sentence_of(small, "If two people share the car,", reading="carpool"))


def test_answers_that_do_not_go_together_are_refused_with_the_reason(page):
    page.get_by_label("one other person").check()
    page.get_by_label("electric").check()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == "These answers do not go together: nobody shares the electric car."
    page.get_by_label("nobody").check()
    alert.wait_for(state="hidden")


def test_values_outside_the_physical_limits_are_refused(page):
    group = page.get_by_role("group", name="distance")
    group.get_by_role("button", name="distance: fix it").click()
    box = group.get_by_role("textbox", name="value")
    box.fill("0.5")
    box.press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == "distance: must lie within its limits, 1 to 100."


def test_a_copied_link_restores_the_state(page, small, page_file, open_page):
    page.select_option("#explorer-reading", "carpool")
    page.select_option("#explorer-output", "per_trip")
    box = page.get_by_role("group", name="distance").get_by_role("textbox").last
    box.fill("30")
    box.press("Enter")
    until(page, "location.hash.includes('set=distance')")
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('distance is')")
    address = page.evaluate("location.hash")
    again = open_page(page_file(small), address)
    again.wait_for_selector(SENTENCE)
    for selector in (SENTENCE, ".explorer .interval", ".explorer code"):
        assert again.text_content(selector) == page.text_content(selector)
    assert again.input_value("#explorer-output") == "per_trip"
    assert again.get_by_role("group", name="distance").get_by_role("textbox").last.input_value() == "30"
    command = again.text_content(".explorer code")
    assert re.fullmatch(
        r"uncertainty run study.toml --only per_trip --reading carpool --set 'distance=[\d.]+ to 30'", command
    )


def test_shares_are_written_by_the_rules_of_python(small, page_file, open_page):
    shares = [0, 0.0004, 0.002, 0.003, 0.005, 0.006, 0.0149, 0.43, 0.985, 0.994, 0.995, 0.997, 0.9996, 1]
    found = [Estimate(value, error) for value in shares for error in (None, 0.0, 0.0005, 0.0015, 0.04)]
    found += [
        Draws(np.arange(size)).share_below(count) for size in (20, 200) for count in (0, 1, 3, 12, size)
    ]
    source = (files("uncertainty.explorer") / "script" / "wording.js").read_text(encoding="utf-8")
    page = open_page(page_file(small))
    written = page.evaluate(
        f"given => {{ {source}; "
        "return given.map(([value, error, bounds]) => shareText({ value, error, bounds })); }",
        [[each.value, each.error, each.bounds] for each in found],
    )
    assert written == [numbers.share(each) for each in found]


def test_an_address_of_another_study_is_told_and_harmless(small, page_file, open_page):
    page = open_page(
        page_file(small), "#explore:reading=x&choose=constructor=x&set=distance=a&set=toString=1"
    )
    page.wait_for_selector(SENTENCE)
    told = page.get_by_role("status").inner_text()
    assert told.startswith("This study does not know: reading=x, choose=constructor=x, set=distance=a")
    assert "nothing varies" not in page.inner_text(SENTENCE)


def test_changes_are_told_to_a_screen_reader_once_they_settle(page):
    page.get_by_label("one other person").check()
    until(
        page,
        "document.querySelector('.explorer [aria-live]').textContent.startsWith('Yearly emissions. If “Who')",
    )


def test_names_that_look_like_markup_stay_text(small_text, write_study, page_file, open_page):
    text = small_text
    for label in ("Yearly emissions", "one other person", "Who else is in the car?", "Two in the car"):
        text = text.replace(label, NASTY + label)
    page = open_page(page_file(un.load_study(write_study(text))), "#explore:reading=carpool")
    page.wait_for_selector(SENTENCE)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert NASTY in page.text_content(".explorer .choices")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(width, flagship, page_file, open_page):
    page = open_page(page_file(flagship), viewport={"width": width, "height": 844})
    page.wait_for_selector(SENTENCE)
    page.get_by_label(re.compile("Also show")).check()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".explorer *")].filter(each => each.checkVisibility()
           && !each.closest("svg, .unseen, select") && each.getBoundingClientRect().right > innerWidth + 1)
           .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert cut == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(scheme, flagship, page_file, open_page):
    script = axe_script()
    page = open_page(page_file(flagship), "#explore:set=midjourney_energy=1+to+2", color_scheme=scheme)
    page.wait_for_selector(SENTENCE)
    assert serious_faults(page, script) == []


def test_the_script_s_types_are_sound():
    compiler = tool("typescript/bin/tsc")
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    done = subprocess.run(
        ["node", str(compiler), "-p", str(HERE / "tsconfig.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
