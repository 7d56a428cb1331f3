"""Distributions of outputs as JSON documents (format 1): of one run, and under every reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.documents.document import document, finite, settings_document
from uncertainty.documents.estimates import (
    estimates_document,
    statistic_document,
    without_place,
    without_spread,
)

if TYPE_CHECKING:
    from uncertainty.documents.document import Document
    from uncertainty.propagation import OutputDistribution, Propagation
    from uncertainty.readings import Readings
    from uncertainty.sampling.joint import OutputCorrelation
    from uncertainty.study.scenario import Scenario


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
        "correlations": [_correlation(found) for found in run.correlations],
        "inputs": {name: _input(run.scenario, name) for name in run.study.inputs},
        "equations": {name: str(found) for name, found in run.scenario.equations.items()},
    }
    if run.reached is not None:
        results["reached"] = {"met": run.reached.met, "reason": str(run.reached)}
    if readings is not None:
        results["readings"] = readings_results(readings)
    return document("run", run.study, results, settings_document(run.settings, run.scenario))


def _correlation(found: OutputCorrelation) -> Document:
    row: Document = {"outputs": [*found.outputs]}
    return row | estimates_document({"pearson": found.pearson, "spearman": found.spearman})


def readings_results(readings: Readings) -> Document:
    """Return one output's distribution under every reading."""
    return {
        "output": readings.output.name,
        "leading": list(readings.leading),
        "convention_decides": readings.convention_decides,
        "outputs": {name: _distribution(readings.distribution(name)) for name in readings.runs},
    }


def _distribution(found: OutputDistribution) -> Document:
    output = found.output
    row: Document = {
        "label": output.title,
        "unit": output.unit.text,
        "point": finite(found.point),
        "published": output.published.value if output.published else None,
        **statistic_document(output.published),
    }
    row |= dict.fromkeys(
        (
            "geometric_sd",
            "published_percentile",
            "probability_at_least_published",
            "probability_at_least_reference",
        )
    )
    row |= estimates_document(found.summary)
    if found.dropped:
        row["dropped"] = found.dropped
    if found.equal is not None:
        row["probability_equal_published"] = found.equal.value
    if found.probability is not None:
        row |= estimates_document({"probability": found.probability})
    if not found.varies:
        asked = ["published_percentile", "probability_at_least_published"] if output.published else []
        asked += ["probability_at_least_reference"] if output.reference is not None else []
        row |= {f"{name}_error": None for name in asked} | without_spread(
            row, asked, found.draws.same_because
        )
    return row | without_place(
        output.published, row, ["published_percentile", "probability_at_least_published"]
    )


def _input(plan: Scenario, name: str) -> Document:
    """Return what an input was under a scenario."""
    item, distribution = plan.study.inputs[name], plan.distributions[name]
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return {
        "label": item.title,
        "unit": item.unit.text,
        "point": finite(plan.points[name]),
        "distribution": str(distribution),
        "median": finite(median),
        "interval_90": [finite(low), finite(high)],
    }
