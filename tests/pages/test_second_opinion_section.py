"""SALib's opinion stands in a report, in its data, and in the command that the report prints."""

from dataclasses import replace

import pytest

from uncertainty.pages.content import prepare
from uncertainty.pages.render import markdown
from uncertainty.pages.sections import make_section
from uncertainty.pages.writer import results_document
from uncertainty.settings import Settings

SETTINGS = Settings(samples=256)


def text_of(content, *sections):
    found = [make_section(name, content) for name in sections]
    return markdown.render("", "", [each for each in found if each is not None])


@pytest.fixture
def asked(small):
    return prepare(small, SETTINGS, 128, second_opinion=True)


@pytest.mark.slow
def test_a_report_has_it_where_it_is_asked_for_and_says_how_to_get_it_again(asked):
    text = text_of(asked, "indices", "reproduction")
    readings = [name for name, found in asked.drivers.items() if not isinstance(found, str)]
    assert text.count("A second opinion: SALib's own sample of 4,096 base points") == len(readings)
    assert text.count("Both agree within their errors.") == len(readings)
    assert "--second-opinion" in text
    part = results_document(asked)["results"]["sensitivity"][readings[0]]
    told = part["answer" if "answer" in part else "results"]["outputs"][asked.study.headline]
    assert told["second_opinion"]["seed"] == SETTINGS.seed + 1
    assert told["second_opinion"]["indices"].keys() == told["indices"].keys()
    unasked = replace(asked, second_opinion=False)
    assert "--second-opinion" not in text_of(unasked, "reproduction")
    assert unasked.opinion_under(readings[0]) is None


def test_under_a_budget_it_is_withheld_with_the_reason(small):
    content = prepare(small, Settings(budget=5_000), second_opinion=True)
    assert "second opinion is withheld: its model runs would be beyond the budget." in text_of(
        content, "indices"
    )
