"""Every source that the study names: what it is, where it is found, what of it was read, what cites it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from uncertainty.indices.lowering import Curve
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Bullets, Paragraph, Section, Span, Text, joined, link, strong
from uncertainty.study.bibliography import note_of, texts
from uncertainty.study.model import Choice, Correlation, Equation, Exclusion, Independence, Study
from uncertainty.study.probing import NOISY
from uncertainty.study.sources import address_of, keys, pieces
from uncertainty.wording import capitalised, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.pages.content import ReportContent
    from uncertainty.study.sources import Source


def cited(study: Study, text: str) -> Text:
    """Return a source or note of a study with its sources by name, and a link for whatever has an address."""
    found = pieces(text, study.sources)
    if not any(piece.to or piece.key in study.sources for piece in found):
        return text
    return tuple(Span(piece.text, to=piece.to) for piece in found)


def own_words(study: Study) -> list[Paragraph]:
    """Return what a study says of itself, and that its program has random numbers of its own where it has."""
    note = note_of(study)
    return [Paragraph(cited(study, note))] * bool(note) + ([] if NOISY in note else randomness(study))


def randomness(study: Study) -> list[Paragraph]:
    """Say that equal rows give other numbers, where they do."""
    return [Paragraph(NOISY)] if study.is_noisy else []


def what_was_read(study: Study) -> Text:
    """Say which sources of a study were read in full, and what was seen of the others; nothing for none."""
    sources = tuple(study.sources.values())
    if not sources:
        return ""
    # what evidence names in words alone is none of them
    of = count(len(sources), "listed source" if _unlisted(study)[0] else "source")
    every = f"the one {of.removeprefix('1 ')}" if len(sources) == 1 else f"all {of}"
    whole = sum(source.seen == "full text" for source in sources)
    if whole == len(sources):
        return (strong("What was read: "), f"{every} in full.")
    if len({source.seen for source in sources}) == 1 and (said := ALIKE.get(sources[0].seen or "")):
        return (strong("What was read: "), f"{said} {every}.")
    parts: list[Text] = []
    named = len(sources) - whole <= MOST_NAMED
    for said, kind in (
        ("the abstract of ", lambda each: each.seen == "abstract"),
        ("an excerpt of ", lambda each: each.seen == "excerpt"),
        ("what others say of ", lambda each: each.second_hand),
        ("the study does not say what of ", lambda each: each.seen is None and not each.through),
    ):
        if found := [source for source in sources if kind(source)]:
            parts += [", " if parts else "", said, _listed(study, found) if named else f"{len(found)}"]
    first = f"{whole} of {of} in full, " if whole else f"of {of} "
    return joined(strong("What was read: "), first, *parts, ".")


ALIKE = {"abstract": "the abstract of", "excerpt": "an excerpt of"}
"""What is said where no more than that was read of any source."""

MOST_NAMED = 5
"""Sources not read in full that are named at once; of more their number is said."""


def _unlisted(study: Study) -> tuple[int, int]:
    """Count the pieces of evidence that name none of a study's sources, and all pieces.

    What is said of several cells of a quantity is one piece.
    """
    known = study.sources.values()
    addresses = {source.address for source in known} - {""}
    rows = {(item.quantity or item.name, row) for item in study.inputs.values() for row in item.evidence}
    told = [f"{row.source} ; {row.note}" for _, row in rows]
    names = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(source.name) for source in known)})(?!\w)")
    named = sum(
        bool(known and names.search(text))
        or any(piece.key in study.sources or piece.to in addresses for piece in pieces(text, study.sources))
        for text in told
    )
    return len(told) - named, len(told)


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


MOST_CITING = 8
"""Parts of a study that a source's entry lists."""

SEEN = {
    "full text": "read in full",
    "abstract": "only the abstract was read",
    "excerpt": "only an excerpt was read",
    "through another": "known through another source alone",
    None: "the study does not say what was read of it",
}


