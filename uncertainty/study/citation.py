"""How a study itself is cited: in words, as BibTeX, and as a citation file."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty._version import __version__
from uncertainty.bounds import LARGEST_DOCUMENT
from uncertainty.characters import clean, legible
from uncertainty.errors import UncertaintyError
from uncertainty.files import text_of
from uncertainty.late import regex
from uncertainty.study.bibliography import bibtex_author, tex
from uncertainty.study.bundled import is_bundled
from uncertainty.study.sources import address_of, person, pieces, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.study.model import Output, Study
    from uncertainty.study.sources import Source

CITATION = "CITATION.cff"

MESSAGE = "If you use this study, please cite it as below."

ANONYMOUS = "anonymous"

LICENCES = (
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "EUPL-1.2",
    "MIT",
    "MPL-2.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "PDDL-1.0",
)
"""Licences of data and texts by their names in the list of SPDX."""

_ASKED = regex(r"[?#]")
_APART = regex(r"[\s_-]+")
_KEY = regex(r"[^A-Za-z0-9_-]+")


def spdx(licence: str) -> str:
    """Return the name of a licence in the list of SPDX, however it is spelt; nothing for another."""
    wanted = _APART.sub("-", licence.strip().removesuffix(".")).lower()
    return next((name for name in LICENCES if name.lower() == wanted), "")


def permanent(study: Study) -> str:
    """Return what names a study whatever becomes of its address: the hash of the file and its data."""
    return f"sha256:{study.sha256}" if study.sha256 else ""


def heading(study: Study) -> str:
    """Return the title that a study is cited by."""
    return clean(study.title or study.name)


ACCESSED = "YYYY-MM-DD"
"""What stands for the day on which a reader looked at an address: styles of citation ask for it."""

SOFTWARE = f"the software Uncertainty {__version__}"
"""What a sentence calls this program: its name is a word of the language, so that it says what it is."""

SOFTWARE_TITLE = "Uncertainty: intervals and sensitivity for published calculations"
"""The title that this program is cited by, as in its own citation file."""

CALCULATED = f"calculated with {SOFTWARE}"


def publication(study: Study, output: Output) -> tuple[str, str]:
    """Return who published what an output stands for, and the https address of that; "" for the unknown.

    A published figure that cites a source at its beginning is that source's; another is the study's. A source
    without an address is found by its title.
    """
    first = published_in(study, output)
    if first is not None:
        title = f"“{first.title}”" if first.title and f"“{first.title}”" not in first.name else ""
        return first.name, first.address or title
    found = pieces(study.source.split(";")[0], study.sources)
    return "".join(piece.text for piece in found).strip(), next((each.to for each in found if each.to), "")


def published_in(study: Study, output: Output) -> Source | None:
    """Return the source that a published figure cites at its beginning; None where it cites no other."""
    first = next(iter(pieces(output.source, study.sources)), None)
    return None if first is None else study.sources.get(first.key)


def kept(study: Study, software: str = SOFTWARE) -> str:
    """Say where the file of a study is found that has no address: its name, and what it comes with."""
    if address(study) or not study.file:
        return ""
    return (
        f"Study file {legible(Path(study.file).name)}{f', part of {software}' if is_bundled(study) else ''}"
    )


def examined(study: Study) -> str:
    """Name the publication that a study examines, and where that is found; nothing without its source."""
    return ", ".join(filter(None, publication(study, study.outputs[study.headline])))


def cited_as(study: Study) -> str:
    """Return a study's citation in words."""
    authors = "; ".join(map(clean, study.authors)) or ANONYMOUS.capitalize()
    when = study.date.isoformat() if study.date else "n.d."
    version = f" (version {clean(study.version)})" if study.version else ""
    where = f"{address(study)} (accessed {ACCESSED})." if study.url else ""
    beside = ", ".join(filter(None, (kept(study, "that software"), permanent(study))))
    about = f"Examines {examined(study)}" if examined(study) else ""
    parts = [f"{authors} ({when}). {heading(study)}{version} [study], {CALCULATED}.", where]
    return " ".join(filter(None, (*parts, *(f"{each}." for each in (beside, about) if each))))


