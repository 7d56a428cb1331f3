"""Small reports that tests share."""

import pytest

import uncertainty as un
from uncertainty.pages import blocks
from uncertainty.pages.content import gather
from uncertainty.pages.sections import make_sections
from uncertainty.settings import Settings

SMALL_RUN = Settings(samples=2048, seed=3)


SMALL_REPORT = {"settings": SMALL_RUN, "sensitivity_samples": 512}


@pytest.fixture(scope="session")
def gathered():
    """Return a function that gathers what a small report of a study's file says, once for all tests."""
    kept = {}

    def make(study, **options):
        options = SMALL_REPORT | options
        key = study.sha256, repr(options)
        if study.sha256 and key in kept:
            return kept[key]
        return kept.setdefault(key, gather(study, **options)) if study.sha256 else gather(study, **options)

    return make


@pytest.fixture
def content(small, gathered):
    return gathered(small)


@pytest.fixture
def make_report(tmp_path):
    """Return a function that writes a small report and returns its files."""
    from uncertainty.pages import write_report

    def make(study, folder="report", **options):
        return write_report(study, tmp_path / folder, **(SMALL_REPORT | options))

    return make


@pytest.fixture(scope="session")
def small_report(tmp_path_factory, small_text):
    """The files of the small study's report, to be read."""
    from uncertainty.pages import write_report

    folder = tmp_path_factory.mktemp("small")
    (folder / "study.toml").write_text(small_text, encoding="utf-8")
    return write_report(un.load_study(folder / "study.toml"), folder / "study", **SMALL_REPORT)


@pytest.fixture(scope="session")
def sections_of(gathered):
    """Return a function that gives a study's sections by name, and each as one text."""
    kept = {}

    def make(study, **options):
        content = gathered(study, **options)
        if id(content) not in kept:
            texts = {section.name: _text_of(section.blocks) for section in make_sections(content)}
            kept[id(content)] = content, texts
        return kept[id(content)][1]

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
