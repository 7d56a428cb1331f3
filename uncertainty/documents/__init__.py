"""Results as JSON documents, the form that other people's programs read (format 1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty._version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.propagation import OutputDistribution, Propagation
    from uncertainty.readings import Readings
    from uncertainty.reproduction import Reproduction, Reproductions
    from uncertainty.sampling.statistics import Estimate
    from uncertainty.sensitivity.sobol import SobolIndices
    from uncertainty.settings import Settings
    from uncertainty.study.differences import Difference
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


def studies_document(studies: Mapping[str, Mapping[str, str]]) -> Document:
    """Return the document of `uncertainty studies`: what is known of each bundled study, by name."""
    results = {"studies": {name: dict(row) for name, row in studies.items()}}
    return {"format": FORMAT, "command": "studies", "version": __version__, "results": results}


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


def check_document(found: Reproductions) -> Document:
    """Return the document of `uncertainty check`."""
    results = {
        "figures": {name: _reproduction(row) for name, row in found.figures.items()},
        "readings": {
            reading: {name: _reproduction(row) for name, row in rows.items()}
            for reading, rows in found.readings.items()
        },
        "distant_points": {name: _finite(value) for name, value in found.distant_points.items()},
        "unsupported": {name: list(keys) for name, keys in found.unsupported.items()},
    }
    return document("check", found.study, results)


def run_document(run: Propagation, readings: Readings | None = None) -> Document:
    """Return the document of `uncertainty run`.

    Parameters
    ----------
    readings
        The headline under every reading, if it was asked for.
    """
    results: Document = {
        "headline": run.study.headline,
        "outputs": {name: _distribution(found) for name, found in run.outputs.items()},
        "inputs": {name: _input(run.scenario, name) for name in run.study.inputs},
        "equations": {name: str(found) for name, found in run.scenario.equations.items()},
    }
    if run.reached is not None:
        results["reached"] = {"met": run.reached.met, "reason": str(run.reached)}
    if readings is not None:
        results["readings"] = readings_results(readings)
    return document("run", run.study, results, settings_document(run.settings, run.scenario))


def readings_results(readings: Readings) -> Document:
    """Return one output's distribution under every reading."""
    return {
        "output": readings.output.name,
        "leading": list(readings.leading),
        "convention_decides": readings.convention_decides,
        "outputs": {name: _distribution(readings.distribution(name)) for name in readings.runs},
    }


def sensitivity_document(found: SobolIndices) -> Document:
    """Return the document of `uncertainty sensitivity`; `uncertainty.documents.sensitivity` describes it."""
    from uncertainty.documents.sensitivity import sobol_results, sobol_settings

    settings = settings_document(found.settings, found.scenario) | sobol_settings(found)
    return document("sensitivity", found.study, sobol_results(found), settings)


def _reproduction(row: Reproduction) -> Document:
    found: Document = {
        "point": _finite(row.point),
        "published": row.published,
        "unit": row.unit,
        "status": row.status,
    }
    if row.digits is not None:
        found["digits"] = row.digits
    if row.status == "rounding":
        found["explained_by"] = list(row.explained_by)
    return found


def _distribution(found: OutputDistribution) -> Document:
    summary = found.summary
    output = found.output
    row: Document = {
        "label": output.title,
        "unit": output.unit.text,
        "point": _finite(found.point),
        "published": output.published.value if output.published else None,
        "mean": _finite(summary["mean"].value),
        "sd": _finite(summary["sd"].value),
        "median": _finite(summary["median"].value),
        "interval": [_finite(summary["low"].value), _finite(summary["high"].value)],
    }
    for name in (
        "geometric_sd",
        "published_percentile",
        "probability_at_least_published",
        "probability_at_least_reference",
    ):
        row[name] = _finite(summary[name].value) if name in summary else None
    row |= {f"{name}_error": _error(e) for name, e in summary.items() if name not in ("low", "high")}
    row["interval_error"] = [_error(summary["low"]), _error(summary["high"])]
    if found.dropped:
        row["dropped"] = found.dropped
    reasons = {_error_key(name): e.reason for name, e in summary.items() if e.error is None}
    if reasons:
        row["reasons"] = reasons
    return row


def _input(plan: Scenario, name: str) -> Document:
    """Return what an input was under a scenario."""
    item, distribution = plan.study.inputs[name], plan.distributions[name]
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return {
        "label": item.title,
        "unit": item.unit.text,
        "point": _finite(plan.points[name]),
        "distribution": str(distribution),
        "median": _finite(median),
        "interval_90": [_finite(low), _finite(high)],
    }


def _error_key(name: str) -> str:
    return "interval_error" if name in ("low", "high") else f"{name}_error"


def _error(found: Estimate) -> float | None:
    return None if found.error is None else _finite(found.error)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def dump(found: Mapping[str, Any]) -> str:
    """Write a document as JSON text, one line a key, ending in a newline."""
    import json

    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
