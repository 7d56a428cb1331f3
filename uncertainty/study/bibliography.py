"""The sources of a study for reference managers: BibTeX, and CSL JSON (Citation Style Language 1.0.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from uncertainty.characters import clean, escaped

if TYPE_CHECKING:
    from uncertainty.study.model import Study
    from uncertainty.study.sources import Source

ENDINGS = (".bib", ".csl.json")
"""Endings of files that hold sources alone."""

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


def bibtex(study: Study) -> str:
    """Return the sources of a study as BibTeX, each an entry of its key, everything in it escaped."""
    return "\n".join(_entry(study, source) for source in study.sources.values())


def _entry(study: Study, source: Source) -> str:
    # addresses have no sign that BibTeX or LaTeX's own commands for them take for another
    fields = {
        "title": f"{{{_tex(source.title)}}}" if source.title else "",
        "author": " and ".join(map(_author, source.authors)),
        "year": "" if source.year is None else str(source.year),
        "doi": source.doi,
        "eprint": source.arxiv,
        "archiveprefix": "arXiv" if source.arxiv else "",
        "url": source.url or source.address,
        "urldate": source.accessed.isoformat() if source.accessed else "",
        "note": _tex(_seen(study, source)),
    }
    lines = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{source.key},", *lines, "}", ""])


def _author(name: str) -> str:
    """Write a person as "Family, Given", which needs no more signs; an organisation stands in braces."""
    return _tex(name) if "," in name and " and " not in name else f"{{{_tex(name)}}}"


def _tex(text: str) -> str:
    return "".join(_ESCAPED.get(sign, sign) for sign in clean(text))


def csl_json(study: Study) -> str:
    """Return the sources of a study as CSL JSON."""
    found = [_item(study, source) for source in study.sources.values()]
    return escaped(json.dumps(found, indent=2, ensure_ascii=False)) + "\n"


def _item(study: Study, source: Source) -> dict[str, Any]:
    item = {
        "id": source.key,
        "type": "document",
        "title": source.title,
        "author": [_person(name) for name in source.authors],
        "issued": None if source.year is None else {"date-parts": [[source.year]]},
        "DOI": source.doi,
        "archive": "arXiv" if source.arxiv else "",
        "archive_location": source.arxiv,
        "URL": source.url or source.address,
        "note": _seen(study, source),
    }
    if day := source.accessed:
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    return {key: value for key, value in item.items() if value}


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    if not comma:
        return {"literal": name}
    return {"family": family.strip(), "given": given.strip()}


def _seen(study: Study, source: Source) -> str:
    """Say what was read of a source, where the study says it."""
    if source.second_hand:
        return f"through {study.sources[source.through].name}" if source.through else "through another"
    return f"read: {source.seen}" if source.seen else ""
