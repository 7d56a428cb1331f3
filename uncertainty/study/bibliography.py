"""The sources of a study: what each is called, how it is read, and that every key that is cited is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import partial
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.characters import clean, escaped
from uncertainty.errors import InvalidValue, way_back
from uncertainty.expressions import find_cycle
from uncertainty.records import Frozen
from uncertainty.study.keys import prose
from uncertainty.study.sources import OTHERS, Source, apart, keys, person, read_arxiv, read_doi, read_url
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from uncertainty.study import schema
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Study

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
    found = person(name)
    if found is None:
        return "others" if name == OTHERS else f"{{{tex(name)}}}"
    given = f"{{{tex(found.given)}}}" if "," in found.given else tex(found.given)
    return ", ".join(filter(None, (tex(found.family), tex(found.suffix), given)))


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
    found = person(name)
    return {key: text for key, text in found._asdict().items() if text} if found else {"literal": name}


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
    authors = apart(source.authors)
    persons = [(person(author), author) for author in authors if author != OTHERS]
    families = [found.family for found, _ in persons if found]
    bodies = [written for found, written in persons if not found]
    title = clean(source.title).strip()
    if families or bodies:
        of = f" ({_some(bodies)})" if families and bodies else ""
        name = f"{_some(families or bodies, are_more=OTHERS in authors)}{of}"
    elif title:
        name = f"“{title if len(title) <= LONGEST_TITLE else f'{title[: LONGEST_TITLE - 1].rstrip()}…'}”"
    else:
        name = key
    return name if source.year is None else f"{name} {source.year}"


def _some(names: Sequence[str], *, are_more: bool = False) -> str:
    """Name two authors at most, and of more the first."""
    return " and ".join(names) if len(names) <= 2 and not are_more else f"{names[0]} {OTHERS}"


def read_sources(tables: Mapping[str, schema.SourceTable], faults: Faults) -> Mapping[str, Source]:
    """Read the sources of a study; what cannot be read of one is a fault and left out."""
    names = source_names({key: Described(t.title, t.authors, t.year) for key, t in tables.items()})
    found = {key: _source(key, names[key], table, faults) for key, table in tables.items()}
    return Frozen(found)


def read_text(key: str, text: str, read: Callable[[str], str], faults: Faults) -> str:
    """Read a text that may be empty; one that cannot be read is a fault and left out."""
    return (text and faults.attempt(key, lambda: read(text))) or ""


def read_authors(key: str, authors: list[str], faults: Faults) -> tuple[str, ...]:
    """Read names of people or organisations, one an entry."""
    for place, name in enumerate(authors):
        faults.attempt(f"{key}[{place}]", partial(_one_name, name))
    return apart(authors)


def _one_name(name: str) -> str:
    if not clean(name).strip():
        raise InvalidValue("expected a name, found nothing")
    if ";" in name:
        raise InvalidValue(f'expected one name an entry, found "{clean(name)[:60]}"; give each its own')
    return name


def _source(key: str, name: str, table: schema.SourceTable, faults: Faults) -> Source:
    path = f"sources.{key}"
    told = ("title", "authors", "doi", "arxiv", "url")
    if not any(getattr(table, each) or faults.stands("sources", key, each) for each in told):
        faults.add(path, "expected a title, authors, a doi, an arxiv number or a url")
    return record_of(
        Source,
        table,
        key=key,
        name=name,
        title=clean(table.title),
        authors=read_authors(f"{path}.authors", table.authors, faults),
        doi=read_text(f"{path}.doi", table.doi, read_doi, faults),
        arxiv=read_text(f"{path}.arxiv", table.arxiv, read_arxiv, faults),
        url=read_text(f"{path}.url", table.url, read_url, faults),
    )


class Prose(NamedTuple):
    """A text of a study that may cite sources.

    Parameters
    ----------
    at, key
        Where it stands in the file, and under which key, such as ``"note"``.
    owner
        The part that it is of.
    """

    at: str
    key: str
    owner: Any
    text: str


class Citing(NamedTuple):
    """A text that may cite sources, where in the study's file it is named, and where else it stands.

    Parameters
    ----------
    place
        Its file and lines, before a message; nothing for a text of the study's own file.
    """

    at: str
    key: str
    text: str
    place: str = ""


def texts(parts: Any) -> Iterator[Prose]:
    """Yield every text of a study that may cite sources.

    Parameters
    ----------
    parts
        A study, or the tables of its file.
    """
    study = getattr(parts, "study", parts)
    yield from _of("study", study, study)
    for name, item in parts.inputs.items():
        yield from _of(f"inputs.{name}", item, item)
        for place, found in enumerate(item.evidence):
            yield from _of(f"inputs.{name}.evidence[{place}]", item, found)
        for place, expert in enumerate(getattr(item, "experts", ())):
            yield from _of(f"inputs.{name}.experts[{place}]", item, expert)
    for section in ("equations", "outputs", "observations", "curves"):
        for name, part in getattr(parts, section).items():
            yield from _of(f"{section}.{name}", part, part)
    for section in ("correlations", "independent", "excluded"):
        for place, pair in enumerate(getattr(parts, section, ())):
            yield from _of(f"{section}[{place}]", pair, pair)
    for name, choice in parts.choices.items():
        yield from _of(f"choices.{name}", choice, choice)
        for option, part in choice.options.items():
            yield from _of(f"choices.{name}.options.{option}", part, part)
    for name, reading in parts.readings.items():
        yield from _of(f"readings.{name}", reading, reading)


def said(part: Any) -> dict[str, Any]:
    """Return the texts of a part, or of its table, that may cite sources, by key."""
    return {key: given for key in prose() if (given := getattr(part, key, ""))}


def note_of(part: Any) -> str:
    """Return what is to be read beside a part: its note, and each other text after the name of its key.

    Sources and reasons have places of their own.
    """
    told = {key: text for key, text in said(part).items() if key not in ("source", "because")}
    return " ".join(text if key == "note" else f"{_heading(key)}: {text}" for key, text in told.items())


def _heading(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _of(key: str, owner: Any, part: Any) -> Iterator[Prose]:
    for name, given in said(part).items():
        for at, text in _leaves(f"{key}.{name}", given):
            yield Prose(at, name, owner, text)


def _leaves(key: str, given: object) -> Iterator[tuple[str, str]]:
    """Yield the texts of a table by members, each with its key; a text alone is its own."""
    if isinstance(given, Mapping):
        for member, inner in given.items():
            yield from _leaves(f"{key}.{member}", inner)
    elif isinstance(given, str) and given:
        yield key, given


def check_sources(table: schema.StudyFile, beside: Iterable[Citing], faults: Faults) -> None:
    """Record keys of sources that are cited and that no source has.

    A file without sources may speak of an @name in a text, as it always could; one that begins a source is
    held to be a key.

    Parameters
    ----------
    beside
        Texts of the files beside the study.
    """
    own = (Citing(at, key, text) for at, key, _, text in texts(table))
    for at, key, text, place in (*own, *beside):
        if table.sources:
            for name in keys(text):
                faults.known(at, name, table.sources, "source", place)
        elif text.startswith("@") and key == "source" and keys(text):
            faults.add(at, f'{place}unknown source "{keys(text)[0]}"; the file has no [sources]')
    through = {key: source.through for key, source in table.sources.items() if source.through}
    known = [
        faults.known(f"sources.{k}.through", name, table.sources, "source") for k, name in through.items()
    ]
    if all(known):
        cycle = find_cycle({key: [name] for key, name in through.items()})
        if cycle is not None:
            faults.add(f"sources.{cycle[0]}.through", f"is known through itself: {way_back(cycle)}")
