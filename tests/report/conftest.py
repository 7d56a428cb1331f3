"""Small reports that tests share."""

import pytest

from uncertainty.report import blocks
from uncertainty.report.content import gather
from uncertainty.report.sections import make_sections
from uncertainty.settings import Settings

SMALL_RUN = Settings(samples=2048, seed=3)


@pytest.fixture
def content(small):
    return gather(small, settings=SMALL_RUN, sensitivity_samples=512)


@pytest.fixture
def make_report(tmp_path):
    """Return a function that writes a small report and returns its files."""
    from uncertainty.report import write_report

    def make(study, folder="report", **options):
        options = {"settings": SMALL_RUN, "sensitivity_samples": 512} | options
        return write_report(study, tmp_path / folder, **options)

    return make


@pytest.fixture
def sections_of():
    """Return a function that gives a study's sections by name, and each as one text."""

    def make(study, **options):
        options = {"settings": SMALL_RUN, "sensitivity_samples": 512} | options
        found = make_sections(gather(study, **options))
        return {section.name: _text_of(section.blocks) for section in found}

    return make


@pytest.fixture(scope="session")
def text_of():
    """Return a function that gives all that blocks say, as one text."""
    return _text_of


def _text_of(parts) -> str:
    """Return all that blocks say, with single spaces."""
    words = []
    for block in parts:
        match block:
            case blocks.Paragraph() | blocks.Subheading():
                words.append(blocks.plain(block.text))
            case blocks.Bullets():
                words += map(blocks.plain, block.items)
            case blocks.Cards():
                for card in block.cards:
                    words += map(
                        blocks.plain, (card.label, card.title, card.condition, card.value, *card.lines)
                    )
            case blocks.Table():
                words.append(blocks.plain(block.caption))
                words += [blocks.plain(column.title) for column in block.columns]
                words += [blocks.plain(cell) for row in block.rows for cell in row]
            case blocks.Figure():
                words += [blocks.plain(block.alt), blocks.plain(block.caption)]
            case blocks.Beside():
                words.append(_text_of((block.figure, *block.blocks)))
            case blocks.Equations():
                for each in block.equations:
                    words += [
                        blocks.plain(each.title),
                        f"{each.name} = {each.formula}",
                        blocks.plain(each.note),
                    ]
            case blocks.Listing():
                words.append(block.text)
            case blocks.Details():
                words += [blocks.plain(block.summary), _text_of(block.blocks)]
    return "\n".join(words).replace("\u00a0", " ")
