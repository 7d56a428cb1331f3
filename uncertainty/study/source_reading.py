"""The sources of a study file: each read and named, and every key that is cited held to be one of them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from uncertainty.characters import clean
from uncertainty.errors import InvalidValue
from uncertainty.expressions import find_cycle
from uncertainty.records import Frozen
from uncertainty.study.bibliography import Described, source_names
from uncertainty.study.sources import Source, keys, read_arxiv, read_doi, read_url, texts
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.study import schema
    from uncertainty.study.faults import Faults

_IS_SOURCE = re.compile(r"\.source(\.(?!note$|because$)\w+)*$")
"""Of the key of a text: whether it is a source, or a member's."""


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
    return tuple(clean(name).strip() for name in authors)


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


def check_sources(table: schema.StudyFile, faults: Faults) -> None:
    """Record keys of sources that are cited and that no source has.

    A file without sources may speak of an @name in a text, as it always could; one that begins a source is
    held to be a key.
    """
    for key, _, text in texts(table):
        if table.sources:
            for name in keys(text):
                faults.known(key, name, table.sources, "source")
        elif text.startswith("@") and _IS_SOURCE.search(key) and keys(text):
            faults.add(key, f'unknown source "{keys(text)[0]}"; the file has no [sources]')
    through = {key: source.through for key, source in table.sources.items() if source.through}
    known = [
        faults.known(f"sources.{k}.through", name, table.sources, "source") for k, name in through.items()
    ]
    if all(known):
        cycle = find_cycle({key: [name] for key, name in through.items()})
        if cycle is not None:
            faults.add(f"sources.{cycle[0]}.through", f"is known through itself: {' → '.join(cycle)}")
