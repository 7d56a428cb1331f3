"""What a reader does with the explorer, in a browser."""

import re
import shutil
import subprocess
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from explorer_tools import axe_script, serious_faults, tool, until
from explorer_twin import distribution, output_columns
from variants import variants

import uncertainty as un
from uncertainty import numbers
from uncertainty.challenges.verdict import reading_sentence
from uncertainty.output_distribution import OutputDistribution
from uncertainty.records import Frozen
from uncertainty.sampling.statistics import Draws
from uncertainty.settings import Settings
from uncertainty.study.limits import Beside, read_distribution
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


@pytest.mark.slow
def test_a_whole_report_opens_from_disk_without_errors_and_requests(make_report, small, open_page):
    report = make_report(small)
    page = open_page(report.page)
    carpool = condition(small, small.readings["carpool"])
    expect_sentence(page, sentence_of(small, carpool, reading="carpool"))
    ids = "found => found.map(each => each.id)"
    assert {"claim", "drivers", "explorer"} <= set(page.eval_on_selector_all("section", ids))
    numbers = open_page(report.appendix)
    assert {"inputs", "equations", "reproduction"} <= set(numbers.eval_on_selector_all("section", ids))


@pytest.fixture(scope="session")
def make_report(tmp_path_factory):
    """Return a function that writes a small report."""
    from uncertainty.pages import write_report
    from uncertainty.settings import Settings

    def make(study):
        folder = tmp_path_factory.mktemp("report")
        settings = Settings(samples=1024, seed=3)
        return write_report(study, folder, settings=settings, sensitivity_samples=256, formats=("html",))

    return make


PUBLISHED = "#explore:reading=as_published"


@pytest.mark.slow
def test_a_page_opens_on_the_preferred_reading_and_says_what_it_shows(small, page_file, open_page):
    found = open_page(page_file(small))
    found.wait_for_selector(SENTENCE)
    shown = ".explorer .shown"
    assert found.input_value("#explorer-reading") == "carpool"
    assert found.inner_text(shown) == "Counted by “Two in the car”:"
    box = found.get_by_role("group", name="distance").get_by_role("textbox").first
    box.fill("9")
    box.press("Enter")
    until(found, "location.hash.includes('reading=carpool')")
    assert found.inner_text(shown).endswith("ounted by “Two in the car”, with your own changes:")
    differing = {"distance": replace(small.inputs["distance"], kind="variability")}
    cases = open_page(page_file(replace(small, inputs=Frozen({**small.inputs, **differing}))))
    cases.wait_for_selector(SENTENCE)
    assert cases.inner_text(shown) == "Single cases, no averages; counted by “Two in the car”:"
    # an address that names no reading keeps its meaning
    plain = open_page(page_file(small), "#explore:set=distance%3D9+to+13")
    plain.wait_for_selector(SENTENCE)
    assert plain.input_value("#explorer-reading") == "as_published"


@pytest.fixture
def page(small_page, open_page):
    found = open_page(small_page, PUBLISHED)
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
        page, sentence_of(small, f"{own}, but distance is {given} km/trip,", override={"distance": given})
    )
    assert "lognormal" in page.get_by_role("group", name="distance").inner_text()
    assert "nothing below 1 or above 100" in page.get_by_role("group", name="distance").inner_text()


@pytest.mark.slow
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
        sentence_of(small, f"{own}, but distance is {value} km/trip,", override={"distance": float(value)}),
    )
    group.get_by_role("slider", name="distance, value").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.getAttribute('aria-valuetext') !== '10 km/trip'")
    group.get_by_role("button", name="distance: back to the study's").focus()
    page.keyboard.press("Enter")
    expect_sentence(page, first)


@pytest.mark.slow
def test_an_input_that_takes_some_values_only_offers_them(page, small):
    group = page.get_by_role("group", name="trips")
    group.get_by_role("combobox").select_option("440")
    own = condition(small, small.readings["as_published"]).removesuffix(",")
    expect_sentence(page, sentence_of(small, f"{own}, but trips is 440 trip/year,", override={"trips": 440}))


