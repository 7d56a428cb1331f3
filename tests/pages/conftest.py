"""Small reports that tests share: analyses run and sections are made where a test first asks for them."""

from collections.abc import Mapping

import pytest

import uncertainty as un
from uncertainty.pages import blocks
from uncertainty.pages.content import prepare
from uncertainty.pages.sections import SECTIONS, make_section
from uncertainty.settings import Settings

SMALL_RUN = Settings(samples=2048, seed=3)


SMALL_REPORT = {"settings": SMALL_RUN, "sensitivity_samples": 512}


class Sections(Mapping):
    """The sections of a report by name, each as one text."""

    def __init__(self, content):
        self._content = content
        self._made = {}

    def __getitem__(self, name):
        if name not in self._made:
            section = make_section(name, self._content) if name in SECTIONS else None
            self._made[name] = None if section is None else _text_of(section.blocks)
        if self._made[name] is None:
            raise KeyError(name)
        return self._made[name]

    def __iter__(self):
        return (name for name in SECTIONS if name in self)

    def __len__(self):
        return len(list(self))


@pytest.fixture(scope="session")
def gathered():
    """Return a function that gives the content of a small report of a study, once for all tests."""
    kept = {}

    def make(study, **options):
        options = SMALL_REPORT | options
        if not study.sha256:
            return prepare(study, **options)
        key = study.sha256, repr(options)
        if key not in kept:
            kept[key] = prepare(study, **options)
        return kept[key]

    return make


@pytest.fixture
def content(small, gathered):
    return gathered(small)


TABLES = """
format = 1

[study]
title = "Stocks of two countries that lose a share"
headline = "total[2040]"

[indices.country]
label = "Country"
members = { us = "United States", india = "India" }

[indices.year]
label = "Year"
from = 2020
to = 2040
step = 5
unit = "year"

[indices.account]
members = { low = "Low account", high = "High account" }

[inputs.inflow]
label = "Inflow"
unit = "t/year"
index = ["country"]
point = { us = 2, india = 3 }
distribution = { us = "uniform(1, 3)", india = "uniform(1, 5)" }
note = "Of what comes in."

[inputs.luck]
label = "A year's luck"
unit = "1"
index = ["year"]
point = 1
distribution = "uniform(0.5, 1.5)"
across = { year = 0.5 }

[inputs.begun]
label = "What there was"
unit = "t"
index = ["account"]
point = { low = 20, high = 80 }

[inputs.account_used]
label = "Whose account"
member_of = "account"
point = "high"
distribution = "one_of(low=3, high=1)"

[equations]
stock = "previous(stock + inflow * luck * 5[year], year, begun[account_used])"

[outputs.stock]
label = "Stock"
unit = "t"
published = { us = { 2040 = 90 } }

[outputs.total]
label = "Both stocks"
value = "sum(stock, country)"
unit = "t"
published = { 2040 = 200 }

[outputs.last]
label = "Stock in the last year"
value = "stock[2040]"
unit = "t"
published = { us = 90 }
reference = 60
"""


@pytest.fixture(scope="session")
def tables(tmp_path_factory, gathered):
    """The content of a report of a study with indices and a category."""
    path = tmp_path_factory.mktemp("tables") / "tables.toml"
    path.write_text(TABLES, encoding="utf-8")
    return gathered(un.load_study(path))


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
    return write_report(un.load_study(folder / "study.toml"), folder / "study", threads=2, **SMALL_REPORT)


@pytest.fixture(scope="session")
def sections_of(gathered):
    """Return a function that gives a study's sections by name, and each as one text."""
    kept = {}

    def make(study, **options):
        content = gathered(study, **options)
        return kept.setdefault(id(content), Sections(content))

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
