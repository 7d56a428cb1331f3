"""What every JSON document has: the study, the settings and the version that its results depend on."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from uncertainty._version import __version__
from uncertainty.characters import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.settings import Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

Document = dict[str, Any]

FORMAT = 1


def document(command: str, study: Study, results: Document, settings: Document | None = None) -> Document:
    """Wrap a command's results with what they depend on."""
    return {
        "format": FORMAT,
        "command": command,
        "version": __version__,
        "study": {"name": study.name, "title": study.title, "sha256": study.sha256},
        "settings": settings or {},
        "results": results,
    }


def settings_document(settings: Settings, plan: Scenario) -> Document:
    """Return everything but the study that a result depends on."""
    until = (
        {} if settings.until is None else {"until": str(settings.until), "max_samples": settings.max_samples}
    )
    return {
        "samples": settings.samples,
        "seed": settings.seed,
        "level": settings.level,
        "interval": settings.interval,
        "design": settings.design,
        "reading": plan.reading,
        "choices": dict(plan.choices),
        "overrides": dict(plan.overrides),
        **({} if plan.study.nonfinite == "refuse" else {"nonfinite": plan.study.nonfinite}),
        **until,
    }


def dump(found: Mapping[str, Any]) -> str:
    """Write a document as JSON text, one line a key, ending in a newline; no terminal is steered by it."""
    return escaped(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)) + "\n"


def finite(value: float) -> float | None:
    """Return a number as documents may hold it: None for what is infinite or not a number."""
    return float(value) if math.isfinite(value) else None