@pytest.mark.slow
def test_switches_and_readings_change_the_numbers_as_python_does(page, small):
    page.get_by_label("one other person").check()
    clause = "If “Who else is in the car?” is answered by “one other person”,"
    expect_sentence(page, sentence_of(small, clause, choose={"sharing": "shared"}))
    page.select_option("#explorer-reading", "carpool")
    expect_sentence(page, sentence_of(small, "If two people share the car,", reading="carpool"))


@pytest.mark.slow
def test_answers_that_do_not_go_together_are_refused_with_the_reason(page):
    page.get_by_label("one other person").check()
    page.get_by_label("electric").check()
    alert = page.locator(".notice")
    alert.wait_for()
    assert alert.inner_text() == "These answers do not go together: nobody shares the electric car."
    page.get_by_label("nobody").check()
    alert.wait_for(state="hidden")


@pytest.mark.slow
def test_values_outside_the_physical_limits_are_refused(page):
    group = page.get_by_role("group", name="distance")
    group.get_by_role("button", name="distance: fix it").click()
    box = group.get_by_role("textbox", name="value")
    box.fill("0.5")
    box.press("Enter")
    until(page, "document.querySelector('#explorer-input-distance [role=alert]').textContent")
    assert group.get_by_role("alert").first.inner_text() == "Must lie within its limits, 1 to 100."
    assert box.get_attribute("aria-invalid") == "true"


def shown_state(page):
    """Return what the page computes with: each changed input's assumption, and the reading."""
    found = page.evaluate(
        """() => { const state = document.getElementById("explorer-app").explorer.state();
           return [Object.fromEntries(state.inputs), state.reading, Object.fromEntries(state.choices)]; }"""
    )
    return tuple(found)


def ends_of(group):
    """Return the two fields of an input's range."""
    return [group.get_by_role("textbox", name=name, exact=True) for name in ("5 %", "95 %")]


def faults(group):
    """Return what is said beside the fields of an input."""
    return [text for text in group.locator("[role=alert]").all_inner_texts() if text]


@pytest.mark.slow
def test_both_ends_are_taken_from_both_fields(page, small):
    group = page.get_by_role("group", name="distance")
    low, _ = ends_of(group)
    low.fill("60")  # above the other end, so far
    low.press("Tab")
    assert faults(group) == ["The 5 % value must be below the 95 % value."]
    assert shown_state(page)[0] == {}
    page.keyboard.type("90")
    page.keyboard.press("Tab")
    until(page, "location.hash.includes('set=distance')")
    assert faults(group) == []
    assert shown_state(page)[0] == {"distance": {"low": 60, "high": 90}}
    own = condition(small, small.readings["as_published"]).removesuffix(",")
    clause = f"{own}, but distance is 60 to 90 km/trip,"
    expect_sentence(page, sentence_of(small, clause, override={"distance": "60 to 90"}))


UP, DOWN = (0, 1), (1, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("ends", "order"), [(("2", "3"), UP), (("70", "80"), UP), (("70", "80"), DOWN)])
def test_the_result_is_of_the_range_that_the_fields_show(page, ends, order):
    group = page.get_by_role("group", name="distance")
    boxes = ends_of(group)
    for place in order:
        boxes[place].fill(ends[place])
        boxes[place].press("Tab")
    until(page, f"location.hash.includes('{ends[0]}+to+{ends[1]}')")
    assert shown_state(page)[0] == {"distance": {"low": float(ends[0]), "high": float(ends[1])}}
    assert [box.input_value() for box in boxes] == list(ends)
    assert faults(group) == []


