"""Every source that the study names: what it is, where it is found, what of it was read, what cites it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Bullets, Paragraph, Section, Text, joined, link, strong
from uncertainty.pages.citing import named
from uncertainty.study.model import Choice, Correlation, Equation, Independence, Study
from uncertainty.study.sources import address_of, keys, texts
from uncertainty.wording import capitalised, listed

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.sources import Source

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
    if itself := _itself(study):
        blocks.append(Paragraph(joined(strong("This study: "), *itself)))
    if study.sources:
        citing = _citing(study)
        found = sorted(study.sources.values(), key=lambda source: source.name.casefold().lstrip("“"))
        blocks.append(Bullets(tuple(_entry(study, source, citing.get(source.key, ())) for source in found)))
    return Section("sources", "Sources", tuple(blocks)) if blocks else None


def _itself(study: Study) -> tuple[Text, ...]:
    """Say who wrote the study, when, and where it is kept."""
    version = f"Version {study.version}" if study.version else ""
    day = study.date.isoformat() if study.date else ""
    said = [part for part in ("; ".join(study.authors), version, day, study.licence) if part]
    parts: list[Text] = [f"{'. '.join(said)}."] if said else []
    if study.url:
        parts += [" " if parts else "", link(study.url, address_of("url", study.url))]
    return tuple(parts)


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
    return (
        ("Known through ", other, f" alone{day}") if source.second_hand else (f"{said}, through ", other, day)
    )


def _citing(study: Study) -> dict[str, tuple[str, ...]]:
    """Return what each source is cited for, by its key."""
    found: dict[str, dict[str, None]] = {}
    for _, part, text in texts(study):
        for key in keys(text):
            found.setdefault(key, {})[_title(study, part)] = None
    return {key: tuple(titles) for key, titles in found.items()}


def _title(study: Study, part: Any) -> str:
    match part:
        case Study():
            return "the study"
        case Correlation() | Independence():
            return f"the correlation of {' and '.join(study.inputs[name].title for name in part.inputs)}"
        case Choice():
            return part.question or part.name
        case Equation():
            return part.label or part.name.replace("_", " ")
    title: str = part.title
    return title
