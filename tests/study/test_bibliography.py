"""Sources go to reference managers as BibTeX and CSL JSON, and no text in them is a command."""

import json
import re
from types import SimpleNamespace

import pytest
from sourced_study import HOSTILE, SOURCED
from variants import one_in

import uncertainty as un
from uncertainty.study import bibliography
from uncertainty.study.bibliography import bibtex, csl_json, note_of

HARM = r"""\input{/etc/passwd} } , @comment{ " ~^#$%&_ \write18{rm} """


def entries(text):
    """Read BibTeX as its grammar has it: an entry's fields in braces that balance, a key before them."""
    found = {}
    at = 0
    while match := re.compile(r"\s*@misc\{([a-z][a-z0-9_]*),\n").match(text, at):
        fields, at = {}, match.end()
        while field := re.compile(r"\s*([a-z]+) = \{").match(text, at):
            end, depth = field.end(), 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            fields[field[1]] = text[field.end() : end - 1]
            assert text[end : end + 2] == ",\n"
            at = end + 1
        assert text[at : at + 3] == "\n}\n"
        at += 3
        found[match[1]] = fields
    assert not text[at:].strip()
    return found


def test_every_source_is_a_bibtex_entry_of_its_key(sourced):
    found = entries(bibtex(sourced))
    assert list(found) == list(sourced.sources)
    assert found["smith2020"] == {
        "title": "{The weight of a page}",
        "author": "Smith, A. and Roe, B. and Poe, C.",
        "year": "2020",
        "doi": "10.1000/182",
        "url": "https://doi.org/10.1000/182",
        "urldate": "2026-11-27",
        "note": "read: full text",
    }
    assert found["smith_other"]["eprint"] == "2303.06219v2"
    assert found["organisation"]["author"] == "{Office of Paper}"
    assert found["through"]["note"] == "through Smith et al. 2020a"


def test_every_source_is_a_csl_item_of_its_key(sourced):
    found = {item.pop("id"): item for item in json.loads(csl_json(sourced))}
    assert list(found) == list(sourced.sources)
    assert found["smith2020"]["author"][0] == {"family": "Smith", "given": "A."}
    assert found["organisation"]["author"] == [{"literal": "Office of Paper"}]
    assert found["smith2020"]["issued"] == {"date-parts": [[2020]]}
    assert found["smith2020"]["accessed"] == {"date-parts": [[2026, 11, 27]]}
    assert (found["smith2020"]["DOI"], found["smith2020"]["note"]) == ("10.1000/182", "read: full text")
    assert found["smith_other"]["archive_location"] == "2303.06219v2"
    assert all(item["type"] == "document" for item in found.values())


def test_a_suffix_of_a_name_is_no_given_name(write_study):
    path = write_study(
        SOURCED, replace={'["Smith, A.", "Roe, B.", "Poe, C."]': '["King, Martin, Jr.", "Doe, A., MD"]'}
    )
    study = un.load_study(path)
    # BibTeX takes what stands between two commas for the suffix
    assert entries(bibtex(study))["smith2020"]["author"] == "King, Jr., Martin and Doe, {A., MD}"
    assert next(item for item in json.loads(csl_json(study)) if item["id"] == "smith2020")["author"] == [
        {"family": "King", "given": "Martin", "suffix": "Jr."},
        {"family": "Doe", "given": "A., MD"},
    ]


@pytest.mark.parametrize(
    ("authors", "name", "author", "people"),
    [
        ('"Smith, A. & Roe, B."', "Smith and Roe 2020", "Smith, A. and Roe, B.", 2),
        ('"Smith A, van Roe BC"', "Smith A and van Roe BC 2020", "{Smith A} and {van Roe BC}", 2),
        ('"Smith A, Roe BC, et al."', "Smith A et al. 2020", "{Smith A} and {Roe BC} and others", 3),
        ('"Smith, A., Roe, B., & Poe, C."', "Smith et al. 2020", "Smith, A. and Roe, B. and Poe, C.", 3),
        ('"Smith, A. et al."', "Smith et al. 2020", "Smith, A. and others", 2),
        ('"Smith, A.", "et al."', "Smith et al. 2020", "Smith, A. and others", 2),
        ('"Smith et al."', "Smith et al. 2020", "{Smith} and others", 2),
        ('"Land, Air and Water"', "Land, Air and Water 2020", "{Land, Air and Water}", 1),
        ('"Smith, A., Jr."', "Smith 2020", "Smith, Jr., A.", 1),
    ],
)  # fmt: skip
def test_authors_that_stand_together_are_several(write_study, authors, name, author, people):
    path = write_study(SOURCED, replace={'["Smith, A.", "Roe, B.", "Poe, C."]': f"[{authors}]"})
    study = un.load_study(path)
    assert study.sources["smith2020"].name.removesuffix("a") == name
    assert entries(bibtex(study))["smith2020"]["author"] == author
    (item,) = (each for each in json.loads(csl_json(study)) if each["id"] == "smith2020")
    assert len(item["author"]) == people


@pytest.mark.parametrize(
    "text", one_in(3, ["a } b", "\\", HARM, "a\n@misc{x,\n title = {y},\n}", "a { b", *HOSTILE])
)
def test_no_text_ends_its_field_or_is_a_command(write_study, text):
    named = SOURCED.replace('"The weight of a page"', json.dumps(text))
    named = named.replace('"Poe, C."', json.dumps(text.replace(";", "") + " and others"))
    study = un.load_study(write_study(named))
    found = entries(bibtex(study))
    assert list(found) == list(study.sources)
    commands = re.findall(r"\\[A-Za-z]+", found["smith2020"].get("title", "") + found["smith2020"]["author"])
    assert {command for command in commands if not command.startswith("\\text")} == set()
    assert json.loads(csl_json(study))[0]["id"] == "smith2020"


@pytest.mark.parametrize("name", ["sources.bib", "sources.csl.json"])
def test_export_writes_the_sources_alone(command, write_study, tmp_path, name):
    path = write_study(SOURCED)
    found = command("export", path, "--to", name)
    assert (found.code, found.err) == (0, "")
    assert found.out.replace("\n", " ").startswith(f"Wrote {name} with the sources alone")
    study = un.load_study(path)
    assert (tmp_path / name).read_text(encoding="utf-8") == (bibtex if "bib" in name else csl_json)(study)
    assert command("export", path, "--to", name).code == 2


def test_export_of_the_sources_of_a_study_without_any_is_refused(command, write_study, tmp_path):
    found = command("export", write_study(), "--to", "sources.bib")
    assert found.code == 2
    assert found.err == "error: sources.bib: the study has no [sources] to write\n"
    assert not (tmp_path / "sources.bib").exists()


def test_a_text_that_the_schema_marks_stands_beside_the_note_after_its_keys_name(monkeypatch):
    monkeypatch.setattr(bibliography, "prose", lambda: ("source", "note", "because", "measured_with"))
    part = SimpleNamespace(source="@one", note="A note.", because="why", measured_with="a scale")
    assert note_of(part) == "A note. Measured with: a scale"
    assert note_of(SimpleNamespace(source="@one")) == ""