READ = {
    "10,000": 10000,
    "1,500": 1500,
    "1,234,567.5": 1234567.5,
    " 1500 ": 1500,
    "1e4": 10000,
    "1E-3": 0.001,
    ".5": 0.5,
    "5.": 5,
    "+7": 7,
    "-5": -5,
    "\u22125": -5,
    "\uff11\uff10": 10,
    "0": 0,
    "12 km/trip": 12,
    "12km/trip": 12,
}
REFUSED = {
    "1.500,5": "Write 1500.5: a comma stands between thousands.",
    "1,5": "Write 1.5 or 15: a comma stands between thousands.",
    "0,500": "Write 0.500 or 0500: a comma stands between thousands.",
    "10,00": "Write 10.00 or 1000: a comma stands between thousands.",
    "1.500.000": "Write 1500000: a comma stands between thousands.",
    "1 500": "Write 1500: a comma stands between thousands.",
    "1\u202f500": "Write 1500: a comma stands between thousands.",
    "1'500.5": "Write 1500.5 or 15005: a comma stands between thousands.",
    "": "Write a number.",
    "  ": "Write a number.",
    "5%": "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
    "ten": "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
    "0x10": "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
    "Infinity": "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
    "1e999": "This number is too large.",
    "1e200": "A number must be 0, or between 1e-150 and 1e+150 in size.",
    "2 to 8": "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
}


@pytest.mark.slow
def test_numbers_are_read_as_the_page_writes_them_or_refused_with_what_to_write(small, page_file, open_page):
    source = (files("uncertainty.explorer") / "script" / "entry.js").read_text(encoding="utf-8")
    page = open_page(page_file(small))
    texts = [*READ, *REFUSED]
    found = page.evaluate(
        f"texts => {{ {source}; return texts.map(text => readEntry(text, 'km/trip')); }}", texts
    )
    by_text = dict(zip(texts, found, strict=True))
    assert {text: by_text[text]["x"] for text in READ} == READ
    assert not any(by_text[text]["fault"] for text in READ)
    assert {text: by_text[text]["fault"] for text in REFUSED} == REFUSED
    # what is advised is read
    advised = [number for said in REFUSED.values() for number in re.findall(r"(\d[\d.]*\d)(?: or |:)", said)]
    asked = f"texts => {{ {source}; return texts.map(text => readEntry(text, '1')); }}"
    again = page.evaluate(asked, advised)
    assert [each["fault"] for each in again] == [""] * len(advised)


def test_what_is_refused_is_said_beside_its_field_and_changes_nothing(page):
    group = page.get_by_role("group", name="distance")
    before = page.inner_text(SENTENCE)
    low, high = ends_of(group)
    low.fill("1.500,5")
    high.fill("twenty")
    high.press("Enter")
    assert [text.split(":")[0] for text in faults(group)] == [
        "Write 1500.5",
        "Write a number alone, such as 1500 or 0.5; its unit is km/trip.",
    ]
    assert (low.get_attribute("aria-invalid"), high.get_attribute("aria-invalid")) == ("true", "true")
    assert page.inner_text(SENTENCE) == before
    assert page.evaluate("location.hash") == PUBLISHED
    high.press("Escape")
    assert faults(group) == []
    assert float(low.input_value()) < float(high.input_value())


