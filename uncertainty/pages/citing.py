"""What a study cites, in the words and links of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.numbers import count
from uncertainty.pages.blocks import Span, Text, joined, link, strong
from uncertainty.study.sources import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.study.model import Study
    from uncertainty.study.sources import Source


def cited(study: Study, text: str) -> Text:
    """Return a source or note of a study with its sources by name, and a link for whatever has an address."""
    found = pieces(text, study.sources)
    if not any(piece.to or piece.key in study.sources for piece in found):
        return text
    return tuple(Span(piece.text, to=piece.to) for piece in found)


def what_was_read(study: Study) -> Text:
    """Say which sources of a study were read in full, and what was seen of the others; nothing for none."""
    sources = tuple(study.sources.values())
    if not sources:
        return ""
    whole = sum(source.seen == "full text" for source in sources)
    if whole == len(sources):
        return (strong("What was read: "), f"{_all(whole)} in full.")
    parts: list[Text] = [f"{whole or 'none'} of {count(len(sources), 'source')} in full."]
    for said, kind in (
        (" Only the abstract of ", lambda each: each.seen == "abstract"),
        (" Only an excerpt of ", lambda each: each.seen == "excerpt"),
        (" Known through another source alone: ", lambda each: each.second_hand),
        (" The study does not say it of ", lambda each: each.seen is None and not each.through),
    ):
        if found := [source for source in sources if kind(source)]:
            parts += [said, _listed(study, found), "."]
    return joined(strong("What was read: "), *parts)


def _all(number: int) -> str:
    return "the one source" if number == 1 else f"all {count(number, 'source')}"


def _listed(study: Study, sources: Iterable[Source]) -> Text:
    parts: list[Text] = []
    for source in sources:
        parts += ["; "] if parts else []
        parts.append(named(source))
        if source.second_hand and source.through:
            parts += [" (through ", named(study.sources[source.through]), ")"]
    return joined(*parts)


def named(source: Source) -> Span:
    """Return a source's name, with a link to where it is to be found."""
    return link(source.name, source.address)
