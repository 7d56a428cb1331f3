"""The sources of a study by the names that readers know, and for reference managers: BibTeX and CSL JSON."""

from __future__ import annotations

import json
from collections import Counter
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.characters import clean, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        "title": f"{{{tex(source.title)}}}" if source.title else "",
        "author": " and ".join(map(bibtex_author, source.authors)),
        "year": "" if source.year is None else str(source.year),
        "doi": source.doi,
        "eprint": source.arxiv,
        "archiveprefix": "arXiv" if source.arxiv else "",
        "url": source.url or source.address,
        "urldate": source.accessed.isoformat() if source.accessed else "",
        "note": tex(_seen(study, source)),
    }
    lines = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{source.key},", *lines, "}", ""])


def bibtex_author(name: str) -> str:
    """Write a person as "Family, Given", which needs no more signs; an organisation stands in braces."""
    return tex(name) if "," in name and " and " not in name else f"{{{tex(name)}}}"


def tex(text: str) -> str:
    """Write a text so that TeX reads no sign of it as its own."""
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


LONGEST_TITLE = 60
"""Characters of a title that stands for the name of a source without authors."""


class Described(NamedTuple):
    """What a name is made of."""

    title: str = ""
    authors: Sequence[str] = ()
    year: int | None = None


def source_names(sources: Mapping[str, Described]) -> dict[str, str]:
    """Name every source; where two would have one name, a letter or the key tells them apart."""
    plain = {key: _name(key, source) for key, source in sources.items()}
    taken = Counter(plain.values())
    met: Counter[str] = Counter()
    names = {}
    for key, name in plain.items():
        letter = ascii_lowercase[met[name] : met[name] + 1] if sources[key].year is not None else ""
        met[name] += 1
        names[key] = name if taken[name] == 1 else f"{name}{letter or f' ({key})'}"
    return names


def _name(key: str, source: Described) -> str:
    families = [clean(author).partition(",")[0].strip() for author in source.authors]
    title = clean(source.title).strip()
    if len(families) > 2:
        name = f"{families[0]} et al."
    elif families:
        name = " and ".join(families)
    elif title:
        name = f"“{title if len(title) <= LONGEST_TITLE else f'{title[: LONGEST_TITLE - 1].rstrip()}…'}”"
    else:
        name = key
    return name if source.year is None else f"{name} {source.year}"