@pytest.mark.slow
def test_a_thousands_separator_is_read_in_a_field(page):
    group = page.get_by_role("group", name="distance")
    boxes = ends_of(group)
    boxes[0].fill("50")
    boxes[1].fill("1,500")
    boxes[1].press("Enter")
    until(page, "location.hash.includes('50+to+1500')")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["60 ± 20 (k=2)", "60 +/- 20 % (95 %)", "50 to 90 @ 99 %", "62.5(15)", "40 to 80"]
)
def test_a_distribution_written_into_a_field_is_drawn_as_in_python(page, small, text):
    box = ends_of(page.get_by_role("group", name="distance"))[0]
    box.fill(text)
    box.press("Enter")
    until(page, "location.hash.includes('distance')")
    assert faults(page.get_by_role("group", name="distance")) == []
    assert float(box.input_value()) > 0
    drawn = page.evaluate(
        "() => { const e = document.getElementById('explorer-app').explorer;"
        " return Array.from(e.compute(e.state()).results.input('distance')).sort((a, b) => a - b); }"
    )
    item = small.inputs["distance"]
    given = read_distribution(text, Beside(item.low, item.high))
    exact = given.quantile((np.arange(len(drawn)) + 0.5) / len(drawn))
    assert drawn == pytest.approx(exact, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("60 ± 20", "Say which spread this is: 60 ± 20 (sd), or 60 ± 20 (k=2), or 60 ± 20 (95 %)."),
        ("60 ± 0 (sd)", "The spread must be greater than 0."),
        ("50 to 90 @ 100 %", "A level must lie between 0 % and 100 %."),
    ],
)
def test_a_spread_that_says_too_little_is_refused_beside_its_field(page, text, said):
    group = page.get_by_role("group", name="distance")
    box = ends_of(group)[0]
    box.fill(text)
    box.press("Enter")
    assert faults(group) == [said]
    assert page.evaluate("location.hash") == PUBLISHED


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["1.500,5", "200"])
def test_a_link_copied_beside_a_wrong_entry_holds_the_last_valid_state(
    page, small, page_file, open_page, wrong
):
    group = page.get_by_role("group", name="distance")
    _, high = ends_of(group)
    high.fill("40")
    high.press("Enter")
    until(page, "location.hash.includes('to+40')")
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('distance is')")
    sentence = page.inner_text(SENTENCE)
    group.get_by_role("button", name="distance: fix it").click()
    until(page, "!location.hash.includes('to+40')")
    group.get_by_role("textbox", name="value").fill(wrong)
    group.get_by_role("textbox", name="value").press("Enter")
    assert len(faults(group)) == 1
    page.get_by_role("button", name="Copy a link").click()
    fixed = page.inner_text(SENTENCE)
    assert fixed != sentence
    again = open_page(page_file(small), page.evaluate("location.hash"))
    again.wait_for_selector(SENTENCE)
    assert again.inner_text(SENTENCE) == fixed
    assert again.locator(".told").inner_text() == ""


@pytest.mark.slow
def test_a_link_copied_beside_answers_that_do_not_go_together_holds_the_last_valid_state(
    page, small, page_file, open_page
):
    page.get_by_label("one other person").check()
    until(page, "location.hash.includes('sharing')")
    page.get_by_label("electric").check()
    page.locator(".notice").wait_for()
    page.get_by_role("button", name="Copy a link").click()
    until(
        page,
        "document.querySelector('.explorer .told').textContent.includes('the last view that had numbers')",
    )
    again = open_page(page_file(small), page.evaluate("location.hash"))
    again.wait_for_selector(SENTENCE)
    assert shown_state(again)[2] == {"sharing": "shared"}
    assert again.text_content(".explorer code") == page.text_content(".explorer code")


@pytest.mark.slow
def test_another_reading_keeps_the_reader_s_changes_and_says_so(page, small):
    high = ends_of(page.get_by_role("group", name="distance"))[1]
    high.fill("30")
    high.press("Enter")
    until(page, "location.hash.includes('to+30')")
    changes = shown_state(page)[0]
    page.select_option("#explorer-reading", "carpool")
    until(page, "location.hash.includes('reading=carpool')")
    assert shown_state(page) == (changes, "carpool", {})
    assert page.locator(".told").inner_text() == "Your own stay as they are: distance."
    text = f"{changes['distance']['low']} to 30"
    expect_sentence(
        page,
        sentence_of(
            small,
            f"If two people share the car, but distance is {text} km/trip,",
            reading="carpool",
            override={"distance": text},
        ),
    )


@pytest.mark.slow
def test_answers_that_another_reading_excludes_are_named(page):
    page.get_by_label("electric").check()
    until(page, "location.hash.includes('car')")
    page.select_option("#explorer-reading", "carpool")
    until(page, "location.hash === ''")
    told = page.locator(".told").inner_text()
    assert told.startswith("Not kept: “electric” for “")
    assert told.endswith("since these answers do not go together: nobody shares the electric car.")
    assert page.locator(".notice").is_hidden()
    assert shown_state(page)[2] == {}


@pytest.mark.slow
def test_back_to_the_publication_also_clears_wrong_entries(page):
    group = page.get_by_role("group", name="distance")
    low = ends_of(group)[0]
    was = low.input_value()
    low.fill("ten")
    low.press("Enter")
    assert len(faults(group)) == 1
    page.get_by_role("button", name="Back to the publication").click()
    until(page, "document.querySelector('.explorer [aria-invalid=true]') === null")
    assert low.input_value() == was
    assert faults(group) == []


