"""Bundles: a crate that describes what is in it, the same bytes for the same study, and macros of LaTeX."""

import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest

import uncertainty as un
from uncertainty.pages.content import prepare
from uncertainty.pages.crate import METADATA, archive, crate, environment
from uncertainty.pages.macros import macros, number_tex
from uncertainty.settings import Settings

VERSIONS = {"uncertainty": "1", "Python": "3.11.7", "numpy": "2.0"}
NASTY = '</script><script>alert(1)</script> \\" {{ 7*7 }} %s \\u202e ../../x'  # as TOML writes it
ITSELF = """
authors = ["Doe, J.", "{0}"]
date = 2026-11-28
licence = "{0}"
version = "{0}"
url = "https://example.org/a"
question = "{0}"
"""
SOURCES = """
[sources]
one = {{ title = "{0}", authors = ["{0}"], doi = "10.1000/x" }}
two = {{ title = "{0}", doi = "10.1000/x" }}
three = {{ title = "{0}" }}
"""

TERMS = {
    *("@id", "@type", "about", "author", "citation", "conformsTo", "contentSize", "datePublished"),
    *("description", "encodingFormat", "hasPart", "identifier", "inLanguage", "instrument", "license"),
    *("mentions", "name", "object", "result", "softwareRequirements", "softwareVersion", "url", "version"),
}
"""Terms of the context of RO-Crate 1.1 that are used: no other may be."""


@pytest.fixture
def nasty(write_study):
    """Return a study whose every text of itself is hostile."""
    path = write_study(
        replace={'title = "Commuting"': f'title = "{NASTY}"{ITSELF.format(NASTY)}'},
    )
    path.write_text(path.read_text("utf-8") + SOURCES.format(NASTY), encoding="utf-8")
    return un.load_study(path)


def graph_of(files):
    document = json.loads(files[METADATA])
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    return {entity["@id"]: entity for entity in document["@graph"]}, document["@graph"]


def references(value):
    if isinstance(value, dict):
        yield from [value["@id"]] if value.keys() == {"@id"} else []
        for each in value.values():
            yield from references(each)
    for each in value if isinstance(value, list) else ():
        yield from references(each)


def test_a_crate_describes_every_file_and_refers_to_nothing_else(nasty):
    report = {"index.html": "<p>", "figures/a b.svg": "<svg>", "figures/a b.csv": "x", "results.json": "{}"}
    made = crate(nasty, report, VERSIONS, "uncertainty report x")
    entities, graph = graph_of(made)
    assert len(entities) == len(graph)
    assert all(entity.keys() <= TERMS for entity in graph)
    files = {unquote(key) for key, entity in entities.items() if entity["@type"] == "File"}
    assert files == {*report, *made} - {METADATA}
    assert {unquote(each["@id"]) for each in entities["./"]["hasPart"]} == files
    known = {*entities, "https://w3id.org/ro/crate/1.1"}
    assert {name for entity in graph for name in references(entity)} <= known
    root = entities["./"]
    assert (root["datePublished"], root["identifier"]) == ("2026-11-28", f"sha256:{nasty.sha256}")
    assert entities[root["license"]["@id"]]["name"] == root["version"]
    assert entities["figures/a%20b.svg"]["encodingFormat"] == "image/svg+xml"
    assert entities["index.html"]["contentSize"] == "3"
    study = entities["#run"]["object"]["@id"]
    assert made[study].startswith(b"\nformat = 1")
    assert "\u202e" not in made[METADATA]


def test_a_study_that_says_nothing_of_itself_has_a_crate_too(small, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    entities, _ = graph_of(crate(small, {}, VERSIONS, "x"))
    assert entities["./"]["datePublished"] == "1970-01-02"
    assert entities["#licence"]["name"] == "No licence given"
    assert entities["#author-1"]["name"] == "anonymous"


def test_an_archive_is_the_same_bytes_whenever_it_is_made():
    files = {"b.txt": "ö", "a/c.bin": b"\x00"}
    made = archive(files)
    assert made == archive(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.namelist() == ["a/c.bin", "b.txt"]
        assert packed.read("b.txt") == "ö".encode()
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_environment_is_as_pip_reads_it():
    assert environment(VERSIONS) == "# Python 3.11.7\nuncertainty==1\nnumpy==2.0\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("12,000", "12,000"),
        ("-1,200", r"\ensuremath{-1{,}200}"),
        ("1.23e-9", r"\ensuremath{1.23\times10^{-9}}"),
        ("49 ± 0.3 %", r"49 \ensuremath{\pm} 0.3 \%"),
        ("-1 to 2e+20", r"\ensuremath{-1} to \ensuremath{2\times10^{20}}"),
        ("yes: 3 %", r"yes: 3 \%"),
        ("x-1 a_2", r"x-1 a\_2"),
    ],
)
def test_numbers_are_set_as_latex_sets_them(text, written):
    assert number_tex(text) == written


def test_every_result_is_a_macro_by_the_names_in_the_study(content):
    text = macros(content)
    set_ = dict(re.findall(r"^\\setresult\{([^{}]+)\}\{(.*)\}$", text, re.MULTILINE))
    headline = content.study.headline
    for reading in content.study.readings:
        found = content.run_under(reading).outputs[headline]
        assert set_[f"{reading}/{headline}/interval"] == found.written[1]
        low, high = (set_[f"{reading}/{headline}/{end}"] for end in ("low", "high"))
        assert f"{low} to {high}" == found.written[1]
    assert f"\\result{{as_published/{headline}/median}}" in text
    assert set_["hash"] == f"sha256:{content.study.sha256}"
    assert len(set_) == text.count("\n\\setresult{")


def test_a_macro_names_what_was_published_of_the_draws_and_asks_no_share_of_a_yes_or_no(tmp_path):
    study = """
format = 1
[study]
title = "T"
headline = "y"
[inputs.a]
unit = "kg"
point = 2
distribution = "1 to 3"
[outputs.y]
unit = "kg"
value = "a"
reference = 2
published = { probability = 0.48, median = 2 }
[outputs.z]
unit = "1"
value = "where(a > 2[kg], 1, 0)"
published = { mean = 0.38 }
[outputs.w]
unit = "kg"
value = "a"
published = 2
"""
    (tmp_path / "s.toml").write_text(study, encoding="utf-8")
    text = macros(prepare(un.load_study(tmp_path / "s.toml"), Settings(samples=512), 128))
    set_ = dict(re.findall(r"^\\setresult\{([^{}]+)\}\{(.*)\}$", text, re.MULTILINE))
    own = "as_published"
    assert set_[f"{own}/y/published"] == "share of the draws at or above the reference 0.48"
    assert set_[f"{own}/z/published"] == "mean 0.38"
    assert set_[f"{own}/w/published"] == "2"
    assert set_[f"{own}/z/median"].startswith("yes: ")
    assert f"{own}/w/at-least-published" in set_
    assert not {f"{own}/y/at-least-published", f"{own}/z/at-least-published"} & set_.keys()