def address(study: Study) -> str:
    """Return where a study is kept, if it says so."""
    return address_of("url", study.url) if study.url else ""


def address_beside(study: Study, name: str) -> str:
    """Return where a file of a study's report is found that is kept at its address; nothing without one.

    What the address asks for, and the file that it names, are no folder that others stand in.
    """
    if not study.url:
        return ""
    whole = _ASKED.split(address(study), maxsplit=1)[0]
    host, *parts = whole.removeprefix("https://").split("/")
    folder = [part for part in parts if part]
    kept = folder[:-1] if folder and "." in folder[-1] else folder
    return "/".join(["https:/", host, *kept, name])


def bibtex_of(study: Study) -> str:
    """Return a study as an entry of BibTeX, everything in it escaped."""
    about = f"examines {examined(study)}" if examined(study) else ""
    fields = {
        "title": f"{{{tex(heading(study))}}}",
        "author": " and ".join(map(bibtex_author, study.authors)),
        "year": str(study.date.year) if study.date else "",
        "month": str(study.date.month) if study.date else "",
        "day": str(study.date.day) if study.date else "",
        "version": tex(study.version),
        "url": address(study),
        "urldate": ACCESSED if study.url else "",
        "howpublished": tex(kept(study)),
        "note": tex("; ".join(filter(None, (permanent(study), CALCULATED, about)))),
    }
    key = _KEY.sub("-", study.name).strip("-") or "study"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def cff(study: Study) -> str:
    """Return a study's citation file (Citation File Format 1.2.0), its sources as references.

    Every text is written as JSON writes it, which YAML reads as it is.
    """
    lines = [
        "cff-version: 1.2.0",
        f'message: "{MESSAGE}"',
        "type: dataset",
        f"title: {_text(heading(study))}",
        "authors:",
        *_people(study.authors, "  "),
    ]
    said = {
        "abstract": plain_text(study.question or study.note, study.sources),
        "version": study.version,
        "url": address(study),
    }
    lines += [f"{key}: {_text(value)}" for key, value in said.items() if clean(value)]
    if study.date:
        lines.append(f"date-released: {study.date.isoformat()}")
    if licence := spdx(study.licence):
        lines.append(f"license: {licence}")
    if study.sha256:
        lines += ["identifiers:", "  - type: other", f"    value: {_text(permanent(study))}"]
        lines.append('    description: "SHA-256 of the study and its data"')
    lines.append("references:")
    lines += [line for source in study.sources.values() for line in _reference(source)]
    return "\n".join([*lines, *PROGRAM, ""])


PROGRAM = (
    "  - type: software",
    f'    title: "{SOFTWARE_TITLE}"',
    f'    version: "{__version__}"',
    "    authors:",
    '      - name: "The Uncertainty developers"',
)
"""The program that has made a study's numbers, as a reference."""


def is_ours(path: Path) -> bool:
    """Tell whether a citation file is of a study."""
    try:
        return MESSAGE in text_of(path, LARGEST_DOCUMENT)
    except UncertaintyError:
        return False


def _text(text: str) -> str:
    return dumps(clean(text), ensure_ascii=False)


def _people(authors: Sequence[str], indent: str) -> Iterator[str]:
    """Write persons by their family and given names, and whoever has one name as an entity."""
    for author in authors:
        if found := person(author):
            yield f"{indent}- family-names: {_text(found.family)}"
            yield f"{indent}  given-names: {_text(found.given)}"
            if found.suffix:
                yield f"{indent}  name-suffix: {_text(found.suffix)}"
        else:
            yield f"{indent}- name: {_text(author.strip())}"
    if not authors:
        yield f"{indent}- alias: {ANONYMOUS}"


def _reference(source: Source) -> Iterator[str]:
    said: Mapping[str, str] = {
        "doi": source.doi,
        "url": source.address if source.address and not source.doi else "",
    }
    yield "  - type: generic"
    yield f"    title: {_text(source.title or source.name)}"
    yield "    authors:"
    yield from _people(source.authors, "      ")
    yield from (f"    {key}: {_text(value)}" for key, value in said.items() if value)
    if source.year is not None:
        yield f"    year: {source.year}"