@pytest.mark.parametrize(
    ("address", "told"),
    variants(
        [
            ("set=distance=0.5", "This study does not know: set=distance=0.5."),
            ("set=distance=9+to+3", "This study does not know: set=distance=9 to 3."),
            ("set=distance=0x10", "This study does not know: set=distance=0x10."),
            ("choose=sharing=shared&choose=car=electric", "Not kept: “electric” for “"),
            ("reading=carpool&choose=car=electric", "Not kept: “electric” for “"),
        ],
        lambda address, _: address in ("set=distance=9+to+3", "reading=carpool&choose=car=electric"),
    ),
)
def test_a_link_that_cannot_be_followed_opens_with_numbers_and_says_why(small_page, open_page, address, told):
    page = open_page(small_page, f"#explore:{address}")
    page.wait_for_selector(SENTENCE)
    assert page.locator(".told").inner_text().startswith(told)
    assert page.locator(".notice").is_hidden()


@pytest.mark.slow
def test_back_and_forward_show_what_the_address_says(page):
    low = ends_of(page.get_by_role("group", name="distance"))[0]
    page.evaluate("location.hash = '#explore:set=distance=9+to+30'")
    until(page, "location.hash.includes('9+to+30')")
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('9 to 30')")
    assert low.input_value() == "9"
    page.evaluate("location.hash = '#explore:set=distance=20+to+30'")
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('20 to 30')")
    page.go_back()
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('9 to 30')")
    assert low.input_value() == "9"
    page.go_forward()
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('20 to 30')")
    assert low.input_value() == "20"


@pytest.mark.slow
def test_a_copied_link_restores_the_state(page, small_page, open_page):
    page.select_option("#explorer-reading", "carpool")
    page.select_option("#explorer-output", "per_trip")
    box = page.get_by_role("group", name="distance").get_by_role("textbox").last
    box.fill("30")
    box.press("Enter")
    until(page, "location.hash.includes('set=distance')")
    until(page, "document.querySelector('.explorer .sentence').textContent.includes('distance is')")
    address = page.evaluate("location.hash")
    again = open_page(small_page, address)
    again.wait_for_selector(SENTENCE)
    for selector in (SENTENCE, ".explorer .interval", ".explorer code"):
        assert again.text_content(selector) == page.text_content(selector)
    assert again.input_value("#explorer-output") == "per_trip"
    assert again.get_by_role("group", name="distance").get_by_role("textbox").last.input_value() == "30"
    command = again.text_content(".explorer code")
    assert re.fullmatch(
        r"uncertainty run study.toml --only per_trip --reading carpool --set 'distance=[\d.]+ to 30'", command
    )


@pytest.mark.slow
def test_what_is_typed_before_the_next_picture_is_not_lost(page):
    page.evaluate("() => { window.requestAnimationFrame = (drawn) => setTimeout(drawn, 1000); }")
    page.select_option("#explorer-reading", "carpool")
    page.select_option("#explorer-output", "per_trip")
    box = page.get_by_role("group", name="distance").get_by_role("textbox").last
    box.fill("30")
    page.wait_for_timeout(1500)
    assert box.evaluate("box => box === document.activeElement && box.value") == "30"
    box.press("Enter")
    until(page, "location.hash.includes('set=distance')")