def section(content: ReportContent) -> Section | None:
    """List the sources by name; nothing where the study names none and says nothing of itself."""
    study = content.study
    blocks: list[Block] = []
    if itself := about_study(study):
        blocks.append(Paragraph(joined(*itself)))
    if study.sources:
        citing = _citing(study)
        found = sorted(study.sources.values(), key=lambda source: source.name.casefold().lstrip("“"))
        blocks.append(Bullets(tuple(_entry(study, source, citing.get(source.key, ())) for source in found)))
        blocks += _beside(study)
    return Section("sources", "Sources", tuple(blocks)) if blocks else None


def _beside(study: Study) -> list[Block]:
    """Say how many pieces of evidence rest on what the list leaves out."""
    unlisted, number = _unlisted(study)
    if not unlisted:
        return []
    verb, those = ("names", "it") if unlisted == 1 else ("name", "those")
    told = f"{unlisted} of {count(number, 'piece')} of evidence {verb} none of these sources"
    return [Paragraph(f"{told}. The list does not say what was read for {those}.")]


def about_study(study: Study) -> tuple[Text, ...]:
    """Say who wrote the study, when, and where it is kept; nothing where it says nothing of itself."""
    version = f"Version {study.version}" if study.version else ""
    day = study.date.isoformat() if study.date else ""
    licence = f"Licence {study.licence}" if study.licence else ""
    said = [part for part in ("; ".join(study.authors), version, day, licence) if part]
    parts: list[Text] = [f"{'. '.join(said)}."] if said else []
    if study.url:
        parts += [" " if parts else "", link(study.url, address_of("url", study.url))]
    return (strong("This study: "), *parts) if parts else ()


def _entry(study: Study, source: Source, citing: tuple[str, ...]) -> Text:
    parts: list[Text] = [strong(source.name), ": "]
    authors = "; ".join(source.authors)
    # an organisation's name and, where there are no authors, the title stand there already
    parts += [f"{authors.rstrip('.')}. "] if authors and not source.name.startswith(authors) else []
    parts += (
        [f"{source.title.rstrip('.')}. "] if source.title and f"“{source.title}”" not in source.name else []
    )
    for kind, written in (
        ("doi", f"doi:{source.doi}"),
        ("arxiv", f"arXiv:{source.arxiv}"),
        ("url", source.url),
    ):
        if number := getattr(source, kind):
            parts += [link(written, address_of(kind, number)), ". "]
    parts += [*_read(study, source), ". "]
    parts += [cited(study, note), " "] if (note := note_of(source)) else []
    told = listed(citing[:MOST_CITING]) if citing else ""
    if len(citing) > MOST_CITING:
        told = f"{', '.join(citing[:MOST_CITING])} and {count(len(citing) - MOST_CITING, 'other part')}"
    return joined(*parts, f"Cited for: {told}." if told else "Cited nowhere.")


def _read(study: Study, source: Source) -> tuple[Text, ...]:
    day = f", {source.accessed.isoformat()}" if source.accessed else ""
    said = capitalised(SEEN[source.seen])
    if not source.through:
        return (f"{said}{day}",)
    other = named(study.sources[source.through])
    if source.second_hand:
        return "Known through ", other, f", and not seen itself{day}"
    return f"{said}, through ", other, day


def _citing(study: Study) -> dict[str, tuple[str, ...]]:
    """Return what each source is cited for, by its key."""
    found: dict[str, dict[str, None]] = {}
    for said in texts(study):
        for key in keys(said.text):
            found.setdefault(key, {})[_title(study, said.owner)] = None
    for source in study.sources.values():
        if source.through:
            found.setdefault(source.through, {})[f"what it says of {source.name}"] = None
    return {key: tuple(titles) for key, titles in found.items()}


def _title(study: Study, part: Any) -> str:
    match part:
        case Study():
            return "the study"
        case Correlation() | Independence():
            return f"the correlation of {' and '.join(study.inputs[name].title for name in part.inputs)}"
        case Choice():
            return part.question or part.name
        case Exclusion():
            return f"what cannot go together in {listed(part.when)}"
        case Equation() | Curve():
            return part.label or part.name.replace("_", " ")
    title: str = part.title
    return title
