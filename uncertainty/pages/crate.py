"""A report as a research object: an RO-Crate with the study, its data, results and environment.

References
----------
Soiland-Reyes et al. 2022, https://doi.org/10.3233/DS-210053; RO-Crate Metadata Specification 1.1,
https://doi.org/10.5281/zenodo.5146227.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from os import environ
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from uncertainty._version import __version__
from uncertainty.characters import clean, escaped, legible
from uncertainty.pages.macros import MACROS
from uncertainty.study.citation import (
    ANONYMOUS,
    CITATION,
    SOFTWARE_TITLE,
    address,
    bibtex_of,
    heading,
    permanent,
    spdx,
)
from uncertainty.study.sources import person, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.study.model import Study

METADATA = "ro-crate-metadata.json"
ENVIRONMENT = "environment.txt"
BIBTEX = "citation.bib"

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROGRAM = "#uncertainty"

LONGEST_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the earliest that one can hold, the same for every run."""

KINDS = {
    ".html": "text/html",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".csv": "text/csv",
    ".tex": "application/x-tex",
    ".bib": "application/x-bibtex",
    ".cff": "text/yaml",
    ".toml": "application/toml",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

TOLD = {
    "index.html": "The report as a page",
    "numbers.html": "Every number, as a page",
    "embed.html": "The finding in one picture, for other pages to show",
    "figures/card.png": "The finding in one picture",
    "report.md": "The report as Markdown",
    "report.pdf": "The report to be printed",
    "results.json": "Every number, with its settings, seed and versions",
    MACROS: "The results as macros of LaTeX",
    CITATION: "How the study is cited (Citation File Format)",
    BIBTEX: "How the study is cited (BibTeX)",
    ENVIRONMENT: "What the numbers were made with",
}


def study_files(study: Study) -> dict[str, bytes]:
    """Return a study's file and its data, by their places in its folder; nothing for a Python function."""
    from uncertainty.bounds import LARGEST_SHEET
    from uncertainty.files import content_of
    from uncertainty.study.reader import data_of

    if not study.file:
        return {}
    path = Path(study.file)
    if path.is_dir():
        own = {each.relative_to(path).as_posix(): each for each in sorted(path.rglob("*")) if each.is_file()}
        return {name: content_of(each, LARGEST_SHEET) for name, each in own.items()}
    data = {Path(name).as_posix(): content for name, content in data_of(study).items()}
    return {legible(path.name): content_of(path, LARGEST_SHEET)} | data


def environment(versions: Mapping[str, str]) -> str:
    """Return what made the numbers, as pip reads it."""
    python = versions.get("Python", "")
    lines = [f"{name}=={version}" for name, version in versions.items() if name != "Python"]
    return "\n".join([f"# Python {python}", *lines, ""])


def crate(
    study: Study, files: Mapping[str, str | bytes], versions: Mapping[str, str], command: str
) -> dict[str, str | bytes]:
    """Return the files that make a report a crate: those of the study, and what describes them all.

    Parameters
    ----------
    files
        Of the report, by place.
    command
        What writes the report again.
    """
    own = study_files(study)
    made: dict[str, str | bytes] = dict(own)
    made |= {BIBTEX: bibtex_of(study), ENVIRONMENT: environment(versions)}
    everything = {**files, **made}
    places = sorted(everything)
    graph = [_descriptor(), _root(study, places), *_entities(study)]
    graph += [_file(place, everything[place], is_study=place in own) for place in places]
    graph += [_run(command, sorted(own), places), _program(versions)]
    document = {"@context": f"{SPECIFICATION}/context", "@graph": [_compact(each) for each in graph]}
    return made | {METADATA: escaped(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"}


def _compact(entity: dict[str, Any]) -> dict[str, Any]:
    """Write a list of one as that one."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
    }


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Return files as one archive, what describes them at its root: the same bytes for the same files."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as packed:
        for place in sorted(files):
            content = files[place]
            entry = ZipInfo(place, LONGEST_AGO)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            packed.writestr(entry, content.encode() if isinstance(content, str) else content)
    return buffer.getvalue()


def _descriptor() -> dict[str, Any]:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }


def _root(study: Study, places: list[str]) -> dict[str, Any]:
    question = clean(plain_text(study.question, study.sources))
    authors = [{"@id": f"#author-{number}"} for number, _ in enumerate(study.authors or (ANONYMOUS,), 1)]
    found: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": heading(study),
        "description": question or f"A published calculation and how sure it is: {heading(study)}",
        "datePublished": _day(study),
        "license": {"@id": _licence(study)},
        "author": authors,
        "inLanguage": study.language,
        "hasPart": [{"@id": _identifier(place)} for place in places],
        "mentions": {"@id": "#run"},
    }
    optional = {
        "version": clean(study.version),
        "url": address(study),
        "identifier": permanent(study),
        "citation": [{"@id": _source(key, source.address)} for key, source in study.sources.items()],
    }
    return found | {key: value for key, value in optional.items() if value}


def _day(study: Study) -> str:
    """Return when the study was published by its own word, or else the day of the bundle."""
    if study.date is not None:
        return study.date.isoformat()
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date().isoformat()


def _licence(study: Study) -> str:
    known = spdx(study.licence)
    return f"https://spdx.org/licenses/{known}" if known else "#licence"


def _source(key: str, where: str) -> str:
    return where or f"#source-{_identifier(key)}"


def _entities(study: Study) -> Iterator[dict[str, Any]]:
    """Yield the authors, the licence and the sources, each address once."""
    for number, author in enumerate(study.authors or (ANONYMOUS,), 1):
        yield {"@id": f"#author-{number}", "@type": _kind(author), "name": clean(author)}
    named = clean(study.licence)
    yield {
        "@id": _licence(study),
        "@type": "CreativeWork",
        "name": named or "No licence given",
        "description": named or "The study does not say under which licence it may be used.",
    }
    told: dict[str, dict[str, Any]] = {}
    for key, source in study.sources.items():
        where = _source(key, source.address)
        title = clean(source.title or source.name)
        entity: dict[str, Any] = {"@id": where, "@type": "CreativeWork", "name": title}
        entity |= {"author": [clean(author) for author in source.authors]} if source.authors else {}
        entity |= {"datePublished": str(source.year)} if source.year is not None else {}
        told.setdefault(where, entity)
    yield from told.values()


def _kind(author: str) -> str:
    """Tell persons, whose family name comes first, from organisations."""
    return "Person" if person(author) or author == ANONYMOUS else "Organization"


def _file(place: str, content: str | bytes, *, is_study: bool) -> dict[str, Any]:
    ending = Path(place).suffix.lower()
    told = TOLD.get(place) or ("The study, or data of it" if is_study else _of_figures(place, ending))
    size = len(content.encode() if isinstance(content, str) else content)
    found = {"@id": _identifier(place), "@type": "File", "name": place, "description": told}
    return found | {"contentSize": str(size), "encodingFormat": KINDS.get(ending, "application/octet-stream")}


def _of_figures(place: str, ending: str) -> str:
    return f"The data of the figure {Path(place).stem}" if ending == ".csv" else f"Figure {Path(place).stem}"


def _run(command: str, given: list[str], places: list[str]) -> dict[str, Any]:
    """Say what made the results of what."""
    made = [place for place in places if place not in given]
    found: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "The report was written",
        "description": clean(command),
        "instrument": {"@id": PROGRAM},
        "result": [{"@id": _identifier(place)} for place in made],
    }
    return found | ({"object": [{"@id": _identifier(place)} for place in given]} if given else {})


def _program(versions: Mapping[str, str]) -> dict[str, Any]:
    required = [f"{name} {version}" for name, version in versions.items() if name != "uncertainty"]
    return {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": SOFTWARE_TITLE,
        "softwareVersion": __version__,
        "softwareRequirements": required,
    }


def _identifier(place: str) -> str:
    """Return a file's place as an address relative to the crate."""
    return PurePosixPath("/", place).as_uri().removeprefix("file:///")