@pytest.mark.slow
def test_an_address_of_another_study_is_told_and_harmless(small, page_file, open_page):
    page = open_page(
        page_file(small), "#explore:reading=x&choose=constructor=x&set=distance=a&set=toString=1"
    )
    page.wait_for_selector(SENTENCE)
    told = page.get_by_role("status").inner_text()
    assert told.startswith("This study does not know: reading=x, choose=constructor=x, set=distance=a")
    assert "nothing varies" not in page.inner_text(SENTENCE)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_every_number_on_an_axis_is_seen_whole(width, page_file, open_page):
    """The last of electric-car's, 10,000,000, stands less than half of its width from the edge."""
    file = page_file(un.load_study("electric-car"))
    page = open_page(file, viewport={"width": width, "height": 844})
    page.wait_for_selector(SENTENCE)
    rooms = page.eval_on_selector_all(
        ".explorer text.tick",
        """found => found.map(each => {
             const [own, all] = [each, each.ownerSVGElement].map(one => one.getBoundingClientRect());
             return [each.textContent, Math.min(own.left - all.left, all.right - own.right)];
           })""",
    )
    assert "10,000,000" in dict(rooms)
    assert min(room for _, room in rooms) >= 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "rules"),
    [("light", []), ("dark", ["color-contrast"])],
)
def test_axe_finds_no_serious_fault(scheme, rules, flagship, page_file, open_page):
    script = axe_script()
    page = open_page(
        page_file(flagship), "#explore:set=energy_per_image[midjourney]=1+to+2", color_scheme=scheme
    )
    page.wait_for_selector(SENTENCE)
    assert serious_faults(page, script, rules) == []


@pytest.mark.slow
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


DROPPING = """
format = 1
[study]
title = "Speed of a wave"
headline = "speed"
nonfinite = "drop"
[inputs.depth]
unit = "m"
point = 2
distribution = "normal(2, 1)"
[inputs.current]
unit = "m/s"
point = 0.5
distribution = "0.3 to 0.8"
[outputs.speed]
value = "sqrt(9.81[m/s**2] * depth) + current"
unit = "m/s"
published = 4.9
reference = 1
"""


@pytest.mark.slow
def test_draws_without_a_value_are_left_out_where_the_study_says_so(write_study, page_file, open_page):
    study = un.load_study(write_study(DROPPING))
    page = open_page(page_file(study))
    page.wait_for_selector(SENTENCE)
    values = output_columns(study)["speed"]
    kept = values[np.isfinite(values)]
    assert 0.02 < 1 - kept.size / values.size < 0.03  # 2.3 % of a normal lie 2 sd below its mean
    own = condition(study, study.readings["as_published"])
    expect_sentence(page, reading_sentence(distribution(study, "speed", kept), own))
    assert page.inner_text(".results .note >> nth=0").startswith("Draws without a value were dropped: 2.3 %.")
    shares = page.locator(".explorer .percent").all_inner_texts()
    assert sum(int(text.split()[0]) for text in shares) == pytest.approx(100, abs=6)
    # more than the study may drop: refused, and the limit is said
    low, high = ends_of(page.get_by_role("group", name="depth"))
    low.fill("-3")
    high.fill("3")
    high.press("Enter")
    page.locator(".notice").wait_for()
    assert page.inner_text(".notice").endswith("at most 10 % of them may be left out.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "kind", "heading"),
    [
        (0.5, "central", "50 % uncertainty interval"),
        (0.99, "central", "99 % uncertainty interval"),
        (0.8, "shortest", "shortest 80 % uncertainty interval"),
    ],
)
def test_level_and_kind_of_the_interval_are_those_of_the_report(
    small, page_file, open_page, level, kind, heading
):
    page = open_page(page_file(small, Settings(level=level, interval=kind)), PUBLISHED)
    page.wait_for_selector(SENTENCE)
    values = output_columns(small)[small.headline]
    found = OutputDistribution(small.outputs[small.headline], 0.0, Draws(values), level, kind).summary
    interval = numbers.median_and_interval(found["median"], found["low"], found["high"])[1]
    unit = small.outputs[small.headline].unit.text
    assert page.inner_text(".explorer .interval") == f"{heading}: {interval} {unit}"
    option = f"--level {level}" if kind == "central" else f"--level {level} --interval {kind}"
    assert option in page.text_content(".explorer code")


MEMBERS = """
format = 1
[study]
title = "A car and its electricity"
headline = "carbon"
[indices]
place = { members = { hydro = "water and wind", coal = "mostly coal" } }
[inputs.charged_in]
label = "Where it is charged"
member_of = "place"
point = "hydro"
distribution = "one_of(hydro=3, coal=1)"
kind = "variability"
[inputs.place_carbon]
label = "Carbon of electricity there"
unit = "g/kWh"
index = ["place"]
point = { hydro = 50, coal = 1000 }
distribution = { hydro = "20 to 100", coal = "800 to 1100" }
[inputs.energy]
label = "Electricity"
unit = "kWh"
point = 2
distribution = "1 to 4"
[outputs.carbon]
unit = "g"
value = "energy * place_carbon[charged_in]"
over = "case"
[readings.as_published]
[readings.on_coal]
inputs = { charged_in = "coal", energy = { point = 3, distribution = "2 to 5" } }
"""


