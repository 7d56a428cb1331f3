"""Which published figures a study reproduces, as a JSON document (format 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.documents.document import document, finite, settings_document
from uncertainty.documents.estimates import estimates_document, statistic_document
from uncertainty.study.scenario import scenario
from uncertainty.study.sources import plain_text

if TYPE_CHECKING:
    from uncertainty.documents.document import Document
    from uncertainty.reproduction import Reproduction, Reproductions


def check_document(found: Reproductions) -> Document:
    """Return the document of `uncertainty check`."""
    results = {
        "figures": {
            name: _reproduction(row) | _note(plain_text(found.study.outputs[name].note, found.study.sources))
            for name, row in found.figures.items()
        },
        "readings": {
            reading: {name: _reproduction(row) for name, row in rows.items()}
            for reading, rows in found.readings.items()
        },
        "distant_points": {name: finite(value) for name, value in found.distant_points.items()},
        "at_medians": {reading: dict(medians) for reading, medians in found.at_medians.items()},
        "unsupported": {name: list(keys) for name, keys in found.unsupported.items()},
        "evidence": {kind: list(names) for kind, names in found.evidence.items()},
    }
    settings = None
    if found.settings is not None:
        settings = settings_document(found.settings, scenario(found.study))
    return document("check", found.study, results, settings)


def _note(text: str | None) -> Document:
    return {"note": text} if text else {}


def _reproduction(row: Reproduction) -> Document:
    found: Document = {
        "point": finite(row.point),
        "published": row.published,
        "unit": row.unit,
        "status": row.status,
    }
    if row.digits is not None:
        found["digits"] = row.digits
    found |= statistic_document(row.figure)
    if row.estimate is not None:
        found |= estimates_document({"estimate": row.estimate})
    if row.status == "rounding":
        found["explained_by"] = list(row.explained_by)
    if row.also:
        found["also"] = [_reproduction(each) for each in row.also]
    return found
