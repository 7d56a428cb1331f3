"""How a study is cited: in words, as BibTeX, and as a citation file that YAML reads as meant."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

import uncertainty as un
from uncertainty._version import __version__ as VERSION  # noqa: N812 - it is one
from uncertainty.study import bundled
from uncertainty.study.citation import (
    CITATION,
    SOFTWARE_TITLE,
    address_beside,
    bibtex_of,
    cff,
    cited_as,
    is_ours,
    permanent,
    spdx,
)
from uncertainty.study.sources import Source

HOSTILE = 'a: "b" # {c} - [d] \\input{e} & <f> %g ~^_$ \u202e\x1b[31m\n- h'
SHOWN = 'a: "b" # {c} - [d] \\input{e} & <f> %g ~^_$ - h'


@pytest.fixture
def study(small):
    return replace(
        small,
        name="two words",
        title="Writing",
        sha256="ab" * 32,
        authors=("Doe, J.", "The Group"),
        date=date(2026, 11, 28),
        licence="CC BY 4.0",
        url="https://example.org/a",
        version="1.2",
        question="Is it so, says @one?",
        source="@one",
        sources={
            "one": Source("one", "Roe 2020", title="First", authors=("Roe, R.",), year=2020, doi="10.1000/x"),
            "two": Source("two", "“two”", title="", url="https://example.org/two"),
        },
    )


def test_a_study_is_cited_by_whom_when_what_where_and_its_hash(study):
    hashed, software = f"sha256:{'ab' * 32}", f"the software Uncertainty {VERSION}"
    assert cited_as(study) == (
        "Doe, J.; The Group (2026-11-28). Writing (version 1.2) [study], "
        f"calculated with {software}. https://example.org/a (accessed YYYY-MM-DD). "
        f"{hashed}. Examines Roe 2020, https://doi.org/10.1000/x."
    )
    bare = replace(study, authors=(), date=None, url="", version="", sha256="", source="", file="")
    assert (cited_as(bare), permanent(bare)) == (
        f"Anonymous (n.d.). Writing [study], calculated with {software}.",
        "",
    )
    assert bibtex_of(study).splitlines() == [
        "@misc{two-words,",
        "  title = {{Writing}},",
        "  author = {Doe, J. and {The Group}},",
        "  year = {2026},",
        "  month = {11},",
        "  day = {28},",
        "  version = {1.2},",
        "  url = {https://example.org/a},",
        "  urldate = {YYYY-MM-DD},",
        f"  note = {{{hashed}; calculated with {software}; examines Roe 2020, https://doi.org/10.1000/x}},",
        "}",
    ]


def test_a_study_without_an_address_says_where_its_file_is(study):
    own = replace(study, url="", file="/somewhere/of_mine.toml")
    hashed = f"sha256:{'ab' * 32}"
    assert f" Study file of_mine.toml, {hashed}. Examines" in cited_as(own)
    assert "  howpublished = {Study file of\\_mine.toml}," in bibtex_of(own)
    shipped = replace(own, name="alone", file=str(bundled.folder() / "alone.toml"))
    assert f"Study file alone.toml, part of that software, {hashed}." in cited_as(shipped)
    version = f"the software Uncertainty {VERSION}"
    assert f"howpublished = {{Study file alone.toml, part of {version}}}" in bibtex_of(shipped)


def test_the_program_is_cited_by_the_title_of_its_own_citation_file():
    own = Path(__file__).parents[2] / CITATION
    assert yaml.safe_load(own.read_text(encoding="utf-8"))["title"] == SOFTWARE_TITLE


def test_a_citation_file_holds_what_the_study_says_of_itself_and_its_sources(study):
    found = yaml.safe_load(cff(study))
    assert found == {
        "cff-version": "1.2.0",
        "message": "If you use this study, please cite it as below.",
        "type": "dataset",
        "title": "Writing",
        "authors": [{"family-names": "Doe", "given-names": "J."}, {"name": "The Group"}],
        "abstract": "Is it so, says Roe 2020?",
        "version": "1.2",
        "url": "https://example.org/a",
        "date-released": date(2026, 11, 28),
        "license": "CC-BY-4.0",
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{'ab' * 32}",
                "description": "SHA-256 of the study and its data",
            }
        ],
        "references": [
            {
                "type": "generic",
                "title": "First",
                "authors": [{"family-names": "Roe", "given-names": "R."}],
                "doi": "10.1000/x",
                "year": 2020,
            },
            {
                "type": "generic",
                "title": "“two”",
                "authors": [{"alias": "anonymous"}],
                "url": "https://example.org/two",
            },
            {
                "type": "software",
                "title": SOFTWARE_TITLE,
                "version": VERSION,
                "authors": [{"name": "The Uncertainty developers"}],
            },
        ],
    }
    # as many as the format asks for
    assert yaml.safe_load(cff(replace(study, authors=(), sources={})))["authors"] == [{"alias": "anonymous"}]


def test_hostile_texts_stay_texts_in_every_form(study):
    hostile = replace(
        study,
        name=HOSTILE,
        title=HOSTILE,
        authors=(HOSTILE, f"{HOSTILE}, x", ","),
        licence=HOSTILE,
        version=HOSTILE,
        question=HOSTILE,
        sources={"one": Source("one", "Roe", title=HOSTILE, authors=(HOSTILE,))},
    )
    found = yaml.safe_load(cff(hostile))
    assert {found[key] for key in ("title", "version", "abstract")} == {SHOWN}
    assert found["authors"] == [
        {"name": SHOWN},
        {"family-names": SHOWN, "given-names": "x"},
        {"name": ","},
    ]
    assert (found["references"][0]["title"], "license" in found) == (SHOWN, False)
    entry = bibtex_of(hostile)
    assert re.match(r"@misc\{[A-Za-z0-9_-]+,\n", entry)
    bare = re.sub(r"\\text\w+\{\}|\\[&%$#_]", "", entry)
    assert bare.count("{") == bare.count("}")
    bare = "".join(line for line in bare.splitlines()[1:] if "url = " not in line)
    assert not re.search(r"[\\&%$#_~^]", bare)
    assert "\x1b" not in entry + cited_as(hostile) + cff(hostile)
    assert "\u202e" not in entry + cited_as(hostile) + cff(hostile)


@pytest.mark.parametrize(
    ("written", "name"),
    [("CC BY 4.0", "CC-BY-4.0"), ("cc-by-sa-4.0", "CC-BY-SA-4.0"), ("mit", "MIT"), ("mine", ""), ("", "")],
)
def test_a_licence_is_known_however_it_is_spelt(written, name):
    assert spdx(written) == name


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.org", "https://example.org/embed.html"),
        ("https://example.org/a/", "https://example.org/a/embed.html"),
        ("https://example.org/a", "https://example.org/a/embed.html"),
        ("https://example.org/a/index.html", "https://example.org/a/embed.html"),
        ("https://example.org/a?b=1&c=2/3#d", "https://example.org/a/embed.html"),
        ("", ""),
    ],
)
def test_files_beside_a_report_are_found_from_its_address(study, url, found):
    assert address_beside(replace(study, url=url), "embed.html") == found


def test_a_citation_file_of_another_is_told_from_a_study_s(study, tmp_path):
    ours, other = tmp_path / CITATION, tmp_path / "other.cff"
    ours.write_text(cff(study), encoding="utf-8")
    other.write_text('message: "If you use this software"')
    assert (is_ours(ours), is_ours(other), is_ours(tmp_path / "none")) == (True, False, False)


def test_a_file_whose_name_is_no_text_is_named_by_what_is_text(small_text, tmp_path):
    from uncertainty.pages.crate import study_files

    path = tmp_path / "x\udcffy.toml"
    try:
        path.write_text(small_text)
    except OSError:
        pytest.skip("this file system has names in UTF-8 alone")
    study = un.load_study(path)
    assert " Study file xy.toml, sha256:" in cited_as(study)
    assert list(study_files(study)) == ["xy.toml"]