@pytest.mark.slow
def test_an_input_whose_values_are_members_offers_and_says_their_labels(write_study, open_page, page_file):
    study = un.load_study(write_study(MEMBERS))
    file = page_file(study)
    page = open_page(file, PUBLISHED)
    page.wait_for_selector(SENTENCE)
    group = page.get_by_role("group", name="Where it is charged")
    options = group.locator("option").all_inner_texts()
    assert options == ["any of water and wind, mostly coal", "always water and wind", "always mostly coal"]
    assert "Point: water and wind." in group.inner_text()
    assert not group.get_by_role("textbox").first.is_visible()
    group.get_by_role("combobox").select_option("1")
    own = condition(study, study.readings["as_published"]).removesuffix(",")
    clause = f"{own}, but Where it is charged is mostly coal,"
    said = sentence_of(study, clause, override={"charged_in": "coal"})
    expect_sentence(page, said)
    assert "Does not reach" not in group.inner_text()
    assert "--set charged_in=coal" in page.locator(".results pre").text_content()
    address = page.evaluate("location.hash")
    assert "set=charged_in%3Dcoal" in address
    again = open_page(file, address)
    expect_sentence(again, said)
    number = open_page(file, f"{PUBLISHED}&set=charged_in%3D1")
    number.wait_for_selector(SENTENCE)
    assert "does not know: set=charged_in=1" in number.inner_text(".told")


@pytest.mark.slow
def test_what_a_reading_sets_is_said_in_words_beside_a_change(write_study, open_page, page_file):
    study = un.load_study(write_study(MEMBERS))
    page = open_page(page_file(study), "#explore:reading=on_coal&set=energy%3D3000+to+40000")
    clause = "If Where it is charged is mostly coal and Electricity is 3,000 to 40,000 kWh,"
    expect_sentence(page, sentence_of(study, clause, reading="on_coal", override={"energy": "3000 to 40000"}))
    group = page.get_by_role("group", name="Where it is charged")
    assert "Point: mostly coal." in group.inner_text()
    assert "Point: 3 kWh." in page.get_by_role("group", name="Electricity").first.inner_text()
    assert group.locator("option").all_inner_texts() == ["always water and wind", "always mostly coal"]
    group.get_by_role("combobox").select_option("0")
    page.get_by_role("button", name="Electricity: back to the study's").click()
    clause = "If Where it is charged is water and wind and Electricity is 2 to 5 kWh,"
    expect_sentence(page, sentence_of(study, clause, reading="on_coal", override={"charged_in": "hydro"}))


CELLS = """
format = 1
[study]
title = "Many cells"
headline = "emission[c3,2001]"
[indices.country]
members = [{countries}]
[indices.year]
from = 2001
to = 2015
[inputs.use]
unit = "1"
index = ["country", "year"]
point = 2
distribution = "uniform(1, 3)"
[outputs.emission]
value = "use * 2"
unit = "1"
"""


@pytest.mark.slow
def test_a_command_stands_for_outputs_that_the_study_names_alone(write_study, open_page, page_file):
    countries = ", ".join(f'"c{number}"' for number in range(15))
    page = open_page(page_file(un.load_study(write_study(CELLS.format(countries=countries)))))
    page.wait_for_selector(SENTENCE)
    command = page.locator(".explorer details").filter(has_text="The same from the command line")
    said = page.text_content(".explorer code")
    assert said == "uncertainty run study.toml --only 'emission[c3,2001]' --reading as_published"
    assert command.is_visible()
    page.select_option("#explorer-output", "sum(emission)[c0]")
    until(page, "location.hash.includes('output=')")
    assert not command.is_visible()
