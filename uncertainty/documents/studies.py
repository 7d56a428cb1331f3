"""Studies themselves as JSON documents (format 1): which there are, and what two of them say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty._version import __version__
from uncertainty.documents.document import FORMAT, document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.documents.document import Document
    from uncertainty.study.differences import Difference
    from uncertainty.study.model import Study


def studies_document(studies: Mapping[str, Mapping[str, str]]) -> Document:
    """Return the document of `uncertainty studies`: what is known of each bundled study, by name."""
    results = {"studies": {name: dict(row) for name, row in studies.items()}}
    return {"format": FORMAT, "command": "studies", "version": __version__, "results": results}


def figures_document(figures: Mapping[str, Mapping[str, str]]) -> Document:
    """Return the document of `uncertainty plot` alone: what each figure shows, and of what, by its name."""
    results = {"figures": {name: dict(row) for name, row in figures.items()}}
    return {"format": FORMAT, "command": "plot", "version": __version__, "results": results}


def diff_document(one: Study, other: Study, found: Sequence[Difference]) -> Document:
    """Return the document of `uncertainty diff`.

    ``study`` is A and ``other`` B; ``results.differences`` lists ``section``, ``name``, ``aspect``, ``one``
    and ``other`` (null where a study says nothing), ``changes_numbers`` and ``note``.
    """
    rows = [
        {
            "section": each.section,
            "name": each.name,
            "aspect": each.aspect,
            "one": each.one,
            "other": each.other,
            "changes_numbers": each.changes_numbers,
            "note": each.note,
        }
        for each in found
    ]
    compared = {"name": other.name, "title": other.title, "sha256": other.sha256}
    return document("diff", one, {"differences": rows}) | {"other": compared}
